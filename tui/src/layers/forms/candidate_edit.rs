//! A known candidate: what is known changes, or they apply for another job.

use greenroom_protocol::pipeline::{Candidate, CandidateEdit};
use greenroom_protocol::service::GreenroomRequest as Q;

use super::fill::{address, choose_if_none, jobs, line, maybe, needed, repick, select, zones};
use super::{Form, FormKey, Name};
use crate::app::State;
use crate::layers::form::{Field, Sheet};
use crate::widgets::Pick;

pub(super) fn form(state: &State, key: FormKey) -> Form {
    let known = find(state, &key.subject);
    let text = |value: fn(&Candidate) -> Option<&str>| known.and_then(value).unwrap_or_default();
    let zone = known.and_then(|it| it.zone.as_deref());
    let sheet = Sheet::new(vec![
        line(Name::Person, "Name", text(|it| Some(&it.name))),
        line(Name::Email, "Address", text(|it| Some(&it.email))),
        line(Name::Phone, "Telephone", text(|it| it.phone.as_deref())),
        Field::new(Name::Zone, "Time zone", zones(zone)),
        line(Name::Source, "Came from", text(|it| it.source.as_deref())),
        select(Name::Job, "Also for", Vec::new(), Some("")),
    ]);
    let title = text(|it| Some(&it.name)).to_owned();
    let mut form = Form::new(key, title, "Save", sheet);
    form.revision = known.map(|known| known.revision);
    form
}

pub(super) fn refresh(form: &mut Form, state: &State) {
    let Some(known) = find(state, &form.key.subject) else {
        return;
    };
    let applied: Vec<String> = known
        .applications
        .iter()
        .map(|it| it.job.to_string())
        .collect();
    let mut picks = vec![Pick::new("", "no other job", "")];
    picks.extend(
        jobs(state)
            .into_iter()
            .filter(|job| !applied.contains(&job.value)),
    );
    form.sheet.show(Name::Job, picks.len() > 1);
    repick(&mut form.sheet, Name::Job, picks);
    choose_if_none(&mut form.sheet, Name::Job, "");
}

pub(super) fn request(form: &mut Form) -> Option<Q> {
    let sheet = &mut form.sheet;
    let name = needed(sheet, Name::Person, "a name is needed");
    let email = address(sheet, Name::Email);
    // An empty text takes the value away.
    let candidate = CandidateEdit {
        candidate: form.key.subject.clone(),
        name: Some(name?),
        email: Some(email?),
        phone: Some(sheet.text(Name::Phone).to_owned()),
        zone: maybe(sheet.chosen(Name::Zone)),
        source: Some(sheet.text(Name::Source).to_owned()),
        apply: maybe(sheet.chosen(Name::Job)),
        expected_revision: form.revision,
    };
    Some(Q::CandidateEdit { candidate })
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a Candidate> {
    state.mirror.candidate.get(&subject.parse().ok()?)
}
