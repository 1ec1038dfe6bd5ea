//! The words without times, for recordings that nobody could listen to: a plain page, as Podcasting 2.0 allows it.

use maud::{DOCTYPE, html};

use crate::model::script::{Passage, Role};
use crate::model::text::Line;

/// What is narrated, as headings and paragraphs; `None` where nothing is.
pub fn html(title: &str, language: &str, passages: &[Passage]) -> Option<String> {
    let narrated: Vec<&Passage> = passages.iter().filter(|p| p.narrated).collect();
    if narrated.iter().all(|p| Line::new(&p.text).is_empty()) {
        return None;
    }
    let page = html! {
        (DOCTYPE)
        html lang=(language) {
            head { meta charset="utf-8"; title { (title) } }
            body {
                @for passage in narrated {
                    @let text = Line::new(&passage.text);
                    @match passage.role {
                        Role::Title => h1 dir="auto" { (text) },
                        Role::Heading => h2 dir="auto" { (text) },
                        Role::Dek | Role::Paragraph => p dir="auto" { (text) },
                    }
                }
            }
        }
    };
    Some(page.into_string())
}
