//! Rules about the ways in which a feed carries chapters: Podlove's list, the JSON file, and times in the notes.

use crate::chapters::notes;
use crate::checks::words::quoted;
use crate::checks::{Check, ItemFacts, LONGEST_DESCRIPTION, Run, is_web_address, markup};
use crate::model::chapter::Mark;
use crate::model::finding::Demand::{Apple, Format, Players, Podcasting20, Spotify, YouTube};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{ProblemKind, Rule, Subject};
use crate::model::time::Timestamp;

pub(super) const CHECKS: &[Check] =
    &[TAG_INVALID, JSON_INVALID, JSON_MIME, PSC_INVALID, PSC_BARE_SECONDS, NOTES_FORMAT, CHANGED];

const TAG_INVALID: Check = Check {
    rule: Rule {
        id: "chapters-tag-invalid",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "the feed points at a chapters file in a way that apps do not understand",
        why: "They do not load it, and the episode has no chapters.",
        mend: "Write <podcast:chapters url=\"https://...json\" type=\"application/json+chapters\"/> once.",
    },
    run: Run::Item(|feed, item, found| {
        for (index, chapters) in item.element.all(feed.podcast(), "chapters").enumerate() {
            if index > 0 {
                found.at(feed.at(chapters), "This item points at chapters already.");
                continue;
            }
            match chapters.value_of("url") {
                None => found.at(feed.at(chapters), "These chapters have no `url`."),
                Some(url) if !is_web_address(url) => {
                    found.at(feed.attribute_of(chapters, "url"), format!("`{url}` is no whole web address."));
                }
                Some(_) => {}
            }
            if chapters.value_of("type").is_none() {
                found.at(feed.at(chapters), "These chapters have no `type`.");
            }
        }
    }),
};

const JSON_INVALID: Check = Check {
    rule: Rule {
        id: "chapters-json-invalid",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "the chapters file breaks the rules of its format",
        why: "Apps leave out the chapter, or the whole file.",
        mend: "A chapters file is {\"version\": \"1.2.0\", \"chapters\": [{\"startTime\": 0, \"title\": \"...\"}]}, startTime a number.",
    },
    run: Run::Problems(&[ProblemKind::ChaptersJson]),
};

const JSON_MIME: Check = Check {
    rule: Rule {
        id: "chapters-json-mime",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Podcasting20],
        summary: "the type of the chapters file is not the specification's",
        why: "Apps that compare it load nothing.",
        mend: "Write type=\"application/json+chapters\".",
    },
    run: Run::Item(|feed, item, found| {
        let Some(chapters) = item.element.first(feed.podcast(), "chapters") else { return };
        if let Some(kind) = chapters.value_of("type").filter(|k| *k != "application/json+chapters") {
            found.at(feed.attribute_of(chapters, "type"), format!("The type is `{kind}`."));
        }
    }),
};

const PSC_INVALID: Check = Check {
    rule: Rule {
        id: "chapters-psc-invalid",
        severity: Error,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Format, Spotify],
        summary: "the Podlove chapters of an item are not as their specification wants them",
        why: "Apps leave out a chapter without start or title, and take one list alone.",
        mend: "Write <psc:chapters version=\"1.2\"><psc:chapter start=\"00:00:00.000\" title=\"...\"/></psc:chapters> once.",
    },
    run: Run::Item(|feed, item, found| {
        for (index, list) in item.element.all(feed.psc(), "chapters").enumerate() {
            if index > 0 {
                found.at(feed.start_of(list), "This item has a list of chapters already.");
                continue;
            }
            if list.first(feed.psc(), "chapter").is_none() {
                found.at(feed.at(list), "This list of chapters is empty.");
            }
            for chapter in list.all(feed.psc(), "chapter") {
                match chapter.value_of("start") {
                    None => found.at(feed.at(chapter), "This chapter has no `start`."),
                    Some(start) if Timestamp::parse(start).is_none() => {
                        found.at(feed.attribute_of(chapter, "start"), format!("`{start}` is no time."));
                    }
                    Some(_) => {}
                }
                if chapter.attribute("title").is_none() {
                    found.at(feed.at(chapter), "This chapter has no `title`.");
                }
            }
        }
    }),
};

