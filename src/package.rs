//! One episode → artifacts: the tagged recording, its chapters, its artwork.
//!
//! What apps and caches keep carries its content in its name. The stamp is known before the recording is opened, so
//! that a file which stands in the output folder already need not be made again.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::path::Path;

use jiff::civil;

use crate::audio::Source;
use crate::model::artifact::{Artifact, ContentHash, OutputPath};
use crate::model::audio::Recording;
use crate::model::chapter::ChapterList;
use crate::model::show::{EnclosureSettings, Slug};
use crate::picture::Format;

/// What an episode is packed from.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// The folder and the stem of all names.
    pub slug: &'a Slug,
    /// The episode's title.
    pub title: &'a str,
    /// The show's title.
    pub show: &'a str,
    /// Who wrote the article.
    pub authors: &'a [&'a str],
    /// Who reads it.
    pub narrators: &'a [&'a str],
    /// The day of publication.
    pub date: Option<civil::Date>,
    /// BCP 47.
    pub language: &'a str,
    /// The article's page.
    pub link: Option<&'a str>,
    /// The standfirst.
    pub dek: Option<&'a str>,
    /// The chapters.
    pub chapters: &'a ChapterList,
    /// The recording as it was measured.
    pub recording: &'a Recording,
    /// Where it lies.
    pub path: &'a Path,
    /// What its bytes are.
    pub content: ContentHash,
    /// The picture inside the tag: the episode's own, else the show's.
    pub cover: Option<&'a Artwork>,
    /// How enclosures are made.
    pub settings: &'a EnclosureSettings,
}

/// A cover in both its sizes, made once for all episodes that carry it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artwork {
    /// The picture as the publisher gave it.
    pub bytes: Vec<u8>,
    /// Which kind it is.
    pub format: Format,
    /// The smaller picture for tags ([`crate::picture::embedded_cover`]).
    pub embedded: Vec<u8>,
}

/// An episode whose recording is ready to be published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packed {
    /// The tagged recording.
    pub enclosure: Artifact,
    /// The type that the feed states for it.
    pub media_type: String,
    /// True where an index was put in front, because the bit rate varies and there was none.
    pub indexed: bool,
    /// Tags of the recording that stay behind.
    pub dropped: Vec<String>,
}

/// A recording that cannot be packed: a fact about the publisher's material.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Why, as a sentence.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// The name of the enclosure, known without opening the recording.
///
/// # Errors
/// Where recordings of this kind cannot be packed.
pub fn enclosure_name(contents: &Contents<'_>) -> Result<OutputPath, Refusal> {
    let _ = contents;
    Err(Refusal { message: String::new(), help: String::new() })
}

/// Packs the recording, of which nothing is loaded but its tags.
///
/// # Errors
/// Where recordings of this kind cannot be packed, or this one cannot be read.
pub fn enclosure(contents: &Contents<'_>, recording: &mut dyn Source) -> Result<Packed, Refusal> {
    let _ = recording;
    enclosure_name(contents)?;
    Err(Refusal { message: String::new(), help: String::new() })
}

/// The chapters as Podcasting 2.0 JSON.
pub fn chapters(contents: &Contents<'_>) -> Option<Artifact> {
    let _ = contents;
    None
}

/// The cover of an episode, or of the show where there is no slug, byte for byte.
pub fn cover(artwork: &Artwork, slug: Option<&Slug>) -> Option<Artifact> {
    let _ = (artwork, slug);
    None
}
