//! The waveform of a recording as SVG: bars that can be read at 320 pixels, with the chapters' boundaries.

use std::fmt::Write;

use crate::model::chapter::ChapterList;
use crate::model::waveform::Waveform;

/// Bars across the picture; each stands for the loudest moment of its share.
const BARS: usize = 160;
const WIDTH: usize = 800;
const HEIGHT: usize = 80;
/// The lowest peak that fills the picture.
const QUIETEST: u8 = 16;

/// Draws a recording. Colours are those of the text around the picture.
pub fn svg(waveform: &Waveform, chapters: Option<&ChapterList>) -> String {
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" \
         fill=\"currentColor\" aria-hidden=\"true\">\n<path d=\""
    );
    // A quiet recording can be read as well as a loud one; silence stays silence.
    let full = usize::from(waveform.loudest().max(QUIETEST));
    let step = WIDTH / BARS;
    for (bar, peak) in waveform.bars(BARS).enumerate() {
        // Silence keeps a line, so that the bar can be seen and pressed everywhere.
        let height = (usize::from(peak) * (HEIGHT - 4) / full).max(2);
        // Writing to a string cannot fail.
        let _ = write!(out, "M{} {}h{}v{height}h-{}z", bar * step, (HEIGHT - height) / 2, step - 2, step - 2);
    }
    out.push_str("\"/>\n");
    let list = chapters.map(|l| (l.chapters(), l.duration().millis().max(1)));
    for (chapter, length) in
        list.iter().flat_map(|(chapters, length)| chapters.iter().skip(1).map(move |c| (c, *length)))
    {
        let at = u128::from(chapter.start.millis()) * WIDTH as u128 / u128::from(length);
        let _ = writeln!(out, "<rect x=\"{at}\" width=\"1\" height=\"{HEIGHT}\" opacity=\".5\"/>");
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_recording_fills_the_picture_and_silence_does_not() {
        let heights = |peak: u8| svg(&Waveform::new(vec![peak; 320]), None).matches("v76h").count();
        assert_eq!([heights(255), heights(40), heights(3)], [BARS, BARS, 0]);
    }

    #[test]
    fn every_bar_is_drawn_however_few_peaks_there_are() {
        for peaks in [vec![], vec![255], vec![0; 7], vec![128; 100_000]] {
            let picture = svg(&Waveform::new(peaks), None);
            assert_eq!(picture.matches('M').count(), BARS);
            assert!(picture.len() < 8_000, "{}", picture.len());
        }
    }
}
