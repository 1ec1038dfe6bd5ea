//! The tag of an enclosure: ID3v2.3, because more readers get that version right than 2.4.

use std::collections::BTreeSet;

use id3::frame::{Chapter, Comment, ExtendedLink, Picture, PictureType, TableOfContents};
use id3::{Content, Encoder, Encoding, Frame, Tag, TagLike, Version};

use crate::audio::tag::NewTag;
use crate::model::chapter::ChapterList;
use crate::model::show::KeepTags;

/// What became of the frames that a recording brought along.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Kept {
    /// Ids of the frames that stay.
    pub kept: Vec<String>,
    /// Ids of the frames that do not.
    pub dropped: Vec<String>,
}

/// Frames that ours replace, whatever their content.
const OURS: &[&str] = &[
    "TIT2", "TALB", "TPE1", "TCOM", "TYER", "TDAT", "TIME", "TDRC", "TDRL", "TCON", "TLEN", "TLAN", "WOAF", "COMM",
    "APIC", "CHAP", "CTOC",
];

/// Writes a tag, keeping what the old tags of the file had as far as it is wanted and can be said in this version.
pub fn write(new: &NewTag<'_>, old: &[Tag], keep: KeepTags) -> Result<(Vec<u8>, Kept), id3::Error> {
    let mut tag = Tag::with_version(Version::Id3v23);
    for frame in frames(new) {
        tag.add_frame(frame);
    }
    let mut fate = Kept::default();
    let mut seen = BTreeSet::new();
    for frame in old.iter().flat_map(Tag::frames) {
        if OURS.contains(&frame.id()) {
            continue;
        }
        let id = frame.id().to_owned();
        // Of several tags the first one is what players show.
        if stays(frame, keep) && (seen.insert(id.clone()) || !frame.content().text().is_some_and(|_| true)) {
            tag.add_frame(frame.clone());
            fate.kept.push(id);
        } else {
            fate.dropped.push(id);
        }
    }
    let mut bytes = Vec::new();
    Encoder::new().version(Version::Id3v23).encode(&tag, &mut bytes)?;
    Ok((bytes, fate))
}

/// Whether a frame of an old tag goes out again.
fn stays(frame: &Frame, keep: KeepTags) -> bool {
    let readable = match frame.content() {
        // Bytes of another version cannot be carried over: frame layouts differ.
        Content::Unknown(unknown) => unknown.version == Version::Id3v23,
        _ => true,
    };
    let visible = !matches!(
        frame.content(),
        Content::Private(_) | Content::EncapsulatedObject(_) | Content::UniqueFileIdentifier(_) | Content::Unknown(_)
    );
    // Frame ids of three letters come from version 2.2 and have no place in this one.
    readable && frame.id_for_version(Version::Id3v23).is_some() && (keep == KeepTags::All || visible)
}

fn frames(new: &NewTag<'_>) -> Vec<Frame> {
    let mut frames = vec![
        Frame::text("TIT2", new.title),
        Frame::text("TALB", new.show),
        Frame::text("TCON", "Podcast"),
        Frame::text("TLEN", new.duration.millis().to_string()),
    ];
    let language = iso_639_2(new.language);
    if let Some(code) = language {
        frames.push(Frame::text("TLAN", code));
    }
    if !new.authors.is_empty() {
        frames.push(Frame::text("TPE1", new.authors.join(", ")));
    }
    if !new.narrators.is_empty() {
        frames.push(Frame::text("TCOM", new.narrators.join(", ")));
    }
    if let Some(date) = new.date {
        frames.push(Frame::text("TYER", format!("{:04}", date.year())));
        frames.push(Frame::text("TDAT", format!("{:02}{:02}", date.day(), date.month())));
    }
    // URLs of a tag are Latin-1; one with other letters would become something else.
    if let Some(link) = new.link.filter(|l| l.is_ascii()) {
        frames.push(Frame::link("WOAF", link));
    }
    if let Some(text) = new.comment {
        let lang = language.unwrap_or("und").to_owned();
        frames.push(Comment { lang, description: String::new(), text: text.to_owned() }.into());
    }
    if let Some(cover) = new.cover {
        frames.push(
            Picture {
                mime_type: "image/jpeg".into(),
                picture_type: PictureType::CoverFront,
                description: String::new(),
                data: cover.to_vec(),
            }
            .into(),
        );
    }
    frames.extend(chapters(new.chapters));
    frames
}

