//! The gear of a stage: how its interviews are planned.

use greenroom_protocol::pipeline::{
    Approval, PanelGroup, PanelRule, Stage, StageConfigure, StageInterview, Window,
};
use greenroom_protocol::service::GreenroomRequest as Q;

use super::fill::{GONE, host_trouble, is_gone, line, members, needed, number, repick};
use super::{Form, FormKey, Name};
use crate::app::State;
use crate::cli::Stretch;
use crate::layers::form::{Entry, Field, Note, Sheet};
use crate::widgets::{Choice, Pick, Select, Several};

pub(super) fn form(state: &State, key: FormKey) -> Form {
    let Some((job, stage)) = find(state, &key.subject) else {
        return Form::new(key, "Stage settings", "Save Stage", Sheet::new(Vec::new()));
    };
    let plan = &stage.interview;
    let approval = usize::from(plan.approval == Approval::Draft);
    let host = plan.zoom_user.map(|id| id.to_string()).unwrap_or_default();
    let group = |rule: PanelRule| -> Entry {
        let groups = plan.panel.iter().filter(|group| group.rule == rule);
        let ids: Vec<String> = groups
            .flat_map(|group| &group.members)
            .map(ToString::to_string)
            .collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        Entry::Several(Several::new(members(state, false), &ids))
    };
    let sheet = Sheet::new(vec![
        line(Name::Stage, "Name", &stage.name),
        Field::new(
            Name::Ai,
            "AI scheduling",
            Entry::Choice(Choice::new(&["off", "on"], usize::from(plan.ai))),
        )
        .hint("the assistant comes later; what is set here is kept"),
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
        Field::new(Name::With, "All of", group(PanelRule::AllOf)),
        Field::new(Name::AnyOf, "Any of", group(PanelRule::AnyOf)),
        line(Name::Windows, "Windows", &windows(&plan.windows))
            .hint("empty: working hours; or mon-fri:09:00-17:00"),
        line(
            Name::Duration,
            "Minutes",
            &plan.duration_minutes.to_string(),
        ),
        line(
            Name::Before,
            "Free before",
            &plan.buffer_before_minutes.to_string(),
        ),
        line(
            Name::After,
            "Free after",
            &plan.buffer_after_minutes.to_string(),
        ),
        line(
            Name::Notice,
            "Notice, h",
            &(plan.notice_minutes / 60).to_string(),
        ),
        line(Name::Horizon, "Days ahead", &plan.horizon_days.to_string()),
        line(Name::Cap, "Most a day", &plan.daily_cap.to_string()),
        line(Name::Guidance, "Guidance", &plan.guidance),
    ]);
    let title = format!("{} · {}", stage.name, job);
    let mut form = Form::new(key, title, "Save Stage", sheet);
    form.revision = Some(stage.revision);
    form
}

pub(super) fn refresh(form: &mut Form, state: &State) {
    repick(&mut form.sheet, Name::Host, hosts(state));
    repick(&mut form.sheet, Name::With, members(state, false));
    repick(&mut form.sheet, Name::AnyOf, members(state, false));
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

pub(super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    let subject = form.key.subject.clone();
    let sheet = &mut form.sheet;
    let name = needed(sheet, Name::Stage, "a name is needed");
    let windows = typed_windows(sheet);
    let duration = number(sheet, Name::Duration, 5, 480);
    let before = number(sheet, Name::Before, 0, 480);
    let after = number(sheet, Name::After, 0, 480);
    let notice = number(sheet, Name::Notice, 0, 24 * 60);
    let horizon = number(sheet, Name::Horizon, 1, 365);
    let cap = number(sheet, Name::Cap, 0, 100);
    let (_, stage) = find(state, &subject)?;
    let group = |rule: PanelRule, name: Name| PanelGroup {
        rule,
        members: sheet
            .taken(name)
            .iter()
            .filter_map(|id| id.parse().ok())
            .collect(),
    };
    let kept = stage
        .interview
        .panel
        .iter()
        .filter(|group| group.rule == PanelRule::Optional);
    let mut panel = vec![
        group(PanelRule::AllOf, Name::With),
        group(PanelRule::AnyOf, Name::AnyOf),
    ];
    panel.extend(kept.cloned());
    panel.retain(|group| !group.members.is_empty());
    let interview = StageInterview {
        ai: sheet.choice(Name::Ai) == 1,
        zoom_user: sheet.chosen(Name::Host).parse().ok(),
        duration_minutes: duration?,
        panel,
        windows: windows?,
        buffer_before_minutes: before?,
        buffer_after_minutes: after?,
        notice_minutes: notice? * 60,
        horizon_days: horizon?,
        daily_cap: cap?,
        approval: if sheet.choice(Name::Approval) == 0 {
            Approval::Auto
        } else {
            Approval::Draft
        },
        guidance: sheet.text(Name::Guidance).to_owned(),
    };
    let stage = StageConfigure {
        stage: subject,
        name: Some(name?),
        interview: Some(interview),
        expected_revision: form.revision,
        job: None,
    };
    Some(Q::StageConfigure { stage })
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
