//! A known candidate: what is known changes, or they apply for another job.

use greenroom_protocol::pipeline::{Candidate, CandidateEdit};
use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::fill::{
    address, changed, changed_text, choose_if_none, jobs, line, maybe, needed, repick, select,
    zones,
};
use super::super::{Form, FormKey, Name};
use crate::forms::sheet::{Field, Sheet};
use crate::state::State;
use crate::widgets::Pick;

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let known = find(state, &key.subject);
    let text = |value: fn(&Candidate) -> Option<&str>| known.and_then(value).unwrap_or_default();
    let zone = known.and_then(|it| it.zone.as_deref());
    let sheet = Sheet::new(vec![
        line(Name::Person, "Name", text(|it| Some(&it.name))),
        line(Name::Email, "Email", text(|it| Some(&it.email))),
        line(Name::Phone, "Phone", text(|it| it.phone.as_deref())),
        Field::new(Name::Zone, "Time zone", zones(zone)),
        line(Name::Source, "Source", text(|it| it.source.as_deref())),
        select(Name::Job, "Also for", Vec::new(), Some("")),
    ]);
    let title = text(|it| Some(&it.name)).to_owned();
    let mut form = Form::new(key, title, "Save", sheet);
    form.revision = known.map(|known| known.revision);
    form
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
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

pub(in super::super) fn request(form: &mut Form) -> Option<Q> {
    let sheet = &mut form.sheet;
    let name = changed(sheet, Name::Person, |sheet| {
        needed(sheet, Name::Person, "Enter a name")
    });
    let email = changed(sheet, Name::Email, |sheet| address(sheet, Name::Email));
    // An empty text takes the value away.
    let candidate = CandidateEdit {
        candidate: form.key.subject.clone(),
        name: name?,
        email: email?,
        phone: changed_text(sheet, Name::Phone),
        zone: maybe(sheet.chosen(Name::Zone)).filter(|_| sheet.is_changed(Name::Zone)),
        source: changed_text(sheet, Name::Source),
        apply: maybe(sheet.chosen(Name::Job)),
        expected_revision: form.revision,
    };
    Some(Q::CandidateEdit { candidate })
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a Candidate> {
    state.mirror.candidate.get(&subject.parse().ok()?)
}
