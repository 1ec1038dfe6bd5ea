//! Bytes of an article, however it was saved, to the [`Article`] that a narrator reads.
//!
//! Three readers make one model: Markdown (which becomes HTML, line by line), HTML, and plain text as it was copied
//! off a web page. Every visible line of the source is in the blocks or in the metadata, with the reason why where it
//! is not read aloud.

mod body;
mod charset;
mod dates;
mod html;
mod language;
mod markdown;
mod people;
mod piece;
mod plain;
mod signs;
pub mod spoken;
mod unseen;
mod words;

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

use self::unseen::References;
use crate::model::article::{Article, Block, Flaw, FlawKind, Guess, Kind, Reason};

/// Files beyond this size are no articles.
const LARGEST: usize = 32 << 20;

/// A file that no article can be read from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Line of the file, from 1, where there is one to point at.
    pub line: Option<usize>,
    /// What is wrong, as a clause.
    pub message: String,
    /// What to do, as a sentence.
    pub help: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.message, self.help)
    }
}

/// Reads an article. The name's extension chooses the reader where it fits the content; a date at the beginning of the
/// name is the article's where the text has none.
///
/// # Errors
/// A file that is empty, too large, or no text.
pub fn read(name: &Path, bytes: &[u8]) -> Result<Article, Unreadable> {
    if bytes.len() > LARGEST {
        return Err(Unreadable {
            line: None,
            message: format!("the file has {} MB, more than an article can have", bytes.len() >> 20),
            help: "Give the article alone, without what its page embeds.".into(),
        });
    }
    let (mut text, broken) = charset::decode(bytes)?;
    // Word for the Mac saves text whose lines end in a carriage return alone.
    if !text.contains('\n') && text.contains('\r') {
        text = text.replace('\r', "\n");
    }
    if !text.chars().any(|c| !c.is_whitespace()) {
        return Err(Unreadable {
            line: None,
            message: "the file is empty".into(),
            help: "Put the text of the article into it.".into(),
        });
    }
    let (mut article, references) = match reader_for(name, &text) {
        Reader::Html => (html::read(&text), References::Read),
        Reader::Markdown => (markdown::read(&text), References::Read),
        Reader::Plain => (plain::read(&text), References::Plain),
    };
    article.problems.extend(unseen::dropped(&text, references));
    if article.date.is_none() {
        article.date = date_of_name(name);
    }
    if let Some(line) = broken {
        let message = "there are bytes here that are no text; a character is lost".into();
        article.problems.push(Flaw { line, kind: FlawKind::Unreadable, message });
    }
    Ok(article)
}

/// Applies `left_out` and `narrated` of `episode.toml`; the lines that match nothing in the article come back.
///
/// A line matches the block of the same words; a line of at least three words also a block that begins with it.
pub fn overrule(mut article: Article, left_out: &[String], narrated: &[String]) -> (Article, Vec<String>) {
    let mut unmatched = Vec::new();
    for line in left_out {
        let found = matching(&article.blocks, line);
        if found.is_empty() {
            unmatched.push(line.clone());
        }
        for at in found {
            if let Some(block) = article.blocks.get_mut(at) {
                block.guess = Guess::LeftOut(Reason::Publisher);
            }
        }
    }
    for line in narrated {
        let found = matching(&article.blocks, line);
        if found.is_empty() {
            unmatched.push(line.clone());
        }
        for at in found {
            if let Some(block) = article.blocks.get_mut(at) {
                block.guess = Guess::Narrated;
                if matches!(block.kind, Kind::Title | Kind::Dek)
                    && article.title.as_deref() != Some(&block.text)
                    && article.dek.as_deref() != Some(&block.text)
                {
                    block.kind = Kind::Paragraph;
                }
            }
        }
    }
    (article, unmatched)
}

fn matching(blocks: &[Block], line: &str) -> Vec<usize> {
    let wanted = piece::essence(line);
    if wanted.is_empty() {
        return Vec::new();
    }
    let texts: Vec<String> = blocks.iter().map(|b| piece::essence(&b.text)).collect();
    let whole: Vec<usize> = texts.iter().enumerate().filter(|(_, t)| **t == wanted).map(|(at, _)| at).collect();
    if !whole.is_empty() || wanted.split(' ').count() < 3 && wanted.chars().count() < 8 {
        return whole;
    }
    texts.iter().enumerate().filter(|(_, t)| t.starts_with(&wanted)).map(|(at, _)| at).collect()
}

enum Reader {
    Html,
    Markdown,
    Plain,
}

fn reader_for(name: &Path, text: &str) -> Reader {
    let extension = name.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" | "xhtml" | "shtml" => Reader::Html,
        "md" | "markdown" | "mdx" | "mkd" | "qmd" | "mdoc" => Reader::Markdown,
        _ if looks_like_html(text) => Reader::Html,
        _ if looks_like_markdown(text) => Reader::Markdown,
        _ => Reader::Plain,
    }
}

fn looks_like_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(600).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<?xml", "<head", "<body", "<article"].iter().any(|start| head.starts_with(start))
        || head.contains("<html")
}

/// Front matter, or headings behind number signs.
fn looks_like_markdown(text: &str) -> bool {
    let mut lines = text.trim_start().lines();
    if matches!(lines.next().map(str::trim_end), Some("---" | "+++")) {
        return lines.take(200).any(|l| matches!(l.trim_end(), "---" | "+++" | "..."));
    }
    text.lines().take(2000).filter(|l| l.trim_start_matches('#').starts_with(' ') && l.starts_with('#')).count() >= 2
}

fn date_of_name(name: &Path) -> Option<crate::model::date::WrittenDate> {
    let stem = name.file_stem()?.to_str()?;
    let mut parts = stem.splitn(4, ['-', '_']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || month.len() > 2 || day.len() > 2 || ![year, month, day].into_iter().all(digits) {
        return None;
    }
    dates::read(&format!("{year}-{month:0>2}-{day:0>2}"))
}

/// The words of what is read, for telling the language.
fn prose(blocks: &[Block]) -> String {
    let read = blocks.iter().filter(|b| b.guess == Guess::Narrated && b.kind != Kind::Title);
    let mut text = String::new();
    for block in read {
        text.push_str(&block.text);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_may_end_as_on_an_old_mac() {
        let text = "The Mill\r\rIt turned in the wind for ninety years.\r\rThe wheel\r\rThen the wheel broke, and nobody came.\r";
        let mac = read(Path::new("article.txt"), text.as_bytes()).expect("a text");
        let unix = read(Path::new("article.txt"), text.replace('\r', "\n").as_bytes()).expect("a text");
        assert_eq!(mac, unix);
        assert_eq!(mac.title.as_deref(), Some("The Mill"));
    }
}
