//! Why a command cannot be carried out now.
//!
//! The one place that decides it: the hint bar shows only what can be done, help and palette show
//! the reason, and pressing the key says it.

mod interview;

use greenroom_protocol::pipeline::Candidate;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::ConnectionState;
pub(crate) use interview::{found_selected, is_staff, mail_selected, reply_selected};

use crate::forms::Leave;
use crate::keys::{Chord, Command};
use crate::panes::Layer;
use crate::panes::connect::Phase;
use crate::panes::connect::steps as connecting;
use crate::panes::pipeline;
use crate::panes::settings::Row;
use crate::state::queries::ZOOM_TEST_SINCE;
use crate::state::{Screen, State};
use crate::wording::zoom;

/// The reason, in a few words; nothing when the command can be carried out.
pub(crate) fn why_not(state: &State, command: Command) -> Option<&'static str> {
    use Command as C;
    if needs_daemon(command) {
        if !state.link.is_up() {
            return Some("the daemon is away");
        }
        if state
            .link
            .hello()
            .is_some_and(|hello| hello.workspace.is_none())
        {
            return Some("there is no workspace yet");
        }
    }
    match command {
        C::Undo if state.work.takes_back() => Some("something is being undone"),
        C::Undo => (state.undo.is_empty()).then_some("nothing to undo"),
        C::Messages => absent(&state.work.failure, "no errors"),
        C::Quit => within_form(state).then_some("close the form first: Esc keeps a draft"),
        C::Back => nowhere_back(state).then_some("already at the top level"),
        C::Workspaces => workspaces(state),
        C::NewWorkspace => {
            (!is_operator(state)).then_some("only the daemon's own user or root can")
        }
        C::NewInterview if state.screen != Screen::Interviews => someone(state),
        C::EditCandidate => absent(&known_candidate(state), "select a candidate first"),
        C::EraseCandidate => erase(state),
        C::Move => someone(state).or_else(|| unplaced(state)),
        C::StageSettings => {
            let stage = state.job_shown().and_then(|job| state.pipeline.stage(job));
            absent(&stage, "there is no stage")
        }
        C::NewStage => absent(&state.job_shown(), "there is no job yet"),
        C::ChooseJob => match state.mirror.jobs.latest() {
            Some(jobs) if jobs.len() > 1 => None,
            _ => Some("there is no other job"),
        },
        C::Connect => connect(state),
        C::Disconnect => disconnect(state),
        C::TestZoom => test_zoom(state),
        C::Tell => tell(state),
        C::Manual => manual(state),
        C::Trouble => absent(&pipeline::trouble(state), "nothing is wrong here"),
        C::ConfirmInterview
        | C::Complete
        | C::NoShow
        | C::Reschedule
        | C::EditInterview
        | C::CancelInterview => interview::change(state, command),
        C::Mail => absent(&state.interview_selected(), "select an interview first"),
        C::Emails => absent(&state.candidate_shown(), "select a candidate first"),
        C::RetryMail => interview::retry(state),
        C::AcceptReply => interview::accept(state),
        C::Repair => interview::repair(state),
        C::CheckMeetings => interview::check(state),
        C::DeleteStray => interview::delete_stray(state),
        C::CopyLink | C::OpenLink => interview::link(state.interview_selected()),
        C::Insights => insights(state),
        C::WriteNotes => write_notes(state),
        C::Zone => zone(state),
        C::SandboxAnswer if sandbox(state).is_none() => Some("only where Zoom is a sandbox"),
        C::SandboxAnswer
        | C::CopyAddress
        | C::OpenBrowser
        | C::AskAdmin
        | C::PagePrivate
        | C::PageInvalid => (!waits(state)).then_some("there is no address yet"),
        C::Enter => enter(state),
        _ => None,
    }
}

/// The reason where the person is: help and palette speak of what lies below them, and can always
/// be left themselves.
pub(super) fn why_not_now(state: &State, command: Command) -> Option<&'static str> {
    let over = matches!(
        state.layers.last(),
        Some(Layer::Help(_) | Layer::Palette(_))
    );
    why_not(state, command).filter(|_| !(over && command == Command::Back))
}

/// The key for a command below help and palette, where it can be carried out.
pub(crate) fn key_of(state: &State, command: Command) -> Option<Chord> {
    let possible = why_not(state, command).is_none();
    let places = state.places_below_help();
    let key = state.keymap.key(command, &places);
    key.filter(|_| possible)
}

