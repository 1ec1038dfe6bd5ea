//! Rules about what a channel says of its show beyond what every show has: order, identity, lock, people, being hidden.

use uuid::Uuid;

use super::channel::own_guid;
use super::is_address;
use crate::checks::{Check, FeedFacts, Found, Run, is_web_address};
use crate::feed::document::Element;
use crate::model::finding::Demand::{Apple, Podcasting20, Psp1};
use crate::model::finding::Severity::{Error, Warning};
use crate::model::finding::{ProblemKind, Rule, Subject};
use crate::model::show::Guid;

pub(super) const CHECKS: &[Check] = &[
    TYPE_INVALID,
    GUID_MISSING,
    GUID_FOREIGN,
    GUID_CHANGED,
    LOCKED_INVALID,
    MEDIUM_UNKNOWN,
    PERSON_INVALID,
    TXT_TOO_LONG,
    BLOCK_SET,
    COMPLETE_SET,
];

const TYPE_INVALID: Check = Check {
    rule: Rule {
        id: "show-type-invalid",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the show's type is neither `episodic` nor `serial`",
        why: "Apple does not know which episode to offer first.",
        mend: "Write `episodic` for shows that are heard from the newest, `serial` for stories, in small letters.",
    },
    run: Run::Feed(|feed, found| {
        for element in feed.channel.all(feed.itunes(), "type") {
            let value = element.text.trim();
            if !matches!(value, "episodic" | "serial") {
                let message = match value {
                    "" => "`itunes:type` is empty.".to_owned(),
                    _ => format!("The type is `{value}`."),
                };
                found.at(feed.at(element), message);
            }
        }
    }),
};

const GUID_MISSING: Check = Check {
    rule: Rule {
        id: "show-guid-missing",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Psp1, Podcasting20],
        summary: "the feed has no identity of its own",
        why: "When the feed moves, apps and directories cannot tell that it is the same show.",
        mend: "Write <podcast:guid> once, and never change it.",
    },
    run: Run::Feed(|feed, found| {
        if let Some(lacking) = feed.lacking(feed.channel, feed.podcast(), "guid") {
            found.mend(lacking.place.clone(), lacking.sentence("podcast:guid"), own_guid(feed));
        }
    }),
};

/// Guids that documents show as examples, with the feed that each belongs to.
const EXAMPLES: &[(&str, &str)] = &[
    ("917393e3-1b1e-5cef-ace4-edaa54e1f810", "mp3s.nashownotes.com/pc20rss.xml"),
    ("9b024349-ccf0-5f69-a609-6b82873eab3c", "podnews.net/rss"),
];
/// The space in which Podcasting 2.0 makes guids, which some take for a guid.
const SPACE: &str = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6";

const GUID_FOREIGN: Check = Check {
    rule: Rule {
        id: "show-guid-foreign",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "the show's guid belongs to another feed, or was not made as guids are",
        why: "Two shows with one guid are taken for one: apps show the episodes of the other.",
        mend: "Write the guid that Podcasting 2.0 makes of the feed's first address.",
    },
    run: Run::Feed(|feed, found| {
        for element in feed.channel.all(feed.podcast(), "guid") {
            let text = element.text.trim();
            let Ok(uuid) = Uuid::parse_str(text) else { continue };
            let example = EXAMPLES.iter().find(|(guid, _)| *guid == uuid.to_string());
            let own = feed.self_url().map(Guid::of_feed);
            let message = if own.is_some_and(|own| own.as_str() == uuid.to_string()) {
                continue;
            } else if let Some((_, owner)) = example {
                format!("This guid is an example from the documents, and belongs to {owner}.")
            } else if uuid.to_string() == SPACE {
                "This is the space in which guids are made, not a guid.".to_owned()
            // Random ones are as unique as those that are made of an address.
            } else if !matches!(uuid.get_version_num(), 4 | 5) {
                "This UUID was neither made of the feed's address nor at random.".to_owned()
            } else {
                continue;
            };
            found.mend(feed.at(element), message, own_guid(feed));
        }
    }),
};

const GUID_CHANGED: Check = Check {
    rule: Rule {
        id: "show-guid-changed",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Podcasting20, Psp1],
        summary: "the show has another guid than subscribers know it by",
        why: "Apps and directories take it for another show: followers, comments and payments stay with the old one.",
        mend: "Write the published guid again; it stays the same wherever the feed moves.",
    },
    run: Run::Problems(&[ProblemKind::ShowGuidChanged]),
};

const LOCKED_INVALID: Check = Check {
    rule: Rule {
        id: "show-locked-invalid",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Podcasting20, Psp1],
        summary: "the lock of the feed is neither `yes` nor `no`",
        why: "Hosts that import feeds go by it; other values lock nothing.",
        mend: "Write <podcast:locked owner=\"mail@...\">yes</podcast:locked>.",
    },
    run: Run::Feed(|feed, found| {
        for element in feed.channel.all(feed.podcast(), "locked") {
            let value = element.text.trim();
            if !value.eq_ignore_ascii_case("yes") && !value.eq_ignore_ascii_case("no") {
                found.at(feed.at(element), format!("The lock is `{value}`."));
            }
            if let Some(owner) = element.value_of("owner").filter(|o| !is_address(o)) {
                found.at(feed.attribute_of(element, "owner"), format!("`{owner}` is no e-mail address."));
            }
        }
    }),
};

