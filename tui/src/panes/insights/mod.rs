//! What is kept after a candidate's interviews: Zoom's summary and what people wrote, one interview at
//! a time; and writing notes in the person's editor.
//!
//! Invariant: what somebody typed is taken by the daemon, or kept in a file that the failure names.

mod draw;
mod pages;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId};
use greenroom_protocol::insight::InsightNote;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::today::NeedKind;
use greenroom_protocol::workspace::Reference;
use ratatui::layout::Rect;

use self::pages::Insights;
use crate::keys::{Command, Context, Places};
use crate::panes::candidate;
use crate::panes::failure::fail;
use crate::state::event::{Action, Done, Task};
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::Subject;
use crate::state::work::{Errand, answer};
use crate::state::{Screen, State};
use crate::widgets::Canvas;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::WriteNotes],
    views: &[Command::Insights],
    disabled_reason: |state, command| match command {
        Command::WriteNotes => cannot_write(state),
        _ => nothing_to_open(state),
    },
    dispatch: |state, command| match command {
        Command::WriteNotes => write(state),
        _ => open(state),
    },
    after_event: |state| opened(state).into_iter().collect(),
    ..Subject::NONE
};

impl Pane for Insights {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Insights)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, state, canvas, area);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        vec![
            Need::Candidate(self.candidate),
            Need::Insights(self.candidate),
        ]
    }

    fn dispatch(&self) -> Dispatch {
        turn
    }
}

/// To an earlier or a later interview, or scrolls.
fn turn(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let neighbour = state.panes.top_as::<Insights>()?.neighbour(state, command);
    let insights = state.panes.top_as_mut::<Insights>()?;
    match neighbour {
        Some(interview) => insights.turn_to(interview),
        None => return insights.go(command).then(Vec::new),
    }
    Some(Vec::new())
}

/// Opens what is kept of an interview.
pub(super) fn open_at(state: &mut State, candidate: CandidateId, interview: InterviewId) {
    state.panes.push(Insights::of(candidate, Some(interview)));
}

/// What is shown of an interview and was new is not any more.
fn opened(state: &mut State) -> Option<Action> {
    let insights = state.panes.top_as::<Insights>()?;
    let page = insights.page(state)?;
    let shown = page.interview;
    let new = state
        .cache
        .today
        .latest()?
        .needs_me
        .iter()
        .any(|need| need.kind == NeedKind::NewInsight && need.interview == Some(shown));
    if !new || page.insight.is_none() || insights.seen == Some(shown) || !state.link.is_up() {
        return None;
    }
    state.panes.top_as_mut::<Insights>()?.seen = Some(shown);
    let errand = Errand::call("insight-seen", |state, reply| {
        // Where it cannot be noted it goes on counting as new.
        if answer!(reply, InsightSeen).is_ok() {
            state.cache.invalidate("insight");
        }
        Vec::new()
    });
    let interview = Reference::to(shown.to_string());
    Some(state.call(errand, Q::InsightSeen { interview }))
}

fn nothing_to_open(state: &State) -> Option<&'static str> {
    let none = state.interview_selected().is_none();
    match state.screen {
        Screen::Interviews | Screen::Today => none.then_some("select an interview first"),
        _ => candidate::none_selected(state).filter(|_| none),
    }
}

fn cannot_write(state: &State) -> Option<&'static str> {
    let Some(insights) = state.panes.below_help_as::<Insights>() else {
        return Some("open the notes first");
    };
    // What is not known yet must not be written over.
    if state.cache.insights.get(&insights.candidate).is_none() {
        return Some("notes are still loading");
    }
    let none = insights.page(state).is_none();
    none.then_some("no interview to write about")
}

/// Opens what is kept of the interview that is selected, or of the candidate.
fn open(state: &mut State) -> Vec<Action> {
    let open = state.pane_below_help().interview().is_some();
    let on_interview = open || matches!(state.screen, Screen::Interviews | Screen::Today);
    let interview = state.interview_selected().filter(|_| on_interview);
    let interview = interview.map(|it| (it.candidate.id, Some(it.id)));
    let candidate = state.candidate_shown().map(|id| (id, None));
    if let Some((candidate, interview)) = interview.or(candidate) {
        state.panes.push(Insights::of(candidate, interview));
    }
    Vec::new()
}

/// Notes that somebody begins to write: on which interview, over which revision of what.
struct Draft {
    interview: InterviewId,
    revision: u64,
    former: String,
}

/// Hands the notes to the person's editor.
fn write(state: &mut State) -> Vec<Action> {
    let insights = state.panes.below_help_as::<Insights>();
    let Some(page) = insights.and_then(|it| it.page(state)) else {
        return Vec::new();
    };
    let (former, revision) = page.notes();
    let draft = Draft {
        interview: page.interview,
        revision,
        former: former.clone(),
    };
    let errand = Errand::task("compose", move |state, done| written(state, draft, done));
    vec![Action::Compose(state.ticket(errand.changes()), former)]
}

/// The editor ended: what it wrote goes to the daemon, over what it began from.
fn written(state: &mut State, draft: Draft, done: Result<Done, Error>) -> Vec<Action> {
    let text = match done {
        Ok(Done::Written(text)) => text,
        Ok(_) => return Vec::new(),
        Err(error) => return fail(state, error),
    };
    if text.trim_end() == draft.former.trim_end() {
        state.toast("Notes unchanged", true);
        return Vec::new();
    }
    let insight = InsightNote {
        interview: Reference {
            expected_revision: Some(draft.revision),
            ..Reference::to(draft.interview.to_string())
        },
        notes: text.clone(),
    };
    let errand = Errand::call("note", move |state, reply| taken(state, text, reply));
    let errand = errand.says("saving the notes…").changes();
    vec![state.call(errand, Q::InsightNote { insight })]
}

/// The daemon took them, or they go into a file.
fn taken(state: &mut State, text: String, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.insights.invalidate();
    match answer!(reply, InsightNote) {
        Ok(insight) => {
            let words = match insight.notes {
                Some(_) => "Notes saved",
                None => "Notes deleted",
            };
            state.toast(words, true);
            Vec::new()
        }
        Err(error) => {
            let errand = Errand::task("keep", |state, done| match done {
                Ok(_) => Vec::new(),
                Err(error) => fail(state, error),
            });
            vec![state.begin(errand, Task::Keep(error, text))]
        }
    }
}
