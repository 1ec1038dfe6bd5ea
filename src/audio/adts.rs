//! Bare AAC streams (ADTS, ISO 13818-7 and 14496-3): walked frame by frame, without decoding.
//!
//! A stream does not say its length and states no delay: what is there is what plays. With spectral band replication
//! the header gives the rate of the core; lengths are counted at twice that, as a decoder gives them.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap
)]

use std::io;

use super::window::Window;
use super::{Excerpt, Source, Unreadable, Walk, id3, mp3};
use crate::model::audio::{Claim, Claimed, Codec, Container, Damage, Measured, Recording};
use crate::model::time::{Duration, Frames, SampleRate};

/// Rates by index (ISO 14496-3, table 1.18).
const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/// Sample frames of one raw data block.
const BLOCK: u64 = 1024;
/// Frames that are looked into for spectral band replication.
const LOOKED_INTO: u64 = 64;
/// Damage beyond this many places is all one damage.
const MOST_EVENTS: usize = 1_000;

/// The seven bytes in front of every frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Header {
    /// Version, profile, rate and channels: what all frames of a stream share.
    kind: u32,
    profile: u8,
    rate: SampleRate,
    channels: u16,
    /// Bytes of the frame, header included.
    length: u64,
    /// Bytes of the header.
    size: u64,
    blocks: u64,
}

impl Header {
    fn parse(bytes: [u8; 7]) -> Option<Self> {
        let [a, b, c, d, e, f, g] = bytes.map(u32::from);
        if a != 0xFF || b & 0xF6 != 0xF0 {
            return None;
        }
        let rate = RATES.get(usize::try_from(c >> 2 & 15).ok()?).and_then(|hz| SampleRate::new(*hz))?;
        let configuration = (c & 1) << 2 | d >> 6;
        let channels = match configuration {
            0 => 2,
            7 => 8,
            n => u16::try_from(n).ok()?,
        };
        let size = if b & 1 == 1 { 7 } else { 9 };
        let length = u64::from((d & 3) << 11 | e << 3 | f >> 5);
        (length > size).then(|| Self {
            kind: (b & 0x08) << 16 | (c & 0xFD) << 8 | configuration,
            profile: u8::try_from(c >> 6).unwrap_or(0),
            rate,
            channels,
            length,
            size,
            blocks: u64::from(g & 3) + 1,
        })
    }
}

/// Whether a file begins with two frames of one stream.
pub(super) fn recognise(head: &[u8]) -> bool {
    let at = |from: usize| head.get(from..).and_then(|h| h.first_chunk()).copied().and_then(Header::parse);
    let Some(first) = at(0) else { return false };
    let Ok(next) = usize::try_from(first.length) else { return false };
    next + 7 > head.len() || at(next).is_some_and(|h| h.kind == first.kind)
}

/// Counts every frame of a stream.
pub(super) fn walk(source: &mut dyn Source) -> Result<Walk, Unreadable> {
    let failed = |e: io::Error| Unreadable::new(format!("The file cannot be read to its end: {e}."));
    let mut window = Window::new(source).map_err(failed)?;
    let mut tags = id3::Facts::default();
    let mut start = 0;
    while let Some(length) = mp3::id3v2_length(window.peek(start, 10).map_err(failed)?) {
        let wanted = usize::try_from(length).unwrap_or(usize::MAX).min(id3::LARGEST);
        tags.add(&window.copy(start, wanted).map_err(failed)?);
        start = start.saturating_add(length);
    }
    let stream = Stream::count(&mut window, start).map_err(failed)?;
    let Some(first) = stream.first else {
        return Err(Unreadable::new("There is no AAC frame in this file.").help("Export the recording again."));
    };
    let replicated = stream.looked > 0 && stream.replicated * 2 > stream.looked;
    let factor = if replicated { 2 } else { 1 };
    let rate = SampleRate::new(first.rate.hz().saturating_mul(factor)).unwrap_or(first.rate);
    let frames = Frames::new(stream.blocks.saturating_mul(BLOCK * u64::from(factor)));
    let at = |blocks: u64| Frames::new(blocks.saturating_mul(BLOCK * u64::from(factor))).timestamp(rate);
    let mut damage: Vec<Damage> = stream
        .junk
        .iter()
        .map(|(blocks, offset, bytes)| Damage::Junk { at: at(*blocks), offset: *offset, bytes: *bytes })
        .collect();
    if let Some(blocks) = stream.changed {
        damage.push(Damage::Glued { at: at(blocks), what: "the stream changes its rate, channels or profile".into() });
    }
    if stream.cut {
        damage.push(Damage::Truncated { at: at(stream.blocks), lost: None });
    }
    damage.extend(tags.damage(false));
    let seconds = frames.duration(rate).millis().max(1);
    let bits = u128::from(stream.bytes) * 8000 / u128::from(seconds);
    let recording = Recording {
        container: Container::Adts,
        codec: match (replicated, first.profile) {
            (true, _) => Codec::HeAac,
            (false, 1) => Codec::AacLc,
            (false, profile) => Codec::Other(format!("aac profile {profile}")),
        },
        size: window.length(),
        sample_rate: rate,
        channels: first.channels,
        bit_rate: u32::try_from(bits).ok(),
        frames: Measured(frames),
        claims: tags.stated_length.map(claim).into_iter().collect(),
        damage,
        tags: tags.text,
        private_tags: tags.private,
        chapters: tags.chapters.into_iter().collect(),
        hearing: None,
    };
    Ok(Walk { recording, lead: Frames::ZERO, silence: Frames::ZERO, excerpt: Excerpt::default() })
}

