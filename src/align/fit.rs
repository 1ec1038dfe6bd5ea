//! One unit in its own stretch: where each word is, how well it fits, and where else it might be.

use std::ops::Range;

use super::graph::{Alone, Lengths, NEPER, PAUSE_BEGINS, PAUSE_STAYS, UNKNOWN, nepers};
use super::model::Scores;
use super::search::{NONE, costs_at, gap_at};

/// A unit's place, found by itself.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Fit {
    /// The stretch that it was looked for in.
    pub stretch: Range<usize>,
    /// From its first step of speech to its last.
    pub steps: Range<usize>,
    /// How many steps of speech are in it.
    pub speech: usize,
    /// What its sounds cost, and their lengths.
    pub sounds: i32,
    pub lengths: i32,
    /// What the first steps of speech cost, for judging the onset.
    pub onset: Vec<i32>,
    /// What the whole stretch costs, the gap behind the unit included.
    pub total: i32,
    /// The words that are read, with their steps.
    pub words: Vec<(usize, Range<usize>)>,
}

/// Steps by which an onset is judged.
pub(super) const ONSET: usize = 30;

impl Fit {
    /// How much better the unit fits than unknown speech, in nepers.
    pub(super) fn gain(&self) -> f64 {
        let speech = i32::try_from(self.speech).unwrap_or(i32::MAX);
        f64::from(UNKNOWN.saturating_mul(speech) - self.sounds - self.lengths) / f64::from(NEPER)
    }
}

/// What is listened to, and with what.
#[derive(Clone, Copy)]
pub(super) struct Ear<'a> {
    pub scores: &'a Scores,
    pub lengths: &'a Lengths,
}

/// Where a state was entered from.
const NOWHERE: u16 = u16::MAX;

impl Ear<'_> {
    /// What steps cost that belong to no unit.
    pub(super) fn gap(&self, steps: Range<usize>) -> i32 {
        steps.map(|s| gap_at(self.scores, s)).sum()
    }

    /// The best path of a unit that begins with the first step of a stretch and is followed by a gap.
    pub(super) fn fit(&self, unit: &Alone, stretch: Range<usize>) -> Option<Fit> {
        if stretch.len() < 2 {
            return None;
        }
        let (path, total) = self.path(unit, stretch.clone())?;
        let mut fit = Fit {
            stretch: stretch.clone(),
            steps: 0..0,
            speech: 0,
            sounds: 0,
            lengths: 0,
            onset: Vec::new(),
            total,
            words: Vec::new(),
        };
        let mut run: Option<(usize, usize, usize)> = None;
        let mut close = |run: Option<(usize, usize, usize)>| {
            let Some((state, _, length)) = run else { return };
            let class = unit.states.get(state).map_or(0, |s| s.classes[0]);
            fit.lengths += (0..length.min(super::graph::LENGTHS - 1)).map(|d| self.lengths.step(class, d)).sum::<i32>();
        };
        let mut speech: Vec<(usize, usize)> = Vec::new();
        for (step, at) in stretch.zip(path) {
            let at = usize::from(at);
            if !unit.states.get(at).is_some_and(|s| s.is_speech()) {
                continue;
            }
            speech.push((step, at));
            run = match run {
                Some((before, last, length)) if before == at && last + 1 == step => Some((at, step, length + 1)),
                _ => {
                    close(run);
                    Some((at, step, 1))
                }
            };
        }
        close(run);
        for (step, at) in &speech {
            let Some(state) = unit.states.get(*at) else { continue };
            let cost = state.cost(&costs_at(self.scores, *step));
            fit.sounds += cost;
            if fit.onset.len() < ONSET {
                fit.onset.push(cost);
            }
            let word = unit.word_of.get(*at).copied().unwrap_or(0);
            match fit.words.last_mut() {
                Some((last, steps)) if *last == word => steps.end = step + 1,
                _ => fit.words.push((word, *step..step + 1)),
            }
        }
        let (first, last) = (speech.first()?, speech.last()?);
        fit.steps = first.0..last.0 + 1;
        fit.speech = speech.len();
        Some(fit)
    }

    /// What a stretch costs with a unit at its beginning; `None` where it does not fit into it.
    pub(super) fn total(&self, unit: &Alone, stretch: Range<usize>) -> Option<i32> {
        let mut walk = Walk::new(unit);
        for step in stretch {
            walk.step(self, step, None);
        }
        walk.end().map(|(total, _)| total)
    }

    /// The state at each step, and the whole cost.
    fn path(&self, unit: &Alone, stretch: Range<usize>) -> Option<(Vec<u16>, i32)> {
        let width = unit.states.len() + unit.left_out.len();
        if width >= usize::from(NOWHERE) {
            return None;
        }
        let mut from = vec![NOWHERE; width * stretch.len()];
        let mut walk = Walk::new(unit);
        for (step, row) in stretch.clone().zip(from.chunks_exact_mut(width)) {
            walk.step(self, step, Some(row));
        }
        let (total, mut at) = walk.end()?;
        let mut path = vec![NOWHERE; stretch.len()];
        for (place, row) in path.iter_mut().zip(from.chunks_exact(width)).rev() {
            *place = at;
            match row.get(usize::from(at)) {
                Some(before) => at = *before,
                None => break,
            }
        }
        Some((path, total))
    }

    /// All places of a unit within a stretch, with what they gain over unknown speech, in order of time.
    pub(super) fn places(&self, unit: &Alone, stretch: Range<usize>, least: i32) -> Vec<Place> {
        if stretch.len() < 5 {
            return Vec::new();
        }
        let mut spot = Spot::new(unit);
        let mut ends: Vec<Place> = Vec::new();
        for step in stretch.clone() {
            let (gain, start) = spot.step(self, step);
            if gain >= least {
                ends.push(Place { gain, steps: start..step + 1 });
            }
        }
        ends.sort_by_key(|p| (std::cmp::Reverse(p.gain), p.steps.end));
        let mut kept: Vec<Place> = Vec::new();
        for place in ends {
            let apart = |k: &Place| place.steps.end <= k.steps.start || place.steps.start >= k.steps.end;
            if kept.iter().all(apart) {
                kept.push(place);
            }
            if kept.len() > MOST_PLACES {
                break;
            }
        }
        kept.sort_by_key(|p| p.steps.start);
        kept
    }
}

