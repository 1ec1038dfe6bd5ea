//! What a manifest says, once every value has been judged: typed, and without anything that is wrong.

use std::collections::BTreeMap;

use jiff::civil;

use crate::model::date::WrittenDate;
use crate::model::text::Line;
use crate::model::time::Timestamp;

/// One value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A text.
    Text(String),
    /// `true` or `false`.
    Flag(bool),
    /// A whole number from 1.
    Whole(u32),
    /// A number.
    Number(f64),
    /// A date.
    Date(WrittenDate),
    /// A time of day.
    Clock(civil::Time),
    /// A place in the recording.
    Instant(Timestamp),
    /// A list.
    List(Vec<Value>),
    /// A table with known keys.
    Table(Values),
    /// A table of texts.
    Words(Vec<(String, String)>),
}

/// A table whose keys are those of the key table. Each is taken once; a key that is missing or wrong gives nothing.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Values(BTreeMap<&'static str, Value>);

impl Values {
    /// Puts a value in.
    pub fn insert(&mut self, key: &'static str, value: Value) {
        self.0.insert(key, value);
    }

    /// A text.
    pub fn text(&mut self, key: &str) -> Option<String> {
        self.0.remove(key).and_then(Value::text)
    }

    /// A text as a clean line.
    pub fn line(&mut self, key: &str) -> Option<Line> {
        self.text(key).map(|t| Line::new(&t))
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        match self.0.remove(key) {
            Some(Value::Flag(flag)) => Some(flag),
            _ => None,
        }
    }

    /// A whole number.
    pub fn whole(&mut self, key: &str) -> Option<u32> {
        match self.0.remove(key) {
            Some(Value::Whole(number)) => Some(number),
            _ => None,
        }
    }

    /// A number.
    pub fn number(&mut self, key: &str) -> Option<f64> {
        match self.0.remove(key) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// A date.
    pub fn date(&mut self, key: &str) -> Option<WrittenDate> {
        match self.0.remove(key) {
            Some(Value::Date(date)) => Some(date),
            _ => None,
        }
    }

    /// A time of day.
    pub fn clock(&mut self, key: &str) -> Option<civil::Time> {
        match self.0.remove(key) {
            Some(Value::Clock(time)) => Some(time),
            _ => None,
        }
    }

    /// A place in the recording.
    pub fn instant(&mut self, key: &str) -> Option<Timestamp> {
        match self.0.remove(key) {
            Some(Value::Instant(at)) => Some(at),
            _ => None,
        }
    }

    /// A list; `None` where there is none.
    pub fn list(&mut self, key: &str) -> Option<Vec<Value>> {
        match self.0.remove(key) {
            Some(Value::List(items)) => Some(items),
            _ => None,
        }
    }

    /// A list of texts; `None` where there is none.
    pub fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        self.list(key).map(|items| items.into_iter().filter_map(Value::text).collect())
    }

    /// The tables of a list.
    pub fn tables(&mut self, key: &str) -> Vec<Self> {
        self.list(key).unwrap_or_default().into_iter().filter_map(Value::table).collect()
    }

    /// A table; empty where there is none.
    pub fn table(&mut self, key: &str) -> Self {
        self.0.remove(key).and_then(Value::table).unwrap_or_default()
    }

    /// A table; `None` where there is none.
    pub fn table_if_any(&mut self, key: &str) -> Option<Self> {
        self.0.remove(key).and_then(Value::table)
    }

    /// A table of texts.
    pub fn words(&mut self, key: &str) -> Vec<(String, String)> {
        match self.0.remove(key) {
            Some(Value::Words(words)) => words,
            _ => Vec::new(),
        }
    }

    /// Keys that nobody took.
    #[cfg(test)]
    pub fn left(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }
}

impl Value {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn table(self) -> Option<Values> {
        match self {
            Self::Table(values) => Some(values),
            _ => None,
        }
    }
}
