//! Promises to scripts: one JSON document whatever is wrong, a status that no pipe changes, names that are taken at
//! their word.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::material::{ARTICLE, Show, program, recording};

#[test]
fn chapters_of_an_episode_that_cannot_be_heard_are_a_document_all_the_same() {
    let show = Show::new();
    show.write("episodes/harbour/reading.mp3", b"no recording");
    let ran = show.run(&["chapters", "episodes/harbour", "--format", "json"]);
    assert_eq!(ran.status, 1, "{}", ran.all());
    assert!(ran.stderr.contains("reading.mp3: "), "{}", ran.stderr);
    let document = ran.json();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["episode"], "episodes/harbour");
    assert_eq!(document["duration_seconds"], Value::Null);
    assert_eq!(document["recording"]["verdict"], "not_heard");
    for list in ["chapters", "missing", "extra", "paragraphs"] {
        assert_eq!(document[list].as_array().map(Vec::len), Some(0), "{list}");
    }
    let text = show.run(&["chapters", "episodes/harbour", "--format", "audacity"]);
    assert_eq!((text.status, text.stdout.as_str()), (1, ""));
}

#[test]
fn an_article_that_cannot_be_read_is_a_document_all_the_same() {
    let show = Show::empty();
    show.write("article.txt", b"\0\x01\x02\0\0\0\xff\xfe\0\0");
    let ran = show.run(&["article", "article.txt", "--format", "json"]);
    assert_eq!(ran.status, 1, "{}", ran.all());
    assert_eq!(ran.json(), serde_json::json!({ "schema": 1, "article": null }));
}

#[test]
fn a_reader_that_goes_away_hides_no_status() {
    let show = Show::new();
    show.write("episodes/harbour/reading.mp3", b"no recording");
    for arguments in [
        ["build", "--format", "json"].as_slice(),
        &["build"],
        &["inspect", "episodes/harbour/reading.mp3"],
        &["chapters", "episodes/harbour", "--format", "json"],
    ] {
        let mut command = program();
        command.current_dir(show.path("")).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program starts");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("it ends").code(), Some(1), "{arguments:?}");
    }
}

#[test]
fn an_article_on_standard_input_is_read_whole_or_refused() {
    let mut child = program()
        .args(["article", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    let line = [b'a'; 1 << 16];
    // It may stop reading before all of it is written.
    let _ = (0..513).try_for_each(|_| input.write_all(&line));
    drop(input);
    let ran = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2), "{said}");
    assert!(said.contains("too large"), "{said}");
}

#[test]
fn a_takedown_of_an_episode_that_nobody_has_is_an_error() {
    let show = Show::new();
    show.build().fine();
    let before = show.feed_tree();
    for option in ["--drop", "--change-guid"] {
        let ran = show.run(&["build", option, "habour"]);
        assert_eq!(ran.status, 2, "{}", ran.all());
        assert!(ran.stderr.contains("there is no episode `habour`"), "{}", ran.stderr);
    }
    assert!(show.feed_tree() == before);
}

#[test]
fn episodes_beyond_the_newest_are_told_as_gone() {
    let show = Show::new().with_episode("older");
    show.edit("episodes/older/article.md", "2025-01-15", "2024-01-15");
    show.build().fine();
    let text = show.read("episodes/show.toml") + "\n[feed]\nmax_items = 1\n";
    show.write("episodes/show.toml", text.as_bytes());
    let built = show.run(&["build", "--format", "json"]).fine().json();
    let episodes = built["episodes"].as_array().expect("a list");
    let told: Vec<_> = episodes.iter().map(|e| (e["slug"].as_str(), e["change"].as_str())).collect();
    assert_eq!(told, [(Some("harbour"), Some("none")), (Some("older"), Some("gone"))]);
    assert!(show.feed_tree().iter().all(|(name, _)| !name.starts_with("older")));
}

#[test]
fn a_try_run_of_add_refuses_what_add_refuses() {
    let show = Show::empty();
    show.write("harbour.md", ARTICLE.as_bytes());
    show.write("harbour.mp3", recording());
    let add = ["add", "harbour.md", "harbour.mp3", "--slug", "harbour"];
    let tried = || show.run(&[add.as_slice(), &["--dry-run"]].concat());
    tried().fine();
    show.run(&add).fine();
    let refused = tried();
    assert_eq!(refused.status, 2, "{}", refused.all());
    assert!(refused.stderr.contains("an episode of this name already"), "{}", refused.stderr);
}

#[test]
fn a_catalogue_loses_no_article_and_stops_at_none() {
    let show = Show::empty();
    show.write("archive/a.md", b"\0\x01\x02\0\0\0\xff\xfe\0\0");
    show.write("archive/b.md", ARTICLE.as_bytes());
    show.write("archive/c.md", ARTICLE.as_bytes());
    show.write("archive/d.md", ARTICLE.replace("The Harbour at Night", "The Lights").as_bytes());
    for name in ["a", "b", "c", "d"] {
        show.write(&format!("archive/{name}.mp3"), recording());
    }
    let named = show.run(&["add", "archive", "--slug", "harbour"]);
    assert_eq!(named.status, 2, "{}", named.all());
    // The second run goes on where the first one ended, and says the same of what it cannot add.
    for _ in 0..2 {
        let added = show.run(&["add", "archive"]);
        assert_eq!(added.status, 1, "{}", added.all());
        assert!(added.stderr.contains("archive/a.md: "), "{}", added.stderr);
        assert!(added.stderr.contains("archive/c.md: its title makes the same name"), "{}", added.stderr);
    }
    assert!(
        show.path("episodes/the-harbour-at-night/reading.mp3").exists()
            || show.path("episodes/the-harbour-at-night/b.mp3").exists()
    );
    assert!(show.path("episodes/the-lights").is_dir());
}

#[test]
fn a_takedown_leaves_no_copy_of_the_recording() {
    let one = ["tests/audio/opusenc-14400.opus"];
    let parts = ["tests/audio/opusenc-14400.opus", "tests/audio/opusenc-43200.opus"];
    for (recordings, folder_stays) in [(one.as_slice(), false), (&parts, false), (&parts, true)] {
        let show = Show::new();
        show.write("episodes/second/article.md", ARTICLE.as_bytes());
        show.write(
            "episodes/second/chapters.txt",
            b"0.0\t0.0\tThe Harbour at Night\n0.1\t0.1\tThe pilots\n0.2\t0.2\tThe lights\n",
        );
        for (number, path) in recordings.iter().enumerate() {
            let bytes = std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a fixture");
            show.write(&format!("episodes/second/reading-{number}.opus"), &bytes);
        }
        let kept = || {
            let kept = crate::material::tree(&show.path(".listen-now")).into_iter().map(|(name, _)| name);
            let of =
                |name: &String| ["/encoded-", "/recording-", "/heard-", "/parts-"].iter().any(|k| name.contains(k));
            kept.filter(of).collect::<Vec<_>>()
        };
        show.run(&["build", "--drop", "second", "--allow", "all"]).fine();
        let without = kept();
        show.run(&["build", "--allow", "all"]).fine();
        assert!(kept().iter().any(|name| name.contains("/encoded-")), "{:?}", kept());
        if !folder_stays {
            std::fs::remove_dir_all(show.path("episodes/second")).expect("removed");
        }
        show.run(&["build", "--drop", "second", "--allow", "all"]).fine();
        assert_eq!(kept(), without, "{recordings:?}");
    }
}