fn claim(length: Duration) -> Claim {
    Claim { by: "TLEN".into(), duration: Claimed(length) }
}

/// What was counted.
#[derive(Default)]
struct Stream {
    first: Option<Header>,
    blocks: u64,
    bytes: u64,
    /// Where junk stands: blocks before it, offset, bytes.
    junk: Vec<(u64, u64, u64)>,
    changed: Option<u64>,
    cut: bool,
    looked: u64,
    replicated: u64,
}

impl Stream {
    fn count(window: &mut Window<'_>, start: u64) -> io::Result<Self> {
        let mut stream = Self::default();
        let end = window.length();
        let mut at = start;
        while at < end {
            let header = window.array::<7>(at)?.and_then(Header::parse);
            let Some(header) = header.filter(|h| stream.first.is_none_or(|f| f.kind == h.kind)) else {
                let from = at;
                at = next_frame(window, at, end)?;
                if stream.junk.len() < MOST_EVENTS && window.peek(from, 3)? != b"TAG" {
                    stream.junk.push((stream.blocks, from, at - from));
                }
                let other = window.array::<7>(at)?.and_then(Header::parse);
                if let (Some(first), Some(other)) = (stream.first, other)
                    && other.kind != first.kind
                {
                    stream.changed = stream.changed.or(Some(stream.blocks));
                    stream.first = Some(Header { rate: first.rate, channels: first.channels, ..other });
                }
                continue;
            };
            if at + header.length > end {
                stream.cut = true;
                break;
            }
            if stream.looked < LOOKED_INTO {
                let length = usize::try_from(header.length).unwrap_or(0);
                let size = usize::try_from(header.size).unwrap_or(0);
                let frame = window.peek(at, length)?;
                stream.looked += 1;
                stream.replicated += u64::from(frame.get(size..).is_some_and(has_replication));
            }
            stream.first = stream.first.or(Some(header));
            stream.blocks += header.blocks;
            stream.bytes += header.length;
            at += header.length;
        }
        Ok(stream)
    }
}

/// Where the next frame begins that another frame of its kind follows; the end where none does.
fn next_frame(window: &mut Window<'_>, at: u64, end: u64) -> io::Result<u64> {
    let mut at = at + 1;
    while at < end {
        let stretch = window.peek(at, 4096)?;
        let Some(skip) = stretch.iter().position(|b| *b == 0xFF) else {
            at += u64::try_from(stretch.len().max(1)).unwrap_or(1);
            continue;
        };
        at += u64::try_from(skip).unwrap_or(0);
        if let Some(header) = window.array::<7>(at)?.and_then(Header::parse) {
            let next = at + header.length;
            let follows = window.array::<7>(next)?.and_then(Header::parse).is_some_and(|h| h.kind == header.kind);
            if follows || next == end {
                return Ok(at);
            }
        }
        at += 1;
    }
    Ok(end)
}

