//! `check`: validates what lies on disk and changes nothing.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use super::build::read_against;
use super::judging::{Judge, Judging, format_names, status_of};
use super::{Session, Status, shown};
use crate::checks::{self, Survey};
use crate::error::Error;
use crate::model::finding::Report;
use crate::model::show::CheckSettings;
use crate::pipeline;
use crate::pipeline::against::{self, Old};
use crate::pipeline::material::{Material, gather, read_cover};
use crate::pipeline::targets::{self, Targets};
use crate::pipeline::{feed, loose, survey};
use crate::publish::FEED_NAME;
use crate::sources::cache::Cache;
use crate::sources::{self, EpisodeSource, Links};

/// Validate a show, an episode folder, recordings, articles or any feed; change nothing
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now check                               # the show in ./episodes
  listen-now check reading.mp3 --deny warnings
  listen-now check feed                          # a built folder, and all that its feed.xml points at
  curl https://example.com/feed.xml | listen-now check -
  listen-now check feed --against published.xml   # what subscribers would lose or get twice
  listen-now check --format github --report sarif=findings.sarif --report junit=findings.xml

Exit status: 0 fine; 1 something is an error; 2 it could not be done.")]
pub struct Command {
    /// A show, an episode folder, a recording, an article, a cover, chapters, a transcript, a built folder, a feed,
    /// or `-` for a feed on standard input [default: episodes]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where the folder of a feed is served, if the feed itself does not say so
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format_names())]
    format: String,
    /// The feed that subscribers have: what they would lose or get twice is told
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
    /// Write everything that is found to the file of --baseline
    #[arg(long, requires = "baseline", help_heading = "Judging")]
    baseline_write: bool,
    #[command(flatten)]
    judging: Judging,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let judge = if self.baseline_write { self.judging.judge_all()? } else { self.judging.judge()? };
        let old = self.against.as_deref().map(read_against).transpose()?;
        let run = Run { command: self, session, judge: &judge, old: old.as_ref() };
        let default = [PathBuf::from("episodes")];
        let paths = if self.paths.is_empty() { &default } else { self.paths.as_slice() };
        let mut report = Report::default();
        // A path that is named twice is checked once.
        let again = |(index, path): &(usize, &PathBuf)| !paths.iter().take(*index).any(|p| p == *path);
        for (_, path) in paths.iter().enumerate().filter(again) {
            let one = run.check(path)?;
            report.findings.extend(one.findings);
            report.allowed += one.allowed;
        }
        if self.baseline_write {
            self.judging.write_baseline(&report)?;
            report.allowed += report.findings.len();
            report.findings.clear();
        }
        self.judging.write_files(&report)?;
        session.print(&session.reported(&report, &self.format)?)?;
        Ok(status_of(&report))
    }
}

/// A command with what it needs besides.
struct Run<'a> {
    command: &'a Command,
    session: &'a Session,
    judge: &'a Judge<'a>,
    old: Option<&'a Old>,
}

