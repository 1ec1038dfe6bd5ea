//! Cases of feeds: a feed that is right, and what is wrong with others.

use super::{Case, World};

mod item;
mod show;

pub(super) use item::ITEM;
pub(super) use show::SHOW;

/// A feed with two episodes that no rule has anything to say about.
pub(super) const RIGHT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:psc="http://podlove.org/simple-chapters">
<channel>
<title>Open Pages, read aloud</title>
<link>https://pages.test/</link>
<description>Articles, read by people.</description>
<language>en-ca</language>
<pubDate>Tue, 30 Jan 2018 12:00:00 +0000</pubDate>
<lastBuildDate>Wed, 31 Jan 2018 07:00:00 GMT</lastBuildDate>
<generator>Some Host 1.2</generator>
<image><url>https://pages.test/small.png</url><title>Open Pages, read aloud</title><link>https://pages.test</link><width>144</width></image>
<atom:link rel="self" type="application/rss+xml" href="https://pages.test/feed/feed.xml"/>
<itunes:author>Open Pages</itunes:author>
<itunes:owner><itunes:name>Open Pages</itunes:name><itunes:email>audio@pages.test</itunes:email></itunes:owner>
<itunes:image href="https://pages.test/feed/cover.png"/>
<itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
<itunes:explicit>false</itunes:explicit>
<itunes:type>episodic</itunes:type>
<podcast:guid>411d92fb-5dba-5764-81bb-dbb935c3d82c</podcast:guid>
<podcast:locked owner="audio@pages.test">yes</podcast:locked>
<podcast:medium>podcast</podcast:medium>
<podcast:person role="Host" href="https://pages.test/ann">Ann Reader</podcast:person>
<item>
<title>Money in the pocket</title>
<link>https://pages.test/money</link>
<description><![CDATA[<p>Where the money is.</p><p>00:00:00 Money in the pocket<br/>00:05:00 The bank<br/>00:10:00 The port<br/>00:15:00 The mine</p>]]></description>
<guid isPermaLink="false">a</guid>
<pubDate>Tue, 30 Jan 2018 12:00:00 +0000</pubDate>
<enclosure url="https://pages.test/feed/money/money-0123abcd.mp3" length="19200000" type="audio/mpeg"/>
<itunes:duration>1200</itunes:duration>
<itunes:explicit>false</itunes:explicit>
<itunes:episodeType>full</itunes:episodeType>
<podcast:chapters url="https://pages.test/feed/money/chapters-0123abcd.json" type="application/json+chapters"/>
<podcast:transcript url="https://pages.test/feed/money/transcript-0123abcd.vtt" type="text/vtt" language="en"/>
<psc:chapters version="1.2">
<psc:chapter start="00:00:00.000" title="Money in the pocket"/>
<psc:chapter start="00:05:00.000" title="The bank"/>
<psc:chapter start="00:10:00.000" title="The port"/>
<psc:chapter start="00:15:00.000" title="The mine"/>
</psc:chapters>
</item>
<item>
<title>The hands</title>
<link>https://pages.test/hands</link>
<description>Whose they are.</description>
<guid>https://pages.test/hands</guid>
<pubDate>Mon, 29 Jan 2018 12:00:00 GMT</pubDate>
<enclosure url="https://cdn.test/hands.m4a?from=feed" length="5650889" type="audio/x-m4a"/>
<itunes:duration>22:27</itunes:duration>
</item>
</channel>
</rss>
"#;

/// Items that lack everything.
#[test]
fn a_hostile_number_of_findings_is_counted_and_not_kept() {
    let mut world = World::right();
    world.feed("</channel>", &format!("{}</channel>", "<item/>\n".repeat(6_000)));
    let found = world.found();
    let of = |id: &str| found.iter().filter(|f| f.rule.id == id).collect::<Vec<_>>();
    let missing = of("episode-guid-missing");
    assert_eq!(missing.len(), 5_001);
    let counted = |f: &&&crate::model::finding::Finding| f.message.contains("1000 more places");
    assert_eq!(missing.iter().filter(counted).count(), 1);
}

