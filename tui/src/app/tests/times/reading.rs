//! A time as it is typed: read, refused, and read again.

use crossterm::event::KeyModifiers;
use greenroom_protocol::schedule::{TimeRead, TimesRead};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};

use super::{booked, new, shows, to_calendar};
use crate::app::tests::records::{self, at};
use crate::app::tests::stage::Stage;
use crate::app::update::update;
use crate::state::event::{Action, Done, Event, Task};
use crate::state::work::Ticket;

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

    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let chord: crate::keys::Chord = key.parse().unwrap();
            let mut event = crossterm::event::KeyEvent::from(chord.code);
            if chord.ctrl {
                event.modifiers |= KeyModifiers::CONTROL;
            }
            self.play(Event::Key(event));
        }
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

/// No key is lost, and none means something else, because it comes before an answer.
#[test]
fn keys_that_come_before_the_time_is_read_move_it_once_it_is() {
    for (keys, booked_at) in [
        ("up pagedown down down", "2026-11-27T14:45:00Z"),
        ("down", "2026-11-26T14:45:00Z"),
    ] {
        let mut late = Late::open();
        late.write("thu 4pm").press(keys);
        shows(&late.stage, "thu 4pm");
        late.press("ctrl-s");
        late.answer_as_read("thu 4pm");
        assert_eq!(booked(&late.stage).start_shown, Some(at(booked_at)));
    }
    let mut late = Late::open();
    late.write("thu 4pm");
    to_calendar(&mut late.stage);
    late.press("> - - pagedown <");
    late.press("enter enter");
    assert!(late.stage.daemon.asked.is_empty());
    late.answer_as_read("thu 4pm");
    let expected = Some(at("2026-12-03T14:30:00Z"));
    assert_eq!(booked(&late.stage).start_shown, expected);
}

#[test]
fn keys_before_an_answer_that_names_no_time_move_nothing() {
    let mut late = Late::open();
    late.write("soon").press("up");
    late.answer_as_read("soon");
    shows(&late.stage, "✗ This names no time");
    late.press("ctrl-u").write("thu 4pm");
    late.answer_as_read("thu 4pm");
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
