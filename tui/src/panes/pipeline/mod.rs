//! The pipeline board: a job's stages as columns, their candidates as cards; and what is wrong with a
//! stage.

mod draw;
mod problem;
mod starting;
mod stuck;
#[cfg(test)]
mod tests;

use greenroom_protocol::id::MemberId;
use ratatui::layout::Rect;

use self::problem::Problem;
pub(super) use self::starting::begin;
use crate::forms::{self, Kind};
use crate::keys::{Command, Context, Places};
use crate::panes::candidate::{self, Candidate};
use crate::panes::chooser::Chooser;
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::{Hint, Subject, Then};
use crate::widgets::{Canvas, Pick};
use crate::wording;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::NewJob,
        Command::NewStage,
        Command::StageSettings,
        Command::StartScheduling,
    ],
    views: &[Command::ChooseJob, Command::Problem],
    disabled_reason,
    dispatch,
    on_answer,
    ..Subject::NONE
};

/// The screen.
#[derive(Debug)]
pub(crate) struct Pipeline;

impl Pane for Pipeline {
    fn places(&self, _: &State) -> Places {
        Places::on_screen(Context::Pipeline)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![Need::Coming(())];
        needs.extend(state.job_shown().map(|job| Need::Board(job.id)));
        needs.extend(state.candidate_shown().map(Need::Candidate));
        needs.push(Need::Unread(()));
        // What would help who waits for times is said with the whole outreach only.
        let board = state.cache.board.latest().into_iter();
        let cards = board.flat_map(|it| &it.items);
        let mut open = cards.filter_map(|it| it.application.as_ref()?.outreach.as_ref());
        let waits = open.any(wording::outreach::waits_for_times);
        needs.extend(waits.then_some(Need::Outreaches(())));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        in_screen
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        match command {
            Command::Enter => candidate::none_selected(state),
            Command::Back => {
                let none = state.pipeline.marks.is_empty();
                none.then_some("already at the top level")
            }
            _ => None,
        }
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        let clears = command == Command::Back && !state.pipeline.marks.is_empty();
        clears.then_some(Hint::Words("clear selection"))
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Urgent
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        state.host_of_selected()
    }
}

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let (missing, why) = match command {
        Command::StageSettings => {
            let stage = state.job_shown().and_then(|job| state.pipeline.stage(job));
            (stage.is_none(), "no stage here")
        }
        Command::NewStage => (state.job_shown().is_none(), "no jobs yet"),
        Command::ChooseJob => {
            let jobs = state.cache.jobs.latest();
            let other = jobs.is_some_and(|jobs| jobs.len() > 1);
            (!other, "no other job")
        }
        Command::StartScheduling => return starting::disabled_reason(state),
        Command::Problem => (stuck::problem(state).is_none(), "no problems here"),
        _ => return None,
    };
    missing.then_some(why)
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::NewJob => forms::open(state, Kind::Job, String::new()),
        Command::NewStage => {
            let job = state.job_shown().map(|job| job.id.to_string());
            forms::open(state, Kind::Stage, job.unwrap_or_default());
        }
        Command::StageSettings => {
            let stage = state.job_shown().and_then(|job| state.pipeline.stage(job));
            let stage = stage.map(|stage| stage.id.to_string());
            forms::open(state, Kind::StageSettings, stage.unwrap_or_default());
        }
        Command::ChooseJob => choose_job(state),
        Command::StartScheduling => starting::ask(state),
        Command::Problem => {
            if let Some(stage) = stuck::problem(state).map(|stage| stage.id) {
                state.panes.push(Problem(stage));
            }
        }
        _ => {}
    }
    Vec::new()
}

fn in_screen(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if command == Command::Back {
        state.pipeline.marks.clear();
        return Some(Vec::new());
    }
    if command == Command::Enter {
        if let Some(id) = state.candidate_shown() {
            state.panes.push(Candidate(id));
        }
        return Some(Vec::new());
    }
    let job = state.job_shown()?.clone();
    let board = state.cache.board.get(&job.id)?;
    let moved = state.pipeline.go(command, &job, board);
    moved.then(Vec::new)
}

fn choose_job(state: &mut State) {
    let jobs = state.cache.jobs.latest().into_iter().flatten();
    let picks: Vec<Pick> = jobs
        .map(|job| {
            let note = if job.open { "" } else { "closed" };
            Pick::new(&job.id.to_string(), &job.title, note)
        })
        .collect();
    let here = state.job_shown().map(|job| job.id.to_string());
    let title = "Show board".to_owned();
    let chooser = Chooser::new(title, picks, here.as_deref(), |state, pick| {
        if let Ok(job) = pick.value.parse() {
            state.pipeline.show(job);
        }
        Vec::new()
    });
    state.panes.push(chooser);
}

/// A board that is first seen selects a stage with candidates.
fn on_answer(_: &State, need: &Need) -> Option<Then> {
    matches!(need, Need::Board(_)).then(|| -> Then {
        Box::new(|state| {
            let job = state.job_shown().cloned();
            if let (Some(job), Some(board)) = (job, state.cache.board.latest()) {
                state.pipeline.settle(&job, board);
            }
            Vec::new()
        })
    })
}
