//! Everything but MP3 as encoders write it: against the samples that went in, with other programs' answers beside ours.

use crate::durations::Table;

/// Makers that keep the rate: a name for the file, and the line that makes it of an input.
const MAKERS: &[(&str, &str)] = &[
    ("ffmpeg-aac.m4a", "ffmpeg -v error -i IN -c:a aac -b:a 64k OUT"),
    ("ffmpeg-fast.m4a", "ffmpeg -v error -i IN -c:a aac -b:a 64k -movflags +faststart OUT"),
    ("ffmpeg-dash.m4a", "ffmpeg -v error -i IN -c:a aac -b:a 64k -movflags frag_keyframe+empty_moov+delay_moov OUT"),
    ("ffmpeg-aac.mov", "ffmpeg -v error -i IN -c:a aac -b:a 64k OUT"),
    ("ffmpeg-pcm.mov", "ffmpeg -v error -i IN -c:a pcm_s16le OUT"),
    ("ffmpeg-alac.m4a", "ffmpeg -v error -i IN -c:a alac OUT"),
    ("ffmpeg-flac.mp4", "ffmpeg -v error -i IN -c:a flac -strict -2 OUT"),
    ("ffmpeg-mp3.mp4", "ffmpeg -v error -i IN -c:a libmp3lame -b:a 64k OUT"),
    ("ffmpeg-vorbis.ogg", "ffmpeg -v error -i IN -c:a libvorbis OUT"),
    ("ffmpeg-flac.oga", "ffmpeg -v error -i IN -c:a flac -f ogg OUT"),
    ("oggenc.ogg", "oggenc -Q IN -o OUT"),
    ("flac.oga", "flac -s --ogg IN -o OUT"),
    ("flac.flac", "flac -s IN -o OUT"),
    ("sox-24.aiff", "sox IN -b 24 OUT"),
    ("sox-float.wav", "sox IN -e floating-point -b 32 OUT"),
    ("sox-ima.wav", "sox IN -e ima-adpcm OUT"),
    ("ffmpeg-rf64.wav", "ffmpeg -v error -i IN -rf64 always OUT"),
];

#[test]
fn containers_as_encoders_write_them() {
    let mut table = Table::new();
    for (rate, channels) in [(44_100, 2), (48_000, 1), (16_000, 1)] {
        let input = format!("in-{rate}-{channels}.wav");
        let count = table.input(&input, 6, rate, channels);
        for (maker, line) in MAKERS {
            let name = format!("{rate}-{channels}-{maker}");
            let made = table.workshop.make(&name, &line.replace("IN", &input).replace("OUT", &name));
            table.add(&name, &made, rate, count);
            if *maker == "sox-ima.wav" {
                table.unheard();
            }
        }
        // Opus counts at 48 kHz; a fraction of a sample at the end is no sample.
        if 48_000 % rate == 0 {
            for (maker, line) in [
                ("opusenc.opus", "opusenc --quiet --bitrate 32 IN OUT"),
                ("ffmpeg.opus", "ffmpeg -v error -i IN -c:a libopus -b:a 32k OUT"),
                ("ffmpeg-opus.mp4", "ffmpeg -v error -i IN -c:a libopus -b:a 32k OUT"),
            ] {
                let name = format!("{rate}-{channels}-{maker}");
                let made = table.workshop.make(&name, &line.replace("IN", &input).replace("OUT", &name));
                table.add(&name, &made, 48_000, count * u64::from(48_000 / rate));
            }
        }
    }
    table.measure();
}

/// Where Ogg pages begin.
fn pages(file: &[u8]) -> Vec<usize> {
    file.windows(5).enumerate().filter(|(_, w)| w == b"OggS\0").map(|(at, _)| at).collect()
}

/// What the page at a place says of the place in the stream.
fn granule(file: &[u8], at: usize) -> u64 {
    file[at + 6..at + 14].iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte))
}

#[test]
fn ogg_that_something_happened_to() {
    let mut table = Table::new();
    let count = table.input("in.wav", 12, 48_000, 1);
    let second = table.input("second.wav", 5, 48_000, 1);
    for (maker, line, lead) in [
        ("opusenc.opus", "opusenc --quiet --bitrate 32 IN OUT", 312),
        ("oggenc.ogg", "oggenc -Q IN -o OUT", 0),
        ("flac.oga", "flac -s --ogg IN -o OUT", 0),
    ] {
        let make = |input: &str, name: &str| table.workshop.make(name, &line.replace("IN", input).replace("OUT", name));
        let (file, other) = (make("in.wav", &format!("whole-{maker}")), make("second.wav", &format!("second-{maker}")));
        let pages = pages(&file);
        let middle = pages.len() / 2;
        let lost = granule(&file, pages[middle]) - granule(&file, pages[middle - 1]);
        let (before, behind) = (&file[..pages[middle]], &file[pages[middle + 1]..]);
        let page = &file[pages[middle]..pages[middle + 1]];

        table.add(
            &format!("cut-{maker}"),
            &file[..pages[middle] + 100],
            48_000,
            granule(&file, pages[middle - 1]) - lead,
        );
        table.add(&format!("chained-{maker}"), &[&file[..], &other].concat(), 48_000, count + second);
        let junk = crate::mp3_surgery::junk(700);
        table.add(&format!("junk-{maker}"), &[before, &junk, page, behind].concat(), 48_000, count);
        if !maker.ends_with(".ogg") {
            // What Vorbis loses is not what the clock says: the packet that begins on the page before goes, too.
            table.add(&format!("hole-{maker}"), &[before, behind].concat(), 48_000, count - lost);
            let mut changed = page.to_vec();
            changed[40] ^= 0x55;
            table.add(&format!("changed-{maker}"), &[before, &changed, behind].concat(), 48_000, count - lost);
        }
    }
    table.measure();
}
