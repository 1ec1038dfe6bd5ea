//! WebVTT (W3C): what browsers show below a player, and what Apple prefers.

use super::text::{strict, times};
use super::{Cue, Flaw, Format, Parsed};
use crate::model::artifact::MediaType;
use crate::model::text::Line;
use crate::model::time::Timestamp;

pub(super) const FORMAT: Format =
    Format { name: "WebVTT", media_type: MediaType::Vtt, extension: "vtt", recognise, read, write };

fn recognise(text: &str) -> bool {
    text.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']))
}

fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line)).peekable();
    // The header ends at the first blank line, or at a cue that somebody set right below it.
    while lines.next_if(|(_, line)| !line.is_empty() && !line.contains("-->")).is_some() {}
    if let Some((number, _)) = lines.next_if(|(_, line)| line.contains("-->")) {
        parsed.flaws.push(Flaw::at(number, "A blank line is missing below the header."));
    }
    while let Some((number, line)) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        if !line.contains("-->") {
            let is_block = ["NOTE", "STYLE", "REGION"].iter().any(|word| line.starts_with(word));
            if !is_block && lines.peek().is_some_and(|(_, next)| next.contains("-->")) {
                continue;
            }
            if !is_block {
                parsed.flaws.push(Flaw::at(
                    number,
                    "No time stands above this line: write `00:03:15.098 --> 00:03:18.000`, and no blank line inside a cue.",
                ));
            }
            while lines.next_if(|(_, line)| !line.is_empty()).is_some() {}
            continue;
        }
        let mut payload = String::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.is_empty()) {
            if line.contains("-->") {
                parsed.flaws.push(Flaw::at(number, "A blank line is missing below this cue."));
            }
            payload.push_str(line);
            payload.push('\n');
        }
        let loose = |text: &str| text.contains(':').then(|| Timestamp::parse(text)).flatten();
        let found = times(line).and_then(|(start, end)| Some((loose(start)?, loose(end)?)));
        let is_strict = times(line).is_some_and(|(start, end)| [start, end].iter().all(|t| strict(t, '.').is_some()));
        if !is_strict {
            let message =
                format!("`{}` is no WebVTT time: write `00:03:15.098 --> 00:03:18.000`.", shortened(line.trim()));
            parsed.flaws.push(Flaw::at(number, message));
        }
        if let Some((start, end)) = found {
            let (speaker, lines) = words(&payload);
            parsed.cues.push((Some(number), Cue { start, end, speaker, lines }));
        }
    }
    parsed
}

fn shortened(line: &str) -> String {
    line.chars().take(80).collect()
}

/// Speaker and lines of a cue: tags go, the escapes become characters.
fn words(payload: &str) -> (Option<Line>, Vec<Line>) {
    let mut plain = String::with_capacity(payload.len());
    let mut speaker = None;
    let mut rest = payload;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, tail) = rest.split_at(at);
        plain.push_str(before);
        if let Some(tag) = tail.strip_prefix('<') {
            // A tag that is never closed swallows the rest, as in browsers.
            let (tag, behind) = tag.split_once('>').unwrap_or((tag, ""));
            let voice = tag.strip_prefix('v').filter(|t| t.starts_with(['.', ' ', '\t']));
            let name = voice.and_then(|v| v.split_once([' ', '\t'])).map(|(_, name)| Line::new(&unescaped(name)));
            speaker = speaker.or(name.filter(|n| !n.is_empty()));
            rest = behind;
        } else {
            let (written, character) = escape(tail);
            plain.push_str(character);
            rest = tail.get(written..).unwrap_or_default();
        }
    }
    plain.push_str(rest);
    (speaker, plain.lines().map(Line::new).filter(|l| !l.is_empty()).collect())
}

fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        plain.push_str(before);
        let (written, character) = escape(tail);
        plain.push_str(character);
        rest = tail.get(written..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// The named escapes of WebVTT (W3C WebVTT 1, section 3.1).
const ESCAPES: [(&str, &str); 6] =
    [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&lrm;", "\u{200E}"), ("&rlm;", "\u{200F}"), ("&nbsp;", "\u{A0}")];

/// How long the escape is that a text begins with, and what it means; a bare `&` is itself.
fn escape(text: &str) -> (usize, &'static str) {
    let known = ESCAPES.iter().find(|(written, _)| text.starts_with(written));
    known.map_or((1, "&"), |(written, character)| (written.len(), *character))
}

fn write(cues: &[Cue]) -> String {
    let mut text = String::from("WEBVTT\n");
    for cue in cues {
        text.push_str(&format!("\n{} --> {}\n", cue.start.vtt(), cue.end.vtt()));
        if let Some(speaker) = &cue.speaker {
            text.push_str(&format!("<v {}>", escaped(speaker)));
        }
        for line in &cue.lines {
            text.push_str(&escaped(line));
            text.push('\n');
        }
    }
    text
}

/// `>` too, so that no line can hold the arrow that begins a cue.
fn escaped(line: &Line) -> String {
    line.as_str().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
