//! read → hear → settle → check → pack → render → check → write: the picture of the crate as code.

mod dates;
pub mod identity;
pub mod material;
pub mod survey;

pub use dates::moment;

use self::material::Material;
use crate::model::show::Guid;

/// The identities that episodes pin themselves.
pub fn pinned(episodes: &[Material]) -> Vec<Option<Guid>> {
    episodes.iter().map(|m| m.source.settings.guid.clone()).collect()
}
