//! Audacity's label track: start, end and title between tabs, in seconds.

use super::{Carrier, Context, Flaw, Reading};
use crate::model::chapter::{ChapterList, Mark};
use crate::model::time::Timestamp;

pub(super) const CARRIER: Carrier = Carrier {
    name: "audacity",
    media_type: "text/plain",
    extensions: &["txt"],
    recognise,
    read: Some(read),
    write: Some(write),
};

/// Labels have tabs behind numbers; show notes have times with colons.
fn recognise(text: &str) -> bool {
    text.lines().any(|line| {
        let mut fields = line.split('\t');
        let number = |field: Option<&str>| field.is_some_and(|f| is_number(f.trim()));
        number(fields.next()) && fields.next().is_some()
    })
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
}

fn read(text: &str) -> Reading {
    let mut marks = Vec::new();
    let mut flaws = Vec::new();
    for (index, line) in text.lines().enumerate() {
        // Spectral selections put their frequencies on a line of their own, behind a backslash.
        if line.trim().is_empty() || line.starts_with('\\') {
            continue;
        }
        match label(line) {
            Ok(mark) => marks.push(Mark { line: Some(index + 1), ..mark }),
            Err(why) => flaws.push(Flaw::new(index + 1, why)),
        }
    }
    Ok((marks, flaws))
}

fn label(line: &str) -> Result<Mark, String> {
    let mut fields = line.splitn(3, '\t');
    let (first, second, third) = (fields.next().unwrap_or_default(), fields.next(), fields.next());
    let start = time(first)?;
    // Audacity before 1.3 wrote no end.
    let (end, title) = match (second, third) {
        (Some(end), Some(title)) => (Some(time(end)?), title),
        (Some(end), None) if is_number(end.trim()) => (Some(time(end)?), ""),
        (Some(title), None) => (None, title),
        (None, _) => return Err("a label is start, end and title with tabs between them".into()),
    };
    // A label at a point has its start as its end.
    Ok(Mark { end: end.filter(|e| *e > start), ..Mark::new(start, title.trim_matches([' ', '\t'])) })
}

fn time(field: &str) -> Result<Timestamp, String> {
    let field = field.trim();
    if field.starts_with('-') {
        return Err(format!("`{field}` lies before the recording begins"));
    }
    if !is_number(field) {
        return Err(format!("`{field}` is no number of seconds, such as `195.098`"));
    }
    Timestamp::parse(field).ok_or_else(|| format!("`{field}` is no number of seconds, such as `195.098`"))
}

fn write(list: &ChapterList, _: &Context<'_>) -> String {
    let seconds = |time: Timestamp| format!("{}.{:03}000", time.millis() / 1000, time.millis() % 1000);
    list.spans()
        .map(|(chapter, end)| format!("{}\t{}\t{}\n", seconds(chapter.start), seconds(end), chapter.title))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{list, problems};
    use super::*;

    #[test]
    fn six_decimals_as_audacity_writes_them() {
        let list = list(&[(0, "Money"), (195_098, "\\ odd")]);
        insta::assert_snapshot!(write(&list, &Context::default()).replace('\t', "→"), @r"
        0.000000→195.098000→Money
        195.098000→255.098000→\ odd
        ");
    }

    #[test]
    fn labels_of_every_version_and_locale_are_read() {
        let text = "0,000000\t0,000000\tMoney\r\n\\\t100.0\t200.0\n195.098000\t200.5\tA\tB\n201\tOld\n300.5\t300.5\n\nnonsense\n-0.5\t1\tEarly\n1.2.3\t4\tx\n";
        assert!(recognise(text));
        assert!(!recognise("00:00:00\tTitle"));
        insta::assert_snapshot!(problems(read(text)), @r"
        7: `nonsense` is no number of seconds, such as `195.098`
        8: `-0.5` lies before the recording begins
        9: `1.2.3` is no number of seconds, such as `195.098`
        00:00:00.000 Money
        00:03:15.098 to 00:03:20.500 A	B
        00:03:21.000 Old
        00:05:00.500
        ");
    }
}
