//! Front matter, TOML between `+++` or YAML between `---`: what it says of the article under many spellings.

use serde_json::{Map, Value};

use super::super::piece::{Piece, clean};
use super::super::{body, dates, people, unseen};
use crate::model::article::{Article, Block, Credit, Flaw, FlawKind, Kind};

/// Front matter as it stands in the file.
pub(super) struct Front<'a> {
    text: &'a str,
    is_toml: bool,
}

/// Longer front matter is none.
const LONGEST: usize = 200_000;

/// Keys of the credits, with their roles.
const ROLES: &[(&str, &[&str])] = &[
    ("illustrator", &["illustrator", "illustrators", "illustration", "illustrations", "illustrated_by", "artwork"]),
    ("photographer", &["photographer", "photographers", "photos", "photo_credit", "photography", "photos_by"]),
    (
        "translator",
        &[
            "translator",
            "translators",
            "translated_by",
            "translation",
            "traducteur",
            "traductrice",
            "übersetzer",
            "übersetzung",
        ],
    ),
    ("editor", &["editor", "editors", "edited_by"]),
    ("narrator", &["narrator", "narrators", "narrated_by", "read_by", "voice", "reader"]),
    ("producer", &["producer", "producers", "produced_by"]),
];

/// Front matter and the body, which keeps its line numbers.
pub(super) fn split(text: &str) -> (Option<Front<'_>>, String) {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.get(start..).unwrap_or_default();
    let fence = trimmed.lines().next().map(str::trim_end).unwrap_or_default();
    if !matches!(fence, "---" | "+++") {
        return (None, text.to_owned());
    }
    let mut at = 0;
    for (n, line) in trimmed.split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        if n > 0 && (bare == fence || fence == "---" && bare == "...") {
            let first = trimmed.find('\n').map_or(trimmed.len(), |e| e + 1);
            let Some(inner) = trimmed.get(first..at).filter(|i| i.len() < LONGEST) else { break };
            // A rule and a paragraph are no front matter.
            let keys =
                if fence == "+++" { inner.contains('=') } else { inner.trim().is_empty() || inner.contains(':') };
            if !keys {
                break;
            }
            let end = start + at + line.len();
            let front = Front { text: text.get(..start + at).unwrap_or_default(), is_toml: fence == "+++" };
            let lines = text.get(..end).unwrap_or_default().matches('\n').count();
            return (Some(front), "\n".repeat(lines) + text.get(end..).unwrap_or_default());
        }
        at += line.len();
    }
    (None, text.to_owned())
}

/// The line of front matter that no second fence ends: its keys would be read as the article's first paragraph.
pub(super) fn unclosed(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().len();
    let mut lines = text.get(start..)?.lines();
    let fence = lines.next()?.trim_end();
    let sign = match fence {
        "---" => ':',
        "+++" => '=',
        _ => return None,
    };
    let key = |line: &str| line.split_once(sign).map(|(key, _)| key.trim_end().to_owned());
    let known =
        |key: &String| ["title", "date", "author", "layout", "draft", "slug", "description"].contains(&key.as_str());
    let keys = lines.take_while(|l| !l.trim().is_empty()).take(30).filter_map(key).filter(known).count();
    (keys > 0).then(|| text.get(..start).unwrap_or_default().matches('\n').count() + 1)
}

/// Reads front matter into the article; returns the language that it states.
pub(super) fn read(front: &Front<'_>, article: &mut Article) -> Option<String> {
    let inner = front.text.trim_start();
    let inner = inner.split_once('\n').map(|(_, rest)| rest).unwrap_or_default();
    let value = if front.is_toml {
        toml::from_str::<toml::Table>(inner).ok().and_then(|t| serde_json::to_value(t).ok())
    } else {
        serde_saphyr::from_str::<Value>(inner).ok()
    };
    let Some(Value::Object(map)) = value else {
        if !inner.trim().is_empty() {
            let kind = if front.is_toml { "TOML" } else { "YAML" };
            let message = format!("the front matter is no {kind}; what it says could only be read in part");
            article.problems.push(Flaw { line: 1, kind: FlawKind::Unreadable, message });
        }
        let map = by_line(inner);
        return from_map(&map, front, article);
    };
    from_map(&map, front, article)
}

/// What can be saved of broken front matter: `key: value` lines.
fn by_line(inner: &str) -> Map<String, Value> {
    let mut map = Map::new();
    for line in inner.lines().filter(|l| !l.starts_with([' ', '\t', '-', '#'])) {
        if let Some((key, value)) = line.split_once([':', '=']) {
            let value = value.trim().trim_matches(['"', '\'']);
            if !value.is_empty() {
                map.insert(key.trim().to_owned(), Value::String(value.to_owned()));
            }
        }
    }
    map
}

