//! How a folder looks from outside, as one hash: if that is the same, so is everything that lies in it.
//!
//! Two levels deep, which is as deep as shows and feeds are. Nothing is opened but folders.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry, File};
use std::io;
use std::path::{Path, PathBuf};

use super::cache::Look;
use crate::model::artifact::ContentHash;

/// Names of what lies in a folder, and sizes, times and inodes of the files.
#[derive(Clone, Debug)]
pub struct State {
    hasher: blake3::Hasher,
    seen: BTreeSet<PathBuf>,
    newest: (i64, i64),
    device: u64,
}

/// What counts of a folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// What can be part of a show: names that begin with `_` or `.` cannot.
    Show,
    /// All of it.
    Everything,
}

impl State {
    /// Looks at a folder, at what lies in it, and at what lies in its folders.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub fn of(dir: &Path, which: Which) -> io::Result<Self> {
        let mut state = Self {
            hasher: blake3::Hasher::new(),
            seen: BTreeSet::new(),
            newest: (i64::MIN, 0),
            device: device(&fs::metadata(dir)?),
        };
        for entry in entries(dir, which)? {
            let path = entry.path();
            if state.entry(&entry, &path)? {
                for inner in entries(&path, which)? {
                    state.entry(&inner, &inner.path())?;
                }
                state.hasher.update(b"/");
            }
        }
        Ok(state)
    }

    /// Looks at one more file; false where it was looked at before. One that is not there is a state, too.
    pub fn and(&mut self, path: &Path) -> bool {
        let is_new = self.seen.insert(path.to_owned());
        if is_new {
            self.name(path.as_os_str());
            self.target(path);
        }
        is_new
    }

    /// All of it as one hash.
    pub fn hash(&self) -> ContentHash {
        ContentHash::new(*self.hasher.finalize().as_bytes())
    }

    /// When the last file was changed: seconds and nanoseconds by the clock of the file system.
    pub(super) fn newest(&self) -> (i64, i64) {
        self.newest
    }

    /// The file system that the folder is on.
    pub(super) fn device(&self) -> u64 {
        self.device
    }

    /// The file system that an open file is on, and when the file was last changed.
    pub(super) fn device_and_time(file: &File) -> io::Result<(u64, (i64, i64))> {
        let metadata = file.metadata()?;
        Ok((device(&metadata), Look::of(&metadata).changed()))
    }

    /// Adds an entry of a folder; true for a folder, also behind a link. The times of folders say nothing that the
    /// names in them do not.
    fn entry(&mut self, entry: &DirEntry, path: &Path) -> io::Result<bool> {
        self.name(&entry.file_name());
        self.seen.insert(path.to_owned());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            self.hasher.update(b"d");
            return Ok(true);
        }
        self.look(&Look::of(&entry.metadata()?));
        Ok(kind.is_symlink() && self.target(path))
    }

    /// Adds what a path leads to; true for a folder.
    fn target(&mut self, path: &Path) -> bool {
        match fs::metadata(path) {
            Ok(target) if target.is_dir() => {
                self.hasher.update(b"d");
                true
            }
            Ok(target) => {
                self.look(&Look::of(&target));
                false
            }
            Err(_) => {
                self.hasher.update(b"-");
                false
            }
        }
    }

    fn name(&mut self, name: &std::ffi::OsStr) {
        self.hasher.update(name.as_encoded_bytes());
        self.hasher.update(b"\0");
    }

    fn look(&mut self, look: &Look) {
        self.newest = self.newest.max(look.changed());
        self.hasher.update(b"f");
        self.hasher.update(&look.bytes());
    }
}

