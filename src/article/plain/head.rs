//! The head of a copied page: title, standfirst, people and date, before the text begins.

use super::super::piece::{Piece, essence};
use super::super::{body, dates, people, signs};
use crate::model::article::{Article, Kind, Reason};

/// From this length on a paragraph is text, not a standfirst.
const LONGEST_DEK: usize = 420;

/// Reads the head into the article and marks its pieces; returns where the text begins.
pub(super) fn read(pieces: &mut [Piece], article: &mut Article) -> usize {
    let limit = first_long_prose(pieces);
    for piece in pieces.iter_mut().take(limit) {
        if let Some(reason) = signs::furniture(&piece.text) {
            piece.leave_out(reason);
        }
    }
    let facts = facts(pieces, limit, article);
    let title = title(pieces, limit, facts);
    let Some(title) = title else { return limit };
    for piece in pieces.iter_mut().take(title) {
        if piece.is_open() {
            piece.leave_out(if signs::word_count(&piece.text) <= 3 { Reason::Label } else { Reason::BeforeBegin });
        }
    }
    if let Some(piece) = pieces.get_mut(title) {
        piece.kind = Kind::Title;
        article.title = Some(piece.text.clone());
    }
    repeated(pieces, title, limit);
    let begin = begin(pieces, title, limit);
    dek(pieces, title, begin, article);
    titles_of_people(pieces, title, begin);
    begin
}

/// The first unit that can be nothing but text: long, or two prose units in a row, or prose behind which no head follows.
fn first_long_prose(pieces: &[Piece]) -> usize {
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let is_long = signs::length(&piece.text) >= LONGEST_DEK || signs::sentences(&piece.text) >= 3;
        if signs::is_prose(&piece.text) && people::line(&piece.text).is_none() {
            let next = pieces.get(at + 1);
            let followed = next.is_some_and(|n| signs::is_prose(&n.text) && people::line(&n.text).is_none());
            let head_follows = pieces
                .iter()
                .skip(at + 1)
                .take(8)
                .take_while(|p| !signs::is_prose(&p.text) || people::line(&p.text).is_some())
                .any(is_fact);
            if is_long
                || followed && at > 0 && !head_follows
                || followed && at > 3
                || !head_follows && at > 0 && !followed && is_after_fact(pieces, at)
            {
                return at;
            }
            if at > 0 && !head_follows {
                // The standfirst may be this one; the text is the next.
                return at + usize::from(followed);
            }
        }
        at += 1;
        if at > 60 {
            break;
        }
    }
    pieces.iter().position(|p| signs::is_prose(&p.text)).unwrap_or(pieces.len().min(1))
}

fn is_fact(piece: &Piece) -> bool {
    people::line(&piece.text).is_some()
        || people::is_empty_byline(&piece.text)
        || dates::whole_line(&piece.text).is_some()
}

fn is_after_fact(pieces: &[Piece], at: usize) -> bool {
    pieces.iter().take(at).any(is_fact)
}

/// Bylines, credits and dates of the head; returns the first of them.
fn facts(pieces: &mut [Piece], limit: usize, article: &mut Article) -> Option<usize> {
    let mut first = None;
    for (at, piece) in pieces.iter_mut().enumerate().take(limit) {
        if signs::length(&piece.text) > 240 || matches!(piece.left_out, Some(Reason::Related | Reason::Appeal)) {
            continue;
        }
        if people::is_empty_byline(&piece.text) {
            piece.left_out = Some(Reason::Byline);
        } else if let Some(people) = people::line(&piece.text) {
            piece.left_out = Some(if people.authors.is_empty() { Reason::Credit } else { Reason::Byline });
            if article.date.is_none() {
                article.date = dates::find(&piece.text).map(|f| f.date);
            }
            body::join(article, people);
        } else if let Some(date) = dates::whole_line(&piece.text) {
            piece.left_out = Some(Reason::Dateline);
            article.date = article.date.or(Some(date));
        } else if let Some(found) = dates::find(&piece.text)
            && !signs::is_prose(&piece.text)
            && at > 0
            && signs::length(&piece.text) < 120
            && !signs::ends_sentence(&piece.text)
        {
            // "Anna Berg | 3 March 2024", "Oslo, 3 March 2024": a name before the date wrote it.
            let name = piece.text.get(..found.start).unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
            if people::is_name(name) && name.split_whitespace().count() >= 2 && article.authors.is_empty() {
                article.authors = people::names(name);
                piece.left_out = Some(Reason::Byline);
            } else {
                piece.left_out = Some(Reason::Dateline);
            }
            article.date = article.date.or(Some(found.date));
        } else {
            continue;
        }
        first = first.or(Some(at));
    }
    first
}

