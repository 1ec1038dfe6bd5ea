//! Rules about the text.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use super::words::{count, plain, quoted, sentence};
use super::{Check, EpisodeFacts, Found, Run, Survey};
use crate::model::article::{Article, FlawKind};
use crate::model::chapter::clean_title;
use crate::model::finding::Demand::{Apple, Format, Players, Podcasting20, Psp1, Rss, Spotify, Tool};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, ProblemKind, Rule, Subject};
use crate::model::script::{Role, Verdict};
use crate::model::show::Narration;

pub(super) const CHECKS: &[Check] = &[
    UNREADABLE,
    CHARACTERS_DROPPED,
    EMPTY,
    TITLE_MISSING,
    NO_HEADINGS,
    HEADING_EMPTY,
    HEADING_DUPLICATE,
    HEADING_SKIP,
    HEADING_UNSPOKEN,
    RATE_IMPLAUSIBLE,
    UNDISCLOSED,
];

const UNREADABLE: Check = Check {
    rule: Rule {
        id: "article-unreadable",
        severity: Error,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Tool],
        summary: "the article, or a part of it, cannot be read",
        why: "What cannot be read would be missing from the episode's title, chapters and notes.",
        mend: "Save the article as UTF-8 text, and mend the line that is named.",
    },
    run: Run::Survey(|survey, found| {
        found.problems(survey, &[ProblemKind::ArticleUnreadable]);
        flaws(survey, FlawKind::Unreadable, found);
    }),
};

const CHARACTERS_DROPPED: Check = Check {
    rule: Rule {
        id: "article-characters-dropped",
        severity: Info,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Format, Players],
        summary: "the article has control characters or marks that turn the direction of text",
        why: "XML forbids the one and players show titles wrongly with the other, so they are not published.",
        mend: "Nothing needs to be done; to be rid of this message, type the line anew.",
    },
    run: Run::Survey(|survey, found| flaws(survey, FlawKind::Unseen, found)),
};

const EMPTY: Check = Check {
    rule: Rule {
        id: "article-empty",
        severity: Error,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Tool],
        summary: "the article has no text that a narrator would read",
        why: "Without a text there is nothing to find chapters for, and nothing to show beside the player.",
        mend: "Put the whole text into the file. `listen-now article FILE` shows what was left out and why.",
    },
    run: Run::Article(|facts, found| {
        if !facts.article.has_prose() {
            let message = match facts.article.blocks.len() {
                0 => "The article is empty.".to_owned(),
                n => format!(
                    "None of the {} of this article looks like text that is read aloud.",
                    count(n, "block", "blocks")
                ),
            };
            found.at(Place::file(facts.path), message);
        }
    }),
};

const TITLE_MISSING: Check = Check {
    rule: Rule {
        id: "article-title-missing",
        severity: Warning,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Rss, Psp1],
        summary: "the article has no title",
        why: "The episode is called like the article, and so is its first chapter.",
        mend: "Write the headline into the first line, or `title = \"...\"` into episode.toml.",
    },
    // Of an episode without any title `episode-title-missing` speaks.
    run: Run::Survey(|survey, found| {
        for facts in survey.articles.iter().filter(|a| a.article.title.is_none() && a.article.has_prose()) {
            found.at(Place::file(facts.path), "No line of this article looks like its headline.");
        }
    }),
};

const NO_HEADINGS: Check = Check {
    rule: Rule {
        id: "article-no-headings",
        severity: Warning,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Apple, Spotify],
        summary: "the article has no section headings",
        why: "Each section becomes a chapter. Without headings a listener gets a single one and cannot find anything.",
        mend: "Give the sections headings, or write chapters into episode.toml.",
    },
    run: Run::Survey(|survey, found| {
        let bare = survey.articles.iter();
        let chapterless = survey.live().filter(|e| chapters_of(e) < 2).filter_map(|e| e.article.as_ref());
        for facts in bare.chain(chapterless) {
            if facts.article.has_prose() && facts.article.sections().iter().all(|s| s.heading.is_none()) {
                found.at(
                    Place::file(facts.path),
                    "This article has no section headings, so its episode has one chapter.",
                );
            }
        }
    }),
};

