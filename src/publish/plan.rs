//! The folder as it is beside the publication as it should be → what has to be done. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::folder::Folder;
use super::{INCOMING, Plan, Publication};
use crate::error::Error;
use crate::model::artifact::{Artifact, OutputPath, Piece};

pub(super) fn plan(folder: &Folder, publication: &Publication<'_>) -> Result<Plan, Error> {
    let artifacts = publication.artifacts();
    let mut wanted: BTreeMap<&OutputPath, Option<&Artifact>> = BTreeMap::new();
    for (path, artifact) in
        artifacts.map(|a| (&a.path, Some(a))).chain(publication.kept.iter().map(|path| (path, None)))
    {
        if wanted.insert(path, artifact).is_some() {
            return Err(Error::new("two files of the build have the same name").at(folder.show(path.as_str())));
        }
    }
    let mut plan = Plan::default();
    for (path, artifact) in &wanted {
        let there = standing(folder, path)?;
        let list = match (artifact, there) {
            (None, Some(_)) => &mut plan.unchanged,
            (None, None) => {
                return Err(Error::new("this file has gone while the build was running")
                    .at(folder.show(path.as_str()))
                    .help("run the build again"));
            }
            (Some(artifact), Some(size)) if is_same(folder, artifact, size)? => &mut plan.unchanged,
            (Some(artifact), there) => {
                plan.bytes = plan.bytes.saturating_add(artifact.size());
                if there.is_some() { &mut plan.replaced } else { &mut plan.new }
            }
        };
        list.push((*path).clone());
    }
    look_around(folder, publication, &wanted, &mut plan)?;
    Ok(plan)
}

/// The size of the file that stands under a name. Folders on the way that are links, and anything but a file under the
/// name, are refused: writing there would leave the folder, or destroy what is not ours.
fn standing(folder: &Folder, path: &OutputPath) -> Result<Option<u64>, Error> {
    let names: Vec<&str> = path.as_str().split('/').collect();
    let mut relative = String::new();
    for (depth, name) in names.iter().enumerate() {
        if depth > 0 {
            relative.push('/');
        }
        relative.push_str(name);
        let metadata = match fs::symlink_metadata(folder.root.join(&relative)) {
            Ok(metadata) => metadata,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("it cannot be looked at", folder.show(&relative), &e)),
        };
        let is_last = depth + 1 == names.len();
        let what = match (is_last, metadata.file_type()) {
            (true, kind) if kind.is_file() => return Ok(Some(metadata.len())),
            (false, kind) if kind.is_dir() => continue,
            (_, kind) if kind.is_symlink() => "a link stands here",
            (true, _) => "something that is no file stands here",
            (false, _) => "something that is no folder stands here",
        };
        let ours = if is_last { "a file" } else { "a folder" };
        return Err(Error::new(format!("{what}, and the build has to put {ours} here"))
            .at(folder.show(&relative))
            .help("move it away and run the build again"));
    }
    Ok(None)
}

/// Whether the file that stands there is the artifact. A name that carries its content is believed if the size fits;
/// everything else is compared byte by byte.
fn is_same(folder: &Folder, artifact: &Artifact, size: u64) -> Result<bool, Error> {
    if size != artifact.size() {
        return Ok(false);
    }
    if carries_content(artifact.path.as_str()) {
        return Ok(true);
    }
    let failed = |e: io::Error| Error::io("it cannot be read", folder.show(artifact.path.as_str()), &e);
    let mut file = File::open(folder.at(&artifact.path)).map_err(failed)?;
    let mut buffer = [0; 1 << 14];
    for piece in &artifact.pieces {
        let Piece::Bytes(bytes) = piece else { return Ok(false) };
        for chunk in bytes.chunks(buffer.len()) {
            let Some(read) = buffer.get_mut(..chunk.len()) else { return Ok(false) };
            match file.read_exact(read) {
                Ok(()) if read == chunk => {}
                Ok(()) => return Ok(false),
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
                Err(e) => return Err(failed(e)),
            }
        }
    }
    Ok(true)
}

