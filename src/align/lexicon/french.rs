//! French words by rules: letters in their surroundings, longest first.

use super::{Position, letters, written};

/// How a word sounds.
pub(super) fn say(word: &str) -> Vec<Position> {
    let letters: Vec<char> = word.chars().map(plain).collect();
    if letters.iter().filter(|c| is_vowel(**c) || c.is_ascii_alphabetic() || matches!(c, 'ç' | '\'')).count() * 5
        < letters.len() * 3
    {
        return letters::say(word);
    }
    let mut reader = Reader { word: &letters, at: 0, out: Vec::new() };
    while reader.at < letters.len() {
        let before = reader.at;
        let form = reader.form();
        debug_assert!(reader.at > before);
        reader.out.extend(written(form));
    }
    reader.out
}

/// Letters that sound alike as one.
fn plain(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'ê' | 'ë' | 'è' => 'è',
        'î' | 'í' => 'î',
        'ù' | 'ú' => 'u',
        'û' => 'û',
        'ü' => 'u',
        'ó' | 'ö' => 'o',
        'æ' => 'é',
        'ñ' => 'n',
        c => c,
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'é' | 'è' | 'i' | 'î' | 'ï' | 'o' | 'ô' | 'u' | 'û' | 'y' | 'œ')
}

fn is_front(c: char) -> bool {
    matches!(c, 'e' | 'é' | 'è' | 'i' | 'î' | 'ï' | 'y' | 'œ')
}

