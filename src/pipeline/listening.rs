//! Hearing: the recording of an episode, walked and decoded once, and found in its article; what was heard before is
//! remembered.

use std::path::Path;

use serde::Serialize;

use super::material::Heard;
use crate::align::{self, Task};
use crate::audio;
use crate::model::article::{Article, Guess, Kind};
use crate::model::artifact::ContentHash;
use crate::model::audio::{Features, Recording};
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::script;
use crate::model::show::{EpisodeSettings, Slug};
use crate::model::time::{Duration, Timestamp};
use crate::sources::cache::{Cache, Identity, is_unchanged};
use crate::sources::{self, EpisodeSource};

/// Under these words recordings, and what was heard in them of their article, are kept in the cache.
pub(super) const RECORDING: &str = "recording";
pub(super) const HEARD: &str = "heard";

/// The recordings of an episode, and where its article is read in them. Nothing is opened that was heard before, as
/// long as neither the recording, nor the article's words, nor how they are said has changed.
pub(super) fn listen(
    source: &EpisodeSource,
    article: Option<&Article>,
    cache: &Cache,
    problems: &mut Vec<Problem>,
) -> (Vec<Heard>, Option<script::Heard>) {
    let mut files = Vec::new();
    for path in &source.recordings {
        match identify(path, cache) {
            Ok(identity) => files.push((path.as_path(), identity)),
            Err(problem) => problems.push(problem),
        }
    }
    let is_whole = files.len() == source.recordings.len();
    let wanted = article.filter(|_| is_whole).and_then(|article| {
        let (_, first) = files.first()?;
        let shelf = shelf(&first.hash, source.slug.as_ref());
        Some(Wanted { article, settings: &source.settings, shelf, key: key(article, source, &files)? })
    });
    let known = wanted.as_ref().and_then(|w| w.recall(cache));
    let mut recordings = Vec::new();
    let mut ear = wanted.filter(|_| known.is_none()).map(|wanted| (wanted, Features::default()));
    let mut length = Duration::ZERO;
    for (path, identity) in files {
        let heard = match &ear {
            None => known_or_heard(path, identity, cache),
            Some(_) => decode(path, identity, cache, audio::listen).map(|(heard, own)| {
                ear = ear.take().zip(own).and_then(|((wanted, mut features), own)| {
                    features.pad(Timestamp::after(length)).then(|| features.join(&own))?;
                    Some((wanted, features))
                });
                heard
            }),
        };
        match heard {
            Ok(heard) => {
                length = length.plus(heard.recording.duration().0);
                recordings.push(heard);
            }
            Err(problem) => {
                problems.push(problem);
                ear = None;
            }
        }
    }
    let found = ear.map(|(wanted, features)| wanted.find(&features, length, cache));
    (recordings, known.or(found))
}

/// An article that is looked for in a recording.
struct Wanted<'a> {
    article: &'a Article,
    settings: &'a EpisodeSettings,
    /// Where in the cache: not by the text, so that what an older one gave is replaced, and a takedown finds it.
    shelf: ContentHash,
    /// Of everything that it depends on.
    key: ContentHash,
}

impl Wanted<'_> {
    fn recall(&self, cache: &Cache) -> Option<script::Heard> {
        let (key, heard): (ContentHash, script::Heard) = cache.recall(HEARD, &self.shelf)?;
        (key == self.key).then_some(heard)
    }

    fn find(&self, features: &Features, duration: Duration, cache: &Cache) -> script::Heard {
        let task = Task {
            article: self.article,
            language: self.settings.language.as_deref(),
            pronounce: &self.settings.pronounce,
            duration,
        };
        let heard = align::align(task, features);
        cache.remember(HEARD, &self.shelf, &(self.key, &heard));
        heard
    }
}

/// Where in the cache it is kept what was heard: one recording may be that of several episodes.
pub(super) fn shelf(recording: &ContentHash, slug: Option<&Slug>) -> ContentHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(recording.bytes());
    hasher.update(slug.map(Slug::as_str).unwrap_or_default().as_bytes());
    ContentHash::new(*hasher.finalize().as_bytes())
}

