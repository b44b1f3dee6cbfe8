//! A new interview: what the fields are, and what they become. The idempotency key is made with the
//! form: sending it twice books once.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId};
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::pipeline::{Application, Candidate};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use jiff::Span;
use jiff::civil::{DateTime, Weekday};
use ratatui::layout::Rect;

use super::joining::{self, Joining};
use super::plan::{Party, Plan};
use super::prefill::{self, Prefill};
use super::{time, week};
use crate::forms::fill::{GONE, maybe, number, refuse_host_below, repick, select};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::{Canvas, Choice, Pick};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Candidate,
    Job,
    Joining(joining::Name),
    Time(time::Name),
    Status,
}

const HOST: Name = Name::Joining(joining::Name::Host);
const WITH: Name = Name::Joining(joining::Name::With);
const WHEN: Name = Name::Time(time::Name::When);
const DURATION: Name = Name::Time(time::Name::Duration);
const ZONE: Name = Name::Time(time::Name::Zone);

impl From<joining::Name> for Name {
    fn from(name: joining::Name) -> Self {
        Self::Joining(name)
    }
}

impl From<time::Name> for Name {
    fn from(name: time::Name) -> Self {
        Self::Time(name)
    }
}

#[derive(Debug)]
pub(crate) struct NewInterview {
    /// Made with the form, so that sending it twice books once.
    key: String,
    /// What the fields began with.
    prefill: Prefill,
    plan: Plan<InterviewNew>,
}

impl FormType for NewInterview {
    type Name = Name;

    const DOING: &'static str = "booking";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let candidate = candidate(state, subject);
        let me = state.cache.me();
        let prefill = Prefill::of(state, applied(candidate, ""));
        let joining = Joining {
            organizer: me.map(|me| me.id.to_string()).unwrap_or_default(),
            host: prefill.host.clone(),
            with: prefill.with.clone(),
            notes: prefill.notes,
            ..Joining::default()
        };
        let zone = state.zone();
        let zone = zone.iana_name().unwrap_or("UTC");
        let status = Choice::new(&["To be confirmed", "Confirmed"], 1);
        let mut fields = vec![
            (Name::Candidate, select("Candidate", everyone(state), None)),
            (Name::Job, select("Job", applications(candidate), None)),
        ];
        fields.extend(joining.fields(state, &["created when confirmed", "enter manually"]));
        fields.extend(time::fields(tomorrow(state), &prefill.minutes, zone));
        fields.push((Name::Status, Field::new("Status", Entry::Choice(status))));
        let own = Self {
            key: InterviewId::new().to_string(),
            prefill,
            plan: Plan::of(None),
        };
        Frame::new(subject, "New interview", "Book", Sheet::new(fields), own)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let id = candidate_of(form).map(|id| id.to_string());
        let candidate = candidate(state, &id.unwrap_or_default());
        let application = applied(candidate, form.sheet.chosen(Name::Job)).cloned();
        let application = application.as_ref();
        if let Some(candidate) = candidate {
            let stage = application.map(|it| format!(" · {}", it.stage_name));
            let stage = stage.unwrap_or_default();
            form.title = format!("New interview · {}{stage}", candidate.name);
        }
        let sheet = &mut form.sheet;
        sheet.show(Name::Candidate, form.subject.is_empty());
        repick(sheet, Name::Candidate, everyone(state));
        let applications = applications(candidate);
        sheet.show(Name::Job, applications.len() > 1);
        repick(sheet, Name::Job, applications);
        joining::refresh(sheet, state);
        let chosen = form.own.plan.panel(application.map(|it| it.id));
        let chosen = chosen.map(|panel| {
            let interviewers = panel.interviewers.iter();
            interviewers.map(|it| it.id.to_string()).collect()
        });
        prefill::take(&mut form.own.prefill, sheet, state, application, chosen);
        say_host(&mut form.sheet, state, application);
        say_panel(form, application);
        let there = candidate.and_then(|candidate| candidate.zone.as_deref());
        time::say_there(&mut form.sheet, there);
        form.sheet.say(WHEN, form.own.plan.notes());
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "candidate" => Name::Candidate,
            "job" => Name::Job,
            "start" => WHEN,
            "zone" => ZONE,
            "duration_minutes" => DURATION,
            other => joining::named(other)?.into(),
        })
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        if form.subject.is_empty() && sheet.chosen(Name::Candidate).is_empty() {
            sheet.refuse(Name::Candidate, "Choose a candidate");
        }
        let joins = joining::is_complete(sheet);
        let minutes = number(sheet, DURATION, 5, 1440).is_some();
        let mut interview = filled(form, state).filter(|_| joins && minutes)?;
        interview.idempotency_key = Some(form.own.key.clone());
        Some(Send::Call(Box::new(Q::InterviewNew { interview })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::InterviewNew(done) = reply else {
            return Err(unexpected());
        };
        done.map(|outcome| Answered::Booked(Box::new(outcome)))
    }

    fn refuse(form: &mut Frame<Self>, name: Option<Name>, error: Error) {
        match name {
            Some(WHEN) => form.own.plan.refuse(error),
            name => refuse_host_below(form, HOST, name, error),
        }
    }

    fn about(form: &Frame<Self>) -> About {
        let host = form.sheet.chosen(HOST).parse().ok();
        About {
            everyone: form.sheet.is_shown(Name::Candidate),
            candidate: candidate_of(form),
            interview: None,
            host: host.filter(|_| form.sheet.is_shown(HOST)),
        }
    }

    fn asks(form: &mut Frame<Self>, state: &State) -> Vec<(Ask, Q)> {
        let mut call = filled(form, state);
        if let Some(call) = &mut call {
            call.dry_run = true;
        }
        let party = party(form);
        let chosen = time::chosen(&form.sheet, state);
        let plan = &mut form.own.plan;
        let judge = plan.ask_to_judge(call, |interview| Q::InterviewNew { interview });
        let see = chosen.and_then(|chosen| plan.ask_to_see(party, chosen));
        judge.into_iter().chain(see).collect()
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        form.own.plan.take(reply);
    }

    fn invalidate(&mut self) {
        self.plan.invalidate();
    }

    fn can_be_manual(form: &Frame<Self>) -> bool {
        joining::makes_a_meeting(&form.sheet)
    }

    fn enter_manually(form: &mut Frame<Self>, state: &State) {
        joining::enter_manually(&mut form.sheet);
        Self::refresh(form, state);
        form.sheet.focus(joining::Name::Link.into());
    }

    fn rows_below(&self, _cells: usize) -> u16 {
        week::ROWS
    }

    fn draw_below(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        if let Some(chosen) = time::chosen(&form.sheet, state) {
            form.own.plan.draw(&chosen, state.now, canvas, area);
        }
    }
}

