//! What is inside an Ogg stream: its first packet says what it is, its headers how long a packet lasts.

use super::super::bytes::Bytes;
use super::super::flac::{FrameHeader, StreamInfo};
use crate::model::audio::Codec;
use crate::model::time::SampleRate;

/// Bytes of a packet that are enough to say how long it lasts.
pub(super) const HEAD: usize = 16;
/// Opus always counts at this rate, whatever went in (RFC 7845).
pub(super) const OPUS_RATE: u32 = 48_000;
/// Frames of the longest Opus packet, 120 ms (RFC 6716).
const LONGEST_OPUS: u64 = 5760;

/// What the first packet of a stream says.
pub(super) struct Stream {
    pub(super) codec: Codec,
    pub(super) rate: SampleRate,
    pub(super) channels: u16,
    /// Frames at the start that are no sound.
    pub(super) pre_skip: u64,
    /// What STREAMINFO says of the length.
    pub(super) stated: Option<u64>,
    clock: Clock,
}

/// How the length of packets is told.
enum Clock {
    Opus,
    Vorbis { sizes: [u64; 2], modes: Vec<bool>, previous: Option<u64> },
    Flac(StreamInfo),
}

/// What a header packet is, once it is read.
pub(super) enum Header {
    /// Comments begin at this byte.
    Comments(usize),
    /// Something else; more headers follow.
    Other,
    /// The packet is audio already.
    Audio,
}

impl Stream {
    /// Reads the first packet; `None` where it is no audio of a known kind.
    pub(super) fn read(packet: &[u8]) -> Option<Self> {
        let mut b = Bytes(packet);
        if packet.starts_with(b"OpusHead") {
            b.take(8)?;
            let &[_, channels] = b.take(2)? else { return None };
            let pre_skip = u64::from(b.le16()?);
            let rate = SampleRate::new(OPUS_RATE)?;
            let channels = u16::from(channels.max(1));
            return Some(Self { codec: Codec::Opus, rate, channels, pre_skip, stated: None, clock: Clock::Opus });
        }
        if packet.starts_with(b"\x01vorbis") {
            b.take(11)?;
            let channels = u16::from((*b.take(1)?.first()?).max(1));
            let rate = SampleRate::new(b.le32()?)?;
            b.take(12)?;
            let exponents = *b.take(1)?.first()?;
            let sizes = [1 << (exponents & 15), 1 << (exponents >> 4)];
            let clock = Clock::Vorbis { sizes, modes: Vec::new(), previous: None };
            return Some(Self { codec: Codec::Vorbis, rate, channels, pre_skip: 0, stated: None, clock });
        }
        if packet.starts_with(b"\x7FFLAC") {
            // Mapping version, number of headers, "fLaC", the head of the first metadata block.
            b.take(17)?;
            let info = StreamInfo::read(b.take(34)?)?;
            let (rate, channels) = (info.rate, info.channels);
            let stated = Some(info.total).filter(|n| *n > 0);
            return Some(Self { codec: Codec::Flac, rate, channels, pre_skip: 0, stated, clock: Clock::Flac(info) });
        }
        None
    }

    /// Reads the header packet number `n`, the first packet being 0; gives whether it was the last one, too.
    pub(super) fn header(&mut self, n: usize, packet: &[u8]) -> (Header, bool) {
        match &mut self.clock {
            Clock::Opus => (if packet.starts_with(b"OpusTags") { Header::Comments(8) } else { Header::Other }, true),
            Clock::Vorbis { modes, .. } => {
                if packet.first().is_some_and(|kind| kind & 1 == 0) {
                    return (Header::Audio, true);
                }
                if packet.starts_with(b"\x05vorbis") {
                    *modes = modes_of(packet).unwrap_or_default();
                    return (Header::Other, true);
                }
                (if packet.starts_with(b"\x03vorbis") { Header::Comments(7) } else { Header::Other }, n >= 2)
            }
            Clock::Flac(_) => match packet.first() {
                Some(0xFF) => (Header::Audio, true),
                Some(kind) if kind & 0x7F == 4 => (Header::Comments(4), kind & 0x80 != 0),
                kind => (Header::Other, kind.is_none_or(|k| k & 0x80 != 0)),
            },
        }
    }

