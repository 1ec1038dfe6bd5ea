//! Where each section starts, and how sure that is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::graph::NEPER;
use super::headings::Mention;
use super::place::{Found, SCRAP, seconds, steps};
use super::reading::Reading;
use crate::model::script::Doubt;

/// Recordings whose margin is lower are of something else.
pub(super) const REFUSED: f64 = 0.35;
/// A heading must be worth so many nepers to count as read, and so many times more without a pause before it.
const HEADING: f64 = 6.0;
const UNPAUSED: f64 = 6.0;
/// What a sound takes in seconds, on average.
const SOUND: f64 = 0.065;

/// Where a section starts.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Start {
    /// The unit that was found first.
    pub unit: usize,
    /// The first step of it, or of what is taken for its heading.
    pub step: usize,
    /// What is taken for its heading: the heading in other words.
    pub reworded: Option<Range<usize>>,
    pub confidence: f64,
    /// What speaks against it.
    pub doubt: Option<Doubt>,
    /// How densely its first units fit.
    pub density: f64,
    /// The share of its units that were found.
    pub share: f64,
    /// It is read in another order than the article's.
    pub elsewhere: bool,
}

/// What is made of a reading.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Sections {
    /// How much better the recording fits than chance.
    pub margin: f64,
    /// For each part, where it starts.
    pub starts: Vec<Option<Start>>,
}

impl Sections {
    pub(super) fn is_refused(&self) -> bool {
        self.margin < REFUSED
    }
}

/// Decides where the sections start. Headings that are not worth believing are dropped from the reading.
pub(super) fn decide(reading: &mut Reading<'_>) -> Sections {
    drop_weak_headings(reading);
    let out_of_order = out_of_order(reading);
    let margin = reading.margin();
    let order = reading.in_time();
    let count = reading.parts.iter().max().map_or(0, |p| p + 1);
    let view = View { reading, order: &order, margin };
    let starts = (0..count).map(|part| view.start(part, out_of_order.contains(&part))).collect();
    Sections { margin, starts }
}

fn drop_weak_headings(reading: &mut Reading<'_>) {
    let mut last: Option<usize> = None;
    for unit in reading.in_time() {
        let Some(found) = reading.get(unit) else { continue };
        if reading.is_heading(unit) {
            let joined = last.is_some_and(|end| found.start() < end + steps(0.06));
            let worth = found.fit.gain() + found.margin;
            if worth < HEADING || (joined && worth < UNPAUSED * HEADING) {
                reading.set(unit, None);
                continue;
            }
        }
        last = Some(found.end());
    }
}

/// Sections that are not in the heaviest run that is in order of time.
fn out_of_order(reading: &Reading<'_>) -> BTreeSet<usize> {
    if !reading.elsewhere.contains(&true) {
        return BTreeSet::new();
    }
    let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
    let mut sequence = Vec::new();
    for unit in reading.in_time() {
        let Some(found) = reading.get(unit) else { continue };
        let part = reading.part(unit);
        if !weights.contains_key(&part) {
            sequence.push(part);
        }
        *weights.entry(part).or_default() += found.margin.max(0.0);
    }
    // The best run that ends with each part, and the part before it there.
    let mut runs: BTreeMap<usize, (f64, Option<usize>)> = BTreeMap::new();
    for part in &sequence {
        let before = runs.iter().filter(|(p, _)| *p < part).max_by(|a, b| a.1.0.total_cmp(&b.1.0));
        let (weight, before) = before.map_or((0.0, None), |(p, (w, _))| (*w, Some(*p)));
        runs.insert(*part, (weight + weights.get(part).copied().unwrap_or(0.0), before));
    }
    let mut kept = BTreeSet::new();
    let mut at = runs.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0)).map(|(p, _)| *p);
    while let Some(part) = at.filter(|p| kept.insert(*p)) {
        at = runs.get(&part).and_then(|(_, before)| *before);
    }
    sequence.into_iter().filter(|p| !kept.contains(p)).collect()
}

struct View<'r, 'a> {
    reading: &'r Reading<'a>,
    order: &'r [usize],
    margin: f64,
}

/// What the confidence is reckoned from.
struct Evidence {
    density: f64,
    before: f64,
    onset: f64,
    share: f64,
    gain: f64,
    first: f64,
    lost: f64,
}

impl View<'_, '_> {
    fn found(&self, at: Range<usize>) -> Vec<&Found> {
        let units = self.order.get(at.start..at.end.min(self.order.len())).unwrap_or_default();
        units.iter().filter_map(|u| self.reading.get(*u)).collect()
    }

    fn density(&self, found: &[&Found]) -> Option<f64> {
        let start = found.first()?.start();
        let end = found.iter().map(|f| f.end()).max()?;
        let sum: f64 = found.iter().map(|f| f.margin).sum();
        Some(sum / self.reading.speech.count(start..end).max(20) as f64)
    }

