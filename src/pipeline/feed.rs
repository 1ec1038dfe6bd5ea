//! The bytes of anybody's feed → what rules judge: the tree, or why there is none.

use std::path::{Path, PathBuf};

use crate::checks::FeedFacts;
use crate::feed::document::{Document, Fault, Malformed, Spot};
use crate::feed::namespace::{ATOM, PSC};
use crate::model::finding::{Excerpt, Place, Problem, ProblemKind};

/// A feed that was given to be checked.
#[derive(Clone, Debug)]
pub struct FeedMaterial {
    /// The file, as the command was told of it.
    pub path: PathBuf,
    /// What was read; `None` has a problem that says why.
    pub document: Option<Document>,
    /// Where it is served, where somebody said so.
    pub base_url: Option<String>,
    /// What readers stumbled over.
    pub problems: Vec<Problem>,
}

impl FeedMaterial {
    /// What rules see of it; `None` where it is no RSS.
    pub fn facts(&self) -> Option<FeedFacts<'_>> {
        FeedFacts::new(&self.path, self.document.as_ref()?)
    }
}

/// Reads an XML file as a feed; `None` for a file of Podlove chapters.
pub fn read(path: &Path, bytes: &[u8], base_url: Option<&str>) -> Option<FeedMaterial> {
    let material = |document, problems| {
        Some(FeedMaterial { path: path.to_owned(), document, base_url: base_url.map(str::to_owned), problems })
    };
    match Document::parse(bytes) {
        Ok(document) if document.root.name.is(PSC, "chapters") => None,
        Ok(document) if episodes(&document) > MOST_EPISODES => {
            let kind = ProblemKind::FeedHostile;
            let message = format!("This feed has more than {MOST_EPISODES} episodes.");
            material(None, vec![Problem { kind, place: Place::file(path), message, help: None }])
        }
        Ok(document) => {
            let problems = not_rss(path, &document).into_iter().collect();
            material(Some(document), problems)
        }
        Err(fault) => material(None, vec![malformed(path, bytes, fault)]),
    }
}

/// Episodes of a feed that are judged; the largest shows have a tenth of them.
const MOST_EPISODES: usize = 100_000;

fn episodes(document: &Document) -> usize {
    document.root.children.iter().flat_map(|channel| &channel.children).filter(|e| e.name.is("", "item")).count()
}

fn malformed(path: &Path, bytes: &[u8], fault: Malformed) -> Problem {
    let page = is_page(bytes);
    let kind = match fault.kind {
        _ if page => ProblemKind::FeedNotRss,
        Fault::NotXml => ProblemKind::FeedNotRss,
        Fault::NotWellFormed => ProblemKind::FeedMalformed,
        Fault::Hostile => ProblemKind::FeedHostile,
    };
    let message = match kind {
        ProblemKind::FeedNotRss if page => "This is a web page, not a feed.".to_owned(),
        ProblemKind::FeedNotRss if bytes.iter().all(u8::is_ascii_whitespace) => "This feed is empty.".to_owned(),
        _ => super::material::sentence(&fault.message),
    };
    let place = match fault.spot.filter(|_| !page) {
        Some(spot) => {
            let excerpt = excerpt(bytes, spot);
            Place { line: Some(spot.line), column: Some(spot.column), excerpt, ..Place::file(path) }
        }
        None => Place::file(path),
    };
    Problem { kind, place, message, help: None }
}

/// What a browser takes for a page, whatever else is wrong with it.
fn is_page(bytes: &[u8]) -> bool {
    const HEAD: usize = 512;
    let head = String::from_utf8_lossy(bytes.get(..HEAD.min(bytes.len())).unwrap_or_default()).to_ascii_lowercase();
    let head = head.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// The line of a document that could not be read, if a person can read it.
fn excerpt(bytes: &[u8], spot: Spot) -> Option<Excerpt> {
    const LONGEST: usize = 1000;
    let line = bytes.split(|b| *b == b'\n').nth(spot.line.checked_sub(1)?)?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = if spot.line == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
    if line.len() > LONGEST || line.contains(&0) {
        return None;
    }
    let text = String::from_utf8_lossy(line).into_owned();
    let start = text.char_indices().nth(spot.column.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    let end = text.get(start..)?.chars().next().map_or(start, |c| start + c.len_utf8());
    Some(Excerpt { text, start, end })
}

/// Why a document is no RSS feed.
fn not_rss(path: &Path, document: &Document) -> Option<Problem> {
    let root = &document.root;
    let message = match (&*root.name.local, &*root.name.namespace) {
        ("rss", "") => {
            let channels = root.all("", "channel").count();
            match channels {
                1 => return None,
                0 => match root.children.iter().find(|e| &*e.name.local == "channel") {
                    Some(channel) => {
                        let namespace = &channel.name.namespace;
                        format!("`channel` stands in the namespace {namespace}, and RSS 2.0 has none.")
                    }
                    None => "This feed has no `channel`.".to_owned(),
                },
                n => format!("This feed has {n} channels, and readers take the first."),
            }
        }
        ("rss", namespace) => format!("`rss` stands in the namespace {namespace}, and RSS 2.0 has none."),
        ("feed", ATOM) => "This is an Atom feed; podcast directories take RSS alone.".to_owned(),
        ("RDF", _) => "This is RSS 1.0 (RDF); podcast directories take RSS 2.0 alone.".to_owned(),
        ("html", _) => "This is a web page, not a feed.".to_owned(),
        _ => format!("This is no RSS feed: its outermost element is `{}`.", root.name.qualified()),
    };
    let end = root.spot.offset + root.name.qualified().len() + 1;
    let help = message.contains("namespace").then(|| "Remove that `xmlns` from the feed.".to_owned());
    Some(Problem { kind: ProblemKind::FeedNotRss, place: document.place(path, root.spot, end), message, help })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_feed_says_what_it_is() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let material = read(Path::new("feed.xml"), text.as_bytes(), None).expect("no chapters");
            let [problem] = material.problems.as_slice() else { panic!("{:?}", material.problems) };
            let place = &problem.place;
            let meant = place.excerpt.as_ref().map_or("", |e| &e.text[e.start..e.end]);
            let said = format!("{:?} {:?}:{:?} [{meant}] {}", problem.kind, place.line, place.column, problem.message);
            assert_eq!(said, expected, "{text:?}");
        }
        check("", "FeedNotRss Some(1):Some(1) [] This feed is empty.");
        check(
            "<!DOCTYPE html><html><p>Not found<br></html>",
            "FeedNotRss None:None [] This is a web page, not a feed.",
        );
        check(
            "<feed xmlns='http://www.w3.org/2005/Atom'/>",
            "FeedNotRss Some(1):Some(1) [<feed] This is an Atom feed; podcast directories take RSS alone.",
        );
        check("<rss><item/></rss>", "FeedNotRss Some(1):Some(1) [<rss] This feed has no `channel`.");
        check(
            "<rss>\n <channel><title>a & b</title></channel></rss>",
            "FeedMalformed Some(2):Some(20) [&] `&` must be written `&amp;`.",
        );
        check(
            "<!DOCTYPE rss [<!ENTITY a 'b'>]>\n<rss/>",
            "FeedHostile Some(1):Some(1) [<] Its DOCTYPE defines entities.",
        );
        let many = format!("<rss><channel>{}</channel></rss>", "<item/>".repeat(MOST_EPISODES + 1));
        check(&many, "FeedHostile None:None [] This feed has more than 100000 episodes.");
        let chapters = format!("<c:chapters xmlns:c='{PSC}'/>");
        assert!(read(Path::new("c.xml"), chapters.as_bytes(), None).is_none());
    }
}
