//! `check` on what was built and then spoiled, as somebody else's feed would be: everything it points at is opened.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::material::{MARKS, Show};

/// A built show, and where the files of its one episode are.
struct Built {
    show: Show,
    folder: PathBuf,
}

impl Built {
    fn new() -> Self {
        let show = Show::new();
        show.write("episodes/harbour/chapters.txt", MARKS.as_bytes());
        show.build().fine();
        let folder = show.path("feed/harbour");
        Self { show, folder }
    }

    fn file(&self, end: &str) -> PathBuf {
        let mut files: Vec<PathBuf> =
            fs::read_dir(&self.folder).expect("listed").map(|e| e.expect("one").path()).collect();
        files.sort();
        files.into_iter().find(|f| f.to_string_lossy().ends_with(end)).expect("a file of this kind")
    }

    fn edit_file(&self, end: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.file(end)).expect("text");
        assert!(text.contains(from), "{from}\n{text}");
        fs::write(self.file(end), text.replacen(from, to, 1)).expect("written");
    }

    fn edit(&self, from: &str, to: &str) {
        self.show.edit("feed/feed.xml", from, to);
    }

    /// Errors and warnings of the run, as `rule path:line`.
    fn found(&self, arguments: &[&str]) -> Vec<String> {
        let arguments = [&["check", "--format", "json"], arguments].concat();
        let ran = self.show.run(&arguments);
        let printed: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}\n{}", ran.all()));
        let findings = printed["findings"].as_array().expect("a list").clone();
        let mut found: Vec<String> = findings
            .iter()
            .filter(|f| f["effective"] != "info" || f["rule"] == "feed-target-unseen")
            .map(|f| {
                let path = f["path"].as_str().expect("a path");
                let kind = path.rsplit_once('.').map_or(path, |(_, end)| end);
                let line = if f["line"].is_null() { "" } else { ":" };
                format!(
                    "{} {kind}{line} {}",
                    f["rule"].as_str().expect("a rule"),
                    f["message"].as_str().expect("a message")
                )
            })
            .collect();
        found.dedup();
        found
    }
}

#[track_caller]
fn check(spoil: impl Fn(&Built), expected: &[&str]) {
    let built = Built::new();
    spoil(&built);
    // Advice about a recording of twelve seconds is not what this is about.
    let allowed = "chapters-too-short,chapters-dense,audio-loudness,episode-link-missing,feed-legacy-tag";
    let found = built.found(&["feed", "--allow", allowed]);
    for sentence in expected {
        assert!(found.iter().any(|f| f.starts_with(sentence)), "{sentence}\nis not in\n{}", found.join("\n"));
    }
    assert_eq!(found.len(), expected.len(), "{}", found.join("\n"));
}

#[test]
fn what_was_built_is_right() {
    check(|_| {}, &[]);
}

#[test]
fn what_a_feed_claims_of_its_audio_is_compared_with_the_file() {
    check(|b| b.edit("length=\"", "length=\"1"), &["episode-enclosure-length-wrong xml: The feed says 1"]);
    check(
        |b| b.edit("type=\"audio/mpeg\"", "type=\"audio/x-m4a\""),
        &["episode-enclosure-type-wrong xml: The feed calls the file audio/x-m4a, and it is MP3."],
    );
    check(
        |b| b.edit("<itunes:duration>12<", "<itunes:duration>14<"),
        &["episode-duration-mismatch xml: The feed says 0:00:14.000, and the audio lasts 0:00:12."],
    );
}

#[test]
fn damage_of_what_is_served_is_found() {
    check(
        |b| {
            let bytes = fs::read(b.file(".mp3")).expect("read");
            fs::write(b.file(".mp3"), &bytes[..bytes.len() * 2 / 3]).expect("written");
        },
        &[
            "episode-enclosure-length-wrong xml: ",
            "episode-duration-mismatch xml: ",
            "audio-truncated mp3 The audio ends at 00:00:0",
        ],
    );
    check(|b| fs::write(b.show.path("feed/cover.png"), b"no picture").expect("written"), &["artwork-unreadable png "]);
}

#[test]
fn carriers_of_chapters_are_compared_with_each_other_and_with_the_end() {
    check(
        |b| b.edit_file(".json", "8.1", "5.1"),
        &[
            "chapters-carriers-disagree xml: The chapters file has a chapter at 00:00:05.100, the Podlove chapters at 00:00:08.100.",
            "chapters-carriers-disagree xml: The chapters file has a chapter at 00:00:05.100, the ID3 frames at 00:00:08.100.",
            "chapters-carriers-disagree xml: The chapters file has a chapter at 00:00:05.100, the notes at 00:00:08.000.",
        ],
    );
    check(
        |b| b.edit("start=\"00:00:08.100\"", "start=\"00:01:08.100\""),
        &[
            "chapters-carriers-disagree xml: The chapters file has a chapter at 00:00:08.100, the Podlove chapters at 00:01:08.100.",
            "chapters-past-end xml: “The lights” starts at 00:01:08.100, and the recording ends at 00:00:12.",
        ],
    );
    check(
        |b| b.edit_file(".json", "\"startTime\": 4.25", "\"startTime\": \"4.25\""),
        &[
            "chapters-json-invalid json: `startTime` is a text and must be a number",
            "chapters-carriers-disagree xml: The chapters file has 2 chapters, the Podlove chapters 3.",
            "chapters-carriers-disagree xml: The chapters file has 2 chapters, the ID3 frames 3.",
            "chapters-carriers-disagree xml: The chapters file has 2 chapters, the notes 3.",
        ],
    );
}

