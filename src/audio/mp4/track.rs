//! One track: what it is, its clock, its edits, its tables.

use super::super::bytes::{Reader, scale};
use super::atom::{Atom, full, scale_and_length, wide};
use super::samples::{Samples, Table};

/// More edits than any program writes.
const MOST_EDITS: u64 = 10_000;
/// More references than any program writes.
const MOST_REFERENCES: u64 = 100;

/// What a track carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Kind {
    Audio,
    Video,
    Text,
    #[default]
    Other,
}

/// One edit: how long in ticks of the movie, and from where in ticks of the media; `None` is silence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edit {
    pub(super) length: u64,
    pub(super) from: Option<u64>,
}

/// What `trak` says.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    pub(super) id: u32,
    pub(super) kind: Kind,
    /// Ticks per second.
    pub(super) scale: u64,
    /// What `mdhd` says.
    pub(super) stated: Option<u64>,
    pub(super) edits: Vec<Edit>,
    pub(super) samples: Samples,
    /// The sample descriptions.
    pub(super) entries: Option<Atom>,
    /// Tracks that hold the chapters of this one.
    pub(super) chapter_tracks: Vec<u32>,
}

impl Track {
    pub(super) fn read(reader: &mut Reader<'_>, trak: &Atom) -> Self {
        let mut track = Self::default();
        for atom in trak.descend(reader, &[b"edts", b"mdia", b"minf", b"stbl", b"tref"]) {
            // A box that is too short leaves what was known.
            let _ = track.take(reader, &atom);
        }
        track
    }

    fn take(&mut self, reader: &mut Reader<'_>, atom: &Atom) -> Option<()> {
        let mut b = atom.bytes(reader);
        match &atom.kind {
            b"tkhd" => {
                let (version, _) = full(&mut b)?;
                wide(&mut b, version)?;
                wide(&mut b, version)?;
                self.id = b.be32()?;
            }
            b"mdhd" => (self.scale, self.stated) = scale_and_length(b)?,
            // The data handler of QuickTime stands deeper and comes later.
            b"hdlr" if self.kind == Kind::Other => {
                b.take(8)?;
                self.kind = match &b.code()? {
                    b"soun" => Kind::Audio,
                    b"vide" => Kind::Video,
                    b"text" | b"sbtl" | b"tx3g" => Kind::Text,
                    _ => Kind::Other,
                };
            }
            b"elst" => {
                let (version, _) = full(&mut b)?;
                let width = if version == 0 { 12 } else { 20 };
                let mut table = Table::new(atom, 8, width, u64::from(b.be32()?).min(MOST_EDITS));
                for n in 0..table.count {
                    let mut b = table.get(reader, n)?;
                    let length = wide(&mut b, version)?;
                    let from = wide(&mut b, version)?;
                    let empty = from == u64::MAX || (version == 0 && from == u64::from(u32::MAX));
                    self.edits.push(Edit { length, from: (!empty).then_some(from) });
                }
            }
            b"chap" => {
                let mut table = Table::new(atom, 0, 4, MOST_REFERENCES);
                for n in 0..table.count {
                    self.chapter_tracks.push(table.get(reader, n)?.be32()?);
                }
            }
            b"stsd" => self.entries = Some(*atom),
            _ => self.samples.take(reader, atom)?,
        }
        Some(())
    }

    /// Ticks of silence before the media, in the media's own.
    pub(super) fn silence(&self, movie_scale: u64) -> u64 {
        let empty = self.edits.iter().take_while(|e| e.from.is_none()).map(|e| e.length);
        scale(empty.fold(0, u64::saturating_add), self.scale, movie_scale)
    }

    /// Where the first edit that plays anything begins in the media.
    pub(super) fn first_edit(&self) -> Option<u64> {
        self.edits.iter().find_map(|e| e.from)
    }

    /// Ticks that play of so many: the sum of all edits, as far as there is media for them.
    ///
    /// Lengths of edits are rounded to ticks of the movie, often milliseconds. An edit takes off the end of the media
    /// only what is more than such a tick; else the media's own end is the exact one. `None` without an edit.
    pub(super) fn edited(&self, ticks: u64, movie_scale: u64) -> Option<u64> {
        self.first_edit()?;
        let exact = self.scale > 0 && movie_scale.is_multiple_of(self.scale);
        let tick = if exact { 0 } else { self.scale.div_ceil(movie_scale.max(1)) };
        let mut sum = 0u64;
        for edit in &self.edits {
            let Some(from) = edit.from else { continue };
            let there = ticks.saturating_sub(from);
            let length = scale(edit.length, self.scale, movie_scale);
            // Fragmented files give 0: all that will come.
            let plays = if length == 0 || length.saturating_add(tick) >= there { there } else { length };
            sum = sum.saturating_add(plays);
        }
        Some(sum)
    }
}
