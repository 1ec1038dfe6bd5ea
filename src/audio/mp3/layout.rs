//! Every frame of an MPEG stream, from its header alone: what is whole, what is missing, what stands between.

use std::io;
use std::ops::Range;

use super::super::window::Window;
use super::edges::{self, TagKind};
use super::header::{Header, Reservoir, is_sound};
use super::index::{self, Index};
use crate::model::time::Frames;

/// A stream as it was walked. Lengths in time are counted in sample frames at the first frame's rate.
pub(super) struct Layout {
    /// The first audio frame.
    pub(super) first: Header,
    /// The last audio frame.
    pub(super) last: Header,
    /// The header frame in front.
    pub(super) index: Option<Index>,
    /// Its bytes.
    pub(super) index_length: u32,
    /// The last of the parts that begin with a header frame: the whole stream where nothing was joined.
    pub(super) part: Part,
    /// True where parts with header frames of their own follow each other.
    pub(super) joined: bool,
    /// Whole frames of audio; header frames of later parts count, the first one does not.
    pub(super) frames: u64,
    /// Where the audio ends in the file, tags behind it left out.
    pub(super) end: u64,
    /// What they decode to, at the first frame's rate.
    pub(super) samples: Frames,
    /// Bytes of these frames.
    pub(super) bytes: u64,
    /// Where frames stand in the file, junk and tags between them left out. The header frame is part of the first.
    pub(super) runs: Vec<Run>,
    /// True where frames differ in bit rate.
    pub(super) variable: bool,
    /// Every event on the way, in order.
    pub(super) events: Vec<Event>,
    /// Tags behind the audio, from the end on.
    pub(super) trailers: Vec<TagKind>,
    /// Where ID3v2 tags stand, in front and in between.
    pub(super) id3v2: Vec<Run>,
    /// Where some frames begin, as (frame, bytes of audio before it): for a seek table.
    pub(super) points: Vec<(u64, u64)>,
    /// Frames after which the reservoir of the next frame cannot be what was sent.
    pub(super) torn: Vec<Frames>,
    /// Where frames begin whose CRC does not fit, as far as they are listed.
    pub(super) broken: Vec<Frames>,
    /// Frames with a CRC.
    pub(super) protected: u64,
    /// Those whose CRC does not fit.
    pub(super) unsound: u64,
}

/// A stretch of the stream for which one header frame speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Part {
    pub(super) index: Option<Index>,
    /// Bytes of the header frame itself.
    header: u64,
    /// Frames behind the header frame.
    pub(super) frames: u64,
    /// Their bytes.
    pub(super) bytes: u64,
}

impl Part {
    fn of(index: Index, length: u32) -> Self {
        Self { index: Some(index), header: u64::from(length), frames: 0, bytes: 0 }
    }

    /// True where the header's byte count fits, whatever its frame count says: then nothing was cut off or added.
    fn bytes_fit(&self) -> bool {
        // Most encoders count the header frame, some do not.
        let stated = self.index.and_then(|i| i.bytes);
        stated.is_some_and(|b| b == self.bytes || b == self.bytes + self.header)
    }

    /// Frames that the header promises and that are not there.
    pub(super) fn absent(&self) -> u64 {
        match self.index {
            Some(index) if !self.bytes_fit() => index.frames.map_or(0, |f| f.saturating_sub(self.frames)),
            _ => 0,
        }
    }

    /// Frames that are there and of which the header knows nothing.
    pub(super) fn beyond(&self) -> u64 {
        match self.index {
            Some(index) if !self.bytes_fit() => index.frames.map_or(0, |f| self.frames.saturating_sub(f)),
            _ => 0,
        }
    }

    /// Bytes that a header without a frame count promises and that are not there.
    pub(super) fn absent_bytes(&self) -> u64 {
        match self.index {
            Some(Index { frames: None, bytes: Some(bytes), .. }) if !self.bytes_fit() => {
                bytes.saturating_sub(self.bytes + self.header)
            }
            _ => 0,
        }
    }
}

/// A stretch of the file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub(super) start: u64,
    pub(super) length: u64,
}

