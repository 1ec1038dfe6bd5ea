//! What happens to the pieces of a page once its head is known, the same for all readers: repetitions, asides, the end.

use super::piece::{Inset, Piece, essence};
use super::{people, signs, words};
use crate::model::article::{Article, Credit, Kind, Reason};

/// Behind a line that closes an article at most this share of its prose still follows, in percent.
const REST: usize = 30;

/// Pull quotes are looked for among at most so many candidates.
const MOST_CANDIDATES: usize = 400;

/// A pull quote has at least so many letters.
const SHORTEST_QUOTE: usize = 24;

/// Where the pieces come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// Markup has said which parts of the page are its text.
    Markup,
    /// Lines of a whole page, as they were copied.
    Copied,
}

/// Judges everything behind the head; people who are named at the end join the article.
pub(super) fn judge(pieces: &mut [Piece], article: &mut Article, origin: Origin) {
    repetitions(pieces, article);
    pull_quotes(pieces);
    appeals(pieces);
    link_lists(pieces);
    colophons(pieces);
    end(pieces, article, origin);
    signatures(pieces, article);
    biographies(pieces, article);
    stranded(pieces);
    for piece in pieces.iter_mut().filter(|p| p.kind == Kind::Heading) {
        let bare = piece.text.trim_start_matches(BULLETS).trim_start();
        if bare.len() < piece.text.len() && !bare.is_empty() {
            piece.text = bare.to_owned();
        }
    }
}

/// Signs that some newspapers set before every heading.
const BULLETS: [char; 12] = ['■', '◆', '●', '▼', '◇', '□', '○', '▲', '★', '▶', '►', '◎'];

/// Adds authors and credits that are not there yet.
pub(super) fn join(article: &mut Article, people: people::People) {
    for author in people.authors {
        if !article.authors.iter().any(|a| same(a, &author)) {
            article.authors.push(author);
        }
    }
    for credit in people.credits {
        add_credit(article, credit);
    }
}

/// Adds a credit that is not there yet.
pub(super) fn add_credit(article: &mut Article, credit: Credit) {
    if !article.credits.iter().any(|c| c.role == credit.role && same(&c.name, &credit.name)) {
        article.credits.push(credit);
    }
}

/// Whether two names are one.
pub(super) fn same(a: &str, b: &str) -> bool {
    essence(a).replace(' ', "") == essence(b).replace(' ', "")
}

/// The headline or standfirst once more.
fn repetitions(pieces: &mut [Piece], article: &Article) {
    let title = article.title.as_deref().map(essence).filter(|t| t.len() > 3);
    let dek = article.dek.as_deref().map(essence).filter(|t| t.len() > 20);
    for piece in pieces.iter_mut().filter(|p| p.is_open() && !matches!(p.kind, Kind::Title | Kind::Dek)) {
        let text = essence(&piece.text);
        if Some(&text) == title.as_ref() && !signs::is_prose(&piece.text) || Some(&text) == dek.as_ref() {
            piece.leave_out(Reason::Repeated);
        }
    }
}

/// Sentences of the body that stand a second time on their own.
fn pull_quotes(pieces: &mut [Piece]) {
    let texts: Vec<String> =
        pieces.iter().map(|p| if p.is_paragraph() { essence(&p.text) } else { String::new() }).collect();
    let whole = texts.join("\n");
    let mut left = MOST_CANDIDATES;
    for (at, piece) in pieces.iter_mut().enumerate() {
        // Some sites keep them where their teasers are.
        let is_aside = matches!(piece.left_out, Some(Reason::Related | Reason::Embed));
        if !(piece.is_open() || is_aside && piece.linked < 50)
            || matches!(piece.kind, Kind::Title | Kind::Dek)
            || piece.level.is_some()
            || signs::length(&piece.text) > 400
            || left == 0
        {
            continue;
        }
        // A quote may end in the name of who said it.
        let quote = piece.text.split(['—', '―']).next().unwrap_or_default();
        let text = if essence(quote).len() >= SHORTEST_QUOTE { essence(quote) } else { essence(&piece.text) };
        let short = signs::length(&text) < SHORTEST_QUOTE
            || signs::word_count(&text) < 4 && !text.chars().any(words::is_unspaced);
        if short || piece.inset == Inset::Item {
            continue;
        }
        left -= 1;
        let own = texts.get(at).map(String::as_str).unwrap_or_default();
        let longer = texts.iter().any(|t| t.len() > own.len().max(text.len()) && t.contains(&text));
        let twin = piece.inset == Inset::Quote && whole.split('\n').filter(|t| *t == own).count() > 1;
        if longer || twin {
            piece.left_out = Some(Reason::PullQuote);
        }
    }
    // Who said it goes with the quote.
    for at in 1..pieces.len() {
        let goes_with = pieces.get(at - 1).is_some_and(|p| p.left_out == Some(Reason::PullQuote));
        if let Some(piece) = pieces.get_mut(at)
            && goes_with
            && (piece.is_paragraph() && (piece.inset == Inset::Quote || piece.text.starts_with(['—', '–', '―']))
                || matches!(piece.left_out, Some(Reason::Related | Reason::Embed)))
            && signs::length(&piece.text) <= 80
            && !signs::ends_sentence(&piece.text)
        {
            piece.left_out = Some(Reason::PullQuote);
        }
    }
}

