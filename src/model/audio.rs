//! A recording as it was walked and heard: what its headers claim beside what was counted.

use serde::{Deserialize, Serialize};

use super::chapter::Mark;
use super::time::{Duration, Frames, SampleRate, Timestamp};
use super::waveform::Waveform;

/// What a header or tag says. There is no way from here to [`Measured`]: claims never reach the feed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claimed<T>(pub T);

/// What was counted in the bytes themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Measured<T>(pub T);

/// One audio file, walked and perhaps decoded.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Recording {
    /// The wrapping, by its bytes and not by its name.
    pub container: Container,
    /// What is inside.
    pub codec: Codec,
    /// Size of the file in bytes.
    pub size: u64,
    /// Frames per second at which [`Recording::frames`] counts.
    pub sample_rate: SampleRate,
    /// Channels of the audio.
    pub channels: u16,
    /// Mean bits per second of the encoded audio without tags; `None` where it says nothing.
    pub bit_rate: Option<u32>,
    /// What a gapless decoder plays, counted without decoding.
    pub frames: Measured<Frames>,
    /// Every length that a header or tag states, in the order found.
    pub claims: Vec<Claim>,
    /// Everything that is wrong with the file, in order of place.
    pub damage: Vec<Damage>,
    /// Text tags in the order found, by their own names (`TIT2`, `©nam`, `TITLE`).
    pub tags: Vec<Tag>,
    /// Tags that players ignore and that studios leave names and paths in (PRIV, GEOB, XMP, `uuid`).
    pub private_tags: Vec<PrivateTag>,
    /// Chapters that the file carries, each kind of carrier apart.
    pub chapters: Vec<EmbeddedChapters>,
    /// What the decode pass found; `None` after a walk alone, and where the codec cannot be decoded.
    pub hearing: Option<Hearing>,
}

impl Recording {
    /// The exact length, rounded to a millisecond once.
    pub fn duration(&self) -> Measured<Duration> {
        Measured(self.frames.0.duration(self.sample_rate))
    }

    /// The length that it had before its end was lost: what a header says where the end is missing, else what was counted.
    pub fn whole_duration(&self) -> Duration {
        let cut = self.damage.iter().any(|d| matches!(d, Damage::Truncated { .. }));
        let Measured(counted) = self.duration();
        self.claimed_duration().filter(|_| cut).map_or(counted, |Claimed(stated)| stated.max(counted))
    }

    /// The length that a reader which trusts headers would show: the first claim.
    pub fn claimed_duration(&self) -> Option<Claimed<Duration>> {
        self.claims.first().map(|c| c.duration)
    }
}

/// The wrapping of encoded audio.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Container {
    /// A bare MPEG audio stream, with or without tags.
    Mp3,
    /// ISO base media: `.m4a`, `.mp4`.
    Mp4,
    /// A bare AAC stream.
    Adts,
    /// RIFF, RF64 or BW64 WAVE.
    Wav,
    /// AIFF or AIFF-C.
    Aiff,
    /// Native FLAC.
    Flac,
    /// Ogg with Vorbis, Opus or FLAC inside.
    Ogg,
}

impl Container {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Mp4 => "mp4",
            Self::Adts => "adts",
            Self::Wav => "wav",
            Self::Aiff => "aiff",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
        }
    }
}

/// How the samples are encoded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Codec {
    /// MPEG-1, 2 or 2.5 layer III.
    Mp3,
    /// MPEG layer I or II, which podcast apps do not take.
    MpegLayer(u8),
    /// AAC low complexity.
    AacLc,
    /// AAC with spectral band replication; walked, never decoded as low complexity.
    HeAac,
    /// Apple Lossless.
    Alac,
    /// FLAC.
    Flac,
    /// Vorbis.
    Vorbis,
    /// Opus.
    Opus,
    /// Samples as they are.
    Pcm {
        /// Bits of one sample.
        bits: u16,
        /// Floating point instead of integers.
        float: bool,
    },
    /// Anything else, by the name the container gives it.
    Other(String),
}

