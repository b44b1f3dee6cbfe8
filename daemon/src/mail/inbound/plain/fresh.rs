//! ★ What is new in an email, and what it only repeats: quotes, the headers above them, signatures.
//! Pure.
//!
//! Invariant: every line is in one of the two, so nothing that was written is lost; where all of it
//! looks repeated, all of it is new.

use crate::replies::begins_headers;

/// An email's text in two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// What the writer says now.
    pub new: String,
    /// The rest, as it stands.
    pub repeated: String,
}

/// Tells apart what is new.
pub fn parts(text: &str) -> Parts {
    let lines: Vec<&str> = text.lines().collect();
    let mut is_new: Vec<bool> = lines.iter().map(|line| !is_quote(line)).collect();
    for at in attributions(&lines) {
        is_new[at] = false;
    }
    if let Some(end) = end_of_new(&lines) {
        is_new[end..].fill(false);
    }
    let last = (0..lines.len())
        .rev()
        .find(|at| is_new[*at] && !lines[*at].trim().is_empty());
    if let Some(last) = last.filter(|at| is_app_signature(lines[*at])) {
        is_new[last] = false;
    }
    let joined = |wanted: bool| {
        let of = lines.iter().zip(&is_new).filter(|(_, new)| **new == wanted);
        let joined = of.map(|(line, _)| *line).collect::<Vec<_>>().join("\n");
        tidy(&joined)
    };
    let (new, repeated) = (joined(true), joined(false));
    match new.is_empty() {
        true => Parts {
            new: text.trim().to_owned(),
            repeated: String::new(),
        },
        false => Parts { new, repeated },
    }
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// The lines above quotes that say whose they are, in whatever language: they end in a colon, and
/// name a date or an address.
fn attributions(lines: &[&str]) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let begins = is_quote(line) && (at == 0 || !is_quote(lines[at - 1]));
        if !begins {
            continue;
        }
        let Some(above) = (0..at).rev().find(|it| !lines[*it].trim().is_empty()) else {
            continue;
        };
        if !lines[above].trim_end().ends_with(':') || is_quote(lines[above]) {
            continue;
        }
        if names_when_or_who(lines[above]) {
            found.push(above);
            // Long ones are wrapped: the first half begins with "On", and then names the date.
            if above > 0
                && begins_attribution(lines[above - 1])
                && !begins_attribution(lines[above])
            {
                found.push(above - 1);
            }
            continue;
        }
        if above > 0 && names_when_or_who(lines[above - 1]) && begins_attribution(lines[above - 1])
        {
            found.extend([above - 1, above]);
        }
    }
    found
}

fn names_when_or_who(line: &str) -> bool {
    line.contains('@') || line.chars().filter(char::is_ascii_digit).count() >= 4
}

fn begins_attribution(line: &str) -> bool {
    const WORDS: [&str; 12] = [
        "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "dne ", "dnia ", "w dniu ", "в ",
    ];
    let line = line.trim().to_lowercase();
    WORDS.iter().any(|word| line.starts_with(word)) && names_when_or_who(&line)
}

/// The line from which on nothing is new: a signature, or the email that is answered, as programs
/// set it below without marks.
fn end_of_new(lines: &[&str]) -> Option<usize> {
    (0..lines.len()).find(|at| {
        is_signature(lines, *at) || is_separator(lines[*at]) || begins_headers(lines, *at)
    })
}

/// Two dashes and a space. Source: RFC 3676, 4.3. The space is lost on the way often enough.
fn is_signature(lines: &[&str], at: usize) -> bool {
    let marked = matches!(lines[at], "-- " | "--");
    // A text that is all signature is a text; one that goes on after a quote is an answer below it.
    marked && lines[..at].iter().any(|line| !line.trim().is_empty())
}

/// `-----Original Message-----`, in any language.
fn is_separator(line: &str) -> bool {
    let line = line.trim();
    let inner = line.trim_matches('-').trim();
    let dashes = line.len() - line.trim_start_matches('-').len();
    dashes >= 4
        && line.ends_with("----")
        && inner.chars().any(char::is_alphabetic)
        && inner.len() < 60
}

