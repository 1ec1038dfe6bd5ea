//! Rules about covers. Pictures of episodes that break a directory's demand are `episode-artwork-invalid`.

use super::{ArtworkFacts, ArtworkOwner, Check, Run};
use crate::model::finding::Demand::{Apple, Players, Psp1, Spotify};
use crate::model::finding::Severity::{Error, Info, Warning};
use crate::model::finding::{Place, ProblemKind, Rule, Subject};
use crate::picture::{Colour, Format};

pub(super) const CHECKS: &[Check] = &[
    UNREADABLE,
    NOT_SQUARE,
    TOO_SMALL,
    TOO_LARGE,
    BELOW_PREFERRED,
    EXTENSION_MISMATCH,
    ALPHA,
    COLORSPACE,
    GREY_OR_PALETTE,
    BYTES,
];

/// Apple's guide to RSS and PSP-1: covers of 1400 to 3000 pixels.
const SMALLEST: u32 = 1400;
const LARGEST: u32 = 3000;

/// What hosts say that apps load without complaint; no platform publishes a limit.
const HEAVY_BYTES: u64 = 512 * 1024;

/// What directories refuse a cover for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotSquare,
    TooSmall,
    TooLarge,
    Extension,
    Cmyk,
}

/// Every fault of a picture, each as a sentence.
pub(super) fn faults(facts: &ArtworkFacts<'_>) -> Vec<(Fault, String)> {
    let (width, height) = (facts.picture.width, facts.picture.height);
    let mut faults = Vec::new();
    if width != height {
        faults.push((Fault::NotSquare, format!("The picture is {width} × {height} pixels, and has to be square.")));
    }
    if width.min(height) < SMALLEST {
        let message =
            format!("The picture is {width} × {height} pixels; the smallest that is taken is {SMALLEST} × {SMALLEST}.");
        faults.push((Fault::TooSmall, message));
    }
    if width.max(height) > LARGEST {
        let message =
            format!("The picture is {width} × {height} pixels; the largest that is taken is {LARGEST} × {LARGEST}.");
        faults.push((Fault::TooLarge, message));
    }
    let (content, extensions): (&str, &[&str]) = match facts.picture.format {
        Format::Jpeg => ("JPEG", &["jpg", "jpeg"]),
        Format::Png => ("PNG", &["png"]),
    };
    let extension = facts.path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !extensions.contains(&extension.as_str()) {
        let first = extensions.first().copied().unwrap_or_default();
        let message = format!("The file is called .{extension} and holds a {content}: call it .{first}.");
        faults.push((Fault::Extension, message));
    }
    if facts.picture.colour == Colour::Cmyk {
        faults.push((Fault::Cmyk, "The picture is made for print (CMYK), and has to be RGB.".to_owned()));
    }
    faults
}

fn of_show(facts: &ArtworkFacts<'_>, fault: Fault, found: &mut super::Found<'_>) {
    if facts.owner == ArtworkOwner::Show {
        for (_, message) in faults(facts).into_iter().filter(|(f, _)| *f == fault) {
            found.at(Place::file(facts.path), message);
        }
    }
}

const UNREADABLE: Check = Check {
    rule: Rule {
        id: "artwork-unreadable",
        severity: Error,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the picture is missing, broken, or neither JPEG nor PNG",
        why: "Directories refuse a show whose artwork they cannot open.",
        mend: "Save the picture again as JPEG or PNG.",
    },
    run: Run::Problems(&[ProblemKind::ArtworkUnreadable]),
};

const NOT_SQUARE: Check = Check {
    rule: Rule {
        id: "artwork-not-square",
        severity: Error,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple, Spotify],
        summary: "the cover is not square",
        why: "Directories refuse it, and apps would cut or distort it.",
        mend: "Cut it to a square, 3000 × 3000 pixels if you have them.",
    },
    run: Run::Artwork(|facts, found| of_show(facts, Fault::NotSquare, found)),
};

