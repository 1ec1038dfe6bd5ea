//! `show.toml` and `episode.toml` → the model, every value with its place, every mistake of a file in one go.

use std::path::{Path, PathBuf};

use crate::model::chapter::Mark;
use crate::model::finding::{Places, Problem, ProblemKind};
use crate::model::show::{
    Allowance, Category, CheckSettings, EnclosureSettings, EpisodeKind, EpisodeSettings, Funding, Guid, KeepTags,
    License, Narration, Person, Show, ShowKind, TextPolicy,
};
use crate::model::text::Line;

mod keys;
mod quoted;
mod read;
mod scalar;
pub mod schema;
mod syntax;
mod unknown;
mod values;

use values::Values;

/// Longest manifest that is read: thousands of chapters and pronunciations fit.
pub const LONGEST: u64 = 1 << 18;

/// Reads `show.toml`. Fields that are missing or wrong are empty; `path` is what the problems name.
pub fn show(path: &Path, bytes: &[u8]) -> (Show, Places, Vec<Problem>) {
    let read = read::read(path, bytes, keys::SHOW, ProblemKind::ShowToml);
    let mut values = read.values;
    (show_of(&mut values), read.places, read.problems)
}

/// Reads `episode.toml`. Fields that are missing or wrong are as if nothing were said.
pub fn episode(path: &Path, bytes: &[u8]) -> (EpisodeSettings, Places, Vec<Problem>) {
    let read = read::read(path, bytes, keys::EPISODE, ProblemKind::EpisodeToml);
    let mut values = read.values;
    (episode_of(&mut values, &read.places), read.places, read.problems)
}

fn show_of(values: &mut Values) -> Show {
    let mut feed = values.table("feed");
    let mut enclosure = values.table("enclosure");
    let mut check = values.table("check");
    let standard = EnclosureSettings::default();
    Show {
        title: values.line("title").unwrap_or_default(),
        link: values.text("link").unwrap_or_default().trim().to_owned(),
        base_url: values.text("base_url").unwrap_or_default(),
        description: values.text("description").unwrap_or_default().trim().to_owned(),
        language: values.text("language").unwrap_or_default().trim().to_owned(),
        author: values.line("author").unwrap_or_default(),
        owner_name: values.line("owner_name").filter(|n| !n.is_empty()),
        owner_email: values.text("owner_email").map(|m| m.trim().to_owned()).filter(|m| !m.is_empty()),
        categories: values.texts("category").unwrap_or_default().iter().map(|c| category(c)).collect(),
        explicit: values.flag("explicit"),
        narration: values.text("narration").map(|n| narration(&n)).unwrap_or_default(),
        narrators: narrators(values),
        guid: values.text("guid").and_then(|g| Guid::new(&g)),
        artwork: values.text("artwork").map(PathBuf::from),
        kind: match values.text("type").as_deref() {
            Some("serial") => ShowKind::Serial,
            _ => ShowKind::Episodic,
        },
        timezone: values.text("timezone"),
        publish_time: values.clock("publish_time"),
        funding: values.table_if_any("funding").and_then(|mut funding| {
            let text = funding.line("text").filter(|t| !t.is_empty());
            Some(Funding { url: funding.text("url")?, text: text.unwrap_or_else(|| Line::new("Support the show")) })
        }),
        license: values.table_if_any("license").and_then(|mut license| {
            let id = license.text("id")?.trim().to_lowercase();
            Some(License { id, url: license.text("url") })
        }),
        copyright: values.line("copyright").filter(|c| !c.is_empty()),
        text: values.text("text").map(|t| text_policy(&t)).unwrap_or_default(),
        max_items: feed.whole("max_items").and_then(|n| usize::try_from(n).ok()),
        enclosure: EnclosureSettings {
            keep_tags: match enclosure.text("keep_tags").as_deref() {
                Some("known") => KeepTags::Known,
                _ => KeepTags::All,
            },
            m4a_type: enclosure.text("m4a_type"),
            bit_rate_mono: enclosure.whole("bit_rate_mono").unwrap_or(standard.bit_rate_mono),
            bit_rate_stereo: enclosure.whole("bit_rate_stereo").unwrap_or(standard.bit_rate_stereo),
        },
        check: CheckSettings {
            profile: check.text("profile"),
            deny: check.texts("deny").unwrap_or_default(),
            warn: check.texts("warn").unwrap_or_default(),
            allow: check
                .tables("allow")
                .into_iter()
                .filter_map(|mut a| Some(Allowance { rule: a.text("rule")?, reason: a.text("reason")? }))
                .collect(),
            loudness: check.number("loudness"),
        },
    }
}

