//! Rules about what a channel says of the feed itself: dates, its own address, its picture, who made it.

use url::Url;

use super::facts::FeedFacts;
use crate::checks::{Check, Run};
use crate::feed::document::Element;
use crate::feed::namespace::ATOM;
use crate::feed::published;
use crate::model::finding::Demand::{Psp1, Rss, Spotify, Tool};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Rule, Subject};

pub(super) const CHECKS: &[Check] =
    &[DATE_INVALID, SELF_LINK_MISSING, SELF_LINK_MISMATCH, RSS_IMAGE_MISMATCH, GENERATOR_MISSING];

const DATE_INVALID: Check = Check {
    rule: Rule {
        id: "feed-date-invalid",
        severity: Error,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Rss, Spotify],
        summary: "a date of the feed is none that programs can read",
        why: "Readers that decide by it whether to look again ignore the feed, or read all of it each time.",
        mend: "Write dates as in `Wed, 15 Jan 2025 19:00:00 +0000`.",
    },
    run: Run::Feed(|feed, found| {
        for name in ["pubDate", "lastBuildDate"] {
            for element in feed.channel.all("", name) {
                let text = element.text.trim();
                if published::date(text).is_none() {
                    let message = match text.is_empty() {
                        true => format!("`{name}` is empty."),
                        false => format!("`{text}` is no date of RFC 2822."),
                    };
                    found.at(feed.at(element), message);
                }
            }
        }
    }),
};

/// The links with which a feed names its own address.
fn self_links<'a>(feed: &FeedFacts<'a>) -> Vec<&'a Element> {
    feed.channel
        .all(ATOM, "link")
        .filter(|l| l.value_of("rel").is_some_and(|r| r.eq_ignore_ascii_case("self")))
        .collect()
}

const SELF_LINK_MISSING: Check = Check {
    rule: Rule {
        id: "feed-self-link-missing",
        severity: Warning,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Psp1, Rss],
        summary: "the feed does not say where it is served",
        why: "Apps that were given a copy, or an old address, do not find the feed itself.",
        mend: "Write <atom:link rel=\"self\" type=\"application/rss+xml\" href=\"https://...\"/> into the channel.",
    },
    run: Run::Feed(|feed, found| {
        if self_links(feed).is_empty() {
            found.at(feed.start_of(feed.channel), "This channel has no `atom:link` with rel=\"self\".");
        }
    }),
};

const SELF_LINK_MISMATCH: Check = Check {
    rule: Rule {
        id: "feed-self-link-mismatch",
        severity: Warning,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Psp1, Rss],
        summary: "the address that the feed gives for itself is not the one where it is served",
        why: "Apps move to the address that they read here, and lose the feed where it is wrong.",
        mend: "Write the whole address under which listeners subscribe.",
    },
    run: Run::Feed(|feed, found| {
        for link in self_links(feed) {
            let place = feed.attribute_of(link, "href");
            let Some(href) = link.value_of("href") else {
                found.at(place, "This link has no address.");
                continue;
            };
            if !is_web_address(href) {
                found.at(place, format!("`{href}` is no whole web address."));
                continue;
            }
            let name = feed.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            if let Some(base) = feed.base_url
                && !is_same_address(href, &format!("{}/{name}", base.trim_end_matches('/')))
                && !is_same_address(href, base)
            {
                found.at(place, format!("The feed says that it is served at {href}, and not under {base}."));
            }
        }
    }),
};

/// An absolute address of the web.
pub(in crate::checks) fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host())
}

/// The same address, whatever its scheme and a slash at its end.
fn is_same_address(a: &str, b: &str) -> bool {
    let bare = |text: &str| {
        let url = Url::parse(text).ok()?;
        Some((url.host_str().map(str::to_owned), url.port(), url.path().trim_end_matches('/').to_owned()))
    };
    bare(a).is_some_and(|a| Some(a) == bare(b))
}

/// RSS 2.0: the picture's largest size in pixels.
const WIDEST: u32 = 144;
const TALLEST: u32 = 400;

const RSS_IMAGE_MISMATCH: Check = Check {
    rule: Rule {
        id: "feed-rss-image-mismatch",
        severity: Warning,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Rss],
        summary: "the `image` of the channel does not go with the channel",
        why: "Old readers show it as a link to the show, with its title for those who do not see pictures.",
        mend: "Give it a `url`, and the channel's own `title` and `link`; or leave it out, since apps read itunes:image.",
    },
    run: Run::Feed(|feed, found| {
        let Some(image) = feed.channel.first("", "image") else { return };
        if image.text_of("", "url").is_none() {
            found.at(feed.at(image), "This image has no `url`.");
        }
        for name in ["title", "link"] {
            let (own, channel) = (image.first("", name), feed.channel.text_of("", name));
            match own {
                None => found.at(feed.at(image), format!("This image has no `{name}`.")),
                Some(own) if !channel.is_none_or(|c| c == own.text.trim() || is_same_address(c, own.text.trim())) => {
                    let message = format!("The image's `{name}` is not the channel's.");
                    found.mend(feed.at(own), message, format!("Write: {}", channel.unwrap_or_default()));
                }
                Some(_) => {}
            }
        }
        for (name, most) in [("width", WIDEST), ("height", TALLEST)] {
            let Some(element) = image.first("", name) else { continue };
            let pixels = element.text.trim().parse::<u32>();
            if !pixels.is_ok_and(|p| (1..=most).contains(&p)) {
                let message = format!("`{name}` is `{}`, and may be 1 to {most}.", element.text.trim());
                found.at(feed.at(element), message);
            }
        }
    }),
};

const GENERATOR_MISSING: Check = Check {
    rule: Rule {
        id: "feed-generator-missing",
        severity: Info,
        subject: Subject::Feed,
        since: "0.1.0",
        by: &[Tool],
        summary: "the feed does not say which program wrote it",
        why: "Directories ask hosts for it, to know whom to turn to when feeds of one program go wrong.",
        mend: "Let the program write its name and version into `generator`.",
    },
    run: Run::Feed(|feed, found| {
        if feed.channel.text_of("", "generator").is_none() {
            found.at(feed.start_of(feed.channel), "This channel has no `generator`.");
        }
    }),
};
