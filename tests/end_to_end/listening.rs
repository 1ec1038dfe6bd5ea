//! An article and somebody who reads it: the chapters come out of the recording, and only out of the right one.

use crate::material::{ARTICLE, SPOKEN, SPOKEN_STARTS, Show};

/// A show whose one episode is read by a voice and has no marks.
pub fn spoken() -> Show {
    let show = Show::empty();
    // Here what is not heard counts.
    show.edit("episodes/show.toml", "allow = [{ rule = \"audio-other-article\"", "allow = [{ rule = \"audio-large\"");
    show.write("episodes/harbour/article.md", ARTICLE.as_bytes());
    show.write("episodes/harbour/reading.opus", SPOKEN);
    show.write(
        "episodes/harbour/episode.toml",
        b"guid = \"pages-harbour\"\nlink = \"https://pages.example.org/harbour\"\n",
    );
    show
}

/// The rules that `check` names.
fn rules(show: &Show) -> Vec<String> {
    let judged = show.run(&["check", "--format", "json"]).json();
    let findings = judged["findings"].as_array().expect("a list");
    findings.iter().filter_map(|f| Some(f["rule"].as_str()?.to_owned())).collect()
}

/// Another article of about the same length.
const OTHER: &str = "\
---
title: A Garden on the Roof
date: 2025-01-15
language: en
---

Tomatoes grow well above the city, where the sun reaches them from morning until evening and no snail has ever been.

## Soil

Earth is heavy when it is wet. A careful gardener asks an engineer before the first bag is carried up the stairs.

## Water

Rain is collected in barrels beside the chimney, and what is missing comes through a hose from the kitchen below.
";

#[test]
fn two_files_without_marks_become_an_episode_with_chapters() {
    let show = spoken();
    let chapters = show.run(&["chapters", "episodes/harbour", "--format", "json"]).fine().json();
    assert_eq!(chapters["recording"]["verdict"], "this_article");
    let list = chapters["chapters"].as_array().expect("a list");
    let titles: Vec<&str> = list.iter().filter_map(|c| c["title"].as_str()).collect();
    assert_eq!(titles, ["The Harbour at Night", "The pilots", "The lights"]);
    for (chapter, due) in list.iter().zip(SPOKEN_STARTS) {
        let heard = chapter["heard_seconds"].as_f64().expect("it is heard");
        assert!((heard - due).abs() < 0.1, "{chapter}");
        let early = heard - chapter["start_seconds"].as_f64().expect("a start");
        assert!(early >= 0.0 && (early <= 0.25 || due < 1.0), "{chapter}");
        assert!(chapter["confidence"].as_f64().is_some_and(|c| c > 0.85), "{chapter}");
        assert_eq!(chapter["source"], "aligned");
    }
    let read = chapters["paragraphs"].as_array().expect("a list");
    assert_eq!(read.len(), 3);
    assert!(read.iter().all(|p| p["narrated"] == true && p["start_seconds"].is_number()), "{read:?}");

    show.build().fine();
    let feed = show.read("feed/feed.xml");
    let start = list[1]["start_seconds"].as_f64().expect("a start");
    assert!(feed.contains(&format!("start=\"00:00:{start:06.3}\" title=\"The pilots\"")), "{start}\n{feed}");
    let first = show.feed_tree();
    show.build().fine();
    assert!(show.feed_tree() == first);
}

#[test]
fn a_recording_of_another_article_is_refused() {
    let show = spoken();
    show.write("episodes/harbour/article.md", OTHER.as_bytes());
    let chapters = show.run(&["chapters", "episodes/harbour", "--format", "json"]);
    assert_eq!(chapters.status, 1);
    let chapters = chapters.json();
    assert_eq!(chapters["recording"]["verdict"], "another");
    assert_eq!(chapters["chapters"].as_array().map(Vec::len), Some(0));
    let built = show.build();
    assert_eq!(built.status, 1);
    assert!(built.all().contains("audio-other-article"), "{}", built.all());
    assert!(show.feed_tree().is_empty());
}

