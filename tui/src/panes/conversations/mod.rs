//! A conversation with the assistant: what was said (`transcript` ★), and a text field to go on in.
//!
//! Owns which of the two has the keys. Invariant: while words are typed every character is one of
//! them; what is typed outlives the pane, the daemon and an answer that fails (`saying`). A slot is
//! booked after a question, or by saying its letter.

mod draw;
mod said;
mod saying;
#[cfg(test)]
mod tests;
mod transcript;

use std::cell::Cell;

use crossterm::event::{KeyCode, KeyEvent};
use greenroom_protocol::conversation::RequestAct;
use greenroom_protocol::id::ConversationId;
use ratatui::layout::Rect;

pub(super) use self::draw::{draw_beside, listed, split};
use self::transcript::Choice;
use crate::keys::{Command, Context, Places};
use crate::panes::screens::go;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::{Hint, Subject};
use crate::state::talks::TalkId;
use crate::state::{Screen, State};
use crate::widgets::{Canvas, TextArea};

/// The commands that choose a slot, by its letter.
const PICKS: [Command; 5] = [
    Command::PickFirst,
    Command::PickSecond,
    Command::PickThird,
    Command::PickFourth,
    Command::PickFifth,
];

const AWAY: &str = "The daemon can't be reached";

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::AskCandidate],
    views: &[Command::NewConversation, Command::Write],
    disabled_reason,
    dispatch: |state, command| match command {
        Command::NewConversation => {
            let mut actions = go(state, Screen::Assistant);
            actions.extend(open(state, None));
            actions
        }
        Command::AskCandidate => {
            let open = state.panes.top_as::<Conversation>().map(|it| it.id);
            open.map_or_else(Vec::new, |id| saying::ask(state, id))
        }
        _ => {
            if let Some(pane) = state.panes.top_as_mut::<Conversation>() {
                pane.reading = false;
            }
            Vec::new()
        }
    },
    after_event: |state| {
        // Who can't converse has no field, so nothing is typed into it.
        let refused = transcript::refused(state).is_some();
        if let Some(pane) = state.panes.top_as_mut::<Conversation>() {
            pane.reading |= refused;
        }
        Vec::new()
    },
    ..Subject::NONE
};

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let pane = state.panes.below_help_as::<Conversation>();
    match (command, pane) {
        (Command::NewConversation, Some(pane)) => {
            let nothing = transcript::entries(state, pane.id).is_empty();
            let new = pane.id.conversation.is_none() && nothing;
            new.then_some("this is a new conversation")
        }
        (Command::NewConversation, None) => None,
        (_, None) => Some("open a conversation first"),
        (Command::AskCandidate, Some(pane)) => {
            let choices = transcript::choices(state, pane.id);
            (!transcript::can_ask(&choices)).then_some("there are no times to send")
        }
        (_, Some(_)) => transcript::refused(state).map(|_| "only hiring managers can"),
    }
}

/// Why the slot of this place can't be chosen in the conversation that is open; the outer `None`:
/// none is open.
pub(super) fn cannot_pick(state: &State, at: usize) -> Option<Option<&'static str>> {
    let pane = state.panes.below_help_as::<Conversation>()?;
    let choices = transcript::choices(state, pane.id);
    let there = matches!(choices.get(at), Some(Choice::Slot(..)));
    Some((!there).then_some("there is no such time"))
}

/// Whether the person can't converse at all.
pub(super) fn is_refused(state: &State) -> bool {
    transcript::refused(state).is_some()
}

/// The conversation that is open, once it has begun.
pub(super) fn shown(state: &State) -> Option<ConversationId> {
    state.panes.find::<Conversation>()?.id.conversation
}

/// A conversation that is open.
#[derive(Debug)]
pub(crate) struct Conversation {
    id: TalkId,
    words: TextArea,
    /// Whether what was said has the keys, and not the text field.
    reading: bool,
    /// Which of the choices is selected, and of which revision they are.
    chosen: (Option<u64>, usize),
    /// Lines between the end of what was said and the last one that is shown.
    back: Cell<usize>,
    /// Rows that were shown last.
    page: Cell<usize>,
}

/// Opens a conversation with what was typed in it before; `None`: a new one.
pub(super) fn open(state: &mut State, conversation: Option<ConversationId>) -> Vec<Action> {
    let id = state.talk(conversation);
    let draft = std::mem::take(&mut state.talks.of(id).draft);
    state.panes.push(Conversation {
        id,
        words: TextArea::new(&draft),
        reading: false,
        chosen: (None, 0),
        back: Cell::new(0),
        page: Cell::new(0),
    });
    Vec::new()
}

impl Conversation {
    /// It has this id from now on, and something else to choose from.
    fn goes_on_as(&mut self, id: TalkId) {
        self.id = id;
        self.back.set(0);
    }

    /// Whether the text field has the keys.
    fn is_writing(&self, state: &State) -> bool {
        !self.reading && transcript::refused(state).is_none()
    }

    /// The selected choice: where others came meanwhile, the first.
    fn selected(&self, state: &State, choices: &[Choice]) -> Option<usize> {
        let (revision, at) = self.chosen;
        let same = revision == transcript::revision(state, self.id);
        let last = choices.len().checked_sub(1)?;
        Some(if same { at.min(last) } else { 0 })
    }

