//! Rules about what subscribers have: an episode is never lost, renamed or moved without being asked for.

use crate::checks::{Check, Run};
use crate::model::finding::Demand::{Apple, Players, Psp1, Spotify, Tool};
use crate::model::finding::Severity::{Error, Warning};
use crate::model::finding::{ProblemKind, Rule, Subject};

pub(super) const CHECKS: &[Check] = &[DROPPED, GUID_CHANGED, ENCLOSURE_CHANGED, AUDIO_REPLACED, DATE_MOVED];

const DROPPED: Check = Check {
    rule: Rule {
        id: "episode-dropped",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "a published episode would be lost",
        why: "Subscribers have it. A folder that was moved or marked as a draft by mistake must not take it from them.",
        mend: "Bring the folder back, or say that the episode goes: `listen-now build --drop SLUG`.",
    },
    run: Run::Problems(&[ProblemKind::EpisodeDropped]),
};

const GUID_CHANGED: Check = Check {
    rule: Rule {
        id: "episode-guid-changed",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1, Players],
        summary: "a published episode would get another identity",
        why: "Apps take it for a new episode: subscribers get it twice, and lose their place in it.",
        mend: "Write the published guid into episode.toml, or say that it changes: `listen-now build --change-guid SLUG`.",
    },
    run: Run::Problems(&[ProblemKind::GuidChanged]),
};

const ENCLOSURE_CHANGED: Check = Check {
    rule: Rule {
        id: "episode-enclosure-changed",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Spotify, Players],
        summary: "other audio is served under a published address",
        why: "Spotify and caches keep the old bytes under an address that they know, and a download that is resumed becomes a mixture of both.",
        mend: "Give the new file a new name; the guid stays.",
    },
    run: Run::Problems(&[ProblemKind::EnclosureChanged]),
};

const AUDIO_REPLACED: Check = Check {
    rule: Rule {
        id: "episode-audio-replaced",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Players],
        summary: "a published episode has other audio now",
        why: "Those who have loaded it keep the old recording, and the place where they stopped may be another sentence now.",
        mend: "Nothing needs to be done where the recording was mended on purpose.",
    },
    run: Run::Problems(&[ProblemKind::AudioReplaced]),
};

const DATE_MOVED: Check = Check {
    rule: Rule {
        id: "episode-date-moved",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Players],
        summary: "a published episode would get another date",
        why: "Apps sort by it; an episode that moves appears as new, or disappears among old ones. The published date stays.",
        mend: "Write the published date into the article or episode.toml, if that is the right one.",
    },
    run: Run::Problems(&[ProblemKind::DateMoved]),
};
