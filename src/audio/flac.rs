//! Native FLAC (RFC 9639): STREAMINFO says how long the stream is; the last whole frame proves it or gives the lie.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

mod frames;
mod repack;

pub use self::repack::repack;

use super::bytes::{Bytes, LONGEST, Reader, bit_rate};
use super::{Excerpt, Source, Unreadable, Walk};
use crate::model::audio::{Claim, Claimed, Codec, Container, Damage, Measured, PrivateTag, Recording};
use crate::model::time::{Frames, SampleRate};

/// More metadata blocks than any program writes.
const MOST_BLOCKS: usize = 1000;
/// How far back from the end a last frame is looked for; no encoder writes frames of a fraction of this size.
const FARTHEST_BACK: u64 = 8 << 20;
/// How often a checksum is taken to the very end of the file.
const MOST_TRIES: u32 = 32;
/// Bytes of the longest frame header.
const LONGEST_HEADER: usize = 16;

/// True for the first bytes of a FLAC file, behind any ID3v2 tag.
pub fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"fLaC")
}

/// What STREAMINFO says.
pub(super) struct StreamInfo {
    smallest_block: u64,
    pub(super) rate: SampleRate,
    pub(super) channels: u16,
    /// Samples of the whole stream; 0 where they are not known.
    pub(super) total: u64,
}

/// What a frame header says.
pub(super) struct FrameHeader {
    /// Where the frame ends, counted from the start of the stream.
    end: u64,
    /// Samples of the frame.
    pub(super) block: u64,
}

/// Counts by the last frame header of the file, and compares with what STREAMINFO promises.
pub fn walk(source: &mut dyn Source) -> Result<Walk, Unreadable> {
    let mut reader = Reader::new(source)?;
    let mut at = after_id3(&mut reader);
    let cut = || Unreadable::new("the FLAC file ends before its audio begins").help("Export the recording again.");
    if reader.get(at, 4) != Some(b"fLaC") {
        return Err(cut());
    }
    let begin = at;
    at += 4;
    let mut stream = None;
    let mut private = Vec::new();
    let mut comments = super::vorbis_comment::Comments::default();
    let mut last = false;
    for _ in 0..MOST_BLOCKS {
        let Some(&[kind, a, b, c]) = reader.get(at, 4) else { break };
        let size = u64::from(u32::from_be_bytes([0, a, b, c]));
        match kind & 0x7F {
            0 => stream = reader.get(at + 4, 34).and_then(StreamInfo::read),
            4 => comments = super::vorbis_comment::read(reader.upto(at + 4, usize::try_from(size).unwrap_or(LONGEST))),
            2 => {
                let id = reader.get(at + 4, 4).map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default();
                private.push(PrivateTag { id: "APPLICATION".into(), owner: id, size });
            }
            _ => {}
        }
        at = at.saturating_add(4 + size);
        if kind & 0x80 != 0 {
            last = true;
            break;
        }
    }
    let stream = stream.filter(|_| last).ok_or_else(cut)?;
    let (present, end_of_audio) = last_frame(&mut reader, at, &stream).unwrap_or((0, reader.size()));
    let (broken, second) = frames::damage(&mut reader, at, end_of_audio, &stream);
    let (present, end_of_audio) = second.as_ref().map_or((present, end_of_audio), |s| (s.samples, s.offset));
    let size = reader.size();
    reader.finish()?;

    let frames = if stream.total == 0 { present } else { present.min(stream.total) };
    let end = Frames::new(frames).timestamp(stream.rate);
    let mut damage = Vec::new();
    damage.extend(broken);
    if second.is_some() {
        damage.push(Damage::Glued { at: end, what: "a second FLAC file, which players do not reach".into() });
        // Nobody hears it, so the end is missing.
        if present >= stream.total {
            damage.push(Damage::Truncated { at: end, lost: None });
        }
    }
    damage.extend(comments.broken.map(|what| Damage::BrokenTag { what }));
    let mut claims = Vec::new();
    if stream.total == 0 {
        damage.push(Damage::FlacLengthUnknown);
    } else {
        let claimed = Claimed(Frames::new(stream.total).duration(stream.rate));
        claims.push(Claim { by: "STREAMINFO".into(), duration: claimed });
        if present < stream.total {
            let lost = Frames::new(stream.total - present).duration(stream.rate);
            damage.push(Damage::Truncated { at: end, lost: Some(lost) });
        }
    }
    Ok(Walk {
        recording: Recording {
            container: Container::Flac,
            codec: Codec::Flac,
            size,
            sample_rate: stream.rate,
            channels: stream.channels,
            bit_rate: bit_rate(size.saturating_sub(at), frames, stream.rate.hz()),
            frames: Measured(Frames::new(frames)),
            claims,
            damage,
            tags: comments.tags,
            private_tags: private,
            chapters: comments.chapters.into_iter().collect(),
            hearing: None,
        },
        lead: Frames::ZERO,
        silence: Frames::ZERO,
        excerpt: Excerpt::one(Vec::new(), begin..end_of_audio),
    })
}

