//! Rules about the enclosure of an item: where it is, how large, of which type.

use url::Url;

use super::item;
use crate::checks::audio::{described, media_types};
use crate::checks::{Check, Run, is_web_address};
use crate::model::finding::Demand::{Apple, Format, Psp1, Rss, Spotify, Tool};
use crate::model::finding::Severity::{Error, Info};
use crate::model::finding::{Rule, Subject};

pub(super) const CHECKS: &[Check] = &[MISSING, URL_INVALID, DUPLICATE, LENGTH_WRONG, TYPE_WRONG, INSERTED_ADS];

const MISSING: Check = Check {
    rule: Rule {
        id: "episode-enclosure-missing",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple, Psp1, Spotify],
        summary: "the item has no enclosure",
        why: "An item without one is no episode: podcast apps leave it out.",
        mend: "Write <enclosure url=\"https://...\" length=\"...\" type=\"audio/mpeg\"/> into the item.",
    },
    run: Run::Item(|feed, item, found| match item.element.first("", "enclosure") {
        None => found.at(feed.start_of(item.element), "This item has no `enclosure`."),
        Some(enclosure) if enclosure.value_of("url").is_none() => {
            found.at(feed.at(enclosure), "This enclosure has no `url`.");
        }
        Some(_) => {}
    }),
};

/// What Apple shows, by the end of the address (W3C validator's list).
const APPLE: &[&str] = &["mp3", "m4a", "mp4", "m4v", "mov", "pdf", "epub"];

const URL_INVALID: Check = Check {
    rule: Rule {
        id: "episode-enclosure-url-invalid",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple],
        summary: "the address of the audio is none that every app can load",
        why: "Apps do not know where a relative address begins, Apple takes plain ASCII alone, and shows only what ends in .mp3, .m4a, .mp4, .m4v, .mov or .pdf.",
        mend: "Write the whole address, percent-encoded, as in https://example.com/audio/a%20b.mp3.",
    },
    run: Run::Item(|feed, item, found| {
        let Some(enclosure) = item.element.first("", "enclosure") else { return };
        let Some(url) = enclosure.value_of("url") else { return };
        let place = feed.attribute_of(enclosure, "url");
        if !is_web_address(url) {
            found.at(place, format!("`{url}` is no whole web address."));
        } else if url.contains(char::is_whitespace) {
            found.at(place, "This address has a blank in it: write `%20`.");
        } else if !url.is_ascii() {
            let encoded = Url::parse(url).map(|u| format!("Write {u}")).unwrap_or_default();
            found.mend(place, "This address has letters in it that are not ASCII.", encoded);
        } else {
            match extension(url) {
                Some(known) if APPLE.contains(&known.as_str()) => {}
                Some(other) => {
                    let message = format!("The audio is called .{other}, and Apple does not show such files.");
                    let help =
                        "Name an MP3 or M4A here; other formats may stand beside it in podcast:alternateEnclosure.";
                    found.mend(place, message, help);
                }
                None => {
                    let message = "The address does not end in a name like audio.mp3, and Apple goes by that.";
                    let help =
                        "Let its path end so, as in https://example.com/audio.mp3; what follows a `?` does not count.";
                    found.mend(place, message, help);
                }
            }
        }
    }),
};

/// The end of the last name in an address's path, in small letters.
pub(super) fn extension(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.split_once("://").and_then(|(_, rest)| rest.split_once('/'))?.1.rsplit('/').next()?;
    let end = name.rsplit_once('.')?.1.to_ascii_lowercase();
    ((1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(end)
}

const DUPLICATE: Check = Check {
    rule: Rule {
        id: "episode-enclosure-duplicate",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Apple],
        summary: "two episodes have the same audio file",
        why: "Apple drops one of them, and other apps mark both as heard.",
        mend: "Give each episode the address of its own file.",
    },
    run: Run::Feed(item::enclosure_duplicate),
};

const LENGTH_WRONG: Check = Check {
    rule: Rule {
        id: "episode-enclosure-length-wrong",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Rss, Apple],
        summary: "the size that the feed states is not the size of the audio file",
        why: "Apps show it before a download and take a file of another size for broken or for changed.",
        mend: "Write the size in bytes into `length`.",
    },
    run: Run::Item(|feed, item, found| {
        let Some(enclosure) = item.element.first("", "enclosure") else { return };
        let Some(written) = enclosure.value_of("length") else {
            if enclosure.value_of("url").is_some() {
                let size = item.audio.as_ref().map(|a| format!("Write length=\"{}\".", a.recording.size));
                let message = "This enclosure has no `length`.";
                match size {
                    Some(help) => found.mend(feed.at(enclosure), message, help),
                    None => found.at(feed.at(enclosure), message),
                }
            }
            return;
        };
        let place = feed.attribute_of(enclosure, "length");
        let stated = written.parse::<u64>().ok().filter(|_| written.bytes().all(|b| b.is_ascii_digit()));
        match (stated, &item.audio) {
            (Some(stated), Some(audio)) if stated != audio.recording.size => {
                let size = audio.recording.size;
                let message = format!("The feed says {stated} bytes, and the file has {size}.");
                found.mend(place, message, format!("Write length=\"{size}\"."));
            }
            (Some(0), None) => found.at(place, "The size is given as 0."),
            (None, _) => found.at(place, format!("`{written}` is no number of bytes.")),
            (Some(_), _) => {}
        }
    }),
};

