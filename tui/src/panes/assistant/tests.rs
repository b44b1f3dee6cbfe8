//! The screen of proposed times, against the daemon of values.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::outreach::{OutreachBrief, OutreachState, OutreachWhy, Would, WouldHelp};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::received::{Understood, UnderstoodIntent};
use greenroom_protocol::reply::{ActKind, IntentKind};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::today::{NeedAction, NeedKind, NeedsMe};

use super::thread::Thread;
use crate::app::tests::records::{self, at, id};
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::keys::{Command, TABLE};
use crate::panes::confirm::Confirm;
use crate::state::Screen;
use crate::wording::outreach::LETTERS;

fn some(stage: &mut Stage) {
    stage.daemon.outreaches.all = records::outreaches();
    let reply = records::reply(&stage.daemon.outreaches.all[0]);
    stage.daemon.outreaches.received = vec![reply];
    stage.changed("outreach");
}

fn open(columns: u16) -> Stage {
    let mut stage = Stage::open(columns, 40);
    some(&mut stage);
    stage.press("5");
    stage
}

fn shows(stage: &Stage, words: &str) {
    let frame = stage.frame();
    assert!(frame.contains(words), "{words}: {frame}");
}

#[test]
fn what_needs_somebody_stands_first_and_a_state_of_a_later_version_says_what_it_is() {
    let stage = open(120);
    let frame = stage.frame();
    let place = |words: &str| {
        frame
            .find(words)
            .unwrap_or_else(|| panic!("{words}: {frame}"))
    };
    assert!(place("Needs you") < place("Proposed"));
    assert!(place("Proposed") < place("Done"));
    shows(&stage, "waits until Mina's Zoom is reconnected");
    // Beside it stands what was answered, as text.
    shows(&stage, "The second one suits me well.");
    assert!(
        !frame.contains('\u{1b}') && !frame.contains('\u{202e}'),
        "{frame}"
    );
}

