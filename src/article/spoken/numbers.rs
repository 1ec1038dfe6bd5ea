//! Figures as they are said, in English and French.

use super::{Reading, Tongue, words};

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const ENGLISH_TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const FRENCH: [&str; 20] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix sept", "dix huit", "dix neuf",
];
const FRENCH_TENS: [&str; 10] =
    ["", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre vingt", "quatre vingt"];
const SCALES: [(u64, &str, &str); 4] = [
    (1_000_000_000_000, "trillion", "billion"),
    (1_000_000_000, "billion", "milliard"),
    (1_000_000, "million", "million"),
    (1_000, "thousand", "mille"),
];
/// Longer figures are said digit by digit.
const MOST_DIGITS: usize = 15;

/// A whole number.
pub(super) fn cardinal(n: u64, tongue: Tongue) -> Reading {
    match tongue {
        Tongue::French => french(n),
        _ => english(n),
    }
}

fn pick(list: &[&'static str], n: u64) -> &'static str {
    usize::try_from(n).ok().and_then(|n| list.get(n)).copied().unwrap_or_default()
}

fn english(n: u64) -> Reading {
    let mut said = Vec::new();
    for (value, scale, _) in SCALES {
        if n >= value {
            said = english(n / value);
            said.push(scale.into());
            if !n.is_multiple_of(value) {
                said.extend(english(n % value));
            }
            return said;
        }
    }
    match n {
        0..20 => said.extend(words(pick(&ENGLISH, n))),
        20..100 => {
            said.extend(words(pick(&ENGLISH_TENS, n / 10)));
            if !n.is_multiple_of(10) {
                said.extend(words(pick(&ENGLISH, n % 10)));
            }
        }
        _ => {
            said.extend(words(pick(&ENGLISH, n / 100)));
            said.push("hundred".into());
            if !n.is_multiple_of(100) {
                said.extend(english(n % 100));
            }
        }
    }
    said
}

fn french(n: u64) -> Reading {
    let mut said = Vec::new();
    for (value, _, scale) in SCALES {
        if n >= value {
            // A thousand is never "one thousand".
            if !(value == 1_000 && n < 2_000) {
                said = french(n / value);
            }
            said.push(scale.into());
            if !n.is_multiple_of(value) {
                said.extend(french(n % value));
            }
            return said;
        }
    }
    match n {
        0..20 => said.extend(words(pick(&FRENCH, n))),
        20..100 => {
            let (tens, ones) = (n / 10, n % 10);
            said.extend(words(pick(&FRENCH_TENS, tens)));
            match (tens, ones) {
                (7, 1) => said.extend(words("et onze")),
                (7 | 9, _) => said.extend(words(pick(&FRENCH, 10 + ones))),
                (8, 1) => said.extend(words("un")),
                (_, 1) => said.extend(words("et un")),
                (_, 0) => {}
                _ => said.extend(words(pick(&FRENCH, ones))),
            }
        }
        _ => {
            if n >= 200 {
                said.extend(french(n / 100));
            }
            said.push("cent".into());
            if !n.is_multiple_of(100) {
                said.extend(french(n % 100));
            }
        }
    }
    said
}

/// The number as a place in an order: `third`, `troisième`.
pub(super) fn ordinal(n: u64, tongue: Tongue) -> Reading {
    let mut said = cardinal(n, tongue);
    let Some(last) = said.pop() else { return said };
    said.push(match tongue {
        Tongue::French if n == 1 => "premier".into(),
        Tongue::French => format!("{}ième", last.trim_end_matches('e')),
        _ => match last.as_str() {
            "one" => "first".into(),
            "two" => "second".into(),
            "three" => "third".into(),
            "five" => "fifth".into(),
            "eight" => "eighth".into(),
            "nine" => "ninth".into(),
            "twelve" => "twelfth".into(),
            _ => match last.strip_suffix('y') {
                Some(stem) => format!("{stem}ieth"),
                None => format!("{last}th"),
            },
        },
    });
    said
}

/// Ten years: `nineteen nineties`.
pub(super) fn decade(year: u64) -> Reading {
    let mut said = year_in_pairs(year);
    if let Some(last) = said.pop() {
        said.push(match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ies"),
            None => format!("{last}s"),
        });
    }
    said
}

fn year_in_pairs(year: u64) -> Reading {
    let mut said = english(year / 100);
    match year % 100 {
        0 => said.push("hundred".into()),
        rest @ 1..10 => {
            said.push("oh".into());
            said.extend(english(rest));
        }
        rest => said.extend(english(rest)),
    }
    said
}

/// Digits with their separators: every way in which they are usually said, the likeliest first.
pub(super) fn readings(figure: &str, tongue: Tongue) -> Vec<Reading> {
    let (whole, fraction) = parts(figure, tongue);
    let digits = |text: &str| -> Reading {
        text.bytes().filter(u8::is_ascii_digit).flat_map(|d| cardinal(u64::from(d - b'0'), tongue)).collect()
    };
    let Some(n) = whole.parse::<u64>().ok().filter(|_| whole.len() <= MOST_DIGITS) else {
        return vec![digits(figure)];
    };
    let said = cardinal(n, tongue);
    if let Some(fraction) = fraction {
        let point = if tongue == Tongue::French && figure.contains(',') { "virgule" } else { "point" };
        let with = |tail: Reading| [said.clone(), words(point).collect(), tail].concat();
        let mut all = vec![with(digits(fraction))];
        if let (2, Ok(pair @ 10..)) = (fraction.len(), fraction.parse::<u64>()) {
            all.push(with(cardinal(pair, tongue)));
        }
        return all;
    }
    let mut all = vec![said.clone()];
    if tongue != Tongue::French {
        if (100..1_000_000).contains(&n)
            && n % 100 > 0
            && let Some(at) = said.iter().rposition(|w| w == "hundred")
        {
            let mut with = said.clone();
            with.insert(at + 1, "and".into());
            all.push(with);
        }
        if whole.len() == 4 {
            let pairs = year_in_pairs(n);
            let likely = matches!(n, 1_100..2_000 | 2_010..2_100) && whole.len() == figure.len();
            all.insert(if likely { 0 } else { all.len() }, pairs);
        }
    } else if whole.len() == 4 {
        let rest = if n % 100 == 0 { words("cent").collect() } else { french(n % 100) };
        all.push([french(n / 100), rest].concat());
    }
    if whole.len() >= 3 {
        all.push(digits(whole.as_str()));
    }
    all
}

/// The whole part without separators of thousands, and the digits behind the decimal sign.
fn parts(figure: &str, tongue: Tongue) -> (String, Option<&str>) {
    let (thousands, decimal) = if tongue == Tongue::French { ('.', ',') } else { (',', '.') };
    let grouped = |text: &str| {
        let mut groups = text.split(thousands);
        groups.next().is_some_and(|g| (1..=3).contains(&g.len())) && groups.all(|g| g.len() == 3)
    };
    let (whole, fraction) = match figure.split_once(decimal) {
        Some((whole, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => (whole, Some(fraction)),
        // A French point is a decimal sign unless it groups thousands.
        None if tongue == Tongue::French && !grouped(figure) => match figure.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => (whole, Some(fraction)),
            _ => (figure, None),
        },
        _ => (figure, None),
    };
    let whole = if whole.is_empty() { "0".to_owned() } else { whole.replace(thousands, "") };
    (whole, fraction)
}

/// A Roman numeral in capitals.
pub(super) fn roman(text: &str) -> Option<u64> {
    let value = |c: char| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        'C' => Some(100),
        'D' => Some(500),
        'M' => Some(1_000),
        _ => None,
    };
    let values = text.chars().map(value).collect::<Option<Vec<u64>>>()?;
    let mut sum = 0;
    for (at, n) in values.iter().enumerate() {
        let before_larger = values.get(at + 1).is_some_and(|next| next > n);
        sum = if before_larger { sum - i64::try_from(*n).ok()? } else { sum + i64::try_from(*n).ok()? };
    }
    let sum = u64::try_from(sum).ok().filter(|s| *s > 0)?;
    // Only what is written as a numeral is one: not IIX, not VV.
    (in_roman(sum) == text).then_some(sum)
}

fn in_roman(mut n: u64) -> String {
    const SIGNS: [(u64, &str); 13] = [
        (1_000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while n >= value && text.len() < 32 {
            text.push_str(sign);
            n -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_said_as_people_say_them() {
        let check = |figure: &str, tongue: Tongue, expected: &[&str]| {
            let said: Vec<String> = readings(figure, tongue).iter().map(|r| r.join(" ")).collect();
            assert_eq!(said, expected, "{figure}");
        };
        check("0", Tongue::English, &["zero"]);
        check("24", Tongue::English, &["twenty four"]);
        check(
            "1,234",
            Tongue::English,
            &[
                "one thousand two hundred thirty four",
                "one thousand two hundred and thirty four",
                "twelve thirty four",
                "one two three four",
            ],
        );
        check(
            "1998",
            Tongue::English,
            &[
                "nineteen ninety eight",
                "one thousand nine hundred ninety eight",
                "one thousand nine hundred and ninety eight",
                "one nine nine eight",
            ],
        );
        check("50,000", Tongue::English, &["fifty thousand", "five zero zero zero zero"]);
        check("3.14", Tongue::English, &["three point one four", "three point fourteen"]);
        check("71", Tongue::French, &["soixante et onze"]);
        check("80", Tongue::French, &["quatre vingt"]);
        check("91", Tongue::French, &["quatre vingt onze"]);
        check("28,8", Tongue::French, &["vingt huit virgule huit"]);
        check("1.000", Tongue::French, &["mille", "dix cent", "un zéro zéro zéro"]);
        check("200", Tongue::French, &["deux cent", "deux zéro zéro"]);
        check("99999999999999999999", Tongue::English, &[["nine"; 20].join(" ").as_str()]);
    }

    #[test]
    fn places_in_an_order_and_decades() {
        let check = |n: u64, tongue: Tongue, expected: &str| assert_eq!(ordinal(n, tongue).join(" "), expected);
        check(1, Tongue::English, "first");
        check(22, Tongue::English, "twenty second");
        check(30, Tongue::English, "thirtieth");
        check(1, Tongue::French, "premier");
        check(4, Tongue::French, "quatrième");
        assert_eq!(decade(1990).join(" "), "nineteen nineties");
    }

    #[test]
    fn roman_numerals_are_those_that_are_written_as_such() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(roman(text), expected, "{text}");
        check("XIV", Some(14));
        check("MCMXCVIII", Some(1_998));
        check("IIX", None);
        check("VV", None);
        check("MIX", Some(1_009));
        check("", None);
        check("i", None);
    }
}
