//! An M4A with words and chapters of ours: a new index in front, then the very media of the recording.

use std::path::Path;

use super::super::bytes::Reader;
use super::super::{Source, Unreadable};
use super::atom::Atom;
use super::author;
use super::tree::{Content, Node};
use crate::audio::tag::{NewTag, Retagged};
use crate::model::artifact::Piece;
use crate::model::show::KeepTags;

/// No index is larger: a day of AAC has six megabytes.
const LARGEST_INDEX: u64 = 64 << 20;

/// Plans the enclosure of an M4A recording. `path` is what the ranges of the plan name.
///
/// # Errors
/// Where the file is in fragments, or its index cannot be written anew.
pub fn repack(source: &mut dyn Source, path: &Path, tag: &NewTag<'_>, keep: KeepTags) -> Result<Retagged, Unreadable> {
    let mut reader = Reader::new(source)?;
    let top = top_level(&mut reader);
    let odd = || {
        Unreadable::new("The index (moov) of this file cannot be written anew.")
            .help("Export the recording again, as M4A or MP3.")
    };
    if top.iter().any(|a| &a.kind == b"moof") {
        return Err(Unreadable::new("The file is cut into fragments, which cannot be given chapters.")
            .help("Write it anew without them: `ffmpeg -i in.m4a -c copy -movflags +faststart out.m4a`."));
    }
    let index = top.iter().find(|a| &a.kind == b"moov").filter(|a| a.end - a.start <= LARGEST_INDEX).ok_or_else(odd)?;
    let bytes = reader.long(index.start, index.end - index.start, usize::MAX);
    let mut tree = Node::read_all(&bytes).ok_or_else(odd)?.into_iter().next().ok_or_else(odd)?;
    let mut dropped = Vec::new();
    let id = chapters_out(&mut tree).ok_or_else(odd)?;
    user_data(&mut tree, tag, keep, &mut dropped).ok_or_else(odd)?;

    // What goes out, in the order of the file; the index comes first.
    let kept: Vec<&Atom> = top
        .iter()
        .filter(|a| match &a.kind {
            b"mdat" => true,
            b"uuid" | b"meta" => keep == KeepTags::All,
            _ => false,
        })
        .collect();
    let kind = top
        .iter()
        .find(|a| &a.kind == b"ftyp")
        .map(|a| reader.upto(a.start, usize::try_from(a.end - a.start).unwrap_or(0)).to_vec());
    let texts: Vec<u8> = author::samples(tag.chapters).concat();
    let media: u64 = kept.iter().map(|a| a.end - a.start).sum();
    let scale = tree.find(&[b"mvhd"]).and_then(movie_scale).ok_or_else(odd)?;
    // The offsets' width decides the size of the index, so it is decided by the size of everything else.
    let wide = media + u64::try_from(bytes.len()).unwrap_or(0) + (16 << 20) > u64::from(u32::MAX);
    if wide {
        widen(&mut tree);
    }
    let mut movie = author::Movie { scale, id, offset: 0 };
    let track = author::track(tag.chapters, movie).ok_or_else(odd)?;
    let before = kind.as_ref().map_or(0, Vec::len) + tree.size() + track.size();
    let text_at = u64::try_from(before).map_err(|_| odd())? + 8;
    movie.offset = text_at;
    tree.nodes_mut().ok_or_else(odd)?.push(author::track(tag.chapters, movie).ok_or_else(odd)?);
    let mut at = text_at + u64::try_from(texts.len()).map_err(|_| odd())?;
    let mut moves = Vec::new();
    for atom in &kept {
        moves.push(Move { from: atom.start, until: atom.end, to: at });
        at += atom.end - atom.start;
    }
    shift(&mut tree, &moves, id).ok_or_else(odd)?;

    let mut head = kind.unwrap_or_default();
    tree.write(&mut head).ok_or_else(odd)?;
    Node::leaf(b"mdat", texts).write(&mut head).ok_or_else(odd)?;
    let mut pieces = vec![Piece::Bytes(head)];
    pieces.extend(kept.iter().map(|a| Piece::Range {
        source: path.to_owned(),
        start: a.start,
        length: a.end - a.start,
    }));
    for atom in top.iter().filter(|a| matches!(&a.kind, b"uuid" | b"meta") && keep == KeepTags::Known) {
        dropped.push(String::from_utf8_lossy(&atom.kind).into_owned());
    }
    Ok(Retagged { pieces, dropped })
}

