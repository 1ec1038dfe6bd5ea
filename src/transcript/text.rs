//! Bytes of a transcript → text, and the times that its formats write.

use super::Flaw;
use crate::model::time::Timestamp;

/// Larger than the transcript of any day.
const LARGEST: usize = 32 << 20;

/// Decodes UTF-8, with or without a byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Flaw> {
    if bytes.len() > LARGEST {
        return Err(Flaw::at(None, "This transcript is larger than 32 MiB."));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(Flaw::at(None, "This is not a text file.")),
        // A lone CR ends a line too, as in WebVTT.
        Ok(text) => Ok(text.replace("\r\n", "\n").replace('\r', "\n")),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|b| **b == b'\n').count() + 1;
            Err(Flaw::at(line, "This is not UTF-8 text: save the transcript as UTF-8."))
        }
    }
}

/// The two times of a line with an arrow; what is behind the second belongs to it.
pub(super) fn times(line: &str) -> Option<(&str, &str)> {
    let (start, rest) = line.split_once("-->")?;
    Some((start.trim(), rest.split_ascii_whitespace().next()?))
}

/// `HH:MM:SS` with three decimals behind `point`; `None` for anything that a strict reader refuses.
pub(super) fn strict(text: &str, point: char) -> Option<Timestamp> {
    let (whole, decimals) = text.split_once(point)?;
    let fields: Vec<&str> = whole.split(':').collect();
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let two = |s: &str| s.len() == 2 && digits(s);
    let well_formed = match fields.as_slice() {
        [minutes, seconds] => point == '.' && two(minutes) && two(seconds),
        [hours, minutes, seconds] => hours.len() >= 2 && digits(hours) && two(minutes) && two(seconds),
        _ => false,
    };
    (well_formed && decimals.len() == 3 && digits(decimals)).then(|| Timestamp::parse(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_as_strict_readers_want_them() {
        let check = |text: &str, point: char, millis: Option<u64>| {
            assert_eq!(strict(text, point), millis.map(Timestamp::from_millis), "{text}");
        };
        check("00:01.500", '.', Some(1_500));
        check("01:00:01.500", '.', Some(3_601_500));
        check("100:00:01.500", '.', Some(360_001_500));
        check("00:00:01,500", ',', Some(1_500));
        check("00:01,500", ',', None);
        check("0:00:01.500", '.', None);
        check("00:01.50", '.', None);
        check("00:00:01,500", '.', None);
        check("00:61.500", '.', None);
        check("", '.', None);
    }
}
