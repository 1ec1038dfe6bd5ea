//! A manifest that is no TOML, or no text: each mistake as a sentence with a remedy.

use std::path::Path;
use std::str;

use super::keys::{Key, Shape};
use super::quoted::Quoted;
use super::read::like;
use super::scalar::{Wrong, no_date};
use crate::model::finding::{Place, Problem, ProblemKind};

/// The bytes as text, without a byte order mark.
pub fn decode<'a>(path: &Path, bytes: &'a [u8], kind: ProblemKind) -> Result<&'a str, Box<Problem>> {
    let wrong = |place: Place, message: &str| {
        let help = Some("Save it again as plain text, with the encoding UTF-8.".into());
        Box::new(Problem { kind, place, message: message.to_owned(), help })
    };
    if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..]) {
        return Err(wrong(Place::file(path), "This file is UTF-16, and it has to be UTF-8."));
    }
    match str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(wrong(Place::file(path), "This file is no text.")),
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        Err(error) => {
            let (good, _) = bytes.split_at(error.valid_up_to().min(bytes.len()));
            let line = good.iter().filter(|b| **b == b'\n').count() + 1;
            Err(wrong(Place::line(path, line), "This line has bytes that are not UTF-8."))
        }
    }
}

/// The parser's complaints, the first of each line.
pub fn problems(
    errors: &[toml::de::Error],
    quoted: &Quoted<'_>,
    keys: &'static [Key],
    kind: ProblemKind,
) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for error in errors {
        let range = error.span().unwrap_or_default();
        let place = quoted.place(range.clone());
        let (line, start) = quoted.line(range.start);
        let at = range.start.saturating_sub(start);
        if problems.iter().any(|p| p.place.line == place.line) {
            continue;
        }
        let Wrong { message, help } = sentence(error.message(), line, at, quoted.slice(range), keys);
        problems.push(Problem { kind, place, message, help });
    }
    problems
}

fn sentence(complaint: &str, line: &str, at: usize, raw: &str, keys: &'static [Key]) -> Wrong {
    let name = line.split('=').next().unwrap_or_default().trim();
    let known = keys.iter().find(|k| k.name == name);
    let example = known.map(like);
    let wrong =
        |message: &str, help: Option<String>| Wrong { message: message.to_owned(), help: help.or(example.clone()) };

    if complaint.starts_with("string values must be quoted") {
        let raw = raw.trim().trim_matches(['“', '”', '„', '«', '»', '‘', '’']);
        let help = match raw.to_lowercase().as_str() {
            "yes" | "on" | "true" => Some(format!("Write: {name} = true")),
            "no" | "off" | "false" => Some(format!("Write: {name} = false")),
            "" => None,
            _ if name.is_empty() || raw.contains(['"', '\\', '=']) => None,
            _ => Some(format!("Write: {name} = \"{raw}\"")),
        };
        return match raw {
            "" => wrong("There is nothing behind the `=`.", None),
            _ => wrong("This value has no straight quotation marks around it.", help),
        };
    }
    if let Some(key) = known.filter(|k| matches!(k.shape, Shape::Date) && complaint.starts_with("invalid")) {
        let value = line.split_once('=').map_or("", |(_, value)| value.split('#').next().unwrap_or_default());
        return no_date(value.trim(), key);
    }
    if complaint == "duplicate key" {
        return wrong(&format!("`{raw}` is written twice."), Some("Keep one of the two.".into()));
    }
    if complaint.starts_with("key with no value") {
        let colon = line.split_once(':').map(|(key, _)| key.trim()).and_then(|k| keys.iter().find(|key| key.name == k));
        let help = match colon {
            Some(key) => like(key),
            None => "Each line is a key, an `=` and a value; a line that begins with # is a note.".into(),
        };
        return wrong("There is no `=` behind the key.", Some(help));
    }
    if complaint.starts_with("invalid unquoted key") {
        let help = "Keys have plain letters, numbers, - and _ only.";
        return wrong("This character cannot stand in a key.", Some(help.into()));
    }
    if complaint.starts_with("invalid basic string") && at >= line.len() {
        return wrong("The quotation marks are not closed.", Some("End the text with \" on the same line.".into()));
    }
    if complaint.starts_with("missing escaped value") || complaint.starts_with("invalid escape") {
        let help = "Write a backslash as \\\\, or put the text in 'single quotation marks'.";
        return wrong("A backslash means something special here.", Some(help.into()));
    }
    let complaint: String = complaint.chars().filter(|c| !c.is_control()).collect();
    wrong(&format!("This is not valid TOML: {complaint}."), None)
}
