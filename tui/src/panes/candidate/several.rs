//! Several candidates at once: moved, rejected, put on hold, emailed, and back. The daemon does each alone, and
//! says what became of each; what could not be done is listed, and one undo undoes the rest.

use std::collections::BTreeMap;

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{
    CandidateMoveMany, CandidateStateMany, MOST_AT_ONCE, ManyOutcome, OneOfMany, StateAction,
};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::service::GreenroomResponse as R;

use crate::forms::{self, Form, FormKey, Kind};
use crate::panes::chooser::Chooser;
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::state::event::Action;
use crate::state::undo::{Back, Undo, asked_for_emails, undo_key};
use crate::state::work::{Errand, answer};
use crate::state::{LISTING_SINCE, State};
use crate::widgets::Pick;

/// Why the chosen ones cannot be changed.
pub(super) fn cannot_change(state: &State) -> Option<&'static str> {
    let hello = state.link.hello();
    if hello.is_some_and(|hello| hello.protocol < LISTING_SINCE) {
        return Some("the daemon is too old for this");
    }
    let chosen = state.candidates_chosen();
    if chosen.len() > MOST_AT_ONCE {
        return Some("at most 500 at once");
    }
    let none = chosen.iter().all(|row| row.application.is_none());
    none.then_some("this candidate has not applied for a job")
}

/// Opens the form that rejects, withdraws, pauses, hires or reopens those who are chosen.
pub(super) fn open(state: &mut State) {
    let chosen = state.candidates_chosen();
    let applications = chosen.iter().filter_map(|row| row.application.as_ref());
    let applications: Vec<_> = applications.map(|it| it.id.to_string()).collect();
    // It holds no text worth keeping, and what it is about may have changed since.
    state
        .panes
        .bring_back::<Form>(|form| form.kind() == Kind::StateChange);
    forms::open(state, Kind::StateChange, applications.join(","));
}

/// Opens the form that emails those who are chosen. What was written to others before, and not
/// sent, stands in it: somebody may only have gone back to choose another one.
pub(super) fn open_email(state: &mut State) {
    let chosen = state.candidates_chosen();
    let applications = chosen.iter().filter_map(|row| row.application.as_ref());
    let applications: Vec<_> = applications.map(|it| it.id.to_string()).collect();
    let draft = state
        .panes
        .bring_back::<Form>(|form| form.kind() == Kind::Email);
    let key = FormKey {
        kind: Kind::Email,
        subject: applications.join(","),
    };
    let mut form = Form::open(state, key);
    if let (Form::Email(form), Some(Form::Email(draft))) = (&mut *form, draft.as_deref()) {
        form.take_over(draft);
    }
    state.panes.push(*form);
}

/// What became of emails to several.
pub(crate) fn emailed(state: &mut State, outcome: &ManyOutcome) -> Vec<Action> {
    state.clear_marks();
    let wait = outcome.emails_at.map(|at| {
        let wait = at.timestamp().duration_since(state.now).as_secs().max(0);
        format!(" in {wait} s")
    });
    let wait = wait.unwrap_or_default();
    let emails = done(outcome).filter_map(|(done, _)| done.email).collect();
    let undo = asked_for_emails(state, &people(outcome), emails);
    match outcome.changed {
        0 if outcome.failed == 0 => state.toast("They have this email already", false),
        0 => {}
        1 => state.toast(
            format!("{}: the email goes out{wait}{undo}", people(outcome)),
            true,
        ),
        many => state.toast(format!("{many} emails go out{wait}{undo}"), true),
    }
    match failures(outcome, "emailed") {
        Some(error) => fail(state, error),
        None => Vec::new(),
    }
}

/// The applications of those who are chosen, as they are known here.
fn chosen(state: &State) -> Vec<OneOfMany> {
    let rows = state.candidates_chosen().into_iter();
    let applications = rows.filter_map(|row| row.application.as_ref());
    applications
        .map(|it| OneOfMany {
            candidate: it.id.to_string(),
            expected_revision: Some(it.revision),
        })
        .collect()
}

/// Asks for the stage that all of them go to: of their job, or by name where there are several.
pub(super) fn ask(state: &mut State) {
    let rows = state.candidates_chosen();
    let count = rows.len();
    let places: Vec<_> = rows
        .iter()
        .filter_map(|row| row.application.as_ref())
        .collect();
    let mut picks: Vec<Pick> = Vec::new();
    let mut next = None;
    for place in &places {
        let Some(job) = state.cache.job(place.job) else {
            continue;
        };
        let here = job.stages.iter().position(|stage| stage.id == place.stage);
        let after = here.and_then(|here| job.stages.get(here + 1));
        next = next.or_else(|| after.map(|stage| stage.name.clone()));
        for stage in &job.stages {
            if !picks.iter().any(|pick| pick.value == stage.name) {
                picks.push(Pick::new(&stage.name, &stage.name, ""));
            }
        }
    }
    let title = format!("Move {count} candidates to");
    let chosen = move |state: &mut State, pick: &Pick| {
        confirm(state, pick.value.clone(), &pick.label);
        Vec::new()
    };
    let chooser = Chooser::new(title, picks, next.as_deref(), chosen);
    state.panes.push(chooser);
}

/// One question before all of them are moved.
pub(super) fn confirm(state: &mut State, stage: String, words: &str) {
    let candidates = chosen(state);
    let count = candidates.len();
    let undo = undo_key(state).map(|key| format!("{key} to undo."));
    let title = format!("Move {count} candidates to {words}?");
    let words = words.to_owned();
    let act = move |state: &mut State| move_all(state, candidates, stage, words);
    let lines = undo.into_iter().collect();
    state
        .panes
        .push(Confirm::new(title, lines, "Move", act).undoable());
}

