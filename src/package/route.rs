//! What becomes of a recording on its way to be an enclosure.

use super::Refusal;
use crate::audio::encode::{self, Target};
use crate::model::artifact::MediaType;
use crate::model::audio::{Codec, Container, Damage, Recording};
use crate::model::show::EnclosureSettings;
use crate::model::time::Duration;

/// What becomes of a recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Route {
    /// Its MP3 frames go out as they came.
    Mp3,
    /// Its AAC frames go out as they came, in MP4.
    M4a,
    /// It becomes an MP3, because directories do not take its kind or because it is in parts.
    Encoded(Target),
}

impl Route {
    /// The exact length of the enclosure: that of the recording, at the rate of the enclosure.
    pub fn duration(self, recordings: &[&Recording]) -> Duration {
        match (self, recordings) {
            (Self::Encoded(target), _) => encode::frames(recordings, target).duration(target.rate),
            (_, [one, ..]) => one.duration().0,
            (_, []) => Duration::ZERO,
        }
    }

    /// The type of the enclosure.
    pub fn media_type(self) -> MediaType {
        match self {
            Self::M4a => MediaType::M4a,
            Self::Mp3 | Self::Encoded(_) => MediaType::Mp3,
        }
    }

    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::M4a => "m4a",
            Self::Mp3 | Self::Encoded(_) => "mp3",
        }
    }
}

/// Decides what becomes of a recording, or of its parts.
///
/// # Errors
/// Where recordings of this kind cannot be packed.
pub fn route(recordings: &[&Recording], settings: &EnclosureSettings) -> Result<Route, Refusal> {
    match recordings {
        [one] if (&one.container, &one.codec) == (&Container::Mp3, &Codec::Mp3) => Ok(Route::Mp3),
        [one] if one.container == Container::Mp4 && matches!(one.codec, Codec::AacLc | Codec::HeAac) => {
            m4a(one, settings)
        }
        _ => encoded(recordings, settings),
    }
}

/// A recording that is offered besides in its own kind, for the apps that play it (`podcast:alternateEnclosure`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Besides {
    /// Opus in Ogg.
    Opus,
    /// Vorbis in Ogg.
    Vorbis,
    /// FLAC in Ogg.
    OggFlac,
    /// Native FLAC.
    Flac,
}

impl Besides {
    /// The type of the file.
    pub fn media_type(self) -> MediaType {
        match self {
            Self::Opus | Self::Vorbis | Self::OggFlac => MediaType::Ogg,
            Self::Flac => MediaType::Flac,
        }
    }

    /// What is inside, as RFC 6381 names it.
    pub fn codecs(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Vorbis => "vorbis",
            Self::OggFlac | Self::Flac => "flac",
        }
    }

    /// What a listener chooses it by.
    pub fn title(self) -> &'static str {
        match self {
            Self::Opus => "Opus",
            Self::Vorbis => "Ogg Vorbis",
            Self::OggFlac | Self::Flac => "FLAC",
        }
    }

    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Opus => "opus",
            Self::Vorbis | Self::OggFlac => "ogg",
            Self::Flac => "flac",
        }
    }
}

/// Whether a recording is offered besides the MP3 that is made of it: a whole one in one piece, of an open kind.
pub fn besides(recordings: &[&Recording]) -> Option<Besides> {
    let [one] = recordings else { return None };
    if !one.damage.is_empty() || one.hearing.is_none() {
        return None;
    }
    match (&one.container, &one.codec) {
        (Container::Ogg, Codec::Opus) => Some(Besides::Opus),
        (Container::Ogg, Codec::Vorbis) => Some(Besides::Vorbis),
        (Container::Ogg, Codec::Flac) => Some(Besides::OggFlac),
        (Container::Flac, Codec::Flac) => Some(Besides::Flac),
        _ => None,
    }
}

/// An M4A that has one track of sound and nothing else goes out as it came.
fn m4a(recording: &Recording, settings: &EnclosureSettings) -> Result<Route, Refusal> {
    let has = |what: fn(&Damage) -> bool| recording.damage.iter().any(what);
    if has(|d| matches!(d, Damage::Protected)) {
        return Err(refusal(recording, "it is protected against copying", EXPORT));
    }
    if has(|d| matches!(d, Damage::Fragmented)) {
        let help = "Write it anew without fragments: `ffmpeg -i reading.m4a -c copy -movflags +faststart new.m4a`.";
        return Err(refusal(recording, "it is cut into fragments, which cannot be given chapters", help));
    }
    if has(|d| matches!(d, Damage::SeveralStreams { .. })) {
        return encoded(&[recording], settings);
    }
    Ok(Route::M4a)
}

fn encoded(recordings: &[&Recording], settings: &EnclosureSettings) -> Result<Route, Refusal> {
    for recording in recordings {
        let why = match &recording.codec {
            Codec::HeAac => "high efficiency AAC cannot be decoded, so nothing else can be made of it",
            Codec::MpegLayer(_) => "there is no decoder for it",
            Codec::Other(name) if !name.starts_with("pcm-") => "there is no decoder for it",
            _ if recording.hearing.is_none() => "it cannot be decoded",
            _ if recording.channels > 2 => "it has more than two channels",
            _ => continue,
        };
        return Err(refusal(recording, why, EXPORT));
    }
    let target = encode::target(recordings, settings);
    target.map(Route::Encoded).ok_or_else(|| Refusal {
        message: "There is no recording with one or two channels.".into(),
        help: EXPORT.into(),
    })
}

const EXPORT: &str = "Export it as MP3, for example with `ffmpeg -i reading.wav -b:a 96k reading.mp3`.";

fn refusal(recording: &Recording, why: &str, help: &str) -> Refusal {
    let (codec, container) = (recording.codec.word(), recording.container.word());
    Refusal { message: format!("This recording is {codec} in {container}; {why}."), help: help.into() }
}
