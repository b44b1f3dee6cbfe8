//! Lists of interviews, one interview, and who is busy when: only what the caller may see.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::interview::{Interview, InterviewQuery};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::pipeline::Night;
use greenroom_protocol::schedule::{BusyLane, BusyQuery, BusyTime, BusyWith, LaneKind, Stretch};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use super::facts::working_hours;
use super::plan::{application, stage_plan};
use super::{judge, view};
use crate::access::{RequestContext, Scope};
use crate::index::{Index, InterviewFilter, VisibleInterviews};
use crate::records::calendar::Owner;
use crate::records::interview::InterviewRecord;
use crate::records::workspace::WorkspaceRecord;
use crate::schedule::busy::{Interval, Own, TakenBy};
use crate::schedule::hours::{self, Said};
use crate::schedule::predicate::Place;
use crate::schedule::ranges::{Seconds, common};
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
    context: &RequestContext,
    query: InterviewQuery,
) -> Result<Page<Interview>, Error> {
    let index = &services.index;
    let candidate = query
        .candidate
        .as_deref()
        .map(|text| services.index.candidate_named(context, text))
        .transpose()?;
    let member = query
        .member
        .as_deref()
        .map(|text| index.find_member(context.workspace, text))
        .transpose()?;
    let filter = InterviewFilter {
        from: query.from,
        to: query.to,
        candidate: candidate.map(|entry| entry.id),
        member,
        status: query.status.clone(),
        visible: visible(context.scope()),
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MOST) as usize;
    let found = index
        .interviews(context.workspace, &filter, query.cursor.as_deref(), limit)
        .map_err(|error| Error::usage(error.to_string()).field("cursor"))?;
    let items = view::many(services, context.workspace, &found.ids).await?;
    Ok(Page {
        items,
        total: found.total,
        next: found.next,
    })
}

