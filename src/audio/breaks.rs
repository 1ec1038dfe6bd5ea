//! The breaks meter: where the sound stops dead and comes back, and where a piece of it is heard twice in a row.
//!
//! Both are what a full disk buffer, a bad cable or a slip of an editor leaves behind, and neither happens by itself: a
//! voice fades within some hundredths of a second, and no two sounds of a room are the same to the last bit.

use std::collections::{HashMap, VecDeque};

use super::decode::{Block, Meter};
use crate::model::audio::Damage;
use crate::model::time::{Frames, SampleRate, Timestamp};

/// Below this (-80 dBFS) nothing is played.
const NOTHING: f32 = 0.0001;
/// A sound (-26 dBFS) that cannot be gone within [`EDGE`].
const SOUND: f32 = 0.05;
/// Frames a second divided by this are looked at before and behind a gap: 5 ms.
const EDGE: u64 = 200;
/// The shortest gap: 20 ms.
const SHORTEST_GAP: u64 = 50;
/// The quietest peak (-34 dBFS) by which a place is known again.
const PEAK: f32 = 0.02;
/// Samples around a peak that must be the same to the last bit.
const AROUND: usize = 16;
/// How far back a repeated piece may begin, in seconds.
const MEMORY: u64 = 60;
/// The shortest piece, as a part of a second.
const SHORTEST_PIECE: u64 = 5;
/// More places of one kind are not listed one by one.
const MOST: usize = 100;

/// Follows a recording for breaks in it.
pub(super) struct BreaksMeter {
    rate: SampleRate,
    frames: u64,
    gap: Gap,
    places: Places,
    damage: Vec<Damage>,
}

/// The gap that is going on, or the sound before the next.
#[derive(Default)]
struct Gap {
    /// The loudest of the last milliseconds, as positions and levels, the loudest first.
    before: VecDeque<(u64, f32)>,
    /// Where nothing began to be played, and how loud it was just before.
    open: Option<(u64, f32)>,
    /// A gap that is over: where, how long, and until where a sound has to come.
    over: Option<(u64, u64, u64)>,
}

/// Places that are known again.
struct Places {
    /// The last samples, a little more than are looked at.
    samples: VecDeque<f32>,
    /// The highest of the window, by position, falling.
    highest: VecDeque<(u64, f32)>,
    known: HashMap<u64, u64>,
    order: VecDeque<(u64, u64)>,
    run: Option<Run>,
}

/// Peaks in a row that were there before, equally far back.
#[derive(Clone, Copy)]
struct Run {
    lag: u64,
    first: u64,
    last: u64,
}

impl BreaksMeter {
    pub(super) fn new(rate: SampleRate) -> Self {
        let places = Places {
            samples: VecDeque::new(),
            highest: VecDeque::new(),
            known: HashMap::new(),
            order: VecDeque::new(),
            run: None,
        };
        Self { rate, frames: 0, gap: Gap::default(), places, damage: Vec::new() }
    }

    fn hz(&self) -> u64 {
        u64::from(self.rate.hz())
    }

    fn at(&self, frame: u64) -> Timestamp {
        Frames::new(frame).timestamp(self.rate)
    }

    /// What was found, in order of place.
    pub(super) fn finish(mut self) -> Vec<Damage> {
        if let Some(run) = self.places.run.take() {
            self.close(run);
        }
        self.damage
    }

    fn gap(&mut self, level: f32) {
        let (now, edge) = (self.frames, self.hz() / EDGE);
        if let Some((from, length, until)) = self.gap.over {
            if level >= SOUND {
                self.gap.over = None;
                let lasts = Frames::new(length).duration(self.rate);
                let count = self.damage.iter().filter(|d| matches!(d, Damage::Dropout { .. })).count();
                if count < MOST {
                    self.damage.push(Damage::Dropout { at: self.at(from), lasts });
                }
            } else if now >= until {
                self.gap.over = None;
            }
        }
        if level < NOTHING {
            if self.gap.open.is_none() {
                let loudest = self.gap.before.front().map_or(0.0, |(_, level)| *level);
                self.gap.open = Some((now, loudest));
                self.gap.before.clear();
            }
            return;
        }
        if let Some((from, before)) = self.gap.open.take()
            && before >= SOUND
            && now - from >= self.hz() / SHORTEST_GAP
        {
            self.gap.over = Some((from, now - from, now + edge));
        }
        let window = &mut self.gap.before;
        while window.back().is_some_and(|(_, l)| *l <= level) {
            window.pop_back();
        }
        window.push_back((now, level));
        while window.front().is_some_and(|(at, _)| at + edge < now) {
            window.pop_front();
        }
    }

    fn place(&mut self, sample: f32) {
        let now = self.frames;
        // A peak is the highest of as many samples before it as behind it.
        let reach = self.hz() / EDGE;
        let kept = usize::try_from(reach).unwrap_or(0) + AROUND + 1;
        let places = &mut self.places;
        places.samples.push_back(sample);
        if places.samples.len() > kept {
            places.samples.pop_front();
        }
        let level = sample.abs();
        while places.highest.back().is_some_and(|(_, l)| *l < level) {
            places.highest.pop_back();
        }
        places.highest.push_back((now, level));
        while places.highest.front().is_some_and(|(at, _)| at + 2 * reach < now) {
            places.highest.pop_front();
        }
        let peak = places.highest.front().copied().filter(|(at, level)| at + reach == now && *level >= PEAK);
        if let Some((at, _)) = peak {
            let back = usize::try_from(now - at).unwrap_or(0) + AROUND;
            let from = places.samples.len().checked_sub(back + 1);
            let print = from.map(|from| fingerprint(places.samples.iter().skip(from).take(2 * AROUND + 1)));
            if let Some(print) = print {
                self.peak(at, print);
            }
        }
    }

