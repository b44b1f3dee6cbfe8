//! A new interview: what the fields are, and what they become. The idempotency key is made with the
//! form: sending it twice books once.

use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::pipeline::{Application, Candidate};
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::Span;

use super::super::fill::{GONE, line, maybe, number, repick, select, zones};
use super::super::{Extra, Form, FormKey, Name};
use super::clock_there;
use super::joining::{self, Joining};
use super::plan::{Party, Plan};
use super::prefill::{self, Prefill};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::state::State;
use crate::widgets::{Choice, Moment, Pick};

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let candidate = candidate(state, &key.subject);
    let me = state.mirror.me();
    let mine = me.map(|me| me.id.to_string()).unwrap_or_default();
    let prefill = Prefill::of(state, applied(candidate, ""));
    let zone = state.zone().iana_name().unwrap_or("UTC").to_owned();
    let joining = Joining {
        organizer: mine,
        host: prefill.host.clone(),
        with: prefill.with.clone(),
        ..Joining::default()
    };
    let mut fields = vec![
        select(Name::Candidate, "Candidate", everyone(state), None),
        select(Name::Job, "For", applications(candidate), None),
    ];
    fields.extend(joining.fields(state, &["Made when confirmed", "Typed by hand"]));
    fields.extend([
        Field::new(
            Name::When,
            "When",
            Entry::Moment(Moment::new(tomorrow(state))),
        ),
        line(Name::Duration, "Minutes", &prefill.minutes),
        Field::new(Name::Zone, "Zone", zones(Some(&zone))),
        Field::new(
            Name::Status,
            "Status",
            Entry::Choice(Choice::new(&["To be confirmed", "Confirmed"], 1)),
        ),
    ]);
    let mut form = Form::new(key, "New interview", "Book", Sheet::new(fields));
    form.extra = Extra::Plan(Box::new(Plan::of_new(prefill)));
    form
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    let about = form.key.subject.is_empty();
    let id = form
        .candidate()
        .map(|id| id.to_string())
        .unwrap_or_default();
    let candidate = candidate(state, &id);
    let application = applied(candidate, form.sheet.chosen(Name::Job)).cloned();
    let application = application.as_ref();
    if let Some(candidate) = candidate {
        let stage = application.map(|it| format!(" · {}", it.stage_name));
        form.title = format!(
            "New interview · {}{}",
            candidate.name,
            stage.unwrap_or_default()
        );
    }
    let sheet = &mut form.sheet;
    sheet.show(Name::Candidate, about);
    repick(sheet, Name::Candidate, everyone(state));
    let applications = applications(candidate);
    sheet.show(Name::Job, applications.len() > 1);
    repick(sheet, Name::Job, applications);
    joining::refresh(sheet, state);
    prefill::take(form, state, application);
    say_host(&mut form.sheet, state, application);
    say_panel(form, application);
    say_when(form, candidate);
}

/// Says beside the host that its Zoom hosts nothing now, and the ways on.
fn say_host(sheet: &mut Sheet<Name>, state: &State, application: Option<&Application>) {
    let gone = prefill::host_is_gone(state, application);
    let gone = gone.then(|| Note::Advice(GONE.to_owned()));
    let stuck = joining::host_note(sheet, state);
    sheet.say(Name::Host, gone.into_iter().chain(stuck).collect());
}

/// Says beside the interviewers who was chosen from the stage's panel, and why.
fn say_panel(form: &mut Form, application: Option<&Application>) {
    let Extra::Plan(plan) = &form.extra else {
        return;
    };
    let panel = plan.panel(application.map(|it| it.id));
    let words = panel.and_then(|panel| prefill::panel_words(panel, form.sheet.taken(Name::With)));
    let hint = words.map(Note::Hint);
    if let Some(field) = form.sheet.field_mut(Name::With) {
        // What was refused stays until something else is chosen.
        field.notes.retain(|note| matches!(note, Note::Error(_)));
        field.notes.extend(hint);
    }
}

