//! Marks inside a text that nobody reads: footnote numbers, permalinks, edit links.

use super::place;
use super::tree::{Content, Id, Tree};

/// A footnote mark, a permalink, an edit link: nothing that is read or listed.
pub(super) fn is_mark(tree: &Tree, id: Id) -> bool {
    let name = tree.name(id);
    if !matches!(name, "a" | "sup" | "span" | "sub" | "button") {
        return false;
    }
    let tokens = place::tokens(tree, id);
    let has = |words: &[&str]| tokens.iter().any(|t| words.contains(&t.as_str()));
    if has(&["editsection", "footnoteref", "noteref", "headerlink", "footnotebackref", "backref", "fnref"]) || tokens.windows(2).any(|w| matches!(w, [a, b] if a == "mw" && b == "editsection" || a == "footnote" && (b == "ref" || b == "anchor" || b == "backref" || b == "number"))) {
        return true;
    }
    let text = tree.text(id);
    let text = text.trim();
    if name == "sup" {
        let bare = text.trim_matches(|c: char| matches!(c, '[' | ']' | '(' | ')'));
        let has_link = tree
            .descendants(id)
            .take(20)
            .any(|d| tree.name(d) == "a" && tree.attr(d, "href").is_some_and(|h| h.contains('#')));
        return has_link
            || text.starts_with('[') && bare.chars().count() <= 40
            || has(&["reference"])
            || bare.chars().all(|c| c.is_ascii_digit() || c == ',')
                && !bare.is_empty()
                && bare.len() <= 2
                && is_behind_word(tree, id);
    }
    let local = tree.attr(id, "href").is_some_and(|h| h.starts_with('#'));
    name == "a"
        && local
        && (matches!(text, "#" | "¶" | "§" | "🔗" | "↩" | "↩︎" | "^" | "↑" | "⚓")
            || text.starts_with('[') && text.ends_with(']') && text.len() <= 6
            || has(&["anchor", "permalink", "bookmark"]) && !text.chars().any(char::is_alphanumeric))
}

/// A raised number behind a letter of a word is a note; behind a digit or `m` it is a power.
fn is_behind_word(tree: &Tree, id: Id) -> bool {
    let Some(parent) = tree.parent(id) else { return false };
    let siblings = tree.children(parent);
    let before =
        siblings.iter().position(|s| *s == id).and_then(|at| at.checked_sub(1)).and_then(|at| siblings.get(at));
    let text = match before.and_then(|b| tree.node(*b)).map(|n| &n.content) {
        Some(Content::Text(text)) => text.as_str(),
        _ => return false,
    };
    let last = text.trim_end().rsplit(' ').next().unwrap_or_default();
    last.chars().count() > 3 || last.ends_with(['.', ',', '”', '"', '»'])
}
