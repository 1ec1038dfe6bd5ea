//! An article and its recording become a validated podcast episode.
//!
//! ```text
//! episodes/<slug>/            article + recording              (a publisher writes this)
//!       |
//!   sources                   folders and manifests, as written
//!   article                   every block in order, each with a guess: narrated, or left out because ...
//!   audio                     one walk and one decode pass: exact duration, damage, loudness, pauses, tags, features
//!   align                     where each block is heard, if it is; what is extra; whether it is this article at all
//!   script                    settle: article + recording + what was heard + marks -> the Script
//!   checks                    rules with ids; errors stop the build before anything is written
//!   package                   tagged audio, chapters, transcripts, artwork
//!   feed, site                feed.xml; a page with a player per episode; the show's page
//!   checks                    the same rules over what is about to be published
//!   publish                   new names first, feed.xml, then removal of what nothing names any more
//!       |
//! feed/                       what a web server or a bucket serves
//! ```
//!
//! Data flows down this list and never back up. Each step is a function from plain values to plain values; of these
//! rooms only the first and the last touch the disk. [`pipeline`] is this picture as code: open `pipeline/build.rs`
//! first, then [`model::script`], the one value that everything below settling sees.
//!
//! | room | what it does | what it must not know |
//! | --- | --- | --- |
//! | [`model`] | plain values: times, articles, recordings, marks, chapters, findings, artifacts | files, XML, the command line |
//! | [`error`] | what could not be done, where, why, and what to do instead | |
//! | [`sources`] | folders, manifests with the place of every key, the cache | audio formats, RSS |
//! | [`article`] | text → every block with a guess, in any language | audio, files |
//! | [`audio`] | `Read + Seek` → exact length, damage, loudness, tags; and tags written | articles, shows, feeds |
//! | [`align`] | article + speech features → where each block is heard, and whether it is this article at all | files, how anything is decided |
//! | [`script`] | settle: the only place where evidence overrules a guess | how anything was found |
//! | [`chapters`] | the list of chapters ↔ every text that carries it | where things are stored |
//! | [`transcript`] | what is narrated → cues ↔ WebVTT, SRT, JSON; and what is wrong with anybody's | where things are stored |
//! | [`picture`] | the facts of a cover, and its smaller twin for tags | where things are stored |
//! | [`feed`] | episodes ↔ RSS, with the place of everything that is read | the disk |
//! | [`checks`] | facts → findings: rules as data, and the one place of policy | how findings are printed |
//! | [`package`] | one episode → artifacts | RSS |
//! | [`site`] | an episode's page with its player, a player to embed, the show's page | RSS |
//! | [`publish`] | artifacts → the output folder, whole or not at all | what the artifacts mean |
//! | [`pipeline`] | the picture above, step by step; the same for `check` on loose files and feeds | what a person types, how findings are printed |
//! | [`serve`] | the preview server | the pipeline |
//! | [`report`] | findings and facts → text, JSON, SARIF, JUnit, annotations | what is being checked |
//! | [`cli`] | what a person types; the clock, the terminal, the environment | formats |
//!
//! # What always holds
//!
//! - What a header claims never reaches a feed: [`model::audio::Claimed`] has no way to [`model::audio::Measured`].
//! - No time is a bare number: [`model::time`] makes and prints all of them.
//! - A chapter list is proved when it is made: [`model::chapter::ChapterList`].
//! - Nothing here but [`cli`] knows what time it is, and no output depends on it (`tests/shape.rs`,
//!   `tests/end_to_end/build.rs`: same input, same bytes).
//! - A published identity never changes on its own (`tests/end_to_end/identity.rs`).
//! - A build that is killed anywhere leaves a whole feed (`publish/crash_tests.rs`, `tests/end_to_end/killed.rs`).
//! - No bytes make a reader panic (`tests/mutations.rs`).
//! - Every mistake gets a sentence with its place (`tests/wrong_shows.rs`, `tests/end_to_end/mistakes.rs`).
//! - Rooms import only what stands above them (`tests/shape.rs`).

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod align;
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
pub mod serve;
pub mod site;
pub mod sources;
pub mod transcript;

pub use error::Error;