/// Where the stream begins behind ID3v2 tags, which FLAC should not have and often has.
pub(super) fn after_id3(reader: &mut Reader<'_>) -> u64 {
    let mut at = 0u64;
    while let Some(&[b'I', b'D', b'3', _, _, flags, a, b, c, d]) = reader.get(at, 10) {
        let size = [a, b, c, d].iter().fold(0u64, |n, x| n << 7 | u64::from(*x & 0x7F));
        at = at.saturating_add(10 + size + if flags & 0x10 == 0 { 0 } else { 10 });
    }
    at
}

impl StreamInfo {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut b = Bytes(body);
        let smallest_block = u64::from(u16::from_be_bytes(b.take(2)?.try_into().ok()?));
        b.take(8)?;
        let packed = u64::from_be_bytes(b.take(8)?.try_into().ok()?);
        Some(Self {
            smallest_block,
            rate: SampleRate::new(u32::try_from(packed >> 44).ok()?)?,
            channels: u16::try_from(packed >> 41 & 7).ok()? + 1,
            total: packed & 0xF_FFFF_FFFF,
        })
    }
}

/// Where the last frame whose checksum fits ends, in samples and in bytes. Every place that looks like a header is tried,
/// from the end.
fn last_frame(reader: &mut Reader<'_>, start: u64, stream: &StreamInfo) -> Option<(u64, u64)> {
    const STEP: u64 = 1 << 15;
    let floor = start.max(reader.size().saturating_sub(FARTHEST_BACK));
    let size = reader.size();
    // An ID3v1 tag behind the audio is no audio.
    let tagged = size.checked_sub(128).filter(|at| reader.get(*at, 3) == Some(b"TAG"));
    let end = tagged.unwrap_or(size);
    let mut tries = 0;
    let mut upper = end;
    // Frames end where the next begins: the last one at the end of the file, a whole one before it at its start.
    let mut next = end;
    while upper > floor {
        let lower = upper.saturating_sub(STEP).max(floor);
        let wanted = usize::try_from(upper - lower).unwrap_or(LONGEST) + LONGEST_HEADER;
        let piece = reader.upto(lower, wanted).to_vec();
        for offset in (lower..upper).rev() {
            let skip = usize::try_from(offset - lower).unwrap_or(usize::MAX);
            let Some(header) = piece.get(skip..).and_then(|b| FrameHeader::read(b, stream)) else { continue };
            if crc16(reader, offset, next) == 0 {
                return Some((header.end, next));
            }
            // What looked like a header may have been audio: then the frame reaches to the end all the same.
            tries += 1;
            if next != end && tries < MOST_TRIES && crc16(reader, offset, end) == 0 {
                return Some((header.end, end));
            }
            next = offset;
        }
        upper = lower;
    }
    None
}

impl FrameHeader {
    pub(super) fn read(bytes: &[u8], stream: &StreamInfo) -> Option<Self> {
        let mut b = Bytes(bytes);
        let &[0xFF, sync @ (0xF8 | 0xF9), sizes, kinds] = b.take(4)? else { return None };
        if kinds & 1 != 0 || kinds >> 4 > 10 || sizes & 0x0F == 0x0F {
            return None;
        }
        let &[lead] = b.take(1)? else { return None };
        let more = match lead.leading_ones() {
            0 => 0,
            n @ 2..=7 => n - 1,
            _ => return None,
        };
        let mut number = u64::from(lead) & (0x7F >> if more == 0 { 0 } else { more + 1 });
        for _ in 0..more {
            let &[c] = b.take(1)? else { return None };
            number = number << 6 | u64::from(c & 0x3F);
        }
        let block = match sizes >> 4 {
            1 => 192,
            n @ 2..=5 => 576 << (n - 2),
            6 => u64::from(*b.take(1)?.first()?) + 1,
            7 => u64::from(u16::from_be_bytes(b.take(2)?.try_into().ok()?)) + 1,
            n @ 8..=15 => 256 << (n - 8),
            _ => return None,
        };
        b.take(match sizes & 0x0F {
            12 => 1,
            13 | 14 => 2,
            _ => 0,
        })?;
        let header = bytes.get(..bytes.len() - b.0.len())?;
        let crc = *b.take(1)?.first()?;
        if header.iter().fold(0, |c, x| crc8(c ^ x)) != crc {
            return None;
        }
        // Fixed block sizes number the frames, variable ones the samples; the last block may be short.
        let first = if sync == 0xF9 { number } else { number.saturating_mul(stream.smallest_block.max(1)) };
        Some(Self { end: first.saturating_add(block), block })
    }
}

