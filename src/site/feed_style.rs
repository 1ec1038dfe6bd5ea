//! How the feed itself looks where somebody opens it in a browser.
//!
//! A style sheet in CSS: browsers have dropped XSLT, which such sheets were written in before. It is shown where the
//! server calls the feed `application/xml` or `text/xml`, as most do for `.xml`, and `serve` does for browsers.

use super::words;
use crate::model::artifact::{Artifact, MediaType, OutputPath};
use crate::model::show::Show;

/// `feed.css`, in the language of the show.
pub fn feed_style(show: &Show, name: &str) -> Option<Artifact> {
    let direction = words::direction(&show.language);
    let note = words::of(&show.language);
    let note = note.feed;
    let css = format!(
        "rss{{direction:{direction}}}\nchannel::before{{content:\"{}\"}}\n{}",
        note.replace(['"', '\\'], ""),
        include_str!("feed.css")
    );
    Some(Artifact::of_bytes(OutputPath::new(name)?, MediaType::Css, css.into_bytes()))
}
