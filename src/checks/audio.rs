//! Rules about recordings and enclosures, by what they look at.

use super::Check;

mod format;
mod length;
mod sound;
mod tags;

pub(super) use format::{described, media_types};

/// Containers, codecs and streams.
pub(super) const FORMAT: &[Check] = format::CHECKS;
/// How long the audio is, and whether all of it is there.
pub(super) const LENGTH: &[Check] = length::CHECKS;
/// What the file carries besides audio.
pub(super) const TAGS: &[Check] = tags::CHECKS;
/// What is heard.
pub(super) const SOUND: &[Check] = sound::CHECKS;
