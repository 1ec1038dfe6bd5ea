//! The main job, from folders to a feed: every step of the picture in `lib.rs`, in its order.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::against::{self, Old};
use super::identity::{self, Asked, Identities, Previous};
use super::material::{Material, Standing, gather, read_cover};
use super::pack::{self, Episode, Words};
use super::stamp::{Next, Start, Watch};
use super::{stamp, survey};
use crate::checks::{self, Policy};
use crate::error::Error;
use crate::feed::{self, Change, FeedInput, Published, PublishedItem};
use crate::model::artifact::{Artifact, ContentHash, MediaType, OutputPath};
use crate::model::finding::{Problem, Report};
use crate::model::show::{CheckSettings, Guid, Slug};
use crate::model::time::Duration;
use crate::package::Artwork;
use crate::publish::{FEED_NAME, Folder, Plan, Publication};
use crate::sources::cache::Cache;
use crate::sources::{self, Links, ShowSource};

/// What is to be built, and how.
pub struct Request<'a> {
    /// The folder with `show.toml`.
    pub episodes: &'a Path,
    /// The output folder.
    pub feed: &'a Path,
    /// The published feed, where the output folder has none.
    pub previous: Option<Previous>,
    /// Another feed that subscribers have.
    pub against: Option<&'a Old>,
    /// What may be lost or changed.
    pub asked: Asked<'a>,
    /// The moment that counts as now.
    pub as_of: jiff::Timestamp,
    /// What becomes of links that lead out of the show.
    pub links: Links,
    /// How findings of a show are judged.
    pub policy: &'a dyn Fn(&CheckSettings) -> Policy,
    /// Where measurements are kept.
    pub cache: &'a Cache,
    /// What else decides on the outcome: the program itself, and by what its command line judges.
    pub circumstances: &'a str,
    /// Told of every episode that was heard.
    pub heard: &'a (dyn Fn() + Sync),
}

/// How a build ended.
pub struct Built {
    /// The feed, if it is now what the episodes say.
    pub feed: Option<PathBuf>,
    /// What was done to the folder.
    pub plan: Plan,
    /// Every episode that subscribers have or had.
    pub episodes: Vec<BuiltEpisode>,
    /// What was found.
    pub report: Report,
}

/// What a build means for one episode.
pub struct BuiltEpisode {
    /// Its folder; the title where it has no folder.
    pub name: String,
    /// Its identity.
    pub guid: String,
    /// Exact length; `None` where it is gone.
    pub duration: Option<Duration>,
    /// How many chapters.
    pub chapters: usize,
    /// Size of the enclosure.
    pub enclosure_bytes: u64,
    /// True where nothing had to be made.
    pub cached: bool,
    /// What changes for subscribers.
    pub change: Change,
}

/// Name and version, as the feed states them.
const GENERATOR: &str = concat!("listen-now ", env!("CARGO_PKG_VERSION"));

/// Builds a show. Findings at or above an error stop it before anything is written.
///
/// # Errors
/// Where something cannot be read or written, or the output folder is not this show's.
pub fn build(request: &Request<'_>) -> Result<Built, Error> {
    match stamp::start(request) {
        Start::Changed(watch) => build_all(request, *watch),
        Start::Unchanged(built) => Ok(*built),
    }
}