/// One interview.
pub async fn get(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<Interview, Error> {
    let id: InterviewId = services.index.find_interview(
        context.workspace,
        &reference.reference,
        &visible(context.scope()),
    )?;
    let stored = services
        .store
        .get::<InterviewRecord>(&context.space(), &id.to_string())
        .await?;
    let shown = stored.filter(|it| may_see(&context.scope(), &it.record));
    if shown.is_none() {
        return Err(Error::not_found(
            "there is no such interview among those you work with",
        ));
    }
    view::one(services, context.workspace, id).await
}

/// Whether the caller may know of an interview.
pub fn sees(services: &Services, context: &RequestContext, id: InterviewId) -> bool {
    let filter = InterviewFilter {
        visible: visible(context.scope()),
        ..InterviewFilter::default()
    };
    services.index.shows(context.workspace, id, &filter)
}

/// The interview a text names, among those the caller may see.
///
/// # Errors
/// It names none, or several.
pub fn find(
    services: &Services,
    context: &RequestContext,
    text: &str,
) -> Result<InterviewId, Error> {
    let seen = visible(context.scope());
    let found = services
        .index
        .find_interview(context.workspace, text, &seen);
    found.map_err(|error| Error::from(error).field("interview"))
}

pub(super) fn may_see(scope: &Scope, interview: &InterviewRecord) -> bool {
    let takes_part =
        |me: &MemberId| interview.interviewers.contains(me) || interview.organizer == *me;
    match scope {
        Scope::All => true,
        Scope::Jobs(jobs, me) => {
            jobs.contains(&interview.job) || me.as_ref().is_some_and(takes_part)
        }
        Scope::Own(me) => takes_part(me),
        Scope::Nothing => false,
    }
}

/// Who is busy between two moments.
pub async fn busy(
    services: &Services,
    context: &RequestContext,
    query: BusyQuery,
) -> Result<Vec<BusyLane>, Error> {
    if query.to <= query.from || query.to.since(query.from).as_hours() > LONGEST_STRETCH * 24 {
        let why = format!("The end must be after the beginning, and within {LONGEST_STRETCH} days");
        return Err(Error::usage(why).field("to"));
    }
    // Everyone who schedules sees when somebody is busy; what with, only those who may see it.
    let known = |id| sees(services, context, id);
    let lanes = lanes(services, context, &query).await?;
    let purpose = Purpose::of(services, context, &query).await?;
    let (index, ws) = (&services.index, context.workspace);
    let span = query.from.second()..query.to.second();
    let lanes = lanes.into_iter().map(|lane| {
        let mut busy = index.busy(ws, &lane.owner, query.from, query.to);
        if let Owner::Member(id) = &lane.owner {
            busy = index.with_elsewhere(ws, *id, busy, (query.from, query.to), &[]);
        }
        let (open, hours_assumed) = open(index, ws, (&lane, purpose.night), &span);
        let mut busy = busy.between(query.from, query.to);
        busy.retain(|it| !it.is_of(purpose.kept));
        BusyLane {
            kind: lane.kind,
            id: lane.id,
            name: lane.name,
            capacity: lane.capacity,
            zone: lane.zone,
            open,
            hours_assumed,
            busy: times(&busy, &known),
        }
    });
    Ok(lanes.collect())
}

/// What times are looked for.
#[derive(Default)]
struct Purpose {
    /// When the candidate is not asked, as the stage says.
    night: Night,
    /// The outreach that holds slots for it.
    kept: Own,
}

impl Purpose {
    /// Of nothing that is named, the usual night, and nothing is kept for it.
    async fn of(
        services: &Services,
        context: &RequestContext,
        query: &BusyQuery,
    ) -> Result<Self, Error> {
        let (application, stage) = match (&query.interview, &query.candidate, &query.job) {
            (Some(text), _, _) => {
                let seen = visible(context.scope());
                let id = services
                    .index
                    .find_interview(context.workspace, text, &seen);
                let id = id.map_err(|error| Error::from(error).field("interview"))?;
                let stored = services
                    .store
                    .get::<InterviewRecord>(&context.space(), &id.to_string())
                    .await?;
                let gone = || Error::not_found("the interview is gone").field("interview");
                let interview = stored.ok_or_else(gone)?.record;
                (interview.application, interview.stage)
            }
            (None, Some(candidate), Some(job)) => {
                let (application, _, stage) = application(services, context, candidate, Some(job))?;
                (application, stage)
            }
            _ => return Ok(Self::default()),
        };
        let space = &context.space();
        let (outreach, _) = services
            .store
            .transact(|tx| async move { judge::kept_for(&tx, space, application).await })
            .await?;
        let kept = Own {
            outreach,
            ..Own::default()
        };
        let night = stage_plan(services, context, stage).night;
        Ok(Self { night, kept })
    }
}

/// When somebody works, or is not asleep, and whether that is assumed. Where a candidate's zone is
/// not known, all of the time may be day.
fn open(
    index: &Index,
    ws: WorkspaceId,
    (lane, night): (&Lane, Night),
    span: &Seconds,
) -> (Vec<Stretch>, bool) {
    let whole = std::slice::from_ref(span);
    let (open, assumed) = match &lane.owner {
        Owner::Zoom(_) => return (Vec::new(), false),
        Owner::Candidate(_) => match lane.zone.as_deref().and_then(Place::of) {
            None => (whole.to_vec(), true),
            Some(place) => (hours::awake(night, &place.zone, span), false),
        },
        Owner::Member(id) => {
            let zone = lane.zone.as_deref().unwrap_or_default();
            let hours = working_hours(index, ws, (*id, zone), span);
            (common(whole, &hours.open), hours.said == Said::Assumed)
        }
    };
    let stretch = |it: Seconds| Stretch {
        start: Instant::from_second(it.start),
        end: Instant::from_second(it.end),
    };
    (open.into_iter().map(stretch).collect(), assumed)
}

/// Somebody whose time is shown.
struct Lane {
    kind: LaneKind,
    id: String,
    name: String,
    zone: Option<String>,
    capacity: u32,
    owner: Owner,
}

async fn lanes(
    services: &Services,
    context: &RequestContext,
    query: &BusyQuery,
) -> Result<Vec<Lane>, Error> {
    let mut lanes = Vec::new();
    for text in &query.members {
        let (id, name) = member(services, context, text)?;
        let row = services.index.member(context.workspace, id);
        lanes.push(Lane {
            kind: LaneKind::Member,
            id: id.to_string(),
            name,
            zone: row.map(|row| row.record.zone.clone()),
            capacity: 1,
            owner: Owner::Member(id),
        });
    }
    if let Some(text) = &query.candidate {
        let entry = services.index.candidate_named(context, text)?;
        lanes.push(Lane {
            kind: LaneKind::Candidate,
            id: entry.id.to_string(),
            name: entry.name,
            zone: entry.zone,
            capacity: 1,
            owner: Owner::Candidate(entry.id),
        });
    }
    if let Some(text) = &query.zoom_user {
        let (id, name) = member(services, context, text)?;
        lanes.extend(host_lane(services, context, id, name).await?);
    }
    Ok(lanes)
}

fn member(
    services: &Services,
    context: &RequestContext,
    text: &str,
) -> Result<(MemberId, String), Error> {
    let id = services.index.find_member(context.workspace, text)?;
    let row = services.index.member(context.workspace, id);
    let name = row.map(|row| row.record.name.clone()).unwrap_or_default();
    Ok((id, name))
}

/// `None` where the member's Zoom was never connected.
async fn host_lane(
    services: &Services,
    context: &RequestContext,
    host: MemberId,
    name: String,
) -> Result<Option<Lane>, Error> {
    let (store, space) = (&services.store, context.space());
    let connection = store
        .get::<ConnectionRecord>(&space, &host.to_string())
        .await?;
    let Some(user) =
        connection.and_then(|stored| stored.record.grant().map(|grant| grant.user.clone()))
    else {
        return Ok(None);
    };
    let workspace = store.get::<WorkspaceRecord>(GLOBAL, &space).await?;
    let account = workspace.map(|stored| stored.record.plan);
    let capacity = plan::concurrent_meetings(plan::of(&user), account.unwrap_or_default());
    Ok(Some(Lane {
        kind: LaneKind::Host,
        id: host.to_string(),
        name,
        zone: None,
        capacity,
        owner: Owner::Zoom(user.id),
    }))
}

fn times(busy: &[Interval], known: &impl Fn(InterviewId) -> bool) -> Vec<BusyTime> {
    let time = |it: &Interval| BusyTime {
        start: it.start,
        end: it.end,
        interview: it.taken_by.interview().filter(|id| known(*id)),
        with: with(it.taken_by),
    };
    busy.iter().map(time).collect()
}

fn with(taken_by: TakenBy) -> BusyWith {
    match taken_by {
        TakenBy::Interview { planned: false, .. } => BusyWith::Interview,
        TakenBy::Interview { planned: true, .. } => BusyWith::Unconfirmed,
        TakenBy::HeldSlot { .. } => BusyWith::HeldSlot,
        TakenBy::Elsewhere | TakenBy::Unknown => BusyWith::Elsewhere,
    }
}
