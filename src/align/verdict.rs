//! What is said of a recording: whether it is the article, where each block is read and how sure that is, what is
//! missing and what is extra.

use std::ops::Range;

use super::place::{Found, SCRAP, seconds, steps};
use super::reading::Reading;
use super::sections::{Sections, Start};
use super::stray::Stray;
use super::units::{BlockUnits, Said, Units};
use crate::model::chapter::Confidence;
use crate::model::script::{Extra, ExtraKind, Heard, HeardBlock, HeardSentence, HeardWord, Span, Verdict};
use crate::model::time::{Duration, Timestamp};

/// Nearly whole: as much of the article was heard.
const WHOLE: f64 = 0.9;
/// Extra sound that is told of.
const EXTRA_SPEECH: f64 = 1.5;
const EXTRA_MUSIC: f64 = 2.0;
const EXTRA_SILENCE: f64 = 5.0;

/// Everything that was heard, of a recording that lasts so long.
pub(super) fn heard(
    reading: &Reading<'_>,
    sections: &Sections,
    units: &Units,
    strays: &[Stray],
    duration: Duration,
    method: &str,
) -> Heard {
    let telling = Telling { reading, sections, units, strays, onsets: onsets(reading), duration };
    let mut blocks: Vec<HeardBlock> = (0..units.blocks.len()).map(|b| telling.block(b)).collect();
    let (mut read, mut all) = (0, 0);
    for unit in telling.body() {
        all += reading.sounds(unit);
        read += reading.get(unit).map_or(0, |_| reading.sounds(unit));
    }
    let share = read as f64 / all.max(1) as f64;
    let verdict = if sections.is_refused() {
        Verdict::Another
    } else if share >= WHOLE && !telling.lacks_a_section() {
        Verdict::ThisArticle
    } else {
        Verdict::Partly
    };
    if verdict == Verdict::Another {
        let blocks =
            blocks.into_iter().map(|b| HeardBlock { span: None, confidence: Confidence::NONE, doubt: None, ..b });
        let unread = |b: HeardBlock| HeardBlock {
            sentences: b.sentences.iter().map(|s| HeardSentence::unheard(&s.text)).collect(),
            ..b
        };
        return Heard {
            verdict,
            narrated_share: 0.0,
            method: method.to_owned(),
            blocks: blocks.map(unread).collect(),
            extra: Vec::new(),
        };
    }
    blocks.extend(strays.iter().map(|s| telling.stray(s)));
    blocks.sort_by_key(|b| b.block);
    Heard { verdict, narrated_share: share as f32, method: method.to_owned(), blocks, extra: telling.extra() }
}

struct Telling<'r, 'a> {
    reading: &'r Reading<'a>,
    sections: &'r Sections,
    units: &'r Units,
    strays: &'r [Stray],
    /// Where each unit begins, with a first sound that fitted badly.
    onsets: Vec<usize>,
    duration: Duration,
}

/// Where each unit begins: behind the pause before it, where only a scrap of speech lies between.
fn onsets(reading: &Reading<'_>) -> Vec<usize> {
    let mut onsets = vec![0; reading.found.len()];
    let mut before = 0;
    for unit in reading.in_time() {
        let Some(found) = reading.get(unit) else { continue };
        let start = found.start();
        let onset = reading.speech.onset(start, start.saturating_sub(steps(0.6)).max(before.min(start)));
        if let Some(place) = onsets.get_mut(unit) {
            *place = onset.filter(|onset| start - onset >= SCRAP).unwrap_or(start);
        }
        before = found.end();
    }
    onsets
}

impl Telling<'_, '_> {
    fn onset(&self, unit: usize) -> usize {
        self.onsets.get(unit).copied().unwrap_or(0)
    }

    fn span(&self, steps: Range<usize>) -> Span {
        let end = Timestamp::after(self.duration);
        let at = |step: usize| Timestamp::from_millis(step as u64 * 20).min(end);
        Span { start: at(steps.start), end: at(steps.end) }
    }

