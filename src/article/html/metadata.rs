//! What a page says about itself where no visitor looks: JSON-LD, OpenGraph, meta tags.

use serde_json::Value;

use super::super::{dates, people, words};
use super::tree::{ROOT, Tree};
use crate::model::article::Credit;
use crate::model::date::WrittenDate;

/// The claims of a page.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Headlines, best first.
    pub(super) titles: Vec<String>,
    pub(super) site: Option<String>,
    pub(super) authors: Vec<String>,
    /// The name in `meta name=author`, which may be the site's.
    pub(super) meta_authors: Vec<String>,
    pub(super) credits: Vec<Credit>,
    pub(super) date: Option<WrittenDate>,
    pub(super) language: Option<String>,
    pub(super) image: Option<String>,
    pub(super) link: Option<String>,
    pub(super) free: Option<bool>,
}

/// How deep structured data is followed.
const DEEPEST: usize = 8;

/// Types of structured data that are articles.
const ARTICLES: &[&str] = &[
    "Article",
    "NewsArticle",
    "BlogPosting",
    "Report",
    "ReportageNewsArticle",
    "OpinionNewsArticle",
    "AnalysisNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AdvertiserContentArticle",
    "SocialMediaPosting",
    "TechArticle",
    "ScholarlyArticle",
    "LiveBlogPosting",
    "Review",
    "DiscussionForumPosting",
];

/// Properties of structured data that name somebody with a role.
const ROLES: &[(&str, &str)] = &[
    ("editor", "editor"),
    ("translator", "translator"),
    ("illustrator", "illustrator"),
    ("photographer", "photographer"),
    ("readBy", "narrator"),
    ("producer", "producer"),
    ("contributor", "contributor"),
];

/// Reads the claims of a page.
pub(super) fn read(tree: &Tree) -> Claims {
    let mut claims = Claims::default();
    let mut title_tag = None;
    let mut structured = Vec::new();
    let mut found_date = [None; 4];
    for id in tree.descendants(ROOT) {
        match tree.name(id) {
            "html" => claims.language = tree.attr(id, "lang").or(tree.attr(id, "xml:lang")).map(str::to_owned),
            "title" if title_tag.is_none() && tree.parent(id).is_some_and(|p| tree.name(p) == "head") => {
                title_tag = Some(one_line(&tree.text(id)))
            }
            "link" if tree.attr(id, "rel") == Some("canonical") => {
                claims.link = tree.attr(id, "href").filter(|h| !h.trim().is_empty()).map(str::to_owned)
            }
            "script" if tree.attr(id, "type").is_some_and(|t| t.contains("ld+json")) => {
                let text = tree.text(id);
                if let Ok(value) = serde_json::from_str::<Value>(text.trim().trim_end_matches(';'))
                    .or_else(|_| serde_json::from_str(&text.replace(['\n', '\r', '\t'], " ")))
                {
                    collect(value, 0, &mut structured);
                }
            }
            "meta" => meta(tree, id, &mut claims, &mut found_date),
            _ => {}
        }
    }
    let meta_titles = std::mem::take(&mut claims.titles);
    if let Some(article) = structured.into_iter().max_by_key(weight) {
        from_structured(&article, &mut claims);
    }
    claims.titles.extend(meta_titles);
    claims.titles.extend(title_tag);
    claims.date = claims.date.or(found_date.into_iter().flatten().next());
    claims
}

