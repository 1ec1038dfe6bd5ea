//! What the search cannot reach: sections that are read in another order, and an article that is a small part of a
//! long recording.

use std::ops::Range;

use super::fit::LEAST_GAIN;
use super::place::{Found, place, steps};
use super::reading::Reading;
use super::sections::{REFUSED, Sections};

/// Below this margin nothing is looked for in another order.
const LEAST_MARGIN: f64 = 0.2;
/// Seconds that a sound takes where nothing is known of the voice.
const SOUND: f64 = 0.08;

/// Looks for the sections that were not found in the stretches that nothing explains; true where one was.
pub(super) fn rescue(reading: &mut Reading<'_>, sections: &Sections) -> bool {
    if sections.margin < LEAST_MARGIN {
        return false;
    }
    let is_good = |part: usize| {
        sections.starts.get(part).and_then(Option::as_ref).is_some_and(|s| {
            let dense = sections.margin >= REFUSED || s.density >= REFUSED;
            s.confidence >= 0.5 && s.share >= 0.4 && dense
        })
    };
    let pace = pace(reading, is_good);
    let mut free = unexplained(reading, is_good);
    let mut done = false;
    for part in (0..sections.starts.len()).filter(|p| !is_good(*p)) {
        let units: Vec<usize> = reading.units_of(part).collect();
        let (Some(first), Some(last)) = (units.first().copied(), units.last().copied()) else { continue };
        let sounds = |units: &mut dyn Iterator<Item = usize>| units.map(|u| reading.sounds(u)).sum::<usize>() as f64;
        let all = sounds(&mut units.iter().copied());
        let want = all * pace * super::model::STEPS;
        let mut best: Option<(f64, Vec<(usize, Found)>)> = None;
        for stretch in &free {
            if (reading.speech.count(stretch.clone()) as f64) < 0.4 * want {
                continue;
            }
            let found = place(reading.graph, first..last + 1, reading.ear, stretch.clone());
            let Some(span) = span(&found) else { continue };
            let sum: f64 = found.iter().map(|(_, f)| f.margin).sum();
            let density = sum / reading.speech.count(span).max(30) as f64;
            let share = sounds(&mut found.iter().map(|(u, _)| *u)) / all.max(1.0);
            let dense = density >= (0.5 * sections.margin.min(1.0)).max(0.4);
            if share >= 0.6 && sum >= 80.0 && dense && best.as_ref().is_none_or(|(b, _)| sum > *b) {
                best = Some((sum, found));
            }
        }
        let Some((_, found)) = best else { continue };
        if let Some(span) = span(&found) {
            free = without(reading, &free, &span);
        }
        for unit in units {
            reading.set(unit, None);
            if let Some(flag) = reading.elsewhere.get_mut(unit) {
                *flag = true;
            }
        }
        for (unit, found) in found {
            reading.set(unit, Some(found));
        }
        done = true;
    }
    done
}

/// From the first step of what was found to its last.
fn span(found: &[(usize, Found)]) -> Option<Range<usize>> {
    let start = found.iter().map(|(_, f)| f.start()).min()?;
    let end = found.iter().map(|(_, f)| f.end()).max()?;
    Some(start..end)
}

/// Seconds for each sound in what is surely read: the median.
fn pace(reading: &Reading<'_>, is_good: impl Fn(usize) -> bool) -> f64 {
    let mut paces: Vec<f64> = (0..reading.found.len())
        .filter(|u| is_good(reading.part(*u)) && reading.sounds(*u) > 5)
        .filter_map(|u| {
            let found = reading.get(u)?;
            Some(super::place::seconds(found.end() - found.start()) / reading.sounds(u) as f64)
        })
        .collect();
    paces.sort_by(f64::total_cmp);
    match paces.get(paces.len() / 2) {
        Some(median) if paces.len() > 3 => *median,
        _ => SOUND,
    }
}

/// Stretches outside of what is surely read, with at least two seconds of speech.
fn unexplained(reading: &Reading<'_>, is_good: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let whole = 0..reading.scores().len();
    let mut free = vec![whole];
    let units: Vec<usize> = (0..reading.found.len()).filter(|u| is_good(reading.part(*u))).collect();
    for found in units.into_iter().filter_map(|u| reading.get(u)) {
        free = cut(&free, &(found.start()..found.end() + 1));
    }
    free.retain(|s| reading.speech.count(s.clone()) > steps(2.0));
    free
}

