//! The calendar: what is in its cells, where they lie, and where the arrows lead.

use greenroom_protocol::schedule::{
    BusyLane, BusyTime, BusyWith, Explained, FindingWho, LaneKind, Slot, Source, Stretch,
};
use greenroom_protocol::time::Instant;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::grid::{Layout, Mark, Week, hours};
use super::{Calendar, Seen, Step, Way, step, turned};
use crate::keys::Command;
use crate::widgets::Canvas;

/// Monday, 30 November 2026.
const MONDAY: Date = date(2026, 11, 30);

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn at(day: i8, hour: i8, minute: i8) -> Zoned {
    let date = MONDAY.saturating_add(jiff::Span::new().days(i64::from(day)));
    date.at(hour, minute, 0, 0).to_zoned(berlin()).unwrap()
}

fn instant(day: i8, hour: i8, minute: i8) -> Instant {
    at(day, hour, minute).timestamp().into()
}

fn busy(day: i8, from: (i8, i8), to: (i8, i8)) -> BusyTime {
    BusyTime {
        start: instant(day, from.0, from.1),
        end: instant(day, to.0, to.1),
        interview: None,
        with: BusyWith::Interview,
    }
}

/// Open from nine to five on working days.
fn person(name: &str, busy: Vec<BusyTime>) -> BusyLane {
    let open = (0..5).map(|day| Stretch {
        start: instant(day, 9, 0),
        end: instant(day, 17, 0),
    });
    BusyLane {
        kind: LaneKind::Member,
        id: name.into(),
        name: name.into(),
        capacity: 1,
        busy,
        zone: Some("Europe/Berlin".into()),
        open: open.collect(),
        hours_assumed: false,
    }
}

fn marks(lane: &BusyLane, now: Timestamp) -> Vec<Mark> {
    Week::new(MONDAY, &berlin()).of_lane(lane, None, now)
}

fn mark(marks: &[Mark], day: usize, hour: usize, minute: usize) -> Mark {
    marks[day * 96 + hour * 4 + minute / 15]
}

const BEFORE: Timestamp = Timestamp::UNIX_EPOCH;

#[test]
fn a_cell_is_free_busy_or_outside_hours() {
    let sam = person("Sam Ito", vec![busy(1, (10, 10), (10, 50))]);
    let week = marks(&sam, BEFORE);
    for (day, hour, minute, expected) in [
        (0, 8, 45, Mark::Outside),
        (0, 9, 0, Mark::Free),
        (0, 16, 45, Mark::Free),
        (0, 17, 0, Mark::Outside),
        (1, 9, 45, Mark::Free),
        (1, 10, 0, Mark::Busy),
        (1, 10, 45, Mark::Busy),
        (1, 11, 0, Mark::Free),
        (5, 12, 0, Mark::Outside),
    ] {
        assert_eq!(
            mark(&week, day, hour, minute),
            expected,
            "{day} {hour}:{minute}"
        );
    }
}

#[test]
fn what_is_past_is_free_for_nobody() {
    let now = at(1, 12, 0).timestamp();
    let week = marks(&person("Sam Ito", Vec::new()), now);
    assert_eq!(mark(&week, 1, 11, 45), Mark::Outside);
    assert_eq!(mark(&week, 1, 12, 0), Mark::Free);
}

#[test]
fn a_host_of_two_meetings_at_a_time_is_busy_with_two() {
    let twice = vec![busy(0, (10, 0), (11, 0)), busy(0, (10, 30), (11, 30))];
    let host = BusyLane {
        kind: LaneKind::Host,
        capacity: 2,
        open: Vec::new(),
        zone: None,
        ..person("Mina Okafor", twice)
    };
    let week = marks(&host, BEFORE);
    assert_eq!(mark(&week, 0, 10, 0), Mark::Free);
    assert_eq!(mark(&week, 0, 10, 30), Mark::Busy);
    assert_eq!(mark(&week, 0, 11, 0), Mark::Free);
    assert_eq!(mark(&week, 6, 3, 0), Mark::Free, "a host has no hours");
}

#[test]
fn the_interview_that_is_moved_is_not_in_its_own_way() {
    let own = "int_00000000000000000000000001".parse().ok();
    assert!(own.is_some());
    let mut taken = busy(0, (10, 0), (11, 0));
    taken.interview = own;
    let sam = person("Sam Ito", vec![taken]);
    let week = Week::new(MONDAY, &berlin());
    assert_eq!(mark(&week.of_lane(&sam, own, BEFORE), 0, 10, 0), Mark::Free);
    assert_eq!(
        mark(&week.of_lane(&sam, None, BEFORE), 0, 10, 0),
        Mark::Busy
    );
}

