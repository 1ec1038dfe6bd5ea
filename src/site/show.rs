//! The show's page: what it is, how to subscribe, and every episode of the feed.

use jiff::civil;
use maud::html;

use super::episode::when;
use super::frame::{Head, page};
use super::{Cover, words};
use crate::model::artifact::{Artifact, MediaType, OutputPath};
use crate::model::show::{Show, Slug};
use crate::model::time::Duration;

/// An episode as the show's page lists it.
#[derive(Clone, Debug)]
pub struct Listed<'a> {
    /// Its folder.
    pub slug: &'a Slug,
    /// Its title.
    pub title: &'a str,
    /// Its standfirst; `None` where it is not published.
    pub dek: Option<&'a str>,
    /// The day of publication.
    pub published: civil::Date,
    /// The exact length.
    pub duration: Duration,
    /// BCP 47.
    pub language: &'a str,
}

/// `index.html`.
pub fn show(show: &Show, cover: Option<&Cover>, episodes: &[Listed<'_>]) -> Option<Artifact> {
    let words = words::of(&show.language);
    let feed = format!("{}feed.xml", show.base_url);
    let head = Head {
        title: show.title.as_str(),
        description: &show.description,
        language: &show.language,
        address: show.base_url.clone(),
        feed: "feed.xml",
        show: show.title.as_str(),
        image: cover.map(|c| format!("{}{}", show.base_url, c.whole)),
        data: None,
        plays: false,
        class: "",
    };
    let body = html! {
        header.show { a href=(show.link) { (show.author) } }
        main {
            @if let Some(cover) = cover { img.cover src=(cover.small) alt="" width="128" height="128"; }
            h1 { (show.title) }
            p.dek { (show.description) }
            p lang=[words.lang] dir=[words.dir] { (words.subscribe) ": " code dir="ltr" { (feed) } }
            nav lang=[words.lang] aria-label=(words.apps) {
                ul.apps {
                    @for (app, link) in apps(&feed) { li { a href=(link) { (app) } } }
                    li { a href="feed.xml" { "RSS" } }
                }
            }
            h2 lang=[words.lang] dir=[words.dir] { (words.episodes) }
            ol.cards {
                @for episode in episodes {
                    @let other = (episode.language != show.language).then_some(episode.language);
                    @let words = words::of(episode.language);
                    li lang=[other] dir=[other.map(words::direction)] {
                        h3 { a href=(format!("{}/", episode.slug)) { (episode.title) } }
                        @if let Some(dek) = episode.dek { p { (dek) } }
                        p.length lang=[words.lang] dir=[words.dir] {
                            (when(episode.published, episode.duration, words))
                        }
                    }
                }
            }
        }
    };
    let path = OutputPath::new("index.html")?;
    Some(Artifact::of_bytes(path, MediaType::Html, page(&head, &body).into_bytes()))
}

/// Links that open a feed in an app. Nothing is loaded from anywhere before somebody follows one.
fn apps(feed: &str) -> Vec<(&'static str, String)> {
    let bare = feed.split_once("://").map_or(feed, |(_, rest)| rest);
    let whole: String = url::form_urlencoded::byte_serialize(feed.as_bytes()).collect();
    vec![
        ("Apple Podcasts", format!("podcast://{bare}")),
        ("Overcast", format!("overcast://x-callback-url/add?url={whole}")),
        ("Pocket Casts", format!("pktc://subscribe/{bare}")),
        ("AntennaPod", format!("https://antennapod.org/deeplink/subscribe?url={whole}")),
        ("gPodder", format!("https://gpodder.net/subscribe?url={whole}")),
    ]
}
