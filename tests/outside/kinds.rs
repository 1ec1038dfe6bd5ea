//! One episode for each kind of recording, published, and its chapters as other programs read them from every carrier.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

use crate::programs::{Workshop, ours};

/// Starts in milliseconds and titles: what writers and readers stumble over.
pub const CHAPTERS: [(u64, &str); 5] = [
    (0, "Grüße aus „Übermut“"),
    (32_301, "Ночь, когда лампа научилась считать до шестидесяти и обратно до нуля"),
    (69_619, "\"Quotes\" & 5 < 6, it's 100%"),
    (103_384, "Naïve café — über façade"),
    (133_776, "日本語の章"),
];

/// The name of a recording, and the command line that makes it of `reading.wav`.
const RECORDINGS: [(&str, &str); 10] = [
    ("mp3-cbr", "lame --quiet -b 64 ../reading.wav reading.mp3"),
    (
        "mp3-vbr-art",
        "ffmpeg -v error -i ../reading.wav -i ../cover.jpg -map 0:a -map 1:v -c:v copy -c:a libmp3lame -q:a 5 -id3v2_version 4 -metadata title=Old -metadata:s:v comment=Cover reading.mp3",
    ),
    (
        "mp3-vbr-bare",
        "ffmpeg -v error -i ../reading.wav -c:a libmp3lame -q:a 5 -write_xing 0 -id3v2_version 0 reading.mp3",
    ),
    ("m4a", "ffmpeg -v error -i ../reading.wav -c:a aac -b:a 80k reading.m4a"),
    (
        "m4a-second",
        "ffmpeg -v error -i ../chapters.txt -i ../reading.wav -i ../cover.jpg -map 1:a -map 2:v -c:v copy -disposition:v attached_pic -map_metadata 0 -c:a aac -aac_coder fast -b:a 96k -movflags +faststart reading.m4a",
    ),
    ("wav", "sox ../reading.wav -b 24 reading.wav"),
    ("flac", "flac --silent ../reading.wav -o reading.flac"),
    ("opus", "opusenc --quiet --serial 7 --bitrate 48 ../reading.wav reading.opus"),
    ("vorbis", "oggenc -Q --serial 7 ../reading.wav -o reading.ogg"),
    ("alac", "ffmpeg -v error -i ../reading.wav -c:a alac reading.m4a"),
];

/// What the episodes' own files say besides their titles, which are what some downloaders name files by.
const SETTINGS: &str = "date = 2025-03-11\nlink = \"https://pages.example/lamp/\"\n";

/// How many episodes the show has: one of each kind, and one in parts.
pub const EPISODES: usize = RECORDINGS.len() + 1;

const SCRIPT: &str = r#"
import json, re, subprocess, sys, glob
import mutagen, mutagen.id3, mutagen.mp4, eyed3

def ffprobe(path):
    out = subprocess.run(["ffprobe", "-v", "error", "-show_chapters", "-of", "json", path], capture_output=True, check=True)
    return [[round(float(c["start_time"]) * 1000), c["tags"]["title"]] for c in json.loads(out.stdout)["chapters"]]

def by_mutagen(path):
    if path.endswith(".m4a"):
        return [[round(c.start * 1000), c.title] for c in mutagen.mp4.MP4(path).chapters]
    chaps = mutagen.id3.ID3(path).getall("CHAP")
    return [[c.start_time, c.sub_frames["TIT2"].text[0]] for c in sorted(chaps, key=lambda c: c.start_time)]

def third(path):
    if path.endswith(".mp3"):
        tag = eyed3.load(path).tag
        return [[c.times.start, c.title] for c in sorted(tag.chapters, key=lambda c: c.times.start)]
    # Both carriers of an M4A, apart: the list, then the text track.
    out = subprocess.run(["mediainfo", "--Output=JSON", path], capture_output=True, check=True)
    menus = [t["extra"] for t in json.loads(out.stdout)["media"]["track"] if t["@type"] == "Menu"]
    lists = []
    for menu in menus:
        found = []
        for key, title in menu.items():
            clock = key.lstrip("_").split("_")
            if len(clock) == 4 and all(part.isdigit() for part in clock):
                h, m, s, ms = map(int, clock)
                found.append([((h * 60 + m) * 60 + s) * 1000 + ms, title])
        lists.append(found)
    assert len(lists) == 2 and lists[0] == lists[1], (path, lists)
    return lists[0]

