//! What to do about a file or a feed that no `show.toml` stands over: its publisher uses another system.

/// The remedy of a rule, where its own speaks of a show's folder.
pub(super) fn remedy(rule: &str) -> Option<&'static str> {
    REMEDIES.iter().find(|(id, _)| *id == rule).map(|(_, remedy)| *remedy)
}

const REMEDIES: &[(&str, &str)] = &[
    ("article-heading-duplicate", "Give each section a heading of its own."),
    ("article-no-headings", "Give the sections headings."),
    ("article-title-missing", "Write the headline into the first line."),
    ("audio-duration-estimated", "Export it again with a Xing or Info header, as LAME writes it."),
    ("audio-glued", "Join the parts in an audio program."),
    ("audio-id3-multiple", "Remove all tags but one."),
    ("audio-loudness-high", "Normalise it to -16 LUFS (mono: -19)."),
    ("audio-loudness-low", "Normalise it to -16 LUFS (mono: -19)."),
    (
        "audio-mp3-vbr-headerless",
        "Export it again with a Xing header, as LAME writes it, or with one bit rate throughout.",
    ),
    ("audio-tags-private", "Look at them with `listen-now inspect`, and remove what is not for everybody."),
    ("chapters-carriers-disagree", "Write all of them from one list."),
    ("chapters-empty", "Write the chapters into it, or leave it out."),
    ("chapters-id3-toc", "Write the chapters again, with one table of contents that names each of them."),
    ("chapters-title-long", "Put the words that tell chapters apart first, or write a shorter title."),
    ("chapters-title-too-long", "Write a shorter title."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_of_a_rule_and_speaks_of_nothing_that_is_not_there() {
        for (id, remedy) in REMEDIES {
            assert!(crate::checks::rules().any(|r| r.id == *id), "{id}");
            assert!(!remedy.contains(".toml") && remedy.ends_with('.'), "{remedy}");
        }
        assert!(REMEDIES.is_sorted_by_key(|(id, _)| id));
    }
}
