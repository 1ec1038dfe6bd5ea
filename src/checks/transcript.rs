//! Rules about transcripts.

use super::{Check, Run, is_web_address};
use crate::model::finding::Demand::Podcasting20;
use crate::model::finding::Severity::Error;
use crate::model::finding::{Rule, Subject};

pub(super) const CHECKS: &[Check] = &[TAG_INVALID];

/// The types that apps read (`standards.md` section 4).
const TYPES: &[&str] =
    &["text/vtt", "application/x-subrip", "application/srt", "text/srt", "application/json", "text/html", "text/plain"];

const TAG_INVALID: Check = Check {
    rule: Rule {
        id: "transcript-tag-invalid",
        severity: Error,
        subject: Subject::Transcript,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "the feed points at a transcript in a way that apps do not understand",
        why: "They do not load it, and nobody can read along.",
        mend: "Write <podcast:transcript url=\"https://...vtt\" type=\"text/vtt\"/>.",
    },
    run: Run::Item(|feed, item, found| {
        for transcript in item.element.all(feed.podcast(), "transcript") {
            match transcript.value_of("url") {
                None => found.at(feed.at(transcript), "This transcript has no `url`."),
                Some(url) if !is_web_address(url) => {
                    found.at(feed.attribute_of(transcript, "url"), format!("`{url}` is no whole web address."));
                }
                Some(_) => {}
            }
            match transcript.value_of("type") {
                None => found.at(feed.at(transcript), "This transcript has no `type`."),
                Some(kind) => {
                    let bare = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                    if !TYPES.contains(&bare.as_str()) {
                        let message = format!("`{kind}` is no type of a transcript.");
                        found.at(feed.attribute_of(transcript, "type"), message);
                    }
                }
            }
            if let Some(rel) = transcript.value_of("rel").filter(|r| *r != "captions") {
                let message = format!("`rel` is `{rel}`, and only `captions` means something.");
                found.at(feed.attribute_of(transcript, "rel"), message);
            }
        }
    }),
};
