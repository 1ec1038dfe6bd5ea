//! The report for a person: the line that is meant, what is wrong with it, and what to do.

use std::io::{self, Write};

use super::Style;
use crate::model::finding::Report;

/// Writes the findings by file, and a summary line.
pub fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let _ = (report, style, out);
    Ok(())
}
