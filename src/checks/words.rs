//! Numbers and lists as they stand in sentences.

use crate::model::time::Duration;

/// `1 chapter`, `3 chapters`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// A length as a person says it: `0.12 s`, `12.4 s`, `22:27`, `1:02:03`.
pub fn length(length: Duration) -> String {
    let millis = length.millis();
    match millis {
        0..1_000 => format!("{:.2} s", length.seconds()),
        1_000..60_000 => format!("{:.1} s", length.seconds()),
        60_000..3_600_000 => format!("{}:{:02}", millis / 60_000, millis / 1_000 % 60),
        _ => format!("{}:{:02}:{:02}", millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60),
    }
}

/// A title between quotation marks, cut where it would not fit a line.
pub fn quoted(title: &str) -> String {
    const LONGEST: usize = 60;
    match title.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("“{}…”", title.split_at(cut).0.trim_end()),
        None => format!("“{title}”"),
    }
}

/// Lower case letters and digits alone, for comparing titles.
pub fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let words = text.nfkc().flat_map(char::to_lowercase).map(|c| if c.is_alphanumeric() { c } else { ' ' });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `a`, `a and b`, `a, b and c`.
pub fn all_of(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

/// A clause as a sentence.
pub fn sentence(clause: &str) -> String {
    let clause = clause.trim().trim_end_matches('.');
    let mut letters = clause.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_say_them() {
        let check = |millis: u64, words: &str| assert_eq!(length(Duration::from_millis(millis)), words);
        check(26, "0.03 s");
        check(12_400, "12.4 s");
        check(1_346_977, "22:26");
        check(3_723_000, "1:02:03");
        assert_eq!(plain("«Money—Talks» №1"), "money talks no1");
    }
}
