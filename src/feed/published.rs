//! A tree → what subscribers have, and what a new feed changes for them.

use std::fmt;

use jiff::fmt::rfc2822::DateTimeParser;
use url::Url;

use super::document::{Document, Element, Fault, Malformed};
use super::namespace::{ATOM, ITUNES, PODCAST, PSC};
use crate::model::chapter::Mark;
use crate::model::show::{Guid, Slug};
use crate::model::time::{Duration, Timestamp};

/// A feed as subscribers have it.
#[derive(Clone, PartialEq, Debug)]
pub struct Published {
    /// The show's identity (`podcast:guid`).
    pub show_guid: Option<Guid>,
    /// Where the feed says it lives (`atom:link rel="self"`).
    pub self_url: Option<String>,
    /// The show's title; empty where there is none.
    pub title: String,
    /// The show's home.
    pub link: Option<String>,
    /// Where the show's cover is served.
    pub image_url: Option<String>,
    /// The episodes in feed order.
    pub items: Vec<PublishedItem>,
}

/// An episode as subscribers have it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PublishedItem {
    /// Its identity. Apps take the enclosure's URL where there is none.
    pub guid: Option<Guid>,
    /// Empty where there is none.
    pub title: String,
    /// The moment; `None` where it is absent or no date.
    pub pub_date: Option<jiff::Timestamp>,
    /// The article's page.
    pub link: Option<String>,
    /// The audio file.
    pub enclosure: Option<PublishedEnclosure>,
    /// What `itunes:duration` says.
    pub duration: Option<Duration>,
    /// The notes as HTML; empty where there are none.
    pub description: String,
    /// Where the chapters are served.
    pub chapters_url: Option<String>,
    /// The Podlove chapters in the feed itself.
    pub chapters: Vec<Mark>,
    /// Where transcripts are served.
    pub transcript_urls: Vec<String>,
    /// Where its own cover is served.
    pub image_url: Option<String>,
    /// The names of `podcast:person`, in order.
    pub people: Vec<String>,
    /// The folder that its enclosure stands in, whatever the host.
    pub slug: Option<Slug>,
    /// Line of the feed on which it begins, from 1.
    pub line: usize,
}

/// The audio file of a published episode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PublishedEnclosure {
    /// As written.
    pub url: String,
    /// Size in bytes; `None` where it is absent or no number.
    pub length: Option<u64>,
    /// As written; empty where it is absent.
    pub media_type: String,
}

/// A file of which nobody can say what subscribers have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Of which kind.
    pub kind: Fault,
    /// Why, as a sentence.
    pub message: String,
    /// Line on which reading ended, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
}

impl From<Malformed> for Unreadable {
    fn from(fault: Malformed) -> Self {
        Self {
            kind: fault.kind,
            message: fault.message,
            line: fault.spot.map(|s| s.line),
            column: fault.spot.map(|s| s.column),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

/// What a new feed changes of an episode for those who have the old one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Change {
    /// Nothing that a subscriber sees or hears.
    None,
    /// It was not there before.
    New,
    /// It has another title.
    Title,
    /// It has other notes, chapters, links, people, cover, transcripts or date.
    Notes,
    /// It has another recording.
    Audio,
    /// It is not there any more.
    Gone,
}

impl Change {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::New => "new",
            Self::Title => "title",
            Self::Notes => "notes",
            Self::Audio => "audio",
            Self::Gone => "gone",
        }
    }
}

/// Reads what subscribers have from the bytes of a feed.
pub fn read(bytes: &[u8]) -> Result<Published, Unreadable> {
    of(&Document::parse(bytes)?)
}

/// Reads what subscribers have from a feed that is a tree already.
pub fn of(document: &Document) -> Result<Published, Unreadable> {
    let root = &document.root;
    if !root.name.is("", "rss") {
        return Err(Unreadable {
            kind: Fault::NotXml,
            message: format!("it is no RSS feed: its outermost element is `{}`", root.name.qualified()),
            line: Some(root.spot.line),
            column: Some(root.spot.column),
        });
    }
    let Some(channel) = root.first("", "channel") else {
        return Err(Unreadable {
            kind: Fault::NotWellFormed,
            message: "the feed has no `channel`".into(),
            line: Some(root.spot.line),
            column: Some(root.spot.column),
        });
    };
    Ok(Published {
        show_guid: channel.text_of(PODCAST, "guid").and_then(Guid::new),
        self_url: channel.all(ATOM, "link").find(|l| l.value_of("rel") == Some("self")).and_then(href),
        title: channel.text_of("", "title").unwrap_or_default().to_owned(),
        link: channel.text_of("", "link").map(str::to_owned),
        image_url: channel.first(ITUNES, "image").and_then(href),
        items: channel.all("", "item").map(item).collect(),
    })
}

