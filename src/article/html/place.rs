//! What an element says of its content: by its name, role, class and id.

use super::tree::{Id, Tree};
use crate::model::article::Reason;

/// Hints that a class gives and that the text must confirm.
#[derive(Clone, Copy, Default, Debug, PartialEq)]
pub(super) struct Hints {
    /// Class or attribute of a headline.
    pub(super) title: bool,
    /// Class of a standfirst that is used for nothing else.
    pub(super) dek: bool,
    /// Class of a standfirst that some sites use for the first paragraph.
    pub(super) lead: bool,
    pub(super) byline: bool,
    pub(super) date: bool,
    /// Around the headline: rubric, people, dates, counts.
    pub(super) meta: bool,
    /// Tags and rubrics.
    pub(super) label: bool,
    /// Inside the `header` of an article.
    pub(super) header: bool,
    /// Inside the `footer` of an article.
    pub(super) footer: bool,
}

/// Words of class, id and role, parted at signs and at capitals.
pub(super) fn tokens(tree: &Tree, id: Id) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in ["class", "id", "role", "itemprop", "data-component", "data-testid", "data-qa", "data-area", "rel"] {
        let Some(value) = tree.attr(id, name) else { continue };
        let mut word = String::new();
        let mut was_lower = false;
        for c in value.chars().take(400) {
            if (!c.is_alphanumeric() || was_lower && c.is_uppercase()) && !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            if c.is_alphanumeric() {
                word.extend(c.to_lowercase());
            }
            was_lower = c.is_lowercase();
        }
        if !word.is_empty() {
            out.push(word);
        }
    }
    out
}

/// The class attribute as a list of whole names.
fn classes(tree: &Tree, id: Id) -> impl Iterator<Item = &str> {
    tree.attr(id, "class").unwrap_or_default().split_whitespace()
}

/// Whether a visitor does not see the element.
pub(super) fn is_hidden(tree: &Tree, id: Id) -> bool {
    let style = tree.attr(id, "style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    let screen_only = [
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screenreader-only",
        "u-hidden",
        "is-hidden",
        "a11y-hidden",
        "sr-text",
        "noprint-hidden",
        "element-invisible",
        "show-for-sr",
        "assistive-text",
        "screen-reader-only",
        "u-visually-hidden",
    ];
    let mut responsive = false;
    let mut hidden = false;
    for class in classes(tree, id) {
        let bare = class.rsplit("__").next().unwrap_or(class).to_ascii_lowercase();
        if screen_only.contains(&bare.as_str()) {
            return true;
        }
        hidden |= class == "hidden" || class == "d-none";
        responsive |= class.contains(':') || class.starts_with("d-") && class != "d-none";
    }
    tree.attr(id, "hidden").is_some_and(|v| v != "until-found")
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || hidden && !responsive
        || tree.name(id) == "dialog" && tree.attr(id, "open").is_none()
}

