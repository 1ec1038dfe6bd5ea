//! Sounds whose number of samples is known, and files of them.

use std::f32::consts::{PI, TAU};

use rusty_mp3::{Mp3Encoder, Mp3EncoderConfig};

use crate::programs::Workshop;

/// So many samples of something like speech: voiced bursts of harmonics with pauses between words and sentences.
pub fn speech(count: usize, rate: u32) -> Vec<f32> {
    (0..count)
        .map(|i| {
            let t = i as f32 / rate as f32;
            let (word, sentence) = ((t * 3.1).fract(), (t / 4.0).fract());
            let envelope = if word < 0.7 && sentence < 0.85 { (PI * word / 0.7).sin() } else { 0.0 };
            let pitch = 120.0 + 15.0 * (t * 1.7).sin();
            0.19 * envelope * (1..8).map(|h| (TAU * pitch * h as f32 * t).sin() / h as f32).sum::<f32>()
        })
        .collect()
}

/// Interleaved, every channel a little quieter than the one before, so that no encoder joins them.
pub fn spread(mono: &[f32], channels: u16) -> Vec<f32> {
    mono.iter().flat_map(|s| (0..channels).map(move |c| s / (1.0 + 0.3 * f32::from(c)))).collect()
}

/// A WAV file of 16-bit samples.
pub fn wav(workshop: &Workshop, name: &str, samples: &[f32], rate: u32, channels: u16) {
    let spec =
        hound::WavSpec { channels, sample_rate: rate, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut writer = hound::WavWriter::create(workshop.path(name), spec).expect("a file can be made");
    for sample in samples {
        writer.write_sample((sample * 32_767.0).round() as i16).expect("a sample can be written");
    }
    writer.finalize().expect("a file can be finished");
}

/// An MP3 by a third encoder, in Rust.
pub fn rusty_mp3(samples: &[f32], rate: u32, channels: u16, vbr: Option<f32>) -> Vec<u8> {
    let mut encoder = Mp3Encoder::new(Mp3EncoderConfig { bitrate_kbps: 96, vbr_quality: vbr });
    encoder.push_pcm_f32(samples, channels, rate).expect("samples that the encoder takes");
    encoder.finish();
    let mut bytes = Vec::new();
    while let Ok(packet) = encoder.next_packet() {
        bytes.extend_from_slice(&packet);
    }
    bytes
}
