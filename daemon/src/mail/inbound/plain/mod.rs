//! ★ What is kept of a message: one plain text, whatever it was written in. Pure.

use greenroom_protocol::text::{printable, steers};
use greenroom_protocol::time::Instant;
use mail_parser::{Address, HeaderName, Message, MimeHeaders as _, PartType};

mod automatic;
mod fresh;
mod html;
mod letter;
mod style;

use super::record::Heard;
use crate::input;
use crate::mail::message::one_line;
use automatic::is_automatic;
pub use fresh::{Parts, parts};
pub use letter::{Letter, letter};

/// The most of a text that is kept, in bytes: some ten pages.
const MOST_TEXT: usize = 20_000;

/// The longest subject and name that are kept, in characters.
const LONGEST_LINE: usize = 300;

/// Names of files that are kept.
const MOST_FILES: usize = 10;

/// Addresses of one message that are asked whose they are.
const MOST_SENDERS: usize = 8;

/// What is kept of a message.
pub fn heard(message: &Message<'_>) -> Heard {
    let (text, cut) = kept(&words(message));
    let from = message.from().and_then(|from| from.first());
    let name = from.and_then(|from| from.name()).map(line);
    let files = message.attachments().filter_map(|part| {
        let kind = part.content_type();
        let kind = kind.and_then(|kind| kind.subtype()).unwrap_or_default();
        // Calendar parts are read, and what reports a delivery is no file of theirs.
        let silent = [
            "calendar",
            "ics",
            "delivery-status",
            "rfc822-headers",
            "disposition-notification",
        ];
        if silent.iter().any(|it| kind.eq_ignore_ascii_case(it)) {
            return None;
        }
        let name = part
            .attachment_name()
            .map(line)
            .filter(|name| !name.is_empty());
        Some(name.unwrap_or_else(|| "a file without a name".to_owned()))
    });
    Heard {
        message_id: message.message_id().map(line),
        from: author(message).unwrap_or_default(),
        name: name.filter(|name| !name.is_empty()),
        subject: message.subject().map(line).unwrap_or_default(),
        text,
        cut,
        automatic: is_automatic(message),
        written_at: message
            .date()
            .map(|date| Instant::from_second(date.to_timestamp())),
        files: files.take(MOST_FILES).collect(),
        marks: letter::marks(message),
    }
}

/// Who wrote a message, by its From alone; `None`: it names nobody. Source: RFC 5322, 3.6.2.
pub fn author(message: &Message<'_>) -> Option<String> {
    let first = message.from()?.first()?.address()?.trim().to_lowercase();
    is_address(&first).then_some(first)
}

/// Whether somebody else passed on what this author wrote: sent it again, or a list put its address
/// beside theirs.
pub fn is_passed_on(message: &Message<'_>, author: &str) -> bool {
    let is_other = |address: &str| !address.is_empty() && address != author;
    let resent = message.resent_from().into_iter().flat_map(Address::iter);
    let mut resent = resent.map(|it| it.address().unwrap_or_default().trim().to_lowercase());
    resent.any(|it| is_other(&it)) || is_other(&original(message))
}

/// What lists and groups write where they put their own address in From.
fn original(message: &Message<'_>) -> String {
    let original = message.header_raw("X-Original-From").unwrap_or_default();
    let original = original.rsplit('<').next().unwrap_or_default();
    original.trim().trim_end_matches('>').to_lowercase()
}

/// The addresses a message claims to be from, the first one first: where a list or a colleague
/// writes in somebody's name, the person is named behind.
pub fn senders(message: &Message<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |addresses: Option<&Address<'_>>| {
        for address in addresses.into_iter().flat_map(Address::iter) {
            let plain = address.address().unwrap_or_default().trim().to_lowercase();
            if is_address(&plain) && !found.contains(&plain) {
                found.push(plain);
            }
        }
    };
    for from in message.header_values(HeaderName::From) {
        add(from.as_address());
    }
    add(message.reply_to());
    add(message.sender());
    add(message.resent_from());
    let original = original(message);
    if is_address(&original) && !found.contains(&original) {
        found.push(original);
    }
    found.truncate(MOST_SENDERS);
    found
}

/// Whether a text may be an address: it is shown, so it must be short and plain. Source: RFC 5321,
/// 4.5.3.1.3.
fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.contains('@') && !text.chars().any(steers)
}

/// The text of the body: as plain text where it has one, else as its HTML shows it.
fn words(message: &Message<'_>) -> String {
    let (plain, html) = bodies(message);
    match plain.trim().is_empty() {
        true => html,
        false => plain,
    }
}