fn from_map(map: &Map<String, Value>, front: &Front<'_>, article: &mut Article) -> Option<String> {
    for value in map.values().filter_map(Value::as_str) {
        let line = line_of(front, value, Kind::Title);
        article.problems.extend(unseen::dropped_of_value(value, front.text, line));
    }
    let get = |keys: &[&str]| keys.iter().find_map(|key| find(map, key));
    let text = |keys: &[&str]| keys.iter().filter_map(|key| find(map, key)).find_map(string);
    article.title = text(&["title", "headline", "titre", "titel", "título", "titulo", "titolo", "tittel"]);
    article.dek = text(&[
        "dek",
        "deck",
        "standfirst",
        "subtitle",
        "subheading",
        "subheadline",
        "sub_title",
        "lede",
        "chapo",
        "sous_titre",
        "untertitel",
        "subtítulo",
        "sottotitolo",
        "undertittel",
        "underrubrik",
        "ingress",
        "perex",
        "description",
        "summary",
        "excerpt",
        "teaser",
    ]);
    article.date = text(&[
        "date",
        "published",
        "published_at",
        "publish_date",
        "publishdate",
        "pubdate",
        "date_published",
        "datepublished",
        "created",
        "created_at",
        "datum",
        "fecha",
        "data",
        "dato",
    ])
    .and_then(|d| dates::read(&d));
    article.image = get(&[
        "image",
        "cover",
        "cover_image",
        "coverimage",
        "cover_photo",
        "featured_image",
        "featuredimage",
        "feature_image",
        "hero",
        "hero_image",
        "thumbnail",
        "banner",
        "og_image",
        "lead_image",
        "images",
    ])
    .and_then(address);
    article.link = get(&["canonical", "canonical_url", "canonicalurl", "url", "link", "permalink"]).and_then(string);
    article.draft = find(map, "draft").is_some_and(is_true) || find(map, "published").is_some_and(is_false);
    for name in get(&[
        "author",
        "authors",
        "by",
        "byline",
        "writer",
        "writers",
        "auteur",
        "auteurs",
        "autor",
        "autoren",
        "autores",
        "autore",
        "forfatter",
    ])
    .map(persons)
    .unwrap_or_default()
    {
        if !article.authors.iter().any(|a| body::same(a, &name)) {
            article.authors.push(name);
        }
    }
    for (role, keys) in ROLES {
        for name in keys.iter().filter_map(|k| find(map, k)).flat_map(persons) {
            body::add_credit(article, Credit { name, role: (*role).to_owned() });
        }
    }
    if let Some(Value::Array(credits)) = find(map, "credits").or(find(map, "contributors")) {
        for credit in credits {
            if let (Some(name), Some(role)) =
                (credit.get("name").and_then(Value::as_str), credit.get("role").and_then(Value::as_str))
            {
                body::add_credit(article, Credit { name: clean(name), role: role.to_lowercase() });
            }
        }
    }
    for (kind, value) in [(Kind::Title, article.title.clone()), (Kind::Dek, article.dek.clone())] {
        if let Some(piece) = value.and_then(|v| Piece::new(line_of(front, &v, kind), &v)) {
            article.blocks.push(Block { kind, ..Block::from(piece) });
        }
    }
    text(&["lang", "language", "locale", "langue", "sprache", "idioma"])
}

/// A key whatever its case and its signs between words; also in `params` and `extra`.
fn find<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let plain = |k: &str| k.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let wanted = plain(key);
    let own = map.iter().find(|(k, v)| plain(k) == wanted && !v.is_null()).map(|(_, v)| v);
    own.or_else(|| {
        ["params", "extra", "taxonomies"]
            .iter()
            .filter_map(|k| map.get(*k)?.as_object())
            .find_map(|m| m.iter().find(|(k, _)| plain(k) == wanted).map(|(_, v)| v))
    })
}

fn string(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => clean(text),
        Value::Number(number) => number.to_string(),
        // A TOML date comes as a table with one key of the library's own.
        Value::Object(map) if map.len() == 1 => map.values().next()?.as_str().map(clean)?,
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn address(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => items.iter().find_map(address),
        Value::Object(map) => {
            ["url", "src", "path", "image", "file", "relative"].iter().find_map(|k| map.get(*k)).and_then(address)
        }
        other => string(other),
    }
}

fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true)
        || value.as_str().is_some_and(|t| matches!(t.to_ascii_lowercase().as_str(), "true" | "yes" | "on"))
}

fn is_false(value: &Value) -> bool {
    value == &Value::Bool(false)
        || value.as_str().is_some_and(|t| matches!(t.to_ascii_lowercase().as_str(), "false" | "no" | "off"))
}

fn persons(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => match people::line(text) {
            Some(people) if !people.authors.is_empty() => people.authors,
            _ => people::names(text),
        },
        Value::Array(items) => items.iter().flat_map(persons).collect(),
        Value::Object(map) => ["name", "display_name", "displayName", "title"]
            .iter()
            .find_map(|k| map.get(*k))
            .map(|v| match v {
                Value::String(name) => vec![clean(name)],
                other => persons(other),
            })
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The line of a value: where its first words stand.
fn line_of(front: &Front<'_>, value: &str, kind: Kind) -> usize {
    let is_written_so = |c: &char| !matches!(c, '"' | '\'' | '\\') && !c.is_control();
    let start: String = value.chars().take_while(is_written_so).take(24).collect();
    let word = start.split(' ').next().unwrap_or_default();
    let lines = || front.text.lines().enumerate();
    lines()
        .find(|(_, l)| l.contains(start.as_str()))
        .or_else(|| lines().find(|(_, l)| l.contains(word)))
        .map_or(usize::from(kind == Kind::Dek) + 1, |(n, _)| n + 1)
}
