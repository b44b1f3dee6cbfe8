//! What a form is about: the candidate, the job, the interview.
//!
//! Invariant: nothing is guessed. Where a form does not say which, or there is none, the answer is a
//! turn that asks or says so. Must change nothing.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{AnswerKind, RequestForm, StatedWhen};
use greenroom_protocol::id::{CandidateId, JobId};
use greenroom_protocol::interview::{Interview, InterviewQuery, InterviewStatus, MeetingType};
use greenroom_protocol::schedule::Planned;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use super::say::{Said, Turn};
use super::{allowed, words};
use crate::index::CandidateEntry;
use crate::interviews;
use crate::requests::Fits;
use crate::schedule::time;

/// Interviews of a candidate that are looked at.
const MOST_LOOKED_AT: u32 = 50;

/// What a form is about, or the turn that says why that is not clear.
pub(super) type Found<T> = Result<Result<T, Box<Turn>>, Error>;

/// The candidate of a form; the turn that asks where there is none.
fn candidate(said: &Said<'_>, form: &RequestForm) -> Result<CandidateEntry, Box<Turn>> {
    let named = form.candidate.as_ref().and_then(|it| it.only());
    let Some(named) = named else {
        let text = match form.unplaced.as_slice() {
            [] => "Which candidate?".to_owned(),
            words => format!(
                "Which candidate? I found nobody called \u{201c}{}\u{201d}.",
                words.join("\u{201d}, \u{201c}")
            ),
        };
        return Err(Box::new(Turn::asks(form, said.now, text)));
    };
    let id = named.id.parse::<CandidateId>().ok();
    let index = &said.services.index;
    let entry = id.and_then(|id| index.candidate_named(said.context, &id.to_string()).ok());
    entry.ok_or_else(|| {
        let text = "That candidate is gone.";
        Box::new(Turn::of(form, AnswerKind::Nothing, text))
    })
}

/// The job of a request: the one named, else the only open one of the candidate.
fn job(said: &Said<'_>, form: &RequestForm, entry: &CandidateEntry) -> Result<JobId, Box<Turn>> {
    let named = form.job.as_ref().and_then(|it| it.only());
    if let Some(id) = named.and_then(|it| it.id.parse().ok()) {
        return Ok(id);
    }
    let open = entry.applications.iter().filter(|it| !it.state.is_closed());
    let mut jobs: Vec<JobId> = open.map(|it| it.job).collect();
    jobs.dedup();
    match jobs.as_slice() {
        [one] => Ok(*one),
        [] => {
            let text = format!("{} has no open application in a job of yours.", entry.name);
            Err(Box::new(Turn::of(form, AnswerKind::Nothing, text)))
        }
        several => {
            let title = |id: &JobId| said.services.index.job(said.context.workspace, *id);
            let titles = several
                .iter()
                .filter_map(title)
                .map(|row| row.record.title.clone());
            let titles: Vec<String> = titles.collect();
            let text = format!("For which job: {}?", titles.join(", "));
            Err(Box::new(Turn::asks(form, said.now, text)))
        }
    }
}

/// Whom an act is about, and in which job, which has to be one of the caller's.
pub(super) struct Whose {
    pub entry: CandidateEntry,
    pub job: JobId,
}

/// Whom a form is about; the turn that asks where it does not say.
///
/// # Errors
/// The job is none of the caller's.
pub(super) fn whose(said: &Said<'_>, form: &RequestForm) -> Found<Whose> {
    let found = candidate(said, form).and_then(|entry| {
        let job = job(said, form, &entry)?;
        Ok(Whose { entry, job })
    });
    if let Ok(Whose { job, .. }) = &found {
        allowed::of_job(said.services, said.context, *job)?;
    }
    Ok(found)
}

/// What is to be scheduled, as the ordinary use cases take it.
pub(super) fn planned(form: &RequestForm, entry: &CandidateEntry, job: JobId) -> Planned {
    let takes_part = form.people.iter().filter(|it| !it.optional);
    Planned {
        candidate: Some(entry.id.to_string()),
        job: Some(job.to_string()),
        kind: Some(form.kind.unwrap_or(MeetingType::Zoom)),
        duration_minutes: form.minutes,
        with: takes_part
            .filter_map(|it| it.only())
            .map(|it| it.id.clone())
            .collect(),
        zoom_user: form
            .host
            .as_ref()
            .and_then(|it| it.only())
            .map(|it| it.id.clone()),
        zone: Some(form.zone.clone()),
        ..Planned::default()
    }
}

/// The interviews to come that a form is about.
async fn booked(
    said: &Said<'_>,
    form: &RequestForm,
    entry: &CandidateEntry,
) -> Result<Vec<Interview>, Error> {
    let query = InterviewQuery {
        from: Some(said.now),
        candidate: Some(entry.id.to_string()),
        status: vec![InterviewStatus::ToBeConfirmed, InterviewStatus::Confirmed],
        limit: Some(MOST_LOOKED_AT),
        ..InterviewQuery::default()
    };
    let page = interviews::list(said.services, said.context, query).await?;
    let zone = time::zone(&form.zone).unwrap_or(TimeZone::UTC);
    let fits = Fits::new(&form.about, &zone);
    let nobody = |_: &str| false;
    let is_meant = |it: &Interview| {
        let end = it.start.plus_minutes(it.duration_minutes.into());
        fits.of(it.start, end, &nobody).fits
    };
    Ok(page.items.into_iter().filter(is_meant).collect())
}

/// The one interview that a form is about; the turn that says why there is none.
pub(super) async fn the_interview(said: &Said<'_>, form: &RequestForm) -> Found<Interview> {
    let entry = match candidate(said, form) {
        Ok(entry) => entry,
        Err(turn) => return Ok(Err(turn)),
    };
    let mut all = booked(said, form, &entry).await?;
    if all.len() == 1 {
        return Ok(Ok(all.remove(0)));
    }
    if all.is_empty() {
        let text = format!("{} has no upcoming interview that matches.", entry.name);
        return Ok(Err(Box::new(Turn::of(form, AnswerKind::Nothing, text))));
    }
    let lines: Vec<String> = all.iter().map(|it| line(it, &form.zone)).collect();
    let text = format!("Which interview? Say its day.\n{}", lines.join("\n"));
    let mut turn = Turn::asks(form, said.now, text);
    turn.answer.interviews = all;
    Ok(Err(Box::new(turn)))
}

/// An interview in one line.
pub(super) fn line(it: &Interview, zone: &str) -> String {
    let people: Vec<&str> = it.interviewers.iter().map(|it| it.name.as_str()).collect();
    let end = it.start.plus_minutes(it.duration_minutes.into());
    format!(
        "{} \u{b7} {} \u{b7} {} \u{b7} {}",
        words::span(it.start, end, zone),
        it.candidate.name,
        it.stage_name,
        people.join(", ")
    )
}

/// The start of a time that a form names exactly.
pub(super) fn exact(form: &RequestForm) -> Option<Instant> {
    form.times.iter().find_map(|it| match it.when.as_slice() {
        [StatedWhen::At { start }] => Some(*start),
        _ => None,
    })
}

/// What a question about a candidate's times is about; `None`: it names no candidate.
pub(super) fn about(said: &Said<'_>, form: &RequestForm) -> Result<Option<Planned>, Box<Turn>> {
    if form.candidate.is_none() {
        return Ok(None);
    }
    let entry = candidate(said, form)?;
    let job = job(said, form, &entry)?;
    Ok(Some(planned(form, &entry, job)))
}
