//! Ogg with Opus, Vorbis or FLAC inside: packets are counted, granule positions prove or belie the count.
//!
//! RFC 3533 (pages), RFC 7845 (Opus), Vorbis I appendix A, the FLAC-to-Ogg mapping. A decoder drops a page whose
//! checksum does not fit, so its packets do not count.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

mod link;
mod page;
mod repack;
mod stream;
#[cfg(test)]
mod tests;

pub use self::repack::repack;

use self::link::{Cut, Link};
use self::page::{Found, Page, look};
use self::stream::Stream;
use super::bytes::{Reader, bit_rate, scale};
use super::{Excerpt, Source, Unreadable, Walk};
use crate::model::audio::{Claim, Claimed, Container, Damage, Measured, Recording};
use crate::model::time::{Frames, SampleRate, Timestamp};

/// More places of damage than this are not listed one by one.
const MOST_PLACES: usize = 1000;

/// True for the first bytes of an Ogg file.
pub fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"OggS\0")
}

/// Counts the packets of the first audio stream, and of those that are chained to it.
pub fn walk(source: &mut dyn Source) -> Result<Walk, Unreadable> {
    let mut reader = Reader::new(source)?;
    let mut at = super::flac::after_id3(&mut reader);
    let mut walker = Walker::default();
    loop {
        match look(&mut reader, at) {
            Found::Page(page, next) => {
                walker.page(*page);
                at = next;
            }
            Found::Broken(serial, next) => {
                walker.broken(serial);
                at = next;
            }
            Found::Junk(bytes) => {
                walker.skipped.get_or_insert((at, 0)).1 += bytes;
                at = at.saturating_add(bytes.max(1));
            }
            Found::Cut(header) => {
                walker.cut(header);
                break;
            }
            Found::End => break,
        }
    }
    let size = reader.size();
    reader.finish()?;
    walker.settle(size)
}

/// What has been seen of the file so far.
#[derive(Default)]
struct Walker {
    first: Option<First>,
    link: Option<Link>,
    /// Frames of the links that are over, at the rate of the first.
    before: u64,
    links: u32,
    audio_streams: u32,
    video_streams: u32,
    other: Option<String>,
    /// Where bytes began that are no page, and how many they are.
    skipped: Option<(u64, u64)>,
    damage: Vec<Damage>,
    audio_bytes: u64,
    /// What the last granule says.
    stated: Option<u64>,
}

/// The first link: what the recording as a whole is said to be.
struct First {
    codec: crate::model::audio::Codec,
    rate: SampleRate,
    channels: u16,
    lead: u64,
    stated: Option<u64>,
    comments: super::vorbis_comment::Comments,
}

impl Walker {
    fn page(&mut self, page: Page) {
        if page.first() {
            self.begin(&page);
        }
        let now = self.now();
        let Some(link) = self.link.as_mut().filter(|l| l.serial == page.serial) else { return };
        let skipped = self.skipped.take();
        let missing = link.is_missing_pages(&page);
        if let Some((offset, bytes)) = skipped.filter(|_| !missing) {
            self.damage.push(Damage::Junk { at: now, offset, bytes });
        }
        let rate = link.stream.rate;
        for event in link.page(&page) {
            if self.damage.len() < MOST_PLACES {
                self.damage.push(event.damage(self.before, rate));
            }
        }
        if link.has_begun() {
            self.audio_bytes = self.audio_bytes.saturating_add(page.len());
        }
    }

    /// A page that begins a stream: the one that is counted, one beside it, or one chained to it.
    fn begin(&mut self, page: &Page) {
        let packet = page.pieces().first().map(|(piece, _)| *piece).unwrap_or_default().to_vec();
        let Some(stream) = Stream::read(&packet) else {
            if [&b"\x80theora"[..], b"BBCD", b"\x01video"].iter().any(|m| packet.starts_with(m)) {
                self.video_streams += 1;
            }
            self.other = self.other.take().or_else(|| name_of(&packet));
            return;
        };
        match &self.link {
            None => {}
            Some(link) if !link.has_begun() => {
                self.audio_streams += u32::from(self.links == 1);
                return;
            }
            Some(_) => self.end_of_link(),
        }
        self.links += 1;
        self.audio_streams = self.audio_streams.max(1);
        if let Some(first) = &self.first {
            let at = Frames::new(self.before).timestamp(first.rate);
            let what = if stream.codec != first.codec {
                format!("{} follows {}", stream.codec.word(), first.codec.word())
            } else if stream.rate != first.rate {
                format!("the sample rate becomes {} Hz", stream.rate.hz())
            } else if stream.channels != first.channels {
                format!("the channels become {}", stream.channels)
            } else {
                "a stream is chained to the one before".to_owned()
            };
            self.damage.push(Damage::Glued { at, what });
        }
        self.link = Some(Link::new(page.serial, stream));
    }

