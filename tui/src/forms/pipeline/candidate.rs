//! A new candidate.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::CandidateAdd;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{address, jobs, line, maybe, needed, repick, select, zones};
use crate::forms::sheet::{Field, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::Pick;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Person,
    Email,
    Job,
    Stage,
    Phone,
    Zone,
    Source,
}

#[derive(Debug)]
pub(crate) struct NewCandidate;

impl FormType for NewCandidate {
    type Name = Name;

    const DOING: &'static str = "adding the candidate";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let stage = select("Stage", Vec::new(), None).hint("First stage (default)");
        let sheet = Sheet::new(vec![
            (Name::Person, line("Name", "")),
            (Name::Email, line("Email", "")),
            (Name::Job, select("Applies for", jobs(state), Some(subject))),
            (Name::Stage, stage),
            (Name::Phone, line("Phone", "")),
            (Name::Zone, Field::new("Time zone", zones(None))),
            (Name::Source, line("Source", "")),
        ]);
        Frame::new(subject, "New candidate", "Add", sheet, Self)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let sheet = &mut form.sheet;
        repick(sheet, Name::Job, jobs(state));
        let job = sheet.chosen(Name::Job).parse().ok();
        let job = job.and_then(|id| state.cache.job(id));
        let stages = job.into_iter().flat_map(|job| &job.stages);
        let picks: Vec<Pick> = stages
            .map(|stage| Pick::new(&stage.id.to_string(), &stage.name, ""))
            .collect();
        sheet.show(Name::Stage, !picks.is_empty());
        repick(sheet, Name::Stage, picks);
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "name" => Name::Person,
            "email" => Name::Email,
            "job" => Name::Job,
            "stage" => Name::Stage,
            "phone" => Name::Phone,
            "zone" => Name::Zone,
            "source" => Name::Source,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        let name = needed(sheet, Name::Person, "Enter a name");
        let email = address(sheet, Name::Email);
        let candidate = CandidateAdd {
            name: name?,
            email: email?,
            phone: maybe(sheet.text(Name::Phone)),
            zone: maybe(sheet.chosen(Name::Zone)),
            source: maybe(sheet.text(Name::Source)),
            job: maybe(sheet.chosen(Name::Job)),
            stage: maybe(sheet.chosen(Name::Stage)),
            ..CandidateAdd::default()
        };
        Some(Send::Call(Box::new(Q::CandidateAdd { candidate })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::CandidateAdd(done) = reply else {
            return Err(unexpected());
        };
        done.map(|candidate| Answered::Done(format!("{} added", candidate.name)))
    }
}
