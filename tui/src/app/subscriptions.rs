//! What is shown now, and so what must be known for it.
//!
//! Owns the rule that only what is visible is fetched. It is level-triggered: after every event the
//! subscriptions of the screen and of what lies over it are worked out anew, and whatever is missing
//! or old is asked for, so a lost change or a reconnect needs no case of its own.

use std::mem::discriminant;

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomResponse as R;

use crate::panes;
use crate::state::State;
use crate::state::event::{Action, Task};
use crate::state::queries::Need;
use crate::state::work::{Errand, Ticket};

/// What is shown, one need of a kind: a cache holds one answer of each, and what lies on top has it.
fn needs(state: &State) -> Vec<Need> {
    let protocol = state.link.hello().map_or(0, |hello| hello.protocol);
    let mut one_of_a_kind: Vec<Need> = Vec::new();
    for need in all_needs(state) {
        if need.since() <= protocol {
            one_of_a_kind.retain(|other| discriminant(other) != discriminant(&need));
            one_of_a_kind.push(need);
        }
    }
    one_of_a_kind
}

fn all_needs(state: &State) -> Vec<Need> {
    let Some(hello) = state.link.hello() else {
        return Vec::new();
    };
    let mut needs = vec![Need::Status(())];
    if hello.workspace.is_none() {
        return needs;
    }
    // Members, jobs and workspaces are few, and forms, moves and switches begin from them.
    needs.extend([Need::Members(()), Need::Jobs(()), Need::Workspaces(())]);
    // The badges and the top line show it everywhere; an operator who is no member has no day.
    needs.extend(hello.caller.is_some().then_some(Need::Today(())));
    if !state.undo.is_empty() {
        // What the person did may email people in a few seconds.
        needs.push(Need::Leaving(()));
    }
    needs.extend(state.screen_pane().subscriptions(state));
    for pane in state.panes.iter() {
        needs.extend(pane.subscriptions(state));
    }
    needs
}

/// Asks for everything that is missing or old.
pub(super) fn fetch(state: &mut State) -> Vec<Action> {
    if !state.link.is_up() {
        return Vec::new();
    }
    let mut actions = Vec::new();
    for need in needs(state) {
        if !state.cache.is_wanted(&need) {
            continue;
        }
        let request = need.request(state.now.into());
        let asked = need.clone();
        let errand =
            Errand::question(move |state, ticket, reply| answered(state, &asked, ticket, reply));
        let ticket = state.ticket(errand);
        state.cache.ask(&need, ticket);
        actions.push(Action::Do(ticket, Task::Call(Box::new(request))));
    }
    actions
}

/// An answer is there; what is selected follows it.
fn answered(
    state: &mut State,
    need: &Need,
    ticket: Ticket,
    reply: Result<R, Error>,
) -> Vec<Action> {
    let then = panes::on_answer(state, need);
    state.cache.take(need, ticket, reply);
    then.into_iter().flat_map(|then| then(state)).collect()
}
