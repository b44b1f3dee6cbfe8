//! Strikes secrets out of what a server says, before anybody keeps, logs or shows it.
//!
//! A server may repeat what it was sent: whole, quoted, broken over lines, in base64 as it
//! travelled, or with more in front of it. Invariant: no eight characters in a row of a secret, in
//! any of these forms, survive. It is better to strike too much than too little; what a server says
//! is never acted on, only read by people.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::{Zeroize as _, Zeroizing};

/// What stands where a secret stood.
const REMOVED: &str = "[removed]";

/// As much of a secret as nobody may read. Shorter ones are struck where they stand whole.
const WINDOW: usize = 8;

/// A secret this short stands in many words by chance: then the whole text goes.
const SHORT: usize = 3;

/// The most of a text that is looked at, in bytes: several times what is ever kept.
const LONGEST: usize = 16 << 10;

/// Secrets that are remembered: those of the mail servers of many workspaces, before and after a
/// change.
const MOST: usize = 256;

/// The secrets of servers that were read since the start: from files, commands and the vault.
static READ: Mutex<VecDeque<SecretString>> = Mutex::new(VecDeque::new());

/// Remembers a secret, so that it is struck from the text of every server, not only of the one it
/// is for.
pub(crate) fn remember(secret: &SecretString) {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if read
        .iter()
        .any(|it| it.expose_secret() == secret.expose_secret())
    {
        return;
    }
    read.truncate(MOST - 1);
    read.push_front(secret.clone());
}

/// A server's text without any secret of the configuration, and without these. At most 16 KiB of
/// it.
pub fn strike<'a>(text: &str, also: impl IntoIterator<Item = &'a str>) -> String {
    let mut struck = Struck::default();
    for secret in READ.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        struck.add(secret.expose_secret());
    }
    for secret in also {
        struck.add(secret);
    }
    struck.apply(text)
}

/// What is to be struck: digests, so that no copy of a secret is left behind.
#[derive(Default)]
struct Struck {
    /// Runs of characters by their length, in lower case.
    runs: HashMap<usize, HashSet<u64>>,
    /// Secrets that take the whole text with them.
    short: HashMap<usize, HashSet<u64>>,
}

impl Struck {
    fn add(&mut self, secret: &str) {
        let plain = bare(secret);
        match plain.len() {
            0 => {}
            short @ 1..=SHORT => {
                let short = self.short.entry(short).or_default();
                short.insert(digest(&plain));
            }
            _ => {
                self.add_form(&plain);
                for form in forms(secret) {
                    self.add_form(&bare(&form));
                }
            }
        }
    }

    fn add_form(&mut self, form: &[char]) {
        // What is left of a short secret in base64 may be nothing that tells it apart.
        if form.len() <= SHORT {
            return;
        }
        let length = form.len().min(WINDOW);
        let runs = self.runs.entry(length).or_default();
        runs.extend(form.windows(length).map(digest));
    }

    fn apply(&self, text: &str) -> String {
        let text = cut(text, LONGEST);
        let plain = bare(text);
        let places = text.char_indices().filter(|(_, letter)| counts(*letter));
        let places: Vec<usize> = places.map(|(at, _)| at).collect();
        let mut short = self.short.iter();
        if short.any(|(length, runs)| plain.windows(*length).any(|it| runs.contains(&digest(it)))) {
            return REMOVED.to_owned();
        }
        let mut struck = vec![false; places.len()];
        for (length, runs) in &self.runs {
            for (at, run) in plain.windows(*length).enumerate() {
                if runs.contains(&digest(run)) {
                    struck[at..at + length].fill(true);
                }
            }
        }
        without(text, &places, &struck)
    }
}

fn digest(run: &[char]) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.hash(&mut hasher);
    hasher.finish()
}

/// The text without the letters at these places that are struck, and without what stands between
/// two of them.
fn without(text: &str, places: &[usize], struck: &[bool]) -> String {
    let (mut out, mut kept_from, mut place) = (String::with_capacity(text.len()), 0, 0);
    while place < places.len() {
        if !struck[place] {
            place += 1;
            continue;
        }
        out.push_str(&text[kept_from..places[place]]);
        out.push_str(REMOVED);
        while place < places.len() && struck[place] {
            place += 1;
        }
        let at = places[place - 1];
        kept_from = at + text[at..].chars().next().map_or(0, char::len_utf8);
    }
    out.push_str(&text[kept_from..]);
    out
}

