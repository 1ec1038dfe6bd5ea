//! The notes of an episode as HTML: standfirst, one line for each chapter, link. What `description` holds.
//!
//! Directories cut at 4000 bytes (Apple's guide, PSP-1) and look for timestamps at the beginning of lines, so the
//! standfirst gives way before a timestamp does, and nothing is ever cut inside a tag or a character.

use maud::{PreEscaped, html};

use super::input::Item;
use super::rss::attribute;
use crate::chapters::notes::line;
use crate::model::show::{Narration, TextPolicy};
use crate::model::text::Line;

/// Apple's and PSP-1's limit in bytes.
const LONGEST: usize = 4000;
/// What the standfirst keeps where chapters are many: two sentences.
const SHORTEST_DEK: usize = 300;
/// A list of one tells nothing. Apple, Spotify and YouTube ask for three; with two, apps still make links of times.
const FEWEST_CHAPTERS: usize = 2;

/// The notes of an episode; its title where there is nothing else to say.
pub(super) fn html(item: &Item<'_>, language: &str) -> String {
    let dek = match item.text {
        TextPolicy::None => Line::default(),
        TextPolicy::Summary | TextPolicy::Full => Line::new(item.dek.as_deref().unwrap_or_default()),
    };
    let disclosure = match item.narration {
        Narration::Human => String::new(),
        Narration::Synthetic => paragraph(disclosure(language)),
    };
    let link = item.link.as_deref().map(link).unwrap_or_default();
    let room = LONGEST.saturating_sub(disclosure.len() + link.len());
    let lines = chapter_lines(item, room.saturating_sub(paragraph(dek.as_str()).len().min(SHORTEST_DEK)));
    let dek = fitting_paragraph(dek.as_str(), room.saturating_sub(lines.len()));
    let notes = format!("{dek}{disclosure}{lines}{link}");
    if notes.is_empty() { fitting_paragraph(item.title.as_str(), LONGEST) } else { notes }
}

fn paragraph(text: &str) -> String {
    if text.is_empty() { String::new() } else { html! { p { (text) } }.into_string() }
}

/// The address itself is the text: apps that strip links still show where it leads.
fn link(url: &str) -> String {
    let url = attribute(url);
    let link = html! { p { a href=(url) { (url) } } }.into_string();
    if url.is_empty() || link.len() > LONGEST / 4 { String::new() } else { link }
}

/// One paragraph with a line for each chapter, as many as there is room for.
fn chapter_lines(item: &Item<'_>, room: usize) -> String {
    let chapters = item.chapters.map(|list| list.chapters()).unwrap_or_default();
    if chapters.len() < FEWEST_CHAPTERS {
        return String::new();
    }
    let mut length = html! { p {} }.into_string().len();
    let mut lines = Vec::new();
    for chapter in chapters {
        let line = html! { (line(chapter)) (PreEscaped("<br/>")) }.into_string();
        length += line.len();
        if length > room {
            break;
        }
        lines.push(line);
    }
    if lines.len() < FEWEST_CHAPTERS {
        return String::new();
    }
    html! { p { (PreEscaped(lines.concat())) } }.into_string()
}

/// A paragraph of as many words as fit, with an ellipsis where some do not.
fn fitting_paragraph(text: &str, room: usize) -> String {
    let whole = paragraph(text);
    if whole.len() <= room {
        return whole;
    }
    // Escaping only makes longer, so the room bounds the text; then word by word down to what fits.
    let mut end = room.min(text.len());
    loop {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let kept = text.get(..end).unwrap_or_default();
        let cut = match kept.rfind(' ') {
            // Scripts without spaces are cut between characters.
            Some(space) if space > kept.len() / 2 => space,
            _ => end,
        };
        let shorter = text.get(..cut).unwrap_or_default();
        if shorter.is_empty() {
            return String::new();
        }
        let cut_paragraph = paragraph(&format!("{}…", shorter.trim_end_matches([' ', ',', ';', ':'])));
        if cut_paragraph.len() <= room {
            return cut_paragraph;
        }
        let excess = cut_paragraph.len() - room;
        // An escaped character has up to six bytes, so this never steps over a cut that would have fitted by much.
        end = cut.saturating_sub((excess / 6).max(1));
    }
}

/// The sentence that tells listeners that nobody reads, in the language of the article where it is known here.
fn disclosure(language: &str) -> &'static str {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match primary.as_str() {
        "fr" => "Cet épisode est lu par une voix de synthèse générée par IA.",
        "de" => "Diese Folge wird von einer synthetischen, mit KI erzeugten Stimme gelesen.",
        "es" => "Este episodio está leído por una voz sintética generada por IA.",
        "it" => "Questo episodio è letto da una voce sintetica generata dall’IA.",
        "pt" => "Este episódio é lido por uma voz sintética gerada por IA.",
        "nl" => "Deze aflevering wordt voorgelezen door een synthetische, met AI gemaakte stem.",
        _ => "This episode is read by a synthetic, AI-generated voice.",
    }
}
