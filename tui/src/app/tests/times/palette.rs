//! A booking in one line of the palette.

use super::{booked, shows};
use crate::app::tests::records::{self, at};
use crate::app::tests::stage::Stage;

/// `book wen thu 2pm sam lena` in the palette opens the form with that filled in.
#[test]
fn a_line_in_the_palette_opens_the_filled_form() {
    let mut stage = Stage::open(120, 40);
    stage.press(":").write("book wen thu 4pm sam lena mina's");
    shows(&stage, "open the form, filled in");
    stage.press("enter");
    shows(&stage, "New interview · Wen Zhang · Onsite");
    shows(&stage, "Sam Ito, Lena Bauer");
    shows(&stage, "Thu 26 Nov 2026 16:00–16:45");
    assert!(stage.daemon.asked.is_empty(), "nothing is booked by it");
    stage.press("ctrl-s");
    let interview = booked(&stage);
    assert_eq!(interview.start_shown, Some(at("2026-11-26T15:00:00Z")));
    assert_eq!(interview.with.len(), 2);
    assert_eq!(interview.zoom_user, Some(records::brief(5).id.to_string()));
}

#[test]
fn a_line_that_several_candidates_match_asks_which() {
    let mut stage = Stage::open(120, 40);
    stage
        .press(":")
        .write("book priya thu 4pm sam")
        .press("enter");
    shows(&stage, "Priya Ramanathan");
    stage.press("down enter");
    shows(&stage, "New interview · Priya Ramanathan");
    shows(&stage, "Thu 26 Nov 2026 16:00");
    shows(&stage, "Sam Ito");
}

#[test]
fn the_word_alone_opens_the_form_for_who_is_selected() {
    let mut stage = Stage::open(120, 40);
    stage.press(": b o o k enter");
    shows(&stage, "New interview · Priya Nair");
}
