//! The phrases of `words.txt`: what pages write around articles, in the languages that they are written in.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

/// The kinds of phrases, named as in `words.txt`.
static KINDS: LazyLock<BTreeMap<&'static str, Phrases>> = LazyLock::new(|| parse(include_str!("words.txt")));

/// What is answered for a kind that `words.txt` does not have.
static NONE: LazyLock<Phrases> = LazyLock::new(Phrases::default);

/// The most words that a phrase has; longer beginnings need not be looked up.
const LONGEST_PHRASE: usize = 8;

/// Phrases of one kind.
#[derive(Default)]
pub(super) struct Phrases {
    whole: HashSet<&'static str>,
    /// Those of scripts that put no blanks between words.
    unspaced: Vec<&'static str>,
    all: Vec<&'static str>,
}

/// The phrases of a kind.
pub(super) fn of(kind: &str) -> &'static Phrases {
    KINDS.get(kind).unwrap_or(&NONE)
}

/// Every role with its phrases.
pub(super) fn roles() -> impl Iterator<Item = (&'static str, &'static Phrases)> {
    KINDS.iter().filter_map(|(kind, phrases)| kind.strip_prefix("role ").map(|role| (role, phrases)))
}

impl Phrases {
    /// True where the folded text is one of the phrases.
    pub(super) fn has(&self, folded: &str) -> bool {
        self.whole.contains(folded)
    }

    /// Length in bytes of the longest phrase with which the folded text begins, at the end of a word.
    pub(super) fn begins(&self, folded: &str) -> Option<usize> {
        let mut longest = self.unspaced.iter().filter(|p| folded.starts_with(**p)).map(|p| p.len()).max();
        let ends = folded.char_indices().filter(|(_, c)| !is_word_char(*c)).map(|(at, _)| at);
        for end in ends.chain([folded.len()]).take(LONGEST_PHRASE * 2) {
            if folded.get(..end).is_some_and(|start| self.whole.contains(start)) {
                longest = longest.max(Some(end));
            }
        }
        longest.filter(|n| *n > 0)
    }

    /// How many different phrases stand in the folded text, wherever.
    pub(super) fn within(&self, folded: &str) -> usize {
        self.all.iter().filter(|p| folded.contains(**p)).count()
    }
}

/// A letter or digit, or an apostrophe inside a word.
pub(super) fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '\''
}

/// A character of a script that puts no blanks between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{0E00}'..='\u{0EFF}' | '\u{FF66}'..='\u{FF9D}')
}

/// Lower case with straight apostrophes and single blanks, without what stands around the words.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '’' | '‘' | 'ʼ' | '`' | '´' => out.push('\''),
            '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' => {}
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.extend(c.to_lowercase()),
        }
    }
    out.trim_matches(|c: char| !(is_word_char(c) || matches!(c, '©' | '[' | ']' | '(' | ')')) || c == '\'').to_owned()
}

fn parse(text: &'static str) -> BTreeMap<&'static str, Phrases> {
    let mut kinds: BTreeMap<&'static str, Phrases> = BTreeMap::new();
    let mut kind = "";
    for line in text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            kind = name;
            continue;
        }
        let phrases = kinds.entry(kind).or_default();
        for phrase in line.split('|').map(str::trim).filter(|p| !p.is_empty()) {
            phrases.whole.insert(phrase);
            phrases.all.push(phrase);
            if phrase.chars().any(is_unspaced) {
                phrases.unspaced.push(phrase);
            }
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_end_at_the_end_of_a_word() {
        let check = |text: &str, length: Option<usize>| {
            assert_eq!(of("writer").begins(&fold(text)), length, "{text:?}");
        };
        check("By Anna Berg", Some(2));
        check("Bystanders saw it", None);
        check("Written by Anna Berg", Some(10));
        check("文／山田", Some(3));
        check("", None);
    }

    #[test]
    fn every_kind_that_is_asked_for_has_phrases() {
        for kind in [
            "navigation",
            "meta",
            "counted",
            "comments",
            "networks",
            "more_from",
            "colophon",
            "appeal",
            "asking",
            "address",
            "related",
            "comment",
            "footnotes",
            "about_author",
            "labels",
            "picture",
            "agencies",
            "boilerplate",
            "embed",
            "writer",
            "and",
            "particles",
            "changed",
            "published",
            "copula",
            "function_words",
        ] {
            assert!(!of(kind).all.is_empty(), "{kind}");
        }
        assert!(roles().count() > 5);
    }
}
