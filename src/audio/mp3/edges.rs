//! Tags in front of, behind and inside an MPEG stream: where they end, so that they are never taken for audio.

use std::io;

use super::super::window::Window;

/// Bytes of a tag that begins at `at`, if one does. A size that leads past the end of the file is cut there.
pub(super) fn tag_at(window: &mut Window<'_>, at: u64) -> io::Result<Option<(TagKind, u64)>> {
    let head = window.peek(at, 32)?;
    if let Some(length) = id3v2_length(head) {
        return Ok(Some((TagKind::Id3v2, length)));
    }
    if head.starts_with(b"APETAGEX") {
        return Ok(ape_length(head).map(|length| (TagKind::Ape, length)));
    }
    Ok(None)
}

/// Which tag it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TagKind {
    Id3v2,
    Ape,
    Id3v1,
    Lyrics,
}

impl TagKind {
    /// The name that people know it by.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id3v2 => "ID3v2",
            Self::Ape => "APEv2",
            Self::Id3v1 => "ID3v1",
            Self::Lyrics => "Lyrics3",
        }
    }
}

/// The whole length of an ID3v2 tag, header and footer included.
pub(in super::super) fn id3v2_length(head: &[u8]) -> Option<u64> {
    let [b'I', b'D', b'3', major, revision, flags, a, b, c, d, ..] = *head else { return None };
    // No later version was ever written; four letters in the audio must not swallow what follows.
    if !(2..=4).contains(&major) || revision == 0xFF || flags & 0x0F != 0 || [a, b, c, d].iter().any(|s| s & 0x80 != 0)
    {
        return None;
    }
    let size = [a, b, c, d].iter().fold(0, |sum, s| sum << 7 | u64::from(*s));
    let footer = if flags & 0x10 != 0 { 10 } else { 0 };
    Some(10 + size + footer)
}

/// The whole length of an APE tag, seen at its header.
fn ape_length(header: &[u8]) -> Option<u64> {
    let size: [u8; 4] = header.get(12..16)?.try_into().ok()?;
    // The size field leaves the header out.
    Some(u64::from(u32::from_le_bytes(size)) + 32)
}

/// A tag behind the audio: which, where it begins, and its length.
pub(super) type Trailer = (TagKind, u64, u64);

/// Where the audio ends once all tags behind it are taken off, and which those are, with place and length.
pub(super) fn strip_trailers(window: &mut Window<'_>, start: u64) -> io::Result<(u64, Vec<Trailer>)> {
    let mut end = window.length();
    let mut found = Vec::new();
    // Each turn takes one tag off; a file with more than this is made of tags alone.
    for _ in 0..32 {
        let Some((kind, length)) = trailer(window, end)? else { break };
        let Some(before) = end.checked_sub(length).filter(|b| *b >= start) else { break };
        found.push((kind, before, length));
        end = before;
    }
    Ok((end, found))
}

fn trailer(window: &mut Window<'_>, end: u64) -> io::Result<Option<(TagKind, u64)>> {
    if let Some(at) = end.checked_sub(128)
        && window.peek(at, 3)? == b"TAG"
    {
        // An enhanced tag of 227 bytes may stand in front of it.
        if let Some(enhanced) = at.checked_sub(227)
            && window.peek(enhanced, 4)? == b"TAG+"
        {
            return Ok(Some((TagKind::Id3v1, 128 + 227)));
        }
        return Ok(Some((TagKind::Id3v1, 128)));
    }
    if let Some(at) = end.checked_sub(32) {
        let footer = window.array::<32>(at)?.unwrap_or_default();
        if footer.starts_with(b"APETAGEX") {
            let [_, _, _, _, _, _, _, _, _, _, _, _, a, b, c, d, _, _, _, _, e, f, g, h, ..] = footer;
            let size = u64::from(u32::from_le_bytes([a, b, c, d]));
            let flags = u32::from_le_bytes([e, f, g, h]);
            let header = if flags >> 31 == 1 { 32 } else { 0 };
            if size >= 32 {
                return Ok(Some((TagKind::Ape, size + header)));
            }
        }
    }
    if let Some(at) = end.checked_sub(15) {
        let footer = window.array::<15>(at)?.unwrap_or_default();
        if footer.ends_with(b"LYRICS200") {
            let digits =
                footer.iter().take(6).try_fold(0_u64, |n, d| d.is_ascii_digit().then(|| n * 10 + u64::from(d - b'0')));
            if let Some(size) = digits {
                return Ok(Some((TagKind::Lyrics, size + 15)));
            }
        }
    }
    if let Some(at) = end.checked_sub(9)
        && window.peek(at, 9)? == b"LYRICSEND"
    {
        return Ok(lyrics_v1(window, end)?.map(|length| (TagKind::Lyrics, length)));
    }
    if let Some(at) = end.checked_sub(10) {
        let footer = window.array::<10>(at)?.unwrap_or_default();
        let [_, _, _, rest @ ..] = footer;
        if footer.starts_with(b"3DI") {
            let [major, revision, flags, a, b, c, d] = rest;
            let as_header = [b'I', b'D', b'3', major, revision, flags, a, b, c, d];
            return Ok(id3v2_length(&as_header).map(|length| (TagKind::Id3v2, length)));
        }
    }
    Ok(None)
}

/// Lyrics3 of the first version has no size: its beginning is searched in the 5100 bytes that it may have.
fn lyrics_v1(window: &mut Window<'_>, end: u64) -> io::Result<Option<u64>> {
    let from = end.saturating_sub(5100 + 20);
    let wanted = usize::try_from(end - from).unwrap_or(0);
    let stretch = window.peek(from, wanted)?;
    let begin = stretch.windows(11).position(|w| w == b"LYRICSBEGIN");
    Ok(begin.and_then(|at| Some(end - from - u64::try_from(at).ok()?)))
}
