//! The headers that mail programs write above the email that is answered, in their languages.
//!
//! Invariant: a line that names a time is no header, whatever stands before its colon.

/// What stands before who wrote it.
const FROM: [&str; 14] = [
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
    "kimden",
    "feladó",
    "差出人",
    "发件人",
];

/// What stands before what it is about.
const SUBJECT: [&str; 14] = [
    "subject",
    "betreff",
    "objet",
    "asunto",
    "oggetto",
    "assunto",
    "onderwerp",
    "ämne",
    "emne",
    "temat",
    "тема",
    "aihe",
    "件名",
    "主题",
];

/// What stands before when it was sent, and to whom.
const BESIDE: [&str; 16] = [
    "sent",
    "date",
    "to",
    "gesendet",
    "datum",
    "an",
    "envoyé",
    "à",
    "enviado",
    "para",
    "inviato",
    "a",
    "verzonden",
    "aan",
    "till",
    "til",
];

/// Lines below the first in which the subject stands: there may be several that name people.
const SUBJECT_WITHIN: usize = 6;

/// Lines below the first of which two are headers, where there is no subject.
const BESIDE_WITHIN: usize = 4;

/// Whether `From: … Sent: … To: … Subject: …` begin here, on lines of their own, as Outlook writes
/// them.
#[must_use]
pub fn begins_headers(lines: &[&str], at: usize) -> bool {
    let Some((label, value)) = lines.get(at).and_then(|line| header(line)) else {
        return false;
    };
    let names_a_time = value.starts_with(|it: char| it.is_ascii_digit());
    if names_a_time || !FROM.contains(&label.as_str()) {
        return false;
    }
    let below = |within: usize, of: &dyn Fn(&str) -> bool| {
        let below = lines.iter().skip(at + 1).take(within);
        let labels = below.filter_map(|line| header(line));
        labels.filter(|(label, _)| of(label)).count()
    };
    let is_subject = |label: &str| SUBJECT.contains(&label);
    let is_any = |label: &str| is_subject(label) || BESIDE.contains(&label);
    below(SUBJECT_WITHIN, &is_subject) >= 1 || below(BESIDE_WITHIN, &is_any) >= 2
}

/// What stands before the colon of a line, in lower case, and after it; `None`: it is no header.
fn header(line: &str) -> Option<(String, &str)> {
    let (label, value) = line.split_once([':', '：'])?;
    let label = label.trim().trim_matches('*').trim().to_lowercase();
    let value = value.trim().trim_start_matches('*').trim_start();
    (!value.is_empty()).then_some((label, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_every_language_that_programs_write() {
        for (lines, expected) in [
            (
                &[
                    "From: Dana <d@acme.example>",
                    "Sent: Monday",
                    "To: Ana",
                    "Subject: Interview",
                ][..],
                true,
            ),
            (&["*Von:* Dana", "*Gesendet:* Montag", "*An:* Ana"], true),
            (
                &["差出人: Dana", "日時: 2026", "宛先: Ana", "件名: 面接"],
                true,
            ),
            (
                &[
                    "From: Dana",
                    "",
                    "Cc: Ben",
                    "Cc: Mia",
                    "",
                    "",
                    "Subject: late",
                ],
                true,
            ),
            (
                &["From: Dana", "", "", "", "", "", "", "Subject: too late"],
                false,
            ),
            (&["From: Dana", "Thanks!"], false),
            (&["From: Dana", "To: Ana"], false),
            // When somebody has time.
            (&["From: 9:00", "To: 11:00", "Date: 8 December"], false),
            (&["From:", "To: Ana", "Subject: x"], false),
            (&["Subject: x", "From: Dana", "To: Ana"], false),
        ] {
            assert_eq!(begins_headers(lines, 0), expected, "{lines:?}");
        }
        assert!(!begins_headers(&[], 0));
    }
}
