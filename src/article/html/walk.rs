//! The tree of a page to pieces in page order: one for each block of text, with what its place says.

use super::super::piece::{Inset, Piece, clean};
use super::super::{dates, people, signs};
use super::marks::is_mark;
use super::names::{is_block, is_rows};
use super::place::{self, Hints};
use super::tree::{Content, Id, ROOT, Tree};
use crate::model::article::Reason;

/// A block of the page.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) piece: Piece,
    /// The element that it is.
    pub(super) node: Id,
    pub(super) hints: Hints,
    /// The texts of its inline elements, where it names who wrote.
    pub(super) parts: Vec<String>,
}

/// The most letters that an element may hold of the page's prose, in percent, and still be left out for its class.
const MOST_FOR_CLASS: usize = 40;

/// Longer ids are no places that anybody links to.
const LONGEST_ANCHOR: usize = 200;

/// The blocks of a page.
pub(super) fn blocks(tree: &Tree) -> Vec<Found> {
    let prose = prose(tree);
    let mut walk = Walk {
        tree,
        prose: &prose,
        found: Vec::new(),
        open: Open::default(),
        places: vec![Place::default()],
        behind_link: false,
        behind_label: false,
    };
    walk.run();
    walk.found
}

/// Letters of running text, without links, below each node.
pub(super) fn prose(tree: &Tree) -> Vec<usize> {
    let mut letters = vec![0usize; tree.len()];
    for id in tree.descendants(ROOT) {
        let Some(Content::Text(text)) = tree.node(id).map(|n| &n.content) else { continue };
        let text = text.trim();
        if text.len() < 20 || tree.ancestors(id).any(|a| matches!(tree.name(a), "a" | "script" | "style" | "head" | "noscript" | "template" | "nav" | "button" | "form" if tree.name(a) != "form")) {
            continue;
        }
        let length = signs::length(text);
        for above in tree.ancestors(id) {
            if let Some(sum) = letters.get_mut(above) {
                *sum += length;
            }
        }
    }
    letters
}

#[derive(Clone, Copy, Default)]
struct Place {
    reason: Option<Reason>,
    inset: Inset,
    level: Option<u8>,
    hints: Hints,
    link: bool,
    stress: bool,
    figure: bool,
    /// Inside a `figcaption`, or around a picture.
    caption: bool,
    article: bool,
    /// The `header` of the site.
    banner: bool,
    /// An inline element whose text is a block of its own: the rubric inside a headline.
    alone: bool,
}

#[derive(Default)]
struct Open {
    text: String,
    line: Option<usize>,
    linked: usize,
    stressed: usize,
    node: Id,
    place: Place,
    parts: Vec<String>,
}

enum Step {
    Enter(Id),
    Leave(Id),
}

struct Walk<'a> {
    tree: &'a Tree,
    prose: &'a [usize],
    found: Vec<Found>,
    open: Open,
    places: Vec<Place>,
    /// Nothing stands between here and the link before.
    behind_link: bool,
    /// Nothing stands between here and a label that is not read.
    behind_label: bool,
}

