//! Cases of recordings and enclosures.

use super::{Case, LENGTH, World};
use crate::checks::Purpose;
use crate::model::audio::{Claim, Claimed, Codec, Container, Damage, Dbtp, Lufs, Measured, PrivateTag};
use crate::model::script::{Passage, Role, Verdict};
use crate::model::show::KeepTags;
use crate::model::time::{Duration, Frames, SampleRate, Timestamp};

const MP3: Purpose = Purpose::Enclosure;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn lost(millis: u64) -> Option<Duration> {
    Some(Duration::from_millis(millis))
}

fn damaged(world: &mut World, damage: Damage) {
    world.recording.damage.push(damage);
}

fn claim(world: &mut World, by: &str, millis: u64) {
    world.recording.claims = vec![Claim { by: by.into(), duration: Claimed(Duration::from_millis(millis)) }];
}

fn encoded(world: &mut World, container: Container, codec: Codec, path: &str) {
    (world.recording.container, world.recording.codec) = (container, codec);
    world.audio_path = path.into();
}

fn wav(world: &mut World) {
    encoded(world, Container::Wav, Codec::Pcm { bits: 16, float: false }, "episodes/money/reading.wav");
}

fn aac(world: &mut World) {
    encoded(world, Container::Mp4, Codec::AacLc, "episodes/money/reading.m4a");
}

fn adts(world: &mut World) {
    encoded(world, Container::Adts, Codec::AacLc, "episodes/money/reading.aac");
}

fn rated(world: &mut World, bits: u32, channels: u16) {
    world.recording.bit_rate = Some(bits);
    world.recording.channels = channels;
    if channels == 2 {
        loud(world, -16.0);
    }
}

fn loud(world: &mut World, lufs: f64) {
    world.hearing().loudness.as_mut().expect("loudness").integrated = Lufs(lufs);
}

fn sampled(world: &mut World, hz: u32) {
    world.recording.sample_rate = SampleRate::new(hz).expect("not zero");
    world.recording.frames = Measured(Frames::new(u64::from(hz) * 1_200));
}

fn verdict(world: &mut World, verdict: Verdict) {
    let script = world.script.as_mut().expect("settled");
    (script.verdict, script.narrated_share) = (verdict, Some(0.4));
}

fn unread(world: &mut World, role: Role) {
    let script = world.script.as_mut().expect("settled");
    script.verdict = Verdict::ThisArticle;
    let text = "A paragraph that nobody reads.".into();
    script.passages.push(Passage { section: 1, role, text, span: None, narrated: false, sentences: Vec::new() });
}

fn private(world: &mut World) {
    world.recording.private_tags.push(PrivateTag { id: "PRIV".into(), owner: "XMP".into(), size: 8_000 });
}

