//! The stamp of a build that is complete: how everything looked that it was made of and that it made, and what was said.
//! Where all of that is as it was, a build has nothing to do.
//!
//! It holds only for the same program under the same command line, and between two moments at which an episode goes
//! out. Inputs are looked at before any of them is read, and the build waits until whatever changes from then on looks
//! otherwise; so a change during the build makes the next one whole, never this one's stamp true.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::build::{Built, BuiltEpisode, Request};
use super::material::Material;
use crate::checks;
use crate::feed::Change;
use crate::model::artifact::ContentHash;
use crate::model::finding::{Finding, Place, Report, Severity};
use crate::model::show::Show;
use crate::model::time::Duration;
use crate::publish::{FEED_NAME, Plan};
use crate::sources::{ShowSource, State, Which};

/// Under this word stamps are kept in the cache.
const STAMP: &str = "build";

#[derive(Serialize, Deserialize)]
struct Stamp {
    /// What decided on the build beside its folders.
    key: ContentHash,
    inputs: ContentHash,
    /// Inputs that lie deeper or elsewhere.
    outside: Vec<PathBuf>,
    outputs: ContentHash,
    /// The moment of the episode that went out last, in seconds and nanoseconds: before it, the build was another one.
    since: Option<(i64, i32)>,
    /// The moment at which the next one goes out.
    until: Option<(i64, i32)>,
    findings: Vec<Found>,
    allowed: usize,
    episodes: Vec<Episode>,
}

/// A finding with its rule by name.
#[derive(Serialize, Deserialize)]
struct Found {
    rule: String,
    place: Place,
    message: String,
    help: Option<String>,
    effective: Severity,
}

#[derive(Serialize, Deserialize)]
struct Episode {
    name: String,
    guid: String,
    duration: Option<Duration>,
    chapters: usize,
    enclosure_bytes: u64,
}

/// The inputs of a build, watched from before the first is read.
pub(super) struct Watch {
    /// `None` where they cannot be looked at, or where a change of them could look like none.
    inputs: Option<State>,
    outside: Vec<PathBuf>,
}

/// How a build begins.
pub(super) enum Start {
    /// With nothing to do: this is what it says.
    Unchanged(Box<Built>),
    /// With everything to do.
    Changed(Box<Watch>),
}

/// Looks at the inputs of a build, and at its outputs where those look as they did.
pub(super) fn start(request: &Request<'_>) -> Start {
    let inputs = State::of(request.episodes, Which::Show).ok();
    if let Some(built) = inputs.as_ref().and_then(|inputs| unchanged(request, inputs.clone())) {
        return Start::Unchanged(Box::new(built));
    }
    // What it says of episodes that may be taken down now is of no use any more.
    request.cache.forget(&[STAMP], &place(request));
    let inputs = inputs.filter(|state| request.cache.moves_past(state));
    Start::Changed(Box::new(Watch { inputs, outside: Vec::new() }))
}

impl Watch {
    /// Looks at inputs that lie deeper or elsewhere. Their manifests are read already, they themselves are not.
    pub(super) fn and(&mut self, request: &Request<'_>, source: &ShowSource) {
        let Some(inputs) = &mut self.inputs else { return };
        let of_episode = source.episodes.iter().flat_map(|e| {
            let single = [&e.article, &e.marks_file, &e.transcript, &e.cover, &e.manifest];
            e.recordings.iter().chain(single.into_iter().flatten())
        });
        for path in source.cover.iter().chain(of_episode) {
            if inputs.and(path) {
                self.outside.push(path.clone());
            }
        }
        if !self.outside.is_empty() && !request.cache.moves_past(inputs) {
            self.inputs = None;
        }
    }

