//! Which category a publisher meant, where Apple does not have the one that is written.

use crate::feed::categories::CATEGORIES;
use crate::model::show::Category;

/// A category that Apple does not have.
pub(super) struct Unknown {
    /// What is wrong, as a sentence.
    pub message: String,
    /// The category that was most likely meant, as `News` or `News > Politics`.
    pub instead: Option<String>,
    /// What there is to choose from, as a sentence.
    pub choice: String,
}

/// What is wrong with a category; `None` where Apple has it.
pub(super) fn fault(category: &Category) -> Option<Unknown> {
    let written = written(&category.main, category.sub.as_deref());
    let message = format!("Apple has no category “{written}”.");
    let Some((main, subs)) = CATEGORIES.iter().find(|(main, _)| *main == category.main) else {
        let names: Vec<&str> = CATEGORIES.iter().map(|(main, _)| *main).collect();
        let choice = format!("Apple has these: {}.", names.join(", "));
        return Some(Unknown { message, instead: nearest(category), choice });
    };
    let sub = category.sub.as_deref()?;
    if subs.contains(&sub) {
        return None;
    }
    let instead = match nearest(category) {
        Some(near) if near != *main => Some(near),
        _ if subs.is_empty() => Some((*main).to_owned()),
        _ => None,
    };
    Some(Unknown { message, instead, choice: format!("Under {main} it has {}.", subs.join(", ")) })
}

fn written(main: &str, sub: Option<&str>) -> String {
    match sub {
        Some(sub) => format!("{main} > {sub}"),
        None => main.to_owned(),
    }
}

/// The category that was most likely meant: the same words in other letters, or a subcategory without its category.
fn nearest(category: &Category) -> Option<String> {
    const LIKE: f64 = 0.88;
    let plain = |text: &str| {
        text.to_lowercase().replace("&amp;", "&").replace(" and ", " & ").replace('/', " > ").trim().to_owned()
    };
    if let Some(sub) = category.sub.as_deref().map(plain) {
        let known = |main: &str| plain(main) == plain(&category.main);
        let pairs = || CATEGORIES.iter().flat_map(|(main, subs)| subs.iter().map(move |s| (*main, *s)));
        let same = pairs().filter(|(_, s)| plain(s) == sub).max_by_key(|(main, _)| known(main));
        let longer = || pairs().find(|(main, s)| known(main) && plain(s).split(' ').any(|word| word == sub));
        let alike = || {
            let own = pairs().filter(|(main, _)| known(main));
            own.map(|(main, s)| (strsim::jaro_winkler(&plain(s), &sub), (main, s)))
                .filter(|(likeness, _)| *likeness >= LIKE)
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, pair)| pair)
        };
        let whole = CATEGORIES.iter().any(|(main, _)| known(main));
        return same.or_else(longer).or_else(alike).map(|(main, s)| written(main, Some(s))).or_else(|| match whole {
            true => None,
            false => nearest(&Category { main: category.main.clone(), sub: None }),
        });
    }
    let wanted = plain(&written(&category.main, category.sub.as_deref()));
    let all = CATEGORIES.iter().flat_map(|(main, subs)| {
        [(written(main, None), (*main).to_owned())].into_iter().chain(subs.iter().flat_map(|sub| {
            [(written(main, Some(sub)), written(main, Some(sub))), ((*sub).to_owned(), written(main, Some(sub)))]
        }))
    });
    all.map(|(spelling, name)| (strsim::jaro_winkler(&wanted, &plain(&spelling)), name))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
        .or_else(|| {
            let part = |main: &&str| plain(main).split(' ').any(|word| word == wanted);
            CATEGORIES.iter().map(|(main, _)| *main).find(part).map(str::to_owned)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_category_names_the_one_that_was_meant() {
        let check = |main: &str, sub: Option<&str>, expected: Option<&str>| {
            let category = Category { main: main.into(), sub: sub.map(str::to_owned) };
            let said = fault(&category).map(|unknown| unknown.instead.unwrap_or(unknown.choice));
            assert_eq!(said.as_deref(), expected, "{main} > {sub:?}");
        };
        check("News", Some("Politics"), None);
        check("History", None, None);
        check("news", Some("politics"), Some("News > Politics"));
        check("Politics", None, Some("News > Politics"));
        check("Society and Culture", None, Some("Society & Culture"));
        check("History", Some("Old Things"), Some("History"));
        check("Technology", Some("Tech News"), Some("News > Tech News"));
        check("Education", Some("Social Sciences"), Some("Science > Social Sciences"));
        check("News", Some("Commentary"), Some("News > News Commentary"));
        check("Society &amp; Culture", Some("Places &amp; Travel"), Some("Society & Culture > Places & Travel"));
        check("Games & Hobbies", Some("Video Games"), Some("Leisure > Video Games"));
        check("Culture", Some("Yiddish"), Some("Society & Culture"));
        check("News", Some("Politik"), Some("News > Politics"));
        check("Health", Some("Self-Help"), Some("Health & Fitness"));
        check("Music", Some("Jazz"), Some("Under Music it has Music Commentary, Music History, Music Interviews."));
    }
}
