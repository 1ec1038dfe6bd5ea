//! A sentence cut into pieces that fit a screen, at phrases: where a line may break at all say the Unicode rules
//! (UAX 14, which hold Japanese and Chinese punctuation together), where it should, a cost for each place.

use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Design section 6: two lines of 42. Ideographs and kana are as wide as two letters.
const WIDEST: usize = 42;

/// A stretch of text between two places where a line may break.
struct Piece<'a> {
    text: &'a str,
    /// Columns without the blanks at its end.
    width: usize,
    /// Columns with them.
    full: usize,
    /// What it costs to break behind it.
    cost: u32,
    /// How long it takes to say, in letters.
    weight: u32,
}

/// A piece of a sentence that is shown at once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Shown {
    /// One line or two.
    pub(super) lines: Vec<String>,
    /// Letters that are said before it.
    pub(super) from: u32,
    /// Letters that are said when it is over.
    pub(super) to: u32,
}

/// Cuts a sentence so that each piece fits two lines and is said within `most` of the sentence's letters. Together the
/// pieces are the whole sentence.
pub(super) fn cut(sentence: &str, language: &str, most: impl Fn(u32) -> u32) -> Vec<Shown> {
    let pieces = pieces(sentence, language);
    let total: u32 = pieces.iter().map(|p| p.weight).sum();
    let most = most(total.max(1)).max(1);
    let mut begins = vec![0; pieces.len() + 1];
    for (index, piece) in pieces.iter().enumerate() {
        let said: u32 = begins.get(index).copied().unwrap_or(0) + piece.weight;
        if let Some(next) = begins.get_mut(index + 1) {
            *next = said;
        }
    }
    // The cheapest way to show the first n pieces: its cost, where its last cue begins, and that cue's lines.
    let mut best: Vec<Option<(u32, usize, Vec<String>)>> = vec![Some((0, 0, Vec::new()))];
    for to in 1..=pieces.len() {
        let mut cheapest: Option<(u32, usize, Vec<String>)> = None;
        for from in (0..to).rev() {
            let shown = pieces.get(from..to).unwrap_or_default();
            if shown.iter().map(|p| p.full).sum::<usize>() > 2 * WIDEST + 2 && shown.len() > 1 {
                break;
            }
            let said = begins.get(to).copied().unwrap_or(0) - begins.get(from).copied().unwrap_or(0);
            // What cannot be cut may last longer.
            if said > most && shown.len() > 1 {
                break;
            }
            let Some((before, ..)) = best.get(from).and_then(Option::as_ref) else { continue };
            let Some((lines, layout)) = layout(shown) else { continue };
            let behind = shown.last().filter(|_| to < pieces.len()).map_or(0, |p| BETWEEN * p.cost);
            let width: usize = shown.iter().map(|p| p.width).sum();
            let stub =
                if to - from < pieces.len() { 2 * u32::try_from(STUB.saturating_sub(width)).unwrap_or(0) } else { 0 };
            let cost = before + EACH + layout + behind + stub;
            if cheapest.as_ref().is_none_or(|(c, ..)| cost < *c) {
                cheapest = Some((cost, from, lines));
            }
        }
        best.push(cheapest);
    }
    let mut cues = Vec::new();
    let mut to = pieces.len();
    while to > 0 {
        let Some((_, from, lines)) = best.get(to).and_then(Option::clone) else { break };
        let said = |at: usize| begins.get(at).copied().unwrap_or(0);
        cues.push(Shown { lines, from: said(from), to: said(to) });
        to = from;
    }
    cues.reverse();
    cues
}

/// What another cue costs: as much as three bad line breaks.
const EACH: u32 = 40;
/// How much more a break between cues weighs than one between lines.
const BETWEEN: u32 = 4;
/// Narrower cues are gone before they are seen.
const STUB: usize = 28;

/// Pieces in one line or two, and what that costs; `None` where they do not fit.
fn layout(pieces: &[Piece<'_>]) -> Option<(Vec<String>, u32)> {
    let width = |pieces: &[Piece<'_>]| -> usize {
        let Some((last, others)) = pieces.split_last() else { return 0 };
        others.iter().map(|p| p.full).sum::<usize>() + last.width
    };
    let line = |pieces: &[Piece<'_>]| {
        let text: String = pieces.iter().map(|p| p.text).collect();
        text.trim().to_owned()
    };
    if width(pieces) <= WIDEST {
        return Some((vec![line(pieces)], 0));
    }
    let halves = (1..pieces.len()).filter_map(|at| pieces.split_at_checked(at));
    let costs = halves.filter_map(|(above, below)| {
        let (a, b) = (width(above), width(below));
        let uneven = u32::try_from(a.abs_diff(b)).unwrap_or(u32::MAX) / 3;
        (a <= WIDEST && b <= WIDEST).then(|| (above.last().map_or(0, |p| p.cost) + uneven, above, below))
    });
    let (cost, above, below) = costs.min_by_key(|(cost, ..)| *cost)?;
    Some((vec![line(above), line(below)], cost + 5))
}

fn pieces<'a>(sentence: &'a str, language: &str) -> Vec<Piece<'a>> {
    let mut texts: Vec<&str> = Vec::new();
    let mut from = 0;
    for (to, _) in linebreaks(sentence) {
        let text = sentence.get(from..to).unwrap_or_default();
        from = to;
        for text in apart(text) {
            if text.trim_end().width() <= WIDEST {
                texts.push(text);
            } else {
                texts.extend(chopped(text));
            }
        }
    }
    texts.retain(|t| !t.is_empty());
    let words = words_of(language);
    let nexts = texts.iter().skip(1).map(|t| Some(*t)).chain([None]);
    let pairs = texts.iter().zip(nexts);
    pairs
        .map(|(text, next)| Piece {
            text,
            width: text.trim_end().width(),
            full: text.width(),
            cost: next.map_or(0, |next| cost(text, next, words)),
            weight: weight(text),
        })
        .collect()
}

