//! A feed as rules look at it: the tree, and where each part of it stands.

use std::path::Path;

use crate::checks::words::plain;
use crate::checks::{ArtworkFacts, AudioFacts};
use crate::feed::document::{Attribute, Document, Element};
use crate::feed::namespace::{ATOM, ITUNES, PODCAST, PSC};
use crate::feed::published;
use crate::model::chapter::Mark;
use crate::model::finding::Place;
use crate::model::time::{Duration, Timestamp};

/// A feed that is RSS.
#[derive(Clone, Debug)]
pub struct FeedFacts<'a> {
    /// The file, as the command was told of it.
    pub path: &'a Path,
    /// What was read.
    pub document: &'a Document,
    /// The one channel.
    pub channel: &'a Element,
    /// Its items, in the order of the feed.
    pub items: Vec<ItemFacts<'a>>,
    /// Where somebody said that the feed is served, without the file's name.
    pub base_url: Option<&'a str>,
    /// The moment that counts as now.
    pub as_of: Option<jiff::Timestamp>,
    /// The show's cover, where that lies on disk.
    pub artwork: Option<ArtworkFacts<'a>>,
    /// What it points at and could not be opened.
    pub unseen: &'a [Unseen<'a>],
    namespaces: Namespaces<'a>,
    /// The show's title in plain words.
    title: String,
    serial: bool,
}

/// An item of a feed.
#[derive(Clone, Debug)]
pub struct ItemFacts<'a> {
    /// What was read.
    pub element: &'a Element,
    /// The Podlove chapters in it, as far as they have times.
    pub marks: Vec<Mark>,
    /// Where each of them stands.
    pub mark_elements: Vec<&'a Element>,
    /// Its audio, where that lies on disk.
    pub audio: Option<AudioFacts<'a>>,
    /// Its chapters file, where that lies on disk, with the marks in it.
    pub chapters: Option<(&'a Path, &'a [Mark])>,
    /// Its own cover, where that lies on disk.
    pub artwork: Option<ArtworkFacts<'a>>,
    /// Sizes in bytes of its other versions, in the order of the item; `None` where one is not on disk.
    pub versions: &'a [Option<u64>],
}

impl<'a> ItemFacts<'a> {
    fn new(element: &'a Element, psc: &str) -> Self {
        let mut facts = Self {
            element,
            marks: Vec::new(),
            mark_elements: Vec::new(),
            audio: None,
            chapters: None,
            artwork: None,
            versions: &[],
        };
        for chapter in element.first(psc, "chapters").iter().flat_map(|list| &list.children) {
            // What has no title is named by a rule, and apps leave it out.
            if !chapter.name.is(psc, "chapter") || chapter.attribute("title").is_none() {
                continue;
            }
            if let Some(start) = chapter.value_of("start").and_then(Timestamp::parse) {
                let url = chapter.value_of("href").map(str::to_owned);
                let title = chapter.value_of("title").unwrap_or_default();
                facts.marks.push(Mark { url, line: Some(chapter.spot.line), ..Mark::new(start, title) });
                facts.mark_elements.push(chapter);
            }
        }
        facts
    }

    /// The address of its enclosure.
    pub fn enclosure_url(&self) -> Option<&'a str> {
        self.element.first("", "enclosure")?.value_of("url")
    }

    /// How long it is, as it was counted, else as the feed says; and true where that is only said.
    pub fn length(&self, itunes: &str) -> (Option<Duration>, bool) {
        match &self.audio {
            // A cut is told once, not for every chapter behind it.
            Some(audio) => (Some(audio.recording.whole_duration()), false),
            None => (self.declared_duration(itunes), true),
        }
    }

    /// What `itunes:duration` says, in the namespace that the feed has for it.
    pub fn declared_duration(&self, itunes: &str) -> Option<Duration> {
        self.element.text_of(itunes, "duration").and_then(published::duration).filter(|d| !d.is_zero())
    }
}

/// Something that a feed points at and that is not on this disk.
#[derive(Clone, Copy, Debug)]
pub struct Unseen<'a> {
    /// What it is.
    pub target: Target,
    /// Where the feed points at it.
    pub attribute: &'a Attribute,
}

/// What a feed points at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Target {
    /// An enclosure, or another version of it.
    Audio,
    /// A chapters file.
    Chapters,
    /// A transcript.
    Transcript,
    /// A cover.
    Picture,
}

