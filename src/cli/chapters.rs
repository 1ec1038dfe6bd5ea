//! `chapters`: the table of sections and times, with the source of each, in every form.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::{Session, Status, shown};
use crate::chapters::{self, CARRIERS, Context};
use crate::error::Error;
use crate::model::finding::Problem;
use crate::model::script::Script;
use crate::model::time::Duration;
use crate::pipeline::material::gather;
use crate::report::json;
use crate::sources::{self, Links};

/// Show the chapters of an episode: section, time, where the time comes from, and how sure it is
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now chapters episodes/harbour
  listen-now chapters episodes/harbour --format audacity > labels.txt
  listen-now chapters episodes/harbour --format json | jq '.chapters[].start_seconds'")]
pub struct Command {
    /// The episode's folder
    episode: PathBuf,
    /// How to print it: a table, JSON, or one of the texts that carry chapters
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats())]
    format: String,
}

fn formats() -> PossibleValuesParser {
    let carriers = CARRIERS.iter().filter(|c| c.write.is_some()).map(|c| c.name);
    PossibleValuesParser::new(["table", "json"].into_iter().chain(carriers))
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let path = shown(&self.episode);
        if !path.is_dir() {
            return Err(Error::new("this is no episode folder")
                .at(&path)
                .help("name the folder that holds the article and its recording"));
        }
        let cache = session.cache(path.parent().unwrap_or(Path::new(".")));
        let spinner = session.spinner(&format!("listening to {}", path.display()));
        let material = gather(sources::episode(&path, Links::Refuse), &cache);
        spinner.finish_and_clear();
        session.close(cache);
        let (Some(script), Some(duration)) = (&material.script, material.duration()) else {
            for problem in &material.problems {
                session.note(&said(problem));
            }
            session
                .note(&format!("{}: there are no chapters without an article and a whole recording", path.display()));
            return Ok(Status::Findings);
        };
        let text = match self.format.as_str() {
            "json" => {
                session.print_json(&json::chapters(&path, script, duration))?;
                return Ok(status(script));
            }
            "table" => table(script, duration),
            name => {
                let write = chapters::by_name(name).and_then(|c| c.write);
                match (write, &script.chapters) {
                    (Some(write), Some(list)) => {
                        let author = material.article.as_ref().map(|a| a.authors.join(", ")).unwrap_or_default();
                        write(list, &Context { title: &script.title, show: "", author: &author })
                    }
                    _ => String::new(),
                }
            }
        };
        session.print(&text)?;
        for problem in &material.problems {
            session.note(&said(problem));
        }
        if script.chapters.is_none() {
            session.note(&format!("{}: there are no chapters; `listen-now check` says why", path.display()));
        }
        Ok(status(script))
    }
}

fn status(script: &Script) -> Status {
    if script.chapters.is_some() { Status::Fine } else { Status::Findings }
}

fn said(problem: &Problem) -> String {
    let line = problem.place.line.map(|l| format!(":{l}")).unwrap_or_default();
    format!("{}{line}: {}", problem.place.path.display(), problem.message)
}

/// The table that a person reads.
pub(super) fn table(script: &Script, duration: Duration) -> String {
    let mut text = String::new();
    for chapter in script.chapters.iter().flat_map(|l| l.chapters()) {
        let review = if chapter.confidence.value() < 0.5 { "  needs review" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}  {:<8}  {:.2}  {}{review}",
            chapter.start.npt(),
            chapter.origin.word(),
            chapter.confidence.value(),
            chapter.title
        );
    }
    let _ = writeln!(text, "{}  end", crate::model::time::Timestamp::after(duration).npt());
    for missing in &script.missing {
        let _ = writeln!(text, "not in the recording: {missing}");
    }
    text
}
