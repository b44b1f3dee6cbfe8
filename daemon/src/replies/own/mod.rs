//! What somebody says themselves in an email: no greeting, quote, forwarded part or signature.
//!
//! Owns which lines are theirs (R10) and which answer a quoted slot. Invariant: nothing of a
//! forwarded part is ever read, and a line that says something is no signature. Must not know what
//! a line says of times.

mod headers;
mod programs;
mod signature;

pub use self::headers::begins_headers;
use self::programs::{begins_forwarded, drop_attribution, ends_own};
use self::signature::cut_signature;
use super::words::words;

/// The words of an email that are the writer's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Paragraphs, unwrapped.
    pub text: String,
    /// An email of somebody else is passed on.
    pub forwarded: bool,
    /// Answers written between the lines of a quote, each with the line above it.
    pub between: Vec<(String, String)>,
}

/// Finds what is the writer's own in the plain text of an email.
#[must_use]
pub fn own(text: &str) -> Own {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut own = Own::default();
    if let Some(at) = lines.iter().position(|line| begins_forwarded(line)) {
        own.forwarded = true;
        lines.truncate(at);
    }
    if let Some(at) = (0..lines.len()).find(|at| ends_own(&lines, *at)) {
        lines.truncate(at);
    }
    interleaved(&lines, &mut own);
    let quoted =
        |line: &str| line.trim_start().starts_with(['>', '|']) && line.trim_start().len() < 2000;
    let mut kept: Vec<&str> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if quoted(line) {
            // The line that says whose the quote is.
            if at > 0 && !quoted(lines[at - 1]) {
                drop_attribution(&mut kept);
            }
            continue;
        }
        kept.push(line);
    }
    cut_signature(&mut kept);
    own.text = unwrapped(&kept);
    if !own.between.is_empty()
        && own
            .between
            .iter()
            .all(|(_, said)| own.text.contains(said.as_str()))
    {
        for (_, said) in &own.between {
            own.text = own.text.replacen(said.as_str(), "", 1);
        }
        own.text = own.text.trim().to_owned();
    }
    own
}

/// Answers between quoted lines belong to the line above them; what follows the last quote doesn't.
fn interleaved(lines: &[&str], own: &mut Own) {
    let quoted = |line: &str| line.trim_start().starts_with('>');
    let last = lines.iter().rposition(|line| quoted(line));
    let Some(last) = last else {
        return;
    };
    // One quoted line and no other: what stands below it answers it.
    let one = lines.iter().filter(|line| quoted(line)).count() == 1;
    let mut above: Option<&str> = None;
    let mut between = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if quoted(line) {
            let plain = line.trim_start().trim_start_matches(['>', ' ']);
            above = (!plain.is_empty()).then_some(plain).or(above);
        } else if !line.trim().is_empty()
            && let Some(asked) = above
            && (at < last
                || (one && between.is_empty() && only_agrees(line))
                || (at > 0 && quoted(lines[at - 1]) && !between.is_empty()))
        {
            between.push((asked.to_owned(), line.trim().to_owned()));
        }
    }
    own.between = between;
}

/// "This one please": a few words without a figure, which can only be about the line above them.
fn only_agrees(line: &str) -> bool {
    let day = words(line).iter().any(|it| it.low.ends_with("day"));
    line.split_whitespace().count() <= 5 && !line.contains(|it: char| it.is_ascii_digit()) && !day
}

/// Lines put together again where a program broke them.
fn unwrapped(lines: &[&str]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(line.trim());
        let next = lines.get(at + 1).map_or("", |it| it.trim());
        let long = line.trim().chars().count() >= 56;
        let goes_on = long
            && !next.is_empty()
            && !line.trim_end().ends_with(['.', '!', '?', ':', ';'])
            && !next.starts_with(['-', '*', '•', '>']);
        text.push(if goes_on { ' ' } else { '\n' });
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_add_is_not_read() {
        for (text, said) in [
            ("2 please\n\nSent from my iPhone", "2 please"),
            ("2 please\n\nGet Outlook for iOS", "2 please"),
            ("2 please\n-- \nJo Lang\nOption 4 GmbH", "2 please"),
            (
                "2\n\nOn Tue, Dec 1, 2026 at 9:00 AM Robin <r@x.example> wrote:\n> 1) Tue",
                "2",
            ),
            (
                "2\n\nAm 1. Dez. 2026 um 09:00 schrieb Robin\n<r@x.example>:\n\n> 1) Tue",
                "2",
            ),
            (
                "2\n\nLe mar. 1 déc. 2026 à 09:00, Robin <r@x.example> a écrit :\n\n> 1) Tue",
                "2",
            ),
            (
                "2\n\nOn Tue, Dec 1, 2026 Robin <r@x.example> wrote:\n\n1) Tue 8 Dec 10:00",
                "2",
            ),
            ("2\n\n-----Original Message-----\nFrom: Robin\nTue", "2"),
            (
                "2\n\nVon: Robin\nGesendet: Dienstag\nAn: Jo\nBetreff: x\n\nTue",
                "2",
            ),
            ("2\n________________________________\nFrom: Robin", "2"),
            (
                "Option 2\n\nKind regards,\nJo Lang\nEngineer\n+49 171 1234567\n",
                "Option 2\n\nKind regards,",
            ),
            (
                "2\n\n---------- Forwarded message ---------\nFrom: x\n3 works",
                "2",
            ),
        ] {
            assert_eq!(own(text).text, said, "{text}");
        }
    }

    #[test]
    fn what_stands_below_a_signature_is_read_if_it_says_something() {
        let said = own("Option 2\n\nBest,\nJo\n\nPS: actually 3 is better").text;
        assert!(said.ends_with("PS: actually 3 is better"), "{said}");
        let below =
            own("On Tue, Dec 1, 2026 at 9:00 Robin <r@x.example> wrote:\n> 1) Tue\n\nI take 1")
                .text;
        assert_eq!(below, "I take 1");
    }

    #[test]
    fn answers_between_quoted_lines_belong_to_the_line_above() {
        let text = "> 1) Tue 8 Dec 10:00\nno\n> 2) Wed 9 Dec 14:00\nyes\n> 3) Thu";
        let found = own(text);
        let pair = |asked: &str, said: &str| (asked.to_owned(), said.to_owned());
        assert_eq!(
            found.between,
            [
                pair("1) Tue 8 Dec 10:00", "no"),
                pair("2) Wed 9 Dec 14:00", "yes")
            ]
        );
        assert_eq!(found.text, "");
    }

    #[test]
    fn a_forwarded_email_is_never_read() {
        let found = own("---------- Forwarded message ---------\nFrom: x\n\n2 works");
        assert_eq!((found.text.as_str(), found.forwarded), ("", true));
    }
}
