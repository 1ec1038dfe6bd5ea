//! What `episode.toml` and an article must have, looked for in the items of a feed.

use std::collections::BTreeMap;

use super::fields::{LONGEST_TITLE, number_in};
use crate::checks::show::picture_fault;
use crate::checks::words::{plain, quoted};
use crate::checks::{FeedFacts, Found, ItemFacts};
use crate::feed::document::Element;
use crate::feed::published;
use crate::model::finding::Place;

/// Says that an element of an item is missing or blank.
fn missing(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, local: &str, help: &str, found: &mut Found<'_>) {
    if let Some(lacking) = feed.lacking(item.element, "", local) {
        found.mend(lacking.place.clone(), lacking.sentence(local), help);
    }
}

pub(super) fn title_missing(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    missing(feed, item, "title", "Write <title>...</title> into the item.", found);
}

/// The titles that apps show: Apple prefers its own.
fn titles<'a>(feed: &FeedFacts<'a>, item: &ItemFacts<'a>) -> Vec<&'a Element> {
    let both = [item.element.first("", "title"), item.element.first(feed.itunes(), "title")];
    let mut titles: Vec<&Element> = both.into_iter().flatten().collect();
    titles.dedup_by(|a, b| a.text.trim() == b.text.trim());
    titles
}

pub(super) fn title_long(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    for title in titles(feed, item) {
        let characters = title.text.trim().chars().count();
        if characters > LONGEST_TITLE {
            found.mend(feed.at(title), format!("The title has {characters} characters."), "Write a shorter title.");
        }
    }
}

pub(super) fn title_has_number(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    let show = feed.plain_title();
    for title in titles(feed, item) {
        let text = title.text.trim();
        // A name of one short word may be part of any sentence.
        let named = show.chars().count() >= 8 && format!(" {} ", plain(text)).contains(&format!(" {show} "));
        let message = match number_in(text) {
            _ if named => format!("The title {} has the show's name in it.", quoted(text)),
            Some(number) => format!("The title {} has the number “{number}” in it.", quoted(text)),
            None => continue,
        };
        found.mend(feed.at(title), message, "Numbers belong into itunes:season and itunes:episode.");
    }
}

/// Items that say the same of something that has to be their own: each with the line of the first that says it.
fn repeated<'a>(
    feed: &FeedFacts<'a>,
    of: impl Fn(&ItemFacts<'a>) -> Option<(&'a str, Place)>,
) -> Vec<(&'a str, Place, usize)> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut again = Vec::new();
    for item in &feed.items {
        let Some((value, place)) = of(item) else { continue };
        match first.get(value) {
            Some(line) => again.push((value, place, *line)),
            None => {
                first.insert(value, item.element.spot.line);
            }
        }
    }
    again
}

pub(super) fn guid_duplicate(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let guids = repeated(feed, |item| {
        let guid = item.element.first("", "guid").filter(|g| !g.text.trim().is_empty())?;
        Some((guid.text.trim(), feed.at(guid)))
    });
    for (guid, place, line) in guids {
        let message = format!("The guid `{guid}` is that of the item on line {line} too.");
        found.mend(place, message, "Give the newer one another guid, and leave the older one as it is.");
    }
}

pub(super) fn enclosure_duplicate(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let urls = repeated(feed, |item| {
        let enclosure = item.element.first("", "enclosure")?;
        Some((enclosure.value_of("url")?, feed.attribute_of(enclosure, "url")))
    });
    for (_, place, line) in urls {
        found.at(place, format!("This is the file of the item on line {line} too."));
    }
}

pub(super) fn date_invalid(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    let help = "Write it as in <pubDate>Wed, 15 Jan 2025 19:00:00 +0000</pubDate>";
    missing(feed, item, "pubDate", help, found);
    let Some(element) = item.element.first("", "pubDate") else { return };
    let text = element.text.trim();
    if !text.is_empty() && published::date(text).is_none() {
        found.mend(feed.at(element), format!("`{text}` is no date of RFC 2822."), help);
    }
}

pub(super) fn date_future(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    let Some(element) = item.element.first("", "pubDate") else { return };
    if let (Some(now), Some(at)) = (feed.as_of, published::date(element.text.trim()))
        && at > now
    {
        let day = at.strftime("%Y-%m-%d %H:%M UTC");
        found.mend(feed.at(element), format!("This item is dated {day}, which is to come."), "Correct the date.");
    }
}

pub(super) fn link_missing(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    missing(feed, item, "link", "Write the address of the page: <link>https://...</link>", found);
}

pub(super) fn artwork_invalid(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    for image in item.element.all(feed.itunes(), "image") {
        if let Some(message) = picture_fault(image) {
            let help = "Write <itunes:image href=\"https://...jpg\"/>: square, JPEG or PNG, 1400 to 3000 pixels.";
            found.mend(feed.attribute_of(image, "href"), message, help);
        }
    }
}

/// Trailers and extras need no number.
fn is_numbered(feed: &FeedFacts<'_>, item: &ItemFacts<'_>) -> bool {
    item.element.text_of(feed.itunes(), "episodeType").is_none_or(|kind| kind.eq_ignore_ascii_case("full"))
}

/// A number from 1 on.
pub(super) fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    text.parse().ok().filter(|n| *n > 0 && text.bytes().all(|b| b.is_ascii_digit()))
}

pub(super) fn number_missing(feed: &FeedFacts<'_>, item: &ItemFacts<'_>, found: &mut Found<'_>) {
    if feed.is_serial() && is_numbered(feed, item) && item.element.text_of(feed.itunes(), "episode").is_none() {
        let help = "Write <itunes:episode>1</itunes:episode>, or make the show `episodic`.";
        found.mend(feed.start_of(item.element), "This show is serial, and the item has no `itunes:episode`.", help);
    }
}

pub(super) fn number_duplicate(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let mut taken: BTreeMap<(Option<u32>, u32), usize> = BTreeMap::new();
    for item in feed.items.iter().filter(|item| is_numbered(feed, item)) {
        let of = |local: &str| item.element.text_of(feed.itunes(), local).and_then(number);
        let (Some(episode), Some(element)) = (of("episode"), item.element.first(feed.itunes(), "episode")) else {
            continue;
        };
        match taken.get(&(of("season"), episode)) {
            Some(line) => {
                found.at(feed.at(element), format!("Number {episode} is that of the item on line {line} too."));
            }
            None => {
                taken.insert((of("season"), episode), item.element.spot.line);
            }
        }
    }
}