/// Whether a name ends in a content stamp: `name-0123abcd.ext`.
pub(super) fn carries_content(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, stamp)| is_stamp(stamp))
}

fn is_stamp(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether this tool gives such a name to a file of an episode.
fn is_ours(slug: &str, name: &str) -> bool {
    if matches!(
        name,
        "index.html" | "embed.html" | "waveform.svg" | "cover.jpg" | "cover.jpeg" | "cover.png" | "cover-small.jpg"
    ) {
        return true;
    }
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let Some((kind, stamp)) = stem.rsplit_once('-') else { return false };
    let extensions: &[&str] = match kind {
        _ if kind == slug => &["mp3", "m4a", "opus", "ogg", "flac"],
        "chapters" => &["json", "vtt"],
        "transcript" => &["vtt", "srt", "json", "html"],
        _ => return false,
    };
    is_stamp(stamp) && extensions.contains(&extension)
}

/// Sorts what else is in the folder into what goes and what is not ours.
fn look_around(
    folder: &Folder,
    publication: &Publication<'_>,
    wanted: &BTreeMap<&OutputPath, Option<&Artifact>>,
    plan: &mut Plan,
) -> Result<(), Error> {
    let none = BTreeSet::new();
    let left = folder.journal.as_ref().map_or(&none, |j| &j.names);
    let named = |path: &OutputPath| publication.previous.contains(path) || left.contains(path);
    let slugs: BTreeSet<&str> =
        publication.previous.iter().chain(left).chain(wanted.keys().copied()).filter_map(OutputPath::folder).collect();
    for (name, kind) in entries(folder, &folder.root, "")? {
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() && slugs.contains(name.as_str()) {
            for (inner, kind) in entries(folder, &folder.root.join(&name), &name)? {
                let relative = format!("{name}/{inner}");
                match OutputPath::new(&relative) {
                    Some(path) if wanted.contains_key(&path) => {}
                    Some(path) if kind.is_file() && (named(&path) || is_ours(&name, &inner)) => plan.removed.push(path),
                    _ if inner.starts_with('.') => {}
                    _ if kind.is_dir() => plan.strangers.push(relative + "/"),
                    _ => plan.strangers.push(relative),
                }
            }
        } else {
            match OutputPath::new(&name) {
                Some(path) if wanted.contains_key(&path) => {}
                Some(path) if kind.is_file() && named(&path) => plan.removed.push(path),
                _ if kind.is_dir() => plan.strangers.push(name + "/"),
                _ => plan.strangers.push(name),
            }
        }
    }
    Ok(())
}

fn entries(folder: &Folder, dir: &Path, name: &str) -> Result<BTreeMap<String, fs::FileType>, Error> {
    let failed = |e: io::Error| Error::io("the folder cannot be read", folder.show(name), &e);
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        found.insert(entry.file_name().to_string_lossy().into_owned(), kind);
    }
    found.remove(INCOMING);
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_stamp_carries_its_content() {
        for yes in ["a/a-0123abcd.mp3", "chapters-ffffffff.json", "a/transcript-00000000.srt"] {
            assert!(carries_content(yes), "{yes}");
        }
        for no in ["feed.xml", "a/cover.png", "a/a-0123ABCD.mp3", "a/a-0123abc.mp3", "a-0123abcd/index.html"] {
            assert!(!carries_content(no), "{no}");
        }
    }

    #[test]
    fn only_names_that_this_tool_gives_are_ours() {
        for yes in ["one-0123abcd.mp3", "chapters-0123abcd.json", "cover.png", "index.html", "transcript-01234567.vtt"]
        {
            assert!(is_ours("one", yes), "{yes}");
        }
        for no in ["two-0123abcd.mp3", "chapters.json", "notes.txt", "one.mp3", "cover.gif", "one-0123abcd.wav", "x"] {
            assert!(!is_ours("one", no), "{no}");
        }
    }
}
