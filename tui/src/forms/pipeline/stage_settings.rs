//! The gear of a stage: how its interviews are planned.
//!
//! Invariant: what the person did not change is sent as it is stored, whatever of it this form can
//! show: every group of the panel has a field of its own, minutes are not rounded, and people who
//! left stay until they are taken out.

use greenroom_protocol::pipeline::{
    Approval, PanelGroup, PanelRule, Stage, StageConfigure, StageInterview, Window,
};
use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::fill::{
    GONE, changed, changed_text, host_trouble, is_gone, line, members, needed, number, repick,
};
use super::super::{Form, FormKey, Name};
use crate::cli::{Minutes, Stretch, written};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::state::State;
use crate::widgets::{Choice, MultiSelect, Pick, Select};

/// The rules a group can have, with their labels. Each has a field to make a group of it, too.
const RULES: [(PanelRule, &str); 3] = [
    (PanelRule::AllOf, "All of"),
    (PanelRule::AnyOf, "One of"),
    (PanelRule::Optional, "Optional"),
];

/// Where the fields of new groups begin; those of the stored panel come before.
const NEW: u8 = 200;

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let Some((job, stage)) = find(state, &key.subject) else {
        return Form::new(key, "Stage settings", "Save Stage", Sheet::new(Vec::new()));
    };
    let plan = &stage.interview;
    let approval = usize::from(plan.approval == Approval::Draft);
    let host = plan.zoom_user.map(|id| id.to_string()).unwrap_or_default();
    let mut fields = vec![
        line(Name::Stage, "Name", &stage.name),
        Field::new(
            Name::Ai,
            "AI scheduling",
            Entry::Choice(Choice::new(&["off", "on"], usize::from(plan.ai))),
        )
        .hint("Not available yet. Settings are saved."),
        Field::new(
            Name::Approval,
            "Approval",
            Entry::Choice(Choice::new(&["auto", "draft"], approval)),
        ),
        Field::new(
            Name::Host,
            "Zoom user",
            Entry::Select(Select::new(hosts(state), Some(&host))),
        ),
    ];
    fields.extend(groups(state, plan));
    fields.extend([
        line(Name::Windows, "Windows", &windows(&plan.windows))
            .hint("Leave empty for working hours, or e.g. mon-fri:09:00-17:00"),
        line(
            Name::Duration,
            "Minutes",
            &plan.duration_minutes.to_string(),
        ),
        line(
            Name::Before,
            "Buffer before",
            &plan.buffer_before_minutes.to_string(),
        ),
        line(
            Name::After,
            "Buffer after",
            &plan.buffer_after_minutes.to_string(),
        ),
        line(Name::Notice, "Notice, h", &hours(plan.notice_minutes)),
        line(Name::Horizon, "Days ahead", &plan.horizon_days.to_string()),
        line(Name::Cap, "Max per day", &plan.daily_cap.to_string()).hint("0 = no limit"),
        line(Name::Guidance, "Guidance", &plan.guidance),
    ]);
    let title = format!("{} · {}", stage.name, job);
    let mut form = Form::new(key, title, "Save Stage", Sheet::new(fields));
    form.revision = Some(stage.revision);
    form
}

