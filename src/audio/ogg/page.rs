//! Pages of an Ogg file (RFC 3533): found, proved by their checksums, and found again behind what is no page.

use super::super::bytes::{Bytes, LONGEST, Reader};

/// Bytes of a page header before its table of segments.
const HEADER: usize = 27;
const CAPTURE: &[u8; 4] = b"OggS";
const CONTINUED: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;

/// One page whose checksum fits.
pub(super) struct Page {
    flags: u8,
    /// Where the stream stands behind the last packet that ends here; `None` where none does.
    pub(super) granule: Option<u64>,
    pub(super) serial: u32,
    pub(super) sequence: u32,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    /// The first packet goes on from the page before.
    pub(super) fn continued(&self) -> bool {
        self.flags & CONTINUED != 0
    }

    /// A logical stream begins.
    pub(super) fn first(&self) -> bool {
        self.flags & FIRST != 0
    }

    /// The logical stream says that it ends here.
    pub(super) fn last(&self) -> bool {
        self.flags & LAST != 0
    }

    /// Bytes of the packets.
    pub(super) fn len(&self) -> u64 {
        self.body.len() as u64
    }

    /// The pieces of packets in order; `true` where a piece ends its packet.
    pub(super) fn pieces(&self) -> Vec<(&[u8], bool)> {
        let mut rest = Bytes(&self.body);
        let mut pieces = Vec::new();
        let mut length = 0usize;
        for (n, segment) in self.lacing.iter().enumerate() {
            length += usize::from(*segment);
            let ends = *segment < 255;
            if ends || n + 1 == self.lacing.len() {
                pieces.push((rest.take(length).unwrap_or_default(), ends));
                length = 0;
            }
        }
        pieces
    }

    /// The header of this page with another number, and how many bytes stand behind it.
    pub(super) fn renumbered(&self, sequence: u32) -> (Vec<u8>, u64) {
        let granule = self.granule.map_or(u64::MAX, |g| g);
        let mut page = written(self.flags, granule, self.serial, sequence, &self.lacing);
        let header = page.len();
        page.extend_from_slice(&self.body);
        seal(&mut page);
        page.truncate(header);
        (page, self.len())
    }
}

/// Packets of headers on pages of their own, the first of them number `sequence`; gives how many pages there are, too.
pub(super) fn pages_of(packets: &[Vec<u8>], serial: u32, sequence: u32) -> (Vec<u8>, u32) {
    let mut segments: Vec<(u8, &[u8], bool)> = Vec::new();
    for packet in packets {
        for piece in packet.chunks(255) {
            segments.push((u8::try_from(piece.len()).unwrap_or(255), piece, false));
        }
        if packet.len().is_multiple_of(255) {
            segments.push((0, &[], false));
        }
        if let Some(last) = segments.last_mut() {
            last.2 = true;
        }
    }
    let (mut out, mut count, mut continued) = (Vec::new(), 0, false);
    for page in segments.chunks(255) {
        let lacing: Vec<u8> = page.iter().map(|(length, ..)| *length).collect();
        let ends = page.iter().any(|(.., ends)| *ends);
        let flags = if continued { CONTINUED } else { 0 };
        let mut bytes = written(flags, if ends { 0 } else { u64::MAX }, serial, sequence.wrapping_add(count), &lacing);
        page.iter().for_each(|(_, piece, _)| bytes.extend_from_slice(piece));
        seal(&mut bytes);
        out.extend(bytes);
        count += 1;
        continued = page.last().is_some_and(|(.., ends)| !ends);
    }
    (out, count)
}

/// The header of a page, its checksum still to come.
fn written(flags: u8, granule: u64, serial: u32, sequence: u32, lacing: &[u8]) -> Vec<u8> {
    let mut out = [CAPTURE.as_slice(), &[0, flags], &granule.to_le_bytes()].concat();
    out.extend(serial.to_le_bytes());
    out.extend(sequence.to_le_bytes());
    out.extend([0; 4]);
    out.push(u8::try_from(lacing.len()).unwrap_or(255));
    out.extend_from_slice(lacing);
    out
}

fn seal(page: &mut [u8]) {
    let sum = checksum(page).to_le_bytes();
    if let Some(place) = page.get_mut(22..26) {
        place.copy_from_slice(&sum);
    }
}

