//! Measures the aligner over a folder of recordings with known truth.
//!
//! ```sh
//! LISTEN_NOW_RECORDINGS=FOLDER cargo bench --bench align            # errors of sections and sentences
//! LISTEN_NOW_RECORDINGS=FOLDER cargo bench --bench align -- pairs   # each recording beside each other's article
//! ```
//!
//! A recording is `NAME.<audio>` beside `NAME.article.md` and `NAME.truth.json` with `sections` (`title`, `start`,
//! `narrated`), `paragraphs` (`section`, `text`, `start`, `narrated`) and `sentences` (`text`, `start`), times in
//! seconds. A further argument chooses the recordings whose names contain it.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use listen_now::align::{Task, align_and_weigh};
use listen_now::model::article::Article;
use listen_now::model::audio::Features;
use listen_now::model::script::{Heard, Verdict};
use listen_now::model::time::Duration;
use listen_now::script::{Evidence, settle};
use listen_now::{article, audio};
use serde_json::Value;

/// Seconds that this thread has worked, where the system tells; other programs do not count.
fn seconds_of_work() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

struct Item {
    name: String,
    article: Article,
    features: Features,
    duration: Duration,
    truth: Value,
}

fn main() {
    let Some(folder) = std::env::var_os("LISTEN_NOW_RECORDINGS").map(PathBuf::from) else {
        println!("LISTEN_NOW_RECORDINGS names no folder of recordings; nothing is measured");
        return;
    };
    let words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let pairs = words.iter().any(|w| w == "pairs");
    let wanted = words.iter().find(|w| *w != "pairs").cloned().unwrap_or_default();
    let items = items(&folder, &wanted);
    if pairs { measure_pairs(&items) } else { measure(&items) }
}

fn items(folder: &Path, wanted: &str) -> Vec<Item> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder of recordings").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    let mut items = Vec::new();
    for path in &files {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(name) = file.strip_suffix(".truth.json").filter(|n| n.contains(wanted)) else { continue };
        let is_audio = |p: &&PathBuf| {
            let file = p.file_name().unwrap_or_default().to_string_lossy();
            file.strip_prefix(name).and_then(|r| r.strip_prefix('.')).is_some_and(|e| AUDIO.contains(&e))
        };
        let Some(sound) = files.iter().find(is_audio) else { continue };
        let text = folder.join(format!("{name}.article.md"));
        let Ok(bytes) = fs::read(&text) else { continue };
        let article = article::read(&text, &bytes).expect("an article");
        let begun = seconds_of_work();
        let listened = audio::listen(Box::new(File::open(sound).expect("a recording")), name);
        let (recording, Some(features)) = listened.expect("a recording") else {
            println!("{name}: cannot be decoded");
            continue;
        };
        println!("{name}: heard in {:.2} s", seconds_of_work() - begun);
        let truth = serde_json::from_slice(&fs::read(path).expect("the truth")).expect("JSON");
        items.push(Item { name: name.to_owned(), article, features, duration: recording.duration().0, truth });
    }
    items
}

const AUDIO: [&str; 8] = ["wav", "opus", "mp3", "flac", "ogg", "m4a", "aiff", "aac"];

fn task(article: &Article, duration: Duration) -> Task<'_> {
    Task { article, language: None, pronounce: &[], duration }
}

#[derive(Default)]
struct Sums {
    sections: Vec<f64>,
    sentences: Vec<f64>,
    left_out_found: usize,
    left_out: usize,
    read_missed: usize,
    read: usize,
    /// By tenth of confidence: right starts, and all.
    reliability: [(usize, usize); 10],
    believed_wrong: usize,
    doubted_right: usize,
    /// By tenth of confidence: paragraphs that are rightly called read, and all.
    paragraphs: [(usize, usize); 10],
}