const TOO_SMALL: Check = Check {
    rule: Rule {
        id: "artwork-too-small",
        severity: Error,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the cover has fewer than 1400 × 1400 pixels",
        why: "Apple Podcasts refuses it.",
        mend: "Export it again with 3000 × 3000 pixels; enlarging a small picture only blurs it.",
    },
    run: Run::Artwork(|facts, found| of_show(facts, Fault::TooSmall, found)),
};

const TOO_LARGE: Check = Check {
    rule: Rule {
        id: "artwork-too-large",
        severity: Error,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the cover has more than 3000 × 3000 pixels",
        why: "Apple Podcasts refuses it.",
        mend: "Export it again with 3000 × 3000 pixels.",
    },
    run: Run::Artwork(|facts, found| of_show(facts, Fault::TooLarge, found)),
};

const BELOW_PREFERRED: Check = Check {
    rule: Rule {
        id: "artwork-below-preferred",
        severity: Info,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple],
        summary: "the cover has fewer than the 3000 × 3000 pixels that Apple prefers",
        why: "It is accepted, and looks soft where Apple shows it large.",
        mend: "Export it again with 3000 × 3000 pixels, if the original has them.",
    },
    run: Run::Artwork(|facts, found| {
        let (width, height) = (facts.picture.width, facts.picture.height);
        if facts.owner == ArtworkOwner::Show && width == height && (SMALLEST..LARGEST).contains(&width) {
            found.at(Place::file(facts.path), format!("The cover is {width} × {height} pixels."));
        }
    }),
};

const EXTENSION_MISMATCH: Check = Check {
    rule: Rule {
        id: "artwork-extension-mismatch",
        severity: Error,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the picture's name does not fit what is in it",
        why: "Directories judge by the extension and refuse a picture that turns out to be another kind.",
        mend: "Rename the file, or save it again in the format of its name.",
    },
    run: Run::Artwork(|facts, found| of_show(facts, Fault::Extension, found)),
};

const ALPHA: Check = Check {
    rule: Rule {
        id: "artwork-alpha",
        severity: Warning,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple],
        summary: "the picture is transparent in places",
        why: "Apple wants covers without transparency; apps put white, black or anything else behind it.",
        mend: "Export it without an alpha channel, on a background of your choice.",
    },
    run: Run::Artwork(|facts, found| {
        if facts.picture.alpha {
            found.at(Place::file(facts.path), "The picture has an alpha channel or a transparent colour.");
        }
    }),
};

const COLORSPACE: Check = Check {
    rule: Rule {
        id: "artwork-colorspace",
        severity: Error,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple, Psp1],
        summary: "the cover is CMYK",
        why: "Directories refuse pictures that are made for print, and browsers show them in wrong colours.",
        mend: "Convert it to RGB.",
    },
    run: Run::Artwork(|facts, found| of_show(facts, Fault::Cmyk, found)),
};

const GREY_OR_PALETTE: Check = Check {
    rule: Rule {
        id: "artwork-grey-or-palette",
        severity: Warning,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Apple],
        summary: "the picture stores shades of grey or a palette instead of RGB",
        why: "Apple asks for RGB; some checks take other pictures for broken.",
        mend: "Save it as RGB; it may look exactly the same.",
    },
    run: Run::Artwork(|facts, found| {
        let kind = match facts.picture.colour {
            Colour::Grey => "shades of grey",
            Colour::Palette => "a palette",
            Colour::Rgb | Colour::Cmyk => return,
        };
        found.at(Place::file(facts.path), format!("The picture stores {kind}."));
    }),
};

const BYTES: Check = Check {
    rule: Rule {
        id: "artwork-bytes",
        severity: Info,
        subject: Subject::Artwork,
        since: "0.1.0",
        by: &[Players],
        summary: "the picture is larger than 512 KB",
        why: "No directory publishes a limit, but some hosts and apps give up on heavy covers.",
        mend: "Save it as JPEG of a good quality.",
    },
    run: Run::Artwork(|facts, found| {
        if facts.picture.bytes > HEAVY_BYTES {
            found.at(Place::file(facts.path), format!("The picture has {} KB.", facts.picture.bytes / 1024));
        }
    }),
};
