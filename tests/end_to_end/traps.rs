//! What readers of chapters stumble over, carrier by carrier, in the bytes that are published: each trap has a test.
//!
//! The readers here are as the apps' own are: they parse what those parse, and take as little for granted.

use std::sync::OnceLock;

use serde_json::Value;

use crate::material::{Show, recording};

/// Longer than 127 bytes, 84 letters, and its 127th byte is inside of one.
const LONG: &str = "Ещё одна очень длинная глава о лоцманах, которые ночью поднимаются на борт кораблей";
const TITLES: [&str; 4] = ["The Harbour at Night", LONG, "Grüße & \"Küsse\" < 5", "灯台の光"];

const ARTICLE: &str = "<!doctype html><html lang=\"en\"><head><title>The Harbour at Night</title>\
    <link rel=\"canonical\" href=\"https://pages.example.org/harbour\"></head><body><article>\
    <h1>The Harbour at Night</h1><p>What the pilots see at 3:15 when the town sleeps, and what they do not.</p>\
    <time datetime=\"2025-01-15\">15 January 2025</time>\
    <p>The harbour never sleeps, and neither do the people who guide ships through it.</p>\
    <h2 id=\"pilots\">Ещё одна очень длинная глава о лоцманах, которые ночью поднимаются на борт кораблей</h2>\
    <p>Each pilot knows the channel by heart. They climb aboard from a small boat, in any weather.</p>\
    <h2><a name=\"kisses+more\"></a>Grüße &amp; \"Küsse\" &lt; 5</h2>\
    <p>Green to one side and red to the other: the oldest signs at sea are still the ones that matter.</p>\
    <section id=\"light\"><h2>灯台の光</h2><p>Nothing has moved it in ninety years, and nothing will again.</p></section>\
    </article></body></html>";

/// Starts in milliseconds of the MP3, and of the others, which last less than a second.
const STARTS: [u64; 4] = [0, 3_250, 6_999, 9_100];
const SHORT: [u64; 4] = [0, 250, 500, 750];

/// A show with an MP3, an M4A whose recording has other chapters inside, and an Opus recording.
fn feed() -> &'static Vec<(String, Vec<u8>)> {
    static TREE: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    TREE.get_or_init(|| {
        let show = Show::empty();
        let m4a = include_bytes!("../audio/ffmpeg-aac-chapters-14400.m4a");
        let opus = include_bytes!("../audio/flite-awb-harbour.opus");
        let kinds: [(&str, &[u8], [u64; 4]); 3] =
            [("mp3", recording(), STARTS), ("m4a", m4a, SHORT), ("opus", opus, STARTS)];
        for (kind, bytes, starts) in kinds {
            show.write(&format!("episodes/{kind}/article.html"), ARTICLE.as_bytes());
            show.write(&format!("episodes/{kind}/reading.{kind}"), bytes);
            let marks = starts.iter().zip(TITLES).map(|(ms, title)| {
                let seconds = format!("{}.{:03}", ms / 1000, ms % 1000);
                format!("{seconds}\t{seconds}\t{title}\n")
            });
            show.write(&format!("episodes/{kind}/chapters.txt"), marks.collect::<String>().as_bytes());
            show.write(&format!("episodes/{kind}/episode.toml"), format!("guid = \"pages-{kind}\"\n").as_bytes());
        }
        show.run(&["build", "--allow", "all"]).fine();
        show.feed_tree()
    })
}

/// The one file in an episode's folder that begins and ends so.
fn file(start: &str, end: &str) -> &'static [u8] {
    let mut found = feed().iter().filter(|(name, _)| name.starts_with(start) && name.ends_with(end));
    let (_, bytes) = found.next().unwrap_or_else(|| panic!("no {start}*{end}"));
    assert!(found.next().is_none(), "{start}*{end} is there twice");
    bytes
}

fn feed_xml() -> &'static str {
    std::str::from_utf8(file("feed.xml", "")).expect("UTF-8")
}

/// The item of an episode.
fn item(slug: &str) -> &'static str {
    feed_xml().split("<item>").find(|i| i.contains(&format!("/{slug}/{slug}-"))).expect("an item")
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(*bytes[at..].first_chunk().expect("four bytes"))
}

/// Frames of a tag of version 2.3: sizes are plain there, also of frames inside frames.
fn frames(mut bytes: &[u8]) -> Vec<(&[u8], u16, &[u8])> {
    let mut found = Vec::new();
    while bytes.len() >= 10 && bytes[0] != 0 {
        let length = u32_at(bytes, 4) as usize;
        found.push((&bytes[..4], u16::from_be_bytes([bytes[8], bytes[9]]), &bytes[10..10 + length]));
        bytes = &bytes[10 + length..];
    }
    found
}

