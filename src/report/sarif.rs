//! SARIF 2.1.0, the form that code scanning services read.
//!
//! Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Component, Path};

use serde_json::{Value, json};

use super::{Style, clean, clock};
use crate::model::finding::{Finding, Place, Report, Rule, Severity};

/// The schema that the document names.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes one run with the rules that found something, and what they found.
pub fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let rules: BTreeMap<&str, &Rule> = report.findings.iter().map(|f| (f.rule.id, f.rule)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<Value> = report.findings.iter().map(|f| result(f, index.get(f.rule.id).copied())).collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "listen-now",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.values().map(|rule| described(rule)).collect::<Vec<_>>(),
            }},
            // Columns are counted in characters.
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": { "allowed": report.allowed },
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn described(rule: &Rule) -> Value {
    let by: Vec<&str> = rule.by.iter().map(|d| d.name()).collect();
    let by = by.join(", ");
    json!({
        "id": rule.id,
        "shortDescription": { "text": sentence(rule.summary) },
        "fullDescription": { "text": rule.why },
        "help": {
            "text": format!("{}\n\n{}\n\nDemanded by: {by}", rule.why, rule.mend),
            "markdown": format!("{}\n\n**{}**\n\nDemanded by: {by}", rule.why, rule.mend),
        },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.subject.word()], "problem.severity": problem(rule.severity), "since": rule.since },
    })
}

fn result(finding: &Finding, index: Option<usize>) -> Value {
    let place = &finding.place;
    let instant = place.time.map(|t| format!("At {}: ", clock(t.millis()))).unwrap_or_default();
    let help = finding.help.as_deref().unwrap_or(finding.rule.mend);
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": level(finding.effective),
        "message": { "text": format!("{instant}{}\n{}", clean(&finding.message), clean(help)).trim_end() },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&place.path), "uriBaseId": "%SRCROOT%" },
            "region": region(place),
        }}],
    });
    if let (Some(index), Some(fields)) = (index, result.as_object_mut()) {
        fields.insert("ruleIndex".into(), index.into());
    }
    if let (Some(time), Some(fields)) = (place.time, result.as_object_mut()) {
        fields.insert("properties".into(), json!({ "time_seconds": time.seconds() }));
    }
    result
}

/// Services want a line of every finding, so a file as a whole is its first.
fn region(place: &Place) -> Value {
    let mut region = serde_json::Map::new();
    region.insert("startLine".into(), place.line.unwrap_or(1).into());
    if let (Some(_), Some(column)) = (place.line, place.column) {
        region.insert("startColumn".into(), column.into());
        if let Some(excerpt) = &place.excerpt {
            let meant = excerpt.text.get(excerpt.start..excerpt.end).unwrap_or_default();
            region.insert("endColumn".into(), (column + meant.chars().count()).into());
            region.insert("snippet".into(), json!({ "text": clean(&excerpt.text) }));
        }
    }
    Value::Object(region)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// The word by which GitHub sorts.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "recommendation",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A clause as a sentence. Names of files keep their case.
fn sentence(clause: &str) -> String {
    if clause.split(' ').next().is_some_and(|word| word.contains('.')) {
        return format!("{clause}.");
    }
    let mut letters = clause.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// A path as a relative reference: RFC 3986, forward slashes, everything but the unreserved characters escaped.
fn uri(path: &Path) -> String {
    let parts: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::CurDir => None,
            Component::RootDir => Some(String::new()),
            part => Some(escaped(&part.as_os_str().to_string_lossy())),
        })
        .collect();
    let joined = parts.join("/");
    match path.is_absolute() {
        true => format!("file://{joined}"),
        false if joined.is_empty() => ".".into(),
        false => joined,
    }
}

