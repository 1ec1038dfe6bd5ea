//! Every rule has an example to read in `tests/rules/<id>`: something bad that it finds, something good that it leaves
//! alone. Both go through the program, as a publisher runs it.
//!
//! - `bad` and `good` are a file (`bad.xml`, `bad.vtt`) or a folder (an episode, a show, a built folder).
//! - A file called `NAME.recipe.toml` stands for `NAME`, which the test makes: see `recipe.rs`.
//! - `example.toml`, where it is needed, says what lies beneath both folders, and how the program is called.
//! - A folder whose name begins with `_` is what examples lie on.
//!
//! What is found in `bad` and not in `good` is this rule and nothing else, unless `also` in `example.toml` lists it.

mod recipe;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use listen_now::checks;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// Rules that no file can show, and why.
const NOT_IN_FILES: &[(&str, &str)] = &[(
    "audio-changed-while-read",
    "the file has to change while the program reads it: `pipeline/listening.rs` tests that",
)];

/// `example.toml`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Example {
    /// The folder `_NAME` lies beneath `bad` and `good`.
    on: Option<String>,
    /// What stands behind `check PATH`.
    arguments: Vec<String>,
    /// The program's command.
    command: Option<String>,
    /// Rules that what is bad breaks as well.
    also: BTreeSet<String>,
}

fn rules_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|n| n.to_str()).expect("a name")
}

