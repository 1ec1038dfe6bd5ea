//! Characters that nobody sees and that do harm where a title is shown: dropped by every reader, and said here.

use crate::model::article::{Flaw, FlawKind};
use crate::model::text::is_publishable;

/// What of a text will not be published, with the line that the first one stands on; references of HTML count where
/// they mean something.
pub(super) fn dropped(text: &str, references: References) -> Option<Flaw> {
    let mut first = None;
    let mut count = 0_usize;
    for (index, line) in text.lines().enumerate() {
        let own = line.chars().filter(|c| is_unseen(*c));
        let referred = match references {
            References::Read => referred(line),
            References::Plain => Vec::new(),
        };
        for c in own.chain(referred) {
            count += 1;
            first.get_or_insert((index + 1, c));
        }
    }
    first.map(|(line, c)| flaw(line, c, count))
}

/// The same of a value that is not as it stands in the file: escapes of YAML and TOML.
pub(super) fn dropped_of_value(value: &str, raw: &str, line: usize) -> Option<Flaw> {
    let mut unseen = value.chars().filter(|c| is_unseen(*c) && !raw.contains(*c));
    let first = unseen.next()?;
    Some(flaw(line, first, unseen.count() + 1))
}

/// Whether `&#8238;` is that character.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum References {
    Read,
    Plain,
}

/// White space becomes a blank, and a byte order mark is nothing wherever it stands: of them there is nothing to say.
fn is_unseen(c: char) -> bool {
    !is_publishable(c) && !c.is_whitespace() && c != '\u{FEFF}'
}

fn referred(line: &str) -> Vec<char> {
    let numbers = line.split("&#").skip(1).filter_map(|rest| rest.split_once(';').map(|(number, _)| number));
    let value = |number: &str| match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => number.parse().ok(),
    };
    // What HTML reads as windows-1252 is no control character.
    let read = numbers.filter_map(value).filter(|n| !(0x80..0xA0).contains(n)).filter_map(char::from_u32);
    read.filter(|c| is_unseen(*c)).collect()
}

fn flaw(line: usize, first: char, count: usize) -> Flaw {
    let code = u32::from(first);
    let message = match count {
        1 => format!("A character that nobody sees (U+{code:04X}) was left out here."),
        n => format!("{n} characters that nobody sees were left out, the first of them (U+{code:04X}) here."),
    };
    Flaw { kind: FlawKind::Unseen, line, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(usize, &str)>) {
        let found = dropped(text, References::Read);
        let found = found.as_ref().map(|f| (f.line, f.message.as_str()));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn what_nobody_sees_is_said_once_with_its_first_line() {
        check("\u{FEFF}A title\n\nwith\ttabs\u{A0}and \u{200F}marks\r\n", None);
        check(
            "one\ntwo \u{202E}owt\u{202C}",
            Some((2, "2 characters that nobody sees were left out, the first of them (U+202E) here.")),
        );
        check("a bell\u{7}", Some((1, "A character that nobody sees (U+0007) was left out here.")));
        check("&#8211; &#x97; &amp; &#10; &#;", None);
        check("a\nb &#x202E; c", Some((2, "A character that nobody sees (U+202E) was left out here.")));
    }

    #[test]
    fn a_program_that_reads_no_references_shows_them() {
        assert_eq!(dropped("&#x202E;", References::Plain), None);
    }

    #[test]
    fn an_escape_is_told_where_it_stands_and_not_twice() {
        assert_eq!(dropped_of_value("a\u{7}", r"title: a\x07", 3).map(|f| f.line), Some(3));
        assert_eq!(dropped_of_value("a\u{7}", "title: a\u{7}", 3), None);
    }
}
