//! What a line is by its own words, length and marks: the evidence that all readers share.

use super::{dates, people, words};
use crate::model::article::Reason;

/// Lines longer than this are never furniture by their words alone.
const SHORT: usize = 60;

/// From this length on, a line that ends like a sentence is running prose.
const PROSE: usize = 80;

/// Length as a reader feels it: characters of unspaced scripts count twice.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(|c| if words::is_unspaced(c) { 2 } else { 1 }).sum()
}

/// True where the text ends as sentences end, closing quotes and brackets aside.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '"' | '”' | '’' | '\'' | '»' | '“' | ')' | ']' | '」' | '』' | '）' | '*' | '_')
    });
    text.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', '܀', '։'])
}

/// A paragraph of running text.
pub(super) fn is_prose(text: &str) -> bool {
    length(text) >= PROSE
        && (ends_sentence(text) || sentences(text) >= 1 || length(text) >= 240 || text.ends_with([':', '：']))
}

/// Ends of sentences inside the text: a mark, a blank, and a capital or a quote.
pub(super) fn sentences(text: &str) -> usize {
    let chars: Vec<char> = text.chars().collect();
    chars
        .windows(3)
        .filter(|w| match w {
            [a, b, c] => {
                matches!(a, '。' | '！' | '？')
                    || matches!(a, '.' | '!' | '?' | '…' | '؟' | '”' | '»')
                        && b.is_whitespace()
                        && (c.is_uppercase()
                            || matches!(c, '“' | '„' | '«' | '"' | '—')
                            || !c.is_lowercase() && c.is_alphabetic())
            }
            _ => false,
        })
        .count()
}

/// Words of a line.
pub(super) fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

/// Why a line is no part of the article, by its own words.
pub(super) fn furniture(text: &str) -> Option<Reason> {
    if !text.chars().any(char::is_alphanumeric) {
        return Some(Reason::Ornament);
    }
    let folded = words::fold(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric() && c != '©');
    let count = length(text);
    if count > SHORT * 3 {
        return boilerplate(&folded, count);
    }
    for (kind, reason) in [
        ("navigation", Reason::Navigation),
        ("meta", Reason::Meta),
        ("appeal", Reason::Appeal),
        ("embed", Reason::Embed),
        ("related", Reason::Related),
        ("comment", Reason::Comment),
        ("boilerplate", Reason::Boilerplate),
        ("labels", Reason::Label),
    ] {
        if words::of(kind).has(bare) {
            return Some(reason);
        }
    }
    if count <= SHORT && is_timed_button(bare) {
        return Some(Reason::Navigation);
    }
    if count <= SHORT && counts_comments(bare, text) {
        return Some(Reason::Comment);
    }
    if count <= SHORT && is_counted(bare) {
        return Some(Reason::Meta);
    }
    if dates::is_change(text) {
        return Some(Reason::Dateline);
    }
    if is_trail(text) {
        return Some(Reason::Navigation);
    }
    if let Some(reason) = labelled(text, &folded) {
        return Some(reason);
    }
    if folded.starts_with("copyright") && boilerplate(&folded, count).is_some() {
        return Some(Reason::Boilerplate);
    }
    if is_picture_line(text) {
        return Some(Reason::Caption);
    }
    if is_url(text) {
        return Some(Reason::Navigation);
    }
    boilerplate(&folded, count)
}

/// Why a heading begins what is no longer the article.
pub(super) fn closing_heading(text: &str) -> Option<Reason> {
    let folded = words::fold(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphabetic());
    [
        ("footnotes", Reason::Footnote),
        ("related", Reason::Related),
        ("comment", Reason::Comment),
        ("about_author", Reason::Biography),
        ("appeal", Reason::Appeal),
        ("labels", Reason::Label),
        ("meta", Reason::Meta),
    ]
    .into_iter()
    .find(|(kind, _)| words::of(kind).has(bare))
    .map(|(_, reason)| reason)
}

/// Why a heading that says more than a closing heading begins what is not the article: "More from Anna Berg".
pub(super) fn begins_closing(text: &str) -> Option<Reason> {
    let folded = words::fold(text);
    [("more_from", Reason::Related), ("about_author", Reason::Biography)]
        .into_iter()
        .find(|(kind, _)| words::of(kind).begins(&folded).is_some())
        .map(|(_, reason)| reason)
}

/// True for a line about the page itself: where it appeared before, what was corrected, why somebody receives it.
pub(super) fn is_colophon(text: &str) -> bool {
    length(text) < 500 && words::of("colophon").begins(&words::fold(text)).is_some()
}

