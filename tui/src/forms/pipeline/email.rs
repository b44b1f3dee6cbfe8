//! An email to one candidate or to several, one email each: a template about how their application
//! stands, or somebody's own words.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateEmailMany, CandidateRow, ManyOutcome, OneOfMany};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::template::TemplateName;

use super::state_change::find;
use crate::forms::fill::{key_in_form, line, needed};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::keys::Command;
use crate::state::State;
use crate::widgets::Choice;

/// What it says, in the order of [`WORDS`].
const TEMPLATES: [Option<TemplateName>; 4] = [
    None,
    Some(TemplateName::Rejected),
    Some(TemplateName::Withdrawn),
    Some(TemplateName::OnHold),
];
const WORDS: &[&str] = &["Your own", "Rejected", "Withdrawn", "On hold"];

/// What the text may have in it.
const VARIABLES: &str = "{{greeting}}, {{first_name}}, {{candidate}}, {{job}}, {{workspace}} and \
                         {{organizer}} are filled in for each of them";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Words,
    Subject,
    Text,
}

#[derive(Debug)]
pub(crate) struct Email {
    candidates: Vec<OneOfMany>,
}

impl Frame<Email> {
    /// Takes what was written to others, or to some of them.
    pub(crate) fn take_over(&mut self, draft: &Self) {
        self.sheet = draft.sheet.clone();
    }
}

impl Email {
    fn call(&self, sheet: &Sheet<Name>) -> CandidateEmailMany {
        let template = TEMPLATES.get(sheet.choice(Name::Words));
        let template = template.copied().flatten();
        let own = |name| template.is_none().then(|| sheet.text(name).to_owned());
        CandidateEmailMany {
            candidates: self.candidates.clone(),
            job: None,
            template,
            subject: own(Name::Subject),
            text: own(Name::Text),
            dry_run: false,
        }
    }
}

impl FormType for Email {
    type Name = Name;

    const DOING: &'static str = "sending";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let rows: Vec<_> = subject
            .split(',')
            .filter_map(|id| find(state, id))
            .collect();
        let candidates: Vec<_> = rows.iter().filter_map(|row| one(row)).collect();
        let title = match rows.as_slice() {
            [one] => format!("Email to {} <{}>", one.name, one.email),
            several => format!("Email to {} candidates, one each", several.len()),
        };
        let words = Entry::Choice(Choice::new(WORDS, 0));
        let mut sheet = Sheet::new(vec![
            (Name::Words, Field::new("Words", words)),
            (Name::Subject, line("Subject", "")),
            (
                Name::Text,
                Field::new("Text", Entry::area("{{greeting}}\n\n")).hint(VARIABLES),
            ),
        ]);
        sheet.focus(Name::Subject);
        Frame::new(subject, title, "Send", sheet, Self { candidates })
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let at = form.sheet.choice(Name::Words);
        let own = at == 0;
        let only = WORDS.get(at).filter(|_| !own);
        let only = only.map(|words| format!("Only to those who are {}", words.to_lowercase()));
        let key = key_in_form(state, Command::PreviewEmail);
        let key = key.map(|key| format!("{key} shows the first"));
        let said: Vec<_> = only.into_iter().chain(key).collect();
        if let Some(field) = form.sheet.field_mut(Name::Words) {
            // What was refused stays until something else is chosen.
            field.notes.retain(|note| matches!(note, Note::Error(_)));
            field.notes.push(Note::Hint(said.join(" · ")));
        }
        form.sheet.show(Name::Subject, own);
        form.sheet.show(Name::Text, own);
        let many = form.own.candidates.len();
        form.count = (many > 1).then_some(many);
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "template" => Name::Words,
            "subject" => Name::Subject,
            "text" => Name::Text,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        if sheet.choice(Name::Words) == 0 {
            let subject = needed(sheet, Name::Subject, "Enter a subject");
            let text = needed(sheet, Name::Text, "Enter a text");
            subject?;
            text?;
        }
        let email = form.own.call(sheet);
        Some(Send::Call(Box::new(Q::CandidateEmailMany { email })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::CandidateEmailMany(done) = reply else {
            return Err(unexpected());
        };
        let outcome = done?;
        // Where nobody is emailed, what is wrong is said here.
        match (outcome.failed > 0 && outcome.changed == 0).then(|| refusal(&outcome)) {
            Some(Some(error)) => Err(error),
            _ => Ok(Answered::Emailed(Box::new(outcome))),
        }
    }

    fn preview(form: &Frame<Self>, _state: &State) -> Option<Q> {
        let mut email = form.own.call(&form.sheet);
        let missing = |it: &Option<String>| it.as_deref().is_some_and(str::is_empty);
        if missing(&email.subject) || missing(&email.text) {
            return None;
        }
        email.dry_run = true;
        Some(Q::CandidateEmailMany { email })
    }
}

fn one(row: &CandidateRow) -> Option<OneOfMany> {
    let application = row.application.as_ref()?;
    Some(OneOfMany {
        candidate: application.id.to_string(),
        expected_revision: None,
    })
}

/// Why nobody is emailed.
fn refusal(outcome: &ManyOutcome) -> Option<Error> {
    let errors = outcome.items.iter().filter_map(|item| item.error.as_ref());
    let mut lines: Vec<_> = errors.clone().map(|error| error.message.clone()).collect();
    let mut first = errors.clone().next()?.clone();
    if lines.len() > 1 {
        let more = lines.split_off(lines.len().min(3));
        first.message = lines.join("; ");
        if !more.is_empty() {
            first.message += &format!("; and {} more", more.len());
        }
    }
    Some(first)
}
