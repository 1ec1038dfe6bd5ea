//! How loud a recording is from moment to moment, for pictures and for finding the pauses inside a sentence.

use serde::{Deserialize, Serialize};

use super::time::{Duration, Timestamp};

/// No part that could not be heard is longer than a day.
const LONGEST_GAP: usize = 24 * 3600 * 20;

/// The peak of each twentieth of a second, 0 to 255 of full scale.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Waveform {
    peaks: Vec<u8>,
}

impl Waveform {
    /// What one peak stands for.
    pub const PEAK: Duration = Duration::from_millis(50);

    /// From the peaks in order.
    pub fn new(peaks: Vec<u8>) -> Self {
        Self { peaks }
    }

    /// The peaks in order.
    pub fn peaks(&self) -> &[u8] {
        &self.peaks
    }

    /// The loudest peak; 0 where there is none.
    pub fn loudest(&self) -> u8 {
        self.peaks.iter().max().copied().unwrap_or(0)
    }

    /// The peak of each of so many equal stretches of the recording.
    pub fn bars(&self, count: usize) -> impl Iterator<Item = u8> + '_ {
        (0..count).map(move |bar| {
            let from = self.peaks.len() * bar / count;
            let share = from..(self.peaks.len() * (bar + 1) / count).max(from + 1);
            self.peaks.get(share).and_then(|p| p.iter().max()).copied().unwrap_or(0)
        })
    }

    /// Lays the next part of a recording behind this one, which ends at `at`. Both are exact to half a peak.
    pub fn join(&mut self, at: Timestamp, next: &Self) {
        let half = Self::PEAK.millis() / 2;
        for (peak, number) in next.peaks.iter().zip(0_u64..) {
            let middle = at.millis().saturating_add(number * Self::PEAK.millis() + half);
            let slot = usize::try_from(middle / Self::PEAK.millis()).unwrap_or(usize::MAX);
            if slot > self.peaks.len() + LONGEST_GAP {
                break;
            }
            if slot >= self.peaks.len() {
                self.peaks.resize(slot + 1, 0);
            }
            if let Some(own) = self.peaks.get_mut(slot) {
                *own = (*own).max(*peak);
            }
        }
    }
}

impl std::fmt::Debug for Waveform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waveform({} peaks)", self.peaks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_laid_where_they_begin() {
        // Three parts of 1.02 s each, the last peak of which lasts 20 ms; every part begins with a loud peak.
        let part = Waveform::new([vec![200], vec![10; 20]].concat());
        let mut whole = Waveform::default();
        for n in 0..50 {
            whole.join(Timestamp::from_millis(n * 1_020), &part);
        }
        let loud: Vec<u64> = (0_u64..).zip(whole.peaks()).filter(|(_, p)| **p == 200).map(|(slot, _)| slot).collect();
        assert_eq!(loud.len(), 50);
        for (slot, n) in loud.iter().zip(0_u64..) {
            assert!((slot * 50).abs_diff(n * 1_020) <= 25, "part {n} begins with peak {slot}");
        }
    }

    #[test]
    fn a_bar_is_the_loudest_moment_of_its_stretch() {
        let bars = |peaks: &[u8], count| Waveform::new(peaks.to_vec()).bars(count).collect::<Vec<_>>();
        assert_eq!(bars(&[1, 9, 2, 3, 8, 4], 3), [9, 3, 8]);
        assert_eq!(bars(&[5], 3), [5, 5, 5]);
        assert_eq!(bars(&[], 2), [0, 0]);
    }
}
