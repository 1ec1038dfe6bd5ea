//! Cases of marks, lists and carriers.

use super::{Case, World};
use crate::checks::Purpose;
use crate::model::audio::{CarrierFault, Damage, EmbeddedCarrier, EmbeddedChapters};
use crate::model::chapter::{Confidence, Mark, Origin};
use crate::model::time::Timestamp;

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Moves a mark, and settles anew.
fn moved(world: &mut World, index: usize, millis: u64) {
    world.marks[index].start = at(millis);
    world.settle();
}

fn titled(world: &mut World, index: usize, title: &str) {
    world.marks[index].title = title.into();
    world.settle();
}

fn ended(world: &mut World, index: usize, millis: u64) {
    world.marks[index].end = Some(at(millis));
}

fn linked(world: &mut World, url: &str) {
    world.marks[1].url = Some(url.into());
}

fn marked(world: &mut World, count: u64, apart: u64) {
    world.marks = (0..count).map(|i| Mark::new(at(i * apart), format!("Part {i}"))).collect();
    world.settle();
}

fn unmarked(world: &mut World) {
    world.marks.clear();
    world.origin = None;
    world.settle();
}

fn heard(world: &mut World, millis: u64) {
    world.rechapter(|i, c| c.heard = (i == 1).then(|| at(millis)));
}

fn sure(world: &mut World, confidence: f32) {
    unsure(world, 1, confidence);
}

fn unsure(world: &mut World, index: usize, confidence: f32) {
    world.rechapter(|i, c| {
        if i == index {
            (c.confidence, c.origin) = (Confidence::new(confidence), Origin::Aligned);
        }
    });
}

fn embedded(world: &mut World, carriers: &[(EmbeddedCarrier, &[u64])]) {
    world.recording.chapters = carriers
        .iter()
        .map(|(carrier, starts)| EmbeddedChapters {
            carrier: *carrier,
            marks: starts.iter().map(|s| Mark::new(at(*s), "A part of it")).collect(),
        })
        .collect();
}

fn two(world: &mut World, one: &[u64], other: &[u64]) {
    world.purpose = Purpose::Alone;
    embedded(world, &[(EmbeddedCarrier::Mp4List, one), (EmbeddedCarrier::Mp4Track, other)]);
}

fn fault(world: &mut World, fault: CarrierFault) {
    world.recording.damage.push(Damage::ChapterCarrier { fault, what: "there is something wrong".into() });
}

fn alone(world: &mut World, which: CarrierFault) {
    world.purpose = Purpose::Alone;
    fault(world, which);
}