/// The sandbox's address, where Zoom is one.
pub(crate) fn sandbox(state: &State) -> Option<&str> {
    state.mirror.status.latest()?.sandbox.as_deref()
}

fn needs_daemon(command: Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Undo
            | C::Workspaces
            | C::NewWorkspace
            | C::NewInterview
            | C::NewCandidate
            | C::EditCandidate
            | C::EraseCandidate
            | C::NewJob
            | C::NewStage
            | C::NewMember
            | C::Import
            | C::Move
            | C::StageSettings
            | C::Repair
            | C::RetryMail
            | C::CheckMeetings
            | C::DeleteStray
            | C::ConfirmInterview
            | C::Complete
            | C::NoShow
            | C::Reschedule
            | C::EditInterview
            | C::CancelInterview
            | C::WriteNotes
            | C::Tell
            | C::TestZoom
            | C::Connect
            | C::Disconnect
    )
}

/// Whether the person may add workspaces.
pub(crate) fn is_operator(state: &State) -> bool {
    state.link.hello().is_some_and(|hello| hello.operator)
}

fn workspaces(state: &State) -> Option<&'static str> {
    let waits = |layer: &Layer| matches!(layer, Layer::Connect(it) if it.is_under_way());
    if state.layers.iter().any(waits) {
        return Some("cancel the connect first");
    }
    if state.work.changes_something() {
        return Some("something is still under way here");
    }
    match state.mirror.workspaces.latest() {
        None => Some("the workspaces are not known yet"),
        Some(all) if all.len() < 2 && !is_operator(state) => Some("there is only this workspace"),
        Some(_) => None,
    }
}

fn absent<T>(value: &Option<T>, why: &'static str) -> Option<&'static str> {
    value.is_none().then_some(why)
}

fn within_form(state: &State) -> bool {
    state
        .layers
        .iter()
        .any(|layer| matches!(layer, Layer::Form(_)))
}

fn nowhere_back(state: &State) -> bool {
    match state.layer() {
        Some(Layer::Form(form)) => form.leave() == Leave::Never,
        Some(_) => false,
        None => {
            let view = &state.candidates;
            let searching = view.is_typing() || !view.search().is_empty();
            !(state.screen == Screen::Candidates && (searching || view.is_open()))
        }
    }
}

fn someone(state: &State) -> Option<&'static str> {
    absent(&state.candidate_selected(), "select a candidate first")
}

/// The selected candidate, where all of the record is known.
pub(super) fn known_candidate(state: &State) -> Option<&Candidate> {
    let (id, _) = state.candidate_selected()?;
    state.mirror.candidate.get(&id)
}

fn erase(state: &State) -> Option<&'static str> {
    let Some(candidate) = known_candidate(state) else {
        return Some("select a candidate first");
    };
    let caller = state.link.hello().and_then(|hello| hello.caller.as_ref());
    if !caller.is_some_and(|caller| caller.roles.contains(&Role::Admin)) {
        return Some("only an admin can");
    }
    let to_come = candidate.interviews.iter().any(|it| state.is_to_come(it));
    to_come.then_some("cancel the interviews to come first")
}

fn unplaced(state: &State) -> Option<&'static str> {
    absent(
        &super::perform::place(state),
        "this candidate applied for no job",
    )
}

fn connect(state: &State) -> Option<&'static str> {
    let under_way = |layer: &Layer| matches!(layer, Layer::Connect(_));
    if state.layers.iter().any(under_way) {
        return Some("a connect is under way");
    }
    let Some(member) = connecting::subject(state) else {
        return Some("you are no member of this workspace");
    };
    if !zoom::may_connect(state, member) {
        return Some("only that member or an admin can connect it");
    }
    let stands = zoom::stands(state, member)?;
    let lacks = zoom::connection_of(state, member).is_some_and(|it| !it.missing_scopes.is_empty());
    match stands {
        ConnectionState::Connected if lacks => None,
        ConnectionState::Connected => Some("it is connected"),
        ConnectionState::Retrying => Some("it is connected; Zoom itself is away"),
        _ => None,
    }
}

fn disconnect(state: &State) -> Option<&'static str> {
    let Some(member) = connecting::subject_of_disconnect(state) else {
        return Some("you are no member of this workspace");
    };
    if !zoom::may_connect(state, member) {
        return Some("only that member or an admin can disconnect it");
    }
    let has_grant = [
        ConnectionState::Connected,
        ConnectionState::Retrying,
        ConnectionState::ReconnectRequired,
    ];
    let stands = zoom::stands(state, member);
    (!stands.is_some_and(|stands| has_grant.contains(&stands))).then_some("it is not connected")
}

