//! Samples in, frames out: files of every container that this test can make, and small ones that other programs made.
//!
//! Each is walked and decoded: both must give the same length, no damage, and the first sound where it was put.

use std::io::Cursor;

use hound::{SampleFormat, WavSpec, WavWriter};
use listen_now::audio::{analyse, probe};
use listen_now::model::audio::Damage;
use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead};

/// Half a second of silence, then a tone.
fn sound(frames: usize, rate: u32, channels: u16) -> Vec<f32> {
    let from = rate as usize / 2;
    let tone = |n: usize| {
        let t = n as f32 / rate as f32;
        if n < from { 0.0 } else { 0.4 * (t * 440.0 * std::f32::consts::TAU).sin() }
    };
    (0..frames).flat_map(|n| std::iter::repeat_n(tone(n), usize::from(channels))).collect()
}

/// Walks and decodes a file into which so many frames went.
#[track_caller]
fn check(name: &str, bytes: &[u8], frames: u64, rate: u32) {
    check_damaged(name, bytes, frames, rate, &[]);
}

#[track_caller]
fn check_damaged(name: &str, bytes: &[u8], frames: u64, rate: u32, damage: &[Damage]) {
    let walk = probe(&mut Cursor::new(bytes), name).unwrap_or_else(|e| panic!("{name}: {e}"));
    let walked = walk.recording;
    assert_eq!(
        (walked.frames.0.count(), walked.sample_rate.hz(), &walked.damage[..]),
        (frames, rate, damage),
        "{name}"
    );
    let heard = analyse(Box::new(Cursor::new(bytes.to_vec())), name).unwrap_or_else(|e| panic!("{name}: {e}"));
    // Some of these recordings are bursts with hard edges, which are told as such.
    let found: Vec<_> = heard.damage.iter().filter(|d| !matches!(d, Damage::Dropout { .. })).collect();
    assert_eq!((heard.frames, found), (walked.frames, damage.iter().collect()), "{name}: decoding found more");
    assert!(heard.hearing.is_some(), "{name} is decoded");
}

/// The same, and the sound begins after half a second.
#[track_caller]
fn check_sound(name: &str, bytes: &[u8], frames: u64, rate: u32) {
    check(name, bytes, frames, rate);
    let heard = analyse(Box::new(Cursor::new(bytes.to_vec())), name).unwrap_or_else(|e| panic!("{name}: {e}"));
    let leading = heard.hearing.map_or(0, |h| h.silence.leading.millis());
    assert!(leading.abs_diff(500) <= 15, "{name}: the first sound stands at {leading} ms");
}

fn wav(frames: usize, rate: u32, channels: u16, bits: u16) -> Vec<u8> {
    let sample_format = if bits == 32 { SampleFormat::Float } else { SampleFormat::Int };
    let spec = WavSpec { channels, sample_rate: rate, bits_per_sample: bits, sample_format };
    let mut file = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut file, spec).expect("a WAV file");
    for sample in sound(frames, rate, channels) {
        match sample_format {
            SampleFormat::Float => writer.write_sample(sample),
            SampleFormat::Int => writer.write_sample((sample * (1i32 << (bits - 1)) as f32) as i32),
        }
        .expect("a sample");
    }
    writer.finalize().expect("a whole file");
    file.into_inner()
}

/// What an Opus stream is made of.
struct Opus {
    packets: Vec<Vec<u8>>,
    pre_skip: u16,
    channels: u16,
    frames: u64,
}

