//! Lines that the article reader left out and that are read all the same: looked for in the speech between their
//! neighbours, which nothing else accounts for.

use std::ops::Range;

use super::place::{Found, LONGEST, place};
use super::reading::Reading;
use super::units::{BlockUnits, Said, Units};
use crate::article::spoken::Diction;
use crate::model::article::{Article, Block, Guess, Kind, Reason};

/// Steps of speech that a sound takes at least.
const HURRIED: f64 = 2.2;
/// A line is read if so much of it is found, and if that fits so many nepers better than its reverse: in all, and for
/// each step of speech. A line is short, and chance counts for more than in a section.
const SHARE: f64 = 0.6;
const LEAST_SUM: f64 = 30.0;
const LEAST_DENSITY: f64 = 0.5;
/// Shorter lines are found everywhere.
const LEAST_SOUNDS: usize = 10;

/// A line that is read.
pub(super) struct Stray {
    /// Its index in the article.
    pub block: usize,
    /// How densely it fits.
    pub density: f64,
    /// Its sentences, with their places where they are read.
    pub sentences: Vec<(String, Option<Said>)>,
}

impl Stray {
    /// From its first step to its last.
    pub(super) fn steps(&self) -> Option<Range<usize>> {
        let spans = || self.sentences.iter().filter_map(|(_, said)| Some(&said.as_ref()?.steps));
        Some(spans().map(|s| s.start).min()?..spans().map(|s| s.end).max()?)
    }
}

/// The lines that are read, of those that stand behind the beginning of the text.
///
/// What stands before it (bylines, dates, labels) would make the article begin elsewhere: `narrated` in `episode.toml`
/// is for those.
pub(super) fn strays(article: &Article, diction: Diction<'_>, reading: &Reading<'_>, units: &Units) -> Vec<Stray> {
    let is_text = |b: &Block| b.guess == Guess::Narrated && matches!(b.kind, Kind::Heading | Kind::Paragraph);
    let Some(first) = article.blocks.iter().position(is_text) else { return Vec::new() };
    let lines = Units::lines(article, diction, |index, block| index > first && may_be_read(block));
    let least = LEAST_DENSITY.max(LEAST_DENSITY * reading.margin().min(1.2));
    let mut out: Vec<Stray> = Vec::new();
    for line in &lines.blocks {
        let mut gap = gap(reading, units, line.block);
        if let Some(steps) = out.last().and_then(Stray::steps) {
            gap.start = gap.start.max(steps.end);
        }
        // What follows the text at once is read at once; a gap of many minutes is something else.
        gap.end = gap.end.min(gap.start + LONGEST).max(gap.start);
        let all: Vec<usize> = line.sentences.iter().filter_map(|s| s.unit).collect();
        let (Some(first), Some(last)) = (all.first(), all.last()) else { continue };
        let sounds = |unit: usize| lines.graph.units.get(unit).map_or(0, |u| u.sounds);
        let want: usize = all.iter().map(|u| sounds(*u)).sum();
        let spoken = reading.speech.count(gap.clone()) as f64;
        if want < LEAST_SOUNDS || spoken < SHARE * HURRIED * want as f64 {
            continue;
        }
        let found = place(&lines.graph, *first..last + 1, reading.ear, gap);
        let read: usize = found.iter().map(|(unit, _)| sounds(*unit)).sum();
        let sum: f64 = found.iter().map(|(_, f)| f.margin).sum();
        let speech: usize = found.iter().map(|(_, f)| f.fit.speech).sum();
        let density = sum / speech.max(20) as f64;
        if read as f64 >= SHARE * want as f64 && sum >= LEAST_SUM && density >= least {
            out.push(stray(line, &found, density));
        }
    }
    out
}

fn may_be_read(block: &Block) -> bool {
    match block.guess {
        Guess::Narrated => false,
        // What the publisher leaves out stays out; the others are no words.
        Guess::LeftOut(reason) => {
            !matches!(reason, Reason::Publisher | Reason::Ornament | Reason::Hidden | Reason::Code | Reason::NotHeard)
        }
    }
}

/// What lies between the texts before and behind a block, as far as they are read.
fn gap(reading: &Reading<'_>, units: &Units, block: usize) -> Range<usize> {
    let found = |b: &BlockUnits| -> Vec<&Found> { b.sentences.iter().filter_map(|s| reading.get(s.unit?)).collect() };
    let before = units.blocks.iter().filter(|b| b.block < block).flat_map(found).map(Found::end).max();
    let behind = units.blocks.iter().filter(|b| b.block > block).flat_map(found).map(Found::start);
    let start = before.unwrap_or(0);
    let end = behind.filter(|s| *s >= start).min().unwrap_or(reading.scores().len());
    start..end.max(start)
}

fn stray(line: &BlockUnits, found: &[(usize, Found)], density: f64) -> Stray {
    let fit = |unit: usize| found.iter().find(|(u, _)| *u == unit).map(|(_, f)| &f.fit);
    let sentences = line.sentences.iter().map(|s| (s.text.clone(), s.unit.and_then(fit).map(|fit| s.said(fit))));
    Stray { block: line.block, density, sentences: sentences.collect() }
}
