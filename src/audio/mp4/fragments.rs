//! Movie fragments: runs of samples, each with its length and size (ISO 14496-12, 8.8).

use super::super::bytes::Reader;
use super::atom::{Atom, full, wide};
use super::samples::Table;

/// What the movie says of the samples of a track where a fragment says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Defaults {
    pub(super) track: u32,
    length: u64,
    size: u64,
}

impl Defaults {
    /// Reads `trex`.
    pub(super) fn read(reader: &mut Reader<'_>, trex: &Atom) -> Option<Self> {
        let mut b = trex.bytes(reader);
        full(&mut b)?;
        let track = b.be32()?;
        b.take(4)?;
        Some(Self { track, length: b.be32()?.into(), size: b.be32()?.into() })
    }
}

/// What the fragments of one track hold, in ticks of its media.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragments {
    defaults: Defaults,
    /// Ticks that are there, and that should be.
    pub(super) present: u64,
    pub(super) promised: u64,
    /// Bytes of the samples that are there.
    pub(super) bytes: u64,
    /// Where ticks are missing, and how many.
    pub(super) holes: Vec<(u64, u64)>,
    /// True where the file breaks off within the description of a fragment.
    pub(super) cut: bool,
    clock: Option<u64>,
}

/// More holes than this are all one.
const MOST_HOLES: usize = 1000;

impl Fragments {
    pub(super) fn new(track: u32, defaults: &[Defaults]) -> Self {
        let none = Defaults { track, ..Defaults::default() };
        let defaults = defaults.iter().find(|d| d.track == track).copied().unwrap_or(none);
        Self { defaults, ..Self::default() }
    }

    /// Takes in one fragment.
    pub(super) fn take(&mut self, reader: &mut Reader<'_>, moof: &Atom) {
        if moof.cut {
            self.cut = true;
            return;
        }
        for traf in moof.children(reader, 0).iter().filter(|a| &a.kind == b"traf") {
            // A fragment that cannot be read holds nothing.
            let _ = self.track(reader, moof, traf);
        }
    }

    fn track(&mut self, reader: &mut Reader<'_>, moof: &Atom, traf: &Atom) -> Option<()> {
        let children = traf.children(reader, 0);
        let mut b = children.iter().find(|a| &a.kind == b"tfhd")?.bytes(reader);
        let (_, flags) = full(&mut b)?;
        if b.be32()? != self.defaults.track {
            return None;
        }
        let base = if flags & 1 != 0 { b.be64()? } else { moof.start };
        b.take(if flags & 2 != 0 { 4 } else { 0 })?;
        let length = if flags & 8 != 0 { b.be32()?.into() } else { self.defaults.length };
        let size = if flags & 0x10 != 0 { b.be32()?.into() } else { self.defaults.size };
        if let Some(tfdt) = children.iter().find(|a| &a.kind == b"tfdt") {
            let mut b = tfdt.bytes(reader);
            let (version, _) = full(&mut b)?;
            let starts = wide(&mut b, version)?;
            if let Some(lost) = self.clock.and_then(|c| starts.checked_sub(c)).filter(|n| *n > 0)
                && self.holes.len() < MOST_HOLES
            {
                self.holes.push((self.present, lost));
            }
            self.clock = Some(starts);
        }
        let mut offset = base;
        for trun in children.iter().filter(|a| &a.kind == b"trun") {
            offset = self.run(reader, trun, (base, offset), (length, size))?;
        }
        Some(())
    }

    /// Takes in one run; gives where its samples end.
    fn run(
        &mut self,
        reader: &mut Reader<'_>,
        trun: &Atom,
        (base, mut offset): (u64, u64),
        (length, size): (u64, u64),
    ) -> Option<u64> {
        let mut b = trun.bytes(reader);
        let before = b.0.len();
        let (_, flags) = full(&mut b)?;
        let count = u64::from(b.be32()?);
        if flags & 1 != 0 {
            let signed = i32::from_be_bytes(b.take(4)?.try_into().ok()?);
            offset = base.checked_add_signed(signed.into())?;
        }
        b.take(if flags & 4 != 0 { 4 } else { 0 })?;
        let skip = u64::try_from(before - b.0.len()).ok()?;
        let width = 4 * u64::from((flags >> 8 & 0xF).count_ones());
        let file = reader.size();
        if width == 0 {
            let room = file.saturating_sub(offset);
            let there = room.checked_div(size).map_or(count, |n| n.min(count));
            self.add(count.saturating_mul(length), there.saturating_mul(length), there.saturating_mul(size));
            return offset.checked_add(count.checked_mul(size)?);
        }
        let mut table = Table::new(trun, skip, width, count);
        for n in 0..table.count {
            let mut b = table.get(reader, n)?;
            let length = if flags & 0x100 != 0 { b.be32()?.into() } else { length };
            let size = if flags & 0x200 != 0 { b.be32()?.into() } else { size };
            offset = offset.checked_add(size)?;
            let there = offset <= file && self.present == self.promised;
            self.add(length, if there { length } else { 0 }, if there { size } else { 0 });
        }
        Some(offset)
    }

    fn add(&mut self, promised: u64, present: u64, bytes: u64) {
        self.promised = self.promised.saturating_add(promised);
        self.present = self.present.saturating_add(present);
        self.bytes = self.bytes.saturating_add(bytes);
        self.clock = Some(self.clock.unwrap_or(0).saturating_add(promised));
    }
}
