//! Any XML → a tree that knows the place of everything, bounded against hostile documents.
//!
//! Time and memory grow with the size of the document alone: no entity but the five of XML and numbers is expanded,
//! and depth, counts and size have limits.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

mod decode;
mod place;

/// A document with its elements.
#[derive(Clone, Debug)]
pub struct Document {
    /// The text as it was decoded, without a byte order mark; offsets count its bytes.
    pub text: String,
    /// The outermost element.
    pub root: Element,
}

/// An element with all that is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// Its name.
    pub name: Name,
    /// Its attributes in document order, without the declarations of namespaces.
    pub attributes: Vec<Attribute>,
    /// The namespaces that are declared on it: prefix (empty for the default) and URI.
    pub declared: Vec<Attribute>,
    /// The elements directly in it.
    pub children: Vec<Element>,
    /// The text directly in it, references resolved, CDATA included.
    pub text: String,
    /// True where any of the text stands in CDATA.
    pub cdata: bool,
    /// Where its start tag begins.
    pub spot: Spot,
    /// Byte behind its end tag.
    pub end: usize,
}

/// A name by namespace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// The URI; empty for none.
    pub namespace: Arc<str>,
    /// The prefix as written; empty for none.
    pub prefix: Arc<str>,
    /// The name behind the prefix.
    pub local: Arc<str>,
}

/// An attribute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// Its name; attributes without a prefix are in no namespace.
    pub name: Name,
    /// Its value, references resolved.
    pub value: String,
    /// Where its name begins.
    pub spot: Spot,
}

/// A place in the text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Spot {
    /// Bytes from the beginning of [`Document::text`].
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Why bytes are no document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// Of which kind.
    pub kind: Fault,
    /// Why, as a clause.
    pub message: String,
    /// Where; `None` where the bytes could not even be decoded.
    pub spot: Option<Spot>,
}

/// Kinds of bytes that are no document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Breaks a rule of XML, or is cut.
    NotWellFormed,
    /// Defines entities, refers outside, or is beyond the limits.
    Hostile,
    /// No XML at all, but for example a page.
    NotXml,
}

/// Elements within elements; feeds have less than ten.
const DEEPEST: usize = 100;
/// Elements of a feed with 25,000 episodes of twenty: what fits into 300 MB.
const MOST_ELEMENTS: usize = 500_000;
/// Attributes of one element.
const MOST_ATTRIBUTES: usize = 200;
/// Bytes of one value of an attribute; addresses have less than a thousand.
const LONGEST_VALUE: usize = 1024 * 1024;
/// Size in bytes.
const LARGEST: usize = 256 * 1024 * 1024;

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Malformed {}

impl Name {
    /// True for this name in this namespace.
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        &*self.local == local && &*self.namespace == namespace
    }

    /// The name as written, with its prefix.
    pub fn qualified(&self) -> String {
        if self.prefix.is_empty() { self.local.to_string() } else { format!("{}:{}", self.prefix, self.local) }
    }
}

impl Element {
    /// The elements of this name directly in it; an empty namespace for none.
    pub fn all<'a>(&'a self, namespace: &'a str, local: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |c| c.name.is(namespace, local))
    }

    /// The first element of this name directly in it.
    pub fn first(&self, namespace: &str, local: &str) -> Option<&Element> {
        self.children.iter().find(|c| c.name.is(namespace, local))
    }

    /// The text of the first element of this name, without blanks around it; `None` where it is absent or blank.
    pub fn text_of(&self, namespace: &str, local: &str) -> Option<&str> {
        self.first(namespace, local).map(|c| c.text.trim()).filter(|t| !t.is_empty())
    }

    /// The attribute of this name in no namespace.
    pub fn attribute(&self, local: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name.is("", local))
    }

    /// The value of the attribute of this name, without blanks around it; `None` where it is absent or blank.
    pub fn value_of(&self, local: &str) -> Option<&str> {
        self.attribute(local).map(|a| a.value.trim()).filter(|v| !v.is_empty())
    }
}

impl Document {
    /// Reads a document, or says where it stops being one.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > LARGEST {
            return Err(Malformed {
                kind: Fault::Hostile,
                message: format!("it has more than {} MiB", LARGEST / 1024 / 1024),
                spot: None,
            });
        }
        let text = decode::decode(bytes)?;
        let root = Parser::new(&text).run()?;
        Ok(Self { text, root })
    }
}

