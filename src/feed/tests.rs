//! Feeds as a whole: what a full show and a bare one give, and that every title survives.

use proptest::prelude::*;

use super::*;
use crate::model::chapter::{Chapter, ChapterList, Confidence, Origin};
use crate::model::show::{
    Category, EpisodeKind, Funding, Guid, License, Narration, Person, Show, ShowKind, TextPolicy,
};
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};

fn list(titles: &[&str]) -> ChapterList {
    let chapter = |(index, title): (usize, &&str)| Chapter {
        start: Timestamp::from_millis(index as u64 * 130_098),
        title: Line::new(title),
        origin: Origin::Explicit,
        confidence: Confidence::CERTAIN,
        heard: None,
        section: Some(index),
        url: (index == 1).then(|| "https://pages.example/money?a=1&b=2".to_owned()),
    };
    let chapters = titles.iter().enumerate().map(chapter).collect();
    ChapterList::new(chapters, Duration::from_millis(titles.len() as u64 * 130_098)).expect("a good list")
}

fn person(name: &str, role: Option<&str>) -> Person {
    Person { name: Line::new(name), role: role.map(str::to_owned), href: None }
}

fn show() -> Show {
    Show {
        title: Line::new("Open Pages & Friends, read aloud"),
        link: "https://pages.example/".into(),
        base_url: "https://pages.example/feed/".into(),
        description: "Articles <read> aloud.\nEvery week & for free.".into(),
        language: "en-CA".into(),
        author: Line::new("Open Pages"),
        owner_email: Some("audio@pages.example".into()),
        categories: vec![
            Category { main: "Society & Culture".into(), sub: Some("Places & Travel".into()) },
            Category { main: "History".into(), sub: None },
        ],
        explicit: Some(false),
        narrators: vec![Person { href: Some("https://ann.example/".into()), ..person("Ann Reader", None) }],
        kind: ShowKind::Episodic,
        funding: Some(Funding { url: "https://pages.example/give".into(), text: Line::new("Support us") }),
        license: Some(License { id: "cc-by-4.0".into(), url: None }),
        copyright: Some(Line::new("Open Pages")),
        ..Show::default()
    }
}

fn item<'a>(title: &str, chapters: Option<&'a ChapterList>) -> Item<'a> {
    Item {
        title: Line::new(title),
        guid: Guid::new(&format!("guid of {title}")).expect("not blank"),
        link: Some("https://pages.example/article?x=1&y=2".into()),
        pub_date: "2018-01-03T12:00:00Z".parse().expect("a moment"),
        dek: Some("Who pays for it, & why.".into()),
        enclosure: Enclosure {
            url: "https://pages.example/feed/hands/hands-0123abcd.mp3".into(),
            length: 5_650_889,
            media_type: "audio/mpeg".into(),
        },
        duration: Duration::from_millis(1_346_977),
        chapters,
        chapters_url: Some("https://pages.example/feed/hands/chapters-89abcdef.json".into()),
        image_url: Some("https://pages.example/feed/hands/cover.png".into()),
        explicit: Some(true),
        people: vec![person("Paul Writer", Some("author")), person("Ida Draws", Some("illustrator"))],
        season: Some(1),
        episode: Some(2),
        kind: EpisodeKind::Full,
        narration: Narration::Human,
        text: TextPolicy::Full,
        language: None,
        license: None,
        besides: Vec::new(),
        transcripts: Vec::new(),
    }
}

fn bare(title: &str) -> Item<'static> {
    Item {
        link: None,
        dek: None,
        chapters_url: None,
        image_url: None,
        explicit: None,
        people: Vec::new(),
        season: None,
        episode: None,
        ..item(title, None)
    }
}

fn input<'a>(show: &'a Show, guid: &'a Guid, items: Vec<Item<'a>>) -> FeedInput<'a> {
    FeedInput {
        show,
        show_guid: guid,
        feed_url: "https://pages.example/feed/feed.xml".into(),
        cover_url: Some("https://pages.example/feed/cover.jpg".into()),
        generator: "listen-now 0.1.0".into(),
        items,
    }
}