    fn end_of_link(&mut self) {
        let Some(link) = self.link.take() else { return };
        let over = link.finish();
        let rate = self.first.as_ref().map_or(over.stream.rate, |f| f.rate);
        for event in over.events {
            self.damage.push(event.damage(self.before, over.stream.rate));
        }
        self.stated = over.stated;
        let frames = scale(over.frames, rate.hz().into(), over.stream.rate.hz().into());
        self.before = self.before.saturating_add(frames);
        self.first.get_or_insert(First {
            codec: over.stream.codec,
            rate,
            channels: over.stream.channels,
            lead: over.lead,
            stated: over.stream.stated,
            comments: over.comments,
        });
    }

    /// Where the audio stands.
    fn now(&self) -> Timestamp {
        let Some(link) = &self.link else { return Timestamp::from_millis(0) };
        let rate = self.first.as_ref().map_or(link.stream.rate, |f| f.rate);
        let here = scale(link.audible(), rate.hz().into(), link.stream.rate.hz().into());
        Frames::new(self.before.saturating_add(here)).timestamp(rate)
    }

    /// A page whose checksum does not fit. If its stream is one beside ours, nobody hears it.
    fn broken(&mut self, serial: u32) {
        let at = self.now();
        if let Some(link) = self.link.as_mut().filter(|l| l.serial == serial) {
            link.broken();
            if self.damage.len() < MOST_PLACES {
                self.damage.push(Damage::Checksum { at: Some(at), what: "that of an Ogg page".into() });
            }
        }
    }

    /// The file ends within a page.
    fn cut(&mut self, header: Option<(u32, Option<u64>)>) {
        if let Some(link) = &mut self.link {
            link.cut(match header {
                Some((serial, _)) if serial != link.serial => Cut::Elsewhere,
                Some((_, granule)) => Cut::Here(granule),
                None => Cut::Here(None),
            });
        }
    }

    fn settle(mut self, size: u64) -> Result<Walk, Unreadable> {
        if let Some((offset, bytes)) = self.skipped.take() {
            self.damage.push(Damage::Junk { at: self.now(), offset, bytes });
        }
        let silent = self.links == 1 && self.link.as_ref().is_some_and(|l| !l.has_begun());
        self.end_of_link();
        let first = match self.first.filter(|_| !silent) {
            Some(first) => first,
            None if silent => {
                return Err(Unreadable::new("the Ogg file ends before its audio begins")
                    .help("Copy the file anew, or export the recording again."));
            }
            None => {
                let what = self.other.map(|o| format!(" ({o})")).unwrap_or_default();
                return Err(Unreadable::new(format!("the Ogg file has no audio of a known kind in it{what}"))
                    .help("Export the recording as Opus, Vorbis or FLAC, or as MP3."));
            }
        };
        let mut damage = self.damage;
        if self.audio_streams > 1 || self.video_streams > 0 {
            damage.insert(0, Damage::SeveralStreams { audio: self.audio_streams, video: self.video_streams });
        }
        damage.extend(first.comments.broken.map(|what| Damage::BrokenTag { what }));
        let claim = |by: &str, n: u64| Claim { by: by.into(), duration: Claimed(Frames::new(n).duration(first.rate)) };
        let mut claims: Vec<Claim> = self.stated.map(|n| claim("last granule", n)).into_iter().collect();
        claims.extend(first.stated.map(|n| claim("STREAMINFO", n)));
        Ok(Walk {
            recording: Recording {
                container: Container::Ogg,
                codec: first.codec,
                size,
                sample_rate: first.rate,
                channels: first.channels,
                bit_rate: bit_rate(self.audio_bytes, self.before, first.rate.hz()),
                frames: Measured(Frames::new(self.before)),
                claims,
                damage,
                tags: first.comments.tags,
                private_tags: Vec::new(),
                chapters: first.comments.chapters.into_iter().collect(),
                hearing: None,
            },
            lead: Frames::new(first.lead),
            silence: Frames::ZERO,
            excerpt: Excerpt::default(),
        })
    }
}

/// What a stream is that is not counted, as far as its first bytes tell.
fn name_of(packet: &[u8]) -> Option<String> {
    const NAMES: &[(&[u8], &str)] = &[
        (b"Speex   ", "Speex"),
        (b"\x80theora", "Theora video"),
        (b"BBCD", "Dirac video"),
        (b"PCM     ", "PCM"),
        (b"CELT    ", "CELT"),
        (b"\x01video", "OGM video"),
    ];
    NAMES.iter().find(|(magic, _)| packet.starts_with(magic)).map(|(_, name)| (*name).to_owned())
}