def in_comments(path):
    comments = mutagen.File(path)
    found = []
    for number in range(1000):
        start = comments.get("CHAPTER%03d" % number)
        if not start:
            return found
        h, m, s = start[0].split(":")
        found.append([round(((int(h) * 60 + int(m)) * 60 + float(s)) * 1000), comments["CHAPTER%03dNAME" % number][0]])

# As opusinfo, ogginfo and metaflac print them.
def in_lines(text):
    starts = dict(re.findall(r"CHAPTER(\d{3})=(\S+)", text))
    names = dict(re.findall(r"CHAPTER(\d{3})NAME=(.*)", text))
    found = []
    for number in sorted(starts):
        h, m, s = starts[number].split(":")
        found.append([round(((int(h) * 60 + int(m)) * 60 + float(s)) * 1000), names[number]])
    return found

read = {}
for path in sorted(glob.glob("feed/*/*.opus") + glob.glob("feed/*/*.ogg") + glob.glob("feed/*/*.flac")):
    test = {"opus": ["opusinfo", path], "ogg": ["ogginfo", path], "flac": ["flac", "--silent", "-t", path]}[path.split(".")[-1]]
    said = subprocess.run(test, capture_output=True, text=True)
    assert said.returncode == 0 and "WARNING" not in said.stdout + said.stderr, (path, said)
    listed = said.stdout
    if path.endswith(".flac"):
        listed = subprocess.run(["metaflac", "--list", path], capture_output=True, text=True, check=True).stdout
        assert "Cover (front)" in listed, listed
    read[path] = {"ffprobe": ffprobe(path), "mutagen": in_comments(path), "third": in_lines(listed)}
for path in sorted(glob.glob("feed/*/*.mp3") + glob.glob("feed/*/*.m4a")):
    read[path] = {"ffprobe": ffprobe(path), "mutagen": by_mutagen(path), "third": third(path)}
json.dump(read, open("read.json", "w"))
"#;

/// The show, built.
pub struct Kinds {
    pub shop: Workshop,
    /// Where the feed says that it is served.
    pub address: String,
    /// What the build said.
    built: Value,
}

/// One episode for each kind of recording, and one of three parts. What was heard and encoded once is remembered.
pub fn show() -> &'static Kinds {
    static SHOW: OnceLock<Kinds> = OnceLock::new();
    SHOW.get_or_init(make)
}

fn make() -> Kinds {
    let shop = Workshop::kept("kinds");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("episodes");
    let lamp = sample.join("the-lamp-that-learned-to-count");
    let article = fs::read_to_string(lamp.join("article.txt")).expect("the sample article");
    let show = fs::read_to_string(sample.join("show.toml")).expect("the sample show");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let address = format!("http://127.0.0.1:{port}/");
    let show = show.lines().filter(|l| !l.starts_with("base_url")).collect::<Vec<_>>().join("\n");
    let show = format!("base_url = \"{address}\"\n{}\n", show.split("[check]").next().unwrap_or_default())
        + "[check]\nallow = [{ rule = \"audio\", reason = \"one voice in many kinds\" }, { rule = \"show\", reason = \"a test\" }, { rule = \"chapters\", reason = \"other titles\" }, { rule = \"article\", reason = \"a test\" }, { rule = \"episode\", reason = \"a test\" }]\n";
    fs::create_dir_all(shop.path("episodes")).expect("made");
    shop.write("episodes/show.toml", show.as_bytes());
    fs::copy(sample.join("cover.png"), shop.path("episodes/cover.png")).expect("copied");
    fs::copy(lamp.join("reading.mp3"), shop.path("source.mp3")).expect("copied");
    shop.run("ffmpeg -v error -i source.mp3 -ar 44100 -c:a pcm_s16le episodes/reading.wav");
    shop.run("ffmpeg -v error -i episodes/cover.png -vf scale=600:600 episodes/cover.jpg");
    let labels: String =
        CHAPTERS.iter().map(|(ms, title)| format!("{0}\t{0}\t{title}\n", *ms as f64 / 1000.0)).collect();
    // Chapters that are in a recording already are replaced.
    shop.write("episodes/chapters.txt", b";FFMETADATA1\ntitle=Old\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=9000\ntitle=Old one\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=9000\nEND=20000\ntitle=Old two\n");
    for (name, line) in RECORDINGS {
        let folder = format!("episodes/{name}");
        fs::create_dir_all(shop.path(&folder)).expect("made");
        let words: Vec<&str> = line.split_whitespace().collect();
        crate::programs::run(&shop.path(&folder), &words);
        shop.write(&format!("{folder}/article.txt"), article.as_bytes());
        shop.write(&format!("{folder}/chapters.txt"), labels.as_bytes());
        shop.write(&format!("{folder}/episode.toml"), format!("title = \"A lamp in {name}\"\n{SETTINGS}").as_bytes());
    }
    parts(&shop, &article, &labels);
    // What only the test needs.
    for name in ["reading.wav", "cover.jpg", "chapters.txt"] {
        fs::remove_file(shop.path(&format!("episodes/{name}"))).expect("removed");
    }

    let built: Value = serde_json::from_slice(&ours(&shop.path(""), &["build", "--format", "json"])).expect("JSON");
    Kinds { shop, address, built }
}