/// The unit that is most like a headline.
fn title(pieces: &[Piece], limit: usize, facts: Option<usize>) -> Option<usize> {
    let mut best: Option<(i32, usize)> = None;
    let owners: Vec<String> =
        pieces.iter().filter(|p| names_owner(&p.text)).map(|p| format!(" {} ", essence(&p.text))).collect();
    let open: Vec<usize> = (0..limit.max(1)).filter(|at| pieces.get(*at).is_some_and(Piece::is_open)).collect();
    for (order, at) in open.iter().enumerate() {
        let Some(piece) = pieces.get(*at) else { continue };
        let text = &piece.text;
        let count = signs::word_count(text);
        let length = signs::length(text);
        if length > 260 {
            continue;
        }
        let mut score = 0;
        score += if (12..=140).contains(&length) { 4 } else { -2 };
        score += if count >= 3 || text.chars().any(super::super::words::is_unspaced) && length >= 12 { 4 } else { 0 };
        score -= if text.ends_with(['.', '。']) && !text.ends_with("...") { 5 } else { 0 };
        score -= if signs::sentences(text) > 0 && signs::is_prose(text) { 4 } else { 0 };
        score -= i32::try_from(order).unwrap_or(9).min(9) * 2;
        if facts.is_some_and(|f| *at > f) {
            score -= 3;
        }
        // The name of the site stands in its imprint again, and the menu below it.
        let own = format!(" {} ", essence(text));
        let menu = pieces.get(at + 1).is_some_and(|n| n.left_out == Some(Reason::Navigation));
        if count <= 5 && owners.iter().any(|o| o.contains(&own)) {
            score -= 8;
        } else if menu && !text.contains(['?', ',']) && count <= 4 {
            score -= 3;
        }
        score += if pieces.get(at + 1).is_some_and(is_fact) { 2 } else { 0 };
        let next = open.get(order + 1).and_then(|n| pieces.get(*n));
        if next.is_some_and(|n| signs::ends_sentence(&n.text) && signs::length(&n.text) > length) || next.is_none() {
            score += 2;
        }
        let twin = essence(text);
        if count >= 3 && pieces.iter().take(limit).filter(|p| essence(&p.text) == twin).count() > 1 {
            score += 4;
        }
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, *at));
        }
    }
    best.filter(|(score, _)| *score > -2).map(|(_, at)| at)
}

/// A line with the name of who owns the page: "© 2024 The Mill".
fn names_owner(text: &str) -> bool {
    signs::length(text) < 200 && (text.contains('©') || text.to_lowercase().starts_with("copyright"))
}

fn repeated(pieces: &mut [Piece], title: usize, limit: usize) {
    let Some(text) = pieces.get(title).map(|p| essence(&p.text)) else { return };
    for (at, piece) in pieces.iter_mut().enumerate().take(limit) {
        if at != title && essence(&piece.text) == text {
            piece.left_out = Some(Reason::Repeated);
        }
    }
}

/// Where the text begins: behind the last fact or furniture of the head.
fn begin(pieces: &[Piece], title: usize, limit: usize) -> usize {
    let last = (title + 1..limit)
        .rev()
        .find(|at| pieces.get(*at).is_some_and(|p| !p.is_open() && p.left_out != Some(Reason::Ornament)));
    match last {
        Some(at) => at + 1,
        None => title + 1,
    }
}

/// The standfirst: sentences or a line between the title and the rest of the head.
fn dek(pieces: &mut [Piece], title: usize, begin: usize, article: &mut Article) {
    let between: Vec<usize> = (title + 1..begin).filter(|at| pieces.get(*at).is_some_and(Piece::is_open)).collect();
    let is_dek = |piece: &Piece| {
        let length = signs::length(&piece.text);
        (signs::word_count(&piece.text) >= 4 || length >= 24) && length <= LONGEST_DEK && !people::is_name(&piece.text)
    };
    let mut chosen = between.iter().copied().find(|at| pieces.get(*at).is_some_and(is_dek));
    // Without any fact below the title: a line without a full stop, longer than a heading, before the text.
    if chosen.is_none()
        && begin == title + 1
        && let (Some(line), Some(next)) = (pieces.get(begin), pieces.get(begin + 1))
    {
        let long = signs::word_count(&line.text) >= 8 || signs::length(&line.text) >= 60;
        if line.is_open()
            && long
            && !signs::ends_sentence(&line.text)
            && signs::length(&line.text) <= 200
            && signs::is_prose(&next.text)
        {
            chosen = Some(begin);
        }
    }
    if let Some(piece) = chosen.and_then(|at| pieces.get_mut(at)) {
        piece.kind = Kind::Dek;
        article.dek = Some(piece.text.clone());
    }
    for at in between.into_iter().filter(|at| Some(*at) != chosen) {
        if let Some(piece) = pieces.get_mut(at) {
            let reason = if people::is_name(&piece.text) { Reason::Byline } else { Reason::Caption };
            if reason == Reason::Byline && article.authors.is_empty() && piece.text.split_whitespace().count() >= 2 {
                article.authors = people::names(&piece.text);
            }
            piece.leave_out(reason);
        }
    }
}

/// A short line directly below a byline says what the writer is.
fn titles_of_people(pieces: &mut [Piece], title: usize, begin: usize) {
    for at in title + 1..=begin {
        let below = pieces
            .get(at.wrapping_sub(1))
            .is_some_and(|p| p.left_out == Some(Reason::Byline) && !people::is_empty_byline(&p.text));
        if let Some(piece) = pieces.get_mut(at)
            && below
            && matches!(piece.left_out, None | Some(Reason::Caption))
            && piece.kind != Kind::Dek
            && signs::word_count(&piece.text) <= 8
            && !signs::ends_sentence(&piece.text)
        {
            piece.left_out = Some(Reason::Biography);
        }
    }
}
