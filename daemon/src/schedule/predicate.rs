//! The one predicate: judges a time for everybody it concerns.
//!
//! Invariant: what is offered, shown beside a form and booked is judged here and nowhere else.
//! *Blocks* refuse; *advises* are for a person to weigh.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::schedule::{Finding, FindingCode, LaneKind, Verdict};
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::CallsToday;
use jiff::tz::TimeZone;

use super::busy::{Interval, in_the_way, most_at_once};
use super::time::stretch;

/// What a host's Zoom took today.
#[derive(Debug, Clone)]
pub struct Spent {
    /// Whose Zoom.
    pub host: String,
    /// How much.
    pub calls: CallsToday,
}

/// Somebody whose time a talk takes.
#[derive(Debug, Clone)]
pub struct Party {
    /// As what.
    pub kind: LaneKind,
    /// Their name.
    pub name: String,
    /// Talks they can be in at once: one, or two for some Zoom hosts.
    pub capacity: usize,
    /// Their busy times around the talk.
    pub busy: Vec<Interval>,
}

/// A time, and everything that decides whether it works.
#[derive(Debug, Clone)]
pub struct Question {
    /// The present.
    pub now: Instant,
    /// When the talk would begin.
    pub start: Instant,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// The zone it is planned in, in which times are told.
    pub zone: TimeZone,
    /// Everybody it concerns.
    pub parties: Vec<Party>,
    /// Minutes after which Zoom ends the meeting, if it does, and the host's name.
    pub ends_after: Option<(u32, String)>,
    /// What the host's Zoom took today, where Zoom hosts.
    pub calls_today: Option<Spent>,
    /// The interview that is being judged again, whose own time is not in its way.
    pub except: Option<InterviewId>,
}

/// Judges.
pub fn judge(question: &Question) -> Verdict {
    let mut verdict = Verdict::default();
    if question.start < question.now {
        verdict.blocks.push(finding(
            FindingCode::InThePast,
            "the start has passed",
            None,
        ));
    }
    verdict.blocks.extend(
        question
            .parties
            .iter()
            .filter_map(|party| taken(question, party)),
    );
    verdict.advises.extend(cut_off(question));
    verdict.advises.extend(spent(question));
    verdict
}

fn taken(question: &Question, party: &Party) -> Option<Finding> {
    let end = question
        .start
        .plus_minutes(question.duration_minutes.into());
    let (start, except) = (question.start, question.except);
    let other = in_the_way(&party.busy, start, end, except)?;
    let name = &party.name;
    if party.kind == LaneKind::Host {
        if most_at_once(&party.busy, start, end, except) < party.capacity {
            return None;
        }
        let most = match party.capacity {
            1 => "one meeting".to_owned(),
            more => format!("{more} meetings"),
        };
        let text = format!(
            "{name}'s Zoom already has a meeting then, and their plan allows {most} at a time"
        );
        return Some(finding(FindingCode::HostBusy, text, Some(other.interview)));
    }
    let code = match party.kind {
        LaneKind::Candidate => FindingCode::CandidateBusy,
        _ => FindingCode::PersonBusy,
    };
    let plan = if other.hold {
        "a planned interview"
    } else {
        "an interview"
    };
    let then = stretch(&question.zone, other.start, other.end);
    let text = format!("{name} has {plan} from {then}");
    Some(finding(code, text, Some(other.interview)))
}

fn cut_off(question: &Question) -> Option<Finding> {
    let (minutes, host) = question.ends_after.as_ref()?;
    if question.duration_minutes <= *minutes {
        return None;
    }
    Some(ends_after(host, *minutes))
}

/// That a host's plan ends the meeting after so many minutes.
pub fn ends_after(host: &str, minutes: u32) -> Finding {
    let text = format!(
        "{host}'s Zoom is Basic: Zoom ends the meeting {minutes} minutes after the first person joins; shorten it, or use \
         another host"
    );
    finding(FindingCode::BasicFortyMinutes, text, None)
}