impl Walk<'_> {
    fn run(&mut self) {
        let mut steps = vec![Step::Enter(ROOT)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(id) => {
                    if !self.enter(id) {
                        continue;
                    }
                    steps.push(Step::Leave(id));
                    steps.extend(self.tree.children(id).iter().rev().map(|c| Step::Enter(*c)));
                }
                Step::Leave(id) => {
                    let alone = self.places.pop().is_some_and(|p| p.alone);
                    self.behind_link = self.tree.name(id) == "a";
                    self.behind_label |= self.here().reason.is_some() && matches!(self.tree.name(id), "span" | "small");
                    if is_block(self.tree.name(id)) || alone {
                        self.close();
                    } else if self.here().hints.meta || matches!(self.tree.name(id), "time" | "th" | "td") {
                        self.blank();
                    }
                }
            }
        }
        self.close();
    }

    fn here(&self) -> Place {
        self.places.last().copied().unwrap_or_default()
    }

    /// Behind other words of a block, or in what holds nothing but words.
    fn is_inside_text(&self, id: Id) -> bool {
        let above = self.tree.parent(id).map(|p| self.tree.name(p)).unwrap_or_default();
        self.open.line.is_some() || self.here().level.is_some() || matches!(above, "p" | "figcaption")
    }

    fn blank(&mut self) {
        if !self.open.text.is_empty() {
            self.open.text.push(' ');
        }
    }

    /// Goes into a node; false where its content is not walked.
    fn enter(&mut self, id: Id) -> bool {
        let Some(node) = self.tree.node(id) else { return false };
        match &node.content {
            Content::Text(text) => {
                self.text(text, node.line, id);
                return false;
            }
            Content::Nothing if id != ROOT => return false,
            Content::Nothing | Content::Element { .. } => {}
        }
        let name = self.tree.name(id);
        match name {
            "script" | "style" | "template" | "head" | "noscript" | "link" | "meta" | "title" | "rt" | "rp" | "svg"
            | "annotation" | "source" | "track" | "datalist" | "col" | "colgroup" | "wbr" => return false,
            "br" => {
                self.line_break(id);
                return false;
            }
            "hr" => {
                self.close();
                return false;
            }
            "img" => {
                self.image(id);
                return false;
            }
            _ => {}
        }
        if is_mark(self.tree, id) || !is_block(name) && self.is_inside_text(id) && place::is_hidden(self.tree, id) {
            return false;
        }
        let place = self.place_of(id);
        if name == "a" && self.behind_link {
            self.blank();
        }
        if is_block(name) || place.alone {
            self.close();
        } else if place.hints != self.here().hints || name == "time" {
            self.blank();
        }
        if name == "table" && place.reason.is_none() && is_rows(self.tree, id, self.prose) {
            self.rows(id, Reason::Table);
            return false;
        }
        if name == "table" && place.reason == Some(Reason::Table) || name == "pre" {
            let reason = place.reason.unwrap_or(Reason::Code);
            if name == "table" {
                self.rows(id, reason)
            } else {
                self.whole(id, reason)
            };
            return false;
        }
        self.places.push(place);
        true
    }

    fn place_of(&self, id: Id) -> Place {
        let above = self.here();
        let mut place = Place { alone: false, ..above };
        let tree = self.tree;
        let name = tree.name(id);
        if id == ROOT {
            return place;
        }
        let tokens = place::tokens(tree, id);
        place.hints = place::hints(tree, id, &tokens, above.hints);
        match name {
            "article" | "main" => place.article = true,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => place.level = name.get(1..).and_then(|n| n.parse().ok()),
            "li" | "dd" | "dt" => place.inset = Inset::Item,
            "blockquote" => place.inset = Inset::Quote,
            "a" => place.link = tree.attr(id, "href").is_some() || above.link,
            "b" | "strong" | "em" | "i" => place.stress = true,
            "figure" => {
                place.figure = true;
                place.caption = self.shows(id);
            }
            "figcaption" => place.caption = true,
            _ => {}
        }
        if above.level.is_some() && !is_block(name) && (name == "small" || place.hints.label && !above.hints.label) {
            place.alone = true;
            place.level = None;
        }
        if tree.attr(id, "role") == Some("heading") {
            place.level = tree.attr(id, "aria-level").and_then(|l| l.parse().ok()).or(Some(2));
        }
        if above.reason.is_some() {
            return place;
        }
        if place::is_hidden(tree, id) && self.share(id) < 50 {
            place.reason = Some(Reason::Hidden);
            return place;
        }
        let whole = matches!(name, "html" | "body" | "main" | "article");
        let own = if whole { None } else { place::reason(tree, id, &tokens) };
        place.reason = own.filter(|reason| self.is_credible(id, *reason));
        if place.reason == Some(Reason::Caption) && name == "figcaption" && self.quotes_or_rows(id) {
            place.reason = Some(Reason::Caption);
        }
        match name {
            "aside" if place.reason.is_none() && self.share(id) < MOST_FOR_CLASS => {
                place.reason = Some(Reason::Related)
            }
            "form" if place.reason.is_none() && self.share(id) < MOST_FOR_CLASS && !self.has_headline(id) => {
                place.reason = Some(Reason::Embed)
            }
            "header" if above.article || self.has_headline(id) => place.hints.header = true,
            "header" if self.share(id) < MOST_FOR_CLASS => {
                place.reason = place.reason.or(Some(Reason::Navigation));
                place.banner = true;
            }
            "a" if place.reason.is_none() && self.is_card(id) => place.reason = Some(Reason::Related),
            "footer" if above.article && above.inset != Inset::Quote => place.hints.footer = true,
            "footer" if self.share(id) < MOST_FOR_CLASS && above.inset != Inset::Quote => {
                place.reason = place.reason.or(Some(Reason::Boilerplate))
            }
            _ => {}
        }
        if place.figure
            && place.reason.is_none()
            && matches!(name, "span" | "small" | "cite" | "p" | "div")
            && above.inset != Inset::Quote
            && !self.quotes_or_rows(id)
            && !tree.ancestors(id).take(8).any(|a| tree.name(a) == "blockquote")
        {
            place.reason = Some(Reason::Caption);
        }
        let role = tree.attr(id, "role").unwrap_or_default();
        match role {
            "navigation" | "search" | "menu" | "menubar" => place.reason = place.reason.or(Some(Reason::Navigation)),
            "contentinfo" if !above.article => place.reason = place.reason.or(Some(Reason::Boilerplate)),
            "complementary" if self.share(id) < MOST_FOR_CLASS => place.reason = place.reason.or(Some(Reason::Related)),
            _ => {}
        }
        place
    }

    /// Percent of the page's prose that is inside.
    fn share(&self, id: Id) -> usize {
        let all = self.prose.get(ROOT).copied().unwrap_or_default().max(1);
        self.prose.get(id).copied().unwrap_or_default() * 100 / all
    }

    fn has_headline(&self, id: Id) -> bool {
        self.tree.descendants(id).take(3000).any(|d| self.tree.name(d) == "h1")
    }

    /// A link around a title and a line below it leads to another page.
    fn is_card(&self, id: Id) -> bool {
        let tree = self.tree;
        let texts = tree.descendants(id).take(200).filter(|d| {
            is_block(tree.name(*d))
                && tree.name(*d) != "figcaption"
                && tree
                    .children(*d)
                    .iter()
                    .any(|c| matches!(tree.node(*c).map(|n| &n.content), Some(Content::Text(t)) if t.trim().len() > 2))
        });
        tree.attr(id, "href").is_some()
            && texts.take(2).count() == 2
            && self.share(id) < MOST_FOR_CLASS
            && !self.has_headline(id)
    }

    /// Whether there is anything to look at.
    fn shows(&self, id: Id) -> bool {
        let shown = |d: Id| matches!(self.tree.name(d), "img" | "picture" | "video" | "iframe" | "canvas" | "object");
        self.tree.descendants(id).take(2000).any(shown)
    }

    fn quotes_or_rows(&self, id: Id) -> bool {
        self.tree.descendants(id).take(2000).any(|d| matches!(self.tree.name(d), "blockquote" | "table" | "pre"))
    }

    /// A class is not believed where the element holds what makes the page.
    fn is_credible(&self, id: Id, reason: Reason) -> bool {
        let share = self.share(id);
        match reason {
            Reason::Comment => !self.has_headline(id) && (share < 60 || self.tree.name(id) != "div"),
            Reason::Hidden | Reason::Appeal => share < 20 && !self.has_headline(id),
            Reason::Code | Reason::Caption if matches!(self.tree.name(id), "pre" | "figcaption") => true,
            Reason::Embed | Reason::Meta | Reason::Boilerplate => share < 25 && !self.has_headline(id),
            _ => share < MOST_FOR_CLASS && !self.has_headline(id),
        }
    }

    fn text(&mut self, text: &str, line: usize, id: Id) {
        if text.trim().is_empty() {
            self.blank();
            return;
        }
        let place = self.here();
        if self.behind_label && text.starts_with(char::is_alphanumeric) {
            self.blank();
        }
        self.behind_link = false;
        self.behind_label = false;
        if self.open.line.is_none() {
            self.open.line = Some(line);
            self.open.node = self.tree.parent(id).unwrap_or(ROOT);
            self.open.place = place;
        }
        // What is read stands in front: a piece that begins with a label and goes on is judged by its block.
        if self.open.place.reason.is_some() && place.reason.is_none() && is_inline_reason(self.open.place.reason) {
            self.open.place.reason = None;
        }
        self.open.place.hints.date |= place.hints.date;
        self.open.place.hints.byline |= place.hints.byline;
        let count = text.split_whitespace().map(str::len).sum::<usize>();
        self.open.linked += if place.link { count } else { 0 };
        self.open.stressed += if place.stress { count } else { 0 };
        if place.hints.byline && self.open.parts.len() < 40 {
            self.open.parts.push(clean(text));
        }
        self.open.text.push_str(text);
    }

    /// Two breaks in a row part paragraphs.
    fn line_break(&mut self, id: Id) {
        let again = self.tree.parent(id).map(|p| self.tree.children(p)).and_then(|siblings| {
            let at = siblings.iter().position(|s| *s == id)?;
            let next = siblings.iter().skip(at + 1).find(|s| match self.tree.node(**s).map(|n| &n.content) {
                Some(Content::Text(t)) => !t.trim().is_empty(),
                Some(Content::Element { .. }) => true,
                _ => false,
            })?;
            (self.tree.name(*next) == "br").then_some(())
        });
        if again.is_some() && self.here().level.is_none() {
            self.close();
        } else if !self.open.text.is_empty() {
            self.open.text.push(BREAK);
        }
    }

    fn image(&mut self, id: Id) {
        let alt = clean(self.tree.attr(id, "alt").unwrap_or_default());
        let here = self.here();
        if alt.is_empty() || here.reason.is_some_and(|r| r != Reason::Caption) || self.open.line.is_some() {
            return;
        }
        let line = self.tree.node(id).map_or(1, |n| n.line);
        if let Some(mut piece) = Piece::new(line, &alt) {
            piece.left_out = Some(Reason::Image);
            self.found.push(Found { piece, node: id, hints: here.hints, parts: Vec::new() });
        }
    }

    /// An element whose text is one block.
    fn whole(&mut self, id: Id, reason: Reason) {
        self.close();
        let line = self.first_line(id);
        if let Some(mut piece) = Piece::new(line, &self.tree.text(id)) {
            piece.left_out = Some(reason);
            self.found.push(Found { piece, node: id, hints: Hints::default(), parts: Vec::new() });
        }
    }

    /// A table: one block a row.
    fn rows(&mut self, id: Id, reason: Reason) {
        self.close();
        let rows: Vec<Id> =
            self.tree.descendants(id).filter(|d| matches!(self.tree.name(*d), "tr" | "caption")).collect();
        for row in rows {
            let cells: Vec<String> = match self.tree.name(row) {
                "caption" => vec![clean(&self.tree.text(row))],
                _ => {
                    self.tree.children(row).iter().map(|c| clean(&self.visible(*c))).filter(|c| !c.is_empty()).collect()
                }
            };
            let line = self.first_line(row);
            if let Some(mut piece) = Piece::new(line, &cells.join(" | ")) {
                piece.left_out = Some(reason);
                self.found.push(Found { piece, node: row, hints: Hints::default(), parts: Vec::new() });
            }
        }
    }

    fn visible(&self, id: Id) -> String {
        let mut out = String::new();
        for d in self.tree.descendants(id) {
            if let Some(Content::Text(text)) = self.tree.node(d).map(|n| &n.content)
                && !self.tree.ancestors(d).take(12).any(|a| matches!(self.tree.name(a), "script" | "style"))
            {
                out.push_str(text);
                out.push(' ');
            }
        }
        out
    }

    fn first_line(&self, id: Id) -> usize {
        let text = self
            .tree
            .descendants(id)
            .find(|d| matches!(self.tree.node(*d).map(|n| &n.content), Some(Content::Text(t)) if !t.trim().is_empty()));
        self.tree.node(text.unwrap_or(id)).map_or(1, |n| n.line)
    }

    /// Ends the open block.
    fn close(&mut self) {
        let open = std::mem::take(&mut self.open);
        let Some(line) = open.line else { return };
        if open.place.level.is_none() && names_line_by_line(&open.text) {
            let mut line = line;
            for text in open.text.split(BREAK) {
                let own = line + text.bytes().take_while(u8::is_ascii_whitespace).filter(|b| *b == b'\n').count();
                if let Some(mut piece) = Piece::new(own, &tidy(text)) {
                    piece.left_out = open.place.reason;
                    let parts = Vec::new();
                    self.found.push(Found { piece, node: open.node, hints: open.place.hints, parts });
                }
                line += text.matches('\n').count();
            }
            return;
        }
        let total = open.text.split_whitespace().map(str::len).sum::<usize>().max(1);
        let Some(mut piece) = Piece::new(line, &tidy(&open.text)) else { return };
        piece.level = open.place.level;
        piece.inset = open.place.inset;
        piece.linked = open.linked * 100 / total;
        piece.stressed = open.stressed * 100 / total >= 95;
        piece.left_out = open.place.reason;
        if open.place.banner && piece.left_out == Some(Reason::Navigation) && piece.linked < 50 {
            piece.left_out = Some(signs::furniture(&piece.text).unwrap_or(Reason::Boilerplate));
        }
        if open.place.figure && piece.left_out == Some(Reason::Caption) && !open.place.caption {
            piece.left_out = Some(in_figure(&piece));
        }
        piece.anchor = piece.level.and_then(|_| self.anchor(open.node));
        self.found.push(Found { piece, node: open.node, hints: open.place.hints, parts: open.parts });
    }

    /// What a link to a heading ends in: the id of the heading or of something in it, else of the section that it opens.
    fn anchor(&self, node: Id) -> Option<String> {
        let is_heading = |id: &Id| matches!(self.tree.name(*id), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let heading = std::iter::once(node).chain(self.tree.ancestors(node)).find(is_heading)?;
        let named = |id: Id| {
            let old = self.tree.attr(id, "name").filter(|_| self.tree.name(id) == "a");
            self.tree.attr(id, "id").or(old).filter(|a| !a.is_empty() && a.len() <= LONGEST_ANCHOR)
        };
        let inside = self.tree.descendants(heading).find_map(named);
        let section = || self.tree.parent(heading).filter(|p| self.tree.name(*p) == "section").and_then(named);
        named(heading).or(inside).or_else(section).filter(|a| !a.contains(char::is_whitespace)).map(str::to_owned)
    }
}

