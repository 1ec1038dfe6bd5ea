//! Lines that name people: who wrote, and who did what else.

use super::{dates, words};
use crate::model::article::Credit;

/// What a line says of people.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct People {
    pub(super) authors: Vec<String>,
    pub(super) credits: Vec<Credit>,
}

/// The most characters that a line of names has.
const LONGEST_LINE: usize = 220;

/// Reads a line that does nothing but name people with words such as "by" or "photos"; `None` for any other line.
pub(super) fn line(text: &str) -> Option<People> {
    if text.chars().count() > LONGEST_LINE {
        return None;
    }
    let mut people = People::default();
    let mut known = false;
    for part in parts(text) {
        match part_of(&part) {
            Some((Role::Writer, names)) => {
                people.authors.extend(names);
                known = true;
            }
            Some((Role::Other(role), names)) => {
                people.credits.extend(names.into_iter().map(|name| Credit { name, role: role.to_owned() }));
                known = true;
            }
            None if known || dates::find(&part).is_some() => {}
            None => return None,
        }
    }
    known.then_some(people)
}

/// True for a byline that names nobody: "By:", "By: /".
pub(super) fn is_empty_byline(text: &str) -> bool {
    words::of("writer").has(&words::fold(text)) && text.chars().any(|c| matches!(c, ':' | '：' | '/'))
}

/// True for what stands between two names of a list: "and", ",".
pub(super) fn joins(sign: &str) -> bool {
    let word = words::fold(sign);
    words::of("and").has(&word) || word.is_empty() && sign.trim().chars().all(|c| matches!(c, ',' | '&' | ';' | '、'))
}

/// The names of a list: "A, B and C".
pub(super) fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in list.split([',', ';', '、', '，', '؛']) {
        let mut name: Vec<&str> = Vec::new();
        for word in piece.split_whitespace() {
            let folded = word.to_lowercase();
            if words::of("and").has(&folded) && !name.is_empty() {
                // "Ramón y Cajal": a small word between two parts of one name only where a full name precedes.
                if name.len() >= 2 || !matches!(folded.as_str(), "y" | "e" | "i" | "a" | "en") {
                    names.push(name.join(" "));
                    name.clear();
                    continue;
                }
            }
            name.push(word);
        }
        if !name.is_empty() {
            let first_joins = name.first().is_some_and(|w| words::of("and").has(&w.to_lowercase()));
            let name = if first_joins { name.split_off(1) } else { name };
            names.push(name.join(" "));
        }
    }
    names.iter().map(|n| tidy(n)).filter(|n| !n.is_empty()).collect()
}

/// True where a text can be the name of a person or a newsroom.
pub(super) fn is_name(text: &str) -> bool {
    let count = text.chars().count();
    if !(2..=60).contains(&count)
        || text.contains(['?', '!', '"', '“', '@', '/', ':'])
        || text.chars().any(|c| c.is_ascii_digit())
    {
        return false;
    }
    let parts: Vec<&str> = text.split_whitespace().collect();
    if parts.len() > 6 {
        return false;
    }
    if !text.chars().any(|c| c.is_uppercase() || c.is_lowercase()) {
        // Scripts without case: a name is short.
        return count <= 24 && parts.len() <= 5;
    }
    let capitals =
        parts.iter().filter(|w| w.chars().find(|c| c.is_alphabetic()).is_some_and(|c| c.is_uppercase())).count();
    let small = parts.iter().all(|w| {
        w.chars().find(|c| c.is_alphabetic()).is_none_or(|c| !c.is_lowercase())
            || words::of("particles").has(&w.to_lowercase())
            || w.contains('-')
            || w.starts_with("d'")
            || w.starts_with("d’")
            || w.starts_with("al-")
    });
    capitals > 0 && small && !text.ends_with([',', ';'])
}

enum Role {
    Writer,
    Other(&'static str),
}

/// The parts of a line between bars, dots and dashes, and before a second role: "By A, photos by B".
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in text
        .split(['|', '•', '·', '／', ';', '\n', '│'])
        .flat_map(|p| p.split(" / "))
        .flat_map(|p| p.split(" – "))
        .flat_map(|p| p.split(" — "))
    {
        let mut open = String::new();
        for (n, clause) in piece.split(", ").enumerate() {
            let has_role = has_role(clause);
            if n > 0 && has_role {
                parts.push(std::mem::take(&mut open));
            } else if n > 0 {
                open.push_str(", ");
            }
            open.push_str(clause);
        }
        parts.push(open);
    }
    parts.iter().map(|p| p.trim().trim_end_matches('.').trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

fn has_role(clause: &str) -> bool {
    let folded = words::fold(clause);
    words::roles().any(|(_, phrases)| phrases.begins(&folded).is_some_and(|n| n < folded.len()))
}

fn part_of(part: &str) -> Option<(Role, Vec<String>)> {
    let part = match dates::find(part) {
        Some(found) if found.start > 0 && part.get(found.end..).is_some_and(|r| r.trim().is_empty()) => {
            part.get(..found.start)?
        }
        Some(found) if found.start < 16 || part.get(..found.start).is_some_and(dates::leads_to) => {
            part.get(found.end..)?
        }
        _ => part,
    };
    let part =
        strip_published(part).trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '—' | '|'));
    let folded = words::fold(part);
    let mut best: Option<(usize, Role)> = words::of("writer").begins(&folded).map(|n| (n, Role::Writer));
    for (role, phrases) in words::roles() {
        if let Some(n) = phrases.begins(&folded)
            && best.as_ref().is_none_or(|(longest, _)| n > *longest)
        {
            best = Some((n, Role::Other(role)));
        }
    }
    let (length, role) = best?;
    let phrase = folded.get(..length)?;
    let rest = rest_after(part, phrase)?;
    let marked = rest.starts_with([':', '：', '／', '/', '|', '=', '＝', '・']);
    let rest = rest.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '／' | '/' | '|' | '＝' | '=' | '・')
    });
    // A bare noun before a name needs its colon, but for what ends in "by".
    let is_joint = phrase.rsplit(' ').next().is_some_and(|w| {
        matches!(
            w,
            "by" | "par" | "von" | "de" | "di" | "da" | "por" | "av" | "af" | "door" | "van" | "бy" | "بقلم" | "מאת"
        ) || words::of("writer").has(w) && phrase == w && w.chars().count() <= 4
            || matches!(role, Role::Other(_)) && phrase.contains(' ')
    }) || phrase.chars().any(words::is_unspaced)
        || matches!(
            phrase,
            "napsal"
                | "napsala"
                | "přeložil"
                | "přeložila"
                | "tłumaczył"
                | "tłumaczyła"
                | "przełożył"
                | "przełożyła"
                | "czyta"
                | "čte"
                | "كتب"
                | "كتبت"
                | "ترجمة"
                | "רسوم"
        );
    if !marked && !is_joint {
        return None;
    }
    let rest = rest.split(" for ").next().unwrap_or(rest);
    let rest = without_nested(rest);
    let mut names: Vec<String> = names(&rest);
    // "Jane Doe, staff writer": what follows a name and is none is a title.
    if let Some(end) = names.iter().position(|n| !is_name(n)) {
        if end == 0 {
            return None;
        }
        names.truncate(end);
    }
    (!names.is_empty()).then_some((role, names))
}

