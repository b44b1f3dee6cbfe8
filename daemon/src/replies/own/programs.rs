//! What mail programs add around somebody's own words.
//!
//! Owns the marks of quotes, forwarded parts and apps in the languages that programs write them in.
//! Must not know what a line says.

use super::headers::begins_headers;

pub(super) fn begins_forwarded(line: &str) -> bool {
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
pub(super) fn ends_own(lines: &[&str], at: usize) -> bool {
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
pub(super) fn drop_attribution(kept: &mut Vec<&str>) {
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