/// Copies a folder, and makes what is only described in it.
fn lay_out(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for path in entries(from) {
        let target = to.join(name(&path));
        if path.is_dir() {
            lay_out(&path, &target);
        } else if let Some(made) = name(&path).strip_suffix(".recipe.toml") {
            recipe::follow(&path, &to.join(made));
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

/// What the program says of one example.
struct Said {
    findings: Vec<Value>,
    /// True of a feed, or a file that lies alone: its publisher may never have seen a `show.toml`.
    foreign: bool,
}

impl Said {
    fn rules(&self) -> BTreeSet<String> {
        self.findings.iter().map(|f| f["rule"].as_str().expect("an id").to_owned()).collect()
    }
}

/// Lays one example out and runs the program on it. `which` is `bad` or `good`.
fn judged(folder: &Path, example: &Example, which: &str) -> Result<Said, String> {
    let place = tempfile::tempdir().expect("a folder for the test");
    let root = place.path();
    if let Some(base) = &example.on {
        lay_out(&folder.with_file_name(base), &root.join(which));
    }
    lay_out(folder, root);
    let Some(path) = entries(root).into_iter().find(|p| p.file_stem().is_some_and(|s| s == which)) else {
        return Err(format!("there is no {which} example"));
    };
    let foreign = path.is_file() || path.join("feed.xml").exists();
    let command = example.command.as_deref().unwrap_or("check");
    let mut program = Command::new(env!("CARGO_BIN_EXE_listen-now"));
    // What several examples hear is heard once.
    static CACHE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let cache = CACHE.get_or_init(|| tempfile::tempdir().expect("a folder for the test"));
    program.current_dir(root).env("LISTEN_NOW_CACHE", cache.path()).args([command, name(&path), "--format", "json"]);
    let ran = program.args(&example.arguments).output().expect("the program starts");
    let printed: Value = serde_json::from_slice(&ran.stdout)
        .map_err(|e| format!("{which}: {e}\n{}", String::from_utf8_lossy(&ran.stderr)))?;
    Ok(Said { findings: printed["findings"].as_array().cloned().unwrap_or_default(), foreign })
}

impl Example {
    fn read(id: &str) -> Self {
        let text = fs::read_to_string(rules_folder().join(id).join("example.toml")).unwrap_or_default();
        toml::from_str(&text).unwrap_or_else(|e| panic!("{id}: example.toml: {e}"))
    }
}

/// What is wrong with a rule's examples.
fn complaints(id: &str, example: Example) -> Vec<String> {
    let folder = rules_folder().join(id);
    if !folder.is_dir() {
        return vec![format!("{id}: tests/rules/{id} is missing")];
    }
    let (bad, good) = match (judged(&folder, &example, "bad"), judged(&folder, &example, "good")) {
        (Ok(bad), Ok(good)) => (bad, good),
        (Err(e), _) | (_, Err(e)) => return vec![format!("{id}: {e}")],
    };
    let mut expected = example.also;
    expected.insert(id.to_owned());
    let more: BTreeSet<String> = bad.rules().difference(&good.rules()).cloned().collect();
    let mut complaints = Vec::new();
    if good.rules().contains(id) {
        complaints.push(format!("{id}: it is found in what is good: {:#?}", good.findings));
    }
    if more != expected {
        complaints.push(format!(
            "{id}: what is bad has {more:?} beyond what is good, and {expected:?} was to be found\n{:#?}",
            bad.findings.iter().map(|f| format!("{} {}", f["rule"], f["message"])).collect::<Vec<_>>()
        ));
    }
    for said in [&bad, &good] {
        complaints.extend(said.findings.iter().filter_map(|f| ill_said(f, said.foreign)).map(|c| format!("{id}: {c}")));
    }
    complaints
}

/// A finding is a sentence with a place and a remedy, in words that its reader knows.
fn ill_said(finding: &Value, foreign: bool) -> Option<String> {
    let message = finding["message"].as_str().unwrap_or_default();
    let help = finding["help"].as_str().unwrap_or_default();
    let sentence = message.ends_with(['.', '”', '…', '?', '!']) && !message.starts_with(|c: char| c.is_lowercase());
    let placed = finding["path"].as_str().is_some_and(|p| !p.is_empty() && !Path::new(p).is_absolute());
    let own = [".toml", "[check]", "--drop", "chapters.txt"];
    if !sentence || !placed || help.is_empty() {
        return Some(format!("this is no sentence with a place and a remedy: {finding}"));
    }
    (foreign && own.iter().any(|word| help.contains(word)))
        .then(|| format!("this speaks of what is not there: {finding}"))
}

#[test]
fn every_rule_finds_its_bad_example_and_leaves_its_good_one_alone() {
    let excused: BTreeMap<&str, &str> = NOT_IN_FILES.iter().copied().collect();
    let only = std::env::var("LISTEN_NOW_RULES").unwrap_or_default();
    // Examples on the same base go one after another, so that what they have in common is heard once.
    let mut groups: BTreeMap<String, Vec<(&str, Example)>> = BTreeMap::new();
    for id in checks::rules().map(|r| r.id).filter(|id| !excused.contains_key(id) && id.starts_with(&only)) {
        let example = Example::read(id);
        groups.entry(example.on.clone().unwrap_or_else(|| id.to_owned())).or_default().push((id, example));
    }
    let judge = |group: Vec<(&str, Example)>| -> Vec<String> {
        group.into_iter().flat_map(|(id, example)| complaints(id, example)).collect()
    };
    let complaints: Vec<String> = groups.into_par_iter().flat_map_iter(|(_, group)| judge(group)).collect();
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn every_folder_of_examples_is_of_a_rule() {
    let ids: BTreeSet<&str> = checks::rules().map(|r| r.id).collect();
    for path in entries(&rules_folder()) {
        let folder = name(&path);
        assert!(folder.starts_with('_') || ids.contains(folder), "tests/rules/{folder} is of no rule");
        assert!(!NOT_IN_FILES.iter().any(|(id, _)| *id == folder), "{folder} has an example and an excuse");
    }
    assert!(NOT_IN_FILES.iter().all(|(id, why)| ids.contains(id) && why.len() > 20));
}

#[test]
fn every_rule_is_explained() {
    for rule in checks::rules() {
        let ran =
            Command::new(env!("CARGO_BIN_EXE_listen-now")).args(["explain", rule.id]).output().expect("it starts");
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success() && said.starts_with(rule.id) && said.contains(rule.mend), "{}: {said}", rule.id);
    }
}
