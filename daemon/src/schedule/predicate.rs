//! The one predicate: judges a time for everybody it concerns.
//!
//! Invariants: what is offered, shown beside a form and booked is judged here and nowhere else;
//! everything that speaks against a time is named, each with who it is about, in an order that
//! depends on the question alone. *Blocks* refuse; *advises* are for a person to weigh. A rule that
//! comes later is one more function beside `taken` and `cut_off`.

use greenroom_protocol::schedule::{
    Finding, FindingClass, FindingCode, FindingWho, LaneKind, Verdict,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::CallsToday;
use jiff::tz::TimeZone;

use super::busy::{Busy, Holder, Interval, TakenBy, most_at_once};
use super::time::stretch;

const DAY: i64 = 24 * 3600;

/// Somebody whose time an interview takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// As what.
    pub kind: LaneKind,
    /// The member's or the candidate's identifier; a host's is the member's.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Interviews they can be in at once: one, or two for some Zoom hosts.
    pub capacity: usize,
    /// Their taken time around the interview.
    pub busy: Busy,
}

impl Party {
    fn who(&self) -> FindingWho {
        FindingWho {
            kind: self.kind,
            id: self.id.clone(),
            name: Some(self.name.clone()),
        }
    }
}

/// What Zoom allows the host.
#[derive(Debug, Clone, PartialEq)]
pub struct HostRules {
    /// Whose Zoom.
    pub host: FindingWho,
    /// Minutes after which Zoom ends the meeting, if it does.
    pub ends_after: Option<u32>,
    /// How many changes Zoom has taken today.
    pub calls_today: CallsToday,
    /// Why Zoom would write no summary, for people; `None`: none is wanted, or it would.
    pub no_notes: Option<String>,
}

/// A time, and everything that decides whether it works.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The present.
    pub now: Instant,
    /// When the interview would begin.
    pub start: Instant,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// The zone it is scheduled in, in which times are named.
    pub zone: TimeZone,
    /// Everybody it concerns, in the order in which findings name them.
    pub parties: Vec<Party>,
    /// What Zoom allows, where Zoom hosts.
    pub host: Option<HostRules>,
    /// What is judged again: time it holds already is not in its way.
    pub except: Option<Holder>,
}

impl Question {
    fn end(&self) -> Instant {
        self.start.plus_minutes(self.duration_minutes.into())
    }
}

/// Judges.
#[must_use]
pub fn judge(question: &Question) -> Verdict {
    let past = (question.start < question.now).then(in_the_past);
    let taken = question.parties.iter().flat_map(|it| taken(question, it));
    let host = question.host.as_ref();
    let cut_off = host.and_then(|it| cut_off(question, it));
    let few_changes = host.and_then(|it| few_changes_left(question, it));
    let no_notes = host.and_then(no_notes);
    Verdict {
        blocks: past.into_iter().chain(taken).collect(),
        advises: cut_off
            .into_iter()
            .chain(few_changes)
            .chain(no_notes)
            .collect(),
    }
}

fn in_the_past() -> Finding {
    let text = "That time is in the past";
    block(FindingCode::InThePast, text)
}

/// All that is in the way of somebody. Where they can be in several at once, only what fills the
/// last place is.
fn taken(question: &Question, party: &Party) -> Vec<Finding> {
    let (start, end) = (question.start, question.end());
    let others = party.busy.in_the_way(start, end, question.except);
    let fills = |it: &&Interval| {
        let (from, to) = (it.start.max(start), it.end.min(end));
        most_at_once(&others, from, to) >= party.capacity
    };
    let full = others.iter().filter(fills);
    full.map(|it| in_the_way(question, party, it)).collect()
}

fn in_the_way(question: &Question, party: &Party, other: &Interval) -> Finding {
    let (code, what) = (busy_code(party.kind), what_takes(party, other));
    let then = told(question, other.start, other.end);
    Finding {
        interview: other.taken_by.interview(),
        who: Some(party.who()),
        until: Some(other.end),
        ..block(code, format!("{what} from {then}"))
    }
}

fn busy_code(kind: LaneKind) -> FindingCode {
    match kind {
        LaneKind::Member => FindingCode::PersonBusy,
        LaneKind::Candidate => FindingCode::CandidateBusy,
        LaneKind::Host => FindingCode::HostBusy,
    }
}

fn what_takes(party: &Party, other: &Interval) -> String {
    let name = &party.name;
    if party.kind == LaneKind::Host {
        let most = match party.capacity {
            1 => "one meeting".to_owned(),
            more => format!("{more} meetings"),
        };
        return format!("{name}'s Zoom ({most} at a time) is already booked");
    }
    let has = match other.taken_by {
        TakenBy::Interview { planned: false, .. } => "has an interview",
        TakenBy::Interview { planned: true, .. } => "has an unconfirmed interview",
        TakenBy::HeldSlot { .. } => "has a slot on hold",
        TakenBy::Unknown => "is busy",
    };
    format!("{name} {has}")
}

