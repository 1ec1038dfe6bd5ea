//! Rules about the list of chapters as a listener gets it.

use crate::chapters::pins;
use crate::checks::words::{count, length, quoted};
use crate::checks::{ChapterFacts, Check, Run};
use crate::model::chapter::{Chapter, Mark, Origin};
use crate::model::finding::Demand::{Apple, Format, Players, Spotify, Tool, YouTube};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, Rule, Subject};
use crate::model::script::Verdict;
use crate::model::time::{Duration, Timestamp};

pub(super) const CHECKS: &[Check] = &[
    EMPTY,
    TOO_FEW,
    TOO_MANY,
    DENSE,
    TOO_SHORT,
    SHORT,
    TITLE_LONG,
    TITLE_TOO_LONG,
    LOW_CONFIDENCE,
    MARK_DISAGREES,
    SECTION_MISSING,
];

/// One byte counts the children of an ID3 table of contents.
const MOST: usize = 255;
/// Apple's advice (‡): about six an hour.
const MOST_PER_HOUR: f64 = 6.0;
/// Apple, Spotify and YouTube read timestamps in notes from three on.
const FEWEST: usize = 3;
/// YouTube drops the list for a chapter under ten seconds; Spotify advises thirty.
const SHORTEST: Duration = Duration::from_millis(10_000);
const ADVISED: Duration = Duration::from_millis(30_000);
/// Spotify's advice.
const LONG_TITLE: usize = 40;
/// AntennaPod reads the length byte of MP4 titles as signed.
const LONGEST_TITLE_BYTES: usize = 127;
/// Design section 5: below it a chapter needs review.
const SURE: f32 = 0.5;
/// Design section 5: a mark and what is heard may lie two seconds apart.
const DISAGREEMENT: Duration = Duration::from_millis(2_000);

/// A start that is heard is written down with the breath before it.
const BREATH: Duration = Duration::from_millis(150);

/// A chapter, whether it was settled or only marked.
struct Entry<'a> {
    start: Timestamp,
    title: &'a str,
    place: Place,
}

/// What a listener gets: the settled list; else the visible marks in their order.
fn entries<'a>(facts: &ChapterFacts<'a>) -> Vec<Entry<'a>> {
    match settled(facts) {
        Some(chapters) => chapters
            .iter()
            .map(|c| Entry { start: c.start, title: c.title.as_str(), place: chapter_place(facts, c) })
            .collect(),
        None => {
            let visible = facts.marks.iter().enumerate().filter(|(_, m)| !m.hidden);
            visible.map(|(i, m)| Entry { start: m.start, title: m.title.as_str(), place: facts.place(i) }).collect()
        }
    }
}

fn settled<'a>(facts: &ChapterFacts<'a>) -> Option<&'a [Chapter]> {
    facts.script.and_then(|s| s.chapters.as_ref()).map(|list| list.chapters())
}

/// Where a chapter was marked, if somebody marked it; else its instant.
fn chapter_place(facts: &ChapterFacts<'_>, chapter: &Chapter) -> Place {
    let marked = facts.marks.iter().position(|m: &Mark| !m.hidden && m.start == chapter.start);
    match marked {
        Some(index) => facts.place(index),
        None => Place::time(facts.path, chapter.start),
    }
}

/// Entries with how long they last, as far as times make sense.
fn lengths<'a>(facts: &ChapterFacts<'a>) -> Vec<(Entry<'a>, Duration)> {
    let entries = entries(facts);
    let ends: Vec<Option<Timestamp>> =
        entries.iter().skip(1).map(|e| Some(e.start)).chain([facts.duration.map(Timestamp::after)]).collect();
    let lasting = entries.into_iter().zip(ends).filter_map(|(entry, end)| {
        let lasts = end?.since(entry.start)?;
        (!lasts.is_zero()).then_some((entry, lasts))
    });
    lasting.collect()
}

const EMPTY: Check = Check {
    rule: Rule {
        id: "chapters-empty",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Apple],
        summary: "there are no chapters",
        why: "Listeners cannot jump to a section.",
        mend: "Write the times of the sections into episode.toml (`chapters = [{ start = \"00:00\", title = \"...\" }]`) or into chapters.txt.",
    },
    run: Run::Chapters(|facts, found| {
        if facts.marks.iter().any(|m| !m.hidden) || settled(facts).is_some_and(|c| c.len() > 1) {
            return;
        }
        // Of another article's recording nothing can be marked.
        if facts.script.is_some_and(|s| s.verdict == Verdict::Another) {
            return;
        }
        match facts.sections {
            // An article in one piece is one chapter, and rightly so.
            Some(0 | 1) => {}
            Some(sections) => {
                let sections = count(sections, "section", "sections");
                found.at(
                    Place::file(facts.path),
                    format!("The article has {sections}, and nothing says where they begin."),
                );
            }
            None => found.at(Place::file(facts.path), "This list of chapters is empty."),
        }
    }),
};

