//! Pictures of every kind, whole, cut, hostile.

use image::{GrayImage, Luma, LumaA, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

const CMYK: &[u8] = include_bytes!("../../tests/pictures/pillow-cmyk.jpg");
const TURNED: &[u8] = include_bytes!("../../tests/pictures/pillow-turned-by-exif.jpg");

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("writing to memory");
    bytes.into_inner()
}

/// A picture with something in it, so that a cut loses something.
fn noisy(side: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(side, side, |x, y| {
        let value = (x * 7919 + y * 104_729) ^ (x * y);
        Rgb([value as u8, (value >> 3) as u8, (value >> 5) as u8])
    }))
}

fn summary(bytes: &[u8]) -> String {
    match facts(bytes) {
        Ok(f) => format!("{:?} {}x{} {:?} alpha {} {:?}", f.format, f.width, f.height, f.colour, f.alpha, f.density),
        Err(why) => format!("{why} ({})", why.help.clone().unwrap_or_default()),
    }
}

#[test]
fn the_cover_of_a_page_is_small() {
    // Noise is the hardest picture there is.
    let mut state = 7_u32;
    let noise = image::RgbImage::from_fn(600, 600, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
    });
    let mut embedded = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut embedded, 85).encode_image(&noise).unwrap();
    let small = page_cover(&embedded).unwrap();
    let facts = facts(&small).unwrap();
    assert_eq!((facts.format, facts.width, facts.height), (Format::Jpeg, 400, 400));
    assert!(small.len() < 80_000, "{}", small.len());
}

#[test]
fn what_a_picture_is_shows_its_content() {
    let check = |bytes: &[u8], expected: &str| assert_eq!(summary(bytes), expected);
    check(&encoded(&noisy(32), ImageFormat::Png), "Png 32x32 Rgb alpha false None");
    let grey = DynamicImage::ImageLuma8(GrayImage::from_pixel(8, 9, Luma([7])));
    check(&encoded(&grey, ImageFormat::Png), "Png 8x9 Grey alpha false None");
    check(&encoded(&grey, ImageFormat::Jpeg), "Jpeg 8x9 Grey alpha false None");
    let soft = DynamicImage::ImageLumaA8(image::ImageBuffer::from_pixel(8, 8, LumaA([7, 9])));
    check(&encoded(&soft, ImageFormat::Png), "Png 8x8 Grey alpha true None");
    check(CMYK, "Jpeg 16x16 Cmyk alpha false None");
    check(TURNED, "Jpeg 24x16 Rgb alpha false Some(Density { across: 72, down: 72 })");
    check(b"", "it is empty ()");
    check(b"GIF89a", "it is a GIF, which directories refuse (save it as JPEG or PNG)");
    check(b"RIFF\0\0\0\0WEBPVP8 ", "it is a WebP picture, which directories refuse (save it as JPEG or PNG)");
    check(b"\0\0\0\x18ftypheic", "it is an HEIC picture, which directories refuse (save it as JPEG or PNG)");
    check(b"hello", "it is no JPEG or PNG (save it as JPEG or PNG)");
}

#[test]
fn a_picture_that_is_cut_anywhere_is_unreadable() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let whole = encoded(&noisy(64), format);
        assert!(facts(&whole).is_ok());
        for percent in [0, 1, 5, 20, 50, 80, 99] {
            let cut = &whole[..whole.len() * percent / 100];
            assert!(facts(cut).is_err(), "{format:?} cut at {percent} %");
        }
        assert!(facts(&whole[..whole.len() - 1]).is_err(), "{format:?} without its last byte");
    }
    let mut flipped = encoded(&noisy(64), ImageFormat::Png);
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    assert!(summary(&flipped).starts_with("the PNG is damaged"), "{}", summary(&flipped));
}

#[test]
fn a_bomb_is_measured_and_not_decoded() {
    // A header that promises 60,000 by 60,000 pixels over no data at all.
    let mut bomb = encoded(&noisy(8), ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    assert_eq!(summary(&bomb), "Png 60000x60000 Rgb alpha false None");
    assert_eq!(embedded_cover(&bomb).unwrap_err().message, "it has 60000 by 60000 pixels");
}

#[test]
fn the_tag_gets_a_small_upright_picture_on_white() {
    let cover = embedded_cover(&encoded(&noisy(1500), ImageFormat::Png)).expect("a cover");
    assert_eq!(summary(&cover).split(" alpha").next(), Some("Jpeg 600x600 Rgb"));
    assert_eq!(cover, embedded_cover(&encoded(&noisy(1500), ImageFormat::Png)).expect("a cover"), "same in, same out");

    let pixel = |bytes: &[u8], x: u32, y: u32| -> [u8; 3] {
        let cover = embedded_cover(bytes).expect("a cover");
        image::load_from_memory(&cover).expect("a picture").into_rgb8().get_pixel(x, y).0
    };
    let near = |found: [u8; 3], wanted: [u8; 3]| {
        // JPEG loses a little, inks a little more.
        assert!(found.iter().zip(wanted).all(|(f, w)| f.abs_diff(w) < 24), "{found:?} is not {wanted:?}");
    };
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(16, 16, Rgba([0, 0, 0, 0])));
    near(pixel(&encoded(&clear, ImageFormat::Png), 8, 8), [255, 255, 255]);
    let half = DynamicImage::ImageRgba8(RgbaImage::from_pixel(16, 16, Rgba([255, 0, 0, 128])));
    near(pixel(&encoded(&half, ImageFormat::Png), 8, 8), [255, 127, 127]);
    near(pixel(CMYK, 8, 8), [255, 0, 0]);
    // Turned by a quarter to the right: what was left is on top.
    assert_eq!(summary(&embedded_cover(TURNED).expect("a cover")).split(' ').nth(1), Some("16x24"));
    near(pixel(TURNED, 8, 2), [255, 0, 0]);
    near(pixel(TURNED, 8, 21), [0, 0, 255]);
    let grey = DynamicImage::ImageLuma8(GrayImage::from_pixel(16, 16, Luma([90])));
    near(pixel(&encoded(&grey, ImageFormat::Jpeg), 8, 8), [90, 90, 90]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]
    #[test]
    fn no_damage_hurts(at in 0usize..4000, byte in any::<u8>(), cut in 0usize..4000, png in any::<bool>()) {
        let format = if png { ImageFormat::Png } else { ImageFormat::Jpeg };
        let mut bytes = encoded(&noisy(24), format);
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - (cut % length) / 8);
        let _ = facts(&bytes);
        let _ = embedded_cover(&bytes);
    }

    #[test]
    fn no_bytes_hurt(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), start in 0usize..3) {
        let head: &[u8] = [&b"\xFF\xD8\xFF"[..], b"\x89PNG\r\n\x1a\n", b""][start];
        bytes.splice(0..0, head.iter().copied());
        let _ = facts(&bytes);
    }
}
