//! What a feed is made from: plain values, whatever RSS calls them.

use crate::model::chapter::ChapterList;
use crate::model::show::{EpisodeKind, Guid, License, Narration, Person, Show, TextPolicy};
use crate::model::text::Line;
use crate::model::time::Duration;

/// A show with its episodes, newest first.
#[derive(Clone, Debug)]
pub struct FeedInput<'a> {
    /// The show.
    pub show: &'a Show,
    /// The show's identity, pinned or found.
    pub show_guid: &'a Guid,
    /// Where the feed is served.
    pub feed_url: String,
    /// Where the show's cover is served.
    pub cover_url: Option<String>,
    /// Name and version of this tool.
    pub generator: String,
    /// The episodes, in the order in which they are to stand: newest first.
    pub items: Vec<Item<'a>>,
}

/// An episode as subscribers get it.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// Plain text.
    pub title: Line,
    /// Never changes.
    pub guid: Guid,
    /// The article's page.
    pub link: Option<String>,
    /// When it was published.
    pub pub_date: jiff::Timestamp,
    /// The standfirst.
    pub dek: Option<String>,
    /// The audio file.
    pub enclosure: Enclosure,
    /// The recording in other kinds, for the apps that play them.
    pub besides: Vec<Alternate>,
    /// The exact length of what the enclosure plays.
    pub duration: Duration,
    /// The chapters; `None` where there are none.
    pub chapters: Option<&'a ChapterList>,
    /// Where the chapters are served as Podcasting 2.0 JSON.
    pub chapters_url: Option<String>,
    /// Where the episode's own cover is served.
    pub image_url: Option<String>,
    /// Whether it has explicit content; the show's word where nothing is said.
    pub explicit: Option<bool>,
    /// Authors, narrators and credits, each with its role, in the order in which they are to stand.
    /// Somebody without a role is a narrator.
    pub people: Vec<Person>,
    /// Season, from 1.
    pub season: Option<u32>,
    /// Number in the season, from 1.
    pub episode: Option<u32>,
    /// What the episode is to its show.
    pub kind: EpisodeKind,
    /// Who reads.
    pub narration: Narration,
    /// How much of the article's words is published.
    pub text: TextPolicy,
    /// BCP 47; the show's where nothing is said.
    pub language: Option<String>,
    /// Where it differs from the show's.
    pub license: Option<License>,
    /// The transcripts that are served.
    pub transcripts: Vec<Transcript>,
}

/// The audio file of an episode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Enclosure {
    /// Absolute.
    pub url: String,
    /// Size in bytes.
    pub length: u64,
    /// Such as `audio/mpeg`.
    pub media_type: String,
}

/// The recording in another kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternate {
    /// What is served.
    pub file: Enclosure,
    /// What is inside, as RFC 6381 names it.
    pub codecs: &'static str,
    /// What a listener chooses it by.
    pub title: &'static str,
    /// Bits per second.
    pub bit_rate: Option<u32>,
}

/// A transcript that is served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Transcript {
    /// Absolute.
    pub url: String,
    /// Such as `text/vtt`.
    pub media_type: String,
    /// BCP 47; the show's where nothing is said.
    pub language: Option<String>,
    /// True where it has time codes (`rel="captions"`).
    pub captions: bool,
}
