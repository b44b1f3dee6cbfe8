//! The words that close an email, and what stands below them.
//!
//! Owns what is a signature. Invariant: a line that says something is none.

use crate::replies::words::{Kind, among, words};

/// Words that close an email.
fn is_closing(line: &str) -> bool {
    let low = line.trim().to_lowercase();
    let low = low.trim_end_matches([',', '.', '!', ' ', '-', '–']);
    matches!(
        low,
        "best"
            | "regards"
            | "best regards"
            | "kind regards"
            | "warm regards"
            | "warmest regards"
            | "br"
            | "kr"
            | "kindest regards"
            | "many thanks"
            | "thanks"
            | "thank you"
            | "cheers"
            | "sincerely"
            | "yours sincerely"
            | "yours faithfully"
            | "yours truly"
            | "sincerely yours"
            | "all the best"
            | "best wishes"
            | "with best regards"
            | "with kind regards"
            | "with best wishes"
            | "thx"
            | "rgds"
            | "thanks a lot"
            | "thanks and regards"
            | "thanks & regards"
            | "thank you and best regards"
            | "thanks in advance"
            | "respectfully"
            | "cordially"
            | "bests"
            | "mfg"
            | "mit freundlichen grüßen"
            | "viele grüße"
            | "liebe grüße"
            | "thank you very much"
            | "thanks so much"
            | "thanks again"
            | "looking forward"
            | "talk soon"
            | "greetings"
            | "best greetings"
            | "kind greetings"
            | "take care"
            | "thanks, best"
            | "many thanks and kind regards"
            | "many thanks and best regards"
            | "ciao"
            | "with regards"
            | "with warm regards"
            | "respectfully yours"
            | "warmly"
            | "saludos"
            | "cordialement"
            | "have a nice day"
            | "have a great day"
            | "have a good day"
            | "have a nice weekend"
    )
}

/// Takes off what stands below the closing words: a name and how to reach it. What says more than
/// that is kept, such as a postscript.
pub(super) fn cut_signature(lines: &mut Vec<&str>) {
    let Some(at) = lines.iter().position(|line| is_closing(line)) else {
        // A name alone at the end.
        while lines.last().is_some_and(|it| it.trim().is_empty()) {
            lines.pop();
        }
        return;
    };
    let mut kept: Vec<&str> = lines[..=at].to_vec();
    let mut name_seen = 0;
    for line in &lines[at + 1..] {
        let blank = line.trim().is_empty();
        if blank || (name_seen < 8 && is_contact(line)) {
            name_seen += usize::from(!blank);
            kept.push("");
            continue;
        }
        kept.push(line);
    }
    *lines = kept;
}

/// A name, a title, an address, a number: no sentence.
fn is_contact(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['-', '–', '—', '*', ' ']);
    let all = words(line);
    let letters: Vec<_> = all.iter().filter(|it| it.kind == Kind::Letters).collect();
    if letters.len() > 9 {
        return false;
    }
    let says = letters.iter().any(|it| {
        among(
            it.low.as_str(),
            "not no but if actually sorry option works work is are am can will would could have \
            do does wait meant ps please slot prefer instead only until away vacation cancel the \
            time tomorrow today i me you",
        )
    });
    let weekday = letters.iter().any(|it| {
        among(
            it.low.as_str(),
            "monday tuesday wednesday thursday friday mon tue wed thu fri tues thurs",
        )
    });
    let question = line.contains('?');
    let opaque = all.iter().any(|it| it.kind == Kind::Opaque);
    let lone_number = !opaque && letters.is_empty() && all.iter().any(|it| it.kind == Kind::Digits);
    !says && !weekday && !question && !lone_number
}
