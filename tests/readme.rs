//! The README is true: its blocks are carried out from top to bottom, as a publisher would, in a folder with an article
//! and its recording.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;
use std::{env, fs};

#[allow(dead_code)]
#[path = "end_to_end/material.rs"]
mod material;

/// A fenced block: the words behind its fence, and its lines.
struct Block<'a> {
    line: usize,
    fence: &'a str,
    text: String,
}

fn blocks(readme: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (number, line) in readme.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(fence) if !inside => {
                blocks.push(Block { line: number + 1, fence, text: String::new() });
                inside = true;
            }
            Some(_) => inside = false,
            None if inside => blocks.last_mut().expect("a block has begun").text.extend([line, "\n"]),
            None => {}
        }
    }
    blocks
}

/// Runs lines in a shell that stops at the first that fails and that finds this build of the program.
fn run(folder: &Path, block: &Block) {
    let program = Path::new(env!("CARGO_BIN_EXE_listen-now")).parent().expect("a folder");
    let others = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([program.to_owned()].into_iter().chain(env::split_paths(&others))).expect("a PATH");
    let output = Command::new("sh")
        .args(["-e", "-c", &block.text])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("LISTEN_NOW_CACHE")
        .output()
        .expect("there is a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "README.md:{}\n{}{printed}{said}", block.line, block.text);
}

#[test]
fn every_block_of_the_readme_does_what_it_says() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the README");
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("article.md"), material::ARTICLE).expect("written");
    fs::write(folder.path().join("reading.mp3"), material::spoken_mp3()).expect("written");

    let mut commands = 0;
    for block in blocks(&readme) {
        match block.fence.split(' ').collect::<Vec<_>>().as_slice() {
            ["sh"] => {
                commands += block.text.lines().count();
                run(folder.path(), &block);
            }
            // A file that the README shows is written, and its identity left as it is.
            [_, file] => {
                let path = folder.path().join(file);
                let before = fs::read_to_string(&path).unwrap_or_default();
                let guid = before.lines().find(|l| l.starts_with("guid = ")).unwrap_or_default();
                fs::write(path, format!("{}{guid}\n", block.text)).expect("written");
            }
            [_, ">>", file] => {
                let path = folder.path().join(file);
                let before = fs::read_to_string(&path).expect("the file is there");
                fs::write(path, before + &block.text).expect("written");
            }
            other => panic!("README.md:{}: nobody tests a block of {other:?}", block.line),
        }
    }
    assert!(commands >= 10, "only {commands} commands were found");

    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let feed = read("feed/feed.xml");
    assert!(feed.contains("<title>The Harbour at Night</title>"), "{feed}");
    assert!(feed.contains("start=\"00:00:15.900\" title=\"The lights\""), "{feed}");
    assert!(read("findings.json").contains("\"schema\": 1"));
    assert!(read("findings.sarif").contains("2.1.0"));
    // What the last block demands and allows is what counts.
    let judged = material::run_in(folder.path(), &["check", "--format", "json"]).json();
    let effective = |rule: &str| {
        let findings = judged["findings"].as_array().expect("a list");
        findings.iter().find(|f| f["rule"] == rule).map(|f| f["effective"].clone())
    };
    assert_eq!(judged["summary"]["allowed"], 1, "{judged:#}");
    assert_eq!(effective("show-placeholder"), None, "{judged:#}");
    assert_eq!(effective("audio-loudness-low"), Some("error".into()), "{judged:#}");
}
