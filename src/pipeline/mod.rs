//! read → hear → settle → check → pack → render → check → write: the picture of the crate as code.

mod dates;

pub use dates::moment;
