//! Headings and captions of a copied page: both are short lines without a full stop.
//!
//! What tells them apart: a heading is followed by text and stands alone; a caption names things without a verb or a
//! small word, repeats the beginning of other captions (the names that a site gives its pictures), or stands out from
//! the way in which the page's other headings are written.

use std::collections::BTreeMap;

use super::super::piece::{Inset, Piece, essence};
use super::super::{signs, words};
use crate::model::article::{Kind, Reason};

/// A heading has at most this length.
const LONGEST: usize = 130;

/// Marks headings, captions and list items among the pieces of the text.
pub(super) fn find(pieces: &mut [Piece]) {
    let candidates: Vec<usize> = (0..pieces.len()).filter(|at| is_candidate(pieces, *at)).collect();
    let captions = captions(pieces, &candidates);
    for at in &candidates {
        let is_caption = captions.contains(at);
        let next = next_open(pieces, *at);
        let next_is_candidate = next.is_some_and(|n| candidates.contains(&n));
        let next_is_text = next.is_some_and(|n| pieces.get(n).is_some_and(|p| !candidates.contains(&n) && is_text(p)));
        let Some(piece) = pieces.get_mut(*at) else { continue };
        if is_caption {
            piece.kind = Kind::Heading;
            piece.leave_out(Reason::Caption);
        } else if next_is_text || next_is_candidate && !in_run(&candidates, *at) {
            piece.kind = Kind::Heading;
        }
    }
}

fn is_text(piece: &Piece) -> bool {
    signs::is_prose(&piece.text)
        || signs::ends_sentence(&piece.text)
        || piece.inset == Inset::Item
        || piece.text.ends_with([':', '：'])
}

fn next_open(pieces: &[Piece], at: usize) -> Option<usize> {
    (at + 1..pieces.len()).find(|n| pieces.get(*n).is_some_and(Piece::is_open))
}

/// Three and more candidates in a row are a list.
fn in_run(candidates: &[usize], at: usize) -> bool {
    let has = |n: Option<usize>| n.is_some_and(|n| candidates.contains(&n));
    let (up, up2) = (has(at.checked_sub(1)), has(at.checked_sub(2)));
    let (down, down2) = (has(at.checked_add(1)), has(at.checked_add(2)));
    down && down2 || up && down || up && up2
}

/// A short line that does not end like a sentence, or a question that stands alone.
fn is_candidate(pieces: &[Piece], at: usize) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    let text = &piece.text;
    if !piece.is_open() || piece.inset != Inset::None || signs::length(text) > LONGEST || signs::word_count(text) > 16 {
        return false;
    }
    if text.ends_with([':', '：', ',', ';', '、', '-', '—'])
        || text.starts_with(['—', '–', '-'])
        || signs::sentences(text) > 0
    {
        return false;
    }
    let quoted = text.starts_with(['“', '"', '„', '«', '「']) && text.ends_with(['”', '"', '“', '»', '」']);
    if !signs::ends_sentence(text) || text.ends_with("...") && signs::word_count(text) < 8 {
        return !quoted || signs::word_count(text) <= 8;
    }
    // A question or a cry between paragraphs, of which the page has more; "Is it true?" answered by text.
    let asks = text.ends_with(['?', '？', '؟', '!', '！']) && !quoted;
    asks && pieces.get(at + 1).is_some_and(|n| signs::is_prose(&n.text) && !n.text.starts_with(['“', '"']))
        && others_ask(pieces, at)
}

fn others_ask(pieces: &[Piece], at: usize) -> bool {
    let lines = pieces
        .iter()
        .enumerate()
        .filter(|(n, p)| *n != at && p.is_open() && signs::length(&p.text) <= LONGEST && p.inset == Inset::None);
    let open = lines.filter(|(_, p)| {
        signs::sentences(&p.text) == 0
            && !signs::is_prose(&p.text)
            && (!signs::ends_sentence(&p.text) || p.text.ends_with(['?', '？', '؟']))
    });
    open.count() >= 1
}

/// Candidates that are the names or captions of pictures.
fn captions(pieces: &[Piece], candidates: &[usize]) -> Vec<usize> {
    let text = |at: &usize| pieces.get(*at).map(|p| p.text.as_str()).unwrap_or_default();
    let labels: Vec<usize> = candidates.iter().copied().filter(|at| is_label(text(at))).collect();
    let mut beginnings: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in &labels {
        let words: Vec<String> = essence(text(at)).split(' ').map(str::to_owned).collect();
        if words.len() >= 2
            && words.iter().all(|w| !w.chars().any(|c| c.is_numeric()))
            && let Some(start) = words.get(..(words.len() - 1).clamp(1, 2))
        {
            beginnings.entry(start.join(" ")).or_default().push(*at);
        }
    }
    let mut captions: Vec<usize> = beginnings
        .into_iter()
        .filter(|(start, members)| {
            members.len() >= 2 && (start.contains(' ') || members.len() >= 3) && members.len() < candidates.len()
        })
        .flat_map(|(_, members)| members)
        .collect();
    // Where the other headings are phrases, a bare name of things in the middle of a section is a caption if the text
    // around uses its very words.
    let phrases = candidates.len() - labels.len();
    if phrases >= 3 && labels.len() * 3 <= candidates.len() {
        captions
            .extend(labels.iter().copied().filter(|at| stands_between(pieces, *at) && names_what_is_near(pieces, *at)));
    }
    // A line that is followed by the credit of a picture.
    captions.extend(candidates.iter().copied().filter(|at| {
        let below = pieces.get(at + 1);
        below
            .is_some_and(|p| p.left_out == Some(Reason::Caption) && p.line == pieces.get(*at).map_or(0, |c| c.line) + 1)
    }));
    captions.sort_unstable();
    captions.dedup();
    captions
}

/// Names of things only: no small word, no mark, at most four words.
fn is_label(text: &str) -> bool {
    let folded = words::fold(text);
    let small = words::of("function_words");
    let parts: Vec<&str> = folded.split_whitespace().collect();
    (2..=4).contains(&parts.len())
        && !parts.iter().any(|w| small.has(w) || w.ends_with("'s") || w.ends_with("s'") || w.contains("n't"))
        && !text.contains([',', ':', ';', '—', '–', '?', '!', '“', '"', '’'])
        && text.chars().any(char::is_alphabetic)
        && !text.chars().any(words::is_unspaced)
        && !text.chars().all(|c| !c.is_lowercase())
}

/// Text directly above and below.
fn stands_between(pieces: &[Piece], at: usize) -> bool {
    let prose =
        |n: Option<usize>| n.and_then(|n| pieces.get(n)).is_some_and(|p| p.is_open() && signs::is_prose(&p.text));
    prose(at.checked_sub(1)) && prose(Some(at + 1))
}

/// All its words stand in the paragraph above.
fn names_what_is_near(pieces: &[Piece], at: usize) -> bool {
    let above = at.checked_sub(1).and_then(|n| pieces.get(n)).map(|p| essence(&p.text)).unwrap_or_default();
    let own = pieces.get(at).map(|p| essence(&p.text)).unwrap_or_default();
    own.split(' ').all(|w| {
        above.split(' ').any(|a| a == w || a.len() > 4 && w.len() > 4 && (a.starts_with(w) || w.starts_with(a)))
    })
}
