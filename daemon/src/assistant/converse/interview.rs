//! Interviews arranged, moved and cancelled, and candidates moved, on a yes.
//!
//! Invariant: what a yes does is what was shown, judged again as it is done. Every act is the
//! ordinary use case with the caller's own rights.

use greenroom_protocol::conversation::{
    AnswerKind, Named, NamedKind, NamedMatch, RequestAct, RequestForm, Stated, StatedWhen,
};
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{
    Interview, InterviewCancel, InterviewNew, InterviewReschedule, InterviewUndo, MeetingType,
    Outcome,
};
use greenroom_protocol::outreach::OutreachPropose;
use greenroom_protocol::pipeline::CandidateMove;
use greenroom_protocol::schedule::Planned;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use super::propose::{Proposal, propose};
use super::say::{Said, Turn};
use super::subject::{Whose, line, planned, the_interview, whose};
use super::words;
use crate::records::conversation::{Done, OpenCard, OpenSlot};
use crate::{interviews, outreach, pipeline};

/// How often an act is tried again because a worker wrote beside it.
const TRIES: usize = 5;

pub(super) async fn schedule(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let Whose { entry, job } = match whose(said, form)? {
        Ok(whose) => whose,
        Err(turn) => return Ok(*turn),
    };
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
        let theirs = proposal.their_zone.as_deref();
        let theirs = theirs.map_or(String::new(), |zone| words::theirs(slot.start, zone));
        lines.push(format!(
            "{}  {}{theirs} \u{b7} {}{unmet}",
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
        let known = proposal.findings.iter();
        lines.extend(known.map(|it| format!("Before you book: {}.", it.message)));
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
        interview: interview.map(|it| (it.id, it.change)),
    });
    turn
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
        open.interview = Some((interview.id, interview.change));
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
    let Whose { entry, job } = match whose(said, form)? {
        Ok(whose) => whose,
        Err(turn) => return Ok(*turn),
    };
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
    form.stage = Some(Named {
        words: to.record.name.clone(),
        matches: vec![NamedMatch {
            kind: NamedKind::Stage,
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
    let Whose { entry, job } = match whose(said, &open.form)? {
        Ok(whose) => whose,
        Err(turn) => return Ok(*turn),
    };
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
        (RequestAct::Reschedule, Some(slot), Some(shown)) => {
            change(said, form, shown, Change::To(slot)).await
        }
        (RequestAct::Cancel, None, Some(shown)) => change(said, form, shown, Change::Cancel).await,
        (RequestAct::Move, None, _) => moved(said, form).await,
        _ => {
            let text = "There is nothing to say yes to. Say what you want first.";
            Ok(Turn::of(form, AnswerKind::Asks, text))
        }
    }
}

/// What a yes does to an interview.
#[derive(Debug, Clone, Copy)]
enum Change<'a> {
    To(&'a OpenSlot),
    Cancel,
}

impl Change<'_> {
    async fn make(
        self,
        said: &Said<'_>,
        form: &RequestForm,
        interview: Reference,
    ) -> Result<Outcome, Error> {
        match self {
            Self::To(slot) => {
                let request = InterviewReschedule {
                    interview,
                    start: slot.start.to_string(),
                    start_shown: Some(slot.start),
                    locale: None,
                    zone: Some(form.zone.clone()),
                    duration_minutes: Some(slot.minutes),
                    by: Default::default(),
                    reason: None,
                    refuse_advice: true,
                };
                interviews::reschedule(said.services, said.context, request).await
            }
            Self::Cancel => {
                let request = InterviewCancel::from(interview);
                interviews::cancel(said.services, said.context, request).await
            }
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::To(_) => "Moved",
            Self::Cancel => "Cancelled",
        }
    }
}

/// Changes an interview that no person has changed since it was shown. What workers write beside it
/// (its meeting, its emails) is none of what was shown.
async fn change(
    said: &Said<'_>,
    form: &RequestForm,
    (id, shown): (InterviewId, u32),
    change: Change<'_>,
) -> Result<Turn, Error> {
    let mut tries = 0;
    loop {
        let reference = Reference::to(id.to_string());
        let now = interviews::get(said.services, said.context, reference.clone()).await?;
        if now.change != shown {
            let text = "The interview has been changed since. Say again what you want.";
            return Ok(Turn::of(form, AnswerKind::Nothing, text));
        }
        let expecting = Reference {
            expected_revision: Some(now.revision),
            dry_run: said.dry_run,
            ..reference
        };
        tries += 1;
        match change.make(said, form, expecting).await {
            Err(error) if error.kind == ErrorKind::Conflict && tries < TRIES => {
                let again = Reference::to(id.to_string());
                let after = interviews::get(said.services, said.context, again).await?;
                if after.revision == now.revision {
                    return Err(error);
                }
            }
            outcome => return Ok(did(form, change.done(), outcome?)),
        }
    }
}

async fn book(said: &Said<'_>, form: &RequestForm, slot: &OpenSlot) -> Result<Turn, Error> {
    let Whose { entry, job } = match whose(said, form)? {
        Ok(whose) => whose,
        Err(turn) => return Ok(*turn),
    };
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
    let Whose { entry, job } = match whose(said, form)? {
        Ok(whose) => whose,
        Err(turn) => return Ok(*turn),
    };
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
