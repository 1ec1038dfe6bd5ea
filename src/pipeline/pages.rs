//! Rendering: settled episodes → the pages that stand beside the feed.

use super::pack::{self, Episode, Files};
use crate::model::artifact::{Artifact, MediaType, OutputPath};
use crate::model::show::{Show, TextPolicy};
use crate::package::{self, Artwork};
use crate::picture::waveform;
use crate::site::{self, Cover, EpisodePage, Listed};

/// Every page of a show, in the order of the feed; the show's own is the last.
pub(super) fn pages(
    show: &Show,
    episodes: &[Episode<'_>],
    files: &[Files],
    show_artwork: Option<&Artwork>,
) -> Vec<Artifact> {
    let show_cover = show_artwork.and_then(|a| package::cover(a, None)).map(|c| c.path.to_string());
    let mut pages = Vec::new();
    let mut listed = Vec::new();
    for (episode, files) in episodes.iter().zip(files) {
        let page = page(show, episode, files, show_cover.as_deref());
        pages.extend(site::episode(&page));
        pages.extend(site::embed(&page));
        pages.extend(picture(episode));
        pages.extend(episode.artwork.as_ref().and_then(|a| package::page_cover(a, Some(episode.slug))));
        listed.push(Listed {
            slug: episode.slug,
            title: page.title,
            dek: page.dek,
            published: page.published,
            duration: page.duration,
            language: page.language,
        });
    }
    pages.extend(site::feed_style(show, crate::feed::STYLE_NAME));
    pages.extend(show_artwork.and_then(|a| package::page_cover(a, None)));
    let shows = show_cover.map(|whole| Cover { whole, small: package::PAGE_COVER.to_owned(), own: true });
    pages.extend(site::show(show, shows.as_ref(), &listed));
    pages
}

fn page<'a>(show: &'a Show, episode: &'a Episode<'_>, files: &'a Files, show_cover: Option<&str>) -> EpisodePage<'a> {
    let words = &episode.words;
    let settings = &episode.material.source.settings;
    let own = files.cover.as_ref().map(name);
    let cover = match (own, show_cover) {
        (Some(own), _) => Some(Cover { whole: own.to_owned(), small: package::PAGE_COVER.to_owned(), own: true }),
        (None, Some(shows)) => {
            Some(Cover { whole: format!("../{shows}"), small: format!("../{}", package::PAGE_COVER), own: false })
        }
        (None, None) => None,
    };
    EpisodePage {
        show,
        slug: episode.slug,
        title: words.title.as_str(),
        dek: words.dek.as_deref().filter(|_| words.text > TextPolicy::None),
        authors: words.authors.iter().map(|a| a.as_str()).collect(),
        narrators: words.narrators.iter().map(|p| p.name.as_str()).collect(),
        narration: settings.narration.unwrap_or(show.narration),
        published: pack::day(episode),
        language: &words.language,
        link: words.link.as_deref(),
        text: words.text,
        passages: episode.material.script.as_ref().map(|s| s.passages.as_slice()).unwrap_or_default(),
        chapters: episode.chapters,
        duration: episode.duration(),
        audio: name(&files.enclosure.path),
        media_type: &files.enclosure.media_type,
        length: files.enclosure.length,
        chapters_vtt: files.chapters_vtt.as_ref().map(name),
        captions_vtt: files.transcripts.iter().find(|(_, kind)| *kind == MediaType::Vtt).map(|(path, _)| name(path)),
        cover,
    }
}

fn picture(episode: &Episode<'_>) -> Option<Artifact> {
    let path = OutputPath::new(&format!("{}/waveform.svg", episode.slug))?;
    let svg = waveform::svg(&episode.material.waveform(), Some(episode.chapters));
    Some(Artifact::of_bytes(path, MediaType::Svg, svg.into_bytes()))
}

/// The file's own name.
fn name(path: &OutputPath) -> &str {
    path.as_str().rsplit('/').next().unwrap_or_default()
}
