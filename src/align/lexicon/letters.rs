//! Any language: what letters usually sound like.

use super::forms::ANY;
use super::{Position, written};
use crate::article::spoken::UNWRITTEN;

/// A vowel that is not written: an a, rarely an i or u, often nothing.
const UNWRITTEN_VOWEL: &str = "(a|i|u)";
const UNWRITTEN_ABSENT: f32 = 0.4;

/// Reads a word letter by letter.
pub(super) fn say(word: &str) -> Vec<Position> {
    let mut out = Vec::new();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        if first == UNWRITTEN {
            out.extend(written(UNWRITTEN_VOWEL).into_iter().map(|p| Position { absent: Some(UNWRITTEN_ABSENT), ..p }));
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let Some((letters, form)) = ANY.iter().find(|(letters, _)| rest.starts_with(letters)) else {
            // A letter without a row: the Latin one below its marks.
            let after = rest.get(first.len_utf8()..).unwrap_or_default();
            let plain = deunicode::deunicode_char(first).unwrap_or_default().to_lowercase();
            for letter in plain.chars() {
                let row = ANY.iter().find(|(l, _)| l.chars().eq([letter]));
                out.extend(row.into_iter().flat_map(|(_, form)| written(form)));
            }
            rest = after;
            continue;
        };
        out.extend(written(form));
        rest = rest.get(letters.len()..).unwrap_or_default();
        // A doubled letter sounds once.
        let last = letters.chars().next_back().unwrap_or_default();
        if rest.starts_with(last) && !matches!(last, 'a' | 'e' | 'i' | 'o' | 'u') {
            rest = rest.get(last.len_utf8()..).unwrap_or_default();
        }
    }
    out
}
