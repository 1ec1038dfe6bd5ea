//! What becomes of findings: profiles, `--deny`, `--warn`, `--allow`, and what the publisher lives with. Only here.

use crate::model::finding::{Demand, Finding, Report, Rule, Severity};
use crate::model::show::CheckSettings;

/// Whose demands count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// What one directory or specification demands is an error; what only others demand is advice.
    Only(Demand),
    /// Every warning is an error.
    Strict,
}

/// Every profile by the name that a person types.
pub const PROFILES: &[(&str, Profile)] = &[
    ("apple", Profile::Only(Demand::Apple)),
    ("spotify", Profile::Only(Demand::Spotify)),
    ("youtube", Profile::Only(Demand::YouTube)),
    ("psp1", Profile::Only(Demand::Psp1)),
    ("podcasting20", Profile::Only(Demand::Podcasting20)),
    ("strict", Profile::Strict),
];

/// What one source (the manifest, the command line) wants of rules. Each entry is a rule's id, the beginning of ids up
/// to a hyphen, a severity word, or `all`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Levels {
    /// These become errors.
    pub deny: Vec<String>,
    /// These become warnings.
    pub warn: Vec<String>,
    /// These are counted and not listed.
    pub allow: Vec<String>,
}

/// How findings are judged.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Policy {
    profile: Option<Profile>,
    levels: Vec<Levels>,
}

impl Policy {
    /// What `show.toml` says, and then the command line, which wins. A profile of the command line replaces the show's.
    pub fn new(show: &CheckSettings, profile: Option<Profile>, command_line: Levels) -> Self {
        let own = show.profile.as_deref().and_then(self::profile);
        let manifest = Levels {
            deny: show.deny.clone(),
            warn: show.warn.clone(),
            allow: show.allow.iter().map(|a| a.rule.clone()).collect(),
        };
        Self { profile: profile.or(own), levels: vec![manifest, command_line] }
    }

    /// Applies the policy: what is allowed is counted, the rest gets its effective severity.
    pub fn judge(&self, findings: Vec<Finding>) -> Report {
        let mut report = Report::default();
        for mut finding in findings {
            match self.effective(finding.rule) {
                Some(severity) => {
                    finding.effective = severity;
                    report.findings.push(finding);
                }
                None => report.allowed += 1,
            }
        }
        report
    }

    /// What becomes of a rule's findings; `None` where they are allowed.
    fn effective(&self, rule: &Rule) -> Option<Severity> {
        let mut severity = Some(match self.profile {
            None => rule.severity,
            Some(profile) => profile.severity(rule),
        });
        for levels in &self.levels {
            let lists =
                [(&levels.deny, Some(Severity::Error)), (&levels.warn, Some(Severity::Warning)), (&levels.allow, None)];
            // The narrowest entry wins: "allow audio" beside "deny audio-clipping" still denies clipping.
            let narrowest = lists
                .into_iter()
                .flat_map(|(list, level)| list.iter().filter_map(move |s| Some((reach(s, rule)?, level))))
                .max_by_key(|(width, _)| *width);
            if let Some((_, level)) = narrowest {
                severity = level;
            }
        }
        severity
    }
}

impl Profile {
    fn severity(self, rule: &Rule) -> Severity {
        match self {
            Self::Strict => rule.severity.max_if(Severity::Warning, Severity::Error),
            Self::Only(whose) if rule.by.contains(&whose) => rule.severity.max_if(Severity::Warning, Severity::Error),
            Self::Only(_) if rule.by.iter().all(|d| is_directory(*d)) => Severity::Info,
            Self::Only(_) => rule.severity,
        }
    }
}

impl Severity {
    fn max_if(self, from: Self, to: Self) -> Self {
        if self == from { to } else { self }
    }
}

/// Those whose demands a publisher may not care for; what a format or a player needs counts for everybody.
fn is_directory(demand: Demand) -> bool {
    matches!(demand, Demand::Apple | Demand::Spotify | Demand::YouTube | Demand::Psp1 | Demand::Podcasting20)
}

/// The profile of this name.
pub fn profile(name: &str) -> Option<Profile> {
    PROFILES.iter().find(|(n, _)| *n == name).map(|(_, profile)| *profile)
}

/// How narrowly an entry of a list means a rule; `None` where it does not mean it.
fn reach(selector: &str, rule: &Rule) -> Option<usize> {
    if selector == "all" {
        return Some(0);
    }
    if selector.trim_end_matches('s') == rule.severity.word() {
        return Some(1);
    }
    let rest = rule.id.strip_prefix(selector)?;
    (!selector.is_empty() && (rest.is_empty() || rest.starts_with('-'))).then(|| selector.len() + 1)
}

/// Whether an entry means any rule at all.
pub fn is_known(selector: &str) -> bool {
    super::rules().any(|rule| reach(selector, rule).is_some())
}
