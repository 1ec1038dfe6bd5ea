//! What the tests of all carriers share: a list from pairs, and a reading as lines.

use super::Reading;
use crate::model::chapter::{Chapter, ChapterList, Confidence, Origin};
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};

pub(super) fn list(chapters: &[(u64, &str)]) -> ChapterList {
    let end = chapters.iter().map(|(start, _)| start + 60_000).max().unwrap_or_default();
    let chapters = chapters
        .iter()
        .map(|(start, title)| Chapter {
            start: Timestamp::from_millis(*start),
            title: Line::new(title),
            origin: Origin::Explicit,
            confidence: Confidence::CERTAIN,
            heard: None,
            section: None,
            url: None,
        })
        .collect();
    ChapterList::new(chapters, Duration::from_millis(end)).expect("the test gives a good list")
}

pub(super) fn problems(reading: Reading) -> String {
    let (marks, flaws) = match reading {
        Ok(read) => read,
        Err(why) => {
            let line = why.line.map_or(String::new(), |l| format!("{l}: "));
            return format!("{line}{why}{}", why.help.as_ref().map_or(String::new(), |h| format!(" ({h})")));
        }
    };
    let mut lines: Vec<String> = flaws.iter().map(|f| format!("{}: {}", f.line, f.message)).collect();
    lines.extend(marks.iter().map(|m| {
        let end = m.end.map_or(String::new(), |e| format!(" to {e}"));
        let url = m.url.as_ref().map_or(String::new(), |u| format!(" <{u}>"));
        let hidden = if m.hidden { " (hidden)" } else { "" };
        format!("{}{end} {}{url}{hidden}", m.start, m.title)
    }));
    lines.join("\n")
}
