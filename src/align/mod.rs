//! Article + what was heard of the recording → [`Heard`]: where each block is read, if it is; what is extra; whether
//! it is this article at all.
//!
//! ```text
//! units      the article in units: title, headings, sentences
//! lexicon    their words as sounds, with what is in doubt kept in doubt
//! model      the recording as how well each class of sounds fits, every fiftieth of a second
//! search     the best path through all units, with pauses, gaps and what is left out
//! place      each unit by itself: its words, and how much better it fits than its sounds in reverse
//! seams      the pause between two units, where the path left it within one
//! sections   where each section starts, and how sure that is
//! stray      what the article reader left out, and the narrator reads
//! verdict    what is said of all that
//! ```

mod elsewhere;
mod fit;
mod graph;
mod headings;
mod lexicon;
mod model;
mod pauses;
mod place;
mod reading;
mod seams;
mod search;
mod sections;
mod stray;
mod units;
mod verdict;
mod weights;

use self::fit::Ear;
use self::graph::Lengths;
use self::model::Scores;
use self::reading::Reading;
use self::sections::{Sections, decide};
use self::units::Units;

use crate::article::spoken::{Diction, Tongue, is_silent_script};
use crate::model::article::{Article, Guess};
use crate::model::audio::Features;
use crate::model::script::{Heard, Verdict};
use crate::model::time::Duration;

/// Which way of listening this is: raised with every change of what [`align`] gives, so that nobody takes what an
/// older one heard for what this one hears.
pub const METHOD: u32 = 4;

/// What is listened for.
#[derive(Clone, Copy, Debug)]
pub struct Task<'a> {
    /// The article, with the publisher's `left_out` and `narrated` lines applied.
    pub article: &'a Article,
    /// Its language, BCP 47, where the publisher says it; else the article's own.
    pub language: Option<&'a str>,
    /// How words are said, by word.
    pub pronounce: &'a [(String, String)],
    /// The exact length of the recording.
    pub duration: Duration,
}

/// Finds an article in a recording.
pub fn align(task: Task<'_>, features: &Features) -> Heard {
    align_and_weigh(task, features).0
}

/// As [`align`], and how much better the recording fits the article than chance does, in nepers for each step of
/// speech: from 0.35 on it is the article.
pub fn align_and_weigh(task: Task<'_>, features: &Features) -> (Heard, f64) {
    let tongue = Tongue::of(task.language.or(task.article.language.as_deref()));
    let diction = Diction { tongue, pronounce: task.pronounce };
    let units = Units::of(task.article, diction);
    let method = match tongue {
        Tongue::English => "English",
        Tongue::French => "French",
        Tongue::Other => "general letter table",
    };
    if units.blocks.is_empty() || features.is_empty() {
        let heard = Heard {
            verdict: Verdict::NotHeard,
            narrated_share: 0.0,
            method: method.to_owned(),
            blocks: Vec::new(),
            extra: Vec::new(),
        };
        return (heard, 0.0);
    }
    if units.graph.units.is_empty() || is_silent_script(&text_of(task.article)) {
        return (pauses::spread(&units, features, task.duration), 0.0);
    }
    let lengths = Lengths::read();
    let scores = model::listen(features);
    let (reading, sections) = judge(&units, Ear { scores: &scores, lengths: &lengths });
    if sections.is_refused()
        && let Some(within) = elsewhere::narrow(&reading)
    {
        // Perhaps the article is a small part of what is heard.
        let only: Scores = scores.only(within);
        let (reading, sections) = judge(&units, Ear { scores: &only, lengths: &lengths });
        if !sections.is_refused() {
            return tell(task, diction, &units, &reading, &sections, method);
        }
    }
    tell(task, diction, &units, &reading, &sections, method)
}

fn tell(
    task: Task<'_>,
    diction: Diction<'_>,
    units: &Units,
    reading: &Reading<'_>,
    sections: &Sections,
    method: &str,
) -> (Heard, f64) {
    let strays = match sections.is_refused() {
        true => Vec::new(),
        false => stray::strays(task.article, diction, reading, units),
    };
    (verdict::heard(reading, sections, units, &strays, task.duration, method), sections.margin)
}

/// Everything that a narrator reads.
fn text_of(article: &Article) -> String {
    let read = article.blocks.iter().filter(|b| b.guess == Guess::Narrated);
    read.map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// How often sections are looked for in another order.
const ROUNDS: usize = 3;

fn judge<'a>(units: &'a Units, ear: Ear<'a>) -> (Reading<'a>, Sections) {
    let mut reading = Reading::new(&units.graph, &units.parts, ear);
    let mut sections = decide(&mut reading);
    for _ in 0..ROUNDS {
        if !elsewhere::rescue(&mut reading, &sections) {
            break;
        }
        sections = decide(&mut reading);
    }
    (reading, sections)
}
