//! Owns how the body of a refusal is read: Zoom's JSON, the XML it writes where it does not heed
//! the request for JSON, and pages that are not Zoom's at all.
//!
//! Invariant: work and memory are bounded whatever the body is. XML is read in one pass without
//! recursion; a document type is not read at all, so no entity beyond the five of XML itself means
//! anything. Nothing here decides what a refusal means.
//!
//! Zoom's XML as seen in the field:
//! `<result><code>300</code><message>…</message><errors><field>…</field><message>…</message> </errors></result>`, with `<errors>` once for each field (<https://github.com/licht1stein/pyzoom/pull/71>).

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Of an XML body no more is read, in bytes: Zoom's refusals have a few hundred.
const MOST_XML: usize = 64 * 1024;

/// Elements within each other; Zoom's have three.
const DEEPEST: usize = 16;

/// What is kept of one text, in bytes.
const LONGEST_TEXT: usize = 4 * 1024;

/// Fields of one refusal that are kept.
const MOST_FIELDS: usize = 20;

/// What is wrong with one field of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldError {
    /// Its name, such as `settings.jbh_time`; may be empty.
    pub field: String,
    /// What is wrong.
    pub message: String,
}

/// What a refusal says, of the API or of the token endpoint.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorBody {
    /// Zoom's number.
    #[serde(alias = "errorCode", deserialize_with = "number")]
    pub(crate) code: Option<i64>,
    #[serde(alias = "errorMessage", deserialize_with = "words")]
    pub(crate) message: String,
    #[serde(deserialize_with = "fields")]
    pub(crate) errors: Vec<FieldError>,
    /// OAuth's word, such as `invalid_grant`.
    #[serde(deserialize_with = "word")]
    pub(crate) error: Option<String>,
    /// Zoom's word beside it, such as `Invalid Token!`.
    #[serde(deserialize_with = "word")]
    pub(crate) reason: Option<String>,
}

/// What a body is, where it is not what the call returns.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// Zoom says what is wrong.
    Error(ErrorBody),
    /// Something else: nothing, a gateway's page, or an answer that is no refusal.
    Other,
}

/// Reads a body that may be a refusal.
pub(crate) fn read(body: &[u8]) -> Body {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let read = match body.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(body).ok(),
        Some(b'<') => {
            let read = &body[..body.len().min(MOST_XML)];
            let zooms =
                |it: &ErrorBody| it.code.is_some() || it.error.is_some() || it.reason.is_some();
            xml(&String::from_utf8_lossy(read)).filter(zooms)
        }
        _ => None,
    };
    let says = |it: &ErrorBody| {
        it.code.is_some() || it.error.is_some() || it.reason.is_some() || !it.message.is_empty()
    };
    read.filter(says).map_or(Body::Other, Body::Error)
}

fn number<'de, D: Deserializer<'de>>(input: D) -> Result<Option<i64>, D::Error> {
    Ok(match Value::deserialize(input)? {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    })
}

fn words<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    word(input).map(Option::unwrap_or_default)
}

fn word<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(input)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

