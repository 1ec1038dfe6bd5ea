//! What `show.toml` must have, looked for in the channel of a feed.

use super::{LONGEST_DESCRIPTION_BYTES, LONGEST_TITLE, is_address};
use crate::checks::{FeedFacts, Found, categories, is_web_address, languages};
use crate::feed::document::Element;
use crate::model::show::{Category, Guid};

/// Says that an element of the channel is missing or blank.
fn missing(feed: &FeedFacts<'_>, namespace: &str, local: &str, help: &str, found: &mut Found<'_>) {
    if let Some(lacking) = feed.lacking(feed.channel, namespace, local) {
        let name = if namespace.is_empty() { local.to_owned() } else { format!("itunes:{local}") };
        found.mend(lacking.place.clone(), lacking.sentence(&name), help);
    }
}

pub(super) fn title_missing(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    missing(feed, "", "title", "Write <title>...</title> into the channel.", found);
}

pub(super) fn title_long(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let Some(title) = feed.channel.first("", "title") else { return };
    let characters = title.text.trim().chars().count();
    if characters > LONGEST_TITLE {
        found.at(feed.at(title), format!("The title has {characters} characters."));
    }
}

pub(super) fn description_missing(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    missing(feed, "", "description", "Write a few sentences into <description>.", found);
}

pub(super) fn description_long(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let Some(description) = feed.channel.first("", "description") else { return };
    let bytes = description.text.trim().len();
    if bytes > LONGEST_DESCRIPTION_BYTES {
        found.at(feed.at(description), format!("The description has {bytes} bytes."));
    }
}

pub(super) fn link_missing(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let help = "Write the whole address of the show's page: <link>https://...</link>";
    missing(feed, "", "link", help, found);
    let Some(link) = feed.channel.first("", "link") else { return };
    let text = link.text.trim();
    if !text.is_empty() && !is_web_address(text) {
        found.mend(feed.at(link), format!("`{text}` is no whole web address."), help);
    }
}

pub(super) fn language_invalid(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    missing(feed, "", "language", "Write two letters, and a region if one is meant: <language>en-ca</language>", found);
    let Some(language) = feed.channel.first("", "language") else { return };
    let code = language.text.trim();
    if !code.is_empty() && !languages::is_accepted(code) {
        let help = match languages::instead(code) {
            Some(instead) => format!("Write <language>{instead}</language>"),
            None => "Write two letters, and a region if one is meant: <language>en-ca</language>".to_owned(),
        };
        found.mend(feed.at(language), format!("`{code}` is no language code."), help);
    }
}

pub(super) fn category_missing(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    if feed.channel.first(feed.itunes(), "category").is_none() {
        let help = "Write one of Apple's categories: <itunes:category text=\"History\"/>";
        found.mend(feed.start_of(feed.channel), "`itunes:category` is missing.", help);
    }
}

pub(super) fn category_unknown(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    for element in feed.channel.all(feed.itunes(), "category") {
        let Some(main) = element.value_of("text") else {
            without_text(feed, element, found);
            continue;
        };
        let subs: Vec<&Element> = element.all(feed.itunes(), "category").collect();
        let of = |sub: Option<&str>| Category { main: main.to_owned(), sub: sub.map(str::to_owned) };
        // Where the main category is unknown, its subcategories cannot be known.
        if let Some(unknown) = categories::fault(&of(None)) {
            let near = subs.first().and_then(|s| categories::fault(&of(s.value_of("text"))));
            category(feed, element, near.unwrap_or(unknown), found);
            continue;
        }
        for sub in subs {
            match sub.value_of("text") {
                None => without_text(feed, sub, found),
                Some(text) => {
                    if let Some(unknown) = categories::fault(&of(Some(text))) {
                        category(feed, sub, unknown, found);
                    }
                }
            }
        }
    }
}

/// Perhaps the name stands between the tags.
fn without_text(feed: &FeedFacts<'_>, element: &Element, found: &mut Found<'_>) {
    let name = match element.text.trim() {
        "" => "News",
        name => name,
    };
    let help = format!("Write <itunes:category text=\"{}\"/>", name.replace('&', "&amp;"));
    found.mend(feed.at(element), "This category has no `text`.", help);
}

