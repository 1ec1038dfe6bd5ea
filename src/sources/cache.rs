//! What was measured before, by content; safe to delete at any time.
//!
//! An index of sizes, times and inodes tells which content a file has without opening it. A file that was modified no
//! earlier than the index was written is not trusted: it may have changed again within the same tick of the clock.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::State;
use super::open::{Unopened, open};
use crate::error::io_sentence;
use crate::model::artifact::ContentHash;

/// Part of the folder's name: values that another version wrote are never read. Raise it with every change of a value
/// that is kept, or of what is measured.
const FORMAT: &str = concat!("v2-", env!("CARGO_PKG_VERSION"));
const INDEX: &str = "index";
/// Bytes of checksum in front of every entry.
const SEAL: usize = 16;
/// No entry is larger; a file that is has been damaged.
const LARGEST_ENTRY: u64 = 256 << 20;

/// The cache of a show.
#[derive(Debug)]
pub struct Cache {
    /// `None` where nothing is kept.
    dir: Option<PathBuf>,
    known: BTreeMap<PathBuf, Known>,
    seen: Mutex<BTreeMap<PathBuf, Known>>,
    trouble: Mutex<Option<String>>,
    bench: Mutex<Option<TempDir>>,
}

#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
struct Known {
    look: Look,
    hash: ContentHash,
}

/// How a file looks from outside: if this is the same, so is its content.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Look {
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    inode: u64,
}

/// A file by its content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Identity {
    /// What its bytes are.
    pub hash: ContentHash,
    /// Size in bytes.
    pub size: u64,
    /// How it looked when that was found out.
    pub look: Look,
}

impl Cache {
    /// Opens the cache in a folder, which is made when something is kept.
    pub fn open(dir: &Path) -> Self {
        let dir = dir.join(FORMAT);
        let known = read_index(&dir.join(INDEX)).unwrap_or_default();
        Self { dir: Some(dir), known, seen: Mutex::default(), trouble: Mutex::default(), bench: Mutex::default() }
    }

    /// A cache that keeps nothing.
    pub fn none() -> Self {
        Self {
            dir: None,
            known: BTreeMap::new(),
            seen: Mutex::default(),
            trouble: Mutex::default(),
            bench: Mutex::default(),
        }
    }

    /// What a file's content is: from the index where the file looks the same, else by reading it.
    ///
    /// # Errors
    /// Where it cannot be read, or changes while it is read.
    pub fn identify(&self, path: &Path) -> Result<Identity, Unopened> {
        let key = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let look = look(path)?;
        let known = self.known.get(&key).filter(|k| k.look == look);
        let hash = match known {
            Some(known) => known.hash,
            None => hash(open(path)?).map_err(|e| Unopened::because(&e))?,
        };
        if known.is_none() && self::look(path)? != look {
            return Err(changed());
        }
        if let Ok(mut seen) = self.seen.lock() {
            seen.insert(key, Known { look, hash });
        }
        Ok(Identity { hash, size: look.size, look })
    }

    /// What was kept of a kind under a key; a damaged entry is deleted and as if it had never been.
    pub fn recall<T: DeserializeOwned>(&self, kind: &str, key: &ContentHash) -> Option<T> {
        let path = self.entry(kind, key)?;
        let mut bytes = Vec::new();
        File::open(&path).ok()?.take(LARGEST_ENTRY).read_to_end(&mut bytes).ok()?;
        let value = unsealed(&bytes).and_then(|content| postcard::from_bytes(content).ok());
        if value.is_none() {
            // It is of no use to anybody; where it cannot be deleted it will be overwritten.
            let _ = fs::remove_file(&path);
        }
        value
    }

    /// Keeps a value of a kind under a key. A cache that cannot be written is told once, by [`Cache::close`].
    pub fn remember<T: Serialize>(&self, kind: &str, key: &ContentHash, value: &T) {
        let Some(path) = self.entry(kind, key) else { return };
        match postcard::to_stdvec(value) {
            Ok(content) => self.write(&path, &content),
            Err(e) => self.complain(&format!("a value cannot be kept ({e})")),
        }
    }

    /// A file that is made from others, kept under a key: where it is, made now where it is not there yet.
    ///
    /// # Errors
    /// What `make` says, or a sentence where nothing can be written anywhere.
    pub fn file<E: From<Unopened>>(
        &self,
        kind: &str,
        key: &ContentHash,
        make: impl FnOnce(&mut File) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        let dir = self.workshop().map_err(|e| Unopened::because(&e))?;
        let path = dir.join(format!("{kind}-{key}"));
        if path.is_file() {
            return Ok(path);
        }
        let failed = |e: &io::Error| Unopened {
            message: format!("No file can be made in {}: {}.", dir.display(), io_sentence(e)),
            help: None,
        };
        let mut draft = tempfile::Builder::new().prefix(".new-").tempfile_in(&dir).map_err(|e| failed(&e))?;
        make(draft.as_file_mut())?;
        draft.persist(&path).map_err(|e| failed(&e.error))?;
        Ok(path)
    }

