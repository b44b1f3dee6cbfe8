//! Interviews arranged, moved and cancelled, and candidates moved, on a yes.
//!
//! Invariant: what a yes does is what was shown, judged again as it is done. Every act is the
//! ordinary use case with the caller's own rights.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{AnswerKind, RequestAct, RequestForm, Stated, StatedWhen};
use greenroom_protocol::id::{CandidateId, JobId};
use greenroom_protocol::interview::{
    Interview, InterviewCancel, InterviewNew, InterviewQuery, InterviewReschedule, InterviewStatus,
    InterviewUndo, MeetingType, Outcome,
};
use greenroom_protocol::outreach::OutreachPropose;
use greenroom_protocol::pipeline::CandidateMove;
use greenroom_protocol::schedule::Planned;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use jiff::tz::TimeZone;

use super::propose::{Proposal, propose};
use super::say::{Said, Turn};
use super::{allowed, words};
use crate::index::CandidateEntry;
use crate::records::conversation::{Done, OpenCard, OpenSlot};
use crate::requests::Fits;
use crate::schedule::time;
use crate::{interviews, outreach, pipeline};

/// Interviews of a candidate that are looked at.
const MOST_LOOKED_AT: u32 = 50;

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

pub(super) async fn schedule(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let entry = match candidate(said, form) {
        Ok(entry) => entry,
        Err(turn) => return Ok(*turn),
    };
    let job = match job(said, form, &entry) {
        Ok(job) => job,
        Err(turn) => return Ok(*turn),
    };
    allowed::of_job(said.services, said.context, job)?;
    if matches!(
        form.kind,
        Some(MeetingType::Phone | MeetingType::Place | MeetingType::Link)
    ) {
        let text = "I arrange Zoom meetings. For a phone call or a place, use `greenroom interview new --type phone|place`.";
        return Ok(Turn::of(form, AnswerKind::Nothing, text));
    }
    let planned = planned(form, &entry, job);
    let proposal = propose(said.services, said.context, form, &planned).await?;
    Ok(shown(said, form, proposal, None))
}

