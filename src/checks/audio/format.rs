//! Rules about containers, codecs and streams.

use std::path::Path;

use crate::checks::{AudioFacts, Check, Purpose, Run};
use crate::model::audio::{Codec, Container, Damage, Recording};
use crate::model::finding::Demand::{Apple, Format, Players, Psp1, Tool};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, ProblemKind, Rule, Subject};

pub(super) const CHECKS: &[Check] = &[
    UNREADABLE,
    CHANGED_WHILE_READ,
    UNPACKABLE,
    NOT_OFFERED,
    FORMAT_UNSUPPORTED,
    EXTENSION_MISMATCH,
    CONVERTED,
    DRM,
    MULTIPLE_STREAMS,
    NOT_LAYER3,
    HE_AAC,
    ADTS,
    MOOV_LAST,
    FRAGMENTED,
    SAMPLE_RATE,
    BITRATE_LOW,
    BITRATE_HIGH,
    CHANNELS,
    LARGE,
];

const UNREADABLE: Check = Check {
    rule: Rule {
        id: "audio-unreadable",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the file is missing, empty, or no audio that can be read",
        why: "Nothing can be published of it.",
        mend: "Export the recording again, as WAV, FLAC, MP3 or M4A.",
    },
    run: Run::Problems(&[ProblemKind::AudioUnreadable]),
};

const CHANGED_WHILE_READ: Check = Check {
    rule: Rule {
        id: "audio-changed-while-read",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the recording changed while it was read",
        why: "What was measured may be of neither version, and nothing uncertain is published.",
        mend: "Wait until the program that writes the file is done, and build again.",
    },
    run: Run::Problems(&[ProblemKind::AudioChanged]),
};

const UNPACKABLE: Check = Check {
    rule: Rule {
        id: "audio-unpackable",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "no enclosure can be made of this recording yet",
        why: "MP3 goes out as it came, and an MP3 is made of most other kinds. This one is read, measured and checked, and no more.",
        mend: "Export the recording as one MP3, for example with `ffmpeg -i reading.wav -b:a 96k reading.mp3`.",
    },
    run: Run::Problems(&[ProblemKind::AudioUnpackable]),
};

const NOT_OFFERED: Check = Check {
    rule: Rule {
        id: "audio-own-kind-not-offered",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the recording is published as MP3 alone and not besides in its own kind",
        why: "Opus, Vorbis and FLAC go out beside the MP3 that is made of them, with title, cover and chapters of ours. This file has no room for these.",
        mend: "Nothing needs to be done. Exported again, or through `ffmpeg -i reading.opus -c copy new.opus`, it is offered in both.",
    },
    run: Run::Problems(&[ProblemKind::AudioNotOffered]),
};

const FORMAT_UNSUPPORTED: Check = Check {
    rule: Rule {
        id: "audio-format-unsupported",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the enclosure is neither MP3 nor AAC in M4A",
        why: "Apple Podcasts and most directories hide episodes in other formats.",
        mend: "Publish MP3 or M4A, and offer other formats as an alternate enclosure.",
    },
    run: Run::Audio(|audio, found| {
        if matches!(audio.purpose, Purpose::Enclosure) && !is_for_directories(audio.recording) {
            let message = format!("This enclosure is {}.", described(audio.recording));
            found.at(Place::file(audio.path), message);
        }
    }),
};

const EXTENSION_MISMATCH: Check = Check {
    rule: Rule {
        id: "audio-extension-mismatch",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the enclosure's name is not that of its content",
        why: "Apple judges by the extension, other apps by the type or the content; where they differ somebody cannot play it.",
        mend: "Name the file after what is inside.",
    },
    run: Run::Audio(|audio, found| {
        if matches!(audio.purpose, Purpose::Enclosure) && !is_named_after_content(audio) {
            let content = described(audio.recording);
            let message = format!("The enclosure is called .{} and holds {content}.", extension(audio.path));
            found.at(Place::file(audio.path), message);
        }
    }),
};

