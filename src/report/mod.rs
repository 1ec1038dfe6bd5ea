//! Findings and facts → bytes, in every form that a person or a program reads.

use std::io::{self, Write};

use crate::model::finding::Report;

pub mod json;
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
];