/// From one moment to another, without the date where it is the day that was asked about.
fn told(question: &Question, from: Instant, to: Instant) -> String {
    let local = |instant: Instant| instant.timestamp().to_zoned(question.zone.clone());
    let (asked, first, last) = (local(question.start), local(from), local(to));
    match asked.date() == first.date() && first.date() == last.date() {
        true => format!(
            "{} to {}",
            first.strftime("%H:%M"),
            last.strftime("%H:%M %Z")
        ),
        false => stretch(&question.zone, from, to),
    }
}

fn cut_off(question: &Question, rules: &HostRules) -> Option<Finding> {
    let minutes = rules.ends_after?;
    let is_longer = question.duration_minutes > minutes;
    is_longer.then(|| ends_after(&rules.host, minutes))
}

/// That a host's plan ends the meeting after so many minutes.
#[must_use]
pub fn ends_after(host: &FindingWho, minutes: u32) -> Finding {
    let name = host.name.as_deref().unwrap_or("The host");
    let text = format!(
        "{name}'s Zoom is on the Basic plan: Zoom ends meetings {minutes} minutes after the first \
         person joins. Shorten it or choose another host"
    );
    Finding {
        who: Some(host.clone()),
        ..of_the_plan(FindingCode::BasicFortyMinutes, text)
    }
}

fn few_changes_left(question: &Question, rules: &HostRules) -> Option<Finding> {
    let HostRules {
        host, calls_today, ..
    } = rules;
    if !calls_today.few_left() {
        return None;
    }
    let CallsToday { sent, most } = calls_today;
    let name = host.name.as_deref().unwrap_or("The host");
    let text = format!(
        "{name}'s Zoom has used {sent} of the {most} changes that Zoom allows a host per day. The \
         count starts again at 00:00 UTC"
    );
    let today = question.now.second().div_euclid(DAY);
    Some(Finding {
        who: Some(host.clone()),
        until: Some(Instant::from_second((today + 1) * DAY)),
        ..of_the_plan(FindingCode::HostBudget, text)
    })
}

fn no_notes(rules: &HostRules) -> Option<Finding> {
    let why = rules.no_notes.clone()?;
    Some(Finding {
        who: Some(rules.host.clone()),
        ..of_the_plan(FindingCode::NoZoomNotes, why)
    })
}

fn block(code: FindingCode, message: impl Into<String>) -> Finding {
    Finding {
        class: Some(FindingClass::Block),
        ..Finding::new(code, message)
    }
}

