//! WebVTT as browsers read it from `track kind="chapters"`: one cue for each chapter.

use super::{Carrier, Context, Flaw, Reading, Unreadable};
use crate::model::chapter::{ChapterList, Mark};
use crate::model::time::Timestamp;

pub(super) const CARRIER: Carrier = Carrier {
    name: "webvtt",
    media_type: "text/vtt",
    extensions: &["vtt"],
    recognise,
    read: Some(read),
    write: Some(write),
};

fn recognise(text: &str) -> bool {
    text.starts_with("WEBVTT")
}

fn read(text: &str) -> Reading {
    if text.strip_prefix("WEBVTT").is_some_and(|rest| !rest.is_empty() && !rest.starts_with([' ', '\t', '\n', '\r'])) {
        return Err(Unreadable::at(1, "the first line of a WebVTT file is `WEBVTT` alone"));
    }
    let mut marks: Vec<Mark> = Vec::new();
    let mut flaws = Vec::new();
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line)).peekable();
    // The header ends at the first blank line.
    while lines.next_if(|(_, line)| !line.is_empty() && !line.contains("-->")).is_some() {}
    while let Some((number, line)) = lines.next() {
        if line.is_empty() {
            continue;
        }
        if !line.contains("-->") {
            let is_block = ["NOTE", "STYLE", "REGION"].iter().any(|w| line.starts_with(w));
            let is_name = lines.peek().is_some_and(|(_, next)| next.contains("-->"));
            if is_name && !is_block {
                continue;
            }
            if !is_block {
                flaws.push(Flaw::new(number, "no time stands above this line: write `00:03:15.098 --> 00:05:00.000`"));
            }
            while lines.next_if(|(_, line)| !line.is_empty()).is_some() {}
            continue;
        }
        let mut title = String::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.is_empty()) {
            if !title.is_empty() {
                title.push(' ');
            }
            title.push_str(line);
        }
        match times(line) {
            Some((start, end)) => {
                let mark = Mark::new(start, unescape(&title));
                marks.push(Mark { end: Some(end), line: Some(number), ..mark });
            }
            None => flaws.push(Flaw::new(
                number,
                format!("`{}` is no cue time: write `00:03:15.098 --> 00:05:00.000`", line.trim()),
            )),
        }
    }
    Ok((marks, flaws))
}

fn times(line: &str) -> Option<(Timestamp, Timestamp)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_ascii_whitespace().next()?;
    let colon = |text: &str| text.contains(':').then(|| Timestamp::parse(text)).flatten();
    Some((colon(start)?, colon(end)?))
}

/// The text of a cue: tags go, the escapes of WebVTT become characters.
fn unescape(cue: &str) -> String {
    let mut plain = String::with_capacity(cue.len());
    let mut rest = cue;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, tail) = rest.split_at(at);
        plain.push_str(before);
        let known = ESCAPES.iter().find(|(written, _)| tail.starts_with(written));
        if let Some((written, character)) = known {
            plain.push_str(character);
            rest = tail.strip_prefix(written).unwrap_or_default();
        } else if tail.starts_with('<') {
            // A tag that is never closed swallows the rest, as in browsers.
            rest = tail.split_once('>').map_or("", |(_, behind)| behind);
        } else {
            plain.push('&');
            rest = tail.strip_prefix('&').unwrap_or_default();
        }
    }
    plain.push_str(rest);
    plain
}

/// The named escapes of WebVTT (W3C WebVTT 1, section 3.1).
const ESCAPES: [(&str, &str); 6] =
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&lrm;", "\u{200E}"), ("&rlm;", "\u{200F}"), ("&nbsp;", "\u{A0}")];

fn write(list: &ChapterList, _: &Context<'_>) -> String {
    let mut text = String::from("WEBVTT\n");
    for (chapter, end) in list.spans() {
        // `>` too, so that no title can hold the arrow that ends a cue.
        let title = chapter.title.as_str().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        text.push_str(&format!("\n{} --> {}\n{title}\n", chapter.start.vtt(), end.vtt()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::{list, problems};
    use super::*;

    #[test]
    fn a_cue_for_each_chapter() {
        let list = list(&[(0, "Money"), (195_098, "<b> & --> ]]>")]);
        insta::assert_snapshot!(write(&list, &Context::default()), @r"
        WEBVTT

        00:00:00.000 --> 00:03:15.098
        Money

        00:03:15.098 --> 00:04:15.098
        &lt;b&gt; &amp; --&gt; ]]&gt;
        ");
    }

    #[test]
    fn names_notes_settings_and_tags_are_passed_over() {
        let text = "WEBVTT - chapters\nKind: chapters\n\nNOTE made by hand\nover two lines\n\n1\n00:00.000 --> 00:12.500 align:start\n<v Reader>Intro &amp; more\nsecond line\n\nlost\n\n00:12 --> soon\nX\n\n12 --> 13\nY\n";
        insta::assert_snapshot!(problems(read(text)), @r"
        12: no time stands above this line: write `00:03:15.098 --> 00:05:00.000`
        14: `00:12 --> soon` is no cue time: write `00:03:15.098 --> 00:05:00.000`
        17: `12 --> 13` is no cue time: write `00:03:15.098 --> 00:05:00.000`
        00:00:00.000 to 00:00:12.500 Intro & more second line
        ");
    }
}
