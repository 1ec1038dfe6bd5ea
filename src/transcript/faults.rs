//! What is wrong with a transcript, whoever made it: the one judge for a publisher's own and for other people's feeds.

use super::{Flaw, Transcript};
use crate::model::time::{Duration, Timestamp};

/// The last cue may end so much later than the recording (standards, section 4).
const GRACE: Duration = Duration::from_millis(1_000);
/// One line for each kind of fault tells enough; a broken export has the same one a thousand times.
const MOST: usize = 20;

/// Everything that makes apps drop a transcript or a part of it: what no reader understands, cues without words, that
/// end before they begin, go back in time, or stand beyond the end of the recording (if its length is known).
pub fn faults(transcript: &Transcript, duration: Option<Duration>) -> Vec<Flaw> {
    let mut found = transcript.flaws.clone();
    if transcript.cues.is_empty() && found.is_empty() {
        found.push(Flaw::at(None, "There is not one cue in this transcript."));
    }
    let last = duration.map(|d| Timestamp::after(d.plus(GRACE)));
    let mut before = Timestamp::ZERO;
    for (index, cue) in transcript.cues.iter().enumerate() {
        let line = transcript.lines.get(index).copied().flatten();
        // Where there are no lines, the number of the cue is its place.
        let which = if line.is_some() { "This cue".to_owned() } else { format!("Cue {}", index + 1) };
        let mut fault = |what: String| found.push(Flaw::at(line, format!("{which} {what}")));
        if cue.lines.is_empty() {
            fault("has no words; AntennaPod stumbles over it.".into());
        }
        if cue.end <= cue.start {
            fault(format!("ends at {} and begins at {}.", cue.end.vtt(), cue.start.vtt()));
        }
        if cue.start < before {
            fault(format!("begins at {}, before the one above it at {}.", cue.start.vtt(), before.vtt()));
        }
        if let Some(last) = last.filter(|last| cue.end > *last) {
            let end = last.minus(GRACE);
            fault(format!("ends at {}, and the recording at {}.", cue.end.vtt(), end.vtt()));
        }
        before = before.max(cue.start);
    }
    found.sort_by_key(|flaw| flaw.line);
    if found.len() > MOST {
        let more = found.len() - MOST;
        found.truncate(MOST);
        found.push(Flaw::at(None, format!("There are {more} more such places.")));
    }
    found
}
