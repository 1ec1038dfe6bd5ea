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
  listen-now explain audio                        # the rules whose ids begin so
  listen-now explain chapters-first-not-zero")]
pub struct Command {
    /// The rule's id, as findings show it; without it, the whole list
    rule: Option<String>,
}

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let text = match &self.rule {
            None => list(|_| true),
            Some(id) => {
                let id = id.trim().to_lowercase();
                let group = list(|rule| rule.strip_prefix(id.as_str()).is_some_and(|rest| rest.starts_with('-')));
                match checks::explain(&id) {
                    Some(text) => text,
                    None if group.is_empty() => return Err(unknown(&id)),
                    None => group,
                }
            }
        };
        session.print(&text)?;
        Ok(Status::Fine)
    }
}

/// A line for each of these rules.
fn list(wanted: impl Fn(&str) -> bool) -> String {
    let rules = checks::rules().filter(|r| wanted(r.id));
    rules.map(|r| format!("{:<8} {:<36} {}\n", r.severity.word(), r.id, r.summary)).collect()
}

fn unknown(id: &str) -> Error {
    let error = Error::new(format!("there is no rule `{id}`"));
    let nearest = checks::rules().map(|r| (strsim::jaro_winkler(r.id, id), r.id)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, near)) if likeness > 0.8 => error.help(format!("did you mean `{near}`?")),
        _ => error.help("`listen-now explain` lists every rule"),
    }
}
