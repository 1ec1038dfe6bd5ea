//! One logical stream of an Ogg file from its first page to its last: packets counted, granules compared.

use super::super::vorbis_comment::{self, Comments};
use super::page::Page;
use super::stream::{HEAD, Header, Stream};
use crate::model::audio::Damage;
use crate::model::time::{Frames, SampleRate};

/// Comments with pictures are long; more of a header is not read.
const LONGEST_HEADER: usize = 16 << 20;
/// Headers in front of the audio; FLAC may have some, nobody has many.
const MOST_HEADERS: usize = 1000;
/// What a granule may say more than was counted before it is taken for nonsense: a year.
const FARTHEST: u64 = 48_000 * 3600 * 24 * 366;

/// Something odd at a place, in frames of the link.
pub(super) enum Event {
    Hole { at: u64, lost: Option<u64> },
    Cut { at: u64, lost: Option<u64> },
    Granule(String),
}

impl Event {
    /// As it is reported, behind so many frames of links before.
    pub(super) fn damage(self, before: u64, rate: SampleRate) -> Damage {
        let place = |at: u64| Frames::new(before.saturating_add(at)).timestamp(rate);
        let length = |n: u64| Frames::new(n).duration(rate);
        match self {
            Self::Hole { at, lost } => Damage::Hole { at: place(at), lost: lost.map(length) },
            Self::Cut { at, lost } => Damage::Truncated { at: place(at), lost: lost.map(length) },
            Self::Granule(what) => Damage::Granule { what },
        }
    }
}

/// How the file ends within a page.
#[derive(Clone, Copy)]
pub(super) enum Cut {
    /// The page is one of this stream, or nobody knows; its granule, if it says one.
    Here(Option<u64>),
    /// The page is another stream's.
    Elsewhere,
}

/// A link that is over.
pub(super) struct Over {
    pub(super) stream: Stream,
    pub(super) comments: Comments,
    pub(super) frames: u64,
    pub(super) lead: u64,
    pub(super) stated: Option<u64>,
    pub(super) events: Vec<Event>,
}

/// A link that is being read.
pub(super) struct Link {
    pub(super) serial: u32,
    pub(super) stream: Stream,
    comments: Comments,
    headers: usize,
    in_headers: bool,
    /// The first bytes of a packet that goes on on the next page.
    partial: Option<Vec<u8>>,
    sequence: Option<u32>,
    /// A page was lost and reported since the last one that was read.
    broken: bool,
    /// Pages are missing since the last granule.
    gap: bool,
    begun: bool,
    ended: bool,
    counted: u64,
    /// Frames counted since the last granule.
    since: u64,
    position: Option<u64>,
    start_trim: u64,
    /// How many frames less the last granule says than were counted: padding, if no page follows.
    padding: u64,
    uncounted: bool,
    said_odd: bool,
    cut: Option<Cut>,
}

impl Link {
    pub(super) fn new(serial: u32, stream: Stream) -> Self {
        Self {
            serial,
            stream,
            comments: Comments::default(),
            headers: 0,
            in_headers: true,
            partial: None,
            sequence: None,
            broken: false,
            gap: false,
            begun: false,
            ended: false,
            counted: 0,
            since: 0,
            position: None,
            start_trim: 0,
            padding: 0,
            uncounted: false,
            said_odd: false,
            cut: None,
        }
    }

    /// True as soon as there is audio.
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Audible frames so far.
    pub(super) fn audible(&self) -> u64 {
        self.counted.saturating_sub(self.padding).saturating_sub(self.lead())
    }

    fn lead(&self) -> u64 {
        self.stream.pre_skip.saturating_add(self.start_trim)
    }

    /// True where the number of this page says that others should stand before it.
    pub(super) fn is_missing_pages(&self, page: &Page) -> bool {
        self.sequence.is_some_and(|s| page.sequence.wrapping_sub(s) != 0 && page.sequence > s)
    }

    /// A page of this stream was there and is dropped.
    pub(super) fn broken(&mut self) {
        (self.broken, self.partial) = (true, None);
    }

    pub(super) fn cut(&mut self, cut: Cut) {
        self.cut = Some(cut);
    }

    /// Takes the next page; says what is odd about it.
    pub(super) fn page(&mut self, page: &Page) -> Vec<Event> {
        let mut events = Vec::new();
        if self.is_missing_pages(page) {
            (self.gap, self.partial) = (true, None);
        } else if self.sequence.is_some_and(|s| s != page.sequence) {
            self.odd(&mut events, "pages are not in the order of their numbers".into());
        }
        self.sequence = Some(page.sequence.wrapping_add(1));
        let known = self.frames_of(page);
        self.settle_granule(page, known, &mut events);
        self.ended |= page.last();
        events
    }

    /// Counts the packets that end on a page. `None` where a packet does not tell its length.
    fn frames_of(&mut self, page: &Page) -> Option<u64> {
        let mut frames = Some(0u64);
        let mut goes_on = page.continued();
        if !goes_on {
            self.partial = None;
        }
        for (piece, ends) in page.pieces() {
            // The rest of a packet whose beginning is lost.
            let lost = goes_on && self.partial.is_none();
            let packet = match self.partial.take() {
                Some(mut start) if goes_on => {
                    let room = if self.in_headers { LONGEST_HEADER } else { HEAD }.saturating_sub(start.len());
                    start.extend(piece.iter().take(room));
                    start
                }
                _ => piece.iter().take(if self.in_headers { LONGEST_HEADER } else { HEAD }).copied().collect(),
            };
            goes_on = false;
            if !ends {
                self.partial = (!lost).then_some(packet);
                continue;
            }
            if lost || (self.in_headers && self.header(&packet)) {
                continue;
            }
            self.begun = true;
            frames = match (frames, self.stream.frames(&packet)) {
                (Some(sum), Some(n)) => Some(sum.saturating_add(n)),
                _ => None,
            };
        }
        frames
    }

