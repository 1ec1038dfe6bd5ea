//! AIFF and AIFF-C: big-endian chunks, an 80-bit sample rate, markers as chapters (Apple, AIFF 1.3 and AIFF-C draft).
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

use super::bytes::{Bytes, LONGEST, Reader, code_text, is_code, text};
use super::{Excerpt, Source, Unreadable, Walk, id3};
use crate::model::audio::{
    Claim, Claimed, Codec, Container, Damage, EmbeddedCarrier, EmbeddedChapters, Measured, PrivateTag, Recording, Tag,
};
use crate::model::chapter::Mark;
use crate::model::time::{Frames, SampleRate};

/// More chunks than any program writes.
const MOST_CHUNKS: usize = 10_000;
/// Behind this the COMM chunk has only the name of its encoding.
const LONGEST_FORMAT: usize = 22;

/// True for the first bytes of an AIFF or AIFF-C file.
pub fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"FORM") && matches!(head.get(8..12), Some(b"AIFF" | b"AIFC"))
}

struct Format {
    codec: Codec,
    channels: u16,
    rate: SampleRate,
    frames: u64,
    block: u64,
    /// The COMM chunk as it is, as far as any decoder reads it.
    body: Vec<u8>,
}

/// Counts the frames that COMM promises as far as they are there, and reads markers and words.
pub fn walk(source: &mut dyn Source) -> Result<Walk, Unreadable> {
    let mut reader = Reader::new(source)?;
    let (mut format, mut sound) = (None, None);
    let (mut tags, mut private_tags, mut markers) = (Vec::new(), Vec::new(), Vec::new());
    let mut tag = id3::Facts::default();
    let mut at = 12u64;
    for _ in 0..MOST_CHUNKS {
        let Some(mut head) = reader.get(at, 8).map(Bytes) else { break };
        let (Some(id), Some(size)) = (head.code(), head.take(4).and_then(be)) else { break };
        if !is_code(id) {
            break;
        }
        let body = at + 8;
        let there = size.min(reader.size().saturating_sub(body));
        let short = usize::try_from(there).unwrap_or(LONGEST);
        match &id {
            b"COMM" => format = Some(Format::read(reader.upto(body, short))?),
            // Written into a pipe: nobody could go back and fill in the size.
            b"SSND" if size == 0 => {
                sound = Some((body, reader.size().saturating_sub(body).saturating_sub(8)));
                break;
            }
            b"SSND" => sound = Some((body, there.saturating_sub(8))),
            b"MARK" => markers = read_markers(reader.upto(body, short)),
            b"NAME" | b"AUTH" | b"(c) " | b"ANNO" => {
                tags.push(Tag { name: code_text(id), value: text(reader.upto(body, short)) });
            }
            b"ID3 " | b"id3 " => tag.add(&reader.long(body, there, id3::LARGEST)),
            b"FVER" | b"COMT" | b"INST" | b"FLLR" | b"PEAK" | b"JUNK" => {}
            _ => private_tags.push(PrivateTag { id: code_text(id), owner: String::new(), size: there }),
        }
        at = body.saturating_add(size).saturating_add(size % 2);
    }
    let size = reader.size();
    reader.finish()?;
    let mend = |what: &str| Unreadable::new(what).help("Export the recording again.");
    let format: Format =
        format.ok_or_else(|| mend("the AIFF file has no COMM chunk: nobody can say what its bytes mean"))?;
    let (begin, bytes) = sound.ok_or_else(|| mend("the AIFF file has no sound chunk: there is no audio in it"))?;
    let there = bytes / format.block;
    let frames = Frames::new(if format.frames == 0 { there } else { format.frames.min(there) });
    let mut damage = Vec::new();
    if there < format.frames {
        let lost = Some(Frames::new(format.frames - there).duration(format.rate));
        damage.push(Damage::Truncated { at: frames.timestamp(format.rate), lost });
    }
    let marks: Vec<Mark> =
        markers.into_iter().map(|(f, title)| Mark::new(Frames::new(f).timestamp(format.rate), title)).collect();
    // The markers of AIFF are what cue points are in RIFF.
    let cues = (!marks.is_empty()).then_some(EmbeddedChapters { carrier: EmbeddedCarrier::WavCue, marks });
    damage.extend(tag.damage(false));
    tags.extend(tag.text);
    private_tags.extend(tag.private);
    let sound = frames.count().saturating_mul(format.block);
    let begin = begin.saturating_add(8);
    let excerpt = Excerpt::one(format.header(frames, sound), begin..begin.saturating_add(sound));
    let claimed = Claimed(Frames::new(format.frames).duration(format.rate));
    let mut claims = vec![Claim { by: "COMM".into(), duration: claimed }];
    claims.extend(tag.stated_length.map(|length| Claim { by: "TLEN".into(), duration: Claimed(length) }));
    let bits = format.block.saturating_mul(8).saturating_mul(u64::from(format.rate.hz()));
    Ok(Walk {
        recording: Recording {
            container: Container::Aiff,
            codec: format.codec,
            size,
            sample_rate: format.rate,
            channels: format.channels,
            bit_rate: u32::try_from(bits).ok(),
            frames: Measured(frames),
            claims,
            damage,
            tags,
            private_tags,
            chapters: cues.into_iter().chain(tag.chapters).collect(),
            hearing: None,
        },
        lead: Frames::ZERO,
        silence: Frames::ZERO,
        excerpt,
    })
}

/// A big-endian number of up to eight bytes.
fn be(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b)))
}

