//! What documents are read as, and which are refused.

use super::*;

#[track_caller]
fn refused(bytes: &[u8], expected: &str) {
    let fault = Document::parse(bytes).expect_err("a fault");
    let place = fault.spot.map_or("-".to_owned(), |s| format!("{}:{}", s.line, s.column));
    assert_eq!(format!("{:?} {place} {}", fault.kind, fault.message), expected);
}

#[test]
fn what_breaks_a_rule_of_xml_is_said_with_its_place() {
    refused(b"<a>\n  <b>1 & 2</b></a>", "NotWellFormed 2:8 `&` must be written `&amp;`");
    refused(b"<a>I <3 you</a>", "NotWellFormed 1:6 `<` in a text must be written `&lt;`");
    refused(b"<a>&nbsp;</a>", "NotWellFormed 1:4 XML knows no entity `&nbsp;`; write the character itself");
    refused(b"<a>&#0;</a>", "NotWellFormed 1:4 `&#0;` is no character");
    refused(b"<a>x\x00y</a>", "NotWellFormed 1:5 XML forbids the character U+0000");
    refused(b"<a>\xC3\xBC\xFF</a>", "NotWellFormed 1:5 a byte is no UTF-8 text");
    refused(b"<a><b></a>", "NotWellFormed 1:7 `</a>` closes what began as `<b>`");
    refused(b"<a><b>", "NotWellFormed 1:7 it ends inside `b`, which begins on line 1");
    refused(b"<a b=1/>", "NotWellFormed 1:1 the value of an attribute has no quotation marks");
    refused(b"<a b='1' b='2'/>", "NotWellFormed 1:1 an attribute stands twice in one tag");
    refused(b"<x:a/>", "NotWellFormed 1:1 the prefix `x` of `x:a` is not declared");
    refused(b"<a/><b/>", "NotWellFormed 1:5 a second element stands behind the end of the first");
    refused(b"\n<?xml version='1.0'?><a/>", "NotWellFormed 2:1 the XML declaration must stand at the very beginning");
    refused(b"plain", "NotXml 1:1 it begins with text, not with an element");
}

#[test]
fn what_would_harm_its_reader_is_refused() {
    let laughs = b"<!DOCTYPE a [<!ENTITY l 'ha'><!ENTITY m '&l;&l;&l;'>]><a>&m;</a>";
    refused(laughs, "Hostile 1:1 its DOCTYPE defines entities");
    refused(b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "Hostile 1:1 its DOCTYPE refers to another document");
    refused("<a>".repeat(50_000).as_bytes(), "Hostile 1:301 elements lie more than 100 deep");
    let long = format!("<a b='{}'/>", "x".repeat(1 << 20 | 1));
    refused(long.as_bytes(), "Hostile 1:1 the value of `b` has more than 1024 KiB");
    let attributes: String = (0..201).map(|i| format!(" a{i}='x'")).collect();
    refused(format!("<a{attributes}/>").as_bytes(), "Hostile 1:1 an element has over 200 attributes");
}

#[test]
fn names_have_namespaces_and_places_whatever_the_encoding() {
    let text = "<?xml version='1.0' encoding='ISO-8859-1'?>\n<!DOCTYPE r>\n<r xmlns:p='urn:p'><p:x a='ü &amp; &#x41;'/>t<![CDATA[<]]></r>";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let document = Document::parse(&latin).expect("XML");
    let x = document.root.first("urn:p", "x").expect("an element");
    assert_eq!(x.value_of("a"), Some("ü & A"));
    assert_eq!((x.spot.line, x.spot.column, document.root.text.as_str(), document.root.cdata), (3, 20, "t<", true));
}
