//! What a cover is: the facts of a JPEG or PNG, and the smaller picture that goes into an audio tag.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

pub mod chart;
pub mod waveform;

use std::fmt;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

mod jpeg;
mod png;

/// What a picture is, by its content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// JPEG or PNG.
    pub format: Format,
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// How colours are stored.
    pub colour: Colour,
    /// True where there is an alpha channel or a transparent colour.
    pub alpha: bool,
    /// Size in bytes.
    pub bytes: u64,
    /// The density that it claims.
    pub density: Option<Density>,
}

/// Formats that directories take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Format {
    /// The type that a server should give it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// File name extensions that go with it, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
        }
    }
}

/// How a picture stores colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Colour {
    /// Red, green and blue, or what JPEG makes of them.
    Rgb,
    /// Shades of grey.
    Grey,
    /// Numbers into a palette.
    Palette,
    /// Four inks.
    Cmyk,
}

/// Dots per inch, rounded, as a header claims them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Density {
    /// Across.
    pub across: u32,
    /// Down.
    pub down: u32,
}

/// A file that is no picture that directories take, or a damaged one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// Why, as a sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Unreadable {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn cut(name: &str) -> Self {
        Self::new(format!("the {name} is cut: it ends too early")).help("copy or export it again")
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreadable {}

/// Pixels that are decoded at most: four times the largest cover that a directory takes.
const MOST_PIXELS: u64 = 36_000_000;
/// Memory for one picture while it is decoded.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// The longer side of the picture in an audio tag; players show it no larger, and each listener downloads it.
const TAG_SIDE: u32 = 600;
/// Quality of the picture in an audio tag.
const TAG_QUALITY: u8 = 85;
/// The longer side of the picture on pages: three dots for each of the 128 that it is shown with.
const PAGE_SIDE: u32 = 400;
/// Qualities of the picture on pages, the first that is light enough.
const PAGE_QUALITIES: [u8; 5] = [80, 65, 50, 35, 20];
/// What it may weigh: a page is not to be heavier for its cover than for all the rest.
const PAGE_BYTES: usize = 60_000;

/// The facts of a whole picture. One that is cut or damaged is unreadable, whatever its header says.
///
/// A picture of more than 36 million pixels is not decoded: its facts are those of its header.
pub fn facts(bytes: &[u8]) -> Result<Facts, Unreadable> {
    let facts = header(bytes)?;
    if u64::from(facts.width) * u64::from(facts.height) <= MOST_PIXELS {
        match decode(bytes, facts.format) {
            Ok(_) | Err(ImageError::Limits(_)) => {}
            Err(why) => return Err(damaged(facts.format, &why)),
        }
    }
    Ok(facts)
}

/// The picture for an audio tag: a JPEG of at most 600 by 600 pixels in plain RGB, upright, on white.
pub fn embedded_cover(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let facts = header(bytes)?;
    if u64::from(facts.width) * u64::from(facts.height) > MOST_PIXELS {
        return Err(Unreadable::new(format!("it has {} by {} pixels", facts.width, facts.height))
            .help("save it with 3000 by 3000 pixels"));
    }
    let picture = decode(bytes, facts.format).map_err(|why| damaged(facts.format, &why))?;
    reduced(on_white(picture), TAG_SIDE, TAG_QUALITY)
}

/// The picture for pages and lock screens, of the one for tags: a JPEG of at most 400 by 400 pixels.
pub fn page_cover(embedded: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let picture = decode(embedded, Format::Jpeg).map_err(|why| damaged(Format::Jpeg, &why))?.into_rgb8();
    let mut cover = Vec::new();
    for quality in PAGE_QUALITIES {
        cover = reduced(picture.clone(), PAGE_SIDE, quality)?;
        if cover.len() <= PAGE_BYTES {
            break;
        }
    }
    Ok(cover)
}

fn reduced(picture: RgbImage, side: u32, quality: u8) -> Result<Vec<u8>, Unreadable> {
    let small = match picture.width().max(picture.height()) > side {
        true => DynamicImage::ImageRgb8(picture).resize(side, side, FilterType::Lanczos3).into_rgb8(),
        false => picture,
    };
    let mut cover = Vec::new();
    JpegEncoder::new_with_quality(&mut cover, quality)
        .encode_image(&small)
        .map_err(|why| Unreadable::new(format!("no smaller picture can be made of it: {why}")))?;
    Ok(cover)
}

/// What the structure of a picture says, up to its end, without decoding.
fn header(bytes: &[u8]) -> Result<Facts, Unreadable> {
    let known = match bytes {
        [0xFF, 0xD8, 0xFF, ..] => return jpeg::walk(bytes),
        [0x89, b'P', b'N', b'G', ..] => return png::walk(bytes),
        [] => return Err(Unreadable::new("it is empty")),
        [b'G', b'I', b'F', b'8', ..] => "a GIF",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "a WebP picture",
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => "an AVIF picture",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..] => "an HEIC picture",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "a TIFF picture",
        [b'B', b'M', ..] => "a BMP picture",
        [b'8', b'B', b'P', b'S', ..] => "a Photoshop file",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [b'<', ..] => "an SVG or HTML text",
        _ => return Err(Unreadable::new("it is no JPEG or PNG").help("save it as JPEG or PNG")),
    };
    Err(Unreadable::new(format!("it is {known}, which directories refuse")).help("save it as JPEG or PNG"))
}

/// Decodes upright, with bounded memory.
fn decode(bytes: &[u8], format: Format) -> Result<DynamicImage, ImageError> {
    let format = match format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn damaged(format: Format, why: &ImageError) -> Unreadable {
    let name = match format {
        Format::Jpeg => "JPEG",
        Format::Png => "PNG",
    };
    let reason = match why {
        ImageError::IoError(_) => "it ends too early".to_owned(),
        ImageError::Limits(_) => "it is too large to decode".to_owned(),
        other => other.to_string(),
    };
    Unreadable::new(format!("the {name} is damaged: {reason}")).help("export it again")
}

/// Plain RGB, with white where the picture is transparent.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let layered = picture.into_rgba8();
    let mut flat = RgbImage::new(layered.width(), layered.height());
    for (flat, layered) in flat.pixels_mut().zip(layered.pixels()) {
        let [red, green, blue, alpha] = layered.0.map(u32::from);
        let over = |value: u32| u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX);
        *flat = Rgb([over(red), over(green), over(blue)]);
    }
    flat
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
