//! What is written about candidates, and to them.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateEmailMany, CandidateNote};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::template::TemplateName;

use crate::app::tests::records;
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::panes::failure::Failure;

fn with_notes(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::open(columns, rows);
    stage.daemon.notes = records::notes();
    stage.changed("candidate").wait(1);
    stage
}

fn note(stage: &Stage) -> CandidateNote {
    match stage.daemon.asked.last() {
        Some(Q::CandidateNote { note }) => note.clone(),
        other => panic!("{other:?}: {}", stage.frame()),
    }
}

fn email(stage: &Stage) -> CandidateEmailMany {
    match stage.daemon.asked.last() {
        Some(Q::CandidateEmailMany { email }) => email.clone(),
        other => panic!("{other:?}: {}", stage.frame()),
    }
}

#[test]
fn a_note_of_several_lines_is_written_down_and_stands_in_the_preview() {
    let mut stage = Stage::open(160, 50);
    stage.press("N").write("Strong on storage");
    stage.press("enter").write("Wants remote");
    stage.press("tab").write("https://cv.example/priya");
    stage.press("tab right ctrl-s");
    let sent = note(&stage);
    assert_eq!((sent.note, sent.expected_edition), (None, None));
    assert_eq!(sent.text.unwrap(), "Strong on storage\nWants remote");
    assert_eq!(sent.link.unwrap(), "https://cv.example/priya");
    assert_eq!(sent.for_interviewers, Some(true));
    let frame = stage.changed("candidate").wait(1).frame();
    let shown = "Strong on storage / Wants remote: https://cv.example/priya";
    assert!(frame.contains("Note added"), "{frame}");
    assert!(frame.contains(shown), "{frame}");
    assert!(frame.contains("(for interviewers)"), "{frame}");
}

#[test]
fn a_note_is_changed_where_it_was_touched_and_another_one_is_removed() {
    let mut stage = with_notes(80, 24);
    stage.press("N shift-tab").write("strong").press("enter");
    stage.press("tab end").write(" work").press("ctrl-s");
    let sent = note(&stage);
    assert_eq!(sent.note, Some(records::notes()[0].id.to_string()));
    assert_eq!(sent.text.unwrap(), "Strong on storage\nWants remote work");
    assert_eq!((sent.link, sent.for_interviewers), (None, None));
    assert_eq!(sent.expected_edition, Some(1));

    stage.changed("candidate").wait(1);
    stage.press("N shift-tab").write("cv.ex").press("enter");
    stage.press("shift-tab shift-tab left");
    assert!(
        stage.frame().contains("[ Remove Note ]"),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-s");
    assert_eq!(stage.daemon.notes.len(), 1);
    assert!(stage.frame().contains("Note removed"), "{}", stage.frame());
}

#[test]
fn a_refused_note_keeps_what_was_typed_and_says_why() {
    let mut stage = Stage::open(80, 24);
    stage.press("N ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("✗ Enter a note or a link"), "{frame}");
    assert!(stage.daemon.asked.is_empty());
    stage.press("tab").write("cv.example").press("ctrl-s");
    stage.daemon.refuse = Some(Error::usage("A link begins with https://").field("link"));
    stage
        .press("N")
        .press("tab")
        .write("ftp://x")
        .press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("✗ A link begins with https://"), "{frame}");
    assert!(frame.contains("ftp://x"), "{frame}");
}

#[test]
fn what_was_typed_about_one_note_is_kept_while_another_is_looked_at() {
    let mut stage = with_notes(80, 24);
    stage.press("N").write("A new thought");
    stage.press("shift-tab").write("strong").press("enter tab");
    assert!(
        !stage.frame().contains("A new thought"),
        "{}",
        stage.frame()
    );
    stage.press("end").write("!").press("ctrl-s");
    let frame = stage.changed("candidate").wait(1).frame();
    assert!(frame.contains("Note saved"), "{frame}");
    assert!(frame.contains("A new thought"), "{frame}");
    stage.press("ctrl-s");
    assert_eq!(note(&stage).text.as_deref(), Some("A new thought"));
    assert!(stage.state.panes.is_empty(), "{}", stage.frame());
}

#[test]
fn a_note_that_somebody_changed_is_not_overwritten_unseen() {
    let mut stage = with_notes(80, 24);
    stage
        .press("N shift-tab")
        .write("strong")
        .press("enter tab end");
    stage.write(" mine");
    stage.daemon.notes[0].edition = 2;
    stage.daemon.notes[0].text = "Theirs".into();
    stage.press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("changed by someone else"), "{frame}");
    assert!(frame.contains("Wants remote mine"), "{frame}");
    stage.changed("candidate").wait(1).press("ctrl-s");
    assert_eq!(note(&stage).expected_edition, Some(2));
    assert!(stage.frame().contains("Note saved"), "{}", stage.frame());
}

