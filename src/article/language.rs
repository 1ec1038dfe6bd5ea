//! The language of a text: its own, with the page's claim where the two agree.

use whatlang::{Lang, Script, detect};

/// Below this many letters a text does not outweigh what the page states.
const ENOUGH_LETTERS: usize = 120;

/// The most bytes that are looked at.
const SAMPLE: usize = 20_000;

/// BCP 47 of a text; `stated` is what the page says.
pub(super) fn of(prose: &str, stated: Option<&str>) -> Option<String> {
    let stated = stated.and_then(tidy);
    let mut end = prose.len().min(SAMPLE);
    while !prose.is_char_boundary(end) {
        end -= 1;
    }
    let prose = prose.get(..end).unwrap_or_default();
    let letters = prose.chars().filter(|c| c.is_alphabetic()).count();
    let heard = detect(prose).filter(|info| {
        let enough = letters >= ENOUGH_LETTERS || info.script() != Script::Latin && letters >= 20;
        enough && (info.is_reliable() || info.confidence() > 0.6)
    });
    let Some(heard) = heard.and_then(|info| code(info.lang(), prose)) else {
        return stated;
    };
    let Some(stated) = stated else { return Some(heard.to_owned()) };
    let primary = stated.split('-').next().unwrap_or_default();
    let same = primary == heard
        || matches!((primary, heard), ("no" | "nn" | "nb", "nb" | "nn" | "da") | ("da", "nb"))
        // Languages that are close, and one of which the detector does not know.
        || !KNOWN.contains(&primary) && script_fits(primary, prose)
        || matches!((primary, heard), ("sr" | "hr" | "bs", "hr" | "sr" | "sl") | ("sk", "cs") | ("cs", "sk") | ("gl", "pt" | "es") | ("id", "jv"));
    Some(if same { stated } else { heard.to_owned() })
}

/// Languages that the detector tells apart.
const KNOWN: &[&str] = &[
    "en", "ru", "zh", "es", "pt", "it", "bn", "fr", "de", "uk", "ka", "ar", "hi", "ja", "he", "pl", "ko", "nb", "da",
    "sv", "fi", "tr", "nl", "hu", "cs", "el", "bg", "ro", "th", "vi", "fa", "ca",
];

fn script_fits(primary: &str, prose: &str) -> bool {
    let latin =
        prose.chars().filter(|c| c.is_alphabetic()).take(200).filter(|c| c.is_ascii() || *c < '\u{250}').count() > 100;
    let other = matches!(
        primary,
        "ur" | "ps"
            | "ku"
            | "yi"
            | "mk"
            | "be"
            | "kk"
            | "mn"
            | "mr"
            | "ne"
            | "ta"
            | "te"
            | "hy"
            | "am"
            | "my"
            | "km"
            | "lo"
            | "si"
    );
    latin != other
}

/// The two-letter code of a detected language.
fn code(lang: Lang, prose: &str) -> Option<&'static str> {
    let sounds = |words: &[&str]| {
        let mut count = 0;
        for word in prose.split(|c: char| !c.is_alphabetic()) {
            if words.contains(&word.to_lowercase().as_str()) {
                count += 1;
            }
        }
        count
    };
    Some(match lang {
        Lang::Nob | Lang::Dan => {
            let danish = sounds(&["af", "hvad", "nogle", "ud", "op", "meget", "kun", "blev", "efter"]);
            let bokmaal = sounds(&["av", "hva", "noen", "ut", "opp", "ikke", "bare", "ble", "etter", "fra"]);
            let nynorsk = sounds(&["ikkje", "eg", "frå", "ein", "nokon", "vart", "berre", "dei", "kva", "noko"]);
            if nynorsk > danish.max(bokmaal) {
                "nn"
            } else if danish > bokmaal {
                "da"
            } else {
                "nb"
            }
        }
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Cmn => "zh",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Ben => "bn",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Kat => "ka",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Jpn => "ja",
        Lang::Heb => "he",
        Lang::Yid => "yi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Kor => "ko",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Ell => "el",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Kan => "kn",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Tam => "ta",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Guj => "gu",
        Lang::Uzb => "uz",
        Lang::Pan => "pa",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Tel => "te",
        Lang::Pes => "fa",
        Lang::Mal => "ml",
        Lang::Ori => "or",
        Lang::Mya => "my",
        Lang::Nep => "ne",
        Lang::Sin => "si",
        Lang::Khm => "km",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Lat => "la",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Hye => "hy",
        _ => return None,
    })
}

/// A stated tag in its usual spelling: `en_us` is `en-US`; `None` for what is no tag.
fn tidy(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let tag = tag.split(['.', ',', ';', ' ']).next().unwrap_or_default();
    let mut out = String::new();
    for (n, part) in tag.split('-').enumerate() {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        match (n, part.len()) {
            (0, 2..=3) => out.push_str(&part.to_lowercase()),
            (0, _) => return None,
            (_, 4) => {
                let (head, tail) = part.split_at(1);
                out.push_str(&format!("-{}{}", head.to_uppercase(), tail.to_lowercase()));
            }
            (_, 2) => out.push_str(&format!("-{}", part.to_uppercase())),
            _ => out.push_str(&format!("-{}", part.to_lowercase())),
        }
    }
    (out != "und" && out != "x").then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRENCH: &str = "Le vieux moulin au bord de la rivière avait cessé de tourner depuis longtemps, mais les habitants du village venaient encore y chercher leur pain chaque dimanche matin, comme leurs grands-parents.";

    #[test]
    fn the_text_outweighs_the_page() {
        let check = |prose: &str, stated: Option<&str>, expected: Option<&str>| {
            assert_eq!(of(prose, stated).as_deref(), expected, "{stated:?}");
        };
        check(FRENCH, Some("en-US"), Some("fr"));
        check(FRENCH, Some("fr_CA"), Some("fr-CA"));
        check(FRENCH, None, Some("fr"));
        check("Ein kurzer Satz.", Some("de-at"), Some("de-AT"));
        check("", None, None);
        check("", Some("-"), None);
    }
}
