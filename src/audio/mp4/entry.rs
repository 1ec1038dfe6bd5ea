//! Sample descriptions: which codec, at which rate, in how many channels (ISO 14496-14, 14496-3, and each codec's own).

use super::super::bytes::{Bytes, Reader, code_text};
use super::atom::Atom;
use crate::model::audio::Codec;
use crate::model::time::SampleRate;

/// Rates by index (ISO 14496-3, table 1.18).
const RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// What a sample description says.
pub(super) struct Entry {
    pub(super) codec: Codec,
    pub(super) rate: Option<SampleRate>,
    pub(super) channels: u16,
    /// Bytes of a frame of plain samples.
    pub(super) frame: Option<u64>,
    /// Frames that Opus wants dropped at the start.
    pub(super) pre_skip: Option<u64>,
    pub(super) protected: bool,
}

/// The code of the first description.
pub(super) fn kind(reader: &mut Reader<'_>, entries: &Atom) -> Option<[u8; 4]> {
    entries.children(reader, 8).first().map(|e| e.kind)
}

impl Entry {
    /// Reads the first description of an audio track.
    pub(super) fn read(reader: &mut Reader<'_>, entries: &Atom) -> Option<Self> {
        let atom = *entries.children(reader, 8).first()?;
        let mut b = atom.bytes(reader);
        b.take(8)?;
        let version = b.be16()?;
        b.take(6)?;
        let (mut channels, mut bits) = (b.be16()?, b.be16()?);
        b.take(4)?;
        let mut rate = b.be32()? >> 16;
        let mut float = false;
        if version == 2 {
            // QuickTime: a size, the rate as a double, channels, a constant, bits, flags.
            b.take(4)?;
            rate = whole(f64::from_bits(b.be64()?).round());
            channels = u16::try_from(b.be32()?).ok()?;
            b.take(4)?;
            bits = u16::try_from(b.be32()?).ok()?;
            float = b.be32()? & 1 == 1;
        }
        let boxes = inner(reader, &atom, version);
        let protected = matches!(&atom.kind, b"enca" | b"drms" | b"p608");
        let original = boxes.iter().find(|a| &a.kind == b"frma").and_then(|a| a.bytes(reader).code());
        let mut entry = Self {
            codec: Codec::Other(code_text(original.unwrap_or(atom.kind))),
            rate: SampleRate::new(rate),
            channels: channels.max(1),
            frame: None,
            pre_skip: None,
            protected,
        };
        entry.name(original.unwrap_or(atom.kind), bits, float);
        for inside in &boxes {
            // What a box does not say stays as the description has it.
            let _ = entry.take(reader, inside);
        }
        Some(entry)
    }

    /// What only packets tell: channels of MP3, and high efficiency that the configuration does not mention.
    pub(super) fn look_into(&mut self, packets: &[Vec<u8>]) {
        match (&self.codec, packets.first().map(Vec::as_slice)) {
            (Codec::Mp3, Some(&[0xFF, _, _, modes, ..])) => self.channels = if modes >> 6 == 3 { 1 } else { 2 },
            (Codec::AacLc, Some(_)) => {
                let doubled = self.rate.filter(|r| r.hz() <= 24_000).and_then(|r| SampleRate::new(r.hz() * 2));
                let replicated = packets.iter().filter(|p| super::super::adts::has_replication(p)).count();
                if let Some(rate) = doubled.filter(|_| replicated * 2 > packets.len()) {
                    (self.codec, self.rate) = (Codec::HeAac, Some(rate));
                }
            }
            _ => {}
        }
    }

    fn name(&mut self, kind: [u8; 4], bits: u16, float: bool) {
        let pcm = |bits, float| Codec::Pcm { bits, float };
        self.codec = match &kind {
            // Until the decoder's configuration says more.
            b"mp4a" => Codec::Other("mp4a".into()),
            b".mp3" | b"ms\0\x55" => Codec::Mp3,
            b"alac" => Codec::Alac,
            b"fLaC" => Codec::Flac,
            b"Opus" => Codec::Opus,
            b"sowt" | b"twos" | b"lpcm" | b"ipcm" | b"fpcm" | b"raw " | b"NONE" => {
                pcm(if bits == 0 { 16 } else { bits }, float || &kind == b"fpcm")
            }
            b"in24" => pcm(24, false),
            b"in32" => pcm(32, false),
            b"fl32" => pcm(32, true),
            b"fl64" => pcm(64, true),
            b"ulaw" => Codec::Other("pcm-mulaw".into()),
            b"alaw" => Codec::Other("pcm-alaw".into()),
            b"ac-3" => Codec::Other("ac3".into()),
            b"ec-3" => Codec::Other("eac3".into()),
            b"samr" => Codec::Other("amr".into()),
            _ => Codec::Other(code_text(kind)),
        };
        let width = match &self.codec {
            Codec::Pcm { bits, .. } => Some(u64::from(bits.div_ceil(8))),
            Codec::Other(name) if name.starts_with("pcm-") => Some(1),
            _ => None,
        };
        self.frame = width.map(|w| w * u64::from(self.channels));
    }

