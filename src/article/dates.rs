//! Dates as people and machines write them, in many languages, read as the day that is written.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, Time};

use super::words;
use crate::model::date::WrittenDate;

/// One month a line: its names and usual abbreviations in many languages; `_` stands for the blank in a name.
const MONTHS: &str = include_str!("months.txt");

/// Names of weekdays, and words that stand inside dates.
const INSIDE: &str = " monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun lundi mardi mercredi jeudi vendredi samedi dimanche montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag poniedziałek wtorek środa czwartek piątek sobota niedziela pondělí úterý středa čtvrtek pátek neděle понедельник вторник среда четверг пятница суббота воскресенье of de del the le à um uhr at kl klo o às às alle ore a las om h hrs hours am pm et est edt pt pst pdt ct bst gmt utc cet cest jst ist heures min den der dne dnia god года год р r 日 月 年 曜日 ";

/// A date in a line, and where it stands there (bytes).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Found {
    pub(super) date: WrittenDate,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A number or a word of a line.
struct Token<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

/// Reads what a machine or a person wrote as a date and nothing else: attributes, front matter.
pub(super) fn read(text: &str) -> Option<WrittenDate> {
    let text = text.trim();
    iso(text).or_else(|| rfc2822(text)).or_else(|| find(text).map(|f| f.date))
}

/// The first date in a line that is not said to be of a change.
pub(super) fn find(line: &str) -> Option<Found> {
    let line = line.get(..line.len().min(400)).unwrap_or(line);
    let tokens = tokens(line);
    for (at, _) in tokens.iter().enumerate() {
        let Some((day, last)) = day_at(&tokens, at, line) else { continue };
        let (Some(first), Some(last_token)) = (tokens.get(at), tokens.get(last)) else { continue };
        let before = words::fold(line.get(..first.start).unwrap_or_default());
        if said_to_be_changed(&before) {
            continue;
        }
        let (date, end) = with_time(day, line, last_token.end);
        return Some(Found { date, start: first.start, end });
    }
    None
}

/// The date of a line that holds a date and little else.
pub(super) fn whole_line(line: &str) -> Option<WrittenDate> {
    if let Some(date) = iso(line.trim()).or_else(|| rfc2822(line.trim())) {
        return Some(date);
    }
    let found = find(line)?;
    let before = words::fold(line.get(..found.start)?);
    let after = words::fold(line.get(found.end..)?);
    (is_about_dates(&before) && (is_about_dates(&after) || begins_with_change(&after))).then_some(found.date)
}

/// True for a line that only tells when something was changed.
pub(super) fn is_change(line: &str) -> bool {
    let folded = words::fold(line);
    line.chars().count() < 80
        && !folded.starts_with(['©', 'c'])
        && begins_with_change(&folded)
        && folded.chars().any(|c| c.is_ascii_digit())
}

/// True for what stands before a date on a date line: "Posted on Tuesday".
pub(super) fn leads_to(text: &str) -> bool {
    is_about_dates(&words::fold(text))
}

fn begins_with_change(folded: &str) -> bool {
    words::of("changed").begins(folded).is_some()
}

fn said_to_be_changed(before: &str) -> bool {
    let tail: Vec<&str> = before.split([' ', ':', '：']).filter(|w| !w.is_empty()).collect();
    let changed = words::of("changed");
    (1..=3).any(|n| {
        tail.get(tail.len().saturating_sub(n + 1)..)
            .is_some_and(|t| (1..=t.len()).any(|end| t.get(..end).is_some_and(|w| changed.has(&w.join(" ")))))
    }) || changed.has(before)
        || before.ends_with("更新")
}

