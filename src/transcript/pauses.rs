//! Where in the sound of a sentence a share of its letters has been said: pauses say nothing, and a phrase ends in one.
//!
//! The waveform is enough for that: a stretch that is quiet beside the loudest moment of the sentence is a pause. Where
//! there is noise all the time there is none, and letters are shared out evenly.

use crate::model::script::Span;
use crate::model::time::{Duration, Timestamp};
use crate::model::waveform::Waveform;

/// A peak of the waveform, in milliseconds.
const SLOT: u64 = Waveform::PEAK.millis();
/// Shorter silences are inside words.
const SHORTEST: usize = 2;
/// Quieter than so many percent of the loudest moment is a pause.
const QUIET: u32 = 8;
/// How far from where it is due the pause behind a phrase may be, in milliseconds that are spoken.
const REACH: u64 = 600;

/// The sound of one sentence.
pub(super) struct Sound {
    span: Span,
    /// The pauses inside, in order.
    pauses: Vec<Span>,
}

/// Where one cue ends and the next begins.
pub(super) struct Border {
    pub(super) end: Timestamp,
    pub(super) start: Timestamp,
}

impl Sound {
    /// `waveform` is that of the whole recording.
    pub(super) fn of(span: Span, waveform: &Waveform) -> Self {
        let slot = |at: Timestamp| usize::try_from(at.millis() / SLOT).unwrap_or(usize::MAX);
        let first = slot(span.start) + 1;
        let inside = waveform.peaks().get(first..slot(span.end)).unwrap_or_default();
        let loudest = inside.iter().max().copied().unwrap_or(0);
        let is_quiet = |peak: &u8| u32::from(*peak) * 100 < u32::from(loudest) * QUIET;
        let at = |n: usize| Timestamp::from_millis(u64::try_from(first + n).unwrap_or(u64::MAX).saturating_mul(SLOT));
        let mut pauses = Vec::new();
        let mut begun = 0;
        for run in inside.chunk_by(|a, b| is_quiet(a) == is_quiet(b)) {
            let ended = begun + run.len();
            // What is quiet at an end of the sentence is no pause in it.
            if run.first().is_some_and(is_quiet) && run.len() >= SHORTEST && begun > 0 && ended < inside.len() {
                pauses.push(Span { start: at(begun), end: at(ended) });
            }
            begun = ended;
        }
        Self { span, pauses }
    }

    /// How long is spoken before a moment.
    fn spoken_before(&self, at: Timestamp) -> u64 {
        let silent = self.pauses.iter().map(|p| length(p.start.min(at), p.end.min(at))).sum::<u64>();
        length(self.span.start, at).saturating_sub(silent)
    }

    /// How long is spoken in all.
    pub(super) fn spoken(&self) -> Duration {
        Duration::from_millis(self.spoken_before(self.span.end).max(1))
    }

    /// Where `said` of `letters` have been said. Behind a phrase it is the pause nearest to that place, if one is near;
    /// each pause ends one phrase only, so it has to come `after` the one before.
    pub(super) fn border(&self, said: u32, letters: u32, phrase: Phrase, after: Timestamp) -> Border {
        let due = self.spoken().millis().saturating_mul(u64::from(said)) / u64::from(letters.max(1));
        let near = |p: &&Span| self.spoken_before(p.start).abs_diff(due);
        let reach = if phrase == Phrase::Ends { REACH } else { REACH / 4 };
        if let Some(pause) =
            self.pauses.iter().filter(|p| p.start > after).min_by_key(near).filter(|p| near(p) <= reach)
        {
            return Border { end: pause.start, start: pause.end };
        }
        let mut at = self.span.start.plus(Duration::from_millis(due));
        for pause in &self.pauses {
            if pause.start < at {
                at = at.plus(Duration::from_millis(length(pause.start, pause.end)));
            }
        }
        let at = at.min(self.span.end);
        Border { end: at, start: at }
    }
}

/// What the words before a border are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phrase {
    /// They end a phrase, as a sign says.
    Ends,
    /// They go on.
    GoesOn,
}

impl Phrase {
    pub(super) fn of(text: &str) -> Self {
        let last = text.trim_end_matches(|c: char| "\"'”’»)]」』）".contains(c)).chars().next_back();
        if last.is_some_and(|c| ",;:.!?…—–、。，；：！？،؛؟".contains(c)) {
            Self::Ends
        } else {
            Self::GoesOn
        }
    }
}

fn length(start: Timestamp, end: Timestamp) -> u64 {
    end.since(start).unwrap_or(Duration::ZERO).millis()
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// A sentence from half a second on, in slots of 50 ms.
    fn sound(peaks: &[u8]) -> Sound {
        let end = 500 + peaks.len() as u64 * SLOT;
        let span = Span { start: Timestamp::from_millis(500), end: Timestamp::from_millis(end) };
        Sound::of(span, &Waveform::new([&[200; 10], peaks, &[200; 10]].concat()))
    }

    fn border(sound: &Sound, said: u32, phrase: Phrase) -> (u64, u64) {
        let border = sound.border(said, 100, phrase, sound.span.start);
        (border.end.millis(), border.start.millis())
    }

    #[test]
    fn letters_are_shared_out_over_what_is_spoken() {
        let even = sound(&[100; 40]);
        assert_eq!(border(&even, 50, Phrase::GoesOn), (1_500, 1_500));
        assert_eq!(border(&even, 50, Phrase::Ends), (1_500, 1_500));
        // A pause of half a second in the first quarter: later letters come later.
        let mut peaks = [100; 50];
        peaks[8..18].fill(3);
        let torn = sound(&peaks);
        assert_eq!(torn.spoken().millis(), 2_000);
        assert_eq!(border(&torn, 75, Phrase::GoesOn), (2_500, 2_500));
    }

    #[test]
    fn a_phrase_ends_in_its_pause() {
        let mut peaks = [100; 50];
        peaks[20..26].fill(3);
        let torn = sound(&peaks);
        // Due at 48 % of what is spoken; the pause is 0.056 s further on.
        assert_eq!(border(&torn, 48, Phrase::Ends), (1_500, 1_800));
        assert_eq!(border(&torn, 30, Phrase::Ends), (1_500, 1_800));
        assert_eq!(border(&torn, 30, Phrase::GoesOn), (1_160, 1_160));
        // The next one is not for the same pause.
        let next = torn.border(55, 100, Phrase::Ends, Timestamp::from_millis(1_800));
        assert_eq!(next.start.millis(), 2_010);
    }

    #[test]
    fn noise_has_no_pauses_and_neither_has_a_recording_that_nobody_measured() {
        let mut peaks = [100; 50];
        peaks[20..26].fill(20);
        assert!(sound(&peaks).pauses.is_empty());
        let span = Span { start: Timestamp::from_millis(500), end: Timestamp::from_millis(2_500) };
        assert_eq!(border(&Sound::of(span, &Waveform::default()), 25, Phrase::Ends), (1_000, 1_000));
    }

    #[test]
    fn signs_end_phrases() {
        for ends in ["by heart,", "he said:", "“Where?”", "年、", "الميناء،"] {
            assert_eq!(Phrase::of(ends), Phrase::Ends, "{ends}");
        }
        assert_eq!(Phrase::of("for the bell"), Phrase::GoesOn);
    }
}
