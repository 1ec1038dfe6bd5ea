//! The boxes that we write: words, the Nero list, and the text track that Apple's players read chapters from.
//!
//! Layout after Apple's QuickTime File Format and what AVFoundation demands of chapter tracks (one `stts` entry for each
//! sample, an edit list, `encd` behind every text); Nero's list in version 1, the only one that all readers get right.

use super::tree::Node;
use crate::audio::tag::NewTag;
use crate::model::chapter::ChapterList;
use crate::model::time::{Duration, Timestamp};

/// AntennaPod reads the length of a title as signed and ends the list at a longer one.
const LONGEST_LISTED: usize = 127;
/// Readers of text tracks cap titles here (mp4v2).
const LONGEST_TITLE: usize = 1023;

/// Names of items that ours replace.
pub(super) const OURS: &[&[u8; 4]] =
    &[b"\xA9nam", b"\xA9alb", b"\xA9ART", b"\xA9wrt", b"\xA9day", b"\xA9gen", b"\xA9cmt", b"desc", b"covr"];

/// The items of `ilst` that say what the enclosure is.
pub(super) fn items(tag: &NewTag<'_>) -> Vec<Node> {
    let mut items = Vec::new();
    let mut text = |kind: &[u8; 4], value: &str| {
        if !value.is_empty() {
            items.push(item(kind, 1, value.as_bytes()));
        }
    };
    text(b"\xA9nam", tag.title);
    text(b"\xA9alb", tag.show);
    text(b"\xA9ART", &tag.authors.join(", "));
    text(b"\xA9wrt", &tag.narrators.join(", "));
    text(b"\xA9day", &tag.date.map(|d| d.to_string()).unwrap_or_default());
    text(b"\xA9gen", "Podcast");
    text(b"\xA9cmt", tag.comment.unwrap_or_default());
    text(b"desc", tag.comment.unwrap_or_default());
    items.extend(tag.cover.map(|jpeg| item(b"covr", 13, jpeg)));
    items
}

fn item(kind: &[u8; 4], type_code: u32, value: &[u8]) -> Node {
    let mut data = type_code.to_be_bytes().to_vec();
    data.extend_from_slice(&[0; 4]);
    data.extend_from_slice(value);
    // Items hold a `data` box each; as bytes, because items of others may hold anything.
    let mut bytes = Vec::new();
    let _ = Node::leaf(b"data", data).write(&mut bytes);
    Node::leaf(kind, bytes)
}

/// `meta` with its handler and the items.
pub(super) fn meta(items: Vec<Node>) -> Option<Node> {
    let mut bytes = vec![0; 4];
    let mut handler = vec![0; 8];
    handler.extend_from_slice(b"mdirappl");
    handler.extend_from_slice(&[0; 9]);
    Node::leaf(b"hdlr", handler).write(&mut bytes)?;
    Node::of(b"ilst", items).write(&mut bytes)?;
    Some(Node::leaf(b"meta", bytes))
}

/// The Nero list, version 1: starts in units of 100 nanoseconds. At most 255 entries.
pub(super) fn list(chapters: &ChapterList) -> Option<Node> {
    let count = u8::try_from(chapters.chapters().len()).ok()?;
    let mut bytes = vec![1, 0, 0, 0, 0, 0, 0, 0, count];
    for chapter in chapters.chapters() {
        let title = cut(chapter.title.as_str(), LONGEST_LISTED);
        bytes.extend_from_slice(&chapter.start.millis().checked_mul(10_000)?.to_be_bytes());
        bytes.push(u8::try_from(title.len()).ok()?);
        bytes.extend_from_slice(title.as_bytes());
    }
    Some(Node::leaf(b"chpl", bytes))
}

/// A text cut at a character, to so many bytes.
fn cut(text: &str, longest: usize) -> &str {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.split_at(end).0
}

/// The samples of the text track, one for each chapter.
pub(super) fn samples(chapters: &ChapterList) -> Vec<Vec<u8>> {
    let sample = |title: &str| {
        let title = cut(title, LONGEST_TITLE);
        let mut bytes = u16::try_from(title.len()).unwrap_or(0).to_be_bytes().to_vec();
        bytes.extend_from_slice(title.as_bytes());
        // Says that the text is UTF-8.
        bytes.extend_from_slice(&[0, 0, 0, 12, b'e', b'n', b'c', b'd', 0, 0, 1, 0]);
        bytes
    };
    chapters.chapters().iter().map(|c| sample(c.title.as_str())).collect()
}

