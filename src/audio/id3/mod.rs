//! ID3v2 tags: what they say, what would leave the house with them, and the tag that an enclosure gets.

use id3::frame::{Chapter, TableOfContents};
use id3::{Content, Frame, Version};

mod write;

pub use write::{Kept, write};

use crate::model::audio::{CarrierFault, Damage, EmbeddedCarrier, EmbeddedChapters, PrivateTag, Tag};
use crate::model::chapter::Mark;
use crate::model::time::{Duration, Timestamp};

/// More of a tag is not read; the largest real ones hold a picture for every chapter.
pub(super) const LARGEST: usize = 64 << 20;

/// Element ids beyond this are cut by AntennaPod.
const LONGEST_ELEMENT_ID: usize = 100;

/// What the tags of a file say, all of them together.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Text, links, comments and pictures by frame id.
    pub(super) text: Vec<Tag>,
    /// Frames that players ignore.
    pub(super) private: Vec<PrivateTag>,
    /// CHAP frames, in order of time.
    pub(super) chapters: Option<EmbeddedChapters>,
    /// What TLEN says.
    pub(super) stated_length: Option<Duration>,
    /// The tags as parsed, for keeping their frames.
    pub(super) tags: Vec<id3::Tag>,
    found: usize,
    faults: Vec<Damage>,
}

