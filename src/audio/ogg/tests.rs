//! Pages are built here, packets of Opus are their first bytes; Vorbis and FLAC are what their own encoders wrote.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)]

use std::io::Cursor;

use super::page::checksum;
use super::*;
use crate::model::time::Duration;

const OPUS: &[u8] = include_bytes!("../../../tests/audio/opusenc-14400.opus");
const VORBIS: &[u8] = include_bytes!("../../../tests/audio/oggenc-vorbis-14400.ogg");
const FLAC: &[u8] = include_bytes!("../../../tests/audio/flac-ogg-14400.oga");

const CONTINUED: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;
const NONE: u64 = u64::MAX;

/// A page of packets; one that is to go on on the next page has a length that 255 divides.
fn page(flags: u8, granule: u64, serial: u32, sequence: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut lacing = Vec::new();
    for (n, packet) in packets.iter().enumerate() {
        lacing.extend(vec![255u8; packet.len() / 255]);
        if packet.len() % 255 != 0 || n + 1 < packets.len() {
            lacing.push((packet.len() % 255) as u8);
        }
    }
    let mut out = [&b"OggS\0"[..], &[flags]].concat();
    out.extend(granule.to_le_bytes());
    for n in [serial, sequence, 0] {
        out.extend(n.to_le_bytes());
    }
    out.push(lacing.len() as u8);
    out.extend(lacing);
    out.extend(packets.concat());
    let crc = checksum(&out);
    out[22..26].copy_from_slice(&crc.to_le_bytes());
    out
}

/// Twenty milliseconds.
const PACKET: &[u8] = &[31 << 3, 1, 2, 3];

fn heads(serial: u32) -> Vec<u8> {
    let head = b"OpusHead\x01\x01\x38\x01\x80\xBB\0\0\0\0\0";
    let tags = b"OpusTags\0\0\0\0\x01\0\0\0\x07\0\0\0TITLE=A";
    [page(FIRST, 0, serial, 0, &[head]), page(0, 0, serial, 1, &[tags])].concat()
}

/// Pages of five packets, 4800 frames each.
fn audio(serial: u32, granules: &[u64]) -> Vec<Vec<u8>> {
    let last = granules.len() - 1;
    let flags = |n| if n == last { LAST } else { 0 };
    granules.iter().enumerate().map(|(n, g)| page(flags(n), *g, serial, n as u32 + 2, &[PACKET; 5])).collect()
}

fn walked(bytes: &[u8]) -> Recording {
    assert!(recognise(bytes));
    walk(&mut Cursor::new(bytes.to_vec())).unwrap().recording
}

/// Frames and damage of an Opus file of these pages.
fn check(pages: &[Vec<u8>], frames: u64, damage: &[Damage]) {
    let r = walked(&[heads(7), pages.concat()].concat());
    assert_eq!((r.frames.0.count(), &r.damage[..]), (frames, damage));
}

fn at(frames: u64) -> Timestamp {
    Frames::new(frames).timestamp(SampleRate::new(48_000).unwrap())
}

fn lost(frames: u64) -> Option<Duration> {
    Some(Frames::new(frames).duration(SampleRate::new(48_000).unwrap()))
}

fn odd(what: &str) -> Vec<Damage> {
    vec![Damage::Granule { what: what.into() }]
}

#[test]
fn encoders_give_back_what_went_in() {
    // 0.9 s went into each; Opus counts at 48 kHz.
    for (bytes, frames, codec) in [(OPUS, 43_200, "opus"), (VORBIS, 14_400, "vorbis"), (FLAC, 14_400, "flac")] {
        let r = walked(bytes);
        assert_eq!((r.frames.0.count(), &*r.codec.word(), r.damage), (frames, codec, vec![]));
        assert!(r.bit_rate.unwrap() > 4000);
    }
    let chapters = walked(OPUS).chapters;
    let marks: Vec<_> = chapters[0].marks.iter().map(|m| (m.start.millis(), m.title.as_str())).collect();
    assert_eq!(marks, [(0, "Intro"), (500, "Zweites Ünïcode")]);
}

#[test]
fn granules_trim_start_and_end_and_may_be_missing() {
    check(&audio(7, &[4800, 9600, 14_400]), 14_088, &[]);
    // The end is trimmed.
    check(&audio(7, &[4800, 9600, 14_000]), 13_688, &[]);
    check(&audio(7, &[4000]), 3688, &[]);
    // Packets are counted where granules are missing.
    check(&audio(7, &[4800, NONE, NONE]), 14_088, &[]);
    check(&audio(7, &[NONE, NONE, NONE]), 14_088, &[]);
    // Cut out of a stream that had run for ten seconds.
    check(&audio(7, &[484_800, 489_600]), 9288, &odd("it starts at 10.000 s"));
    check(&audio(7, &[4800, 9600, 2400]), 14_088, &odd("it runs backwards"));
    let middle = "a page in the middle says 100 samples less than stand before it";
    check(&audio(7, &[4800, 9500, 14_300]), 14_088, &odd(middle));
}

