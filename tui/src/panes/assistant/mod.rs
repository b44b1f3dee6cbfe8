//! The screen of what is arranged with candidates: times that are proposed, and what came of them;
//! and of conversations with the assistant.
//!
//! Owns what its keys do with an outreach: choosing a time for the candidate, stopping it (`picking`),
//! changing and approving what the assistant would send, taking over, handing back and moving up in line (`handing`). One is read
//! beside the list, or over it where that has no room; `figures` says what all of it came to. Invariant: a person is asked once before
//! a time is booked or an outreach ends; what candidates write is shown and decides nothing.

mod draw;
mod figures;
mod handing;
mod picking;
#[cfg(test)]
mod tests;
mod thread;

use greenroom_protocol::id::{CandidateId, OutreachId};
use greenroom_protocol::outreach::Outreach;
use ratatui::layout::Rect;

use self::figures::Figures;
use self::thread::Thread;
use crate::keys::{Command, Context, Places};
use crate::panes::conversations;
use crate::panes::screens::go;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::selected::{AssistantRow, RowId};
use crate::state::subject::{Hint, Subject, Then};
use crate::state::{Screen, State};
use crate::widgets::Canvas;

/// The commands that choose a time, by its number.
const PICKS: [Command; 5] = [
    Command::PickFirst,
    Command::PickSecond,
    Command::PickThird,
    Command::PickFourth,
    Command::PickFifth,
];

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::PickFirst,
        Command::PickSecond,
        Command::PickThird,
        Command::PickFourth,
        Command::PickFifth,
        Command::StopOutreach,
        Command::ApproveOutreach,
        Command::EditDraft,
        Command::TakeOver,
        Command::MoveUp,
        Command::HandBack,
    ],
    views: &[Command::SchedulingFigures],
    disabled_reason: |state, command| match command {
        Command::SchedulingFigures => (!state.hires()).then_some("only the hiring team can"),
        _ => {
            // The letters of a conversation that is open choose its slots.
            let at = PICKS.iter().position(|it| *it == command);
            let there = at.and_then(|at| conversations::cannot_pick(state, at));
            there.unwrap_or_else(|| picking::disabled_reason(state, command))
        }
    },
    dispatch: |state, command| match PICKS.iter().position(|it| *it == command) {
        Some(at) => picking::pick(state, at),
        None if command == Command::StopOutreach => picking::stop(state),
        None if command == Command::SchedulingFigures => {
            state.panes.push(Figures::default());
            Vec::new()
        }
        None => handing::act(state, command),
    },
    on_answer,
    after_event: thread::mark_read,
    ..Subject::NONE
};

/// The screen.
#[derive(Debug)]
pub(crate) struct Assistant;

impl Pane for Assistant {
    fn places(&self, _: &State) -> Places {
        Places::on_screen(Context::Assistant)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![Need::Outreaches(()), Need::Conversations(())];
        if let Some(outreach) = state.assistant.selected(state) {
            // The key of a new proposal begins from the whole record.
            needs.push(Need::Candidate(outreach.candidate.id));
            if state.is_wide() {
                needs.extend(thread::needs(outreach.id, Some(outreach)));
            }
        }
        needs
    }

    fn dispatch(&self) -> Dispatch {
        in_screen
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        match command {
            Command::Enter => {
                let none = state.assistant.row(state).is_none();
                none.then_some("nothing selected")
            }
            Command::Back => Some("already at the top level"),
            _ => None,
        }
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        let words = match state.assistant.row(state) {
            Some(AssistantRow::Conversation(_)) => "go on",
            Some(AssistantRow::Older(_)) => "show older",
            _ => "read",
        };
        (command == Command::Enter).then_some(Hint::Words(words))
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Urgent
    }
}

fn in_screen(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if command == Command::Enter {
        return Some(enter(state));
    }
    let moved = state.assistant.after(state, command)?;
    state.assistant.select(moved);
    Some(Vec::new())
}

fn enter(state: &mut State) -> Vec<Action> {
    match state.assistant.row(state) {
        Some(AssistantRow::Outreach(outreach)) => {
            let thread = Thread::new(outreach.id, Some(outreach.candidate.id));
            state.panes.push(thread);
        }
        Some(AssistantRow::Conversation(conversation)) => {
            let id = conversation.id;
            return conversations::open(state, Some(id));
        }
        Some(AssistantRow::Older(_)) => state.assistant.show_older(),
        None => {}
    }
    Vec::new()
}

/// Shows an outreach where all of them are; where that shows no more than a line of it, opens it too.
pub(super) fn show(
    state: &mut State,
    id: OutreachId,
    candidate: Option<CandidateId>,
) -> Vec<Action> {
    let actions = go(state, Screen::Assistant);
    state.assistant.show(RowId::Outreach(id));
    if !state.is_wide() {
        state.panes.push(Thread::new(id, candidate));
    }
    actions
}

/// The outreach that the keys act on: the one that is read, else the selected one.
fn acted_on(state: &State) -> Option<&Outreach> {
    if let Some(open) = state.panes.below_help_as::<Thread>() {
        return open.outreach(state);
    }
    let on_screen = state.screen == Screen::Assistant && state.panes.below_help().is_none();
    on_screen.then(|| state.assistant.selected(state)).flatten()
}

/// Nothing moves that the person did not move: what was selected stays so when others come and go.
fn on_answer(state: &State, need: &Need) -> Option<Then> {
    if !matches!(need, Need::Outreaches(()) | Need::Conversations(())) {
        return None;
    }
    let before = state.assistant.settled(state);
    Some(Box::new(move |state| {
        if let Some(before) = before {
            state.assistant.select(before);
        }
        // One that has begun stands in the list only now.
        if let Some(open) = conversations::shown(state) {
            state.assistant.show(RowId::Conversation(open));
        }
        if let Some(stays) = state.assistant.settled(state) {
            state.assistant.select(stays);
        }
        Vec::new()
    }))
}
