//! Conversations with the assistant, against the daemon of values.

use greenroom_protocol::conversation::{
    AnswerKind, ConversationAnswer, ConversationSay, NamedKind, NamedMatch, RequestAct as Act,
};
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::{Error, ErrorKind};

use super::Conversation;
use crate::app::tests::daemon::conversations::first;
use crate::app::tests::records::{self, at};
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::panes::confirm::Confirm;
use crate::state::event::Event;
use crate::state::{Link, Screen};

const WISH: &str = "45 min with Priya, Sam and Mina, Wed or Thu, before Sam's standup";

fn shows(stage: &Stage, words: &str) {
    let frame = stage.frame();
    assert!(frame.contains(words), "{words}: {frame}");
}

fn says_nothing_of(stage: &Stage, words: &str) {
    let frame = stage.frame();
    assert!(!frame.contains(words), "{words}: {frame}");
}

/// A new conversation with these answers to come.
fn begun(columns: u16, answers: Vec<ConversationAnswer>) -> Stage {
    let mut stage = Stage::open(columns, 40);
    stage.daemon.conversations.answers = answers.into();
    stage.press("5 n");
    stage
}

fn said(stage: &Stage) -> Vec<&ConversationSay> {
    let all = stage.daemon.asked.iter();
    let said = all.filter_map(|it| match it {
        Q::ConversationSay { say } => Some(say),
        _ => None,
    });
    said.collect()
}

fn is_over(stage: &Stage) -> bool {
    stage.state.panes.top_as::<Conversation>().is_some()
}

/// The daemon is gone.
fn lost(stage: &mut Stage) {
    let error = Error::new(ErrorKind::Unreachable, "the connection to the daemon ended");
    let retry_at = stage.state.now + jiff::SignedDuration::from_secs(4);
    stage.play(Event::Lost(error, retry_at));
}

#[test]
fn a_request_is_answered_with_slots_and_what_is_not_met_or_understood() {
    let mut stage = begun(120, vec![records::proposed(Act::Schedule)]);
    shows(&stage, "Say what you want in your own words");
    stage.daemon.outreaches.all = records::outreaches();
    stage.changed("outreach");
    stage.write(WISH).press("enter");
    assert_eq!(said(&stage)[0].text, WISH);
    assert_eq!(said(&stage)[0].conversation, None);
    for words in [
        "You        45 min with Priya",
        "Assistant  Schedule · Priya Nair",
        "a  Wed 25 Nov 10:00–10:45  14:30 in Kolkata",
        "For it: right before or after another interview",
        "not met: in the morning",
        "No time meets the wish: with cake",
        "Not understood: “before Sam's standup[2J”",
        "Times are in Berlin.",
        "a yes counts until 10:22",
    ] {
        shows(&stage, words);
    }
    assert!(!stage.frame().contains('\u{1b}'));
    // It is the one that is selected in the list, too.
    shows(&stage, "▸ Schedule · Priya Nair");
}

#[test]
fn what_has_to_be_known_before_booking_stands_with_the_slots() {
    let words = "Dana Reyes's Zoom is not connected";
    let answer = ConversationAnswer {
        findings: vec![Finding::new(FindingCode::Connection, words)],
        ..records::proposed(Act::Schedule)
    };
    let mut stage = begun(120, vec![answer]);
    stage.write(WISH).press("enter");
    shows(
        &stage,
        "Before you book: Dana Reyes's Zoom is not connected",
    );
}

