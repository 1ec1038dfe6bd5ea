//! `completions`: what a shell needs to complete our command line.

use clap::Args;
use clap_complete::Shell;

use super::{Session, Status, definition};
use crate::error::Error;

/// Print the completions for a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now completions bash > ~/.local/share/bash-completion/completions/listen-now
  listen-now completions zsh > ~/.zfunc/_listen-now")]
pub struct Command {
    /// Which shell
    shell: Shell,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut definition(), "listen-now", &mut script);
        session.print(&String::from_utf8_lossy(&script))?;
        Ok(Status::Fine)
    }
}
