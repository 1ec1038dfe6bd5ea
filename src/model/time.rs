//! Instants, lengths and rates of audio: the only place where time is a number.
//!
//! Milliseconds carry what is published (chapters, durations); sample frames carry what is exact.
//! Only [`Frames::duration`] and [`Frames::timestamp`] round, to the nearest millisecond.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// An instant of a recording: milliseconds from its first audible frame.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Timestamp(u64);

/// A length of audio in milliseconds, never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Duration(u64);

/// A count of sample frames (one sample of every channel): the only exact length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Frames(u64);

/// Sample frames per second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct SampleRate(NonZeroU32);

impl Timestamp {
    /// The first audible frame.
    pub const ZERO: Self = Self(0);

    /// An instant so many milliseconds into the recording.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// From seconds as JSON and label files write them; `None` below zero, not finite, or beyond 49 days.
    pub fn from_seconds(seconds: f64) -> Option<Self> {
        millis_of(seconds).map(Self)
    }

    /// Milliseconds from the first audible frame.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// True for the first audible frame.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Seconds for JSON: three decimals at most.
    pub fn seconds(self) -> f64 {
        in_seconds(self.0)
    }

    /// The instant as far from zero as the length says.
    pub const fn after(length: Duration) -> Self {
        Self(length.0)
    }

    /// The length from an earlier instant to this one; `None` where `earlier` is later.
    pub fn since(self, earlier: Self) -> Option<Duration> {
        self.0.checked_sub(earlier.0).map(Duration)
    }

    /// This instant moved later; saturates at the far end of time.
    pub fn plus(self, length: Duration) -> Self {
        Self(self.0.saturating_add(length.0))
    }

    /// This instant moved earlier; never before zero.
    pub fn minus(self, length: Duration) -> Self {
        Self(self.0.saturating_sub(length.0))
    }

    /// `H:MM:SS`, floored, for lists that a person reads.
    pub fn hms(self) -> String {
        let s = self.0 / 1000;
        format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }

    /// `HH:MM:SS`, floored so that a player never starts inside the first word: for timestamps in show notes.
    pub fn notes(self) -> String {
        let s = self.0 / 1000;
        format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }

    /// Normal play time `HH:MM:SS.mmm`, for Podlove chapters and Vorbis comments.
    pub fn npt(self) -> String {
        clock(self.0, '.')
    }

    /// `HH:MM:SS.mmm` as WebVTT wants it.
    pub fn vtt(self) -> String {
        clock(self.0, '.')
    }

    /// `HH:MM:SS,mmm` as SubRip wants it.
    pub fn srt(self) -> String {
        clock(self.0, ',')
    }

    /// Reads `[[H]H:]MM:SS[.fraction]` or plain seconds; `,` may stand for the point. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, fraction) = match text.split_once(['.', ',']) {
            Some((w, f)) => (w, Some(f)),
            None => (text, None),
        };
        let mut millis: u64 = 0;
        let parts: Vec<&str> = whole.split(':').collect();
        if parts.len() > 3 {
            return None;
        }
        for (i, part) in parts.iter().enumerate() {
            if part.is_empty() || part.len() > 9 || !part.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            let n: u64 = part.parse().ok()?;
            if i > 0 && n > 59 {
                return None;
            }
            millis = millis.checked_mul(60)?.checked_add(n)?;
        }
        millis = millis.checked_mul(1000)?;
        if let Some(fraction) = fraction {
            if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            // Microseconds first, so that a fourth digit rounds instead of being cut.
            let mut micros = 0;
            let mut unit = 100_000;
            for digit in fraction.bytes().take(6) {
                micros += u64::from(digit - b'0') * unit;
                unit /= 10;
            }
            millis += (micros + 500) / 1000;
        }
        Some(Self(millis))
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A length of so many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// From seconds as headers state them; `None` below zero, not finite, or beyond 49 days.
    pub fn from_seconds(seconds: f64) -> Option<Self> {
        millis_of(seconds).map(Self)
    }

    /// The length in milliseconds.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// True where there is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Seconds for JSON: three decimals at most.
    pub fn seconds(self) -> f64 {
        in_seconds(self.0)
    }

    /// Whole seconds, to the nearest and at least 1, as `itunes:duration` wants them.
    pub fn whole_seconds(self) -> u64 {
        (self.0.saturating_add(500) / 1000).max(1)
    }

    /// How far two lengths lie apart.
    pub fn apart(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }

    /// The sum of two lengths.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// `H:MM:SS.mmm` for a person.
    pub fn hms(self) -> String {
        let s = self.0 / 1000;
        format!("{}:{:02}:{:02}.{:03}", s / 3600, s / 60 % 60, s % 60, self.0 % 1000)
    }

    /// ISO 8601 `PT…S` for structured data.
    pub fn iso8601(self) -> String {
        let s = self.0 / 1000;
        let (h, m) = (s / 3600, s / 60 % 60);
        let mut out = String::from("PT");
        if h > 0 {
            out.push_str(&format!("{h}H"));
        }
        if m > 0 {
            out.push_str(&format!("{m}M"));
        }
        out.push_str(&format!("{}.{:03}S", s % 60, self.0 % 1000));
        out
    }
}

