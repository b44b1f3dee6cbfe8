//! The gear of a stage: how its interviews are scheduled.
//!
//! Invariant: what the person did not change is sent as it is stored, whatever of it this form can
//! show: every group of the panel has a field of its own, minutes are not rounded, and people who
//! left stay until they are taken out.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{
    self, Night, PanelGroup, PanelRule, STEPS, Stage, StageConfigure, StageInterview, USUAL_STEP,
    Window,
};
use greenroom_protocol::schedule::{Planned, SlotQuery, TimeRead};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use super::stage_preview::{self, Preview};
use crate::forms::fill::{
    GONE, changed, changed_text, host_trouble, is_gone, line, maybe, members, needed, number,
    refuse_host_below, repick, select, zones_after,
};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::typed::hours::{week, week_shown};
use crate::typed::{Minutes, TypedNight, ask_for, written};
use crate::widgets::{Canvas, Choice, MultiSelect, Pick};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Stage,
    Ai,
    Approval,
    Host,
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
}

/// The rules a group can have, with their labels. Each has a field to make a group of it, too.
const RULES: [(PanelRule, &str); 3] = [
    (PanelRule::AllOf, "All of"),
    (PanelRule::AnyOf, "One of"),
    (PanelRule::Optional, "Optional"),
];

/// Where the fields of new groups begin; those of the stored panel come before.
const NEW: u8 = 200;

/// [`STEPS`], to choose from.
const STEP_WORDS: [&str; STEPS.len()] = ["5", "10", "15", "20", "30", "60"];

const BUTTON: &str = "Save Stage";

#[derive(Debug, Default)]
pub(crate) struct StageSettings {
    preview: Preview,
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
        let named = find(state, &form.subject).and_then(|(_, stage)| stage.interview.zoom_user);
        let sheet = &mut form.sheet;
        repick(sheet, Name::Host, hosts(state));
        for name in sheet.names().to_vec() {
            if matches!(name, Name::Group(_)) {
                repick(sheet, name, members(state, false));
            }
        }
        let trouble = match named.filter(|host| is_gone(state, *host)) {
            Some(_) if sheet.chosen(Name::Host).is_empty() => Some(GONE.to_owned()),
            _ => host_trouble(sheet.chosen(Name::Host), state)
                .map(|words| format!("{words}, or choose another")),
        };
        let trouble = trouble.map(Note::Advice);
        sheet.say(Name::Host, trouble.into_iter().collect());
        // A daemon that does not know the setting says nothing of it.
        let known = find(state, &form.subject).and_then(|(_, stage)| stage.interview.zoom_notes);
        sheet.show(Name::Notes, known.is_some());
        let known = find(state, &form.subject).and_then(|(_, stage)| stage.interview.step_minutes);
        for name in [Name::CapWeek, Name::Step, Name::Zone, Name::Night] {
            sheet.show(name, known.is_some());
        }
        let ai = sheet.choice(Name::Ai) == 1;
        sheet.show(Name::Approval, ai);
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "name" | "stage" => Name::Stage,
            "zoom_user" => Name::Host,
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

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::StageConfigure(done) = reply else {
            return Err(unexpected());
        };
        done.map(|stage| Answered::Done(format!("{} saved", stage.name)))
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

    const KEEPS_BELOW: u16 = stage_preview::ROWS;

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
        stage_preview::ROWS + 1
    }

    fn draw_below(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.preview.draw(state, canvas, area);
    }
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
        limit: Some(stage_preview::TIMES),
        best: true,
        ..SlotQuery::default()
    })
}

