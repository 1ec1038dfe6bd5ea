//! A show with episodes, built in a workshop.

use std::process::Command;

use crate::programs::{Workshop, ours};

pub const SHOW_TOML: &str = r#"title = "Open Pages, read aloud"
link = "https://pages.example.org/"
base_url = "https://pages.example.org/feed/"
description = "Articles from Open Pages, read by the people who wrote them."
language = "en-CA"
author = "Open Pages"
owner_email = "audio@pages.example.org"
category = "News > Politics"
explicit = false
narration = "human"
guid = "6c1c2b0e-6a0f-4d5e-9f57-0d6a8f5b8a11"

[check]
allow = [{ rule = "audio-other-article", reason = "what is said does not matter here" }]
"#;

/// A show without episodes.
pub fn show() -> Workshop {
    let shop = Workshop::new();
    shop.write("episodes/show.toml", SHOW_TOML.as_bytes());
    shop.run("ffmpeg -v error -f lavfi -i color=c=0x183c5a:s=1400x1400 -frames:v 1 episodes/cover.png");
    shop
}

/// An article of three sections under a title that YAML takes as it is.
pub fn article(title: &str) -> String {
    let title = serde_json::to_string(title).expect("text is JSON, and JSON is YAML");
    format!(
        "---\ntitle: {title}\ndek: What the pilots see when the town sleeps.\nauthor: Ana Writer\ndate: 2025-01-15\n\
         language: en\n---\n\n\
         The harbour never sleeps, and neither do the people who guide ships through it. On a winter night their work \
         begins when the offices go dark.\n\n\
         ## The pilots\n\n\
         Each pilot knows the channel by heart. They climb aboard from a small boat, in any weather, by a ladder.\n\n\
         ## The lights\n\n\
         Green to one side and red to the other: the oldest signs at sea are still the ones that matter most.\n"
    )
}

impl Workshop {
    /// Puts an episode into the show: article and recording, and Audacity labels.
    pub fn episode(&self, slug: &str, title: &str, recording: &str, labels: &str) {
        self.write(&format!("episodes/{slug}/article.md"), article(title).as_bytes());
        self.write(&format!("episodes/{slug}/{recording}"), &self.read(recording));
        self.write(&format!("episodes/{slug}/chapters.txt"), labels.as_bytes());
        self.write(&format!("episodes/{slug}/episode.toml"), format!("guid = \"pages-{slug}\"\n").as_bytes());
    }

    /// Builds, whatever the warnings, and returns what the build says of itself.
    #[track_caller]
    pub fn build(&self) -> serde_json::Value {
        let printed = ours(&self.path(""), &["build", "--format", "json"]);
        let built: serde_json::Value = serde_json::from_slice(&printed).expect("JSON");
        assert!(built["feed"].is_string(), "{built:#}");
        built
    }

    /// The built file of an episode with this extension.
    #[track_caller]
    pub fn built(&self, slug: &str, extension: &str) -> String {
        let folder = std::fs::read_dir(self.path(&format!("feed/{slug}"))).expect("the episode's folder");
        let names = folder.map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned());
        let name = names.into_iter().find(|n| n.ends_with(&format!(".{extension}")));
        format!("feed/{slug}/{}", name.unwrap_or_else(|| panic!("{slug} has no {extension}")))
    }

    /// Runs a Python script on arguments and reads what it prints as JSON.
    #[track_caller]
    pub fn python(&self, script: &str, arguments: &[&str]) -> serde_json::Value {
        self.json("python3", "-c", script, arguments)
    }

    /// Runs a script of Node.js, with the packages that `tests/outside/install` brought.
    #[track_caller]
    pub fn node(&self, script: &str, arguments: &[&str]) -> serde_json::Value {
        self.json("node", "-e", script, arguments)
    }

    fn json(&self, program: &str, option: &str, script: &str, arguments: &[&str]) -> serde_json::Value {
        let output = Command::new(program)
            .args([option, script])
            .args(arguments)
            .env("NODE_PATH", concat!(env!("CARGO_MANIFEST_DIR"), "/target/outside/node_modules"))
            .env("PYTHONUTF8", "1")
            .current_dir(self.path(""))
            .output()
            .unwrap_or_else(|e| panic!("{program} is needed for this test: {e} (see tests/outside/install)"));
        let (printed, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{program}: {said}");
        serde_json::from_str(&printed).unwrap_or_else(|e| panic!("{e}: {printed}\n{said}"))
    }
}
