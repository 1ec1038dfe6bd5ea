//! Reading and hearing: one episode folder → everything that is known of it before anything is decided.

use std::path::{Path, PathBuf};

pub use super::listening::hear;
use super::listening::listen;

use crate::model::article::Article;
use crate::model::audio::{Measured, Recording};
use crate::model::chapter::{Mark, Origin};
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::script::{self, Script};
use crate::model::show::Show;
use crate::model::time::{Duration, Timestamp};
use crate::model::waveform::Waveform;
use crate::script::{Evidence, settle};
use crate::sources::cache::{Cache, Identity};
use crate::sources::{self, EpisodeSource};
use crate::{article, chapters, picture};

/// An episode, as far as it could be read. What is absent has a problem that says why, unless it is optional.
#[derive(Clone, PartialEq, Debug)]
pub struct Material {
    /// The folder.
    pub source: EpisodeSource,
    /// The article, with the publisher's corrections.
    pub article: Option<Article>,
    /// The recording, or its parts in order.
    pub recordings: Vec<Heard>,
    /// Explicit marks, and the file that they stand in.
    pub marks: Option<Marks>,
    /// The episode's own cover.
    pub cover: Option<Cover>,
    /// The publisher's own transcript.
    pub transcript: Option<super::transcripts::Own>,
    /// What was settled; `None` without an article or a whole recording.
    pub script: Option<Script>,
    /// Everything that readers stumbled over, the folder's own problems included.
    pub problems: Vec<Problem>,
}

/// A recording that was walked and decoded.
#[derive(Clone, PartialEq, Debug)]
pub struct Heard {
    /// The file.
    pub path: PathBuf,
    /// Its content.
    pub identity: Identity,
    /// What was found.
    pub recording: Recording,
}

/// Marks that a person gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marks {
    /// `episode.toml` or `chapters.*`.
    pub path: PathBuf,
    /// In the order of the file.
    pub marks: Vec<Mark>,
    /// True where they stand in `episode.toml`.
    pub in_settings: bool,
}

/// A cover that is a picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cover {
    /// The file.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is.
    pub facts: picture::Facts,
}

impl Material {
    /// The exact length of the recording, or of its parts together; `None` unless all of them were heard.
    pub fn duration(&self) -> Option<Duration> {
        let whole = !self.recordings.is_empty() && self.recordings.len() == self.source.recordings.len();
        let sum = self.recordings.iter().fold(Duration::ZERO, |sum, r| {
            let Measured(length) = r.recording.duration();
            sum.plus(length)
        });
        whole.then_some(sum)
    }

    /// How loud the recording is from moment to moment, all parts together.
    pub fn waveform(&self) -> Waveform {
        let (mut whole, mut at) = (Waveform::default(), Timestamp::ZERO);
        for Heard { recording, .. } in &self.recordings {
            if let Some(hearing) = &recording.hearing {
                whole.join(at, &hearing.waveform);
            }
            at = at.plus(recording.duration().0);
        }
        whole
    }

    /// The marks that the chapters come from, with their file; `None` where nobody gave any.
    pub fn origin(&self) -> Option<Origin> {
        let list = self.script.as_ref()?.chapters.as_ref();
        match list.and_then(|l| l.chapters().first()) {
            Some(first) if first.origin != Origin::Aligned => Some(first.origin),
            Some(_) => None,
            None => self.marks.as_ref().map(|_| Origin::Explicit),
        }
    }
}

/// Larger files are no marks, no pictures.
const LARGEST_MARKS: u64 = 8 << 20;
const LARGEST_COVER: u64 = 64 << 20;
pub(super) const LARGEST_ARTICLE: u64 = 32 << 20;

/// Reads an episode folder, hears its recording, and settles what is true of it.
pub fn gather(source: EpisodeSource, cache: &Cache) -> Material {
    let mut problems = source.problems.clone();
    let article = source.article.as_deref().and_then(|path| keep(read_article(path, &source), &mut problems));
    let (recordings, heard) = listen(&source, article.as_ref(), cache, &mut problems);
    let marks = read_marks(&source, &mut problems);
    let cover = source.cover.as_deref().and_then(|path| keep(read_cover(path), &mut problems));
    let mut material = Material { source, article, recordings, marks, cover, transcript: None, script: None, problems };
    material.transcript = super::transcripts::read(&mut material);
    material.script = script(&material, heard.as_ref());
    material
}

