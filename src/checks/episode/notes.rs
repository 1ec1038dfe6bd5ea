//! Rules about the show notes of an item.

use crate::checks::words::count;
use crate::checks::{Check, Run, markup};
use crate::feed::namespace::CONTENT;
use crate::model::finding::Demand::{Apple, Psp1, Rss, Spotify, YouTube};
use crate::model::finding::Severity::Warning;
use crate::model::finding::{Rule, Subject};

pub(super) const CHECKS: &[Check] = &[MISSING, LONG, HTML, CONTENT_ALONE];

const MISSING: Check = Check {
    rule: Rule {
        id: "episode-description-missing",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the episode has no description",
        why: "Listeners see a title and nothing that tells them whether to play it.",
        mend: "Write a few sentences into <description>.",
    },
    run: Run::Item(|feed, item, found| {
        if item.element.text_of(CONTENT, "encoded").is_none()
            && let Some(lacking) = feed.lacking(item.element, "", "description")
        {
            found.at(lacking.place.clone(), lacking.sentence("description"));
        }
    }),
};

/// Apple's guide and PSP-1, in bytes of the text with its markup.
pub(in crate::checks) const LONGEST_BYTES: usize = 4000;

const LONG: Check = Check {
    rule: Rule {
        id: "episode-description-long",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the description is longer than 4000 bytes",
        why: "Directories cut it off, and links or chapters at its end are lost.",
        mend: "Shorten it, and keep the chapters near the top; the whole text may stand in content:encoded.",
    },
    run: Run::Item(|feed, item, found| {
        let Some(description) = item.element.first("", "description") else { return };
        let bytes = description.text.trim().len();
        if bytes > LONGEST_BYTES {
            found.at(feed.start_of(description), format!("The description has {bytes} bytes."));
        }
    }),
};

/// What Apple, PSP-1 and Spotify show.
const SAFE: &[&str] = &["p", "a", "ul", "ol", "li", "br", "b", "i", "strong", "em", "h1", "h2"];

const HTML: Check = Check {
    rule: Rule {
        id: "episode-description-html",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Psp1, Spotify, YouTube],
        summary: "the description has markup that apps do not show",
        why: "They drop it, or show the tags themselves, and phones refuse links that are not https.",
        mend: "Use p, br, a, ul, ol, li, b, i, strong and em, and links that begin with https://.",
    },
    run: Run::Item(|feed, item, found| {
        let Some(description) = item.element.first("", "description") else { return };
        if !description.text.contains('<') {
            return;
        }
        let markup = markup::read(description.text.trim());
        let other: Vec<String> =
            markup.elements.iter().filter(|e| !SAFE.contains(&e.as_str())).map(|e| format!("<{e}>")).collect();
        if !other.is_empty() {
            const NAMED: usize = 6;
            let more = if other.len() > NAMED { ", …" } else { "" };
            let named: Vec<&str> = other.iter().take(NAMED).map(String::as_str).collect();
            found.at(feed.start_of(description), format!("This description uses {}{more}.", named.join(", ")));
        }
        let open = markup.links.iter().filter(|l| l.starts_with("http://")).count();
        if open > 0 {
            let links = count(open, "link begins", "links begin");
            found.at(feed.start_of(description), format!("{links} with http://, not https://."));
        }
    }),
};

const CONTENT_ALONE: Check = Check {
    rule: Rule {
        id: "episode-content-without-description",
        severity: Warning,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Rss],
        summary: "the notes stand in content:encoded alone",
        why: "Apps and directories that read `description` show nothing.",
        mend: "Write a description too, in front of content:encoded; a sentence or two is enough.",
    },
    run: Run::Item(|feed, item, found| {
        if let Some(content) = item.element.first(CONTENT, "encoded")
            && !content.text.trim().is_empty()
            && item.element.text_of("", "description").is_none()
        {
            found.at(feed.start_of(content), "This item has content:encoded and no `description`.");
        }
    }),
};
