//! A show and its episodes as a publisher declares them, and the identities that must never change.

use std::fmt;
use std::path::PathBuf;

use jiff::civil;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::chapter::Mark;
use super::date::WrittenDate;
use super::text::Line;

/// The name of an episode's folder and of everything that is published for it: `[a-z0-9-]{1,80}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Slug(String);

/// Longest slug; paths with two of them still fit every file system and URL.
const SLUG_LENGTH: usize = 80;

impl Slug {
    /// Takes a name that already is a slug.
    pub fn new(name: &str) -> Option<Self> {
        let fits = !name.is_empty()
            && name.len() <= SLUG_LENGTH
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| Self(name.to_owned()))
    }

    /// Makes a slug from a title: NFC, transliterated, lower case, other characters become single hyphens, cut at a
    /// word. `None` where nothing is left.
    pub fn from_title(title: &str) -> Option<Self> {
        let nfc: String = title.nfc().collect();
        let latin = deunicode::deunicode(&nfc).to_lowercase();
        let mut out = String::new();
        for c in latin.chars() {
            match c {
                'a'..='z' | '0'..='9' => out.push(c),
                '\'' | '"' | '`' => {}
                _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
                _ => {}
            }
        }
        if out.len() > SLUG_LENGTH {
            out.truncate(SLUG_LENGTH);
            if let Some(cut) = out.rfind('-').filter(|cut| *cut > SLUG_LENGTH / 2) {
                out.truncate(cut);
            }
        }
        Self::new(out.trim_matches('-'))
    }

    /// The slug.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The identity of a show or an episode: any string that is not blank, compared byte by byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Guid(String);

/// The namespace in which Podcasting 2.0 makes show guids from feed URLs.
const PODCAST_NAMESPACE: Uuid = Uuid::from_u128(0xead4c236_bf58_58c6_a2c6_a6b28d128cb6);

impl Guid {
    /// Takes a guid as it is written; `None` where it is blank.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// A fresh random guid: only for `new` and `add`, which write it down.
    pub fn fresh() -> Self {
        Self(Uuid::new_v4().to_string())
    }

    /// The guid that Podcasting 2.0 defines for a feed: UUIDv5 of its URL without scheme and trailing slashes.
    pub fn of_feed(feed_url: &str) -> Self {
        let bare = feed_url.split_once("://").map_or(feed_url, |(_, rest)| rest).trim_end_matches('/');
        Self(Uuid::new_v5(&PODCAST_NAMESPACE, bare.as_bytes()).to_string())
    }

    /// The guid of an episode that nobody pinned: UUIDv5 of its slug in its show's guid.
    pub fn of_episode(show: &Self, slug: &Slug) -> Self {
        let space = Uuid::parse_str(&show.0).unwrap_or_else(|_| Uuid::new_v5(&PODCAST_NAMESPACE, show.0.as_bytes()));
        Self(Uuid::new_v5(&space, slug.as_str().as_bytes()).to_string())
    }

    /// The guid as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for a UUID of any version.
    pub fn is_uuid(&self) -> bool {
        Uuid::parse_str(&self.0).is_ok()
    }

    /// True for an absolute URL, which readers take for a permanent link.
    pub fn is_url(&self) -> bool {
        self.0.starts_with("http://") || self.0.starts_with("https://")
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `show.toml`. Fields that a show must have are empty where they are not written; rules say so.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Show {
    /// The show's name alone.
    pub title: Line,
    /// The show's home.
    pub link: String,
    /// Where the contents of the output folder are served; ends in `/` once read.
    pub base_url: String,
    /// What the show is, up to 4000 bytes.
    pub description: String,
    /// BCP 47.
    pub language: String,
    /// Who makes it.
    pub author: Line,
    /// Who owns it; the author where nothing is said.
    pub owner_name: Option<Line>,
    /// The address that directories verify ownership with.
    pub owner_email: Option<String>,
    /// Apple's categories, the main one first.
    pub categories: Vec<Category>,
    /// Whether the show has explicit content; `None` where nothing is said.
    pub explicit: Option<bool>,
    /// Who reads.
    pub narration: Narration,
    /// Who reads by name, where every episode has the same voice.
    pub narrators: Vec<Person>,
    /// Pinned identity.
    pub guid: Option<Guid>,
    /// Artwork by name; `cover.*` where nothing is said.
    pub artwork: Option<PathBuf>,
    /// Episodic where nothing is said.
    pub kind: ShowKind,
    /// IANA name of the zone in which dates without an offset are meant; UTC where nothing is said.
    pub timezone: Option<String>,
    /// Time of day for dates without a time; noon where nothing is said.
    pub publish_time: Option<civil::Time>,
    /// Where listeners can pay.
    pub funding: Option<Funding>,
    /// The licence of the episodes.
    pub license: Option<License>,
    /// The copyright holder.
    pub copyright: Option<Line>,
    /// How much of the article's text is published.
    pub text: TextPolicy,
    /// Newest items that the feed holds; all where nothing is said.
    pub max_items: Option<usize>,
    /// How enclosures are made.
    pub enclosure: EnclosureSettings,
    /// How findings are judged.
    pub check: CheckSettings,
}

/// `episode.toml`: what overrules the article, the show, and the reader's guesses.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct EpisodeSettings {
    /// Overrules the article's title.
    pub title: Option<Line>,
    /// Overrules the article's standfirst.
    pub dek: Option<String>,
    /// Overrules the article's date.
    pub date: Option<WrittenDate>,
    /// Overrules the article's authors.
    pub authors: Option<Vec<Line>>,
    /// Who reads this episode.
    pub narrators: Vec<Person>,
    /// Pinned identity.
    pub guid: Option<Guid>,
    /// The article's page.
    pub link: Option<String>,
    /// Season, from 1.
    pub season: Option<u32>,
    /// Number in the season, from 1.
    pub episode: Option<u32>,
    /// `full` where nothing is said.
    pub kind: EpisodeKind,
    /// Overrules the show.
    pub explicit: Option<bool>,
    /// Overrules the show.
    pub narration: Option<Narration>,
    /// Overrules the article and the show.
    pub language: Option<String>,
    /// Overrules `cover.*`.
    pub artwork: Option<PathBuf>,
    /// Keeps the episode out of everything.
    pub draft: bool,
    /// Overrules the show.
    pub text: Option<TextPolicy>,
    /// The recording by name, where the folder has several.
    pub recording: Option<PathBuf>,
    /// The parts of the recording in order.
    pub parts: Vec<PathBuf>,
    /// The first chapter's title; the article's title where nothing is said.
    pub intro_title: Option<Line>,
    /// Lines of the article that are not narrated.
    pub left_out: Vec<String>,
    /// Lines of the article that are narrated.
    pub narrated: Vec<String>,
    /// How words are said, by word.
    pub pronounce: Vec<(String, String)>,
    /// Explicit marks.
    pub chapters: Vec<Mark>,
}

/// Who reads aloud.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Narration {
    /// A person.
    #[default]
    Human,
    /// A program, which feed and notes then disclose.
    Synthetic,
}

