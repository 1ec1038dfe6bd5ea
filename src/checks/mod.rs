//! Facts → findings: every rule as data beside its function, and the one place where policy is applied.
//!
//! A [`Survey`] holds plain values, so that the same rules judge what lies on disk and what is about to be written.

mod article;
mod artwork;
mod audio;
mod categories;
mod chapters;
mod episode;
mod languages;
mod policy;
mod show;
mod survey;
mod words;

pub use policy::{Levels, PROFILES, Policy, Profile, is_known, profile};
pub use survey::{
    ArticleFacts, ArtworkFacts, ArtworkOwner, AudioFacts, ChapterFacts, EpisodeFacts, Picture, PictureColour,
    PictureFormat, Purpose, ShowFacts, Standing, Survey,
};

use crate::model::finding::{Finding, Place, ProblemKind, Rule};

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

    /// What readers stumbled over, as they said it.
    pub fn problems(&mut self, survey: &Survey<'_>, kinds: &[ProblemKind]) {
        for problem in survey.problems.iter().filter(|p| kinds.contains(&p.kind) && !survey.is_in_draft(p)) {
            self.push(problem.place.clone(), problem.message.clone(), problem.help.clone());
        }
    }

    fn push(&mut self, place: Place, message: String, help: Option<String>) {
        self.findings.push(Finding { rule: self.rule, place, message, help, effective: self.rule.severity });
    }
}

/// Every rule, by subject.
pub static CHECKS: &[&[Check]] = &[
    article::CHECKS,
    audio::FORMAT,
    audio::LENGTH,
    audio::TAGS,
    audio::SOUND,
    artwork::CHECKS,
    chapters::MARKS,
    chapters::LISTS,
    chapters::CARRIERS,
    show::CHECKS,
    episode::FOLDER,
    episode::FIELDS,
];

/// Every rule, in the order of the table.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    CHECKS.iter().flat_map(|list| list.iter()).map(|check| &check.rule)
}

/// Applies every rule to a survey. Findings come by path, place and rule; policy has not touched them.
///
/// Of a draft only that it is one is said, and what is wrong with its `episode.toml`.
pub fn run(survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for check in CHECKS.iter().flat_map(|list| list.iter()) {
        let mut found = Found { rule: &check.rule, findings: &mut findings };
        match check.run {
            Run::Survey(run) => run(survey, &mut found),
            Run::Show(run) => survey.show.iter().for_each(|s| run(s, &mut found)),
            Run::Episode(run) => survey.live().for_each(|e| run(e, &mut found)),
            Run::Article(run) => survey.all_articles().for_each(|a| run(a, &mut found)),
            Run::Audio(run) => survey.all_audio().for_each(|a| run(a, &mut found)),
            Run::Artwork(run) => survey.all_artwork().for_each(|a| run(a, &mut found)),
            Run::Chapters(run) => survey.all_chapters().iter().for_each(|c| run(c, &mut found)),
            Run::Problems(kinds) => found.problems(survey, kinds),
        }
    }
    findings.sort_by(|a, b| (&a.place, a.rule.id, &a.message).cmp(&(&b.place, b.rule.id, &b.message)));
    findings.dedup();
    findings
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
