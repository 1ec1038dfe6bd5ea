//! Text → the words that a narrator says: numbers, money, dates, abbreviations, initialisms, headings in capitals.
//!
//! What may be said in several ways has several readings; which one it was, the recording tells. English and French
//! have rules; in other languages words are words, and figures are left to the ear as unknown speech.

mod headings;
mod latin;
mod numbers;
mod sentences;
mod slots;
mod tables;
mod tokens;

pub use headings::heading;
pub use latin::{UNWRITTEN, is_silent_script};
pub use sentences::sentences;
pub use slots::slots;

/// Words in the order in which they are said, in lower case.
pub type Reading = Vec<String>;

/// Stands in a reading where a pause may be made.
pub const PAUSE: &str = "_";

/// A place of a sentence with every way of saying it, the likeliest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    /// At least one, none of them empty.
    pub readings: Vec<Reading>,
    /// Whether it may be left out.
    pub presence: Presence,
}

/// Whether a narrator says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Always.
    Said,
    /// Perhaps.
    Optional,
}

impl Slot {
    fn said(readings: Vec<Reading>) -> Self {
        Self { readings, presence: Presence::Said }
    }

    fn optional(reading: Reading) -> Self {
        Self { readings: vec![reading], presence: Presence::Optional }
    }
}

/// The rules by which text is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tongue {
    /// English, of any country.
    English,
    /// French, of any country.
    French,
    /// Any other language.
    Other,
}

impl Tongue {
    /// By the language's tag, BCP 47; `None` where nobody said which it is.
    pub fn of(language: Option<&str>) -> Self {
        let primary = language.unwrap_or_default().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" | "eng" => Self::English,
            "fr" | "fra" | "fre" => Self::French,
            _ => Self::Other,
        }
    }
}

/// How a text is said: by which rules, and what the publisher says about single words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Diction<'a> {
    /// The rules.
    pub tongue: Tongue,
    /// Words as written, and how they are said.
    pub pronounce: &'a [(String, String)],
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split_whitespace().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn shown(slots: &[Slot]) -> String {
        let slot = |s: &Slot| {
            let readings: Vec<String> = s.readings.iter().map(|r| r.join(" ")).collect();
            match s.presence {
                Presence::Said => readings.join("|"),
                Presence::Optional => format!("({})", readings.join("|")),
            }
        };
        slots.iter().map(slot).collect::<Vec<_>>().join(" / ")
    }

    fn check(tongue: Tongue, text: &str, expected: &str) {
        assert_eq!(shown(&slots(text, Diction { tongue, pronounce: &[] })), expected, "{text}");
    }

    fn en(text: &str, expected: &str) {
        check(Tongue::English, text, expected);
    }

    fn fr(text: &str, expected: &str) {
        check(Tongue::French, text, expected);
    }

    #[test]
    fn money_is_said_with_its_currency_behind() {
        en("US$200 million", "(you ess) / two hundred|two zero zero / million / (dollars)");
        en("$3", "three dollars");
        en(
            "$3.50",
            "three dollars fifty|three dollars and fifty cents|three point five zero dollars|three point fifty dollars",
        );
        en("€5 billion and", "five / billion / (euros) / and");
        fr("3 €", "trois / (euros)");
    }

    #[test]
    fn dates_times_and_counts() {
        en("May 3", "may / three|third|the third|the third of");
        en("3 May", "three|third|the third|the third of / may");
        en("the 3rd", "the / third");
        en("in the 1990s", "in / the / nineteen nineties");
        en("10:30", "ten / thirty");
        en("10:00", "ten / (o'clock)");
        en("50-60%", "fifty / (to) / sixty / percent");
        en("No. 5", "number / five");
        fr("10 h 30", "dix / heures / trente");
        fr("à 10h00", "à / dix / heures");
        fr("le 1er mai", "le / premier|première / mai");
        fr("1 234 euros", "mille deux cent trente quatre|douze trente quatre|un deux trois quatre / euros");
    }

    #[test]
    fn abbreviations_and_initialisms() {
        en("Dr. Smith vs. NATO", "doctor / smith / versus / en ay tea oh|nato");
        en("the UN's plan", "the / you en 's|un's / plan");
        en("U.S. and NGOs", "you ess / and / en jee oh 's|ngos");
        en("World War II", "world / war / two|the second|eye eye|ii");
        en("AT&T", "ay tea|at / and / tea|t");
        fr("L'ONU et la SNCF", "l' / o enne u|onu / et / la / esse enne cé effe|sncf");
        fr("M. Dupont", "monsieur / dupont");
    }

    #[test]
    fn headings_in_capitals_are_words() {
        en("FREEDOM ON A LEASH", "freedom / on / a / leash");
        en("THE NGOS OF BBC", "the / ngos / of / bee bee see|bbc");
    }

    #[test]
    fn other_languages_leave_figures_out_and_become_latin() {
        check(Tongue::Other, "Привет, 20 мир", "privet / mir");
        check(Tongue::Other, "Ekibiina 5%", "ekibiina");
    }

    #[test]
    fn what_the_publisher_says_is_said() {
        let pronounce = [("NKDB".to_owned(), "en kay dee bee".to_owned())];
        let said = slots("the NKDB's work, NKDBX", Diction { tongue: Tongue::English, pronounce: &pronounce });
        assert_eq!(shown(&said), "the / en kay dee bee / 's / work / en kay dee bee ex|nkdbx");
    }

    #[test]
    fn numbered_headings_may_be_said_in_every_way() {
        let head = |text: &str, tongue| shown(&heading(text, Diction { tongue, pronounce: &[] }));
        assert_eq!(
            head("3", Tongue::English),
            "chapter three|part three|section three|number three|three|the third|third"
        );
        assert_eq!(
            head("Chapter II", Tongue::English),
            "chapter two|two|chapter the second|chapter second|the second chapter|second chapter"
        );
        assert_eq!(head("I Can Wade Grief", Tongue::English), "i / can / wade / grief");
        assert!(
            head("1. Money", Tongue::English).ends_with("third _ money|money")
                || head("1. Money", Tongue::English).ends_with("first _ money|money")
        );
        assert_eq!(head("2018", Tongue::English).split('|').next(), Some("twenty eighteen"));
    }
}
