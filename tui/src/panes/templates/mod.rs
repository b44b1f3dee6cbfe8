//! The words of emails: listed, previewed, written in the person's editor, and reset; of the whole
//! workspace, or as one stage's candidates get them.
//!
//! Invariant: what somebody typed is taken by the daemon, or kept in a file that the failure names;
//! what somebody else saved since is not overwritten.

mod draw;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{Job, Stage};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::template::{
    Template, TemplateBrief, TemplateEdit, TemplateName, TemplatePreview, TemplateQuery,
};
use ratatui::layout::Rect;

use crate::keys::{Command, Context, Places};
use crate::panes::chooser::Chooser;
use crate::panes::failure::fail;
use crate::panes::mail::Letters;
use crate::state::State;
use crate::state::event::{Action, Done, Task};
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::{Need, TEMPLATES_SINCE};
use crate::state::subject::{Hint, Subject};
use crate::state::work::{Errand, answer};
use crate::typed::template::{read, sheet};
use crate::widgets::{Canvas, List, Pick};

pub(super) static SUBJECT: Subject = Subject {
    changes: &[
        Command::EditTemplate,
        Command::StageTemplate,
        Command::ResetTemplate,
    ],
    views: &[Command::Templates],
    disabled_reason,
    dispatch: |state, command| match command {
        Command::EditTemplate => edit(state),
        Command::StageTemplate => choose_stage(state),
        Command::ResetTemplate => reset(state),
        _ => {
            state.panes.push(Templates::default());
            Vec::new()
        }
    },
    ..Subject::NONE
};

/// The list.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    list: List,
    /// The stage whose emails they are; `None`: every template there is.
    stage: Option<String>,
}

impl Templates {
    /// The emails of one stage: each with the words that its candidates get.
    pub(crate) fn of_stage(stage: &str) -> Self {
        Self {
            stage: Some(stage.to_owned()),
            ..Self::default()
        }
    }

    /// What is listed; `None`: it is not known yet.
    fn listed<'a>(&self, state: &'a State) -> Option<Vec<&'a TemplateBrief>> {
        let all = &state.cache.templates.latest()?.items;
        let Some(stage) = &self.stage else {
            return Some(all.iter().collect());
        };
        let own = |it: &&TemplateBrief| {
            let of = it.stage.as_ref().map(|of| of.id.to_string());
            of.as_ref() == Some(stage)
        };
        let in_force = |usual: &'a TemplateBrief| {
            let own = all.iter().filter(own).find(|it| it.name == usual.name);
            own.unwrap_or(usual)
        };
        let usual = all.iter().filter(|it| it.stage.is_none());
        Some(usual.map(in_force).collect())
    }

    fn selected<'a>(&self, state: &'a State) -> Option<&'a TemplateBrief> {
        let listed = self.listed(state)?;
        listed.get(self.list.selected(listed.len())?).copied()
    }

    /// Which template the selected one is, or becomes once it is changed.
    fn key(&self, state: &State) -> Option<(TemplateName, Option<String>)> {
        let brief = self.selected(state)?;
        let own = || brief.stage.as_ref().map(|it| it.id.to_string());
        Some((brief.name, self.stage.clone().or_else(own)))
    }
}

impl Pane for Templates {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Templates)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![Need::Templates(()), Need::Jobs(())];
        needs.extend(self.key(state).map(Need::OneTemplate));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            if command == Command::Enter {
                return Some(preview(state));
            }
            let listed = state.panes.top_as::<Self>()?.listed(state);
            let len = listed.map_or(0, |listed| listed.len());
            let pane = state.panes.top_as_mut::<Self>()?;
            pane.list.go(command, len).then(Vec::new)
        }
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        let none = command == Command::Enter && self.selected(state).is_none();
        none.then_some("the templates are still loading")
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        (command == Command::Enter).then_some(Hint::Words("preview"))
    }
}

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    if command == Command::Templates {
        let hello = state.link.hello();
        if hello.is_some_and(|hello| hello.protocol < TEMPLATES_SINCE) {
            return Some("the daemon is too old for this");
        }
        return (!state.hires()).then_some("only the hiring team can");
    }
    if !state.is_staff() {
        return Some("only admins and recruiters can");
    }
    // What is not known yet must not be written over.
    let Some(template) = selected(state) else {
        return Some("the template is still loading");
    };
    let pane = state.panes.below_help_as::<Templates>();
    let of_stage = pane.is_some_and(|pane| pane.stage.is_some());
    if command == Command::StageTemplate && of_stage {
        return Some("these are the words of one stage");
    }
    if command == Command::StageTemplate {
        let none = stages(state).is_empty();
        return none.then_some("no job has a stage yet");
    }
    let built_in = command == Command::ResetTemplate && template.revision == 0;
    built_in.then_some(match of_stage {
        true => "the stage has no words of its own",
        false => "these are the built-in words",
    })
}

/// The template that is selected, once it is known whole.
fn selected(state: &State) -> Option<&Template> {
    let pane = state.panes.below_help_as::<Templates>()?;
    state.cache.one_template.get(&pane.key(state)?)
}

fn query(template: &Template) -> TemplateQuery {
    TemplateQuery {
        name: template.name,
        stage: template.stage.as_ref().map(|it| it.id.to_string()),
        job: None,
    }
}

/// Asks how the selected email reads.
fn preview(state: &mut State) -> Vec<Action> {
    let pane = state.panes.top_as::<Templates>();
    let Some((name, stage)) = pane.and_then(|it| it.key(state)) else {
        return Vec::new();
    };
    let preview = TemplatePreview {
        template: TemplateQuery {
            name,
            stage,
            job: None,
        },
        ..TemplatePreview::default()
    };
    let errand = Errand::call("preview-template", previewed).says("writing the email…");
    vec![state.call(errand, Q::TemplatePreview { preview })]
}

