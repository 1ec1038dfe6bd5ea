//! Rules about how long the audio is, and whether all of it is there.

use crate::checks::words::{length, sentence};
use crate::checks::{Check, Run};
use crate::model::audio::{Claim, Damage, Recording};
use crate::model::finding::Demand::{Apple, Format, Players, Tool};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, Rule, Subject};
use crate::model::time::{Duration, Timestamp};

pub(super) const CHECKS: &[Check] = &[
    DURATION_ZERO,
    DURATION_ESTIMATED,
    DURATION_CONFLICT,
    TRUNCATED,
    TAIL_CUT,
    HOLE,
    DROPOUT,
    REPEATED,
    GLUED,
    JUNK,
    CHECKSUM,
    VBR_HEADERLESS,
    WAV_SIZE_INVALID,
    FLAC_LENGTH_UNKNOWN,
    OGG_GRANULE,
];

/// Lengths further apart than this and than a thousandth are in conflict (`standards.md` 5.3).
const CONFLICT: Duration = Duration::from_millis(1000);

/// From here on a missing end is an error: half a second is a word.
const LOST_WORD: Duration = Duration::from_millis(500);

/// Below a frame of MP3 (1152 samples at 44.1 kHz) nothing is missing.
const FRAME: Duration = Duration::from_millis(26);

fn conflicts(claimed: Duration, counted: Duration) -> bool {
    claimed.apart(counted) > CONFLICT.max(Duration::from_millis(counted.millis() / 1000))
}

/// A claim that is no statement but a player's guess.
fn is_estimate(claim: &Claim) -> bool {
    claim.by.contains("bit rate")
}

fn is_cut(recording: &Recording) -> bool {
    recording.damage.iter().any(|d| matches!(d, Damage::Truncated { .. }))
}

/// What is missing in each hole.
fn lost(recording: &Recording) -> impl Iterator<Item = Duration> {
    recording.damage.iter().filter_map(|damage| match damage {
        Damage::Hole { lost, .. } => *lost,
        _ => None,
    })
}

const DURATION_ZERO: Check = Check {
    rule: Rule {
        id: "audio-duration-zero",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Apple],
        summary: "the file has no audio in it",
        why: "There is nothing to play.",
        mend: "Export the recording again.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.frames.0.count() == 0 {
            found.at(Place::file(audio.path), "This file holds headers and not a single sample of audio.");
        }
    }),
};

const DURATION_ESTIMATED: Check = Check {
    rule: Rule {
        id: "audio-duration-estimated",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Players],
        summary: "the file states no length, and guessing from its bit rate is wrong",
        why: "Players that do not read the whole file show a wrong length and jump to wrong places.",
        mend: "Nothing needs to be done for an MP3 in a show: the published file gets a header that states its length.",
    },
    run: Run::Audio(|audio, found| {
        let counted = audio.recording.duration().0;
        let stated = audio.recording.claims.iter().any(|c| !is_estimate(c));
        for claim in audio.recording.claims.iter().filter(|c| !stated && is_estimate(c)) {
            if conflicts(claim.duration.0, counted) {
                let (guess, counted) = (claim.duration.0.hms(), counted.hms());
                found
                    .at(Place::file(audio.path), format!("Players guess {guess} by the bit rate; it lasts {counted}."));
            }
        }
    }),
};

const DURATION_CONFLICT: Check = Check {
    rule: Rule {
        id: "audio-duration-conflict",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format, Players],
        summary: "a header or tag states another length than the audio has",
        why: "The feed gets the true length, but players that trust the header show the wrong one and seek wrongly.",
        mend: "Export the recording again with a program that writes right headers. An MP3 in a show is published with a right one.",
    },
    run: Run::Audio(|audio, found| {
        let counted = audio.recording.duration().0;
        // Of a file that was cut, every header tells the old length, and a size that is unset is no length: that is one
        // fault, not two.
        let unset = audio.recording.damage.contains(&Damage::WavSizeUnset);
        if counted.is_zero() || is_cut(audio.recording) || unset {
            return;
        }
        let whole = lost(audio.recording).fold(counted, Duration::plus);
        for claim in audio.recording.claims.iter().filter(|c| !is_estimate(c)) {
            // What is missing in the middle was there when the header was written.
            if conflicts(claim.duration.0, counted) && conflicts(claim.duration.0, whole) {
                let (claimed, counted) = (claim.duration.0.hms(), counted.hms());
                let message = sentence(&format!("{} says {claimed}, and the audio lasts {counted}", claim.by));
                found.at(Place::file(audio.path), message);
            }
        }
    }),
};

