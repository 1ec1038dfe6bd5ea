//! Other programs, and ours, run on files in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder in which files are made and read.
pub struct Workshop {
    folder: PathBuf,
    /// Removes the folder in the end, where it is not to stay.
    _temporary: Option<tempfile::TempDir>,
}

impl Workshop {
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        Self { folder: temporary.path().to_owned(), _temporary: Some(temporary) }
    }

    /// A folder that stays among the tests' products, with nothing in it but what was heard when it was last used.
    pub fn kept(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/outside").join(name);
        fs::create_dir_all(&folder).expect("made");
        for entry in fs::read_dir(&folder).expect("a folder").map(|e| e.expect("an entry").path()) {
            match entry.is_dir() {
                _ if entry.ends_with(".listen-now") => {}
                true => fs::remove_dir_all(entry).expect("removed"),
                false => fs::remove_file(entry).expect("removed"),
            }
        }
        Self { folder, _temporary: None }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Runs a command line in the folder: words are parted by spaces.
    #[track_caller]
    pub fn run(&self, line: &str) -> Vec<u8> {
        let words: Vec<&str> = line.split_whitespace().collect();
        run(&self.folder, &words)
    }

    /// The same with its output thrown away, for lines that make a file; the file is the answer.
    #[track_caller]
    pub fn make(&self, name: &str, line: &str) -> Vec<u8> {
        self.run(line);
        self.read(name)
    }

    /// What `listen-now inspect` says of a file.
    #[track_caller]
    pub fn inspect(&self, name: &str, probe: &[&str]) -> serde_json::Value {
        let mut arguments = vec!["inspect", "--format", "json"];
        arguments.extend(probe);
        arguments.push(name);
        let printed = ours(&self.folder, &arguments);
        let mut printed: serde_json::Value = serde_json::from_slice(&printed).unwrap_or_else(|e| panic!("{name}: {e}"));
        printed["files"][0].take()
    }
}

/// Runs a program that has to be there and has to succeed.
#[track_caller]
pub fn run(folder: &Path, words: &[&str]) -> Vec<u8> {
    let (program, arguments) = words.split_first().expect("a command");
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|e| panic!("{program} is needed for this test: {e} (see tests/outside/install)"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed:\n{said}", words.join(" "));
    output.stdout
}

/// Runs our program and takes its standard output, whatever it thinks of the file.
pub fn ours(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_listen-now"));
    command.current_dir(folder).env_remove("LISTEN_NOW_CACHE").env("NO_COLOR", "1").args(arguments);
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|c| c < 2), "{arguments:?} failed:\n{said}");
    output.stdout
}