/// What files are called, and the types that somebody gives them rightly; the usual one first.
const TYPES: &[(&[&str], &[&str])] = &[
    (&["mp3"], &["audio/mpeg"]),
    (&["m4a", "m4b"], &["audio/x-m4a", "audio/mp4", "audio/m4a"]),
    (&["mp4"], &["video/mp4", "audio/mp4", "audio/x-m4a", "audio/m4a"]),
    (&["m4v"], &["video/x-m4v", "video/mp4"]),
    (&["mov"], &["video/quicktime"]),
    (&["aac"], &["audio/aac", "audio/aacp"]),
    (&["ogg", "oga"], &["audio/ogg", "audio/opus", "application/ogg", "video/ogg"]),
    (&["opus"], &["audio/ogg", "audio/opus", "application/ogg"]),
    (&["flac"], &["audio/flac", "audio/x-flac"]),
    (&["wav"], &["audio/wav", "audio/x-wav", "audio/vnd.wave"]),
    (&["pdf"], &["application/pdf"]),
    (&["epub"], &["application/epub+zip"]),
];

/// Types that people write for MP3 and nobody registered.
const NOT_MPEG: &[&str] = &["audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg-3", "audio/x-mpeg", "audio/mpg"];

const TYPE_WRONG: Check = Check {
    rule: Rule {
        id: "episode-enclosure-type-wrong",
        severity: Error,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Psp1, Apple, Format],
        summary: "the type that the feed states is not that of the audio file",
        why: "Apps decide by it whether they can play the file, and leave out what they do not know.",
        mend: "MP3 is `audio/mpeg`, M4A is `audio/x-m4a`.",
    },
    run: Run::Item(|feed, item, found| {
        let Some(enclosure) = item.element.first("", "enclosure") else { return };
        let Some(url) = enclosure.value_of("url") else { return };
        let name = extension(url);
        let fitting = TYPES.iter().find(|(names, _)| name.as_deref().is_some_and(|n| names.contains(&n)));
        let usual = fitting.and_then(|(_, types)| types.first()).map(|t| format!("Write type=\"{t}\"."));
        let Some(written) = enclosure.value_of("type") else {
            let help = usual.unwrap_or_else(|| "Write type=\"audio/mpeg\" for MP3.".to_owned());
            found.mend(feed.at(enclosure), "This enclosure has no `type`.", help);
            return;
        };
        let place = feed.attribute_of(enclosure, "type");
        let bare = written.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if let Some(audio) = &item.audio {
            let (types, content) = (media_types(audio.recording.container), described(audio.recording));
            if !types.contains(&bare.as_str()) {
                let help = types.first().map(|t| format!("Write type=\"{t}\".")).unwrap_or_default();
                found.mend(place, format!("The feed calls the file {written}, and it is {content}."), help);
            }
            return;
        }
        let mp3 = name.as_deref() == Some("mp3");
        if NOT_MPEG.contains(&bare.as_str()) && (mp3 || fitting.is_none()) {
            found.mend(place, format!("`{written}` is no registered type."), "Write type=\"audio/mpeg\".");
        } else if let (Some((_, types)), Some(name)) = (fitting, &name) {
            if !types.contains(&bare.as_str()) {
                let message = format!("The file is called .{name}, and its type is `{written}`.");
                found.mend(place, message, usual.unwrap_or_default());
            }
        } else if !bare.starts_with("audio/") && !bare.starts_with("video/") && !bare.starts_with("application/") {
            found.at(place, format!("`{written}` is no type of a file that can be heard."));
        }
    }),
};

/// Hosts that put advertisements into a file at the moment of its download.
const INSERTERS: &[&str] = &[
    "megaphone.fm",
    "art19.com",
    "omny.fm",
    "omnycontent.com",
    "acast.com",
    "simplecastaudio.com",
    "spreaker.com",
    "audioboom.com",
    "adswizz.com",
    "dovetail.prxu.org",
];

const INSERTED_ADS: Check = Check {
    rule: Rule {
        id: "episode-enclosure-inserted-ads",
        severity: Info,
        subject: Subject::Episode,
        since: "0.1.0",
        by: &[Tool],
        summary: "the host of the audio may insert advertisements into each download",
        why: "Each listener then gets a file of another length: size, duration and every chapter behind the first advertisement may be off.",
        mend: "Nothing needs to be done where no advertisements are sold; otherwise let the host write the chapters.",
    },
    run: Run::Feed(|feed, found| {
        // One sentence for a feed: a show has one host.
        let mut first = None;
        let mut count = 0_usize;
        for item in &feed.items {
            let Some(host) = item.enclosure_url().and_then(inserter) else { continue };
            count += 1;
            first.get_or_insert((item, host));
        }
        if let Some((item, host)) = first
            && let Some(enclosure) = item.element.first("", "enclosure")
        {
            let rest = match count {
                1 => String::new(),
                n => format!(" {n} episodes lie there."),
            };
            let message = format!("The host {host} can insert advertisements into each download.{rest}");
            found.at(feed.attribute_of(enclosure, "url"), message);
        }
    }),
};

/// The host of an address, or of one that a counting service has in its path, that inserts advertisements.
fn inserter(url: &str) -> Option<&'static str> {
    let names = url.split(['/', '?', '#']).filter(|n| n.contains('.'));
    names
        .filter_map(|name| {
            INSERTERS.iter().find(|i| name.strip_suffix(**i).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
        })
        .next()
        .copied()
}