/// A field for each group of the panel, in its order, and one for a new group of each rule. A rule
/// whose only new group would say the same as one that is there has none.
fn groups(state: &State, plan: &StageInterview) -> Vec<Field<Name>> {
    let field = |number: u8, rule: PanelRule, ids: Vec<String>| {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let several = MultiSelect::new(members(state, false), &ids);
        Field::new(
            Name::Group(number),
            label(rule),
            Entry::MultiSelect(several),
        )
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

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    repick(&mut form.sheet, Name::Host, hosts(state));
    let groups: Vec<_> = form.sheet.fields.iter().map(|field| field.name).collect();
    for name in groups {
        if matches!(name, Name::Group(_)) {
            repick(&mut form.sheet, name, members(state, false));
        }
    }
    let named = find(state, &form.key.subject).and_then(|(_, stage)| stage.interview.zoom_user);
    let trouble = match named.filter(|host| is_gone(state, *host)) {
        Some(_) if form.sheet.chosen(Name::Host).is_empty() => Some(GONE.to_owned()),
        _ => host_trouble(&form.sheet, state).map(|words| format!("{words}, or choose another")),
    };
    let trouble = trouble.map(Note::Advice);
    form.sheet.say(Name::Host, trouble.into_iter().collect());
    let ai = form.sheet.choice(Name::Ai) == 1;
    form.sheet.show(Name::Approval, ai);
}

pub(in super::super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    let subject = form.key.subject.clone();
    let (_, stage) = find(state, &subject)?;
    let sheet = &mut form.sheet;
    let name = changed(sheet, Name::Stage, |sheet| {
        needed(sheet, Name::Stage, "Enter a name")
    });
    let in_range = |sheet: &mut Sheet<Name>, name: Name, from: u32, to: u32| {
        changed(sheet, name, |sheet| number(sheet, name, from, to))
    };
    let windows = changed(sheet, Name::Windows, typed_windows);
    let duration = in_range(sheet, Name::Duration, 5, 480);
    let before = in_range(sheet, Name::Before, 0, 240);
    let after = in_range(sheet, Name::After, 0, 240);
    let notice = changed(sheet, Name::Notice, typed_notice);
    let horizon = in_range(sheet, Name::Horizon, 1, 365);
    let cap = in_range(sheet, Name::Cap, 0, 100);
    let stored = stage.interview.clone();
    let host = sheet.is_changed(Name::Host);
    let approval = match sheet.choice(Name::Approval) {
        0 => Approval::Auto,
        _ => Approval::Draft,
    };
    let interview = StageInterview {
        ai: sheet.choice(Name::Ai) == 1,
        zoom_user: match host {
            true => sheet.chosen(Name::Host).parse().ok(),
            false => stored.zoom_user,
        },
        duration_minutes: duration?.unwrap_or(stored.duration_minutes),
        panel: panel(sheet, &stored),
        windows: windows?.unwrap_or_else(|| stored.windows.clone()),
        buffer_before_minutes: before?.unwrap_or(stored.buffer_before_minutes),
        buffer_after_minutes: after?.unwrap_or(stored.buffer_after_minutes),
        notice_minutes: notice?.unwrap_or(stored.notice_minutes),
        horizon_days: horizon?.unwrap_or(stored.horizon_days),
        daily_cap: cap?.unwrap_or(stored.daily_cap),
        approval,
        guidance: changed_text(sheet, Name::Guidance).unwrap_or_else(|| stored.guidance.clone()),
    };
    let stage = StageConfigure {
        stage: subject,
        name: name?,
        interview: Some(interview).filter(|interview| *interview != stored),
        expected_revision: form.revision,
        job: None,
    };
    Some(Q::StageConfigure { stage })
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
    // More groups than have a field are none of this form's business.
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

/// The windows as they are typed.
fn windows(windows: &[Window]) -> String {
    let words = windows
        .iter()
        .map(|window| Stretch(window.clone()).to_string());
    words.collect::<Vec<_>>().join(" ")
}

fn typed_windows(sheet: &mut Sheet<Name>) -> Option<Vec<Window>> {
    let words = sheet.text(Name::Windows).to_owned();
    let read = words.split_whitespace().map(str::parse::<Stretch>);
    match read.collect::<Result<Vec<_>, _>>() {
        Ok(stretches) => Some(stretches.into_iter().map(|stretch| stretch.0).collect()),
        Err(why) => {
            sheet.refuse(Name::Windows, &why);
            None
        }
    }
}

fn find<'a>(state: &'a State, subject: &str) -> Option<(&'a str, &'a Stage)> {
    let jobs = state.mirror.jobs.latest()?;
    let all = jobs
        .iter()
        .flat_map(|job| job.stages.iter().map(|stage| (job.title.as_str(), stage)));
    let mut matching = all.filter(|(_, stage)| stage.id.to_string() == subject);
    matching.next()
}

fn hosts(state: &State) -> Vec<Pick> {
    let mut picks = vec![Pick::new("", "the organizer's own", "")];
    picks.extend(members(state, true));
    picks
}
