//! Saying something to the assistant, and what its answer changes.
//!
//! Invariant: what is said goes on with what the person sees: the daemon refuses it where somebody
//! said something else meanwhile, so a letter books no slot that was not shown. What could not be
//! said goes back to where it was typed.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{
    AnswerKind, AnswerSlot, ConversationAnswer, ConversationSay, RequestAct,
};
use greenroom_protocol::interview::Outcome;
use greenroom_protocol::schedule::Verdict;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use super::Conversation;
use super::transcript::{self, Choice};
use crate::panes::confirm::Confirm;
use crate::panes::interview;
use crate::state::State;
use crate::state::event::Action;
use crate::state::selected::RowId;
use crate::state::talks::{Exchange, TalkId};
use crate::state::undo::undo_key;
use crate::state::work::{Errand, answer};
use crate::widgets::text;
use crate::wording;

/// What is said to have the shown slots sent to the candidate.
const ASK: &str = "ask the candidate";

/// Said with what was booked or changed while letters are typed, where no key undoes it.
const SAY_UNDO: &str = " · say “undo” to undo it";

/// Says words that were typed: they go back to the field where they can't be said.
pub(super) fn say(state: &mut State, id: TalkId, words: String) -> Vec<Action> {
    send(state, id, words, true)
}

/// Says what was chosen, which nobody typed.
fn say_choice(state: &mut State, id: TalkId, words: String) -> Vec<Action> {
    send(state, id, words, false)
}

fn send(state: &mut State, id: TalkId, words: String, typed: bool) -> Vec<Action> {
    if state.talks.is_sending(id) {
        return Vec::new();
    }
    let say = ConversationSay {
        conversation: id.conversation.map(|it| it.to_string()),
        text: words.clone(),
        expected_revision: transcript::revision(state, id),
        ..ConversationSay::default()
    };
    let talk = state.talks.of(id);
    talk.sending = Some(words);
    talk.failed = None;
    let errand = Errand::call("say", move |state, reply| answered(state, id, typed, reply));
    let errand = errand.about(id).says("asking the assistant…").changes();
    vec![state.call(errand, Q::ConversationSay { say })]
}

fn answered(state: &mut State, id: TalkId, typed: bool, reply: Result<R, Error>) -> Vec<Action> {
    let words = state.talks.of(id).sending.take().unwrap_or_default();
    // Also where nothing was answered: it may have been heard.
    state.cache.invalidate("conversation");
    let answer = match answer!(reply, ConversationSay) {
        Ok(answer) => answer,
        Err(error) => {
            state.talks.of(id).failed = Some(error);
            if typed {
                give_back(state, id, words);
            }
            return Vec::new();
        }
    };
    done(state, id, &answer);
    let begun = answer.conversation;
    let after = state.talks.answered(id, Exchange { words, answer });
    if let Some(pane) = state.panes.find_mut::<Conversation>(|it| it.id == id) {
        pane.goes_on_as(after);
    }
    if let Some(begun) = begun.filter(|_| id.conversation.is_none()) {
        state.assistant.show(RowId::Conversation(begun));
    }
    Vec::new()
}

/// Words that could not be said stand before what was typed since.
fn give_back(state: &mut State, id: TalkId, words: String) {
    let joined = |typed: &str| match typed.is_empty() {
        true => words.clone(),
        false => format!("{words} {typed}"),
    };
    match state.panes.find_mut::<Conversation>(|it| it.id == id) {
        Some(pane) => {
            let typed = joined(pane.words.value());
            pane.words.set(&typed);
        }
        None => {
            let talk = state.talks.of(id);
            talk.draft = joined(&talk.draft);
        }
    }
}

/// What was done is done as anywhere: said so, and undone so.
fn done(state: &mut State, id: TalkId, answer: &ConversationAnswer) {
    if answer.kind != AnswerKind::Done {
        return;
    }
    if let Some(outreach) = &answer.outreach {
        state.cache.invalidate("outreach");
        let name = &outreach.candidate.name;
        state.toast(format!("{name}: the times go out in 10 s"), true);
    }
    if answer.form.act == RequestAct::Move {
        state.cache.invalidate("application");
    }
    let Some(interview) = answer.interview.as_deref() else {
        return;
    };
    let outcome = Outcome {
        interview: interview.clone(),
        verdict: Verdict::default(),
        repeated: false,
        dry_run: false,
        panel: None,
        letters: Vec::new(),
        emails: Vec::new(),
    };
    match answer.form.act {
        RequestAct::Undo => {
            state.undo.forget_change(interview.id);
            state.cache.invalidate("interview");
            state.toast(format!("{}: undone", interview.candidate.name), true);
        }
        RequestAct::Schedule => interview::booked(state, &outcome),
        _ => interview::made(state, &outcome),
    }
    let writing = state.panes.top_as::<Conversation>();
    let writing = writing.is_some_and(|it| it.id == id && it.is_writing(state));
    if let (true, Some(key), Some(outcome)) =
        (writing, undo_key(state), state.work.outcome.as_mut())
    {
        let by_key = format!(" · {key} to undo");
        outcome.words = outcome.words.replace(&by_key, SAY_UNDO);
    }
}

/// Takes a choice: a slot after a question, a name and a yes at once, for they answer one.
pub(super) fn choose(state: &mut State, id: TalkId, choice: Choice) -> Vec<Action> {
    match choice {
        Choice::Name(name) => say_choice(state, id, name),
        Choice::Yes(_) => say_choice(state, id, "yes".to_owned()),
        Choice::Slot(slot, act) => {
            let (title, button) = match act {
                RequestAct::Reschedule => ("Move the interview", "Move"),
                _ => ("Book the interview", "Book"),
            };
            let letter = slot.letter.to_string();
            let mut lines = vec![text::clean(&transcript::title(state, id))];
            lines.extend(told(&slot));
            if !wording::reaches_nobody(state) {
                lines.push("Emails go out in 10 s.".to_owned());
            }
            let confirm = Confirm::new(title, lines, button, move |state| {
                say_choice(state, id, letter)
            });
            // It can be undone until the emails leave.
            state.panes.push(confirm.undoable());
            Vec::new()
        }
    }
}

/// A slot in full: with its zone, who takes part, and which wishes it does not meet.
fn told(slot: &AnswerSlot) -> Vec<String> {
    let mut lines = vec![text::clean(&slot.text)];
    if !slot.interviewers.is_empty() {
        lines.push(format!("with {}", wording::people(&slot.interviewers)));
    }
    if !slot.unmet.is_empty() {
        let unmet = text::clean(&slot.unmet.join(", "));
        lines.push(format!("! Not met: {unmet}"));
    }
    lines
}

/// Asks whether the shown slots are to be sent to the candidate.
pub(super) fn ask(state: &mut State, id: TalkId) -> Vec<Action> {
    let choices = transcript::choices(state, id);
    let mut lines = vec![text::clean(&transcript::title(state, id))];
    lines.extend(choices.iter().filter_map(|it| match it {
        Choice::Slot(slot, _) => Some(text::clean(&format!("{}  {}", slot.letter, slot.text))),
        _ => None,
    }));
    lines.push(
        "They are held until the candidate chooses one. The email goes out in 10 s.".to_owned(),
    );
    let confirm = Confirm::new("Ask the candidate", lines, "Send", move |state| {
        say_choice(state, id, ASK.to_owned())
    });
    // It can be undone until the email leaves.
    state.panes.push(confirm.undoable());
    Vec::new()
}
