//! `build`: the main job.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::judging::{Judging, status_of};
use super::{Format, Session, Status, shown};
use crate::error::Error;
use crate::feed::Change;
use crate::model::show::Slug;
use crate::pipeline::against::Old;
use crate::pipeline::identity::{Asked, Previous};
use crate::pipeline::{Built, Request, build};
use crate::publish::FEED_NAME;
use crate::report::json::{self, BuiltRecord, ChangeWord};
use crate::sources::{self, Links};

/// Build the feed: check everything, pack the recordings, and write what changed
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now build                               # ./episodes into ./feed
  listen-now build show/episodes -o /srv/www/feed
  listen-now build --drop old-episode            # take an episode down
  listen-now build --previous published.xml      # continue a feed that another system made

Nothing is written while something is an error. Exit status: 0 fine; 1 something has to be mended; 2 it could not be done.")]
pub struct Command {
    /// The folder with show.toml
    #[arg(value_name = "EPISODES", default_value = "episodes")]
    episodes: PathBuf,
    /// The folder to write
    #[arg(short, long, value_name = "FEED", default_value = "feed")]
    output: PathBuf,
    /// Take this episode down: item, files and measurements go
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    drop: Vec<Slug>,
    /// Give this episode the identity that its episode.toml says, whatever subscribers have
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    change_guid: Vec<Slug>,
    /// The feed that this one continues, where FEED is empty
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// Another feed that subscribers have: what they would lose or get twice is an error
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
    /// Build as of this moment: later episodes are kept back [default: now]
    #[arg(long, value_name = "DATE", value_parser = moment)]
    as_of: Option<jiff::Timestamp>,
    /// Let recordings be links that lead out of the show
    #[arg(long)]
    follow_links: bool,
    /// How to print what was done
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    judging: Judging,
}

fn slug(text: &str) -> Result<Slug, String> {
    Slug::new(text).ok_or_else(|| "a slug has small letters, digits and hyphens, at most 80".to_owned())
}

/// A moment, or a day, which means its end: what is dated that day goes out.
fn moment(text: &str) -> Result<jiff::Timestamp, String> {
    let day = || {
        let end = jiff::civil::time(23, 59, 59, 0);
        let at = text.parse::<jiff::civil::Date>().ok()?.to_datetime(end);
        jiff::tz::TimeZone::UTC.to_timestamp(at).ok()
    };
    let moment = text.parse::<jiff::Timestamp>().ok().or_else(day);
    moment.ok_or_else(|| "write a day such as 2025-01-15, or a moment such as 2025-01-15T12:00:00Z".to_owned())
}

/// The largest feed that is continued.
const LARGEST_FEED: u64 = 256 << 20;

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let judge = self.judging.judge()?;
        let episodes = shown(&self.episodes);
        if !episodes.is_dir() {
            return Err(Error::new("there is no such folder of episodes")
                .at(&episodes)
                .help("name the folder that has show.toml, or start a show with `listen-now new .`"));
        }
        let previous = self.previous.as_deref().map(read_previous).transpose()?;
        let against = self.against.as_deref().map(read_against).transpose()?;
        let cache = session.cache(&episodes);
        let bar = session.bar("listening", count(&episodes));
        let built = build(&Request {
            episodes: &episodes,
            feed: &shown(&self.output),
            previous,
            against: against.as_ref(),
            asked: Asked { drop: &self.drop, change_guid: &self.change_guid },
            as_of: self.as_of.unwrap_or_else(super::now),
            links: if self.follow_links { Links::FollowRecordings } else { Links::Refuse },
            policy: &|settings| judge.policy(settings),
            cache: &cache,
            circumstances: &format!("{} {} {against:?}", program(), judge.words()),
            heard: &|| bar.inc(1),
        });
        bar.finish_and_clear();
        session.close(cache);
        let built = built?;
        self.judging.write_files(&built.report)?;
        match self.format {
            Format::Json => {
                let feed = built.feed.as_deref();
                let episodes = built.episodes.iter().map(record).collect();
                session.print_json(&json::build(feed, episodes, &built.report.findings))?;
            }
            Format::Text => {
                session.print(&(session.reported(&built.report, "text")? + &told(&built)))?;
            }
        }
        for folder in self.drop.iter().map(|slug| episodes.join(slug.as_str())) {
            if built.feed.is_some() && folder.is_dir() {
                session.note(&format!(
                    "{}: this folder is still there, and a build without --drop publishes it again; remove it, or write \
                     `draft = true` into its episode.toml",
                    folder.display()
                ));
            }
        }
        Ok(status_of(&built.report))
    }
}

