//! A new candidate. Where their stage is the assistant's, whether it begins with them is asked here.

use greenroom_protocol::Error;
use greenroom_protocol::id::StageId;
use greenroom_protocol::outreach::OutreachStart;
use greenroom_protocol::pipeline::{CandidateAdd, Stage};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{address, jobs, line, maybe, needed, repick, select, zones};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::{Choice, Pick};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Person,
    Email,
    Job,
    Stage,
    Start,
    Phone,
    Zone,
    Source,
}

#[derive(Debug, Default)]
pub(crate) struct NewCandidate {
    /// The assistant begins with them once they are added.
    starts: bool,
}

impl FormType for NewCandidate {
    type Name = Name;

    const DOING: &'static str = "adding the candidate";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let stage = select("Stage", Vec::new(), None).hint("First stage (default)");
        let start = Choice::new(&["no", "yes"], 0);
        let sheet = Sheet::new(vec![
            (Name::Person, line("Name", "")),
            (Name::Email, line("Email", "")),
            (Name::Job, select("Applies for", jobs(state), Some(subject))),
            (Name::Stage, stage),
            (Name::Start, Field::new("Start now", Entry::Choice(start))),
            (Name::Phone, line("Phone", "")),
            (Name::Zone, Field::new("Time zone", zones(None))),
            (Name::Source, line("Source", "")),
        ]);
        Frame::new(subject, "New candidate", "Add", sheet, Self::default())
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
        let arranged = entered(sheet, state).filter(|stage| stage.interview.ai);
        sheet.show(Name::Start, arranged.is_some());
        let asked = arranged.map(|stage| {
            let name = &stage.name;
            Note::Hint(format!(
                "{name} has AI scheduling: start scheduling now? Adding alone sends nothing"
            ))
        });
        sheet.say(Name::Start, asked.into_iter().collect());
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
        form.own.starts = sheet.is_shown(Name::Start) && sheet.choice(Name::Start) == 1;
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

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::CandidateAdd(done) = reply else {
            return Err(unexpected());
        };
        let candidate = done?;
        let added = format!("{} added", candidate.name);
        if !form.own.starts {
            return Ok(Answered::Done(added));
        }
        let job = candidate.applications.first().map(|it| it.job.to_string());
        let start = OutreachStart {
            candidate: Some(candidate.id.to_string()),
            job,
            ..OutreachStart::default()
        };
        Ok(Answered::Begins(added, Box::new(start)))
    }
}

/// The stage they would enter: the chosen one, else the job's first.
fn entered<'a>(sheet: &Sheet<Name>, state: &'a State) -> Option<&'a Stage> {
    let job = sheet.chosen(Name::Job).parse().ok();
    let stages = &state.cache.job(job?)?.stages;
    match sheet.chosen(Name::Stage).parse::<StageId>() {
        Ok(chosen) => stages.iter().find(|stage| stage.id == chosen),
        Err(_) => stages.first(),
    }
}
