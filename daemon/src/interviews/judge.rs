//! Gathers what decides about a time and puts it to the predicate. The same for a dry run and for
//! the commit.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::schedule::{Finding, LaneKind, Verdict};
use greenroom_protocol::zoom::{CallsToday, ZoomPlan};
use greenroom_protocol::{Error, ErrorKind};
use jiff::tz::TimeZone;

use super::list::may_see;
use crate::access::RequestContext;
use crate::records::calendar::{self, Owner};
use crate::records::interview::InterviewRecord;
use crate::records::pipeline::CandidateRecord;
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::schedule::predicate::{Party, Question, Spent, judge};
use crate::schedule::time;
use crate::services::Services;
use crate::store::{GLOBAL, Tx};
use crate::zoom::{ConnectionRecord, HostCalls, Link, plan};

/// A judged interview: the verdict, and Zoom's id of the host, whose time it would take too.
pub(super) struct Judged {
    pub verdict: Verdict,
    pub host_zoom_id: Option<String>,
}

/// Judges an interview's time. The commit expects everything the verdict rests on.
pub(super) async fn judged(
    services: &Services,
    asking: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    interview: &InterviewRecord,
) -> Result<Judged, Error> {
    let space = asking.space();
    let (start, end) = (interview.start, interview.end());
    let mut parties = Vec::new();
    for member in &interview.interviewers {
        let record = tx.get::<MemberRecord>(&space, &member.to_string()).await?;
        let name = record
            .ok_or_else(|| Error::not_found("an interviewer is gone").field("with"))?
            .name;
        let busy = calendar::read(tx, &space, &Owner::Member(*member), start, end).await?;
        parties.push(Party {
            kind: LaneKind::Member,
            name,
            capacity: 1,
            busy,
        });
    }
    let candidate = tx
        .get::<CandidateRecord>(&space, &interview.candidate.to_string())
        .await?;
    let name = candidate
        .ok_or_else(|| Error::not_found("the candidate is gone"))?
        .name;
    let busy = calendar::read(
        tx,
        &space,
        &Owner::Candidate(interview.candidate),
        start,
        end,
    )
    .await?;
    parties.push(Party {
        kind: LaneKind::Candidate,
        name,
        capacity: 1,
        busy,
    });

    let mut ends_after = None;
    let mut calls_today = None;
    let mut host_zoom_id = None;
    if let Some(host) = host(services, asking, tx, interview).await? {
        let busy =
            calendar::read(tx, &space, &Owner::Zoom(host.zoom_id.clone()), start, end).await?;
        host_zoom_id = Some(host.zoom_id);
        let longest = host.plan.and_then(|it| plan::longest_minutes(it, start));
        ends_after = longest.map(|minutes| (minutes, host.name.clone()));
        calls_today = Some(Spent {
            host: host.name.clone(),
            calls: host.calls_today,
        });
        parties.push(Party {
            kind: LaneKind::Host,
            name: host.name,
            capacity: host.capacity,
            busy,
        });
    }
    let question = Question {
        now: services.clock.now(),
        start,
        duration_minutes: interview.duration_minutes,
        zone: time::zone(&interview.zone).unwrap_or(TimeZone::UTC),
        parties,
        ends_after,
        calls_today,
        except: Some(id),
    };
    let mut verdict = judge(&question);
    for block in &mut verdict.blocks {
        name_holder(services, asking, tx, block).await?;
    }
    Ok(Judged {
        verdict,
        host_zoom_id,
    })
}

/// Says with whom the interview in the way is, to a caller who may know.
async fn name_holder(
    services: &Services,
    asking: &RequestContext,
    tx: &Tx,
    block: &mut Finding,
) -> Result<(), Error> {
    let Some(id) = block.interview.take() else {
        return Ok(());
    };
    let space = asking.space();
    let other = tx.peek::<InterviewRecord>(&space, &id.to_string()).await?;
    let Some(other) = other.filter(|it| may_see(&asking.scope(), it)) else {
        return Ok(());
    };
    block.interview = Some(id);
    let candidate = other.candidate.to_string();
    let candidate = tx.peek::<CandidateRecord>(&space, &candidate).await?;
    let job = services.index.job(asking.workspace, other.job);
    if let (Some(candidate), Some(job)) = (candidate, job) {
        let with = format!(" ({}, {})", candidate.name, job.record.title);
        block.message.push_str(&with);
    }
    Ok(())
}

struct HostFacts {
    zoom_id: String,
    name: String,
    /// Nothing: not known any more.
    plan: Option<ZoomPlan>,
    capacity: usize,
    calls_today: CallsToday,
}

/// What the host's connection allows; refused where Zoom is not connected and a meeting is still to
/// be made. One that was made keeps its link, and its host's time, without a connection.
async fn host(
    services: &Services,
    asking: &RequestContext,
    tx: &Tx,
    interview: &InterviewRecord,
) -> Result<Option<HostFacts>, Error> {
    let Some(host) = interview.host else {
        return Ok(None);
    };
    let space = asking.space();
    let member = tx.get::<MemberRecord>(&space, &host.to_string()).await?;
    let name = member
        .ok_or_else(|| Error::not_found("the host is gone").field("zoom_user"))?
        .name;
    let connection = tx
        .get::<ConnectionRecord>(&space, &host.to_string())
        .await?
        .unwrap_or_default();
    let is_made = interview.meeting.zoom.meeting().is_some();
    let stays = interview.host_zoom_id.clone().filter(|_| is_made);
    let is_usable = matches!(
        connection.link,
        Link::Connected { .. } | Link::Retrying { .. }
    );
    let grant = connection.grant();
    let zoom_id = match (grant, stays) {
        (Some(grant), _) if is_usable => Some(grant.user.id.clone()),
        (_, stays) => stays,
    };
    let Some(zoom_id) = zoom_id else {
        let reconnect = matches!(connection.link, Link::ReconnectRequired { .. });
        let what = if reconnect {
            "must be reconnected"
        } else {
            "is not connected"
        };
        return Err(Error::new(
            ErrorKind::Zoom,
            format!("{name}'s Zoom {what}; nothing was booked"),
        )
        .field("zoom_user")
        .hint("connect with `greenroom zoom connect`, or give the link by hand with --url"));
    };
    let workspace = tx.get::<WorkspaceRecord>(GLOBAL, &space).await?;
    let account = workspace.map(|it| it.plan).unwrap_or_default();
    let plan = grant.map(|grant| grant.user.plan);
    let capacity = plan::concurrent_meetings(plan.unwrap_or(ZoomPlan::Basic), account);
    let calls_today = HostCalls::today(tx, &space, &zoom_id, services.clock.now()).await?;
    Ok(Some(HostFacts {
        zoom_id,
        name,
        plan,
        capacity: capacity as usize,
        calls_today,
    }))
}

/// The calendars an interview stands in.
pub(super) fn owners(interview: &InterviewRecord) -> Vec<Owner> {
    let mut owners: Vec<_> = interview
        .interviewers
        .iter()
        .copied()
        .map(Owner::Member)
        .collect();
    owners.push(Owner::Candidate(interview.candidate));
    owners.extend(interview.host_zoom_id.clone().map(Owner::Zoom));
    owners
}