fn top_level(reader: &mut Reader<'_>) -> Vec<Atom> {
    let mut atoms = Vec::new();
    let mut at = super::super::flac::after_id3(reader);
    let size = reader.size();
    while let Some(atom) = Atom::read(reader, at, size).filter(|_| atoms.len() < 10_000) {
        at = atom.end;
        atoms.push(atom);
    }
    atoms
}

/// Takes old chapters out, and refers the audio to the new track, whose id comes back.
fn chapters_out(tree: &mut Node) -> Option<u32> {
    let nodes = tree.nodes_mut()?;
    let old: Vec<u32> = nodes
        .iter()
        .filter_map(|n| n.find(&[b"tref", b"chap"]))
        .flat_map(|chap| chap.bytes().chunks_exact(4).filter_map(|b| b.first_chunk().map(|b| u32::from_be_bytes(*b))))
        .collect();
    nodes.retain(|n| &n.kind != b"trak" || track_id(n).is_none_or(|id| !old.contains(&id)));
    let id = nodes.iter().filter_map(track_id).max().unwrap_or(0).checked_add(1)?;
    for track in nodes.iter_mut().filter(|n| &n.kind == b"trak") {
        if let Some(references) = track.find_mut(&[b"tref"]).and_then(Node::nodes_mut) {
            references.retain(|n| &n.kind != b"chap");
        }
        track.nodes_mut()?.retain(|n| &n.kind != b"tref" || !n.nodes().is_empty());
    }
    let audio = nodes.iter_mut().find(|n| handler(n) == Some(*b"soun"))?;
    let reference = Node::leaf(b"chap", id.to_be_bytes().to_vec());
    match audio.find_mut(&[b"tref"]).and_then(Node::nodes_mut) {
        Some(references) => references.push(reference),
        None => {
            let parts = audio.nodes_mut()?;
            // Behind the header and the edits, as Apple's own files have it.
            let place = parts.iter().position(|n| &n.kind == b"mdia").unwrap_or(parts.len());
            parts.insert(place, Node::of(b"tref", vec![reference]));
        }
    }
    let movie = nodes.iter_mut().find(|n| &n.kind == b"mvhd")?;
    if let Content::Bytes(bytes) = &mut movie.content {
        let next = bytes.len().checked_sub(4)?;
        bytes.get_mut(next..)?.copy_from_slice(&id.checked_add(1)?.to_be_bytes());
    }
    Some(id)
}

fn track_id(track: &Node) -> Option<u32> {
    let header = track.find(&[b"tkhd"])?.bytes();
    let at = if header.first() == Some(&1) { 20 } else { 12 };
    header.get(at..)?.first_chunk().map(|b| u32::from_be_bytes(*b)).filter(|_| &track.kind == b"trak")
}

fn handler(track: &Node) -> Option<[u8; 4]> {
    track.find(&[b"mdia", b"hdlr"])?.bytes().get(8..)?.first_chunk().copied()
}

fn movie_scale(header: &Node) -> Option<u32> {
    let bytes = header.bytes();
    let at = if bytes.first() == Some(&1) { 20 } else { 12 };
    bytes.get(at..)?.first_chunk().map(|b| u32::from_be_bytes(*b)).filter(|n| *n > 0)
}

