//! Where parts of a document stand, with their line quoted.

use std::path::Path;

use super::{Attribute, Document, Element, Spot};
use crate::model::finding::{Excerpt, Place};

/// Longer lines are not quoted: nobody could find the part that is meant.
const LONGEST_QUOTE: usize = 1000;

impl Document {
    /// The place of a range that begins at a spot, with its line quoted.
    pub fn place(&self, path: &Path, spot: Spot, end: usize) -> Place {
        Place {
            line: Some(spot.line),
            column: Some(spot.column),
            excerpt: self.excerpt(spot, end),
            ..Place::file(path)
        }
    }

    fn excerpt(&self, spot: Spot, end: usize) -> Option<Excerpt> {
        let before = self.text.get(..spot.offset)?;
        // A document in a single line must not be searched from its beginning for every finding.
        let window = before.len().saturating_sub(LONGEST_QUOTE);
        let start = match before.as_bytes().get(window..)?.iter().rposition(|b| *b == b'\n') {
            Some(in_window) => window + in_window + 1,
            None if window == 0 => 0,
            None => return None,
        };
        let rest = self.text.as_bytes().get(spot.offset..)?;
        let length = rest.iter().take(LONGEST_QUOTE + 1).position(|b| *b == b'\n').unwrap_or(rest.len());
        let line = self.text.get(start..spot.offset.checked_add(length)?)?.trim_end_matches('\r');
        if line.len() > LONGEST_QUOTE {
            return None;
        }
        let from = spot.offset - start;
        let to = (end.saturating_sub(start)).clamp(from, line.len());
        Some(Excerpt { text: line.to_owned(), start: from, end: to })
    }

    /// The place of an element: its tags and what is between them, as far as that stands on one line.
    pub fn place_of(&self, path: &Path, element: &Element) -> Place {
        self.place(path, element.spot, element.end)
    }

    /// The place of an attribute with its value.
    pub fn place_of_attribute(&self, path: &Path, attribute: &Attribute) -> Place {
        let rest = self.text.get(attribute.spot.offset..).unwrap_or_default();
        let quote = rest.char_indices().find(|(_, c)| matches!(c, '"' | '\''));
        let end = quote.and_then(|(open, quote)| {
            let value = rest.get(open + 1..)?;
            Some(attribute.spot.offset + open + 1 + value.find(quote)? + 1)
        });
        self.place(path, attribute.spot, end.unwrap_or(attribute.spot.offset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn meant(place: &Place) -> String {
        let excerpt = place.excerpt.as_ref().expect("a quoted line");
        let (line, column) = (place.line.expect("a line"), place.column.expect("a column"));
        format!("{line}:{column} {}", &excerpt.text[excerpt.start..excerpt.end])
    }

    #[test]
    fn the_part_that_is_meant_is_marked_in_its_line() {
        let text = "<a>\r\n  ü<b c='1' d=\"2 > 1\">text</b><c>\nmore</c></a>";
        let document = Document::parse(text.as_bytes()).expect("XML");
        let [b, c] = document.root.children.as_slice() else { panic!("two elements") };
        let path = Path::new("x.xml");
        assert_eq!(meant(&document.place_of(path, b)), "2:4 <b c='1' d=\"2 > 1\">text</b>");
        assert_eq!(meant(&document.place_of(path, c)), "2:31 <c>");
        let attributes: Vec<String> =
            b.attributes.iter().map(|a| meant(&document.place_of_attribute(path, a))).collect();
        assert_eq!(attributes, ["2:7 c='1'", "2:13 d=\"2 > 1\""]);
    }

    #[test]
    fn a_line_that_nobody_could_read_is_not_quoted() {
        let text = format!("<a><b>{}</b></a>", "x".repeat(LONGEST_QUOTE));
        let document = Document::parse(text.as_bytes()).expect("XML");
        let place = document.place_of(Path::new("x.xml"), &document.root.children[0]);
        assert_eq!((place.line, place.column, place.excerpt), (Some(1), Some(4), None));
    }
}
