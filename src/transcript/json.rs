//! Podcasting 2.0 JSON: segments with seconds (podcast namespace, `transcripts/transcripts.md`).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Cue, Flaw, Format, Parsed};
use crate::model::artifact::MediaType;
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};

pub(super) const FORMAT: Format =
    Format { name: "JSON", media_type: MediaType::Json, extension: "json", recognise, read, write };

const VERSION: &str = "1.0.0";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Segment<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    speaker: Option<&'a str>,
    start_time: f64,
    end_time: f64,
    body: String,
}

#[derive(Deserialize)]
struct Document {
    version: Option<Value>,
    segments: Vec<Map<String, Value>>,
}

fn recognise(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let document: Document = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            let message = format!("This is no JSON transcript: {error}.");
            parsed.flaws.push(Flaw::at(Some(error.line()).filter(|l| *l > 0), message));
            return parsed;
        }
    };
    if !document.version.as_ref().is_some_and(Value::is_string) {
        parsed.flaws.push(Flaw::at(None, "The version is missing: write `\"version\": \"1.0.0\"`."));
    }
    for (index, segment) in document.segments.iter().enumerate() {
        let number = index + 1;
        let time = |key: &str| segment.get(key).and_then(Value::as_f64).and_then(Timestamp::from_seconds);
        let Some(start) = time("startTime") else {
            parsed.flaws.push(Flaw::at(None, format!("Segment {number} has no `startTime` in seconds.")));
            continue;
        };
        let end = time("endTime");
        if end.is_none() {
            let message = format!("Segment {number} has no `endTime` in seconds, and AntennaPod drops it.");
            parsed.flaws.push(Flaw::at(None, message));
        }
        let next = document.segments.get(number).and_then(|s| s.get("startTime")).and_then(Value::as_f64);
        let end = end
            .or_else(|| next.and_then(Timestamp::from_seconds))
            .unwrap_or_else(|| start.plus(Duration::from_millis(1)));
        let line = |key: &str| segment.get(key).and_then(Value::as_str).map(Line::new).filter(|l| !l.is_empty());
        let cue = Cue { start, end, speaker: line("speaker"), lines: line("body").into_iter().collect() };
        parsed.cues.push((None, cue));
    }
    parsed
}

fn write(cues: &[Cue]) -> String {
    let mut text = format!("{{\n  \"version\": \"{VERSION}\",\n  \"segments\": [");
    for (index, cue) in cues.iter().enumerate() {
        let segment = Segment {
            speaker: cue.speaker.as_ref().map(Line::as_str),
            start_time: cue.start.seconds(),
            end_time: cue.end.seconds(),
            body: cue.text(),
        };
        text.push_str(if index == 0 { "\n    " } else { ",\n    " });
        // Strings and finite numbers can always be written. `<` is escaped for apps that put a segment into a page.
        let written = serde_json::to_string(&segment).unwrap_or_default();
        text.push_str(&written.replace('<', "\\u003c"));
    }
    text.push_str(if cues.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
    text
}
