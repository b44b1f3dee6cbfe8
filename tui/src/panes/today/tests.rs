//! The screen of today, as a person sees and uses it.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};

use crate::app::tests::daemon::Daemon;
use crate::app::tests::daemon::calendars::feeds;
use crate::app::tests::records;
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::forms::{Form, Kind};
use crate::notify::Notice;
use crate::panes::interview::Interview;
use crate::panes::mail::EmailPreview;
use crate::state::Screen;

/// Today with one of everything.
fn busy(stage: &mut Stage) {
    stage.daemon.needs = records::needs();
    stage.daemon.waiting = records::waiting();
    stage.daemon.depends = records::depends();
    stage.daemon.received = records::received();
    stage.changed("interview").press("1").wait(1);
}

/// The same with the row of this kind selected.
fn at(kind: NeedKind) -> Stage {
    let mut stage = Stage::open(120, 35);
    busy(&mut stage);
    let next = 3;
    let place = stage.daemon.needs.iter().position(|it| it.kind == kind);
    stage.press(&"down ".repeat(next + place.unwrap()));
    stage
}

#[test]
fn a_quiet_day_and_a_busy_one() {
    see("today", |stage| {
        stage.press("1").wait(1);
    });
    see("today-busy", |stage| {
        busy(stage);
        stage.press("down down down down");
    });
    see("today-waiting", |stage| {
        busy(stage);
        stage.press("end");
    });
}

#[test]
fn small_and_plain_terminals_lose_room_and_no_row() {
    for (columns, rows) in [(40, 12), (24, 7)] {
        let mut stage = Stage::open(columns, rows);
        busy(&mut stage);
        stage.press("down down down");
        insta::assert_snapshot!(format!("small-today-{columns}"), stage.frame());
    }
    let mut stage = Stage::open(80, 24);
    busy(&mut stage);
    stage.state.look = crate::theme::Look::PLAIN;
    insta::assert_snapshot!("plain-today", stage.frame());
}

/// The first steps are ticked off as they happen, and gone when the last one is done.
#[test]
fn the_first_steps_of_a_sandbox_are_shown_until_they_are_taken() {
    let mut stage = Stage::with(Daemon::empty(), 80, 24);
    stage.press("1").wait(1);
    insta::assert_snapshot!("today-first-steps", stage.frame());
    assert!(
        stage.frame().contains("✓ Connect Zoom"),
        "{}",
        stage.frame()
    );
    let mut stage = Stage::open(80, 24);
    stage.press("1").wait(1);
    assert!(!stage.frame().contains("First steps"), "{}", stage.frame());
}

/// What a row's keys open is about that row, and leaving it leads back to it.
#[test]
fn a_row_opens_its_interview_and_escape_leads_back_to_the_row() {
    let mut stage = Stage::open(120, 35);
    busy(&mut stage);
    stage.press("down");
    let before = stage.state.interview_selected().unwrap().id;
    stage.press("enter");
    assert_eq!(stage.state.panes.only::<Interview>().unwrap().id, before);
    stage.press("esc");
    assert_eq!(stage.state.screen, Screen::Today);
    assert_eq!(stage.state.interview_selected().unwrap().id, before);
}

#[test]
fn each_rows_keys_do_what_they_say_to_what_it_is_about() {
    let mut stage = at(NeedKind::Unconfirmed);
    stage.press("c");
    let Some(Q::InterviewConfirm { interview }) = stage.daemon.asked.last() else {
        panic!("{:?}", stage.daemon.asked)
    };
    assert_eq!(interview.reference, records::interviews()[4].id.to_string());

    let mut stage = at(NeedKind::ProposedTime);
    stage.press("r");
    let form = stage.state.panes.only::<Form>().unwrap();
    assert_eq!(form.kind(), Kind::Reschedule);
    assert_eq!(form.subject(), records::interviews()[3].id.to_string());
    stage.press("esc");
    assert_eq!(stage.state.screen, Screen::Today);

    let mut stage = at(NeedKind::Reconnect);
    stage.press("T");
    let Some(Q::ZoomTell { member }) = stage.daemon.asked.last() else {
        panic!("{:?}", stage.daemon.asked)
    };
    assert_eq!(member.reference, records::brief(5).id.to_string());
    stage.press("enter");
    assert_eq!(stage.state.screen, Screen::Settings);

    let mut stage = Stage::open(120, 35);
    busy(&mut stage);
    stage.press("y");
    assert!(
        stage.sent[0].starts_with("https://zoom.example/j/"),
        "{:?}",
        stage.sent
    );
}

