//! MP3: as encoders write it, and after other programs and accidents.

use super::Table;
use crate::mp3_surgery::{anatomy, ape, between, id3v1, junk, lyrics3, recount, without};
use crate::sound;

#[test]
fn mp3_as_encoders_write_it() {
    let mut table = Table::new();
    for (rate, channels) in
        [(44_100, 2), (44_100, 1), (48_000, 1), (22_050, 1), (24_000, 2), (16_000, 1), (11_025, 1), (8_000, 1)]
    {
        let input = format!("in-{rate}-{channels}.wav");
        let count = table.input(&input, 7, rate, channels);
        let kilobits = if rate < 16_000 { 32 } else { 64 };
        let name = format!("lame-cbr-{rate}-{channels}.mp3");
        let made = table.workshop.make(
            &name,
            &format!("lame --quiet --cbr -b {kilobits} --resample {} {input} {name}", f64::from(rate) / 1000.0),
        );
        table.add(&name, &made, rate, count);
        let name = format!("lame-vbr-{rate}-{channels}.mp3");
        let made = table
            .workshop
            .make(&name, &format!("lame --quiet -V 4 --resample {} {input} {name}", f64::from(rate) / 1000.0));
        table.add(&name, &made, rate, count);
        let name = format!("ffmpeg-vbr-{rate}-{channels}.mp3");
        let made = table.workshop.make(&name, &format!("ffmpeg -v error -i {input} -c:a libmp3lame -q:a 4 {name}"));
        table.add(&name, &made, rate, count);
        if rate >= 32_000 {
            let mono = sound::speech(count as usize, rate);
            let samples = sound::spread(&mono, channels);
            table.add(
                &format!("rusty-cbr-{rate}-{channels}.mp3"),
                &sound::rusty_mp3(&samples, rate, channels, None),
                rate,
                count,
            );
            table.add(
                &format!("rusty-vbr-{rate}-{channels}.mp3"),
                &sound::rusty_mp3(&samples, rate, channels, Some(90.0)),
                rate,
                count,
            );
        }
    }
    table.measure();
}

#[test]
fn mp3_that_something_happened_to() {
    let mut table = Table::new();
    let rate = 44_100;
    let count = table.input("in.wav", 9, rate, 1);
    let other = table.input("other.wav", 4, rate, 1);
    let shop = &table.workshop;
    let lame_vbr = shop.make("lame-vbr.mp3", "lame --quiet -V 3 in.wav lame-vbr.mp3");
    let lame_cbr = shop.make("lame-cbr.mp3", "lame --quiet --cbr -b 96 in.wav lame-cbr.mp3");
    let lame_bare = shop.make("bare.mp3", "lame --quiet -V 3 -t in.wav bare.mp3");
    let ffmpeg_bare =
        shop.make("ff.mp3", "ffmpeg -v error -i in.wav -c:a libmp3lame -q:a 3 -write_xing 0 -id3v2_version 0 ff.mp3");
    let ffmpeg =
        shop.make("ffmpeg.mp3", "ffmpeg -v error -i in.wav -c:a libmp3lame -q:a 3 -metadata title=Harbour ffmpeg.mp3");
    let second = shop.make("second.mp3", "lame --quiet -V 3 --tt Second other.wav second.mp3");
    let rusty = sound::rusty_mp3(&sound::speech(count as usize, rate), rate, 1, Some(90.0));

    // Without a header nobody knows delay and padding: every frame plays.
    let (bare, whole) = (anatomy(&lame_bare), anatomy(&lame_vbr));
    assert_eq!(bare.frames.len() as u64, whole.known().frames);
    table.add("lame-vbr-headerless.mp3", &lame_bare, rate, bare.frames.len() as u64 * 1152);
    table.add("ffmpeg-vbr-headerless.mp3", &ffmpeg_bare, rate, anatomy(&ffmpeg_bare).frames.len() as u64 * 1152);
    let rusty_anatomy = anatomy(&rusty);
    table.add(
        "rusty-vbr-headerless.mp3",
        &rusty[rusty_anatomy.frames[0].end..],
        rate,
        rusty_anatomy.known().frames * 1152,
    );

    for (maker, file) in [("lame", &lame_vbr), ("lame-cbr", &lame_cbr), ("ffmpeg", &ffmpeg), ("rusty", &rusty)] {
        let anatomy = anatomy(file);
        let header = anatomy.known();
        let frames = header.frames;
        assert_eq!(frames * 1152 - header.delay - header.padding, count, "{maker}: the encoder states what went in");
        // The count of bytes is still right.
        table.add(&format!("{maker}-xing-too-many.mp3"), &recount(file, frames as u32 * 2, None), rate, count);
        table.add(&format!("{maker}-xing-too-few.mp3"), &recount(file, frames as u32 / 3, None), rate, count);
        // Neither is: a header that was left from another file.
        let stale = recount(file, frames as u32 - 50, Some(20_000));
        table.add(&format!("{maker}-xing-stale.mp3"), &stale, rate, anatomy.without_end(frames));

        let middle = frames as usize / 2;
        let cut = &file[..anatomy.frames[middle].start + 50];
        table.add(&format!("{maker}-cut.mp3"), cut, rate, anatomy.without_end(middle as u64 - 1));
        let hole = without(file, middle..middle + 20);
        table.add(&format!("{maker}-hole.mp3"), &hole, rate, anatomy.without_end(frames - 20));
        table.add(&format!("{maker}-junk-inside.mp3"), &between(file, middle, &junk(700)), rate, count);
        table.add(&format!("{maker}-zeros-in-front.mp3"), &[&[0; 1500], file.as_slice()].concat(), rate, count);
        table.add(&format!("{maker}-junk-behind.mp3"), &[file.as_slice(), &junk(3000)].concat(), rate, count);
        let tags = [file.as_slice(), &ape(), &lyrics3(), &id3v1()].concat();
        table.add(&format!("{maker}-ape-lyrics3-id3v1.mp3"), &tags, rate, count);
        table.add(&format!("{maker}-id3v1-twice.mp3"), &[file.as_slice(), &id3v1(), &id3v1()].concat(), rate, count);

        // Of joined files the first one's delay and the last one's padding come off; the header between is a frame.
        let (last, joined) = (crate::mp3_surgery::anatomy(&second), [file.as_slice(), &second].concat());
        let all = (frames + 1 + last.known().frames) * 1152;
        let glued = all - header.delay - 529 - (last.known().padding - 529);
        table.add(&format!("{maker}-glued.mp3"), &joined, rate, glued);
        assert_eq!(last.known().frames * 1152 - last.known().delay - last.known().padding, other);
    }
    table.measure();
}

