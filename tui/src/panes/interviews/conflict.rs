//! Interviews that cannot be held as scheduled: the same person in two at once, a host with more
//! meetings than the plan allows, somebody who declined.
//!
//! Pure. Nothing is decided here: the daemon judges what is booked; this only finds what has come
//! about since, by a change at Zoom, an answer, another plan.

use std::collections::HashMap;

use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::{AttendeeState, Interview, MeetingType};
use jiff::tz::TimeZone;

use crate::widgets::times;

/// Why an interview cannot be held as scheduled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Conflict {
    /// Somebody is in another one at the same time.
    Twice { who: String, other: Other },
    /// A Zoom takes only so many meetings at once.
    Crowded {
        host: String,
        most: u32,
        other: Other,
    },
    /// Somebody declined.
    Declined { who: String },
}

/// The interview in the way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Other {
    with: String,
    start: jiff::Timestamp,
}

impl Conflict {
    /// In a line: who, and with what.
    pub(crate) fn words(&self, zone: &TimeZone) -> String {
        let named = |Other { with, start }: &Other| {
            format!("{with} {}", times::clock(&times::at(*start, zone)))
        };
        match self {
            Self::Twice { who, other } => format!("{who} is also with {}", named(other)),
            Self::Crowded { host, most, other } => {
                let most = match most {
                    1 => "one meeting".to_owned(),
                    more => format!("{more} meetings"),
                };
                format!(
                    "{host}'s Zoom allows {most} at a time and has {}",
                    named(other)
                )
            }
            Self::Declined { who } => format!("{who} declined"),
        }
    }
}

/// The conflicts of each interview that has some. `at_once` says how many meetings a member's Zoom
/// takes.
pub(crate) fn conflicts(
    interviews: &[&Interview],
    at_once: impl Fn(MemberId) -> Option<u32>,
) -> HashMap<InterviewId, Vec<Conflict>> {
    let mut found: HashMap<InterviewId, Vec<Conflict>> = HashMap::new();
    for interview in interviews {
        let declined = interview
            .attendees
            .iter()
            .filter(|it| it.state == AttendeeState::Declined)
            .map(|it| Conflict::Declined {
                who: it.name.clone(),
            });
        let others: Vec<&Interview> = interviews
            .iter()
            .copied()
            .filter(|other| other.id != interview.id && overlap(interview, other))
            .collect();
        let twice = others.iter().flat_map(|other| both(interview, other));
        let crowded = crowded(interview, &others, &at_once);
        let here: Vec<_> = twice.chain(crowded).chain(declined).collect();
        if !here.is_empty() {
            found.insert(interview.id, here);
        }
    }
    found
}

fn end(interview: &Interview) -> greenroom_protocol::time::Instant {
    interview
        .start
        .plus_minutes(interview.duration_minutes.into())
}

fn overlap(one: &Interview, other: &Interview) -> bool {
    one.start < end(other) && other.start < end(one)
}

/// Who is in both, each named beside whom they meet there.
fn both(one: &Interview, other: &Interview) -> Vec<Conflict> {
    let twice = |who: &str, with: String| Conflict::Twice {
        who: who.to_owned(),
        other: named(other, with),
    };
    let shared = one
        .interviewers
        .iter()
        .filter(|member| other.interviewers.iter().any(|it| it.id == member.id));
    let mut found: Vec<_> = shared
        .map(|member| twice(&member.name, other.candidate.name.clone()))
        .collect();
    if one.candidate.id == other.candidate.id {
        let names: Vec<_> = other.interviewers.iter().map(|it| &*it.name).collect();
        found.push(twice(&one.candidate.name, names.join(", ")));
    }
    found
}

fn named(other: &Interview, with: String) -> Other {
    Other {
        with,
        start: other.start.timestamp(),
    }
}

fn crowded(
    interview: &Interview,
    others: &[&Interview],
    at_once: &impl Fn(MemberId) -> Option<u32>,
) -> Option<Conflict> {
    let host = hosted(interview)?;
    let most = at_once(host.id)?;
    let same: Vec<_> = others
        .iter()
        .filter(|other| hosted(other).is_some_and(|it| it.id == host.id))
        .collect();
    // The most at once is reached where one of them begins.
    let running = |at: greenroom_protocol::time::Instant| {
        let there = same.iter().filter(|it| it.start <= at && at < end(it));
        1 + u32::try_from(there.count()).unwrap_or(u32::MAX - 1)
    };
    let begins = same.iter().map(|it| it.start.max(interview.start));
    if begins.map(running).max()? <= most {
        return None;
    }
    let other = same.first()?;
    Some(Conflict::Crowded {
        host: host.name.clone(),
        most,
        other: named(other, other.candidate.name.clone()),
    })
}

