//! What a page says around an episode, in the language of the episode where its words are known here, else in English,
//! and the page then says that these words are.

mod eastern;
mod northern;
mod western;

use jiff::civil;

/// The words of one language.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Words {
    /// BCP 47, as far as it decides on words.
    pub(super) code: &'static str,
    pub(super) by: &'static str,
    pub(super) read_by: &'static str,
    pub(super) synthetic: &'static str,
    pub(super) player: &'static str,
    pub(super) chapters: &'static str,
    pub(super) play: &'static str,
    pub(super) pause: &'static str,
    pub(super) back: &'static str,
    pub(super) forward: &'static str,
    pub(super) speed: &'static str,
    pub(super) position: &'static str,
    pub(super) text: &'static str,
    pub(super) article: &'static str,
    pub(super) episodes: &'static str,
    pub(super) subscribe: &'static str,
    pub(super) captions: &'static str,
    pub(super) minutes: &'static str,
    pub(super) moment: &'static str,
    pub(super) apps: &'static str,
    pub(super) feed: &'static str,
    /// A day, with `{d}` for the day of the month, `{m}` for the month's name, `{n}` for its number, `{y}` for the year.
    date: &'static str,
    /// Names of the months as they stand in a date; none where they are numbers.
    months: &'static [&'static str],
}

impl Words {
    /// A day as it is written.
    pub(super) fn day(&self, date: civil::Date) -> String {
        let month = usize::try_from(date.month()).unwrap_or_default();
        let name = self.months.get(month.saturating_sub(1)).copied().unwrap_or_default();
        self.date
            .replace("{d}", &date.day().to_string())
            .replace("{m}", name)
            .replace("{n}", &date.month().to_string())
            .replace("{y}", &date.year().to_string())
    }
}

/// The words on a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    words: &'static Words,
    /// Their language, where it is not that of the page.
    pub(super) lang: Option<&'static str>,
    /// Their direction, where they run the other way.
    pub(super) dir: Option<&'static str>,
}

impl std::ops::Deref for Said {
    type Target = Words;

    fn deref(&self) -> &Words {
        self.words
    }
}

/// What is said on a page in a language.
pub(super) fn of(language: &str) -> Said {
    let words = words(language);
    let own = direction(words.code);
    Said {
        words,
        lang: (primary(language) != primary(words.code)).then_some(words.code),
        dir: (own != direction(language)).then_some(own),
    }
}

/// The words of a language tag: its own, or English.
fn words(language: &str) -> &'static Words {
    let parts: Vec<String> = language.split(['-', '_']).map(str::to_ascii_lowercase).collect();
    let has = |part: &str| parts.iter().skip(1).any(|p| p == part);
    // Chinese is written in two ways, and where nothing is said the region tells which.
    let traditional = has("hant") || !has("hans") && ["tw", "hk", "mo"].iter().any(|region| has(region));
    let code = match primary(language).as_str() {
        "no" => "nb".to_owned(),
        "iw" => "he".to_owned(),
        "in" => "id".to_owned(),
        "zh" if traditional => "zh-Hant".to_owned(),
        other => other.to_owned(),
    };
    let mut tables = [western::TABLE, northern::TABLE, eastern::TABLE].into_iter().flatten();
    let english = western::TABLE.iter().find(|w| w.code == "en");
    match tables.find(|w| w.code == code).or(english) {
        Some(words) => words,
        None => unreachable!("the table has English"),
    }
}

fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// The direction in which a language is written.
pub(super) fn direction(language: &str) -> &'static str {
    match primary(language).as_str() {
        "ar" | "dv" | "fa" | "he" | "iw" | "ku" | "ps" | "sd" | "ug" | "ur" | "yi" => "rtl",
        _ => "ltr",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_speaks_the_language_of_its_article() {
        let check = |language: &str, code: &str| assert_eq!(of(language).code, code, "{language}");
        check("pt-BR", "pt");
        check("no", "nb");
        check("zh-CN", "zh");
        check("zh-TW", "zh-Hant");
        check("zh-Hans-HK", "zh");
        check("iw", "he");
        check("EN_ca", "en");
        check("sw", "en");
        check("", "en");
        assert_eq!(of("sw").lang, Some("en"));
        assert_eq!(of("no").lang, Some("nb"));
        assert_eq!(of("fr-CA").lang, None);
        assert_eq!(of("fa").dir, Some("ltr"));
        assert_eq!(of("ar").dir, None);
    }

    #[test]
    fn a_day_is_written_as_people_write_it() {
        let check = |language: &str, text: &str| assert_eq!(of(language).day(civil::date(2025, 3, 4)), text);
        check("en", "4 March 2025");
        check("de", "4. März 2025");
        check("es", "4 de marzo de 2025");
        check("fi", "4. maaliskuuta 2025");
        check("pl", "4 marca 2025");
        check("ar", "4 مارس 2025");
        check("he", "4 במרץ 2025");
        check("ja", "2025年3月4日");
    }

    #[test]
    fn every_language_has_every_word_and_every_month() {
        for words in [western::TABLE, northern::TABLE, eastern::TABLE].into_iter().flatten() {
            assert!(words.months.len() == 12 || words.date.contains("{n}"), "{}", words.code);
            for month in 1..=12 {
                let day = words.day(civil::date(2025, month, 15));
                assert!(day.contains("15") && day.contains("2025") && !day.contains(['{', '}']), "{day}");
            }
            // Its own word for each: what is missing would be empty.
            assert!(!format!("{words:?}").contains("\"\""), "{}", words.code);
        }
    }
}
