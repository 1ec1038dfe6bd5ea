//! Damaged bytes for every reader: flipped, cut, repeated, zeroed. None of them may panic, and what they say is a value.
//!
//! `LISTEN_NOW_MUTATIONS` asks for more rounds than the few that every run makes.

use std::io::Cursor;
use std::path::Path;

use listen_now::model::finding::ProblemKind;
use listen_now::{article, audio, chapters, feed, picture, sources};
use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

fn rounds() -> u64 {
    std::env::var("LISTEN_NOW_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(150)
}

/// A small generator of numbers that are the same in every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides.max(1)
    }
}

fn damaged(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.roll(4) {
        if out.is_empty() {
            return out;
        }
        let at = dice.roll(out.len());
        match dice.roll(7) {
            0 => out[at] ^= 1 << dice.roll(8),
            1 => out[at] = [0, 0xFF, 0x7F, 0x80, b'<', b'"', b'\n'][dice.roll(7)],
            2 => out.truncate(at),
            3 => {
                let end = (at + dice.roll(64)).min(out.len());
                out.drain(at..end);
            }
            4 => {
                let piece = out[at..(at + dice.roll(200)).min(out.len())].to_vec();
                let to = dice.roll(out.len());
                out.splice(to..to, piece);
            }
            5 => {
                let end = (at + dice.roll(32)).min(out.len());
                out[at..end].fill([0, 0xFF][dice.roll(2)]);
            }
            _ => {
                // Sizes are where trust hurts: four bytes become a large number.
                for byte in out.iter_mut().skip(at).take(4) {
                    *byte = [0xFF, 0x7F, 0x00, 0x80][dice.roll(4)];
                }
            }
        }
    }
    out
}

fn samples() -> Vec<f32> {
    (0..66_150).map(|i| 0.3 * (i as f32 * 0.05).sin() * ((i / 9_000) % 2) as f32).collect()
}

fn mp3() -> Vec<u8> {
    let mut encoder = Mp3Encoder::new(Mp3EncoderConfig { bitrate_kbps: 64, vbr_quality: None });
    encoder.push_pcm_f32(&samples(), 1, 44_100).expect("samples that the encoder takes");
    encoder.finish();
    let mut bytes = Vec::new();
    while let Ok(packet) = encoder.next_packet() {
        bytes.extend_from_slice(&packet);
    }
    bytes
}

fn wav() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(&mut bytes, spec).expect("a header");
    for sample in samples().iter().take(8_000) {
        writer.write_sample((sample * 30_000.0) as i16).expect("memory");
    }
    writer.finalize().expect("memory");
    bytes.into_inner()
}

fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::RgbImage::from_fn(40, 40, |x, y| image::Rgb([x as u8 * 6, y as u8 * 6, 90]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("memory");
    bytes.into_inner()
}

/// Every small recording that lies in the repository, and two made here.
fn recordings() -> Vec<(String, Vec<u8>)> {
    let mut found = vec![("made.mp3".to_owned(), mp3()), ("made.wav".to_owned(), wav())];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audio");
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    // A tag alone is part of a recording.
    for path in paths.into_iter().filter(|p| p.is_file() && p.extension().is_none_or(|e| e != "tag")) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        found.push((name, std::fs::read(path).expect("readable")));
    }
    found
}

#[test]
fn damaged_recordings_are_values_and_no_panics() {
    let mut dice = Dice(0x5EED);
    for (name, bytes) in recordings() {
        let whole = audio::probe(&mut Cursor::new(bytes.clone()), &name).is_ok();
        assert!(whole || name.contains("no-audio"), "{name} is no recording to begin with");
        for _ in 0..rounds() {
            let broken = damaged(&bytes, &mut dice);
            let walked = audio::probe(&mut Cursor::new(broken.clone()), &name);
            let heard = audio::analyse(Box::new(Cursor::new(broken)), &name);
            assert_eq!(walked.is_ok(), heard.is_ok(), "{name}: walking and hearing disagree whether it is audio");
            if let (Ok(walked), Ok(heard)) = (walked, heard) {
                assert_eq!(walked.recording.frames, heard.frames, "{name}: they disagree on its length");
            }
        }
    }
}

