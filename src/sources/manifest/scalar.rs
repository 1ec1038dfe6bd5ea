//! Single values of a manifest: what each shape takes, and the sentence where it does not.

use std::path::{Component, Path};

use jiff::civil;
use jiff::fmt::temporal::Pieces;
use toml::de::DeValue;
use url::Url;

use super::keys::{Key, Shape};
use super::read::like;
use super::unknown::nearest;
use super::values::Value;
use crate::model::date::WrittenDate;
use crate::model::time::Timestamp;

/// What is wrong with a value.
pub struct Wrong {
    /// As a sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl Wrong {
    fn new(message: String, help: impl Into<String>) -> Self {
        Self { message, help: Some(help.into()) }
    }
}

/// Reads one value; `raw` is how it is written.
pub fn read(shape: Shape, value: &DeValue<'_>, raw: &str, key: &Key) -> Result<Value, Wrong> {
    match (shape, value) {
        (Shape::Text, DeValue::String(text)) => Ok(Value::Text(text.to_string())),
        (Shape::Filled, DeValue::String(text)) => filled(text, key).map(Value::Text),
        (Shape::Flag, DeValue::Boolean(flag)) => Ok(Value::Flag(*flag)),
        (Shape::Whole, DeValue::Integer(number)) => u32::from_str_radix(number.as_str(), number.radix())
            .ok()
            .filter(|n| *n > 0)
            .map(Value::Whole)
            .ok_or_else(|| Wrong::new(format!("`{}` must be a whole number from 1.", key.name), like(key))),
        (Shape::Step(steps), DeValue::Integer(number)) => {
            step(u64::from_str_radix(number.as_str(), number.radix()).ok(), steps, key)
        }
        (Shape::Number, DeValue::Integer(_) | DeValue::Float(_)) => number(value)
            .map(Value::Number)
            .ok_or_else(|| Wrong::new(format!("`{}` must be a number of a sensible size.", key.name), like(key))),
        (Shape::Date, DeValue::Datetime(date)) => written_date(&date.to_string())
            .map(Value::Date)
            .ok_or_else(|| Wrong::new(format!("`{}` must be a day, and this is a time of day.", key.name), like(key))),
        (Shape::Date, DeValue::String(text)) => {
            written_date(text.trim()).map(Value::Date).ok_or_else(|| no_date(text, key))
        }
        (Shape::Clock, DeValue::String(text)) => clock(text.trim(), key),
        (Shape::Clock, DeValue::Datetime(time)) if time.date.is_none() => clock(&time.to_string(), key),
        (Shape::Instant, DeValue::String(text)) => instant(Timestamp::parse(text), key),
        (Shape::Instant, DeValue::Datetime(time)) if time.date.is_none() => {
            instant(Timestamp::parse(&time.to_string()), key)
        }
        (Shape::Instant, DeValue::Integer(_) | DeValue::Float(_)) => {
            instant(number(value).and_then(Timestamp::from_seconds), key)
        }
        (Shape::Zone, DeValue::String(text)) => zone(text.trim(), key),
        (Shape::Url, DeValue::String(text)) => web_address(text.trim(), key).map(|_| Value::Text(text.trim().into())),
        (Shape::BaseUrl, DeValue::String(text)) => base_url(text.trim(), key),
        (Shape::File, DeValue::String(text)) => file(text, key),
        (Shape::Choice(words), DeValue::String(text)) => choice(text, words, key),
        _ => Err(wrong_type(shape, value, raw, key)),
    }
}

fn filled(text: &str, key: &Key) -> Result<String, Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::new(format!("`{}` is empty.", key.name), like(key)));
    }
    Ok(text.to_owned())
}

