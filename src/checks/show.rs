//! Rules about a show, as `show.toml` declares it. What its reader refuses is `show-toml-invalid`.

use url::Url;

use super::{Check, Found, Run, ShowFacts, categories, is_known, languages};
use crate::model::finding::Demand::{Apple, Format, Players, Podcasting20, Psp1, Rss, Spotify, Tool, YouTube};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, ProblemKind, Rule, Subject};

mod channel;
mod podcasting;
mod tags;

pub(super) use channel::{is_true_or_false, picture_fault};
pub(super) use podcasting::{LONGEST_TEXT, person_faults, says_yes};
pub(super) use tags::{Fault, image, license, mailbox, short_text};

/// What a channel says of its show beyond what `show.toml` has.
pub(super) const CHANNEL: &[Check] = podcasting::CHECKS;
/// Optional elements of a channel.
pub(super) const TAGS: &[Check] = tags::CHECKS;

pub(super) const CHECKS: &[Check] = &[
    TOML_INVALID,
    CHARACTERS_DROPPED,
    TITLE_MISSING,
    TITLE_LONG,
    DESCRIPTION_MISSING,
    DESCRIPTION_LONG,
    LINK_MISSING,
    LANGUAGE_INVALID,
    CATEGORY_MISSING,
    CATEGORY_UNKNOWN,
    EXPLICIT_INVALID,
    AUTHOR_MISSING,
    OWNER_EMAIL_MISSING,
    ARTWORK_MISSING,
    GUID_MALFORMED,
    GUID_UNPINNED,
    PLACEHOLDER,
];

/// Apple's guide: at most 255 characters in a value, 4000 bytes in a description.
const LONGEST_TITLE: usize = 255;
const LONGEST_DESCRIPTION_BYTES: usize = 4000;

/// A key that is missing, or is there and blank; what the reader refused has been said.
fn missing(facts: &ShowFacts<'_>, key: &str, blank: bool, found: &mut Found<'_>) {
    if !blank || facts.places.is_refused(key) {
        return;
    }
    match facts.places.has(key) {
        true => found.at(facts.places.of(key), format!("`{key}` is empty.")),
        false => found.at(facts.places.of(key), format!("`{key}` is missing.")),
    }
}

/// What somebody can mean by a loudness, in LUFS.
const AIMS: std::ops::RangeInclusive<f64> = -40.0..=-5.0;

const TOML_INVALID: Check = Check {
    rule: Rule {
        id: "show-toml-invalid",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Tool],
        summary: "show.toml is missing or has a mistake",
        why: "A key that is not understood would silently do nothing.",
        mend: "Correct the line that is quoted, or replace the file that is named.",
    },
    run: Run::Survey(|survey, found| {
        found.problems(survey, &[ProblemKind::ShowToml]);
        let Some(facts) = &survey.show else { return };
        let check = &facts.show.check;
        let lists = [("deny", &check.deny), ("warn", &check.warn)];
        let listed = lists
            .iter()
            .flat_map(|(key, list)| list.iter().enumerate().map(move |(i, rule)| (format!("check.{key}[{i}]"), rule)));
        if let Some(aim) = check.loudness.filter(|aim| !AIMS.contains(aim)) {
            let message = format!("`loudness` is {aim} LUFS, and an aim lies between -40 and -5.");
            let help = match AIMS.contains(&-aim) {
                true => format!("Write: loudness = {}", -aim),
                false => "Write the loudness that you normalise to, as in: loudness = -16".to_owned(),
            };
            found.mend(facts.places.of("check.loudness"), message, help);
        }
        let allowed = check.allow.iter().enumerate().map(|(i, a)| (format!("check.allow[{i}].rule"), &a.rule));
        for (key, rule) in listed.chain(allowed).filter(|(_, rule)| !is_known(rule)) {
            let message = format!("No rule is called `{rule}`, and none begins so.");
            let near =
                super::rules().map(|r| (strsim::jaro_winkler(r.id, rule), r.id)).max_by(|a, b| a.0.total_cmp(&b.0));
            let help = match near {
                _ if is_known(rule.trim()) => format!("Did you mean `{}`?", rule.trim()),
                Some((likeness, id)) if likeness > 0.85 => format!("Did you mean `{id}`?"),
                _ => "`listen-now explain` lists every rule.".to_owned(),
            };
            found.mend(facts.places.of(&key), message, help);
        }
    }),
};

