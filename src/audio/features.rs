//! The meter of what the aligner hears: the energy of twenty mel bands, every hundredth of a second, a byte each.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::decode::{Block, Meter};
use super::resample::{HEARD_RATE, Resampler};
use crate::model::audio::Features;
use crate::model::time::SampleRate;

/// Samples from one frame to the next, and in one frame.
const HOP: usize = 80;
const WINDOW: usize = 200;
const TRANSFORM: usize = 256;
/// Samples of the first frame that lie before the recording.
const LEAD: usize = 60;
const LOWEST: f64 = 120.0;
const HIGHEST: f64 = 3_800.0;
/// Energy of no sound.
const QUIET: f32 = 1e-8;

/// Follows the bands of a recording.
pub(super) struct FeaturesMeter {
    resampler: Option<Resampler>,
    mono: Vec<f32>,
    /// Samples at [`HEARD_RATE`] from the beginning of the next frame on.
    heard: Vec<f32>,
    samples: u64,
    levels: Vec<u8>,
    bands: Bands,
}

impl FeaturesMeter {
    pub(super) fn new(rate: SampleRate) -> Self {
        Self {
            resampler: Resampler::new(rate),
            mono: Vec::new(),
            heard: vec![0.0; LEAD],
            samples: 0,
            levels: Vec::new(),
            bands: Bands::new(),
        }
    }

    /// What was heard; `None` for a rate that no voice is recorded at.
    pub(super) fn finish(mut self) -> Option<Features> {
        let before = self.heard.len();
        self.resampler.as_mut()?.finish(&mut self.heard);
        self.samples += (self.heard.len() - before) as u64;
        self.heard.extend([0.0; WINDOW]);
        self.frames();
        let whole = usize::try_from(self.samples).unwrap_or(usize::MAX) / HOP;
        self.levels.truncate(whole.saturating_mul(Features::BANDS));
        Some(Features::new(self.levels))
    }

    fn frames(&mut self) {
        let mut from = 0;
        while let Some(window) = self.heard.get(from..from + WINDOW) {
            for level in self.bands.of(window) {
                // A cast saturates.
                self.levels.push(((level - Features::FLOOR) / Features::STEP).round() as u8);
            }
            from += HOP;
        }
        self.heard.drain(..from.min(self.heard.len()));
    }
}

impl Meter for FeaturesMeter {
    fn feed(&mut self, block: Block<'_>) {
        let Some(resampler) = &mut self.resampler else { return };
        let channels = block.channels.max(1);
        let share = 1.0 / channels as f32;
        self.mono.clear();
        // A sample that is no number would be heard in every frame after it.
        let sum = |frame: &[f32]| Some(frame.iter().sum::<f32>() * share).filter(|s| s.is_finite()).unwrap_or(0.0);
        self.mono.extend(block.samples.chunks_exact(channels).map(sum));
        let before = self.heard.len();
        resampler.feed(&self.mono, &mut self.heard);
        self.samples += (self.heard.len() - before) as u64;
        self.frames();
    }
}

/// Window, transform and filters of one frame.
struct Bands {
    hann: Vec<f32>,
    transform: Arc<dyn RealToComplex<f32>>,
    input: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    /// For each band the first bin and the weights from there on.
    filters: Vec<(usize, Vec<f32>)>,
}

impl Bands {
    fn new() -> Self {
        let transform = RealFftPlanner::new().plan_fft_forward(TRANSFORM);
        let turn = std::f64::consts::TAU / WINDOW as f64;
        Self {
            hann: (0..WINDOW).map(|n| (0.5 - 0.5 * (turn * n as f64).cos()) as f32).collect(),
            input: transform.make_input_vec(),
            spectrum: transform.make_output_vec(),
            scratch: transform.make_scratch_vec(),
            transform,
            filters: filters(),
        }
    }

