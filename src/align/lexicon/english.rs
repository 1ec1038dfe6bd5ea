//! English words: those that a letter net gets wrong by a list, all others by the net.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Position, Sound, learned, letters};
use crate::align::{model, weights};

/// Letters to either side that the net sees.
const CONTEXT: usize = 4;
/// A choice counts from this share on; leaving a letter silent from that one.
const COUNTS: f32 = 0.06;
const SILENT: f32 = 0.08;
/// A letter that is silent may sound all the same from this share on.
const MAY_SOUND: f32 = 0.15;
/// Emissions that are looked at.
const BEST: usize = 6;

static NET: LazyLock<LetterNet> = LazyLock::new(LetterNet::read);

/// How a word sounds.
pub(super) fn say(word: &str) -> Vec<Position> {
    let net = &*NET;
    if let Some(classes) = net.exceptions.get(word) {
        return classes.split_whitespace().filter_map(learned).collect();
    }
    let folded = net.fold(word);
    if folded.len() * 5 < word.chars().count() * 3 {
        return letters::say(word);
    }
    net.say(&folded)
}

struct LetterNet {
    alphabet: Vec<char>,
    hidden: usize,
    /// By place, letter and hidden unit.
    seen: Vec<f32>,
    seen_bias: Vec<f32>,
    /// By hidden unit and emission.
    said: Vec<f32>,
    said_bias: Vec<f32>,
    emissions: Vec<Vec<u8>>,
    exceptions: BTreeMap<&'static str, &'static str>,
}

impl LetterNet {
    fn read() -> Self {
        let scaled = |table: &str| {
            let scale = weights::exact(&format!("english.s{table}")).first().copied().unwrap_or(0.0);
            weights::small(&format!("english.{table}")).iter().map(|w| w * scale).collect::<Vec<f32>>()
        };
        let classes = |line: &str| line.split_whitespace().filter_map(model::class).collect();
        let seen_bias = weights::exact("english.b");
        Self {
            alphabet: weights::text("english.letters").chars().collect(),
            hidden: seen_bias.len(),
            seen: scaled("e"),
            seen_bias,
            said: scaled("o"),
            said_bias: weights::exact("english.c"),
            // The first line may be empty: nothing is said.
            emissions: weights::text("english.emissions").split('\n').map(classes).collect(),
            exceptions: weights::text("english.exceptions").lines().filter_map(|l| l.split_once('\t')).collect(),
        }
    }

    /// Places in the alphabet from 1 on; marks on letters are dropped.
    fn fold(&self, word: &str) -> Vec<usize> {
        let place = |c: char| self.alphabet.iter().position(|a| *a == c).map(|i| i + 1);
        let mut out = Vec::new();
        for letter in word.chars() {
            match place(letter) {
                Some(at) => out.push(at),
                None if u32::from(letter) < 0x250 => {
                    let plain = deunicode::deunicode_char(letter).unwrap_or_default().to_lowercase();
                    out.extend(plain.chars().filter_map(place));
                }
                None => {}
            }
        }
        out
    }

    fn say(&self, word: &[usize]) -> Vec<Position> {
        let mut out = Vec::new();
        for at in 0..word.len() {
            let shares = self.shares(word, at);
            let mut ranked: Vec<(&[u8], f32)> = self.emissions.iter().map(Vec::as_slice).zip(shares).collect();
            ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
            ranked.truncate(BEST);
            positions(&ranked, &mut out);
        }
        out
    }

    /// The share of each emission for a letter of a word.
    fn shares(&self, word: &[usize], at: usize) -> Vec<f32> {
        let letters = self.alphabet.len() + 1;
        let mut hidden = self.seen_bias.clone();
        for place in 0..=2 * CONTEXT {
            let letter = (at + place).checked_sub(CONTEXT).and_then(|i| word.get(i)).copied().unwrap_or(0);
            let row = (place * letters + letter) * self.hidden;
            for (h, w) in hidden.iter_mut().zip(self.seen.iter().skip(row)) {
                *h += w;
            }
        }
        let mut out = self.said_bias.clone();
        let width = out.len().max(1);
        for (h, row) in hidden.iter().zip(self.said.chunks_exact(width)) {
            for (o, w) in out.iter_mut().zip(row) {
                *o += h.max(0.0) * w;
            }
        }
        let best = out.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        out.iter_mut().for_each(|o| *o = (*o - best).exp());
        let all: f32 = out.iter().sum();
        out.iter_mut().for_each(|o| *o /= all);
        out
    }
}

/// What a letter adds to the chain, from its best emissions with their shares.
fn positions(ranked: &[(&[u8], f32)], out: &mut Vec<Position>) {
    let Some((best, best_share)) = ranked.first() else { return };
    let share = |length: usize| -> f32 { ranked.iter().filter(|(e, _)| e.len() == length).map(|(_, p)| p).sum() };
    let single = |least: f32| -> Vec<(u8, f32)> {
        let fits = ranked.iter().filter(|(e, p)| e.len() == 1 && *p > least);
        fits.filter_map(|(e, p)| Some((*e.first()?, *p))).take(3).collect()
    };
    match best.len() {
        0 => out.extend(doubtful(&single(MAY_SOUND), Some(-share(0).max(0.05).ln()))),
        1 => {
            let silent = share(0);
            out.extend(doubtful(&single(COUNTS), (silent > SILENT).then(|| -silent.ln())));
        }
        length => {
            let shorter: f32 = ranked.iter().filter(|(e, _)| e.len() < length).map(|(_, p)| p).sum();
            for (place, class) in best.iter().enumerate() {
                let mut choices = vec![(*class, *best_share)];
                let mut add = |class: u8, p: f32| match choices.iter_mut().find(|(c, _)| *c == class) {
                    Some((_, sum)) => *sum += p,
                    None => choices.push((class, p)),
                };
                for (emission, p) in ranked.iter().skip(1).filter(|(_, p)| *p > COUNTS) {
                    match (emission.get(place), emission.len()) {
                        (Some(class), n) if n == length => add(*class, *p),
                        (Some(class), 1) if place == 0 => add(*class, *p),
                        _ => {}
                    }
                }
                choices.sort_by(|a, b| b.1.total_cmp(&a.1));
                out.extend(doubtful(&choices, (place > 0 && shorter > SILENT).then(|| -shorter.ln())));
            }
        }
    }
}

/// A position whose choices cost as much as they are unlikely.
fn doubtful(choices: &[(u8, f32)], absent: Option<f32>) -> Option<Position> {
    let all: f32 = choices.iter().map(|(_, p)| p).sum();
    let sounds: Vec<Sound> =
        choices.iter().take(3).map(|(class, p)| Sound { class: *class, cost: -(p / all).ln() }).collect();
    Position::new(&sounds, absent)
}