    fn peak(&mut self, at: u64, print: u64) {
        let memory = MEMORY * self.hz();
        let places = &mut self.places;
        while let Some((old, known)) = places.order.front().copied().filter(|(old, _)| old + memory < at) {
            places.order.pop_front();
            if places.known.get(&known) == Some(&old) {
                places.known.remove(&known);
            }
        }
        let lag = places.known.insert(print, at).map(|before| at - before);
        places.order.push_back((at, print));
        match (places.run, lag) {
            (Some(run), Some(lag)) if run.lag == lag => places.run = Some(Run { last: at, ..run }),
            (run, lag) => {
                places.run = lag.map(|lag| Run { lag, first: at, last: at });
                if let Some(run) = run {
                    self.close(run);
                }
            }
        }
    }

    /// A piece that ends where its copy begins: anything else is a tone, a loop, or a jingle that comes again.
    fn close(&mut self, run: Run) {
        let length = run.last - run.first;
        let shortest = self.hz() / SHORTEST_PIECE;
        let room = run.lag / 8 + self.hz() / 20;
        let count = self.damage.iter().filter(|d| matches!(d, Damage::Repeated { .. })).count();
        if run.lag >= shortest && length <= run.lag && length + room >= run.lag && count < MOST {
            let lasts = Frames::new(run.lag).duration(self.rate);
            // It begins before its first peak and ends behind its last: what is known lies between the two.
            let earliest = run.last.saturating_sub(run.lag);
            let at = self.at(earliest + (run.first - earliest) / 2);
            self.damage.push(Damage::Repeated { at, lasts });
        }
    }
}

/// FNV-1a over the bits of samples: fast, and the same on every machine.
fn fingerprint<'a>(samples: impl Iterator<Item = &'a f32>) -> u64 {
    samples.fold(0xCBF2_9CE4_8422_2325, |hash, sample| {
        (hash ^ u64::from(sample.to_bits())).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

impl Meter for BreaksMeter {
    fn feed(&mut self, block: Block<'_>) {
        for frame in block.samples.chunks_exact(block.channels.max(1)) {
            let level = frame.iter().fold(0.0, |loudest: f32, s| loudest.max(s.abs()));
            self.gap(level);
            self.place(frame.iter().sum());
            self.frames += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: usize = 16_000;

    /// Something like a voice over a little noise: never the same twice.
    fn voice(seconds: f32, seed: u32) -> Vec<f32> {
        let mut dice = seed;
        (0..(seconds * RATE as f32) as usize)
            .map(|i| {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = (dice >> 8) as f32 / 16_777_216.0 - 0.5;
                let t = i as f32 / RATE as f32;
                let word = (std::f32::consts::PI * (t * 3.0).fract()).sin();
                0.4 * word * (std::f32::consts::TAU * 130.0 * t).sin() + 0.004 * noise
            })
            .collect()
    }

    fn found(samples: &[f32]) -> Vec<String> {
        let mut meter = BreaksMeter::new(SampleRate::new(RATE as u32).expect("not zero"));
        for piece in samples.chunks(777) {
            meter.feed(Block { samples: piece, channels: 1 });
        }
        let said = |damage: &Damage| match damage {
            Damage::Dropout { at, lasts } => format!("gap {:.1} {:.2}", at.seconds(), lasts.seconds()),
            Damage::Repeated { at, lasts } => format!("twice {:.1} {:.2}", at.seconds(), lasts.seconds()),
            other => format!("{other:?}"),
        };
        meter.finish().iter().map(said).collect()
    }

    #[test]
    fn a_gap_in_the_middle_of_a_sound_has_its_place_and_length() {
        let mut samples = voice(6.0, 1);
        samples[2 * RATE + 2_000..2 * RATE + 8_000].fill(0.0);
        assert_eq!(found(&samples), ["gap 2.1 0.38"]);
        // A pause that was cut out of a breath is no gap in a sound.
        let mut paused = voice(6.0, 1);
        let quiet = paused.iter().rposition(|s| s.abs() < 0.0005).unwrap_or(0).min(4 * RATE);
        paused[quiet..quiet + 20].fill(0.0);
        assert_eq!(found(&paused), [""; 0]);
    }

    #[test]
    fn a_piece_that_is_heard_twice_in_a_row_has_its_place_and_length() {
        let mut samples = voice(8.0, 2);
        let piece = samples[3 * RATE..4 * RATE + 3_200].to_vec();
        samples.splice(4 * RATE + 3_200..4 * RATE + 3_200, piece);
        assert_eq!(found(&samples), ["twice 4.3 1.20"]);
    }

    #[test]
    fn tones_loops_and_jingles_are_no_mistakes() {
        let tone: Vec<f32> = (0..RATE * 4).map(|i| 0.3 * ((i % 100) as f32 / 100.0 - 0.5)).collect();
        assert_eq!(found(&tone), [""; 0]);
        let bar = voice(1.0, 3);
        assert_eq!(found(&bar.repeat(6)), [""; 0]);
        let jingle = voice(2.0, 4);
        let show = [jingle.clone(), voice(9.0, 5), jingle].concat();
        assert_eq!(found(&show), [""; 0]);
        assert_eq!(found(&voice(20.0, 6)), [""; 0]);
    }
}