const TOO_FEW: Check = Check {
    rule: Rule {
        id: "chapters-too-few",
        severity: Info,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Apple, Spotify, YouTube],
        summary: "there are fewer than three chapters",
        why: "Apps that read timestamps in the notes ignore lists of one or two.",
        mend: "Nothing needs to be done; apps that read chapter files show them all the same.",
    },
    run: Run::Chapters(|facts, found| {
        let chapters = entries(facts);
        let marked = facts.marks.iter().any(|m| !m.hidden);
        if marked && !chapters.is_empty() && chapters.len() < FEWEST {
            let message = format!("There {}.", if chapters.len() == 1 { "is one chapter" } else { "are two chapters" });
            found.at(Place::file(facts.path), message);
        }
    }),
};

const TOO_MANY: Check = Check {
    rule: Rule {
        id: "chapters-too-many",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Format],
        summary: "there are more than 255 chapters",
        why: "The chapters inside an MP3 or M4A cannot be more: the count is one byte.",
        mend: "Join sections, or mark only the larger ones.",
    },
    run: Run::Chapters(|facts, found| {
        let chapters = entries(facts).len();
        if chapters > MOST {
            found.at(Place::file(facts.path), format!("There are {chapters} chapters, and {MOST} can be carried."));
        }
    }),
};

const DENSE: Check = Check {
    rule: Rule {
        id: "chapters-dense",
        severity: Info,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Apple],
        summary: "there are more than six chapters an hour",
        why: "Apple advises about six; long lists are hard to read on a phone.",
        mend: "Nothing needs to be done where each section is worth a chapter.",
    },
    run: Run::Chapters(|facts, found| {
        let chapters = entries(facts).len();
        let Some(duration) = facts.duration.filter(|d| !d.is_zero()) else { return };
        // In a short recording even three would be too many by the hour.
        let most = (duration.seconds() / 3600.0 * MOST_PER_HOUR).max(MOST_PER_HOUR);
        if chapters as f64 > most {
            found.at(Place::file(facts.path), format!("{chapters} chapters in {}.", length(duration)));
        }
    }),
};

const TOO_SHORT: Check = Check {
    rule: Rule {
        id: "chapters-too-short",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[YouTube],
        summary: "a chapter is shorter than ten seconds",
        why: "YouTube drops the whole list for one such chapter.",
        mend: "Join it with its neighbour.",
    },
    run: Run::Chapters(|facts, found| {
        for (entry, lasts) in lengths(facts).into_iter().filter(|(_, l)| *l < SHORTEST) {
            found.at(entry.place, format!("{} lasts {}.", quoted(entry.title), length(lasts)));
        }
    }),
};

const SHORT: Check = Check {
    rule: Rule {
        id: "chapters-short",
        severity: Info,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Spotify],
        summary: "a chapter is shorter than thirty seconds",
        why: "Spotify advises at least thirty seconds.",
        mend: "Nothing needs to be done where the section is worth a chapter.",
    },
    run: Run::Chapters(|facts, found| {
        for (entry, lasts) in lengths(facts).into_iter().filter(|(_, l)| (SHORTEST..ADVISED).contains(l)) {
            found.at(entry.place, format!("{} lasts {}.", quoted(entry.title), length(lasts)));
        }
    }),
};

const TITLE_LONG: Check = Check {
    rule: Rule {
        id: "chapters-title-long",
        severity: Info,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Apple, Spotify],
        summary: "a chapter title is longer than 40 characters",
        why: "Apps cut it off.",
        mend: "Put the words that tell chapters apart first, or write a shorter title into episode.toml.",
    },
    run: Run::Chapters(|facts, found| {
        for entry in entries(facts) {
            let characters = entry.title.trim().chars().count();
            if characters > LONG_TITLE && entry.title.trim().len() <= LONGEST_TITLE_BYTES {
                found.at(entry.place, format!("{} has {characters} characters.", quoted(entry.title.trim())));
            }
        }
    }),
};

