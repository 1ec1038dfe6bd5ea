//! MPEG audio streams: recognised, walked frame by frame without decoding, and repacked with a tag of ours.
//!
//! What the length is: every whole frame counts, also one whose bit reservoir is lost. Delay and padding come off only
//! where a trusted encoder states them: delay + 529 samples at the start and padding - 529 at the end (529 is the delay
//! of the decoder's filter bank). A stream that was cut loses no padding; of joined streams the first one's delay and
//! the last one's padding come off, and a later header frame plays as a frame.

use std::io;

mod edges;
mod frames;
mod header;
mod index;
mod layout;
mod repack;

pub(super) use edges::id3v2_length;
pub(super) use frames::FrameReader;
pub use repack::{Repacked, repack};

use self::edges::TagKind;
use self::header::{Header, Version};
use self::index::Gapless;
use self::layout::{Event, Layout};
use super::window::Window;
use super::{Excerpt, Source, Unreadable, Walk, id3};
use crate::model::audio::{Claim, Claimed, Codec, Container, Damage, Measured, Recording};
use crate::model::time::{Duration, Frames};

/// Samples by which the decoder's filter bank is late.
const DECODER_DELAY: u32 = 529;

/// Whether a file begins like an MPEG stream. Asked last, because four bytes are all that there is to see.
pub(super) fn recognise(head: &[u8]) -> bool {
    // Padding in front of the first frame is common; a stream that begins later is found by the walk.
    let begin = head.iter().position(|b| *b != 0).unwrap_or(0);
    let at = |from: usize| head.get(from..).and_then(|h| h.first_chunk()).copied().and_then(Header::parse);
    let follows = |from: usize, header: &Header| match header.length() {
        Some(length) => {
            let next = usize::try_from(length).ok().and_then(|l| from.checked_add(l));
            next.is_none_or(|n| n + 4 > head.len() || at(n).is_some_and(|h| h.same_kind(header)))
        }
        None => true,
    };
    if at(begin).is_some_and(|h| follows(begin, &h)) {
        return true;
    }
    // Junk in front: two frames in a row, or nothing.
    (begin..head.len()).any(|from| {
        at(from).is_some_and(|h| {
            let next = h.length().and_then(|l| usize::try_from(l).ok()).map(|l| from + l);
            next.is_some_and(|n| at(n).is_some_and(|second| second.same_kind(&h)))
        })
    })
}

/// Counts every frame of a stream.
pub(super) fn walk(source: &mut dyn Source) -> Result<Walk, Unreadable> {
    let failed = |e: io::Error| Unreadable::new(format!("The file cannot be read to its end: {e}."));
    let mut window = Window::new(source).map_err(failed)?;
    let layout = layout::walk(&mut window).map_err(failed)?.ok_or_else(|| {
        Unreadable::new("There is no MPEG audio frame in this file.").help("Export the recording again as MP3.")
    })?;
    let size = window.length();
    let mut tags = id3::Facts::default();
    for run in &layout.id3v2 {
        let length = usize::try_from(run.length).unwrap_or(usize::MAX).min(id3::LARGEST);
        tags.add(&window.copy(run.start, length).map_err(failed)?);
    }
    let length = length(&layout);
    let mut damage = damage(&layout, &length);
    damage.extend(tags.damage(layout.trailers.contains(&TagKind::Ape)));
    let first = &layout.first;
    let claims = claims(&layout, tags.stated_length);
    let recording = Recording {
        container: Container::Mp3,
        codec: if first.layer == 3 { Codec::Mp3 } else { Codec::MpegLayer(first.layer) },
        size,
        sample_rate: first.rate,
        channels: first.channels,
        bit_rate: mean_bit_rate(&layout),
        frames: Measured(length.audible),
        claims,
        damage,
        tags: tags.text,
        private_tags: tags.private,
        chapters: tags.chapters.into_iter().collect(),
        hearing: None,
    };
    // Beyond a number of places runs are not kept, and the length of a frame in free format is nobody's to read: then a
    // decoder has to find its way alone.
    let known = layout.events.len() < layout::MOST_EVENTS && first.bit_rate.is_some();
    let stretches = layout.runs.iter().filter(|_| known).map(|r| r.start..r.start + r.length).collect();
    Ok(Walk { recording, lead: length.lead, silence: Frames::ZERO, excerpt: Excerpt { front: Vec::new(), stretches } })
}