/// The URIs that elements of Apple, Podcasting 2.0 and Podlove stand under here. A misspelt one is told once, and what
/// stands under it is judged all the same.
#[derive(Clone, Copy, Debug)]
struct Namespaces<'a> {
    itunes: &'a str,
    podcast: &'a str,
    psc: &'a str,
}

/// The address of the namespace's document, which the first feeds used and its authors still accept.
pub(super) const OLD_PODCAST: &str = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md";

impl<'a> FeedFacts<'a> {
    /// A feed's facts; `None` for a document that is no RSS.
    pub fn new(path: &'a Path, document: &'a Document) -> Option<Self> {
        let root = &document.root;
        let channel = root.first("", "channel").filter(|_| root.name.is("", "rss"))?;
        let namespaces = Namespaces {
            itunes: used(root, ITUNES, "itunes"),
            podcast: used(root, PODCAST, "podcast"),
            psc: used(root, PSC, "psc"),
        };
        let items = channel.all("", "item").map(|element| ItemFacts::new(element, namespaces.psc)).collect();
        // What every item is compared with is looked for once: a channel can have half a million children.
        let title = channel.text_of("", "title").map(plain).unwrap_or_default();
        let serial = channel.text_of(namespaces.itunes, "type").is_some_and(|t| t.eq_ignore_ascii_case("serial"));
        Some(Self {
            path,
            document,
            channel,
            items,
            base_url: None,
            as_of: None,
            artwork: None,
            unseen: &[],
            namespaces,
            title,
            serial,
        })
    }

    /// The show's title in lower case letters and digits.
    pub fn plain_title(&self) -> &str {
        &self.title
    }

    /// True of a show that is heard from its first episode on.
    pub fn is_serial(&self) -> bool {
        self.serial
    }

    /// The namespace of Apple's elements here.
    pub fn itunes(&self) -> &'a str {
        self.namespaces.itunes
    }

    /// The namespace of Podcasting 2.0's elements here.
    pub fn podcast(&self) -> &'a str {
        self.namespaces.podcast
    }

    /// The namespace of Podlove's chapters here.
    pub fn psc(&self) -> &'a str {
        self.namespaces.psc
    }

    /// The address that the feed gives for itself.
    pub fn self_url(&self) -> Option<&'a str> {
        let mut links = self.channel.all(ATOM, "link");
        links.find(|l| l.value_of("rel").is_some_and(|r| r.eq_ignore_ascii_case("self")))?.value_of("href")
    }

    /// Where an element stands.
    pub fn at(&self, element: &Element) -> Place {
        self.document.place_of(self.path, element)
    }

    /// Where an attribute stands.
    pub fn attribute(&self, attribute: &Attribute) -> Place {
        self.document.place_of_attribute(self.path, attribute)
    }

    /// Where an attribute stands, else its element.
    pub fn attribute_of(&self, element: &Element, local: &str) -> Place {
        element.attribute(local).map_or_else(|| self.at(element), |a| self.attribute(a))
    }

    /// Where an element is missing from its parent, or stands there blank; `None` where it has text.
    pub fn lacking(&self, parent: &Element, namespace: &str, local: &str) -> Option<Lacking> {
        let mut all = parent.all(namespace, local).peekable();
        let first = all.peek().copied();
        let blank = all.all(|e| e.text.trim().is_empty());
        let place = first.map_or_else(|| self.start_of(parent), |e| self.at(e));
        blank.then_some(Lacking { place, is_there: first.is_some() })
    }

    /// The first line of something long, such as the channel or an item.
    pub fn start_of(&self, element: &Element) -> Place {
        let tag = element.name.qualified().len() + 2;
        self.document.place(self.path, element.spot, element.spot.offset + tag)
    }
}

/// An element that is not there, or has nothing in it.
pub struct Lacking {
    /// Where it stands, or should.
    pub place: Place,
    /// True where it is there and blank.
    pub is_there: bool,
}

impl Lacking {
    /// The sentence about it.
    pub fn sentence(&self, name: &str) -> String {
        match self.is_there {
            true => format!("`{name}` is empty."),
            false => format!("`{name}` is missing."),
        }
    }
}

/// The URI that somebody declared for this prefix on the outermost element where the right one is not declared.
fn used<'a>(root: &'a Element, right: &'static str, prefix: &str) -> &'a str {
    if root.declared.iter().any(|d| d.value == right) {
        return right;
    }
    root.declared.iter().find(|d| &*d.name.local == prefix).map_or(right, |d| d.value.as_str())
}
