//! A candidate, over another screen or as the preview beside a list: editing, moving, erasing.

mod draw;
mod moving;
mod several;
#[cfg(test)]
mod tests;

pub(crate) use draw::draw;
use greenroom_protocol::Error;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::id::{CandidateId, MemberId};
use greenroom_protocol::pipeline::Candidate as Record;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::{Reference, Role};
pub(super) use moving::undone;
use ratatui::layout::Rect;
pub(super) use several::{emailed, states_changed, undo_several};

use crate::forms::{self, Form, Kind};
use crate::keys::{Command, Context, Places};
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::panes::interview;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::Subject;
use crate::state::work::{Errand, answer};
use crate::state::{LISTING_SINCE, State};
use crate::widgets::{Canvas, below, draw_failure, text};
use crate::wording;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::EditCandidate,
        Command::EraseCandidate,
        Command::Move,
        Command::NextStage,
        Command::PreviousStage,
        Command::ChangeState,
        Command::Notes,
        Command::WriteEmail,
    ],
    disabled_reason,
    dispatch,
    ..Subject::NONE
};

/// A candidate over another screen.
#[derive(Debug)]
pub(crate) struct Candidate(pub(crate) CandidateId);

impl Pane for Candidate {
    /// What can be done with a candidate in the list can be done with the one that is open.
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Candidates)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let inside = canvas.float(area, 76, 20, "");
        let inside = below(inside, 1);
        match state.cache.candidate.get(&self.0) {
            Some(candidate) => draw(state, canvas, inside, candidate),
            None => {
                if let Some(error) = state.cache.candidate.failure() {
                    draw_failure(canvas, inside, error);
                }
            }
        }
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![Need::Candidate(self.0), Need::Received(self.0)];
        needs.extend(waiting(state, self.0));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let id = state.panes.top_as::<Self>()?.0;
            (command == Command::Enter).then(|| {
                interview::open_next(state, id);
                Vec::new()
            })
        }
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        let none = command == Command::Enter && state.next_interview(self.0).is_none();
        none.then_some("no interview scheduled")
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Stuck
    }

    fn candidate(&self) -> Option<CandidateId> {
        Some(self.0)
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        state.host_of_selected()
    }
}

/// What says what would help a candidate who waits for times.
pub(super) fn waiting(state: &State, id: CandidateId) -> Option<Need> {
    let applications = state.cache.candidate.get(&id)?.applications.iter();
    let mut open = applications.filter_map(|it| it.outreach.as_ref());
    let waits = open.find(|it| wording::outreach::waits_for_times(it))?;
    Some(Need::Thread(waits.id))
}

/// Why nothing can be done with a candidate where none is selected.
pub(super) fn none_selected(state: &State) -> Option<&'static str> {
    let none = state.candidate_selected().is_none();
    none.then_some("select a candidate first")
}

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    match command {
        Command::EditCandidate if known(state).is_none() => Some("select a candidate first"),
        Command::EraseCandidate => cannot_erase(state),
        Command::Notes => none_selected(state).or_else(|| cannot_write(state)),
        Command::WriteEmail => none_selected(state)
            .or_else(|| cannot_write(state))
            .or_else(|| several::cannot_change(state)),
        Command::Move => none_selected(state).or_else(|| moving::disabled_reason(state)),
        Command::NextStage => none_selected(state).or_else(|| moving::no_step(state, true)),
        Command::PreviousStage => none_selected(state).or_else(|| moving::no_step(state, false)),
        Command::ChangeState => none_selected(state).or_else(|| several::cannot_change(state)),
        _ => None,
    }
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::EditCandidate => {
            let id = state.candidate_shown().map(|id| id.to_string());
            forms::open(state, Kind::CandidateEdit, id.unwrap_or_default());
        }
        Command::Notes => {
            let id = state.candidate_shown().map(|id| id.to_string());
            forms::open(state, Kind::Notes, id.unwrap_or_default());
        }
        Command::EraseCandidate => ask_to_erase(state),
        Command::Move if state.candidates_chosen().len() > 1 => several::ask(state),
        Command::Move => moving::ask(state),
        Command::NextStage => return moving::step(state, true),
        Command::PreviousStage => return moving::step(state, false),
        Command::ChangeState => several::open(state),
        Command::WriteEmail => several::open_email(state),
        _ => {}
    }
    Vec::new()
}

/// Why nothing can be written about or to a candidate.
fn cannot_write(state: &State) -> Option<&'static str> {
    let hello = state.link.hello();
    if hello.is_some_and(|hello| hello.protocol < LISTING_SINCE) {
        return Some("the daemon is too old for this");
    }
    (!state.hires()).then_some("only the hiring team can")
}

/// The selected candidate, where all of the record is known.
fn known(state: &State) -> Option<&Record> {
    let (id, _) = state.candidate_selected()?;
    state.cache.candidate.get(&id)
}

fn cannot_erase(state: &State) -> Option<&'static str> {
    let Some(candidate) = known(state) else {
        return Some("select a candidate first");
    };
    if !state.has_role(&[Role::Admin]) {
        return Some("only an admin can");
    }
    let to_come = candidate.interviews.iter().any(|it| state.is_to_come(it));
    to_come.then_some("cancel the upcoming interviews first")
}

fn ask_to_erase(state: &mut State) {
    let Some(candidate) = known(state) else {
        return;
    };
    let applications = match candidate.applications.len() {
        1 => "1 application and its history".to_owned(),
        many => format!("{many} applications and their history"),
    };
    let lines = vec![
        format!("{} <{}>", candidate.name, candidate.email),
        format!("Deletes the candidate, {applications}, and removes their name from interviews."),
        "Backups keep it until they rotate. This cannot be undone.".into(),
    ];
    // A name without a letter that can be typed: then the address, which always can be.
    let name = match text::fold(&candidate.name).trim().is_empty() {
        true => &candidate.email,
        false => &candidate.name,
    };
    let (id, revision) = (candidate.id, candidate.revision);
    let erase = move |state: &mut State| erase(state, id, revision);
    let confirm = Confirm::new("Erase candidate", lines, "Erase Candidate", erase).typed(name);
    state.panes.push(confirm);
}

/// Erases a candidate as their record stands.
fn erase(state: &mut State, id: CandidateId, revision: u64) -> Vec<Action> {
    let candidate = Reference {
        expected_revision: Some(revision),
        ..Reference::to(id.to_string())
    };
    let errand = Errand::call("erase", move |state, reply| erased(state, id, reply));
    let errand = errand.says("erasing…").changes();
    vec![state.call(errand, Q::CandidateErase { candidate })]
}

fn erased(state: &mut State, id: CandidateId, reply: Result<R, Error>) -> Vec<Action> {
    let done = match answer!(reply, CandidateErase) {
        Err(error) => return fail(state, error),
        Ok(done) => done,
    };
    // Nothing of them is kept here either.
    let subject = id.to_string();
    state
        .panes
        .bring_back::<Form>(|form| form.subject() == subject);
    state.undo.forget(&subject);
    state.panes.remove::<Candidate>(|open| open.0 == id);
    state.toast("Candidate erased", true);
    if done.remains.is_empty() {
        return Vec::new();
    }
    let mut error = Error::new(
        ErrorKind::Upstream,
        "Candidate erased here, but something remains in Zoom",
    )
    .hint("Delete it in Zoom if it matters.");
    error.matches = done.remains;
    fail(state, error)
}
