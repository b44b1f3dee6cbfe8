//! Changing a booked interview: every key does what its hint says, and what was done can be undone.

use greenroom_protocol::interview::{AttendeeState, Interview, MeetingType, RescheduleAsk, Side};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::status::MailStatus;
use greenroom_protocol::workspace::Role;

use crate::app::tests::records::{self, at, id};
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;

/// Priya Nair's interview of Thursday is open on its own.
const PRIYA: &str = "4 home right right right enter";

pub(crate) fn open(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::open(columns, rows);
    stage.press(PRIYA);
    assert!(stage.frame().contains("Priya Nair"), "{}", stage.frame());
    stage
}

/// A daemon whose mail arrives.
pub(crate) fn with_mail(stage: &mut Stage) {
    stage.daemon.mail = MailStatus {
        transport: "smtp".into(),
        delivers: true,
        note: "SMTP".into(),
        ..records::status().mail
    };
    stage.changed("interview");
}

pub(crate) fn last(stage: &Stage) -> &Q {
    stage.daemon.asked.last().expect("a call")
}

/// Priya's interview at the daemon, as somebody else changes it.
pub(crate) fn priya(stage: &mut Stage) -> &mut Interview {
    let interview = &mut stage.daemon.interviews[3];
    interview.revision += 1;
    interview
}

#[test]
fn an_interview_is_moved_and_taken_back() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    stage
        .press("r")
        .write("thu 15:00")
        .press("tab tab tab right tab");
    stage.write("Sam is away").press("ctrl-s");
    let Q::InterviewReschedule { interview } = last(&stage) else {
        panic!("a reschedule");
    };
    assert_eq!(interview.start, "thu 15:00");
    assert_eq!(interview.start_shown, Some(at("2026-11-26T14:00:00Z")));
    assert_eq!(interview.zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(interview.by, Side::Candidate);
    assert_eq!(interview.reason.as_deref(), Some("Sam is away"));
    assert_eq!(interview.interview.expected_revision, Some(7));
    let frame = stage.frame();
    assert!(
        frame.contains("moved to Thu 26 Nov 15:00 · u to undo · emails go out in 10 s"),
        "{frame}"
    );
    assert!(frame.contains("by the candidate: Sam is away · u to undo"));
    stage.press("u");
    let Q::InterviewUndo { interview } = last(&stage) else {
        panic!("an undo");
    };
    assert_eq!(interview.change, 1);
    let frame = stage.frame();
    assert!(
        frame.contains("undone, confirmed Thu 26 Nov 10:00"),
        "{frame}"
    );
    assert!(!frame.contains("emails go out"), "nobody noticed");
    stage.wait(5).press("u");
    assert!(stage.frame().contains("nothing to undo"));
}

#[test]
fn a_taken_slot_is_told_with_who_has_it_and_what_was_typed_stays() {
    let mut stage = open(120, 40);
    stage.press("r").write("thu 14:00");
    let frame = stage.frame();
    assert!(
        frame.contains("✗ Sam Ito has another interview then, with Wen Zhang"),
        "before anything is sent: {frame}"
    );
    let why = "Mina Okafor has another interview then";
    stage.daemon.refuse = Some(greenroom_protocol::Error::conflict(why).field("start"));
    stage
        .press("tab tab tab tab")
        .write("he asked")
        .press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains(why), "{frame}");
    assert!(frame.contains("14:00") && frame.contains("he asked"));
    stage.press("esc r");
    assert!(stage.frame().contains("he asked"), "{}", stage.frame());
}

#[test]
fn the_same_time_is_no_move() {
    let mut stage = open(80, 24);
    stage.press("r ctrl-s");
    assert!(stage.frame().contains("This is its current time"));
    assert!(stage.daemon.asked.is_empty());
}

