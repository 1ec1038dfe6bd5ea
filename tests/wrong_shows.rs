//! Ways to get a show wrong: each gets a sentence with the place and the remedy, read as the person who made the mistake.

use std::fs;
use std::path::Path;

use listen_now::checks::{self, EpisodeFacts, Policy, ShowFacts, Standing, Survey};
use listen_now::model::finding::Report;
use listen_now::report::{FORMATS, Style};
use listen_now::sources::{self, Links};

const SHOW: &str = "\
title = \"Open Pages\"
link = \"https://pages.test/\"
base_url = \"https://pages.test/feed/\"
description = \"Articles, read by people.\"
language = \"en-CA\"
author = \"Open Pages\"
owner_email = \"audio@pages.test\"
category = \"News > Politics\"
explicit = false
guid = \"917393e3-1b1e-5cef-ace4-edaa54e1f810\"
";

/// A show that is right, to be spoilt.
struct Folder(tempfile::TempDir);

impl Folder {
    fn right() -> Self {
        let folder = Self(tempfile::tempdir().expect("a folder for the test"));
        folder.write("show.toml", SHOW).write("cover.png", "");
        folder.write("money/article.md", "# Money\n").write("money/reading.mp3", "x");
        folder
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
        self
    }

    fn remove(&self, name: &str) -> &Self {
        fs::remove_file(self.0.path().join(name)).expect("a file");
        self
    }

    /// Replaces a line of the show.toml that is right.
    fn line(&self, line: &str) -> &Self {
        let key = line.split('=').next().expect("a key");
        let kept = SHOW.lines().filter(|l| !l.starts_with(key)).map(|l| format!("{l}\n")).collect::<String>();
        self.write("show.toml", kept + line + "\n")
    }

    fn episode(&self, text: &str) -> &Self {
        self.write("money/episode.toml", text)
    }

