//! The acoustic model: what was heard of a recording → how well each class of sounds fits, every fiftieth of a second.
//!
//! A time-delay net (Waibel et al., 1989) of five layers, made by the recipe in `model/`. A convolution over time whose
//! weights are 8 bits and whose sums are exact in order, so that every machine hears the same.

use std::sync::LazyLock;

use super::weights;
use crate::model::audio::Features;

/// How many classes of sounds there are, with pause and music.
pub(super) const CLASSES: usize = 43;
/// The class of a pause or noise.
pub(super) const PAUSE: usize = 0;
/// The class of music.
pub(super) const MUSIC: usize = 1;
/// Steps a second.
pub(super) const STEPS: f64 = 50.0;
/// Scores count 1/32 of a neper below the best class of their step.
pub(super) const SCORE: i32 = 32;
/// No class is worse than this, in nepers.
const WORST: f32 = 7.0;
/// Share of the prior that is taken off a posterior, and the prior that a pause counts with.
const PRIOR: f32 = 0.8;
const PAUSE_PRIOR: f32 = 0.05;

/// Frames to either side over which loudness is levelled: three seconds.
const AROUND: usize = 300;
/// How much the whole recording counts beside them.
const WHOLE: f64 = 0.10;
/// Features are clamped to this.
const QUIETEST: f64 = -7.0;
const LOUDEST: f64 = 4.0;

/// Names of the classes, by number.
pub(super) static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| weights::text("classes").split(' ').collect());

/// The number of a class.
pub(super) fn class(name: &str) -> Option<u8> {
    NAMES.iter().position(|n| *n == name).and_then(|i| u8::try_from(i).ok())
}

/// How badly each class fits, for each step of a recording: 0 for the best class, at most 7 nepers.
#[derive(Clone)]
pub(super) struct Scores {
    costs: Vec<u8>,
}

impl Scores {
    /// A recording in which one class fits at each step, and no other does.
    #[cfg(test)]
    pub(super) fn of(classes: &[u8]) -> Self {
        let row = |fits: u8| (0..CLASSES).map(move |class| if class == usize::from(fits) { 0 } else { 224 });
        Self { costs: classes.iter().flat_map(|class| row(*class)).collect() }
    }

    /// How many steps there are.
    pub(super) fn len(&self) -> usize {
        self.costs.len() / CLASSES
    }

    /// Costs of all classes at a step, in units of 1/[`SCORE`] neper.
    pub(super) fn at(&self, step: usize) -> &[u8] {
        self.costs.get(step * CLASSES..(step + 1) * CLASSES).unwrap_or(&[0; CLASSES])
    }

    /// The cost of not being speech at a step: of pause or music, whichever is less.
    pub(super) fn unvoiced(&self, step: usize) -> u8 {
        let at = self.at(step);
        at.get(PAUSE).copied().unwrap_or(0).min(at.get(MUSIC).copied().unwrap_or(0))
    }

    /// The same recording with silence in the place of everything outside some steps.
    pub(super) fn only(&self, steps: std::ops::Range<usize>) -> Self {
        let mut costs = self.costs.clone();
        for (step, row) in costs.chunks_exact_mut(CLASSES).enumerate() {
            if !steps.contains(&step) {
                row.fill((WORST * SCORE as f32) as u8);
                if let Some(pause) = row.get_mut(PAUSE) {
                    *pause = 0;
                }
            }
        }
        Self { costs }
    }
}

/// Listens to a recording.
pub(super) fn listen(features: &Features) -> Scores {
    let net = &*NET;
    let levelled = Levelled::new(features);
    let steps = features.len() / 2;
    let mut costs = Vec::with_capacity(steps * CLASSES);
    let mut from = 0;
    while from < steps {
        let to = (from + AT_ONCE).min(steps);
        for row in net.posteriors(&levelled, from, to, steps).chunks_exact(CLASSES) {
            cost(row, &net.prior, &mut costs);
        }
        from = to;
    }
    Scores { costs }
}

/// Posteriors, less part of the prior, as costs below the best.
fn cost(posteriors: &[f32], prior: &[f32], costs: &mut Vec<u8>) {
    let mut scores = [0.0; CLASSES];
    for ((score, p), prior) in scores.iter_mut().zip(posteriors).zip(prior) {
        *score = p - prior;
    }
    let best = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    // A cast saturates.
    costs.extend(scores.iter().map(|s| ((best - s).min(WORST) * SCORE as f32).round() as u8));
}