/// What a gapless decoder plays of a stream.
struct Length {
    lead: Frames,
    audible: Frames,
}

fn length(layout: &Layout) -> Length {
    let lead = layout.index.and_then(|i| i.gapless).map_or(0, |g| u64::from(g.delay + DECODER_DELAY));
    let tail = u64::from(padding(layout).saturating_sub(DECODER_DELAY));
    let (lead, tail) = (Frames::new(lead), layout.at_first_rate(tail));
    Length { lead, audible: layout.samples.minus(lead).minus(tail) }
}

/// The padding of the last frames, as the header of the last part states it; as much as the decoder's delay, of which
/// nothing is heard, where nobody states it or the end is not the one that the header speaks of.
fn padding(layout: &Layout) -> u32 {
    let part = &layout.part;
    let cut = layout.events.iter().any(|e| matches!(e, Event::CutEnd { .. }));
    let whole = !cut && part.absent() == 0 && part.beyond() == 0 && part.absent_bytes() == 0;
    let stated = part.index.and_then(|i| i.gapless).filter(|_| whole);
    stated.map_or(DECODER_DELAY, |g: Gapless| g.padding.max(DECODER_DELAY))
}

fn mean_bit_rate(layout: &Layout) -> Option<u32> {
    let samples = u128::from(layout.samples.count()).max(1);
    let bits = u128::from(layout.bytes) * 8 * u128::from(layout.first.rate.hz());
    u32::try_from((bits + samples / 2) / samples).ok()
}

/// Who states which length, the loudest voice first: what a reader that trusts headers would show.
fn claims(layout: &Layout, tag: Option<Duration>) -> Vec<Claim> {
    let first = &layout.first;
    let mut claims = Vec::new();
    let mut claim = |by: String, duration: Duration| claims.push(Claim { by, duration: Claimed(duration) });
    if let Some((index, frames)) = layout.index.and_then(|i| Some((i, i.frames?))) {
        let samples = Frames::new(frames.saturating_mul(u64::from(first.samples())));
        let gapless = index.gapless.map_or(0, |g| u64::from(g.delay + g.padding));
        claim(index.kind.name().into(), samples.minus(Frames::new(gapless)).duration(first.rate));
    } else if let Some(bits) = first.bit_rate {
        let audio = layout.end.saturating_sub(layout.runs.first().map_or(0, |r| r.start));
        let millis = u128::from(audio) * 8000 / u128::from(bits);
        claim("first frame's bit rate".into(), Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)));
    }
    if let Some(length) = tag {
        claim("TLEN".into(), length);
    }
    claims
}

