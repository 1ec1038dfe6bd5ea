//! The one decode pass: every audible sample, once, to every meter.
//!
//! The walk has said how long the recording is; here the decoder proves it. What it refuses is silence in its place, so
//! that times stay true, and is reported.

use std::sync::LazyLock;

use symphonia::core::codecs::audio::well_known::CODEC_ID_MP3;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoderOptions};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, Timestamp};

use super::excerpt::Opened;
use super::opus::Opus;
use super::{Source, Walk, mp3};
use crate::model::audio::{Codec, Container, Damage};
use crate::model::time::{Frames, SampleRate};

/// Consecutive samples of all channels, interleaved.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// The samples, full scale at 1.
    pub samples: &'a [f32],
    /// How many channels they are of.
    pub channels: usize,
}

/// Something that is measured while the recording is decoded.
pub trait Meter {
    /// Takes the next block.
    fn feed(&mut self, block: Block<'_>);
}

/// What decoding showed that walking cannot.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Decoded {
    pub(super) damage: Vec<Damage>,
}

/// Codecs of the library and our own.
static CODECS: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut registry = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut registry);
    registry.register_audio_decoder::<Opus>();
    registry
});

/// More places of damage than this are not listed one by one.
const MOST_PLACES: usize = 1_000;

/// Decodes a walked recording. `None` where there is no decoder for it.
pub(super) fn decode(source: Box<dyn Source>, walk: &Walk, meters: &mut [&mut dyn Meter]) -> Option<Decoded> {
    let recording = &walk.recording;
    // Low complexity decoders play high efficiency streams at half their rate and say nothing.
    match &recording.codec {
        Codec::HeAac => return None,
        // Telephone companding is as good as plain samples.
        Codec::Other(name) if !name.starts_with("pcm-") => return None,
        _ => {}
    }
    let packets = Packets::open(walk.excerpt.open(source, recording.size), walk)?;
    let mut pass = Pass {
        meters,
        rate: recording.sample_rate,
        channels: usize::from(recording.channels),
        skip: 0,
        left: recording.frames.0.count(),
        given: 0,
        refused: None,
        found: Decoded::default(),
        silence: Vec::new(),
    };
    pass.pass_silence(walk.silence.count());
    pass.skip = walk.lead.count();
    pass.run(packets)?;
    Some(pass.finish())
}

/// Where packets come from: the library's reader of a container, or our own where that one finds its way less surely.
enum Packets {
    Container(Box<dyn FormatReader>),
    Mp3(mp3::FrameReader<Opened>),
}

enum Next {
    Packet(Packet),
    /// Another link of a chained stream begins.
    Link,
    End,
}

impl Packets {
    fn open(opened: Opened, walk: &Walk) -> Option<Self> {
        if walk.recording.container == Container::Mp3 && !walk.excerpt.stretches.is_empty() {
            let frames = walk.recording.codec == Codec::Mp3;
            return frames.then(|| Self::Mp3(mp3::FrameReader::new(opened)));
        }
        let stream = MediaSourceStream::new(Box::new(opened), Default::default());
        let (hint, options) = (Hint::new(), FormatOptions::default());
        let format = symphonia::default::get_probe().probe(&hint, stream, options, MetadataOptions::default());
        format.ok().map(Self::Container)
    }

    /// What the packets of this link are encoded with.
    fn codec(&self) -> Option<AudioCodecParameters> {
        match self {
            Self::Container(format) => format.default_track(TrackType::Audio)?.codec_params.as_ref()?.audio().cloned(),
            Self::Mp3(_) => {
                let mut codec = AudioCodecParameters::new();
                codec.for_codec(CODEC_ID_MP3);
                Some(codec)
            }
        }
    }

    fn next(&mut self) -> Next {
        match self {
            Self::Container(format) => {
                let audio = format.default_track(TrackType::Audio).map(|t| t.id);
                loop {
                    match format.next_packet() {
                        Ok(Some(packet)) if Some(packet.track_id) == audio => return Next::Packet(packet),
                        Ok(Some(_)) => {}
                        Err(Error::ResetRequired) => return Next::Link,
                        // The walk has reported a file that ends too early; the decoder gave what there is.
                        Ok(None) | Err(_) => return Next::End,
                    }
                }
            }
            Self::Mp3(frames) => match frames.next() {
                Some(frame) => {
                    let length = u64::from(frame.samples);
                    Next::Packet(Packet::new(0, Timestamp::ZERO, Duration::new(length), frame.bytes))
                }
                None => Next::End,
            },
        }
    }
}