pub(super) const DOCUMENT: &[Case] = &[
    Case {
        id: "feed-namespace-wrong",
        bad: &[
            |w| w.feed("http://www.itunes.com/dtds", "https://www.itunes.com/dtds"),
            |w| w.feed("http://www.itunes.com/dtds/podcast-1.0.dtd", "http://www.itunes.com/DTDs/Podcast-1.0.dtd"),
            |w| w.feed("podcastindex.org/namespace/1.0", "podcastindex.org/namespace/1.0/"),
            |w| w.feed("podlove.org/simple-chapters", "podlove.org/simple-chapters/"),
            |w| w.feed("http://www.w3.org/2005/Atom", "https://www.w3.org/2005/atom"),
            |w| w.feed("https://podcastindex.org/namespace/1.0", "https://pages.test/podcast"),
        ],
        good: &[
            |w| {
                w.feed(
                    "https://podcastindex.org/namespace/1.0",
                    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
                );
            },
            |w| w.feed("xmlns:content=", "xmlns:x=\"http://purl.org/rss/1.0/modules/content\" xmlns:content="),
            |w| w.feed("xmlns:content=", "xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:content="),
        ],
    },
    Case {
        id: "feed-duplicate-element",
        bad: &[
            |w| w.feed("<itunes:type>", "<title>Another</title><itunes:type>"),
            |w| w.feed("<itunes:type>", "<itunes:explicit>true</itunes:explicit><itunes:type>"),
            |w| w.feed("<itunes:duration>", "<enclosure url=\"https://pages.test/b.mp3\"/><itunes:duration>"),
            |w| w.feed("<itunes:duration>", "<itunes:duration>1200</itunes:duration><itunes:duration>"),
        ],
        good: &[
            |w| w.feed("<itunes:type>", "<itunes:category text=\"Arts\"/><itunes:type>"),
            |w| w.feed("<itunes:type>", "<itunes:title>Another</itunes:title><itunes:type>"),
        ],
    },
    Case {
        id: "feed-legacy-tag",
        bad: &[
            |w| w.feed("<itunes:type>", "<itunes:keywords>a, b</itunes:keywords><itunes:type>"),
            |w| w.feed("<itunes:duration>", "<itunes:summary>a</itunes:summary><itunes:duration>"),
            |w| {
                let google = "<g:block xmlns:g=\"http://www.google.com/schemas/play-podcasts/1.0\">yes</g:block>";
                w.feed("<itunes:type>", &format!("{google}<itunes:type>"));
            },
        ],
        good: &[],
    },
    Case {
        id: "feed-date-invalid",
        bad: &[
            |w| w.feed("<lastBuildDate>Wed, 31 Jan 2018 07:00:00 GMT", "<lastBuildDate>2018-01-31T07:00:00Z"),
            |w| w.feed("<pubDate>Tue, 30 Jan 2018 12:00:00 +0000", "<pubDate>Di, 30 Jan 2018 12:00:00 +0000"),
            |w| w.feed("<pubDate>Tue, 30 Jan 2018 12:00:00 +0000", "<pubDate>"),
        ],
        good: &[
            |w| w.feed("<pubDate>Tue, 30 Jan 2018 12:00:00 +0000", "<pubDate>30 Jan 2018 12:00 EST"),
            |w| w.feed("<pubDate>Tue, 30 Jan 2018 12:00:00 +0000</pubDate>", ""),
        ],
    },
    Case {
        id: "feed-self-link-missing",
        bad: &[|w| w.feed("rel=\"self\"", "rel=\"hub\"")],
        good: &[|w| w.feed("rel=\"self\"", "rel=\"Self\"")],
    },
    Case {
        id: "feed-self-link-mismatch",
        bad: &[
            |w| w.feed("href=\"https://pages.test/feed/feed.xml\"", "href=\"/feed/feed.xml\""),
            |w| w.feed("href=\"https://pages.test/feed/feed.xml\"", ""),
            |w| w.base_url = Some("https://other.test/feed/"),
            |w| w.base_url = Some("https://pages.test/"),
        ],
        good: &[
            |w| w.base_url = Some("https://pages.test/feed/"),
            |w| w.base_url = Some("http://pages.test/feed"),
            |w| w.base_url = Some("https://pages.test/feed/feed.xml"),
        ],
    },
    Case {
        id: "feed-rss-image-mismatch",
        bad: &[
            |w| w.feed("<url>https://pages.test/small.png</url>", ""),
            |w| w.feed("<title>Open Pages, read aloud</title><link>", "<title>Open Pages</title><link>"),
            |w| w.feed("<link>https://pages.test</link>", "<link>https://pages.test/logo</link>"),
            |w| w.feed("<width>144</width>", "<width>1400</width>"),
            |w| w.feed("<width>144</width>", "<height>tall</height>"),
        ],
        good: &[|w| w.feed("<width>144</width>", "<height>400</height>")],
    },
];