/// Why nothing inside an element is read, by its name and class.
pub(super) fn reason(tree: &Tree, id: Id, tokens: &[String]) -> Option<Reason> {
    let has = |words: &[&str]| tokens.iter().any(|t| words.contains(&t.as_str()));
    let pair = |a: &str, b: &str| tokens.windows(2).any(|w| matches!(w, [x, y] if x == a && y == b));
    let by_name = match tree.name(id) {
        "nav" | "menu" => Some(Reason::Navigation),
        "button" => Some(Reason::Navigation),
        "select" | "option" | "textarea" | "input" => Some(Reason::Embed),
        "iframe" | "video" | "audio" | "object" | "embed" | "canvas" => Some(Reason::Embed),
        "figcaption" => Some(Reason::Caption),
        "pre" | "code" if tree.name(id) == "pre" => Some(Reason::Code),
        _ => None,
    };
    if by_name.is_some() {
        return by_name;
    }
    if has(&[
        "navigation",
        "breadcrumb",
        "breadcrumbs",
        "menu",
        "navbar",
        "pagination",
        "pager",
        "toc",
        "skiplink",
        "menuitem",
        "tablist",
        "toolbar",
        "mw-jump-link",
        "prevlink",
        "nextlink",
    ]) || pair("post", "navigation")
        || pair("nav", "links")
        || pair("table", "of")
        || has(&["nav"]) && !has(&["content"])
    {
        return Some(Reason::Navigation);
    }
    if has(&["comments", "comment", "disqus", "respond", "commentlist", "discussion"]) {
        return Some(Reason::Comment);
    }
    if has(&["pullquote"]) || pair("pull", "quote") {
        return Some(Reason::PullQuote);
    }
    if has(&[
        "newsletter",
        "subscribe",
        "subscription",
        "signup",
        "donate",
        "donation",
        "appeal",
        "membership",
        "epic",
        "inscription",
        "cta",
    ]) || pair("sign", "up")
    {
        return Some(Reason::Appeal);
    }
    if has(&[
        "share",
        "sharing",
        "shares",
        "social",
        "sharedaddy",
        "addtoany",
        "addthis",
        "sharebar",
        "likes",
        "jetpack",
    ]) || pair("reading", "time")
        || pair("read", "time")
        || pair("like", "button")
    {
        return Some(Reason::Meta);
    }
    if has(&[
        "related",
        "recommended",
        "recommendations",
        "recirc",
        "recirculation",
        "outbrain",
        "taboola",
        "jp-relatedposts",
        "relatedposts",
        "trending",
        "teaser",
        "teasers",
        "promo",
        "mostread",
        "sidebar",
        "onward",
        "rightrail",
        "complementary",
        "readmore",
        "upnext",
        "seealso",
    ]) || pair("read", "next")
        || pair("more", "stories")
        || pair("most", "read")
        || pair("most", "popular")
        || pair("read", "more")
        || pair("also", "read")
        || pair("related", "posts")
        || classes(tree, id).any(|c| c == "widget")
    {
        return Some(Reason::Related);
    }
    if has(&[
        "ad",
        "ads",
        "advert",
        "advertisement",
        "advertising",
        "adsbygoogle",
        "sponsored",
        "dfp",
        "twitter",
        "tweet",
        "instagram",
        "embed",
        "player",
        "tiktok",
        "werbung",
        "publicite",
        "quiz",
        "poll",
    ]) {
        return Some(Reason::Embed);
    }
    if has(&["footnotes", "footnote", "endnotes", "references", "reflist", "citations", "sources", "bibliography"])
        && tree.name(id) != "a"
        && tree.name(id) != "sup"
        && tree.name(id) != "span"
    {
        return Some(Reason::Footnote);
    }
    if has(&["infobox", "navbox", "sistersitebox", "vertical", "ambox", "sidebox"]) && tree.name(id) != "span"
        || has(&["catlinks", "navbox"])
    {
        return Some(if has(&["infobox"]) { Reason::Table } else { Reason::Navigation });
    }
    if has(&["hatnote", "dablink", "sitesub", "printfooter", "siteSub", "jump"]) {
        return Some(Reason::Navigation);
    }
    if has(&[
        "caption",
        "captions",
        "figcaption",
        "thumbcaption",
        "gallerytext",
        "imagecaption",
        "legend",
        "bildunterschrift",
    ]) || pair("image", "credit")
        || pair("photo", "credit")
        || pair("media", "caption")
        || pair("image", "caption")
        || pair("img", "credit")
    {
        return Some(Reason::Caption);
    }
    if has(&["bio", "biography", "authorbio"])
        || pair("author", "box")
        || pair("author", "info")
        || pair("about", "author")
        || pair("author", "description")
        || pair("author", "card")
        || pair("post", "author") && has(&["content", "bio"])
    {
        return Some(Reason::Biography);
    }
    if has(&[
        "cookie",
        "cookies",
        "consent",
        "gdpr",
        "copyright",
        "colophon",
        "imprint",
        "legal",
        "license",
        "licence",
        "disclaimer",
    ]) {
        return Some(Reason::Boilerplate);
    }
    if has(&["modal", "popup", "overlay", "tooltip", "toast", "lightbox"]) {
        return Some(Reason::Hidden);
    }
    None
}

/// What the class suggests.
pub(super) fn hints(tree: &Tree, id: Id, tokens: &[String], above: Hints) -> Hints {
    let has = |words: &[&str]| tokens.iter().any(|t| words.contains(&t.as_str()));
    let mut hints = above;
    let small = !matches!(tree.name(id), "body" | "html" | "main" | "article");
    if !small {
        return hints;
    }
    hints.title |= has(&["headline", "firstheading"])
        || has(&["title"])
            && has(&["entry", "post", "article", "page", "content", "story", "name", "node"])
            && tree.name(id).starts_with('h');
    hints.dek |= has(&["dek", "deck", "standfirst", "subtitle", "subheadline", "subhead", "chapo", "vorspann", "entradilla", "sottotitolo", "occhiello", "subheading", "underrubrik", "subtitulo", "linhafina", "catenaccio", "alternativeheadline"]) || tokens.windows(2).any(|w| matches!(w, [a, b] if (a == "sub" && (b == "title" || b == "headline" || b == "heading")) || (a == "article" && (b == "desc" || b == "description" || b == "dek" || b == "summary"))));
    hints.lead |= has(&[
        "lead",
        "lede",
        "intro",
        "introduction",
        "summary",
        "excerpt",
        "ingress",
        "preamble",
        "teasertext",
        "perex",
        "abstract",
        "description",
        "manchet",
        "ledtext",
    ]);
    hints.byline |= has(&[
        "byline",
        "author",
        "authors",
        "vcard",
        "contributor",
        "contributors",
        "writer",
        "writers",
        "autor",
        "auteur",
        "creator",
        "autore",
        "bylines",
        "signature",
    ]);
    hints.date |=
        has(&["date", "published", "timestamp", "dateline", "pubdate", "datetime", "time", "datepublished", "publish"])
            || tree.name(id) == "time";
    hints.meta |= has(&["meta", "byline", "metadata", "info", "details", "entry-meta", "postmeta", "attribution"])
        && !has(&["infobox"]);
    hints.label |= has(&[
        "tags",
        "tag",
        "taglist",
        "categories",
        "category",
        "kicker",
        "eyebrow",
        "rubric",
        "topics",
        "topic",
        "keywords",
        "overline",
        "dachzeile",
        "vignette",
        "rubrique",
    ]) && !has(&["type", "content", "body"]);
    hints
}
