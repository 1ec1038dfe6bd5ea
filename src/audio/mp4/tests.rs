//! Files are built here box by box; whole ones are what ffmpeg wrote.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)]

use std::io::Cursor;

use super::*;
use crate::model::audio::{CarrierFault, EmbeddedCarrier};

const CHAPTERS: &[u8] = include_bytes!("../../../tests/audio/ffmpeg-aac-chapters-14400.m4a");
const FRAGMENTS: &[u8] = include_bytes!("../../../tests/audio/ffmpeg-aac-fragments-14400.m4a");
const ALAC: &[u8] = include_bytes!("../../../tests/audio/ffmpeg-alac-14400.m4a");

fn atom(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

/// An AAC track in a file: what each test changes of it.
struct Build {
    config: Vec<u8>,
    movie_scale: u32,
    scale: u32,
    /// Packets, and ticks of each.
    packets: u32,
    ticks: u32,
    /// Length in ticks of the movie and where the media begins.
    edits: Vec<(u32, i32)>,
    user_data: Vec<u8>,
    kind: [u8; 4],
}

impl Default for Build {
    fn default() -> Self {
        Self {
            config: vec![0x12, 0x10],
            movie_scale: 1000,
            scale: 44_100,
            packets: 100,
            ticks: 1024,
            edits: vec![],
            user_data: vec![],
            kind: *b"mp4a",
        }
    }
}

impl Build {
    /// `ftyp`, the index, then packets of ten bytes.
    fn bytes(&self) -> Vec<u8> {
        let ftyp = atom(b"ftyp", b"M4A \0\0\0\0");
        let place = ftyp.len() as u32 + self.moov(0).len() as u32 + 8;
        [ftyp, self.moov(place), atom(b"mdat", &vec![7; self.packets as usize * 10])].concat()
    }

    fn entry(&self) -> Vec<u8> {
        let config = [&[5, self.config.len() as u8][..], &self.config].concat();
        let decoder = [&[4, config.len() as u8 + 13, 0x40][..], &[0; 12], &config].concat();
        let stream = [&[0; 4][..], &[3, decoder.len() as u8 + 3, 0, 0, 0], &decoder].concat();
        let mut entry = vec![0; 16];
        entry.extend([0, 2, 0, 16, 0, 0, 0, 0]);
        entry.extend(words(&[44_100 << 16]));
        entry.extend(atom(b"esds", &stream));
        atom(&self.kind, &entry)
    }

    fn moov(&self, place: u32) -> Vec<u8> {
        let media = self.packets * self.ticks;
        let stbl = [
            atom(b"stsd", &[words(&[0, 1]), self.entry()].concat()),
            atom(b"stts", &words(&[0, 1, self.packets, self.ticks])),
            atom(b"stsc", &words(&[0, 1, 1, 25, 1])),
            atom(b"stsz", &words(&[0, 10, self.packets])),
            atom(b"stco", &words(&[0, 4, place, place + 250, place + 500, place + 750])),
        ]
        .concat();
        let mdia = [
            atom(b"mdhd", &words(&[0, 0, 0, self.scale, media, 0])),
            atom(b"hdlr", &[&[0; 8][..], b"soun", &[0; 13]].concat()),
            atom(b"minf", &atom(b"stbl", &stbl)),
        ]
        .concat();
        let mut list = words(&[0, self.edits.len() as u32]);
        for (length, from) in &self.edits {
            list.extend(words(&[*length, from.cast_unsigned(), 0x1_0000]));
        }
        let edits = if self.edits.is_empty() { vec![] } else { atom(b"edts", &atom(b"elst", &list)) };
        let trak = [atom(b"tkhd", &words(&[3, 0, 0, 1, 0])), edits, atom(b"mdia", &mdia)].concat();
        let length = (u64::from(media) * u64::from(self.movie_scale)).div_ceil(u64::from(self.scale)) as u32;
        let mvhd = atom(b"mvhd", &words(&[0, 0, 0, self.movie_scale, length]));
        atom(b"moov", &[mvhd, atom(b"trak", &trak), atom(b"udta", &self.user_data)].concat())
    }

    /// Frames that play, frames before them, and damage.
    fn check(&self, frames: u64, lead: u64, damage: &[Damage]) {
        let walk = walked(&self.bytes());
        let found = (walk.recording.frames.0.count(), walk.lead.count(), &walk.recording.damage[..]);
        assert_eq!(found, (frames, lead, damage));
    }
}

fn walked(bytes: &[u8]) -> Walk {
    assert!(recognise(bytes));
    walk(&mut Cursor::new(bytes.to_vec())).unwrap()
}

fn item(name: &[u8; 4], kind: u32, value: &[u8]) -> Vec<u8> {
    atom(name, &atom(b"data", &[words(&[kind, 0]), value.to_vec()].concat()))
}

fn meta(items: &[u8]) -> Vec<u8> {
    let hdlr = atom(b"hdlr", &[&[0; 8][..], b"mdirappl", &[0; 9]].concat());
    atom(b"meta", &[words(&[0]), hdlr, atom(b"ilst", items)].concat())
}

fn gapless(delay: u32, padding: u32, length: u32) -> Vec<u8> {
    let value = format!(" 00000000 {delay:08X} {padding:08X} {length:016X} 00000000");
    let parts = [
        atom(b"mean", b"\0\0\0\0com.apple.iTunes"),
        atom(b"name", b"\0\0\0\0iTunSMPB"),
        atom(b"data", &[words(&[1, 0]), value.into_bytes()].concat()),
    ];
    meta(&atom(b"----", &parts.concat()))
}

#[test]
fn ffmpeg_gives_back_what_went_in() {
    let r = walked(CHAPTERS).recording;
    assert_eq!((r.frames.0.count(), r.sample_rate.hz(), r.codec, r.damage), (14_400, 16_000, Codec::AacLc, vec![]));
    let titles = |c: &EmbeddedChapters| c.marks.iter().map(|m| (m.start.millis(), m.title.clone())).collect::<Vec<_>>();
    let both = vec![(0, "Intro".to_owned()), (500, "Zweites Ünïcode".to_owned())];
    assert_eq!(r.chapters.iter().map(titles).collect::<Vec<_>>(), [both.clone(), both]);
    let tags: Vec<_> = r.tags.iter().map(|t| (t.name.as_str(), t.value.as_str())).collect();
    assert_eq!(tags[..2], [("©nam", "A title"), ("©ART", "Someone")]);

    let r = walked(FRAGMENTS).recording;
    assert_eq!((r.frames.0.count(), r.damage), (14_400, vec![Damage::Fragmented]));
    let r = walked(ALAC).recording;
    assert_eq!((r.frames.0.count(), r.codec, r.damage), (14_400, Codec::Alac, vec![Damage::MoovLast]));
}

#[test]
fn edits_say_what_plays() {
    let edited = |edits: &[(u32, i32)]| Build { edits: edits.to_vec(), ..Build::default() };
    // 100 packets of 1024.
    edited(&[]).check(102_400, 0, &[]);
    // Rounded to milliseconds either way, the end of the media is the exact one.
    edited(&[(2298, 1024)]).check(101_376, 1024, &[]);
    edited(&[(2299, 1024)]).check(101_376, 1024, &[]);
    // Half a second is cut off the end.
    edited(&[(1798, 1024)]).check(79_292, 1024, &[]);
    // Two pieces.
    edited(&[(1000, 1024), (500, 66_150)]).check(66_150, 1024, &[]);
    // In the media's own ticks nothing is rounded.
    Build { edits: vec![(101_375, 1024)], movie_scale: 44_100, ..Build::default() }.check(101_375, 1024, &[]);
    // Silence, then the media.
    edited(&[(500, -1), (2299, 1024)]).check(22_050 + 101_376, 1024, &[]);
    // An edit behind the end plays nothing.
    edited(&[(1000, 200_000)]).check(0, 200_000, &[]);
}

#[test]
fn apples_words_say_what_plays_where_no_edit_does() {
    let said = |edits: &[(u32, i32)]| Build {
        edits: edits.to_vec(),
        user_data: gapless(2112, 288, 100_000),
        ..Build::default()
    };
    said(&[]).check(100_000, 2112, &[]);
    said(&[(2322, 0)]).check(100_000, 2112, &[]);
    // The edit of the same is rounded to milliseconds; the words are exact.
    said(&[(2268, 2112)]).check(100_000, 2112, &[]);
    let claims = walked(&said(&[]).bytes()).recording.claims;
    let by: Vec<_> = claims.iter().map(|c| (&*c.by, c.duration.0.millis())).collect();
    assert_eq!(by, [("mvhd", 2322), ("mdhd", 2322), ("iTunSMPB", 2268)]);
}

#[test]
fn high_efficiency_counts_at_the_rate_that_comes_out() {
    // Core at 22,050 Hz; the clock runs at either rate.
    for (scale, ticks) in [(44_100, 2048), (22_050, 1024)] {
        let config = vec![0x2B, 0x92, 0x08, 0x00];
        let build = Build { config, scale, ticks, ..Build::default() };
        build.check(204_800, 0, &[]);
        let r = walked(&build.bytes()).recording;
        assert_eq!((r.codec, r.sample_rate.hz()), (Codec::HeAac, 44_100));
    }
}

#[test]
fn samples_behind_the_end_of_the_file_are_missing() {
    let bytes = Build { edits: vec![(2299, 1024)], ..Build::default() }.bytes();
    // Forty packets of ten bytes, and a piece of one.
    let cut = walked(&bytes[..bytes.len() - 595]).recording;
    assert_eq!(cut.frames.0.count(), 40 * 1024 - 1024);
    assert!(matches!(cut.damage[..], [Damage::Truncated { at, lost: Some(lost) }]
        if at.millis() == 906 && lost.millis() == 1393));
    // Bytes behind the end that belong to nothing.
    let longer = walked(&[&bytes[..], b"\0\0\0\0\x01\x02\x03\x04!!"].concat()).recording;
    assert!(matches!(longer.damage[..], [Damage::Junk { bytes: 10, .. }]));
    let cut = walked(&FRAGMENTS[..FRAGMENTS.len() * 3 / 4]).recording;
    assert!(matches!(cut.damage[..], [Damage::Fragmented, Damage::Truncated { .. }]), "{:?}", cut.damage);
}

#[test]
fn words_and_what_hides_are_told_apart() {
    let items = [
        item(b"\xA9nam", 1, "Ünïcode".as_bytes()),
        item(b"trkn", 0, &[0, 0, 0, 3, 0, 10, 0, 0]),
        item(b"tmpo", 21, &[0xFF, 0xFE]),
        item(b"covr", 13, &[0xFF, 0xD8]),
    ];
    let list = b"\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\x05Intro";
    let uuid = [&b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC"[..], b"<x:xmpmeta/>"].concat();
    let user_data = [meta(&items.concat()), atom(b"chpl", list), atom(b"uuid", &uuid), atom(b"XMP_", b"<x/>")];
    let r = walked(&Build { user_data: user_data.concat(), ..Build::default() }.bytes()).recording;
    let tags: Vec<_> = r.tags.iter().map(|t| (t.name.as_str(), t.value.as_str())).collect();
    assert_eq!(tags, [("©nam", "Ünïcode"), ("trkn", "3/10"), ("tmpo", "-2")]);
    let hidden: Vec<_> = r.private_tags.iter().map(|t| (t.id.as_str(), t.owner.as_str(), t.size)).collect();
    assert_eq!(hidden, [("uuid", "XMP", 28), ("XMP_", "", 4)]);
    assert_eq!(r.chapters[0].carrier, EmbeddedCarrier::Mp4List);
    assert!(matches!(r.damage[..], [Damage::ChapterCarrier { fault: CarrierFault::Mp4SingleKind, .. }]));
}

#[test]
fn protected_audio_is_told() {
    Build { kind: *b"enca", ..Build::default() }.check(102_400, 0, &[Damage::Protected]);
}

#[test]
fn what_cannot_be_counted_is_refused_with_a_remedy() {
    let check = |bytes: &[u8], says: &str| {
        let refused = walk(&mut Cursor::new(bytes.to_vec())).unwrap_err();
        assert!(refused.message.contains(says) && refused.help.is_some(), "{refused:?}");
    };
    check(&ALAC[..ALAC.len() / 2], "no index");
    check(&atom(b"ftyp", b"M4A "), "no index");
    check(&atom(b"moov", b""), "no audio track");
    let no_scale = Build { scale: 0x00FF_FFFF, ..Build::default() };
    let mut bytes = no_scale.bytes();
    let at = bytes.windows(4).position(|w| w == b"\x00\xFF\xFF\xFF").unwrap();
    bytes[at..at + 4].fill(0);
    check(&bytes, "how many samples");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(which in 0usize..3, at in 0usize..3000, byte in proptest::prelude::any::<u8>(), cut in 0usize..20_000) {
        let mut bytes = [CHAPTERS, FRAGMENTS, ALAC][which].to_vec();
        if let Some(b) = bytes.get_mut(at) {
            *b = byte;
        }
        bytes.truncate(cut);
        let _ = walk(&mut Cursor::new(bytes));
    }

    #[test]
    fn no_numbers_make_it_panic(numbers in proptest::collection::vec(proptest::prelude::any::<u32>(), 8), edits in proptest::collection::vec(proptest::prelude::any::<(u32, i32)>(), 0..4)) {
        let mut bytes = Build { edits, user_data: gapless(numbers[0], numbers[1], numbers[2]), ..Build::default() }.bytes();
        let size = bytes.len();
        for n in numbers.chunks(2) {
            let at = n[0] as usize % (size - 1100);
            bytes[at..at + 4].copy_from_slice(&n[1].to_be_bytes());
        }
        let _ = walk(&mut Cursor::new(bytes));
    }
}