fn fields(state: &State, stage: &Stage) -> Vec<(Name, Field)> {
    let plan = &stage.interview;
    let ai = Choice::new(&["off", "on"], usize::from(plan.ai));
    let ai = Field::new("AI scheduling", Entry::Choice(ai));
    let draft = usize::from(plan.approval == pipeline::Approval::Draft);
    let approval = Choice::new(&["automatically", "after approval"], draft);
    let host = plan.zoom_user.map(|id| id.to_string()).unwrap_or_default();
    let notes = Choice::new(&["off", "on"], usize::from(plan.zoom_notes == Some(true)));
    let windows = line("Windows", &week_shown(&plan.windows))
        .hint("Leave empty for working hours, or e.g. mon-fri 9-12,13-17");
    let step = STEPS.iter().position(|it| Some(*it) == plan.step_minutes);
    let step = step.or(STEPS.iter().position(|it| *it == USUAL_STEP));
    let step = Choice::new(&STEP_WORDS, step.unwrap_or_default());
    let step = Field::new("Start every", Entry::Choice(step));
    let workspaces = Pick::new("", "the workspace's", "");
    let zone = Field::new(
        "Time zone",
        zones_after(workspaces, Some(plan.zone.as_deref().unwrap_or_default())),
    );
    let night = TypedNight(plan.night.unwrap_or_default()).to_string();
    let number = |label: &'static str, number: u32| line(label, &number.to_string());
    let mut fields = vec![
        (Name::Stage, line("Name", &stage.name)),
        (Name::Ai, ai.hint("Not available yet. Settings are saved.")),
        (
            Name::Approval,
            Field::new("Send emails", Entry::Choice(approval)),
        ),
        (Name::Host, select("Zoom host", hosts(state), Some(&host))),
    ];
    fields.extend(groups(state, plan));
    fields.extend([
        (Name::Windows, windows),
        (
            Name::Duration,
            number("Duration", plan.duration_minutes).unit("min"),
        ),
        (
            Name::Before,
            number("Buffer before", plan.buffer_before_minutes).unit("min"),
        ),
        (
            Name::After,
            number("Buffer after", plan.buffer_after_minutes).unit("min"),
        ),
        (
            Name::Notice,
            line("Notice", &hours(plan.notice_minutes)).unit("hours, at least"),
        ),
        (
            Name::Horizon,
            number("Days ahead", plan.horizon_days).unit("at most"),
        ),
        (
            Name::Cap,
            number("Max per day", plan.daily_cap).unit("0 = no limit"),
        ),
        (
            Name::CapWeek,
            number("Max per week", plan.weekly_cap.unwrap_or_default()).unit("0 = no limit"),
        ),
        (Name::Step, step.unit("min")),
        (Name::Zone, zone.hint("Starts are offered by its clock")),
        (
            Name::Night,
            line("Night", &night).unit("by the candidate's clock, or off"),
        ),
        (Name::Guidance, line("Guidance", &plan.guidance)),
        (
            Name::Notes,
            Field::new("Zoom notes", Entry::Choice(notes))
                .hint("Zoom writes a summary; the invitation says so"),
        ),
    ]);
    fields
}

/// How interviews are scheduled, from what is changed in the sheet and what is stored.
fn interview(sheet: &mut Sheet<Name>, stored: &StageInterview) -> Option<StageInterview> {
    let in_range = |sheet: &mut Sheet<Name>, name: Name, from: u32, to: u32| {
        changed(sheet, name, |sheet| number(sheet, name, from, to))
    };
    // All of them are read, so that everything that is wrong is said at once.
    let windows = changed(sheet, Name::Windows, typed_windows);
    let duration = in_range(sheet, Name::Duration, 5, 480);
    let before = in_range(sheet, Name::Before, 0, 240);
    let after = in_range(sheet, Name::After, 0, 240);
    let notice = changed(sheet, Name::Notice, typed_notice);
    let horizon = in_range(sheet, Name::Horizon, 1, 365);
    let cap = in_range(sheet, Name::Cap, 0, 100);
    let cap_week = in_range(sheet, Name::CapWeek, 0, 100);
    let night = changed(sheet, Name::Night, typed_night);
    Some(StageInterview {
        ai: sheet.choice(Name::Ai) == 1,
        zoom_user: match sheet.is_changed(Name::Host) {
            true => sheet.chosen(Name::Host).parse().ok(),
            false => stored.zoom_user,
        },
        duration_minutes: duration?.unwrap_or(stored.duration_minutes),
        panel: panel(sheet, stored),
        windows: windows?.unwrap_or_else(|| stored.windows.clone()),
        buffer_before_minutes: before?.unwrap_or(stored.buffer_before_minutes),
        buffer_after_minutes: after?.unwrap_or(stored.buffer_after_minutes),
        notice_minutes: notice?.unwrap_or(stored.notice_minutes),
        horizon_days: horizon?.unwrap_or(stored.horizon_days),
        daily_cap: cap?.unwrap_or(stored.daily_cap),
        approval: match sheet.choice(Name::Approval) {
            0 => pipeline::Approval::Auto,
            _ => pipeline::Approval::Draft,
        },
        guidance: changed_text(sheet, Name::Guidance).unwrap_or_else(|| stored.guidance.clone()),
        zoom_notes: match sheet.is_changed(Name::Notes) {
            true => Some(sheet.choice(Name::Notes) == 1),
            false => stored.zoom_notes,
        },
        zone: match sheet.is_changed(Name::Zone) {
            true => maybe(sheet.chosen(Name::Zone)),
            false => stored.zone.clone(),
        },
        step_minutes: match sheet.is_changed(Name::Step) {
            true => STEPS.get(sheet.choice(Name::Step)).copied(),
            false => stored.step_minutes,
        },
        weekly_cap: cap_week?.or(stored.weekly_cap),
        night: night?.or(stored.night),
    })
}

