//! XML that a server wrote, as the few elements that are looked for in it.
//!
//! Invariants: whatever the text, it ends soon, without a panic and in memory that grows with the
//! text alone: a document type is refused (so nothing is defined that swells), only the entities of
//! XML itself are known, and depth, elements, attributes and namespaces are bounded. An element that
//! nobody looks for is passed over with all that is in it. Pure.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// More than any answer nests.
const DEEPEST: usize = 40;

/// More than an answer of [`LONGEST`](super::talk::LONGEST) bytes with the smallest entries has.
const MOST_ELEMENTS: usize = 400_000;

/// More than any element has.
const MOST_ATTRIBUTES: usize = 50;

/// More namespaces than any answer names at once.
const MOST_NAMESPACES: usize = 50;

/// The longest text besides a calendar's, in bytes.
const LONGEST_TEXT: usize = 2_000;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    AddressSet,
    All,
    Calendar,
    CalendarData,
    Comp,
    ComponentSet,
    Ctag,
    Title,
    HomeSet,
    Href,
    Multistatus,
    OutboxUrl,
    Owner,
    Principal,
    Privilege,
    PrivilegeSet,
    Prop,
    Propstat,
    Read,
    ReadFreeBusy,
    Recipient,
    RequestStatus,
    ResourceType,
    Response,
    ScheduleResponse,
    Status,
    SyncToken,
    Transparent,
    Transparency,
    CurrentUser,
    Unauthenticated,
}

/// A namespace that something looked for is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    Dav,
    CalDav,
    CalendarServer,
    Other,
}

impl Space {
    fn of(uri: &str) -> Self {
        match uri {
            "DAV:" => Self::Dav,
            "urn:ietf:params:xml:ns:caldav" => Self::CalDav,
            "http://calendarserver.org/ns/" => Self::CalendarServer,
            _ => Self::Other,
        }
    }
}

impl Name {
    fn of(space: Space, local: &str) -> Option<Self> {
        Some(match (space, local) {
            (Space::CalDav, "calendar-user-address-set") => Self::AddressSet,
            (Space::Dav, "all") => Self::All,
            (Space::CalDav, "calendar") => Self::Calendar,
            (Space::CalDav, "calendar-data") => Self::CalendarData,
            (Space::CalDav, "comp") => Self::Comp,
            (Space::CalDav, "supported-calendar-component-set") => Self::ComponentSet,
            (Space::CalendarServer, "getctag") => Self::Ctag,
            (Space::Dav, "displayname") => Self::Title,
            (Space::CalDav, "calendar-home-set") => Self::HomeSet,
            (Space::Dav, "href") => Self::Href,
            (Space::Dav, "multistatus") => Self::Multistatus,
            (Space::CalDav, "schedule-outbox-URL") => Self::OutboxUrl,
            (Space::Dav, "owner") => Self::Owner,
            (Space::Dav, "principal") => Self::Principal,
            (Space::Dav, "privilege") => Self::Privilege,
            (Space::Dav, "current-user-privilege-set") => Self::PrivilegeSet,
            (Space::Dav, "prop") => Self::Prop,
            (Space::Dav, "propstat") => Self::Propstat,
            (Space::Dav, "read") => Self::Read,
            (Space::CalDav, "read-free-busy") => Self::ReadFreeBusy,
            (Space::CalDav, "recipient") => Self::Recipient,
            (Space::CalDav, "request-status") => Self::RequestStatus,
            (Space::Dav, "resourcetype") => Self::ResourceType,
            (Space::Dav | Space::CalDav, "response") => Self::Response,
            (Space::CalDav, "schedule-response") => Self::ScheduleResponse,
            (Space::Dav, "status") => Self::Status,
            (Space::Dav, "sync-token") => Self::SyncToken,
            (Space::CalDav, "transparent") => Self::Transparent,
            (Space::CalDav, "schedule-calendar-transp") => Self::Transparency,
            (Space::Dav, "current-user-principal") => Self::CurrentUser,
            (Space::Dav, "unauthenticated") => Self::Unauthenticated,
            _ => return None,
        })
    }