fn previewed(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, TemplatePreview) {
        Err(error) => return fail(state, error),
        Ok(previewed) => {
            let letters = vec![previewed.letter];
            state.panes.push(Letters::new(letters, previewed.example));
        }
    }
    Vec::new()
}

/// Every stage of the open jobs, as job and stage.
fn stages(state: &State) -> Vec<Pick> {
    let jobs = state.cache.jobs.latest().into_iter().flatten();
    let jobs = jobs.filter(|job| job.open);
    let of = |job: &Job| {
        let stages = job.stages.iter();
        let pick = |stage: &Stage| {
            let label = format!("{} · {}", job.title, stage.name);
            Pick::new(&stage.id.to_string(), &label, "")
        };
        stages.map(pick).collect::<Vec<_>>()
    };
    jobs.flat_map(of).collect()
}

/// Asks for which stage the selected email gets words of its own.
fn choose_stage(state: &mut State) -> Vec<Action> {
    let Some(template) = selected(state) else {
        return Vec::new();
    };
    let name = template.name;
    let here = template.stage.as_ref().map(|it| it.id.to_string());
    let all = state.cache.templates.latest().into_iter();
    let own: Vec<_> = all
        .flat_map(|page| &page.items)
        .filter(|it| it.name == name)
        .filter_map(|it| Some(it.stage.as_ref()?.id.to_string()))
        .collect();
    let mut picks = stages(state);
    for pick in picks.iter_mut().filter(|it| own.contains(&it.value)) {
        pick.note = "has its own words".to_owned();
    }
    let title = format!("Words of {name} for");
    let chosen = move |state: &mut State, pick: &Pick| {
        let template = TemplateQuery {
            name,
            stage: Some(pick.value.clone()),
            job: None,
        };
        let errand = Errand::call("stage-template", of_stage).says("reading the template…");
        vec![state.call(errand, Q::TemplateShow { template })]
    };
    let chooser = Chooser::new(title, picks, here.as_deref(), chosen);
    state.panes.push(chooser);
    Vec::new()
}

/// The words a stage's email has now are known: they are edited as the stage's own.
fn of_stage(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, TemplateShow) {
        Err(error) => fail(state, error),
        Ok(template) => compose(state, &template),
    }
}

/// Hands the selected words to the person's editor.
fn edit(state: &mut State) -> Vec<Action> {
    match selected(state).cloned() {
        Some(template) => compose(state, &template),
        None => Vec::new(),
    }
}

/// Hands words to the person's editor: the subject on the first line.
fn compose(state: &mut State, template: &Template) -> Vec<Action> {
    let former = sheet(&template.subject, &template.text);
    let edit = TemplateEdit {
        template: query(template),
        expected_revision: Some(template.revision),
        ..TemplateEdit::default()
    };
    let began = former.clone();
    let errand = Errand::task("compose", move |state, done| {
        written(state, edit, &began, done)
    });
    vec![Action::Compose(state.ticket(errand.changes()), former)]
}

/// The editor ended: what it wrote goes to the daemon.
fn written(
    state: &mut State,
    mut edit: TemplateEdit,
    former: &str,
    done: Result<Done, Error>,
) -> Vec<Action> {
    let typed = match done {
        Ok(Done::Written(text)) => text,
        Ok(_) => return Vec::new(),
        Err(error) => return fail(state, error),
    };
    if typed.trim_end() == former.trim_end() {
        state.toast("Template unchanged", true);
        return Vec::new();
    }
    let (subject, text) = read(&typed);
    edit.subject = subject;
    edit.text = Some(text);
    let errand = Errand::call("template", move |state, reply| saved(state, typed, reply));
    let errand = errand.says("saving the template…").changes();
    vec![state.call(errand, Q::TemplateEdit { edit })]
}

/// The daemon took them, or what was typed goes into a file.
fn saved(state: &mut State, typed: String, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("template");
    match answer!(reply, TemplateEdit) {
        Ok(template) => {
            let of = template.stage.as_ref();
            let of = of.map(|it| format!(" of {} · {}", it.job_title, it.name));
            let of = of.unwrap_or_default();
            let words = format!("Saved: the next {}{of} has these words", template.name);
            state.toast(words, true);
            Vec::new()
        }
        Err(error) => {
            let errand = Errand::task("keep", |state, done| match done {
                Ok(_) => Vec::new(),
                Err(error) => fail(state, error),
            });
            vec![state.begin(errand, Task::Keep(error, typed))]
        }
    }
}

/// Gives the workspace's or the stage's own words up.
fn reset(state: &mut State) -> Vec<Action> {
    let Some(template) = selected(state) else {
        return Vec::new();
    };
    let edit = TemplateEdit {
        template: query(template),
        reset: true,
        expected_revision: Some(template.revision),
        ..TemplateEdit::default()
    };
    let errand = Errand::call("template", was_reset).says("resetting the template…");
    vec![state.call(errand.changes(), Q::TemplateEdit { edit })]
}

fn was_reset(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    state.cache.invalidate("template");
    match answer!(reply, TemplateEdit) {
        Err(error) => return fail(state, error),
        Ok(template) => {
            let words = match template.stage {
                Some(_) => "Reset to the workspace's words",
                None => "Reset to the built-in words",
            };
            state.toast(words, true);
        }
    }
    Vec::new()
}