/// A field for each group of the panel, in its order, and one for a new group of each rule. A rule
/// whose only new group would say the same as one that is there has none.
fn groups(state: &State, plan: &StageInterview) -> Vec<(Name, Field)> {
    let field = |number: u8, rule: PanelRule, ids: Vec<String>| {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let members = MultiSelect::new(members(state, false), &ids);
        let field = Field::new(label(rule), Entry::MultiSelect(members));
        (Name::Group(number), field)
    };
    let stored = plan.panel.iter().zip(0..NEW).map(|(group, number)| {
        let ids = group.members.iter().map(ToString::to_string);
        field(number, group.rule, ids.collect())
    });
    let mut fields: Vec<_> = stored.collect();
    for (number, (rule, _)) in (NEW..).zip(RULES) {
        let is_there = plan.panel.iter().any(|group| group.rule == rule);
        if rule == PanelRule::AnyOf || !is_there {
            fields.push(field(number, rule, Vec::new()));
        }
    }
    fields
}

fn label(rule: PanelRule) -> &'static str {
    let found = RULES.iter().find(|(it, _)| *it == rule);
    found.map_or("", |(_, label)| label)
}

/// The panel: a stored group as it is, unless it was changed; emptied ones go, new ones come last.
fn panel(sheet: &Sheet<Name>, stored: &StageInterview) -> Vec<PanelGroup> {
    let typed = |name: Name| {
        let ids = sheet.taken(name).iter();
        ids.filter_map(|id| id.parse().ok()).collect::<Vec<_>>()
    };
    let mut panel = Vec::new();
    for (group, number) in stored.panel.iter().zip(0..NEW) {
        let name = Name::Group(number);
        let changed = sheet.is_changed(name);
        let members = match changed {
            true => typed(name),
            false => group.members.clone(),
        };
        if !(changed && members.is_empty()) {
            let rule = group.rule;
            panel.push(PanelGroup { rule, members });
        }
    }
    // More groups than have a field are stored as they are.
    panel.extend(stored.panel.iter().skip(usize::from(NEW)).cloned());
    for (number, (rule, _)) in (NEW..).zip(RULES) {
        let members = typed(Name::Group(number));
        if !members.is_empty() {
            panel.push(PanelGroup { rule, members });
        }
    }
    panel
}

/// Minutes as hours where they are whole ones, else with their units.
fn hours(minutes: u32) -> String {
    match minutes % 60 {
        0 => (minutes / 60).to_string(),
        _ => written(minutes),
    }
}

/// A bare number is hours; with units it is what they say.
fn typed_notice(sheet: &mut Sheet<Name>) -> Option<u32> {
    const MOST_HOURS: u32 = 60 * 24;
    let words = sheet.text(Name::Notice).to_owned();
    let minutes = match words.parse::<u32>() {
        Ok(hours) => hours.checked_mul(60),
        Err(_) => words
            .parse::<Minutes>()
            .ok()
            .map(|Minutes(minutes)| minutes),
    };
    let minutes = minutes.filter(|minutes| *minutes <= MOST_HOURS * 60);
    if minutes.is_none() {
        let why = format!("Enter hours, such as 24 or 1h30m, up to {MOST_HOURS}");
        sheet.refuse(Name::Notice, &why);
    }
    minutes
}

fn typed_windows(sheet: &mut Sheet<Name>) -> Option<Vec<Window>> {
    let words = sheet.text(Name::Windows).trim().to_owned();
    if words.is_empty() {
        return Some(Vec::new());
    }
    let read = week(&words);
    read.map_err(|why| sheet.refuse(Name::Windows, &why)).ok()
}

fn typed_night(sheet: &mut Sheet<Name>) -> Option<Night> {
    let read = sheet.text(Name::Night).parse::<TypedNight>();
    let read = read.map_err(|why| sheet.refuse(Name::Night, &why)).ok();
    read.map(|TypedNight(night)| night)
}

fn find<'a>(state: &'a State, subject: &str) -> Option<(&'a str, &'a Stage)> {
    let jobs = state.cache.jobs.latest()?;
    let all = jobs
        .iter()
        .flat_map(|job| job.stages.iter().map(|stage| (job.title.as_str(), stage)));
    let mut matching = all.filter(|(_, stage)| stage.id.to_string() == subject);
    matching.next()
}

fn hosts(state: &State) -> Vec<Pick> {
    let mut picks = vec![Pick::new("", "the organizer's Zoom", "")];
    picks.extend(members(state, true));
    picks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_there_is_can_be_chosen() {
        assert_eq!(STEPS.map(|step| step.to_string()), STEP_WORDS);
    }
}