/// Puts our words and the Nero list in the place of their like; what others wrote stays, as far as it is wanted.
fn user_data(tree: &mut Node, tag: &NewTag<'_>, keep: KeepTags, dropped: &mut Vec<String>) -> Option<()> {
    let nodes = tree.nodes_mut()?;
    let mut data: Vec<Node> = match nodes.iter().position(|n| &n.kind == b"udta") {
        Some(at) => match nodes.remove(at).content {
            Content::Nodes(nodes) => nodes,
            // User data that is no list of boxes is of no use to anybody.
            Content::Bytes(_) => Vec::new(),
        },
        None => Vec::new(),
    };
    let mut items = author::items(tag);
    for meta in data.iter().filter(|n| &n.kind == b"meta") {
        for item in old_items(meta) {
            if author::OURS.contains(&&item.kind) {
                continue;
            }
            // Apple's words on gapless play are part of how long it is.
            let needed = item.bytes().windows(8).any(|w| w == b"iTunSMPB");
            if keep == KeepTags::All || &item.kind != b"----" || needed {
                items.push(item);
            } else {
                dropped.push(String::from_utf8_lossy(&item.kind).into_owned());
            }
        }
    }
    data.retain(|n| !matches!(&n.kind, b"meta" | b"chpl"));
    data.push(author::meta(items)?);
    // More chapters than the list can hold are in the text track alone.
    data.extend(author::list(tag.chapters));
    nodes.push(Node::of(b"udta", data));
    Some(())
}

fn old_items(meta: &Node) -> Vec<Node> {
    let bytes = meta.bytes();
    // QuickTime writes `meta` without version and flags.
    let within = bytes.get(4..).and_then(Node::read_all).or_else(|| Node::read_all(bytes)).unwrap_or_default();
    within.into_iter().filter(|n| &n.kind == b"ilst").flat_map(|n| n.nodes().to_vec()).map(flat).collect()
}

/// An item as bytes, whatever was read into.
fn flat(node: Node) -> Node {
    match node.content {
        Content::Bytes(_) => node,
        Content::Nodes(nodes) => {
            let mut bytes = Vec::new();
            nodes.iter().for_each(|n| {
                let _ = n.write(&mut bytes);
            });
            Node::leaf(&node.kind, bytes)
        }
    }
}

/// Media that stood in one place and stands in another.
struct Move {
    from: u64,
    until: u64,
    to: u64,
}

/// Makes every chunk offset one of 64 bits.
fn widen(tree: &mut Node) {
    for track in tree.nodes_mut().into_iter().flatten() {
        let Some(table) = track.find_mut(&[b"mdia", b"minf", b"stbl"]).and_then(Node::nodes_mut) else { continue };
        for node in table.iter_mut().filter(|n| &n.kind == b"stco") {
            let (head, offsets) = node.bytes().split_at(node.bytes().len().min(8));
            let mut bytes = head.to_vec();
            for offset in offsets.chunks_exact(4) {
                bytes.extend_from_slice(&[0; 4]);
                bytes.extend_from_slice(offset);
            }
            *node = Node::leaf(b"co64", bytes);
        }
    }
}

/// Corrects every chunk offset of the tracks that were there. `None` where one points at nothing that is kept.
fn shift(tree: &mut Node, moves: &[Move], ours: u32) -> Option<()> {
    let moved = |offset: u64| {
        let found = moves.iter().find(|m| m.from <= offset && offset < m.until)?;
        Some(found.to + (offset - found.from))
    };
    for track in tree.nodes_mut()?.iter_mut().filter(|n| track_id(n).is_some_and(|id| id != ours)) {
        let Some(table) = track.find_mut(&[b"mdia", b"minf", b"stbl"]).and_then(Node::nodes_mut) else { continue };
        for node in table {
            let width = match &node.kind {
                b"stco" => 4,
                b"co64" => 8,
                _ => continue,
            };
            let Content::Bytes(bytes) = &mut node.content else { continue };
            for place in bytes.get_mut(8..)?.chunks_exact_mut(width) {
                let old = place.iter().fold(0_u64, |n, b| n << 8 | u64::from(*b));
                let new = moved(old)?.to_be_bytes();
                place.copy_from_slice(new.get(8 - width..)?);
            }
        }
    }
    Some(())
}
