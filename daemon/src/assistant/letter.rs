//! ★ An email as a reply: which of its words count, when it was written, and what it answers. Pure.
//!
//! Owns R1 (whether a `Date` can be right), R11 (whose it is), R14 (which round it answers), and
//! what of an email contradicts its own text. Must hold no rule of reading words.

use greenroom_protocol::reply::{
    ActKind, Hinge, ReplyAround, ReplyAuthor, ReplyDecision, ReplyProposal, ReplyReading,
};
use greenroom_protocol::schedule::Grain;
use greenroom_protocol::time::Instant;

use crate::mail::inbound::{CalendarPart, Letter, letter};
use crate::replies::{
    Around, Author, Calendar, Case, Frame, Hearing, Method, Own, Written, decide, own, read,
};
use crate::schedule::time::NotATime;

/// A clock may be so far ahead of ours, in seconds.
const AHEAD: i64 = 600;

/// An email is under way for so long at most, in seconds, where nobody knows when ours was sent.
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
    /// The newest slots that were sent.
    pub proposal: Option<&'a ReplyProposal>,
    /// What else stands around it.
    pub thread: Option<&'a ReplyAround>,
    /// The server whose `Authentication-Results` count, in lower case; `None`: the topmost one's,
    /// which can only make an email count for less.
    pub server: Option<&'a str>,
}

/// What an email says, and against what it was read.
#[derive(Debug)]
pub struct Heard {
    /// What it says.
    pub reading: ReplyReading,
    /// What stands around it.
    pub around: Around,
    /// The round it answers, from 1; `None`: the newest one.
    pub round: Option<u32>,
}

/// Reads an email, and says what follows.
///
/// # Errors
/// [`NotATime::Zone`] if there is no zone of that name.
pub fn decided(mail: &str, arrival: Arrival<'_>) -> Result<ReplyDecision, NotATime> {
    let Heard {
        reading,
        around,
        round,
    } = heard(&letter(mail), arrival)?;
    let act = decide(&reading, &around, arrival.now);
    Ok(ReplyDecision {
        reading,
        act,
        round,
    })
}

/// A labelled text: an email if it has headers, else what it says.
///
/// # Errors
/// [`NotATime::Zone`] if there is no zone of that name.
pub fn labelled(case: &Case) -> Result<(ReplyReading, Around), NotATime> {
    let mut letter = letter(&case.said);
    let plain = Arrival {
        now: case.now,
        zone: &case.zone,
        locale: case.locale.as_deref(),
        proposal: case.proposal.as_ref(),
        thread: Some(&case.thread),
        server: None,
    };
    letter.automatic |= case.automatic;
    let dated = letter.written.is_some();
    let found = heard_written(&letter, plain, (!dated).then_some(case.written))?;
    Ok((found.reading, found.around))
}

/// Reads an email against the round it answers (R14): the one that its headers name, else the
/// newest, else the one whose slot it names with its full date.
///
/// # Errors
/// [`NotATime::Zone`] if there is no zone of that name.
pub fn heard(letter: &Letter, arrival: Arrival<'_>) -> Result<Heard, NotATime> {
    heard_written(letter, arrival, None)
}

fn heard_written(
    letter: &Letter,
    arrival: Arrival<'_>,
    written: Option<Written>,
) -> Result<Heard, NotATime> {
    let none = ReplyAround::default();
    let thread = arrival.thread.unwrap_or(&none);
    let rounds = rounds(thread, arrival.proposal);
    let newest = rounds.len().saturating_sub(1);
    let answered = round_of(&letter.answers, thread);
    let first = answered.unwrap_or(newest);
    let in_thread = answered.is_some() || letter.answers.iter().any(|it| is_newest(it, thread));
    let read_one = |nth: usize| {
        let proposal = rounds.get(nth).copied();
        let (reading, around) = against(letter, &arrival, thread, proposal, in_thread, written)?;
        let round = (nth != newest).then(|| u32::try_from(nth + 1).unwrap_or(u32::MAX));
        Ok(Heard {
            reading,
            around,
            round,
        })
    };
    let found: Heard = read_one(first)?;
    if decide(&found.reading, &found.around, arrival.now).kind == ActKind::Book {
        return Ok(found);
    }
    for nth in (0..rounds.len()).rev().filter(|it| *it != first) {
        let other: Heard = read_one(nth)?;
        let act = decide(&other.reading, &other.around, arrival.now);
        if act.kind == ActKind::Book && names_the_date(&other.reading) {
            return Ok(other);
        }
    }
    Ok(found)
}

