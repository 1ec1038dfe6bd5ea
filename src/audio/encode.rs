//! Samples → MP3 for recordings that directories do not take, with their length exact to the sample.
//!
//! Constant bit rate: what the show says, else 96 kbit/s for one channel and 128 for two, as Apple asks of speech. 44.1
//! and 48 kHz stay; other rates go to the nearer family. Nothing is added to the sound: the header frame states the
//! encoder's delay and padding, and a gapless player plays what went in.
//!
//! Parts of a recording are encoded anew into one, also where they are MP3 or AAC already: no codec that directories take
//! can be joined without a gap as it is. Every MP3 begins with its encoder's delay and its decoder's (together over a
//! thousand samples) and ends with padding, one header states both for the whole file alone, and the first frames of the
//! next part may want bytes of a reservoir that is not theirs. AAC in MP4 begins with priming, and of edit lists many
//! players heed one entry at most. Opus joins as chained links, each with its pre-skip, but Apple takes no Opus. WAV, AIFF
//! and FLAC become MP3 in any case; from MP3 parts the delay and padding that they state are taken off before.

use std::io::{self, Seek, SeekFrom, Write};

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};
use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

use super::decode::{self, Block, Meter};
use super::{Source, Unreadable, probe};
use crate::model::audio::Recording;
use crate::model::show::EnclosureSettings;
use crate::model::time::{Frames, SampleRate};

/// What a recording becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// 44.1 or 48 kHz.
    pub rate: SampleRate,
    /// One or two.
    pub channels: u16,
    /// Kilobits per second.
    pub bit_rate: u32,
}

/// Raise it with every change of what is written for the same samples.
pub const WRITER: u32 = 1;

/// What a recording becomes as an MP3; `None` where it has more channels than one of that kind carries. Parts of
/// several kinds become one of the first one's rate, with two channels if any of them has two.
pub fn target(parts: &[&Recording], settings: &EnclosureSettings) -> Option<Target> {
    let hz = parts.first()?.sample_rate.hz();
    let family = if hz.is_multiple_of(11_025) { 44_100 } else { 48_000 };
    let channels = parts.iter().map(|r| r.channels).max()?;
    let bit_rate = match channels {
        1 => settings.bit_rate_mono,
        2 => settings.bit_rate_stereo,
        _ => return None,
    };
    Some(Target { rate: SampleRate::new(family)?, channels, bit_rate })
}

/// How many frames the MP3 of a recording plays: all of its own, at the rate of the MP3.
pub fn frames(parts: &[&Recording], target: Target) -> Frames {
    Frames::new(parts.iter().map(|r| frames_of(r, target)).fold(0, u64::saturating_add))
}

fn frames_of(recording: &Recording, target: Target) -> u64 {
    let (from, to) = (u128::from(recording.sample_rate.hz()), u128::from(target.rate.hz()));
    let count = (u128::from(recording.frames.0.count()) * to + from / 2) / from;
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// Encodes a recording, or its parts one behind the other without a gap. Each is opened when it is its turn.
///
/// # Errors
/// Where one cannot be decoded, or the output cannot be written.
pub fn encode<'a>(
    target: Target,
    parts: impl Iterator<Item = Result<(Box<dyn Source>, &'a str), Unreadable>>,
    out: &mut (impl Write + Seek),
) -> Result<(), Unreadable> {
    let no = |why: &str| Unreadable::new(why).help("Export the recording as MP3 yourself.");
    let mut writer = Writer::new(target, out);
    for part in parts {
        let (mut source, name) = part?;
        let walk = probe(&mut *source, name)?;
        writer.begin(&walk.recording).ok_or_else(|| no("Its sample rate is of no use for an MP3."))?;
        if decode::decode(source, &walk, &mut [&mut writer]).is_none() {
            return Err(no("There is no decoder for it."));
        }
        writer.end();
    }
    writer.finish().map_err(|e| Unreadable::new(format!("The MP3 of it cannot be written: {e}.")))
}

/// A meter that encodes what it hears.
struct Writer<'a, W> {
    encoder: Mp3Encoder,
    target: Target,
    rate: Option<Rate>,
    /// Frames of this part that the MP3 still has to get.
    left: u64,
    out: &'a mut W,
    /// Length of the first packet, which is written again when its counts are known.
    first: Option<usize>,
    /// What went wrong; nothing more is done then.
    failed: Option<io::Error>,
}

impl<'a, W: Write + Seek> Writer<'a, W> {
    fn new(target: Target, out: &'a mut W) -> Self {
        let config = Mp3EncoderConfig { bitrate_kbps: target.bit_rate, vbr_quality: None };
        Self { encoder: Mp3Encoder::new(config), target, rate: None, left: 0, out, first: None, failed: None }
    }

    /// Another part comes.
    fn begin(&mut self, recording: &Recording) -> Option<()> {
        let same = recording.sample_rate == self.target.rate;
        self.rate = if same { None } else { Some(Rate::new(recording.sample_rate, self.target)?) };
        self.left = frames_of(recording, self.target);
        Some(())
    }

