//! The head of an article in a page: headline, standfirst, people and date around it.

use super::super::piece::{Piece, essence};
use super::super::{body, dates, people, signs};
use super::metadata::{Claims, first_part, without_site};
use super::place::Hints;
use super::tree::{Id, Tree};
use super::walk::Found;
use crate::model::article::{Article, Kind, Reason};

/// Blocks above the headline that can still belong to its head.
const ABOVE: usize = 8;

/// The block that is the headline.
pub(super) fn find(tree: &Tree, found: &[Found], inside: &[bool], claims: &Claims) -> Option<usize> {
    let first_prose = found
        .iter()
        .zip(inside)
        .position(|(f, i)| {
            *i && f.piece.is_open() && f.piece.level.is_none() && signs::is_prose(&f.piece.text) && !f.hints.header
        })
        .unwrap_or(found.len());
    let leading: Vec<String> =
        claims.titles.iter().flat_map(|t| [essence(t), essence(first_part(t))]).filter(|t| !t.is_empty()).collect();
    let titles: Vec<String> = claims
        .titles
        .iter()
        .flat_map(|t| [essence(t), essence(&without_site(t, claims.site.as_deref()))])
        .filter(|t| !t.is_empty())
        .collect();
    let site = claims.site.as_deref().map(essence);
    let mut best: Option<(i32, usize)> = None;
    for (at, f) in found.iter().enumerate() {
        let text = essence(&f.piece.text);
        let is_claimed = || at < first_prose && leading.contains(&text);
        let is_candidate = f.piece.level.is_some() || f.hints.title || is_claimed();
        if !is_candidate
            || matches!(f.piece.left_out, Some(reason) if reason != Reason::Navigation && reason != Reason::Related && reason != Reason::Hidden)
        {
            continue;
        }
        let mut score = 0;
        score += match f.piece.level {
            Some(1) => 6,
            Some(2) => 2,
            Some(_) => 0,
            None => 1,
        };
        score += if f.hints.title { 4 } else { 0 };
        score += if leading.contains(&text) {
            9
        } else if titles
            .iter()
            .any(|t| text.len() > 8 && t.contains(&text) || t.len() > 12 && text.contains(t.as_str()))
        {
            3
        } else {
            0
        };
        score -= if Some(&text) == site.as_ref() { 10 } else { 0 };
        score += if inside.get(at).copied().unwrap_or_default() || f.hints.header { 2 } else { 0 };
        score -= if at > first_prose { 5 } else { 0 };
        score -= if f.piece.left_out.is_some() { 6 } else { 0 };
        score -= if leads_home(tree, f.node) { 6 } else { 0 };
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, at));
        }
    }
    best.filter(|(score, _)| *score >= 5).map(|(_, at)| at)
}

/// Parts a rubric from the headline that it stands in front of, where the page says elsewhere what the headline is.
pub(super) fn part_rubrics(found: &mut Vec<Found>, claims: &Claims) {
    let mut at = 0;
    while at < found.len() {
        let rubric = found.get_mut(at).filter(|f| f.piece.level == Some(1)).and_then(|f| {
            let start = claims.titles.iter().find_map(|title| headline_in(&f.piece.text, title))?;
            let (before, title) = f.piece.text.split_at_checked(start)?;
            let before = before.trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '»' | '”'));
            let piece = Piece::new(f.piece.line, before)?;
            let rest = title.to_owned();
            f.piece.text = rest;
            let hints = Hints { label: true, title: false, ..f.hints };
            Some(Found { piece, node: f.node, hints, parts: Vec::new() })
        });
        if let Some(rubric) = rubric {
            found.insert(at, rubric);
            at += 1;
        }
        at += 1;
    }
}

/// Where a headline of at least two words stands at the end of a longer text.
fn headline_in(text: &str, title: &str) -> Option<usize> {
    let start = text.len().checked_sub(title.len())?;
    let (before, rest) = text.split_at_checked(start)?;
    let parted = before.ends_with(|c: char| c.is_whitespace() || !c.is_alphanumeric());
    (rest == title && parted && signs::length(title) >= 12 && (1..=8).contains(&signs::word_count(before)))
        .then_some(start)
}

/// A headline that links to the front page is the site's name.
fn leads_home(tree: &Tree, node: Id) -> bool {
    tree.ancestors(node)
        .take(4)
        .any(|a| tree.name(a) == "a" && tree.attr(a, "href").is_some_and(|h| matches!(h, "/" | "./" | "index.html")))
}

