//! Texts that carry chapters: which there are, and how each is recognised, read and written.
//!
//! Every carrier is written from a [`ChapterList`] and read to [`Mark`]s, which may be as broken as the file; no
//! carrier is ever made from another. Chapters inside audio files belong to the containers of `audio`.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod audacity;
mod ffmetadata;
pub mod notes;
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
            if marks.is_empty() && flaws.is_empty() {
                return Err(Unreadable::new("there is no mark in it")
                    .help("write one line for each section, such as `03:15.098 Money`, or delete the file"));
            }
            return Ok((marks, flaws));
        }
    }
    Err(Unreadable::new("it is none of the chapter formats"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod testing;