/// How episodes hang together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ShowKind {
    /// In any order, newest first.
    #[default]
    Episodic,
    /// From the first on; episodes must be numbered.
    Serial,
}

/// What an episode is to its show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum EpisodeKind {
    /// An episode.
    #[default]
    Full,
    /// Announces episodes.
    Trailer,
    /// Extra material.
    Bonus,
}

/// How much of an article's text is published in pages, notes and transcripts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum TextPolicy {
    /// Nothing but the title.
    None,
    /// The standfirst and the chapter titles.
    Summary,
    /// All that is narrated.
    #[default]
    Full,
}

/// An Apple category with its subcategory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Category {
    /// One of Apple's main categories.
    pub main: String,
    /// One of its subcategories.
    pub sub: Option<String>,
}

/// Somebody who takes part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The name.
    pub name: Line,
    /// The role by the Podcast Taxonomy; `narrator` where nothing is said.
    pub role: Option<String>,
    /// A page about the person.
    pub href: Option<String>,
}

/// Where listeners can pay.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Funding {
    /// The page.
    pub url: String,
    /// What the button says.
    pub text: Line,
}

/// A licence by identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct License {
    /// SPDX identifier, lower case.
    pub id: String,
    /// The text, for a licence of one's own.
    pub url: Option<String>,
}

/// `[enclosure]` of `show.toml`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnclosureSettings {
    /// What becomes of tags that are not ours.
    pub keep_tags: KeepTags,
    /// The media type of M4A enclosures; `audio/x-m4a` where nothing is said.
    pub m4a_type: Option<String>,
    /// Kilobits per second of an MP3 with one channel that is made of a recording.
    pub bit_rate_mono: u32,
    /// The same with two channels.
    pub bit_rate_stereo: u32,
}

impl Default for EnclosureSettings {
    /// The bit rates that Apple asks of speech.
    fn default() -> Self {
        Self { keep_tags: KeepTags::All, m4a_type: None, bit_rate_mono: 96, bit_rate_stereo: 128 }
    }
}

/// What becomes of tags that the recording brings along.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum KeepTags {
    /// All stay but those that ours replace.
    #[default]
    All,
    /// Only those that a listener can see stay.
    Known,
}

/// `[check]` of `show.toml`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct CheckSettings {
    /// Whose demands count.
    pub profile: Option<String>,
    /// Rules or prefixes that become errors.
    pub deny: Vec<String>,
    /// Rules or prefixes that become warnings.
    pub warn: Vec<String>,
    /// Rules that are accepted here, each with its reason.
    pub allow: Vec<Allowance>,
    /// Loudness target in LUFS.
    pub loudness: Option<f64>,
}

/// A finding that the publisher lives with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Allowance {
    /// Rule or prefix.
    pub rule: String,
    /// Why.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_guid_is_the_one_that_podcasting_2_publishes() {
        assert_eq!(Guid::of_feed("https://podnews.net/rss").as_str(), "9b024349-ccf0-5f69-a609-6b82873eab3c");
        assert_eq!(
            Guid::of_feed("http://mp3s.nashownotes.com/pc20rss.xml/").as_str(),
            "917393e3-1b1e-5cef-ace4-edaa54e1f810"
        );
    }

    #[test]
    fn titles_of_any_script_become_slugs() {
        let check =
            |title: &str, slug: &str| assert_eq!(Slug::from_title(title).as_ref().map(Slug::as_str), Some(slug));
        check("Money in the régime’s pocket", "money-in-the-regimes-pocket");
        check("Ü #% – 7", "u-7");
        check("Свобода", "svoboda");
        assert_eq!(Slug::from_title("—!"), None);
        assert!(
            Slug::from_title(&"word ".repeat(60))
                .is_some_and(|s| s.as_str().len() <= 80 && s.as_str().ends_with("word"))
        );
        assert_eq!(Slug::new("Ab"), None);
    }
}
