//! `chapters`: the table of sections and times, with the source of each, in every form.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::{Session, Status, shown};
use crate::audio::clips::{self, Wanted};
use crate::chapters::pins;
use crate::chapters::{self, CARRIERS, Context};
use crate::error::Error;
use crate::model::chapter::{Chapter, Origin, clean_title};
use crate::model::finding::Problem;
use crate::model::script::{Passage, Role, Script, Verdict};
use crate::model::show::Slug;
use crate::model::time::{Duration, Timestamp};
use crate::picture::chart;
use crate::pipeline::material::{Material, gather};
use crate::report::json;
use crate::sources::{self, Links};

/// Show the chapters of an episode: section, time, where the time comes from, and how sure it is
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now chapters episodes/harbour
  listen-now chapters episodes/harbour --format audacity > labels.txt
  listen-now chapters episodes/harbour --clips clips        # hear 3 s before and 5 s after each mark
  listen-now chapters episodes/harbour --picture harbour.png
  listen-now chapters episodes/harbour --format json | jq '.chapters[].start_seconds'")]
pub struct Command {
    /// The episode's folder
    episode: PathBuf,
    /// How to print it: a table, JSON, or one of the texts that carry chapters
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = formats())]
    format: String,
    /// Cut three seconds before and five after each mark into WAV files in this folder
    #[arg(long, value_name = "DIR")]
    clips: Option<PathBuf>,
    /// Draw waveform, marks, what is extra and what is missing into this PNG
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

/// How much of the recording a clip has on either side of its mark.
const BEFORE: Duration = Duration::from_millis(3_000);
const BEHIND: Duration = Duration::from_millis(5_000);
/// Design section 5: below it a start needs review.
const SURE: f32 = 0.5;
/// Marks and what is heard may lie so far apart.
const APART: u64 = 2_000;

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
        let settled = material.script.as_ref().zip(material.duration());
        match (self.format.as_str(), settled) {
            ("json", Some((script, duration))) => session.print_json(&json::chapters(&path, script, duration))?,
            // Who asked for a document gets one, whatever is wrong with the episode.
            ("json", None) => session.print_json(&json::unsettled(&path, material.duration()))?,
            (format, Some((script, duration))) => session.print(&written(format, &material, script, duration))?,
            (_, None) => {}
        }
        for problem in &material.problems {
            session.note(&said(problem));
        }
        let Some((script, duration)) = settled else {
            session
                .note(&format!("{}: there are no chapters without an article and a whole recording", path.display()));
            return Ok(Status::Findings);
        };
        self.show(session, &material, script, duration)?;
        if script.chapters.is_none() {
            session.note(&none_of(&path));
        }
        Ok(status(script))
    }
}

/// The table, or the chapters as one of the texts that carry them; empty where there are none.
fn written(format: &str, material: &Material, script: &Script, duration: Duration) -> String {
    if format == "table" {
        return table(script, duration);
    }
    let write = chapters::by_name(format).and_then(|c| c.write);
    let Some((write, list)) = write.zip(script.chapters.as_ref()) else { return String::new() };
    let author = material.article.as_ref().map(|a| a.authors.join(", ")).unwrap_or_default();
    write(list, &Context { title: &script.title, show: "", author: &author })
}

/// What is said of an episode that got none.
pub(super) fn none_of(episode: &Path) -> String {
    let path = shown(episode);
    format!("{0}: there are no chapters; `listen-now check {0}` says why", path.display())
}

fn status(script: &Script) -> Status {
    if script.chapters.is_some() { Status::Fine } else { Status::Findings }
}

fn said(problem: &Problem) -> String {
    let line = problem.place.line.map(|l| format!(":{l}")).unwrap_or_default();
    format!("{}{line}: {}", problem.place.path.display(), problem.message)
}

impl Command {
    /// Clips and picture, where they are wanted.
    fn show(&self, session: &Session, material: &Material, script: &Script, length: Duration) -> Result<(), Error> {
        if let Some(dir) = &self.clips {
            self.cut(session, dir, material, script)?;
        }
        if let Some(path) = &self.picture {
            let failed = |e: std::io::Error| Error::io("the picture cannot be written", path, &e);
            std::fs::write(path, chart::png(&material.waveform(), script, length)).map_err(failed)?;
            session.note(&format!("{}: {}", shown(path).display(), chart::LEGEND));
        }
        Ok(())
    }

