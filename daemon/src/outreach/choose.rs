//! The times the assistant proposes: found as anybody finds them, and judged once more where they
//! are written.
//!
//! Invariants: what is chosen has neither a block nor advice about the time; none is earlier than
//! candidates have to decide and the stage's notice is long; who is sent other times gets others.

use greenroom_protocol::id::{OutreachId, WorkspaceId};
use greenroom_protocol::interview::{InterviewNew, InterviewReschedule, MeetingType, Side};
use greenroom_protocol::schedule::{FindingClass, Planned, Slot, SlotQuery};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use jiff::tz::TimeZone;

use super::allocate::{Allocation, allocate, over_two_days};
use super::{begins, clock, edit};
use crate::access::RequestContext;
use crate::interviews::{self, Time};
use crate::records::outreach::{Moving, OutreachRecord, Purpose, Round, SlotRecord, SlotStanding};
use crate::schedule::time;
use crate::services::Services;
use crate::store::Tx;
use crate::store::engine::Limits;

/// Times that are looked for: some of them may be taken before they are held.
const LOOKED_FOR: u32 = 12;

/// The same where only some of them are as the candidate wishes.
const WISHES_LOOKED_THROUGH: u32 = 400;

/// What else is written in the commit that holds times.
const BESIDE: Limits = Limits {
    expectations: 16,
    writes: 16,
    bytes: 64 * 1024,
};

/// The assistant at work for an outreach of its.
pub(super) fn assistant(
    workspace: WorkspaceId,
    id: OutreachId,
    record: &OutreachRecord,
) -> RequestContext {
    RequestContext::assistant(workspace, record.job, id.to_string(), "outreach")
}

/// Times for one candidate, and what they get of them.
pub(super) struct Found {
    /// The best there are now, the best first.
    pub slots: Vec<Slot>,
    /// What is given of them.
    pub given: Allocation,
}

/// The best times there are now for one of so many who wait; 0: no line is drawn for them, and what
/// they get they share with nobody.
pub(super) async fn find(
    services: &Services,
    context: &RequestContext,
    record: &OutreachRecord,
    waiting: usize,
) -> Result<Found, Error> {
    let (index, workspace) = (&services.index, context.workspace);
    let wanted = record.wanted.as_ref();
    let query = query(services, context, record);
    let share = index.workspace(workspace).map(|row| row.record.share_slots);
    let share = share.unwrap_or_default();
    // A time to which an interview moves is held for nobody else.
    let waiting = match record.purpose.is_book() {
        true => waiting,
        false => 0,
    };
    let given = move |free| match waiting {
        0 => Allocation::WHOLE,
        waiting => allocate(free, waiting, share),
    };
    let found = interviews::offers(services, context, query, move |free| given(free).shared);
    let found = found.await?;
    let given = given(found.free);
    let suits = |slot: &Slot| wanted.is_none_or(|it| it.suits(slot.start, slot.end));
    let booked = record.purpose.moving().map(|it| it.start);
    let is_new = |slot: &Slot| Some(slot.start) != booked && !is_known(record, slot.start);
    let others = |slot: &Slot| is_new(slot) && suits(slot);
    let slots: Vec<Slot> = found.slots.into_iter().filter(others).collect();
    let zone = begins::zone_of(services, workspace, record);
    let place = time::zone(&zone).unwrap_or(TimeZone::UTC);
    let mut slots = over_two_days(slots, given.times, &place);
    // The time they named themselves goes first.
    let first = wanted.and_then(|it| it.first);
    slots.sort_by_key(|slot| Some(slot.start) != first);
    let slots = edit::applied(record, slots);
    Ok(Found { slots, given })
}

/// What is searched for a candidate: as many times as are needed, none of them sooner than they have
/// to decide and the stage's notice is long.
pub(super) fn query(
    services: &Services,
    context: &RequestContext,
    record: &OutreachRecord,
) -> SlotQuery {
    let (index, workspace) = (&services.index, context.workspace);
    let plan = index.stage(workspace, record.stage);
    let notice = plan.map_or(0, |row| row.record.interview.notice_minutes);
    let now = services.clock.now();
    let zone = begins::zone_of(services, workspace, record);
    let ahead = clock::after(now, clock::AHEAD_HOURS, &zone);
    SlotQuery {
        planned: planned(record),
        from: Some(ahead.plus_minutes(notice.into())),
        limit: Some(match record.wanted {
            Some(_) => WISHES_LOOKED_THROUGH,
            None => LOOKED_FOR,
        }),
        best: true,
        ..SlotQuery::default()
    }
}

