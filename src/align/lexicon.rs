//! Words → chains of sounds, with what is in doubt kept in doubt.
//!
//! English has a letter net (learned from the CMU dictionary) and forms by hand, French has rules; any other language
//! is read by what its letters usually sound like.

mod english;
mod forms;
mod french;
mod letters;

use std::collections::BTreeMap;

use super::model;
use crate::article::spoken::{PAUSE, Tongue};

/// A class of sounds, and what taking it costs.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Sound {
    /// Its number.
    pub class: u8,
    /// In nepers.
    pub cost: f32,
}

/// One place in the chain of a word.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Position {
    /// What may sound there, the likeliest first; repeated where there are fewer than three.
    pub sounds: [Sound; 3],
    /// What it costs if nothing sounds there; `None` where something must.
    pub absent: Option<f32>,
}

impl Position {
    /// `None` without any sound.
    fn new(sounds: &[Sound], absent: Option<f32>) -> Option<Self> {
        let first = *sounds.first()?;
        let at = |i: usize| sounds.get(i).copied().unwrap_or(first);
        Some(Self { sounds: [first, at(1), at(2)], absent })
    }
}

/// A second choice of a form.
const SECOND: f32 = 0.2;
/// Leaving out what a form marks as optional.
const LEFT_OUT: f32 = 0.7;
/// A class that is near the one that was learned.
const NEAR_COST: f32 = 0.6;

/// The words of one language.
pub(super) struct Lexicon {
    tongue: Tongue,
    forms: BTreeMap<&'static str, &'static str>,
    known: BTreeMap<String, Vec<Position>>,
}

impl Lexicon {
    pub(super) fn new(tongue: Tongue) -> Self {
        let forms = match tongue {
            Tongue::English => forms::ENGLISH,
            Tongue::French => forms::FRENCH,
            Tongue::Other => &[],
        };
        Self { tongue, forms: forms.iter().copied().collect(), known: BTreeMap::new() }
    }

    /// How a word sounds; nothing where no letter of it can be read.
    pub(super) fn say(&mut self, word: &str) -> &[Position] {
        if !self.known.contains_key(word) {
            let said = self.look_up(word);
            self.known.insert(word.to_owned(), said);
        }
        self.known.get(word).map(Vec::as_slice).unwrap_or_default()
    }

    fn look_up(&self, word: &str) -> Vec<Position> {
        if word == PAUSE {
            let sound = |class: usize| Sound { class: u8::try_from(class).unwrap_or(0), cost: 0.0 };
            return Position::new(&[sound(model::PAUSE), sound(model::MUSIC)], Some(0.0)).into_iter().collect();
        }
        if let Some(form) = self.forms.get(word) {
            return written(form);
        }
        match self.tongue {
            Tongue::English => english::say(word),
            Tongue::French => french::say(word),
            Tongue::Other => letters::say(word),
        }
    }
}

/// A chain as the tables write it: `dh @|i`, `k o (U)`.
fn written(form: &str) -> Vec<Position> {
    form.split_whitespace().filter_map(place).collect()
}

fn place(text: &str) -> Option<Position> {
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    let names = inner.unwrap_or(text).split('|').take(3).enumerate();
    let sounds: Vec<Sound> = names
        .filter_map(|(i, name)| Some(Sound { class: model::class(name)?, cost: if i == 0 { 0.0 } else { SECOND } }))
        .collect();
    Position::new(&sounds, inner.map(|_| LEFT_OUT))
}

/// A class that was learned, and the classes that voices take for it.
fn learned(name: &str) -> Option<Position> {
    let near = forms::NEAR.iter().find(|(class, _)| *class == name).map(|(_, near)| *near).unwrap_or_default();
    let mut sounds = vec![Sound { class: model::class(name)?, cost: 0.0 }];
    sounds.extend(
        near.split_whitespace().take(2).filter_map(|n| Some(Sound { class: model::class(n)?, cost: NEAR_COST })),
    );
    Position::new(&sounds, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First choices; optional ones in brackets.
    fn shown(tongue: Tongue, word: &str) -> String {
        let mut lexicon = Lexicon::new(tongue);
        let name = |p: &Position| {
            let name = model::NAMES[usize::from(p.sounds[0].class)];
            if p.absent.is_some() { format!("({name})") } else { name.to_owned() }
        };
        lexicon.say(word).iter().map(name).collect::<Vec<_>>().join(" ")
    }

    fn check(tongue: Tongue, word: &str, expected: &str) {
        assert_eq!(shown(tongue, word), expected, "{word}");
    }

    #[test]
    fn every_form_names_classes_that_there_are() {
        let tables = [forms::ENGLISH, forms::FRENCH, forms::ANY].concat();
        for (word, form) in tables {
            assert_eq!(written(form).len(), form.split_whitespace().count(), "{word}: {form}");
            let names = form.split([' ', '|']).map(|n| n.trim_matches(['(', ')']));
            names.for_each(|n| assert!(model::class(n).is_some(), "{word}: {n}"));
        }
    }

    #[test]
    fn english_words() {
        check(Tongue::English, "and", "a n (d)");
        check(Tongue::English, "construction", "k @ n s t r @ k sh @ n");
        check(Tongue::English, "money", "m @ n i");
        check(Tongue::English, "leash", "l i sh");
        assert_eq!(shown(Tongue::English, "_"), "(SIL)");
    }

    #[test]
    fn french_words() {
        check(Tongue::French, "maison", "m E z on");
        check(Tongue::French, "chat", "sh a (t)");
        check(Tongue::French, "beaucoup", "b o k u (p)");
        check(Tongue::French, "montagne", "m on t a n j (oe)");
        check(Tongue::French, "famille", "f a m i j (oe)");
        check(Tongue::French, "nation", "n a s j on");
        check(Tongue::French, "garçon", "g a R s on");
        check(Tongue::French, "quinze", "k in z (oe)");
        check(Tongue::French, "année", "a n e (oe)");
        check(Tongue::French, "oiseaux", "w a z o (z)");
        check(Tongue::French, "parler", "p a R l e (R)");
        check(Tongue::French, "fille", "f i j (oe)");
        check(Tongue::French, "soleil", "s O l E j");
        check(Tongue::French, "enfants", "an f an (z)");
    }

    #[test]
    fn any_other_word() {
        check(Tongue::Other, "abaana", "a b a n a");
        check(Tongue::Other, "schön", "sh oe n");
        check(Tongue::Other, "s~l~am~", "s (a) l (a) a m (a)");
        check(Tongue::Other, "!", "");
    }
}
