//! Rules about what the file carries besides audio.

use crate::checks::words::count;
use crate::checks::{Check, Purpose, Run};
use crate::model::audio::Damage;
use crate::model::finding::Demand::{Format, Tool};
use crate::model::finding::Severity::{Info, Warning};
use crate::model::finding::{Place, Rule, Subject};
use crate::model::show::KeepTags;

pub(super) const CHECKS: &[Check] = &[ID3_MULTIPLE, TAGS_DROPPED, TAGS_PRIVATE];

const ID3_MULTIPLE: Check = Check {
    rule: Rule {
        id: "audio-id3-multiple",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format],
        summary: "the file has several tags",
        why: "Each program reads another one, so titles and chapters may differ from app to app.",
        mend: "Remove all tags but one; a build writes its own into the published file.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::SeveralTags { what } = damage {
                found.at(
                    Place::file(audio.path),
                    format!("This file has several tags: {}.", what.trim_end_matches('.')),
                );
            }
        }
    }),
};

const TAGS_DROPPED: Check = Check {
    rule: Rule {
        id: "audio-tags-dropped",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "tags of the recording do not go into the published file",
        why: "They are broken, or `keep_tags = \"known\"` drops what a listener cannot see.",
        mend: "Nothing needs to be done, unless you miss one of them.",
    },
    run: Run::Survey(|survey, found| {
        for audio in survey.all_audio() {
            for damage in &audio.recording.damage {
                if let Damage::BrokenTag { what } = damage {
                    found.at(Place::file(audio.path), format!("A tag is broken: {}.", what.trim_end_matches('.')));
                }
            }
        }
        for episode in survey.live() {
            if !episode.show.is_some_and(|s| s.enclosure.keep_tags == KeepTags::Known) {
                continue;
            }
            for audio in &episode.recordings {
                let private = &audio.recording.private_tags;
                if !private.is_empty() && audio.purpose == Purpose::Recording {
                    let tags = count(private.len(), "private tag", "private tags");
                    let message = format!("{tags} of this recording will not be published.");
                    found.at(Place::file(audio.path), message);
                }
            }
        }
    }),
};

const TAGS_PRIVATE: Check = Check {
    rule: Rule {
        id: "audio-tags-private",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the file carries tags that nobody sees and that may tell too much",
        why: "Studios' programs leave names, paths and project data there, and the published file would carry them.",
        mend: "Look at them with `listen-now inspect`, or write `[enclosure] keep_tags = \"known\"` into show.toml.",
    },
    run: Run::Survey(|survey, found| {
        let dropped = survey.live().filter(|e| e.show.is_some_and(|s| s.enclosure.keep_tags == KeepTags::Known));
        let gone: Vec<_> = dropped.flat_map(|e| &e.recordings).map(|a| a.path).collect();
        for audio in survey.all_audio().filter(|a| !gone.contains(&a.path)) {
            let mut named: Vec<String> = Vec::new();
            let mut bytes: u64 = 0;
            for tag in &audio.recording.private_tags {
                bytes = bytes.saturating_add(tag.size);
                let name = match tag.owner.trim() {
                    "" => tag.id.clone(),
                    owner => format!("{} of {owner}", tag.id),
                };
                if !named.contains(&name) {
                    named.push(name);
                }
            }
            if !named.is_empty() {
                const MOST: usize = 5;
                let rest = named.len().saturating_sub(MOST);
                named.truncate(MOST);
                let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                let message = format!("Private tags with {bytes} bytes: {}{more}.", named.join(", "));
                found.at(Place::file(audio.path), message);
            }
        }
    }),
};