/// Joins what markup has put apart: no blank before a mark.
fn tidy(text: &str) -> String {
    let text = clean(text);
    let mut out = text.trim_end_matches(['¶', '§']).trim_end().to_owned();
    for mark in [" ,", " ."] {
        if out.contains(mark) && !out.contains(" ...") {
            out = out.replace(mark, mark.trim_start());
        }
    }
    out
}

/// What stands in a figure without any picture: a box of the site.
fn in_figure(piece: &Piece) -> Reason {
    if let Some(reason) = signs::furniture(&piece.text).or_else(|| signs::closing_heading(&piece.text)) {
        return reason;
    }
    if signs::is_appeal(&piece.text) {
        Reason::Appeal
    } else if piece.linked > 50 {
        Reason::Related
    } else {
        Reason::Embed
    }
}

/// Stands for a single line break until a block is closed.
const BREAK: char = '\u{2028}';

/// Short lines of which one says who wrote or when: the head of a page without markup of its own.
fn names_line_by_line(text: &str) -> bool {
    if !text.contains(BREAK) || text.len() > 2000 {
        return false;
    }
    let lines: Vec<String> = text.split(BREAK).map(clean).filter(|l| !l.is_empty()).collect();
    (2..=8).contains(&lines.len())
        && lines.iter().all(|l| signs::length(l) <= 160 && !signs::is_prose(l))
        && lines.iter().any(|l| people::line(l).is_some() || dates::whole_line(l).is_some())
}

/// Reasons that an inline element may carry inside a sentence.
fn is_inline_reason(reason: Option<Reason>) -> bool {
    matches!(
        reason,
        Some(
            Reason::Caption
                | Reason::Meta
                | Reason::Embed
                | Reason::Related
                | Reason::Appeal
                | Reason::Boilerplate
                | Reason::Navigation
        )
    )
}