/// An account that broke is connected from its row, the workspace's for the workspace.
#[test]
fn an_account_is_connected_from_its_row() {
    for (member, title) in [
        (None, "Connect Google for the workspace"),
        (Some(records::brief(0).id), "Connect Google"),
    ] {
        let mut stage = Stage::open(120, 35);
        stage.daemon.needs = records::needs();
        let broken = NeedsMe {
            key: "reconnect-account".into(),
            kind: NeedKind::ReconnectAccount,
            action: NeedAction::ConnectAccount,
            who: "Acme".into(),
            message: "Google must be reconnected: it is used for email".into(),
            member,
            account: Some(AccountProvider::Google),
            ..records::needs().remove(4)
        };
        stage.daemon.needs.insert(0, broken);
        stage.changed("interview").press("1").wait(1);
        stage.press("down down down");
        let frame = stage.frame();
        assert!(frame.contains("Google must be reconnected"), "{frame}");
        assert!(frame.contains("enter connect"), "{frame}");
        stage.press("enter");
        let frame = stage.frame();
        assert!(frame.contains(title), "{frame}");
        stage.press("esc");
        assert_eq!(stage.state.screen, Screen::Today);
    }
}

/// A calendar that can't be read leads to the member's calendars, and back.
#[test]
fn a_calendar_that_cannot_be_read_is_seen_from_its_row() {
    let mut stage = Stage::open(120, 35);
    stage.daemon.feeds = feeds();
    let broken = NeedsMe {
        key: "calendar:1".into(),
        kind: NeedKind::Calendar,
        action: NeedAction::Open,
        who: "Dana Reyes".into(),
        message: "calendar “Family” can't be read: the address answers with a page".into(),
        member: Some(records::brief(0).id),
        account: None,
        interview: None,
        ..records::needs().remove(4)
    };
    stage.daemon.needs = vec![broken];
    stage.changed("feed").press("1").wait(1);
    stage.press("down down down");
    let frame = stage.frame();
    assert!(frame.contains("calendar “Family” can't be read"), "{frame}");
    assert!(frame.contains("enter see calendars"), "{frame}");
    stage.press("enter");
    assert!(stage.frame().contains("Calendars · you"));
    stage.press("esc");
    assert_eq!(stage.state.screen, Screen::Today);
}

/// Calendars that one account reads are no single member's: their row leads to Settings.
#[test]
fn calendars_of_many_members_lead_to_settings() {
    let mut stage = Stage::open(120, 35);
    let broken = NeedsMe {
        key: "calendar:google:1".into(),
        kind: NeedKind::Calendar,
        action: NeedAction::Open,
        who: "Google".into(),
        message: "calendars of 12 members can't be read: Google must be reconnected".into(),
        member: None,
        account: None,
        interview: None,
        ..records::needs().remove(4)
    };
    stage.daemon.needs = vec![broken];
    stage.changed("feed").press("1").wait(1);
    stage.press("down down down");
    let frame = stage.frame();
    assert!(frame.contains("calendars of 12 members"), "{frame}");
    assert!(frame.contains("enter see in settings"), "{frame}");
    stage.press("enter");
    assert_eq!(stage.state.screen, Screen::Settings);
}

/// An email that is read from here counts as read from then on.
#[test]
fn an_email_is_read_from_its_row() {
    let mut stage = at(NeedKind::WroteEmail);
    stage.press("enter");
    assert!(stage.state.panes.only::<EmailPreview>().is_some());
    assert!(matches!(
        stage.daemon.asked[..],
        [Q::MailReceivedRead { .. }]
    ));
    assert!(stage.frame().contains("I am ill"), "{}", stage.frame());
}

