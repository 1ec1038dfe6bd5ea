//! What a decoder is given of a file: the stretches that are audio, behind a header whose sizes are true.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::ops::Range;

use symphonia::core::io::MediaSource;

use super::Source;

/// Which bytes of a file a decoder sees; by default all of them.
///
/// A decoder that finds its own way takes junk for audio where a walk knows better, and refuses sizes that lie.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Excerpt {
    /// Bytes in front that are not in the file.
    pub front: Vec<u8>,
    /// Stretches of the file, ascending; none means the whole file.
    pub stretches: Vec<Range<u64>>,
}

impl Excerpt {
    /// One stretch, behind a header.
    pub(super) fn one(front: Vec<u8>, stretch: Range<u64>) -> Self {
        Self { front, stretches: std::iter::once(stretch).collect() }
    }

    /// The excerpt of a file, to be read as if there were nothing else in it.
    pub(super) fn open(&self, source: Box<dyn Source>, size: u64) -> Opened {
        let mut stretches = self.stretches.clone();
        if stretches.is_empty() {
            stretches.extend(std::iter::once(0..size));
        }
        Opened { source, front: self.front.clone(), stretches, position: 0 }
    }
}

/// An excerpt that is being read.
pub(super) struct Opened {
    source: Box<dyn Source>,
    front: Vec<u8>,
    stretches: Vec<Range<u64>>,
    position: u64,
}

impl Opened {
    fn length(&self) -> u64 {
        let behind = self.stretches.iter().map(|s| s.end.saturating_sub(s.start)).sum::<u64>();
        behind.saturating_add(self.front.len() as u64)
    }
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let front = usize::try_from(self.position).ok().and_then(|p| self.front.get(p..)).unwrap_or_default();
        let count = if let Some(mut front) = Some(front).filter(|f| !f.is_empty()) {
            front.read(into)?
        } else {
            let mut behind = self.position.saturating_sub(self.front.len() as u64);
            let stretch = self.stretches.iter().find(|s| {
                let length = s.end.saturating_sub(s.start);
                let here = behind < length;
                behind -= if here { 0 } else { length };
                here
            });
            let Some(stretch) = stretch else { return Ok(0) };
            let at = stretch.start.saturating_add(behind);
            let left = usize::try_from(stretch.end.saturating_sub(at)).unwrap_or(usize::MAX).min(into.len());
            self.source.seek(SeekFrom::Start(at))?;
            self.source.read(into.get_mut(..left).unwrap_or_default())?
        };
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let wanted = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length().checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = wanted.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "a place before the beginning"))?;
        Ok(self.position)
    }
}

impl MediaSource for Opened {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn stretches_follow_each_other_behind_the_front() {
        let source = Box::new(Cursor::new(b"junkABCDjunkEFGHjunk".to_vec()));
        let mut opened = Excerpt { front: b"xy".to_vec(), stretches: vec![4..8, 12..16] }.open(source, 20);
        let mut text = String::new();
        opened.read_to_string(&mut text).expect("a cursor is read");
        assert_eq!(text, "xyABCDEFGH");
        assert_eq!(opened.byte_len(), Some(10));
        for from in 0..12 {
            opened.seek(SeekFrom::Start(from)).expect("a cursor is read");
            let mut rest = String::new();
            opened.read_to_string(&mut rest).expect("a cursor is read");
            assert_eq!(rest, text.get(usize::try_from(from).expect("small")..).unwrap_or_default());
        }
        assert!(opened.seek(SeekFrom::End(-11)).is_err());
        assert_eq!(opened.seek(SeekFrom::End(-3)).expect("inside"), 7);
        assert_eq!(opened.seek(SeekFrom::Current(1)).expect("inside"), 8);
    }
}