#[test]
fn transcripts_are_read_beside_the_audio() {
    let with = |b: &Built, text: &str, media_type: &str| {
        fs::write(b.folder.join("t.vtt"), text).expect("written");
        let tag =
            format!("<podcast:transcript url=\"https://pages.example.org/feed/harbour/t.vtt\" type=\"{media_type}\"/>");
        b.edit("</item>", &format!("{tag}</item>"));
    };
    let good = "WEBVTT\n\n00:00.000 --> 00:04.000\nThe harbour never sleeps.\n";
    check(|b| with(b, good, "text/vtt"), &[]);
    check(
        |b| with(b, "WEBVTT\n\n00:00.000 --> 01:04.000\nToo long.\n", "text/vtt"),
        &["episode-transcript-invalid vtt: This cue ends at 00:01:04.000, and the recording at 00:00:12."],
    );
    check(
        |b| with(b, good, "application/x-subrip"),
        &[
            "episode-transcript-invalid xml: The feed calls this transcript application/x-subrip, and the file is text/vtt.",
        ],
    );
}

#[test]
fn what_cannot_be_opened_is_said_once() {
    check(
        |b| {
            fs::remove_file(b.file(".mp3")).expect("removed");
            fs::remove_file(b.file(".json")).expect("removed");
        },
        &["feed-target-unseen xml: 1 audio file and 1 chapters file are not on this disk and were not opened."],
    );
    let built = Built::new();
    let moved = built.show.path("elsewhere.xml");
    fs::copy(built.show.path("feed/feed.xml"), moved).expect("copied");
    let found = built.found(&["elsewhere.xml", "--allow", "warnings"]);
    assert_eq!(
        found,
        [
            "feed-target-unseen xml: 1 audio file, 1 chapters file, 1 transcript and 1 picture are not on this disk and were not opened."
        ]
    );
    // The same file, once somebody says where its folder is served.
    let mirror = built.show.path("feed/mirror.xml");
    fs::copy(built.show.path("elsewhere.xml"), &mirror).expect("copied");
    let text = fs::read_to_string(&mirror).expect("text").replace("pages.example.org/feed/", "mirror.example/a%20b/");
    fs::write(&mirror, text).expect("written");
    let found = built.found(&["feed/mirror.xml", "--base-url", "http://mirror.example/a%20b", "--allow", "warnings"]);
    assert_eq!(found, [""; 0]);
}

#[test]
fn names_in_a_feed_never_lead_out_of_its_folder() {
    let built = Built::new();
    fs::copy(built.file(".mp3"), built.show.path("secret.mp3")).expect("copied");
    let text = fs::read_to_string(built.show.path("feed/feed.xml")).expect("text");
    let start = text.find("<enclosure url=\"").expect("an enclosure") + "<enclosure url=\"".len();
    let end = start + text[start..].find('"').expect("its end");
    for url in [
        "https://pages.example.org/feed/..%2Fsecret.mp3",
        "https://pages.example.org/feed/%2e%2e/secret.mp3",
        "file:///secret.mp3",
    ] {
        let text = format!("{}{url}{}", &text[..start], &text[end..]);
        fs::write(built.show.path("feed/feed.xml"), text).expect("written");
        let found = built.found(&["feed"]);
        assert!(
            found.iter().any(|f| f.starts_with("feed-target-unseen xml: 1 audio file is not")),
            "{url}: {found:#?}"
        );
    }
}

#[test]
fn files_of_every_kind_are_checked_alone() {
    let built = Built::new();
    let show = &built.show;
    show.write("chapters.json", br#"{"chapters": [{"startTime": 3, "title": "A"}, {"startTime": 2, "title": ""}]}"#);
    show.write("talk.json", br#"{"version": "1.0.0", "segments": []}"#);
    show.write("talk.srt", b"1\n00:00:02,000 --> 00:00:01,000\nBack.\n");
    show.write(
        "chapters.xml",
        b"<chapters xmlns='http://podlove.org/simple-chapters'><chapter start='5' title='A'/></chapters>",
    );
    let rules = |path: &str| -> Vec<String> {
        let found = built.found(&[path]);
        let mut rules: Vec<String> = found.iter().map(|f| f.split(' ').next().expect("a rule").to_owned()).collect();
        rules.sort();
        rules.dedup();
        rules
    };
    assert_eq!(
        rules("chapters.json"),
        ["chapters-first-not-zero", "chapters-json-invalid", "chapters-not-ascending", "chapters-title-missing"]
    );
    assert_eq!(rules("talk.json"), ["episode-transcript-invalid"]);
    assert_eq!(rules("talk.srt"), ["episode-transcript-invalid"]);
    assert_eq!(rules("chapters.xml"), ["chapters-first-not-zero"]);
}
