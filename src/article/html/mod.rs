//! HTML: the article is found in the page, and everything around it says why it is not read.

mod facts;
mod headline;
mod marks;
mod metadata;
mod names;
mod place;
mod tree;
mod walk;

use std::collections::BTreeMap;

use self::tree::{Id, ROOT, Tree};
use self::walk::Found;
use super::piece::{Inset, Piece};
use super::{body, dates, language, people, prose, signs};
use crate::model::article::{Article, Flaw, FlawKind, Kind, Reason};

/// A child that holds so much of the prose around it, in percent, is where the article is.
const MOST: usize = 75;

/// Reads a page.
pub(super) fn read(text: &str) -> Article {
    let tree = Tree::parse(text);
    let claims = metadata::read(&tree);
    let mut found = walk::blocks(&tree);
    headline::part_rubrics(&mut found, &claims);
    let mut article =
        Article { image: claims.image.clone(), link: claims.link.clone(), free: claims.free, ..Article::default() };
    flaws(&tree, &mut article);
    let root = root(&tree, &found);
    let inside: Vec<bool> = found.iter().map(|f| tree.ancestors(f.node).any(|a| a == root)).collect();
    let title = headline::find(&tree, &found, &inside, &claims);
    let begin = headline::read(&tree, &mut found, &inside, title, &claims, &mut article);
    around(&mut found, &inside, begin, &mut article);
    facts::authors(&tree, &found, &claims, &mut article);
    facts::name_bylines(&mut found, begin, &article);
    facts::dated(&tree, &claims, &mut article);
    let mut pieces: Vec<Piece> = found.into_iter().map(|f| f.piece).collect();
    sections(&mut pieces, begin);
    finish(pieces, begin, article, claims.language.as_deref())
}

/// Reads the body of a Markdown file that was made HTML line by line: all of it is the article.
pub(super) fn read_body(text: &str, mut article: Article, stated: Option<&str>) -> Article {
    let tree = Tree::parse(text);
    flaws(&tree, &mut article);
    let found = walk::blocks(&tree);
    let mut pieces: Vec<Piece> = found.into_iter().map(|f| f.piece).collect();
    let mut begin = 0;
    let first = pieces.iter().position(|p| p.is_open() && p.left_out != Some(Reason::Image));
    if let Some(at) = first
        && let Some(piece) = pieces.get_mut(at)
        && piece.level == Some(1)
    {
        let known = article.title.as_deref().is_none_or(|t| body::same(t, &piece.text));
        let alone = pieces.iter().filter(|p| p.level == Some(1)).count() == 1;
        if let Some(piece) = pieces.get_mut(at)
            && (known || alone)
        {
            if article.title.is_none() {
                article.title = Some(piece.text.clone());
                piece.kind = Kind::Title;
            } else {
                piece.leave_out(Reason::Repeated);
            }
            begin = at + 1;
        }
    }
    facts_below(&mut pieces, begin, &mut article);
    dek_in_italics(&mut pieces, begin, &mut article);
    sections(&mut pieces, begin);
    finish(pieces, begin, article, stated)
}

fn finish(mut pieces: Vec<Piece>, begin: usize, mut article: Article, stated: Option<&str>) -> Article {
    if let Some(text) = pieces.get_mut(begin..) {
        furniture(text);
    }
    body::judge(&mut pieces, &mut article, body::Origin::Markup);
    article.blocks.extend(pieces.into_iter().map(Into::into));
    article.blocks.sort_by_key(|b| b.line);
    article.language = language::of(&prose(&article.blocks), stated);
    article
}

/// Bylines and dates below the title of a Markdown file.
fn facts_below(pieces: &mut [Piece], begin: usize, article: &mut Article) {
    for piece in pieces.iter_mut().skip(begin).filter(|p| p.is_open()).take(4) {
        if piece.level.is_some() || signs::is_prose(&piece.text) {
            break;
        }
        if let Some(people) = people::line(&piece.text) {
            piece.leave_out(if people.authors.is_empty() { Reason::Credit } else { Reason::Byline });
            article.date = article.date.or_else(|| dates::find(&piece.text).map(|f| f.date));
            body::join(article, people);
        } else if let Some(date) = dates::whole_line(&piece.text) {
            piece.leave_out(Reason::Dateline);
            article.date = article.date.or(Some(date));
        }
    }
}

