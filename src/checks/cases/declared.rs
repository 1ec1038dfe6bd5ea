//! Cases of what a publisher declares: articles, artwork, show and episode.

use super::{Case, Cover, World, block, moment};
use crate::checks::Standing;
use crate::model::article::{Flaw, FlawKind, Guess, Kind, Reason};
use crate::model::audio::Tag;
use crate::model::finding::ProblemKind;
use crate::model::finding::{Place, Places};
use crate::model::script::{Passage, Role, Verdict};
use crate::model::show::{Allowance, Category, EpisodeKind, EpisodeSettings, Guid, Narration, ShowKind};
use crate::model::text::Line;
use crate::picture::{Colour, Format};

const ARTICLE: &str = "episodes/money/article.md";
const FOLDER: &str = "episodes/money";

fn flaw(world: &mut World, kind: FlawKind) {
    world.article.problems.push(Flaw { kind, line: 4, message: "This line cannot be.".into() });
}

fn unspoken(world: &mut World, narrated: bool) {
    let script = world.script.as_mut().expect("settled");
    script.verdict = Verdict::ThisArticle;
    script.passages.push(Passage {
        section: 1,
        role: Role::Heading,
        text: "The bank".into(),
        span: None,
        narrated,
        sentences: Vec::new(),
    });
}

fn without_headings(world: &mut World) {
    world.article.blocks.retain(|b| b.kind != Kind::Heading);
}

fn in_episode_toml(world: &mut World, key: &str) {
    world.places.insert(key, Place::line("episodes/money/episode.toml", 1));
}

fn in_show_toml(world: &mut World, key: &str) {
    world.show_places.insert(key, Place::line("episodes/show.toml", 1));
}

fn twin(world: &mut World, guid: &str, season: Option<u32>, episode: Option<u32>) {
    world.twin = Some(EpisodeSettings { guid: Guid::new(guid), season, episode, ..EpisodeSettings::default() });
}

fn number(world: &mut World, season: Option<u32>, episode: Option<u32>) {
    (world.settings.season, world.settings.episode) = (season, episode);
}

fn with_picture(world: &mut World, width: u32, height: u32) {
    let mut cover = Cover::new("episodes/money/cover.png");
    (cover.picture.width, cover.picture.height) = (width, height);
    world.picture = Some(cover);
}

fn cover_size(world: &mut World, width: u32, height: u32) {
    let picture = &mut world.cover().picture;
    (picture.width, picture.height) = (width, height);
}

