//! Vorbis comments, as Ogg and FLAC carry them: text tags, and chapters by the Xiph chapter extension.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

use std::collections::BTreeMap;

use super::bytes::{Bytes, text};
use crate::model::audio::{EmbeddedCarrier, EmbeddedChapters, Tag};
use crate::model::chapter::Mark;
use crate::model::time::Timestamp;

/// More comments than anybody writes.
const MOST_COMMENTS: usize = 10_000;
/// Longer values are pictures and lyrics; they are no text tags.
const LONGEST_VALUE: usize = 1 << 16;

/// What a block of comments says.
#[derive(Default)]
pub(super) struct Comments {
    /// Text tags without chapters and pictures, in the order found.
    pub(super) tags: Vec<Tag>,
    /// Chapters, by their number.
    pub(super) chapters: Option<EmbeddedChapters>,
    /// What is wrong with the block, as a clause.
    pub(super) broken: Option<String>,
}

/// Reads a block: vendor, count, comments.
pub(super) fn read(block: &[u8]) -> Comments {
    let mut bytes = Bytes(block);
    let mut comments = Comments::default();
    let mut starts: BTreeMap<u16, Mark> = BTreeMap::new();
    let mut names: BTreeMap<u16, (String, Option<String>)> = BTreeMap::new();
    if counted(&mut bytes).is_none() {
        comments.broken = Some("the comments end before they begin".into());
        return comments;
    }
    let count = bytes.le32().unwrap_or(0);
    for n in 0..count {
        if comments.tags.len() >= MOST_COMMENTS || starts.len() >= MOST_COMMENTS {
            comments.broken = Some(format!("there are more than {MOST_COMMENTS} comments"));
            break;
        }
        let Some(comment) = counted(&mut bytes) else {
            comments.broken = Some(format!("the comments say that there are {count} of them, but end after {n}"));
            break;
        };
        let Some(split) = comment.iter().position(|b| *b == b'=') else { continue };
        let (name, value) = comment.split_at(split);
        let name = text(name);
        let value = value.get(1..).unwrap_or_default();
        if value.len() > LONGEST_VALUE || is_picture(&name) {
            continue;
        }
        let value = text(value);
        match chapter_key(&name) {
            Some((number, Part::Start)) => {
                // An early draft of the extension wrote "start-->end".
                let (start, end) = match value.split_once("-->") {
                    Some((s, e)) => (s, Timestamp::parse(e)),
                    None => (value.as_str(), None),
                };
                match Timestamp::parse(start) {
                    Some(start) => {
                        starts.insert(number, Mark { end, ..Mark::new(start, "") });
                    }
                    None => comments.broken = Some(format!("{name} has no time that can be read: {value}")),
                }
            }
            Some((number, Part::Name)) => names.entry(number).or_default().0 = value,
            Some((number, Part::Url)) => names.entry(number).or_default().1 = Some(value),
            None => comments.tags.push(Tag { name, value }),
        }
    }
    for (number, (title, url)) in names {
        if let Some(mark) = starts.get_mut(&number) {
            (mark.title, mark.url) = (title, url);
        }
    }
    if !starts.is_empty() {
        let marks = starts.into_values().collect();
        comments.chapters = Some(EmbeddedChapters { carrier: EmbeddedCarrier::Vorbis, marks });
    }
    comments
}

fn counted<'a>(bytes: &mut Bytes<'a>) -> Option<&'a [u8]> {
    let len = bytes.le32()?;
    bytes.take(usize::try_from(len).ok()?)
}

fn is_picture(name: &str) -> bool {
    ["METADATA_BLOCK_PICTURE", "COVERART"].iter().any(|n| name.eq_ignore_ascii_case(n))
}

enum Part {
    Start,
    Name,
    Url,
}

/// `CHAPTERnnn`, `CHAPTERnnnNAME` and `CHAPTERnnnURL`, in any case; two digits are seen as well as three.
fn chapter_key(name: &str) -> Option<(u16, Part)> {
    let name = name.to_ascii_uppercase();
    let rest = name.strip_prefix("CHAPTER")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, part) = rest.split_at_checked(digits)?;
    if !(1..=4).contains(&digits) {
        return None;
    }
    let part = match part {
        "" => Part::Start,
        "NAME" => Part::Name,
        "URL" => Part::Url,
        _ => return None,
    };
    Some((number.parse().ok()?, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(comments: &[&str]) -> Vec<u8> {
        let mut out = vec![0, 0, 0, 0];
        out.extend(u32::try_from(comments.len()).unwrap().to_le_bytes());
        for c in comments {
            out.extend(u32::try_from(c.len()).unwrap().to_le_bytes());
            out.extend(c.as_bytes());
        }
        out
    }

    #[test]
    fn chapters_come_apart_from_tags() {
        let read = read(&block(&[
            "TITLE=A = B",
            "chapter001=00:00:02.000",
            "CHAPTER000=00:00:00.000-->00:00:02.000",
            "CHAPTER001NAME=Zweites Ünïcode",
            "CHAPTER000name=Intro",
            "CHAPTER001URL=https://example.org/",
            "METADATA_BLOCK_PICTURE=AAAA",
            "CHAPTERS=none",
        ]));
        let names: Vec<_> = read.tags.iter().map(|t| (t.name.as_str(), t.value.as_str())).collect();
        assert_eq!(names, [("TITLE", "A = B"), ("CHAPTERS", "none")]);
        let marks = read.chapters.unwrap().marks;
        assert_eq!(marks.len(), 2);
        assert_eq!((marks[0].title.as_str(), marks[0].end), ("Intro", Some(Timestamp::from_millis(2000))));
        assert_eq!((marks[1].title.as_str(), marks[1].start.millis()), ("Zweites Ünïcode", 2000));
        assert_eq!(marks[1].url.as_deref(), Some("https://example.org/"));
        assert!(read.broken.is_none());
    }

    #[test]
    fn a_block_that_lies_about_its_length_keeps_what_is_there() {
        let mut lying = block(&["A=1"]);
        lying[4] = 200;
        let read = read(&lying);
        assert_eq!(read.tags.len(), 1);
        assert!(read.broken.unwrap().contains("end after 1"));
    }
}
