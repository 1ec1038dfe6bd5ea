//! What is written short and said long, in English and French.

use super::Tongue;

/// `Mr.` and its like: how they are written, and how they are said.
const ENGLISH_SHORT: &[(&str, &str)] = &[
    ("mr", "mister"),
    ("mrs", "missus"),
    ("ms", "miz"),
    ("dr", "doctor"),
    ("prof", "professor"),
    ("st", "saint"),
    ("vs", "versus"),
    ("etc", "et cetera"),
    ("jr", "junior"),
    ("sr", "senior"),
    ("inc", "incorporated"),
    ("co", "company"),
    ("corp", "corporation"),
    ("ltd", "limited"),
    ("dept", "department"),
    ("gov", "governor"),
    ("sen", "senator"),
    ("rep", "representative"),
    ("gen", "general"),
    ("jan", "january"),
    ("feb", "february"),
    ("aug", "august"),
    ("sept", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
    ("approx", "approximately"),
    ("km", "kilometres"),
    ("kg", "kilograms"),
    ("cm", "centimetres"),
    ("mm", "millimetres"),
    ("mph", "miles per hour"),
    ("ft", "feet"),
    ("lb", "pounds"),
    ("hrs", "hours"),
    ("min", "minutes"),
    ("lt", "lieutenant"),
    ("col", "colonel"),
    ("capt", "captain"),
    ("sgt", "sergeant"),
    ("rev", "reverend"),
    ("hon", "honorable"),
    ("mt", "mount"),
    ("ave", "avenue"),
    ("vol", "volume"),
    ("fig", "figure"),
    ("est", "established"),
    ("kmh", "kilometres per hour"),
    ("lbs", "pounds"),
];
const FRENCH_SHORT: &[(&str, &str)] = &[
    ("m", "monsieur"),
    ("mm", "messieurs"),
    ("mme", "madame"),
    ("mmes", "mesdames"),
    ("mlle", "mademoiselle"),
    ("dr", "docteur"),
    ("pr", "professeur"),
    ("st", "saint"),
    ("ste", "sainte"),
    ("etc", "et cetera"),
    ("km", "kilomètres"),
    ("kg", "kilogrammes"),
    ("cm", "centimètres"),
    ("env", "environ"),
    ("janv", "janvier"),
    ("févr", "février"),
    ("sept", "septembre"),
    ("oct", "octobre"),
    ("nov", "novembre"),
    ("déc", "décembre"),
    ("av", "avenue"),
    ("bd", "boulevard"),
];
/// Words of their own, unless a point stands behind them.
const NEEDS_POINT: &[&str] = &[
    "m", "st", "co", "min", "rep", "gen", "sen", "oct", "dec", "nov", "gov", "mm", "pr", "inc", "col", "rev", "hon",
    "mt", "ave", "vol", "fig", "est", "av", "lt", "ft", "sept",
];

/// How an abbreviation is said, if it is one.
pub(super) fn long(word: &str, pointed: bool, tongue: Tongue) -> Option<&'static str> {
    let table = match tongue {
        Tongue::English => ENGLISH_SHORT,
        Tongue::French => FRENCH_SHORT,
        Tongue::Other => return None,
    };
    if !pointed && NEEDS_POINT.contains(&word) {
        return None;
    }
    table.iter().find(|(short, _)| *short == word).map(|(_, long)| *long)
}

/// How a sign is said.
pub(super) fn sign(sign: char, tongue: Tongue) -> Option<&'static str> {
    let (english, french) = match sign {
        '&' => ("and", "et"),
        '%' => ("percent", "pour cent"),
        '+' => ("plus", "plus"),
        '=' => ("equals", "égale"),
        '@' => ("at", "arobase"),
        '°' => ("degrees", "degrés"),
        '#' => ("number", "dièse"),
        '§' => ("section", "paragraphe"),
        '½' => ("a half", "un demi"),
        '¼' => ("a quarter", "un quart"),
        '¾' => ("three quarters", "trois quarts"),
        _ => return None,
    };
    in_tongue(english, french, tongue)
}

/// How a currency is said.
pub(super) fn currency(sign: char, tongue: Tongue) -> Option<&'static str> {
    let (english, french) = match sign {
        '$' => ("dollars", "dollars"),
        '€' => ("euros", "euros"),
        '£' => ("pounds", "livres"),
        '¥' => ("yen", "yens"),
        '₹' => ("rupees", "roupies"),
        _ => return None,
    };
    in_tongue(english, french, tongue)
}

fn in_tongue(english: &'static str, french: &'static str, tongue: Tongue) -> Option<&'static str> {
    match tongue {
        Tongue::English => Some(english),
        Tongue::French => Some(french),
        Tongue::Other => None,
    }
}

/// Words behind an amount of money that come before its currency.
pub(super) fn is_scale(word: &str, tongue: Tongue) -> bool {
    match tongue {
        Tongue::French => matches!(word, "mille" | "million" | "millions" | "milliard" | "milliards"),
        _ => matches!(word, "hundred" | "thousand" | "million" | "billion" | "trillion"),
    }
}

/// Months, beside which a number is a day.
pub(super) fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    MONTHS.contains(&word)
}

/// The name of a letter, in words that the lexicon knows.
pub(super) fn letter(letter: char, tongue: Tongue) -> Option<&'static str> {
    const ENGLISH: [&str; 26] = [
        "ay",
        "bee",
        "see",
        "dee",
        "ee",
        "ef",
        "jee",
        "aitch",
        "eye",
        "jay",
        "kay",
        "el",
        "em",
        "en",
        "oh",
        "pea",
        "cue",
        "are",
        "ess",
        "tea",
        "you",
        "vee",
        "doubleyou",
        "ex",
        "why",
        "zee",
    ];
    const FRENCH: [&str; 26] = [
        "a",
        "bé",
        "cé",
        "dé",
        "e",
        "effe",
        "gé",
        "hache",
        "i",
        "ji",
        "ka",
        "elle",
        "emme",
        "enne",
        "o",
        "pé",
        "ku",
        "erre",
        "esse",
        "té",
        "u",
        "vé",
        "doublevé",
        "ixe",
        "igrec",
        "zède",
    ];
    let at = usize::try_from(u32::from(letter.to_ascii_lowercase()).checked_sub(u32::from('a'))?).ok()?;
    match tongue {
        Tongue::English => ENGLISH.get(at).copied(),
        Tongue::French => FRENCH.get(at).copied(),
        Tongue::Other => None,
    }
}