const CHARACTERS_DROPPED: Check = Check {
    rule: Rule {
        id: "show-characters-dropped",
        severity: Info,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Format, Players],
        summary: "a text in show.toml has control characters or marks that turn the direction of text",
        why: "XML forbids the one and players show titles wrongly with the other, so they are not published.",
        mend: "Nothing needs to be done; to be rid of this message, type the text anew.",
    },
    run: Run::Problems(&[ProblemKind::ShowUnseen]),
};

const TITLE_MISSING: Check = Check {
    rule: Rule {
        id: "show-title-missing",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Rss, Apple, Psp1, Spotify],
        summary: "the show has no title",
        why: "No directory takes a show without a name.",
        mend: "Write it into show.toml: title = \"...\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| missing(facts, "title", facts.show.title.is_empty(), found)),
        Run::Feed(channel::title_missing),
    ]),
};

const TITLE_LONG: Check = Check {
    rule: Rule {
        id: "show-title-long",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the show's title is longer than 255 characters",
        why: "Directories cut it off, and Apple refuses titles that are lists of keywords.",
        mend: "Write the name alone; the rest belongs into the description.",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| {
            let characters = facts.show.title.as_str().chars().count();
            if characters > LONGEST_TITLE {
                found.at(facts.places.of("title"), format!("The title has {characters} characters."));
            }
        }),
        Run::Feed(channel::title_long),
    ]),
};

const DESCRIPTION_MISSING: Check = Check {
    rule: Rule {
        id: "show-description-missing",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Rss, Apple, Psp1, Spotify],
        summary: "the show has no description",
        why: "Directories refuse it, and listeners would not know what they subscribe to.",
        mend: "Write a few sentences into show.toml: description = \"...\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| missing(facts, "description", facts.show.description.is_empty(), found)),
        Run::Feed(channel::description_missing),
    ]),
};

const DESCRIPTION_LONG: Check = Check {
    rule: Rule {
        id: "show-description-long",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the show's description is longer than 4000 bytes",
        why: "Apple cuts it off.",
        mend: "Shorten it; what is behind the limit is not shown.",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| {
            let bytes = facts.show.description.len();
            if bytes > LONGEST_DESCRIPTION_BYTES {
                found.at(facts.places.of("description"), format!("The description has {bytes} bytes."));
            }
        }),
        Run::Feed(channel::description_long),
    ]),
};

const LINK_MISSING: Check = Check {
    rule: Rule {
        id: "show-link-missing",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Rss, Psp1, Spotify],
        summary: "the show has no home page",
        why: "RSS demands a link, and apps offer it to listeners.",
        mend: "Write the whole address into show.toml: link = \"https://...\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| {
            let link = facts.show.link.as_str();
            let web =
                |text: &str| Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
            let whole = link.contains("://") && !link.contains(char::is_whitespace);
            if !link.is_empty() && !(whole && web(link).is_some()) {
                let bare = || web(&format!("https://{link}")).filter(|_| link.contains('.') && !link.contains(':'));
                let help = match web(link).or_else(bare) {
                    Some(url) => format!("Write: link = \"{url}\""),
                    None => "Write the whole address, with https:// in front.".to_owned(),
                };
                found.mend(facts.places.of("link"), "`link` is no whole web address.", help);
            }
            missing(facts, "link", link.is_empty(), found);
        }),
        Run::Feed(channel::link_missing),
    ]),
};

