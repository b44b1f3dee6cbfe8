//! Looking through weeks: what is selected, in which form, in whose zone.

use greenroom_protocol::interview::AttendeeState;

use crate::app::tests::records::{self, at};
use crate::app::tests::stage::Stage;

/// The name under the calendar.
fn selected(stage: &Stage) -> String {
    let frame = stage.frame();
    let foot = frame
        .lines()
        .rev()
        .find(|line| line.contains(" Nov ") && line.contains(" · "));
    let name = foot.unwrap_or_default().split(" · ").next();
    name.unwrap_or_default().trim().to_owned()
}

#[test]
fn it_opens_at_what_comes_next_and_stays_there_as_time_passes() {
    let mut stage = Stage::open(120, 40);
    stage.press("4");
    assert_eq!(selected(&stage), "Priya Ramanathan");
    stage.state.now = at("2026-11-24T11:30:00Z").timestamp();
    stage.changed("interview");
    assert_eq!(selected(&stage), "Priya Ramanathan", "nobody moved it");
    stage.press("[ t");
    assert_eq!(selected(&stage), "Sami Haddad", "now it is the next");
    // An earlier one that somebody adds moves nothing either.
    let mut earlier = stage.daemon.interviews[4].clone();
    earlier.id = records::id("int", 40);
    earlier.start = at("2026-11-23T09:00:00Z");
    stage.daemon.interviews.push(earlier);
    stage.changed("interview");
    assert_eq!(selected(&stage), "Sami Haddad");
    assert!(
        stage.frame().contains("Tue 24 Nov 14:00"),
        "{}",
        stage.frame()
    );
}

/// Case U6: on a Sunday, and when nothing is left of a week, it opens at what comes next.
#[test]
fn it_opens_in_the_week_of_what_comes_next() {
    let next = |now: &str, keep: fn(&str) -> bool| {
        let mut stage = Stage::open(120, 40);
        stage.state.now = at(now).timestamp();
        let kept = |it: &greenroom_protocol::interview::Interview| keep(&it.start.to_string());
        stage.daemon.interviews.retain(kept);
        stage.changed("interview").press("4");
        stage.frame().lines().nth(2).unwrap().trim().to_owned()
    };
    let all = |_: &str| true;
    let none = |_: &str| false;
    for (now, keep, week) in [
        // The Sunday before the week of the interviews, and the days within it.
        (
            "2026-11-22T09:00:00Z",
            all as fn(&str) -> bool,
            "23 Nov – 29 Nov",
        ),
        ("2026-11-24T09:00:00Z", all, "23 Nov – 29 Nov"),
        // Nothing left and nothing to come: this week while there is some of it, else the next.
        ("2026-11-25T09:00:00Z", none, "23 Nov – 29 Nov"),
        ("2026-11-29T09:00:00Z", none, "30 Nov – 6 Dec"),
        ("2026-11-28T09:00:00Z", all, "30 Nov – 6 Dec"),
        // Two weeks before.
        (
            "2026-11-09T09:00:00Z",
            |it| it > "2026-11-21",
            "23 Nov – 29 Nov",
        ),
    ] {
        assert!(
            next(now, keep).starts_with(week),
            "{now}: {}",
            next(now, keep)
        );
    }
    // Who turned the weeks stays where they are; t leads back.
    let mut stage = Stage::open(120, 40);
    stage.press("4 ]").changed("interview");
    assert!(
        stage.frame().contains("30 Nov – 6 Dec"),
        "{}",
        stage.frame()
    );
    stage.press("t");
    assert!(
        stage.frame().contains("23 Nov – 29 Nov"),
        "{}",
        stage.frame()
    );
}

/// Case U6: columns and calendar stay where they are as one moves, also where they are narrow, and
/// the words below are not cut.
#[test]
fn nothing_jumps_as_one_moves_through_a_narrow_week_and_no_word_is_cut() {
    for columns in [80, 100, 109] {
        let mut stage = Stage::open(columns, 40);
        let moved = "the meeting was moved in Zoom to another time and shortened by a quarter";
        stage.daemon.interviews[3].drift = Some(greenroom_protocol::drift::Drift {
            messages: vec![moved.into(), format!("{moved} of an hour")],
            start: None,
            duration_minutes: None,
            ..records::moved()
        });
        stage.changed("interview").press("4 home");
        let days = |stage: &Stage| stage.frame().lines().nth(3).unwrap().to_owned();
        let rule = |stage: &Stage| {
            let frame = stage.frame();
            let mut lines = frame.lines().enumerate().skip(3);
            lines.find(|(_, line)| line.starts_with("───")).unwrap().0
        };
        let before = (days(&stage), rule(&stage));
        let mut whole = false;
        for _ in 0..8 {
            stage.press("right");
            assert_eq!((days(&stage), rule(&stage)), before, "{columns}");
            let words = stage
                .frame()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            whole |= words.contains(&format!("{moved} of an hour"));
        }
        assert!(whole, "{columns}: {}", stage.frame());
    }
}

