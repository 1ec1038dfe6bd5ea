//! Where an output folder may lie: neither in the sources nor around them, whatever links lead there.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::Error;

/// The true path of an output folder that may not exist yet.
pub(super) fn resolve(dir: &Path) -> Result<PathBuf, Error> {
    let failed = |e: &io::Error| Error::io("the output folder cannot be used", dir, e);
    let absolute = std::path::absolute(dir).map_err(|e| failed(&e))?;
    let mut missing = Vec::new();
    let mut there = absolute.as_path();
    loop {
        match fs::symlink_metadata(there) {
            Ok(_) => break,
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
            Err(e) => return Err(failed(&e)),
        }
        // Behind a folder that is not there, `..` means nothing yet.
        let Some(Component::Normal(name)) = there.components().next_back() else {
            return Err(failed(&io::ErrorKind::NotFound.into()));
        };
        missing.push(name.to_owned());
        let Some(parent) = there.parent() else { return Err(failed(&io::ErrorKind::NotFound.into())) };
        there = parent;
    }
    let mut path = fs::canonicalize(there).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Error::new("the output folder is a link that leads nowhere").at(dir),
        _ => failed(&e),
    })?;
    if !path.is_dir() {
        let file = if missing.is_empty() { dir } else { there };
        return Err(Error::new("this is a file, not a folder")
            .at(file)
            .help("choose another output folder with `-o FEED`, or move the file away"));
    }
    path.extend(missing.iter().rev());
    Ok(path)
}

/// Refuses an output folder that lies in the sources or around them.
pub(super) fn keep_apart(feed: &Path, shown: &Path, episodes: &Path) -> Result<(), Error> {
    let episodes_path =
        fs::canonicalize(episodes).map_err(|e| Error::io("the folder of the show cannot be opened", episodes, &e))?;
    let wrong = if feed == episodes_path {
        "this is the folder of the show itself"
    } else if feed.starts_with(&episodes_path) {
        "the output folder lies inside the folder of the show"
    } else if episodes_path.starts_with(feed) {
        "the folder of the show lies inside the output folder"
    } else {
        return Ok(());
    };
    Err(Error::new(wrong)
        .at(shown)
        .because("everything in the output folder belongs to the build")
        .help("choose a folder of its own, such as `-o feed` beside the show"))
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_contain_each_other_are_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let root = fs::canonicalize(dir.path()).expect("a path");
        fs::create_dir_all(root.join("show/episodes/one")).expect("made");
        fs::write(root.join("file"), "").expect("written");
        #[cfg(unix)]
        std::os::unix::fs::symlink("show/episodes", root.join("link")).expect("linked");
        let check = |feed: &str, sentence: Option<&str>| {
            let shown = root.join(feed);
            let result = resolve(&shown).and_then(|path| keep_apart(&path, &shown, &root.join("show/episodes")));
            let said = result.err().map(|e| e.to_string());
            match sentence {
                None => assert_eq!(said, None, "{feed}"),
                Some(part) => assert!(said.as_ref().is_some_and(|s| s.contains(part)), "{feed}: {said:?}"),
            }
        };
        check("feed", None);
        check("show/feed", None);
        check("show/episodes-feed", None);
        check("new/deep/feed", None);
        check("show/episodes", Some("the folder of the show itself"));
        check("show/episodes/feed", Some("lies inside the folder of the show"));
        check("show/episodes/new/feed", Some("lies inside the folder of the show"));
        check("show", Some("lies inside the output folder"));
        check(".", Some("lies inside the output folder"));
        check("file", Some("this is a file"));
        check("file/feed", Some("this is a file"));
        check("absent/../show/episodes", Some("no such file"));
        if cfg!(unix) {
            check("link", Some("the folder of the show itself"));
            check("link/feed", Some("lies inside the folder of the show"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_named_as_such() {
        let dir = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("gone", dir.path().join("feed")).expect("linked");
        let said = resolve(&dir.path().join("feed")).expect_err("nothing is there").to_string();
        assert!(said.ends_with("the output folder is a link that leads nowhere"), "{said}");
    }
}