#[test]
fn a_letter_and_a_yes_book_and_u_undoes_it() {
    let answers = vec![
        records::proposed(Act::Schedule),
        records::done(Act::Schedule, "Booked: Wed 25 Nov 2026, 14:15"),
    ];
    let mut stage = begun(120, answers);
    stage.write(WISH).press("enter tab");
    shows(&stage, "enter book");
    stage.press("b");
    shows(&stage, "Book the interview");
    shows(&stage, "Not met: in the morning");
    assert_eq!(said(&stage).len(), 1, "nothing is booked without a yes");
    stage.press("esc");
    assert!(is_over(&stage) && said(&stage).len() == 1);
    stage.press("b enter");
    let yes = said(&stage)[1];
    assert_eq!(yes.text, "b");
    assert_eq!(yes.conversation, Some(first().to_string()));
    assert_eq!(yes.expected_revision, Some(11), "what was shown");
    shows(&stage, "booked and confirmed · u to undo");
    let mut known = records::interviews()[3].clone();
    (known.change, known.changes) = (0, Vec::new());
    stage.daemon.interviews[3] = known;
    stage.press("u");
    assert!(matches!(
        stage.daemon.asked.last(),
        Some(Q::InterviewUndo { .. })
    ));
}

#[test]
fn arrows_select_a_slot_and_enter_takes_it() {
    let mut stage = begun(120, vec![records::proposed(Act::Reschedule)]);
    stage.write("move it").press("enter tab down down down up");
    shows(&stage, "▸ b  Wed 25 Nov 14:15–15:00");
    shows(&stage, "enter move");
    stage.press("enter");
    shows(&stage, "Move the interview");
    assert!(stage.state.panes.top_as::<Confirm>().is_some());
}

#[test]
fn while_words_are_typed_a_letter_is_a_word_and_undo_is_said() {
    let answers = vec![
        records::proposed(Act::Schedule),
        records::done(Act::Schedule, "Booked: Wed 25 Nov 2026, 14:15"),
        records::done(Act::Undo, "Undone: Wed 25 Nov 2026, 14:15"),
    ];
    let mut stage = begun(120, answers);
    stage.write(WISH).press("enter").write("b");
    assert_eq!(said(&stage).len(), 1);
    stage.press("enter");
    assert_eq!(said(&stage)[1].text, "b");
    shows(&stage, "booked and confirmed · say “undo” to undo it");
    says_nothing_of(&stage, "u to undo");
    assert!(!stage.state.undo.is_empty());
    stage.write("undo").press("enter");
    shows(&stage, "undone");
    assert!(stage.state.undo.is_empty(), "it can't be undone twice");
}

#[test]
fn the_slots_are_sent_to_the_candidate_after_one_question() {
    let mut sent = records::told(Act::Schedule, AnswerKind::Done, "Priya Nair gets 3 times");
    sent.outreach = Some(Box::new(records::outreaches().remove(1)));
    let mut stage = begun(120, vec![records::proposed(Act::Schedule), sent]);
    stage.write(WISH).press("enter tab A");
    shows(&stage, "Ask the candidate");
    shows(&stage, "They are held until the candidate chooses one");
    assert_eq!(said(&stage).len(), 1);
    stage.press("enter");
    assert_eq!(said(&stage)[1].text, "ask the candidate");
    // Of an interview that is moved the times are not sent so.
    let mut stage = begun(120, vec![records::proposed(Act::Reschedule)]);
    stage.write("move it").press("enter tab A");
    shows(&stage, "there are no times to send");
}

#[test]
fn what_is_asked_is_answered_with_one_key() {
    let mut which = records::told(Act::Schedule, AnswerKind::Asks, "Which Priya do you mean?");
    for name in ["Priya Nair", "Priya Ramanathan"] {
        which.matches.push(NamedMatch {
            kind: NamedKind::Candidate,
            id: String::new(),
            name: name.into(),
        });
    }
    let cancel = records::told(Act::Cancel, AnswerKind::Confirm, "Cancel this interview?");
    let done = records::done(Act::Cancel, "Cancelled");
    let mut stage = begun(120, vec![which, cancel, done]);
    stage.write("cancel priya").press("enter tab down enter");
    assert_eq!(said(&stage)[1].text, "Priya Ramanathan");
    shows(&stage, "yes, cancel it");
    stage.press("enter");
    assert_eq!(said(&stage)[2].text, "yes");
    stage.press("enter");
    shows(&stage, "there is nothing to choose");
    assert_eq!(said(&stage).len(), 3);
}

