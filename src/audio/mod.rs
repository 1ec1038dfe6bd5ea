//! `Read + Seek` → [`Recording`]: which containers there are, and the two ways of looking at one.
//!
//! [`probe`] walks the structure of a file and counts, without decoding. [`analyse`] does the same and then decodes
//! once, handing every block of samples to all meters.

use std::fmt;
use std::io::{Read, Seek};

mod adts;
pub mod aiff;
mod breaks;
mod bytes;
pub mod clips;
pub mod decode;
pub mod encode;
mod envelope;
mod excerpt;
mod features;
pub mod flac;
pub mod id3;
mod loudness;
pub mod mp3;
pub mod mp4;
pub mod ogg;
mod opus;
mod resample;
pub mod tag;
mod vorbis_comment;
pub mod wav;
mod window;

pub use self::excerpt::Excerpt;

use self::breaks::BreaksMeter;
use self::decode::Meter;
use self::envelope::EnvelopeMeter;
use self::features::FeaturesMeter;
use self::loudness::LoudnessMeter;
use self::window::Window;

use crate::model::audio::{Container, Damage, Features, Hearing, Recording};
use crate::model::time::Frames;

/// What an audio file is read from.
pub trait Source: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Source for T {}

/// One container: how it is recognised and walked.
pub struct Handler {
    /// The container.
    pub container: Container,
    /// File name extensions, lower case, the usual one first.
    pub extensions: &'static [&'static str],
    /// True where the first bytes of a file (up to [`HEAD`]) are this container's. Asked in the order of the table.
    pub recognise: fn(&[u8]) -> bool,
    /// Counts what is there without decoding. The source stands anywhere.
    pub walk: fn(&mut dyn Source) -> Result<Walk, Unreadable>,
}

/// How many bytes of a file [`Handler::recognise`] sees, after any ID3v2 tag in front.
pub const HEAD: usize = 4096;

/// Every container, in the order in which they are asked.
pub const CONTAINERS: &[Handler] = &[
    Handler {
        container: Container::Wav,
        extensions: &["wav", "bwf", "rf64"],
        recognise: wav::recognise,
        walk: wav::walk,
    },
    Handler { container: Container::Flac, extensions: &["flac"], recognise: flac::recognise, walk: flac::walk },
    Handler {
        container: Container::Aiff,
        extensions: &["aiff", "aif", "aifc"],
        recognise: aiff::recognise,
        walk: aiff::walk,
    },
    Handler { container: Container::Adts, extensions: &["aac"], recognise: adts::recognise, walk: adts::walk },
    Handler {
        container: Container::Ogg,
        extensions: &["opus", "ogg", "oga"],
        recognise: ogg::recognise,
        walk: ogg::walk,
    },
    Handler {
        container: Container::Mp4,
        extensions: &["m4a", "mp4", "m4b", "mov", "m4v"],
        recognise: mp4::recognise,
        walk: mp4::walk,
    },
    // Last: four bytes are all that there is to recognise it by.
    Handler { container: Container::Mp3, extensions: &["mp3"], recognise: mp3::recognise, walk: mp3::walk },
];

/// Walks a file without decoding: its exact length, and what its structure tells of damage.
///
/// `name` is only for the sentence that says what a file is instead.
///
/// # Errors
/// Where the file is no audio of a known container, or holds none that can be counted.
pub fn probe(source: &mut dyn Source, name: &str) -> Result<Walk, Unreadable> {
    let failed = |e: std::io::Error| Unreadable::new(format!("The file cannot be read: {e}."));
    let (length, head) = {
        let mut window = Window::new(source).map_err(failed)?;
        let mut at = 0;
        while let Some(tag) = mp3::id3v2_length(window.peek(at, 10).map_err(failed)?) {
            at = at.saturating_add(tag);
        }
        (window.length(), window.peek(at, HEAD).map_err(failed)?.to_vec())
    };
    if length == 0 {
        return Err(Unreadable::new("The file is empty.").help("Export the recording again."));
    }
    match CONTAINERS.iter().find(|c| (c.recognise)(&head)) {
        Some(handler) => (handler.walk)(source),
        None => Err(stranger(&head, name)),
    }
}

/// Walks a file and then decodes it once: everything that is known of a recording.
///
/// # Errors
/// As [`probe`]. A file that can be walked and not decoded is no error; it has no [`Hearing`].
pub fn analyse(source: Box<dyn Source>, name: &str) -> Result<Recording, Unreadable> {
    pass(source, name, None)
}

