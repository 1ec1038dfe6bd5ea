//! The options by which findings are judged and reported, shared by `check` and `build`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Session, Status, quoting};
use crate::checks::{self, Baseline, Levels, PROFILES, Policy, Profile};
use crate::error::Error;
use crate::model::finding::{Report, Severity};
use crate::model::show::CheckSettings;
use crate::report::{self, FORMATS, Style};
use crate::sources;

/// How findings are judged and where they go.
#[derive(Args, Clone, Debug)]
pub(super) struct Judging {
    /// Make these rules errors: a rule's id, its beginning (`audio`), `warnings`, or `all`
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Judging")]
    deny: Vec<String>,
    /// Make these rules warnings
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Judging")]
    warn: Vec<String>,
    /// Accept these rules: what they find is counted and not listed
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Judging")]
    allow: Vec<String>,
    /// Whose demands count
    #[arg(long, value_name = "PROFILE", value_parser = profile_names(), help_heading = "Judging")]
    profile: Option<String>,
    /// Findings in this file are known: they are counted and not listed, so that only what is new fails
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    baseline: Option<PathBuf>,
    /// Write a report to a file besides, as in sarif=findings.sarif; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_file, help_heading = "Judging")]
    report: Vec<ReportFile>,
}

/// A report that goes to a file.
#[derive(Clone, Debug)]
pub(super) struct ReportFile {
    format: &'static report::Format,
    path: PathBuf,
}

impl std::fmt::Debug for report::Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

fn profile_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(PROFILES.iter().map(|(name, _)| *name))
}

/// The forms of a report, for `--format`.
pub(super) fn format_names() -> clap::builder::PossibleValuesParser {
    use clap::builder::PossibleValue;
    clap::builder::PossibleValuesParser::new(FORMATS.iter().map(|f| PossibleValue::new(f.name).help(f.about)))
}

fn report_file(text: &str) -> Result<ReportFile, String> {
    let names = || FORMATS.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
    let (name, path) = text.split_once('=').ok_or_else(|| format!("write FORMAT=FILE; formats are {}", names()))?;
    let format = FORMATS.iter().find(|f| f.name == name).ok_or_else(|| format!("formats are {}", names()))?;
    if path.is_empty() {
        return Err(format!("name the file, as in {name}=findings.{name}"));
    }
    Ok(ReportFile { format, path: path.into() })
}

impl Judging {
    /// Refuses names of rules that do not exist.
    fn verify(&self) -> Result<(), Error> {
        for name in self.deny.iter().chain(&self.warn).chain(&self.allow) {
            if !checks::is_known(name) {
                let error = Error::new(format!("there is no rule or group of rules called `{name}`"));
                let near = name.trim_matches(|c: char| c.is_whitespace() || c == '-').to_lowercase();
                return Err(match checks::is_known(&near) {
                    true => error.help(format!("did you mean `{near}`?")),
                    false => error.help("`listen-now explain` lists every rule"),
                });
            }
        }
        Ok(())
    }

    /// What these options mean, with the findings that are known.
    ///
    /// # Errors
    /// For a rule that does not exist, and a baseline that cannot be read.
    pub(super) fn judge(&self) -> Result<Judge<'_>, Error> {
        let baseline = self.baseline.as_deref().map(read_baseline).transpose()?;
        self.judge_by(baseline)
    }

    /// The same without a baseline, for writing one.
    pub(super) fn judge_all(&self) -> Result<Judge<'_>, Error> {
        self.judge_by(None)
    }

    fn judge_by(&self, baseline: Option<Baseline>) -> Result<Judge<'_>, Error> {
        self.verify()?;
        Ok(Judge { judging: self, baseline })
    }

    /// Writes what was found into the baseline.
    pub(super) fn write_baseline(&self, report: &Report) -> Result<(), Error> {
        let Some(path) = self.baseline.as_deref() else {
            let error = Error::new("there is no file to write the baseline to");
            return Err(error.help("name it: --baseline FILE --baseline-write"));
        };
        let text = Baseline::of(&report.findings).write();
        std::fs::write(path, text).map_err(|e| Error::io("the baseline cannot be written", path, &e))
    }

    /// Writes the reports that go to files.
    pub(super) fn write_files(&self, report: &Report) -> Result<(), Error> {
        for ReportFile { format, path } in &self.report {
            let failed = |e: std::io::Error| Error::io("the report cannot be written", path, &e);
            let mut file = BufWriter::new(File::create(path).map_err(failed)?);
            (format.write)(report, Style::Plain, &mut file).and_then(|()| file.flush()).map_err(failed)?;
        }
        Ok(())
    }
}

impl Session {
    /// A report in the form of this name; for a person without advice where quiet is wanted.
    pub(super) fn reported(&self, report: &Report, format: &str) -> Result<String, Error> {
        let mut report = report.clone();
        if self.shared.quiet && format == "text" {
            report.findings.retain(|f| f.effective > Severity::Info);
        }
        if format == "text" {
            quoting::quote(&mut report);
        }
        let mut bytes = Vec::new();
        let unknown = || Error::new(format!("there is no report called `{format}`"));
        let format = FORMATS.iter().find(|f| f.name == format).ok_or_else(unknown)?;
        (format.write)(&report, Style::Coloured, &mut bytes).map_err(|e| Error::output(&e))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Options that were looked at, and what is known.
pub(super) struct Judge<'a> {
    judging: &'a Judging,
    baseline: Option<Baseline>,
}

impl Judge<'_> {
    /// What decides on the policy beside the show, as words.
    pub(super) fn words(&self) -> String {
        let options = self.judging;
        format!("{:?} {:?}", (&options.deny, &options.warn, &options.allow, &options.profile), self.baseline)
    }

    /// The policy of a show, as this command line changes it.
    pub(super) fn policy(&self, show: &CheckSettings) -> Policy {
        let options = self.judging;
        let profile: Option<Profile> = options.profile.as_deref().and_then(checks::profile);
        let levels = Levels { deny: options.deny.clone(), warn: options.warn.clone(), allow: options.allow.clone() };
        Policy::new(show, profile, levels).with_baseline(self.baseline.clone())
    }
}

fn read_baseline(path: &Path) -> Result<Baseline, Error> {
    const LARGEST: u64 = 64 << 20;
    let help = "write it first: listen-now check --baseline FILE --baseline-write";
    let bytes = sources::read_bounded(path, LARGEST).map_err(|e| Error::new(e.message).at(path).help(help))?;
    Baseline::read(&bytes).map_err(|why| Error::new("this is no baseline").at(path).because(why).help(help))
}

/// What a report means for the exit status.
pub(super) fn status_of(report: &Report) -> Status {
    if report.fails() { Status::Findings } else { Status::Fine }
}
