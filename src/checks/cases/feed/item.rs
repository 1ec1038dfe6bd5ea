//! Cases of what an item says of its episode.

use crate::checks::Target;
use crate::checks::cases::{Case, World};
use crate::model::audio::{Container, EmbeddedCarrier, EmbeddedChapters};
use crate::model::time::Timestamp;

const TITLE: &str = "<title>Money in the pocket</title>";
const GUID: &str = "<guid isPermaLink=\"false\">a</guid>";
const DATE: &str = "<pubDate>Tue, 30 Jan 2018 12:00:00 +0000</pubDate>\n<enclosure";
const TYPE: &str = "<itunes:episodeType>full</itunes:episodeType>";
const ENCLOSURE: &str =
    "<enclosure url=\"https://pages.test/feed/money/money-0123abcd.mp3\" length=\"19200000\" type=\"audio/mpeg\"/>";
const URL: &str = "https://pages.test/feed/money/money-0123abcd.mp3";
const LENGTH: &str = "<itunes:duration>1200</itunes:duration>";

/// Puts an element more into the first item.
fn with(world: &mut World, element: &str) {
    world.feed(TYPE, &format!("{TYPE}{element}"));
}

/// Gives the first item another description.
fn notes(world: &mut World, description: &str) {
    let start = world.feed.find("<description><![CDATA[").expect("notes");
    let end = start + world.feed[start..].find("</description>").expect("their end") + "</description>".len();
    world.feed.replace_range(start..end, description);
}

fn date(world: &mut World, date: &str) {
    world.feed(DATE, &format!("{date}\n<enclosure"));
}

fn serial(world: &mut World) {
    world.feed("<itunes:type>episodic", "<itunes:type>serial");
}

fn number(world: &mut World, first: &str, second: &str) {
    with(world, first);
    world.feed("<itunes:duration>22:27", &format!("{second}<itunes:duration>22:27"));
}

