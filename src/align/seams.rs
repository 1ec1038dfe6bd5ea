//! Where one unit ends and the next begins: at the pause between them, where there is one.
//!
//! The best path through sounds alone now and then gives a unit's first word the last sound of the unit before, and
//! leaves the pause between the two within a unit. A narrator hardly ever does that, so it has to be worth a lot.

use std::ops::Range;

use super::fit::Ear;
use super::graph::{Graph, nepers};
use super::place::{Found, INSIDE, QUIET, early_pauses, is_speech, late_pauses, steps, weigh};

/// What it may cost that a pause lies between two units and not within one.
const WORTH: i32 = nepers(25.0);
/// Units that are so far apart have their pause.
const APART: usize = steps(0.2);

/// Moves the seam of two units that follow on each other to a pause that tears the one or the other.
pub(super) fn mend(graph: &Graph, ear: Ear<'_>, found: &mut [(usize, Found)]) {
    for at in 1..found.len() {
        let Some([(unit, one), (next, other)]) = found.get_mut(at - 1..=at) else { continue };
        if other.start() >= one.end() + APART || one.fit.stretch.end != other.fit.stretch.start {
            continue;
        }
        let pauses = early_pauses(&other.fit).chain(late_pauses(&one.fit));
        let better = pauses
            .flat_map(|pause| beginnings(ear, pause))
            .filter_map(|seam| {
                let first = ear.fit(&graph.alone(*unit), one.fit.stretch.start..seam)?;
                let second = ear.fit(&graph.alone(*next), seam..other.fit.stretch.end)?;
                Some((first.total + second.total, first, second))
            })
            .min_by_key(|(total, ..)| *total);
        let now = one.fit.total + other.fit.total;
        if let Some((_, first, second)) = better.filter(|(total, ..)| total - now < WORTH) {
            *one = weigh(graph, *unit, ear, first);
            *other = weigh(graph, *next, ear, second);
        }
    }
}

/// Where somebody begins to speak within what is a pause for a torn unit, and shortly before its end.
fn beginnings(ear: Ear<'_>, pause: Range<usize>) -> Vec<usize> {
    let mut beginnings = Vec::new();
    let mut quiet = 0;
    for step in pause.clone() {
        if is_speech(ear.scores, step) {
            if quiet >= QUIET {
                beginnings.push(step);
            }
            quiet = 0;
        } else {
            quiet += 1;
        }
    }
    beginnings.extend(pause.end.checked_sub(INSIDE));
    beginnings
}

#[cfg(test)]
mod tests {
    use super::super::graph::{Lengths, Text};
    use super::super::lexicon::Lexicon;
    use super::super::model::Scores;
    use super::*;
    use crate::article::spoken::{Diction, Tongue};

    /// Steps of a pause.
    const PAUSE: usize = 20;

    /// Two sentences, and a voice that says the first sound of each place of theirs for four steps, with a pause
    /// before, between and behind; and where the second begins.
    fn spoken(texts: [&str; 2]) -> (Graph, Scores, usize) {
        let diction = Diction { tongue: Tongue::English, pronounce: &[] };
        let (mut graph, mut lexicon) = (Graph::default(), Lexicon::new(Tongue::English));
        let (mut classes, mut second) = (vec![0; PAUSE], 0);
        for text in texts {
            assert!(graph.add(Text::Sentence(text), diction, &mut lexicon));
            let unit = graph.alone(graph.units.len() - 1);
            second = classes.len();
            let mut said: Option<usize> = None;
            for (state, word) in unit.states.iter().zip(&unit.word_of) {
                // The first reading of each word.
                if said != Some(*word) {
                    classes.extend([state.classes[0]; 4]);
                }
                if state.is_last() {
                    said = Some(*word);
                }
            }
            classes.extend([0; PAUSE]);
        }
        (graph, Scores::of(&classes), second)
    }

    #[test]
    fn a_word_behind_the_pause_belongs_to_what_follows() {
        let (graph, scores, second) = spoken(["Ships come home at night.", "I met the pilots on board."]);
        let lengths = Lengths::read();
        let ear = Ear { scores: &scores, lengths: &lengths };
        // Torn: the first word of the second sentence has the last sound of the first one.
        for torn in [second - PAUSE - 3, second - PAUSE - 1] {
            let one = ear.fit(&graph.alone(0), 0..torn).expect("it is there");
            let other = ear.fit(&graph.alone(1), torn..scores.len()).expect("it is there");
            let mut found = [(0, weigh(&graph, 0, ear, one)), (1, weigh(&graph, 1, ear, other))];
            mend(&graph, ear, &mut found);
            assert_eq!(found[1].1.start(), second, "torn at {torn}");
            assert!(found[0].1.end() <= second - PAUSE, "torn at {torn}");
        }
    }
}
