//! Vorbis comments, as Ogg and FLAC carry them, read and written: text tags, and chapters by the Xiph chapter extension.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::bytes::{Bytes, text};
use super::tag::NewTag;
use crate::model::audio::{EmbeddedCarrier, EmbeddedChapters, Tag};
use crate::model::chapter::Mark;
use crate::model::show::KeepTags;
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

/// Names that ours replace, besides chapters and pictures.
const OURS: [&str; 12] = [
    "TITLE",
    "ALBUM",
    "ARTIST",
    "PERFORMER",
    "DATE",
    "YEAR",
    "GENRE",
    "LANGUAGE",
    "DESCRIPTION",
    "COMMENT",
    "CONTACT",
    "URL",
];
/// What a listener has of a recording besides.
const KNOWN: [&str; 7] = ["COPYRIGHT", "LICENSE", "ORGANIZATION", "ISRC", "ENCODER", "R128_", "REPLAYGAIN_"];
/// Chapters have numbers of three digits.
const MOST_CHAPTERS: usize = 1000;

/// Writes a block with our words and chapters in the place of their like; `old` is the block that was there. Gives the
/// names of what stays behind, too. `None` where a list of chapters is longer than numbers are.
pub(super) fn write(tag: &NewTag<'_>, old: &[u8], keep: KeepTags) -> Option<(Vec<u8>, Vec<String>)> {
    let mut bytes = Bytes(old);
    let vendor = counted(&mut bytes).unwrap_or_default();
    let mut ours: Vec<Vec<u8>> = Vec::new();
    let mut say = |name: &str, value: &str| {
        if !value.is_empty() {
            ours.push(format!("{name}={value}").into_bytes());
        }
    };
    say("TITLE", tag.title);
    say("ALBUM", tag.show);
    tag.authors.iter().for_each(|author| say("ARTIST", author));
    tag.narrators.iter().for_each(|narrator| say("PERFORMER", narrator));
    say("DATE", &tag.date.map(|d| d.to_string()).unwrap_or_default());
    say("GENRE", "Podcast");
    say("LANGUAGE", tag.language);
    say("DESCRIPTION", tag.comment.unwrap_or_default());
    say("URL", tag.link.unwrap_or_default());
    if tag.chapters.chapters().len() > MOST_CHAPTERS {
        return None;
    }
    for (number, chapter) in tag.chapters.chapters().iter().enumerate() {
        say(&format!("CHAPTER{number:03}"), &chapter.start.npt());
        say(&format!("CHAPTER{number:03}NAME"), chapter.title.as_str());
        say(&format!("CHAPTER{number:03}URL"), chapter.url.as_deref().unwrap_or_default());
    }
    if let Some(jpeg) = tag.cover {
        say("METADATA_BLOCK_PICTURE", &STANDARD.encode(picture(jpeg)?));
    }
    let mut dropped = Vec::new();
    let count = bytes.le32().unwrap_or(0);
    for _ in 0..count {
        let Some(comment) = counted(&mut bytes) else { break };
        let name = comment.split(|b| *b == b'=').next().map(text).unwrap_or_default().to_ascii_uppercase();
        let replaced =
            OURS.contains(&name.as_str()) || chapter_key(&name).is_some() || tag.cover.is_some() && is_picture(&name);
        let known = || is_picture(&name) || KNOWN.iter().any(|known| name.starts_with(known));
        if replaced {
            continue;
        } else if keep == KeepTags::All || known() {
            ours.push(comment.to_vec());
        } else {
            dropped.push(name);
        }
    }
    let mut out = Vec::new();
    put(&mut out, vendor)?;
    out.extend(u32::try_from(ours.len()).ok()?.to_le_bytes());
    for comment in &ours {
        put(&mut out, comment)?;
    }
    Some((out, dropped))
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    out.extend(u32::try_from(bytes.len()).ok()?.to_le_bytes());
    out.extend_from_slice(bytes);
    Some(())
}

/// A front cover as FLAC has it (RFC 9639 section 8.8). Its measures may be left open.
pub(super) fn picture(jpeg: &[u8]) -> Option<Vec<u8>> {
    const KIND: &[u8] = b"image/jpeg";
    let mut out = 3_u32.to_be_bytes().to_vec();
    out.extend(u32::try_from(KIND.len()).ok()?.to_be_bytes());
    out.extend_from_slice(KIND);
    out.extend_from_slice(&[0; 20]);
    out.extend(u32::try_from(jpeg.len()).ok()?.to_be_bytes());
    out.extend_from_slice(jpeg);
    Some(out)
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