/// A place where a unit may be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    /// What it gains over unknown speech.
    pub gain: i32,
    pub steps: Range<usize>,
}

/// A place is one from this gain on.
pub(super) const LEAST_GAIN: i32 = nepers(6.0);
const MOST_PLACES: usize = 12;
/// A pause within a spotted unit costs a little more, lest one place spans two mentions.
const SPOT_PAUSE: i32 = nepers(0.15);

/// A Viterbi walk through one unit, from the first step on. Scores are negative costs.
struct Walk<'a> {
    unit: &'a Alone,
    scores: Vec<i32>,
    held: Vec<u8>,
    /// Boundaries before and behind each word, with the state that they were reached from.
    bounds: Vec<(i32, u16)>,
    /// Pauses behind each word but the last; behind the last, the gap.
    pauses: Vec<i32>,
}

impl<'a> Walk<'a> {
    fn new(unit: &'a Alone) -> Self {
        let words = unit.left_out.len();
        let mut bounds = vec![(NONE, NOWHERE); words + 1];
        if let Some(first) = bounds.first_mut() {
            first.0 = 0;
        }
        Self {
            unit,
            scores: vec![NONE; unit.states.len()],
            held: vec![0; unit.states.len()],
            bounds,
            pauses: vec![NONE; words],
        }
    }

