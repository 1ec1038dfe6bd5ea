//! Sentences as slots of readings.

use unicode_normalization::UnicodeNormalization;

use super::tokens::{Token, tokens};
use super::{Diction, Reading, Slot, Tongue, latin, numbers, tables, words};

/// Initialisms are at most so long; longer words in capitals are words.
const LONGEST_INITIALISM: usize = 5;

/// Every place of a text that is said, in order.
pub fn slots(text: &str, diction: Diction<'_>) -> Vec<Slot> {
    let text = plain(text);
    let pieces = said_by_publisher(&text, diction);
    let caps = is_all_capitals(&text);
    Saying { pieces: &pieces, tongue: diction.tongue, caps, currency: None, out: Vec::new() }.run()
}

/// Composed letters, straight quotes, single blanks.
pub(super) fn plain(text: &str) -> String {
    let straight = text.nfc().filter(|c| *c != '\u{ad}').map(|c| match c {
        '’' | '‘' | 'ʼ' => '\'',
        '−' => '-',
        c => c,
    });
    straight.collect()
}

/// True for a heading that is set in capitals: its words are words, not initialisms.
fn is_all_capitals(text: &str) -> bool {
    let (mut letters, mut capitals) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        capitals += usize::from(c.is_uppercase());
    }
    capitals * 10 > letters * 7 && text.chars().count() > 6
}

/// The pieces of a text, with what the publisher says about words in their place.
fn said_by_publisher(text: &str, diction: Diction<'_>) -> Vec<Token> {
    let french = diction.tongue == Tongue::French;
    let cut = |text: &str| tokens(&latin::latin(text), french);
    let mut out = Vec::new();
    let mut rest = text;
    loop {
        let found = diction.pronounce.iter().filter_map(|(word, said)| Some((whole_word(rest, word)?, word, said)));
        // The first in the text; of two that begin there, the longer.
        let first = found.min_by_key(|(at, word, _)| (*at, std::cmp::Reverse(word.len())));
        let Some((at, word, said)) = first else { break };
        out.extend(cut(rest.get(..at).unwrap_or_default()));
        out.push(Token::Said(said.clone()));
        rest = rest.get(at + word.len()..).unwrap_or_default();
        if let Some(owned) = rest.strip_prefix("'s").filter(|r| !r.starts_with(char::is_alphanumeric)) {
            out.push(Token::Said("'s".into()));
            rest = owned;
        }
    }
    out.extend(cut(rest));
    out
}

fn whole_word(text: &str, word: &str) -> Option<usize> {
    if word.is_empty() {
        return None;
    }
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|t| t.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|t| t.chars().next());
        !inside(before) && !inside(after)
    })
}

struct Saying<'a> {
    pieces: &'a [Token],
    tongue: Tongue,
    caps: bool,
    /// A currency that is said behind the next word: `$3 billion`.
    currency: Option<&'static str>,
    out: Vec<Slot>,
}