fn fields<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<FieldError>, D::Error> {
    let listed = match Value::deserialize(input)? {
        Value::Array(listed) => listed,
        one @ Value::Object(_) => vec![one],
        _ => Vec::new(),
    };
    let text = |row: &Value, name: &str| {
        let text = row.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let read = listed.iter().take(MOST_FIELDS).map(|row| FieldError {
        field: text(row, "field"),
        message: text(row, "message"),
    });
    Ok(read.filter(FieldError::says).collect())
}

impl FieldError {
    fn says(&self) -> bool {
        !self.field.is_empty() || !self.message.is_empty()
    }
}

/// An element that is open: its name, and its own text so far.
struct Element {
    name: String,
    text: String,
}

/// What the elements read so far say.
#[derive(Default)]
struct Reader {
    open: Vec<Element>,
    found: ErrorBody,
    field: FieldError,
}

/// Reads XML; `None` where it is no XML that says anything, or a page.
fn xml(document: &str) -> Option<ErrorBody> {
    let mut reader = Reader::default();
    let mut rest = document.trim_start();
    while let Some((text, after)) = rest.split_once('<') {
        reader.text(&unescaped(text));
        rest = if let Some(instruction) = after.strip_prefix('?') {
            instruction.split_once("?>")?.1
        } else if let Some(comment) = after.strip_prefix("!--") {
            comment.split_once("-->")?.1
        } else if let Some(raw) = after.strip_prefix("![CDATA[") {
            let (raw, after) = raw.split_once("]]>")?;
            reader.text(raw);
            after
        } else if after.starts_with('!') {
            // A document type: an HTML page has one, and entities would come from it.
            return None;
        } else {
            // Cut short: what was said before counts.
            let Some((tag, after)) = tag(after) else {
                break;
            };
            reader.tag(tag)?;
            after
        };
    }
    Some(reader.found)
}

/// A tag without its brackets, and what follows. A bracket within quotes ends no tag.
fn tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some((&text[..place], &text[place + 1..])),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

impl Reader {
    fn text(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            let room = LONGEST_TEXT.saturating_sub(element.text.len());
            let end = text.floor_char_boundary(room.min(text.len()));
            element.text.push_str(&text[..end]);
        }
    }

    fn tag(&mut self, tag: &str) -> Option<()> {
        if let Some(name) = tag.strip_prefix('/') {
            return self.close(&local(name));
        }
        let name = local(tag);
        let page = self.open.is_empty() && name == "html";
        if page || name.is_empty() || self.open.len() == DEEPEST {
            return None;
        }
        self.open.push(Element {
            name: name.clone(),
            text: String::new(),
        });
        if tag.ends_with('/') {
            return self.close(&name);
        }
        Some(())
    }

    fn close(&mut self, name: &str) -> Option<()> {
        let Element { name, text } = self.open.pop().filter(|open| open.name == name)?;
        let text = text.trim().to_owned();
        let among_errors = self.open.get(1).is_some_and(|open| open.name == "errors");
        let of_errors = self.open.len() == 1 && name == "errors";
        if among_errors || of_errors {
            self.of_a_field(&name, text);
        } else if self.open.len() == 1 {
            self.of_the_whole(&name, text);
        }
        Some(())
    }

    fn of_the_whole(&mut self, name: &str, text: String) {
        match name {
            "code" | "errorcode" => self.found.code = text.parse().ok(),
            "message" | "errormessage" => self.found.message = text,
            "error" => self.found.error = Some(text),
            "reason" => self.found.reason = Some(text),
            _ => {}
        }
    }

    fn of_a_field(&mut self, name: &str, text: String) {
        match name {
            "field" => self.field.field = text,
            "message" => self.field.message = text,
            _ => {
                let read = std::mem::take(&mut self.field);
                if read.says() && self.found.errors.len() < MOST_FIELDS {
                    self.found.errors.push(read);
                }
            }
        }
    }
}

/// An element's name without prefix and attributes.
fn local(tag: &str) -> String {
    let name = tag.trim_end_matches('/');
    let name = name.split_whitespace().next().unwrap_or_default();
    let name = name.rsplit(':').next().unwrap_or_default();
    name.to_ascii_lowercase()
}

/// A text with the five entities of XML and character references in place; any other stands as it
/// is written.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let named = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let Some((letter, after)) = named.and_then(|(name, after)| Some((entity(name)?, after)))
        else {
            out.push('&');
            rest = after;
            continue;
        };
        out.push(letter);
        rest = after;
    }
    out + rest
}

