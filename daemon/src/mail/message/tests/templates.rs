//! A workspace's own words, in emails as they leave.

use super::*;
use crate::mail::message::template::Example;

fn with_words(mut letter: Letter, name: TemplateName, text: &str) -> Message {
    let own = Template::parse(name, "About {{job}}, {{when_short}}", text).expect("a template");
    match &mut letter.says {
        Says::Invitation { template, .. } | Says::Cancellation { template, .. } => {
            *template = Some(own);
        }
        _ => panic!("an invitation or a cancellation"),
    }
    built(&letter)
}

#[test]
fn own_words_keep_when_how_to_join_how_to_reply_and_the_calendar_part() {
    let event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
    let plain = built(&invitation(event.clone(), Audience::Candidate));
    let own = with_words(
        invitation(event, Audience::Candidate),
        TemplateName::Invitation,
        "Dear {{candidate}}, come to {{workspace}}.",
    );
    assert_eq!(own.subject, "About Backend Engineer, Tue 1 Dec at 2:30 pm");
    let details = plain.text.split_once("When ").expect("when").1;
    let details = details.split_once("\n\nBest regards").expect("an end").0;
    assert_eq!(
        own.text,
        format!("Dear Priya Nair, come to Acme.\n\nWhen {details}\n")
    );
    assert_eq!(own.calendar, plain.calendar);
}

#[test]
fn a_cancellation_in_own_words_says_when_it_was_and_why() {
    let event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
    let own = with_words(
        cancellation(event, Audience::Candidate),
        TemplateName::Cancellation,
        "{{reason}}\n\n{{details}}\n\n{{organizer}}",
    );
    assert_eq!(
        own.text,
        "The position was filled.\n\nOriginal time:\n  \
         2:30–3:15 pm, Kolkata time, Tuesday 1 December\n  \
         10:00–10:45 am, Berlin time, Tuesday 1 December\n\nDana Reyes\n"
    );
    assert!(own.calendar.is_some_and(|it| it.contains("METHOD:CANCEL")));
}

#[test]
fn interviewers_and_other_emails_have_the_built_in_words() {
    let event = event("Europe/Berlin", "2026-12-01T09:00:00Z");
    for (audience, name) in [
        (Audience::Interviewer, TemplateName::Invitation),
        (Audience::Candidate, TemplateName::Update),
    ] {
        let own = with_words(invitation(event.clone(), audience), name, "Mine");
        let plain = built(&invitation(event.clone(), audience));
        assert_eq!((own.subject, own.text), (plain.subject, plain.text));
    }
}

#[test]
fn every_template_has_an_example_in_which_nothing_is_left_to_fill_in() {
    let example = Example {
        workspace: "Acme".into(),
        job: "Backend Engineer".into(),
        stage: "Onsite".into(),
        organizer: person("Dana Reyes", "dana.reyes@acme.example"),
        zone: "Europe/Berlin".into(),
        candidate: None,
        assistant: "Robin".into(),
        now: instant("2026-11-30T09:10:00Z"),
    };
    let mut all = String::new();
    for name in TemplateName::ALL {
        let message = built(&example.letter(Template::built_in(name)));
        let (subject, text) = (message.subject, message.text);
        assert!(!text.contains("{{") && !text.contains("\n\n\n"), "{text}");
        all.push_str(&format!(
            "=== {name}: {}\n{subject}\n\n{text}\n",
            message.to
        ));
        // Whatever may be named has a value.
        for variable in template::Variable::of(name)
            .iter()
            .filter(|it| !it.is_block())
        {
            let required: String = template::Variable::of(name)
                .iter()
                .filter(|it| it.is_required(name))
                .map(|it| format!("\n{{{{{it}}}}}"))
                .collect();
            let text = format!("<{{{{{variable}}}}}>{required}");
            let only = Template::parse(name, "x", &text).expect("a template");
            let text = built(&example.letter(only)).text;
            assert!(!text.starts_with("<>"), "{name}: {variable} is empty");
        }
    }
    insta::assert_snapshot!(all);
}
