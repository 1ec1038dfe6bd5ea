//! The page of an episode: player, chapters, and the text that follows the voice.

use jiff::civil;
use maud::{Markup, html};

use super::frame::{Head, page};
use super::words::{self, Said};
use super::{EpisodePage, structured};
use crate::model::artifact::{Artifact, MediaType, OutputPath};
use crate::model::script::{Passage, Role};
use crate::model::show::{Narration, TextPolicy};
use crate::model::time::{Duration, Timestamp};

/// `<slug>/index.html`.
pub fn episode(input: &EpisodePage<'_>) -> Option<Artifact> {
    let words = words::of(input.language);
    let head = Head {
        title: input.title,
        description: input.dek.unwrap_or(input.title),
        language: input.language,
        address: input.address(),
        feed: "../feed.xml",
        show: input.show.title.as_str(),
        image: input.cover.as_ref().map(|c| format!("{}{}", input.address(), c.whole)),
        data: Some(structured::episode(input)),
        plays: true,
        class: "",
    };
    let body = html! {
        a.skip href="#text" lang=[words.lang] dir=[words.dir] { (words.text) }
        header.show { a href="../" { (input.show.title) } }
        main {
            article {
                @if let Some(cover) = input.cover.as_ref().filter(|c| c.own) {
                    img.cover src=(cover.small) alt="" width="128" height="128";
                }
                h1 { (input.title) }
                @if let Some(dek) = input.dek { p.dek { (dek) } }
                (byline(input, words))
                (player(input, words))
                (chapter_list(input, words))
                div #text {
                    @if input.text == TextPolicy::Full { (text(input, words)) }
                    @if let Some(link) = input.link {
                        p { a href=(link) lang=[words.lang] dir=[words.dir] { (words.article) } }
                    }
                }
            }
        }
    };
    let path = OutputPath::new(&format!("{}/index.html", input.slug))?;
    Some(Artifact::of_bytes(path, MediaType::Html, page(&head, &body).into_bytes()))
}

fn byline(input: &EpisodePage<'_>, words: Said) -> Markup {
    // Names may run the other way than the words around them.
    let people = |label: &str, names: &[&str]| {
        html! {
            @if !names.is_empty() {
                (label) " "
                @for (index, name) in names.iter().enumerate() {
                    @if index > 0 { ", " }
                    bdi { (name) }
                }
                " · "
            }
        }
    };
    html! {
        p.byline lang=[words.lang] dir=[words.dir] {
            (people(words.by, &input.authors))
            (people(words.read_by, &input.narrators))
            @if input.narration == Narration::Synthetic { (words.synthetic) " · " }
            (when(input.published, input.duration, words))
        }
    }
}

/// The day, and how long it takes to listen.
pub(super) fn when(published: civil::Date, duration: Duration, words: Said) -> Markup {
    html! {
        time datetime=(published) { (words.day(published)) }
        " · " ((duration.millis().saturating_add(30_000) / 60_000).max(1)) " " (words.minutes)
    }
}

/// The player: the browser's own until the script takes over.
pub(super) fn player(input: &EpisodePage<'_>, words: Said) -> Markup {
    let people = if input.authors.is_empty() { &input.narrators } else { &input.authors };
    html! {
        section.player lang=[words.lang] aria-label=(words.player) {
            audio controls preload="metadata" src=(input.audio) {
                @if let Some(vtt) = input.chapters_vtt {
                    track kind="chapters" src=(vtt) srclang=(input.language) label=(words.chapters) default;
                }
                @if let Some(vtt) = input.captions_vtt {
                    track kind="captions" src=(vtt) srclang=(input.language) label=(words.captions);
                }
            }
            div.controls hidden data-duration=(input.duration.seconds()) data-play=(words.play) data-pause=(words.pause)
                data-title=(input.title) data-artist=(people.join(", ")) data-show=(input.show.title)
                data-cover=[input.cover.as_ref().map(|c| c.small.as_str())] {
                div.seek {
                    input type="range" min="0" max=(input.duration.whole_seconds()) value="0" step="1" aria-label=(words.position);
                }
                button.back type="button" dir="ltr" aria-keyshortcuts="j" aria-label=(words.back) { "−15" }
                button.main type="button" dir="ltr" aria-keyshortcuts="k" aria-label=(words.play) { "▶" }
                button.forward type="button" dir="ltr" aria-keyshortcuts="l" aria-label=(words.forward) { "+30" }
                select dir="ltr" aria-label=(words.speed) {
                    @for (value, label) in SPEEDS {
                        option value=(value) selected[*value == "1"] { (label) "×" }
                    }
                }
                a.clock dir="ltr" href="#t=0" title=(words.moment) { "0:00" }
            }
        }
    }
}

const SPEEDS: &[(&str, &str)] =
    &[("0.75", "0.75"), ("1", "1"), ("1.25", "1.25"), ("1.5", "1.5"), ("1.75", "1.75"), ("2", "2"), ("2.5", "2.5")];

/// Links into the audio file, which work in any browser.
pub(super) fn chapter_list(input: &EpisodePage<'_>, words: Said) -> Markup {
    html! {
        nav lang=[words.lang] aria-label=(words.chapters) {
            ol lang=[words.lang.map(|_| input.language)] {
                @for chapter in input.chapters.chapters() {
                    li {
                        a href=(format!("{}#t={}", input.audio, chapter.start.seconds()))
                            data-start=(chapter.start.seconds()) {
                            span.time { (input.clock(chapter.start)) } span { (chapter.title) }
                        }
                    }
                }
            }
        }
    }
}

fn text(input: &EpisodePage<'_>, words: Said) -> Markup {
    let shown = |p: &&Passage| matches!(p.role, Role::Heading | Role::Paragraph) && p.narrated;
    let passages: Vec<&Passage> = input.passages.iter().filter(shown).collect();
    let groups = passages.chunk_by(|a, b| a.section == b.section);
    html! {
        @for group in groups {
            @let number = group.first().map_or(0, |p| p.section);
            section id=(format!("s{number}")) {
                @for passage in group {
                    @if passage.role == Role::Heading { (heading(input, words, passage)) } @else { (paragraph(passage)) }
                }
            }
        }
    }
}

fn heading(input: &EpisodePage<'_>, words: Said, passage: &Passage) -> Markup {
    let chapter = input.chapters.chapters().iter().find(|c| c.section == Some(passage.section));
    html! {
        h2 {
            @if let Some(chapter) = chapter {
                button type="button" hidden data-start=(chapter.start.seconds())
                    aria-label=(format!("{}: {}", words.play, passage.text)) { "▶" }
                " "
            }
            (passage.text)
        }
    }
}

fn paragraph(passage: &Passage) -> Markup {
    let seconds = |t: Timestamp| t.seconds().to_string();
    let (start, end) = (passage.span.map(|s| seconds(s.start)), passage.span.map(|s| seconds(s.end)));
    let timed = passage.sentences.iter().any(|s| s.span.is_some());
    html! {
        p data-start=[start] data-end=[end] {
            @if timed {
                @for sentence in &passage.sentences {
                    @match sentence.span {
                        Some(span) => span data-at=(span.start.seconds()) { (sentence.text) },
                        None => (sentence.text),
                    }
                    " "
                }
            } @else { (passage.text) }
        }
    }
}