#[test]
fn the_form_opens_with_the_time_that_was_asked_for() {
    let mut stage = open(120, 40);
    priya(&mut stage).asks.push(RescheduleAsk {
        name: "Priya Nair".into(),
        at: at(records::NOW),
        start: Some(at("2026-11-27T14:30:00Z")),
        duration_minutes: Some(30),
        comment: Some("the train\u{1b}[31m is late".into()),
    });
    stage.changed("interview").press("esc");
    let frame = stage.frame();
    assert!(
        frame.contains("? Priya Nair proposes a new time: Fri 27 Nov 15:30–16:00"),
        "in the week too: {frame}"
    );
    stage.press("r ctrl-s");
    let Q::InterviewReschedule { interview } = last(&stage) else {
        panic!("a reschedule");
    };
    assert_eq!(interview.start, "Fri 27 Nov 15:30");
    assert_eq!(interview.duration_minutes, Some(30));
    assert_eq!(interview.by, Side::Candidate);
}

#[test]
fn only_what_was_changed_is_sent() {
    let mut stage = open(120, 40);
    stage
        .press("e tab tab tab tab enter")
        .write("lena")
        .press("enter esc");
    // Somebody else makes Mina the organizer meanwhile.
    priya(&mut stage).organizer = records::brief(5);
    stage.changed("interview");
    let frame = stage.frame();
    assert!(frame.contains("Organizer     Mina Okafor"), "{frame}");
    stage.press("ctrl-s");
    let Q::InterviewEdit { interview } = last(&stage) else {
        panic!("an edit");
    };
    let with = interview.with.clone().expect("who takes part");
    assert_eq!(with.len(), 3);
    let rest = (&interview.kind, &interview.organizer, &interview.zoom_user);
    assert_eq!(rest, (&None, &None, &None));
    assert_eq!(interview.interview.expected_revision, Some(8));
    assert!(
        stage.frame().contains("saved · u to undo"),
        "{}",
        stage.frame()
    );
}

#[test]
fn details_entered_manually_become_a_zoom_meeting_once_zoom_is_connected() {
    let mut stage = open(120, 40);
    let interview = priya(&mut stage);
    interview.host = None;
    interview.meeting.manual = true;
    stage.changed("interview");
    assert!(stage.frame().contains("press e to let Greenroom create"));
    stage.press("e tab");
    assert!(stage.frame().contains("Greenroom can create the meeting"));
    stage.press("left ctrl-s");
    let Q::InterviewEdit { interview } = last(&stage) else {
        panic!("an edit");
    };
    assert_eq!(interview.kind, Some(MeetingType::Zoom));
    assert_eq!(interview.zoom_user, Some(records::brief(0).id.to_string()));
    assert_eq!((&interview.url, &interview.passcode), (&None, &None));
}

#[test]
fn another_way_to_join_wants_what_it_needs() {
    let mut stage = open(120, 40);
    stage.press("e right right ctrl-s");
    assert!(stage.frame().contains("✗ Enter the phone number"));
    stage.write("+49 30 123456").press("ctrl-s");
    let Q::InterviewEdit { interview } = last(&stage) else {
        panic!("an edit");
    };
    assert_eq!(interview.kind, Some(MeetingType::Phone));
    assert_eq!(interview.details.as_deref(), Some("+49 30 123456"));
    assert_eq!(interview.zoom_user, None);
}

#[test]
fn nothing_changed_is_nothing_to_save() {
    let mut stage = open(80, 24);
    stage.press("e ctrl-s");
    assert!(stage.frame().contains("Nothing changed"));
    assert!(stage.daemon.asked.is_empty());
}

#[test]
fn a_cancel_says_what_happens_and_keeps_why() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    stage.press("x");
    let frame = stage.frame();
    assert!(
        frame.contains("The Zoom meeting will be deleted"),
        "{frame}"
    );
    assert!(
        frame.contains("Emails go out in 10 s to: Priya Nair, Sam Ito, Mina Okafor."),
        "{frame}"
    );
    stage
        .press("right tab")
        .write("found something")
        .press("enter tab enter");
    let Q::InterviewCancel { interview } = last(&stage) else {
        panic!("a cancel");
    };
    assert_eq!(interview.by, Side::Candidate);
    assert_eq!(interview.reason.as_deref(), Some("found something"));
    let frame = stage.frame();
    assert!(
        frame.contains("Priya Nair: cancelled · u to undo · emails go out in 10 s"),
        "{frame}"
    );
}

