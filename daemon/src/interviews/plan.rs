//! From the words of a request to an interview that could be booked. Writes nothing and judges
//! nothing.

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId, JobId, MemberId, StageId};
use greenroom_protocol::interview::{
    INTERVIEW_MINUTES, InterviewNew, InterviewStatus, MeetingType,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::{Error, ErrorKind};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::start::{self, Asked};
use crate::access::{Principal, RequestContext};
use crate::input;
use crate::records::interview::{InterviewRecord, ManualDetails, MeetingRecord, ZoomMeeting};
use crate::records::pipeline::StagePlan;
use crate::records::terms::Absent;
use crate::schedule::time::Start;
use crate::services::Services;
use crate::store::Actor;

const MOST_INTERVIEWERS: usize = 20;

/// An interview that could be booked.
pub(super) struct Plan {
    pub id: InterviewId,
    pub interview: InterviewRecord,
}

/// An idempotency key, as it is stored.
pub struct Idempotency {
    /// The caller's, and a digest of the key.
    pub id: String,
    /// A digest of the arguments.
    pub arguments: String,
}

/// What is named of an interview, whenever it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub candidate: &'a str,
    pub job: Option<&'a str>,
    /// The stage that plans it; `None`: the one the candidate is in.
    pub stage: Option<&'a str>,
    pub organizer: Option<&'a str>,
    pub zone: Option<&'a str>,
    pub duration_minutes: Option<u32>,
    pub with: &'a [String],
    /// Times are looked for, and nothing is booked.
    pub is_searched: bool,
}

/// An interview without its time and the way to join.
pub(super) struct Basis {
    pub candidate: CandidateId,
    pub application: ApplicationId,
    pub job: JobId,
    pub stage: StageId,
    pub organizer: MemberId,
    pub interviewers: Vec<MemberId>,
    pub zone: String,
    pub duration_minutes: u32,
    /// How the stage's interviews are planned.
    pub plan: StagePlan,
}

/// Resolves what is named; what is not is as the stage plans it, else the caller's.
pub(super) fn basis(
    services: &Services,
    context: &RequestContext,
    named: &Named<'_>,
) -> Result<Basis, Error> {
    let (application, job, stage) = application(services, context, named.candidate, named.job)?;
    let row = services.index.application(context.workspace, application);
    let candidate = row
        .ok_or_else(|| Error::not_found("the application is gone"))?
        .record
        .candidate;
    let stage = match named.stage {
        Some(text) => self::stage(services, context, Some(job), text)?.0,
        None => stage,
    };
    planned_by(
        services,
        context,
        named,
        (candidate, application, job, stage),
    )
}

/// The same for anybody who enters a stage: the candidate and the application are ones that are not
/// there.
pub(super) fn basis_for_anybody(
    services: &Services,
    context: &RequestContext,
    named: &Named<'_>,
    stage: &str,
) -> Result<Basis, Error> {
    let found = named
        .job
        .map(|text| services.index.find_job(context.workspace, text));
    let job = found
        .transpose()
        .map_err(|error| Error::from(error).field("job"))?;
    let (stage, job) = self::stage(services, context, job, stage)?;
    let nobody = (CandidateId::new(), ApplicationId::new());
    planned_by(services, context, named, (nobody.0, nobody.1, job, stage))
}

/// A stage by reference, and its job.
fn stage(
    services: &Services,
    context: &RequestContext,
    job: Option<JobId>,
    text: &str,
) -> Result<(StageId, JobId), Error> {
    let found = services.index.find_stage(context.workspace, job, text);
    let id = found.map_err(|error| Error::from(error).field("stage"))?;
    let row = services.index.stage(context.workspace, id);
    let row = row.ok_or_else(|| Error::not_found("the stage is gone").field("stage"))?;
    Ok((id, row.record.job))
}

fn planned_by(
    services: &Services,
    context: &RequestContext,
    named: &Named<'_>,
    (candidate, application, job, stage): (CandidateId, ApplicationId, JobId, StageId),
) -> Result<Basis, Error> {
    context.hires_for(job)?;
    let plan = stage_plan(services, context, stage);
    let organizer = match organizer(services, context, named.organizer) {
        // What is only looked for, somebody names as it is booked.
        Err(refused) if named.is_searched => plan.organizes().ok_or(refused)?,
        found => found?,
    };
    let zone = zone(services, context, named.zone, organizer)?;
    let duration_minutes = duration(named.duration_minutes.unwrap_or(plan.duration_minutes))?;
    Ok(Basis {
        candidate,
        application,
        job,
        stage,
        organizer,
        interviewers: interviewers(services, context, named.with)?,
        zone,
        duration_minutes,
        plan,
    })
}

