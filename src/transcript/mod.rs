//! The words of an episode with their times ↔ WebVTT, SRT and JSON; and without times, as a page.
//!
//! [`cues()`] cuts what is narrated into what fits a screen; [`FORMATS`] write cues and read them again, also those of
//! other programs. [`faults()`] is the one judge of a transcript, whoever made it.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod cues;
mod faults;
mod html;
mod json;
mod pauses;
mod phrases;
mod srt;
mod text;
mod vtt;

use std::fmt;

pub use cues::cues;
pub use faults::faults;
pub use html::html;

use crate::model::artifact::MediaType;
use crate::model::text::Line;
use crate::model::time::Timestamp;

/// What is shown at once, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cue {
    /// When it appears: the first sound of its words.
    pub start: Timestamp,
    /// When it goes.
    pub end: Timestamp,
    /// Who speaks, if the file says so.
    pub speaker: Option<Line>,
    /// Its lines, from top to bottom.
    pub lines: Vec<Line>,
}

impl Cue {
    /// The words in one line.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let (before, after) = (text.chars().next_back(), line.as_str().chars().next());
            let blank = before.zip(after).is_some_and(|(b, a)| !phrases::is_solid(b, a));
            if blank {
                text.push(' ');
            }
            text.push_str(line.as_str());
        }
        text
    }
}

/// A form of transcript that apps read.
pub struct Format {
    /// What people call it.
    pub name: &'static str,
    /// The type that a server should give it.
    pub media_type: MediaType,
    /// The extension of its files.
    pub extension: &'static str,
    /// True where a text is of this form.
    pub recognise: fn(&str) -> bool,
    /// Text → cues. Never fails: what makes no sense is a flaw.
    read: fn(&str) -> Parsed,
    /// Cues → text.
    pub write: fn(&[Cue]) -> String,
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

/// Every form, the one that browsers and most apps prefer first. Asked in this order whether a text is theirs.
pub static FORMATS: &[Format] = &[vtt::FORMAT, srt::FORMAT, json::FORMAT];

/// A transcript that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transcript {
    /// Which form it has.
    pub format: &'static Format,
    /// Its cues in the order of the file.
    pub cues: Vec<Cue>,
    /// The line of the file that each cue's time stands on, from 1; `None` in JSON.
    pub lines: Vec<Option<usize>>,
    /// What could not be understood, and what strict apps stumble over.
    pub flaws: Vec<Flaw>,
}

/// Something that is wrong with a transcript.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flaw {
    /// Line of the file, from 1, if it is a matter of one.
    pub line: Option<usize>,
    /// What is wrong there and what to write instead, as a sentence.
    pub message: String,
}

impl Flaw {
    fn at(line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { line: line.into(), message: message.into() }
    }
}

/// What a reader found.
#[derive(Default)]
struct Parsed {
    cues: Vec<(Option<usize>, Cue)>,
    flaws: Vec<Flaw>,
}

/// Cues that one file may hold: two days of one every two seconds.
const MOST_CUES: usize = 100_000;

/// Reads a transcript. Which form it has shows its content, whatever its name.
///
/// # Errors
/// Where it is no text, or of no form that is known here.
pub fn read(bytes: &[u8]) -> Result<Transcript, Flaw> {
    let text = text::decode(bytes)?;
    let Some(format) = FORMATS.iter().find(|f| (f.recognise)(&text)) else {
        return Err(Flaw::at(
            None,
            "This is no transcript: a WebVTT file begins with the line `WEBVTT`, an SRT file with `1` and below it a \
             time such as `00:00:00,000 --> 00:00:04,000`.",
        ));
    };
    let Parsed { mut cues, mut flaws } = (format.read)(&text);
    if cues.len() > MOST_CUES {
        cues.truncate(MOST_CUES);
        flaws.push(Flaw::at(None, format!("Only the first {MOST_CUES} cues are read.")));
    }
    let (lines, cues) = cues.into_iter().unzip();
    Ok(Transcript { format, cues, lines, flaws })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
