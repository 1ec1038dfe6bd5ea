//! Episodes ↔ RSS: what is published of a show, as a feed that every directory and app accepts.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

pub mod categories;
pub mod document;
mod input;
mod people;
pub mod published;

pub use input::{Enclosure, FeedInput, Item, Transcript};
pub use published::{Change, Published, PublishedItem, Unreadable};

use crate::error::Error;

/// Namespaces by the strings that readers compare.
pub mod namespace {
    /// Apple's, which all directories read.
    pub const ITUNES: &str = "http://www.itunes.com/dtds/podcast-1.0.dtd";
    /// Podcasting 2.0.
    pub const PODCAST: &str = "https://podcastindex.org/namespace/1.0";
    /// Atom, for the link to the feed itself.
    pub const ATOM: &str = "http://www.w3.org/2005/Atom";
    /// RSS 1.0 content, for `content:encoded`.
    pub const CONTENT: &str = "http://purl.org/rss/1.0/modules/content/";
    /// Podlove simple chapters; without a slash at its end.
    pub const PSC: &str = crate::chapters::podlove::NAMESPACE;
}

/// Writes the feed. Items stand in the order in which they are given, newest first.
///
/// What is written is read again with another parser and compared before it is handed out; a difference is an error,
/// so that a defect of a writer never reaches a subscriber.
pub fn render(input: &FeedInput<'_>) -> Result<Vec<u8>, Error> {
    let _ = input;
    Err(Error::new("the feed cannot be written yet"))
}
