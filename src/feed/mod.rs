//! Episodes ↔ RSS: what is published of a show, as a feed that every directory and app accepts.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

pub mod categories;
pub mod document;
mod indent;
mod input;
mod notes;
mod people;
mod proof;
pub mod published;
mod rss;

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
    let refused = |why: String| Error::new("the feed cannot be written").because(why);
    let compact = rss::channel(input).write_to(Vec::new()).map_err(|e| refused(e.to_string()))?;
    let feed = indent::indent(&compact).map_err(|e| refused(e.to_string()))?;
    let published = published::read(&feed).map_err(|e| {
        let line = e.line.map_or(String::new(), |line| format!(" on line {line}"));
        refused(format!("what was written cannot be read{line}: {e}"))
    })?;
    proof::compare(input, &published).map_err(refused)?;
    Ok(feed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