fn damage(layout: &Layout, length: &Length) -> Vec<Damage> {
    let rate = layout.first.rate;
    let audible = |at: Frames| at.minus(length.lead).timestamp(rate);
    let frame = u64::from(layout.first.samples());
    let lost = |frames: u64| Frames::new(frames.saturating_mul(frame)).duration(rate);
    let (mut found, mut holes, mut cut_end) = (Vec::new(), Vec::new(), false);
    for event in &layout.events {
        match event {
            Event::Junk { at, offset, bytes } => {
                // Junk in the middle may stand where frames were.
                if *at > Frames::ZERO && *at < layout.samples {
                    holes.push(*at);
                }
                found.push((*at, Damage::Junk { at: audible(*at), offset: *offset, bytes: *bytes }));
            }
            Event::TagInside { at, kind } => {
                let what = format!("an {} tag stands between frames", kind.name());
                found.push((*at, Damage::Glued { at: audible(*at), what }));
            }
            Event::IndexInside { at, absent } => {
                if *absent > 0 {
                    found.push((*at, Damage::Hole { at: audible(*at), lost: Some(lost(*absent)) }));
                }
                let what = "the header frame of another file stands between frames".into();
                found.push((*at, Damage::Glued { at: audible(*at), what }));
            }
            Event::Change { at, from, to } => {
                found.push((*at, Damage::Glued { at: audible(*at), what: change(from, to) }));
            }
            Event::CutFrame { at } => holes.push(*at),
            Event::CutEnd { .. } => cut_end = true,
        }
    }
    found.extend(missing(layout, length, &holes, cut_end));
    let beyond = layout.part.beyond();
    if beyond > 0 {
        let stated = layout.part.frames - beyond;
        let at = layout.samples.minus(layout.at_first_rate(beyond.saturating_mul(frame)));
        let what = format!("the header counts {stated} frames and {beyond} more follow");
        found.push((at, Damage::Glued { at: audible(at), what }));
    }
    // An encoder that counts wrongly does so in every frame, and nobody looks.
    if layout.unsound * 2 < layout.protected {
        let checksum =
            |at: &Frames| (*at, Damage::Checksum { at: Some(audible(*at)), what: "the CRC of a frame".into() });
        found.extend(layout.broken.iter().map(checksum));
    }
    found.sort_by_key(|(at, _)| *at);
    let mut found: Vec<Damage> = found.into_iter().map(|(_, damage)| damage).collect();
    if layout.first.layer != 3 {
        found.push(Damage::NotLayer3);
    }
    if layout.variable && layout.first.layer == 3 && !layout.index.is_some_and(|i| i.toc) {
        found.push(Damage::NoIndex);
    }
    found
}

/// What is not there: at the end, or in the middle where the stream shows a seam.
fn missing(layout: &Layout, length: &Length, seams: &[Frames], cut_end: bool) -> Vec<(Frames, Damage)> {
    let rate = layout.first.rate;
    let audible = |at: Frames| at.minus(length.lead).timestamp(rate);
    let frame = u64::from(layout.first.samples());
    let end = layout.samples;
    let truncated = |lost| vec![(end, Damage::Truncated { at: audible(end), lost })];
    let absent = layout.part.absent();
    let promised = Frames::new(absent.saturating_mul(frame));
    // The padding would not have been heard.
    let padding = layout.part.index.and_then(|i| i.gapless).map_or(0, |g| g.padding.saturating_sub(DECODER_DELAY));
    let at_end = || Some(promised.minus(Frames::new(padding.into())).duration(rate));
    let mut places: Vec<Frames> = seams.iter().chain(&layout.torn).copied().collect();
    places.sort_unstable();
    places.dedup();
    let holes = |lost| places.iter().map(|at| (*at, Damage::Hole { at: audible(*at), lost })).collect();
    match (absent, cut_end) {
        (0, true) => truncated(None),
        (0, false) if layout.part.absent_bytes() > 0 => {
            let bits = u64::from(mean_bit_rate(layout).unwrap_or(u32::MAX)).max(1);
            let millis = u128::from(layout.part.absent_bytes()) * 8000 / u128::from(bits);
            truncated(Some(Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))))
        }
        // Everything that the header counts is there, so nothing is missing.
        (0, false) if layout.part.index.is_some_and(|i| i.frames.is_some()) => Vec::new(),
        (0, false) => {
            // Without a count, a frame cut short or a torn reservoir is all that shows a hole, not how long it is.
            let told: Vec<Frames> = layout.events.iter().filter_map(Event::told).collect();
            let untold = places.iter().filter(|at| !told.contains(at));
            untold.map(|at| (*at, Damage::Hole { at: audible(*at), lost: None })).collect()
        }
        (_, true) => truncated(at_end()),
        (_, false) => match places.len() {
            0 => truncated(at_end()),
            1 => holes(Some(promised.duration(rate))),
            _ => holes(None),
        },
    }
}

fn change(from: &Header, to: &Header) -> String {
    let say = |h: &Header| {
        let version = match h.version {
            Version::Mpeg1 => "MPEG-1",
            Version::Mpeg2 => "MPEG-2",
            Version::Mpeg25 => "MPEG-2.5",
        };
        let channels = if h.channels == 1 { "mono" } else { "stereo" };
        format!("{version} layer {}, {} Hz, {channels}", h.layer, h.rate.hz())
    };
    format!("the stream changes from {} to {}", say(from), say(to))
}
