//! The best path through the article: token passing with a beam, and a record only where a unit begins.
//!
//! Young, Russell and Thornton, "Token passing" (1989). Memory is one token for each state and a store of records that
//! is swept when it is full, so it does not grow with the recording.

use std::ops::Range;

use super::graph::nepers;
use super::graph::{
    Graph, HEADING_LEFT_OUT, LEAVING_OUT, Lengths, PAUSE_BEGINS, PAUSE_STAYS, PER_SCORE, UNIT_LEFT_OUT, UNKNOWN,
};
use super::model::{CLASSES, Scores};

/// Tokens that are so much worse than the best one are dropped.
const BEAM: i32 = nepers(180.0);
/// No token.
pub(super) const NONE: i32 = i32::MIN / 2;
/// No record, and one that is made once it is needed.
const NO_RECORD: u32 = u32::MAX;
const LATER: u32 = u32::MAX - 1;
/// Once the best token is so bad, all are counted from it: what is compared are differences.
const REBASE: i32 = NONE / 4;
/// Records that are kept before the store is swept.
const RECORDS: usize = 1 << 18;

/// Where a unit begins on the best path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Begin {
    pub unit: usize,
    pub step: usize,
}

/// What a step costs in each class.
pub(super) fn costs_at(scores: &Scores, step: usize) -> [i32; CLASSES] {
    let mut costs = [0; CLASSES];
    costs.iter_mut().zip(scores.at(step)).for_each(|(cost, score)| *cost = i32::from(*score) * PER_SCORE);
    costs
}

/// What a step costs that belongs to no unit.
pub(super) fn gap_at(scores: &Scores, step: usize) -> i32 {
    (i32::from(scores.unvoiced(step)) * PER_SCORE).min(UNKNOWN)
}

/// The beginnings of all units that are read in these steps, in order.
pub(super) fn search(
    graph: &Graph,
    units: Range<usize>,
    scores: &Scores,
    steps: Range<usize>,
    lengths: &Lengths,
) -> Vec<Begin> {
    let mut search = Search::new(graph, units, lengths);
    search.begin();
    for step in steps {
        search.step(step, &costs_at(scores, step), gap_at(scores, step));
    }
    search.finish()
}

#[derive(Clone, Copy)]
struct Record {
    step: u32,
    unit: u32,
    before: u32,
}

#[derive(Clone, Copy)]
struct Token {
    score: i32,
    record: u32,
}

impl Token {
    const NONE: Self = Self { score: NONE, record: NO_RECORD };

    fn less(self, cost: i32) -> Self {
        Self { score: self.score - cost, ..self }
    }

    fn best(self, other: Self) -> Self {
        if other.score > self.score { other } else { self }
    }
}

struct Search<'a> {
    graph: &'a Graph,
    lengths: &'a Lengths,
    first_unit: usize,
    first_word: usize,
    first_state: usize,
    units: Vec<Living>,
    tokens: Vec<Token>,
    /// Steps that each token has been in its state.
    held: Vec<u8>,
    /// Boundaries between words: one before each word, and one behind the last of each unit.
    bounds: Vec<Token>,
    /// Pauses at the same boundaries.
    pauses: Vec<Token>,
    /// Words that hold a token.
    alive: Vec<bool>,
    gaps: Vec<Token>,
    records: Vec<Record>,
    most_records: usize,
}