impl Codec {
    /// The word that reports use.
    pub fn word(&self) -> String {
        match self {
            Self::Mp3 => "mp3".into(),
            Self::MpegLayer(layer) => format!("mp{layer}"),
            Self::AacLc => "aac-lc".into(),
            Self::HeAac => "he-aac".into(),
            Self::Alac => "alac".into(),
            Self::Flac => "flac".into(),
            Self::Vorbis => "vorbis".into(),
            Self::Opus => "opus".into(),
            Self::Pcm { bits, float: false } => format!("pcm-s{bits}"),
            Self::Pcm { bits, float: true } => format!("pcm-f{bits}"),
            Self::Other(name) => name.clone(),
        }
    }
}

/// One statement about the length, and who makes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// The header or tag: `Xing header`, `TLEN`, `mvhd`, `STREAMINFO`, `first frame's bit rate`, …
    pub by: String,
    /// What it says.
    pub duration: Claimed<Duration>,
}

/// Something wrong with the file, with its place. Facts only: rules decide how bad it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Damage {
    /// The end is missing: a header promises more than there is, or decoding stops early.
    Truncated {
        /// Where the audio ends.
        at: Timestamp,
        /// What is gone, where a header tells; `None` where nobody can say.
        lost: Option<Duration>,
    },
    /// Frames are missing in the middle.
    Hole {
        /// Where.
        at: Timestamp,
        /// How much, where it can be counted.
        lost: Option<Duration>,
    },
    /// Bytes that are neither audio nor a tag.
    Junk {
        /// Where they stand in the audio.
        at: Timestamp,
        /// Where they stand in the file.
        offset: u64,
        /// How many.
        bytes: u64,
    },
    /// Another stream begins: files were joined byte by byte, or the rate or the channels change.
    Glued {
        /// Where the next stream begins.
        at: Timestamp,
        /// What shows it.
        what: String,
    },
    /// A checksum of the file does not fit its bytes.
    Checksum {
        /// Where, if the checksum is local.
        at: Option<Timestamp>,
        /// Whose checksum.
        what: String,
    },
    /// The decoder refused these packets.
    Undecodable {
        /// The first of them.
        at: Timestamp,
        /// How many in a row.
        packets: u64,
    },
    /// The sound stops dead and comes back: nothing is played for a while in the middle of a word.
    Dropout {
        /// Where it stops.
        at: Timestamp,
        /// For how long.
        lasts: Duration,
    },
    /// A piece is heard twice in a row, the same to the last bit.
    Repeated {
        /// Where it begins again.
        at: Timestamp,
        /// How long it is.
        lasts: Duration,
    },
    /// The bit rate varies and no header gives an index: players guess where to seek.
    NoIndex,
    /// A layer I or II stream.
    NotLayer3,
    /// The audio is encrypted.
    Protected,
    /// More than one audio stream, or video beside it.
    SeveralStreams {
        /// Audio streams.
        audio: u32,
        /// Video streams that are no cover picture.
        video: u32,
    },
    /// The index stands behind the audio.
    MoovLast,
    /// The file is cut into movie fragments.
    Fragmented,
    /// The size field of the data is 0 or all ones: the file was streamed.
    WavSizeUnset,
    /// STREAMINFO does not say how long the stream is.
    FlacLengthUnknown,
    /// Granule positions do not begin at zero, run backwards, or are missing at the end.
    Granule {
        /// What is odd.
        what: String,
    },
    /// Several ID3v2 tags, or APEv2 beside ID3v2.
    SeveralTags {
        /// Which.
        what: String,
    },
    /// A tag that could not be read whole.
    BrokenTag {
        /// What is wrong.
        what: String,
    },
    /// The chapters inside the file break the rules of their carrier.
    ChapterCarrier {
        /// Which rule.
        fault: CarrierFault,
        /// What is wrong.
        what: String,
    },
}

/// Ways in which embedded chapters are broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CarrierFault {
    /// No table of contents, several, an empty one, or one that names an unknown chapter.
    Id3Toc,
    /// An element id is used twice, empty, or too long.
    Id3ElementId,
    /// Byte offsets that point at no frame.
    Id3Offset,
    /// Unsynchronisation, or v2.4 sub-frames that readers misjudge.
    Id3Unsync,
    /// Only one of the two MP4 kinds is there.
    Mp4SingleKind,
}

/// A text tag.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tag {
    /// The tag's own name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A tag that would leave the house unseen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PrivateTag {
    /// Frame or box id.
    pub id: String,
    /// Who wrote it, as the frame says.
    pub owner: String,
    /// Bytes of its content.
    pub size: u64,
}

