//! Rules about what an item of a feed says of its episode beside title, date and number.

use super::item;
use crate::checks::show::{is_true_or_false, says_yes};
use crate::checks::{Check, FeedFacts, Found, ItemFacts, Run, is_web_address};
use crate::feed::published;
use crate::model::finding::Demand::{Apple, Players, Psp1, Rss, Spotify, Tool};
use crate::model::finding::Severity::{Error, Warning};
use crate::model::finding::{Rule, Subject};
use crate::model::time::Duration;

pub(super) const CHECKS: &[Check] = &[
    GUID_MISSING,
    GUID_PERMALINK,
    DUPLICATE,
    DATE_WEEKDAY,
    DURATION_MISSING,
    DURATION_INVALID,
    DURATION_MISMATCH,
    EXPLICIT_INVALID,
    TYPE_INVALID,
    NUMBER_INVALID,
    BLOCK_SET,
];

const GUID_MISSING: Check = Check {
    rule: Rule {
        id: "episode-guid-missing",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1, Spotify],
        summary: "the episode has no guid",
        why: "Apps take the address of the audio instead; when that moves, subscribers get every episode once more.",
        mend: "Write <guid isPermaLink=\"false\">...</guid> once, and never change it.",
    },
    run: Run::Item(|feed, item, found| {
        if let Some(lacking) = feed.lacking(item.element, "", "guid") {
            found.at(lacking.place.clone(), lacking.sentence("guid"));
        }
    }),
};

const GUID_PERMALINK: Check = Check {
    rule: Rule {
        id: "episode-guid-permalink",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Rss],
        summary: "the guid claims to be a web address and is none",
        why: "Without isPermaLink=\"false\" a guid is a link; apps that follow it show their listeners an error.",
        mend: "Write isPermaLink=\"false\" and leave the guid itself as it is.",
    },
    run: Run::Item(|feed, item, found| {
        for guid in item.element.all("", "guid") {
            let text = guid.text.trim();
            let place = || feed.at(guid);
            match guid.value_of("isPermaLink") {
                None | Some("true") if !text.is_empty() && !is_web_address(text) => {
                    found.at(place(), format!("`{text}` is no web address, and nothing says so."));
                }
                None | Some("true" | "false") => {}
                Some(other) => {
                    let message = format!("`isPermaLink` is `{other}`, and may be `true` or `false`.");
                    found.at(feed.attribute_of(guid, "isPermaLink"), message);
                }
            }
        }
    }),
};

/// AntennaPod's guess of what is one episode published twice: titles alike, the same day, lengths within ten minutes.
const ALIKE: Duration = Duration::from_millis(600_000);

/// With so many of one title and day an item is compared.
const MOST_COMPARED: usize = 50;

const DUPLICATE: Check = Check {
    rule: Rule {
        id: "episode-duplicate",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Players],
        summary: "apps take two items for the same episode",
        why: "AntennaPod shows one of two items with equal title, day and about the same length, whatever their guids.",
        mend: "Remove the one that was published by mistake, or give the two different titles.",
    },
    run: Run::Feed(|feed, found| {
        let mut seen: std::collections::BTreeMap<_, Vec<&ItemFacts<'_>>> = std::collections::BTreeMap::new();
        for item in &feed.items {
            let Some(title) = item.element.text_of("", "title").map(crate::checks::words::plain) else { continue };
            let Some(date) = item.element.text_of("", "pubDate").and_then(published::date) else { continue };
            let day = date.strftime("%Y-%m-%d").to_string();
            let earlier = seen.entry((day, title)).or_default();
            if let Some(first) = earlier.iter().find(|first| are_alike(feed, first, item)) {
                let line = first.element.spot.line;
                let message =
                    format!("Apps take this for the episode on line {line}: title, day and length are alike.");
                found.at(feed.start_of(item.element), message);
            }
            if earlier.len() < MOST_COMPARED {
                earlier.push(item);
            }
        }
    }),
};

/// Equal guids and equal addresses have rules of their own.
fn are_alike(feed: &FeedFacts<'_>, a: &ItemFacts<'_>, b: &ItemFacts<'_>) -> bool {
    let guid = |item: &ItemFacts<'_>| item.element.text_of("", "guid").map(str::to_owned);
    let length = |item: &ItemFacts<'_>| item.declared_duration(feed.itunes()).unwrap_or_default();
    let said = guid(a).is_some() && guid(a) == guid(b) || a.enclosure_url() == b.enclosure_url();
    !said && length(a).apart(length(b)) < ALIKE
}

const DATE_WEEKDAY: Check = Check {
    rule: Rule {
        id: "episode-date-weekday",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Rss],
        summary: "the weekday of the date is not the day's",
        why: "Strict readers refuse the date, and nobody knows which half of it is meant.",
        mend: "Correct the weekday, or leave it out.",
    },
    run: Run::Item(|feed, item, found| {
        let Some(element) = item.element.first("", "pubDate") else { return };
        let text = element.text.trim();
        let (Some((written, _)), Some(day)) = (text.split_once(','), published::day(text)) else { return };
        let right = day.strftime("%a").to_string();
        if !written.trim().to_ascii_lowercase().starts_with(&right.to_ascii_lowercase()) {
            let message = format!("The date says `{}`, and {day} is a {}.", written.trim(), day.strftime("%A"));
            found.mend(feed.at(element), message, format!("Write {right}, or the day that was meant."));
        }
    }),
};