const LANGUAGE_INVALID: Check = Check {
    rule: Rule {
        id: "show-language-invalid",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the show's language is missing, or no code that directories know",
        why: "Apple refuses the feed, and players choose voices and hyphenation by it.",
        mend: "Write two letters, and a region if one is meant: language = \"en-CA\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| {
            let language = facts.show.language.as_str();
            match languages::fault(language) {
                Some(help) if !language.is_empty() => {
                    found.mend(facts.places.of("language"), format!("`{language}` is no language code."), help);
                }
                _ => missing(facts, "language", language.is_empty(), found),
            }
        }),
        Run::Feed(channel::language_invalid),
    ]),
};

const CATEGORY_MISSING: Check = Check {
    rule: Rule {
        id: "show-category-missing",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the show has no category",
        why: "Apple refuses the feed.",
        mend: "Write one of Apple's categories into show.toml: category = \"News > Politics\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| missing(facts, "category", facts.show.categories.is_empty(), found)),
        Run::Feed(channel::category_missing),
    ]),
};

const CATEGORY_UNKNOWN: Check = Check {
    rule: Rule {
        id: "show-category-unknown",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the show's category is none of Apple's",
        why: "Apple compares letter by letter and puts the show nowhere.",
        mend: "Write one of Apple's categories, in its letters: category = \"News > Politics\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| {
            for (index, category) in facts.show.categories.iter().enumerate() {
                if let Some(unknown) = categories::fault(category) {
                    let help = match unknown.instead {
                        Some(instead) => format!("Write: category = \"{instead}\""),
                        None => unknown.choice,
                    };
                    found.mend(facts.places.of(&format!("category[{index}]")), unknown.message, help);
                }
            }
        }),
        Run::Feed(channel::category_unknown),
    ]),
};

const EXPLICIT_INVALID: Check = Check {
    rule: Rule {
        id: "show-explicit-invalid",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the show does not say whether it has explicit content",
        why: "Apple refuses the feed.",
        mend: "Write `explicit = false` or `explicit = true` into show.toml.",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| {
            if !facts.places.has("explicit") {
                missing(facts, "explicit", facts.show.explicit.is_none(), found);
            }
        }),
        Run::Feed(channel::explicit_invalid),
    ]),
};

const AUTHOR_MISSING: Check = Check {
    rule: Rule {
        id: "show-author-missing",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Spotify, Apple, Psp1],
        summary: "nobody is named as the show's author",
        why: "Spotify refuses the feed, and other apps leave a gap under the title.",
        mend: "Write the person or organisation into show.toml: author = \"...\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| missing(facts, "author", facts.show.author.is_empty(), found)),
        Run::Feed(channel::author_missing),
    ]),
};

const OWNER_EMAIL_MISSING: Check = Check {
    rule: Rule {
        id: "show-owner-email-missing",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[YouTube, Spotify],
        summary: "the feed names no address of its owner",
        why: "YouTube refuses it, and other directories send their confirmation there. Everybody can read the address.",
        mend: "Write an address that may be public into show.toml: owner_email = \"...\"",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| match &facts.show.owner_email {
            Some(mail) if !is_address(mail) => {
                found.at(facts.places.of("owner_email"), format!("`{mail}` is no e-mail address."));
            }
            mail => missing(facts, "owner_email", mail.is_none(), found),
        }),
        Run::Feed(channel::owner_email_missing),
    ]),
};

fn is_address(mail: &str) -> bool {
    let blank = mail.contains(|c: char| c.is_whitespace() || c.is_control());
    match mail.split_once('@') {
        Some((name, host)) => !blank && !name.is_empty() && host.contains('.') && !host.contains('@'),
        None => false,
    }
}