/// Chapters of one carrier inside the file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EmbeddedChapters {
    /// Which carrier.
    pub carrier: EmbeddedCarrier,
    /// As found, in the order of the file.
    pub marks: Vec<Mark>,
}

/// The ways in which an audio file carries chapters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum EmbeddedCarrier {
    /// ID3v2 CHAP frames.
    Id3,
    /// The Nero list `chpl`.
    Mp4List,
    /// A QuickTime text track.
    Mp4Track,
    /// Vorbis comments.
    Vorbis,
    /// RIFF cue points.
    WavCue,
}

/// What the one decode pass found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Hearing {
    /// Loudness by ITU-R BS.1770; `None` where the whole recording is below the gate.
    pub loudness: Option<Loudness>,
    /// Silence at the ends and within.
    pub silence: Silence,
    /// Every pause of at least 0.3 s.
    pub pauses: Vec<Pause>,
    /// How loud it is from moment to moment.
    pub waveform: Waveform,
    /// Where runs of full-scale samples begin.
    pub clipped: Vec<Timestamp>,
    /// Channels that are silent while others are not, from 0.
    pub dead_channels: Vec<u16>,
}

/// Loudness by ITU-R BS.1770-4 and EBU Tech 3342. Mono is measured as one channel.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated.
    pub integrated: Lufs,
    /// Loudness range in LU.
    pub range_lu: f64,
    /// The highest inter-sample peak.
    pub true_peak: Dbtp,
}

/// Loudness units relative to full scale.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
pub struct Lufs(pub f64);

/// Decibels of true peak relative to full scale.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
pub struct Dbtp(pub f64);

/// Where nothing is to be heard.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Silence {
    /// Before the first sound.
    pub leading: Duration,
    /// After the last sound.
    pub trailing: Duration,
    /// The longest pause between the first and the last sound.
    pub longest: Duration,
    /// Where that pause begins.
    pub longest_at: Timestamp,
}

/// A stretch without sound.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pause {
    /// Where it begins.
    pub start: Timestamp,
    /// Where sound begins again.
    pub end: Timestamp,
}

/// What the aligner listens to: how loud twenty bands of the voice are, every hundredth of a second.
///
/// A byte each, 2,000 a second: the one thing that grows with the length of a recording.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Features {
    levels: Vec<u8>,
}

impl Features {
    /// Bands, equally wide on the mel scale, from 120 to 3,800 Hz.
    pub const BANDS: usize = 20;
    /// Frames a second.
    pub const RATE: u64 = 100;
    /// A level counts eighths of a neper of energy above this.
    pub const FLOOR: f32 = -18.5;
    /// What a level counts.
    pub const STEP: f32 = 0.125;

    /// From levels, [`Features::BANDS`] for each frame; what is left at the end is dropped.
    pub fn new(mut levels: Vec<u8>) -> Self {
        levels.truncate(levels.len() / Self::BANDS * Self::BANDS);
        Self { levels }
    }

    /// How many frames there are.
    pub fn len(&self) -> usize {
        self.levels.len() / Self::BANDS
    }

    /// True where there is nothing to listen to.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// The levels of each frame, [`Features::BANDS`] of them.
    pub fn frames(&self) -> std::slice::ChunksExact<'_, u8> {
        self.levels.chunks_exact(Self::BANDS)
    }

    /// A stretch of these frames; shorter where there are fewer.
    pub fn stretch(&self, frames: std::ops::Range<usize>) -> Self {
        let at = |frame: usize| frame.min(self.len()) * Self::BANDS;
        Self { levels: self.levels.get(at(frames.start)..at(frames.end)).unwrap_or_default().to_vec() }
    }

    /// Silence up to this moment, to the nearest frame; false where that is more than a minute, and so no pause between
    /// two parts of a recording.
    pub fn pad(&mut self, to: Timestamp) -> bool {
        let frames = to.millis().saturating_mul(Self::RATE).saturating_add(500) / 1000;
        let more = usize::try_from(frames).unwrap_or(usize::MAX).saturating_sub(self.len());
        if more as u64 > 60 * Self::RATE {
            return false;
        }
        self.levels.resize((self.len() + more) * Self::BANDS, 0);
        true
    }

    /// The same for one part of a recording and the next.
    pub fn join(&mut self, next: &Self) {
        self.levels.extend_from_slice(&next.levels);
    }
}

impl std::fmt::Debug for Features {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Features({} frames)", self.len())
    }
}
