//! Lists of interviews, one interview, and who is busy when: only what the caller may see.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::interview::{Interview, InterviewQuery};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::schedule::{BusyLane, BusyQuery, BusyTime, LaneKind};
use greenroom_protocol::workspace::Reference;

use super::view;
use crate::access::{RequestContext, Scope};
use crate::index::{InterviewFilter, VisibleInterviews};
use crate::records::calendar::{self, Owner};
use crate::records::interview::InterviewRecord;
use crate::records::workspace::WorkspaceRecord;
use crate::schedule::busy::Interval;
use crate::services::Services;
use crate::store::GLOBAL;
use crate::zoom::{ConnectionRecord, plan};

/// The longest stretch `busy` answers for, in days.
const LONGEST_STRETCH: i64 = 62;

pub(super) fn visible(scope: Scope) -> VisibleInterviews {
    match scope {
        Scope::All => VisibleInterviews::All,
        Scope::Jobs(jobs, me) => VisibleInterviews::JobsOr(jobs, me),
        Scope::Own(me) => VisibleInterviews::Of(me),
        Scope::Nothing => VisibleInterviews::None,
    }
}

/// A page of interviews by start.
pub async fn list(
    services: &Services,
    asking: &RequestContext,
    query: InterviewQuery,
) -> Result<Page<Interview>, Error> {
    let index = &services.index;
    let candidate = query
        .candidate
        .as_deref()
        .map(|text| services.index.candidate_named(asking, text))
        .transpose()?;
    let member = query
        .member
        .as_deref()
        .map(|text| index.find_member(asking.workspace, text))
        .transpose()?;
    let filter = InterviewFilter {
        from: query.from,
        to: query.to,
        candidate: candidate.map(|entry| entry.id),
        member,
        status: query.status.clone(),
        visible: visible(asking.scope()),
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MOST) as usize;
    let found = index
        .interviews(asking.workspace, &filter, query.cursor.as_deref(), limit)
        .map_err(|error| Error::usage(error.to_string()).field("cursor"))?;
    let items = view::many(services, asking.workspace, &found.ids).await?;
    Ok(Page {
        items,
        total: found.total,
        next: found.next,
    })
}

/// One interview.
pub async fn get(
    services: &Services,
    asking: &RequestContext,
    reference: Reference,
) -> Result<Interview, Error> {
    let id: InterviewId = services.index.find_interview(
        asking.workspace,
        &reference.reference,
        &visible(asking.scope()),
    )?;
    let stored = services
        .store
        .get::<InterviewRecord>(&asking.space(), &id.to_string())
        .await?;
    let shown = stored.filter(|it| may_see(&asking.scope(), &it.record));
    if shown.is_none() {
        return Err(Error::not_found(
            "there is no such interview among those you work with",
        ));
    }
    view::one(services, asking.workspace, id).await
}

/// Whether the caller may know of an interview.
pub fn sees(services: &Services, asking: &RequestContext, id: InterviewId) -> bool {
    let filter = InterviewFilter {
        visible: visible(asking.scope()),
        ..InterviewFilter::default()
    };
    services.index.shows(asking.workspace, id, &filter)
}

pub(super) fn may_see(scope: &Scope, interview: &InterviewRecord) -> bool {
    let takes_part =
        |me: &MemberId| interview.interviewers.contains(me) || interview.organizer == *me;
    match scope {
        Scope::All => true,
        Scope::Jobs(jobs, me) => jobs.contains(&interview.job) || takes_part(me),
        Scope::Own(me) => takes_part(me),
        Scope::Nothing => false,
    }
}

/// Who is busy between two moments.
pub async fn busy(
    services: &Services,
    asking: &RequestContext,
    query: BusyQuery,
) -> Result<Vec<BusyLane>, Error> {
    if query.to <= query.from || query.to.since(query.from).as_hours() > LONGEST_STRETCH * 24 {
        let why = format!(
            "read the stretch: it must end after it begins, and within {LONGEST_STRETCH} days"
        );
        return Err(Error::usage(why).field("to"));
    }
    let (space, index) = (asking.space(), &services.index);
    // Everyone who schedules sees when somebody is busy; what with, only those who may see it.
    let known = |id| sees(services, asking, id);
    let mut lanes = Vec::new();
    for text in &query.members {
        let id = index.find_member(asking.workspace, text)?;
        let name = index
            .member(asking.workspace, id)
            .map(|row| row.record.name.clone())
            .unwrap_or_default();
        let busy = calendar::show(
            &services.store,
            &space,
            &Owner::Member(id),
            query.from,
            query.to,
        )
        .await?;
        lanes.push(lane(LaneKind::Member, name, 1, &busy, &known));
    }
    if let Some(text) = &query.candidate {
        let entry = services.index.candidate_named(asking, text)?;
        let busy = calendar::show(
            &services.store,
            &space,
            &Owner::Candidate(entry.id),
            query.from,
            query.to,
        )
        .await?;
        lanes.push(lane(LaneKind::Candidate, entry.name, 1, &busy, &known));
    }
    if let Some(text) = &query.zoom_user {
        let id = index.find_member(asking.workspace, text)?;
        let name = index
            .member(asking.workspace, id)
            .map(|row| row.record.name.clone())
            .unwrap_or_default();
        let connection = services
            .store
            .get::<ConnectionRecord>(&space, &id.to_string())
            .await?;
        if let Some(user) =
            connection.and_then(|stored| stored.record.grant().map(|grant| grant.user.clone()))
        {
            let workspace = services
                .store
                .get::<WorkspaceRecord>(GLOBAL, &space)
                .await?;
            let account = workspace
                .map(|stored| stored.record.plan)
                .unwrap_or_default();
            let busy = calendar::show(
                &services.store,
                &space,
                &Owner::Zoom(user.id),
                query.from,
                query.to,
            )
            .await?;
            let capacity = plan::concurrent_meetings(user.plan, account);
            lanes.push(lane(LaneKind::Host, name, capacity, &busy, &known));
        }
    }
    Ok(lanes)
}

fn lane(
    kind: LaneKind,
    name: String,
    capacity: u32,
    busy: &[Interval],
    known: &impl Fn(InterviewId) -> bool,
) -> BusyLane {
    let time = |it: &Interval| BusyTime {
        start: it.start,
        end: it.end,
        interview: Some(it.interview).filter(|id| known(*id)),
    };
    let mut busy: Vec<_> = busy.iter().map(time).collect();
    busy.sort_by_key(|it| it.start);
    BusyLane {
        kind,
        name,
        capacity,
        busy,
    }
}
