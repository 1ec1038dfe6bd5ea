//! Damage of many kinds, made from clean files: what `check` says of it, with the second, beside what ffmpeg, mp3val,
//! flac and mediainfo say. With `--nocapture` the table is printed.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::mp3_surgery::anatomy;
use crate::programs::{Workshop, ours};

/// A file that was damaged, and what has to be said of it.
struct Kind {
    /// What was done to it.
    what: &'static str,
    /// The clean file that it is made of.
    of: &'static str,
    spoil: fn(&Workshop, Vec<u8>) -> Vec<u8>,
    /// The rule, and the second where there is one.
    rule: &'static str,
    second: Option<f64>,
}

const fn kind(
    what: &'static str,
    of: &'static str,
    rule: &'static str,
    second: Option<f64>,
    spoil: fn(&Workshop, Vec<u8>) -> Vec<u8>,
) -> Kind {
    Kind { what, of, spoil, rule, second }
}

/// Seconds of every clean file.
const SECONDS: f64 = 20.0;

/// Noise that comes and goes like words, never the same twice, and every kind of file of it.
fn clean(shop: &Workshop) {
    for line in [
        "sox -R -n -r 44100 -c 1 -b 16 base.wav synth 20 pinknoise tremolo 3 90 gain -9",
        "sox -R -n -r 48000 -c 1 -b 16 high.wav synth 5 pinknoise tremolo 3 90 gain -9",
        "sox base.wav clean.aiff",
        "lame --quiet -b 128 base.wav clean.mp3",
        "lame --quiet -V 4 base.wav vbr.mp3",
        "lame --quiet -b 128 -p base.wav crc.mp3",
        "lame --quiet -b 128 high.wav high.mp3",
        "flac --silent --no-padding base.wav -o clean.flac",
        "opusenc --quiet base.wav clean.opus",
        "oggenc --quiet base.wav -o clean.ogg",
        "ffmpeg -v error -y -i base.wav -c:a aac -b:a 128k -movflags +faststart clean.m4a",
        "ffmpeg -v error -y -i base.wav -c:a aac -b:a 128k -movflags frag_keyframe+empty_moov+default_base_moof -frag_duration 1000000 fragments.m4a",
        "ffmpeg -v error -y -i base.wav -c:a aac -b:a 128k clean.aac",
        "ffmpeg -v error -y -i base.wav -c:a mp2 -b:a 192k -f mp2 layer2.mp3",
        "ffmpeg -v error -y -i base.wav -c:a flac -f flac piped.flac",
    ] {
        shop.run(line);
    }
    std::fs::copy(shop.path("base.wav"), shop.path("clean.wav")).expect("copied");
}

const CLEAN: &[&str] = &[
    "clean.wav",
    "clean.aiff",
    "clean.mp3",
    "vbr.mp3",
    "crc.mp3",
    "clean.flac",
    "clean.opus",
    "clean.ogg",
    "clean.m4a",
    "clean.aac",
];

fn cut(_: &Workshop, mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() * 3 / 5);
    bytes
}

fn middle(bytes: &[u8]) -> usize {
    bytes.len() / 2
}

/// Where the data of a WAV of this shop begins.
const WAV_DATA: usize = 44;

/// Bytes of a WAV from one second to another.
fn wav(from: f64, to: f64) -> std::ops::Range<usize> {
    let at = |seconds: f64| WAV_DATA + (seconds * 44_100.0) as usize * 2;
    at(from)..at(to)
}

/// Says anew how long a WAV is.
fn resized(mut bytes: Vec<u8>) -> Vec<u8> {
    let (riff, data) = (bytes.len() as u32 - 8, (bytes.len() - WAV_DATA) as u32);
    bytes[4..8].copy_from_slice(&riff.to_le_bytes());
    bytes[40..44].copy_from_slice(&data.to_le_bytes());
    bytes
}

/// Where each page of an Ogg file begins.
fn pages(bytes: &[u8]) -> Vec<usize> {
    bytes.windows(4).enumerate().filter(|(_, w)| w == b"OggS").map(|(at, _)| at).collect()
}

fn without_page(_: &Workshop, mut bytes: Vec<u8>) -> Vec<u8> {
    let pages = pages(&bytes);
    let middle = pages.len() / 2;
    bytes.drain(pages[middle]..pages[middle + 1]);
    bytes
}

