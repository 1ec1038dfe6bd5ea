//! A paragraph in sentences.

/// Short words before a point that ends no sentence.
const POINTED: &[&str] = &[
    "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "vs", "etc", "No", "Inc", "Jr", "Sr", "Gen", "Sen", "Rep", "Gov", "Col",
    "Lt", "Capt", "Sgt", "Rev", "Hon", "M", "MM", "Mme", "U.S", "U.K", "U.N", "e.g", "i.e",
];
/// Shorter sentences are part of the one before.
const SHORTEST: usize = 8;

/// Cuts a paragraph behind its full stops; together the sentences are all of its words.
pub fn sentences(paragraph: &str) -> Vec<String> {
    let mut cut: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut letters = paragraph.chars().peekable();
    while let Some(c) = letters.next() {
        current.push(c);
        if !is_stop(c) {
            continue;
        }
        let stop = current.len();
        while let Some(closing) = letters.next_if(|c| is_closing(*c)) {
            current.push(closing);
        }
        let blank = letters.next_if(|c| c.is_whitespace()).is_some();
        while letters.next_if(|c| c.is_whitespace()).is_some() {}
        // Chinese and Japanese leave no blank.
        let ends = blank || matches!(c, '。' | '！' | '？');
        if ends && !(c == '.' && is_pointed(current.get(..stop).unwrap_or_default())) {
            cut.push(std::mem::take(&mut current));
        } else if blank {
            current.push(' ');
        }
    }
    cut.push(current);
    let mut out: Vec<String> = Vec::new();
    for sentence in cut.iter().map(|s| s.trim()).filter(|s| !s.is_empty()) {
        let small = sentence.chars().count() < SHORTEST || !sentence.chars().any(char::is_alphanumeric);
        match out.last_mut() {
            Some(last) if small => {
                last.push(' ');
                last.push_str(sentence);
            }
            _ => out.push(sentence.to_owned()),
        }
    }
    out
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '।' | '॥' | '։' | '؟' | '۔' | '。' | '！' | '？')
}

fn is_closing(c: char) -> bool {
    matches!(c, '”' | '’' | '»' | '"' | '\'' | ')' | ']' | '.' | '!' | '?')
}

/// True where the point belongs to an abbreviation or an initial.
fn is_pointed(text: &str) -> bool {
    let text = text.trim_end_matches('.');
    let from = text.rfind(|c: char| c.is_whitespace() || c == '(' || c == '“' || c == '«').map_or(0, |at| at + 1);
    let word = text.get(from..).or_else(|| text.split_whitespace().next_back()).unwrap_or_default();
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    initial || POINTED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paragraph: &str, expected: &[&str]) {
        assert_eq!(sentences(paragraph), expected);
    }

    #[test]
    fn sentences_end_at_full_stops_that_end_them() {
        check("It rains today. It snows tomorrow!", &["It rains today.", "It snows tomorrow!"]);
        check("“It rains today.” He said so.", &["“It rains today.”", "He said so."]);
        check(
            "Mr. Smith met J. R. Jones in the U.S. last year.",
            &["Mr. Smith met J. R. Jones in the U.S. last year."],
        );
        check("It cost 3.5 million. Really so.", &["It cost 3.5 million.", "Really so."]);
        check("He left… and came back.", &["He left…", "and came back."]);
        check("我们在北京。他们在上海的家里住。", &["我们在北京。", "他们在上海的家里住。"]);
        check("No stop at all", &["No stop at all"]);
        check("…", &["…"]);
        check("", &[]);
        check("Yes. No, that is not what she said.", &["Yes.", "No, that is not what she said."]);
        check("What she said was it. No.", &["What she said was it. No."]);
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_lost(paragraph in "[ -~“”é。…]{0,200}") {
            let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(bare(&sentences(&paragraph).concat()), bare(&paragraph));
        }
    }
}
