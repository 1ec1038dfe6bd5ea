//! JUnit XML: a suite for each file, a test case for each finding; only what fails the run is a failure.
//!
//! Warnings and advice are test cases that passed and have something to say (`system-out`), so that a CI system and the
//! exit status agree about what failed.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Style, clean, clock};
use crate::model::finding::{Finding, Place, Report, Severity};

/// Writes the suites in the order of the report.
pub fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<(String, Vec<&Finding>)> = Vec::new();
    for finding in &report.findings {
        let path = file(&finding.place);
        match suites.iter_mut().rev().find(|(of, _)| *of == path) {
            Some((_, findings)) => findings.push(finding),
            None => suites.push((path, vec![finding])),
        }
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let tests = report.findings.len().max(1).to_string();
    let failures = report.count(Severity::Error).to_string();
    writer
        .create_element("testsuites")
        .with_attributes([("name", "listen-now"), ("tests", &tests), ("failures", &failures), ("errors", "0")])
        .write_inner_content(|writer| {
            if suites.is_empty() {
                return nothing(writer);
            }
            suites.iter().try_for_each(|(path, findings)| suite(writer, path, findings))
        })?;
    out.write_all(&writer.into_inner())?;
    writeln!(out)
}

/// A run with no test case looks like a run that did not happen.
fn nothing(writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    writer
        .create_element("testsuite")
        .with_attributes([("name", "listen-now"), ("tests", "1"), ("failures", "0"), ("errors", "0")])
        .write_inner_content(|writer| {
            let case = [("name", "nothing to mend"), ("classname", "listen-now")];
            writer.create_element("testcase").with_attributes(case).write_empty().map(|_| ())
        })
        .map(|_| ())
}

fn suite(writer: &mut Writer<Vec<u8>>, path: &str, findings: &[&Finding]) -> io::Result<()> {
    let tests = findings.len().to_string();
    let failures = findings.iter().filter(|f| f.effective == Severity::Error).count().to_string();
    writer
        .create_element("testsuite")
        .with_attributes([("name", path), ("tests", &tests), ("failures", &failures), ("errors", "0")])
        .write_inner_content(|writer| {
            let mut names: Vec<String> = Vec::new();
            for finding in findings {
                let name = name(finding);
                let again = names.iter().filter(|n| **n == name).count();
                let shown = if again == 0 { name.clone() } else { format!("{name} ({})", again + 1) };
                names.push(name);
                case(writer, path, &shown, finding)?;
            }
            Ok(())
        })
        .map(|_| ())
}

fn case(writer: &mut Writer<Vec<u8>>, path: &str, name: &str, finding: &Finding) -> io::Result<()> {
    let message = clean(&finding.message);
    let help = clean(finding.help.as_deref().unwrap_or(finding.rule.mend));
    writer
        .create_element("testcase")
        .with_attributes([("name", name), ("classname", path)])
        .write_inner_content(|writer| {
            let (word, place) = (finding.effective.word(), place(&finding.place));
            let text = format!("{word}[{}]: {message}\n{place}\n{help}", finding.rule.id);
            let text = BytesText::new(&text);
            match finding.effective {
                Severity::Error => writer
                    .create_element("failure")
                    .with_attributes([("type", finding.rule.id), ("message", &message)])
                    .write_text_content(text)
                    .map(|_| ()),
                _ => writer.create_element("system-out").write_text_content(text).map(|_| ()),
            }
        })
        .map(|_| ())
}

/// What the list of test cases shows: the rule and the place within the file.
fn name(finding: &Finding) -> String {
    let place = &finding.place;
    let id = finding.rule.id;
    match (place.line, place.column, place.time) {
        (Some(line), Some(column), _) => format!("{id} at {line}:{column}"),
        (Some(line), None, _) => format!("{id} at {line}"),
        (None, _, Some(time)) => format!("{id} at {}", clock(time.millis())),
        (None, _, None) => id.to_owned(),
    }
}

fn file(place: &Place) -> String {
    clean(&place.path.to_string_lossy())
}

fn place(place: &Place) -> String {
    let mut text = file(place);
    for number in [place.line, place.line.and(place.column)].into_iter().flatten() {
        text.push_str(&format!(":{number}"));
    }
    if let Some(time) = place.time {
        text.push_str(&format!(" at {}", clock(time.millis())));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::{printed, standard};
    use super::*;

    #[test]
    fn only_errors_are_failures() {
        insta::assert_snapshot!(printed(&standard(), write), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="listen-now" tests="4" failures="1" errors="0">
          <testsuite name="a b/show.toml" tests="2" failures="1" errors="0">
            <testcase name="show-toml-invalid at 1:10" classname="a b/show.toml">
              <failure type="show-toml-invalid" message="A title with &quot;quotes&quot; &amp; &lt;b&gt;,  100% 💰: more.">error[show-toml-invalid]: A title with &quot;quotes&quot; &amp; &lt;b&gt;,  100% 💰: more.
        a b/show.toml:1:10
        Write another, shorter one.</failure>
            </testcase>
            <testcase name="show-toml-invalid at 12" classname="a b/show.toml">
              <system-out>warning[show-toml-invalid]: Line 12.
        a b/show.toml:12
        Mend it.</system-out>
            </testcase>
          </testsuite>
          <testsuite name="a/kim,50%:x.mp3" tests="2" failures="0" errors="0">
            <testcase name="audio-silence-gap at 0:21:03.112" classname="a/kim,50%:x.mp3">
              <system-out>info[audio-silence-gap]: Silence.
        a/kim,50%:x.mp3 at 0:21:03.112
        Cut it.</system-out>
            </testcase>
            <testcase name="audio-silence-gap" classname="a/kim,50%:x.mp3">
              <system-out>info[audio-silence-gap]: Silence.
        a/kim,50%:x.mp3
        Cut it.</system-out>
            </testcase>
          </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn nothing_found_is_one_test_that_passed() {
        insta::assert_snapshot!(printed(&Report::default(), write), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="listen-now" tests="1" failures="0" errors="0">
          <testsuite name="listen-now" tests="1" failures="0" errors="0">
            <testcase name="nothing to mend" classname="listen-now"/>
          </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn findings_of_one_rule_at_one_place_have_names_of_their_own() {
        let mut report = standard();
        report.findings.push(report.findings[3].clone());
        assert!(printed(&report, write).contains("name=\"audio-silence-gap (2)\""));
    }
}
