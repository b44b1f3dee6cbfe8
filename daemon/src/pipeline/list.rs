//! Candidates: listed, searched, filtered and sorted.
//!
//! Owns how a query's words become the index's: references, days and times. What the caller may see
//! is decided by `access`, and the index looks at nothing else.

use greenroom_protocol::id::{ApplicationId, JobId, StageId};
use greenroom_protocol::outreach::OutreachBrief;
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST};
use greenroom_protocol::pipeline::{
    ApplicationBrief, ApplicationState, CandidatePage, CandidateQuery, CandidateRow, CandidateSort,
    Highlight, HighlightField,
};
use greenroom_protocol::{Error, ErrorKind};

use crate::access::RequestContext;
use crate::index::{
    Applications, EntryApplication, Filter, FoundRow, Highlights, Search, Sort, States,
};
use crate::services::Services;

/// The most values one filter may name.
const MOST_VALUES: usize = 100;

/// Every state that is not in the usual list.
const ARCHIVED: &[ApplicationState] = &[
    ApplicationState::OnHold,
    ApplicationState::Rejected,
    ApplicationState::Withdrawn,
    ApplicationState::Hired,
];

/// A page of candidates.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: CandidateQuery,
) -> Result<CandidatePage, Error> {
    let index = &services.index;
    let applications = index.applications_for(context, None);
    let visible = index.visible_to(context);
    let search = Search {
        text: &query.text,
        fuzzy: query.fuzzy,
        filter: filter(services, context, &query)?,
        sort: match query.sort {
            CandidateSort::Name => Sort::Name,
            CandidateSort::Stage => Sort::Stage,
            CandidateSort::Since => Sort::Since,
            CandidateSort::Added => Sort::Added,
        },
        reverse: query.reverse,
        visible: &visible,
        applications: &applications,
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MOST) as usize;
    let found = index.search(context.workspace, &search, query.cursor.as_deref(), limit);
    let found =
        found.map_err(|error| Error::new(ErrorKind::Usage, error.to_string()).field("cursor"))?;
    let highlights = Highlights::new(&query.text, query.fuzzy);
    let rows = found.rows.into_iter();
    let rows = rows.map(|found| row(services, context, found, &applications, &highlights));
    Ok(CandidatePage {
        items: rows.collect(),
        total: found.total,
        next: found.next,
        near: found.near,
        nearest: found.nearest,
    })
}

/// What a query asks for, in ids and times.
pub(super) fn filter(
    services: &Services,
    context: &RequestContext,
    query: &CandidateQuery,
) -> Result<Filter, Error> {
    let now = services.clock.now();
    let days = |days: u32| now.plus_minutes(-i64::from(days) * 24 * 60);
    let zones = bounded("zones", &query.zones)?;
    Ok(Filter {
        states: match (query.archived, &query.states[..]) {
            (true, _) => States::Some(ARCHIVED.to_vec()),
            (false, []) => States::Current,
            (false, states) => States::Some(states.to_vec()),
        },
        since_before: query.older_than_days.map(days),
        without_interview_from: query.no_interview.then_some(now),
        zones: zones.to_vec(),
        ..places(services, context, query)?
    })
}

/// The jobs and stages a query names.
pub(super) fn places(
    services: &Services,
    context: &RequestContext,
    query: &CandidateQuery,
) -> Result<Filter, Error> {
    let (index, ws) = (&services.index, context.workspace);
    let job = query.job.as_deref();
    let job = job.map(|text| index.find_job(ws, text)).transpose()?;
    let more = bounded("jobs", &query.jobs)?.iter();
    let more = more.map(|text| index.find_job(ws, text));
    let mut jobs: Vec<JobId> = job
        .into_iter()
        .map(Ok)
        .chain(more)
        .collect::<Result<_, _>>()?;
    jobs.sort();
    jobs.dedup();
    let stage = query.stage.as_deref();
    let stage = stage
        .map(|text| index.find_stage(ws, job, text))
        .transpose()?;
    let mut stages: Vec<StageId> = stage.into_iter().collect();
    for text in bounded("stages", &query.stages)? {
        stages.extend(index.stages_named(ws, &jobs, text)?);
    }
    stages.sort();
    stages.dedup();
    Ok(Filter {
        jobs,
        stages,
        ..Filter::default()
    })
}

fn bounded<'a>(field: &str, values: &'a [String]) -> Result<&'a [String], Error> {
    if values.len() <= MOST_VALUES {
        return Ok(values);
    }
    let message = format!("A list can be filtered by {MOST_VALUES} values at most");
    Err(Error::usage(message).field(field))
}

fn row(
    services: &Services,
    context: &RequestContext,
    found: FoundRow,
    applications: &Applications,
    highlights: &Highlights,
) -> CandidateRow {
    let entry = applications.narrow(found.candidate);
    let shown = entry
        .applications
        .iter()
        .find(|it| Some(it.id) == found.shown);
    let application = shown.map(|it| brief(services, context, it));
    let place = application.as_ref();
    let fields = [
        (HighlightField::Name, entry.name.as_str()),
        (HighlightField::Email, entry.email.as_str()),
        (HighlightField::Job, place.map_or("", |it| &it.job_title)),
        (HighlightField::Stage, place.map_or("", |it| &it.stage_name)),
    ];
    let spans = highlights.of(&fields.map(|(_, text)| text));
    let matched = fields.iter().zip(spans).flat_map(|((field, _), spans)| {
        spans.into_iter().map(|span| Highlight {
            field: *field,
            from: span.start,
            to: span.end,
        })
    });
    let matched = matched.collect();
    CandidateRow {
        id: entry.id,
        applications: u32::try_from(entry.applications.len()).unwrap_or(u32::MAX),
        application,
        matched,
        near: found.near,
        name: entry.name,
        email: entry.email,
        zone: entry.zone,
    }
}

fn brief(
    services: &Services,
    context: &RequestContext,
    entry: &EntryApplication,
) -> ApplicationBrief {
    let job = services.index.job(context.workspace, entry.job);
    let stage = services.index.stage(context.workspace, entry.stage);
    ApplicationBrief {
        id: entry.id,
        job: entry.job,
        job_title: job.map(|row| row.record.title.clone()).unwrap_or_default(),
        stage: entry.stage,
        stage_name: stage.map(|row| row.record.name.clone()).unwrap_or_default(),
        since: entry.since,
        state: entry.state,
        outreach: open_outreach(services, context, (entry.id, entry.job)),
        revision: entry.revision,
    }
}

/// The open outreach of an application, for those who hire for its job.
pub(super) fn open_outreach(
    services: &Services,
    context: &RequestContext,
    (application, job): (ApplicationId, JobId),
) -> Option<OutreachBrief> {
    context.hires_for(job).ok()?;
    let (id, place) = services
        .index
        .open_outreach_of(context.workspace, application)?;
    Some(OutreachBrief {
        id,
        state: place.state.shown(),
        why: place.state.why(),
        since: place.since,
        slots: u32::try_from(place.slots).unwrap_or(u32::MAX),
        away: place.away,
    })
}