/// Something on the way that is no plain frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Event {
    /// Bytes that are neither audio nor a tag.
    Junk { at: Frames, offset: u64, bytes: u64 },
    /// A tag between frames.
    TagInside { at: Frames, kind: TagKind },
    /// A header frame of another stream between frames; so many frames of the part before are missing.
    IndexInside { at: Frames, absent: u64 },
    /// The rate or the number of channels changes.
    Change { at: Frames, from: Header, to: Header },
    /// A frame whose bytes are not all there, because the next one begins inside it.
    CutFrame { at: Frames },
    /// The last frame is not whole; so many of its bytes are there.
    CutEnd { at: Frames },
}

impl Event {
    /// Where this event alone explains that the reservoir does not go on.
    pub(super) fn told(&self) -> Option<Frames> {
        match self {
            Self::Junk { at, .. } | Self::TagInside { at, .. } | Self::IndexInside { at, .. } => Some(*at),
            Self::Change { at, .. } => Some(*at),
            Self::CutFrame { .. } | Self::CutEnd { .. } => None,
        }
    }
}

/// Damage beyond this many places is all one damage; a report with more helps nobody, and memory stays flat.
pub(super) const MOST_EVENTS: usize = 1_000;
const MOST_POINTS: usize = 4_096;
/// Where counting of main data begins; more than a frame can reach back (511 bytes).
const MAIN_DATA_BEFORE: u64 = 1 << 16;
/// No free-format frame is longer (640 kbit/s at 8 kHz).
const LONGEST_FREE: usize = 16_384;

/// Walks a source; `None` where there is no stream in it.
pub(super) fn walk(window: &mut Window<'_>) -> io::Result<Option<Layout>> {
    let mut id3v2 = Vec::new();
    let mut start = 0;
    while let Some((kind, length)) = edges::tag_at(window, start)? {
        let left = window.length() - start;
        if kind == TagKind::Id3v2 && id3v2.len() < MOST_EVENTS {
            id3v2.push(Run { start, length: length.min(left) });
        }
        // A tag that claims more than the file has is broken: the stream begins somewhere inside what it claims.
        start += if length > left { left.min(10) } else { length };
    }
    let (end, behind) = edges::strip_trailers(window, start)?;
    let trailers = behind.iter().map(|(kind, _, _)| *kind).collect();
    let tags_behind = behind.iter().filter(|(kind, _, _)| *kind == TagKind::Id3v2);
    id3v2.extend(tags_behind.map(|(_, start, length)| Run { start: *start, length: *length }));
    let Some((at, head)) = find(window, start..end, end, None)? else { return Ok(None) };
    let mut walker = Walker::new(window, end, head, Layout::empty(head, end, trailers, id3v2));
    if at > start && !all_zero(walker.window, start..at)? {
        walker.event(Event::Junk { at: Frames::ZERO, offset: start, bytes: at - start });
    }
    walker.run(at)?;
    let mut layout = walker.layout;
    layout.believe_the_whole();
    Ok((layout.frames > 0).then_some(layout))
}

impl Layout {
    /// The header frame in front may speak of all parts together; then nothing of the first one is missing.
    fn believe_the_whole(&mut self) {
        let is_whole = self.joined && self.index.and_then(|i| i.frames) == Some(self.frames);
        let first = self.events.iter_mut().find(|e| matches!(e, Event::IndexInside { .. }));
        if let (true, Some(Event::IndexInside { absent, .. })) = (is_whole, first) {
            *absent = 0;
        }
    }

    /// True where the header frame in front speaks of another stream than the one that follows: something was cut off or
    /// added after it was written.
    pub(super) fn is_stale(&self) -> bool {
        let counted = self.index.and_then(|i| i.frames);
        let altered = self.joined || self.part.absent() > 0 || self.part.beyond() > 0;
        altered && counted.is_some_and(|frames| frames != self.frames)
    }

    /// Sample frames of the last stretch, as many as play in the same time at the first frame's rate.
    pub(super) fn at_first_rate(&self, samples: u64) -> Frames {
        let (there, here) = (u64::from(self.first.rate.hz()), u64::from(self.last.rate.hz()));
        Frames::new(if there == here { samples } else { samples.saturating_mul(there) / here })
    }

