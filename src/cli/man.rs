//! `man`: the manual page, from the same definitions as the help.

use clap::Args;

use super::{Session, Status, definition};
use crate::error::Error;

/// Print the manual page of the program, or of one command
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now man > ~/.local/share/man/man1/listen-now.1
  listen-now man build | man -l -")]
pub struct Command {
    /// Which command
    command: Option<String>,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let mut all = definition();
        all.build();
        let page = match &self.command {
            None => all,
            Some(name) => {
                let known = || all.get_subcommands().map(|c| c.get_name()).collect::<Vec<_>>().join(", ");
                let unknown = || {
                    Error::new(format!("there is no command `{name}`")).help(format!("the commands are {}", known()))
                };
                all.find_subcommand(name).cloned().ok_or_else(unknown)?
            }
        };
        let mut text = Vec::new();
        clap_mangen::Man::new(page).render(&mut text).map_err(|e| Error::output(&e))?;
        session.print(&String::from_utf8_lossy(&text))?;
        Ok(Status::Fine)
    }
}
