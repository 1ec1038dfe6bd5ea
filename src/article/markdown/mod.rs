//! Markdown: front matter, then a body that becomes HTML line by line, so that HTML inside it is read like any other.

mod front;
mod shortcodes;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::html;
use super::piece::Piece;
use crate::model::article::{Article, Block, Flaw, FlawKind, Reason};

/// Reads a Markdown file.
pub(super) fn read(text: &str) -> Article {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let (front, body) = front::split(text);
    let mut article = Article::default();
    let stated = front.as_ref().and_then(|f| front::read(f, &mut article));
    if let (None, Some(line)) = (&front, front::unclosed(text)) {
        let message = "the front matter has no end; write a line of its opening signs alone behind its last key".into();
        article.problems.push(Flaw { line, kind: FlawKind::Unreadable, message });
    }
    let (body, codes) = shortcodes::take(&body);
    let page = to_html(&body);
    for (line, reason, text) in codes {
        if let Some(mut piece) = Piece::new(line, &text) {
            piece.left_out = Some(reason);
            article.blocks.push(Block::from(piece));
        }
    }
    html::read_body(&page, article, stated.as_deref())
}

/// HTML in which every text stands on the line that it has in the source.
fn to_html(body: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let starts: Vec<usize> = std::iter::once(0).chain(body.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut page = Page { out: String::with_capacity(body.len() * 2), line: 1 };
    let mut in_image = 0usize;
    let mut alt = String::new();
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        if in_image > 0 {
            match event {
                Event::Text(text) | Event::Code(text) => alt.push_str(&text),
                Event::Start(Tag::Image { .. }) => in_image += 1,
                Event::End(TagEnd::Image) => {
                    in_image -= 1;
                    if in_image == 0 {
                        page.tag(&format!("<img alt=\"{}\">", escape(&alt)));
                        alt.clear();
                    }
                }
                _ => alt.push(' '),
            }
            continue;
        }
        if !matches!(event, Event::End(_)) {
            page.go_to(starts.partition_point(|s| *s <= range.start));
        }
        match event {
            Event::Start(Tag::Image { .. }) => in_image = 1,
            Event::Start(tag) => page.tag(&opening(&tag)),
            Event::End(tag) => page.tag(&closing(tag)),
            Event::Text(text) => page.text(&text),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                page.tag("<code>");
                page.text(&text);
                page.tag("</code>");
            }
            Event::Html(html) | Event::InlineHtml(html) => page.raw(&html),
            Event::FootnoteReference(_) => {}
            Event::SoftBreak => page.raw("\n"),
            Event::HardBreak => page.raw("<br>\n"),
            Event::Rule => page.tag("<hr>"),
            Event::TaskListMarker(_) => {}
        }
    }
    page.out
}

struct Page {
    out: String,
    line: usize,
}

impl Page {
    /// Blank lines until the line of the source is reached.
    fn go_to(&mut self, line: usize) {
        while self.line < line {
            self.out.push('\n');
            self.line += 1;
        }
    }

    fn tag(&mut self, tag: &str) {
        self.out.push_str(tag);
    }

    fn text(&mut self, text: &str) {
        self.raw(&escape(text));
    }

    fn raw(&mut self, text: &str) {
        self.line += text.matches('\n').count();
        self.out.push_str(text);
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn opening(tag: &Tag<'_>) -> String {
    match tag {
        Tag::Paragraph => "<p>".into(),
        Tag::Heading { level, id: Some(id), .. } => format!("<h{} id=\"{}\">", rank(*level), escape(id)),
        Tag::Heading { level, .. } => format!("<h{}>", rank(*level)),
        Tag::BlockQuote(_) => "<blockquote>".into(),
        Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => "<pre>".into(),
        Tag::List(_) => "<ul>".into(),
        Tag::Item => "<li>".into(),
        Tag::FootnoteDefinition(_) => "<div class=\"footnotes\">".into(),
        Tag::Table(_) => "<table role=\"table\">".into(),
        Tag::TableHead => "<tr>".into(),
        Tag::TableRow => "<tr>".into(),
        Tag::TableCell => "<th>".into(),
        Tag::Emphasis => "<em>".into(),
        Tag::Strong => "<strong>".into(),
        Tag::Link { dest_url, .. } => format!("<a href=\"{}\">", escape(dest_url)),
        _ => String::new(),
    }
}

fn closing(tag: TagEnd) -> String {
    match tag {
        TagEnd::Paragraph => "</p>".into(),
        TagEnd::Heading(level) => format!("</h{}>", rank(level)),
        TagEnd::BlockQuote(_) => "</blockquote>".into(),
        TagEnd::CodeBlock => "</pre>".into(),
        TagEnd::List(_) => "</ul>".into(),
        TagEnd::Item => "</li>".into(),
        TagEnd::FootnoteDefinition => "</div>".into(),
        TagEnd::Table => "</table>".into(),
        TagEnd::TableHead | TagEnd::TableRow => "</tr>".into(),
        TagEnd::TableCell => "</th>".into(),
        TagEnd::Emphasis => "</em>".into(),
        TagEnd::Strong => "</strong>".into(),
        TagEnd::Link => "</a>".into(),
        _ => String::new(),
    }
}

/// A code that is left out, where it stands and why.
type Code = (usize, Reason, String);

#[cfg(test)]
mod tests {
    use super::*;

    fn first(text: &str) -> String {
        let article = read(text);
        article.sections().first().and_then(|s| s.paragraphs.first().map(|p| p.block.text.clone())).unwrap_or_default()
    }

    #[test]
    fn a_table_of_contents_of_kramdown_is_no_paragraph() {
        for toc in ["* TOC\n{:toc}", "1. Contents\n{:toc}", "- toc\n{:toc .large}"] {
            assert_eq!(
                first(&format!("# The Mill\n\n{toc}\n\nIt turned in the wind.\n")),
                "It turned in the wind.",
                "{toc}"
            );
        }
        assert_eq!(first("# The Mill\n\nIt turned.\n{: .lead}\n"), "It turned.");
        assert_eq!(first("# The Mill\n\n* Wind\n\nIt turned.\n"), "Wind");
    }

    #[test]
    fn front_matter_without_an_end_is_told() {
        let told = |text: &str| read(text).problems.iter().map(|p| p.line).collect::<Vec<_>>();
        assert_eq!(told("---\ntitle: The Mill\n\nIt turned.\n"), [1]);
        assert_eq!(told("\n+++\ndate = 2026-01-02\n\nIt turned.\n"), [2]);
        assert_eq!(told("---\ntitle: The Mill\n---\n\nIt turned.\n"), [0usize; 0]);
        assert_eq!(told("---\n\nIt turned.\n"), [0usize; 0]);
        assert_eq!(told("---\nAnna: It turned.\n\nBen: Did it?\n"), [0usize; 0]);
    }
}