#[test]
fn damaged_texts_are_values_and_no_panics() {
    const HTML: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>A | Site</title>\
        <script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",\"author\":[{\"name\":\"Ana\"}]}</script></head>\
        <body><nav><a href=/>Home</a></nav><article><h1>A title</h1><p>Once there was a harbour, and it never slept.</p>\
        <h2>Pilots</h2><ul><li>One goes out<li>Another comes in</ul><figure><img src=a.png alt=x><figcaption>C</figcaption>\
        </figure><table><tr><td>1</table><blockquote><p>Said she.</blockquote></article><footer>(c)</footer></body></html>";
    const MARKDOWN: &str = "+++\ntitle = \"T\"\ndate = 2025-01-15\n+++\n\nProse, and more of it, ends here.\n\n## One\n\n\
        * a\n* b\n\n> quoted\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: note\n<div>html <b>in</b></div>\n";
    const YAML: &str =
        "---\ntitle: T\nauthors: [A, B]\ndate: 2025-01-15T10:00:00+01:00\nlang: fr\n---\nDu texte, ici.\n";
    const PLAIN: &str = "Listen Now\nA Title\n\nBy: Ana Writer\n30 January, 2018\n\nOnce there was a harbour, and it never \
        slept at all.\n\nThe pilots\n\nThey climb aboard from a small boat, in any weather.\n\nJoin us\n";
    const TOML: &str = "title = \"A\"\nlink = \"https://a.example/\"\ncategory = [\"News > Politics\", \"Arts\"]\n\
        explicit = false\n[check]\nallow = [{ rule = \"audio-large\", reason = \"ok\" }]\n[feed]\nmax_items = 3\n";
    const FEED: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:i=\"http://www.itunes.com/dtds/podcast-1.0.dtd\">\
        <channel><title><![CDATA[A & B]]></title><item><guid>x</guid><enclosure url=\"https://a.example/s/s-1.mp3\" \
        length=\"1\" type=\"audio/mpeg\"/><i:duration>1:02</i:duration></item></channel></rss>";
    const MARKS: [&str; 6] = [
        "0.000\t0.000\tOne\n4.25\t5\tTwo\n",
        "00:00 One\n03:15.098 Two\n",
        "{\"version\":\"1.2.0\",\"chapters\":[{\"startTime\":0,\"title\":\"One\"},{\"startTime\":4.25,\"toc\":false}]}",
        "<psc:chapters xmlns:psc=\"http://podlove.org/simple-chapters\"><psc:chapter start=\"00:00:00.000\" title=\"One\"/></psc:chapters>",
        "WEBVTT\n\n00:00.000 --> 00:04.250\nOne\n",
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=4250\ntitle=One\n",
    ];
    let mut dice = Dice(0xFACE);
    let picture = png();
    for _ in 0..rounds() * 2 {
        for (name, text) in [("a.html", HTML), ("a.md", MARKDOWN), ("a.md", YAML), ("a.txt", PLAIN)] {
            if let Ok(read) = article::read(Path::new(name), &damaged(text.as_bytes(), &mut dice)) {
                assert!(read.blocks.iter().all(|b| !b.text.trim().is_empty() && b.line > 0), "{name}: an empty block");
            }
        }
        for text in MARKS {
            let _ = chapters::read(&damaged(text.as_bytes(), &mut dice));
        }
        let bytes = damaged(TOML.as_bytes(), &mut dice);
        let (_, _, problems) = sources::manifest::show(Path::new("show.toml"), &bytes);
        assert!(
            problems
                .iter()
                .all(|p| matches!(p.kind, ProblemKind::ShowToml | ProblemKind::ShowUnseen) && !p.message.is_empty())
        );
        let _ = sources::manifest::episode(Path::new("episode.toml"), &bytes);
        let _ = feed::published::read(&damaged(FEED.as_bytes(), &mut dice));
        let _ = picture::facts(&damaged(&picture, &mut dice));
    }
}