#[test]
fn with_mail_that_nobody_receives_every_change_says_so() {
    for keys in [
        "4 home right enter c",
        "4 home right right right enter x ctrl-s",
        "4 home right right right enter r t h u space 1 5 : 0 0 ctrl-s",
    ] {
        let mut stage = Stage::open(120, 40);
        stage.press(keys);
        let frame = stage.frame();
        assert!(frame.contains("nobody is emailed"), "{keys}: {frame}");
    }
    let mut stage = open(120, 40);
    stage.press("x");
    assert!(stage.frame().contains("nobody will be notified"));
}

#[test]
fn completed_interviews_and_no_shows_are_marked() {
    let mut stage = open(120, 40);
    stage.press("d");
    assert!(stage.frame().contains("it hasn't started yet"));
    priya(&mut stage).start = at("2026-11-24T09:00:00Z");
    stage.changed("interview").press("d");
    assert!(matches!(last(&stage), Q::InterviewComplete { .. }));
    assert!(stage.frame().contains("Priya Nair: completed · u to undo"));
    stage.press("a ctrl-s");
    let Q::InterviewNoShow { interview } = last(&stage) else {
        panic!("a no-show");
    };
    assert!(interview.absent.is_empty());
    assert!(stage.frame().contains("Priya Nair absent"));
    stage.press("a right ctrl-s");
    assert!(stage.frame().contains("✗ Choose who was absent"));
    stage.press("enter").write("sam").press("enter esc ctrl-s");
    assert!(
        stage.frame().contains("Sam Ito absent"),
        "{}",
        stage.frame()
    );
    // Only the newest change of an interview is on the stack.
    stage.press("u");
    assert!(stage.frame().contains("Priya Nair: undone"));
    stage.wait(5).press("u");
    assert!(stage.frame().contains("nothing to undo"));
}

#[test]
fn who_does_not_hire_is_told_so() {
    let mut stage = open(120, 40);
    if let crate::state::Link::Up(hello) = &mut stage.state.link {
        hello.caller.as_mut().unwrap().roles = vec![Role::Interviewer];
    }
    for key in ["r", "e", "x", "c", "d", "a"] {
        stage.press(key);
        assert!(
            stage.frame().contains("only the hiring team can change it"),
            "{key}"
        );
    }
}

#[test]
fn a_dismissed_guest_is_not_counted_among_the_told() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    let interview = priya(&mut stage);
    interview.attendees[2].state = AttendeeState::Dismissed;
    interview.interviewers.retain(|it| it.id != id("mem", 5));
    stage.changed("interview").press("x");
    assert!(
        stage
            .frame()
            .contains("Emails go out in 10 s to: Priya Nair, Sam Ito.")
    );
}

#[test]
fn changing_an_interview() {
    let priya = "4 home right right right enter";
    for (name, keys) in [
        ("reschedule", "r"),
        ("reschedule-taken", "r t h u space 1 4 : 0 0"),
        ("edit-interview", "e"),
        ("cancel", "x"),
    ] {
        see(name, |stage| {
            stage.press(priya).press(keys);
        });
    }
    see("reschedule-asked", |stage| {
        stage.daemon.interviews[3].asks.push(RescheduleAsk {
            name: "Priya Nair".into(),
            at: at(records::NOW),
            start: Some(at("2026-11-28T13:00:00Z")),
            duration_minutes: None,
            comment: Some("That day I am at a fair.".into()),
        });
        stage.daemon.interviews[3].revision += 1;
        stage.press(priya).press("r");
    });
    see("changed", |stage| {
        stage
            .press(priya)
            .press("r t h u space 1 5 : 0 0 tab tab tab right tab");
        stage.write("the train is late").press("ctrl-s");
    });
    see("absent", |stage| {
        stage.daemon.interviews[2].start = records::at("2026-11-24T09:00:00Z");
        stage.press("4 home down enter a right");
    });
}