#[test]
fn somebody_busy_weighs_more_than_somebodys_hours() {
    let week = Week::new(MONDAY, &berlin());
    let sam = week.of_lane(
        &person("Sam", vec![busy(0, (18, 0), (19, 0))]),
        None,
        BEFORE,
    );
    let lena = week.of_lane(&person("Lena", Vec::new()), None, BEFORE);
    let all = week.of_all(&[sam, lena], BEFORE);
    assert_eq!(mark(&all, 0, 18, 0), Mark::Busy);
    assert_eq!(mark(&all, 0, 19, 0), Mark::Outside);
    assert_eq!(mark(&all, 0, 12, 0), Mark::Free);
    assert_eq!(mark(&week.of_all(&[], BEFORE), 6, 3, 0), Mark::Free);
}

/// Case U5: starts after 18:00 are in the calendar.
#[test]
fn all_hours_that_matter_are_shown() {
    let of = |busy: Vec<BusyTime>, chosen| {
        let hours = hours(&[person("Sam", busy)], &berlin(), chosen);
        (hours.start / 60, hours.end / 60)
    };
    let none = 600..645;
    assert_eq!(of(Vec::new(), none.clone()), (8, 18));
    assert_eq!(of(vec![busy(0, (18, 30), (19, 15))], none.clone()), (8, 20));
    assert_eq!(of(Vec::new(), 21 * 60 + 30..22 * 60 + 15), (8, 23));
    assert_eq!(of(Vec::new(), 6 * 60..6 * 60 + 45), (6, 18));
    let whole_day = busy(0, (0, 0), (23, 0));
    assert_eq!(of(vec![whole_day], none), (8, 18));
}

#[test]
fn a_week_in_which_the_clocks_change_has_all_of_its_cells() {
    for monday in [date(2026, 10, 19), date(2026, 3, 23)] {
        let week = Week::new(monday, &berlin());
        assert_eq!(week.of_all(&[], BEFORE).len(), 7 * 96);
    }
}

fn seen<'a>(chosen: Option<&'a Zoned>, lanes: &'a [BusyLane]) -> Seen<'a> {
    Seen {
        chosen,
        minutes: 45,
        lanes,
        free: None,
        marks: Vec::new(),
        sources: &[],
        own: None,
        zone: berlin(),
        now: at(0, 9, 0).timestamp(),
        focused: true,
        stale: false,
    }
}

fn drawn(calendar: &Calendar, seen: &Seen<'_>, area: Rect) -> Vec<String> {
    let mut buffer = Buffer::empty(Rect::new(0, 0, area.right(), area.bottom()));
    calendar.draw(seen, &mut Canvas::new(&mut buffer), area);
    let line = |y| {
        let symbols = (0..area.right()).map(|x| buffer[(x, y)].symbol());
        symbols.collect::<String>()
    };
    (0..area.bottom()).map(line).collect()
}

fn shown(time: &Zoned) -> Calendar {
    let mut calendar = Calendar::default();
    calendar.show(time.clone());
    calendar
}

#[test]
fn a_click_chooses_the_time_of_its_cell() {
    let chosen = at(3, 14, 0);
    let calendar = shown(&chosen);
    let lanes = [person("Sam Ito", Vec::new())];
    let area = Rect::new(2, 3, 74, 13);
    drawn(&calendar, &seen(Some(&chosen), &lanes), area);
    // Ten hours in eleven rows: nine is the second, and 45 minutes past is the last quarter.
    let hit = |x, y| calendar.hit(Position::new(x, y), &berlin());
    assert_eq!(hit(2 + 5, 4), Some((at(0, 8, 0), 15)));
    assert_eq!(hit(2 + 5 + 9 + 6, 5), Some((at(1, 9, 45), 15)));
    assert_eq!(hit(2 + 5 + 9 + 2, 5), Some((at(1, 9, 15), 15)));
    assert_eq!(hit(3, 5), None, "the column of hours is no time");
    assert_eq!(hit(10, 3), None, "nor is the heading");
    assert_eq!(hit(10, 15), None, "nor the legend");
}