#[test]
fn every_kind_of_recording_becomes_an_enclosure_that_says_the_same_everywhere() {
    let Kinds { shop, built, .. } = show();
    let episodes = built["episodes"].as_array().unwrap_or_else(|| panic!("{built:#}"));
    assert_eq!(episodes.len(), EPISODES, "{built:#}");
    shop.write("read.py", SCRIPT.as_bytes());
    shop.run("python3 read.py");
    let read: Value = serde_json::from_slice(&shop.read("read.json")).expect("JSON");
    let expected: Value = CHAPTERS.iter().map(|(ms, title)| serde_json::json!([ms, title])).collect();
    let feed = String::from_utf8(shop.read("feed/feed.xml")).expect("UTF-8");
    let files = read.as_object().expect("files");
    // Opus, Vorbis and FLAC are there besides.
    assert_eq!(files.len(), episodes.len() + 3);
    for kind in ["opus", "vorbis", "flac"] {
        assert!(feed.contains(&format!("codecs=\"{kind}\"")), "{feed}");
    }
    for (path, readers) in files {
        for reader in ["ffprobe", "mutagen", "third"] {
            assert_eq!(readers[reader], expected, "{path} by {reader}");
        }
        carriers(shop, path, &feed);
        let episode = path.split('/').nth(1).expect("a folder");
        media_is_kept(shop, episode, path);
        if !path.ends_with(".mp3") && !path.ends_with(".m4a") {
            continue;
        }
        length_is_that_of_the_source(shop, path, episodes.iter().find(|e| e["slug"] == episode).expect("built"));
    }
}

/// Three parts of three kinds, cut where the second and the fourth section begin.
fn parts(shop: &Workshop, article: &str, labels: &str) {
    let folder = "episodes/parts";
    fs::create_dir_all(shop.path(folder)).expect("made");
    for line in [
        "sox ../reading.wav -b 16 part-1.wav trim 0 32.301",
        "sox ../reading.wav part-2.flac trim 32.301 71.083",
        "sox ../reading.wav part.wav trim 103.384",
        "lame --quiet -b 96 part.wav part-3.mp3",
        "rm part.wav",
    ] {
        crate::programs::run(&shop.path(folder), &line.split_whitespace().collect::<Vec<_>>());
    }
    shop.write(&format!("{folder}/article.txt"), article.as_bytes());
    shop.write(&format!("{folder}/chapters.txt"), labels.as_bytes());
    let settings = "title = \"A lamp in parts\"\ndate = 2025-03-11\nlink = \"https://pages.example/lamp/\"\n\
                    parts = [\"part-1.wav\", \"part-2.flac\", \"part-3.mp3\"]\n";
    shop.write(&format!("{folder}/episode.toml"), settings.as_bytes());
}