fn spent(question: &Question) -> Option<Finding> {
    let Spent { host, calls } = question.calls_today.as_ref()?;
    if !calls.few_left() {
        return None;
    }
    let CallsToday { sent, most } = calls;
    let text = format!(
        "{host}'s Zoom took {sent} of the {most} changes that Zoom allows a host a day; it counts anew at 00:00 UTC"
    );
    Some(finding(FindingCode::HostBudget, text, None))
}

fn finding(
    code: FindingCode,
    message: impl Into<String>,
    interview: Option<InterviewId>,
) -> Finding {
    Finding {
        code,
        message: message.into(),
        interview,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_second(minute * 60)
    }

    fn party(kind: LaneKind, capacity: usize, busy: &[(i64, i64)]) -> Party {
        let taken = |(start, end): &(i64, i64)| Interval {
            start: at(*start),
            end: at(*end),
            interview: InterviewId::new(),
            hold: false,
        };
        Party {
            kind,
            name: "Mina".into(),
            capacity,
            busy: busy.iter().map(taken).collect(),
        }
    }

    /// A 45-minute talk at minute 600 with one party, on Basic.
    fn question(party: Party) -> Question {
        Question {
            now: at(0),
            start: at(600),
            duration_minutes: 45,
            zone: TimeZone::UTC,
            parties: vec![party],
            ends_after: None,
            calls_today: None,
            except: None,
        }
    }

    #[test]
    fn every_block_and_when_it_is_none() {
        use FindingCode::{CandidateBusy, HostBusy, PersonBusy};
        use LaneKind::{Candidate, Host, Member};
        for (kind, capacity, busy, block) in [
            (Member, 1, vec![], None),
            (Member, 1, vec![(500, 600), (645, 700)], None),
            (Member, 1, vec![(644, 700)], Some(PersonBusy)),
            (Candidate, 1, vec![(590, 601)], Some(CandidateBusy)),
            (Host, 1, vec![(610, 620)], Some(HostBusy)),
            (Host, 2, vec![(610, 620)], None),
            (Host, 2, vec![(600, 620), (620, 645)], None),
            (Host, 2, vec![(600, 621), (620, 645)], Some(HostBusy)),
        ] {
            let verdict = judge(&question(party(kind, capacity, &busy)));
            let found: Vec<_> = verdict.blocks.iter().map(|it| it.code).collect();
            assert_eq!(
                found,
                block.into_iter().collect::<Vec<_>>(),
                "{kind:?} {capacity} {busy:?}"
            );
        }
    }

    #[test]
    fn the_past_blocks_and_the_present_does_not() {
        let mut asked = question(party(LaneKind::Member, 1, &[]));
        asked.now = asked.start;
        assert_eq!(judge(&asked), Verdict::default());
        asked.now = asked.start.plus_seconds(1);
        assert_eq!(judge(&asked).blocks[0].code, FindingCode::InThePast);
    }

    #[test]
    fn forty_minutes_on_basic_are_advice() {
        let mut asked = question(party(LaneKind::Member, 1, &[]));
        asked.ends_after = Some((40, "Dana".into()));
        let verdict = judge(&asked);
        assert!(verdict.blocks.is_empty());
        assert_eq!(verdict.advises[0].code, FindingCode::BasicFortyMinutes);
        asked.duration_minutes = 40;
        assert_eq!(judge(&asked), Verdict::default());
    }

    #[test]
    fn few_changes_left_today_are_advice() {
        let mut asked = question(party(LaneKind::Host, 1, &[]));
        let took = |sent| Spent {
            host: "Dana".into(),
            calls: CallsToday { sent, most: 100 },
        };
        asked.calls_today = Some(took(79));
        assert_eq!(judge(&asked), Verdict::default());
        asked.calls_today = Some(took(80));
        let verdict = judge(&asked);
        assert_eq!(verdict.advises[0].code, FindingCode::HostBudget);
        assert!(verdict.advises[0].message.contains("80 of the 100"));
        assert!(verdict.blocks.is_empty());
    }

    #[test]
    fn a_talk_is_not_in_its_own_way() {
        let mut asked = question(party(LaneKind::Member, 1, &[(600, 645)]));
        asked.except = Some(asked.parties[0].busy[0].interview);
        assert_eq!(judge(&asked), Verdict::default());
    }
}
