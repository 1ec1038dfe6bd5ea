//! MP4, M4A and QuickTime: the index says what there is, the place of every sample whether it is there.
//!
//! ISO 14496-12 (boxes, edits, fragments), 14496-14 (MP4), Apple's QuickTime File Format. What plays is the media as
//! far as the edits show it; without edits, what Apple's `iTunSMPB` or the pre-skip of Opus says; nothing is assumed.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![deny(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_possible_wrap)]

mod atom;
mod author;
mod chapters;
mod entry;
mod fragments;
mod repack;
mod samples;
mod tags;
#[cfg(test)]
mod tests;
mod track;
mod tree;

use self::atom::{Atom, full, scale_and_length, wide};
use self::entry::Entry;
use self::fragments::{Defaults, Fragments};
pub use self::repack::repack;
use self::tags::{Gapless, Words};
use self::track::{Kind, Track};
use super::bytes::{LONGEST, Reader, bit_rate, is_code, scale};
use super::{Excerpt, Source, Unreadable, Walk};
use crate::model::audio::{Claim, Claimed, Codec, Container, Damage, EmbeddedChapters, Measured, Recording};
use crate::model::time::{Frames, SampleRate};

/// More tracks than any program writes.
const MOST_TRACKS: usize = 1000;

/// True for the first bytes of an MP4 or QuickTime file.
pub fn recognise(head: &[u8]) -> bool {
    let size = head.get(..4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
    match head.get(4..8) {
        Some(b"ftyp" | b"styp") => true,
        // QuickTime files without a type begin with one of these.
        Some(b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"moof") => size == 1 || size >= 8,
        _ => false,
    }
}

/// Counts the samples of the first audio track that lie within the file.
pub fn walk(source: &mut dyn Source) -> Result<Walk, Unreadable> {
    let mut reader = Reader::new(source)?;
    let mut file = File::default();
    let mut at = super::flac::after_id3(&mut reader);
    let size = reader.size();
    while at < size {
        let Some(atom) = Atom::read(&mut reader, at, size).filter(|a| is_code(a.kind)) else {
            file.junk = Some((at, size - at));
            break;
        };
        file.take(&mut reader, &atom);
        at = atom.end;
    }
    let walk = file.settle(&mut reader);
    reader.finish()?;
    walk
}

/// What `moov` says.
#[derive(Default)]
struct Movie {
    scale: u64,
    stated: Option<u64>,
    tracks: Vec<Track>,
    defaults: Vec<Defaults>,
    fragmented: bool,
    /// What `mehd` says.
    fragments_stated: Option<u64>,
    cut: bool,
}

#[derive(Default)]
struct File {
    movie: Option<Movie>,
    words: Words,
    fragments: Option<Fragments>,
    has_data: bool,
    data_first: bool,
    junk: Option<(u64, u64)>,
}

impl Movie {
    fn read(reader: &mut Reader<'_>, moov: &Atom, words: &mut Words) -> Self {
        let mut movie = Self { cut: moov.cut, ..Self::default() };
        for atom in moov.descend(reader, &[b"mvex"]) {
            match &atom.kind {
                b"mvhd" => (movie.scale, movie.stated) = scale_and_length(atom.bytes(reader)).unwrap_or_default(),
                b"trak" if movie.tracks.len() < MOST_TRACKS => movie.tracks.push(Track::read(reader, &atom)),
                b"trex" => {
                    movie.fragmented = true;
                    movie.defaults.extend(Defaults::read(reader, &atom));
                }
                b"mehd" => {
                    let mut b = atom.bytes(reader);
                    movie.fragments_stated = full(&mut b).and_then(|(v, _)| wide(&mut b, v)).filter(|n| *n > 0);
                }
                b"udta" => words.user_data(reader, &atom),
                b"meta" => words.meta(reader, &atom),
                b"uuid" => words.uuid(reader, &atom),
                _ => {}
            }
        }
        movie
    }

    fn audio(&self) -> Option<&Track> {
        self.tracks.iter().find(|t| t.kind == Kind::Audio)
    }

    /// Tracks that some track's chapters are in.
    fn is_chapters(&self, track: &Track) -> bool {
        self.tracks.iter().any(|t| t.chapter_tracks.contains(&track.id))
    }

    /// Audio and video streams; covers and pictures of chapters are no videos.
    fn streams(&self, reader: &mut Reader<'_>) -> (u32, u32) {
        let (mut audio, mut video) = (0u32, 0u32);
        for track in &self.tracks {
            match track.kind {
                Kind::Audio => audio += 1,
                Kind::Video => {
                    let kind = track.entries.and_then(|e| entry::kind(reader, &e));
                    let still = matches!(kind.as_ref(), Some(b"jpeg" | b"png " | b"mjpg" | b"mjpa"));
                    let one = track.samples.count <= 1 && !self.fragmented;
                    video += u32::from(!still && !one && !self.is_chapters(track));
                }
                Kind::Text | Kind::Other => {}
            }
        }
        (audio, video)
    }
}

impl File {
    fn take(&mut self, reader: &mut Reader<'_>, atom: &Atom) {
        match &atom.kind {
            b"moov" if self.movie.is_none() => {
                let movie = Movie::read(reader, atom, &mut self.words);
                self.data_first = self.has_data;
                self.fragments =
                    movie.audio().filter(|_| movie.fragmented).map(|track| Fragments::new(track.id, &movie.defaults));
                self.movie = Some(movie);
            }
            b"moof" => {
                if let Some(fragments) = &mut self.fragments {
                    fragments.take(reader, atom);
                }
            }
            b"mdat" => self.has_data |= atom.len() > 0,
            b"meta" => self.words.meta(reader, atom),
            b"uuid" => self.words.uuid(reader, atom),
            _ => {}
        }
    }

    fn settle(self, reader: &mut Reader<'_>) -> Result<Walk, Unreadable> {
        let again = "Copy the file anew; if that does not help, export the recording again.";
        let Some(movie) = self.movie else {
            let why = "the MP4 file has no index (moov): it was cut, or the program that wrote it never finished";
            return Err(Unreadable::new(why).help(again));
        };
        let Some(mut track) = movie.audio().cloned() else {
            let why =
                if movie.cut { "the index (moov) of the MP4 file is cut" } else { "the MP4 file has no audio track" };
            return Err(Unreadable::new(why).help(again));
        };
        let Some(mut entry) = track.entries.and_then(|e| Entry::read(reader, &e)) else {
            return Err(Unreadable::new("the MP4 file does not say how its audio is encoded").help(again));
        };
        let rate = entry.rate.or_else(|| u32::try_from(track.scale).ok().and_then(SampleRate::new));
        let (Some(rate), true) = (rate, track.scale > 0) else {
            return Err(Unreadable::new("the MP4 file does not say how many samples a second has").help(again));
        };
        if let Some(frame) = entry.frame {
            track.samples.mend_equal_size(frame);
        }
        entry.look_into(&first_samples(reader, &mut track));
        let rate = entry.rate.unwrap_or(rate);
        let (there, mut bytes) = track.samples.present(reader);
        let count = track.samples.count;
        let (mut ticks, mut all) = (track.samples.ticks(reader, there), track.samples.ticks(reader, count));
        if let Some(f) = &self.fragments {
            ticks = ticks.saturating_add(f.present);
            all = all.saturating_add(f.promised);
            bytes = bytes.saturating_add(f.bytes);
        }
        let clock = Clock { movie_scale: movie.scale, gapless: self.words.gapless, pre_skip: entry.pre_skip, rate };
        let silence = clock.scaled(&track, track.silence(movie.scale));
        let frames = silence.saturating_add(clock.frames(&track, ticks));
        let full = silence.saturating_add(clock.frames(&track, all));

        let mut damage = Vec::new();
        let (audio, video) = movie.streams(reader);
        if audio > 1 || video > 0 {
            damage.push(Damage::SeveralStreams { audio, video });
        }
        if entry.protected {
            damage.push(Damage::Protected);
        }
        if movie.fragmented {
            damage.push(Damage::Fragmented);
        } else if self.data_first {
            damage.push(Damage::MoovLast);
        }
        let lead = clock.lead(&track);
        let place = |ticks: u64| {
            let frames = clock.scaled(&track, ticks).saturating_sub(lead).saturating_add(silence);
            Frames::new(frames).timestamp(rate)
        };
        for (at, lost) in self.fragments.iter().flat_map(|f| &f.holes) {
            let lost = Some(Frames::new(clock.scaled(&track, *lost)).duration(rate));
            damage.push(Damage::Hole { at: place(*at), lost });
        }
        let end = Frames::new(frames).timestamp(rate);
        if frames < full {
            damage.push(Damage::Truncated { at: end, lost: Some(Frames::new(full - frames).duration(rate)) });
        } else if movie.cut || self.fragments.as_ref().is_some_and(|f| f.cut) {
            damage.push(Damage::Truncated { at: end, lost: None });
        }
        if let Some((offset, bytes)) = self.junk {
            damage.push(Damage::Junk { at: end, offset, bytes });
        }
        let claims = claims(&movie, &track, self.words.gapless, rate);
        let mut found: Vec<EmbeddedChapters> = Vec::new();
        if let Some(atom) = &self.words.chapter_list {
            let (list, broken) = chapters::list(reader, atom);
            found.extend(list);
            damage.extend(broken);
        }
        let text = movie.tracks.iter().find(|t| t.kind == Kind::Text && movie.is_chapters(t));
        found.extend(text.and_then(|t| chapters::track(reader, t.clone(), movie.scale)));
        damage.extend(chapters::single_kind(&found));
        Ok(Walk {
            recording: Recording {
                container: Container::Mp4,
                bit_rate: match entry.codec {
                    Codec::Pcm { .. } => {
                        entry.frame.and_then(|f| u32::try_from(scale(f * 8, rate.hz().into(), 1)).ok())
                    }
                    _ => bit_rate(bytes, clock.scaled(&track, ticks), rate.hz()),
                },
                codec: entry.codec,
                size: reader.size(),
                sample_rate: rate,
                channels: entry.channels,
                frames: Measured(Frames::new(frames)),
                claims,
                damage,
                tags: self.words.tags,
                private_tags: self.words.private,
                chapters: found,
                hearing: None,
            },
            lead: Frames::new(lead),
            silence: Frames::new(silence),
            excerpt: Excerpt::default(),
        })
    }
}

/// The first packets of a track, for what only they tell.
fn first_samples(reader: &mut Reader<'_>, track: &mut Track) -> Vec<Vec<u8>> {
    const LOOKED_INTO: usize = 64;
    let mut places = Vec::new();
    track.samples.each(reader, |run| {
        places.push((run.offset, run.size));
        places.len() < LOOKED_INTO
    });
    let packet = |(at, size)| {
        let size = usize::try_from(size).unwrap_or(LONGEST).min(LONGEST);
        reader.upto(at, size).to_vec()
    };
    places.into_iter().map(packet).collect()
}

/// How ticks of the media become frames that play.
struct Clock {
    movie_scale: u64,
    gapless: Option<Gapless>,
    pre_skip: Option<u64>,
    rate: SampleRate,
}

impl Clock {
    fn scaled(&self, track: &Track, ticks: u64) -> u64 {
        scale(ticks, self.rate.hz().into(), track.scale)
    }

    /// What Apple's words say, where no edit says anything else.
    fn words(&self, track: &Track) -> Option<Gapless> {
        self.gapless.filter(|_| track.first_edit().is_none_or(|from| from == 0))
    }

    fn lead(&self, track: &Track) -> u64 {
        match (self.words(track), track.first_edit()) {
            (Some(words), _) => words.delay,
            (None, Some(from)) => self.scaled(track, from),
            (None, None) => self.pre_skip.unwrap_or(0),
        }
    }

    fn frames(&self, track: &Track, ticks: u64) -> u64 {
        let there = self.scaled(track, ticks).saturating_sub(self.lead(track));
        let plays = match self.words(track) {
            Some(words) => words.length.min(there),
            None => track.edited(ticks, self.movie_scale).map_or(there, |t| self.scaled(track, t)),
        };
        // Apple's words are exact where the edit is rounded to a tick of the movie.
        match self.gapless {
            Some(words) if plays.abs_diff(words.length) <= self.tick() && words.length <= there => words.length,
            _ => plays,
        }
    }

    /// Frames of one tick of the movie.
    fn tick(&self) -> u64 {
        u64::from(self.rate.hz()).div_ceil(self.movie_scale.max(1))
    }
}

fn claims(movie: &Movie, track: &Track, gapless: Option<Gapless>, rate: SampleRate) -> Vec<Claim> {
    let of = |by: &str, n: u64, per: u64| {
        let frames = Frames::new(scale(n, rate.hz().into(), per));
        Claim { by: by.into(), duration: Claimed(frames.duration(rate)) }
    };
    let mut claims = Vec::new();
    claims.extend(movie.stated.map(|n| of("mvhd", n, movie.scale)));
    claims.extend(track.stated.map(|n| of("mdhd", n, track.scale)));
    if !track.edits.is_empty() {
        let sum = track.edits.iter().map(|e| e.length).fold(0, u64::saturating_add);
        claims.extend(Some(sum).filter(|n| *n > 0).map(|n| of("elst", n, movie.scale)));
    }
    claims.extend(movie.fragments_stated.map(|n| of("mehd", n, movie.scale)));
    claims.extend(gapless.map(|g| of("iTunSMPB", g.length, rate.hz().into())));
    claims
}
