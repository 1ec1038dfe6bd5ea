//! What goes wrong in a publisher's hands: a sentence with its place, an exit status, and the published feed as it was.

use std::fmt::Write as _;
use std::fs;

use crate::material::{ARTICLE, Show, cover, recording};

type Spoil = fn(&Show);

/// A way to get a good show wrong, and the command's arguments.
struct Mistake {
    what: &'static str,
    status: i32,
    spoil: Spoil,
    arguments: &'static [&'static str],
}

const fn mistake(what: &'static str, status: i32, spoil: Spoil) -> Mistake {
    Mistake { what, status, spoil, arguments: &["build"] }
}

const MISTAKES: &[Mistake] = &[
    mistake("a key with a typing error", 1, |s| s.edit("episodes/show.toml", "explicit", "explicite")),
    mistake("a value of the wrong type", 1, |s| s.edit("episodes/show.toml", "explicit = false", "explicit = \"no\"")),
    mistake("a category that Apple does not have", 1, |s| s.edit("episodes/show.toml", "Politics", "Politik")),
    mistake("no title", 1, |s| s.edit("episodes/show.toml", "title = \"Open Pages, read aloud\"\n", "")),
    mistake("a base_url without a scheme", 1, |s| {
        s.edit("episodes/show.toml", "https://pages.example.org/feed/", "pages.example.org/feed/");
    }),
    mistake("no show.toml", 1, |s| fs::remove_file(s.path("episodes/show.toml")).expect("removed")),
    mistake("a line of show.toml that is cut", 1, |s| s.edit("episodes/show.toml", "\"News > Politics\"", "\"News")),
    mistake("two articles", 1, |s| s.write("episodes/harbour/article.html", b"<p>Another text.</p>")),
    mistake("no article", 1, |s| fs::remove_file(s.path("episodes/harbour/article.md")).expect("removed")),
    mistake("an empty article", 1, |s| s.write("episodes/harbour/article.md", b"")),
    mistake("an article that is a picture", 1, |s| s.write("episodes/harbour/article.md", &cover(64))),
    mistake("an article that is only front matter", 1, |s| {
        s.write("episodes/harbour/article.md", b"---\ntitle: T\ndate: 2025-01-15\n---\n");
    }),
    mistake("no recording", 1, |s| fs::remove_file(s.path("episodes/harbour/reading.mp3")).expect("removed")),
    mistake("a recording of no bytes", 1, |s| s.write("episodes/harbour/reading.mp3", b"")),
    mistake("a recording that is a web page", 1, |s| {
        s.write("episodes/harbour/reading.mp3", b"<!doctype html><title>404 Not Found</title><p>Not found.</p>");
    }),
    mistake("a recording that is cut", 1, |s| {
        let bytes = recording();
        s.write("episodes/harbour/reading.mp3", &bytes[..bytes.len() / 2]);
    }),
    mistake("a recording with a hole", 1, |s| {
        let mut bytes = recording().to_vec();
        let third = bytes.len() / 3;
        bytes.drain(third..third + 9_000);
        s.write("episodes/harbour/reading.mp3", &bytes);
    }),
    mistake("two recordings", 1, |s| s.write("episodes/harbour/take-two.mp3", recording())),
    mistake("a recording with three channels", 1, |s| {
        fs::remove_file(s.path("episodes/harbour/reading.mp3")).expect("removed");
        let spec = hound::WavSpec {
            channels: 3,
            sample_rate: 44_100,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut wav = hound::WavWriter::create(s.path("episodes/harbour/reading.wav"), spec).expect("made");
        for sample in crate::material::speech(12, 130.0) {
            (0..3).for_each(|_| wav.write_sample((sample * 30_000.0) as i16).expect("written"));
        }
        wav.finalize().expect("written");
    }),
    mistake("silence", 1, |s| {
        let mut encoder = rusty_mp3::Mp3Encoder::new(Default::default());
        encoder.push_pcm_f32(&vec![0.0; 44_100 * 12], 1, 44_100).expect("samples");
        encoder.finish();
        let mut bytes = Vec::new();
        while let Ok(packet) = encoder.next_packet() {
            bytes.extend(packet);
        }
        s.write("episodes/harbour/reading.mp3", &bytes);
    }),
    mistake("a date called yesterday", 1, |s| {
        s.write("episodes/harbour/episode.toml", b"guid = \"pages-harbour\"\ndate = \"yesterday\"\n")
    }),
    mistake("no date", 1, |s| s.edit("episodes/harbour/article.md", "date: 2025-01-15\n", "")),
    mistake("a guid that two episodes have", 1, |s| {
        s.write("episodes/second/article.md", ARTICLE.as_bytes());
        s.write("episodes/second/reading.mp3", recording());
        s.write("episodes/second/episode.toml", b"guid = \"pages-harbour\"\n");
    }),
    mistake("a folder with capitals", 1, |s| {
        fs::rename(s.path("episodes/harbour"), s.path("episodes/Harbour at Night")).expect("renamed");
    }),
    mistake("a folder called ü #%", 1, |s| {
        s.write("episodes/ü #%/article.md", ARTICLE.as_bytes());
        s.write("episodes/ü #%/reading.mp3", recording());
    }),
    mistake("marks out of order", 1, |s| {
        s.write("episodes/harbour/chapters.txt", b"00:00 One\n00:08 Two\n00:04 Three\n")
    }),
    mistake("marks behind the end", 1, |s| {
        s.write("episodes/harbour/chapters.txt", b"00:00 One\n00:04 Two\n01:04 Three\n")
    }),
    mistake("marks that do not begin at zero", 1, |s| {
        s.write("episodes/harbour/chapters.txt", b"00:01 One\n00:04 Two\n00:08 Three\n");
    }),
    mistake("marks that are no marks", 1, |s| {
        s.write("episodes/harbour/chapters.txt", b"these are notes about the reading\n")
    }),
    mistake("a mark without a title", 1, |s| {
        s.write("episodes/harbour/episode.toml", b"guid = \"pages-harbour\"\nchapters = [{ start = \"0:00\", title = \"\" }, { start = \"0:04\", title = \"Two\" }]\n");
    }),
    mistake("a cover of 100 pixels", 1, |s| s.write("episodes/cover.png", &cover(100))),
    mistake("a cover that is no square", 1, |s| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(1600, 1400).write_to(&mut bytes, image::ImageFormat::Png).expect("memory");
        s.write("episodes/cover.png", &bytes.into_inner());
    }),
    mistake("a cover that is cut", 1, |s| {
        let bytes = cover(1400);
        s.write("episodes/cover.png", &bytes[..bytes.len() / 2]);
    }),
    mistake("no cover", 1, |s| fs::remove_file(s.path("episodes/cover.png")).expect("removed")),
    mistake("a feed that cannot be read", 2, |s| s.write("feed/feed.xml", b"<rss version=\"2.0\"><channel><title>Cut")),
    mistake("the feed of another show", 2, |s| s.edit("episodes/show.toml", "6c1c2b0e", "7c1c2b0e")),
    mistake("an episode that went away", 1, |s| {
        s.edit("episodes/harbour/article.md", "date: 2025-01-15", "date: 2025-01-15\ndraft: true");
    }),
    Mistake {
        what: "an output folder inside the episodes",
        status: 2,
        spoil: |_| {},
        arguments: &["build", "-o", "episodes/feed"],
    },
    Mistake {
        what: "an output folder that holds something else",
        status: 2,
        spoil: |s| s.write("photos/one.jpg", b"not a feed"),
        arguments: &["build", "-o", "photos"],
    },
    Mistake { what: "episodes that are not there", status: 2, spoil: |_| {}, arguments: &["build", "shows"] },
    Mistake {
        what: "a rule that does not exist",
        status: 2,
        spoil: |_| {},
        arguments: &["build", "--deny", "audio-lound"],
    },
    Mistake { what: "an option that does not exist", status: 2, spoil: |_| {}, arguments: &["build", "--outptu", "x"] },
    Mistake { what: "a moment that is none", status: 2, spoil: |_| {}, arguments: &["build", "--as-of", "tomorrow"] },
    Mistake { what: "a slug that is none", status: 2, spoil: |_| {}, arguments: &["build", "--drop", "The Harbour"] },
];

