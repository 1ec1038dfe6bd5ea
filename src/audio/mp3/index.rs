//! The header frame that encoders put in front: Xing or Info with LAME's extension, or Fraunhofer's VBRI.

use super::header::Header;

/// What a header frame states; `None` for what it leaves out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Index {
    pub(super) kind: IndexKind,
    /// Frames of audio, the header frame not counted.
    pub(super) frames: Option<u64>,
    /// Bytes of audio, the header frame included.
    pub(super) bytes: Option<u64>,
    pub(super) toc: bool,
    /// Encoder delay and padding in sample frames, where a trusted encoder states them.
    pub(super) gapless: Option<Gapless>,
}

/// Samples that the encoder added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Gapless {
    pub(super) delay: u32,
    pub(super) padding: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum IndexKind {
    /// Written for a variable bit rate.
    Xing,
    /// Written for a constant one.
    Info,
    Vbri,
}

impl IndexKind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Xing => "Xing header",
            Self::Info => "Info header",
            Self::Vbri => "VBRI header",
        }
    }
}

/// Bytes of a frame that may hold an index, enough for all of its fields but the rest of the frame.
pub(super) const INDEX_BYTES: usize = 200;

/// Encoders whose delay and padding can be believed.
const TRUSTED: [&[u8]; 4] = [b"LAME", b"L3.99", b"Lavf", b"Lavc"];

/// Reads the index of a frame, if it has one. The side information is where it would be without a checksum.
pub(super) fn read(header: &Header, frame: &[u8]) -> Option<Index> {
    if header.layer != 3 {
        return None;
    }
    xing(frame.get(4 + header.side_length()..)?).or_else(|| vbri(frame.get(36..)?))
}

fn xing(tag: &[u8]) -> Option<Index> {
    let kind = match tag.get(..4)? {
        b"Xing" => IndexKind::Xing,
        b"Info" => IndexKind::Info,
        _ => return None,
    };
    let flags = word(tag, 4)?;
    let mut at = 8;
    let mut field = |flag: u32, length: usize| {
        let here = at;
        let present = flags & flag != 0;
        at += if present { length } else { 0 };
        present.then_some(here)
    };
    let (frames_at, bytes_at, toc_at, _) = (field(1, 4), field(2, 4), field(4, 100), field(8, 4));
    let count = |at: Option<usize>| at.and_then(|at| word(tag, at)).filter(|n| *n > 0).map(u64::from);
    Some(Index {
        kind,
        frames: count(frames_at),
        bytes: count(bytes_at),
        toc: toc_at.is_some(),
        gapless: tag.get(at..).and_then(gapless),
    })
}

fn gapless(extension: &[u8]) -> Option<Gapless> {
    if !TRUSTED.iter().any(|name| extension.starts_with(name)) {
        return None;
    }
    let [a, b, c] = *extension.get(21..24)?.first_chunk()?;
    let (a, b, c) = (u32::from(a), u32::from(b), u32::from(c));
    Some(Gapless { delay: a << 4 | b >> 4, padding: (b & 15) << 8 | c })
}

fn vbri(tag: &[u8]) -> Option<Index> {
    if tag.get(..4)? != b"VBRI" || tag.get(4..6)? != [0, 1] {
        return None;
    }
    let count = |at: usize| word(tag, at).filter(|n| *n > 0).map(u64::from);
    Some(Index { kind: IndexKind::Vbri, bytes: count(10), frames: count(14), toc: true, gapless: None })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|b| u32::from_be_bytes(*b))
}

/// Frames of the finished stream at which a seek table points, by share of its length.
pub(super) struct Seek<'a> {
    /// Frames of audio.
    pub(super) frames: u64,
    /// Bytes of audio.
    pub(super) bytes: u64,
    /// Where some frames begin, as (frame, bytes behind the first frame), ascending.
    pub(super) points: &'a [(u64, u64)],
    /// Written for frames of different bit rates, or of one.
    pub(super) kind: IndexKind,
}

/// LAME's extension behind the seek table, as the encoder of a stream wrote it.
const EXTENSION: usize = 36;

/// The extension of a header frame, if it states delay and padding that can be believed.
pub(super) fn extension(header: &Header, frame: &[u8]) -> Option<[u8; EXTENSION]> {
    let tag = frame.get(4 + header.side_length()..)?;
    xing(tag)?.gapless?;
    let flags = word(tag, 4)?;
    let fields = [(1, 4), (2, 4), (4, 100), (8, 4)];
    let before: usize = fields.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, length)| length).sum();
    tag.get(8 + before..)?.first_chunk().copied()
}

/// The same with another padding. What it says of the old stream's bytes (their count and checksum) is left out.
pub(super) fn with_padding(mut extension: [u8; EXTENSION], padding: u32) -> [u8; EXTENSION] {
    let [high, low] = u16::try_from(padding & 0xFFF).unwrap_or(0).to_be_bytes();
    if let [_, b, c] = &mut extension[21..24] {
        *b = *b & 0xF0 | high;
        *c = low;
    }
    extension[28..].fill(0);
    extension
}

