//! The screen of today, as a person sees and uses it.

use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::panes::interview::Interview;
use crate::state::Screen;

/// Today, on the day most interviews are on.
fn today(stage: &mut Stage) {
    stage.press("1").wait(1);
}

#[test]
fn what_is_next() {
    see("today", today);
}

/// What a row's keys open is about that row, and leaving it leads back to it.
#[test]
fn a_row_opens_its_interview_and_escape_leads_back_to_the_row() {
    let mut stage = Stage::open(120, 35);
    today(&mut stage);
    stage.press("down");
    let before = stage.state.interview_selected().unwrap().id;
    stage.press("enter");
    assert_eq!(stage.state.panes.only::<Interview>().unwrap().id, before);
    stage.press("esc");
    assert_eq!(stage.state.screen, Screen::Today);
    assert_eq!(stage.state.interview_selected().unwrap().id, before);
}

/// Nothing moves that the person did not move.
#[test]
fn the_selection_stays_with_its_row_when_another_is_over() {
    let mut stage = Stage::open(120, 35);
    today(&mut stage);
    stage.press("down");
    let before = stage.state.interview_selected().unwrap().id;
    let first = stage.daemon.interviews.iter_mut().min_by_key(|it| it.start);
    first.unwrap().status = greenroom_protocol::interview::InterviewStatus::Cancelled;
    stage.changed("interview");
    assert_eq!(stage.state.interview_selected().unwrap().id, before);
}