fn tag() -> Vec<(&'static [u8], u16, &'static [u8])> {
    let file = file("mp3/mp3-", ".mp3");
    let size = file[6..10].iter().fold(0, |n, b| n << 7 | usize::from(*b));
    frames(&file[10..10 + size])
}

/// Element id, times and offsets, and the frames inside, of each CHAP in the order of the tag.
type Chap = (String, [u32; 4], Vec<(&'static [u8], u16, &'static [u8])>);

fn chaps() -> Vec<Chap> {
    let of = |body: &'static [u8]| {
        let end = body.iter().position(|b| *b == 0).expect("an id");
        let id = String::from_utf8(body[..end].to_vec()).expect("letters");
        let numbers = [0, 4, 8, 12].map(|at| u32_at(body, end + 1 + at));
        (id, numbers, frames(&body[end + 17..]))
    };
    tag().into_iter().filter(|(kind, ..)| *kind == b"CHAP").map(|(.., body)| of(body)).collect()
}

#[test]
fn id3_is_of_version_3_without_unsynchronisation_extended_header_and_flags() {
    let file = file("mp3/mp3-", ".mp3");
    assert_eq!(&file[..6], b"ID3\x03\x00\x00");
    assert!(file[6..10].iter().all(|b| *b < 0x80), "the size is synchsafe");
    // Walked with plain sizes, the frames end where the tag does and the first frame of audio begins.
    let size = file[6..10].iter().fold(0, |n, b| n << 7 | usize::from(*b));
    assert_eq!(file[10 + size], 0xFF);
    let all = tag();
    assert!(all.iter().all(|(id, flags, _)| id.iter().all(u8::is_ascii_alphanumeric) && *flags == 0));
    assert!(all.iter().any(|(_, _, body)| body.len() > 128), "or plain and synchsafe sizes would be the same");
    for (_, _, inside) in chaps() {
        assert!(inside.iter().all(|(_, flags, _)| *flags == 0));
    }
}

#[test]
fn id3_has_one_table_on_top_that_names_every_chapter_in_order_of_time() {
    let all = tag();
    let tables: Vec<_> = all.iter().filter(|(kind, ..)| *kind == b"CTOC").collect();
    let [(_, _, table)] = tables[..] else { panic!("{} tables", tables.len()) };
    let parts: Vec<&[u8]> = table.split(|b| *b == 0).collect();
    assert_eq!(parts[0], b"toc");
    // Top level and ordered; then the count.
    assert_eq!(parts[1][..2], [3, TITLES.len() as u8]);
    let chaps = chaps();
    let named = [vec![&parts[1][2..]], parts[2..2 + TITLES.len() - 1].to_vec()].concat();
    assert!(named.iter().zip(&chaps).all(|(name, (id, ..))| *name == id.as_bytes()), "{named:?}");
    let mut ids: Vec<&str> = chaps.iter().map(|(id, ..)| id.as_str()).chain(["toc"]).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() == TITLES.len() + 1 && ids.iter().all(|id| id.len() < 100), "{ids:?}");
    assert!(chaps.windows(2).all(|two| two[0].1[0] < two[1].1[0]));
}

