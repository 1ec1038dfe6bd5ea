//! Rules about each mark, as a file or a person gave it.

use crate::checks::words::{length, quoted};
use crate::checks::{ChapterFacts, Check, Run};
use crate::model::chapter::{Mark, Origin, clean_title};
use crate::model::finding::Demand::{Apple, Format, Players, Podcasting20, Spotify, Tool, YouTube};
use crate::model::finding::Severity::{Error, Warning};
use crate::model::finding::{ProblemKind, Rule, Subject};
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};

pub(super) const CHECKS: &[Check] = &[
    UNREADABLE,
    FIRST_NOT_ZERO,
    NOT_ASCENDING,
    PAST_END,
    END_BEFORE_START,
    OVERLAP,
    TITLE_MISSING,
    TITLE_DIRTY,
    LINK_INSECURE,
];

/// An end that a program rounded up is no mistake.
const ROUNDING: Duration = Duration::from_millis(1000);

fn visible<'a>(facts: &ChapterFacts<'a>) -> impl Iterator<Item = (usize, &'a Mark)> {
    facts.marks.iter().enumerate().filter(|(_, m)| !m.hidden)
}

const UNREADABLE: Check = Check {
    rule: Rule {
        id: "chapters-unreadable",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Tool],
        summary: "the file with the chapters cannot be read",
        why: "The marks in it would be lost.",
        mend: "Save it again as Audacity labels, `00:00 Title` lines, Podcasting 2.0 JSON, Podlove XML or WebVTT.",
    },
    run: Run::Problems(&[ProblemKind::ChaptersUnreadable]),
};

const FIRST_NOT_ZERO: Check = Check {
    rule: Rule {
        id: "chapters-first-not-zero",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Apple, Spotify, YouTube],
        summary: "the first chapter does not start at 0",
        why: "Apps ignore the whole list when its first entry is not at zero.",
        mend: "Give the introduction a chapter, or move the first mark to 0.",
    },
    run: Run::Chapters(|facts, found| {
        // Of what a file carries inside, settling moves the first mark to the beginning.
        let mended = facts.script.is_some() && facts.origin != Some(Origin::Explicit);
        if let Some((index, first)) = visible(facts).min_by_key(|(_, m)| m.start)
            && !first.start.is_zero()
            && !mended
        {
            let message = format!("The first chapter, {}, starts at {}.", quoted(&first.title), first.start.npt());
            found.at(facts.place(index), message);
        }
    }),
};

const NOT_ASCENDING: Check = Check {
    rule: Rule {
        id: "chapters-not-ascending",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Podcasting20, Spotify, YouTube],
        summary: "a chapter does not start after the one before",
        why: "Apps show the list in a wrong order or not at all.",
        mend: "Put the chapters in order of time, each with a time of its own.",
    },
    run: Run::Chapters(|facts, found| {
        let marks: Vec<(usize, &Mark)> = visible(facts).collect();
        for pair in marks.windows(2) {
            if let [(_, before), (index, mark)] = pair
                && mark.start <= before.start
            {
                let message = format!(
                    "{} starts at {}, and {} before it at {}.",
                    quoted(&mark.title),
                    mark.start.npt(),
                    quoted(&before.title),
                    before.start.npt()
                );
                found.at(facts.place(*index), message);
            }
        }
    }),
};

const PAST_END: Check = Check {
    rule: Rule {
        id: "chapters-past-end",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Tool],
        summary: "a chapter lies behind the end of the recording",
        why: "Nobody can jump there, and some apps drop the list.",
        mend: "Correct the time; perhaps the marks belong to another version of the recording.",
    },
    run: Run::Chapters(|facts, found| {
        let Some(duration) = facts.duration else { return };
        let end = Timestamp::after(duration);
        let ends = if facts.is_stated { "by the feed the episode ends" } else { "the recording ends" };
        for (index, mark) in visible(facts) {
            if mark.start >= end {
                let message =
                    format!("{} starts at {}, and {ends} at {}.", quoted(&mark.title), mark.start.npt(), end.npt());
                found.at(facts.place(index), message);
            } else if let Some(late) = mark.end.filter(|e| *e > end.plus(ROUNDING)) {
                let message =
                    format!("{} ends at {}, and the recording at {}.", quoted(&mark.title), late.npt(), end.npt());
                found.at(facts.place(index), message);
            }
        }
    }),
};