pub(in crate::checks::cases) const ITEM: &[Case] = &[
    Case {
        id: "episode-title-missing",
        bad: &[|w| w.feed(TITLE, ""), |w| w.feed(TITLE, "<title> </title>")],
        good: &[|w| w.feed(TITLE, "<title><![CDATA[Money]]></title>")],
    },
    Case {
        id: "episode-title-long",
        bad: &[
            |w| w.feed(TITLE, &format!("<title>{}</title>", "x".repeat(256))),
            |w| with(w, &format!("<itunes:title>{}</itunes:title>", "x".repeat(256))),
        ],
        good: &[|w| w.feed(TITLE, &format!("<title>{}</title>", "ü".repeat(255)))],
    },
    Case {
        id: "episode-title-has-number",
        bad: &[
            |w| w.feed(TITLE, "<title>Ep. 12: Money</title>"),
            |w| w.feed(TITLE, "<title>Money – Open Pages, read aloud</title>"),
            |w| with(w, "<itunes:title>S2E3 Money</itunes:title>"),
        ],
        good: &[|w| w.feed(TITLE, "<title>The 12 of March</title>")],
    },
    Case {
        id: "episode-guid-missing",
        bad: &[|w| w.feed(GUID, ""), |w| w.feed(GUID, "<guid isPermaLink=\"false\"> </guid>")],
        good: &[|w| w.feed(GUID, "<guid isPermaLink=\"false\"><![CDATA[a]]></guid>")],
    },
    Case {
        id: "episode-guid-duplicate",
        bad: &[|w| w.feed("<guid>https://pages.test/hands</guid>", "<guid isPermaLink=\"false\">a</guid>")],
        good: &[|w| w.feed("<guid>https://pages.test/hands</guid>", "<guid isPermaLink=\"false\">A</guid>")],
    },
    Case {
        id: "episode-guid-permalink",
        bad: &[
            |w| w.feed(GUID, "<guid>a</guid>"),
            |w| w.feed(GUID, "<guid isPermaLink=\"true\">urn:uuid:a0e8c1de-3f3c-4b0f-9f6c-1b2ad7d9a5c1</guid>"),
            |w| w.feed(GUID, "<guid isPermaLink=\"no\">a</guid>"),
        ],
        good: &[
            |w| w.feed(GUID, "<guid>https://pages.test/?p=1</guid>"),
            |w| w.feed(GUID, "<guid isPermaLink=\"false\">https://pages.test/?p=1</guid>"),
        ],
    },
    Case {
        id: "episode-duplicate",
        bad: &[|w| {
            w.feed("<title>The hands</title>", "<title>Money, in the pocket</title>");
            w.feed("Mon, 29 Jan 2018 12:00:00 GMT", "Tue, 30 Jan 2018 21:00:00 GMT");
        }],
        good: &[
            |w| w.feed("<title>The hands</title>", TITLE),
            |w| {
                w.feed("<title>The hands</title>", TITLE);
                w.feed("Mon, 29 Jan 2018 12:00:00 GMT", "Tue, 30 Jan 2018 21:00:00 GMT");
                w.feed("22:27", "1:22:27");
            },
        ],
    },
    Case {
        id: "episode-date-invalid",
        bad: &[
            |w| date(w, ""),
            |w| date(w, "<pubDate> </pubDate>"),
            |w| date(w, "<pubDate>2018-01-30T12:00:00Z</pubDate>"),
            |w| date(w, "<pubDate>Di, 30 Jan 2018 12:00:00 +0000</pubDate>"),
            |w| date(w, "<pubDate>Tue, 30 January 2018 12:00:00 +0000</pubDate>"),
        ],
        good: &[
            |w| date(w, "<pubDate>30 Jan 2018 12:00 EST</pubDate>"),
            |w| date(w, "<pubDate>Wed, 30 Jan 2018 12:00:00 -0500</pubDate>"),
        ],
    },
    Case {
        id: "episode-date-weekday",
        bad: &[|w| date(w, "<pubDate>Wed, 30 Jan 2018 12:00:00 +0000</pubDate>")],
        // It is Wednesday there and Tuesday in UTC.
        good: &[|w| date(w, "<pubDate>Wed, 31 Jan 2018 02:00:00 +0900</pubDate>")],
    },
    Case {
        id: "episode-date-future",
        bad: &[|w| date(w, "<pubDate>Sat, 30 Jan 2038 12:00:00 +0000</pubDate>")],
        good: &[|w| date(w, "<pubDate>Tue, 24 Nov 2026 12:00:00 +0000</pubDate>")],
    },
    Case {
        id: "episode-artwork-invalid",
        bad: &[
            |w| with(w, "<itunes:image/>"),
            |w| with(w, "<itunes:image href=\"cover.jpg\"/>"),
            |w| with(w, "<itunes:image href=\"https://pages.test/cover.webp\"/>"),
        ],
        good: &[|w| with(w, "<itunes:image href=\"https://pages.test/cover.jpg\"/>")],
    },
    Case {
        id: "episode-duration-mismatch",
        bad: &[|w| {
            w.enclosure = Some(w.recording.clone());
            w.feed(">1200<", ">1202<");
        }],
        good: &[|w| {
            w.enclosure = Some(w.recording.clone());
            w.feed(">1200<", ">1201<");
        }],
    },
    Case {
        id: "feed-target-unseen",
        bad: &[|w| w.unseen = Some(Target::Audio)],
        good: &[|w| w.enclosure = Some(w.recording.clone())],
    },
    Case {
        id: "chapters-carriers-disagree",
        bad: &[
            |w| w.chapters_file = Some(w.marks.iter().skip(1).cloned().collect()),
            |w| {
                w.chapters_file = Some(w.marks.clone());
                w.chapters_file.as_mut().expect("marks")[1].start = Timestamp::from_millis(301_001);
            },
            |w| {
                w.enclosure = Some(w.recording.clone());
                let marks = w.marks.iter().take(3).cloned().collect();
                let carried = EmbeddedChapters { carrier: EmbeddedCarrier::Id3, marks };
                w.enclosure.as_mut().expect("audio").chapters.push(carried);
            },
            |w| w.feed("00:10:00 The port", "00:10:02 The port"),
        ],
        good: &[|w| {
            w.chapters_file = Some(w.marks.clone());
            w.chapters_file.as_mut().expect("marks")[1].start = Timestamp::from_millis(300_900);
        }],
    },
    Case {
        id: "episode-explicit-invalid",
        bad: &[
            |w| w.feed(TYPE, "<itunes:explicit>no</itunes:explicit>"),
            |w| w.feed(TYPE, "<itunes:explicit/>"),
            |w| w.feed(TYPE, "<itunes:explicit>clean</itunes:explicit>"),
        ],
        good: &[|w| w.feed(TYPE, "<itunes:explicit>TRUE</itunes:explicit>")],
    },
    Case {
        id: "episode-type-invalid",
        bad: &[
            |w| w.feed(TYPE, "<itunes:episodeType>Full</itunes:episodeType>"),
            |w| w.feed(TYPE, "<itunes:episodeType>teaser</itunes:episodeType>"),
        ],
        good: &[|w| w.feed(TYPE, "<itunes:episodeType>bonus</itunes:episodeType>"), |w| w.feed(TYPE, "")],
    },
    Case {
        id: "episode-number-invalid",
        bad: &[
            |w| with(w, "<itunes:episode>0</itunes:episode>"),
            |w| with(w, "<itunes:episode>13.1</itunes:episode>"),
            |w| with(w, "<itunes:season>two</itunes:season>"),
            |w| with(w, "<itunes:season/>"),
        ],
        good: &[|w| with(w, "<itunes:season>2</itunes:season><itunes:episode> 13 </itunes:episode>")],
    },
    Case {
        id: "episode-number-missing-serial",
        bad: &[serial],
        good: &[|w| {
            serial(w);
            w.feed(TYPE, "<itunes:episodeType>trailer</itunes:episodeType>");
            w.feed("<itunes:duration>22:27", "<itunes:episode>1</itunes:episode><itunes:duration>22:27");
        }],
    },
    Case {
        id: "episode-number-duplicate",
        bad: &[|w| number(w, "<itunes:episode>1</itunes:episode>", "<itunes:episode>01</itunes:episode>")],
        good: &[|w| {
            let second = "<itunes:season>2</itunes:season><itunes:episode>1</itunes:episode>";
            number(w, "<itunes:episode>1</itunes:episode>", second);
        }],
    },
    Case {
        id: "episode-block-set",
        bad: &[|w| with(w, "<itunes:block>Yes</itunes:block>")],
        good: &[|w| with(w, "<itunes:block>no</itunes:block>")],
    },
    Case {
        id: "episode-duration-missing",
        bad: &[|w| w.feed(LENGTH, ""), |w| w.feed(LENGTH, "<itunes:duration>00:00</itunes:duration>")],
        good: &[|w| {
            w.feed(LENGTH, "");
            w.feed(ENCLOSURE, "");
        }],
    },
    Case {
        id: "episode-duration-invalid",
        bad: &[
            |w| w.feed(">1200<", ">1200.5<"),
            |w| w.feed(">1200<", ">20 min<"),
            |w| w.feed(">1200<", ">1:4:48<"),
            |w| w.feed(">1200<", ">20:60<"),
            |w| w.feed(">1200<", ">0:20:00:00<"),
        ],
        good: &[
            |w| w.feed(">1200<", ">20:00<"),
            |w| w.feed(">1200<", "> 0:20:00 <"),
            |w| w.feed(">1200<", ">00:20:00<"),
            |w| w.feed(LENGTH, "<itunes:duration/>"),
        ],
    },
    Case { id: "episode-enclosure-missing", bad: &[|w| w.feed(ENCLOSURE, ""), |w| w.feed(URL, "")], good: &[] },
    Case {
        id: "episode-enclosure-url-invalid",
        bad: &[
            |w| w.feed(URL, "money/money-0123abcd.mp3"),
            |w| w.feed(URL, "ftp://pages.test/money.mp3"),
            |w| w.feed(URL, "https://pages.test/the money.mp3"),
            |w| w.feed(URL, "https://pages.test/über.mp3"),
            |w| w.feed(URL, "https://pages.test/money.opus"),
            |w| w.feed(URL, "https://pages.test/money"),
            |w| w.feed(URL, "https://pages.test"),
        ],
        good: &[
            |w| w.feed(URL, "http://pages.test/MONEY.MP3?a=b.exe#c"),
            |w| w.feed(URL, "https://pages.test/play/https%3A%2F%2Fcdn.test%2Fthe%20money.mp3"),
        ],
    },
    Case {
        id: "episode-enclosure-duplicate",
        bad: &[|w| w.feed("https://cdn.test/hands.m4a?from=feed", URL)],
        good: &[|w| w.feed("https://cdn.test/hands.m4a?from=feed", "https://cdn.test/money-0123abcd.mp3")],
    },
    Case {
        id: "episode-enclosure-length-wrong",
        bad: &[
            |w| w.feed(" length=\"19200000\"", ""),
            |w| w.feed("19200000", "0"),
            |w| w.feed("19200000", "-1"),
            |w| w.feed("19200000", "19,2 MB"),
            |w| {
                w.enclosure = Some(w.recording.clone());
                w.feed("19200000", "19200001");
            },
        ],
        good: &[|w| w.enclosure = Some(w.recording.clone()), |w| w.feed("19200000", "1")],
    },
    Case {
        id: "episode-enclosure-type-wrong",
        bad: &[
            |w| w.feed(" type=\"audio/mpeg\"", ""),
            |w| w.feed("audio/mpeg", "audio/mp3"),
            |w| w.feed("audio/mpeg", "audio/x-m4a"),
            |w| w.feed("audio/x-m4a", "audio/mpeg"),
            |w| w.feed("audio/mpeg", "mp3"),
            |w| {
                w.enclosure = Some(w.recording.clone());
                w.enclosure.as_mut().expect("audio").container = Container::Mp4;
            },
        ],
        good: &[
            |w| w.feed("audio/mpeg", "Audio/MPEG"),
            |w| w.feed("audio/x-m4a", "audio/mp4"),
            |w| {
                w.feed("money-0123abcd.mp3", "money-0123abcd.mp4");
                w.feed("audio/mpeg", "video/mp4");
            },
        ],
    },
    Case {
        id: "episode-enclosure-inserted-ads",
        bad: &[
            |w| w.feed(URL, "https://traffic.megaphone.fm/ABC1234567.mp3"),
            |w| w.feed(URL, "https://counter.test/x/sphinx.acast.com/p/money.mp3"),
        ],
        good: &[|w| w.feed(URL, "https://notart19.com/money.mp3")],
    },
    Case {
        id: "episode-description-missing",
        bad: &[|w| notes(w, ""), |w| notes(w, "<description> </description>")],
        good: &[|w| notes(w, "<content:encoded>Where the money is.</content:encoded>")],
    },
    Case {
        id: "episode-description-long",
        bad: &[|w| notes(w, &format!("<description>{}</description>", "ü".repeat(2001)))],
        good: &[|w| notes(w, &format!("<description>{}</description>", "ü".repeat(2000)))],
    },
    Case {
        id: "episode-description-html",
        bad: &[
            |w| notes(w, "<description>&lt;div&gt;Money&lt;/div&gt;</description>"),
            |w| notes(w, "<description><![CDATA[<p>x</p><script>alert()</script>]]></description>"),
            |w| notes(w, "<description><![CDATA[<a href=\"http://pages.test\">x</a>]]></description>"),
        ],
        good: &[
            |w| notes(w, "<description><![CDATA[<p>x<br/><a href='https://pages.test'>y</a></p>]]></description>"),
            |w| notes(w, "<description>1 &lt; 2</description>"),
        ],
    },
    Case {
        id: "episode-content-without-description",
        bad: &[|w| notes(w, "<content:encoded>Where the money is.</content:encoded>")],
        good: &[|w| with(w, "<content:encoded>Where the money is.</content:encoded>"), |w| notes(w, "")],
    },
    Case {
        id: "episode-tag-invalid",
        bad: &[
            |w| with(w, "<author>Ann Reader</author>"),
            |w| with(w, "<podcast:season>two</podcast:season>"),
            |w| with(w, "<podcast:episode>3a</podcast:episode>"),
            |w| with(w, &format!("<podcast:episode display=\"{}\">3</podcast:episode>", "x".repeat(33))),
            |w| with(w, "<podcast:person> </podcast:person>"),
            |w| with(w, "<podcast:license>All Rights Reserved</podcast:license>"),
            |w| with(w, "<podcast:contentLink>The article</podcast:contentLink>"),
            |w| with(w, "<podcast:socialInteract protocol=\"activitypub\"/>"),
        ],
        good: &[
            |w| with(w, "<author>ann@pages.test (Ann Reader)</author>"),
            |w| with(w, "<podcast:season name=\"Two\">2</podcast:season><podcast:episode>3.5</podcast:episode>"),
            |w| {
                with(
                    w,
                    "<podcast:person role=\"author\">Ann</podcast:person><podcast:license>cc-by-4.0</podcast:license>",
                )
            },
            |w| with(w, "<podcast:socialInteract protocol=\"disabled\"/>"),
        ],
    },
    Case {
        id: "episode-soundbite-range",
        bad: &[
            |w| with(w, "<podcast:soundbite startTime=\"10\">x</podcast:soundbite>"),
            |w| with(w, "<podcast:soundbite startTime=\"1180\" duration=\"60\"/>"),
            |w| with(w, "<podcast:soundbite startTime=\"10\" duration=\"5\"/>"),
            |w| with(w, "<podcast:soundbite startTime=\"-1\" duration=\"30\"/>"),
        ],
        good: &[|w| with(w, "<podcast:soundbite startTime=\"1140.5\" duration=\"60.0\">x</podcast:soundbite>")],
    },
    Case {
        id: "episode-alternate-enclosure-invalid",
        bad: &[
            |w| {
                with(
                    w,
                    "<podcast:alternateEnclosure><podcast:source uri=\"https://pages.test/a.opus\"/></podcast:alternateEnclosure>",
                )
            },
            |w| with(w, "<podcast:alternateEnclosure type=\"audio/opus\"/>"),
            |w| {
                with(
                    w,
                    "<podcast:alternateEnclosure type=\"audio/opus\" bitrate=\"high\"><podcast:source uri=\"https://pages.test/a.opus\"/></podcast:alternateEnclosure>",
                )
            },
            |w| {
                with(
                    w,
                    "<podcast:alternateEnclosure type=\"audio/opus\"><podcast:source url=\"https://pages.test/a.opus\"/></podcast:alternateEnclosure>",
                )
            },
        ],
        good: &[|w| {
            with(
                w,
                "<podcast:alternateEnclosure type=\"audio/opus\" length=\"1\" bitrate=\"32000.5\" default=\"true\"><podcast:source uri=\"https://pages.test/a.opus\"/><podcast:integrity type=\"sri\" value=\"sha384-x\"/></podcast:alternateEnclosure>",
            )
        }],
    },
    Case {
        id: "transcript-tag-invalid",
        bad: &[
            |w| w.feed("url=\"https://pages.test/feed/money/transcript-0123abcd.vtt\"", ""),
            |w| w.feed("https://pages.test/feed/money/transcript-0123abcd.vtt", "transcript.vtt"),
            |w| w.feed(" type=\"text/vtt\"", ""),
            |w| w.feed("text/vtt", "text/webvtt"),
            |w| w.feed("language=\"en\"", "rel=\"subtitles\""),
        ],
        good: &[|w| w.feed("text/vtt", "application/x-subrip"), |w| w.feed("language=\"en\"", "rel=\"captions\"")],
    },
    Case {
        id: "chapters-tag-invalid",
        bad: &[
            |w| w.feed("url=\"https://pages.test/feed/money/chapters-0123abcd.json\"", ""),
            |w| w.feed("https://pages.test/feed/money/chapters-0123abcd.json", "/chapters.json"),
            |w| w.feed(" type=\"application/json+chapters\"", ""),
            |w| with(w, "<podcast:chapters url=\"https://pages.test/b.json\" type=\"application/json+chapters\"/>"),
        ],
        good: &[],
    },
    Case {
        id: "chapters-json-mime",
        bad: &[
            |w| w.feed("application/json+chapters", "application/json"),
            |w| w.feed("application/json+chapters", "application/chapters+json"),
        ],
        good: &[|w| w.feed(" type=\"application/json+chapters\"", "")],
    },
    Case {
        id: "chapters-psc-invalid",
        bad: &[
            |w| w.feed("start=\"00:05:00.000\" ", ""),
            |w| w.feed("start=\"00:05:00.000\"", "start=\"five\""),
            |w| w.feed(" title=\"The bank\"", ""),
            |w| with(w, "<psc:chapters/>"),
        ],
        good: &[|w| w.feed("00:05:00.000", "5:00")],
    },
    Case {
        id: "chapters-psc-bare-seconds",
        bad: &[|w| w.feed("00:05:00.000", "300")],
        good: &[|w| w.feed("00:00:00.000", "0")],
    },
    Case {
        id: "chapters-notes-format",
        bad: &[
            |w| w.feed("00:00:00 Money in the pocket<br/>", ""),
            |w| w.feed("00:10:00 The port", "00:04:00 The port"),
            |w| notes(w, "<description>Money 0:00\nThe bank (05:00)\nThe port 10:00</description>"),
            |w| notes(w, &format!("<description>{}\n0:00 a\n5:00 b\n9:00 c</description>", "x".repeat(4000))),
        ],
        good: &[
            |w| notes(w, "<description>We met at 12:30.\n12:45 was late.</description>"),
            |w| {
                notes(
                    w,
                    "<description><![CDATA[<ul><li>(0:00) a</li><li>(5:00) b</li><li>(9:00) c</li></ul>]]></description>",
                )
            },
        ],
    },
    Case {
        id: "chapters-first-not-zero",
        bad: &[|w| w.feed("start=\"00:00:00.000\"", "start=\"00:00:07.000\"")],
        good: &[|w| w.feed("start=\"00:00:00.000\"", "start=\"0\"")],
    },
    Case { id: "chapters-past-end", bad: &[|w| w.feed(">1200<", ">900<")], good: &[|w| w.feed(">1200<", ">901<")] },
];
