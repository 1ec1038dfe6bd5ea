//! The proof that a feed says what it was made from: what another parser reads of it, against the input.

use super::input::{FeedInput, Item};
use super::published::{Published, PublishedItem};
use super::rss::attribute;
use crate::model::time::Timestamp;

/// Compares all that identifies and locates things. `Err` says the first difference.
pub(super) fn compare(input: &FeedInput<'_>, published: &Published) -> Result<(), String> {
    let guid = published.show_guid.as_ref().map(|g| g.as_str());
    same("the show's guid", Some(input.show_guid.as_str()), guid)?;
    same("the feed's own address", Some(attribute(&input.feed_url).as_str()), published.self_url.as_deref())?;
    same("the show's title", Some(input.show.title.as_str()), Some(&published.title))?;
    same("the cover's address", input.cover_url.as_deref().map(attribute), published.image_url.clone())?;
    same("the number of episodes", Some(input.items.len()), Some(published.items.len()))?;
    for (item, read) in input.items.iter().zip(&published.items) {
        compare_item(item, read).map_err(|why| format!("episode \"{}\": {why}", item.title))?;
    }
    Ok(())
}

fn compare_item(item: &Item<'_>, read: &PublishedItem) -> Result<(), String> {
    same("the guid", Some(item.guid.as_str()), read.guid.as_ref().map(|g| g.as_str()))?;
    same("the title", Some(item.title.as_str()), Some(&read.title))?;
    let enclosure = read.enclosure.as_ref();
    same("the enclosure's address", Some(attribute(&item.enclosure.url)), enclosure.map(|e| e.url.clone()))?;
    same("the enclosure's length", Some(item.enclosure.length), enclosure.and_then(|e| e.length))?;
    same("the enclosure's type", Some(item.enclosure.media_type.as_str()), enclosure.map(|e| e.media_type.as_str()))?;
    same("the date", Some(item.pub_date.as_second()), read.pub_date.map(|date| date.as_second()))?;
    same("the link", item.link.as_deref().map(attribute).filter(|l| !l.is_empty()), read.link.clone())?;
    let seconds = read.duration.map(|d| d.millis() / 1000);
    same("the duration in seconds", Some(item.duration.whole_seconds()), seconds)?;
    same("the chapters' address", item.chapters_url.as_deref().map(attribute), read.chapters_url.clone())?;
    let given: Vec<(Timestamp, &str)> =
        item.chapters.iter().flat_map(|list| list.chapters()).map(|c| (c.start, c.title.as_str())).collect();
    let found: Vec<(Timestamp, &str)> = read.chapters.iter().map(|m| (m.start, m.title.as_str())).collect();
    same("the list of chapters", Some(given), Some(found))
}

fn same<T: PartialEq<U> + std::fmt::Debug, U: std::fmt::Debug>(
    what: &str,
    given: Option<T>,
    read: Option<U>,
) -> Result<(), String> {
    let equal = match (&given, &read) {
        (Some(given), Some(read)) => given == read,
        (None, None) => true,
        _ => false,
    };
    if equal { Ok(()) } else { Err(format!("{what} was given as {given:?} and reads back as {read:?}")) }
}
