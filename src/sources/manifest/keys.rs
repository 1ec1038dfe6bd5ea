//! The keys of `show.toml` and `episode.toml`: one table that reading, "did you mean" and the JSON Schemas go by.

/// One key.
pub struct Key {
    /// The key as it is written.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// What it is for.
    pub about: &'static str,
    /// A value as it could stand in the file.
    pub example: &'static str,
    /// Whether the file is wrong without it.
    pub need: Need,
}

/// Whether a key must be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The reader misses it.
    Required,
    /// A rule may miss it, the reader does not.
    Optional,
}

/// What a key holds.
#[derive(Clone, Copy)]
pub enum Shape {
    /// A text, which may be empty: rules judge it.
    Text,
    /// A text that says something.
    Filled,
    /// `true` or `false`.
    Flag,
    /// A whole number from 1.
    Whole,
    /// Any number.
    Number,
    /// A day, with or without a time, as a TOML date or as a text.
    Date,
    /// A time of day.
    Clock,
    /// A place in the recording: `"03:15.098"`, `00:03:15.098`, or seconds.
    Instant,
    /// A time zone by its IANA name.
    Zone,
    /// An absolute `http` or `https` URL.
    Url,
    /// A URL below which files are served: no query, no fragment.
    BaseUrl,
    /// A file in the same folder, or below it.
    File,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these numbers, which ascend.
    Step(&'static [u32]),
    /// A list.
    List(&'static Shape),
    /// One value, or a list of at most so many.
    OneOrMore(&'static Shape, usize),
    /// A table with these keys.
    Table(&'static [Key]),
    /// A text that stands for the first key of this table, or the table.
    TextOrTable(&'static Shape, &'static [Key]),
    /// A table of texts with any keys.
    Words,
}

use Need::{Optional, Required};
use Shape::{
    BaseUrl, Choice, Clock, Date, File, Filled, Flag, Instant, List, Number, OneOrMore, Step, Table, Text, TextOrTable,
    Url, Whole, Words, Zone,
};

const fn key(name: &'static str, shape: Shape, example: &'static str, about: &'static str) -> Key {
    Key { name, shape, about, example, need: Optional }
}

const fn required(name: &'static str, shape: Shape, example: &'static str, about: &'static str) -> Key {
    Key { name, shape, about, example, need: Required }
}

const NARRATION: Shape = Choice(&["human", "synthetic"]);
const TEXT: Shape = Choice(&["full", "summary", "none"]);

/// Entries of a list have no upper bound that a person could reach.
const MANY: usize = 10_000;

const NARRATORS: Shape = OneOrMore(&TextOrTable(&Filled, PERSON), MANY);

const PERSON: &[Key] = &[
    required("name", Filled, r#""Ada Reader""#, "The name."),
    key("role", Filled, r#""narrator""#, "The role by the Podcast Taxonomy; narrator where nothing is said."),
    key("href", Url, r#""https://ada.example/""#, "A page about the person."),
];

/// `show.toml`.
pub static SHOW: &[Key] = &[
    key("title", Text, r#""Open Pages, read aloud""#, "The show's name alone."),
    key("link", Text, r#""https://pages.example/""#, "The show's home page."),
    required(
        "base_url",
        BaseUrl,
        r#""https://pages.example/feed/""#,
        "Where the contents of the feed folder are served.",
    ),
    key(
        "description",
        Text,
        r#""Articles of Open Pages, read by their authors.""#,
        "What the show is, up to 4000 bytes.",
    ),
    key("language", Text, r#""en-CA""#, "The language of the show, by BCP 47."),
    key("author", Text, r#""Open Pages""#, "Who makes the show."),
    key("owner_name", Text, r#""Open Pages""#, "Who owns the show; the author where nothing is said."),
    key("owner_email", Text, r#""audio@pages.example""#, "The address that directories verify ownership with."),
    key(
        "category",
        OneOrMore(&Text, 2),
        r#""News > Politics""#,
        "Apple's category, or a list of at most two, the main one first.",
    ),
    key("explicit", Flag, "false", "Whether the show has explicit content."),
    key(
        "narration",
        NARRATION,
        r#""human""#,
        "Who reads. Synthetic narration is disclosed in feed and notes, as Apple demands.",
    ),
    key(
        "narrators",
        NARRATORS,
        r#"[{ name = "Ada Reader" }]"#,
        "Who reads by name, where every episode has the same voice.",
    ),
    key("guid", Filled, r#""917393e3-1b1e-5cef-ace4-edaa54e1f810""#, "The show's identity, which must never change."),
    key("artwork", File, r#""cover.png""#, "The show's artwork; cover.png or cover.jpg where nothing is said."),
    key(
        "type",
        Choice(&["episodic", "serial"]),
        r#""episodic""#,
        "Serial shows are heard from the first episode on and number their episodes.",
    ),
    key(
        "timezone",
        Zone,
        r#""Europe/Berlin""#,
        "The zone in which dates without an offset are meant; UTC where nothing is said.",
    ),
    key("publish_time", Clock, r#""06:00""#, "The time of day for dates without a time; noon where nothing is said."),
    key(
        "funding",
        TextOrTable(&Url, FUNDING),
        r#"{ url = "https://pages.example/give", text = "Support us" }"#,
        "Where listeners can pay.",
    ),
    key(
        "license",
        TextOrTable(&Filled, LICENSE),
        r#""cc-by-4.0""#,
        "The licence of the episodes, by its SPDX identifier.",
    ),
    key("copyright", Text, r#""Open Pages""#, "The copyright holder."),
    key("text", TEXT, r#""full""#, "How much of the articles' text is published."),
    key("feed", Table(FEED), "", "How the feed is made."),
    key("enclosure", Table(ENCLOSURE), "", "How the published audio files are made."),
    key("check", Table(CHECK), "", "How findings are judged."),
];

const FUNDING: &[Key] = &[
    required("url", Url, r#""https://pages.example/give""#, "The page."),
    key("text", Text, r#""Support us""#, "What the button says."),
];

const LICENSE: &[Key] = &[
    required("id", Filled, r#""cc-by-4.0""#, "SPDX identifier, or a name of your own."),
    key("url", Url, r#""https://pages.example/licence""#, "The text of a licence of your own."),
];

const FEED: &[Key] =
    &[key("max_items", Whole, "300", "The newest episodes that the feed holds; all where nothing is said.")];

const ENCLOSURE: &[Key] = &[
    key(
        "keep_tags",
        Choice(&["all", "known"]),
        r#""all""#,
        "What becomes of tags that the recording brings along: known keeps only what a listener can see.",
    ),
    key(
        "m4a_type",
        Choice(&["audio/x-m4a", "audio/mp4", "audio/m4a"]),
        r#""audio/x-m4a""#,
        "The media type of M4A files in the feed.",
    ),
    key(
        "bit_rate_mono",
        Step(BIT_RATES),
        "96",
        "Kilobits per second of an MP3 that is made of a recording with one channel.",
    ),
    key(
        "bit_rate_stereo",
        Step(BIT_RATES),
        "128",
        "Kilobits per second of an MP3 that is made of a recording with two channels.",
    ),
];

/// What MPEG-1 Layer III has (ISO/IEC 11172-3, 2.4.2.3).
const BIT_RATES: &[u32] = &[32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

/// Whose demands count.
pub const PROFILES: &[&str] = &["apple", "spotify", "youtube", "psp1", "podcasting20", "strict"];

const RULES: Shape = OneOrMore(&Filled, MANY);

const CHECK: &[Key] = &[
    key("profile", Choice(PROFILES), r#""apple""#, "Whose demands count."),
    key("deny", RULES, r#"["audio-clipping"]"#, "Rules, or beginnings of their names, that become errors."),
    key("warn", RULES, r#"["artwork"]"#, "Rules, or beginnings of their names, that become warnings."),
    key(
        "allow",
        List(&Table(ALLOW)),
        r#"[{ rule = "audio-silence-gap", reason = "The pause is meant." }]"#,
        "Rules that you live with, each with its reason.",
    ),
    key("loudness", Number, "-16", "The loudness that you aim at, in LUFS."),
];

const ALLOW: &[Key] = &[
    required("rule", Filled, r#""audio-silence-gap""#, "The rule, or the beginning of its name."),
    required("reason", Filled, r#""The pause is meant.""#, "Why you live with it."),
];

/// `episode.toml`.
pub static EPISODE: &[Key] = &[
    key("title", Text, r#""Money in the pocket""#, "The episode's title, in place of the article's."),
    key("dek", Text, r#""Who pays, and for what.""#, "The standfirst, in place of the article's."),
    key("date", Date, "2018-01-30", "The day of publication, in place of the article's; with a time if you like."),
    key("authors", OneOrMore(&Filled, MANY), r#"["Jo Writer"]"#, "Who wrote the article, in place of what it says."),
    key("narrators", NARRATORS, r#"[{ name = "Ada Reader" }]"#, "Who reads this episode."),
    key(
        "guid",
        Filled,
        r#""6f0a4a1c-2f37-4d53-8b0e-0c1f6f7a3f10""#,
        "The episode's identity, which must never change.",
    ),
    key("link", Url, r#""https://pages.example/money""#, "The article's page."),
    key("season", Whole, "1", "The season."),
    key("episode", Whole, "12", "The number in the season."),
    key("type", Choice(&["full", "trailer", "bonus"]), r#""full""#, "What the episode is to its show."),
    key("explicit", Flag, "false", "Whether the episode has explicit content, in place of what the show says."),
    key("narration", NARRATION, r#""human""#, "Who reads, in place of what the show says."),
    key("language", Filled, r#""en-CA""#, "The language, in place of what the article and the show say."),
    key("artwork", File, r#""cover.png""#, "The episode's artwork; cover.png or cover.jpg where nothing is said."),
    key("draft", Flag, "true", "Keeps the episode out of everything that is published."),
    key("text", TEXT, r#""full""#, "How much of the article's text is published, in place of what the show says."),
    key("recording", File, r#""reading.mp3""#, "The recording, where the folder has several audio files."),
    key("parts", List(&File), r#"["part 1.mp3", "part 2.mp3"]"#, "The parts of the recording in order."),
    key(
        "intro_title",
        Filled,
        r#""Introduction""#,
        "The first chapter's title; the article's title where nothing is said.",
    ),
    key("left_out", OneOrMore(&Filled, MANY), r#"["Read more: ..."]"#, "Lines of the article that are not read aloud."),
    key(
        "narrated",
        OneOrMore(&Filled, MANY),
        r#"["A line that looks like a caption"]"#,
        "Lines of the article that are read aloud, whatever they look like.",
    ),
    key("pronounce", Words, r#"{ "NKDB" = "en kay dee bee" }"#, "How words are said, by word."),
    key("chapters", List(&Table(CHAPTER)), r#"[{ start = "00:00", title = "Introduction" }]"#, "Where chapters begin."),
];

const CHAPTER: &[Key] = &[
    required("start", Instant, r#""03:15.098""#, "Where the chapter begins in the recording."),
    key("title", Text, r#""Money talks""#, "The chapter's title."),
];
