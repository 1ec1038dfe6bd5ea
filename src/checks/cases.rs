//! The edges of rules: what is just wrong and just right. Every rule has an example in `tests/rules` besides.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{
    ArticleFacts, ArtworkFacts, ArtworkOwner, AudioFacts, ChapterFacts, EpisodeFacts, FeedFacts, Purpose, ShowFacts,
    Standing, Survey, Target, Unseen,
};
use crate::feed::document::Document;
use crate::model::article::{Article, Block, Guess, Kind};
use crate::model::audio::{
    Claim, Claimed, Codec, Container, Dbtp, Hearing, Loudness, Lufs, Measured, Recording, Silence,
};
use crate::model::chapter::{Chapter, ChapterList, Confidence, Mark, Origin};
use crate::model::date::WrittenDate;
use crate::model::finding::{Finding, Place, Places, Problem, ProblemKind};
use crate::model::script::{Script, Verdict};
use crate::model::show::{Category, EpisodeSettings, Guid, Show, Slug};
use crate::model::text::Line;
use crate::model::time::{Duration, Frames, SampleRate, Timestamp};
use crate::model::waveform::Waveform;
use crate::picture::{Colour, Facts, Format};

mod audio;
mod chapters;
mod declared;
mod feed;

/// What is done to a show that is right.
type Change = fn(&mut World);

/// A rule with material that it must find and material that it must not.
struct Case {
    id: &'static str,
    bad: &'static [Change],
    /// Near misses; the show that is right is one for every rule.
    good: &'static [Change],
}

/// A show with one episode that no rule has anything to say about.
struct World {
    show: Option<Show>,
    show_places: Places,
    cover: Option<Cover>,
    settings: EpisodeSettings,
    places: Places,
    /// Another episode, with the same article and no recording.
    twin: Option<EpisodeSettings>,
    standing: Standing,
    article: Article,
    /// The article is judged outside an episode.
    bare_article: bool,
    recording: Recording,
    audio_path: PathBuf,
    purpose: Purpose,
    target: Option<Lufs>,
    picture: Option<Cover>,
    marks: Vec<Mark>,
    origin: Option<Origin>,
    script: Option<Script>,
    published: Option<jiff::Timestamp>,
    /// A feed of the same show, as anybody could have written it.
    feed: String,
    feed_path: PathBuf,
    base_url: Option<&'static str>,
    /// What lies on disk of the feed's first item.
    enclosure: Option<Recording>,
    chapters_file: Option<Vec<Mark>>,
    /// Its first item points at something that lies nowhere.
    unseen: Option<Target>,
    problems: Vec<Problem>,
}

struct Cover {
    path: PathBuf,
    picture: Facts,
    placeholder: bool,
}

impl Cover {
    fn new(path: &str) -> Self {
        let picture = Facts {
            format: Format::Png,
            width: 3000,
            height: 3000,
            colour: Colour::Rgb,
            alpha: false,
            bytes: 400_000,
            density: None,
        };
        Self { path: path.into(), picture, placeholder: false }
    }

    fn facts(&self, owner: ArtworkOwner) -> ArtworkFacts<'_> {
        ArtworkFacts { path: &self.path, owner, picture: self.picture, placeholder: self.placeholder }
    }
}

const LENGTH: Duration = Duration::from_millis(1_200_000);

fn rate() -> SampleRate {
    SampleRate::new(44_100).expect("not zero")
}

impl World {
    fn right() -> Self {
        let marks: Vec<Mark> = ["Money in the pocket", "The bank", "The port", "The mine"]
            .iter()
            .zip([0, 300_000, 600_000, 900_000])
            .map(|(title, millis)| Mark::new(Timestamp::from_millis(millis), *title))
            .collect();
        let mut world = Self {
            show: Some(show()),
            show_places: Places::new("episodes/show.toml"),
            cover: Some(Cover::new("episodes/cover.png")),
            settings: EpisodeSettings { guid: Guid::new("a"), ..EpisodeSettings::default() },
            places: Places::new("episodes/money/episode.toml"),
            twin: None,
            standing: Standing::Published,
            article: article(),
            bare_article: false,
            recording: recording(),
            audio_path: "episodes/money/reading.mp3".into(),
            purpose: Purpose::Recording,
            target: None,
            picture: None,
            marks,
            origin: Some(Origin::Explicit),
            script: None,
            published: Some(moment("2018-01-30T12:00:00Z")),
            feed: feed::RIGHT.into(),
            feed_path: "feed/feed.xml".into(),
            base_url: None,
            enclosure: None,
            chapters_file: None,
            unseen: None,
            problems: Vec::new(),
        };
        world.settle();
        world
    }

