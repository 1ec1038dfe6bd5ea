//! Marks as they were found, and the one list of chapters that every carrier is written from.

use serde::{Deserialize, Serialize};

use super::text::Line;
use super::time::{Duration, Timestamp};

/// A mark as some file or person gave it, however broken; rules judge marks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Where it stands.
    pub start: Timestamp,
    /// Where it ends, if the carrier says so.
    pub end: Option<Timestamp>,
    /// The title as found; empty where there is none.
    pub title: String,
    /// A silent marker that belongs in no list (`toc: false`, or a CHAP that no CTOC names).
    pub hidden: bool,
    /// The link that goes with it.
    pub url: Option<String>,
    /// Line of the text file that it stands on, from 1.
    pub line: Option<usize>,
}

impl Mark {
    /// A visible mark with a title and nothing else.
    pub fn new(start: Timestamp, title: impl Into<String>) -> Self {
        Self { start, end: None, title: title.into(), hidden: false, url: None, line: None }
    }
}

/// Where the time of a chapter comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Origin {
    /// `episode.toml` or a `chapters.*` file.
    Explicit,
    /// The boundary of two parts of a recording.
    Parts,
    /// A chapter that the recording itself carries.
    Embedded,
    /// The aligner heard it.
    Aligned,
}

impl Origin {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Explicit => "explicit",
            Self::Parts => "parts",
            Self::Embedded => "embedded",
            Self::Aligned => "aligned",
        }
    }
}

/// How sure a time is: 0 (not at all) to 1.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
pub struct Confidence(f32);

impl Confidence {
    /// What a person said or a file states.
    pub const CERTAIN: Self = Self(1.0);
    /// Nothing speaks for it.
    pub const NONE: Self = Self(0.0);

    /// Any number, brought into 0 to 1; not a number is 0.
    pub fn new(value: f32) -> Self {
        if value.is_nan() { Self::NONE } else { Self(value.clamp(0.0, 1.0)) }
    }

    /// The number, 0 to 1.
    pub fn value(self) -> f32 {
        self.0
    }
}

/// One chapter of a proved list.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Chapter {
    /// Where it is published to start.
    pub start: Timestamp,
    /// Cleaned once, here; never empty.
    pub title: Line,
    /// Where the start comes from.
    pub origin: Origin,
    /// How sure the start is.
    pub confidence: Confidence,
    /// The first sound of the section as heard, also beside an explicit mark.
    pub heard: Option<Timestamp>,
    /// The section of the article, counted from 0; `None` for a mark that belongs to none.
    pub section: Option<usize>,
    /// The link that goes with it.
    pub url: Option<String>,
}

/// Chapters that are proved: first at 0, strictly ascending, inside the recording, every title with text.
/// Whoever has one need not check again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChapterList {
    chapters: Vec<Chapter>,
    duration: Duration,
}

/// Why chapters are no list; `index` counts from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChapterFault {
    /// There is no chapter at all.
    Empty,
    /// The first chapter starts later than 0.
    FirstNotZero,
    /// This chapter does not start after the one before.
    NotAscending {
        /// Which chapter.
        index: usize,
    },
    /// This chapter starts at or after the end of the recording.
    PastEnd {
        /// Which chapter.
        index: usize,
    },
    /// This chapter has no title.
    Untitled {
        /// Which chapter.
        index: usize,
    },
}

impl ChapterList {
    /// Proves chapters to be a list for a recording of this length, or says everything that is wrong.
    pub fn new(chapters: Vec<Chapter>, duration: Duration) -> Result<Self, Vec<ChapterFault>> {
        let mut faults = Vec::new();
        match chapters.first() {
            None => faults.push(ChapterFault::Empty),
            Some(first) if !first.start.is_zero() => faults.push(ChapterFault::FirstNotZero),
            Some(_) => {}
        }
        let mut before: Option<Timestamp> = None;
        for (index, chapter) in chapters.iter().enumerate() {
            if before.is_some_and(|b| chapter.start <= b) {
                faults.push(ChapterFault::NotAscending { index });
            }
            if chapter.start >= Timestamp::after(duration) {
                faults.push(ChapterFault::PastEnd { index });
            }
            if chapter.title.is_empty() {
                faults.push(ChapterFault::Untitled { index });
            }
            before = Some(chapter.start);
        }
        if faults.is_empty() { Ok(Self { chapters, duration }) } else { Err(faults) }
    }

    /// The chapters in order.
    pub fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// The length of the recording that they were proved for.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Each chapter with its end: the next one's start, or the end of the recording.
    pub fn spans(&self) -> impl Iterator<Item = (&Chapter, Timestamp)> {
        let ends = self.chapters.iter().skip(1).map(|c| c.start).chain([Timestamp::after(self.duration)]);
        self.chapters.iter().zip(ends)
    }
}

/// Cleans a chapter title: one line, no markup, control characters or emoji (directories refuse them or show boxes).
pub fn clean_title(text: &str) -> Line {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, tail) = rest.split_at(open);
        plain.push_str(before);
        // A tag begins with a letter or a slash directly behind the bracket; "a < b" is text.
        let is_tag = tail.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
        match tail.find('>') {
            Some(close) if is_tag => {
                rest = tail.split_at(close + 1).1;
            }
            _ => {
                plain.push('<');
                rest = tail.split_at(1).1;
            }
        }
    }
    plain.push_str(rest);

    let mut kept = String::with_capacity(plain.len());
    let mut after_emoji = false;
    for c in plain.chars() {
        if is_emoji(c) {
            after_emoji = true;
        } else if after_emoji && matches!(c, '\u{FE0F}' | '\u{200D}' | '\u{20E3}') {
            // Glue of an emoji sequence goes with it; the same joiner is a letter's part in Indic scripts.
        } else {
            after_emoji = false;
            if c != '\u{FE0F}' {
                kept.push(c);
            }
        }
    }
    Line::new(&kept)
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}' | '\u{231A}' | '\u{231B}'
        | '\u{23E9}'..='\u{23FA}' | '\u{E0020}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(millis: u64, title: &str) -> Chapter {
        Chapter {
            start: Timestamp::from_millis(millis),
            title: Line::new(title),
            origin: Origin::Explicit,
            confidence: Confidence::CERTAIN,
            heard: None,
            section: None,
            url: None,
        }
    }

    #[test]
    fn a_list_says_everything_that_is_wrong() {
        let end = Duration::from_millis(10_000);
        let broken = vec![chapter(1, "a"), chapter(1, ""), chapter(10_000, "c")];
        assert_eq!(
            ChapterList::new(broken, end),
            Err(vec![
                ChapterFault::FirstNotZero,
                ChapterFault::NotAscending { index: 1 },
                ChapterFault::Untitled { index: 1 },
                ChapterFault::PastEnd { index: 2 },
            ])
        );
        let list = ChapterList::new(vec![chapter(0, "a"), chapter(400, "b")], end).expect("a good list");
        let ends: Vec<u64> = list.spans().map(|(_, end)| end.millis()).collect();
        assert_eq!(ends, [400, 10_000]);
    }

    #[test]
    fn titles_lose_markup_and_emoji_and_nothing_else() {
        let check = |text: &str, clean: &str| assert_eq!(clean_title(text).as_str(), clean, "{text:?}");
        check("<b>Freedom</b> on a leash", "Freedom on a leash");
        check("a < b & c > d", "a < b & c > d");
        check("Money \u{1F4B0}\u{FE0F} talks", "Money talks");
        check("Line\nbreak\u{0}", "Line break");
        check("क्‍ष", "क्‍ष");
        check("x <3", "x <3");
    }
}
