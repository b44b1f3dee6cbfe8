//! ★ Emails that came in together are read as one answer (R15). Pure.
//!
//! Invariant: what stands in only one of them, and changes how its words are read (a calendar, another
//! author, a forwarded email), is never lost by joining them: then they are not one answer, and a
//! person reads them. Must not read words.

use super::letter::is_forward;
use crate::mail::inbound::Letter;
use crate::replies::own;

/// So far apart emails may be written and still be one answer, in seconds: "tomorrow" means the same
/// day in all of them.
const APART: i64 = 3600;

/// One email that says what all of these say, the oldest first; `None`: they can't be read as one.
/// What machines wrote is left out where a person wrote, too.
#[must_use]
pub fn joined(letters: &[Letter]) -> Option<Letter> {
    let of_people: Vec<&Letter> = letters.iter().filter(|it| !it.automatic).collect();
    let (last, before) = match of_people.split_last() {
        Some((last, before)) => (*last, before),
        None => return letters.last().cloned(),
    };
    if before.is_empty() {
        return Some(last.clone());
    }
    let mut said = Vec::new();
    for letter in &of_people {
        said.push(plain(letter)?);
        let apart = match (letter.written, last.written) {
            (Some((one, _)), Some((other, _))) => other.since(one).as_secs().abs(),
            (None, None) => 0,
            _ => return None,
        };
        if apart > APART {
            return None;
        }
    }
    Some(Letter {
        plain: Some(said.join("\n\n")),
        ..last.clone()
    })
}

/// The words of an email that has nothing but words of its author.
fn plain(letter: &Letter) -> Option<String> {
    let is_plain = !is_forward(&letter.subject)
        && letter.authors == 1
        && letter.calendar.is_none()
        && letter.html.is_none()
        && !letter.authenticated.as_ref().is_some_and(|it| it.1);
    let own = own(letter.plain.as_deref()?);
    (is_plain && !own.forwarded && own.between.is_empty()).then_some(own.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::inbound::letter;

    fn says(text: &str) -> Letter {
        letter(&format!(
            "From: jo@x.example\nSubject: Re: Interview\n\n{text}\n"
        ))
    }

    #[test]
    fn a_correction_stands_behind_what_it_corrects() {
        let both = [
            says("1 please\n\nOn Mon, Robin wrote:\n> 1  Tue 8 Dec 10:00"),
            says("sorry, meant 3"),
        ];
        let one = joined(&both).expect("one answer");
        assert_eq!(one.plain.as_deref(), Some("1 please\n\nsorry, meant 3"));
    }

    #[test]
    fn a_machine_beside_a_person_is_left_out() {
        let away = Letter {
            automatic: true,
            ..says("I am away")
        };
        let both = [away.clone(), says("2 please")];
        assert_eq!(joined(&both), Some(says("2 please")));
        assert_eq!(joined(std::slice::from_ref(&away)), Some(away));
    }

    #[test]
    fn what_changes_how_words_are_read_is_not_joined() {
        let forwarded = Letter {
            subject: "Fwd: Interview".into(),
            ..says("1 please")
        };
        let two = Letter {
            authors: 2,
            ..says("1 please")
        };
        for other in [forwarded, two] {
            assert_eq!(joined(&[other, says("3 please")]), None);
        }
        let at = |date: &str| {
            letter(&format!(
                "From: jo@x.example\nDate: {date}\n\ntomorrow at 10\n"
            ))
        };
        let days_apart = [
            at("Mon, 7 Dec 2026 09:00:00 +0100"),
            at("Tue, 8 Dec 2026 09:00:00 +0100"),
        ];
        assert_eq!(joined(&days_apart), None);
    }
}
