//! Boxes of ISO base media (ISO 14496-12), each held to the room that its parent has.

use super::super::bytes::{Bytes, Reader};

/// More boxes within one are not read.
const MOST_CHILDREN: usize = 10_000;
/// Deeper nesting is nonsense.
const DEEPEST: usize = 8;

/// One box: its kind and where its content lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) kind: [u8; 4],
    /// Where the box itself begins.
    pub(super) start: u64,
    /// Where its content begins and ends; the end never lies outside of the parent.
    pub(super) body: u64,
    pub(super) end: u64,
    /// True where its size says that it goes on behind the parent's end.
    pub(super) cut: bool,
}

impl Atom {
    /// The box at `at`, which must end by `limit`. `None` where there is none, or one whose size makes no sense.
    pub(super) fn read(reader: &mut Reader<'_>, at: u64, limit: u64) -> Option<Self> {
        if limit.checked_sub(at)? < 8 {
            return None;
        }
        let mut b = Bytes(reader.get(at, 8)?);
        let (size, kind) = (u64::from(b.be32()?), b.code()?);
        let (size, head) = match size {
            0 => (limit - at, 8),
            1 => (reader.get(at + 8, 8).map(Bytes)?.be64()?, 16),
            n => (n, 8),
        };
        let (body, end) = (at.checked_add(head)?, at.checked_add(size)?);
        (size >= head && body <= limit).then_some(Self { kind, start: at, body, end: end.min(limit), cut: end > limit })
    }

    /// Bytes of the content.
    pub(super) fn len(&self) -> u64 {
        self.end - self.body
    }

    /// The content or its beginning.
    pub(super) fn bytes<'r>(&self, reader: &'r mut Reader<'_>) -> Bytes<'r> {
        Bytes(reader.upto(self.body, usize::try_from(self.len()).unwrap_or(usize::MAX)))
    }

    /// The boxes within, behind so many bytes of its own.
    pub(super) fn children(&self, reader: &mut Reader<'_>, skip: u64) -> Vec<Self> {
        let mut children = Vec::new();
        let mut at = self.body.saturating_add(skip);
        while children.len() < MOST_CHILDREN
            && let Some(child) = Self::read(reader, at, self.end)
        {
            at = child.end;
            children.push(child);
            if child.cut {
                break;
            }
        }
        children
    }

    /// All boxes within, going into those of `open`.
    pub(super) fn descend(&self, reader: &mut Reader<'_>, open: &[&[u8; 4]]) -> Vec<Self> {
        let mut found = Vec::new();
        self.descend_into(reader, open, 0, &mut found);
        found
    }

    fn descend_into(&self, reader: &mut Reader<'_>, open: &[&[u8; 4]], depth: usize, found: &mut Vec<Self>) {
        for child in self.children(reader, 0) {
            if found.len() >= MOST_CHILDREN {
                return;
            }
            if depth < DEEPEST && open.contains(&&child.kind) {
                child.descend_into(reader, open, depth + 1, found);
            } else {
                found.push(child);
            }
        }
    }
}

/// Version and flags in front of a content.
pub(super) fn full(b: &mut Bytes<'_>) -> Option<(u8, u32)> {
    let word = b.be32()?;
    Some((u8::try_from(word >> 24).ok()?, word & 0x00FF_FFFF))
}

/// A number that is 64 bits wide from version 1 on.
pub(super) fn wide(b: &mut Bytes<'_>, version: u8) -> Option<u64> {
    if version == 0 { b.be32().map(u64::from) } else { b.be64() }
}

/// Time scale and length of `mvhd` and `mdhd`; all ones mean that nobody knows.
pub(super) fn scale_and_length(mut b: Bytes<'_>) -> Option<(u64, Option<u64>)> {
    let (version, _) = full(&mut b)?;
    wide(&mut b, version)?;
    wide(&mut b, version)?;
    let scale = u64::from(b.be32()?);
    let length = wide(&mut b, version)?;
    let unknown = length == 0 || length == u64::MAX || (version == 0 && length == u64::from(u32::MAX));
    Some((scale, (!unknown).then_some(length)))
}
