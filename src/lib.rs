//! An article and its recording become a validated podcast episode.
//!
//! ```text
//! episodes/<slug>/            article + recording              (a publisher writes this)
//!       |
//!   sources                   folders and manifests, as written
//!   article                   every block in order, each with a guess: narrated, or left out because ...
//!   audio                     one walk and one decode pass: exact duration, damage, loudness, pauses, tags
//!   script                    settle: article + recording + marks -> the Script
//!   checks                    rules with ids; errors stop the build before anything is written
//!   package                   tagged audio, chapters, artwork
//!   feed                      feed.xml
//!   checks                    the same rules over what is about to be published
//!   publish                   new names first, feed.xml, then removal of what nothing names any more
//!       |
//! feed/                       what a web server or a bucket serves
//! ```
//!
//! Data flows down this list and never back up. Each step is a function from plain values to plain values; only the
//! first and the last touch the disk. `pipeline` is this picture as code.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod article;
pub mod audio;
pub mod chapters;
pub mod checks;
pub mod cli;
pub mod error;
pub mod feed;
pub mod model;
pub mod package;
pub mod picture;
pub mod pipeline;
pub mod publish;
pub mod report;
pub mod script;
pub mod sources;

pub use error::Error;
