//! What is narrated → cues: sentence by sentence in the article's own words, nothing that is not heard.

use std::borrow::Cow;

use super::Cue;
use super::pauses::{Border, Phrase, Sound};
use super::phrases::cut;
use crate::model::script::{self, HeardSentence, HeardWord, Passage, Span};
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};
use crate::model::waveform::Waveform;

/// Design section 6: no cue stands longer.
const LONGEST: u64 = 7_000;
/// A shorter one cannot be read; it stays into the pause behind it, if there is one.
const SHORTEST: Duration = Duration::from_millis(1_000);

/// The cues of a recording: in order, never two at once, none beyond its end. Empty where nothing was heard.
///
/// A sentence that needs several cues is cut at phrases. Each appears with its first word where words are heard; else the
/// sentence's time is shared out by what there is to say in each and by the pauses in it. Without a waveform there
/// are no pauses.
pub fn cues(passages: &[Passage], language: &str, duration: Duration, waveform: &Waveform) -> Vec<Cue> {
    let mut cues: Vec<Cue> = units(passages)
        .filter_map(|sentence| Some(unit(&sentence, Sound::of(sentence.span?, waveform), sentence.span?, language)))
        .flatten()
        .collect();
    cues.sort_by_key(|cue| cue.start);
    in_turn(&mut cues, Timestamp::after(duration));
    cues
}

/// Sentences with their places; the whole passage where nobody knows those of its sentences.
fn units(passages: &[Passage]) -> impl Iterator<Item = Cow<'_, HeardSentence>> {
    let spoken = passages.iter().filter(|p| p.narrated && p.span.is_some());
    spoken.flat_map(|passage| {
        let heard: Vec<_> = passage.sentences.iter().filter(|s| s.span.is_some()).map(Cow::Borrowed).collect();
        let whole = || HeardSentence { span: passage.span, ..HeardSentence::unheard(&passage.text) };
        if heard.is_empty() { vec![Cow::Owned(whole())] } else { heard }
    })
}

fn unit(sentence: &HeardSentence, sound: Sound, span: Span, language: &str) -> Vec<Cue> {
    let text = Line::new(&sentence.text);
    let lasts = span.end.since(span.start).unwrap_or(Duration::ZERO).millis().max(1);
    let most = |letters: u32| u32::try_from(u64::from(letters) * LONGEST / lasts).unwrap_or(u32::MAX);
    let shown = cut(text.as_str(), language, most);
    let letters = shown.last().map_or(1, |s| s.to).max(1);
    let mut start = span.start;
    let mut said = 0;
    let count = shown.len();
    let mut cues = Vec::with_capacity(count);
    for (number, shown) in shown.into_iter().enumerate() {
        said += shown.lines.iter().map(|line| script::letters(line)).sum::<u32>();
        let border = if number + 1 == count {
            Border { end: span.end, start: span.end }
        } else if let Some(between) = between(&sentence.words, said) {
            between
        } else {
            let phrase = Phrase::of(shown.lines.last().map_or("", String::as_str));
            sound.border(shown.to, letters, phrase, start)
        };
        // A single word that is held longer has been read by then.
        let end = border.end.min(start.plus(Duration::from_millis(LONGEST))).max(start);
        cues.push(Cue { start, end, speaker: None, lines: shown.lines.iter().map(|l| Line::new(l)).collect() });
        start = border.start.max(start);
    }
    cues
}

/// Words that are not heard may stand on both sides of a border with so many letters in all; with more, nobody knows
/// where it is.
const UNHEARD: u32 = 24;

/// The place between two words that are heard, of which the second is the first behind so many letters.
fn between(words: &[HeardWord], letters: u32) -> Option<Border> {
    let at = words.partition_point(|w| w.letters < letters);
    let (before, behind) = (words.get(at.checked_sub(1)?)?, words.get(at)?);
    let is_near = behind.letters - before.letters <= UNHEARD && behind.letters <= letters + UNHEARD / 4;
    is_near.then_some(Border { end: before.span.end, start: behind.span.start })
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
