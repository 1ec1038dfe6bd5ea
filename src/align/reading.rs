//! A recording beside an article: what was found of each unit, and what each of the passes makes of it.

use super::fit::Ear;
use super::graph::Graph;
use super::headings::{Mention, relocate};
use super::model::Scores;
use super::place::{Found, Speech, place};

/// Everything that is known while listening.
pub(super) struct Reading<'a> {
    pub graph: &'a Graph,
    /// The part of the article that each unit belongs to: 0 is what stands before the first heading.
    pub parts: &'a [usize],
    pub ear: Ear<'a>,
    pub speech: Speech,
    /// What was found of each unit.
    pub found: Vec<Option<Found>>,
    /// What is said of each heading.
    pub mentions: Vec<Option<Mention>>,
    /// Units that were found in another order than the article's.
    pub elsewhere: Vec<bool>,
}

impl<'a> Reading<'a> {
    /// Finds every unit that is read.
    pub(super) fn new(graph: &'a Graph, parts: &'a [usize], ear: Ear<'a>) -> Self {
        let count = graph.units.len();
        let mut reading = Self {
            graph,
            parts,
            ear,
            speech: Speech::of(ear.scores),
            found: vec![None; count],
            mentions: vec![None; count],
            elsewhere: vec![false; count],
        };
        for (unit, found) in place(graph, 0..count, ear, 0..ear.scores.len()) {
            reading.set(unit, Some(found));
        }
        reading.headings();
        reading
    }

    pub(super) fn scores(&self) -> &Scores {
        self.ear.scores
    }

    pub(super) fn get(&self, unit: usize) -> Option<&Found> {
        self.found.get(unit).and_then(Option::as_ref)
    }

    pub(super) fn set(&mut self, unit: usize, found: Option<Found>) {
        if let Some(place) = self.found.get_mut(unit) {
            *place = found;
        }
    }

    pub(super) fn part(&self, unit: usize) -> usize {
        self.parts.get(unit).copied().unwrap_or(0)
    }

    pub(super) fn is_heading(&self, unit: usize) -> bool {
        self.graph.units.get(unit).is_some_and(|u| u.is_heading)
    }

    /// How many sounds a unit has.
    pub(super) fn sounds(&self, unit: usize) -> usize {
        self.graph.units.get(unit).map_or(0, |u| u.sounds)
    }

    /// The units of a part.
    pub(super) fn units_of(&self, part: usize) -> impl Iterator<Item = usize> + '_ {
        self.parts.iter().enumerate().filter(move |(_, p)| **p == part).map(|(unit, _)| unit)
    }

    /// Units that are read, in the order in which they are.
    pub(super) fn in_time(&self) -> Vec<usize> {
        let mut units: Vec<usize> = (0..self.found.len()).filter(|u| self.get(*u).is_some()).collect();
        units.sort_by_key(|u| (self.get(*u).map(Found::start), *u));
        units
    }

    /// How much better everything that was found fits than its reverse, for each step of speech.
    pub(super) fn margin(&self) -> f64 {
        let sum: f64 = self.found.iter().flatten().map(|f| f.margin).sum();
        sum / self.speech.all().max(1) as f64
    }

    /// Moves headings to the mention that leads into their text.
    fn headings(&mut self) {
        for unit in 0..self.found.len() {
            if !self.is_heading(unit) {
                continue;
            }
            let next = (unit + 1..self.found.len()).find(|u| self.get(*u).is_some());
            let Some(next) = next.filter(|n| self.part(*n) == self.part(unit)) else { continue };
            let before = (0..unit).rev().find_map(|u| self.get(u)).map_or(0, Found::end);
            let Some(mut following) = self.found.get_mut(next).and_then(Option::take) else { continue };
            let mut own = self.found.get_mut(unit).and_then(Option::take);
            let mention = relocate(self.graph, self.ear, &self.speech, unit, &mut own, before, (next, &mut following));
            self.set(unit, own);
            self.set(next, Some(following));
            if let Some(place) = self.mentions.get_mut(unit) {
                *place = mention;
            }
        }
    }
}
