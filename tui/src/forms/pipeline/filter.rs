//! Which candidates the list shows: closed choices, one's own saved views, and a name to save what
//! was chosen under. Nothing is sent but a view that is saved, renamed or removed.

use std::borrow::Cow;

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateView, ViewDelete};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{choose_if_none, jobs, line, maybe, needed, repick, select};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{Answered, FormType, Frame, Leave, Send, unexpected};
use crate::state::State;
use crate::state::selected::{Filters, Wanted};
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
    View,
    Then,
    Job,
    Stage,
    Age,
    Interview,
    Zone,
    Save,
}

/// What is done with the saved view that is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    /// The list shows it, as the fields have it.
    Use,
    /// It has another name from now on.
    Rename,
    /// It is removed; the list stays as it is.
    Remove,
}

/// What the fields were filled from, with what they have no room for.
#[derive(Debug)]
pub(crate) struct Filter {
    from: Wanted,
    /// What the list showed before.
    listed: Wanted,
    /// The name of the view that is chosen; empty: none.
    chosen: String,
    /// It has its new name, and is still to be removed under the one it had.
    renamed: bool,
}

/// The fields of what a list shows.
const FILTERS: [Name; 5] = [
    Name::Job,
    Name::Stage,
    Name::Age,
    Name::Interview,
    Name::Zone,
];

impl FormType for Filter {
    type Name = Name;

    const DOING: &'static str = "saving";
    const LEAVE: Leave = Leave::ChangesNothing;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let views = state.cache.views.latest().map_or(&[][..], |it| it);
        let chosen = state.candidates.view(views).map(|view| view.name.clone());
        let own = Self {
            from: state.candidates.wanted(),
            listed: state.candidates.wanted(),
            chosen: chosen.unwrap_or_default(),
            renamed: false,
        };
        let then = Choice::new(&["Use it", "Rename it", "Remove it"], 0);
        let interview = Choice::new(&["any", "none upcoming"], 0);
        let sheet = Sheet::new(vec![
            (
                Name::View,
                select("Saved view", picks_of_views(state), Some(&own.chosen)),
            ),
            (Name::Then, Field::new("Then", Entry::Choice(then))),
            (Name::Job, select("Job", Vec::new(), None)),
            (Name::Stage, select("Stage", Vec::new(), None)),
            (Name::Age, Field::new("In stage", Entry::Choice(ages(None)))),
            (
                Name::Interview,
                Field::new("Interview", Entry::Choice(interview)),
            ),
            (Name::Zone, select("Time zone", Vec::new(), None)),
            (Name::Save, line("Save as", "")),
        ]);
        let mut form = Frame::new(subject, "Filter candidates", "Filter", sheet, own);
        form.fill(state);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        repick(&mut form.sheet, Name::View, picks_of_views(state));
        choose_if_none(&mut form.sheet, Name::View, "");
        let views = state.cache.views.latest();
        form.sheet
            .show(Name::View, views.is_some_and(|views| !views.is_empty()));
        let chosen = form.sheet.chosen(Name::View).to_owned();
        if chosen != form.own.chosen {
            let view = views.into_iter().flatten().find(|it| it.name == chosen);
            form.own.from = match view {
                Some(view) => Wanted::of(view, |id| title(state, id)),
                None => form.wanted(),
            };
            form.own.chosen = chosen;
            form.fill(state);
        }
        form.offer(state);
        form.sheet.show(Name::Then, !form.own.chosen.is_empty());
        let then = form.then();
        for name in FILTERS {
            form.sheet.show(name, then == Then::Use);
        }
        form.sheet.show(Name::Save, then != Then::Remove);
        if let Some(field) = form.sheet.field_mut(Name::Save) {
            field.label = match then {
                Then::Rename => "New name",
                _ => "Save as",
            };
        }
        let saves = !form.sheet.text(Name::Save).is_empty();
        form.button = match then {
            Then::Rename => "Rename View",
            Then::Remove => "Remove View",
            Then::Use if saves => "Save and filter",
            Then::Use => "Filter",
        };
        let saves = saves && then == Then::Use;
        let hints = saves.then(|| form.own.kept()).flatten();
        // A name that is asked for stays asked for until one is typed.
        if then == Then::Use {
            let hints = hints.into_iter().map(Note::Hint);
            form.sheet.say(Name::Save, hints.collect());
        }
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let remove = || {
            let name = form.own.chosen.clone();
            let view = ViewDelete { name };
            Some(Send::Call(Box::new(Q::CandidateViewDelete { view })))
        };
        match form.then() {
            Then::Use => {}
            Then::Rename if !form.own.renamed => return form.rename(state),
            Then::Rename | Then::Remove => return remove(),
        }
        let wanted = form.wanted();
        let Some(name) = maybe(form.sheet.text(Name::Save)) else {
            return Some(Send::Filter(Box::new(wanted)));
        };
        let query = wanted.query();
        form.own.from = wanted;
        let view = CandidateView { name, query };
        Some(Send::Call(Box::new(Q::CandidateViewSave { view })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let saved = match reply {
            R::CandidateViewSave(saved) => saved?,
            R::CandidateViewDelete(removed) => return Ok(form.removed(&removed?.name)),
            _ => return Err(unexpected()),
        };
        if form.then() == Then::Rename {
            return Ok(form.has_new_name(&saved.name));
        }
        let jobs = &form.own.from.filters.jobs;
        let title = |id: &str| {
            let job = jobs.iter().find(|(job, _)| job == id);
            job.map(|(_, title)| title.clone())
        };
        let words = format!("View “{}” saved", saved.name);
        Ok(Answered::Saved(Box::new(Wanted::of(&saved, title)), words))
    }

    fn name(of_request: &str) -> Option<Name> {
        match of_request {
            "name" => Some(Name::Save),
            "jobs" => Some(Name::Job),
            "stages" => Some(Name::Stage),
            "zones" => Some(Name::Zone),
            _ => None,
        }
    }
}

impl Filter {
    /// What a view keeps beside the fields; `None` where that is nothing.
    fn kept(&self) -> Option<String> {
        let searched = !self.from.text.trim().is_empty();
        let parts = [
            searched.then(|| format!("the search “{}”", self.from.text.trim())),
            (self.from.sort != Default::default()).then(|| "the order".to_owned()),
            self.from.archived.then(|| "that it is archived".to_owned()),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| format!("Also keeps {}", parts.join(", ")))
    }
}

impl Frame<Filter> {
    /// What is done with the view that is chosen.
    fn then(&self) -> Then {
        match self.sheet.choice(Name::Then) {
            _ if self.own.chosen.is_empty() => Then::Use,
            1 => Then::Rename,
            2 => Then::Remove,
            _ => Then::Use,
        }
    }