fn test_zoom(state: &State) -> Option<&'static str> {
    let hello = state.link.hello();
    if hello.is_some_and(|hello| hello.protocol < ZOOM_TEST_SINCE) {
        return Some("the daemon is too old: update it");
    }
    let Some(member) = connecting::subject_of_test(state) else {
        return Some("you are not a member of this workspace");
    };
    if !zoom::may_connect(state, member) {
        return Some("only that member or an admin can test it");
    }
    let begins = state.work.starts_test(member);
    let shown = matches!(state.layer(), Some(Layer::ZoomTest(_)));
    let test = state.mirror.zoom_test.get(&member);
    // Elsewhere the key shows the test that is under way.
    if begins || (shown && test.is_some_and(|test| test.running)) {
        return Some("the test is still running");
    }
    match zoom::stands(state, member) {
        Some(ConnectionState::Connected | ConnectionState::Retrying) => None,
        Some(ConnectionState::ReconnectRequired) => Some("reconnect Zoom first"),
        Some(_) => Some("connect Zoom first"),
        None => Some("it is not known yet whether Zoom is connected"),
    }
}

fn manual(state: &State) -> Option<&'static str> {
    let form = state.layers.iter().rev().find_map(|layer| match layer {
        Layer::Form(form) => Some(form),
        _ => None,
    });
    let possible = form.is_some_and(|form| form.can_be_manual());
    (!possible).then_some("no Zoom meeting is being planned")
}

fn tell(state: &State) -> Option<&'static str> {
    let Some(Row::Member(member)) = state.settings.selected(state) else {
        return Some("select a colleague first");
    };
    if state.is_me(member) {
        return Some("that is you: connect it");
    }
    if !interview::hires(state) {
        return Some("only who hires can tell them");
    }
    let broken = zoom::stands(state, member) == Some(ConnectionState::ReconnectRequired);
    (!broken).then_some("their Zoom need not be connected again")
}

fn insights(state: &State) -> Option<&'static str> {
    match state.screen {
        Screen::Interviews => absent(&state.interview_selected(), "select an interview first"),
        _ => someone(state).filter(|_| state.interview_selected().is_none()),
    }
}

fn write_notes(state: &State) -> Option<&'static str> {
    let Some(Layer::Insights(insights)) = state.layer() else {
        return Some("open the notes first");
    };
    // What is not known yet must not be written over.
    if state.mirror.insights.get(&insights.candidate).is_none() {
        return Some("the notes are not known yet");
    }
    absent(
        &insights.page(state),
        "there is no interview to write about",
    )
}

fn zone(state: &State) -> Option<&'static str> {
    if state.interviews.elsewhere.is_some() {
        return None;
    }
    let Some(interview) = state.interview_selected() else {
        return Some("select an interview first");
    };
    let Some(zone) = &interview.candidate.zone else {
        return Some("the candidate's zone is not known: Z has every other one");
    };
    let own = state.zone();
    (own.iana_name() == Some(zone)).then_some("the candidate is in your zone")
}

fn waits(state: &State) -> bool {
    matches!(state.layer(), Some(Layer::Connect(connect)) if matches!(connect.phase, Phase::Waiting(_)))
}

fn enter(state: &State) -> Option<&'static str> {
    match state.layer() {
        Some(Layer::Connect(connect)) => match connect.phase {
            Phase::Permissions | Phase::Failed(_) => None,
            _ if connect.pasting => None,
            _ => Some("the browser has the word"),
        },
        Some(Layer::Mails(_)) => absent(&mail_selected(state), "there is no mail"),
        Some(Layer::Check(_)) => absent(&found_selected(state), "nothing is selected"),
        Some(Layer::Candidate(id)) => absent(&state.next_interview(*id), "no interview is planned"),
        Some(_) => None,
        None => match state.screen {
            Screen::Candidates if state.candidates.is_typing() => None,
            Screen::Candidates | Screen::Pipeline => someone(state),
            Screen::Interviews => absent(&state.interview_selected(), "no interview is selected"),
            Screen::Settings => super::perform::settings_action(state).err(),
            Screen::Assistant => Some("the assistant comes later"),
        },
    }
}