#[test]
fn id3_chapters_have_real_ends_and_offsets_that_say_that_times_count() {
    let numbers: Vec<[u32; 4]> = chaps().into_iter().map(|(_, numbers, _)| numbers).collect();
    let ends = STARTS.iter().skip(1).map(|ms| *ms as u32).chain([12_003]);
    let expected: Vec<[u32; 4]> =
        STARTS.iter().zip(ends).map(|(start, end)| [*start as u32, end, u32::MAX, u32::MAX]).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn id3_titles_are_utf16_once_in_each_chapter_without_a_terminator() {
    for ((_, _, inside), title) in chaps().iter().zip(TITLES) {
        // Pocket Casts searches backwards for the first title that it finds.
        let titles: Vec<_> = inside.iter().filter(|(kind, ..)| *kind == b"TIT2").collect();
        let [(_, _, text)] = titles[..] else { panic!("{} titles", titles.len()) };
        assert_eq!(text[..3], [1, 0xFF, 0xFE], "it takes the simplest encoding for ASCII");
        let units: Vec<u16> = text[3..].chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
        assert_eq!(String::from_utf16(&units).expect("UTF-16"), title);
    }
}

#[test]
fn id3_links_are_plain_and_none_has_signs_that_readers_undo() {
    let links: Vec<Option<&[u8]>> = chaps()
        .into_iter()
        .map(|(_, _, inside)| inside.into_iter().find(|(kind, ..)| *kind == b"WXXX").map(|(.., body)| body))
        .collect();
    let to = |anchor: &str| [b"\0\0https://pages.example.org/harbour#", anchor.as_bytes()].concat();
    // The introduction has no place of its own; a plus sign would be read as a blank.
    let expected = [None, Some(to("pilots")), None, Some(to("light"))];
    assert_eq!(links.iter().map(|l| l.map(<[u8]>::to_vec)).collect::<Vec<_>>(), expected);
}

/// A box of these kinds inside one another, and where its content begins in the file.
fn inside(file: &[u8], path: &[&[u8; 4]]) -> Option<(usize, usize)> {
    let (mut from, mut to) = (0, file.len());
    for kind in path {
        let mut at = from;
        loop {
            if at + 8 > to {
                return None;
            }
            let length = u32_at(file, at) as usize;
            assert!(length >= 8 && at + length <= to, "a box ends inside the one around it");
            if &file[at + 4..at + 8] == *kind {
                (from, to) = (at + 8, at + length);
                break;
            }
            at += length;
        }
    }
    Some((from, to))
}

/// The tracks of a movie, each as where its content begins and ends.
fn tracks(file: &[u8]) -> Vec<(usize, usize)> {
    let (mut at, end) = inside(file, &[b"moov"]).expect("an index");
    let mut found = Vec::new();
    while at < end {
        let length = u32_at(file, at) as usize;
        if &file[at + 4..at + 8] == b"trak" {
            found.push((at + 8, at + length));
        }
        at += length;
    }
    found
}

fn m4a() -> &'static [u8] {
    file("m4a/m4a-", ".m4a")
}

#[test]
fn mp4_has_its_index_in_front_and_a_media_box_that_old_readers_can_pass() {
    let file = m4a();
    let place = |kind: &[u8; 4]| inside(file, &[kind]).expect("a box").0;
    assert!(place(b"moov") < place(b"mdat"), "AntennaPod reads in one go");
    assert_ne!(u32_at(file, place(b"mdat") - 8), 1, "a size of 64 bits defeats it");
}

#[test]
fn mp4_list_is_read_whole_by_a_reader_with_signed_lengths() {
    let file = m4a();
    let (at, end) = inside(file, &[b"moov", b"udta", b"chpl"]).expect("a list");
    let list = &file[at..end];
    // Version 1, flags, four reserved bytes, a count of one byte.
    assert_eq!(list[..9], [1, 0, 0, 0, 0, 0, 0, 0, 4]);
    let mut rest = &list[9..];
    for (start, title) in SHORT.iter().zip(TITLES) {
        assert_eq!(u64::from_be_bytes(*rest.first_chunk().expect("a time")), start * 10_000);
        let length = usize::try_from(rest[8].cast_signed()).expect("a length that is not negative");
        let text = std::str::from_utf8(&rest[9..9 + length]).expect("cut between letters");
        assert!(title.starts_with(text) && (text == title || text.len() >= 124), "{text}");
        rest = &rest[9 + length..];
    }
    assert!(rest.is_empty());
}

