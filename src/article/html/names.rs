//! What elements are by their names: blocks that part the text, and tables of facts beside tables of layout.

use super::super::words;
use super::tree::{Id, ROOT, Tree};

/// Rows and columns of facts, not a page laid out in cells.
pub(super) fn is_rows(tree: &Tree, id: Id, prose: &[usize]) -> bool {
    let all = prose.get(ROOT).copied().unwrap_or_default().max(1);
    let own = prose.get(id).copied().unwrap_or_default();
    if tree.attr(id, "role") == Some("table") {
        return true;
    }
    if matches!(tree.attr(id, "role"), Some("presentation" | "none")) {
        return false;
    }
    let mut cells = 0;
    let mut rows = 0;
    let mut heads = 0;
    let mut nested = false;
    let mut blocks = 0;
    for d in tree.descendants(id).take(20_000) {
        match tree.name(d) {
            "td" => cells += 1,
            "tr" => rows += 1,
            "th" => heads += 1,
            "table" => nested = true,
            "p" | "h1" | "h2" | "h3" => blocks += 1,
            _ => {}
        }
    }
    if heads > 0 && own * 100 / all < 60 {
        return true;
    }
    let columns = usize::checked_div(cells, rows).unwrap_or_default();
    !nested && blocks < 3 && columns >= 2 && own / cells.max(1) < 200
}

/// True for elements that part the text.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "button"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "html"
            | "iframe"
            | "label"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "option"
            | "p"
            | "picture"
            | "pre"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "textarea"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "video"
            | "audio"
            | "object"
            | "canvas"
            | "search"
    ) || name.contains('-') && words::fold(name).starts_with("x-")
}