    /// Keeps the stamp of a build: the folder is as it should be, and the next build would say this.
    pub(super) fn keep(self, request: &Request<'_>, next: &Next<'_>) {
        // To take down what is down already is a mistake, and told as one every time.
        let Some(inputs) = self.inputs.filter(|_| request.asked.drop.is_empty()) else { return };
        let Ok(outputs) = State::of(request.feed, Which::Everything) else { return };
        if !request.cache.moves_past(&outputs) {
            return;
        }
        let moments = next.materials.iter().filter_map(|m| m.moment(next.show));
        let (past, coming): (Vec<_>, Vec<_>) = moments.partition(|at| *at <= request.as_of);
        let found = |f: &Finding| Found {
            rule: f.rule.id.to_owned(),
            place: f.place.clone(),
            message: f.message.clone(),
            help: f.help.clone(),
            effective: f.effective,
        };
        let episode = |e: &BuiltEpisode| Episode {
            name: e.name.clone(),
            guid: e.guid.clone(),
            duration: e.duration,
            chapters: e.chapters,
            enclosure_bytes: e.enclosure_bytes,
        };
        let stamp = Stamp {
            key: key(request),
            inputs: inputs.hash(),
            outside: self.outside,
            outputs: outputs.hash(),
            since: past.into_iter().max().map(parts),
            until: coming.into_iter().min().map(parts),
            findings: next.report.findings.iter().map(found).collect(),
            allowed: next.report.allowed,
            episodes: next.episodes.iter().filter(|e| e.change != Change::Gone).map(episode).collect(),
        };
        request.cache.remember(STAMP, &place(request), &stamp);
    }
}

/// What the next build will find, if nothing changes.
pub(super) struct Next<'a> {
    pub(super) show: &'a Show,
    pub(super) materials: &'a [Material],
    pub(super) report: &'a Report,
    pub(super) episodes: &'a [BuiltEpisode],
}

/// What a build would say of a show whose inputs are these, if it has nothing to do.
fn unchanged(request: &Request<'_>, mut inputs: State) -> Option<Built> {
    let stamp: Stamp = request.cache.recall(STAMP, &place(request))?;
    let now = parts(request.as_of);
    let is_time = stamp.since.is_none_or(|since| since <= now) && stamp.until.is_none_or(|until| now < until);
    for path in &stamp.outside {
        inputs.and(path);
    }
    if !is_time || stamp.key != key(request) || inputs.hash() != stamp.inputs {
        return None;
    }
    if State::of(request.feed, Which::Everything).ok()?.hash() != stamp.outputs {
        return None;
    }
    let finding = |found: Found| {
        let rule = checks::rules().find(|r| r.id == found.rule)?;
        let Found { place, message, help, effective, .. } = found;
        Some(Finding { rule, place, message, help, effective })
    };
    let findings = stamp.findings.into_iter().map(finding).collect::<Option<Vec<Finding>>>()?;
    let episode = |e: Episode| BuiltEpisode {
        name: e.name,
        guid: e.guid,
        duration: e.duration,
        chapters: e.chapters,
        enclosure_bytes: e.enclosure_bytes,
        cached: true,
        change: Change::None,
    };
    Some(Built {
        feed: Some(request.feed.join(FEED_NAME)),
        plan: Plan::default(),
        episodes: stamp.episodes.into_iter().map(episode).collect(),
        report: Report { findings, allowed: stamp.allowed },
    })
}

/// Two folders: of each pair there is one stamp.
fn place(request: &Request<'_>) -> ContentHash {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let paths = [request.episodes, request.feed].map(absolute);
    hash(paths.iter().map(|path| path.as_os_str().as_encoded_bytes()))
}

/// Everything that decides on a build and does not lie in its folders. Findings name files as the command was told of
/// them.
fn key(request: &Request<'_>) -> ContentHash {
    let asked = format!("{:?} {:?}", request.links, request.asked);
    let named = [request.episodes, request.feed].map(|path| path.as_os_str().as_encoded_bytes());
    let previous = request.previous.as_ref();
    let previous = previous.map(|p| [p.path.as_os_str().as_encoded_bytes(), p.bytes.as_slice()]);
    let words = [request.circumstances.as_bytes(), asked.as_bytes()];
    hash(named.into_iter().chain(words).chain(previous.into_iter().flatten()))
}

fn hash<'a>(parts: impl Iterator<Item = &'a [u8]>) -> ContentHash {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    }
    ContentHash::new(*hasher.finalize().as_bytes())
}

fn parts(moment: jiff::Timestamp) -> (i64, i32) {
    (moment.as_second(), moment.subsec_nanosecond())
}
