//! Who an episode is to its subscribers: pinned, or as published, or made once from its name. Nothing changes on its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::material::{Material, Standing};
use crate::error::Error;
use crate::feed::{Published, PublishedItem};
use crate::model::artifact::OutputPath;
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::show::{Guid, Show, Slug};

/// What the publisher asks to be lost or changed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Episodes that are taken down.
    pub drop: &'a [Slug],
    /// Episodes whose identity changes.
    pub change_guid: &'a [Slug],
}

/// Everybody's identity, decided.
#[derive(Clone, PartialEq, Debug)]
pub struct Identities {
    /// The show's.
    pub show: Guid,
    /// One entry for each episode that goes out or may, in the order of the folders; `None` for those without a slug.
    pub episodes: Vec<Option<Guid>>,
    /// The published item of each episode, by index.
    pub published: Vec<Option<usize>>,
    /// Published items that nobody continues: taken down, because the publisher asked.
    pub gone: Vec<usize>,
    /// What would be lost or changed without being asked for.
    pub problems: Vec<Problem>,
}

/// Refuses to lose or change an episode that nobody has: a name that was mistyped would take nothing down.
///
/// # Errors
/// Where a slug is neither that of a folder nor that of a published item.
pub fn exist(asked: Asked<'_>, episodes: &[Material], published: Option<&Published>) -> Result<(), Error> {
    let folders = episodes.iter().filter_map(|m| m.source.slug.as_ref());
    let items = published.iter().flat_map(|p| &p.items).filter_map(|i| i.slug.as_ref());
    let known: BTreeSet<&Slug> = folders.chain(items).collect();
    match asked.drop.iter().chain(asked.change_guid).find(|slug| !known.contains(slug)) {
        None => Ok(()),
        Some(slug) => Err(Error::new(format!("there is no episode `{slug}`"))
            .because("it has neither a folder here nor an item in the published feed")
            .help("name it as its folder is named; nothing has been written")),
    }
}

/// Decides who is who. `feed` is the published feed's path, for the places of problems.
pub fn decide(
    show: &Show,
    episodes: &[Material],
    published: Option<&Published>,
    feed: &Path,
    asked: Asked<'_>,
    as_of: jiff::Timestamp,
) -> Identities {
    let before = published.and_then(|p| p.show_guid.clone());
    let made = || Guid::of_feed(&format!("{}feed.xml", show.base_url));
    let show_guid = show.guid.clone().or(before).unwrap_or_else(made);
    let items = published.map(|p| p.items.as_slice()).unwrap_or_default();
    let mut identities = Identities {
        show: show_guid,
        episodes: Vec::new(),
        published: Vec::new(),
        gone: Vec::new(),
        problems: Vec::new(),
    };
    let mut continued = BTreeSet::new();
    for material in episodes {
        let pinned = material.source.settings.guid.as_ref();
        let slug = material.source.slug.as_ref();
        let known = find(items, pinned, slug);
        let old = known.and_then(|i| items.get(i)).and_then(|item| item.guid.as_ref());
        let guid = pinned.or(old).cloned().or_else(|| slug.map(|slug| Guid::of_episode(&identities.show, slug)));
        if let (Some(slug), Some(old), Some(new)) = (slug, old, &guid)
            && old != new
            && !asked.change_guid.contains(slug)
        {
            identities.problems.push(guid_changed(material, slug, old, new));
        }
        let out = material.standing(show, as_of) == Standing::Out && !slug.is_some_and(|s| asked.drop.contains(s));
        if let Some(index) = known.filter(|_| out) {
            continued.insert(index);
            identities.problems.extend(items.get(index).and_then(|item| date_moved(material, show, item)));
        }
        identities.episodes.push(guid);
        identities.published.push(known);
    }
    for (index, item) in items.iter().enumerate().filter(|(i, _)| !continued.contains(i)) {
        if item.slug.as_ref().is_some_and(|s| asked.drop.contains(s)) {
            identities.gone.push(index);
        } else {
            identities.problems.push(dropped(item, feed, episodes));
        }
    }
    identities
}

/// The published item of an episode: of the same guid, else in the folder of the same name.
fn find(items: &[PublishedItem], guid: Option<&Guid>, slug: Option<&Slug>) -> Option<usize> {
    let same_guid = guid.and_then(|g| items.iter().position(|i| i.guid.as_ref() == Some(g)));
    same_guid.or_else(|| slug.and_then(|s| items.iter().position(|i| i.slug.as_ref() == Some(s))))
}

fn guid_changed(material: &Material, slug: &Slug, old: &Guid, new: &Guid) -> Problem {
    Problem {
        kind: ProblemKind::GuidChanged,
        place: material.source.places.of("guid"),
        message: format!("Subscribers have this episode as `{old}`, and it would become `{new}`."),
        help: Some(format!("Write guid = \"{old}\", or build with `--change-guid {slug}`.")),
    }
}

fn date_moved(material: &Material, show: &Show, item: &PublishedItem) -> Option<Problem> {
    let (now, before) = (material.moment(show)?, item.pub_date?);
    (now != before).then(|| Problem {
        kind: ProblemKind::DateMoved,
        place: match &material.source.article {
            _ if material.source.places.has("date") => material.source.places.of("date"),
            Some(article) => Place::file(article),
            None => Place::file(&material.source.dir),
        },
        message: format!("The episode was published as of {before}, and the date that is written means {now}."),
        help: Some("The published date stays. Write it down, if it is the right one.".into()),
    })
}

fn dropped(item: &PublishedItem, feed: &Path, episodes: &[Material]) -> Problem {
    let name = item.slug.as_ref().map(Slug::as_str);
    let folder = name.and_then(|n| episodes.iter().find(|m| m.source.slug.as_ref().is_some_and(|s| s.as_str() == n)));
    let title = &item.title;
    let message = match folder {
        Some(_) => format!("The published episode “{title}” would be taken from subscribers: it is kept back now."),
        None => format!("The published episode “{title}” has no folder any more."),
    };
    let help = match (name, &item.guid) {
        (Some(name), _) => format!("Bring it back, or take it down with `--drop {name}`."),
        (None, Some(guid)) => format!("Give its folder the published identity: guid = \"{guid}\"."),
        (None, None) => "Give its folder a guid of its own, and publish it anew.".to_owned(),
    };
    let place = match folder {
        Some(material) => Place::file(&material.source.dir),
        None => Place::line(feed, item.line),
    };
    Problem { kind: ProblemKind::EpisodeDropped, place, message, help: Some(help) }
}

/// Every file of the output folder that a published feed names, by the ends of its addresses.
pub fn names(published: &Published) -> BTreeSet<OutputPath> {
    let mut names = BTreeSet::new();
    names.extend(published.image_url.iter().filter_map(|url| tail(url, 1)));
    for item in &published.items {
        let enclosure = item.enclosure.as_ref().map(|e| &e.url);
        let urls = enclosure.into_iter().chain(&item.chapters_url).chain(&item.transcript_urls);
        names.extend(urls.filter_map(|url| tail(url, 2)));
        names.extend(item.image_url.iter().filter_map(|url| tail(url, 2)));
    }
    names
}

fn tail(url: &str, parts: usize) -> Option<OutputPath> {
    let url = url::Url::parse(url).ok()?;
    let segments: Vec<&str> = url.path_segments()?.collect();
    let from = segments.len().checked_sub(parts)?;
    OutputPath::new(&segments.get(from..)?.join("/"))
}

/// The feed that is continued: the one in the output folder, or a file that was named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Previous {
    /// Its path.
    pub path: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
