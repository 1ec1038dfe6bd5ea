//! read → hear → settle → check → pack → render → check → write: the picture of the crate as code.
//!
//! [`build()`] is that picture on one screen; each of its steps has a file here.

pub mod against;
mod build;
mod dates;
pub mod feed;
pub mod identity;
mod listening;
pub mod loose;
pub mod matching;
pub mod material;
mod pack;
mod pages;
mod proof;
mod stamp;
pub mod survey;
pub mod targets;
pub mod transcripts;

pub use build::{Built, BuiltEpisode, Request, build};
pub use dates::moment;

use self::material::Material;
use crate::model::show::Guid;

/// The identities that episodes pin themselves.
pub fn pinned(episodes: &[Material]) -> Vec<Option<Guid>> {
    episodes.iter().map(|m| m.source.settings.guid.clone()).collect()
}