fn guid() -> Guid {
    Guid::of_feed("https://pages.example/feed/feed.xml")
}

fn rendered(input: &FeedInput<'_>) -> String {
    String::from_utf8(render(input).expect("a feed")).expect("UTF-8")
}

#[test]
fn a_full_show() {
    let (show, guid) = (show(), guid());
    let chapters = list(&["The hands <that> feed", "Money & \"more\"", "]]> Freedom"]);
    let mut full = item("The hands & <the> ]]> leash", Some(&chapters));
    full.transcripts = vec![Transcript {
        url: "https://pages.example/feed/hands/transcript-1.vtt".into(),
        media_type: "text/vtt".into(),
        language: Some("en".into()),
        captions: true,
    }];
    let synthetic = Item {
        narration: Narration::Synthetic,
        language: Some("de-AT".into()),
        text: TextPolicy::None,
        kind: EpisodeKind::Bonus,
        license: Some(License { id: "own".into(), url: Some("https://pages.example/licence".into()) }),
        ..bare("Zweite Folge")
    };
    insta::assert_snapshot!(rendered(&input(&show, &guid, vec![full, synthetic])), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <?xml-stylesheet type="text/css" href="feed.css"?>
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters">
      <channel>
        <title>Open Pages &amp; Friends, read aloud</title>
        <link>https://pages.example/</link>
        <description>Articles &lt;read&gt; aloud.
    Every week &amp; for free.</description>
        <language>en-CA</language>
        <copyright>Open Pages</copyright>
        <pubDate>Wed, 03 Jan 2018 12:00:00 +0000</pubDate>
        <lastBuildDate>Wed, 03 Jan 2018 12:00:00 +0000</lastBuildDate>
        <generator>listen-now 0.1.0</generator>
        <image>
          <url>https://pages.example/feed/cover.jpg</url>
          <title>Open Pages &amp; Friends, read aloud</title>
          <link>https://pages.example/</link>
        </image>
        <atom:link href="https://pages.example/feed/feed.xml" rel="self" type="application/rss+xml"/>
        <itunes:type>episodic</itunes:type>
        <podcast:funding url="https://pages.example/give">Support us</podcast:funding>
        <podcast:guid>901ef67b-4dcf-547d-bd7f-aba1139f84dc</podcast:guid>
        <podcast:license>cc-by-4.0</podcast:license>
        <podcast:locked owner="audio@pages.example">yes</podcast:locked>
        <podcast:medium>podcast</podcast:medium>
        <podcast:person group="cast" href="https://ann.example/" role="narrator">Ann Reader</podcast:person>
        <itunes:author>Open Pages</itunes:author>
        <itunes:category text="Society &amp; Culture">
          <itunes:category text="Places &amp; Travel"/>
        </itunes:category>
        <itunes:category text="History"/>
        <itunes:image href="https://pages.example/feed/cover.jpg"/>
        <itunes:explicit>false</itunes:explicit>
        <itunes:owner>
          <itunes:name>Open Pages</itunes:name>
          <itunes:email>audio@pages.example</itunes:email>
        </itunes:owner>
        <item>
          <title>The hands &amp; &lt;the&gt; ]]&gt; leash</title>
          <link>https://pages.example/article?x=1&amp;y=2</link>
          <description><![CDATA[<p>Who pays for it, &amp; why.</p><p>00:00:00 The hands &lt;that&gt; feed<br/>00:02:10 Money &amp; &quot;more&quot;<br/>00:04:20 ]]&gt; Freedom<br/></p><p><a href="https://pages.example/article?x=1&amp;y=2">https://pages.example/article?x=1&amp;y=2</a></p>]]></description>
          <enclosure url="https://pages.example/feed/hands/hands-0123abcd.mp3" length="5650889" type="audio/mpeg"/>
          <guid isPermaLink="false">guid of The hands &amp; &lt;the&gt; ]]&gt; leash</guid>
          <pubDate>Wed, 03 Jan 2018 12:00:00 +0000</pubDate>
          <podcast:chapters type="application/json+chapters" url="https://pages.example/feed/hands/chapters-89abcdef.json"/>
          <podcast:episode>2</podcast:episode>
          <podcast:person group="writing" role="author">Paul Writer</podcast:person>
          <podcast:person group="visuals" role="illustrator">Ida Draws</podcast:person>
          <podcast:person group="cast" href="https://ann.example/" role="narrator">Ann Reader</podcast:person>
          <podcast:season>1</podcast:season>
          <podcast:transcript language="en" rel="captions" type="text/vtt" url="https://pages.example/feed/hands/transcript-1.vtt"/>
          <psc:chapters version="1.2">
            <psc:chapter start="00:00:00.000" title="The hands &lt;that&gt; feed"/>
            <psc:chapter href="https://pages.example/money?a=1&amp;b=2" start="00:02:10.098" title="Money &amp; &quot;more&quot;"/>
            <psc:chapter start="00:04:20.196" title="]]&gt; Freedom"/>
          </psc:chapters>
          <itunes:author>Paul Writer</itunes:author>
          <itunes:image href="https://pages.example/feed/hands/cover.png"/>
          <itunes:duration>1347</itunes:duration>
          <itunes:explicit>true</itunes:explicit>
          <itunes:episode>2</itunes:episode>
          <itunes:season>1</itunes:season>
          <itunes:episodeType>full</itunes:episodeType>
        </item>
        <item>
          <title>Zweite Folge</title>
          <description><![CDATA[<p>Diese Folge wird von einer synthetischen, mit KI erzeugten Stimme gelesen.</p>]]></description>
          <enclosure url="https://pages.example/feed/hands/hands-0123abcd.mp3" length="5650889" type="audio/mpeg"/>
          <guid isPermaLink="false">guid of Zweite Folge</guid>
          <pubDate>Wed, 03 Jan 2018 12:00:00 +0000</pubDate>
          <podcast:license url="https://pages.example/licence">own</podcast:license>
          <podcast:txt purpose="ai-content">true</podcast:txt>
          <itunes:duration>1347</itunes:duration>
          <itunes:explicit>false</itunes:explicit>
          <itunes:episodeType>bonus</itunes:episodeType>
        </item>
      </channel>
    </rss>
    "#);
}

