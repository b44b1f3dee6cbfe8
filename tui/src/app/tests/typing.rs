//! Keys belong to what has the focus: whatever is typed into a form or a popup changes nothing
//! else.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::records;
use super::stage::Stage;
use crate::forms::Form;
use crate::forms::{FormKey, Kind};
use crate::keys::Characters;
use crate::panes::connect::Connect;
use crate::panes::failure::Failure;
use crate::panes::interview::Interview;
use crate::panes::interview::tests::{open, with_mail};
use crate::panes::mail::EmailPreview;
use crate::panes::mail::Reads;
use crate::state::Screen;
use crate::state::event::{Done, Event};
use crate::state::work::Ticket;

/// Every printable key of a keyboard, and what others and input methods send.
fn printable() -> impl Iterator<Item = char> {
    (' '..='~').chain("äÖßñéłøя漢あ한ع🙂€…\u{a0}\u{301}\u{200d}".chars())
}

/// The id of what a form of this kind is about. A new kind does not compile until it is named here.
fn subject(stage: &Stage, kind: Kind) -> String {
    let priya = &stage.daemon.rows[0];
    match kind {
        Kind::Setup | Kind::Workspace | Kind::WorkspaceEdit | Kind::ZoomApp => String::new(),
        Kind::AppSteps => "zoom".into(),
        Kind::AccountApp => "google".into(),
        Kind::Mail => String::new(),
        Kind::Candidate | Kind::Job | Kind::Member | Kind::Import | Kind::Approval => String::new(),
        Kind::Stage => records::jobs()[0].id.to_string(),
        Kind::StageSettings => records::jobs()[0].stages[2].id.to_string(),
        Kind::MemberEdit | Kind::Hours => records::members()[1].id.to_string(),
        Kind::DaysOff => "holidays".into(),
        Kind::Calendar => format!("{}/", records::members()[1].id),
        Kind::CandidateEdit | Kind::Notes | Kind::Interview => priya.id.to_string(),
        Kind::Filter => String::new(),
        Kind::Draft => records::outreaches()[0].id.to_string(),
        Kind::StateChange | Kind::Email => priya.application.as_ref().unwrap().id.to_string(),
        Kind::Reschedule | Kind::InterviewEdit | Kind::Cancel | Kind::NoShow => {
            stage.daemon.interviews[3].id.to_string()
        }
    }
}

/// A stage on which something can be undone and email waits to leave.
fn undoable() -> Stage {
    let mut stage = open(80, 24);
    with_mail(&mut stage);
    stage.daemon.notes = records::notes();
    stage.press("r").write("thu 15:00").press("ctrl-s");
    assert!(!stage.state.undo.is_empty(), "{}", stage.frame());
    stage.daemon.asked.clear();
    stage.press("esc 2");
    stage
}

pub(super) fn put(stage: &mut Stage, kind: Kind) {
    let subject = subject(stage, kind);
    let form = Form::open(&mut stage.state, FormKey { kind, subject });
    stage.state.panes.push(*form);
    // What it needs to know arrives.
    stage.wait(1);
}

pub(super) fn form(stage: &Stage) -> &Form {
    let Some(form) = stage.state.panes.top_as::<Form>() else {
        panic!("no form is on top: {}", stage.frame());
    };
    form
}

/// Case U1: no printable key in any field of any form does anything but fill in that field.
#[test]
fn whatever_is_typed_into_any_field_of_any_form_only_fills_it_in() {
    for kind in Kind::ALL.iter().copied() {
        let mut stage = undoable();
        put(&mut stage, kind);
        let stops = form(&stage).fields().len() + 2;
        for stop in 0..stops {
            for character in printable() {
                stage.write(&character.to_string());
                // What a field shows to be copied may be copied from it.
                if form(&stage).fields().copied().is_some() {
                    stage.sent.clear();
                }
                let what = || format!("{character:?} at stop {stop} of {kind:?}");
                assert!(stage.daemon.asked.is_empty(), "{}", what());
                assert_eq!(stage.state.panes.len(), 1, "{}", what());
                assert_eq!(form(&stage).kind(), kind, "{}", what());
                assert_eq!(stage.state.screen, Screen::Candidates, "{}", what());
                assert!(!stage.quit && stage.sent.is_empty(), "{}", what());
                assert!(!stage.state.undo.is_empty(), "{}", what());
            }
            if form(&stage).fields().is_open() {
                stage.press("esc");
            }
            stage.press("tab");
        }
    }
}

/// Case U1, as it was met: a day typed into a date field.
#[test]
fn a_word_typed_into_a_date_field_undoes_nothing_and_is_read() {
    let mut stage = undoable();
    put(&mut stage, Kind::Reschedule);
    stage.write("tue");
    assert!(stage.daemon.asked.is_empty());
    assert!(!stage.state.undo.is_empty());
    let frame = stage.frame();
    assert!(frame.contains("“tue” has no time of day"), "{frame}");
    stage.play(Event::Paste(" 15:00".into()));
    let frame = stage.frame();
    assert!(frame.contains("Tue 1 Dec 15:00–15:45"), "{frame}");
}