fn of_the_plan(code: FindingCode, message: impl Into<String>) -> Finding {
    Finding {
        class: Some(FindingClass::Plan),
        ..Finding::new(code, message)
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::{InterviewId, MemberId, OutreachId};
    use jiff::tz;

    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_second(minute * 60)
    }

    fn interview(start: i64, end: i64) -> Interval {
        Interval {
            start: at(start),
            end: at(end),
            taken_by: TakenBy::Interview {
                id: InterviewId::new(),
                planned: false,
            },
        }
    }

    fn party(kind: LaneKind, capacity: usize, busy: &[(i64, i64)]) -> Party {
        Party {
            kind,
            id: MemberId::new().to_string(),
            name: "Mina".into(),
            capacity,
            busy: busy
                .iter()
                .map(|(from, to)| interview(*from, *to))
                .collect(),
        }
    }

    /// 45 minutes from minute 600 with one party.
    fn question(party: Party) -> Question {
        Question {
            now: at(0),
            start: at(600),
            duration_minutes: 45,
            zone: TimeZone::UTC,
            parties: vec![party],
            host: None,
            except: None,
        }
    }

    fn rules(ends_after: Option<u32>, sent: u32) -> HostRules {
        HostRules {
            host: party(LaneKind::Host, 1, &[]).who(),
            ends_after,
            calls_today: CallsToday { sent, most: 100 },
            no_notes: None,
        }
    }

    fn messages(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|it| it.message.as_str()).collect()
    }

    #[test]
    fn every_block_and_when_it_is_none() {
        use FindingCode::{CandidateBusy, HostBusy, PersonBusy};
        use LaneKind::{Candidate, Host, Member};
        for (kind, capacity, busy, blocks) in [
            (Member, 1, vec![], vec![]),
            (Member, 1, vec![(500, 600), (645, 700)], vec![]),
            (Member, 1, vec![(644, 700)], vec![PersonBusy]),
            (Candidate, 1, vec![(590, 601)], vec![CandidateBusy]),
            (Host, 1, vec![(610, 620)], vec![HostBusy]),
            (Host, 2, vec![(610, 620)], vec![]),
            (Host, 2, vec![(600, 620), (620, 645)], vec![]),
            (Host, 2, vec![(600, 621), (620, 645)], vec![HostBusy; 2]),
            // The third is alone in its time.
            (
                Host,
                2,
                vec![(590, 610), (600, 615), (630, 645)],
                vec![HostBusy; 2],
            ),
        ] {
            let verdict = judge(&question(party(kind, capacity, &busy)));
            let found: Vec<_> = verdict.blocks.iter().map(|it| it.code).collect();
            assert_eq!(found, blocks, "{kind:?} {capacity} {busy:?}");
            let is_block = |it: &Finding| it.class == Some(FindingClass::Block);
            assert!(verdict.blocks.iter().all(is_block));
        }
    }

    #[test]
    fn every_overlap_is_named_in_the_order_of_people_and_time() {
        let mut asked = question(party(LaneKind::Member, 1, &[(630, 660), (590, 610)]));
        let mut sam = party(LaneKind::Member, 1, &[(600, 615), (620, 621)]);
        sam.name = "Sam Ito".into();
        asked.parties.push(sam.clone());
        asked.parties.push(party(LaneKind::Host, 1, &[(600, 645)]));
        let verdict = judge(&asked);
        let expected = [
            "Mina has an interview from 09:50 to 10:10 UTC",
            "Mina has an interview from 10:30 to 11:00 UTC",
            "Sam Ito has an interview from 10:00 to 10:15 UTC",
            "Sam Ito has an interview from 10:20 to 10:21 UTC",
            "Mina's Zoom (one meeting at a time) is already booked from 10:00 to 10:45 UTC",
        ];
        assert_eq!(messages(&verdict.blocks), expected);
        let second = &verdict.blocks[2];
        assert_eq!(second.who, Some(sam.who()));
        assert_eq!(second.until, Some(at(615)));
        assert!(second.interview.is_some());
    }

    #[test]
    fn what_takes_the_time_is_named_as_what_it_is() {
        let outreach = OutreachId::new();
        let with = |taken_by: TakenBy| {
            let mut asked = question(party(LaneKind::Member, 1, &[]));
            asked.parties[0].busy = Busy::from_iter([Interval {
                taken_by,
                ..interview(600, 645)
            }]);
            judge(&asked).blocks.remove(0)
        };
        let id = InterviewId::new();
        for (taken_by, has) in [
            (
                TakenBy::Interview { id, planned: true },
                "Mina has an unconfirmed interview from 10:00 to 10:45 UTC",
            ),
            (
                TakenBy::HeldSlot { outreach, n: 2 },
                "Mina has a slot on hold from 10:00 to 10:45 UTC",
            ),
            (TakenBy::Unknown, "Mina is busy from 10:00 to 10:45 UTC"),
        ] {
            assert_eq!(with(taken_by).message, has);
        }
    }

    #[test]
    fn another_day_than_the_one_asked_about_is_named() {
        let mut asked = question(party(LaneKind::Member, 1, &[(600, 645 + 1440)]));
        let text = "Mina has an interview from Thu 1 Jan 10:00 to Fri 2 Jan 10:45 UTC";
        assert_eq!(messages(&judge(&asked).blocks), [text]);
        // In the zone of the interview it is the same day, though not in UTC.
        asked.zone = TimeZone::fixed(tz::offset(-11));
        asked.parties = vec![party(LaneKind::Member, 1, &[(590, 670)])];
        let text = "Mina has an interview from Wed 31 Dec 22:50 to Thu 1 Jan 00:10 -11";
        assert_eq!(messages(&judge(&asked).blocks), [text]);
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
    fn forty_minutes_on_basic_are_advice_about_the_plan() {
        let mut asked = question(party(LaneKind::Member, 1, &[]));
        asked.host = Some(rules(Some(40), 0));
        let verdict = judge(&asked);
        assert!(verdict.blocks.is_empty());
        let [advice] = &verdict.advises[..] else {
            panic!("{verdict:?}")
        };
        assert_eq!(advice.code, FindingCode::BasicFortyMinutes);
        assert_eq!(advice.class, Some(FindingClass::Plan));
        assert_eq!(advice.who, asked.host.as_ref().map(|it| it.host.clone()));
        asked.duration_minutes = 40;
        assert_eq!(judge(&asked), Verdict::default());
    }

    #[test]
    fn few_changes_left_today_are_advice_until_the_count_starts_again() {
        let mut asked = question(party(LaneKind::Host, 1, &[]));
        asked.now = at(90);
        asked.host = Some(rules(None, 79));
        assert_eq!(judge(&asked), Verdict::default());
        asked.host = Some(rules(None, 80));
        let verdict = judge(&asked);
        let [advice] = &verdict.advises[..] else {
            panic!("{verdict:?}")
        };
        assert_eq!(advice.code, FindingCode::HostBudget);
        assert!(advice.message.contains("80 of the 100"), "{advice:?}");
        assert_eq!(advice.until, Some(at(24 * 60)));
        assert!(verdict.blocks.is_empty());
    }

    #[test]
    fn an_interview_is_not_in_its_own_way() {
        let own = interview(600, 645);
        let mut asked = question(party(LaneKind::Member, 1, &[]));
        asked.parties[0].busy = Busy::from_iter([own]);
        asked.except = own.taken_by.holder();
        assert_eq!(judge(&asked), Verdict::default());
        asked.except = Some(Holder::Interview(InterviewId::new()));
        assert_eq!(judge(&asked).blocks.len(), 1);
    }
}