const END_BEFORE_START: Check = Check {
    rule: Rule {
        id: "chapters-end-before-start",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Format],
        summary: "a chapter ends before it starts",
        why: "Apps drop it, or the whole list.",
        mend: "Correct one of the two times, or leave the end out.",
    },
    run: Run::Chapters(|facts, found| {
        for (index, mark) in facts.marks.iter().enumerate() {
            if let Some(end) = mark.end.filter(|end| *end <= mark.start) {
                let message =
                    format!("{} starts at {} and ends at {}.", quoted(&mark.title), mark.start.npt(), end.npt());
                found.at(facts.place(index), message);
            }
        }
    }),
};

const OVERLAP: Check = Check {
    rule: Rule {
        id: "chapters-overlap",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Players],
        summary: "a chapter ends after the next one has begun",
        why: "Apps have one chapter at a time and choose differently.",
        mend: "Leave the ends out; each chapter then ends where the next begins.",
    },
    run: Run::Chapters(|facts, found| {
        let marks: Vec<(usize, &Mark)> = visible(facts).collect();
        for pair in marks.windows(2) {
            if let [(index, mark), (_, next)] = pair
                && let Some(over) = mark.end.and_then(|end| end.since(next.start)).filter(|over| !over.is_zero())
                && next.start > mark.start
            {
                let message = format!(
                    "{} goes on for {} after {} has begun.",
                    quoted(&mark.title),
                    length(over),
                    quoted(&next.title)
                );
                found.at(facts.place(*index), message);
            }
        }
    }),
};

const TITLE_MISSING: Check = Check {
    rule: Rule {
        id: "chapters-title-missing",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Format],
        summary: "a chapter has no title",
        why: "Apps skip it, or show an empty line.",
        mend: "Write a title behind the time.",
    },
    run: Run::Chapters(|facts, found| {
        // A mark without words takes its section's heading; where a list came out, every chapter has a title.
        if facts.origin == Some(Origin::Parts) || facts.script.is_some_and(|s| s.chapters.is_some()) {
            return;
        }
        for (index, mark) in visible(facts).filter(|(_, m)| clean_title(&m.title).is_empty()) {
            found.at(facts.place(index), format!("The chapter at {} has no title.", mark.start.npt()));
        }
    }),
};

const TITLE_DIRTY: Check = Check {
    rule: Rule {
        id: "chapters-title-dirty",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Spotify],
        summary: "a chapter title has markup, control characters, line breaks or emoji in it",
        why: "Spotify refuses such titles, and others show boxes. They are published without.",
        mend: "Write the title as plain text.",
    },
    run: Run::Chapters(|facts, found| {
        for (index, mark) in visible(facts) {
            let clean = clean_title(&mark.title);
            // Blanks and the way accents are stored are nobody's mistake.
            let as_line = Line::new(&mark.title);
            let hidden = mark.title.trim().chars().any(|c| c.is_control());
            if !clean.is_empty() && (clean != as_line || hidden) {
                found.at(facts.place(index), format!("This title is published as {}.", quoted(clean.as_str())));
            }
        }
    }),
};

const LINK_INSECURE: Check = Check {
    rule: Rule {
        id: "chapters-link-insecure",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Players],
        summary: "a chapter's link is not https, or has characters that apps decode",
        why: "Phones refuse http links, and AntennaPod turns a + into a blank.",
        mend: "Use an https address without + and %.",
    },
    run: Run::Chapters(|facts, found| {
        for (index, mark) in visible(facts) {
            let Some(url) = mark.url.as_deref() else { continue };
            let embedded = facts.origin == Some(Origin::Embedded);
            let message = if !url.starts_with("https://") {
                format!("The link of {} does not begin with https://.", quoted(&mark.title))
            } else if embedded && url.contains(['+', '%']) {
                format!("The link of {} has a + or % in it.", quoted(&mark.title))
            } else {
                continue;
            };
            found.at(facts.place(index), message);
        }
    }),
};
