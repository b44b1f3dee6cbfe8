//! ★ An email as a reply: which of its words count, and when it was written. Pure.
//!
//! Owns R1 (whether a `Date` can be right), and what of an email contradicts its own text.

use greenroom_protocol::reply::{Hinge, ReplyDecision, ReplyProposal, ReplyReading};
use greenroom_protocol::time::Instant;

use crate::mail::inbound::{Letter, letter};
use crate::replies::{Frame, Hearing, Own, Written, decide, own, read};
use crate::schedule::time::NotATime;

/// A clock may be so far ahead of ours, in seconds.
const AHEAD: i64 = 600;

/// An email is under way for so long at most, in seconds.
const UNDER_WAY: i64 = 14 * 24 * 3600;

/// What an email is read against.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// When it arrived.
    pub now: Instant,
    /// The candidate's zone.
    pub zone: &'a str,
    /// As in `en_US`; `None`: the zone's country.
    pub locale: Option<&'a str>,
    /// What it answers.
    pub proposal: Option<&'a ReplyProposal>,
}

/// Reads an email, and says what follows.
///
/// # Errors
/// [`NotATime::Zone`] if there is no zone of that name.
pub fn decided(mail: &str, arrival: Arrival<'_>) -> Result<ReplyDecision, NotATime> {
    let letter = letter(mail);
    let frame = Frame {
        written: written(letter.written, arrival.now),
        now: arrival.now,
        zone: arrival.zone,
        locale: arrival.locale,
        proposal: arrival.proposal,
    };
    let text = letter.plain.as_deref().or(letter.html.as_deref());
    let mut own = own(text.unwrap_or_default());
    if is_forward(&letter.subject) && !own.forwarded {
        // Without a mark nobody can tell whose words these are.
        own = Own {
            forwarded: true,
            ..Own::default()
        };
    }
    let hearing = Hearing {
        automatic: letter.automatic,
        doubt: doubt(&letter, &frame)?,
    };
    let reading = read(&own, hearing, &frame)?;
    let act = decide(&reading, arrival.proposal, arrival.now);
    Ok(ReplyDecision { reading, act })
}

/// When it was written, if that can be right.
fn written(date: Option<(Instant, Option<i32>)>, now: Instant) -> Written {
    let Some((at, offset)) = date else {
        return Written::Unsaid;
    };
    let ago = now.since(at).as_secs();
    match (-AHEAD..=UNDER_WAY).contains(&ago) {
        true => Written::At(at.min(now), offset),
        false => Written::Wrong,
    }
}

fn is_forward(subject: &str) -> bool {
    let low = subject.trim().to_lowercase();
    ["fwd:", "fw:", "wg:", "tr:", "rv:"]
        .iter()
        .any(|it| low.starts_with(it))
}

