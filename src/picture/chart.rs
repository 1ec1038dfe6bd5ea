//! A recording at a glance, as PNG: its waveform, where chapters start and how sure that is, what is extra and what is
//! missing. Drawn so large that it can be read at a quarter of its size.

use std::io::Cursor;
use std::ops::Range;

use image::{ImageFormat, Rgb, RgbImage};

use crate::model::script::{ExtraKind, Passage, Role, Script};
use crate::model::time::{Duration, Timestamp};
use crate::model::waveform::Waveform;

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 400;
/// From top to bottom: flags with the numbers of sections, how sure each start is, the waveform, what is extra, what
/// is missing.
const FLAGS: Range<u32> = 8..80;
const SURENESS: Range<u32> = 92..132;
const WAVE: Range<u32> = 144..312;
const EXTRA: Range<u32> = 324..348;
const MISSING: Range<u32> = 356..392;
/// Bars of the waveform.
const BARS: usize = 160;
const POLE: u32 = 6;
/// A dot of a digit, and the size of a digit in dots.
const DOT: u32 = 8;
const DIGIT: (u32, u32) = (5, 7);
/// What is short is still seen at a quarter of the size.
const LEAST: u32 = 8;

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const SHADE: Rgb<u8> = Rgb([238, 241, 245]);
const INK: Rgb<u8> = Rgb([70, 84, 104]);
const SURE: Rgb<u8> = Rgb([0, 122, 77]);
const DOUBTED: Rgb<u8> = Rgb([184, 110, 0]);
const UNSURE: Rgb<u8> = Rgb([196, 28, 44]);
const SPEECH: Rgb<u8> = Rgb([222, 120, 20]);
const MUSIC: Rgb<u8> = Rgb([126, 70, 190]);
const SILENCE: Rgb<u8> = Rgb([160, 168, 178]);

/// What the colours mean, for whoever prints it beside the picture.
pub const LEGEND: &str = "flags: green sure, amber less so, red needs review; below the waveform: orange speech, violet \
                          music and grey silence that the article does not have; red at the bottom: not read";

/// Draws a recording of this length with this waveform.
pub fn png(waveform: &Waveform, script: &Script, duration: Duration) -> Vec<u8> {
    let mut chart = Chart { picture: RgbImage::from_pixel(WIDTH, HEIGHT, PAPER), duration };
    chart.chapters(script);
    chart.waveform(waveform);
    chart.extra(script);
    chart.missing(script);
    chart.flags(script);
    let mut bytes = Cursor::new(Vec::new());
    // Writing to memory fails for no picture of this size.
    let _ = chart.picture.write_to(&mut bytes, ImageFormat::Png);
    bytes.into_inner()
}

struct Chart {
    picture: RgbImage,
    duration: Duration,
}

impl Chart {
    fn x(&self, at: Timestamp) -> u32 {
        let length = u128::from(self.duration.millis().max(1));
        u32::try_from(u128::from(at.millis()) * u128::from(WIDTH) / length).unwrap_or(WIDTH).min(WIDTH)
    }

    fn fill(&mut self, across: Range<u32>, down: Range<u32>, colour: Rgb<u8>) {
        for y in down.start..down.end.min(HEIGHT) {
            for x in across.start..across.end.min(WIDTH) {
                self.picture.put_pixel(x, y, colour);
            }
        }
    }

    /// Every second chapter on another ground, and above it how sure its start is.
    fn chapters(&mut self, script: &Script) {
        for (number, (chapter, end)) in script.chapters.iter().flat_map(|l| l.spans()).enumerate() {
            let across = self.x(chapter.start)..self.x(end);
            if number % 2 == 1 {
                self.fill(across.clone(), 0..HEIGHT, SHADE);
            }
            let confidence = chapter.confidence.value();
            let tall = SURENESS.end - SURENESS.start;
            // A share of forty: positive and small.
            let filled = ((confidence * tall as f32).round() as u32).clamp(4, tall);
            let inside = across.start + 2..across.end.saturating_sub(2).max(across.start + 4);
            self.fill(inside, SURENESS.end - filled..SURENESS.end, colour_of(confidence));
        }
    }

    fn waveform(&mut self, waveform: &Waveform) {
        let middle = (WAVE.start + WAVE.end) / 2;
        let wide = WIDTH / BARS as u32;
        for (bar, peak) in waveform.bars(BARS).enumerate() {
            let half = (u32::from(peak) * (WAVE.end - WAVE.start) / 510).max(2);
            let x = bar as u32 * wide;
            self.fill(x..x + wide - 2, middle - half..middle + half, INK);
        }
    }

    fn extra(&mut self, script: &Script) {
        for extra in &script.extra {
            let colour = match extra.kind {
                ExtraKind::Speech => SPEECH,
                ExtraKind::Music => MUSIC,
                ExtraKind::Silence => SILENCE,
            };
            let from = self.x(extra.span.start);
            self.fill(from..self.x(extra.span.end).max(from + LEAST), EXTRA, colour);
        }
    }

    /// What is not read stands where it would have been: behind the last text before it that is.
    fn missing(&mut self, script: &Script) {
        if script.narrated_share.is_none() {
            return;
        }
        let mut at = 0;
        let mut edge = 0;
        for passage in &script.passages {
            if let Some(span) = passage.span {
                at = self.x(span.end);
                continue;
            }
            let is_section = passage.role == Role::Heading && is_missing(passage, script);
            if passage.narrated || !(is_section || passage.role == Role::Paragraph) {
                continue;
            }
            let from = at.max(edge).min(WIDTH - LEAST);
            if is_section {
                let wide = self.number(from, MISSING.start + 4, passage.section + 1, UNSURE, DOT / 2);
                edge = from + wide + LEAST;
            } else {
                self.fill(from..from + LEAST, MISSING, UNSURE);
                edge = from + LEAST + 4;
            }
        }
    }

