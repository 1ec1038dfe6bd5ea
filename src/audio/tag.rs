//! What an enclosure says of itself, whatever its container calls it.

use jiff::civil;

use crate::model::artifact::Piece;
use crate::model::chapter::ChapterList;
use crate::model::time::Duration;

/// What the tag of an enclosure says, in whatever container.
#[derive(Clone, Debug)]
pub struct NewTag<'a> {
    /// The episode's title.
    pub title: &'a str,
    /// The show's title: players show it as the album.
    pub show: &'a str,
    /// Who wrote it: players show them as the artist.
    pub authors: Vec<&'a str>,
    /// Who reads it: where audiobook players look for the narrator, in the composer's place.
    pub narrators: Vec<&'a str>,
    /// The day of publication.
    pub date: Option<civil::Date>,
    /// BCP 47.
    pub language: &'a str,
    /// The article's page.
    pub link: Option<&'a str>,
    /// The standfirst.
    pub comment: Option<&'a str>,
    /// A JPEG of the cover.
    pub cover: Option<&'a [u8]>,
    /// The exact length.
    pub duration: Duration,
    /// The chapters.
    pub chapters: &'a ChapterList,
}

/// A recording with a tag of ours: what it is put together from, and what became of what was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retagged {
    /// New bytes, and ranges of the recording.
    pub pieces: Vec<Piece>,
    /// Words of the recording that stay behind.
    pub dropped: Vec<String>,
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::indexing_slicing)]
mod tests;
