//! Text that people and files send, checked before it is kept.
//!
//! Invariant: what passes here is trimmed, bounded and free of control and direction-changing
//! characters, so it can be shown on a terminal, put in a header and searched. Characters that are
//! not seen come with text that is copied, so they are left out; control characters are refused.
//! Every refusal names the field.

use greenroom_protocol::Error;
use greenroom_protocol::text::{seen, steers};
use unicode_normalization::UnicodeNormalization;

use crate::schedule::time;

const LONGEST_NAME: usize = 200;
const LONGEST_ADDRESS: usize = 254;
const LONGEST_LINE: usize = 500;
const LONGEST_URL: usize = 2000;
const LONGEST_PARAGRAPHS: usize = 4000;
const LONGEST_DOCUMENT: usize = 20_000;

/// A name or a title: one line of 1 to 200 characters.
pub fn name(field: &str, text: &str) -> Result<String, Error> {
    line(field, text, LONGEST_NAME)?.ok_or_else(|| refuse(field, "is empty"))
}

/// One line of at most 500 characters, or nothing.
pub fn optional_line(field: &str, text: Option<&str>) -> Result<Option<String>, Error> {
    text.map_or(Ok(None), |text| line(field, text, LONGEST_LINE))
}

/// Several lines, at most 4 000 characters.
pub fn paragraphs(field: &str, text: &str) -> Result<String, Error> {
    let lines = text
        .lines()
        .map(|text| Ok(line(field, text, LONGEST_PARAGRAPHS)?.unwrap_or_default()));
    let text = lines.collect::<Result<Vec<_>, Error>>()?.join("\n");
    match text.chars().count() > LONGEST_PARAGRAPHS {
        true => Err(refuse(
            field,
            &format!("is longer than {LONGEST_PARAGRAPHS} characters"),
        )),
        false => Ok(text),
    }
}

/// A text of several lines as it was written, indentation and all, at most 20 000 characters; what
/// steers a terminal is refused.
pub fn document(field: &str, text: &str) -> Result<String, Error> {
    if text.chars().count() > LONGEST_DOCUMENT {
        let why = format!("is longer than {LONGEST_DOCUMENT} characters");
        return Err(refuse(field, &why));
    }
    let text = seen(&text.replace("\r\n", "\n"));
    if text
        .chars()
        .any(|letter| steers(letter) && !is_layout(letter))
    {
        return Err(refuse(field, "has control characters"));
    }
    Ok(text.trim_end().nfc().collect())
}

/// A text of several lines that came from outside: what steers a terminal is left out.
pub fn outside(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|letter| !steers(*letter) || is_layout(*letter))
        .collect()
}

fn is_layout(letter: char) -> bool {
    matches!(letter, '\n' | '\t')
}

/// An address such as `priya@example.com`.
pub fn address(field: &str, text: &str) -> Result<String, Error> {
    // Shown with these it looks like another address, so nobody can have checked the one that would
    // be kept.
    if text.contains(turns) {
        let why = "has characters that change the direction of text; type it again";
        return Err(refuse(field, why));
    }
    let text = line(field, text, LONGEST_ADDRESS)?.ok_or_else(|| refuse(field, "is empty"))?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|letter: char| {
                letter.is_whitespace() || ",;<>()[]\"\\:@".contains(letter)
            })
    };
    match text.rsplit_once('@') {
        Some((local, domain))
            if plain(local)
                && plain(domain)
                && !domain.starts_with('.')
                && domain.contains('.') =>
        {
            Ok(text)
        }
        _ => Err(refuse(field, "is not an address such as priya@example.com")),
    }
}

/// Whether a character has what follows shown in another direction. Source: the explicit formatting
/// characters of UAX #9.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// An IANA time zone such as `Asia/Kolkata`.
pub fn zone(field: &str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    match time::zone(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(Error::usage(error.to_string())
            .field(field)
            .hint("use an IANA name such as Europe/Berlin")),
    }
}

/// A link people can open, `https://…` or `http://…`; one that is wrong is answered with `example`.
pub fn link(field: &str, text: &str, example: &str) -> Result<String, Error> {
    let text = line(field, text, LONGEST_URL)?.ok_or_else(|| refuse(field, "is empty"))?;
    let wrong = || refuse(field, &format!("is not a link such as {example}"));
    let url = url::Url::parse(&text).map_err(|_| wrong())?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(text),
        _ => Err(wrong()),
    }
}