fn episode_of(values: &mut Values, places: &Places) -> EpisodeSettings {
    EpisodeSettings {
        title: values.line("title").filter(|t| !t.is_empty()),
        dek: values.text("dek").map(|d| d.trim().to_owned()),
        date: values.date("date"),
        authors: values.texts("authors").map(|names| names.iter().map(|n| Line::new(n)).collect()),
        narrators: narrators(values),
        guid: values.text("guid").and_then(|g| Guid::new(&g)),
        link: values.text("link"),
        season: values.whole("season"),
        episode: values.whole("episode"),
        kind: match values.text("type").as_deref() {
            Some("trailer") => EpisodeKind::Trailer,
            Some("bonus") => EpisodeKind::Bonus,
            _ => EpisodeKind::Full,
        },
        explicit: values.flag("explicit"),
        narration: values.text("narration").map(|n| narration(&n)),
        language: values.text("language").map(|l| l.trim().to_owned()),
        artwork: values.text("artwork").map(PathBuf::from),
        draft: values.flag("draft").unwrap_or_default(),
        text: values.text("text").map(|t| text_policy(&t)),
        recording: values.text("recording").map(PathBuf::from),
        parts: values.texts("parts").unwrap_or_default().into_iter().map(PathBuf::from).collect(),
        intro_title: values.line("intro_title"),
        left_out: values.texts("left_out").unwrap_or_default(),
        narrated: values.texts("narrated").unwrap_or_default(),
        pronounce: values.words("pronounce"),
        chapters: marks(values, places),
    }
}

fn marks(values: &mut Values, places: &Places) -> Vec<Mark> {
    let tables = values.tables("chapters").into_iter().enumerate();
    tables
        .filter_map(|(index, mut table)| {
            let mark = Mark::new(table.instant("start")?, table.text("title").unwrap_or_default());
            Some(Mark { line: places.of(&format!("chapters[{index}].start")).line, ..mark })
        })
        .collect()
}

fn narrators(values: &mut Values) -> Vec<Person> {
    let people = values.tables("narrators").into_iter();
    people
        .filter_map(|mut p| Some(Person { name: p.line("name")?, role: p.text("role"), href: p.text("href") }))
        .collect()
}

fn category(text: &str) -> Category {
    match text.split_once('>') {
        Some((main, sub)) => Category { main: main.trim().to_owned(), sub: Some(sub.trim().to_owned()) },
        None => Category { main: text.trim().to_owned(), sub: None },
    }
}

fn narration(word: &str) -> Narration {
    if word == "synthetic" { Narration::Synthetic } else { Narration::Human }
}