/// A unit while the search runs.
#[derive(Clone, Copy)]
struct Living {
    active: bool,
    top: i32,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph, units: Range<usize>, lengths: &'a Lengths) -> Self {
        let chosen = graph.units.get(units.clone()).unwrap_or_default();
        let first_word = chosen.first().map_or(0, |u| u.words.start);
        let first_state = chosen.first().map_or(0, |u| u.states.start);
        let words = chosen.last().map_or(0, |u| u.words.end) - first_word;
        let states = chosen.last().map_or(0, |u| u.states.end) - first_state;
        Self {
            graph,
            lengths,
            first_unit: units.start,
            first_word,
            first_state,
            units: vec![Living { active: false, top: NONE }; chosen.len()],
            tokens: vec![Token::NONE; states],
            held: vec![0; states],
            bounds: vec![Token::NONE; words + chosen.len()],
            pauses: vec![Token::NONE; words + chosen.len()],
            alive: vec![false; words],
            gaps: vec![Token::NONE; chosen.len() + 1],
            records: Vec::new(),
            most_records: RECORDS,
        }
    }

    /// Everything may be left out before the first step.
    fn begin(&mut self) {
        if let Some(gap) = self.gaps.first_mut() {
            *gap = Token { score: 0, record: NO_RECORD };
        }
        self.gaps(0);
    }

    fn step(&mut self, step: usize, costs: &[i32; CLASSES], gap: i32) {
        if self.records.len() + self.units.len() > self.most_records {
            self.sweep();
        }
        let tops = self.units.iter().filter(|u| u.active).map(|u| u.top);
        let best = self.gaps.iter().map(|g| g.score).chain(tops).max().unwrap_or(0);
        if best < REBASE {
            self.rebase(best);
            return self.step(step, costs, gap);
        }
        let limit = best - BEAM;
        for at in 0..self.units.len() {
            self.unit(at, step, costs, gap, limit);
        }
        self.gaps(gap);
    }

    /// The gaps between units, and the ways of leaving out units.
    fn gaps(&mut self, cost: i32) {
        let mut skipping = Token::NONE;
        let mut before = Token::NONE;
        let mut bound = 0;
        for (at, gap) in self.gaps.iter_mut().enumerate() {
            let mut token = gap.less(cost);
            if let Some(unit) = at.checked_sub(1).map(|u| u + self.first_unit)
                && let (Some(unit), Some(living)) = (self.graph.units.get(unit), self.units.get(at - 1))
            {
                bound += unit.words.len() + 1;
                if living.active {
                    token = token.best(self.bounds.get(bound - 1).copied().unwrap_or(Token::NONE));
                }
                skipping = skipping.best(before.less(LEAVING_OUT)).less(UNIT_LEFT_OUT);
                if unit.is_heading {
                    skipping = skipping.best(before.less(HEADING_LEFT_OUT));
                }
            }
            before = token;
            *gap = token.best(skipping);
            // Differences stay; only what is nothing must not sink without end.
            gap.score = gap.score.max(NONE);
            skipping.score = skipping.score.max(NONE);
        }
    }

    fn unit(&mut self, at: usize, step: usize, costs: &[i32; CLASSES], gap: i32, limit: i32) {
        let (Some(entry), Some(living)) = (self.gaps.get(at).copied(), self.units.get(at).copied()) else { return };
        if !living.active && entry.score <= limit {
            return;
        }
        let Some(unit) = self.graph.units.get(self.first_unit + at) else { return };
        let graph = self.graph;
        let words = graph.words.get(unit.words.clone()).unwrap_or_default();
        let from_word = unit.words.start - self.first_word;
        let from_bound = from_word + at;
        let from_state = unit.states.start - self.first_state;
        let states = graph.states.get(unit.states.clone()).unwrap_or_default();
        let tokens = self.tokens.get_mut(from_state..from_state + states.len()).unwrap_or_default();
        let held = self.held.get_mut(from_state..from_state + states.len()).unwrap_or_default();
        let bounds = self.bounds.get_mut(from_bound..=from_bound + words.len()).unwrap_or_default();
        let pauses = self.pauses.get_mut(from_bound..=from_bound + words.len()).unwrap_or_default();
        let alive = self.alive.get_mut(from_word..from_word + words.len()).unwrap_or_default();
        if !living.active {
            tokens.fill(Token::NONE);
            bounds.fill(Token::NONE);
            pauses.fill(Token::NONE);
            alive.fill(false);
        }
        if let Some(first) = bounds.first_mut() {
            *first = Token { score: entry.score, record: LATER };
        }
        let mut pass = Pass {
            costs,
            limit,
            top: NONE,
            lengths: self.lengths,
            record: None,
            next: u32::try_from(self.records.len()).unwrap_or(LATER),
        };
        for ((word, alive), entry) in words.iter().zip(alive.iter_mut()).zip(bounds.iter()) {
            if *alive || entry.score > limit {
                let range = word.states.start - unit.states.start..word.states.end - unit.states.start;
                *alive = pass.word(
                    states.get(range.clone()).unwrap_or_default(),
                    tokens.get_mut(range.clone()).unwrap_or_default(),
                    held.get_mut(range).unwrap_or_default(),
                    *entry,
                );
            }
        }
        let mut top = pass.top;
        if pass.record.is_some() {
            self.records.push(Record {
                step: u32::try_from(step).unwrap_or(u32::MAX),
                unit: u32::try_from(self.first_unit + at).unwrap_or(u32::MAX),
                before: entry.record,
            });
        }
        // Pauses, from the boundaries of the step before; then the boundaries of this one.
        let stay = gap + PAUSE_STAYS;
        let inner = words.len();
        for (pause, bound) in pauses.iter_mut().zip(bounds.iter()).take(inner).skip(1) {
            let token = pause.best(bound.less(PAUSE_BEGINS)).less(stay);
            *pause = if token.score > limit { token } else { Token::NONE };
            top = top.max(pause.score);
        }
        for (number, word) in words.iter().enumerate() {
            let here = bounds.get(number).copied().unwrap_or(Token::NONE);
            let mut token =
                if number + 1 < inner { pauses.get(number + 1).copied().unwrap_or(Token::NONE) } else { Token::NONE };
            // The first word of a unit is never left out.
            if number > 0 {
                let left_out = here.less(word.left_out);
                if left_out.score > limit {
                    token = token.best(left_out);
                }
            }
            if alive.get(number).copied().unwrap_or(false) {
                let range = word.states.start - unit.states.start..word.states.end - unit.states.start;
                let (states, tokens) =
                    (states.get(range.clone()).unwrap_or_default(), tokens.get(range).unwrap_or_default());
                let mut before = Token::NONE;
                for (state, here) in states.iter().zip(tokens) {
                    if state.is_last() {
                        token = token.best(*here);
                        if let Some(absent) = state.absent().filter(|_| !state.is_first()) {
                            token = token.best(before.less(absent));
                        }
                    }
                    before = *here;
                }
            }
            if let Some(bound) = bounds.get_mut(number + 1) {
                *bound = token;
            }
        }
        if let Some(living) = self.units.get_mut(at) {
            *living = Living { active: top >= limit, top };
        }
    }

    fn rebase(&mut self, best: i32) {
        for token in [&mut self.tokens, &mut self.bounds, &mut self.pauses, &mut self.gaps].into_iter().flatten() {
            token.score = if token.score - best > NONE / 2 { token.score - best } else { NONE };
        }
        self.units.iter_mut().for_each(|u| u.top = u.top.saturating_sub(best).max(NONE));
    }

    /// Drops the records that no token needs.
    fn sweep(&mut self) {
        let mut needed = vec![false; self.records.len()];
        let stores = [&self.tokens, &self.bounds, &self.pauses, &self.gaps];
        for token in stores.into_iter().flatten().filter(|t| t.score > NONE) {
            let mut at = token.record;
            while let Some(flag) = usize::try_from(at).ok().and_then(|i| needed.get_mut(i)) {
                if std::mem::replace(flag, true) {
                    break;
                }
                at = usize::try_from(at).ok().and_then(|i| self.records.get(i)).map_or(NO_RECORD, |r| r.before);
            }
        }
        // A record's predecessor always stands before it.
        let mut moved = vec![NO_RECORD; self.records.len()];
        let mut kept: Vec<Record> = Vec::new();
        let new_place =
            |moved: &[u32], at: u32| usize::try_from(at).ok().and_then(|i| moved.get(i)).copied().unwrap_or(NO_RECORD);
        for (at, record) in self.records.iter().enumerate() {
            if needed.get(at).copied().unwrap_or(false) {
                if let Some(place) = moved.get_mut(at) {
                    *place = u32::try_from(kept.len()).unwrap_or(NO_RECORD);
                }
                kept.push(Record { before: new_place(&moved, record.before), ..*record });
            }
        }
        for store in [&mut self.tokens, &mut self.bounds, &mut self.pauses, &mut self.gaps] {
            for token in store.iter_mut() {
                token.record = new_place(&moved, token.record);
            }
        }
        self.records = kept;
        if self.records.len() > self.most_records / 2 {
            self.most_records *= 2;
        }
    }

    fn finish(self) -> Vec<Begin> {
        let mut begins = Vec::new();
        let mut at = self.gaps.last().map_or(NO_RECORD, |g| g.record);
        while let Some(record) = usize::try_from(at).ok().and_then(|i| self.records.get(i)) {
            let (Ok(unit), Ok(step)) = (usize::try_from(record.unit), usize::try_from(record.step)) else { break };
            begins.push(Begin { unit, step });
            at = record.before;
        }
        begins.reverse();
        begins
    }
}

