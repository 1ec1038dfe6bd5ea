//! What becomes of findings: profiles, `--deny`, `--warn`, `--allow`, and what the publisher lives with. Only here.

use super::Baseline;
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
    baseline: Option<Baseline>,
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
        Self { profile: profile.or(own), levels: vec![manifest, command_line], baseline: None }
    }

    /// The same, with findings that are known: they are counted like those that are allowed.
    pub fn with_baseline(self, baseline: Option<Baseline>) -> Self {
        Self { baseline, ..self }
    }

    /// Applies the policy: what is allowed is counted, the rest gets its effective severity.
    pub fn judge(&self, findings: Vec<Finding>) -> Report {
        let mut report = Report::default();
        let mut baseline = self.baseline.clone().unwrap_or_default();
        for mut finding in findings {
            match self.effective(finding.rule) {
                Some(_) if baseline.take(&finding) => report.allowed += 1,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Place;
    use crate::model::show::Allowance;

    fn finding(id: &str) -> Finding {
        let rule = crate::checks::rules().find(|r| r.id == id).expect("a rule");
        Finding { rule, place: Place::file("x"), message: "x.".into(), help: None, effective: rule.severity }
    }

    fn levels(deny: &[&str], warn: &[&str], allow: &[&str]) -> Levels {
        let owned = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        Levels { deny: owned(deny), warn: owned(warn), allow: owned(allow) }
    }

    fn judged(policy: &Policy, id: &str) -> Option<Severity> {
        let report = policy.judge(vec![finding(id)]);
        assert_eq!(report.allowed, usize::from(report.findings.is_empty()));
        report.findings.first().map(|f| f.effective)
    }

    #[test]
    fn the_narrowest_entry_wins_and_the_command_line_wins_over_the_show() {
        let mut show = CheckSettings { deny: vec!["audio-clipping".into()], ..CheckSettings::default() };
        show.allow.push(Allowance { rule: "audio".into(), reason: "x".into() });
        let manifest = Policy::new(&show, None, Levels::default());
        let both = Policy::new(&show, None, levels(&["warning"], &["audio-clipping"], &[]));
        let check = |policy: &Policy, id: &str, severity| assert_eq!(judged(policy, id), severity, "{id}");
        check(&manifest, "audio-clipping", Some(Severity::Error));
        check(&manifest, "audio-junk", None);
        check(&manifest, "artwork-alpha", Some(Severity::Warning));
        check(&both, "audio-clipping", Some(Severity::Warning));
        check(&both, "audio-junk", Some(Severity::Error));
        check(&both, "audio-large", None);
        check(&both, "artwork-alpha", Some(Severity::Error));
        check(&both, "artwork-bytes", Some(Severity::Info));
    }

    #[test]
    fn profiles_raise_what_their_platform_demands_and_quiet_what_only_others_do() {
        let of = |name: &str| Policy::new(&CheckSettings::default(), profile(name), Levels::default());
        let check = |name: &str, id: &str, severity| assert_eq!(judged(&of(name), id), Some(severity), "{name} {id}");
        check("apple", "audio-loudness-low", Severity::Error);
        check("apple", "show-owner-email-missing", Severity::Info);
        check("youtube", "show-owner-email-missing", Severity::Error);
        check("youtube", "audio-loudness-low", Severity::Info);
        check("youtube", "audio-truncated", Severity::Error);
        check("strict", "audio-clipping", Severity::Error);
        check("strict", "audio-large", Severity::Info);
        assert_eq!(of("apple").judge(vec![finding("audio-large")]).allowed, 0);
    }

    #[test]
    fn an_entry_means_whole_words_of_an_id() {
        for known in ["audio", "audio-m4a", "audio-clipping", "all", "warning", "warnings", "info"] {
            assert!(is_known(known), "{known}");
        }
        for unknown in ["aud", "audio-", "audio-clip", "", "Audio", "errrors"] {
            assert!(!is_known(unknown), "{unknown:?}");
        }
    }
}