fn escaped(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(byte)),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::{printed, standard};
    use super::*;

    #[test]
    fn rules_are_listed_once_and_results_point_at_them() {
        insta::assert_snapshot!(printed(&standard(), write), @r#"
        {
          "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
          "runs": [
            {
              "columnKind": "unicodeCodePoints",
              "properties": {
                "allowed": 2
              },
              "results": [
                {
                  "level": "error",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "a%20b/show.toml",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 13,
                          "snippet": {
                            "text": "title = \"Ünï😀�\"  # �evil"
                          },
                          "startColumn": 10,
                          "startLine": 1
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "A title with \"quotes\" & <b>,  100% 💰: more.\nWrite another, shorter one."
                  },
                  "ruleId": "show-toml-invalid",
                  "ruleIndex": 1
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "a%20b/show.toml",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 12
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "Line 12.\nMend it."
                  },
                  "ruleId": "show-toml-invalid",
                  "ruleIndex": 1
                },
                {
                  "level": "note",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "a/kim%2C50%25%3Ax.mp3",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 1
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "At 0:21:03.112: Silence.\nCut it."
                  },
                  "properties": {
                    "time_seconds": 1263.112
                  },
                  "ruleId": "audio-silence-gap",
                  "ruleIndex": 0
                },
                {
                  "level": "note",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "a/kim%2C50%25%3Ax.mp3",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "startLine": 1
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "Silence.\nCut it."
                  },
                  "ruleId": "audio-silence-gap",
                  "ruleIndex": 0
                }
              ],
              "tool": {
                "driver": {
                  "name": "listen-now",
                  "rules": [
                    {
                      "defaultConfiguration": {
                        "level": "note"
                      },
                      "fullDescription": {
                        "text": "Listeners think that it is over."
                      },
                      "help": {
                        "markdown": "Listeners think that it is over.\n\n**Cut it.**\n\nDemanded by: listen-now",
                        "text": "Listeners think that it is over.\n\nCut it.\n\nDemanded by: listen-now"
                      },
                      "id": "audio-silence-gap",
                      "properties": {
                        "problem.severity": "recommendation",
                        "since": "0.1.0",
                        "tags": [
                          "audio"
                        ]
                      },
                      "shortDescription": {
                        "text": "The recording is silent for long."
                      }
                    },
                    {
                      "defaultConfiguration": {
                        "level": "error"
                      },
                      "fullDescription": {
                        "text": "Nothing can be built."
                      },
                      "help": {
                        "markdown": "Nothing can be built.\n\n**Mend it.**\n\nDemanded by: listen-now",
                        "text": "Nothing can be built.\n\nMend it.\n\nDemanded by: listen-now"
                      },
                      "id": "show-toml-invalid",
                      "properties": {
                        "problem.severity": "error",
                        "since": "0.1.0",
                        "tags": [
                          "show"
                        ]
                      },
                      "shortDescription": {
                        "text": "show.toml has a mistake."
                      }
                    }
                  ],
                  "semanticVersion": "0.1.0"
                }
              }
            }
          ],
          "version": "2.1.0"
        }
        "#);
    }

    #[test]
    fn nothing_found_is_a_run_without_results() {
        let document: Value = serde_json::from_str(&printed(&Report::default(), write)).expect("JSON");
        assert_eq!(document["runs"][0]["results"], json!([]));
        assert_eq!(document["runs"][0]["tool"]["driver"]["rules"], json!([]));
    }

    #[test]
    fn paths_are_references_relative_to_where_the_command_ran() {
        #[track_caller]
        fn check(path: &str, expected: &str) {
            assert_eq!(uri(Path::new(path)), expected);
        }
        check("feed/feed.xml", "feed/feed.xml");
        check("./a b/50%.mp3", "a%20b/50%25.mp3");
        check("Ünï/a:b#?.xml", "%C3%9Cn%C3%AF/a%3Ab%23%3F.xml");
        check("../x", "../x");
        check(".", ".");
        check("-", "-");
        #[cfg(unix)]
        check("/srv/feed.xml", "file:///srv/feed.xml");
    }
}
