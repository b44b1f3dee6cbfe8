//! What a person does with what the assistant arranges: changing and approving its email, taking
//! over, handing back, and moving up in the line of those who wait.

use greenroom_protocol::Error;
use greenroom_protocol::outreach::{Outreach, OutreachApprove, OutreachApproved, OutreachState};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use super::acted_on;
use super::picking::reference;
use crate::forms::{self, Kind};
use crate::keys::Command;
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::work::{Errand, answer};
use crate::widgets::{text, times};
use crate::wording;

/// Why one of these can't be done with an outreach.
pub(super) fn cannot(outreach: &Outreach, command: Command) -> Option<&'static str> {
    if outreach.approval.is_none() {
        return Some("a person proposed these times");
    }
    match (command, outreach.state) {
        (_, OutreachState::Booked) => Some("a time is booked"),
        (_, OutreachState::Over) => Some("it is over"),
        (Command::ApproveOutreach | Command::EditDraft, OutreachState::Draft) => None,
        (Command::ApproveOutreach, _) => Some("there is nothing to approve"),
        (Command::EditDraft, _) => Some("there is no draft to change"),
        (Command::MoveUp, OutreachState::Waiting) => None,
        (Command::MoveUp, _) => Some("they aren't in line for times"),
        (Command::TakeOver, OutreachState::Taken) => Some("it is taken over already"),
        (Command::TakeOver, _) => None,
        (Command::HandBack, OutreachState::Taken | OutreachState::Person) => None,
        _ => Some("the assistant has it"),
    }
}

/// Does one of these.
pub(super) fn act(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::ApproveOutreach => approve(state),
        Command::EditDraft => edit(state),
        Command::TakeOver => take_over(state),
        Command::MoveUp => move_up(state),
        _ => hand_back(state),
    }
}

/// Opens the email to change it.
fn edit(state: &mut State) -> Vec<Action> {
    if let Some(outreach) = acted_on(state) {
        let subject = outreach.id.to_string();
        forms::open(state, Kind::Draft, subject);
    }
    Vec::new()
}

/// Asks the daemon what would be sent now.
fn approve(state: &mut State) -> Vec<Action> {
    let Some(outreach) = acted_on(state) else {
        return Vec::new();
    };
    if state.work.is_under_way("approve-outreach") {
        return Vec::new();
    }
    let asked = OutreachApprove {
        outreach: reference(outreach, true),
        without: Vec::new(),
    };
    let approve = asked.clone();
    let errand = Errand::call("approve-outreach", move |state, reply| {
        would_be(state, asked, reply)
    });
    let errand = errand.says("checking the times…");
    vec![state.call(errand, Q::OutreachApprove { approve })]
}

fn would_be(state: &mut State, asked: OutreachApprove, reply: Result<R, Error>) -> Vec<Action> {
    let approved = match answer!(reply, OutreachApprove) {
        Ok(approved) => approved,
        Err(error) => return fail(state, error),
    };
    let name = text::clean(&approved.outreach.candidate.name);
    let lines = lines(state, &approved);
    let confirm = Confirm::new(
        format!("Send times to {name}"),
        lines,
        "Send",
        move |state| {
            let approve = OutreachApprove {
                outreach: greenroom_protocol::workspace::Reference {
                    dry_run: false,
                    ..asked.outreach
                },
                ..asked
            };
            let errand = Errand::call("approve-outreach", sent).says("approving…");
            vec![state.call(errand.changes(), Q::OutreachApprove { approve })]
        },
    );
    // It can be undone until the email leaves.
    state.panes.push(confirm.undoable());
    Vec::new()
}

fn lines(state: &State, approved: &OutreachApproved) -> Vec<String> {
    let outreach = &approved.outreach;
    let slots = outreach.slots.iter();
    let mut lines: Vec<String> = slots
        .map(|slot| {
            format!(
                "{}  {}",
                slot.n,
                wording::outreach::slot(outreach, slot, state)
            )
        })
        .collect();
    let near = |at: greenroom_protocol::time::Instant| {
        times::near(at.timestamp(), &state.zone(), state.now)
    };
    lines.extend(approved.replaced.iter().map(|it| match it.by {
        Some(by) => format!(
            "! {} is not free any more: {} instead",
            near(it.start),
            near(by)
        ),
        None => format!("! {} is not free any more", near(it.start)),
    }));
    lines.extend(
        outreach
            .line
            .as_deref()
            .map(|line| format!("“{}”", text::clean(line))),
    );
    lines.push("The times are held from now on. The email goes out in 10 s.".to_owned());
    lines
}

fn sent(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("outreach");
    match answer!(reply, OutreachApprove) {
        Err(error) => return fail(state, error),
        Ok(approved) => {
            let name = &approved.outreach.candidate.name;
            state.toast(
                format!("{name}: approved, the email goes out in 10 s"),
                true,
            );
        }
    }
    Vec::new()
}

/// Silences the assistant; nothing else changes.
fn take_over(state: &mut State) -> Vec<Action> {
    let Some(outreach) = acted_on(state) else {
        return Vec::new();
    };
    let outreach = reference(outreach, false);
    let errand = Errand::call("take-over", |state, reply| {
        state.cache.invalidate("outreach");
        match answer!(reply, OutreachTakeOver) {
            Err(error) => return fail(state, error),
            Ok(outreach) => {
                let name = &outreach.candidate.name;
                state.toast(format!("{name}: yours, the assistant is silent"), true);
            }
        }
        Vec::new()
    });
    let errand = errand.says("taking over…").changes();
    vec![state.call(errand, Q::OutreachTakeOver { outreach })]
}

/// Puts it first of those of its stage who wait for times; the audit names who did.
fn move_up(state: &mut State) -> Vec<Action> {
    let Some(outreach) = acted_on(state) else {
        return Vec::new();
    };
    let outreach = reference(outreach, false);
    let errand = Errand::call("move-up", |state, reply| {
        state.cache.invalidate("outreach");
        match answer!(reply, OutreachMoveUp) {
            Err(error) => return fail(state, error),
            Ok(outreach) => {
                let name = &outreach.candidate.name;
                state.toast(format!("{name}: first in line for times"), true);
            }
        }
        Vec::new()
    });
    let errand = errand.says("moving up…").changes();
    vec![state.call(errand, Q::OutreachMoveUp { outreach })]
}

/// Asks first: the assistant releases the times, and writes to the candidate again.
fn hand_back(state: &mut State) -> Vec<Action> {
    let Some(outreach) = acted_on(state) else {
        return Vec::new();
    };
    let name = text::clean(&outreach.candidate.name);
    let outreach = reference(outreach, false);
    let lines = vec![
        "The times are released, and the assistant proposes others to".to_owned(),
        format!("{name}."),
    ];
    let confirm = Confirm::new(
        "Hand back to the assistant",
        lines,
        "Hand back",
        move |state| {
            let errand = Errand::call("hand-back", handed_back).says("handing back…");
            vec![state.call(errand.changes(), Q::OutreachHandBack { outreach })]
        },
    );
    state.panes.push(confirm);
    Vec::new()
}

fn handed_back(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("outreach");
    match answer!(reply, OutreachHandBack) {
        Err(error) => return fail(state, error),
        Ok(outreach) => {
            let name = &outreach.candidate.name;
            state.toast(format!("{name}: the assistant has it again"), true);
        }
    }
    Vec::new()
}
