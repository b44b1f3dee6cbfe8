//! A stranger's message, cut to a size that is safe to parse. Pure.
//!
//! `mail-parser` keeps a nested message inside its parent, so dropping one takes a stack frame a
//! level: 33 800 messages nested in 1 MiB overflow it. So nothing is parsed as it came. The message
//! is split here, to a fixed depth, and written anew: the same parts in the same order, under
//! boundaries and structural headers of our own making, every header field on one line. Invariant:
//! whatever the input, the output nests at most [`DEEPEST`] levels, and has at most [`MOST_PARTS`]
//! parts and [`MOST_FIELDS`] header fields a part. What is deeper stays as an attachment that
//! nobody opens. A part's own content is never changed, only its place and its header.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{ContentType, Message, MessageParser, MimeHeaders as _};
use memchr::memchr;
use sha2::{Digest as _, Sha256};

/// How deep parts are looked into. A bounce of a forwarded answer to a mailing list has seven
/// levels.
const DEEPEST: usize = 16;

/// The parts of one message that are looked at.
const MOST_PARTS: usize = 200;

/// The header fields of one part that are looked at: a message that went through many hands has
/// about a hundred.
const MOST_FIELDS: usize = 500;

/// The most of one header field, in bytes: a list of three hundred recipients.
const LONGEST_FIELD: usize = 16 << 10;

/// The most of one part's header, in bytes.
const LONGEST_HEADER: usize = 256 << 10;

/// The longest boundary. Source: RFC 2046, 5.1.1.
const LONGEST_BOUNDARY: usize = 200;

/// A message that says the same and is safe to parse.
pub(super) fn bounded(message: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(message);
    let mark: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut writer = Writer {
        mark,
        boundaries: 0,
        parts: 0,
        out: Vec::with_capacity(message.len() + message.len() / 8 + 256),
    };
    writer.part(message, Place::Message, 0);
    writer.out
}

/// Where a part stands: it decides what it is where its header does not say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The whole of a message.
    Message,
    /// A part of a multipart.
    Part,
    /// A part of a digest, which is a message unless it says otherwise. Source: RFC 2046, 5.1.5.
    Digest,
}

/// What a part's content is.
enum Content<'a> {
    Multipart {
        subtype: String,
        report: Option<String>,
        boundary: String,
        digest: bool,
    },
    Message(Cow<'a, [u8]>),
    Leaf,
    /// It says that it is made of parts, and they cannot be found.
    Broken,
}

struct Writer {
    /// Stands in every boundary, and nowhere in the message: it is the message's own digest.
    mark: String,
    boundaries: usize,
    parts: usize,
    out: Vec<u8>,
}

impl Writer {
    /// Writes a part, header and content.
    fn part(&mut self, bytes: &[u8], place: Place, depth: usize) {
        self.parts += 1;
        let (fields, body) = split(bytes);
        let header = one_line_each(&fields, |_| true);
        let parsed = MessageParser::default().parse_headers(&header);
        let kind = parsed.as_ref().and_then(Message::content_type);
        let may_nest = depth < DEEPEST;
        match content(parsed.as_ref(), kind, place, body) {
            Content::Multipart {
                subtype,
                report,
                boundary,
                digest,
            } if may_nest => {
                self.out
                    .extend(one_line_each(&fields, |name| !is_structural(name)));
                self.multipart(body, &subtype, report.as_deref(), &boundary, digest, depth);
            }
            Content::Message(inner) if may_nest => {
                self.out
                    .extend(one_line_each(&fields, |name| !is_structural(name)));
                self.message(&inner, place, depth);
            }
            Content::Leaf => {
                self.out.extend(header);
                self.line("");
                self.out.extend(body);
            }
            Content::Multipart { .. } | Content::Message(_) | Content::Broken => {
                self.out
                    .extend(one_line_each(&fields, |name| !is_structural(name)));
                self.structure("application/octet-stream");
                self.out.extend(body);
            }
        }
    }