    /// The units of the paragraphs; of everything where there are none.
    fn body(&self) -> Vec<usize> {
        let units = |b: &BlockUnits| b.sentences.iter().filter_map(|s| s.unit).collect::<Vec<_>>();
        let body: Vec<usize> = self.units.blocks.iter().filter(|b| b.is_body).flat_map(units).collect();
        if body.is_empty() { (0..self.reading.found.len()).collect() } else { body }
    }

    /// A section is missing that has text: none of its units was found.
    fn lacks_a_section(&self) -> bool {
        let parts = self.reading.parts.iter().copied();
        let read = |part: usize| self.sections.starts.get(part).is_some_and(Option::is_some);
        parts.filter(|p| *p > 0).any(|p| !read(p))
    }

    fn block(&self, number: usize) -> HeardBlock {
        let block = self.units.blocks.get(number);
        let mut sentences = Vec::new();
        let mut span: Option<Range<usize>> = None;
        let mut own = Vec::new();
        for sentence in block.iter().flat_map(|b| &b.sentences) {
            own.extend(sentence.unit);
            let said = sentence.unit.and_then(|unit| {
                let mut said = sentence.said(&self.reading.get(unit)?.fit);
                said.steps.start = self.onset(unit);
                Some(said)
            });
            if let Some(Said { steps, .. }) = &said {
                span = Some(match span {
                    Some(s) => s.start.min(steps.start)..s.end.max(steps.end),
                    None => steps.clone(),
                });
            }
            sentences.push(self.sentence(&sentence.text, said));
        }
        let mut confidence = match &span {
            Some(_) => self.confidence_read(&own),
            None => self.confidence_unread(&own),
        };
        let mut doubt = None;
        for start in self.sections.starts.iter().flatten() {
            if let Some(moved) = self.opening(start, &own, span.clone()) {
                span = Some(moved);
                confidence = start.confidence;
                doubt = start.doubt;
            }
        }
        HeardBlock {
            block: block.map_or(0, |b| b.block),
            span: span.map(|s| self.span(s)),
            confidence: Confidence::new(confidence as f32),
            doubt,
            sentences,
        }
    }

    fn stray(&self, stray: &Stray) -> HeardBlock {
        let density = stray.density / self.sections.margin.clamp(0.4, 1.0);
        HeardBlock {
            block: stray.block,
            span: stray.steps().map(|s| self.span(s)),
            confidence: Confidence::new((1.0 / (1.0 + (-7.0 * (density - 0.35)).exp())) as f32),
            doubt: None,
            sentences: stray.sentences.iter().map(|(text, said)| self.sentence(text, said.clone())).collect(),
        }
    }

    fn sentence(&self, text: &str, said: Option<Said>) -> HeardSentence {
        let Some(Said { steps, mut words }) = said else { return HeardSentence::unheard(text) };
        // A first sound that fitted badly belongs to the first word.
        if let Some((_, first)) = words.first_mut() {
            first.start = first.start.min(steps.start);
        }
        let words = words.into_iter().map(|(letters, steps)| HeardWord { letters, span: self.span(steps) });
        HeardSentence { text: text.to_owned(), span: Some(self.span(steps)), words: words.collect() }
    }

    /// The span of a block that opens a section.
    fn opening(&self, start: &Start, own: &[usize], span: Option<Range<usize>>) -> Option<Range<usize>> {
        match &start.reworded {
            // The heading in other words stands right before the unit that was found first.
            Some(steps) => {
                let part = self.reading.part(start.unit);
                let is_heading = own.iter().any(|u| self.reading.is_heading(*u) && self.reading.part(*u) == part);
                is_heading.then(|| steps.clone())
            }
            None => own.contains(&start.unit).then(|| start.step..span.map_or(start.step, |s| s.end)),
        }
    }

    /// How sure it is that the block of these units is read.
    fn confidence_read(&self, units: &[usize]) -> f64 {
        let found: Vec<&Found> = units.iter().filter_map(|u| self.reading.get(*u)).collect();
        let margin: f64 = found.iter().map(|f| f.margin).sum();
        let speech: usize = found.iter().map(|f| f.fit.speech).sum();
        let density = margin / speech.max(20) as f64 / self.sections.margin.clamp(0.4, 1.0);
        let share = found.len() as f64 / units.len().max(1) as f64;
        1.0 / (1.0 + (-(7.0 * (density - 0.35) + 2.0 * (share - 0.5))).exp())
    }

