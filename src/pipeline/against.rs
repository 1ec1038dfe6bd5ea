//! What subscribers would suffer: a feed, or a show that is about to be one, against the feed that they have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::identity::{self, Asked};
use super::material::Material;
use crate::checks::FeedFacts;
use crate::error::Error;
use crate::feed::document::{Document, Element};
use crate::feed::published::{self, Published, PublishedItem};
use crate::model::chapter::Mark;
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::show::{Guid, Show};

/// The feed that subscribers have.
#[derive(Clone, PartialEq, Debug)]
pub struct Old {
    /// Its file, as the command was told of it.
    pub path: PathBuf,
    /// What it says.
    pub published: Published,
}

impl Old {
    /// Reads it.
    ///
    /// # Errors
    /// Where it is no feed: what nobody can read must not pass for a feed without episodes.
    pub fn read(path: &Path, bytes: &[u8]) -> Result<Self, Error> {
        let published = published::read(bytes).map_err(|e| {
            let error = Error::new("the feed that is compared with cannot be read").because(e.message);
            match e.line {
                Some(line) => error.at(format!("{}:{line}", path.display())),
                None => error.at(path),
            }
        })?;
        Ok(Self { path: path.to_owned(), published })
    }
}

/// A show against the feed that subscribers have.
pub fn show(old: &Old, show: &Show, episodes: &[Material], as_of: jiff::Timestamp) -> Vec<Problem> {
    let who = identity::decide(show, episodes, Some(&old.published), &old.path, Asked::default(), as_of);
    let mut problems = who.problems;
    if let (Some(before), Some(now)) = (&old.published.show_guid, &show.guid)
        && before != now
    {
        problems.push(show_guid(before, Some(now), Place::file(&old.path)));
    }
    problems
}

/// A feed against the feed that subscribers have.
pub fn feed(old: &Old, document: &Document, facts: &FeedFacts<'_>) -> Vec<Problem> {
    let Ok(new) = published::of(document) else { return Vec::new() };
    let mut problems = Vec::new();
    if let Some(before) = &old.published.show_guid
        && Some(before) != new.show_guid.as_ref()
    {
        let element = facts.channel.first(facts.podcast(), "guid");
        let place = element.map_or_else(|| facts.start_of(facts.channel), |e| facts.at(e));
        problems.push(show_guid(before, new.show_guid.as_ref(), place));
    }
    let pairs = pair(&old.published.items, &new.items);
    for (before, index) in old.published.items.iter().zip(pairs) {
        let now = index.and_then(|i| Some((new.items.get(i)?, facts.items.get(i)?.element)));
        match now {
            None => problems.push(dropped(before, &old.path)),
            Some((now, element)) => compare(before, now, element, facts, &mut problems),
        }
    }
    problems
}

/// Under what apps know an episode: its guid, else the address of its audio.
fn identity(item: &PublishedItem) -> Option<&str> {
    item.guid.as_ref().map(Guid::as_str).or_else(|| item.enclosure.as_ref().map(|e| e.url.as_str()))
}

/// The new item of each old one: of the same identity, else of the same audio, page, or title and day.
fn pair(old: &[PublishedItem], new: &[PublishedItem]) -> Vec<Option<usize>> {
    let mut by_identity: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, item) in new.iter().enumerate() {
        if let Some(id) = identity(item) {
            by_identity.entry(id).or_insert(index);
        }
    }
    let mut pairs: Vec<Option<usize>> = old.iter().map(|o| by_identity.get(identity(o)?).copied()).collect();
    let mut taken: BTreeSet<usize> = pairs.iter().flatten().copied().collect();
    type Trait = fn(&PublishedItem) -> Option<String>;
    let traits: [Trait; 3] = [
        |item| item.enclosure.as_ref().map(|e| bare(&e.url).to_owned()),
        |item| item.link.clone(),
        |item| item.pub_date.map(|date| format!("{} {}", date.strftime("%F"), item.title)),
    ];
    for of in traits {
        let mut by_trait: BTreeMap<String, usize> = BTreeMap::new();
        for (index, item) in new.iter().enumerate().filter(|(i, _)| !taken.contains(i)) {
            if let Some(value) = of(item) {
                by_trait.entry(value).or_insert(index);
            }
        }
        for (pair, item) in pairs.iter_mut().zip(old).filter(|(pair, _)| pair.is_none()) {
            if let Some(index) = of(item).and_then(|value| by_trait.remove(&value)) {
                taken.insert(index);
                *pair = Some(index);
            }
        }
    }
    pairs
}