/// Whether a raw data block ends in a fill element with spectral band replication (ISO 14496-3, 4.4.2.7).
///
/// What comes before cannot be skipped without decoding it, so the element is searched from the end: `110`, a count of
/// 15 and eight more bits, an extension type of 13 or 14, and that count of bytes up to the `111` that ends the block.
/// One frame in a hundred looks so by chance; with replication all do.
pub(super) fn has_replication(block: &[u8]) -> bool {
    let bits = |at: usize, count: usize| {
        (at..at + count).try_fold(0_usize, |value, i| {
            let byte = block.get(i / 8)?;
            Some(value << 1 | usize::from(byte >> (7 - i % 8) & 1))
        })
    };
    let total = block.len() * 8;
    (0..8).filter_map(|padding| total.checked_sub(padding + 3)).filter(|end| bits(*end, 3) == Some(7)).any(|end| {
        (15..=269).any(|count| {
            let Some(begin) = end.checked_sub(15 + 8 * count) else { return false };
            bits(begin, 7) == Some(0b110_1111)
                && bits(begin + 7, 8) == Some(count - 14)
                && matches!(bits(begin + 15, 4), Some(13 | 14))
        })
    })
}

#[cfg(test)]
#[allow(clippy::cast_possible_truncation, reason = "bits that are meant to be cut")]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// A frame of low complexity at 44.1 kHz, mono, with so many bytes of payload.
    fn frame(payload: usize) -> Vec<u8> {
        let length = payload + 7;
        let mut bytes =
            vec![0xFF, 0xF1, 0x50, 0x40 | (length >> 11) as u8, (length >> 3) as u8, (length << 5) as u8 | 0x1F, 0xFC];
        bytes.resize(length, 0x21);
        bytes
    }

    fn stream(count: usize) -> Vec<u8> {
        (0..count).flat_map(|i| frame(90 + i % 7)).collect()
    }

    fn walked(bytes: &[u8]) -> Recording {
        walk(&mut Cursor::new(bytes.to_vec())).expect("a stream").recording
    }

    #[test]
    fn frames_are_counted_whatever_stands_around_them() {
        let whole = walked(&stream(50));
        assert_eq!((whole.frames.0, whole.sample_rate.hz(), whole.channels), (Frames::new(51_200), 44_100, 1));
        assert_eq!((whole.codec, whole.damage), (Codec::AacLc, vec![]));

        let mut tagged = b"ID3\x04\x00\x00\x00\x00\x00\x05\0\0\0\0\0".to_vec();
        tagged.extend(stream(50));
        assert_eq!(walked(&tagged).frames.0, Frames::new(51_200));

        let mut cut = stream(50);
        cut.truncate(cut.len() - 20);
        let cut = walked(&cut);
        assert_eq!(cut.frames.0, Frames::new(50_176));
        assert!(matches!(cut.damage.as_slice(), [Damage::Truncated { .. }]), "{:?}", cut.damage);

        let mut junk = stream(20);
        let place = junk.len() as u64;
        junk.extend([0x55; 300]);
        junk.extend(stream(30));
        let junk = walked(&junk);
        assert_eq!(junk.frames.0, Frames::new(51_200));
        assert!(matches!(junk.damage.as_slice(), [Damage::Junk { offset, bytes: 300, .. }] if *offset == place));
    }

    #[test]
    fn a_fill_element_with_replication_is_seen_from_the_end() {
        let count = 30_usize;
        let mut bits: Vec<u8> = vec![0; 77];
        bits.extend([1, 1, 0, 1, 1, 1, 1]);
        bits.extend((0..8).rev().map(|i| ((count - 14) >> i & 1) as u8));
        bits.extend([1, 1, 0, 1]);
        bits.extend(vec![0; count * 8 - 4]);
        bits.extend([1, 1, 1]);
        bits.resize(bits.len().div_ceil(8) * 8, 0);
        let bytes: Vec<u8> = bits.chunks(8).map(|c| c.iter().fold(0, |b, bit| b << 1 | bit)).collect();
        assert!(has_replication(&bytes));
        assert!(!has_replication(&[0x21; 120]));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0..900_usize) {
            let mut mixed = stream(10);
            let at = at.min(mixed.len());
            mixed.splice(at..at, bytes.clone());
            let _ = walk(&mut Cursor::new(mixed));
            let _ = walk(&mut Cursor::new(bytes));
        }
    }
}