const CONVERTED: Check = Check {
    rule: Rule {
        id: "audio-converted",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the recording is not published as it is",
        why: "Directories take MP3 and M4A alone, and apps want them in a certain order.",
        mend: "Nothing needs to be done. An MP3 or M4A of your own goes out as it came, with a tag of ours.",
    },
    run: Run::Audio(|audio, found| {
        // Layer I and II are not published at all.
        if matches!(audio.purpose, Purpose::Enclosure) || audio.recording.damage.contains(&Damage::NotLayer3) {
            return;
        }
        let recording = audio.recording;
        let message = if !is_for_directories(recording) {
            format!("This is {}; a build makes an MP3 of it.", described(recording))
        } else if !is_named_after_content(audio) {
            let content = described(recording);
            format!("This file is called .{} and holds {content}; a build names it rightly.", extension(audio.path))
        } else if recording.damage.contains(&Damage::MoovLast) {
            "The index stands behind the audio, and apps that stream wait for it.".to_owned()
        } else {
            return;
        };
        found.at(Place::file(audio.path), message);
    }),
};

const DRM: Check = Check {
    rule: Rule {
        id: "audio-drm",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the audio is encrypted",
        why: "Nobody but its buyer could play it.",
        mend: "Use the original recording.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.damage.contains(&Damage::Protected) {
            found.at(Place::file(audio.path), "The audio in this file is copy-protected.");
        }
    }),
};

const MULTIPLE_STREAMS: Check = Check {
    rule: Rule {
        id: "audio-multiple-streams",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the file has more than one audio stream, or a video",
        why: "Only the first audio stream is measured, and apps may play another.",
        mend: "Export the voice alone.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::SeveralStreams { audio: streams, video } = damage {
                let message = match video {
                    0 => format!("This file has {streams} audio streams."),
                    1 => format!("This file has a video beside {streams} audio."),
                    n => format!("This file has {n} videos beside {streams} audio."),
                };
                found.at(Place::file(audio.path), message);
            }
        }
    }),
};

const NOT_LAYER3: Check = Check {
    rule: Rule {
        id: "audio-mp3-not-layer3",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the file is MPEG audio of layer I or II, not MP3",
        why: "Podcast apps do not play it.",
        mend: "Export the recording again as MP3, WAV or FLAC.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.damage.contains(&Damage::NotLayer3) {
            found.at(Place::file(audio.path), format!("This file is {}.", audio.recording.codec.word().to_uppercase()));
        }
    }),
};

const HE_AAC: Check = Check {
    rule: Rule {
        id: "audio-he-aac",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the recording is HE-AAC, which is packaged but not listened to",
        why: "Its length is counted exactly, but loudness, pauses and damage inside are not looked at.",
        mend: "Export AAC-LC (the usual AAC) or MP3 to have everything checked.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.codec == Codec::HeAac {
            found.at(Place::file(audio.path), "This recording is HE-AAC: its loudness is not known.");
        }
    }),
};

const ADTS: Check = Check {
    rule: Rule {
        id: "audio-aac-adts",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the enclosure is a bare AAC stream",
        why: "It has no index and no length, so players cannot seek in it.",
        mend: "Put the stream into an M4A file.",
    },
    run: Run::Audio(|audio, found| {
        if matches!(audio.purpose, Purpose::Enclosure) && audio.recording.container == Container::Adts {
            found.at(Place::file(audio.path), "This enclosure is AAC without a container.");
        }
    }),
};

const MOOV_LAST: Check = Check {
    rule: Rule {
        id: "audio-m4a-moov-last",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Players],
        summary: "the index of the M4A stands behind the audio",
        why: "Players must load the whole file before they start.",
        mend: "Write the file with its index in front (“fast start”).",
    },
    run: Run::Audio(|audio, found| {
        let enclosure = matches!(audio.purpose, Purpose::Enclosure);
        if enclosure && audio.recording.damage.contains(&Damage::MoovLast) {
            found.at(Place::file(audio.path), "The index (moov) of this enclosure stands behind its audio.");
        }
    }),
};

