//! ★ Names of folders as IMAP has them. Source: RFC 3501, 5.1.3.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

/// What stands for letters that are not plain ASCII.
const MODIFIED: GeneralPurpose = GeneralPurpose::new(&alphabet::IMAP_MUTF7, NO_PAD);

/// A folder's name, in plain ASCII.
pub(super) fn in_ascii(name: &str) -> String {
    let (mut written, mut others) = (String::with_capacity(name.len()), Vec::new());
    for letter in name.chars() {
        if !(' '..='~').contains(&letter) {
            let mut units = [0; 2];
            let units = letter.encode_utf16(&mut units).iter();
            others.extend(units.flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        put_others(&mut written, &mut others);
        written.push(letter);
        if letter == '&' {
            written.push('-');
        }
    }
    put_others(&mut written, &mut others);
    written
}

fn put_others(written: &mut String, others: &mut Vec<u8>) {
    if others.is_empty() {
        return;
    }
    written.push('&');
    MODIFIED.encode_string(&mut *others, written);
    written.push('-');
    others.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two are the RFC's own examples.
    #[test]
    fn names_are_written_as_servers_have_them() {
        for (name, expected) in [
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("Hi Mom -☺-!", "Hi Mom -&Jjo--!"),
            ("INBOX", "INBOX"),
            ("Q&A", "Q&-A"),
            ("Vorstellungsgespräche", "Vorstellungsgespr&AOQ-che"),
        ] {
            assert_eq!(in_ascii(name), expected);
        }
    }
}