fn meta(tree: &Tree, id: usize, claims: &mut Claims, dates_found: &mut [Option<WrittenDate>; 4]) {
    let name = tree
        .attr(id, "property")
        .or(tree.attr(id, "name"))
        .or(tree.attr(id, "itemprop"))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let Some(content) = tree.attr(id, "content").map(one_line).filter(|c| !c.is_empty()) else { return };
    match name.as_str() {
        "og:title" => claims.titles.insert(0, content),
        "twitter:title" | "headline" | "dc.title" | "citation_title" | "parsely-title" => claims.titles.push(content),
        "og:site_name" | "application-name" => claims.site = claims.site.take().or(Some(content)),
        "og:image" | "og:image:url" => claims.image = claims.image.take().or(Some(content)),
        "twitter:image" => claims.image = claims.image.take().or(Some(content)),
        "og:url" => claims.link = claims.link.take().or(Some(content)),
        "article:published_time" | "og:published_time" | "og:article:published_time" => {
            dates_found[0] = dates_found[0].or(dates::read(&content))
        }
        "datepublished" | "parsely-pub-date" | "sailthru.date" | "cxenseparse:recs:publishtime" => {
            dates_found[1] = dates_found[1].or(dates::read(&content))
        }
        "dc.date"
        | "dc.date.issued"
        | "dcterms.created"
        | "dcterms.date"
        | "citation_publication_date"
        | "pubdate"
        | "publishdate"
        | "publish-date"
        | "article.published" => dates_found[2] = dates_found[2].or(dates::read(&content)),
        "date" => dates_found[3] = dates_found[3].or(dates::read(&content)),
        "author" | "article:author" | "dc.creator" | "byl" | "parsely-author" | "citation_author"
        | "sailthru.author"
            if !content.contains("://") || content.contains(" (") =>
        {
            let bare = content.split(" (").next().unwrap_or_default();
            let bare =
                people::line(bare).map(|p| p.authors).filter(|a| !a.is_empty()).unwrap_or_else(|| people::names(bare));
            for name in bare.into_iter().filter(|n| people::is_name(n)) {
                if !claims.meta_authors.contains(&name) {
                    claims.meta_authors.push(name);
                }
            }
        }
        "content-language" | "og:locale" | "dc.language" | "language" => {
            claims.language = claims.language.take().or(Some(content))
        }
        _ => {}
    }
}

/// Everything that looks like an article, also inside lists and graphs.
fn collect(value: Value, depth: usize, out: &mut Vec<Value>) {
    if depth > DEEPEST || out.len() > 200 {
        return;
    }
    match value {
        Value::Array(items) => items.into_iter().for_each(|i| collect(i, depth + 1, out)),
        Value::Object(mut map) => {
            for key in ["@graph", "mainEntity", "itemListElement", "hasPart"] {
                if let Some(inner) = map.remove(key) {
                    collect(inner, depth + 1, out);
                }
            }
            out.push(Value::Object(map));
        }
        _ => {}
    }
}