    /// How sure it is that it is not: the less speech there is between its neighbours, the surer.
    fn confidence_unread(&self, units: &[usize]) -> f64 {
        let (Some(first), Some(last)) = (units.first(), units.last()) else { return 0.0 };
        let before = (0..*first).rev().find_map(|u| self.reading.get(u)).map_or(0, Found::end);
        let after = (last + 1..self.reading.found.len()).find_map(|u| self.reading.get(u));
        let after = after.map_or(self.reading.scores().len(), Found::start);
        let spoken = seconds(self.reading.speech.count(before.min(after)..after));
        let want = units.iter().map(|u| self.reading.sounds(*u)).sum::<usize>() as f64 * 0.07;
        (1.0 - 0.5 * spoken / want.max(0.1)).clamp(0.3, 0.98)
    }

    /// What is in the recording and not in the article.
    fn extra(&self) -> Vec<Extra> {
        let mut taken: Vec<Range<usize>> = self.reading.found.iter().flatten().map(|f| f.start()..f.end()).collect();
        taken.extend(self.sections.starts.iter().flatten().map(|s| {
            let end = s.reworded.as_ref().map_or(s.step, |r| r.end);
            s.step..end.max(s.step)
        }));
        taken.extend(self.strays.iter().filter_map(Stray::steps));
        taken.sort_by_key(|r| (r.start, r.end));
        let mut out = Vec::new();
        let mut at = 0;
        let whole = self.reading.scores().len();
        let end = whole..whole;
        for range in taken.into_iter().chain([end]) {
            if range.start > at {
                self.extra_between(at..range.start, &mut out);
            }
            at = at.max(range.end);
        }
        out
    }

    /// Speech, music and silence of a gap, each from its first step to its last.
    fn extra_between(&self, gap: Range<usize>, out: &mut Vec<Extra>) {
        let mut run: Option<(ExtraKind, Range<usize>)> = None;
        let mut runs: Vec<(ExtraKind, Range<usize>)> = Vec::new();
        for step in gap {
            let kind = self.kind(step);
            run = match run {
                Some((k, steps)) if k == kind => Some((k, steps.start..step + 1)),
                Some(other) => {
                    runs.push(other);
                    Some((kind, step..step + 1))
                }
                None => Some((kind, step..step + 1)),
            };
        }
        runs.extend(run);
        for kind in [ExtraKind::Speech, ExtraKind::Music, ExtraKind::Silence] {
            let (least, bridge) = match kind {
                ExtraKind::Speech => (EXTRA_SPEECH, 1.0),
                ExtraKind::Music => (EXTRA_MUSIC, 0.5),
                ExtraKind::Silence => (EXTRA_SILENCE, 0.0),
            };
            let mut joined: Option<(Range<usize>, usize)> = None;
            let mut close = |joined: Option<(Range<usize>, usize)>| {
                if let Some((steps, own)) = joined
                    && seconds(own) >= least
                {
                    out.push(Extra { span: self.span(steps), kind });
                }
            };
            for (_, steps) in runs.iter().filter(|(k, _)| *k == kind) {
                joined = match joined {
                    Some((all, own)) if steps.start - all.end <= self::steps(bridge) => {
                        Some((all.start..steps.end, own + steps.len()))
                    }
                    other => {
                        close(other);
                        Some((steps.clone(), steps.len()))
                    }
                };
            }
            close(joined);
        }
        out.sort_by_key(|e| (e.span.start, e.span.end));
    }

    fn kind(&self, step: usize) -> ExtraKind {
        let scores = self.reading.scores().at(step);
        let at = |class: usize| scores.get(class).copied().unwrap_or(0);
        if self.reading.speech.at(step) {
            ExtraKind::Speech
        } else if at(super::model::MUSIC) < at(super::model::PAUSE) {
            ExtraKind::Music
        } else {
            ExtraKind::Silence
        }
    }
}
