//! The article as a path: units (title, headings, sentences) of words, each word one or more chains of sounds.
//!
//! Costs are whole numbers of 1/[`NEPER`] neper, so that sums are exact and every machine finds the same path.

use std::ops::Range;

use super::lexicon::{Lexicon, Position};
use super::model::{CLASSES, SCORE};
use super::weights;
use crate::article::spoken::{self, Diction, Presence, Slot};

/// What a neper of cost counts.
pub(super) const NEPER: i32 = 256;
/// Costs of [`super::model::Scores`] in these units.
pub(super) const PER_SCORE: i32 = NEPER / SCORE;

/// A cost in nepers.
pub(super) const fn nepers(cost: f32) -> i32 {
    (cost * NEPER as f32) as i32
}

/// Pause, music or unknown speech costs no more than this a step.
pub(super) const UNKNOWN: i32 = nepers(1.8);
/// Beginning a pause between two words, and staying in it a step.
pub(super) const PAUSE_BEGINS: i32 = nepers(1.5);
pub(super) const PAUSE_STAYS: i32 = nepers(0.05);
/// Leaving out a word, and one that may be left out.
pub(super) const WORD_LEFT_OUT: i32 = nepers(9.0);
pub(super) const OPTIONAL_LEFT_OUT: i32 = nepers(0.5);
/// Leaving out units: once, for each, and for a single heading.
pub(super) const LEAVING_OUT: i32 = nepers(10.0);
pub(super) const UNIT_LEFT_OUT: i32 = nepers(4.0);
pub(super) const HEADING_LEFT_OUT: i32 = nepers(5.0);
/// How much the length of a sound counts beside how well it fits.
const LENGTH: f32 = 0.7;
/// Steps of a sound whose lengths have costs of their own.
pub(super) const LENGTHS: usize = 40;

/// The position is the first of its chain, the second, the last.
const FIRST: u8 = 1;
const SECOND: u8 = 2;
const LAST: u8 = 4;
/// Something must sound there.
const NEVER: i16 = i16::MAX;

/// One place of a chain, as the search reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub classes: [u8; 3],
    flags: u8,
    costs: [i16; 3],
    absent: i16,
}

impl State {
    fn new(position: &Position, at: usize, length: usize) -> Self {
        let cost = |nepers: f32| (nepers * NEPER as f32).round().clamp(0.0, f32::from(NEVER - 1)) as i16;
        let flag = |is: bool, flag: u8| if is { flag } else { 0 };
        Self {
            classes: position.sounds.map(|s| s.class),
            flags: flag(at == 0, FIRST) | flag(at == 1, SECOND) | flag(at + 1 == length, LAST),
            costs: position.sounds.map(|s| cost(s.cost)),
            // A word is never left out by leaving out its only sound.
            absent: position.absent.filter(|_| length > 1).map_or(NEVER, cost),
        }
    }

    pub(super) fn is_first(self) -> bool {
        self.flags & FIRST != 0
    }

    pub(super) fn is_second(self) -> bool {
        self.flags & SECOND != 0
    }

    pub(super) fn is_last(self) -> bool {
        self.flags & LAST != 0
    }

    /// What it costs that nothing sounds there, if that may be.
    pub(super) fn absent(self) -> Option<i32> {
        (self.absent != NEVER).then_some(i32::from(self.absent))
    }

    /// What a step costs there.
    pub(super) fn cost(self, step: &[i32; CLASSES]) -> i32 {
        let at = |i: usize| {
            let class = step.get(usize::from(self.classes.get(i).copied().unwrap_or(0))).copied().unwrap_or(0);
            class + i32::from(self.costs.get(i).copied().unwrap_or(0))
        };
        at(0).min(at(1)).min(at(2))
    }

    /// True for a sound of speech, and not a pause within a reading.
    pub(super) fn is_speech(self) -> bool {
        usize::from(self.classes[0]) > super::model::MUSIC
    }
}

/// A word of a unit: the states of all its readings.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub states: Range<usize>,
    /// What it costs to leave it out.
    pub left_out: i32,
}

/// Title, heading or sentence.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub words: Range<usize>,
    pub states: Range<usize>,
    /// Its sounds in the first reading of each word.
    pub sounds: usize,
    pub is_heading: bool,
}

/// The units of an article in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub units: Vec<Unit>,
    pub words: Vec<Word>,
    pub states: Vec<State>,
}

/// A unit as the article has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Text<'a> {
    /// Title or heading.
    Heading(&'a str),
    /// Sentence.
    Sentence(&'a str),
}

impl Text<'_> {
    fn slots(self, diction: Diction<'_>) -> Vec<Slot> {
        match self {
            Self::Heading(text) => spoken::heading(text, diction),
            Self::Sentence(text) => spoken::slots(text, diction),
        }
    }

    /// How many words [`Graph::add`] makes of it.
    pub(super) fn words(self, diction: Diction<'_>, lexicon: &mut Lexicon) -> usize {
        let mut is_heard = |word: &String| !lexicon.say(word).is_empty();
        self.slots(diction).iter().filter(|slot| slot.readings.iter().flatten().any(&mut is_heard)).count()
    }
}