fn href(element: &Element) -> Option<String> {
    element.value_of("href").map(str::to_owned)
}

fn item(element: &Element) -> PublishedItem {
    let enclosure = element.first("", "enclosure").and_then(|e| {
        Some(PublishedEnclosure {
            url: e.value_of("url")?.to_owned(),
            length: e.value_of("length").and_then(|l| l.parse().ok()),
            media_type: e.value_of("type").unwrap_or_default().to_owned(),
        })
    });
    PublishedItem {
        guid: element.text_of("", "guid").and_then(Guid::new),
        title: element.text_of("", "title").unwrap_or_default().to_owned(),
        pub_date: element.text_of("", "pubDate").and_then(date),
        link: element.text_of("", "link").map(str::to_owned),
        duration: element.text_of(ITUNES, "duration").and_then(duration),
        description: element.text_of("", "description").unwrap_or_default().to_owned(),
        chapters_url: element.first(PODCAST, "chapters").and_then(|c| c.value_of("url")).map(str::to_owned),
        chapters: element.first(PSC, "chapters").map(marks).unwrap_or_default(),
        transcript_urls: element
            .all(PODCAST, "transcript")
            .filter_map(|t| t.value_of("url"))
            .map(str::to_owned)
            .collect(),
        image_url: element.first(ITUNES, "image").and_then(href),
        people: element.all(PODCAST, "person").map(|p| p.text.trim().to_owned()).collect(),
        slug: enclosure.as_ref().and_then(|e| slug_of(&e.url)),
        enclosure,
        line: element.spot.line,
    }
}

/// The day that a date of RFC 2822 names, where it was written.
pub fn day(text: &str) -> Option<jiff::civil::Date> {
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_zoned_datetime(text).ok().map(|moment| moment.datetime().date())
}

/// Reads RFC 2822; a weekday that does not match its date is common and harmless.
pub fn date(text: &str) -> Option<jiff::Timestamp> {
    const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
    PARSER.parse_timestamp(text).ok()
}

/// Reads `itunes:duration`: seconds, or up to three fields with colons.
pub fn duration(text: &str) -> Option<Duration> {
    Timestamp::parse(text).and_then(|t| t.since(Timestamp::ZERO))
}

fn marks(chapters: &Element) -> Vec<Mark> {
    let mark = |c: &Element| {
        let start = Timestamp::parse(c.value_of("start")?)?;
        let url = c.value_of("href").map(str::to_owned);
        let title = c.value_of("title").unwrap_or_default();
        Some(Mark { url, line: Some(c.spot.line), ..Mark::new(start, title) })
    };
    chapters.all(PSC, "chapter").filter_map(mark).collect()
}

/// The folder of a URL's path, if it is a slug.
pub fn slug_of(url: &str) -> Option<Slug> {
    let url = Url::parse(url).ok()?;
    url.path_segments()?.rev().nth(1).and_then(Slug::new)
}

/// What a new feed changes of one episode. Both sides are what stands in a feed, so read the new one too.
///
/// A move to another host changes nothing: files are compared by name, which carries their content.
pub fn change(before: Option<&PublishedItem>, now: Option<&PublishedItem>) -> Change {
    let (before, now) = match (before, now) {
        (None, None) => return Change::None,
        (None, Some(_)) => return Change::New,
        (Some(_), None) => return Change::Gone,
        (Some(before), Some(now)) => (before, now),
    };
    let audio = |item: &PublishedItem| {
        item.enclosure.as_ref().map(|e| (file_name(&e.url).to_owned(), e.length, e.media_type.clone()))
    };
    if audio(before) != audio(now) {
        Change::Audio
    } else if before.title != now.title {
        Change::Title
    } else if notes(before) != notes(now) {
        Change::Notes
    } else {
        Change::None
    }
}

/// All that a subscriber sees of an episode but its title and recording.
fn notes(item: &PublishedItem) -> impl PartialEq {
    let names = |urls: &[&String]| -> Vec<String> { urls.iter().map(|u| file_name(u).to_owned()).collect() };
    let chapters: Vec<(Timestamp, String, Option<String>)> =
        item.chapters.iter().map(|m| (m.start, m.title.clone(), m.url.clone())).collect();
    let served: Vec<&String> = item.chapters_url.iter().chain(&item.image_url).chain(&item.transcript_urls).collect();
    (
        (item.description.clone(), item.link.clone(), item.pub_date, item.duration),
        (names(&served), chapters, item.people.clone()),
    )
}