fn move_all(
    state: &mut State,
    candidates: Vec<OneOfMany>,
    stage: String,
    words: String,
) -> Vec<Action> {
    let said = format!("moving {} candidates…", candidates.len());
    let moves = CandidateMoveMany {
        candidates,
        stage,
        ..CandidateMoveMany::default()
    };
    let errand = Errand::call("move", move |state, reply| {
        match answer!(reply, CandidateMoveMany) {
            Ok(outcome) => moved(state, &words, &outcome),
            Err(error) => fail(state, error),
        }
    });
    vec![state.call(errand.says(said).changes(), Q::CandidateMoveMany { moves })]
}

fn moved(state: &mut State, to: &str, outcome: &ManyOutcome) -> Vec<Action> {
    // Each goes back to where it was.
    let mut back: BTreeMap<String, Vec<OneOfMany>> = BTreeMap::new();
    for (stage, one) in done(outcome).map(|done| (done.0.stage, done.1)) {
        back.entry(stage.to_string()).or_default().push(one);
    }
    let calls = back.into_iter().map(|(stage, candidates)| {
        Back::Move(CandidateMoveMany {
            candidates,
            stage,
            undo: true,
            ..CandidateMoveMany::default()
        })
    });
    let name = people(outcome);
    let calls = calls.collect();
    ended(
        state,
        outcome,
        &format!("{name} moved to {to}"),
        name.clone(),
        calls,
    )
}

/// What became of a change of how applications stand.
pub(crate) fn states_changed(
    state: &mut State,
    outcome: &ManyOutcome,
    action: StateAction,
) -> Vec<Action> {
    let candidates: Vec<_> = done(outcome).map(|(_, one)| one).collect();
    let name = people(outcome);
    let what = action.leads_to().map_or("changed", |to| to.words());
    let email = outcome.emails_at.map(|at| {
        let wait = at.timestamp().duration_since(state.now).as_secs().max(0);
        format!(" · emailed in {wait} s")
    });
    let words = format!("{name}: {what}{}", email.unwrap_or_default());
    let back = Back::State(CandidateStateMany {
        candidates,
        job: None,
        action: StateAction::Undo,
        reason: None,
        email: false,
        cancel_interviews: false,
        dry_run: false,
    });
    ended(state, outcome, &words, name, vec![back])
}

/// Says how it ended, and keeps what undoes it.
fn ended(
    state: &mut State,
    outcome: &ManyOutcome,
    words: &str,
    name: String,
    calls: Vec<Back>,
) -> Vec<Action> {
    state.clear_marks();
    if outcome.changed > 0 {
        state.undo.push(Undo::Several { name, calls });
        let key = undo_key(state).map(|key| format!(" · {key} to undo"));
        state.toast(format!("{words}{}", key.unwrap_or_default()), true);
    } else if outcome.failed == 0 {
        state.toast("Nothing changed: they are there already", false);
    }
    match failures(outcome, "changed") {
        Some(error) => fail(state, error),
        None => Vec::new(),
    }
}

/// Undoes a change of several.
pub(crate) fn undo_several(state: &mut State, name: &str, calls: Vec<Back>) -> Vec<Action> {
    let words = format!("undoing: {name}…");
    let mut actions = Vec::new();
    for call in calls {
        let errand = Errand::call("undo", undone).says(words.clone()).changes();
        let request = match call {
            Back::Move(moves) => Q::CandidateMoveMany { moves },
            Back::State(changes) => Q::CandidateStateMany { changes },
        };
        actions.push(state.call(errand, request));
    }
    actions
}

fn undone(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    let outcome = reply.and_then(|reply| match reply {
        R::CandidateMoveMany(outcome) | R::CandidateStateMany(outcome) => outcome,
        _ => Err(crate::state::work::unexpected()),
    });
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(error) => return fail(state, error),
    };
    if outcome.changed > 0 {
        state.toast(format!("{}: undone", people(&outcome)), true);
    }
    match failures(&outcome, "changed") {
        Some(error) => fail(state, error),
        None => Vec::new(),
    }
}

/// What was changed, each with what an undo expects.
fn done(
    outcome: &ManyOutcome,
) -> impl Iterator<Item = (&greenroom_protocol::pipeline::ManyDone, OneOfMany)> {
    let done = outcome.items.iter().filter_map(|item| item.done.as_ref());
    done.filter(|done| done.changed).map(|done| {
        let one = OneOfMany {
            candidate: done.application.to_string(),
            expected_revision: Some(done.revision),
        };
        (done, one)
    })
}

/// Whom it changed: a name, or how many.
fn people(outcome: &ManyOutcome) -> String {
    let mut changed = done(outcome);
    match (changed.next(), outcome.changed) {
        (Some((one, _)), 1) => one.name.clone(),
        (_, many) => format!("{many} candidates"),
    }
}

/// Those that could not be changed, each with why.
fn failures(outcome: &ManyOutcome, what: &str) -> Option<Error> {
    let failed = outcome.items.iter().filter_map(|item| item.error.as_ref());
    let lines: Vec<_> = failed.map(|error| error.message.clone()).collect();
    let first = outcome.items.iter().find_map(|item| item.error.as_ref())?;
    if outcome.items.len() == 1 {
        return Some(first.clone());
    }
    let message = format!("{} of {} were not {what}", lines.len(), outcome.items.len());
    let mut error = Error::new(first.kind, message);
    error.matches = lines;
    Some(error)
}
