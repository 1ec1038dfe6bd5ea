//! Bytes to text: byte order marks, what the page declares, and what its bytes look like.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::Unreadable;

/// How far into a page its character set may be declared.
const DECLARED_WITHIN: usize = 4096;

/// Beginnings of files that hold no text, with what they are.
const BINARY: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a packed document (Word, OpenDocument, EPUB or ZIP)"),
    (b"{\\rtf", "a rich text file"),
    (b"\xD0\xCF\x11\xE0", "a Word document"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"fLaC", "a recording"),
    (b"RIFF", "a recording"),
    (b"\x1F\x8B", "a compressed file"),
];

/// The text of a file, and the line of the first character that could not be read.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<usize>), Unreadable> {
    if let Some((_, what)) = BINARY.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(Unreadable {
            line: None,
            message: format!("this is {what}, not an article as text"),
            help: "Save the article as plain text, Markdown or HTML.".into(),
        });
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(length..).unwrap_or_default());
        return Ok(located(text.into_owned(), broken));
    }
    if let Some(encoding) = wide(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        return Ok(located(text.into_owned(), broken));
    }
    if bytes.contains(&0) {
        let line = bytes.iter().take_while(|b| **b != 0).filter(|b| **b == b'\n').count() + 1;
        return Err(Unreadable {
            line: Some(line),
            message: "the file holds bytes that are no text".into(),
            help: "Save the article as plain text, Markdown or HTML in UTF-8.".into(),
        });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), None));
    }
    if let Some(encoding) = declared(bytes).filter(|e| *e != UTF_8 && *e != UTF_16LE && *e != UTF_16BE) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        return Ok(located(text.into_owned(), broken));
    }
    let lossy = String::from_utf8_lossy(bytes);
    let bad = lossy.chars().filter(|c| *c == '\u{FFFD}').count();
    let good = lossy.chars().filter(|c| !c.is_ascii() && *c != '\u{FFFD}').count();
    if good > bad * 4 {
        return Ok(located(lossy.into_owned(), true));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let (text, broken) = detector.guess(None, Utf8Detection::Deny).decode_without_bom_handling(bytes);
    Ok(located(text.into_owned(), broken))
}

fn located(text: String, broken: bool) -> (String, Option<usize>) {
    let line = broken.then(|| text.chars().take_while(|c| *c != '\u{FFFD}').filter(|c| *c == '\n').count() + 1);
    (text, line)
}

/// UTF-16 without a mark: every other byte of the beginning is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(400))?;
    let zeros = |odd: usize| head.iter().enumerate().filter(|(n, b)| n % 2 == odd && **b == 0).count();
    let half = head.len() / 2;
    if half < 8 {
        return None;
    }
    match (zeros(0) * 10 / half, zeros(1) * 10 / half) {
        (0..=1, 7..) => Some(UTF_16LE),
        (7.., 0..=1) => Some(UTF_16BE),
        _ => None,
    }
}

/// `<meta charset=…>`, `<meta http-equiv … charset=…>` or `<?xml encoding=…?>`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(DECLARED_WITHIN))?).to_ascii_lowercase();
    for key in ["charset=", "encoding="] {
        for (at, _) in head.match_indices(key) {
            let value = head.get(at + key.len()..)?.trim_start_matches(['"', '\'', ' ']);
            let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c))).unwrap_or(value.len());
            if let Some(encoding) = Encoding::for_label(value.get(..end)?.as_bytes()) {
                return Some(encoding);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text() {
        let check = |bytes: &[u8], expected: &str| {
            let text = decode(bytes).map(|(text, _)| text).unwrap_or_else(|e| e.message);
            assert_eq!(text, expected);
        };
        check("häßlich".as_bytes(), "häßlich");
        check(b"\xEF\xBB\xBFabc", "abc");
        check(b"\xFF\xFEa\0b\0", "ab");
        check(b"<meta charset=windows-1252>\x93caf\xE9\x94", "<meta charset=windows-1252>“café”");
        check(b"<meta charset=\"iso-8859-1\">\x93caf\xE9\x94", "<meta charset=\"iso-8859-1\">“café”");
        check(b"%PDF-1.7 ...", "this is a PDF, not an article as text");
        check(b"a\nb\0c", "the file holds bytes that are no text");
    }
}
