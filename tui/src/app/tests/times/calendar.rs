//! The calendar of a form, and who and why.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use greenroom_protocol::{Error, ErrorKind};
use jiff::Span;
use proptest::prelude::*;

use super::{booked, moved, new, shows, to, to_calendar};
use crate::app::tests::records::{self, at};
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::forms::Form;
use crate::state::event::Event;

#[test]
fn the_calendar_is_walked_in_and_enter_takes_the_time() {
    let mut stage = new();
    stage
        .write("thu 4pm")
        .press("shift-tab shift-tab shift-tab shift-tab shift-tab shift-tab");
    // Backwards from the first field come the button and the calendar.
    stage.press("> - - pagedown <");
    shows(&stage, "Thu 3 Dec 2026 15:30–16:15");
    stage.press("> pageup + = <");
    // Thursday at 16:00 is taken: what works is near it.
    for (key, words) in [
        ("right", "Fri 27 Nov 2026 15:15"),
        ("up", "Fri 27 Nov 2026 15:00"),
        ("left", "Thu 26 Nov 2026 13:15"),
        ("up", "Thu 26 Nov 2026 13:00"),
        ("pagedown", "Thu 3 Dec 2026 13:00"),
        ("down", "Thu 3 Dec 2026 13:15"),
    ] {
        stage.press(key);
        shows(&stage, words);
    }
    shows(&stage, "Thu 3 Dec 2026 13:15–14:00");
    shows(&stage, "enter take this time");
    stage.press("enter");
    shows(&stage, "enter Book");
    stage.press("enter");
    assert_eq!(booked(&stage).start_shown, Some(at("2026-12-03T12:15:00Z")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// No key is lost and none counts twice, whatever is drawn in between.
    #[test]
    fn every_key_moves_the_time_by_hand(keys in proptest::collection::vec(0_usize..6, 1..30)) {
        let mut stage = new();
        stage.write("thu 4pm");
        to_calendar(&mut stage);
        let mut expected = at("2026-11-26T15:00:00Z").timestamp().in_tz("Europe/Berlin").unwrap();
        for key in keys {
            let (name, step) = [
                ("-", Span::new().minutes(-15)),
                ("+", Span::new().minutes(15)),
                ("<", Span::new().days(-1)),
                (">", Span::new().days(1)),
                ("pageup", Span::new().weeks(-1)),
                ("]", Span::new().weeks(1)),
            ][key];
            stage.press(name);
            expected = expected.checked_add(step).unwrap();
        }
        let words = format!("{} {:02}:{:02}–", expected.year(), expected.hour(), expected.minute());
        shows(&stage, &words);
        let day = expected.strftime("%a %-d %b").to_string();
        shows(&stage, &format!("{day} {}", expected.year()));
    }

    /// Every arrow leads to a time that works, and what was pressed while the daemon was slow is
    /// what it would have been otherwise.
    #[test]
    fn every_arrow_leads_to_a_time_that_works(keys in proptest::collection::vec(0_usize..6, 1..16)) {
        let names = ["up", "down", "left", "right", "k", "l"];
        let mut stage = new();
        to_calendar(&mut stage);
        for key in &keys {
            stage.press(names[*key]);
            stage.press("w");
            shows(&stage, "works for everyone");
            stage.press("esc");
        }
        let mut slow = new();
        to_calendar(&mut slow);
        slow.daemon.silent = true;
        slow.changed("interview");
        for key in &keys {
            slow.press(names[*key]);
        }
        slow.daemon.silent = false;
        slow.play(Event::Linked(Box::new(records::hello())));
        let time = |stage: &Stage| {
            let form = stage.state.panes.top_as::<Form>().unwrap();
            let frame = stage.frame();
            assert!(form.fields().is_on_calendar(), "{frame}");
            let line = frame.lines().find(|it| it.contains("When ")).unwrap();
            line.to_owned()
        };
        prop_assert_eq!(time(&stage), time(&slow));
    }
}

/// Over the end of what is known, the next time is looked for.
#[test]
fn an_arrow_crosses_weeks_in_which_nothing_works() {
    let mut stage = new();
    stage.daemon.own.away_until = Some(at("2027-01-11T00:00:00Z"));
    stage.changed("interview");
    to_calendar(&mut stage);
    shows(&stage, "No time works for everyone");
    stage.daemon.own.away_until = None;
    stage.changed("interview");
    shows(&stage, "Tue 24 Nov 2026 12:00–12:45");
    stage.daemon.own.away_until = Some(at("2027-01-11T00:00:00Z"));
    stage.changed("interview").press("+ down");
    shows(&stage, "Mon 11 Jan 2027 09:00–09:45");
    stage.press("up");
    shows(&stage, "Mon 11 Jan 2027 09:00–09:45");
    shows(&stage, "No earlier time works");
    stage.press("right up");
    shows(&stage, "Mon 11 Jan 2027 15:15–16:00");
}

/// The best time with its reasons, and the next best.
#[test]
fn the_best_times_are_walked_through_with_their_reasons() {
    let mut stage = new();
    shows(&stage, "The best time for everyone");
    to_calendar(&mut stage);
    for time in ["12:15–13:00", "12:30–13:15", "12:45–13:30", "12:00–12:45"] {
        stage.press("b");
        shows(&stage, &format!("Tue 24 Nov 2026 {time}"));
    }
    stage.press("w");
    shows(&stage, "Nothing speaks against it");
    stage.press("t");
    shows(&stage, "Tue 24 Nov 10:15");
    shows(&stage, "Against it: outside the preferred hours");
}

#[test]
fn rescheduling_walks_from_one_time_that_works_to_the_next() {
    let mut stage = Stage::open(120, 40);
    stage.press("n esc").press("r");
    to(&mut stage, "Reason");
    stage.press("tab right");
    shows(&stage, "Fri 27 Nov 2026 10:00–10:45");
    stage.press("left left");
    shows(&stage, "Wed 25 Nov 2026 10:30–11:15");
    stage.press("down");
    shows(&stage, "Wed 25 Nov 2026 10:45–11:30");
    stage.press("enter enter");
    assert_eq!(moved(&stage).start_shown, Some(at("2026-11-25T09:45:00Z")));
}

#[test]
fn the_calendar_leads_back_to_the_first_free_time() {
    for key in ["t", "home"] {
        let mut stage = new();
        stage.write("thu 4pm").press("f2 f2");
        to_calendar(&mut stage);
        shows(&stage, "Thu 26 Nov 2026 16:00");
        stage.press("] ]").press(key);
        shows(&stage, "Tue 24 Nov 2026 10:15–11:00");
        // It is chosen now: it stays when the length is another one.
        stage
            .press("tab tab tab tab tab tab tab ctrl-u")
            .write("120");
        shows(&stage, "10:15–12:15");
    }
}

#[test]
fn rescheduling_begins_at_the_present_time() {
    let mut stage = Stage::open(120, 40);
    stage.press("n esc").press("r");
    shows(&stage, "Thu 26 Nov 2026 10:00–10:45");
    shows(&stage, "▐10:00");
    // Its own time is not in its way, and the same time is no move.
    stage.press("down down ctrl-s");
    assert_eq!(moved(&stage).start_shown, Some(at("2026-11-26T08:30:00Z")));
}

/// F2 from any field: who is free, why others are not, and the nearest times; and back.
#[test]
fn who_and_why_is_shown_for_the_time_that_is_chosen() {
    for (columns, rows) in [(80, 24), (120, 35), (160, 50)] {
        let mut stage = Stage::open(columns, rows);
        stage.press("n").write("thu 2pm").press("f2");
        for words in [
            "Who and why · Thu 26 Nov 14:00–14:45",
            "Dana Reyes has another interview then",
            "✗ cannot be booked",
            "free after: Thu 26 Nov 15:00",
        ] {
            shows(&stage, words);
        }
        stage.press("<");
        shows(&stage, "Who and why · Wed 25 Nov 14:00–14:45");
        shows(&stage, "✓ works for everyone");
        stage.press("esc");
        assert!(
            !stage.frame().contains("Who and why ·"),
            "{}",
            stage.frame()
        );
        let form = stage.state.panes.top_as::<Form>().unwrap();
        let focused = form.fields().focused().map(|it| it.label);
        assert_eq!(focused, Some("When"), "back where one was");
        stage.press("f2 w").write("fri 3pm");
        shows(&stage, "fri 3pm");
    }
}

fn click(stage: &mut Stage, x: usize, y: usize) {
    stage.play(Event::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column: u16::try_from(x).unwrap(),
        row: u16::try_from(y).unwrap(),
        modifiers: KeyModifiers::NONE,
    }));
}

