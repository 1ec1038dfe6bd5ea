//! What a feed points at, opened where it lies on disk: audio, chapters, transcripts and pictures.
//!
//! An address below the feed's own folder is the file at that relative path beside the feed; nothing else is opened,
//! and what was not opened is kept for the rule that says so.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use url::Url;

use super::feed::FeedMaterial;
use super::loose;
use super::material::{Cover, Heard, hear, read_cover};
use crate::checks::{FeedFacts, ItemFacts, Target, Unseen};
use crate::feed::document::{Attribute, Element};
use crate::model::chapter::Mark;
use crate::model::finding::{Problem, ProblemKind};
use crate::model::time::Duration;
use crate::sources::cache::Cache;

/// Everything that was opened, and what was not.
#[derive(Debug, Default)]
pub struct Targets<'a> {
    /// The show's cover.
    pub cover: Option<Cover>,
    /// What each item points at, in the order of the feed.
    pub items: Vec<ItemTargets>,
    /// What is not on this disk.
    pub unseen: Vec<Unseen<'a>>,
    /// What readers stumbled over.
    pub problems: Vec<Problem>,
}

/// What one item points at.
#[derive(Debug, Default)]
pub struct ItemTargets {
    /// Its audio, walked and decoded.
    pub audio: Option<Heard>,
    /// Its chapters file.
    pub chapters: Option<(PathBuf, Vec<Mark>)>,
    /// Its own cover.
    pub cover: Option<Cover>,
    /// Sizes of other versions of the audio, in the order of the item; `None` where one is not on this disk.
    pub versions: Vec<Option<u64>>,
}

/// Opens what a feed points at. Items are opened several at once; `heard` is told of each that is done.
pub fn open<'a>(material: &FeedMaterial, feed: &FeedFacts<'a>, cache: &Cache, heard: impl Fn() + Sync) -> Targets<'a> {
    let place = Served::of(material, feed);
    let mut targets = Targets::default();
    let mut opener = Opener { place: &place, unseen: Vec::new(), problems: Vec::new() };
    targets.cover = opener.cover(feed.channel.first(feed.itunes(), "image"));
    targets.unseen.append(&mut opener.unseen);
    targets.problems.append(&mut opener.problems);
    let opened: Vec<(ItemTargets, Opener<'_, 'a>)> = feed
        .items
        .par_iter()
        .map(|item| {
            let mut opener = Opener { place: &place, unseen: Vec::new(), problems: Vec::new() };
            let opened = opener.item(feed, item, cache);
            heard();
            (opened, opener)
        })
        .collect();
    for (item, opener) in opened {
        targets.items.push(item);
        targets.unseen.extend(opener.unseen);
        targets.problems.extend(opener.problems);
    }
    targets
}

/// Where a feed is served, and where that is on disk.
struct Served {
    base: Option<Url>,
    folder: PathBuf,
}

impl Served {
    fn of(material: &FeedMaterial, feed: &FeedFacts<'_>) -> Self {
        let stated = material.base_url.as_deref().map(folder_of);
        let base = match stated {
            Some(base) => Url::parse(&base).ok(),
            // What came in through a pipe lies beside nothing.
            None if material.path == Path::new("-") => None,
            None => feed.self_url().and_then(|url| Url::parse(url).ok()?.join(".").ok()),
        };
        let folder = material.path.parent().filter(|_| material.path != Path::new("-")).unwrap_or(Path::new(""));
        Self { base: base.filter(|b| !b.cannot_be_a_base()), folder: folder.to_owned() }
    }

    /// The file that an address means, if it lies below the feed's folder and is there.
    fn file(&self, url: &str) -> Option<PathBuf> {
        let base = self.base.as_ref()?;
        let url = base.join(url).ok()?;
        // The same files are served with and without encryption.
        if (url.host_str(), url.port()) != (base.host_str(), base.port()) {
            return None;
        }
        let relative = url.path().strip_prefix(base.path())?;
        let relative = percent_decode_str(relative).decode_utf8().ok()?;
        let inside = !relative.is_empty()
            && relative.split('/').all(|name| !matches!(name, "" | "." | "..") && !name.contains(['\\', '\0']));
        let path = self.folder.join(inside.then_some(&*relative)?);
        // A link that leads elsewhere is not beside the feed.
        let real = |path: &Path| if path.as_os_str().is_empty() { Path::new(".") } else { path }.canonicalize();
        let within = real(&path).ok()?.starts_with(real(&self.folder).ok()?);
        (within && path.is_file()).then_some(path)
    }
}

