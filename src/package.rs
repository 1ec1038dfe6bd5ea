//! One episode → artifacts: the tagged recording, its chapters, its transcripts, its artwork.
//!
//! What apps and caches keep carries its content in its name. The stamp is known before the recording is opened, so
//! that a file which stands in the output folder already need not be made again.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod route;
mod transcripts;

use std::path::Path;

use jiff::civil;

use crate::audio::encode;
use crate::audio::tag::NewTag;
use crate::audio::{Source, flac, mp3, mp4, ogg};
use crate::chapters::{self, Context};
use crate::model::artifact::{Artifact, ContentHash, ContentStamp, MediaType, OutputPath};
use crate::model::audio::{Damage, Recording};
use crate::model::chapter::ChapterList;
use crate::model::show::{EnclosureSettings, KeepTags, Slug};
use crate::model::time::Duration;
use crate::picture::Format;

pub use self::route::{Besides, Route, besides, route};
pub use self::transcripts::{Told, transcripts};

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
    /// The recording as it was measured, or its parts in order.
    pub recordings: &'a [&'a Recording],
    /// What its bytes are.
    pub content: ContentHash,
    /// The picture inside the tag: the episode's own, else the show's.
    pub cover: Option<&'a Artwork>,
    /// How enclosures are made.
    pub settings: &'a EnclosureSettings,
}

/// A cover in its three sizes, made once for all episodes that carry it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artwork {
    /// The picture as the publisher gave it.
    pub bytes: Vec<u8>,
    /// Which kind it is.
    pub format: Format,
    /// The smaller picture for tags ([`crate::picture::embedded_cover`]).
    pub embedded: Vec<u8>,
    /// The still smaller one for pages ([`crate::picture::page_cover`]).
    pub page: Vec<u8>,
}

/// An episode whose recording is ready to be published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packed {
    /// The tagged recording.
    pub enclosure: Artifact,
    /// The type that the feed states for it.
    pub media_type: String,
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

/// The name of a cover that pages show.
pub const PAGE_COVER: &str = "cover-small.jpg";

/// Raise it with every change of what is written for the same contents: new bytes need a new name.
const WRITER: u32 = 1;

/// The name of the enclosure, known without opening the recording.
///
/// # Errors
/// Where recordings of this kind cannot be packed.
pub fn enclosure_name(contents: &Contents<'_>) -> Result<OutputPath, Refusal> {
    let route = route(contents.recordings, contents.settings)?;
    let made = match route {
        Route::Encoded(target) => [encode::WRITER, target.rate.hz(), target.bit_rate].map(u32::to_le_bytes).concat(),
        Route::Mp3 => header(contents.recordings).to_vec(),
        Route::M4a => Vec::new(),
    };
    let stamp = stamp(contents, &made);
    named(contents.slug, &format!("{}-{stamp}.{}", contents.slug, route.extension()))
}

/// What is done to the header frame of an MP3: one that speaks of another stream is replaced ([`mp3::repack`]).
fn header(recordings: &[&Recording]) -> &'static [u8] {
    let altered =
        |damage: &Damage| matches!(damage, Damage::Glued { .. } | Damage::Truncated { .. } | Damage::Hole { .. });
    if recordings.iter().flat_map(|r| &r.damage).any(altered) { b"header" } else { b"" }
}

/// The name of the recording in its own kind, where it is offered besides.
pub fn besides_name(contents: &Contents<'_>) -> Option<OutputPath> {
    let kind = besides(contents.recordings)?;
    let stamp = stamp(contents, kind.title().as_bytes());
    named(contents.slug, &format!("{}-{stamp}.{}", contents.slug, kind.extension())).ok()
}

/// What is in the name of a file with a tag: everything that goes into it, and how it is `made`.
fn stamp(contents: &Contents<'_>, made: &[u8]) -> ContentStamp {
    let mut hasher = blake3::Hasher::new();
    // Every text goes in with its length, so that no two lists of texts are alike.
    let mut take = |bytes: &[u8]| {
        hasher.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(bytes);
    };
    take(&WRITER.to_le_bytes());
    take(contents.content.bytes());
    if !made.is_empty() {
        take(made);
    }
    for text in [contents.title, contents.show, contents.language] {
        take(text.as_bytes());
    }
    for text in [contents.link, contents.dek] {
        take(text.map_or(&[0][..], str::as_bytes));
    }
    for people in [contents.authors, contents.narrators] {
        take(&people.len().to_le_bytes());
        people.iter().for_each(|name| take(name.as_bytes()));
    }
    take(contents.date.map(|d| d.to_string()).unwrap_or_default().as_bytes());
    take(&[u8::from(contents.settings.keep_tags == KeepTags::All)]);
    take(contents.cover.map_or(&[], |c| c.embedded.as_slice()));
    for (chapter, end) in contents.chapters.spans() {
        take(&chapter.start.millis().to_le_bytes());
        take(&end.millis().to_le_bytes());
        take(chapter.title.as_str().as_bytes());
        // Names that were given before chapters had links stay.
        if let Some(url) = &chapter.url {
            take(url.as_bytes());
        }
    }
    ContentHash::new(*hasher.finalize().as_bytes()).stamp()
}

/// A slug and a hexadecimal stamp always make a safe path; should they ever not, the episode is refused.
fn named(slug: &Slug, name: &str) -> Result<OutputPath, Refusal> {
    OutputPath::new(&format!("{slug}/{name}")).ok_or_else(|| Refusal {
        message: format!("The name {slug}/{name} cannot be published."),
        help: "Give the folder another name.".into(),
    })
}

