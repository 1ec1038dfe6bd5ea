//! WAV, AIFF and FLAC: every sample is in the file, and headers lie about how many.

use super::Table;
use crate::mp3_surgery::{id3v1, junk};

const RATE: u32 = 44_100;

#[test]
fn wav_that_three_programs_write() {
    let mut table = Table::new();
    let count = table.input("in.wav", 5, RATE, 1);
    let shop = &table.workshop;
    let plain = shop.read("in.wav");
    let stereo = {
        table.input("stereo.wav", 5, RATE, 2);
        shop.read("stereo.wav")
    };
    let mut made = vec![("hound.wav", plain.clone()), ("hound-stereo.wav", stereo)];
    for (name, line) in [
        ("ffmpeg-s24.wav", "ffmpeg -v error -i stereo.wav -c:a pcm_s24le ffmpeg-s24.wav"),
        ("ffmpeg-f32.wav", "ffmpeg -v error -i in.wav -c:a pcm_f32le ffmpeg-f32.wav"),
        ("ffmpeg-f64.wav", "ffmpeg -v error -i in.wav -c:a pcm_f64le ffmpeg-f64.wav"),
        ("ffmpeg-u8.wav", "ffmpeg -v error -i in.wav -c:a pcm_u8 ffmpeg-u8.wav"),
        ("ffmpeg-mulaw.wav", "ffmpeg -v error -i in.wav -c:a pcm_mulaw ffmpeg-mulaw.wav"),
        ("ffmpeg-rf64.wav", "ffmpeg -v error -i in.wav -rf64 always ffmpeg-rf64.wav"),
        ("ffmpeg-tagged.wav", "ffmpeg -v error -i in.wav -metadata title=Harbour -write_bext 1 ffmpeg-tagged.wav"),
        ("sox-s32.wav", "sox in.wav -b 32 sox-s32.wav"),
        ("sox-u8.wav", "sox in.wav -b 8 -e unsigned sox-u8.wav"),
        ("flac-decoded.wav", "flac --silent --no-error-on-compression-fail -o in.flac in.wav"),
    ] {
        if name == "flac-decoded.wav" {
            shop.run(line);
            shop.run("flac --silent --decode --force-rf64-format -o flac-decoded.wav in.flac");
            made.push((name, shop.read(name)));
        } else {
            made.push((name, shop.make(name, line)));
        }
    }
    // Written into a pipe, where nobody could go back and fill in the sizes.
    made.push(("ffmpeg-pipe.wav", shop.run("ffmpeg -v error -i in.wav -f wav -")));
    made.push(("sox-pipe.wav", shop.run("sox in.wav -t wav -")));
    made.push(("sox-pipe-24.wav", shop.run("sox in.wav -b 24 -t wav -")));

    let data = plain.windows(4).position(|w| w == b"data").expect("a data chunk");
    let sized = |size: u32| {
        let mut file = plain.clone();
        file[data + 4..data + 8].copy_from_slice(&size.to_le_bytes());
        file
    };
    made.push(("size-zero.wav", sized(0)));
    made.push(("size-all-ones.wav", sized(u32::MAX)));
    made.push(("size-beyond.wav", sized(plain.len() as u32 * 3)));
    made.push(("id3v1-behind.wav", [plain.as_slice(), &id3v1()].concat()));
    made.push(("junk-behind.wav", [plain.as_slice(), &junk(1001)].concat()));
    let list = [b"LIST\x05\0\0\0INFOx\0".as_slice()].concat();
    made.push(("odd-list-in-front.wav", [&plain[..data], &list, &plain[data..]].concat()));
    for (name, bytes) in made {
        table.add(name, &bytes, RATE, count);
    }
    // Cut inside a sample: the whole ones play.
    let left = data + 8 + 2 * 100_000 + 1;
    table.add("cut.wav", &plain[..left], RATE, 100_000);
    table.measure();
}

#[test]
fn aiff_that_two_programs_write() {
    let mut table = Table::new();
    let count = table.input("in.wav", 5, 48_000, 2);
    let shop = &table.workshop;
    let mut made = Vec::new();
    for (name, line) in [
        ("sox.aiff", "sox in.wav sox.aiff"),
        ("sox-24.aiff", "sox in.wav -b 24 sox-24.aiff"),
        ("sox-8.aiff", "sox in.wav -b 8 sox-8.aiff"),
        ("sox.aifc", "sox in.wav sox.aifc"),
        ("ffmpeg.aiff", "ffmpeg -v error -i in.wav ffmpeg.aiff"),
        ("ffmpeg-f32.aiff", "ffmpeg -v error -i in.wav -c:a pcm_f32be ffmpeg-f32.aiff"),
        ("ffmpeg-sowt.aiff", "ffmpeg -v error -i in.wav -c:a pcm_s16le ffmpeg-sowt.aiff"),
        ("ffmpeg-id3.aiff", "ffmpeg -v error -i in.wav -write_id3v2 1 -metadata title=Harbour ffmpeg-id3.aiff"),
    ] {
        made.push((name, shop.make(name, line)));
    }
    let plain = shop.read("ffmpeg.aiff");
    made.push(("ffmpeg-pipe.aiff", shop.run("ffmpeg -v error -i in.wav -f aiff -")));
    for (name, bytes) in made {
        table.add(name, &bytes, 48_000, count);
    }
    let data = plain.windows(4).position(|w| w == b"SSND").expect("a sound chunk") + 16;
    table.add("cut.aiff", &plain[..data + 4 * 70_000 + 3], 48_000, 70_000);
    table.measure();
}

#[test]
fn flac_that_three_programs_write() {
    let mut table = Table::new();
    let count = table.input("in.wav", 5, RATE, 1);
    table.input("stereo.wav", 5, RATE, 2);
    let shop = &table.workshop;
    let mut made = Vec::new();
    for (name, line) in [
        ("flac.flac", "flac --silent -8 -o flac.flac in.wav"),
        ("flac-stereo.flac", "flac --silent -5 -o flac-stereo.flac stereo.wav"),
        ("flac-0.flac", "flac --silent -0 --padding=70000 -o flac-0.flac stereo.wav"),
        ("flac-blocks.flac", "flac --silent --blocksize=1000 --lax -o flac-blocks.flac in.wav"),
        ("ffmpeg.flac", "ffmpeg -v error -i in.wav ffmpeg.flac"),
        ("ffmpeg-24.flac", "ffmpeg -v error -i stereo.wav -sample_fmt s32 ffmpeg-24.flac"),
        ("sox.flac", "sox in.wav sox.flac"),
    ] {
        made.push((name, shop.make(name, line)));
    }
    made.push(("ffmpeg-pipe.flac", shop.run("ffmpeg -v error -i in.wav -f flac -")));
    made.push(("sox-pipe.flac", shop.run("sox in.wav -t flac -")));
    made.push(("flac-pipe.flac", shop.run("flac --silent --stdout in.wav")));
    let plain = shop.read("flac.flac");
    made.push(("id3v2-in-front.flac", [b"ID3\x03\0\0\0\0\0\x14".as_slice(), &[0; 20], &plain].concat()));
    made.push(("id3v1-behind.flac", [plain.as_slice(), &id3v1()].concat()));
    // The total is a number of 36 bits in the first block.
    let mut total = plain.clone();
    total[21] &= 0xF0;
    total[22..26].fill(0);
    made.push(("no-total.flac", total.clone()));
    total[22..26].copy_from_slice(&9_999_999_u32.to_be_bytes());
    made.push(("false-total.flac", total));
    for (name, bytes) in made {
        table.add(name, &bytes, RATE, count);
    }
    table.measure();
}
