//! Letters of any script as Latin ones, before words are cut.
//!
//! Character by character, by the tables of Unidecode; vowels that are heard and not written are added.

use deunicode::deunicode_char;

/// Stands for a vowel that nobody wrote.
pub const UNWRITTEN: char = '~';

/// The same text in Latin letters; what is in Latin letters stays as it is.
pub(super) fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let code = u32::from(letter);
        let sign = code >= 0x2000 && !letter.is_alphabetic();
        if code < 0x250 || (0x1E00..0x1F00).contains(&code) || sign {
            out.push(letter);
            continue;
        }
        // The full stops of Indian scripts.
        if matches!(code, 0x964 | 0x965) {
            out.push_str(". ");
            continue;
        }
        let next = letters.peek().copied().map_or(0x20, u32::from);
        let plain = match code {
            0x622 | 0x627 | 0x671 | 0x5D0 => "a",
            0x648 => "u",
            _ => deunicode_char(letter).unwrap_or_default(),
        };
        if is_indic_consonant(code) {
            out.push_str(&plain.to_lowercase().trim_end_matches('a').to_lowercase());
            // A consonant carries an a, which is often silent at the end of a word.
            match (0x900..0xD80).contains(&next) {
                true if is_indic_vowel_sign(next) => {}
                true => out.push('a'),
                false => out.push(UNWRITTEN),
            }
        } else if is_bare_consonant(code) {
            out.push_str(plain.to_lowercase().trim_matches(['`', '\'', '@']));
            out.push(UNWRITTEN);
        } else {
            out.push_str(&plain.to_lowercase());
        }
    }
    out
}

fn is_indic_consonant(code: u32) -> bool {
    (0x900..0xD80).contains(&code) && matches!(code & 0x7F, 0x15..=0x39 | 0x58..=0x5F)
}

fn is_indic_vowel_sign(code: u32) -> bool {
    (0x900..0xD80).contains(&code) && matches!(code & 0x7F, 0x3E..=0x4D | 0x56 | 0x57)
}

/// Arabic and Hebrew write no short vowels.
fn is_bare_consonant(code: u32) -> bool {
    let arabic = matches!(code, 0x620..=0x64A | 0x671..=0x6D3) && !matches!(code, 0x627 | 0x648 | 0x649 | 0x64A);
    let hebrew = matches!(code, 0x5D0..=0x5EA) && !matches!(code, 0x5D5 | 0x5D9);
    arabic || hebrew
}

/// True where the letters say too little about sounds to listen for them: more than a fifth are Chinese characters.
pub fn is_silent_script(text: &str) -> bool {
    let mut letters = 0_usize;
    let mut chinese = 0_usize;
    for letter in text.chars().filter(|c| c.is_alphabetic()).take(20_000) {
        letters += 1;
        if matches!(u32::from(letter), 0x3400..0x4DC0 | 0x4E00..0xA000 | 0x20000..0x32000) {
            chinese += 1;
        }
    }
    chinese * 5 > letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_become_letters() {
        let check = |text: &str, expected: &str| assert_eq!(latin(text), expected, "{text}");
        check("Déjà vu, naïve Łódź", "Déjà vu, naïve Łódź");
        check("Привет, мир", "privet, mir");
        check("Καλημέρα", "kalemera");
        check("नमस्ते।", "namaste. ");
        check("राम", "raam~");
        check("سلام", "s~l~am~");
    }

    #[test]
    fn chinese_characters_say_nothing_of_sounds() {
        assert!(is_silent_script("我们在北京"));
        assert!(!is_silent_script("In Beijing (北京) they say"));
        assert!(!is_silent_script("ひらがな"));
        assert!(!is_silent_script(""));
    }
}
