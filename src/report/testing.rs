//! The report that every form is tried with: all severities, and texts that break what is not escaped.

use crate::model::finding::{Demand, Finding, Place, Report, Rule, Severity, Subject};
use crate::model::time::Timestamp;

/// A rule about manifests.
pub(super) const MANIFEST: Rule = Rule {
    id: "show-toml-invalid",
    severity: Severity::Error,
    subject: Subject::Show,
    since: "0.1.0",
    by: &[Demand::Tool],
    summary: "show.toml has a mistake",
    why: "Nothing can be built.",
    mend: "Mend it.",
};

/// A rule about recordings.
pub(super) const GAP: Rule = Rule {
    id: "audio-silence-gap",
    severity: Severity::Info,
    subject: Subject::Audio,
    since: "0.1.0",
    by: &[Demand::Tool],
    summary: "the recording is silent for long",
    why: "Listeners think that it is over.",
    mend: "Cut it.",
};

/// All severities; quotes, line breaks, emoji, percent signs and markup in the titles.
pub(super) fn standard() -> Report {
    let line = "title = \"Ünï\u{1F600}\u{7}\"  # \u{202E}evil";
    let finding = |rule: &'static Rule, place: Place, message: &str, effective: Severity| Finding {
        rule,
        place,
        message: message.into(),
        help: None,
        effective,
    };
    let mut described = finding(
        &MANIFEST,
        Place::span("a b/show.toml", line, 9..17),
        "A title with \"quotes\" & <b>,\r\n100% \u{1F4B0}: more.",
        Severity::Error,
    );
    described.help = Some("Write another,\nshorter one.".into());
    Report {
        findings: vec![
            described,
            finding(&MANIFEST, Place::line("a b/show.toml", 12), "Line 12.", Severity::Warning),
            finding(
                &GAP,
                Place::time("a/kim,50%:x.mp3", Timestamp::from_millis(1_263_112)),
                "Silence.",
                Severity::Info,
            ),
            finding(&GAP, Place::file("a/kim,50%:x.mp3"), "Silence.", Severity::Info),
        ],
        allowed: 2,
    }
}

/// A report as a writer of this folder prints it.
pub(super) fn printed(
    report: &Report,
    write: fn(&Report, super::Style, &mut dyn std::io::Write) -> std::io::Result<()>,
) -> String {
    let mut out = Vec::new();
    write(report, super::Style::Plain, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("text")
}