/// How a popup is opened.
#[derive(Clone, Copy)]
enum Opening {
    By(&'static str),
    With(fn(&mut Stage)),
}

/// Case U1: popups that ask, list or explain.
#[test]
fn whatever_is_typed_into_any_popup_changes_no_record() {
    use Opening::{By, With};
    let popups: [(&str, Opening); 18] = [
        ("help", By("?")),
        ("palette", By(":")),
        ("move", By("m")),
        ("job", By("3 b")),
        ("workspace", By("W")),
        ("zone", By("4 Z")),
        ("replace", By("4 home right right right enter R")),
        ("disconnect", By("6 enter")),
        ("disconnect, its button", By("6 enter tab")),
        ("erase", By("down down down X")),
        ("erase, its button", By("down down down X tab tab")),
        (
            "repair",
            With(|stage| {
                stage.daemon.differs(3, records::deleted());
                stage.changed("interview").press("4");
                let id = stage.daemon.interviews[3].id;
                stage.state.panes.push(Interview::new(id));
                stage.press("f enter tab");
            }),
        ),
        (
            "failure",
            With(|stage| {
                let error = Error::failed("something did not work");
                stage.state.panes.push(Failure(error));
            }),
        ),
        (
            "email",
            With(|stage| {
                let id = stage.daemon.interviews[3].id;
                let letter = EmailPreview::new(Reads::Invitation(id));
                stage.state.panes.push(letter);
                stage.wait(1);
            }),
        ),
        (
            "Zoom test",
            With(|stage| {
                stage.press("6 t");
                // While it runs the key that starts a test does nothing.
                stage.daemon.asked.clear();
            }),
        ),
        ("what is wrong", By("3 w")),
        ("conversation", By("5 n")),
        ("permissions", By("6 down down down down c")),
    ];
    for (name, opening) in popups {
        let fresh = || {
            let mut stage = undoable();
            match opening {
                By(keys) => {
                    stage.press(keys);
                }
                With(act) => act(&mut stage),
            }
            let characters = stage.state.places().characters();
            assert_ne!(characters, Characters::Commands, "{name} is no popup");
            stage
        };
        let mut stage = fresh();
        let (layers, screen) = (stage.state.panes.len(), stage.state.screen);
        for character in printable() {
            if stage.state.panes.len() != layers {
                stage = fresh();
            }
            // Twice: no character may be the one that opened it.
            stage.write(&format!("{character}{character}"));
            let what = || format!("{character:?} in {name}");
            assert!(stage.daemon.asked.is_empty(), "{}", what());
            assert_eq!(stage.state.screen, screen, "{}", what());
            assert!(!stage.quit && !stage.state.undo.is_empty(), "{}", what());
        }
    }
}

/// Case U1: while the browser is waited for, letters are the page's own, and text while an address
/// is pasted.
#[test]
fn while_zoom_is_waited_for_letters_are_the_pages_own() {
    for (keys, own) in [("", true), (" tab", false)] {
        let fresh = || {
            let mut stage = undoable();
            stage.press(&format!("6 down down down down c enter{keys}"));
            stage.daemon.asked.clear();
            stage
        };
        let mut stage = fresh();
        for character in printable() {
            // Its own letters lead to a form, or to the end of it.
            if stage.state.panes.only::<Connect>().is_none() {
                stage = fresh();
            }
            stage.write(&character.to_string());
            let changes = |asked: &Q| !matches!(asked, Q::ZoomConnectFinish { .. }) || !own;
            assert!(!stage.daemon.asked.iter().any(changes), "{character:?}");
            assert_eq!(stage.state.screen, Screen::Settings, "{character:?}");
            assert!(!stage.quit && !stage.state.undo.is_empty(), "{character:?}");
        }
    }
}

/// Case U1: the field goes away while somebody types in it.
#[test]
fn the_rest_of_a_word_is_no_command_of_what_lies_below() {
    let mut stage = undoable();
    stage.press("6");
    crate::panes::connect::open(&mut stage.state);
    stage.press("enter a");
    assert_eq!(form(&stage).kind(), Kind::Approval, "{}", stage.frame());
    stage.write("b");
    // Zoom agrees in the browser: nobody needs to be asked any more, and the form goes.
    let came_back = "http://127.0.0.1:41999/callback?code=c&state=b64Zt9Qk2";
    for number in 0..200 {
        let redirect = crate::callback::read_redirect(came_back).unwrap();
        let done = Ok(Done::CameBack(redirect));
        stage.play(Event::Done(Ticket(number), done));
    }
    assert!(stage.state.panes.is_empty(), "{}", stage.frame());
    let asked = stage.daemon.asked.len();
    stage.write("uX2q");
    assert_eq!(stage.daemon.asked.len(), asked);
    assert!(!stage.quit && stage.state.screen == Screen::Settings);
    assert!(stage.state.panes.is_empty() && !stage.state.undo.is_empty());
    stage.wait(2).press("3");
    assert_eq!(stage.state.screen, Screen::Pipeline, "after a pause");
}

/// Case U1: keys of the text's own are never somebody's command.
#[test]
fn keys_that_edit_a_line_are_the_texts_own_in_every_field() {
    for kind in Kind::ALL.iter().copied() {
        let mut stage = undoable();
        put(&mut stage, kind);
        let stops = form(&stage).fields().len() + 2;
        for _ in 0..stops {
            stage.press("ctrl-a ctrl-e ctrl-w ctrl-u tab");
            assert!(stage.daemon.asked.is_empty(), "{kind:?}");
            assert_eq!(form(&stage).kind(), kind);
        }
    }
}

/// Case U9: one help at a time, closed by the key that opened it.
#[test]
fn there_is_one_help_at_a_time() {
    let mut stage = Stage::open(80, 24);
    stage.press("? ?");
    assert!(stage.state.panes.is_empty());
    stage.press("? : f1");
    let helps = stage.state.panes.iter();
    let helps = helps.filter(|it| it.is_about_what_lies_below()).count();
    assert_eq!(helps, 0, "the help that was open is closed");
    stage.press("esc f1 esc ctrl-p ctrl-p");
    assert!(stage.state.panes.is_empty());
}