/// A silent frame of the stream's own kind with a Xing header, so that players know the length and find the place that
/// they seek: for a stream of variable bit rate that has none, and for one whose own speaks of another stream. Delay and
/// padding stand in the extension; without one it states none, because nobody knows them.
pub(super) fn xing_frame(like: &Header, seek: &Seek<'_>, extension: Option<[u8; EXTENSION]>) -> Option<Vec<u8>> {
    let header = roomy(like, seek.kind)?;
    let length = usize::try_from(header.length()?).ok()?;
    let mut frame = header.word.to_be_bytes().to_vec();
    frame.resize(4 + header.side_length(), 0);
    frame.extend_from_slice(if seek.kind == IndexKind::Info { b"Info" } else { b"Xing" });
    // Frames, bytes, seek table; with an extension also a quality, because some readers look for one only behind it.
    let flags = if extension.is_some() { 15_u32 } else { 7 };
    frame.extend_from_slice(&flags.to_be_bytes());
    frame.extend_from_slice(&u32::try_from(seek.frames).ok()?.to_be_bytes());
    // The byte count includes this frame.
    let bytes = seek.bytes.checked_add(u64::try_from(length).ok()?)?;
    frame.extend_from_slice(&u32::try_from(bytes).ok()?.to_be_bytes());
    let own = u64::try_from(length).ok()?;
    for percent in 0..100_u64 {
        let wanted = seek.frames * percent / 100;
        let offset = seek.points.iter().take_while(|(f, _)| *f <= wanted).last().map_or(0, |(_, o)| own + *o);
        let share = if percent == 0 { 0 } else { offset * 256 / bytes.max(1) };
        frame.push(u8::try_from(share).unwrap_or(u8::MAX));
    }
    if let Some(extension) = extension {
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(&extension[..EXTENSION - 2]);
        let checksum = checksum(&frame);
        frame.extend_from_slice(&checksum.to_be_bytes());
    }
    frame.resize(length, 0);
    Some(frame)
}

/// CRC-16 with the reflected polynomial 0xA001, as LAME puts it over everything in front of it.
fn checksum(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    })
}

/// The header of a frame of the same kind that is large enough for a Xing header, without checksum and padding. Where
/// the bit rate is constant it is that of the stream, if that is enough: some readers multiply with it.
fn roomy(like: &Header, kind: IndexKind) -> Option<Header> {
    let needed = u32::try_from(4 + like.side_length() + 120 + EXTENSION).ok()?;
    let own = Some(like.word >> 12 & 15).filter(|_| kind == IndexKind::Info);
    own.into_iter().chain(1..15).find_map(|index| {
        let word = like.word & 0xFFFF_0CFF | 0x0001_0000 | index << 12;
        Header::parse(word.to_be_bytes()).filter(|h| h.length().is_some_and(|l| l >= needed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_we_write_reads_back() {
        for bytes in
            [[0xFF, 0xFB, 0x90, 0x00], [0xFF, 0xFB, 0x90, 0xC0], [0xFF, 0xF3, 0x48, 0xC0], [0xFF, 0xE3, 0x18, 0xC4]]
        {
            let like = Header::parse(bytes).expect("a header");
            let points = [(0, 0), (50, 9_000), (100, 12_000)];
            let frame =
                xing_frame(&like, &Seek { frames: 150, bytes: 20_000, points: &points, kind: IndexKind::Xing }, None)
                    .expect("it fits");
            let header = Header::parse(*frame.first_chunk().expect("four bytes")).expect("a header");
            assert!(header.same_kind(&like) && header.channels == like.channels);
            assert_eq!(header.length().map(u64::from), Some(frame.len() as u64));
            let index = read(&header, &frame).expect("an index");
            assert_eq!((index.frames, index.bytes), (Some(150), Some(20_000 + frame.len() as u64)));
            assert_eq!((index.toc, index.gapless), (true, None));
        }
    }

    #[test]
    fn an_extension_goes_on_with_another_padding() {
        let like = Header::parse([0xFF, 0xFB, 0x90, 0xC0]).expect("a header");
        let mut old = [7; EXTENSION];
        old[..9].copy_from_slice(b"LAME3.100");
        old[21..24].copy_from_slice(&[0x24, 0x05, 0x40]);
        let seek = Seek { frames: 150, bytes: 20_000, points: &[(0, 0)], kind: IndexKind::Info };
        let frame = xing_frame(&like, &seek, Some(with_padding(old, 1_999))).expect("it fits");
        let index = read(&like, &frame).expect("an index");
        assert_eq!(index.gapless, Some(Gapless { delay: 576, padding: 1_999 }));
        let written = extension(&like, &frame).expect("an extension");
        assert_eq!((&written[..21], &written[24..28]), (&old[..21], &old[24..28]));
        // The checksum of everything before it, as LAME's own files have it.
        let at = 4 + like.side_length() + 8 + 4 + 4 + 100 + 4 + EXTENSION - 2;
        assert_eq!(frame[at..at + 2], checksum(&frame[..at]).to_be_bytes());
        assert_eq!(checksum(b"123456789"), 0xBB3D);
    }

    #[test]
    fn delay_and_padding_are_two_numbers_of_twelve_bits() {
        let mut extension = b"LAME3.100".to_vec();
        extension.resize(21, 0);
        extension.extend_from_slice(&[0x24, 0x05, 0x40]);
        assert_eq!(gapless(&extension), Some(Gapless { delay: 576, padding: 1344 }));
        extension.splice(0..4, *b"GOGO");
        assert_eq!(gapless(&extension), None);
    }
}