    fn start(&self, part: usize, elsewhere: bool) -> Option<Start> {
        let reading = self.reading;
        let units: Vec<usize> = reading.units_of(part).collect();
        let at = self.order.iter().position(|u| reading.part(*u) == part)?;
        let unit = *self.order.get(at)?;
        let found = reading.get(unit)?;
        let opening = self.found(at..at + 4);
        let density = self.density(&opening)?;
        let count = self.order.iter().filter(|u| reading.part(**u) == part).count();
        let share = count as f64 / units.len().max(1) as f64;
        let lost = units.iter().take_while(|u| **u < unit).filter(|u| !reading.is_heading(**u)).count();
        let onset: Vec<i32> =
            opening.iter().flat_map(|f| f.fit.onset.iter().copied()).take(super::fit::ONSET).collect();
        let onset = -f64::from(onset.iter().sum::<i32>()) / f64::from(NEPER) / onset.len().max(1) as f64;
        let evidence = Evidence {
            density,
            before: self.density(&self.found(at.saturating_sub(3)..at)).unwrap_or(0.8),
            onset,
            share,
            gain: found.fit.gain().max(0.0).ln_1p(),
            first: found.margin / found.fit.speech.max(10) as f64,
            lost: lost as f64,
        };

        let previous = at.checked_sub(1).and_then(|b| self.order.get(b)).and_then(|u| reading.get(*u));
        let previous = previous.map_or(0, Found::end);
        let stray = seconds(reading.speech.count(previous..found.start()));
        let head = units.first().copied().filter(|u| reading.is_heading(*u));
        let is_head = reading.is_heading(unit);
        let unread = head.filter(|h| reading.get(*h).is_none() && !is_head);
        let is_first_sentence = units.iter().find(|u| !reading.is_heading(**u)) == Some(&unit);
        let reworded = unread.filter(|_| part > 0 && is_first_sentence).and_then(|h| {
            self.reworded(previous.min(found.start())..found.start(), SOUND * reading.sounds(h) as f64, stray)
        });
        let from = reworded.as_ref().map_or(found.start(), |(steps, _)| steps.start);
        let reach = if is_head { steps(1.6) } else { steps(0.8) };
        let onset = reading.speech.onset(from, from.saturating_sub(reach).max(previous.min(from)));
        let unpaused = part > 0 && onset.is_none_or(|o| from - o > steps(0.8));
        let step = match onset {
            Some(onset) if part > 0 && onset < from && (reworded.is_some() || from - onset >= SCRAP) => onset,
            _ => from,
        };

        let rivals = is_head && reading.mentions.get(unit) == Some(&Some(Mention::Rivals));
        let near = seconds(found.start().saturating_sub(previous)) < 8.0;
        let (cap, doubt) = if elsewhere {
            (0.3, Some(Doubt::Elsewhere))
        } else if rivals {
            (0.45, Some(Doubt::SaidAgain))
        } else if unpaused {
            (0.45, Some(Doubt::NoPause))
        } else if part > 0 && lost >= 2 {
            (0.45, Some(Doubt::Late))
        } else if let Some((_, odd)) = &reworded {
            (if *odd { 0.7 } else { 0.8 }, Some(Doubt::Reworded))
        } else if part > 0 && unread.is_some() && stray > 1.5 && near {
            (0.45, Some(Doubt::Stray))
        } else {
            (1.0, unread.filter(|_| part > 0).map(|_| Doubt::NoHeading))
        };
        let cap: f64 = if self.margin < REFUSED { 0.3_f64.min(cap) } else { cap };
        let confidence = evidence.confidence(self.margin);
        Some(Start {
            unit,
            step,
            reworded: reworded.map(|(steps, _)| step..steps.end),
            confidence: confidence.min(cap),
            doubt: if confidence < 0.5 && cap >= 0.5 { Some(Doubt::Faint) } else { doubt },
            density,
            share,
            elsewhere,
        })
    }

    /// Speech that nothing accounts for, as long as the heading would be: the heading in other words, and whether its
    /// length is odd. `want` is how many seconds the heading should take, `stray` how many are spoken there.
    fn reworded(&self, gap: Range<usize>, want: f64, stray: f64) -> Option<(Range<usize>, bool)> {
        let (mut from, mut to, mut own) = (None, None, 0_usize);
        for step in gap.clone().rev().filter(|s| self.reading.speech.at(*s)) {
            if from.is_some_and(|f| f - step > steps(0.4)) {
                break;
            }
            from = Some(step);
            to = to.or(Some(step + 1));
            own += 1;
        }
        let (from, to) = (from?, to?);
        let own = seconds(own);
        let longest = (2.2 * want).max(2.0);
        let is_heading = own >= 0.25
            && (0.25 * want..=longest).contains(&own)
            && stray <= longest + 0.3
            && gap.end - to < steps(3.5)
            && from - gap.start >= 6;
        is_heading.then(|| (from..to, !(0.45 * want..=2.2 * want).contains(&own)))
    }
}

impl Evidence {
    /// A logistic of the standardised evidence; fitted on recordings with known truth, wrong starts counting threefold.
    fn confidence(&self, margin: f64) -> f64 {
        const BIAS: f64 = 5.0842;
        // Weight, mean, deviation.
        const FITTED: [(f64, f64, f64); 7] = [
            (2.3088, 1.0968, 0.2752),
            (1.5441, 1.1115, 0.2793),
            (0.2476, -0.5943, 0.3655),
            (1.1247, 0.9485, 0.1276),
            (0.571, 4.2724, 0.8458),
            (-0.199, 1.289, 0.2822),
            (-0.2752, 0.0123, 0.1103),
        ];
        let margin = margin.clamp(0.4, 1.0);
        let values = [
            (self.density / margin).min(1.3),
            (self.before / margin).min(1.3),
            self.onset.max(-3.0),
            self.share,
            self.gain.min(6.0),
            (self.first / margin).min(1.5),
            self.lost.min(2.0),
        ];
        let sum: f64 = values.iter().zip(FITTED).map(|(v, (weight, mean, sd))| weight * (v - mean) / sd).sum();
        1.0 / (1.0 + (-(sum + BIAS)).exp())
    }
}