/// The features as the net wants them: each band beside its own mean, in which each frame counts as loud as it is.
struct Levelled {
    bands: Vec<f32>,
}

impl Levelled {
    fn new(features: &Features) -> Self {
        const BANDS: usize = Features::BANDS;
        let level = |byte: u8| f64::from(Features::FLOOR + f32::from(byte) * Features::STEP);
        let energies: Vec<f64> = (0..=255_u8).map(|b| level(b).exp()).collect();
        let energy = |byte: u8| energies.get(usize::from(byte)).copied().unwrap_or(0.0);
        let rows: Vec<&[u8]> = features.frames().collect();
        let loudness: Vec<f64> = rows.iter().map(|row| row.iter().map(|b| energy(*b)).sum::<f64>().sqrt()).collect();
        let weighed = |row: &[u8], weight: f64, sums: &mut [f64; BANDS]| {
            for (sum, byte) in sums.iter_mut().zip(row) {
                *sum += weight * level(*byte);
            }
        };
        let mut whole = [0.0; BANDS];
        for (row, weight) in rows.iter().zip(&loudness) {
            weighed(row, *weight, &mut whole);
        }
        let all: f64 = loudness.iter().sum();
        let extra = WHOLE * (2 * AROUND + 1) as f64 * all / rows.len().max(1) as f64;
        let whole = whole.map(|sum| sum / all.max(f64::MIN_POSITIVE) * extra);

        let mut bands = Vec::with_capacity(rows.len() * BANDS);
        let (mut sums, mut weight) = ([0.0; BANDS], 0.0);
        for (row, loud) in rows.iter().zip(&loudness).take(AROUND) {
            weighed(row, *loud, &mut sums);
            weight += loud;
        }
        for (at, row) in rows.iter().enumerate() {
            if let (Some(next), Some(loud)) = (rows.get(at + AROUND), loudness.get(at + AROUND)) {
                weighed(next, *loud, &mut sums);
                weight += loud;
            }
            if let Some(past) = at.checked_sub(AROUND + 1)
                && let (Some(gone), Some(loud)) = (rows.get(past), loudness.get(past))
            {
                weighed(gone, -loud, &mut sums);
                weight -= loud;
            }
            for ((byte, sum), whole) in row.iter().zip(&sums).zip(&whole) {
                let mean = (sum + whole) / (weight + extra).max(f64::MIN_POSITIVE);
                // The net wants halves.
                bands.push((0.5 * (level(*byte) - mean).clamp(QUIETEST, LOUDEST)) as f32);
            }
        }
        Self { bands }
    }

    /// Frames from `first` on, zeros where there are none.
    fn window(&self, first: i64, frames: usize, into: &mut Vec<f32>) {
        for frame in first..first + frames as i64 {
            let at = usize::try_from(frame).ok().map(|f| f * Features::BANDS);
            match at.and_then(|at| self.bands.get(at..at + Features::BANDS)) {
                Some(row) => into.extend_from_slice(row),
                None => into.extend([0.0; Features::BANDS]),
            }
        }
    }
}

/// Steps for which the net is computed at once.
const AT_ONCE: usize = 1_024;
/// Steps between the three that layers 2, 3 and 4 see.
const DILATION: [usize; 3] = [1, 2, 4];
/// How far they see together.
const REACH: usize = 7;
/// Frames that the first layer sees, and where they begin before the step's first frame.
const FRAMES: usize = 8;
const BEFORE: i64 = 3;

static NET: LazyLock<Net> = LazyLock::new(Net::read);

struct Net {
    layers: Vec<Layer>,
    /// What is taken off each class's posterior.
    prior: Vec<f32>,
}

/// One layer: `inputs` values of each step to `outputs`.
struct Layer {
    inputs: usize,
    outputs: usize,
    /// For every [`LANES`] outputs, their weights input by input.
    panels: Vec<Vec<[f32; LANES]>>,
    bias: Vec<f32>,
}