/// What the text track has to know of the movie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Movie {
    /// Ticks of a second of the movie.
    pub(super) scale: u32,
    /// The id that the track gets.
    pub(super) id: u32,
    /// Where its samples stand in the file.
    pub(super) offset: u64,
}

/// The text track. It ends with the recording.
pub(super) fn track(chapters: &ChapterList, movie: Movie) -> Option<Node> {
    let total = chapters.duration();
    let ticks = u32::try_from(scaled(total, movie.scale)).ok()?;
    let millis = u32::try_from(total.millis()).ok()?;
    let samples = samples(chapters);
    let count = u32::try_from(samples.len()).ok()?;

    let mut header = vec![0, 0, 0, 2];
    words(&mut header, &[0, 0, movie.id, 0, ticks, 0, 0, 0, 0]);
    words(&mut header, MATRIX);
    words(&mut header, &[0, 0]);
    let mut edit = vec![0; 4];
    words(&mut edit, &[1, ticks, 0, 0x0001_0000]);

    let mut media = vec![0; 4];
    words(&mut media, &[0, 0, 1000, millis, 0x55C4_0000]);
    let mut handler = vec![0; 8];
    handler.extend_from_slice(b"text");
    handler.extend_from_slice(&[0; 13]);

    let mut graphics = vec![0; 4];
    graphics.extend_from_slice(&[0, 0x40, 0x80, 0, 0x80, 0, 0x80, 0, 0, 0, 0, 0]);
    let mut matrix = Vec::new();
    words(&mut matrix, MATRIX);
    let base = Node::of(b"gmhd", vec![Node::leaf(b"gmin", graphics), Node::leaf(b"text", matrix)]);
    let mut reference = vec![0; 4];
    words(&mut reference, &[1, 12]);
    reference.extend_from_slice(b"url \0\0\0\x01");
    let data = Node::of(b"dinf", vec![Node::leaf(b"dref", reference)]);

    let mut description = vec![0; 4];
    words(&mut description, &[1]);
    // Six reserved bytes, the data reference, then display flags, justification, colours, a box, and an empty font.
    let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1];
    words(&mut entry, &[1, 1]);
    entry.extend_from_slice(&[0; 35]);
    Node::leaf(b"text", entry).write(&mut description)?;

    let mut times = vec![0; 4];
    words(&mut times, &[count]);
    for (chapter, end) in chapters.spans() {
        words(&mut times, &[1, u32::try_from(length(chapter.start, end).millis()).ok()?]);
    }
    let mut sizes = vec![0; 4];
    words(&mut sizes, &[0, count]);
    for sample in &samples {
        words(&mut sizes, &[u32::try_from(sample.len()).ok()?]);
    }
    let mut chunks = vec![0; 4];
    words(&mut chunks, &[1, 1, count, 1]);
    let mut offsets = vec![0; 4];
    words(&mut offsets, &[1]);
    offsets.extend_from_slice(&movie.offset.to_be_bytes());
    let table = Node::of(
        b"stbl",
        vec![
            Node::leaf(b"stsd", description),
            Node::leaf(b"stts", times),
            Node::leaf(b"stsc", chunks),
            Node::leaf(b"stsz", sizes),
            Node::leaf(b"co64", offsets),
        ],
    );
    let inner = Node::of(b"minf", vec![base, data, table]);
    Some(Node::of(
        b"trak",
        vec![
            Node::leaf(b"tkhd", header),
            Node::of(b"edts", vec![Node::leaf(b"elst", edit)]),
            Node::of(b"mdia", vec![Node::leaf(b"mdhd", media), Node::leaf(b"hdlr", handler), inner]),
        ],
    ))
}

/// The identity, in the fixed point that headers use.
const MATRIX: &[u32] = &[0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000];

fn words(out: &mut Vec<u8>, words: &[u32]) {
    words.iter().for_each(|w| out.extend_from_slice(&w.to_be_bytes()));
}

fn scaled(length: Duration, scale: u32) -> u64 {
    (length.millis() * u64::from(scale) + 500) / 1000
}

fn length(start: Timestamp, end: Timestamp) -> Duration {
    end.since(start).unwrap_or(Duration::ZERO)
}
