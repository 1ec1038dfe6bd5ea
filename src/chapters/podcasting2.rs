//! Podcasting 2.0 JSON chapters, version 1.2.0 (standards: podcast namespace, `chapters/jsonChapters.md`).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Carrier, Context, Flaw, MOST_MARKS, Reading, Unreadable};
use crate::model::chapter::{ChapterList, Mark};
use crate::model::text::is_publishable;
use crate::model::time::Timestamp;

pub(super) const CARRIER: Carrier = Carrier {
    name: "podcasting2",
    // The suffix-style `application/chapters+json` is widely copied and wrong.
    media_type: "application/json+chapters",
    extensions: &["json"],
    recognise,
    read: Some(read),
    write: Some(write),
};

const VERSION: &str = "1.2.0";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    version: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    podcast_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    author: &'a str,
    chapters: Vec<WrittenChapter<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenChapter<'a> {
    start_time: serde_json::Number,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// The file, each chapter still as text so that its line is known.
#[derive(Deserialize)]
struct Found<'a> {
    version: Option<Cow<'a, str>>,
    #[serde(borrow)]
    chapters: Option<Vec<&'a RawValue>>,
}

fn recognise(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

pub(super) fn read(text: &str) -> Reading {
    let found: Found<'_> = serde_json::from_str(text).map_err(|e| {
        Unreadable::at(e.line(), format!("it is no JSON chapters file: {}", plain(&e)))
            .help("a Podcasting 2.0 chapters file is `{\"version\": \"1.2.0\", \"chapters\": [...]}`")
    })?;
    let Some(chapters) = found.chapters else {
        return Err(Unreadable::new("the JSON has no `chapters`")
            .help("a Podcasting 2.0 chapters file is `{\"version\": \"1.2.0\", \"chapters\": [...]}`"));
    };
    let mut flaws = Vec::new();
    if found.version.is_none() {
        flaws.push(Flaw::new(1, format!("`version` is missing: write `\"version\": \"{VERSION}\"`")));
    }
    let mut marks = Vec::new();
    let mut lines = Lines { text, seen: 0, line: 1 };
    for raw in chapters.iter().take(MOST_MARKS + 1) {
        let line = lines.of(raw.get());
        match serde_json::from_str::<Map<String, Value>>(raw.get()) {
            Ok(chapter) => marks.extend(mark(&chapter, line, &mut flaws)),
            Err(_) => {
                let why = "a chapter is an object, such as `{\"startTime\": 195.098, \"title\": \"Money\"}`";
                flaws.push(Flaw::new(line, why));
            }
        }
    }
    Ok((marks, flaws))
}

fn mark(chapter: &Map<String, Value>, line: usize, flaws: &mut Vec<Flaw>) -> Option<Mark> {
    let start = chapter.get("startTime").unwrap_or(&Value::Null);
    let Some(at) = seconds(start) else {
        let why = match start {
            Value::Null => "`startTime` is missing",
            Value::String(_) => "`startTime` is a text and must be a number",
            _ => "`startTime` is no number of seconds from 0 on",
        };
        flaws.push(Flaw::new(line, format!("{why}: write seconds, such as `\"startTime\": 195.098`")));
        return None;
    };
    let text = |key: &str| chapter.get(key).and_then(Value::as_str).unwrap_or_default();
    if chapter.get("title").is_some_and(|t| !t.is_string() && !t.is_null()) {
        flaws.push(Flaw::new(line, "`title` must be a text"));
    }
    Some(Mark {
        end: chapter.get("endTime").and_then(seconds),
        hidden: chapter.get("toc") == Some(&Value::Bool(false)),
        url: Some(text("url")).filter(|u| !u.is_empty()).map(str::to_owned),
        line: Some(line),
        ..Mark::new(at, text("title"))
    })
}

fn seconds(value: &Value) -> Option<Timestamp> {
    value.as_f64().and_then(Timestamp::from_seconds)
}

/// The reason without "at line 3 column 7": callers know the line of the file.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.find(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}

/// Finds the line of parts of a text that are asked for in order, in one pass.
struct Lines<'a> {
    text: &'a str,
    seen: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let between = self.text.as_bytes().get(self.seen..offset).unwrap_or_default();
        self.line += between.iter().filter(|b| **b == b'\n').count();
        self.seen = self.seen.max(offset);
        self.line
    }
}

fn write(list: &ChapterList, context: &Context<'_>) -> String {
    let chapters = list
        .chapters()
        .iter()
        .map(|chapter| WrittenChapter {
            start_time: number(chapter.start),
            title: chapter.title.as_str(),
            url: chapter.url.as_ref().map(|u| u.chars().filter(|c| is_publishable(*c)).collect()),
        })
        .collect();
    let file = Written {
        version: VERSION,
        title: context.title,
        podcast_name: context.show,
        author: context.author,
        chapters,
    };
    // `<` is escaped for players that put a title into their page.
    let mut json = serde_json::to_string_pretty(&file).unwrap_or_default().replace('<', "\\u003c");
    json.push('\n');
    json
}

/// Seconds with at most three decimals, and none where the time is whole: some apps read integers only.
fn number(time: Timestamp) -> serde_json::Number {
    match time.millis() {
        millis if millis % 1000 == 0 => serde_json::Number::from(millis / 1000),
        // Only not-a-number has no JSON number, and milliseconds are one.
        millis => serde_json::Number::from_f64(time.seconds()).unwrap_or_else(|| (millis / 1000).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{list, problems};
    use super::*;

    #[test]
    fn times_are_numbers_with_three_decimals_at_most() {
        let list = list(&[(0, "Money \"talks\""), (195_098, "<b> & ]]>"), (200_000, "שלום")]);
        insta::assert_snapshot!(write(&list, &Context { title: "An article", show: "A show", author: "" }), @r#"
        {
          "version": "1.2.0",
          "title": "An article",
          "podcastName": "A show",
          "chapters": [
            {
              "startTime": 0,
              "title": "Money \"talks\""
            },
            {
              "startTime": 195.098,
              "title": "\u003cb> & ]]>"
            },
            {
              "startTime": 200,
              "title": "שלום"
            }
          ]
        }
        "#);
    }

    #[test]
    fn each_chapter_that_makes_no_sense_is_named_with_its_line() {
        let text = "{\n \"chapters\": [\n  {\"startTime\": \"12\"},\n  {\"title\": \"x\"},\n  7,\n  {\"startTime\": -1},\n  {\"startTime\": 1.5, \"endTime\": 3, \"title\": \"Good\", \"toc\": false, \"img\": \"i\"}\n ]}";
        insta::assert_snapshot!(problems(read(text)), @r#"
        1: `version` is missing: write `"version": "1.2.0"`
        3: `startTime` is a text and must be a number: write seconds, such as `"startTime": 195.098`
        4: `startTime` is missing: write seconds, such as `"startTime": 195.098`
        5: a chapter is an object, such as `{"startTime": 195.098, "title": "Money"}`
        6: `startTime` is no number of seconds from 0 on: write seconds, such as `"startTime": 195.098`
        00:00:01.500 to 00:00:03.000 Good (hidden)
        "#);
        insta::assert_snapshot!(problems(read("{\n\"chapters\": [}")), @r#"2: it is no JSON chapters file: expected value (a Podcasting 2.0 chapters file is `{"version": "1.2.0", "chapters": [...]}`)"#);
        insta::assert_snapshot!(problems(read("{}")), @r#"the JSON has no `chapters` (a Podcasting 2.0 chapters file is `{"version": "1.2.0", "chapters": [...]}`)"#);
    }
}
