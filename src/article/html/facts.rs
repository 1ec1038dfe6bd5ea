//! Who wrote a page and when: what it shows beside what it claims.

use super::super::piece::essence;
use super::super::{body, dates, people, signs};
use super::metadata::Claims;
use super::place;
use super::tree::{ROOT, Tree};
use super::walk::Found;
use crate::model::article::{Article, Reason};

/// Authors: the structured ones where the page shows them, else the ones that it shows, else what the head claims.
pub(super) fn authors(tree: &Tree, found: &[Found], claims: &Claims, article: &mut Article) {
    for credit in &claims.credits {
        body::add_credit(article, credit.clone());
    }
    let shown: String = found
        .iter()
        .filter(|f| {
            f.hints.byline
                || matches!(
                    f.piece.left_out,
                    Some(Reason::Byline | Reason::Biography | Reason::Dateline | Reason::Meta)
                )
        })
        .map(|f| essence(&f.piece.text) + "\n")
        .collect();
    let is_shown = |name: &String| shown.contains(&essence(name));
    let structured = &claims.authors;
    if !structured.is_empty() && (article.authors.is_empty() || structured.iter().any(is_shown)) {
        article.authors.clone_from(structured);
    }
    if article.authors.is_empty() {
        article.authors = marked_authors(tree, found);
    }
    if article.authors.is_empty() {
        for id in tree.descendants(ROOT).filter(|d| {
            tree.name(*d) == "a" && tree.attr(*d, "rel").is_some_and(|r| r.split_whitespace().any(|w| w == "author"))
        }) {
            let name = super::super::piece::clean(&tree.text(id));
            if people::is_name(&name) && !article.authors.contains(&name) {
                article.authors.push(name);
            }
        }
    }
    if article.authors.is_empty() {
        let not_site = claims.meta_authors.iter().filter(|a| claims.site.as_deref().is_none_or(|s| !body::same(s, a)));
        article.authors = not_site.cloned().collect();
    }
    let site = claims.site.as_deref().unwrap_or_default();
    if article.authors.len() > 1 {
        article.authors.retain(|a| !body::same(a, site));
    }
    let authors = article.authors.clone();
    article.credits.retain(|c| {
        !authors.iter().any(|a| body::same(a, &c.name))
            || c.role == "narrator"
            || c.role == "photographer"
            || c.role == "illustrator"
    });
}

/// Lines of the head that are an author's name and little else.
pub(super) fn name_bylines(found: &mut [Found], begin: usize, article: &Article) {
    for f in found.iter_mut().take(begin) {
        let unsure = matches!(f.piece.left_out, Some(Reason::BeforeBegin | Reason::Meta | Reason::Biography));
        let begins =
            |a: &String| essence(&f.piece.text).starts_with(&essence(a)) && signs::word_count(&f.piece.text) <= 12;
        if unsure && article.authors.iter().any(|a| body::same(a, &f.piece.text) || begins(a)) {
            let told = signs::ends_sentence(&f.piece.text);
            f.piece.left_out = Some(if told { Reason::Biography } else { Reason::Byline });
        }
    }
}

/// Names that stand in elements of their own inside a line of the head: `Posted on … by <span class=author>…`.
fn marked_authors(tree: &Tree, found: &[Found]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let lines = found.iter().filter(|f| {
        f.hints.byline
            && matches!(
                f.piece.left_out,
                Some(Reason::Byline | Reason::Dateline | Reason::Meta | Reason::Biography | Reason::BeforeBegin)
            )
    });
    for f in lines.take(12) {
        for above in tree.ancestors(f.node).take(4) {
            let own = tree.descendants(above).take(200).filter(|d| {
                place::tokens(tree, *d).iter().any(|t| matches!(t.as_str(), "author" | "byline" | "authors" | "fn"))
            });
            for id in own {
                let text = super::super::piece::clean(&tree.text(id));
                let told = people::line(&text).map(|p| p.authors).filter(|a| !a.is_empty());
                let told = told.unwrap_or_else(|| people::names(&text));
                let whole = told.iter().all(|n| people::is_name(n) && signs::furniture(n).is_none());
                if whole && told.len() <= 6 && names.is_empty() {
                    names = told;
                }
            }
            if !names.is_empty() {
                return names;
            }
        }
    }
    names
}

/// The day: the structured moment, unless the page shows the day before or after it.
pub(super) fn dated(tree: &Tree, claims: &Claims, article: &mut Article) {
    let shown = article.date;
    let marked = || {
        let times = tree
            .descendants(ROOT)
            .filter(|d| tree.name(*d) == "time" || matches!(tree.attr(*d, "itemprop"), Some("datePublished")));
        let mut published: Vec<_> = times
            .filter(|d| {
                let tokens = place::tokens(tree, *d);
                !tokens.iter().any(|t| matches!(t.as_str(), "updated" | "modified" | "datemodified"))
                    && !tree.ancestors(*d).any(|a| matches!(tree.name(a), "aside" | "nav"))
            })
            .filter_map(|d| dates::read(tree.attr(d, "datetime").or(tree.attr(d, "content"))?))
            .take(1)
            .collect();
        published.pop()
    };
    let claimed = claims.date.or_else(marked);
    article.date = match (claimed, shown) {
        (Some(claimed), Some(shown)) if claimed.day() != shown.day() => {
            let apart = (claimed.day() - shown.day()).get_days().abs();
            Some(if apart <= 1 { shown } else { claimed })
        }
        (Some(claimed), _) => Some(claimed),
        (None, shown) => shown,
    };
}
