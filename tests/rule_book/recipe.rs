//! Recordings and pictures from a few lines of text: `reading.mp3.recipe.toml` says what is in `reading.mp3`.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};
use serde::Deserialize;
/// One piece of a file, and what follows it. Everything has a use by itself: `seconds = 3` is a good recording.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields, default)]
struct Piece {
    /// A file of the project to take instead of making a sound.
    file: Option<String>,
    /// `voice`, `tone`, `noise` or `silence` and its seconds, one after the other; `again` is what was heard last.
    sound: Vec<String>,
    /// Decibels above the usual loudness of a podcast in one channel.
    level: f32,
    /// In Hz.
    rate: u32,
    channels: u16,
    /// Channels in which nothing is heard.
    dead: Vec<u16>,
    /// kbit/s of an MP3.
    kbits: u32,
    /// The quality of an MP3 of variable bit rate.
    vbr: Option<f32>,
    /// Frames of an ID3v2.3 tag before the audio.
    tag: Vec<(String, String)>,
    /// A picture instead: `rgb`, `rgba`, `grey` or `noise`, its width and its height.
    picture: Option<(String, u32, u32)>,
    /// A link to this path instead.
    link: Option<String>,
    /// Bytes as text instead.
    text: Option<String>,
    /// What is done to the bytes, in order: `drop FROM..TO`, `again FROM..TO`, `zero FROM..TO`, `insert AT ZEROS`,
    /// `write AT HEX`, `replace OLD NEW` (all of it), `append HEX`.
    edits: Vec<String>,
    /// The size of the whole file, with zeros at its end.
    grow: Option<u64>,
    /// What follows byte by byte.
    then: Vec<Piece>,
}

impl Default for Piece {
    fn default() -> Self {
        Self {
            file: None,
            sound: vec!["voice 2".into()],
            level: 0.0,
            rate: 44_100,
            channels: 1,
            dead: Vec::new(),
            kbits: 96,
            vbr: None,
            tag: Vec::new(),
            picture: None,
            link: None,
            text: None,
            edits: Vec::new(),
            grow: None,
            then: Vec::new(),
        }
    }
}

/// Makes the file that a recipe describes.
pub fn follow(recipe: &Path, target: &Path) {
    let text = fs::read_to_string(recipe).expect("a recipe");
    let piece: Piece = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", recipe.display()));
    if let Some(to) = &piece.link {
        let _ = fs::remove_file(target);
        #[cfg(unix)]
        std::os::unix::fs::symlink(to, target).expect("a link");
        return;
    }
    let extension = target.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let bytes = piece.bytes(extension);
    fs::write(target, bytes).expect("written");
    if let Some(size) = piece.grow {
        fs::File::options().write(true).open(target).and_then(|f| f.set_len(size)).expect("grown");
    }
}

impl Piece {
    fn bytes(&self, extension: &str) -> Vec<u8> {
        let mut bytes = self.tagged();
        bytes.extend(match (&self.file, &self.picture, &self.text) {
            (Some(file), ..) => {
                fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a file of the project")
            }
            (_, Some((kind, width, height)), _) => picture(kind, *width, *height),
            (_, _, Some(text)) => text.clone().into_bytes(),
            _ if extension == "wav" => self.wav(),
            _ => self.mp3(),
        });
        for piece in &self.then {
            bytes.extend(piece.bytes(extension));
        }
        self.edits.iter().for_each(|e| edit(&mut bytes, e));
        bytes
    }

    fn tagged(&self) -> Vec<u8> {
        use id3::TagLike as _;
        if self.tag.is_empty() {
            return Vec::new();
        }
        let mut tag = id3::Tag::new();
        for (id, value) in &self.tag {
            tag.add_frame(match id.as_str() {
                "PRIV" => id3::Frame::from(id3::frame::Private {
                    owner_identifier: value.clone(),
                    private_data: vec![7; 200],
                }),
                _ => id3::Frame::text(id, value),
            });
        }
        let mut bytes = Vec::new();
        tag.write_to(Cursor::new(&mut bytes), id3::Version::Id3v23).expect("memory");
        bytes
    }

    /// One channel of the sound.
    fn samples(&self) -> Vec<f32> {
        let gain = 10f32.powf(self.level / 20.0);
        let mut samples = Vec::new();
        let mut dice = 0x2545_F491_u32;
        for part in &self.sound {
            let (kind, seconds) = part.split_once(' ').expect("a kind and its seconds");
            let count = (seconds.parse::<f32>().expect("seconds") * self.rate as f32) as usize;
            if kind == "again" {
                samples.extend_from_within(samples.len() - count..);
                continue;
            }
            for i in samples.len()..samples.len() + count {
                let t = i as f32 / self.rate as f32;
                samples.push(
                    gain * match kind {
                        "voice" => voice(t),
                        "tone" => 0.16 * (std::f32::consts::TAU * 440.0 * t).sin(),
                        "noise" => {
                            dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                            0.12 * ((dice >> 8) as f32 / (1 << 23) as f32 - 1.0)
                        }
                        "silence" => 0.0,
                        other => panic!("there is no sound called {other}"),
                    },
                );
            }
        }
        samples
    }

