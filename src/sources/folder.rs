//! The files of a show folder and of an episode folder, and what each of them is for.

use std::path::{Path, PathBuf};

use super::{EpisodeSource, Links, ShowSource};
use crate::model::finding::Places;
use crate::model::show::{EpisodeSettings, Show};

/// Extensions of articles, lower case.
pub const ARTICLES: &[&str] = &["md", "html", "txt"];

/// Extensions of recordings, lower case.
pub const RECORDINGS: &[&str] = &["mp3", "m4a", "mp4", "aac", "wav", "aiff", "flac", "ogg", "oga", "opus"];

/// True for a file name that an article has.
pub fn is_article(path: &Path) -> bool {
    has_extension(path, ARTICLES)
}

/// True for a file name that a recording has.
pub fn is_recording(path: &Path) -> bool {
    has_extension(path, RECORDINGS)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.iter().any(|x| x.eq_ignore_ascii_case(e)))
}

/// The folder of the show that an episode folder lies in: the one above, if it has a `show.toml`.
pub fn show_above(episode: &Path) -> Option<PathBuf> {
    let above = match episode.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return None,
    };
    above.join("show.toml").is_file().then(|| above.to_owned())
}

/// Reads a show folder: its manifest, its cover, and every episode folder.
pub fn show(dir: &Path, links: Links) -> ShowSource {
    let _ = links;
    ShowSource {
        dir: dir.to_owned(),
        manifest: dir.join("show.toml"),
        show: Show::default(),
        places: Places::new(dir.join("show.toml")),
        cover: None,
        episodes: Vec::new(),
        problems: Vec::new(),
    }
}

/// Reads one episode folder, with or without a show above it.
pub fn episode(dir: &Path, links: Links) -> EpisodeSource {
    let _ = links;
    EpisodeSource {
        slug: None,
        dir: dir.to_owned(),
        article: None,
        recordings: Vec::new(),
        marks_file: None,
        transcript: None,
        cover: None,
        manifest: None,
        settings: EpisodeSettings::default(),
        places: Places::new(dir),
        problems: Vec::new(),
    }
}
