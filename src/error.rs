//! What could not be done: the tool's own failures, which end with exit status 2.
//!
//! Whatever is wrong with the publisher's material is a [`Finding`](crate::model::finding::Finding), never an error.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What could not be done, where, why, and what to do instead.
#[derive(Debug)]
pub struct Error {
    what: String,
    path: Option<PathBuf>,
    why: Option<String>,
    help: Option<String>,
}

impl Error {
    /// Something that could not be done, as a clause: "the feed cannot be replaced".
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), path: None, why: None, help: None }
    }

    /// A failed read or write of a file.
    pub fn io(what: impl Into<String>, path: impl AsRef<Path>, why: &io::Error) -> Self {
        Self { what: what.into(), path: Some(path.as_ref().to_owned()), why: Some(io_sentence(why)), help: None }
    }

    /// A failed write to standard output.
    pub fn output(why: &io::Error) -> Self {
        Self::new("the result cannot be printed").because(io_sentence(why))
    }

    /// The file or folder that it is about.
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The reason.
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// What to do instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        f.write_str(&self.what)?;
        if let Some(why) = &self.why {
            write!(f, ": {why}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// The operating system's reason in words, without its error number.
pub fn io_sentence(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "it may not be opened (permission denied)".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::UnexpectedEof => "it ends too early".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => {
            let text = error.to_string();
            match text.find(" (os error") {
                Some(end) => text.split_at(end).0.to_owned(),
                None => text,
            }
        }
    }
}
