//! Whole stories: what a person does, and what the daemon is asked for.

use greenroom_protocol::Error;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::records;
use super::stage::Stage;
use crate::panes::candidate::Candidate;
use crate::panes::help::Help;
use crate::panes::interview::Interview;
use crate::state::Screen;
use crate::state::event::Event;

#[test]
fn a_candidate_is_moved_and_taken_back() {
    let mut stage = Stage::open(120, 40);
    stage.press("m").write("dec").press("enter");
    assert!(
        stage.frame().contains("Priya Nair moved to Decision"),
        "{}",
        stage.frame()
    );
    stage.press("u");
    assert!(
        stage.frame().contains("Priya Nair moved back to Onsite"),
        "{}",
        stage.frame()
    );
    let [
        Q::CandidateMove { to: first },
        Q::CandidateMove { to: second },
    ] = &stage.daemon.asked[..]
    else {
        panic!("two moves");
    };
    assert_eq!(first.expected_revision, Some(5));
    assert_eq!(
        second.expected_revision,
        Some(6),
        "the undo expects what the move left"
    );
}

/// Case U7: erasing asks for the name.
#[test]
fn a_candidate_is_erased_after_a_yes_and_what_remains_is_read() {
    let mut stage = Stage::open(120, 40);
    stage.press("X");
    assert!(
        stage
            .frame()
            .contains("cancel the upcoming interviews first")
    );
    stage.press("down down down e esc X");
    assert!(stage.daemon.asked.is_empty() && !stage.state.panes.is_nothing_aside());
    stage.press("esc X enter");
    assert!(stage.daemon.asked.is_empty(), "the name is not typed yet");
    assert!(stage.frame().contains("That is not the name"));
    stage.write("ana costa").press("enter");
    let [Q::CandidateErase { candidate }] = &stage.daemon.asked[..] else {
        panic!("one erasure");
    };
    assert!(candidate.expected_revision.is_some() && !candidate.dry_run);
    assert!(stage.frame().contains("something remains in Zoom"));
    assert!(stage.frame().contains("meeting 123"), "{}", stage.frame());
    assert!(
        stage.state.panes.is_nothing_aside(),
        "nothing of them is kept here"
    );
}

/// Case U7: the next stage is chosen already, and the one they are in is none to move to.
#[test]
fn a_move_goes_to_the_next_stage_and_never_to_the_same() {
    for keys in ["m enter", "3 right right down m enter"] {
        let mut stage = Stage::open(120, 40);
        stage.press(keys);
        let [Q::CandidateMove { to }] = &stage.daemon.asked[..] else {
            panic!("one move: {}", stage.frame());
        };
        assert_eq!(to.stage, records::jobs()[0].stages[3].id.to_string());
    }
    let mut stage = Stage::open(120, 40);
    stage.press("m up enter");
    assert!(stage.daemon.asked.is_empty());
    assert!(stage.frame().contains("Priya Nair is already in Onsite"));
    // Behind the last stage there is none.
    stage.press("m").write("hired").press("enter");
    stage.changed("application").press("m enter");
    assert_eq!(stage.daemon.asked.len(), 1);
    assert!(stage.frame().contains("Priya Nair is already in Hired"));
}

/// Case U7: Enter alone leads through the form and out of it again.
#[test]
fn enter_alone_never_cancels_an_interview() {
    let mut stage = Stage::open(80, 24);
    stage.press("4 home right enter x enter enter enter enter enter");
    assert!(stage.daemon.asked.is_empty(), "{}", stage.frame());
    stage.press("x enter enter tab enter");
    assert!(matches!(
        stage.daemon.asked[..],
        [Q::InterviewCancel { .. }]
    ));
}

#[test]
fn an_interview_is_booked_once_and_shown() {
    let mut stage = Stage::open(120, 40);
    stage.press("n ctrl-s");
    let [Q::InterviewNew { interview }] = &stage.daemon.asked[..] else {
        panic!("one booking");
    };
    assert_eq!(interview.kind, MeetingType::Zoom);
    // The best time that works for everyone, as it is shown.
    assert_eq!(interview.start, "Tue 24 Nov 12:00");
    let shown = records::at("2026-11-24T11:00:00Z");
    assert_eq!(interview.start_shown, Some(shown));
    assert_eq!(interview.zone.as_deref(), Some("Europe/Berlin"));
    assert!(interview.confirm && interview.idempotency_key.is_some());
    assert!(stage.state.panes.only::<Interview>().is_some());
    assert!(stage.frame().contains("nobody is emailed"));
}

