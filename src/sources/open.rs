//! Opening and reading single files without trusting their size or what they are.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::error::io_sentence;
use crate::model::finding::{Place, Problem, ProblemKind};

/// A file that could not be opened or read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unopened {
    /// Why, as a sentence about the file.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Unopened {
    /// The problem of a reader that needed this file.
    pub fn problem(self, kind: ProblemKind, path: &Path) -> Problem {
        Problem { kind, place: Place::file(path), message: self.message, help: self.help }
    }

    pub(super) fn because(error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::PermissionDenied => Some("Give yourself the right to read it.".to_owned()),
            _ => None,
        };
        Self { message: format!("This file cannot be read: {}.", io_sentence(error)), help }
    }
}

/// Opens a regular file. Pipes, sockets and devices are refused, because reading them may never end.
pub fn open(path: &Path) -> Result<File, Unopened> {
    let metadata = fs::metadata(path).map_err(|e| Unopened::because(&e))?;
    if metadata.is_dir() {
        return Err(Unopened { message: "This is a folder, not a file.".into(), help: None });
    }
    if !metadata.is_file() {
        return Err(Unopened {
            message: "This is no regular file.".into(),
            help: Some("Put a copy in its place.".into()),
        });
    }
    File::open(path).map_err(|e| Unopened::because(&e))
}

/// Reads a whole file of at most `limit` bytes.
pub fn read_bounded(path: &Path, limit: u64) -> Result<Vec<u8>, Unopened> {
    let file = open(path)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| Unopened::because(&e))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(Unopened {
            message: format!("This file is larger than {}.", in_words(limit)),
            help: Some("Make sure that it is the right file; nothing of this kind needs to be so large.".into()),
        });
    }
    Ok(bytes)
}

/// True for a regular file whose first visible character is this one.
pub fn begins_with(path: &Path, character: u8) -> bool {
    const HEAD: u64 = 64;
    let mut head = Vec::new();
    let read = open(path).is_ok_and(|file| file.take(HEAD).read_to_end(&mut head).is_ok());
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
    read && head.iter().find(|b| !b.is_ascii_whitespace()) == Some(&character)
}

fn in_words(bytes: u64) -> String {
    match bytes {
        b if b >= 1 << 20 => format!("{} MiB", b >> 20),
        b if b >= 1 << 10 => format!("{} KiB", b >> 10),
        b => format!("{b} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_says_why() {
        let dir = tempfile::tempdir().expect("a folder for the test");
        let check = |name: &str, limit: u64, message: &str| {
            let refused = read_bounded(&dir.path().join(name), limit).expect_err(name);
            assert_eq!(refused.message, message, "{name}");
        };
        fs::write(dir.path().join("long.txt"), "12345").expect("a file");
        check("none.txt", 9, "This file cannot be read: there is no such file or folder.");
        check("", 9, "This is a folder, not a file.");
        check("long.txt", 4, "This file is larger than 4 bytes.");
        assert_eq!(read_bounded(&dir.path().join("long.txt"), 5).as_deref(), Ok(b"12345".as_slice()));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_instead_of_waited_for() {
        let dir = tempfile::tempdir().expect("a folder for the test");
        let pipe = dir.path().join("pipe.mp3");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|s| s.success()) {
            assert_eq!(open(&pipe).expect_err("a pipe").message, "This is no regular file.");
        }
    }
}
