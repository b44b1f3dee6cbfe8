//! What somebody says themselves in an email: no greeting, quote, forwarded part or signature.
//!
//! Owns which lines are theirs (R10) and which answer a quoted slot. Invariant: nothing of a
//! forwarded part is ever read, and a line that says something is no signature. Must not know what
//! a line says of times.

use super::words::{Kind, among, words};

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

fn begins_forwarded(line: &str) -> bool {
    let low = line.trim().to_lowercase();
    let bare = low.trim_matches(['-', ' ', '*', '_', ':']);
    matches!(
        bare,
        "forwarded message"
            | "begin forwarded message"
            | "original message forwarded"
            | "weitergeleitete nachricht"
            | "anfang der weitergeleiteten nachricht"
            | "message transféré"
            | "mensaje reenviado"
            | "messaggio inoltrato"
            | "doorgestuurd bericht"
            | "forwarded by"
            | "início da mensagem reencaminhada"
    ) || low.starts_with("---------- forwarded message")
}

/// Where what follows is somebody else's or a signature: program marks that need no quote marks.
fn ends_own(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let low = line.to_lowercase();
    let dashed = line.starts_with("-----")
        && line.ends_with("-----")
        && low.chars().any(char::is_alphabetic);
    let rule = line.len() >= 10 && line.chars().all(|it| matches!(it, '_' | '-' | '=' | '*'));
    let mark = matches!(lines[at], "-- " | "--" | "—")
        && lines[..at].iter().any(|it| !it.trim().is_empty());
    dashed
        || mark
        || (rule && at > 0)
        || begins_headers(lines, at)
        || is_attribution(lines, at)
        || is_app_line(&low)
}

/// `On Tue, 1 Dec 2026 at 10:00, Dana wrote:` in whatever language: it ends in a colon, names a year
/// or an address, and what follows is quoted or ours.
fn is_attribution(lines: &[&str], at: usize) -> bool {
    let one = lines[at].trim();
    let two = match lines.get(at + 1) {
        Some(next) => format!("{one} {}", next.trim()),
        None => one.to_owned(),
    };
    let fits = |text: &str| {
        let low = text.to_lowercase();
        let named =
            low.contains('@') || low.contains("202") || low.contains("19:") || digits(&low) >= 5;
        let verbs = [
            "wrote",
            "schrieb",
            "écrit",
            "escribió",
            "ha scritto",
            "escreveu",
            "schreef",
            "skrev",
            "napisał",
            "kirjoitti",
            "yazdı",
            "написал",
            "skrev:",
            "írta",
            "napsal",
        ];
        low.ends_with(':') && named && verbs.iter().any(|it| low.contains(it))
    };
    let quote_follows = |from: usize| {
        let next = lines[from.min(lines.len())..]
            .iter()
            .find(|it| !it.trim().is_empty());
        next.is_none_or(|it| it.trim_start().starts_with('>'))
    };
    let begins = [
        "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "w dniu", "dne ", "в ",
    ]
    .iter()
    .any(|it| one.to_lowercase().starts_with(it));
    let alone = fits(one) && (begins || one.contains('@'));
    let wrapped = begins && !one.ends_with(':') && fits(&two);
    // An attribution above a marked quote is dropped with it, and what follows the quote is read.
    (alone && !quote_follows(at + 1)) || (wrapped && !quote_follows(at + 2))
}

fn digits(text: &str) -> usize {
    text.chars().filter(char::is_ascii_digit).count()
}

/// Removes the attribution at the end of what is kept, if one stands there.
fn drop_attribution(kept: &mut Vec<&str>) {
    while kept.last().is_some_and(|it| it.trim().is_empty()) {
        kept.pop();
    }
    let Some(last) = kept.last().map(|it| it.trim().to_lowercase()) else {
        return;
    };
    if !last.ends_with(':') && !last.ends_with("wrote") {
        return;
    }
    let starts = [
        "on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "w dniu", "dne ", "в ",
    ];
    let names = |it: &str| it.contains('@') || digits(it) >= 4;
    if names(&last) || last.contains("wrote") || last.contains("schrieb") {
        kept.pop();
        let begins = starts.iter().any(|it| last.starts_with(it));
        if !begins
            && let Some(above) = kept.last().map(|it| it.trim().to_lowercase())
            && starts.iter().any(|it| above.starts_with(it))
            && names(&above)
        {
            kept.pop();
        }
    }
}

fn begins_headers(lines: &[&str], at: usize) -> bool {
    const FROM: [&str; 10] = [
        "from",
        "von",
        "de",
        "da",
        "van",
        "från",
        "fra",
        "od",
        "от",
        "lähettäjä",
    ];
    const OTHER: [&str; 22] = [
        "sent",
        "date",
        "to",
        "subject",
        "gesendet",
        "datum",
        "an",
        "betreff",
        "envoyé",
        "à",
        "objet",
        "enviado",
        "para",
        "asunto",
        "inviato",
        "a",
        "oggetto",
        "verzonden",
        "aan",
        "onderwerp",
        "till",
        "ämne",
    ];
    let label = |line: &str| {
        let (label, value) = line.split_once(':')?;
        let label = label.trim().trim_matches('*').trim().to_lowercase();
        (!value.trim().is_empty()).then_some(label)
    };
    let is = |line: &str, of: &[&str]| label(line).is_some_and(|it| of.contains(&it.as_str()));
    let value_is_time = lines[at]
        .split_once(':')
        .is_some_and(|(_, it)| it.trim().starts_with(|c: char| c.is_ascii_digit()));
    !value_is_time
        && is(lines[at], &FROM)
        && lines
            .iter()
            .skip(at + 1)
            .take(4)
            .filter(|it| is(it, &OTHER))
            .count()
            >= 2
}

fn is_app_line(low: &str) -> bool {
    let begins = [
        "sent from my ",
        "sent from outlook",
        "sent from yahoo",
        "sent from mail for",
        "sent from proton",
        "sent from gmail",
        "sent with proton",
        "sent via ",
        "get outlook for ",
        "von meinem ",
        "gesendet von ",
        "envoyé de mon ",
        "enviado desde mi ",
        "enviado do meu",
        "inviato da ",
        "verzonden vanaf mijn ",
        "sent using ",
        "sent from samsung",
        "sent from a ",
        "sendt fra min ",
        "skickat från min ",
    ];
    begins.iter().any(|it| low.starts_with(it))
}

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
fn cut_signature(lines: &mut Vec<&str>) {
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