pub(super) const CASES: &[Case] = &[
    Case {
        id: "article-unreadable",
        bad: &[|w| w.problem(ProblemKind::ArticleUnreadable, ARTICLE), |w| flaw(w, FlawKind::Unreadable)],
        good: &[
            |w| flaw(w, FlawKind::HeadingEmpty),
            |w| {
                w.problem(ProblemKind::ArticleUnreadable, ARTICLE);
                w.standing = Standing::Draft;
            },
        ],
    },
    Case {
        id: "article-characters-dropped",
        bad: &[|w| flaw(w, FlawKind::Unseen)],
        good: &[|w| flaw(w, FlawKind::HeadingSkip)],
    },
    Case {
        id: "article-empty",
        bad: &[
            |w| w.article.blocks.clear(),
            |w| w.article.blocks.iter_mut().for_each(|b| b.guess = Guess::LeftOut(Reason::Navigation)),
        ],
        good: &[|w| w.article.blocks.truncate(2)],
    },
    Case {
        id: "article-title-missing",
        bad: &[|w| {
            w.bare_article = true;
            w.article.title = None;
        }],
        good: &[|w| w.bare_article = true, |w| w.article.title = None],
    },
    Case {
        id: "article-no-headings",
        bad: &[
            |w| {
                without_headings(w);
                w.marks.clear();
                w.settle();
            },
            |w| {
                w.bare_article = true;
                without_headings(w);
            },
        ],
        good: &[without_headings],
    },
    Case {
        id: "article-heading-empty",
        bad: &[|w| flaw(w, FlawKind::HeadingEmpty)],
        good: &[|w| flaw(w, FlawKind::HeadingSkip)],
    },
    Case {
        id: "article-heading-duplicate",
        bad: &[|w| w.article.blocks.push(block(40, Kind::Heading, "THE  BANK!"))],
        good: &[
            |w| w.article.blocks.push(block(40, Kind::Heading, "The banks")),
            |w| w.article.blocks.push(block(40, Kind::Paragraph, "The bank")),
        ],
    },
    Case {
        id: "article-heading-skip",
        bad: &[|w| flaw(w, FlawKind::HeadingSkip)],
        good: &[|w| flaw(w, FlawKind::HeadingEmpty)],
    },
    Case {
        id: "article-heading-unspoken",
        bad: &[|w| unspoken(w, false)],
        good: &[
            |w| unspoken(w, true),
            |w| {
                unspoken(w, false);
                w.script.as_mut().expect("settled").missing.push("The bank".into());
            },
        ],
    },
    Case {
        id: "article-audio-rate-implausible",
        bad: &[
            |w| w.article.blocks.truncate(2),
            |w| {
                let prose = w.article.blocks.clone();
                w.article.blocks.extend(prose);
            },
            |w| {
                w.article.language = Some("ja".into());
                w.article.blocks = vec![block(1, Kind::Paragraph, "言".repeat(900))];
            },
        ],
        good: &[
            |w| w.article.blocks = vec![block(1, Kind::Paragraph, "A teaser.")],
            |w| {
                w.article.language = Some("ja".into());
                w.article.blocks = vec![block(1, Kind::Paragraph, "言".repeat(6_000))];
            },
            |w| {
                w.article.language = Some("fi-FI".into());
                w.article.blocks.truncate(4);
            },
        ],
    },
    Case {
        id: "article-ai-narration-undisclosed",
        bad: &[|w| w.recording.tags.push(Tag { name: "TSSE".into(), value: "eSpeak NG 1.51".into() })],
        good: &[
            |w| {
                w.recording.tags.push(Tag { name: "TSSE".into(), value: "eSpeak NG 1.51".into() });
                w.settings.narration = Some(Narration::Synthetic);
            },
            |w| w.recording.tags.push(Tag { name: "TIT2".into(), value: "We speak of espresso".into() }),
        ],
    },
    Case { id: "artwork-not-square", bad: &[|w| cover_size(w, 3000, 2999)], good: &[|w| with_picture(w, 3000, 2000)] },
    Case {
        id: "artwork-too-small",
        bad: &[|w| cover_size(w, 1399, 1399), |w| cover_size(w, 100, 100)],
        good: &[|w| cover_size(w, 1400, 1400)],
    },
    Case { id: "artwork-too-large", bad: &[|w| cover_size(w, 3001, 3001)], good: &[|w| cover_size(w, 3000, 3000)] },
    Case {
        id: "artwork-below-preferred",
        bad: &[|w| cover_size(w, 1400, 1400), |w| cover_size(w, 2999, 2999)],
        good: &[|w| cover_size(w, 1399, 1399), |w| with_picture(w, 1400, 1400)],
    },
    Case {
        id: "artwork-extension-mismatch",
        bad: &[|w| w.cover().picture.format = Format::Jpeg],
        good: &[
            |w| w.cover().path = "episodes/COVER.PNG".into(),
            |w| {
                w.cover().picture.format = Format::Jpeg;
                w.cover().path = "episodes/cover.jpeg".into();
            },
        ],
    },
    Case {
        id: "artwork-colorspace",
        bad: &[|w| w.cover().picture.colour = Colour::Cmyk],
        good: &[|w| w.cover().picture.colour = Colour::Grey],
    },
    Case {
        id: "artwork-grey-or-palette",
        bad: &[|w| w.cover().picture.colour = Colour::Grey, |w| w.cover().picture.colour = Colour::Palette],
        good: &[|w| w.cover().picture.colour = Colour::Cmyk],
    },
    Case {
        id: "artwork-bytes",
        bad: &[|w| w.cover().picture.bytes = 524_289],
        good: &[|w| w.cover().picture.bytes = 524_288],
    },
    Case {
        id: "show-toml-invalid",
        bad: &[
            |w| w.problem(ProblemKind::ShowToml, "episodes/show.toml"),
            |w| w.show().check.deny.push("audio-cliping".into()),
            |w| w.show().check.allow.push(Allowance { rule: "aud".into(), reason: "x".into() }),
            |w| w.show().check.loudness = Some(16.0),
            |w| w.show().check.loudness = Some(-200.0),
        ],
        good: &[
            |w| w.show().check.loudness = Some(-23.0),
            |w| w.show().check.warn.extend(["audio".into(), "all".into(), "info".into()]),
        ],
    },
    Case {
        id: "show-title-missing",
        bad: &[|w| w.show().title = Line::default()],
        good: &[|w| {
            w.show().title = Line::default();
            w.show_places.incomplete();
        }],
    },
    Case {
        id: "show-title-long",
        bad: &[|w| w.show().title = Line::new(&"ü".repeat(256))],
        good: &[|w| w.show().title = Line::new(&"ü".repeat(255))],
    },
    Case { id: "show-description-missing", bad: &[|w| w.show().description.clear()], good: &[] },
    Case {
        id: "show-description-long",
        bad: &[|w| w.show().description = "ü".repeat(2001)],
        good: &[|w| w.show().description = "ü".repeat(2000)],
    },
    Case {
        id: "show-link-missing",
        bad: &[|w| w.show().link.clear(), |w| w.show().link = "pages.test".into(), |w| w.show().link = "/show".into()],
        good: &[|w| w.show().link = "http://pages.test/show?x=1".into()],
    },
    Case {
        id: "show-language-invalid",
        bad: &[|w| w.show().language.clear(), |w| w.show().language = "english".into()],
        good: &[|w| w.show().language = "pt-br".into()],
    },
    Case { id: "show-category-missing", bad: &[|w| w.show().categories.clear()], good: &[] },
    Case {
        id: "show-category-unknown",
        bad: &[|w| w.show().categories.push(Category { main: "news".into(), sub: None })],
        good: &[|w| w.show().categories.push(Category { main: "Arts".into(), sub: None })],
    },
    Case {
        id: "show-explicit-invalid",
        bad: &[|w| w.show().explicit = None],
        good: &[|w| {
            w.show().explicit = None;
            in_show_toml(w, "explicit");
        }],
    },
    Case { id: "show-author-missing", bad: &[|w| w.show().author = Line::default()], good: &[] },
    Case {
        id: "show-owner-email-missing",
        bad: &[|w| w.show().owner_email = None, |w| w.show().owner_email = Some("audio at pages".into())],
        good: &[],
    },
    Case {
        id: "show-artwork-missing",
        bad: &[
            |w| w.cover = None,
            |w| {
                w.cover = None;
                w.problem(ProblemKind::ArtworkUnreadable, "episodes/money/cover.png");
            },
        ],
        good: &[
            |w| {
                w.cover = None;
                w.problem(ProblemKind::ArtworkUnreadable, "episodes/cover.png");
            },
            |w| {
                w.cover = None;
                w.problem(ProblemKind::LinkOutside, "episodes/cover.png");
            },
        ],
    },
    Case {
        id: "show-guid-malformed",
        bad: &[|w| w.show().guid = Guid::new("my-show")],
        good: &[|w| w.show().guid = None],
    },
    Case {
        id: "show-guid-unpinned",
        bad: &[|w| w.show().guid = None],
        good: &[|w| w.show().guid = Guid::new("my-show")],
    },
    Case {
        id: "show-placeholder",
        bad: &[
            |w| w.show().title = Line::new("NAME OF THE SHOW"),
            |w| w.show().base_url = "https://www.example.com/feed/".into(),
            |w| w.show().owner_email = Some("audio@example.com".into()),
            |w| w.cover().placeholder = true,
        ],
        good: &[
            |w| w.show().link = "https://notexample.com/".into(),
            |w| w.show().link = "https://example.com.au/".into(),
        ],
    },
    Case {
        id: "episode-toml-invalid",
        bad: &[|w| {
            w.problem(ProblemKind::EpisodeToml, "episodes/money/episode.toml");
            w.standing = Standing::Draft;
        }],
        good: &[],
    },
    Case {
        id: "episode-audio-missing",
        bad: &[|w| w.problem(ProblemKind::AudioMissing, FOLDER)],
        good: &[|w| {
            w.problem(ProblemKind::AudioMissing, FOLDER);
            w.standing = Standing::Draft;
        }],
    },
    Case { id: "episode-draft", bad: &[|w| w.standing = Standing::Draft, |w| w.standing = Standing::Held], good: &[] },
    Case {
        id: "episode-title-missing",
        bad: &[|w| w.article.title = None],
        good: &[|w| {
            w.article.title = None;
            w.settings.title = Some(Line::new("Another"));
        }],
    },
    Case {
        id: "episode-title-long",
        bad: &[|w| w.settings.title = Some(Line::new(&"ü".repeat(256)))],
        good: &[|w| w.settings.title = Some(Line::new(&"ü".repeat(255)))],
    },
    Case {
        id: "episode-title-has-number",
        bad: &[
            |w| w.settings.title = Some(Line::new("Ep. 12: The bank")),
            |w| w.settings.title = Some(Line::new("Folge 3 – Geld")),
            |w| w.settings.title = Some(Line::new("The bank (S2E3)")),
            |w| w.settings.title = Some(Line::new("#7 The bank")),
            |w| w.settings.title = Some(Line::new("The bank | Open Pages, Read Aloud")),
        ],
        good: &[
            |w| w.settings.title = Some(Line::new("Seven 7 ways to see 2018")),
            |w| w.settings.title = Some(Line::new("The last episode of the empire")),
            |w| w.settings.title = Some(Line::new("Selective")),
        ],
    },
    Case { id: "episode-guid-duplicate", bad: &[|w| twin(w, "a", None, None)], good: &[|w| twin(w, "A", None, None)] },
    Case {
        id: "episode-date-invalid",
        bad: &[|w| w.article.date = None],
        good: &[
            |w| {
                w.article.date = None;
                in_episode_toml(w, "date");
            },
            |w| {
                w.article.date = None;
                w.places = Places::new("episodes/money");
                w.show = None;
            },
        ],
    },
    Case {
        id: "episode-date-future",
        bad: &[|w| w.published = Some(moment("2026-11-25T00:00:01Z"))],
        good: &[
            |w| w.published = Some(moment("2026-11-25T00:00:00Z")),
            |w| {
                w.published = Some(moment("2027-11-25T00:00:00Z"));
                w.standing = Standing::Held;
            },
        ],
    },
    Case {
        id: "episode-link-missing",
        bad: &[|w| w.article.link = None],
        good: &[|w| {
            w.article.link = None;
            w.settings.link = Some("https://pages.test/x".into());
        }],
    },
    Case {
        id: "episode-artwork-invalid",
        bad: &[|w| with_picture(w, 100, 100), |w| with_picture(w, 3000, 2000)],
        good: &[|w| with_picture(w, 1400, 1400), |w| cover_size(w, 100, 100)],
    },
    Case {
        id: "episode-number-missing-serial",
        bad: &[|w| w.show().kind = ShowKind::Serial],
        good: &[
            |w| {
                w.show().kind = ShowKind::Serial;
                number(w, None, Some(1));
            },
            |w| {
                w.show().kind = ShowKind::Serial;
                w.settings.kind = EpisodeKind::Trailer;
            },
        ],
    },
    Case {
        id: "episode-number-duplicate",
        bad: &[|w| {
            number(w, Some(1), Some(2));
            twin(w, "b", Some(1), Some(2));
        }],
        good: &[
            |w| {
                number(w, Some(1), Some(2));
                twin(w, "b", Some(2), Some(2));
            },
            |w| twin(w, "b", None, None),
        ],
    },
];
