//! A page as a tree whose every text knows its line: a sink for html5ever, bounded in depth and size.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, ParseOpts, QualName, expanded_name, local_name, ns, parse_document};

/// Elements below this depth become siblings: no page that a person wrote is deeper.
const DEEPEST: usize = 400;

/// Parsing stops at so many nodes.
const MOST_NODES: usize = 2_000_000;

/// The parser is fed so many bytes at a time, so that a page that grows without end is noticed.
const CHUNK: usize = 4096;

/// Index of a node.
pub(super) type Id = usize;

/// The document node.
pub(super) const ROOT: Id = 0;

/// A parsed page.
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// The line at which parsing was given up, if it was.
    pub(super) cut_at: Option<usize>,
}

/// A node of a page.
pub(super) struct Node {
    parent: Option<Id>,
    pub(super) children: Vec<Id>,
    pub(super) line: usize,
    pub(super) content: Content,
}

/// What a node is.
pub(super) enum Content {
    Element {
        name: LocalName,
        attrs: Vec<(LocalName, String)>,
    },
    Text(String),
    /// The document, a comment, or anything else that shows nothing.
    Nothing,
}

impl Tree {
    /// Parses a page; any text is a page.
    pub(super) fn parse(text: &str) -> Self {
        let mut parser = parse_document(Sink::default(), ParseOpts::default());
        let mut rest = text;
        let mut cut_at = None;
        while !rest.is_empty() {
            let mut end = rest.len().min(CHUNK);
            while !rest.is_char_boundary(end) {
                end += 1;
            }
            let (chunk, after) = rest.split_at(end);
            parser.process(StrTendril::from_slice(chunk));
            rest = after;
            let sink = &parser.tokenizer.sink.sink;
            if sink.nodes.borrow().len() > MOST_NODES || sink.open.get() > DEEPEST * 10 {
                cut_at = Some(sink.line.get());
                break;
            }
        }
        let nodes = parser.finish();
        Self { nodes, cut_at }
    }

    pub(super) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn parent(&self, id: Id) -> Option<Id> {
        self.nodes.get(id)?.parent
    }

    pub(super) fn children(&self, id: Id) -> &[Id] {
        self.nodes.get(id).map(|n| n.children.as_slice()).unwrap_or_default()
    }

    /// Name of an element; empty for everything else.
    pub(super) fn name(&self, id: Id) -> &str {
        match self.nodes.get(id).map(|n| &n.content) {
            Some(Content::Element { name, .. }) => name,
            _ => "",
        }
    }

    /// An attribute of an element.
    pub(super) fn attr(&self, id: Id, wanted: &str) -> Option<&str> {
        match self.nodes.get(id).map(|n| &n.content) {
            Some(Content::Element { attrs, .. }) => {
                attrs.iter().find(|(n, _)| n as &str == wanted).map(|(_, v)| v.as_str())
            }
            _ => None,
        }
    }

    /// The node and all above it.
    pub(super) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut left = self.nodes.len();
        std::iter::successors(Some(id), move |id| {
            left = left.checked_sub(1)?;
            self.parent(*id)
        })
    }

    /// Everything below a node, in page order.
    pub(super) fn descendants(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut stack: Vec<Id> = self.children(id).iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            stack.extend(self.children(next).iter().rev());
            Some(next)
        })
    }

    /// All text below a node as it stands in the source.
    pub(super) fn text(&self, id: Id) -> String {
        let mut out = String::new();
        for id in self.descendants(id) {
            match self.nodes.get(id).map(|n| &n.content) {
                Some(Content::Text(text)) => out.push_str(text),
                Some(Content::Element { name, .. }) if name as &str == "br" => out.push('\n'),
                _ => {}
            }
        }
        out
    }
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    line: Cell<usize>,
    names: RefCell<Vec<Option<QualName>>>,
    depths: RefCell<Vec<usize>>,
    /// How deep the parser's own stack would be.
    open: Cell<usize>,
}

impl Default for Sink {
    fn default() -> Self {
        let root = Node { parent: None, children: Vec::new(), line: 1, content: Content::Nothing };
        Self {
            nodes: RefCell::new(vec![root]),
            line: Cell::new(1),
            names: RefCell::new(vec![None]),
            depths: RefCell::new(vec![0]),
            open: Cell::new(0),
        }
    }
}

