//! MPEG audio streams: recognised, walked frame by frame without decoding, and repacked with a tag of ours.
//!
//! What the length is: every whole frame counts, also one whose bit reservoir is lost. Delay and padding come off only
//! where a trusted encoder states them: delay + 529 samples at the start and padding - 529 at the end (529 is the delay
//! of the decoder's filter bank). A stream that was cut loses no padding; of joined streams the first one's delay and
//! the last one's padding come off, and a later header frame plays as a frame.

use std::io;

mod edges;
mod header;
mod index;
mod layout;
mod repack;

pub(super) use edges::id3v2_length;
pub use repack::{Repacked, repack};

use self::edges::TagKind;
use self::header::{Header, Version};
use self::index::Gapless;
use self::layout::{Event, Layout};
use super::window::Window;
use super::{Source, Unreadable, Walk, id3};
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
    let claims = claims(&layout, tags.stated_length, size);
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
    Ok(Walk { recording, lead: length.lead })
}

/// What a gapless decoder plays of a stream, and how a header's count fits.
struct Length {
    lead: Frames,
    audible: Frames,
    /// Frames that the header counts and that are not there.
    absent: u64,
    /// Frames that are there and that the header does not count.
    beyond: u64,
}

fn length(layout: &Layout) -> Length {
    let stated = layout.index.and_then(|i| i.frames);
    let absent = stated.map_or(0, |s| s.saturating_sub(layout.frames));
    let joined = layout.last_index.is_some();
    let beyond = match stated {
        Some(stated) if !joined => layout.frames.saturating_sub(stated),
        _ => 0,
    };
    let first = layout.index.and_then(|i| i.gapless);
    let lead = first.map_or(0, |g| u64::from(g.delay + DECODER_DELAY));
    // The padding is at the end only if the end is the one that its header speaks of.
    let last = match (joined, layout.last_index) {
        (true, Some(index)) => index.gapless,
        _ if absent == 0 && beyond == 0 => first,
        _ => None,
    };
    let cut = layout.events.iter().any(|e| matches!(e, Event::CutEnd { .. }));
    let tail = match last {
        Some(Gapless { padding, .. }) if !cut => u64::from(padding.saturating_sub(DECODER_DELAY)),
        _ => 0,
    };
    let audible = layout.samples.minus(Frames::new(lead)).minus(Frames::new(tail));
    Length { lead: Frames::new(lead), audible, absent, beyond }
}

fn mean_bit_rate(layout: &Layout) -> Option<u32> {
    let samples = u128::from(layout.samples.count()).max(1);
    let bits = u128::from(layout.bytes) * 8 * u128::from(layout.first.rate.hz());
    u32::try_from((bits + samples / 2) / samples).ok()
}

/// Who states which length, the loudest voice first: what a reader that trusts headers would show.
fn claims(layout: &Layout, tag: Option<Duration>, size: u64) -> Vec<Claim> {
    let first = &layout.first;
    let mut claims = Vec::new();
    let mut claim = |by: String, duration: Duration| claims.push(Claim { by, duration: Claimed(duration) });
    if let Some((index, frames)) = layout.index.and_then(|i| Some((i, i.frames?))) {
        let samples = Frames::new(frames.saturating_mul(u64::from(first.samples())));
        let gapless = index.gapless.map_or(0, |g| u64::from(g.delay + g.padding));
        claim(index.kind.name().into(), samples.minus(Frames::new(gapless)).duration(first.rate));
    } else if let Some(bits) = first.bit_rate {
        let audio = size.saturating_sub(layout.runs.first().map_or(0, |r| r.start));
        let millis = u128::from(audio) * 8000 / u128::from(bits);
        claim("size and first bit rate".into(), Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)));
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
    let mut found = Vec::new();
    for event in &layout.events {
        match event {
            Event::Junk { at, offset, bytes } => {
                found.push(Damage::Junk { at: audible(*at), offset: *offset, bytes: *bytes });
            }
            Event::TagInside { at, kind } => found.push(Damage::Glued {
                at: audible(*at),
                what: format!("an {} tag stands between frames", kind.name()),
            }),
            Event::IndexInside { at } => found.push(Damage::Glued {
                at: audible(*at),
                what: "the header frame of another file stands between frames".into(),
            }),
            Event::Change { at, from, to } => {
                found.push(Damage::Glued { at: audible(*at), what: change(from, to) });
            }
            Event::CutFrame { at } => found.push(Damage::Hole { at: audible(*at), lost: Some(lost(1)) }),
            Event::CutEnd { .. } => {}
        }
    }
    let cut_end = layout.events.iter().find_map(|e| match e {
        Event::CutEnd { at } => Some(*at),
        _ => None,
    });
    let holes: Vec<Frames> = layout.torn.clone();
    let known_holes = found.iter().filter(|d| matches!(d, Damage::Hole { .. })).count();
    // A header that counts more frames than there are: they are missing where the reservoir is torn, else at the end.
    match (length.absent, cut_end, holes.first()) {
        (0, Some(at), _) => found.push(Damage::Truncated { at: audible(at), lost: Some(lost(1)) }),
        (0, None, _) => {}
        (absent, None, Some(at)) if known_holes == 0 => {
            found.push(Damage::Hole { at: audible(*at), lost: Some(lost(absent)) });
        }
        (absent, _, _) if absent > known_holes as u64 => {
            found.push(Damage::Truncated { at: audible(layout.samples), lost: Some(lost(absent - known_holes as u64)) })
        }
        _ => {}
    }
    if length.beyond > 0 {
        let stated = layout.frames - length.beyond;
        let at = Frames::new(stated.saturating_mul(frame));
        let what = format!("the header counts {stated} frames and {} more follow", length.beyond);
        found.push(Damage::Glued { at: audible(at), what });
    }
    // Without any header that counts, a torn reservoir is all that shows a hole; nobody knows how long it is.
    if length.absent == 0 && known_holes == 0 && layout.index.and_then(|i| i.frames).is_none() {
        let glued: Vec<_> = found
            .iter()
            .filter_map(|d| match d {
                Damage::Glued { at, .. } | Damage::Junk { at, .. } => Some(*at),
                _ => None,
            })
            .collect();
        let torn = holes.iter().map(|at| audible(*at)).filter(|at| !glued.contains(at));
        found.extend(torn.map(|at| Damage::Hole { at, lost: None }).collect::<Vec<_>>());
    }
    if layout.first.layer != 3 {
        found.push(Damage::NotLayer3);
    }
    if layout.variable && layout.first.layer == 3 && !layout.index.is_some_and(|i| i.toc) {
        found.push(Damage::NoIndex);
    }
    found
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
