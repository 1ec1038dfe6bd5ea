//! Loudness, loudness range and true peak beside ffmpeg's meter.

use std::f32::consts::TAU;
use std::process::Command;

use crate::programs::Workshop;
use crate::sound;

const SECONDS: usize = 10;

/// What lies between the two meters at most: loudness in LU, true peak in dB, range in LU.
///
/// Their filter between samples is longer than the one of BS.1770's annex, and loudness is counted here in tenths of a
/// LU. EBU Tech 3342 leaves open how often the range is looked at, and lets meters be 1 LU apart.
const TOLERANCE: [f64; 3] = [0.1, 0.2, 1.0];

/// Chords that swell and fade over a beat with a hiss on it: dense, and without pauses.
fn music(count: usize, rate: u32) -> Vec<f32> {
    let mut noise = 1_u32;
    let mut smooth = 0.0;
    (0..count)
        .map(|i| {
            let t = i as f32 / rate as f32;
            let root = [220.0, 174.6, 261.6, 196.0][(t / 2.0) as usize % 4];
            let chord = [1.0, 1.26, 1.5, 2.0, 3.02].iter().map(|n| (TAU * root * n * t).sin()).sum::<f32>();
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            smooth += 0.4 * ((noise >> 8) as f32 / (1 << 23) as f32 - 1.0 - smooth);
            let beat = (1.0 - (t * 2.0).fract()).powi(3);
            0.12 * chord * (0.6 + 0.4 * (TAU * 0.25 * t).sin()) + 0.25 * smooth * beat
        })
        .collect()
}

fn tone(count: usize, rate: u32) -> Vec<f32> {
    (0..count).map(|i| 0.1 * (TAU * 997.0 * i as f32 / rate as f32).sin()).collect()
}

/// A quarter of the rate, sampled beside its peaks: the samples stay 3 dB below them.
fn between_samples(count: usize, _: u32) -> Vec<f32> {
    (0..count).map(|i| 0.7 * (TAU * (i as f32 / 4.0 + 0.125)).sin()).collect()
}

/// A quiet beginning and end of a tenth of a second: the meters need not agree on what a cut in the middle of a wave
/// sounds like.
fn faded(mut samples: Vec<f32>, rate: u32) -> Vec<f32> {
    let (count, length) = (samples.len(), rate as usize / 10);
    for i in 0..length {
        let gain = 0.5 - 0.5 * (TAU * i as f32 / length as f32 / 2.0).cos();
        samples[i] *= gain;
        samples[count - 1 - i] *= gain;
    }
    samples
}

/// Integrated loudness, true peak and range by ffmpeg, from its running figures, which have more digits than its sums.
fn theirs(shop: &Workshop, name: &str) -> [f64; 3] {
    let meter = "ebur128=peak=true:metadata=1,ametadata=print:file=-";
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-i", name, "-af", meter, "-f", "null", "/dev/null"])
        .current_dir(shop.path(""))
        .output()
        .unwrap_or_else(|e| panic!("ffmpeg is needed for this test: {e} (see tests/outside/install)"));
    let printed = String::from_utf8_lossy(&output.stdout);
    let last = |key: &str| -> f64 {
        let figure = printed.rsplit(key).next().unwrap_or_default().lines().next().unwrap_or_default();
        figure.parse().unwrap_or_else(|e| panic!("{name}: {e}: {}", String::from_utf8_lossy(&output.stderr)))
    };
    [last("lavfi.r128.I="), 20.0 * last("lavfi.r128.true_peak=").log10(), last("lavfi.r128.LRA=")]
}

fn ours(shop: &Workshop, name: &str) -> [f64; 3] {
    let found = shop.inspect(name, &[]);
    ["integrated_lufs", "true_peak_dbtp", "loudness_range_lu"]
        .map(|key| found["loudness"][key].as_f64().unwrap_or_else(|| panic!("{name}: {}", found["loudness"])))
}

/// Compares the meters over files of a workshop; every difference is told at once.
fn compare(shop: &Workshop, names: &[String]) {
    let mut wrong = Vec::new();
    println!("{:<28} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}", "", "LUFS", "ffmpeg", "dBTP", "ffmpeg", "LRA", "ffmpeg");
    for name in names {
        let (ours, theirs) = (ours(shop, name), theirs(shop, name));
        let figures: String = ours.iter().zip(theirs).map(|(o, t)| format!(" {o:>8.2} {t:>8.2}")).collect();
        println!("{name:<28}{figures}");
        if ours.iter().zip(theirs).zip(TOLERANCE).any(|((o, t), by)| (o - t).abs() > by) {
            wrong.push(format!("{name}: {ours:?} for {theirs:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn loudness_and_true_peak_of_what_is_made_here_are_those_of_ffmpeg() {
    let shop = Workshop::new();
    let mut names = Vec::new();
    for (kind, make) in [
        ("speech", sound::speech as fn(usize, u32) -> Vec<f32>),
        ("music", music),
        ("tone", tone),
        ("between-samples", between_samples),
    ] {
        for (rate, channels) in [(44_100, 1), (48_000, 2), (22_050, 1)] {
            let (name, encoded) = (format!("{kind}-{rate}-{channels}.wav"), format!("{kind}-{rate}-{channels}.mp3"));
            let samples = faded(make(SECONDS * rate as usize + 321, rate), rate);
            sound::wav(&shop, &name, &sound::spread(&samples, channels), rate, channels);
            shop.run(&format!("lame --quiet --cbr -b {} {name} {encoded}", if rate < 32_000 { 64 } else { 128 }));
            names.extend([name, encoded]);
        }
    }
    compare(&shop, &names);
}

const TEXT: &str = "The ferry leaves at six. Nobody on the quay says a word, and the rain has not stopped since Tuesday. \
    When the engine starts, three men lift the crates; the fourth counts them, twice, and signs for forty-one. \
    What was in the forty-second? Perhaps nobody will ever know. In the harbour office a lamp burns until morning, \
    and the woman at the desk writes down the name of every ship that passes.";

#[test]
fn loudness_and_true_peak_of_two_voices_in_every_format_are_those_of_ffmpeg() {
    let shop = Workshop::new();
    shop.write("text.txt", TEXT.as_bytes());
    shop.run("espeak-ng -v en-gb -s 150 -f text.txt -w espeak.wav");
    shop.run("flite -voice slt -f text.txt -o flite.wav");
    let mut names = vec!["espeak.wav".to_owned(), "flite.wav".to_owned()];
    for (voice, rate, channels) in [("espeak", "44100", 1), ("flite", "48000", 2)] {
        let source = format!("{voice}-{rate}-{channels}");
        // One side of two is quieter, as with a microphone that stands askew.
        let sides = if channels == 2 { "remix 1 1v0.6" } else { "" };
        shop.run(&format!("sox -V1 {voice}.wav -r {rate} {source}.wav {sides}"));
        for (extension, options) in [
            ("mp3", "-b:a 128k"),
            ("m4a", "-b:a 128k"),
            ("alac.m4a", "-c:a alac"),
            ("flac", ""),
            ("ogg", "-c:a libvorbis -q:a 5"),
            ("opus", "-b:a 96k"),
            ("aiff", ""),
            ("aac", "-b:a 128k"),
        ] {
            let name = format!("{source}.{extension}");
            shop.run(&format!("ffmpeg -v error -nostdin -i {source}.wav {options} {name}"));
            names.push(name);
        }
        names.push(format!("{source}.wav"));
    }
    compare(&shop, &names);
}