const FRAGMENTED: Check = Check {
    rule: Rule {
        id: "audio-m4a-fragmented",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format, Players],
        summary: "the M4A is cut into fragments",
        why: "It states no length, and podcast apps seek badly in it or not at all.",
        mend: "Export a plain M4A.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.damage.contains(&Damage::Fragmented) {
            found.at(Place::file(audio.path), "This M4A is made of movie fragments, as for streaming.");
        }
    }),
};

const SAMPLE_RATE: Check = Check {
    rule: Rule {
        id: "audio-sample-rate",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the sample rate is none that Apple asks for",
        why: "Apple asks for 44.1 or 48 kHz; some players change the pitch of other rates.",
        mend: "Export the recording with 44.1 or 48 kHz.",
    },
    run: Run::Audio(|audio, found| {
        let recording = audio.recording;
        let hz = recording.sample_rate.hz();
        let half = matches!(hz, 22_050 | 24_000) && is_aac(recording);
        // What is converted gets a good rate on the way.
        if is_for_directories(recording) && !matches!(hz, 44_100 | 48_000) && !half {
            found.at(Place::file(audio.path), format!("The sample rate is {} kHz.", f64::from(hz) / 1000.0));
        }
    }),
};

/// Means of constant rates lie a little beside their names, by padding and the last frame.
const RATE_TOLERANCE: f64 = 0.03;

/// Apple's audio requirements, in kbit/s: the least for one channel and for two.
fn least_kbits(recording: &Recording) -> (f64, f64) {
    match &recording.codec {
        Codec::Mp3 => (96.0, 128.0),
        // Half the rate needs less: Apple's table for 22.05 and 24 kHz.
        _ if recording.sample_rate.hz() <= 24_000 => (40.0, 80.0),
        _ => (64.0, 128.0),
    }
}

const BITRATE_LOW: Check = Check {
    rule: Rule {
        id: "audio-bitrate-low",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the bit rate is lower than Apple asks for",
        why: "Speech sounds hollow or gritty, and a bad encoding cannot be mended later.",
        mend: "Export the recording again from the original: mono MP3 with 96 kbit/s or more, stereo with 128.",
    },
    run: Run::Audio(|audio, found| {
        let recording = audio.recording;
        if !matches!(recording.codec, Codec::Mp3 | Codec::AacLc) {
            return;
        }
        let Some(kbits) = recording.bit_rate.map(|r| f64::from(r) / 1000.0) else { return };
        let (mono, stereo) = least_kbits(recording);
        let (least, channels) = if recording.channels == 1 { (mono, "mono") } else { (stereo, "stereo") };
        if kbits < least * (1.0 - RATE_TOLERANCE) {
            let message =
                format!("{kbits:.0} kbit/s for {channels} {}; Apple asks for {least:.0}.", codec_name(recording));
            found.at(Place::file(audio.path), message);
        }
    }),
};

const BITRATE_HIGH: Check = Check {
    rule: Rule {
        id: "audio-bitrate-high",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the bit rate is higher than speech needs",
        why: "Listeners load more for a difference that nobody hears.",
        mend: "128 kbit/s are plenty for one voice; leave it if there is music.",
    },
    run: Run::Audio(|audio, found| {
        let recording = audio.recording;
        if !matches!(recording.codec, Codec::Mp3 | Codec::AacLc) {
            return;
        }
        let Some(kbits) = recording.bit_rate.map(|r| f64::from(r) / 1000.0) else { return };
        let (most, channels) = if recording.channels == 1 { (128.0, "mono") } else { (256.0, "stereo") };
        if kbits > most * (1.0 + RATE_TOLERANCE) {
            let message = format!("{kbits:.0} kbit/s for {channels} {}.", codec_name(recording));
            found.at(Place::file(audio.path), message);
        }
    }),
};

