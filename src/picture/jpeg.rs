//! JPEG (ITU-T T.81): its segments up to the end marker, without decoding.

use super::{Colour, Density, Facts, Format, Unreadable};

/// The facts of a JPEG that has its end.
pub(super) fn walk(bytes: &[u8]) -> Result<Facts, Unreadable> {
    let mut frame = None;
    let mut density = None;
    let mut at = 2;
    loop {
        let (marker, behind) = next_marker(bytes, at).ok_or_else(|| Unreadable::cut("JPEG"))?;
        match marker {
            END => break,
            // Markers without a segment.
            0x01 | RESTART_FIRST..=RESTART_LAST | START => at = behind,
            _ => {
                let length = number(bytes, behind).ok_or_else(|| Unreadable::cut("JPEG"))?;
                let end = behind + usize::from(length).max(2);
                let segment = bytes.get(behind + 2..end).ok_or_else(|| Unreadable::cut("JPEG"))?;
                match marker {
                    // Start of frame, of any kind; C4, C8 and CC are something else.
                    0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => frame = frame.or(shape(segment)),
                    0xE0 => density = density.or(jfif_density(segment)),
                    _ => {}
                }
                at = end;
                if marker == SCAN {
                    at = behind_scan(bytes, at);
                }
            }
        }
    }
    let (width, height, components) = frame.ok_or_else(|| Unreadable::new("the JPEG has no picture in it"))?;
    if width == 0 || height == 0 {
        return Err(Unreadable::new("the JPEG says that it has no pixels").help("export it again"));
    }
    let colour = match components {
        1 => Colour::Grey,
        4 => Colour::Cmyk,
        _ => Colour::Rgb,
    };
    Ok(Facts {
        format: Format::Jpeg,
        width: width.into(),
        height: height.into(),
        colour,
        alpha: false,
        bytes: bytes.len() as u64,
        density,
    })
}

const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const RESTART_FIRST: u8 = 0xD0;
const RESTART_LAST: u8 = 0xD7;

/// The next marker from a place on and the place behind it; bytes that are none are passed over, as decoders do.
fn next_marker(bytes: &[u8], mut at: usize) -> Option<(u8, usize)> {
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)?) {
            (0xFF, 0xFF) | (0..=0xFE, _) => at += 1,
            (0xFF, 0x00) => at += 2,
            (0xFF, marker) => return Some((*marker, at + 2)),
        }
    }
}

/// Where the coded data behind a scan header ends: at a marker that is no restart.
fn behind_scan(bytes: &[u8], mut at: usize) -> usize {
    while let Some((marker, behind)) = next_marker(bytes, at) {
        if !(RESTART_FIRST..=RESTART_LAST).contains(&marker) {
            return behind - 2;
        }
        at = behind;
    }
    bytes.len()
}

/// Width, height and number of components.
fn shape(segment: &[u8]) -> Option<(u16, u16, u8)> {
    Some((number(segment, 3)?, number(segment, 1)?, *segment.get(5)?))
}

fn jfif_density(segment: &[u8]) -> Option<Density> {
    let rest = segment.strip_prefix(b"JFIF\0")?;
    let (across, down) = (u32::from(number(rest, 3)?), u32::from(number(rest, 5)?));
    match rest.get(2)? {
        1 => Some(Density { across, down }),
        // Dots per centimetre.
        2 => Some(Density { across: (across * 254 + 50) / 100, down: (down * 254 + 50) / 100 }),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}
