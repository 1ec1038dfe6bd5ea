//! The documents that other programs rely on: these structs are the contract, and the model may change under them.
//!
//! Fields are added and never renamed. What is absent is `null`, except in a finding, where `line`, `column`,
//! `time_seconds` and `help` are left out.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::Style;
use crate::model::audio::Recording;
use crate::model::finding::{Finding, Report};

mod from_model;
#[cfg(test)]
mod tests;

pub use from_model::{article, build, chapters, inspect, unsettled};

/// The version that every document carries.
pub const SCHEMA: u32 = 1;

/// Writes a document, indented and with a line end.
pub fn write(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)
}

/// Writes the document of `check`.
pub fn write_check(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    write(&CheckDocument::from(report), out)
}

/// Something that a rule found.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "finding")]
pub struct FindingRecord {
    /// The rule's id.
    pub rule: String,
    /// The rule's own severity, which never varies.
    pub severity: SeverityWord,
    /// What the rule is about.
    pub subject: SubjectWord,
    /// The file, relative to where the command ran.
    pub path: String,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// Column in characters, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The instant of the recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_seconds: Option<f64>,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What policy made of the severity; exit status and reports go by this.
    pub effective: SeverityWord,
}

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SeverityWord {
    /// Must be mended.
    Error,
    /// Should be mended.
    Warning,
    /// Good to know.
    Info,
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words are the documentation")]
pub enum SubjectWord {
    Article,
    Audio,
    Artwork,
    Chapters,
    Transcript,
    Show,
    Episode,
    Feed,
}

/// `check --format json`.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "check")]
pub struct CheckDocument {
    /// Version of this contract.
    pub schema: u32,
    /// What was found and is not allowed.
    pub findings: Vec<FindingRecord>,
    /// The findings counted by effective severity.
    pub summary: Summary,
}

/// Findings counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "the words are the documentation")]
pub struct Summary {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    /// What the publisher lives with; not listed.
    pub allowed: usize,
}

/// `inspect --format json`.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "inspect")]
pub struct InspectDocument {
    /// Version of this contract.
    pub schema: u32,
    /// One entry for each file, in the order given.
    pub files: Vec<FileRecord>,
}

/// One audio file. Everything but `path` and `findings` is null where the file cannot be read.
#[derive(Clone, PartialEq, Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "file")]
pub struct FileRecord {
    /// The file, relative to where the command ran.
    pub path: String,
    /// The wrapping: `mp3`, `mp4`, `adts`, `wav`, `aiff`, `flac`, `ogg`.
    pub container: Option<String>,
    /// What is inside: `mp3`, `aac-lc`, `he-aac`, `alac`, `flac`, `vorbis`, `opus`, `pcm-s16`, …
    pub codec: Option<String>,
    /// The type that it would be published under.
    pub media_type: Option<String>,
    /// Size of the file.
    pub size_bytes: Option<u64>,
    /// Sample frames per second.
    pub sample_rate: Option<u32>,
    /// Channels.
    pub channels: Option<u16>,
    /// Mean bits per second of the encoded audio, without tags.
    pub bit_rate: Option<u32>,
    /// What a gapless decoder plays.
    pub duration_seconds: Option<f64>,
    /// The same, exactly.
    pub duration_frames: Option<u64>,
    /// Null where the audio was not decoded or is silent.
    pub loudness: Option<LoudnessRecord>,
    /// Null where the audio was not decoded.
    pub silence: Option<SilenceRecord>,
    /// What headers and tags claim.
    pub claimed: ClaimedRecord,
    /// Text tags by their own names; several of one name are joined by `; `.
    pub tags: BTreeMap<String, String>,
    /// Chapters that the file carries.
    pub chapters: Vec<FileChapterRecord>,
    /// What is wrong with the file.
    pub findings: Vec<FindingRecord>,
}

/// Loudness by ITU-R BS.1770.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "loudness")]
pub struct LoudnessRecord {
    /// Integrated loudness in LUFS.
    pub integrated_lufs: f64,
    /// The highest inter-sample peak in dBTP; null for digital silence.
    pub true_peak_dbtp: Option<f64>,
    /// Loudness range in LU.
    pub loudness_range_lu: f64,
}

/// Where nothing is to be heard.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "silence")]
pub struct SilenceRecord {
    /// Before the first sound.
    pub leading_seconds: f64,
    /// After the last sound.
    pub trailing_seconds: f64,
    /// The longest pause between them.
    pub longest_seconds: f64,
}

/// What headers and tags claim; never used for anything that is published.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "claimed")]
pub struct ClaimedRecord {
    /// The length that a reader which trusts headers would show.
    pub duration_seconds: Option<f64>,
}

/// A chapter inside an audio file.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "file_chapter")]
pub struct FileChapterRecord {
    /// Where it starts.
    pub start_seconds: f64,
    /// Where it ends: as the file says, else where the next one starts.
    pub end_seconds: f64,
    /// The title as found.
    pub title: String,
}

/// One file for the document of `inspect`.
#[derive(Clone, Copy, Debug)]
pub struct Inspected<'a> {
    /// The file, relative to where the command ran.
    pub path: &'a Path,
    /// What was found; `None` where it cannot be read.
    pub recording: Option<&'a Recording>,
    /// What is wrong with it.
    pub findings: &'a [Finding],
}

