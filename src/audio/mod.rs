//! `Read + Seek` → [`Recording`]: which containers there are, and the two ways of looking at one.
//!
//! [`probe`] walks the structure of a file and counts, without decoding. [`analyse`] does the same and then decodes
//! once, handing every block of samples to all meters.

use std::fmt;
use std::io::{Read, Seek};

use crate::model::audio::{Container, Recording};
use crate::model::time::Frames;

/// What an audio file is read from.
pub trait Source: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Source for T {}

/// One container: how it is recognised and walked.
pub struct Handler {
    /// The container.
    pub container: Container,
    /// File name extensions, lower case, the usual one first.
    pub extensions: &'static [&'static str],
    /// True where the first bytes of a file (up to [`HEAD`]) are this container's. Asked in the order of the table.
    pub recognise: fn(&[u8]) -> bool,
    /// Counts what is there without decoding. The source stands anywhere.
    pub walk: fn(&mut dyn Source) -> Result<Walk, Unreadable>,
}

/// How many bytes of a file [`Handler::recognise`] sees, after any ID3v2 tag in front.
pub const HEAD: usize = 4096;

/// Every container, in the order in which they are asked.
pub const CONTAINERS: &[Handler] = &[];

/// What a walk found.
#[derive(Clone, PartialEq, Debug)]
pub struct Walk {
    /// The recording, without what only decoding can tell.
    pub recording: Recording,
    /// Frames that a decoder gives before the first audible one (for MP3 the encoder's delay and the decoder's 529).
    pub lead: Frames,
}

/// A file that is no audio, or none that can be counted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Why, as a sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Unreadable {
    /// A reason without a remedy of its own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// With a remedy.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}
