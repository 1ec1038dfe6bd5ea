//! A FLAC file with words, a cover and chapters of ours: new metadata in front, then the very frames of the recording.

use std::path::Path;

use super::super::bytes::Reader;
use super::super::tag::{NewTag, Retagged};
use super::super::{Source, Unreadable, vorbis_comment};
use super::{MOST_BLOCKS, after_id3, walk};
use crate::model::artifact::Piece;
use crate::model::show::KeepTags;

/// Longer blocks cannot be: the field of their length has three bytes.
const LONGEST_BLOCK: usize = (1 << 24) - 1;
const LAST: u8 = 0x80;

/// Plans the file. `path` is what the ranges of the plan name.
///
/// # Errors
/// Where it cannot be read, or a block of it cannot be written anew.
pub fn repack(source: &mut dyn Source, path: &Path, tag: &NewTag<'_>, keep: KeepTags) -> Result<Retagged, Unreadable> {
    let audio_end = walk(source)?.excerpt.stretches.last().map(|s| s.end);
    let mut reader = Reader::new(source)?;
    let mut at = after_id3(&mut reader).saturating_add(4);
    let (mut blocks, mut dropped, mut old) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..MOST_BLOCKS {
        let Some(&[kind, a, b, c]) = reader.get(at, 4) else { break };
        let size = u64::from(u32::from_be_bytes([0, a, b, c]));
        let body = reader.long(at + 4, size, LONGEST_BLOCK);
        at = at.saturating_add(4 + size);
        match kind & !LAST {
            // Padding.
            1 => {}
            2 if keep == KeepTags::Known => dropped.push("APPLICATION".to_owned()),
            4 => old = body,
            6 if tag.cover.is_some() => {}
            kind => blocks.push((kind, body)),
        }
        if kind & LAST != 0 {
            break;
        }
    }
    let odd = || Unreadable::new("The metadata of this FLAC file cannot be written anew.");
    // The picture has a block of its own.
    let words = NewTag { cover: None, ..tag.clone() };
    let (comments, behind) = vorbis_comment::write(&words, &old, keep).ok_or_else(odd)?;
    dropped.extend(behind);
    blocks.push((4, comments));
    if let Some(jpeg) = tag.cover {
        blocks.push((6, vorbis_comment::picture(jpeg).ok_or_else(odd)?));
    }
    let mut head = b"fLaC".to_vec();
    let last = blocks.len().saturating_sub(1);
    for (index, (kind, body)) in blocks.iter().enumerate() {
        let length = u32::try_from(body.len()).ok().filter(|_| body.len() <= LONGEST_BLOCK).ok_or_else(odd)?;
        let [_, a, b, c] = length.to_be_bytes();
        head.extend([kind | if index == last { LAST } else { 0 }, a, b, c]);
        head.extend_from_slice(body);
    }
    let end = audio_end.unwrap_or(reader.size());
    reader.finish()?;
    let length = end.checked_sub(at).ok_or_else(odd)?;
    let pieces = vec![Piece::Bytes(head), Piece::Range { source: path.to_owned(), start: at, length }];
    Ok(Retagged { pieces, dropped })
}