/// As [`analyse`], and in the same pass what the aligner listens to; `None` where it cannot be decoded.
///
/// # Errors
/// As [`probe`].
pub fn listen(source: Box<dyn Source>, name: &str) -> Result<(Recording, Option<Features>), Unreadable> {
    let mut features = None;
    let recording = pass(source, name, Some(&mut features))?;
    Ok((recording, features))
}

fn pass(
    mut source: Box<dyn Source>,
    name: &str,
    features: Option<&mut Option<Features>>,
) -> Result<Recording, Unreadable> {
    let walk = probe(&mut *source, name)?;
    let (channels, rate) = (walk.recording.channels, walk.recording.sample_rate);
    let mut loudness = LoudnessMeter::new(channels, rate);
    let mut envelope = EnvelopeMeter::new(channels, rate);
    let mut breaks = BreaksMeter::new(rate);
    let mut bands = features.is_some().then(|| FeaturesMeter::new(rate));
    let mut meters: Vec<&mut dyn Meter> = vec![&mut loudness, &mut envelope, &mut breaks];
    meters.extend(bands.as_mut().map(|b| b as &mut dyn Meter));
    let decoded = decode::decode(source, &walk, &mut meters);
    let mut recording = walk.recording;
    if let Some(decoded) = decoded {
        let shape = envelope.finish();
        // A stop that the walk has explained is not said twice; at a seam the rate may change, and with it the count.
        let explains = |d: &Damage| matches!(d, Damage::Truncated { .. } | Damage::Hole { .. } | Damage::Glued { .. });
        let explained = recording.damage.iter().any(explains);
        // A checksum over all of the audio fails where that of a frame does.
        let local = |d: &Damage| matches!(d, Damage::Checksum { at: Some(_), .. } | Damage::Hole { .. });
        let placed = recording.damage.iter().any(local);
        let news = decoded.damage.into_iter().filter(|d| match d {
            Damage::Truncated { .. } => !explained,
            Damage::Checksum { at: None, .. } => !placed,
            _ => true,
        });
        recording.damage.extend(news);
        recording.damage.extend(breaks.finish());
        recording.hearing = Some(Hearing {
            loudness: loudness.finish(),
            silence: shape.silence,
            pauses: shape.pauses,
            waveform: shape.waveform,
            clipped: shape.clipped,
            dead_channels: shape.dead_channels,
        });
        if let Some(features) = features {
            *features = bands.and_then(FeaturesMeter::finish);
        }
    }
    Ok(recording)
}

/// What a file is that is no audio, as far as its first bytes tell.
fn stranger(head: &[u8], name: &str) -> Unreadable {
    const KNOWN: &[(&[u8], &str)] = &[
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"\x1A\x45\xDF\xA3", "a Matroska or WebM file"),
        (b"0&\xB2u\x8Ef\xCF\x11", "a Windows Media file"),
        (b"#!AMR", "an AMR recording"),
    ];
    let known = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, what)| *what);
    let text = std::str::from_utf8(head.get(..64).unwrap_or(head)).is_ok_and(|t| !t.contains('\0'));
    let page = text && head.trim_ascii_start().starts_with(b"<");
    let what = match known {
        Some(what) => what,
        None if head.is_empty() => "a tag and nothing behind it",
        None if page => "a web page or an XML document (perhaps the download went wrong)",
        None if text => "a text",
        None if head.iter().all(|b| *b == 0) => "nothing but zeros",
        None => "no audio of a kind that is known here",
    };
    let extension = name.rsplit_once('.').map(|(_, e)| format!(" It is called .{e} all the same.")).unwrap_or_default();
    Unreadable::new(format!("The file is {what}.{extension}"))
        .help("Put the recording here as MP3, M4A, WAV, AIFF, FLAC, Ogg Vorbis, Opus or AAC.")
}

/// What a walk found.
#[derive(Clone, PartialEq, Debug)]
pub struct Walk {
    /// The recording, without what only decoding can tell.
    pub recording: Recording,
    /// Frames that a decoder gives before the first audible one (for MP3 the encoder's delay and the decoder's 529).
    pub lead: Frames,
    /// Frames of silence that play before all that is decoded (an empty edit of an MP4 file).
    pub silence: Frames,
    /// What of the file a decoder is given.
    pub excerpt: Excerpt,
}

/// A file that is no audio, or none that can be counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Why, as a sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Unreadable {
    /// A reason without a remedy of its own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// With a remedy.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}