const ARTWORK_MISSING: Check = Check {
    rule: Rule {
        id: "show-artwork-missing",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Apple, Psp1, Spotify],
        summary: "the show has no artwork",
        why: "No directory takes a show without a cover.",
        mend: "Put cover.png or cover.jpg beside show.toml: square, 1400 to 3000 pixels.",
    },
    run: Run::Each(&[
        Run::Survey(|survey, found| {
            let Some(facts) = &survey.show else { return };
            // A cover that is there and cannot be read has been named.
            let folder = facts.places.path().parent().unwrap_or(facts.places.path());
            let named = survey.problems.iter().any(|p| {
                let file = &p.place.path;
                p.kind == ProblemKind::ArtworkUnreadable
                    && (file == folder || file.parent() == Some(folder) || file == facts.places.path())
            });
            let refused = survey.problems.iter().any(|p| {
                p.kind == ProblemKind::LinkOutside
                    && (p.place.path.parent() == Some(folder) || p.place.path == facts.places.path())
            });
            if facts.artwork.is_none() && !named && !refused {
                found.at(Place::file(facts.places.path()), "There is no cover beside show.toml.");
            }
        }),
        Run::Feed(channel::artwork_missing),
    ]),
};

const GUID_MALFORMED: Check = Check {
    rule: Rule {
        id: "show-guid-malformed",
        severity: Error,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Podcasting20, Psp1],
        summary: "the show's guid is no UUID",
        why: "Podcasting 2.0 knows a show by a UUID; other values are ignored, so the show has no identity that survives a move.",
        mend: "Write the UUID that was published before. A new show gets one from `listen-now new`.",
    },
    run: Run::Each(&[
        Run::Show(|facts, found| {
            if let Some(guid) = facts.show.guid.as_ref().filter(|g| !g.is_uuid()) {
                found.at(facts.places.of("guid"), format!("`{guid}` is no UUID."));
            }
        }),
        Run::Feed(channel::guid_malformed),
    ]),
};

const GUID_UNPINNED: Check = Check {
    rule: Rule {
        id: "show-guid-unpinned",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Tool],
        summary: "the show's identity is not written down",
        why: "It is made from the feed's address, and would be lost if the published feed were lost or the show moved.",
        mend: "Write the guid of your feed into show.toml: guid = \"...\"",
    },
    run: Run::Show(|facts, found| {
        if facts.show.guid.is_none() && !facts.places.has("guid") {
            found.at(facts.places.of("guid"), "There is no `guid` in show.toml.");
        }
    }),
};

/// What `new` writes into a show for somebody to replace.
const PLACEHOLDERS: &[&str] = &["NAME OF THE SHOW", "WHAT LISTENERS WILL HEAR", "NAME OF THE PUBLISHER"];
/// A host that nobody can own.
const PLACEHOLDER_HOST: &str = "example.com";

const PLACEHOLDER: Check = Check {
    rule: Rule {
        id: "show-placeholder",
        severity: Warning,
        subject: Subject::Show,
        since: "0.1.0",
        by: &[Tool],
        summary: "something that `new` put into the show has not been replaced",
        why: "Listeners would see it.",
        mend: "Replace it before you publish the feed.",
    },
    run: Run::Show(|facts, found| {
        let show = facts.show;
        let texts = [
            ("title", show.title.as_str()),
            ("description", show.description.as_str()),
            ("author", show.author.as_str()),
        ];
        for (key, _) in texts.into_iter().filter(|(_, text)| PLACEHOLDERS.contains(text)) {
            found.at(facts.places.of(key), format!("`{key}` is still the placeholder."));
        }
        let owner = show.owner_email.as_deref().unwrap_or_default();
        let addresses = [("link", show.link.as_str()), ("base_url", show.base_url.as_str()), ("owner_email", owner)];
        for (key, address) in addresses {
            let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
            let host = bare.split('/').next().and_then(|h| h.rsplit('@').next()).unwrap_or_default();
            if host == PLACEHOLDER_HOST || host.strip_suffix(PLACEHOLDER_HOST).is_some_and(|h| h.ends_with('.')) {
                found.at(facts.places.of(key), format!("`{key}` is still the placeholder: {host} belongs to nobody."));
            }
        }
        if let Some(artwork) = facts.artwork.as_ref().filter(|a| a.placeholder) {
            found.at(Place::file(artwork.path), "The cover is still the placeholder.");
        }
    }),
};