/// True for a paragraph in which the page asks its readers for something.
pub(super) fn is_appeal(text: &str) -> bool {
    let folded = words::fold(text);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    if words::of("appeal").has(bare) {
        return true;
    }
    let asked = words::of("asking").within(&folded);
    if asked == 0 || text.starts_with(['“', '"', '„', '«', '—', '–']) {
        return false;
    }
    let address = words::of("address");
    let addressed = folded.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| address.has(w)).count();
    let unspaced =
        folded.chars().any(words::is_unspaced) || folded.chars().any(|c| ('\u{590}'..='\u{6FF}').contains(&c));
    // One word may stand in any article; an appeal speaks to somebody, in few words.
    let share = length(text) / (asked + addressed).max(1);
    (addressed >= 1 || unspaced) && asked + addressed >= 2 && share <= 80
        || asked >= 2 && length(text) <= SHORT && !ends_sentence(text)
        || asked >= 1 && length(text) <= SHORT && !ends_sentence(text) && addressed >= 1
}

/// True for a text with the names of two and more social networks.
pub(super) fn names_networks(text: &str) -> bool {
    let folded = words::fold(text);
    let networks = words::of("networks");
    let mut named: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| networks.has(w)).collect();
    named.sort_unstable();
    named.dedup();
    named.len() >= 2
}

/// "Photo: …", "Credit …/Agency", "… (Reuters)": the line under a picture.
pub(super) fn is_picture_line(text: &str) -> bool {
    if length(text) > SHORT * 4 {
        return false;
    }
    let folded = words::fold(text);
    if let Some(n) = words::of("picture").begins(&folded) {
        let rest = folded.get(n..).unwrap_or_default().trim_start();
        if rest.starts_with([':', '：', '/', '／', '|', '©', '—']) || rest.starts_with("by ") && !is_prose(text) {
            return true;
        }
    }
    let tail: String = folded.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
    let agencies = words::of("agencies");
    let last = tail.rsplit(['/', '(', '|', '–', '—', '·', ',', ':', '©', '.']).next().unwrap_or_default();
    let last = last.trim_matches(|c: char| !c.is_alphanumeric());
    if agencies.has(last)
        && folded.len() > last.len() + 1
        && !is_prose(text)
        && !(ends_sentence(text) && !text.trim_end().ends_with(')'))
    {
        let before =
            folded.trim_end_matches(|c: char| !c.is_alphanumeric()).strip_suffix(last).unwrap_or_default().trim_end();
        if before.ends_with(['/', '(', '|', '–', '—', '·', '©', '.', ',', ':']) {
            return true;
        }
    }
    if ends_in_capitals(text) {
        return true;
    }
    // A credit after the caption's sentence: "… in March. Photo: Anna Berg".
    let picture = words::of("picture");
    text.split(['.', '|', '(', '–', '·', '/', '。', '（']).skip(1).any(|piece| {
        let piece = words::fold(piece);
        picture
            .begins(&piece)
            .is_some_and(|n| piece.get(n..).is_some_and(|r| r.trim_start().starts_with([':', '：']) && r.len() < 60))
    }) && length(text) < SHORT * 4
        && !is_long_prose(text)
        || text.contains('©') && length(text) < SHORT * 3 && !folded.starts_with('©')
}

/// "The quay in March. ANNA BERG FOR THE PAPER": a credit in capitals behind other words.
fn ends_in_capitals(text: &str) -> bool {
    let is_capital = |w: &&str| w.chars().any(char::is_uppercase) && !w.chars().any(char::is_lowercase);
    let is_sign = |w: &&str| !w.chars().any(char::is_alphanumeric);
    let parts: Vec<&str> = text.split_whitespace().filter(|w| !is_sign(w)).collect();
    let tail: Vec<&str> = parts.iter().rev().copied().take_while(is_capital).collect();
    let letters: usize = tail.iter().map(|w| w.chars().filter(|c| c.is_alphabetic()).count()).sum();
    let before = parts.get(..parts.len() - tail.len()).unwrap_or_default();
    let closed = before.last().is_some_and(|w| w.ends_with(['.', ')', '”', '»', '"']));
    let shouts = before.iter().any(|w| w.chars().count() > 3 && is_capital(w));
    before.len() >= 3
        && !shouts
        && !ends_sentence(text)
        && (tail.len() >= 2 && letters >= 8 && closed || tail.len() >= 3 && letters >= 14)
}

fn is_long_prose(text: &str) -> bool {
    sentences(text) >= 3
}

/// "Show all 23 comments", "Comments (2)", "2 replies".
fn counts_comments(bare: &str, text: &str) -> bool {
    let mut parts = bare.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let has_number = parts.clone().any(|w| w.chars().all(char::is_numeric));
    has_number
        && parts.clone().count() <= 6
        && !ends_sentence(text)
        && parts.any(|w| words::of("comments").has(w) || w.chars().any(words::is_unspaced) && w.contains("コメント"))
}

