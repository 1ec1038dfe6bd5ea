//! Chapters as the lines of `episode.toml` that pin them where they are.

use std::fmt::Write as _;

use crate::model::chapter::ChapterList;

/// Ready to be copied: from then on the starts are the publisher's and never moved.
pub fn lines(list: &ChapterList) -> String {
    let mut text = String::from("chapters = [\n");
    for chapter in list.chapters() {
        let title = toml::Value::String(chapter.title.to_string());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {{ start = \"{}\", title = {title} }},", chapter.start.npt());
    }
    text.push(']');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chapters::testing::list;

    #[test]
    fn the_lines_are_toml_that_says_the_same() {
        let list = list(&[(0, "The Hands"), (195_098, "“Money” \\ 'pocket' \"x\"")]);
        let text = lines(&list);
        assert!(text.contains("{ start = \"00:03:15.098\", title = "), "{text}");
        let table: toml::Table = text.parse().expect("TOML");
        let chapters = table["chapters"].as_array().expect("a list");
        let titles: Vec<&str> = chapters.iter().filter_map(|c| c["title"].as_str()).collect();
        assert_eq!(titles, ["The Hands", "“Money” \\ 'pocket' \"x\""]);
    }
}
