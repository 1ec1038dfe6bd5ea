//! The envelope meter: silence, pauses, waveform, clipping and dead channels, in bounded memory.
//!
//! A hundredth of a second is the unit. What counts as a pause is relative to the recording: the level of its speech
//! is the 95th percentile of all levels, the noise of its room the 10th; a pause is near the noise, at least 22 dB and
//! at most 45 dB below the speech, and never below -60 dBFS.

use super::decode::{Block, Meter};
use crate::model::audio::{Pause, Silence};
use crate::model::time::{Duration, Frames, SampleRate, Timestamp};
use crate::model::waveform::Waveform;

/// Units in a peak of the waveform.
const UNITS_PER_PEAK: u64 = Waveform::PEAK.millis() / 10;
/// Shorter pauses are those between words.
const SHORTEST_PAUSE: Duration = Duration::from_millis(300);
/// Runs of samples at full scale that count as clipped.
const CLIPPED_RUN: u32 = 3;
const FULL_SCALE: f32 = 0.9999;
/// More places of clipping than this help nobody.
const MOST_CLIPPED: usize = 1_000;
/// Levels are kept as whole decibels below full scale; this is silence.
const FLOOR_DB: u8 = 120;
const QUIETEST_SOUND_DB: u8 = 60;
/// A channel below this peak is dead if another one is above [`ALIVE`].
const DEAD: f32 = 0.0001;
const ALIVE: f32 = 0.01;

/// Follows the level of a recording.
pub(super) struct EnvelopeMeter {
    rate: SampleRate,
    /// Frames so far.
    frames: u64,
    /// Frames of the current unit still to come; units are cut so that none drifts.
    unit_end: u64,
    energy: f64,
    energy_frames: u64,
    peak: f32,
    peak_units: u64,
    /// Level of each unit in decibels below full scale.
    levels: Vec<u8>,
    waveform: Vec<u8>,
    runs: Vec<u32>,
    clipped: Vec<Timestamp>,
    peaks: Vec<f32>,
}

/// What the envelope shows.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Envelope {
    pub(super) silence: Silence,
    pub(super) pauses: Vec<Pause>,
    pub(super) waveform: Waveform,
    pub(super) clipped: Vec<Timestamp>,
    pub(super) dead_channels: Vec<u16>,
}

impl EnvelopeMeter {
    pub(super) fn new(channels: u16, rate: SampleRate) -> Self {
        Self {
            rate,
            frames: 0,
            unit_end: u64::from(rate.hz()) / 100,
            energy: 0.0,
            energy_frames: 0,
            peak: 0.0,
            peak_units: 0,
            levels: Vec::new(),
            waveform: Vec::new(),
            runs: vec![0; usize::from(channels)],
            clipped: Vec::new(),
            peaks: vec![0.0; usize::from(channels)],
        }
    }

    fn close_unit(&mut self) {
        let channels = self.peaks.len().max(1) as f64;
        let mean = self.energy / (self.energy_frames.max(1) as f64 * channels);
        let below = if mean > 0.0 { -10.0 * mean.log10() } else { f64::from(FLOOR_DB) };
        // Clamped to what a byte holds.
        self.levels.push(below.clamp(0.0, f64::from(FLOOR_DB)) as u8);
        self.energy = 0.0;
        self.energy_frames = 0;
        self.unit_end = (self.levels.len() as u64 + 1) * u64::from(self.rate.hz()) / 100;
        self.peak_units += 1;
        if self.peak_units == UNITS_PER_PEAK {
            self.close_peak();
        }
    }

    fn close_peak(&mut self) {
        // Clamped to what a byte holds.
        self.waveform.push((self.peak * 255.0).round().clamp(0.0, 255.0) as u8);
        self.peak = 0.0;
        self.peak_units = 0;
    }

    pub(super) fn finish(mut self) -> Envelope {
        if self.energy_frames > 0 {
            self.close_unit();
        }
        if self.peak_units > 0 {
            self.close_peak();
        }
        let threshold = threshold(&self.levels);
        let total = Frames::new(self.frames).timestamp(self.rate);
        let stretches = quiet_stretches(&self.levels, threshold, total);
        let loudest = self.peaks.iter().copied().fold(0.0, f32::max);
        let dead = self.peaks.iter().enumerate().filter(|(_, p)| loudest > ALIVE && **p < DEAD);
        Envelope {
            silence: silence(&stretches, total),
            pauses: stretches.into_iter().filter(|p| p.end.since(p.start) >= Some(SHORTEST_PAUSE)).collect(),
            waveform: Waveform::new(self.waveform),
            clipped: self.clipped,
            dead_channels: dead.filter_map(|(i, _)| u16::try_from(i).ok()).collect(),
        }
    }
}

impl Meter for EnvelopeMeter {
    fn feed(&mut self, block: Block<'_>) {
        for frame in block.samples.chunks_exact(block.channels.max(1)) {
            for ((sample, run), peak) in frame.iter().zip(&mut self.runs).zip(&mut self.peaks) {
                let level = sample.abs();
                self.energy += f64::from(level * level);
                if level > *peak {
                    *peak = level;
                }
                if level > self.peak {
                    self.peak = level;
                }
                if level < FULL_SCALE {
                    *run = 0;
                    continue;
                }
                *run += 1;
                if *run == CLIPPED_RUN && self.clipped.len() < MOST_CLIPPED {
                    let at = Frames::new(self.frames).timestamp(self.rate);
                    // One place a second is enough to find it.
                    let near = |last: &Timestamp| at.since(*last).is_some_and(|d| d < Duration::from_millis(1_000));
                    if !self.clipped.last().is_some_and(near) {
                        self.clipped.push(at);
                    }
                }
            }
            self.frames += 1;
            self.energy_frames += 1;
            if self.frames >= self.unit_end {
                self.close_unit();
            }
        }
    }
}