#[test]
fn a_click_chooses_a_cell() {
    let mut stage = new();
    let frame = stage.frame();
    let row = frame
        .lines()
        .position(|line| line.contains("  15  "))
        .unwrap();
    let heading = frame.lines().find(|line| line.contains("Fri 27")).unwrap();
    let column = heading[..heading.find("Fri 27").unwrap()].chars().count();
    click(&mut stage, column, row);
    shows(&stage, "Fri 27 Nov 2026 15:00–15:45");
    // Elsewhere it means nothing.
    click(&mut stage, column, row - 20);
    shows(&stage, "Fri 27 Nov 2026 15:00–15:45");
    stage.press("ctrl-s");
    assert_eq!(booked(&stage).start_shown, Some(at("2026-11-27T14:00:00Z")));
}

/// Case U5: nothing that is said about a time moves the calendar.
#[test]
fn problems_do_not_move_the_calendar() {
    for (columns, rows) in [(80, 24), (100, 30), (120, 35), (160, 50)] {
        let place = |stage: &Stage| {
            let frame = stage.frame();
            let days = frame.lines().position(|line| line.contains("Sat 28"));
            let hours = frame.lines().filter(|line| line.contains("  12  ")).count();
            let legend = frame
                .lines()
                .position(|line| line.contains("outside hours"));
            (days.unwrap(), hours, legend.unwrap())
        };
        let mut stage = Stage::open(columns, rows);
        stage.press("n");
        let quiet = place(&stage);
        for text in ["thu 4pm", "thu 2pm", "nonsense", "3/4 10:00", "thu"] {
            stage.press("x ctrl-u").write(text);
            assert_eq!(
                place(&stage),
                quiet,
                "{text} at {columns}: {}",
                stage.frame()
            );
        }
        // Somebody's Zoom breaks, and more must be filled in.
        stage.zoom(0, |zoom| {
            zoom.state = greenroom_protocol::zoom::ConnectionState::ReconnectRequired;
        });
        to(&mut stage, "Meeting");
        stage.press("right right ctrl-s");
        assert_eq!(place(&stage), quiet, "{}", stage.frame());
    }
}

