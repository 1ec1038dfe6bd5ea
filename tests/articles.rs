//! Pages as sites write them, each beside what a careful listener would want read of it.
//!
//! `tests/articles/NAME.{txt,md,html}` is the page and `NAME.json` what `listen-now article --format json` has to
//! say of it. A page that is read badly becomes two files and no code.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use listen_now::model::article::Article;
use listen_now::{article, report};
use serde_json::Value;

/// The pages by name, each with its expectation.
fn pages() -> BTreeMap<String, (PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut pages = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder of pages") {
        let path = entry.expect("an entry").path();
        if path.extension() == Some(OsStr::new("json")) {
            continue;
        }
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = fs::read_to_string(path.with_extension("json")).unwrap_or_else(|e| panic!("{name}.json: {e}"));
        let expected = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}.json: {e}"));
        pages.insert(name, (path, expected));
    }
    pages
}

fn read(path: &Path) -> Article {
    let bytes = fs::read(path).expect("a page");
    article::read(path, &bytes).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A value as lines that a person compares.
fn lines(value: &Value, prefix: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) if prefix.ends_with("left_out") || prefix.ends_with("credits") => {
            let parts: Vec<String> = map.values().map(|v| v.as_str().map_or(v.to_string(), str::to_owned)).collect();
            out.push(format!("{prefix}: {}", parts.join(" | ")));
        }
        Value::Object(map) => {
            for (key, inner) in map {
                lines(inner, &format!("{prefix} {key}"), out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| lines(item, prefix, out)),
        other => out.push(format!("{prefix}: {}", other.as_str().map_or(other.to_string(), str::to_owned))),
    }
}

/// What is expected and not told, and what is told and not expected.
fn differences(expected: &Value, told: &Value) -> Vec<String> {
    let (mut wanted, mut got) = (Vec::new(), Vec::new());
    lines(expected, "", &mut wanted);
    lines(told, "", &mut got);
    let missing = wanted.iter().filter(|l| !got.contains(l)).map(|l| format!("  - {l}"));
    let extra = got.iter().filter(|l| !wanted.contains(l)).map(|l| format!("  + {l}"));
    let mut all: Vec<String> = missing.chain(extra).collect();
    if all.is_empty() && expected != told {
        all.push("  the same lines in another order".into());
    }
    all
}

#[test]
fn every_page_is_read_as_a_listener_would_want() {
    let mut complaints = Vec::new();
    for (name, (path, expected)) in pages() {
        let told = serde_json::to_value(report::json::article(&read(&path))).expect("a document");
        let differences = differences(&expected, &told);
        if !differences.is_empty() {
            complaints.push(format!("{name}:\n{}", differences.join("\n")));
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_expectation_has_its_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut stems: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder of pages") {
        let path = entry.expect("an entry").path();
        let part = |p: Option<&OsStr>| p.unwrap_or_default().to_string_lossy().into_owned();
        stems.entry(part(path.file_stem())).or_default().push(part(path.extension()));
    }
    for (stem, extensions) in stems {
        assert_eq!(extensions.len(), 2, "{stem}: one page and one expectation, not {extensions:?}");
        assert!(extensions.iter().any(|e| e == "json"), "{stem} has no expectation");
    }
}

#[test]
fn headings_keep_the_place_that_a_link_to_them_ends_in() {
    let check = |name: &str, page: &str, expected: &[Option<&str>]| {
        let article = article::read(Path::new(name), page.as_bytes()).expect("an article");
        let sections = article.sections();
        let anchors: Vec<Option<&str>> =
            sections.iter().filter_map(|s| s.heading).map(|h| h.block.anchor.as_deref()).collect();
        assert_eq!(anchors, expected, "{name}");
    };
    let words = "Each pilot knows the channel by heart, and climbs aboard from a small boat in any weather.";
    let html = format!(
        "<article><h1>Night</h1><p>{words}</p><h2 id=\"own\">One</h2><p>{words}</p>\
         <h2><span id=\"inside\">Two</span></h2><p>{words}</p><h2><a name=\"old\"></a>Three</h2><p>{words}</p>\
         <section id=\"around\"><h2>Four</h2><p>{words}</p></section><h2>Five</h2><p>{words}</p>\
         <h2 id=\"no place\">Six</h2><p>{words}</p></article>"
    );
    check("a.html", &html, &[Some("own"), Some("inside"), Some("old"), Some("around"), None, None]);
    let markdown = format!("# Night\n\n{words}\n\n## One {{#own}}\n\n{words}\n\n## Two\n\n{words}\n");
    check("a.md", &markdown, &[Some("own"), None]);
    check("a.txt", &format!("Night\n\n{words}\n\nOne\n\n{words}\n"), &[None]);
}