/// The last part of a URL's path.
fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(items: &str) -> String {
        format!(
            r#"<?xml version="1.0"?><rss version="2.0" xmlns:i="{ITUNES}" xmlns:p="{PODCAST}" xmlns:a="{ATOM}" xmlns:psc="{PSC}">
<channel><title> A show </title><a:link rel="hub" href="https://hub.example/"/><a:link rel="self" href="https://a.example/feed.xml"/>
<p:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</p:guid>{items}</channel></rss>"#
        )
    }

    #[test]
    fn prefixes_are_only_names() {
        let text = feed(
            r#"
<item><title><![CDATA[A & B]]></title><guid isPermaLink="false"> x </guid><pubDate>Mon, 15 Jan 2025 19:00:00 GMT</pubDate>
<enclosure url="https://cdn.example/pods/my-slug/my-slug-0123abcd.mp3?x=/a/b" length="12" type="audio/mpeg"/>
<i:duration>1:02</i:duration><p:chapters url="https://a.example/my-slug/chapters-1.json" type="application/json+chapters"/>
<psc:chapters><psc:chapter start="0:00" title="One"/><psc:chapter title="no"/></psc:chapters><p:person>Ann</p:person></item>
<item/>"#,
        );
        let published = read(text.as_bytes()).expect("a feed");
        assert_eq!(published.title, "A show");
        assert_eq!(published.self_url.as_deref(), Some("https://a.example/feed.xml"));
        assert!(published.show_guid.is_some());
        let [item, empty] = published.items.as_slice() else { panic!("two items") };
        assert_eq!(item.title, "A & B");
        assert_eq!(item.guid.as_ref().map(Guid::as_str), Some("x"));
        assert_eq!(item.pub_date.map(|d| d.to_string()).as_deref(), Some("2025-01-15T19:00:00Z"));
        assert_eq!(item.slug.as_ref().map(Slug::as_str), Some("my-slug"));
        assert_eq!(item.duration.map(Duration::millis), Some(62_000));
        assert_eq!(item.chapters.len(), 1);
        assert_eq!(item.line, 4);
        assert_eq!(empty, &PublishedItem { line: 8, ..PublishedItem::default() });
    }

    #[test]
    fn other_documents_are_refused_with_their_place() {
        let check = |text: &str, expected: &str| {
            let why = read(text.as_bytes()).expect_err(text);
            assert_eq!(format!("{:?} {:?}: {why}", why.kind, why.line), expected);
        };
        check(
            "<feed xmlns='http://www.w3.org/2005/Atom'/>",
            "NotXml Some(1): it is no RSS feed: its outermost element is `feed`",
        );
        check("<rss/>", "NotWellFormed Some(1): the feed has no `channel`");
        check(
            "<rss><channel>\n<item></channel></rss>",
            "NotWellFormed Some(2): `</channel>` closes what began as `<item>`",
        );
    }

    #[test]
    fn a_change_is_what_a_subscriber_notices() {
        let old = PublishedItem {
            title: "T".into(),
            description: "D".into(),
            enclosure: Some(PublishedEnclosure {
                url: "https://a.example/s/s-1.mp3".into(),
                length: Some(1),
                media_type: "audio/mpeg".into(),
            }),
            chapters_url: Some("https://a.example/s/chapters-1.json".into()),
            ..PublishedItem::default()
        };
        let check = |edit: fn(&mut PublishedItem), expected: Change| {
            let mut new = old.clone();
            edit(&mut new);
            assert_eq!(change(Some(&old), Some(&new)), expected);
        };
        check(|_| {}, Change::None);
        check(|i| i.line = 9, Change::None);
        check(|i| i.title = "U".into(), Change::Title);
        check(|i| i.description = "E".into(), Change::Notes);
        check(|i| i.chapters_url = Some("https://a.example/s/chapters-2.json".into()), Change::Notes);
        check(|i| i.chapters.push(Mark::new(Timestamp::ZERO, "x")), Change::Notes);
        check(|i| i.enclosure.as_mut().expect("one").length = Some(2), Change::Audio);
        check(
            |i| {
                i.enclosure.as_mut().expect("one").url = "https://b.example/x/s/s-1.mp3".into();
                i.chapters_url = Some("https://b.example/x/s/chapters-1.json".into());
            },
            Change::None,
        );
        assert_eq!(change(None, Some(&old)), Change::New);
        assert_eq!(change(Some(&old), None), Change::Gone);
    }
}
