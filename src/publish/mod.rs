//! Artifacts → the world: in which order files appear, so that a reader never meets a feed that names what is not there.
//!
//! New names come first, then `feed.xml`, then what keeps its name (covers, pages), then the removal of what nothing
//! names any more. [`Folder`] does that in a folder.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[cfg(test)]
mod crash_tests;
mod disk;
mod folder;
mod journal;
mod lock;
mod place;
mod plan;
mod write;

pub use folder::Folder;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::model::artifact::{Artifact, ContentHash, OutputPath};
use crate::model::show::Guid;

/// The name of the feed in its folder.
pub const FEED_NAME: &str = "feed.xml";

/// Where files grow before they are moved into their places.
const INCOMING: &str = ".incoming";

/// The file in [`INCOMING`] that says what a build has in hand.
const JOURNAL: &str = "journal";

/// All that is to stand in the output folder after a build, and what may go.
#[derive(Clone, Copy, Debug)]
pub struct Publication<'a> {
    /// Whose feed it is.
    pub guid: &'a Guid,
    /// What the feed names: audio, chapters, artwork.
    pub media: &'a [Artifact],
    /// Files with their content in their names that stand there already and stay ([`Folder::length_of`]).
    pub kept: &'a [OutputPath],
    /// `feed.xml`.
    pub feed: &'a Artifact,
    /// Pages that no feed reader waits for.
    pub pages: &'a [Artifact],
    /// What every file that a range is copied from was when it was measured.
    pub inputs: &'a BTreeMap<PathBuf, ContentHash>,
    /// Every file of this folder that the feed which is being replaced names.
    pub previous: &'a BTreeSet<OutputPath>,
}

impl Publication<'_> {
    /// All that is made, in the order in which it appears.
    fn artifacts(&self) -> impl Iterator<Item = &Artifact> {
        self.media.iter().chain([self.feed]).chain(self.pages)
    }
}

/// What writing will do, in order; nothing is written yet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// Names that are not there yet.
    pub new: Vec<OutputPath>,
    /// Names that stay and get other bytes: `feed.xml`, covers, pages.
    pub replaced: Vec<OutputPath>,
    /// Files that are not touched.
    pub unchanged: Vec<OutputPath>,
    /// Files of ours that nothing names any more.
    pub removed: Vec<OutputPath>,
    /// Names that are not ours and that stay where they are, relative to the folder.
    pub strangers: Vec<String>,
    /// Bytes that have to fit on the disk beside what is there.
    pub bytes: u64,
}

impl Plan {
    /// True where the folder already is as it should be.
    pub fn is_done(&self) -> bool {
        self.new.is_empty() && self.replaced.is_empty() && self.removed.is_empty()
    }
}