#[test]
fn calendars() {
    see("calendar-walked", |stage| {
        stage.press("n").write("thu 2pm").press("f2 f2");
        to_calendar(stage);
    });
    see("who-and-why", |stage| {
        stage.press("n shift-tab").write("sam,").press("tab");
        stage.write("thu 2pm").press("f2");
    });
    see("time-refused", |stage| {
        stage.press("n").write("3/4 10:00");
    });
    see("no-time-works", |stage| {
        stage.daemon.own.nobody_free = true;
        stage.press("n");
    });
}

/// Where the reasons have no room, they are read on by the page; then the keys turn weeks again.
#[test]
fn who_and_why_is_read_on_where_it_has_no_room() {
    let mut stage = Stage::open(60, 22);
    stage.press("n shift-tab").write("sam,lena,mina,");
    stage.press("tab").write("thu 2pm").press("f2");
    shows(&stage, "↓ more: PgDn, PgUp");
    shows(
        &stage,
        "free before: none within a week: sooner than the notice",
    );
    let at = "Who and why · Thu 26 Nov";
    stage.press("pagedown");
    shows(&stage, "↑ more: PgDn, PgUp");
    shows(&stage, at);
    assert!(!stage.frame().contains("free before"), "{}", stage.frame());
    // Another time is read from its beginning.
    stage.press("left");
    shows(&stage, "free before");

    let mut stage = Stage::open(160, 50);
    stage.press("n").write("thu 2pm").press("f2 pagedown");
    shows(&stage, "Who and why · Thu 3 Dec 14:00");
}

/// What was found before the daemon went away may have changed since, and says so.
#[test]
fn findings_are_marked_while_the_daemon_is_away() {
    let mut stage = Stage::open(160, 50);
    stage.press("n shift-tab").write("sam,").press("tab");
    stage.write("thu 2pm").press("f2");
    shows(&stage, "✗ Sam Ito has another interview then");
    let gone = Error::new(ErrorKind::Unreachable, "the connection to the daemon ended");
    let now = stage.state.now;
    stage.play(Event::Lost(gone, now));
    shows(&stage, "last known: ✗ cannot be booked");
    shows(&stage, "as last known: daemon unreachable");
    stage.press("f2");
    shows(&stage, "! last known: 45 min");
    stage.press("f2 left");
    assert!(
        !stage.frame().contains("last known: 45"),
        "{}",
        stage.frame()
    );
    shows(&stage, "The daemon can't be reached");
    stage.play(Event::Linked(Box::new(records::hello())));
    assert!(!stage.frame().contains("last known"), "{}", stage.frame());
}

/// Nothing is cut, and no rows stay empty while fields are hidden.
#[test]
fn the_calendar_leaves_the_rows_it_does_not_need_to_the_fields() {
    let mut stage = Stage::open(120, 35);
    stage.press("n");
    let frame = stage.frame();
    let lines: Vec<_> = frame.lines().collect();
    let last = lines.iter().rposition(|it| it.contains("  17  ")).unwrap();
    let legend = lines.iter().position(|it| it.contains("outside hours"));
    assert!(legend.unwrap() - last <= 3, "{frame}");
}
