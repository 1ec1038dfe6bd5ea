//! `new`: a show to begin with.

use std::path::PathBuf;

use clap::Args;

use super::{Session, Status, shown};
use crate::error::Error;
use crate::model::show::Guid;
use crate::sources;

/// Start a show: a folder with show.toml, a cover to replace, and an example
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  listen-now new myshow      # then fill in myshow/episodes/show.toml")]
pub struct Command {
    /// The folder to make, or to fill
    dir: PathBuf,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let made = sources::scaffold::new_show(&self.dir, &Guid::fresh())?;
        let mut text = String::new();
        for path in &made {
            text.push_str(&format!("made {}\n", shown(path).display()));
        }
        session.print(&text)?;
        let manifest = self.dir.join("episodes").join("show.toml");
        session
            .note(&format!("Next: fill in {}, then `listen-now add ARTICLE RECORDING`.", shown(&manifest).display()));
        Ok(Status::Fine)
    }
}
