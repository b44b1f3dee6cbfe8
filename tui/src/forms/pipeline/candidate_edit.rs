//! A known candidate: what is known changes, or they apply for another job.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{self, Candidate};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{
    address, changed, changed_text, choose_if_none, jobs, line, maybe, needed, repick, select,
    zones,
};
use crate::forms::sheet::{Field, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::Pick;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Person,
    Email,
    Phone,
    Zone,
    Source,
    Job,
}

#[derive(Debug)]
pub(crate) struct CandidateEdit;

impl FormType for CandidateEdit {
    type Name = Name;

    const DOING: &'static str = "saving";
    const EDITS: bool = true;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let known = find(state, subject);
        let text =
            |value: fn(&Candidate) -> Option<&str>| known.and_then(value).unwrap_or_default();
        let zone = known.and_then(|it| it.zone.as_deref());
        let name = text(|it| Some(&it.name));
        let sheet = Sheet::new(vec![
            (Name::Person, line("Name", name)),
            (Name::Email, line("Email", text(|it| Some(&it.email)))),
            (Name::Phone, line("Phone", text(|it| it.phone.as_deref()))),
            (Name::Zone, Field::new("Time zone", zones(zone))),
            (
                Name::Source,
                line("Source", text(|it| it.source.as_deref())),
            ),
            (Name::Job, select("Add to job", Vec::new(), Some(""))),
        ]);
        let mut form = Frame::new(subject, name, "Save", sheet, Self);
        form.revision = known.map(|known| known.revision);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(known) = find(state, &form.subject) else {
            return;
        };
        let applied = known.applications.iter().map(|it| it.job.to_string());
        let applied: Vec<String> = applied.collect();
        let mut picks = vec![Pick::new("", "no other job", "")];
        let others = jobs(state).into_iter();
        picks.extend(others.filter(|job| !applied.contains(&job.value)));
        form.sheet.show(Name::Job, picks.len() > 1);
        repick(&mut form.sheet, Name::Job, picks);
        choose_if_none(&mut form.sheet, Name::Job, "");
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "name" => Name::Person,
            "email" => Name::Email,
            "phone" => Name::Phone,
            "zone" => Name::Zone,
            "source" => Name::Source,
            "job" | "apply" => Name::Job,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        let name = changed(sheet, Name::Person, |sheet| {
            needed(sheet, Name::Person, "Enter a name")
        });
        let email = changed(sheet, Name::Email, |sheet| address(sheet, Name::Email));
        // An empty text takes the value away.
        let candidate = pipeline::CandidateEdit {
            candidate: form.subject.clone(),
            name: name?,
            email: email?,
            phone: changed_text(sheet, Name::Phone),
            zone: maybe(sheet.chosen(Name::Zone)).filter(|_| sheet.is_changed(Name::Zone)),
            source: changed_text(sheet, Name::Source),
            apply: maybe(sheet.chosen(Name::Job)),
            expected_revision: form.revision,
        };
        Some(Send::Call(Box::new(Q::CandidateEdit { candidate })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::CandidateEdit(done) = reply else {
            return Err(unexpected());
        };
        done.map(|candidate| Answered::Done(format!("{} saved", candidate.name)))
    }

    fn about(form: &Frame<Self>) -> About {
        About {
            candidate: form.subject.parse().ok(),
            ..About::default()
        }
    }
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a Candidate> {
    state.cache.candidate.get(&subject.parse().ok()?)
}
