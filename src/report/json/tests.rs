//! The documents as other programs see them.

use std::path::Path;

use super::{Inspected, inspect, write, write_check};
use crate::model::audio::{Codec, Container, Measured, Recording, Tag};
use crate::model::finding::{Demand, Finding, Place, Report, Rule, Severity, Subject};
use crate::model::time::{Frames, SampleRate, Timestamp};
use crate::report::Style;

const RULE: Rule = Rule {
    id: "audio-hole",
    severity: Severity::Error,
    subject: Subject::Audio,
    since: "0.1.0",
    by: &[Demand::Tool],
    summary: "a piece is missing",
    why: "Listeners hear a jump.",
    mend: "Export it again.",
};

fn finding(place: Place, message: &str) -> Finding {
    Finding { rule: &RULE, place, message: message.into(), help: None, effective: Severity::Warning }
}

#[test]
fn a_finding_leaves_out_what_it_has_not() {
    let report = Report {
        findings: vec![
            finding(Place::time("a/b.mp3", Timestamp::from_millis(61_500)), "A \"title\"\nwith \u{1F4B0}."),
            finding(Place::span("show.toml", "ü = 1", 3..4), "x."),
        ],
        allowed: 3,
    };
    let mut out = Vec::new();
    write_check(&report, Style::Plain, &mut out).expect("a vector takes everything");
    insta::assert_snapshot!(String::from_utf8(out).expect("text"), @r#"
    {
      "schema": 1,
      "findings": [
        {
          "rule": "audio-hole",
          "severity": "error",
          "subject": "audio",
          "path": "a/b.mp3",
          "time_seconds": 61.5,
          "message": "A \"title\"\nwith 💰.",
          "help": "Export it again.",
          "effective": "warning"
        },
        {
          "rule": "audio-hole",
          "severity": "error",
          "subject": "audio",
          "path": "show.toml",
          "line": 1,
          "column": 3,
          "message": "x.",
          "help": "Export it again.",
          "effective": "warning"
        }
      ],
      "summary": {
        "errors": 0,
        "warnings": 2,
        "infos": 0,
        "allowed": 3
      }
    }
    "#);
}

#[test]
fn a_file_that_cannot_be_read_has_its_findings_and_nulls() {
    let recording = Recording {
        container: Container::Ogg,
        codec: Codec::Opus,
        size: 1_000,
        sample_rate: SampleRate::new(48_000).expect("not zero"),
        channels: 2,
        bit_rate: None,
        frames: Measured(Frames::new(72_024)),
        claims: Vec::new(),
        damage: Vec::new(),
        tags: vec![Tag { name: "ARTIST".into(), value: "A".into() }, Tag { name: "ARTIST".into(), value: "B".into() }],
        private_tags: Vec::new(),
        chapters: Vec::new(),
        hearing: None,
    };
    let good = Inspected { path: Path::new("a.opus"), recording: Some(&recording), findings: &[] };
    let bad = Inspected { path: Path::new("b.mp3"), recording: None, findings: &[] };
    let mut out = Vec::new();
    write(&inspect(&[good, bad]), &mut out).expect("a vector takes everything");
    insta::assert_snapshot!(String::from_utf8(out).expect("text"), @r#"
    {
      "schema": 1,
      "files": [
        {
          "path": "a.opus",
          "container": "ogg",
          "codec": "opus",
          "media_type": "audio/ogg; codecs=opus",
          "size_bytes": 1000,
          "sample_rate": 48000,
          "channels": 2,
          "bit_rate": null,
          "duration_seconds": 1.501,
          "duration_frames": 72024,
          "loudness": null,
          "silence": null,
          "claimed": {
            "duration_seconds": null
          },
          "tags": {
            "ARTIST": "A; B"
          },
          "chapters": [],
          "findings": []
        },
        {
          "path": "b.mp3",
          "container": null,
          "codec": null,
          "media_type": null,
          "size_bytes": null,
          "sample_rate": null,
          "channels": null,
          "bit_rate": null,
          "duration_seconds": null,
          "duration_frames": null,
          "loudness": null,
          "silence": null,
          "claimed": {
            "duration_seconds": null
          },
          "tags": {},
          "chapters": [],
          "findings": []
        }
      ]
    }
    "#);
}
