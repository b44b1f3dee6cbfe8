//! Choosing a time for the candidate, and stopping.

use greenroom_protocol::Error;
use greenroom_protocol::interview::Outcome;
use greenroom_protocol::outreach::{
    Outreach, OutreachAnswer, OutreachAnswered, OutreachState, OutreachStop, SlotState,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;

use super::{PICKS, acted_on, handing};
use crate::keys::Command;
use crate::panes::chooser::Chooser;
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::panes::interview;
use crate::state::State;
use crate::state::event::Action;
use crate::state::work::{Errand, answer};
use crate::widgets::{Pick, text};
use crate::wording;

/// Warnings that are written out in the question.
const MOST_WARNINGS: usize = 4;

pub(super) fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let Some(outreach) = acted_on(state) else {
        return Some("select proposed times first");
    };
    if !state.hires() {
        return Some("only the hiring team can");
    }
    match PICKS.iter().position(|it| *it == command) {
        Some(at) => cannot(state, outreach, at),
        None if command == Command::StopOutreach => is_over(outreach),
        None => handing::cannot(outreach, command),
    }
}

fn is_over(outreach: &Outreach) -> Option<&'static str> {
    match outreach.state {
        OutreachState::Booked => Some("a time is booked"),
        OutreachState::Over => Some("it is over"),
        OutreachState::Settling => Some("no times are chosen yet"),
        _ => None,
    }
}

/// Why the time at a place can't be chosen.
pub(super) fn cannot(state: &State, outreach: &Outreach, at: usize) -> Option<&'static str> {
    if let Some(why) = is_over(outreach) {
        return Some(why);
    }
    let Some(slot) = outreach.slots.get(at) else {
        return Some("there is no such time");
    };
    match slot.state {
        SlotState::Past => Some("that time has passed"),
        _ if slot.start.timestamp() <= state.now => Some("that time has passed"),
        // One that is no longer held may still be free: the daemon says so.
        _ => None,
    }
}

pub(super) fn reference(outreach: &Outreach, dry_run: bool) -> Reference {
    Reference {
        expected_revision: Some(outreach.revision),
        dry_run,
        ..Reference::to(outreach.id.to_string())
    }
}

/// Asks the daemon what choosing a time would come to.
pub(super) fn pick(state: &mut State, at: usize) -> Vec<Action> {
    let Some(outreach) = acted_on(state) else {
        return Vec::new();
    };
    let Some(slot) = outreach.slots.get(at) else {
        return Vec::new();
    };
    if state.work.is_under_way("pick") {
        return Vec::new();
    }
    let answer = OutreachAnswer {
        outreach: reference(outreach, true),
        n: slot.n,
    };
    let asked = answer.clone();
    let errand = Errand::call("pick", move |state, reply| would_be(state, asked, reply));
    let errand = errand.says("checking the time…");
    vec![state.call(errand, Q::OutreachAnswer { answer })]
}

fn would_be(state: &mut State, asked: OutreachAnswer, reply: Result<R, Error>) -> Vec<Action> {
    let answered = match answer!(reply, OutreachAnswer) {
        Ok(answered) => answered,
        Err(error) => return fail(state, error),
    };
    if let Some(why) = answered.verdict.refusal() {
        let error = Error::conflict(why).hint("Choose another of the times, or propose others");
        return fail(state, error);
    }
    let Some((title, lines)) = question(state, &answered, asked.n) else {
        return Vec::new();
    };
    let confirm = Confirm::new(title, lines, "Book", move |state| book(state, asked));
    // It can be undone until the invitations leave.
    state.panes.push(confirm.undoable());
    Vec::new()
}

fn question(state: &State, answered: &OutreachAnswered, n: u8) -> Option<(String, Vec<String>)> {
    let outreach = &answered.outreach;
    let slot = outreach.slots.iter().find(|it| it.n == n)?;
    let name = &outreach.candidate.name;
    let mut lines = vec![wording::outreach::slot(outreach, slot, state)];
    let interview = &answered.interview;
    let with = wording::people(&interview.interviewers);
    let how = wording::meeting_type(interview.meeting.kind);
    lines.push(format!("{how} · {with}"));
    let warnings = &answered.verdict.advises;
    let said = warnings.iter().take(MOST_WARNINGS);
    lines.extend(said.map(|it| format!("! {}", it.message)));
    let others = outreach.slots.len() > 1;
    let released = if others {
        "The other times are released. "
    } else {
        ""
    };
    lines.push(format!("{released}Invitations go out in 10 s."));
    Some((format!("Book for {}", text::clean(name)), lines))
}

fn book(state: &mut State, asked: OutreachAnswer) -> Vec<Action> {
    let answer = OutreachAnswer {
        outreach: Reference {
            dry_run: false,
            ..asked.outreach
        },
        n: asked.n,
    };
    let errand = Errand::call("pick", booked).says("booking…").changes();
    vec![state.call(errand, Q::OutreachAnswer { answer })]
}

/// It is booked as any interview is: said so, and undone so.
fn booked(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("outreach");
    let answered = match answer!(reply, OutreachAnswer) {
        Ok(answered) => answered,
        Err(error) => return fail(state, error),
    };
    let outcome = Outcome {
        interview: answered.interview,
        verdict: answered.verdict,
        repeated: answered.repeated,
        dry_run: false,
        panel: None,
        letters: Vec::new(),
        emails: Vec::new(),
    };
    interview::booked(state, &outcome);
    Vec::new()
}

/// Asks whether it is to be stopped, and whether a candidate who has the times is emailed.
pub(super) fn stop(state: &mut State) -> Vec<Action> {
    let Some(outreach) = acted_on(state) else {
        return Vec::new();
    };
    let name = text::clean(&outreach.candidate.name);
    let mut stop = OutreachStop {
        outreach: reference(outreach, false),
        tell: None,
    };
    if outreach.sent_at.is_none() {
        let lines = vec!["The times are released, and nobody is emailed.".to_owned()];
        let title = format!("Stop proposing times to {name}");
        let confirm = Confirm::new(title, lines, "Stop", move |state| send_stop(state, stop));
        state.panes.push(confirm);
        return Vec::new();
    }
    let first = wording::first(&name).to_owned();
    let picks = vec![
        Pick::new("keep", "Don't stop", ""),
        Pick::new("tell", "Stop, and email them", "that these times are gone"),
        Pick::new("quiet", "Stop quietly", "nobody is emailed"),
    ];
    let title = format!("{first} has the times");
    let chooser = Chooser::new(title, picks, Some("keep"), move |state, pick| {
        stop.tell = match pick.value.as_str() {
            "tell" => Some(true),
            "quiet" => Some(false),
            _ => return Vec::new(),
        };
        send_stop(state, stop)
    });
    state.panes.push(chooser);
    Vec::new()
}

fn send_stop(state: &mut State, stop: OutreachStop) -> Vec<Action> {
    let errand = Errand::call("stop-outreach", stopped).says("stopping…");
    vec![state.call(errand.changes(), Q::OutreachStop { stop })]
}

fn stopped(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("outreach");
    match answer!(reply, OutreachStop) {
        Err(error) => return fail(state, error),
        Ok(outreach) => {
            let name = &outreach.candidate.name;
            state.toast(format!("{name}: stopped, the times are released"), true);
        }
    }
    Vec::new()
}
