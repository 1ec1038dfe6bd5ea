//! Headings that begin with a number: "3", "II. The Money", "Chapter 4 — Home".

use super::slots::plain;
use super::{Diction, PAUSE, Presence, Reading, Slot, Tongue, numbers, slots};

/// Words that a number in a heading counts.
const ENGLISH_PARTS: [&str; 12] =
    ["chapter", "part", "book", "section", "number", "act", "scene", "canto", "letter", "volume", "lesson", "episode"];
const FRENCH_PARTS: [&str; 12] = [
    "chapitre", "partie", "livre", "section", "numéro", "acte", "scène", "chant", "lettre", "tome", "leçon", "épisode",
];
/// Those that a narrator adds where none is written.
const ENGLISH_ADDED: [&str; 4] = ["chapter", "part", "section", "number"];
const FRENCH_ADDED: [&str; 4] = ["chapitre", "partie", "section", "numéro"];

/// Every place of a heading that is said, in order.
pub fn heading(text: &str, diction: Diction<'_>) -> Vec<Slot> {
    let text = plain(text);
    match numbered(&text, diction.tongue) {
        Some(numbered) => numbered.slots(diction),
        None => slots(&text, diction),
    }
}

struct Numbered<'a> {
    part: Option<String>,
    number: u64,
    rest: &'a str,
}

fn numbered(text: &str, tongue: Tongue) -> Option<Numbered<'_>> {
    let parts = match tongue {
        Tongue::English => ENGLISH_PARTS,
        Tongue::French => FRENCH_PARTS,
        Tongue::Other => return None,
    };
    let text = text.trim();
    let (part, text) = match text.split_once(char::is_whitespace) {
        Some((first, rest)) if parts.contains(&first.to_lowercase().as_str()) => (Some(first.to_lowercase()), rest),
        _ => (None, text),
    };
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let (mut sign, mut rest) = text.split_at_checked(end)?;
    if sign.starts_with(|c: char| c.is_ascii_digit()) {
        // An ordinal's ending.
        let digits = sign.find(|c: char| !c.is_ascii_digit()).unwrap_or(sign.len());
        let (head, ending) = sign.split_at_checked(digits)?;
        let fits = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "e" | "eme");
        sign = Some(head).filter(|h| fits && h.len() <= 3)?;
        rest = rest.strip_prefix("ère").or_else(|| rest.strip_prefix("ème")).unwrap_or(rest);
    }
    let roman = sign.starts_with(|c: char| c.is_ascii_uppercase());
    let number = if roman { numbers::roman(sign)? } else { sign.parse().ok()? };
    let bare = rest.trim_start();
    let after = bare.trim_start_matches(['.', ':', ')', ']', '–', '—', '-']);
    let signed = after.len() < bare.len();
    let after = after.trim_start();
    let before_capital = bare.len() < rest.len() && after.starts_with(char::is_uppercase);
    if number == 0 || !(signed || after.is_empty() || before_capital) {
        return None;
    }
    // "I Can Wade Grief": a lone capital before a title is a word.
    if roman && sign.len() == 1 && !after.is_empty() && !signed && part.is_none() {
        return None;
    }
    // "3.5 million" is a figure, "1-2-3" is a title.
    if signed && after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(Numbered { part, number, rest: after })
}

impl Numbered<'_> {
    fn slots(self, diction: Diction<'_>) -> Vec<Slot> {
        let readings = self.readings(diction.tongue);
        let mut rest = slots(self.rest, diction).into_iter();
        let Some(first) = rest.next() else {
            return vec![Slot { readings, presence: Presence::Said }];
        };
        // The number and the first word share a slot: the number may be left out.
        let mut together: Vec<Reading> = Vec::new();
        for word in first.readings.iter().take(2) {
            for number in &readings {
                together.push([number.clone(), vec![PAUSE.to_owned()], word.clone()].concat());
            }
        }
        together.extend(first.readings);
        std::iter::once(Slot { readings: together, presence: first.presence }).chain(rest).collect()
    }

    fn readings(&self, tongue: Tongue) -> Vec<Reading> {
        let french = tongue == Tongue::French;
        let cardinal = numbers::cardinal(self.number, tongue);
        let ordinal = numbers::ordinal(self.number, tongue);
        let one = |word: &str| vec![word.to_owned()];
        let cardinals = if french && self.number == 1 { vec![one("un"), one("une")] } else { vec![cardinal] };
        let ordinals: Vec<Reading> = match (french, self.number) {
            (false, _) => vec![[one("the"), ordinal.clone()].concat(), ordinal],
            (true, 1) => vec![[one("le"), ordinal].concat(), one("première")],
            (true, _) => vec![[one("la"), ordinal.clone()].concat(), ordinal],
        };
        let added = if french { FRENCH_ADDED } else { ENGLISH_ADDED };
        let mut all: Vec<Reading> = Vec::new();
        match &self.part {
            Some(part) => {
                all.extend(cardinals.iter().map(|c| [one(part), c.clone()].concat()));
                all.extend(cardinals);
                let behind = if french { 1 } else { 2 };
                all.extend(ordinals.iter().take(behind).map(|o| [one(part), o.clone()].concat()));
                all.extend(ordinals.iter().map(|o| [o.clone(), one(part)].concat()));
            }
            None => {
                for part in added {
                    all.extend(cardinals.iter().map(|c| [one(part), c.clone()].concat()));
                }
                all.extend(cardinals);
                all.extend(ordinals);
            }
        }
        all
    }
}