    fn take(&mut self, reader: &mut Reader<'_>, atom: &Atom) -> Option<()> {
        let mut b = atom.bytes(reader);
        match &atom.kind {
            b"esds" => {
                b.take(4)?;
                self.descriptors(b)?;
            }
            b"dOps" => {
                b.take(1)?;
                self.channels = u16::from(*b.take(1)?.first()?).max(1);
                self.pre_skip = b.be16().map(u64::from);
                self.rate = SampleRate::new(48_000);
            }
            b"dfLa" => {
                // Version and flags, then metadata blocks, STREAMINFO first.
                b.take(8)?;
                let info = super::super::flac::StreamInfo::read(b.0)?;
                (self.rate, self.channels) = (Some(info.rate), info.channels);
            }
            b"alac" => {
                b.take(13)?;
                self.channels = u16::from(*b.take(1)?.first()?).max(1);
                b.take(10)?;
                self.rate = SampleRate::new(b.be32()?).or(self.rate);
            }
            _ => {}
        }
        Some(())
    }

    /// Descriptors of `esds`: the elementary stream, in it the decoder's configuration, in it what is codec's own.
    fn descriptors(&mut self, mut b: Bytes<'_>) -> Option<()> {
        if b.0.first() == Some(&3) {
            descriptor(&mut b)?;
            b.take(2)?;
            let flags = *b.take(1)?.first()?;
            b.take(if flags & 0x80 != 0 { 2 } else { 0 })?;
            if flags & 0x40 != 0 {
                let length = *b.take(1)?.first()?;
                b.take(length.into())?;
            }
            b.take(if flags & 0x20 != 0 { 2 } else { 0 })?;
        }
        if descriptor(&mut b)? != 4 {
            return None;
        }
        let object = *b.take(1)?.first()?;
        b.take(12)?;
        match object {
            0x40 | 0x66..=0x68 => {
                self.codec = Codec::AacLc;
                if b.0.first() == Some(&5) {
                    descriptor(&mut b)?;
                    let config = AudioConfig::read(b.0)?;
                    (self.codec, self.channels) = (config.codec, config.channels.unwrap_or(self.channels));
                    self.rate = SampleRate::new(config.rate).or(self.rate);
                }
            }
            0x69 | 0x6B => self.codec = Codec::Mp3,
            0xA5 => self.codec = Codec::Other("ac3".into()),
            0xA6 => self.codec = Codec::Other("eac3".into()),
            0xAD => self.codec = Codec::Opus,
            0xDD => self.codec = Codec::Vorbis,
            other => self.codec = Codec::Other(format!("mp4a.{other:02x}")),
        }
        Some(())
    }
}

/// A double as a whole number below two million.
fn whole(hz: f64) -> u32 {
    (0..=20).rev().fold(0u32, |n, bit| if f64::from(n | 1 << bit) <= hz { n | 1 << bit } else { n })
}

/// Boxes within a description. QuickTime puts fields of its own in front of them, and hides them in `wave`.
fn inner(reader: &mut Reader<'_>, entry: &Atom, version: u16) -> Vec<Atom> {
    const PLAIN: u64 = 28;
    let tries: &[u64] = match version {
        1 => &[PLAIN + 16, PLAIN],
        2 => &[PLAIN + 36, PLAIN],
        _ => &[PLAIN],
    };
    let known = |a: &Atom| super::super::bytes::is_code(a.kind) && !a.cut;
    for skip in tries {
        let children = entry.children(reader, *skip);
        if children.first().is_some_and(known) {
            let mut boxes = Vec::new();
            for child in children {
                match &child.kind {
                    b"wave" | b"sinf" => boxes.extend(child.children(reader, 0)),
                    _ => boxes.push(child),
                }
            }
            return boxes;
        }
    }
    Vec::new()
}

