//! A unit of a page while it is being judged: what all readers make, and what becomes a [`Block`].

use crate::model::article::{Block, Guess, Kind, Reason};
use crate::model::text::Line;

/// A line, paragraph or heading of a page with what is known of it so far.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Piece {
    pub(super) line: usize,
    pub(super) text: String,
    /// Level of a heading, where the markup says that it is one.
    pub(super) level: Option<u8>,
    /// Share of the text that is links, 0 to 100.
    pub(super) linked: usize,
    /// A list item or part of a block quote.
    pub(super) inset: Inset,
    /// All of it is bold or all of it is italic.
    pub(super) stressed: bool,
    pub(super) kind: Kind,
    pub(super) left_out: Option<Reason>,
    /// The fragment that leads to it, where the markup names one.
    pub(super) anchor: Option<String>,
}

/// What a piece stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Inset {
    /// Nothing.
    #[default]
    None,
    /// A list.
    Item,
    /// A block quote.
    Quote,
}

impl Piece {
    /// A piece of cleaned text that is taken for a paragraph; `None` where nothing is left of the text.
    pub(super) fn new(line: usize, text: &str) -> Option<Self> {
        let text = clean(text);
        (!text.is_empty()).then_some(Self {
            line,
            text,
            level: None,
            linked: 0,
            inset: Inset::None,
            stressed: false,
            kind: Kind::Paragraph,
            left_out: None,
            anchor: None,
        })
    }

    pub(super) fn is_open(&self) -> bool {
        self.left_out.is_none()
    }

    /// A paragraph that is read so far.
    pub(super) fn is_paragraph(&self) -> bool {
        self.is_open() && self.kind == Kind::Paragraph
    }

    pub(super) fn leave_out(&mut self, reason: Reason) {
        if self.left_out.is_none() {
            self.left_out = Some(reason);
        }
    }
}

impl From<Piece> for Block {
    fn from(piece: Piece) -> Self {
        let guess = match piece.left_out {
            Some(reason) => Guess::LeftOut(reason),
            None => Guess::Narrated,
        };
        Self { line: piece.line, text: piece.text, kind: piece.kind, guess, anchor: piece.anchor }
    }
}

/// One line without invisible characters; fixed spaces stay only where French punctuation wants them.
pub(super) fn clean(text: &str) -> String {
    let line = Line::new(text);
    let chars: Vec<char> = line.as_str().chars().filter(|c| !matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}')).collect();
    let mut out = String::with_capacity(line.as_str().len());
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|n| chars.get(n));
        let after = chars.get(at + 1);
        let french = matches!(after, Some('?' | '!' | ';' | ':' | '»' | '%' | '€')) || matches!(before, Some('«'));
        match c {
            '\u{A0}' | '\u{202F}' if !french => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            ' ' if out.ends_with(' ') => {}
            c => out.push(*c),
        }
    }
    out.trim().to_owned()
}

/// Words alone, for telling repetitions: lower case, no marks.
pub(super) fn essence(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
