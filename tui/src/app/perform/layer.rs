//! Commands that the top layer takes for itself.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Reference;

use super::super::reason;
use super::super::update::call;
use super::notes;
use crate::forms::sheet::Did;
use crate::forms::{Form, Kind, Leave, Send};
use crate::keys::Command;
use crate::panes::Layer;
use crate::panes::check::found;
use crate::panes::chooser::{For, Moving};
use crate::panes::confirm::{Act, Pressed};
use crate::panes::connect::steps as connecting;
use crate::panes::interviews::Elsewhere;
use crate::state::State;
use crate::state::event::{Action, Task};
use crate::state::work::Purpose;
use crate::widgets::Pick;

/// Carries out a command in the top layer; nothing when the layer leaves it to others.
pub(crate) fn perform(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if notes::turn(state, command) {
        return Some(Vec::new());
    }
    let layer = state.layers.last_mut()?;
    if let Layer::Interview(_, scroll) = layer
        && scroll.go(command)
    {
        return Some(Vec::new());
    }
    if let Layer::Letter(letter) = layer
        && letter.scroll.go(command)
    {
        return Some(Vec::new());
    }
    if let Layer::ZoomTest(report) = layer
        && report.scroll.go(command)
    {
        return Some(Vec::new());
    }
    if let Layer::Check(_) | Layer::Mails(_) = layer {
        return in_list(state, command).or_else(|| leave(state, command));
    }
    match layer {
        Layer::Form(_) => return in_form(state, command),
        Layer::Connect(_) if command == Command::Manual => return Some(enter_manually(state)),
        Layer::Connect(_) => {
            if let Some(actions) = connecting::perform(state, command) {
                return Some(actions);
            }
        }
        Layer::Palette(palette) => {
            if command == Command::Enter {
                return Some(run_selected(state));
            }
            if palette.go(command) {
                return Some(Vec::new());
            }
        }
        Layer::Chooser(chooser) => {
            if command == Command::Enter {
                return Some(choose(state));
            }
            if chooser.go(command) {
                return Some(Vec::new());
            }
        }
        Layer::Candidate(id) if command == Command::Enter => {
            let next = *id;
            let next = state.next_interview(next).map(|interview| interview.id);
            next.into_iter().for_each(|id| state.show_interview(id));
            return Some(Vec::new());
        }
        Layer::Confirm(confirm) => match command {
            Command::Yes => return Some(press(state)),
            Command::NextField | Command::Right => {
                confirm.turn(true);
                return Some(Vec::new());
            }
            Command::PreviousField | Command::Left => {
                confirm.turn(false);
                return Some(Vec::new());
            }
            _ => {}
        },
        Layer::Help(list) => {
            let moved = list.go(command, crate::keys::TABLE.len());
            return moved.then(Vec::new).or_else(|| leave(state, command));
        }
        _ => {}
    }
    leave(state, command)
}

/// In a list of what the daemon knows: moves, or opens what is selected.
fn in_list(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let len = match state.layers.last()? {
        Layer::Check(_) => found(state).len(),
        Layer::Mails(mails) => mails.all(state).len(),
        _ => return None,
    };
    let opens = command == Command::Enter;
    let list = match state.layers.last_mut()? {
        Layer::Check(_) if opens => {
            super::drift::enter(state);
            return Some(Vec::new());
        }
        Layer::Mails(_) if opens => return Some(super::mail::read(state)),
        Layer::Check(list) => list,
        Layer::Mails(mails) => &mut mails.list,
        _ => return None,
    };
    list.go(command, len).then(Vec::new)
}

/// Closes the top layer, where that is the command.
fn leave(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if command != Command::Back {
        return None;
    }
    let layer = state.layers.pop()?;
    Some(put_aside(state, layer))
}

/// Closes a layer; a form is kept as a draft.
pub(crate) fn put_aside(state: &mut State, layer: Layer) -> Vec<Action> {
    match layer {
        Layer::Form(form) => {
            if form.leave() == Leave::Never {
                state.layers.push(Layer::Form(form));
            } else {
                state.drafts.insert(form.key(), form);
            }
            Vec::new()
        }
        Layer::Connect(connect) => connecting::left(state, &connect),
        _ => Vec::new(),
    }
}

fn in_form(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let Some(Layer::Form(form)) = state.layers.last_mut() else {
        return None;
    };
    match form.fields_mut().command(command) {
        Did::Send => return Some(send(state)),
        Did::Leave => return leave(state, Command::Back),
        Did::Moved | Did::Edited => return Some(Vec::new()),
        Did::Nothing => {}
    }
    match command {
        Command::Connect => Some(connecting::open(state)),
        Command::Manual => Some(enter_manually(state)),
        _ if scrolls(state, command) => Some(Vec::new()),
        _ => leave(state, command),
    }
}

/// Scrolls what a form shows to be read.
fn scrolls(state: &mut State, command: Command) -> bool {
    match state.layers.last_mut() {
        Some(Layer::Form(form)) => form.scroll(command),
        _ => false,
    }
}

/// Lets the interview's form take link, ID and passcode; a connect that lay over it is left.
fn enter_manually(state: &mut State) -> Vec<Action> {
    let mut actions = Vec::new();
    if matches!(state.layers.last(), Some(Layer::Connect(_)))
        && let Some(connect) = state.layers.pop()
    {
        actions.extend(put_aside(state, connect));
    }
    if let Some(Layer::Form(mut form)) = state.layers.pop() {
        form.enter_manually(state);
        state.layers.push(Layer::Form(form));
    }
    actions
}