/// Decibels below full scale from which on a unit is quiet.
fn threshold(levels: &[u8]) -> u8 {
    let mut histogram = [0_u64; 256];
    for level in levels {
        if let Some(count) = histogram.get_mut(usize::from(*level)) {
            *count += 1;
        }
    }
    let total: u64 = histogram.iter().sum();
    // From the loudest on: the level that so many units reach.
    let reached = |share: u64| {
        let mut seen = 0;
        let at = histogram.iter().position(|count| {
            seen += count;
            seen * 100 >= total * share && seen > 0
        });
        at.and_then(|l| u8::try_from(l).ok()).unwrap_or(FLOOR_DB)
    };
    let (speech, noise) = (reached(5), reached(90));
    let near_noise = noise.saturating_sub(8);
    let bounded = near_noise.clamp(speech.saturating_add(22), speech.saturating_add(45));
    bounded.min(QUIETEST_SOUND_DB)
}

/// Every stretch of quiet units.
fn quiet_stretches(levels: &[u8], threshold: u8, total: Timestamp) -> Vec<Pause> {
    let at = |unit: usize| Timestamp::from_millis(unit as u64 * 10).min(total);
    let mut stretches = Vec::new();
    let mut begun = None;
    for (unit, level) in levels.iter().enumerate() {
        match (*level >= threshold, begun) {
            (true, None) => begun = Some(unit),
            (false, Some(from)) => {
                stretches.push(Pause { start: at(from), end: at(unit) });
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(from) = begun {
        stretches.push(Pause { start: at(from), end: total });
    }
    stretches
}

fn silence(stretches: &[Pause], total: Timestamp) -> Silence {
    let length = |p: &Pause| p.end.since(p.start).unwrap_or(Duration::ZERO);
    let leading = stretches.first().filter(|p| p.start.is_zero()).map(length).unwrap_or(Duration::ZERO);
    let trailing = stretches.last().filter(|p| p.end == total && !p.start.is_zero()).map(length);
    let inside = stretches.iter().filter(|p| !p.start.is_zero() && p.end != total);
    let longest = inside.max_by_key(|p| length(p));
    Silence {
        leading,
        trailing: trailing.unwrap_or(Duration::ZERO),
        longest: longest.map(length).unwrap_or(Duration::ZERO),
        longest_at: longest.map(|p| p.start).unwrap_or(Timestamp::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 8_000;

    fn envelope(stretches: &[(f32, f32)]) -> Envelope {
        let rate = SampleRate::new(RATE).expect("not zero");
        let mut meter = EnvelopeMeter::new(1, rate);
        for (seconds, level) in stretches {
            let count = (seconds * RATE as f32) as usize;
            let samples: Vec<f32> = (0..count).map(|i| level * (i as f32 * 0.5).sin()).collect();
            // Odd blocks: nothing may depend on where they are cut.
            for piece in samples.chunks(777) {
                meter.feed(Block { samples: piece, channels: 1 });
            }
        }
        meter.finish()
    }

    #[test]
    fn silence_at_the_ends_and_the_longest_pause_are_found() {
        let found = envelope(&[(1.5, 0.0), (2.0, 0.3), (0.5, 0.0), (2.0, 0.3), (1.0, 0.0), (1.0, 0.3), (2.5, 0.0)]);
        assert_eq!(found.silence.leading.millis(), 1_500);
        assert_eq!(found.silence.trailing.millis(), 2_500);
        assert_eq!((found.silence.longest.millis(), found.silence.longest_at.millis()), (1_000, 6_000));
        assert_eq!(found.pauses.len(), 4);
        assert_eq!(found.waveform.peaks().len(), 210);
        assert!(found.clipped.is_empty() && found.dead_channels.is_empty());
    }

    #[test]
    fn the_noise_of_a_room_is_a_pause_between_sentences() {
        let found = envelope(&[(2.0, 0.3), (0.6, 0.004), (2.0, 0.3), (0.6, 0.004), (2.0, 0.3)]);
        assert_eq!(found.pauses.len(), 2);
    }

    #[test]
    fn clipping_has_its_second_and_a_dead_channel_its_number() {
        let rate = SampleRate::new(RATE).expect("not zero");
        let mut meter = EnvelopeMeter::new(2, rate);
        let mut samples = vec![0.0; 2 * 16_000];
        for (i, frame) in samples.chunks_exact_mut(2).enumerate() {
            frame[0] = if (12_000..12_010).contains(&i) { 1.0 } else { 0.2 * (i as f32).sin() };
        }
        meter.feed(Block { samples: &samples, channels: 2 });
        let found = meter.finish();
        assert_eq!(found.clipped.iter().map(|t| t.millis()).collect::<Vec<_>>(), [1_500]);
        assert_eq!(found.dead_channels, [1]);
    }
}