fn build_all(request: &Request<'_>, mut watch: Watch) -> Result<Built, Error> {
    // read, hear, settle
    let mut source = sources::show(request.episodes, request.links);
    watch.and(request, &source);
    let cover = source.cover.clone().and_then(|c| read_cover(&c).map_err(|p| source.problems.push(p)).ok());
    let materials: Vec<Material> = std::mem::take(&mut source.episodes)
        .into_par_iter()
        .map(|episode| {
            let material = gather(episode, request.cache);
            (request.heard)();
            material
        })
        .collect();

    // what subscribers have
    let folder = Folder::open(request.feed, request.episodes)?;
    let feed_path = request.feed.join(FEED_NAME);
    let published = published(&folder, &feed_path, request.previous.as_ref())?;
    identity::exist(request.asked, &materials, published.as_ref()).map_err(|e| e.at(request.episodes))?;
    let who = identity::decide(&source.show, &materials, published.as_ref(), &feed_path, request.asked, request.as_of);
    folder.claim(&who.show, published.as_ref().and_then(|p| p.show_guid.as_ref()))?;

    // check
    let mut report = judge(request, &source, cover.as_ref(), &materials, &who, &[]);
    if report.fails() {
        return Ok(Built { feed: None, plan: Plan::default(), episodes: Vec::new(), report });
    }

    // pack, render
    let show_artwork = cover.as_ref().map(|c| pack::artwork(c, request.cache)).transpose().map_err(because)?;
    let episodes = outgoing(&source, &materials, &who, published.as_ref(), request)?;
    let packed = pack::pack(&source.show, &episodes, show_artwork.as_ref(), &folder, request.cache)?;
    if let Some(problem) = packed.problems.into_iter().next() {
        return Err(because(problem));
    }
    if !packed.notes.is_empty() {
        report = judge(request, &source, cover.as_ref(), &materials, &who, &packed.notes);
        if report.fails() {
            return Ok(Built { feed: None, plan: Plan::default(), episodes: Vec::new(), report });
        }
    }
    let items = episodes.iter().zip(&packed.files).map(|(episode, files)| pack::item(&source.show, episode, files));
    let bytes = feed::render(&FeedInput {
        show: &source.show,
        show_guid: &who.show,
        feed_url: format!("{}{FEED_NAME}", source.show.base_url),
        cover_url: cover_url(&source, show_artwork.as_ref()),
        generator: GENERATOR.into(),
        items: items.collect(),
    })?;

    // check again: what is about to be written against what was settled
    super::proof::prove(&packed.media, &episodes)?;
    let now =
        feed::published::read(&bytes).map_err(|e| Error::new("the new feed cannot be read").because(e.message))?;

    // write
    let name = OutputPath::new(FEED_NAME).ok_or_else(|| Error::new("the feed has no name"))?;
    let previous = published.as_ref().map(identity::names).unwrap_or_default();
    let pages = super::pages::pages(&source.show, &episodes, &packed.files, show_artwork.as_ref());
    let plan = folder.publish(&Publication {
        guid: &who.show,
        media: &packed.media,
        kept: &packed.kept,
        feed: &Artifact::of_bytes(name, MediaType::Rss, bytes),
        pages: &pages,
        inputs: &packed.inputs,
        previous: &previous,
    })?;
    take_down(request, &materials, &who, published.as_ref());
    let episodes = told(&episodes, &packed.files, published.as_ref(), &now, request.cache);

    // what the next build would find
    let next = identity::decide(&source.show, &materials, Some(&now), &feed_path, request.asked, request.as_of);
    if (&next.show, &next.episodes) == (&who.show, &who.episodes) {
        let report = judge(request, &source, cover.as_ref(), &materials, &next, &packed.notes);
        if !report.fails() {
            watch.keep(
                request,
                &Next { show: &source.show, materials: &materials, report: &report, episodes: &episodes },
            );
        }
    }
    Ok(Built { feed: Some(feed_path), plan, episodes, report })
}

/// What subscribers have. A feed that cannot be read stops the build; it is never treated as absent.
fn published(folder: &Folder, path: &Path, named: Option<&Previous>) -> Result<Option<Published>, Error> {
    let (bytes, path) = match (folder.previous_feed(), named) {
        (Some(bytes), _) => (bytes, path),
        (None, Some(previous)) => (previous.bytes.as_slice(), previous.path.as_path()),
        (None, None) => return Ok(None),
    };
    feed::published::read(bytes).map(Some).map_err(|e| {
        let line = e.line.map_or(String::new(), |l| format!(" on line {l}"));
        Error::new(format!("the published feed cannot be read{line}"))
            .at(path)
            .because(e.message)
            .help("put back the last good copy; without it, episodes could lose their identity")
    })
}

fn judge(
    request: &Request<'_>,
    source: &ShowSource,
    cover: Option<&super::material::Cover>,
    materials: &[Material],
    who: &Identities,
    notes: &[Problem],
) -> Report {
    let mut problems = who.problems.clone();
    problems.extend_from_slice(notes);
    if let Some(old) = request.against {
        problems.extend(against::show(old, &source.show, materials, request.as_of));
    }
    problems.extend(
        materials
            .iter()
            .filter(|m| goes_out(m, source, request))
            .filter_map(|m| pack::refusal(m, &source.show.enclosure)),
    );
    // The rule about pinned guids looks at what is pinned, and the others at what is decided.
    let mut survey = survey::of_show(source, cover, materials, &who.episodes, request.as_of);
    survey.problems.extend(problems);
    (request.policy)(&source.show.check).judge(checks::run(&survey))
}

fn goes_out(material: &Material, source: &ShowSource, request: &Request<'_>) -> bool {
    let dropped = material.source.slug.as_ref().is_some_and(|s| request.asked.drop.contains(s));
    !dropped && material.standing(&source.show, request.as_of) == Standing::Out
}

/// The episodes of the feed, newest first, ties by slug.
fn outgoing<'a>(
    source: &'a ShowSource,
    materials: &'a [Material],
    who: &Identities,
    published: Option<&Published>,
    request: &Request<'_>,
) -> Result<Vec<Episode<'a>>, Error> {
    let mut episodes = Vec::new();
    for (index, material) in materials.iter().enumerate().filter(|(_, m)| goes_out(m, source, request)) {
        let item = who.published.get(index).copied().flatten().and_then(|i| published?.items.get(i));
        let pub_date = item.and_then(|i| i.pub_date).or_else(|| material.moment(&source.show));
        let guid = who.episodes.get(index).cloned().flatten();
        let chapters = material.script.as_ref().and_then(|s| s.chapters.as_ref());
        let (Some(slug), Some(guid), Some(pub_date), [_, ..], Some(chapters)) =
            (material.source.slug.as_ref(), guid, pub_date, material.recordings.as_slice(), chapters)
        else {
            // The rules stop a build that lacks one of these; a publisher who allows them cannot have the episode.
            return Err(Error::new("an episode lacks what a feed needs").at(&material.source.dir).help(
                "`listen-now check` says what is missing; such findings cannot be allowed, but `draft = true` keeps it back",
            ));
        };
        let artwork = material.cover.as_ref().map(|c| pack::artwork(c, request.cache)).transpose().map_err(because)?;
        let words = Words::of(material, &source.show);
        let recordings = material.recordings.as_slice();
        episodes.push(Episode {
            material,
            slug,
            guid,
            pub_date,
            recordings,
            chapters,
            artwork,
            words,
            settings: &source.show.enclosure,
        });
    }
    episodes.sort_by(|a, b| b.pub_date.cmp(&a.pub_date).then_with(|| a.slug.cmp(b.slug)));
    episodes.truncate(source.show.max_items.unwrap_or(usize::MAX));
    Ok(episodes)
}