/// JSON, Podlove, notes, WebVTT and the clips of the page say the same as the tag.
#[track_caller]
fn carriers(shop: &Workshop, path: &str, feed: &str) {
    let folder = path.rsplit_once('/').expect("a folder").0;
    let beside = |start: &str, end: &str| {
        let names = fs::read_dir(shop.path(folder)).expect("a folder");
        let names = names.map(|n| n.expect("a name").file_name().to_string_lossy().into_owned());
        let name = names.into_iter().find(|n| n.starts_with(start) && n.ends_with(end)).expect("a file");
        String::from_utf8(shop.read(&format!("{folder}/{name}"))).expect("UTF-8")
    };
    let json: Value = serde_json::from_str(&beside("chapters-", ".json")).expect("JSON");
    let vtt = beside("chapters-", ".vtt");
    let page = beside("index", ".html");
    let data = page.split("ld+json\">").nth(1).and_then(|d| d.split("</script>").next()).expect("structured data");
    let data: Value = serde_json::from_str(data).expect("JSON");
    let clips = data["associatedMedia"]["hasPart"].as_array().expect("clips");
    assert_eq!(clips.len(), CHAPTERS.len(), "{path}");
    let item = feed.split("<item>").find(|i| i.contains(path.trim_start_matches("feed/"))).expect("an item");
    let signs = [("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    let plain = signs.iter().fold(item.to_owned(), |text, (name, sign)| text.replace(name, sign));
    for (index, (ms, title)) in CHAPTERS.iter().enumerate() {
        let entry = &json["chapters"][index];
        let seconds = entry["startTime"].as_f64().expect("a number");
        assert_eq!(((seconds * 1000.0).round() as u64, entry["title"].as_str()), (*ms, Some(*title)), "{path}");
        let clip = (clips[index]["startOffset"].as_f64(), clips[index]["name"].as_str());
        assert_eq!(clip, (Some(*ms as f64 / 1000.0), Some(*title)), "{path}");
        let escaped = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let (minutes, rest) = (ms / 60_000, ms % 60_000);
        let clock = format!("00:{minutes:02}:{:02}.{:03}", rest / 1000, rest % 1000);
        assert!(vtt.contains(&format!("{clock} -->")) && vtt.contains(&escaped), "{path}: {vtt}");
        let mark = format!("start=\"{clock}\" title=\"{title}\"");
        assert!(plain.contains(&mark), "{path}: {mark} in {item}");
        let line = format!("00:{minutes:02}:{:02} {title}", rest / 1000);
        assert!(plain.contains(&line), "{path}: {line} in {item}");
    }
}

/// What goes out as it came has the same packets.
#[track_caller]
fn media_is_kept(shop: &Workshop, episode: &str, path: &str) {
    let besides = [".opus", ".ogg", ".flac"].iter().any(|e| path.ends_with(e));
    if !besides && !episode.starts_with("mp3") && !episode.starts_with("m4a") {
        return;
    }
    let extension = path.rsplit_once('.').expect("an extension").1;
    let hashes = |path: &str| {
        let line = format!("ffmpeg -v error -i {path} -map 0:a -c copy -f framehash -");
        let text = String::from_utf8(shop.run(&line)).expect("UTF-8");
        let lines = text.lines().filter(|l| !l.starts_with('#'));
        // Time stamps may start elsewhere; size and hash are what the packet is. Comments are hashed beside the first.
        let packet = |line: &str| line.split(',').skip(4).take(2).map(str::trim).collect::<Vec<_>>().join(" ");
        lines.map(packet).collect::<Vec<_>>()
    };
    let (before, after) = (hashes(&format!("episodes/{episode}/reading.{extension}")), hashes(path));
    assert!(before.len() > 1000 && before == after, "{path}: {} packets, then {}", before.len(), after.len());
}

/// What was encoded plays as many samples as went in, and ffmpeg agrees; what was kept is as long as it was.
#[track_caller]
fn length_is_that_of_the_source(shop: &Workshop, path: &str, episode: &Value) {
    let inside = shop.inspect(path, &[]);
    assert_eq!(inside["duration_seconds"], episode["duration_seconds"], "{path}");
    let slug = episode["slug"].as_str().expect("a slug");
    let decoded =
        |path: &str| shop.run(&format!("ffmpeg -v error -i {path} -map 0:a -f s16le -ac 1 -")).len() as u64 / 2;
    let kept = format!("episodes/{slug}/reading.{}", path.rsplit_once('.').expect("an extension").1);
    if shop.path(&kept).exists() {
        assert_eq!(inside["duration_frames"], shop.inspect(&kept, &[])["duration_frames"], "{path}");
        if slug != "mp3-vbr-bare" {
            assert_eq!(decoded(path), decoded(&kept), "{path} decoded by ffmpeg");
        }
        return;
    }
    let names = ["wav", "flac", "opus", "ogg", "m4a"].map(|kind| format!("episodes/{slug}/reading.{kind}"));
    // Three parts are together what they were cut from.
    let recording = names.iter().find(|n| shop.path(n).exists()).map_or("episodes/wav/reading.wav", String::as_str);
    let (source, at) = (shop.inspect(recording, &["--probe"]), |v: &Value, k: &str| v[k].as_u64());
    let (rate, from) = (at(&inside, "sample_rate").expect("a rate"), at(&source, "sample_rate").expect("a rate"));
    let expected = (at(&source, "duration_frames").expect("a number") * rate * 2 + from) / (from * 2);
    assert_eq!(at(&inside, "duration_frames"), Some(expected), "{path}");
    assert_eq!(decoded(path), expected, "{path} decoded by ffmpeg");
}
