use proptest::prelude::*;

use super::*;

fn parsed(name: TemplateName, text: &str) -> Result<Template, Flaw> {
    Template::parse(name, "About {{job}}", text)
}

fn values() -> Values {
    Values::default()
        .with(Variable::Job, "Backend Engineer")
        .with(Variable::Workspace, "Acme")
        .with(Variable::Greeting, "Hello Priya,")
        .with(Variable::Details, "When  now\n\nReply to this email.")
}

#[test]
fn every_built_in_text_is_a_template_and_has_the_details() {
    for name in TemplateName::ALL {
        let words = built_in::words(name);
        let template = Template::parse(name, &words.subject, &words.text);
        let template = template.unwrap_or_else(|flaw| panic!("{name}: {flaw}"));
        assert_eq!(*template.words(), words, "{name}");
        assert_eq!(Template::built_in(name), template);
        assert!(words.text.contains("{{details}}"), "{name}");
    }
}

#[test]
fn variables_are_filled_in_wherever_they_stand() {
    let template = parsed(
        TemplateName::Invitation,
        "{{greeting}}\n\n{{ job }} at {{workspace}}: {{job}}!\n\n{{details}}",
    );
    let Rendered { subject, text } = template.unwrap().render(&values());
    assert_eq!(subject, "About Backend Engineer");
    assert_eq!(
        text,
        "Hello Priya,\n\nBackend Engineer at Acme: Backend Engineer!\n\nWhen  now\n\nReply to this email.\n"
    );
}

#[test]
fn a_line_whose_variables_are_all_empty_is_left_out_with_the_blank_line_before_it() {
    let text = "One {{job}}\n\nReason: {{reason}}\n\nTwo\n{{reason}} {{job}}\n{{reason}}\nThree";
    let template = parsed(TemplateName::Update, text).unwrap();
    let values = Values::default().with(Variable::Job, "Chef");
    assert_eq!(
        template.render(&values).text,
        "One Chef\n\nTwo\n Chef\nThree\n"
    );
    let values = values.with(Variable::Reason, "It rains.");
    assert_eq!(
        template.render(&values).text,
        "One Chef\n\nReason: It rains.\n\nTwo\nIt rains. Chef\nIt rains.\nThree\n"
    );
}

#[test]
fn details_that_the_text_leaves_out_are_added_at_its_end() {
    let template = parsed(TemplateName::Invitation, "Please come to {{workspace}}.").unwrap();
    assert_eq!(
        template.render(&values()).text,
        "Please come to Acme.\n\nWhen  now\n\nReply to this email.\n"
    );
}

#[test]
fn what_is_wrong_is_named_with_what_may_have_been_meant() {
    let refused = |text: &str| parsed(TemplateName::Invitation, text).unwrap_err();
    let unknown = refused("Hello\n{{jbo}}");
    assert_eq!(unknown.to_string(), "invitation has no variable {{jbo}}");
    let hint = unknown.hint().unwrap();
    assert!(
        hint.starts_with("did you mean {{job}}? There are: {{greeting}}, "),
        "{hint}"
    );
    let far = refused("{{salary_expectation}}").hint().unwrap();
    assert!(far.starts_with("there are: {{greeting}}"), "{far}");
    // The candidate never reads the stage's name.
    assert!(matches!(refused("{{stage}}"), Flaw::Unknown { .. }));
    let unclosed = refused("a\nb {{job}\nc}}");
    assert_eq!(
        unclosed.to_string(),
        "Line 2 of the text opens {{ and does not close it with }}"
    );
    assert_eq!(
        refused("a\tb").to_string(),
        "Line 1 of the text has a control character"
    );
    assert_eq!(refused(" \n "), Flaw::Empty(Part::Text));
    assert_eq!(
        refused("See {{details}}").to_string(),
        "{{details}} is several lines: it stands once in the text, on a line of its own"
    );
    assert_eq!(
        refused("{{details}}\n{{details}}"),
        Flaw::Block(Variable::Details)
    );
    assert_eq!(
        refused(&"x".repeat(8193)),
        Flaw::TooLong(Part::Text, "8 KiB")
    );
    assert_eq!(refused(&"{{job}}".repeat(101)), Flaw::TooMany(Part::Text));
    let subject =
        |subject: &str| Template::parse(TemplateName::Invitation, subject, "x").unwrap_err();
    assert_eq!(subject(" "), Flaw::Empty(Part::Subject));
    assert_eq!(subject("a\nb"), Flaw::SubjectLines);
    assert_eq!(subject("{{details}}"), Flaw::Block(Variable::Details));
    assert_eq!(
        subject(&"é".repeat(201)),
        Flaw::TooLong(Part::Subject, "200 characters")
    );
    assert!(Template::parse(TemplateName::Invitation, &"é".repeat(200), "x").is_ok());
    let missing = parsed(TemplateName::Proposal, "Please choose.").unwrap_err();
    assert_eq!(missing, Flaw::Missing(Variable::Slots));
    assert_eq!(
        missing.to_string(),
        "The text needs {{slots}} on a line of its own"
    );
}

#[test]
fn a_value_is_one_line_and_steers_nothing() {
    let hostile = "Eve\r\nBcc: x@y.example\u{1b}[2J\u{202e}{{job}}\u{2028}end";
    let values = Values::default()
        .with(Variable::Job, "Chef")
        .with(Variable::Workspace, hostile);
    let template = Template::parse(TemplateName::Invitation, "{{workspace}}", "{{workspace}}");
    let Rendered { subject, text } = template.unwrap().render(&values);
    assert_eq!(subject, "Eve  Bcc: x@y.example [2J{{job}} end");
    assert_eq!(text, format!("{subject}\n"));
}

/// What any text becomes: words as a person may write them, with braces and names in them.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~\\n]{0,20}",
        ".{0,10}",
        Just("{{".to_owned()),
        Just("}}".to_owned()),
        proptest::sample::select(
            Variable::of(TemplateName::Update)
                .iter()
                .map(|it| format!("{{{{{it}}}}}"))
                .collect::<Vec<_>>()
        ),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_refused_or_can_be_filled_in(subject in any_text(), text in any_text(), value in ".{0,40}") {
        let name = TemplateName::Update;
        match Template::parse(name, &subject, &text) {
            Err(flaw) => prop_assert!(!flaw.to_string().is_empty()),
            Ok(template) => {
                let all = Variable::of(name).iter();
                let values = all.fold(Values::default(), |values, it| values.with(*it, &value));
                let Rendered { subject, text } = template.render(&values);
                prop_assert!(!subject.chars().any(steers), "{subject:?}");
                prop_assert!(!text.chars().any(|it| it != '\n' && steers(it)), "{text:?}");
                // Kept as it is written, and read again as the same.
                let Words { subject, text } = template.words();
                let again = Template::parse(name, subject, text);
                prop_assert_eq!(again.as_ref(), Ok(&template));
            }
        }
    }

    #[test]
    fn a_value_is_never_read_as_a_template(value in "[a-z{}]{0,20}") {
        let template = Template::parse(TemplateName::Update, "x", "<{{job}}>{{reason}}").unwrap();
        let values = Values::default()
            .with(Variable::Job, &format!("{{{{reason}}}}{value}"))
            .with(Variable::Reason, "SECOND");
        let expected = format!("<{{{{reason}}}}{value}>SECOND\n");
        prop_assert_eq!(template.render(&values).text, expected);
    }
}