    fn cut(&self, session: &Session, dir: &Path, material: &Material, script: &Script) -> Result<(), Error> {
        let failed = |e: std::io::Error| Error::io("the clips cannot be written", dir, &e);
        std::fs::create_dir_all(dir).map_err(failed)?;
        let real = |path: &Path| path.canonicalize().ok();
        if real(dir) == real(&self.episode) {
            return Err(Error::new("clips in the episode's own folder would count as its recordings")
                .at(shown(dir))
                .help("name another folder"));
        }
        let chapters = script.chapters.as_ref().map(|l| l.chapters()).unwrap_or_default();
        let mut begin = Timestamp::ZERO;
        let mut written = 0;
        for part in &material.recordings {
            let end = begin.plus(part.recording.duration().0);
            let own = |at: Timestamp| Timestamp::ZERO.plus(at.since(begin).unwrap_or(Duration::ZERO));
            let marks = chapters.iter().enumerate().filter(|(_, c)| (begin..end).contains(&c.start));
            let wanted: Vec<Wanted> = marks
                .map(|(number, c)| Wanted {
                    number,
                    from: own(c.start.minus(BEFORE)),
                    to: own(c.start.plus(BEHIND).min(end)),
                })
                .collect();
            begin = end;
            if wanted.is_empty() {
                continue;
            }
            let file = sources::open(&part.path).map_err(|e| Error::new(e.message).at(shown(&part.path)))?;
            let mut trouble = None;
            let mut each = |number: usize, bytes: Vec<u8>| {
                let title = chapters.get(number).and_then(|c| Slug::from_title(c.title.as_str()));
                let title = title.map(|t| format!("-{t}")).unwrap_or_default();
                match std::fs::write(dir.join(format!("{:02}{title}.wav", number + 1)), bytes) {
                    Ok(()) => written += 1,
                    Err(e) => trouble = trouble.take().or(Some(e)),
                }
            };
            clips::cut(Box::new(file), &part.path.to_string_lossy(), &wanted, &mut each)
                .map_err(|e| Error::new("no clips can be cut").at(shown(&part.path)).because(e.message))?;
            trouble.map_or(Ok(()), |e| Err(failed(e)))?;
        }
        session.note(&format!("{}: {written} clips; each has its mark at 3 s", shown(dir).display()));
        Ok(())
    }
}

/// The table that a person reads: what is in the recording, why a start is doubtful, and how to pin it.
pub(super) fn table(script: &Script, duration: Duration) -> String {
    let mut text = String::new();
    let chapters = script.chapters.as_ref().map(|l| l.chapters()).unwrap_or_default();
    for chapter in chapters {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}  {:<8}  {:.2}  {}{}",
            chapter.start.npt(),
            chapter.origin.word(),
            chapter.confidence.value(),
            chapter.title,
            remarks(chapter, script)
        );
    }
    let _ = writeln!(text, "{}  end", Timestamp::after(duration).npt());
    for missing in &script.missing {
        let _ = writeln!(text, "not in the recording: {missing}");
    }
    if matches!(script.verdict, Verdict::ThisArticle | Verdict::Partly) {
        let unread = script.passages.iter().filter(|p| p.role == Role::Paragraph && !p.narrated);
        for passage in unread.filter(|p| !script.missing.contains(&section_of(p, script))) {
            let _ = writeln!(text, "not read: {}", opening(&passage.text));
        }
        for extra in &script.extra {
            let _ = writeln!(
                text,
                "not in the article: {} from {} to {}",
                extra.kind.word(),
                extra.span.start.npt(),
                extra.span.end.npt()
            );
        }
    }
    match (script.verdict, &script.method) {
        (Verdict::Another, _) => {
            let _ = writeln!(text, "what is heard is another text");
        }
        (_, Some(method)) if !matches!(method.as_str(), "English" | "French") => {
            let _ = writeln!(text, "listened by: {method}");
        }
        _ => {}
    }
    if let Some(list) = script.chapters.as_ref().filter(|_| chapters.iter().any(needs_review)) {
        let _ =
            writeln!(text, "to pin what is right, correct the rest and copy into episode.toml:\n{}", pins::lines(list));
    }
    text
}

/// The title of the section that a passage belongs to.
fn section_of(passage: &Passage, script: &Script) -> String {
    let heading = script.passages.iter().find(|p| p.section == passage.section && p.role == Role::Heading);
    heading.map(|h| clean_title(&h.text).to_string()).unwrap_or_default()
}

/// The first start is 0 whatever is heard.
fn needs_review(chapter: &Chapter) -> bool {
    chapter.origin == Origin::Aligned && chapter.confidence.value() < SURE && !chapter.start.is_zero()
}

fn remarks(chapter: &Chapter, script: &Script) -> String {
    let mut remarks = Vec::new();
    if needs_review(chapter) {
        remarks.push("needs review".to_owned());
    }
    let doubt = script.doubts.iter().find(|(section, _)| Some(*section) == chapter.section);
    if let Some((_, doubt)) = doubt.filter(|_| chapter.origin == Origin::Aligned) {
        remarks.push(doubt.clause().to_owned());
    }
    if let Some(heard) = chapter.heard
        && chapter.origin != Origin::Aligned
        && !chapter.start.is_zero()
        && heard.millis().abs_diff(chapter.start.millis()) > APART
    {
        remarks.push(format!("heard at {}", heard.npt()));
    }
    if remarks.is_empty() { String::new() } else { format!("  [{}]", remarks.join("; ")) }
}

/// The first words of a paragraph.
fn opening(text: &str) -> String {
    const LONGEST: usize = 70;
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", text.split_at(cut).0.trim_end()),
        None => text.to_owned(),
    }
}
