//! A page as it was copied: no markup says what is a heading, so position, length, marks, neighbours and repetition do.

mod head;
mod headings;
mod lines;

use super::piece::{Inset, Piece};
use super::{body, dates, language, people, prose, signs};
use crate::model::article::{Article, Credit, Kind, Reason};

/// Reads the text of a page.
pub(super) fn read(text: &str) -> Article {
    let units = lines::units(text);
    let mut pieces: Vec<Piece> = units.iter().filter_map(lines::Unit::piece).collect();
    let mut article = Article::default();
    let begin = head::read(&mut pieces, &mut article);
    let begin = below_byline(&mut pieces, begin);
    if let Some(text) = pieces.get_mut(begin..) {
        furniture(text, &article);
        headings::find(text);
    }
    body::judge(&mut pieces, &mut article, body::Origin::Copied);
    late_date(&pieces, &mut article);
    article.blocks = pieces.into_iter().map(Into::into).collect();
    article.language = language::of(&prose(&article.blocks), None);
    article
}

/// The line below a byline that ends the head: a job, not a heading.
fn below_byline(pieces: &mut [Piece], begin: usize) -> usize {
    match pieces.get(begin) {
        Some(piece) if piece.left_out == Some(Reason::Biography) => begin + 1,
        _ => begin,
    }
}

/// Lines of the text that are none by their own words; teasers below "related"; lists.
fn furniture(pieces: &mut [Piece], article: &Article) {
    let mut below_related = false;
    // An appeal below the credits is prose, and not the article's.
    let last_prose = pieces.iter().rposition(|p| signs::is_prose(&p.text) && !signs::is_appeal(&p.text)).unwrap_or(0);
    between_appeals(pieces);
    for (at, piece) in pieces.iter_mut().enumerate() {
        if signs::is_prose(&piece.text) && !signs::is_picture_line(&piece.text) {
            below_related = false;
            continue;
        }
        if names_the_same(&piece.text, article) {
            piece.leave_out(Reason::Credit);
            continue;
        }
        match signs::furniture(&piece.text) {
            Some(reason) if piece.inset == Inset::None || reason != Reason::Footnote => {
                below_related = reason == Reason::Related && !piece.text.contains(": ");
                piece.leave_out(reason);
            }
            _ if below_related && !signs::ends_sentence(&piece.text) => piece.leave_out(Reason::Related),
            _ if people::line(&piece.text).is_some() && at < last_prose => piece.leave_out(Reason::Caption),
            _ => {}
        }
    }
}

/// The lines of a box between its title and its button: "Newsletter", what it is called, "Sign up".
fn between_appeals(pieces: &mut [Piece]) {
    let asks: Vec<bool> = pieces.iter().map(|p| signs::furniture(&p.text) == Some(Reason::Appeal)).collect();
    for at in 0..pieces.len() {
        if !asks.get(at).copied().unwrap_or_default() {
            continue;
        }
        let next = (at + 1..pieces.len().min(at + 5)).find(|n| asks.get(*n).copied().unwrap_or_default());
        let Some(between) = next.and_then(|n| pieces.get_mut(at + 1..n)) else { continue };
        if between.iter().all(|p| signs::length(&p.text) < 160) {
            between.iter_mut().for_each(|p| p.leave_out(Reason::Appeal));
        }
    }
}

/// A line of credits for people whom the head has named already.
fn names_the_same(text: &str, article: &Article) -> bool {
    people::line(text).is_some_and(|people| {
        let known = |c: &Credit| article.credits.iter().any(|k| k.role == c.role && body::same(&k.name, &c.name));
        people.authors.is_empty() && people.credits.iter().all(known)
    })
}

/// A date line at the end, where the head has none.
fn late_date(pieces: &[Piece], article: &mut Article) {
    if article.date.is_some() {
        return;
    }
    let last = pieces.iter().rposition(Piece::is_paragraph).unwrap_or(0);
    let dated = pieces.iter().skip(last).filter(|p| p.kind != Kind::Title);
    article.date =
        dated.filter(|p| signs::length(&p.text) < 160 && p.left_out != Some(Reason::Boilerplate)).find_map(|p| {
            dates::whole_line(&p.text)
                .or_else(|| people::line(&p.text).and_then(|_| dates::find(&p.text)).map(|f| f.date))
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_between_the_text_and_an_appeal_are_credits() {
        let page = "\
The Lamp That Learned to Count

By Tomas Reyes

From the deck of a ship at night, every lamp on the shore looks the same: a white point, low down, a long way off.

A captain who took one light for another could steer with great care onto the rocks. So the lamps had to count.

Edited by Ines Okafor

We have no advertisements. If you enjoyed this article, please consider a small donation to our readers' fund.
";
        let credits: Vec<(String, String)> = read(page).credits.into_iter().map(|c| (c.name, c.role)).collect();
        assert_eq!(credits, [("Ines Okafor".to_owned(), "editor".to_owned())]);
    }
}
