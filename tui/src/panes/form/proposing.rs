//! Proposing the times that are marked in a form's calendar.
//!
//! Invariant: a person sees which times, what speaks against them, until when they are held and how
//! the email reads before anybody is emailed; what is sent is what they saw.

use greenroom_protocol::Error;
use greenroom_protocol::id::OutreachId;
use greenroom_protocol::outreach::{OutreachPropose, Proposed};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use super::replies::{close, goes_on, open_form};
use crate::forms::{Form, FormKey};
use crate::keys::Command;
use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::panes::interview::MAIL_LEAVES;
use crate::panes::mail::Letters;
use crate::state::State;
use crate::state::event::Action;
use crate::state::undo::asked_for_emails;
use crate::state::work::{Errand, answer};
use crate::widgets::times;
use crate::wording;

/// Warnings that are written out; the rest is a number.
const MOST_WARNINGS: usize = 4;

/// Why nothing can be proposed, or marked, now.
pub(super) fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let Some(form) = state.panes.top_as::<Form>() else {
        return Some("no time is being chosen");
    };
    let Some(marked) = form.marked() else {
        return Some("times are proposed where an interview is scheduled or moved");
    };
    let on_calendar = form.fields().is_on_calendar();
    match command {
        Command::MarkTime if !on_calendar => Some("go to the calendar first"),
        Command::ProposeTimes if marked == 0 => Some("mark times in the calendar first"),
        Command::ProposeTimes if form.proposal(state).is_none() => Some("choose a candidate first"),
        _ => None,
    }
}

/// What proposing is called for so many times.
pub(super) fn words(marked: usize) -> &'static str {
    match marked {
        0 | 1 => "propose 1",
        2 => "propose 2",
        3 => "propose 3",
        4 => "propose 4",
        _ => "propose 5",
    }
}

/// Opens the form of a new interview with the focus on its calendar.
pub(super) fn open(state: &mut State) -> Vec<Action> {
    let actions = state.dispatch(Command::NewInterview);
    if let Some(form) = state.panes.top_as_mut::<Form>() {
        form.fields_mut().focus_calendar();
    }
    actions
}

/// Asks the daemon what would be proposed.
pub(super) fn propose(state: &mut State) -> Vec<Action> {
    let Some(form) = state.panes.top_as::<Form>() else {
        return Vec::new();
    };
    let Some(request) = form.proposal(state) else {
        return Vec::new();
    };
    let key = form.key();
    if state.work.is_under_way_about("propose", &key) {
        return Vec::new();
    }
    let dry = OutreachPropose {
        dry_run: true,
        ..request.clone()
    };
    let about = key.clone();
    let errand = Errand::call("propose", move |state, reply| {
        would_be(state, &key, request, reply)
    });
    let errand = errand.about(about).says("writing the email…");
    vec![state.call(errand, Q::OutreachPropose { outreach: dry })]
}

/// The daemon has judged the times: a person is asked, or hears why not.
fn would_be(
    state: &mut State,
    key: &FormKey,
    request: OutreachPropose,
    reply: Result<R, Error>,
) -> Vec<Action> {
    let proposed = match answer!(reply, OutreachPropose) {
        Ok(proposed) => proposed,
        Err(error) => return refused(state, key, error),
    };
    // Who has left the form meanwhile does not mean it any more.
    let on_top = state.panes.top_as::<Form>();
    if on_top.is_none_or(|form| form.key() != *key) {
        return Vec::new();
    }
    let question = question(state, &proposed);
    let (key, letter) = (key.clone(), proposed.letter);
    let confirm = Confirm::new(question.0, question.1, "Propose", move |state| {
        send(state, key, request)
    });
    state
        .panes
        .push(confirm.with_letters(letter.into_iter().collect()));
    Vec::new()
}

fn refused(state: &mut State, key: &FormKey, error: Error) -> Vec<Action> {
    match open_form(state, key) {
        Some(form) => form.refuse(error),
        None => return fail(state, error),
    }
    Vec::new()
}

/// The title and the paragraphs of the question.
fn question(state: &State, proposed: &Proposed) -> (String, Vec<String>) {
    let outreach = &proposed.outreach;
    let zone = state.zone();
    let near =
        |at: greenroom_protocol::time::Instant| times::moment(at.timestamp(), &zone, state.now);
    let title = match outreach.slots.len() {
        1 => format!("Propose 1 time to {}", outreach.candidate.name),
        many => format!("Propose {many} times to {}", outreach.candidate.name),
    };
    let minutes = i64::from(outreach.duration_minutes);
    let mut lines: Vec<String> = outreach
        .slots
        .iter()
        .map(|slot| {
            let start = slot.start.timestamp();
            let when = times::span(start, minutes, &zone, state.now);
            let there = outreach.candidate.zone.as_deref();
            let there = there.and_then(|there| wording::outreach::there(start, there, &zone));
            let there = there.map(|it| format!(" ({it})")).unwrap_or_default();
            format!("{}  {when}{there}", slot.n)
        })
        .collect();
    let warnings = &proposed.warnings;
    let said = warnings.iter().take(MOST_WARNINGS).map(|it| match it.n {
        Some(n) => format!("! {n}: {}", it.finding.message),
        None => format!("! {}", it.finding.message),
    });
    lines.extend(said);
    if warnings.len() > MOST_WARNINGS {
        lines.push(format!("! and {} more", warnings.len() - MOST_WARNINGS));
    }
    let until = outreach.until.map(near);
    let until = until.map(|until| format!("Held until {until}. "));
    lines.push(format!(
        "{}Emailed to {} in 10 s.",
        until.unwrap_or_default(),
        outreach.candidate.email
    ));
    if let Some(letter) = &proposed.letter {
        lines.push(format!("Subject: {}", letter.subject));
    }
    (title, lines)
}

/// Proposes them.
fn send(state: &mut State, key: FormKey, request: OutreachPropose) -> Vec<Action> {
    let outreach = OutreachPropose {
        // A question is answered once: sent twice, it proposes once.
        idempotency_key: Some(OutreachId::new().to_string()),
        ..request
    };
    let about = key.clone();
    let errand = Errand::call("propose", move |state, reply| sent(state, &key, reply));
    let errand = errand.about(about).says("proposing…").changes();
    vec![state.call(errand, Q::OutreachPropose { outreach })]
}

/// They are proposed: the form has done what it was for.
fn sent(state: &mut State, key: &FormKey, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("outreach");
    let proposed = match answer!(reply, OutreachPropose) {
        Ok(proposed) => proposed,
        Err(error) => return refused(state, key, error),
    };
    let is_open = open_form(state, key).is_some();
    close(state, key);
    let outreach = proposed.outreach;
    let name = &outreach.candidate.name;
    let count = match outreach.slots.len() {
        1 => "1 time proposed".to_owned(),
        many => format!("{many} times proposed"),
    };
    let leaves = outreach.not_before.is_some();
    let mails = outreach.email.filter(|_| leaves).into_iter().collect();
    let undo = asked_for_emails(state, name, mails);
    let follows = if leaves { MAIL_LEAVES } else { "" };
    state.toast(format!("{name}: {count}{undo}{follows}"), true);
    goes_on(state, key, None, is_open)
}

/// Shows how the email reads that a question is about.
pub(super) fn preview(state: &mut State) -> Vec<Action> {
    let confirm = state.panes.top_as::<Confirm>();
    let letters = confirm.map(|it| it.letters().to_vec()).unwrap_or_default();
    if !letters.is_empty() {
        state.panes.push(Letters::new(letters, None));
    }
    Vec::new()
}
