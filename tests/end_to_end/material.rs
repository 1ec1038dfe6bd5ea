//! What the tests publish: articles, recordings made by a real encoder, covers; and a folder to do it in.

use std::fs;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use listen_now::audio::encode;
use listen_now::model::show::EnclosureSettings;
use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

/// Seconds of the recording that every test episode has unless it makes its own.
pub const SECONDS: u32 = 12;

/// Samples that go into a recording of that length: not a whole number of MP3 frames, and no round millisecond.
pub fn samples(seconds: u32) -> usize {
    seconds as usize * 44_100 + 123
}

/// Something like speech: voiced bursts with pauses, near the loudness of a mono podcast.
pub fn speech(seconds: u32, pitch: f32) -> Vec<f32> {
    (0..samples(seconds))
        .map(|i| {
            let t = i as f32 / 44_100.0;
            let word = (t * 3.1).fract();
            let sentence = (t / 4.0).fract();
            let voiced = word < 0.7 && sentence < 0.85;
            let envelope = if voiced { (std::f32::consts::PI * word / 0.7).sin() } else { 0.0 };
            let tone = (1..8).map(|h| (std::f32::consts::TAU * pitch * h as f32 * t).sin() / h as f32).sum::<f32>();
            0.19 * envelope * tone
        })
        .collect()
}

/// A mono MP3 of constant bit rate with an encoder's header.
pub fn mp3(seconds: u32, pitch: f32) -> Vec<u8> {
    let mut encoder = Mp3Encoder::new(Mp3EncoderConfig { bitrate_kbps: 96, vbr_quality: None });
    encoder.push_pcm_f32(&speech(seconds, pitch), 1, 44_100).expect("samples that the encoder takes");
    encoder.finish();
    let mut bytes = Vec::new();
    while let Ok(packet) = encoder.next_packet() {
        bytes.extend_from_slice(&packet);
    }
    bytes
}

/// The recording of most episodes, encoded once for all tests.
pub fn recording() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| mp3(SECONDS, 120.0))
}

/// [`ARTICLE`] as a voice reads it (flite's awb at 0.9 of its usual length, 6 kbit/s), and where its sections begin.
pub const SPOKEN: &[u8] = include_bytes!("../audio/flite-awb-harbour.opus");
pub const SPOKEN_STARTS: [f64; 3] = [0.3, 8.695, 16.023];

/// The same as an MP3.
pub fn spoken_mp3() -> Vec<u8> {
    let mut file = tempfile::tempfile().expect("a temporary file");
    let source = || -> Box<dyn listen_now::audio::Source> { Box::new(std::io::Cursor::new(SPOKEN)) };
    let walk = listen_now::audio::probe(&mut *source(), "reading.opus").expect("it is a recording");
    let target = encode::target(&[&walk.recording], &EnclosureSettings::default()).expect("one channel");
    encode::encode(target, std::iter::once(Ok((source(), "reading.opus"))), &mut file).expect("it can be encoded");
    let mut bytes = Vec::new();
    file.rewind().expect("rewound");
    file.read_to_end(&mut bytes).expect("read");
    bytes
}

/// A square cover in one colour.
pub fn cover(pixels: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(pixels, pixels, image::Rgb([24, 60, 90]));
    let mut bytes = Vec::new();
    picture
        .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
        .expect("a picture fits into memory");
    bytes
}

fn show_cover() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| cover(1400))
}

pub const SHOW_TOML: &str = r#"title = "Open Pages, read aloud"
link = "https://pages.example.org/"
base_url = "https://pages.example.org/feed/"
description = "Articles from Open Pages, read by the people who wrote them."
language = "en-CA"
author = "Open Pages"
owner_email = "audio@pages.example.org"
category = "News > Politics"
explicit = false
narration = "human"
guid = "6c1c2b0e-6a0f-4d5e-9f57-0d6a8f5b8a11"

[check]
allow = [{ rule = "audio-other-article", reason = "most recordings of the tests are tones" }]
"#;

pub const ARTICLE: &str = "\
---
title: The Harbour at Night
dek: What the pilots see when the town sleeps.
author: Ana Writer
date: 2025-01-15
language: en
---

The harbour never sleeps, and neither do the people who guide ships through it. On a winter night their work begins
when the offices go dark.

## The pilots

Each pilot knows the channel by heart. They climb aboard from a small boat, in any weather, by a ladder of rope.

## The lights

Green to one side and red to the other: the oldest signs at sea are still the ones that matter most.
";

pub const MARKS: &str = "0.000\t0.000\tThe Harbour at Night\n4.250\t4.250\tThe pilots\n8.100\t8.100\tThe lights\n";

/// A show in a folder of its own, and the program to run on it.
pub struct Show {
    folder: tempfile::TempDir,
}

impl Show {
    /// A show without episodes.
    pub fn empty() -> Self {
        let show = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        show.write("episodes/show.toml", SHOW_TOML.as_bytes());
        show.write("episodes/cover.png", show_cover());
        show
    }

    /// A show with one good episode, `harbour`.
    pub fn new() -> Self {
        Self::empty().with_episode("harbour")
    }

    /// One more good episode.
    pub fn with_episode(self, slug: &str) -> Self {
        self.write(&format!("episodes/{slug}/article.md"), ARTICLE.as_bytes());
        self.write(&format!("episodes/{slug}/reading.mp3"), recording());
        self.write(&format!("episodes/{slug}/chapters.txt"), MARKS.as_bytes());
        let guid = format!("guid = \"pages-{slug}\"\n");
        self.write(&format!("episodes/{slug}/episode.toml"), guid.as_bytes());
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Replaces text in a file that has it.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, text.replace(from, to).as_bytes());
    }

    /// Runs the program in the show's folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        run_in(self.folder.path(), arguments)
    }

    pub fn build(&self) -> Ran {
        self.run(&["build"])
    }

    /// Every file of the output folder with its content, and nothing else that lies there.
    pub fn feed_tree(&self) -> Vec<(String, Vec<u8>)> {
        tree(&self.path("feed"))
    }
}

/// Every file below a folder, by relative path, sorted.
pub fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    fn walk(folder: &Path, prefix: &str, out: &mut Vec<(String, Vec<u8>)>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for entry in entries {
            let entry = entry.expect("an entry");
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type().expect("a type").is_dir() {
                walk(&entry.path(), &format!("{name}/"), out);
            } else {
                out.push((name, fs::read(entry.path()).expect("a readable file")));
            }
        }
    }
    let mut out = Vec::new();
    walk(folder, "", &mut out);
    out.sort();
    out
}

pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Fails the test where the program did.
    #[track_caller]
    pub fn fine(self) -> Self {
        assert_eq!(self.status, 0, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// Its output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}\n{}\n{}", self.stdout, self.stderr))
    }

    /// What a person sees.
    pub fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_listen-now"));
    command.env_remove("LISTEN_NOW_CACHE").env("NO_COLOR", "1").env("COLUMNS", "100");
    command
}

pub fn run_in(folder: &Path, arguments: &[&str]) -> Ran {
    let output: Output = program().current_dir(folder).args(arguments).output().expect("the program starts");
    Ran {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