/// All rounds, the newest one last.
fn rounds<'a>(
    thread: &'a ReplyAround,
    newest: Option<&'a ReplyProposal>,
) -> Vec<&'a ReplyProposal> {
    let earlier = thread.earlier.iter().map(|it| &it.proposal);
    earlier.chain(newest).collect()
}

/// The earlier round that is answered, by the nearest Message-ID that names one.
fn round_of(answers: &[String], thread: &ReplyAround) -> Option<usize> {
    for id in answers {
        if is_newest(id, thread) {
            return None;
        }
        let found = thread
            .earlier
            .iter()
            .position(|it| same_id(&it.message_id, id));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn is_newest(id: &str, thread: &ReplyAround) -> bool {
    let newest = thread.message_id.as_deref();
    newest.is_some_and(|it| same_id(it, id))
}

fn same_id(a: &str, b: &str) -> bool {
    let bare = |it: &str| it.trim_matches(['<', '>', ' ']).to_owned();
    bare(a) == bare(b)
}

/// Whether a slot is chosen by a time that says its date, so that it may be of any round.
pub(super) fn names_the_date(reading: &ReplyReading) -> bool {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    reading.times.iter().any(|it| {
        let low = it.words.to_lowercase();
        let dated = MONTHS.iter().any(|month| low.contains(month)) || low.contains("202");
        dated && it.grain == Grain::Minute && !it.slots.is_empty()
    })
}

/// Reads an email against one round.
fn against(
    letter: &Letter,
    arrival: &Arrival<'_>,
    thread: &ReplyAround,
    proposal: Option<&ReplyProposal>,
    in_thread: bool,
    dated: Option<Written>,
) -> Result<(ReplyReading, Around), NotATime> {
    let frame = Frame {
        written: dated.unwrap_or_else(|| written(letter.written, thread.sent_at, arrival.now)),
        now: arrival.now,
        zone: arrival.zone,
        locale: arrival.locale,
        proposal,
        booked: thread.booked.as_ref().filter(|it| !it.moving),
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
        doubt: doubt(letter, &frame)?,
    };
    let around = Around {
        proposal: proposal.cloned(),
        booked: thread.booked,
        author: author(letter, arrival, thread, in_thread, &own),
        calendar: letter.calendar.as_ref().map(calendar),
        best: Vec::new(),
    };
    Ok((read(&own, hearing, &frame)?, around))
}

/// Whose it is (R11).
fn author(
    letter: &Letter,
    arrival: &Arrival<'_>,
    thread: &ReplyAround,
    in_thread: bool,
    own: &Own,
) -> Author {
    let ours = |server: &str| arrival.server.is_none_or(|it| it == server);
    let forged = letter
        .authenticated
        .as_ref()
        .is_some_and(|(server, failed)| *failed && ours(server));
    if letter.authors != 1 || forged {
        return Author::Doubtful;
    }
    match thread.author {
        ReplyAuthor::Candidate => Author::Candidate,
        ReplyAuthor::Member => Author::Member,
        ReplyAuthor::Other => Author::Other,
        ReplyAuthor::Shared if in_thread && !names_any(&own.text, &thread.others) => {
            Author::Candidate
        }
        ReplyAuthor::Shared => Author::Shared,
    }
}

/// Whether a text names one of these people, by any of their names.
fn names_any(text: &str, people: &[String]) -> bool {
    let low = text.to_lowercase();
    let mut words = low.split(|it: char| !it.is_alphanumeric());
    let names: Vec<String> = people
        .iter()
        .flat_map(|it| {
            it.to_lowercase()
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|it| it.chars().count() > 1)
        .collect();
    words.any(|word| names.iter().any(|it| it == word))
}

fn calendar(part: &CalendarPart) -> Calendar {
    let method = match (part.method.as_str(), part.answer.as_deref()) {
        ("COUNTER", _) => Method::Counter,
        ("REPLY", Some("ACCEPTED")) => Method::Accepted,
        ("REPLY", Some("TENTATIVE")) => Method::Tentative,
        ("REPLY", Some("DECLINED")) => Method::Declined,
        ("REQUEST" | "PUBLISH" | "ADD", _) => Method::Theirs,
        _ => Method::Other,
    };
    Calendar {
        method,
        sequence: part.sequence,
        start: part.start,
    }
}

/// When it was written, if that can be right: after our email was sent, and before it arrived (R1).
fn written(date: Option<(Instant, Option<i32>)>, sent: Option<Instant>, now: Instant) -> Written {
    let Some((at, offset)) = date else {
        return Written::Unsaid;
    };
    let ago = now.since(at).as_secs();
    let answers = sent.is_none_or(|sent| at >= sent.plus_seconds(-AHEAD));
    let longest = if sent.is_some() { i64::MAX } else { UNDER_WAY };
    match answers && (-AHEAD..=longest).contains(&ago) {
        true => Written::At(at.min(now), offset),
        false => Written::Wrong,
    }
}

pub(super) fn is_forward(subject: &str) -> bool {
    let low = subject.trim().to_lowercase();
    ["fwd:", "fw:", "wg:", "tr:", "rv:"]
        .iter()
        .any(|it| low.starts_with(it))
}

/// What makes a person look at it, whatever its text says.
fn doubt(letter: &Letter, frame: &Frame<'_>) -> Result<Option<Hinge>, NotATime> {
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
            thread: None,
            server: None,
        };
        let found = decided(mail, arrival).expect("a zone").act;
        (found.kind, found.option)
    }

    fn act_in(thread: &ReplyAround, mail: &str) -> (ActKind, Option<u32>, Option<u32>) {
        let now: jiff::Timestamp = "2026-12-07T06:00:00Z".parse().expect("a time");
        let arrival = Arrival {
            now: now.into(),
            zone: "Europe/Berlin",
            locale: None,
            proposal: Some(&proposal()),
            thread: Some(thread),
            server: Some("mx.acme.example"),
        };
        let found = decided(mail, arrival).expect("a zone");
        (found.act.kind, found.act.option, found.round)
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

    #[test]
    fn an_answer_is_written_after_what_it_answers() {
        let sent: jiff::Timestamp = "2026-12-06T08:00:00Z".parse().expect("a time");
        let thread = ReplyAround {
            sent_at: Some(sent.into()),
            ..ReplyAround::default()
        };
        let before = "Date: Sat, 5 Dec 2026 22:00:00 +0100\n";
        let found = act_in(&thread, &mail(before, "Tuesday at 10 suits me"));
        assert_eq!(found.0, ActKind::Ask);
        let after = "Date: Sun, 6 Dec 2026 22:00:00 +0100\n";
        let found = act_in(&thread, &mail(after, "Tuesday at 10 suits me"));
        assert_eq!((found.0, found.1), (ActKind::Book, Some(1)));
    }

    #[test]
    fn whose_it_is_says_who_acts() {
        let by = |author, headers: &str, text: &str| {
            let thread = ReplyAround {
                author,
                others: vec!["Priya Nair".to_owned()],
                message_id: Some("<2@acme.example>".to_owned()),
                ..ReplyAround::default()
            };
            act_in(&thread, &mail(headers, text))
        };
        let ours = "In-Reply-To: <2@acme.example>\n";
        let book = (ActKind::Book, Some(2), None);
        assert_eq!(by(ReplyAuthor::Candidate, "", "2 please"), book);
        assert_eq!(by(ReplyAuthor::Shared, ours, "2 please"), book);
        let person = (ActKind::Person, Some(2), None);
        assert_eq!(by(ReplyAuthor::Shared, "", "2 please"), person);
        let named = by(ReplyAuthor::Shared, ours, "2 please, Priya");
        assert_eq!(named.0, ActKind::Person);
        assert_eq!(by(ReplyAuthor::Other, ours, "2 please"), person);
        assert_eq!(by(ReplyAuthor::Member, ours, "2 please").0, ActKind::None);
        let failed = "Authentication-Results: mx.acme.example; dmarc=fail\n";
        assert_eq!(by(ReplyAuthor::Candidate, failed, "2 please"), person);
        let not_ours = "Authentication-Results: mx.other.example; dmarc=fail\n";
        assert_eq!(by(ReplyAuthor::Candidate, not_ours, "2 please"), book);
    }

    #[test]
    fn an_answer_is_to_the_round_that_it_names() {
        let mut first = proposal();
        for slot in &mut first.slots {
            slot.start = slot.start.plus_minutes(120);
            slot.end = slot.end.plus_minutes(120);
        }
        let thread = ReplyAround {
            message_id: Some("2@acme.example".to_owned()),
            earlier: vec![greenroom_protocol::reply::ReplyRound {
                message_id: "1@acme.example".to_owned(),
                proposal: first,
            }],
            ..ReplyAround::default()
        };
        let to = |id: &str, text: &str| {
            let header = format!("In-Reply-To: <{id}@acme.example>\n");
            act_in(&thread, &mail(&header, text))
        };
        assert_eq!(to("2", "3 please"), (ActKind::Book, Some(3), None));
        assert_eq!(to("1", "3 please"), (ActKind::Book, Some(3), Some(1)));
        // A full date is of whichever round has it; a weekday is not.
        let dated = to("2", "8 December at 12:00 works");
        assert_eq!(dated, (ActKind::Book, Some(1), Some(1)));
        assert_ne!(to("2", "Tuesday at 12:00 works").0, ActKind::Book);
    }
}