/// Reads the head into the article and marks its blocks; returns the index of the first block of the text.
pub(super) fn read(
    tree: &Tree,
    found: &mut [Found],
    inside: &[bool],
    title: Option<usize>,
    claims: &Claims,
    article: &mut Article,
) -> usize {
    match title.and_then(|at| found.get_mut(at)) {
        Some(f) => {
            f.piece.kind = Kind::Title;
            f.piece.left_out = None;
            article.title = Some(f.piece.text.clone());
        }
        None => article.title = claims.titles.first().map(|t| without_site(t, claims.site.as_deref())),
    }
    let first = first_of_text(tree, found, inside, title);
    let from = title.map_or(0, |t| t + 1);
    let dek = dek(found, inside, title, first);
    let begin = first.max(from);
    for at in 0..begin {
        if Some(at) == title || Some(at) == dek {
            continue;
        }
        let near = title.is_some_and(|t| at + ABOVE >= t) || title.is_none();
        let Some(f) = found.get_mut(at) else { continue };
        if f.piece.left_out == Some(Reason::Biography)
            && people::line(&f.piece.text).is_none()
            && !(f.hints.byline && people::is_name(&f.piece.text))
        {
            continue;
        }
        if !f.piece.is_open() && !matches!(f.piece.left_out, Some(Reason::Biography | Reason::Caption)) {
            continue;
        }
        if f.piece.left_out == Some(Reason::Caption) {
            continue;
        }
        f.piece.left_out = Some(reason_above(f, near, title.is_some_and(|t| at < t), article));
    }
    if let Some(f) = dek.and_then(|at| found.get_mut(at)) {
        f.piece.kind = Kind::Dek;
        f.piece.left_out = None;
        article.dek = Some(f.piece.text.clone());
    }
    begin
}

/// What a block of the head is, with what it tells of the article.
fn reason_above(f: &Found, near: bool, above: bool, article: &mut Article) -> Reason {
    let text = &f.piece.text;
    if near && signs::length(text) < 400 {
        if let Some(people) = people::line(text) {
            let reason = if people.authors.is_empty() { Reason::Credit } else { Reason::Byline };
            article.date = article.date.or_else(|| dates::find(text).map(|f| f.date));
            body::join(article, people);
            return reason;
        }
        if let Some(date) = dates::whole_line(text) {
            article.date = article.date.or(Some(date));
            return Reason::Dateline;
        }
        if f.hints.label && !f.hints.byline {
            return Reason::Label;
        }
        let dated = dates::find(text);
        let name = text
            .get(..dated.map_or(text.len(), |d| d.start))
            .unwrap_or_default()
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '·' | '•' | '-' | '–' | '—'));
        let names = own_names(f).unwrap_or_else(|| people::names(name));
        if (f.hints.byline || dated.is_some() && f.hints.meta)
            && !names.is_empty()
            && names.iter().all(|n| people::is_name(n) && n.split_whitespace().count() >= 2)
            && signs::furniture(text).is_none()
        {
            article.date = article.date.or(dated.map(|d| d.date));
            for name in names {
                if !article.authors.iter().any(|a| body::same(a, &name)) {
                    article.authors.push(name);
                }
            }
            return Reason::Byline;
        }
        if let Some(found) =
            dated.filter(|_| signs::length(text) < 200 && (f.hints.date || f.hints.meta || f.hints.header))
        {
            article.date = article.date.or(Some(found.date));
            return Reason::Dateline;
        }
    }
    if !text.chars().any(char::is_alphabetic) && text.chars().any(char::is_numeric) {
        return Reason::Meta;
    }
    if let Some(reason) = signs::furniture(text) {
        return reason;
    }
    if f.hints.byline && near && !above {
        return Reason::Biography;
    }
    if f.piece.linked > 70 && above {
        return if near && signs::word_count(text) <= 4 { Reason::Label } else { Reason::Navigation };
    }
    if near && above && signs::word_count(text) <= 4 {
        return Reason::Label;
    }
    if f.hints.meta || f.hints.header && !above {
        return Reason::Meta;
    }
    Reason::BeforeBegin
}

/// The names at the beginning of a byline whose parts stand in elements of their own: who, then what and where.
fn own_names(f: &Found) -> Option<Vec<String>> {
    let mut parts = f.parts.iter().map(String::as_str).filter(|p| !p.is_empty());
    let mut names = people::names(parts.next()?);
    if f.parts.len() < 2 || names.is_empty() || !names.iter().all(|n| people::is_name(n)) {
        return None;
    }
    // "and" or a comma goes on with the list.
    while let Some(sign) = parts.next() {
        let joins = people::joins(sign);
        let Some(next) = parts.next().filter(|n| joins && people::is_name(n)) else { break };
        names.push(next.to_owned());
    }
    Some(names)
}