#[test]
fn mp4_text_track_is_as_apples_players_want_it() {
    let file = m4a();
    let tracks = tracks(file);
    let [sound, text] = tracks[..] else { panic!("{} tracks", tracks.len()) };
    let part = |(from, to): (usize, usize), path: &[&[u8; 4]]| {
        inside(&file[from..to], path).map(|(a, b)| &file[from + a..from + b])
    };
    // The audio refers to it, once.
    let header = part(text, &[b"tkhd"]).expect("a header");
    let id = u32_at(header, 12);
    assert_eq!(part(sound, &[b"tref", b"chap"]), Some(&id.to_be_bytes()[..]));
    assert_eq!(part(sound, &[b"tref"]).map(<[u8]>::len), Some(12), "a second reference drops the track");
    let next = part((0, file.len()), &[b"moov", b"mvhd"]).map(|m| u32_at(m, m.len() - 4)).expect("a movie");
    assert!(next > id && id != u32_at(part(sound, &[b"tkhd"]).expect("a header"), 12));
    assert_eq!(header[..4], [0, 0, 0, 2], "in the movie, and not enabled");
    assert!(part(text, &[b"edts", b"elst"]).is_some(), "no edit list, no chapters");
    assert_eq!(&part(text, &[b"mdia", b"hdlr"]).expect("a handler")[8..12], b"text");
    assert!(part(text, &[b"mdia", b"minf", b"gmhd", b"gmin"]).is_some());
    assert!(part(text, &[b"mdia", b"minf", b"gmhd", b"text"]).is_some());
    // One entry of times for each sample, none joined; the first begins at zero.
    let table = |kind: &[u8; 4]| part(text, &[b"mdia", b"minf", b"stbl", kind]).expect("a table");
    assert_eq!(&table(b"stsd")[12..16], b"text");
    let times = table(b"stts");
    let scale = u64::from(u32_at(part(text, &[b"mdia", b"mdhd"]).expect("a header"), 12));
    assert_eq!(u32_at(times, 4), 4);
    let mut at = 0;
    for (index, start) in SHORT.iter().enumerate() {
        assert_eq!((u32_at(times, 8 + index * 8), at), (1, start * scale / 1000));
        at += u64::from(u32_at(times, 12 + index * 8));
    }
    assert_eq!(at, 900 * scale / 1000, "the last ends with the recording");
    // The samples: length, whole title, and that it is UTF-8.
    let sizes = table(b"stsz");
    let offset = table(b"co64");
    let mut at =
        usize::try_from(u64::from_be_bytes(*offset[8..].first_chunk().expect("an offset"))).expect("in memory");
    for (index, title) in TITLES.iter().enumerate() {
        let sample = &file[at..at + u32_at(sizes, 12 + index * 4) as usize];
        let length = u16::from_be_bytes([sample[0], sample[1]]) as usize;
        assert_eq!(&sample[2..2 + length], title.as_bytes());
        assert_eq!(&sample[2 + length..], b"\0\0\0\x0Cencd\0\0\x01\0");
        at += sample.len();
    }
}

#[test]
fn what_a_recording_had_inside_does_not_outlive_the_new_chapters() {
    // The samples of its old text track are bytes among the media that nothing points at any more.
    let (from, to) = inside(m4a(), &[b"moov"]).expect("an index");
    let text = String::from_utf8_lossy(&m4a()[from..to]);
    assert!(!text.contains("Intro") && !text.contains("Zweites"), "old chapters would win in Pocket Casts");
    assert_eq!(tracks(m4a()).len(), 2, "the sound and the new text");
}

#[test]
fn vorbis_chapters_are_numbered_from_zero_with_times_in_full() {
    let file = file("opus/opus-", ".opus");
    let at = file.windows(8).position(|w| w == b"OpusTags").expect("comments") + 8;
    let number = |at: usize| u32::from_le_bytes(*file[at..].first_chunk().expect("four bytes")) as usize;
    // The block is whole on its pages' bytes but for page headers; a small cover keeps it short enough to be read so.
    let mut at = at + 4 + number(at);
    let count = number(at);
    at += 4;
    let mut comments = Vec::new();
    for _ in 0..count {
        let comment = &file[at + 4..at + 4 + number(at)];
        if comment.starts_with(b"METADATA_BLOCK_PICTURE") {
            break;
        }
        comments.push(std::str::from_utf8(comment).expect("UTF-8"));
        at += 4 + comment.len();
    }
    let chapters: Vec<&str> = comments.into_iter().filter(|c| c.starts_with("CHAPTER")).collect();
    let link = "URL=https://pages.example.org/harbour#";
    let expected = [
        "CHAPTER000=00:00:00.000".to_owned(),
        format!("CHAPTER000NAME={}", TITLES[0]),
        "CHAPTER001=00:00:03.250".to_owned(),
        format!("CHAPTER001NAME={LONG}"),
        format!("CHAPTER001{link}pilots"),
        "CHAPTER002=00:00:06.999".to_owned(),
        format!("CHAPTER002NAME={}", TITLES[2]),
        format!("CHAPTER002{link}kisses+more"),
        "CHAPTER003=00:00:09.100".to_owned(),
        format!("CHAPTER003NAME={}", TITLES[3]),
        format!("CHAPTER003{link}light"),
    ];
    assert_eq!(chapters, expected);
    // AntennaPod goes by the last two digits alone.
    let mut short: Vec<&str> = chapters.iter().filter_map(|c| c.split_once('=')?.0.get(8..10)).collect();
    short.dedup();
    assert_eq!(short.len(), TITLES.len());
}

