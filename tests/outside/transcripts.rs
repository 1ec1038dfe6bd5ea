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
