//! Interviewers who do not reply or decline: the keys do what the hints say, and what was done can
//! be undone.

use greenroom_protocol::interview::AttendeeState;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};

use crate::app::tests::records::{self, at, brief};
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::panes::interview::tests::{last, open, priya, with_mail};

const SAM: &str = "Sam Ito";
const LENA: &str = "Lena Bauer";

/// A colleague's number, by name.
fn number(name: &str) -> usize {
    let mut members = records::members().into_iter();
    members.position(|it| it.name == name).unwrap()
}

/// Sam Ito has not replied to Priya's interview for two days.
fn silent(stage: &mut Stage) {
    let interview = priya(stage);
    let mut guests = interview.attendees.iter_mut();
    let sam = guests.find(|it| it.name == SAM).unwrap();
    sam.member = Some(brief(number(SAM)).id);
    sam.silent_since = Some(at("2026-11-22T09:00:00Z"));
    stage.changed("interview");
}

/// The same as a row of Today, selected.
fn row(stage: &mut Stage, kind: NeedKind) {
    silent(stage);
    let interview = &stage.daemon.interviews[3];
    let mut need = records::needs().remove(1);
    need = NeedsMe {
        kind,
        action: NeedAction::Edit,
        who: SAM.into(),
        message: "has not replied about Thu 10:00 with Priya Nair".into(),
        interview: Some(interview.id),
        member: Some(brief(number(SAM)).id),
        ..need
    };
    stage.daemon.needs = vec![need];
    stage.changed("interview").press("1").wait(1).press("end");
}

#[test]
fn who_has_not_replied_is_reminded_once_an_hour() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    stage.press("T");
    assert!(
        stage.frame().contains("nobody's reply is missing"),
        "{}",
        stage.frame()
    );
    silent(&mut stage);
    assert!(stage.frame().contains("T to remind"), "{}", stage.frame());
    stage.press("T");
    let Q::InterviewRemind { remind } = last(&stage) else {
        panic!("a reminder");
    };
    assert_eq!(remind.to, brief(number(SAM)).id.to_string());
    assert!(
        stage
            .frame()
            .contains("Reminder to Sam Ito goes out in 10 s · u to undo"),
        "{}",
        stage.frame()
    );
    stage.press("T");
    assert_eq!(stage.daemon.asked.len(), 1);
    assert!(stage.frame().contains("reminded less than an hour ago"));
}

#[test]
fn with_mail_that_nobody_receives_the_person_reminds_them() {
    let mut stage = open(120, 40);
    silent(&mut stage);
    stage.press("T");
    let frame = stage.frame();
    assert!(
        frame.contains("Email isn't set up: remind Sam Ito yourself"),
        "{frame}"
    );
}

#[test]
fn the_next_of_the_group_is_offered_first_and_the_change_is_undone() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    silent(&mut stage);
    stage.daemon.next = Some(number(LENA));
    stage.press("R");
    let frame = stage.frame();
    assert!(frame.contains("Who takes Sam Ito's place?"), "{frame}");
    assert!(frame.contains("next of the group, free then"), "{frame}");
    assert!(
        stage.daemon.asked.is_empty(),
        "nothing is changed by asking"
    );
    stage.press("enter");
    let Q::InterviewReplace { replace } = last(&stage) else {
        panic!("a replacement");
    };
    assert_eq!(replace.from, brief(number(SAM)).id.to_string());
    assert_eq!(replace.to, Some(brief(number(LENA)).id.to_string()));
    assert_eq!(replace.interview.expected_revision, Some(8));
    let frame = stage.frame();
    let done = "Lena Bauer takes Sam Ito's place · u to undo · emails go out in 10 s";
    assert!(frame.contains(done), "{frame}");
    stage.press("u");
    let frame = stage.frame();
    let undone = "Priya Nair: undone, Sam Ito interviews again, confirmed Thu 26 Nov 10:00";
    assert!(frame.contains(undone), "{frame}");
}

#[test]
fn where_nobody_is_next_the_person_chooses_among_all() {
    let mut stage = open(120, 40);
    priya(&mut stage).attendees[1].state = AttendeeState::Declined;
    priya(&mut stage).attendees[1].member = Some(brief(number(SAM)).id);
    stage.changed("interview").press("R");
    let frame = stage.frame();
    assert!(frame.contains("Who takes Sam Ito's place?"), "{frame}");
    assert!(!frame.contains("next of the group"), "{frame}");
    stage.press("esc");
    assert!(stage.daemon.asked.is_empty());
    stage.press("R").write("lena").press("enter");
    let Q::InterviewReplace { replace } = last(&stage) else {
        panic!("a replacement");
    };
    assert_eq!(replace.to, Some(brief(number(LENA)).id.to_string()));
}

#[test]
fn where_everybody_replied_it_is_asked_whose_place_it_is() {
    let mut stage = open(120, 40);
    stage.press("R");
    let frame = stage.frame();
    assert!(frame.contains("Replace whom?"), "{frame}");
    stage.write("mina").press("enter");
    let frame = stage.frame();
    assert!(frame.contains("Who takes Mina Okafor's place?"), "{frame}");
}

#[test]
fn the_row_of_today_reminds_and_replaces_whom_it_is_about() {
    let mut stage = Stage::open(120, 40);
    with_mail(&mut stage);
    row(&mut stage, NeedKind::NoReply);
    let frame = stage.frame();
    assert!(frame.contains("T remind   R replace"), "{frame}");
    stage.press("R");
    let frame = stage.frame();
    assert!(frame.contains("Who takes Sam Ito's place?"), "{frame}");
    stage.press("esc T");
    assert!(matches!(last(&stage), Q::InterviewRemind { .. }));
    assert!(
        stage
            .frame()
            .contains("Reminder to Sam Ito goes out in 10 s · u to undo")
    );

    let mut stage = Stage::open(120, 40);
    row(&mut stage, NeedKind::Declined);
    assert!(stage.frame().contains("R replace"), "{}", stage.frame());
}

#[test]
fn the_workspace_says_when_it_reminds() {
    let mut stage = Stage::open(120, 40);
    let form = |stage: &mut Stage| {
        // Above are Zoom, its app, email, a list of days off and the way to another.
        let rows = records::members().len() + 5;
        stage
            .press("6 home")
            .press(&"down ".repeat(rows))
            .press("enter");
        assert!(
            stage.frame().contains("No-reply reminder"),
            "{}",
            stage.frame()
        );
        stage.press("tab tab ctrl-u");
    };
    form(&mut stage);
    stage.write("soon").press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("✗ Enter hours, 1 to 336, or off"), "{frame}");
    for (words, hours) in [("48h", 48), ("off", 0)] {
        stage.press("ctrl-u").write(words).press("ctrl-s");
        let Q::WorkspaceEdit { workspace } = last(&stage) else {
            panic!("a workspace");
        };
        assert_eq!(workspace.no_reply_reminder_hours, Some(hours));
        assert_eq!(workspace.name, None);
        form(&mut stage);
    }
}

#[test]
fn who_does_not_reply_in_pictures() {
    let priya = "4 home right right right enter";
    see("no-reply", |stage| {
        silent(stage);
        stage.press(priya);
    });
    see("no-reply-today", |stage| row(stage, NeedKind::NoReply));
    see("replace", |stage| {
        stage.daemon.next = Some(number(LENA));
        silent(stage);
        stage.press(priya).press("R");
    });
    see("workspace-edit", |stage| {
        let rows = records::members().len() + 3;
        stage
            .press("6 home")
            .press(&"down ".repeat(rows))
            .press("enter");
    });
}