#[test]
fn a_section_that_is_not_read_has_no_chapter_and_is_named() {
    let show = spoken();
    let more = "\n## The cranes\n\nIron arms lift boxes as large as houses and set them down beside the railway, one every \
        minute, until the ship rides high in the water again.\n";
    show.write("episodes/harbour/article.md", format!("{ARTICLE}{more}").as_bytes());
    let chapters = show.run(&["chapters", "episodes/harbour", "--format", "json"]).fine().json();
    assert_eq!(chapters["recording"]["verdict"], "partly");
    assert_eq!(chapters["missing"], serde_json::json!(["The cranes"]));
    assert_eq!(chapters["chapters"].as_array().map(Vec::len), Some(3));
    let rules = rules(&show);
    for rule in ["audio-partly-narrated", "chapters-section-missing"] {
        assert!(rules.iter().any(|r| r == rule), "{rule} of {rules:?}");
    }
}

#[test]
fn marks_are_never_moved_and_the_voice_contradicts_them() {
    let show = spoken();
    let marks = b"00:00 The Harbour at Night\n00:04.500 The pilots\n00:16.000 The lights\n";
    show.write("episodes/harbour/chapters.txt", marks);
    let chapters = show.run(&["chapters", "episodes/harbour", "--format", "json"]).fine().json();
    assert_eq!(chapters["chapters"][1]["start_seconds"], 4.5);
    assert!(chapters["chapters"][1]["heard_seconds"].as_f64().is_some_and(|s| (s - SPOKEN_STARTS[1]).abs() < 0.1));
    let judged = show.run(&["check", "--format", "json"]).json();
    let found: Vec<_> = judged["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|f| f["rule"] == "chapters-mark-disagrees")
        .collect();
    assert_eq!(found.len(), 1, "{judged:#}");
    assert_eq!(found[0]["line"], 2);
}

#[test]
fn a_line_that_was_left_out_is_narrated_where_it_is_read() {
    let show = spoken();
    std::fs::remove_file(show.path("episodes/harbour/article.md")).expect("removed");
    let page = "<!doctype html><html lang=\"en\"><head><title>The Harbour at Night</title></head><body><article>\
        <h1>The Harbour at Night</h1><time datetime=\"2025-01-15\">15 January 2025</time>\
        <p>The harbour never sleeps, and neither do the people who guide ships through it. On a winter night their work \
        begins when the offices go dark.</p><h2>The pilots</h2><p>Each pilot knows the channel by heart.</p>\
        <figure><img src=\"a.jpg\" alt=\"A boat\"><figcaption>They climb aboard from a small boat, in any weather, by a \
        ladder of rope.</figcaption></figure><figure><img src=\"b.jpg\" alt=\"\"><figcaption>Cranes on the northern quay, \
        photographed before they were taken down last winter.</figcaption></figure>\
        <h2>The lights</h2><p>Green to one side and red to the other: the oldest signs at sea are still the ones that \
        matter most.</p></article></body></html>";
    show.write("episodes/harbour/article.html", page.as_bytes());
    let article = show.run(&["article", "--format", "json", "episodes/harbour/article.html"]).fine().json();
    let left_out = article["article"]["left_out"].to_string();
    assert!(left_out.contains("They climb aboard") && left_out.contains("Cranes on"), "{article:#}");

    let chapters = show.run(&["chapters", "episodes/harbour", "--format", "json"]).fine().json();
    let read: Vec<&str> = chapters["paragraphs"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|p| p["narrated"] == true)
        .filter_map(|p| p["text"].as_str())
        .collect();
    assert!(read.iter().any(|t| t.starts_with("They climb aboard")), "{read:?}");
    assert!(!chapters["paragraphs"].to_string().contains("Cranes on"), "{chapters:#}");
    assert_eq!(chapters["extra"].as_array().map(Vec::len), Some(0), "{chapters:#}");
}

#[test]
fn marks_can_be_heard_and_seen() {
    let show = spoken();
    show.run(&["chapters", "episodes/harbour", "--clips", "clips", "--picture", "harbour.png"]).fine();
    let mut names: Vec<String> = std::fs::read_dir(show.path("clips"))
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["01-the-harbour-at-night.wav", "02-the-pilots.wav", "03-the-lights.wav"]);
    for (name, seconds) in names.iter().zip([5.0, 8.0, 8.0]) {
        let clip = hound::WavReader::open(show.path(&format!("clips/{name}"))).expect("a WAV file");
        let length = f64::from(clip.duration()) / f64::from(clip.spec().sample_rate);
        assert!((length - seconds).abs() < 0.001, "{name}: {length}");
    }
    let picture = image::open(show.path("harbour.png")).expect("a picture").to_rgb8();
    assert_eq!(picture.dimensions(), (1280, 400));
    // The second mark is a green pole where the pilots begin.
    let x = (SPOKEN_STARTS[1] - 0.15) / 22.16 * 1280.0;
    let is_green = |x: u32| picture.get_pixel(x, 2).0 == [0, 122, 77];
    assert!((x as u32 - 6..x as u32 + 6).any(is_green), "at {x}");

    let refused = show.run(&["chapters", "episodes/harbour", "--clips", "episodes/harbour"]);
    assert_eq!(refused.status, 2, "{}", refused.all());
}