fn flipped_page(_: &Workshop, mut bytes: Vec<u8>) -> Vec<u8> {
    let pages = pages(&bytes);
    let (from, to) = (pages[pages.len() / 2], pages[pages.len() / 2 + 1]);
    bytes[(from + to) / 2] ^= 0x10;
    bytes
}

fn twice(_: &Workshop, bytes: Vec<u8>) -> Vec<u8> {
    [bytes.clone(), bytes].concat()
}

const KINDS: &[Kind] = &[
    kind("mp3, the end is cut off", "clean.mp3", "audio-truncated", Some(12.0), cut),
    kind("mp3, the end is cut off (VBR)", "vbr.mp3", "audio-truncated", Some(12.0), cut),
    kind("mp3, 38 frames are gone from the middle", "clean.mp3", "audio-truncated", None, |_, mut b| {
        let frames = anatomy(&b).frames;
        b.drain(frames[383].start..frames[421].start);
        b
    }),
    kind("mp3, 5000 bytes are gone from the middle", "clean.mp3", "audio-hole", Some(10.0), |_, mut b| {
        let at = middle(&b) + 100;
        b.drain(at..at + 5000);
        b
    }),
    kind("mp3, 6000 bytes of the middle are zeros", "clean.mp3", "audio-hole", Some(10.0), |_, mut b| {
        let at = middle(&b) + 100;
        b[at..at + 6000].fill(0);
        b
    }),
    kind("mp3, 4096 bytes of the middle are FF", "clean.mp3", "audio-hole", Some(10.0), |_, mut b| {
        let at = middle(&b) + 50;
        b[at..at + 4096].fill(0xFF);
        b
    }),
    kind("mp3, a web page stands in the middle", "clean.mp3", "audio-junk", Some(10.0), |_, mut b| {
        let page = "<html><body>502 Bad Gateway</body></html>\n".repeat(40);
        let at = anatomy(&b).frames[383].start;
        b.splice(at..at, page.into_bytes());
        b
    }),
    kind("mp3, 3000 bytes of junk in front", "clean.mp3", "audio-junk", Some(0.0), |_, b| {
        [vec![0x55; 3000], b].concat()
    }),
    kind("mp3, 5000 bytes of junk behind", "clean.mp3", "audio-junk", Some(SECONDS), |_, b| {
        [b, vec![0x55; 5000]].concat()
    }),
    kind("mp3, glued to itself", "clean.mp3", "audio-glued", Some(SECONDS), twice),
    kind("mp3, glued to one of another rate", "clean.mp3", "audio-glued", Some(SECONDS), |s, b| {
        [b, s.read("high.mp3")].concat()
    }),
    kind("mp3, the header counts twice the frames", "clean.mp3", "audio-duration-conflict", None, |_, mut b| {
        let header = anatomy(&b).header.expect("a header");
        b[header.at + 8..header.at + 12].copy_from_slice(&(header.frames as u32 * 2).to_be_bytes());
        b
    }),
    kind("mp3, the header counts half the frames", "clean.mp3", "audio-duration-conflict", None, |_, mut b| {
        let header = anatomy(&b).header.expect("a header");
        b[header.at + 8..header.at + 12].copy_from_slice(&(header.frames as u32 / 2).to_be_bytes());
        b
    }),
    kind("mp3, VBR without its header frame", "vbr.mp3", "audio-mp3-vbr-headerless", None, |_, mut b| {
        let first = anatomy(&b).frames[0].clone();
        b.drain(first);
        b
    }),
    kind("mp3, a bit is flipped below a checksum", "crc.mp3", "audio-checksum", Some(10.0), |_, mut b| {
        let at = anatomy(&b).frames[383].start;
        b[at + 8] ^= 4;
        b
    }),
    kind("mp3, a second stands there twice", "clean.mp3", "audio-repeated", Some(10.0), |_, mut b| {
        let frames = anatomy(&b).frames;
        let piece = b[frames[345].start..frames[383].start].to_vec();
        b.splice(frames[383].start..frames[383].start, piece);
        b
    }),
    kind("mp3, layer II", "layer2.mp3", "audio-mp3-not-layer3", None, |_, b| b),
    kind("flac, the end is cut off", "clean.flac", "audio-truncated", Some(12.0), cut),
    kind("flac, a bit is flipped", "clean.flac", "audio-checksum", Some(10.0), |_, mut b| {
        let at = middle(&b);
        b[at] ^= 0x20;
        b
    }),
    kind("flac, 3000 bytes of the middle are zeros", "clean.flac", "audio-hole", Some(10.0), |_, mut b| {
        let at = middle(&b);
        b[at..at + 3000].fill(0);
        b
    }),
    kind("flac, 20000 bytes are gone from the middle", "clean.flac", "audio-hole", Some(10.0), |_, mut b| {
        let at = middle(&b);
        b.drain(at..at + 20_000);
        b
    }),
    kind("flac, another MD5 in its header", "clean.flac", "audio-checksum", None, |_, mut b| {
        b[26 + 3] ^= 0xFF;
        b
    }),
    kind("flac, no number of samples in its header", "clean.flac", "audio-flac-length-unknown", None, |_, mut b| {
        b[21] &= 0xF0;
        b[22..26].fill(0);
        b
    }),
    kind("flac, glued to itself", "clean.flac", "audio-glued", Some(SECONDS), twice),
    kind("wav, the end is cut off", "clean.wav", "audio-truncated", Some(12.0), cut),
    kind("wav, no size (a pipe)", "clean.wav", "audio-wav-size-invalid", None, |_, mut b| {
        b[4..8].fill(0xFF);
        b[40..44].fill(0xFF);
        b
    }),
    kind("wav, a third of a second is zeros", "clean.wav", "audio-dropout", Some(7.03), |_, mut b| {
        b[wav(7.03, 7.37)].fill(0);
        b
    }),
    kind("wav, 1.3 s stand there twice", "clean.wav", "audio-repeated", Some(9.3), |_, mut b| {
        let piece = b[wav(8.0, 9.3)].to_vec();
        let at = wav(9.3, 9.3).start;
        b.splice(at..at, piece);
        resized(b)
    }),
    kind("wav, clipped at one place", "clean.wav", "audio-clipping", Some(5.0), |_, mut b| {
        for sample in b[wav(5.0, 5.02)].chunks_exact_mut(2) {
            sample.copy_from_slice(&32_767_i16.to_le_bytes());
        }
        b
    }),
    kind("wav, ten silent seconds", "clean.wav", "audio-silence-gap", Some(6.0), |_, mut b| {
        b[wav(6.0, 16.0)].fill(0);
        b
    }),
    kind("wav, all of it silent", "clean.wav", "audio-silent", None, |_, mut b| {
        b[WAV_DATA..].fill(0);
        b
    }),
    kind("aiff, the end is cut off", "clean.aiff", "audio-truncated", Some(12.0), cut),
    kind("m4a, the end is cut off", "clean.m4a", "audio-truncated", Some(12.0), cut),
    kind("m4a, 4000 bytes of the middle are zeros", "clean.m4a", "audio-hole", Some(10.0), |_, mut b| {
        let at = middle(&b);
        b[at..at + 4000].fill(0);
        b
    }),
    kind("m4a, in fragments", "fragments.m4a", "audio-m4a-fragmented", None, |_, b| b),
    kind("aac, the end is cut off inside a frame", "clean.aac", "audio-truncated", Some(SECONDS), |_, mut b| {
        b.truncate(b.len() - 60);
        b
    }),
    kind("aac, 5000 bytes of the middle are zeros", "clean.aac", "audio-hole", Some(10.0), |_, mut b| {
        let at = middle(&b);
        b[at..at + 5000].fill(0);
        b
    }),
    kind("opus, the end is cut off", "clean.opus", "audio-truncated", Some(11.0), cut),
    kind("opus, a page is gone", "clean.opus", "audio-hole", Some(9.0), without_page),
    kind("opus, a bit is flipped", "clean.opus", "audio-checksum", Some(9.0), flipped_page),
    kind("opus, glued to itself", "clean.opus", "audio-glued", Some(SECONDS), twice),
    kind("vorbis, the end is cut off", "clean.ogg", "audio-truncated", Some(12.0), cut),
    kind("vorbis, a page is gone", "clean.ogg", "audio-hole", Some(10.0), without_page),
    kind("vorbis, a bit is flipped", "clean.ogg", "audio-checksum", Some(10.0), flipped_page),
];