fn without(reading: &Reading<'_>, free: &[Range<usize>], gone: &Range<usize>) -> Vec<Range<usize>> {
    let mut left = cut(free, &(gone.start..gone.end + 1));
    left.retain(|s| reading.speech.count(s.clone()) > steps(2.0));
    left
}

fn cut(free: &[Range<usize>], gone: &Range<usize>) -> Vec<Range<usize>> {
    let parts = free.iter().flat_map(|s| [s.start..s.end.min(gone.start), s.start.max(gone.end)..s.end]);
    parts.filter(|s| !s.is_empty()).collect()
}

/// Sentences that are looked for one by one, how long they are in sounds, and how many places of each count.
const SAMPLE: usize = 40;
const SAMPLED: std::ops::RangeInclusive<usize> = 25..=110;
const PLACES: usize = 4;
/// Steps for each sound, and for each unit, between two of them.
const SOUND_STEPS: f64 = 3.75;
const UNIT_STEPS: f64 = 15.0;

/// Where in a long recording the article may be: the heaviest chain of sentences, each looked for by itself.
pub(super) fn narrow(reading: &Reading<'_>) -> Option<Range<usize>> {
    let whole = reading.scores().len();
    let mut before = vec![0_usize];
    for unit in 0..reading.found.len() {
        before.push(before.last().copied().unwrap_or(0) + reading.sounds(unit));
    }
    let sounds_before = |unit: usize| before.get(unit).copied().unwrap_or(0) as f64;
    let mut places = Vec::new();
    for unit in sample(reading) {
        let mut found = reading.ear.places(&reading.graph.alone(unit), 0..whole, LEAST_GAIN);
        found.sort_by_key(|p| std::cmp::Reverse(p.gain));
        places.extend(found.into_iter().take(PLACES).map(|p| (p.steps, unit, f64::from(p.gain))));
    }
    places.sort_by_key(|(steps, unit, _)| (steps.start, steps.end, *unit));
    // The heaviest chain that ends with each place: its weight, the place before, and how many it has.
    let mut chains: Vec<(f64, Option<usize>, usize)> = Vec::new();
    for (steps, unit, gain) in &places {
        let mut best = (*gain, None, 1);
        for (at, ((earlier, other, _), chain)) in places.iter().zip(&chains).enumerate() {
            if other >= unit || earlier.end > steps.start + 6 {
                continue;
            }
            let sounds = sounds_before(*unit) - sounds_before(*other);
            let want = SOUND_STEPS * sounds + UNIT_STEPS * (unit - other) as f64;
            let away = steps.start.saturating_sub(earlier.start) as f64;
            if (0.45 * want..=2.5 * want + 500.0).contains(&away) && chain.0 + gain > best.0 {
                best = (chain.0 + gain, Some(at), chain.2 + 1);
            }
        }
        chains.push(best);
    }
    let last = (0..chains.len()).max_by(|a, b| {
        let weight = |i: usize| chains.get(i).map_or(0.0, |c| c.0);
        weight(*a).total_cmp(&weight(*b))
    })?;
    let mut first = last;
    while let Some((_, Some(earlier), _)) = chains.get(first) {
        first = *earlier;
    }
    if chains.get(last)?.2 < 3 {
        return None;
    }
    let ((from, unit, _), (to, end, _)) = (places.get(first)?, places.get(last)?);
    let sounds = (sounds_before(end + 1) - sounds_before(*unit)).max(1.0);
    let rate = ((to.end - from.start) as f64 / sounds).clamp(0.8 * SOUND_STEPS, 1.8 * SOUND_STEPS);
    let all = sounds_before(reading.found.len());
    // Both are within a recording: positive and small.
    let lead = (1.4 * rate * sounds_before(*unit)) as usize + steps(20.0);
    let tail = (1.4 * rate * (all - sounds_before(end + 1))) as usize + steps(20.0);
    let stretch = from.start.saturating_sub(lead)..(to.end + tail).min(whole);
    (stretch.len() * 100 <= whole * 85).then_some(stretch)
}

/// Sentences of a middling length, evenly spread.
fn sample(reading: &Reading<'_>) -> Vec<usize> {
    let fits = |u: &usize| !reading.is_heading(*u) && SAMPLED.contains(&reading.sounds(*u));
    let all: Vec<usize> = (0..reading.found.len()).filter(fits).collect();
    if all.len() <= SAMPLE {
        return all;
    }
    let spread = |i: usize| all.get(i * (all.len() - 1) / (SAMPLE - 1)).copied();
    (0..SAMPLE).filter_map(spread).collect()
}
