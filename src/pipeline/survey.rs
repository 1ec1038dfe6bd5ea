//! Material → the facts that rules judge.

use std::path::Path;

use super::feed::FeedMaterial;
use super::loose::Loose;
use super::material::{Cover, Heard, Material, Standing};
use super::pack;
use super::targets::Targets;
use super::transcripts;
use crate::checks::{
    ArticleFacts, ArtworkFacts, ArtworkOwner, AudioFacts, ChapterFacts, EpisodeFacts, FeedFacts, Purpose, ShowFacts,
    Standing as Judged, Survey,
};
use crate::model::audio::Lufs;
use crate::model::chapter::{Mark, Origin};
use crate::model::finding::Problem;
use crate::model::show::{Guid, Show};
use crate::sources::{ShowSource, scaffold};

/// Facts of a show and its episodes. `guids` has the identity of each episode, in the same order, where it is decided.
pub fn of_show<'a>(
    source: &'a ShowSource,
    cover: Option<&'a Cover>,
    episodes: &'a [Material],
    guids: &'a [Option<Guid>],
    as_of: jiff::Timestamp,
) -> Survey<'a> {
    let show = &source.show;
    let mut survey = Survey {
        show: Some(ShowFacts { show, places: &source.places, artwork: cover.map(|c| artwork(c, ArtworkOwner::Show)) }),
        problems: source.problems.clone(),
        as_of: Some(as_of),
        ..Survey::default()
    };
    for (index, material) in episodes.iter().enumerate() {
        let guid = guids.get(index).and_then(Option::as_ref);
        survey.problems.extend(material.problems.iter().cloned());
        survey.problems.extend(transcripts::untimed(material, show));
        survey.episodes.push(episode(material, Some(show), guid, as_of));
    }
    survey
}

/// What a build would refuse to package, of the episodes that go out.
pub fn refused<'a>(
    episodes: &'a [Material],
    show: &'a Show,
    as_of: jiff::Timestamp,
) -> impl Iterator<Item = Problem> + 'a {
    let outgoing = episodes.iter().filter(move |m| m.standing(show, as_of) == Standing::Out);
    outgoing.filter_map(|m| pack::refusal(m, &show.enclosure))
}

/// Facts of one episode folder, with or without a show above it.
pub fn of_episode<'a>(material: &'a Material, show: Option<&'a Show>, as_of: jiff::Timestamp) -> Survey<'a> {
    let enclosure = show.map(|s| s.enclosure.clone()).unwrap_or_default();
    Survey {
        episodes: vec![episode(material, show, None, as_of)],
        problems: material
            .problems
            .iter()
            .cloned()
            .chain(show.and_then(|s| transcripts::untimed(material, s)))
            .chain(pack::refusal(material, &enclosure))
            .collect(),
        as_of: Some(as_of),
        ..Survey::default()
    }
}

fn episode<'a>(
    material: &'a Material,
    show: Option<&'a Show>,
    guid: Option<&'a Guid>,
    as_of: jiff::Timestamp,
) -> EpisodeFacts<'a> {
    let source = &material.source;
    let standing = show.map_or(Standing::Out, |s| material.standing(s, as_of));
    EpisodeFacts {
        path: &source.dir,
        slug: source.slug.as_ref(),
        settings: &source.settings,
        places: &source.places,
        show,
        standing: match standing {
            Standing::Out => Judged::Published,
            Standing::Draft => Judged::Draft,
            Standing::Until(_) => Judged::Held,
        },
        article: article(material),
        recordings: material
            .recordings
            .iter()
            .map(|heard| AudioFacts {
                path: &heard.path,
                purpose: Purpose::Recording,
                recording: &heard.recording,
                target: show.and_then(|s| s.check.loudness).map(Lufs),
            })
            .collect(),
        duration: material.duration(),
        artwork: material.cover.as_ref().map(|c| artwork(c, ArtworkOwner::Episode)),
        chapters: chapters(material),
        guid,
        published: show.and_then(|s| material.moment(s)),
    }
}

fn article(material: &Material) -> Option<ArticleFacts<'_>> {
    Some(ArticleFacts { path: material.source.article.as_deref()?, article: material.article.as_ref()? })
}

fn chapters(material: &Material) -> Option<ChapterFacts<'_>> {
    let source = &material.source;
    let duration = material.duration();
    let sections = material.article.as_ref().map(|a| a.sections().len());
    let script = material.script.as_ref();
    let facts = |path, places, origin, marks| ChapterFacts {
        places,
        origin,
        duration,
        sections,
        script,
        ..ChapterFacts::new(path, marks)
    };
    if let Some(given) = &material.marks {
        let places = given.in_settings.then_some(&source.places);
        return Some(facts(given.path.as_path(), places, Some(Origin::Explicit), given.marks.as_slice()));
    }
    let path: &Path = match material.recordings.as_slice() {
        [] => &source.dir,
        [first, ..] => &first.path,
    };
    let origin = material.origin();
    let embedded: &[Mark] = match (origin, material.recordings.as_slice()) {
        (Some(Origin::Embedded), [one]) => {
            one.recording.chapters.first().map(|c| c.marks.as_slice()).unwrap_or_default()
        }
        _ => &[],
    };
    script.map(|_| facts(path, None, origin, embedded))
}

/// Facts of a feed that was given as XML.
pub fn of_feed<'a>(
    material: &'a FeedMaterial,
    facts: Option<FeedFacts<'a>>,
    targets: &'a Targets<'a>,
    as_of: jiff::Timestamp,
) -> Survey<'a> {
    let mut problems = material.problems.clone();
    problems.extend(targets.problems.iter().cloned());
    let feeds = facts.into_iter().map(|mut feed| {
        (feed.base_url, feed.as_of) = (material.base_url.as_deref(), Some(as_of));
        feed.artwork = targets.cover.as_ref().map(|c| artwork(c, ArtworkOwner::Show));
        feed.unseen = &targets.unseen;
        for (item, opened) in feed.items.iter_mut().zip(&targets.items) {
            item.audio = opened.audio.as_ref().map(|heard| audio(heard, Purpose::Enclosure));
            item.chapters = opened.chapters.as_ref().map(|(path, marks)| (path.as_path(), marks.as_slice()));
            item.artwork = opened.cover.as_ref().map(|c| artwork(c, ArtworkOwner::Episode));
            item.versions = &opened.versions;
        }
        feed
    });
    Survey { feeds: feeds.collect(), problems, as_of: Some(as_of), ..Survey::default() }
}

/// Facts of a file that was given alone.
pub fn of_loose(loose: &Loose) -> Survey<'_> {
    let path = loose.path.as_path();
    Survey {
        articles: loose.article.iter().map(|article| ArticleFacts { path, article }).collect(),
        audio: loose.recording.iter().map(|heard| audio(heard, Purpose::Alone)).collect(),
        artwork: loose.picture.iter().map(|picture| artwork(picture, ArtworkOwner::Show)).collect(),
        chapters: loose.marks.iter().map(|marks| ChapterFacts::new(path, marks)).collect(),
        problems: loose.problems.clone(),
        ..Survey::default()
    }
}

fn audio(heard: &Heard, purpose: Purpose) -> AudioFacts<'_> {
    AudioFacts { path: &heard.path, purpose, recording: &heard.recording, target: None }
}

fn artwork(cover: &Cover, owner: ArtworkOwner) -> ArtworkFacts<'_> {
    ArtworkFacts {
        path: &cover.path,
        owner,
        picture: cover.facts,
        placeholder: cover.bytes == scaffold::PLACEHOLDER_COVER,
    }
}
