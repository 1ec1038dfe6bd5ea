//! Rules about the ways in which an audio file carries chapters. A recording gets new ones from `build`, so they judge
//! files that stand alone and enclosures.

use super::feeds::timed;
use crate::checks::words::sentence;
use crate::checks::{AudioFacts, Check, FeedFacts, Found, ItemFacts, Purpose, Run};
use crate::model::audio::{CarrierFault, Damage, EmbeddedCarrier, EmbeddedChapters};
use crate::model::chapter::{Mark, Origin};
use crate::model::finding::Demand::{Apple, Format, Players};
use crate::model::finding::Severity::{Error, Warning};
use crate::model::finding::{Place, Rule, Subject};
use crate::model::time::{Duration, Timestamp};

pub(super) const CHECKS: &[Check] = &[DISAGREE, ID3_TOC, ID3_ELEMENT_ID, ID3_OFFSET, ID3_UNSYNC, MP4_SINGLE_KIND];

/// AntennaPod merges two lists only where no start differs by more.
const APART: Duration = Duration::from_millis(1000);

const DISAGREE: Check = Check {
    rule: Rule {
        id: "chapters-carriers-disagree",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Players],
        summary: "the same episode carries different chapters in different places",
        why: "Each app reads another of them, so what a listener sees depends on the app.",
        mend: "Write all of them from one list, as `listen-now build` does.",
    },
    run: Run::Survey(|survey, found| {
        for audio in survey.audio.iter().filter(|a| a.purpose != Purpose::Recording) {
            disagreement(audio, found);
        }
        for feed in &survey.feeds {
            feed.items.iter().for_each(|item| between(feed, item, found));
        }
        // In an episode it matters only where the chapters are taken from the file.
        for episode in survey.live() {
            if episode.chapters.as_ref().is_some_and(|c| c.origin == Some(Origin::Embedded)) {
                episode.recordings.iter().for_each(|audio| disagreement(audio, found));
            }
        }
    }),
};

fn disagreement(audio: &AudioFacts<'_>, found: &mut Found<'_>) {
    let [first, others @ ..] = audio.recording.chapters.as_slice() else { return };
    for other in others {
        let starts = |list| visible(list).iter().map(|m| m.start).collect::<Vec<_>>();
        let (a, b) = (starts(first), starts(other));
        if let Some(message) = difference((carrier(first), &a), (carrier(other), &b)) {
            let apart = a.iter().zip(&b).find(|(x, y)| x.millis().abs_diff(y.millis()) > APART.millis());
            let place = match apart.filter(|_| a.len() == b.len()) {
                Some((at, _)) => Place::time(audio.path, *at),
                None => Place::file(audio.path),
            };
            found.at(place, message);
        }
    }
}

/// A list of chapters of an item: what it is called, where each chapter starts, where it stands.
struct Listed<'a> {
    name: &'static str,
    starts: Vec<Timestamp>,
    place: &'a dyn Fn() -> Place,
}

/// From three times on apps take those in the notes for chapters.
const FEWEST_IN_NOTES: usize = 3;

/// Every carrier of an item against the first of them.
fn between(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    let element = item.element;
    let at = |namespace: &str, local: &str, key: &str| {
        element.first(namespace, local).map_or_else(|| feed.start_of(element), |e| feed.attribute_of(e, key))
    };
    let (file, list) = (
        || at(feed.podcast(), "chapters", "url"),
        || element.first(feed.psc(), "chapters").map_or_else(|| feed.start_of(element), |e| feed.start_of(e)),
    );
    let (inside, notes) = (
        || at("", "enclosure", "url"),
        || element.first("", "description").map_or_else(|| feed.start_of(element), |e| feed.start_of(e)),
    );
    let starts = |marks: &[Mark]| marks.iter().filter(|m| !m.hidden).map(|m| m.start).collect::<Vec<_>>();
    let mut lists: Vec<Listed<'_>> = Vec::new();
    if let Some((_, marks)) = item.chapters {
        lists.push(Listed { name: "the chapters file", starts: starts(marks), place: &file });
    }
    if !item.marks.is_empty() {
        lists.push(Listed { name: "the Podlove chapters", starts: starts(&item.marks), place: &list });
    }
    for carried in item.audio.iter().flat_map(|a| &a.recording.chapters) {
        lists.push(Listed { name: carrier(carried), starts: starts(&carried.marks), place: &inside });
    }
    if !lists.is_empty() {
        let text = element.first("", "description").map(|d| d.text.trim()).unwrap_or_default();
        let marks = timed(text).0;
        if marks.len() >= FEWEST_IN_NOTES {
            lists.push(Listed { name: "the notes", starts: starts(&marks), place: &notes });
        }
    }
    let [first, others @ ..] = lists.as_slice() else { return };
    for other in others {
        if let Some(message) = difference((first.name, &first.starts), (other.name, &other.starts)) {
            found.at((other.place)(), message);
        }
    }
}

