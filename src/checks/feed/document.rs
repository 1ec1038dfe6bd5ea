//! Rules about the document as a whole: whether it is a feed, and how it is written.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{FeedFacts, OLD_PODCAST};
use crate::checks::{Check, Found, Run};
use crate::feed::document::Element;
use crate::feed::namespace::{ATOM, CONTENT, ITUNES, PODCAST, PSC};
use crate::model::finding::Demand::{Apple, Format, Players, Psp1, Rss, Spotify, Tool};
use crate::model::finding::Severity::{Error, Info};
use crate::model::finding::{ProblemKind, Rule, Subject};

pub(super) const CHECKS: &[Check] =
    &[XML_MALFORMED, HOSTILE, NOT_RSS, NAMESPACE_WRONG, NO_ITEMS, DUPLICATE_ELEMENT, LEGACY_TAG];

const XML_MALFORMED: Check = Check {
    rule: Rule {
        id: "feed-xml-malformed",
        severity: Error,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Format, Rss],
        summary: "the feed is no well-formed XML",
        why: "Apps and directories stop reading at the first such place, so that episodes are missing or the whole show is.",
        mend: "Correct the place that is named. Let a program write the feed, so that `&` and `<` in titles are escaped.",
    },
    run: Run::Problems(&[ProblemKind::FeedMalformed]),
};

const HOSTILE: Check = Check {
    rule: Rule {
        id: "feed-hostile",
        severity: Error,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Tool],
        summary: "the feed defines entities, refers to other documents, or is beyond any sensible size",
        why: "Readers that expand such a document run out of memory or fetch what they should not; careful ones refuse it.",
        mend: "Take out what no feed needs: a DOCTYPE, or whatever is beyond the limit that is named.",
    },
    run: Run::Problems(&[ProblemKind::FeedHostile]),
};

const NOT_RSS: Check = Check {
    rule: Rule {
        id: "feed-not-rss",
        severity: Error,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Apple, Rss],
        summary: "the document is no RSS feed",
        why: "Podcast directories take RSS 2.0 alone, not Atom, not web pages.",
        mend: "Check the address or the file; a server may have answered with an error page.",
    },
    run: Run::Problems(&[ProblemKind::FeedNotRss]),
};

/// The prefixes that everybody uses, and what they have to stand for.
const KNOWN: &[(&str, &str)] =
    &[("itunes", ITUNES), ("podcast", PODCAST), ("psc", PSC), ("atom", ATOM), ("content", CONTENT)];

const NAMESPACE_WRONG: Check = Check {
    rule: Rule {
        id: "feed-namespace-wrong",
        severity: Error,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "a namespace differs from the one that apps compare with",
        why: "Namespaces are compared letter by letter: with another one, all elements under it are ignored.",
        mend: "Write the namespace exactly as it is given.",
    },
    run: Run::Feed(|feed, found| {
        let mut used = BTreeSet::new();
        walk(&feed.document.root, &mut |element| {
            used.insert(&*element.name.namespace);
        });
        let mut seen = BTreeSet::new();
        walk(&feed.document.root, &mut |element| {
            for declared in &element.declared {
                let uri = declared.value.as_str();
                let right = meant(&declared.name.local, uri);
                // What is declared and not used does no harm.
                if let Some(right) = right.filter(|right| *right != uri && uri != OLD_PODCAST)
                    && used.contains(uri)
                    && seen.insert(uri)
                {
                    let help = match declared.name.local.is_empty() {
                        true => format!("Write xmlns=\"{right}\""),
                        false => format!("Write xmlns:{}=\"{right}\"", declared.name.local),
                    };
                    found.mend(
                        feed.attribute(declared),
                        format!("`{uri}` is not the namespace that apps compare with."),
                        help,
                    );
                }
            }
        });
    }),
};

/// The namespace that was meant by a declaration, if it was one of the known ones.
fn meant(prefix: &str, uri: &str) -> Option<&'static str> {
    let plain = |uri: &str| {
        let lower = uri.to_ascii_lowercase();
        let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
        bare.trim_start_matches("www.").trim_end_matches('/').to_owned()
    };
    let near = |right: &str| {
        let (a, b) = (plain(uri), plain(right));
        a == b || strsim::osa_distance(&a, &b) <= 2
    };
    let by_prefix = KNOWN.iter().find(|(known, _)| *known == prefix && matches!(*known, "itunes" | "podcast" | "psc"));
    by_prefix.or_else(|| KNOWN.iter().find(|(_, right)| near(right))).map(|(_, right)| *right)
}

