//! The loudness meter: ITU-R BS.1770-4 integrated loudness and true peak, EBU Tech 3342 range.

use ebur128::{EbuR128, Mode};

use super::decode::{Block, Meter};
use crate::model::audio::{Dbtp, Loudness, Lufs};
use crate::model::time::SampleRate;

/// Below this gate nothing counts as sound (BS.1770-4).
const ABSOLUTE_GATE: f64 = -70.0;

/// Measures all channels together; a mono recording counts as one channel, so it reads 3 LU lower than the same voice
/// on two.
pub(super) struct LoudnessMeter {
    meter: Option<EbuR128>,
    channels: u32,
}

impl LoudnessMeter {
    pub(super) fn new(channels: u16, rate: SampleRate) -> Self {
        // The histogram bounds memory: without it, every block's energy is kept.
        let mode = Mode::I | Mode::LRA | Mode::TRUE_PEAK | Mode::HISTOGRAM;
        let channels = u32::from(channels);
        Self { meter: EbuR128::new(channels, rate.hz(), mode).ok(), channels }
    }

    /// What was measured; `None` where everything is below the gate.
    pub(super) fn finish(&self) -> Option<Loudness> {
        let meter = self.meter.as_ref()?;
        let integrated = meter.loudness_global().ok().filter(|l| *l > ABSOLUTE_GATE)?;
        let range_lu = meter.loudness_range().ok()?;
        let peak = (0..self.channels).filter_map(|c| meter.true_peak(c).ok()).fold(0.0, f64::max);
        Some(Loudness { integrated: Lufs(integrated), range_lu, true_peak: Dbtp(20.0 * peak.log10()) })
    }
}

impl Meter for LoudnessMeter {
    fn feed(&mut self, block: Block<'_>) {
        if let Some(meter) = &mut self.meter
            && meter.add_frames_f32(block.samples).is_err()
        {
            // It only refuses blocks that do not fit its channels; then nothing it says would be true.
            self.meter = None;
        }
    }
}
