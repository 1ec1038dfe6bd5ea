//! Transcripts as other programs read them: the same cues, and the article's own words.

use serde_json::Value;

use crate::browser::{LONG, feed};
use crate::programs::{Workshop, ours};

/// A folder with the transcripts of the sample episode as `t.vtt`, `t.srt` and `t.json`.
fn workshop() -> Workshop {
    let shop = Workshop::new();
    for entry in std::fs::read_dir(feed().join(LONG)).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if let Some((_, extension)) = name.strip_prefix("transcript-").and_then(|n| n.split_once('.')) {
            shop.write(&format!("t.{extension}"), &std::fs::read(&path).expect("read"));
        }
    }
    shop
}

const CUES: &str = r#"
import json, re, sys, webvtt, srt, subprocess
def seconds(t):
    h, m, s = t.replace(',', '.').split(':')
    return round(int(h) * 3600 + int(m) * 60 + float(s), 3)
def line(text):
    return ' '.join(text.split())
found = {}
found['webvtt-py'] = [(seconds(c.start), seconds(c.end), line(c.text)) for c in webvtt.read('t.vtt')]
found['srt'] = [(round(c.start.total_seconds(), 3), round(c.end.total_seconds(), 3), line(c.content)) for c in srt.parse(open('t.srt', encoding='utf-8').read(), ignore_errors=False)]
for source in ('t.vtt', 't.srt'):
    made = subprocess.run(['ffmpeg', '-v', 'error', '-i', source, '-f', 'srt', '-'], capture_output=True, check=True)
    assert not made.stderr, made.stderr
    found['ffmpeg ' + source] = [(round(c.start.total_seconds(), 3), round(c.end.total_seconds(), 3), line(c.content)) for c in srt.parse(made.stdout.decode())]
document = json.load(open('t.json', encoding='utf-8'))
assert document['version'] == '1.0.0'
found['json'] = [(s['startTime'], s['endTime'], line(s['body'])) for s in document['segments']]
node = subprocess.run(['node', '-e', 'const d = JSON.parse(require("fs").readFileSync("t.json")); console.log(JSON.stringify(d.segments.map(s => [s.startTime, s.endTime, s.body])))'], capture_output=True, check=True)
found['node'] = [tuple(s) for s in json.loads(node.stdout)]
first = found['webvtt-py']
for name, cues in found.items():
    assert cues == first, (name, [p for p in zip(cues, first) if p[0] != p[1]][:3], len(cues), len(first))
for path in ('t.vtt', 't.srt'):
    for block in open(path, encoding='utf-8').read().split('\n\n'):
        lines = [l for l in block.split('\n') if l and '-->' not in l and not l.isdigit() and l != 'WEBVTT']
        assert len(lines) <= 2 and all(len(l) <= 42 for l in lines), block
assert all(b - a <= 7 for a, b, _ in first)
print(' '.join(text for _, _, text in first))
"#;

