//! A back catalogue in one folder: which article belongs to which recording, by the stem of their names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::{is_article, is_recording};
use crate::error::io_sentence;
use crate::model::finding::{Place, Problem, ProblemKind};

/// The articles and recordings of a folder.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Pairing {
    /// An article and the recording of the same stem, by name.
    pub pairs: Vec<(PathBuf, PathBuf)>,
    /// Articles without a recording.
    pub lonely_articles: Vec<PathBuf>,
    /// Recordings without an article.
    pub lonely_recordings: Vec<PathBuf>,
    /// Stems that several articles or several recordings share, and what cannot be read.
    pub problems: Vec<Problem>,
}

/// Pairs what lies in a folder; folders in it are not entered, and names that begin with `_` or `.` are passed over.
///
/// Stems are equal without regard to case, to blanks, hyphens and underscores, and to how accents are stored: a Mac
/// stores them apart.
pub fn pair(folder: &Path) -> Pairing {
    let mut pairing = Pairing::default();
    let listed = fs::read_dir(folder).and_then(|list| list.collect::<Result<Vec<_>, _>>());
    let mut paths: Vec<PathBuf> = match listed {
        Ok(list) => list.iter().map(fs::DirEntry::path).collect(),
        Err(error) => {
            pairing.problems.push(Problem {
                kind: ProblemKind::ArticleUnreadable,
                place: Place::file(folder),
                message: format!("This folder cannot be read: {}.", io_sentence(&error)),
                help: None,
            });
            return pairing;
        }
    };
    paths.retain(|p| !p.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['_', '.'])) && p.is_file());
    paths.sort();

    let mut stems: BTreeMap<String, (Vec<PathBuf>, Vec<PathBuf>)> = BTreeMap::new();
    for path in paths {
        if is_article(&path) {
            stems.entry(stem(&path)).or_default().0.push(path);
        } else if is_recording(&path) {
            stems.entry(stem(&path)).or_default().1.push(path);
        }
    }
    for (articles, recordings) in stems.into_values() {
        match (articles.as_slice(), recordings.as_slice()) {
            ([article], [recording]) => pairing.pairs.push((article.clone(), recording.clone())),
            (articles, []) => pairing.lonely_articles.extend_from_slice(articles),
            ([], recordings) => pairing.lonely_recordings.extend_from_slice(recordings),
            (articles, recordings) => pairing.problems.push(crowd(articles, recordings)),
        }
    }
    pairing.pairs.sort();
    pairing.lonely_articles.sort();
    pairing.lonely_recordings.sort();
    pairing
}

/// The articles and the recordings of a folder, by name; folders in it are not entered, and names that begin with `_` or
/// `.` are passed over.
pub fn articles_and_recordings(folder: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.retain(|p| !p.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['_', '.'])) && p.is_file());
    paths.sort();
    let articles = paths.iter().filter(|p| is_article(p)).cloned().collect();
    (articles, paths.into_iter().filter(|p| is_recording(p)).collect())
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let words = stem.nfc().flat_map(char::to_lowercase).map(|c| if matches!(c, '-' | '_') { ' ' } else { c });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn crowd(articles: &[PathBuf], recordings: &[PathBuf]) -> Problem {
    let names = |paths: &[PathBuf]| {
        let names = paths.iter().filter_map(|p| p.file_name()).map(|n| format!("`{}`", n.to_string_lossy()));
        names.collect::<Vec<_>>().join(", ")
    };
    let (kind, first) = match articles {
        [_] => (ProblemKind::AudioAmbiguous, recordings.first()),
        _ => (ProblemKind::ArticleAmbiguous, articles.first()),
    };
    Problem {
        kind,
        place: Place::file(first.cloned().unwrap_or_default()),
        message: format!("It is not plain which belong together: {} and {}.", names(articles), names(recordings)),
        help: Some("Leave one article and one recording of this name in the folder.".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_pair_whatever_their_case_and_hyphens() {
        let dir = tempfile::tempdir().expect("a folder for the test");
        let files = [
            "Money Talks.md",
            "money-talks.MP3",
            "cafe\u{301}.txt",
            "café.wav",
            "alone.html",
            "only.flac",
            "two.md",
            "two.txt",
            "two.mp3",
            "_draft.md",
            ".hidden.mp3",
            "notes.pdf",
        ];
        for name in files {
            fs::write(dir.path().join(name), "").expect("a file");
        }
        let pairing = pair(dir.path());
        let name = |p: &PathBuf| p.file_name().expect("a name").to_string_lossy().into_owned();
        let pairs: Vec<(String, String)> = pairing.pairs.iter().map(|(a, r)| (name(a), name(r))).collect();
        assert_eq!(
            pairs,
            [
                ("Money Talks.md".to_owned(), "money-talks.MP3".to_owned()),
                ("cafe\u{301}.txt".to_owned(), "café.wav".to_owned())
            ]
        );
        assert_eq!(pairing.lonely_articles.iter().map(name).collect::<Vec<_>>(), ["alone.html"]);
        assert_eq!(pairing.lonely_recordings.iter().map(name).collect::<Vec<_>>(), ["only.flac"]);
        let said: Vec<&str> = pairing.problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(said, ["It is not plain which belong together: `two.md`, `two.txt` and `two.mp3`."]);
    }
}
