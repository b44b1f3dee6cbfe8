//! Moving a candidate to another stage, and back.

use greenroom_protocol::id::JobId;
use greenroom_protocol::pipeline::{ApplicationBrief, CandidateMove};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};

use super::several;
use crate::panes::chooser::Chooser;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::undo::{Undo, undo_key};
use crate::state::work::{Errand, answer};
use crate::widgets::Pick;

/// A candidate's place in a pipeline: what a move needs.
struct Place {
    candidate: String,
    name: String,
    job: JobId,
    stage: String,
    stage_name: String,
    revision: u64,
}

/// Where the selected candidate is, in which pipeline.
fn place(state: &State) -> Option<Place> {
    let (id, _) = state.candidate_selected()?;
    let chosen = state.candidates_chosen();
    let row = chosen.into_iter().find(|row| row.id == id)?;
    let application = row.application.as_ref()?;
    Some(Place {
        candidate: row.id.to_string(),
        name: row.name.clone(),
        job: application.job,
        stage: application.stage.to_string(),
        stage_name: application.stage_name.clone(),
        revision: application.revision,
    })
}

pub(super) fn disabled_reason(state: &State) -> Option<&'static str> {
    let mut chosen = state.candidates_chosen().into_iter();
    let none = chosen.all(|row| row.application.is_none());
    none.then_some("this candidate has not applied for a job")
}

/// Why there is no stage to go to from here, for one or for several.
pub(super) fn no_step(state: &State, forward: bool) -> Option<&'static str> {
    next_to(state, forward).err()
}

/// The stage after or before the one that everyone who is chosen is in: its id and its name.
fn next_to(state: &State, forward: bool) -> Result<(String, String), &'static str> {
    let chosen = state.candidates_chosen();
    let mut places = chosen.iter().map(|row| row.application.as_ref());
    let none = "this candidate has not applied for a job";
    let first = places.next().flatten().ok_or(none)?;
    let same = |it: Option<&ApplicationBrief>| it.is_some_and(|it| it.stage == first.stage);
    if !places.all(same) {
        return Err("they are in different stages; press m");
    }
    let job = state.cache.job(first.job).ok_or("not known yet")?;
    let here = job.stages.iter().position(|stage| stage.id == first.stage);
    let to = here.and_then(|here| match forward {
        true => job.stages.get(here + 1),
        false => job.stages.get(here.checked_sub(1)?),
    });
    let to = to.map(|stage| (stage.id.to_string(), stage.name.clone()));
    to.ok_or(match forward {
        true => "already in the last stage",
        false => "already in the first stage",
    })
}

/// Moves to the next stage or the one before: one at once, several after a question.
pub(super) fn step(state: &mut State, forward: bool) -> Vec<Action> {
    let Ok((stage, words)) = next_to(state, forward) else {
        return Vec::new();
    };
    if state.candidates_chosen().len() > 1 {
        several::confirm(state, stage, &words);
        return Vec::new();
    }
    let Some(place) = place(state) else {
        return Vec::new();
    };
    let to = CandidateMove {
        candidate: place.candidate,
        job: Some(place.job.to_string()),
        stage,
        expected_revision: Some(place.revision),
        undo: false,
    };
    move_to(state, place.name, to)
}

/// Asks for the stage.
pub(super) fn ask(state: &mut State) {
    let Some(place) = place(state) else { return };
    // On the candidates' screen the jobs may not be known yet: then the stages of the record serve.
    let mut picks: Vec<Pick> = match state.cache.job(place.job) {
        Some(job) => job
            .stages
            .iter()
            .map(|stage| Pick::new(&stage.id.to_string(), &stage.name, ""))
            .collect(),
        None => stages_of_record(state, place.job),
    };
    let is_here = |pick: &Pick| pick.value == place.stage || pick.value == place.stage_name;
    let here = picks.iter().position(is_here);
    if let Some(here) = here {
        picks[here].note = "● here".to_owned();
    }
    // The stage after the one they are in: a move to where they are is none.
    let next = match here {
        Some(here) => picks.get(here + 1).or(picks.get(here)),
        None => picks.first(),
    };
    let next = next.map(|pick| pick.value.clone());
    let from = here.map(|here| picks[here].value.clone());
    let to = CandidateMove {
        candidate: place.candidate,
        job: Some(place.job.to_string()),
        stage: String::new(),
        expected_revision: Some(place.revision),
        undo: false,
    };
    let title = format!("Move {} to", place.name);
    let name = place.name;
    let chosen = move |state: &mut State, pick: &Pick| match from.as_ref() == Some(&pick.value) {
        true => {
            state.toast(format!("{name} is already in {}", pick.label), false);
            Vec::new()
        }
        false => {
            let stage = pick.value.clone();
            move_to(state, name, CandidateMove { stage, ..to })
        }
    };
    let chooser = Chooser::new(title, picks, next.as_deref(), chosen);
    state.panes.push(chooser);
}

fn stages_of_record(state: &State, job: JobId) -> Vec<Pick> {
    let candidate = state.cache.candidate.latest();
    let applications = candidate
        .into_iter()
        .flat_map(|candidate| &candidate.applications);
    let mut matching = applications.filter(|application| application.job == job);
    let stages = matching
        .next()
        .into_iter()
        .flat_map(|application| &application.stages);
    stages.map(|stage| Pick::new(stage, stage, "")).collect()
}

fn move_to(state: &mut State, name: String, to: CandidateMove) -> Vec<Action> {
    let before = to.expected_revision;
    let words = format!("moving {name}…");
    let errand = Errand::call("move", move |state, reply| {
        moved(state, &name, before, reply)
    });
    vec![state.call(errand.says(words).changes(), Q::CandidateMove { to })]
}

fn moved(
    state: &mut State,
    name: &str,
    before: Option<u64>,
    reply: Result<R, Error>,
) -> Vec<Action> {
    let moved = match answer!(reply, CandidateMove) {
        Err(error) => return fail(state, error),
        Ok(moved) => moved,
    };
    let to = &moved.application.stage_name;
    if moved.from == moved.application.stage {
        // Somebody else was faster: there is nothing of one's own to undo.
        state.toast(format!("{name} is already in {to}"), false);
        return Vec::new();
    }
    let warning = moved.warnings.first().map(|it| format!(" · {it}"));
    let key = undo_key(state).map(|key| format!(" · {key} to undo"));
    let words = format!(
        "{name} moved to {to}{}{}",
        key.unwrap_or_default(),
        warning.unwrap_or_default()
    );
    state.toast(words, true);
    state.undo.push(Undo::Move {
        name: name.to_owned(),
        call: CandidateMove {
            candidate: moved.application.candidate.to_string(),
            job: Some(moved.application.job.to_string()),
            stage: moved.from.to_string(),
            expected_revision: Some(moved.application.revision),
            undo: true,
        },
        before,
    });
    Vec::new()
}

/// A move was undone, or could not be. `undo` is pushed back where nothing was decided.
pub(crate) fn undone(
    state: &mut State,
    (name, call, before): (&str, &CandidateMove, Option<u64>),
    undo: Undo,
    reply: Result<R, Error>,
) -> Vec<Action> {
    match answer!(reply, CandidateMove) {
        Err(error) => {
            if error.kind == ErrorKind::Unreachable {
                state.undo.push(undo);
            }
            fail(state, error)
        }
        Ok(moved) => {
            let now = moved.application.revision;
            state.undo.undone_move(call, before, now);
            let words = format!("{name} moved back to {}", moved.application.stage_name);
            state.toast(words, true);
            Vec::new()
        }
    }
}
