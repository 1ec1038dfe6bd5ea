//! An article as units that can be looked for.

use std::ops::Range;

use super::fit::Fit;
use super::graph::{Graph, Text};
use super::lexicon::Lexicon;
use crate::article::spoken::{Diction, sentences};
use crate::model::article::{Article, Block, Guess, Kind};
use crate::model::script;

/// The blocks of an article, and their units in the graph.
#[derive(Default)]
pub(super) struct Units {
    pub graph: Graph,
    /// The part of the article that each unit belongs to: 0 before the first heading.
    pub parts: Vec<usize>,
    pub blocks: Vec<BlockUnits>,
}

/// One block that is looked for.
pub(super) struct BlockUnits {
    /// Its index in the article.
    pub block: usize,
    /// Title or heading.
    pub is_heading: bool,
    /// A paragraph: what a narrator reads in any case. Headline, standfirst and headings are often only seen.
    pub is_body: bool,
    pub sentences: Vec<Sentence>,
}

/// A title, a heading, or a sentence of a paragraph.
pub(super) struct Sentence {
    /// As written.
    pub text: String,
    /// Its unit in the graph; `None` where nothing of it can be heard.
    pub unit: Option<usize>,
    /// For each word of the unit: the letters and digits before the written word that it belongs to.
    pub letters: Vec<u32>,
}

/// Where a sentence is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said {
    /// From its first step to its last.
    pub steps: Range<usize>,
    /// Its words as they are written: letters and digits before each, and its steps.
    pub words: Vec<(u32, Range<usize>)>,
}

impl Sentence {
    /// Where it is said, as its unit was fitted.
    pub(super) fn said(&self, fit: &Fit) -> Said {
        let mut words: Vec<(u32, Range<usize>)> = Vec::new();
        for (number, steps) in &fit.words {
            let Some(letters) = self.letters.get(*number) else { continue };
            match words.last_mut() {
                Some((same, whole)) if same == letters => whole.end = steps.end,
                _ => words.push((*letters, steps.clone())),
            }
        }
        Said { steps: fit.steps.clone(), words }
    }
}

/// What is longer is not said in the longest stretch that a unit is looked for in.
const LONGEST: usize = 4_000;

/// For each word of a unit, the letters before the written word that it belongs to: as many words are said up to a
/// blank as the text before that blank has. Nothing for a text of endless length.
fn letters(text: Text<'_>, diction: Diction<'_>, lexicon: &mut Lexicon) -> Vec<u32> {
    let (Text::Heading(whole) | Text::Sentence(whole)) = text;
    if whole.len() > LONGEST {
        return Vec::new();
    }
    let mut letters = Vec::new();
    let (mut before, mut from) = (0, 0);
    for written in whole.split_inclusive(char::is_whitespace) {
        from += written.len();
        let until = whole.get(..from).unwrap_or(whole);
        let said = match text {
            Text::Heading(_) => Text::Heading(until),
            Text::Sentence(_) => Text::Sentence(until),
        };
        let said = said.words(diction, lexicon);
        letters.resize(said.max(letters.len()), before);
        before += script::letters(written);
    }
    letters
}

impl Units {
    /// Everything that a narrator reads.
    pub(super) fn of(article: &Article, diction: Diction<'_>) -> Self {
        Self::lines(article, diction, |_, block| block.guess == Guess::Narrated)
    }

    /// The blocks that are chosen, by index and content.
    pub(super) fn lines(article: &Article, diction: Diction<'_>, chosen: impl Fn(usize, &Block) -> bool) -> Self {
        let mut lexicon = Lexicon::new(diction.tongue);
        let mut units = Self::default();
        let mut part = 0;
        for (index, block) in article.blocks.iter().enumerate().filter(|(index, block)| chosen(*index, block)) {
            if block.kind == Kind::Heading {
                part += 1;
            }
            let is_heading = matches!(block.kind, Kind::Title | Kind::Heading);
            let texts = if is_heading { vec![block.text.clone()] } else { sentences(&block.text) };
            let mut own = Vec::new();
            for text in texts {
                let unit = if is_heading { Text::Heading(&text) } else { Text::Sentence(&text) };
                let number = units.graph.units.len();
                let is_heard = units.graph.add(unit, diction, &mut lexicon);
                if is_heard {
                    units.parts.push(part);
                }
                let letters = letters(unit, diction, &mut lexicon);
                own.push(Sentence { unit: is_heard.then_some(number), letters, text });
            }
            let is_body = block.kind == Kind::Paragraph;
            units.blocks.push(BlockUnits { block: index, is_heading, is_body, sentences: own });
        }
        units
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::spoken::Tongue;

    /// For each word that is said, the written word that it belongs to.
    fn check(text: Text<'_>, tongue: Tongue, expected: &str) {
        let diction = Diction { tongue, pronounce: &[] };
        let mut lexicon = Lexicon::new(tongue);
        let (Text::Heading(whole) | Text::Sentence(whole)) = text;
        let letters = letters(text, diction, &mut lexicon);
        assert_eq!(letters.len(), text.words(diction, &mut lexicon), "{whole}");
        let written = |before: u32| {
            let mut seen = 0;
            let word = whole.split_whitespace().find(|word| {
                let begins = seen == before && word.contains(char::is_alphanumeric);
                seen += script::letters(word);
                begins
            });
            word.unwrap_or("?")
        };
        assert_eq!(letters.into_iter().map(written).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn every_word_that_is_said_belongs_to_one_that_is_written() {
        let en = |text, expected| check(Text::Sentence(text), Tongue::English, expected);
        en("Each pilot — they knew it — waited.", "Each pilot they knew it waited.");
        en(
            "The UN's 50-60% in well-known cases.",
            "The UN's 50-60% 50-60% 50-60% 50-60% in well-known well-known cases.",
        );
        en("“Dr. Smith (U.S.) paid $3 at 10:30 on May 3rd.”", "“Dr. Smith (U.S.) paid $3 at 10:30 10:30 on May 3rd.”");
        check(
            Text::Sentence("L'ONU et la S.N.C.F. à 10h30"),
            Tongue::French,
            "L'ONU L'ONU et la S.N.C.F. à 10h30 10h30 10h30",
        );
        check(Text::Sentence("Привет, 20 мир"), Tongue::Other, "Привет, мир");
        check(Text::Heading("2. The Money"), Tongue::English, "2. Money");
        check(Text::Heading("CHAPTER II"), Tongue::English, "CHAPTER");
    }

    #[test]
    fn a_text_without_end_has_no_words_of_its_own() {
        let diction = Diction { tongue: Tongue::English, pronounce: &[] };
        let endless = "so and ".repeat(LONGEST);
        assert!(letters(Text::Sentence(&endless), diction, &mut Lexicon::new(Tongue::English)).is_empty());
    }
}