const TRUNCATED: Check = Check {
    rule: Rule {
        id: "audio-truncated",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the end of the recording is missing",
        why: "Listeners would lose the end of the article.",
        mend: "Copy or export the recording again; the copy or download was cut off.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Truncated { at, lost } = damage
                && lost.is_none_or(|lost| lost >= LOST_WORD)
            {
                let message = match lost {
                    Some(lost) => {
                        format!("The audio ends at {}, and its header promises {} more.", at.npt(), length(*lost))
                    }
                    None => format!("The audio breaks off at {}.", at.npt()),
                };
                found.at(Place::time(audio.path, *at), message);
            }
        }
    }),
};

const TAIL_CUT: Check = Check {
    rule: Rule {
        id: "audio-tail-cut",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "less than half a second is missing at the end",
        why: "The last breath or syllable may be gone.",
        mend: "Listen to the end; export the recording again if something is missing.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Truncated { at, lost: Some(lost) } = damage
                && (FRAME..LOST_WORD).contains(lost)
            {
                let message = format!("The audio is {} shorter than its header says.", length(*lost));
                found.at(Place::time(audio.path, *at), message);
            }
        }
    }),
};

const HOLE: Check = Check {
    rule: Rule {
        id: "audio-hole",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "a piece in the middle is missing or broken",
        why: "Listeners hear a jump, a click or silence, and everything behind it is earlier than it should be.",
        mend: "Copy or export the recording again.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            let (at, message) = match damage {
                Damage::Hole { at, lost: Some(lost) } => (at, format!("{} of audio are missing here.", length(*lost))),
                // Where another file begins, its data cannot go on from the one before.
                Damage::Hole { at, lost: None } if is_seam(audio.recording, *at) => continue,
                Damage::Hole { at, lost: None } => (at, "Audio is missing here.".to_owned()),
                // ... nor can a decoder go on that was set up for the one before.
                Damage::Undecodable { at, .. } if is_seam(audio.recording, *at) => continue,
                Damage::Undecodable { at, packets: 1 } => {
                    (at, "A piece of the audio cannot be decoded here.".to_owned())
                }
                Damage::Undecodable { at, packets } => {
                    (at, format!("{packets} pieces of the audio in a row cannot be decoded from here."))
                }
                _ => continue,
            };
            found.at(Place::time(audio.path, *at), message);
        }
    }),
};

/// What lasts longer is a silence, which has a rule of its own.
const LONGEST_DROPOUT: Duration = Duration::from_millis(8_000);

/// What stands so near to another break has been told.
const NEAR: Duration = Duration::from_millis(500);

fn is_seam(recording: &Recording, place: Timestamp) -> bool {
    let near = |at: Timestamp| at.millis().abs_diff(place.millis()) < NEAR.millis();
    recording.damage.iter().any(|d| matches!(d, Damage::Glued { at, .. } if near(*at)))
}

/// True where the walk or the decoder has said already that something is missing here.
fn is_told(recording: &Recording, place: Timestamp) -> bool {
    recording.damage.iter().any(|damage| match damage {
        Damage::Hole { at, .. }
        | Damage::Undecodable { at, .. }
        | Damage::Glued { at, .. }
        | Damage::Junk { at, .. } => at.millis().abs_diff(place.millis()) < NEAR.millis(),
        _ => false,
    })
}

const DROPOUT: Check = Check {
    rule: Rule {
        id: "audio-dropout",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "the sound stops dead in the middle of a word and comes back",
        why: "A buffer or a cable lost a piece of the recording; listeners hear a hole.",
        mend: "Listen to the place; take the piece from another copy, or record the sentence again.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Dropout { at, lasts } = damage
                && *lasts < LONGEST_DROPOUT
                && !is_told(audio.recording, *at)
            {
                let message =
                    format!("Nothing is played for {} here, and the sound is cut on both sides.", length(*lasts));
                found.at(Place::time(audio.path, *at), message);
            }
        }
    }),
};

