//! Rules about an episode: what lies in its folder, and what is published of it.

use super::Check;

mod enclosure;
mod fields;
mod folder;
mod identity;
mod item;
mod notes;
mod stated;
mod tags;

pub(super) use notes::LONGEST_BYTES as LONGEST_DESCRIPTION;

/// What lies in the folder.
pub(super) const FOLDER: &[Check] = folder::CHECKS;
/// Title, date, number, identity.
pub(super) const FIELDS: &[Check] = fields::CHECKS;
/// What else an item of a feed says.
pub(super) const STATED: &[Check] = stated::CHECKS;
/// The audio of an item.
pub(super) const ENCLOSURE: &[Check] = enclosure::CHECKS;
/// The notes of an item.
pub(super) const NOTES: &[Check] = notes::CHECKS;
/// Optional elements of an item.
pub(super) const TAGS: &[Check] = tags::CHECKS;
/// What subscribers have already.
pub(super) const IDENTITY: &[Check] = identity::CHECKS;
