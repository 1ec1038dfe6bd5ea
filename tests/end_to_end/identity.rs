//! What subscribers have never changes on its own, and nothing is lost without being asked for.

use std::fs;

use crate::material::{Show, tree};

fn guids(feed: &str) -> Vec<String> {
    feed.split("<guid").skip(1).filter_map(|g| Some(g.split_once('>')?.1.split('<').next()?.to_owned())).collect()
}

#[test]
fn titles_hosts_and_file_names_change_no_guid() {
    let show = Show::new();
    fs::remove_file(show.path("episodes/harbour/episode.toml")).expect("removed");
    show.edit("episodes/show.toml", "guid = \"6c1c2b0e-6a0f-4d5e-9f57-0d6a8f5b8a11\"\n", "");
    show.build().fine();
    let before = show.read("feed/feed.xml");
    let show_guid = |feed: &str| feed.split("<podcast:guid>").nth(1).map(|g| g.split('<').next().map(str::to_owned));

    show.edit("episodes/harbour/article.md", "title: The Harbour at Night", "title: Another Title");
    show.edit("episodes/show.toml", "https://pages.example.org/feed/", "https://cdn.example.net/audio/");
    fs::rename(show.path("episodes/harbour/reading.mp3"), show.path("episodes/harbour/take2.mp3")).expect("renamed");
    show.build().fine();
    let after = show.read("feed/feed.xml");
    assert_ne!(before, after);
    assert_eq!(guids(&before), guids(&after));
    assert_eq!(show_guid(&before), show_guid(&after));
}

#[test]
fn an_episode_is_lost_only_with_drop() {
    let show = Show::new().with_episode("second");
    show.build().fine();
    let before = show.feed_tree();
    fs::remove_dir_all(show.path("episodes/second")).expect("removed");

    let refused = show.build();
    assert_eq!(refused.status, 1, "{}", refused.all());
    assert!(refused.all().contains("episode-dropped"), "{}", refused.all());
    assert!(refused.all().contains("--drop second"), "{}", refused.all());
    assert!(show.feed_tree() == before, "a refused build changes nothing");

    let built = show.run(&["build", "--drop", "second", "--format", "json"]).fine().json();
    let gone =
        built["episodes"].as_array().expect("a list").iter().find(|e| e["slug"] == "second").expect("it is told");
    assert_eq!(gone["change"], "gone");
    assert!(show.feed_tree().iter().all(|(name, _)| !name.starts_with("second")));
    show.build().fine();
}

#[test]
fn a_takedown_whose_folder_stays_says_that_it_comes_back() {
    let show = Show::new().with_episode("second");
    show.build().fine();
    let taken = show.run(&["build", "--drop", "second"]).fine();
    let told = "episodes/second: this folder is still there, and a build without --drop publishes it again";
    assert!(taken.stderr.contains(told), "{}", taken.all());
    fs::remove_dir_all(show.path("episodes/second")).expect("removed");
    show.build().fine();
}

#[test]
fn a_guid_changes_only_with_change_guid() {
    let show = Show::new();
    show.build().fine();
    let before = show.feed_tree();
    show.write("episodes/harbour/episode.toml", b"guid = \"another\"\n");
    let refused = show.build();
    assert_eq!(refused.status, 1, "{}", refused.all());
    assert!(refused.all().contains("episode-guid-changed"), "{}", refused.all());
    assert!(show.feed_tree() == before);
    show.run(&["build", "--change-guid", "harbour"]).fine();
    assert_eq!(guids(&show.read("feed/feed.xml")), ["another"]);
}

#[test]
fn a_published_date_is_kept_and_another_one_is_said() {
    let show = Show::new();
    show.build().fine();
    show.edit("episodes/harbour/article.md", "2025-01-15", "2025-01-20");
    let built = show.build().fine();
    assert!(built.all().contains("episode-date-moved"), "{}", built.all());
    assert!(show.read("feed/feed.xml").contains("Wed, 15 Jan 2025 12:00:00 +0000"));
}

#[test]
fn the_feed_of_another_show_is_never_replaced() {
    let show = Show::new();
    show.build().fine();
    let before = show.feed_tree();
    show.edit("episodes/show.toml", "6c1c2b0e", "7c1c2b0e");
    let refused = show.build();
    assert_ne!(refused.status, 0);
    assert!(show.feed_tree() == before);

    show.edit("episodes/show.toml", "7c1c2b0e", "6c1c2b0e");
    fs::write(show.path("feed/feed.xml"), "<rss version=\"2.0\"><channel><title>Cut").expect("written");
    let cut = show.feed_tree();
    let refused = show.build();
    assert_ne!(refused.status, 0, "a feed that cannot be read is never treated as absent");
    assert!(show.feed_tree() == cut);
}

#[test]
fn files_that_are_not_ours_stay() {
    let show = Show::new();
    show.build().fine();
    show.write("feed/robots.txt", b"User-agent: *\n");
    show.write("feed/harbour/notes.txt", b"mine\n");
    show.edit("episodes/harbour/article.md", "What the pilots see", "What only the pilots see");
    show.build().fine();
    let names: Vec<String> = tree(&show.path("feed")).into_iter().map(|(n, _)| n).collect();
    assert!(names.contains(&"robots.txt".to_owned()) && names.contains(&"harbour/notes.txt".to_owned()), "{names:?}");
}