    fn step(&mut self, ear: &Ear<'_>, step: usize, mut from: Option<&mut [u16]>) {
        let costs = costs_at(ear.scores, step);
        let gap = gap_at(ear.scores, step);
        let states = &self.unit.states;
        let count = states.len();
        let place = |at: usize| u16::try_from(at).unwrap_or(NOWHERE);
        let mut note = |at: usize, before: u16| {
            if let Some(cell) = from.as_mut().and_then(|row| row.get_mut(at)) {
                *cell = before;
            }
        };
        for i in (0..count).rev() {
            let (Some(state), Some(word)) = (states.get(i), self.unit.word_of.get(i)) else { continue };
            let class = state.classes[0];
            let mut steps = self.held.get(i).copied().unwrap_or(0);
            let mut best = (self.scores.get(i).copied().unwrap_or(NONE), place(i));
            best.0 -= ear.lengths.step(class, usize::from(steps));
            steps = steps.saturating_add(1);
            let entry = self.bounds.get(*word).copied().unwrap_or((NONE, NOWHERE));
            let come = arrive(states, &self.scores, i, entry, place);
            let come = (come.0 - ear.lengths.step(class, 0), come.1);
            if come.0 > best.0 {
                best = come;
                steps = 1;
            }
            note(i, best.1);
            if let (Some(score), Some(held)) = (self.scores.get_mut(i), self.held.get_mut(i)) {
                *score = (best.0 - state.cost(&costs)).max(NONE);
                *held = steps;
            }
        }
        let words = self.pauses.len();
        for (number, pause) in self.pauses.iter_mut().enumerate() {
            let last = number + 1 == words;
            let bound = self.bounds.get(number + 1).copied().unwrap_or((NONE, NOWHERE));
            let begin = if last { 0 } else { PAUSE_BEGINS };
            let stay = if last { gap } else { gap + PAUSE_STAYS };
            let (best, before) =
                if bound.0 - begin > *pause { (bound.0 - begin, bound.1) } else { (*pause, place(count + number)) };
            *pause = (best - stay).max(NONE);
            note(count + number, before);
        }
        self.close(place);
    }

    /// The boundaries of this step: pauses, ends of words, words left out.
    fn close(&mut self, place: impl Fn(usize) -> u16) {
        let count = self.unit.states.len();
        if let Some(first) = self.bounds.first_mut() {
            *first = (NONE, NOWHERE);
        }
        for (number, (bound, pause)) in self.bounds.iter_mut().skip(1).zip(&self.pauses).enumerate() {
            *bound = (*pause, place(count + number));
        }
        let mut before = NONE;
        for (i, (state, word)) in self.unit.states.iter().zip(&self.unit.word_of).enumerate() {
            let here = self.scores.get(i).copied().unwrap_or(NONE);
            if state.is_last() {
                let mut best = (here, place(i));
                if let Some(absent) = state.absent().filter(|_| !state.is_first())
                    && before - absent > best.0
                {
                    best = (before - absent, place(i - 1));
                }
                if let Some(bound) = self.bounds.get_mut(word + 1).filter(|b| best.0 > b.0) {
                    *bound = best;
                }
            }
            before = here;
        }
        for (number, left_out) in self.unit.left_out.iter().enumerate().skip(1) {
            let here = self.bounds.get(number).copied().unwrap_or((NONE, NOWHERE));
            if let Some(bound) = self.bounds.get_mut(number + 1).filter(|b| here.0 - left_out > b.0) {
                *bound = (here.0 - left_out, here.1);
            }
        }
    }

    /// The score of a path that has gone through the whole unit, as a cost, and its last state.
    fn end(&self) -> Option<(i32, u16)> {
        let (score, at) = *self.bounds.last()?;
        (score > NONE / 2).then_some((-score, at))
    }
}

/// The best way into a state from another one; what `scores` hold is of the step before.
fn arrive<T: Copy>(
    states: &[super::graph::State],
    scores: &[i32],
    at: usize,
    entry: (i32, T),
    place: impl Fn(usize) -> T,
) -> (i32, T) {
    let Some(state) = states.get(at).filter(|s| !s.is_first()) else { return entry };
    let Some(one) = at.checked_sub(1) else { return entry };
    let best = (scores.get(one).copied().unwrap_or(NONE), place(one));
    let Some(absent) = states.get(one).and_then(|s| s.absent()) else { return best };
    let over = match (state.is_second(), at.checked_sub(2)) {
        (true, _) | (_, None) => entry,
        (false, Some(two)) => (scores.get(two).copied().unwrap_or(NONE), place(two)),
    };
    if over.0 - absent > best.0 { (over.0 - absent, over.1) } else { best }
}