    fn push(&mut self, samples: &[f32]) {
        let channels = usize::from(self.target.channels);
        let frames = u64::try_from(samples.len() / channels).unwrap_or(0).min(self.left);
        self.left -= frames;
        let samples = samples.get(..usize::try_from(frames).unwrap_or(0) * channels).unwrap_or_default();
        if samples.is_empty() || self.failed.is_some() {
            return;
        }
        let pushed = self.encoder.push_pcm_f32(samples, self.target.channels, self.target.rate.hz());
        let result = pushed.map_err(|e| io::Error::other(e.to_string())).and_then(|()| self.drain());
        self.failed = result.err();
    }

    fn drain(&mut self) -> io::Result<()> {
        while let Ok(packet) = self.encoder.next_packet() {
            self.first.get_or_insert(packet.len());
            self.out.write_all(&packet)?;
        }
        Ok(())
    }

    /// The part is over.
    fn end(&mut self) {
        if let Some(rate) = self.rate.take() {
            let tail = rate.finish(self.left);
            self.push(&tail);
        }
        // What the decoder did not give is silence in its place: the length is that of the walk.
        while self.left > 0 && self.failed.is_none() {
            let silence =
                vec![0.0; usize::try_from(self.left.min(8192)).unwrap_or(0) * usize::from(self.target.channels)];
            self.push(&silence);
        }
    }

    fn finish(mut self) -> io::Result<()> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.encoder.finish();
        self.drain()?;
        let header = self.encoder.lame_tag_frame().map(<[u8]>::to_vec).unwrap_or_default();
        if self.first == Some(header.len()) {
            self.out.seek(SeekFrom::Start(0))?;
            self.out.write_all(&header)?;
        }
        self.out.flush()
    }
}

impl<W: Write + Seek> Meter for Writer<'_, W> {
    fn feed(&mut self, block: Block<'_>) {
        // One channel becomes two where another part has two.
        let doubled: Vec<f32>;
        let samples = if block.channels == 1 && self.target.channels == 2 {
            doubled = block.samples.iter().flat_map(|s| [*s, *s]).collect();
            &doubled
        } else {
            block.samples
        };
        match self.rate.take() {
            None => self.push(samples),
            Some(mut rate) => {
                let samples = rate.feed(samples);
                self.push(&samples);
                self.rate = Some(rate);
            }
        }
    }
}

/// Another sample rate, block by block, without delay.
struct Rate {
    resampler: Fft<f32>,
    channels: usize,
    /// Samples that wait for a whole chunk.
    waiting: Vec<f32>,
    /// Frames still to be dropped: the resampler's delay.
    late: usize,
}

impl Rate {
    const CHUNK: usize = 1024;

    fn new(from: SampleRate, target: Target) -> Option<Self> {
        let hz = |rate: SampleRate| usize::try_from(rate.hz()).ok();
        let channels = usize::from(target.channels);
        let resampler = Fft::new(hz(from)?, hz(target.rate)?, Self::CHUNK, channels, FixedSync::Input).ok()?;
        let late = resampler.output_delay();
        Some(Self { resampler, channels, waiting: Vec::new(), late })
    }

    fn feed(&mut self, samples: &[f32]) -> Vec<f32> {
        self.waiting.extend_from_slice(samples);
        let mut out = Vec::new();
        loop {
            let wanted = self.resampler.input_frames_next();
            if self.waiting.len() < wanted * self.channels {
                return out;
            }
            let chunk: Vec<f32> = self.waiting.drain(..wanted * self.channels).collect();
            self.turn(&chunk, wanted, &mut out);
        }
    }

    /// What is still inside: the last samples, then as much silence as it takes to get so many frames out.
    fn finish(mut self, frames: u64) -> Vec<f32> {
        let wanted = usize::try_from(frames).unwrap_or(usize::MAX).saturating_mul(self.channels);
        let mut out = Vec::new();
        let rest = std::mem::take(&mut self.waiting);
        let there = rest.len() / self.channels.max(1);
        self.turn(&rest, there, &mut out);
        // The delay is shorter than a few chunks; should the resampler ever give nothing, it ends all the same.
        for _ in 0..64 {
            if out.len() >= wanted {
                break;
            }
            self.turn(&[], 0, &mut out);
        }
        out
    }

