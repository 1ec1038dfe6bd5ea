//! MP3 files taken apart by other means than the program's own, and put together wrongly.

/// Where the frames of a clean layer III file stand, the encoder's header frame first.
pub struct Anatomy {
    pub frames: Vec<std::ops::Range<usize>>,
    /// Samples of one frame.
    pub samples: u64,
    /// What the encoder's header says: frames, delay, padding.
    pub header: Option<Header>,
}

pub struct Header {
    /// Where `Xing` or `Info` stands.
    pub at: usize,
    pub frames: u64,
    pub delay: u64,
    pub padding: u64,
}

const BIT_RATES_1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BIT_RATES_2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES: [usize; 3] = [44_100, 48_000, 32_000];

/// Takes a file apart that an encoder wrote and nobody touched; an ID3v2 tag in front is skipped.
pub fn anatomy(file: &[u8]) -> Anatomy {
    let mut at = if file.starts_with(b"ID3") {
        10 + file[6..10].iter().fold(0, |size, b| size << 7 | usize::from(*b))
    } else {
        0
    };
    let first = at;
    let (mut frames, mut samples) = (Vec::new(), 0);
    while at + 4 <= file.len() && file[at] == 0xFF && file[at + 1] & 0xE6 == 0xE2 {
        let [_, version, rates, _] = *file[at..].first_chunk().expect("four bytes");
        let one = version >> 3 & 3 == 3;
        let halves = match version >> 3 & 3 {
            3 => 0,
            2 => 1,
            _ => 2,
        };
        samples = if one { 1152 } else { 576 };
        let kilobits = if one { BIT_RATES_1 } else { BIT_RATES_2 }[usize::from(rates >> 4)];
        let rate = RATES[usize::from(rates >> 2 & 3)] >> halves;
        let length = samples as usize / 8 * kilobits * 1000 / rate + usize::from(rates >> 1 & 1);
        frames.push(at..at + length);
        at += length;
    }
    let header = file[first..(first + 64).min(file.len())]
        .windows(4)
        .position(|w| w == b"Xing" || w == b"Info")
        .map(|offset| first + offset)
        .map(|at| {
            let flags = file[at + 7];
            let extension = at
                + 8
                + [4, 4, 100, 4].iter().enumerate().fold(0, |n, (bit, len)| n + usize::from(flags >> bit & 1) * len);
            let [a, b, c] = *file[extension + 21..].first_chunk().expect("three bytes");
            Header {
                at,
                frames: u64::from(u32::from_be_bytes(*file[at + 8..].first_chunk().expect("four bytes"))),
                delay: u64::from(a) << 4 | u64::from(b >> 4),
                padding: u64::from(b & 15) << 8 | u64::from(c),
            }
        });
    Anatomy { frames, samples, header }
}

impl Anatomy {
    pub fn known(&self) -> &Header {
        self.header.as_ref().expect("the encoder wrote a header")
    }

    /// What plays where the end is not the one that the header speaks of.
    pub fn without_end(&self, frames: u64) -> u64 {
        frames * self.samples - self.known().delay - 529
    }
}

/// The same with another frame count in the header, and perhaps another byte count.
pub fn recount(file: &[u8], frames: u32, bytes: Option<u32>) -> Vec<u8> {
    let at = anatomy(file).known().at;
    let mut file = file.to_vec();
    file[at + 8..at + 12].copy_from_slice(&frames.to_be_bytes());
    if let Some(bytes) = bytes {
        file[at + 12..at + 16].copy_from_slice(&bytes.to_be_bytes());
    }
    file
}

/// The same without some of its frames.
pub fn without(file: &[u8], frames: std::ops::Range<usize>) -> Vec<u8> {
    let all = anatomy(file).frames;
    let (from, to) = (all[frames.start].start, all[frames.end].start);
    [&file[..from], &file[to..]].concat()
}

/// The same with bytes between two frames.
pub fn between(file: &[u8], frame: usize, bytes: &[u8]) -> Vec<u8> {
    let at = anatomy(file).frames[frame].start;
    [&file[..at], bytes, &file[at..]].concat()
}

/// Bytes that are no audio and no text, the same at each run; none of them begins a frame.
pub fn junk(count: u32) -> Vec<u8> {
    (0..count).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).map(|b| if b == 0xFF { 0 } else { b }).collect()
}

/// A Lyrics3 v2 block; it stands in front of an ID3v1 tag.
pub fn lyrics3() -> Vec<u8> {
    let body = b"LYRICSBEGININD0000200LYR00013[00:01]Harbour";
    [body.as_slice(), format!("{:06}LYRICS200", body.len()).as_bytes()].concat()
}

/// An ID3v1 tag.
pub fn id3v1() -> Vec<u8> {
    let mut tag = b"TAGHarbour".to_vec();
    tag.resize(128, 0);
    tag
}

/// An APEv2 tag with one item, header and footer.
pub fn ape() -> Vec<u8> {
    let item = [&7_u32.to_le_bytes()[..], &[0; 4], b"Title\0Harbour"].concat();
    let frame = |flags: u32| {
        let numbers = [2000, item.len() as u32 + 32, 1, flags].map(u32::to_le_bytes).concat();
        [b"APETAGEX".as_slice(), &numbers, &[0; 8]].concat()
    };
    [frame(0xA000_0000), item.clone(), frame(0x8000_0000)].concat()
}

/// A frame of 128 kbit/s, mono at 44,100 Hz, with a Fraunhofer header.
pub fn vbri(frames: u32, bytes: u32) -> Vec<u8> {
    let mut frame = vec![0xFF, 0xFB, 0x90, 0xC4];
    frame.resize(36, 0);
    frame.extend_from_slice(b"VBRI\0\x01\0\0\0\x4B");
    frame.extend_from_slice(&bytes.to_be_bytes());
    frame.extend_from_slice(&frames.to_be_bytes());
    frame.resize(417, 0);
    frame
}
