//! Cases of what a channel says of its show.

use crate::checks::cases::{Case, World};

const TYPE: &str = "<itunes:type>episodic</itunes:type>";
const PERSON: &str = "<podcast:person role=\"Host\" href=\"https://pages.test/ann\">Ann Reader</podcast:person>";

/// Puts an element more into the channel.
fn with(world: &mut World, element: &str) {
    world.feed(TYPE, &format!("{TYPE}{element}"));
}

fn guid(world: &mut World, guid: &str) {
    let start = world.feed.find("<podcast:guid>").expect("a guid");
    let end = world.feed.find("</podcast:guid>").expect("its end");
    world.feed.replace_range(start + "<podcast:guid>".len()..end, guid);
}

pub(in crate::checks::cases) const SHOW: &[Case] = &[
    Case {
        id: "show-title-missing",
        bad: &[
            |w| w.feed("<title>Open Pages, read aloud</title>", ""),
            |w| w.feed("<title>Open Pages, read aloud</title>", "<title> </title>"),
        ],
        good: &[],
    },
    Case {
        id: "show-title-long",
        bad: &[|w| w.feed("<title>Open Pages", &format!("<title>{}", "x".repeat(244)))],
        good: &[|w| w.feed("<title>Open Pages", &format!("<title>{}", "x".repeat(243)))],
    },
    Case {
        id: "show-description-missing",
        bad: &[|w| w.feed("<description>Articles, read by people.</description>", "<description/>")],
        good: &[|w| w.feed("Articles, read by people.", "<![CDATA[Articles]]>")],
    },
    Case {
        id: "show-description-long",
        bad: &[|w| w.feed("Articles, read by people.", &"ü".repeat(2001))],
        good: &[|w| w.feed("Articles, read by people.", &"ü".repeat(2000))],
    },
    Case {
        id: "show-link-missing",
        bad: &[
            |w| w.feed("<link>https://pages.test/</link>", ""),
            |w| w.feed("<link>https://pages.test/</link>", "<link>/</link>"),
            |w| w.feed("<link>https://pages.test/</link>", "<link>www.pages.test</link>"),
        ],
        good: &[],
    },
    Case {
        id: "show-language-invalid",
        bad: &[
            |w| w.feed("<language>en-ca</language>", ""),
            |w| w.feed("<language>en-ca", "<language>English"),
            |w| w.feed("<language>en-ca", "<language>en_CA"),
        ],
        good: &[|w| w.feed("<language>en-ca", "<language> pt-BR ")],
    },
    Case {
        id: "show-category-unknown",
        bad: &[
            |w| w.feed("text=\"News\"", "text=\"news\""),
            |w| w.feed("text=\"News\"", "text=\"News &amp; Politics\""),
            |w| w.feed("text=\"Politics\"", "text=\"Buddhism\""),
            |w| w.feed("text=\"Politics\"", ""),
            |w| w.feed("text=\"News\"", "name=\"News\""),
        ],
        good: &[
            |w| with(w, "<itunes:category text=\"Society &amp; Culture\"/>"),
            |w| w.feed("<itunes:category text=\"Politics\"/>", ""),
        ],
    },
    Case {
        id: "show-explicit-invalid",
        bad: &[
            |w| w.feed("<itunes:explicit>false</itunes:explicit>", ""),
            |w| w.feed("<itunes:explicit>false", "<itunes:explicit>clean"),
            |w| w.feed("<itunes:explicit>false", "<itunes:explicit>no"),
        ],
        good: &[|w| w.feed("<itunes:explicit>false", "<itunes:explicit>True")],
    },
    Case {
        id: "show-owner-email-missing",
        bad: &[
            |w| w.feed("<itunes:email>audio@pages.test</itunes:email>", ""),
            |w| w.feed("<itunes:email>audio@pages.test", "<itunes:email>"),
            |w| w.feed("<itunes:email>audio@pages.test", "<itunes:email>audio at pages"),
            |w| {
                let owner = "<itunes:owner><itunes:name>Open Pages</itunes:name><itunes:email>audio@pages.test</itunes:email></itunes:owner>";
                w.feed(owner, "");
            },
        ],
        good: &[],
    },
    Case {
        id: "show-artwork-missing",
        bad: &[
            |w| w.feed("<itunes:image href=\"https://pages.test/feed/cover.png\"/>", ""),
            |w| w.feed("href=\"https://pages.test/feed/cover.png\"", "href=\"/cover.png\""),
            |w| w.feed("href=\"https://pages.test/feed/cover.png\"", "url=\"https://pages.test/feed/cover.png\""),
            |w| w.feed("feed/cover.png", "feed/cover.webp"),
        ],
        good: &[|w| w.feed("feed/cover.png", "feed/cover.JPG?size=3000"), |w| w.feed("feed/cover.png", "feed/cover")],
    },
    Case {
        id: "show-guid-malformed",
        bad: &[|w| guid(w, "open-pages"), |w| guid(w, "917393e3-1b1e-5cef-ace4")],
        good: &[|w| guid(w, "a0e8c1de-3f3c-4b0f-9f6c-1b2ad7d9a5c1")],
    },
    Case {
        id: "show-guid-missing",
        bad: &[|w| guid(w, " ")],
        // A misspelt namespace is said once.
        good: &[|w| w.feed("https://podcastindex.org/namespace/1.0", "https://pages.test/x")],
    },
    Case {
        id: "show-guid-foreign",
        bad: &[
            |w| guid(w, "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
            |w| guid(w, "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"),
            |w| guid(w, "00000000-0000-0000-0000-000000000000"),
        ],
        good: &[
            |w| guid(w, "a0e8c1de-3f3c-4b0f-9f6c-1b2ad7d9a5c1"),
            |w| {
                guid(w, "9b024349-ccf0-5f69-a609-6b82873eab3c");
                w.feed("href=\"https://pages.test/feed/feed.xml\"", "href=\"https://podnews.net/rss\"");
            },
        ],
    },
    Case {
        id: "show-type-invalid",
        bad: &[
            |w| w.feed("<itunes:type>episodic", "<itunes:type>Episodic"),
            |w| w.feed("<itunes:type>episodic", "<itunes:type>"),
        ],
        good: &[|w| w.feed(TYPE, "")],
    },
    Case {
        id: "show-locked-invalid",
        bad: &[
            |w| w.feed(">yes</podcast:locked>", ">true</podcast:locked>"),
            |w| w.feed("owner=\"audio@pages.test\"", "owner=\"Open Pages\""),
        ],
        good: &[
            |w| w.feed(" owner=\"audio@pages.test\"", ""),
            |w| w.feed(">yes</podcast:locked>", ">no</podcast:locked>"),
        ],
    },
    Case {
        id: "show-medium-unknown",
        bad: &[
            |w| w.feed("<podcast:medium>podcast", "<podcast:medium>Podcast"),
            |w| w.feed("<podcast:medium>podcast", "<podcast:medium>article"),
        ],
        good: &[
            |w| w.feed("<podcast:medium>podcast", "<podcast:medium>audiobook"),
            |w| w.feed("<podcast:medium>podcast", "<podcast:medium>musicL"),
        ],
    },
    Case {
        id: "show-person-invalid",
        bad: &[
            |w| w.feed(">Ann Reader</podcast:person>", "> </podcast:person>"),
            |w| w.feed(">Ann Reader</podcast:person>", &format!(">{}</podcast:person>", "x".repeat(129))),
            |w| w.feed("href=\"https://pages.test/ann\"", "href=\"ann\""),
            |w| w.feed("role=\"Host\"", "group=\"Friends\""),
        ],
        good: &[|w| w.feed(PERSON, ""), |w| w.feed("role=\"Host\"", "group=\"Audio Post-Production\"")],
    },
    Case {
        id: "show-txt-too-long",
        bad: &[
            |w| with(w, &format!("<podcast:txt>{}</podcast:txt>", "x".repeat(4001))),
            |w| with(w, &format!("<podcast:txt purpose=\"{}\">x</podcast:txt>", "x".repeat(129))),
        ],
        good: &[|w| with(w, &format!("<podcast:txt purpose=\"verify\">{}</podcast:txt>", "x".repeat(4000)))],
    },
    Case {
        id: "show-block-set",
        bad: &[|w| with(w, "<itunes:block>yes</itunes:block>")],
        good: &[|w| with(w, "<itunes:block>no</itunes:block>")],
    },
    Case {
        id: "show-complete-set",
        bad: &[|w| with(w, "<itunes:complete>Yes</itunes:complete>")],
        good: &[|w| with(w, "<itunes:complete>false</itunes:complete>")],
    },
    Case {
        id: "show-tag-invalid",
        bad: &[
            |w| with(w, "<ttl>0</ttl>"),
            |w| with(w, "<managingEditor>Ann Reader</managingEditor>"),
            |w| with(w, "<webMaster>ann at pages</webMaster>"),
            |w| with(w, "<itunes:new-feed-url>feed.xml</itunes:new-feed-url>"),
            |w| with(w, "<podcast:funding>Give</podcast:funding>"),
            |w| with(w, "<podcast:license>All Rights Reserved</podcast:license>"),
            |w| with(w, "<podcast:image/>"),
            |w| with(w, &format!("<podcast:location>{}</podcast:location>", "x".repeat(129))),
            |w| with(w, "<podcast:podping usesPodping=\"yes\"/>"),
            |w| with(w, "<skipHours><hour>24</hour></skipHours>"),
            |w| with(w, "<skipDays><day>Montag</day></skipDays>"),
        ],
        good: &[
            |w| with(w, "<ttl>60</ttl><managingEditor>ann@pages.test (Ann Reader)</managingEditor>"),
            |w| with(w, "<podcast:funding url=\"https://pages.test/give\">Give</podcast:funding>"),
            |w| with(w, "<podcast:license>cc-by-4.0</podcast:license>"),
            |w| with(w, "<podcast:license url=\"https://pages.test/l\">Our own licence</podcast:license>"),
            |w| with(w, "<skipHours><hour>0</hour></skipHours><skipDays><day>Monday</day></skipDays>"),
        ],
    },
];