#[test]
fn what_somebody_says_elsewhere_shows_at_once_and_no_letter_means_what_was_not_shown() {
    let mut later = records::proposed(Act::Schedule);
    later.slots.truncate(1);
    later.understood = "Schedule · Priya Nair · 30 min".into();
    let answers = vec![records::proposed(Act::Schedule), later];
    let mut stage = begun(120, answers);
    stage.write(WISH).press("enter tab");
    shows(&stage, "c  Thu 26 Nov");
    // Elsewhere the same conversation goes on; nothing has told this client of it yet.
    let elsewhere = ConversationSay {
        conversation: Some(first().to_string()),
        text: "30 min".into(),
        ..ConversationSay::default()
    };
    stage.daemon.conversations.says(&elsewhere).unwrap();
    stage.press("c enter");
    shows(&stage, "This conversation has gone on since you read it");
    // What was refused shows what is new; a letter that was pressed is no draft.
    shows(&stage, "Schedule · Priya Nair · 30 min");
    let pane = stage.state.panes.top_as::<Conversation>().unwrap();
    assert_eq!(pane.words.value(), "");
    stage.press("c");
    shows(&stage, "there is no such time");
}

#[test]
fn words_outlive_the_pane_the_daemon_and_a_failure() {
    let mut stage = begun(120, vec![records::proposed(Act::Schedule)]);
    stage.write("45 min with Pri").press("esc");
    assert!(!is_over(&stage));
    stage.press("n");
    shows(&stage, "> 45 min with Pri");
    lost(&mut stage);
    stage.write("ya").press("enter");
    assert!(said(&stage).is_empty());
    shows(&stage, "> 45 min with Priya");
    shows(&stage, "The daemon can't be reached");
    stage.play(Event::Linked(Box::new(records::hello())));
    // It goes away between the words and their answer.
    let failed = Error::new(ErrorKind::Unreachable, "the connection to the daemon ended");
    stage.daemon.refuse = Some(failed);
    stage.press("enter");
    shows(&stage, "✗ the connection to the daemon ended");
    shows(&stage, "> 45 min with Priya");
    stage.press("enter");
    assert_eq!(said(&stage).last().unwrap().text, "45 min with Priya");
    says_nothing_of(&stage, "✗ the connection");
    shows(&stage, "a  Wed 25 Nov");
}

#[test]
fn while_an_answer_is_waited_for_one_can_type_and_leave() {
    let mut stage = begun(120, vec![records::proposed(Act::Schedule)]);
    stage.daemon.silent = true;
    stage.write(WISH).press("enter").write("and Lena");
    shows(&stage, "You        45 min with Priya");
    shows(&stage, "> and Lena");
    stage.press("enter");
    assert!(said(&stage).is_empty(), "one thing at a time");
    stage.press("esc 1");
    assert_eq!(stage.state.screen, Screen::Today);
    stage.daemon.silent = false;
    lost(&mut stage);
    stage.play(Event::Linked(Box::new(records::hello())));
    assert!(matches!(stage.state.link, Link::Up(_)));
    stage.press("5 n");
    shows(&stage, "> and Lena");
}