fn types(value: &Value) -> Vec<&str> {
    match value.get("@type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn weight(value: &Value) -> usize {
    let is_article = types(value).iter().any(|t| ARTICLES.contains(t));
    let page = types(value).contains(&"WebPage");
    let has = |key: &str| usize::from(value.get(key).is_some());
    if is_article {
        10 + has("headline") + has("author") + has("datePublished")
    } else if page {
        1 + has("datePublished")
    } else {
        0
    }
}

fn from_structured(value: &Value, claims: &mut Claims) {
    if weight(value) == 0 {
        return;
    }
    let is_article = weight(value) >= 10;
    let text =
        |key: &str| value.get(key).and_then(Value::as_str).map(|t| one_line(&unescape(t))).filter(|t| !t.is_empty());
    claims.titles.extend(text("headline"));
    claims.titles.extend(text("name").filter(|_| is_article));
    claims.date = text("datePublished").and_then(|d| dates::read(&d));
    claims.language = claims.language.take().or_else(|| text("inLanguage"));
    if claims.image.is_none() {
        claims.image = value.get("image").and_then(address);
    }
    if claims.link.is_none() {
        claims.link = value.get("mainEntityOfPage").and_then(address).or_else(|| text("url"));
    }
    claims.free = match value.get("isAccessibleForFree") {
        Some(Value::Bool(free)) => Some(*free),
        Some(Value::String(word)) => match word.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    };
    if claims.site.is_none() {
        claims.site = value.get("publisher").and_then(|p| p.get("name")).and_then(Value::as_str).map(str::to_owned);
    }
    for key in ["author", "creator"] {
        if claims.authors.is_empty() {
            claims.authors = value.get(key).map(persons).unwrap_or_default();
        }
    }
    for (key, role) in ROLES {
        for name in value.get(*key).map(persons).unwrap_or_default() {
            if !claims.authors.contains(&name) {
                claims.credits.push(Credit { name, role: (*role).to_owned() });
            }
        }
    }
}

/// Names of the persons in a property; an organisation is none.
fn persons(value: &Value) -> Vec<String> {
    match value {
        Value::String(name) if !name.contains("://") => {
            let told = people::line(name).map(|p| p.authors).filter(|a| !a.is_empty());
            told.unwrap_or_else(|| people::names(&unescape(name)))
        }
        Value::Array(items) => {
            let mut out: Vec<String> = Vec::new();
            for name in items.iter().take(100).flat_map(persons) {
                if !out.contains(&name) {
                    out.push(name);
                }
            }
            out
        }
        Value::Object(map) => {
            let organisation = types(value)
                .iter()
                .any(|t| matches!(*t, "Organization" | "NewsMediaOrganization" | "Corporation" | "NGO"));
            match map.get("name") {
                Some(name) if !organisation => persons(name),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn address(value: &Value) -> Option<String> {
    match value {
        Value::String(url) if !url.trim().is_empty() => Some(url.clone()),
        Value::Array(items) => items.iter().find_map(address),
        Value::Object(map) => map.get("url").or(map.get("@id")).and_then(|u| u.as_str()).map(str::to_owned),
        _ => None,
    }
}

/// Entities inside JSON, as sloppy sites write them.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = text.to_owned();
    for (entity, c) in [
        ("&quot;", "\""),
        ("&#039;", "'"),
        ("&#39;", "'"),
        ("&#8217;", "’"),
        ("&#8216;", "‘"),
        ("&#8220;", "“"),
        ("&#8221;", "”"),
        ("&#8211;", "–"),
        ("&#8212;", "—"),
        ("&rsquo;", "’"),
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, c);
    }
    out
}

fn one_line(text: &str) -> String {
    super::super::piece::clean(text)
}

/// What stands between a headline and the name of the site.
const SIGNS: [&str; 9] = [" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ", " • "];

/// What stands before the first sign that can part a headline from the site's name.
pub(super) fn first_part(title: &str) -> &str {
    SIGNS.iter().filter_map(|s| title.find(s)).min().and_then(|at| title.get(..at)).unwrap_or(title)
}

/// The headline in a title that also names the site: "Headline - Site", "Site | Headline".
pub(super) fn without_site(title: &str, site: Option<&str>) -> String {
    let mut parts: Vec<&str> = vec![title];
    for sign in SIGNS {
        parts = parts.into_iter().flat_map(|p| p.split(sign)).collect();
    }
    if parts.len() < 2 {
        return title.to_owned();
    }
    if let Some(site) = site.map(words::fold) {
        for sign in SIGNS {
            if let Some((head, tail)) = title.rsplit_once(sign)
                && words::fold(tail) == site
            {
                return head.trim().to_owned();
            }
            if let Some((head, tail)) = title.split_once(sign)
                && words::fold(head) == site
            {
                return tail.trim().to_owned();
            }
        }
    }
    let last = parts.last().map(|p| words::fold(p)).unwrap_or_default();
    let longest = parts.iter().max_by_key(|p| p.chars().count()).copied().unwrap_or(title);
    match title.rfind(parts.last().copied().unwrap_or_default()) {
        Some(at) if last.split(' ').count() <= 4 && parts.len() >= 2 => {
            let head = title.get(..at).unwrap_or(title).trim_end();
            head.trim_end_matches(['|', '-', '–', '—', '·', ':', '»', '•', '«']).trim().to_owned()
        }
        _ => longest.to_owned(),
    }
}
