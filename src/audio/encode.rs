//! Samples → MP3 for recordings that directories do not take, with their length exact to the sample.
//!
//! Constant bit rate, 96 kbit/s for one channel and 128 for two, as Apple asks of speech. 44.1 and 48 kHz stay; other
//! rates go to the nearer family. Nothing is added to the sound: the header frame states the encoder's delay and
//! padding, and a gapless player plays what went in.

use std::io::{self, Seek, SeekFrom, Write};

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};
use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

use super::decode::{self, Block, Meter};
use super::{Source, Unreadable, probe};
use crate::model::audio::Recording;
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

/// What a recording becomes as an MP3; `None` where it has more channels than one of that kind carries.
pub fn target(recording: &Recording) -> Option<Target> {
    let hz = recording.sample_rate.hz();
    let family = if hz.is_multiple_of(11_025) { 44_100 } else { 48_000 };
    let bit_rate = match recording.channels {
        1 => 96,
        2 => 128,
        _ => return None,
    };
    Some(Target { rate: SampleRate::new(family)?, channels: recording.channels, bit_rate })
}

/// How many frames the MP3 of a recording plays: all of its own, at the rate of the MP3.
pub fn frames(recording: &Recording, target: Target) -> Frames {
    let (from, to) = (u128::from(recording.sample_rate.hz()), u128::from(target.rate.hz()));
    let count = (u128::from(recording.frames.0.count()) * to + from / 2) / from;
    Frames::new(u64::try_from(count).unwrap_or(u64::MAX))
}

/// Encodes a recording.
///
/// # Errors
/// Where it cannot be decoded, or the output cannot be written.
pub fn encode(mut source: Box<dyn Source>, name: &str, out: &mut (impl Write + Seek)) -> Result<(), Unreadable> {
    let walk = probe(&mut *source, name)?;
    let recording = &walk.recording;
    let no = |why: &str| Unreadable::new(why).help("Export the recording as MP3 yourself.");
    let target = target(recording).ok_or_else(|| no("It has more than two channels, which an MP3 cannot carry."))?;
    let mut writer =
        Writer::new(recording, target, out).ok_or_else(|| no("Its sample rate is of no use for an MP3."))?;
    if decode::decode(source, &walk, &mut [&mut writer]).is_none() {
        return Err(no("There is no decoder for it."));
    }
    writer.finish().map_err(|e| Unreadable::new(format!("The MP3 of it cannot be written: {e}.")))
}

/// A meter that encodes what it hears.
struct Writer<'a, W> {
    encoder: Mp3Encoder,
    target: Target,
    rate: Option<Rate>,
    /// Frames that the MP3 still has to get.
    left: u64,
    out: &'a mut W,
    /// Length of the first packet, which is written again when its counts are known.
    first: Option<usize>,
    /// What went wrong; nothing more is done then.
    failed: Option<io::Error>,
}

impl<'a, W: Write + Seek> Writer<'a, W> {
    fn new(recording: &Recording, target: Target, out: &'a mut W) -> Option<Self> {
        let rate =
            if recording.sample_rate == target.rate { None } else { Some(Rate::new(recording.sample_rate, target)?) };
        let config = Mp3EncoderConfig { bitrate_kbps: target.bit_rate, vbr_quality: None };
        Some(Self {
            encoder: Mp3Encoder::new(config),
            target,
            rate,
            left: frames(recording, target).count(),
            out,
            first: None,
            failed: None,
        })
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

    fn finish(mut self) -> io::Result<()> {
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
        match self.rate.take() {
            None => self.push(block.samples),
            Some(mut rate) => {
                let samples = rate.feed(block.samples);
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
            encode(Box::new(Cursor::new(wav(rate, channels, frames))), "a.wav", &mut out).expect("encoded");
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
}