fn measure(items: &[Item]) {
    let mut sums = Sums::default();
    for item in items {
        let begun = seconds_of_work();
        let (heard, margin) = align_and_weigh(task(&item.article, item.duration), &item.features);
        let took = seconds_of_work() - begun;
        let starts = sections(item, &heard, &mut sums);
        let sentences = sentences(item, &heard, &mut sums);
        paragraphs(item, &heard, &mut sums);
        println!(
            "{:<32} {} margin {margin:.2} share {:.2} {took:.2} s | {starts} | sentences {sentences} | extra {}",
            item.name,
            heard.verdict.word(),
            heard.narrated_share,
            heard
                .extra
                .iter()
                .map(|e| format!("{}@{:.1}-{:.1}", e.kind.word(), e.span.start.seconds(), e.span.end.seconds()))
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    println!("sections  {}", distribution(&mut sums.sections));
    println!("sentences {}", distribution(&mut sums.sentences));
    println!(
        "left out: {} of {} found; read: {} of {} called left out; wrong and believed {}, right and doubted {}",
        sums.left_out_found, sums.left_out, sums.read_missed, sums.read, sums.believed_wrong, sums.doubted_right
    );
    let row =
        |r: &[(usize, usize); 10]| r.iter().map(|(right, all)| format!("{right}/{all}")).collect::<Vec<_>>().join(" ");
    println!("confidence of starts     by tenth, right of all: {}", row(&sums.reliability));
    println!("confidence of paragraphs by tenth, right of all: {}", row(&sums.paragraphs));
}

/// Errors of the section starts, in order.
fn sections(item: &Item, heard: &Heard, sums: &mut Sums) -> String {
    let settings = Default::default();
    let script = settle(Evidence {
        article: &item.article,
        settings: &settings,
        duration: item.duration,
        explicit: &[],
        parts: &[],
        embedded: &[],
        heard: Some(heard),
    });
    let chapters = script.chapters.iter().flat_map(|l| l.chapters());
    let by_section: BTreeMap<usize, _> = chapters.filter_map(|c| Some((c.section?, c))).collect();
    let mut out = Vec::new();
    for (number, section) in item.truth["sections"].as_array().into_iter().flatten().enumerate() {
        let due = section["start"].as_f64().filter(|_| section["narrated"] != Value::Bool(false));
        let chapter = by_section.get(&number);
        let found = chapter.and_then(|c| Some((c.heard?.seconds(), f64::from(c.confidence.value()))));
        let right = matches!((due, found), (Some(due), Some((at, _))) if (at - due).abs() <= 0.5);
        let near = matches!((due, found), (Some(due), Some((at, _))) if (at - due).abs() <= 2.0);
        if let Some((_, confidence)) = found {
            let tenth = ((confidence * 10.0) as usize).min(9);
            sums.reliability[tenth].0 += usize::from(right);
            sums.reliability[tenth].1 += 1;
            sums.believed_wrong += usize::from(!near && confidence >= 0.5);
            sums.doubted_right += usize::from(near && confidence < 0.5);
        }
        out.push(match (due, found) {
            (Some(due), Some((at, confidence))) => {
                if number > 0 || due > 0.0 {
                    sums.sections.push((at - due).abs());
                }
                format!("{:+.3}({confidence:.2})", at - due)
            }
            (Some(_), None) => {
                sums.sections.push(f64::INFINITY);
                "missed".into()
            }
            (None, Some((at, confidence))) => format!("ghost@{at:.1}({confidence:.2})"),
            (None, None) => "absent".into(),
        });
    }
    out.join(" ")
}

fn letters(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// Sentences that are farther off than this are printed.
const FAR: f64 = 0.25;

fn sentences(item: &Item, heard: &Heard, sums: &mut Sums) -> String {
    let mut said = Vec::new();
    for sentence in heard.blocks.iter().flat_map(|b| &b.sentences) {
        said.push((letters(&sentence.text), sentence.span.map(|s| s.start.seconds())));
    }
    let mut due = Vec::new();
    for sentence in item.truth["sentences"].as_array().into_iter().flatten() {
        let (Some(text), Some(start)) = (sentence["text"].as_str(), sentence["start"].as_f64()) else { continue };
        due.push((letters(text), text, start));
    }
    let (mut own, mut missed) = (Vec::new(), 0);
    for (one, other) in in_common(&due, &said, |due, said| due.0 == said.0) {
        let ((_, text, start), (_, at)) = (&due[one], &said[other]);
        sums.read += 1;
        match at {
            Some(at) => {
                own.push((at - start).abs());
                if (at - start).abs() > FAR {
                    println!("  {:+.2} s at {start:.2}: {text}", at - start);
                }
            }
            None => missed += 1,
        }
    }
    sums.read_missed += missed;
    sums.sentences.extend(&own);
    format!("{} missed {missed}", distribution(&mut own))
}

/// The longest sequence that two lists have in common, as pairs of places: the same sentence may stand there twice.
fn in_common<A, B>(a: &[A], b: &[B], same: impl Fn(&A, &B) -> bool) -> Vec<(usize, usize)> {
    let mut longest = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let one = usize::from(same(&a[i], &b[j]));
            longest[i][j] = (longest[i + 1][j + 1] + one).max(longest[i + 1][j]).max(longest[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if same(&a[i], &b[j]) && longest[i][j] == longest[i + 1][j + 1] + 1 {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if longest[i + 1][j] >= longest[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

fn paragraphs(item: &Item, heard: &Heard, sums: &mut Sums) {
    let mut found: BTreeMap<String, VecDeque<(bool, f32)>> = BTreeMap::new();
    for block in &heard.blocks {
        let text = item.article.blocks.get(block.block).map(|b| letters(&b.text)).unwrap_or_default();
        found.entry(text).or_default().push_back((block.span.is_some(), block.confidence.value()));
    }
    for paragraph in item.truth["paragraphs"].as_array().into_iter().flatten() {
        let (Some(text), Some(read)) = (paragraph["text"].as_str(), paragraph["narrated"].as_bool()) else { continue };
        let Some((said, confidence)) = found.get_mut(&letters(text)).and_then(VecDeque::pop_front) else { continue };
        let tenth = ((confidence * 10.0) as usize).min(9);
        sums.paragraphs[tenth].0 += usize::from(read == said);
        sums.paragraphs[tenth].1 += 1;
        if !read {
            sums.left_out += 1;
            sums.left_out_found += usize::from(!said);
        }
    }
}

fn distribution(errors: &mut [f64]) -> String {
    errors.sort_by(f64::total_cmp);
    let within =
        |limit: f64| errors.iter().filter(|e| **e <= limit).count() as f64 * 100.0 / errors.len().max(1) as f64;
    let at = |share: usize| errors.get(errors.len() * share / 100).copied().unwrap_or(0.0);
    format!(
        "{}: median {:.3} p95 {:.2} within .1 {:.1} .25 {:.1} .5 {:.1} 2 {:.1} %",
        errors.len(),
        at(50),
        at(95),
        within(0.1),
        within(0.25),
        within(0.5),
        within(2.0)
    )
}

fn measure_pairs(items: &[Item]) {
    let (mut pairs, mut believed) = (0, 0);
    for sound in items {
        for text in items.iter().filter(|t| t.article.title != sound.article.title) {
            let (heard, margin) = align_and_weigh(task(&text.article, sound.duration), &sound.features);
            pairs += 1;
            if heard.verdict != Verdict::Another {
                believed += 1;
            }
            println!("{:<32} {:<32} {} margin {margin:.2}", sound.name, text.name, heard.verdict.word());
        }
    }
    println!("{pairs} pairs, {believed} not refused");
}
