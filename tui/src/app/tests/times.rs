//! Choosing a time in a form: what is typed is read, what is shown is booked, and the calendar is
//! walked in.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use greenroom_protocol::interview::{InterviewNew, InterviewReschedule};
use greenroom_protocol::schedule::{TimeRead, TimesRead};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};
use jiff::Span;
use proptest::prelude::*;

use super::daemon::Daemon;
use super::records::{self, at, id};
use super::screens::see;
use super::stage::Stage;
use crate::app::update::update;
use crate::forms::Form;
use crate::state::event::{Action, Done, Event, Task};
use crate::state::work::Ticket;

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

/// Case U2: what was read is said in full, and the text is booked with what is shown.
#[test]
fn a_time_is_read_as_it_is_typed_and_booked_as_it_is_shown() {
    let mut stage = new();
    stage.write("thu 4pm");
    shows(&stage, "Thu 26 Nov 2026 16:00–16:45, 20:30 in Kolkata");
    stage.press("ctrl-s");
    let interview = booked(&stage);
    assert_eq!(interview.zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(interview.start_shown, Some(at("2026-11-26T15:00:00Z")));
    assert_eq!(interview.start, "thu 4pm");
}

/// Case U2: what cannot be read is refused in words, and never becomes another time.
#[test]
fn what_cannot_be_read_is_refused_in_words() {
    for (text, why) in [
        ("whenever", "This names no time"),
        ("thu", "“thu” has no time of day"),
        (
            "3/4 10:00",
            "could mean Thu 4 Mar 2027 10:00 or Sat 3 Apr 2027 10:00",
        ),
        ("", "Enter a time"),
    ] {
        let mut stage = new();
        stage.write("x").press("ctrl-u").write(text);
        stage.press("ctrl-s");
        assert!(stage.daemon.asked.is_empty(), "{text:?}");
        let words = stage
            .frame()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(words.contains(why), "{text:?}: {words}");
    }
}

#[test]
fn a_time_with_another_reading_is_taken_and_the_other_one_said() {
    let mut stage = new();
    stage.write("thu 2");
    shows(&stage, "! It could also mean Thu 26 Nov 02:00");
    shows(&stage, "Thu 26 Nov 2026 14:00–14:45");
    stage.press("ctrl-s");
    assert_eq!(booked(&stage).start_shown, Some(at("2026-11-26T13:00:00Z")));
}

#[test]
fn a_range_brings_its_length() {
    let mut stage = new();
    stage.write("thu 2-3pm");
    shows(&stage, "14:00–15:00");
    stage.press("ctrl-s");
    assert_eq!(booked(&stage).duration_minutes, Some(60));
}

/// A client whose questions about times are answered when a test says so.
struct Late {
    stage: Stage,
    questions: Vec<(Ticket, TimeRead)>,
}

impl Late {
    fn open() -> Self {
        Self {
            stage: new(),
            questions: Vec::new(),
        }
    }

    /// Plays an event; every other question is answered at once.
    fn play(&mut self, event: Event) {
        let mut waiting = vec![event];
        while let Some(event) = waiting.pop() {
            for action in update(&mut self.stage.state, event) {
                let Action::Do(ticket, Task::Call(request)) = action else {
                    continue;
                };
                match *request {
                    Q::TimeRead { read } => self.questions.push((ticket, read)),
                    other => {
                        let reply = Box::new(self.stage.daemon.answer(other));
                        waiting.push(Event::Done(ticket, Ok(Done::Reply(reply))));
                    }
                }
            }
        }
    }

    fn write(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            let key = crossterm::event::KeyCode::Char(letter);
            self.play(Event::Key(key.into()));
        }
        self
    }

    fn press(&mut self, key: &str) -> &mut Self {
        let chord: crate::keys::Chord = key.parse().unwrap();
        let mut event = crossterm::event::KeyEvent::from(chord.code);
        if chord.ctrl {
            event.modifiers |= KeyModifiers::CONTROL;
        }
        self.play(Event::Key(event));
        self
    }

    /// Answers the question about a text.
    fn answer(&mut self, text: &str, read: impl FnOnce(R) -> Result<Done, Error>) {
        let found = self.questions.iter().rposition(|(_, it)| it.text == text);
        let (ticket, read_from) = self.questions.remove(found.unwrap());
        let reply = self.stage.daemon.answer(Q::TimeRead { read: read_from });
        self.play(Event::Done(ticket, read(reply)));
    }

    fn answer_as_read(&mut self, text: &str) {
        self.answer(text, |reply| Ok(Done::Reply(Box::new(reply))));
    }
}