fn appeals(pieces: &mut [Piece]) {
    let nearly_last =
        pieces.iter().enumerate().rev().filter(|(_, p)| p.is_paragraph()).map(|(at, _)| at).nth(2).unwrap_or(0);
    for (at, piece) in pieces.iter_mut().enumerate().filter(|(_, p)| p.is_paragraph()) {
        // A whole paragraph that is one link, or stressed throughout, asks more often than it tells.
        let marked = piece.linked > 80 || piece.stressed;
        let networks = at >= nearly_last
            && piece.linked > 15
            && signs::length(&piece.text) < 260
            && signs::names_networks(&piece.text);
        let short = signs::length(&piece.text) < 120 && piece.inset == Inset::None;
        if networks || signs::is_appeal(&piece.text) && (marked || short) {
            piece.leave_out(Reason::Appeal);
        }
    }
    // A box under a heading that asks: its short lines ask, too.
    let mut asks = false;
    for piece in pieces.iter_mut().filter(|p| p.is_open() && !matches!(p.kind, Kind::Title | Kind::Dek)) {
        if piece.kind == Kind::Heading || piece.level.is_some() {
            asks = signs::is_appeal(&piece.text) && piece.level.is_some();
        } else if signs::is_prose(&piece.text) {
            asks = false;
        }
        if asks {
            piece.leave_out(Reason::Appeal);
        }
    }
}

/// Lists of links between the paragraphs lead to other articles, unless a line or heading announces them.
fn link_lists(pieces: &mut [Piece]) {
    let is_link = |p: &Piece| p.is_paragraph() && p.inset == Inset::Item && p.linked >= 95;
    let mut at = 0;
    while at < pieces.len() {
        let end = (at..pieces.len()).find(|n| !pieces.get(*n).is_some_and(is_link)).unwrap_or(pieces.len());
        if end == at {
            at += 1;
            continue;
        }
        let above = pieces.get(..at).and_then(|p| p.iter().rfind(|p| p.is_open()));
        let announced =
            above.is_none_or(|p| p.kind != Kind::Paragraph || p.inset == Inset::Item || p.text.ends_with([':', '：']));
        let told = pieces
            .get(at..end)
            .is_some_and(|p| p.iter().any(|p| signs::ends_sentence(&p.text) || signs::is_prose(&p.text)));
        if !announced && !told {
            pieces.get_mut(at..end).into_iter().flatten().for_each(|p| p.leave_out(Reason::Related));
        }
        at = end;
    }
}

/// Lines about the page, before the text and behind it.
fn colophons(pieces: &mut [Piece]) {
    let is_text = |p: &Piece| p.is_paragraph() && !signs::is_colophon(&p.text);
    let first = pieces.iter().position(is_text).unwrap_or(0);
    let last = pieces.iter().rposition(is_text).unwrap_or(0);
    for (at, piece) in pieces.iter_mut().enumerate().filter(|(_, p)| p.is_paragraph()) {
        if (at < first || at > last || piece.stressed) && signs::is_colophon(&piece.text) {
            piece.leave_out(Reason::Boilerplate);
        }
    }
}

