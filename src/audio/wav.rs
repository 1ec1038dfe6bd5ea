//! RIFF, RF64 and BW64 WAVE: chunks whose sizes may lie, and everything that studios hang on them.
//!
//! Layout: Microsoft's RIFF, EBU Tech 3306 (`ds64`), EBU Tech 3285 (`bext`).
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

use super::bytes::{Bytes, LONGEST, Reader, bit_rate, code_text, is_code, scale, text};
use super::{Excerpt, Source, Unreadable, Walk, id3};
use crate::model::audio::{
    Claim, Claimed, Codec, Container, Damage, EmbeddedCarrier, EmbeddedChapters, Measured, PrivateTag, Recording, Tag,
};
use crate::model::chapter::Mark;
use crate::model::time::{Frames, SampleRate, Timestamp};

/// More chunks than any program writes.
const MOST_CHUNKS: usize = 10_000;
/// Longer format chunks say nothing more (the extensible one has 40 bytes, that of Microsoft's ADPCM 50).
const LONGEST_FORMAT: usize = 64;
/// More cue points than anybody sets.
const MOST_CUES: usize = 10_000;
/// Chunks that carry no words of anybody: padding, peaks, loops, the table of sizes.
const SILENT_CHUNKS: &[&[u8; 4]] = &[
    b"JUNK", b"junk", b"PAD ", b"FLLR", b"filr", b"PEAK", b"levl", b"smpl", b"inst", b"acid", b"strc", b"cue ",
    b"plst", b"ds64", b"slnt",
];

/// True for the first bytes of a WAVE file.
pub fn recognise(head: &[u8]) -> bool {
    matches!(head.split_at_checked(12), Some(([a, b, c, d, _, _, _, _, b'W', b'A', b'V', b'E'], _))
        if [b"RIFF", b"RF64", b"BW64"].contains(&&[*a, *b, *c, *d]))
}

/// The format chunk.
struct Format {
    codec: Codec,
    channels: u16,
    rate: SampleRate,
    /// The chunk as it is, as far as any decoder reads it.
    body: Vec<u8>,
    /// Bytes of one block, and how many frames it holds.
    block: u64,
    block_frames: u64,
}

/// The 64-bit sizes of RF64 and BW64.
struct Wide {
    data: u64,
    frames: u64,
    table: Vec<([u8; 4], u64)>,
}

/// The data chunk: where its first byte is, how many its header promises, whether the size was left open.
struct Data {
    start: u64,
    promised: u64,
    unset: bool,
}

#[derive(Default)]
struct Cue {
    id: u32,
    frame: u64,
    length: Option<u64>,
    title: String,
}

#[derive(Default)]
struct Found {
    format: Option<Format>,
    data: Option<Data>,
    wide: Option<Wide>,
    fact: Option<u64>,
    cues: Vec<Cue>,
    labels: Vec<(u32, String)>,
    regions: Vec<(u32, u64, String)>,
    tags: Vec<Tag>,
    private: Vec<PrivateTag>,
    id3: id3::Facts,
    damage: Vec<Damage>,
    junk: Option<(u64, u64)>,
}

/// Counts the frames of the data chunk that are there, and reads what stands around it.
pub fn walk(source: &mut dyn Source) -> Result<Walk, Unreadable> {
    let mut reader = Reader::new(source)?;
    let mut found = Found::default();
    let mut at = 12u64;
    for _ in 0..MOST_CHUNKS {
        let Some((id, size)) = chunk_at(&mut reader, at) else { break };
        let size = found.wide.as_ref().map_or(size, |w| w.size_of(id, size));
        let body = at + 8;
        if !is_code(id) {
            break;
        }
        let next = one_chunk(&mut reader, &mut found, id, body, size)?;
        at = pad(&mut reader, next);
        if at >= reader.size() {
            break;
        }
    }
    if at < reader.size() {
        found.junk = Some((at, reader.size() - at));
    }
    let size = reader.size();
    reader.finish()?;
    found.settle(size)
}

fn chunk_at(reader: &mut Reader<'_>, at: u64) -> Option<([u8; 4], u64)> {
    let mut head = Bytes(reader.get(at, 8)?);
    Some((head.code()?, u64::from(head.le32()?)))
}

