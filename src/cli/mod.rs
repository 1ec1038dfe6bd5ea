//! What a person types: the command table, the options that all commands share, and the exit status.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use indicatif::ProgressBar;

use crate::error::Error;
use crate::sources::cache::Cache;

mod add;
mod article;
mod build;
mod chapters;
mod check;
mod completions;
mod explain;
mod inspect;
mod judging;
mod man;
mod new;
mod quoting;
mod serve;
mod watch;

/// How a command ended, from good to bad.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    /// All is well.
    Fine,
    /// Something in the publisher's material is at or above the level that fails.
    Findings,
    /// It could not be done.
    Failed,
}

impl Status {
    /// The exit status of the program.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Findings => 1,
            Self::Failed => 2,
        }
    }
}

/// Turn an article and its recording into a podcast episode with one chapter per section.
#[derive(Parser, Debug)]
#[command(
    name = "listen-now",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
A first feed, in an empty folder:
  listen-now new .                       # then fill in episodes/show.toml
  listen-now add article.md reading.mp3
  listen-now build

Exit status: 0 fine; 1 something in your material has to be mended; 2 it could not be done."
)]
pub struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
struct Shared {
    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Shared options")]
    quiet: bool,
    /// Say more of what is done
    #[arg(short, long, global = true, help_heading = "Shared options")]
    verbose: bool,
    /// Colour the output (NO_COLOR is honoured)
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Shared options")]
    color: Color,
    /// Work on so many episodes at once [default: one per processor]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Shared options")]
    jobs: Option<u16>,
    /// Keep measurements in this folder [default: .listen-now beside the episodes]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "LISTEN_NOW_CACHE",
        hide_env_values = true,
        help_heading = "Shared options"
    )]
    cache: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Text,
    Json,
}

/// Every command, in the order in which a publisher meets them.
#[derive(Subcommand, Debug)]
enum Command {
    New(new::Command),
    Add(add::Command),
    Build(build::Command),
    Check(check::Command),
    Inspect(inspect::Command),
    Article(article::Command),
    Chapters(chapters::Command),
    Serve(serve::Command),
    Explain(explain::Command),
    Completions(completions::Command),
    Man(man::Command),
}

/// What a command is handed of the world.
struct Session {
    shared: Shared,
}

impl Session {
    /// Standard output, with colours taken out where the terminal or the person does not want them.
    fn out(&self) -> impl Write {
        anstream::AutoStream::new(io::stdout(), self.color_choice())
    }

    fn color_choice(&self) -> anstream::ColorChoice {
        match self.shared.color {
            Color::Auto => anstream::AutoStream::choice(&io::stdout()),
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }

    /// Prints a result. Whoever reads only the beginning (`| head`) has seen enough, and gets the status of all of it.
    fn print(&self, text: &str) -> Result<(), Error> {
        let mut out = self.out();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(Error::output(&e)),
            _ => Ok(()),
        }
    }

    /// Prints one JSON document.
    fn print_json(&self, document: &impl serde::Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_string_pretty(document)
            .map_err(|e| Error::new("the result cannot be written as JSON").because(e.to_string()))?;
        text.push('\n');
        self.print(&text)
    }

    /// Shows on a terminal that something is going on, once it lasts over a second.
    fn spinner(&self, what: &str) -> ProgressBar {
        if self.shared.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner().with_message(what.to_owned());
        // The first tick draws it.
        bar.enable_steady_tick(Duration::from_secs(1));
        bar
    }

    /// Counts episodes on a terminal, once the work lasts over a second.
    fn bar(&self, what: &str, count: usize) -> ProgressBar {
        if self.shared.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let length = u64::try_from(count).unwrap_or(u64::MAX);
        let bar = ProgressBar::new(length).with_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_secs(1));
        bar
    }

    /// The cache beside a folder of episodes, or where the person wants it.
    fn cache(&self, episodes: &Path) -> Cache {
        match &self.shared.cache {
            Some(dir) => Cache::open(dir),
            None => Cache::open(&beside(episodes).join(".listen-now")),
        }
    }

    /// Ends the use of a cache. One that cannot be written makes the next run slower and nothing else.
    fn close(&self, cache: Cache) {
        if let Some(trouble) = cache.close() {
            self.note(&format!("warning: {trouble}"));
        }
    }

    /// Says something beside the result, on standard error, unless the person wants quiet.
    fn note(&self, text: &str) {
        if !self.shared.quiet {
            // Nobody is left to tell where standard error is closed.
            let _ = writeln!(anstream::AutoStream::new(io::stderr(), self.stderr_choice()), "{text}");
        }
    }

    /// Says what could not be done, whatever the person wants to hear besides.
    fn complain(&self, error: &Error) {
        use clap::builder::styling::{AnsiColor, Style};
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        // Nobody is left to tell where standard error is closed.
        let _ = writeln!(anstream::AutoStream::new(io::stderr(), self.stderr_choice()), "{red}error{red:#}: {error}");
    }

    fn stderr_choice(&self) -> anstream::ColorChoice {
        match self.shared.color {
            Color::Auto => anstream::AutoStream::choice(&io::stderr()),
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}

/// Runs the program on these arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Status {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => {
            let asked_for = !usage.use_stderr();
            let _ = usage.print();
            return if asked_for { Status::Fine } else { Status::Failed };
        }
    };
    let session = Session { shared: cli.shared };
    if let Some(jobs) = session.shared.jobs {
        // It fails only where a pool is there already, and none is before this line.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
    let result = match &cli.command {
        Command::New(command) => command.run(&session),
        Command::Add(command) => command.run(&session),
        Command::Build(command) => command.run(&session),
        Command::Check(command) => command.run(&session),
        Command::Inspect(command) => command.run(&session),
        Command::Article(command) => command.run(&session),
        Command::Chapters(command) => command.run(&session),
        Command::Serve(command) => command.run(&session),
        Command::Explain(command) => command.run(&session),
        Command::Completions(command) => command.run(&session),
        Command::Man(command) => command.run(&session),
    };
    match result {
        Ok(status) => status,
        Err(error) => {
            session.complain(&error);
            Status::Failed
        }
    }
}

/// The folder that another one lies in.
fn beside(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.parent().map(Path::to_owned).unwrap_or(absolute)
}

/// The moment that counts as now where nobody says otherwise: the only use of the clock.
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The whole command line, for completions and the manual.
fn definition() -> clap::Command {
    Cli::command()
}

/// A path as a person would write it: relative to where the command runs, where it lies below.
fn shown(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    match here.as_deref().and_then(|h| path.strip_prefix(h).ok()) {
        Some(relative) if relative.as_os_str().is_empty() => PathBuf::from("."),
        Some(relative) => relative.to_owned(),
        None => path.to_owned(),
    }
}