#[test]
fn arrows_lead_to_times_that_work_and_other_keys_anywhere() {
    let from = at(3, 14, 0);
    for (command, way, to) in [
        (Command::Up, Way::Earlier, at(3, 13, 45)),
        (Command::Down, Way::Later, at(3, 14, 15)),
        (Command::Left, Way::DayBefore, at(2, 14, 0)),
        (Command::Right, Way::DayAfter, at(4, 14, 0)),
    ] {
        assert_eq!(step(command), Some(Step::Free(way)));
        assert_eq!(turned(&from, way.by_hand()), to, "{command:?}");
    }
    for (command, to) in [
        (Command::QuarterBefore, at(3, 13, 45)),
        (Command::QuarterAfter, at(3, 14, 15)),
        (Command::DayBefore, at(2, 14, 0)),
        (Command::DayAfter, at(4, 14, 0)),
        (Command::PageDown, at(10, 14, 0)),
        (Command::NextWeek, at(10, 14, 0)),
        (Command::PreviousWeek, at(-4, 14, 0)),
    ] {
        let Some(Step::ByHand(turn)) = step(command) else {
            panic!("{command:?} is no manual step");
        };
        assert_eq!(turned(&from, turn), to, "{command:?}");
    }
    assert_eq!(step(Command::Enter), None);
    // Where no time is known, one begins at the last one, else soon.
    let now = at(0, 9, 7);
    assert_eq!(shown(&from).beginning(&now), from);
    assert_eq!(Calendar::default().beginning(&now), at(0, 9, 15));
}

fn slot(time: &Zoned) -> Slot {
    let start = Instant::from(time.timestamp());
    Slot {
        start,
        end: start.plus_minutes(45),
        interviewers: Vec::new(),
        score: 0,
        why: Vec::new(),
    }
}

/// Where the interview can begin is marked, also beside people's own columns; what has begun since
/// it was asked is not.
#[test]
fn the_times_that_work_are_marked() {
    let chosen = at(3, 14, 0);
    let free = [
        slot(&at(0, 8, 45)),
        slot(&at(1, 9, 15)),
        slot(&at(4, 16, 0)),
    ];
    let lanes = [
        person("Sam Ito", Vec::new()),
        person("Lena Bauer", Vec::new()),
    ];
    let seen = Seen {
        free: Some(&free),
        ..seen(Some(&chosen), &lanes)
    };
    let area = Rect::new(0, 0, 74, 13);
    let calendar = shown(&chosen);
    let lines = drawn(&calendar, &seen, area);
    let count = |lines: &[String]| {
        let rows = &lines[..lines.len() - 1];
        rows.iter().map(|it| it.matches('○').count()).sum::<usize>()
    };
    assert_eq!(count(&lines), 4, "two cells each: {lines:#?}");
    assert!(lines[2].contains("··○○····"), "{lines:#?}");
    assert!(lines[12].contains("○ works"), "{lines:#?}");

    let mut calendar = shown(&chosen);
    calendar.toggle_why(0, true);
    let lines = drawn(&calendar, &seen, Rect::new(0, 0, 100, 20));
    assert_eq!(count(&lines), 2, "{lines:#?}");
}

/// What a calendar of their own says is no interview, and looks like none.
#[test]
fn who_is_busy_elsewhere_is_shown_apart_from_interviews() {
    let elsewhere = |day, from, to| BusyTime {
        with: BusyWith::Elsewhere,
        ..busy(day, from, to)
    };
    let sam = person(
        "Sam Ito",
        vec![
            busy(1, (10, 0), (11, 0)),
            elsewhere(1, (10, 30), (12, 0)),
            elsewhere(2, (20, 0), (22, 0)),
        ],
    );
    let week = marks(&sam, BEFORE);
    for (hour, minute, expected) in [
        (9, 45, Mark::Free),
        (10, 30, Mark::Busy),
        (11, 0, Mark::Elsewhere),
        (11, 45, Mark::Elsewhere),
        (12, 0, Mark::Free),
    ] {
        assert_eq!(mark(&week, 1, hour, minute), expected, "{hour}:{minute}");
    }
    let chosen = at(3, 14, 0);
    let calendar = shown(&chosen);
    let lanes = [sam];
    let area = Rect::new(0, 0, 100, 13);
    let lines = drawn(&calendar, &seen(Some(&chosen), &lanes), area);
    let legend = lines.last().unwrap();
    assert!(legend.contains("▒ busy elsewhere"), "{lines:#?}");
    // The evening is no hour that matters.
    assert!(!lines.iter().any(|line| line.contains(" 20")), "{lines:#?}");
    let nobody = [person("Lena Bauer", Vec::new())];
    let lines = drawn(&calendar, &seen(Some(&chosen), &nobody), area);
    assert!(!lines.last().unwrap().contains('▒'), "{lines:#?}");
}