/// A summary that is opened is not new any more, and is noted once.
#[test]
fn a_summary_that_is_opened_leaves_the_day() {
    let mut stage = at(NeedKind::NewInsight);
    assert!(stage.frame().contains("1 Today ·6"), "{}", stage.frame());
    stage.press("enter").wait(1).wait(1);
    let seen = |asked: &&Q| matches!(asked, Q::InsightSeen { .. });
    assert_eq!(stage.daemon.asked.iter().filter(seen).count(), 1);
    stage.press("esc");
    assert!(stage.frame().contains("1 Today ·5"), "{}", stage.frame());
}

#[test]
fn a_stage_in_which_candidates_wait_opens_on_its_board() {
    let mut stage = Stage::open(120, 35);
    busy(&mut stage);
    stage.press("end enter");
    assert_eq!(stage.state.screen, Screen::Pipeline);
    let job = stage.state.job_shown().unwrap();
    let stage_selected = stage.state.pipeline.stage(job).unwrap();
    assert_eq!(stage_selected.id, records::waiting()[0].stage);
}

/// Nothing moves that the person did not move.
#[test]
fn the_selection_stays_with_its_row_when_others_come_and_go() {
    let mut stage = at(NeedKind::WroteEmail);
    let key = |stage: &Stage| format!("{:?}", stage.state.today.settled(&stage.state).unwrap().1);
    let before = key(&stage);
    stage.daemon.interviews[2].status = InterviewStatus::Cancelled;
    stage.daemon.needs.remove(0);
    stage.changed("interview");
    assert_eq!(key(&stage), before);
    // Where it is gone itself, the one in its place is selected.
    stage
        .daemon
        .needs
        .retain(|it| it.kind != NeedKind::WroteEmail);
    stage.changed("received");
    let after = key(&stage);
    assert!(after.contains("Reconnect"), "{after}");
}

/// Case U3: the top line names whose Zoom one's interviews depend on, on every screen; one's own is
/// named first where it is as bad.
#[test]
fn the_top_line_shows_the_worst_connection_ones_interviews_depend_on() {
    for (columns, words) in [(160, "Mina's Zoom ✗ 2 interviews"), (80, "Mina's Zoom ✗")] {
        let mut stage = Stage::open(columns, 40);
        busy(&mut stage);
        for screen in ["1", "2", "3", "4", "5", "6"] {
            stage.press(screen);
            let frame = stage.frame();
            let line = frame.lines().next().unwrap();
            assert!(line.contains(words), "{screen}: {line}");
        }
        stage.zoom(0, |zoom| {
            zoom.state = greenroom_protocol::zoom::ConnectionState::ReconnectRequired;
        });
        let frame = stage.frame();
        let line = frame.lines().next().unwrap();
        assert!(line.contains("Zoom ✗") && !line.contains("Mina"), "{line}");
    }
}

#[test]
fn a_schedule_from_here_is_with_the_rows_candidate() {
    let mut stage = at(NeedKind::WroteEmail);
    stage.press("n");
    assert!(
        stage.frame().contains("New interview · Priya Nair"),
        "{}",
        stage.frame()
    );
}

/// Case R17: what a candidate writes shortly before an interview rings, wherever the person looks.
#[test]
fn an_email_about_an_interview_within_a_day_rings_once() {
    let mut stage = Stage::open(120, 40);
    let mut emails = records::needs();
    emails.retain(|it| it.email.is_some());
    let email = emails.remove(0);
    let later = NeedsMe {
        urgent: false,
        ..email.clone()
    };
    stage.daemon.needs = vec![later];
    stage.changed("received");
    assert_eq!(stage.noticed, [], "it can wait");
    let urgent = NeedsMe {
        urgent: true,
        ..email
    };
    stage.daemon.needs = vec![urgent];
    stage.changed("received").changed("received");
    assert_eq!(stage.noticed, [Notice::Urgent]);
    let frame = stage.frame();
    assert!(frame.contains(Notice::Urgent.words()), "{frame}");
    // What waits when somebody comes is the first thing they read, and rings for nobody.
    let mut daemon = Daemon::new();
    daemon.needs.clone_from(&stage.daemon.needs);
    assert_eq!(Stage::with(daemon, 120, 40).noticed, []);
}