    /// Takes a packet as a header; false where it is audio.
    fn header(&mut self, packet: &[u8]) -> bool {
        let n = self.headers;
        self.headers += 1;
        if n == 0 {
            return true;
        }
        let (header, last) = self.stream.header(n, packet);
        self.in_headers = !last && n < MOST_HEADERS;
        match header {
            Header::Audio => return false,
            Header::Comments(from) => self.comments = vorbis_comment::read(packet.get(from..).unwrap_or_default()),
            Header::Other => {}
        }
        true
    }

    fn settle_granule(&mut self, page: &Page, known: Option<u64>, events: &mut Vec<Event>) {
        if !self.begun {
            return;
        }
        if self.padding > 0 && (known != Some(0) || page.granule.is_some()) {
            let less = self.padding;
            self.odd(events, format!("a page in the middle says {less} samples less than stand before it"));
            self.padding = 0;
        }
        match known {
            Some(frames) => {
                self.counted = self.counted.saturating_add(frames);
                self.since = self.since.saturating_add(frames);
            }
            None => self.uncounted = true,
        }
        let Some(granule) = page.granule else { return };
        let Some(position) = self.position else {
            self.first_granule(granule, page.last(), events);
            return;
        };
        if self.uncounted {
            let frames = granule.saturating_sub(position).min(FARTHEST);
            self.counted = self.counted.saturating_sub(self.since).saturating_add(frames);
            (self.since, self.uncounted) = (frames, false);
        }
        let expected = position.saturating_add(self.since);
        let lost = granule.saturating_sub(expected);
        if lost > FARTHEST {
            self.odd(events, "it leaps by more than a year".into());
        } else if lost > 0 || (self.gap && !self.broken) {
            let at = self.audible().saturating_sub(self.since);
            let known = Some(lost).filter(|n| *n > 0);
            // A page that was dropped for its checksum has been reported.
            if !self.broken {
                events.push(Event::Hole { at, lost: known });
            }
        } else if granule < position {
            self.odd(events, "it runs backwards".into());
        } else {
            self.padding = expected.saturating_sub(granule);
        }
        (self.position, self.since, self.gap, self.broken) = (Some(granule), 0, false, false);
    }

    /// The first granule says where the clock begins.
    fn first_granule(&mut self, granule: u64, last: bool, events: &mut Vec<Event>) {
        if self.uncounted {
            // Nobody knows how much the first page holds; the clock of nearly every file begins at 0.
            (self.counted, self.uncounted) = (granule.min(FARTHEST), false);
        } else if granule > self.since {
            let start = granule - self.since;
            let seconds = Frames::new(start).timestamp(self.stream.rate).seconds();
            if self.gap || self.broken {
                let lost = Some(start).filter(|n| *n <= FARTHEST && !self.broken);
                events.extend(lost.map(|n| Event::Hole { at: 0, lost: Some(n) }));
            } else {
                self.odd(events, format!("it starts at {seconds:.3} s"));
            }
        } else if last {
            self.padding = self.since - granule;
        } else if self.stream.pre_skip > 0 {
            if granule < self.since {
                self.odd(events, "the first page says less than stands on it".into());
            }
        } else {
            // Vorbis: what stands before the clock's zero is dropped at the start.
            self.start_trim = self.since - granule;
        }
        (self.position, self.since, self.gap, self.broken) = (Some(granule), 0, false, false);
    }

    /// One sentence about the clock is enough.
    fn odd(&mut self, events: &mut Vec<Event>, what: String) {
        if !std::mem::replace(&mut self.said_odd, true) {
            events.push(Event::Granule(what));
        }
    }

    /// Ends the link: what was counted, without the padding.
    pub(super) fn finish(mut self) -> Over {
        let mut events = Vec::new();
        let end = self.counted.saturating_sub(self.padding);
        let frames = end.saturating_sub(self.lead());
        // A packet that nothing ends, or a page that the file breaks off in: audio is missing for certain.
        let open = self.partial.is_some() && !self.ended;
        let stated = self.position;
        // FLAC says how long the whole stream is.
        let promised = self.stream.stated.and_then(|n| n.checked_sub(stated.unwrap_or(0))).filter(|n| *n > 0);
        match self.cut {
            Some(Cut::Here(granule)) if !self.ended => {
                let next = stated.map_or(self.counted, |p| p.saturating_add(self.since));
                let lost = granule.and_then(|g| g.checked_sub(next)).filter(|n| (1..FARTHEST).contains(n));
                events.push(Event::Cut { at: frames, lost });
            }
            _ if promised.is_some() && !self.ended => events.push(Event::Cut { at: frames, lost: promised }),
            _ if open => events.push(Event::Cut { at: frames, lost: None }),
            _ if self.gap && !self.broken => events.push(Event::Hole { at: frames, lost: None }),
            _ if !self.ended && self.begun => {
                self.odd(&mut events, "no page says that it is the last, so the file may have been cut".into());
            }
            _ => {}
        }
        let pre_skip = self.stream.pre_skip;
        let lead = self.lead();
        Over {
            stated: stated.map(|p| p.saturating_sub(pre_skip)),
            stream: self.stream,
            comments: self.comments,
            frames,
            lead,
            events,
        }
    }
}
