//! The one predicate: judges a time for everybody it concerns.
//!
//! Invariants: what is offered, shown beside a form and booked is judged here and nowhere else;
//! everything that speaks against a time is named, each with who it is about, in an order that
//! depends on the question alone. *Blocks* refuse; *advises* are for a person to weigh. A rule that
//! comes later is one more function here or in `advice`.

mod advice;
mod elsewhere;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use greenroom_protocol::pipeline::NightHours;
use greenroom_protocol::schedule::{
    Finding, FindingClass, FindingCode, FindingWho, LaneKind, Verdict,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::CallsToday;
use jiff::tz::TimeZone;

pub use self::advice::SENDING;
pub(super) use self::advice::{kept_free, told_night};
pub use self::elsewhere::stale;
use super::busy::{Buffer, Busy, Interval, Own, TakenBy, fills};
use super::civil::DAY;
use super::hours::Hours;
use super::ranges::Seconds;
use super::time::stretch;
use super::wishes::Wishes;

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
    /// What else a time is measured by.
    pub limits: Limits,
}

/// By what somebody's time is measured, beyond what has taken it.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Limits {
    /// Of a Zoom host, and of a candidate whose zone is not known or who may be asked at any hour.
    #[default]
    None,
    /// An interviewer's working days.
    WorkDays(WorkDays),
    /// A candidate's nights.
    Nights(Nights),
}

/// An interviewer's working days, as far as they matter for one interview.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkDays {
    /// Where their clock is.
    pub place: Place,
    /// Their hours.
    pub hours: Hours,
    /// The hours of the stage by their clock, merged; `None`: it has none.
    pub windows: Option<Arc<[Seconds]>>,
    /// What is kept free before and after the interview.
    pub buffer: Buffer,
    /// Interviews on a day at most; 0: no limit.
    pub most_a_day: u32,
    /// Interviews in an ISO week at most; 0: no limit.
    pub most_a_week: u32,
}

/// A candidate's nights.
#[derive(Debug, Clone, PartialEq)]
pub struct Nights {
    /// Where their clock is.
    pub place: Place,
    /// Its hours there.
    pub hours: NightHours,
    /// When it is night there, merged.
    pub nights: Arc<[Seconds]>,
}

/// Where somebody's clock is.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The zone.
    pub zone: TimeZone,
    /// As people name it: the zone's city.
    pub name: String,
}

impl Place {
    /// The place an IANA zone is named after; `None`: there is no such zone.
    #[must_use]
    pub fn of(iana: &str) -> Option<Self> {
        let zone = TimeZone::get(iana).ok()?;
        let city = iana.rsplit('/').next().unwrap_or(iana);
        let name = city.replace('_', " ");
        Some(Self { zone, name })
    }
}

impl Party {
    /// As findings name them.
    #[must_use]
    pub fn who(&self) -> FindingWho {
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
    /// The zone of the grid of starts, by whose dates days ahead count.
    pub grid: TimeZone,
    /// Everybody it concerns, in the order in which findings name them.
    pub parties: Vec<Party>,
    /// What Zoom allows, where Zoom hosts.
    pub host: Option<HostRules>,
    /// What is judged again, and what is kept for it: that time is not in its way.
    pub own: Own,
    /// When it may be, whichever people take part.
    pub rules: Rules,
    /// When it is wished to be.
    pub wishes: Wishes,
}

/// When an interview may be, whichever people take part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// Least minutes between the present and the start.
    pub notice_minutes: u32,
    /// Days ahead at most, by the dates of the grid's zone; `None`: as far as one likes.
    pub horizon_days: Option<u32>,
    /// Whether the time is to be offered, and on which grid. What is offered needs time until it is
    /// taken up; what somebody chose themselves is on no grid.
    pub offer: Option<Offer>,
}

/// That a time is to be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Minutes between two starts, one of [`greenroom_protocol::pipeline::STEPS`].
    pub step: u32,
}

impl Question {
    /// The whole interview, in seconds.
    fn span(&self) -> Seconds {
        self.start.second()..self.end().second()
    }

    fn end(&self) -> Instant {
        self.start.plus_minutes(self.duration_minutes.into())
    }
}

/// Judges.
#[must_use]
pub fn judge(question: &Question) -> Verdict {
    let mut verdict = judge_time(question);
    for party in &question.parties {
        let of_them = judge_party(question, party);
        verdict.blocks.extend(of_them.blocks);
        verdict.advises.extend(of_them.advises);
    }
    verdict.advises.extend(judge_plan(question));
    verdict
}

/// What there is to say of the time, whichever people take part.
#[must_use]
pub fn judge_time(question: &Question) -> Verdict {
    let past = (question.start < question.now).then(in_the_past);
    let advises = match past {
        Some(_) => Vec::new(),
        None => advice::of_the_time(question),
    };
    Verdict {
        blocks: past.into_iter().collect(),
        advises,
    }
}

/// What there is to say of the time for one of those it concerns.
#[must_use]
pub fn judge_party(question: &Question, party: &Party) -> Verdict {
    Verdict {
        blocks: taken(question, party),
        advises: advice::of(question, party),
    }
}

/// What there is to say of the plan, at any time.
#[must_use]
pub fn judge_plan(question: &Question) -> Vec<Finding> {
    let host = question.host.as_ref();
    let cut_off = host.and_then(|it| cut_off(question, it));
    let few_changes = host.and_then(|it| few_changes_left(question, it));
    let no_notes = host.and_then(no_notes);
    let all = [cut_off, few_changes, no_notes];
    all.into_iter().flatten().collect()
}

fn in_the_past() -> Finding {
    let text = "That time is in the past";
    block(FindingCode::InThePast, text)
}

/// All that is in the way of somebody, slots on hold aside: those are advice. Where they can be in
/// several at once, only what fills the last place is.
fn taken(question: &Question, party: &Party) -> Vec<Finding> {
    let (start, end) = (question.start, question.end());
    let mut others = party.busy.in_the_way(start, end, question.own);
    others.retain(|it| !is_on_hold(it) && !is_elsewhere(it));
    let full = others
        .iter()
        .filter(|it| fills(&others, it, (start, end), party.capacity));
    full.map(|it| in_the_way(question, party, it)).collect()
}

pub(in crate::schedule) fn is_on_hold(interval: &Interval) -> bool {
    matches!(interval.taken_by, TakenBy::HeldSlot { .. })
}

pub(in crate::schedule) fn is_elsewhere(interval: &Interval) -> bool {
    matches!(interval.taken_by, TakenBy::Elsewhere)
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
        TakenBy::Elsewhere => "is busy elsewhere",
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

fn of_the_slot(code: FindingCode, message: impl Into<String>) -> Finding {
    Finding {
        class: Some(FindingClass::Slot),
        ..Finding::new(code, message)
    }
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
