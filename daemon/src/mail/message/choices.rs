//! An email with times to choose from: each numbered, with a link that answers with one tap.
//!
//! Invariants: a link names no recipient but the address the email comes from, and nothing in it
//! ends a line or a header; the token in its subject names what is answered and proves nothing.

use super::template::{Rendered, Template, Values, Variable};

/// Such an email.
#[derive(Debug, Clone, PartialEq)]
pub struct Choices {
    /// Its words.
    pub template: Template,
    /// What stands in the place of their variables, the times aside.
    pub values: Values,
    /// The times.
    pub choices: Vec<Choice>,
    /// A person's own line below the times: their text, as it is.
    pub line: Option<String>,
    /// What an answer names it by.
    pub token: String,
}

/// A time to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its number, which it keeps where others are gone.
    pub n: u8,
    /// As the reader reads it, on one line.
    pub text: String,
}

impl Choices {
    /// The email, as it comes from this address.
    pub(super) fn render(&self, from: &str) -> Rendered {
        let lines = self.choices.iter().map(|choice| {
            let Choice { n, text } = choice;
            format!("  {n}  {text}\n     {}", self.link(from, *n))
        });
        let mut slots = lines.collect::<Vec<_>>().join("\n");
        if let Some(line) = &self.line {
            slots = format!("{slots}\n\n{line}");
        }
        let values = self.values.clone().with(Variable::Slots, &slots);
        self.template.render(&values)
    }

    /// An answer with this number, to be sent with one tap. Source: RFC 6068.
    fn link(&self, from: &str, n: u8) -> String {
        let subject = escaped(&format!("Option {n} [{}]", self.token));
        let body = escaped(&format!("Option {n}"));
        let to = escaped(from).replace("%40", "@");
        format!("mailto:{to}?subject={subject}&body={body}")
    }
}

/// As a part of a link. Source: RFC 3986, 2.3.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::template::TemplateName;

    use super::super::template::{Between, Times};
    use super::*;

    fn choices(token: &str) -> Choices {
        let between = Between {
            candidate: "Ana Lima",
            job: "Designer",
            workspace: "Acme",
            organizer: "Dana Reyes",
        };
        let texts = ["10:00–10:30, Berlin time, Tuesday 1 December".to_owned()];
        let times = Times {
            sender: "Dana Reyes",
            by_assistant: false,
            minutes: 30,
            slots: &texts,
            until: Some("11:00, Berlin time, Wednesday 2 December"),
            question: None,
            shared: false,
            booked: None,
        };
        let choice = |n: u8| Choice {
            n,
            text: texts[0].clone(),
        };
        Choices {
            template: Template::built_in(TemplateName::Proposal),
            values: Values::of_times(TemplateName::Proposal, &between, &times),
            choices: vec![choice(1), choice(3)],
            line: None,
            token: token.to_owned(),
        }
    }

    #[test]
    fn a_line_of_a_person_is_a_paragraph_below_the_times_and_no_template() {
        let line = "Sam shows you the office first, {{organizer}}.";
        let choices = Choices {
            line: Some(line.to_owned()),
            ..choices("otr_01kf00000074080000000000r1")
        };
        let Rendered { text, .. } = choices.render("interviews@acme.example");
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
        assert!(place("  3  10:00") < place(line), "{text}");
        assert!(place(line) < place("These times are kept"), "{text}");
        assert!(text.contains(&format!("\n\n{line}\n\n")), "{text}");
    }

    #[test]
    fn each_time_keeps_its_number_and_has_a_link_that_answers_with_it() {
        let token = "otr_01kf00000074080000000000r1";
        let Rendered { subject, text } = choices(token).render("interviews@acme.example");
        assert_eq!(
            subject,
            "Interview for Designer at Acme: please choose a time"
        );
        for part in [
            "  1  10:00–10:30, Berlin time",
            "  3  10:00–10:30, Berlin time",
            "     mailto:interviews@acme.example?subject=Option%203%20%5Botr_01kf00000074080000000000r1%5D&body=Option%203",
            "kept for you until 11:00, Berlin time",
            "Reply with the number of a time",
            "Dana Reyes",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("  2  "), "{text}");
        assert!(!text.contains("assistant"), "{text}");
    }

    #[test]
    fn nothing_in_a_link_ends_it() {
        let link = choices("a&b\r\nBcc: x").link("o'neil+x&y@acme.example", 1);
        let rest = link
            .strip_prefix("mailto:o%27neil%2Bx%26y@acme.example?")
            .expect("a link");
        assert_eq!(rest.matches('&').count(), 1);
        assert!(rest.bytes().all(|it| it.is_ascii_graphic()), "{rest}");
    }
}
