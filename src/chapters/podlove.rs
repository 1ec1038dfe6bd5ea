//! Podlove simple chapters 1.2 (psc): XML, as a file of its own or inside a feed.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use quick_xml::writer::Writer;

use super::{Carrier, Context, Flaw, MOST_MARKS, Reading, Unreadable};
use crate::model::chapter::{ChapterList, Mark};
use crate::model::text::is_publishable;
use crate::model::time::Timestamp;

/// The namespace. A slash at its end makes AntennaPod miss the chapters.
pub const NAMESPACE: &str = "http://podlove.org/simple-chapters";

/// The version that is written.
pub const VERSION: &str = "1.2";

pub(super) const CARRIER: Carrier = Carrier {
    name: "psc",
    media_type: "application/xml",
    extensions: &["xml", "psc"],
    recognise,
    read: Some(read),
    write: Some(write),
};

fn recognise(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// The first list of chapters in any XML, whatever the prefix.
fn read(text: &str) -> Reading {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines { text, seen: 0, line: 1 };
    let mut marks = Vec::new();
    let mut flaws = Vec::new();
    let mut inside = false;
    loop {
        let before = position(reader.buffer_position());
        let event = reader.read_event();
        match event {
            Err(error) => {
                let line = lines.of(position(reader.error_position()).max(before));
                return Err(Unreadable::at(line, format!("the XML is broken: {error}")));
            }
            Ok(Event::Eof) if inside => {
                return Err(Unreadable::at(lines.of(text.len()), "the XML ends before its chapters do"));
            }
            Ok(Event::Eof) => {
                return Err(Unreadable::new("the XML has no Podlove chapters")
                    .help(format!("write `<psc:chapters version=\"{VERSION}\" xmlns:psc=\"{NAMESPACE}\">`")));
            }
            Ok(Event::Start(element)) if !inside && element.local_name().as_ref() == b"chapters" => inside = true,
            Ok(Event::Empty(element)) if !inside && element.local_name().as_ref() == b"chapters" => {
                return Ok((marks, flaws));
            }
            Ok(Event::Start(element) | Event::Empty(element))
                if inside && element.local_name().as_ref() == b"chapter" =>
            {
                let line = lines.of(before);
                marks.extend(mark(&element, line, &mut flaws));
                if marks.len() > MOST_MARKS {
                    return Ok((marks, flaws));
                }
            }
            Ok(Event::End(element)) if inside && element.local_name().as_ref() == b"chapters" => {
                return Ok((marks, flaws));
            }
            Ok(_) => {}
        }
    }
}

fn mark(element: &BytesStart<'_>, line: usize, flaws: &mut Vec<Flaw>) -> Option<Mark> {
    let mut start = None;
    let mut title = None;
    let mut url = None;
    for attribute in element.attributes() {
        let value = attribute
            .map_err(|e| e.to_string())
            .and_then(|a| a.normalized_value(XmlVersion::Implicit1_0).map(|v| (a.key, v)).map_err(|e| e.to_string()));
        match value {
            Err(why) => {
                flaws.push(Flaw::new(line, format!("this chapter has a broken attribute: {why}")));
                return None;
            }
            Ok((key, value)) => match key.as_ref() {
                b"start" => start = Some(value.into_owned()),
                b"title" => title = Some(value.into_owned()),
                b"href" if !value.is_empty() => url = Some(value.into_owned()),
                _ => {}
            },
        }
    }
    let Some(written) = start else {
        flaws.push(Flaw::new(line, "`start` is missing: write a time, such as `start=\"00:03:15.098\"`"));
        return None;
    };
    let Some(start) = Timestamp::parse(&written) else {
        flaws.push(Flaw::new(line, format!("`start=\"{written}\"` is no time: write one such as `00:03:15.098`")));
        return None;
    };
    if title.is_none() {
        flaws.push(Flaw::new(line, "`title` is missing"));
    }
    Some(Mark { url, line: Some(line), ..Mark::new(start, title.unwrap_or_default()) })
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// The line of offsets that are asked for in order, in one pass.
struct Lines<'a> {
    text: &'a str,
    seen: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let between = self.text.as_bytes().get(self.seen..offset).unwrap_or_default();
        self.line += between.iter().filter(|b| **b == b'\n').count();
        self.seen = self.seen.max(offset);
        self.line
    }
}

fn write(list: &ChapterList, _: &Context<'_>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = Event::Decl(quick_xml::events::BytesDecl::new("1.0", Some("UTF-8"), None));
    let written = writer.write_event(declaration).and_then(|()| {
        writer
            .create_element("psc:chapters")
            .with_attribute(("version", VERSION))
            .with_attribute(("xmlns:psc", NAMESPACE))
            .write_inner_content(|inner| {
                for chapter in list.chapters() {
                    // AntennaPod turns bare seconds into 0, so it is always the long form.
                    let start = chapter.start.npt();
                    let mut element = inner
                        .create_element("psc:chapter")
                        .with_attribute(("start", start.as_str()))
                        .with_attribute(("title", chapter.title.as_str()));
                    if let Some(url) = &chapter.url {
                        let url: String = url.chars().filter(|c| is_publishable(*c)).collect();
                        element = element.with_attribute(("href", url.as_str()));
                    }
                    element.write_empty()?;
                }
                Ok(())
            })
            .map(|_| ())
    });
    debug_assert!(written.is_ok(), "writing to memory does not fail");
    let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::{list, problems};
    use super::*;

    #[test]
    fn times_are_always_in_the_long_form() {
        let list = list(&[(0, "Money \"talks\""), (195_098, "<b> & ]]> -->")]);
        insta::assert_snapshot!(write(&list, &Context::default()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">
          <psc:chapter start="00:00:00.000" title="Money &quot;talks&quot;"/>
          <psc:chapter start="00:03:15.098" title="&lt;b&gt; &amp; ]]&gt; --&gt;"/>
        </psc:chapters>
        "#);
    }

    #[test]
    fn every_form_of_normal_play_time_is_read() {
        let text = r#"<?xml version="1.0"?>
<rss xmlns:p="http://podlove.org/simple-chapters"><channel><item>
<p:chapters version="1.2">
  <p:chapter start="37" title="A"/>
  <p:chapter start="7:48" title="B &amp; &#x43;" href="https://a.example/?x=1&amp;y=2"/>
  <p:chapter start="35:12.250" title="D"></p:chapter>
  <p:chapter start="05:12:03.5"/>
  <p:chapter title="E"/>
  <p:chapter start="soon" title="F"/>
  <p:chapter start="1:00" title="&nbsp;"/>
</p:chapters></item></channel></rss>"#;
        insta::assert_snapshot!(problems(read(text)), @r#"
        7: `title` is missing
        8: `start` is missing: write a time, such as `start="00:03:15.098"`
        9: `start="soon"` is no time: write one such as `00:03:15.098`
        10: this chapter has a broken attribute: at 1..5: unrecognized entity `nbsp`
        00:00:37.000 A
        00:07:48.000 B & C <https://a.example/?x=1&y=2>
        00:35:12.250 D
        05:12:03.500
        "#);
        insta::assert_snapshot!(problems(read("<html>\n<p>hello</p></html>")), @r#"the XML has no Podlove chapters (write `<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">`)"#);
        insta::assert_snapshot!(problems(read("<chapters>\n<chapter start='1'\n title='x'/>\n</chapter>")), @"4: the XML is broken: ill-formed document: expected `</chapters>`, but `</chapter>` was found");
        insta::assert_snapshot!(problems(read("<chapters>\n<chapter start='1' title='x'/>\n")), @"3: the XML ends before its chapters do");
    }
}