/// Slots as an answer.
fn shown(
    said: &Said<'_>,
    form: &RequestForm,
    proposal: Proposal,
    interview: Option<&Interview>,
) -> Turn {
    let is_empty = proposal.slots.is_empty();
    let mut lines = Vec::new();
    if !form.unplaced.is_empty() {
        lines.push(format!(
            "I didn't understand: \u{201c}{}\u{201d}.",
            form.unplaced.join("\u{201d}, \u{201c}")
        ));
    }
    if is_empty {
        lines.push(proposal.why_none.clone());
    }
    for slot in &proposal.slots {
        let people: Vec<&str> = slot
            .interviewers
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        let unmet = match slot.unmet.is_empty() {
            true => String::new(),
            false => format!(" \u{b7} not met: {}", slot.unmet.join(", ")),
        };
        lines.push(format!(
            "{}  {} \u{b7} {}{unmet}",
            slot.letter,
            slot.text,
            people.join(", ")
        ));
    }
    if !proposal.unmet.is_empty() {
        lines.push(format!(
            "No time meets the wish: {}.",
            proposal.unmet.join(", ")
        ));
    }
    if !is_empty {
        lines.push(
            "Say a letter to book it, or \u{201c}ask the candidate\u{201d} to send these times."
                .to_owned(),
        );
    }
    let kind = if is_empty {
        AnswerKind::Nothing
    } else {
        AnswerKind::Slots
    };
    let mut turn = Turn::of(form, kind, lines.join("\n"));
    turn.answer.slots = proposal.slots;
    turn.answer.best = proposal.best;
    turn.answer.unmet = proposal.unmet;
    turn.answer.none_because = proposal.none_because;
    turn.answer.findings = proposal.findings;
    turn.answer.until = (!is_empty).then(|| said.until());
    turn.open = Some(OpenCard {
        at: said.now,
        form: form.clone(),
        slots: proposal.open,
        best: proposal.best,
        interview: interview.map(|it| (it.id, it.revision)),
    });
    turn
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
async fn the_interview(
    said: &Said<'_>,
    form: &RequestForm,
) -> Result<Result<Interview, Box<Turn>>, Error> {
    let entry = match candidate(said, form) {
        Ok(entry) => entry,
        Err(turn) => return Ok(Err(turn)),
    };
    let mut all = booked(said, form, &entry).await?;
    if all.len() == 1 {
        return Ok(Ok(all.remove(0)));
    }
    if all.is_empty() {
        let text = format!(
            "{} has no interview to come that this could be.",
            entry.name
        );
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

pub(super) async fn reschedule(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let interview = match the_interview(said, form).await? {
        Ok(interview) => interview,
        Err(turn) => return Ok(*turn),
    };
    let mut form = form.clone();
    if let Some(shift) = form.shift_minutes.take() {
        let start = interview.start.plus_minutes(shift.into());
        form.times.push(Stated {
            words: format!(
                "{} min {}",
                shift.abs(),
                if shift < 0 { "earlier" } else { "later" }
            ),
            who: Vec::new(),
            must: true,
            not: false,
            when: vec![StatedWhen::At { start }],
            part: u16::MAX,
        });
    }
    let planned = Planned {
        interview: Some(interview.id.to_string()),
        duration_minutes: form.minutes,
        zone: Some(form.zone.clone()),
        ..Planned::default()
    };
    let mut proposal = propose(said.services, said.context, &form, &planned).await?;
    // The time it has is no other time.
    if let Some(at) = proposal
        .slots
        .iter()
        .position(|it| it.start == interview.start)
    {
        proposal.slots.remove(at);
        proposal.open.remove(at);
        for (letter, slot) in ('a'..='e').zip(&mut proposal.slots) {
            slot.letter = letter;
        }
        proposal.best = (proposal.slots.len() == 1).then_some(1);
        if proposal.slots.is_empty() {
            proposal.why_none = "It is at that time already.".to_owned();
        }
    }
    Ok(shown(said, &form, proposal, Some(&interview)))
}

pub(super) async fn cancel(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let interview = match the_interview(said, form).await? {
        Ok(interview) => interview,
        Err(turn) => return Ok(*turn),
    };
    let text = format!(
        "Cancel this interview? Everyone who was invited is emailed.\n{}",
        line(&interview, &form.zone)
    );
    let mut turn = confirm(said, form, text);
    if let Some(open) = &mut turn.open {
        open.interview = Some((interview.id, interview.revision));
    }
    turn.answer.interview = Some(Box::new(interview));
    Ok(turn)
}

fn confirm(said: &Said<'_>, form: &RequestForm, text: String) -> Turn {
    let mut turn = Turn::of(
        form,
        AnswerKind::Confirm,
        format!("{text}\nSay yes to do it."),
    );
    turn.answer.until = Some(said.until());
    turn.open = Some(OpenCard {
        at: said.now,
        form: form.clone(),
        slots: Vec::new(),
        best: None,
        interview: None,
    });
    turn
}

pub(super) async fn move_to(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let entry = match candidate(said, form) {
        Ok(entry) => entry,
        Err(turn) => return Ok(*turn),
    };
    let job = match job(said, form, &entry) {
        Ok(job) => job,
        Err(turn) => return Ok(*turn),
    };
    allowed::of_job(said.services, said.context, job)?;
    let index = &said.services.index;
    let stages = index.stages_of(said.context.workspace, job);
    let application = entry.applications.iter().find(|it| it.job == job);
    let now_in = application.map(|it| it.stage);
    let named = form.stage.as_ref();
    let to = match named {
        Some(named) => stages
            .iter()
            .find(|row| named.matches.iter().any(|it| it.id == row.id.to_string())),
        // "To the next stage".
        None => {
            let at = stages.iter().position(|row| Some(row.id) == now_in);
            at.and_then(|at| stages.get(at + 1))
        }
    };
    let Some(to) = to else {
        let text = "To which stage? There is none of that name in the job.";
        return Ok(Turn::asks(form, said.now, text));
    };
    let from = stages.iter().find(|row| Some(row.id) == now_in);
    let from = from.map_or("", |row| row.record.name.as_str());
    let writes = match to.record.interview.ai {
        true => " The assistant then emails them times to choose from.",
        false => "",
    };
    let text = format!(
        "Move {} from {from} to {}?{writes}",
        entry.name, to.record.name
    );
    let mut form = form.clone();
    form.stage = Some(greenroom_protocol::conversation::Named {
        words: to.record.name.clone(),
        matches: vec![greenroom_protocol::conversation::NamedMatch {
            kind: greenroom_protocol::conversation::NamedKind::Stage,
            id: to.id.to_string(),
            name: to.record.name.clone(),
        }],
        optional: false,
    });
    Ok(confirm(said, &form, text))
}

/// Sends the slots that were shown to the candidate.
pub(super) async fn ask_candidate(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let open = said
        .open
        .filter(|it| !it.slots.is_empty() && it.form.act == RequestAct::Schedule);
    let Some(open) = open else {
        let text = "There are no times to send. Say with whom you want a meeting first.";
        return Ok(Turn::of(form, AnswerKind::Asks, text));
    };
    let entry = match candidate(said, &open.form) {
        Ok(entry) => entry,
        Err(turn) => return Ok(*turn),
    };
    let job = match job(said, &open.form, &entry) {
        Ok(job) => job,
        Err(turn) => return Ok(*turn),
    };
    allowed::of_job(said.services, said.context, job)?;
    let planned = planned(&open.form, &entry, job);
    let request = OutreachPropose {
        candidate: entry.id.to_string(),
        job: Some(job.to_string()),
        stage: None,
        interview: None,
        kind: MeetingType::Zoom,
        slots: open.slots.iter().map(|it| it.start.to_string()).collect(),
        locale: None,
        zone: planned.zone,
        duration_minutes: open.slots.first().map(|it| it.minutes),
        organizer: None,
        with: planned.with,
        zoom_user: planned.zoom_user,
        url: None,
        meeting_id: None,
        passcode: None,
        details: None,
        zoom_notes: None,
        idempotency_key: None,
        dry_run: said.dry_run,
    };
    let proposed = outreach::propose(said.services, said.context, request).await?;
    let text = format!(
        "{} gets {} times by email and chooses one. They are held until then.",
        entry.name,
        proposed.outreach.slots.len()
    );
    let mut turn = Turn::of(&open.form, AnswerKind::Done, text);
    turn.answer.outreach = Some(Box::new(proposed.outreach));
    Ok(turn)
}

pub(super) async fn undo(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let Some(done) = said.done else {
        let text = "Nothing was done in this conversation that could be undone.";
        return Ok(Turn::of(form, AnswerKind::Nothing, text));
    };
    let request = InterviewUndo {
        interview: Reference {
            dry_run: said.dry_run,
            ..Reference::to(done.interview.to_string())
        },
        change: done.change,
        unsent: false,
    };
    let outcome = interviews::undo(said.services, said.context, request).await?;
    Ok(did(form, "Undone", outcome))
}

/// Does what was shown, at the slot that was chosen.
pub(super) async fn carry_out(
    said: &Said<'_>,
    form: &RequestForm,
    open: &OpenCard,
    slot: Option<&OpenSlot>,
) -> Result<Turn, Error> {
    match (form.act, slot, open.interview) {
        (RequestAct::Schedule, Some(slot), _) => book(said, form, slot).await,
        (RequestAct::Reschedule, Some(slot), Some((id, revision))) => {
            let request = InterviewReschedule {
                interview: expecting(said, id, revision),
                start: slot.start.to_string(),
                start_shown: Some(slot.start),
                locale: None,
                zone: Some(form.zone.clone()),
                duration_minutes: Some(slot.minutes),
                by: Default::default(),
                reason: None,
                refuse_advice: true,
            };
            let outcome = interviews::reschedule(said.services, said.context, request).await?;
            Ok(did(form, "Moved", outcome))
        }
        (RequestAct::Cancel, None, Some((id, revision))) => {
            let request = InterviewCancel::from(expecting(said, id, revision));
            let outcome = interviews::cancel(said.services, said.context, request).await?;
            Ok(did(form, "Cancelled", outcome))
        }
        (RequestAct::Move, None, _) => moved(said, form).await,
        _ => {
            let text = "There is nothing to say yes to. Say what you want first.";
            Ok(Turn::of(form, AnswerKind::Asks, text))
        }
    }
}

fn expecting(said: &Said<'_>, id: impl ToString, revision: u64) -> Reference {
    Reference {
        reference: id.to_string(),
        expected_revision: Some(revision),
        dry_run: said.dry_run,
    }
}

async fn book(said: &Said<'_>, form: &RequestForm, slot: &OpenSlot) -> Result<Turn, Error> {
    let entry = match candidate(said, form) {
        Ok(entry) => entry,
        Err(turn) => return Ok(*turn),
    };
    let job = match job(said, form, &entry) {
        Ok(job) => job,
        Err(turn) => return Ok(*turn),
    };
    allowed::of_job(said.services, said.context, job)?;
    let request = InterviewNew {
        candidate: entry.id.to_string(),
        job: Some(job.to_string()),
        kind: MeetingType::Zoom,
        start: slot.start.to_string(),
        start_shown: Some(slot.start),
        zone: Some(form.zone.clone()),
        duration_minutes: Some(slot.minutes),
        with: slot.interviewers.iter().map(ToString::to_string).collect(),
        zoom_user: planned(form, &entry, job).zoom_user,
        confirm: true,
        refuse_advice: true,
        dry_run: said.dry_run,
        ..InterviewNew::default()
    };
    let outcome = interviews::book(said.services, said.context, request).await?;
    Ok(did(form, "Booked", outcome))
}

async fn moved(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let entry = match candidate(said, form) {
        Ok(entry) => entry,
        Err(turn) => return Ok(*turn),
    };
    let job = match job(said, form, &entry) {
        Ok(job) => job,
        Err(turn) => return Ok(*turn),
    };
    allowed::of_job(said.services, said.context, job)?;
    let stage = form.stage.as_ref().and_then(|it| it.only());
    let Some(stage) = stage else {
        return Ok(Turn::asks(form, said.now, "To which stage?"));
    };
    let text = format!("{} is in {} now.", entry.name, stage.name);
    if said.dry_run {
        return Ok(Turn::of(form, AnswerKind::Done, text));
    }
    let request = CandidateMove {
        candidate: entry.id.to_string(),
        job: Some(job.to_string()),
        stage: stage.id.clone(),
        expected_revision: None,
        undo: false,
    };
    let moved = pipeline::move_to(said.services, said.context, request).await?;
    let warnings = moved.warnings.join("\n");
    Ok(Turn::of(
        form,
        AnswerKind::Done,
        [text, warnings].join("\n").trim_end(),
    ))
}

/// What was done, as an answer.
fn did(form: &RequestForm, what: &str, outcome: Outcome) -> Turn {
    let interview = outcome.interview;
    let verb = if outcome.dry_run { "Would be" } else { what };
    let mut text = format!("{verb}: {}", line(&interview, &form.zone));
    for warning in &interview.warnings {
        text.push_str(&format!("\n! {}", warning.message));
    }
    let mut turn = Turn::of(form, AnswerKind::Done, text);
    turn.done = (!outcome.dry_run).then_some(Done {
        interview: interview.id,
        change: interview.change,
    });
    turn.answer.interview = Some(Box::new(interview));
    turn
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
