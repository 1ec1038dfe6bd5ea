//! Words of an MP4 file: Apple's `ilst`, QuickTime's user data, and what hides in `uuid`.

use super::super::bytes::{Bytes, LONGEST, Reader, code_text, is_code, text};
use super::atom::Atom;
use crate::model::audio::{PrivateTag, Tag};

/// More tags than anybody writes.
const MOST_TAGS: usize = 10_000;

/// What Apple's encoders say of their padding (`iTunSMPB`): words in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Gapless {
    pub(super) delay: u64,
    pub(super) length: u64,
}

/// What a movie says in words.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) tags: Vec<Tag>,
    pub(super) private: Vec<PrivateTag>,
    pub(super) gapless: Option<Gapless>,
    /// The Nero list of chapters.
    pub(super) chapter_list: Option<Atom>,
}

impl Words {
    /// User data of the movie.
    pub(super) fn user_data(&mut self, reader: &mut Reader<'_>, udta: &Atom) {
        for atom in udta.children(reader, 0) {
            match &atom.kind {
                b"meta" => self.meta(reader, &atom),
                b"chpl" => self.chapter_list = Some(atom),
                b"uuid" => self.uuid(reader, &atom),
                b"free" | b"skip" | b"hnti" | b"hinf" | b"WLOC" | b"LOOP" | b"SelO" | b"AllF" => {}
                [0xA9, ..] => {
                    // Size and language, then the text, perhaps in several languages.
                    let mut b = atom.bytes(reader);
                    let length = b.be16().map(usize::from);
                    b.take(2);
                    let value = length.and_then(|n| b.take(n.min(b.0.len()))).map(text).unwrap_or_default();
                    self.say(code_text(atom.kind), value);
                }
                _ if is_code(atom.kind) => self.hide(&atom, String::new()),
                _ => {}
            }
        }
    }

    /// Metadata: a list of Apple's items, by code or by the names of `keys`.
    pub(super) fn meta(&mut self, reader: &mut Reader<'_>, meta: &Atom) {
        // ISO puts a version in front, QuickTime none.
        let plain = meta.bytes(reader).0.get(4..8) == Some(b"hdlr");
        let children = meta.children(reader, if plain { 0 } else { 4 });
        let mut keys = Vec::new();
        for atom in &children {
            match &atom.kind {
                b"keys" => keys = names(reader, atom),
                b"ilst" => {
                    for item in atom.children(reader, 0) {
                        self.item(reader, &item, &keys);
                    }
                }
                b"uuid" => self.uuid(reader, atom),
                b"ID32" | b"xml " | b"bxml" => self.hide(atom, String::new()),
                _ => {}
            }
        }
    }

    fn item(&mut self, reader: &mut Reader<'_>, item: &Atom, keys: &[String]) {
        let children = item.children(reader, 0);
        let part = |reader: &mut Reader<'_>, kind: &[u8; 4]| {
            let atom = children.iter().find(|a| &a.kind == kind)?;
            Some(text(atom.bytes(reader).0.get(4..)?))
        };
        let number = u32::from_be_bytes(item.kind);
        let key = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)).and_then(|n| keys.get(n));
        let name = match (&item.kind, key) {
            (b"----", _) => {
                let mean = part(reader, b"mean").unwrap_or_default();
                let name = part(reader, b"name").unwrap_or_default();
                format!("----:{mean}:{name}")
            }
            (_, Some(key)) => key.clone(),
            (kind, None) if is_code(*kind) => code_text(*kind),
            _ => return,
        };
        for atom in children.iter().filter(|a| &a.kind == b"data") {
            let Some(value) = value(atom.bytes(reader), &item.kind) else { continue };
            if name.ends_with(":iTunSMPB") {
                self.gapless = gapless(&value);
            }
            self.say(name.clone(), value);
        }
    }

    /// A box whose meaning only its writer knows.
    pub(super) fn uuid(&mut self, reader: &mut Reader<'_>, atom: &Atom) {
        const XMP: [u8; 16] = *b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";
        let id: Option<[u8; 16]> = atom.bytes(reader).take(16).and_then(|b| b.try_into().ok());
        let owner = match id {
            Some(XMP) => "XMP".to_owned(),
            Some(id) => uuid::Uuid::from_bytes(id).to_string(),
            None => String::new(),
        };
        self.hide(atom, owner);
    }

    fn say(&mut self, name: String, value: String) {
        if self.tags.len() < MOST_TAGS && !value.is_empty() {
            self.tags.push(Tag { name, value });
        }
    }

    fn hide(&mut self, atom: &Atom, owner: String) {
        if self.private.len() < MOST_TAGS {
            self.private.push(PrivateTag { id: code_text(atom.kind), owner, size: atom.len() });
        }
    }
}

/// The names that items of `keys` have.
fn names(reader: &mut Reader<'_>, keys: &Atom) -> Vec<String> {
    keys.children(reader, 8).iter().map(|a| text(a.bytes(reader).0)).collect()
}

/// The value of a `data` box, as text; `None` for pictures and other bytes.
fn value(mut b: Bytes<'_>, item: &[u8; 4]) -> Option<String> {
    let kind = b.be32()? & 0x00FF_FFFF;
    b.take(4)?;
    let bytes = b.0.get(..LONGEST.min(b.0.len()))?;
    match kind {
        1 => Some(text(bytes)),
        2 => Some(encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0.trim_end_matches('\0').to_owned()),
        0 if matches!(item, b"trkn" | b"disk") => {
            b.take(2)?;
            let (number, of) = (b.be16()?, b.be16()?);
            Some(if of == 0 { number.to_string() } else { format!("{number}/{of}") })
        }
        0 if item == b"gnre" => b.be16().map(|n| n.to_string()),
        21 | 22 if bytes.len() <= 8 => {
            let raw = bytes.iter().fold(0i64, |n, x| n << 8 | i64::from(*x));
            let above = u32::try_from(64 - 8 * bytes.len()).ok().filter(|n| kind == 21 && *n < 64);
            Some(above.map_or(raw, |n| raw << n >> n).to_string())
        }
        _ => None,
    }
}

/// Flags, delay, padding, length.
fn gapless(value: &str) -> Option<Gapless> {
    let mut words = value.split_ascii_whitespace().skip(1);
    let mut word = || u64::from_str_radix(words.next()?, 16).ok();
    let (delay, _, length) = (word()?, word()?, word()?);
    (length > 0 && length <= u64::from(u32::MAX) * 16).then_some(Gapless { delay, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gapless_words_are_hexadecimal() {
        let value = " 00000000 00000840 000001C0 0000000000000400 00000000 00000000 00000000";
        assert_eq!(gapless(value), Some(Gapless { delay: 0x840, length: 0x400 }));
        assert_eq!(gapless(" 00000000 00000840"), None);
        assert_eq!(gapless("not hexadecimal at all"), None);
    }
}