impl Net {
    fn read() -> Self {
        let layers = (1..=5).map(|n| {
            let (bias, scale) = (weights::exact(&format!("net.b{n}")), weights::exact(&format!("net.s{n}")));
            let small = weights::small(&format!("net.w{n}"));
            let weights = small.chunks_exact(bias.len().max(1)).flat_map(|row| row.iter().zip(&scale));
            Layer::new(&weights.map(|(w, s)| w * s).collect::<Vec<f32>>(), bias)
        });
        let mut prior: Vec<f32> = weights::exact("net.prior").iter().map(|p| PRIOR * p.max(1e-4).ln()).collect();
        if let Some(pause) = prior.get_mut(PAUSE) {
            *pause = PRIOR * PAUSE_PRIOR.ln();
        }
        Self { layers: layers.collect(), prior }
    }

    /// Logarithms of the posteriors at steps `from..to` of a recording of `steps`.
    fn posteriors(&self, features: &Levelled, from: usize, to: usize, steps: usize) -> Vec<f32> {
        // The first step that a layer is computed for; below zero and beyond the end there are zeros.
        let mut first = from as i64 - REACH as i64;
        let mut count = to - from + 2 * REACH;
        let mut values: Vec<f32> = Vec::new();
        let mut input = Vec::new();
        for (number, layer) in self.layers.iter().enumerate() {
            let spread = number.checked_sub(1).and_then(|n| DILATION.get(n)).copied();
            input.clear();
            match (number, spread) {
                (0, _) => {
                    for step in first..first + count as i64 {
                        features.window(2 * step - BEFORE, FRAMES, &mut input);
                    }
                }
                (_, Some(spread)) => {
                    let width = values.len() / count.max(1);
                    first += spread as i64;
                    count -= 2 * spread;
                    for step in 0..count {
                        for seen in [step, step + spread, step + 2 * spread] {
                            input.extend_from_slice(values.get(seen * width..(seen + 1) * width).unwrap_or_default());
                        }
                    }
                }
                _ => std::mem::swap(&mut input, &mut values),
            }
            layer.apply(&input, &mut values);
            if number + 1 < self.layers.len() {
                for (step, row) in (first..).zip(values.chunks_exact_mut(layer.outputs)) {
                    let inside = usize::try_from(step).is_ok_and(|s| s < steps);
                    for value in row {
                        *value = if inside { value.max(0.0) } else { 0.0 };
                    }
                }
            }
        }
        for row in values.chunks_exact_mut(CLASSES) {
            let best = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let all = best + row.iter().map(|v| (v - best).exp()).sum::<f32>().ln();
            row.iter_mut().for_each(|v| *v -= all);
        }
        values
    }
}

/// Steps and outputs that are computed together: what registers hold.
const ROWS: usize = 4;
const LANES: usize = 8;

impl Layer {
    fn new(weights: &[f32], bias: Vec<f32>) -> Self {
        let outputs = bias.len().max(1);
        let mut panels = Vec::new();
        for left in (0..outputs).step_by(LANES) {
            let wide = weights.chunks_exact(outputs).map(|row| {
                let mut wide = [0.0; LANES];
                wide.iter_mut().zip(row.iter().skip(left)).for_each(|(w, value)| *w = *value);
                wide
            });
            panels.push(wide.collect());
        }
        Self { inputs: weights.len() / outputs, outputs, panels, bias }
    }

    fn apply(&self, input: &[f32], out: &mut Vec<f32>) {
        out.clear();
        let mut block = vec![[0.0_f32; ROWS]; self.inputs];
        for rows in input.chunks(self.inputs * ROWS) {
            let top = out.len();
            for (r, values) in rows.chunks_exact(self.inputs).enumerate() {
                for (cell, value) in block.iter_mut().zip(values) {
                    if let Some(cell) = cell.get_mut(r) {
                        *cell = *value;
                    }
                }
                out.extend_from_slice(&self.bias);
            }
            for (panel, left) in self.panels.iter().zip((0..).step_by(LANES)) {
                let sums = product(&block, panel);
                let fresh = out.get_mut(top..).unwrap_or_default();
                for (row, sum) in fresh.chunks_exact_mut(self.outputs).zip(&sums) {
                    row.iter_mut().skip(left).zip(sum).for_each(|(value, s)| *value += s);
                }
            }
        }
    }
}

