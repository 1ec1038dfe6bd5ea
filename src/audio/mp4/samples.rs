//! The tables of a track: how long its samples are, how large, and where they lie in the file.
//!
//! Tables are read a piece at a time, and none is believed to be longer than its box.

use super::super::bytes::{Bytes, Reader};
use super::atom::{Atom, full};

/// Bytes of a table that are in memory at a time.
const BLOCK: usize = 1 << 14;

/// Entries of equal width.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    start: u64,
    pub(super) count: u64,
    width: u64,
    block: Vec<u8>,
    from: u64,
}

impl Table {
    /// A table behind `skip` bytes of a box, of as many entries as it says and the box has room for.
    pub(super) fn new(atom: &Atom, skip: u64, width: u64, count: u64) -> Self {
        let room = atom.len().saturating_sub(skip) / width.max(1);
        Self { start: atom.body.saturating_add(skip), count: count.min(room), width, ..Self::default() }
    }

    /// Entry `n`.
    pub(super) fn get(&mut self, reader: &mut Reader<'_>, n: u64) -> Option<Bytes<'_>> {
        if n >= self.count {
            return None;
        }
        let width = usize::try_from(self.width).ok()?;
        let held = self.block.len() / width;
        if n < self.from || n - self.from >= held as u64 {
            let wanted = (BLOCK / width).max(1) * width;
            let left = (self.count - n).saturating_mul(self.width);
            let wanted = wanted.min(usize::try_from(left).unwrap_or(wanted));
            let at = self.start.saturating_add(n.saturating_mul(self.width));
            self.block.clear();
            self.block.extend_from_slice(reader.upto(at, wanted));
            self.from = n;
        }
        let skip = usize::try_from(n - self.from).ok()?.checked_mul(width)?;
        self.block.get(skip..skip.checked_add(width)?).map(Bytes)
    }
}

/// The size of each sample.
#[derive(Clone, Debug)]
enum Sizes {
    Equal(u64),
    Each(Table),
}

/// All tables of a track.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    /// How many samples there should be.
    pub(super) count: u64,
    sizes: Sizes,
    lengths: Table,
    runs: Table,
    chunks: Table,
}

impl Default for Samples {
    fn default() -> Self {
        let none = Table::default;
        Self { count: 0, sizes: Sizes::Equal(0), lengths: none(), runs: none(), chunks: none() }
    }
}

/// Samples that lie one behind the other, all of one size.
pub(super) struct Run {
    pub(super) offset: u64,
    pub(super) count: u64,
    pub(super) size: u64,
}

impl Samples {
    /// Takes in a box of the sample table.
    pub(super) fn take(&mut self, reader: &mut Reader<'_>, atom: &Atom) -> Option<()> {
        let mut b = atom.bytes(reader);
        full(&mut b)?;
        match &atom.kind {
            b"stts" => self.lengths = Table::new(atom, 8, 8, b.be32()?.into()),
            b"stsc" => self.runs = Table::new(atom, 8, 12, b.be32()?.into()),
            b"stco" => self.chunks = Table::new(atom, 8, 4, b.be32()?.into()),
            b"co64" => self.chunks = Table::new(atom, 8, 8, b.be32()?.into()),
            b"stsz" => {
                let (size, count) = (u64::from(b.be32()?), u64::from(b.be32()?));
                self.count = count;
                self.sizes = if size > 0 { Sizes::Equal(size) } else { Sizes::Each(Table::new(atom, 12, 4, count)) };
            }
            b"stz2" => {
                let (bits, count) = (u64::from(b.be32()? & 0xFF), u64::from(b.be32()?));
                self.count = count;
                self.sizes = Sizes::Each(Table::new(atom, 12, bits / 8, if bits < 8 { 0 } else { count }));
            }
            _ => {}
        }
        Some(())
    }

    /// For samples that are no packets: old QuickTime files say 1 for the size of a frame.
    pub(super) fn mend_equal_size(&mut self, frame: u64) {
        if let Sizes::Equal(size @ 1) = &mut self.sizes {
            *size = frame.max(1);
        }
    }

