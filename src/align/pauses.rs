//! Where letters say nothing about sounds: pauses and proportions alone. Never sure.
//!
//! Units take time as they have letters; a new one begins after a pause, and sections after longer ones. Dynamic
//! programming assigns each unit an onset of speech.

use super::units::{Sentence, Units};
use crate::model::audio::Features;
use crate::model::chapter::Confidence;
use crate::model::script::{Doubt, Heard, HeardBlock, HeardSentence, Span, Verdict};
use crate::model::time::{Duration, Timestamp};

/// Nothing that is found this way is surer.
const CONFIDENCE: f32 = 0.3;
/// Pauses shorter than this belong to a word, and shorter runs of sound are none.
const JOINED: usize = 14;
const SHORTEST: usize = 5;
/// Letters that a pause counts for.
const PAUSE_LETTERS: f64 = 3.0;
/// The first unit begins with one of the first onsets; what later ones cost.
const FIRST: [f64; 3] = [0.0, 2.0, 4.0];
/// More onsets in a recording than this are no speech.
const MOST_ONSETS: usize = 10_000;

/// A place where sound begins.
struct Onset {
    /// In seconds.
    at: f64,
    /// Seconds of the pause before.
    pause: f64,
    /// Seconds of sound before.
    spoken: f64,
}

/// A unit of the article.
struct Part {
    letters: f64,
    /// How much a pause before it counts.
    weight: f64,
    /// Where it stands: which block, which sentence.
    place: (usize, usize),
}

/// Spreads an article over the pauses of a recording.
pub(super) fn spread(units: &Units, features: &Features, duration: Duration) -> Heard {
    let (onsets, spoken) = onsets(features);
    let parts = parts(units);
    let starts = assign(&parts, &onsets, spoken);
    let mut blocks: Vec<HeardBlock> = units
        .blocks
        .iter()
        .map(|b| HeardBlock {
            block: b.block,
            span: None,
            confidence: Confidence::new(CONFIDENCE),
            doubt: Some(Doubt::PausesAlone),
            sentences: b.sentences.iter().map(|s| HeardSentence::unheard(&s.text)).collect(),
        })
        .collect();
    let last = Timestamp::after(duration);
    let at = |onset: usize| {
        let seconds = onsets.get(onset).map_or(0.0, |o| o.at);
        Timestamp::from_seconds(seconds).unwrap_or(last).min(last)
    };
    for (number, (part, onset)) in parts.iter().zip(&starts).enumerate() {
        let end = starts.get(number + 1).map_or(last, |next| at(*next));
        let span = Span { start: at(*onset), end };
        let Some(block) = blocks.get_mut(part.place.0) else { continue };
        block.span = Some(Span { start: block.span.map_or(span.start, |s| s.start), end: span.end });
        if let Some(sentence) = block.sentences.get_mut(part.place.1) {
            sentence.span = Some(span);
        }
    }
    let narrated_share = if starts.is_empty() { 0.0 } else { 1.0 };
    Heard { verdict: Verdict::NotHeard, narrated_share, method: "pauses alone".to_owned(), blocks, extra: Vec::new() }
}

fn parts(units: &Units) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut after_heading = false;
    for (block, own) in units.blocks.iter().enumerate() {
        for (sentence, Sentence { text, .. }) in own.sentences.iter().enumerate() {
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count() as f64 + PAUSE_LETTERS;
            let weight = match (own.is_heading, after_heading, sentence) {
                (_, true, _) | (false, _, 0) => 1.5,
                (true, ..) => 2.5,
                _ => 0.8,
            };
            parts.push(Part { letters, weight, place: (block, sentence) });
            after_heading = own.is_heading;
        }
    }
    parts
}

