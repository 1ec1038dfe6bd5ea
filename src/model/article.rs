//! An article as it was understood: every block of the page in order, each with a guess whether a narrator reads it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::date::WrittenDate;

/// One article. What is absent on the page is absent here; nothing is made up.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Article {
    /// The headline a visitor sees, without the site's name.
    pub title: Option<String>,
    /// The standfirst that is seen under the headline.
    pub dek: Option<String>,
    /// Who wrote it, in page order; names only.
    pub authors: Vec<String>,
    /// Everybody else who is named with a role: illustrator, translator, editor, narrator.
    pub credits: Vec<Credit>,
    /// The day it was written or published, never the modified or the copyright date.
    pub date: Option<WrittenDate>,
    /// BCP 47; a region only if the page states one. The text's own language, also against the page's claim.
    pub language: Option<String>,
    /// The lead image, as the page refers to it.
    pub image: Option<String>,
    /// Where the page itself says it lives (`canonical`, front matter `url` or `link`).
    pub link: Option<String>,
    /// `false` where structured data says that the text is behind a paywall.
    pub free: Option<bool>,
    /// `true` where front matter says `draft: true` or `published: false`.
    pub draft: bool,
    /// Every block in page order.
    pub blocks: Vec<Block>,
    /// Places that the reader could not make sense of; the article is what is left.
    pub problems: Vec<Flaw>,
}

/// A heading, a paragraph, or anything else that stands as a unit on the page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Line of the source file on which the block begins, from 1.
    pub line: usize,
    /// The text as it would be read: no markup, single blanks. Never empty.
    pub text: String,
    /// What it is on the page.
    pub kind: Kind,
    /// Whether a narrator reads it.
    pub guess: Guess,
    /// Where on its page a heading can be linked to: the fragment, as the markup names it.
    pub anchor: Option<String>,
}

/// What a block is on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Kind {
    /// The headline.
    Title,
    /// The standfirst.
    Dek,
    /// Begins a section of its own.
    Heading,
    /// Spoken text; deeper headings, list items and paragraphs of block quotes too.
    Paragraph,
}

/// The reader's guess, which evidence from the recording may overrule in `settle`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Guess {
    /// A narrator reads it.
    Narrated,
    /// A narrator does not read it.
    LeftOut(Reason),
}

/// Why a block is not part of the spoken article.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Reason {
    /// "By …": taken as authors.
    Byline,
    /// A date line: taken as the date.
    Dateline,
    /// Somebody with a role: taken as a credit.
    Credit,
    /// The words under a picture.
    Caption,
    /// The name of an image, or its alternative text.
    Image,
    /// Asks for money, membership, subscription or sharing.
    Appeal,
    /// A link to somewhere else, a menu, a button.
    Navigation,
    /// A teaser of another article.
    Related,
    /// Repeats a sentence of the body in large letters.
    PullQuote,
    /// Rows and columns.
    Table,
    /// Program text, formulas.
    Code,
    /// A note at the foot of the page, or a list of sources.
    Footnote,
    /// A reader's comment.
    Comment,
    /// Who the author is.
    Biography,
    /// Section label above the headline, tags, categories.
    Label,
    /// The name of the site, copyright, imprint, legal lines.
    Boilerplate,
    /// A share bar, a reading time, a count of anything.
    Meta,
    /// An embedded post, video, form or advertisement.
    Embed,
    /// Not visible on the page.
    Hidden,
    /// Only a separator or ornament.
    Ornament,
    /// The standfirst or headline once more.
    Repeated,
    /// What the publisher listed under `left_out`.
    Publisher,
    /// Listening found that it is not in the recording.
    NotHeard,
    /// Stands behind the end of the article.
    AfterEnd,
    /// Stands before the beginning of the article.
    BeforeBegin,
}