#[test]
fn a_refused_booking_keeps_the_form_and_its_key() {
    let mut stage = Stage::open(120, 40);
    stage.daemon.refuse =
        Some(Error::conflict("Sam Ito has another interview then").field("start"));
    stage.press("n ctrl-s");
    assert!(
        stage
            .frame()
            .contains("✗ Sam Ito has another interview then"),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-s");
    let keys = stage.daemon.asked.iter().map(|asked| match asked {
        Q::InterviewNew { interview } => interview.idempotency_key.clone(),
        _ => None,
    });
    let keys: Vec<_> = keys.collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn what_was_typed_is_there_when_the_form_opens_again() {
    let mut stage = Stage::open(80, 24);
    stage
        .press("a")
        .write("Grace")
        .press("tab")
        .write("grace@x.example")
        .press("esc");
    assert!(stage.state.panes.is_empty());
    stage.press("3 2 a");
    assert!(stage.frame().contains("grace@x.example"));
}

#[test]
fn escape_leads_back_one_step_at_a_time() {
    let mut stage = Stage::open(80, 24);
    stage.press("/").write("priya").press("enter ?");
    assert!(stage.state.panes.only::<Help>().is_some());
    stage.press("esc");
    assert!(stage.state.panes.is_empty() && stage.state.candidates.is_open());
    stage.press("esc");
    assert!(!stage.state.candidates.is_open());
    assert_eq!(stage.state.candidates.search(), "priya");
    stage.press("esc");
    assert_eq!(stage.state.candidates.search(), "");
}

#[test]
fn help_and_palette_can_be_left_where_one_begins() {
    for keys in ["?", ":", "? ctrl-p"] {
        let mut stage = Stage::open(80, 24);
        stage.press(keys);
        for _ in keys.split(' ') {
            assert!(!stage.state.panes.is_empty());
            stage.press("esc");
        }
        assert!(stage.state.panes.is_empty(), "{keys}");
    }
}

#[test]
fn letters_in_a_form_are_letters() {
    let mut stage = Stage::open(80, 24);
    stage.press("a").write("q:?1quit");
    assert!(!stage.quit);
    assert_eq!(stage.state.screen, Screen::Candidates);
    assert!(stage.frame().contains("q:?1quit"));
}

#[test]
fn zoom_is_connected_with_the_sandbox_answering() {
    let mut stage = Stage::open(120, 40);
    stage.press("6");
    crate::panes::connect::open(&mut stage.state);
    stage.press("enter c");
    assert!(
        stage
            .sent
            .iter()
            .filter(|it| it.starts_with("http://127.0.0.1:4000/oauth"))
            .count()
            == 2
    );
    stage.press("s");
    assert!(
        stage.frame().contains("Zoom is connected: Dana Reyes"),
        "{}",
        stage.frame()
    );
    assert!(stage.state.panes.is_empty());
}

#[test]
fn a_pasted_address_finishes_the_connect() {
    let mut stage = Stage::open(80, 24);
    crate::panes::connect::open(&mut stage.state);
    stage.press("enter");
    stage.play(Event::Paste("something else".into()));
    assert!(
        stage.frame().contains("✗ read the pasted address"),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-u");
    let address = "http://127.0.0.1:41999/callback?code=c0de&state=b64Zt9Qk2\n";
    stage.play(Event::Paste(address.into()));
    let finished = stage
        .daemon
        .asked
        .iter()
        .any(|it| matches!(it, Q::ZoomConnectFinish { .. }));
    assert!(finished);
    assert!(!stage.frame().contains("c0de"), "the code is not shown");
}

#[test]
fn leaving_a_connect_ends_the_attempt() {
    let mut stage = Stage::open(80, 24);
    crate::panes::connect::open(&mut stage.state);
    stage.press("enter esc");
    assert!(matches!(
        stage.daemon.asked.last(),
        Some(Q::ZoomConnectCancel { .. })
    ));
}

/// Case U7: Enter Enter, the way it is opened, disconnects nothing.
#[test]
fn disconnecting_asks_first() {
    let mut stage = Stage::open(80, 24);
    stage.press("6 enter");
    assert!(stage.frame().contains("Confirm Disconnect"));
    stage.press("esc");
    assert!(stage.daemon.asked.is_empty());
    stage.press("enter enter");
    assert!(stage.daemon.asked.is_empty() && stage.state.panes.is_empty());
    stage.press("enter tab enter");
    assert!(matches!(stage.daemon.asked[..], [Q::ZoomDisconnect { .. }]));
    assert!(stage.frame().contains("disconnected and access revoked"));
}

#[test]
fn an_interview_is_cancelled_when_what_will_happen_was_read() {
    let mut stage = Stage::open(80, 24);
    stage.press("4 home right enter x");
    assert!(stage.daemon.asked.is_empty());
    stage.press("ctrl-s");
    let Some(Q::InterviewCancel { interview }) = stage.daemon.asked.last() else {
        panic!("a cancel");
    };
    assert_eq!(interview.interview.expected_revision, Some(7));
}

#[test]
fn the_link_is_copied_from_wherever_a_meeting_is_shown() {
    for keys in ["y", "3 right right down y", "4 home right right right y"] {
        let mut stage = Stage::open(120, 40);
        stage.press(keys);
        assert!(
            stage
                .sent
                .last()
                .is_some_and(|it| it.starts_with("https://zoom.example/j/")),
            "{keys}"
        );
    }
}

#[test]
fn what_another_client_changed_is_seen() {
    let mut stage = Stage::open(80, 24);
    stage.daemon.rows[0].name = "Priya Nair-Menon".into();
    stage.changed("candidate");
    assert!(stage.frame().contains("Priya Nair-Menon"));
}

#[test]
fn what_takes_long_is_seen_to_be_under_way() {
    let mut stage = Stage::open(80, 24);
    stage.daemon.silent = true;
    stage.press("4");
    stage.wait(1);
    assert!(!stage.frame().contains("waiting for the daemon"));
    stage.wait(2);
    assert!(
        stage.frame().contains("waiting for the daemon… 3 s"),
        "{}",
        stage.frame()
    );
}

#[test]
fn what_somebody_else_saved_meanwhile_is_not_overwritten() {
    let mut stage = Stage::open(80, 24);
    stage.press("3 right right ,").write("s").press("ctrl-s");
    let Some(Q::StageConfigure { stage: asked }) = stage.daemon.asked.last() else {
        panic!("a stage is saved");
    };
    assert_eq!(asked.expected_revision, Some(2));
}

#[test]
fn a_form_about_somebody_else_than_the_selected_comes_to_rest() {
    let mut stage = Stage::open(120, 40);
    stage.press("n esc down");
    // The first candidate's form is put over a list where the second is selected.
    let about = crate::forms::FormKey {
        kind: crate::forms::Kind::Interview,
        subject: stage.daemon.rows[0].id.to_string(),
    };
    let form = crate::forms::Form::open(&mut stage.state, about);
    stage.state.panes.push(*form);
    stage.wait(1);
    assert!(stage.frame().contains("New interview · Priya Nair"));
}

#[test]
fn an_open_card_is_the_one_that_is_acted_on() {
    let mut stage = Stage::open(120, 40);
    stage.press("3 right right enter");
    assert!(stage.state.panes.only::<Candidate>().is_some());
    // Somebody else moves Wen Zhang on: another card is selected under the open one.
    let open = stage.daemon.rows[8].id.to_string();
    let decision = stage.daemon.rows[6].application.as_ref().unwrap().stage;
    stage.daemon.rows[8].application.as_mut().unwrap().stage = decision;
    stage.changed("application").press("m end enter");
    let Some(Q::CandidateMove { to }) = stage.daemon.asked.last() else {
        panic!("a move");
    };
    assert_eq!(to.candidate, open);
}

#[test]
fn the_plan_of_the_stage_is_taken_over_once_the_candidate_is_chosen() {
    let mut stage = Stage::open(120, 40);
    // From the week nobody is chosen yet: one's own Zoom, and oneself.
    stage.press("4 n");
    assert!(
        stage
            .frame()
            .contains("Host (Zoom account) Dana Reyes (you)"),
        "{}",
        stage.frame()
    );
    stage.press("enter").write("priya nair").press("enter");
    assert!(
        stage.frame().contains("Host (Zoom account) Mina Okafor"),
        "{}",
        stage.frame()
    );
    // Who is in a stage without a plan of its own gets the usual one again.
    stage.press("enter").write("ana costa").press("enter");
    assert!(
        stage
            .frame()
            .contains("Host (Zoom account) Dana Reyes (you)"),
        "{}",
        stage.frame()
    );
}