    /// Where files are made: the cache, or a folder that goes with this value where the cache cannot be written.
    fn workshop(&self) -> io::Result<PathBuf> {
        if let Some(dir) = &self.dir
            && fs::create_dir_all(dir).and_then(|()| tempfile::tempfile_in(dir)).is_ok()
        {
            return Ok(dir.clone());
        }
        let mut bench = self.bench.lock().map_err(|_| io::Error::other("another thread has failed"))?;
        if let Some(dir) = bench.as_ref() {
            return Ok(dir.path().to_owned());
        }
        let dir = tempfile::tempdir()?;
        let path = dir.path().to_owned();
        *bench = Some(dir);
        Ok(path)
    }

    /// Waits until the clock of the file system has moved on from everything in a folder, so that whatever changes from
    /// now on looks otherwise. False where that would take long: the clock is coarse, or not that of the folder.
    pub fn moves_past(&self, state: &State) -> bool {
        const TICK: Duration = Duration::from_millis(2);
        const TICKS: usize = 25;
        /// FAT counts two seconds as one; a server's clock may be off by more, but not by more from its own.
        const COARSE: i64 = 3;
        let Some(dir) = &self.dir else { return false };
        let newest = state.newest();
        for _ in 0..TICKS {
            let probed = fs::create_dir_all(dir)
                .and_then(|()| tempfile::tempfile_in(dir))
                .and_then(|file| State::device_and_time(&file));
            let Ok((device, now)) = probed else { return false };
            let is_coarse = device != state.device() || newest.1 == 0;
            if now > newest && (!is_coarse || now.0.saturating_sub(newest.0) > COARSE) {
                return true;
            }
            if is_coarse || newest.0 > now.0 {
                return false;
            }
            thread::sleep(TICK);
        }
        false
    }

    /// Deletes everything that was kept under a key.
    pub fn forget(&self, kinds: &[&str], key: &ContentHash) {
        for path in kinds.iter().filter_map(|kind| self.entry(kind, key)) {
            // What is not there need not be deleted.
            let _ = fs::remove_file(path);
        }
    }

    /// Deletes everything of whatever kind that was kept under a key, files that were made included.
    pub fn forget_all(&self, key: &ContentHash) {
        let Some(entries) = self.dir.as_ref().and_then(|dir| fs::read_dir(dir).ok()) else { return };
        let end = format!("-{key}");
        for entry in entries.flatten().filter(|e| e.file_name().to_string_lossy().ends_with(&end)) {
            // What another build has deleted meanwhile is gone all the same.
            let _ = fs::remove_file(entry.path());
        }
    }

    /// Writes the index of the files that were seen, and says what went wrong with the cache, if anything did.
    pub fn close(self) -> Option<String> {
        let mut seen = self.seen.lock().map(|s| s.clone()).unwrap_or_default();
        let is_news = seen.iter().any(|(path, known)| self.known.get(path) != Some(known));
        if let Some(dir) = self.dir.as_ref().filter(|_| is_news) {
            // What other commands have seen stays known, as long as it is there.
            let others = self.known.iter().filter(|(path, _)| fs::symlink_metadata(path).is_ok());
            for (path, known) in others {
                seen.entry(path.clone()).or_insert(*known);
            }
            if let Ok(content) = postcard::to_stdvec(&seen.into_iter().collect::<Vec<(PathBuf, Known)>>()) {
                self.write(&dir.join(INDEX), &content);
            }
        }
        self.trouble.lock().ok().and_then(|mut t| t.take())
    }

    fn entry(&self, kind: &str, key: &ContentHash) -> Option<PathBuf> {
        Some(self.dir.as_ref()?.join(format!("{kind}-{key}")))
    }

    fn write(&self, path: &Path, content: &[u8]) {
        if let Err(e) = write_whole(path, content) {
            self.complain(&io_sentence(&e));
        }
    }

    fn complain(&self, why: &str) {
        if let (Ok(mut trouble), Some(dir)) = (self.trouble.lock(), &self.dir) {
            trouble.get_or_insert_with(|| format!("the cache in {} cannot be written: {why}", dir.display()));
        }
    }
}

/// Whether a file still looks as it did.
pub fn is_unchanged(path: &Path, identity: &Identity) -> bool {
    look(path).is_ok_and(|look| look == identity.look)
}

fn changed() -> Unopened {
    Unopened {
        message: "This file changed while it was read.".into(),
        help: Some("Run the command again once nothing writes to it.".into()),
    }
}

fn hash(mut file: File) -> io::Result<ContentHash> {
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher)?;
    Ok(ContentHash::new(*hasher.finalize().as_bytes()))
}

fn look(path: &Path) -> Result<Look, Unopened> {
    fs::metadata(path).map(|m| look_of(&m)).map_err(|e| Unopened::because(&e))
}

impl Look {
    /// How a file looks.
    pub(super) fn of(metadata: &Metadata) -> Self {
        look_of(metadata)
    }