/// An Ogg file whose tags share their page with the first sound, so that there is no room for others.
fn crowded(ogg: &[u8]) -> Vec<u8> {
    let pages = |from: usize| from + ogg[from..].windows(4).position(|w| w == b"OggS").expect("a page");
    let tags = pages(4);
    let sound = pages(tags + 4);
    let next = pages(sound + 4);
    let body = |page: usize| page + 27 + usize::from(ogg[page + 26]);
    let mut page = ogg[sound..sound + 26].to_vec();
    page[18..26].fill(0);
    page[18] = 1;
    page.push(ogg[tags + 26] + ogg[sound + 26]);
    for at in [tags, sound] {
        page.extend_from_slice(&ogg[at + 27..body(at)]);
    }
    page.extend_from_slice(&ogg[body(tags)..sound]);
    page.extend_from_slice(&ogg[body(sound)..next]);
    seal(&mut page);
    let mut made = [&ogg[..tags], &page].concat();
    // The pages behind are one fewer.
    let mut at = next;
    while at < ogg.len() {
        let end = if at + 4 < ogg.len() {
            ogg[at + 4..].windows(4).position(|w| w == b"OggS").map(|n| at + 4 + n)
        } else {
            None
        };
        let mut page = ogg[at..end.unwrap_or(ogg.len())].to_vec();
        page[18] -= 1;
        seal(&mut page);
        made.extend(page);
        at = end.unwrap_or(ogg.len());
    }
    made
}

/// The checksum of a page (RFC 3533).
fn seal(page: &mut [u8]) {
    page[22..26].fill(0);
    let sum = page.iter().fold(0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte) << 24, |s, _| if s >> 31 == 1 { s << 1 ^ 0x04C1_1DB7 } else { s << 1 })
    });
    page[22..26].copy_from_slice(&sum.to_le_bytes());
}

#[test]
fn a_recording_that_is_not_offered_in_its_own_kind_is_named() {
    let show = spoken();
    let built = show.build().fine().all();
    assert!(!built.contains("audio-own-kind-not-offered"), "{built}");
    assert!(show.read("feed/feed.xml").contains("podcast:alternateEnclosure"));

    show.write("episodes/harbour/reading.opus", &crowded(SPOKEN));
    for _ in 0..2 {
        let built = show.build().fine().all();
        let said =
            "Apps get the MP3 that is made of this Opus alone. The headers of this Ogg file cannot be written anew.";
        assert!(built.contains("audio-own-kind-not-offered") && built.contains(said), "{built}");
        let feed = show.read("feed/feed.xml");
        assert!(feed.contains("audio/mpeg") && !feed.contains("alternateEnclosure"), "{feed}");
    }
    let denied = show.run(&["build", "--deny", "audio-own-kind-not-offered"]);
    assert_eq!(denied.status, 1, "{}", denied.all());
}

#[test]
fn a_back_catalogue_is_paired_by_listening() {
    let show = spoken();
    show.write("archive/one.md", OTHER.as_bytes());
    show.write("archive/two.md", ARTICLE.as_bytes());
    show.write("archive/STE-007.opus", SPOKEN);
    show.write("archive/one.mp3", crate::material::recording());
    let paired = show.run(&["add", "archive", "--match", "--dry-run"]);
    assert_eq!(paired.status, 1, "{}", paired.all());
    let lines: Vec<&str> = paired.stdout.lines().collect();
    assert_eq!(lines, ["two.md  with  STE-007.opus", "one.md  has no recording", "one.mp3  has no article"]);
    let added = show.run(&["add", "archive", "--match"]);
    assert_eq!(added.status, 1, "{}", added.all());
    assert!(show.read("episodes/the-harbour-at-night/article.md").contains("Each pilot knows"));
}