fn walk<'a>(element: &'a Element, visit: &mut impl FnMut(&'a Element)) {
    visit(element);
    element.children.iter().for_each(|child| walk(child, visit));
}

const NO_ITEMS: Check = Check {
    rule: Rule {
        id: "feed-no-items",
        severity: Error,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Apple, Spotify],
        summary: "the feed has no episode",
        why: "Directories refuse a show without episodes.",
        mend: "Publish the first episode before you submit the feed.",
    },
    run: Run::Feed(|feed, found| {
        if feed.items.is_empty() {
            found.at(feed.start_of(feed.channel), "This channel has no item.");
        }
    }),
};

/// What a channel has once.
const ONCE_IN_CHANNEL: &[(Space, &str)] = &[
    (
        Space::Rss,
        "title link description language copyright managingEditor webMaster pubDate lastBuildDate generator docs ttl image",
    ),
    (Space::Itunes, "author title subtitle summary owner image explicit type keywords new-feed-url block complete"),
    (Space::Podcast, "guid locked medium"),
];
/// What an item has once. Chapters have rules of their own.
const ONCE_IN_ITEM: &[(Space, &str)] = &[
    (Space::Rss, "title link description author comments enclosure guid pubDate source"),
    (
        Space::Itunes,
        "title author subtitle summary duration image explicit season episode episodeType keywords block order",
    ),
    (Space::Podcast, "season episode"),
    (Space::Content, "encoded"),
];

#[derive(Clone, Copy)]
enum Space {
    Rss,
    Itunes,
    Podcast,
    Content,
}

impl Space {
    fn uri<'a>(self, feed: &FeedFacts<'a>) -> &'a str {
        match self {
            Self::Rss => "",
            Self::Itunes => feed.itunes(),
            Self::Podcast => feed.podcast(),
            Self::Content => CONTENT,
        }
    }
}

const DUPLICATE_ELEMENT: Check = Check {
    rule: Rule {
        id: "feed-duplicate-element",
        severity: Error,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Rss],
        summary: "an element that stands for one value is there twice",
        why: "Some apps take the first and some the last, so nobody knows what listeners see.",
        mend: "Keep one of them.",
    },
    run: Run::Feed(|feed, found| {
        twice(feed, feed.channel, ONCE_IN_CHANNEL, found);
        for item in &feed.items {
            twice(feed, item.element, ONCE_IN_ITEM, found);
        }
    }),
};

fn twice(feed: &FeedFacts<'_>, parent: &Element, once: &[(Space, &str)], found: &mut Found<'_>) {
    for (space, names) in once {
        for name in names.split(' ') {
            let mut all = parent.all(space.uri(feed), name);
            let Some(first) = all.next() else { continue };
            for again in all {
                let what = again.name.qualified();
                let message = format!("`{what}` stands here again; the first is on line {}.", first.spot.line);
                found.at(feed.at(again), message);
            }
        }
    }
}

/// Apple's elements that nobody reads any more; Google's closed in 2024.
const LEGACY: &[&str] = &["summary", "subtitle", "keywords"];
const GOOGLE: &str = "google.com/schemas/play-podcasts";

const LEGACY_TAG: Check = Check {
    rule: Rule {
        id: "feed-legacy-tag",
        severity: Info,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Players],
        summary: "the feed has elements that nobody reads any more",
        why: "They make the feed larger and hide what counts: Apple dropped its summaries, subtitles and keywords, and Google Podcasts closed.",
        mend: "Leave them out; `description` says what the episode is about.",
    },
    run: Run::Feed(|feed, found| {
        let mut first: BTreeMap<String, (&Element, usize)> = BTreeMap::new();
        let elements = feed.items.iter().map(|i| i.element).chain([feed.channel]).flat_map(|parent| &parent.children);
        for element in elements {
            let old = &*element.name.namespace == feed.itunes() && LEGACY.contains(&&*element.name.local)
                || element.name.namespace.contains(GOOGLE);
            if old {
                let entry = first.entry(element.name.qualified()).or_insert((element, 0));
                entry.1 += 1;
                if element.spot < entry.0.spot {
                    entry.0 = element;
                }
            }
        }
        for (name, (element, count)) in first {
            let message = match count {
                1 => format!("`{name}` is read by nobody."),
                n => format!("`{name}` is read by nobody, and stands here {n} times."),
            };
            found.at(feed.at(element), message);
        }
    }),
};