/// The sums of some steps and outputs, each in the order of its inputs.
///
/// Never inlined: within a larger function the sums do not stay in registers, and it takes six times as long.
#[inline(never)]
fn product(block: &[[f32; ROWS]], panel: &[[f32; LANES]]) -> [[f32; LANES]; ROWS] {
    let mut sums = [[0.0_f32; LANES]; ROWS];
    for (cell, wide) in block.iter().zip(panel) {
        for (sum, x) in sums.iter_mut().zip(cell) {
            for (s, w) in sum.iter_mut().zip(wide) {
                *s += x * w;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sweep of the recipe, as levels: a tone that rises from 200 to 800 Hz and swells four times a second.
    fn sweep() -> Features {
        let tau = std::f64::consts::TAU;
        let sample = |n: i64| {
            let t = n as f64 / 8_000.0;
            let inside = (0..16_000).contains(&n);
            let tone = 0.2 * (tau * (200.0 * t + 150.0 * t * t)).sin() * (0.5 + 0.5 * (4.0 * tau * t).sin());
            if inside { tone } else { 0.0 }
        };
        let mel = |hz: f64| 1127.0 * (1.0 + hz / 700.0).ln();
        let (low, high) = (mel(120.0), mel(3_800.0));
        let corner = |i: usize| 700.0 * (((low + (high - low) * i as f64 / 21.0) / 1127.0).exp() - 1.0);
        let mut levels = Vec::new();
        for frame in 0..200_i64 {
            let window: Vec<f64> = (0..200_i64)
                .map(|n| sample(80 * frame - 60 + n) * (0.5 - 0.5 * (tau * n as f64 / 200.0).cos()))
                .collect();
            let power: Vec<f64> = (0..=128)
                .map(|k| {
                    let turn = |n: usize| tau * k as f64 * n as f64 / 256.0;
                    let re: f64 = window.iter().enumerate().map(|(n, x)| x * turn(n).cos()).sum();
                    let im: f64 = window.iter().enumerate().map(|(n, x)| x * turn(n).sin()).sum();
                    re * re + im * im
                })
                .collect();
            for band in 0..20 {
                let (from, peak, to) = (corner(band), corner(band + 1), corner(band + 2));
                let weight = |k: usize| {
                    let hz = k as f64 * 31.25;
                    ((hz - from) / (peak - from)).min((to - hz) / (to - peak)).max(0.0)
                };
                let sum: f64 = (0..=128).map(weight).sum();
                let energy: f64 = power.iter().enumerate().map(|(k, p)| p * weight(k) / sum).sum();
                let level = ((energy + 1e-8).ln() - f64::from(Features::FLOOR)) / f64::from(Features::STEP);
                levels.push(level.round() as u8);
            }
        }
        Features::new(levels)
    }

    #[test]
    fn the_net_says_what_it_said_where_it_was_made() {
        let levelled = Levelled::new(&sweep());
        let posteriors = NET.posteriors(&levelled, 0, 100, 100);
        let said = |step: usize, name: &str| {
            let class = usize::from(class(name).expect("a class"));
            posteriors[step * CLASSES + class]
        };
        // Levels are eighths here; the values are of exact ones.
        for (step, name, due) in
            [(25, "u", -0.512), (25, "j", -1.173), (25, "i", -3.071), (60, "MUS", -0.591), (60, "sh", -2.193)]
        {
            assert!((said(step, name) - due).abs() < 0.15, "{name} at {step}: {} for {due}", said(step, name));
        }
    }

    #[test]
    fn it_makes_no_difference_where_a_long_recording_is_cut() {
        let levelled = Levelled::new(&sweep());
        let whole = NET.posteriors(&levelled, 0, 100, 100);
        let halves = [NET.posteriors(&levelled, 0, 37, 100), NET.posteriors(&levelled, 37, 100, 100)].concat();
        assert_eq!(whole, halves);
    }

    #[test]
    fn nothing_is_heard_in_nothing() {
        assert_eq!(listen(&Features::default()).len(), 0);
        let scores = listen(&Features::new(vec![0; 2_000]));
        assert_eq!(scores.len(), 50);
        assert_eq!(scores.unvoiced(25), 0);
    }
}