/// One of the numbers that there are; another gets the nearest.
fn step(number: Option<u64>, steps: &'static [u32], key: &Key) -> Result<Value, Wrong> {
    let found = number.and_then(|n| u32::try_from(n).ok());
    match found.filter(|n| steps.contains(n)) {
        Some(number) => Ok(Value::Whole(number)),
        None => {
            let all: Vec<String> = steps.iter().map(u32::to_string).collect();
            let message = format!("`{}` must be one of {}.", key.name, all.join(", "));
            // What is too large for the type is larger than all; what is no number at all is below them. Thousands are
            // the same in the smaller unit.
            let wanted = found.unwrap_or(if number.is_some() { u32::MAX } else { 0 });
            let wanted = if wanted.is_multiple_of(1000) { wanted / 1000 } else { wanted };
            let near = steps.iter().min_by_key(|s| s.abs_diff(wanted));
            Err(Wrong::new(message, near.map_or_else(|| like(key), |near| format!("Write: {} = {near}", key.name))))
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Integer(number) => i32::from_str_radix(number.as_str(), number.radix()).ok().map(f64::from),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    };
    number.filter(|n: &f64| n.is_finite())
}

/// Reads a day, a local time or a moment by ISO 8601.
pub fn written_date(text: &str) -> Option<WrittenDate> {
    let pieces = Pieces::parse(text).ok()?;
    if pieces.time_zone_annotation().is_some() {
        return None;
    }
    Some(match (pieces.time(), pieces.to_numeric_offset()) {
        (None, _) => WrittenDate::Day(pieces.date()),
        (Some(time), None) => WrittenDate::Local(pieces.date().to_datetime(time)),
        (Some(time), Some(offset)) => WrittenDate::Moment(pieces.date().to_datetime(time), offset.seconds()),
    })
}

/// The sentence about a date that is none, with the day that was probably meant.
pub fn no_date(text: &str, key: &Key) -> Wrong {
    // Day before month only where a point or the month's name says so: 1/2/2018 is two days.
    let forms = ["%d.%m.%Y", "%d. %B %Y", "%d %B %Y", "%B %d, %Y", "%B %d %Y", "%b %d, %Y", "%d %b %Y", "%Y/%m/%d"];
    let meant = forms.iter().find_map(|form| civil::Date::strptime(form, text.trim()).ok());
    let help = match meant {
        Some(day) => format!("Write: {} = {day}", key.name),
        None => format!("Write year, month and day: {} = {}", key.name, key.example),
    };
    Wrong::new(format!("`{}` is no date.", key.name), help)
}

fn clock(text: &str, key: &Key) -> Result<Value, Wrong> {
    let parsed = text.contains(':').then(|| text.parse::<civil::Time>().ok()).flatten();
    parsed
        .map(Value::Clock)
        .ok_or_else(|| Wrong::new(format!("`{}` must be a time of day, hours and minutes.", key.name), like(key)))
}

fn instant(at: Option<Timestamp>, key: &Key) -> Result<Value, Wrong> {
    at.map(Value::Instant).ok_or_else(|| {
        Wrong::new(
            format!("`{}` must be a place in the recording: minutes, seconds, milliseconds.", key.name),
            like(key),
        )
    })
}

fn zone(text: &str, key: &Key) -> Result<Value, Wrong> {
    let zones = jiff::tz::db();
    // A machine without a database of zones cannot judge names.
    if zones.is_definitively_empty() || zones.get(text).is_ok() {
        return Ok(Value::Text(text.to_owned()));
    }
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let near = zones
        .available()
        .map(|z| z.as_str().to_owned())
        .map(|z| {
            (strsim::jaro_winkler(&text.to_lowercase(), &z.to_lowercase()).max(strsim::jaro(&city(text), &city(&z))), z)
        })
        .filter(|(likeness, _)| *likeness > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
    let help = match near {
        Some((_, name)) => format!("Did you mean `{name}`?"),
        None => format!("Write continent and city: {} = {}", key.name, key.example),
    };
    Err(Wrong::new(format!("`{}` is no time zone that is known.", key.name), help))
}

fn web_address(text: &str, key: &Key) -> Result<Url, Wrong> {
    let wrong = |what: &str| Wrong::new(format!("`{}` {what}.", key.name), like(key));
    let url = Url::parse(text).map_err(|_| wrong("must be a whole web address, with https:// in front"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong("must be a web address that begins with https:// or http://"));
    }
    if !text.is_ascii() || text.contains(|c: char| c.is_whitespace()) {
        let message = format!("`{}` has characters that may not stand in a web address.", key.name);
        return Err(Wrong::new(message, format!("Write: {} = \"{url}\"", key.name)));
    }
    // Browsers mend `https:/a` and `https:///a`; apps ask a host of no name for them.
    let behind = text.split_once("://").map_or("", |(_, behind)| behind);
    if behind.is_empty() || behind.starts_with(['/', '\\']) {
        let message = format!("`{}` needs two slashes behind the colon.", key.name);
        return Err(Wrong::new(message, format!("Write: {} = \"{url}\"", key.name)));
    }
    if url.domain().is_some_and(|host| host.trim_end_matches('.').split('.').any(str::is_empty)) {
        return Err(wrong("has two dots where one belongs"));
    }
    Ok(url)
}

fn base_url(text: &str, key: &Key) -> Result<Value, Wrong> {
    let url = web_address(text, key)?;
    if url.query().is_some() || url.fragment().is_some() {
        let message = format!("`{}` must be a folder's address, without ? and #.", key.name);
        return Err(Wrong::new(message, like(key)));
    }
    if text.ends_with(".xml") || text.ends_with(".rss") {
        let folder = text.rsplit_once('/').map_or("", |(folder, _)| folder);
        let message = format!("`{}` must be the folder that the feed lies in, not the feed itself.", key.name);
        return Err(Wrong::new(message, format!("Write: {} = \"{folder}/\"", key.name)));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let message = format!("`{}` has a name or a password in it, and the feed shows it to everybody.", key.name);
        return Err(Wrong::new(message, like(key)));
    }
    let folder = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    // Apps compare and cache addresses letter by letter; the server and the browser see the other one.
    if url.as_str() != text && url.as_str() != folder {
        let message = format!("`{}` is not written as browsers and servers write it.", key.name);
        let folder = if url.path().ends_with('/') { url.to_string() } else { format!("{url}/") };
        return Err(Wrong::new(message, format!("Write: {} = \"{folder}\"", key.name)));
    }
    Ok(Value::Text(folder))
}

fn file(text: &str, key: &Key) -> Result<Value, Wrong> {
    let inside = Path::new(text).components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir));
    if text.trim().is_empty() || !inside || text.contains('\0') {
        let message = format!("`{}` must name a file in this folder.", key.name);
        return Err(Wrong::new(
            message,
            format!("Put the file here and write its name: {} = {}", key.name, key.example),
        ));
    }
    Ok(Value::Text(text.to_owned()))
}