#[test]
fn mp3_of_rarer_kinds() {
    let mut table = Table::new();
    let rate = 44_100;
    let count = table.input("in.wav", 9, rate, 1);
    let low = table.input("low.wav", 9, 11_025, 1);
    let shop = &table.workshop;
    shop.write("cover.ppm", &[b"P6 300 300 255\n".as_slice(), &[90; 300 * 300 * 3]].concat());
    shop.run("ffmpeg -v error -i cover.ppm cover.jpg");

    let art = shop.make("art.mp3", "lame --quiet -V 3 --ti cover.jpg --tt Harbour in.wav art.mp3");
    let bare_art = shop.make("bare-art.mp3", "lame --quiet -V 3 -t --ti cover.jpg --tt Harbour in.wav bare-art.mp3");
    let ffmpeg_art = shop.make(
        "ffmpeg-art.mp3",
        "ffmpeg -v error -i in.wav -i cover.jpg -map 0 -map 1 -c:a libmp3lame -q:a 3 -c:v copy ffmpeg-art.mp3",
    );
    let free = shop.make("free.mp3", "lame --quiet --freeformat -b 200 in.wav free.mp3");
    let low_bare = shop.make("low-bare.mp3", "lame --quiet -V 5 -t --resample 11.025 low.wav low-bare.mp3");
    let checked = shop.make("crc.mp3", "lame --quiet -p --cbr -b 96 in.wav crc.mp3");
    let abr = shop.make("abr.mp3", "lame --quiet --abr 96 in.wav abr.mp3");
    let no_reservoir = shop.make("nores.mp3", "lame --quiet --nores --cbr -b 96 in.wav nores.mp3");
    let second = shop.make("second.mp3", "lame --quiet -V 3 -t --id3v2-only --tt Second in.wav second.mp3");

    table.add("lame-vbr-with-art.mp3", &art, rate, count);
    table.add("ffmpeg-vbr-with-art.mp3", &ffmpeg_art, rate, count);
    table.add("lame-headerless-vbr-with-art.mp3", &bare_art, rate, anatomy(&bare_art).frames.len() as u64 * 1152);
    table.add("lame-crc.mp3", &checked, rate, count);
    table.add("lame-abr.mp3", &abr.clone(), rate, count);
    table.add("lame-no-reservoir.mp3", &no_reservoir, rate, count);
    let frames = anatomy(&low_bare).frames.len() as u64;
    table.add("lame-mpeg25-headerless.mp3", &low_bare, 11_025, frames * 576);
    assert!(frames * 576 >= low, "more plays than went in");
    // Nothing else reads its header; the length of a frame is told by the next one.
    table.add("lame-free-format.mp3", &free, rate, count);
    table.unheard();

    let plain = abr;
    let whole = anatomy(&plain);
    let tag = &art[..anatomy(&art).frames[0].start];
    let middle = whole.known().frames as usize / 2;
    table.add("lame-id3v2-inside.mp3", &between(&plain, middle, tag), rate, count);
    table.add("lame-id3v1-inside.mp3", &between(&plain, middle, &id3v1()), rate, count);
    table.add("lame-id3v2-twice.mp3", &[tag, tag, &plain].concat(), rate, count);
    table.add("lame-id3v2-behind.mp3", &[plain.as_slice(), tag].concat(), rate, count);
    // Two tagged files without encoder's headers, one behind the other, as `cat` makes it.
    let (one, two) = (anatomy(&bare_art).frames.len(), anatomy(&second).frames.len());
    table.add("headerless-cat.mp3", &[bare_art, second].concat(), rate, (one + two) as u64 * 1152);
    // A Fraunhofer header says nothing of delay and padding.
    let bare = &plain[whole.frames[0].end..];
    let fraunhofer = crate::mp3_surgery::vbri(whole.known().frames as u32, bare.len() as u32);
    table.add("vbri.mp3", &[fraunhofer.as_slice(), bare].concat(), rate, whole.known().frames * 1152);
    let stale = crate::mp3_surgery::vbri(99, 10_000);
    table.add("vbri-stale.mp3", &[stale.as_slice(), bare].concat(), rate, whole.known().frames * 1152);
    table.measure();
}
