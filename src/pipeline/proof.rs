//! Checking again: a packed enclosure is walked before it is written, and must say what was settled.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::pack::Episode;
use crate::audio;
use crate::error::Error;
use crate::model::artifact::{Artifact, MediaType, Piece};
use crate::model::audio::EmbeddedCarrier;
use crate::model::chapter::{Chapter, ChapterList, Mark};
use crate::sources;

/// Which carriers each kind of file has to have.
const CARRIERS: &[(MediaType, &[EmbeddedCarrier])] = &[
    (MediaType::Mp3, &[EmbeddedCarrier::Id3]),
    (MediaType::M4a, &[EmbeddedCarrier::Mp4List, EmbeddedCarrier::Mp4Track]),
    (MediaType::Ogg, &[EmbeddedCarrier::Vorbis]),
    (MediaType::Flac, &[EmbeddedCarrier::Vorbis]),
];

/// Walks every new enclosure as a player would get it: the same length, the same chapters.
///
/// # Errors
/// Where it differs, which no input can cause.
pub fn prove(media: &[Artifact], episodes: &[Episode<'_>]) -> Result<(), Error> {
    for artifact in media.iter().filter(|a| CARRIERS.iter().any(|(kind, _)| *kind == a.media_type)) {
        let Some(episode) = episodes.iter().find(|e| artifact.path.folder() == Some(e.slug.as_str())) else { continue };
        let failed = |why: String| {
            Error::new("the packed recording is not what was settled, so nothing is published")
                .at(episode.path())
                .because(why)
                .help("please report this, with the recording if you can")
        };
        let mut pieces = Pieces::open(artifact).map_err(|e| failed(e.to_string()))?;
        let walk = audio::probe(&mut pieces, artifact.path.as_str()).map_err(|e| failed(e.message))?;
        let besides = matches!(artifact.media_type, MediaType::Ogg | MediaType::Flac);
        let settled = if besides { episode.recorded() } else { episode.duration() };
        let length = walk.recording.duration().0;
        if length != settled {
            return Err(failed(format!("it lasts {length} instead of {settled}")));
        }
        let carriers =
            CARRIERS.iter().filter(|(kind, _)| *kind == artifact.media_type).flat_map(|(_, carriers)| *carriers);
        for carrier in carriers {
            let found = walk.recording.chapters.iter().find(|c| c.carrier == *carrier);
            let marks = found.map(|c| c.marks.as_slice()).unwrap_or_default();
            if !carries(*carrier, marks, episode.chapters) {
                return Err(failed(format!("it carries {} chapters that differ", marks.len())));
            }
        }
    }
    Ok(())
}

/// Whether what was read back is what was settled, as far as this kind of carrier can say it.
fn carries(carrier: EmbeddedCarrier, marks: &[Mark], chapters: &ChapterList) -> bool {
    let listed = carrier == EmbeddedCarrier::Mp4List;
    if listed && marks.is_empty() {
        // Its count is one byte; longer lists are in the track alone.
        return chapters.chapters().len() > usize::from(u8::MAX);
    }
    let same = |mark: &Mark, chapter: &Chapter| {
        let title = chapter.title.as_str();
        mark.start == chapter.start
            && (mark.title == title || listed && mark.title.len() > 120 && title.starts_with(&mark.title))
    };
    marks.len() == chapters.chapters().len() && marks.iter().zip(chapters.chapters()).all(|(m, c)| same(m, c))
}

/// The content of an artifact before it is written, as one source.
struct Pieces<'a> {
    /// Each piece with where it begins, and its file if it is a range of one.
    parts: Vec<(u64, &'a Piece, Option<File>)>,
    length: u64,
    at: u64,
}

impl<'a> Pieces<'a> {
    fn open(artifact: &'a Artifact) -> io::Result<Self> {
        let mut parts = Vec::new();
        let mut length = 0;
        for piece in &artifact.pieces {
            let file = match piece {
                Piece::Bytes(_) => None,
                Piece::Range { source, .. } => Some(sources::open(source).map_err(|e| io::Error::other(e.message))?),
            };
            parts.push((length, piece, file));
            length += piece.size();
        }
        Ok(Self { parts, length, at: 0 })
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let at = self.at;
        let Some((start, piece, file)) =
            self.parts.iter_mut().rev().find(|(start, piece, _)| *start <= at && piece.size() > 0)
        else {
            return Ok(0);
        };
        let inside = at - *start;
        let left = usize::try_from(piece.size().saturating_sub(inside)).unwrap_or(usize::MAX);
        let wanted = into.len().min(left);
        let Some(into) = into.get_mut(..wanted) else { return Ok(0) };
        let read = match (piece, file) {
            (Piece::Bytes(bytes), _) => {
                let from = usize::try_from(inside).unwrap_or(usize::MAX);
                bytes.get(from..).unwrap_or_default().read(into)?
            }
            (Piece::Range { start, .. }, Some(file)) => {
                file.seek(SeekFrom::Start(start + inside))?;
                file.read(into)?
            }
            (Piece::Range { .. }, None) => 0,
        };
        self.at += u64::try_from(read).unwrap_or(0);
        Ok(read)
    }
}

impl Seek for Pieces<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.length, by),
            SeekFrom::Current(by) => (self.at, by),
        };
        self.at = from.checked_add_signed(by).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}