#[test]
fn two_programs_each_read_the_same_cues_and_the_words_are_the_articles() {
    let shop = workshop();
    shop.write("cues.py", CUES.as_bytes());
    let words = String::from_utf8(shop.run("python3 cues.py")).expect("text");
    let article = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("episodes").join(LONG).join("article.md");
    let printed = ours(&shop.path(""), &["article", "--format", "json", &article.to_string_lossy()]);
    let article: Value = serde_json::from_slice(&printed).expect("JSON");
    let sections = article["article"]["sections"].as_array().expect("a list");
    let mut expected = vec![article["article"]["title"].as_str().expect("a title").to_owned()];
    for section in sections {
        expected.extend(section["heading"].as_str().map(str::to_owned));
        let paragraphs = section["paragraphs"].as_array().expect("a list");
        expected.extend(paragraphs.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(plain(&words), plain(&expected.join(" ")));
}

/// Phrases spoken one by one and joined with a breath too short to be seen in a waveform, so that every phrase's first
/// sound is known to the sample: `recording.wav`, and the starts in milliseconds.
const PHRASES: &str = r#"
import array, json, subprocess, wave
phrases = json.load(open('phrases.json'))
sound, starts = array.array('h'), []
for text, behind in phrases:
    subprocess.run(['flite', '-voice', 'awb', '-t', text, '-o', 'phrase.wav'], check=True)
    with wave.open('phrase.wav') as spoken:
        rate = spoken.getframerate()
        samples = array.array('h', spoken.readframes(spoken.getnframes()))
    loud = [n for n, s in enumerate(samples) if abs(s) > 400]
    starts.append(round(len(sound) * 1000 / rate))
    sound += samples[loud[0]:loud[-1] + 1] + array.array('h', bytes(2 * int(behind * rate)))
with wave.open('recording.wav', 'wb') as out:
    out.setnchannels(1), out.setsampwidth(2), out.setframerate(rate)
    out.writeframes(sound.tobytes())
print(json.dumps(starts))
"#;

/// The cues of the only WebVTT file below: starts in milliseconds and words.
const STARTS: &str = r#"
import glob, json, webvtt
cues = webvtt.read(glob.glob('feed/*/transcript-*.vtt')[0])
def milliseconds(time):
    hours, minutes, seconds = time.split(':')
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
print(json.dumps([(milliseconds(c.start), ' '.join(c.text.split())) for c in cues]))
"#;

#[test]
fn a_cue_within_a_sentence_begins_with_its_first_word() {
    const BREATH: f64 = 0.03;
    let texts = [
        ("The Mill on the Water", 0.7),
        ("Twice a day the sea came up the river to the gate of the pond,", BREATH),
        ("where a boy with a lantern waited until the water had turned,", BREATH),
        ("and nobody in the village could say how long he had done that.", 0.6),
        ("The Wheel", 0.7),
        ("When the pond was full the miller opened the smaller of the two gates", BREATH),
        ("and the wheel began to move so slowly that strangers took it for still,", BREATH),
        ("although every stone in the building had started to tremble by then.", 0.6),
        ("The Boy", 0.7),
        ("He wrote the hour of every tide on the back of an old almanac", BREATH),
        ("because his father had told him that the moon never makes mistakes,", BREATH),
        ("which he believed until the winter in which the river froze over.", 0.6),
    ];
    let shop = Workshop::new();
    shop.write("phrases.json", &serde_json::to_vec(&texts).expect("JSON"));
    shop.write("phrases.py", PHRASES.as_bytes());
    shop.write("starts.py", STARTS.as_bytes());
    let starts: Vec<u64> = serde_json::from_slice(&shop.run("python3 phrases.py")).expect("starts");
    let is_heading = |text: &str| !text.ends_with([',', '.']) && text.len() < 30;
    let article: String = texts
        .iter()
        .map(|(text, behind)| match (is_heading(text), *behind > BREATH) {
            (true, _) => format!("## {text}\n\n"),
            (false, true) => format!("{text}\n\n"),
            (false, false) => format!("{text} "),
        })
        .collect();
    shop.write("episodes/mill/article.md", article.replacen("##", "#", 1).as_bytes());
    shop.write("episodes/mill/recording.wav", &shop.read("recording.wav"));
    shop.write("episodes/mill/episode.toml", b"date = 2025-03-11\n");
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("episodes");
    let show = std::fs::read_to_string(sample.join("show.toml")).expect("the sample show");
    let allowed =
        "[check]\nallow = [{ rule = \"audio\", reason = \"a test\" }, { rule = \"show\", reason = \"a test\" }]\n";
    shop.write(
        "episodes/show.toml",
        format!("{}{allowed}", show.split("[check]").next().unwrap_or_default()).as_bytes(),
    );
    shop.write("episodes/cover.png", &std::fs::read(sample.join("cover.png")).expect("a cover"));
    ours(&shop.path(""), &["build"]);
    let cues: Vec<(u64, String)> = serde_json::from_slice(&shop.run("python3 starts.py")).expect("cues");
    assert_eq!(cues.iter().map(|(_, words)| words).collect::<Vec<_>>(), texts.map(|(text, _)| text));
    for ((found, words), true_start) in cues.iter().zip(starts) {
        assert!(found.abs_diff(true_start) <= 60, "“{words}” appears at {found} ms and is said at {true_start} ms");
    }
}