/// Chunks begin at even offsets; some writers forget the pad byte, and their next chunk begins at the odd one.
fn pad(reader: &mut Reader<'_>, next: u64) -> u64 {
    let known = |reader: &mut Reader<'_>, at| chunk_at(reader, at).is_some_and(|(id, _)| is_code(id));
    if next % 2 == 1 && (known(reader, next + 1) || !known(reader, next)) { next.saturating_add(1) } else { next }
}

/// Reads one chunk; gives the offset behind its body.
fn one_chunk(reader: &mut Reader<'_>, found: &mut Found, id: [u8; 4], body: u64, size: u64) -> Result<u64, Unreadable> {
    let end = body.saturating_add(size);
    let there = size.min(reader.size().saturating_sub(body));
    let short = usize::try_from(there).unwrap_or(LONGEST).min(LONGEST);
    match &id {
        b"ds64" if found.wide.is_none() => found.wide = Wide::read(reader.upto(body, short)),
        b"fmt " if found.format.is_none() => found.format = Some(Format::read(reader.upto(body, short))?),
        b"fact" => found.fact = Bytes(reader.upto(body, short)).le32().map(u64::from),
        b"data" if found.data.is_none() => {
            let unset = is_unset(reader, found, body, size);
            found.data = Some(Data { start: body, promised: size, unset });
            if unset {
                return Ok(reader.size());
            }
        }
        b"data" => {}
        b"cue " => read_cues(reader, found, body, there),
        b"LIST" => read_list(reader, found, body, there),
        b"bext" => read_bext(reader, found, body, there),
        b"id3 " | b"ID3 " => found.id3.add(&reader.long(body, there, id3::LARGEST)),
        _ if SILENT_CHUNKS.contains(&&id) => {}
        _ => found.private.push(PrivateTag { id: code_text(id), owner: String::new(), size: there }),
    }
    Ok(end.min(reader.size()))
}

/// Writers that stream to a pipe cannot come back to fill in the size: 0, all ones (ffmpeg), 0x7FFFF000 (sox), 2^31.
fn is_unset(reader: &mut Reader<'_>, found: &Found, body: u64, size: u64) -> bool {
    let rest = reader.size().saturating_sub(body);
    if found.wide.as_ref().is_some_and(|w| w.data != 0 && w.data != u64::MAX) {
        return false;
    }
    match size {
        0 => {
            let chunk_follows =
                chunk_at(reader, body).is_some_and(|(id, n)| is_code(id) && n <= rest.saturating_sub(8));
            rest > 0 && !chunk_follows
        }
        0x7FFF_F000..=0x8000_0000 | 0xFFFF_FF00..=0xFFFF_FFFF | u64::MAX => size > rest,
        _ => false,
    }
}

impl Wide {
    fn read(body: &[u8]) -> Option<Self> {
        let mut b = Bytes(body);
        b.le64()?;
        let mut wide = Self { data: b.le64()?, frames: b.le64()?, table: Vec::new() };
        let entries = b.le32().unwrap_or(0);
        for _ in 0..entries.min(64) {
            let (Some(id), Some(size)) = (b.code(), b.le64()) else { break };
            wide.table.push((id, size));
        }
        Some(wide)
    }

    fn size_of(&self, id: [u8; 4], size: u64) -> u64 {
        match self.table.iter().find(|(i, _)| *i == id) {
            _ if size != 0xFFFF_FFFF => size,
            _ if &id == b"data" && self.data != 0 => self.data,
            Some((_, wide)) => *wide,
            None => size,
        }
    }
}

