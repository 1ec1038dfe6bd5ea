//! A folder that is being read: its entries, links that lead out of it, and the files of a name.

use std::fs;
use std::path::{Path, PathBuf};

use super::open::read_bounded;
use super::{Links, manifest};
use crate::error::io_sentence;
use crate::model::finding::{Place, Places, Problem, ProblemKind};

/// Extensions of articles, lower case.
pub const ARTICLES: &[&str] = &["md", "html", "txt"];

/// Extensions of recordings, lower case.
pub const RECORDINGS: &[&str] = &["mp3", "m4a", "mp4", "aac", "wav", "aiff", "aif", "flac", "ogg", "oga", "opus"];

const PICTURES: &[&str] = &["png", "jpg", "jpeg"];
const FOREIGN_PICTURES: &[&str] = &["webp", "gif", "tif", "tiff", "bmp", "svg", "heic", "avif"];

/// True for a file name that an article has.
pub fn is_article(path: &Path) -> bool {
    has_extension(path, ARTICLES)
}

/// True for a file name that a recording has.
pub fn is_recording(path: &Path) -> bool {
    has_extension(path, RECORDINGS)
}

pub(super) fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.iter().any(|x| x.eq_ignore_ascii_case(e)))
}

pub(super) fn has_stem(path: &Path, stem: &str) -> bool {
    path.file_stem().and_then(|s| s.to_str()).is_some_and(|s| s.eq_ignore_ascii_case(stem))
}

/// What links may not lead out of.
pub(super) fn root_of(dir: &Path) -> Option<PathBuf> {
    fs::canonicalize(dir).ok()
}

/// What a file of an episode is for: recordings may be allowed to lie elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Recording,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryShape {
    File,
    Folder,
}

#[derive(Clone)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) shape: EntryShape,
    pub(super) linked: bool,
}

impl Entry {
    pub(super) fn name(&self) -> String {
        self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// A folder that is being read, and what is wrong with it so far.
pub(super) struct Folder {
    pub(super) dir: PathBuf,
    pub(super) root: Option<PathBuf>,
    pub(super) links: Links,
    pub(super) readable: bool,
    /// By name, without those that begin with `_` or `.`.
    pub(super) entries: Vec<Entry>,
    pub(super) problems: Vec<Problem>,
}

impl Folder {
    pub(super) fn read(dir: &Path, root: Option<PathBuf>, links: Links, kind: ProblemKind) -> Self {
        let mut folder =
            Self { dir: dir.to_owned(), root, links, readable: true, entries: Vec::new(), problems: Vec::new() };
        let listed = fs::read_dir(dir).and_then(|list| list.collect::<Result<Vec<_>, _>>());
        match listed {
            Ok(list) => {
                folder.entries = list.iter().filter_map(entry).collect();
                folder.entries.sort_by(|a, b| a.path.cmp(&b.path));
            }
            Err(error) => {
                folder.readable = false;
                let message = format!("This folder cannot be read: {}.", io_sentence(&error));
                folder.problems.push(Problem { kind, place: Place::file(dir), message, help: None });
            }
        }
        folder
    }

    pub(super) fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.path.file_name().is_some_and(|n| n == name))
    }

    pub(super) fn manifest(&mut self, name: &str, kind: ProblemKind) -> Option<Vec<u8>> {
        let entry = self.find(name)?.clone();
        let path = self.take(entry)?;
        match read_bounded(&path, manifest::LONGEST) {
            Ok(bytes) => Some(bytes),
            Err(unopened) => {
                self.problems.push(unopened.problem(kind, &path));
                None
            }
        }
    }

    /// The files of a stem with one of these extensions, in the order of the extensions.
    pub(super) fn named(&self, stem: &str, extensions: &[&str]) -> Vec<Entry> {
        let of = |extension: &&str| {
            let wanted = [*extension];
            let fits = move |e: &&Entry| {
                e.shape == EntryShape::File && has_stem(&e.path, stem) && has_extension(&e.path, &wanted)
            };
            self.entries.iter().filter(fits).cloned().collect::<Vec<_>>()
        };
        extensions.iter().flat_map(of).collect()
    }