/// Packs a recording, or the MP3 that was made of another one, of which nothing is loaded but its tags.
/// `path` is what the ranges of the enclosure are copied from.
///
/// # Errors
/// Where recordings of this kind cannot be packed, or this one cannot be read.
pub fn enclosure(contents: &Contents<'_>, path: &Path, media: &mut dyn Source) -> Result<Packed, Refusal> {
    let name = enclosure_name(contents)?;
    let route = route(contents.recordings, contents.settings)?;
    let tag = tag(contents, route.duration(contents.recordings));
    let keep = contents.settings.keep_tags;
    let made = match route {
        Route::M4a => mp4::repack(media, path, &tag, keep).map(|made| (made.pieces, made.dropped)),
        Route::Mp3 | Route::Encoded(_) => mp3::repack(media, path, &tag, keep).map(|made| (made.pieces, made.dropped)),
    };
    let (pieces, dropped) = made.map_err(|e| Refusal {
        message: e.message,
        help: e.help.unwrap_or_else(|| "Export the recording again.".into()),
    })?;
    let media_type = route.media_type();
    let stated = contents.settings.m4a_type.clone().filter(|_| media_type == MediaType::M4a);
    Ok(Packed {
        enclosure: Artifact { path: name, media_type, pieces },
        media_type: stated.unwrap_or_else(|| media_type.as_str().to_owned()),
        dropped,
    })
}

/// Packs a recording in its own kind.
///
/// # Errors
/// Where it is not offered, cannot be read, or cannot be given words of ours.
pub fn offer(contents: &Contents<'_>, path: &Path, media: &mut dyn Source) -> Result<Packed, Refusal> {
    let nothing = || Refusal {
        message: "This recording cannot be offered in its own kind.".into(),
        help: "Export the recording again.".into(),
    };
    let (kind, name) = besides(contents.recordings).zip(besides_name(contents)).ok_or_else(nothing)?;
    let duration = contents.recordings.first().map(|r| r.duration().0).ok_or_else(nothing)?;
    let (tag, keep) = (tag(contents, duration), contents.settings.keep_tags);
    let made = match kind {
        Besides::Flac => flac::repack(media, path, &tag, keep),
        Besides::Opus | Besides::Vorbis | Besides::OggFlac => ogg::repack(media, path, &tag, keep),
    };
    let made = made.map_err(|e| Refusal { message: e.message, help: e.help.unwrap_or_else(|| nothing().help) })?;
    Ok(Packed {
        enclosure: Artifact { path: name, media_type: kind.media_type(), pieces: made.pieces },
        media_type: kind.media_type().as_str().to_owned(),
        dropped: made.dropped,
    })
}

fn tag<'a>(contents: &Contents<'a>, duration: Duration) -> NewTag<'a> {
    NewTag {
        title: contents.title,
        show: contents.show,
        authors: contents.authors.to_vec(),
        narrators: contents.narrators.to_vec(),
        date: contents.date,
        language: contents.language,
        link: contents.link,
        comment: contents.dek,
        cover: contents.cover.map(|c| c.embedded.as_slice()),
        duration,
        chapters: contents.chapters,
    }
}

/// The chapters as Podcasting 2.0 JSON.
pub fn chapters(contents: &Contents<'_>) -> Option<Artifact> {
    let write = chapters::by_name("podcasting2")?.write?;
    let author = contents.authors.join(", ");
    let context = Context { title: contents.title, show: contents.show, author: &author };
    let bytes = write(contents.chapters, &context).into_bytes();
    let stamp = ContentHash::new(*blake3::hash(&bytes).as_bytes()).stamp();
    let path = named(contents.slug, &format!("chapters-{stamp}.json")).ok()?;
    Some(Artifact::of_bytes(path, MediaType::JsonChapters, bytes))
}

/// The chapters as browsers read them from a `track`.
pub fn chapters_vtt(contents: &Contents<'_>) -> Option<Artifact> {
    let write = chapters::by_name("webvtt")?.write?;
    let bytes = write(contents.chapters, &Context::default()).into_bytes();
    let stamp = ContentHash::new(*blake3::hash(&bytes).as_bytes()).stamp();
    let path = named(contents.slug, &format!("chapters-{stamp}.vtt")).ok()?;
    Some(Artifact::of_bytes(path, MediaType::Vtt, bytes))
}

/// The cover of an episode, or of the show where there is no slug, as pages show it.
pub fn page_cover(artwork: &Artwork, slug: Option<&Slug>) -> Option<Artifact> {
    let path = match slug {
        Some(slug) => OutputPath::new(&format!("{slug}/{PAGE_COVER}")),
        None => OutputPath::new(PAGE_COVER),
    };
    Some(Artifact::of_bytes(path?, MediaType::Jpeg, artwork.page.clone()))
}

/// The cover of an episode, or of the show where there is no slug, byte for byte.
pub fn cover(artwork: &Artwork, slug: Option<&Slug>) -> Option<Artifact> {
    let (extension, media_type) = match artwork.format {
        Format::Jpeg => ("jpg", MediaType::Jpeg),
        Format::Png => ("png", MediaType::Png),
    };
    let path = match slug {
        Some(slug) => OutputPath::new(&format!("{slug}/cover.{extension}")),
        None => OutputPath::new(&format!("cover.{extension}")),
    };
    Some(Artifact::of_bytes(path?, media_type, artwork.bytes.clone()))
}
