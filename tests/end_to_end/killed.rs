//! A build that is killed anywhere leaves a whole feed, and the next one ends where an undisturbed one would.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::material::{SECONDS, Show, mp3, program, run_in, tree};

/// Moments at which the build is killed; `LISTEN_NOW_KILLS` asks for more.
fn kills() -> u32 {
    std::env::var("LISTEN_NOW_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

#[test]
fn every_moment_leaves_a_whole_feed() {
    let show = Show::new().with_episode("second");
    show.build().fine();
    let other = mp3(SECONDS, 165.0);
    let mine = crate::material::recording().to_vec();

    let begun = Instant::now();
    run_in(show.path("").as_path(), &["build", "--cache", "fresh"]).fine();
    let whole = begun.elapsed();

    let undisturbed_cache = tempfile::tempdir().expect("a folder");
    let undisturbed_cache = undisturbed_cache.path().to_str().expect("its name is text");
    for round in 0..kills() {
        // Every second round has a new recording, the others a new title.
        if round % 2 == 0 {
            let recording = if round % 4 == 0 { &other } else { &mine };
            show.write("episodes/harbour/reading.mp3", recording);
        } else {
            let article =
                crate::material::ARTICLE.replace("title: The Harbour", &format!("title: The {round} Harbour"));
            show.write("episodes/second/article.md", article.as_bytes());
        }
        let mut child = program()
            .current_dir(show.path(""))
            .args(["build"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        // A different moment each round, spread over the length of a build; no two runs of the test agree exactly.
        std::thread::sleep(whole.mul_f64(f64::from(round + 1) / f64::from(kills())).min(Duration::from_secs(5)));
        let _ = child.kill();
        let _ = child.wait();
        names_only_whole_files(&show);

        show.build().fine();
        let after = show.feed_tree();
        let undisturbed = tempfile::tempdir().expect("a folder");
        for (name, bytes) in tree(&show.path("episodes")) {
            let path = undisturbed.path().join("episodes").join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, bytes).expect("written");
        }
        run_in(undisturbed.path(), &["build", "--cache", undisturbed_cache]).fine();
        assert!(tree(&undisturbed.path().join("feed")) == after, "round {round}: the trees differ");
    }
}

fn names_only_whole_files(show: &Show) {
    let feed = show.read("feed/feed.xml");
    assert!(feed.trim_end().ends_with("</rss>"), "the feed is cut");
    for url in feed.split('"').filter(|u| u.starts_with("https://pages.example.org/feed/")) {
        let name = url.trim_start_matches("https://pages.example.org/feed/");
        let size =
            std::fs::metadata(show.path(&format!("feed/{name}"))).unwrap_or_else(|e| panic!("{name}: {e}")).len();
        if name.ends_with(".mp3") {
            assert!(feed.contains(&format!("length=\"{size}\"")), "{name} is not whole");
        }
    }
}