const DURATION_MISSING: Check = Check {
    rule: Rule {
        id: "episode-duration-missing",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the feed does not say how long the episode is",
        why: "Apps show no length until somebody has loaded the file.",
        mend: "Write the length in whole seconds, as in <itunes:duration>1347</itunes:duration>.",
    },
    run: Run::Item(|feed, item, found| {
        if item.enclosure_url().is_none() {
            return;
        }
        match feed.lacking(item.element, feed.itunes(), "duration") {
            Some(lacking) => found.at(lacking.place.clone(), lacking.sentence("itunes:duration")),
            None => {
                let Some(element) = item.element.first(feed.itunes(), "duration") else { return };
                if published::duration(element.text.trim()).is_some_and(Duration::is_zero) {
                    found.at(feed.at(element), "The length of this episode is given as 0.");
                }
            }
        }
    }),
};

const DURATION_INVALID: Check = Check {
    rule: Rule {
        id: "episode-duration-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Rss],
        summary: "the length is not written as apps read it",
        why: "Apps show nothing, or a wrong length.",
        mend: "Write whole seconds, MM:SS or HH:MM:SS.",
    },
    run: Run::Item(|feed, item, found| {
        for element in item.element.all(feed.itunes(), "duration") {
            let text = element.text.trim();
            if text.is_empty() || is_duration(text) {
                continue;
            }
            let message = format!("`{text}` is no length of an episode.");
            match published::duration(text) {
                Some(length) => found.mend(feed.at(element), message, format!("Write {}.", length.whole_seconds())),
                None => found.at(feed.at(element), message),
            }
        }
    }),
};

/// What apps round, and a little more.
const CLOSE: Duration = Duration::from_millis(1000);

const DURATION_MISMATCH: Check = Check {
    rule: Rule {
        id: "episode-duration-mismatch",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Players],
        summary: "the feed states another length than the audio has",
        why: "Apps show the feed's length, and count what is left to hear by it.",
        mend: "Write the length that was counted.",
    },
    run: Run::Item(|feed, item, found| {
        let Some(counted) = item.audio.as_ref().map(|a| a.recording.duration().0) else { return };
        let Some(element) = item.element.first(feed.itunes(), "duration") else { return };
        let Some(stated) = published::duration(element.text.trim()).filter(|d| !d.is_zero()) else { return };
        if stated.apart(counted) > CLOSE {
            let message = format!("The feed says {}, and the audio lasts {}.", stated.hms(), counted.hms());
            let help = format!("Write <itunes:duration>{}</itunes:duration>.", counted.whole_seconds());
            found.mend(feed.at(element), message, help);
        }
    }),
};

/// The form that the W3C validator takes: digits, and up to twice a colon with 00 to 59.
fn is_duration(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.len() < 10 && part.bytes().all(|b| b.is_ascii_digit());
    let sixty = |part: &str| part.len() == 2 && digits(part) && part < "60";
    let mut parts = text.split(':');
    let first = parts.next().is_some_and(digits);
    let rest: Vec<&str> = parts.collect();
    first && rest.len() < 3 && rest.into_iter().all(sixty)
}

const EXPLICIT_INVALID: Check = Check {
    rule: Rule {
        id: "episode-explicit-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "what the item says about explicit content is neither `true` nor `false`",
        why: "Apple takes the two words alone; with another one the episode counts as the show says, or as unmarked.",
        mend: "Write <itunes:explicit>false</itunes:explicit>, or `true` where a parent would want to know.",
    },
    run: Run::Item(|feed, item, found| {
        for element in item.element.all(feed.itunes(), "explicit") {
            let value = element.text.trim();
            if value.is_empty() {
                found.at(feed.at(element), "`itunes:explicit` is empty.");
            } else if !is_true_or_false(value) {
                found.at(feed.at(element), format!("`{value}` is neither `true` nor `false`."));
            }
        }
    }),
};

const TYPE_INVALID: Check = Check {
    rule: Rule {
        id: "episode-type-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the episode's type is neither `full`, `trailer` nor `bonus`",
        why: "Apple does not know where to show it.",
        mend: "Write `full`, `trailer` or `bonus` in small letters, or leave it out.",
    },
    run: Run::Item(|feed, item, found| {
        for element in item.element.all(feed.itunes(), "episodeType") {
            let value = element.text.trim();
            if !matches!(value, "full" | "trailer" | "bonus") {
                found.at(feed.at(element), format!("The type is `{value}`."));
            }
        }
    }),
};

const NUMBER_INVALID: Check = Check {
    rule: Rule {
        id: "episode-number-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the number of a season or an episode is no whole number from 1 on",
        why: "Apple ignores it, so that the episodes of a serial show stand in a wrong order.",
        mend: "Write a whole number, or leave the element out.",
    },
    run: Run::Item(|feed, item, found| {
        for local in ["season", "episode"] {
            for element in item.element.all(feed.itunes(), local) {
                let value = element.text.trim();
                if item::number(value).is_none() {
                    found.at(feed.at(element), format!("`itunes:{local}` is `{value}`."));
                }
            }
        }
    }),
};

const BLOCK_SET: Check = Check {
    rule: Rule {
        id: "episode-block-set",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Tool],
        summary: "the item asks Apple to hide the episode",
        why: "It does not appear in the directory, and disappears where it was.",
        mend: "Remove `itunes:block`, unless the episode is meant to be hidden.",
    },
    run: Run::Item(|feed, item, found: &mut Found<'_>| {
        for element in item.element.all(feed.itunes(), "block").filter(|e| says_yes(e)) {
            found.at(feed.at(element), "This hides the episode from Apple Podcasts.");
        }
    }),
};