/// An address without scheme and query.
fn bare(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.split_once("://").map_or(path, |(_, rest)| rest)
}

fn show_guid(before: &Guid, now: Option<&Guid>, place: Place) -> Problem {
    let message = match now {
        Some(now) => format!("Subscribers have this show as `{before}`, and it would become `{now}`."),
        None => format!("Subscribers have this show as `{before}`, and the feed does not say so any more."),
    };
    Problem { kind: ProblemKind::ShowGuidChanged, place, message, help: Some(format!("Write {before} again.")) }
}

fn dropped(item: &PublishedItem, old: &Path) -> Problem {
    let message = match item.title.as_str() {
        "" => "An episode without a title is not in the feed any more.".to_owned(),
        title => format!("The published episode “{title}” is not in the feed any more."),
    };
    let help = Some("Put the item back, with its guid; apps take it from their listeners otherwise.".to_owned());
    Problem { kind: ProblemKind::EpisodeDropped, place: Place::line(old, item.line), message, help }
}

fn compare(
    before: &PublishedItem,
    now: &PublishedItem,
    element: &Element,
    facts: &FeedFacts<'_>,
    problems: &mut Vec<Problem>,
) {
    let place = |local: &str| element.first("", local).map_or_else(|| facts.start_of(element), |e| facts.at(e));
    let mut problem = |kind: ProblemKind, place: Place, message: String, help: Option<String>| {
        problems.push(Problem { kind, place, message, help });
    };
    if let (Some(was), Some(is)) = (identity(before), identity(now))
        && was != is
    {
        let message = format!("Subscribers have this episode as `{was}`, and it would become `{is}`.");
        problem(ProblemKind::GuidChanged, place("guid"), message, Some(format!("Write the guid {was} again.")));
    }
    if let (Some(was), Some(is)) = (before.pub_date, now.pub_date)
        && was != is
    {
        let message = format!("This episode was published as of {was}, and the feed says {is} now.");
        problem(ProblemKind::DateMoved, place("pubDate"), message, Some("Write the published date again.".into()));
    }
    if let (Some(was), Some(is)) = (&before.enclosure, &now.enclosure)
        && let (Some(old), Some(new)) = (was.length.filter(|l| *l > 0), is.length.filter(|l| *l > 0))
        && old != new
    {
        if bare(&was.url) == bare(&is.url) {
            let message = format!("The file at this address had {old} bytes, and would have {new}.");
            problem(ProblemKind::EnclosureChanged, place("enclosure"), message, None);
        } else {
            let message = format!("This episode's audio had {old} bytes, and would have {new} at another address.");
            problem(ProblemKind::AudioReplaced, place("enclosure"), message, None);
        }
    }
    if let Some(message) = chapters(before, now) {
        let list = element.first(facts.psc(), "chapters").or_else(|| element.first(facts.podcast(), "chapters"));
        let place = list.map_or_else(|| facts.start_of(element), |e| facts.start_of(e));
        problem(ProblemKind::ChaptersChanged, place, message, None);
    }
}

/// How the list of chapters differs, as a sentence: by the list in the feed, else by the name of the file.
fn chapters(before: &PublishedItem, now: &PublishedItem) -> Option<String> {
    let name = |url: &Option<String>| url.as_deref().map(|u| bare(u).rsplit('/').next().unwrap_or_default().to_owned());
    match (before.chapters.as_slice(), now.chapters.as_slice()) {
        ([], []) => {
            let (was, is) = (name(&before.chapters_url)?, name(&now.chapters_url));
            match is {
                Some(is) => (was != is).then(|| format!("The chapters were in {was}, and are in {is} now.")),
                None => Some("This episode had a chapters file, and has none now.".to_owned()),
            }
        }
        (was, is) if was.len() != is.len() => {
            Some(format!("This episode had {} chapters in the feed, and has {} now.", was.len(), is.len()))
        }
        (was, is) => {
            let differs = |(a, b): &(&Mark, &Mark)| (a.start, &a.title) != (b.start, &b.title);
            let (a, b) = was.iter().zip(is).find(differs)?;
            let (at, title, then, now) = (a.start.hms(), &a.title, b.start.hms(), &b.title);
            Some(format!("A chapter “{title}” was at {at}, and is “{now}” at {then} now."))
        }
    }
}
