//! Text in pieces: words, figures, signs.

/// A piece of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// Letters, with apostrophes and the points of an initialism inside.
    Word {
        /// As written, without the point behind.
        text: String,
        /// A point stands behind.
        pointed: bool,
    },
    /// Digits with their separators.
    Figure {
        /// `US` before a currency.
        american: bool,
        /// The currency in front.
        currency: Option<char>,
        /// From the first digit to the last.
        digits: String,
    },
    /// A sign that is said.
    Sign(char),
    /// A dash right between two figures.
    Range,
    /// The minutes of a time: the figures behind its colon, or behind the French `h`.
    Minutes(String),
    /// What the publisher says about a word.
    Said(String),
}

const CURRENCIES: [char; 5] = ['$', '€', '£', '¥', '₹'];

/// Cuts a text into pieces. `french` reads `10h30` as a time, and blanks between figures as part of them.
pub(super) fn tokens(text: &str, french: bool) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut cut = Cut { letters, at: 0, french };
    let mut out = Vec::new();
    while let Some(c) = cut.peek(0) {
        let before = cut.at;
        if let Some(figure) = cut.figure() {
            out.push(figure);
            if let Some(minutes) = cut.minutes() {
                out.push(minutes);
            } else if matches!(cut.peek(0), Some('-' | '–' | '—')) && cut.peek(1).is_some_and(|c| c.is_ascii_digit())
            {
                cut.at += 1;
                out.push(Token::Range);
            }
        } else if c.is_alphabetic() {
            out.push(cut.word());
        } else {
            cut.at += 1;
            if is_sign(c) {
                out.push(Token::Sign(c));
            }
        }
        debug_assert!(cut.at > before);
    }
    out
}

fn is_sign(c: char) -> bool {
    CURRENCIES.contains(&c) || "&%+=@°#§½¼¾".contains(c)
}

struct Cut {
    letters: Vec<char>,
    at: usize,
    french: bool,
}

impl Cut {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn is_digit(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|c| c.is_ascii_digit())
    }

    fn figure(&mut self) -> Option<Token> {
        let american = self.peek(0) == Some('U')
            && self.peek(1) == Some('S')
            && self.peek(2).is_some_and(|c| CURRENCIES.contains(&c));
        let mut ahead = if american { 2 } else { 0 };
        let currency = self.peek(ahead).filter(|c| CURRENCIES.contains(c));
        ahead += usize::from(currency.is_some());
        if !self.is_digit(ahead) {
            return None;
        }
        self.at += ahead;
        let mut digits = String::new();
        while let Some(c) = self.peek(0) {
            let inside = c.is_ascii_digit() || matches!(c, '.' | ',') && self.is_digit(1);
            let narrow = matches!(c, '\u{a0}' | '\u{202f}') || self.french && c == ' ';
            if inside {
                digits.push(c);
            } else if !(narrow && (1..=3).all(|n| self.is_digit(n)) && !self.is_digit(4)) {
                break;
            }
            self.at += 1;
        }
        Some(Token::Figure { american, currency, digits })
    }

    /// `:30`, and in French `h30` or ` h 30`.
    fn minutes(&mut self) -> Option<Token> {
        let mut ahead = 0;
        let blank = |cut: &Self, n: usize| matches!(cut.peek(n), Some(' ' | '\u{a0}' | '\u{202f}'));
        if self.french && blank(self, 0) {
            ahead += 1;
        }
        match self.peek(ahead) {
            Some(':') if ahead == 0 => {}
            Some('h') => {}
            _ => return None,
        }
        ahead += 1;
        if self.french && blank(self, ahead) {
            ahead += 1;
        }
        let wordy = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if !self.is_digit(ahead) || !self.is_digit(ahead + 1) || wordy(self.peek(ahead + 2)) {
            return None;
        }
        let minutes = self.peek(ahead).into_iter().chain(self.peek(ahead + 1)).collect();
        self.at += ahead + 2;
        Some(Token::Minutes(minutes))
    }

    fn word(&mut self) -> Token {
        let mut text = String::new();
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || c == super::UNWRITTEN);
        while let Some(c) = self.peek(0) {
            // An apostrophe between letters; a point between single letters.
            let apostrophe = c == '\'' && self.peek(1).is_some_and(char::is_alphabetic);
            let initial = c == '.' && letter(self.peek(1)) && self.peek(2) == Some('.');
            if !letter(Some(c)) && !apostrophe && !initial {
                break;
            }
            text.push(c);
            self.at += 1;
        }
        let pointed = self.peek(0) == Some('.');
        self.at += usize::from(pointed);
        Token::Word { text, pointed }
    }
}