impl Format {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        let short =
            || Unreadable::new("the format chunk of the WAV file is too short").help("Export the recording again.");
        let mut b = Bytes(body);
        let mut tag = b.le16().ok_or_else(short)?;
        let channels = b.le16().ok_or_else(short)?;
        let rate = b.le32().ok_or_else(short)?;
        b.take(4).ok_or_else(short)?;
        let align = b.le16().ok_or_else(short)?;
        let bits = b.le16().unwrap_or(0);
        let mut extra = b;
        if tag == 0xFFFE {
            // WAVE_FORMAT_EXTENSIBLE: extension size, valid bits, speaker mask, then the real tag leads a GUID.
            extra.take(8).ok_or_else(short)?;
            tag = extra.le16().ok_or_else(short)?;
        }
        let rate = SampleRate::new(rate).ok_or_else(|| {
            Unreadable::new("the WAV file says that it has 0 samples a second").help("Export the recording again.")
        })?;
        if channels == 0 {
            return Err(Unreadable::new("the WAV file says that it has no channel").help("Export the recording again."));
        }
        let plain = u64::from(channels) * u64::from(bits.div_ceil(8));
        let block = if align == 0 { plain } else { u64::from(align) };
        let (codec, block_frames) = match tag {
            1 => (Codec::Pcm { bits, float: false }, 1),
            3 => (Codec::Pcm { bits, float: true }, 1),
            6 => (Codec::Other("pcm-alaw".into()), 1),
            7 => (Codec::Other("pcm-mulaw".into()), 1),
            0x0002 | 0x0011 => {
                // Extension size, then the frames of one block, for Microsoft's and for IMA ADPCM alike.
                let mut extension = b;
                extension.le16();
                let frames = extension.le16().filter(|n| *n > 0).ok_or_else(short)?;
                let name = if tag == 2 { "adpcm-ms" } else { "adpcm-ima" };
                (Codec::Other(name.into()), u64::from(frames))
            }
            0x0050 | 0x0055 => {
                return Err(Unreadable::new("the WAV file has MP3 audio inside, which hardly any player opens")
                    .help("Take the MP3 out of its wrapping: ffmpeg -i in.wav -c copy out.mp3"));
            }
            other => {
                return Err(Unreadable::new(format!("the WAV file has an encoding that is not known (0x{other:04X})"))
                    .help("Export the recording as 16-bit or 24-bit WAV."));
            }
        };
        if block == 0 {
            return Err(
                Unreadable::new("the WAV file says that a sample has no bits").help("Export the recording again.")
            );
        }
        let body = body.get(..LONGEST_FORMAT).unwrap_or(body).to_vec();
        Ok(Self { codec, channels, rate, body, block, block_frames })
    }
}

impl Format {
    /// A header like one that is written into a pipe: its sizes are open, so that none of them can lie.
    fn header(&self) -> Vec<u8> {
        let length = u32::try_from(self.body.len()).unwrap_or(0).to_le_bytes();
        let pad: &[u8] = if self.body.len().is_multiple_of(2) { &[] } else { &[0] };
        [b"RIFF\xFF\xFF\xFF\xFFWAVEfmt ", &length[..], &self.body, pad, b"data\xFF\xFF\xFF\xFF"].concat()
    }
}

fn read_cues(reader: &mut Reader<'_>, found: &mut Found, body: u64, size: u64) {
    let count = reader.get(body, 4).and_then(|b| Bytes(b).le32()).unwrap_or(0);
    let room = size.saturating_sub(4) / 24;
    for n in 0..u64::from(count).min(room) {
        if found.cues.len() >= MOST_CUES {
            break;
        }
        let Some(mut b) = reader.get(body + 4 + n * 24, 24).map(Bytes) else { break };
        let (Some(id), Some(position), Some(_)) = (b.le32(), b.le32(), b.take(12)) else { break };
        // The position in the play order; the offset in the data chunk wins, where it is given.
        let frame = b.le32().filter(|f| *f != 0).unwrap_or(position);
        found.cues.push(Cue { id, frame: u64::from(frame), ..Cue::default() });
    }
}