#[test]
fn the_zone_is_ones_own_the_candidates_and_any_other() {
    let mut stage = Stage::open(120, 40);
    stage.press("4 z");
    let frame = stage.frame();
    assert!(frame.contains("times in Kolkata, for Priya"), "{frame}");
    assert!(
        frame.contains("Tue 24 Nov 15:30–16:00 (11:00 for you)"),
        "{frame}"
    );
    // The line at now is in that zone, too.
    assert!(frame.contains(" 14:42 "), "{frame}");
    stage.press("z");
    assert!(
        stage.frame().contains("times in Berlin"),
        "{}",
        stage.frame()
    );
    stage.press("Z").write("accra").press("enter");
    assert!(
        stage.frame().contains("times in Accra"),
        "{}",
        stage.frame()
    );
    stage.press("z");
    assert!(
        stage.frame().contains("times in Berlin"),
        "{}",
        stage.frame()
    );
    // Of somebody whose time zone is unknown there is none to go to.
    for interview in &mut stage.daemon.interviews {
        interview.candidate.zone = None;
    }
    stage.changed("interview").press("z");
    assert!(
        stage.frame().contains("time zone is unknown"),
        "{}",
        stage.frame()
    );
}

#[test]
fn a_week_a_day_by_people_and_a_list_follow_each_other() {
    let mut stage = Stage::open(120, 40);
    stage.press("4 v");
    let people = stage.frame();
    assert!(
        people.contains("Dana Reyes (you)") && people.contains("Lena Bauer"),
        "{people}"
    );
    stage.press("right");
    assert_eq!(selected(&stage), "Sami Haddad", "in the next column");
    stage.press("right");
    assert!(
        stage.frame().contains(" Wed 25 Nov 2026"),
        "{}",
        stage.frame()
    );
    stage.press("v");
    assert!(stage.frame().contains("Mon 23 Nov"), "{}", stage.frame());
    stage.press("v");
    assert!(stage.frame().contains("Mon 23  "), "{}", stage.frame());
}

#[test]
fn now_is_shown_at_the_edge_where_it_lies_outside_the_hours() {
    for (now, shown) in [
        ("2026-11-24T05:20:00Z", "↑06:20"),
        ("2026-11-24T20:05:00Z", "↓21:05"),
    ] {
        let mut stage = Stage::open(80, 24);
        stage.state.now = now.parse().unwrap();
        stage.press("4");
        assert!(stage.frame().contains(shown), "{}", stage.frame());
        stage.press("]");
        assert!(!stage.frame().contains(shown), "{}", stage.frame());
    }
}

#[test]
fn a_week_in_which_the_clock_changes_keeps_its_rows() {
    let mut stage = Stage::open(160, 50);
    stage.state.now = at("2026-10-20T08:00:00Z").timestamp();
    let sample = stage.daemon.interviews[3].clone();
    // Ten in Berlin on Saturday, and on the Sunday that has 25 hours.
    let both = [("2026-10-24T08:00:00Z", 41), ("2026-10-25T09:00:00Z", 42)];
    stage.daemon.interviews = both
        .map(|(start, number)| {
            let mut interview = sample.clone();
            interview.id = records::id("int", number);
            interview.start = at(start);
            interview
        })
        .into();
    stage.press("4");
    let frame = stage.frame();
    let row = frame.lines().find(|line| line.contains("✓10:00"));
    assert_eq!(
        row.unwrap_or_default().matches("✓10:00").count(),
        2,
        "{frame}"
    );
    stage.press("v down");
    assert!(
        stage.frame().contains("clocks go back an hour"),
        "{}",
        stage.frame()
    );
}

#[test]
fn whom_mail_does_not_reach_is_said_where_the_interview_is() {
    let mut stage = Stage::open(120, 40);
    stage.daemon.interviews[2].attendees[0].state = AttendeeState::Unreached;
    stage.press("4");
    let frame = stage.frame();
    assert!(frame.contains("⚠11:00"), "{frame}");
    assert!(
        frame.contains("⚠ email bounced: Priya Ramanathan"),
        "{frame}"
    );
}
