//! Settling: article + recording + marks + what was heard → the [`Script`].
//!
//! The only place where evidence from the recording overrules a guess about the article. Everything below it sees only
//! the script.

mod links;

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::model::article::{Article, Block, Guess, Kind, Reason, Section};
use crate::model::audio::EmbeddedChapters;
use crate::model::chapter::{Chapter, ChapterList, Confidence, Mark, Origin, clean_title};
use crate::model::script::{Doubt, Heard, HeardBlock, Passage, Role, Script, Verdict};
use crate::model::show::EpisodeSettings;
use crate::model::text::Line;
use crate::model::time::{Duration, Timestamp};

/// Everything that is known of an episode before it is settled.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The article, with the publisher's `left_out` and `narrated` lines applied.
    pub article: &'a Article,
    /// What the publisher overrules.
    pub settings: &'a EpisodeSettings,
    /// The exact length of the recording.
    pub duration: Duration,
    /// Marks of `episode.toml` or of a `chapters.*` file.
    pub explicit: &'a [Mark],
    /// Where the parts of a recording begin; titles are empty.
    pub parts: &'a [Mark],
    /// Chapters that the recording carries, each carrier apart.
    pub embedded: &'a [EmbeddedChapters],
    /// What the aligner heard.
    pub heard: Option<&'a Heard>,
}

/// How far before the first sound a chapter is published to start: a breath, so that a player which lands late does
/// not cut the first word.
const BREATH: Duration = Duration::from_millis(150);

/// Design section 5: below it a start needs review.
const SURE: f32 = 0.5;

/// Decides what is true of an episode.
pub fn settle(evidence: Evidence<'_>) -> Script {
    let title = title_of(evidence);
    let article = revoice(evidence.article, evidence.heard);
    let sections = article.sections();
    let names: Vec<Line> = sections.iter().map(|s| section_title(s, &title, evidence.settings)).collect();
    let heard_starts: Vec<Option<Start>> = sections.iter().map(|s| first_sound(s, &article, evidence.heard)).collect();

    let another = evidence.heard.is_some_and(|h| h.verdict == Verdict::Another);
    let source = source(evidence, &names);
    let is_marked = source.is_some();
    let chapters = match source {
        Some((origin, marks)) => from_marks(origin, marks, &names, &heard_starts),
        None if another => Vec::new(),
        None => from_voice(&names, &heard_starts, &title, evidence.heard),
    };
    let list = ChapterList::new(linked(chapters, &sections, evidence), evidence.duration).ok();

    Script {
        title: title.to_string(),
        chapters: list,
        verdict: evidence.heard.map_or(Verdict::NotHeard, |h| h.verdict),
        method: evidence.heard.map(|h| h.method.clone()),
        narrated_share: evidence.heard.map(|h| h.narrated_share),
        // Marks that somebody gave beside a voice that cannot be followed: then nobody has listened to the words.
        passages: passages(&article, &sections, evidence.heard.filter(|_| !(another && is_marked))),
        missing: missing(&names, &sections, &heard_starts, evidence.heard),
        doubts: heard_starts.iter().enumerate().filter_map(|(i, s)| Some((i, (*s)?.doubt?))).collect(),
        extra: evidence.heard.map(|h| h.extra.clone()).unwrap_or_default(),
    }
}

/// The marks that the chapters will be made of, by the order of trust; `None` where only the voice can tell.
pub fn source<'a>(evidence: Evidence<'a>, names: &[Line]) -> Option<(Origin, &'a [Mark])> {
    if evidence.explicit.iter().any(|m| !m.hidden) {
        return Some((Origin::Explicit, evidence.explicit));
    }
    if evidence.parts.len() > 1 && evidence.parts.len() == names.len() {
        return Some((Origin::Parts, evidence.parts));
    }
    let belongs = |marks: &[Mark]| {
        let visible: Vec<&Mark> = marks.iter().filter(|m| !m.hidden).collect();
        visible.len() > 1 && sections_of(&visible, names, &[]).iter().all(Option::is_some)
    };
    evidence.embedded.iter().find(|e| belongs(&e.marks)).map(|e| (Origin::Embedded, e.marks.as_slice()))
}

