//! A buffered view of a source that is walked from front to back: large reads, small peeks, flat memory.

use std::io::{self, SeekFrom};

use super::Source;

/// Bytes in memory: they fit the processor's own cache, so that a long file is read at the speed of memory.
const BLOCK: usize = 128 * 1024;
/// Bytes that stay in memory behind the walker, because confirming a frame looks ahead and comes back.
const BEHIND: u64 = 24 * 1024;

/// A source with a block of it in memory.
pub(super) struct Window<'a> {
    source: &'a mut dyn Source,
    block: Vec<u8>,
    /// Where the block begins in the file.
    start: u64,
    length: u64,
}

impl<'a> Window<'a> {
    /// A view of a whole source.
    pub(super) fn new(source: &'a mut dyn Source) -> io::Result<Self> {
        let length = source.seek(SeekFrom::End(0))?;
        Ok(Self { source, block: Vec::new(), start: 0, length })
    }

    /// Bytes of the whole source.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Up to `wanted` bytes from `at` on; fewer only where the source ends. `wanted` is far below a block.
    pub(super) fn peek(&mut self, at: u64, wanted: usize) -> io::Result<&[u8]> {
        let end = self.start.saturating_add(self.block.len() as u64);
        let until = at.saturating_add(wanted as u64).min(self.length);
        if at >= self.length {
            return Ok(&[]);
        }
        if at < self.start || until > end {
            self.load(at, wanted)?;
        }
        let from = usize::try_from(at.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let rest = self.block.get(from..).unwrap_or_default();
        Ok(rest.get(..wanted).unwrap_or(rest))
    }

    /// The bytes at `at`, if all of them are there.
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> io::Result<Option<[u8; N]>> {
        Ok(self.peek(at, N)?.first_chunk().copied())
    }

    /// A stretch of the source as bytes of its own; shorter only where the source ends.
    pub(super) fn copy(&mut self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length.min(left)];
        self.source.seek(SeekFrom::Start(at))?;
        let filled = fill(self.source, &mut bytes)?;
        bytes.truncate(filled);
        Ok(bytes)
    }

    fn load(&mut self, at: u64, wanted: usize) -> io::Result<()> {
        let start = at.saturating_sub(BEHIND).min(self.length);
        let end = self.start.saturating_add(self.block.len() as u64);
        let room = usize::try_from(at - start).unwrap_or(0).saturating_add(wanted).max(BLOCK);
        let left = usize::try_from(self.length - start).unwrap_or(usize::MAX);
        let kept = if start >= self.start && start < end {
            let from = usize::try_from(start - self.start).unwrap_or(usize::MAX).min(self.block.len());
            self.block.copy_within(from.., 0);
            self.block.len() - from
        } else {
            0
        };
        self.block.resize(room.min(left), 0);
        let kept = kept.min(self.block.len());
        self.start = start;
        self.source.seek(SeekFrom::Start(start.saturating_add(kept as u64)))?;
        let filled = match self.block.get_mut(kept..) {
            Some(rest) => fill(self.source, rest)?,
            None => 0,
        };
        self.block.truncate(kept + filled);
        Ok(())
    }
}

fn fill(source: &mut dyn Source, bytes: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|r| !r.is_empty()) {
        match source.read(rest) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn every_byte_is_seen_wherever_one_looks() {
        let bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_be_bytes).collect();
        let mut source = Cursor::new(bytes.clone());
        let mut window = Window::new(&mut source).expect("a cursor is read");
        let mut at = 1;
        for step in 0..5_000_u64 {
            at = (at * 48_271 + step) % (bytes.len() as u64 + 9);
            let near = at.saturating_sub(step * 7 % 40_000);
            for at in [at, near, at + 17_000] {
                let from = usize::try_from(at).expect("small").min(bytes.len());
                let expected = &bytes[from..(from + 200).min(bytes.len())];
                assert_eq!(window.peek(at, 200).expect("a cursor is read"), expected, "at {at}");
            }
        }
        assert!(window.peek(u64::MAX, 9).expect("a cursor is read").is_empty());
    }
}