    fn empty(first: Header, end: u64, trailers: Vec<TagKind>, id3v2: Vec<Run>) -> Self {
        Self {
            first,
            last: first,
            index: None,
            index_length: 0,
            part: Part::default(),
            joined: false,
            frames: 0,
            end,
            samples: Frames::ZERO,
            bytes: 0,
            runs: Vec::new(),
            variable: false,
            events: Vec::new(),
            trailers,
            id3v2,
            points: Vec::new(),
            torn: Vec::new(),
            broken: Vec::new(),
            protected: 0,
            unsound: 0,
        }
    }
}

struct Walker<'w, 's> {
    window: &'w mut Window<'s>,
    end: u64,
    /// The last frame's header: its kind is what the next one has to be.
    head: Header,
    /// Length of a free-format frame without padding.
    free: Option<u32>,
    layout: Layout,
    /// Every so many frames one point of the seek table.
    stride: u64,
    reservoir: Option<Flow>,
    bit_rate: Option<u32>,
    /// What the stretches of other rates before this one play, at the first frame's rate.
    base: Frames,
    /// Sample frames since the rate last changed, at that rate.
    since: u64,
}

/// Where the data of the last frame ended, as bytes of main data since the stream began.
#[derive(Clone, Copy)]
struct Flow {
    /// Main data bytes of all frames so far.
    total: u64,
    /// End of the last frame's own data.
    used: u64,
}

impl<'w, 's> Walker<'w, 's> {
    fn new(window: &'w mut Window<'s>, end: u64, head: Header, layout: Layout) -> Self {
        Self {
            window,
            end,
            head,
            free: None,
            layout,
            stride: 1,
            reservoir: None,
            bit_rate: None,
            base: Frames::ZERO,
            since: 0,
        }
    }

    fn event(&mut self, event: Event) {
        if self.layout.events.len() < MOST_EVENTS {
            self.layout.events.push(event);
        }
    }

    /// From the first frame to the end of the audio.
    fn run(&mut self, first: u64) -> io::Result<()> {
        let mut at = first;
        while at < self.end {
            let header = match self.window.array::<4>(at)?.and_then(Header::parse) {
                Some(header) if header.same_kind(&self.head) => header,
                _ => match self.recover(at)? {
                    Some(next) => {
                        at = next;
                        continue;
                    }
                    None => return Ok(()),
                },
            };
            let Some(length) = self.length(at, &header)? else {
                match self.recover(at)? {
                    Some(next) => at = next,
                    None => return Ok(()),
                }
                continue;
            };
            let next = at + u64::from(length);
            if next > self.end {
                self.event(Event::CutEnd { at: self.layout.samples });
                return Ok(());
            }
            if !self.followed(next, &header)? {
                // The frame itself may be cut: then the next one begins inside it.
                if let Some((inside, _)) = find(self.window, at + 4..next, self.end, Some(&header))? {
                    self.event(Event::CutFrame { at: self.layout.samples });
                    self.reservoir = None;
                    at = inside;
                    continue;
                }
            }
            self.frame(at, length, header)?;
            at = next;
        }
        Ok(())
    }

    /// The length of the frame at `at`, measured where the header does not say it.
    fn length(&mut self, at: u64, header: &Header) -> io::Result<Option<u32>> {
        if let Some(length) = header.length() {
            return Ok((length > 4).then_some(length));
        }
        let padding = u32::from(header.padded);
        if self.free.is_none() {
            let ahead = self.window.peek(at, LONGEST_FREE)?;
            let next = (24..ahead.len()).find(|i| {
                let word = ahead.get(*i..).and_then(|b| b.first_chunk()).copied();
                word.and_then(Header::parse).is_some_and(|h| h.same_kind(header) && h.bit_rate.is_none())
            });
            self.free = next.and_then(|n| u32::try_from(n).ok()).map(|n| n - padding);
        }
        Ok(self.free.map(|f| f + padding))
    }

    /// Whether another frame of this kind, a tag, or the end stands at `at`.
    fn followed(&mut self, at: u64, header: &Header) -> io::Result<bool> {
        if at >= self.end {
            return Ok(true);
        }
        let next = self.window.array::<4>(at)?.and_then(Header::parse);
        Ok(next.is_some_and(|n| n.same_kind(header)) || edges::tag_at(self.window, at)?.is_some())
    }