    /// Saves the view as it is stored under its new name; the old name goes after it.
    fn rename(&mut self, state: &State) -> Option<Send> {
        let name = needed(&mut self.sheet, Name::Save, "Enter a name")?;
        let mut views = state.cache.views.latest().into_iter().flatten();
        let stored = views.find(|view| view.name == self.own.chosen)?;
        let query = stored.query.clone();
        let view = CandidateView { name, query };
        Some(Send::Call(Box::new(Q::CandidateViewSave { view })))
    }

    /// The view has its new name. One that differs in case only took the place of the old one.
    fn has_new_name(&mut self, name: &str) -> Answered {
        if name.to_lowercase() == self.own.chosen.to_lowercase() {
            return self.as_listed(Some(name), format!("View renamed to “{name}”"));
        }
        self.own.renamed = true;
        Answered::NextPage
    }

    /// The view is gone, or its old name is.
    fn removed(&self, name: &str) -> Answered {
        if self.then() == Then::Rename {
            let new = self.sheet.text(Name::Save);
            return self.as_listed(Some(new), format!("View renamed to “{new}”"));
        }
        self.as_listed(None, format!("View “{name}” removed"))
    }

    /// The list stays as it was; where it shows the view, that has this name now.
    fn as_listed(&self, name: Option<&str>, words: String) -> Answered {
        let mut listed = self.own.listed.clone();
        if listed.view.as_ref() == Some(&self.own.chosen) {
            listed.view = name.map(str::to_owned);
        }
        Answered::Saved(Box::new(listed), words)
    }

    /// Fills the fields in with what the list should be.
    fn fill(&mut self, state: &State) {
        let filters = self.own.from.filters.clone();
        let job = joined(filters.jobs.iter().map(|(id, _)| id.as_str()));
        let stage = joined(filters.stages.iter().map(String::as_str));
        let zone = joined(filters.zones.iter().map(String::as_str));
        for (name, value) in [(Name::Job, job), (Name::Stage, stage), (Name::Zone, zone)] {
            // What depends on what was filled in before is offered first.
            self.offer(state);
            if let Some(Entry::Select(select)) = self.sheet.field_mut(name).map(|it| &mut it.entry)
            {
                select.choose(&value);
            }
        }
        self.sheet
            .choose(Name::Interview, usize::from(filters.no_interview));
        if let Some(field) = self.sheet.field_mut(Name::Age) {
            field.entry = Entry::Choice(ages(filters.older_than_days));
        }
    }