/// Sends the top form, unless it is on its way.
pub(crate) fn send(state: &mut State) -> Vec<Action> {
    let Some(Layer::Form(form)) = state.layers.last() else {
        return Vec::new();
    };
    let purpose = Purpose::Send(form.key());
    if state.work.is_under_way(&purpose) {
        return Vec::new();
    }
    if !state.link.is_up() {
        state
            .work
            .say("the daemon is away: the form waits here", false, state.now);
        return Vec::new();
    }
    let Some(Layer::Form(mut form)) = state.layers.pop() else {
        return Vec::new();
    };
    if form.changes_nothing() {
        state.work.say("Nothing changed", true, state.now);
        return Vec::new();
    }
    let actions = send_form(state, &mut form, purpose);
    state.layers.push(Layer::Form(form));
    actions
}

fn send_form(state: &mut State, form: &mut Form, purpose: Purpose) -> Vec<Action> {
    match form.send(state) {
        Some(Send::Call(request)) => {
            let ticket = state.work.begin(purpose, state.now);
            vec![call(ticket, *request)]
        }
        Some(Send::ReadFile(path)) => {
            let ticket = state.work.begin(Purpose::Read(form.key()), state.now);
            vec![Action::Do(ticket, Task::ReadCsv(path))]
        }
        None => Vec::new(),
    }
}

fn run_selected(state: &mut State) -> Vec<Action> {
    let Some(Layer::Palette(palette)) = state.layers.last() else {
        return Vec::new();
    };
    let Some(command) = palette.selected() else {
        return Vec::new();
    };
    state.layers.pop();
    // The palette names commands of every place: those of another screen are not possible here.
    let places = state.places();
    let possible = command
        .spec()
        .is_some_and(|spec| places.overlap(spec.contexts));
    if !possible && reason::why_not(state, command).is_none() {
        return super::screen::from_elsewhere(state, command);
    }
    super::perform(state, command)
}

fn choose(state: &mut State) -> Vec<Action> {
    let Some(Layer::Chooser(chooser)) = state.layers.last_mut() else {
        return Vec::new();
    };
    let Some(pick) = chooser.take() else {
        return Vec::new();
    };
    let choice = chooser.choice.clone();
    state.layers.pop();
    chosen(state, choice, &pick)
}

fn chosen(state: &mut State, choice: For, pick: &Pick) -> Vec<Action> {
    match choice {
        For::Move(moving) if moving.from == pick.value => {
            let words = format!("{} is already in {}", moving.name, pick.label);
            state.work.say(words, false, state.now);
            Vec::new()
        }
        For::Move(Moving { mut to, name, .. }) => {
            to.stage.clone_from(&pick.value);
            let before = to.expected_revision;
            let ticket = state.work.begin(Purpose::Move(name, before), state.now);
            vec![call(ticket, Q::CandidateMove { to })]
        }
        For::Job => {
            if let Ok(job) = pick.value.parse() {
                state.pipeline.show(job);
            }
            Vec::new()
        }
        For::Repair(interview) => super::drift::chosen(state, interview, &pick.value),
        For::Zone => {
            let zone = Some(pick.value.clone()).filter(|zone| !zone.is_empty());
            state.interviews.elsewhere = zone.map(|zone| Elsewhere { zone, of: None });
            Vec::new()
        }
        For::Workspace if pick.value.is_empty() => {
            super::open(state, Kind::Workspace, String::new());
            Vec::new()
        }
        For::Workspace => use_workspace(state, &pick.value),
    }
}

pub(crate) fn use_workspace(state: &mut State, id: &str) -> Vec<Action> {
    let mut all = state.mirror.workspaces.latest().into_iter().flatten();
    let Some(there) = all.find(|workspace| workspace.id.to_string() == id) else {
        return Vec::new();
    };
    if there.current {
        let words = format!("this is {}", there.name);
        state.work.say(words, true, state.now);
        return Vec::new();
    }
    let name = there.name.clone();
    let ticket = state.work.begin(Purpose::Use(name), state.now);
    let workspace = Reference::to(id);
    vec![call(ticket, Q::WorkspaceUse { workspace })]
}

/// Presses the button of a question that has the focus.
fn press(state: &mut State) -> Vec<Action> {
    let Some(Layer::Confirm(confirm)) = state.layers.last_mut() else {
        return Vec::new();
    };
    let pressed = confirm.press();
    if pressed != Pressed::Refused {
        state.layers.pop();
    }
    match pressed {
        Pressed::Confirmed(act) => confirmed(state, act),
        Pressed::Cancelled | Pressed::Refused => Vec::new(),
    }
}

fn confirmed(state: &mut State, act: Act) -> Vec<Action> {
    match act {
        Act::Disconnect(member) => {
            let ticket = state.work.begin(Purpose::Disconnect, state.now);
            vec![call(
                ticket,
                Q::ZoomDisconnect {
                    member: Reference::to(member),
                },
            )]
        }
        Act::Repair(id, repair) => super::drift::mend(state, id, repair),
        Act::DeleteStray(orphan) => super::drift::delete(state, orphan),
        Act::Erase(id, revision) => {
            let candidate = Reference {
                expected_revision: Some(revision),
                ..Reference::to(id.to_string())
            };
            let ticket = state.work.begin(Purpose::Erase(id), state.now);
            vec![call(ticket, Q::CandidateErase { candidate })]
        }
    }
}
