//! Rules about an episode's title, date, number, identity and picture.

use std::collections::BTreeMap;

use super::item;
use crate::checks::artwork::{Fault, faults};
use crate::checks::words::{plain, quoted};
use crate::checks::{ArtworkOwner, Check, EpisodeFacts, Run, Standing};
use crate::model::finding::Demand::{Apple, Players, Psp1, Rss, Spotify};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, Rule, Subject};
use crate::model::show::{EpisodeKind, ShowKind};

pub(super) const CHECKS: &[Check] = &[
    TITLE_MISSING,
    TITLE_LONG,
    TITLE_HAS_NUMBER,
    GUID_DUPLICATE,
    DATE_INVALID,
    DATE_FUTURE,
    LINK_MISSING,
    ARTWORK_INVALID,
    NUMBER_MISSING_SERIAL,
    NUMBER_DUPLICATE,
];

/// Apple's guide: at most 255 characters in a value.
pub(super) const LONGEST_TITLE: usize = 255;

const TITLE_MISSING: Check = Check {
    rule: Rule {
        id: "episode-title-missing",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the episode has no title",
        why: "Apps have nothing to show.",
        mend: "Write the headline into the first line of the article, or `title = \"...\"` into episode.toml.",
    },
    run: Run::Each(&[
        Run::Episode(|episode, found| {
            let blank = episode.title().is_none_or(|t| t.trim().is_empty());
            if episode.article.is_some() && blank && !episode.places.is_incomplete() {
                found.at(
                    episode.place_of("title"),
                    "No line of the article looks like its headline, and episode.toml has no `title`.",
                );
            }
        }),
        Run::Item(item::title_missing),
    ]),
};

const TITLE_LONG: Check = Check {
    rule: Rule {
        id: "episode-title-long",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the episode's title is longer than 255 characters",
        why: "Directories cut it off.",
        mend: "Write a shorter `title` into episode.toml.",
    },
    run: Run::Each(&[
        Run::Episode(|episode, found| {
            let characters = episode.title().map_or(0, |t| t.chars().count());
            if characters > LONGEST_TITLE {
                found.at(episode.place_of("title"), format!("The title has {characters} characters."));
            }
        }),
        Run::Item(item::title_long),
    ]),
};

const TITLE_HAS_NUMBER: Check = Check {
    rule: Rule {
        id: "episode-title-has-number",
        severity: Info,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple],
        summary: "the title repeats the show's name or the episode's number",
        why: "Apps show both beside the title, and cut off what comes last.",
        mend: "Leave them out of `title`; numbers belong into `season` and `episode`.",
    },
    run: Run::Each(&[
        Run::Episode(|episode, found| {
            let Some(title) = episode.title() else { return };
            let show = episode.show.map(|s| plain(s.title.as_str())).unwrap_or_default();
            // A name of one short word may be part of any sentence.
            let named = show.chars().count() >= 8 && format!(" {} ", plain(title)).contains(&format!(" {show} "));
            if named {
                found.at(episode.place_of("title"), format!("The title {} has the show's name in it.", quoted(title)));
            } else if let Some(number) = number_in(title) {
                found.at(
                    episode.place_of("title"),
                    format!("The title {} has the number “{number}” in it.", quoted(title)),
                );
            }
        }),
        Run::Item(item::title_has_number),
    ]),
};

/// Words for an episode in the languages of many feeds, as they stand before its number.
const EPISODE_WORDS: &[&str] =
    &["ep", "eps", "episode", "folge", "épisode", "episodio", "episódio", "aflevering", "avsnitt", "odcinek"];

/// `Ep. 12`, `Episode 3:`, `S2E3`, `#7 …` at the beginning or the end of a title.
pub(super) fn number_in(title: &str) -> Option<String> {
    let words: Vec<&str> = title.split_whitespace().collect();
    let digits = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit())
    };
    for pair in words.windows(2) {
        if let [word, number] = pair
            && EPISODE_WORDS.contains(&word.trim_end_matches(['.', ':']).to_lowercase().as_str())
            && digits(number)
        {
            return Some(format!("{word} {}", number.trim_matches(|c: char| !c.is_alphanumeric())));
        }
    }
    if let Some(first) = words.first().filter(|w| w.starts_with('#') && digits(w)) {
        return Some(first.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned());
    }
    words.iter().find(|w| is_season_episode(w)).map(|w| (*w).to_owned())
}

/// `S2E3`, `s02e11:`.
fn is_season_episode(word: &str) -> bool {
    let lower = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let Some((season, episode)) = lower.strip_prefix('s').and_then(|rest| rest.split_once('e')) else { return false };
    let number = |part: &str| !part.is_empty() && part.len() < 5 && part.bytes().all(|b| b.is_ascii_digit());
    number(season) && number(episode)
}

const GUID_DUPLICATE: Check = Check {
    rule: Rule {
        id: "episode-guid-duplicate",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1, Rss, Spotify],
        summary: "two episodes have the same guid",
        why: "Apps take them for one and show only one of them.",
        mend: "Give the newer one another guid; an episode.toml was probably copied.",
    },
    run: Run::Each(&[
        Run::Survey(|survey, found| {
            let mut owners: BTreeMap<&str, &EpisodeFacts<'_>> = BTreeMap::new();
            // Drafts too: the day they are published is too late.
            for episode in &survey.episodes {
                let Some(guid) = episode.settings.guid.as_ref().or(episode.guid).map(|g| g.as_str()) else { continue };
                match owners.get(guid) {
                    Some(owner) => {
                        let message = format!("The guid `{guid}` is that of the episode {} too.", name(owner));
                        found.at(episode.place_of("guid"), message);
                    }
                    None => {
                        owners.insert(guid, episode);
                    }
                }
            }
        }),
        Run::Feed(item::guid_duplicate),
    ]),
};

