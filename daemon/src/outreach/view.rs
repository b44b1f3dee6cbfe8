//! Outreaches as the contract shows them: names in the place of ids, and how they stand in words.

use greenroom_protocol::id::{MemberId, OutreachId, WorkspaceId};
use greenroom_protocol::interview::CandidateBrief;
use greenroom_protocol::outreach::{Outreach, OutreachSlot, SlotState};
use greenroom_protocol::workspace::MemberBrief;
use jiff::tz::TimeZone;

use super::begins;
use crate::outbox::record::MessageRecord;
use crate::records::outreach::{
    Ended, NeedsPerson, OutreachRecord, OutreachState, PreparedWhy, Purpose, SlotRecord,
    SlotStanding, WaitsFor,
};
use crate::records::pipeline::CandidateRecord;
use crate::schedule::time;
use crate::services::Services;
use crate::store::StoreError;

/// What stands in the place of somebody who is gone.
const GONE: &str = "(removed)";

/// A record as the contract shows it.
pub(super) async fn wire(
    services: &Services,
    workspace: WorkspaceId,
    id: OutreachId,
    revision: u64,
    record: &OutreachRecord,
) -> Result<Outreach, StoreError> {
    let (space, index) = (workspace.to_string(), &services.index);
    let key = record.candidate.to_string();
    let candidate = services.store.get::<CandidateRecord>(&space, &key).await?;
    let candidate = candidate.map(|it| it.record);
    let email = match (record.email, record.state) {
        (Some(email), OutreachState::Sending) => {
            let key = email.to_string();
            services.store.get::<MessageRecord>(&space, &key).await?
        }
        _ => None,
    };
    let job = index.job(workspace, record.job);
    let stage = index.stage(workspace, record.stage);
    let gone = || GONE.to_owned();
    Ok(Outreach {
        id,
        revision,
        candidate: CandidateBrief {
            id: record.candidate,
            name: candidate.as_ref().map_or_else(gone, |it| it.name.clone()),
            email: candidate
                .as_ref()
                .map_or_else(String::new, |it| it.email.clone()),
            zone: candidate.and_then(|it| it.zone),
        },
        application: record.application,
        job_title: job.map_or_else(gone, |row| row.record.title.clone()),
        stage_name: stage.map_or_else(gone, |row| row.record.name.clone()),
        organizer: member(services, workspace, record.terms.organizer),
        started_by: record
            .started_by
            .person()
            .map(|id| member(services, workspace, id)),
        created_at: record.created_at,
        state: record.state.shown(),
        why: record.state.why(),
        message: message(record),
        since: record.since,
        kind: record.terms.kind,
        duration_minutes: record.terms.minutes,
        zone: record.terms.zone.clone(),
        slots: (1..)
            .zip(&record.slots)
            .map(|(n, slot)| shown(services, workspace, record, n, slot))
            .collect(),
        until: record.until.filter(|_| record.held().next().is_some()),
        email: record.email,
        not_before: email.map(|stored| stored.record.not_before),
        sent_at: record.sent_at,
        interview: record.interview,
        approval: record.assisted.map(|it| it.approval),
        round: record.assisted.map_or(1, |it| it.rounds),
        writes_at: match record.state {
            OutreachState::Settling { until } => Some(until),
            OutreachState::Waiting {
                what: WaitsFor::Quiet,
            } => Some(begins::next(services, workspace, record)),
            OutreachState::Waiting {
                what: WaitsFor::Away,
            } => record.assisted.and_then(|it| it.away),
            _ => None,
        },
        moves: record.purpose.moving().map(|it| it.interview),
        line: record.edits.line.clone(),
        would: record
            .assisted
            .and_then(|it| it.would)
            .map(|would| would.shown()),
        taken_by: match record.state {
            OutreachState::Taken { by: Some(by) } => Some(member(services, workspace, by)),
            _ => None,
        },
        helps: Vec::new(),
    })
}

fn member(services: &Services, workspace: WorkspaceId, id: MemberId) -> MemberBrief {
    let row = services.index.member(workspace, id);
    row.map_or_else(
        || MemberBrief {
            id,
            name: GONE.to_owned(),
            email: String::new(),
        },
        |row| row.record.brief(id),
    )
}

/// Members by id, those who are gone too.
pub(super) fn members(
    services: &Services,
    workspace: WorkspaceId,
    ids: &[MemberId],
) -> Vec<MemberBrief> {
    ids.iter()
        .map(|id| member(services, workspace, *id))
        .collect()
}

fn shown(
    services: &Services,
    workspace: WorkspaceId,
    record: &OutreachRecord,
    n: u8,
    slot: &SlotRecord,
) -> OutreachSlot {
    OutreachSlot {
        n,
        start: slot.start,
        end: record.end(slot),
        interviewers: members(services, workspace, &slot.interviewers),
        state: match slot.state {
            SlotStanding::Held => SlotState::Held,
            SlotStanding::Booked => SlotState::Booked,
            SlotStanding::Taken => SlotState::Taken,
            SlotStanding::Past => SlotState::Past,
            SlotStanding::Released => SlotState::Released,
            SlotStanding::Drafted => SlotState::Drafted,
            SlotStanding::Unknown => SlotState::Other,
        },
        shared: slot.shared,
    }
}

/// The same in a word, for the audit.
pub(super) fn word(state: OutreachState) -> &'static str {
    match state {
        OutreachState::Settling { .. } => "settling",
        OutreachState::Waiting { .. } => "waiting",
        OutreachState::Draft => "draft",
        OutreachState::Taken { .. } => "taken",
        OutreachState::Sending => "sending",
        OutreachState::Proposed => "proposed",
        OutreachState::Booked => "booked",
        OutreachState::Person { .. } => "person",
        OutreachState::Over { .. } => "over",
        OutreachState::Unknown => "other",
    }
}