/// A unit that may begin at every step.
struct Spot<'a> {
    unit: &'a Alone,
    scores: Vec<i32>,
    starts: Vec<usize>,
    held: Vec<u8>,
    bounds: Vec<(i32, usize)>,
    pauses: Vec<(i32, usize)>,
}

impl<'a> Spot<'a> {
    fn new(unit: &'a Alone) -> Self {
        let words = unit.left_out.len();
        Self {
            unit,
            scores: vec![NONE; unit.states.len()],
            starts: vec![0; unit.states.len()],
            held: vec![0; unit.states.len()],
            bounds: vec![(NONE, 0); words + 1],
            pauses: vec![(NONE, 0); words],
        }
    }

    /// What the best path gains that ends with this step, and where it began.
    fn step(&mut self, ear: &Ear<'_>, step: usize) -> (i32, usize) {
        let costs = costs_at(ear.scores, step);
        let gap = gap_at(ear.scores, step);
        let states = &self.unit.states;
        if let Some(first) = self.bounds.first_mut() {
            *first = (0, step);
        }
        for i in (0..states.len()).rev() {
            let (Some(state), Some(word)) = (states.get(i), self.unit.word_of.get(i)) else { continue };
            let class = state.classes[0];
            let mut steps = self.held.get(i).copied().unwrap_or(0);
            let start = |at: usize| self.starts.get(at).copied().unwrap_or(0);
            let mut best = (self.scores.get(i).copied().unwrap_or(NONE), start(i));
            best.0 -= ear.lengths.step(class, usize::from(steps));
            steps = steps.saturating_add(1);
            let entry = self.bounds.get(*word).copied().unwrap_or((NONE, 0));
            let come = arrive(states, &self.scores, i, entry, start);
            let come = (come.0 - ear.lengths.step(class, 0), come.1);
            if come.0 > best.0 {
                best = come;
                steps = 1;
            }
            if let (Some(score), Some(start), Some(held)) =
                (self.scores.get_mut(i), self.starts.get_mut(i), self.held.get_mut(i))
            {
                *score = (best.0 - state.cost(&costs) + gap).max(NONE);
                *start = best.1;
                *held = steps;
            }
        }
        let inner = self.pauses.len().saturating_sub(1);
        for (pause, bound) in self.pauses.iter_mut().zip(self.bounds.iter().skip(1)).take(inner) {
            let begin = (bound.0 - PAUSE_BEGINS, bound.1);
            let best = if begin.0 > pause.0 { begin } else { *pause };
            *pause = ((best.0 - PAUSE_STAYS - SPOT_PAUSE).max(NONE), best.1);
        }
        for (number, (bound, pause)) in self.bounds.iter_mut().skip(1).zip(&self.pauses).enumerate() {
            *bound = if number < inner { *pause } else { (NONE, 0) };
        }
        let mut before = (NONE, 0);
        for (i, (state, word)) in states.iter().zip(&self.unit.word_of).enumerate() {
            let here = (self.scores.get(i).copied().unwrap_or(NONE), self.starts.get(i).copied().unwrap_or(0));
            if state.is_last() {
                let mut best = here;
                if let Some(absent) = state.absent().filter(|_| !state.is_first())
                    && before.0 - absent > best.0
                {
                    best = (before.0 - absent, before.1);
                }
                if let Some(bound) = self.bounds.get_mut(word + 1).filter(|b| best.0 > b.0) {
                    *bound = best;
                }
            }
            before = here;
        }
        for (number, left_out) in self.unit.left_out.iter().enumerate().skip(1) {
            let here = self.bounds.get(number).copied().unwrap_or((NONE, 0));
            if let Some(bound) = self.bounds.get_mut(number + 1).filter(|b| here.0 - left_out > b.0) {
                *bound = (here.0 - left_out, here.1);
            }
        }
        self.bounds.last().copied().unwrap_or((NONE, 0))
    }
}