    /// The path of an entry, unless it is a link that is refused.
    pub(super) fn take(&mut self, entry: Entry) -> Option<PathBuf> {
        match self.refuse(&entry, Role::Other) {
            Some(problem) => {
                self.problems.push(problem);
                None
            }
            None => Some(entry.path),
        }
    }

    pub(super) fn refuse(&self, entry: &Entry, role: Role) -> Option<Problem> {
        if !entry.linked || (role == Role::Recording && self.links == Links::FollowRecordings) {
            return None;
        }
        self.outside(&entry.path, Place::file(&entry.path), role)
    }

    /// The problem with a path that leads out of the show.
    pub(super) fn outside(&self, path: &Path, place: Place, role: Role) -> Option<Problem> {
        let target = fs::canonicalize(path).ok()?;
        if self.root.as_deref().is_some_and(|root| target.starts_with(root)) {
            return None;
        }
        let help = match role {
            Role::Recording => "Put a copy of the recording here, or allow such links with --follow-links.",
            Role::Other => "Put a copy of the file here.",
        };
        Some(Problem {
            kind: ProblemKind::LinkOutside,
            place,
            message: "This link leads out of the show.".into(),
            help: Some(help.into()),
        })
    }

    pub(super) fn problem(&mut self, kind: ProblemKind, place: Place, message: String, help: impl Into<String>) {
        self.problems.push(Problem { kind, place, message, help: Some(help.into()) });
    }

    pub(super) fn cover(&mut self, artwork: Option<&Path>, places: &Places) -> Option<PathBuf> {
        if let Some(name) = artwork {
            let path = self.dir.join(name);
            let place = places.of("artwork");
            if !path.is_file() {
                let message = format!("There is no file `{}` in this folder.", name.display());
                self.problem(ProblemKind::ArtworkUnreadable, place, message, "Put the picture here, or mend its name.");
                return None;
            }
            if let Some(problem) = self.outside(&path, place, Role::Other) {
                self.problems.push(problem);
                return None;
            }
            return Some(path);
        }
        let mut found = self.named("cover", PICTURES);
        match found.len() {
            0 => {
                for entry in self.named("cover", FOREIGN_PICTURES) {
                    let message = "Directories take covers as JPEG or PNG alone.".to_owned();
                    let help = "Save it as cover.jpg or cover.png.";
                    self.problem(ProblemKind::ArtworkUnreadable, Place::file(&entry.path), message, help);
                }
                None
            }
            1 => found.pop().and_then(|entry| self.take(entry)),
            _ => {
                let names = listed(found.iter().map(Entry::name));
                let first = found.first().map(Entry::name).unwrap_or_default();
                let message = format!("There are several covers: {names}.");
                let help = format!("Keep one of them, or write `artwork = \"{first}\"`.");
                self.problem(ProblemKind::ArtworkUnreadable, Place::file(&self.dir), message, help);
                None
            }
        }
    }
}

fn entry(entry: &fs::DirEntry) -> Option<Entry> {
    let name = entry.file_name();
    if name.to_string_lossy().starts_with(['_', '.']) {
        return None;
    }
    let path = entry.path();
    let own = entry.file_type().ok()?;
    let linked = own.is_symlink();
    let shape = if !linked && own.is_file() {
        EntryShape::File
    } else if !linked && own.is_dir() {
        EntryShape::Folder
    } else {
        match fs::metadata(&path) {
            Ok(target) if target.is_dir() => EntryShape::Folder,
            // A pipe or a broken link with the name of a file is said to be unreadable when it is opened.
            Ok(_) | Err(_) => EntryShape::File,
        }
    };
    Some(Entry { path, shape, linked })
}

pub(super) fn listed(names: impl Iterator<Item = String>) -> String {
    const MOST: usize = 8;
    let mut names: Vec<String> = names.map(|n| format!("`{n}`")).collect();
    if names.len() > MOST {
        let more = names.len() - MOST;
        names.truncate(MOST);
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}