/// Only weekdays, times and words that stand before dates.
fn is_about_dates(folded: &str) -> bool {
    if folded.is_empty() {
        return true;
    }
    let published = words::of("published");
    let rest = match published.begins(folded) {
        Some(n) => folded.get(n..).unwrap_or_default(),
        None => folded,
    };
    rest.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).all(|w| {
        published.has(w)
            || INSIDE.contains(&format!(" {w} "))
            || w.chars().all(|c| digit(c).is_some()) && w.chars().count() <= 2
            || w.chars().all(|c| "月火水木金土日曜年時分午前後".contains(c))
            || w.chars().count() == 1 && w.is_ascii()
            || matches!(w, "th" | "st" | "nd" | "rd")
            || w.trim_start_matches(|c: char| c.is_ascii_digit()).len() <= 2
                && w.starts_with(|c: char| c.is_ascii_digit())
    })
}

fn iso(text: &str) -> Option<WrittenDate> {
    let day: Date = text.get(..10)?.parse().ok()?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some(WrittenDate::Day(day));
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim();
    let clock_end = rest.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(rest.len());
    let (clock, zone) = (rest.get(..clock_end)?, rest.get(clock_end..)?.trim());
    let clock = clock.split('.').next().unwrap_or(clock);
    let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    let Ok(time) = clock.parse::<Time>() else { return Some(WrittenDate::Day(day)) };
    let at = DateTime::from_parts(day, time);
    Some(match offset(zone) {
        Some(seconds) => WrittenDate::Moment(at, seconds),
        None => WrittenDate::Local(at),
    })
}

fn rfc2822(text: &str) -> Option<WrittenDate> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
    let zoned = parser.parse_zoned_datetime(text).ok()?;
    Some(WrittenDate::Moment(zoned.datetime(), zoned.offset().seconds()))
}

/// Seconds east of UTC of `Z`, `+01:00`, `+0100`, `+01`, `UTC`, `GMT`.
fn offset(zone: &str) -> Option<i32> {
    if matches!(zone, "Z" | "z" | "UTC" | "GMT") {
        return Some(0);
    }
    let sign = match zone.chars().next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let digits: String = zone.chars().skip(1).filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Vowel signs of Devanagari, Bengali and Thai are parts of words and no letters.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{903}' | '\u{93A}'..='\u{94F}' | '\u{981}'..='\u{983}' | '\u{9BC}'..='\u{9CD}' | '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}')
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut start: Option<(usize, bool)> = None;
    let mut push = |from: usize, to: usize| {
        if let Some(text) = line.get(from..to) {
            out.push(Token { text, start: from, end: to });
        }
    };
    for (at, c) in line.char_indices() {
        let is_digit = digit(c).is_some();
        let part = c.is_alphanumeric() || is_combining(c);
        if let Some((from, was_digit)) = start
            && (!part || is_digit != was_digit)
        {
            push(from, at);
            start = None;
        }
        if part && start.is_none() {
            start = Some((at, is_digit));
        }
    }
    if let Some((from, _)) = start {
        push(from, line.len());
    }
    out
}

