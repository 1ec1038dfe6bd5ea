//! `article`: what is understood of an article, and each line that was left out with its reason.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Format, Session, Status, shown};
use crate::article;
use crate::error::Error;
use crate::model::article::Article;
use crate::model::finding::ProblemKind;
use crate::report::json;
use crate::sources;

/// Show what is understood of an article: its sections, and each line that is left out and why
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  listen-now article episodes/harbour/article.md
  curl -s https://pages.example/harbour | listen-now article - --format json")]
pub struct Command {
    /// The files or episode folders: Markdown, HTML, or plain text as copied off a page; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// The longest article that is read; the longest real pages are a tenth of it.
pub(super) const LONGEST_ARTICLE: u64 = 32 << 20;

impl Command {
    pub(super) fn run(&self, session: &Session) -> Result<Status, Error> {
        let mut status = Status::Fine;
        let mut documents = Vec::new();
        let mut pages = Vec::new();
        for file in &self.files {
            let file = &article_of(file)?;
            let path = if file.as_os_str() == "-" { PathBuf::from("standard input") } else { shown(file) };
            match article::read(file, &bytes(file)?) {
                Ok(article) => {
                    documents.push(json::article(&article));
                    pages.push(page(&article));
                }
                Err(unreadable) => {
                    let error = Error::new(unreadable.message).at(&path).help(unreadable.help);
                    session.note(&error.to_string());
                    status = Status::Findings;
                }
            }
        }
        match self.format {
            Format::Text => session.print(&pages.join("\n"))?,
            Format::Json => match documents.as_slice() {
                [one] if self.files.len() == 1 => session.print_json(one)?,
                [] if self.files.len() == 1 => {
                    session.print_json(&serde_json::json!({ "schema": json::SCHEMA, "article": null }))?;
                }
                several => session.print_json(&serde_json::json!({
                    "schema": json::SCHEMA,
                    "articles": several.iter().map(|d| &d.article).collect::<Vec<_>>(),
                }))?,
            },
        }
        Ok(status)
    }
}

/// The article that a path means: itself, or the one of an episode folder.
fn article_of(path: &Path) -> Result<PathBuf, Error> {
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let source = sources::episode(path, sources::Links::Refuse);
    source.article.ok_or_else(|| {
        let why = source
            .problems
            .iter()
            .find(|p| matches!(p.kind, ProblemKind::ArticleMissing | ProblemKind::ArticleAmbiguous));
        let error = Error::new("there is no one article in this folder").at(shown(path));
        match why {
            Some(problem) => error.because(problem.message.clone()),
            None => error,
        }
    })
}

fn bytes(file: &Path) -> Result<Vec<u8>, Error> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(LONGEST_ARTICLE + 1).read_to_end(&mut bytes);
        let length = read.map_err(|e| Error::io("it cannot be read", "standard input", &e))?;
        if length as u64 > LONGEST_ARTICLE {
            return Err(Error::new("this is far too large for an article").at("standard input"));
        }
        return Ok(bytes);
    }
    sources::read_bounded(file, LONGEST_ARTICLE).map_err(|e| Error::new(e.message).at(shown(file)))
}

/// What a person reads of one article.
fn page(article: &Article) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<10} {value}");
    };
    row("title", article.title.as_deref().unwrap_or("(none found)"));
    if let Some(dek) = &article.dek {
        row("dek", dek);
    }
    if !article.authors.is_empty() {
        row("by", &article.authors.join(", "));
    }
    for credit in &article.credits {
        row("credit", &format!("{} ({})", credit.name, credit.role));
    }
    row("date", &article.date.map_or("(none found)".to_owned(), |d| d.to_string()));
    row("language", article.language.as_deref().unwrap_or("(not recognised)"));
    if let Some(image) = &article.image {
        row("image", image);
    }
    if let Some(link) = &article.link {
        row("link", link);
    }
    let _ = writeln!(text, "\nRead aloud:");
    for (number, section) in article.sections().iter().enumerate() {
        let heading = section.heading.map_or("(introduction)", |h| h.block.text.as_str());
        let words: usize = section.paragraphs.iter().map(|p| p.block.text.split_whitespace().count()).sum();
        let line = section.heading.or(section.paragraphs.first().copied()).map_or(0, |b| b.block.line);
        let count = section.paragraphs.len();
        let paragraphs = if count == 1 { "paragraph" } else { "paragraphs" };
        let _ = writeln!(text, "  {number:>2}  line {line:<5} {heading}  ({count} {paragraphs}, {words} words)");
    }
    if article.left_out().next().is_some() {
        let _ = writeln!(text, "\nLeft out:");
    }
    for (block, reason) in article.left_out() {
        let _ = writeln!(text, "  line {:<5} {}  — {reason}", block.line, shortened(&block.text));
    }
    for flaw in &article.problems {
        let _ = writeln!(text, "\nline {}: {}", flaw.line, flaw.message);
    }
    text
}

fn shortened(line: &str) -> String {
    const LONGEST: usize = 60;
    match line.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", line.split_at(cut).0),
        None => line.to_owned(),
    }
}