/// Where sound begins, and how many seconds of it there are.
fn onsets(features: &Features) -> (Vec<Onset>, f64) {
    let levels = levels(features);
    let mut sorted = levels.clone();
    sorted.sort_by(f32::total_cmp);
    let share = |percent: usize| sorted.get(sorted.len() * percent / 100).copied().unwrap_or(0.0);
    let (low, high) = (share(8), share(92));
    let threshold = low + 0.35 * (high - low);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut begun = None;
    for (frame, level) in levels.iter().copied().chain([f32::NEG_INFINITY]).enumerate() {
        match (level > threshold, begun) {
            (true, None) => begun = Some(frame),
            (false, Some(from)) => {
                begun = None;
                match runs.last_mut() {
                    Some(last) if from - last.1 < JOINED => last.1 = frame,
                    _ if frame - from >= SHORTEST => runs.push((from, frame)),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let seconds = |frames: usize| frames as f64 / Features::RATE as f64;
    let (mut spoken, mut last) = (0.0, 0);
    let mut onsets = Vec::new();
    for (from, to) in runs.into_iter().take(MOST_ONSETS) {
        onsets.push(Onset { at: seconds(from), pause: seconds(from - last), spoken });
        spoken += seconds(to - from);
        last = to;
    }
    (onsets, spoken)
}

/// The logarithm of the energy of each frame, smoothed over five.
fn levels(features: &Features) -> Vec<f32> {
    let raw: Vec<f32> = features
        .frames()
        .map(|row| row.iter().map(|b| (Features::FLOOR + f32::from(*b) * Features::STEP).exp()).sum::<f32>().ln())
        .collect();
    let around = |at: usize| raw.get(at.saturating_sub(2)..(at + 3).min(raw.len())).unwrap_or_default();
    (0..raw.len()).map(|at| around(at).iter().sum::<f32>() / around(at).len().max(1) as f32).collect()
}

/// The onset of each unit; empty where there are not enough.
fn assign(parts: &[Part], onsets: &[Onset], spoken: f64) -> Vec<usize> {
    let letters: f64 = parts.iter().map(|p| p.letters).sum();
    let pace = spoken / letters.max(1.0);
    let misfit = |took: f64, letters: f64| {
        let due = letters * pace;
        0.5 * ((took - due) / (0.15 * due + 0.4)).powi(2)
    };
    let mut costs: Vec<f64> = (0..onsets.len()).map(|o| FIRST.get(o).copied().unwrap_or(f64::INFINITY)).collect();
    let mut from: Vec<Vec<u32>> = Vec::new();
    for (before, part) in parts.iter().zip(parts.iter().skip(1)) {
        let reach = 3.0 * before.letters * pace + 3.0;
        let mut next = vec![f64::INFINITY; onsets.len()];
        let mut came = vec![0_u32; onsets.len()];
        let mut low = 0;
        for (here, onset) in onsets.iter().enumerate() {
            while onsets.get(low).is_some_and(|o| o.spoken < onset.spoken - reach) {
                low += 1;
            }
            let earlier = onsets.iter().zip(&costs).enumerate().take(here).skip(low);
            let best = earlier
                .map(|(i, (o, cost))| (cost + misfit(onset.spoken - o.spoken, before.letters), i))
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let (Some((cost, i)), Some(slot), Some(place)) = (best, next.get_mut(here), came.get_mut(here)) {
                *slot = cost - part.weight * (onset.pause.clamp(0.15, 3.0) / 0.3).ln();
                *place = u32::try_from(i).unwrap_or(0);
            }
        }
        costs = next;
        from.push(came);
    }
    let last = parts.last().map_or(0.0, |p| p.letters);
    let whole = onsets.iter().zip(&costs).map(|(o, cost)| cost + misfit(spoken - o.spoken, last)).enumerate();
    let Some((mut at, _)) = whole.filter(|(_, c)| c.is_finite()).min_by(|a, b| a.1.total_cmp(&b.1)) else {
        return Vec::new();
    };
    let mut starts = vec![at];
    for came in from.iter().rev() {
        at = came.get(at).and_then(|i| usize::try_from(*i).ok()).unwrap_or(0);
        starts.push(at);
    }
    starts.reverse();
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_begin_after_pauses_in_proportion_to_their_letters() {
        // Four stretches of sound of 2, 4, 3 and 6 seconds.
        let mut levels = Vec::new();
        for seconds in [2, 4, 3, 6] {
            levels.extend(vec![120_u8; seconds * 100 * Features::BANDS]);
            levels.extend(vec![10_u8; 60 * Features::BANDS]);
        }
        let (onsets, spoken) = onsets(&Features::new(levels));
        assert_eq!(onsets.len(), 4);
        let part = |letters: f64| Part { letters, weight: 1.0, place: (0, 0) };
        assert_eq!(assign(&[part(2.0), part(4.0), part(3.0), part(6.0)], &onsets, spoken), [0, 1, 2, 3]);
        assert_eq!(assign(&[part(6.0), part(3.0), part(6.0)], &onsets, spoken), [0, 2, 3]);
        assert_eq!(assign(&(0..9).map(|_| part(1.0)).collect::<Vec<_>>(), &onsets, spoken), Vec::<usize>::new());
    }

    #[test]
    fn nothing_has_no_onsets() {
        let (onsets, spoken) = onsets(&Features::default());
        assert!(onsets.is_empty() && spoken == 0.0);
        assert!(assign(&[], &onsets, spoken).is_empty());
    }
}