/// Turns offsets that are asked for in ascending order into lines and columns, in one pass.
struct Places<'a> {
    text: &'a str,
    at: Spot,
}

impl Places<'_> {
    fn of(&mut self, offset: usize) -> Spot {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let between = self.text.get(self.at.offset..offset).unwrap_or_default();
        match between.rfind('\n') {
            Some(last) => {
                self.at.line += between.bytes().filter(|b| *b == b'\n').count();
                self.at.column = between.get(last + 1..).unwrap_or_default().chars().count() + 1;
            }
            None => self.at.column += between.chars().count(),
        }
        self.at.offset = self.at.offset.max(offset);
        self.at
    }
}

struct Parser<'a> {
    text: &'a str,
    places: Places<'a>,
    /// The elements that are open, outermost first.
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    /// For each prefix the URIs that are declared for it, with the depth at which; innermost last.
    scopes: HashMap<Arc<str>, Vec<(usize, Arc<str>)>>,
    words: HashMap<String, Arc<str>>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str) -> Self {
        let xml: Arc<str> = "xml".into();
        let space: Arc<str> = "http://www.w3.org/XML/1998/namespace".into();
        Self {
            text,
            places: Places { text, at: Spot { offset: 0, line: 1, column: 1 } },
            open: Vec::new(),
            root: None,
            elements: 0,
            scopes: HashMap::from([(xml, vec![(0, space)])]),
            words: HashMap::new(),
        }
    }

    fn run(mut self) -> Result<Element, Malformed> {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().enable_all_checks(true);
        loop {
            let at = offset(reader.buffer_position());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let place = offset(reader.error_position()).max(at);
                    return Err(self.broken(place, sentence(&error)));
                }
            };
            match event {
                Event::Start(tag) => self.begin(&tag, at)?,
                Event::Empty(tag) => {
                    self.begin(&tag, at)?;
                    self.finish(offset(reader.buffer_position()));
                }
                Event::End(_) => self.finish(offset(reader.buffer_position())),
                Event::Text(text) => {
                    let text = text.xml10_content().map_err(|e| self.broken(at, e.to_string()))?;
                    self.add(&text, at, false)?;
                }
                Event::CData(text) => {
                    let text = text.xml10_content().map_err(|e| self.broken(at, e.to_string()))?;
                    self.add(&text, at, true)?;
                }
                Event::GeneralRef(reference) => {
                    let name = reference.decode().map_err(|e| self.broken(at, e.to_string()))?;
                    let character = reference
                        .resolve_char_ref()
                        .map_err(|_| self.broken(at, format!("`&{name};` is no character")))?;
                    let mut buffer = [0; 4];
                    let text: &str = match (character, resolve_predefined_entity(&name)) {
                        (Some(c), _) if is_xml(c) => c.encode_utf8(&mut buffer),
                        (Some(_), _) => return Err(self.broken(at, format!("XML forbids the character `&{name};`"))),
                        (None, Some(text)) => text,
                        (None, None) => {
                            let why = format!("XML knows no entity `&{name};`; write the character itself");
                            return Err(self.broken(at, why));
                        }
                    };
                    self.add(text, at, false)?;
                }
                Event::DocType(content) => {
                    let content = content.decode().map_err(|e| self.broken(at, e.to_string()))?;
                    if let Some(why) = doctype_fault(&content) {
                        return Err(self.fault(Fault::Hostile, at, why));
                    }
                }
                Event::Decl(_) if at > 0 => {
                    return Err(self.broken(at, "the XML declaration must stand at the very beginning"));
                }
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
        }
        let end = self.text.len();
        match (self.open.last(), self.root.take()) {
            (Some(open), _) => {
                let why =
                    format!("it ends inside `{}`, which begins on line {}", open.name.qualified(), open.spot.line);
                Err(self.broken(end, why))
            }
            (None, None) => Err(self.fault(Fault::NotXml, 0, "it has no XML element")),
            (None, Some(root)) => Ok(root),
        }
    }

    fn begin(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<(), Malformed> {
        self.elements += 1;
        let depth = self.open.len() + 1;
        if depth > DEEPEST {
            return Err(self.fault(Fault::Hostile, at, format!("elements lie more than {DEEPEST} deep")));
        }
        if self.elements > MOST_ELEMENTS {
            return Err(self.fault(Fault::Hostile, at, format!("it has more than {MOST_ELEMENTS} elements")));
        }
        if self.root.is_some() {
            return Err(self.broken(at, "a second element stands behind the end of the first"));
        }
        let qualified = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
        if !qualified.chars().next().is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | ':')) {
            return Err(self.broken(at, "`<` in a text must be written `&lt;`"));
        }
        let spot = self.places.of(at);
        // Keys with their values; namespaces first, since they hold for the element itself.
        let mut written = Vec::new();
        let mut declared = Vec::new();
        let attributes_begin = at + 1 + tag.name().as_ref().len();
        for attribute in tag.attributes() {
            if written.len() + declared.len() >= MOST_ATTRIBUTES {
                return Err(self.fault(
                    Fault::Hostile,
                    at,
                    format!("an element has over {MOST_ATTRIBUTES} attributes"),
                ));
            }
            let attribute = attribute.map_err(|e| self.broken(at, attribute_sentence(&e)))?;
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            if attribute.value.len() > LONGEST_VALUE {
                let why = format!("the value of `{key}` has more than {} KiB", LONGEST_VALUE / 1024);
                return Err(self.fault(Fault::Hostile, at, why));
            }
            if attribute.value.contains(&b'<') {
                return Err(self.broken(at, format!("`<` in the value of `{key}` must be `&lt;`")));
            }
            let value =
                attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| self.broken(at, sentence(&e)))?;
            if !value.chars().all(is_xml) {
                return Err(self.broken(at, format!("XML forbids a character in the value of `{key}`")));
            }
            // The value still lies where the reader found it, which gives the place of its key.
            let place = self.offset_in(attribute.key.as_ref()).unwrap_or(attributes_begin);
            let value = value.into_owned();
            match key.strip_prefix("xmlns") {
                Some("") => declared.push((String::new(), value, place)),
                Some(rest) if rest.starts_with(':') => {
                    declared.push((rest.trim_start_matches(':').to_owned(), value, place))
                }
                _ => written.push((key, value, place)),
            }
        }
        for (prefix, uri, _) in &declared {
            let (prefix, uri) = (self.word(prefix), self.word(uri));
            self.scopes.entry(prefix).or_default().push((depth, uri));
        }
        let name = self.name(&qualified, true, at)?;
        let mut element = Element {
            name,
            attributes: Vec::with_capacity(written.len()),
            declared: Vec::with_capacity(declared.len()),
            children: Vec::new(),
            text: String::new(),
            cdata: false,
            spot,
            end: at,
        };
        let mut order: Vec<(bool, (String, String, usize))> =
            written.into_iter().map(|w| (false, w)).chain(declared.into_iter().map(|d| (true, d))).collect();
        order.sort_by_key(|(_, (_, _, place))| *place);
        for (is_declaration, (key, value, place)) in order {
            let spot = self.places.of(place);
            if is_declaration {
                let name = Name { namespace: self.word(""), prefix: self.word("xmlns"), local: self.word(&key) };
                element.declared.push(Attribute { name, value, spot });
            } else {
                let name = self.name(&key, false, place)?;
                element.attributes.push(Attribute { name, value, spot });
            }
        }
        self.open.push(element);
        Ok(())
    }

    fn finish(&mut self, end: usize) {
        let depth = self.open.len();
        let Some(mut element) = self.open.pop() else { return };
        element.end = end;
        for declared in &element.declared {
            if let Some(scope) = self.scopes.get_mut(&declared.name.local) {
                while scope.last().is_some_and(|(at, _)| *at == depth) {
                    scope.pop();
                }
            }
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn add(&mut self, text: &str, at: usize, cdata: bool) -> Result<(), Malformed> {
        if let Some((inside, c)) = text.char_indices().find(|(_, c)| !is_xml(*c)) {
            return Err(self.broken(at + inside, format!("XML forbids the character U+{:04X}", u32::from(c))));
        }
        if !cdata && text.contains("]]>") {
            return Err(self.broken(at, "`]]>` in a text must be `]]&gt;`"));
        }
        match self.open.last_mut() {
            Some(element) => {
                element.text.push_str(text);
                element.cdata |= cdata;
                Ok(())
            }
            None if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() && !cdata => Ok(()),
            None if self.root.is_none() => {
                Err(self.fault(Fault::NotXml, at, "it begins with text, not with an element"))
            }
            None => Err(self.broken(at, "text stands behind the end of the last element")),
        }
    }

    /// A name with its prefix resolved. Attributes without a prefix are in no namespace.
    fn name(&mut self, qualified: &str, is_element: bool, at: usize) -> Result<Name, Malformed> {
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        if local.is_empty() || local.contains(':') {
            return Err(self.broken(at, format!("`{qualified}` is no name")));
        }
        let found = self.scopes.get(prefix).and_then(|scope| scope.last()).map(|(_, uri)| uri.clone());
        let namespace = match found {
            _ if prefix.is_empty() && !is_element => self.word(""),
            Some(uri) => uri,
            None if prefix.is_empty() => self.word(""),
            None => return Err(self.broken(at, format!("the prefix `{prefix}` of `{qualified}` is not declared"))),
        };
        Ok(Name { namespace, prefix: self.word(prefix), local: self.word(local) })
    }

    /// Names and URIs repeat; each is kept once.
    fn word(&mut self, text: &str) -> Arc<str> {
        match self.words.get(text) {
            Some(word) => word.clone(),
            None => {
                let word: Arc<str> = text.into();
                self.words.insert(text.to_owned(), word.clone());
                word
            }
        }
    }

    /// The offset of a slice that the reader borrowed from the text.
    fn offset_in(&self, part: &[u8]) -> Option<usize> {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        (offset <= self.text.len()).then_some(offset)
    }

    fn broken(&self, at: usize, why: impl Into<String>) -> Malformed {
        self.fault(Fault::NotWellFormed, at, why)
    }

    fn fault(&self, kind: Fault, at: usize, why: impl Into<String>) -> Malformed {
        // Places only move forward, and an error is the last thing that is asked for.
        let mut places = match at < self.places.at.offset {
            true => Places { text: self.text, at: Spot { offset: 0, line: 1, column: 1 } },
            false => Places { text: self.text, at: self.places.at },
        };
        Malformed { kind, message: why.into(), spot: Some(places.of(at)) }
    }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

/// Why a DOCTYPE is refused; one that only names the root is nothing.
fn doctype_fault(content: &str) -> Option<&'static str> {
    let rest = content.trim_start();
    let behind_name = rest.split_once(|c: char| c.is_whitespace() || c == '[').map_or("", |(_, r)| r).trim_start();
    if content.contains("<!ENTITY") {
        Some("its DOCTYPE defines entities")
    } else if ["SYSTEM", "PUBLIC"].iter().any(|word| behind_name.starts_with(word)) {
        Some("its DOCTYPE refers to another document")
    } else {
        None
    }
}

/// What XML 1.0 allows as a character.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// What a person can do something with, of what the reader says.
fn sentence(error: &quick_xml::Error) -> String {
    use quick_xml::Error;
    use quick_xml::errors::{IllFormedError, SyntaxError};
    match error {
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            format!("`</{found}>` closes what began as `<{expected}>`")
        }
        Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => format!("`</{name}>` closes nothing"),
        Error::IllFormed(IllFormedError::UnclosedReference) => "`&` must be written `&amp;`".into(),
        Error::IllFormed(IllFormedError::DoubleHyphenInComment) => "`--` stands inside a comment".into(),
        Error::Syntax(SyntaxError::UnclosedCData) => "CDATA is never closed".into(),
        Error::Syntax(SyntaxError::UnclosedComment) => "a comment is never closed".into(),
        Error::Syntax(_) => "a tag is cut or broken".into(),
        Error::Escape(why) => format!("an attribute's value is broken: {why}"),
        other => other.to_string(),
    }
}

fn attribute_sentence(error: &quick_xml::events::attributes::AttrError) -> String {
    use quick_xml::events::attributes::AttrError;
    match error {
        AttrError::Duplicated(..) => "an attribute stands twice in one tag".into(),
        AttrError::UnquotedValue(_) => "the value of an attribute has no quotation marks".into(),
        _ => "an attribute is broken: write `name=\"value\"`".into(),
    }
}

#[cfg(test)]
mod tests;
