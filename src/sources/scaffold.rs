//! New folders: a show to begin with, and an episode from an article and its recording. Nothing that exists is touched.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::model::show::{Guid, Slug};

/// `show.toml` of a new show; `{guid}` stands where its fresh guid goes.
const SHOW_TOML: &str = include_str!("scaffold/show.toml");
/// The cover of a new show, which says that it has to be replaced.
pub const PLACEHOLDER_COVER: &[u8] = include_bytes!("scaffold/cover.png");
const EXAMPLE_ARTICLE: &str = include_str!("scaffold/article.md");
const EXAMPLE_EPISODE: &str = include_str!("scaffold/episode.toml");
const GITIGNORE: &str = "# What listen-now measured before; safe to delete.\n.listen-now/\n";

/// How a recording gets into its episode's folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bring {
    /// A copy, whole or not at all.
    Copy,
    /// A hard link where the file system can, for catalogues that are large.
    Link,
}

/// Makes `DIR/episodes` with everything that a first build needs, and says which files it made.
///
/// # Errors
/// Where `DIR/episodes/show.toml` is there already, or a file cannot be written.
pub fn new_show(dir: &Path, guid: &Guid) -> Result<Vec<PathBuf>, Error> {
    let episodes = dir.join("episodes");
    let manifest = episodes.join("show.toml");
    if manifest.symlink_metadata().is_ok() {
        return Err(Error::new("there is a show here already")
            .at(&manifest)
            .help("choose another folder, or edit that file"));
    }
    let example = episodes.join("_example");
    fs::create_dir_all(&example).map_err(|e| Error::io("the folder cannot be made", &example, &e))?;
    let show = SHOW_TOML.replace("{guid}", guid.as_str());
    let wanted: [(PathBuf, &[u8]); 5] = [
        (dir.join(".gitignore"), GITIGNORE.as_bytes()),
        (episodes.join("cover.png"), PLACEHOLDER_COVER),
        (example.join("article.md"), EXAMPLE_ARTICLE.as_bytes()),
        (example.join("episode.toml"), EXAMPLE_EPISODE.as_bytes()),
        // Last, because its presence says that the show is complete.
        (manifest, show.as_bytes()),
    ];
    let mut made = Vec::new();
    for (path, content) in wanted {
        match write_new(&path, content) {
            Ok(()) => made.push(path),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(Error::io("the file cannot be written", &path, &e)),
        }
    }
    Ok(made)
}

/// A new episode, before its folder is made.
#[derive(Clone, Copy, Debug)]
pub struct NewEpisode<'a> {
    /// The name of its folder.
    pub slug: &'a Slug,
    /// The article; goes in as `article.<its extension>`.
    pub article: &'a Path,
    /// The recording or its parts; go in under their own names.
    pub recordings: &'a [PathBuf],
    /// The content of its `episode.toml`.
    pub settings: &'a str,
    /// How the recordings are brought in.
    pub bring: Bring,
}

/// Where the folder of a new episode goes.
///
/// # Errors
/// Where the slug is taken.
pub fn free_place(episodes: &Path, slug: &Slug) -> Result<PathBuf, Error> {
    let target = episodes.join(slug.as_str());
    if target.symlink_metadata().is_ok() {
        return Err(Error::new("there is an episode of this name already")
            .at(&target)
            .help("give another name with --slug, or edit that folder"));
    }
    Ok(target)
}

/// Makes the folder of an episode, whole or not at all, and gives its path.
///
/// # Errors
/// Where the slug is taken, or a file cannot be read or written.
pub fn new_episode(episodes: &Path, new: NewEpisode<'_>) -> Result<PathBuf, Error> {
    let target = free_place(episodes, new.slug)?;
    fs::create_dir_all(episodes).map_err(|e| Error::io("the folder cannot be made", episodes, &e))?;
    // A leading dot: a build that runs meanwhile takes it for no episode.
    let draft = tempfile::Builder::new()
        .prefix(".adding-")
        .tempdir_in(episodes)
        .map_err(|e| Error::io("no folder can be made here", episodes, &e))?;
    let extension = new.article.extension().and_then(|e| e.to_str()).unwrap_or("txt").to_ascii_lowercase();
    copy(new.article, &draft.path().join(format!("article.{extension}")))?;
    for recording in new.recordings {
        let name = recording.file_name().ok_or_else(|| Error::new("this is no file").at(recording))?;
        let to = draft.path().join(name);
        let linked = new.bring == Bring::Link && fs::hard_link(recording, &to).is_ok();
        if !linked {
            copy(recording, &to)?;
        }
    }
    let settings = draft.path().join("episode.toml");
    write_new(&settings, new.settings.as_bytes())
        .map_err(|e| Error::io("the file cannot be written", &settings, &e))?;
    share(draft.path()).map_err(|e| Error::io("the folder cannot be opened to readers", draft.path(), &e))?;
    let kept = draft.keep();
    fs::rename(&kept, &target).map_err(|e| {
        // The rename is all that can still fail; the draft is ours alone.
        let _ = fs::remove_dir_all(&kept);
        Error::io("the episode's folder cannot be made", &target, &e)
    })?;
    Ok(target)
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let mut reader = fs::File::open(from).map_err(|e| Error::io("the file cannot be read", from, &e))?;
    let mut writer = fs::File::create_new(to).map_err(|e| Error::io("the file cannot be written", to, &e))?;
    io::copy(&mut reader, &mut writer)
        .and_then(|_| writer.sync_all())
        .map_err(|e| Error::io("the file cannot be copied", from, &e))
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(content)
}

/// Temporary folders are for their owner alone; an episode is for whoever may read its show.
#[cfg(unix)]
fn share(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn share(_dir: &Path) -> io::Result<()> {
    Ok(())
}
