//! Owns what vendors read and change in a message's head.

use mail_parser::{Address, Message, MessageParser};

/// A message whose head can be read.
pub(super) fn read(message: &[u8]) -> Option<Message<'_>> {
    MessageParser::default().parse(message)
}

/// The addresses of From, in lower case.
pub(super) fn from(message: &Message<'_>) -> Vec<String> {
    addresses(message.from())
}

/// The addresses of To, Cc and Bcc, in lower case.
pub(super) fn recipients(message: &Message<'_>) -> Vec<String> {
    let all = [message.to(), message.cc(), message.bcc()];
    all.into_iter().flat_map(addresses).collect()
}

fn addresses(of: Option<&Address<'_>>) -> Vec<String> {
    let all = of.into_iter().flat_map(|address| address.iter());
    all.filter_map(|one| one.address.as_deref())
        .map(str::to_lowercase)
        .collect()
}

/// The message with this field of its head another, or without it; nothing else is touched.
pub(super) fn with_field(message: &[u8], name: &str, value: Option<&str>) -> Vec<u8> {
    let text = String::from_utf8_lossy(message);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut changed = String::with_capacity(message.len());
    let mut inside = false;
    for line in head.split("\r\n") {
        let folded = line.starts_with([' ', '\t']);
        if !folded {
            let field = line.split(':').next().unwrap_or_default();
            inside = field.trim().eq_ignore_ascii_case(name);
        }
        if !inside {
            changed.push_str(line);
            changed.push_str("\r\n");
        }
    }
    if let Some(value) = value {
        changed.push_str(&format!("{name}: {value}\r\n"));
    }
    changed.push_str("\r\n");
    changed.push_str(body);
    changed.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_changed_with_its_folded_lines_and_nothing_else() {
        let message = b"To: a@b.example\r\nFrom: Some\r\n body <x@y.example>\r\nSubject: From: z\r\n\r\nFrom: kept\r\n";
        let changed = with_field(message, "From", Some("<d@b.example>"));
        let expected =
            "To: a@b.example\r\nSubject: From: z\r\nFrom: <d@b.example>\r\n\r\nFrom: kept\r\n";
        assert_eq!(String::from_utf8(changed).unwrap(), expected);
    }
}
