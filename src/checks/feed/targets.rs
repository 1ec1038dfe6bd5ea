//! The rule about what a feed points at and nobody could look at.

use crate::checks::words::{all_of, count};
use crate::checks::{Check, Run, Target};
use crate::model::finding::Demand::Tool;
use crate::model::finding::Severity::Info;
use crate::model::finding::{Rule, Subject};

pub(super) const CHECKS: &[Check] = &[UNSEEN];

const UNSEEN: Check = Check {
    rule: Rule {
        id: "feed-target-unseen",
        severity: Info,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Tool],
        summary: "files that the feed points at were not looked at",
        why: "They are not on this disk, so nobody knows whether their sizes, lengths and chapters are as the feed says.",
        mend: "Check the feed in the folder that is served, or say where that folder is served: --base-url https://....",
    },
    run: Run::Feed(|feed, found| {
        let Some(first) = feed.unseen.first() else { return };
        let of = |target: Target, one: &str, many: &str| match feed.unseen.iter().filter(|u| u.target == target).count()
        {
            0 => None,
            n => Some(count(n, one, many)),
        };
        let kinds = [
            of(Target::Audio, "audio file", "audio files"),
            of(Target::Chapters, "chapters file", "chapters files"),
            of(Target::Transcript, "transcript", "transcripts"),
            of(Target::Picture, "picture", "pictures"),
        ];
        let kinds: Vec<String> = kinds.into_iter().flatten().collect();
        let verb = if feed.unseen.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{} {verb} not on this disk and {} not opened.",
            all_of(&kinds),
            match verb {
                "is" => "was",
                _ => "were",
            }
        );
        found.at(feed.attribute(first.attribute), message);
    }),
};
