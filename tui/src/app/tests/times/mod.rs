//! Choosing a time in a form: what is typed is read, what is shown is booked, and the calendar is
//! walked in.

mod calendar;
mod first;
mod marking;
mod palette;
mod preview;
mod reading;

use greenroom_protocol::interview::{InterviewNew, InterviewReschedule};
use greenroom_protocol::service::GreenroomRequest as Q;

use super::stage::Stage;
use crate::forms::Form;

/// A form for a new interview with Priya Nair.
fn new() -> Stage {
    let mut stage = Stage::open(120, 40);
    stage.press("n");
    stage
}

fn shows(stage: &Stage, words: &str) {
    let frame = stage.frame();
    assert!(frame.contains(words), "{words}: {frame}");
}

/// Tabs on to the field of that label.
fn to(stage: &mut Stage, label: &str) {
    for _ in 0..20 {
        let form = stage.state.panes.top_as::<Form>().unwrap();
        if form.fields().focused().is_some_and(|it| it.label == label) {
            return;
        }
        stage.press("tab");
    }
    panic!("{label} is never reached: {}", stage.frame());
}

fn to_calendar(stage: &mut Stage) {
    to(stage, "Organizer");
    past_the_fields(stage);
}

/// To the calendar, which comes behind the fields.
fn past_the_fields(stage: &mut Stage) {
    while stage
        .state
        .panes
        .top_as::<Form>()
        .unwrap()
        .fields()
        .focused()
        .is_some()
    {
        stage.press("tab");
    }
    shows(stage, "enter take this time");
}

fn booked(stage: &Stage) -> &InterviewNew {
    match stage.daemon.asked.last() {
        Some(Q::InterviewNew { interview }) => interview,
        other => panic!("a booking: {other:?}: {}", stage.frame()),
    }
}

fn moved(stage: &Stage) -> &InterviewReschedule {
    match stage.daemon.asked.last() {
        Some(Q::InterviewReschedule { interview }) => interview,
        other => panic!("a reschedule: {other:?}: {}", stage.frame()),
    }
}