impl Reason {
    /// The reason as a clause: "… was left out because it is ___".
    pub fn clause(self) -> &'static str {
        match self {
            Self::Byline => "a byline, read as the authors",
            Self::Dateline => "a date line, read as the date",
            Self::Credit => "a credit, read as such",
            Self::Caption => "a caption of a picture",
            Self::Image => "a picture or its alternative text",
            Self::Appeal => "an appeal to readers",
            Self::Navigation => "navigation or a button",
            Self::Related => "a link to another article",
            Self::PullQuote => "a pull quote that repeats the text",
            Self::Table => "a table",
            Self::Code => "program text or a formula",
            Self::Footnote => "a footnote or a source",
            Self::Comment => "a comment",
            Self::Biography => "a note on the author",
            Self::Label => "a label or tag",
            Self::Boilerplate => "a line of the site, not of the article",
            Self::Meta => "a reading time, a count or a share bar",
            Self::Embed => "something embedded from elsewhere",
            Self::Hidden => "not visible on the page",
            Self::Ornament => "a separator",
            Self::Repeated => "a repetition of the title or standfirst",
            Self::Publisher => "listed under left_out in episode.toml",
            Self::NotHeard => "not in the recording",
            Self::AfterEnd => "after the end of the article",
            Self::BeforeBegin => "before the beginning of the article",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.clause())
    }
}

/// A person with a role other than author.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Credit {
    /// The name as written.
    pub name: String,
    /// The role in English, lower case: `illustrator`, `translator`, `photographer`, `editor`, `narrator`, …
    pub role: String,
}

/// A place in the file that could not be understood.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Flaw {
    /// Which kind, and so which rule.
    pub kind: FlawKind,
    /// Line of the source file, from 1.
    pub line: usize,
    /// What is wrong there, as a sentence.
    pub message: String,
}

/// Kinds of places that could not be understood.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum FlawKind {
    /// Bytes that are no text, front matter that is none: something of the article is lost.
    Unreadable,
    /// Characters that nobody sees and that are not published.
    Unseen,
    /// A heading without any text.
    HeadingEmpty,
    /// A heading two or more levels below the one before.
    HeadingSkip,
}

/// A view of the narrated blocks: a heading and its paragraphs. The introduction has no heading.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section<'a> {
    /// The heading block; `None` for the introduction.
    pub heading: Option<BlockAt<'a>>,
    /// The narrated paragraphs in order.
    pub paragraphs: Vec<BlockAt<'a>>,
}

/// A block with its index in [`Article::blocks`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlockAt<'a> {
    /// Index into [`Article::blocks`].
    pub index: usize,
    /// The block.
    pub block: &'a Block,
}

impl Article {
    /// The sections that a narrator reads, in order. Section 0 is the introduction where text precedes the first
    /// heading; otherwise section 0 is the first heading's.
    pub fn sections(&self) -> Vec<Section<'_>> {
        let mut sections: Vec<Section<'_>> = Vec::new();
        for (index, block) in self.blocks.iter().enumerate() {
            if block.guess != Guess::Narrated {
                continue;
            }
            let at = BlockAt { index, block };
            match block.kind {
                Kind::Title | Kind::Dek => {}
                Kind::Heading => sections.push(Section { heading: Some(at), paragraphs: Vec::new() }),
                Kind::Paragraph => match sections.last_mut() {
                    Some(section) => section.paragraphs.push(at),
                    None => sections.push(Section { heading: None, paragraphs: vec![at] }),
                },
            }
        }
        sections
    }

    /// The blocks that were left out, with their reasons, in page order.
    pub fn left_out(&self) -> impl Iterator<Item = (&Block, Reason)> {
        self.blocks.iter().filter_map(|block| match block.guess {
            Guess::LeftOut(reason) => Some((block, reason)),
            Guess::Narrated => None,
        })
    }

    /// True where there is at least one narrated paragraph.
    pub fn has_prose(&self) -> bool {
        self.blocks.iter().any(|b| b.kind == Kind::Paragraph && b.guess == Guess::Narrated)
    }
}