/// Whose Zoom hosts, where we make the meeting.
fn hosted(interview: &Interview) -> Option<&greenroom_protocol::interview::Host> {
    let ours = interview.meeting.kind == MeetingType::Zoom && !interview.meeting.manual;
    interview.host.as_ref().filter(|_| ours)
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;
    use crate::sample::{self, id};

    /// An interview of that number at that clock, with that candidate, interviewer and host.
    fn at(number: u8, clock: &str, candidate: u8, interviewer: u8, host: u8) -> Interview {
        let mut it = sample::interview(&format!("2026-12-01T{clock}:00Z"), 60);
        it.id = InterviewId::from_str(&id("int", number)).unwrap();
        it.candidate.id = id("can", candidate).parse().unwrap();
        it.candidate.name = format!("Candidate {candidate}");
        it.interviewers[0].id = id("mem", interviewer).parse().unwrap();
        it.interviewers[0].name = format!("Member {interviewer}");
        it.meeting.kind = MeetingType::Zoom;
        let zoom = serde_json::json!({"id": id("mem", host), "name": format!("Host {host}"), "zoom_email": "z@acme.example"});
        it.host = Some(serde_json::from_value(zoom).unwrap());
        it
    }

    /// What is said of each, where a Zoom takes `most` at once.
    fn said(interviews: &[Interview], most: u32) -> Vec<String> {
        let all: Vec<_> = interviews.iter().collect();
        let found = conflicts(&all, |_| Some(most));
        let words = |it: &Interview| {
            let here = found.get(&it.id).into_iter().flatten();
            let here: Vec<_> = here.map(|it| it.words(&TimeZone::UTC)).collect();
            here.join("; ")
        };
        interviews.iter().map(words).collect()
    }

    #[test]
    fn who_is_in_two_at_once_is_named_with_the_other() {
        let apart = [at(1, "10:00", 1, 1, 1), at(2, "11:00", 1, 1, 1)];
        assert_eq!(said(&apart, 1), ["", ""], "one ends when the other begins");
        let people = [at(1, "10:00", 1, 1, 1), at(2, "10:30", 2, 1, 2)];
        assert_eq!(
            said(&people, 1),
            [
                "Member 1 is also with Candidate 2 10:30",
                "Member 1 is also with Candidate 1 10:00"
            ]
        );
        let candidates = [at(1, "10:00", 1, 1, 1), at(2, "10:30", 1, 2, 2)];
        assert_eq!(
            said(&candidates, 1)[0],
            "Candidate 1 is also with Member 2 10:30"
        );
    }

    #[test]
    fn a_zoom_has_as_many_at_once_as_its_plan_allows() {
        let three = [
            at(1, "10:00", 1, 1, 1),
            at(2, "10:30", 2, 2, 1),
            at(3, "10:45", 3, 3, 1),
        ];
        let one = "Host 1's Zoom allows one meeting at a time and has Candidate 2 10:30";
        assert_eq!(said(&three[..2], 1)[0], one);
        assert_eq!(said(&three[..2], 2), ["", ""]);
        let two = "Host 1's Zoom allows 2 meetings at a time and has Candidate 2 10:30";
        assert_eq!(said(&three, 2)[0], two);
        // One after the other beside a long one is two at once, not three.
        let mut long = three.clone();
        long[2].start = long[1].start.plus_minutes(60);
        long[0].duration_minutes = 180;
        assert_eq!(said(&long, 2), ["", "", ""]);
        // What is entered manually is no meeting of that Zoom.
        let mut by_hand = three.clone();
        by_hand[1].meeting.manual = true;
        assert_eq!(said(&by_hand[..2], 1), ["", ""]);
    }

    #[test]
    fn whoever_declined_does_not_come() {
        let mut it = at(1, "10:00", 1, 1, 1);
        let sam = serde_json::json!({
            "role": "interviewer", "name": "Sam Ito", "email": "s@acme.example", "state": "declined", "invited_at": null,
            "answered_at": null, "reason": null, "mail": id("mal", 1),
        });
        it.attendees = vec![serde_json::from_value(sam).unwrap()];
        assert_eq!(said(&[it], 1), ["Sam Ito declined"]);
    }
}