    /// All channels, sample by sample.
    fn interleaved(&self) -> Vec<f32> {
        let samples = self.samples();
        let channels = (0..self.channels).map(|c| !self.dead.contains(&c)).collect::<Vec<_>>();
        samples.iter().flat_map(|s| channels.iter().map(move |heard| if *heard { *s } else { 0.0 })).collect()
    }

    fn wav(&self) -> Vec<u8> {
        let spec = hound::WavSpec {
            channels: self.channels,
            sample_rate: self.rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut bytes = Cursor::new(Vec::new());
        let mut wav = hound::WavWriter::new(&mut bytes, spec).expect("memory");
        for sample in self.interleaved() {
            wav.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16).expect("memory");
        }
        wav.finalize().expect("memory");
        bytes.into_inner()
    }

    fn mp3(&self) -> Vec<u8> {
        let config = Mp3EncoderConfig { bitrate_kbps: self.kbits, vbr_quality: self.vbr };
        let mut encoder = Mp3Encoder::new(config);
        encoder.push_pcm_f32(&self.interleaved(), self.channels, self.rate).expect("samples that the encoder takes");
        encoder.finish();
        let mut bytes = Vec::new();
        while let Ok(packet) = encoder.next_packet() {
            bytes.extend_from_slice(&packet);
        }
        bytes
    }
}

/// Something like speech: voiced bursts with pauses.
fn voice(t: f32) -> f32 {
    let (word, within) = ((t * 3.1).floor(), (t * 3.1).fract());
    // Nine words, and a pause of two.
    let voiced = within < 0.7 && word % 11.0 < 9.0;
    let envelope = if voiced { (std::f32::consts::PI * within / 0.7).sin() } else { 0.0 };
    0.25 * envelope * (1..8).map(|h| (std::f32::consts::TAU * 120.0 * h as f32 * t).sin() / h as f32).sum::<f32>()
}

fn picture(kind: &str, width: u32, height: u32) -> Vec<u8> {
    use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage};
    let mut dice = 0x9E37_u32;
    let mut roll = || {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (dice >> 24) as u8
    };
    let picture = match kind {
        "rgb" => DynamicImage::from(RgbImage::from_pixel(width, height, Rgb([24, 60, 90]))),
        "rgba" => RgbaImage::from_pixel(width, height, Rgba([24, 60, 90, 128])).into(),
        "grey" => GrayImage::from_pixel(width, height, Luma([90])).into(),
        "noise" => RgbImage::from_fn(width, height, |_, _| Rgb([roll(), roll(), roll()])).into(),
        other => panic!("there is no picture called {other}"),
    };
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("memory");
    bytes.into_inner()
}

fn edit(bytes: &mut Vec<u8>, edit: &str) {
    let (what, rest) = edit.split_once(' ').expect("a verb and what it is done to");
    let range = || {
        let (from, to) = rest.split_once("..").expect("FROM..TO");
        let to = to.trim();
        from.trim().parse::<usize>().expect("a byte")..if to.is_empty() {
            bytes.len()
        } else {
            to.parse().expect("a byte")
        }
    };
    match what {
        "drop" => drop(bytes.drain(range())),
        "zero" => {
            let range = range();
            bytes[range].fill(0);
        }
        "again" => {
            let range = range();
            let piece = bytes[range.clone()].to_vec();
            bytes.splice(range.end..range.end, piece);
        }
        "insert" => {
            let (at, count) = rest.split_once(' ').expect("AT ZEROS");
            let at = at.parse::<usize>().expect("a byte");
            bytes.splice(at..at, vec![0; count.parse().expect("a count")]);
        }
        "write" => {
            let (at, hex) = rest.split_once(' ').expect("AT HEX");
            let at = at.parse::<usize>().expect("a byte");
            for (i, pair) in hex.split_whitespace().enumerate() {
                bytes[at + i] = u8::from_str_radix(pair, 16).expect("two digits");
            }
        }
        "replace" => {
            let (old, new) = rest.split_once(' ').expect("OLD NEW");
            let at: Vec<usize> =
                bytes.windows(old.len()).enumerate().filter(|(_, w)| *w == old.as_bytes()).map(|(i, _)| i).collect();
            assert!(!at.is_empty() && old.len() == new.len(), "{edit}");
            at.into_iter().for_each(|i| bytes[i..i + old.len()].copy_from_slice(new.as_bytes()));
        }
        "append" => bytes.extend(rest.split_whitespace().map(|h| u8::from_str_radix(h, 16).expect("two digits"))),
        other => panic!("there is no edit called {other}"),
    }
}