/// How two lists differ, as a sentence.
fn difference((one, a): (&str, &[Timestamp]), (two, b): (&str, &[Timestamp])) -> Option<String> {
    let has = if one.ends_with("file") { "has" } else { "have" };
    if a.len() != b.len() {
        return Some(sentence(&format!("{one} {has} {} chapters, {two} {}", a.len(), b.len())));
    }
    let (x, y) = a.iter().zip(b).find(|(x, y)| x.millis().abs_diff(y.millis()) > APART.millis())?;
    Some(sentence(&format!("{one} {has} a chapter at {}, {two} at {}", x.npt(), y.npt())))
}

fn visible(chapters: &EmbeddedChapters) -> Vec<&Mark> {
    chapters.marks.iter().filter(|m| !m.hidden).collect()
}

fn carrier(chapters: &EmbeddedChapters) -> &'static str {
    match chapters.carrier {
        EmbeddedCarrier::Id3 => "the ID3 frames",
        EmbeddedCarrier::Mp4List => "the Nero chapters",
        EmbeddedCarrier::Mp4Track => "the QuickTime chapters",
        EmbeddedCarrier::Vorbis => "the Vorbis comments",
        EmbeddedCarrier::WavCue => "the cue points",
    }
}

fn faults(audio: &AudioFacts<'_>, fault: CarrierFault, found: &mut Found<'_>) {
    if audio.purpose == Purpose::Recording {
        return;
    }
    for damage in &audio.recording.damage {
        if let Damage::ChapterCarrier { fault: this, what } = damage
            && *this == fault
        {
            found.at(Place::file(audio.path), sentence(what));
        }
    }
}

const ID3_TOC: Check = Check {
    rule: Rule {
        id: "chapters-id3-toc",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Format, Players],
        summary: "the table of contents of the ID3 chapters is missing or wrong",
        why: "Apps show only what the one table of contents names, or nothing.",
        mend: "Write the chapters again; `listen-now build` writes one table that names each of them.",
    },
    run: Run::Audio(|audio, found| faults(audio, CarrierFault::Id3Toc, found)),
};

const ID3_ELEMENT_ID: Check = Check {
    rule: Rule {
        id: "chapters-id3-element-id",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Format, Players],
        summary: "an ID3 chapter's id is used twice, empty, or too long",
        why: "Readers take two chapters for one, or stop.",
        mend: "Write the chapters again with ids of their own.",
    },
    run: Run::Audio(|audio, found| faults(audio, CarrierFault::Id3ElementId, found)),
};

const ID3_OFFSET: Check = Check {
    rule: Rule {
        id: "chapters-id3-offset",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Format],
        summary: "an ID3 chapter has a byte offset that points at no frame",
        why: "Readers that go by offsets jump to a wrong place; they go stale as soon as a tag grows.",
        mend: "Write FFFFFFFF for both offsets, so that the times count.",
    },
    run: Run::Audio(|audio, found| faults(audio, CarrierFault::Id3Offset, found)),
};

const ID3_UNSYNC: Check = Check {
    rule: Rule {
        id: "chapters-id3-unsync",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Players],
        summary: "the ID3 chapters are stored in a way that apps misread",
        why: "AntennaPod ignores unsynchronisation, and Pocket Casts misjudges long frames of version 2.4.",
        mend: "Write the tag as ID3v2.3 without unsynchronisation.",
    },
    run: Run::Audio(|audio, found| faults(audio, CarrierFault::Id3Unsync, found)),
};

const MP4_SINGLE_KIND: Check = Check {
    rule: Rule {
        id: "chapters-mp4-single-kind",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Apple, Players],
        summary: "the M4A has one of the two kinds of chapters",
        why: "Apple's apps read the QuickTime track, AntennaPod the Nero list: half of the listeners see none.",
        mend: "Write both, with the same content.",
    },
    run: Run::Audio(|audio, found| faults(audio, CarrierFault::Mp4SingleKind, found)),
};
