//! A disk on which there is no room: a sentence, and the published feed as it was.

use std::process::Command;

use crate::material::{Show, mp3, speech};

/// Builds where no file may be larger than so many blocks of 512 bytes. The signal that would end the program is
/// ignored, so that a write fails as on a full disk.
fn build_in_little_room(show: &Show, blocks: u32) -> (i32, String) {
    let program = env!("CARGO_BIN_EXE_listen-now");
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; exec \"$2\" build", "sh", &blocks.to_string(), program])
        .current_dir(show.path(""))
        .env_remove("LISTEN_NOW_CACHE")
        .env("NO_COLOR", "1")
        .output()
        .expect("a shell");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
#[cfg(unix)]
fn no_room_for_a_recording_leaves_the_feed_as_it_was() {
    let show = Show::new();
    show.build().fine();
    let before = show.feed_tree();
    show.write("episodes/harbour/reading.mp3", &mp3(20, 140.0));
    let (status, said) = build_in_little_room(&show, 100);
    assert_eq!(status, 2, "{said}");
    let error = said.lines().find(|l| l.starts_with("error: ")).unwrap_or_default();
    assert!(error.starts_with("error: feed/harbour/harbour-") && error.contains("cannot be written"), "{said}");
    assert!(show.feed_tree() == before, "{said}");
    show.build().fine();
    assert!(show.feed_tree() != before);
}

#[test]
#[cfg(unix)]
fn no_room_for_what_a_recording_is_encoded_to_leaves_the_feed_as_it_was() {
    let show = Show::new();
    show.build().fine();
    let before = show.feed_tree();
    std::fs::remove_file(show.path("episodes/harbour/reading.mp3")).expect("removed");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut wav = hound::WavWriter::create(show.path("episodes/harbour/reading.wav"), spec).expect("made");
    for sample in speech(12, 130.0) {
        wav.write_sample((sample * 30_000.0) as i16).expect("written");
    }
    wav.finalize().expect("written");
    let (status, said) = build_in_little_room(&show, 100);
    assert_eq!(status, 2, "{said}");
    assert!(said.lines().any(|l| l.starts_with("error: ")), "{said}");
    assert!(show.feed_tree() == before, "{said}");
    show.build().fine();
}
