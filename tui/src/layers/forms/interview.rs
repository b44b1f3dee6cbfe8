//! A new interview: what the fields are, and what they become.
//!
//! While it is filled in, the daemon judges it (a dry run of the same call) and says who is busy, so
//! that blocks and advice stand beside the field before anything is booked. The idempotency key is
//! made with the form: sending it twice books once.

mod plan;
mod prefill;

use greenroom_protocol::interview::{InterviewNew, MeetingType, Outcome};
use greenroom_protocol::pipeline::{Application, Candidate};
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::Span;
use jiff::tz::TimeZone;

pub(crate) use plan::Plan;
use prefill::Prefill;

use super::fill::{
    GONE, host_trouble, key_in_form, line, maybe, members, needed, number, repick, select, zones,
};
use super::{Extra, Form, FormKey, Name};
use crate::app::State;
use crate::keys::Command;
use crate::layers::form::{Entry, Field, Note, Sheet};
use crate::screens::wording;
use crate::widgets::{Choice, Moment, Pick, Several, times};

const TYPES: [MeetingType; 4] = [
    MeetingType::Zoom,
    MeetingType::Link,
    MeetingType::Phone,
    MeetingType::Place,
];

pub(super) fn form(state: &State, key: FormKey) -> Form {
    let candidate = candidate(state, &key.subject);
    let me = state.mirror.me();
    let mine = me.map(|me| me.id.to_string()).unwrap_or_default();
    let prefill = Prefill::of(state, applied(candidate, ""));
    let with: Vec<&str> = prefill.with.iter().map(String::as_str).collect();
    let zone = state.zone().iana_name().unwrap_or("UTC").to_owned();
    let sheet = Sheet::new(vec![
        select(Name::Candidate, "Candidate", everyone(state), None),
        select(Name::Job, "For", applications(candidate), None),
        Field::new(
            Name::Type,
            "Meeting",
            Entry::Choice(Choice::new(
                &["Zoom", "Other link", "Phone", "In person"],
                0,
            )),
        ),
        Field::new(
            Name::By,
            "Details",
            Entry::Choice(Choice::new(&["Made when confirmed", "Typed by hand"], 0)),
        ),
        line(Name::Link, "Link", ""),
        line(Name::MeetingId, "Meeting ID", ""),
        line(Name::Passcode, "Passcode", ""),
        line(Name::Details, "Details", ""),
        select(
            Name::Organizer,
            "Organizer",
            members(state, false),
            Some(&mine),
        ),
        select(
            Name::Host,
            "Zoom of",
            members(state, true),
            Some(&prefill.host),
        ),
        Field::new(
            Name::With,
            "With",
            Entry::Several(Several::new(members(state, false), &with)),
        ),
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
    let mut form = Form::new(key, "New interview", "Book", sheet);
    form.extra = Extra::Plan(Box::new(Plan::new(prefill)));
    form
}

pub(super) fn refresh(form: &mut Form, state: &State) {
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
    repick(sheet, Name::Organizer, members(state, false));
    repick(sheet, Name::With, members(state, false));
    repick(sheet, Name::Host, members(state, true));
    prefill::take(form, state, application);
    let sheet = &mut form.sheet;
    let kind = kind(sheet);
    let by_hand = is_by_hand(sheet);
    let typed = kind == MeetingType::Link || by_hand;
    sheet.show(Name::By, kind == MeetingType::Zoom);
    sheet.show(Name::Link, typed);
    sheet.show(Name::MeetingId, by_hand);
    sheet.show(Name::Passcode, by_hand);
    sheet.show(
        Name::Details,
        matches!(kind, MeetingType::Phone | MeetingType::Place),
    );
    sheet.show(Name::Host, kind == MeetingType::Zoom && !by_hand);
    say_host(sheet, state, application);
    say_when(form, candidate);
}

/// Says beside the host that its Zoom hosts nothing now, and the ways on.
fn say_host(sheet: &mut Sheet<Name>, state: &State, application: Option<&Application>) {
    let gone = prefill::host_is_gone(state, application);
    let gone = gone.then(|| Note::Advice(GONE.to_owned()));
    let stuck = host_trouble(sheet, state).map(|words| {
        let by_hand = key_in_form(state, Command::ByHand);
        let by_hand = by_hand.map(|key| format!(", {key} takes details by hand"));
        Note::Error(format!("{words}{}", by_hand.unwrap_or_default()))
    });
    sheet.say(Name::Host, gone.into_iter().chain(stuck).collect());
}

/// Says beside the time what it is for the candidate, and how the daemon judges it.
fn say_when(form: &mut Form, candidate: Option<&Candidate>) {
    let there = clock_there(&form.sheet, candidate);
    if let Some(field) = form.sheet.field_mut(Name::When) {
        field.aside = there;
    }
    let Extra::Plan(plan) = &form.extra else {
        return;
    };
    form.sheet.say(Name::When, plan.notes());
}

fn clock_there(sheet: &Sheet<Name>, candidate: Option<&Candidate>) -> Option<String> {
    let zone = TimeZone::get(sheet.chosen(Name::Zone)).ok()?;
    let start = sheet.moment(Name::When)?.to_zoned(zone).ok()?;
    let there = candidate?.zone.as_deref()?;
    let time = start.with_time_zone(TimeZone::get(there).ok()?);
    if time.offset() == start.offset() {
        return None;
    }
    let day = match time.date() == start.date() {
        true => String::new(),
        false => format!("{} ", times::weekday(time.weekday())),
    };
    Some(format!(
        "{day}{} in {}",
        times::clock(&time),
        times::city(there)
    ))
}

pub(super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    let sheet = &mut form.sheet;
    let kind = kind(sheet);
    if form.key.subject.is_empty() && sheet.chosen(Name::Candidate).is_empty() {
        sheet.refuse(Name::Candidate, "with whom?");
    }
    let link = match kind == MeetingType::Link || is_by_hand(sheet) {
        true => needed(sheet, Name::Link, "the link to join").is_some(),
        false => true,
    };
    let details = match kind {
        MeetingType::Phone => needed(sheet, Name::Details, "the number to call").is_some(),
        MeetingType::Place => needed(sheet, Name::Details, "where to come").is_some(),
        _ => true,
    };
    let minutes = number(sheet, Name::Duration, 5, 1440).is_some();
    if sheet.taken(Name::With).is_empty() {
        sheet.refuse(Name::With, "who takes part?");
        return None;
    }
    let mut interview = filled(form, state).filter(|_| link && details && minutes)?;
    let Extra::Plan(plan) = &form.extra else {
        return None;
    };
    interview.idempotency_key = Some(plan.key.clone());
    Some(Q::InterviewNew { interview })
}

/// The call as far as it is filled in; nothing without a candidate.
fn filled(form: &Form, state: &State) -> Option<InterviewNew> {
    let sheet = &form.sheet;
    let kind = kind(sheet);
    let by_hand = is_by_hand(sheet);
    let zoom = kind == MeetingType::Zoom && !by_hand;
    let typed = kind == MeetingType::Link || by_hand;
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
        kind,
        start: when.strftime("%Y-%m-%d %H:%M").to_string(),
        zone: Some(zone),
        duration_minutes: sheet.text(Name::Duration).parse().ok(),
        organizer: maybe(sheet.chosen(Name::Organizer)),
        with: sheet.taken(Name::With).to_vec(),
        zoom_user: maybe(sheet.chosen(Name::Host)).filter(|_| zoom),
        url: maybe(sheet.text(Name::Link)).filter(|_| typed),
        meeting_id: maybe(sheet.text(Name::MeetingId)).filter(|_| by_hand),
        passcode: maybe(sheet.text(Name::Passcode)).filter(|_| by_hand),
        details: maybe(sheet.text(Name::Details))
            .filter(|_| matches!(kind, MeetingType::Phone | MeetingType::Place)),
        confirm: sheet.choice(Name::Status) == 1,
        idempotency_key: None,
        dry_run: false,
    })
}

/// How booking ended, in a line.
pub(super) fn outcome(done: &Outcome) -> String {
    let name = &done.interview.candidate.name;
    let said = wording::status(done.interview.status);
    match done.repeated {
        true => format!("the interview with {name} was booked before: {said}"),
        false => format!("the interview with {name} is booked: {said}"),
    }
}

fn kind(sheet: &Sheet<Name>) -> MeetingType {
    TYPES
        .get(sheet.choice(Name::Type))
        .copied()
        .unwrap_or_default()
}

/// Whether Greenroom makes the Zoom meeting.
pub(super) fn makes_a_meeting(sheet: &Sheet<Name>) -> bool {
    kind(sheet) == MeetingType::Zoom && !is_by_hand(sheet)
}

/// Leaves the Zoom meeting to whoever types its details.
pub(super) fn type_by_hand(sheet: &mut Sheet<Name>) {
    sheet.choose(Name::By, 1);
}

fn is_by_hand(sheet: &Sheet<Name>) -> bool {
    kind(sheet) == MeetingType::Zoom && sheet.choice(Name::By) == 1
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
