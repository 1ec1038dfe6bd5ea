//! Our types → [`rss::Channel`] with the elements of iTunes, Podcasting 2.0, Podlove and Atom.

use std::collections::BTreeSet;

use jiff::fmt::rfc2822::DateTimePrinter;
use rss::extension::itunes::{ITunesCategory, ITunesChannelExtension, ITunesItemExtension, ITunesOwner};
use rss::extension::{Extension, ExtensionMap};

use super::input::{Alternate, FeedInput, Item};
use super::namespace::{ATOM, CONTENT, ITUNES, PODCAST, PSC};
use super::{notes, people};
use crate::chapters::podlove;
use crate::model::artifact::MediaType;
use crate::model::chapter::ChapterList;
use crate::model::show::{EpisodeKind, License, Narration, Person, Show, ShowKind};
use crate::model::text::is_publishable;

/// The longest name of a person and text of a button that Podcasting 2.0 allows, in characters.
const LONGEST_NAME: usize = 128;

pub(super) fn channel(input: &FeedInput<'_>) -> rss::Channel {
    let show = input.show;
    let newest = input.items.iter().map(|item| item.pub_date).max().map(date);
    let title = show.title.to_string();
    let link = attribute(&show.link);
    let namespaces = [("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM), ("content", CONTENT), ("psc", PSC)];
    rss::Channel {
        image: input.cover_url.as_ref().map(|url| rss::Image {
            url: attribute(url),
            title: title.clone(),
            link: link.clone(),
            ..rss::Image::default()
        }),
        title,
        link,
        description: text(&show.description),
        language: Some(attribute(&show.language)).filter(|l| !l.is_empty()),
        copyright: show.copyright.as_ref().map(ToString::to_string),
        generator: Some(text(&input.generator)).filter(|g| !g.is_empty()),
        pub_date: newest.clone(),
        last_build_date: newest,
        itunes_ext: Some(itunes_of_show(input)),
        extensions: extensions_of_show(input),
        items: input.items.iter().map(|one| item(one, show)).collect(),
        namespaces: namespaces.iter().map(|(prefix, uri)| ((*prefix).to_owned(), (*uri).to_owned())).collect(),
        ..rss::Channel::default()
    }
}

fn itunes_of_show(input: &FeedInput<'_>) -> ITunesChannelExtension {
    let show = input.show;
    let category = |main: &str, sub: Option<&str>| ITunesCategory {
        text: text(main),
        subcategory: sub.map(|sub| Box::new(ITunesCategory { text: text(sub), subcategory: None })),
    };
    let author = Some(show.author.to_string()).filter(|a| !a.is_empty());
    ITunesChannelExtension {
        owner: show.owner_email.as_ref().map(|email| ITunesOwner {
            name: show.owner_name.as_ref().map(ToString::to_string).or_else(|| author.clone()),
            email: Some(attribute(email)),
        }),
        author,
        image: input.cover_url.as_deref().map(attribute),
        categories: show.categories.iter().map(|c| category(&c.main, c.sub.as_deref())).collect(),
        explicit: Some(show.explicit.unwrap_or(false).to_string()),
        ..ITunesChannelExtension::default()
    }
}

fn extensions_of_show(input: &FeedInput<'_>) -> ExtensionMap {
    let show = input.show;
    let mut map = ExtensionMap::new();
    let feed_url = attribute(&input.feed_url);
    put(&mut map, empty("atom:link", &[("href", &feed_url), ("rel", "self"), ("type", MediaType::Rss.as_str())]));
    put(
        &mut map,
        holding(
            "itunes:type",
            &[],
            match show.kind {
                ShowKind::Episodic => "episodic",
                ShowKind::Serial => "serial",
            },
        ),
    );
    put(&mut map, holding("podcast:guid", &[], input.show_guid.as_str()));
    put(&mut map, holding("podcast:medium", &[], "podcast"));
    let owner = show.owner_email.as_deref().map(attribute);
    let owner: Vec<(&str, &str)> = owner.iter().map(|email| ("owner", email.as_str())).collect();
    put(&mut map, holding("podcast:locked", &owner, "yes"));
    if let Some(funding) = &show.funding {
        let label = shortened(funding.text.as_str());
        put(&mut map, holding("podcast:funding", &[("url", &attribute(&funding.url))], &label));
    }
    put_all(&mut map, show.license.iter().map(license));
    put_all(&mut map, persons(&show.narrators, &[]));
    if show.narration == Narration::Synthetic {
        put(&mut map, holding("podcast:txt", &[("purpose", "ai-content")], "true"));
    }
    map
}

fn item(item: &Item<'_>, show: &Show) -> rss::Item {
    let language = item.language.as_deref().unwrap_or(&show.language);
    rss::Item {
        title: Some(item.title.to_string()),
        link: item.link.as_deref().map(attribute),
        description: Some(notes::html(item, language)),
        enclosure: Some(rss::Enclosure {
            url: attribute(&item.enclosure.url),
            length: item.enclosure.length.to_string(),
            mime_type: attribute(&item.enclosure.media_type),
        }),
        // Never a promise that the guid can be opened, so that it need not be kept when a host moves.
        guid: Some(rss::Guid { value: item.guid.as_str().to_owned(), permalink: false }),
        pub_date: Some(date(item.pub_date)),
        itunes_ext: Some(itunes_of_item(item, show)),
        extensions: extensions_of_item(item, show),
        ..rss::Item::default()
    }
}

fn itunes_of_item(item: &Item<'_>, show: &Show) -> ITunesItemExtension {
    let authors: Vec<&str> = item
        .people
        .iter()
        .filter(|person| person.role.as_deref().is_some_and(|role| people::taxonomy(role).1 == "author"))
        .map(|person| person.name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    ITunesItemExtension {
        author: Some(authors.join(", ")).filter(|a| !a.is_empty()),
        image: item.image_url.as_deref().map(attribute),
        duration: Some(item.duration.whole_seconds().to_string()),
        explicit: Some(item.explicit.or(show.explicit).unwrap_or(false).to_string()),
        episode: item.episode.map(|number| number.to_string()),
        season: item.season.map(|number| number.to_string()),
        episode_type: Some(
            match item.kind {
                EpisodeKind::Full => "full",
                EpisodeKind::Trailer => "trailer",
                EpisodeKind::Bonus => "bonus",
            }
            .into(),
        ),
        ..ITunesItemExtension::default()
    }
}

fn extensions_of_item(item: &Item<'_>, show: &Show) -> ExtensionMap {
    let mut map = ExtensionMap::new();
    if let Some(url) = &item.chapters_url {
        let media_type = MediaType::JsonChapters.as_str();
        put(&mut map, empty("podcast:chapters", &[("url", &attribute(url)), ("type", media_type)]));
    }
    if let Some(list) = item.chapters {
        put(&mut map, podlove_chapters(list));
    }
    put_all(&mut map, item.besides.iter().map(alternate));
    for transcript in &item.transcripts {
        let (url, media_type) = (attribute(&transcript.url), attribute(&transcript.media_type));
        let language = transcript.language.as_deref().map(attribute);
        let mut attributes = vec![("url", url.as_str()), ("type", media_type.as_str())];
        attributes.extend(language.as_deref().map(|language| ("language", language)));
        attributes.extend(transcript.captions.then_some(("rel", "captions")));
        put(&mut map, empty("podcast:transcript", &attributes));
    }
    // A show that people read does not lend their names to a voice, nor the other way round.
    let readers = if item.narration == show.narration { show.narrators.as_slice() } else { &[] };
    put_all(&mut map, persons(&item.people, readers));
    for (name, number) in [("podcast:season", item.season), ("podcast:episode", item.episode)] {
        put_all(&mut map, number.map(|number| holding(name, &[], &number.to_string())));
    }
    put_all(&mut map, item.license.iter().map(license));
    let disclosed = match (item.narration, show.narration) {
        (Narration::Synthetic, _) => Some("true"),
        (Narration::Human, Narration::Synthetic) => Some("false"),
        (Narration::Human, Narration::Human) => None,
    };
    put_all(&mut map, disclosed.map(|word| holding("podcast:txt", &[("purpose", "ai-content")], word)));
    map
}

fn alternate(alternate: &Alternate) -> Extension {
    let (length, rate) = (alternate.file.length.to_string(), alternate.bit_rate.map(|rate| rate.to_string()));
    let media_type = attribute(&alternate.file.media_type);
    let mut attributes = vec![
        ("type", media_type.as_str()),
        ("codecs", alternate.codecs),
        ("length", length.as_str()),
        ("title", alternate.title),
    ];
    attributes.extend(rate.as_deref().map(|rate| ("bitrate", rate)));
    let mut element = empty("podcast:alternateEnclosure", &attributes);
    let source = empty("podcast:source", &[("uri", &attribute(&alternate.file.url))]);
    element.children.insert("source".into(), vec![source]);
    element
}

fn podlove_chapters(list: &ChapterList) -> Extension {
    let mut chapters = empty("psc:chapters", &[("version", podlove::VERSION)]);
    let children = list
        .chapters()
        .iter()
        .map(|chapter| {
            let (start, url) = (chapter.start.npt(), chapter.url.as_deref().map(attribute));
            let mut attributes = vec![("start", start.as_str()), ("title", chapter.title.as_str())];
            attributes.extend(url.as_deref().map(|url| ("href", url)));
            empty("psc:chapter", &attributes)
        })
        .collect();
    chapters.children.insert("chapter".into(), children);
    chapters
}

/// One element for each person and role; `readers` read where nobody of the episode's own does.
fn persons<'a>(people: &'a [Person], readers: &'a [Person]) -> Vec<Extension> {
    let role_of = |person: &Person| people::taxonomy(person.role.as_deref().unwrap_or_default());
    let somebody_reads = people.iter().any(|person| role_of(person).1 == "narrator");
    let readers = if somebody_reads { &[] } else { readers };
    let mut seen = BTreeSet::new();
    let mut elements = Vec::new();
    for person in people.iter().chain(readers) {
        let name = shortened(person.name.as_str());
        let (group, role) = role_of(person);
        if name.is_empty() || !seen.insert((name.clone(), role.clone())) {
            continue;
        }
        let (role, href) = (attribute(&role), person.href.as_deref().map(attribute));
        let mut attributes = vec![("role", role.as_str()), ("group", group)];
        attributes.extend(href.as_deref().map(|href| ("href", href)));
        elements.push(holding("podcast:person", &attributes, &name));
    }
    elements
}

fn license(license: &License) -> Extension {
    let url = license.url.as_deref().map(attribute);
    let attributes: Vec<(&str, &str)> = url.iter().map(|url| ("url", url.as_str())).collect();
    holding("podcast:license", &attributes, &shortened(&license.id))
}

/// `Wed, 01 Jan 2025 19:00:00 +0000`: two digits for the day, as every reader expects them.
fn date(moment: jiff::Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new();
    // The standard has no year below 0, and nothing was published then.
    PRINTER.timestamp_to_rfc9110_string(&moment).unwrap_or_default().replace("GMT", "+0000")
}

fn empty(name: &str, attributes: &[(&str, &str)]) -> Extension {
    Extension {
        name: name.into(),
        value: None,
        attrs: attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        children: Default::default(),
    }
}

fn holding(name: &str, attributes: &[(&str, &str)], value: &str) -> Extension {
    Extension { value: Some(value.to_owned()), ..empty(name, attributes) }
}

fn put(map: &mut ExtensionMap, element: Extension) {
    let (prefix, local) = element.name.split_once(':').unwrap_or_default();
    let (prefix, local) = (prefix.to_owned(), local.to_owned());
    map.entry(prefix).or_default().entry(local).or_default().push(element);
}

fn put_all(map: &mut ExtensionMap, elements: impl IntoIterator<Item = Extension>) {
    for element in elements {
        put(map, element);
    }
}

/// Text of an element: what XML forbids goes, line breaks stay.
fn text(text: &str) -> String {
    let kept: String = text.chars().filter(|c| is_publishable(*c) || matches!(c, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// A value without line breaks, such as an address.
pub(super) fn attribute(value: &str) -> String {
    let kept: String = value.chars().filter(|c| is_publishable(*c)).collect();
    kept.trim().to_owned()
}

fn shortened(text: &str) -> String {
    attribute(&text.chars().take(LONGEST_NAME).collect::<String>())
}