fn category(feed: &FeedFacts<'_>, element: &Element, unknown: categories::Unknown, found: &mut Found<'_>) {
    let tag = |text: &str, end: &str| format!("<itunes:category text=\"{}\"{end}>", text.replace('&', "&amp;"));
    let help = match unknown.instead.as_deref() {
        Some(instead) => match instead.split_once(" > ") {
            Some((main, sub)) => format!("Write {}{}</itunes:category>", tag(main, ""), tag(sub, "/")),
            None => format!("Write {}", tag(instead, "/")),
        },
        None => unknown.choice,
    };
    found.mend(feed.attribute_of(element, "text"), unknown.message, help);
}

pub(super) fn explicit_invalid(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let help = "Write <itunes:explicit>false</itunes:explicit>, or `true` where a parent would want to know.";
    missing(feed, feed.itunes(), "explicit", help, found);
    let Some(element) = feed.channel.first(feed.itunes(), "explicit") else { return };
    let value = element.text.trim();
    if !value.is_empty() && !is_true_or_false(value) {
        found.mend(feed.at(element), format!("`{value}` is neither `true` nor `false`."), help);
    }
}

/// Apple's two words, in any letters.
pub(in crate::checks) fn is_true_or_false(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

pub(super) fn author_missing(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let help = "Write the person or organisation: <itunes:author>...</itunes:author>";
    missing(feed, feed.itunes(), "author", help, found);
}

pub(super) fn owner_email_missing(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let help = "Write an address that may be public: <itunes:owner><itunes:email>...</itunes:email></itunes:owner>";
    let Some(owner) = feed.channel.first(feed.itunes(), "owner") else {
        found.mend(feed.start_of(feed.channel), "`itunes:owner` is missing.", help);
        return;
    };
    match owner.first(feed.itunes(), "email") {
        Some(email) if is_address(email.text.trim()) => {}
        Some(email) if email.text.trim().is_empty() => found.mend(feed.at(email), "`itunes:email` is empty.", help),
        Some(email) => {
            found.mend(feed.at(email), format!("`{}` is no e-mail address.", email.text.trim()), help);
        }
        None => found.mend(feed.start_of(owner), "The owner has no `itunes:email`.", help),
    }
}

/// Kinds of pictures that browsers show and directories refuse.
const OTHER_PICTURES: &[&str] = &["webp", "gif", "svg", "avif", "bmp", "tif", "tiff", "heic"];

pub(super) fn artwork_missing(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    let help = "Write <itunes:image href=\"https://...jpg\"/>: square, JPEG or PNG, 1400 to 3000 pixels.";
    let Some(image) = feed.channel.first(feed.itunes(), "image") else {
        found.mend(feed.start_of(feed.channel), "`itunes:image` is missing.", help);
        return;
    };
    if let Some(message) = picture_fault(image) {
        found.mend(feed.attribute_of(image, "href"), message, help);
    }
}

/// What is wrong with the address of a picture.
pub(in crate::checks) fn picture_fault(image: &Element) -> Option<String> {
    let Some(href) = image.value_of("href") else {
        return Some("This picture has no address: it belongs into `href`.".to_owned());
    };
    if !is_web_address(href) {
        return Some(format!("`{href}` is no whole web address."));
    }
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    OTHER_PICTURES
        .contains(&extension.as_str())
        .then(|| format!("The picture is called .{extension}; directories take .jpg and .png."))
}

pub(super) fn guid_malformed(feed: &FeedFacts<'_>, found: &mut Found<'_>) {
    for element in feed.channel.all(feed.podcast(), "guid") {
        let text = element.text.trim();
        if Guid::new(text).is_some_and(|guid| !guid.is_uuid()) {
            found.mend(feed.at(element), format!("`{text}` is no UUID."), own_guid(feed));
        }
    }
}

/// What to write for a guid.
pub(super) fn own_guid(feed: &FeedFacts<'_>) -> String {
    let own = feed.self_url().filter(|url| is_web_address(url)).map(Guid::of_feed);
    match own {
        Some(guid) => format!("Keep the UUID that was published before; the one of this feed's address is {guid}."),
        None => "Write the UUID that was published before, or the one that Podcasting 2.0 makes of the feed's address."
            .to_owned(),
    }
}