fn script(material: &Material, heard: Option<&script::Heard>) -> Option<Script> {
    let (article, duration) = (material.article.as_ref()?, material.duration()?);
    let mut parts = Vec::new();
    let mut at = Timestamp::ZERO;
    for part in &material.recordings {
        parts.push(Mark::new(at, ""));
        at = at.plus(part.recording.duration().0);
    }
    let embedded = match material.recordings.as_slice() {
        [one] => one.recording.chapters.as_slice(),
        // Chapters of a part count from its own beginning.
        _ => &[],
    };
    Some(settle(Evidence {
        article,
        settings: &material.source.settings,
        duration,
        explicit: material.marks.as_ref().map(|m| m.marks.as_slice()).unwrap_or_default(),
        parts: &parts,
        embedded,
        heard,
    }))
}

/// The value, or nothing and one problem more.
fn keep<T>(read: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

fn read_article(path: &Path, source: &EpisodeSource) -> Result<Article, Problem> {
    let bytes =
        sources::read_bounded(path, LARGEST_ARTICLE).map_err(|e| e.problem(ProblemKind::ArticleUnreadable, path))?;
    let article = article::read(path, &bytes).map_err(|e| Problem {
        kind: ProblemKind::ArticleUnreadable,
        place: Place { line: e.line, ..Place::file(path) },
        message: sentence(&e.message),
        help: Some(e.help),
    })?;
    let (article, _) = article::overrule(article, &source.settings.left_out, &source.settings.narrated);
    Ok(article)
}

fn read_marks(source: &EpisodeSource, problems: &mut Vec<Problem>) -> Option<Marks> {
    if !source.settings.chapters.is_empty() {
        let path = source.manifest.clone().unwrap_or_else(|| source.dir.join("episode.toml"));
        return Some(Marks { path, marks: source.settings.chapters.clone(), in_settings: true });
    }
    let path = source.marks_file.as_deref()?;
    let problem = |line: Option<usize>, message: String, help: Option<String>| Problem {
        kind: ProblemKind::ChaptersUnreadable,
        place: Place { line, ..Place::file(path) },
        message: sentence(&message),
        help: help.map(|h| sentence(&h)),
    };
    let bytes = keep(
        sources::read_bounded(path, LARGEST_MARKS).map_err(|e| e.problem(ProblemKind::ChaptersUnreadable, path)),
        problems,
    )?;
    match chapters::read(&bytes) {
        Ok((marks, flaws)) => {
            problems.extend(flaws.into_iter().map(|f| problem(Some(f.line), f.message, None)));
            Some(Marks { path: path.to_owned(), marks, in_settings: false })
        }
        Err(e) => {
            problems.push(problem(e.line, e.message, e.help));
            None
        }
    }
}

/// Reads a picture whole; it is published byte for byte.
pub fn read_cover(path: &Path) -> Result<Cover, Problem> {
    let bytes =
        sources::read_bounded(path, LARGEST_COVER).map_err(|e| e.problem(ProblemKind::ArtworkUnreadable, path))?;
    let facts = picture::facts(&bytes).map_err(|e| Problem {
        kind: ProblemKind::ArtworkUnreadable,
        place: Place::file(path),
        message: sentence(&e.message),
        help: e.help.map(|h| sentence(&h)),
    })?;
    Ok(Cover { path: path.to_owned(), bytes, facts })
}

/// Whether an episode is kept at home, and until when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It goes out.
    Out,
    /// The publisher says that it is a draft.
    Draft,
    /// Its moment has not come.
    Until(jiff::Timestamp),
}

impl Material {
    /// Whether the episode goes out at this moment.
    pub fn standing(&self, show: &Show, as_of: jiff::Timestamp) -> Standing {
        let drafted = self.source.settings.draft || self.article.as_ref().is_some_and(|a| a.draft);
        match self.moment(show) {
            _ if drafted => Standing::Draft,
            Some(at) if at > as_of => Standing::Until(at),
            _ => Standing::Out,
        }
    }

    /// The moment that the publisher gives the episode.
    pub fn moment(&self, show: &Show) -> Option<jiff::Timestamp> {
        let date = self.source.settings.date.or_else(|| self.article.as_ref().and_then(|a| a.date));
        date.and_then(|d| super::moment(d, show))
    }
}

/// A clause as a sentence.
pub(super) fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let Some(first) = letters.next() else { return String::new() };
    let mut text: String = first.to_uppercase().chain(letters).collect();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}
