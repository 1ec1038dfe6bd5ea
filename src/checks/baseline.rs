//! Old sins: the findings that a publisher knows of and lives with, kept in a file, so that only what is new fails.
//!
//! A finding is known by its rule, its file, and what it is about, not by its line: a feed grows at its top.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::finding::Finding;

/// The version of the file.
const SCHEMA: u32 = 1;

/// Findings that are known, with how many there are of each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    known: BTreeMap<Known, usize>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
struct Known {
    rule: String,
    path: String,
    about: String,
}

#[derive(Serialize, Deserialize)]
struct File {
    schema: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    known: Known,
    count: usize,
}

impl Baseline {
    /// Everything that was found.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut baseline = Self::default();
        for finding in findings {
            *baseline.known.entry(known(finding)).or_default() += 1;
        }
        baseline
    }

    /// Reads the file; `Err` says why it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let file: File = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        if file.schema != SCHEMA {
            return Err(format!("it has the version {}, and this program knows {SCHEMA}", file.schema));
        }
        Ok(Self { known: file.findings.into_iter().map(|e| (e.known, e.count)).collect() })
    }

    /// The file, one finding after another in a stable order, for reading in a review.
    pub fn write(&self) -> String {
        let findings = self.known.iter().map(|(known, count)| Entry { known: known.clone(), count: *count }).collect();
        let file = File { schema: SCHEMA, findings };
        // Plain texts and numbers can always be written.
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }

    /// How many findings are known.
    pub fn len(&self) -> usize {
        self.known.values().sum()
    }

    /// True where none is.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Takes a finding out, if it is known and has not been taken out as often as it was there.
    pub(super) fn take(&mut self, finding: &Finding) -> bool {
        match self.known.get_mut(&known(finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

fn known(finding: &Finding) -> Known {
    let path = finding.place.path.to_string_lossy().replace('\\', "/");
    Known { rule: finding.rule.id.to_owned(), path, about: about(finding) }
}

/// The sentence without the lines that it names, and the part of the file that is meant.
fn about(finding: &Finding) -> String {
    let mut text = String::new();
    let mut words = finding.message.split(' ').peekable();
    while let Some(word) = words.next() {
        text.push_str(word);
        let names_line = word.eq_ignore_ascii_case("line");
        if let Some(next) = words.peek_mut() {
            text.push(' ');
            if names_line && next.starts_with(|c: char| c.is_ascii_digit()) {
                *next = "…";
            }
        }
    }
    let meant = finding.place.excerpt.as_ref().and_then(|e| e.text.get(e.start..e.end)).map(str::trim);
    match meant.filter(|m| !m.is_empty()) {
        Some(meant) => format!("{text} | {meant}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Place;

    fn finding(message: &str, line: usize, text: &str) -> Finding {
        let rule = crate::checks::rules().find(|r| r.id == "episode-guid-duplicate").expect("a rule");
        let place = Place { line: Some(line), ..Place::span("feed/feed.xml", text, 0..text.len()) };
        Finding { rule, place, message: message.into(), help: None, effective: rule.severity }
    }

    #[test]
    fn what_moved_is_known_and_what_is_new_is_not() {
        let old =
            [finding("As on line 12 too.", 30, "<guid>a</guid>"), finding("As on line 12 too.", 40, "<guid>a</guid>")];
        let written = Baseline::of(&old).write();
        insta::assert_snapshot!(written, @r#"
        {
          "schema": 1,
          "findings": [
            {
              "rule": "episode-guid-duplicate",
              "path": "feed/feed.xml",
              "about": "As on line … too. | <guid>a</guid>",
              "count": 2
            }
          ]
        }
        "#);
        let mut baseline = Baseline::read(written.as_bytes()).expect("what was written");
        assert_eq!(baseline.len(), 2);
        assert!(baseline.take(&finding("As on line 112 too.", 130, "<guid>a</guid>")));
        assert!(!baseline.take(&finding("As on line 12 too.", 30, "<guid>b</guid>")));
        assert!(baseline.take(&old[1]));
        assert!(!baseline.take(&old[0]), "a third one is new");
    }

    #[test]
    fn another_file_is_no_baseline() {
        assert!(Baseline::read(b"[]").is_err());
        let newer = Baseline::read(br#"{"schema": 2, "findings": []}"#);
        assert_eq!(newer, Err("it has the version 2, and this program knows 1".to_owned()));
    }
}
