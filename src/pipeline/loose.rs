//! A single file of any kind → what rules judge: an article, a recording, a picture, chapters or a transcript.

use std::path::{Path, PathBuf};

use super::material::{Cover, Heard, hear, read_cover, sentence};
use crate::model::article::Article;
use crate::model::chapter::Mark;
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::time::Duration;
use crate::sources::cache::Cache;
use crate::sources::{self, Unopened};
use crate::transcript::{self, Transcript};
use crate::{article, chapters};

/// What a single file turned out to be. What is absent has a problem that says why.
#[derive(Debug, Default)]
pub struct Loose {
    /// The file, as the command was told of it.
    pub path: PathBuf,
    /// The article in it.
    pub article: Option<Article>,
    /// The recording in it.
    pub recording: Option<Heard>,
    /// The picture in it.
    pub picture: Option<Cover>,
    /// The marks in it.
    pub marks: Option<Vec<Mark>>,
    /// What readers stumbled over.
    pub problems: Vec<Problem>,
}

/// What the name of a file promises.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Article,
    Picture,
    Chapters,
    Transcript,
    /// Chapters or a transcript, by its content.
    Json,
    Audio,
}

/// Files of other kinds are taken for recordings, whose reader says what they are not.
fn kind(path: &Path) -> Kind {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let stem = path.file_stem().map(|s| s.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let called =
        |word: &str| stem.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic()));
    match extension.as_str() {
        "vtt" if called("chapters") => Kind::Chapters,
        "vtt" | "srt" => Kind::Transcript,
        "json" => Kind::Json,
        "xml" | "psc" | "ffmetadata" => Kind::Chapters,
        "txt" if called("chapters") => Kind::Chapters,
        "png" | "jpg" | "jpeg" | "webp" | "gif" | "tif" | "tiff" | "bmp" | "svg" | "heic" | "avif" => Kind::Picture,
        _ if sources::is_article(path) => Kind::Article,
        _ => Kind::Audio,
    }
}

/// Reads a file as what its name promises, and hears it if it is a recording.
pub fn read(path: &Path, cache: &Cache) -> Loose {
    let mut loose = Loose { path: path.to_owned(), ..Loose::default() };
    let mut problems = Vec::new();
    match kind(path) {
        Kind::Article => loose.article = read_article(path).map_err(|p| problems.push(p)).ok(),
        Kind::Picture => loose.picture = read_cover(path).map_err(|p| problems.push(p)).ok(),
        Kind::Audio => loose.recording = hear(path, cache).map_err(|p| problems.push(p)).ok(),
        Kind::Transcript => {
            transcript(path, None, &mut problems);
        }
        Kind::Chapters => loose.marks = marks(path, &mut problems),
        Kind::Json if holds_segments(path) => {
            transcript(path, None, &mut problems);
        }
        Kind::Json => {
            let (marks, found) = json_chapters(path);
            loose.marks = marks;
            problems.extend(found);
        }
    }
    loose.problems = problems;
    loose
}

fn read_article(path: &Path) -> Result<Article, Problem> {
    const LONGEST: u64 = 32 << 20;
    let bytes = sources::read_bounded(path, LONGEST).map_err(|e| e.problem(ProblemKind::ArticleUnreadable, path))?;
    article::read(path, &bytes).map_err(|e| Problem {
        kind: ProblemKind::ArticleUnreadable,
        place: Place { line: e.line, ..Place::file(path) },
        message: sentence(&e.message),
        help: Some(e.help),
    })
}

/// Larger files are neither chapters nor transcripts.
const LARGEST: u64 = 32 << 20;

fn bytes(path: &Path) -> Result<Vec<u8>, Unopened> {
    sources::read_bounded(path, LARGEST)
}

/// A transcript in JSON is known by its segments.
fn holds_segments(path: &Path) -> bool {
    let document = bytes(path).ok().and_then(|b| serde_json::from_slice::<serde_json::Value>(&b).ok());
    document.is_some_and(|d| d.get("segments").is_some())
}

/// The marks of a file of Podcasting 2.0 chapters, and what is wrong with it.
pub(super) fn json_chapters(path: &Path) -> (Option<Vec<Mark>>, Vec<Problem>) {
    let problem = |line: Option<usize>, message: &str, help: Option<String>| Problem {
        kind: ProblemKind::ChaptersJson,
        place: Place { line, ..Place::file(path) },
        message: sentence(message),
        help: help.map(|h| sentence(&h)),
    };
    let bytes = match bytes(path) {
        Ok(bytes) => bytes,
        Err(e) => return (None, vec![e.problem(ProblemKind::ChaptersJson, path)]),
    };
    match chapters::read_json(&bytes) {
        Ok((marks, flaws)) => {
            (Some(marks), flaws.into_iter().map(|f| problem(Some(f.line), &f.message, None)).collect())
        }
        Err(e) => (None, vec![problem(e.line, &e.message, e.help)]),
    }
}

fn marks(path: &Path, problems: &mut Vec<Problem>) -> Option<Vec<Mark>> {
    let problem = |line: Option<usize>, message: &str, help: Option<String>| Problem {
        kind: ProblemKind::ChaptersUnreadable,
        place: Place { line, ..Place::file(path) },
        message: sentence(message),
        help: help.map(|h| sentence(&h)),
    };
    let bytes = bytes(path).map_err(|e| problems.push(e.problem(ProblemKind::ChaptersUnreadable, path))).ok()?;
    match chapters::read(&bytes) {
        Ok((marks, flaws)) => {
            problems.extend(flaws.into_iter().map(|f| problem(Some(f.line), &f.message, None)));
            Some(marks)
        }
        Err(e) => {
            problems.push(problem(e.line, &e.message, e.help));
            None
        }
    }
}

/// Reads a transcript and judges it beside the length of its recording, if that is known.
pub(super) fn transcript(path: &Path, length: Option<Duration>, problems: &mut Vec<Problem>) -> Option<Transcript> {
    let flawed = |flaw: transcript::Flaw| Problem {
        kind: ProblemKind::TranscriptUnreadable,
        place: Place { line: flaw.line, ..Place::file(path) },
        message: flaw.message,
        help: None,
    };
    let bytes = bytes(path).map_err(|e| problems.push(e.problem(ProblemKind::TranscriptUnreadable, path))).ok()?;
    match transcript::read(&bytes) {
        Ok(transcript) => {
            problems.extend(transcript::faults(&transcript, length).into_iter().map(flawed));
            Some(transcript)
        }
        Err(flaw) => {
            problems.push(flawed(flaw));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_name_promises() {
        let check = |name: &str, expected: Kind| assert_eq!(kind(Path::new(name)), expected, "{name}");
        check("a/article.MD", Kind::Article);
        check("chapters.txt", Kind::Chapters);
        check("chapters-0123abcd.vtt", Kind::Chapters);
        check("chaptersong.vtt", Kind::Transcript);
        check("transcript.srt", Kind::Transcript);
        check("cover.JPEG", Kind::Picture);
        check("cover.webp", Kind::Picture);
        check("x.json", Kind::Json);
        check("x.mp3", Kind::Audio);
        check("x", Kind::Audio);
    }
}