/// What an alignment depends on.
#[derive(Serialize)]
struct Dependencies<'a> {
    method: u32,
    recordings: Vec<ContentHash>,
    language: Option<&'a str>,
    pronounce: &'a [(String, String)],
    blocks: Vec<(Kind, Guess, &'a str)>,
}

fn key(article: &Article, source: &EpisodeSource, files: &[(&Path, Identity)]) -> Option<ContentHash> {
    let language = source.settings.language.as_deref().or(article.language.as_deref());
    let dependencies = Dependencies {
        method: align::METHOD,
        recordings: files.iter().map(|(_, identity)| identity.hash).collect(),
        language,
        pronounce: &source.settings.pronounce,
        blocks: article.blocks.iter().map(|b| (b.kind, b.guess, b.text.as_str())).collect(),
    };
    let bytes = postcard::to_stdvec(&dependencies).ok()?;
    Some(ContentHash::new(*blake3::hash(&bytes).as_bytes()))
}

/// Walks and decodes a recording, or remembers what was found before.
pub fn hear(path: &Path, cache: &Cache) -> Result<Heard, Problem> {
    known_or_heard(path, identify(path, cache)?, cache)
}

fn identify(path: &Path, cache: &Cache) -> Result<Identity, Problem> {
    cache.identify(path).map_err(|e| e.problem(ProblemKind::AudioUnreadable, path))
}

fn known_or_heard(path: &Path, identity: Identity, cache: &Cache) -> Result<Heard, Problem> {
    if let Some(recording) = cache.recall(RECORDING, &identity.hash) {
        return Ok(Heard { path: path.to_owned(), identity, recording });
    }
    let alone = |source, name: &str| audio::analyse(source, name).map(|recording| (recording, ()));
    decode(path, identity, cache, alone).map(|(heard, ())| heard)
}