    /// Offers what may be chosen: what there is, and what the fields were filled from.
    fn offer(&mut self, state: &State) {
        let from = &self.own.from.filters;
        let jobs = from.jobs.iter();
        let jobs = jobs.map(|(id, title)| (id.as_str(), title.as_str()));
        let jobs = with(picks_of_jobs(state), jobs.collect());
        let same = |texts: &'_ [String]| -> Vec<(String, String)> {
            texts.iter().map(|it| (it.clone(), it.clone())).collect()
        };
        let (stages, zones) = (same(&from.stages), same(&from.zones));
        repick(&mut self.sheet, Name::Job, jobs);
        choose_if_none(&mut self.sheet, Name::Job, "");
        let job = self.sheet.chosen(Name::Job).to_owned();
        let stages = with(picks_of_stages(state, &job), pairs(&stages));
        repick(&mut self.sheet, Name::Stage, stages);
        choose_if_none(&mut self.sheet, Name::Stage, "");
        let mut areas = vec![Pick::new("", "any", "")];
        areas.extend(AREAS.map(|area| Pick::new(area, area, "")));
        repick(&mut self.sheet, Name::Zone, with(areas, pairs(&zones)));
        choose_if_none(&mut self.sheet, Name::Zone, "");
    }

    /// The list as the fields have it; what they have no room for is as the view has it, or as it
    /// is.
    fn wanted(&self) -> Wanted {
        let sheet = &self.sheet;
        let several = |name| parted(sheet.chosen(name)).map(str::to_owned).collect();
        let known = &self.own.from.filters;
        let titled = |id: &str| {
            let of_view = known.jobs.iter().find(|(job, _)| job == id);
            let label = match sheet.field(Name::Job).map(|field| &field.entry) {
                Some(Entry::Select(select)) => select.chosen().map(|pick| pick.label.clone()),
                _ => None,
            };
            let title = of_view.map(|(_, title)| title.clone()).or(label);
            (id.to_owned(), title.unwrap_or_default())
        };
        let ages = AGES.get(sheet.choice(Name::Age)).copied();
        Wanted {
            filters: Filters {
                jobs: parted(sheet.chosen(Name::Job)).map(titled).collect(),
                stages: several(Name::Stage),
                // The one that is none of those offered is the view's own.
                older_than_days: ages.unwrap_or(known.older_than_days),
                no_interview: sheet.choice(Name::Interview) == 1,
                zones: several(Name::Zone),
                ..known.clone()
            },
            view: maybe(&self.own.chosen),
            ..self.own.from.clone()
        }
    }
}

/// The ages there are to choose from, with `days` chosen.
fn ages(days: Option<u32>) -> Choice {
    let mut words: Vec<_> = AGES_WORDS.iter().map(|word| Cow::Borrowed(*word)).collect();
    let at = AGES.iter().position(|it| *it == days);
    if let (None, Some(days)) = (at, days) {
        words.push(Cow::Owned(format!("> {days} days")));
    }
    Choice::of(words, at.unwrap_or(AGES.len()))
}

/// Several values as one that can be chosen.
fn joined<'a>(values: impl Iterator<Item = &'a str>) -> String {
    values.collect::<Vec<_>>().join("\n")
}

/// The values of what was chosen.
fn parted(chosen: &str) -> impl Iterator<Item = &str> {
    chosen.split('\n').filter(|value| !value.is_empty())
}

fn pairs(all: &[(String, String)]) -> Vec<(&str, &str)> {
    all.iter()
        .map(|(value, label)| (&**value, &**label))
        .collect()
}

/// The picks, and these values as one, where they are not among them.
fn with(mut picks: Vec<Pick>, own: Vec<(&str, &str)>) -> Vec<Pick> {
    let value = joined(own.iter().map(|(value, _)| *value));
    if !picks.iter().any(|pick| pick.value == value) {
        let labels: Vec<_> = own.iter().map(|(_, label)| *label).collect();
        picks.push(Pick::new(&value, &labels.join(", "), ""));
    }
    picks
}

/// The title of a job, whether it is open or not.
fn title(state: &State, id: &str) -> Option<String> {
    let mut all = state.cache.jobs.latest().into_iter().flatten();
    let job = all.find(|job| job.id.to_string() == id);
    job.map(|job| job.title.clone())
}

fn picks_of_views(state: &State) -> Vec<Pick> {
    let mut picks = vec![Pick::new("", "none", "")];
    let views = state.cache.views.latest().into_iter().flatten();
    picks.extend(views.map(|view| Pick::new(&view.name, &view.name, "")));
    picks
}

fn picks_of_jobs(state: &State) -> Vec<Pick> {
    let mut picks = vec![Pick::new("", "any", "")];
    picks.extend(jobs(state));
    picks
}

/// The names of the stages of these jobs, or of every job's.
fn picks_of_stages(state: &State, job: &str) -> Vec<Pick> {
    let mut picks = vec![Pick::new("", "any", "")];
    let all = state.cache.jobs.latest().into_iter().flatten();
    let meant = all.filter(|it| {
        it.open && {
            let id = it.id.to_string();
            job.is_empty() || parted(job).any(|wanted| wanted == id)
        }
    });
    for stage in meant.flat_map(|job| &job.stages) {
        if !picks.iter().any(|pick| pick.value == stage.name) {
            picks.push(Pick::new(&stage.name, &stage.name, ""));
        }
    }
    picks
}
