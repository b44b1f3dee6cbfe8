use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::stage::Stage;
use crate::panes::interview::tests::last;

fn open(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::open(columns, rows);
    stage.press("6 m");
    stage
}

#[test]
fn templates_are_listed_with_whose_words_they_are_and_what_may_stand_in_them() {
    for (columns, rows) in [(80, 24), (120, 35), (160, 50)] {
        let stage = open(columns, rows);
        let frame = stage.frame();
        assert!(frame.contains("Email templates"), "{frame}");
        assert!(frame.contains("▸ invitation"), "{frame}");
        assert!(frame.contains("built-in"), "{frame}");
        assert!(frame.contains("Variables: {{greeting}}"), "{frame}");
        let hints = frame.lines().last().unwrap().to_owned();
        for hint in ["enter preview", "e edit words"] {
            assert!(hints.contains(hint), "{hint}: {hints}");
        }
        // Nothing is stored, so there is nothing to reset.
        assert!(!hints.contains("reset"), "{hints}");
    }
}

#[test]
fn a_template_is_previewed() {
    let mut stage = open(120, 40);
    stage.press("down enter");
    let frame = stage.frame();
    assert!(frame.contains("Email preview"), "{frame}");
    assert!(frame.contains("Shown with example data"), "{frame}");
    stage.press("esc");
    assert!(stage.frame().contains("Email templates"));
}

#[test]
fn own_words_are_written_in_the_editor_and_reset() {
    let mut stage = open(120, 40);
    stage.writes = Some("Subject: Hi {{candidate}}\n\nCome.\n".into());
    stage.press("e");
    let Q::TemplateEdit { edit } = last(&stage) else {
        panic!("an edit: {}", stage.frame());
    };
    assert_eq!(edit.subject.as_deref(), Some("Hi {{candidate}}"));
    assert_eq!(edit.text.as_deref(), Some("Come."));
    assert_eq!(edit.expected_revision, Some(0));
    let frame = stage.frame();
    assert!(
        frame.contains("Saved: the next invitation has these words"),
        "{frame}"
    );
    stage.changed("template").wait(5);
    let frame = stage.frame();
    assert!(frame.contains("own       Hi {{candidate}}"), "{frame}");
    assert!(frame.lines().last().unwrap().contains("x reset"), "{frame}");
    stage.press("x");
    let Q::TemplateEdit { edit } = last(&stage) else {
        panic!("a reset: {}", stage.frame());
    };
    assert!(edit.reset);
    assert!(stage.frame().contains("Reset to the built-in words"));
}

/// A stage gets words of its own for any email, from the list itself.
#[test]
fn a_stages_own_words_are_begun_changed_and_reset() {
    for (columns, rows) in [(80, 24), (120, 35), (160, 50)] {
        let mut stage = open(columns, rows);
        let hints = stage.frame().lines().last().unwrap().to_owned();
        assert!(hints.contains("s for one stage"), "{hints}");
        stage.press("s").write("ons");
        let frame = stage.frame();
        assert!(frame.contains("Words of invitation for"), "{frame}");
        stage.writes = Some("Subject: On site\n\nCome in.\n".into());
        stage.press("enter");
        let Q::TemplateEdit { edit } = last(&stage) else {
            panic!("an edit: {}", stage.frame());
        };
        assert!(edit.template.stage.is_some(), "{edit:?}");
        assert_eq!(edit.expected_revision, Some(0));
        // It began with the words that the stage's emails have now.
        assert!(
            stage.edited[0].contains("{{details}}"),
            "{:?}",
            stage.edited
        );
        stage.changed("template").wait(5).press("down");
        let frame = stage.frame();
        assert!(frame.contains("stage     "), "{frame}");
        assert!(frame.lines().last().unwrap().contains("x reset"), "{frame}");
        stage.press("s");
        assert!(
            stage.frame().contains("has its own words"),
            "{}",
            stage.frame()
        );
        stage.press("esc x");
        let Q::TemplateEdit { edit } = last(&stage) else {
            panic!("a reset: {}", stage.frame());
        };
        assert!(edit.reset && edit.template.stage.is_some());
        assert!(stage.frame().contains("Reset to the workspace's words"));
    }
}

/// The emails of a stage, from its settings: what its candidates get, and its own words.
#[test]
fn the_emails_of_a_stage_are_changed_from_its_settings() {
    for (columns, rows) in [(80, 24), (120, 35), (160, 50)] {
        let mut stage = Stage::open(columns, rows);
        stage.press("3 right right ,");
        let hints = stage.frame().lines().last().unwrap().to_owned();
        if columns > 80 {
            assert!(hints.contains("f3 emails"), "{hints}");
        }
        stage.press("f3").wait(1);
        let frame = stage.frame();
        assert!(frame.contains("Emails · Onsite"), "{frame}");
        assert!(frame.contains("▸ invitation"), "{frame}");
        stage.writes = Some("Subject: On site\n\nCome in.\n".into());
        stage.press("e");
        let Q::TemplateEdit { edit } = last(&stage) else {
            panic!("an edit: {}", stage.frame());
        };
        assert!(edit.template.stage.is_some(), "{edit:?}");
        stage.changed("template").wait(5);
        let frame = stage.frame();
        assert!(frame.contains("stage     On site"), "{frame}");
        stage.press("x");
        let Q::TemplateEdit { edit } = last(&stage) else {
            panic!("a reset: {}", stage.frame());
        };
        assert!(edit.reset && edit.template.stage.is_some());
        stage.press("esc");
        assert!(
            stage.frame().contains("[ Save Stage ]"),
            "{}",
            stage.frame()
        );
    }
}

/// What a booking would send is read before it is booked, and the form is as it was.
#[test]
fn the_emails_of_a_booking_are_previewed_from_its_form() {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let mut stage = Stage::open(columns, rows);
        stage.press("n f3");
        let frame = stage.frame();
        assert!(
            frame.contains("Email preview") && frame.contains("1 of 2"),
            "{frame}"
        );
        assert!(
            frame.contains("The link is added once the meeting"),
            "{frame}"
        );
        stage.press("right");
        assert!(stage.frame().contains("2 of 2"), "{}", stage.frame());
        stage.press("esc");
        assert!(stage.frame().contains("New interview"), "{}", stage.frame());
    }
}