    fn flags(&mut self, script: &Script) {
        let mut edge = 0;
        for chapter in script.chapters.iter().flat_map(|l| l.chapters()) {
            let colour = colour_of(chapter.confidence.value());
            let x = self.x(chapter.start).min(WIDTH - POLE);
            self.fill(x..x + POLE, 0..WAVE.end, colour);
            let Some(section) = chapter.section else { continue };
            let number = section + 1;
            let wide = digits(number).len() as u32 * (DIGIT.0 + 1) * DOT + DOT;
            // At the right edge a flag flies to the left; where two would overlap, the first is seen.
            let left = if x + POLE + wide > WIDTH { x.saturating_sub(wide) } else { x + POLE };
            if left < edge {
                continue;
            }
            edge = left + wide;
            self.fill(left..left + wide, FLAGS, colour);
            self.number(left + DOT, FLAGS.start + DOT, number, PAPER, DOT);
        }
    }

    /// Writes a number and says how wide it is.
    fn number(&mut self, x: u32, y: u32, number: usize, colour: Rgb<u8>, dot: u32) -> u32 {
        let mut left = x;
        for digit in digits(number) {
            for (row, bits) in DIGITS.get(digit).into_iter().flatten().enumerate() {
                for column in (0..DIGIT.0).filter(|c| bits >> (DIGIT.0 - 1 - c) & 1 == 1) {
                    let (left, top) = (left + column * dot, y + row as u32 * dot);
                    self.fill(left..left + dot, top..top + dot, colour);
                }
            }
            left += (DIGIT.0 + 1) * dot;
        }
        left - x
    }
}

fn is_missing(passage: &Passage, script: &Script) -> bool {
    script.missing.contains(&crate::model::chapter::clean_title(&passage.text).to_string())
}

fn colour_of(confidence: f32) -> Rgb<u8> {
    match confidence {
        c if c >= 0.8 => SURE,
        c if c >= 0.5 => DOUBTED,
        _ => UNSURE,
    }
}

fn digits(number: usize) -> Vec<usize> {
    number.to_string().bytes().map(|b| usize::from(b - b'0')).collect()
}

/// Five by seven dots each, a row a number, the left dot its highest bit.
const DIGITS: [[u8; 7]; 10] = [
    [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
    [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
    [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
    [0b01110, 0b10001, 0b00001, 0b00110, 0b00001, 0b10001, 0b01110],
    [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
    [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
    [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
    [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
    [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
    [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::chapter::{Chapter, ChapterList, Confidence, Origin};
    use crate::model::script::{Extra, Span, Verdict};
    use crate::model::text::Line;

    const LENGTH: Duration = Duration::from_millis(1_280_000);

    fn script(starts: &[(u64, f32)]) -> Script {
        let chapter = |(section, (start, confidence)): (usize, &(u64, f32))| Chapter {
            start: Timestamp::from_millis(*start),
            title: Line::new("A section"),
            origin: Origin::Aligned,
            confidence: Confidence::new(*confidence),
            heard: None,
            section: Some(section),
            url: None,
        };
        let span = |from: u64, to: u64| Span { start: Timestamp::from_millis(from), end: Timestamp::from_millis(to) };
        Script {
            title: "A section".into(),
            chapters: ChapterList::new(starts.iter().enumerate().map(chapter).collect(), LENGTH).ok(),
            verdict: Verdict::Partly,
            method: None,
            narrated_share: Some(0.8),
            passages: vec![
                Passage {
                    section: 0,
                    role: Role::Paragraph,
                    text: "Read.".into(),
                    span: Some(span(0, 1_000_000)),
                    narrated: true,
                    sentences: Vec::new(),
                },
                Passage {
                    section: 7,
                    role: Role::Paragraph,
                    text: "Not read.".into(),
                    span: None,
                    narrated: false,
                    sentences: Vec::new(),
                },
            ],
            missing: Vec::new(),
            doubts: Vec::new(),
            extra: vec![Extra { span: span(600_000, 601_000), kind: ExtraKind::Music }],
        }
    }

    fn drawn(starts: &[(u64, f32)]) -> RgbImage {
        let bytes = png(&Waveform::new(vec![128; 999]), &script(starts), LENGTH);
        image::load_from_memory(&bytes).expect("a picture").to_rgb8()
    }

    #[test]
    fn marks_stand_where_they_are_in_the_colour_of_their_confidence() {
        let picture = drawn(&[(0, 1.0), (400_000, 0.7), (800_000, 0.2)]);
        assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
        for (x, colour) in [(2, SURE), (402, DOUBTED), (802, UNSURE)] {
            assert_eq!(*picture.get_pixel(x, 4), colour, "{x}");
        }
        assert_eq!(*picture.get_pixel(604, EXTRA.start + 2), MUSIC, "the shortest jingle is seen");
        assert_eq!(*picture.get_pixel(1_002, MISSING.start + 2), UNSURE, "behind what was read last");
    }

    #[test]
    fn any_number_of_chapters_can_be_drawn() {
        for count in [1, 2, 40, 255] {
            drawn(&(0..count).map(|n| (n * 5_000, 0.5)).collect::<Vec<_>>());
        }
        png(&Waveform::default(), &Script { chapters: None, ..script(&[]) }, Duration::ZERO);
    }
}
