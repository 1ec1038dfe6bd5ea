//! Findings and facts → bytes, in every form that a person or a program reads.

use std::io::{self, Write};

use crate::model::finding::Report;

mod github;
pub mod json;
mod junit;
mod sarif;
#[cfg(test)]
mod testing;
mod text;

/// A form of the report of `check` and `build`.
pub struct Format {
    /// The word that a person types.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// Writes a report whole.
    pub write: fn(&Report, Style, &mut dyn Write) -> io::Result<()>,
}

/// Whether a text may carry colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// Letters alone.
    Plain,
    /// With the escape sequences of terminals.
    Coloured,
}

/// Every form, the usual one first.
pub const FORMATS: &[Format] = &[
    Format { name: "text", about: "for a person: each line that is meant, quoted", write: text::write },
    Format { name: "json", about: "one JSON document for a program", write: json::write_check },
    Format { name: "sarif", about: "SARIF 2.1.0, as code scanning services read it", write: sarif::write },
    Format { name: "junit", about: "JUnit XML, as CI systems show test results", write: junit::write },
    Format { name: "github", about: "annotations that GitHub shows beside the lines", write: github::write },
];

/// Control characters and the marks that turn the direction of text could make a report say something else.
fn clean(text: &str) -> String {
    let safe = |c: char| match c {
        '\t' => '\t',
        '\n' | '\r' => ' ',
        c if c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') => '\u{FFFD}',
        // What XML cannot hold, not even escaped.
        '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
        c => c,
    };
    text.chars().map(safe).collect()
}

/// `H:MM:SS.mmm`, as a player shows it and a little more exact.
fn clock(millis: u64) -> String {
    let s = millis / 1000;
    format!("{}:{:02}:{:02}.{:03}", s / 3600, s / 60 % 60, s % 60, millis % 1000)
}