impl Format {
    fn read(body: &[u8]) -> Result<Self, Unreadable> {
        let bad =
            || Unreadable::new("the COMM chunk of the AIFF file makes no sense").help("Export the recording again.");
        let mut b = Bytes(body);
        let mut number = |n| b.take(n).and_then(be).ok_or_else(bad);
        let channels = u16::try_from(number(2)?).map_err(|_| bad())?;
        let frames = number(4)?;
        let bits = u16::try_from(number(2)?).map_err(|_| bad())?;
        // 80-bit float: sign and exponent, then the mantissa with its leading one.
        let (exponent, mantissa) = (number(2)?, number(8)?);
        let shift = 16_446u64.checked_sub(exponent).filter(|s| *s < 64).ok_or_else(bad)?;
        let rate = u32::try_from(mantissa >> shift).ok().and_then(SampleRate::new).ok_or_else(bad)?;
        let pcm = |bits, float| Codec::Pcm { bits, float };
        let (codec, width) = match b.code().as_ref() {
            None | Some(b"NONE" | b"twos" | b"sowt" | b"in24" | b"in32" | b"raw ") => {
                (pcm(bits, false), bits.div_ceil(8))
            }
            Some(b"fl32" | b"FL32") => (pcm(32, true), 4),
            Some(b"fl64" | b"FL64") => (pcm(64, true), 8),
            Some(b"alaw" | b"ALAW") => (Codec::Other("pcm-alaw".into()), 1),
            Some(b"ulaw" | b"ULAW") => (Codec::Other("pcm-mulaw".into()), 1),
            Some(other) => {
                let what = format!("the AIFF file has an encoding that is not known ({})", code_text(*other));
                return Err(Unreadable::new(what).help("Export the recording as 16-bit or 24-bit AIFF."));
            }
        };
        let block = u64::from(channels) * u64::from(width);
        if block == 0 {
            Err(bad())
        } else {
            Ok(Self { codec, channels, rate, frames, block, body: body.get(..LONGEST_FORMAT).unwrap_or(body).to_vec() })
        }
    }
}

impl Format {
    /// A header for a decoder, whose sizes are those that were found.
    fn header(&self, frames: Frames, sound: u64) -> Vec<u8> {
        let word = |n: u64| u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes();
        let mut comm = self.body.clone();
        if let Some(count) = comm.get_mut(2..6) {
            count.copy_from_slice(&word(frames.count()));
        }
        let kind = if comm.len() > 18 { b"AIFC" } else { b"AIFF" };
        // An encoding has a name of no letters behind its code.
        let wanted = if comm.len() > 18 { LONGEST_FORMAT + 2 } else { comm.len() };
        comm.resize(wanted, 0);
        let length = comm.len() as u64;
        let words = [word(sound.saturating_add(length + 28)), word(length), word(sound.saturating_add(8))];
        let [whole, length, sound] = &words;
        [b"FORM", &whole[..], kind, b"COMM", length, &comm, b"SSND", sound, &[0; 8]].concat()
    }
}

fn read_markers(body: &[u8]) -> Vec<(u64, String)> {
    let mut b = Bytes(body);
    let mut markers = Vec::new();
    b.take(2);
    while let (Some(_), Some(frame), Some(&[len])) = (b.take(2), b.take(4).and_then(be), b.take(1)) {
        let Some(title) = b.take(usize::from(len)) else { break };
        markers.push((frame, text(title)));
        if len % 2 == 0 {
            b.take(1);
        }
    }
    markers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn file(frames: u32, there: usize) -> Vec<u8> {
        let mut out = b"FORM\0\0\0\0AIFFCOMM\0\0\0\x12\0\x01".to_vec();
        out.extend(frames.to_be_bytes());
        // 44,100 Hz.
        out.extend([0, 16, 0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]);
        out.extend(b"MARK\0\0\0\x0C\0\x01\0\x01\0\0\xAC\x44\x03Two");
        out.extend(b"SSND");
        out.extend((frames * 2 + 8).to_be_bytes());
        out.extend(vec![0; 8 + there * 2]);
        out
    }

    #[test]
    fn frames_and_markers_are_counted_as_far_as_they_are_there() {
        let bytes = file(88_200, 88_200);
        assert!(recognise(&bytes));
        let whole = walk(&mut Cursor::new(bytes)).unwrap().recording;
        assert_eq!((whole.frames.0.count(), whole.sample_rate.hz(), whole.damage), (88_200, 44_100, vec![]));
        let marks: Vec<_> =
            whole.chapters.iter().flat_map(|c| &c.marks).map(|m| (m.start.millis(), &*m.title)).collect();
        assert_eq!(marks, [(1000, "Two")]);
        let mut streamed = file(0, 500);
        let at = streamed.len() - 500 * 2 - 8 - 4;
        streamed[at..at + 4].fill(0);
        assert_eq!(walk(&mut Cursor::new(streamed)).unwrap().recording.frames.0.count(), 500);
        let cut = walk(&mut Cursor::new(file(88_200, 44_100))).unwrap().recording;
        assert_eq!(cut.frames.0.count(), 44_100);
        assert!(matches!(cut.damage.as_slice(), [Damage::Truncated { lost: Some(l), .. }] if l.millis() == 1000));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), at in 0usize..200) {
            let mut bytes = file(20, 20);
            bytes.truncate(at);
            bytes.extend(tail);
            let _ = walk(&mut Cursor::new(bytes));
        }
    }
}
