//! Lines of show notes, `00:00:00 Title`, both ways: what people paste, and what apps look for in descriptions.

use super::{Carrier, Context, Flaw, Reading};
use crate::model::chapter::{Chapter, ChapterList, Mark};
use crate::model::time::Timestamp;

pub(super) const CARRIER: Carrier = Carrier {
    name: "text",
    media_type: "text/plain",
    extensions: &["txt", "md"],
    recognise: |_| true,
    read: Some(read),
    write: Some(write),
};

/// One line of show notes. The time is floored to a whole second, so that no player cuts the first word.
pub fn line(chapter: &Chapter) -> String {
    let title = chapter.title.as_str();
    // A title that begins like a separator would lose it on reading; with one in front it does not.
    let between = if title.starts_with(is_separator) { " - " } else { " " };
    format!("{}{between}{title}", chapter.start.notes())
}

fn write(list: &ChapterList, _: &Context<'_>) -> String {
    list.chapters().iter().map(|chapter| line(chapter) + "\n").collect()
}

fn read(text: &str) -> Reading {
    let mut marks = Vec::new();
    let mut flaws = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let written = line.trim_matches([' ', '\t']);
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        match mark(written) {
            Some(mark) => marks.push(Mark { line: Some(index + 1), ..mark }),
            None => flaws.push(Flaw::new(
                index + 1,
                format!("no time stands at the beginning of `{}`: write `03:15 Title`", shorten(written)),
            )),
        }
    }
    Ok((marks, flaws))
}

/// The mark that a line of notes begins with, as `03:15 Title`, `(03:15) Title` or `- 3:15 - Title`.
pub fn mark(line: &str) -> Option<Mark> {
    let (start, rest) = time(unlisted(line))?;
    let rest = unseparated(rest);
    // `00:00 - 02:10 Title` is a span where both times are written alike.
    if let (true, Some((end, behind))) = (rest.behind_separator, time(rest.text))
        && end.shape == start.shape
        && end.at > start.at
        && behind.starts_with([' ', '\t'])
    {
        let title = unseparated(behind).text;
        return Some(Mark { end: Some(end.at), ..Mark::new(start.at, title) });
    }
    Some(Mark::new(start.at, rest.text))
}

/// A time with the number of its fields, by which a span is told from a title that begins with a time.
struct Written {
    at: Timestamp,
    shape: usize,
}

/// The time that a text begins with, bare or in brackets, and what follows it.
fn time(text: &str) -> Option<(Written, &str)> {
    let closing = match text.chars().next()? {
        '(' => Some(')'),
        '[' => Some(']'),
        _ => None,
    };
    let inner = if closing.is_some() { text.get(1..)? } else { text };
    let end = inner.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(inner.len());
    let (digits, mut rest) = inner.split_at(end);
    // "0:00: Title" and "0:00. Title" have a separator, not a field, behind the time.
    let bare = digits.trim_end_matches([':', '.', ',']);
    if bare.len() < digits.len() {
        rest = inner.get(bare.len()..)?;
    }
    if let Some(closing) = closing {
        rest = rest.strip_prefix(closing)?;
    }
    let colons = bare.matches(':').count();
    if colons == 0 || rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    Some((Written { at: Timestamp::parse(bare)?, shape: colons }, rest))
}

/// The line without the bullet of a list.
fn unlisted(line: &str) -> &str {
    let bullet = line.strip_prefix(['-', '*', '+', '•', '–']).filter(|rest| rest.starts_with([' ', '\t']));
    bullet.map_or(line, |rest| rest.trim_start_matches([' ', '\t']))
}

struct Rest<'a> {
    text: &'a str,
    behind_separator: bool,
}

/// What follows a time, without blanks and at most one separator.
fn unseparated(rest: &str) -> Rest<'_> {
    let text = rest.trim_start_matches([' ', '\t']);
    let adjoins = text.len() == rest.len();
    match text.strip_prefix(is_separator) {
        Some(behind) if adjoins || behind.is_empty() || behind.starts_with([' ', '\t']) => {
            Rest { text: behind.trim_start_matches([' ', '\t']), behind_separator: true }
        }
        _ => Rest { text, behind_separator: false },
    }
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | ':' | '|' | '.' | ',' | '·' | '•' | '→' | '=')
}

fn shorten(line: &str) -> String {
    const LONGEST: usize = 40;
    match line.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{list, problems};
    use super::*;

    #[test]
    fn times_are_floored_and_have_hours() {
        let list = list(&[(0, "Money"), (195_998, "- odd"), (3_600_000, "12:30 in Berlin")]);
        insta::assert_snapshot!(write(&list, &Context::default()), @r"
        00:00:00 Money
        00:03:15 - - odd
        01:00:00 12:30 in Berlin
        ");
    }

    #[test]
    fn every_usual_form_is_read() {
        let check = |text: &str, start: u64, title: &str| {
            let mark = mark(text).unwrap_or_else(|| panic!("{text:?} is a mark"));
            assert_eq!((mark.start.millis(), mark.title.as_str()), (start, title), "{text:?}");
        };
        check("00:00:00 Money", 0, "Money");
        check("(03:15) Money", 195_000, "Money");
        check("[03:15] - Money", 195_000, "Money");
        check("3:15 - Money", 195_000, "Money");
        check("3:15 — Money", 195_000, "Money");
        check("3:15: Money", 195_000, "Money");
        check("3:15-Money", 195_000, "Money");
        check("3:15\tMoney", 195_000, "Money");
        check("3:15 | Money", 195_000, "Money");
        check("03:15.098 Money", 195_098, "Money");
        check("1:03:15,098 Money", 3_795_098, "Money");
        check("- 3:15 Money", 195_000, "Money");
        check("* 3:15 Money", 195_000, "Money");
        check("3:15 -5 degrees", 195_000, "-5 degrees");
        check("3:15 12:30 in Berlin", 195_000, "12:30 in Berlin");
        check("00:00 - 02:10 Money", 0, "Money");
        check("00:00:00 - 12:30 in Berlin", 0, "12:30 in Berlin");
        check("3:15", 195_000, "");
    }

    #[test]
    fn a_line_without_a_time_is_named() {
        insta::assert_snapshot!(problems(read("# a remark\n\n0:00 A\nThen nothing but a very long sentence without any time\n12 monkeys\n3:99 B\n")), @r"
        4: no time stands at the beginning of `Then nothing but a very long sentence wi…`: write `03:15 Title`
        5: no time stands at the beginning of `12 monkeys`: write `03:15 Title`
        6: no time stands at the beginning of `3:99 B`: write `03:15 Title`
        00:00:00.000 A
        ");
    }
}
