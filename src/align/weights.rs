//! The weights as they lie in the program: a table of named arrays and texts.
//!
//! `model/recipe/pack.py` writes the same layout.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Written by `model/recipe/pack.py`; what it is and where it comes from says `model/README.md`.
const BYTES: &[u8] = include_bytes!("model/aligner.bin");

static TABLE: LazyLock<BTreeMap<&'static str, Entry>> = LazyLock::new(|| read(BYTES).unwrap_or_default());

enum Entry {
    Small(&'static [u8]),
    Exact(Vec<f32>),
    Text(&'static str),
}

/// 8-bit weights, row after row.
pub(super) fn small(name: &str) -> Vec<f32> {
    match TABLE.get(name) {
        Some(Entry::Small(bytes)) => bytes.iter().map(|b| f32::from(b.cast_signed())).collect(),
        _ => Vec::new(),
    }
}

/// Numbers that were not rounded.
pub(super) fn exact(name: &str) -> Vec<f32> {
    match TABLE.get(name) {
        Some(Entry::Exact(values)) => values.clone(),
        _ => Vec::new(),
    }
}

/// A text.
pub(super) fn text(name: &str) -> &'static str {
    match TABLE.get(name) {
        Some(Entry::Text(text)) => text,
        _ => "",
    }
}

fn read(bytes: &'static [u8]) -> Option<BTreeMap<&'static str, Entry>> {
    let mut rest = bytes.strip_prefix(b"LNAM1")?;
    let mut table = BTreeMap::new();
    for _ in 0..number(&mut rest)? {
        let length = usize::from(*take(&mut rest, 1)?.first()?);
        let name = std::str::from_utf8(take(&mut rest, length)?).ok()?;
        let kind = *take(&mut rest, 1)?.first()?;
        let dimensions = *take(&mut rest, 1)?.first()?;
        let mut count = 1_usize;
        for _ in 0..dimensions {
            count = count.checked_mul(number(&mut rest)?)?;
        }
        let entry = match kind {
            0 => Entry::Small(take(&mut rest, count)?),
            1 => {
                let exact = take(&mut rest, count.checked_mul(4)?)?.as_chunks::<4>().0;
                Entry::Exact(exact.iter().map(|b| f32::from_le_bytes(*b)).collect())
            }
            _ => Entry::Text(std::str::from_utf8(take(&mut rest, count)?).ok()?),
        };
        table.insert(name, entry);
    }
    Some(table)
}

fn take(rest: &mut &'static [u8], count: usize) -> Option<&'static [u8]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

fn number(rest: &mut &'static [u8]) -> Option<usize> {
    let (bytes, _) = take(rest, 4)?.split_first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_asked_for_is_there() {
        let sizes = [("net.w1", 160 * 96), ("net.w2", 288 * 96), ("net.w4", 288 * 80), ("net.w5", 80 * 43)];
        for (name, size) in sizes {
            assert_eq!(small(name).len(), size, "{name}");
        }
        assert_eq!(exact("durations").len(), 43 * 40);
        assert_eq!(text("classes").split(' ').count(), 43);
        assert!(text("english.exceptions").lines().count() > 500);
        assert!(BYTES.len() < 500_000);
    }
}