fn is_counted(bare: &str) -> bool {
    if !bare.chars().any(|c| c.is_numeric()) {
        return false;
    }
    let rest: String = bare
        .chars()
        .map(|c| if c.is_alphabetic() || matches!(c, ' ' | '.' | '\'') || words::is_unspaced(c) { c } else { ' ' })
        .collect();
    let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let counted = words::of("counted");
    if rest.chars().any(words::is_unspaced) {
        return counted.begins(&rest).is_some();
    }
    let mut left = rest.as_str();
    while let Some(n) = counted.begins(left) {
        left = left.get(n..).unwrap_or_default().trim_start_matches(|c: char| !c.is_alphanumeric());
    }
    !rest.is_empty() && left.is_empty()
}

/// "Listen to this article · 7 min", "Écouter 5 min".
fn is_timed_button(bare: &str) -> bool {
    let Some(n) = words::of("navigation").begins(bare) else { return false };
    let rest = bare.get(n..).unwrap_or_default();
    let has_number = rest.chars().any(|c| c.is_numeric());
    has_number && rest.chars().filter(|c| c.is_alphabetic()).count() <= 12
}

/// "Tags: …", "Read also: …", "Subscribe: …", "Sources: …".
fn labelled(text: &str, folded: &str) -> Option<Reason> {
    for (kind, reason) in [
        ("labels", Reason::Label),
        ("related", Reason::Related),
        ("navigation", Reason::Related),
        ("meta", Reason::Meta),
        ("footnotes", Reason::Footnote),
        ("embed", Reason::Embed),
    ] {
        let Some(n) = words::of(kind).begins(folded) else { continue };
        let rest = folded.get(n..).unwrap_or_default().trim_start();
        let marked = rest.starts_with([':', '：', '|', '»', '>', '▸', '→', '►', '】', '］', '」', '〉']);
        if marked && (kind != "footnotes" || !ends_sentence(text)) && length(text) < SHORT * 3 {
            return Some(reason);
        }
        if kind == "labels" && folded.get(..n).is_some_and(|p| p.contains(' ')) && !ends_sentence(text) {
            return Some(reason);
        }
    }
    None
}

fn boilerplate(folded: &str, count: usize) -> Option<Reason> {
    let list = words::of("boilerplate");
    let starts = list.begins(folded).is_some()
        && (count <= SHORT || folded.starts_with(['©', '(']) || folded.starts_with("copyright"));
    let tail = [
        "all rights reserved",
        "tous droits réservés",
        "alle rechte vorbehalten",
        "todos los derechos reservados",
        "無断転載",
        "版权所有",
        "riproduzione riservata",
        "todos os direitos reservados",
    ];
    let within = tail.iter().any(|p| folded.contains(p)) && count < 300;
    (starts || within || folded.starts_with("© ")).then_some(Reason::Boilerplate)
}

fn is_url(text: &str) -> bool {
    let text = text.trim();
    !text.contains(' ')
        && (text.starts_with("http://")
            || text.starts_with("https://")
            || text.starts_with("www.")
            || text.starts_with('@')
            || text.contains('@') && text.contains('.'))
}

/// "Home > World > Asia", "A | B | C | D": a trail of links.
fn is_trail(text: &str) -> bool {
    if ends_sentence(text) || length(text) > SHORT * 3 {
        return false;
    }
    let arrows = text.matches(['>', '›', '»', '/', '|', '→']).count();
    let pieces: Vec<&str> =
        text.split(['>', '›', '»', '|', '→', '/']).map(str::trim).filter(|p| !p.is_empty()).collect();
    let short = pieces.iter().all(|p| word_count(p) <= 4);
    pieces.len() >= 3 && arrows + 1 >= pieces.len() && short && people::line(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_they_are() {
        let check = |text: &str, expected: Option<Reason>| assert_eq!(furniture(text), expected, "{text:?}");
        check("Listen Now", Some(Reason::Navigation));
        check("Listen to this article · 7 min", Some(Reason::Navigation));
        check("5 min read", Some(Reason::Meta));
        check("Temps de lecture : 4 min", Some(Reason::Meta));
        check("Read more: The mill that would not stop", Some(Reason::Related));
        check("Lire aussi : Le moulin", Some(Reason::Related));
        check("* * *", Some(Reason::Ornament));
        check("© 2024 The Mill", Some(Reason::Boilerplate));
        check("Tags: mills, rivers", Some(Reason::Label));
        check("Photo: Anna Berg / Reuters", Some(Reason::Caption));
        check("The mill at dawn. Photo: Anna Berg", Some(Reason::Caption));
        check("Updated 3 March 2023", Some(Reason::Dateline));
        check("Home > World > Asia", Some(Reason::Navigation));
        check("More than a mill", None);
        check("The mill had stopped.", None);
    }

    #[test]
    fn appeals_speak_to_readers() {
        let check = |text: &str, expected: bool| assert_eq!(is_appeal(text), expected, "{text:?}");
        check("If you enjoyed this story, subscribe to our newsletter.", true);
        check("Join us", true);
        check("Faites un don pour soutenir notre journal.", true);
        check(
            "She subscribed to the paper for forty years, and then one winter it stopped coming to the valley.",
            false,
        );
        check("The charity lives from donations.", false);
    }
}
