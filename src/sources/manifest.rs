//! `show.toml` and `episode.toml` → the model, every value with its place, every mistake of a file in one go.

use std::path::Path;

use crate::model::finding::{Places, Problem};
use crate::model::show::{EpisodeSettings, Show};

/// Reads `show.toml`. Fields that are missing or wrong are empty; `path` is what the problems name.
pub fn show(path: &Path, bytes: &[u8]) -> (Show, Places, Vec<Problem>) {
    let _ = bytes;
    (Show::default(), Places::new(path), Vec::new())
}

/// Reads `episode.toml`. Fields that are missing or wrong are as if nothing were said.
pub fn episode(path: &Path, bytes: &[u8]) -> (EpisodeSettings, Places, Vec<Problem>) {
    let _ = bytes;
    (EpisodeSettings::default(), Places::new(path), Vec::new())
}