/// A day that begins at a token, with the index of its last token.
fn day_at(tokens: &[Token<'_>], at: usize, line: &str) -> Option<(Date, usize)> {
    let text = |n: usize| tokens.get(at + n).map(|t| t.text);
    let number = |n: usize| text(n).and_then(number_in);
    let between = |n: usize| {
        let (a, b) = (tokens.get(at + n)?, tokens.get(at + n + 1)?);
        line.get(a.end..b.start)
    };
    let first = number(0);
    // 2018年1月30日, 2018년 1월 30일
    if let (Some(year), Some(month), Some(day)) = (first, number(2), number(4))
        && matches!(text(1), Some("年" | "년"))
        && matches!(text(3), Some("月" | "월"))
    {
        let last = if text(5).is_some_and(|t| t.starts_with(['日', '일'])) { 5 } else { 4 };
        return Some((date(year, month, day)?, at + last));
    }
    // 2018-01-30, 2018/1/30, 2018.01.30, 2018. 1. 30.; 30.01.2018, 30/1/2018, 30-1-2018
    if let (Some(a), Some(b), Some(c)) = (first, number(1), number(2)) {
        let (gap, second) = (between(0)?, between(1)?);
        if gap == second && matches!(gap, "-" | "/" | "." | ". " | "–") {
            if text(0)?.len() == 4 {
                return Some((date(a, b, c)?, at + 2));
            }
            if text(2)?.len() == 4 {
                // 1/30/2018 is American; everybody else writes the day first.
                let found = if b > 12 && gap == "/" { date(c, a, b) } else { date(c, b, a) };
                return Some((found?, at + 2));
            }
        }
    }
    // 30 January 2018, 30. Januar 2018, 1er janvier 2018, 30 de enero de 2018, 30th of January, 2018
    if let Some(day) = first {
        let mut next = 1;
        while text(next)
            .is_some_and(|t| matches!(t, "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "de" | "of" | "e" | "r"))
            && next < 3
        {
            next += 1;
        }
        let two = month_of_two(text(next), text(next + 1));
        if let Some(month) = two.or_else(|| text(next).and_then(month)) {
            let mut year_at = next + 1 + usize::from(two.is_some());
            if text(year_at).is_some_and(|t| matches!(t, "de" | "of" | "del" | "عام" | "سنة")) {
                year_at += 1;
            }
            if let Some(year) = number(year_at).filter(|y| *y >= 1000) {
                return Some((date(year, month, day)?, at + year_at));
            }
        }
        // 2018. január 30. and 2018 January 30
        if day >= 1000
            && let (Some(month), Some(number)) = (text(1).and_then(month), number(2))
        {
            return Some((date(day, month, number)?, at + 2));
        }
        return None;
    }
    // January 30, 2018; Jan. 30th, 2018
    let month = month(text(0)?)?;
    let day = number(1)?;
    let year_at = if text(2).is_some_and(|t| matches!(t, "st" | "nd" | "rd" | "th" | "de")) { 3 } else { 2 };
    let year = number(year_at).filter(|y| *y >= 1000)?;
    Some((date(year, month, day)?, at + year_at))
}

fn month(word: &str) -> Option<i16> {
    static NAMES: LazyLock<BTreeMap<&str, i16>> = LazyLock::new(|| {
        let lines = (1..).zip(MONTHS.lines());
        lines.flat_map(|(month, names)| names.split(' ').map(move |name| (name, month))).collect()
    });
    NAMES.get(word.to_lowercase().as_str()).copied()
}

/// A month whose name is two words: "تشرين الأول".
fn month_of_two(first: Option<&str>, second: Option<&str>) -> Option<i16> {
    month(&format!("{}_{}", first?, second?))
}

/// A number in the digits of any script.
fn number_in(text: &str) -> Option<i16> {
    let mut value: i16 = 0;
    for c in text.chars() {
        value = value.checked_mul(10)?.checked_add(digit(c)?)?;
    }
    (1..=4).contains(&text.chars().count()).then_some(value)
}

/// The value of a decimal digit: ASCII, Arabic, Persian, Devanagari, Bengali, Thai, full width.
fn digit(c: char) -> Option<i16> {
    let zero = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10]
        .into_iter()
        .find(|z| (*z..*z + 10).contains(&u32::from(c)))?;
    i16::try_from(u32::from(c) - zero).ok()
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    if !(1000..=2999).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A clock time that follows directly: `18:05`, `at 5:04 p.m.`, `à 18h30`, `18.30 Uhr`, `18時05分`.
fn with_time(day: Date, line: &str, end: usize) -> (WrittenDate, usize) {
    let Some(rest) = line.get(end..) else { return (WrittenDate::Day(day), end) };
    let head: String = rest.chars().take(40).collect();
    let tokens = tokens(&head);
    let Some(at) = tokens.iter().take(3).position(|t| t.text.bytes().all(|b| b.is_ascii_digit())) else {
        return (WrittenDate::Day(day), end);
    };
    let inside = |t: &Token<'_>| INSIDE.contains(&format!(" {} ", t.text.to_lowercase()));
    if !tokens.get(..at).is_some_and(|before| before.iter().all(inside)) {
        return (WrittenDate::Day(day), end);
    }
    let two = |n: usize| tokens.get(at + n).filter(|t| t.text.len() <= 2).and_then(|t| t.text.parse::<i8>().ok());
    let gap = |n: usize| {
        let (a, b) = (tokens.get(at + n)?, tokens.get(at + n + 1)?);
        head.get(a.end..b.start)
    };
    let (hour, minute, last) = match (two(0), gap(0), tokens.get(at + 1).map(|t| t.text)) {
        (Some(h), Some(":" | "."), _) if two(1).is_some() => (h, two(1), at + 1),
        (Some(h), Some(""), Some("h" | "H" | "時" | "时" | "點" | "点")) if two(2).is_some() => (h, two(2), at + 2),
        _ => return (WrittenDate::Day(day), end),
    };
    let (Some(minute), Some(last_token)) = (minute, tokens.get(last)) else { return (WrittenDate::Day(day), end) };
    let after = head.get(last_token.end..).unwrap_or_default().trim_start().to_lowercase().replace('.', "");
    let hour = match hour {
        12 if after.starts_with("am") => 0,
        h if after.starts_with("pm") && h < 12 => h + 12,
        h => h,
    };
    let Ok(time) = Time::new(hour, minute, 0, 0) else { return (WrittenDate::Day(day), end) };
    (WrittenDate::Local(DateTime::from_parts(day, time)), end + last_token.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written() {
        let check = |text: &str, expected: &str| {
            assert_eq!(read(text).map(|d| d.to_string()).unwrap_or_default(), expected, "{text:?}");
        };
        check("2018-01-30", "2018-01-30");
        check("2018-01-30T09:00:00-05:00", "2018-01-30T09:00:00-05:00");
        check("2018-01-30 09:00:00", "2018-01-30T09:00:00");
        check("2018-01-30 09:00:00 +0100", "2018-01-30T09:00:00+01:00");
        check("2018-01-30T09:00:00.123Z", "2018-01-30T09:00:00Z");
        check("Mon, 06 Feb 2023 16:40:01 +0000", "2023-02-06T16:40:01Z");
        check("30 January, 2018", "2018-01-30");
        check("January 30, 2018", "2018-01-30");
        check("Jan. 30th, 2018", "2018-01-30");
        check("mardi 30 janvier 2018", "2018-01-30");
        check("1er mars 2021", "2021-03-01");
        check("30. Januar 2018", "2018-01-30");
        check("30 de enero de 2018", "2018-01-30");
        check("30 gennaio 2018", "2018-01-30");
        check("30 de janeiro de 2018", "2018-01-30");
        check("30 maart 2018", "2018-03-30");
        check("3. mai 2022", "2022-05-03");
        check("3 maj 2022", "2022-05-03");
        check("12 września 2020", "2020-09-12");
        check("12. září 2020", "2020-09-12");
        check("2018年1月30日", "2018-01-30");
        check("2018년 1월 30일", "2018-01-30");
        check("30.01.2018", "2018-01-30");
        check("30/01/2018", "2018-01-30");
        check("1/30/2018", "2018-01-30");
        check("30 يناير 2018", "2018-01-30");
        check("٣٠ كانون الثاني ٢٠١٨", "2018-01-30");
        check("30 जनवरी 2018", "2018-01-30");
        check("2018. január 30.", "2018-01-30");
        check("Publié le 3 mars 2023 à 18h30", "2023-03-03T18:30:00");
        check("yesterday", "");
        check("31 February 2018", "");
        check("", "");
    }

    #[test]
    fn a_change_is_no_publication() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(whole_line(text).map(|d| d.to_string()).as_deref(), expected, "{text:?}");
        };
        check("Updated 3 March 2023", None);
        check("Published 3 March 2023, updated 4 March 2023", Some("2023-03-03"));
        check("Mis à jour le 4 mars 2023", None);
        check("Tuesday, January 30, 2018", Some("2018-01-30"));
        check("On 3 March 2023 the mill burned down.", None);
        check("Mar 5, 2024 at 5:04 p.m. ET", Some("2024-03-05T17:04:00"));
        check("2024年3月5日 18時05分", Some("2024-03-05T18:05:00"));
    }
}