/// How a stage's interviews are planned; one that is gone plans as a new one does.
pub(super) fn stage_plan(
    services: &Services,
    context: &RequestContext,
    stage: StageId,
) -> StagePlan {
    let row = services.index.stage(context.workspace, stage);
    row.map(|row| row.record.interview.clone())
        .unwrap_or_default()
}

/// Reads a request: every name resolved, every time and text checked.
pub(super) fn read(
    services: &Services,
    context: &RequestContext,
    request: &InterviewNew,
) -> Result<Plan, Error> {
    let named = Named {
        candidate: &request.candidate,
        job: request.job.as_deref(),
        stage: None,
        organizer: request.organizer.as_deref(),
        zone: request.zone.as_deref(),
        duration_minutes: request.duration_minutes,
        with: &request.with,
        is_searched: false,
    };
    let mut basis = basis(services, context, &named)?;
    let asked = Asked {
        text: &request.start,
        zone: &basis.zone,
        locale: request.locale.as_deref(),
        shown: request.start_shown,
        minutes: request.duration_minutes,
        candidate: basis.candidate,
    };
    let (start, minutes) = start::read(services, context, &asked)?;
    if let Some(minutes) = minutes {
        basis.duration_minutes = duration(minutes)?;
    }
    let typed = Details {
        url: request.url.as_deref(),
        meeting_id: request.meeting_id.as_deref(),
        passcode: request.passcode.as_deref(),
        details: request.details.as_deref(),
    };
    let manual = manual(request.kind, &typed)?;
    let named = request.zoom_user.as_deref();
    let host = match (request.kind, &manual) {
        (MeetingType::Zoom, None) => Some(host(services, context, named, basis.plan.zoom_user)?),
        _ => None,
    };
    let zoom_notes = zoom_notes(request.zoom_notes, host.is_some())?;
    let zoom_notes = zoom_notes.unwrap_or(basis.plan.zoom_notes);
    let mut interview = basis.at(start, host, services.clock.now(), context.actor());
    if request.confirm {
        interview.status = InterviewStatus::Confirmed;
    }
    let zoom = match host.is_some() && request.confirm {
        true => ZoomMeeting::Wanted,
        false => ZoomMeeting::None,
    };
    interview.zoom_notes = zoom_notes && host.is_some();
    interview.meeting = MeetingRecord {
        kind: request.kind,
        manual,
        zoom,
        reason: None,
        restored: None,
    };
    Ok(Plan {
        id: InterviewId::new(),
        interview,
    })
}

impl Basis {
    /// The interview at a time, to be confirmed, as a meeting at Zoom that nobody has asked for.
    pub(super) fn at(
        self,
        start: Start,
        host: Option<MemberId>,
        now: Instant,
        created_by: Actor,
    ) -> InterviewRecord {
        InterviewRecord {
            candidate: self.candidate,
            application: self.application,
            job: self.job,
            stage: self.stage,
            organizer: self.organizer,
            host,
            host_zoom_id: None,
            interviewers: self.interviewers,
            start: start.instant,
            zone: start.zone,
            offset: start.offset,
            duration_minutes: self.duration_minutes,
            status: InterviewStatus::ToBeConfirmed,
            meeting: MeetingRecord {
                kind: MeetingType::Zoom,
                manual: None,
                zoom: ZoomMeeting::None,
                reason: None,
                restored: None,
            },
            warnings: Vec::new(),
            created_at: now,
            created_by,
            absent: Absent::default(),
            change: 0,
            changes: Vec::new(),
            drift: None,
            uuids: Vec::new(),
            left: Vec::new(),
            invitation: Default::default(),
            zoom_notes: false,
        }
    }
}

/// Whether Zoom is to write a summary, as was asked for; refused where no meeting of ours is made.
pub(super) fn zoom_notes(asked: Option<bool>, is_ours: bool) -> Result<Option<bool>, Error> {
    if asked == Some(true) && !is_ours {
        let why = "Zoom can write notes only of a Zoom meeting that Greenroom creates";
        return Err(Error::usage(why).field("zoom_notes"));
    }
    Ok(asked)
}