#[test]
fn a_serial_show_with_nothing_but_what_it_must_have() {
    let guid = guid();
    let show =
        Show { title: Line::new("S"), kind: ShowKind::Serial, narration: Narration::Synthetic, ..Show::default() };
    let bare = FeedInput { cover_url: None, ..input(&show, &guid, vec![bare("T")]) };
    insta::assert_snapshot!(rendered(&bare), @r#"
    <?xml version="1.0" encoding="utf-8"?>
    <?xml-stylesheet type="text/css" href="feed.css"?>
    <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters">
      <channel>
        <title>S</title>
        <link/>
        <description/>
        <pubDate>Wed, 03 Jan 2018 12:00:00 +0000</pubDate>
        <lastBuildDate>Wed, 03 Jan 2018 12:00:00 +0000</lastBuildDate>
        <generator>listen-now 0.1.0</generator>
        <atom:link href="https://pages.example/feed/feed.xml" rel="self" type="application/rss+xml"/>
        <itunes:type>serial</itunes:type>
        <podcast:guid>901ef67b-4dcf-547d-bd7f-aba1139f84dc</podcast:guid>
        <podcast:locked>yes</podcast:locked>
        <podcast:medium>podcast</podcast:medium>
        <podcast:txt purpose="ai-content">true</podcast:txt>
        <itunes:explicit>false</itunes:explicit>
        <item>
          <title>T</title>
          <description><![CDATA[<p>T</p>]]></description>
          <enclosure url="https://pages.example/feed/hands/hands-0123abcd.mp3" length="5650889" type="audio/mpeg"/>
          <guid isPermaLink="false">guid of T</guid>
          <pubDate>Wed, 03 Jan 2018 12:00:00 +0000</pubDate>
          <podcast:txt purpose="ai-content">false</podcast:txt>
          <itunes:duration>1347</itunes:duration>
          <itunes:explicit>false</itunes:explicit>
          <itunes:episodeType>full</itunes:episodeType>
        </item>
      </channel>
    </rss>
    "#);
}

#[test]
fn notes_never_pass_four_thousand_bytes_and_keep_their_timestamps() {
    let (show, guid) = (show(), guid());
    let check = |dek: &str, titles: &[&str], lines: usize| {
        let chapters = list(titles);
        let one = Item { dek: Some(dek.into()), ..item("T", Some(&chapters)) };
        let feed = render(&input(&show, &guid, vec![one])).expect("a feed");
        let notes = published::read(&feed).expect("readable").items[0].description.clone();
        assert!(notes.len() <= 4000, "{} bytes", notes.len());
        assert_eq!(notes.matches("<br/>").count(), lines);
        assert_eq!(notes.matches("<p>").count(), notes.matches("</p>").count());
        assert!(notes.ends_with("</a></p>"), "{notes}");
        let text = notes.replace("<br/>", "").replace("<p>", "").replace("</p>", "");
        for piece in text.split('&').skip(1) {
            assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|e| piece.starts_with(e)), "a cut reference: {piece}");
        }
        notes
    };
    check("Short.", &["A", "B", "C"], 3);
    check("Short.", &["A", "B"], 2);
    check("Short.", &["A"], 0);
    let long = check(&"word & word ".repeat(1000), &["A", "B", "C"], 3);
    assert!(long.len() > 3900 && long.contains("…</p>"), "{long}");
    check(&"日本語".repeat(3000), &["A", "B", "C"], 3);
    check(&"&".repeat(5000), &["A", "B", "C"], 3);
    let many: Vec<String> = (0..255).map(|i| format!("Chapter {i} of a very long recording")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let crowded = check(&"word ".repeat(1000), &many, 73);
    assert!(crowded.starts_with("<p>word word") && crowded.contains("word…</p>"));
}

