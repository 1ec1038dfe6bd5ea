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

pub use input::{Alternate, Enclosure, FeedInput, Item, Transcript};
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

/// The style sheet beside the feed, for whoever opens it in a browser.
pub const STYLE_NAME: &str = "feed.css";

/// Writes the feed. Items stand in the order in which they are given, newest first.
///
/// What is written is read again with another parser and compared before it is handed out; a difference is an error,
/// so that a defect of a writer never reaches a subscriber.
pub fn render(input: &FeedInput<'_>) -> Result<Vec<u8>, Error> {
    let refused = |why: String| Error::new("the feed cannot be written").because(why);
    let compact = rss::channel(input).write_to(Vec::new()).map_err(|e| refused(e.to_string()))?;
    let feed = indent::indent(&styled(compact)).map_err(|e| refused(e.to_string()))?;
    let published = published::read(&feed).map_err(|e| {
        let line = e.line.map_or(String::new(), |line| format!(" on line {line}"));
        refused(format!("what was written cannot be read{line}: {e}"))
    })?;
    proof::compare(input, &published).map_err(refused)?;
    Ok(feed)
}

/// Names the style sheet behind the XML declaration; podcast apps pass over it.
fn styled(compact: Vec<u8>) -> Vec<u8> {
    let end = compact.windows(2).position(|w| w == b"?>").map_or(0, |at| at + 2);
    let (declaration, document) = compact.split_at_checked(end).unwrap_or((&[], &compact));
    let sheet = format!("<?xml-stylesheet type=\"text/css\" href=\"{STYLE_NAME}\"?>");
    [declaration, sheet.as_bytes(), document].concat()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