/// The episode's title: the publisher's, else the article's, else nothing.
fn title_of(evidence: Evidence<'_>) -> Line {
    match &evidence.settings.title {
        Some(title) => title.clone(),
        None => Line::new(evidence.article.title.as_deref().unwrap_or_default()),
    }
}

/// The article with the guesses that the voice overrules: a line that was left out and is read is narrated.
/// What was guessed narrated and is not heard keeps its place, so that sections keep their numbers.
fn revoice(article: &Article, heard: Option<&Heard>) -> Article {
    let mut article = article.clone();
    for entry in heard.iter().flat_map(|h| &h.blocks) {
        if let Some(block) = article.blocks.get_mut(entry.block)
            && entry.span.is_some()
            // What the publisher left out stays out, whatever is read.
            && block.guess != Guess::LeftOut(Reason::Publisher)
        {
            block.guess = Guess::Narrated;
        }
    }
    article
}

fn section_title(section: &Section<'_>, title: &Line, settings: &EpisodeSettings) -> Line {
    match (&section.heading, &settings.intro_title) {
        (Some(heading), _) => clean_title(&heading.block.text),
        (None, Some(intro)) => clean_title(intro.as_str()),
        (None, None) => clean_title(title.as_str()),
    }
}

/// Where a section is first heard, and the end of what is heard before it.
#[derive(Clone, Copy)]
struct Start {
    sound: Timestamp,
    before: Timestamp,
    confidence: Confidence,
    doubt: Option<Doubt>,
}

impl Start {
    /// In the breath before the first sound, and never inside the words before.
    fn published(self) -> Timestamp {
        self.sound.minus(BREATH).max(self.before).min(self.sound)
    }
}

fn first_sound(section: &Section<'_>, article: &Article, heard: Option<&Heard>) -> Option<Start> {
    let heard = heard?;
    // The introduction begins with the headline and the standfirst, where they are read.
    let is_top = |kind: Kind| matches!(kind, Kind::Title | Kind::Dek) && section.heading.is_none();
    let top = article.blocks.iter().enumerate().filter(|(_, b)| is_top(b.kind)).map(|(index, _)| index);
    let own = section.heading.iter().chain(&section.paragraphs).map(|at| at.index);
    let first = top
        .chain(own)
        .find_map(|index| entry(heard, index).and_then(|e| Some((index, e.span?, e.confidence, e.doubt))))?;
    let (index, span, confidence, doubt) = first;
    let before = heard
        .blocks
        .iter()
        .filter(|b| b.block != index)
        .filter_map(|b| b.span)
        .filter(|s| s.start < span.start)
        .map(|s| s.end)
        .max()
        .unwrap_or(Timestamp::ZERO);
    Some(Start { sound: span.start, before, confidence, doubt })
}

fn entry(heard: &Heard, index: usize) -> Option<&HeardBlock> {
    heard.blocks.iter().find(|b| b.block == index)
}

/// Chapters from marks that somebody gave: times stay as they are, sections are found for them.
fn from_marks(origin: Origin, marks: &[Mark], names: &[Line], heard: &[Option<Start>]) -> Vec<Chapter> {
    let visible: Vec<&Mark> = marks.iter().filter(|m| !m.hidden).collect();
    let sections = sections_of(&visible, names, heard);
    let mut chapters = Vec::with_capacity(visible.len());
    for (position, (mark, section)) in visible.iter().zip(sections).enumerate() {
        let own = clean_title(&mark.title);
        let title = match section.and_then(|s| names.get(s)) {
            Some(name) if own.is_empty() => name.clone(),
            _ => own,
        };
        // Only a person's marks may fail for not beginning at zero: a player that wrote 0.02 s into a file meant zero.
        let start = match (origin, position) {
            (Origin::Embedded | Origin::Parts, 0) => Timestamp::ZERO,
            _ => mark.start,
        };
        chapters.push(Chapter {
            start,
            title,
            origin,
            confidence: Confidence::CERTAIN,
            // What is hardly heard contradicts nobody.
            heard: section
                .and_then(|s| heard.get(s).copied().flatten())
                .filter(|s| s.confidence.value() >= SURE)
                .map(|s| s.sound),
            section,
            url: mark.url.clone(),
        });
    }
    chapters
}

