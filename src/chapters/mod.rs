//! Texts that carry chapters: which there are, and how each is recognised, read and written.
//!
//! Every carrier is written from a [`ChapterList`] and read to [`Mark`]s, which may be as broken as the file; no
//! carrier is ever made from another. Chapters inside audio files belong to the containers of `audio`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod audacity;
mod ffmetadata;
pub mod notes;
pub mod pins;
mod podcasting2;
pub mod podlove;
mod text;
mod webvtt;

use std::fmt;

use crate::model::chapter::{ChapterList, Mark};

/// One text that carries chapters.
pub struct Carrier {
    /// The name that `chapters --format` takes.
    pub name: &'static str,
    /// The type that a server should give it.
    pub media_type: &'static str,
    /// File name extensions, the usual one first.
    pub extensions: &'static [&'static str],
    /// True where a text is this carrier's. Asked in the order of the table; the last one takes what is left.
    pub recognise: fn(&str) -> bool,
    /// Text → marks, and a flaw for each line that makes no sense. `None` for carriers that are only written.
    pub read: Option<fn(&str) -> Reading>,
    /// Chapters → text. `None` for carriers that are only read.
    pub write: Option<fn(&ChapterList, &Context<'_>) -> String>,
}

/// What reading a carrier gives: the marks in file order, and what could not be understood.
pub type Reading = Result<(Vec<Mark>, Vec<Flaw>), Unreadable>;

/// Every carrier, in the order in which they are asked whether a text is theirs.
pub const CARRIERS: &[Carrier] =
    &[webvtt::CARRIER, ffmetadata::CARRIER, podcasting2::CARRIER, podlove::CARRIER, audacity::CARRIER, notes::CARRIER];

/// What some carriers say beside the chapters; what is empty is left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The episode's title.
    pub title: &'a str,
    /// The show's title.
    pub show: &'a str,
    /// Who wrote the article.
    pub author: &'a str,
}

/// A line that made no sense; the marks are what is left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flaw {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong there and what to write instead, as sentences.
    pub message: String,
}

impl Flaw {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// A file of which no mark could be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Why, as a sentence.
    pub message: String,
    /// The line on which reading ended, from 1.
    pub line: Option<usize>,
    /// What to do.
    pub help: Option<String>,
}

impl Unreadable {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), line: None, help: None }
    }

    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::new(message) }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

/// Marks that one file may hold. A recording of a day with a mark every nine seconds has fewer.
const MOST_MARKS: usize = 10_000;

/// The carrier of this name, as `--format` takes it.
pub fn by_name(name: &str) -> Option<&'static Carrier> {
    CARRIERS.iter().find(|c| c.name == name)
}

/// Reads a `chapters.*` file. What it is shows its content, whatever its name.
pub fn read(bytes: &[u8]) -> Reading {
    let text = text::decode(bytes)?;
    for carrier in CARRIERS {
        if let Some(read) = carrier.read
            && (carrier.recognise)(&text)
        {
            let (mut marks, mut flaws) = read(&text)?;
            if marks.len() > MOST_MARKS {
                marks.truncate(MOST_MARKS);
                let line = marks.last().and_then(|m| m.line).unwrap_or(1);
                flaws.push(Flaw::new(line, format!("only the first {MOST_MARKS} marks are taken")));
            }
            flaws.sort_by_key(|flaw| flaw.line);
            if marks.is_empty() && flaws.is_empty() {
                return Err(Unreadable::new("there is no mark in it")
                    .help("write one line for each section, such as `03:15.098 Money`, or delete the file"));
            }
            return Ok((marks, flaws));
        }
    }
    Err(Unreadable::new("it is none of the chapter formats"))
}