/// Which program this is: another one may build otherwise, even under the same version.
pub(super) fn program() -> String {
    let file = std::env::current_exe().and_then(|path| Ok((path.metadata()?, path)));
    match file {
        Ok((metadata, path)) => format!("{} {} {:?}", path.display(), metadata.len(), metadata.modified().ok()),
        Err(_) => env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn read_previous(path: &Path) -> Result<Previous, Error> {
    let bytes = sources::read_bounded(path, LARGEST_FEED).map_err(|e| Error::new(e.message).at(shown(path)))?;
    Ok(Previous { path: shown(path), bytes })
}

/// The feed that subscribers have: a file, or the folder of one.
pub(super) fn read_against(path: &Path) -> Result<Old, Error> {
    let path = if path.is_dir() { path.join(FEED_NAME) } else { path.to_owned() };
    let bytes = sources::read_bounded(&path, LARGEST_FEED).map_err(|e| Error::new(e.message).at(shown(&path)))?;
    Old::read(&shown(&path), &bytes)
}

/// About how many episodes there are, for the progress bar.
fn count(episodes: &Path) -> usize {
    let entries = std::fs::read_dir(episodes).into_iter().flatten().flatten();
    entries.filter(|e| e.path().is_dir()).count()
}

fn record(episode: &crate::pipeline::BuiltEpisode) -> BuiltRecord {
    BuiltRecord {
        slug: episode.name.clone(),
        guid: episode.guid.clone(),
        duration_seconds: episode.duration.map(|d| d.seconds()),
        chapters: episode.chapters,
        enclosure_bytes: episode.enclosure_bytes,
        cached: episode.cached,
        change: match episode.change {
            Change::None => ChangeWord::None,
            Change::New => ChangeWord::New,
            Change::Title => ChangeWord::Title,
            Change::Notes => ChangeWord::Notes,
            Change::Audio => ChangeWord::Audio,
            Change::Gone => ChangeWord::Gone,
        },
    }
}

/// What a person reads: what changes for subscribers, and what was written.
fn told(built: &Built) -> String {
    let Some(feed) = &built.feed else {
        return "Nothing was written; the published feed is as it was.\n".to_owned();
    };
    let mut text = String::new();
    let mut unchanged = 0;
    for episode in &built.episodes {
        let what = match episode.change {
            Change::None => {
                unchanged += 1;
                continue;
            }
            Change::New => "new",
            Change::Title => "another title",
            Change::Notes => "other notes",
            Change::Audio => "another recording",
            Change::Gone => "taken down",
        };
        let count = match episode.chapters {
            1 => "1 chapter".to_owned(),
            n => format!("{n} chapters"),
        };
        let length = episode.duration.map(|d| format!(", {d}, {count}")).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}: {what}{length}", episode.name);
    }
    if unchanged > 0 {
        let _ = writeln!(text, "{unchanged} unchanged for subscribers");
    }
    let plan = &built.plan;
    if plan.is_done() {
        let _ = writeln!(text, "{}: nothing to write", feed.display());
    } else {
        let _ = writeln!(
            text,
            "{}: {} new, {} replaced, {} removed, {} as they were",
            feed.display(),
            plan.new.len(),
            plan.replaced.len(),
            plan.removed.len(),
            plan.unchanged.len()
        );
    }
    text
}