/// A length that an interview may have, in minutes.
pub(super) fn duration(minutes: u32) -> Result<u32, Error> {
    if INTERVIEW_MINUTES.contains(&minutes) {
        return Ok(minutes);
    }
    let (least, most) = (INTERVIEW_MINUTES.start(), INTERVIEW_MINUTES.end());
    let why = format!("an interview lasts {least} to {most} minutes, not {minutes}");
    Err(Error::usage(why).field("duration_minutes"))
}

/// The member that a reference in `field` means.
pub(super) fn member(
    services: &Services,
    context: &RequestContext,
    text: &str,
    field: &str,
) -> Result<MemberId, Error> {
    let found = services.index.find_member(context.workspace, text);
    found.map_err(|error| Error::from(error).field(field))
}

/// Who invites: the member named, else the caller.
fn organizer(
    services: &Services,
    context: &RequestContext,
    named: Option<&str>,
) -> Result<MemberId, Error> {
    if let Some(text) = named {
        return member(services, context, text, "organizer");
    }
    let me = context.member();
    me.map(|me| me.brief.id)
        .map_err(|error| error.field("organizer"))
}

/// The zone the start is written in: the one named, else the caller's, else the organizer's.
fn zone(
    services: &Services,
    context: &RequestContext,
    named: Option<&str>,
    organizer: MemberId,
) -> Result<String, Error> {
    if let Some(zone) = named.or(context.me().map(|me| me.zone.as_str())) {
        return Ok(zone.to_owned());
    }
    let row = services.index.member(context.workspace, organizer);
    let row = row.ok_or_else(|| Error::not_found("the organizer is gone").field("organizer"))?;
    Ok(row.record.zone.clone())
}

/// Who takes part, each once; nobody named: the caller.
pub(super) fn interviewers(
    services: &Services,
    context: &RequestContext,
    with: &[String],
) -> Result<Vec<MemberId>, Error> {
    let mut interviewers = Vec::new();
    for text in with {
        let found = member(services, context, text, "with")?;
        if !interviewers.contains(&found) {
            interviewers.push(found);
        }
    }
    // Whom the assistant asks, the stage's panel says.
    if interviewers.is_empty() && !matches!(context.principal, Principal::Assistant { .. }) {
        interviewers.push(context.member()?.brief.id);
    }
    refuse_a_crowd(&interviewers)?;
    Ok(interviewers)
}

/// Refuses more people than an interview has room for.
pub(super) fn refuse_a_crowd(interviewers: &[MemberId]) -> Result<(), Error> {
    if interviewers.len() <= MOST_INTERVIEWERS {
        return Ok(());
    }
    let why = format!("An interview has at most {MOST_INTERVIEWERS} interviewers");
    Err(Error::usage(why).field("with"))
}

/// Reads the request's idempotency key, which belongs to the caller.
pub(super) fn key(
    context: &RequestContext,
    request: &InterviewNew,
) -> Result<Option<Idempotency>, Error> {
    let by = context.actor();
    let key = request.idempotency_key.as_deref();
    key.map(|key| idempotency(key, &by, request)).transpose()
}

/// Which application: the one named by id, the one for the job named, or the only open one.
pub(super) fn application(
    services: &Services,
    context: &RequestContext,
    candidate: &str,
    job: Option<&str>,
) -> Result<(ApplicationId, JobId, StageId), Error> {
    let index = &services.index;
    let entry = services
        .index
        .candidate_named(context, candidate)
        .map_err(|error| Error::from(error).field("candidate"))?;
    let job = job
        .map(|text| index.find_job(context.workspace, text))
        .transpose();
    let job = job.map_err(|error| Error::from(error).field("job"))?;
    let open = |id: JobId| {
        index
            .job(context.workspace, id)
            .is_some_and(|row| row.record.open)
    };
    let mut fitting: Vec<_> = entry
        .applications
        .iter()
        .filter(|it| job.map_or_else(|| open(it.job), |job| it.job == job))
        .collect();
    // Of somebody whose every application is closed, booking says which state is in the way.
    if fitting.iter().any(|it| !it.state.is_closed()) {
        fitting.retain(|it| !it.state.is_closed());
    }
    match fitting[..] {
        [one] => Ok((one.id, one.job, one.stage)),
        [] => Err(
            Error::not_found(format!("{} has no application for an open job", entry.name))
                .field("job")
                .hint("add one with `greenroom candidate add`, or name the job"),
        ),
        _ => {
            let mut refused = Error::not_found(format!("{} applied for several jobs", entry.name))
                .field("job")
                .hint("name the one you mean with --job");
            let title = |id| {
                index
                    .job(context.workspace, id)
                    .map(|row| row.record.title.clone())
            };
            refused.matches = fitting.iter().filter_map(|it| title(it.job)).collect();
            Err(refused)
        }
    }
}