const PSC_BARE_SECONDS: Check = Check {
    rule: Rule {
        id: "chapters-psc-bare-seconds",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Players],
        summary: "a chapter's start is a bare number of seconds",
        why: "AntennaPod reads it as 0, so that all chapters begin at the beginning.",
        mend: "Write start=\"00:01:35.000\".",
    },
    run: Run::Item(|feed, item, found| {
        for (mark, element) in item.marks.iter().zip(&item.mark_elements) {
            if let Some(start) = element.value_of("start").filter(|s| !s.contains(':') && !mark.start.is_zero()) {
                let help = format!("Write start=\"{}\".", mark.start.npt());
                found.mend(feed.attribute_of(element, "start"), format!("`{start}` is a bare number."), help);
            }
        }
    }),
};

const CHANGED: Check = Check {
    rule: Rule {
        id: "chapters-changed",
        severity: Info,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Players],
        summary: "a published episode has another list of chapters now",
        why: "AntennaPod and others keep the list that they loaded first, so some listeners see the old one.",
        mend: "Nothing needs to be done where the list was mended on purpose.",
    },
    run: Run::Problems(&[ProblemKind::ChaptersChanged]),
};

/// From three times on apps take them for chapters.
const FEWEST: usize = 3;

const NOTES_FORMAT: Check = Check {
    rule: Rule {
        id: "chapters-notes-format",
        severity: Warning,
        subject: Subject::Chapters,
        since: "0.1.0",
        by: &[Apple, Spotify, YouTube],
        summary: "times in the description are not written as apps read chapters",
        why: "Apple, Spotify and YouTube make chapters of them only where each stands first on its line, from 0 on, in order.",
        mend: "Write one line for each chapter, as `00:00:00 Introduction`, the first at 00:00:00.",
    },
    run: Run::Item(|feed, item, found| {
        if let Some(message) = fault_of_notes(item) {
            let place = item.element.first("", "description").map(|d| feed.start_of(d));
            found.at(place.unwrap_or_else(|| feed.start_of(item.element)), message);
        }
    }),
};

fn fault_of_notes(item: &ItemFacts<'_>) -> Option<String> {
    let text = item.element.first("", "description")?.text.trim();
    let (marks, rest) = timed(text);
    if marks.len() < FEWEST {
        let last = rest.iter().filter(|line| ends_in_time(line)).count();
        return (last >= FEWEST).then(|| format!("{last} lines end in a time, and it has to stand first on its line."));
    }
    let first = marks.first()?;
    if !first.start.is_zero() {
        return Some(format!("The first time in the notes is {}, and has to be 00:00.", first.start.hms()));
    }
    for pair in marks.windows(2) {
        if let [before, mark] = pair
            && mark.start <= before.start
        {
            let (late, early) = (before.start.hms(), mark.start.hms());
            return Some(format!("In the notes {} at {early} stands behind {late}.", quoted(&mark.title)));
        }
    }
    if text.len() > LONGEST_DESCRIPTION {
        let mut cut = LONGEST_DESCRIPTION;
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let kept = timed(text.split_at(cut).0).0.len();
        if kept < marks.len() {
            let lost = marks.len() - kept;
            return Some(format!(
                "{lost} of {} times stand behind the 4000th byte, where the notes are cut.",
                marks.len()
            ));
        }
    }
    None
}

/// The lines of notes that begin with a time, as marks, and the others.
pub(in crate::checks) fn timed(text: &str) -> (Vec<Mark>, Vec<String>) {
    // Cheap to see: most notes have no time in them.
    if !text.bytes().zip(text.bytes().skip(1)).any(|(a, b)| a.is_ascii_digit() && b == b':') {
        return (Vec::new(), Vec::new());
    }
    let mut marks = Vec::new();
    let mut rest = Vec::new();
    for line in markup::read(text).lines {
        match notes::mark(&line) {
            Some(mark) => marks.push(mark),
            None => rest.push(line),
        }
    }
    (marks, rest)
}

fn ends_in_time(line: &str) -> bool {
    let last = line.split_whitespace().next_back().unwrap_or_default();
    let bare = last.trim_matches(['(', ')', '[', ']']);
    bare.contains(':') && Timestamp::parse(bare).is_some()
}