impl Saying<'_> {
    fn run(mut self) -> Vec<Slot> {
        let mut at = 0;
        while let Some(piece) = self.pieces.get(at) {
            at += 1;
            match piece {
                Token::Said(said) => self.push(vec![words(&said.to_lowercase()).collect()]),
                Token::Word { text, pointed } => self.word(text, *pointed, at),
                // Elsewhere figures and signs are said in words that nobody here knows.
                _ if self.tongue == Tongue::Other => {}
                Token::Figure { american, currency, digits } => at += self.figure(*american, *currency, digits, at),
                Token::Minutes(minutes) => self.minutes(minutes),
                Token::Range => {
                    let to = if self.tongue == Tongue::French { "à" } else { "to" };
                    self.out.push(Slot::optional(vec![to.into()]));
                }
                Token::Sign(sign) => {
                    if let Some(said) = tables::sign(*sign, self.tongue) {
                        self.push(vec![words(said).collect()]);
                    } else if let Some(unit) = tables::currency(*sign, self.tongue) {
                        self.out.push(Slot::optional(vec![unit.into()]));
                    }
                }
            }
        }
        self.out
    }

    fn push(&mut self, readings: Vec<Reading>) {
        let mut kept: Vec<Reading> = Vec::new();
        for reading in readings {
            if !reading.is_empty() && !kept.contains(&reading) {
                kept.push(reading);
            }
        }
        if !kept.is_empty() {
            self.out.push(Slot::said(kept));
        }
    }

    fn next_word(&self, at: usize) -> Option<String> {
        match self.pieces.get(at) {
            Some(Token::Word { text, .. }) => Some(text.to_lowercase()),
            _ => None,
        }
    }

    /// Says a figure; how many of the pieces behind it belong to it.
    fn figure(&mut self, american: bool, currency: Option<char>, digits: &str, at: usize) -> usize {
        let tongue = self.tongue;
        let french = tongue == Tongue::French;
        let next = self.next_word(at).unwrap_or_default();
        let whole: Option<u64> = digits.replace(if french { '.' } else { ',' }, "").parse().ok();
        if american && !french {
            self.out.push(Slot::optional(words("you ess").collect()));
        }
        if let Some(n) = whole {
            let nth = match tongue {
                Tongue::French => matches!(next.as_str(), "er" | "ère" | "e" | "ème" | "ième" | "eme"),
                _ => matches!(next.as_str(), "st" | "nd" | "rd" | "th"),
            };
            if nth {
                let mut readings = vec![numbers::ordinal(n, tongue)];
                if french && n == 1 {
                    readings.push(vec!["première".into()]);
                }
                self.push(readings);
                return 1;
            }
            if !french && next == "s" && n % 10 == 0 && matches!(digits.len(), 2 | 4) {
                self.push(vec![if n < 100 { tens(n) } else { numbers::decade(n) }]);
                return 1;
            }
        }
        let mut readings = numbers::readings(digits, tongue);
        match currency.and_then(|c| tables::currency(c, tongue)) {
            Some(unit) if tables::is_scale(&next, tongue) => self.currency = Some(unit),
            Some(unit) => {
                readings.iter_mut().for_each(|r| r.push(unit.into()));
                if let Some((Ok(units), Ok(cents @ 1..))) = digits
                    .split_once('.')
                    .filter(|(_, cents)| !french && cents.len() == 2)
                    .map(|(units, cents)| (units.replace(',', "").parse::<u64>(), cents.parse::<u64>()))
                {
                    let (units, cents) = (numbers::cardinal(units, tongue), numbers::cardinal(cents, tongue));
                    let amount = |mid: &str, end: &str| {
                        let unit = words(unit).chain(words(mid)).collect();
                        [units.clone(), unit, cents.clone(), words(end).collect()].concat()
                    };
                    readings.splice(0..0, [amount("", ""), amount("and", "cents")]);
                }
            }
            None => {
                let before = match at.checked_sub(2).and_then(|b| self.pieces.get(b)) {
                    Some(Token::Word { text, .. }) => text.to_lowercase(),
                    _ => String::new(),
                };
                if let (false, Some(n @ 1..=31)) = (french, whole)
                    && (tables::is_month(&next) || tables::is_month(&before))
                {
                    let nth = numbers::ordinal(n, tongue);
                    let the = [vec!["the".to_owned()], nth.clone()].concat();
                    let of = [the.clone(), vec!["of".to_owned()]].concat();
                    readings.extend([nth, the, of]);
                }
            }
        }
        self.push(readings);
        0
    }

    fn minutes(&mut self, minutes: &str) {
        let french = self.tongue == Tongue::French;
        if french {
            self.push(vec![vec!["heures".into()]]);
        }
        match minutes.parse::<u64>() {
            Ok(0) if !french => self.out.push(Slot::optional(vec!["o'clock".into()])),
            Ok(0) | Err(_) => {}
            Ok(n) => {
                let said = numbers::cardinal(n, self.tongue);
                let oh = [vec!["oh".to_owned()], said.clone()].concat();
                self.push(if n < 10 && !french { vec![oh, said] } else { vec![said] });
            }
        }
    }

    fn word(&mut self, text: &str, pointed: bool, at: usize) {
        let tongue = self.tongue;
        let mut text = text;
        if tongue == Tongue::French && text.contains('\'') && !text.to_lowercase().starts_with("aujourd") {
            // Elision: l'ONU is l + ONU.
            while let Some((head, tail)) = text.split_once('\'') {
                self.push(vec![vec![format!("{}'", head.to_lowercase())]]);
                text = tail;
            }
        }
        let lower = text.to_lowercase();
        let count = text.chars().count();
        if tongue == Tongue::Other || count == 0 {
            self.push(vec![if lower.is_empty() { Vec::new() } else { vec![lower.replace('.', "")] }]);
            return;
        }
        let as_word = vec![lower.clone()];
        let capital = text.chars().all(|c| c.is_uppercase());
        let bare = text.strip_suffix("'s").unwrap_or(text);
        let short = (2..=LONGEST_INITIALISM).contains(&bare.chars().count());
        let initials = short && !self.caps && bare.chars().all(|c| c.is_ascii_uppercase());
        let plural = text.strip_suffix('s').filter(|t| {
            !self.caps && (2..=LONGEST_INITIALISM).contains(&t.len()) && t.chars().all(|c| c.is_ascii_uppercase())
        });
        let owned = |spelt: Reading| [spelt, vec!["'s".to_owned()]].concat();
        let number_sign = matches!(self.pieces.get(at), Some(Token::Figure { .. }));
        let readings = if bare.len() < text.len() && initials {
            vec![owned(self.spelt(bare)), as_word]
        } else if pointed && number_sign && lower == "no" && tongue == Tongue::English {
            vec![vec!["number".into()]]
        } else if let Some(long) = tables::long(&lower, pointed, tongue).filter(|_| pointed || !capital || self.caps) {
            vec![words(long).collect()]
        } else if text.contains('.') || (count == 1 && pointed && capital && !self.is_last(at)) {
            vec![self.spelt(text)]
        } else if capital && count > 1 && !self.caps {
            let mut readings = Vec::new();
            if let Some(n) = numbers::roman(text).filter(|_| text.chars().all(|c| "IVX".contains(c))) {
                let nth = numbers::ordinal(n, tongue);
                readings.push(numbers::cardinal(n, tongue));
                readings.push(if tongue == Tongue::English { [vec!["the".to_owned()], nth].concat() } else { nth });
            }
            if initials {
                readings.push(self.spelt(text));
            }
            readings.push(as_word);
            readings
        } else if let Some(stem) = plural {
            vec![owned(self.spelt(stem)), as_word]
        } else if self.caps && short && !lower.chars().any(|c| "aeiouyàâéèêîôû".contains(c)) {
            vec![self.spelt(text), as_word]
        } else if count == 1 && capital && !matches!(lower.as_str(), "i" | "a") && !self.caps {
            let mut readings = vec![self.spelt(text)];
            if !"aeiouyà".contains(lower.as_str()) {
                readings.push(as_word);
            }
            readings
        } else if count == 1 && "bcdfghjklmnpqrstvwxz".contains(lower.as_str()) {
            vec![self.spelt(text), as_word]
        } else {
            vec![as_word]
        };
        self.push(readings);
        if let Some(unit) = self.currency.take()
            && tables::is_scale(&lower, tongue)
        {
            self.out.push(Slot::optional(vec![unit.into()]));
        }
    }

    fn is_last(&self, at: usize) -> bool {
        at >= self.pieces.len()
    }

    fn spelt(&self, text: &str) -> Reading {
        text.chars().filter_map(|c| tables::letter(c, self.tongue)).map(str::to_owned).collect()
    }
}

/// `90s`, without a century.
fn tens(n: u64) -> Reading {
    let said = numbers::cardinal(n, Tongue::English);
    said.into_iter().map(|w| w.strip_suffix('y').map(|stem| format!("{stem}ies")).unwrap_or(w)).collect()
}
