//! How long awkward files play: against the samples that went in, with other programs' answers beside ours.

mod mp3;
mod pcm;

use crate::programs::Workshop;
use crate::sound;

/// A file, and what it plays.
struct Case {
    name: String,
    rate: u32,
    /// Frames that a gapless player plays.
    truth: u64,
    /// True where there is a decoder for it here.
    heard: bool,
}

/// Files made one after the other, each with its truth; measured at the end all at once.
pub struct Table {
    pub workshop: Workshop,
    cases: Vec<Case>,
}

impl Table {
    pub fn new() -> Self {
        Self { workshop: Workshop::new(), cases: Vec::new() }
    }

    /// Adds a file.
    pub fn add(&mut self, name: &str, bytes: &[u8], rate: u32, truth: u64) {
        self.workshop.write(name, bytes);
        self.cases.push(Case { name: name.into(), rate, truth, heard: true });
    }

    /// Says that the last file can be counted and not decoded.
    pub fn unheard(&mut self) {
        self.cases.last_mut().expect("a file").heard = false;
    }

    /// A WAV of speech with an odd number of samples, to be encoded; how many they are.
    pub fn input(&self, name: &str, seconds: u32, rate: u32, channels: u16) -> u64 {
        let count = seconds * rate + 123;
        let mono = sound::speech(count as usize, rate);
        sound::wav(&self.workshop, name, &sound::spread(&mono, channels), rate, channels);
        u64::from(count)
    }

    /// Measures every file, prints the table, and fails where ours is more than a millisecond off.
    #[track_caller]
    pub fn measure(&self) {
        let mut wrong = Vec::new();
        println!(
            "{:<34} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
            "seconds", "truth", "probe", "inspect", "ffmpeg", "ffprobe", "mutagen", "loudness"
        );
        for case in &self.cases {
            let seconds = |frames: u64| frames as f64 / f64::from(case.rate);
            let probe = self.workshop.inspect(&case.name, &["--probe"]);
            let full = self.workshop.inspect(&case.name, &[]);
            let (decoded, stated, tagged) = self.others(&case.name);
            let length = |found: &serde_json::Value| found["duration_seconds"].as_f64().unwrap_or(f64::NAN);
            println!(
                "{:<34} {:>10.4} {:>10.3} {:>10.3} {:>10} {:>10} {:>10} {:>10.1}",
                case.name,
                seconds(case.truth),
                length(&probe),
                length(&full),
                decoded,
                stated,
                tagged,
                full["loudness"]["integrated_lufs"].as_f64().unwrap_or(f64::NAN)
            );
            let off = |found: &serde_json::Value| (length(found) - seconds(case.truth)).abs();
            if !(off(&probe) <= 0.001 && off(&full) <= 0.001) {
                wrong.push(format!("{}: {} and {}", case.name, length(&probe), length(&full)));
            }
            let frames = probe["duration_frames"].as_u64();
            if full["loudness"].is_object() != case.heard {
                wrong.push(format!("{}: loudness is {}", case.name, full["loudness"]));
            }
            let rules = |found: &serde_json::Value| -> Vec<String> {
                let all = found["findings"].as_array().expect("a list").iter();
                all.filter_map(|f| f["rule"].as_str()).filter(|r| *r == "audio-truncated").map(str::to_owned).collect()
            };
            if rules(&probe) != rules(&full) {
                wrong.push(format!("{}: decoding ends elsewhere than counting", case.name));
            }
            if frames != Some(case.truth) || frames != full["duration_frames"].as_u64() {
                wrong.push(format!("{}: {:?} frames instead of {}", case.name, frames, case.truth));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Seconds that ffmpeg decodes, that ffprobe states and that mutagen states.
    fn others(&self, name: &str) -> (String, String, String) {
        let folder = self.workshop.path("");
        let quiet = |words: &[&str]| {
            let said = std::process::Command::new(words[0]).args(&words[1..]).current_dir(&folder).output();
            said.unwrap_or_else(|e| panic!("{} is needed: {e}", words[0])).stdout
        };
        let bytes = quiet(&["ffmpeg", "-v", "quiet", "-i", name, "-f", "s16le", "-ac", "1", "-"]).len();
        let first = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().next().unwrap_or("-").to_owned();
        let stream =
            first(&quiet(&["ffprobe", "-v", "quiet", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", name]));
        let rate: f64 = stream.trim_end_matches(',').parse().unwrap_or(f64::NAN);
        let stated =
            first(&quiet(&["ffprobe", "-v", "quiet", "-show_entries", "format=duration", "-of", "csv=p=0", name]));
        let script = "import sys, mutagen; print('%.4f' % mutagen.File(sys.argv[1]).info.length)";
        let tagged = first(&quiet(&["python3", "-c", script, name]));
        (format!("{:.4}", bytes as f64 / 2.0 / rate), stated.chars().take(9).collect(), tagged)
    }
}