/// "Words by Anna": the inner "by" after a role's noun.
fn without_nested(rest: &str) -> String {
    let folded = words::fold(rest);
    for word in ["by ", "von ", "par ", "di ", "por "] {
        if folded.starts_with(word) {
            return rest_after(rest, word.trim_end()).unwrap_or(rest).trim().to_owned();
        }
    }
    rest.to_owned()
}

fn strip_published(part: &str) -> &str {
    let folded = words::fold(part);
    let Some(n) = words::of("published").begins(&folded) else { return part };
    let after = folded.get(n..).unwrap_or_default().trim_start();
    let by = words::of("writer").begins(after).is_some();
    let whole = words::of("writer").begins(&folded).is_some_and(|w| w > n);
    match folded.get(..n) {
        Some(phrase) if by && !whole => rest_after(part, phrase).unwrap_or(part),
        _ => part,
    }
}

/// What follows a folded phrase in the text that it was folded from.
fn rest_after<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let mut ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.find(|end| text.get(..*end).is_some_and(|start| words::fold(start) == phrase))?;
    text.get(end..).map(str::trim_start)
}

/// A name without what stands around it, and capital by capital where it was set in capitals.
fn tidy(name: &str) -> String {
    let name = name.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '.' | ':' | '：' | '|' | '/' | '-' | '–' | '—' | '*' | '_' | '@')
    });
    let name = name.split(" (").next().unwrap_or(name);
    for suffix in ["記者", "记者", "기자", "さん", "氏"] {
        if let Some(bare) = name.strip_suffix(suffix)
            && !bare.trim().is_empty()
        {
            return bare.trim().to_owned();
        }
    }
    let shouted =
        name.contains(' ') && name.chars().any(|c| c.is_uppercase()) && !name.chars().any(|c| c.is_lowercase());
    if !shouted {
        return name.to_owned();
    }
    let mut out = String::new();
    let mut first = true;
    for c in name.chars() {
        if first {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        first = !c.is_alphabetic();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let Some(people) = line(text) else { return "-".into() };
        let credits = people.credits.iter().map(|c| format!("{}={}", c.role, c.name));
        people.authors.iter().cloned().chain(credits).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn names_are_taken_out_of_lines() {
        let check = |text: &str, expected: &str| assert_eq!(told(text), expected, "{text:?}");
        check("By: Jean-Frédéric Légaré-Tremblay", "Jean-Frédéric Légaré-Tremblay");
        check("Illustration by Sami Chouhdary.", "illustrator=Sami Chouhdary");
        check("Illustrations by Sami Chouhdary.", "illustrator=Sami Chouhdary");
        check("By Anna Berg and Per Lund", "Anna Berg, Per Lund");
        check("BY ANNA BERG", "Anna Berg");
        check("By Anna Berg, photos by Per Lund", "Anna Berg, photographer=Per Lund");
        check("Von Anna Berg, Hamburg", "Anna Berg, Hamburg");
        check("Par Anne Martin", "Anne Martin");
        check("Por Ana García y Luis Pérez", "Ana García, Luis Pérez");
        check("Text: Anna Berg | Fotos: Per Lund", "Anna Berg, photographer=Per Lund");
        check("Translated from the French by John Smith", "translator=John Smith");
        check("Aus dem Englischen von Eva Kraus", "translator=Eva Kraus");
        check("文・山田太郎", "山田太郎");
        check("بقلم أحمد علي", "أحمد علي");
        check("Posted by Alon Zakai.", "Alon Zakai");
        check("Tuesday 15 October 2019 by Bradley M. Kuhn", "Bradley M. Kuhn");
        check("Published on 3 March 2021 by Anna Berg", "Anna Berg");
        check("By the river they met again.", "-");
        check("Photo of a river", "-");
        check("Foto: Anna Berg", "photographer=Anna Berg");
        check("", "-");
    }
}