/// A first paragraph that is stressed from end to end is the standfirst.
fn dek_in_italics(pieces: &mut [Piece], begin: usize, article: &mut Article) {
    if article.dek.is_some() {
        return;
    }
    let mut open = pieces.iter_mut().skip(begin).filter(|p| p.is_open());
    let (Some(first), Some(second)) = (open.next(), open.next()) else { return };
    if first.stressed
        && first.level.is_none()
        && first.inset == Inset::None
        && signs::length(&first.text) >= 60
        && !second.stressed
        && first.linked < 50
        && !signs::is_appeal(&first.text)
    {
        first.kind = Kind::Dek;
        article.dek = Some(first.text.clone());
    }
}

/// The element that holds the article.
fn root(tree: &Tree, found: &[Found]) -> Id {
    let mut weight: BTreeMap<Id, usize> = BTreeMap::new();
    for f in found.iter().filter(|f| f.piece.is_open() && f.piece.level.is_none()) {
        let text = &f.piece.text;
        let counts = signs::is_prose(text) || f.piece.inset != Inset::None && f.piece.linked < 60;
        let own = if counts { signs::length(text) * 100usize.saturating_sub(f.piece.linked) / 100 } else { 0 };
        for above in tree.ancestors(f.node) {
            *weight.entry(above).or_default() += own;
        }
    }
    let of = |id: Id| weight.get(&id).copied().unwrap_or_default();
    let mut at = ROOT;
    for _ in 0..500 {
        let heaviest = tree.children(at).iter().copied().max_by_key(|c| of(*c));
        let next = heaviest.filter(|c| of(*c) * 100 >= of(at) * MOST && of(*c) > 0 && is_container(tree.name(*c)));
        let next = next.or_else(|| {
            let named = tree.descendants(at).take(50_000).filter(|d| {
                matches!(tree.name(*d), "article" | "main") || tree.attr(*d, "itemprop") == Some("articleBody")
            });
            named.filter(|d| of(*d) * 2 > of(at)).max_by_key(|d| of(*d))
        });
        match next {
            Some(next) if next != at => at = next,
            _ => break,
        }
    }
    at
}

fn is_container(name: &str) -> bool {
    matches!(
        name,
        "html"
            | "body"
            | "main"
            | "article"
            | "section"
            | "div"
            | "table"
            | "tbody"
            | "tr"
            | "td"
            | "center"
            | "form"
            | "span"
            | "font"
    ) || name.contains('-')
}

/// What stands outside the article, and facts at its end.
fn around(found: &mut [Found], inside: &[bool], begin: usize, article: &mut Article) {
    let last =
        found.iter().zip(inside).rposition(|(f, inside)| *inside && f.piece.is_paragraph()).unwrap_or(found.len());
    // What a heading outside the article says of the lines below it.
    let mut below: Option<Reason> = None;
    for (at, (f, inside)) in found.iter_mut().zip(inside).enumerate() {
        if at < begin || !f.piece.is_open() || matches!(f.piece.kind, Kind::Title | Kind::Dek) {
            continue;
        }
        if *inside && !f.hints.footer && !(f.hints.label && !signs::is_prose(&f.piece.text) && f.piece.level.is_none())
        {
            if at < last && !f.hints.meta {
                continue;
            }
            if let Some(reason) = fact(f, article) {
                f.piece.leave_out(reason);
            }
            continue;
        }
        let reason = fact(f, article)
            .or_else(|| signs::furniture(&f.piece.text))
            .or_else(|| signs::closing_heading(&f.piece.text));
        if f.piece.level.is_some() {
            let written = people::line(&f.piece.text).is_some_and(|p| !p.authors.is_empty());
            below = reason.or(written.then_some(Reason::Biography)).or(signs::begins_closing(&f.piece.text));
        }
        let reason = reason.or(below).unwrap_or(if signs::is_appeal(&f.piece.text) {
            Reason::Appeal
        } else if f.hints.label {
            Reason::Label
        } else if f.hints.byline && at > last {
            Reason::Biography
        } else if f.piece.linked > 70 {
            Reason::Navigation
        } else {
            Reason::AfterEnd
        });
        f.piece.leave_out(reason);
    }
}

