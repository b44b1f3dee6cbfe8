//! The gear of a stage: how its interviews are scheduled.
//!
//! Owns the form: which fields are shown, what is said beside them, and what is sent. The fields are
//! made in `fields`, the panel's groups in `panel`, and read back in `typed`; `preview` says what a
//! candidate would get now. Invariant: what the person did not change is sent as it is stored,
//! whatever of it this form can show.

mod fields;
mod panel;
mod preview;
mod typed;

use greenroom_protocol::Error;
use greenroom_protocol::outreach::{OutreachStart, ShadowFigures};
use greenroom_protocol::pipeline::{GuidanceRead, Stage, StageConfigure};
use greenroom_protocol::schedule::{Planned, SlotQuery, TimeRead};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use self::fields::{fields, hosts};
use self::preview::Preview;
use self::typed::interview;
use crate::forms::fill::{
    GONE, changed, choose_if_none, host_trouble, is_gone, members, needed, refuse_host_below,
    repick,
};
use crate::forms::sheet::{Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::typed::ask_for;
use crate::widgets::Canvas;
use crate::wording;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Stage,
    Ai,
    Approval,
    Host,
    Organizer,
    /// A group of the panel, by its place.
    Group(u8),
    Windows,
    Duration,
    Before,
    After,
    Notice,
    Horizon,
    Cap,
    CapWeek,
    Step,
    Zone,
    Night,
    Guidance,
    Notes,
    /// Whether the assistant begins with those who are in the stage.
    Inside,
}

const BUTTON: &str = "Save Stage";

#[derive(Debug, Default)]
pub(crate) struct StageSettings {
    preview: Preview,
    /// The assistant begins with those who are in the stage once it is saved.
    starts: bool,
}

impl FormType for StageSettings {
    type Name = Name;

