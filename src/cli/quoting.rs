//! The lines that findings are about, for a report that a person reads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::model::finding::{Excerpt, Report};
use crate::sources;

/// Larger files are not read again for a quotation.
const LARGEST: u64 = 4 << 20;
/// A longer line would fill the screen.
const LONGEST: usize = 300;

/// Quotes the line of each finding that names one and does not quote it yet. What cannot be read is left out.
pub(super) fn quote(report: &mut Report) {
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    for place in report.findings.iter_mut().map(|f| &mut f.place).filter(|p| p.excerpt.is_none()) {
        let (Some(line), None) = (place.line, place.column) else { continue };
        let bytes = files.entry(place.path.clone()).or_insert_with(|| read(&place.path));
        place.excerpt = line_of(bytes, line);
    }
}

fn read(path: &Path) -> Vec<u8> {
    sources::read_bounded(path, LARGEST).unwrap_or_default()
}

/// A line, counted from 1, all of it but the blanks around it.
fn line_of(bytes: &[u8], number: usize) -> Option<Excerpt> {
    let line = bytes.split(|b| *b == b'\n').nth(number.checked_sub(1)?)?;
    let text = std::str::from_utf8(line).ok()?.trim_end().trim_start_matches('\u{FEFF}');
    let start = text.len() - text.trim_start().len();
    let fits = (1..=LONGEST).contains(&(text.len() - start)) && !text.contains('\0');
    fits.then(|| Excerpt { text: text.to_owned(), start, end: text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_quoted_if_it_can_be_read() {
        let check = |bytes: &[u8], number, expected: Option<&str>| {
            let said = line_of(bytes, number).map(|e| e.text.get(e.start..e.end).unwrap_or_default().to_owned());
            assert_eq!(said.as_deref(), expected, "{bytes:?} {number}");
        };
        check(b"one\r\n  two \nthree", 2, Some("two"));
        check(b"\xEF\xBB\xBFone", 1, Some("one"));
        check(b"one\n\nthree", 2, None);
        check(b"one", 2, None);
        check(b"one", 0, None);
        check(b"\xFFone", 1, None);
        check(b"o\0n\0e\0", 1, None);
        check(&[b'a'; 301], 1, None);
    }
}
