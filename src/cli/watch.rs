//! Building again whenever something in a show changes, for `serve --watch`.
//!
//! Sizes and times are looked at twice a second. That needs no more than any file system has, shares included, where
//! notices of a system often do not arrive; a show of a thousand episodes is looked through in a few milliseconds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Session, shown};
use crate::checks::{Levels, Policy};
use crate::error::Error;
use crate::pipeline::identity::Asked;
use crate::pipeline::{Request, build};
use crate::sources::Links;

const PAUSE: Duration = Duration::from_millis(500);
/// Nobody nests a show deeper.
const DEEPEST: usize = 8;

/// A show that is watched, and the folder that it is built into.
pub(super) struct Watch {
    episodes: PathBuf,
    feed: PathBuf,
}

/// The files of a show, as far as a change of them can be seen without reading.
pub(super) type Look = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

impl Watch {
    pub(super) fn new(episodes: &Path, feed: &Path) -> Result<Self, Error> {
        let episodes = shown(episodes);
        if !episodes.is_dir() {
            return Err(Error::new("there is no such folder of episodes to watch")
                .at(&episodes)
                .help("name it as in `listen-now serve --watch=show/episodes`"));
        }
        Ok(Self { episodes, feed: feed.to_owned() })
    }

    /// How the show looks now.
    pub(super) fn look(&self) -> Look {
        look(&self.episodes)
    }

    /// Builds the show, and says what was found. A show that has mistakes leaves the folder as it is.
    pub(super) fn build(&self, session: &Session) -> Result<(), Error> {
        let cache = session.cache(&self.episodes);
        let built = build(&Request {
            episodes: &self.episodes,
            feed: &self.feed,
            previous: None,
            against: None,
            asked: Asked { drop: &[], change_guid: &[] },
            as_of: super::now(),
            links: Links::Refuse,
            policy: &|settings| Policy::new(settings, None, Levels::default()),
            cache: &cache,
            circumstances: &format!("{} --watch", super::build::program()),
            heard: &|| {},
        });
        session.close(cache);
        let built = built?;
        let text = session.reported(&built.report, "text")?;
        session.note(text.trim_end());
        match built.feed {
            Some(feed) => session.note(&format!("{}: built", feed.display())),
            None => session.note("nothing was written; what is served is as it was"),
        }
        Ok(())
    }

    /// Builds after every change, once files have stopped changing, until somebody says that it is over.
    /// `seen` is how the show looked before the last build.
    pub(super) fn follow(&self, mut seen: Look, session: &Session, built: impl Fn(), is_over: impl Fn() -> bool) {
        while !is_over() {
            std::thread::sleep(PAUSE);
            let mut now = look(&self.episodes);
            if now == seen {
                continue;
            }
            // An export in progress grows for a while.
            loop {
                std::thread::sleep(PAUSE);
                let next = look(&self.episodes);
                if next == now || is_over() {
                    break;
                }
                now = next;
            }
            seen = now;
            match self.build(session) {
                Ok(()) => built(),
                Err(error) => session.note(&format!("error: {error}")),
            }
        }
    }
}

fn look(folder: &Path) -> Look {
    let mut seen = Look::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            // Links are followed: a recording on a share changes too.
            let Ok(metadata) = fs::metadata(entry.path()) else { continue };
            if metadata.is_dir() && depth < DEEPEST {
                folders.push((entry.path(), depth + 1));
            } else {
                seen.insert(entry.path(), (metadata.len(), metadata.modified().ok()));
            }
        }
    }
    seen
}
