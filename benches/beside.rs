//! What the program costs beside others that answer the same question: processor time and memory of whole processes.
//!
//! ```sh
//! cargo bench --bench beside
//! ```
//!
//! Needs ffmpeg, ffprobe, lame, flac, oggenc, opusenc, find and GNU time (`/usr/bin/time`). Everything is made here, of
//! ten minutes of noise that comes in syllables. It takes some minutes, and 4 GB of room for temporary files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PROGRAM: &str = env!("CARGO_BIN_EXE_listen-now");
/// Pairs of runs of which the median is told.
const RUNS: usize = 5;

/// Seconds of processor time, and kibibytes of memory at the most.
#[derive(Clone, Copy, Debug)]
struct Cost {
    seconds: f64,
    kibibytes: u64,
}

fn measure(folder: &Path, words: &[&str]) -> Cost {
    let output = Command::new("/usr/bin/time")
        .args(["-q", "-f", "cost %U %S %M"])
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .expect("GNU time is needed");
    let said = String::from_utf8_lossy(&output.stderr);
    let figures: Vec<f64> = said
        .lines()
        .rev()
        .find_map(|l| l.strip_prefix("cost "))
        .unwrap_or_else(|| panic!("{words:?}: {said}"))
        .split(' ')
        .filter_map(|n| n.parse().ok())
        .collect();
    match figures[..] {
        [user, system, memory] => Cost { seconds: user + system, kibibytes: memory as u64 },
        _ => panic!("{words:?}: {said}"),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Both in turn, so that a machine that is busy is busy for both. `rounds` of each make one figure: the system counts
/// in hundredths of a second.
fn compare(folder: &Path, what: &str, ours: &[&str], theirs: &[&str], rounds: usize) {
    let total = |words: &[&str]| (0..rounds).map(|_| measure(folder, words).seconds).sum::<f64>() / rounds as f64;
    let pairs: Vec<(f64, f64)> = (0..RUNS).map(|_| (total(ours), total(theirs))).collect();
    let (a, b) = (median(pairs.iter().map(|p| p.0).collect()), median(pairs.iter().map(|p| p.1).collect()));
    let ratio = median(pairs.iter().map(|(a, b)| a / b).collect());
    println!("{what:<44} {a:>8.3} s {b:>8.3} s {ratio:>8.3}");
}

fn make(folder: &Path, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let status = Command::new(words[0]).args(&words[1..]).current_dir(folder).stdin(Stdio::null()).status();
    assert!(status.unwrap_or_else(|e| panic!("{}: {e}", words[0])).success(), "{line}");
}

/// The same file so many times over: by its bytes where a stream needs no more, else by ffmpeg.
fn repeated(folder: &Path, name: &str, times: usize, by: Joined) -> String {
    let long = format!("long-{name}");
    match by {
        Joined::Bytes => {
            let once = fs::read(folder.join(name)).expect("readable");
            fs::write(folder.join(&long), once.repeat(times)).expect("written");
        }
        Joined::Packets => {
            fs::write(folder.join("list.txt"), format!("file '{name}'\n").repeat(times)).expect("written");
            make(folder, &format!("ffmpeg -v error -f concat -i list.txt -c copy {long}"));
        }
    }
    long
}

#[derive(Clone, Copy)]
enum Joined {
    Bytes,
    Packets,
}

const FORMATS: &[(&str, &str, Joined)] = &[
    ("ten.mp3", "lame --quiet -t -V 4 ten.wav ten.mp3", Joined::Bytes),
    ("ten.aac", "ffmpeg -v error -i ten.wav -b:a 64k ten.aac", Joined::Bytes),
    ("ten.m4a", "ffmpeg -v error -i ten.wav -ac 2 -b:a 96k ten.m4a", Joined::Packets),
    ("alac.m4a", "ffmpeg -v error -i ten.wav -c:a alac alac.m4a", Joined::Packets),
    ("ten.ogg", "oggenc -Q ten.wav -o ten.ogg", Joined::Packets),
    ("ten.opus", "opusenc --quiet --bitrate 48 ten.wav ten.opus", Joined::Packets),
    ("ten.aiff", "ffmpeg -v error -i ten.wav ten.aiff", Joined::Packets),
    ("ten.wav", "", Joined::Packets),
];

fn audio(folder: &Path) {
    make(
        folder,
        "ffmpeg -v error -f lavfi -i anoisesrc=color=pink:amplitude=0.4:duration=600,tremolo=f=3.1:d=0.9 -ac 1 ten.wav",
    );
    println!("{:<44} {:>10} {:>10} {:>8}", "processor time", "ours", "theirs", "ratio");
    let mut longs = Vec::new();
    for (name, line, joined) in FORMATS {
        if !line.is_empty() {
            make(folder, line);
        }
        longs.push(repeated(folder, name, 18, *joined));
    }
    // Frames of FLAC are numbered, so that copies cannot be joined.
    make(folder, "flac -s long-ten.wav -o long-ten.flac");
    longs.push("long-ten.flac".into());
    let long = longs[0].as_str();
    let packets = ["ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets", long];
    compare(folder, "inspect --probe, 3 h MP3 without an index", &[PROGRAM, "inspect", "--probe", long], &packets, 10);
    make(folder, "lame --quiet --cbr -b 96 ten.wav cbr.mp3");
    let half = repeated(folder, "cbr.mp3", 3, Joined::Packets);
    let meter = ["ffmpeg", "-v", "error", "-i", &half, "-af", "ebur128=peak=true", "-f", "null", "-"];
    compare(folder, "inspect, 30 min MP3, beside ebur128", &[PROGRAM, "inspect", &half], &meter, 1);

    println!("\n{:<24} {:>10} {:>10} {:>10} {:>10}", "3 h", "probe", "MiB", "inspect", "MiB");
    for long in &longs {
        let probe = measure(folder, &[PROGRAM, "inspect", "--probe", long]);
        let full = measure(folder, &[PROGRAM, "inspect", long]);
        let memory = |cost: Cost| cost.kibibytes as f64 / 1024.0;
        println!(
            "{long:<24} {:>8.2} s {:>10.1} {:>8.2} s {:>10.1}",
            probe.seconds,
            memory(probe),
            full.seconds,
            memory(full)
        );
    }
}

/// Three hundred episodes, copies of those of the sample show.
fn show(folder: &Path) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("episodes");
    let episodes = folder.join("episodes");
    let copy = |from: &Path, to: PathBuf| {
        fs::create_dir_all(&to).expect("made");
        for entry in fs::read_dir(from).expect("readable").flatten().filter(|e| e.path().is_file()) {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    };
    copy(&sample, episodes.clone());
    let mut samples: Vec<PathBuf> = fs::read_dir(&sample).expect("readable").flatten().map(|e| e.path()).collect();
    samples.retain(|p| p.join("episode.toml").is_file());
    for (number, sample) in samples.iter().cycle().take(300).enumerate() {
        let to = episodes.join(format!("episode-{number:03}"));
        copy(sample, to.clone());
        let toml = fs::read_to_string(to.join("episode.toml")).expect("readable");
        let others: Vec<&str> = toml.lines().filter(|l| !l.starts_with("guid")).collect();
        fs::write(to.join("episode.toml"), format!("guid = \"e-{number}\"\n{}\n", others.join("\n"))).expect("written");
    }
    let first = measure(folder, &[PROGRAM, "build", "-q"]);
    println!("\n300 episodes, first build: {:.1} s, {:.1} MiB", first.seconds, first.kibibytes as f64 / 1024.0);
    let printing = ["find", "episodes", "feed", "-type", "f", "-printf", "%p %s %T@\n"];
    compare(folder, "build, nothing changed, beside find -printf", &[PROGRAM, "build", "-q"], &printing, 20);
    let stat = ["find", "episodes", "feed", "-type", "f", "-exec", "stat", "-c", "%n %s %Y", "{}", "+"];
    compare(folder, "build, nothing changed, beside find and stat", &[PROGRAM, "build", "-q"], &stat, 20);
    let check = measure(folder, &[PROGRAM, "check", "-q"]);
    println!("check, nothing changed: {:.2} s", check.seconds);
}

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    audio(folder.path());
    show(folder.path());
}