#[test]
fn conversations_stand_in_the_list_and_go_on_where_they_were() {
    let mut stage = Stage::open(120, 40);
    stage.daemon.outreaches.all = records::outreaches();
    let conversations = &mut stage.daemon.conversations;
    conversations.all = (1..9)
        .map(|n| records::of_yesterday(n, &format!("Agenda · {n}\u{1b}"), AnswerKind::Tells))
        .collect();
    let mut open = records::proposed(Act::Schedule);
    open.understood.clear();
    conversations.answers = vec![open, records::done(Act::Schedule, "Booked")].into();
    let say = ConversationSay {
        conversation: Some(conversations.all[0].id.to_string()),
        text: WISH.into(),
        ..ConversationSay::default()
    };
    // Said by this person in a shell.
    conversations.says(&say).unwrap();
    stage.changed("outreach").press("5");
    shows(&stage, "Conversations  8");
    shows(&stage, "2 older");
    stage.press("down");
    shows(&stage, "times to choose from");
    // Beside it stands what a letter would book.
    shows(&stage, "a  Wed 25 Nov 10:00–10:45");
    stage.press("enter tab a enter");
    assert_eq!(said(&stage)[0].text, "a");
    shows(&stage, "booked and confirmed");
    stage.press("esc end up up up up");
    stage.press("home down down down down down down down");
    shows(&stage, "▸ 2 older");
    stage.press("enter");
    says_nothing_of(&stage, "2 older");
    shows(&stage, "▸ Agenda · 7");
}

#[test]
fn who_is_no_hiring_manager_reads_who_is_and_types_nothing() {
    let mut stage = Stage::open(120, 30);
    stage.daemon.conversations.refused = true;
    stage.changed("conversation").press("5 n");
    shows(
        &stage,
        "Only a hiring manager of a job can ask the assistant",
    );
    shows(&stage, "Jonas Lind, jonas@acme.example: Backend Engineer");
    stage.press("tab");
    shows(&stage, "only hiring managers can");
    stage.press("esc");
    assert!(!is_over(&stage) && said(&stage).is_empty());
}

#[test]
fn a_draft_waits_in_its_own_workspace() {
    let mut stage = begun(120, Vec::new());
    stage
        .write("45 min with Priya")
        .press("esc n tab W down enter");
    assert!(stage.daemon.elsewhere, "{}", stage.frame());
    stage.press("5 n");
    says_nothing_of(&stage, "45 min with Priya");
    stage.press("esc W up enter 5 n");
    assert!(!stage.daemon.elsewhere, "{}", stage.frame());
    shows(&stage, "> 45 min with Priya");
}

#[test]
fn a_yes_that_is_old_is_asked_again_with_the_slots_as_they_are() {
    let mut again = records::proposed(Act::Schedule);
    again.text = "That was more than 10 minutes ago.".into();
    let answers = vec![records::proposed(Act::Schedule), again];
    let mut stage = begun(120, answers);
    stage.write(WISH).press("enter tab");
    stage.state.now = at("2026-11-24T09:40:00Z").timestamp();
    stage.press("a enter");
    shows(&stage, "That was more than 10 minutes ago.");
    shows(&stage, "a  Wed 25 Nov 10:00–10:45");
}

#[test]
fn the_screen() {
    see("conversation-new", |stage| {
        stage.press("5 n");
    });
    see("conversation", |stage| {
        stage.daemon.outreaches.all = records::outreaches();
        let answers = vec![
            records::told(
                Act::Agenda,
                AnswerKind::Tells,
                "No interview is scheduled then.",
            ),
            records::proposed(Act::Schedule),
        ];
        stage.daemon.conversations.answers = answers.into();
        stage.changed("outreach").press("5 n");
        stage.write("what is on tomorrow?").press("enter");
        stage.write(WISH).press("enter tab down");
    });
    see("conversation-book", |stage| {
        stage.daemon.conversations.answers = vec![records::proposed(Act::Schedule)].into();
        stage.press("5 n").write(WISH).press("enter tab b");
    });
    see("conversation-refused", |stage| {
        stage.daemon.conversations.refused = true;
        stage.changed("conversation").press("5 n");
    });
    let mut stage = Stage::open(40, 12);
    stage.daemon.conversations.answers = vec![records::proposed(Act::Schedule)].into();
    stage.press("5 n").write(WISH).press("enter tab");
    insta::assert_snapshot!("small-conversation-40", stage.frame());
}
