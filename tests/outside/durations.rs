//! How long awkward files play: against the samples that went in, with other programs' answers beside ours.

use crate::mp3_surgery::{anatomy, ape, between, id3v1, junk, lyrics3, recount, without};
use crate::programs::Workshop;
use crate::sound;

/// A file, and what it plays.
struct Case {
    name: String,
    rate: u32,
    /// Frames that a gapless player plays.
    truth: u64,
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
        self.cases.push(Case { name: name.into(), rate, truth });
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
            "{:<34} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}",
            "seconds", "truth", "probe", "inspect", "ffmpeg", "ffprobe", "mutagen"
        );
        for case in &self.cases {
            let seconds = |frames: u64| frames as f64 / f64::from(case.rate);
            let probe = self.workshop.inspect(&case.name, &["--probe"]);
            let full = self.workshop.inspect(&case.name, &[]);
            let (decoded, stated, tagged) = self.others(&case.name);
            let length = |found: &serde_json::Value| found["duration_seconds"].as_f64().unwrap_or(f64::NAN);
            println!(
                "{:<34} {:>10.4} {:>10.3} {:>10.3} {:>10} {:>10} {:>10}",
                case.name,
                seconds(case.truth),
                length(&probe),
                length(&full),
                decoded,
                stated,
                tagged
            );
            let off = |found: &serde_json::Value| (length(found) - seconds(case.truth)).abs();
            if !(off(&probe) <= 0.001 && off(&full) <= 0.001) {
                wrong.push(format!("{}: {} and {}", case.name, length(&probe), length(&full)));
            }
            let frames = probe["duration_frames"].as_u64();
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

#[test]
fn mp3_as_encoders_write_it() {
    let mut table = Table::new();
    for (rate, channels) in
        [(44_100, 2), (44_100, 1), (48_000, 1), (22_050, 1), (24_000, 2), (16_000, 1), (11_025, 1), (8_000, 1)]
    {
        let input = format!("in-{rate}-{channels}.wav");
        let count = table.input(&input, 7, rate, channels);
        let kilobits = if rate < 16_000 { 32 } else { 64 };
        let name = format!("lame-cbr-{rate}-{channels}.mp3");
        let made = table.workshop.make(
            &name,
            &format!("lame --quiet --cbr -b {kilobits} --resample {} {input} {name}", f64::from(rate) / 1000.0),
        );
        table.add(&name, &made, rate, count);
        let name = format!("lame-vbr-{rate}-{channels}.mp3");
        let made = table
            .workshop
            .make(&name, &format!("lame --quiet -V 4 --resample {} {input} {name}", f64::from(rate) / 1000.0));
        table.add(&name, &made, rate, count);
        let name = format!("ffmpeg-vbr-{rate}-{channels}.mp3");
        let made = table.workshop.make(&name, &format!("ffmpeg -v error -i {input} -c:a libmp3lame -q:a 4 {name}"));
        table.add(&name, &made, rate, count);
        if rate >= 32_000 {
            let mono = sound::speech(count as usize, rate);
            let samples = sound::spread(&mono, channels);
            table.add(
                &format!("rusty-cbr-{rate}-{channels}.mp3"),
                &sound::rusty_mp3(&samples, rate, channels, None),
                rate,
                count,
            );
            table.add(
                &format!("rusty-vbr-{rate}-{channels}.mp3"),
                &sound::rusty_mp3(&samples, rate, channels, Some(90.0)),
                rate,
                count,
            );
        }
    }
    table.measure();
}

#[test]
fn mp3_that_something_happened_to() {
    let mut table = Table::new();
    let rate = 44_100;
    let count = table.input("in.wav", 9, rate, 1);
    let other = table.input("other.wav", 4, rate, 1);
    let shop = &table.workshop;
    let lame_vbr = shop.make("lame-vbr.mp3", "lame --quiet -V 3 in.wav lame-vbr.mp3");
    let lame_cbr = shop.make("lame-cbr.mp3", "lame --quiet --cbr -b 96 in.wav lame-cbr.mp3");
    let lame_bare = shop.make("bare.mp3", "lame --quiet -V 3 -t in.wav bare.mp3");
    let ffmpeg_bare =
        shop.make("ff.mp3", "ffmpeg -v error -i in.wav -c:a libmp3lame -q:a 3 -write_xing 0 -id3v2_version 0 ff.mp3");
    let ffmpeg =
        shop.make("ffmpeg.mp3", "ffmpeg -v error -i in.wav -c:a libmp3lame -q:a 3 -metadata title=Harbour ffmpeg.mp3");
    let second = shop.make("second.mp3", "lame --quiet -V 3 --tt Second other.wav second.mp3");
    let rusty = sound::rusty_mp3(&sound::speech(count as usize, rate), rate, 1, Some(90.0));

    // Without a header nobody knows delay and padding: every frame plays.
    let (bare, whole) = (anatomy(&lame_bare), anatomy(&lame_vbr));
    assert_eq!(bare.frames.len() as u64, whole.known().frames);
    table.add("lame-vbr-headerless.mp3", &lame_bare, rate, bare.frames.len() as u64 * 1152);
    table.add("ffmpeg-vbr-headerless.mp3", &ffmpeg_bare, rate, anatomy(&ffmpeg_bare).frames.len() as u64 * 1152);
    let rusty_anatomy = anatomy(&rusty);
    table.add(
        "rusty-vbr-headerless.mp3",
        &rusty[rusty_anatomy.frames[0].end..],
        rate,
        rusty_anatomy.known().frames * 1152,
    );

    for (maker, file) in [("lame", &lame_vbr), ("lame-cbr", &lame_cbr), ("ffmpeg", &ffmpeg), ("rusty", &rusty)] {
        let anatomy = anatomy(file);
        let header = anatomy.known();
        let frames = header.frames;
        assert_eq!(frames * 1152 - header.delay - header.padding, count, "{maker}: the encoder states what went in");
        // The count of bytes is still right.
        table.add(&format!("{maker}-xing-too-many.mp3"), &recount(file, frames as u32 * 2, None), rate, count);
        table.add(&format!("{maker}-xing-too-few.mp3"), &recount(file, frames as u32 / 3, None), rate, count);
        // Neither is: a header that was left from another file.
        let stale = recount(file, frames as u32 - 50, Some(20_000));
        table.add(&format!("{maker}-xing-stale.mp3"), &stale, rate, anatomy.without_end(frames));

        let middle = frames as usize / 2;
        let cut = &file[..anatomy.frames[middle].start + 50];
        table.add(&format!("{maker}-cut.mp3"), cut, rate, anatomy.without_end(middle as u64 - 1));
        let hole = without(file, middle..middle + 20);
        table.add(&format!("{maker}-hole.mp3"), &hole, rate, anatomy.without_end(frames - 20));
        table.add(&format!("{maker}-junk-inside.mp3"), &between(file, middle, &junk(700)), rate, count);
        table.add(&format!("{maker}-zeros-in-front.mp3"), &[&[0; 1500], file.as_slice()].concat(), rate, count);
        table.add(&format!("{maker}-junk-behind.mp3"), &[file.as_slice(), &junk(3000)].concat(), rate, count);
        let tags = [file.as_slice(), &ape(), &lyrics3(), &id3v1()].concat();
        table.add(&format!("{maker}-ape-lyrics3-id3v1.mp3"), &tags, rate, count);
        table.add(&format!("{maker}-id3v1-twice.mp3"), &[file.as_slice(), &id3v1(), &id3v1()].concat(), rate, count);

        // Of joined files the first one's delay and the last one's padding come off; the header between is a frame.
        let (last, joined) = (crate::mp3_surgery::anatomy(&second), [file.as_slice(), &second].concat());
        let all = (frames + 1 + last.known().frames) * 1152;
        let glued = all - header.delay - 529 - (last.known().padding - 529);
        table.add(&format!("{maker}-glued.mp3"), &joined, rate, glued);
        assert_eq!(last.known().frames * 1152 - last.known().delay - last.known().padding, other);
    }
    table.measure();
}