/// What lies in a folder, by name.
fn entries(dir: &Path, which: Which) -> io::Result<Vec<DirEntry>> {
    let mut entries = fs::read_dir(dir)?.collect::<Result<Vec<_>, _>>()?;
    if which == Which::Show {
        entries.retain(|e| !matches!(e.file_name().as_encoded_bytes().first(), Some(b'_' | b'.')));
    }
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

#[cfg(unix)]
fn device(m: &fs::Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    m.dev()
}

#[cfg(not(unix))]
fn device(_: &fs::Metadata) -> u64 {
    0
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn show() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        for name in ["one", "two"] {
            fs::create_dir(dir.path().join(name)).expect("a folder");
            fs::write(dir.path().join(name).join("reading.mp3"), name).expect("a file");
        }
        fs::write(dir.path().join("show.toml"), "title").expect("a file");
        dir
    }

    /// Whether something that is done to a show can be seen.
    #[track_caller]
    fn check(what: &str, which: Which, change: impl FnOnce(&Path), is_seen: bool) {
        let dir = show();
        let look = || State::of(dir.path(), which).expect("readable").hash();
        let before = look();
        assert_eq!(look(), before, "{what}");
        change(dir.path());
        assert_eq!(look() != before, is_seen, "{what}");
    }

    #[test]
    fn what_changes_is_seen() {
        let set = |path: &Path, time: SystemTime| {
            fs::File::options().write(true).open(path).and_then(|f| f.set_modified(time)).expect("set");
        };
        let reading = |dir: &Path| dir.join("one/reading.mp3");
        check("nothing", Which::Show, |_| {}, false);
        check("longer", Which::Show, |dir| fs::write(reading(dir), "onee").expect("written"), true);
        check(
            "same size, other time",
            Which::Show,
            |dir| {
                fs::write(reading(dir), "eno").expect("written");
                set(&reading(dir), SystemTime::now() + Duration::from_nanos(1_000));
            },
            true,
        );
        check(
            "another file in its place, with the same size and time",
            Which::Show,
            |dir| {
                let time = fs::metadata(reading(dir)).and_then(|m| m.modified()).expect("a time");
                fs::write(dir.join("one/new"), "eno").expect("written");
                set(&dir.join("one/new"), time);
                fs::rename(dir.join("one/new"), reading(dir)).expect("renamed");
            },
            true,
        );
        check("gone", Which::Show, |dir| fs::remove_file(reading(dir)).expect("removed"), true);
        check("renamed", Which::Show, |dir| fs::rename(reading(dir), dir.join("one/b.mp3")).expect("renamed"), true);
        check("new file", Which::Show, |dir| fs::write(dir.join("two/cover.png"), "").expect("written"), true);
        check("new folder", Which::Show, |dir| fs::create_dir(dir.join("three")).expect("made"), true);
        check("an aside", Which::Show, |dir| fs::write(dir.join("one/_old.mp3"), "x").expect("written"), false);
        check("an aside", Which::Everything, |dir| fs::write(dir.join("one/_old.mp3"), "x").expect("written"), true);
        check("a hidden folder", Which::Everything, |dir| fs::create_dir(dir.join(".incoming")).expect("made"), true);
    }

    #[test]
    fn a_file_that_moved_from_one_folder_to_the_next_is_seen() {
        let to = |dir: &Path| fs::rename(dir.join("two/reading.mp3"), dir.join("one/second.mp3")).expect("renamed");
        check("moved", Which::Show, to, true);
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_looked_at() {
        let elsewhere = show();
        let target = elsewhere.path().join("show.toml");
        let dir = show();
        std::os::unix::fs::symlink(&target, dir.path().join("one/link.mp3")).expect("a link");
        let look = || State::of(dir.path(), Which::Show).expect("readable").hash();
        let before = look();
        fs::write(&target, "another title").expect("written");
        assert_ne!(look(), before);
    }

    #[test]
    fn one_more_file_counts_once_and_may_be_absent() {
        let dir = show();
        let mut state = State::of(dir.path(), Which::Show).expect("readable");
        let before = state.hash();
        state.and(&dir.path().join("one/reading.mp3"));
        assert_eq!(state.hash(), before);
        let absent = dir.path().join("one/more/reading.mp3");
        state.and(&absent);
        let without = state.hash();
        assert_ne!(without, before);
        fs::create_dir(dir.path().join("one/more")).expect("a folder");
        fs::write(&absent, "x").expect("a file");
        let mut state = State::of(dir.path(), Which::Show).expect("readable");
        state.and(&absent);
        assert_ne!(state.hash(), without);
    }
}