/// Rules that tell damage, not taste.
const DAMAGE: &[&str] = &[
    "audio-unreadable",
    "audio-truncated",
    "audio-tail-cut",
    "audio-hole",
    "audio-dropout",
    "audio-repeated",
    "audio-glued",
    "audio-junk",
    "audio-checksum",
    "audio-mp3-vbr-headerless",
    "audio-wav-size-invalid",
    "audio-flac-length-unknown",
    "audio-ogg-granule",
    "audio-duration-conflict",
    "audio-duration-zero",
    "audio-duration-estimated",
    "audio-mp3-not-layer3",
    "audio-m4a-fragmented",
    "audio-clipping",
    "audio-silence-gap",
    "audio-silent",
    "audio-channel-dead",
    "audio-multiple-streams",
];

/// What `check` says of damage: rule and second.
fn check(shop: &Workshop, name: &str) -> Vec<(String, Option<f64>)> {
    let printed = ours(&shop.path(""), &["check", "--format", "json", name]);
    let printed: Value = serde_json::from_slice(&printed).expect("JSON");
    let findings = printed["findings"].as_array().expect("a list");
    let said = findings.iter().map(|f| (f["rule"].as_str().unwrap_or_default().to_owned(), f["time_seconds"].as_f64()));
    said.filter(|(rule, _)| DAMAGE.contains(&rule.as_str())).collect()
}