#[test]
fn json_has_ascending_numbers_with_three_decimals_at_most_and_no_byte_order_mark() {
    let bytes = file("mp3/chapters-", ".json");
    assert_eq!(bytes[0], b'{');
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let json: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(json["version"], "1.2.0");
    let list = json["chapters"].as_array().expect("a list");
    let starts: Vec<f64> = list.iter().map(|c| c["startTime"].as_f64().expect("a number, no text")).collect();
    assert_eq!(starts, STARTS.map(|ms| ms as f64 / 1000.0));
    for number in text.split("\"startTime\":").skip(1) {
        let number: String = number.trim().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        assert!(number.split_once('.').is_none_or(|(_, decimals)| decimals.len() <= 3), "{number}");
    }
    // AntennaPod floors them, and they are still apart and in order.
    assert!(starts.windows(2).all(|two| two[0].floor() < two[1].floor()));
    assert!(list.iter().all(|c| c.get("toc").is_none()), "no app shows what is marked as silent");
    assert_eq!(list[1]["url"], "https://pages.example.org/harbour#pilots");
    // The type as the standard spells it.
    let name = feed().iter().map(|(n, _)| n).find(|n| n.starts_with("mp3/chapters-") && n.ends_with("json"));
    let address = format!("https://pages.example.org/feed/{}", name.expect("chapters"));
    let link = item("mp3").split("<podcast:chapters").nth(1).and_then(|l| l.split("/>").next()).expect("a link");
    assert!(link.contains(&address) && link.contains("type=\"application/json+chapters\""), "{link}");
    assert_eq!(item("mp3").matches("<podcast:chapters").count(), 1);
}

#[test]
fn podlove_times_are_always_in_full_and_its_namespace_has_no_slash_at_its_end() {
    assert!(feed_xml().contains("xmlns:psc=\"http://podlove.org/simple-chapters\""));
    for (slug, starts) in [("mp3", STARTS), ("m4a", SHORT)] {
        let item = item(slug);
        assert_eq!(item.matches("<psc:chapters version=\"1.2\">").count(), 1);
        let chapters = item.split("<psc:chapter ").skip(1);
        let found: Vec<&str> = chapters.filter_map(|c| c.split("start=\"").nth(1)?.split('"').next()).collect();
        // AntennaPod takes a bare number of seconds for zero.
        let full = starts.map(|ms| format!("00:00:{:02}.{:03}", ms / 1000, ms % 1000));
        assert_eq!(found, full);
        let titled = |c: &str| c.split("/>").next().is_some_and(|c| c.contains("title=\""));
        assert!(item.split("<psc:chapter ").skip(1).all(titled), "gPodder drops what has no title");
    }
    assert!(item("mp3").contains("href=\"https://pages.example.org/harbour#light\""));
}

#[test]
fn notes_have_a_line_for_each_chapter_that_begins_with_a_floored_time() {
    let description = item("mp3").split("<description>").nth(1).and_then(|d| d.split("</description>").next());
    let description = description.expect("notes");
    let plain = description.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    let plain = plain.replace("<![CDATA[", "").replace("]]>", "");
    let lines: Vec<&str> = plain.split(['\n']).flat_map(|l| l.split("<br/>")).flat_map(|l| l.split("<p>")).collect();
    let timed: Vec<&str> = lines.into_iter().filter(|l| l.starts_with("00:")).collect();
    // 6.999 s are 6: rounded up, a player would cut the first word.
    let stamps: Vec<&str> = timed.iter().map(|l| &l[..9]).collect();
    assert_eq!(stamps, ["00:00:00 ", "00:00:03 ", "00:00:06 ", "00:00:09 "]);
    assert!(timed[1].contains(LONG) && !timed[1].contains("<b") && !timed[1].contains("<a"), "{timed:?}");
    assert!(plain.len() < 4_000);
}

#[test]
fn no_two_carriers_disagree() {
    // AntennaPod joins lists that lie within a second, and takes the longest; here they are the same to the millisecond.
    let json: Value = serde_json::from_slice(file("mp3/chapters-", ".json")).expect("JSON");
    let json: Vec<u64> = json["chapters"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|c| (c["startTime"].as_f64().expect("a number") * 1000.0).round() as u64)
        .collect();
    let id3: Vec<u64> = chaps().iter().map(|(_, [start, ..], _)| u64::from(*start)).collect();
    let vtt = std::str::from_utf8(file("mp3/chapters-", ".vtt")).expect("UTF-8");
    assert_eq!(json, STARTS);
    assert_eq!(id3, STARTS);
    assert_eq!(vtt.matches(" --> ").count(), STARTS.len());
    let page = std::str::from_utf8(file("mp3/index.html", "")).expect("UTF-8");
    for ms in STARTS {
        assert!(vtt.contains(&format!("00:00:{:02}.{:03} --> ", ms / 1000, ms % 1000)), "{vtt}");
        assert!(page.contains(&format!("\"startOffset\":{}", ms as f64 / 1000.0)), "{ms}: {page}");
    }
}
