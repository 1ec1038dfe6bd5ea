//! TOML → typed values by a table of keys, with the place of everything and every mistake.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Key, Need, Shape};
use super::quoted::Quoted;
use super::scalar::{self, Wrong};
use super::values::{Value, Values};
use super::{syntax, unknown};
use crate::model::finding::{Place, Places, Problem, ProblemKind};
use crate::model::text::is_publishable;

/// A manifest that was read.
pub struct Manifest {
    /// What it says, as far as that is right.
    pub values: Values,
    /// Where it says it.
    pub places: Places,
    /// Every mistake, in order of place.
    pub problems: Vec<Problem>,
}

/// More mistakes than a person mends before looking again.
const MOST_PROBLEMS: usize = 40;

/// Reads a manifest by its table of keys.
pub fn read(path: &Path, bytes: &[u8], keys: &'static [Key], kind: ProblemKind) -> Manifest {
    let mut places = Places::new(path);
    let text = match syntax::decode(path, bytes, kind) {
        Ok(text) => text,
        Err(problem) => {
            places.incomplete();
            return Manifest { values: Values::default(), places, problems: vec![*problem] };
        }
    };
    let quoted = Quoted::new(path, text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut problems = syntax::problems(&errors, &quoted, keys, kind);
    if !problems.is_empty() {
        places.incomplete();
    }

    let mut reader = Reader { root: keys, kind, quoted: &quoted, places, problems: Vec::new() };
    let values = reader.table("", document.get_ref(), keys, None);
    let Reader { places, problems: more, .. } = reader;
    // What stands on a line that is no TOML was guessed by the parser; so was what seems to be missing.
    let broken: Vec<Option<usize>> = problems.iter().map(|p| p.place.line).collect();
    let whole = broken.is_empty();
    problems.extend(more.into_iter().filter(|p| whole || (p.place.line.is_some() && !broken.contains(&p.place.line))));

    problems.sort_by(|a, b| a.place.cmp(&b.place));
    if problems.len() > MOST_PROBLEMS {
        let more = problems.len() - MOST_PROBLEMS;
        problems.truncate(MOST_PROBLEMS);
        let message = format!("There are {more} more mistakes in this file.");
        problems.push(Problem { kind, place: Place::file(path), message, help: None });
    }
    Manifest { values, places, problems }
}

struct Reader<'a> {
    root: &'static [Key],
    kind: ProblemKind,
    quoted: &'a Quoted<'a>,
    places: Places,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    /// Reads a table; `at` is its dotted key, empty for the document, `place` where it stands, if anywhere.
    fn table(&mut self, at: &str, table: &DeTable<'_>, keys: &'static [Key], place: Option<Place>) -> Values {
        let mut values = Values::default();
        for (name, value) in table {
            let place = self.quoted.place(name.span());
            let Some(key) = keys.iter().find(|k| k.name == name.get_ref().as_ref()) else {
                let unknown = unknown::key(name.get_ref(), keys, self.root);
                self.problem(place, unknown);
                if let Some(meant) = unknown::nearest(name.get_ref(), keys.iter().map(|k| k.name)) {
                    self.places.refuse(join(at, meant));
                }
                continue;
            };
            let dotted = join(at, key.name);
            // A table's own span may be a header far away or nothing at all.
            let place = if value.get_ref().is_table() { place } else { self.quoted.place(value.span()) };
            self.places.insert(dotted.as_str(), place);
            if let Some(value) = self.value(&dotted, key, key.shape, value) {
                values.insert(key.name, value);
            }
        }
        for key in keys.iter().filter(|k| k.need == Need::Required) {
            let misspelt = self.places.is_refused(&join(at, key.name));
            if !misspelt && !table.keys().any(|name| name.get_ref() == key.name) {
                let message = match at {
                    "" => format!("`{}` is missing.", key.name),
                    _ => format!("`{}` is missing here.", key.name),
                };
                let place = place.clone().unwrap_or_else(|| Place::file(self.places.path()));
                self.problem(place, Wrong { message, help: Some(like(key)) });
            }
        }
        values
    }

    fn value(&mut self, at: &str, key: &'static Key, shape: Shape, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        match (shape, value.get_ref()) {
            (Shape::List(item), DeValue::Array(_)) => self.list(at, key, *item, value),
            (Shape::OneOrMore(item, most), DeValue::Array(items)) => {
                if items.len() > most {
                    let message = format!("`{}` may name at most {most}, and these are {}.", key.name, items.len());
                    self.problem(self.quoted.place(value.span()), Wrong { message, help: Some(like(key)) });
                }
                self.list(at, key, *item, value)
            }
            (Shape::OneOrMore(item, _), _) => {
                let first = self.value(at, key, *item, value)?;
                Some(Value::List(vec![first]))
            }
            (Shape::Table(keys), DeValue::Table(table)) => {
                let place = self.places.of(at);
                Some(Value::Table(self.table(at, table, keys, Some(place))))
            }
            (Shape::TextOrTable(_, keys), DeValue::Table(table)) => {
                let place = self.places.of(at);
                Some(Value::Table(self.table(at, table, keys, Some(place))))
            }
            (Shape::TextOrTable(text, keys), _) => {
                let text = self.value(at, key, *text, value)?;
                let mut values = Values::default();
                values.insert(keys.first()?.name, text);
                Some(Value::Table(values))
            }
            (Shape::Words, DeValue::Table(table)) => Some(Value::Words(self.words(at, key, table))),
            _ => match scalar::read(shape, value.get_ref(), self.quoted.slice(value.span()), key) {
                Ok(read) => {
                    self.tell_unseen(&read, self.quoted.place(value.span()));
                    Some(read)
                }
                Err(wrong) => {
                    self.places.refuse(at);
                    self.problem(self.quoted.place(value.span()), wrong);
                    None
                }
            },
        }
    }

    fn list(&mut self, at: &str, key: &'static Key, item: Shape, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        let items = value.get_ref().as_array()?;
        let mut values = Vec::new();
        for (index, item_value) in items.iter().enumerate() {
            let dotted = format!("{at}[{index}]");
            self.places.insert(dotted.as_str(), self.quoted.place(item_value.span()));
            values.extend(self.value(&dotted, key, item, item_value));
        }
        Some(Value::List(values))
    }

    fn words(&mut self, at: &str, key: &'static Key, table: &DeTable<'_>) -> Vec<(String, String)> {
        let mut words = Vec::new();
        for (word, said) in table {
            self.places.insert(join(at, word.get_ref()), self.quoted.place(word.span()));
            match said.get_ref() {
                DeValue::String(said) if !said.trim().is_empty() => {
                    words.push((word.get_ref().to_string(), said.to_string()));
                }
                _ => {
                    let message = format!("How `{}` is said must be a text.", word.get_ref());
                    self.problem(self.quoted.place(said.span()), Wrong { message, help: Some(like(key)) });
                }
            }
        }
        words
    }

    /// Says that a text has characters that are left out wherever it is published; lines may break and be indented.
    fn tell_unseen(&mut self, value: &Value, place: Place) {
        let Value::Text(text) = value else { return };
        let Some(first) = text.chars().find(|c| !is_publishable(*c) && !c.is_whitespace()) else { return };
        let kind = match self.kind {
            ProblemKind::ShowToml => ProblemKind::ShowUnseen,
            _ => ProblemKind::EpisodeUnseen,
        };
        let message = format!("A character that nobody sees (U+{:04X}) is left out of this text.", u32::from(first));
        self.problems.push(Problem { kind, place, message, help: None });
    }

    fn problem(&mut self, place: Place, wrong: Wrong) {
        self.problems.push(Problem { kind: self.kind, place, message: wrong.message, help: wrong.help });
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

/// How a key could be written.
pub fn like(key: &Key) -> String {
    if key.example.is_empty() {
        return format!("Write [{}] on a line of its own, and its keys below it.", key.name);
    }
    format!("Write it like this: {} = {}", key.name, key.example)
}