fn text_policy(word: &str) -> TextPolicy {
    match word {
        "none" => TextPolicy::None,
        "summary" => TextPolicy::Summary,
        _ => TextPolicy::Full,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::keys::{Key, Shape};
    use super::*;

    /// A file with every key of a table, by the examples that the tool prints.
    fn example(keys: &[Key]) -> String {
        let mut plain = String::new();
        let mut tables = String::new();
        for key in keys {
            match key.shape {
                Shape::Table(inner) => tables.push_str(&format!("[{}]\n{}", key.name, example(inner))),
                _ => plain.push_str(&format!("{} = {}\n", key.name, key.example)),
            }
        }
        plain + &tables
    }

    #[test]
    fn every_key_is_read_by_its_own_example_and_reaches_the_model() {
        let path = Path::new("x.toml");
        let mut show = read::read(path, example(keys::SHOW).as_bytes(), keys::SHOW, ProblemKind::ShowToml);
        assert_eq!(show.problems, []);
        show_of(&mut show.values);
        assert_eq!(show.values.left(), [""; 0]);

        let mut episode = read::read(path, example(keys::EPISODE).as_bytes(), keys::EPISODE, ProblemKind::EpisodeToml);
        assert_eq!(episode.problems, []);
        episode_of(&mut episode.values, &episode.places);
        assert_eq!(episode.values.left(), [""; 0]);
    }

    #[test]
    fn values_arrive_whole_in_every_way_of_writing_them() {
        let text = "\u{FEFF}base_url = 'https://pages.example/feed'\r\ncategory = [\"News > Politics\", 'Arts']\r\n\
                    narrators = \"Ada\"\r\nfunding = \"https://pages.example/give\"\r\npublish_time = 06:30:00\r\n\
                    license = \"CC-BY-4.0\"\r\nguid = \" x \"\r\ncheck.deny = \"audio\"\r\n";
        let (show, places, problems) = show(Path::new("show.toml"), text.as_bytes());
        assert_eq!(problems, []);
        assert_eq!(show.base_url, "https://pages.example/feed/");
        assert_eq!(show.categories, [category("News>Politics"), category("Arts")]);
        assert_eq!(show.narrators.len(), 1);
        assert_eq!(show.funding.expect("funding").text.as_str(), "Support the show");
        assert_eq!(show.publish_time, Some(jiff::civil::time(6, 30, 0, 0)));
        assert_eq!(show.license.expect("a licence").id, "cc-by-4.0");
        assert_eq!(show.guid, Guid::new("x"));
        assert_eq!(show.check.deny, ["audio"]);
        assert_eq!(places.of("category").line, Some(2));
        assert_eq!(places.of("category").column, Some(12));

        let text = "date = 2018-01-30T10:00:00+01:00\n[[chapters]]\nstart = 0\n[[chapters]]\nstart = 00:03:15.098\n\
                    title = 'B'\n[[chapters]]\nstart = 200.5\n";
        let (episode, places, problems) = episode(Path::new("episode.toml"), text.as_bytes());
        assert_eq!(problems, []);
        assert_eq!(episode.date.map(|d| d.to_string()).as_deref(), Some("2018-01-30T10:00:00+01:00"));
        let starts: Vec<u64> = episode.chapters.iter().map(|m| m.start.millis()).collect();
        assert_eq!(starts, [0, 195_098, 200_500]);
        assert_eq!(episode.chapters.iter().map(|m| m.line).collect::<Vec<_>>(), [Some(3), Some(5), Some(8)]);
        assert_eq!(places.of("chapters[1].title").line, Some(6));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            show(Path::new("show.toml"), &bytes);
            episode(Path::new("episode.toml"), &bytes);
        }

        #[test]
        fn no_text_of_toml_like_pieces_does_either(pieces in proptest::collection::vec(piece(), 0..40)) {
            let text = pieces.concat();
            let (_, _, problems) = show(Path::new("show.toml"), text.as_bytes());
            let (_, _, more) = episode(Path::new("episode.toml"), text.as_bytes());
            for problem in problems.iter().chain(&more) {
                let lines = text.matches('\n').count() + 1;
                prop_assert!(problem.place.line.is_none_or(|l| (1..=lines).contains(&l)));
                prop_assert!(problem.message.ends_with('.'));
            }
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        let fixed = [
            "title",
            "category",
            "chapters",
            "check",
            "narrators",
            "start",
            " = ",
            "\n",
            "[",
            "]",
            "{",
            "}",
            ",",
            ".",
            "\"",
            "'",
            "\"\"\"",
            "#",
            "1",
            "-",
            "2018-01-30",
            "07:30:00",
            "true",
            "\\",
            "ü",
            "\r\n",
            "\u{FEFF}",
            "\u{7}",
        ];
        prop_oneof![
            4 => proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned),
            1 => ".{0,4}",
        ]
    }
}
