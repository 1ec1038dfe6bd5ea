//! The rule about optional elements of a channel, as a table of elements and what each may hold.

use super::is_address;
use super::podcasting::LONGEST_TEXT;
use crate::checks::{Check, FeedFacts, Found, Run, is_web_address};
use crate::feed::document::Element;
use crate::model::finding::Demand::{Apple, Podcasting20, Rss};
use crate::model::finding::Severity::Warning;
use crate::model::finding::{Rule, Subject};

pub(super) const CHECKS: &[Check] = &[TAG_INVALID];

const TAG_INVALID: Check = Check {
    rule: Rule {
        id: "show-tag-invalid",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Rss, Podcasting20, Apple],
        summary: "an optional element of the channel is not as its specification wants it",
        why: "Readers ignore it, so what it was meant to do does not happen.",
        mend: "Write it as the sentence says, or leave it out.",
    },
    run: Run::Feed(|feed, found| {
        for element in &feed.channel.children {
            let namespace = &*element.name.namespace;
            let space = if namespace.is_empty() {
                Space::Rss
            } else if namespace == feed.itunes() {
                Space::Itunes
            } else if namespace == feed.podcast() {
                Space::Podcast
            } else {
                continue;
            };
            let row = TAGS.iter().find(|(of, local, _)| *of == space && *local == &*element.name.local);
            if let Some((_, _, fault)) = row
                && let Some(message) = fault(element)
            {
                found.at(feed.at(element), message);
            }
        }
        skips(feed, found);
    }),
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    Rss,
    Itunes,
    Podcast,
}

/// What is wrong with an element, as a sentence.
pub(in crate::checks) type Fault = fn(&Element) -> Option<String>;

const TAGS: &[(Space, &str, Fault)] = &[
    (Space::Rss, "ttl", ttl),
    (Space::Rss, "managingEditor", mailbox),
    (Space::Rss, "webMaster", mailbox),
    (Space::Itunes, "new-feed-url", new_feed_url),
    (Space::Podcast, "funding", funding),
    (Space::Podcast, "license", license),
    (Space::Podcast, "image", image),
    (Space::Podcast, "location", short_text),
    (Space::Podcast, "updateFrequency", short_text),
    (Space::Podcast, "podping", podping),
];

fn ttl(element: &Element) -> Option<String> {
    let text = element.text.trim();
    let good = text.parse::<u32>().is_ok_and(|minutes| minutes > 0);
    (!good).then(|| format!("`{text}` is no number of minutes."))
}

/// RSS 2.0: `mail@host (Real Name)`.
pub(in crate::checks) fn mailbox(element: &Element) -> Option<String> {
    let text = element.text.trim();
    let (mail, name) = text.split_once(' ').unwrap_or((text, ""));
    let name = name.trim();
    let good = is_address(mail) && (name.is_empty() || name.starts_with('(') && name.ends_with(')'));
    (!good).then(|| format!("`{text}` is no mailbox: write `mail@host (Real Name)`."))
}

fn new_feed_url(element: &Element) -> Option<String> {
    let text = element.text.trim();
    (!is_web_address(text)).then(|| format!("`{text}` is no whole web address, so nobody can move to it."))
}

fn funding(element: &Element) -> Option<String> {
    match element.value_of("url") {
        Some(url) if is_web_address(url) => short_text(element),
        Some(url) => Some(format!("`{url}` is no whole web address.")),
        None => Some("A call for funding needs a `url`.".to_owned()),
    }
}

/// A name of the licence list is one word in small letters; other texts need an address.
pub(in crate::checks) fn license(element: &Element) -> Option<String> {
    let text = element.text.trim();
    if text.is_empty() {
        return Some("This licence has no name.".to_owned());
    }
    let is_name = !text.contains(char::is_whitespace) && text.chars().all(|c| !c.is_uppercase());
    if !is_name && element.value_of("url").is_none() {
        return Some(format!(
            "`{}` is no name of the licence list, and a licence of one's own needs a `url`.",
            cut(text)
        ));
    }
    short_text(element)
}

pub(in crate::checks) fn image(element: &Element) -> Option<String> {
    match element.value_of("href") {
        Some(href) if is_web_address(href) => None,
        Some(href) => Some(format!("`{href}` is no whole web address.")),
        None => Some("This picture has no `href`.".to_owned()),
    }
}

pub(in crate::checks) fn short_text(element: &Element) -> Option<String> {
    let characters = element.text.trim().chars().count();
    (characters > LONGEST_TEXT).then(|| format!("This text has {characters} characters, and may have {LONGEST_TEXT}."))
}

fn podping(element: &Element) -> Option<String> {
    let uses = element.value_of("usesPodping")?;
    (uses != "true").then(|| format!("`usesPodping` is `{uses}`, and only `true` means something."))
}

fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.split_at(end).0.trim_end()),
        None => text.to_owned(),
    }
}

const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn skips(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    for list in feed.channel.all("", "skipHours") {
        for hour in list.all("", "hour") {
            let text = hour.text.trim();
            if !text.parse::<u8>().is_ok_and(|h| h < 24) {
                found.at(feed.at(hour), format!("`{text}` is no hour from 0 to 23."));
            }
        }
    }
    for list in feed.channel.all("", "skipDays") {
        for day in list.all("", "day") {
            let text = day.text.trim();
            if !DAYS.contains(&text) {
                found.at(feed.at(day), format!("`{text}` is no English name of a day."));
            }
        }
    }
}