/// Who and why says how old it is what is known of somebody.
#[test]
fn calendars_of_others_are_named_with_their_age() {
    let chosen = at(3, 14, 0);
    let lanes = [
        person("Sam Ito", Vec::new()),
        person("Lena Bauer", Vec::new()),
    ];
    let who = |id: &str| FindingWho {
        kind: LaneKind::Member,
        id: id.into(),
        name: None,
    };
    let source = |id: &str, feed: Option<&str>, age: u64| Source {
        who: who(id),
        feed: feed.map(str::to_owned),
        age,
        stale: None,
    };
    let sources = [
        source("Sam Ito", None, 0),
        source("Sam Ito", Some("Work"), 250),
        source("Sam Ito", Some("Band"), 3 * 86_400),
        source("Lena Bauer", None, 0),
    ];
    let seen = Seen {
        sources: &sources,
        ..seen(Some(&chosen), &lanes)
    };
    let start = Instant::from(chosen.timestamp());
    let explained = Explained {
        start,
        end: start.plus_minutes(45),
        zone: "Europe/Berlin".into(),
        candidate_zone: None,
        assumed_candidate_zone: None,
        offered: true,
        person_may: true,
        findings: Vec::new(),
        groups: Vec::new(),
        earlier: None,
        later: None,
        none_earlier: Vec::new(),
        none_later: Vec::new(),
    };
    let area = Rect::new(0, 0, 90, 12);
    let mut buffer = Buffer::empty(area);
    let calendar = shown(&chosen);
    let canvas = &mut Canvas::new(&mut buffer);
    calendar.draw_why(&seen, Some(&Ok(explained)), canvas, area);
    let line = |y| {
        let symbols = (0..area.right()).map(|x| buffer[(x, y)].symbol());
        symbols.collect::<String>()
    };
    let lines: Vec<String> = (0..area.bottom()).map(line).collect();
    let named = lines.iter().filter(|it| it.contains("calendars: "));
    let named: Vec<_> = named.map(|it| it.trim()).collect();
    let expected = "calendars: Work, read 4 min ago · Band, read 3 d ago";
    assert_eq!(named, [expected], "{lines:#?}");
}

#[test]
fn every_sign_is_a_letter_of_its_own() {
    let chosen = at(3, 14, 0);
    let calendar = shown(&chosen);
    let lanes = [person("Sam Ito", vec![busy(2, (10, 0), (11, 0))])];
    let lines = drawn(
        &calendar,
        &seen(Some(&chosen), &lanes),
        Rect::new(0, 0, 74, 13),
    );
    let frame = lines.join("\n");
    for sign in ["▐14:00", "░", "█", "·", "Thu 3", "hours, past"] {
        assert!(frame.contains(sign), "{sign}: {frame}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Case U5: what is wrong with a time, who is busy and whether there is a time at all, change
    /// nothing about where the calendar is and how large it is.
    #[test]
    fn the_calendar_stays_where_it_is_whatever_is_in_it(
        (width, height) in (20_u16..150, 3_u16..45),
        hour in 8_i8..17,
        quarter in 0_i8..4,
        day in 0_i8..7,
        spans in proptest::collection::vec((0_i8..7, 8_i8..17), 0..6),
    ) {
        let chosen = at(day, hour, quarter * 15);
        let calendar = shown(&chosen);
        let busy = spans.into_iter().map(|(day, hour)| busy(day, (hour, 0), (hour + 1, 0)));
        let full = [person("Sam Ito", busy.collect())];
        let area = Rect::new(1, 1, width, height);
        let layout = |chosen: Option<&Zoned>, lanes: &[BusyLane]| {
            drawn(&calendar, &seen(chosen, lanes), area);
            calendar.drawn.get().map(|it| it.layout)
        };
        let one = layout(Some(&chosen), &full);
        prop_assert_eq!(one, layout(Some(&chosen), &[person("Sam Ito", Vec::new())]));
        let blank = layout(None, &[]);
        let place = |it: Option<Layout>| it.map(|it| (it.area, it.column, it.per_row, it.rows));
        prop_assert_eq!(place(one), place(blank));
        if let Some(layout) = one {
            let rows = i32::from(layout.rows) * layout.per_row;
            let whole = layout.first <= 8 * 60 && layout.first + rows >= 18 * 60;
            prop_assert!(whole || layout.per_row == 120, "{layout:?}");
            let minute = i32::from(hour) * 60;
            prop_assert!(layout.first <= minute && minute < layout.first + rows);
        }
    }

    /// Every cell that is drawn can be clicked, and is the time it stands for.
    #[test]
    fn every_cell_can_be_clicked(
        (width, height) in (30_u16..150, 4_u16..45),
        (x, y) in (0_u16..150, 0_u16..45),
    ) {
        let chosen = at(3, 14, 0);
        let calendar = shown(&chosen);
        let lanes = [person("Sam Ito", Vec::new())];
        drawn(&calendar, &seen(Some(&chosen), &lanes), Rect::new(0, 0, width, height));
        if let Some((time, _)) = calendar.hit(Position::new(x, y), &berlin()) {
            prop_assert!((0..=6).any(|day| at(day, 0, 0).date() == time.date()));
            prop_assert_eq!(time.minute() % 15, 0);
            prop_assert!(y >= 1 && x >= 5);
        }
    }
}
