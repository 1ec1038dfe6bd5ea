//! `explain`: what a rule means, who demands it, and how to mend it.

use clap::Args;

use super::{Session, Status};
use crate::checks;
use crate::error::Error;

/// Say what a rule means, who demands it, and how to mend it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now explain                              # every rule in a line
  listen-now explain chapters-first-not-zero")]
pub struct Command {
    /// The rule's id, as findings show it; without it, the whole list
    rule: Option<String>,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let text = match &self.rule {
            None => {
                let mut list = String::new();
                for rule in checks::rules() {
                    list.push_str(&format!("{:<8} {:<36} {}\n", rule.severity.word(), rule.id, rule.summary));
                }
                list
            }
            Some(id) => checks::explain(id).ok_or_else(|| unknown(id))?,
        };
        session.print(&text)?;
        Ok(Status::Fine)
    }
}

fn unknown(id: &str) -> Error {
    let error = Error::new(format!("there is no rule `{id}`"));
    let nearest = checks::rules().map(|r| (strsim::jaro_winkler(r.id, id), r.id)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, near)) if likeness > 0.8 => error.help(format!("did you mean `{near}`?")),
        _ => error.help("`listen-now explain` lists every rule"),
    }
}
