//! A build with nothing changed: it says what a whole build says, and anything that changes makes it a whole one.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::material::{Ran, SECONDS, Show, mp3, tree};

/// A show that was built, with something to say about it.
fn built() -> Show {
    let show = Show::new().with_episode("second");
    show.edit("episodes/second/article.md", "2025-01-15", "2025-01-16");
    show.build().fine();
    show
}

/// Takes everything from the cache that a whole build makes; the stamp stays.
fn forget_measurements(show: &Show) {
    for (name, _) in tree(&show.path(".listen-now")) {
        if !name.contains("/build-") {
            fs::remove_file(show.path(&format!(".listen-now/{name}"))).expect("removed");
        }
    }
}

/// Whether a build looked into the recordings, and so was a whole one.
fn was_whole(show: &Show) -> bool {
    tree(&show.path(".listen-now")).iter().any(|(name, _)| name.contains("/recording-"))
}

fn forget_stamp(show: &Show) {
    for (name, _) in tree(&show.path(".listen-now")) {
        if name.contains("/build-") {
            fs::remove_file(show.path(&format!(".listen-now/{name}"))).expect("removed");
        }
    }
}

fn same(a: &Ran, b: &Ran) {
    assert_eq!((a.status, &a.stdout, &a.stderr), (b.status, &b.stdout, &b.stderr));
}

#[test]
fn nothing_changed_is_nothing_to_do_and_says_the_same() {
    let show = built();
    let before = show.feed_tree();
    for arguments in [
        &["build"][..],
        &["build", "--format", "json"],
        &["build", "--jobs", "1", "-q"],
        &["build", "--report", "json=report.json"],
    ] {
        forget_measurements(&show);
        let short = show.run(arguments).fine();
        let reported = fs::read(show.path("report.json")).unwrap_or_default();
        assert!(!was_whole(&show), "{arguments:?}");
        // The first whole build without its measurements makes the enclosures anew.
        forget_stamp(&show);
        show.run(arguments).fine();
        assert!(was_whole(&show), "{arguments:?}");
        forget_stamp(&show);
        same(&short, &show.run(arguments).fine());
        assert_eq!(fs::read(show.path("report.json")).unwrap_or_default(), reported);
    }
    let said = show.build().fine();
    assert!(said.stdout.contains("chapters-"), "there is something to be said: {}", said.stdout);
    assert!(show.feed_tree() == before);
}

/// Changes something in a show that was built; the next build is a whole one, the one after it has nothing to do, and
/// both leave the folder as `check` wants it.
#[track_caller]
fn check(what: &str, change: impl FnOnce(&Show), check: impl Fn(&Show)) {
    let show = built();
    forget_measurements(&show);
    change(&show);
    show.build().fine();
    assert!(was_whole(&show), "{what}: not noticed");
    check(&show);
    let after = show.feed_tree();
    forget_measurements(&show);
    show.build().fine();
    assert!(!was_whole(&show), "{what}: never over");
    check(&show);
    assert!(show.feed_tree() == after, "{what}");
}

#[test]
fn another_content_of_the_same_size_is_noticed() {
    let to = |show: &Show| show.edit("episodes/harbour/article.md", "at Night\n", "by Night\n");
    check("a letter", to, |show| assert!(show.read("feed/feed.xml").contains("The Harbour by Night")));
}

#[test]
fn a_content_of_the_same_size_with_the_old_time_is_noticed() {
    let back = |show: &Show| {
        let path = show.path("episodes/harbour/article.md");
        let time = fs::metadata(&path).and_then(|m| m.modified()).expect("a time");
        show.edit("episodes/harbour/article.md", "at Night\n", "by Night\n");
        fs::File::options().write(true).open(&path).and_then(|f| f.set_modified(time)).expect("set");
    };
    check("a letter, and the time set back", back, |show| {
        assert!(show.read("feed/feed.xml").contains("The Harbour by Night"));
    });
}

#[test]
fn a_touched_recording_changes_nothing() {
    let show = built();
    let before = show.feed_tree();
    let times = |show: &Show| -> Vec<SystemTime> {
        let time = |name: String| fs::metadata(show.path(&format!("feed/{name}"))).and_then(|m| m.modified());
        show.feed_tree().into_iter().map(|(name, _)| time(name).expect("a time")).collect()
    };
    let written = times(&show);
    let recording = fs::File::options().write(true).open(show.path("episodes/harbour/reading.mp3")).expect("opened");
    recording.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).expect("set");
    show.build().fine();
    assert!(show.feed_tree() == before);
    assert_eq!(times(&show), written);
}

