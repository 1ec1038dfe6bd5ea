//! The facts that rules judge: plain values, whether they lie on disk or are about to be written.

use std::path::Path;

use super::feed::FeedFacts;
use crate::feed::document::Element;
use crate::model::article::Article;
use crate::model::audio::{Lufs, Recording};
use crate::model::chapter::{Mark, Origin};
use crate::model::date::WrittenDate;
use crate::model::finding::{Place, Places, Problem, ProblemKind};
use crate::model::script::Script;
use crate::model::show::{EpisodeSettings, Guid, Narration, Show, Slug};
use crate::model::time::Duration;
use crate::picture::Facts;

/// Everything that is judged in one run. What was not looked at is absent, and no rule speaks of it.
#[derive(Clone, Debug, Default)]
pub struct Survey<'a> {
    /// The show.
    pub show: Option<ShowFacts<'a>>,
    /// Its episodes, or single episode folders.
    pub episodes: Vec<EpisodeFacts<'a>>,
    /// Articles outside an episode.
    pub articles: Vec<ArticleFacts<'a>>,
    /// Audio files outside an episode.
    pub audio: Vec<AudioFacts<'a>>,
    /// Pictures outside a show.
    pub artwork: Vec<ArtworkFacts<'a>>,
    /// Chapter files outside an episode.
    pub chapters: Vec<ChapterFacts<'a>>,
    /// Feeds, as XML.
    pub feeds: Vec<FeedFacts<'a>>,
    /// What readers could not make sense of, of all files.
    pub problems: Vec<Problem>,
    /// The moment that counts as now.
    pub as_of: Option<jiff::Timestamp>,
}

impl<'a> Survey<'a> {
    /// The episodes that are judged: all but drafts.
    pub fn live(&self) -> impl Iterator<Item = &EpisodeFacts<'a>> {
        self.episodes.iter().filter(|e| e.standing != Standing::Draft)
    }

    /// Every article that is judged.
    pub fn all_articles(&self) -> impl Iterator<Item = &ArticleFacts<'a>> {
        self.articles.iter().chain(self.live().filter_map(|e| e.article.as_ref()))
    }

    /// Every audio file that is judged.
    pub fn all_audio(&self) -> impl Iterator<Item = &AudioFacts<'a>> {
        let enclosures = self.feeds.iter().flat_map(|f| &f.items).filter_map(|i| i.audio.as_ref());
        self.audio.iter().chain(self.live().flat_map(|e| &e.recordings)).chain(enclosures)
    }

    /// Every picture that is judged.
    pub fn all_artwork(&self) -> impl Iterator<Item = &ArtworkFacts<'a>> {
        let show = self.show.iter().filter_map(|s| s.artwork.as_ref());
        let items = self.feeds.iter().flat_map(|f| &f.items).filter_map(|i| i.artwork.as_ref());
        let feeds = self.feeds.iter().filter_map(|f| f.artwork.as_ref()).chain(items);
        self.artwork.iter().chain(show).chain(self.live().filter_map(|e| e.artwork.as_ref())).chain(feeds)
    }

    /// Every list of marks that is judged, also those inside audio files that stand alone.
    pub fn all_chapters(&self) -> Vec<ChapterFacts<'_>> {
        let enclosures = self.feeds.iter().flat_map(|f| &f.items).filter_map(|i| i.audio.as_ref());
        let inside = self.audio.iter().chain(enclosures).filter_map(|audio| {
            let carrier = audio.recording.chapters.iter().find(|c| c.marks.iter().any(|m| !m.hidden))?;
            Some(ChapterFacts {
                path: audio.path,
                origin: Some(Origin::Embedded),
                duration: Some(audio.recording.whole_duration()),
                ..ChapterFacts::new(audio.path, &carrier.marks)
            })
        });
        let in_feeds = self.feeds.iter().flat_map(|feed| feed.items.iter().map(move |item| (feed, item)));
        let files = in_feeds.clone().filter_map(|(feed, item)| {
            let (path, marks) = item.chapters?;
            let (duration, is_stated) = item.length(feed.itunes());
            Some(ChapterFacts { duration, is_stated, ..ChapterFacts::new(path, marks) })
        });
        let listed = in_feeds.filter(|(_, item)| !item.marks.is_empty()).map(|(feed, item)| {
            let (duration, is_stated) = item.length(feed.itunes());
            ChapterFacts {
                listed: Some((feed, &item.mark_elements)),
                duration,
                is_stated,
                ..ChapterFacts::new(feed.path, &item.marks)
            }
        });
        let given = self.chapters.iter().chain(self.live().filter_map(|e| e.chapters.as_ref()));
        given.cloned().chain(inside).chain(files).chain(listed).collect()
    }

    /// True for a problem of a draft that can wait until it is one no more.
    pub fn is_in_draft(&self, problem: &Problem) -> bool {
        let drafts = self.episodes.iter().filter(|e| e.standing == Standing::Draft);
        // What subscribers would lose cannot wait.
        let waits = !matches!(problem.kind, ProblemKind::EpisodeToml | ProblemKind::EpisodeDropped);
        waits && drafts.into_iter().any(|e| problem.place.path.starts_with(e.path))
    }
}

/// A show as `show.toml` declares it.
#[derive(Clone, Debug)]
pub struct ShowFacts<'a> {
    /// What it says.
    pub show: &'a Show,
    /// Where it says it.
    pub places: &'a Places,
    /// The show's artwork; `None` where there is none.
    pub artwork: Option<ArtworkFacts<'a>>,
}

