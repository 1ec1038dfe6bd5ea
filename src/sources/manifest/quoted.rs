//! A text whose every place can be told quickly, with the line quoted.

use std::ops::Range;
use std::path::Path;

use crate::model::finding::{Excerpt, Place};

/// A longer line says nothing on a screen, and a file may have thousands of places in one line.
const LONGEST_EXCERPT: usize = 400;

/// A text and where its lines begin.
pub struct Quoted<'a> {
    path: &'a Path,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Quoted<'a> {
    /// Finds the lines of a text.
    pub fn new(path: &'a Path, text: &'a str) -> Self {
        let starts = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { path, text, starts }
    }

    /// The bytes of a range; empty where the range is none.
    pub fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// The line that a byte stands in, from 0.
    fn index(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// The line that a byte stands in, without its end, and the byte that it begins at.
    pub fn line(&self, at: usize) -> (&'a str, usize) {
        let start = self.starts.get(self.index(at)).copied().unwrap_or_default();
        let rest = self.text.get(start..).unwrap_or_default();
        (rest.split('\n').next().unwrap_or_default().trim_end_matches('\r'), start)
    }

    /// The place of a range, its first line quoted.
    pub fn place(&self, range: Range<usize>) -> Place {
        let (line, line_start) = self.line(range.start);
        let start = floor(line, range.start.saturating_sub(line_start));
        let end = floor(line, range.end.saturating_sub(line_start)).max(start);
        Place {
            line: Some(self.index(range.start) + 1),
            column: Some(line.get(..start).unwrap_or_default().chars().count() + 1),
            excerpt: (line.len() <= LONGEST_EXCERPT).then(|| Excerpt { text: line.to_owned(), start, end }),
            ..Place::file(self.path)
        }
    }
}

/// The nearest character boundary at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_model() {
        let text = "a = 1\ntitle = \"Ünï\"\n\nlast";
        let quoted = Quoted::new(Path::new("show.toml"), text);
        for start in 0..=text.len() {
            for end in start..=text.len() {
                assert_eq!(quoted.place(start..end), Place::span("show.toml", text, start..end), "{start}..{end}");
            }
        }
    }
}