fn cover_url(source: &ShowSource, artwork: Option<&Artwork>) -> Option<String> {
    let cover = crate::package::cover(artwork?, None)?;
    Some(format!("{}{}", source.show.base_url, cover.path.as_str()))
}

fn because(problem: Problem) -> Error {
    let error = Error::new(problem.message).at(problem.place.path);
    match problem.help {
        Some(help) => error.help(help),
        None => error,
    }
}

/// A takedown reaches the cache too: nothing of the recording stays.
fn take_down(request: &Request<'_>, materials: &[Material], who: &Identities, published: Option<&Published>) {
    for item in who.gone.iter().filter_map(|i| published?.items.get(*i)) {
        let url = item.enclosure.as_ref().map(|e| e.url.as_str()).unwrap_or_default();
        if let Some(recording) = pack::recording_of(url, request.cache) {
            pack::forget(&recording, item.slug.as_ref(), request.cache);
        }
    }
    let dropped = |m: &&Material| m.source.slug.as_ref().is_some_and(|s| request.asked.drop.contains(s));
    for material in materials.iter().filter(dropped) {
        pack::forget_material(material, request.cache);
    }
}

/// What changes for those who have an episode. A tag that changes gives the enclosure another name; as long as it is
/// made of the same recording, that is no other audio.
fn change(
    before: Option<&PublishedItem>,
    now: Option<&PublishedItem>,
    recording: ContentHash,
    cache: &Cache,
) -> Change {
    let (Some(old), Some(new)) = (before, now) else { return feed::published::change(before, now) };
    let url = old.enclosure.as_ref().map(|e| e.url.as_str()).unwrap_or_default();
    if pack::recording_of(url, cache) != Some(recording) {
        return feed::published::change(before, now);
    }
    let same_audio = PublishedItem { enclosure: new.enclosure.clone(), ..old.clone() };
    match feed::published::change(Some(&same_audio), now) {
        Change::None if feed::published::change(before, now) != Change::None => Change::Notes,
        change => change,
    }
}

/// What the build means for each episode, newest first, and then for those that are gone.
fn told(
    episodes: &[Episode<'_>],
    files: &[pack::Files],
    before: Option<&Published>,
    now: &Published,
    cache: &Cache,
) -> Vec<BuiltEpisode> {
    let old = |guid: &Guid, slug: &Slug| {
        let items = before.map(|p| p.items.as_slice()).unwrap_or_default();
        items
            .iter()
            .find(|i| i.guid.as_ref() == Some(guid))
            .or_else(|| items.iter().find(|i| i.slug.as_ref() == Some(slug)))
    };
    let mut told: Vec<BuiltEpisode> = episodes
        .iter()
        .zip(files)
        .map(|(episode, files)| {
            let item = now.items.iter().find(|i| i.guid.as_ref() == Some(&episode.guid));
            BuiltEpisode {
                name: episode.slug.to_string(),
                guid: episode.guid.to_string(),
                duration: Some(episode.duration()),
                chapters: episode.chapters.chapters().len(),
                enclosure_bytes: files.enclosure.length,
                cached: files.kept,
                change: change(old(&episode.guid, episode.slug), item, episode.content(), cache),
            }
        })
        .collect();
    // Taken down, or beyond `max_items`.
    let guids: BTreeSet<_> = now.items.iter().filter_map(|i| i.guid.as_ref()).collect();
    let slugs: BTreeSet<_> = now.items.iter().filter_map(|i| i.slug.as_ref()).collect();
    let stays = |item: &PublishedItem| {
        item.guid.as_ref().is_some_and(|g| guids.contains(g)) || item.slug.as_ref().is_some_and(|s| slugs.contains(s))
    };
    let gone = before.iter().flat_map(|p| &p.items).filter(|item| !stays(item));
    told.extend(gone.map(|item| BuiltEpisode {
        name: item.slug.as_ref().map_or_else(|| item.title.clone(), Slug::to_string),
        guid: item.guid.as_ref().map(Guid::to_string).unwrap_or_default(),
        duration: None,
        chapters: 0,
        enclosure_bytes: 0,
        cached: false,
        change: Change::Gone,
    }));
    told
}
