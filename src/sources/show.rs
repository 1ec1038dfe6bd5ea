//! A show folder: its manifest, its cover, and its episodes.

use std::path::Path;

use super::episode::{Whose, read_episode, unread};
use super::folder::{EntryShape, Folder, Role, root_of};
use super::{EpisodeSource, Links, ShowSource, manifest};
use crate::model::finding::{Place, Places, Problem, ProblemKind};
use crate::model::show::Show;

pub(super) const SHOW_TOML: &str = "show.toml";

/// Reads a show folder: its manifest, its cover, and every episode folder.
pub fn show(dir: &Path, links: Links) -> ShowSource {
    let manifest_path = dir.join(SHOW_TOML);
    let mut folder = Folder::read(dir, root_of(dir), links, ProblemKind::ShowToml);
    let (show, places) = match folder.manifest(SHOW_TOML, ProblemKind::ShowToml) {
        Some(bytes) => {
            let (show, places, problems) = manifest::show(&manifest_path, &bytes);
            folder.problems.extend(problems);
            (show, places)
        }
        None => {
            if folder.find(SHOW_TOML).is_none() && folder.readable {
                folder.problems.push(Problem {
                    kind: ProblemKind::ShowToml,
                    place: Place::file(dir),
                    message: "There is no show.toml in this folder.".into(),
                    help: Some("Make a show with `listen-now new`, or name the folder that has one.".into()),
                });
            }
            let mut places = Places::new(&manifest_path);
            places.incomplete();
            (Show::default(), places)
        }
    };
    let cover = folder.cover(show.artwork.as_deref(), &places);
    let mut episodes = Vec::new();
    for entry in folder.entries.clone() {
        if entry.shape != EntryShape::Folder || entry.name() == SHOW_TOML {
            continue;
        }
        match folder.refuse(&entry, Role::Other) {
            Some(problem) => episodes.push(EpisodeSource { problems: vec![problem], ..unread(&entry.path) }),
            None => episodes.push(read_episode(&entry.path, folder.root.clone(), links, Whose::Show)),
        }
    }
    ShowSource {
        dir: dir.to_owned(),
        manifest: manifest_path,
        show,
        places,
        cover,
        episodes,
        problems: folder.problems,
    }
}
