//! `add`: an article and its recording become an episode's folder; a folder of them, a back catalogue.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Session, Status, shown};
use crate::article;
use crate::error::Error;
use crate::model::article::Article;
use crate::model::date::WrittenDate;
use crate::model::show::{Guid, Slug};
use crate::pipeline::matching;
use crate::pipeline::material::gather;
use crate::sources::scaffold::{Bring, NewEpisode, free_place, new_episode};
use crate::sources::{self, Links, Pairing};

/// Add an episode from an article and its recording, or a whole folder of them paired by name
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now add article.md reading.mp3
  listen-now add article.txt part1.mp3 part2.mp3 --slug harbour
  listen-now add archive --dry-run               # which article goes with which recording
  listen-now add archive --match --dry-run       # paired by listening, whatever the names are
  listen-now add archive --link                  # the recordings are linked, not copied")]
pub struct Command {
    /// The article and its recording (or the parts of it), or a folder of articles and recordings
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The folder with show.toml
    #[arg(long, value_name = "DIR", default_value = "episodes")]
    episodes: PathBuf,
    /// The name of the episode's folder [default: made from the title]
    #[arg(long)]
    slug: Option<String>,
    /// Pair what lies in a folder by listening instead of by name
    #[arg(long = "match")]
    by_ear: bool,
    /// Link the recording instead of copying it, where both lie on one disk
    #[arg(long)]
    link: bool,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        match self.paths.as_slice() {
            [folder] if folder.is_dir() => self.catalogue(session, folder),
            [one] => Err(Error::new("an article and its recording are needed")
                .at(shown(one))
                .help("write `listen-now add ARTICLE RECORDING`, or name a folder that holds both")),
            [article, recordings @ ..] => self.add(session, article, recordings).map(|()| Status::Fine),
            [] => Err(Error::new("an article and its recording are needed")),
        }
    }

    fn add(&self, session: &Session, article: &Path, recordings: &[PathBuf]) -> Result<(), Error> {
        // Either order is meant the same way.
        let swapped = sources::is_recording(article)
            && recordings.len() == 1
            && recordings.iter().all(|r| sources::is_article(r));
        if swapped && let [only] = recordings {
            return self.add(session, only, &[article.to_owned()]);
        }
        for path in std::iter::once(article).chain(recordings.iter().map(PathBuf::as_path)) {
            sources::open(path).map_err(|e| Error::new(e.message).at(shown(path)))?;
        }
        if !sources::is_article(article) {
            return Err(Error::new("this is no article")
                .at(shown(article))
                .help("articles are .md, .html and .txt files"));
        }
        if let Some(other) = recordings.iter().find(|r| !sources::is_recording(r)) {
            return Err(Error::new("this is no recording")
                .at(shown(other))
                .help("recordings are MP3, M4A, MP4, AAC, WAV, AIFF, FLAC, Ogg and Opus files"));
        }
        let read = read(article)?;
        let slug = self.slug(&read, article)?;
        if self.dry_run {
            let target = free_place(&self.episodes, &slug)?;
            return session.print(&format!(
                "would make {} from {}\n",
                shown(&target).display(),
                shown(article).display()
            ));
        }
        let settings = settings(&read);
        let bring = if self.link { Bring::Link } else { Bring::Copy };
        let made =
            new_episode(&self.episodes, NewEpisode { slug: &slug, article, recordings, settings: &settings, bring })?;
        session.print(&format!("made {}\n", shown(&made).display()))?;
        session.print(&left_out(&read))?;
        self.show_chapters(session, &made)?;
        if read.date.is_none() {
            let file = shown(&made.join("episode.toml"));
            session.note(&format!("{}: the article has no date; write the day of publication here", file.display()));
        }
        if !self.episodes.join("show.toml").exists() {
            let folder = shown(&self.episodes);
            session.note(&format!("{}: there is no show.toml here yet; `listen-now new` makes one", folder.display()));
        }
        Ok(())
    }

    /// What was made of the recording: its sections with their times.
    fn show_chapters(&self, session: &Session, episode: &Path) -> Result<(), Error> {
        let cache = session.cache(&self.episodes);
        let spinner = session.spinner("listening");
        let material = gather(sources::episode(episode, Links::Refuse), &cache);
        spinner.finish_and_clear();
        session.close(cache);
        match (&material.script, material.duration()) {
            (Some(script), Some(duration)) => {
                session.print(&super::chapters::table(script, duration))?;
                if script.chapters.is_none() {
                    session.note(&super::chapters::none_of(episode));
                }
                Ok(())
            }
            _ => {
                for problem in &material.problems {
                    session.note(&format!("{}: {}", problem.place.path.display(), problem.message));
                }
                Ok(())
            }
        }
    }

    fn slug(&self, article: &Article, path: &Path) -> Result<Slug, Error> {
        if let Some(given) = &self.slug {
            return Slug::new(given).ok_or_else(|| {
                let error = Error::new(format!("`{given}` cannot be the name of an episode"));
                match Slug::from_title(given) {
                    Some(right) => error.help(format!("write --slug {right}")),
                    None => error.help("small letters, digits and hyphens make one, at most 80"),
                }
            });
        }
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let made = article.title.as_deref().and_then(Slug::from_title).or_else(|| Slug::from_title(&stem));
        made.ok_or_else(|| Error::new("no name can be made of the title").at(shown(path)).help("give one with --slug"))
    }

    fn pair(&self, session: &Session, folder: &Path) -> Pairing {
        let named = sources::pair(folder);
        if !self.by_ear {
            return named;
        }
        let (articles, recordings) = sources::articles_and_recordings(folder);
        let spinner = session.spinner(&format!("listening to {} recordings", recordings.len()));
        let mut heard = matching::pair(&articles, &recordings);
        spinner.finish_and_clear();
        // Names that two share are no problem to the ear; a folder that cannot be read is.
        if articles.is_empty() && recordings.is_empty() {
            heard.problems.extend(named.problems);
        }
        heard
    }

    /// A back catalogue: the table first, then every pair that is not there yet.
    fn catalogue(&self, session: &Session, folder: &Path) -> Result<Status, Error> {
        let Pairing { pairs, lonely_articles, lonely_recordings, problems } = self.pair(session, folder);
        let mut text = String::new();
        for (article, recording) in &pairs {
            text.push_str(&format!("{}  with  {}\n", name(article), name(recording)));
        }
        for article in &lonely_articles {
            text.push_str(&format!("{}  has no recording\n", name(article)));
        }
        for recording in &lonely_recordings {
            text.push_str(&format!("{}  has no article\n", name(recording)));
        }
        session.print(&text)?;
        for problem in &problems {
            session.note(&format!("{}: {}", problem.place.path.display(), problem.message));
        }
        if pairs.is_empty() {
            return Err(match self.by_ear {
                false => Error::new("no article and recording of the same name lie here")
                    .at(shown(folder))
                    .help("name them alike, such as harbour.md and harbour.mp3, or let `--match` listen to them"),
                true => Error::new("no recording here reads one of the articles").at(shown(folder)),
            });
        }
        let lonely = !lonely_articles.is_empty() || !lonely_recordings.is_empty() || !problems.is_empty();
        let mut status = if lonely { Status::Findings } else { Status::Fine };
        if self.dry_run {
            return Ok(status);
        }
        if self.slug.is_some() && pairs.len() > 1 {
            return Err(Error::new("one name cannot be that of several episodes")
                .at(shown(folder))
                .help("leave --slug out: the titles make the names"));
        }
        let mut taken = BTreeMap::new();
        for (article, recording) in &pairs {
            status = status.max(self.add_one_of_many(session, article, recording, &mut taken));
        }
        Ok(status)
    }

    /// Adds a pair of a catalogue. What cannot be added is said, and keeps none of the others out.
    fn add_one_of_many<'a>(
        &self,
        session: &Session,
        article: &'a Path,
        recording: &PathBuf,
        taken: &mut BTreeMap<Slug, &'a Path>,
    ) -> Status {
        let slug = match read(article).and_then(|read| self.slug(&read, article)) {
            Ok(slug) => slug,
            Err(error) => {
                session.complain(&error);
                return Status::Findings;
            }
        };
        if let Some(other) = taken.insert(slug.clone(), article) {
            let error = Error::new(format!("its title makes the same name, `{slug}`, as that of {}", name(other)));
            session.complain(&error.at(shown(article)).help("add it by itself, with another name: --slug NAME"));
            return Status::Findings;
        }
        if self.episodes.join(slug.as_str()).exists() {
            // A catalogue that was interrupted goes on where it ended.
            session.note(&format!("{slug} is there already"));
            return Status::Fine;
        }
        match self.add(session, article, std::slice::from_ref(recording)) {
            Ok(()) => Status::Fine,
            Err(error) => {
                session.complain(&error);
                Status::Failed
            }
        }
    }
}

fn read(path: &Path) -> Result<Article, Error> {
    let bytes = sources::read_bounded(path, super::article::LONGEST_ARTICLE)
        .map_err(|e| Error::new(e.message).at(shown(path)))?;
    article::read(path, &bytes).map_err(|e| Error::new(e.message).at(shown(path)).help(e.help))
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// `episode.toml` with what must never change, and what the article says of it.
fn settings(article: &Article) -> String {
    let mut text = String::from(
        "# What stands here overrules the article. The guid is the episode's identity and must never change.\n",
    );
    text.push_str(&format!("guid = \"{}\"\n", Guid::fresh()));
    match article.date {
        Some(WrittenDate::Day(day)) => text.push_str(&format!("date = {day}\n")),
        Some(date) => text.push_str(&format!("date = {date}\n")),
        None => text.push_str("# date = 2025-01-15    # the article has none: fill it in\n"),
    }
    text
}

fn left_out(article: &Article) -> String {
    match article.left_out().count() {
        0 => String::new(),
        1 => "1 line is left out; `listen-now article` says which and why\n".into(),
        n => format!("{n} lines are left out; `listen-now article` says which and why\n"),
    }
}
