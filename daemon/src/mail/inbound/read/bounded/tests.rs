use mail_parser::PartType;
use proptest::prelude::*;

use super::*;

/// More than is read of a message.
const MEBIBYTE: usize = 1 << 20;

/// How deep a parsed message is nested, and how many parts it has in all. No recursion: what is
/// measured may be deep.
fn shape(bytes: &[u8]) -> (usize, usize) {
    let message = MessageParser::default().parse(bytes);
    let (mut deepest, mut parts) = (0, 0);
    let mut waiting: Vec<(&Message<'_>, usize)> = message.iter().map(|it| (it, 1)).collect();
    while let Some((message, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        parts += message.parts.len();
        for part in &message.parts {
            if let PartType::Message(inner) = &part.body {
                waiting.push((inner, depth + 1));
            }
        }
    }
    (deepest, parts)
}

fn is_harmless(message: &[u8]) {
    let safe = bounded(&message[..message.len().min(MEBIBYTE)]);
    let (deepest, parts) = shape(&safe);
    // A message and the part that holds it are one level each.
    assert!(deepest <= DEEPEST + 1, "{deepest} levels");
    // And one more for every message that is all of another.
    assert!(parts <= 3 * MOST_PARTS, "{parts} parts");
}

/// Wraps `times` times, from the inside out.
fn wrapped(times: usize, core: &str, wrap: impl Fn(usize, &str) -> String) -> String {
    (0..times).fold(core.to_owned(), |inner, level| wrap(level, &inner))
}

fn encoded(text: &str) -> String {
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let lines: Vec<_> = encoded
        .as_bytes()
        .chunks(76)
        .map(String::from_utf8_lossy)
        .collect();
    lines.join("\r\n")
}

/// Case R1: the message that took the daemon down, as long as one may be, and its relatives.
#[test]
fn no_nesting_is_deeper_than_it_may_be() {
    let nested = "Content-Type: message/rfc822\r\n\r\n".repeat(33_800);
    is_harmless(nested.as_bytes());
    for kind in [
        "message/global",
        "Message / RFC822",
        "message/(x)rfc822",
        "message/rfc822; charset=\"",
        "message/rfc822 (((",
    ] {
        is_harmless(
            format!("Content-Type: {kind}\r\n\r\n")
                .repeat(25_000)
                .as_bytes(),
        );
        is_harmless(
            format!("Content -Type: {kind}\n\n")
                .repeat(25_000)
                .as_bytes(),
        );
    }
    let bases = wrapped(24, "Subject: x\r\n\r\nHello", |_, inner| {
        format!(
            "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
            encoded(inner)
        )
    });
    is_harmless(bases.as_bytes());
    // A message inside an encoded one, and again.
    let hidden = "Content-Type: message/rfc822\r\n\r\n".repeat(20_000);
    let hidden = format!(
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        encoded(&hidden)
    );
    is_harmless(hidden.as_bytes());
    let quoted =
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    is_harmless(quoted.repeat(12_000).as_bytes());
}

/// Case R1: `mail-parser` 0.11.9 takes such a message for a part of the wrong one.
#[test]
fn a_message_that_is_all_of_a_message_is_a_part_of_it() {
    let message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
        Content-Type: message/rfc822\r\n\r\nMessage-ID: <a@b>\r\n\r\nHello\r\n--b--\r\n";
    assert_eq!(shape(&bounded(message.as_bytes())).0, 3);
    is_harmless(
        message
            .replace("Message-ID: <a@b>\r\n\r\nHello", "")
            .as_bytes(),
    );
}

/// Case R1: parts in parts, under boundaries of their own, the same, or none.
#[test]
fn no_parts_are_deeper_or_more_than_they_may_be() {
    let own = |level: usize, inner: &str| {
        format!(
            "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n{inner}\r\n--b{level}--"
        )
    };
    is_harmless(wrapped(3_000, "Content-Type: text/plain\r\n\r\nHello", own).as_bytes());
    let same = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(20_000);
    is_harmless(same.as_bytes());
    let digests = "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n".repeat(18_000);
    is_harmless(digests.as_bytes());
    let both = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n";
    is_harmless(both.repeat(12_000).as_bytes());
    let many = format!(
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n{}",
        "--b\r\n\r\nx\r\n".repeat(100_000)
    );
    is_harmless(many.as_bytes());
    for broken in [
        "",
        "; boundary",
        "; boundary=",
        "; boundary=\"\"",
        "; boundary=\"b",
    ] {
        let broken = format!("Content-Type: multipart/mixed{broken}\r\n\r\n--b\r\n");
        is_harmless(broken.repeat(20_000).as_bytes());
    }
    let long = "b".repeat(LONGEST_BOUNDARY + 1);
    let long = format!("Content-Type: multipart/mixed; boundary={long}\r\n\r\n--{long}\r\n");
    is_harmless(long.repeat(2_000).as_bytes());
}

/// Case R1: headers without end.
#[test]
fn no_header_is_larger_than_it_may_be() {
    let body = "\r\n\r\nHello";
    for header in [
        "X-Much: x\r\n".repeat(100_000),
        format!("From: {}a@b.example", "(".repeat(500_000)),
        format!("From: {}", "a@b.example, ".repeat(80_000)),
        format!("To: {}", "group: a@b.example; ".repeat(50_000)),
        format!("Subject: {}", "=?utf-8?q?x?= ".repeat(70_000)),
        format!("Subject: {}", "=?utf-8?b?eA==?=\r\n ".repeat(50_000)),
        format!("References: {}", "<a@b.example>\r\n ".repeat(60_000)),
        format!(
            "Content-Type: text/plain{}",
            (0..40_000)
                .map(|it| format!("; x*{it}=y"))
                .collect::<String>()
        ),
        format!("Content-Type: text/plain; x=\"{}", "\\\"".repeat(500_000)),
        format!("Date: {}", "(".repeat(900_000)),
        format!("Received: {}", "from a by b ".repeat(80_000)),
    ] {
        let safe = bounded(format!("{header}{body}").as_bytes());
        let end = memchr::memmem::find(&safe, b"\r\n\r\n").unwrap_or(safe.len());
        assert!(end <= MOST_FIELDS * 200 + LONGEST_FIELD, "{end} bytes");
        shape(&safe);
    }
}

#[test]
fn an_honest_message_says_the_same() {
    let message = "From mbox\r\nFrom: =?utf-8?q?Ana?=\r\n <ana@mail.example>\r\nSubject: a\r\n b\r\n\
        Content-Type: multipart/mixed;\r\n boundary=\"o u.ter\"\r\n\r\npreamble\r\n--o u.ter\r\n\
        Content-Type: multipart/alternative; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n--o\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--o--\r\n\
        \r\n--o u.ter\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n\
        TWVzc2FnZS1JRDogPGFAYj4NCg0KaW5uZXI=\r\n--o u.ter\r\nContent-Type: application/ics; name=\"a b.ics\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\neA==\r\n--o u.ter--\r\nepilogue\r\n";
    let safe = bounded(message.as_bytes());
    let read = MessageParser::default().parse(&safe).expect("a message");
    assert_eq!(
        read.from()
            .and_then(|it| it.first()?.address().map(str::to_owned))
            .as_deref(),
        Some("ana@mail.example")
    );
    assert_eq!(
        read.subject()
            .map(|it| it.split_whitespace().collect::<Vec<_>>()),
        Some(vec!["a", "b"])
    );
    assert_eq!(read.body_text(0).as_deref(), Some("Grüße"));
    assert_eq!(read.body_html(0).as_deref(), Some("<p>x</p>"));
    let inner = read.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id(),
        _ => None,
    });
    assert_eq!(inner, Some("a@b"));
    let calendar = read.parts.last().expect("a part");
    assert_eq!(
        (calendar.attachment_name(), calendar.contents()),
        (Some("a b.ics"), &b"x"[..])
    );
}

proptest! {
    /// Pieces that parsers trip over, in any order.
    #[test]
    fn nothing_that_is_put_together_nests_deeper(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("Content-Type: message/rfc822\r\n"),
                Just("Content-Type: multipart/mixed; boundary=b\r\n"),
                Just("Content-Type: multipart/digest; boundary=\"b\"\n"),
                Just("Content-Type: text/plain; charset=\"\r\n"),
                Just("Content-Transfer-Encoding: base64\r\n"),
                Just("Content-Disposition: attachment; filename=\"=?utf-8?q?"),
                Just("Subject: =?utf-8?b?"),
                Just("From: \"a ("),
                Just("\r\n"), Just("\n"), Just(" "), Just("\""), Just("("), Just("\\"), Just("\0"), Just(":"),
                Just("--b\r\n"), Just("--b--\r\n"), Just("--b"), Just("?="), Just("Zm9v"), Just("\u{fc}"),
            ],
            0..150,
        ),
    ) {
        is_harmless(pieces.concat().as_bytes());
    }

    #[test]
    fn any_bytes_become_a_message_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        is_harmless(&bytes);
    }
}
