//! Chapters in an MP4 file: the Nero list `chpl`, and the QuickTime text track that the audio track points at.

use super::super::bytes::{Bytes, Reader, scale, text};
use super::atom::{Atom, full};
use super::track::Track;
use crate::model::audio::{CarrierFault, Damage, EmbeddedCarrier, EmbeddedChapters};
use crate::model::chapter::Mark;
use crate::model::time::Timestamp;

/// More chapters than anybody sets.
const MOST_CHAPTERS: usize = 10_000;
/// Bytes of a title, with its length; more of it is not read.
const LONGEST_TITLE: usize = 4096;

/// Reads `chpl`: version 1 has four reserved bytes before the number of chapters, version 0 has none.
pub(super) fn list(reader: &mut Reader<'_>, chpl: &Atom) -> (Option<EmbeddedChapters>, Option<Damage>) {
    let read = read_list(chpl.bytes(reader));
    let (marks, whole) = read.unwrap_or_default();
    let chapters = (!marks.is_empty()).then_some(EmbeddedChapters { carrier: EmbeddedCarrier::Mp4List, marks });
    let broken = "the Nero list of chapters (chpl) ends in the middle of a chapter".to_owned();
    (chapters, (!whole).then_some(Damage::BrokenTag { what: broken }))
}

fn read_list(mut b: Bytes<'_>) -> Option<(Vec<Mark>, bool)> {
    let (version, _) = full(&mut b)?;
    b.take(if version == 0 { 0 } else { 4 })?;
    let count = *b.take(1)?.first()?;
    let mut marks = Vec::new();
    for _ in 0..count {
        let mut entry = || {
            let start = b.be64()?;
            let length = *b.take(1)?.first()?;
            Some((start, b.take(length.into())?))
        };
        let Some((start, title)) = entry() else { return Some((marks, false)) };
        // In units of 100 ns.
        marks.push(Mark::new(Timestamp::from_millis(scale(start, 1, 10_000)), text(title)));
    }
    Some((marks, true))
}

/// Reads the text track: a title for each sample, from where it begins to where the next does.
pub(super) fn track(reader: &mut Reader<'_>, mut track: Track, movie_scale: u64) -> Option<EmbeddedChapters> {
    let lengths = track.samples.lengths(reader, MOST_CHAPTERS);
    let mut places = Vec::new();
    track.samples.each(reader, |run| {
        for n in 0..run.count {
            if places.len() >= MOST_CHAPTERS {
                return false;
            }
            places.push((run.offset.saturating_add(n.saturating_mul(run.size)), run.size));
        }
        true
    });
    let at = |ticks: u64| Timestamp::from_millis(scale(ticks, 1000, track.scale));
    let mut ticks = track.silence(movie_scale);
    let mut marks = Vec::new();
    for ((offset, size), length) in places.into_iter().zip(lengths) {
        let start = at(ticks);
        ticks = ticks.saturating_add(length);
        let size = usize::try_from(size).unwrap_or(LONGEST_TITLE).min(LONGEST_TITLE);
        let title = title(Bytes(reader.upto(offset, size))).unwrap_or_default();
        marks.push(Mark { end: Some(at(ticks)), ..Mark::new(start, title) });
    }
    (!marks.is_empty()).then_some(EmbeddedChapters { carrier: EmbeddedCarrier::Mp4Track, marks })
}

/// A length, the text, and boxes such as `encd` that are not needed: UTF-16 shows by its byte order mark.
fn title(mut b: Bytes<'_>) -> Option<String> {
    let length = usize::from(b.be16()?);
    let bytes = b.take(length.min(b.0.len()))?;
    let utf16 = match bytes {
        [0xFE, 0xFF, rest @ ..] => Some(encoding_rs::UTF_16BE.decode_without_bom_handling(rest)),
        [0xFF, 0xFE, rest @ ..] => Some(encoding_rs::UTF_16LE.decode_without_bom_handling(rest)),
        _ => None,
    };
    Some(utf16.map_or_else(|| text(bytes), |(t, _)| t.trim_end_matches('\0').to_owned()))
}

/// Half of the players read one kind, half the other.
pub(super) fn single_kind(chapters: &[EmbeddedChapters]) -> Option<Damage> {
    let what = match chapters {
        [one] if one.carrier == EmbeddedCarrier::Mp4List => {
            "chapters are in the Nero list (chpl), and not in a text track, which Apple's apps read"
        }
        [one] if one.carrier == EmbeddedCarrier::Mp4Track => {
            "chapters are in a text track, and not in the Nero list (chpl), which Android apps read"
        }
        _ => return None,
    };
    Some(Damage::ChapterCarrier { fault: CarrierFault::Mp4SingleKind, what: what.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(bytes: &[u8]) -> Option<(Vec<(u64, String)>, bool)> {
        let (marks, whole) = read_list(Bytes(bytes))?;
        Some((marks.into_iter().map(|m| (m.start.millis(), m.title)).collect(), whole))
    }

    #[test]
    fn both_versions_of_the_list_are_read() {
        let chapters = b"\x02\0\0\0\0\0\0\0\0\x05Intro\0\0\0\0\x01\x31\x2d\0\x04Zw\xC3\xB6";
        let expected = vec![(0, "Intro".to_owned()), (2000, "Zwö".to_owned())];
        let version1 = [&b"\x01\0\0\0\0\0\0\0"[..], chapters].concat();
        assert_eq!(starts(&version1), Some((expected.clone(), true)));
        let version0 = [&b"\0\0\0\0"[..], chapters].concat();
        assert_eq!(starts(&version0), Some((expected.clone(), true)));
        let cut = version0.get(..version0.len() - 1).unwrap_or_default();
        assert_eq!(starts(cut), Some((expected.into_iter().take(1).collect(), false)));
        assert_eq!(starts(b"\x01\0\0"), None);
    }
}