    /// What `settle` makes of marks that are in order.
    fn settle(&mut self) {
        let chapters = self.marks.iter().filter(|m| !m.hidden).map(|m| Chapter {
            start: m.start,
            title: crate::model::chapter::clean_title(&m.title),
            origin: self.origin.unwrap_or(Origin::Aligned),
            confidence: Confidence::CERTAIN,
            heard: None,
            section: None,
            url: None,
        });
        self.script = Some(Script {
            title: "Money in the pocket".into(),
            chapters: ChapterList::new(chapters.collect(), LENGTH).ok(),
            verdict: Verdict::NotHeard,
            method: None,
            narrated_share: None,
            passages: Vec::new(),
            missing: Vec::new(),
            doubts: Vec::new(),
            extra: Vec::new(),
        });
    }

    /// Changes a chapter of the settled list.
    fn rechapter(&mut self, change: impl Fn(usize, &mut Chapter)) {
        let script = self.script.as_mut().expect("settled");
        let mut chapters = script.chapters.as_ref().expect("a list").chapters().to_vec();
        chapters.iter_mut().enumerate().for_each(|(i, c)| change(i, c));
        script.chapters = ChapterList::new(chapters, LENGTH).ok();
    }

    fn show(&mut self) -> &mut Show {
        self.show.as_mut().expect("a show")
    }

    fn hearing(&mut self) -> &mut Hearing {
        self.recording.hearing.as_mut().expect("heard")
    }

    fn cover(&mut self) -> &mut Cover {
        self.cover.as_mut().expect("a cover")
    }

    /// Replaces a part of the feed that has to be there.
    fn feed(&mut self, from: &str, to: &str) {
        assert!(self.feed.contains(from), "the feed has no {from}");
        self.feed = self.feed.replacen(from, to, 1);
    }

    fn problem(&mut self, kind: ProblemKind, path: &str) {
        let message = "This cannot be.".to_owned();
        self.problems.push(Problem { kind, place: Place::file(path), message, help: None });
    }

    fn found(&self) -> Vec<Finding> {
        let slug = Slug::new("money").expect("a slug");
        let audio = AudioFacts {
            path: &self.audio_path,
            purpose: self.purpose,
            recording: &self.recording,
            target: self.target,
        };
        let article = ArticleFacts { path: Path::new("episodes/money/article.md"), article: &self.article };
        let in_show = self.purpose == Purpose::Recording;
        let episode = EpisodeFacts {
            path: Path::new("episodes/money"),
            slug: Some(&slug),
            settings: &self.settings,
            places: &self.places,
            show: self.show.as_ref(),
            standing: self.standing,
            article: (!self.bare_article).then(|| article.clone()),
            recordings: if in_show { vec![audio.clone()] } else { Vec::new() },
            duration: in_show.then(|| self.recording.duration().0),
            artwork: self.picture.as_ref().map(|c| c.facts(ArtworkOwner::Episode)),
            chapters: Some(ChapterFacts {
                origin: self.origin,
                duration: Some(LENGTH),
                sections: Some(self.article.sections().len()),
                script: self.script.as_ref(),
                ..ChapterFacts::new(Path::new("episodes/money/chapters.txt"), &self.marks)
            }),
            guid: None,
            published: self.published,
        };
        let twin = self.twin.as_ref().map(|settings| EpisodeFacts {
            path: Path::new("episodes/twin"),
            settings,
            recordings: Vec::new(),
            duration: None,
            chapters: None,
            standing: Standing::Published,
            ..episode.clone()
        });
        let as_of = Some(moment("2026-11-25T00:00:00Z"));
        let document = Document::parse(self.feed.as_bytes()).expect("XML");
        let mut feed = FeedFacts::new(&self.feed_path, &document).expect("a feed");
        (feed.base_url, feed.as_of) = (self.base_url, as_of);
        let json = Path::new("feed/money/chapters-0123abcd.json");
        let file = Path::new("feed/money/money-0123abcd.mp3");
        let attribute = feed.items.first().and_then(|i| i.element.first("", "enclosure")?.attribute("url"));
        let unseen: Vec<Unseen<'_>> =
            self.unseen.zip(attribute).into_iter().map(|(target, attribute)| Unseen { target, attribute }).collect();
        feed.unseen = &unseen;
        if let Some(item) = feed.items.first_mut() {
            item.audio = self.enclosure.as_ref().map(|recording| AudioFacts {
                path: file,
                purpose: Purpose::Enclosure,
                recording,
                target: None,
            });
            item.chapters = self.chapters_file.as_ref().map(|marks| (json, marks.as_slice()));
        }
        let survey = Survey {
            show: self.show.as_ref().map(|show| ShowFacts {
                show,
                places: &self.show_places,
                artwork: self.cover.as_ref().map(|c| c.facts(ArtworkOwner::Show)),
            }),
            episodes: [episode].into_iter().chain(twin).collect(),
            articles: if self.bare_article { vec![article] } else { Vec::new() },
            audio: if in_show { Vec::new() } else { vec![audio] },
            feeds: vec![feed],
            problems: self.problems.clone(),
            as_of,
            ..Survey::default()
        };
        super::run(&survey)
    }
}

