//! A show becomes a feed: what is in it, and that the same input gives the same bytes.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::material::{SECONDS, Show, mp3, run_in, samples, speech, tree};

fn exact_seconds() -> f64 {
    (samples(SECONDS) as f64 / 44.1).round() / 1000.0
}

#[test]
fn two_files_and_marks_become_a_feed_with_chapters_everywhere() {
    let show = Show::new();
    let built = show.run(&["build", "--format", "json"]).fine().json();
    assert_eq!(built["schema"], 1);
    assert_eq!(built["feed"], "feed/feed.xml");
    let episode = &built["episodes"][0];
    assert_eq!(episode["slug"], "harbour");
    assert_eq!(episode["guid"], "pages-harbour");
    assert_eq!(episode["change"], "new");
    assert_eq!(episode["chapters"], 3);
    assert_eq!(episode["duration_seconds"], exact_seconds());

    let feed = show.read("feed/feed.xml");
    let enclosure = feed.split("<enclosure ").nth(1).expect("an enclosure").split("/>").next().expect("its end");
    let file = show.feed_tree().into_iter().find(|(name, _)| name.ends_with(".mp3")).expect("the enclosure's file");
    assert!(enclosure.contains(&format!("length=\"{}\"", file.1.len())), "{enclosure}");
    assert!(enclosure.contains("type=\"audio/mpeg\""), "{enclosure}");
    assert!(enclosure.contains(&format!("url=\"https://pages.example.org/feed/{}\"", file.0)), "{enclosure}");
    for line in ["00:00:00 The Harbour at Night", "00:00:04 The pilots", "00:00:08 The lights"] {
        assert!(feed.contains(line), "{line}\n{feed}");
    }
    for chapter in ["start=\"00:00:04.250\"", "start=\"00:00:08.100\""] {
        assert!(feed.contains(chapter), "{feed}");
    }
    assert!(feed.contains("<pubDate>Wed, 15 Jan 2025 12:00:00 +0000</pubDate>"), "{feed}");
    assert!(feed.contains("<itunes:duration>12</itunes:duration>"), "{feed}");

    let chapters = show.feed_tree().into_iter().find(|(name, _)| name.ends_with(".json")).expect("a chapters file");
    let json: serde_json::Value = serde_json::from_slice(&chapters.1).expect("JSON");
    let starts: Vec<f64> =
        json["chapters"].as_array().expect("a list").iter().filter_map(|c| c["startTime"].as_f64()).collect();
    assert_eq!(starts, [0.0, 4.25, 8.1]);

    let inside = show.run(&["inspect", "--format", "json", &format!("feed/{}", file.0)]).fine().json();
    let titles: Vec<&str> = inside["files"][0]["chapters"]
        .as_array()
        .expect("chapters")
        .iter()
        .filter_map(|c| c["title"].as_str())
        .collect();
    assert_eq!(titles, ["The Harbour at Night", "The pilots", "The lights"]);
    assert_eq!(inside["files"][0]["duration_seconds"], exact_seconds());
}

#[test]
fn the_folder_holds_exactly_what_the_feed_and_the_pages_name() {
    let show = Show::new();
    show.build().fine();
    let tree = show.feed_tree();
    let texts = tree.iter().filter(|(name, _)| name.ends_with(".xml") || name.ends_with(".html"));
    let texts: String = texts.map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect();
    for (name, _) in &tree {
        let file = name.rsplit('/').next().expect("a name");
        let is_entrance = matches!(file, "index.html" | "embed.html" | "feed.xml");
        assert!(is_entrance || texts.contains(file), "{name} is named by nothing");
    }
    let pages: Vec<&str> =
        tree.iter().map(|(n, _)| n.as_str()).filter(|n| n.ends_with(".html") && !n.contains("/transcript-")).collect();
    assert_eq!(pages, ["harbour/embed.html", "harbour/index.html", "index.html"]);
}

