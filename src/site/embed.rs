//! The player alone, for a publisher's own article: title, controls and chapters in 200 pixels of height.

use maud::html;

use super::EpisodePage;
use super::episode::{chapter_list, player};
use super::frame::{Head, page};
use super::words;
use crate::model::artifact::{Artifact, MediaType, OutputPath};

/// `<slug>/embed.html`.
pub fn embed(input: &EpisodePage<'_>) -> Option<Artifact> {
    let words = words::of(input.language);
    let head = Head {
        title: input.title,
        description: input.dek.unwrap_or(input.title),
        language: input.language,
        address: input.address(),
        feed: "../feed.xml",
        show: input.show.title.as_str(),
        image: None,
        data: None,
        plays: true,
        class: "embed",
    };
    let body = html! {
        main {
            h1 { a href="./" target="_top" { (input.title) } }
            (player(input, words))
            (chapter_list(input, words))
        }
    };
    let path = OutputPath::new(&format!("{}/embed.html", input.slug))?;
    Some(Artifact::of_bytes(path, MediaType::Html, page(&head, &body).into_bytes()))
}
