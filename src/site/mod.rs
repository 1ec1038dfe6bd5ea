//! Pages → artifacts: an episode with its player and its text, a player to embed, and the show's page.
//!
//! They work without a script: an audio element with controls, chapters as links into it, the whole text. With it, the
//! text follows the voice. Nothing is loaded from anywhere else.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod embed;
mod episode;
mod feed_style;
mod frame;
mod show;
mod structured;
mod words;

pub use embed::embed;
pub use episode::episode;
pub use feed_style::feed_style;
pub use show::{Listed, show};

use jiff::civil;

use crate::model::chapter::ChapterList;
use crate::model::script::Passage;
use crate::model::show::{Narration, Show, Slug, TextPolicy};
use crate::model::time::{Duration, Timestamp};

/// What the pages of an episode are made from.
#[derive(Clone, Debug)]
pub struct EpisodePage<'a> {
    /// The show that it belongs to.
    pub show: &'a Show,
    /// The folder of its pages.
    pub slug: &'a Slug,
    /// The title.
    pub title: &'a str,
    /// The standfirst; `None` where it is not published.
    pub dek: Option<&'a str>,
    /// Who wrote it.
    pub authors: Vec<&'a str>,
    /// Who reads it.
    pub narrators: Vec<&'a str>,
    /// Who reads: a person or a program, which the page then says.
    pub narration: Narration,
    /// The day of publication.
    pub published: civil::Date,
    /// BCP 47.
    pub language: &'a str,
    /// The article's own page.
    pub link: Option<&'a str>,
    /// How much of the words is published.
    pub text: TextPolicy,
    /// Title, headings and paragraphs with their times.
    pub passages: &'a [Passage],
    /// The chapters.
    pub chapters: &'a ChapterList,
    /// The exact length.
    pub duration: Duration,
    /// Name of the audio file in the folder.
    pub audio: &'a str,
    /// Its type.
    pub media_type: &'a str,
    /// Its size in bytes.
    pub length: u64,
    /// Name of the chapters as WebVTT in the folder.
    pub chapters_vtt: Option<&'a str>,
    /// Name of the captions as WebVTT in the folder.
    pub captions_vtt: Option<&'a str>,
    /// The cover.
    pub cover: Option<Cover>,
}

/// A cover, relative to the folder of the page.
#[derive(Clone, Debug)]
pub struct Cover {
    /// As the publisher gave it.
    pub whole: String,
    /// As small as pages show it.
    pub small: String,
    /// True where it is the episode's own and not the show's.
    pub own: bool,
}

impl EpisodePage<'_> {
    /// A place in the recording, with hours only where the recording has any.
    fn clock(&self, at: Timestamp) -> String {
        let hms = at.hms();
        match hms.split_once(':') {
            Some(("0" | "00", rest)) if self.duration.whole_seconds() < 3600 => {
                rest.strip_prefix('0').unwrap_or(rest).to_owned()
            }
            _ => hms,
        }
    }

    fn address(&self) -> String {
        format!("{}{}/", self.show.base_url, self.slug)
    }

    fn audio_address(&self) -> String {
        format!("{}{}", self.address(), self.audio)
    }
}