/// How an outreach stands, in words that go on after the candidate's name.
#[must_use]
pub fn message(record: &OutreachRecord) -> String {
    let stands = stands(record);
    match record.purpose {
        Purpose::Move(_) if record.is_open() => {
            format!("{stands}; the interview stays as booked until it is moved")
        }
        _ => stands,
    }
}

fn stands(record: &OutreachRecord) -> String {
    let count = |many: usize| match many {
        1 => "1 time".to_owned(),
        many => format!("{many} times"),
    };
    let held = record.held().count();
    let kept = match held {
        0 => "no time is held any more".to_owned(),
        1 => "1 time is held".to_owned(),
        many => format!("{many} times are held"),
    };
    match record.state {
        OutreachState::Settling { .. } => "the assistant writes soon".to_owned(),
        OutreachState::Waiting {
            what: WaitsFor::Away,
        } => format!("{}; other times are sent then", away(record)),
        OutreachState::Waiting { what } => match what {
            WaitsFor::Time => "waits: no time is free for everyone yet",
            WaitsFor::Quiet => "waits: the assistant writes in the candidate's daytime",
            WaitsFor::Zoom => "waits: the Zoom account that hosts must be connected",
            WaitsFor::Email => "waits: email can't leave",
            WaitsFor::Switch => "waits: the assistant is paused",
            WaitsFor::Plan => "waits: the stage's settings are not complete",
            WaitsFor::Address => "waits: the email address takes no email",
            WaitsFor::Away | WaitsFor::Unknown => "waits",
        }
        .to_owned(),
        OutreachState::Draft => {
            format!("{} to approve", count(record.drafted().count()))
        }
        OutreachState::Taken { .. } => "taken over by a person".to_owned(),
        OutreachState::Sending => format!("{} about to be sent", count(held)),
        OutreachState::Proposed => match record.assisted {
            Some(it) if it.reading.is_some() => "replied; the assistant reads it now".to_owned(),
            Some(it) if it.away.is_some() => format!("{}; {kept}", away(record)),
            Some(it) if it.asked.is_some() => format!("asked which time they mean; {kept}"),
            _ => format!("{} sent, no reply yet", count(record.slots.len())),
        },
        OutreachState::Booked => "booked".to_owned(),
        OutreachState::Person { why } => match why {
            NeedsPerson::Answered => answered(record, &kept),
            NeedsPerson::Expired if !record.purpose.is_book() => {
                "has not chosen another time".to_owned()
            }
            NeedsPerson::Expired => {
                format!(
                    "has not replied about {}; none is held any more",
                    count(record.slots.len())
                )
            }
            NeedsPerson::Address if record.readdressed => match record.sent_at {
                Some(_) => {
                    format!("has another email address now; the times went to the old one; {kept}")
                }
                None => "has another email address now; the times were not sent".to_owned(),
            },
            NeedsPerson::Address => "was not reached: the email address takes no email".to_owned(),
            NeedsPerson::Email => {
                "was not reached: the email with the times did not leave".to_owned()
            }
            NeedsPerson::Gone => "has no time left to choose: none is free any more".to_owned(),
            NeedsPerson::Restored => {
                format!("may have replied before the backup was restored; {kept}")
            }
            NeedsPerson::Paused => {
                format!("has the times, and the assistant is paused; {kept}")
            }
            NeedsPerson::Unknown => "needs a person".to_owned(),
        },
        OutreachState::Over { how } => match how {
            Ended::Done => "completed",
            Ended::Left => "ended: the application is elsewhere now",
            Ended::Withdrew => "ended: the candidate withdrew",
            Ended::Stopped => "stopped",
            Ended::Cancelled => "ended: the interview was cancelled",
            Ended::Unknown => "ended",
        }
        .to_owned(),
        OutreachState::Unknown => "in a state of a newer version".to_owned(),
    }
}

/// Until when they are away, by the day of the zone it is scheduled in.
fn away(record: &OutreachRecord) -> String {
    let zone = time::zone(&record.terms.zone).unwrap_or(TimeZone::UTC);
    let back = record.assisted.and_then(|it| it.away);
    let back = back.map(|at| at.timestamp().to_zoned(zone));
    match back {
        Some(back) => format!("away until {}", back.strftime("%-d %b")),
        None => "away".to_owned(),
    }
}

/// That somebody replied, and what the assistant made of it.
fn answered(record: &OutreachRecord, kept: &str) -> String {
    let Some(prepared) = record.prepared else {
        return format!("replied about the proposed times; {kept}");
    };
    let chosen = prepared.n.map(|n| format!("time {n} is meant, "));
    let chosen = chosen.unwrap_or_default();
    let why = match prepared.why {
        PreparedWhy::Unclear => "it is not clear which time they mean",
        PreparedWhy::Theirs => "what they write is for a person",
        PreparedWhy::Several => "several emails are to be read together",
        PreparedWhy::Earlier => "it may be about times that were sent before",
        PreparedWhy::NotFree => "the time is not free any more",
        PreparedWhy::Advice => "something speaks against the time now",
        PreparedWhy::Paused => "the assistant is paused",
        PreparedWhy::TooOften => "other times were sent three times already",
        PreparedWhy::Away => "they are away again",
        PreparedWhy::TooMany => "more emails came in than the assistant reads",
        PreparedWhy::Unknown => "a person has to read it",
    };
    format!("replied: {chosen}{why}; {kept}")
}