pub(super) const CASES: &[Case] = &[
    Case {
        id: "audio-format-unsupported",
        bad: &[|w| {
            wav(w);
            w.purpose = MP3;
        }],
        good: &[wav, |w| w.purpose = MP3],
    },
    Case {
        id: "audio-extension-mismatch",
        bad: &[
            |w| {
                w.purpose = MP3;
                w.audio_path = "feed/money.m4a".into();
            },
            |w| {
                aac(w);
                w.purpose = MP3;
                w.audio_path = "feed/money.mp3".into();
            },
        ],
        good: &[
            |w| w.purpose = MP3,
            |w| {
                aac(w);
                w.purpose = Purpose::Enclosure;
            },
            |w| w.audio_path = "episodes/money/reading.wav".into(),
        ],
    },
    Case {
        id: "audio-converted",
        bad: &[
            wav,
            |w| {
                wav(w);
                w.purpose = Purpose::Alone;
            },
            |w| w.audio_path = "episodes/money/reading.wav".into(),
            |w| {
                aac(w);
                damaged(w, Damage::MoovLast);
            },
            |w| encoded(w, Container::Mp4, Codec::Alac, "episodes/money/reading.m4a"),
        ],
        good: &[aac, |w| {
            wav(w);
            w.purpose = MP3;
        }],
    },
    Case {
        id: "audio-multiple-streams",
        bad: &[
            |w| damaged(w, Damage::SeveralStreams { audio: 2, video: 0 }),
            |w| damaged(w, Damage::SeveralStreams { audio: 1, video: 1 }),
        ],
        good: &[],
    },
    Case {
        id: "audio-he-aac",
        bad: &[|w| encoded(w, Container::Mp4, Codec::HeAac, "episodes/money/reading.m4a")],
        good: &[aac],
    },
    Case {
        id: "audio-aac-adts",
        bad: &[|w| {
            adts(w);
            w.purpose = Purpose::Enclosure;
        }],
        good: &[adts],
    },
    Case {
        id: "audio-m4a-moov-last",
        bad: &[|w| {
            aac(w);
            damaged(w, Damage::MoovLast);
            w.purpose = Purpose::Enclosure;
        }],
        good: &[|w| {
            aac(w);
            damaged(w, Damage::MoovLast);
        }],
    },
    Case {
        id: "audio-sample-rate",
        bad: &[
            |w| sampled(w, 22_050),
            |w| sampled(w, 32_000),
            |w| {
                aac(w);
                sampled(w, 96_000);
            },
        ],
        good: &[
            |w| sampled(w, 48_000),
            |w| {
                aac(w);
                sampled(w, 24_000);
            },
            |w| {
                wav(w);
                sampled(w, 96_000);
            },
        ],
    },
    Case {
        id: "audio-bitrate-low",
        bad: &[
            |w| rated(w, 64_000, 1),
            |w| rated(w, 112_000, 2),
            |w| {
                aac(w);
                rated(w, 48_000, 1);
            },
        ],
        good: &[
            |w| rated(w, 95_900, 1),
            |w| rated(w, 127_900, 2),
            |w| {
                aac(w);
                rated(w, 64_000, 1);
            },
            |w| {
                aac(w);
                sampled(w, 24_000);
                rated(w, 40_000, 1);
            },
            |w| {
                encoded(w, Container::Ogg, Codec::Opus, "episodes/money/reading.opus");
                rated(w, 24_000, 1);
            },
        ],
    },
    Case {
        id: "audio-bitrate-high",
        bad: &[|w| rated(w, 320_000, 2), |w| rated(w, 192_000, 1)],
        good: &[
            |w| rated(w, 256_100, 2),
            |w| rated(w, 128_100, 1),
            |w| {
                wav(w);
                rated(w, 705_600, 1);
            },
        ],
    },
    Case { id: "audio-channels", bad: &[|w| w.recording.channels = 6], good: &[|w| rated(w, 128_000, 2)] },
    Case {
        id: "audio-large",
        bad: &[|w| w.recording.size = 200_000_001, |w| w.recording.frames = Measured(Frames::new(44_100 * 43_201))],
        good: &[
            |w| w.recording.size = 200_000_000,
            |w| {
                wav(w);
                w.recording.size = 900_000_000;
            },
        ],
    },
    Case {
        id: "audio-duration-zero",
        bad: &[|w| w.recording.frames = Measured(Frames::ZERO)],
        good: &[|w| w.recording.frames = Measured(Frames::new(1))],
    },
    Case {
        id: "audio-duration-estimated",
        bad: &[|w| claim(w, "first frame's bit rate", 1_400_000)],
        good: &[|w| claim(w, "first frame's bit rate", 1_200_900), |w| claim(w, "TLEN", 1_400_000)],
    },
    Case {
        id: "audio-duration-conflict",
        bad: &[|w| claim(w, "TLEN", 1_203_000), |w| claim(w, "Xing header", 600_000)],
        good: &[
            |w| claim(w, "TLEN", 1_201_200),
            |w| claim(w, "first frame's bit rate", 600_000),
            |w| {
                claim(w, "Xing header", 2_400_000);
                damaged(w, Damage::Truncated { at: Timestamp::after(LENGTH), lost: lost(1_200_000) });
            },
            |w| {
                claim(w, "Xing header", 1_220_000);
                damaged(w, Damage::Hole { at: at(61_500), lost: lost(20_000) });
            },
        ],
    },
    Case {
        id: "audio-truncated",
        bad: &[
            |w| damaged(w, Damage::Truncated { at: at(1_200_000), lost: lost(500) }),
            |w| damaged(w, Damage::Truncated { at: at(1_200_000), lost: None }),
        ],
        good: &[|w| damaged(w, Damage::Truncated { at: at(1_200_000), lost: lost(499) })],
    },
    Case {
        id: "audio-tail-cut",
        bad: &[|w| damaged(w, Damage::Truncated { at: at(1_200_000), lost: lost(26) })],
        good: &[
            |w| damaged(w, Damage::Truncated { at: at(1_200_000), lost: lost(25) }),
            |w| damaged(w, Damage::Truncated { at: at(1_200_000), lost: lost(500) }),
        ],
    },
    Case {
        id: "audio-hole",
        bad: &[
            |w| damaged(w, Damage::Hole { at: at(61_500), lost: lost(2_350) }),
            |w| damaged(w, Damage::Hole { at: at(61_500), lost: None }),
            |w| damaged(w, Damage::Undecodable { at: at(61_500), packets: 3 }),
        ],
        good: &[],
    },
    Case {
        id: "audio-dropout",
        bad: &[|w| damaged(w, Damage::Dropout { at: at(5_000), lasts: Duration::from_millis(120) })],
        good: &[|w| {
            damaged(w, Damage::Dropout { at: at(5_000), lasts: Duration::from_millis(26) });
            damaged(w, Damage::Hole { at: at(4_980), lost: None });
        }],
    },
    Case {
        id: "audio-checksum",
        bad: &[
            |w| damaged(w, Damage::Checksum { at: None, what: "FLAC MD5".into() }),
            |w| damaged(w, Damage::Checksum { at: Some(at(5_000)), what: "Ogg page".into() }),
        ],
        good: &[],
    },
    Case {
        id: "audio-tags-dropped",
        bad: &[
            |w| damaged(w, Damage::BrokenTag { what: "a frame runs past the end of the tag".into() }),
            |w| {
                private(w);
                w.show().enclosure.keep_tags = KeepTags::Known;
            },
        ],
        good: &[private],
    },
    Case {
        id: "audio-tags-private",
        bad: &[private],
        good: &[|w| {
            private(w);
            w.show().enclosure.keep_tags = KeepTags::Known;
        }],
    },
    Case {
        id: "audio-silent",
        bad: &[|w| w.hearing().loudness = None, |w| loud(w, -70.1)],
        good: &[|w| w.recording.hearing = None, |w| loud(w, -60.0)],
    },
    Case {
        id: "audio-loudness-low",
        bad: &[
            |w| loud(w, -20.1),
            |w| {
                rated(w, 128_000, 2);
                loud(w, -17.1);
            },
            |w| w.target = Some(Lufs(-16.0)),
        ],
        good: &[
            |w| loud(w, -20.0),
            |w| loud(w, -80.0),
            |w| {
                loud(w, -23.0);
                w.target = Some(Lufs(-23.0));
            },
        ],
    },
    Case {
        id: "audio-loudness-high",
        bad: &[|w| loud(w, -17.9), |w| w.target = Some(Lufs(-23.0))],
        good: &[
            |w| loud(w, -18.0),
            |w| {
                rated(w, 128_000, 2);
                loud(w, -15.0);
            },
        ],
    },
    Case {
        id: "audio-true-peak",
        bad: &[|w| w.hearing().loudness.as_mut().expect("loudness").true_peak = Dbtp(-0.9)],
        good: &[|w| w.hearing().loudness.as_mut().expect("loudness").true_peak = Dbtp(-1.0)],
    },
    Case {
        id: "audio-silence-gap",
        bad: &[
            |w| w.hearing().silence.leading = Duration::from_millis(3_001),
            |w| w.hearing().silence.trailing = Duration::from_millis(3_001),
            |w| w.hearing().silence.longest = Duration::from_millis(8_001),
        ],
        good: &[
            |w| w.hearing().silence.leading = Duration::from_millis(3_000),
            |w| w.hearing().silence.longest = Duration::from_millis(8_000),
        ],
    },
    Case {
        id: "audio-other-article",
        bad: &[|w| verdict(w, Verdict::Another)],
        good: &[|w| verdict(w, Verdict::Partly)],
    },
    Case {
        id: "audio-partly-narrated",
        bad: &[|w| verdict(w, Verdict::Partly), |w| unread(w, Role::Paragraph)],
        good: &[|w| verdict(w, Verdict::ThisArticle), |w| unread(w, Role::Heading), |w| unread(w, Role::Dek)],
    },
];
