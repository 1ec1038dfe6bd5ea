//! A heading that is said more than once: announcements name it before it is read. The last mention that leads into
//! the text is the heading.

use std::ops::Range;

use super::fit::{Ear, LEAST_GAIN, Place};
use super::graph::{Graph, nepers};
use super::place::{Found, INSIDE, LONGEST, Speech, early_pauses, weigh};

/// A mention counts from this share of the best one's gain on.
const COUNTS: (i32, i32) = (1, 2);
/// A pause before or behind a mention that stands by itself: so many of so many steps.
const QUIET: usize = 5;
const NEAR: usize = 9;
/// Steps of speech between a mention and the text that it leads into.
const STRAY: usize = 15;
/// What new mentions must gain beyond what the next unit loses.
const BEYOND: i32 = nepers(10.0);
/// A heading moves only by 0.3 s or more.
const MOVED: usize = 15;

/// What is said of a heading with several mentions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mention {
    /// It is clear which one is the heading.
    Clear,
    /// Several might be.
    Rivals,
}

/// Moves a heading to the mention that leads into the text. `next` is the unit found after it, of the same section.
/// Both change where it is needed.
pub(super) fn relocate(
    graph: &Graph,
    ear: Ear<'_>,
    speech: &Speech,
    heading: usize,
    found: &mut Option<Found>,
    previous_end: usize,
    (next_unit, next): (usize, &mut Found),
) -> Option<Mention> {
    let alone = graph.alone(heading);
    let until = next.start();
    let from = previous_end.max(until.saturating_sub(LONGEST));
    let mut until = until;
    let mut mentions = ear.places(&alone, from..until, LEAST_GAIN);
    if let Some((better, more)) = torn(graph, ear, &alone, from, until, next_unit, next, &mentions) {
        *next = better;
        until = next.start();
        mentions = more;
    }
    let best = mentions.iter().map(|m| m.gain).max()?;
    mentions.retain(|m| m.gain * COUNTS.1 >= best * COUNTS.0);
    let chosen = choose(&mentions, speech, until)?;
    let (pick, clear) = chosen;
    let says = if clear { Mention::Clear } else { Mention::Rivals };
    let moved = found.as_ref().is_none_or(|f| f.start().abs_diff(pick.steps.start) >= MOVED);
    if moved {
        let start = from.max(pick.steps.start);
        let near = |f: &super::fit::Fit| f.steps.start.abs_diff(pick.steps.start) <= 25;
        let fit = ear
            .fit(&alone, start..until)
            .filter(near)
            .or_else(|| ear.fit(&alone, start..until.min(pick.steps.end + 15)));
        if let Some(mut fit) = fit {
            fit.stretch.end = until;
            *found = Some(weigh(graph, heading, ear, fit));
        }
    }
    Some(says)
}

/// The next unit may have laid its first words on the heading: fitted behind its first pause, it leaves the heading.
#[expect(clippy::too_many_arguments, reason = "one step of `relocate`, which has them all")]
fn torn(
    graph: &Graph,
    ear: Ear<'_>,
    heading: &super::graph::Alone,
    from: usize,
    until: usize,
    next_unit: usize,
    next: &Found,
    mentions: &[Place],
) -> Option<(Found, Vec<Place>)> {
    let alone = graph.alone(next_unit);
    let best = mentions.iter().map(|m| m.gain).max().unwrap_or(0);
    early_pauses(&next.fit).find_map(|pause| {
        let start = until.max(pause.end - INSIDE);
        let fit = ear.fit(&alone, start..next.fit.stretch.end)?;
        let loss = fit.total + ear.gap(next.fit.stretch.start..start) - next.fit.total;
        let more = ear.places(heading, from..fit.steps.start, LEAST_GAIN);
        let last = more.iter().rfind(|m| m.steps.end > until + 5 && m.gain > loss + BEYOND)?;
        (last.gain * COUNTS.1 > best * COUNTS.0).then(|| (weigh(graph, next_unit, ear, fit), more.clone()))
    })
}

/// The mention that is the heading, and whether that is clear.
fn choose(mentions: &[Place], speech: &Speech, until: usize) -> Option<(Place, bool)> {
    let quiet = |steps: Range<usize>| speech.quiet(steps) >= QUIET;
    let isolated: Vec<&Place> = mentions
        .iter()
        .filter(|m| quiet(m.steps.start.saturating_sub(NEAR)..m.steps.start) && quiet(m.steps.end..m.steps.end + NEAR))
        .collect();
    let candidates: Vec<&Place> = if isolated.is_empty() { mentions.iter().collect() } else { isolated.clone() };
    let leads = |m: &&&Place| speech.count(m.steps.end.min(until)..until) * 5 <= STRAY * 5 + m.steps.len();
    let leading = candidates.iter().rfind(|m| leads(m));
    let clear = leading.is_some() || isolated.len() == 1 || mentions.len() == 1;
    leading.or(candidates.first()).map(|m| ((*m).clone(), clear))
}