    /// The logarithm of each band's energy.
    fn of(&mut self, window: &[f32]) -> [f32; Features::BANDS] {
        self.input.fill(0.0);
        for ((into, sample), weight) in self.input.iter_mut().zip(window).zip(&self.hann) {
            *into = sample * weight;
        }
        let done = self.transform.process_with_scratch(&mut self.input, &mut self.spectrum, &mut self.scratch);
        // It only refuses buffers of another length; these are its own.
        debug_assert!(done.is_ok());
        let mut out = [0.0; Features::BANDS];
        for (out, (first, weights)) in out.iter_mut().zip(&self.filters) {
            let energy: f32 = self.spectrum.iter().skip(*first).zip(weights).map(|(x, w)| x.norm_sqr() * w).sum();
            *out = (energy + QUIET).ln();
        }
        out
    }
}

/// Triangles whose corners lie equally far apart on the mel scale, each of weight 1.
fn filters() -> Vec<(usize, Vec<f32>)> {
    let mel = |hz: f64| 1127.0 * (1.0 + hz / 700.0).ln();
    let hertz = |mel: f64| 700.0 * ((mel / 1127.0).exp() - 1.0);
    let (low, high) = (mel(LOWEST), mel(HIGHEST));
    let corner = |i: usize| hertz(low + (high - low) * i as f64 / (Features::BANDS + 1) as f64);
    let bin = f64::from(HEARD_RATE) / TRANSFORM as f64;
    (0..Features::BANDS)
        .map(|band| {
            let (from, peak, to) = (corner(band), corner(band + 1), corner(band + 2));
            let first = (from / bin).ceil() as usize;
            let last = (to / bin).floor() as usize;
            let weights = (first..=last).map(|k| {
                let hz = k as f64 * bin;
                ((hz - from) / (peak - from)).min((to - hz) / (to - peak)).max(0.0)
            });
            let weights: Vec<f64> = weights.collect();
            let sum: f64 = weights.iter().sum();
            (first, weights.iter().map(|w| (w / sum) as f32).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sweep that the recipe of the model gives its check values for.
    fn sweep() -> Vec<f32> {
        let tau = std::f64::consts::TAU;
        let at = |n: usize| {
            let t = n as f64 / 8_000.0;
            0.2 * (tau * (200.0 * t + 150.0 * t * t)).sin() * (0.5 + 0.5 * (4.0 * tau * t).sin())
        };
        (0..16_000).map(|n| at(n) as f32).collect()
    }

    fn heard(samples: &[f32], rate: u32, channels: usize) -> Features {
        let mut meter = FeaturesMeter::new(SampleRate::new(rate).expect("not zero"));
        for piece in samples.chunks(777 * channels) {
            meter.feed(Block { samples: piece, channels });
        }
        meter.finish().expect("a usual rate")
    }

    #[test]
    fn the_bands_are_those_that_the_model_was_made_with() {
        let found = heard(&sweep(), 8_000, 1);
        assert_eq!(found.len(), 200);
        let frame = found.frames().nth(50).expect("200 frames");
        let due = [-6.303, 0.589, 2.869, 1.018, -7.224];
        for (level, due) in frame.iter().zip(due) {
            let level = Features::FLOOR + f32::from(*level) * Features::STEP;
            assert!((level - due).abs() <= Features::STEP / 2.0 + 0.001, "{level} for {due}");
        }
    }

    #[test]
    fn rate_and_channels_make_no_difference() {
        let mono = sweep();
        let stereo: Vec<f32> = mono.iter().flat_map(|s| [*s, *s]).collect();
        assert_eq!(heard(&stereo, 8_000, 2), heard(&mono, 8_000, 1));
    }

    #[test]
    fn nothing_is_no_frame_and_silence_is_silent() {
        assert!(heard(&[], 44_100, 1).is_empty());
        let silent = heard(&vec![0.0; 44_100], 44_100, 1);
        assert_eq!(silent.len(), 100);
        assert!(silent.frames().flatten().all(|l| *l < 2));
        let broken = heard(&vec![f32::NAN; 44_100], 44_100, 1);
        assert_eq!(broken, silent);
    }
}
