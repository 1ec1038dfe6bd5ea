//! Plain values that the pipeline hands on. Nothing here reads, writes, or knows a file format.

pub mod article;
pub mod artifact;
pub mod audio;
pub mod chapter;
pub mod date;
pub mod finding;
pub mod script;
pub mod show;
pub mod text;
pub mod time;
pub mod waveform;