#[test]
fn missing_and_changed_pages_are_told_with_their_second() {
    let mut pages = audio(7, &[4800, 9600, 14_400, 19_200]);
    let gone = pages.remove(1);
    let hole = Damage::Hole { at: at(4488), lost: lost(4800) };
    check(&pages, 14_088, std::slice::from_ref(&hole));
    // What is left of the page is part of the hole, and no junk.
    pages.insert(1, gone[..30].to_vec());
    check(&pages, 14_088, &[hole]);
    pages[1] = gone.clone();
    pages[1][35] ^= 1;
    check(&pages, 14_088, &[Damage::Checksum { at: Some(at(4488)), what: "that of an Ogg page".into() }]);
    pages[1] = [&b"what OggS\0 is this"[..], &gone].concat();
    let offset = (heads(7).len() + pages[0].len()) as u64;
    check(&pages, 18_888, &[Damage::Junk { at: at(4488), offset, bytes: 18 }]);
}

#[test]
fn a_file_is_cut_where_audio_is_missing_for_certain() {
    let mut pages = audio(7, &[4800, 9600, 14_400]);
    let last = pages.pop().unwrap();
    check(&pages, 9288, &odd("no page says that it is the last, so the file may have been cut"));
    for kept in [40, 28, 27] {
        pages.push(last[..kept].to_vec());
        check(&pages, 9288, &[Damage::Truncated { at: at(9288), lost: lost(4800) }]);
        pages.pop();
    }
    pages.push(last[..10].to_vec());
    check(&pages, 9288, &[Damage::Truncated { at: at(9288), lost: None }]);
    // A packet that goes on on a page that never comes.
    let long = [31 << 3; 255];
    pages[2] = page(0, 10_560, 7, 4, &[PACKET, &long]);
    check(&pages, 10_248, &[Damage::Truncated { at: at(10_248), lost: None }]);
    pages.push(page(CONTINUED | LAST, 12_480, 7, 5, &[&long[..9], PACKET]));
    check(&pages, 12_168, &[]);
}

#[test]
fn links_are_summed_and_streams_beside_are_left_alone() {
    let one = [heads(7), audio(7, &[4800, 9600]).concat()].concat();
    let two = [heads(8), audio(8, &[4800]).concat()].concat();
    let r = walked(&[one.clone(), two].concat());
    assert_eq!(r.frames.0.count(), 9288 + 4488);
    let what = "a stream is chained to the one before".to_owned();
    assert_eq!(r.damage, [Damage::Glued { at: at(9288), what }]);
    assert_eq!(r.tags.len(), 1);

    let skeleton = page(FIRST, 0, 1, 0, &[b"fishead\0"]);
    let theora = page(FIRST, 0, 2, 0, &[b"\x80theora"]);
    let beside = [page(0, 99, 1, 1, &[b"fisbone"]), page(LAST, 99, 2, 1, &[b"picture"])].concat();
    let r = walked(&[skeleton.clone(), theora, one.clone(), beside.clone()].concat());
    assert_eq!((r.frames.0.count(), r.damage), (9288, vec![Damage::SeveralStreams { audio: 1, video: 1 }]));
    let r = walked(&[skeleton, one, beside].concat());
    assert_eq!((r.frames.0.count(), r.damage), (9288, vec![]));
}

#[test]
fn what_cannot_be_counted_is_refused_with_a_remedy() {
    let check = |bytes: Vec<u8>, says: &str| {
        let refused = walk(&mut Cursor::new(bytes)).unwrap_err();
        assert!(refused.message.contains(says) && refused.help.is_some(), "{refused:?}");
    };
    check(heads(7), "before its audio begins");
    check(page(FIRST, 0, 1, 0, &[b"Speex   1.2"]), "Speex");
    check(b"OggS\0".to_vec(), "no audio");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(which in 0usize..3, at in 0usize..9000, byte in proptest::prelude::any::<u8>(), cut in 0usize..9000) {
        let mut bytes = [OPUS, VORBIS, FLAC][which].to_vec();
        if let Some(b) = bytes.get_mut(at) {
            *b = byte;
        }
        bytes.truncate(cut);
        let _ = walk(&mut Cursor::new(bytes));
    }

    #[test]
    fn no_pages_make_it_panic(granules in proptest::collection::vec(proptest::prelude::any::<u64>(), 1..6), flags in 0u8..8,
        packet in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600)) {
        let mut bytes = [heads(7), audio(7, &granules).concat()].concat();
        bytes.extend(page(flags, granules[0], 7, 3, &[&packet, &packet]));
        let _ = walk(&mut Cursor::new(bytes));
    }
}