/// An episode as its folder declares it.
#[derive(Clone, Debug)]
pub struct EpisodeFacts<'a> {
    /// The folder.
    pub path: &'a Path,
    /// Its name, if it is a slug.
    pub slug: Option<&'a Slug>,
    /// `episode.toml`.
    pub settings: &'a EpisodeSettings,
    /// Where `episode.toml` says it.
    pub places: &'a Places,
    /// The show that it belongs to; `None` for a folder that was given alone.
    pub show: Option<&'a Show>,
    /// Whether it goes out.
    pub standing: Standing,
    /// The article, if it could be read.
    pub article: Option<ArticleFacts<'a>>,
    /// The recording or its parts, as far as they could be read.
    pub recordings: Vec<AudioFacts<'a>>,
    /// The exact length of the recording, or of all parts together.
    pub duration: Option<Duration>,
    /// The episode's own artwork.
    pub artwork: Option<ArtworkFacts<'a>>,
    /// Marks, and what was settled from them.
    pub chapters: Option<ChapterFacts<'a>>,
    /// The identity that it will be published under, if that is decided.
    pub guid: Option<&'a Guid>,
    /// The moment that it will be published under, if that is decided.
    pub published: Option<jiff::Timestamp>,
}

/// Whether an episode goes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Standing {
    /// It does.
    #[default]
    Published,
    /// The publisher keeps it back (`draft = true`, `published: false`); nothing else is judged of it.
    Draft,
    /// Its date lies after now.
    Held,
}

impl EpisodeFacts<'_> {
    /// The title that is published: the publisher's, else the article's.
    pub fn title(&self) -> Option<&str> {
        let own = self.settings.title.as_ref().map(|t| t.as_str());
        own.or_else(|| self.article.as_ref().and_then(|a| a.article.title.as_deref()))
    }

    /// The date that is written: the publisher's, else the article's.
    pub fn date(&self) -> Option<WrittenDate> {
        self.settings.date.or_else(|| self.article.as_ref().and_then(|a| a.article.date))
    }

    /// Who reads: what the episode says, else what the show says.
    pub fn narration(&self) -> Narration {
        self.settings.narration.or_else(|| self.show.map(|s| s.narration)).unwrap_or_default()
    }

    /// Where `episode.toml` says something, else the article, else the folder.
    pub fn place_of(&self, key: &str) -> Place {
        if self.places.has(key) {
            return self.places.of(key);
        }
        match &self.article {
            Some(article) => Place::file(article.path),
            None => Place::file(self.path),
        }
    }
}

/// An article that was read.
#[derive(Clone, Debug)]
pub struct ArticleFacts<'a> {
    /// The file.
    pub path: &'a Path,
    /// What was understood.
    pub article: &'a Article,
}

/// An audio file that was walked and perhaps heard.
#[derive(Clone, Debug)]
pub struct AudioFacts<'a> {
    /// The file.
    pub path: &'a Path,
    /// What it is for.
    pub purpose: Purpose,
    /// What was found.
    pub recording: &'a Recording,
    /// The loudness that the publisher aims at; Apple's where nothing is said.
    pub target: Option<Lufs>,
}

/// What an audio file is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// An input that `build` makes an enclosure of.
    Recording,
    /// Nobody said.
    Alone,
    /// What a feed points at.
    Enclosure,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct ArtworkFacts<'a> {
    /// The file.
    pub path: &'a Path,
    /// Whose it is.
    pub owner: ArtworkOwner,
    /// What it is.
    pub picture: Facts,
    /// True for the cover that `new` puts into a show.
    pub placeholder: bool,
}

/// Whose artwork it is: the same faults weigh less on an episode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArtworkOwner {
    /// The show's cover, or a picture that was given alone.
    Show,
    /// An episode's own.
    Episode,
}

/// Marks as they were found, and the chapters that were settled.
#[derive(Clone, Debug)]
pub struct ChapterFacts<'a> {
    /// The file that the marks stand in: `episode.toml`, `chapters.*`, or the recording.
    pub path: &'a Path,
    /// Where `episode.toml` has each of them, if they stand there.
    pub places: Option<&'a Places>,
    /// The kind of source; `None` where nobody gave any mark.
    pub origin: Option<Origin>,
    /// The marks, in the order of the file.
    pub marks: &'a [Mark],
    /// Where a feed has each of them, if they stand there.
    pub listed: Option<(&'a FeedFacts<'a>, &'a [&'a Element])>,
    /// The exact length of the recording, if it is known.
    pub duration: Option<Duration>,
    /// True where the length is what a feed says and nobody counted.
    pub is_stated: bool,
    /// How many sections the article has; `None` without an article.
    pub sections: Option<usize>,
    /// What was settled, if anything was.
    pub script: Option<&'a Script>,
}

impl<'a> ChapterFacts<'a> {
    /// Marks of a file of which nothing else is known.
    pub fn new(path: &'a Path, marks: &'a [Mark]) -> Self {
        Self {
            path,
            places: None,
            origin: None,
            marks,
            listed: None,
            duration: None,
            is_stated: false,
            sections: None,
            script: None,
        }
    }

    /// Where a mark stands, counted from 0 in the order of the file.
    pub fn place(&self, index: usize) -> Place {
        if let Some(places) = self.places {
            return places.of(&format!("chapters[{index}].start"));
        }
        if let Some((feed, element)) = self.listed.and_then(|(feed, all)| Some((feed, all.get(index)?))) {
            return feed.at(element);
        }
        match self.marks.get(index) {
            Some(Mark { line: Some(line), .. }) => Place::line(self.path, *line),
            Some(mark) => Place::time(self.path, mark.start),
            None => Place::file(self.path),
        }
    }
}