    /// Writes a message as the content of a part. Where it is all that another message has, it
    /// becomes the only part of a multipart: the parser loses count of messages that stand
    /// directly in one another.
    fn message(&mut self, inner: &[u8], place: Place, depth: usize) {
        let own = (place == Place::Message).then(|| self.boundary());
        if let Some(own) = &own {
            self.structure(&format!("multipart/mixed; boundary=\"{own}\""));
            self.line(&format!("--{own}"));
        }
        self.structure("message/rfc822");
        self.part(inner, Place::Message, depth + 1);
        if let Some(own) = &own {
            self.line("");
            self.line(&format!("--{own}--"));
        }
    }

    fn multipart(
        &mut self,
        body: &[u8],
        subtype: &str,
        report: Option<&str>,
        boundary: &str,
        digest: bool,
        depth: usize,
    ) {
        let own = self.boundary();
        let report = report.map(|report| format!("; report-type={report}"));
        let report = report.unwrap_or_default();
        self.structure(&format!("multipart/{subtype}{report}; boundary=\"{own}\""));
        let place = if digest { Place::Digest } else { Place::Part };
        for part in Parts::of(body, boundary.as_bytes()) {
            if self.parts >= MOST_PARTS {
                break;
            }
            self.line("");
            self.line(&format!("--{own}"));
            self.part(part, place, depth + 1);
        }
        self.line("");
        self.line(&format!("--{own}--"));
    }

    /// A boundary that stands nowhere yet.
    fn boundary(&mut self) -> String {
        self.boundaries += 1;
        format!("{}.{}", self.boundaries, self.mark)
    }

    /// The end of a header: of several such fields the last one counts.
    fn structure(&mut self, kind: &str) {
        self.line(&format!("Content-Type: {kind}"));
        self.line("Content-Transfer-Encoding: 8bit");
        self.line("");
    }

    fn line(&mut self, text: &str) {
        self.out.extend(text.as_bytes());
        self.out.extend(b"\r\n");
    }
}

/// What a part's content is, by its header.
fn content<'a>(
    header: Option<&Message<'_>>,
    kind: Option<&ContentType<'_>>,
    place: Place,
    body: &'a [u8],
) -> Content<'a> {
    let Some(kind) = kind else {
        return match place {
            Place::Digest => Content::Message(body.into()),
            Place::Message | Place::Part => Content::Leaf,
        };
    };
    let subtype = token(kind.subtype().unwrap_or_default());
    if kind.ctype() == "multipart" {
        let boundary = kind.attribute("boundary").unwrap_or_default();
        let boundary = boundary.trim_end();
        // Without one there are no parts, only text.
        if boundary.is_empty() || boundary.len() > LONGEST_BOUNDARY {
            return Content::Broken;
        }
        let digest = subtype == "digest";
        return Content::Multipart {
            // Our digests name the type of every part, so they are like any other.
            subtype: if digest || subtype.is_empty() {
                "mixed".to_owned()
            } else {
                subtype
            },
            report: kind
                .attribute("report-type")
                .map(token)
                .filter(|it| !it.is_empty()),
            boundary: boundary.to_owned(),
            digest,
        };
    }
    if kind.ctype() != "message" || !matches!(subtype.as_str(), "rfc822" | "global") {
        return Content::Leaf;
    }
    // Only `global` may be encoded, and programs encode the other too. Source: RFC 2046, 5.2.1; RFC
    // 6532, 3.7.
    let encoding = header.and_then(|it| it.content_transfer_encoding());
    let encoding = encoding.unwrap_or_default().trim().to_ascii_lowercase();
    let decoded = match encoding.as_str() {
        "base64" => base64_decode(body),
        "quoted-printable" => quoted_printable_decode(body),
        _ => return Content::Message(body.into()),
    };
    decoded.map_or(Content::Broken, |inner| Content::Message(inner.into()))
}

