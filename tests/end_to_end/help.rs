//! What the program says of itself: every command has help with examples, a manual page, and a place in completions.

use crate::material::program;

fn said(arguments: &[&str]) -> String {
    let output = program().args(arguments).output().expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The commands, as the program lists them.
fn commands() -> Vec<String> {
    let help = said(&["--help"]);
    let list = help.split("Commands:\n").nth(1).and_then(|l| l.split("\n\n").next()).expect("a list of commands");
    let names = list.lines().filter(|l| l.starts_with("  ") && !l.starts_with("   "));
    names.filter_map(|l| l.split_whitespace().next()).map(str::to_owned).filter(|n| n != "help").collect()
}

#[test]
fn every_command_shows_examples() {
    let commands = commands();
    assert!(commands.len() >= 10, "{commands:?}");
    for command in &commands {
        let help = said(&[command, "--help"]);
        assert!(help.contains("Example"), "{command} has no examples\n{help}");
        assert!(help.contains(&format!("listen-now {command}")), "{command}: the examples do not use it\n{help}");
        assert!(said(&["man", command]).contains(".TH"), "{command} has no manual page");
    }
    let script = said(&["completions", "bash"]);
    assert!(commands.iter().all(|c| script.contains(c.as_str())), "completions know every command");
}

#[test]
fn results_go_to_standard_output_and_nothing_else_does() {
    let output = program().args(["inspect", "no-such-file.mp3"]).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-file.mp3: This file cannot be read"));
}

#[test]
fn a_reader_that_goes_away_hides_no_finding() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("bad.xml"), "<html>").expect("written");
    let mut check = program();
    check.current_dir(folder.path()).args(["check", "bad.xml", "--report", "json=findings.json"]);
    let mut child = check.stdout(std::process::Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let report = std::fs::read_to_string(folder.path().join("findings.json")).expect("a report");
    assert!(report.contains("feed-not-rss"), "{report}");
}

#[test]
fn a_build_whose_reader_goes_away_keeps_its_status() {
    for format in ["text", "json"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("episodes")).expect("a folder");
        let mut build = program();
        build.current_dir(folder.path()).args(["build", "--format", format]);
        let mut child = build.stdout(std::process::Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        assert_eq!(child.wait().expect("it ends").code(), Some(1), "{format}");
    }
}

#[test]
fn a_folder_that_is_no_show_says_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(folder.path().join("episodes/harbour")).expect("folders");
    std::fs::write(folder.path().join("episodes/harbour/article.md"), "# Harbour\n\nA text.\n").expect("written");
    let check = |path: &str| {
        let output = program().current_dir(folder.path()).args(["check", path]).output().expect("the program starts");
        let told = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&told).into_owned())
    };
    let (status, told) = check("episodes");
    assert!(status == Some(1) && told.contains("There is no show.toml in this folder."), "{told}");
    std::fs::write(folder.path().join("episodes/show.toml"), "").expect("written");
    let (status, told) = check(".");
    assert!(status == Some(2) && told.contains("listen-now check ./episodes"), "{told}");
}

#[test]
fn explain_knows_rules_and_the_beginnings_of_their_ids() {
    let explain = |id: &str| {
        let output = program().args(["explain", id]).output().expect("the program starts");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (status, group) = explain("audio-m4a");
    assert_eq!((status, group.lines().count()), (Some(0), 2), "{group}");
    let (status, one) = explain("Audio-Clipping");
    assert!(status == Some(0) && one.contains("The recording is clipped.") && one.contains("What to do: "), "{one}");
    assert_eq!(explain("audio-clip").0, Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = program().arg("explain").stdout(std::process::Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    assert!(child.wait().expect("it ends").success());
}
