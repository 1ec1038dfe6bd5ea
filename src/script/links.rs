//! Where a chapter leads on the article's own page.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::model::article::{Article, BlockAt};

/// The address of an article's page, if it is one that a browser opens.
pub(super) fn page(link: &str) -> Option<Url> {
    Url::parse(link).ok().filter(|u| matches!(u.scheme(), "http" | "https"))
}

/// A heading on its page: the place that the markup names, else the heading's own words, which browsers look for
/// (a text fragment, WICG). `None` where they would stop at an earlier line with the same words.
pub(super) fn place(page: &Url, article: &Article, heading: BlockAt<'_>) -> Option<Url> {
    let fragment = match &heading.block.anchor {
        Some(anchor) => anchor.clone(),
        None => {
            let words = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            let wanted = words(&heading.block.text);
            if article.blocks.iter().take(heading.index).any(|b| words(&b.text).contains(&wanted)) {
                return None;
            }
            format!(":~:text={}", utf8_percent_encode(&heading.block.text, NON_ALPHANUMERIC))
        }
    };
    let mut place = page.clone();
    place.set_fragment(Some(&fragment));
    Some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::article::{Block, Guess, Kind};

    fn check(blocks: &[(Kind, &str, Option<&str>)], expected: &[Option<&str>]) {
        let blocks = blocks.iter().map(|(kind, text, anchor)| Block {
            line: 1,
            text: (*text).into(),
            kind: *kind,
            guess: Guess::Narrated,
            anchor: anchor.map(str::to_owned),
        });
        let article = Article { blocks: blocks.collect(), ..Article::default() };
        let page = page("https://pages.example/harbour?from=feed").expect("an address");
        let headings = article.sections().into_iter().filter_map(|s| s.heading);
        let found: Vec<Option<String>> = headings.map(|h| place(&page, &article, h).map(String::from)).collect();
        let on = |fragment: &&str| format!("https://pages.example/harbour?from=feed#{fragment}");
        assert_eq!(found, expected.iter().map(|e| e.as_ref().map(on)).collect::<Vec<_>>());
    }

    #[test]
    fn a_heading_is_found_by_its_name_or_by_its_words() {
        check(
            &[
                (Kind::Heading, "The pilots", Some("pilots")),
                (Kind::Paragraph, "Each pilot knows the lights, all-important as they are.", None),
                (Kind::Heading, "All-important, & «brûlé»: what it's for", None),
                (Kind::Heading, "灯台の光", None),
            ],
            &[
                Some("pilots"),
                Some(":~:text=All%2Dimportant%2C%20%26%20%C2%ABbr%C3%BBl%C3%A9%C2%BB%3A%20what%20it%27s%20for"),
                Some(":~:text=%E7%81%AF%E5%8F%B0%E3%81%AE%E5%85%89"),
            ],
        );
    }

    #[test]
    fn words_that_stand_before_the_heading_lead_nowhere() {
        let text = "She never saw  the Lights again.";
        check(&[(Kind::Paragraph, text, None), (Kind::Heading, "The lights", None)], &[None]);
        check(&[(Kind::Heading, "Part", None), (Kind::Heading, "Part", None)], &[Some(":~:text=Part"), None]);
    }

    #[test]
    fn only_what_a_browser_opens_is_a_page() {
        assert!(page("mailto:a@b.example").is_none() && page("harbour").is_none());
    }
}