    /// Counts one whole frame.
    fn frame(&mut self, at: u64, length: u32, header: Header) -> io::Result<()> {
        let wanted = usize::try_from(length).unwrap_or(usize::MAX).min(index::INDEX_BYTES);
        let side_from = header.side_offset();
        let (found, reservoir, sound) = {
            let bytes = self.window.peek(at, wanted)?;
            // An index can only stand where the side information is empty; asking for its first bytes is cheap.
            (
                index::read(&header, bytes),
                bytes.get(side_from..).and_then(|s| Reservoir::parse(&header, s)),
                header.layer != 3 || !header.protected || is_sound(&header, bytes),
            )
        };
        let begun = self.layout.frames > 0 || self.layout.index.is_some();
        match found {
            Some(index) if !begun => {
                self.layout.index = Some(index);
                self.layout.index_length = length;
                self.layout.part = Part::of(index, length);
                self.layout.first = header;
                self.head = header;
                self.keep(at, length);
                return Ok(());
            }
            Some(index) => {
                let absent = self.layout.part.absent();
                self.event(Event::IndexInside { at: self.layout.samples, absent });
                self.layout.part = Part::of(index, length);
                self.layout.joined = true;
                self.reservoir = None;
            }
            None => {
                self.layout.protected += u64::from(header.protected && header.layer == 3);
                if !sound {
                    self.layout.unsound += 1;
                    if self.layout.broken.len() < MOST_EVENTS {
                        self.layout.broken.push(self.layout.samples);
                    }
                }
                self.follow(&header, length, reservoir);
            }
        }
        if self.layout.frames == 0 {
            (self.layout.first, self.layout.last) = (header, header);
        } else if header.channels != self.head.channels {
            self.event(Event::Change { at: self.layout.samples, from: self.head, to: header });
        }
        if found.is_none() {
            self.layout.variable |= self.bit_rate.is_some_and(|b| Some(b) != header.bit_rate);
            self.bit_rate = header.bit_rate;
        }
        if self.layout.frames.is_multiple_of(self.stride) {
            self.layout.points.push((self.layout.frames, self.layout.bytes));
            if self.layout.points.len() >= MOST_POINTS {
                // Half of the points, twice as far apart: the table stays small however long the stream is.
                let mut odd = false;
                self.layout.points.retain(|_| {
                    odd = !odd;
                    odd
                });
                self.stride *= 2;
            }
        }
        // A part at another rate counts as the time that it plays.
        if header.rate != self.layout.last.rate {
            self.base = self.layout.samples;
            self.since = 0;
        }
        self.since += u64::from(header.samples());
        self.layout.last = header;
        self.layout.samples = self.base.plus(self.layout.at_first_rate(self.since));
        self.layout.frames += 1;
        self.layout.bytes += u64::from(length);
        if found.is_none() {
            self.layout.part.frames += 1;
            self.layout.part.bytes += u64::from(length);
        }
        self.keep(at, length);
        self.head = header;
        Ok(())
    }

    fn keep(&mut self, at: u64, length: u32) {
        let length = u64::from(length);
        let runs = &mut self.layout.runs;
        let few = runs.len() < MOST_EVENTS;
        match runs.last_mut() {
            Some(run) if run.start + run.length == at => run.length += length,
            _ if few => runs.push(Run { start: at, length }),
            _ => {}
        }
    }

    /// Follows the bit reservoir: a frame whose data would begin before the last one's ended was not written behind it.
    fn follow(&mut self, header: &Header, length: u32, reservoir: Option<Reservoir>) {
        let Some(reservoir) = reservoir.filter(|_| header.layer == 3) else { return };
        let overhead = u32::try_from(header.side_offset() + header.side_length()).unwrap_or(u32::MAX);
        let own = u64::from(length.saturating_sub(overhead));
        let begins = match self.reservoir {
            // A stream that was cut out of a longer one may reach back before its beginning.
            None => MAIN_DATA_BEFORE - u64::from(reservoir.back),
            Some(flow) => {
                let begins = flow.total.saturating_sub(u64::from(reservoir.back));
                if begins < flow.used && self.layout.torn.len() < MOST_EVENTS {
                    self.layout.torn.push(self.layout.samples);
                }
                begins
            }
        };
        let total = self.reservoir.map_or(MAIN_DATA_BEFORE, |f| f.total) + own;
        self.reservoir = Some(Flow { total, used: (begins + u64::from(reservoir.length)).min(total) });
    }