/// One step through the words of one unit.
struct Pass<'a> {
    costs: &'a [i32; CLASSES],
    limit: i32,
    top: i32,
    lengths: &'a Lengths,
    /// Set once the unit is entered.
    record: Option<u32>,
    /// The number that its record will have.
    next: u32,
}

impl Pass<'_> {
    /// Moves the tokens of a word on, from its last state to its first; true where one is left.
    fn word(&mut self, states: &[super::graph::State], tokens: &mut [Token], held: &mut [u8], entry: Token) -> bool {
        let mut left = false;
        for i in (0..states.len()).rev() {
            let (Some(state), Some(mut token)) = (states.get(i), tokens.get(i).copied()) else { continue };
            let class = state.classes[0];
            let mut steps = held.get(i).copied().unwrap_or(0);
            if token.score > NONE {
                token = token.less(self.lengths.step(class, usize::from(steps)));
                steps = steps.saturating_add(1);
            }
            let come = if state.is_first() {
                entry
            } else {
                let one = i.checked_sub(1).and_then(|b| Some((states.get(b)?, tokens.get(b)?)));
                match one {
                    None => Token::NONE,
                    Some((before, token)) => match before.absent() {
                        None => *token,
                        Some(absent) => {
                            let over = if state.is_second() {
                                entry
                            } else {
                                i.checked_sub(2).and_then(|b| tokens.get(b)).copied().unwrap_or(Token::NONE)
                            };
                            token.best(over.less(absent))
                        }
                    },
                }
            };
            let come = come.less(self.lengths.step(class, 0));
            if come.score > token.score {
                token = come;
                steps = 1;
            }
            if token.score > self.limit {
                if token.record == LATER {
                    self.record = Some(self.next);
                    token.record = self.next;
                }
                token.score -= state.cost(self.costs);
                self.top = self.top.max(token.score);
                left = true;
            } else {
                token = Token::NONE;
            }
            if let (Some(place), Some(count)) = (tokens.get_mut(i), held.get_mut(i)) {
                *place = token;
                *count = steps;
            }
        }
        left
    }
}
