//! Rules, what they find, and the places that findings point at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Severity {
    /// Advice.
    Info,
    /// Accepted, but worse somewhere.
    Warning,
    /// A directory refuses it, a player fails, or something is lost.
    Error,
}

impl Severity {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a rule is about: the first word of its id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// The text.
    Article,
    /// The recording or the enclosure.
    Audio,
    /// Covers.
    Artwork,
    /// Chapters in any carrier.
    Chapters,
    /// Transcripts.
    Transcript,
    /// The channel, or `show.toml`.
    Show,
    /// An item, or an episode folder.
    Episode,
    /// The document as a whole.
    Feed,
}

impl Subject {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Audio => "audio",
            Self::Artwork => "artwork",
            Self::Chapters => "chapters",
            Self::Transcript => "transcript",
            Self::Show => "show",
            Self::Episode => "episode",
            Self::Feed => "feed",
        }
    }
}

/// Who demands a rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Demand {
    /// Apple Podcasts.
    Apple,
    /// Spotify.
    Spotify,
    /// YouTube and YouTube Music.
    YouTube,
    /// The Podcast Standards Project's PSP-1.
    Psp1,
    /// The Podcasting 2.0 namespace.
    Podcasting20,
    /// RSS 2.0, its best practices, or the W3C feed validator.
    Rss,
    /// The specification of a file format.
    Format,
    /// A podcast app that misbehaves otherwise.
    Players,
    /// This tool.
    Tool,
}

impl Demand {
    /// The name that a person knows.
    pub fn name(self) -> &'static str {
        match self {
            Self::Apple => "Apple Podcasts",
            Self::Spotify => "Spotify",
            Self::YouTube => "YouTube",
            Self::Psp1 => "PSP-1",
            Self::Podcasting20 => "Podcasting 2.0",
            Self::Rss => "RSS 2.0",
            Self::Format => "the file format",
            Self::Players => "podcast apps",
            Self::Tool => "listen-now",
        }
    }
}

/// A rule: data that stands beside the function that applies it.
#[derive(PartialEq, Eq, Debug)]
pub struct Rule {
    /// Stable forever: never renamed, never reused. Begins with the subject.
    pub id: &'static str,
    /// The rule's own severity; policy may change what becomes of a finding, never this.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// The version that first had it.
    pub since: &'static str,
    /// Who demands it.
    pub by: &'static [Demand],
    /// What is wrong, as a clause.
    pub summary: &'static str,
    /// Why it matters, as sentences.
    pub why: &'static str,
    /// What to do, as sentences.
    pub mend: &'static str,
}

/// What a rule found.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// The rule, from the table.
    pub rule: &'static Rule,
    /// Where.
    pub place: Place,
    /// What is wrong here, as a sentence.
    pub message: String,
    /// What to do here, where that differs from the rule's own remedy.
    pub help: Option<String>,
    /// What policy made of the severity; exit status and reports go by this.
    pub effective: Severity,
}

/// Where something is: a file, and as much more as is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// The file, as the command was told of it.
    pub path: PathBuf,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
    /// The line itself, for quoting.
    pub excerpt: Option<Excerpt>,
    /// The instant of the recording.
    pub time: Option<Timestamp>,
}

/// A quoted line with the part that is meant.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Excerpt {
    /// The whole line without its end.
    pub text: String,
    /// First byte of the part that is meant, within `text`.
    pub start: usize,
    /// Byte behind the part that is meant, within `text`.
    pub end: usize,
}

impl Place {
    /// A file as a whole.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// A line of a file.
    pub fn line(path: impl Into<PathBuf>, line: usize) -> Self {
        Self { line: Some(line), ..Self::file(path) }
    }

    /// An instant of a recording.
    pub fn time(path: impl Into<PathBuf>, time: Timestamp) -> Self {
        Self { time: Some(time), ..Self::file(path) }
    }

    /// The place of a byte range in a text, with its line quoted.
    pub fn span(path: impl Into<PathBuf>, text: &str, range: std::ops::Range<usize>) -> Self {
        let mut at = range.start.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let (before, after) = text.split_at(at);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let in_line = before.split_at(line_start).1;
        let tail = after.find('\n').map_or(after, |i| after.split_at(i).0).trim_end_matches('\r');
        let start = in_line.len();
        let mut width = range.end.saturating_sub(at).min(tail.len());
        while !tail.is_char_boundary(width) {
            width -= 1;
        }
        Self {
            path: path.into(),
            line: Some(before.matches('\n').count() + 1),
            column: Some(in_line.chars().count() + 1),
            excerpt: Some(Excerpt { text: format!("{in_line}{tail}"), start, end: start + width }),
            time: None,
        }
    }
}