#[test]
fn another_recording_is_noticed() {
    let to = |show: &Show| show.write("episodes/harbour/reading.mp3", &mp3(SECONDS, 180.0));
    check("a recording", to, |show| {
        assert_eq!(show.feed_tree().iter().filter(|(name, _)| name.ends_with(".mp3")).count(), 2);
    });
}

#[test]
fn an_output_that_is_gone_or_altered_is_made_again() {
    let show = built();
    let whole = show.feed_tree();
    for (name, bytes) in &whole {
        let path = show.path(&format!("feed/{name}"));
        if name != "feed.xml" {
            fs::remove_file(&path).expect("removed");
            show.build().fine();
            assert!(show.feed_tree() == whole, "{name} is not there again");
        }
        // What has its content in its name is believed as long as its size is right.
        let mut other = bytes.clone();
        if ["feed.xml", "index.html", "embed.html"].iter().any(|own| name.ends_with(own)) {
            let last = other.len() - 2;
            other[last] ^= 1;
        } else {
            other.pop();
        }
        fs::write(&path, other).expect("written");
        let built = show.build();
        if name == "feed.xml" {
            // What subscribers have is not guessed: somebody has to put the good one back.
            assert_eq!(built.status, 2, "{}", built.all());
            fs::write(&path, bytes).expect("written");
            show.build().fine();
        }
        assert!(show.feed_tree() == whole, "{name} is not what it was");
    }
    show.write("feed/.incoming/7", b"left by a build that was killed");
    show.build().fine();
    assert!(show.feed_tree() == whole);
}

#[test]
fn an_episode_that_comes_or_goes_is_noticed() {
    let add = |show: &Show| {
        for (name, bytes) in tree(&show.path("episodes/second")) {
            show.write(&format!("episodes/third/{name}"), &bytes);
        }
        show.write("episodes/third/episode.toml", b"guid = \"pages-third\"\n");
    };
    check("a new episode", add, |show| assert_eq!(show.read("feed/feed.xml").matches("<item>").count(), 3));

    let show = built();
    fs::remove_dir_all(show.path("episodes/second")).expect("removed");
    let kept = show.build();
    assert_eq!(kept.status, 1, "{}", kept.all());
    show.run(&["build", "--drop", "second"]).fine();
    assert_eq!(show.read("feed/feed.xml").matches("<item>").count(), 1);
    let stamps = tree(&show.path(".listen-now")).into_iter().filter(|(name, _)| name.contains("/build-"));
    for (_, stamp) in stamps {
        assert!(!String::from_utf8_lossy(&stamp).contains("pages-second"), "a takedown reaches the stamp");
    }
    show.build().fine();
}

#[test]
fn an_embargo_that_passes_is_noticed() {
    let show = Show::new().with_episode("tomorrow");
    show.edit("episodes/tomorrow/article.md", "2025-01-15", "2025-03-01");
    let items = |as_of: &str| {
        show.run(&["build", "--as-of", as_of]).fine();
        show.read("feed/feed.xml").matches("<item>").count()
    };
    assert_eq!(items("2025-02-01"), 1);
    forget_measurements(&show);
    assert_eq!(items("2025-02-02"), 1);
    assert!(!was_whole(&show), "a day on which nothing goes out is no change");
    assert_eq!(items("2025-03-01T11:59:59Z"), 1);
    assert!(!was_whole(&show));
    assert_eq!(items("2025-03-01T12:00:00Z"), 2);
    assert!(was_whole(&show));
    forget_measurements(&show);
    assert_eq!(items("2030-01-01"), 2);
    assert!(!was_whole(&show));
    // Before that moment it would be taken from subscribers again.
    assert_eq!(show.run(&["build", "--as-of", "2025-02-01"]).status, 1);
}

#[test]
fn other_flags_and_another_folder_are_another_build() {
    let show = built();
    let judged = show.run(&["build", "--deny", "warnings"]);
    assert_eq!(judged.status, 1, "{}", judged.all());
    let again = show.run(&["build", "--deny", "warnings"]);
    same(&judged, &again);
    show.build().fine();
    show.run(&["build", "-o", "elsewhere"]).fine();
    assert!(tree(&show.path("elsewhere")) == show.feed_tree());
    forget_measurements(&show);
    show.run(&["build", "-o", "elsewhere"]).fine();
    show.build().fine();
    assert!(!was_whole(&show), "each folder has a stamp of its own");
}

#[test]
fn a_mistake_is_told_each_time() {
    let show = built();
    show.edit("episodes/show.toml", "explicit = false", "explicit = \"no\"");
    let first = show.build();
    assert_eq!(first.status, 1, "{}", first.all());
    same(&first, &show.build());
}
