//! An episode folder: its article, its recording or parts, its marks, and what `episode.toml` says of them.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::folder::{Entry, EntryShape, Folder, Role, has_extension, has_stem, is_recording, listed, root_of};
use super::show::SHOW_TOML;
use super::{ARTICLES, EpisodeSource, Links, manifest, parts};
use crate::model::finding::{Place, Places, Problem, ProblemKind};
use crate::model::show::{EpisodeSettings, Slug};

const EPISODE_TOML: &str = "episode.toml";

/// Audio that people have and that nothing here reads.
const FOREIGN_AUDIO: &[&str] = &["wma", "m4b", "m4p", "mp2", "webm", "mka", "amr", "3gp", "caf", "aifc", "ra", "mov"];

const TRANSCRIPTS: &[&str] = &["vtt", "srt"];
const MARKS: &[&str] = &["txt", "json", "xml", "psc", "vtt"];

/// The folder of the show that an episode folder lies in: the one above, if it has a `show.toml`.
pub fn show_above(episode: &Path) -> Option<PathBuf> {
    let above = match episode.parent() {
        // `.` and `..` have their parents elsewhere than in their names.
        _ if !matches!(episode.components().next_back(), Some(Component::Normal(_))) => episode.join(".."),
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => return None,
    };
    above.join(SHOW_TOML).is_file().then_some(above)
}

/// Reads one episode folder, with or without a show above it.
pub fn episode(dir: &Path, links: Links) -> EpisodeSource {
    match show_above(dir) {
        Some(above) => read_episode(dir, root_of(&above), links, Whose::Show),
        None => read_episode(dir, root_of(dir), links, Whose::Nobody),
    }
}

/// Whether an episode folder belongs to a show; only there its name is published.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Show,
    Nobody,
}

pub(super) fn unread(dir: &Path) -> EpisodeSource {
    EpisodeSource {
        slug: folder_name(dir).as_deref().and_then(Slug::new),
        dir: dir.to_owned(),
        article: None,
        recordings: Vec::new(),
        marks_file: None,
        transcript: None,
        cover: None,
        manifest: None,
        settings: EpisodeSettings::default(),
        places: Places::new(dir),
        problems: Vec::new(),
    }
}

pub(super) fn read_episode(dir: &Path, root: Option<PathBuf>, links: Links, whose: Whose) -> EpisodeSource {
    let mut episode = unread(dir);
    let mut folder = Folder::read(dir, root, links, ProblemKind::ArticleUnreadable);
    if episode.slug.is_none() && whose == Whose::Show {
        folder.problems.push(no_slug(dir));
    }
    if !folder.readable {
        episode.problems = folder.problems;
        return episode;
    }
    if let Some(entry) = folder.find(EPISODE_TOML) {
        let path = entry.path.clone();
        episode.places = Places::new(&path);
        match folder.manifest(EPISODE_TOML, ProblemKind::EpisodeToml) {
            Some(bytes) => {
                let (settings, places, problems) = manifest::episode(&path, &bytes);
                (episode.settings, episode.places) = (settings, places);
                folder.problems.extend(problems);
            }
            None => episode.places.incomplete(),
        }
        episode.manifest = Some(path);
    }
    episode.article = folder.article();
    episode.recordings = folder.recordings(&episode.settings, &episode.places);
    episode.marks_file = folder.marks();
    episode.transcript = folder.named("transcript", TRANSCRIPTS).into_iter().next().and_then(|e| folder.take(e));
    episode.cover = folder.cover(episode.settings.artwork.as_deref(), &episode.places);
    episode.problems = folder.problems;
    episode
}

fn no_slug(dir: &Path) -> Problem {
    let name = folder_name(dir).unwrap_or_default();
    let help = match Slug::from_title(&name) {
        Some(slug) => format!("Rename it to `{slug}`."),
        None => "Rename it to something like `first-episode`.".to_owned(),
    };
    Problem {
        kind: ProblemKind::Slug,
        place: Place::file(dir),
        message: "The name of an episode's folder becomes part of web addresses: small letters, digits and hyphens, at most 80."
            .into(),
        help: Some(help),
    }
}

/// The name of a folder, also where it is given as `.`.
fn folder_name(dir: &Path) -> Option<String> {
    let name = match dir.file_name() {
        Some(name) => name.to_owned(),
        None => fs::canonicalize(dir).ok()?.file_name()?.to_owned(),
    };
    Some(name.to_string_lossy().into_owned())
}

impl Folder {
    fn article(&mut self) -> Option<PathBuf> {
        let mut found = self.named("article", ARTICLES);
        match found.len() {
            0 => {
                let others: Vec<String> = self
                    .entries
                    .iter()
                    .filter(|e| e.shape == EntryShape::File)
                    .filter(|e| has_extension(&e.path, &["md", "markdown", "html", "htm", "txt"]))
                    .filter(|e| !["chapters", "transcript", "readme"].iter().any(|s| has_stem(&e.path, s)))
                    .map(Entry::name)
                    .collect();
                let help = match others.as_slice() {
                    [one] => format!("Rename `{one}` to `{}`.", article_name(one)),
                    _ => "Put the text here as article.md, article.html or article.txt.".to_owned(),
                };
                self.problem(
                    ProblemKind::ArticleMissing,
                    Place::file(&self.dir),
                    "This episode has no article.".into(),
                    help,
                );
                None
            }
            1 => found.pop().and_then(|entry| self.take(entry)),
            _ => {
                let names = listed(found.iter().map(Entry::name));
                let message = format!("This episode has several articles: {names}.");
                let help = "Keep one of them, or let the name of the others begin with _.";
                self.problem(ProblemKind::ArticleAmbiguous, Place::file(&self.dir), message, help);
                None
            }
        }
    }

