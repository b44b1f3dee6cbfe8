//! A new job.

use greenroom_protocol::pipeline::JobAdd;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::fill::{line, needed};
use super::super::{Form, FormKey, Name};
use crate::forms::sheet::Sheet;

const USUAL: &str = "Applied, Phone screen, Onsite, Decision, Hired";

pub(in super::super) fn form(key: FormKey) -> Form {
    let sheet = Sheet::new(vec![
        line(Name::Title, "Title", ""),
        line(Name::Stage, "Stages", USUAL).hint("in order, with commas between"),
    ]);
    Form::new(key, "New job", "Open the job", sheet)
}

pub(in super::super) fn request(sheet: &mut Sheet<Name>) -> Option<Q> {
    let title = needed(sheet, Name::Title, "Enter a title")?;
    let stages = sheet.text(Name::Stage).split(',').map(str::trim);
    let stages = stages
        .filter(|stage| !stage.is_empty())
        .map(str::to_owned)
        .collect();
    Some(Q::JobAdd {
        job: JobAdd { title, stages },
    })
}
