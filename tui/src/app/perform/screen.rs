//! Commands of the screens.

use greenroom_protocol::id::{JobId, MemberId, WorkspaceId};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState;

use super::super::reason;
use super::super::update::call;
use super::{ask, layer, notes, open, zoom_test};
use crate::forms::Kind;
use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::connect::steps as connecting;
use crate::panes::pipeline::trouble;
use crate::panes::settings::{Row, selectable};
use crate::state::event::Action;
use crate::state::work::Purpose;
use crate::state::{Screen, State};
use crate::widgets::times;
use crate::wording::zoom::my_zoom;

/// A candidate's place in a pipeline: what a move needs.
pub(crate) struct Place {
    pub(crate) candidate: String,
    pub(crate) name: String,
    pub(crate) job: JobId,
    pub(crate) stage: String,
    pub(crate) stage_name: String,
    pub(crate) revision: u64,
}

pub(crate) fn perform(state: &mut State, command: Command) -> Vec<Action> {
    use Command as C;
    match command {
        C::Search => {
            super::go(state, Screen::Candidates);
            state.candidates.start_typing();
        }
        C::Back => back(state),
        C::NewInterview => new_interview(state),
        C::NewCandidate => {
            let job = state.job_shown().map(|job| job.id.to_string());
            let job = job.filter(|_| state.screen == Screen::Pipeline);
            open(state, Kind::Candidate, job.unwrap_or_default());
        }
        C::EditCandidate => {
            let id = state.candidate_selected().map(|(id, _)| id.to_string());
            open(state, Kind::CandidateEdit, id.unwrap_or_default());
        }
        C::EraseCandidate => ask::erase(state),
        C::NewJob => open(state, Kind::Job, String::new()),
        C::NewWorkspace => open(state, Kind::Workspace, String::new()),
        C::NewMember => open(state, Kind::Member, String::new()),
        C::Import => open(state, Kind::Import, String::new()),
        C::NewStage => {
            let job = state.job_shown().map(|job| job.id.to_string());
            open(state, Kind::Stage, job.unwrap_or_default());
        }
        C::StageSettings => {
            let stage = state.job_shown().and_then(|job| state.pipeline.stage(job));
            let stage = stage.map(|stage| stage.id.to_string());
            open(state, Kind::StageSettings, stage.unwrap_or_default());
        }
        C::Move => ask::stage(state),
        C::ChooseJob => ask::job(state),
        C::Zone => ask::switch_zone(state),
        C::OtherZone => ask::zone(state),
        C::Today => {
            let today = times::at(state.now, &state.interviews.zone(&state.zone())).date();
            state.interviews.show_now(today);
            if let Some(stays) = state.interviews.settled(state, None) {
                state.interviews.select(stays);
            }
        }
        C::PreviousWeek => state.interviews.turn(-1),
        C::NextWeek => state.interviews.turn(1),
        C::ListOrWeek => state.interviews.change_form(),
        C::Insights => notes::open(state),
        C::WriteNotes => return notes::write(state),
        C::Connect => return connecting::open(state),
        C::Trouble => {
            let stage = trouble(state).map(|stage| stage.id);
            state.layers.extend(stage.map(Layer::Trouble));
        }
        C::Disconnect => ask::disconnect(state),
        C::TestZoom => return zoom_test::start(state),
        C::Tell => return tell(state),
        C::Enter => return enter(state),
        // What lies under a layer does not move.
        other if state.layers.is_empty() => navigate(state, other),
        _ => {}
    }
    Vec::new()
}

/// A command of another screen, from the palette: goes there first.
pub(crate) fn from_elsewhere(state: &mut State, command: Command) -> Vec<Action> {
    use crate::keys::Context as X;
    let contexts = command.spec().map_or(&[][..], |spec| spec.contexts);
    let screen = contexts.iter().find_map(|context| match context {
        X::Candidates => Some(Screen::Candidates),
        X::Pipeline => Some(Screen::Pipeline),
        X::Interviews => Some(Screen::Interviews),
        X::Settings => Some(Screen::Settings),
        _ => None,
    });
    if let Some(screen) = screen {
        super::go(state, screen);
    }
    super::perform(state, command)
}

fn navigate(state: &mut State, command: Command) {
    match state.screen {
        Screen::Candidates => {
            let len = state
                .mirror
                .candidates
                .latest()
                .map_or(0, |page| page.items.len());
            match command {
                Command::Right | Command::NextPane => state.candidates.set_open(true),
                Command::Left | Command::PreviousPane => state.candidates.set_open(false),
                _ => drop(state.candidates.go(command, len)),
            }
        }
        Screen::Pipeline => {
            let Some(job) = state.job_shown().cloned() else {
                return;
            };
            let Some(board) = state.mirror.board.get(&job.id) else {
                return;
            };
            state.pipeline.go(command, &job, board);
        }
        Screen::Interviews => {
            if let Some(next) = state.interviews.after(state, command) {
                state.interviews.select(next);
            }
        }
        Screen::Settings => {
            let len = selectable(state).len();
            state.settings.go(command, len);
        }
        Screen::Assistant => {}
    }
}

