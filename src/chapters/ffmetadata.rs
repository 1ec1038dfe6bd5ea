//! FFmpeg's metadata file: `;FFMETADATA1` with a `[CHAPTER]` block for each chapter.

use super::{Carrier, Context, Flaw, Reading};
use crate::model::chapter::{ChapterList, Mark};
use crate::model::time::Timestamp;

pub(super) const CARRIER: Carrier = Carrier {
    name: "ffmetadata",
    media_type: "text/plain",
    extensions: &["ffmetadata", "ini"],
    recognise,
    read: Some(read),
    write: Some(write),
};

const HEAD: &str = ";FFMETADATA";

fn recognise(text: &str) -> bool {
    text.starts_with(HEAD)
}

/// One block as it is being read.
struct Block {
    line: usize,
    base: Option<(u64, u64)>,
    start: Option<u64>,
    end: Option<u64>,
    title: String,
}

fn read(text: &str) -> Reading {
    let mut marks = Vec::new();
    let mut flaws = Vec::new();
    let mut block: Option<Block> = None;
    for (number, line) in logical_lines(text) {
        if line.is_empty() || line.starts_with([';', '#']) {
            continue;
        }
        if line.starts_with('[') {
            finish(block.take(), &mut marks, &mut flaws);
            block = line.trim_end().eq_ignore_ascii_case("[CHAPTER]").then(|| Block {
                line: number,
                // FFmpeg counts nanoseconds where nothing is said.
                base: Some((1, 1_000_000_000)),
                start: None,
                end: None,
                title: String::new(),
            });
            continue;
        }
        let Some((key, value)) = split(&line) else {
            flaws.push(Flaw::new(number, "a line is `key=value`, such as `START=195098`"));
            continue;
        };
        let Some(block) = &mut block else { continue };
        match key.to_ascii_uppercase().as_str() {
            "TIMEBASE" => {
                block.base = base(&value);
                if block.base.is_none() {
                    flaws.push(Flaw::new(number, format!("`{value}` is no time base: write `TIMEBASE=1/1000`")));
                }
            }
            "START" | "END" => match value.trim().parse() {
                Ok(count) if key.eq_ignore_ascii_case("START") => block.start = Some(count),
                Ok(count) => block.end = Some(count),
                Err(_) => flaws.push(Flaw::new(number, format!("`{value}` is no whole number from 0 on"))),
            },
            "TITLE" => block.title = value,
            _ => {}
        }
    }
    finish(block, &mut marks, &mut flaws);
    Ok((marks, flaws))
}

fn finish(block: Option<Block>, marks: &mut Vec<Mark>, flaws: &mut Vec<Flaw>) {
    let Some(block) = block else { return };
    let time = |count: Option<u64>| -> Option<Timestamp> {
        let ((over, under), count) = (block.base?, count?);
        let nearest = (u128::from(count) * u128::from(over) * 1000 + u128::from(under) / 2) / u128::from(under);
        Some(Timestamp::from_millis(u64::try_from(nearest).ok()?))
    };
    match time(block.start) {
        Some(start) => marks.push(Mark {
            end: time(block.end).filter(|end| *end > start),
            line: Some(block.line),
            ..Mark::new(start, block.title)
        }),
        None => flaws.push(Flaw::new(block.line, "this chapter has no `START` that makes sense")),
    }
}

/// A fraction of a second; both numbers are 32-bit in FFmpeg.
fn base(value: &str) -> Option<(u64, u64)> {
    let (over, under) = value.trim().split_once('/')?;
    let (over, under): (u32, u32) = (over.parse().ok()?, under.parse().ok()?);
    (over > 0 && under > 0).then_some((over.into(), under.into()))
}

/// Lines with their numbers, still escaped; a backslash at the end of a line joins the next one.
fn logical_lines(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut lines = text.lines().enumerate();
    std::iter::from_fn(move || {
        let (index, first) = lines.next()?;
        let mut line = first.to_owned();
        while ends_in_escape(&line) {
            let Some((_, next)) = lines.next() else { break };
            line.push('\n');
            line.push_str(next);
        }
        Some((index + 1, line))
    })
}

fn ends_in_escape(line: &str) -> bool {
    line.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1
}

/// Key and value around the first `=` that is not escaped, both without their escapes.
fn split(line: &str) -> Option<(String, String)> {
    let mut key = None;
    let mut part = String::new();
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => part.extend(characters.next()),
            '=' if key.is_none() => key = Some(std::mem::take(&mut part)),
            _ => part.push(c),
        }
    }
    key.map(|key| (key, part))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '=' | ';' | '#' | '\\' | '\n') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn write(list: &ChapterList, context: &Context<'_>) -> String {
    let mut text = format!("{HEAD}1\n");
    for (key, value) in [("title", context.title), ("album", context.show), ("artist", context.author)] {
        if !value.is_empty() {
            text.push_str(&format!("{key}={}\n", escape(value)));
        }
    }
    for (chapter, end) in list.spans() {
        text.push_str(&format!(
            "\n[CHAPTER]\nTIMEBASE=1/1000\nSTART={}\nEND={}\ntitle={}\n",
            chapter.start.millis(),
            end.millis(),
            escape(chapter.title.as_str())
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::{list, problems};
    use super::*;

    #[test]
    fn what_ffmpeg_reads() {
        let list = list(&[(0, "Money"), (195_098, "a=b; #c \\ d")]);
        let context = Context { title: "T=1", show: "S", author: "" };
        insta::assert_snapshot!(write(&list, &context), @r"
        ;FFMETADATA1
        title=T\=1
        album=S

        [CHAPTER]
        TIMEBASE=1/1000
        START=0
        END=195098
        title=Money

        [CHAPTER]
        TIMEBASE=1/1000
        START=195098
        END=255098
        title=a\=b\; \#c \\ d
        ");
    }

    #[test]
    fn time_bases_and_escapes_are_understood() {
        let text = ";FFMETADATA1\ntitle=Global\n[CHAPTER]\nSTART=1500000000\ntitle=two\\\nlines \\= one\n[STREAM]\ntitle=no\n[CHAPTER]\nTIMEBASE=1/44100\nSTART=22050\nEND=44100\n; comment\ntitle=Half\n[CHAPTER]\nTIMEBASE=0/0\nSTART=x\nnonsense\n";
        insta::assert_snapshot!(problems(read(text)), @r"
        16: `0/0` is no time base: write `TIMEBASE=1/1000`
        17: `x` is no whole number from 0 on
        18: a line is `key=value`, such as `START=195098`
        15: this chapter has no `START` that makes sense
        00:00:01.500 two
        lines = one
        00:00:00.500 to 00:00:01.000 Half
        ");
    }
}