    fn turn(&mut self, chunk: &[f32], frames: usize, out: &mut Vec<f32>) {
        let whole = self.resampler.input_frames_next();
        let mut padded = chunk.to_vec();
        padded.resize(whole * self.channels, 0.0);
        let room = self.resampler.output_frames_next();
        let mut made = vec![0.0; room * self.channels];
        let (Ok(input), Ok(mut output)) = (
            InterleavedSlice::new(&padded, self.channels, whole),
            InterleavedSlice::new_mut(&mut made, self.channels, room),
        ) else {
            return;
        };
        let partial = Indexing { partial_len: (frames < whole).then_some(frames), ..Indexing::default() };
        let Ok((_, given)) = self.resampler.process_into_buffer(&input, &mut output, Some(&partial)) else { return };
        let dropped = self.late.min(given);
        self.late -= dropped;
        out.extend_from_slice(made.get(dropped * self.channels..given * self.channels).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::audio::analyse;

    fn wav(rate: u32, channels: u16, frames: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let spec = hound::WavSpec {
            channels,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a header");
        for i in 0..frames * u32::from(channels) {
            // A click each second tells where a sound stands.
            let at = i / u32::from(channels) % rate;
            writer.write_sample(if at < rate / 50 { 12_000 } else { 0_i16 }).expect("memory");
        }
        writer.finalize().expect("memory");
        bytes.into_inner()
    }

    #[test]
    fn what_goes_in_plays_to_the_sample_and_in_its_place() {
        for (rate, channels, frames, plays) in [
            (44_100, 1, 100_001, 100_001),
            (48_000, 2, 144_123, 144_123),
            (22_050, 1, 50_000, 100_000),
            (16_000, 1, 40_001, 120_003),
            (96_000, 2, 200_001, 100_001),
            (8_000, 1, 8_000, 48_000),
        ] {
            let mut out = Cursor::new(Vec::new());
            let source = || Box::new(Cursor::new(wav(rate, channels, frames)));
            let recording = probe(&mut *source(), "a.wav").expect("a WAV").recording;
            let target = target(&[&recording], &EnclosureSettings::default()).expect("one or two channels");
            encode(target, std::iter::once(Ok((source() as _, "a.wav"))), &mut out).expect("encoded");
            let made = analyse(Box::new(Cursor::new(out.into_inner())), "a.mp3").expect("an MP3");
            assert_eq!(made.frames.0.count(), plays, "{rate} Hz");
            assert_eq!(made.channels, channels);
            assert!(made.damage.is_empty(), "{:?}", made.damage);
            let hearing = made.hearing.expect("decoded");
            // The clicks stand where they stood, to the hundredth of a second that the meter tells.
            for pause in hearing.pauses.iter().take(2) {
                let late = pause.end.millis() % 1_000;
                assert!(
                    !(15..=985).contains(&late) || pause.end == made.frames.0.timestamp(made.sample_rate),
                    "{rate} Hz: {pause:?}"
                );
            }
        }
    }

    #[test]
    fn the_bit_rate_is_that_of_the_show_by_channels() {
        let settings = EnclosureSettings { bit_rate_mono: 64, bit_rate_stereo: 160, ..EnclosureSettings::default() };
        for (channels, plain, set) in [(1, 96, 64), (2, 128, 160)] {
            let source = || Box::new(Cursor::new(wav(44_100, channels, 66_150)));
            let recording = probe(&mut *source(), "a.wav").expect("a WAV").recording;
            for (settings, expected) in [(&EnclosureSettings::default(), plain), (&settings, set)] {
                let target = target(&[&recording], settings).expect("one or two channels");
                let mut out = Cursor::new(Vec::new());
                encode(target, std::iter::once(Ok((source() as _, "a.wav"))), &mut out).expect("encoded");
                let made = probe(&mut Cursor::new(out.into_inner()), "a.mp3").expect("an MP3").recording;
                assert_eq!(made.frames.0.count(), 66_150);
                // Counted by the bytes of whole frames, so not to the bit.
                assert!(made.bit_rate.is_some_and(|b| b.abs_diff(expected * 1000) < 500), "{:?}", made.bit_rate);
            }
        }
    }

    #[test]
    fn parts_of_several_kinds_play_one_behind_the_other_to_the_sample() {
        let kinds = [(44_100, 1, 60_007), (48_000, 2, 48_000), (22_050, 1, 11_025)];
        let open = |(rate, channels, frames)| Box::new(Cursor::new(wav(rate, channels, frames))) as Box<dyn Source>;
        let walked = kinds.map(|kind| probe(&mut *open(kind), "a.wav").expect("a WAV").recording);
        let target = target(&walked.each_ref(), &EnclosureSettings::default()).expect("at most two channels");
        assert_eq!((target.rate.hz(), target.channels), (44_100, 2));
        let mut out = Cursor::new(Vec::new());
        encode(target, kinds.into_iter().map(|kind| Ok((open(kind), "a.wav"))), &mut out).expect("encoded");
        let made = analyse(Box::new(Cursor::new(out.into_inner())), "a.mp3").expect("an MP3");
        assert_eq!(made.frames.0.count(), 60_007 + 44_100 + 22_050);
        assert_eq!(made.frames.0, frames(&walked.each_ref(), target));
        // A click begins each part: the third one's stands where the first two end.
        let third = u64::from(60_007_u32 + 44_100) * 1000 / 44_100;
        let pauses = made.hearing.expect("decoded").pauses;
        assert!(pauses.iter().any(|p| p.end.millis().abs_diff(third) <= 15), "{pauses:?}");
    }
}
