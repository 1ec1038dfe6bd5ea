//! An Ogg file with words, a cover and chapters of ours: new header pages, then the very packets of the recording.
//!
//! Pages are numbered, so where the headers take more or fewer pages than before, every page behind them gets a new
//! number and with it a new checksum (RFC 3533); its packets stay as they are.

use std::path::Path;

use super::super::bytes::Reader;
use super::super::tag::{NewTag, Retagged};
use super::super::{Source, Unreadable, vorbis_comment};
use super::page::{Found, Page, look, pages_of};
use super::stream::{Header, Stream};
use crate::model::artifact::Piece;
use crate::model::audio::Codec;
use crate::model::show::KeepTags;

/// More headers than any stream has.
const MOST_HEADERS: usize = 100;
/// Comments with large pictures; more is no header.
const LONGEST_HEADERS: usize = 32 << 20;

/// Plans the file. `path` is what the ranges of the plan name.
///
/// # Errors
/// Where it is damaged, or more than one stream is in it.
pub fn repack(source: &mut dyn Source, path: &Path, tag: &NewTag<'_>, keep: KeepTags) -> Result<Retagged, Unreadable> {
    let mut reader = Reader::new(source)?;
    let begin = super::super::flac::after_id3(&mut reader);
    let (first, mut at) = page_at(&mut reader, begin).ok_or_else(odd)?;
    let packet = first.pieces().first().map(|(piece, _)| piece.to_vec()).unwrap_or_default();
    let mut stream = Stream::read(&packet).ok_or_else(odd)?;
    let front = at - begin;
    let (packets, next, pages) = headers(&mut reader, at, first.serial, &mut stream).ok_or_else(odd)?;
    at = next;
    let (packets, dropped) = renewed(packets, &stream, tag, keep).ok_or_else(odd)?;
    let (bytes, count) = pages_of(&packets, first.serial, first.sequence.wrapping_add(1));
    let mut pieces = vec![Piece::Range { source: path.to_owned(), start: begin, length: front }, Piece::Bytes(bytes)];
    if count == pages {
        let length = reader.size() - at;
        pieces.push(Piece::Range { source: path.to_owned(), start: at, length });
    } else {
        let mut sequence = first.sequence.wrapping_add(1).wrapping_add(count);
        while at < reader.size() {
            let (page, next) = page_at(&mut reader, at).filter(|(p, _)| p.serial == first.serial).ok_or_else(odd)?;
            let (header, length) = page.renumbered(sequence);
            pieces.push(Piece::Bytes(header));
            pieces.push(Piece::Range { source: path.to_owned(), start: next - length, length });
            (at, sequence) = (next, sequence.wrapping_add(1));
        }
    }
    reader.finish()?;
    Ok(Retagged { pieces, dropped })
}

fn odd() -> Unreadable {
    Unreadable::new("The headers of this Ogg file cannot be written anew.")
}

fn page_at(reader: &mut Reader<'_>, at: u64) -> Option<(Page, u64)> {
    match look(reader, at) {
        Found::Page(page, next) => Some((*page, next)),
        _ => None,
    }
}

/// The header packets behind the first, where the audio begins, and how many pages they take.
fn headers(reader: &mut Reader<'_>, mut at: u64, serial: u32, stream: &mut Stream) -> Option<(Vec<Vec<u8>>, u64, u32)> {
    let (mut packets, mut open, mut pages, mut bytes) = (Vec::new(), Vec::new(), 0, 0);
    while packets.len() < MOST_HEADERS && bytes < LONGEST_HEADERS {
        let (page, next) = page_at(reader, at).filter(|(p, _)| p.serial == serial)?;
        (at, pages) = (next, pages + 1);
        let mut over = false;
        for (piece, ends) in page.pieces() {
            // Audio begins on a page of its own.
            if over {
                return None;
            }
            open.extend_from_slice(piece);
            bytes += piece.len();
            if ends {
                let packet = std::mem::take(&mut open);
                let (kind, last) = stream.header(packets.len() + 1, &packet);
                if matches!(kind, Header::Audio) {
                    return None;
                }
                packets.push(packet);
                over = last;
            }
        }
        if over {
            return Some((packets, at, pages));
        }
    }
    None
}

/// The same with new comments.
fn renewed(
    mut packets: Vec<Vec<u8>>,
    stream: &Stream,
    tag: &NewTag<'_>,
    keep: KeepTags,
) -> Option<(Vec<Vec<u8>>, Vec<String>)> {
    let head: &[u8] = match stream.codec {
        Codec::Opus => b"OpusTags",
        Codec::Vorbis => b"\x03vorbis",
        // FLAC's are in a metadata block, whose head has their length.
        _ => b"",
    };
    let place = match stream.codec {
        Codec::Flac => packets.iter().position(|p| p.first().is_some_and(|kind| kind & 0x7F == 4))?,
        _ => packets.iter().position(|p| p.starts_with(head))?,
    };
    let packet = packets.get_mut(place)?;
    let skip = if stream.codec == Codec::Flac { 4 } else { head.len() };
    let (block, dropped) = vorbis_comment::write(tag, packet.get(skip..)?, keep)?;
    let mut renewed = match stream.codec {
        Codec::Flac => {
            let [0, a, b, c] = u32::try_from(block.len()).ok()?.to_be_bytes() else { return None };
            vec![*packet.first()?, a, b, c]
        }
        _ => head.to_vec(),
    };
    renewed.extend(block);
    if stream.codec == Codec::Vorbis {
        // The framing bit.
        renewed.push(1);
    }
    *packet = renewed;
    Some((packets, dropped))
}
