//! What a build makes: files by name, type and pieces, before anything is written.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One file of the output folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Artifact {
    /// Where it stands in the output folder.
    pub path: OutputPath,
    /// The type that a server should give it.
    pub media_type: MediaType,
    /// Its content, in order.
    pub pieces: Vec<Piece>,
}

impl Artifact {
    /// A file of new bytes.
    pub fn of_bytes(path: OutputPath, media_type: MediaType, bytes: Vec<u8>) -> Self {
        Self { path, media_type, pieces: vec![Piece::Bytes(bytes)] }
    }

    /// Its size in bytes, known before it is written.
    pub fn size(&self) -> u64 {
        self.pieces.iter().map(Piece::size).sum()
    }
}

/// A stretch of a file's content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Bytes that were made here.
    Bytes(Vec<u8>),
    /// A range of an input file, copied without being loaded.
    Range {
        /// The input.
        source: PathBuf,
        /// First byte.
        start: u64,
        /// How many bytes.
        length: u64,
    },
}

impl Piece {
    /// Size in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Range { length, .. } => *length,
        }
    }
}

/// A path inside the output folder: `/`-separated names of `[A-Za-z0-9._-]`, none of them hidden, none leading out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OutputPath(String);

impl OutputPath {
    /// Checks a relative path; `None` where a name could leave the folder or would need escaping in a URL.
    pub fn new(path: &str) -> Option<Self> {
        let safe = path.split('/').all(|name| {
            !name.is_empty()
                && !name.starts_with('.')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        });
        safe.then(|| Self(path.to_owned()))
    }

    /// The path with `/`, as it also stands in URLs.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The slug folder that it stands in, if it does.
    pub fn folder(&self) -> Option<&str> {
        self.0.split_once('/').map(|(folder, _)| folder)
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Media types that this tool publishes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MediaType {
    /// `audio/mpeg`.
    Mp3,
    /// `audio/x-m4a`, Apple's name for AAC in MP4.
    M4a,
    /// `audio/ogg`.
    Ogg,
    /// `audio/flac`.
    Flac,
    /// `application/rss+xml`.
    Rss,
    /// `application/json+chapters`, as Podcasting 2.0 spells it.
    JsonChapters,
    /// `image/jpeg`.
    Jpeg,
    /// `image/png`.
    Png,
    /// `text/html`.
    Html,
    /// `text/vtt`.
    Vtt,
    /// `application/x-subrip`.
    Srt,
    /// `application/json`.
    Json,
    /// `image/svg+xml`.
    Svg,
    /// `text/css`.
    Css,
}

impl MediaType {
    /// The name that goes on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/x-m4a",
            Self::Ogg => "audio/ogg",
            Self::Flac => "audio/flac",
            Self::Rss => "application/rss+xml",
            Self::JsonChapters => "application/json+chapters",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Html => "text/html",
            Self::Vtt => "text/vtt",
            Self::Srt => "application/x-subrip",
            Self::Json => "application/json",
            Self::Svg => "image/svg+xml",
            Self::Css => "text/css",
        }
    }
}

/// What the bytes of a file are, whatever its name: a BLAKE3 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// Takes the bytes of a hash.
    pub const fn new(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The bytes.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first eight digits, as they stand in published names.
    pub fn stamp(&self) -> ContentStamp {
        let [a, b, c, d, ..] = self.0;
        ContentStamp::new([a, b, c, d])
    }
}

/// All 64 hexadecimal digits.
impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Eight hexadecimal digits of a content hash, as they stand in published names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ContentStamp(u32);

impl ContentStamp {
    /// The first four bytes of a BLAKE3 hash.
    pub fn new(hash: [u8; 4]) -> Self {
        Self(u32::from_be_bytes(hash))
    }
}

impl fmt::Display for ContentStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_output_folder() {
        for bad in ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/.b", "a\\b", "ü", "a b", "a/"] {
            assert_eq!(OutputPath::new(bad), None, "{bad:?}");
        }
        assert!(OutputPath::new("slug/slug-0123abcd.mp3").is_some());
    }
}