/// What telephones add.
fn is_app_signature(line: &str) -> bool {
    const BEGINS: [&str; 11] = [
        "sent from my ",
        "sent from outlook",
        "sent from yahoo",
        "sent from mail for",
        "sent from proton",
        "get outlook for ",
        "von meinem iphone",
        "envoyé de mon ",
        "enviado desde mi ",
        "inviato da iphone",
        "verzonden vanaf mijn ",
    ];
    let line = line.trim().to_lowercase();
    BEGINS.iter().any(|words| line.starts_with(words))
}

/// Without blank lines around it, and with one at most between.
fn tidy(text: &str) -> String {
    let (mut tidy, mut blank) = (String::with_capacity(text.len()), false);
    for line in text.lines() {
        let is_blank = line.trim().is_empty();
        if is_blank && (blank || tidy.is_empty()) {
            continue;
        }
        tidy.push_str(line.trim_end());
        tidy.push('\n');
        blank = is_blank;
    }
    tidy.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_new_words_stand_alone() {
        for (text, new) in [
            ("I am ill.\n\nAna", "I am ill.\n\nAna"),
            (
                "I am ill.\n\nOn Mon, 30 Nov 2026 at 09:00, Dana <d@acme.example> wrote:\n> Dear Ana",
                "I am ill.",
            ),
            (
                "Krank.\n\nAm 30.11.2026 um 09:00 schrieb Dana Reyes\n<d@acme.example>:\n\n> Liebe Ana\n>\n> Ja",
                "Krank.",
            ),
            (
                "Yes\n\nOn Monday, November 30, 2026 at 9:00 AM Dana Reyes via Greenroom\n<d@acme.example> wrote:\n> x",
                "Yes",
            ),
            (
                "Yes.\n\n-----Original Message-----\nFrom: Dana\nSubject: Interview\n\nDear Ana",
                "Yes.",
            ),
            (
                "Ja.\n\nVon: Dana\nGesendet: Montag\nAn: Ana\nBetreff: Gespräch\n\nLiebe Ana",
                "Ja.",
            ),
            (
                "Yes.\n\n*From:* Dana\n*Sent:* Monday\n*Subject:* Interview\n\nDear Ana",
                "Yes.",
            ),
            ("Yes.\n-- \nAna Lima\n+49 30 1234", "Yes."),
            ("Yes.\n\nSent from my iPhone", "Yes."),
            // Answers between the lines of a quote stay together with each other.
            (
                "Hello\n> Tuesday?\nNo.\n> Wednesday?\nYes.",
                "Hello\nNo.\nYes.",
            ),
            // Below a quote.
            (
                "On Mon, 30 Nov 2026, Dana <d@acme.example> wrote:\n> Can you?\n\nI can.",
                "I can.",
            ),
        ] {
            assert_eq!(parts(text).new, new, "{text}");
        }
    }

    #[test]
    fn what_only_resembles_a_quote_is_new() {
        for text in [
            "My answers:\n1. yes\n2. no",
            "From: 10:00\nTo: 11:00\nworks for me",
            "--\nAna",
            "> all of it is a quote",
            "Here is what I think:\n\nit is fine",
            "I am free --- from Monday",
        ] {
            assert_eq!(
                parts(text),
                Parts {
                    new: text.to_owned(),
                    repeated: String::new()
                },
                "{text}"
            );
        }
        let asked = parts("My answers are below:\n> When?\nMonday");
        assert_eq!(asked.new, "My answers are below:\nMonday");
    }

    proptest! {
        /// Case M14: no word is ever lost.
        #[test]
        fn every_line_is_in_one_of_the_two(text in "(> |-- |--|\n|On Mon 2026 x@y:|From: a|Subject: b|-----Original-----|word |\t){0,60}") {
            let parts = parts(&text);
            let words = |text: &str| {
                let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
                words.sort();
                words
            };
            let both = format!("{}\n{}", parts.new, parts.repeated);
            prop_assert_eq!(words(&both), words(&text));
        }
    }
}
