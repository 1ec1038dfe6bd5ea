//! A stream with a tag of ours: new bytes in front, then the very frames of the recording.

use std::path::Path;

use super::super::window::Window;
use super::super::{Source, Unreadable, id3};
use super::edges::TagKind;
use super::index::{self, INDEX_BYTES, IndexKind, Seek, xing_frame};
use super::layout::{self, Layout};
use super::padding;
use crate::audio::tag::NewTag;
use crate::model::artifact::Piece;
use crate::model::show::KeepTags;

/// The pieces of an enclosure, and what became of what was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repacked {
    /// The tag, perhaps an index, then ranges of the recording.
    pub pieces: Vec<Piece>,
    /// How many of the pieces in front are new; the rest is the recording's own.
    pub new_pieces: usize,
    /// Tags that stay behind.
    pub dropped: Vec<String>,
}

/// Plans the enclosure of an MP3 recording. `path` is what the ranges of the plan name.
pub fn repack(source: &mut dyn Source, path: &Path, tag: &NewTag<'_>, keep: KeepTags) -> Result<Repacked, Unreadable> {
    let failed = |e: std::io::Error| Unreadable::new(format!("The file cannot be read to its end: {e}."));
    let mut window = Window::new(source).map_err(failed)?;
    let layout = layout::walk(&mut window)
        .map_err(failed)?
        .ok_or_else(|| Unreadable::new("There is no MPEG audio frame in this file."))?;
    let mut old = id3::Facts::default();
    for run in &layout.id3v2 {
        let length = usize::try_from(run.length).unwrap_or(usize::MAX).min(id3::LARGEST);
        old.add(&window.copy(run.start, length).map_err(failed)?);
    }
    let (bytes, fate) = id3::write(tag, &old.tags, keep)
        .map_err(|e| Unreadable::new(format!("The tag cannot be written: {}.", e.description)))?;
    let mut pieces = vec![Piece::Bytes(bytes)];
    let index = index(&mut window, &layout).map_err(failed)?;
    // The header frame that it takes the place of stays behind.
    let replaced = index.as_ref().map_or(0, |_| u64::from(layout.index_length));
    pieces.extend(index.map(Piece::Bytes));
    let new_pieces = pieces.len();
    pieces.extend(layout.runs.iter().enumerate().map(|(number, run)| {
        let replaced = if number == 0 { replaced.min(run.length) } else { 0 };
        Piece::Range { source: path.to_owned(), start: run.start + replaced, length: run.length - replaced }
    }));
    let mut dropped = fate.dropped;
    dropped.extend(layout.trailers.iter().filter(|t| **t != TagKind::Id3v2).map(|t| t.name().to_owned()));
    Ok(Repacked { pieces, new_pieces, dropped })
}

/// The header frame that a stream needs and does not have: `None` where its own is right, or players need none.
fn index(window: &mut Window<'_>, layout: &Layout) -> std::io::Result<Option<Vec<u8>>> {
    let is_stale = layout.is_stale();
    let is_absent = layout.variable && layout.first.layer == 3 && layout.index.is_none();
    if !is_stale && !is_absent {
        return Ok(None);
    }
    let frame = match layout.runs.first().filter(|_| is_stale) {
        Some(run) => window.copy(run.start, INDEX_BYTES)?,
        None => Vec::new(),
    };
    let extension = index::extension(&layout.first, &frame).map(|e| index::with_padding(e, padding(layout)));
    let kind = if layout.variable { IndexKind::Xing } else { IndexKind::Info };
    let seek = Seek { frames: layout.frames, bytes: layout.bytes, points: &layout.points, kind };
    Ok(xing_frame(&layout.first, &seek, extension))
}