    fn scroll(&self, command: Command) {
        let page = self.page.get().saturating_sub(1).max(1);
        let back = self.back.get();
        // Drawing knows how far there is to go.
        self.back.set(match command {
            Command::Up => back + 1,
            Command::Down => back.saturating_sub(1),
            Command::PageUp => back.saturating_add(page),
            Command::PageDown => back.saturating_sub(page),
            Command::First => usize::MAX / 2,
            _ => 0,
        });
    }
}

impl Pane for Conversation {
    fn places(&self, state: &State) -> Places {
        match self.is_writing(state) {
            true => Places::typing(Context::Saying),
            false => Places::over_screen(Context::Conversation),
        }
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![Need::Conversations(())];
        // Whose clock the slots are also told by.
        needs.extend(transcript::candidate(state, self.id).map(Need::Candidate));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        in_pane
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        if command != Command::Enter {
            return None;
        }
        let nothing = match self.is_writing(state) {
            true => self
                .words
                .value()
                .is_empty()
                .then_some("type what you want first"),
            false => {
                let choices = transcript::choices(state, self.id);
                choices.is_empty().then_some("there is nothing to choose")
            }
        };
        let waits = state.talks.is_sending(self.id);
        let away = (!state.link.is_up()).then_some(AWAY);
        let waits = waits.then_some("wait for the answer first");
        nothing.or(away).or(waits)
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        let writing = self.is_writing(state);
        Some(match command {
            Command::Enter if writing => Hint::Words("say"),
            Command::Enter => {
                let choices = transcript::choices(state, self.id);
                let at = self.selected(state, &choices);
                match at.and_then(|at| choices.get(at)) {
                    Some(Choice::Slot(_, RequestAct::Reschedule)) => Hint::Words("move"),
                    Some(Choice::Slot(..)) => Hint::Words("book"),
                    Some(Choice::Yes(_)) => Hint::Words("yes"),
                    Some(Choice::Name(_)) => Hint::Words("this one"),
                    None => Hint::Hidden,
                }
            }
            Command::NextField => match transcript::choices(state, self.id).is_empty() {
                true => Hint::Words("read"),
                false => Hint::Words("choose"),
            },
            // Their letters stand with them.
            command if PICKS.contains(&command) => Hint::Hidden,
            Command::Back if !self.words.value().is_empty() => Hint::Words("close (draft kept)"),
            Command::Back => Hint::Words("close"),
            _ => return None,
        })
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Stuck
    }

    fn key(&mut self, key: KeyEvent) -> bool {
        // What ends a line and what leaves it are commands here.
        let own = matches!(key.code, KeyCode::Enter | KeyCode::Up | KeyCode::Down);
        !self.reading && !own && self.words.key(key)
    }

    fn paste(&self) -> fn(&mut State, &str) -> Vec<Action> {
        |state, pasted| {
            let refused = transcript::refused(state).is_some();
            if let Some(pane) = state.panes.top_as_mut::<Self>().filter(|_| !refused) {
                // What is said is one line.
                let words: Vec<&str> = pasted.lines().map(str::trim).collect();
                pane.words.insert(&words.join(" "));
                pane.reading = false;
            }
            Vec::new()
        }
    }

    fn close(self: Box<Self>, state: &mut State) -> Vec<Action> {
        let talk = state.talks.of(self.id);
        talk.draft = self.words.value().to_owned();
        Vec::new()
    }
}

fn in_pane(state: &mut State, command: Command) -> Option<Vec<Action>> {
    let pane = state.panes.top_as::<Conversation>()?;
    let (id, writing) = (pane.id, pane.is_writing(state));
    let choices = transcript::choices(state, id);
    let selected = pane.selected(state, &choices);
    if let Some(at) = PICKS.iter().position(|it| *it == command) {
        let choice = choices.into_iter().nth(at)?;
        return Some(saying::choose(state, id, choice));
    }
    match command {
        Command::Enter if writing => return Some(send(state, id)),
        Command::Enter => {
            let choice = choices.into_iter().nth(selected?)?;
            return Some(saying::choose(state, id, choice));
        }
        Command::NextField | Command::PreviousField => {
            state.panes.top_as_mut::<Conversation>()?.reading = true;
        }
        Command::Up | Command::Down if selected.is_some() => {
            let (at, last) = (selected?, choices.len().saturating_sub(1));
            let at = match command {
                Command::Up => at.saturating_sub(1),
                _ => (at + 1).min(last),
            };
            let revision = transcript::revision(state, id);
            let pane = state.panes.top_as_mut::<Conversation>()?;
            pane.chosen = (revision, at);
            pane.back.set(0);
        }
        Command::Up
        | Command::Down
        | Command::PageUp
        | Command::PageDown
        | Command::First
        | Command::Last => pane.scroll(command),
        _ => return None,
    }
    Some(Vec::new())
}

/// Says what was typed.
fn send(state: &mut State, id: TalkId) -> Vec<Action> {
    let Some(pane) = state.panes.top_as_mut::<Conversation>() else {
        return Vec::new();
    };
    let words = pane.words.value().to_owned();
    pane.words.set("");
    pane.back.set(0);
    saying::say(state, id, words)
}