/// A byline, credit or date behind the text.
fn fact(f: &Found, article: &mut Article) -> Option<Reason> {
    let text = &f.piece.text;
    if f.piece.level.is_some() {
        return None;
    }
    if let Some(people) = people::line(text) {
        let reason = if people.authors.is_empty() { Reason::Credit } else { Reason::Byline };
        article.date = article.date.or_else(|| dates::find(text).map(|f| f.date));
        if reason == Reason::Credit || article.authors.is_empty() {
            body::join(article, people);
        }
        return Some(reason);
    }
    let date = dates::whole_line(text)?;
    article.date = article.date.or(Some(date));
    Some(Reason::Dateline)
}

/// Headings: those of the rank that the page uses for sections, and above; deeper ones are spoken.
fn sections(pieces: &mut [Piece], begin: usize) {
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    let is_heading = |p: &&mut Piece| {
        p.is_open()
            && p.kind == Kind::Paragraph
            && p.level.is_some()
            && signs::closing_heading(&p.text).is_none()
            && signs::furniture(&p.text).is_none()
    };
    for piece in pieces.iter_mut().skip(begin).filter(is_heading) {
        if let Some(level) = piece.level {
            *counts.entry(level).or_default() += 1;
        }
    }
    let rank = counts.iter().find(|(_, n)| **n >= 2).or(counts.iter().next()).map(|(level, _)| *level);
    for piece in pieces.iter_mut().skip(begin).filter(|p| p.is_open() && p.kind == Kind::Paragraph) {
        if piece.level.is_some_and(|l| rank.is_some_and(|r| l <= r)) {
            piece.kind = Kind::Heading;
        }
    }
    if rank.is_some() {
        return;
    }
    let is_bold_line = |p: &&mut Piece| {
        p.is_paragraph()
            && p.stressed
            && p.inset == Inset::None
            && p.linked < 50
            && signs::length(&p.text) <= 110
            && !signs::ends_sentence(&p.text)
            && !p.text.ends_with([':', '：'])
            && signs::furniture(&p.text).is_none()
    };
    if pieces.iter_mut().skip(begin).filter(is_bold_line).count() >= 2 {
        for piece in pieces.iter_mut().skip(begin).filter(is_bold_line) {
            piece.kind = Kind::Heading;
            piece.level = Some(3);
        }
    }
}

/// Lines inside the article that are none of its text by their own words.
fn furniture(pieces: &mut [Piece]) {
    let last = pieces.iter().rposition(Piece::is_paragraph).unwrap_or(0);
    for (at, piece) in pieces.iter_mut().enumerate() {
        if !piece.is_paragraph() || piece.level.is_some() || piece.inset == Inset::Quote {
            continue;
        }
        let item = piece.inset == Inset::Item;
        match signs::furniture(&piece.text) {
            Some(
                Reason::Footnote
                | Reason::Meta
                | Reason::Navigation
                | Reason::Label
                | Reason::Related
                | Reason::Comment
                | Reason::Boilerplate
                | Reason::Caption,
            ) if item && piece.linked < 90 => {}
            Some(reason) => piece.leave_out(reason),
            None => {}
        }
        if at + 2 < last && piece.is_open() && !item && people::line(&piece.text).is_some_and(|p| p.authors.is_empty())
        {
            piece.leave_out(Reason::Caption);
        }
    }
}

/// Headings without text, ranks that are left out, and a page that never ends.
fn flaws(tree: &Tree, article: &mut Article) {
    let mut before: Option<u8> = None;
    for id in tree.descendants(ROOT) {
        let name = tree.name(id);
        let Some(level) = name.strip_prefix('h').and_then(|n| n.parse::<u8>().ok()).filter(|n| (1..=6).contains(n))
        else {
            continue;
        };
        if tree.ancestors(id).any(|a| matches!(tree.name(a), "nav" | "aside" | "footer" | "header" | "template")) {
            continue;
        }
        let line = tree.node(id).map_or(1, |n| n.line);
        let shows = tree.descendants(id).any(|d| matches!(tree.name(d), "img" | "svg"));
        if tree.text(id).trim().is_empty() {
            if !shows {
                article.problems.push(Flaw {
                    line,
                    kind: FlawKind::HeadingEmpty,
                    message: "a heading without any text".into(),
                });
            }
            continue;
        }
        if let Some(before) = before
            && level > before + 1
        {
            let message = format!("a heading of rank {level} follows one of rank {before}");
            article.problems.push(Flaw { line, kind: FlawKind::HeadingSkip, message });
        }
        before = Some(level);
    }
    if let Some(line) = tree.cut_at {
        let message = "the page is nested without end; what follows was not read".into();
        article.problems.push(Flaw { line, kind: FlawKind::Unreadable, message });
    }
}