    /// The longest text of such an element; `None`: its text is not looked at.
    fn text(self) -> Option<usize> {
        match self {
            Self::CalendarData => Some(usize::MAX),
            Self::Ctag
            | Self::Title
            | Self::Href
            | Self::RequestStatus
            | Self::Status
            | Self::SyncToken => Some(LONGEST_TEXT),
            _ => None,
        }
    }
}

/// An element with those in it that are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub name: Name,
    /// Its own text, where that is looked at.
    pub text: String,
    /// The attribute `name`, which a component has.
    pub called: Option<String>,
    pub inner: Vec<Self>,
}

impl Element {
    fn new(name: Name, called: Option<String>) -> Self {
        Self {
            name,
            text: String::new(),
            called,
            inner: Vec::new(),
        }
    }

    /// The first of a name.
    pub(super) fn get(&self, name: Name) -> Option<&Self> {
        self.all(name).next()
    }

    /// All of a name.
    pub(super) fn all(&self, name: Name) -> impl Iterator<Item = &Self> {
        self.inner.iter().filter(move |it| it.name == name)
    }

    /// Whether there is one of a name.
    pub(super) fn has(&self, name: Name) -> bool {
        self.get(name).is_some()
    }

    /// The text of the first of a name, without the white space around it; `None` where that is
    /// empty.
    pub(super) fn text_of(&self, name: Name) -> Option<&str> {
        let text = self.get(name)?.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The addresses in it.
    pub(super) fn hrefs(&self) -> impl Iterator<Item = &str> {
        let texts = self.all(Name::Href).map(|it| it.text.trim());
        texts.filter(|it| !it.is_empty())
    }
}

/// Why a text was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotXml {
    #[error("it defines a document type")]
    DocumentType,
    #[error("it names an entity that XML does not have")]
    Entity,
    #[error("it is nested too deeply, or too large")]
    TooMuch,
    #[error("it is not well-formed XML")]
    Broken,
    #[error("it stops in the middle")]
    CutOff,
    #[error("it is something else")]
    Something,
}