#[test]
fn one_key_and_a_question_book_a_time_and_u_undoes_it() {
    let mut stage = open(120);
    shows(&stage, "a book 1");
    stage.press("b");
    shows(&stage, "Book for Priya Nair");
    shows(&stage, "Thu 26 Nov 14:00–14:45");
    assert!(stage.daemon.asked.is_empty());
    stage.press("esc");
    assert!(stage.daemon.asked.is_empty());
    stage.press("b enter");
    let Some(Q::OutreachAnswer { answer }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    assert_eq!((answer.n, answer.outreach.dry_run), (2, false));
    assert_eq!(answer.outreach.expected_revision, Some(3));
    shows(&stage, "Priya Nair: booked and confirmed · u to undo");
    // What is booked is not booked again.
    stage.press("a");
    shows(&stage, "a time is booked");
}

#[test]
fn a_time_that_is_taken_is_refused_in_words() {
    let mut stage = open(120);
    let why = "Sam Ito has an interview from 13:00 to 13:45";
    stage.daemon.outreaches.taken = vec![(at("2026-11-25T12:00:00Z"), why)];
    stage.press("a");
    shows(&stage, why);
    assert!(stage.state.panes.top_as::<Confirm>().is_none());
}

#[test]
fn stopping_asks_whether_who_has_the_times_is_emailed() {
    for (keys, tell) in [("x down enter", true), ("x down down enter", false)] {
        let mut stage = open(120);
        stage.press("x enter");
        assert!(
            stage.daemon.asked.is_empty(),
            "the first choice is to keep it"
        );
        stage.press(keys);
        let Some(Q::OutreachStop { stop }) = stage.daemon.asked.last() else {
            panic!("{}", stage.frame());
        };
        assert_eq!(stop.tell, Some(tell));
    }
    let mut stage = open(120);
    stage.daemon.outreaches.all[0].sent_at = None;
    stage.changed("outreach").press("x enter");
    assert!(stage.daemon.asked.is_empty());
    stage.press("x tab enter");
    let Some(Q::OutreachStop { stop }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    assert_eq!(stop.tell, None);
}

/// The screen with one outreach that the assistant arranges.
fn of_the_assistant(state: OutreachState) -> Stage {
    let mut stage = open(120);
    let mut outreach = records::outreach(1, 0, state);
    outreach.approval = Some(Approval::Draft);
    outreach.email = None;
    outreach.sent_at = None;
    outreach.not_before = None;
    stage.daemon.outreaches.all = vec![outreach];
    stage.changed("outreach");
    stage
}

#[test]
fn a_draft_is_approved_after_one_question() {
    let mut stage = of_the_assistant(OutreachState::Draft);
    stage.daemon.outreaches.taken = vec![(at("2026-11-25T12:00:00Z"), "taken")];
    stage.press("A");
    shows(&stage, "Send times to Priya Nair");
    shows(&stage, "is not free any more");
    assert!(stage.daemon.asked.is_empty(), "nothing is sent yet");
    stage.press("esc");
    assert!(stage.daemon.asked.is_empty());
    stage.press("A enter");
    let Some(Q::OutreachApprove { approve }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    assert!(!approve.outreach.dry_run);
    assert_eq!(approve.outreach.expected_revision, Some(3));
    shows(&stage, "approved, the email goes out in 10 s");
    stage.press("A");
    shows(&stage, "there is nothing to approve");
}

#[test]
fn a_person_takes_over_and_hands_back_and_is_asked_before_anything_is_released() {
    let mut stage = of_the_assistant(OutreachState::Proposed);
    stage.press("H");
    shows(&stage, "the assistant has it");
    stage.press("T");
    assert!(matches!(
        stage.daemon.asked.last(),
        Some(Q::OutreachTakeOver { .. })
    ));
    shows(&stage, "the assistant is silent");
    let before = stage.daemon.asked.len();
    stage.press("H enter");
    assert_eq!(stage.daemon.asked.len(), before, "it opens on Cancel");
    stage.press("H tab enter");
    assert!(matches!(
        stage.daemon.asked.last(),
        Some(Q::OutreachHandBack { .. })
    ));
    shows(&stage, "the assistant has it again");
}

#[test]
fn who_waits_for_times_is_moved_up_with_one_key() {
    let mut stage = of_the_assistant(OutreachState::Waiting);
    stage.press("U");
    let Some(Q::OutreachMoveUp { outreach }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    assert_eq!(outreach.expected_revision, Some(3));
    shows(&stage, "Priya Nair: first in line for times");
    let mut stage = of_the_assistant(OutreachState::Proposed);
    stage.press("U");
    assert!(stage.daemon.asked.is_empty());
    shows(&stage, "they aren't in line for times");
}

#[test]
fn what_a_person_proposed_is_not_handed_to_the_assistant() {
    let mut stage = open(120);
    for key in ["A", "T", "H"] {
        stage.press(key);
        shows(&stage, "a person proposed these times");
    }
    assert!(stage.daemon.asked.is_empty());
}

#[test]
fn what_the_assistant_made_of_an_email_stands_with_it() {
    let mut stage = open(120);
    let reply = &mut stage.daemon.outreaches.received[0];
    reply.understood = Some(Understood {
        intents: vec![UnderstoodIntent {
            kind: IntentKind::Accept,
            words: "The second one\u{1b}[31m".into(),
        }],
        act: Some(ActKind::Book),
        n: Some(2),
        why: "one slot is chosen".into(),
    });
    stage.changed("outreach");
    shows(&stage, "The assistant read: accepts “The second one");
    shows(&stage, "time 2 is chosen");
}

#[test]
fn a_narrow_window_reads_it_over_the_list_and_what_is_read_is_read() {
    let mut stage = open(80);
    assert!(!stage.frame().contains("The second one suits me well."));
    stage.press("enter");
    shows(&stage, "The second one suits me well.");
    let read = |it: &&Q| matches!(it, Q::MailReceivedRead { .. });
    assert_eq!(stage.daemon.asked.iter().filter(read).count(), 1);
    stage.changed("outreach").wait(1);
    assert_eq!(stage.daemon.asked.iter().filter(read).count(), 1);
    stage.press("a enter");
    let answered = |it: &&Q| matches!(it, Q::OutreachAnswer { .. });
    assert_eq!(stage.daemon.asked.iter().filter(answered).count(), 1);
}

#[test]
fn a_row_of_today_leads_there() {
    for columns in [80, 120] {
        let mut stage = Stage::open(columns, 40);
        some(&mut stage);
        stage.daemon.needs = vec![NeedsMe {
            kind: NeedKind::ProposedSlots,
            action: NeedAction::Read,
            email: Some(id("trn", 40)),
            outreach: Some(id("otr", 2)),
            interview: None,
            ..records::needs().remove(3)
        }];
        stage.changed("received").press("1 end");
        shows(&stage, "enter open");
        stage.press("enter");
        assert_eq!(stage.state.screen, Screen::Assistant);
        let selected = stage.state.assistant.selected(&stage.state).unwrap();
        assert_eq!(selected.id, id("otr", 2));
        let is_over = stage.state.panes.top_as::<Thread>().is_some();
        assert_eq!(is_over, columns < 100);
    }
}

#[test]
fn what_was_selected_stays_so_when_others_come_and_go() {
    let mut stage = open(120);
    stage.press("down");
    let before = stage.state.assistant.selected(&stage.state).unwrap().id;
    stage.daemon.outreaches.all.remove(0);
    stage.changed("outreach");
    assert_eq!(
        stage.state.assistant.selected(&stage.state).unwrap().id,
        before
    );
}

#[test]
fn the_board_and_the_preview_say_how_it_stands() {
    let mut stage = Stage::open(160, 40);
    let brief = |state, why| greenroom_protocol::outreach::OutreachBrief {
        id: id("otr", 1),
        state,
        why,
        since: records::days_ago(1),
        slots: 4,
        away: None,
    };
    let put = |stage: &mut Stage, at: usize, it| {
        stage.daemon.rows[at].application.as_mut().unwrap().outreach = Some(it);
    };
    put(&mut stage, 5, brief(OutreachState::Proposed, None));
    let why = Some(greenroom_protocol::outreach::OutreachWhy::Answered);
    put(&mut stage, 7, brief(OutreachState::Person, why));
    stage.changed("outreach").press("3");
    shows(&stage, "4 slots sent, 1 d");
    shows(&stage, "answered: needs you");
}

/// Who waits for times stands on the board with what would give them some.
#[test]
fn the_board_says_what_would_help() {
    let mut stage = Stage::open(160, 40);
    let mut waits = records::outreach(1, 9, OutreachState::Waiting);
    waits.why = Some(OutreachWhy::Time);
    waits.helps = vec![
        WouldHelp {
            what: "add Lena".into(),
            slots: 6,
        },
        WouldHelp {
            what: "cap 3→4 a day\u{1b}[2J".into(),
            slots: 1,
        },
    ];
    let brief = OutreachBrief {
        id: waits.id,
        state: waits.state,
        why: waits.why,
        since: waits.since,
        slots: 0,
        away: None,
    };
    stage.daemon.outreaches.all = vec![waits];
    let application = stage.daemon.rows[9].application.as_mut().unwrap();
    application.outreach = Some(brief);
    stage.changed("outreach").press("3");
    shows(&stage, "no time · add Lena: +6");
}

/// The letters beside the times are the keys that choose them.
#[test]
fn the_letters_are_the_keys() {
    let picks = super::PICKS.map(|command: Command| {
        let spec = TABLE.iter().find(|it| it.command == command).unwrap();
        spec.keys[0]
    });
    assert_eq!(picks, LETTERS);
}

#[test]
fn a_draft_is_changed_in_a_form_and_saved_without_being_sent() {
    let mut stage = Stage::open(120, 40);
    some(&mut stage);
    let draft = &mut stage.daemon.outreaches.all[0];
    draft.state = OutreachState::Draft;
    draft.approval = Some(Approval::Draft);
    draft.sent_at = None;
    stage.changed("outreach").press("5 D");
    shows(&stage, "Email to Priya Nair");
    // The first time is left out, and a line added.
    stage.press("enter space esc");
    stage.press("tab").write("Sam shows you the office.");
    stage.press("ctrl-s");
    let Some(Q::OutreachEdit { edit }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    let text = Edit::Set("Sam shows you the office.".to_owned());
    assert_eq!((&edit.edit.without, &edit.edit.text), (&vec![1], &text));
    assert_eq!(edit.outreach.expected_revision, Some(3));
    shows(&stage, "draft saved, not sent yet");
    // Of what was sent nothing is changed.
    stage.daemon.outreaches.all[0].state = OutreachState::Proposed;
    stage.changed("outreach").press("D");
    shows(&stage, "there is no draft to change");
}

#[test]
fn figures_say_where_a_goal_is_missed_and_what_each_stage_came_to() {
    let mut stage = open(120);
    stage.press("F");
    shows(&stage, "entered to booked     5.5 h (median)");
    shows(&stage, "2.2 (goal: at most 3)");
    shows(&stage, "25 % (above the goal of at most 20 %)");
    shows(&stage, "10 of 15 booked");
    shows(&stage, "Phone screen");
    stage.press("esc");
    assert!(!stage.frame().contains("median"), "{}", stage.frame());
}

#[test]
fn who_is_watched_over_reads_what_the_assistant_would_have_done() {
    let mut stage = open(120);
    stage.daemon.outreaches.all[0].would = Some(Would::Book { n: 2 });
    stage.changed("outreach");
    shows(&stage, "it would have booked time 2.");
}

#[test]
fn the_screen() {
    see("assistant", |stage| {
        some(stage);
        stage.press("5");
    });
    see("assistant-read", |stage| {
        some(stage);
        stage.press("5 enter");
    });
    see("assistant-pick", |stage| {
        some(stage);
        stage.press("5 b");
    });
    see("assistant-stop", |stage| {
        some(stage);
        stage.press("5 x");
    });
}
