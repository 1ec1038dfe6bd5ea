//! One build at a time: an operating-system lock that a killed program gives back, and that leaves nothing in the folder.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::Error;

/// How often a second build looks whether the first one has ended, and how long it waits in between.
const LOOKS: u32 = 300;
const BETWEEN: Duration = Duration::from_millis(100);

/// The right to write into a folder, until it is dropped.
#[derive(Debug)]
pub(super) struct Lock {
    _held: File,
    /// A file beside the folder, where folders themselves cannot be locked.
    beside: Option<PathBuf>,
}

/// What became of an attempt.
#[derive(Debug)]
pub(super) enum Attempt {
    /// The folder is ours.
    Held(Lock),
    /// The folder was removed by the build that we waited for.
    Vanished,
}

/// Locks a folder that exists, waiting for another build to end.
pub(super) fn take(dir: &Path, shown: &Path) -> Result<Attempt, Error> {
    patiently(shown, || attempt(dir))
}

enum Look {
    Got(Attempt),
    Busy,
}

fn patiently(shown: &Path, look: impl Fn() -> io::Result<Look>) -> Result<Attempt, Error> {
    for round in 0..LOOKS {
        match look() {
            Ok(Look::Got(attempt)) => return Ok(attempt),
            Ok(Look::Busy) if round + 1 < LOOKS => thread::sleep(BETWEEN),
            Ok(Look::Busy) => {}
            Err(e) => return Err(Error::io("the folder cannot be locked", shown, &e)),
        }
    }
    Err(Error::new("another build is writing here").at(shown).help("wait until it has ended, then run this again"))
}

/// The folder itself carries the lock: nothing lies around, whatever happens. Where folders cannot be locked (Windows,
/// some network shares), a file beside it does.
fn attempt(dir: &Path) -> io::Result<Look> {
    let Ok(folder) = File::open(dir) else { return attempt_beside(dir) };
    match folder.try_lock() {
        Ok(()) if is_at(&folder, dir) => Ok(Look::Got(Attempt::Held(Lock { _held: folder, beside: None }))),
        Ok(()) => Ok(Look::Got(Attempt::Vanished)),
        Err(TryLockError::WouldBlock) => Ok(Look::Busy),
        Err(TryLockError::Error(_)) => attempt_beside(dir),
    }
}

fn attempt_beside(dir: &Path) -> io::Result<Look> {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let path = dir.with_file_name(format!(".{name}.lock"));
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
    match file.try_lock() {
        // Whoever held it before removed the file that we opened: the name stands for another file now.
        Ok(()) if !is_at(&file, &path) => Ok(Look::Busy),
        Ok(()) if !dir.is_dir() => {
            drop(Lock { _held: file, beside: Some(path) });
            Ok(Look::Got(Attempt::Vanished))
        }
        Ok(()) => Ok(Look::Got(Attempt::Held(Lock { _held: file, beside: Some(path) }))),
        Err(TryLockError::WouldBlock) => Ok(Look::Busy),
        Err(TryLockError::Error(e)) => Err(e),
    }
}

/// Whether an open file is still the one that its path names.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(path) = &self.beside {
            // Still locked: nobody else can be writing, and who waits looks whether the name still fits.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_beside_the_folder_serves_where_folders_cannot_be_locked() {
        let dir = tempfile::tempdir().expect("a folder");
        let feed = dir.path().join("feed");
        fs::create_dir(&feed).expect("made");
        let Ok(Look::Got(Attempt::Held(first))) = attempt_beside(&feed) else { panic!("it is free") };
        assert!(matches!(attempt_beside(&feed), Ok(Look::Busy)));
        drop(first);
        assert!(!dir.path().join(".feed.lock").exists(), "nothing lies around");
        // A killed program leaves the file; it is no obstacle.
        fs::write(dir.path().join(".feed.lock"), "").expect("written");
        let Ok(Look::Got(Attempt::Held(second))) = attempt_beside(&feed) else { panic!("it is free again") };
        drop(second);
        assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 1);
    }

    #[test]
    fn two_builds_never_hold_the_same_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let Ok(Look::Got(Attempt::Held(first))) = attempt(dir.path()) else { panic!("it is free") };
        assert!(matches!(attempt(dir.path()), Ok(Look::Busy)));
        drop(first);
        assert!(matches!(attempt(dir.path()), Ok(Look::Got(Attempt::Held(_)))));
    }
}
