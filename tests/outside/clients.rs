//! Downloaders that are not ours, on the feed as `serve` gives it: each takes every episode, and reads what it can of it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::kinds::{self, CHAPTERS};
use crate::programs::Workshop;

/// `serve`, until it goes out of scope.
struct Server(Child);

impl Server {
    fn start(kinds: &kinds::Kinds) -> Self {
        let port = kinds.address.trim_end_matches('/').rsplit(':').next().expect("a port");
        let mut server = Command::new(env!("CARGO_BIN_EXE_listen-now"))
            .args(["serve", "--port", port])
            .arg(kinds.shop.path("feed"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), kinds.address);
        Self(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A terminal's picture of half blocks, as a camera sees it, read by a program that is not ours.
const SCAN: &str = "
const jsqr = require('jsqr');
const lines = require('fs').readFileSync(process.argv[1], 'utf8').split('\\n').filter(l => l && [...l].every(c => ' ▀▄█'.includes(c)));
const scale = 6, width = lines[0].length * scale, height = lines.length * 2 * scale;
const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const row = Math.floor(y / scale), block = lines[row >> 1][Math.floor(x / scale)];
    const light = block === '█' || block === (row % 2 ? '▄' : '▀');
    pixels.fill(light ? 255 : 0, (y * width + x) * 4, (y * width + x) * 4 + 3);
}
const found = jsqr(pixels, width, height, { inversionAttempts: 'dontInvert' });
console.log(JSON.stringify(found && found.data));
";

#[test]
fn the_code_for_a_telephone_is_the_address() {
    let shop = Workshop::new();
    shop.write("feed/feed.xml", b"<rss/>");
    let said = std::fs::File::create(shop.path("said.txt")).expect("a file");
    let server = Command::new(env!("CARGO_BIN_EXE_listen-now"))
        .args(["serve", "--host", "--port", "0"])
        .arg(shop.path("feed"))
        .stdout(Stdio::piped())
        .stderr(said)
        .spawn()
        .expect("the program starts");
    let mut server = Server(server);
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    let said = String::from_utf8(shop.read("said.txt")).expect("text");
    assert!(said.contains("warning") && line.starts_with("http://"), "{said}");
    assert_eq!(shop.node(SCAN, &["said.txt"]), line.trim(), "{said}");
}

#[test]
fn every_downloader_takes_every_episode_and_knows_the_chapters_that_it_reads() {
    let kinds = kinds::show();
    let _server = Server::start(kinds);
    let own = Workshop::new();
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/outside/clients/bin");
    let feed = format!("{}feed.xml", kinds.address);
    let script = include_str!("clients/run.py");
    let run = own.python(script, &[&feed, "homes", &tools.to_string_lossy()]);
    let hashed = "import sys, json, glob, hashlib; print(json.dumps({hashlib.sha1(open(p, 'rb').read()).hexdigest(): p \
                  for kind in ('mp3', 'm4a') for p in glob.glob(sys.argv[1] + '/*/*.' + kind)}))";
    let published = own.python(hashed, &[&kinds.shop.path("feed").to_string_lossy()]);
    let published: BTreeMap<String, String> = serde_json::from_value(published).expect("names by their hashes");
    assert_eq!(published.len(), kinds::EPISODES, "every enclosure has bytes of its own");

    let clients = run.as_object().expect("an object");
    assert!(clients.len() >= 8, "{:?}", clients.keys());
    for (name, client) in clients {
        let took = client["files"].as_object().expect("an object");
        println!(
            "{name}: {} of {} files, by their hashes",
            took.keys().filter(|h| published.contains_key(*h)).count(),
            published.len()
        );
        let missing: Vec<&String> =
            published.iter().filter(|(hash, _)| !took.contains_key(*hash)).map(|(_, p)| p).collect();
        let foreign: Vec<&Value> =
            took.iter().filter(|(hash, _)| !published.contains_key(*hash)).map(|(_, n)| n).collect();
        let said = client["said"].as_str().unwrap_or_default();
        assert!(missing.is_empty() && foreign.is_empty(), "{name}: without {missing:?}, with {foreign:?}\n{said}");
    }

    // gPodder shows Podlove's chapters, by whole seconds. The others leave chapters to the player of the file.
    let listed = clients["gpo"]["chapters"].as_object().expect("chapters by address");
    assert_eq!(listed.len(), kinds::EPISODES);
    let expected: Value = CHAPTERS.iter().map(|(ms, title)| serde_json::json!([ms / 1000, title])).collect();
    for (url, chapters) in listed {
        assert_eq!(chapters, &expected, "gPodder on {url}");
    }
}