pub(super) const CASES: &[Case] = &[
    Case {
        id: "chapters-first-not-zero",
        bad: &[
            |w| moved(w, 0, 1),
            |w| {
                w.purpose = Purpose::Alone;
                embedded(w, &[(EmbeddedCarrier::Id3, &[20, 300_000, 600_000])]);
            },
        ],
        good: &[
            |w| {
                w.origin = Some(Origin::Embedded);
                w.marks[0].start = at(20);
            },
            |w| {
                w.marks.insert(0, Mark { hidden: true, ..Mark::new(at(50), "silent") });
                w.settle();
            },
        ],
    },
    Case {
        id: "chapters-not-ascending",
        bad: &[|w| moved(w, 2, 300_000), |w| moved(w, 2, 200_000)],
        good: &[|w| moved(w, 2, 300_001), |w| w.marks[2].hidden = true],
    },
    Case {
        id: "chapters-past-end",
        bad: &[|w| moved(w, 3, 1_200_000), |w| ended(w, 3, 1_201_001)],
        good: &[|w| moved(w, 3, 1_199_999), |w| ended(w, 3, 1_201_000)],
    },
    Case {
        id: "chapters-end-before-start",
        bad: &[|w| ended(w, 1, 300_000), |w| ended(w, 1, 299_000)],
        good: &[|w| ended(w, 1, 300_001)],
    },
    Case {
        id: "chapters-overlap",
        bad: &[|w| ended(w, 1, 600_001)],
        good: &[|w| ended(w, 1, 600_000), |w| ended(w, 3, 1_200_000)],
    },
    Case {
        id: "chapters-title-missing",
        bad: &[|w| titled(w, 1, "  "), |w| titled(w, 1, "\u{1F4B0}")],
        good: &[
            |w| w.marks[1].title.clear(),
            |w| {
                titled(w, 1, "");
                w.origin = Some(Origin::Parts);
            },
        ],
    },
    Case {
        id: "chapters-title-dirty",
        bad: &[
            |w| titled(w, 1, "The <b>bank</b>"),
            |w| titled(w, 1, "The bank \u{1F4B0}"),
            |w| titled(w, 1, "The\nbank"),
            |w| titled(w, 1, "The\u{7} bank"),
        ],
        good: &[|w| titled(w, 1, " The  bank & <3 others "), |w| titled(w, 1, "Cafe\u{301}")],
    },
    Case {
        id: "chapters-link-insecure",
        bad: &[
            |w| linked(w, "http://pages.test/"),
            |w| {
                linked(w, "https://pages.test/a+b");
                w.origin = Some(Origin::Embedded);
            },
        ],
        good: &[|w| linked(w, "https://pages.test/a+b")],
    },
    Case {
        id: "chapters-empty",
        bad: &[unmarked],
        good: &[
            |w| {
                unmarked(w);
                w.article.blocks.truncate(2);
            },
            |w| {
                w.marks.clear();
                w.origin = None;
            },
        ],
    },
    Case {
        id: "chapters-too-few",
        bad: &[|w| marked(w, 1, 1), |w| marked(w, 2, 600_000)],
        good: &[|w| marked(w, 3, 400_000), unmarked],
    },
    Case { id: "chapters-too-many", bad: &[|w| marked(w, 256, 4_000)], good: &[|w| marked(w, 255, 4_000)] },
    Case { id: "chapters-dense", bad: &[|w| marked(w, 7, 150_000)], good: &[|w| marked(w, 6, 150_000)] },
    Case {
        id: "chapters-too-short",
        bad: &[|w| moved(w, 1, 9_999), |w| moved(w, 3, 1_190_001)],
        good: &[|w| moved(w, 1, 10_000), |w| moved(w, 2, 300_000)],
    },
    Case {
        id: "chapters-short",
        bad: &[|w| moved(w, 1, 10_000), |w| moved(w, 1, 29_999)],
        good: &[|w| moved(w, 1, 9_999), |w| moved(w, 1, 30_000)],
    },
    Case {
        id: "chapters-title-long",
        bad: &[|w| titled(w, 1, &"ü".repeat(41))],
        good: &[|w| titled(w, 1, &"ü".repeat(40)), |w| titled(w, 1, &"ü".repeat(64))],
    },
    Case {
        id: "chapters-title-too-long",
        bad: &[|w| titled(w, 1, &"ü".repeat(64))],
        good: &[|w| titled(w, 1, &"u".repeat(127))],
    },
    Case { id: "chapters-low-confidence", bad: &[|w| sure(w, 0.49)], good: &[|w| sure(w, 0.5), |w| unsure(w, 0, 0.1)] },
    Case {
        id: "chapters-mark-disagrees",
        bad: &[|w| heard(w, 302_001), |w| heard(w, 297_999)],
        good: &[
            |w| heard(w, 302_000),
            |w| {
                w.origin = Some(Origin::Embedded);
                w.settle();
                heard(w, 310_000);
            },
        ],
    },
    Case {
        id: "chapters-carriers-disagree",
        bad: &[
            |w| two(w, &[0, 300_000], &[0, 301_001]),
            |w| two(w, &[0, 300_000], &[0]),
            |w| {
                two(w, &[0, 300_000], &[0]);
                w.purpose = Purpose::Recording;
                w.origin = Some(Origin::Embedded);
            },
        ],
        good: &[
            |w| two(w, &[0, 300_000], &[0, 301_000]),
            |w| {
                two(w, &[0, 300_000], &[0]);
                w.purpose = Purpose::Recording;
            },
        ],
    },
    Case {
        id: "chapters-id3-toc",
        bad: &[|w| alone(w, CarrierFault::Id3Toc)],
        good: &[|w| fault(w, CarrierFault::Id3Toc), |w| alone(w, CarrierFault::Id3Offset)],
    },
];
