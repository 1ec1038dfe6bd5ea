//! Facts → findings: every rule as data beside its function, and the one place where policy is applied.
//!
//! A [`Survey`] holds plain values, so that the same rules judge what lies on disk and what is about to be written.

mod policy;
mod survey;

pub use policy::{Levels, PROFILES, Policy, Profile, is_known, profile};
pub use survey::{
    ArticleFacts, ArtworkFacts, ArtworkOwner, AudioFacts, ChapterFacts, EpisodeFacts, Picture, PictureColour,
    PictureFormat, Purpose, ShowFacts, Standing, Survey,
};

use crate::model::finding::{Finding, Place, Problem, ProblemKind, Rule};

/// A rule and the function that applies it.
pub struct Check {
    /// What it says and why.
    pub rule: Rule,
    /// What it looks at.
    pub run: Run,
}

/// What a rule looks at; [`run`] hands it each such thing of a survey.
pub enum Run {
    /// The survey as a whole.
    Survey(fn(&Survey<'_>, &mut Found<'_>)),
    /// The show.
    Show(fn(&ShowFacts<'_>, &mut Found<'_>)),
    /// Each episode.
    Episode(fn(&EpisodeFacts<'_>, &mut Found<'_>)),
    /// Each article.
    Article(fn(&ArticleFacts<'_>, &mut Found<'_>)),
    /// Each audio file.
    Audio(fn(&AudioFacts<'_>, &mut Found<'_>)),
    /// Each picture.
    Artwork(fn(&ArtworkFacts<'_>, &mut Found<'_>)),
    /// Each list of marks.
    Chapters(fn(&ChapterFacts<'_>, &mut Found<'_>)),
    /// What readers stumbled over: the problems of these kinds are its findings.
    Problems(&'static [ProblemKind]),
}

/// Where a rule puts what it finds. It knows its rule, so no finding can carry an id that is not in the table.
pub struct Found<'a> {
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
}

impl Found<'_> {
    /// Something is wrong here.
    pub fn at(&mut self, place: Place, message: impl Into<String>) {
        self.push(place, message.into(), None);
    }

    /// Something is wrong here, and this is what to do about it.
    pub fn mend(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.push(place, message.into(), Some(help.into()));
    }

    fn push(&mut self, place: Place, message: String, help: Option<String>) {
        self.findings.push(Finding { rule: self.rule, place, message, help, effective: self.rule.severity });
    }
}

/// Every rule, by subject.
pub const CHECKS: &[&[Check]] = &[];

static ALL: &[&[Check]] = CHECKS;

/// Every rule, in the order of the table.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    ALL.iter().flat_map(|list| list.iter()).map(|check| &check.rule)
}

/// Applies every rule to a survey. Findings come by path, place and rule; policy has not touched them.
pub fn run(survey: &Survey<'_>) -> Vec<Finding> {
    let _: &[Problem] = &survey.problems;
    Vec::new()
}

/// What a rule means, who demands it, and how to mend it; `None` for an unknown id.
pub fn explain(id: &str) -> Option<String> {
    let rule = rules().find(|r| r.id == id)?;
    let by: Vec<&str> = rule.by.iter().map(|d| d.name()).collect();
    Some(format!(
        "{} ({}, since {})\n\n{}.\n\n{}\n\n{}\n\nDemanded by: {}\n",
        rule.id,
        rule.severity.word(),
        rule.since,
        rule.summary,
        rule.why,
        rule.mend,
        by.join(", ")
    ))
}