/// `LIST`: words about the file (`INFO`) or about its cue points (`adtl`).
fn read_list(reader: &mut Reader<'_>, found: &mut Found, body: u64, size: u64) {
    let kind = reader.get(body, 4).and_then(|b| Bytes(b).code()).unwrap_or_default();
    let end = body.saturating_add(size);
    let mut at = body.saturating_add(4);
    for _ in 0..MOST_CHUNKS {
        let Some((id, size)) = chunk_at(reader, at).filter(|(id, _)| is_code(*id)) else { break };
        let inner = at + 8;
        let there = size.min(end.saturating_sub(inner));
        let bytes = reader.upto(inner, usize::try_from(there).unwrap_or(LONGEST));
        let mut b = Bytes(bytes);
        match (&kind, &id) {
            (b"INFO", _) => found.tags.push(Tag { name: code_text(id), value: text(bytes) }),
            (b"adtl", b"labl") => {
                if let Some(cue) = b.le32() {
                    found.labels.push((cue, text(b.0)));
                }
            }
            (b"adtl", b"ltxt") => {
                if let (Some(cue), Some(length), Some(_)) = (b.le32(), b.le32(), b.take(12)) {
                    found.regions.push((cue, u64::from(length), text(b.0)));
                }
            }
            _ => {}
        }
        if found.tags.len() + found.labels.len() + found.regions.len() > MOST_CUES * 3 {
            break;
        }
        at = inner.saturating_add(size).saturating_add(size % 2);
        if at >= end {
            break;
        }
    }
}

/// The broadcast extension: fixed fields, then the coding history.
fn read_bext(reader: &mut Reader<'_>, found: &mut Found, body: u64, size: u64) {
    let len = usize::try_from(size).unwrap_or(LONGEST);
    let mut b = Bytes(reader.upto(body, len));
    for (name, width) in [
        ("bext.Description", 256),
        ("bext.Originator", 32),
        ("bext.OriginatorReference", 32),
        ("bext.OriginationDate", 10),
        ("bext.OriginationTime", 8),
    ] {
        let Some(field) = b.take(width) else { return };
        let value = text(field);
        if !value.is_empty() {
            found.tags.push(Tag { name: name.into(), value });
        }
    }
    // Time reference, version, UMID, loudness and reserved bytes: 8 + 2 + 64 + 10 + 180.
    if b.take(264).is_some() {
        let value = text(b.0).trim().to_owned();
        if !value.is_empty() {
            found.tags.push(Tag { name: "bext.CodingHistory".into(), value });
        }
    }
}

impl Found {
    fn settle(mut self, size: u64) -> Result<Walk, Unreadable> {
        let format = self.format.take().ok_or_else(|| {
            Unreadable::new("the WAV file has no format chunk: nobody can say what its bytes mean")
                .help("Export the recording again.")
        })?;
        let data = self.data.take().ok_or_else(|| {
            Unreadable::new("the WAV file has no data chunk: there is no audio in it")
                .help("Export the recording again.")
        })?;
        let rate = format.rate;
        let there = size.saturating_sub(data.start);
        let bytes = if data.unset { there } else { data.promised.min(there) };
        let frames_of = |bytes: u64| (bytes / format.block).saturating_mul(format.block_frames);
        let mut frames = frames_of(bytes);
        let claim = |by: &str, n: u64| Claim { by: by.into(), duration: Claimed(Frames::new(n).duration(rate)) };
        let mut claims = vec![claim("data chunk", frames_of(data.promised))];
        if let Some(wide) = self.wide.as_ref().filter(|w| w.frames > 0 && format.block_frames == 1) {
            claims.push(claim("ds64", wide.frames));
        }
        if let Some(fact) = self.fact.filter(|f| *f > 0) {
            claims.push(claim("fact chunk", fact));
            // Blocks of ADPCM are filled up; `fact` says where the audio ends in the last one.
            if format.block_frames > 1 && fact < frames && frames - fact < format.block_frames {
                frames = fact;
            }
        }
        let end = Frames::new(frames).timestamp(rate);
        let mut damage = std::mem::take(&mut self.damage);
        if data.unset {
            damage.push(Damage::WavSizeUnset);
        } else if data.promised > there {
            let lost = frames_of(data.promised).saturating_sub(frames);
            damage.push(Damage::Truncated { at: end, lost: Some(Frames::new(lost).duration(rate)) });
        }
        if let Some((offset, bytes)) = self.junk.filter(|(_, n)| *n > 1) {
            damage.push(Damage::Junk { at: end, offset, bytes });
        }
        damage.extend(self.id3.damage(false));
        claims.extend(self.id3.stated_length.map(|length| Claim { by: "TLEN".into(), duration: Claimed(length) }));
        let chapters = self.cue_chapters(rate).into_iter().chain(self.id3.chapters.take()).collect();
        self.tags.extend(self.id3.text);
        self.private.extend(self.id3.private);
        let bit_rate = match format.codec {
            Codec::Pcm { .. } => u32::try_from(scale(format.block * 8, u64::from(rate.hz()), 1)).ok(),
            _ => bit_rate(bytes, frames, rate.hz()),
        };
        let excerpt = Excerpt::one(format.header(), data.start..data.start.saturating_add(bytes));
        Ok(Walk {
            recording: Recording {
                container: Container::Wav,
                codec: format.codec,
                size,
                sample_rate: rate,
                channels: format.channels,
                bit_rate,
                frames: Measured(Frames::new(frames)),
                claims,
                damage,
                tags: self.tags,
                private_tags: self.private,
                chapters,
                hearing: None,
            },
            lead: Frames::ZERO,
            silence: Frames::ZERO,
            excerpt,
        })
    }