#[test]
fn the_newest_answer_wins_whatever_comes_last() {
    let mut late = Late::open();
    late.write("thu 4pm").press("backspace").press("backspace");
    late.press("backspace").write("15:00");
    let newest = late.questions.last().map(|(_, it)| it.text.clone());
    assert_eq!(newest.as_deref(), Some("thu 15:00"));
    late.answer_as_read("thu 15:00");
    shows(&late.stage, "Thu 26 Nov 2026 15:00");
    late.answer_as_read("thu 4pm");
    shows(&late.stage, "Thu 26 Nov 2026 15:00");
    assert!(
        !late.stage.frame().contains("16:00–"),
        "the old answer is dropped"
    );
}

#[test]
fn the_button_waits_for_the_answer_and_books_what_is_then_shown() {
    let mut late = Late::open();
    late.write("thu 4pm").press("ctrl-s");
    assert!(late.stage.daemon.asked.is_empty(), "nothing is known yet");
    shows(&late.stage, "booking once the time is known…");
    late.answer_as_read("thu 4");
    assert!(late.stage.daemon.asked.is_empty(), "that was an older text");
    late.answer_as_read("thu 4pm");
    assert_eq!(
        booked(&late.stage).start_shown,
        Some(at("2026-11-26T15:00:00Z"))
    );
    assert_eq!(late.stage.daemon.asked.len(), 1);
}

#[test]
fn what_is_edited_while_the_button_waits_is_not_sent() {
    let mut late = Late::open();
    late.write("thu 4pm")
        .press("ctrl-s")
        .press("backspace")
        .write("m");
    late.answer_as_read("thu 4pm");
    assert!(late.stage.daemon.asked.is_empty());
    shows(&late.stage, "Thu 26 Nov 2026 16:00");
}

#[test]
fn a_text_that_names_no_time_is_not_sent_when_that_is_known() {
    let mut late = Late::open();
    late.write("soon").press("ctrl-s");
    late.answer_as_read("soon");
    assert!(late.stage.daemon.asked.is_empty());
    shows(&late.stage, "✗ This names no time");
}

#[test]
fn a_daemon_that_goes_away_takes_nothing_typed_and_nothing_is_sent_when_it_is_back() {
    let mut late = Late::open();
    late.write("thu 4pm").press("ctrl-s");
    let gone = || Error::new(ErrorKind::Unreachable, "the connection to the daemon ended");
    late.answer("thu 4pm", |_| Err(gone()));
    let now = late.stage.state.now;
    late.play(Event::Lost(gone(), now));
    shows(&late.stage, "thu 4pm");
    late.press("ctrl-s");
    shows(&late.stage, "Your form is kept");
    late.play(Event::Linked(Box::new(records::hello())));
    late.answer_as_read("thu 4pm");
    shows(&late.stage, "Thu 26 Nov 2026 16:00");
    assert!(late.stage.daemon.asked.is_empty());
}

/// Midnight has passed, or the clocks were changed: the daemon reads the text as another time.
#[test]
fn a_time_that_the_daemon_reads_otherwise_is_read_again_and_said() {
    let mut stage = new();
    stage.write("thu 4pm");
    let why = "The time is read as Thu 3 Dec 16:00 now, and Thu 26 Nov 16:00 was shown";
    stage.daemon.refuse = Some(Error::conflict(why).field("start"));
    stage.press("ctrl-s");
    let words = stage
        .frame()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(words.contains(why), "{words}");
    shows(&stage, "Thu 26 Nov 2026 16:00–16:45");
    stage.press("backspace");
    assert!(!stage.frame().contains("was shown"), "until it is edited");
}