/// Whose Zoom hosts: one's own always, a colleague's when they share it and the caller may.
pub(super) fn host(
    services: &Services,
    context: &RequestContext,
    named: Option<&str>,
    planned: Option<MemberId>,
) -> Result<MemberId, Error> {
    let me = context.me().map(|me| me.brief.id);
    let named = named
        .map(|text| services.index.find_member(context.workspace, text))
        .transpose();
    let named = named.map_err(|error| Error::from(error).field("zoom_user"))?;
    let host = match named.or(planned).or(me) {
        Some(host) => host,
        None => context.member()?.brief.id,
    };
    if Some(host) == me {
        return Ok(host);
    }
    if !context.may_book_on(host, planned) {
        return Err(Error::denied(
            "not permitted: booking on a colleague's Zoom needs a recruiter or admin",
        )
        .field("zoom_user"));
    }
    let row = services
        .index
        .member(context.workspace, host)
        .ok_or_else(|| Error::not_found("the host is gone"))?;
    match row.record.shared {
        true => Ok(host),
        false => Err(Error::denied(format!(
            "not permitted: {} does not share their Zoom",
            row.record.name
        ))
        .field("zoom_user")),
    }
}

/// How people join, as somebody typed it.
pub(super) struct Details<'a> {
    pub url: Option<&'a str>,
    pub meeting_id: Option<&'a str>,
    pub passcode: Option<&'a str>,
    pub details: Option<&'a str>,
}

/// Details typed by a person, where the type needs or allows them.
pub(super) fn manual(
    kind: MeetingType,
    typed: &Details<'_>,
) -> Result<Option<ManualDetails>, Error> {
    let url = typed
        .url
        .map(|text| input::link("url", text, "https://meet.example/abc"))
        .transpose()?;
    let meeting_id = input::optional_line("meeting_id", typed.meeting_id)?;
    let passcode = input::optional_line("passcode", typed.passcode)?;
    let details = input::optional_line("details", typed.details)?;
    let missing =
        |field: &str, what: &str| Err(Error::usage(format!("{what} is missing")).field(field));
    match kind {
        MeetingType::Zoom if url.is_none() && (meeting_id.is_some() || passcode.is_some()) => {
            missing("url", "the link that the number and the passcode belong to")
        }
        MeetingType::Zoom if url.is_none() => Ok(None),
        MeetingType::Link if url.is_none() => missing("url", "the link"),
        MeetingType::Phone if details.is_none() => missing("details", "the telephone number"),
        MeetingType::Place if details.is_none() => missing("details", "the place"),
        _ => Ok(Some(ManualDetails {
            url,
            meeting_id,
            passcode,
            details,
        })),
    }
}

fn idempotency(key: &str, by: &Actor, request: &InterviewNew) -> Result<Idempotency, Error> {
    let mut same = request.clone();
    same.idempotency_key = None;
    same.dry_run = false;
    same.preview = false;
    // Where the same words are sent from says nothing of what is asked.
    same.locale = None;
    keyed(key, by, &same)
}

/// A key that the caller gave to these arguments.
///
/// # Errors
/// It is no name.
pub fn keyed(key: &str, by: &Actor, arguments: &impl Serialize) -> Result<Idempotency, Error> {
    let key = input::name("idempotency_key", key)?;
    let arguments = serde_json::to_vec(arguments).map_err(|error| {
        Error::new(
            ErrorKind::Failed,
            format!("Couldn't read the request: {error}"),
        )
    })?;
    let digest = |bytes: &[u8]| -> String {
        Sha256::digest(bytes)
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    let owner = match by {
        Actor::Person(member) => member.to_string(),
        Actor::Operator | Actor::Assistant { .. } | Actor::Daemon => {
            digest(by.to_string().as_bytes())
        }
    };
    Ok(Idempotency {
        id: format!("{owner}.{}", digest(key.as_bytes())),
        arguments: digest(&arguments),
    })
}