/// The first words of what another program complains of.
fn complaint(shop: &Workshop, line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (program, arguments) = words.split_first().expect("a command");
    let output = Command::new(program).args(arguments).current_dir(shop.path("")).output();
    let output =
        output.unwrap_or_else(|e| panic!("{program} is needed for this test: {e} (see tests/outside/install)"));
    let text = format!("{}\n{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    let worth = |line: &&str| match *program {
        "mp3val" => line.starts_with("WARNING") || line.starts_with("ERROR"),
        "mediainfo" => line.contains("IsTruncated") || line.contains("Conformance"),
        "flac" => line.contains("ERROR") || line.contains("WARNING"),
        _ => !line.trim().is_empty(),
    };
    let complaints: Vec<&str> = text.lines().filter(worth).collect();
    let first = complaints.first().map(|l| l.trim().chars().take(60).collect::<String>()).unwrap_or_default();
    match complaints.len() {
        0 => "-".to_owned(),
        1 => first,
        n => format!("{first} (and {} more)", n - 1),
    }
}

#[test]
fn nothing_that_another_program_finds_is_missed_and_clean_files_are_left_alone() {
    let shop = Workshop::new();
    clean(&shop);
    for name in CLEAN {
        assert_eq!(check(&shop, name), [], "{name} is clean");
    }
    let mut table =
        String::from("| damage | check | ffmpeg | mp3val, flac -t | mediainfo |\n| --- | --- | --- | --- | --- |\n");
    let mut wrong = Vec::new();
    for (index, kind) in KINDS.iter().enumerate() {
        let extension = kind.of.rsplit_once('.').expect("an extension").1;
        let name = format!("damaged-{index}.{extension}");
        shop.write(&name, &(kind.spoil)(&shop, shop.read(kind.of)));
        let said = check(&shop, &name);
        let right = |(rule, at): &(String, Option<f64>)| {
            let near = kind.second.is_none_or(|second| at.is_some_and(|at| (at - second).abs() < 1.0));
            rule == kind.rule && near
        };
        if !said.iter().any(right) {
            wrong.push(format!("{}: {} at {:?} is not in {said:?}", kind.what, kind.rule, kind.second));
        }
        let named: Vec<String> =
            said.iter().map(|(rule, at)| at.map_or_else(|| rule.clone(), |at| format!("{rule} {at:.2} s"))).collect();
        let tester = match extension {
            "mp3" => complaint(&shop, &format!("mp3val {name}")),
            "flac" => complaint(&shop, &format!("flac -t -s {name}")),
            _ => String::new(),
        };
        let ffmpeg = complaint(&shop, &format!("ffmpeg -nostdin -v error -i {name} -f null -"));
        let mediainfo = complaint(&shop, &format!("mediainfo -f {name}"));
        let _ = writeln!(table, "| {} | {} | {ffmpeg} | {tester} | {mediainfo} |", kind.what, named.join(", "));
    }
    println!("{table}");
    assert!(wrong.is_empty(), "\n{}\n{table}", wrong.join("\n"));
}