/// What makes a person look at it, whatever its text says.
fn doubt(letter: &Letter, frame: &Frame<'_>) -> Result<Option<Hinge>, NotATime> {
    if letter.authors != 1 {
        return Ok(Some(Hinge::Person));
    }
    if letter.calendar.is_some() {
        return Ok(Some(Hinge::Question));
    }
    let (Some(plain), Some(html)) = (&letter.plain, &letter.html) else {
        return Ok(None);
    };
    // A text beside its HTML that names other times is not what the writer saw.
    let times = |text: &str| -> Result<ReplyReading, NotATime> {
        read(&own(text), Hearing::default(), frame)
    };
    let (plain, html) = (times(plain)?, times(html)?);
    let starts = |it: &ReplyReading| it.times.iter().map(|it| it.start).collect::<Vec<_>>();
    let chosen = |it: &ReplyReading| it.choice.as_ref().map(|it| it.slots.clone());
    let differ = starts(&plain) != starts(&html) || chosen(&plain) != chosen(&html);
    Ok(differ.then_some(Hinge::Question))
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::reply::{ActKind, ReplySlot};

    use super::*;

    fn proposal() -> ReplyProposal {
        let starts = [
            "2026-12-08T09:00:00Z",
            "2026-12-09T13:00:00Z",
            "2026-12-10T08:30:00Z",
            "2026-12-11T15:00:00Z",
        ];
        let slot = |(n, start): (u32, &str)| {
            let start: jiff::Timestamp = start.parse().expect("a time");
            let start = Instant::from(start);
            ReplySlot {
                n,
                start,
                end: start.plus_minutes(45),
            }
        };
        ReplyProposal {
            slots: (1..).zip(starts).map(slot).collect(),
            zone: "Europe/Berlin".to_owned(),
        }
    }

    fn act(mail: &str) -> (ActKind, Option<u32>) {
        let now: jiff::Timestamp = "2026-12-07T06:00:00Z".parse().expect("a time");
        let arrival = Arrival {
            now: now.into(),
            zone: "Europe/Berlin",
            locale: None,
            proposal: Some(&proposal()),
        };
        let found = decided(mail, arrival).expect("a zone").act;
        (found.kind, found.option)
    }

    fn mail(headers: &str, text: &str) -> String {
        format!("From: Jo <jo@x.example>\nSubject: Re: Interview\n{headers}\n{text}\n")
    }

    #[test]
    fn relative_days_count_from_the_day_it_was_written() {
        let sunday = "Date: Sun, 6 Dec 2026 22:00:00 +0100\n";
        assert_eq!(
            act(&mail(sunday, "Tomorrow at 10 suits me")).0,
            ActKind::Propose
        );
        let monday = "Date: Mon, 7 Dec 2026 06:55:00 +0100\n";
        assert_eq!(
            act(&mail(monday, "Tomorrow at 10 suits me")),
            (ActKind::Book, Some(1))
        );
        // Without a Date, or with one that can't be right, "tomorrow" books nothing.
        assert_eq!(act(&mail("", "Tomorrow at 10 suits me")).0, ActKind::Ask);
        let ages_ago = "Date: Mon, 7 Sep 2026 06:55:00 +0100\n";
        assert_eq!(
            act(&mail(ages_ago, "Tuesday at 10 suits me")).0,
            ActKind::Ask
        );
        let dated = act(&mail(ages_ago, "8 December at 10 suits me"));
        assert_eq!(dated, (ActKind::Book, Some(1)));
    }

    #[test]
    fn a_clock_that_is_not_the_one_we_know_is_asked_about() {
        let far = "Date: Mon, 7 Dec 2026 14:55:00 +0900\n";
        assert_eq!(
            act(&mail(far, "I can do Thursday at 11 instead")).0,
            ActKind::Ask
        );
        assert_eq!(
            act(&mail(far, "I can do Thursday at 9:30")),
            (ActKind::Book, Some(3))
        );
    }

    #[test]
    fn what_a_person_has_to_look_at_books_nothing() {
        let two = "From: Jo <jo@x.example>, Mia <mia@x.example>\nSubject: x\n\n2 please\n";
        assert_eq!(act(two).0, ActKind::Person);
        let forwarded = "From: Jo <jo@x.example>\nSubject: Fwd: Interview at Initech, Tue 8 Dec 10:00 confirmed\n\nTue 8 Dec 10:00 is confirmed.\n";
        assert_eq!(act(forwarded).0, ActKind::Person);
        let machine = mail("Auto-Submitted: auto-replied\n", "Option 2 works");
        assert_eq!(act(&machine).0, ActKind::None);
        let both = |html: &str| {
            mail(
                "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n",
                &format!(
                    "--b\nContent-Type: text/plain\n\n2 please\n--b\nContent-Type: text/html\n\n<p>{html}</p>\n--b--"
                ),
            )
        };
        assert_eq!(act(&both("2 please")), (ActKind::Book, Some(2)));
        assert_eq!(act(&both("3 please")).0, ActKind::Person);
        assert_eq!(
            act(&both("2 please<span style='display:none'>, or 3</span>")),
            (ActKind::Book, Some(2))
        );
    }
}
