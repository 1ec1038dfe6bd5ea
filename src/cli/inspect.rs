//! `inspect`: the facts of audio files, what they claim beside what was counted.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Format, Session, Status, shown};
use crate::audio;
use crate::checks::{self, AudioFacts, Policy, Purpose, Survey};
use crate::error::Error;
use crate::model::audio::{Recording, Silence};
use crate::model::finding::{Finding, Place, Problem, ProblemKind, Severity};
use crate::report::json::{self, Inspected};
use crate::sources::{self, Links};

/// Show the facts of audio files: what they claim, and what was counted
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now inspect reading.mp3
  listen-now inspect --probe *.m4a              # exact lengths only, without decoding
  listen-now inspect --format json reading.mp3 | jq '.files[0].duration_seconds'")]
pub struct Command {
    /// The files, or episode folders
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Count without decoding: exact length, no loudness, no silence
    #[arg(long)]
    probe: bool,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// A file after looking at it.
struct Looked {
    path: PathBuf,
    recording: Option<Recording>,
    findings: Vec<Finding>,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let mut looked = Vec::with_capacity(self.files.len());
        for path in &self.files {
            for file in recordings(path)? {
                looked.push(self.look(session, &file)?);
            }
        }
        match self.format {
            Format::Json => {
                let files: Vec<Inspected<'_>> = looked
                    .iter()
                    .map(|l| Inspected { path: &l.path, recording: l.recording.as_ref(), findings: &l.findings })
                    .collect();
                session.print_json(&json::inspect(&files))?;
            }
            Format::Text => {
                let pages: Vec<String> = looked.iter().map(page).collect();
                session.print(&pages.join("\n"))?;
            }
        }
        let errors = looked.iter().flat_map(|l| &l.findings).any(|f| f.effective == Severity::Error);
        Ok(if errors { Status::Findings } else { Status::Fine })
    }

    fn look(&self, session: &Session, file: &Path) -> Result<Looked, Error> {
        let path = shown(file);
        let mut opened = sources::open(file).map_err(|e| Error::new(e.message).at(&path))?;
        let name = file.to_string_lossy();
        let progress = session.spinner(&format!("listening to {}", path.display()));
        let found = if self.probe {
            audio::probe(&mut opened, &name).map(|walk| walk.recording)
        } else {
            audio::analyse(Box::new(opened), &name)
        };
        progress.finish_and_clear();
        let mut survey = Survey::default();
        let recording = match found {
            Ok(recording) => Some(recording),
            Err(unreadable) => {
                survey.problems.push(Problem {
                    kind: ProblemKind::AudioUnreadable,
                    place: Place::file(&path),
                    message: unreadable.message,
                    help: unreadable.help,
                });
                None
            }
        };
        if let Some(recording) = &recording {
            survey.audio.push(AudioFacts { path: &path, purpose: Purpose::Alone, recording, target: None });
        }
        let findings = Policy::default().judge(checks::run(&survey)).findings;
        Ok(Looked { path, recording, findings })
    }
}

/// The recordings that a path means: itself, or those of an episode folder.
fn recordings(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let source = sources::episode(path, Links::Refuse);
    if source.recordings.is_empty() {
        let error = Error::new("there is no recording in this folder").at(shown(path));
        return Err(match source.problems.into_iter().find(|p| p.kind == ProblemKind::AudioAmbiguous) {
            Some(problem) => error.because(problem.message),
            None => error,
        });
    }
    Ok(source.recordings)
}

/// What a person reads of one file.
fn page(looked: &Looked) -> String {
    let mut text = format!("{}\n", looked.path.display());
    if let Some(recording) = &looked.recording {
        facts(recording, &mut text);
    }
    for finding in &looked.findings {
        let at = finding.place.time.map(|t| format!(" at {}", t.npt())).unwrap_or_default();
        row(&mut text, finding.effective.word(), &format!("{}{at} [{}]", finding.message, finding.rule.id));
    }
    text
}

fn facts(recording: &Recording, text: &mut String) {
    let channels = match recording.channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        n => format!("{n} channels"),
    };
    let rate = recording.bit_rate.map(|b| format!(", {} kbit/s", (b + 500) / 1000)).unwrap_or_default();
    let format = format!(
        "{} in {}, {} Hz, {channels}{rate}, {} bytes",
        recording.codec.word(),
        recording.container.word(),
        recording.sample_rate.hz(),
        recording.size
    );
    row(text, "format", &format);
    let counted = format!("{}  ({} frames, counted)", recording.duration().0, recording.frames.0.count());
    row(text, "duration", &counted);
    for claim in &recording.claims {
        row(text, "claimed", &format!("{}  ({})", claim.duration.0, claim.by));
    }
    if let Some(hearing) = &recording.hearing {
        match hearing.loudness {
            Some(l) => row(
                text,
                "loudness",
                &format!("{:.1} LUFS, range {:.1} LU, true peak {:.1} dBTP", l.integrated.0, l.range_lu, l.true_peak.0),
            ),
            None => row(text, "loudness", "nothing to be heard"),
        }
        let Silence { leading, trailing, longest, longest_at } = hearing.silence;
        let silence = format!(
            "{:.3} s before, {:.3} s after, longest pause {:.3} s at {}",
            leading.seconds(),
            trailing.seconds(),
            longest.seconds(),
            longest_at.hms()
        );
        row(text, "silence", &silence);
    }
    for tag in &recording.tags {
        row(text, "tag", &format!("{} = {}", tag.name, shortened(&tag.value)));
    }
    for tag in &recording.private_tags {
        let owner = if tag.owner.is_empty() { "nobody said by whom" } else { &tag.owner };
        row(text, "leaves", &format!("{}, {} bytes ({owner})", tag.id, tag.size));
    }
    for list in &recording.chapters {
        for mark in &list.marks {
            let hidden = if mark.hidden { "  (hidden)" } else { "" };
            row(text, "chapter", &format!("{}  {}{hidden}", mark.start.npt(), mark.title));
        }
    }
}

fn row(text: &mut String, name: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  {name:<9} {value}");
}

fn shortened(value: &str) -> String {
    const LONGEST: usize = 120;
    let line = value.replace(['\n', '\r'], " ");
    match line.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{} …", line.split_at(cut).0),
        None => line,
    }
}