    const DOING: &'static str = "saving the stage";
    const EDITS: bool = true;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let Some((job, stage)) = find(state, subject) else {
            let empty = Sheet::new(Vec::new());
            return Frame::new(subject, "Stage settings", BUTTON, empty, Self::default());
        };
        let title = format!("{} · {}", stage.name, job);
        let sheet = Sheet::new(fields(state, stage));
        let mut form = Frame::new(subject, title, BUTTON, sheet, Self::default());
        form.revision = Some(stage.revision);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let stage = find(state, &form.subject).map(|(_, stage)| stage);
        let plan = stage.map(|stage| &stage.interview);
        let sheet = &mut form.sheet;
        let ai = sheet.choice(Name::Ai) == 1;
        let mut organizers = members(state, false);
        organizers.insert(0, fields::zoom_user_invites());
        repick(sheet, Name::Organizer, organizers);
        repick(sheet, Name::Host, hosts(state, ai));
        if !ai {
            choose_if_none(sheet, Name::Host, "");
        }
        panel::refresh(sheet, state);
        let named = plan.and_then(|plan| plan.zoom_user);
        let nobody = sheet.chosen(Name::Host).is_empty();
        let trouble = match named.filter(|host| is_gone(state, *host)) {
            Some(_) if nobody => Some(GONE.to_owned()),
            _ if nobody && ai => Some(fields::NEEDS_HOST.to_owned()),
            _ => host_trouble(sheet.chosen(Name::Host), state)
                .map(|words| format!("{words}, or choose another")),
        };
        let trouble = trouble.map(Note::Advice);
        sheet.say(Name::Host, trouble.into_iter().collect());
        let waiting = stage.map_or(0, |it| it.not_started);
        sheet.show(Name::Inside, ai && waiting > 0);
        let starts = starts(sheet);
        let said = stage
            .filter(|_| ai)
            .map(|it| Note::Hint(on_saving(it, starts)));
        sheet.say(Name::Ai, said.into_iter().collect());
        if let Some(figures) = stage.and_then(|it| it.shadow) {
            sheet.say(Name::Approval, vec![watched(figures)]);
        }
        let read = form.own.preview.guidance();
        let read = read.or(stage.and_then(|it| it.guidance.as_ref()));
        if let Some(read) = read {
            sheet.say(Name::Guidance, guidance(read));
        }
        // A daemon that does not know a setting says nothing of it.
        let known = plan.is_some_and(|plan| plan.zoom_notes.is_some());
        sheet.show(Name::Notes, known);
        let known = plan.is_some_and(|plan| plan.step_minutes.is_some());
        for name in [Name::CapWeek, Name::Step, Name::Zone, Name::Night] {
            sheet.show(name, known);
        }
        let known = plan.is_some_and(|plan| plan.approval_chosen.is_some());
        sheet.show(Name::Organizer, ai && known);
        sheet.show(Name::Approval, ai);
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "name" | "stage" => Name::Stage,
            "approval" => Name::Approval,
            "zoom_user" => Name::Host,
            "organizer" => Name::Organizer,
            "duration_minutes" => Name::Duration,
            "windows" => Name::Windows,
            "buffer_before_minutes" => Name::Before,
            "buffer_after_minutes" => Name::After,
            "notice_minutes" => Name::Notice,
            "horizon_days" => Name::Horizon,
            "daily_cap" => Name::Cap,
            "weekly_cap" => Name::CapWeek,
            "step_minutes" => Name::Step,
            "zone" => Name::Zone,
            "night" => Name::Night,
            "guidance" => Name::Guidance,
            "zoom_notes" => Name::Notes,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let (_, stage) = find(state, &form.subject)?;
        let stored = &stage.interview;
        let sheet = &mut form.sheet;
        let name = changed(sheet, Name::Stage, |sheet| {
            needed(sheet, Name::Stage, "Enter a name")
        });
        let interview = interview(sheet, stored)?;
        form.own.starts = starts(sheet);
        let request = StageConfigure {
            stage: form.subject.clone(),
            name: name?,
            expected_revision: form.revision,
            ..StageConfigure::default()
        };
        let protocol = state.link.hello().map_or(0, |hello| hello.protocol);
        let stage = ask_for(request, stored, interview, protocol);
        Some(Send::Call(Box::new(Q::StageConfigure { stage })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::StageConfigure(done) = reply else {
            return Err(unexpected());
        };
        let stage = done?;
        let saved = format!("{} saved", stage.name);
        if !form.own.starts {
            return Ok(Answered::Done(saved));
        }
        let start = OutreachStart {
            stage: Some(stage.id.to_string()),
            job: Some(stage.job.to_string()),
            ..OutreachStart::default()
        };
        Ok(Answered::Begins(saved, Box::new(start)))
    }

    fn refuse(form: &mut Frame<Self>, name: Option<Name>, error: Error) {
        refuse_host_below(form, Name::Host, name, error);
    }

    fn about(form: &Frame<Self>) -> About {
        About {
            host: form.sheet.chosen(Name::Host).parse().ok(),
            ..About::default()
        }
    }

    const KEEPS_BELOW: u16 = preview::ROWS;

    fn asks(form: &mut Frame<Self>, state: &State) -> Vec<(Ask, Q)> {
        let query = previewed(form, state);
        form.own.preview.ask(query).into_iter().collect()
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        form.own.preview.take(reply);
    }

    fn invalidate(&mut self) {
        self.preview.invalidate();
    }

    fn rows_below(&self, _cells: usize) -> u16 {
        preview::ROWS + 1
    }

    fn draw_below(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.preview.draw(state, canvas, area);
    }
}

/// Whether the assistant is to begin with those who are in the stage.
fn starts(sheet: &Sheet<Name>) -> bool {
    sheet.is_shown(Name::Inside) && sheet.choice(Name::Inside) == 1
}

/// What saving does to those who are in the stage.
fn on_saving(stage: &Stage, starts: bool) -> String {
    let (here, they) = match stage.candidates {
        0 => ("Nobody is here yet".to_owned(), ""),
        1 => ("1 candidate is here".to_owned(), "them"),
        many => (format!("{many} candidates are here"), "them"),
    };
    match (starts, stage.not_started) {
        (true, count) => format!("Saving starts scheduling for {count} candidates here"),
        (false, 0) => format!("Saving sends no email. {here}"),
        (false, _) => format!("Saving sends no email. {here}: start scheduling {they} too?"),
    }
}

/// What the guidance is read as, and what is a note only.
fn guidance(read: &GuidanceRead) -> Vec<Note> {
    let chips = read.chips.join("; ");
    let notes = read.notes.join("; ");
    let chips = (!chips.is_empty()).then(|| Note::Hint(format!("Read as: {chips}")));
    let notes = (!notes.is_empty()).then(|| Note::Hint(format!("Note only: {notes}")));
    chips.into_iter().chain(notes).collect()
}

/// What watching has shown, and the question that follows.
fn watched(figures: ShadowFigures) -> Note {
    let words = wording::outreach::watched(figures);
    Note::Hint(match wording::outreach::speaks_for_auto(figures) {
        true => format!("{words}. Send automatically?"),
        false => words,
    })
}

/// Asks when an interview could be, as the settings stand in the form; `None` where they could not
/// be saved like that, which is said beside the fields once somebody saves.
fn previewed(form: &Frame<StageSettings>, state: &State) -> Option<SlotQuery> {
    let (_, stage) = find(state, &form.subject)?;
    let hello = state.link.hello()?;
    if hello.protocol < TimeRead::SINCE {
        return None;
    }
    let mut sheet = form.sheet.clone();
    let interview = interview(&mut sheet, &stage.interview)?;
    let nothing = StageConfigure::default();
    let asked = ask_for(nothing, &stage.interview, interview, hello.protocol);
    Some(SlotQuery {
        planned: Planned {
            stage: Some(form.subject.clone()),
            change: asked.change.map(Box::new),
            zone: state.zone().iana_name().map(str::to_owned),
            ..Planned::default()
        },
        limit: Some(preview::TIMES),
        best: true,
        ..SlotQuery::default()
    })
}

fn find<'a>(state: &'a State, subject: &str) -> Option<(&'a str, &'a Stage)> {
    let jobs = state.cache.jobs.latest()?;
    let all = jobs
        .iter()
        .flat_map(|job| job.stages.iter().map(|stage| (job.title.as_str(), stage)));
    let mut matching = all.filter(|(_, stage)| stage.id.to_string() == subject);
    matching.next()
}
