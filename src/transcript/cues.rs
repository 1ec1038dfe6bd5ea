//! What is narrated → cues: sentence by sentence in the article's own words, nothing that is not heard.

use super::Cue;
use super::pauses::{Border, Phrase, Sound};
use super::phrases::cut;
use crate::model::script::{Passage, Span};
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};

/// Design section 6: no cue stands longer.
const LONGEST: u64 = 7_000;
/// A shorter one cannot be read; it stays into the pause behind it, if there is one.
const SHORTEST: Duration = Duration::from_millis(1_000);

/// The cues of a recording: in order, never two at once, none beyond its end. Empty where nothing was heard.
///
/// A sentence that needs several cues is cut at phrases, and its time shared out by what there is to say in each and by
/// the pauses that are heard in it. `peaks` is the waveform of the recording; without it there are no pauses.
pub fn cues(passages: &[Passage], language: &str, duration: Duration, peaks: &[u8]) -> Vec<Cue> {
    let mut cues: Vec<Cue> =
        units(passages).flat_map(|(text, span)| unit(&text, Sound::of(span, peaks), span, language)).collect();
    cues.sort_by_key(|cue| cue.start);
    in_turn(&mut cues, Timestamp::after(duration));
    cues
}

/// Sentences with their places; the whole passage where nobody knows those of its sentences.
fn units(passages: &[Passage]) -> impl Iterator<Item = (Line, Span)> {
    let spoken = passages.iter().filter(|p| p.narrated).filter_map(|p| Some((p, p.span?)));
    spoken.flat_map(|(passage, whole)| {
        let heard: Vec<(Line, Span)> =
            passage.sentences.iter().filter_map(|s| Some((Line::new(&s.text), s.span?))).collect();
        if heard.is_empty() { vec![(Line::new(&passage.text), whole)] } else { heard }
    })
}

fn unit(text: &Line, sound: Sound, span: Span, language: &str) -> Vec<Cue> {
    let lasts = span.end.since(span.start).unwrap_or(Duration::ZERO).millis().max(1);
    let most = |letters: u32| u32::try_from(u64::from(letters) * LONGEST / lasts).unwrap_or(u32::MAX);
    let shown = cut(text.as_str(), language, most);
    let letters = shown.last().map_or(1, |s| s.to).max(1);
    let mut start = span.start;
    let count = shown.len();
    let mut cues = Vec::with_capacity(count);
    for (number, shown) in shown.into_iter().enumerate() {
        let border = if number + 1 < count {
            let phrase = Phrase::of(shown.lines.last().map_or("", String::as_str));
            sound.border(shown.to, letters, phrase, start)
        } else {
            Border { end: span.end, start: span.end }
        };
        // A single word that is held longer has been read by then.
        let end = border.end.min(start.plus(Duration::from_millis(LONGEST))).max(start);
        cues.push(Cue { start, end, speaker: None, lines: shown.lines.iter().map(|l| Line::new(l)).collect() });
        start = border.start.max(start);
    }
    cues
}

/// Brings cues, sorted by their starts, into a row: each ends before the next begins, short ones stay while nothing
/// else is said, and the last ends with the recording.
fn in_turn(cues: &mut [Cue], last: Timestamp) {
    const INSTANT: Duration = Duration::from_millis(1);
    let mut from = Timestamp::ZERO;
    for cue in cues.iter_mut() {
        cue.start = cue.start.max(from);
        from = cue.start.plus(INSTANT);
    }
    let mut next = last.max(from);
    for cue in cues.iter_mut().rev() {
        cue.end = cue.end.max(cue.start.plus(SHORTEST)).min(next).max(cue.start.plus(INSTANT));
        next = cue.start;
    }
}
