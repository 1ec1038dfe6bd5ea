//! The report for a person: the line that is meant, what is wrong with it, and what to do.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Style, clean, clock};
use crate::model::finding::{Excerpt, Finding, Place, Report, Severity};

/// Writes the findings by file, and a summary line.
pub fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    for finding in &report.findings {
        writeln!(out, "{}\n", rendered(finding, &renderer))?;
    }
    writeln!(out, "{}", summary(report))
}

/// The last line: how many findings of which severity.
pub fn summary(report: &Report) -> String {
    let counted = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        n => Some(format!("{n} {one}s")),
    };
    let counts = [
        counted(report.count(Severity::Error), "error"),
        counted(report.count(Severity::Warning), "warning"),
        counted(report.count(Severity::Info), "note"),
    ];
    let said: Vec<String> = counts.into_iter().flatten().collect();
    let said = if said.is_empty() { "nothing to mend".to_owned() } else { said.join(", ") };
    match report.allowed {
        0 => said,
        n => format!("{said}; {n} allowed"),
    }
}

fn rendered(finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.effective {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::NOTE,
    };
    let title = level.primary_title(clean(&finding.message)).id(finding.rule.id);
    let place = &finding.place;
    let help = finding.help.as_deref().unwrap_or(finding.rule.mend);
    let group = match &place.excerpt {
        Some(excerpt) => {
            let (line, span) = quoted(excerpt);
            let source = Snippet::source(line).line_start(place.line.unwrap_or(1)).path(named(place));
            title.element(source.annotation(AnnotationKind::Primary.span(span)))
        }
        None => title.element(origin(place)),
    };
    renderer.render(&[with_help(group, help)])
}

fn with_help<'a>(group: Group<'a>, help: &str) -> Group<'a> {
    match clean(help) {
        help if help.is_empty() => group,
        help => group.element(Level::HELP.message(help)),
    }
}

fn origin(place: &Place) -> Origin<'static> {
    let mut origin = Origin::path(named(place));
    if let Some(line) = place.line {
        origin = origin.line(line);
        if let Some(column) = place.column {
            origin = origin.char_column(column);
        }
    }
    origin
}

/// The file, and the instant of the recording where that is what is meant.
fn named(place: &Place) -> String {
    let path = clean(&place.path.to_string_lossy());
    match place.time {
        Some(time) => format!("{path} at {}", clock(time.millis())),
        None => path,
    }
}

/// The line and the range in it, without what would move the cursor of a terminal.
fn quoted(excerpt: &Excerpt) -> (String, Range<usize>) {
    let text = excerpt.text.as_str();
    let before = text.get(..excerpt.start).unwrap_or_default();
    let meant = text.get(excerpt.start..excerpt.end).unwrap_or_default();
    let after = text.get(excerpt.end..).unwrap_or_default();
    let (before, meant, after) = (clean(before), clean(meant), clean(after));
    let range = before.len()..before.len() + meant.len();
    (format!("{before}{meant}{after}"), range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::{Demand, Rule, Subject};
    use crate::model::time::Timestamp;

    const RULE: Rule = Rule {
        id: "show-toml-invalid",
        severity: Severity::Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Demand::Tool],
        summary: "show.toml has a mistake",
        why: "",
        mend: "Mend it.",
    };

    fn finding(place: Place, message: &str, effective: Severity) -> Finding {
        Finding { rule: &RULE, place, message: message.into(), help: None, effective }
    }

    fn plain(report: &Report) -> String {
        let mut out = Vec::new();
        write(report, Style::Plain, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn each_finding_has_its_place_and_its_remedy() {
        let line = "title = \"Ünï\u{1F600}\u{7}\"  # \u{202E}evil";
        let mut described =
            finding(Place::span("a/show.toml", line, 0..5), "A title with \"quotes\"\nand more.", Severity::Error);
        described.help = Some("Write another.".into());
        let report = Report {
            findings: vec![
                described,
                finding(Place::line("a/article.txt", 12), "Line 12.", Severity::Warning),
                finding(Place::time("a/kim.mp3", Timestamp::from_millis(1_263_112)), "Silence.", Severity::Info),
                finding(Place::file("a"), "The folder.", Severity::Info),
            ],
            allowed: 2,
        };
        insta::assert_snapshot!(plain(&report), @r#"
        error[show-toml-invalid]: A title with "quotes" and more.
         --> a/show.toml:1:1
          |
        1 | title = "Ünï😀�"  # �evil
          | ^^^^^
          |
          = help: Write another.

        warning[show-toml-invalid]: Line 12.
        --> a/article.txt:12
         = help: Mend it.

        note[show-toml-invalid]: Silence.
        --> a/kim.mp3 at 0:21:03.112
         = help: Mend it.

        note[show-toml-invalid]: The folder.
        --> a
         = help: Mend it.

        1 error, 1 warning, 2 notes; 2 allowed
        "#);
    }

    #[test]
    fn nothing_found_is_said_too() {
        assert_eq!(plain(&Report::default()), "nothing to mend\n");
        assert_eq!(summary(&Report { findings: Vec::new(), allowed: 1 }), "nothing to mend; 1 allowed");
    }
}