fn chapters_of(episode: &EpisodeFacts<'_>) -> usize {
    let script = episode.chapters.as_ref().and_then(|c| c.script);
    script.and_then(|s| s.chapters.as_ref()).map_or(0, |list| list.chapters().len())
}

const HEADING_EMPTY: Check = Check {
    rule: Rule {
        id: "article-heading-empty",
        severity: Warning,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Format],
        summary: "a heading has no text",
        why: "A chapter without a title is skipped by apps, so this heading begins no chapter.",
        mend: "Write the heading, or remove it.",
    },
    run: Run::Survey(|survey, found| flaws(survey, FlawKind::HeadingEmpty, found)),
};

const HEADING_DUPLICATE: Check = Check {
    rule: Rule {
        id: "article-heading-duplicate",
        severity: Info,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Apple],
        summary: "two sections have the same heading",
        why: "In a list of chapters nobody can tell them apart.",
        mend: "Give each section a heading of its own, or name the chapters in episode.toml.",
    },
    run: Run::Article(|facts, found| {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for heading in facts.article.sections().iter().filter_map(|s| s.heading.as_ref()) {
            let block = heading.block;
            match seen.get(&plain(&block.text)) {
                Some(first) => {
                    let message = format!("The heading {} stands in line {first} already.", quoted(&block.text));
                    found.at(Place::line(facts.path, block.line), message);
                }
                None => {
                    seen.insert(plain(&block.text), block.line);
                }
            }
        }
    }),
};

const HEADING_SKIP: Check = Check {
    rule: Rule {
        id: "article-heading-skip",
        severity: Info,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Tool],
        summary: "a heading is two or more levels below the one before",
        why: "Deeper headings are read as text of their section and begin no chapter, which may not be meant here.",
        mend: "Use one level for all sections.",
    },
    run: Run::Survey(|survey, found| flaws(survey, FlawKind::HeadingSkip, found)),
};

const HEADING_UNSPOKEN: Check = Check {
    rule: Rule {
        id: "article-heading-unspoken",
        severity: Warning,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Tool],
        summary: "a heading is not read aloud",
        why: "The chapter begins with the section's first sentence, which is less sure than a heading that is spoken.",
        mend: "Listen to the start of the chapter: `listen-now chapters EPISODE --clips DIR`.",
    },
    run: Run::Episode(|episode, found| {
        let (Some(article), Some(script)) = (&episode.article, episode.chapters.as_ref().and_then(|c| c.script)) else {
            return;
        };
        if !matches!(script.verdict, Verdict::ThisArticle | Verdict::Partly) {
            return;
        }
        let unspoken = script.passages.iter().filter(|p| p.role == Role::Heading && !p.narrated);
        for passage in unspoken.filter(|p| !script.missing.contains(&clean_title(&p.text).to_string())) {
            let line = article.article.blocks.iter().find(|b| b.text == passage.text).map(|b| b.line);
            let place = Place { line, ..Place::file(article.path) };
            found.at(place, format!("The heading {} is not heard in the recording.", quoted(&passage.text)));
        }
    }),
};

const RATE_IMPLAUSIBLE: Check = Check {
    rule: Rule {
        id: "article-audio-rate-implausible",
        severity: Warning,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Tool],
        summary: "nobody reads this text in this time",
        why: "The recording is probably that of another article, a part of it, or has long music in it.",
        mend: "Listen to the recording, and see what `listen-now article FILE` takes for the text.",
    },
    run: Run::Episode(|episode, found| {
        let (Some(article), Some(duration)) = (&episode.article, episode.duration) else { return };
        let verdict = episode.chapters.as_ref().and_then(|c| c.script).map(|s| s.verdict);
        if matches!(verdict, Some(Verdict::Another | Verdict::Partly)) || duration.is_zero() {
            return;
        }
        let language = episode.settings.language.as_deref().or(article.article.language.as_deref());
        let pace = pace(language.unwrap_or_default());
        let units = pace.units(article.article);
        if units < FEWEST_UNITS {
            return;
        }
        let per_minute = units as f64 * 60.0 / duration.seconds();
        if !(pace.slowest..=pace.fastest).contains(&per_minute) {
            let message = format!(
                "{units} {} in {} would be {per_minute:.0} a minute; people read {:.0} to {:.0}.",
                pace.unit,
                super::words::length(duration),
                pace.slowest,
                pace.fastest
            );
            found.at(Place::file(article.path), message);
        }
    }),
};