/// How else a secret may stand in a text: escaped for a form, in hexadecimal, or somewhere inside
/// base64.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let escaped: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let bytes = secret.as_bytes();
    let mut forms = vec![
        escaped.replace('+', "%20"),
        escaped,
        bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    ];
    for before in 0..3 {
        // Two more bytes, so that the last character that is all the secret's own is there.
        let mut whole = Zeroizing::new(vec![0; before]);
        whole.extend(bytes);
        whole.extend([0, 0]);
        let (first, end) = ((before * 8).div_ceil(6), (before + bytes.len()) * 8 / 6);
        for mut encoded in [
            STANDARD_NO_PAD.encode(&*whole),
            URL_SAFE_NO_PAD.encode(&*whole),
        ] {
            forms.extend(encoded.get(first..end).map(str::to_owned));
            encoded.zeroize();
        }
        // And at the end of it, where the last character has room left.
        whole.truncate(before + bytes.len());
        let mut encoded = STANDARD_NO_PAD.encode(&*whole);
        forms.extend(encoded.get(first..).map(str::to_owned));
        encoded.zeroize();
    }
    forms.into_iter().map(Zeroizing::new).collect()
}

fn bare(text: &str) -> Zeroizing<Vec<char>> {
    let letters = text.chars().filter(|it| counts(*it)).map(lower);
    // Never grown: a buffer that grows leaves a part of a secret behind.
    let mut bare = Zeroizing::new(Vec::with_capacity(text.len()));
    bare.extend(letters);
    bare
}

/// Line breaks and quoting may stand anywhere between the letters of a repeated secret.
fn counts(letter: char) -> bool {
    !letter.is_whitespace() && !letter.is_control() && !matches!(letter, '\\' | '"' | '\u{fffd}')
}

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// The first bytes of a text, whole characters.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn struck(text: &str, secret: &str) -> String {
        let mut struck = Struck::default();
        struck.add(secret);
        struck.apply(text)
    }

    /// Case R6: however a server repeats it.
    #[test]
    fn a_secret_is_struck_in_every_form_it_travelled_in() {
        let secret = "s3cret pass\\\"word";
        let base = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
        let url = |text: &str| base64::engine::general_purpose::URL_SAFE.encode(text);
        for echo in [
            secret.to_owned(),
            secret.to_uppercase(),
            "s3cret pass\\\\\\\"word".to_owned(),
            base(secret),
            base(&format!("\0robin\0{secret}")),
            base(&format!("robin\0robin\0{secret}")),
            base(&format!("robin:{secret}")),
            url(&format!("x{secret}")),
            base(&format!("user=a\u{1}auth=Bearer {secret}\u{1}\u{1}")),
            base(&format!("\0robin\0{secret}")).replace('c', "c\r\n535-"),
            "s3cret%20pass%5C%22word".to_owned(),
            "s3cret+pass%5C%22word".to_owned(),
            secret.bytes().map(|it| format!("{it:02X}")).collect(),
            "you sent s3cret pa".to_owned(),
        ] {
            let left = struck(&format!("535 you said {echo}, which is wrong"), secret);
            assert!(left.contains(REMOVED), "{echo}: {left}");
            for part in [&secret[..8], "pass\\\"wo", &echo[..echo.len().min(40)]] {
                assert!(!left.contains(part), "{part} in {left}");
            }
        }
        let broken = "5.7.8 s3c\r\n535-5.7.8 ret pass";
        assert_eq!(
            struck("550 no such user here", secret),
            "550 no such user here"
        );
        // Text between its parts makes it another secret; the parts are short.
        assert_eq!(struck(broken, secret), broken);
    }

    #[test]
    fn a_short_secret_takes_the_whole_text() {
        assert_eq!(struck("you said abc", "abc"), REMOVED);
        assert_eq!(struck("you said nothing", "abc"), "you said nothing");
        assert_eq!(struck("you said abcd!", "abcd"), "you said [removed]!");
        assert_eq!(struck("anything", ""), "anything");
    }

    #[test]
    fn what_was_read_from_the_configuration_is_struck_everywhere() {
        remember(&SecretString::from("only-in-this-test-9417"));
        let said = strike(
            "550 b25seS1pbi10aGlzLXRlc3QtOTQxNw== or Other-One-7",
            ["other-one-7"],
        );
        assert_eq!(said, "550 [removed]== or [removed]");
    }

    proptest! {
        #[test]
        fn no_eight_letters_in_a_row_survive(
            secret in "[ -~]{9,30}", before in ".{0,20}", after in ".{0,20}", offset in 0_usize..20,
        ) {
            prop_assume!(bare(&secret).len() >= WINDOW);
            let base = base64::engine::general_purpose::STANDARD.encode(format!("{before}{secret}{after}"));
            for text in [format!("{before}{secret}{after}"), format!("{before} {base}")] {
                let left = bare(&struck(&text, &secret));
                let whole = bare(&secret);
                let at = offset % (whole.len() - WINDOW + 1);
                let run = &whole[at..at + WINDOW];
                prop_assert!(!left.windows(WINDOW).any(|it| it == run) || bare(REMOVED).windows(WINDOW).any(|it| it == run));
            }
        }
    }
}