#[test]
fn the_page_works_without_a_script_and_loads_nothing_from_elsewhere() {
    let show = Show::new();
    show.build().fine();
    let page = show.read("feed/harbour/index.html");
    for part in [
        "<audio controls",
        "kind=\"chapters\"",
        "#t=4.25\" data-start=\"4.25\"",
        "<h1>The Harbour at Night</h1>",
        "Each pilot knows the channel by heart.",
        "default-src 'none'; media-src 'self'; img-src 'self'",
        "\"@type\":\"PodcastEpisode\"",
        "\"startOffset\":4.25",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let loads = page.match_indices("src=\"").map(|(at, _)| &page[at + 5..at + 13]);
    assert!(loads.clone().count() >= 2 && loads.into_iter().all(|l| !l.starts_with("http")), "{page}");

    show.edit("episodes/show.toml", "narration", "text = \"summary\"\nnarration");
    show.build().fine();
    let page = show.read("feed/harbour/index.html");
    assert!(!page.contains("Each pilot knows") && page.contains("What the pilots see"), "{page}");
}

#[test]
fn same_input_same_bytes_with_any_number_of_jobs_and_any_file_times() {
    let show = Show::new().with_episode("second").with_episode("third");
    show.edit("episodes/second/article.md", "2025-01-15", "2025-01-16");
    show.run(&["build", "--jobs", "1"]).fine();
    let first = show.feed_tree();

    let copy = tempfile::tempdir().expect("a folder");
    for (name, bytes) in tree(&show.path("episodes")) {
        let path = copy.path().join("episodes").join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, bytes).expect("written");
        let file = fs::File::options().write(true).open(&path).expect("opened");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).expect("set");
    }
    run_in(copy.path(), &["build", "--jobs", "2"]).fine();
    assert!(tree(&copy.path().join("feed")) == first, "the copies differ");
}

#[test]
fn a_second_build_writes_nothing_and_opens_no_recording() {
    let show = Show::new();
    show.build().fine();
    let stamps = |show: &Show| -> Vec<(String, SystemTime)> {
        let stamp = |name: String| {
            let modified = fs::metadata(show.path(&format!("feed/{name}"))).and_then(|m| m.modified());
            (name, modified.expect("a time"))
        };
        show.feed_tree().into_iter().map(|(name, _)| stamp(name)).collect()
    };
    let before = stamps(&show);
    let built = show.run(&["build", "--format", "json"]).fine().json();
    assert_eq!(built["episodes"][0]["change"], "none");
    assert_eq!(built["episodes"][0]["cached"], true);
    assert_eq!(stamps(&show), before);
}

#[test]
fn a_build_without_its_cache_ends_in_the_same_bytes() {
    let show = Show::new();
    show.build().fine();
    let first = show.feed_tree();
    fs::remove_dir_all(show.path(".listen-now")).expect("the cache lies beside the episodes");
    show.build().fine();
    assert!(show.feed_tree() == first);
    fs::remove_dir_all(show.path("feed")).expect("removed");
    show.build().fine();
    assert!(show.feed_tree() == first);
}

#[test]
fn subscribers_are_told_what_changes() {
    let show = Show::new();
    show.build().fine();
    let change = |show: &Show| {
        let built = show.run(&["build", "--format", "json"]).fine().json();
        built["episodes"][0]["change"].as_str().expect("a word").to_owned()
    };
    show.edit("episodes/harbour/article.md", "What the pilots see", "What only the pilots see");
    assert_eq!(change(&show), "notes");
    show.edit("episodes/harbour/article.md", "title: The Harbour at Night", "title: A Harbour at Night");
    assert_eq!(change(&show), "title");
    show.write("episodes/harbour/reading.mp3", &mp3(SECONDS, 180.0));
    assert_eq!(change(&show), "audio");
    assert_eq!(change(&show), "none");
    let enclosures = show.feed_tree().into_iter().filter(|(name, _)| name.ends_with(".mp3")).count();
    assert_eq!(enclosures, 1, "the old recording is gone");
}

