//! A key that nobody knows: what was probably meant, and where it belongs.

use super::keys::{EPISODE, Key, SHOW, Shape};
use super::scalar::Wrong;

/// The sentence about an unknown key of a table; `root` is the table of the whole file.
pub fn key(name: &str, keys: &'static [Key], root: &'static [Key]) -> Wrong {
    let message = format!("`{}` is no key that can stand here.", shown(name));
    Wrong { message, help: Some(help(name, keys, root)) }
}

fn help(name: &str, keys: &'static [Key], root: &'static [Key]) -> String {
    if let Some(near) = nearest(name, keys.iter().map(|k| k.name)) {
        return format!("Did you mean `{near}`?");
    }
    if !std::ptr::eq(keys, root) && root.iter().any(|k| k.name == name) {
        return format!("`{name}` belongs at the top of the file, above the first line in [brackets].");
    }
    for key in root {
        if let Shape::Table(inner) = key.shape
            && inner.iter().any(|k| k.name == name)
        {
            return format!("`{name}` belongs under [{}].", key.name);
        }
    }
    let (other, file) = if std::ptr::eq(root, SHOW) { (EPISODE, "episode.toml") } else { (SHOW, "show.toml") };
    if other.iter().any(|k| k.name == name) {
        return format!("`{name}` is a key of {file}.");
    }
    if let Some(near) = nearest(name, root.iter().map(|k| k.name)) {
        return format!("Did you mean `{near}`, at the top of the file?");
    }
    let names: Vec<&str> = keys.iter().map(|k| k.name).collect();
    format!("These can stand here: {}.", names.join(", "))
}

/// The word that a person most likely meant, if any is near.
pub fn nearest(written: &str, words: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let plain = |word: &str| word.to_lowercase().replace(['-', '_', ' ', '.'], "");
    let bare = plain(written);
    // One slip in three letters; beyond that the guess would be noise.
    let most = (bare.chars().count() / 3).max(1);
    words
        .map(|word| (strsim::damerau_levenshtein(&bare, &plain(word)), word))
        .filter(|(distance, word)| *distance <= most && *distance < word.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// A name as it can be shown in a sentence.
fn shown(name: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = name.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if shown.chars().count() == LONGEST {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_noise_is_not() {
        let check = |written: &str, meant: Option<&str>| {
            assert_eq!(nearest(written, SHOW.iter().map(|k| k.name)), meant, "{written:?}");
        };
        check("titel", Some("title"));
        check("base-url", Some("base_url"));
        check("baseURL", Some("base_url"));
        check("Category", Some("category"));
        check("categories", Some("category"));
        check("lisence", Some("license"));
        check("licence", Some("license"));
        check("owner_mail", Some("owner_email"));
        check("xyzzy", None);
        check("", None);
    }
}