fn prose_of(piece: &Piece) -> usize {
    if piece.is_paragraph() && (signs::is_prose(&piece.text) || piece.inset != Inset::None) {
        signs::length(&piece.text)
    } else {
        0
    }
}

/// What a piece closes, if it can close the article.
fn closes(piece: &Piece, is_behind_prose: bool) -> Option<Reason> {
    if matches!(piece.kind, Kind::Title | Kind::Dek) || !is_behind_prose {
        return None;
    }
    let own = matches!(
        piece.left_out,
        None | Some(
            Reason::Comment
                | Reason::Related
                | Reason::Footnote
                | Reason::Appeal
                | Reason::Label
                | Reason::Meta
                | Reason::Credit
                | Reason::Byline
                | Reason::Boilerplate
                | Reason::Navigation
        )
    );
    if !own || signs::length(&piece.text) > 400 {
        return None;
    }
    if !signs::is_prose(&piece.text)
        && let Some(reason) = signs::closing_heading(&piece.text)
    {
        return Some(reason);
    }
    if piece.level.is_none() && signs::is_appeal(&piece.text) {
        return Some(Reason::Appeal);
    }
    if piece.left_out == Some(Reason::Boilerplate) {
        return Some(Reason::Boilerplate);
    }
    match people::line(&piece.text) {
        Some(people) if people.authors.is_empty() => Some(Reason::Credit),
        Some(_) => Some(Reason::Byline),
        None => None,
    }
}

/// Finds where the article ends, and says of everything behind what it is.
fn end(pieces: &mut [Piece], article: &mut Article, origin: Origin) {
    let total: usize = pieces.iter().map(prose_of).sum();
    let mut before = 0;
    let mut closed: Option<(Reason, Option<u8>)> = None;
    let mut for_good = false;
    for at in 0..pieces.len() {
        let reopens = closed == Some((Reason::Appeal, None)) && goes_on(pieces, at, article, origin);
        let Some(piece) = pieces.get_mut(at) else { break };
        let own = prose_of(piece);
        let rest = total.saturating_sub(before + own);
        let is_little = rest * 100 <= total * REST;
        // A button alone, among paragraphs, is no end.
        let is_button = origin == Origin::Markup && piece.linked > 80 && piece.left_out == Some(Reason::Appeal);
        let reason = closes(piece, before > 0).filter(|_| !is_button).filter(|reason| {
            let is_certain = matches!(reason, Reason::Comment | Reason::Footnote | Reason::Related | Reason::Biography)
                && piece.level.is_some();
            is_little || for_good || is_certain || matches!(reason, Reason::Comment) && before * 3 > total
        });
        before += own;
        match (reason, piece.level) {
            (Some(reason), level) => {
                if let Some(people) = people::line(&piece.text) {
                    join(article, people);
                }
                piece.leave_out(reason);
                for_good |= is_little && !matches!(reason, Reason::Credit | Reason::Byline) && piece.level.is_none();
                closed = match (closed, level) {
                    // A credit at the end says nothing of the text behind it, where there is much.
                    (None, None) if matches!(reason, Reason::Credit | Reason::Byline) && !is_last_word(rest, total) => {
                        None
                    }
                    _ => Some((reason, level)),
                };
            }
            // The next heading of the same rank goes on with the article.
            (None, Some(level)) if closed.is_some_and(|(_, l)| l.is_some_and(|l| level <= l)) && !for_good => {
                closed = None;
            }
            (None, None) if reopens => {
                closed = None;
                for_good = false;
            }
            (None, _) => {
                if let Some((reason, _)) = closed
                    && piece.is_open()
                    && !matches!(piece.kind, Kind::Title | Kind::Dek)
                {
                    piece.leave_out(behind(reason, &piece.text));
                }
            }
        }
    }
}

/// An appeal stands between paragraphs as often as behind the last: running text goes on with the article.
fn goes_on(pieces: &[Piece], at: usize, article: &Article, origin: Origin) -> bool {
    let runs = |p: &Piece| {
        p.is_paragraph()
            && signs::is_prose(&p.text)
            && !p.stressed
            && p.linked < 50
            && !signs::is_appeal(&p.text)
            && !is_biography(&p.text, &article.authors)
    };
    let wanted = if origin == Origin::Markup { 1 } else { 2 };
    pieces.iter().skip(at).take_while(|p| runs(p)).take(wanted).count() == wanted
}