#[test]
fn every_mistake_gets_a_sentence_and_changes_nothing() {
    let mut told = String::new();
    // What was heard of the good show need not be heard again for each mistake.
    let cache = tempfile::tempdir().expect("a folder");
    let cache = cache.path().to_str().expect("its name is text");
    for mistake in MISTAKES {
        let show = Show::new();
        show.run(&["build", "--cache", cache]).fine();
        (mistake.spoil)(&show);
        let before = show.feed_tree();
        // Advice and warnings about the short test recording would hide what this is about.
        let quiet = ["-q", "--allow", "warnings", "--cache", cache];
        let arguments: Vec<&str> = mistake.arguments.iter().copied().chain(quiet).collect();
        let ran = show.run(&arguments);
        let _ = writeln!(told, "--- {} (exit {})\n{}", mistake.what, ran.status, ran.all().trim_end());
        assert_eq!(ran.status, mistake.status, "{}\n{}", mistake.what, ran.all());
        assert!(show.feed_tree() == before, "{}: the published feed changed", mistake.what);
        let names: Vec<_> =
            fs::read_dir(show.path("")).expect("listed").map(|e| e.expect("an entry").file_name()).collect();
        assert!(names.iter().all(|n| !n.to_string_lossy().ends_with(".lock")), "{}: {names:?}", mistake.what);
    }
    insta::assert_snapshot!("mistakes", told);
}

#[test]
fn all_mistakes_of_all_episodes_come_in_one_run() {
    let show = Show::new().with_episode("second");
    show.edit("episodes/show.toml", "explicit", "explicite");
    fs::remove_file(show.path("episodes/harbour/reading.mp3")).expect("removed");
    show.write("episodes/second/chapters.txt", b"00:00 One\n09:00 Two\n");
    let said = show.build().all();
    for part in ["show.toml", "episode-audio-missing", "chapters-past-end"] {
        assert!(said.contains(part), "{part}\n{said}");
    }
}
