//! Text that is safe to publish: cleaned once, where it enters, so that no writer has to think of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// One line of plain text: NFC, no control characters or line breaks, single blanks, trimmed. May be empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Line(String);

impl Line {
    /// Cleans any text into one line. Line breaks and tabs become blanks; what XML 1.0 forbids is dropped.
    pub fn new(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        let mut blank = true;
        for c in text.nfc() {
            if c.is_whitespace() && !is_fixed_space(c) {
                if !blank {
                    out.push(' ');
                }
                blank = true;
            } else if out.is_empty() && is_fixed_space(c) {
                // Readers trim these at the ends too.
            } else if is_publishable(c) {
                out.push(c);
                blank = false;
            }
        }
        while out.ends_with(char::is_whitespace) {
            out.pop();
        }
        Self(out)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True where nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Line {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Spaces that belong to the typography of a language (French punctuation) and stay as they are.
fn is_fixed_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{202F}' | '\u{3000}')
}

/// What XML 1.0 allows, without the C1 controls, byte order marks and bidirectional overrides that only do harm in a feed.
pub fn is_publishable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(Line::new("  a\r\n\tb\u{0}\u{7}c  ").as_str(), "a bc");
        assert_eq!(Line::new("e\u{301}").as_str(), "é");
        assert_eq!(Line::new("où\u{A0}?").as_str(), "où\u{A0}?");
        assert_eq!(Line::new("\u{A0} où\u{A0}").as_str(), "où");
        assert!(Line::new("\n\u{202E}\n\u{A0}").is_empty());
    }
}