/// The folder's name.
fn name(episode: &EpisodeFacts<'_>) -> String {
    let name = episode.path.file_name().unwrap_or(episode.path.as_os_str());
    format!("`{}`", name.to_string_lossy())
}

const DATE_INVALID: Check = Check {
    rule: Rule {
        id: "episode-date-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Spotify, Psp1],
        summary: "the episode has no date, or none that programs can read",
        why: "Apps sort by it, and Spotify refuses a feed without dates.",
        mend: "Write the day of publication into episode.toml, as in `date = 2018-01-30`.",
    },
    run: Run::Each(&[
        Run::Episode(|episode, found| {
            let said = episode.places.has("date")
                || episode.places.is_refused("date")
                || episode.article.is_none()
                || episode.show.is_none();
            if episode.date().is_none() && !said {
                found.at(episode.place_of("date"), "Neither the article nor episode.toml has a date.");
            }
        }),
        Run::Item(item::date_invalid),
    ]),
};

const DATE_FUTURE: Check = Check {
    rule: Rule {
        id: "episode-date-future",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Players],
        summary: "a published episode is dated in the future",
        why: "AntennaPod ignores such a date, and others keep the episode on top of the list.",
        mend: "Correct the date, or let the build hold the episode back until then.",
    },
    run: Run::Each(&[
        Run::Survey(|survey, found| {
            let Some(now) = survey.as_of else { return };
            for episode in survey.live().filter(|e| e.standing == Standing::Published) {
                if let Some(at) = episode.published.filter(|at| *at > now) {
                    let day = at.strftime("%Y-%m-%d %H:%M UTC");
                    found.at(episode.place_of("date"), format!("This episode is published with the date {day}."));
                }
            }
        }),
        Run::Item(item::date_future),
    ]),
};

const LINK_MISSING: Check = Check {
    rule: Rule {
        id: "episode-link-missing",
        severity: Info,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Psp1, Apple],
        summary: "the address of the article is not known",
        why: "Listeners who want to read along, or to send it to somebody, look for it.",
        mend: "Write it into episode.toml: link = \"https://...\"",
    },
    run: Run::Each(&[
        Run::Episode(|episode, found| {
            let own = episode.settings.link.is_some() || episode.places.has("link");
            let stated = episode.article.as_ref().is_some_and(|a| a.article.link.is_some());
            if episode.article.is_some() && episode.show.is_some() && !own && !stated {
                found.at(
                    episode.place_of("link"),
                    "Neither the article nor episode.toml has the address of the article.",
                );
            }
        }),
        Run::Item(item::link_missing),
    ]),
};

const ARTWORK_INVALID: Check = Check {
    rule: Rule {
        id: "episode-artwork-invalid",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the episode's own picture is none that directories take",
        why: "They show the show's cover in its place, or a distorted picture.",
        mend: "Use a square JPEG or PNG in RGB, 1400 to 3000 pixels.",
    },
    run: Run::Each(&[
        Run::Artwork(|facts, found| {
            if facts.owner != ArtworkOwner::Episode {
                return;
            }
            let faults = faults(facts);
            let small = faults.iter().any(|(f, _)| matches!(f, Fault::TooSmall | Fault::TooLarge));
            for (fault, message) in faults {
                // One sentence about the size is enough.
                if fault != Fault::NotSquare || !small {
                    found.at(Place::file(facts.path), message);
                }
            }
        }),
        Run::Item(item::artwork_invalid),
    ]),
};

fn is_numbered_episode(episode: &EpisodeFacts<'_>) -> bool {
    episode.settings.kind == EpisodeKind::Full
}

const NUMBER_MISSING_SERIAL: Check = Check {
    rule: Rule {
        id: "episode-number-missing-serial",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "an episode of a serial show has no number",
        why: "Serial shows are heard in order, and Apple refuses those without numbers.",
        mend: "Write `episode = 1` (and `season = 1`) into episode.toml, or `type = \"episodic\"` into show.toml.",
    },
    run: Run::Each(&[
        Run::Episode(|episode, found| {
            let serial = episode.show.is_some_and(|s| s.kind == ShowKind::Serial);
            if serial
                && is_numbered_episode(episode)
                && episode.settings.episode.is_none()
                && !episode.places.has("episode")
            {
                found.at(episode.places.of("episode"), "This show is serial, and the episode has no number.");
            }
        }),
        Run::Item(item::number_missing),
    ]),
};

const NUMBER_DUPLICATE: Check = Check {
    rule: Rule {
        id: "episode-number-duplicate",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple],
        summary: "two episodes have the same number",
        why: "Apps sort them anyhow, or show one of them.",
        mend: "Give each episode of a season its own number.",
    },
    run: Run::Each(&[
        Run::Survey(|survey, found| {
            let mut taken: BTreeMap<(Option<u32>, u32), &EpisodeFacts<'_>> = BTreeMap::new();
            for episode in survey.live().filter(|e| is_numbered_episode(e)) {
                let Some(number) = episode.settings.episode else { continue };
                match taken.get(&(episode.settings.season, number)) {
                    Some(owner) => {
                        let message = format!("Number {number} is that of the episode {} too.", name(owner));
                        found.at(episode.place_of("episode"), message);
                    }
                    None => {
                        taken.insert((episode.settings.season, number), episode);
                    }
                }
            }
        }),
        Run::Feed(item::number_duplicate),
    ]),
};
