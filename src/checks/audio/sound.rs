//! Rules about what is heard.

use crate::checks::words::{count, length, quoted};
use crate::checks::{AudioFacts, Check, Run};
use crate::model::audio::{Damage, Hearing, Loudness};
use crate::model::finding::Demand::{Apple, Tool};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, Rule, Subject};
use crate::model::script::{Passage, Role, Verdict};
use crate::model::time::{Duration, Timestamp};

pub(super) const CHECKS: &[Check] = &[
    SILENT,
    LOUDNESS_LOW,
    LOUDNESS_HIGH,
    TRUE_PEAK,
    CLIPPING,
    SILENCE_GAP,
    CHANNEL_DEAD,
    OTHER_ARTICLE,
    PARTLY_NARRATED,
];

/// The absolute gate of ITU-R BS.1770, in LUFS: below it there is nothing that counts as sound.
const GATE: f64 = -70.0;

/// Apple's audio requirements, in LUFS: -16, one unit more or less.
const TARGET_STEREO: f64 = -16.0;
/// The same voice in one channel measures 3 LU less, and is as loud on every player.
const TARGET_MONO: f64 = -19.0;
const TOLERANCE: f64 = 1.0;

/// Apple's audio requirements, in dBTP.
const HIGHEST_PEAK: f64 = -1.0;

/// Silence that listeners take for the end, or for a broken file.
const LONG_SILENCE_AT_ENDS: Duration = Duration::from_millis(3_000);
const LONG_SILENCE_INSIDE: Duration = Duration::from_millis(8_000);

fn hearing<'a>(audio: &AudioFacts<'a>) -> Option<&'a Hearing> {
    audio.recording.hearing.as_ref().filter(|_| audio.recording.frames.0.count() > 0)
}

fn audible<'a>(audio: &AudioFacts<'a>) -> Option<&'a Loudness> {
    hearing(audio)?.loudness.as_ref().filter(|l| l.integrated.0 >= GATE)
}

fn target(audio: &AudioFacts<'_>) -> f64 {
    match audio.target {
        Some(target) => target.0,
        None if audio.recording.channels == 1 => TARGET_MONO,
        None => TARGET_STEREO,
    }
}

fn loudness_message(audio: &AudioFacts<'_>, loudness: &Loudness) -> String {
    let target = target(audio);
    let channels = match audio.recording.channels {
        1 => "one channel",
        2 => "two channels",
        _ => "all channels",
    };
    let off = (loudness.integrated.0 - target).abs();
    format!("Measured {:.1} LUFS over {channels}; the aim is {target:.0}, {off:.1} LU away.", loudness.integrated.0)
}

const SILENT: Check = Check {
    rule: Rule {
        id: "audio-silent",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "there is nothing to be heard",
        why: "The wrong track was exported, or the microphone was off.",
        mend: "Listen to the file, and export the recording again.",
    },
    run: Run::Audio(|audio, found| {
        // Of what is cut, a decoder may hear nothing at all.
        let cut = audio.recording.damage.iter().any(|d| matches!(d, Damage::Truncated { .. }));
        if hearing(audio).is_some() && audible(audio).is_none() && !cut {
            found.at(Place::file(audio.path), "The whole recording is silent.");
        }
    }),
};

const LOUDNESS_LOW: Check = Check {
    rule: Rule {
        id: "audio-loudness-low",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the recording is quieter than Apple asks for",
        why: "On a street or in a car it cannot be heard, and the next episode of another show is a shock.",
        mend: "Normalise it to -16 LUFS (mono: -19), or write the loudness that you aim at: `[check] loudness`.",
    },
    run: Run::Audio(|audio, found| {
        if let Some(loudness) = audible(audio).filter(|l| l.integrated.0 < target(audio) - TOLERANCE) {
            found.at(Place::file(audio.path), loudness_message(audio, loudness));
        }
    }),
};

const LOUDNESS_HIGH: Check = Check {
    rule: Rule {
        id: "audio-loudness-high",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the recording is louder than Apple asks for",
        why: "Apps turn it down, and what was compressed to be loud then sounds flat.",
        mend: "Normalise it to -16 LUFS (mono: -19), or write the loudness that you aim at: `[check] loudness`.",
    },
    run: Run::Audio(|audio, found| {
        if let Some(loudness) = audible(audio).filter(|l| l.integrated.0 > target(audio) + TOLERANCE) {
            found.at(Place::file(audio.path), loudness_message(audio, loudness));
        }
    }),
};

const TRUE_PEAK: Check = Check {
    rule: Rule {
        id: "audio-true-peak",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the peaks are higher than -1 dBTP",
        why: "Decoders and converters overshoot: such peaks crackle on some devices.",
        mend: "Use a true-peak limiter at -1 dB before exporting.",
    },
    run: Run::Audio(|audio, found| {
        if let Some(loudness) = audible(audio).filter(|l| l.true_peak.0 > HIGHEST_PEAK) {
            let message = format!("The highest peak is {:+.1} dBTP.", loudness.true_peak.0);
            found.at(Place::file(audio.path), message);
        }
    }),
};