/// The text of the body, and what its HTML shows.
fn bodies(message: &Message<'_>) -> (String, String) {
    let of = |parts: &[u32]| {
        let parts = parts
            .iter()
            .filter_map(|at| message.parts.get(*at as usize));
        let texts = parts.filter_map(|part| match &part.body {
            PartType::Text(text) => Some(text.to_string()),
            PartType::Html(markup) => Some(html::text(markup)),
            _ => None,
        });
        let texts: Vec<_> = texts.filter(|text| !text.trim().is_empty()).collect();
        texts.join("\n\n")
    };
    (of(&message.text_body), of(&message.html_body))
}

/// The text as it is kept, and whether it was longer.
fn kept(text: &str) -> (String, bool) {
    let plain = input::outside(text);
    let (mut kept, mut blank) = (String::with_capacity(plain.len().min(MOST_TEXT)), 0);
    for line in plain.lines() {
        let line = line.trim_end();
        blank = match line.is_empty() {
            true => blank + 1,
            false => 0,
        };
        if blank > 1 || (kept.is_empty() && line.is_empty()) {
            continue;
        }
        if kept.len() + line.len() >= MOST_TEXT {
            let left = MOST_TEXT.saturating_sub(kept.len());
            kept.push_str(&line[..line.floor_char_boundary(left)]);
            return (kept, true);
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept.truncate(kept.trim_end().len());
    (kept, false)
}

fn line(text: impl AsRef<str>) -> String {
    let plain = one_line(text.as_ref());
    let shown: String = plain.chars().filter(|letter| !steers(*letter)).collect();
    printable(shown.trim(), LONGEST_LINE)
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn read(text: &str) -> Heard {
        let text = text.replace('\n', "\r\n");
        heard(
            &MessageParser::default()
                .parse(text.as_bytes())
                .expect("a message"),
        )
    }

    #[test]
    fn plain_text_goes_before_html_unless_it_is_empty() {
        let both = |plain: &str| {
            format!(
                "From: Ana <Ana@Mail.example>\nSubject: =?utf-8?q?Krank_=E2=80=AE?=\nMIME-Version: 1.0\n\
                 Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n\
                 --b\nContent-Type: text/html; charset=utf-8\n\n<p>As <i>HTML</i></p><p style='display:none'>no</p>\n--b--\n"
            )
        };
        let plain = read(&both("As text"));
        assert_eq!(
            (plain.text.as_str(), plain.subject.as_str()),
            ("As text", "Krank")
        );
        assert_eq!(
            (plain.from.as_str(), plain.name.as_deref()),
            ("ana@mail.example", Some("Ana"))
        );
        assert_eq!(read(&both(" ")).text, "As HTML");
    }

    #[test]
    fn nothing_that_steers_a_terminal_is_kept_and_no_more_than_a_few_pages() {
        let hostile = read(
            "From: x@y.example\nSubject: a\n\nI am\u{1b}[2J ill\u{202e}\u{7}\u{9b}31m\n\n\n\n\nAna\n",
        );
        assert_eq!(hostile.text, "I am[2J ill31m\n\nAna");
        let long = read(&format!("From: x@y.example\n\n{}", "é".repeat(30_000)));
        assert!(long.cut && long.text.len() <= MOST_TEXT && long.text.ends_with('é'));
    }

    #[test]
    fn files_are_named_and_not_kept() {
        let with_file = read(
            "From: x@y.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
             See the note\n--b\nContent-Type: application/pdf; name=\"sick note.pdf\"\nContent-Disposition: attachment\n\
             Content-Transfer-Encoding: base64\n\nQUJD\n--b--\n",
        );
        assert_eq!(with_file.files, ["sick note.pdf"]);
        assert_eq!(with_file.text, "See the note");
    }

    #[test]
    fn a_machine_says_so_in_its_headers() {
        for header in [
            "Auto-Submitted: auto-replied",
            "Auto-Submitted: auto-generated (vacation)",
            "Precedence: auto_reply",
            "X-Autoreply: yes",
            "X-Apple-Action: VACATION/abc",
            "X-Auto-Response-Suppress: All",
        ] {
            assert!(
                read(&format!("From: x@y.example\n{header}\n\nAway\n")).automatic,
                "{header}"
            );
        }
        for header in [
            "Auto-Submitted: no",
            "Precedence: list",
            "X-Mailer: Outlook",
        ] {
            assert!(
                !read(&format!("From: x@y.example\n{header}\n\nHello\n")).automatic,
                "{header}"
            );
        }
    }

    #[test]
    fn a_list_that_writes_in_somebodys_name_still_names_them() {
        let text = "From: Ana via Talents <talents@list.example>\r\nReply-To: Ana <ana@mail.example>\r\n\r\nHello\r\n";
        let message = MessageParser::default()
            .parse(text.as_bytes())
            .expect("a message");
        assert_eq!(
            senders(&message),
            ["talents@list.example", "ana@mail.example"]
        );
    }
}