    fn cue_chapters(&mut self, rate: SampleRate) -> Option<EmbeddedChapters> {
        for cue in &mut self.cues {
            if let Some((_, length, title)) = self.regions.iter().find(|(id, _, _)| *id == cue.id) {
                (cue.length, cue.title) = (Some(*length).filter(|n| *n > 0), title.clone());
            }
            if let Some((_, title)) = self.labels.iter().find(|(id, t)| *id == cue.id && !t.is_empty()) {
                cue.title.clone_from(title);
            }
        }
        let at = |frame: u64| -> Timestamp { Frames::new(frame).timestamp(rate) };
        let marks: Vec<Mark> = self
            .cues
            .iter()
            .map(|c| Mark {
                end: c.length.map(|n| at(c.frame.saturating_add(n))),
                ..Mark::new(at(c.frame), c.title.clone())
            })
            .collect();
        (!marks.is_empty()).then_some(EmbeddedChapters { carrier: EmbeddedCarrier::WavCue, marks })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn file(form: &[u8; 4], chunks: &[(&[u8; 4], u32, Vec<u8>)]) -> Vec<u8> {
        let mut out = [&form[..], &[0; 4], b"WAVE"].concat();
        for (id, size, body) in chunks {
            out.extend(*id);
            out.extend(size.to_le_bytes());
            out.extend(body);
            if *size % 2 == 1 && body.len() % 2 == 1 {
                out.push(0);
            }
        }
        out
    }

    fn format(tag: u16, bits: u16) -> Vec<u8> {
        let align = bits / 8;
        let mut out = [tag.to_le_bytes(), 1u16.to_le_bytes()].concat();
        out.extend(8000u32.to_le_bytes());
        out.extend((8000 * u32::from(align)).to_le_bytes());
        out.extend(align.to_le_bytes());
        out.extend(bits.to_le_bytes());
        out
    }

    fn walked(bytes: Vec<u8>) -> Recording {
        assert!(recognise(&bytes));
        walk(&mut Cursor::new(bytes)).unwrap().recording
    }

    fn check(bytes: Vec<u8>, frames: u64, damage: &[Damage]) {
        let r = walked(bytes);
        assert_eq!((r.frames.0.count(), &r.damage[..]), (frames, damage));
    }

    #[test]
    fn frames_are_what_is_there_whatever_the_sizes_say() {
        let fmt = || (b"fmt ", 16, format(1, 16));
        let samples = |n: usize| vec![1u8; n * 2];
        check(file(b"RIFF", &[fmt(), (b"data", 16_000, samples(8000))]), 8000, &[]);
        for unset in [0, u32::MAX, 0x7FFF_F000, 0x8000_0000] {
            check(file(b"RIFF", &[fmt(), (b"data", unset, samples(8000))]), 8000, &[Damage::WavSizeUnset]);
        }
        let cut = Damage::Truncated {
            at: Timestamp::from_millis(1000),
            lost: Some(crate::model::time::Duration::from_millis(500)),
        };
        check(file(b"RIFF", &[fmt(), (b"data", 24_000, samples(8000))]), 8000, &[cut]);
        let mut ds64 = vec![0; 28];
        ds64[8..16].copy_from_slice(&16_000u64.to_le_bytes());
        ds64[16..24].copy_from_slice(&8000u64.to_le_bytes());
        let wide = [(b"ds64", 28, ds64), fmt(), (b"data", u32::MAX, samples(8000)), (b"LIST", 4, b"INFO".to_vec())];
        check(file(b"RF64", &wide), 8000, &[]);
        check(file(b"BW64", &wide), 8000, &[]);
        let odd = [(b"fmt ", 16, format(1, 8)), (b"data", 801, vec![0; 801]), (b"LIST", 4, b"INFO".to_vec())];
        check(file(b"RIFF", &odd), 801, &[]);
        check(file(b"RIFF", &[fmt(), (b"data", 0, vec![])]), 0, &[]);
    }

    #[test]
    fn cue_points_become_marks_with_their_labels_and_regions() {
        let mut cue = 1u32.to_le_bytes().to_vec();
        for n in [7u32, 0] {
            cue.extend(n.to_le_bytes());
        }
        cue.extend(b"data");
        for n in [0u32, 0, 4000] {
            cue.extend(n.to_le_bytes());
        }
        let mut adtl = b"adtlltxt".to_vec();
        for n in [20u32, 7, 2000] {
            adtl.extend(n.to_le_bytes());
        }
        adtl.extend(b"rgn \0\0\0\0\0\0\0\0labl\x09\0\0\0\x07\0\0\0Caf\xE9\0\0");
        let size = u32::try_from(adtl.len()).unwrap();
        let r = walked(file(
            b"RIFF",
            &[
                (b"fmt ", 16, format(1, 16)),
                (b"data", 16_000, vec![0; 16_000]),
                (b"cue ", 28, cue),
                (b"LIST", size, adtl),
            ],
        ));
        let marks = &r.chapters[0].marks;
        assert_eq!((marks[0].title.as_str(), marks[0].start.millis()), ("Café", 500));
        assert_eq!(marks[0].end, Some(Timestamp::from_millis(750)));
        assert!(r.damage.is_empty());
    }

    #[test]
    fn an_id3_chunk_is_read_as_the_tag_of_an_mp3_is() {
        let tag = include_bytes!("../../tests/audio/id3v23-chapters.tag").to_vec();
        let size = u32::try_from(tag.len()).unwrap();
        let r = walked(file(
            b"RIFF",
            &[(b"fmt ", 16, format(1, 16)), (b"data", 16_000, vec![0; 16_000]), (b"id3 ", size, tag)],
        ));
        let marks: Vec<_> = r.chapters[0].marks.iter().map(|m| (m.start.millis(), m.title.as_str())).collect();
        assert_eq!(marks, [(0, "Intro"), (2000, "Zweites Ünïcode")]);
        assert_eq!((r.tags[0].name.as_str(), r.tags[0].value.as_str()), ("TIT2", "A title"));
        assert_eq!((r.private_tags, r.damage), (vec![], vec![]));
    }

    #[test]
    fn what_cannot_be_counted_is_refused_with_a_remedy() {
        let check = |bytes: Vec<u8>| assert!(walk(&mut Cursor::new(bytes)).unwrap_err().help.is_some());
        check(file(b"RIFF", &[]));
        check(file(b"RIFF", &[(b"fmt ", 16, format(1, 16))]));
        check(file(b"RIFF", &[(b"fmt ", 16, format(0x55, 0)), (b"data", 2, vec![0, 0])]));
        check(file(b"RIFF", &[(b"fmt ", 16, vec![0; 16]), (b"data", 2, vec![0, 0])]));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400), at in 0usize..900) {
            let mut bytes = file(b"RF64", &[(b"fmt ", 16, format(1, 16)), (b"data", 400, vec![0; 400])]);
            bytes.truncate(at);
            bytes.extend(tail);
            let _ = walk(&mut Cursor::new(bytes));
        }
    }
}