/// One pass over a recording, by one of the ways in which audio can be heard.
fn decode<T>(
    path: &Path,
    identity: Identity,
    cache: &Cache,
    way: impl FnOnce(Box<dyn audio::Source>, &str) -> Result<(Recording, T), audio::Unreadable>,
) -> Result<(Heard, T), Problem> {
    let file = sources::open(path).map_err(|e| e.problem(ProblemKind::AudioUnreadable, path))?;
    let (recording, more) = way(Box::new(file), &path.to_string_lossy()).map_err(|e| Problem {
        kind: ProblemKind::AudioUnreadable,
        place: Place::file(path),
        message: e.message,
        help: e.help,
    })?;
    if !is_unchanged(path, &identity) {
        return Err(Problem {
            kind: ProblemKind::AudioChanged,
            place: Place::file(path),
            message: "The recording changed while it was read.".into(),
            help: Some("Run the command again once nothing writes to it.".into()),
        });
    }
    cache.remember(RECORDING, &identity.hash, &recording);
    Ok((Heard { path: path.to_owned(), identity, recording }, more))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::script::Verdict;
    use crate::sources::Links;

    const SPOKEN: &[u8] = include_bytes!("../../tests/audio/flite-awb-harbour.opus");
    const ARTICLE: &str = "# The Harbour at Night\n\nThe harbour never sleeps, and neither do the people who guide ships \
        through it. On a winter night their work begins when the offices go dark.\n\n## The pilots\n\nEach pilot knows the \
        channel by heart. They climb aboard from a small boat, in any weather, by a ladder of rope.\n\n## The lights\n\n\
        Green to one side and red to the other: the oldest signs at sea are still the ones that matter most.\n";

    fn heard(folder: &Path, cache: &Cache) -> Option<script::Heard> {
        let material = super::super::material::gather(sources::episode(folder, Links::Refuse), cache);
        let mut problems = Vec::new();
        listen(&material.source, material.article.as_ref(), cache, &mut problems).1
    }

    #[test]
    fn what_was_heard_is_remembered_until_recording_words_or_pronunciation_change() {
        let folder = tempfile::tempdir().expect("a folder");
        let episode = folder.path().join("harbour");
        fs::create_dir(&episode).expect("made");
        fs::write(episode.join("article.md"), ARTICLE).expect("written");
        fs::write(episode.join("reading.opus"), SPOKEN).expect("written");
        let cache = Cache::open(&folder.path().join("cache"));
        let first = heard(&episode, &cache).expect("it is heard");
        assert_eq!(first.verdict, Verdict::ThisArticle);

        // Another answer on the same shelf shows who was asked.
        let recording = identify(&episode.join("reading.opus"), &cache).expect("it is there").hash;
        let shelf = shelf(&recording, Slug::new("harbour").as_ref());
        let marked = |heard: &script::Heard| script::Heard { method: "the cache".into(), ..heard.clone() };
        let (key, kept): (ContentHash, script::Heard) = cache.recall(HEARD, &shelf).expect("it is kept");
        assert_eq!(kept, first);
        cache.remember(HEARD, &shelf, &(key, marked(&first)));
        assert_eq!(heard(&episode, &cache).expect("heard").method, "the cache");
        // Where a line stands says nothing about how it is read.
        fs::write(episode.join("article.md"), ARTICLE.replace("\n\n", "\n\n\n")).expect("written");
        assert_eq!(heard(&episode, &cache).expect("heard").method, "the cache");

        fs::write(episode.join("article.md"), ARTICLE.replace("by heart", "by night")).expect("written");
        assert_eq!(heard(&episode, &cache).expect("heard").method, "English");
        fs::write(episode.join("episode.toml"), "pronounce = { \"pilot\" = \"pie lot\" }\n").expect("written");
        let (key, _): (ContentHash, script::Heard) = cache.recall(HEARD, &shelf).expect("it is kept");
        assert_eq!(heard(&episode, &cache).expect("heard").method, "English");
        let (other, _): (ContentHash, script::Heard) = cache.recall(HEARD, &shelf).expect("it is kept");
        assert_ne!(key, other);
    }

    #[test]
    fn a_recording_that_changes_while_it_is_read_is_nobodys() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("reading.opus");
        fs::write(&path, SPOKEN).expect("written");
        let before = identify(&path, &Cache::none()).expect("it is there");
        let way = |source, name: &str| {
            let heard = audio::analyse(source, name);
            fs::write(&path, [SPOKEN, SPOKEN].concat()).expect("written");
            heard.map(|recording| (recording, ()))
        };
        let problem = decode(&path, before, &Cache::none(), way).expect_err("it has changed");
        assert_eq!(problem.kind, ProblemKind::AudioChanged);
    }

    #[test]
    fn a_recording_in_parts_is_heard_as_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let episode = folder.path().join("twice");
        fs::create_dir(&episode).expect("made");
        let body = |text: &str| text.split_once("\n\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
        fs::write(episode.join("article.md"), format!("{ARTICLE}\n## Once more\n\n{}", body(ARTICLE)))
            .expect("written");
        fs::write(episode.join("part 1.opus"), SPOKEN).expect("written");
        fs::write(episode.join("part 2.opus"), SPOKEN).expect("written");
        let heard = heard(&episode, &Cache::none()).expect("it is heard");
        let starts: Vec<Vec<u64>> = ["The pilots", "The lights"]
            .iter()
            .map(|heading| {
                let own = heard.blocks.iter().filter(|b| b.sentences.iter().any(|s| s.text == *heading));
                own.filter_map(|b| b.span.map(|s| s.start.millis())).collect()
            })
            .collect();
        for (starts, due) in starts.iter().zip([8_695_u64, 16_023]) {
            assert_eq!(starts.len(), 2, "{starts:?}");
            for (start, due) in starts.iter().zip([due, due + 22_160]) {
                assert!(start.abs_diff(due) < 100, "{starts:?}");
            }
        }
    }
}