impl Run<'_> {
    fn check(&self, path: &Path) -> Result<Report, Error> {
        if path == Path::new("-") {
            return self.standard_input();
        }
        let path = shown(path);
        let metadata = path.metadata().map_err(|e| {
            let error = Error::io("nothing can be checked here", &path, &e);
            if self.command.paths.is_empty() {
                error.help("name a path, or run this in the folder that has `episodes`")
            } else {
                error
            }
        })?;
        if metadata.is_dir() {
            if path.join("show.toml").exists() {
                return self.show(&path);
            }
            if path.join(FEED_NAME).exists() {
                return self.feed(&path.join(FEED_NAME));
            }
            if path.join("episodes").join("show.toml").exists() {
                let episodes = path.join("episodes");
                let error = Error::new("this folder is neither a show nor an episode nor a built feed").at(&path);
                return Err(error.help(format!("the show lies in {0}: listen-now check {0}", episodes.display())));
            }
            if holds_episodes(&path) {
                return self.show(&path);
            }
            self.comparable(&path)?;
            return self.episode(&path);
        }
        if is_xml(&path) {
            return self.feed(&path);
        }
        self.comparable(&path)?;
        let cache = self.session.cache(path.parent().unwrap_or(Path::new(".")));
        let loose = loose::read(&path, &cache);
        self.session.close(cache);
        Ok(self.judge(&CheckSettings::default(), &survey::of_loose(&loose)))
    }

    fn judge(&self, settings: &CheckSettings, survey: &Survey<'_>) -> Report {
        self.judge.policy(settings).judge(checks::run(survey))
    }

    /// Refuses to compare what subscribers do not have.
    fn comparable(&self, path: &Path) -> Result<(), Error> {
        match self.old {
            None => Ok(()),
            Some(_) => {
                let error = Error::new("only a feed or a show can be compared with a published feed").at(path);
                Err(error.help("leave --against out for this path"))
            }
        }
    }

    fn standard_input(&self) -> Result<Report, Error> {
        let mut bytes = Vec::new();
        let unread = |e: io::Error| Error::io("standard input cannot be read", Path::new("-"), &e);
        io::stdin().lock().take(LARGEST_FEED + 1).read_to_end(&mut bytes).map_err(unread)?;
        self.feed_bytes(Path::new("-"), &bytes)
    }

    fn feed(&self, path: &Path) -> Result<Report, Error> {
        // One byte more than the reader takes, so that it is the reader who refuses.
        let bytes = sources::read_bounded(path, LARGEST_FEED + 1);
        let bytes = bytes.map_err(|e| Error::new("the feed cannot be read").at(path).because(e.message))?;
        self.feed_bytes(path, &bytes)
    }

    fn feed_bytes(&self, path: &Path, bytes: &[u8]) -> Result<Report, Error> {
        let session = self.session;
        let none = CheckSettings::default();
        let folder = path.parent().unwrap_or(Path::new("."));
        let cache = session.cache(folder);
        let Some(material) = feed::read(path, bytes, self.command.base_url.as_deref()) else {
            let loose = loose::read(path, &cache);
            return Ok(self.judge(&none, &survey::of_loose(&loose)));
        };
        let facts = material.facts();
        let targets = match &facts {
            Some(facts) => {
                let bar = session.bar("opening", facts.items.len());
                let targets = targets::open(&material, facts, &cache, || bar.inc(1));
                bar.finish_and_clear();
                targets
            }
            None => Targets::default(),
        };
        session.close(cache);
        let changes = match (self.old, &material.document, &facts) {
            (Some(old), Some(document), Some(facts)) => against::feed(old, document, facts),
            _ => Vec::new(),
        };
        let mut survey = survey::of_feed(&material, facts, &targets, super::now());
        survey.problems.extend(changes);
        Ok(self.judge(&none, &survey))
    }

    fn show(&self, path: &Path) -> Result<Report, Error> {
        let session = self.session;
        let mut source = sources::show(path, Links::Refuse);
        let cache = session.cache(path);
        let cover = source.cover.clone().and_then(|c| read_cover(&c).map_err(|p| source.problems.push(p)).ok());
        let materials = gather_all(session, std::mem::take(&mut source.episodes), &cache);
        session.close(cache);
        let as_of = super::now();
        let guids = pipeline::pinned(&materials);
        let mut survey = survey::of_show(&source, cover.as_ref(), &materials, &guids, as_of);
        survey.problems.extend(survey::refused(&materials, &source.show, as_of));
        if let Some(old) = self.old {
            survey.problems.extend(against::show(old, &source.show, &materials, as_of));
        }
        Ok(self.judge(&source.show.check, &survey))
    }

    fn episode(&self, path: &Path) -> Result<Report, Error> {
        let session = self.session;
        let above = sources::show_above(path).map(|dir| sources::show(&dir, Links::Refuse));
        let cache = session.cache(path.parent().unwrap_or(Path::new(".")));
        let material = gather(sources::episode(path, Links::Refuse), &cache);
        session.close(cache);
        let show = above.as_ref().map(|s| &s.show);
        let survey = survey::of_episode(&material, show, super::now());
        Ok(self.judge(&show.map(|s| s.check.clone()).unwrap_or_default(), &survey))
    }
}

/// True for a folder of episodes: it has no article itself, and a folder in it has one. What it lacks is its show.toml.
fn holds_episodes(path: &Path) -> bool {
    let has_article =
        |folder: &Path| ["md", "html", "txt"].iter().any(|e| folder.join("article").with_extension(e).is_file());
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    !has_article(path) && entries.map(|e| e.path()).any(|folder| has_article(&folder))
}

/// The size up to which a feed is read.
const LARGEST_FEED: u64 = 256 << 20;

/// True for files that are XML by their name, or by their first character where the name says nothing.
fn is_xml(path: &Path) -> bool {
    match path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).as_deref() {
        Some("xml" | "rss" | "atom" | "rdf") => true,
        Some(_) => false,
        None => sources::begins_with(path, b'<'),
    }
}

/// Reads and hears every episode, several at once, in the order of their folders.
pub(super) fn gather_all(session: &Session, episodes: Vec<EpisodeSource>, cache: &Cache) -> Vec<Material> {
    let bar = session.bar("listening", episodes.len());
    let materials = episodes
        .into_par_iter()
        .map(|source| {
            let material = gather(source, cache);
            bar.inc(1);
            material
        })
        .collect();
    bar.finish_and_clear();
    materials
}
