//! Bytes of an XML document → text, by its byte order mark or its own declaration.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Fault, Malformed, Spot};

/// How far the XML declaration can reach.
const DECLARATION: usize = 256;

/// Decodes a document without its byte order mark, or says where that fails.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Malformed> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return by(encoding, bytes.get(mark..).unwrap_or_default());
    }
    match bytes {
        [b'<', 0, ..] => by(UTF_16LE, bytes),
        [0, b'<', ..] => by(UTF_16BE, bytes),
        _ => match declared(bytes) {
            None => by(UTF_8, bytes),
            Some(label) => match Encoding::for_label(label.as_bytes()) {
                // A document whose declaration could be read byte by byte is not UTF-16, whatever it says.
                Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => by(UTF_8, bytes),
                Some(encoding) => by(encoding, bytes),
                None => Err(Malformed {
                    kind: Fault::NotWellFormed,
                    message: format!("nobody knows the encoding `{label}` that it declares"),
                    spot: Some(Spot { offset: 0, line: 1, column: 1 }),
                }),
            },
        },
    }
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(DECLARATION))?;
    let head: String = head.iter().map(|b| char::from(*b)).collect();
    let declaration = head.strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.strip_prefix(quote)?.split_once(quote).map(|(label, _)| label.trim().to_owned())
}

fn by(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, Malformed> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let spot = match std::str::from_utf8(bytes) {
        Err(error) if encoding == UTF_8 => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line_start = good.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
            let in_line = String::from_utf8_lossy(good.get(line_start..).unwrap_or_default());
            Some(Spot {
                offset: good.len(),
                line: good.iter().filter(|b| **b == b'\n').count() + 1,
                column: in_line.chars().count() + 1,
            })
        }
        _ => None,
    };
    Err(Malformed { kind: Fault::NotWellFormed, message: format!("a byte is no {} text", encoding.name()), spot })
}