/// Below this a jingle weighs more than the text.
const FEWEST_UNITS: usize = 60;

/// How fast a language is read aloud.
struct Pace {
    languages: &'static [&'static str],
    unit: &'static str,
    count: fn(&str) -> usize,
    slowest: f64,
    fastest: f64,
}

impl Pace {
    fn units(&self, article: &Article) -> usize {
        let sections = article.sections();
        let spoken = sections.iter().flat_map(|s| s.heading.iter().chain(&s.paragraphs));
        spoken.map(|at| (self.count)(&at.block.text)).sum()
    }
}

/// Words a minute by `standards.md` row 9 for languages with short words. Words of agglutinating languages are longer,
/// and so fewer; where there are no spaces, characters are counted. Wide enough for slow and hasty readers.
const PACES: &[Pace] = &[
    Pace { languages: &["ja", "zh", "yue"], unit: "characters", count: characters, slowest: 130.0, fastest: 520.0 },
    Pace {
        languages: &["th", "lo", "km", "my"],
        unit: "characters",
        count: characters,
        slowest: 300.0,
        fastest: 1300.0,
    },
    Pace {
        languages: &["fi", "et", "hu", "tr", "ko", "eu", "ka", "az", "kk", "uz", "ta", "te", "kn", "ml"],
        unit: "words",
        count: words,
        slowest: 55.0,
        fastest: 210.0,
    },
];

const USUAL_PACE: Pace = Pace { languages: &[], unit: "words", count: words, slowest: 90.0, fastest: 260.0 };

fn pace(language: &str) -> &'static Pace {
    let primary = language.split('-').next().unwrap_or_default().to_lowercase();
    PACES.iter().find(|p| p.languages.contains(&primary.as_str())).unwrap_or(&USUAL_PACE)
}

fn words(text: &str) -> usize {
    text.unicode_words().count()
}

fn characters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

const UNDISCLOSED: Check = Check {
    rule: Rule {
        id: "article-ai-narration-undisclosed",
        severity: Warning,
        subject: Subject::Article,
        since: "0.1.0",
        by: &[Apple, Podcasting20],
        summary: "the recording was made by a speech program, and nothing says so",
        why: "Apple demands that synthetic narration is disclosed in the audio and in the show's or episode's notes.",
        mend: "Write `narration = \"synthetic\"` into show.toml or episode.toml: feed and notes then say so.",
    },
    run: Run::Episode(|episode, found| {
        if episode.narration() == Narration::Synthetic {
            return;
        }
        for audio in &episode.recordings {
            let tell = |value: &str| {
                let value = value.to_lowercase();
                SPEECH_PROGRAMS.iter().any(|name| value.contains(name))
            };
            if let Some(tag) = audio.recording.tags.iter().find(|t| tell(&t.value)) {
                let message = format!("The recording's tag {} says {}.", tag.name, quoted(tag.value.trim()));
                found.at(Place::file(audio.path), message);
            }
        }
    }),
};

/// Names that speech programs leave in tags, lower case.
const SPEECH_PROGRAMS: &[&str] = &[
    "espeak",
    "elevenlabs",
    "eleven labs",
    "text-to-speech",
    "text to speech",
    "amazon polly",
    "speech synthesis",
    "synthetic voice",
    "ai narrat",
    "ai voice",
    "ai-generated",
    "wellsaid",
    "murf.ai",
    "play.ht",
    "speechify",
    "festival speech",
    "piper tts",
];

fn flaws(survey: &Survey<'_>, kind: FlawKind, found: &mut Found<'_>) {
    for facts in survey.all_articles() {
        for flaw in facts.article.problems.iter().filter(|f| f.kind == kind) {
            found.at(Place::line(facts.path, flaw.line), sentence(&flaw.message));
        }
    }
}
