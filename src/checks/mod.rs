//! Facts → findings: every rule as data beside its function, and the one place where policy is applied.
//!
//! A [`Survey`] holds plain values, so that the same rules judge what lies on disk and what is about to be written.

mod article;
mod artwork;
mod audio;
mod baseline;
mod categories;
mod chapters;
mod elsewhere;
mod episode;
mod feed;
mod languages;
mod markup;
mod policy;
mod show;
mod survey;
mod transcript;
mod words;

pub use baseline::Baseline;
use episode::LONGEST_DESCRIPTION;
use feed::is_web_address;
pub use feed::{FeedFacts, ItemFacts, Target, Unseen};
pub use policy::{Levels, PROFILES, Policy, Profile, is_known, profile};
pub use survey::{
    ArticleFacts, ArtworkFacts, ArtworkOwner, AudioFacts, ChapterFacts, EpisodeFacts, Purpose, ShowFacts, Standing,
    Survey,
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
    /// Each feed as a whole.
    Feed(fn(&FeedFacts<'_>, &mut Found<'_>)),
    /// Each item of each feed.
    Item(fn(&FeedFacts<'_>, &ItemFacts<'_>, &mut Found<'_>)),
    /// Several of these, for a rule about folders and feeds.
    Each(&'static [Run]),
    /// What readers stumbled over: the problems of these kinds are its findings.
    Problems(&'static [ProblemKind]),
}

/// Where a rule puts what it finds. It knows its rule, so no finding can carry an id that is not in the table.
pub struct Found<'a> {
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
    /// Findings before those of this rule.
    before: usize,
    /// Findings that are not kept.
    more: usize,
}

/// Findings of one rule that are kept; nobody reads more, and a hostile feed can have millions.
const MOST_OF_A_RULE: usize = 5_000;

impl Found<'_> {
    /// Something is wrong here.
    pub fn at(&mut self, place: Place, message: impl Into<String>) {
        self.push(place, message.into(), None);
    }

    /// Something is wrong here, and this is what to do about it.
    pub fn mend(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.push(place, message.into(), Some(help.into()));
    }

    /// Says how many findings were not kept.
    fn close(self) {
        if let Some(last) = self.findings.last().filter(|_| self.more > 0) {
            let (place, help, effective) = (Place::file(&last.place.path), last.help.clone(), last.effective);
            let message = format!("The same is wrong in {} more places, which are not listed.", self.more);
            self.findings.push(Finding { rule: self.rule, place, message, help, effective });
        }
    }

    /// What readers stumbled over, as they said it.
    pub fn problems(&mut self, survey: &Survey<'_>, kinds: &[ProblemKind]) {
        for problem in survey.problems.iter().filter(|p| kinds.contains(&p.kind) && !survey.is_in_draft(p)) {
            self.push(problem.place.clone(), problem.message.clone(), problem.help.clone());
        }
    }

    fn push(&mut self, place: Place, message: String, help: Option<String>) {
        if self.findings.len() - self.before >= MOST_OF_A_RULE {
            self.more += 1;
            return;
        }
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
    chapters::FEEDS,
    transcript::CHECKS,
    show::CHECKS,
    show::CHANNEL,
    show::TAGS,
    episode::FOLDER,
    episode::FIELDS,
    episode::STATED,
    episode::ENCLOSURE,
    episode::NOTES,
    episode::TAGS,
    episode::IDENTITY,
    feed::DOCUMENT,
    feed::CHANNEL,
    feed::TARGETS,
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
        let before = findings.len();
        let mut found = Found { rule: &check.rule, findings: &mut findings, before, more: 0 };
        check.run.apply(survey, &mut found);
        found.close();
    }
    if survey.show.is_none() && survey.episodes.is_empty() {
        for finding in findings.iter_mut().filter(|f| f.help.is_none()) {
            finding.help = elsewhere::remedy(finding.rule.id).map(str::to_owned);
        }
    }
    findings.sort_by(|a, b| (&a.place, a.rule.id, &a.message).cmp(&(&b.place, b.rule.id, &b.message)));
    findings.dedup();
    findings
}

impl Run {
    fn apply(&self, survey: &Survey<'_>, found: &mut Found<'_>) {
        match self {
            Self::Survey(run) => run(survey, found),
            Self::Show(run) => survey.show.iter().for_each(|s| run(s, found)),
            Self::Episode(run) => survey.live().for_each(|e| run(e, found)),
            Self::Article(run) => survey.all_articles().for_each(|a| run(a, found)),
            Self::Audio(run) => survey.all_audio().for_each(|a| run(a, found)),
            Self::Artwork(run) => survey.all_artwork().for_each(|a| run(a, found)),
            Self::Chapters(run) => survey.all_chapters().iter().for_each(|c| run(c, found)),
            Self::Feed(run) => survey.feeds.iter().for_each(|f| run(f, found)),
            Self::Item(run) => survey.feeds.iter().for_each(|f| f.items.iter().for_each(|i| run(f, i, found))),
            Self::Each(runs) => runs.iter().for_each(|run| run.apply(survey, found)),
            Self::Problems(kinds) => found.problems(survey, kinds),
        }
    }
}

/// What a rule means, who demands it, and how to mend it; `None` for an unknown id.
pub fn explain(id: &str) -> Option<String> {
    let rule = rules().find(|r| r.id == id)?;
    let by: Vec<&str> = rule.by.iter().map(|d| d.name()).collect();
    Some(format!(
        "{} ({}, since {})\n\n{}\n\nWhy: {}\n\nWhat to do: {}\n\nDemanded by: {}\n",
        rule.id,
        rule.severity.word(),
        rule.since,
        words::sentence(rule.summary),
        rule.why,
        rule.mend,
        by.join(", ")
    ))
}

#[cfg(test)]
mod cases;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words_of_their_subject_and_no_two_are_alike() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in rules() {
            assert!(seen.insert(rule.id), "{} is there twice", rule.id);
            assert!(rule.id.starts_with(&format!("{}-", rule.subject.word())), "{}", rule.id);
            assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", rule.id);
            assert!(!rule.by.is_empty(), "{}: nobody demands it", rule.id);
        }
    }

    #[test]
    fn every_rule_explains_itself_in_sentences() {
        for rule in rules() {
            assert!(!rule.summary.ends_with('.') && !rule.summary.is_empty(), "{}: {}", rule.id, rule.summary);
            for text in [rule.why, rule.mend] {
                assert!(text.ends_with(['.', '"', ')']) && text.len() > 12, "{}: {text}", rule.id);
            }
            assert!(explain(rule.id).is_some_and(|text| text.contains(rule.mend)), "{}", rule.id);
        }
        assert_eq!(explain("no-such-rule"), None);
    }

    /// Every id that was ever released, with its severity. A line may be added and never removed or changed.
    const RELEASED: &str = include_str!("released.txt");

    #[test]
    fn no_id_is_ever_lost_or_changed() {
        let now: Vec<String> = rules().map(|r| format!("{} {}", r.severity.word(), r.id)).collect();
        let released: Vec<&str> = RELEASED.lines().collect();
        for line in &released {
            assert!(now.iter().any(|n| n == line), "`{line}` is gone or is another now: publishers name it");
        }
        for line in &now {
            assert!(released.contains(&line.as_str()), "add `{line}` to src/checks/released.txt");
        }
        assert!(released.is_sorted_by_key(|line| line.split(' ').next_back()), "released.txt is sorted by id");
    }
}