fn choice(text: &str, words: &'static [&'static str], key: &Key) -> Result<Value, Wrong> {
    if words.contains(&text) {
        return Ok(Value::Text(text.to_owned()));
    }
    let message = format!("`{}` must be one of {}.", key.name, list_of(words));
    let help = match nearest(text, words.iter().copied()) {
        Some(near) => format!("Write: {} = \"{near}\"", key.name),
        None => like(key),
    };
    Err(Wrong::new(message, help))
}

fn list_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("\"{one}\""),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(|w| format!("\"{w}\"")).collect();
            format!("{} and \"{last}\"", rest.join(", "))
        }
    }
}

fn wrong_type(shape: Shape, value: &DeValue<'_>, raw: &str, key: &Key) -> Wrong {
    let expected = match shape {
        Shape::Text | Shape::Filled | Shape::Zone => "a text in quotation marks",
        Shape::Url | Shape::BaseUrl => "a web address in quotation marks",
        Shape::File => "the name of a file, in quotation marks",
        Shape::Choice(_) => "a word in quotation marks",
        Shape::Flag => "true or false",
        Shape::Whole => "a whole number from 1",
        Shape::Number | Shape::Step(_) => "a number",
        Shape::Date => "a date",
        Shape::Clock => "a time of day",
        Shape::Instant => "a place in the recording",
        Shape::List(_) => "a list in square brackets",
        Shape::OneOrMore(..) => "a text or a list of texts",
        Shape::Table(_) | Shape::Words => "a table",
        Shape::TextOrTable(..) => "a text or a table",
    };
    let found = match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(date) if date.date.is_none() => "a time of day",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Wrong::new(format!("`{}` must be {expected}, and this is {found}.", key.name), instead(shape, value, raw, key))
}

/// What to write instead: the same value in the right form, where it is plain what was meant.
fn instead(shape: Shape, value: &DeValue<'_>, raw: &str, key: &Key) -> String {
    let plain = matches!(value, DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_));
    match (shape, value) {
        (Shape::Text | Shape::Filled, _) if plain => format!("Write: {} = \"{raw}\"", key.name),
        (Shape::Flag, DeValue::String(text)) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "explicit" | "1" => format!("Write: {} = true", key.name),
            "false" | "no" | "clean" | "0" => format!("Write: {} = false", key.name),
            _ => like(key),
        },
        (Shape::Whole | Shape::Step(_) | Shape::Number, DeValue::String(text))
            if !text.is_empty() && text.trim().bytes().all(|b| b.is_ascii_digit() || b == b'-') =>
        {
            format!("Write: {} = {}", key.name, text.trim())
        }
        (Shape::List(Shape::File | Shape::Filled), DeValue::String(_)) => format!("Write: {} = [{raw}]", key.name),
        _ => like(key),
    }
}