/// What times are looked for.
fn planned(record: &OutreachRecord) -> Planned {
    match record.purpose {
        Purpose::Book => Planned {
            candidate: Some(record.candidate.to_string()),
            job: Some(record.job.to_string()),
            kind: Some(MeetingType::Zoom),
            ..Planned::default()
        },
        Purpose::Move(moving) => Planned {
            interview: Some(moving.interview.to_string()),
            ..Planned::default()
        },
    }
}

/// What moves an interview to this time.
pub(super) fn to(moving: &Moving, start: String, dry_run: bool) -> InterviewReschedule {
    InterviewReschedule {
        interview: Reference {
            dry_run,
            ..Reference::to(moving.interview.to_string())
        },
        start,
        start_shown: None,
        locale: None,
        zone: None,
        duration_minutes: None,
        by: Side::Candidate,
        reason: None,
        refuse_advice: false,
    }
}

/// Whether the candidate had this time and did not choose it, in whatever round. Of the last ones,
/// where others took them all, one may be free again.
fn is_known(record: &OutreachRecord, start: Instant) -> bool {
    let others = record
        .assisted
        .is_some_and(|it| matches!(it.round, Round::Fresh | Round::Wished));
    let mut earlier = record.earlier.iter().flat_map(|it| &it.starts);
    earlier.any(|it| *it == start) || others && record.slots.iter().any(|slot| slot.start == start)
}

/// The first of these times that can be had now, at most as many as are given; held where `hold` says
/// so, by their place from 1.
pub(super) async fn take(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (id, record): (OutreachId, &OutreachRecord),
    slots: &[Slot],
    (given, hold): (Allocation, bool),
) -> Result<Vec<Time>, Error> {
    let mut times: Vec<Time> = Vec::new();
    for slot in slots {
        if times.len() == given.times {
            break;
        }
        let before = tx.mark();
        let n = u8::try_from(times.len() + 1).unwrap_or(u8::MAX);
        let shared = given.shared && hold;
        let taken = match weighed(services, context, tx, record, slot, shared).await {
            Ok(Some(time)) if hold => {
                let slot = (id, n, shared);
                let held = interviews::hold(services, context, tx, slot, &time.interview).await;
                held.map(|()| Some(time))
            }
            taken => taken,
        };
        match taken {
            Ok(Some(time)) if tx.has_room(BESIDE) => times.push(time),
            Ok(_) => tx.back_to(before),
            Err(error) if error.kind == ErrorKind::Failed => return Err(error),
            Err(_) => tx.back_to(before),
        }
    }
    Ok(times)
}

/// A time as it would be booked; `None`: something speaks against it.
async fn weighed(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    record: &OutreachRecord,
    slot: &Slot,
    shared: bool,
) -> Result<Option<Time>, Error> {
    let time = match &record.purpose {
        Purpose::Book => {
            let mut request = booking(services, context, record, slot.start.to_string());
            let with = slot.interviewers.iter().map(|it| it.id.to_string());
            request.with = with.collect();
            interviews::weighed(services, context, tx, &request, shared).await?
        }
        Purpose::Move(moving) => {
            let to = InterviewReschedule {
                refuse_advice: true,
                ..to(moving, slot.start.to_string(), false)
            };
            interviews::weigh_move(services, context, tx, moving.interview, &to).await?
        }
    };
    let of_the_time = |class| class == Some(FindingClass::Slot);
    let is_clean = !time.verdict.advises.iter().any(|it| of_the_time(it.class));
    Ok(is_clean.then_some(time))
}

/// What would be booked at a time, with whom the stage's panel comes to.
pub(super) fn booking(
    services: &Services,
    context: &RequestContext,
    record: &OutreachRecord,
    start: String,
) -> InterviewNew {
    let stage = services.index.stage(context.workspace, record.stage);
    let organizer = stage.and_then(|row| row.record.interview.organizes());
    InterviewNew {
        organizer: organizer.map(|id| id.to_string()),
        candidate: record.candidate.to_string(),
        job: Some(record.job.to_string()),
        kind: MeetingType::Zoom,
        start,
        confirm: true,
        refuse_advice: true,
        ..InterviewNew::default()
    }
}

/// Times as they are written; `shared`: one other may have each of them too.
pub(super) fn written(times: &[Time], standing: SlotStanding, shared: bool) -> Vec<SlotRecord> {
    let slots = times.iter().map(|time| SlotRecord {
        start: time.interview.start,
        interviewers: time.interview.interviewers.clone(),
        state: standing,
        shared,
    });
    slots.collect()
}