impl Graph {
    /// Adds a unit; `false` where nothing of it can be heard.
    pub(super) fn add(&mut self, text: Text<'_>, diction: Diction<'_>, lexicon: &mut Lexicon) -> bool {
        let slots = text.slots(diction);
        let (first_word, first_state) = (self.words.len(), self.states.len());
        let mut sounds = 0;
        for slot in &slots {
            sounds += self.add_word(slot, lexicon);
        }
        let is_heard = self.words.len() > first_word;
        if is_heard {
            self.units.push(Unit {
                words: first_word..self.words.len(),
                states: first_state..self.states.len(),
                sounds,
                is_heading: matches!(text, Text::Heading(_)),
            });
        }
        is_heard
    }

    /// Adds the readings of a slot; how many sounds its first one has.
    fn add_word(&mut self, slot: &Slot, lexicon: &mut Lexicon) -> usize {
        let first = self.states.len();
        let mut sounds = None;
        for reading in &slot.readings {
            let mut chain: Vec<Position> = Vec::new();
            for word in reading {
                chain.extend_from_slice(lexicon.say(word));
            }
            if chain.is_empty() {
                continue;
            }
            sounds.get_or_insert(chain.len());
            self.states.extend(chain.iter().enumerate().map(|(at, p)| State::new(p, at, chain.len())));
        }
        if self.states.len() > first {
            let left_out = match slot.presence {
                Presence::Said => WORD_LEFT_OUT,
                Presence::Optional => OPTIONAL_LEFT_OUT,
            };
            self.words.push(Word { states: first..self.states.len(), left_out });
        }
        sounds.unwrap_or(0)
    }

    /// The words of a unit.
    pub(super) fn words_of(&self, unit: usize) -> &[Word] {
        self.units.get(unit).and_then(|u| self.words.get(u.words.clone())).unwrap_or_default()
    }

    /// A unit by itself.
    pub(super) fn alone(&self, unit: usize) -> Alone {
        let words = self.words_of(unit).iter().map(|word| {
            let states = self.states.get(word.states.clone()).unwrap_or_default().to_vec();
            (states, word.left_out)
        });
        Alone::new(words.collect())
    }

    /// Its sounds in reverse order, the first reading of each word: what fits no better than chance.
    pub(super) fn reversed(&self, unit: usize) -> Alone {
        let words = self.words_of(unit).iter().rev().map(|word| {
            let states = self.states.get(word.states.clone()).unwrap_or_default();
            let length = states.iter().position(|s| s.is_last()).map_or(states.len(), |at| at + 1);
            let chain = states.iter().take(length).rev().enumerate().map(|(at, state)| {
                let flag = |is: bool, flag: u8| if is { flag } else { 0 };
                let flags = flag(at == 0, FIRST) | flag(at == 1, SECOND) | flag(at + 1 == length, LAST);
                State { flags, ..*state }
            });
            (chain.collect(), WORD_LEFT_OUT)
        });
        Alone::new(words.collect())
    }
}

/// One unit, to be placed by itself.
#[derive(Clone, Debug)]
pub(super) struct Alone {
    pub states: Vec<State>,
    /// For each state the number of its word.
    pub word_of: Vec<usize>,
    /// What leaving out each word costs.
    pub left_out: Vec<i32>,
}

impl Alone {
    fn new(words: Vec<(Vec<State>, i32)>) -> Self {
        let mut alone = Self { states: Vec::new(), word_of: Vec::new(), left_out: Vec::new() };
        for (number, (states, left_out)) in words.into_iter().enumerate() {
            alone.word_of.extend(std::iter::repeat_n(number, states.len()));
            alone.states.extend(states);
            alone.left_out.push(left_out);
        }
        alone
    }
}

/// What a sound's length costs, step by step.
pub(super) struct Lengths {
    steps: Vec<[i32; LENGTHS]>,
}

impl Lengths {
    pub(super) fn read() -> Self {
        let whole = weights::exact("durations");
        let steps = whole.chunks_exact(LENGTHS).map(|costs| {
            let mut steps = [0; LENGTHS];
            let mut before = 0;
            for (step, cost) in steps.iter_mut().zip(costs) {
                let cost = (cost * LENGTH * NEPER as f32).round() as i32;
                *step = cost - before;
                before = cost;
            }
            steps
        });
        Self { steps: steps.collect() }
    }

    /// What it adds that a sound of a class lasts one step more than `steps`.
    pub(super) fn step(&self, class: u8, steps: usize) -> i32 {
        let row = self.steps.get(usize::from(class));
        row.and_then(|r| r.get(steps.min(LENGTHS - 1))).copied().unwrap_or(0)
    }
}