#[test]
fn a_feed_that_would_not_say_what_it_was_made_from_is_refused() {
    let (show, guid) = (show(), guid());
    let mut broken = bare("T");
    broken.guid = Guid::new("a\u{1}b").expect("not blank");
    let why = render(&input(&show, &guid, vec![broken])).expect_err("a guid that XML cannot hold").to_string();
    insta::assert_snapshot!(why, @"the feed cannot be written: what was written cannot be read on line 42: XML forbids the character U+0001");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (show, guid) = (show(), guid());
    let chapters = list(&["A", "B"]);
    let once = render(&input(&show, &guid, vec![item("T", Some(&chapters))])).expect("a feed");
    let twice = render(&input(&show, &guid, vec![item("T", Some(&chapters))])).expect("a feed");
    assert_eq!(once, twice);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_title_address_and_dek_survives(
        title in "\\PC{1,60}|[<>&\"']{1,9}|\\]\\]>{1,3}| \u{200F}א\u{200E} ",
        dek in "(?s).{0,200}",
        link in "(?s).{0,60}",
        description in "(?s).{0,200}",
        chapter in "\\PC{1,30}a",
    ) {
        let guid = guid();
        let show = Show { description, title: Line::new(&title), link: link.clone(), ..show() };
        let chapters = list(&["Intro", &chapter]);
        let one = Item { title: Line::new(&title), dek: Some(dek), link: Some(link), ..item("T", Some(&chapters)) };
        // Reading back is part of rendering: an `Ok` is the proof.
        let feed = render(&input(&show, &guid, vec![one]));
        prop_assert!(feed.is_ok(), "{}", feed.unwrap_err());
    }
}
