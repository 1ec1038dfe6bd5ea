//! The four bytes in front of every MPEG audio frame (ISO 11172-3 and 13818-3), and the side information behind them.

use crate::model::time::SampleRate;

/// The version of a stream; 2.5 is the extension to low rates by Fraunhofer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Version {
    Mpeg1,
    Mpeg2,
    Mpeg25,
}

/// A frame header that can be one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    /// The four bytes.
    pub(super) word: u32,
    pub(super) version: Version,
    pub(super) layer: u8,
    /// Bits per second; `None` in free format.
    pub(super) bit_rate: Option<u32>,
    pub(super) rate: SampleRate,
    pub(super) padded: bool,
    pub(super) protected: bool,
    pub(super) channels: u16,
}

/// Version, layer and sample rate: what all frames of a stream share.
const KIND: u32 = 0xFFFE_0C00;

/// Kbit/s by index, for layers I, II, III of MPEG-1, then layer I and layers II and III of MPEG-2.
const BIT_RATES: [[u16; 15]; 5] = [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

impl Header {
    /// Reads four bytes; `None` where they cannot begin a frame.
    pub(super) fn parse(bytes: [u8; 4]) -> Option<Self> {
        let word = u32::from_be_bytes(bytes);
        if word >> 21 != 0x7FF {
            return None;
        }
        let version = match word >> 19 & 3 {
            0 => Version::Mpeg25,
            2 => Version::Mpeg2,
            3 => Version::Mpeg1,
            _ => return None,
        };
        let layer = match word >> 17 & 3 {
            1 => 3,
            2 => 2,
            3 => 1,
            _ => return None,
        };
        let row = match (version, layer) {
            (Version::Mpeg1, 1) => 0,
            (Version::Mpeg1, 2) => 1,
            (Version::Mpeg1, _) => 2,
            (_, 1) => 3,
            (_, _) => 4,
        };
        let index = usize::try_from(word >> 12 & 15).ok()?;
        let kbit = *BIT_RATES.get(row)?.get(index)?;
        let base = match word >> 10 & 3 {
            0 => 44_100,
            1 => 48_000,
            2 => 32_000,
            _ => return None,
        };
        let hz = match version {
            Version::Mpeg1 => base,
            Version::Mpeg2 => base / 2,
            Version::Mpeg25 => base / 4,
        };
        // Emphasis 2 is reserved; no encoder writes it, and it keeps many false syncs away.
        if word & 3 == 2 {
            return None;
        }
        Some(Self {
            word,
            version,
            layer,
            bit_rate: (kbit > 0).then(|| u32::from(kbit) * 1000),
            rate: SampleRate::new(hz)?,
            padded: word >> 9 & 1 == 1,
            protected: word >> 16 & 1 == 0,
            channels: if word >> 6 & 3 == 3 { 1 } else { 2 },
        })
    }

    /// Sample frames that one frame decodes to.
    pub(super) fn samples(&self) -> u32 {
        match (self.version, self.layer) {
            (_, 1) => 384,
            (Version::Mpeg1, _) | (_, 2) => 1152,
            _ => 576,
        }
    }

    /// Length of the frame in bytes, header included; `None` in free format.
    pub(super) fn length(&self) -> Option<u32> {
        let slots = self.samples() / 8 * self.bit_rate? / self.rate.hz();
        let padding = u32::from(self.padded);
        // Layer I counts in slots of four bytes.
        Some(if self.layer == 1 { (slots / 4 + padding) * 4 } else { slots + padding })
    }

    /// True where two frames can belong to one stream.
    pub(super) fn same_kind(&self, other: &Self) -> bool {
        (self.word ^ other.word) & KIND == 0
    }

    /// Bytes of side information of a layer III frame.
    pub(super) fn side_length(&self) -> usize {
        match (self.version, self.channels) {
            (Version::Mpeg1, 1) => 17,
            (Version::Mpeg1, _) => 32,
            (_, 1) => 9,
            (_, _) => 17,
        }
    }

    /// Where the side information begins in the frame.
    pub(super) fn side_offset(&self) -> usize {
        if self.protected { 6 } else { 4 }
    }
}

/// True where the CRC of a protected layer III frame fits its header and side information (ISO 11172-3, 2.4.3.1).
pub(super) fn is_sound(header: &Header, frame: &[u8]) -> bool {
    let (Some(word), Some(&[a, b]), Some(side)) =
        (frame.get(2..4), frame.get(4..6), frame.get(6..6 + header.side_length()))
    else {
        return true;
    };
    let crc = word.iter().chain(side).fold(0xFFFF_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x8005 })
    });
    crc == u16::from_be_bytes([a, b])
}

/// What the side information says of the bit reservoir.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reservoir {
    /// How many bytes before this frame's own main data its data begins.
    pub(super) back: u32,
    /// Bytes of its data.
    pub(super) length: u32,
}

impl Reservoir {
    /// Reads side information; `None` where it is cut.
    pub(super) fn parse(header: &Header, side: &[u8]) -> Option<Self> {
        let mpeg1 = header.version == Version::Mpeg1;
        let channels = u32::from(header.channels);
        let (back_bits, private_bits, granules, step) = match (mpeg1, header.channels) {
            (true, 1) => (9, 5, 2, 59),
            (true, _) => (9, 3, 2, 59),
            (false, 1) => (8, 1, 1, 63),
            (false, _) => (8, 2, 1, 63),
        };
        let share = if mpeg1 { 4 * channels } else { 0 };
        let mut at = back_bits + private_bits + share;
        let mut total = 0;
        for _ in 0..granules * channels {
            total += bits(side, at, 12)?;
            at += step;
        }
        Some(Self { back: bits(side, 0, back_bits)?, length: total.div_ceil(8) })
    }
}

fn bits(bytes: &[u8], at: u32, count: u32) -> Option<u32> {
    let first = usize::try_from(at / 8).ok()?;
    bytes.get(first)?;
    let mut value = 0;
    for i in first..first + 3 {
        value = value << 8 | u32::from(bytes.get(i).copied().unwrap_or(0));
    }
    Some(value >> (24 - at % 8 - count) & ((1 << count) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_known_streams() {
        let check = |bytes: [u8; 4], expected: Option<(u32, u32, u16, u32)>| {
            let found = Header::parse(bytes).map(|h| (h.rate.hz(), h.samples(), h.channels, h.length().unwrap_or(0)));
            assert_eq!(found, expected, "{bytes:02x?}");
        };
        check([0xFF, 0xFB, 0x90, 0x00], Some((44_100, 1152, 2, 417)));
        check([0xFF, 0xFB, 0x92, 0x00], Some((44_100, 1152, 2, 418)));
        check([0xFF, 0xF3, 0x48, 0xC0], Some((16_000, 576, 1, 144)));
        check([0xFF, 0xE3, 0x18, 0xC4], Some((8_000, 576, 1, 72)));
        check([0xFF, 0xFD, 0x90, 0x00], Some((44_100, 1152, 2, 522)));
        check([0xFF, 0xFF, 0x90, 0x00], Some((44_100, 384, 2, 312)));
        check([0xFF, 0xFB, 0x00, 0x00], Some((44_100, 1152, 2, 0)));
        check([0xFF, 0xFB, 0xF0, 0x00], None);
        check([0xFF, 0xFB, 0x9C, 0x00], None);
        check([0xFF, 0xEB, 0x90, 0x00], None);
        check([0xFE, 0xFB, 0x90, 0x00], None);
    }
}