    fn recordings(&mut self, settings: &EpisodeSettings, places: &Places) -> Vec<PathBuf> {
        if settings.recording.is_some() && !settings.parts.is_empty() {
            let message = "`recording` and `parts` cannot both be written.".to_owned();
            self.problem(ProblemKind::EpisodeToml, places.of("parts"), message, "Keep one of the two.");
        }
        if let Some(recording) = &settings.recording {
            return self.named_recording(recording, places.of("recording")).into_iter().collect();
        }
        if !settings.parts.is_empty() {
            let mut all = Vec::new();
            for (index, part) in settings.parts.iter().enumerate() {
                let place = places.of(&format!("parts[{index}]"));
                if settings.parts.iter().take(index).any(|earlier| earlier == part) {
                    let message = format!("`{}` is named twice.", part.display());
                    self.problem(ProblemKind::EpisodeToml, place, message, "Name each part once.");
                    continue;
                }
                all.extend(self.named_recording(part, place));
            }
            // A recording that lacks a part is none.
            return if all.len() == settings.parts.len() { all } else { Vec::new() };
        }
        let found = self.found_recordings();
        if places.has("recording") || places.has("parts") {
            // The choice is there and could not be read, which has been said.
            self.problems.retain(|p| p.kind != ProblemKind::AudioAmbiguous);
        }
        found
    }

    fn named_recording(&mut self, name: &Path, place: Place) -> Option<PathBuf> {
        let path = self.dir.join(name);
        if !path.is_file() {
            let there = listed(self.audio().iter().map(Entry::name));
            let message = format!("There is no file `{}` in this folder.", name.display());
            let help = match there.as_str() {
                "" => "Put the recording into the folder.".to_owned(),
                _ => format!("These audio files are there: {there}."),
            };
            self.problem(ProblemKind::AudioMissing, place, message, help);
            return None;
        }
        if self.links == Links::Refuse
            && let Some(problem) = self.outside(&path, place, Role::Recording)
        {
            self.problems.push(problem);
            return None;
        }
        Some(path)
    }

    fn audio(&self) -> Vec<Entry> {
        self.entries.iter().filter(|e| e.shape == EntryShape::File && is_recording(&e.path)).cloned().collect()
    }

    fn found_recordings(&mut self) -> Vec<PathBuf> {
        let found = self.audio();
        let names: Vec<String> = found.iter().map(Entry::name).collect();
        let order = match names.len() {
            0 => {
                self.no_recording();
                return Vec::new();
            }
            1 => Some(vec![0]),
            _ => parts::order(&names.iter().map(String::as_str).collect::<Vec<_>>()),
        };
        let Some(order) = order else {
            let message = format!("This episode has several audio files: {}.", listed(names.iter().cloned()));
            let first = names.first().map(String::as_str).unwrap_or_default();
            let help = format!(
                "Write `recording = \"{first}\"` into episode.toml, or `parts = [...]` if together they are one recording."
            );
            self.problem(ProblemKind::AudioAmbiguous, Place::file(&self.dir), message, help);
            return Vec::new();
        };
        let mut all = Vec::new();
        for entry in order.into_iter().filter_map(|index| found.get(index)) {
            match self.refuse(entry, Role::Recording) {
                Some(problem) => self.problems.push(problem),
                None => all.push(entry.path.clone()),
            }
        }
        if all.len() == found.len() { all } else { Vec::new() }
    }

    fn no_recording(&mut self) {
        let foreign = self.entries.iter().find(|e| has_extension(&e.path, FOREIGN_AUDIO));
        let help = match foreign {
            Some(file) => {
                format!("`{}` is of a kind that cannot be read; save it as WAV, FLAC, MP3 or M4A.", file.name())
            }
            None => "Put the recording here under any name: MP3, M4A, WAV, AIFF, FLAC, Ogg or Opus.".to_owned(),
        };
        self.problem(ProblemKind::AudioMissing, Place::file(&self.dir), "This episode has no recording.".into(), help);
    }

    fn marks(&mut self) -> Option<PathBuf> {
        let mut found = self.named("chapters", MARKS);
        if found.len() > 1 {
            let message =
                format!("This episode has several lists of chapters: {}.", listed(found.iter().map(Entry::name)));
            let help = "Keep one of them, or let the name of the others begin with _.";
            self.problem(ProblemKind::ChaptersUnreadable, Place::file(&self.dir), message, help);
            return None;
        }
        found.pop().and_then(|entry| self.take(entry))
    }
}

fn article_name(name: &str) -> String {
    let extension = match name.rsplit('.').next().unwrap_or_default().to_lowercase().as_str() {
        "md" | "markdown" => "md",
        "html" | "htm" => "html",
        _ => "txt",
    };
    format!("article.{extension}")
}
