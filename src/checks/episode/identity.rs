//! Rules about what subscribers have: an episode is never lost, renamed or moved without being asked for.

use crate::checks::{Check, Run};
use crate::model::finding::Demand::{Apple, Players, Psp1, Tool};
use crate::model::finding::Severity::{Error, Warning};
use crate::model::finding::{ProblemKind, Rule, Subject};

pub(super) const CHECKS: &[Check] = &[DROPPED, GUID_CHANGED, DATE_MOVED];

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

const DATE_MOVED: Check = Check {
    rule: Rule {
        id: "episode-date-moved",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Players],
        summary: "the article has another date than the published episode",
        why: "Apps sort by it; an episode that moves appears as new, or disappears among old ones. The published date stays.",
        mend: "Write the published date into the article or episode.toml, if that is the right one.",
    },
    run: Run::Problems(&[ProblemKind::DateMoved]),
};
