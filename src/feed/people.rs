//! Roles as articles name them → role and group of the Podcast Taxonomy, which `podcast:person` takes.

/// Group and role of the taxonomy. A role that it does not have keeps its own word in the group that fits best.
#[allow(dead_code, reason = "the writer of the feed comes next")]
pub(super) fn taxonomy(role: &str) -> (&'static str, String) {
    let role = role.trim().to_lowercase();
    match ROLES.iter().find(|(words, ..)| words.contains(&role.as_str())) {
        Some((_, group, known)) => (group, (*known).to_owned()),
        None => ("misc.", role),
    }
}

/// Words, group, role. The taxonomy: podcasttaxonomy.com, groups and roles in lower case as the namespace compares them.
#[allow(dead_code, reason = "the writer of the feed comes next")]
const ROLES: &[(&[&str], &str, &str)] = &[
    (&["author", "writer of the article"], "writing", "author"),
    (&["narrator", "reader", "voice", "speaker", ""], "cast", "narrator"),
    (&["voice actor"], "cast", "voice actor"),
    (&["host"], "cast", "host"),
    (&["co-host"], "cast", "co-host"),
    (&["guest"], "cast", "guest"),
    (&["announcer"], "cast", "announcer"),
    (&["reporter", "correspondent"], "cast", "reporter"),
    (&["writer"], "writing", "writer"),
    (&["co-writer", "co-author"], "writing", "co-writer"),
    (&["translator"], "writing", "translator"),
    (&["editor"], "writing", "editor"),
    (&["managing editor", "editor-in-chief"], "writing", "managing editor"),
    (&["story editor"], "writing", "story editor"),
    (&["editorial director"], "writing", "editorial director"),
    (&["fact checker", "fact-checker"], "writing", "fact checker"),
    (&["researcher", "research"], "writing", "researcher"),
    (&["transcriber"], "writing", "transcriber"),
    (&["director"], "creative direction", "director"),
    (&["producer"], "creative direction", "producer"),
    (&["executive producer"], "creative direction", "executive producer"),
    (&["senior producer"], "creative direction", "senior producer"),
    (&["associate producer"], "creative direction", "associate producer"),
    (&["audio engineer", "engineer", "recording engineer"], "audio production", "audio engineer"),
    (&["audio editor", "sound editor"], "audio post-production", "audio editor"),
    (&["sound designer", "sound design"], "audio post-production", "sound designer"),
    (&["composer", "music"], "audio post-production", "composer"),
    (&["graphic designer", "designer"], "visuals", "graphic designer"),
    (&["cover art designer"], "visuals", "cover art designer"),
    // The taxonomy knows no other makers of pictures; to call a photographer a designer would be untrue.
    (&["illustrator", "illustration", "artist"], "visuals", "illustrator"),
    (&["photographer", "photography", "photo"], "visuals", "photographer"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_stand_in_their_groups() {
        let check = |written: &str, group: &str, role: &str| assert_eq!(taxonomy(written), (group, role.to_owned()));
        check("Author", "writing", "author");
        check("", "cast", "narrator");
        check("Illustrator", "visuals", "illustrator");
        check("translator", "writing", "translator");
        check("Sponsor", "misc.", "sponsor");
    }
}