/// Where each key of a manifest stands, so that a rule can point at the line that it is about.
///
/// Keys are dotted, items of lists are numbered from 0: `check.allow[1].rule`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Places {
    path: PathBuf,
    by_key: BTreeMap<String, Place>,
    refused: BTreeSet<String>,
    incomplete: bool,
}

impl Places {
    /// A file of which no key is known yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }

    /// Says where a key stands.
    pub fn insert(&mut self, key: impl Into<String>, place: Place) {
        self.by_key.insert(key.into(), place);
    }

    /// Says that part of the file could not be read: from here on no key counts as missing.
    pub fn incomplete(&mut self) {
        self.incomplete = true;
    }

    /// Says that a key is there, misspelt or with a wrong value, and that its reader has said so.
    pub fn refuse(&mut self, key: impl Into<String>) {
        self.refused.insert(key.into());
    }

    /// True where a reader has complained of this key already, or of the whole file.
    pub fn is_refused(&self, key: &str) -> bool {
        self.incomplete || self.refused.contains(key)
    }

    /// True where part of the file could not be read.
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True where the file has the key, whatever its value is worth, and where nobody can say.
    pub fn has(&self, key: &str) -> bool {
        self.incomplete || self.by_key.contains_key(key)
    }

    /// Where a key stands; else what it is part of; else the file.
    pub fn of(&self, key: &str) -> Place {
        let mut key = key;
        loop {
            if let Some(place) = self.by_key.get(key) {
                return place.clone();
            }
            match key.rfind(['.', '[']) {
                Some(end) => key = key.split_at(end).0,
                None => return Place::file(&self.path),
            }
        }
    }
}

/// What a run found, after policy.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Report {
    /// What is to be said, in a stable order.
    pub findings: Vec<Finding>,
    /// How many findings the publisher lives with; they are not listed.
    pub allowed: usize,
}

impl Report {
    /// How many findings have this effective severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.effective == severity).count()
    }

    /// True where something must be mended before anything is published.
    pub fn fails(&self) -> bool {
        self.findings.iter().any(|f| f.effective == Severity::Error)
    }
}

/// Something a reader could not make sense of: a fact with a place. A rule turns it into a finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// Which kind, and so which rule.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to write or do instead.
    pub help: Option<String>,
}

/// What readers of a publisher's folders run into.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ProblemKind {
    /// `show.toml` is missing, cannot be read, or has a mistake.
    ShowToml,
    /// `episode.toml` cannot be read or has a mistake.
    EpisodeToml,
    /// A text in `show.toml` has characters that are not published.
    ShowUnseen,
    /// A text in `episode.toml` has characters that are not published.
    EpisodeUnseen,
    /// The folder's name is no slug.
    Slug,
    /// No article in the folder.
    ArticleMissing,
    /// Several articles in the folder.
    ArticleAmbiguous,
    /// The article cannot be read.
    ArticleUnreadable,
    /// No recording in the folder.
    AudioMissing,
    /// Several recordings that are not parts of one.
    AudioAmbiguous,
    /// The recording cannot be read.
    AudioUnreadable,
    /// A `chapters.*` file cannot be read.
    ChaptersUnreadable,
    /// A picture cannot be read.
    ArtworkUnreadable,
    /// A link leads out of the show.
    LinkOutside,
    /// The recording changed while it was read.
    AudioChanged,
    /// The recording is of a kind that no enclosure is made of yet.
    AudioUnpackable,
    /// The recording is not offered in its own kind, which apps could play.
    AudioNotOffered,
    /// A published episode would be lost.
    EpisodeDropped,
    /// A published episode would get another identity.
    GuidChanged,
    /// The article has another date than the published episode.
    DateMoved,
    /// The show would get another identity.
    ShowGuidChanged,
    /// Other bytes would be served under the address of a published enclosure.
    EnclosureChanged,
    /// A published episode would get other audio under another address.
    AudioReplaced,
    /// A published episode would get another list of chapters.
    ChaptersChanged,
    /// The publisher's own transcript cannot be read.
    TranscriptUnreadable,
    /// Nobody could hear when which words are said.
    TranscriptUntimed,
    /// A feed is no well-formed XML.
    FeedMalformed,
    /// A feed defines entities, refers outside, or is beyond the limits.
    FeedHostile,
    /// What was given as a feed is something else.
    FeedNotRss,
    /// A file of JSON chapters breaks the rules of its format.
    ChaptersJson,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_points_at_what_it_is_part_of() {
        let mut places = Places::new("show.toml");
        places.insert("check", Place::line("show.toml", 7));
        places.insert("check.allow[0]", Place::line("show.toml", 9));
        assert_eq!(places.of("check.allow[0].reason").line, Some(9));
        assert_eq!(places.of("check.allow[1].reason").line, Some(7));
        assert_eq!(places.of("title"), Place::file("show.toml"));
        assert!(!places.has("title"));
    }
}
