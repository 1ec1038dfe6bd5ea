//! What every page has around it: head, content policy, style and script inside the page, nothing from elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::words;

const STYLE: &str = include_str!("player.css");
const SCRIPT: &str = include_str!("player.js");

/// What stands in the head of a page.
pub(super) struct Head<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) language: &'a str,
    /// Where the page itself is served.
    pub(super) address: String,
    /// The feed, relative to the page.
    pub(super) feed: &'a str,
    pub(super) show: &'a str,
    /// The cover, where it is served.
    pub(super) image: Option<String>,
    /// Structured data for search engines.
    pub(super) data: Option<String>,
    /// Whether the page plays something.
    pub(super) plays: bool,
    /// Classes of the body.
    pub(super) class: &'static str,
}

/// A whole page.
pub(super) fn page(head: &Head<'_>, body: &Markup) -> String {
    let script = if head.plays { format!("'{}'", fingerprint(SCRIPT)) } else { "'none'".to_owned() };
    // Nothing is loaded but what lies beside the page; style and script are these very bytes.
    let policy = format!(
        "default-src 'none'; media-src 'self'; img-src 'self'; style-src '{}'; script-src {script}; base-uri 'none'; \
         form-action 'none'",
        fingerprint(STYLE)
    );
    html! {
        (DOCTYPE)
        html lang=(head.language) dir=(words::direction(head.language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(policy);
                title { (head.title) }
                meta name="description" content=(head.description);
                link rel="canonical" href=(head.address);
                link rel="alternate" type="application/rss+xml" title=(head.show) href=(head.feed);
                meta property="og:title" content=(head.title);
                meta property="og:type" content="article";
                meta property="og:url" content=(head.address);
                meta property="og:site_name" content=(head.show);
                @if let Some(image) = &head.image { meta property="og:image" content=(image); }
                style { (PreEscaped(STYLE)) }
                @if let Some(data) = &head.data {
                    script type="application/ld+json" { (PreEscaped(data)) }
                }
            }
            body class=[(!head.class.is_empty()).then_some(head.class)] {
                (body)
                @if head.plays { script { (PreEscaped(SCRIPT)) } }
            }
        }
    }
    .into_string()
}

fn fingerprint(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}
