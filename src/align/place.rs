//! Every unit of an article in a recording: the search's beginnings, each fitted by itself, mended where a pause tore
//! words off, and weighed against its own sounds in reverse.

use std::ops::Range;

use super::fit::{Ear, Fit};
use super::graph::{Graph, NEPER, nepers};
use super::model::{STEPS, Scores};
use super::seams;
use super::search::{Begin, search};

/// No unit is looked for in a longer stretch.
pub(super) const LONGEST: usize = 6_000;
/// A pause that may tear words off a unit: 0.24 s.
pub(super) const TEARING: usize = 12;
/// What is fitted again begins or ends so far within that pause.
pub(super) const INSIDE: usize = 8;
/// What it may cost to leave torn words to the gap.
const MENDING: i32 = nepers(9.0);
/// A unit is mended only if it moves by more than a tenth of a second.
const MOVED: usize = 5;
/// How many words at an end may be torn off.
const TORN_WORDS: usize = 4;

/// Steps without speech that make a pause before a first sound.
pub(super) const QUIET: usize = 5;
/// A scrap of speech between a pause and a unit that is so long is the unit's first sound, which fitted badly: 0.06 s.
pub(super) const SCRAP: usize = 3;

/// A unit that is read.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Found {
    pub fit: Fit,
    /// How much better it fits than its sounds in reverse, in nepers.
    pub margin: f64,
}

impl Found {
    pub(super) fn start(&self) -> usize {
        self.fit.steps.start
    }

    pub(super) fn end(&self) -> usize {
        self.fit.steps.end
    }
}

/// A step in seconds.
pub(super) fn seconds(step: usize) -> f64 {
    step as f64 / STEPS
}

/// Steps of so many seconds.
pub(super) const fn steps(seconds: f64) -> usize {
    (seconds * STEPS) as usize
}

/// Finds the units of an article that are read in these steps.
pub(super) fn place(graph: &Graph, units: Range<usize>, ear: Ear<'_>, within: Range<usize>) -> Vec<(usize, Found)> {
    let begins = search(graph, units, ear.scores, within.clone(), ear.lengths);
    let nexts = begins.iter().skip(1).map(|b| b.step).chain([within.end]);
    let found = begins.iter().zip(nexts).filter_map(|(Begin { unit, step }, next)| {
        let stretch = *step..next.min(step + LONGEST);
        let alone = graph.alone(*unit);
        let fit = mend(ear, &alone, ear.fit(&alone, stretch)?);
        Some((*unit, weigh(graph, *unit, ear, fit)))
    });
    let mut found: Vec<(usize, Found)> = found.collect();
    seams::mend(graph, ear, &mut found);
    found
}

/// A fit with its margin.
pub(super) fn weigh(graph: &Graph, unit: usize, ear: Ear<'_>, fit: Fit) -> Found {
    let margin = margin(graph, unit, ear, &fit);
    Found { fit, margin }
}

/// How much better a unit fits its stretch than its own sounds in reverse order.
fn margin(graph: &Graph, unit: usize, ear: Ear<'_>, fit: &Fit) -> f64 {
    let around = steps(0.5);
    let from = fit.stretch.start.max(fit.steps.start.saturating_sub(around));
    let stretch = from..fit.stretch.end.min(fit.steps.end + around);
    let Some(itself) = ear.total(&graph.alone(unit), stretch.clone()) else { return 0.0 };
    let speech = fit.speech as f64;
    match ear.total(&graph.reversed(unit), stretch) {
        Some(reversed) => (f64::from(reversed - itself) / f64::from(NEPER)).clamp(-speech, 2.5 * speech),
        None => 2.5 * speech,
    }
}

/// A few words that a pause tore off at the beginning or the end go to the gap, if that costs little.
fn mend(ear: Ear<'_>, unit: &super::graph::Alone, mut fit: Fit) -> Fit {
    for _ in 0..2 {
        let Some(better) = torn_off_before(ear, unit, &fit) else { break };
        fit = better;
    }
    for _ in 0..2 {
        let Some(better) = torn_off_behind(ear, unit, &fit) else { break };
        fit = better;
    }
    fit
}

