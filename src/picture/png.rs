//! PNG (ISO/IEC 15948): its chunks up to the last, without decoding.

use super::{Colour, Density, Facts, Format, Unreadable};

/// The facts of a PNG that has its end.
pub(super) fn walk(bytes: &[u8]) -> Result<Facts, Unreadable> {
    let mut rest = bytes.get(8..).ok_or_else(|| Unreadable::cut("PNG"))?;
    let mut header = None;
    let mut transparent = false;
    let mut density = None;
    loop {
        let (length, kind) = chunk(rest).ok_or_else(|| Unreadable::cut("PNG"))?;
        let end = length.checked_add(12).ok_or_else(|| Unreadable::cut("PNG"))?;
        // The checksum counts too: without it the last bytes are missing.
        let behind = rest.get(end..).ok_or_else(|| Unreadable::cut("PNG"))?;
        let body = rest.get(8..end.saturating_sub(4)).ok_or_else(|| Unreadable::cut("PNG"))?;
        match &kind {
            b"IHDR" => header = header.or(shape(body)),
            b"tRNS" => transparent = true,
            b"pHYs" => density = pixels_per_inch(body),
            b"IEND" => break,
            _ => {}
        }
        rest = behind;
    }
    let (width, height, kind) =
        header.ok_or_else(|| Unreadable::new("the PNG has no header").help("export it again"))?;
    if width == 0 || height == 0 {
        return Err(Unreadable::new("the PNG says that it has no pixels").help("export it again"));
    }
    let colour = match kind {
        0 | 4 => Colour::Grey,
        3 => Colour::Palette,
        _ => Colour::Rgb,
    };
    Ok(Facts {
        format: Format::Png,
        width,
        height,
        colour,
        alpha: transparent || matches!(kind, 4 | 6),
        bytes: bytes.len() as u64,
        density,
    })
}

/// Length and type of the chunk that a text begins with.
fn chunk(bytes: &[u8]) -> Option<(usize, [u8; 4])> {
    let length = usize::try_from(number(bytes, 0)?).ok()?;
    Some((length, bytes.get(4..8)?.try_into().ok()?))
}

/// Width, height and colour type.
fn shape(body: &[u8]) -> Option<(u32, u32, u8)> {
    Some((number(body, 0)?, number(body, 4)?, *body.get(9)?))
}

fn pixels_per_inch(body: &[u8]) -> Option<Density> {
    // Unit 1 is the metre; an inch is 0.0254 of it.
    let inches = |per_metre: u32| u32::try_from((u64::from(per_metre) * 254 + 5000) / 10_000).ok();
    match body.get(8)? {
        1 => Some(Density { across: inches(number(body, 0)?)?, down: inches(number(body, 4)?)? }),
        _ => None,
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