const REPEATED: Check = Check {
    rule: Rule {
        id: "audio-repeated",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Tool],
        summary: "a piece of the recording is heard twice in a row",
        why: "The same bytes stand there twice, which no reader could do: a slip of an editor or of a program.",
        mend: "Listen to the place, and cut one of the two out.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Repeated { at, lasts } = damage
                && !is_told(audio.recording, *at)
            {
                let message = format!("The {} before this place are heard a second time.", length(*lasts));
                found.at(Place::time(audio.path, *at), message);
            }
        }
    }),
};

const GLUED: Check = Check {
    rule: Rule {
        id: "audio-glued",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Players],
        summary: "two files were joined byte by byte",
        why: "Players show the length of the first part, click at the seam, or stop there.",
        mend: "Join the parts in an audio program, or put them into the folder as parts.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Glued { at, what } = damage {
                let message = format!("Another stream begins here: {}.", what.trim_end_matches('.'));
                found.at(Place::time(audio.path, *at), message);
            }
        }
    }),
};

const JUNK: Check = Check {
    rule: Rule {
        id: "audio-junk",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format],
        summary: "there are bytes between the audio that are none",
        why: "Players may click, or take them for the end.",
        mend: "Export the recording again.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Junk { at, offset, bytes } = damage {
                let message = format!("{bytes} bytes from byte {offset} of the file on are neither audio nor a tag.");
                found.at(Place::time(audio.path, *at), message);
            }
        }
    }),
};

const CHECKSUM: Check = Check {
    rule: Rule {
        id: "audio-checksum",
        severity: Error,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format],
        summary: "a checksum in the file does not fit its audio",
        why: "Bytes were changed since the recording was made, by a bad disk, cable or download.",
        mend: "Copy or export the recording again.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Checksum { at, what } = damage {
                let place = match at {
                    Some(at) => Place::time(audio.path, *at),
                    None => Place::file(audio.path),
                };
                found.at(place, format!("A checksum does not fit: {}.", what.trim_end_matches('.')));
            }
        }
    }),
};

const VBR_HEADERLESS: Check = Check {
    rule: Rule {
        id: "audio-mp3-vbr-headerless",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Players],
        summary: "the bit rate varies, and no header says where what is",
        why: "Players guess where to jump to, so that a chapter starts seconds or minutes beside its place.",
        mend: "In a show nothing needs to be done: the published file gets a Xing header. Otherwise export it again.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.damage.contains(&Damage::NoIndex) {
            found.at(Place::file(audio.path), "This MP3 has a varying bit rate and no Xing, Info or VBRI header.");
        }
    }),
};

const WAV_SIZE_INVALID: Check = Check {
    rule: Rule {
        id: "audio-wav-size-invalid",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format],
        summary: "the WAV does not say how long its audio is",
        why: "It was written to a pipe. The length is counted here, but other programs show hours or nothing.",
        mend: "Save it again in an audio program.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.damage.contains(&Damage::WavSizeUnset) {
            found.at(Place::file(audio.path), "The size of the audio in this WAV is unset (0 or FFFFFFFF).");
        }
    }),
};

const FLAC_LENGTH_UNKNOWN: Check = Check {
    rule: Rule {
        id: "audio-flac-length-unknown",
        severity: Info,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format],
        summary: "the FLAC does not say how long it is",
        why: "It was written to a pipe. The length is counted here, but other programs show nothing.",
        mend: "Nothing needs to be done.",
    },
    run: Run::Audio(|audio, found| {
        if audio.recording.damage.contains(&Damage::FlacLengthUnknown) {
            found.at(Place::file(audio.path), "The number of samples in this FLAC's header is 0.");
        }
    }),
};

const OGG_GRANULE: Check = Check {
    rule: Rule {
        id: "audio-ogg-granule",
        severity: Warning,
        subject: Subject::Audio,
        since: "0.1.0",
        by: &[Format],
        summary: "the Ogg file's clock does not start at zero, runs backwards, or does not end",
        why: "The file was cut out of a stream or joined; players show wrong times.",
        mend: "Save it again in an audio program.",
    },
    run: Run::Audio(|audio, found| {
        for damage in &audio.recording.damage {
            if let Damage::Granule { what } = damage {
                found.at(
                    Place::file(audio.path),
                    format!("The clock of this Ogg file is odd: {}.", what.trim_end_matches('.')),
                );
            }
        }
    }),
};