/// Reads a file that has to be Podcasting 2.0 chapters, whatever else it could be taken for.
pub fn read_json(bytes: &[u8]) -> Reading {
    let text = text::decode(bytes)?;
    podcasting2::read(&text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod testing;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::text::Line;
    use crate::model::time::Timestamp;

    /// Titles that hurt one format or another.
    const AWKWARD: &[&str] = &[
        "\"Quoted\" and 'single'",
        "<b>bold</b> & &amp; &lt;",
        "]]> --> <!-- -->",
        "a=b; #c \\ d\\",
        "\\100\t200",
        "- dash first",
        "– en dash",
        ": colon",
        "12:30 in Berlin",
        "(00:10) twice",
        "00:10 - 00:20 a span",
        "# no remark",
        "NOTE a note",
        "WEBVTT",
        "[CHAPTER]",
        "{\"json\": 1}",
        "\u{A0}space that stays\u{A0}",
        "שלום \u{200F}עולם\u{200E}",
        "日本語の章",
        "&rlm;",
        "?",
        "5",
        "1.5",
        "100%",
    ];

    fn title() -> impl Strategy<Value = Line> {
        let long = "[\\PC]{300,310}";
        prop_oneof![
            4 => proptest::sample::select(AWKWARD).prop_map(str::to_owned),
            4 => "\\PC{1,40}",
            1 => long,
            2 => "[-–—:.,|=<>&;#\\\\\"'(){}\\[\\]0-9 a]{1,12}",
        ]
        .prop_map(|text| Line::new(&text))
        .prop_filter("a chapter has a title", |line| !line.is_empty())
    }

    fn lists() -> impl Strategy<Value = Vec<(u64, Line)>> {
        let gap = prop_oneof![1u64..100, 1_000u64..500_000, Just(3_600_000u64)];
        proptest::collection::vec((gap, title()), 1..12).prop_map(|gaps| {
            let mut at = 0;
            let starts = gaps.iter().map(|(gap, _)| {
                let start = at;
                at += gap;
                start
            });
            let starts: Vec<u64> = starts.collect();
            starts.into_iter().zip(gaps.into_iter().map(|(_, title)| title)).collect()
        })
    }

    proptest! {
        #[test]
        fn what_a_carrier_writes_it_reads_again(chapters in lists()) {
            let pairs: Vec<(u64, &str)> = chapters.iter().map(|(at, title)| (*at, title.as_str())).collect();
            let list = testing::list(&pairs);
            for carrier in CARRIERS {
                let Some(write) = carrier.write else { continue };
                let text = write(&list, &Context { title: "T = <1>", show: "S & Co", author: "A\"B" });
                let (marks, flaws) = read(text.as_bytes()).map_err(|e| TestCaseError::fail(format!("{}: {e}", carrier.name)))?;
                prop_assert_eq!(&flaws, &[], "{}\n{}", carrier.name, &text);
                let step = if carrier.name == "text" { 1000 } else { 1 };
                let expected: Vec<(Timestamp, &str)> =
                    pairs.iter().map(|(at, title)| (Timestamp::from_millis(at / step * step), *title)).collect();
                let found: Vec<(Timestamp, &str)> = marks.iter().map(|m| (m.start, m.title.as_str())).collect();
                prop_assert_eq!(found, expected, "{}\n{}", carrier.name, &text);
                for (mark, (_, end)) in marks.iter().zip(list.spans()) {
                    prop_assert!(mark.end.is_none_or(|e| e == end), "{}", carrier.name);
                }
            }
        }

        #[test]
        fn no_bytes_hurt(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn no_damage_hurts(chapters in lists(), cut in 0usize..2000, flip in 0usize..2000, byte in any::<u8>()) {
            let pairs: Vec<(u64, &str)> = chapters.iter().map(|(at, title)| (*at, title.as_str())).collect();
            let list = testing::list(&pairs);
            for carrier in CARRIERS {
                let Some(write) = carrier.write else { continue };
                let mut bytes = write(&list, &Context::default()).into_bytes();
                let length = bytes.len();
                bytes[flip % length] = byte;
                bytes.truncate(length - cut % length);
                let _ = read(&bytes);
                if let (Ok(text), Some(read)) = (std::str::from_utf8(&bytes), carrier.read) {
                    let _ = read(text);
                }
            }
        }
    }

    #[test]
    fn what_a_file_is_shows_its_content() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(testing::problems(read(bytes)), expected);
        check(b"\xEF\xBB\xBF0:00 A\r\n1:00 B\r\n", "00:00:00.000 A\n00:01:00.000 B");
        check(b"\xFF\xFE0\0:\x000\x000\0 \0A\0", "00:00:00.000 A");
        check(
            b"",
            "there is no mark in it (write one line for each section, such as `03:15.098 Money`, or delete the file)",
        );
        check(b"0:00 A\n\xE9", "2: it is not UTF-8 text (save it as UTF-8)");
        check(b"PK\x03\x04\0\0", "it is not a text file");
    }

    #[test]
    fn names_are_found_and_stand_once() {
        for carrier in CARRIERS {
            assert!(by_name(carrier.name).unwrap().name == carrier.name);
        }
        assert!(by_name("srt").is_none());
    }
}