/// The steps between one word and the next, for the first words.
pub(super) fn early_pauses(fit: &Fit) -> impl Iterator<Item = Range<usize>> {
    let pairs = fit.words.iter().zip(fit.words.iter().skip(1)).take(TORN_WORDS);
    pairs.map(|((_, a), (_, b))| a.end..b.start).filter(|p| p.len() >= TEARING)
}

/// The steps between one word and the next, for the last words, from the end.
pub(super) fn late_pauses(fit: &Fit) -> impl Iterator<Item = Range<usize>> {
    let pairs = fit.words.iter().rev().skip(1).zip(fit.words.iter().rev()).take(TORN_WORDS);
    pairs.map(|((_, a), (_, b))| a.end..b.start).filter(|p| p.len() >= TEARING)
}

fn torn_off_before(ear: Ear<'_>, unit: &super::graph::Alone, fit: &Fit) -> Option<Fit> {
    early_pauses(fit).find_map(|pause| {
        let from = fit.stretch.start.max(pause.end - INSIDE);
        let mut other = ear.fit(unit, from..fit.stretch.end)?;
        other.total += ear.gap(fit.stretch.start..from);
        let worth = other.total - fit.total < MENDING && other.steps.start > fit.steps.start + MOVED;
        worth.then_some(other)
    })
}

fn torn_off_behind(ear: Ear<'_>, unit: &super::graph::Alone, fit: &Fit) -> Option<Fit> {
    late_pauses(fit).find_map(|pause| {
        let to = fit.stretch.end.min(pause.start + INSIDE);
        let mut other = ear.fit(unit, fit.stretch.start..to)?;
        other.total += ear.gap(to..fit.stretch.end);
        let worth = other.total - fit.total < MENDING && other.steps.end + MOVED < fit.steps.end;
        let stretch = other.stretch.start..fit.stretch.end;
        worth.then_some(Fit { stretch, ..other })
    })
}

/// Whether a step is speech.
pub(super) fn is_speech(scores: &Scores, step: usize) -> bool {
    i32::from(scores.unvoiced(step)) > super::model::SCORE
}

/// Where somebody speaks, countable between any two steps.
pub(super) struct Speech {
    before: Vec<u32>,
}

impl Speech {
    pub(super) fn of(scores: &Scores) -> Self {
        let mut count = 0;
        let mut before = vec![0];
        before.extend((0..scores.len()).map(|step| {
            count += u32::from(is_speech(scores, step));
            count
        }));
        Self { before }
    }

    fn until(&self, step: usize) -> u32 {
        let last = self.before.len().saturating_sub(1);
        self.before.get(step.min(last)).copied().unwrap_or(0)
    }

    /// Steps of speech among these.
    pub(super) fn count(&self, steps: Range<usize>) -> usize {
        usize::try_from(self.until(steps.end).saturating_sub(self.until(steps.start))).unwrap_or(0)
    }

    /// Steps of speech in the whole recording.
    pub(super) fn all(&self) -> usize {
        self.count(0..self.before.len())
    }

    /// Whether a step is speech.
    pub(super) fn at(&self, step: usize) -> bool {
        self.count(step..step + 1) > 0
    }

    /// Walks back over a scrap of speech to the pause before it: the first step behind that pause, if it comes after
    /// `until`.
    pub(super) fn onset(&self, from: usize, until: usize) -> Option<usize> {
        let (mut onset, mut quiet) = (from, 0);
        if from == 0 {
            return Some(0);
        }
        for step in (until..from).rev() {
            if self.at(step) {
                quiet = 0;
                onset = step;
            } else {
                quiet += 1;
                if quiet >= QUIET {
                    return Some(onset);
                }
            }
        }
        None
    }

    /// Steps without speech among these.
    pub(super) fn quiet(&self, steps: Range<usize>) -> usize {
        let end = steps.end.min(self.before.len().saturating_sub(1));
        end.saturating_sub(steps.start).saturating_sub(self.count(steps.start..end.max(steps.start)))
    }
}
