//! An article as units that can be looked for.

use super::graph::{Graph, Text};
use super::lexicon::Lexicon;
use crate::article::spoken::{Diction, sentences};
use crate::model::article::{Article, Block, Guess, Kind};

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
    /// Its sentences, with their units; `None` where nothing of one can be heard.
    pub sentences: Vec<(String, Option<usize>)>,
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
                own.push((text, is_heard.then_some(number)));
            }
            let is_body = block.kind == Kind::Paragraph;
            units.blocks.push(BlockUnits { block: index, is_heading, is_body, sentences: own });
        }
        units
    }
}
