//! The shape of the code: who may import whom, who touches the disk and the clock, how long files are, what is named how.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Who may import whom: a room and the rooms it may name after `crate::`. A room that is not listed fails the test.
const IMPORTS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("error", &["model"]),
    ("sources", &["model", "error"]),
    ("article", &["model"]),
    ("audio", &["model"]),
    ("align", &["model", "article::spoken"]),
    ("script", &["model"]),
    ("chapters", &["model"]),
    ("transcript", &["model"]),
    ("picture", &["model"]),
    ("feed", &["model", "chapters", "error"]),
    ("checks", &["model", "audio", "article", "chapters", "transcript", "picture", "feed"]),
    ("report", &["model"]),
    ("package", &["model", "audio", "chapters", "transcript", "picture"]),
    ("site", &["model", "chapters", "transcript"]),
    ("publish", &["model", "error"]),
    (
        "pipeline",
        &[
            "model",
            "error",
            "sources",
            "article",
            "audio",
            "align",
            "script",
            "chapters",
            "transcript",
            "picture",
            "feed",
            "checks",
            "package",
            "site",
            "publish",
        ],
    ),
    ("serve", &["error"]),
];

/// Rooms that may open files.
const DISK: &[&str] = &["sources", "publish", "pipeline", "cli"];

/// Rooms that may know what time it is and what the environment says.
const CLOCK: &[&str] = &["cli"];

/// Words that say nothing about what is inside.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "misc", "manager", "handler", "data", "info", "process"];

const LONGEST_FILE: usize = 600;

struct Source {
    path: String,
    room: String,
    text: String,
    /// The text without comments, strings and the tests at its end.
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    assert!(files.len() > 10, "the sources are found");
    files
        .into_iter()
        .map(|file| {
            let relative = file.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            let room = relative.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&file).expect("a source file is UTF-8");
            let code = bare_code(&text);
            Source { path: relative, room, text, code }
        })
        .collect()
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Line comments go, and everything from the unit tests on: they may read files and clocks.
fn bare_code(text: &str) -> String {
    let before_tests = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    before_tests.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn fail(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// Every path after `crate::`, with the members of `crate::{…}` taken apart.
fn crate_paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 1;
                let mut member = String::new();
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        _ => {}
                    }
                    if depth == 0 || (depth == 1 && c == ',') {
                        paths.push(member.trim().to_owned());
                        member.clear();
                    } else {
                        member.push(c);
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            None => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
                paths.push(rest[..end].to_owned());
            }
        }
    }
    paths.retain(|p| !p.is_empty());
    paths
}

#[test]
fn rooms_import_only_what_stands_above_them() {
    let allowed: BTreeMap<&str, &[&str]> = IMPORTS.iter().copied().collect();
    let mut complaints = Vec::new();
    for source in sources() {
        if matches!(source.room.as_str(), "lib" | "main" | "cli") {
            continue;
        }
        let Some(rooms) = allowed.get(source.room.as_str()) else {
            complaints.push(format!("src/{}: the room `{}` has no row in IMPORTS", source.path, source.room));
            continue;
        };
        for path in crate_paths(&source.code) {
            let own = path == source.room || path.starts_with(&format!("{}::", source.room));
            let permitted = rooms.iter().any(|r| path == *r || path.starts_with(&format!("{r}::")));
            if !own && !permitted && path != "Error" {
                complaints.push(format!("src/{}: may not import crate::{path}", source.path));
            }
            if path == "Error" && !rooms.contains(&"error") {
                complaints.push(format!("src/{}: may not import crate::Error", source.path));
            }
        }
    }
    fail(complaints);
}

#[test]
fn only_the_first_and_the_last_step_touch_the_disk_and_only_the_command_line_knows_the_time() {
    let disk = ["std::fs", "fs::", "File::open", "File::create", "OpenOptions"];
    let clock = [
        "SystemTime::now",
        "Instant::now",
        "Zoned::now",
        "ZonedDateTime::now",
        "jiff::Timestamp::now",
        "std::env::var",
    ];
    let mut complaints = Vec::new();
    for source in sources() {
        if !DISK.contains(&source.room.as_str()) {
            for word in disk.iter().filter(|w| names(&source.code, w)) {
                complaints.push(format!("src/{}: touches the disk ({word})", source.path));
            }
        }
        if !CLOCK.contains(&source.room.as_str()) {
            for word in clock.iter().filter(|w| source.code.contains(**w)) {
                complaints.push(format!("src/{}: asks for the time or the environment ({word})", source.path));
            }
        }
    }
    fail(complaints);
}

fn names(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'))
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut complaints = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > LONGEST_FILE {
            complaints.push(format!("src/{}: {lines} lines; split it into a folder with the same door", source.path));
        }
        if !source.text.starts_with("//! ") {
            complaints.push(format!("src/{}: the first line is no `//!` sentence", source.path));
        }
        let stems = source.path.split('/').map(|s| s.trim_end_matches(".rs"));
        for stem in stems.filter(|s| EMPTY_NAMES.contains(s)) {
            complaints.push(format!("src/{}: `{stem}` says nothing about what is inside", source.path));
        }
    }
    fail(complaints);
}

#[test]
fn the_top_level_holds_what_it_should() {
    let known = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "episodes",
        "feed",
        "tests",
        "README.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "action.yml",
        "benches",
        "fuzz",
        "docs",
        "target",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut complaints = Vec::new();
    for entry in fs::read_dir(root).expect("the repository") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !known.contains(&name.as_str()) {
            complaints.push(format!("{name}: nobody expects this at the top level"));
        }
    }
    fail(complaints);
}