/// Chinese sets the same quotes as English, and no blanks around them: the rules of before Unicode 15.1 never break
/// there. A line may end with a full-width mark before a quote opens, and with a quote that has closed.
fn apart(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let letters = || text.char_indices();
    for ((_, before), (at, letter)) in letters().zip(letters().skip(1)) {
        let opens = matches!(letter, '“' | '‘') && matches!(before, '，' | '。' | '：' | '；' | '！' | '？' | '、');
        let closed = matches!(before, '”' | '’') && (is_ideograph(letter) || is_kana(letter));
        if opens || closed {
            parts.extend(text.get(from..at));
            from = at;
        }
    }
    parts.extend(text.get(from..));
    parts
}

/// An address, or a language that is written without any break that the rules know: by letters.
fn chopped(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut wide) = (0, 0);
    for (at, letter) in text.grapheme_indices(true) {
        if wide + letter.width() > WIDEST {
            parts.extend(text.get(from..at));
            (from, wide) = (at, 0);
        }
        wide += letter.width();
    }
    parts.extend(text.get(from..));
    parts
}

/// Whether no blank stands between two letters, one behind the other.
pub(super) fn is_solid(before: char, after: char) -> bool {
    let quote = |c| matches!(c, '“' | '”' | '‘' | '’');
    is_unspaced(before) && (is_unspaced(after) || quote(after)) || quote(before) && is_unspaced(after)
}

/// Letters that are written without blanks between words.
fn is_unspaced(c: char) -> bool {
    is_ideograph(c) || is_kana(c) || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF60}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '々')
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309F}')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30A0}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}')
}

fn is_kana(c: char) -> bool {
    is_hiragana(c) || is_katakana(c)
}

const FULL_STOP: u32 = 0;
const CLAUSE: u32 = 1;
const COMMA: u32 = 3;
const BEFORE_JOINING: u32 = 8;
const PLAIN: u32 = 14;
const NAME: u32 = 22;
const AFTER_LEADING: u32 = 30;
const INSIDE_A_WORD: u32 = 40;

/// What it costs to break between two pieces.
fn cost(text: &str, next: &str, words: &Words) -> u32 {
    // Behind a hyphen or inside an address there is no blank.
    let is_joined = !text.ends_with(char::is_whitespace) && !next.starts_with(char::is_whitespace);
    let text = text.trim_end();
    let bare = text.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '」', '』', '）']);
    let (Some(last), Some(first)) = (bare.chars().next_back(), next.chars().next()) else { return PLAIN };
    match last {
        '.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟' | '۔' | '।' => return FULL_STOP,
        ';' | ':' | '—' | '–' | '；' | '：' | '؛' => return CLAUSE,
        ',' | '、' | '，' | '،' => return COMMA,
        _ => {}
    }
    if matches!(first, '—' | '–' | '(' | '「' | '『' | '（' | '“' | '«' | '„') {
        return COMMA + CLAUSE;
    }
    if is_unspaced(last) || is_unspaced(first) {
        return match (last, first) {
            // Japanese: a phrase ends with its particles, in hiragana, and the next begins with a kanji, a katakana
            // word or a foreign one. Chinese: behind its particles.
            (l, f) if is_hiragana(l) && !is_hiragana(f) => BEFORE_JOINING,
            // Particles that end a sentence belong to it.
            (_, '吗' | '嗎' | '呢' | '吧' | '啊' | '的' | '了' | '着' | '著' | '过' | '過' | '们' | '們') => {
                INSIDE_A_WORD
            }
            ('的' | '了' | '和' | '是' | '在' | '与' | '與', _) => BEFORE_JOINING,
            (l, f) if is_ideograph(l) && is_ideograph(f) => PLAIN,
            (l, f) if is_ideograph(l) != is_ideograph(f) && !is_kana(l) && !is_kana(f) => PLAIN,
            _ => INSIDE_A_WORD,
        };
    }
    if is_joined {
        return INSIDE_A_WORD;
    }
    let (word, next_word) = (last_word(bare), first_word(next));
    if words.leading.contains(&word.as_str()) {
        AFTER_LEADING
    } else if words.joining.contains(&next_word.as_str()) {
        BEFORE_JOINING
    } else if last.is_numeric() || is_capital(bare.split_whitespace().next_back()) && is_capital(Some(next)) {
        NAME
    } else {
        PLAIN
    }
}