/// Reads a text; what is known of its outermost element.
pub(super) fn read(text: &str) -> Result<Element, NotXml> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    let mut reading = Reading::default();
    loop {
        match reader.read_event().map_err(|_| NotXml::Broken)? {
            Event::Start(tag) => reading.open(&tag)?,
            Event::Empty(tag) => {
                reading.open(&tag)?;
                reading.close();
            }
            Event::End(_) => reading.close(),
            Event::Text(it) => reading.text(&it.xml10_content())?,
            Event::CData(it) => reading.text(&it.xml10_content())?,
            Event::GeneralRef(it) => {
                let known = match &*it {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => {
                        let character = it.resolve_char_ref().map_err(|_| NotXml::Broken)?;
                        character.ok_or(NotXml::Entity)?
                    }
                };
                reading.text(known.encode_utf8(&mut [0; 4]))?;
            }
            Event::DocType(_) => return Err(NotXml::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if reading.depth > 0 {
        return Err(NotXml::CutOff);
    }
    reading.whole.ok_or(NotXml::Something)
}

#[derive(Default)]
struct Reading {
    /// How many elements are open.
    depth: usize,
    /// Since which depth an element is passed over.
    passed_over: Option<usize>,
    elements: usize,
    open: Vec<Element>,
    /// Prefixes with the depth of the element that binds them.
    bound: Vec<(usize, String, Space)>,
    whole: Option<Element>,
}

impl Reading {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), NotXml> {
        self.depth += 1;
        self.elements += 1;
        if self.depth > DEEPEST || self.elements > MOST_ELEMENTS {
            return Err(NotXml::TooMuch);
        }
        if self.passed_over.is_some() {
            return Ok(());
        }
        let called = self.attributes(tag)?;
        let (local, prefix) = tag.name().decompose();
        let prefix = prefix.as_ref().map_or("", |it| it.as_ref());
        let bound = self.bound.iter().rev().find(|(_, it, _)| it == prefix);
        let space = bound.map_or(Space::Other, |(_, _, space)| *space);
        match Name::of(space, local.as_ref()) {
            Some(name) if self.whole.is_none() => self.open.push(Element::new(name, called)),
            _ => self.passed_over = Some(self.depth),
        }
        Ok(())
    }

    /// Binds the namespaces of an element; its attribute `name`.
    fn attributes(&mut self, tag: &BytesStart<'_>) -> Result<Option<String>, NotXml> {
        let mut called = None;
        let mut attributes = tag.attributes();
        let attributes = attributes.with_checks(false);
        for (n, attribute) in attributes.enumerate() {
            let attribute = attribute.map_err(|_| NotXml::Broken)?;
            if n >= MOST_ATTRIBUTES {
                return Err(NotXml::TooMuch);
            }
            let value: &str = &attribute.value;
            match attribute.key.as_ref() {
                "name" if value.len() <= LONGEST_TEXT => called = Some(value.to_owned()),
                "xmlns" => self.bind("", value)?,
                key => {
                    if let Some(prefix) = key.strip_prefix("xmlns:") {
                        self.bind(prefix, value)?;
                    }
                }
            }
        }
        Ok(called)
    }

    fn bind(&mut self, prefix: &str, uri: &str) -> Result<(), NotXml> {
        if self.bound.len() >= MOST_NAMESPACES {
            return Err(NotXml::TooMuch);
        }
        let bound = (self.depth, prefix.to_owned(), Space::of(uri));
        self.bound.push(bound);
        Ok(())
    }

    fn close(&mut self) {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        self.bound.retain(|(at, _, _)| *at < depth);
        match self.passed_over {
            Some(since) if since == depth => self.passed_over = None,
            Some(_) => {}
            None => {
                let Some(done) = self.open.pop() else { return };
                match self.open.last_mut() {
                    Some(around) => around.inner.push(done),
                    None => self.whole = Some(done),
                }
            }
        }
    }

    fn text(&mut self, text: &str) -> Result<(), NotXml> {
        if self.passed_over.is_some() {
            return Ok(());
        }
        let Some(element) = self.open.last_mut() else {
            return Ok(());
        };
        let Some(longest) = element.name.text() else {
            return Ok(());
        };
        if text.len() > longest.saturating_sub(element.text.len()) {
            return Err(NotXml::TooMuch);
        }
        element.text.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAV: &str = "xmlns='DAV:' xmlns:c='urn:ietf:params:xml:ns:caldav'";

    fn within(inner: &str) -> Result<Element, NotXml> {
        read(&format!(
            "<?xml version='1.0'?>\n<multistatus {DAV}>{inner}</multistatus>\n"
        ))
    }

    #[test]
    fn an_element_is_known_by_its_namespace_and_not_by_its_prefix() {
        for text in [
            "<D:multistatus xmlns:D='DAV:'><D:href>/a</D:href></D:multistatus>",
            "<multistatus xmlns='DAV:'><href>/a</href></multistatus>",
            "<multistatus xmlns='DAV:'><x:href xmlns:x='DAV:'>/a</x:href></multistatus>",
            "\u{feff}<a:multistatus xmlns:a='DAV:' xmlns='urn:x'><href>no</href><a:href> /a\n</a:href></a:multistatus>",
            "<multistatus xmlns='DAV:'><href><![CDATA[/a]]></href></multistatus>",
        ] {
            let read = read(text).unwrap();
            assert_eq!(read.text_of(Name::Href), Some("/a"), "{text}");
        }
        // The binding ends with its element.
        let text =
            "<multistatus xmlns='DAV:'><x:prop xmlns:x='DAV:'/><x:href>/a</x:href></multistatus>";
        assert!(!read(text).unwrap().has(Name::Href));
        assert_eq!(read("<multistatus/>"), Err(NotXml::Something));
    }

    #[test]
    fn what_nobody_looks_for_is_passed_over_with_all_in_it() {
        let read = within("<junk><href>/no</href>text</junk><href>/a</href>").unwrap();
        assert_eq!(read.hrefs().collect::<Vec<_>>(), ["/a"]);
        assert_eq!(read.inner.len(), 1);
    }

    #[test]
    fn characters_that_xml_escapes_come_back() {
        let read = within("<href>/a&amp;b&lt;&gt;&quot;&apos;&#65;&#x1F600;</href>").unwrap();
        assert_eq!(read.text_of(Name::Href), Some("/a&b<>\"'A\u{1f600}"));
        let read = within("<c:calendar-data>A&#13;\r\nB</c:calendar-data>").unwrap();
        assert_eq!(read.text_of(Name::CalendarData), Some("A\r\nB"));
        let read = within("<c:supported-calendar-component-set><c:comp name='VEVENT'/></c:supported-calendar-component-set>").unwrap();
        let comp = read
            .get(Name::ComponentSet)
            .unwrap()
            .get(Name::Comp)
            .unwrap();
        assert_eq!(comp.called.as_deref(), Some("VEVENT"));
    }

    #[test]
    fn bombs_and_half_documents_are_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>";
        let deep = format!("{}{}", "<prop>".repeat(50), "</prop>".repeat(50));
        let passed = format!("{}{}", "<x>".repeat(50), "</x>".repeat(50));
        let attributes = format!("<prop {}/>", "a='1' ".repeat(60));
        let spaces: String = (0..60).map(|n| format!("xmlns:a{n}='DAV:' ")).collect();
        let nested: String = (0..60)
            .map(|n| format!("<prop xmlns:a{n}='DAV:' xmlns:b{n}='DAV:' xmlns:c{n}='DAV:'>"))
            .collect();
        let many = "<prop/>".repeat(MOST_ELEMENTS);
        for (text, why) in [
            (
                format!("{bomb}<multistatus xmlns='DAV:'/>"),
                NotXml::DocumentType,
            ),
            (
                format!("<multistatus {DAV}><href>&b;</href></multistatus>"),
                NotXml::Entity,
            ),
            (
                format!("<multistatus {DAV}>{deep}</multistatus>"),
                NotXml::TooMuch,
            ),
            (
                format!("<multistatus {DAV}>{passed}</multistatus>"),
                NotXml::TooMuch,
            ),
            (
                format!("<multistatus {DAV}>{attributes}</multistatus>"),
                NotXml::TooMuch,
            ),
            (
                format!("<multistatus {DAV} {spaces}></multistatus>"),
                NotXml::TooMuch,
            ),
            (format!("<multistatus {DAV}>{nested}"), NotXml::TooMuch),
            (
                format!("<multistatus {DAV}>{many}</multistatus>"),
                NotXml::TooMuch,
            ),
            (
                format!(
                    "<multistatus {DAV}><href>{}</href></multistatus>",
                    "a".repeat(2001)
                ),
                NotXml::TooMuch,
            ),
            (
                format!("<multistatus {DAV}><href>/a</href>"),
                NotXml::CutOff,
            ),
            (
                format!("<multistatus {DAV}><href>/a</prop>"),
                NotXml::Broken,
            ),
            (
                format!("<multistatus {DAV}><href>&#0;</href></multistatus>"),
                NotXml::Broken,
            ),
            (
                "<!doctype html><html><body>Log in</body></html>".to_owned(),
                NotXml::DocumentType,
            ),
            (
                "<html><body>Log in</body></html>".to_owned(),
                NotXml::Something,
            ),
            ("Not found".to_owned(), NotXml::Something),
            (String::new(), NotXml::Something),
        ] {
            let text: String = text;
            let start: String = text.chars().take(80).collect();
            assert_eq!(read(&text), Err(why), "{start}");
        }
    }
}
