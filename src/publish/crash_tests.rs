//! A build that ends after any single step of publishing, and the one that follows it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use super::{FEED_NAME, Folder, Publication};
use crate::model::artifact::{Artifact, ContentHash, MediaType, OutputPath, Piece};
use crate::model::show::Guid;

/// How many more changes of the disk are allowed before everything fails, as if the program had been killed.
#[derive(Debug, Default)]
pub(super) struct Fate {
    left: Cell<Option<usize>>,
}

impl Fate {
    pub(super) fn step(&self) -> io::Result<()> {
        match self.left.get() {
            None => Ok(()),
            Some(0) => Err(io::Error::other("killed")),
            Some(n) => {
                self.left.set(Some(n - 1));
                Ok(())
            }
        }
    }
}

/// A version of a show: the recordings, and a feed that names everything.
struct Version {
    media: Vec<Artifact>,
    feed: Artifact,
    inputs: BTreeMap<std::path::PathBuf, ContentHash>,
}

fn path(text: &str) -> OutputPath {
    OutputPath::new(text).expect("a safe path")
}

fn version(dir: &Path, names: &[&str], cover: &str, feed: &str) -> Version {
    let input = dir.join("reading.mp3");
    let bytes = vec![7_u8; 5_000];
    fs::write(&input, &bytes).expect("written");
    let range = |start| Piece::Range { source: input.clone(), start, length: 2_000 };
    let mut media: Vec<Artifact> = names
        .iter()
        .map(|name| Artifact {
            path: path(name),
            media_type: MediaType::Mp3,
            pieces: vec![Piece::Bytes(name.as_bytes().to_vec()), range(10), range(2_500)],
        })
        .collect();
    media.push(Artifact::of_bytes(path("cover.png"), MediaType::Png, cover.into()));
    let listed: Vec<&str> = media.iter().map(|a| a.path.as_str()).collect();
    let text = format!("{feed}\n{}\n", listed.join("\n"));
    let feed = Artifact::of_bytes(path(FEED_NAME), MediaType::Rss, text.into_bytes());
    let hash = ContentHash::new(*blake3::hash(&bytes).as_bytes());
    Version { media, feed, inputs: BTreeMap::from([(input, hash)]) }
}

fn names(feed: &str) -> BTreeSet<OutputPath> {
    feed.lines().skip(1).filter_map(OutputPath::new).collect()
}

/// Publishes a version, perhaps only for so many steps; as the pipeline does, with what the folder's feed names.
fn publish(dir: &Path, version: &Version, steps: Option<usize>) -> Result<usize, String> {
    let folder = Folder::open(&dir.join("feed"), &dir.join("episodes")).map_err(|e| e.to_string())?;
    let guid = Guid::new("show").expect("a guid");
    let previous = folder.previous_feed().map(|b| names(&String::from_utf8_lossy(b))).unwrap_or_default();
    let publication = Publication {
        guid: &guid,
        media: &version.media,
        kept: &[],
        feed: &version.feed,
        pages: &[],
        inputs: &version.inputs,
        previous: &previous,
    };
    folder.disk.fate.left.set(Some(steps.unwrap_or(usize::MAX)));
    let result = folder.publish(&publication);
    let used = steps.unwrap_or(usize::MAX) - folder.disk.fate.left.get().unwrap_or(0);
    result.map(|_| used).map_err(|e| e.to_string())
}

fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.join("feed")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir.join("feed")).expect("below").to_string_lossy().into_owned();
                files.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    files
}

fn show() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("episodes")).expect("made");
    dir
}

/// Whatever a feed in the folder names is there and whole.
fn is_whole(dir: &Path, versions: &[&Version]) {
    let tree = tree(dir);
    let Some(feed) = tree.get(FEED_NAME) else { return };
    for name in names(&String::from_utf8_lossy(feed)) {
        let size = tree.get(name.as_str()).unwrap_or_else(|| panic!("{name} is not there")).len() as u64;
        let sizes = versions.iter().flat_map(|v| &v.media).filter(|a| a.path == name).map(Artifact::size);
        assert!(sizes.into_iter().any(|s| s == size), "{name} is not whole");
    }
}

#[test]
fn every_step_is_a_good_one_to_be_killed_at() {
    let dir = show();
    let old = version(dir.path(), &["one/one-00000001.mp3", "two/two-00000001.mp3"], "old cover", "old");
    let new = version(dir.path(), &["one/one-00000002.mp3", "six/six-00000001.mp3"], "another cover", "new");
    let undisturbed = |versions: &[&Version]| {
        let dir = show();
        for version in versions {
            publish(dir.path(), version, None).expect("nothing disturbs it");
        }
        tree(dir.path())
    };
    let goal = undisturbed(&[&old, &new]);
    assert!(goal.keys().all(|n| !n.starts_with("two/") && !n.starts_with('.')), "{:?}", goal.keys());

    let mut steps = 0;
    loop {
        let dir = show();
        publish(dir.path(), &old, None).expect("nothing disturbs it");
        let ended = publish(dir.path(), &new, Some(steps));
        is_whole(dir.path(), &[&old, &new]);
        publish(dir.path(), &new, None).expect("the next build carries on");
        assert!(tree(dir.path()) == goal, "killed after {steps} steps");
        // A change of mind after a kill leaves nothing of what was in hand.
        let dir = show();
        publish(dir.path(), &old, None).expect("nothing disturbs it");
        let _ = publish(dir.path(), &new, Some(steps));
        publish(dir.path(), &old, None).expect("the next build carries on");
        assert!(tree(dir.path()) == undisturbed(&[&old]), "killed after {steps} steps, and back");
        if ended.is_ok() {
            break;
        }
        steps += 1;
    }
    assert!(steps > 20, "only {steps} steps were tried");
}

#[test]
fn a_first_build_that_was_killed_is_carried_on() {
    let goal = {
        let dir = show();
        publish(dir.path(), &version(dir.path(), &["one/one-00000001.mp3"], "c", "f"), None).expect("whole");
        tree(dir.path())
    };
    for steps in 0..60 {
        let dir = show();
        let first = version(dir.path(), &["one/one-00000001.mp3"], "c", "f");
        let _ = publish(dir.path(), &first, Some(steps));
        publish(dir.path(), &first, None).unwrap_or_else(|e| panic!("after {steps} steps: {e}"));
        assert!(tree(dir.path()) == goal, "killed after {steps} steps");
    }
}

#[test]
fn a_recording_that_changed_since_it_was_measured_is_never_published() {
    let dir = show();
    let first = version(dir.path(), &["one/one-00000001.mp3"], "c", "f");
    fs::write(dir.path().join("reading.mp3"), vec![8_u8; 5_000]).expect("written");
    let said = publish(dir.path(), &first, None).expect_err("it changed");
    assert!(said.contains("changed while the build was running"), "{said}");
    assert!(tree(dir.path()).is_empty());
}

#[test]
fn a_second_build_of_the_same_touches_nothing() {
    let dir = show();
    let first = version(dir.path(), &["one/one-00000001.mp3"], "c", "f");
    publish(dir.path(), &first, None).expect("whole");
    assert_eq!(publish(dir.path(), &first, None), Ok(0));
}
