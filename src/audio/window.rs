//! A buffered view of a source that is walked from front to back: large reads, small peeks, flat memory.

use std::io::{self, SeekFrom};

use super::Source;

/// Bytes that one read asks for; larger ones gain nothing, smaller ones cost system calls.
const BLOCK: usize = 512 * 1024;

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
        self.start = at;
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        self.block.resize(wanted.max(BLOCK).min(left), 0);
        self.source.seek(SeekFrom::Start(at))?;
        let filled = fill(self.source, &mut self.block)?;
        self.block.truncate(filled);
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
