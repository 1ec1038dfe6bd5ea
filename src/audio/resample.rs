//! Any sample rate to 8,000 Hz, block by block: a windowed sinc that passes speech up to 3.6 kHz.
//!
//! Kaiser's design (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6): 60 dB down from 4.4 kHz on.

use crate::model::time::SampleRate;

/// The rate at which the aligner hears: that of a telephone, so that a telephone costs it nothing.
pub(super) const HEARD_RATE: u32 = 8_000;

/// Middle of the slope between what passes and what does not, in hertz, and its width.
const EDGE: f64 = 4_000.0;
const SLOPE: f64 = 800.0;
/// Kaiser's beta and length for 60 dB.
const BETA: f64 = 5.65;
const LENGTH: f64 = 22.7;
/// Fractions of a sample that have a filter of their own; between them the nearest is taken, 60 dB below the voice.
const MOST_PHASES: u64 = 512;
/// Rates beyond which nothing is a recording of a voice.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=768_000;

/// Turns mono samples of one rate into mono samples at [`HEARD_RATE`], without delay: sample `n` is what sounds at
/// `n / 8000` seconds.
pub(super) struct Resampler {
    rate: u64,
    phases: Vec<Vec<f32>>,
    /// Samples that output samples still to come need; the first belongs to the input index `first`.
    held: Vec<f32>,
    first: i64,
    /// Output samples given.
    given: u64,
    /// Input samples taken.
    taken: u64,
}

impl Resampler {
    /// `None` for rates that no recording has.
    pub(super) fn new(rate: SampleRate) -> Option<Self> {
        let hz = rate.hz();
        if !RATES.contains(&hz) {
            return None;
        }
        let slow = f64::from(hz.min(HEARD_RATE)) / f64::from(HEARD_RATE);
        let (edge, slope) = (EDGE * slow / f64::from(hz), SLOPE * slow / f64::from(hz));
        // Bounded by RATES: a slope of a thousandth at least.
        let reach = (LENGTH / (2.0 * std::f64::consts::TAU * slope)).ceil() as i64;
        let fractions = u64::from(HEARD_RATE) / gcd(u64::from(hz), u64::from(HEARD_RATE));
        let count = fractions.min(MOST_PHASES);
        let phases = (0..count).map(|p| filter(p as f64 / count as f64, reach, edge)).collect();
        let held = vec![0.0; usize::try_from(reach).unwrap_or(0)];
        Some(Self { rate: u64::from(hz), phases, held, first: -reach, given: 0, taken: 0 })
    }

    fn reach(&self) -> i64 {
        self.phases.first().map_or(0, |f| f.len() as i64 / 2)
    }

    /// Takes mono samples; what can be said of the output so far is put behind `out`.
    pub(super) fn feed(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.held.extend_from_slice(samples);
        self.taken += samples.len() as u64;
        self.give(out);
    }

    /// The rest of the output, as if silence followed.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) {
        let end = self.taken * u64::from(HEARD_RATE) / self.rate;
        self.held.extend(std::iter::repeat_n(0.0, 2 * usize::try_from(self.reach()).unwrap_or(0) + 1));
        self.give(out);
        let extra = self.given.saturating_sub(end);
        out.truncate(out.len().saturating_sub(usize::try_from(extra).unwrap_or(0)));
    }

    fn give(&mut self, out: &mut Vec<f32>) {
        let count = self.phases.len() as u64;
        let heard = u64::from(HEARD_RATE);
        loop {
            // Where the output sample lies among the input: a whole sample and a phase.
            let at = self.given * self.rate;
            let phase = ((at % heard) * count + heard / 2) / heard;
            let whole = (at / heard + phase / count) as i64;
            let from = usize::try_from(whole - self.reach() - self.first).unwrap_or(0);
            let Some(filter) = usize::try_from(phase % count).ok().and_then(|p| self.phases.get(p)) else { return };
            let Some(window) = self.held.get(from..from + filter.len()) else {
                // Everything before this window has been used.
                let used = from.min(self.held.len());
                self.held.drain(..used);
                self.first += used as i64;
                return;
            };
            out.push(dot(window, filter));
            self.given += 1;
        }
    }
}

/// In eight lanes, so that the result is the same on every machine and quick on most.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

/// Weights of the samples `-reach..=reach` around the whole sample before the output, which lies `fraction` after it.
fn filter(fraction: f64, reach: i64, edge: f64) -> Vec<f32> {
    let weight = |k: i64| {
        let x = k as f64 - fraction;
        let sinc =
            if x == 0.0 { 1.0 } else { (std::f64::consts::TAU * edge * x).sin() / (std::f64::consts::TAU * edge * x) };
        let far = (x / (reach as f64 + 1.0)).clamp(-1.0, 1.0);
        sinc * bessel(BETA * (1.0 - far * far).sqrt())
    };
    let weights: Vec<f64> = (-reach..=reach).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|w| (w / sum) as f32).collect()
}

/// The modified Bessel function of order zero, up to a factor that the caller divides out.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / (2.0 * f64::from(k))).powi(2);
        sum += term;
    }
    sum
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resampled(hz: u32, tone: f64, seconds: f64) -> Vec<f32> {
        let count = (f64::from(hz) * seconds) as usize;
        let samples: Vec<f32> =
            (0..count).map(|n| (std::f64::consts::TAU * tone * n as f64 / f64::from(hz)).sin() as f32).collect();
        let mut resampler = Resampler::new(SampleRate::new(hz).expect("not zero")).expect("a usual rate");
        let mut out = Vec::new();
        // Odd blocks: nothing may depend on where they are cut.
        for piece in samples.chunks(997) {
            resampler.feed(piece, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    fn level(samples: &[f32]) -> f64 {
        let middle = &samples[samples.len() / 4..samples.len() * 3 / 4];
        10.0 * (middle.iter().map(|s| f64::from(s * s)).sum::<f64>() / middle.len() as f64 * 2.0).log10()
    }

    #[test]
    fn speech_passes_in_place_and_what_is_above_does_not() {
        for hz in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 44_056, 48_000, 96_000, 192_000] {
            let out = resampled(hz, 1_000.0, 0.5);
            assert!(out.len().abs_diff(4_000) <= 1, "{hz}: {}", out.len());
            for (n, sample) in out.iter().enumerate().skip(300).take(3_000) {
                let due = (std::f64::consts::TAU * 1_000.0 * n as f64 / 8_000.0).sin();
                assert!((f64::from(*sample) - due).abs() < 0.01, "{hz}, sample {n}: {sample} for {due}");
            }
            assert!(level(&resampled(hz, 3_550.0, 0.5)).abs() < 0.2, "{hz}");
            if hz > 10_000 {
                assert!(level(&resampled(hz, 4_450.0, 0.5)) < -50.0, "{hz}");
            }
        }
    }

    #[test]
    fn rates_that_nobody_records_at_are_refused() {
        assert!(Resampler::new(SampleRate::new(1).expect("not zero")).is_none());
        assert!(Resampler::new(SampleRate::new(u32::MAX).expect("not zero")).is_none());
    }
}
