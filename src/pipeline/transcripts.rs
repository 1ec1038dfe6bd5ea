//! Which words of an episode are published, and with which times: the publisher's own transcript, else what was heard,
//! else a page without times.

use std::path::PathBuf;

use super::material::Material;
use super::pack::{Episode, Words};
use crate::model::artifact::Artifact;
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::show::{Show, TextPolicy};
use crate::package::{self, Told};
use crate::sources;
use crate::transcript::{self, Transcript};

/// A transcript that the publisher put beside the recording.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Own {
    /// The file.
    pub path: PathBuf,
    /// Its bytes, which are published as they are.
    pub bytes: Vec<u8>,
    /// What it says.
    pub transcript: Transcript,
}

/// Larger files are no transcripts.
const LARGEST: u64 = 32 << 20;

/// Reads and judges the publisher's own transcript, if there is one.
pub(super) fn read(material: &mut Material) -> Option<Own> {
    let path = material.source.transcript.clone()?;
    let problem = |line: Option<usize>, message: String| Problem {
        kind: ProblemKind::TranscriptUnreadable,
        place: Place { line, ..Place::file(&path) },
        message,
        help: None,
    };
    let bytes = match sources::read_bounded(&path, LARGEST) {
        Ok(bytes) => bytes,
        Err(unopened) => {
            material.problems.push(unopened.problem(ProblemKind::TranscriptUnreadable, &path));
            return None;
        }
    };
    match transcript::read(&bytes) {
        Ok(transcript) => {
            let faults = transcript::faults(&transcript, material.duration());
            material.problems.extend(faults.into_iter().map(|f| problem(f.line, f.message)));
            Some(Own { path, bytes, transcript })
        }
        Err(flaw) => {
            material.problems.push(problem(flaw.line, flaw.message));
            None
        }
    }
}

/// The transcripts of an episode that goes out; none where the publisher keeps the text back.
pub(super) fn of(episode: &Episode<'_>) -> Vec<Artifact> {
    let words = &episode.words;
    match told(episode.material, words) {
        Some(told) => package::transcripts(episode.slug, &told),
        None => Vec::new(),
    }
}

/// Tells the publisher where nobody could hear which words are said when.
pub(super) fn untimed(material: &Material, show: &Show) -> Option<Problem> {
    if !matches!(told(material, &Words::of(material, show))?, Told::Untimed(_)) {
        return None;
    }
    Some(Problem {
        kind: ProblemKind::TranscriptUntimed,
        place: Place::file(&material.recordings.first()?.path),
        message: "Listening could not tell when which words are said, so the transcript has no times.".into(),
        help: None,
    })
}

fn told<'a>(material: &'a Material, words: &Words) -> Option<Told<'a>> {
    if words.text < TextPolicy::Full {
        return None;
    }
    if let Some(own) = &material.transcript {
        return Some(Told::Own(&own.transcript, &own.bytes));
    }
    let script = material.script.as_ref()?;
    let cues = transcript::cues(&script.passages, &words.language, material.duration()?, &material.waveform());
    if cues.is_empty() {
        return transcript::html(words.title.as_str(), &words.language, &script.passages).map(Told::Untimed);
    }
    Some(Told::Heard(cues))
}
