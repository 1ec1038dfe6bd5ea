//! Rules about feeds as they are read from XML, by what they look at. What is wrong with a show or an episode in a feed
//! is found here too, under the ids of `show.rs` and `episode/`.

use super::Check;

mod channel;
mod document;
mod facts;
mod targets;

pub(super) use channel::is_web_address;
pub use facts::{FeedFacts, ItemFacts, Target, Unseen};

/// The document as a whole.
pub(super) const DOCUMENT: &[Check] = document::CHECKS;
/// What the channel says of the feed.
pub(super) const CHANNEL: &[Check] = channel::CHECKS;
/// What the feed points at.
pub(super) const TARGETS: &[Check] = targets::CHECKS;