/// What stands at a place of the file.
pub(super) enum Found {
    /// A page, and where the next begins.
    Page(Box<Page>, u64),
    /// A page whose bytes were changed: its stream as far as the header tells, and where the next begins.
    Broken(u32, u64),
    /// A page that goes on behind the end of the file: its stream and granule, if its header is there.
    Cut(Option<(u32, Option<u64>)>),
    /// No page: how many bytes there are before the next one or the end.
    Junk(u64),
    /// The end of the file.
    End,
}

/// What a page header says.
struct Header {
    flags: u8,
    granule: Option<u64>,
    serial: u32,
    sequence: u32,
    checksum: u32,
    segments: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut b = Bytes(bytes);
        if b.take(4)? != CAPTURE || b.take(1)? != [0] {
            return None;
        }
        let &[flags] = b.take(1)? else { return None };
        // All ones: no packet ends on the page.
        let granule = b.le64().filter(|g| i64::try_from(*g).is_ok());
        let (serial, sequence, checksum) = (b.le32()?, b.le32()?, b.le32()?);
        let &[segments] = b.take(1)? else { return None };
        (flags < 8).then_some(Self { flags, granule, serial, sequence, checksum, segments: segments.into() })
    }
}

/// Looks at the place `at`.
pub(super) fn look(reader: &mut Reader<'_>, at: u64) -> Found {
    if at >= reader.size() {
        return Found::End;
    }
    let bytes = reader.upto(at, LONGEST);
    let capture = CAPTURE.get(..bytes.len().min(4)).unwrap_or_default();
    if !bytes.starts_with(capture) {
        return next_page(reader, at);
    }
    if bytes.len() < HEADER {
        return Found::Cut(None);
    }
    let Some(header) = Header::read(bytes) else { return next_page(reader, at) };
    let whole = bytes.get(HEADER..HEADER + header.segments).and_then(|lacing| {
        let end = HEADER + header.segments + lacing.iter().map(|s| usize::from(*s)).sum::<usize>();
        Some((lacing, bytes.get(HEADER + header.segments..end)?, end))
    });
    let Some((lacing, body, end)) = whole else {
        // Longer than the file is left: cut, unless a page comes after all.
        return match next_page(reader, at) {
            Found::Cut(None) => Found::Cut(Some((header.serial, header.granule))),
            Found::Junk(n) if at + n == reader.size() => Found::Cut(Some((header.serial, header.granule))),
            other => other,
        };
    };
    let next = at.saturating_add(end as u64);
    if checksum(bytes.get(..end).unwrap_or_default()) == header.checksum {
        let (lacing, body) = (lacing.to_vec(), body.to_vec());
        let Header { flags, granule, serial, sequence, .. } = header;
        return Found::Page(Box::new(Page { flags, granule, serial, sequence, lacing, body }), next);
    }
    if next == reader.size() || reader.get(next, 4) == Some(CAPTURE) {
        return Found::Broken(header.serial, next);
    }
    next_page(reader, at)
}

/// How far the next page is. What looks like one in passing is told from one by what follows when it is looked at.
fn next_page(reader: &mut Reader<'_>, at: u64) -> Found {
    let mut from = at.saturating_add(1);
    loop {
        let bytes = reader.upto(from, LONGEST);
        if bytes.len() < 4 {
            return Found::Junk(reader.size().saturating_sub(at));
        }
        if let Some(n) = bytes.windows(5).position(|w| w == b"OggS\0") {
            return Found::Junk(from.saturating_sub(at).saturating_add(n as u64));
        }
        from = from.saturating_add((bytes.len() - 3) as u64);
    }
}

/// The checksum of a page, its own field taken as zeros: polynomial 0x04C11DB7, no reflection (RFC 3533).
pub(super) fn checksum(page: &[u8]) -> u32 {
    let (head, rest) = page.split_at_checked(22).unwrap_or((page, &[]));
    let crc = take_in(take_in(0, head), &[0; 4]);
    take_in(crc, rest.get(4..).unwrap_or_default())
}

fn take_in(crc: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(crc, |crc, byte| {
        let index = (crc >> 24) ^ u32::from(*byte);
        crc << 8 ^ TABLE.get(index as usize).copied().unwrap_or(0)
    })
}

const TABLE: [u32; 256] = {
    let mut table = [0u32; 256];
    let mut n = 0u32;
    while n < 256 {
        let mut crc = n << 24;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000_0000 == 0 { crc << 1 } else { crc << 1 ^ 0x04C1_1DB7 };
            bit += 1;
        }
        #[allow(clippy::indexing_slicing)]
        {
            table[n as usize] = crc;
        }
        n += 1;
    }
    table
};