impl Sink {
    fn add(&self, content: Content, name: Option<QualName>) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, children: Vec::new(), line: self.line.get(), content });
        self.names.borrow_mut().push(name);
        self.depths.borrow_mut().push(0);
        nodes.len() - 1
    }

    /// The nearest node at or above `parent` that may have children.
    fn shallow(&self, parent: Id) -> Id {
        let nodes = self.nodes.borrow();
        let depths = self.depths.borrow();
        let mut at = parent;
        while depths.get(at).is_some_and(|d| *d >= DEEPEST) {
            match nodes.get(at).and_then(|n| n.parent) {
                Some(up) => at = up,
                None => break,
            }
        }
        at
    }

    fn detach(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        let Some(parent) = nodes.get_mut(id).and_then(|n| n.parent.take()) else { return };
        if let Some(parent) = nodes.get_mut(parent)
            && let Some(at) = parent.children.iter().rposition(|c| *c == id)
        {
            parent.children.remove(at);
        }
    }

    fn insert(&self, parent: Id, before: Option<Id>, child: NodeOrText<Id>) {
        let limited = self.shallow(parent);
        let before = before.filter(|_| limited == parent);
        let parent = limited;
        let child = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let children = nodes.get(parent).map(|n| n.children.as_slice()).unwrap_or_default();
                let previous = match before {
                    Some(b) => children
                        .iter()
                        .position(|c| *c == b)
                        .and_then(|at| at.checked_sub(1))
                        .and_then(|at| children.get(at))
                        .copied(),
                    None => children.last().copied(),
                };
                let leading = text.len() - text.trim_start().len();
                let behind = text.get(leading..).unwrap_or_default().matches('\n').count();
                let starts = self.line.get().saturating_sub(behind).max(1);
                if let Some(Node { content: Content::Text(old), line, .. }) = previous.and_then(|p| nodes.get_mut(p)) {
                    if old.trim_start().is_empty() {
                        *line = starts;
                    }
                    old.push_str(&text);
                    return;
                }
                drop(nodes);
                let id = self.add(Content::Text(text.to_string()), None);
                if let Some(node) = self.nodes.borrow_mut().get_mut(id) {
                    node.line = starts;
                }
                id
            }
        };
        let depth = self.depths.borrow().get(parent).copied().unwrap_or_default() + 1;
        if let Some(own) = self.depths.borrow_mut().get_mut(child) {
            *own = depth;
        }
        self.open.set(if parent != limited || depth >= DEEPEST { self.open.get() + 1 } else { 0 });
        let mut nodes = self.nodes.borrow_mut();
        if let Some(node) = nodes.get_mut(child) {
            node.parent = Some(parent);
        }
        if let Some(node) = nodes.get_mut(parent) {
            match before.and_then(|b| node.children.iter().rposition(|c| *c == b)) {
                Some(at) => node.children.insert(at, child),
                None => node.children.push(child),
            }
        }
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Vec<Node>;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Vec<Node> {
        self.nodes.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        ROOT
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Ref<'a, QualName> {
        Ref::map(self.names.borrow(), |names| {
            names.get(*target).and_then(Option::as_ref).expect("the parser asks for names of elements only")
        })
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Id {
        let attrs = attrs.into_iter().map(|a| (a.name.local, a.value.to_string())).collect();
        self.add(Content::Element { name: name.local.clone(), attrs }, Some(name))
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.add(Content::Nothing, None)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.add(Content::Nothing, None)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.insert(*parent, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, prev_element: &Id, child: NodeOrText<Id>) {
        let has_parent = self.nodes.borrow().get(*element).is_some_and(|n| n.parent.is_some());
        if has_parent { self.append_before_sibling(element, child) } else { self.append(prev_element, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, new_node: NodeOrText<Id>) {
        let parent = self.nodes.borrow().get(*sibling).and_then(|n| n.parent);
        if let Some(parent) = parent {
            self.insert(parent, Some(*sibling), new_node);
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, attrs: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(Node { content: Content::Element { attrs: own, .. }, .. }) = nodes.get_mut(*target) {
            for attr in attrs {
                if !own.iter().any(|(n, _)| *n == attr.name.local) {
                    own.push((attr.name.local, attr.value.to_string()));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let children =
            self.nodes.borrow_mut().get_mut(*node).map(|n| std::mem::take(&mut n.children)).unwrap_or_default();
        for child in children {
            if let Some(node) = self.nodes.borrow_mut().get_mut(child) {
                node.parent = None;
            }
            self.insert(*new_parent, None, NodeOrText::AppendNode(child));
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Id) -> bool {
        let names = self.names.borrow();
        let name = names.get(*target).and_then(Option::as_ref);
        name.is_some_and(|n| n.expanded() == expanded_name!(mathml "annotation-xml"))
    }

    fn set_current_line(&self, line_number: u64) {
        self.line.set(usize::try_from(line_number).unwrap_or(usize::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_know_their_lines() {
        let tree = Tree::parse("<p>one\n<b>two</b></p>\n\n<p>\n  three</p>");
        let lines: Vec<(usize, &str)> = (0..tree.len())
            .filter_map(|id| match tree.node(id) {
                Some(Node { content: Content::Text(t), line, .. }) if !t.trim().is_empty() => Some((*line, t.trim())),
                _ => None,
            })
            .collect();
        assert_eq!(lines, [(1, "one"), (2, "two"), (5, "three")]);
    }

    #[test]
    fn a_bottomless_page_is_cut() {
        let tree = Tree::parse(&"<div><b><i>".repeat(60_000));
        assert!(tree.ancestors(tree.len() - 1).count() <= DEEPEST + 2);
    }
}
