//! SubRip: the oldest form, which everything reads. It has no escapes.

use super::text::{strict, times};
use super::{Cue, Flaw, Format, Parsed};
use crate::model::artifact::MediaType;
use crate::model::text::Line;
use crate::model::time::Timestamp;

pub(super) const FORMAT: Format =
    Format { name: "SRT", media_type: MediaType::Srt, extension: "srt", recognise, read, write };

/// A time with an arrow stands on the first or second line.
fn recognise(text: &str) -> bool {
    let mut lines = text.lines().filter(|l| !l.trim().is_empty()).take(2);
    lines.any(|line| times(line).is_some_and(|(start, _)| start.contains(':') && Timestamp::parse(start).is_some()))
}

fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line)).peekable();
    while let Some((number, first)) = lines.next() {
        if first.trim().is_empty() {
            continue;
        }
        let is_counter = first.trim().bytes().all(|b| b.is_ascii_digit());
        let (number, time) = match lines.next_if(|(_, line)| is_counter && line.contains("-->")) {
            Some(next) => next,
            None => (number, first),
        };
        let mut cue_lines = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.trim().is_empty()) {
            cue_lines.push(Line::new(&without_tags(line)));
        }
        let found = times(time).and_then(|(start, end)| Some((Timestamp::parse(start)?, Timestamp::parse(end)?)));
        let Some((start, end)) = found else {
            parsed.flaws.push(Flaw::at(
                number,
                "No time stands here: write the counter, and below it `00:03:15,098 --> 00:03:18,000`; no blank line \
                 inside a cue.",
            ));
            continue;
        };
        if !is_counter {
            parsed.flaws.push(Flaw::at(number, "The counter is missing above this time."));
        }
        if !times(time).is_some_and(|(start, end)| [start, end].iter().all(|t| strict(t, ',').is_some())) {
            let shown: String = time.trim().chars().take(80).collect();
            let message = format!("`{shown}` is no SRT time: write `00:03:15,098 --> 00:03:18,000`.");
            parsed.flaws.push(Flaw::at(number, message));
        }
        cue_lines.retain(|l| !l.is_empty());
        parsed.cues.push((Some(number), Cue { start, end, speaker: None, lines: cue_lines }));
    }
    parsed
}

/// The tags that players know go; `<` in any other place stays.
fn without_tags(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        plain.push_str(before);
        let known = tail.split_once('>').filter(|(tag, _)| {
            let name = tag.trim_start_matches(['<', '/']).split([' ', '=']).next().unwrap_or_default();
            ["b", "i", "u", "font"].iter().any(|known| name.eq_ignore_ascii_case(known))
        });
        rest = match known {
            Some((_, behind)) => behind,
            None => {
                plain.push('<');
                tail.get(1..).unwrap_or_default()
            }
        };
    }
    plain.push_str(rest);
    plain
}

fn write(cues: &[Cue]) -> String {
    let mut text = String::new();
    let mut before = None;
    for (index, cue) in cues.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        text.push_str(&format!("{}\n{} --> {}\n", index + 1, cue.start.srt(), cue.end.srt()));
        if let Some(speaker) = cue.speaker.as_ref().filter(|s| before != Some(*s)) {
            text.push_str(&format!("{}: ", inert(speaker)));
        }
        before = cue.speaker.as_ref();
        for line in &cue.lines {
            text.push_str(&inert(line));
            text.push('\n');
        }
    }
    text
}

/// Players take what stands in angle brackets for a tag, and web players put it into their page. There is no escape,
/// so brackets that look alike stand for them.
pub(super) fn inert(line: &Line) -> String {
    line.as_str().replace('<', "‹").replace('>', "›")
}
