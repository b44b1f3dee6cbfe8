//! A new stage of a job.

use greenroom_protocol::pipeline::StageAdd;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::fill::{line, needed};
use super::super::{Form, FormKey, Name};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::state::State;
use crate::widgets::{Pick, Select};

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let job = key.subject.parse().ok().and_then(|id| state.mirror.job(id));
    let stages = job.into_iter().flat_map(|job| &job.stages);
    let mut places: Vec<Pick> = stages
        .map(|stage| {
            Pick::new(
                &stage.position.to_string(),
                &format!("before {}", stage.name),
                "",
            )
        })
        .collect();
    places.push(Pick::new("", "last", ""));
    let title = job.map_or_else(String::new, |job| format!(" · {}", job.title));
    let sheet = Sheet::new(vec![
        line(Name::Stage, "Name", ""),
        Field::new(
            Name::Title,
            "Place",
            Entry::Select(Select::new(places, Some(""))),
        ),
    ]);
    Form::new(key, format!("New stage{title}"), "Add", sheet)
}

pub(in super::super) fn request(sheet: &mut Sheet<Name>, job: &str) -> Option<Q> {
    let name = needed(sheet, Name::Stage, "Enter a name")?;
    let position = sheet.chosen(Name::Title).parse().ok();
    Some(Q::StageAdd {
        stage: StageAdd {
            job: job.to_owned(),
            name,
            position,
        },
    })
}