/// The first block of the text: inside the article, below the headline, no part of its head.
fn first_of_text(tree: &Tree, found: &[Found], inside: &[bool], title: Option<usize>) -> usize {
    let from = title.map_or(0, |t| t + 1);
    for (at, f) in found.iter().enumerate().skip(from) {
        let text = &f.piece.text;
        if !inside.get(at).copied().unwrap_or_default() || !f.piece.is_open() || f.hints.dek {
            continue;
        }
        let in_title_header = f.hints.header
            || f.hints.meta && !signs::is_prose(text)
            || f.hints.date && !signs::is_prose(text)
            || f.hints.label && !signs::is_prose(text);
        if in_title_header || is_fact(&f.piece) || f.hints.byline && signs::length(text) < 200 {
            continue;
        }
        if f.piece.level.is_some() {
            // A heading is the first of the text only if text follows it before any fact of the head.
            let next = found.iter().skip(at + 1).find(|n| n.piece.is_open());
            if next
                .is_some_and(|n| is_fact(&n.piece) || n.hints.byline || n.hints.date && !signs::is_prose(&n.piece.text))
            {
                continue;
            }
            return at;
        }
        if signs::is_prose(text)
            || f.piece.inset != super::super::piece::Inset::None
            || signs::ends_sentence(text) && signs::length(text) > 20
        {
            // The standfirst between the headline and a byline is not the text yet.
            let next = found.iter().enumerate().skip(at + 1).filter(|(_, n)| n.piece.is_open()).take(1).next();
            let byline_next = next.is_some_and(|(_, n)| {
                is_fact(&n.piece)
                    && (n.hints.byline || n.hints.meta || n.hints.date || people::line(&n.piece.text).is_some())
            });
            if byline_next && signs::length(text) < 420 && title.is_some_and(|t| at <= t + 4) && found.len() > at + 4 {
                continue;
            }
            return at;
        }
        if signs::furniture(text).is_none() && body_like(tree, f.node) {
            return at;
        }
    }
    found.len()
}

fn body_like(tree: &Tree, node: Id) -> bool {
    tree.name(node) == "p" && tree.ancestors(node).take(6).any(|a| tree.attr(a, "itemprop") == Some("articleBody"))
}

fn is_fact(piece: &Piece) -> bool {
    people::line(&piece.text).is_some() || dates::whole_line(&piece.text).is_some()
}

/// The standfirst that a visitor sees.
fn dek(found: &[Found], inside: &[bool], title: Option<usize>, first: usize) -> Option<usize> {
    let title = title?;
    let fits = |f: &Found| {
        let text = &f.piece.text;
        f.piece.is_open()
            && signs::length(text) >= 16
            && signs::length(text) <= 700
            && signs::word_count(text).max(signs::length(text) / 8) >= 3
            && !is_fact(&f.piece)
            && signs::furniture(text).is_none()
            && !f.hints.byline
            && !f.hints.label
            && (f.hints.dek || !(f.hints.meta || f.hints.date))
            && f.piece.linked < 60
    };
    // Some sites call their section headings what others call the standfirst: it stands before the text.
    let near = |at: usize, f: &Found| {
        at > title && at <= title + 12 && (at < first || at == first + 1 && f.piece.level.is_none())
            || at < title && at + 3 >= title
    };
    let named = found.iter().enumerate().find(|(at, f)| near(*at, f) && f.hints.dek && fits(f));
    if let Some((at, _)) = named {
        return Some(at);
    }
    let between = || found.iter().enumerate().take(first).skip(title + 1);
    if let Some((at, _)) = between().find(|(_, f)| f.hints.lead && fits(f)) {
        return Some(at);
    }
    let sentence = |f: &Found| {
        signs::ends_sentence(&f.piece.text) || f.piece.level.is_some() || signs::length(&f.piece.text) >= 40
    };
    if let Some((at, _)) = between().find(|(_, f)| {
        fits(f) && sentence(f) && !dates::find(&f.piece.text).is_some_and(|_| signs::length(&f.piece.text) < 60)
    }) {
        return Some(at);
    }
    // Between the header and the text, under a class that some sites use for the first paragraph.
    let outside =
        found.get(first).filter(|f| f.hints.lead && fits(f) && !inside.get(first).copied().unwrap_or_default());
    outside.map(|_| first)
}