struct Reader<'a> {
    word: &'a [char],
    at: usize,
    out: Vec<Position>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.word.get(self.at + ahead).copied()
    }

    fn before(&self) -> Option<char> {
        self.at.checked_sub(1).and_then(|i| self.word.get(i)).copied()
    }

    fn follows(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(i, c)| self.peek(i) == Some(c))
    }

    /// True where nothing that sounds comes so many letters ahead: the end, or a plural's s.
    fn ends(&self, ahead: usize) -> bool {
        matches!((self.peek(ahead), self.peek(ahead + 1)), (None, _) | (Some('s' | 'x'), None))
    }

    fn is_vowel(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(is_vowel)
    }

    fn take(&mut self, letters: usize, form: &'static str) -> &'static str {
        self.at += letters;
        form
    }

    /// The sounds of the next letters.
    fn form(&mut self) -> &'static str {
        self.ending().or_else(|| self.vowels()).unwrap_or_else(|| self.consonant())
    }

    /// Endings of words.
    fn ending(&mut self) -> Option<&'static str> {
        let left = self.word.len() - self.at;
        let sounded = self.word.iter().take(self.at).any(|c| is_vowel(*c));
        let form = match (self.peek(0)?, left) {
            ('e', 1) if sounded || self.at > 1 => "(oe|@)",
            ('e', 2) if sounded && self.follows("es") => "(oe|@) (z)",
            ('e', 3) if sounded && self.follows("ent") && self.before() != Some('m') => "(an|oe) (t)",
            ('e', 2) if self.follows("er") && sounded => "e|E (R)",
            ('e', 2) if self.follows("ez") => "e|E (z)",
            ('e', 2) if self.follows("et") && sounded => "E|e (t)",
            ('e', 3) if self.follows("ets") && sounded => "E|e (z)",
            ('e', 4) if self.follows("emme") => "E|a m (oe)",
            ('i', 2) if self.follows("ie") => "i (oe|@)",
            ('i', 3) if self.follows("ies") => "i (oe|@) (z)",
            ('t' | 'd', 1) if self.at > 1 => "(t)",
            ('s' | 'x' | 'z', 1) if self.at > 1 => "(z|s)",
            ('p', 1) if self.at > 1 => "(p)",
            ('t' | 'd' | 'p', 2) if self.at > 1 && self.follows_final_s() => "(z|s)",
            _ => return None,
        };
        Some(self.take(left, form))
    }

    fn follows_final_s(&self) -> bool {
        self.peek(1) == Some('s') && self.peek(2).is_none()
    }

    fn vowels(&mut self) -> Option<&'static str> {
        // A nasal vowel: not before a vowel, nor before a doubled n or m.
        let nasal = |reader: &Self, length: usize| match reader.peek(length) {
            None => true,
            Some(c) => !is_vowel(c) && !matches!(c, 'n' | 'm' | 'h'),
        };
        let table: &[(&str, &'static str)] = &[
            ("ain", "in"),
            ("aim", "in"),
            ("ein", "in"),
            ("eim", "in"),
            ("oin", "w in"),
            ("ien", "j in|an"),
            ("éen", "e in"),
            ("yen", "j in"),
            ("ean", "an"),
            ("aen", "an"),
            ("aon", "an"),
            ("ian", "j an"),
            ("ion", "j on"),
            ("an", "an"),
            ("am", "an"),
            ("en", "an|in"),
            ("em", "an"),
            ("in", "in"),
            ("im", "in"),
            ("în", "in"),
            ("ïn", "in"),
            ("yn", "in"),
            ("ym", "in"),
            ("on", "on"),
            ("om", "on"),
            ("un", "in|oe"),
            ("um", "in|oe"),
        ];
        for (letters, form) in table {
            let length = letters.chars().count();
            if self.follows(letters) && nasal(self, length) {
                return Some(self.take(length, form));
            }
        }
        let plain: &[(&str, &'static str)] = &[
            ("eau", "o"),
            ("aill", "a j"),
            ("eill", "E|e j"),
            ("euill", "oe j"),
            ("ueill", "oe j"),
            ("ouill", "u j"),
            ("œu", "oe"),
            ("eu", "oe"),
            ("eû", "oe|y"),
            ("au", "o|O"),
            ("aî", "E|e"),
            ("aï", "a i|j"),
            ("oï", "o i|j"),
            ("oî", "w a"),
            ("où", "u"),
            ("oû", "u"),
            ("ei", "E|e"),
            ("œ", "oe|e"),
            ("ô", "o|O"),
            ("é", "e|E"),
            ("è", "E|e"),
            ("û", "y"),
            ("î", "i"),
            ("ï", "i|j"),
        ];
        if let (Some('a' | 'e'), true) = (self.peek(0), self.peek(1) == Some('i') && self.peek(2) == Some('l')) {
            // soleil, travail.
            if self.ends(3) {
                let form = if self.peek(0) == Some('a') { "a j" } else { "E|e j" };
                return Some(self.take(3, form));
            }
        }
        if self.follows("euil") && self.ends(4) {
            return Some(self.take(4, "oe j"));
        }
        if let Some((letters, form)) = plain.iter().find(|(letters, _)| self.follows(letters)) {
            return Some(self.take(letters.chars().count(), form));
        }
        let form = match (self.peek(0)?, self.peek(1)) {
            ('a', Some('i')) => return Some(self.take(2, "E|e")),
            ('a', Some('y')) if self.is_vowel(2) => return Some(self.take(2, "E|e j")),
            ('o', Some('i')) => return Some(self.take(2, "w a|A")),
            ('o', Some('y')) if self.is_vowel(2) => return Some(self.take(2, "w a j")),
            ('u', Some('y')) if self.is_vowel(2) => return Some(self.take(2, "y i j")),
            ('o', Some('u')) if self.is_vowel(2) => return Some(self.take(2, "w|u")),
            ('o', Some('u')) => return Some(self.take(2, "u|U")),
            ('i', Some('l')) if self.peek(2) == Some('l') && !self.before().is_none_or(is_vowel) => {
                return Some(self.take(3, "i j|l"));
            }
            ('a', _) => "a|A",
            ('i', _) if self.is_vowel(1) => "j|i",
            ('i', _) => "i|I",
            ('y', _) if self.is_vowel(1) => "j|i",
            ('y', _) => "i|I",
            ('o', _) => "O|o",
            ('u', _) => "y|u",
            ('e', _) if self.is_closed() => "E|e",
            ('e', _) if self.at == 0 => "e|E",
            ('e', _) => "(oe|@|e)",
            _ => return None,
        };
        Some(self.take(1, form))
    }

    /// An e before two consonants, or before the last one.
    fn is_closed(&self) -> bool {
        let consonant = |ahead: usize| self.peek(ahead).is_some_and(|c| !is_vowel(c));
        if !consonant(1) {
            return false;
        }
        match (self.peek(1), self.peek(2)) {
            (_, None) => true,
            // One sound, or two that begin a syllable.
            (Some('c' | 'p' | 't'), Some('h')) => false,
            (Some('g'), Some('n')) => false,
            (Some('b' | 'c' | 'd' | 'f' | 'g' | 'p' | 't' | 'v'), Some('l' | 'r')) => false,
            _ => consonant(2),
        }
    }

    fn consonant(&mut self) -> &'static str {
        let front = |c: Option<char>| c.is_some_and(is_front);
        let (first, second) = (self.peek(0).unwrap_or_default(), self.peek(1));
        let pairs: &[(&str, &'static str)] =
            &[("ch", "sh|k"), ("ph", "f"), ("th", "t"), ("gn", "n j"), ("qu", "k"), ("sh", "sh"), ("ck", "k")];
        if let Some((_, form)) = pairs.iter().find(|(letters, _)| self.follows(letters)) {
            return self.take(2, form);
        }
        if self.follows("tion") && self.before() != Some('s') {
            return self.take(4, if self.is_vowel(4) { "s j O n" } else { "s j on" });
        }
        if self.follows("tien") && self.before() != Some('s') {
            return self.take(1, "t|s");
        }
        match (first, second) {
            ('c', Some('c')) if front(self.peek(2)) => self.take(2, "k s"),
            ('s', Some('c')) if front(self.peek(2)) => self.take(2, "s"),
            ('g', Some('u')) if front(self.peek(2)) => self.take(2, "g"),
            ('g', Some('e')) if self.peek(2).is_some_and(|c| matches!(c, 'a' | 'o' | 'u')) => self.take(2, "zh"),
            ('x', _) if self.before() == Some('e') && self.at == 1 && self.is_vowel(1) => self.take(1, "g|k z|s"),
            // A doubled consonant sounds once.
            (c, Some(d)) if c == d && !is_vowel(c) => {
                self.at += 1;
                if c == 's' { self.take(1, "s") } else { self.consonant() }
            }
            ('c', next) => self.take(1, if front(next) { "s" } else { "k|g" }),
            ('ç', _) => self.take(1, "s"),
            ('g', next) => self.take(1, if front(next) { "zh" } else { "g|k" }),
            ('s', _) if self.before().is_some_and(is_vowel) && self.is_vowel(1) => self.take(1, "z|s"),
            ('s', _) => self.take(1, "s|z"),
            ('b', _) => self.take(1, "b|p"),
            ('d', _) => self.take(1, "d|t"),
            ('f', _) => self.take(1, "f"),
            ('h', _) => self.take(1, ""),
            ('j', _) => self.take(1, "zh|sh"),
            ('k', _) => self.take(1, "k"),
            ('l', _) => self.take(1, "l"),
            ('m', _) => self.take(1, "m"),
            ('n', _) => self.take(1, "n"),
            ('p', _) => self.take(1, "p"),
            ('q', _) => self.take(1, "k"),
            ('r', _) => self.take(1, "R|r"),
            ('t', _) => self.take(1, "t|d"),
            ('v', _) => self.take(1, "v|f"),
            ('w', _) => self.take(1, "w|v"),
            ('x', _) => self.take(1, "k|g s|z"),
            ('z', _) => self.take(1, "z|s"),
            _ => self.take(1, ""),
        }
    }
}
