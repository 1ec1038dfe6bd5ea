//! What was heard, and what is true after settling: the one value that everything below `settle` sees.

use serde::{Deserialize, Serialize};

use super::chapter::{ChapterList, Confidence};
use super::time::Timestamp;

/// A stretch of the recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Span {
    /// The first sound.
    pub start: Timestamp,
    /// The end of the last sound.
    pub end: Timestamp,
}

/// Whether the recording is the article.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Verdict {
    /// The article, read whole or nearly so.
    ThisArticle,
    /// Parts of the article.
    Partly,
    /// Something else.
    Another,
    /// Nobody listened, or listening could not tell.
    NotHeard,
}

impl Verdict {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::ThisArticle => "this_article",
            Self::Partly => "partly",
            Self::Another => "another",
            Self::NotHeard => "not_heard",
        }
    }
}

/// What the aligner says of a recording beside an article.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Heard {
    /// Whether it is the article.
    pub verdict: Verdict,
    /// Share of the article's words that were heard, 0 to 1.
    pub narrated_share: f32,
    /// How it was listened to, for the report: `English`, `general letter table`, `pauses alone`.
    pub method: String,
    /// One entry for each block that was looked for, in article order.
    pub blocks: Vec<HeardBlock>,
    /// What is in the recording and not in the article.
    pub extra: Vec<Extra>,
}

/// One block of the article in the recording.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HeardBlock {
    /// Index into `Article::blocks`.
    pub block: usize,
    /// Where it is read; `None` where it is not.
    pub span: Option<Span>,
    /// How sure it is that the block is read (or, without a span, that it is not).
    pub confidence: Confidence,
    /// What speaks against the start of the section that it opens.
    pub doubt: Option<Doubt>,
    /// Its sentences.
    pub sentences: Vec<HeardSentence>,
}

/// Why the start of a section is less than sure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Doubt {
    /// Its heading is not heard; it begins with its first sentence.
    NoHeading,
    /// Where the heading is due, something else of its length is said.
    Reworded,
    /// The heading is said more than once.
    SaidAgain,
    /// It begins in the middle of speech, without a pause.
    NoPause,
    /// Its first sentences are not heard either.
    Late,
    /// Before it something is said that is not in the article.
    Stray,
    /// It is read in another order than the article's.
    Elsewhere,
    /// What is heard resembles the words only roughly.
    Faint,
    /// Nobody can follow the words: only pauses and lengths were used.
    PausesAlone,
}

impl Doubt {
    /// The reason as a clause.
    pub fn clause(self) -> &'static str {
        match self {
            Self::NoHeading => "its heading is not heard",
            Self::Reworded => "its heading seems to be said in other words",
            Self::SaidAgain => "its heading is said more than once",
            Self::NoPause => "no pause stands before it",
            Self::Late => "its first sentences are not heard",
            Self::Stray => "something is said before it that is not in the article",
            Self::Elsewhere => "it is read in another order than in the article",
            Self::Faint => "what is heard fits its words only roughly",
            Self::PausesAlone => "only pauses and lengths were used",
        }
    }
}

/// One sentence in the recording.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HeardSentence {
    /// The words as written.
    pub text: String,
    /// Where it is read; `None` where it is not.
    pub span: Option<Span>,
    /// Its words in order, as far as they are heard; empty where only its beginning and end are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<HeardWord>,
}

impl HeardSentence {
    /// A sentence that is not heard.
    pub fn unheard(text: &str) -> Self {
        Self { text: text.to_owned(), span: None, words: Vec::new() }
    }
}

/// One word of a sentence, as it is written: from one blank to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeardWord {
    /// Letters and digits of the sentence before it, as [`letters`] counts them.
    pub letters: u32,
    /// Where it is said.
    pub span: Span,
}

/// Letters and digits of a text: what blanks, signs and line breaks do not change.
pub fn letters(text: &str) -> u32 {
    text.chars().map(|c| u32::from(c.is_alphanumeric())).sum()
}

/// Something in the recording that the article does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Extra {
    /// Where.
    pub span: Span,
    /// Of which kind.
    pub kind: ExtraKind,
}

/// Kinds of sound that are not the article.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum ExtraKind {
    /// Somebody speaks.
    Speech,
    /// Music, noise, a jingle.
    Music,
    /// Nothing.
    Silence,
}

impl ExtraKind {
    /// The word that reports use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Music => "music",
            Self::Silence => "silence",
        }
    }
}

/// What is true of an episode after settling.
#[derive(Clone, PartialEq, Debug)]
pub struct Script {
    /// The episode's title.
    pub title: String,
    /// The one list that every carrier is written from; `None` where the recording is another article, or where marks
    /// that were given make no list (rules judge those).
    pub chapters: Option<ChapterList>,
    /// Whether the recording is the article.
    pub verdict: Verdict,
    /// How it was listened to; `None` where nobody listened.
    pub method: Option<String>,
    /// Share of the article's words that were heard; `None` where nobody listened.
    pub narrated_share: Option<f32>,
    /// Title, headings and paragraphs in article order.
    pub passages: Vec<Passage>,
    /// Titles of the sections that are not in the recording.
    pub missing: Vec<String>,
    /// What speaks against the heard start of a section, by section.
    pub doubts: Vec<(usize, Doubt)>,
    /// What is in the recording and not in the article.
    pub extra: Vec<Extra>,
}

/// A title, heading or paragraph of the settled article.
#[derive(Clone, PartialEq, Debug)]
pub struct Passage {
    /// Section, counted from 0.
    pub section: usize,
    /// What it is.
    pub role: Role,
    /// The words as written.
    pub text: String,
    /// Where it is read, as far as anybody listened.
    pub span: Option<Span>,
    /// False where the recording does not have it.
    pub narrated: bool,
    /// Its sentences with their places, as far as anybody listened.
    pub sentences: Vec<HeardSentence>,
}

/// What a passage is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// The headline.
    Title,
    /// The standfirst.
    Dek,
    /// A section's heading.
    Heading,
    /// A paragraph.
    Paragraph,
}
