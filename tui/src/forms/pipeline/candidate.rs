//! A new candidate.

use greenroom_protocol::pipeline::CandidateAdd;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::fill::{address, jobs, line, maybe, needed, repick, select, zones};
use super::super::{Form, FormKey, Name};
use crate::forms::sheet::{Field, Sheet};
use crate::state::State;
use crate::widgets::Pick;

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let job = key.subject.clone();
    let sheet = Sheet::new(vec![
        line(Name::Person, "Name", ""),
        line(Name::Email, "Address", ""),
        select(Name::Job, "Applies for", jobs(state), Some(&job)),
        select(Name::Stage, "Stage", Vec::new(), None).hint("nothing chosen: the first one"),
        line(Name::Phone, "Telephone", ""),
        Field::new(Name::Zone, "Time zone", zones(None)),
        line(Name::Source, "Came from", ""),
    ]);
    Form::new(key, "New candidate", "Add", sheet)
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    repick(&mut form.sheet, Name::Job, jobs(state));
    let job = form
        .sheet
        .chosen(Name::Job)
        .parse()
        .ok()
        .and_then(|id| state.mirror.job(id));
    let stages = job.into_iter().flat_map(|job| &job.stages);
    let picks: Vec<Pick> = stages
        .map(|stage| Pick::new(&stage.id.to_string(), &stage.name, ""))
        .collect();
    form.sheet.show(Name::Stage, !picks.is_empty());
    repick(&mut form.sheet, Name::Stage, picks);
}

pub(in super::super) fn request(sheet: &mut Sheet<Name>) -> Option<Q> {
    let name = needed(sheet, Name::Person, "Enter a name");
    let email = address(sheet, Name::Email);
    let candidate = CandidateAdd {
        applied_at: None,
        name: name?,
        email: email?,
        phone: maybe(sheet.text(Name::Phone)),
        zone: maybe(sheet.chosen(Name::Zone)),
        source: maybe(sheet.text(Name::Source)),
        job: maybe(sheet.chosen(Name::Job)),
        stage: maybe(sheet.chosen(Name::Stage)),
    };
    Some(Q::CandidateAdd { candidate })
}