/// Says beside the time what it is for the candidate, and how the daemon judges it.
fn say_when(form: &mut Form, candidate: Option<&Candidate>) {
    let there = candidate.and_then(|candidate| candidate.zone.as_deref());
    let there = clock_there(&form.sheet, there);
    if let Some(field) = form.sheet.field_mut(Name::When) {
        field.aside = there;
    }
    let Extra::Plan(plan) = &form.extra else {
        return;
    };
    form.sheet.say(Name::When, plan.notes());
}

pub(in super::super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    let sheet = &mut form.sheet;
    if form.key.subject.is_empty() && sheet.chosen(Name::Candidate).is_empty() {
        sheet.refuse(Name::Candidate, "with whom?");
    }
    let joins = joining::is_complete(sheet);
    let minutes = number(sheet, Name::Duration, 5, 1440).is_some();
    let mut interview = filled(form, state).filter(|_| joins && minutes)?;
    let Extra::Plan(plan) = &form.extra else {
        return None;
    };
    interview.idempotency_key = plan.key().map(str::to_owned);
    Some(Q::InterviewNew { interview })
}

/// The call as far as it is filled in; nothing without a candidate.
pub(super) fn filled(form: &Form, state: &State) -> Option<InterviewNew> {
    let sheet = &form.sheet;
    let joining = Joining::of(sheet);
    let when = sheet.moment(Name::When)?;
    let zone = sheet.chosen(Name::Zone);
    let zone = if zone.is_empty() {
        state.zone().iana_name()?.to_owned()
    } else {
        zone.to_owned()
    };
    Some(InterviewNew {
        candidate: form.candidate()?.to_string(),
        job: maybe(sheet.chosen(Name::Job)),
        kind: joining.kind,
        start: when.strftime("%Y-%m-%d %H:%M").to_string(),
        zone: Some(zone),
        duration_minutes: sheet.text(Name::Duration).parse().ok(),
        organizer: maybe(&joining.organizer),
        with: joining.with,
        zoom_user: maybe(&joining.host),
        url: maybe(&joining.url),
        meeting_id: maybe(&joining.meeting_id),
        passcode: maybe(&joining.passcode),
        details: maybe(&joining.details),
        confirm: sheet.choice(Name::Status) == 1,
        idempotency_key: None,
        dry_run: false,
    })
}

/// Whose time it would take.
pub(super) fn party(form: &Form) -> Party {
    let joining = Joining::of(&form.sheet);
    Party {
        members: joining.with,
        candidate: form.candidate().map(|id| id.to_string()),
        host: maybe(&joining.host),
    }
}

fn candidate<'a>(state: &'a State, id: &str) -> Option<&'a Candidate> {
    state.mirror.candidate.get(&id.parse().ok()?)
}

/// The application for the chosen job, else the first.
fn applied<'a>(candidate: Option<&'a Candidate>, job: &str) -> Option<&'a Application> {
    let all = &candidate?.applications;
    let chosen = all.iter().find(|it| it.job.to_string() == job);
    chosen.or_else(|| all.first())
}

fn everyone(state: &State) -> Vec<Pick> {
    let page = state.mirror.everyone.latest();
    let all = page.into_iter().flat_map(|page| &page.items);
    all.map(|row| Pick::new(&row.id.to_string(), &row.name, &row.email))
        .collect()
}

fn applications(candidate: Option<&Candidate>) -> Vec<Pick> {
    let all = candidate
        .into_iter()
        .flat_map(|candidate| &candidate.applications);
    all.map(|it| Pick::new(&it.job.to_string(), &it.job_title, &it.stage_name))
        .collect()
}

/// The next working day at ten.
fn tomorrow(state: &State) -> jiff::civil::DateTime {
    let today = state.now.to_zoned(state.zone()).date();
    let days = match today.weekday() {
        jiff::civil::Weekday::Friday => 3,
        jiff::civil::Weekday::Saturday => 2,
        _ => 1,
    };
    today
        .checked_add(Span::new().days(days))
        .unwrap_or(today)
        .at(10, 0, 0, 0)
}
