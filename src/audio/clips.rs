//! A few seconds of a recording at a time, as WAV files that anything plays.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::io::Cursor;

use hound::{SampleFormat, WavSpec, WavWriter};

use super::decode::{Block, Meter, decode};
use super::{Source, Unreadable, probe};
use crate::model::time::{SampleRate, Timestamp};

/// A stretch that is wanted, by a number that the caller gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The caller's number.
    pub number: usize,
    /// Its first moment.
    pub from: Timestamp,
    /// The moment behind its last.
    pub to: Timestamp,
}

/// Cuts stretches out of a recording in one pass. Each is handed on as a whole WAV file (16 bit, the recording's own
/// rate and channels) as soon as it is complete; one that lies behind the end is not.
///
/// # Errors
/// Where the recording cannot be decoded.
pub fn cut(
    mut source: Box<dyn Source>,
    name: &str,
    wanted: &[Wanted],
    each: &mut dyn FnMut(usize, Vec<u8>),
) -> Result<(), Unreadable> {
    let walk = probe(&mut *source, name)?;
    let (channels, rate) = (walk.recording.channels, walk.recording.sample_rate);
    let mut open: Vec<Clip> = wanted.iter().map(|w| Clip::new(*w, rate)).collect();
    open.sort_by_key(|c| (c.from, c.number));
    open.reverse();
    let mut cutter = Cutter { coming: open, running: Vec::new(), at: 0, channels, rate, each };
    decode(source, &walk, &mut [&mut cutter]).ok_or_else(|| {
        Unreadable::new("There is no decoder for this recording.").help("Export it as MP3, M4A or WAV.")
    })?;
    let rest = std::mem::take(&mut cutter.running);
    rest.into_iter().for_each(|clip| cutter.close(clip));
    Ok(())
}

/// A stretch in frames, and what was heard of it.
struct Clip {
    number: usize,
    from: u64,
    to: u64,
    samples: Vec<i16>,
}

impl Clip {
    fn new(wanted: Wanted, rate: SampleRate) -> Self {
        let frame = |at: Timestamp| at.millis().saturating_mul(u64::from(rate.hz())) / 1000;
        Self { number: wanted.number, from: frame(wanted.from), to: frame(wanted.to), samples: Vec::new() }
    }
}

struct Cutter<'a> {
    /// What has not begun, the next one last.
    coming: Vec<Clip>,
    running: Vec<Clip>,
    /// Frames that have passed.
    at: u64,
    channels: u16,
    rate: SampleRate,
    each: &'a mut dyn FnMut(usize, Vec<u8>),
}

impl Cutter<'_> {
    fn close(&mut self, clip: Clip) {
        if let Some(bytes) = wav(&clip.samples, self.channels, self.rate).filter(|_| !clip.samples.is_empty()) {
            (self.each)(clip.number, bytes);
        }
    }
}

impl Meter for Cutter<'_> {
    fn feed(&mut self, block: Block<'_>) {
        let channels = block.channels.max(1);
        let frames = (block.samples.len() / channels) as u64;
        let end = self.at + frames;
        while let Some(clip) = self.coming.pop_if(|c| c.from < end) {
            self.running.push(clip);
        }
        for clip in &mut self.running {
            let first = clip.from.max(self.at) - self.at;
            let last = clip.to.clamp(self.at, end) - self.at;
            let part = |frame: u64| usize::try_from(frame).unwrap_or(usize::MAX).saturating_mul(channels);
            let samples = block.samples.get(part(first)..part(last)).unwrap_or_default();
            // A cast saturates.
            clip.samples.extend(samples.iter().map(|s| (s * 32_767.0).round() as i16));
        }
        self.at = end;
        let (done, running) = std::mem::take(&mut self.running).into_iter().partition(|c| c.to <= end);
        self.running = running;
        let done: Vec<Clip> = done;
        done.into_iter().for_each(|clip| self.close(clip));
    }
}

fn wav(samples: &[i16], channels: u16, rate: SampleRate) -> Option<Vec<u8>> {
    let spec = WavSpec { channels, sample_rate: rate.hz(), bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut bytes, spec).ok()?;
    samples.iter().try_for_each(|s| writer.write_sample(*s)).ok()?;
    writer.finalize().ok()?;
    Some(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One second of stereo whose left channel counts hundredths and whose right channel is the reverse.
    fn ramp() -> Vec<u8> {
        let samples: Vec<i16> = (0..8_000).flat_map(|n: i16| [n, -n]).collect();
        wav(&samples, 2, SampleRate::new(8_000).expect("not zero")).expect("memory")
    }

    fn cuts(wanted: &[(u64, u64)]) -> Vec<(usize, Vec<i16>)> {
        let wanted: Vec<Wanted> = wanted
            .iter()
            .enumerate()
            .map(|(number, (from, to))| Wanted {
                number,
                from: Timestamp::from_millis(*from),
                to: Timestamp::from_millis(*to),
            })
            .collect();
        let mut out = Vec::new();
        let mut each = |number, bytes: Vec<u8>| {
            let mut reader = hound::WavReader::new(Cursor::new(bytes)).expect("a WAV file");
            assert_eq!((reader.spec().channels, reader.spec().sample_rate), (2, 8_000));
            out.push((number, reader.samples::<i16>().step_by(2).map(|s| s.expect("a sample")).collect()));
        };
        cut(Box::new(Cursor::new(ramp())), "ramp.wav", &wanted, &mut each).expect("it can be cut");
        out.sort();
        out
    }

    #[test]
    fn clips_are_cut_to_the_frame_also_where_they_overlap_or_reach_past_the_end() {
        let found = cuts(&[(900, 1_500), (100, 200), (150, 160), (0, 10), (2_000, 3_000)]);
        let numbers: Vec<usize> = found.iter().map(|(n, _)| *n).collect();
        assert_eq!(numbers, [0, 1, 2, 3], "what lies behind the end is not there");
        let near = |clip: &[i16], from: i16, count: usize| {
            assert_eq!(clip.len(), count);
            assert!(clip.iter().zip(from..).all(|(a, b)| a.abs_diff(b) <= 1), "{:?}", &clip[..4]);
        };
        near(&found[0].1, 7_200, 800);
        near(&found[1].1, 800, 800);
        near(&found[2].1, 1_200, 80);
        near(&found[3].1, 0, 80);
    }
}
