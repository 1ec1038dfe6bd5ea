//! The MP3 that comes out of a build, as other programs read it: chapters, tags, and the very audio that went in.

use serde_json::{Value, json};

use crate::mp3_surgery;
use crate::programs::Workshop;
use crate::show::show;
use crate::sound;

/// Chapter titles of several scripts, with what is markup elsewhere.
const LABELS: &str = "0.000\t0.000\tThe Harbour at Night\n4.250\t4.250\tMøte & <em>avskjed</em>: “the pilots”\n\
    8.101\t8.101\t灯台の光 — свет\n";

fn recordings(shop: &Workshop) {
    let samples = sound::speech(12 * 44_100 + 123, 44_100);
    sound::wav(shop, "speech.wav", &samples, 44_100, 1);
    shop.run("lame --quiet --cbr -b 96 speech.wav cbr.mp3");
    shop.run("lame --quiet -V 4 speech.wav vbr.mp3");
    shop.run("lame --quiet -t -V 4 speech.wav bare.mp3");
    shop.run("ffmpeg -v error -i speech.wav -b:a 64k -metadata title=Draft -id3v2_version 4 ffmpeg.mp3");
}

/// What a list of chapters says to `ffprobe`, `mutagen`, `eyeD3` and to us: milliseconds and titles.
fn chapters(shop: &Workshop, name: &str) -> [(&'static str, Value); 4] {
    let probed = shop.run(&format!("ffprobe -v error -show_chapters -of json {name}"));
    let probed: Value = serde_json::from_slice(&probed).expect("JSON");
    let list = |found: &Value, start: &str, end: &str, title: &[&str]| -> Value {
        let found = found["chapters"].as_array().expect("a list").iter();
        found
            .map(|c| {
                let time = |key: &str| match &c[key] {
                    Value::String(text) => text.parse().expect("seconds"),
                    number => number.as_f64().expect("seconds"),
                };
                let title = title.iter().fold(c, |value, key| &value[*key]);
                json!([(time(start) * 1000.0).round(), (time(end) * 1000.0).round(), title])
            })
            .collect()
    };
    let mutagen = "
import json, sys, mutagen.id3
tag = mutagen.id3.ID3(sys.argv[1])
order = [toc for toc in tag.getall('CTOC') if toc.flags & 2][0].child_element_ids
found = [tag['CHAP:' + name] for name in order]
assert len(found) == len(tag.getall('CHAP'))
print(json.dumps([[float(c.start_time), float(c.end_time), c.sub_frames['TIT2'].text[0]] for c in found]))
";
    let eyed3 = "
import json, sys, logging, eyed3
logging.disable(logging.CRITICAL)
tag = eyed3.load(sys.argv[1]).tag
order = [toc for toc in tag.table_of_contents if toc.toplevel][0].child_ids
found = [tag.chapters[name] for name in order]
print(json.dumps([[float(c.times.start), float(c.times.end), c.title] for c in found]))
";
    let ours = shop.inspect(name, &["--probe"]);
    [
        ("ffprobe", list(&probed, "start_time", "end_time", &["tags", "title"])),
        ("mutagen", shop.python(mutagen, &[name])),
        ("eyeD3", shop.python(eyed3, &[name])),
        ("inspect", list(&ours, "start_seconds", "end_seconds", &["title"])),
    ]
}

#[test]
fn four_readers_list_the_same_chapters() {
    let shop = show();
    recordings(&shop);
    for kind in ["cbr", "vbr", "bare", "ffmpeg"] {
        shop.episode(kind, "The Harbour at Night", &format!("{kind}.mp3"), LABELS);
    }
    let built = shop.build();
    for kind in ["cbr", "vbr", "bare", "ffmpeg"] {
        let name = shop.built(kind, "mp3");
        let episodes = built["episodes"].as_array().expect("a list").iter();
        let length = episodes.filter(|e| e["slug"] == kind).find_map(|e| e["duration_seconds"].as_f64());
        let length = (length.expect("a duration") * 1000.0).round();
        let expected = json!([
            [0.0, 4250.0, "The Harbour at Night"],
            [4250.0, 8101.0, "Møte & avskjed: “the pilots”"],
            [8101.0, length, "灯台の光 — свет"],
        ]);
        for (reader, found) in chapters(&shop, &name) {
            assert_eq!(found, expected, "{reader} on {name}");
        }
    }
}

/// One line for each packet: how long it plays, its size, its hash, and what the decoder is to leave out of it. Not when
/// it plays: ffmpeg rounds that to the microseconds of a file with chapters.
fn packets(shop: &Workshop, name: &str) -> Vec<String> {
    let printed = shop.run(&format!("ffmpeg -v error -nostdin -i {name} -map 0:a -c copy -f framehash -"));
    let printed = String::from_utf8(printed).expect("text");
    let lines = printed.lines().filter(|l| !l.starts_with('#'));
    lines.map(|l| l.split(',').map(str::trim).collect::<Vec<_>>()[3..].join(" ")).collect()
}

#[test]
fn the_audio_that_comes_out_is_the_audio_that_went_in() {
    let shop = show();
    recordings(&shop);
    let kinds = ["cbr", "vbr", "bare", "ffmpeg"];
    for kind in kinds {
        shop.episode(kind, "The Harbour at Night", &format!("{kind}.mp3"), LABELS);
    }
    // What is no audio may go, what is audio stays.
    let (cbr, vbr) = (shop.read("cbr.mp3"), shop.read("vbr.mp3"));
    shop.write("joined.mp3", &[&cbr[..], &vbr].concat());
    shop.write(
        "trailed.mp3",
        &[&cbr[..], &mp3_surgery::ape(), &mp3_surgery::lyrics3(), &mp3_surgery::id3v1()].concat(),
    );
    shop.episode("joined", "The Harbour at Night", "joined.mp3", LABELS);
    shop.episode("trailed", "The Harbour at Night", "trailed.mp3", LABELS);
    shop.build();
    for kind in kinds.into_iter().chain(["joined", "trailed"]) {
        let (before, after) = (format!("{kind}.mp3"), shop.built(kind, "mp3"));
        let (packets_in, packets_out) = (packets(&shop, &before), packets(&shop, &after));
        assert!(packets_in.len() > 400, "{kind}: {}", packets_in.len());
        // The header of the first part told the decoder to leave out of the middle what it now leaves out of the end.
        let frames = |packets: &[String]| -> Vec<String> {
            let parts = packets.iter().map(|p| p.split(' ').collect::<Vec<_>>());
            if kind == "joined" { parts.map(|p| p[1..3].join(" ")).collect() } else { packets.to_vec() }
        };
        let (frames_in, frames_out) = (frames(&packets_in), frames(&packets_out));
        assert!(frames_in == frames_out, "{kind}: {} packets became {}", frames_in.len(), frames_out.len());
        if kind == "joined" {
            continue;
        }
        let decoded = |name: &str| shop.run(&format!("ffmpeg -v error -nostdin -i {name} -map 0:a -f md5 -"));
        assert_eq!(decoded(&before), decoded(&after), "{kind} sounds otherwise");
    }
}

/// Writes into a recording what studios and apps leave there.
const FOREIGN: &str = "
import sys, mutagen.id3 as m
tag = m.ID3()
tag.add(m.TIT2(encoding=3, text='Session 4, take 2'))
tag.add(m.TPUB(encoding=3, text='Harbour Press'))
tag.add(m.TXXX(encoding=3, desc='MOOD', text='calm'))
tag.add(m.PRIV(owner='com.studio.project', data=b'/Users/ana/Projects/secret.session'))
tag.add(m.GEOB(encoding=3, mime='application/octet-stream', filename='notes.bin', desc='notes', data=b'0123456789'))
tag.add(m.UFID(owner='http://musicbrainz.org', data=b'0a1b'))
tag.add(m.APIC(encoding=3, mime='image/png', type=3, desc='old', data=b'PNG'))
tag.add(m.CHAP(element_id='old', start_time=0, end_time=5000, sub_frames=[m.TIT2(encoding=3, text='Old')]))
tag.add(m.CTOC(element_id='toc', flags=3, child_element_ids=['old'], sub_frames=[]))
tag.save(sys.argv[1], v2_version=3)
print('[]')
";

/// The frames of a tag by their ids, as mutagen and as eyeD3 see them, and the bytes of the private ones.
const FRAMES: &str = "
import json, sys, logging, mutagen.id3, eyed3
logging.disable(logging.CRITICAL)
tag = mutagen.id3.ID3(sys.argv[1], translate=False)
ids = sorted(frame.FrameID for frame in tag.values())
other = sorted(f.id.decode() for frames in eyed3.load(sys.argv[1]).tag.frame_set.values() for f in frames)
assert ids == other, (ids, other)
print(json.dumps({
    'version': list(tag.version), 'ids': ids, 'title': tag['TIT2'].text[0],
    'private': [frame.data.decode() for frame in tag.getall('PRIV')],
    'pictures': [frame.mime for frame in tag.getall('APIC')],
    'chapters': [c.sub_frames['TIT2'].text[0] for c in tag.getall('CHAP')],
}))
";

#[test]
fn foreign_frames_stay_or_go_as_the_show_says() {
    let shop = show();
    recordings(&shop);
    shop.python(FOREIGN, &["cbr.mp3"]);
    shop.episode("harbour", "The Harbour at Night", "cbr.mp3", LABELS);

    let before = shop.inspect("cbr.mp3", &[]);
    let rules = |findings: &Value| -> Vec<String> {
        let list = findings.as_array().expect("a list").iter();
        list.filter_map(|f| f["rule"].as_str()).filter(|r| r.starts_with("audio-tags")).map(str::to_owned).collect()
    };
    assert_eq!(rules(&before["findings"]), ["audio-tags-private"]);
    let text = String::from_utf8(crate::programs::ours(&shop.path(""), &["inspect", "cbr.mp3"])).expect("text");
    let leaving: Vec<&str> =
        text.lines().filter_map(|l| l.trim().strip_prefix("leaves")).filter_map(|l| l.split(',').next()).collect();
    let mut leaving: Vec<&str> = leaving.iter().map(|l| l.trim()).collect();
    leaving.sort_unstable();
    assert_eq!(leaving, ["GEOB", "PRIV", "UFID"], "{text}");
    assert!(text.contains("com.studio.project"), "{text}");

    let built = shop.build();
    assert_eq!(rules(&built["findings"]), ["audio-tags-private"]);
    let all = shop.python(FRAMES, &[&shop.built("harbour", "mp3")]);
    let has = |tag: &Value, id: &str| tag["ids"].as_array().expect("a list").iter().any(|i| i == id);
    assert_eq!(all["version"], json!([2, 3, 0]));
    assert_eq!(all["title"], "The Harbour at Night");
    assert_eq!(all["private"], json!(["/Users/ana/Projects/secret.session"]));
    for id in ["PRIV", "GEOB", "UFID", "TXXX", "TPUB", "APIC", "TALB", "TPE1", "COMM", "CTOC"] {
        assert!(has(&all, id), "{id}: {all}");
    }

    shop.write(
        "episodes/show.toml",
        format!("{}\n[enclosure]\nkeep_tags = \"known\"\n", crate::show::SHOW_TOML).as_bytes(),
    );
    let built = shop.build();
    assert_eq!(rules(&built["findings"]), ["audio-tags-dropped"]);
    let known = shop.python(FRAMES, &[&shop.built("harbour", "mp3")]);
    for id in ["PRIV", "GEOB", "UFID"] {
        assert!(!has(&known, id), "{id}: {known}");
    }
    for id in ["TXXX", "TPUB"] {
        assert!(has(&known, id), "{id}: {known}");
    }
    for tag in [all, known] {
        assert_eq!(tag["pictures"], json!(["image/jpeg"]), "the cover takes the place of a picture that was there");
        assert!(!tag["chapters"].as_array().expect("a list").contains(&json!("Old")), "{tag}");
    }
    let after = shop.inspect(&shop.built("harbour", "mp3"), &[]);
    assert_eq!(rules(&after["findings"]), [""; 0]);
}

/// A recording whose header frame counts another stream: two exports joined. The published file states what is
/// in it.
#[test]
fn a_header_that_counts_another_stream_is_replaced() {
    let shop = show();
    recordings(&shop);
    let (cbr, vbr) = (shop.read("cbr.mp3"), shop.read("vbr.mp3"));
    let cases = [("joined", [&vbr[..], &vbr].concat()), ("constant", [&cbr[..], &cbr].concat())];
    let readers = "
import json, logging, subprocess, sys, eyed3, mutagen
logging.disable(logging.CRITICAL)
def run(*words):
    return subprocess.run(words, capture_output=True, check=True).stdout
path = sys.argv[1]
pcm = run('ffmpeg', '-v', 'error', '-nostdin', '-i', path, '-map', '0:a', '-ac', '1', '-f', 's16le', '-')
found = {
    'decoded by ffmpeg': len(pcm) / 2 / 44100,
    'ffprobe': float(run('ffprobe', '-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path)),
    'mutagen': mutagen.File(path).info.length,
    'mediainfo': float(run('mediainfo', '--Inform=General;%Duration%', path)) / 1000,
    'eyeD3': eyed3.load(path).info.time_secs,
}
print(json.dumps(found))
";
    for (kind, bytes) in &cases {
        shop.write(&format!("{kind}.mp3"), bytes);
        shop.episode(kind, "The Harbour at Night", &format!("{kind}.mp3"), "0.000\t0.000\tThe Harbour at Night\n");
    }
    let built = shop.build();
    for (kind, _) in &cases {
        let name = shop.built(kind, "mp3");
        let episodes = built["episodes"].as_array().expect("a list").iter();
        let length = episodes.filter(|e| e["slug"] == *kind).find_map(|e| e["duration_seconds"].as_f64());
        let length = length.unwrap_or_else(|| panic!("{kind} has no duration: {built}"));
        let found = shop.python(readers, &[&name]);
        for (reader, read) in found.as_object().expect("an object") {
            let read = read.as_f64().expect("seconds");
            // Where the bit rate is constant, eyeD3 divides the size by it, header frames included.
            let tolerance = if reader == "eyeD3" { 0.12 } else { 0.06 };
            assert!((read - length).abs() < tolerance, "{kind}: {reader} says {read}, the feed {length}; {found}");
        }
        let said = shop.inspect(&name, &[]);
        let rules: Vec<&str> =
            said["findings"].as_array().expect("a list").iter().filter_map(|f| f["rule"].as_str()).collect();
        assert!(!rules.contains(&"audio-duration-conflict") && !rules.contains(&"audio-hole"), "{kind}: {rules:?}");
    }
}
