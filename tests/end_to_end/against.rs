//! `check --against` and `--baseline`: what subscribers would suffer, and what a publisher lives with.

use std::fs;

use serde_json::Value;

use crate::material::{MARKS, Show};

/// A built show, its feed copied to `old.xml`.
fn published() -> Show {
    let show = Show::new().with_episode("second");
    show.write("episodes/harbour/chapters.txt", MARKS.as_bytes());
    show.build().fine();
    fs::copy(show.path("feed/feed.xml"), show.path("old.xml")).expect("copied");
    show
}

/// What a comparison finds, as `severity rule path: message`.
fn compared(show: &Show, path: &str) -> Vec<String> {
    let ran = show.run(&["check", path, "--against", "old.xml", "--format", "json"]);
    let printed: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{}", ran.all()));
    const RULES: &[&str] = &[
        "show-guid-changed",
        "episode-dropped",
        "episode-guid-changed",
        "episode-date-moved",
        "episode-enclosure-changed",
        "episode-audio-replaced",
        "chapters-changed",
    ];
    let text = |finding: &Value, key: &str| finding[key].as_str().expect("text").to_owned();
    let found = printed["findings"].as_array().expect("a list").iter().filter(|f| RULES.contains(&&*text(f, "rule")));
    found
        .map(|f| format!("{} {} {}: {}", text(f, "severity"), text(f, "rule"), text(f, "path"), text(f, "message")))
        .collect()
}

#[track_caller]
fn check(spoil: impl Fn(&Show), expected: &[&str]) {
    let show = published();
    spoil(&show);
    let found = compared(&show, "feed");
    assert_eq!(found.len(), expected.len(), "{expected:?}: {found:#?}");
    for sentence in expected {
        assert!(found.iter().any(|f| f.contains(sentence)), "{sentence}\nis not in {found:#?}");
    }
}

/// Changes what stands between two parts of the feed's last item.
fn between(show: &Show, from: &str, to: &str, new: &str) {
    let text = show.read("feed/feed.xml");
    let item = text.rfind("<item>").expect("an item");
    let start = item + text[item..].find(from).unwrap_or_else(|| panic!("{from}\n{text}")) + from.len();
    let end = start + text[start..].find(to).expect("its end");
    show.write("feed/feed.xml", format!("{}{new}{}", &text[..start], &text[end..]).as_bytes());
}

#[test]
fn nothing_changed_is_nothing() {
    check(|_| {}, &[]);
    // A move to another host is no change.
    check(|s| s.edit("feed/feed.xml", "https://pages.example.org/feed/", "https://cdn.example.org/x/"), &[]);
}

#[test]
fn what_subscribers_would_suffer_is_told() {
    check(
        |s| s.edit("feed/feed.xml", "6c1c2b0e-6a0f-4d5e", "7c1c2b0e-6a0f-4d5e"),
        &["error show-guid-changed feed/feed.xml: Subscribers have this show as `6c1c2b0e"],
    );
    check(
        |s| between(s, "<guid isPermaLink=\"false\">", "<", "another"),
        &["error episode-guid-changed feed/feed.xml: Subscribers have this episode as `pages-"],
    );
    check(
        |s| between(s, "<pubDate>", "</pubDate>", "Thu, 16 Jan 2025 12:00:00 +0000"),
        &["warning episode-date-moved feed/feed.xml: This episode was published as of 2025-01-15T12:00:00Z"],
    );
    check(
        |s| between(s, "length=\"", "\"", "77"),
        &["error episode-enclosure-changed feed/feed.xml: The file at this"],
    );
    check(
        |s| {
            between(s, "length=\"", "\"", "77");
            between(s, "<enclosure url=\"https://pages.example.org/feed/", ".mp3", "harbour/new");
        },
        &["warning episode-audio-replaced feed/feed.xml: This episode's audio had"],
    );
    check(
        |s| between(s, "<psc:chapter start=\"00:00:04.250\" title=\"", "\"", "The sailors"),
        &[
            "info chapters-changed feed/feed.xml: A chapter “The pilots” was at 0:00:04, and is “The sailors” at 0:00:04",
        ],
    );
    check(
        |s| between(s, "<item>", "</item>", "<title>x</title>"),
        &["error episode-dropped old.xml: The published episode “The Harbour at Night” is not in the feed any more."],
    );
}

#[test]
fn a_show_is_compared_before_it_is_built() {
    let show = published();
    assert_eq!(compared(&show, "episodes"), [""; 0]);
    fs::remove_dir_all(show.path("episodes/second")).expect("removed");
    show.edit("episodes/harbour/episode.toml", "pages-harbour", "pages-port");
    show.edit("episodes/show.toml", "6c1c2b0e", "7c1c2b0e");
    let found = compared(&show, "episodes");
    for rule in ["show-guid-changed", "episode-guid-changed", "episode-dropped"] {
        assert!(found.iter().any(|f| f.starts_with(&format!("error {rule} "))), "{rule}: {found:#?}");
    }
    // A build into a fresh folder knows nothing of subscribers but what it is told.
    fs::remove_dir_all(show.path("feed")).expect("removed");
    let ran = show.run(&["build", "--against", "old.xml", "-q"]);
    assert_eq!(ran.status, 1, "{}", ran.all());
    assert!(ran.stdout.contains("episode-dropped") && !show.path("feed/feed.xml").exists(), "{}", ran.all());
}

#[test]
fn an_old_feed_that_cannot_be_read_is_never_taken_for_an_empty_one() {
    let show = published();
    show.write("old.xml", b"<rss version=\"2.0\"><channel>");
    let ran = show.run(&["check", "feed", "--against", "old.xml"]);
    assert_eq!(ran.status, 2, "{}", ran.all());
    assert!(ran.stderr.contains("old.xml:1"), "{}", ran.all());
    let ran = show.run(&["check", "episodes/harbour/reading.mp3", "--against", "feed"]);
    assert_eq!(ran.status, 2, "{}", ran.all());
}

#[test]
fn only_what_is_new_fails_beside_a_baseline() {
    let show = published();
    let items = show.read("feed/feed.xml");
    show.write("feed/feed.xml", items.replace("<itunes:explicit>false<", "<itunes:explicit>no<").as_bytes());
    let known = ["check", "feed", "--baseline", "known.json", "-q"];
    assert_eq!(show.run(&known).status, 2, "a baseline has to be written first");
    show.run(&[&known[..], &["--baseline-write"]].concat()).fine();
    let written = show.read("known.json");
    let again = show.run(&known).fine();
    assert!(again.stdout.contains("nothing to mend; "), "{}", again.all());

    // Old sins on other lines are old sins; one more is new.
    show.write("feed/feed.xml", show.read("feed/feed.xml").replacen("<channel>", "<channel>\n\n", 1).as_bytes());
    show.run(&known).fine();
    between(&show, "<itunes:duration>", "<", "1:2:3");
    let ran = show.run(&known);
    assert_eq!(ran.status, 1, "{}", ran.all());
    assert!(
        ran.stdout.contains("episode-duration-invalid") && !ran.stdout.contains("explicit-invalid"),
        "{}",
        ran.all()
    );

    // The same findings are the same bytes.
    show.write("feed/feed.xml", items.replace("<itunes:explicit>false<", "<itunes:explicit>no<").as_bytes());
    show.run(&[&known[..], &["--baseline-write"]].concat()).fine();
    assert_eq!(show.read("known.json"), written);
}