const CHANNELS: Check = Check {
    rule: Rule {
        id: "audio-channels",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the audio has more than two channels",
        why: "Apple takes mono and stereo; many apps play surround sound without its middle, where the voice is.",
        mend: "Mix it down to mono or stereo.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.channels > 2 {
            found.at(Place::file(audio.path), format!("The audio has {} channels.", audio.recording.channels));
        }
    }),
};

/// What hosts are said to refuse; Apple publishes no limit.
const LARGE_BYTES: u64 = 200_000_000;
const LONG_HOURS: u64 = 12;

const LARGE: Check = Check {
    rule: Rule {
        id: "audio-large",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Players],
        summary: "the audio is larger than 200 MB or longer than 12 hours",
        why: "Some hosts and apps refuse such files.",
        mend: "Choose a lower bit rate, or cut the recording into episodes.",
    },
    run: Run::Audio(|audio, found| {
        let recording = audio.recording;
        let length = recording.duration().0;
        if is_for_directories(recording) && recording.size > LARGE_BYTES {
            found.at(Place::file(audio.path), format!("The file has {} MB.", recording.size / 1_000_000));
        }
        if length.millis() > LONG_HOURS * 3_600_000 {
            found.at(Place::file(audio.path), format!("The recording lasts {}.", length.hms()));
        }
    }),
};

fn is_aac(recording: &Recording) -> bool {
    matches!(recording.codec, Codec::AacLc | Codec::HeAac)
}

/// MP3, and AAC in MP4: what goes out as it came.
fn is_for_directories(recording: &Recording) -> bool {
    match recording.container {
        // Layer I and II have a rule of their own.
        Container::Mp3 => true,
        Container::Mp4 => is_aac(recording),
        _ => false,
    }
}

fn is_named_after_content(audio: &AudioFacts<'_>) -> bool {
    let extension = extension(audio.path);
    let fitting: &[&str] = match audio.recording.container {
        Container::Mp3 => &["mp3"],
        Container::Mp4 => &["m4a", "mp4", "m4b"],
        Container::Adts => &["aac"],
        Container::Wav => &["wav"],
        Container::Aiff => &["aiff", "aif"],
        Container::Flac => &["flac"],
        Container::Ogg => &["ogg", "oga", "opus"],
    };
    fitting.contains(&extension.as_str())
}

/// Every type that somebody uses for a container, without parameters.
pub(in crate::checks) fn media_types(container: Container) -> &'static [&'static str] {
    match container {
        Container::Mp3 => &["audio/mpeg"],
        Container::Mp4 => &["audio/x-m4a", "audio/mp4", "audio/m4a"],
        Container::Adts => &["audio/aac", "audio/aacp"],
        Container::Wav => &["audio/wav", "audio/x-wav", "audio/vnd.wave"],
        Container::Aiff => &["audio/aiff", "audio/x-aiff"],
        Container::Flac => &["audio/flac", "audio/x-flac"],
        Container::Ogg => &["audio/ogg", "audio/opus"],
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn codec_name(recording: &Recording) -> &'static str {
    if recording.codec == Codec::Mp3 { "MP3" } else { "AAC" }
}

pub(in crate::checks) fn described(recording: &Recording) -> String {
    let container = match recording.container {
        Container::Mp3 => return recording.codec.word().to_uppercase(),
        Container::Adts => return "AAC without a container (ADTS)".to_owned(),
        Container::Wav => return "WAV".to_owned(),
        Container::Aiff => return "AIFF".to_owned(),
        Container::Flac => return "FLAC".to_owned(),
        Container::Mp4 => "MP4",
        Container::Ogg => "Ogg",
    };
    let codec = match &recording.codec {
        Codec::AacLc | Codec::HeAac => "AAC".to_owned(),
        Codec::Alac => "Apple Lossless".to_owned(),
        Codec::Opus => "Opus".to_owned(),
        Codec::Vorbis => "Vorbis".to_owned(),
        Codec::Flac => "FLAC".to_owned(),
        other => other.word(),
    };
    format!("{codec} in {container}")
}