fn back(state: &mut State) {
    let view = &mut state.candidates;
    if view.is_typing() {
        view.stop_typing();
    } else if view.is_open() {
        view.set_open(false);
    } else {
        view.query.set("");
        view.searched();
    }
}

fn enter(state: &mut State) -> Vec<Action> {
    match state.screen {
        Screen::Candidates => {
            let typing = state.candidates.is_typing();
            state.candidates.stop_typing();
            if typing && state.is_wide() {
                return Vec::new();
            }
            if state.is_wide() || state.candidates.is_open() {
                let next = state
                    .candidate_selected()
                    .and_then(|(id, _)| state.next_interview(id));
                let next = next.map(|interview| interview.id);
                next.into_iter().for_each(|id| state.show_interview(id));
            } else {
                state.candidates.set_open(true);
            }
        }
        Screen::Pipeline => {
            let id = state.candidate_selected().map(|(id, _)| id);
            state.layers.extend(id.map(Layer::Candidate));
        }
        Screen::Interviews => {
            let id = state.interview_selected().map(|interview| interview.id);
            id.into_iter().for_each(|id| state.show_interview(id));
        }
        Screen::Settings => {
            if let Ok(action) = settings_action(state) {
                return settings_enter(state, action);
            }
        }
        Screen::Assistant => {}
    }
    Vec::new()
}

/// What Enter does in the settings.
pub(crate) enum SettingsAction {
    Connect,
    Disconnect,
    Use(WorkspaceId),
    Edit(MemberId),
    ZoomApp,
}

/// What Enter would do in the settings, or why it does nothing.
pub(crate) fn settings_action(state: &State) -> Result<SettingsAction, &'static str> {
    match state.settings.selected(state) {
        Some(Row::Zoom) => {
            let command = match my_zoom(state).map(|zoom| zoom.state) {
                Some(ConnectionState::Connected | ConnectionState::Retrying) => Command::Disconnect,
                _ => Command::Connect,
            };
            match reason::why_not(state, command) {
                Some(why) => Err(why),
                None if command == Command::Connect => Ok(SettingsAction::Connect),
                None => Ok(SettingsAction::Disconnect),
            }
        }
        Some(Row::Workspace(_, true)) => Err("this is the workspace you are in"),
        Some(Row::Workspace(id, false)) => match reason::why_not(state, Command::Workspaces) {
            Some(why) => Err(why),
            None => Ok(SettingsAction::Use(id)),
        },
        // What is not known yet must not be saved as empty.
        Some(Row::ZoomApp) if state.mirror.workspaces.latest().is_none() => {
            Err("the workspace is not known yet")
        }
        Some(Row::ZoomApp) => Ok(SettingsAction::ZoomApp),
        Some(Row::Mail) => Err("mail is set up in the configuration: greenroom generate config"),
        Some(Row::Member(id)) => Ok(SettingsAction::Edit(id)),
        None => Err("nothing is selected"),
    }
}

fn settings_enter(state: &mut State, action: SettingsAction) -> Vec<Action> {
    match action {
        SettingsAction::Connect => connecting::open(state),
        SettingsAction::Disconnect => {
            ask::disconnect(state);
            Vec::new()
        }
        SettingsAction::Use(id) => layer::use_workspace(state, &id.to_string()),
        SettingsAction::ZoomApp => {
            open(state, Kind::ZoomApp, String::new());
            Vec::new()
        }
        SettingsAction::Edit(id) => {
            open(state, Kind::MemberEdit, id.to_string());
            Vec::new()
        }
    }
}

/// Has a letter sent to the colleague who is selected.
fn tell(state: &mut State) -> Vec<Action> {
    let Some(Row::Member(id)) = state.settings.selected(state) else {
        return Vec::new();
    };
    let name = state.mirror.member(id).map(|member| member.name.clone());
    let purpose = Purpose::Tell(name.unwrap_or_default());
    if state.work.is_under_way(&purpose) {
        return Vec::new();
    }
    let ticket = state.work.begin(purpose, state.now);
    let member = Reference::to(id.to_string());
    vec![call(ticket, Q::ZoomTell { member })]
}

fn new_interview(state: &mut State) {
    let subject = match state.screen {
        Screen::Interviews => String::new(),
        _ => state
            .candidate_selected()
            .map(|(id, _)| id.to_string())
            .unwrap_or_default(),
    };
    open(state, Kind::Interview, subject);
}

/// Where the selected candidate is, in which pipeline.
pub(crate) fn place(state: &State) -> Option<Place> {
    let (id, _) = state.candidate_selected()?;
    let page = match state.screen {
        Screen::Candidates => state.mirror.candidates.latest()?,
        Screen::Pipeline => state.mirror.board.latest()?,
        _ => return None,
    };
    let row = page.items.iter().find(|row| row.id == id)?;
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