impl Opus {
    /// Packets of 20 ms until all samples are out.
    fn encode(frames: usize, channels: u16) -> Self {
        let count = usize::from(channels);
        let mut encoder = OpusEncoder::new(48_000, count, Application::Audio).expect("an encoder");
        let pre_skip = OpusHead::for_encoder(&encoder, 48_000).pre_skip;
        let mut samples = sound(frames, 48_000, channels);
        let packets = (frames + usize::from(pre_skip)).div_ceil(960);
        samples.resize(packets * 960 * count, 0.0);
        let mut packet = vec![0; MAX_PACKET_BYTES];
        let packets = samples
            .chunks(960 * count)
            .map(|chunk| {
                let length = encoder.encode(chunk, 960, &mut packet).expect("a packet");
                packet[..length].to_vec()
            })
            .collect();
        Self { packets, pre_skip, channels, frames: frames as u64 }
    }

    fn ogg(&self) -> Vec<u8> {
        let mut head = OpusHead::new(self.channels as u8, 48_000).expect("a head");
        head.pre_skip = self.pre_skip;
        let mut writer = OggOpusWriter::new(Vec::new(), head).expect("a stream");
        let end = u64::from(self.pre_skip) + self.frames;
        for packet in &self.packets {
            let left = end - writer.granule() as u64;
            writer.write_packet_with_duration(packet, left.min(960) as u32).expect("a packet");
        }
        writer.finish().expect("a last page")
    }

    /// One chunk for each five packets, the index in front, and an edit that drops the pre-skip.
    fn mp4(&self) -> Vec<u8> {
        let ftyp = boxed(b"ftyp", b"isom\0\0\0\0");
        let place = ftyp.len() + self.moov(0).len() + 8;
        [ftyp, self.moov(place as u32), boxed(b"mdat", &self.packets.concat())].concat()
    }

    fn moov(&self, place: u32) -> Vec<u8> {
        let count = self.packets.len() as u32;
        let media = u64::from(self.pre_skip) + self.frames;
        let last = media as u32 - (count - 1) * 960;
        let mut dops = vec![0, self.channels as u8];
        dops.extend(self.pre_skip.to_be_bytes());
        dops.extend([0, 0, 0xBB, 0x80, 0, 0, 0]);
        let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, self.channels as u8, 0, 16, 0, 0, 0, 0];
        entry.extend(numbers(&[48_000 << 16]));
        entry.extend(boxed(b"dOps", &dops));
        let mut places = Vec::new();
        let mut at = place;
        for chunk in self.packets.chunks(5) {
            places.push(at);
            at += chunk.iter().map(|p| p.len() as u32).sum::<u32>();
        }
        let sizes: Vec<u32> = self.packets.iter().map(|p| p.len() as u32).collect();
        let rest = count % 5;
        let chunks =
            if rest == 0 { numbers(&[0, 1, 1, 5, 1]) } else { numbers(&[0, 2, 1, 5, 1, places.len() as u32, rest, 1]) };
        let stbl = [
            boxed(b"stsd", &[numbers(&[0, 1]), boxed(b"Opus", &entry)].concat()),
            boxed(b"stts", &numbers(&[0, 2, count - 1, 960, 1, last])),
            boxed(b"stsc", &chunks),
            boxed(b"stsz", &[numbers(&[0, 0, count]), numbers(&sizes)].concat()),
            boxed(b"stco", &[numbers(&[0, places.len() as u32]), numbers(&places)].concat()),
        ]
        .concat();
        let dinf = boxed(b"dinf", &boxed(b"dref", &[numbers(&[0, 1]), boxed(b"url ", &numbers(&[1]))].concat()));
        let minf = [boxed(b"smhd", &numbers(&[0, 0])), dinf, boxed(b"stbl", &stbl)].concat();
        let mdia = [
            boxed(b"mdhd", &numbers(&[0, 0, 0, 48_000, media as u32, 0x55C4_0000])),
            boxed(b"hdlr", &[&[0; 8][..], b"soun", &[0; 13]].concat()),
            boxed(b"minf", &minf),
        ]
        .concat();
        let millis = self.frames.div_ceil(48) as u32;
        let edits = boxed(b"elst", &numbers(&[0, 1, millis, u32::from(self.pre_skip), 0x1_0000]));
        let matrix = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
        let tkhd =
            [numbers(&[3, 0, 0, 1, 0, millis, 0, 0, 0, 0x0100_0000]), numbers(&matrix), numbers(&[0, 0])].concat();
        let trak = [boxed(b"tkhd", &tkhd), boxed(b"edts", &edits), boxed(b"mdia", &mdia)].concat();
        let mvhd = [
            numbers(&[0, 0, 0, 1000, millis, 0x1_0000, 0x0100_0000, 0, 0]),
            numbers(&matrix),
            numbers(&[0, 0, 0, 0, 0, 0, 2]),
        ];
        boxed(b"moov", &[boxed(b"mvhd", &mvhd.concat()), boxed(b"trak", &trak)].concat())
    }
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