/// `article --format json`.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "article_document")]
pub struct ArticleDocument {
    /// Version of this contract.
    pub schema: u32,
    /// What was understood.
    pub article: ArticleRecord,
}

/// An article as it was understood.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "article")]
pub struct ArticleRecord {
    /// The headline that a visitor sees.
    pub title: Option<String>,
    /// The standfirst.
    pub dek: Option<String>,
    /// Who wrote it, in page order.
    pub authors: Vec<String>,
    /// Everybody else with a role.
    pub credits: Vec<CreditRecord>,
    /// ISO 8601, no more precise than written.
    pub date: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// The lead image, as the page refers to it.
    pub image: Option<String>,
    /// What a narrator reads.
    pub sections: Vec<SectionRecord>,
    /// What a narrator does not read, with reasons.
    pub left_out: Vec<LeftOutRecord>,
}

/// Somebody with a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "credit")]
#[expect(missing_docs, reason = "the words are the documentation")]
pub struct CreditRecord {
    pub name: String,
    pub role: String,
}

/// A section.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "section")]
pub struct SectionRecord {
    /// Null for the introduction.
    pub heading: Option<String>,
    /// The paragraphs that a narrator reads.
    pub paragraphs: Vec<String>,
}

/// A line that a narrator does not read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "left_out")]
pub struct LeftOutRecord {
    /// Line of the file, from 1.
    pub line: usize,
    /// The text.
    pub text: String,
    /// Why, as a clause.
    pub reason: String,
}

/// `chapters --format json`.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "chapters")]
pub struct ChaptersDocument {
    /// Version of this contract.
    pub schema: u32,
    /// The episode, as the command was told of it.
    pub episode: String,
    /// Exact length of the recording; null where it cannot be read whole.
    pub duration_seconds: Option<f64>,
    /// Whether the recording is the article.
    pub recording: VerdictRecord,
    /// What is published.
    pub chapters: Vec<ChapterRecord>,
    /// Titles of sections that are not in the recording.
    pub missing: Vec<String>,
    /// What is in the recording and not in the article.
    pub extra: Vec<ExtraRecord>,
    /// The paragraphs and where they are read.
    pub paragraphs: Vec<ParagraphRecord>,
}

/// Whether the recording is the article.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "verdict")]
pub struct VerdictRecord {
    /// `this_article`, `partly`, `another` or `not_heard`.
    pub verdict: String,
    /// Share of the article's words that were heard; null where nobody listened.
    pub narrated_share: Option<f64>,
}

/// A chapter.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "chapter")]
pub struct ChapterRecord {
    /// The title in every carrier.
    pub title: String,
    /// What is published.
    pub start_seconds: f64,
    /// The first sound that was heard of the section.
    pub heard_seconds: Option<f64>,
    /// `explicit`, `parts`, `embedded` or `aligned`.
    pub source: String,
    /// 0 to 1.
    pub confidence: f64,
}

/// Something that the article does not have.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "extra")]
pub struct ExtraRecord {
    /// Where it begins.
    pub start_seconds: f64,
    /// Where it ends.
    pub end_seconds: f64,
    /// `speech`, `music` or `silence`.
    pub kind: String,
}

/// A paragraph of the article in the recording.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "paragraph")]
pub struct ParagraphRecord {
    /// The section, from 0, the introduction.
    pub section: usize,
    /// The words as written.
    pub text: String,
    /// Where it begins to be read; null where nobody listened or it is not read.
    pub start_seconds: Option<f64>,
    /// Where it ends.
    pub end_seconds: Option<f64>,
    /// False where the recording does not have it.
    pub narrated: bool,
}

/// `build --format json`.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "build")]
pub struct BuildDocument {
    /// Version of this contract.
    pub schema: u32,
    /// The feed file, relative to where the command ran; null where nothing was written.
    pub feed: Option<String>,
    /// Every episode that the feed has or had.
    pub episodes: Vec<BuiltRecord>,
    /// What was found and is not allowed.
    pub findings: Vec<FindingRecord>,
}

/// An episode of a build.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
#[schemars(rename = "built")]
pub struct BuiltRecord {
    /// Its folder.
    pub slug: String,
    /// Its identity.
    pub guid: String,
    /// Exact length; null where the episode is gone.
    pub duration_seconds: Option<f64>,
    /// How many chapters.
    pub chapters: usize,
    /// Size of the enclosure.
    pub enclosure_bytes: u64,
    /// True where nothing had to be made again.
    pub cached: bool,
    /// What changes for subscribers.
    pub change: ChangeWord,
}

/// What changes for subscribers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeWord {
    /// Nothing.
    None,
    /// The episode is new.
    New,
    /// Its title changes.
    Title,
    /// Its notes change.
    Notes,
    /// Its audio changes.
    Audio,
    /// It is taken down.
    Gone,
}

/// The JSON Schemas of all documents, by the command that prints them.
pub fn schemas() -> [(&'static str, schemars::Schema); 5] {
    [
        ("inspect", schemars::schema_for!(InspectDocument)),
        ("article", schemars::schema_for!(ArticleDocument)),
        ("chapters", schemars::schema_for!(ChaptersDocument)),
        ("check", schemars::schema_for!(CheckDocument)),
        ("build", schemars::schema_for!(BuildDocument)),
    ]
}