/// What stands in a structural header of ours.
fn token(text: &str) -> String {
    let plain = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.' | '+' | '_');
    text.chars()
        .filter(plain)
        .take(60)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Whether a field says how the content is put together. The parser overlooks white space inside a
/// name.
fn is_structural(name: &[u8]) -> bool {
    let bare = name.iter().filter(|byte| !byte.is_ascii_whitespace());
    let bare: Vec<u8> = bare.map(u8::to_ascii_lowercase).take(34).collect();
    matches!(
        &bare[..],
        b"content-type" | b"content-transfer-encoding" | b"content-disposition"
    )
}

/// A part's header fields, each with the lines that continue it, and its content.
fn split(bytes: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let (mut fields, mut start, mut at) = (Vec::new(), None::<usize>, 0);
    let body = loop {
        let rest = &bytes[at..];
        if rest.is_empty() {
            break rest;
        }
        let end = at + memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = &bytes[at..end];
        if line.iter().all(u8::is_ascii_whitespace) {
            break &bytes[end..];
        }
        if at > LONGEST_HEADER {
            break &[];
        }
        if !matches!(line[0], b' ' | b'\t') {
            fields.extend(start.map(|start| &bytes[start..at]));
            start = Some(at);
        }
        at = end;
    };
    fields.extend(start.map(|start| &bytes[start..at]));
    (fields, body)
}

/// These fields, each on one line, so that no field can run into the next or into the content.
fn one_line_each(fields: &[&[u8]], wanted: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut header = Vec::new();
    let mut left = MOST_FIELDS;
    for field in fields {
        let Some(colon) = memchr(b':', field) else {
            continue;
        };
        let name = field[..colon].trim_ascii();
        // The last of several that describe the content counts, so those are never left out for
        // being late.
        if name.is_empty() || !wanted(name) || (left == 0 && !is_structural(name)) {
            continue;
        }
        left = left.saturating_sub(1);
        let kept = &field[..field.len().min(LONGEST_FIELD)];
        let plain = |byte: &u8| {
            if matches!(byte, b'\r' | b'\n') {
                b' '
            } else {
                *byte
            }
        };
        header.extend(kept.trim_ascii().iter().map(plain));
        header.extend(b"\r\n");
    }
    header
}

/// The parts of a multipart's content, without the line break that belongs to the boundary. Source:
/// RFC 2046, 5.1.1.
struct Parts<'a> {
    body: &'a [u8],
    boundary: &'a [u8],
    /// Where the next part begins; `None`: there is none.
    next: Option<usize>,
}

/// A line that is a boundary.
struct Delimiter {
    /// Where it begins.
    start: usize,
    /// Where the line after it begins.
    end: usize,
    /// Whether it is the last.
    closes: bool,
}

impl<'a> Parts<'a> {
    fn of(body: &'a [u8], boundary: &'a [u8]) -> Self {
        let mut parts = Self {
            body,
            boundary,
            next: None,
        };
        let first = parts.delimiter(0).filter(|it| !it.closes);
        parts.next = first.map(|it| it.end);
        parts
    }

    fn delimiter(&self, from: usize) -> Option<Delimiter> {
        let mut at = from;
        while at < self.body.len() {
            let line = &self.body[at..];
            let end = at + memchr(b'\n', line).map_or(line.len(), |end| end + 1);
            let line = self.body[at..end].trim_ascii_end();
            let rest = line
                .strip_prefix(b"--")
                .and_then(|it| it.strip_prefix(self.boundary));
            if let Some(rest) = rest
                && matches!(rest, b"" | b"--")
            {
                let closes = !rest.is_empty();
                return Some(Delimiter {
                    start: at,
                    end,
                    closes,
                });
            }
            at = end;
        }
        None
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.next?;
        let Some(delimiter) = self.delimiter(start) else {
            // The rest of a message that was cut off.
            self.next = None;
            return Some(&self.body[start..]);
        };
        self.next = (!delimiter.closes).then_some(delimiter.end);
        let part = &self.body[start..delimiter.start];
        let part = part.strip_suffix(b"\n").unwrap_or(part);
        Some(part.strip_suffix(b"\r").unwrap_or(part))
    }
}

#[cfg(test)]
mod tests;
