//! The HTML of show notes → what is judged of it: its elements, its links, and its lines as an app shows them.

use std::cell::RefCell;
use std::collections::BTreeSet;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Notes as they were taken apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Markup {
    /// Names of elements, in small letters.
    pub elements: BTreeSet<String>,
    /// Where its links lead.
    pub links: Vec<String>,
    /// Its text, line by line.
    pub lines: Vec<String>,
}

/// Elements that do not end the line that they stand in.
const INLINE: &[&str] =
    &["a", "b", "i", "em", "strong", "span", "u", "s", "code", "small", "sub", "sup", "font", "img"];

/// Takes notes apart.
pub fn read(text: &str) -> Markup {
    let tokenizer = Tokenizer::new(Sink::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(text.into());
    // The sink never asks it to wait, so that one round reads all.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let mut markup = tokenizer.sink.0.into_inner();
    markup.lines = markup.lines.into_iter().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect();
    markup
}

#[derive(Default)]
struct Sink(RefCell<Markup>);

impl Sink {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        let mut markup = self.0.borrow_mut();
        let name = tag.name.to_string();
        if !INLINE.contains(&name.as_str()) {
            markup.lines.push(String::new());
        }
        if tag.kind == TagKind::EndTag {
            return TokenSinkResult::Continue;
        }
        if name == "a" {
            let href = tag.attrs.iter().find(|a| &*a.name.local == "href");
            markup.links.extend(href.map(|a| a.value.trim().to_owned()));
        }
        let raw = match name.as_str() {
            "script" => Some(RawKind::ScriptData),
            "style" => Some(RawKind::Rawtext),
            _ => None,
        };
        markup.elements.insert(name);
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => return self.tag(&tag),
            Token::CharacterTokens(text) => {
                let mut markup = self.0.borrow_mut();
                for (index, line) in text.split(['\n', '\r']).enumerate() {
                    match markup.lines.last_mut().filter(|_| index == 0) {
                        Some(last) => last.push_str(line),
                        None => markup.lines.push(line.to_owned()),
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_taken_apart_as_an_app_shows_them() {
        #[track_caller]
        fn check(text: &str, elements: &str, links: &[&str], lines: &[&str]) {
            let markup = read(text);
            let found: Vec<String> = markup.elements.into_iter().collect();
            assert_eq!((found.join(" ").as_str(), markup.links, markup.lines), (elements, owned(links), owned(lines)));
        }
        fn owned(list: &[&str]) -> Vec<String> {
            list.iter().map(|s| (*s).to_owned()).collect()
        }
        check("plain\ntext &amp; 1 < 2", "", &[], &["plain", "text & 1 < 2"]);
        check(
            "<P>A <A HREF='http://x'>b</a></P>00:00 c<br/>00:10 <b>d</b>",
            "a b br p",
            &["http://x"],
            &["A b", "00:00 c", "00:10 d"],
        );
        check(
            "<script>if (a < b) '<p>'</script><ul><li>x<li>y</ul>",
            "li script ul",
            &[],
            &["if (a < b) '<p>'", "x", "y"],
        );
    }
}
