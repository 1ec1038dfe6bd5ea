//! The frames of a walked stream one by one, for a decoder: exactly those that the walk has counted.

use std::io::{BufReader, Read};

use super::header::Header;
use super::index;

/// Hands out frames that stand close behind each other.
pub(in crate::audio) struct FrameReader<R> {
    source: BufReader<R>,
    begun: bool,
}

/// One encoded frame.
pub(in crate::audio) struct Frame {
    /// Header and all.
    pub(in crate::audio) bytes: Vec<u8>,
    /// Sample frames that it decodes to.
    pub(in crate::audio) samples: u32,
}

impl<R: Read> FrameReader<R> {
    pub(in crate::audio) fn new(source: R) -> Self {
        Self { source: BufReader::with_capacity(1 << 16, source), begun: false }
    }

    /// The next frame; the encoder's header frame in front of the first one is none. `None` at the end, and where the
    /// length of frames is not known from their headers (free format).
    pub(in crate::audio) fn next(&mut self) -> Option<Frame> {
        loop {
            let mut word = [0; 4];
            self.source.read_exact(&mut word).ok()?;
            let header = Header::parse(word)?;
            let length = usize::try_from(header.length()?).ok()?;
            let mut bytes = word.to_vec();
            bytes.resize(length.max(4), 0);
            self.source.read_exact(bytes.get_mut(4..)?).ok()?;
            let first = !std::mem::replace(&mut self.begun, true);
            if first && index::read(&header, &bytes).is_some() {
                continue;
            }
            return Some(Frame { bytes, samples: header.samples() });
        }
    }
}
