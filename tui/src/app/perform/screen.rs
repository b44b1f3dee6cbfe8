//! Commands of the screens.

use greenroom_protocol::id::JobId;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::CandidateMove;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::ConnectionState;

use super::super::event::{Action, Task};
use super::super::state::{Screen, State};
use super::super::update::call;
use super::super::work::Purpose;
use super::super::{connecting, reason};
use super::{layer, open};
use crate::keys::Command;
use crate::layers::Layer;
use crate::layers::chooser::{Chooser, For};
use crate::layers::confirm::{Act, Confirm};
use crate::layers::forms::Kind;
use crate::screens::{Row, my_zoom, selectable, wording};
use crate::widgets::{Pick, times};

/// A candidate's place in a pipeline: what a move needs.
pub(in super::super) struct Place {
    candidate: String,
    name: String,
    job: JobId,
    stage: String,
    revision: u64,
}

pub(super) fn perform(state: &mut State, command: Command) -> Vec<Action> {
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
        C::NewJob => open(state, Kind::Job, String::new()),
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
        C::Move => choose_stage(state),
        C::ChooseJob => choose_job(state),
        C::Zone => choose_zone(state),
        C::Today => {
            let today = times::at(state.now, &state.interviews.zone(&state.zone())).date();
            state.interviews.show_week_of(today);
        }
        C::PreviousWeek => state.interviews.turn(-1),
        C::NextWeek => state.interviews.turn(1),
        C::ListOrWeek => state.interviews.as_list = !state.interviews.as_list,
        C::ConfirmInterview => return confirm(state),
        C::CancelInterview => ask_cancel(state),
        C::CopyLink => return copy_link(state),
        C::OpenLink => return open_link(state),
        C::Connect => return connecting::open(state),
        C::Disconnect => ask_disconnect(state),
        C::Enter => return enter(state),
        other => navigate(state, other),
    }
    Vec::new()
}

/// A command of another screen, from the palette: goes there first.
pub(super) fn from_elsewhere(state: &mut State, command: Command) -> Vec<Action> {
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
            let zone = state.interviews.zone(&state.zone());
            let shown = state.interviews.shown(state);
            let days = shown
                .iter()
                .map(|it| times::at(it.start.timestamp(), &zone).date());
            let days: Vec<_> = days.collect();
            state.interviews.go(command, &days);
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
            state.candidates.stop_typing();
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
pub(in super::super) enum SettingsAction {
    Connect,
    Disconnect,
    Use(String),
}

/// What Enter would do in the settings, or why it does nothing.
pub(in super::super) fn settings_action(state: &State) -> Result<SettingsAction, &'static str> {
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
        Some(Row::Workspace(name, false)) => Ok(SettingsAction::Use(name)),
        Some(Row::Mail) => Err("sending mail comes later"),
        Some(Row::Member(_)) => Err("members are changed with: greenroom member edit"),
        None => Err("nothing is selected"),
    }
}