fn moment(text: &str) -> jiff::Timestamp {
    text.parse().expect("a moment")
}

fn show() -> Show {
    Show {
        title: Line::new("Open Pages, read aloud"),
        link: "https://pages.test/".into(),
        base_url: "https://pages.test/feed/".into(),
        description: "Articles, read by people.".into(),
        language: "en-CA".into(),
        author: Line::new("Open Pages"),
        owner_email: Some("audio@pages.test".into()),
        categories: vec![Category { main: "News".into(), sub: Some("Politics".into()) }],
        explicit: Some(false),
        guid: Guid::new("917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ..Show::default()
    }
}

fn block(line: usize, kind: Kind, text: impl Into<String>) -> Block {
    Block { line, text: text.into(), kind, guess: Guess::Narrated, anchor: None }
}

/// Four sections of 750 words: 150 words a minute.
fn article() -> Article {
    let prose = "One word follows another until it ends. ".repeat(107);
    let mut blocks = vec![block(1, Kind::Title, "Money in the pocket"), block(3, Kind::Paragraph, prose.as_str())];
    for (index, heading) in ["The bank", "The port", "The mine"].iter().enumerate() {
        blocks.push(block(5 + index * 4, Kind::Heading, *heading));
        blocks.push(block(7 + index * 4, Kind::Paragraph, prose.as_str()));
    }
    Article {
        title: Some("Money in the pocket".into()),
        date: Some(WrittenDate::Day(jiff::civil::date(2018, 1, 30))),
        language: Some("en".into()),
        link: Some("https://pages.test/money".into()),
        blocks,
        ..Article::default()
    }
}

fn recording() -> Recording {
    let frames = Frames::new(44_100 * 1_200);
    Recording {
        container: Container::Mp3,
        codec: Codec::Mp3,
        size: 19_200_000,
        sample_rate: rate(),
        channels: 1,
        bit_rate: Some(128_000),
        frames: Measured(frames),
        claims: vec![Claim { by: "Xing header".into(), duration: Claimed(LENGTH) }],
        damage: Vec::new(),
        tags: Vec::new(),
        private_tags: Vec::new(),
        chapters: Vec::new(),
        hearing: Some(Hearing {
            loudness: Some(Loudness { integrated: Lufs(-19.0), range_lu: 5.0, true_peak: Dbtp(-1.5) }),
            silence: Silence {
                leading: Duration::from_millis(400),
                trailing: Duration::from_millis(900),
                longest: Duration::from_millis(1_500),
                longest_at: Timestamp::from_millis(299_000),
            },
            pauses: Vec::new(),
            waveform: Waveform::default(),
            clipped: Vec::new(),
            dead_channels: Vec::new(),
        }),
    }
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [declared::CASES, audio::CASES, chapters::CASES, feed::DOCUMENT, feed::SHOW, feed::ITEM].into_iter().flatten()
}

fn ids(world: &World) -> Vec<&'static str> {
    world.found().iter().map(|f| f.rule.id).collect()
}

#[test]
fn what_is_right_is_left_alone() {
    let found: Vec<String> = World::right().found().iter().map(|f| format!("{}: {}", f.rule.id, f.message)).collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn each_rule_finds_what_is_wrong_and_nothing_near_it() {
    for case in cases() {
        for (index, change) in case.bad.iter().enumerate() {
            let mut world = World::right();
            change(&mut world);
            assert!(ids(&world).contains(&case.id), "{}: bad case {index} is not found", case.id);
        }
        for (index, change) in case.good.iter().enumerate() {
            let mut world = World::right();
            change(&mut world);
            assert!(!ids(&world).contains(&case.id), "{}: good case {index} is found", case.id);
        }
    }
}

#[test]
fn no_case_is_without_a_rule() {
    let rules: BTreeSet<&str> = super::rules().map(|r| r.id).collect();
    for case in cases() {
        assert!(rules.contains(case.id) && !case.bad.is_empty(), "{}", case.id);
    }
}

/// The messages of every bad case, for reading: each has to make sense to the person who made the mistake.
#[test]
fn every_message_is_a_sentence_with_a_place() {
    for case in cases() {
        for change in case.bad {
            let mut world = World::right();
            change(&mut world);
            for finding in world.found() {
                let message = &finding.message;
                assert!(message.ends_with(['.', '”', '…']), "{}: {message}", case.id);
                assert!(message.chars().next().is_some_and(|c| !c.is_lowercase()), "{}: {message}", case.id);
                assert!(!finding.place.path.as_os_str().is_empty(), "{}: {message}", case.id);
            }
        }
    }
}
