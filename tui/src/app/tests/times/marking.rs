//! Marking times in the calendar, and proposing them.

use greenroom_protocol::id::MailId;
use greenroom_protocol::outreach::OutreachPropose;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::{new, past_the_fields, shows, to_calendar};
use crate::app::tests::records::{self, at};
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::forms::Form;
use crate::panes::confirm::Confirm;
use crate::state::event::Event;

fn proposed(stage: &Stage) -> &OutreachPropose {
    match stage.daemon.asked.last() {
        Some(Q::OutreachPropose { outreach }) => outreach,
        other => panic!("a proposal: {other:?}: {}", stage.frame()),
    }
}

fn marked(stage: &Stage) -> usize {
    let form = stage.state.panes.top_as::<Form>().unwrap();
    form.marked().unwrap()
}

/// With two of the free times marked.
fn two() -> Stage {
    let mut stage = new();
    to_calendar(&mut stage);
    stage.press("space right space");
    stage
}

#[test]
fn marked_times_are_listed_numbered_and_proposed_as_they_were_seen() {
    let mut stage = two();
    shows(
        &stage,
        "To propose:  1 Tue 24 Nov 12:00 · 2 Wed 25 Nov 12:00",
    );
    shows(&stage, "p propose 2");
    shows(&stage, "space unmark");
    stage.press("p");
    shows(&stage, "Propose 2 times to Priya Nair");
    shows(&stage, "1 Tue 24 Nov 12:00–12:45 (16:30 in Kolkata)");
    shows(&stage, "Held until");
    shows(&stage, "▸[ Cancel ]");
    assert!(stage.daemon.asked.is_empty());
    // The key that opened it changes nothing, and the email is read from here.
    stage.press("f3");
    shows(&stage, "Email preview");
    stage.press("esc tab enter");
    let call = proposed(&stage);
    assert_eq!(call.slots, ["2026-11-24T11:00:00Z", "2026-11-25T11:00:00Z"]);
    assert!(!call.dry_run && call.idempotency_key.is_some());
    assert_eq!(call.duration_minutes, Some(45));
    shows(&stage, "Priya Nair: 2 times proposed · u to undo");
    assert!(stage.state.panes.is_empty(), "{}", stage.frame());
    stage.press("u");
    assert!(stage.state.undo.is_empty());
    let Some(Q::MailUndo { undo }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    let email: MailId = records::id("mal", 79);
    assert_eq!(undo.mails, [email.to_string()]);
}

#[test]
fn enter_alone_proposes_nothing_and_the_marks_stay() {
    let mut stage = two();
    stage.press("p enter");
    assert!(stage.daemon.asked.is_empty());
    assert_eq!(marked(&stage), 2);
    // Nor does another press of the key that asks.
    stage.press("p p p");
    assert!(stage.state.panes.top_as::<Confirm>().is_some());
    stage.press("esc");
    assert_eq!(marked(&stage), 2);
    // A draft keeps what was marked.
    stage.press("esc n");
    assert_eq!(marked(&stage), 2);
}

#[test]
fn a_time_that_may_not_be_held_is_refused_with_the_reason() {
    let mut stage = new();
    let why = "Sam Ito has an interview from 12:00 to 12:45";
    let taken = at("2026-11-24T11:00:00Z");
    stage.daemon.outreaches.taken = vec![(taken, why)];
    to_calendar(&mut stage);
    stage.press("space");
    shows(&stage, &format!("✗ Tue 24 Nov 12:00: {why}"));
    assert_eq!(marked(&stage), 0);
    stage.press("p");
    shows(&stage, "mark times in the calendar first");
    stage.press("right");
    assert!(!stage.frame().contains(why));
}

#[test]
fn a_warning_is_marked_and_said_before_anybody_is_emailed() {
    let mut stage = new();
    let why = "outside Sam Ito's hours";
    stage.daemon.outreaches.warned = vec![(at("2026-11-24T11:00:00Z"), why)];
    to_calendar(&mut stage);
    stage.press("space");
    shows(&stage, "1! Tue 24 Nov 12:00");
    stage.press("p");
    shows(&stage, &format!("! 1: {why}"));
}

#[test]
fn what_became_taken_since_is_said_and_nothing_is_proposed() {
    let mut stage = two();
    stage.press("p");
    let why = "Sam Ito has an interview from 12:00 to 12:45";
    stage.daemon.outreaches.taken = vec![(at("2026-11-25T11:00:00Z"), why)];
    stage.press("tab enter");
    shows(&stage, &format!("Time 2: {why}"));
    assert!(stage.state.panes.top_as::<Form>().is_some());
}

#[test]
fn what_was_pressed_while_the_daemon_was_slow_is_marked_as_it_was_meant() {
    let mut slow = new();
    to_calendar(&mut slow);
    slow.daemon.silent = true;
    slow.changed("interview");
    slow.press("space right space");
    slow.daemon.silent = false;
    slow.play(Event::Linked(Box::new(records::hello())));
    shows(
        &slow,
        "To propose:  1 Tue 24 Nov 12:00 · 2 Wed 25 Nov 12:00",
    );
}

#[test]
fn a_candidate_leads_to_the_calendar_with_one_key_and_several_in_turn() {
    let mut stage = Stage::open(120, 40);
    stage.press("p");
    shows(&stage, "enter take this time");
    stage.press("space p tab enter");
    assert_eq!(proposed(&stage).slots.len(), 1);

    let mut stage = Stage::open(120, 40);
    stage.press("v 1 j p");
    shows(&stage, "1 of 2 · New interview");
    stage.press("space p tab enter");
    shows(&stage, "2 of 2 · New interview");
}

#[test]
fn an_interview_is_moved_by_proposing_times() {
    let mut stage = Stage::open(120, 40);
    stage.press("n esc r");
    assert_eq!(marked(&stage), 0);
    past_the_fields(&mut stage);
    stage.press("space p");
    shows(&stage, "Propose");
    stage.press("tab enter");
    let call = proposed(&stage);
    assert!(call.interview.is_some() && call.candidate.is_empty());
    assert_eq!(call.slots.len(), 1);
}

#[test]
fn marks_are_seen_at_every_size_and_without_colours() {
    see("marked", |stage| {
        stage.press("p space right space down space right");
    });
    see("propose", |stage| {
        stage.daemon.outreaches.warned =
            vec![(at("2026-11-24T11:00:00Z"), "outside Sam Ito's hours")];
        stage.press("p space right space p");
    });
    let mut plain = Stage::open(80, 24);
    plain.state.look = crate::theme::Look {
        colours: crate::theme::Colours::None,
        glyphs: false,
    };
    plain.press("p space right space down");
    insta::assert_snapshot!("marked-plain", plain.frame());
}