    /// Ticks that the first `samples` last; of all, where there are fewer.
    pub(super) fn ticks(&mut self, reader: &mut Reader<'_>, samples: u64) -> u64 {
        let (mut left, mut ticks) = (samples, 0u64);
        for n in 0..self.lengths.count {
            let Some(mut b) = self.lengths.get(reader, n) else { break };
            let (Some(count), Some(delta)) = (b.be32(), b.be32()) else { break };
            let now = left.min(count.into());
            ticks = ticks.saturating_add(now.saturating_mul(delta.into()));
            left -= now;
            if left == 0 {
                break;
            }
        }
        ticks
    }

    /// Samples that the table of lengths knows, for each entry: how many, and ticks of each.
    pub(super) fn lengths(&mut self, reader: &mut Reader<'_>, most: usize) -> Vec<u64> {
        let mut lengths = Vec::new();
        for n in 0..self.lengths.count {
            let Some(mut b) = self.lengths.get(reader, n) else { break };
            let (Some(count), Some(delta)) = (b.be32(), b.be32()) else { break };
            let room = most.saturating_sub(lengths.len());
            let count = usize::try_from(count).unwrap_or(usize::MAX).min(room);
            lengths.extend(std::iter::repeat_n(u64::from(delta), count));
        }
        lengths
    }

    /// Every sample in order; `visit` gives false where it has seen enough.
    pub(super) fn each(&mut self, reader: &mut Reader<'_>, mut visit: impl FnMut(Run) -> bool) {
        let mut sample = 0u64;
        let mut run = 0u64;
        let mut per_chunk = 0u64;
        let mut next_run = 1u64;
        for chunk in 1..=self.chunks.count {
            while chunk >= next_run && run < self.runs.count {
                let entry = self.runs.get(reader, run).and_then(|mut b| Some((b.be32()?, b.be32()?)));
                let Some((_, samples)) = entry else { return };
                per_chunk = samples.into();
                run += 1;
                let following = self.runs.get(reader, run).and_then(|mut b| b.be32());
                next_run = following.map_or(u64::MAX, u64::from);
            }
            let Some(mut b) = self.chunks.get(reader, chunk - 1) else { return };
            let offset = if b.0.len() == 8 { b.be64() } else { b.be32().map(u64::from) };
            let Some(mut offset) = offset else { return };
            let count = per_chunk.min(self.count.saturating_sub(sample));
            sample = sample.saturating_add(count);
            match &mut self.sizes {
                Sizes::Equal(size) => {
                    if count > 0 && !visit(Run { offset, count, size: *size }) {
                        return;
                    }
                }
                Sizes::Each(table) => {
                    for n in sample - count..sample {
                        let Some(mut b) = table.get(reader, n) else { return };
                        let size = match b.0.len() {
                            4 => b.be32().map(u64::from),
                            2 => b.be16().map(u64::from),
                            _ => b.take(1).and_then(|b| b.first()).map(|b| u64::from(*b)),
                        };
                        let Some(size) = size else { return };
                        if !visit(Run { offset, count: 1, size }) {
                            return;
                        }
                        offset = offset.saturating_add(size);
                    }
                }
            }
            if sample >= self.count {
                return;
            }
        }
    }

    /// How many samples, from the first on, lie within a file of so many bytes, and how many bytes they have.
    pub(super) fn present(&mut self, reader: &mut Reader<'_>) -> (u64, u64) {
        let end = reader.size();
        let (mut samples, mut bytes) = (0u64, 0u64);
        self.each(reader, |run| {
            let room = end.saturating_sub(run.offset);
            let there = room.checked_div(run.size).map_or(run.count, |n| n.min(run.count));
            samples = samples.saturating_add(there);
            bytes = bytes.saturating_add(there.saturating_mul(run.size));
            there == run.count
        });
        (samples, bytes)
    }
}