    /// When the file system last saw it change. Anybody may set the time of a modification; this one nobody sets.
    pub(super) fn changed(&self) -> (i64, i64) {
        if cfg!(unix) { self.changed } else { self.modified }
    }

    /// All of it, to be hashed.
    pub(super) fn bytes(&self) -> [u8; 48] {
        let (modified, changed) = (self.modified, self.changed);
        let words = [self.size, self.inode].map(u64::to_le_bytes);
        let times = [modified.0, modified.1, changed.0, changed.1].map(i64::to_le_bytes);
        let mut bytes = [0; 48];
        for (slot, byte) in bytes.iter_mut().zip(words.iter().chain(&times).flatten()) {
            *slot = *byte;
        }
        bytes
    }
}

#[cfg(unix)]
fn look_of(m: &Metadata) -> Look {
    use std::os::unix::fs::MetadataExt;
    Look { size: m.len(), modified: (m.mtime(), m.mtime_nsec()), changed: (m.ctime(), m.ctime_nsec()), inode: m.ino() }
}

#[cfg(not(unix))]
fn look_of(m: &Metadata) -> Look {
    let since = |t: io::Result<std::time::SystemTime>| {
        let age = t.ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
        (i64::try_from(age.as_secs()).unwrap_or(i64::MAX), i64::from(age.subsec_nanos()))
    };
    Look { size: m.len(), modified: since(m.modified()), changed: since(m.created()), inode: 0 }
}

fn read_index(path: &Path) -> Option<BTreeMap<PathBuf, Known>> {
    let written = look_of(&fs::metadata(path).ok()?);
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST_ENTRY).read_to_end(&mut bytes).ok()?;
    let entries: Vec<(PathBuf, Known)> = postcard::from_bytes(unsealed(&bytes)?).ok()?;
    let settled = |k: &Known| k.look.modified < written.modified && k.look.changed < written.modified;
    Some(entries.into_iter().filter(|(_, k)| settled(k)).collect())
}

/// Whole or not at all, also where two programs write at once.
fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
    file.write_all(&seal(content))?;
    file.write_all(content)?;
    file.persist(path).map(|_| ()).map_err(|e| e.error)
}

fn seal(content: &[u8]) -> [u8; SEAL] {
    let hash = blake3::hash(content);
    hash.as_bytes().first_chunk().copied().unwrap_or_default()
}

fn unsealed(bytes: &[u8]) -> Option<&[u8]> {
    let (sealed, content) = bytes.split_at_checked(SEAL)?;
    (seal(content) == sealed).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(dir: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(dir.join(FORMAT)).expect("a cache");
        entries.map(|e| e.expect("an entry").path()).collect()
    }

    #[test]
    fn what_was_kept_comes_back_and_what_was_damaged_does_not() {
        let dir = tempfile::tempdir().expect("a folder");
        let key = ContentHash::new([7; 32]);
        let cache = Cache::open(dir.path());
        assert_eq!(cache.recall::<Vec<u32>>("numbers", &key), None);
        cache.remember("numbers", &key, &vec![1_u32, 2, 3]);
        assert_eq!(cache.recall("numbers", &key), Some(vec![1_u32, 2, 3]));

        let entry = kept(dir.path()).pop().expect("one entry");
        let mut bytes = fs::read(&entry).expect("readable");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&entry, bytes).expect("writable");
        assert_eq!(cache.recall::<Vec<u32>>("numbers", &key), None);
        assert!(!entry.exists(), "a damaged entry is deleted");
    }

    #[test]
    fn an_unchanged_file_is_known_without_being_opened() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("reading.mp3");
        fs::write(&file, b"one").expect("written");
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        File::options().write(true).open(&file).and_then(|f| f.set_modified(long_ago)).expect("set");
        // The clock of the file system has to move on, or the file could have changed within its tick.
        std::thread::sleep(std::time::Duration::from_millis(30));

        let cache = Cache::open(&dir.path().join("cache"));
        let first = cache.identify(&file).expect("readable");
        assert_eq!(cache.close(), None);
        let cache = Cache::open(&dir.path().join("cache"));
        assert!(cache.known.values().any(|k| k.hash == first.hash), "the index is trusted");
        assert_eq!(cache.identify(&file).map(|i| i.hash).ok(), Some(first.hash));

        fs::write(&file, b"two").expect("written");
        let second = cache.identify(&file).expect("readable");
        assert_ne!(second.hash, first.hash);
        assert!(is_unchanged(&file, &second) && !is_unchanged(&file, &first));
    }

    #[test]
    fn a_cache_that_cannot_be_written_says_so_once_and_works() {
        let dir = tempfile::tempdir().expect("a folder");
        let blocked = dir.path().join("file");
        fs::write(&blocked, b"no folder").expect("written");
        let cache = Cache::open(&blocked);
        let key = ContentHash::new([1; 32]);
        cache.remember("numbers", &key, &1_u32);
        cache.remember("numbers", &key, &2_u32);
        assert_eq!(cache.recall::<u32>("numbers", &key), None);
        assert!(cache.close().is_some_and(|t| t.contains("cannot be written")));
    }
}
