//! Codes of site generators inside Markdown: `{{< figure >}}`, `{% photo /%}`, `{{ page.title }}`, imports of MDX.

use super::Code;
use crate::model::article::Reason;

/// A code longer than this is none: somebody wrote two braces.
const LONGEST: usize = 4000;

/// Names of codes whose content is no text either.
const BLOCKS: &[(&str, Reason)] = &[
    ("highlight", Reason::Code),
    ("raw", Reason::Code),
    ("comment", Reason::Hidden),
    ("mermaid", Reason::Code),
    ("math", Reason::Code),
    ("codeblock", Reason::Code),
];

/// The text with codes blanked, and the codes.
pub(super) fn take(text: &str) -> (String, Vec<Code>) {
    let mut codes = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        let at_line_start = at == 0 || text.get(..at).is_some_and(|t| t.ends_with('\n'));
        if at_line_start {
            let line = rest.split('\n').next().unwrap_or_default();
            let trimmed = line.trim_start();
            let mark = if trimmed.starts_with("```") {
                Some("```")
            } else if trimmed.starts_with("~~~") {
                Some("~~~")
            } else {
                None
            };
            if let Some(mark) = mark {
                fence = match fence {
                    None => Some(mark),
                    Some(open) if open == mark => None,
                    other => other,
                };
            }
            let is_import = fence.is_none()
                && (trimmed.starts_with("import ") && trimmed.contains(" from ")
                    || trimmed.starts_with("export const ")
                    || trimmed.starts_with("{:")
                    || trimmed.starts_with(":::"));
            if is_import || fence.is_some() || mark.is_some() {
                if is_import {
                    if trimmed.starts_with("{:toc") {
                        blank_last_item(&mut out);
                    }
                    if !trimmed.starts_with("{:") && !trimmed.starts_with(":::") {
                        codes.push((line_of(text, at), Reason::Code, trimmed.to_owned()));
                    }
                } else {
                    out.push_str(line);
                }
                at += line.len();
                if rest.as_bytes().get(line.len()) == Some(&b'\n') {
                    out.push('\n');
                    at += 1;
                }
                continue;
            }
        }
        match code_at(rest) {
            Some((length, inner)) => {
                let (length, reason) = whole_block(rest, length, inner);
                let taken = rest.get(..length).unwrap_or_default();
                if !inner.trim_start_matches(['%', '<', '-', ' ']).starts_with('/') {
                    codes.push((line_of(text, at), reason, taken.to_owned()));
                }
                out.extend(taken.chars().filter(|c| *c == '\n'));
                at += length;
            }
            None => {
                let c = rest.chars().next().unwrap_or(' ');
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
    codes.retain(|(_, reason, _)| *reason != Reason::Hidden);
    (out, codes)
}

/// kramdown makes a table of contents of the list before `{:toc}`: its one item is a word that nobody sees.
fn blank_last_item(out: &mut String) {
    let start = out.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let item = out.get(start..).unwrap_or_default();
    if item.trim_start().starts_with(['*', '-', '+', '1']) {
        let lines = item.matches('\n').count();
        out.truncate(start);
        out.push_str(&"\n".repeat(lines));
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// Length of a code at the beginning, and what is between its brackets.
fn code_at(rest: &str) -> Option<(usize, &str)> {
    let (open, close) = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")]
        .into_iter()
        .find(|(open, _)| rest.starts_with(open))?;
    let inner = rest.get(open.len()..)?;
    let mut limit = inner.len().min(LONGEST);
    while !inner.is_char_boundary(limit) {
        limit -= 1;
    }
    let end = inner.get(..limit)?.find(close)?;
    Some((open.len() + end + close.len(), inner.get(..end)?))
}

/// A pair of codes around program text is one.
fn whole_block(rest: &str, length: usize, inner: &str) -> (usize, Reason) {
    let name = inner
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '%'))
        .split(|c: char| c.is_whitespace() || c == '=')
        .next()
        .unwrap_or_default();
    if let Some((block, reason)) = BLOCKS.iter().find(|(n, _)| *n == name) {
        let after = rest.get(length..).unwrap_or_default();
        for end in [format!("end{block}"), format!("/{block}"), format!("/ {block}")] {
            if let Some(at) = after.find(&end) {
                let tail = after.get(at..).unwrap_or_default();
                let close = tail
                    .find('}')
                    .map_or(tail.len(), |c| c + usize::from(tail.get(c + 1..).is_some_and(|t| t.starts_with('}'))) + 1);
                return (length + at + close, *reason);
            }
        }
        return (length, *reason);
    }
    let picture = ["figure", "photo", "img", "image", "gallery", "picture", "imgproc"].iter().any(|p| name.contains(p));
    (length, if picture { Reason::Image } else { Reason::Embed })
}