/// Case U5: the form does not propose a taken time.
#[test]
fn the_first_time_that_works_for_everyone_stands_there_until_one_is_chosen() {
    let mut stage = new();
    shows(&stage, "Tue 24 Nov 2026 10:15–11:00");
    // Two hours: only after the meeting at eleven.
    stage.press("tab ctrl-u").write("120");
    shows(&stage, "Tue 24 Nov 2026 12:00–14:00");
    stage.press("shift-tab up");
    shows(&stage, "Tue 24 Nov 2026 12:15–14:15");
    stage.press("tab ctrl-u").write("30");
    shows(&stage, "Tue 24 Nov 2026 12:15–12:45");
}

#[test]
fn typing_wins_over_the_first_time_that_is_still_looked_for() {
    let mut stage = Stage::open(120, 40);
    stage.daemon.silent = true;
    stage.press("n");
    shows(&stage, "looking for the first free time…");
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
        "No time works for everyone: Sam Ito is busy at all of them",
    );
    stage.press("ctrl-s");
    shows(&stage, "✗ Enter a time");
    assert!(stage.daemon.asked.is_empty());
}

#[test]
fn another_zone_reads_the_text_anew() {
    let mut stage = new();
    stage
        .write("thu 4pm")
        .press("tab tab tab")
        .write("new_york");
    stage.press("enter");
    shows(&stage, "Thu 26 Nov 2026 16:00–16:45, Fri 02:30 in Kolkata");
    stage.press("ctrl-s");
    assert_eq!(booked(&stage).start_shown, Some(at("2026-11-26T21:00:00Z")));
}

#[test]
fn the_calendar_is_walked_in_and_enter_takes_the_time() {
    let mut stage = new();
    stage
        .write("thu 4pm")
        .press("shift-tab shift-tab shift-tab shift-tab shift-tab shift-tab");
    // Backwards from the first field come the button and the calendar.
    stage.press("right up up pagedown left");
    shows(&stage, "Thu 3 Dec 2026 15:30–16:15");
    stage.press("right pageup down down left");
    for (key, words) in [
        ("right", "Fri 27 Nov 2026 16:00"),
        ("up", "Fri 27 Nov 2026 15:45"),
        ("up", "Fri 27 Nov 2026 15:30"),
        ("pagedown", "Fri 4 Dec 2026 15:30"),
        ("left", "Thu 3 Dec 2026 15:30"),
    ] {
        stage.press(key);
        shows(&stage, words);
    }
    shows(&stage, "Thu 3 Dec 2026 15:30–16:15");
    shows(&stage, "enter take this time");
    stage.press("enter");
    shows(&stage, "enter Book");
    stage.press("enter");
    assert_eq!(booked(&stage).start_shown, Some(at("2026-12-03T14:30:00Z")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// No key is lost and none counts twice, whatever is drawn in between.
    #[test]
    fn every_arrow_moves_the_time(keys in proptest::collection::vec(0_usize..8, 1..30)) {
        let mut stage = new();
        stage.write("thu 4pm");
        to_calendar(&mut stage);
        let mut expected = at("2026-11-26T15:00:00Z").timestamp().in_tz("Europe/Berlin").unwrap();
        for key in keys {
            let (name, step) = [
                ("up", Span::new().minutes(-15)),
                ("down", Span::new().minutes(15)),
                ("left", Span::new().days(-1)),
                ("right", Span::new().days(1)),
                ("pageup", Span::new().weeks(-1)),
                ("]", Span::new().weeks(1)),
                ("k", Span::new().minutes(-15)),
                ("l", Span::new().days(1)),
            ][key];
            stage.press(name);
            expected = expected.checked_add(step).unwrap();
        }
        let words = format!("{} {:02}:{:02}–", expected.year(), expected.hour(), expected.minute());
        shows(&stage, &words);
        let day = expected.strftime("%a %-d %b").to_string();
        shows(&stage, &format!("{day} {}", expected.year()));
    }
}

#[test]
fn the_calendar_leads_back_to_the_first_free_time() {
    for key in ["t", "home"] {
        let mut stage = new();
        stage.write("thu 4pm").press("f2 f2");
        to_calendar(&mut stage);
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
        stage.press("left");
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

/// The grammar's answer to nothing at all.
#[test]
fn an_answer_without_times_is_no_time() {
    let mut late = Late::open();
    late.write("thu 4pm");
    late.answer("thu 4pm", |_| {
        let nothing = R::TimeRead(Ok(TimesRead::default()));
        Ok(Done::Reply(Box::new(nothing)))
    });
    shows(&late.stage, "✗ This names no time");
}
