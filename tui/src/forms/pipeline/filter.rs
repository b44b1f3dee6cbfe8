//! Which candidates the list shows: closed choices, nothing is sent.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomResponse as R;

use crate::forms::fill::{choose_if_none, jobs, maybe, repick, select};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{Answered, FormType, Frame, Leave, Send, unexpected};
use crate::state::State;
use crate::state::selected::Filters;
use crate::widgets::{Choice, Pick};

/// Days in a stage, and how they are offered.
const AGES: [Option<u32>; 5] = [None, Some(2), Some(5), Some(14), Some(30)];
const AGES_WORDS: &[&str] = &["any", "> 2 days", "> 5 days", "> 2 weeks", "> 30 days"];

/// The parts of the world that time zones are named after.
const AREAS: [&str; 8] = [
    "Africa",
    "America",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Job,
    Stage,
    Age,
    Interview,
    Zone,
}

#[derive(Debug)]
pub(crate) struct Filter;

impl FormType for Filter {
    type Name = Name;

    const DOING: &'static str = "filtering";
    const LEAVE: Leave = Leave::ChangesNothing;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let now = &state.candidates.filters;
        let age = AGES.iter().position(|it| *it == now.older_than_days);
        let ages = Choice::new(AGES_WORDS, age.unwrap_or(0));
        let interview = Choice::new(&["any", "none upcoming"], usize::from(now.no_interview));
        let mut areas = vec![Pick::new("", "any", "")];
        areas.extend(AREAS.map(|area| Pick::new(area, area, "")));
        let job = now.job.as_ref().map_or("", |(id, _)| id);
        let stage = now.stage.as_deref().unwrap_or_default();
        let zone = now.zone.as_deref().unwrap_or_default();
        let sheet = Sheet::new(vec![
            (Name::Job, select("Job", picks_of_jobs(state), Some(job))),
            (
                Name::Stage,
                select("Stage", picks_of_stages(state, job), Some(stage)),
            ),
            (Name::Age, Field::new("In stage", Entry::Choice(ages))),
            (
                Name::Interview,
                Field::new("Interview", Entry::Choice(interview)),
            ),
            (Name::Zone, select("Time zone", areas, Some(zone))),
        ]);
        Frame::new(subject, "Filter candidates", "Filter", sheet, Self)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        repick(&mut form.sheet, Name::Job, picks_of_jobs(state));
        choose_if_none(&mut form.sheet, Name::Job, "");
        let job = form.sheet.chosen(Name::Job).to_owned();
        repick(&mut form.sheet, Name::Stage, picks_of_stages(state, &job));
        choose_if_none(&mut form.sheet, Name::Stage, "");
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let sheet = &form.sheet;
        let job = maybe(sheet.chosen(Name::Job)).map(|id| {
            let picks = picks_of_jobs(state);
            let title = picks.into_iter().find(|pick| pick.value == id);
            let title = title.map(|pick| pick.label).unwrap_or_default();
            (id, title)
        });
        Some(Send::Filter(Box::new(Filters {
            job,
            stage: maybe(sheet.chosen(Name::Stage)),
            older_than_days: AGES.get(sheet.choice(Name::Age)).copied().flatten(),
            no_interview: sheet.choice(Name::Interview) == 1,
            zone: maybe(sheet.chosen(Name::Zone)),
        })))
    }

    fn answered(_form: &mut Frame<Self>, _reply: R) -> Result<Answered, Error> {
        Err(unexpected())
    }
}

fn picks_of_jobs(state: &State) -> Vec<Pick> {
    let mut picks = vec![Pick::new("", "any", "")];
    picks.extend(jobs(state));
    picks
}

/// The names of a job's stages, or of every job's.
fn picks_of_stages(state: &State, job: &str) -> Vec<Pick> {
    let mut picks = vec![Pick::new("", "any", "")];
    let all = state.cache.jobs.latest().into_iter().flatten();
    let meant = all.filter(|it| it.open && (job.is_empty() || it.id.to_string() == job));
    for stage in meant.flat_map(|job| &job.stages) {
        if !picks.iter().any(|pick| pick.value == stage.name) {
            picks.push(Pick::new(&stage.name, &stage.name, ""));
        }
    }
    picks
}
