//! ★ What was said in a conversation, and what can be chosen now.
//!
//! Puts together what the daemon keeps of it (what was understood, and what a yes would do) with the
//! words and whole answers of this client. Invariant: what can be chosen is what was said last, by
//! anybody; once something else was said, nothing of before can.

use greenroom_protocol::Error;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::conversation::{
    AnswerKind, AnswerSlot, Conversation, ConversationAnswer, ConversationTurn, RequestAct,
};
use greenroom_protocol::id::CandidateId;
use greenroom_protocol::time::Instant;

use crate::state::State;
use crate::state::talks::{Exchange, TalkId};

/// Something that was said.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'a> {
    /// From here: the words, and the answer whole.
    Whole(&'a Exchange),
    /// From elsewhere, or before this client began: what was understood, and what came of it.
    Brief(&'a ConversationTurn),
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Choice {
    /// A slot, by its letter; what is wanted with it.
    Slot(Box<AnswerSlot>, RequestAct),
    /// Yes to what is asked.
    Yes(RequestAct),
    /// Who or what is meant.
    Name(String),
}

/// The conversation as the daemon has it.
pub(super) fn kept(state: &State, id: TalkId) -> Option<&Conversation> {
    let page = state.cache.conversations.latest()?;
    page.items.iter().find(|it| Some(it.id) == id.conversation)
}

/// Why the person can't converse at all.
pub(super) fn refused(state: &State) -> Option<&Error> {
    let failure = state.cache.conversations.failure();
    failure.filter(|error| error.kind == ErrorKind::Denied)
}

/// What was said, the first thing first.
pub(super) fn entries(state: &State, id: TalkId) -> Vec<Entry<'_>> {
    let turns = kept(state, id).map_or(&[][..], |it| it.turns.as_slice());
    let said = state.talks.get(id).map_or(&[][..], |it| it.said.as_slice());
    let mut rest: Vec<&Exchange> = said.iter().collect();
    let mut all: Vec<(Option<Instant>, Entry<'_>)> = Vec::new();
    for turn in turns {
        // Of two within one second each is the next that is not told yet.
        let whole = rest.iter().position(|it| it.answer.at == Some(turn.at));
        let entry = match whole {
            Some(at) => Entry::Whole(rest.remove(at)),
            None => Entry::Brief(turn),
        };
        all.push((Some(turn.at), entry));
    }
    // What is newer than the list, and what the daemon keeps no longer.
    all.extend(rest.into_iter().map(|it| (it.answer.at, Entry::Whole(it))));
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// The revision of what is shown.
pub(super) fn revision(state: &State, id: TalkId) -> Option<u64> {
    let listed = kept(state, id).map(|it| it.revision);
    let said = state.talks.get(id).and_then(|it| it.said.last());
    listed.max(said.and_then(|it| it.answer.revision))
}

/// What can be chosen now.
pub(super) fn choices(state: &State, id: TalkId) -> Vec<Choice> {
    if state.talks.is_sending(id) {
        return Vec::new();
    }
    match entries(state, id).last() {
        None => Vec::new(),
        Some(Entry::Whole(last)) => of_answer(&last.answer).unwrap_or_else(|| of_open(state, id)),
        Some(Entry::Brief(_)) => of_open(state, id),
    }
}

/// What an answer offers; `None` where it asks again about what was shown before.
fn of_answer(answer: &ConversationAnswer) -> Option<Vec<Choice>> {
    let act = answer.form.act;
    Some(match answer.kind {
        AnswerKind::Slots if answer.slots.is_empty() => return None,
        AnswerKind::Slots => slots(&answer.slots, act),
        AnswerKind::Confirm => vec![Choice::Yes(act)],
        AnswerKind::Asks => {
            let names = answer.matches.iter().map(|it| it.name.clone());
            names.map(Choice::Name).collect()
        }
        _ => Vec::new(),
    })
}

fn of_open(state: &State, id: TalkId) -> Vec<Choice> {
    let Some(open) = kept(state, id).and_then(|it| it.open.as_ref()) else {
        return Vec::new();
    };
    match open.slots.is_empty() {
        true => vec![Choice::Yes(open.act)],
        false => slots(&open.slots, open.act),
    }
}

fn slots(all: &[AnswerSlot], act: RequestAct) -> Vec<Choice> {
    let slots = all.iter().cloned().map(Box::new);
    slots.map(|slot| Choice::Slot(slot, act)).collect()
}

/// Whether the choices are slots that can be sent to the candidate.
pub(super) fn can_ask(choices: &[Choice]) -> bool {
    matches!(choices.first(), Some(Choice::Slot(_, RequestAct::Schedule)))
}

/// Until when a yes to what is shown counts.
pub(super) fn until(state: &State, id: TalkId) -> Option<Instant> {
    let said = match entries(state, id).last() {
        Some(Entry::Whole(last)) => last.answer.until,
        _ => None,
    };
    said.or_else(|| kept(state, id)?.open.as_ref().map(|it| it.until))
}

/// What the conversation is about, in one line: the first request that was understood.
pub(super) fn title(state: &State, id: TalkId) -> String {
    let first = entries(state, id).into_iter().find_map(|it| {
        let words = match it {
            Entry::Whole(it) if it.answer.understood.is_empty() => &it.words,
            Entry::Whole(it) => &it.answer.understood,
            Entry::Brief(it) => &it.understood,
        };
        (!words.is_empty()).then(|| words.clone())
    });
    first.unwrap_or_else(|| match id.conversation {
        Some(_) => "Conversation".to_owned(),
        None => "New conversation".to_owned(),
    })
}

/// The candidate it is about, as far as that is known here.
pub(super) fn candidate(state: &State, id: TalkId) -> Option<CandidateId> {
    let said = &state.talks.get(id)?.said;
    said.iter().rev().find_map(|it| {
        let named = it.answer.form.candidate.as_ref()?;
        named.only()?.id.parse().ok()
    })
}

/// The same as one line of a list: what it is about, and how it stands.
pub(super) fn line(conversation: &Conversation) -> (String, Option<&'static str>) {
    let turns = &conversation.turns;
    let about = turns.iter().find(|it| !it.understood.is_empty());
    let about = about.map_or_else(|| "Conversation".to_owned(), |it| it.understood.clone());
    let waits = match &conversation.open {
        Some(open) if open.slots.is_empty() => Some("waits for your yes"),
        Some(_) => Some("times to choose from"),
        None => match turns.last().map(|it| it.kind) {
            Some(AnswerKind::Asks) => Some("asks you"),
            Some(AnswerKind::Done) => Some("done"),
            _ => None,
        },
    };
    (about, waits)
}

/// What came of something that was said elsewhere.
pub(super) fn outcome(kind: AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Slots => "Proposed times.",
        AnswerKind::Confirm => "Asked for a yes.",
        AnswerKind::Asks => "Asked back.",
        AnswerKind::Done => "Done.",
        AnswerKind::Tells => "Answered.",
        AnswerKind::Nothing => "Found nothing that works.",
        AnswerKind::Other => "…",
    }
}
