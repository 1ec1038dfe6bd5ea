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
    /// Its sentences.
    pub sentences: Vec<HeardSentence>,
}

/// One sentence in the recording.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HeardSentence {
    /// The words as written.
    pub text: String,
    /// Where it is read; `None` where it is not.
    pub span: Option<Span>,
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
