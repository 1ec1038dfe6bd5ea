//! The lines of a copied page become units: a paragraph each, also where the text was broken into short lines.

use super::super::piece::{Inset, Piece};
use super::super::{signs, words};

/// Text that was broken by a mail program or an editor has no longer lines than this.
const WIDEST_WRAP: usize = 100;

/// The units of a text in order, without bullets.
pub(super) fn units(text: &str) -> Vec<Unit> {
    let lines: Vec<(usize, &str)> = text.lines().enumerate().map(|(n, l)| (n + 1, l.trim())).collect();
    let width = wrapped_at(&lines);
    let mut units: Vec<Unit> = Vec::new();
    let mut blank = true;
    let mut last: &str = "";
    for (number, line) in lines {
        if line.is_empty() {
            blank = true;
            continue;
        }
        let (inset, bare) = without_bullet(line);
        let goes_on = !blank && inset == Inset::None && width.is_some_and(|w| is_full(last, line, w));
        if goes_on && let Some(unit) = units.last_mut() {
            unit.raw.push(' ');
            unit.raw.push_str(line);
        } else {
            units.push(Unit { line: number, raw: bare.to_owned(), inset });
        }
        blank = false;
        last = line;
    }
    units
}

/// A paragraph or line of the page.
pub(super) struct Unit {
    pub(super) line: usize,
    pub(super) raw: String,
    pub(super) inset: Inset,
}

impl Unit {
    pub(super) fn piece(&self) -> Option<Piece> {
        let piece = Piece::new(self.line, &without_marks(&self.raw))?;
        Some(Piece { inset: self.inset, ..piece })
    }
}

/// The width at which the text was broken; `None` where a line is a paragraph.
fn wrapped_at(lines: &[(usize, &str)]) -> Option<usize> {
    let lengths: Vec<usize> = lines.iter().map(|(_, l)| signs::length(l)).filter(|n| *n > 0).collect();
    let longest = lengths.iter().copied().max()?;
    if !(40..=WIDEST_WRAP).contains(&longest) {
        return None;
    }
    let mut full = 0;
    let mut pairs = 0;
    for pair in lines.windows(2) {
        if let [(_, a), (_, b)] = pair
            && !a.is_empty()
            && !b.is_empty()
        {
            pairs += 1;
            full += usize::from(is_full(a, b, longest) && !signs::ends_sentence(a));
        }
    }
    (full >= 3 && full * 2 >= pairs).then_some(longest)
}

/// True where the next line's first word would not have fitted any more.
fn is_full(line: &str, next: &str, width: usize) -> bool {
    let word = next.split_whitespace().next().map(signs::length).unwrap_or_default();
    signs::length(line) + 1 + word.min(20) + width / 8 > width && signs::length(line) * 10 > width * 6
}

fn without_bullet(line: &str) -> (Inset, &str) {
    for bullet in ["• ", "· ", "◦ ", "▪ ", "■ ", "● ", "‣ ", "* ", "- ", "– ", "o ", "•\t", "・", "‧ "]
    {
        if let Some(rest) = line.strip_prefix(bullet) {
            // A dash opens direct speech in many languages, and a sentence behind it is no list item.
            let speech = matches!(bullet, "– " | "- ") && signs::ends_sentence(rest);
            if !rest.trim().is_empty() && !speech && !(bullet == "* " && rest.trim_start().starts_with('*')) {
                return (Inset::Item, rest.trim());
            }
        }
    }
    (Inset::None, line)
}

/// Without footnote marks: `[1]`, `[a]` behind a word, and raised numbers.
fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '['
            && !out.is_empty()
            && let Some(end) = rest.find(']')
        {
            let inner = rest.get(1..end).unwrap_or_default();
            let number = !inner.is_empty() && inner.len() <= 3 && inner.bytes().all(|b| b.is_ascii_digit());
            let follows = out.chars().next_back().is_some_and(|b| !b.is_whitespace() || number);
            if follows
                && (number
                    || matches!(
                        words::fold(inner).as_str(),
                        "note 1" | "citation needed" | "a" | "b" | "edit" | "modifier" | "bearbeiten"
                    ))
            {
                rest = rest.get(end + 1..).unwrap_or_default();
                continue;
            }
        }
        if !(matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
            && out.chars().next_back().is_some_and(|b| matches!(b, '.' | ',' | '”' | '"' | ';' | ')' | '»')))
        {
            out.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}
