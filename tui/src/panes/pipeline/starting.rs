//! Having the assistant begin with those of a stage whom nobody has written to.
//!
//! Invariant: a person is asked once, with the number, before anybody is begun with; with many of
//! them it goes on in pages, each of which stands alone.

use greenroom_protocol::Error;
use greenroom_protocol::outreach::{OutreachStart, OutreachStarted};
use greenroom_protocol::pipeline::Stage;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::panes::confirm::Confirm;
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::work::{Errand, answer};
use crate::widgets::text;

/// Why the assistant can't begin in the selected stage.
pub(super) fn disabled_reason(state: &State) -> Option<&'static str> {
    let Some(stage) = here(state) else {
        return Some("no stage here");
    };
    match (stage.interview.ai, stage.not_started) {
        (false, _) => Some("this stage has no AI scheduling"),
        (true, 0) => Some("everybody here is started"),
        _ if !state.hires() => Some("only the hiring team can"),
        _ => None,
    }
}

fn here(state: &State) -> Option<&Stage> {
    state.job_shown().and_then(|job| state.pipeline.stage(job))
}

/// "6 not started", where the assistant arranges a stage's interviews.
pub(super) fn left(stage: &Stage) -> Option<String> {
    let some = stage.interview.ai && stage.not_started > 0;
    some.then(|| format!("{} not started", stage.not_started))
}

/// Asks whether it is to begin.
pub(super) fn ask(state: &mut State) {
    let Some(stage) = here(state) else {
        return;
    };
    let count = stage.not_started;
    let who = match count {
        1 => "1 candidate".to_owned(),
        many => format!("{many} candidates"),
    };
    let lines = vec![
        "The assistant proposes times to them, as the stage says:".to_owned(),
        match stage.interview.approval {
            greenroom_protocol::pipeline::Approval::Auto => "its emails go out automatically.",
            _ => "you approve each email before it goes out.",
        }
        .to_owned(),
    ];
    let title = format!("Start scheduling for {who} in {}", text::clean(&stage.name));
    let start = OutreachStart {
        stage: Some(stage.id.to_string()),
        job: Some(stage.job.to_string()),
        ..OutreachStart::default()
    };
    let act = move |state: &mut State| vec![call(state, start, 0)];
    state.panes.push(Confirm::new(title, lines, "Start", act));
}

/// Begins, as a person chose in a form.
pub(in crate::panes) fn begin(state: &mut State, start: OutreachStart) -> Vec<Action> {
    vec![call(state, start, 0)]
}

/// `done`: with how many it has begun in the pages before.
fn call(state: &mut State, start: OutreachStart, done: u64) -> Action {
    let again = start.clone();
    let errand = Errand::call("start-scheduling", move |state, reply| {
        started(state, again, done, reply)
    });
    state.call(
        errand.says("starting…").changes(),
        Q::OutreachStart { start },
    )
}

fn started(
    state: &mut State,
    start: OutreachStart,
    done: u64,
    reply: Result<R, Error>,
) -> Vec<Action> {
    state.cache.invalidate("outreach");
    let OutreachStarted {
        started,
        failed,
        left,
        ..
    } = match answer!(reply, OutreachStart) {
        Ok(started) => started,
        Err(error) => return fail(state, error),
    };
    let done = done + started;
    // Where nobody could be begun with, the next page is the same.
    if left > 0 && started > 0 {
        return vec![call(state, start, done)];
    }
    let words = match failed.first() {
        None => format!("The assistant has begun with {done}"),
        Some(first) => {
            let name = text::clean(&first.name);
            format!(
                "Begun with {done}; not with {}: {name}, {}",
                failed.len(),
                first.error.message
            )
        }
    };
    state.toast(words, failed.is_empty());
    Vec::new()
}