fn crc8(mut byte: u8) -> u8 {
    for _ in 0..8 {
        byte = if byte & 0x80 == 0 { byte << 1 } else { byte << 1 ^ 0x07 };
    }
    byte
}

/// Zero over a whole frame with its checksum.
fn crc16(reader: &mut Reader<'_>, start: u64, end: u64) -> u16 {
    let (mut at, mut crc) = (start, 0u16);
    while at < end {
        let piece = reader.upto(at, usize::try_from(end - at).unwrap_or(LONGEST));
        if piece.is_empty() {
            break;
        }
        for byte in piece {
            crc ^= u16::from(*byte) << 8;
            for _ in 0..8 {
                crc = if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x8005 };
            }
        }
        at += piece.len() as u64;
    }
    crc
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// 14,400 samples went into each, at 16 kHz.
    const WHOLE: &[u8] = include_bytes!("../../tests/audio/flac-16k-mono-14400.flac");
    const PIPED: &[u8] = include_bytes!("../../tests/audio/ffmpeg-pipe-no-total-14400.flac");

    fn walked(bytes: &[u8]) -> Recording {
        assert!(recognise(bytes));
        walk(&mut Cursor::new(bytes.to_vec())).unwrap().recording
    }

    #[test]
    fn the_length_is_what_went_in() {
        let whole = walked(WHOLE);
        assert_eq!((whole.frames.0.count(), whole.damage), (14_400, vec![]));
        let piped = walked(PIPED);
        assert_eq!((piped.frames.0.count(), piped.damage), (14_400, vec![Damage::FlacLengthUnknown]));
        let tagged = [b"ID3\x03\0\0\0\0\0\x02xx", WHOLE].concat();
        assert_eq!(walk(&mut Cursor::new(tagged)).unwrap().recording.frames.0.count(), 14_400);
        let id3v1 = [WHOLE, b"TAG", &[0; 125]].concat();
        assert_eq!(walked(&id3v1).frames.0.count(), 14_400);
    }

    #[test]
    fn where_a_second_file_begins_is_told() {
        for first in [WHOLE, PIPED] {
            let glued = walked(&[first, WHOLE].concat());
            assert_eq!(glued.frames.0.count(), 14_400);
            let told: Vec<u64> = glued
                .damage
                .iter()
                .filter_map(|d| match d {
                    Damage::Glued { at, .. } | Damage::Truncated { at, .. } => Some(at.millis()),
                    _ => None,
                })
                .collect();
            assert_eq!(told, [900, 900], "{:?}", glued.damage);
        }
        let cut = walked(&[&WHOLE[..WHOLE.len() - 100], WHOLE].concat());
        assert_eq!(cut.frames.0.count(), 12_288);
        let lost = |d: &Damage| matches!(d, Damage::Truncated { lost: Some(lost), .. } if lost.millis() == 132);
        assert!(cut.damage.iter().any(lost), "{:?}", cut.damage);
    }

    #[test]
    fn a_cut_file_says_what_is_gone() {
        let cut = walked(&WHOLE[..WHOLE.len() - 100]);
        // Blocks of 4096: three are whole.
        assert_eq!(cut.frames.0.count(), 12_288);
        assert!(matches!(cut.damage[..], [Damage::Truncated { lost: Some(lost), .. }] if lost.millis() == 132));
    }

    #[test]
    fn a_changed_frame_and_a_missing_one_have_their_place() {
        let headers: Vec<usize> = WHOLE
            .windows(2)
            .enumerate()
            .filter(|(_, w)| w[0] == 0xFF && w[1] & 0xFE == 0xF8)
            .map(|(at, _)| at)
            .collect();
        let info = StreamInfo::read(&WHOLE[8..42]).unwrap();
        let frames: Vec<usize> =
            headers.into_iter().filter(|at| FrameHeader::read(&WHOLE[*at..], &info).is_some()).collect();
        let [_, second, third, ..] = frames[..] else { panic!("{frames:?}") };
        let mut changed = WHOLE.to_vec();
        changed[second + 100] ^= 1;
        assert!(matches!(&walked(&changed).damage[..], [Damage::Checksum { at: Some(at), .. }] if at.millis() == 256));
        let missing = [&WHOLE[..second], &WHOLE[third..]].concat();
        let lost = walked(&missing).damage;
        assert!(
            matches!(&lost[..], [Damage::Hole { at, lost: Some(lost) }] if (at.millis(), lost.millis()) == (256, 256)),
            "{lost:?}"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(at in 0usize..15_000, byte in proptest::prelude::any::<u8>(), cut in 0usize..15_000) {
            let mut bytes = PIPED.to_vec();
            bytes[at] = byte;
            bytes.truncate(cut);
            let _ = walk(&mut Cursor::new(bytes));
        }
    }
}
