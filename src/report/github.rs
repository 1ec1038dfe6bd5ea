//! Annotations that GitHub shows beside the lines of a change: workflow commands on standard output.
//!
//! Source: "Workflow commands for GitHub Actions" and the escaping of `actions/toolkit`, `packages/core/src/command.ts`.

use std::io::{self, Write};

use super::{Style, clean, clock, text};
use crate::model::finding::{Finding, Report, Severity};

/// Writes a command for each finding, and the summary as a line of the log.
pub fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        writeln!(out, "{}", command(finding))?;
    }
    writeln!(out, "{}", text::summary(report))
}

fn command(finding: &Finding) -> String {
    let place = &finding.place;
    let level = match finding.effective {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = vec![format!("file={}", property(&clean(&place.path.to_string_lossy())))];
    if let Some(line) = place.line {
        properties.push(format!("line={line}"));
        if let Some(column) = place.column {
            properties.push(format!("col={column}"));
        }
    }
    properties.push(format!("title={}", property(finding.rule.id)));
    let instant = place.time.map(|t| format!("At {}: ", clock(t.millis()))).unwrap_or_default();
    let help = clean(finding.help.as_deref().unwrap_or(finding.rule.mend));
    let message = format!("{instant}{}\n{help}", clean(&finding.message));
    format!("::{level} {}::{}", properties.join(","), escaped(message.trim_end()))
}

/// What stands behind the second `::`.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands between commas before it.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{printed, standard};
    use super::*;

    #[test]
    fn nothing_in_a_title_ends_the_command_early() {
        insta::assert_snapshot!(printed(&standard(), write), @r#"
        ::error file=a b/show.toml,line=1,col=10,title=show-toml-invalid::A title with "quotes" & <b>,  100%25 💰: more.%0AWrite another, shorter one.
        ::warning file=a b/show.toml,line=12,title=show-toml-invalid::Line 12.%0AMend it.
        ::notice file=a/kim%2C50%25%3Ax.mp3,title=audio-silence-gap::At 0:21:03.112: Silence.%0ACut it.
        ::notice file=a/kim%2C50%25%3Ax.mp3,title=audio-silence-gap::Silence.%0ACut it.
        1 error, 1 warning, 2 notes; 2 allowed
        "#);
    }

    #[test]
    fn nothing_found_is_a_line_of_the_log() {
        assert_eq!(printed(&Report::default(), write), "nothing to mend\n");
    }

    #[test]
    fn every_character_that_means_something_is_escaped() {
        assert_eq!(escaped("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
