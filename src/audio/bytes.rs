//! Reading from a file that may lie: every read is bounded, what is not there is `None`, memory stays flat.

use std::io::SeekFrom;

use super::{Source, Unreadable};

/// The longest piece that [`Reader::get`] hands out.
pub(super) const LONGEST: usize = 1 << 16;
const SMALL_WINDOW: usize = 1 << 12;
const LARGE_WINDOW: usize = 1 << 18;

/// A source with a window on it: small while the reader jumps, large while it reads on.
pub(super) struct Reader<'a> {
    source: &'a mut dyn Source,
    size: u64,
    window: Vec<u8>,
    filled: usize,
    start: u64,
    failure: Option<std::io::Error>,
}

impl<'a> Reader<'a> {
    /// Takes the size of the source.
    pub(super) fn new(source: &'a mut dyn Source) -> Result<Self, Unreadable> {
        let size = source.seek(SeekFrom::End(0)).map_err(|e| unreadable(&e))?;
        Ok(Self { source, size, window: Vec::new(), filled: 0, start: 0, failure: None })
    }

    /// Bytes of the whole file.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// `Err` where the disk failed at any time; a failed read looks like the end of the file until here.
    pub(super) fn finish(self) -> Result<(), Unreadable> {
        match self.failure {
            Some(e) => Err(unreadable(&e)),
            None => Ok(()),
        }
    }

    /// Exactly these bytes; `None` where the file is shorter or more than [`LONGEST`] are asked for.
    pub(super) fn get(&mut self, offset: u64, len: usize) -> Option<&[u8]> {
        self.upto(offset, len).get(..len)
    }

    /// These bytes or as many as there are before the end of the file, at most [`LONGEST`].
    pub(super) fn upto(&mut self, offset: u64, len: usize) -> &[u8] {
        let len = len.min(LONGEST);
        let end = self.start.saturating_add(self.filled as u64);
        let wanted = offset.saturating_add(len as u64).min(self.size);
        if offset < self.start || wanted > end {
            let reads_on = offset >= self.start && offset <= end && self.filled > 0;
            let room = if reads_on { (self.window.len() * 2).min(LARGE_WINDOW) } else { SMALL_WINDOW };
            self.fill(offset, room.max(len));
        }
        let skip = usize::try_from(offset.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let there = self.window.get(..self.filled).and_then(|w| w.get(skip..)).unwrap_or_default();
        there.get(..len).unwrap_or(there)
    }

    /// These bytes or as many as there are, however long, up to `most`.
    pub(super) fn long(&mut self, offset: u64, len: u64, most: usize) -> Vec<u8> {
        let len = usize::try_from(len).unwrap_or(most).min(most);
        let mut bytes = Vec::new();
        while bytes.len() < len {
            let piece = self.upto(offset.saturating_add(bytes.len() as u64), len - bytes.len());
            if piece.is_empty() {
                break;
            }
            bytes.extend_from_slice(piece);
        }
        bytes
    }

    fn fill(&mut self, offset: u64, room: usize) {
        self.window.resize(room, 0);
        (self.start, self.filled) = (offset, 0);
        if offset >= self.size || self.failure.is_some() {
            return;
        }
        if let Err(e) = self.source.seek(SeekFrom::Start(offset)) {
            self.failure = Some(e);
            return;
        }
        while let Some(rest) = self.window.get_mut(self.filled..).filter(|r| !r.is_empty()) {
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(n) => self.filled += n,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.failure = Some(e);
                    break;
                }
            }
        }
    }
}

fn unreadable(error: &std::io::Error) -> Unreadable {
    Unreadable::new(format!("the file cannot be read: {error}")).help("Copy the file anew and check the disk.")
}

/// A front-to-back look at a few bytes.
#[derive(Clone, Copy)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next `n` bytes.
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn le16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn le32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn le64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn be16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn be32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn be64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// A four-character code.
    pub(super) fn code(&mut self) -> Option<[u8; 4]> {
        self.array()
    }
}

/// `a × b ÷ c`, to the nearest, in full width; 0 where `c` is.
pub(super) fn scale(a: u64, b: u64, c: u64) -> u64 {
    let c = u128::from(c);
    if c == 0 {
        return 0;
    }
    u64::try_from((u128::from(a) * u128::from(b) + c / 2) / c).unwrap_or(u64::MAX)
}

/// Mean bits per second of so many bytes over so many frames.
pub(super) fn bit_rate(bytes: u64, frames: u64, rate: u32) -> Option<u32> {
    if frames == 0 {
        return None;
    }
    u32::try_from(scale(bytes.saturating_mul(8), u64::from(rate), frames)).ok().filter(|r| *r > 0)
}

/// A four-character code as text, with `©` for the byte that Apple uses for it.
pub(super) fn code_text(code: [u8; 4]) -> String {
    code.iter().map(|b| char::from(*b)).collect::<String>().trim_end().to_owned()
}

/// True for codes that programs write: printable, or beginning with `©`.
pub(super) fn is_code(code: [u8; 4]) -> bool {
    code.iter().enumerate().all(|(i, b)| (0x20..0x7F).contains(b) || (i == 0 && *b == 0xA9))
}

/// Text of unknown encoding up to its first zero byte: UTF-8 where it is valid, else Windows-1252.
pub(super) fn text(bytes: &[u8]) -> String {
    let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(t) => t.trim_end().to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn reads_are_bounded_by_the_file_and_the_window_follows() {
        let bytes: Vec<u8> = (0..20_000u32).flat_map(u32::to_le_bytes).collect();
        let mut source = Cursor::new(bytes);
        let mut reader = Reader::new(&mut source).unwrap();
        for n in [0u64, 3, 19_999, 7, 1025] {
            assert_eq!(reader.get(n * 4, 4).map(|b| Bytes(b).le32().unwrap()), Some(n as u32));
        }
        assert_eq!(reader.get(79_999, 2), None);
        assert_eq!(reader.upto(79_999, 9).len(), 1);
        assert_eq!(reader.get(u64::MAX, 1), None);
        assert_eq!(reader.get(0, LONGEST + 1), None);
        assert!(reader.finish().is_ok());
    }
}