#[test]
fn several_are_emailed_in_ones_own_words_after_a_look_at_the_first() {
    let mut stage = Stage::open(80, 24);
    stage.press("v 3 j @").write("News about {{job}}");
    stage.press("tab").write("We are late.").press("enter");
    stage.write("Sorry!").press("f3");
    let tried = email(&stage);
    assert!(tried.dry_run, "{tried:?}");
    let frame = stage.frame();
    assert!(frame.contains("The first of 4"), "{frame}");
    stage.press("esc");
    assert!(stage.frame().contains("[ Send to 4 ]"), "{}", stage.frame());
    stage.press("ctrl-s");
    let sent = email(&stage);
    assert_eq!((sent.candidates.len(), sent.dry_run), (4, false));
    assert_eq!(sent.subject.as_deref(), Some("News about {{job}}"));
    let text = "{{greeting}}\n\nWe are late.\nSorry!";
    assert_eq!(sent.text.as_deref(), Some(text));
    let frame = stage.frame();
    assert!(frame.contains("4 emails go out in 10 s"), "{frame}");
    assert!(stage.state.candidates.marks.is_empty());
}

#[test]
fn whom_a_template_does_not_fit_is_named_and_the_others_are_emailed() {
    let mut stage = Stage::open(80, 24);
    stage.press("* @ shift-tab right ctrl-s");
    let sent = email(&stage);
    assert_eq!(sent.template, Some(TemplateName::Rejected));
    assert_eq!((sent.subject, sent.text), (None, None));
    let failure = stage.state.panes.top_as::<Failure>();
    let failure = failure.unwrap_or_else(|| panic!("{}", stage.frame()));
    assert!(
        failure.0.message.contains("were not emailed"),
        "{failure:?}"
    );
    assert!(
        failure
            .0
            .matches
            .iter()
            .any(|it| it.starts_with("Priya Nair"))
    );

    let mut stage = Stage::open(80, 24);
    stage.press("@ shift-tab right ctrl-s");
    let frame = stage.frame();
    assert!(
        frame.contains("✗ Priya Nair is active, not rejected"),
        "{frame}"
    );
}

#[test]
fn an_email_that_is_put_aside_goes_to_those_who_are_chosen_then() {
    let mut stage = Stage::open(80, 24);
    stage.press("space space @").write("Hello").press("esc");
    stage.press("space @");
    let frame = stage.frame();
    assert!(frame.contains("[ Send to 3 ]"), "{frame}");
    assert!(frame.contains("Hello"), "{frame}");
}

#[test]
fn notes_and_emails_as_they_look() {
    see("candidate-notes", |stage| {
        stage.daemon.notes = records::notes();
        stage.changed("candidate").wait(1).press("enter");
    });
    see("notes-form", |stage| {
        stage.daemon.notes = records::notes();
        stage.changed("candidate").wait(1);
        stage.press("N shift-tab").write("cv.ex").press("enter tab");
    });
    see("email-form", |stage| {
        stage
            .press("v 9 j @")
            .write("News about {{job}}")
            .press("tab");
        stage.write("We decide on Friday.").press("enter enter");
    });
}
