//! Rules about the ways in which an audio file carries chapters. A recording gets new ones from `build`, so they judge
//! files that stand alone and enclosures.

use crate::checks::{AudioFacts, Check, Found, Purpose, Run};
use crate::model::audio::{CarrierFault, Damage, EmbeddedCarrier, EmbeddedChapters};
use crate::model::chapter::{Mark, Origin};
use crate::model::finding::Demand::{Apple, Format, Players};
use crate::model::finding::Severity::{Error, Warning};
use crate::model::finding::{Place, Rule, Subject};
use crate::model::time::Duration;

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
        let (a, b) = (visible(first), visible(other));
        let (one, two) = (carrier(first), carrier(other));
        if a.len() != b.len() {
            let message = format!("{one} have {} chapters, {two} have {}.", a.len(), b.len());
            found.at(Place::file(audio.path), message);
        } else if let Some((x, y)) =
            a.iter().zip(&b).find(|(x, y)| x.start.millis().abs_diff(y.start.millis()) > APART.millis())
        {
            let message = format!("{one} have a chapter at {}, {two} at {}.", x.start.npt(), y.start.npt());
            found.at(Place::time(audio.path, x.start), message);
        }
    }
}

fn visible(chapters: &EmbeddedChapters) -> Vec<&Mark> {
    chapters.marks.iter().filter(|m| !m.hidden).collect()
}

fn carrier(chapters: &EmbeddedChapters) -> &'static str {
    match chapters.carrier {
        EmbeddedCarrier::Id3 => "The ID3 frames",
        EmbeddedCarrier::Mp4List => "The Nero chapters",
        EmbeddedCarrier::Mp4Track => "The QuickTime chapters",
        EmbeddedCarrier::Vorbis => "The Vorbis comments",
        EmbeddedCarrier::WavCue => "The cue points",
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
            found.at(Place::file(audio.path), format!("{}.", sentence(what)));
        }
    }
}

fn sentence(what: &str) -> String {
    let what = what.trim().trim_end_matches('.');
    let mut letters = what.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
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
