//! What a publisher wrote: the folders of a show, their manifests, and the bytes of single files.
//!
//! Nothing here knows what a recording or a feed is. Whatever is wrong comes back as [`Problem`]s beside what could be
//! read; only this room and `publish` touch the disk.

use std::path::PathBuf;

use crate::model::finding::{Places, Problem};
use crate::model::show::{EpisodeSettings, Show, Slug};

pub mod cache;
mod episode;
mod folder;
pub mod manifest;
mod open;
mod pairing;
mod parts;
pub mod scaffold;
mod show;
mod state;

pub use episode::{episode, show_above};
pub use folder::{ARTICLES, RECORDINGS, is_article, is_recording};
pub use open::{Unopened, begins_with, open, read_bounded};
pub use pairing::{Pairing, articles_and_recordings, pair};
pub use show::show;
pub use state::{State, Which};

/// A folder with `show.toml`, and the episode folders in it.
#[derive(Clone, PartialEq, Debug)]
pub struct ShowSource {
    /// The folder, as the command was told of it.
    pub dir: PathBuf,
    /// `show.toml`, whether or not it is there.
    pub manifest: PathBuf,
    /// What it says; fields that are missing or wrong are empty.
    pub show: Show,
    /// Where it says it.
    pub places: Places,
    /// The show's artwork: what `artwork` names, else `cover.png` or `cover.jpg`.
    pub cover: Option<PathBuf>,
    /// Every episode folder, by name.
    pub episodes: Vec<EpisodeSource>,
    /// What is wrong with the show's own files. Each episode has its own problems.
    pub problems: Vec<Problem>,
}

/// A folder with an article and its recording. A `None` or an empty list has a problem that says why, unless the thing
/// is optional.
#[derive(Clone, PartialEq, Debug)]
pub struct EpisodeSource {
    /// The folder's name, if it is a slug.
    pub slug: Option<Slug>,
    /// The folder, as the command was told of it.
    pub dir: PathBuf,
    /// The one article.
    pub article: Option<PathBuf>,
    /// The recording, or its parts in order.
    pub recordings: Vec<PathBuf>,
    /// `chapters.*`, if it is there.
    pub marks_file: Option<PathBuf>,
    /// `transcript.*`, if it is there.
    pub transcript: Option<PathBuf>,
    /// The episode's own artwork: what `artwork` names, else `cover.*`.
    pub cover: Option<PathBuf>,
    /// `episode.toml`, if it is there.
    pub manifest: Option<PathBuf>,
    /// What it says.
    pub settings: EpisodeSettings,
    /// Where it says it; the folder itself where there is no `episode.toml`.
    pub places: Places,
    /// What is wrong with the folder.
    pub problems: Vec<Problem>,
}

/// What becomes of links that lead out of the show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Links {
    /// They are refused.
    #[default]
    Refuse,
    /// Recordings may lie elsewhere, for example on a share; everything else is refused all the same.
    FollowRecordings,
}
