//! A new job.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::JobAdd;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{line, needed};
use crate::forms::sheet::Sheet;
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;

const USUAL: &str = "Applied, Phone screen, Onsite, Decision, Hired";

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Title,
    Stages,
}

#[derive(Debug)]
pub(crate) struct NewJob;

impl FormType for NewJob {
    type Name = Name;

    const DOING: &'static str = "opening the job";

    fn open(_state: &State, subject: &str) -> Frame<Self> {
        let stages = line("Stages", USUAL).hint("In order, separated by commas");
        let sheet = Sheet::new(vec![
            (Name::Title, line("Title", "")),
            (Name::Stages, stages),
        ]);
        Frame::new(subject, "New job", "Open job", sheet, Self)
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "title" => Name::Title,
            "stages" => Name::Stages,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let title = needed(&mut form.sheet, Name::Title, "Enter a title")?;
        let stages = form.sheet.text(Name::Stages).split(',').map(str::trim);
        let stages = stages.filter(|stage| !stage.is_empty()).map(str::to_owned);
        let job = JobAdd {
            title,
            stages: stages.collect(),
        };
        Some(Send::Call(Box::new(Q::JobAdd { job })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::JobAdd(done) = reply else {
            return Err(unexpected());
        };
        done.map(|job| Answered::Done(format!("{} is open", job.title)))
    }
}