/// Chapters without a link of their own lead to their section on the article's page.
fn linked(mut chapters: Vec<Chapter>, sections: &[Section<'_>], evidence: Evidence<'_>) -> Vec<Chapter> {
    let link = evidence.settings.link.as_deref().or(evidence.article.link.as_deref());
    let Some(page) = link.and_then(links::page) else { return chapters };
    for chapter in chapters.iter_mut().filter(|c| c.url.is_none()) {
        let heading = chapter.section.and_then(|s| sections.get(s)).and_then(|s| s.heading);
        chapter.url = heading.and_then(|h| links::place(&page, evidence.article, h)).map(String::from);
    }
    chapters
}

/// The section of each mark: by equal title, else by order where the counts are equal, else by where it falls.
fn sections_of(marks: &[&Mark], names: &[Line], heard: &[Option<Start>]) -> Vec<Option<usize>> {
    let keys: Vec<String> = names.iter().map(|n| key(n.as_str())).collect();
    let mut taken = BTreeSet::new();
    let mut found: Vec<Option<usize>> = marks
        .iter()
        .map(|mark| {
            let wanted = key(&mark.title);
            let section =
                keys.iter().enumerate().position(|(i, k)| !taken.contains(&i) && !k.is_empty() && *k == wanted)?;
            taken.insert(section);
            Some(section)
        })
        .collect();
    if marks.len() == names.len() {
        for (index, section) in found.iter_mut().enumerate() {
            if section.is_none() && taken.insert(index) {
                *section = Some(index);
            }
        }
    }
    for (mark, section) in marks.iter().zip(found.iter_mut()) {
        if section.is_none() {
            // A mark up to two seconds early still means the section that begins there.
            let reach = mark.start.plus(Duration::from_millis(2_000));
            let inside = heard.iter().enumerate().rev().find(|(_, s)| s.is_some_and(|s| s.sound <= reach));
            *section = inside.map(|(i, _)| i).filter(|i| taken.insert(*i));
        }
    }
    found
}

/// Titles are equal when their letters and digits are, whatever the case, the dashes and the quotes.
fn key(title: &str) -> String {
    title.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Chapters from what was heard; where nobody listened, one chapter from the beginning.
fn from_voice(names: &[Line], heard: &[Option<Start>], title: &Line, listened: Option<&Heard>) -> Vec<Chapter> {
    // Sections that are read in another order than the article's are chapters in the order in which they are read.
    let mut starts: Vec<(usize, &Line, Start)> =
        names.iter().zip(heard).enumerate().filter_map(|(i, (name, s))| Some((i, name, (*s)?))).collect();
    starts.sort_by_key(|(section, _, start)| (start.sound, *section));
    let mut chapters: Vec<Chapter> = Vec::new();
    for (section, name, start) in starts {
        let published = if chapters.is_empty() { Timestamp::ZERO } else { start.published() };
        let chapter = Chapter {
            start: published,
            title: name.clone(),
            origin: Origin::Aligned,
            confidence: start.confidence,
            heard: Some(start.sound),
            section: Some(section),
            url: None,
        };
        match chapters.last_mut() {
            // Two cannot begin at once: the surer one stays.
            Some(before) if published <= before.start => {
                if chapter.confidence > before.confidence {
                    *before = Chapter { start: before.start, ..chapter };
                }
            }
            _ => chapters.push(chapter),
        }
    }
    if chapters.is_empty() && listened.is_none_or(|h| h.verdict == Verdict::NotHeard) {
        let name = names.first().filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| clean_title(title.as_str()));
        chapters.push(Chapter {
            start: Timestamp::ZERO,
            title: name,
            origin: Origin::Aligned,
            confidence: Confidence::NONE,
            heard: None,
            section: (!names.is_empty()).then_some(0),
            url: None,
        });
    }
    chapters
}

fn missing(names: &[Line], sections: &[Section<'_>], starts: &[Option<Start>], heard: Option<&Heard>) -> Vec<String> {
    let listened = heard.is_some_and(|h| matches!(h.verdict, Verdict::ThisArticle | Verdict::Partly));
    if !listened {
        return Vec::new();
    }
    names
        .iter()
        .zip(sections)
        .zip(starts)
        .filter(|((_, section), start)| {
            start.is_none() && (section.heading.is_some() || !section.paragraphs.is_empty())
        })
        .map(|((name, _), _)| name.to_string())
        .collect()
}

fn passages(article: &Article, sections: &[Section<'_>], heard: Option<&Heard>) -> Vec<Passage> {
    let listened = heard.filter(|h| h.verdict != Verdict::NotHeard);
    let passage = |section: usize, role: Role, index: usize, block: &Block| {
        let entry = listened.and_then(|h| entry(h, index));
        Passage {
            section,
            role,
            text: block.text.clone(),
            span: entry.and_then(|e| e.span),
            narrated: listened.is_none() || entry.is_some_and(|e| e.span.is_some()),
            sentences: entry.map(|e| e.sentences.clone()).unwrap_or_default(),
        }
    };
    let mut out = Vec::new();
    for (index, block) in article.blocks.iter().enumerate() {
        let role = match block.kind {
            Kind::Title => Role::Title,
            Kind::Dek => Role::Dek,
            Kind::Heading | Kind::Paragraph => continue,
        };
        if block.guess == Guess::Narrated {
            out.push(passage(0, role, index, block));
        }
    }
    for (number, section) in sections.iter().enumerate() {
        if let Some(heading) = &section.heading {
            out.push(passage(number, Role::Heading, heading.index, heading.block));
        }
        for paragraph in &section.paragraphs {
            out.push(passage(number, Role::Paragraph, paragraph.index, paragraph.block));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::audio::EmbeddedCarrier;
    use crate::model::script::Span;

    fn block(kind: Kind, text: &str) -> Block {
        Block { line: 1, text: text.into(), kind, guess: Guess::Narrated, anchor: None }
    }

    fn article() -> Article {
        Article {
            title: Some("The Title".into()),
            blocks: vec![
                block(Kind::Title, "The Title"),
                block(Kind::Paragraph, "Once."),
                block(Kind::Heading, "Money — in pockets"),
                block(Kind::Paragraph, "Twice."),
                Block { guess: Guess::LeftOut(Reason::Caption), ..block(Kind::Heading, "A caption") },
                block(Kind::Paragraph, "Thrice."),
                block(Kind::Heading, "End"),
                block(Kind::Paragraph, "Last."),
            ],
            ..Article::default()
        }
    }

    fn mark(millis: u64, title: &str) -> Mark {
        Mark::new(Timestamp::from_millis(millis), title)
    }

    fn settled(explicit: &[Mark], parts: &[Mark], embedded: &[EmbeddedChapters], heard: Option<&Heard>) -> Script {
        let (article, settings) = (article(), EpisodeSettings::default());
        let duration = Duration::from_millis(60_000);
        settle(Evidence { article: &article, settings: &settings, duration, explicit, parts, embedded, heard })
    }

    fn shown(script: &Script) -> Vec<String> {
        let list = script.chapters.iter().flat_map(|l| l.chapters());
        list.map(|c| format!("{} {} {} {:?}", c.start.millis(), c.title, c.origin.word(), c.section)).collect()
    }

    fn heard(spans: &[(usize, u64, u64)], verdict: Verdict) -> Heard {
        let blocks = (0..8)
            .map(|block| HeardBlock {
                block,
                span: spans.iter().find(|s| s.0 == block).map(|&(_, start, end)| Span {
                    start: Timestamp::from_millis(start),
                    end: Timestamp::from_millis(end),
                }),
                confidence: Confidence::new(0.9),
                doubt: None,
                sentences: Vec::new(),
            })
            .collect();
        Heard { verdict, narrated_share: 1.0, method: "English".into(), blocks, extra: Vec::new() }
    }

    #[test]
    fn explicit_marks_win_and_are_never_moved() {
        let marks =
            [mark(0, "The title"), mark(9_000, "Money, in pockets"), mark(20_000, "An aside"), mark(30_000, "End")];
        let script = settled(&marks, &[], &[], None);
        assert_eq!(
            shown(&script),
            [
                "0 The title explicit Some(0)",
                "9000 Money, in pockets explicit Some(1)",
                "20000 An aside explicit None",
                "30000 End explicit Some(2)"
            ]
        );
    }

    #[test]
    fn marks_without_titles_take_the_sections_names_where_the_counts_agree() {
        let marks = [mark(0, ""), mark(9_000, ""), mark(30_000, "")];
        let expected =
            ["0 The Title parts Some(0)", "9000 Money — in pockets parts Some(1)", "30000 End parts Some(2)"];
        assert_eq!(shown(&settled(&[], &marks, &[], None)), expected);
    }

    #[test]
    fn embedded_chapters_count_only_if_every_one_has_a_section() {
        let carrier = |marks: Vec<Mark>| [EmbeddedChapters { carrier: EmbeddedCarrier::Id3, marks }];
        let good = carrier(vec![mark(20, "The Title"), mark(9_000, "money in pockets")]);
        assert_eq!(
            shown(&settled(&[], &[], &good, None)),
            ["0 The Title embedded Some(0)", "9000 money in pockets embedded Some(1)"]
        );
        let foreign = carrier(vec![mark(0, "Advert"), mark(9_000, "End")]);
        assert_eq!(shown(&settled(&[], &[], &foreign, None)), ["0 The Title aligned Some(0)"]);
    }

    #[test]
    fn broken_marks_make_no_list() {
        assert_eq!(settled(&[mark(5_000, "a"), mark(1_000, "b")], &[], &[], None).chapters, None);
    }

    #[test]
    fn the_voice_places_sections_in_the_breath_before_their_first_sound() {
        let heard = heard(
            &[
                (1, 500, 8_000),
                (2, 9_000, 9_500),
                (3, 10_000, 12_000),
                (5, 13_000, 19_000),
                (6, 20_000, 20_400),
                (7, 21_000, 30_000),
            ],
            Verdict::ThisArticle,
        );
        let script = settled(&[], &[], &[], Some(&heard));
        assert_eq!(
            shown(&script),
            ["0 The Title aligned Some(0)", "8850 Money — in pockets aligned Some(1)", "19850 End aligned Some(2)"]
        );
        assert!(script.missing.is_empty());
    }

    #[test]
    fn a_left_out_line_that_is_read_is_narrated_and_a_section_that_is_not_read_is_missing() {
        let heard =
            heard(&[(1, 500, 8_000), (2, 9_000, 9_500), (4, 10_000, 12_000), (5, 13_000, 19_000)], Verdict::Partly);
        let script = settled(&[], &[], &[], Some(&heard));
        assert_eq!(
            shown(&script),
            [
                "0 The Title aligned Some(0)",
                "8850 Money — in pockets aligned Some(1)",
                "9850 A caption aligned Some(2)"
            ]
        );
        assert_eq!(script.missing, ["End"]);
    }

    #[test]
    fn sections_that_are_read_in_another_order_are_chapters_in_that_order() {
        let heard = heard(
            &[(1, 500, 8_000), (2, 30_000, 30_500), (3, 31_000, 42_000), (6, 9_000, 9_500)],
            Verdict::ThisArticle,
        );
        assert_eq!(
            shown(&settled(&[], &[], &[], Some(&heard))),
            ["0 The Title aligned Some(0)", "8850 End aligned Some(2)", "29850 Money — in pockets aligned Some(1)"]
        );
    }

    #[test]
    fn another_article_gets_no_chapters() {
        assert_eq!(settled(&[], &[], &[], Some(&heard(&[], Verdict::Another))).chapters, None);
    }
}