const CLIPPING: Check = Check {
    rule: Rule {
        id: "audio-clipping",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the recording is clipped",
        why: "It was recorded or exported too loud; the distortion cannot be removed by turning it down.",
        mend: "Listen to the places; record them again, or export with less gain.",
    },
    run: Run::Audio(|audio, found| {
        let Some(clipped) = hearing(audio).map(|h| &h.clipped) else { return };
        if let Some(first) = clipped.first() {
            const NAMED: usize = 5;
            let times: Vec<String> = clipped.iter().take(NAMED).map(|t| t.npt()).collect();
            let more = if clipped.len() > NAMED { ", …" } else { "" };
            let places = count(clipped.len(), "place is", "places are");
            let message = format!("{places} at full scale: {}{more}.", times.join(", "));
            found.at(Place::time(audio.path, *first), message);
        }
    }),
};

const SILENCE_GAP: Check = Check {
    rule: Rule {
        id: "audio-silence-gap",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "there is a long silence at an end or in the middle",
        why: "Listeners think that the episode is over or broken.",
        mend: "Shorten it, unless it is meant.",
    },
    run: Run::Audio(|audio, found| {
        if audible(audio).is_none() {
            return;
        }
        let Some(silence) = hearing(audio).map(|h| h.silence) else { return };
        if silence.leading > LONG_SILENCE_AT_ENDS {
            let message = format!("The recording begins with {} of silence.", length(silence.leading));
            found.at(Place::time(audio.path, Timestamp::ZERO), message);
        }
        if silence.longest > LONG_SILENCE_INSIDE {
            let message = format!("Nothing is heard for {} here.", length(silence.longest));
            found.at(Place::time(audio.path, silence.longest_at), message);
        }
        if silence.trailing > LONG_SILENCE_AT_ENDS {
            let end = Timestamp::after(audio.recording.duration().0).minus(silence.trailing);
            let message = format!("The recording ends with {} of silence.", length(silence.trailing));
            found.at(Place::time(audio.path, end), message);
        }
    }),
};

const CHANNEL_DEAD: Check = Check {
    rule: Rule {
        id: "audio-channel-dead",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "one channel is silent",
        why: "With one earphone, or on some speakers, nothing is heard.",
        mend: "Export the recording as mono, or put the voice on both channels.",
    },
    run: Run::Audio(|audio, found| {
        let Some(dead) = hearing(audio).map(|h| &h.dead_channels) else { return };
        for channel in dead {
            let message = match (channel, audio.recording.channels) {
                (0, 2) => "The left channel is silent.".to_owned(),
                (1, 2) => "The right channel is silent.".to_owned(),
                (n, _) => format!("Channel {} is silent.", u32::from(*n) + 1),
            };
            found.at(Place::file(audio.path), message);
        }
    }),
};

/// So many paragraphs that are not read are named; the rest is counted.
const MOST_NAMED: usize = 6;

const OTHER_ARTICLE: Check = Check {
    rule: Rule {
        id: "audio-other-article",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the recording is not of this article",
        why: "Listeners would hear something else than they read.",
        mend: "Put the right recording into the folder, or the right article. If it is the right one all the same (singing, \
               a voice under loud music, a language whose letters say little), give marks in episode.toml and allow this \
               rule with that reason.",
    },
    run: Run::Episode(|episode, found| {
        let script = episode.chapters.as_ref().and_then(|c| c.script);
        if script.is_some_and(|s| s.verdict == Verdict::Another) {
            let path = episode.recordings.first().map_or(episode.path, |a| a.path);
            let title = script.map(|s| quoted(&s.title)).unwrap_or_default();
            found.at(Place::file(path), format!("What is heard is not the text of {title}."));
        }
    }),
};

const PARTLY_NARRATED: Check = Check {
    rule: Rule {
        id: "audio-partly-narrated",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "only a part of the article is in the recording",
        why: "Listeners may expect all of it; sections that are not read get no chapter.",
        mend: "Look at `listen-now chapters EPISODE`, which names what is missing.",
    },
    run: Run::Episode(|episode, found| {
        let Some(script) = episode.chapters.as_ref().and_then(|c| c.script) else { return };
        let unread: Vec<&Passage> =
            script.passages.iter().filter(|p| p.role == Role::Paragraph && !p.narrated).collect();
        let share = match (script.verdict, script.narrated_share) {
            (Verdict::Partly, Some(share)) => format!("About {:.0} % of the article's words are heard.", share * 100.0),
            (Verdict::Partly, None) => "Only a part of the article is heard.".to_owned(),
            (Verdict::ThisArticle, _) if !unread.is_empty() => "The article is heard, but not all of it.".to_owned(),
            _ => return,
        };
        let line = |passage: &Passage| {
            let blocks = episode.article.as_ref().map(|a| a.article.blocks.as_slice()).unwrap_or_default();
            let line = blocks.iter().find(|b| b.text == passage.text).map(|b| b.line);
            line.map(|l| format!(" (line {l})")).unwrap_or_default()
        };
        let mut names: Vec<String> =
            unread.iter().take(MOST_NAMED).map(|p| format!("{}{}", quoted(&p.text), line(p))).collect();
        if unread.len() > MOST_NAMED {
            names.push(format!("{} more", unread.len() - MOST_NAMED));
        }
        let missing = match names.as_slice() {
            [] => String::new(),
            [one] => format!(" Not read: {one}."),
            many => format!(" Not read: {}.", many.join("; ")),
        };
        let path = episode.recordings.first().map_or(episode.path, |a| a.path);
        found.at(Place::file(path), format!("{share}{missing}"));
    }),
};