impl Facts {
    /// Takes in the bytes of one tag, header included.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        self.found += 1;
        let tag = match id3::Tag::read_from2(std::io::Cursor::new(bytes)) {
            Ok(tag) => tag,
            Err(error) => {
                self.faults.push(Damage::BrokenTag { what: format!("the ID3 tag breaks off: {}", error.description) });
                match error.partial_tag {
                    Some(tag) => tag,
                    None => return,
                }
            }
        };
        for frame in tag.frames() {
            self.frame(frame);
        }
        let unsynchronised = bytes.get(5).is_some_and(|flags| flags & 0x80 != 0);
        self.take_chapters(&tag, unsynchronised);
        self.tags.push(tag);
    }

    /// What is wrong with the tags as such.
    pub(super) fn damage(&self, has_ape: bool) -> Vec<Damage> {
        let mut damage = self.faults.clone();
        if self.found > 1 {
            damage.push(Damage::SeveralTags { what: format!("{} ID3v2 tags", self.found) });
        } else if self.found == 1 && has_ape {
            damage.push(Damage::SeveralTags { what: "an APEv2 tag beside the ID3v2 tag".into() });
        }
        damage
    }

    fn frame(&mut self, frame: &Frame) {
        let id = frame.id();
        let mut say = |name: String, value: String| self.text.push(Tag { name, value });
        match frame.content() {
            Content::Text(text) => {
                if id == "TLEN" {
                    self.stated_length = text.trim().parse().ok().map(Duration::from_millis);
                }
                self.text.push(Tag { name: id.to_owned(), value: text.replace('\0', "; ") });
            }
            Content::ExtendedText(t) => say(format!("{id}:{}", t.description), t.value.replace('\0', "; ")),
            Content::Link(link) => say(id.to_owned(), link.clone()),
            Content::ExtendedLink(l) => say(format!("{id}:{}", l.description), l.link.clone()),
            Content::Comment(c) => say(id.to_owned(), c.text.clone()),
            Content::Lyrics(l) => say(id.to_owned(), l.text.clone()),
            Content::Picture(p) => say(id.to_owned(), format!("{}, {} bytes", p.mime_type, p.data.len())),
            Content::Private(p) => self.hide(id, &p.owner_identifier, p.private_data.len()),
            Content::EncapsulatedObject(o) => {
                let owner = if o.filename.is_empty() { &o.description } else { &o.filename };
                self.hide(id, owner, o.data.len());
            }
            Content::UniqueFileIdentifier(u) => self.hide(id, &u.owner_identifier, u.identifier.len()),
            Content::Unknown(u) => self.hide(id, "", u.data.len()),
            _ => {}
        }
    }

    fn hide(&mut self, id: &str, owner: &str, size: usize) {
        let owner = owner.trim_end_matches('\0').to_owned();
        self.private.push(PrivateTag { id: id.to_owned(), owner, size: u64::try_from(size).unwrap_or(u64::MAX) });
    }

    fn take_chapters(&mut self, tag: &id3::Tag, unsynchronised: bool) {
        let chapters: Vec<&Chapter> = tag.chapters().collect();
        let tables: Vec<&TableOfContents> = tag.tables_of_contents().collect();
        if chapters.is_empty() && tables.is_empty() {
            return;
        }
        self.judge(&chapters, &tables);
        if unsynchronised {
            self.fault(CarrierFault::Id3Unsync, "the tag is unsynchronised, which AntennaPod does not undo");
        } else if tag.version() == Version::Id3v24 && chapters.iter().any(|c| has_large_frame(c)) {
            let what = "chapters hold ID3v2.4 frames of 128 bytes and more, whose size some readers misjudge";
            self.fault(CarrierFault::Id3Unsync, what);
        }
        // A chapter that no table names is hidden, unless no table names any.
        let named: Vec<&String> = tables.iter().flat_map(|t| &t.elements).collect();
        let none_named = !chapters.iter().any(|c| named.contains(&&c.element_id));
        let mut marks: Vec<Mark> =
            chapters.iter().map(|c| mark(c, !none_named && !named.contains(&&c.element_id))).collect();
        marks.sort_by_key(|m| m.start);
        let list = self.chapters.get_or_insert(EmbeddedChapters { carrier: EmbeddedCarrier::Id3, marks: Vec::new() });
        if list.marks.is_empty() {
            list.marks = marks;
        }
    }

    fn judge(&mut self, chapters: &[&Chapter], tables: &[&TableOfContents]) {
        use CarrierFault::{Id3ElementId, Id3Offset, Id3Toc};
        match tables.iter().filter(|t| t.top_level).count() {
            1 => {}
            0 => self.fault(Id3Toc, "no table of contents stands at the top"),
            n => self.fault(Id3Toc, &format!("{n} tables of contents stand at the top")),
        }
        let known =
            |id: &String| chapters.iter().any(|c| c.element_id == *id) || tables.iter().any(|t| t.element_id == *id);
        for table in tables {
            if table.elements.is_empty() {
                self.fault(Id3Toc, &format!("the table of contents `{}` is empty", table.element_id));
            }
            for missing in table.elements.iter().filter(|id| !known(id)) {
                self.fault(Id3Toc, &format!("the table of contents names `{missing}`, which is not there"));
            }
        }
        let ids = chapters.iter().map(|c| &c.element_id).chain(tables.iter().map(|t| &t.element_id));
        for id in ids {
            if id.is_empty() || id.len() > LONGEST_ELEMENT_ID {
                self.fault(Id3ElementId, &format!("an element id has {} bytes", id.len()));
            }
        }
        let odd = chapters.iter().find(|c| {
            let offsets = (c.start_offset, c.end_offset);
            offsets != (u32::MAX, u32::MAX)
                && (c.end_offset < c.start_offset || (c.start_offset == 0 && c.start_time > 0))
        });
        if let Some(odd) = odd {
            let what = format!("chapter `{}` has byte offsets that point at no frame", odd.element_id);
            self.fault(Id3Offset, &what);
        }
    }

    fn fault(&mut self, fault: CarrierFault, what: &str) {
        self.faults.push(Damage::ChapterCarrier { fault, what: what.to_owned() });
    }
}

fn mark(chapter: &Chapter, hidden: bool) -> Mark {
    let title = chapter.frames.iter().find(|f| f.id() == "TIT2").and_then(|f| f.content().text());
    let url = chapter.frames.iter().find_map(|f| f.content().extended_link()).map(|l| l.link.clone());
    Mark {
        start: Timestamp::from_millis(chapter.start_time.into()),
        end: Some(Timestamp::from_millis(chapter.end_time.into())),
        title: title.unwrap_or_default().trim_end_matches('\0').to_owned(),
        hidden,
        url,
        line: None,
    }
}

fn has_large_frame(chapter: &Chapter) -> bool {
    chapter.frames.iter().any(|f| match f.content() {
        Content::Text(text) => text.len() > 127,
        Content::Picture(_) => true,
        _ => false,
    })
}
