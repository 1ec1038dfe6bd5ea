//! Rules about what lies in an episode's folder.

use crate::checks::{Check, Run, Standing};
use crate::model::finding::Demand::{Format, Players, Podcasting20, Tool};
use crate::model::finding::Severity::{Error, Info};
use crate::model::finding::{ProblemKind, Rule, Subject};

pub(super) const CHECKS: &[Check] = &[
    TOML_INVALID,
    CHARACTERS_DROPPED,
    SLUG_INVALID,
    ARTICLE_MISSING,
    ARTICLE_AMBIGUOUS,
    AUDIO_MISSING,
    AUDIO_AMBIGUOUS,
    LINK_OUTSIDE,
    TRANSCRIPT_INVALID,
    TRANSCRIPT_UNTIMED,
    DRAFT,
];

const TOML_INVALID: Check = Check {
    rule: Rule {
        id: "episode-toml-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "episode.toml has a mistake",
        why: "A key that is not understood would silently do nothing.",
        mend: "Correct the line that is quoted, or replace the file that is named.",
    },
    run: Run::Problems(&[ProblemKind::EpisodeToml]),
};

const CHARACTERS_DROPPED: Check = Check {
    rule: Rule {
        id: "episode-characters-dropped",
        severity: Info,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Format, Players],
        summary: "a text in episode.toml has control characters or marks that turn the direction of text",
        why: "XML forbids the one and players show titles wrongly with the other, so they are not published.",
        mend: "Nothing needs to be done; to be rid of this message, type the text anew.",
    },
    run: Run::Problems(&[ProblemKind::EpisodeUnseen]),
};

const SLUG_INVALID: Check = Check {
    rule: Rule {
        id: "episode-slug-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the folder's name cannot be part of a web address",
        why: "The name stands in every address of the episode, and Apple takes plain ASCII addresses alone.",
        mend: "Use small letters, digits and hyphens, at most 80. A folder that is no episode begins with _.",
    },
    run: Run::Problems(&[ProblemKind::Slug]),
};

const ARTICLE_MISSING: Check = Check {
    rule: Rule {
        id: "episode-article-missing",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the folder has no article",
        why: "Title, chapters and notes come from it.",
        mend: "Put the text here as article.md, article.html or article.txt.",
    },
    run: Run::Problems(&[ProblemKind::ArticleMissing]),
};

const ARTICLE_AMBIGUOUS: Check = Check {
    rule: Rule {
        id: "episode-article-ambiguous",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the folder has several articles",
        why: "Nobody can tell which one was recorded.",
        mend: "Keep one of them, or let the name of the others begin with _.",
    },
    run: Run::Problems(&[ProblemKind::ArticleAmbiguous]),
};

const AUDIO_MISSING: Check = Check {
    rule: Rule {
        id: "episode-audio-missing",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the folder has no recording",
        why: "There is nothing to listen to.",
        mend: "Put the recording here, or write `draft = true` into episode.toml until it is there.",
    },
    run: Run::Problems(&[ProblemKind::AudioMissing]),
};

const AUDIO_AMBIGUOUS: Check = Check {
    rule: Rule {
        id: "episode-audio-ambiguous",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the folder has several audio files that are not parts of one recording",
        why: "Nobody can tell which one to publish. Parts are taken for such where their names differ in a number alone.",
        mend: "Write `recording = \"...\"` or `parts = [\"...\", \"...\"]` into episode.toml.",
    },
    run: Run::Problems(&[ProblemKind::AudioAmbiguous]),
};

const LINK_OUTSIDE: Check = Check {
    rule: Rule {
        id: "episode-link-outside",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "a link leads out of the show",
        why: "What lies elsewhere may be private or change unseen, and would be published.",
        mend: "Put a copy in its place. Recordings on a share are allowed with --follow-links.",
    },
    run: Run::Problems(&[ProblemKind::LinkOutside]),
};

const TRANSCRIPT_INVALID: Check = Check {
    rule: Rule {
        id: "episode-transcript-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Podcasting20, Players],
        summary: "the transcript cannot be read",
        why: "Apps drop a transcript with a single broken line.",
        mend: "Save it again as WebVTT or SRT.",
    },
    run: Run::Problems(&[ProblemKind::TranscriptUnreadable]),
};

const TRANSCRIPT_UNTIMED: Check = Check {
    rule: Rule {
        id: "episode-transcript-untimed",
        severity: Info,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the transcript has no times",
        why: "Apps show such a transcript as a page at best, and the words do not follow the voice.",
        mend: "Nothing needs to be done. A transcript.vtt or transcript.srt of your own beside the recording is carried instead.",
    },
    run: Run::Problems(&[ProblemKind::TranscriptUntimed]),
};

const DRAFT: Check = Check {
    rule: Rule {
        id: "episode-draft",
        severity: Info,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the episode is kept out of the feed",
        why: "It is marked as a draft, or its date has not come.",
        mend: "Remove `draft = true` (or `published: false` from the article) when it is ready, or wait for its day.",
    },
    run: Run::Survey(|survey, found| {
        for episode in &survey.episodes {
            let message = match episode.standing {
                Standing::Published => continue,
                Standing::Draft => "This episode is a draft and is not published.".to_owned(),
                Standing::Held => match episode.date() {
                    Some(date) => format!("This episode is dated {date} and is not published before."),
                    None => "This episode is not published yet.".to_owned(),
                },
            };
            let key = if episode.standing == Standing::Draft { "draft" } else { "date" };
            found.at(episode.place_of(key), message);
        }
    }),
};
