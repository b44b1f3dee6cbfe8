//! What a form begins with: the best time that works for everyone, and with whom.

use super::{booked, new, shows};
use crate::app::tests::daemon::Daemon;
use crate::app::tests::records::{self, id};
use crate::app::tests::stage::Stage;

/// Case U5: the form does not propose a taken time.
#[test]
fn the_best_time_that_works_for_everyone_stands_there_until_one_is_chosen() {
    let mut stage = new();
    shows(&stage, "Tue 24 Nov 2026 12:00–12:45");
    // Five hours: only where nobody has another interview.
    stage.press("tab ctrl-u").write("300");
    shows(&stage, "Wed 25 Nov 2026 10:30–15:30");
    stage.press("shift-tab up");
    shows(&stage, "Wed 25 Nov 2026 10:45–15:45");
    stage.press("tab ctrl-u").write("30");
    shows(&stage, "Wed 25 Nov 2026 10:45–11:15");
}

#[test]
fn typing_wins_over_the_best_time_that_is_still_looked_for() {
    let mut stage = Stage::open(120, 40);
    stage.daemon.silent = true;
    stage.press("n");
    shows(&stage, "looking for the best time…");
    stage.daemon.silent = false;
    stage.write("thu 4pm");
    stage.changed("interview");
    shows(&stage, "Thu 26 Nov 2026 16:00–16:45");
}

#[test]
fn where_no_time_works_the_reason_is_said_and_nothing_is_sent() {
    let mut daemon = Daemon::new();
    daemon.own.nobody_free = true;
    let mut stage = Stage::with(daemon, 120, 40);
    stage.press("n");
    shows(
        &stage,
        "No time works for everyone: Sam Ito is busy at all of them. Choose other interviewers",
    );
    stage.press("ctrl-s");
    shows(&stage, "✗ Enter a time");
    assert!(stage.daemon.asked.is_empty());
}

/// The one who schedules takes part only as long as nobody else is chosen.
#[test]
fn whoever_is_chosen_first_takes_the_place_of_oneself() {
    let mut stage = Stage::open(120, 40);
    // In this stage the host is the one who schedules.
    stage.press("down down n");
    shows(&stage, "Host (Zoom account) Dana Reyes (you)");
    shows(&stage, "Dana Reyes (you), unless you choose");
    stage.press("shift-tab").write("s,l").press("shift-tab");
    stage.write("m").press("ctrl-s");
    let interview = booked(&stage);
    let with =
        [id("mem", 7), id("mem", 4)].map(|it: greenroom_protocol::id::MemberId| it.to_string());
    assert_eq!(interview.with, with);
    assert_eq!(interview.zoom_user, Some(records::brief(5).id.to_string()));
}

#[test]
fn what_matches_nobody_is_not_sent() {
    let mut stage = new();
    stage.press("shift-tab").write("nobody").press("ctrl-s");
    assert!(stage.daemon.asked.is_empty());
    shows(&stage, "no matches");
}

/// A draft whose time was emptied begins with the default again.
#[test]
fn an_emptied_time_is_suggested_again_when_the_draft_opens() {
    let mut stage = new();
    let suggested = "Tue 24 Nov 2026 12:00–12:45";
    shows(&stage, suggested);
    stage.press("x ctrl-u");
    assert!(!stage.frame().contains(suggested), "{}", stage.frame());
    stage.press("esc n");
    shows(&stage, suggested);
    // What was chosen stays.
    stage.write("thu 4pm").press("esc n");
    shows(&stage, "Thu 26 Nov 2026 16:00–16:45");
}