fn is_capital(word: Option<&str>) -> bool {
    word.and_then(|w| w.chars().find(|c| c.is_alphanumeric())).is_some_and(char::is_uppercase)
}

fn last_word(text: &str) -> String {
    let word = text.split_whitespace().next_back().unwrap_or_default();
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn first_word(text: &str) -> String {
    let word = text.split_whitespace().next().unwrap_or_default();
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// How long it takes to say something, in letters: figures are words, ideographs are syllables, and a reader stops at
/// commas for about a quarter of a second.
fn weight(text: &str) -> u32 {
    let letters = text.chars().map(|c| match c {
        _ if is_ideograph(c) || is_kana(c) || c.is_numeric() => 3,
        ',' | '、' | '，' | '،' => 4,
        ';' | ':' | '—' | '–' | '。' | '.' | '!' | '?' | '；' | '：' => 6,
        _ => u32::from(c.is_alphanumeric()),
    });
    letters.sum::<u32>().max(1)
}

/// The small words of a language: a line should not end with a leading one, and may well begin with a joining one.
struct Words {
    leading: &'static [&'static str],
    joining: &'static [&'static str],
}

fn words_of(language: &str) -> &'static Words {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    WORDS.iter().find(|(code, _)| *code == primary).map_or(&NONE, |(_, words)| words)
}

const NONE: Words = Words { leading: &[], joining: &[] };

const WORDS: &[(&str, Words)] = &[
    (
        "en",
        Words {
            leading: &[
                "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "from", "and", "or", "but", "nor",
                "his", "her", "its", "their", "my", "our", "your", "this", "that", "these", "those", "no", "not",
                "very", "is", "are", "was", "were", "be", "has", "have", "had", "will", "would", "can", "could", "mr",
                "mrs", "ms", "dr", "as", "into", "than", "i", "he", "she", "it", "they", "we", "you", "who", "which",
                "if", "because",
            ],
            joining: &[
                "and", "or", "but", "nor", "because", "that", "which", "who", "whose", "when", "while", "where", "if",
                "although", "though", "unless", "until", "before", "after", "since", "so", "than", "as", "to", "in",
                "on", "at", "by", "for", "with", "from", "about", "between", "through", "under", "over", "of", "into",
            ],
        },
    ),
    (
        "fr",
        Words {
            leading: &[
                "le", "la", "les", "un", "une", "des", "de", "du", "à", "au", "aux", "en", "dans", "sur", "par",
                "pour", "avec", "et", "ou", "mais", "son", "sa", "ses", "leur", "leurs", "ce", "cette", "ces", "ne",
                "se", "que", "qui", "il", "elle", "ils", "elles", "on", "nous", "vous", "je", "est", "sont", "a",
                "ont", "très", "si",
            ],
            joining: &[
                "et", "ou", "mais", "donc", "car", "que", "qui", "dont", "où", "quand", "lorsque", "si", "parce",
                "pour", "dans", "sur", "par", "avec", "sans", "sous", "entre", "depuis", "pendant", "comme", "de",
                "du", "à", "en",
            ],
        },
    ),
    (
        "de",
        Words {
            leading: &[
                "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "eines", "und",
                "oder", "aber", "in", "im", "an", "am", "auf", "aus", "bei", "mit", "nach", "von", "vom", "zu", "zum",
                "zur", "für", "durch", "über", "um", "sein", "seine", "ihr", "ihre", "sich", "nicht", "sehr", "dass",
                "wenn", "weil",
            ],
            joining: &[
                "und", "oder", "aber", "denn", "sondern", "dass", "wenn", "weil", "obwohl", "während", "als", "wie",
                "ob", "in", "im", "an", "auf", "aus", "bei", "mit", "nach", "von", "zu", "zum", "zur", "für", "durch",
                "über", "um",
            ],
        },
    ),
    (
        "es",
        Words {
            leading: &[
                "el", "la", "los", "las", "un", "una", "unos", "unas", "de", "del", "a", "al", "en", "con", "por",
                "para", "y", "e", "o", "u", "pero", "su", "sus", "mi", "este", "esta", "que", "no", "se", "es", "son",
                "ha", "muy",
            ],
            joining: &[
                "y", "e", "o", "u", "pero", "que", "quien", "cuando", "donde", "porque", "aunque", "si", "como", "de",
                "del", "en", "con", "por", "para", "sin", "sobre", "entre", "desde", "hasta", "a", "al",
            ],
        },
    ),
];