    /// The report, with paths from the folder on.
    fn report(&self) -> String {
        let show = sources::show(self.0.path(), Links::Refuse);
        let episodes = show.episodes.iter().map(|e| EpisodeFacts {
            path: &e.dir,
            slug: e.slug.as_ref(),
            settings: &e.settings,
            places: &e.places,
            show: Some(&show.show),
            standing: if e.settings.draft { Standing::Draft } else { Standing::Published },
            article: None,
            recordings: Vec::new(),
            duration: None,
            artwork: None,
            chapters: None,
            guid: None,
            published: None,
        });
        let mut problems = show.problems.clone();
        problems.extend(show.episodes.iter().flat_map(|e| e.problems.clone()));
        let survey = Survey {
            show: Some(ShowFacts { show: &show.show, places: &show.places, artwork: None }),
            episodes: episodes.collect(),
            problems,
            ..Survey::default()
        };
        let mut findings = checks::run(&survey);
        // Pictures are not opened here.
        findings.retain(|f| f.rule.id != "show-artwork-missing");
        for finding in &mut findings {
            if let Ok(inside) = finding.place.path.strip_prefix(self.0.path()) {
                finding.place.path = Path::new("episodes").join(inside);
            }
        }
        let report: Report = Policy::new(&show.show.check, None, checks::Levels::default()).judge(findings);
        let mut out = Vec::new();
        let text = FORMATS.iter().find(|f| f.name == "text").expect("the usual form");
        (text.write)(&report, Style::Plain, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }
}

/// One mistake, and a name for it.
type Mistake = (&'static str, fn(&Folder) -> &Folder);

fn told(mistakes: &[Mistake]) -> String {
    let mut all = String::new();
    for (name, spoil) in mistakes {
        let folder = Folder::right();
        spoil(&folder);
        let report = folder.report();
        assert!(report.contains("error") || report.contains("warning"), "{name} is not noticed:\n{report}");
        all.push_str(&format!("######## {name}\n{report}\n"));
    }
    all
}

#[test]
fn a_show_that_is_right_is_left_alone() {
    assert_eq!(Folder::right().report(), "nothing to mend\n");
}

#[test]
fn every_profile_can_be_written_into_show_toml() {
    for (name, _) in checks::PROFILES {
        let folder = Folder::right();
        folder.write("show.toml", format!("{SHOW}[check]\nprofile = \"{name}\"\n"));
        assert_eq!(folder.report(), "nothing to mend\n", "{name}");
    }
}

#[test]
fn mistakes_in_show_toml() {
    let mistakes: &[Mistake] = &[
        ("a typo in a key", |f| f.line("titel = \"Open Pages\"")),
        ("a key of another file", |f| f.line("season = 2")),
        ("a key in the wrong table", |f| f.write("show.toml", format!("{SHOW}[check]\ntimezone = \"UTC\"\n"))),
        ("a key that belongs in a table", |f| f.line("max_items = 20")),
        ("a wrong type", |f| f.line("title = 1984")),
        ("yes without quotes", |f| f.line("explicit = yes")),
        ("true as a text", |f| f.line("explicit = \"true\"")),
        ("a text without quotes", |f| f.line("author = Open Pages")),
        ("typographic quotes", |f| f.line("author = “Open Pages”")),
        ("a colon", |f| f.line("author: \"Open Pages\"")),
        ("quotes that are not closed", |f| f.line("author = \"Open Pages")),
        ("a key twice", |f| f.write("show.toml", format!("{SHOW}title = \"Again\"\n"))),
        ("a category in wrong letters", |f| f.line("category = \"news > politics\"")),
        ("three categories", |f| f.line("category = [\"Arts\", \"News\", \"History\"]")),
        ("a language by name", |f| f.line("language = \"English\"")),
        ("no language", |f| f.line("language = \"\"")),
        ("a link without https", |f| f.line("link = \"pages.test\"")),
        ("a base_url that is the feed", |f| f.line("base_url = \"https://pages.test/feed.xml\"")),
        ("a base_url with one slash", |f| f.line("base_url = \"https:/pages.test/feed/\"")),
        ("a base_url with three slashes", |f| f.line("base_url = \"https:///pages.test/feed\"")),
        ("a base_url with two dots", |f| f.line("base_url = \"https://pages..test/feed/\"")),
        ("a base_url in capitals", |f| f.line("base_url = \"HTTPS://Pages.test/Feed\"")),
        ("a base_url that climbs", |f| f.line("base_url = \"https://pages.test/site/../feed/\"")),
        ("a base_url with a password", |f| f.line("base_url = \"https://anna:secret@pages.test/feed/\"")),
        ("a link with one slash", |f| f.line("link = \"https:/pages.test/\"")),
        ("a link with a blank", |f| f.line("link = \"https://pages.test/open pages\"")),
        ("no base_url", |f| f.write("show.toml", SHOW.replace("base_url", "# base_url"))),
        ("an address that is none", |f| f.line("owner_email = \"audio at pages\"")),
        ("a guid that is none", |f| f.line("guid = \"open-pages\"")),
        ("a zone that is none", |f| f.line("timezone = \"Europe/Berln\"")),
        ("a time that is none", |f| f.line("publish_time = \"6 am\"")),
        ("a choice that is none", |f| f.line("narration = \"sythetic\"")),
        ("a bit rate that is none", |f| f.write("show.toml", format!("{SHOW}[enclosure]\nbit_rate_mono = 100\n"))),
        ("a bit rate as a text", |f| f.write("show.toml", format!("{SHOW}[enclosure]\nbit_rate_stereo = \"192\"\n"))),
        ("a bit rate in bits", |f| f.write("show.toml", format!("{SHOW}[enclosure]\nbit_rate_mono = 64000\n"))),
        ("a rule that is none", |f| f.write("show.toml", format!("{SHOW}[check]\ndeny = [\"audio-cliping\"]\n"))),
        ("no reason", |f| f.write("show.toml", format!("{SHOW}[check]\nallow = [{{ rule = \"audio\" }}]\n"))),
        ("artwork elsewhere", |f| f.line("artwork = \"../cover.png\"")),
        ("artwork that is not there", |f| f.line("artwork = \"kover.png\"")),
        ("nothing in it", |f| f.write("show.toml", "")),
        ("not UTF-8", |f| f.write("show.toml", b"# ok\ntitle = \"\xFC\"\n")),
        ("UTF-16", |f| f.write("show.toml", b"\xFF\xFEt\0")),
        ("no show.toml", |f| f.remove("show.toml")),
        ("a folder called show.toml", |f| f.remove("show.toml").write("show.toml/x", "")),
        ("several mistakes with CRLF and a byte order mark", |f| {
            f.write("show.toml", "\u{FEFF}titel = \"a\"\r\nexplicit = \"no\"\r\nlink = 3\r\nbase_url = \"/feed\"\r\n")
        }),
    ];
    insta::assert_snapshot!(told(mistakes));
}

#[test]
fn mistakes_in_an_episode() {
    let mistakes: &[Mistake] = &[
        ("two articles", |f| f.write("money/article.txt", "x")),
        ("an article of another name", |f| f.remove("money/article.md").write("money/story.markdown", "x")),
        ("no article", |f| f.remove("money/article.md")),
        ("no recording", |f| f.remove("money/reading.mp3")),
        ("a recording of a foreign kind", |f| f.remove("money/reading.mp3").write("money/reading.wma", "x")),
        ("two recordings", |f| f.write("money/intro.mp3", "x")),
        ("a recording that is not there", |f| f.episode("recording = \"reading.wav\"\n")),
        ("a recording elsewhere", |f| f.episode("recording = \"/tmp/reading.wav\"\n")),
        ("recording and parts", |f| f.episode("recording = \"reading.mp3\"\nparts = [\"reading.mp3\"]\n")),
        ("a part twice", |f| f.episode("parts = [\"reading.mp3\", \"reading.mp3\"]\n")),
        ("parts as a text", |f| f.episode("parts = \"reading.mp3\"\n")),
        ("a folder named ü #%", |f| f.write("ü #%/article.md", "x").write("ü #%/a.mp3", "x")),
        ("a slug with capitals", |f| f.write("Money-Two/article.md", "x").write("Money-Two/a.mp3", "x")),
        ("the date yesterday", |f| f.episode("date = \"yesterday\"\n")),
        ("a German date", |f| f.episode("date = \"30.1.2018\"\n")),
        ("an American date", |f| f.episode("date = \"January 30, 2018\"\n")),
        ("a day that is none", |f| f.episode("date = 2018-02-30\n")),
        ("a date without quotes", |f| f.episode("date = 30.1.2018\n")),
        ("a number as a text", |f| f.episode("episode = \"12\"\n")),
        ("number zero", |f| f.episode("season = 0\n")),
        ("a time that is none", |f| f.episode("chapters = [{ start = \"3 min\", title = \"A\" }]\n")),
        ("a chapter without a time", |f| f.episode("[[chapters]]\ntitle = \"A\"\n")),
        ("a typo in a chapter", |f| f.episode("[[chapters]]\nstart = 0\ntitel = \"A\"\n")),
        ("two lists of chapters", |f| f.write("money/chapters.txt", "").write("money/chapters.json", "")),
        ("two covers", |f| f.write("money/cover.png", "").write("money/cover.jpg", "")),
        ("a cover of a foreign kind", |f| f.write("money/cover.webp", "")),
        ("a guid twice", |f| {
            f.episode("guid = \"a\"\n").write("two/episode.toml", "guid = \"a\"\n");
            f.write("two/article.md", "x").write("two/a.mp3", "x")
        }),
        ("no number in a serial show", |f| f.line("type = \"serial\"")),
        ("a key of the show", |f| f.episode("base_url = \"https://pages.test/\"\n")),
        ("an empty folder", |f| f.write("empty/.keep", "")),
    ];
    insta::assert_snapshot!(told(mistakes));
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_show_are_refused() {
    let elsewhere = tempfile::tempdir().expect("a folder for the test");
    fs::write(elsewhere.path().join("secret.md"), "x").expect("a file");
    fs::write(elsewhere.path().join("share.mp3"), "x").expect("a file");
    let link = |from: &str, to: &Path, folder: &Folder| {
        std::os::unix::fs::symlink(to, folder.0.path().join(from)).expect("a link");
    };

    let folder = Folder::right();
    folder.remove("money/article.md").remove("money/reading.mp3");
    link("money/article.md", &elsewhere.path().join("secret.md"), &folder);
    link("money/reading.mp3", &elsewhere.path().join("share.mp3"), &folder);
    link("away", elsewhere.path(), &folder);
    assert_eq!(folder.report().matches("error[episode-link-outside]").count(), 3);

    let followed = sources::show(folder.0.path(), Links::FollowRecordings);
    let money = followed.episodes.iter().find(|e| e.dir.ends_with("money")).expect("the episode");
    assert_eq!((money.article.as_ref(), money.recordings.len()), (None, 1));

    // A link that stays inside is nobody's business.
    let folder = Folder::right();
    folder.remove("money/reading.mp3").write("_share/reading.mp3", "x");
    link("money/reading.mp3", &folder.0.path().join("_share/reading.mp3"), &folder);
    assert_eq!(folder.report(), "nothing to mend\n");
}

#[test]
fn a_folder_works_without_a_show_above_it() {
    let dir = tempfile::tempdir().expect("a folder for the test");
    let episode = dir.path().join("My Episode");
    fs::create_dir(&episode).expect("a folder");
    for name in ["Article.MD", "part 10.Mp3", "part 2.mp3", "_old.mp3", ".hidden.wav"] {
        fs::write(episode.join(name), "x").expect("a file");
    }
    let source = sources::episode(&episode, Links::Refuse);
    assert_eq!(source.problems, []);
    let names: Vec<_> = source.recordings.iter().filter_map(|p| p.file_name()).collect();
    assert_eq!(names, ["part 2.mp3", "part 10.Mp3"]);
    assert!(source.article.is_some() && source.slug.is_none());
}