/// A base URL names a folder, with or without a slash, or the feed in it.
fn folder_of(base: &str) -> String {
    let is_file = base.rsplit('/').next().is_some_and(|name| name.ends_with(".xml") || name.ends_with(".rss"));
    match is_file {
        true => base.rsplit_once('/').map_or(base, |(folder, _)| folder).trim_end_matches('/').to_owned() + "/",
        false => base.trim_end_matches('/').to_owned() + "/",
    }
}

struct Opener<'p, 'a> {
    place: &'p Served,
    unseen: Vec<Unseen<'a>>,
    problems: Vec<Problem>,
}

impl<'a> Opener<'_, 'a> {
    /// The file behind an attribute of an element, if both are there.
    fn file(&mut self, target: Target, element: &'a Element, key: &str) -> Option<(PathBuf, &'a Attribute)> {
        let attribute = element.attribute(key).filter(|a| !a.value.trim().is_empty())?;
        match self.place.file(attribute.value.trim()) {
            Some(path) => Some((path, attribute)),
            None => {
                self.unseen.push(Unseen { target, attribute });
                None
            }
        }
    }

    fn keep<T>(&mut self, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.problems.push(problem)).ok()
    }

    fn cover(&mut self, image: Option<&'a Element>) -> Option<Cover> {
        let (path, _) = self.file(Target::Picture, image?, "href")?;
        self.keep(read_cover(&path))
    }

    fn item(&mut self, feed: &FeedFacts<'a>, item: &ItemFacts<'a>, cache: &Cache) -> ItemTargets {
        let element = item.element;
        let enclosure = element.first("", "enclosure");
        let audio = enclosure.and_then(|e| self.file(Target::Audio, e, "url"));
        let audio = audio.and_then(|(path, _)| self.keep(hear(&path, cache)));
        let length = audio.as_ref().map(|a| a.recording.duration().0);
        let chapters = element.first(feed.podcast(), "chapters");
        let chapters = chapters.and_then(|c| self.file(Target::Chapters, c, "url"));
        let chapters = chapters.and_then(|(path, _)| {
            let (marks, problems) = loose::json_chapters(&path);
            self.problems.extend(problems);
            Some((path, marks?))
        });
        for transcript in element.all(feed.podcast(), "transcript") {
            if let Some((path, _)) = self.file(Target::Transcript, transcript, "url") {
                self.transcript(&path, transcript, length, feed);
            }
        }
        let versions = element.all(feed.podcast(), "alternateEnclosure").map(|version| {
            let sources: Vec<&Element> = version.all(feed.podcast(), "source").collect();
            let path = sources.into_iter().find_map(|source| self.file(Target::Audio, source, "uri"));
            path.and_then(|(path, _)| path.metadata().ok()).map(|m| m.len())
        });
        let versions = versions.collect();
        let cover = self.cover(element.first(feed.itunes(), "image"));
        ItemTargets { audio, chapters, cover, versions }
    }

    fn transcript(&mut self, path: &Path, element: &Element, length: Option<Duration>, feed: &FeedFacts<'a>) {
        let stated = element.value_of("type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
        // Pages and plain text have no times.
        if matches!(stated, "text/html" | "text/plain") {
            return;
        }
        let Some(transcript) = loose::transcript(path, length, &mut self.problems) else { return };
        let kind = match transcript.format.name {
            _ if stated.is_empty() => return,
            "SRT" => &["application/x-subrip", "application/srt", "text/srt"] as &[&str],
            _ => &[transcript.format.media_type.as_str()],
        };
        if !kind.contains(&stated) {
            let usual = kind.first().copied().unwrap_or_default();
            self.problems.push(Problem {
                kind: ProblemKind::TranscriptUnreadable,
                place: feed.attribute_of(element, "type"),
                message: format!("The feed calls this transcript {stated}, and the file is {usual}."),
                help: Some(format!("Write type=\"{usual}\".")),
            });
        }
    }
}
