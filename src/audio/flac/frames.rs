//! Every frame of a FLAC stream by its own checksum: which one is broken, and where frames are missing.
//!
//! A frame says which samples it has and ends where the next one begins, with a CRC over all of it (RFC 9639, 9.3).

use std::sync::LazyLock;

use super::{FrameHeader, LONGEST_HEADER, StreamInfo};
use crate::audio::bytes::Reader;
use crate::model::audio::Damage;
use crate::model::time::Frames;

/// More places are not listed one by one.
const MOST: usize = 100;
const STEP: usize = 1 << 15;

/// The remainders of all bytes for the polynomial 0x8005.
static TABLE: LazyLock<[u16; 256]> = LazyLock::new(|| {
    std::array::from_fn(|byte| {
        let byte = u16::try_from(byte).unwrap_or(0);
        (0..8).fold(byte << 8, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x8005 })
    })
});

/// The CRC with one byte more.
fn crc16(crc: u16, byte: u8) -> u16 {
    let index = usize::from(crc >> 8) ^ usize::from(byte);
    crc << 8 ^ TABLE.get(index).copied().unwrap_or(0)
}

/// The frame that is being read.
struct Open {
    /// Its first sample, and the first behind it.
    first: u64,
    end: u64,
    crc: u16,
}

/// How a file begins: its marker and the head of STREAMINFO.
const SECOND: &[u8] = b"fLaC\0\0\0\x22";

/// Another file behind the last frame of this one.
pub(super) struct Second {
    /// Byte where it begins.
    pub(super) offset: u64,
    /// Samples before it, of whole frames.
    pub(super) samples: u64,
}

/// Reads all frames of the stream and says what is wrong between `start` and `end`, bytes of the file, up to where
/// another file begins.
pub(super) fn damage(
    reader: &mut Reader<'_>,
    start: u64,
    end: u64,
    stream: &StreamInfo,
) -> (Vec<Damage>, Option<Second>) {
    let mut found: Vec<Damage> = Vec::new();
    let mut open: Option<Open> = None;
    let mut at = start;
    while at < end && found.len() < MOST {
        let step = usize::try_from(end - at).unwrap_or(STEP).min(STEP);
        let piece = reader.upto(at, step + LONGEST_HEADER).to_vec();
        if piece.is_empty() {
            break;
        }
        for (offset, byte) in piece.iter().enumerate().take(step) {
            if *byte == b'f'
                && piece.get(offset..).is_some_and(|b| b.starts_with(SECOND))
                && let Some(before) = &open
            {
                let samples = if before.crc == 0 { before.end } else { before.first };
                return (found, Some(Second { offset: at + offset as u64, samples }));
            }
            let begins = *byte == 0xFF && piece.get(offset + 1).is_some_and(|b| b & 0xFE == 0xF8);
            let header = begins.then(|| piece.get(offset..).and_then(|b| FrameHeader::read(b, stream))).flatten();
            if let Some(header) = header
                && let Some(now) = next(open.as_ref(), &header, stream, &mut found)
            {
                open = Some(now);
            }
            if let Some(open) = &mut open {
                open.crc = crc16(open.crc, *byte);
            }
        }
        at += step as u64;
    }
    (found, None)
}

/// The frame that a header opens, if it is one: what looks like a header inside a frame is audio.
fn next(open: Option<&Open>, header: &FrameHeader, stream: &StreamInfo, found: &mut Vec<Damage>) -> Option<Open> {
    let now = Open { first: header.end.saturating_sub(header.block), end: header.end, crc: 0 };
    let Some(before) = open else { return Some(now) };
    let at = |sample: u64| Frames::new(sample).timestamp(stream.rate);
    let whole = before.crc == 0;
    let gap = now.first.checked_sub(before.end);
    match gap {
        Some(0) if whole => {}
        Some(0) => found.push(Damage::Checksum { at: Some(at(before.first)), what: "the CRC of a frame".into() }),
        // Somewhere far behind, and only where the numbers of frames go on.
        Some(gap) if stream.total == 0 || now.end <= stream.total => {
            let block = before.end.saturating_sub(before.first).max(1);
            if !whole && gap % block != 0 {
                return None;
            }
            let from = if whole { before.end } else { before.first };
            let lost = Frames::new(now.first.saturating_sub(from)).duration(stream.rate);
            found.push(Damage::Hole { at: at(from), lost: Some(lost) });
        }
        // Back in time: a copy, or audio that looks like a header.
        _ if whole => {}
        _ => return None,
    }
    Some(now)
}