fn entity(name: &str) -> Option<char> {
    let number = name.strip_prefix('#').map(|digits| {
        let hexadecimal = digits.strip_prefix(['x', 'X']);
        hexadecimal.map_or_else(
            || digits.parse().ok(),
            |digits| u32::from_str_radix(digits, 16).ok(),
        )
    });
    match (number, name) {
        (Some(number), _) => char::from_u32(number?),
        (None, "amp") => Some('&'),
        (None, "lt") => Some('<'),
        (None, "gt") => Some('>'),
        (None, "quot") => Some('"'),
        (None, "apos") => Some('\''),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(body: &str) -> ErrorBody {
        match read(body.as_bytes()) {
            Body::Error(error) => error,
            Body::Other => panic!("nothing is read of {body}"),
        }
    }

    fn field(field: &str, message: &str) -> FieldError {
        FieldError {
            field: field.into(),
            message: message.into(),
        }
    }

    /// Case Z1: the same refusal, in the words of either format.
    #[test]
    fn json_and_xml_say_the_same() {
        let pairs = [
            (
                r#"{"code":3001,"message":"Meeting does not exist: 1."}"#,
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><result><code>3001</code><message>Meeting does not exist: 1.</message></result>",
            ),
            (
                r#"{"code":300,"message":"Validation Failed.","errors":[{"field":"password","message":"at most 10"},{"field":"settings.jbh_time","message":"a < b & c"}]}"#,
                "<result>\n <code>300</code><message>Validation Failed.</message>\n <errors><field>password</field><message>at most 10</message></errors><errors><field>settings.jbh_time</field><message>a &lt; b &#38; c</message></errors></result>",
            ),
            (
                r#"{"status":false,"errorCode":"4702","errorMessage":"Invalid client"}"#,
                "<Map xmlns:a='>'><a:status>false</a:status><errorCode>4702</errorCode><errorMessage><![CDATA[Invalid client]]></errorMessage></Map>",
            ),
            (
                r#"{"reason":"Invalid Token!","error":"invalid_grant"}"#,
                "<!-- < --><OAuth><reason>Invalid Token!</reason><error>invalid_grant</error><note/></OAuth>",
            ),
        ];
        for (json, xml) in pairs {
            assert_eq!(error(json), error(xml), "{xml}");
        }
    }

    #[test]
    fn fields_are_read_in_every_nesting() {
        let nested = "<result><code>300</code><errors><error><field>a</field><message>b</message></error><error><field>c</field></error></errors></result>";
        assert_eq!(error(nested).errors, [field("a", "b"), field("c", "")]);
        let one = r#"{"code":300,"errors":{"field":"a","message":"b"}}"#;
        assert_eq!(error(one).errors, [field("a", "b")]);
        for odd in [
            r#"{"code":300,"errors":"no"}"#,
            r#"{"code":300,"errors":[7,null,{}]}"#,
        ] {
            assert_eq!(error(odd).errors, []);
        }
    }

    /// Case Z1: a gateway's page does not pass for a refusal of Zoom's.
    #[test]
    fn pages_and_nothing_are_no_refusals() {
        for body in [
            "",
            "Bad Gateway",
            "[]",
            "{}",
            "<html><body><code>300</code></body></html>",
            "<!DOCTYPE html><html><code>300</code></html>",
            "<HTML><head/></HTML>",
            "<Error><Code>AccessDenied</Code><Message>no</Message></Error>",
            "<result><code>300</result>",
            "<result><code",
            "<",
        ] {
            assert_eq!(read(body.as_bytes()), Body::Other, "{body}");
        }
    }

    #[test]
    fn nothing_is_expanded_and_everything_ends() {
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><r><code>1</code><message>&b;</message></r>";
        assert_eq!(read(bomb.as_bytes()), Body::Other);
        let unknown = "<r><code>1</code><message>&b; &#0; &#xD800; &amp</message></r>";
        assert_eq!(error(unknown).message, "&b; \0 &#xD800; &amp");
        let deep = "<a>".repeat(100_000);
        assert_eq!(read(deep.as_bytes()), Body::Other);
        let long = format!(
            "<r><code>1</code><message>{}</message>{}</r>",
            "é".repeat(30_000),
            "<errors><field>f</field></errors>".repeat(5_000)
        );
        let read = error(&long);
        assert!(read.message.len() <= LONGEST_TEXT);
        assert!(read.errors.len() <= MOST_FIELDS);
    }
}