/// How two texts are compared when they must not both exist: without case and accents of form.
pub fn folded(text: &str) -> String {
    text.trim().nfkc().flat_map(char::to_lowercase).collect()
}

fn line(field: &str, text: &str, longest: usize) -> Result<Option<String>, Error> {
    let text = text.trim();
    if text.len() > longest * 4 || text.chars().count() > longest {
        return Err(refuse(
            field,
            &format!("is longer than {longest} characters"),
        ));
    }
    let text = seen(text);
    if text.chars().any(steers) {
        return Err(refuse(field, "has control characters"));
    }
    let text = text.trim();
    Ok(Some(text.nfc().collect::<String>()).filter(|text| !text.is_empty()))
}

fn refuse(field: &str, why: &str) -> Error {
    let subject = match field {
        "stages" => "name of a stage".to_owned(),
        "notes" | "details" => format!("text of the {field}"),
        "url" => "URL".to_owned(),
        field => field.replace("zoom", "Zoom").replace('_', " "),
    };
    Error::usage(format!("The {subject} {why}")).field(field)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_people_everywhere_pass_and_hostile_ones_do_not() {
        for fine in [
            "Ana Costa",
            "Łukasz Żak",
            "王小明",
            "محمد علي",
            "O'Neill-Smith",
            " padded ",
        ] {
            assert_eq!(name("name", fine).as_deref(), Ok(fine.trim()));
        }
        for hostile in [
            "",
            "  ",
            "a\u{1b}[2J",
            "a\nb",
            "a\u{2028}b",
            "\u{202e}",
            "\u{feff} \u{200b}",
            &"x".repeat(10_000),
        ] {
            let refused = name("name", hostile).expect_err("refused");
            assert_eq!(refused.field.as_deref(), Some("name"));
            assert!(refused.message.starts_with("The name "), "{refused:?}");
            assert!(refused.message.len() < 200);
        }
    }

    /// Case R12: U+202E and its kind, wherever people or files give a text.
    #[test]
    fn what_is_not_seen_is_left_out_of_every_text() {
        for unseen in [
            "\u{202e}",
            "\u{2067}",
            "\u{200f}",
            "\u{feff}",
            "\u{200b}",
            "\u{e0041}",
        ] {
            let given = format!("{unseen} do{unseen}c.exe{unseen}");
            assert_eq!(name("name", &given).as_deref(), Ok("doc.exe"));
            let line = optional_line("reason", Some(&given));
            assert_eq!(line, Ok(Some("doc.exe".to_owned())));
            let lines = format!("{given}\n{given}");
            assert_eq!(
                paragraphs("guidance", &lines).as_deref(),
                Ok("doc.exe\ndoc.exe")
            );
            assert_eq!(
                document("notes", &lines).as_deref(),
                Ok(" doc.exe\n doc.exe")
            );
            assert_eq!(outside(&lines), " doc.exe\n doc.exe");
            let email = format!("{unseen}ana{unseen}@mail.example{unseen}");
            let kept = address("email", &email);
            match unseen.contains(turns) {
                true => assert_eq!(kept.unwrap_err().field.as_deref(), Some("email")),
                false => assert_eq!(kept.as_deref(), Ok("ana@mail.example")),
            }
            let url = format!("https://meet.example/{unseen}abc");
            let kept = link("url", &url, "https://x.example");
            assert_eq!(kept.as_deref(), Ok("https://meet.example/abc"));
        }
    }

    #[test]
    fn addresses() {
        for fine in [
            "a@b.example",
            "priya.nair+x@sub.example.com",
            "ü@exämple.example",
        ] {
            assert!(address("email", fine).is_ok(), "{fine}");
        }
        for wrong in [
            "",
            "a",
            "a@b",
            "a b@c.example",
            "a@b.example, c@d.example",
            "<a@b.example>",
            "a@.b",
            "a@b@c.example",
        ] {
            assert!(address("email", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn links() {
        let link = |field: &str, text: &str| super::link(field, text, "https://x.example");
        assert!(link("url", "https://meet.example/abc").is_ok());
        for wrong in [
            "javascript:alert(1)",
            "meet.example",
            "https://",
            "file:///etc/passwd",
            "https://a\u{7}b",
        ] {
            assert!(link("url", wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_passes_steers_a_terminal(text in ".{0,300}") {
            if let Ok(name) = name("name", &text) {
                prop_assert!(!name.chars().any(steers));
            }
        }
    }
}
