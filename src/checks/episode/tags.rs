//! Rules about optional elements of an item, as a table of elements and what each may hold.

use crate::checks::show::{Fault, LONGEST_TEXT, image, license, mailbox, person_faults, short_text};
use crate::checks::words::length;
use crate::checks::{Check, Run, is_web_address};
use crate::feed::document::Element;
use crate::model::finding::Demand::{Players, Podcasting20, Rss};
use crate::model::finding::Severity::Warning;
use crate::model::finding::{Rule, Subject};

pub(super) const CHECKS: &[Check] = &[TAG_INVALID, SOUNDBITE_RANGE, ALTERNATE_INVALID];

const TAG_INVALID: Check = Check {
    rule: Rule {
        id: "episode-tag-invalid",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Rss, Podcasting20],
        summary: "an optional element of the item is not as its specification wants it",
        why: "Readers ignore it, so what it was meant to do does not happen.",
        mend: "Write it as the sentence says, or leave it out.",
    },
    run: Run::Item(|feed, item, found| {
        for element in &item.element.children {
            let local = &*element.name.local;
            if element.name.is("", "author") {
                if let Some(message) = mailbox(element) {
                    let help = "Names of people belong into itunes:author or podcast:person.";
                    found.mend(feed.at(element), message, help);
                }
                continue;
            }
            if &*element.name.namespace != feed.podcast() {
                continue;
            }
            if local == "person" {
                person_faults(feed, element).into_iter().for_each(|(place, message)| found.at(place, message));
            } else if let Some((_, fault)) = TAGS.iter().find(|(name, _)| *name == local)
                && let Some(message) = fault(element)
            {
                found.at(feed.at(element), message);
            }
        }
    }),
};

const TAGS: &[(&str, Fault)] = &[
    ("season", season),
    ("episode", episode),
    ("license", license),
    ("location", short_text),
    ("image", image),
    ("contentLink", content_link),
    ("socialInteract", social_interact),
];

/// Podcasting 2.0: characters of `display`, and of `title` and `rel` of an enclosure.
const LONGEST_LABEL: usize = 32;

fn season(element: &Element) -> Option<String> {
    let text = element.text.trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(format!("`{text}` is no whole number of a season."));
    }
    label(element, "name", LONGEST_TEXT)
}

fn episode(element: &Element) -> Option<String> {
    let text = element.text.trim();
    let decimal =
        !text.is_empty() && text.parse::<f64>().is_ok() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !decimal {
        return Some(format!("`{text}` is no number of an episode."));
    }
    label(element, "display", LONGEST_LABEL)
}

fn label(element: &Element, key: &str, most: usize) -> Option<String> {
    let characters = element.value_of(key).map_or(0, |v| v.chars().count());
    (characters > most).then(|| format!("`{key}` has {characters} characters, and may have {most}."))
}

fn content_link(element: &Element) -> Option<String> {
    match element.value_of("href") {
        Some(href) if is_web_address(href) => None,
        Some(href) => Some(format!("`{href}` is no whole web address.")),
        None => Some("This link has no `href`.".to_owned()),
    }
}

fn social_interact(element: &Element) -> Option<String> {
    match element.value_of("protocol") {
        None => Some("This place for comments has no `protocol`.".to_owned()),
        Some("disabled") => None,
        Some(_) if element.value_of("uri").is_none() => Some("This place for comments has no `uri`.".to_owned()),
        Some(_) => None,
    }
}

/// Podcasting 2.0's advice in seconds.
const SHORTEST_BITE: f64 = 15.0;
const LONGEST_BITE: f64 = 120.0;

const SOUNDBITE_RANGE: Check = Check {
    rule: Rule {
        id: "episode-soundbite-range",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "a soundbite has no usable start and length, or lies outside the audio",
        why: "Apps that play it as a preview play nothing, or something else.",
        mend: "Write startTime and duration in seconds, 15 to 120 s long, inside the audio.",
    },
    run: Run::Item(|feed, item, found| {
        for bite in item.element.all(feed.podcast(), "soundbite") {
            let number = |key: &str| bite.value_of(key).and_then(|v| v.parse::<f64>().ok()).filter(|n| n.is_finite());
            let (Some(start), Some(lasts)) = (number("startTime"), number("duration")) else {
                found.at(feed.at(bite), "A soundbite needs `startTime` and `duration` as numbers of seconds.");
                continue;
            };
            let end = item.length(feed.itunes()).0;
            if start < 0.0 || lasts <= 0.0 {
                found.at(feed.at(bite), "This soundbite starts before the audio, or lasts no time at all.");
            } else if let Some(end) = end.filter(|end| start + lasts > end.seconds() + 1.0) {
                let message =
                    format!("This soundbite ends at {:.0} s, and the audio lasts {}.", start + lasts, length(end));
                found.at(feed.at(bite), message);
            } else if !(SHORTEST_BITE..=LONGEST_BITE).contains(&lasts) {
                found.at(feed.at(bite), format!("This soundbite lasts {lasts} s."));
            }
            let characters = bite.text.trim().chars().count();
            if characters > LONGEST_TEXT {
                found.at(feed.at(bite), format!("Its title has {characters} characters, and may have {LONGEST_TEXT}."));
            }
        }
    }),
};

const ALTERNATE_INVALID: Check = Check {
    rule: Rule {
        id: "episode-alternate-enclosure-invalid",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Podcasting20, Players],
        summary: "another version of the audio is offered in a way that apps do not understand",
        why: "Apps leave it out and play the enclosure alone.",
        mend: "Give it a `type`, and inside <podcast:source uri=\"https://...\"/>.",
    },
    run: Run::Item(|feed, item, found| {
        let mut defaults = 0;
        for (index, version) in item.element.all(feed.podcast(), "alternateEnclosure").enumerate() {
            let stated = version.value_of("length").and_then(|l| l.parse::<u64>().ok());
            if let (Some(stated), Some(Some(size))) = (stated, item.versions.get(index))
                && stated != *size
            {
                let message = format!("The feed says {stated} bytes, and the file has {size}.");
                found.mend(feed.attribute_of(version, "length"), message, format!("Write length=\"{size}\"."));
            }
            if version.value_of("type").is_none() {
                found.at(feed.start_of(version), "This version has no `type`.");
            }
            for key in ["length", "bitrate", "height"] {
                if let Some(value) = version.value_of(key).filter(|v| v.parse::<f64>().is_err()) {
                    found.at(feed.attribute_of(version, key), format!("`{value}` is no number."));
                }
            }
            for key in ["title", "rel"] {
                if let Some(message) = label(version, key, LONGEST_LABEL) {
                    found.at(feed.attribute_of(version, key), message);
                }
            }
            let mut sources = version.all(feed.podcast(), "source").peekable();
            if sources.peek().is_none() {
                found.at(feed.start_of(version), "This version has no podcast:source, so nobody can load it.");
            }
            for source in sources.filter(|s| s.value_of("uri").is_none()) {
                found.at(feed.at(source), "This source has no `uri`.");
            }
            for proof in version.all(feed.podcast(), "integrity") {
                let known = matches!(proof.value_of("type"), Some("sri" | "pgp-signature"));
                if !known || proof.value_of("value").is_none() {
                    let message = "podcast:integrity needs a type, `sri` or `pgp-signature`, and a `value`.";
                    found.at(feed.at(proof), message);
                }
            }
            if version.value_of("default") == Some("true") {
                defaults += 1;
                if defaults > 1 {
                    found.at(feed.attribute_of(version, "default"), "Another version is the default already.");
                }
            }
        }
    }),
};