/// Says beside the host that its Zoom hosts nothing now, and the ways on.
fn say_host(sheet: &mut Sheet<Name>, state: &State, application: Option<&Application>) {
    let gone = prefill::host_is_gone(state, application);
    let gone = gone.then(|| Note::Advice(GONE.to_owned()));
    let stuck = joining::host_note(sheet, state);
    sheet.say(HOST, gone.into_iter().chain(stuck).collect());
}

/// Says beside the interviewers who was chosen from the stage's panel, and why.
fn say_panel(form: &mut Frame<NewInterview>, application: Option<&Application>) {
    let panel = form.own.plan.panel(application.map(|it| it.id));
    let words = panel.and_then(|panel| prefill::panel_words(panel, form.sheet.taken(WITH)));
    let hint = words.map(Note::Hint);
    if let Some(field) = form.sheet.field_mut(WITH) {
        // What was refused stays until something else is chosen.
        field.notes.retain(|note| matches!(note, Note::Error(_)));
        field.notes.extend(hint);
    }
}

/// The candidate it is with: whom it was opened for, else who is chosen.
fn candidate_of(form: &Frame<NewInterview>) -> Option<CandidateId> {
    let id = match form.subject.as_str() {
        "" => form.sheet.chosen(Name::Candidate),
        subject => subject,
    };
    id.parse().ok()
}

/// The call as far as it is filled in; `None` without a candidate.
fn filled(form: &Frame<NewInterview>, state: &State) -> Option<InterviewNew> {
    let sheet = &form.sheet;
    let joining = Joining::of(sheet);
    let when = sheet.moment(WHEN)?;
    let zone = match sheet.chosen(ZONE) {
        "" => state.zone().iana_name()?.to_owned(),
        zone => zone.to_owned(),
    };
    Some(InterviewNew {
        candidate: candidate_of(form)?.to_string(),
        job: maybe(sheet.chosen(Name::Job)),
        kind: joining.kind,
        start: when.strftime("%Y-%m-%d %H:%M").to_string(),
        zone: Some(zone),
        duration_minutes: sheet.text(DURATION).parse().ok(),
        organizer: maybe(&joining.organizer),
        with: joining.with,
        zoom_user: maybe(&joining.host),
        url: maybe(&joining.url),
        meeting_id: maybe(&joining.meeting_id),
        passcode: maybe(&joining.passcode),
        details: maybe(&joining.details),
        // As it is shown, also where the stage is changed meanwhile.
        zoom_notes: (knows_notes(state) && joining::makes_a_meeting(sheet))
            .then_some(joining.notes),
        confirm: sheet.choice(Name::Status) == 1,
        idempotency_key: None,
        dry_run: false,
        preview: false,
    })
}

/// Whether the daemon knows notes: they came with protocol 3.
fn knows_notes(state: &State) -> bool {
    state.link.hello().is_some_and(|hello| hello.protocol >= 3)
}

/// Whose time it would take.
fn party(form: &Frame<NewInterview>) -> Party {
    let joining = Joining::of(&form.sheet);
    Party {
        members: joining.with,
        candidate: candidate_of(form).map(|id| id.to_string()),
        host: maybe(&joining.host),
    }
}

fn candidate<'a>(state: &'a State, id: &str) -> Option<&'a Candidate> {
    state.cache.candidate.get(&id.parse().ok()?)
}

/// The application for the chosen job, else the first.
fn applied<'a>(candidate: Option<&'a Candidate>, job: &str) -> Option<&'a Application> {
    let all = &candidate?.applications;
    let chosen = all.iter().find(|it| it.job.to_string() == job);
    chosen.or_else(|| all.first())
}

fn everyone(state: &State) -> Vec<Pick> {
    let page = state.cache.everyone.latest();
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
fn tomorrow(state: &State) -> DateTime {
    let today = state.now.to_zoned(state.zone()).date();
    let days = match today.weekday() {
        Weekday::Friday => 3,
        Weekday::Saturday => 2,
        _ => 1,
    };
    let day = today.checked_add(Span::new().days(days));
    day.unwrap_or(today).at(10, 0, 0, 0)
}