impl Frames {
    /// No frame at all.
    pub const ZERO: Self = Self(0);

    /// So many sample frames.
    pub const fn new(count: u64) -> Self {
        Self(count)
    }

    /// The bare count.
    pub const fn count(self) -> u64 {
        self.0
    }

    /// The length of these frames, to the nearest millisecond.
    pub fn duration(self, rate: SampleRate) -> Duration {
        Duration(self.in_millis(rate))
    }

    /// The instant at which the frame of this index plays, to the nearest millisecond.
    pub fn timestamp(self, rate: SampleRate) -> Timestamp {
        Timestamp(self.in_millis(rate))
    }

    fn in_millis(self, rate: SampleRate) -> u64 {
        let hz = u128::from(rate.hz());
        let millis = (u128::from(self.0) * 1000 + hz / 2) / hz;
        u64::try_from(millis).unwrap_or(u64::MAX)
    }

    /// The sum of two counts.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left without `other`; never below zero.
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SampleRate {
    /// A rate in hertz; `None` for zero.
    pub fn new(hz: u32) -> Option<Self> {
        NonZeroU32::new(hz).map(Self)
    }

    /// Sample frames per second.
    pub fn hz(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.npt())
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hms())
    }
}

/// ID3 chapters end at 2^32 milliseconds; nothing longer is a recording.
const LONGEST_MILLIS: f64 = 4_294_967_294.0;

fn millis_of(seconds: f64) -> Option<u64> {
    let millis = (seconds * 1000.0).round();
    // False for NaN too, and bounds the cast.
    (0.0..=LONGEST_MILLIS).contains(&millis).then_some(millis as u64)
}

fn in_seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}

fn clock(millis: u64, point: char) -> String {
    let s = millis / 1000;
    format!("{:02}:{:02}:{:02}{point}{:03}", s / 3600, s / 60 % 60, s % 60, millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_usual_form() {
        let check = |text: &str, millis: Option<u64>| {
            assert_eq!(Timestamp::parse(text).map(Timestamp::millis), millis, "{text:?}")
        };
        check("195.098", Some(195_098));
        check("03:15.098", Some(195_098));
        check("00:03:15,098", Some(195_098));
        check("7:48", Some(468_000));
        check("1:00:00", Some(3_600_000));
        check("12.0004", Some(12_000));
        check("12.0006", Some(12_001));
        check("1:60", None);
        check("-1", None);
        check("1:2:3:4", None);
        check("", None);
        check("1.", None);
        check("٣", None);
    }

    #[test]
    fn only_frames_round_and_to_the_nearest() {
        let rate = SampleRate::new(44_100).expect("not zero");
        assert_eq!(Frames::new(22).duration(rate), Duration::from_millis(0));
        assert_eq!(Frames::new(23).duration(rate), Duration::from_millis(1));
        assert_eq!(Frames::new(44_100 * 3600).duration(rate).hms(), "1:00:00.000");
    }

    #[test]
    fn itunes_never_sees_zero_seconds() {
        assert_eq!(Duration::from_millis(20).whole_seconds(), 1);
        assert_eq!(Duration::from_millis(1_346_977).whole_seconds(), 1347);
    }
}