fn is_last_word(rest: usize, total: usize) -> bool {
    rest * 100 <= total * 15
}

/// What stands behind a line that closed the article.
fn behind(reason: Reason, text: &str) -> Reason {
    match reason {
        Reason::Footnote | Reason::Related | Reason::Comment | Reason::Biography | Reason::Appeal => {
            if reason != Reason::Comment && signs::is_appeal(text) { Reason::Appeal } else { reason }
        }
        _ if signs::is_appeal(text) => Reason::Appeal,
        _ => Reason::AfterEnd,
    }
}

/// "Anna Berg", "(Anna Berg, Oslo)": who wrote it, below the text.
fn signatures(pieces: &mut [Piece], article: &Article) {
    let joined = |text: &str| essence(text).replace(' ', "");
    for piece in pieces.iter_mut().filter(|p| p.is_open() && p.level.is_none() && p.inset == Inset::None) {
        if matches!(piece.kind, Kind::Title | Kind::Dek)
            || signs::length(&piece.text) > 90
            || signs::ends_sentence(&piece.text.replace(['(', ')'], ""))
        {
            continue;
        }
        let text = joined(&piece.text);
        let signed = article
            .authors
            .iter()
            .map(|a| joined(a))
            .filter(|a| a.len() > 3)
            .any(|author| text == author || text.starts_with(&author) && piece.text.contains(['(', ',']));
        if signed {
            piece.leave_out(Reason::Byline);
        }
    }
}

/// "Anna Berg is a reporter in Oslo.", among the last paragraphs.
fn biographies(pieces: &mut [Piece], article: &Article) {
    let open: Vec<usize> = pieces.iter().enumerate().filter(|(_, p)| p.is_paragraph()).map(|(at, _)| at).collect();
    let from = open.len().saturating_sub(article.authors.len() + 2).max(1);
    for at in open.get(from..).unwrap_or_default() {
        if let Some(piece) = pieces.get_mut(*at)
            && is_biography(&piece.text, &article.authors)
        {
            piece.leave_out(Reason::Biography);
        }
    }
}

/// Begins with an author's name and says what that person is.
pub(super) fn is_biography(text: &str, authors: &[String]) -> bool {
    let folded = words::fold(text);
    authors.iter().any(|author| {
        let author = words::fold(author);
        let Some(rest) = folded.strip_prefix(author.as_str()) else { return false };
        let rest = rest.trim_start();
        if rest.starts_with([',', '—', '–', '-', '(', 'は', ':']) {
            return !author.is_empty();
        }
        let copula = words::of("copula");
        !author.is_empty() && rest.split(|c: char| !c.is_alphanumeric()).next().is_some_and(|w| copula.has(w))
    })
}

/// A heading behind which nothing is read any more, at the very end, is none; nor are links below it.
fn stranded(pieces: &mut [Piece]) {
    let is_told = |p: &Piece| p.is_paragraph() && p.level.is_none() && p.linked < 80;
    let told = pieces.iter().rposition(is_told).unwrap_or(0);
    let mut links = false;
    for piece in pieces.iter_mut().skip(told + 1).rev().filter(|p| p.is_open()) {
        if piece.kind == Kind::Heading {
            if links {
                piece.leave_out(Reason::Related);
            }
            links = false;
        } else if piece.kind == Kind::Paragraph {
            links = true;
        }
    }
    let first = pieces.iter().skip(told + 1).position(|p| p.kind == Kind::Heading);
    if let Some(first) = first {
        let below = pieces.iter_mut().skip(told + 1 + first).filter(|p| p.is_paragraph());
        below.for_each(|p| p.leave_out(Reason::Related));
    }
    let last_prose = pieces.iter().rposition(Piece::is_paragraph);
    let Some(last) = last_prose else { return };
    for piece in
        pieces.iter_mut().skip(last + 1).filter(|p| p.is_open() && p.kind == Kind::Heading && p.level.is_none())
    {
        piece.leave_out(Reason::AfterEnd);
    }
}