const TITLE_TOO_LONG: Check = Check {
    rule: Rule {
        id: "chapters-title-too-long",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Players],
        summary: "a chapter title is longer than 127 bytes",
        why: "Inside an M4A it has to be cut, because AntennaPod stops reading at a longer one.",
        mend: "Write a shorter title into episode.toml.",
    },
    run: Run::Chapters(|facts, found| {
        for entry in entries(facts).into_iter().filter(|e| e.title.trim().len() > LONGEST_TITLE_BYTES) {
            found.at(entry.place, format!("{} has {} bytes.", quoted(entry.title.trim()), entry.title.trim().len()));
        }
    }),
};

const LOW_CONFIDENCE: Check = Check {
    rule: Rule {
        id: "chapters-low-confidence",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Tool],
        summary: "the start of a chapter needs review",
        why: "Listening could not find it for sure; it may be off by a sentence or more.",
        mend: "Hear it with `listen-now chapters EPISODE --clips DIR`, and write the right time into episode.toml.",
    },
    run: Run::Chapters(|facts, found| {
        // The first chapter starts at 0 whatever is heard.
        let doubtful = |c: &&Chapter| c.origin == Origin::Aligned && c.confidence.value() < SURE && !c.start.is_zero();
        let list = facts.script.and_then(|s| s.chapters.as_ref());
        for (number, chapter) in list.iter().flat_map(|l| l.chapters()).filter(doubtful).enumerate() {
            let doubts = facts.script.map(|s| s.doubts.as_slice()).unwrap_or_default();
            let doubt = doubts.iter().find(|(section, _)| Some(*section) == chapter.section);
            let reason = doubt.map(|(_, d)| format!(", because {}", d.clause())).unwrap_or_default();
            let message = format!(
                "Needs review: {} may not start at {} (confidence {:.2}){reason}.",
                quoted(chapter.title.as_str()),
                chapter.start.npt(),
                chapter.confidence.value()
            );
            let from = chapter.start.minus(Duration::from_millis(3_000));
            let to = chapter.start.plus(Duration::from_millis(5_000));
            let mut help = format!(
                "Hear {} to {}: `listen-now chapters {} --clips clips`.",
                from.npt(),
                to.npt(),
                facts.path.parent().unwrap_or(facts.path).display()
            );
            match list {
                Some(list) if number == 0 => help.push_str(&format!(
                    " Then correct what is wrong and copy all of it into episode.toml, above any [table]:\n{}",
                    pins::lines(list)
                )),
                _ => help
                    .push_str(" Then pin it in episode.toml, with the lines that the first of these findings gives."),
            }
            found.mend(chapter_place(facts, chapter), message, help);
        }
    }),
};

const MARK_DISAGREES: Check = Check {
    rule: Rule {
        id: "chapters-mark-disagrees",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Tool],
        summary: "a mark lies elsewhere than its section is heard",
        why: "Marks that you give are never moved, but this one may belong to another version of the recording.",
        mend: "Listen to both places, and correct the mark if it is wrong.",
    },
    run: Run::Chapters(|facts, found| {
        for chapter in settled(facts).unwrap_or_default().iter().filter(|c| c.origin == Origin::Explicit) {
            let Some(heard) = chapter.heard else { continue };
            let apart = Duration::from_millis(heard.millis().abs_diff(chapter.start.millis()));
            // The first chapter starts at 0 whatever precedes its first word.
            if apart > DISAGREEMENT && !chapter.start.is_zero() {
                let title = quoted(chapter.title.as_str());
                let message = format!("{title} is marked at {} and heard at {}.", chapter.start.npt(), heard.npt());
                let right = heard.minus(BREATH).npt();
                let written = match facts.places {
                    Some(_) => format!("start = \"{right}\""),
                    None => right,
                };
                let help =
                    format!("Listen to both. The mark stays where it is; where the voice is right, write {written}.");
                found.mend(chapter_place(facts, chapter), message, help);
            }
        }
    }),
};

const SECTION_MISSING: Check = Check {
    rule: Rule {
        id: "chapters-section-missing",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Tool],
        summary: "a section of the article is not in the recording",
        why: "It gets no chapter, and listeners who read along miss it.",
        mend: "Record it, or name its lines under `left_out` in episode.toml.",
    },
    run: Run::Chapters(|facts, found| {
        for title in facts.script.iter().flat_map(|s| &s.missing) {
            let message = format!("The section {} is not heard in the recording.", quoted(title));
            found.mend(
                Place::file(facts.path),
                message,
                "If it is meant to be left out, name its heading and its paragraphs under `left_out` in episode.toml.",
            );
        }
    }),
};
