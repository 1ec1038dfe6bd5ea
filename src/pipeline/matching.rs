//! A back catalogue whose names say nothing: which recording reads which article, by listening.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::align::{Task, align_and_weigh};
use crate::article;
use crate::audio;
use crate::model::article::{Article, Guess};
use crate::model::audio::Features;
use crate::model::finding::{Place, Problem, ProblemKind};
use crate::model::script::Verdict;
use crate::model::time::Duration;
use crate::sources::{self, Pairing};

/// A recording is first compared by so much of it: three minutes, from its beginning and from its middle.
const SAMPLE: usize = 3 * 60 * 100;
/// How sure a sample must be to spare the others. Another article in the same voice reaches 0.3.
const PLAIN: f64 = 0.5;

/// Pairs articles and recordings by what is heard. Where two recordings read one article, the one that fits better has
/// it.
pub fn pair(articles: &[PathBuf], recordings: &[PathBuf]) -> Pairing {
    let mut pairing = Pairing::default();
    let mut texts = Vec::new();
    for path in articles {
        match read(path) {
            Ok(article) => texts.push((path.as_path(), article)),
            Err(problem) => pairing.problems.push(problem),
        }
    }
    let heard: Vec<(&Path, Best)> = recordings.par_iter().map(|path| (path.as_path(), best(path, &texts))).collect();
    let mut partner: BTreeMap<usize, (f64, &Path)> = BTreeMap::new();
    for (path, found) in heard {
        match found {
            Ok(Some((text, margin))) => {
                let before = partner.get(&text).copied();
                match before {
                    Some((surer, _)) if surer >= margin => pairing.lonely_recordings.push(path.to_owned()),
                    Some((_, other)) => {
                        pairing.lonely_recordings.push(other.to_owned());
                        partner.insert(text, (margin, path));
                    }
                    None => {
                        partner.insert(text, (margin, path));
                    }
                }
            }
            Ok(None) => pairing.lonely_recordings.push(path.to_owned()),
            Err(problem) => pairing.problems.push(problem),
        }
    }
    for (number, (path, _)) in texts.iter().enumerate() {
        match partner.get(&number) {
            Some((_, recording)) => pairing.pairs.push(((*path).to_owned(), (*recording).to_owned())),
            None => pairing.lonely_articles.push((*path).to_owned()),
        }
    }
    pairing.pairs.sort();
    pairing.lonely_recordings.sort();
    pairing
}

/// The article that a recording reads, by its number, and how much better it fits than chance.
type Best = Result<Option<(usize, f64)>, Problem>;

fn best(path: &Path, texts: &[(&Path, Article)]) -> Best {
    let problem = |message: String, help: Option<String>| Problem {
        kind: ProblemKind::AudioUnreadable,
        place: Place::file(path),
        message,
        help,
    };
    let file = sources::open(path).map_err(|e| problem(e.message, e.help))?;
    let (recording, features) =
        audio::listen(Box::new(file), &path.to_string_lossy()).map_err(|e| problem(e.message, e.help))?;
    let Some(features) = features else { return Err(problem("It cannot be listened to.".into(), None)) };
    let length = recording.duration().0;
    let middle = (features.len() / 2).saturating_sub(SAMPLE / 2);
    let samples = [features.stretch(0..SAMPLE), features.stretch(middle..middle + SAMPLE)];
    let order = by_length(texts, length);
    let mut best: Option<(usize, f64)> = None;
    // What a sample says plainly is believed once the whole says it too; else the whole is compared with everything.
    for sample in samples.iter().filter(|_| features.len() > SAMPLE) {
        for number in &order {
            if weigh(texts, *number, sample, Duration::from_millis(sample.len() as u64 * 10)) >= PLAIN
                && let Some(margin) = accepted(texts, *number, &features, length)
            {
                return Ok(Some((*number, margin)));
            }
        }
    }
    for number in order {
        if let Some(margin) = accepted(texts, number, &features, length)
            && best.is_none_or(|(_, m)| margin > m)
        {
            best = Some((number, margin));
        }
    }
    Ok(best)
}

/// The likeliest first: those whose letters take about as long as the recording.
fn by_length(texts: &[(&Path, Article)], length: Duration) -> Vec<usize> {
    /// Letters a second, of a narrator who takes time.
    const PACE: f64 = 14.0;
    let off = |number: &usize| {
        let blocks = texts.get(*number).map(|(_, a)| a.blocks.as_slice()).unwrap_or_default();
        let letters: usize = blocks.iter().filter(|b| b.guess == Guess::Narrated).map(|b| b.text.chars().count()).sum();
        let ratio = (letters as f64 / PACE + 1.0) / (length.seconds() + 1.0);
        (ratio.ln().abs() * 1000.0) as u64
    };
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|n| (off(n), *n));
    order
}

fn weigh(texts: &[(&Path, Article)], number: usize, features: &Features, duration: Duration) -> f64 {
    let Some((_, article)) = texts.get(number) else { return 0.0 };
    align_and_weigh(Task { article, language: None, pronounce: &[], duration }, features).1
}

/// How much better the whole recording fits, where it is this article or a part of it.
fn accepted(texts: &[(&Path, Article)], number: usize, features: &Features, duration: Duration) -> Option<f64> {
    let (_, article) = texts.get(number)?;
    let (heard, margin) = align_and_weigh(Task { article, language: None, pronounce: &[], duration }, features);
    matches!(heard.verdict, Verdict::ThisArticle | Verdict::Partly).then_some(margin)
}

fn read(path: &Path) -> Result<Article, Problem> {
    let problem = |message: String, help: Option<String>| Problem {
        kind: ProblemKind::ArticleUnreadable,
        place: Place::file(path),
        message,
        help,
    };
    let bytes = sources::read_bounded(path, super::material::LARGEST_ARTICLE)
        .map_err(|e| e.problem(ProblemKind::ArticleUnreadable, path))?;
    article::read(path, &bytes).map_err(|e| problem(e.message, Some(e.help)))
}