    /// Frames that a packet gives, by its first bytes; `None` where they do not tell.
    pub(super) fn frames(&mut self, head: &[u8]) -> Option<u64> {
        match &mut self.clock {
            Clock::Opus => Some(opus_frames(head)),
            Clock::Vorbis { sizes, modes, previous } => {
                if modes.is_empty() {
                    return None;
                }
                // A header, or an empty packet, gives nothing.
                let Some(first) = head.first().filter(|b| **b & 1 == 0) else { return Some(0) };
                let bits = usize::BITS - (modes.len() - 1).leading_zeros();
                let mode = usize::from(first >> 1) & ((1 << bits) - 1);
                let long = *modes.get(mode)?;
                let size = sizes.get(usize::from(long)).copied()?;
                let frames = previous.map_or(0, |before| (before + size) / 4);
                *previous = Some(size);
                Some(frames)
            }
            Clock::Flac(info) => Some(FrameHeader::read(head, info).map_or(0, |h| h.block)),
        }
    }
}

/// Frames at 48 kHz of an Opus packet, by its first two bytes (RFC 6716, 3.1 and 3.2); 0 where it breaks the rules.
pub(super) fn opus_frames(head: &[u8]) -> u64 {
    let Some(toc) = head.first() else { return 0 };
    let one: u64 = match toc >> 3 {
        config @ 0..12 => match config & 3 {
            0 => 480,
            1 => 960,
            2 => 1920,
            _ => 2880,
        },
        config @ 12..16 => 480 << (config & 1),
        config => 120 << (config & 3),
    };
    let count = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => head.get(1).map_or(0, |n| u64::from(n & 0x3F)),
    };
    Some(one * count).filter(|n| *n <= LONGEST_OPUS).unwrap_or(0)
}

/// Which modes have long blocks. The list ends the setup header, so it is read from behind: a framing bit, before it
/// the modes of 41 bits each, before them their number less one in six bits (Vorbis I, 4.2.4).
fn modes_of(setup: &[u8]) -> Option<Vec<bool>> {
    let bit = |n: usize| setup.get(n / 8).is_some_and(|b| b >> (n % 8) & 1 == 1);
    let number = |from: usize, bits: usize| (0..bits).fold(0usize, |v, n| v | usize::from(bit(from + n)) << n);
    let end = (56..setup.len() * 8).rev().find(|n| bit(*n))?;
    let mut found = None;
    for count in 1..=64 {
        let Some(start) = end.checked_sub(41 * count).filter(|s| *s >= 56 + 6) else { break };
        // Window and transform are always 0; there are 64 mappings at most.
        if number(start + 1, 32) != 0 || number(start + 33, 8) > 63 {
            break;
        }
        if number(start - 6, 6) + 1 == count {
            found = Some((0..count).map(|n| bit(start + 41 * n)).collect());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opus_packets_last_as_long_as_their_first_bytes_say() {
        let check = |head: &[u8], frames| assert_eq!(opus_frames(head), frames, "{head:02x?}");
        check(&[], 0);
        // 60 ms of SILK, 20 ms hybrid, 2.5 ms and 20 ms of CELT.
        check(&[3 << 3], 2880);
        check(&[13 << 3], 960);
        check(&[16 << 3], 120);
        check(&[31 << 3], 960);
        // Two, six, and too many.
        check(&[31 << 3 | 1], 1920);
        check(&[31 << 3 | 3, 6], 5760);
        check(&[31 << 3 | 3, 7], 0);
        check(&[31 << 3 | 3], 0);
    }
}
