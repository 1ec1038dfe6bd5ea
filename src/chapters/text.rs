//! Bytes of a chapters file → text: UTF-8, or UTF-16 where a byte order mark says so.

use super::Unreadable;

/// Larger than any list of chapters that a person or program writes.
const LARGEST: usize = 8 * 1024 * 1024;

/// Decodes a file, or says which line is not text.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable::new("it is larger than any list of chapters (8 MiB)"));
    }
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(rest) {
            return Ok(text.into_owned());
        }
        return Err(
            Unreadable::new(format!("it says that it is {} and is not", encoding.name())).help("save it as UTF-8")
        );
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(Unreadable::new("it is not a text file")),
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|b| **b == b'\n').count() + 1;
            Err(Unreadable::at(line, "it is not UTF-8 text").help("save it as UTF-8"))
        }
    }
}
