//! Rules about marks as they were found, about the list that was settled from them, and about carriers inside audio.

use super::Check;

mod carriers;
mod feeds;
mod lists;
mod marks;

/// Each mark, as a file or a person gave it.
pub(super) const MARKS: &[Check] = marks::CHECKS;
/// The list as a listener gets it.
pub(super) const LISTS: &[Check] = lists::CHECKS;
/// What embeds chapters in an audio file.
pub(super) const CARRIERS: &[Check] = carriers::CHECKS;
/// What carries chapters in a feed.
pub(super) const FEEDS: &[Check] = feeds::CHECKS;
