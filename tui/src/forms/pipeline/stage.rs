//! A new stage of a job.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{Stage, StageAdd};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{line, needed, select};
use crate::forms::sheet::Sheet;
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::Pick;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Stage,
    Place,
}

#[derive(Debug)]
pub(crate) struct NewStage;

impl FormType for NewStage {
    type Name = Name;

    const DOING: &'static str = "adding the stage";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let job = subject.parse().ok().and_then(|id| state.cache.job(id));
        let stages = job.into_iter().flat_map(|job| &job.stages);
        let before = |stage: &Stage| {
            let words = format!("before {}", stage.name);
            Pick::new(&stage.position.to_string(), &words, "")
        };
        let mut places: Vec<Pick> = stages.map(before).collect();
        places.push(Pick::new("", "last", ""));
        let sheet = Sheet::new(vec![
            (Name::Stage, line("Name", "")),
            (Name::Place, select("Position", places, Some(""))),
        ]);
        let of = job.map(|job| format!(" · {}", job.title));
        let title = format!("New stage{}", of.unwrap_or_default());
        Frame::new(subject, title, "Add", sheet, Self)
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "name" | "stage" => Name::Stage,
            "position" => Name::Place,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let stage = StageAdd {
            job: form.subject.clone(),
            name: needed(&mut form.sheet, Name::Stage, "Enter a name")?,
            position: form.sheet.chosen(Name::Place).parse().ok(),
        };
        Some(Send::Call(Box::new(Q::StageAdd { stage })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::StageAdd(done) = reply else {
            return Err(unexpected());
        };
        done.map(|stage| Answered::Done(format!("{} added", stage.name)))
    }
}
