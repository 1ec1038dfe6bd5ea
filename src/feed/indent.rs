//! Compact XML → the same document, two blanks for each level, empty elements closed in their start tag.
//!
//! `rss` can indent, but then puts line breaks inside elements that have nothing in them.

use quick_xml::events::{BytesText, Event};
use quick_xml::reader::Reader;
use quick_xml::writer::Writer;

/// Indents a document that a writer made.
pub(super) fn indent(compact: &[u8]) -> Result<Vec<u8>, quick_xml::Error> {
    let mut reader = Reader::from_reader(compact);
    let mut writer = Writer::new_with_indent(Vec::with_capacity(compact.len() * 5 / 4), b' ', 2);
    let mut held = None;
    loop {
        let event = reader.read_event()?;
        if let Some(start) = held.take() {
            if matches!(event, Event::End(_)) {
                writer.write_event(Event::Empty(start))?;
                continue;
            }
            writer.write_event(Event::Start(start))?;
        }
        match event {
            Event::Eof => break,
            Event::Start(start) => held = Some(start),
            // The writer would put line breaks around a reference, and so into titles.
            Event::GeneralRef(reference) => {
                let written = format!("&{};", reference.decode()?);
                writer.write_event(Event::Text(BytesText::from_escaped(written)))?;
            }
            other => writer.write_event(other)?,
        }
    }
    let mut indented = writer.into_inner();
    indented.push(b'\n');
    Ok(indented)
}