    /// Past whatever stands where a frame should: a tag, another kind of stream, or junk. `None` at the end.
    fn recover(&mut self, at: u64) -> io::Result<Option<u64>> {
        let here = self.layout.samples;
        if let Some((kind, length)) = edges::tag_at(self.window, at)? {
            let length = length.min(self.end - at);
            self.event(Event::TagInside { at: here, kind });
            if kind == TagKind::Id3v2 && self.layout.id3v2.len() < MOST_EVENTS {
                self.layout.id3v2.push(Run { start: at, length });
            }
            self.reservoir = None;
            return Ok(Some(at + length));
        }
        if self.window.peek(at, 3)? == b"TAG" && self.end - at > 128 {
            self.event(Event::TagInside { at: here, kind: TagKind::Id3v1 });
            self.reservoir = None;
            return Ok(Some(at + 128));
        }
        let Some((next, header)) = find(self.window, at..self.end, self.end, None)? else {
            if all_zero(self.window, at..self.end)? {
                return Ok(None);
            }
            self.event(Event::Junk { at: here, offset: at, bytes: self.end - at });
            return Ok(None);
        };
        if next > at {
            self.event(Event::Junk { at: here, offset: at, bytes: next - at });
        }
        if !header.same_kind(&self.head) {
            self.event(Event::Change { at: here, from: self.head, to: header });
            self.free = None;
        }
        self.head = header;
        self.reservoir = None;
        Ok(Some(next))
    }
}

/// The first frame that begins in `range` and is confirmed by the frame behind it (or by the end), of any kind or of one.
fn find(
    window: &mut Window<'_>,
    range: Range<u64>,
    end: u64,
    kind: Option<&Header>,
) -> io::Result<Option<(u64, Header)>> {
    let mut at = range.start;
    while at < range.end && at + 4 <= end {
        let stretch = window.peek(at, 4096)?;
        // A sync begins with a byte of ones.
        let Some(skip) = stretch.iter().position(|b| *b == 0xFF) else {
            if stretch.is_empty() {
                return Ok(None);
            }
            at += stretch.len() as u64;
            continue;
        };
        at += skip as u64;
        if at >= range.end {
            return Ok(None);
        }
        let header = window.array::<4>(at)?.and_then(Header::parse);
        if let Some(header) = header.filter(|h| kind.is_none_or(|k| k.same_kind(h)))
            && at + 4 <= end
            && confirmed(window, at, end, &header)?
        {
            return Ok(Some((at, header)));
        }
        at += 1;
    }
    Ok(None)
}

/// Zeros in front of and behind a stream are padding of the program that wrote it.
fn all_zero(window: &mut Window<'_>, range: Range<u64>) -> io::Result<bool> {
    let mut at = range.start;
    while at < range.end {
        let wanted = usize::try_from(range.end - at).unwrap_or(usize::MAX).min(4096);
        let stretch = window.peek(at, wanted)?;
        if stretch.is_empty() || stretch.iter().any(|b| *b != 0) {
            return Ok(false);
        }
        at += stretch.len() as u64;
    }
    Ok(true)
}

/// Frames that must follow each other before bytes count as a stream.
const CONFIRMATIONS: u32 = 3;

fn confirmed(window: &mut Window<'_>, at: u64, end: u64, header: &Header) -> io::Result<bool> {
    let (mut at, mut current) = (at, *header);
    for nth in 0..CONFIRMATIONS {
        let length = match current.length() {
            Some(length) if length > 4 => length,
            Some(_) => return Ok(false),
            // Free format: an equal header in reach is all that can be asked.
            None => {
                let ahead = window.peek(at, LONGEST_FREE)?;
                let same = |b: &[u8; 4]| Header::parse(*b).is_some_and(|h| h.same_kind(header) && h.bit_rate.is_none());
                return Ok(ahead.windows(4).skip(24).any(|w| w.first_chunk().is_some_and(same)));
            }
        };
        at += u64::from(length);
        if at >= end {
            // A lone frame that ends exactly with the audio is one; a lone header that promises more is not.
            return Ok(nth > 0 || at == end);
        }
        match window.array::<4>(at)?.and_then(Header::parse) {
            Some(next) if next.same_kind(header) => current = next,
            _ if nth > 0 => return Ok(edges::tag_at(window, at)?.is_some()),
            _ => return Ok(false),
        }
    }
    Ok(true)
}