/// Media of Podcasting 2.0; all but `publisher` and `course` may have an L behind them for a list.
const MEDIA: &[&str] = &["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course"];

const MEDIUM_UNKNOWN: Check = Check {
    rule: Rule {
        id: "show-medium-unknown",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "the medium is none that Podcasting 2.0 knows",
        why: "Apps choose by it how to show the feed, and treat an unknown one as a podcast or not at all.",
        mend: "Write `podcast`, or leave `podcast:medium` out.",
    },
    run: Run::Feed(|feed, found| {
        for element in feed.channel.all(feed.podcast(), "medium") {
            let value = element.text.trim();
            let single = value.strip_suffix('L').unwrap_or(value);
            if !MEDIA.contains(&single) && value != "mixed" {
                found.at(feed.at(element), format!("The medium is `{value}`."));
            }
        }
    }),
};

/// Podcasting 2.0: at most 128 characters in the text of most elements.
pub(in crate::checks) const LONGEST_TEXT: usize = 128;
/// The groups of the Podcast Taxonomy, in small letters.
const GROUPS: &[&str] = &[
    "creative direction",
    "cast",
    "writing",
    "audio production",
    "audio post-production",
    "administration",
    "visuals",
    "community",
    "misc.",
    "video production",
    "video post-production",
];

const PERSON_INVALID: Check = Check {
    rule: Rule {
        id: "show-person-invalid",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "a person is named in a way that apps do not understand",
        why: "Apps leave the person out, or show a broken picture.",
        mend: "Write the name between the tags, a group of the Podcast Taxonomy, and whole addresses in `img` and `href`.",
    },
    run: Run::Feed(|feed, found| {
        for person in feed.channel.all(feed.podcast(), "person") {
            for (place, message) in person_faults(feed, person) {
                found.at(place, message);
            }
        }
    }),
};

/// What is wrong with a `podcast:person`, in a channel or an item.
pub(in crate::checks) fn person_faults(
    feed: &FeedFacts<'_>,
    person: &Element,
) -> Vec<(crate::model::finding::Place, String)> {
    let mut faults = Vec::new();
    let name = person.text.trim();
    if name.is_empty() {
        faults.push((feed.at(person), "This person has no name.".to_owned()));
    }
    if name.chars().count() > LONGEST_TEXT {
        faults.push((feed.at(person), format!("A name may have {LONGEST_TEXT} characters, and this one has more.")));
    }
    for key in ["img", "href"] {
        if let Some(value) = person.value_of(key).filter(|v| !is_web_address(v)) {
            faults.push((feed.attribute_of(person, key), format!("`{value}` is no whole web address.")));
        }
    }
    if let Some(group) = person.value_of("group").filter(|g| !GROUPS.contains(&g.to_lowercase().as_str())) {
        let message = format!("`{group}` is no group of the Podcast Taxonomy.");
        faults.push((feed.attribute_of(person, "group"), message));
    }
    faults
}

/// Podcasting 2.0: at most 4000 characters in `podcast:txt`.
const LONGEST_TXT: usize = 4000;

const TXT_TOO_LONG: Check = Check {
    rule: Rule {
        id: "show-txt-too-long",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "a `podcast:txt` is longer than 4000 characters, or its purpose than 128",
        why: "Services that look for a code or a statement there cut it off or ignore it.",
        mend: "Write the code or the statement alone.",
    },
    run: Run::Feed(|feed, found| {
        let items = feed.items.iter().map(|i| i.element);
        for element in [feed.channel].into_iter().chain(items).flat_map(|parent| parent.all(feed.podcast(), "txt")) {
            let characters = element.text.trim().chars().count();
            if characters > LONGEST_TXT {
                found.at(feed.at(element), format!("This text has {characters} characters."));
            }
            let purpose = element.value_of("purpose").map_or(0, |p| p.chars().count());
            if purpose > LONGEST_TEXT {
                found.at(feed.attribute_of(element, "purpose"), format!("This purpose has {purpose} characters."));
            }
        }
    }),
};

/// Apple acts on `Yes` in any letters, and on nothing else.
pub(in crate::checks) fn says_yes(element: &Element) -> bool {
    element.text.trim().eq_ignore_ascii_case("yes")
}

fn set(feed: &FeedFacts<'_>, local: &str, message: &str, found: &mut Found<'_>) {
    for element in feed.channel.all(feed.itunes(), local).filter(|e| says_yes(e)) {
        found.at(feed.at(element), message);
    }
}

const BLOCK_SET: Check = Check {
    rule: Rule {
        id: "show-block-set",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple],
        summary: "the feed asks Apple to hide the show",
        why: "It does not appear in the directory, and disappears where it was.",
        mend: "Remove `itunes:block`, unless the show is private.",
    },
    run: Run::Feed(|feed, found| set(feed, "block", "This hides the whole show from Apple Podcasts.", found)),
};

const COMPLETE_SET: Check = Check {
    rule: Rule {
        id: "show-complete-set",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple],
        summary: "the feed says that no episode will ever follow",
        why: "Apple may stop looking at the feed for good, also when it is removed later.",
        mend: "Remove `itunes:complete`, unless the show has ended.",
    },
    run: Run::Feed(|feed, found| set(feed, "complete", "This says that the show has ended.", found)),
};