#[test]
fn drafts_and_episodes_of_tomorrow_stay_at_home() {
    let show = Show::new().with_episode("draft").with_episode("tomorrow");
    show.write("episodes/draft/episode.toml", b"guid = \"d\"\ndraft = true\n");
    show.edit("episodes/tomorrow/article.md", "2025-01-15", "2025-03-01");
    show.run(&["build", "--as-of", "2025-02-01"]).fine();
    let tree = show.feed_tree();
    assert!(tree.iter().all(|(name, _)| !name.starts_with("draft") && !name.starts_with("tomorrow")));
    let feed = show.read("feed/feed.xml");
    assert_eq!(feed.matches("<item>").count(), 1);
    assert!(!feed.contains("2025-03") && !feed.contains("Mar 2025"));
    show.run(&["build", "--as-of", "2025-03-02"]).fine();
    assert_eq!(show.read("feed/feed.xml").matches("<item>").count(), 2);
}

#[test]
fn add_says_what_the_episode_still_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "It rained upon the harbour.\n\n## The pilots\n\nThe pilots waited for the boats, and the boats came.\n";
    fs::write(folder.path().join("article.md"), text).expect("written");
    fs::write(folder.path().join("reading.mp3"), crate::material::recording()).expect("written");
    let added = run_in(folder.path(), &["add", "article.md", "reading.mp3", "--slug", "pilots"]).fine();
    for told in [
        "episodes/pilots: there are no chapters; `listen-now check episodes/pilots` says why",
        "episodes/pilots/episode.toml: the article has no date; write the day of publication here",
        "episodes: there is no show.toml here yet; `listen-now new` makes one",
    ] {
        assert!(added.stderr.contains(told), "{told}\n{}", added.all());
    }
}

#[test]
fn a_first_feed_from_two_files_takes_three_commands() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("article.md"), crate::material::ARTICLE).expect("written");
    fs::write(at("reading.mp3"), crate::material::spoken_mp3()).expect("written");
    run_in(folder.path(), &["new", "."]).fine();
    run_in(folder.path(), &["add", "article.md", "reading.mp3"]).fine();
    run_in(folder.path(), &["build"]).fine();
    let feed = fs::read_to_string(at("feed/feed.xml")).expect("a feed");
    assert!(feed.contains("The Harbour at Night"), "{feed}");
    let toml = fs::read_to_string(at("episodes/the-harbour-at-night/episode.toml")).expect("an episode");
    assert!(toml.contains("guid = "), "{toml}");
}

#[test]
fn a_recording_that_directories_do_not_take_becomes_an_mp3_of_the_same_length() {
    let show = Show::new();
    fs::remove_file(show.path("episodes/harbour/reading.mp3")).expect("removed");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(show.path("episodes/harbour/reading.wav"), spec).expect("made");
    for sample in speech(SECONDS, 120.0) {
        wav.write_sample((sample * 30_000.0) as i16).expect("written");
    }
    wav.finalize().expect("written");
    let built = show.run(&["build", "--format", "json"]).fine().json();
    assert_eq!(built["episodes"][0]["duration_seconds"], exact_seconds());
    let first = show.feed_tree();
    let (name, _) = first.iter().find(|(name, _)| name.ends_with(".mp3")).expect("an enclosure");
    let inside = show.run(&["inspect", "--format", "json", &format!("feed/{name}")]).fine().json();
    assert_eq!(inside["files"][0]["duration_frames"], samples(SECONDS));
    assert_eq!(inside["files"][0]["chapters"].as_array().map(Vec::len), Some(3));

    let built = show.run(&["build", "--format", "json"]).fine().json();
    assert_eq!((&built["episodes"][0]["cached"], &built["episodes"][0]["change"]), (&true.into(), &"none".into()));
    fs::remove_dir_all(show.path(".listen-now")).expect("removed");
    fs::remove_dir_all(show.path("feed")).expect("removed");
    show.build().fine();
    assert!(show.feed_tree() == first, "encoded again, it is the same to the byte");
}