/// One table at the top that names every chapter in order of time; byte offsets say that times count.
fn chapters(list: &ChapterList) -> Vec<Frame> {
    let millis = |t: crate::model::time::Timestamp| u32::try_from(t.millis()).unwrap_or(u32::MAX - 1);
    let ids: Vec<String> = (0..list.chapters().len()).map(|i| format!("chp{i}")).collect();
    let table = TableOfContents {
        element_id: "toc".into(),
        top_level: true,
        ordered: true,
        elements: ids.clone(),
        frames: Vec::new(),
    };
    let mut frames: Vec<Frame> = vec![table.into()];
    for (element_id, (chapter, end)) in ids.into_iter().zip(list.spans()) {
        frames.push(
            Chapter {
                element_id,
                start_time: millis(chapter.start),
                end_time: millis(end),
                start_offset: u32::MAX,
                end_offset: u32::MAX,
                frames: std::iter::once(Frame::text("TIT2", chapter.title.as_str()))
                    .chain(chapter.url.as_deref().and_then(link))
                    .collect(),
            }
            .into(),
        );
    }
    frames
}

/// A chapter's link. URLs of a tag are Latin-1, its description is empty in the simplest encoding, and readers undo `+`
/// and `%` in it (AntennaPod, Pocket Casts): one with these would lead elsewhere.
fn link(url: &str) -> Option<Frame> {
    let plain = url.is_ascii() && !url.contains(['+', '%']);
    let link = ExtendedLink { description: String::new(), link: url.to_owned() };
    plain.then(|| Frame::from(link).set_encoding(Some(Encoding::Latin1)))
}

/// ISO 639-2/T codes, which tags want, of the languages that ISO 639-1 gives two letters and podcasts are made in.
fn iso_639_2(language: &str) -> Option<&'static str> {
    let primary = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    const CODES: &[(&str, &str)] = &[
        ("af", "afr"),
        ("ar", "ara"),
        ("bg", "bul"),
        ("bn", "ben"),
        ("ca", "cat"),
        ("cs", "ces"),
        ("cy", "cym"),
        ("da", "dan"),
        ("de", "deu"),
        ("el", "ell"),
        ("en", "eng"),
        ("es", "spa"),
        ("et", "est"),
        ("eu", "eus"),
        ("fa", "fas"),
        ("fi", "fin"),
        ("fr", "fra"),
        ("ga", "gle"),
        ("gl", "glg"),
        ("he", "heb"),
        ("hi", "hin"),
        ("hr", "hrv"),
        ("hu", "hun"),
        ("hy", "hye"),
        ("id", "ind"),
        ("is", "isl"),
        ("it", "ita"),
        ("ja", "jpn"),
        ("ka", "kat"),
        ("ko", "kor"),
        ("lg", "lug"),
        ("lt", "lit"),
        ("lv", "lav"),
        ("mn", "mon"),
        ("ms", "msa"),
        ("nb", "nob"),
        ("nl", "nld"),
        ("nn", "nno"),
        ("no", "nor"),
        ("pl", "pol"),
        ("pt", "por"),
        ("ro", "ron"),
        ("ru", "rus"),
        ("sk", "slk"),
        ("sl", "slv"),
        ("sq", "sqi"),
        ("sr", "srp"),
        ("sv", "swe"),
        ("sw", "swa"),
        ("ta", "tam"),
        ("th", "tha"),
        ("tr", "tur"),
        ("uk", "ukr"),
        ("ur", "urd"),
        ("vi", "vie"),
        ("zh", "zho"),
    ];
    CODES.iter().find(|(two, _)| *two == primary).map(|(_, three)| *three)
}