#[test]
fn wav_of_every_width() {
    for (rate, channels, bits, frames) in
        [(44_100, 2, 16, 100_001), (48_000, 1, 24, 72_013), (8_000, 1, 8, 9_999), (96_000, 2, 32, 96_123)]
    {
        let bytes = wav(frames, rate, channels, bits);
        check_sound(&format!("{rate}-{channels}-{bits}.wav"), &bytes, frames as u64, rate);
    }
}

#[test]
fn opus_in_ogg_and_in_mp4() {
    for channels in [1, 2] {
        // Whole packets, one sample more and less, and less than a packet.
        for frames in [96_000, 96_648, 96_649, 95_999, 30_001] {
            let opus = Opus::encode(frames, channels);
            check_sound(&format!("{frames}-{channels}.opus"), &opus.ogg(), frames as u64, 48_000);
            check_sound(&format!("{frames}-{channels}.mp4"), &opus.mp4(), frames as u64, 48_000);
        }
        let opus = Opus::encode(100, channels);
        check("100.opus", &opus.ogg(), 100, 48_000);
        check("100.mp4", &opus.mp4(), 100, 48_000);
    }
}

#[test]
fn a_cut_at_any_byte_is_told_and_never_longer_than_the_whole() {
    let opus = Opus::encode(48_000, 1);
    for (name, bytes) in [("cut.opus", opus.ogg()), ("cut.mp4", opus.mp4()), ("cut.wav", wav(48_000, 48_000, 1, 16))] {
        let mut before = 0;
        for cut in (0..bytes.len()).step_by(bytes.len() / 199) {
            let Ok(walk) = probe(&mut Cursor::new(&bytes[..cut]), name) else { continue };
            let frames = walk.recording.frames.0.count();
            assert!((before..=48_000).contains(&frames), "{name} of {cut} bytes: {frames} after {before}");
            assert!(!walk.recording.damage.is_empty(), "{name} of {cut} bytes is whole");
            before = frames;
        }
        assert!(before > 20_000, "{name}: {before}");
    }
}

/// Sixteen thousand samples a second, nine tenths of a second: what other programs made of it.
#[test]
fn files_of_other_programs() {
    let read = |name: &str| std::fs::read(format!("{}/tests/audio/{name}", env!("CARGO_MANIFEST_DIR"))).expect(name);
    for (name, rate, damage) in [
        ("ffmpeg-aac-chapters-14400.m4a", 16_000, None),
        ("ffmpeg-aac-fragments-14400.m4a", 16_000, Some(Damage::Fragmented)),
        ("ffmpeg-alac-14400.m4a", 16_000, Some(Damage::MoovLast)),
        ("oggenc-vorbis-14400.ogg", 16_000, None),
        ("opusenc-14400.opus", 48_000, None),
        ("flac-ogg-14400.oga", 16_000, None),
        ("flac-16k-mono-14400.flac", 16_000, None),
        ("ffmpeg-pipe-no-total-14400.flac", 16_000, Some(Damage::FlacLengthUnknown)),
    ] {
        let damage: Vec<Damage> = damage.into_iter().collect();
        check_damaged(name, &read(name), u64::from(14_400 * rate / 16_000), rate, &damage);
    }
}