fn settings_enter(state: &mut State, action: SettingsAction) -> Vec<Action> {
    match action {
        SettingsAction::Connect => connecting::open(state),
        SettingsAction::Disconnect => {
            ask_disconnect(state);
            Vec::new()
        }
        SettingsAction::Use(name) => layer::use_workspace(state, &name),
    }
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
pub(in super::super) fn place(state: &State) -> Option<Place> {
    let row = match state.screen {
        Screen::Candidates => state
            .candidates
            .selected(state.mirror.candidates.latest()?)?,
        Screen::Pipeline => state
            .pipeline
            .selected(state.job_shown()?, state.mirror.board.latest()?)?,
        _ => return None,
    };
    let application = row.application.as_ref()?;
    Some(Place {
        candidate: row.id.to_string(),
        name: row.name.clone(),
        job: application.job,
        stage: application.stage.to_string(),
        revision: application.revision,
    })
}

fn choose_stage(state: &mut State) {
    let Some(place) = place(state) else { return };
    // On the candidates' screen the jobs may not be known yet: then the stages of the record serve.
    let picks = match state.mirror.job(place.job) {
        Some(job) => job
            .stages
            .iter()
            .map(|stage| {
                let here = if stage.id.to_string() == place.stage {
                    "● here"
                } else {
                    ""
                };
                Pick::new(&stage.id.to_string(), &stage.name, here)
            })
            .collect(),
        None => stages_of_record(state, place.job),
    };
    let to = CandidateMove {
        candidate: place.candidate,
        job: Some(place.job.to_string()),
        stage: String::new(),
        expected_revision: Some(place.revision),
    };
    let title = format!("Move {} to", place.name);
    let here = place.stage;
    let chooser = Chooser::new(title, For::Move(to, place.name), picks, Some(&here));
    state.layers.push(Layer::Chooser(chooser));
}

fn stages_of_record(state: &State, job: JobId) -> Vec<Pick> {
    let candidate = state.mirror.candidate.latest();
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

fn choose_job(state: &mut State) {
    let jobs = state.mirror.jobs.latest().into_iter().flatten();
    let picks: Vec<Pick> = jobs
        .map(|job| {
            let note = if job.open { "" } else { "closed" };
            Pick::new(&job.id.to_string(), &job.title, note)
        })
        .collect();
    let here = state.job_shown().map(|job| job.id.to_string());
    let chooser = Chooser::new("Show the board of".into(), For::Job, picks, here.as_deref());
    state.layers.push(Layer::Chooser(chooser));
}

fn choose_zone(state: &mut State) {
    let mut zones: Vec<String> = vec!["UTC".into()];
    let members = state.mirror.members.latest().into_iter().flatten();
    zones.extend(members.map(|member| member.zone.clone()));
    let shown = state.interviews.shown(state).into_iter();
    zones.extend(shown.filter_map(|interview| interview.candidate.zone.clone()));
    zones.sort();
    zones.dedup();
    let mine = state.zone().iana_name().unwrap_or_default().to_owned();
    let mut picks = vec![Pick::new("", "your own", &mine)];
    picks.extend(zones.iter().map(|zone| Pick::new(zone, zone, "")));
    let here = state.interviews.zone.clone().unwrap_or_default();
    let chooser = Chooser::new("Show times in".into(), For::Zone, picks, Some(&here));
    state.layers.push(Layer::Chooser(chooser));
}

fn confirm(state: &mut State) -> Vec<Action> {
    let Some(interview) = state.interview_selected() else {
        return Vec::new();
    };
    let id = interview.id;
    let mut reference = Reference::to(id.to_string());
    reference.expected_revision = Some(interview.revision);
    let ticket = state.work.begin(Purpose::Confirm(id), state.now);
    vec![call(
        ticket,
        Q::InterviewConfirm {
            interview: reference,
        },
    )]
}

fn ask_cancel(state: &mut State) {
    let Some(interview) = state.interview_selected() else {
        return;
    };
    let (when, _) = wording::when(interview, state);
    let meeting = match (interview.meeting.kind, interview.meeting.manual) {
        (MeetingType::Zoom, false) => "Its meeting is deleted at Zoom; the link stops working.",
        _ => "The link or place it names is not touched.",
    };
    let confirm = Confirm {
        title: "Cancel the interview".into(),
        lines: vec![
            format!("{} with {}", when, interview.candidate.name),
            meeting.to_owned(),
        ],
        button: "Cancel Interview",
        act: Act::CancelInterview(interview.id),
    };
    state.layers.push(Layer::Confirm(confirm));
}

fn ask_disconnect(state: &mut State) {
    let Some(zoom) = my_zoom(state) else { return };
    let booked = match zoom.booked {
        0 => "No booked meeting is on it.".to_owned(),
        1 => "One booked meeting keeps its link.".to_owned(),
        many => format!("{many} booked meetings keep their links."),
    };
    let confirm = Confirm {
        title: "Disconnect Zoom".into(),
        lines: vec![
            wording::zoom_user(zoom),
            "The keys are wiped here and revoked at Zoom.".into(),
            booked,
            "New Zoom interviews on it need a new connect.".into(),
        ],
        button: "Confirm Disconnect",
        act: Act::Disconnect(zoom.member.id.to_string()),
    };
    state.layers.push(Layer::Confirm(confirm));
}

fn copy_link(state: &mut State) -> Vec<Action> {
    let url = state
        .interview_selected()
        .and_then(|it| it.meeting.join_url.clone());
    let Some(url) = url else { return Vec::new() };
    let ticket = state.work.begin(Purpose::Copy("the link"), state.now);
    vec![Action::Do(ticket, Task::Copy(url))]
}

fn open_link(state: &mut State) -> Vec<Action> {
    let url = state
        .interview_selected()
        .and_then(|it| it.meeting.join_url.clone());
    let Some(url) = url else { return Vec::new() };
    let ticket = state.work.begin(Purpose::Browse, state.now);
    vec![Action::Do(ticket, Task::Browse(url))]
}
