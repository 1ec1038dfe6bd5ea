//! What is tagged in every container, read again.

use std::io::{Cursor, Read};
use std::path::Path;

use super::{NewTag, Retagged};
use crate::audio::{Source, Unreadable, flac, mp4, ogg, probe};
use crate::model::artifact::Piece;
use crate::model::chapter::{Chapter, ChapterList, Confidence, Origin};
use crate::model::show::KeepTags;
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};

type Repack = fn(&mut dyn Source, &Path, &NewTag<'_>, KeepTags) -> Result<Retagged, Unreadable>;

/// Every container that is given a tag in its own kind, as encoders wrote it.
const RECORDINGS: [(&str, &[u8], Repack); 6] = [
    ("a.m4a", include_bytes!("../../../tests/audio/ffmpeg-aac-chapters-14400.m4a"), mp4::repack),
    ("a.opus", include_bytes!("../../../tests/audio/opusenc-14400.opus"), ogg::repack),
    ("a.ogg", include_bytes!("../../../tests/audio/oggenc-vorbis-14400.ogg"), ogg::repack),
    ("a.oga", include_bytes!("../../../tests/audio/flac-ogg-14400.oga"), ogg::repack),
    ("a.flac", include_bytes!("../../../tests/audio/flac-16k-mono-14400.flac"), flac::repack),
    ("b.flac", include_bytes!("../../../tests/audio/ffmpeg-pipe-no-total-14400.flac"), flac::repack),
];

const TITLES: [&str; 3] = ["Grüße & 5 < 6", "Ночь", "日本語"];

fn chapters(duration: Duration) -> ChapterList {
    let chapter = |(index, title): (u64, &&str)| Chapter {
        start: Timestamp::from_millis(index * 100),
        title: Line::new(title),
        origin: Origin::Explicit,
        confidence: Confidence::CERTAIN,
        heard: None,
        section: None,
        url: None,
    };
    ChapterList::new((0..).zip(&TITLES).map(chapter).collect(), duration).expect("ascending")
}

fn tag<'a>(chapters: &'a ChapterList, cover: Option<&'a [u8]>) -> NewTag<'a> {
    NewTag {
        title: "A title",
        show: "A show",
        authors: vec!["Ana", "Bo"],
        narrators: vec!["Cem"],
        date: None,
        language: "en",
        link: Some("https://pages.example/a/"),
        comment: None,
        cover,
        duration: chapters.duration(),
        chapters,
    }
}

fn joined(bytes: &[u8], made: &Retagged) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in &made.pieces {
        match piece {
            Piece::Bytes(new) => out.extend_from_slice(new),
            Piece::Range { start, length, .. } => {
                let mut source = Cursor::new(bytes);
                source.set_position(*start);
                source.take(*length).read_to_end(&mut out).expect("memory");
            }
        }
    }
    out
}

#[test]
fn what_is_tagged_is_as_long_as_before_and_says_what_it_was_given() {
    // A picture of this size takes several pages of Ogg, so that all pages behind it get other numbers.
    let large = vec![0xD8; 150_000];
    for (name, bytes, repack) in RECORDINGS {
        let before = probe(&mut Cursor::new(bytes), name).expect("a recording").recording;
        let chapters = chapters(before.duration().0);
        let mut tagged = bytes.to_vec();
        // From few pages to many, and back.
        for cover in [None, Some(large.as_slice()), Some(&large[..9])] {
            let made = repack(&mut Cursor::new(tagged.clone()), Path::new(name), &tag(&chapters, cover), KeepTags::All);
            tagged = joined(&tagged, &made.expect("it can be tagged"));
            let after = probe(&mut Cursor::new(tagged.clone()), name).expect("still a recording").recording;
            assert_eq!(after.frames, before.frames, "{name}");
            let faults = |r: &crate::model::audio::Recording| r.damage.len();
            assert!(faults(&after) <= faults(&before), "{name}: {:?}", after.damage);
            for carrier in &after.chapters {
                let found: Vec<_> = carrier.marks.iter().map(|m| (m.start.millis(), m.title.as_str())).collect();
                let given: Vec<_> = (0..).zip(TITLES).map(|(index, title)| (index * 100, title)).collect();
                assert_eq!(found, given, "{name}: {:?}", carrier.carrier);
            }
            let carriers = if name.ends_with("m4a") { 2 } else { 1 };
            assert_eq!(after.chapters.len(), carriers, "{name}");
            let titles = after.tags.iter().filter(|t| t.value == "A title").count();
            assert_eq!(titles, 1, "{name}: {:?}", after.tags);
        }
    }
}

#[test]
fn foreign_words_stay_or_go_and_ours_are_replaced() {
    let (name, bytes, repack) = RECORDINGS[1];
    let chapters = chapters(Duration::from_millis(300));
    let with = |keep| {
        let made = repack(&mut Cursor::new(bytes), Path::new(name), &tag(&chapters, None), keep).expect("tagged");
        let after = probe(&mut Cursor::new(joined(bytes, &made)), name).expect("a recording").recording;
        (after.tags.into_iter().map(|t| t.name).collect::<Vec<_>>(), made.dropped)
    };
    let (all, none) = with(KeepTags::All);
    let (known, dropped) = with(KeepTags::Known);
    assert!(none.is_empty() && all.iter().any(|n| n == "ENCODER_OPTIONS"), "{all:?}");
    assert_eq!(known.len() + dropped.len(), all.len(), "{known:?} {dropped:?}");
}

#[test]
fn damaged_recordings_are_refused_or_tagged_and_never_a_panic() {
    let chapters = chapters(Duration::from_millis(300));
    for (name, bytes, repack) in RECORDINGS {
        for cut in (0..bytes.len()).step_by(37) {
            let mut broken = bytes.to_vec();
            broken[cut] ^= 0x55;
            let _ = repack(&mut Cursor::new(&broken), Path::new(name), &tag(&chapters, None), KeepTags::All);
            broken.truncate(cut);
            let _ = repack(&mut Cursor::new(&broken), Path::new(name), &tag(&chapters, None), KeepTags::All);
        }
    }
}