struct Pass<'m, 'a> {
    meters: &'m mut [&'a mut dyn Meter],
    rate: SampleRate,
    channels: usize,
    /// Frames still to be dropped at the start.
    skip: u64,
    /// Audible frames still to come.
    left: u64,
    /// Audible frames so far.
    given: u64,
    /// Where a run of refused packets began, and how many they are.
    refused: Option<(u64, u64)>,
    found: Decoded,
    silence: Vec<f32>,
}

impl Pass<'_, '_> {
    fn run(&mut self, mut packets: Packets) -> Option<()> {
        let options = AudioDecoderOptions::default().gapless(false).verify(true);
        let mut samples: Vec<f32> = Vec::new();
        // Each turn is one link of a chained stream.
        loop {
            let mut decoder = CODECS.make_audio_decoder(&packets.codec()?, &options).ok()?;
            let chained = loop {
                let packet = match packets.next() {
                    Next::Packet(packet) => packet,
                    Next::Link => break true,
                    Next::End => break false,
                };
                match decoder.decode(&packet) {
                    Ok(buffer) => {
                        self.mend();
                        let spec_channels = buffer.spec().channels().count();
                        if buffer.spec().rate() == self.rate.hz() && spec_channels == self.channels {
                            buffer.copy_to_vec_interleaved(&mut samples);
                            self.give(&samples);
                        } else {
                            // A part in another format: its time passes in silence.
                            let frames = u64::try_from(buffer.frames()).unwrap_or(u64::MAX);
                            let there = u64::from(buffer.spec().rate()).max(1);
                            self.pass_silence(frames.saturating_mul(u64::from(self.rate.hz())) / there);
                        }
                    }
                    Err(Error::DecodeError(_) | Error::IoError(_) | Error::Unsupported(_)) => {
                        let (at, packets) = self.refused.unwrap_or((self.given, 0));
                        self.refused = Some((at, packets + 1));
                        self.pass_silence(packet.dur.get());
                        decoder.reset();
                    }
                    Err(_) => break false,
                }
            };
            if decoder.finalize().verify_ok == Some(false) {
                let what = "the checksum of the whole stream (MD5)".to_owned();
                self.found.damage.push(Damage::Checksum { at: None, what });
            }
            if !chained {
                return Some(());
            }
        }
    }

    /// Hands on what is audible of decoded samples.
    fn give(&mut self, samples: &[f32]) {
        let frames = u64::try_from(samples.len() / self.channels.max(1)).unwrap_or(0);
        let skipped = self.skip.min(frames);
        self.skip -= skipped;
        let wanted = (frames - skipped).min(self.left);
        self.left -= wanted;
        self.given += wanted;
        let index = |frames: u64| usize::try_from(frames).unwrap_or(usize::MAX).saturating_mul(self.channels);
        let audible = samples.get(index(skipped)..index(skipped + wanted)).unwrap_or_default();
        if !audible.is_empty() {
            for meter in self.meters.iter_mut() {
                meter.feed(Block { samples: audible, channels: self.channels });
            }
        }
    }

    /// Silence in the place of what cannot be decoded.
    fn pass_silence(&mut self, frames: u64) {
        const AT_ONCE: u64 = 8192;
        let mut silence = std::mem::take(&mut self.silence);
        let mut left = frames.min(self.skip.saturating_add(self.left));
        while left > 0 {
            let now = left.min(AT_ONCE);
            silence.clear();
            silence.resize(usize::try_from(now).unwrap_or(0) * self.channels, 0.0);
            self.give(&silence);
            left -= now;
        }
        self.silence = silence;
    }

    /// Ends a run of refused packets.
    fn mend(&mut self) {
        if let Some((at, packets)) = self.refused.take()
            && self.found.damage.len() < MOST_PLACES
        {
            self.found.damage.push(Damage::Undecodable { at: Frames::new(at).timestamp(self.rate), packets });
        }
    }

    fn finish(mut self) -> Decoded {
        self.mend();
        // The walk counted frames that the decoder did not give: it stopped early.
        if self.left > u64::from(self.rate.hz()) / 10 {
            let at = Frames::new(self.given).timestamp(self.rate);
            let lost = Some(Frames::new(self.left).duration(self.rate));
            self.found.damage.push(Damage::Truncated { at, lost });
        }
        self.found
    }
}