/// Tag of the next descriptor; its length, up to four bytes of seven bits, is passed over.
fn descriptor(b: &mut Bytes<'_>) -> Option<u8> {
    let tag = *b.take(1)?.first()?;
    for _ in 0..4 {
        if b.take(1)?.first()? & 0x80 == 0 {
            break;
        }
    }
    Some(tag)
}

/// AudioSpecificConfig (ISO 14496-3, 1.6.2.1).
struct AudioConfig {
    codec: Codec,
    /// What comes out: twice the core's rate with spectral band replication.
    rate: u32,
    /// `None` where the configuration describes channels of its own.
    channels: Option<u16>,
}

impl AudioConfig {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut b = Bits { bytes, at: 0 };
        let mut object = b.object()?;
        let mut rate = b.rate()?;
        let configuration = u16::try_from(b.number(4)?).ok()?;
        let channels = match configuration {
            0 => None,
            7 => Some(8),
            n => Some(n),
        };
        let explicit = matches!(object, 5 | 29);
        // Parametric stereo makes two channels of one.
        let channels = if object == 29 { channels.map(|n| n.max(2)) } else { channels };
        let mut high = explicit;
        if explicit {
            rate = b.rate()?;
            object = b.object()?;
        } else if object == 2
            && configuration != 0
            && let Some((true, extended)) = b.sync_extension()
        {
            (high, rate) = (true, extended);
        }
        let codec = match object {
            2 if high => Codec::HeAac,
            2 => Codec::AacLc,
            42 => Codec::Other("xhe-aac".into()),
            1 => Codec::Other("aac-main".into()),
            3 => Codec::Other("aac-ssr".into()),
            4 => Codec::Other("aac-ltp".into()),
            23 | 39 => Codec::Other("aac-ld".into()),
            34 => Codec::Mp3,
            32 => Codec::MpegLayer(1),
            33 => Codec::MpegLayer(2),
            36 => Codec::Other("als".into()),
            other => Codec::Other(format!("mp4a.40.{other}")),
        };
        Some(Self { codec, rate, channels })
    }
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn number(&mut self, bits: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..bits {
            let byte = *self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    fn object(&mut self) -> Option<u32> {
        match self.number(5)? {
            31 => Some(32 + self.number(6)?),
            n => Some(n),
        }
    }

    fn rate(&mut self) -> Option<u32> {
        match self.number(4)? {
            15 => self.number(24),
            n => RATES.get(usize::try_from(n).ok()?).copied(),
        }
    }

    /// Behind the configuration of low complexity, an extension that old decoders do not see: whether there is
    /// replication, and at which rate.
    fn sync_extension(&mut self) -> Option<(bool, u32)> {
        // Frame length, core coder (and its delay), extension.
        self.number(1)?;
        if self.number(1)? == 1 {
            self.number(14)?;
        }
        self.number(1)?;
        if self.number(11)? != 0x2B7 || self.object()? != 5 || self.number(1)? == 0 {
            return None;
        }
        Some((true, self.rate()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_tells_high_efficiency_from_low_complexity() {
        let check = |bytes: &[u8], codec: Codec, rate, channels| {
            let read = AudioConfig::read(bytes).map(|c| (c.codec, c.rate, c.channels));
            assert_eq!(read, Some((codec, rate, channels)), "{bytes:02x?}");
        };
        check(&[0x12, 0x10], Codec::AacLc, 44_100, Some(2));
        check(&[0x11, 0x88], Codec::AacLc, 48_000, Some(1));
        // Explicit, parametric stereo, and by the extension that old decoders do not see.
        check(&[0x2B, 0x92, 0x08, 0x00], Codec::HeAac, 44_100, Some(2));
        check(&[0xEB, 0x8A, 0x08, 0x00], Codec::HeAac, 44_100, Some(2));
        check(&[0x13, 0x90, 0x56, 0xE5, 0xA0], Codec::HeAac, 44_100, Some(2));
        check(&[0x12, 0x10, 0x56, 0xE5, 0x00], Codec::AacLc, 44_100, Some(2));
        assert!(AudioConfig::read(&[0x12]).is_none());
    }
}
