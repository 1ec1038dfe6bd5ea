//! The recipes for continuous integration are true: the steps of `action.yml`, the blocks of `docs/ci.md` and the hooks
//! for pre-commit are carried out here as far as a machine without the host can.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use serde_json::Value;

#[allow(dead_code)]
#[path = "end_to_end/material.rs"]
mod material;

use material::Show;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn yaml(name: &str, text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Runs lines in a shell that stops at the first that fails and that finds this build of the program.
fn shell(folder: &Path, lines: &str, variables: &BTreeMap<String, String>) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_listen-now")).parent().expect("a folder");
    let others = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([program.to_owned()].into_iter().chain(env::split_paths(&others))).expect("a PATH");
    let mut command = Command::new("sh");
    command.args(["-e", "-c", lines]).current_dir(folder).env("PATH", path).env_remove("LISTEN_NOW_CACHE");
    command.envs(variables).output().expect("there is a shell")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A run of the action in a folder, as the host would do it.
struct Job {
    inputs: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
    said: String,
    /// The first step that failed, with its status.
    failed: Option<(String, i32)>,
}

impl Job {
    fn run(folder: &Path, given: &[(&str, &str)]) -> Self {
        let action = yaml("action.yml", &read("action.yml"));
        let stated = action["inputs"].as_object().expect("inputs").iter();
        let mut inputs: BTreeMap<String, String> =
            stated.map(|(name, input)| (name.clone(), text(&input["default"]))).collect();
        for (name, value) in given {
            assert!(inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "{name} is no input");
        }
        let mut job = Self { inputs, outputs: BTreeMap::new(), said: String::new(), failed: None };
        for step in action["runs"]["steps"].as_array().expect("steps") {
            let name = text(&step["name"]);
            match step["uses"].as_str() {
                Some(uses) => assert!(uses.contains("@v"), "{name}: {uses} has no version"),
                None => job.step(folder, &name, step),
            }
            if job.failed.is_some() {
                break;
            }
        }
        job
    }

    fn step(&mut self, folder: &Path, name: &str, step: &Value) {
        assert_eq!(step["shell"], "bash", "{name}");
        let file = folder.join(".output");
        fs::write(&file, "").expect("written");
        let mut variables: BTreeMap<String, String> = step["env"]
            .as_object()
            .map(|all| all.iter().map(|(key, value)| (key.clone(), self.resolved(&text(value)))).collect())
            .unwrap_or_default();
        variables.insert("GITHUB_OUTPUT".into(), file.to_string_lossy().into_owned());
        let lines = step["run"].as_str().expect("lines to run");
        assert!(!lines.contains("${{"), "{name}: what comes from outside goes through the environment");
        let output = shell(folder, lines, &variables);
        self.said += &said(&output);
        let id = text(&step["id"]);
        for line in fs::read_to_string(&file).expect("outputs").lines() {
            let (key, value) = line.split_once('=').expect("a name and a value");
            self.outputs.insert(format!("steps.{id}.outputs.{key}"), value.to_owned());
        }
        if !output.status.success() {
            self.failed = Some((name.to_owned(), output.status.code().unwrap_or(-1)));
        }
    }

    /// The value of an expression of the host.
    fn resolved(&self, value: &str) -> String {
        let Some(name) = value.strip_prefix("${{ ").and_then(|v| v.strip_suffix(" }}")) else {
            return value.to_owned();
        };
        match name.strip_prefix("inputs.") {
            Some(input) => self.inputs.get(input).unwrap_or_else(|| panic!("{input} is no input")).clone(),
            None if name == "github.action_path" => env!("CARGO_MANIFEST_DIR").to_owned(),
            None => self.outputs.get(name).unwrap_or_else(|| panic!("nobody has set {name}")).clone(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

const PROGRAM: (&str, &str) = ("binary", env!("CARGO_BIN_EXE_listen-now"));

#[test]
fn the_action_annotates_and_fails_where_something_is_an_error() {
    let show = Show::new();
    let fine = Job::run(&show.path(""), &[PROGRAM]);
    assert_eq!(fine.failed, None, "{}", fine.said);
    assert_eq!(fine.outputs["steps.check.outputs.status"], "0");
    assert!(show.path("listen-now.sarif").is_file() && show.path(".listen-now").is_dir());

    show.edit("episodes/show.toml", "explicit = false", "explicit = \"no\"");
    show.write("a file, with 100% \"quotes\".md", b"No title\n");
    let paths = "episodes\na file, with 100% \"quotes\".md\n";
    let job = Job::run(&show.path(""), &[PROGRAM, ("paths", paths), ("sarif", "out.sarif"), ("profile", "strict")]);
    assert_eq!(job.failed, Some(("Verdict".to_owned(), 1)), "{}", job.said);
    assert!(job.said.contains("::error file=episodes/show.toml,line="), "{}", job.said);
    assert!(job.said.contains("file=a file%2C with 100%25 \"quotes\".md"), "{}", job.said);
    assert!(show.read("out.sarif").contains("show-toml-invalid"));

    let job = Job::run(&show.path(""), &[PROGRAM, ("paths", "nowhere")]);
    assert_eq!(job.failed, Some(("Check".to_owned(), 1)), "{}", job.said);
    let job = Job::run(&show.path(""), &[PROGRAM, ("allow", "show,chapters,audio")]);
    assert_eq!(job.failed, None, "{}", job.said);
}

/// The fenced blocks of a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let parts = page.split(fence.as_str()).skip(1);
    parts.map(|p| p.split("```").next().expect("a block")).collect()
}

#[test]
fn the_page_about_ci_does_what_it_says() {
    let page = read("docs/ci.md");
    let show = Show::new();
    show.build().fine();
    fs::copy(show.path("feed/feed.xml"), show.path("published.xml")).expect("copied");
    let none = BTreeMap::new();
    let shells = blocks(&page, "sh");
    assert_eq!(shells.len(), 3);
    for block in shells {
        // The profile asks more of the recording than the one of the tests has.
        let output = shell(&show.path(""), &block.replace(" --profile apple", ""), &none);
        assert!(output.status.success(), "{block}\n{}", said(&output));
    }
    for name in ["findings.xml", "findings.sarif", "known.json"] {
        assert!(show.path(name).is_file(), "{name}");
    }

    let [github, gitlab, hooks] = blocks(&page, "yaml").try_into().expect("three files");
    let workflow = yaml("workflow", github);
    let with = workflow["jobs"]["check"]["steps"][1]["with"].as_object().expect("inputs").clone();
    let action = yaml("action.yml", &read("action.yml"));
    assert!(with.keys().all(|key| action["inputs"].get(key).is_some()), "{with:?}");

    let job = yaml("gitlab", gitlab)["listen-now"].clone();
    let lines: Vec<String> = job["script"].as_array().expect("lines").iter().map(text).collect();
    let cache = show.path(".listen-now").to_string_lossy().into_owned();
    let variables = BTreeMap::from([("LISTEN_NOW_CACHE".to_owned(), cache)]);
    let output = shell(&show.path(""), &lines.join("\n"), &variables);
    assert!(output.status.success(), "{}", said(&output));
    assert!(show.path(&text(&job["artifacts"]["reports"]["junit"])).is_file());

    let known = yaml("hooks", &read(".pre-commit-hooks.yaml"));
    let known: Vec<String> = known.as_array().expect("hooks").iter().map(|hook| text(&hook["id"])).collect();
    for hook in yaml("page", hooks)["repos"][0]["hooks"].as_array().expect("hooks") {
        assert!(known.contains(&text(&hook["id"])), "{hook}");
    }
}

#[test]
fn hooks_find_what_a_commit_breaks() {
    let show = Show::new();
    show.build().fine();
    let hooks = yaml("hooks", &read(".pre-commit-hooks.yaml"));
    let files = |id: &str| match id {
        "listen-now-show" => "",
        "listen-now-feed" => "feed/feed.xml",
        "listen-now-files" => "episodes/harbour/article.md",
        other => panic!("{other} is not tried"),
    };
    let run = |hook: &Value| {
        let id = text(&hook["id"]);
        assert_eq!(hook["pass_filenames"] == false, files(&id).is_empty(), "{id}");
        shell(&show.path(""), &format!("{} {}", text(&hook["entry"]), files(&id)), &BTreeMap::new())
    };
    for hook in hooks.as_array().expect("hooks") {
        let output = run(hook);
        assert!(output.status.success(), "{hook}\n{}", said(&output));
    }
    show.write("episodes/harbour/article.md", b"\xFF\xFE");
    show.edit("feed/feed.xml", "<itunes:explicit>false", "<itunes:explicit>no");
    for hook in hooks.as_array().expect("hooks") {
        let output = run(hook);
        assert_eq!(output.status.code(), Some(1), "{hook}\n{}", said(&output));
    }
}
