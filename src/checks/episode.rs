//! Rules about an episode: what lies in its folder, and what is published of it.

use super::Check;

mod fields;
mod folder;
mod identity;

/// What lies in the folder.
pub(super) const FOLDER: &[Check] = folder::CHECKS;
/// Title, date, number, identity.
pub(super) const FIELDS: &[Check] = fields::CHECKS;
/// What subscribers have already.
pub(super) const IDENTITY: &[Check] = identity::CHECKS;
