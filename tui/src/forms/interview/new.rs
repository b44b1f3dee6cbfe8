//! A new interview: what the fields are, and what they become. The idempotency key is made with the
//! form: sending it twice books once.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId};
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::outreach::OutreachPropose;
use greenroom_protocol::pipeline::{Application, ApplicationState, Candidate, CandidateRow};
use greenroom_protocol::schedule::Planned;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::{Position, Rect};

use super::joining::{self, Joining};
use super::prefill::{self, Prefill};
use super::timing::fields as time;
use super::timing::{Start, Subject, Timing};
use crate::forms::fill::{GONE, maybe, number, refuse_host_below, repick, select};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
use crate::keys::Command;
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
pub(super) const WHEN: Name = Name::Time(time::Name::When);
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
    timing: Box<Timing<InterviewNew>>,
}

impl FormType for NewInterview {
    type Name = Name;

    const DOING: &'static str = "booking";
    const OVER_CALENDAR: Option<u16> = Some(17);

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
        let status = Choice::new(&["To be confirmed", "Confirmed"], 1);
        let mut fields = vec![
            (Name::Candidate, select("Candidate", everyone(state), None)),
            (Name::Job, select("Job", applications(candidate), None)),
        ];
        let made = &["created when confirmed", "enter manually"];
        let [when, duration, zone] = time::fields(state, None, &prefill.minutes);
        let mut last = Vec::new();
        for (name, field) in joining.fields(state, made) {
            match name {
                // What is rarely another than it is stands last.
                Name::Joining(joining::Name::Organizer | joining::Name::Notes) => {
                    last.push((name, field));
                }
                name => fields.push((name, field)),
            }
        }
        fields.extend([when, duration]);
        fields.push((Name::Status, Field::new("Status", Entry::Choice(status))));
        fields.push(zone);
        fields.extend(last);
        let own = Self {
            key: InterviewId::new().to_string(),
            prefill,
            timing: Box::new(Timing::of(None)),
        };
        let mut sheet = Sheet::new(fields).over_calendar();
        if own.prefill.only_me
            && let Some(Entry::MultiSelect(with)) = sheet.field_mut(WITH).map(|it| &mut it.entry)
        {
            with.suggest(&own.prefill.with);
        }
        if !subject.is_empty() {
            sheet.focus(WHEN);
        }
        Frame::new(subject, "New interview", "Book", sheet, own)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let id = candidate_of(form).map(|id| id.to_string());
        let candidate = candidate(state, &id.unwrap_or_default());
        let application = applied(candidate, form.sheet.chosen(Name::Job)).cloned();
        let application = application.as_ref();
        if let Some(candidate) = candidate {
            let stage = application.map(|it| format!(" · {}", it.stage_name));
            let stage = stage.unwrap_or_default();
            let turns = state.turns.as_ref();
            let place = turns.and_then(|turns| turns.place(&form.subject));
            let place = place.map(|(at, all)| format!("{at} of {all} · "));
            let place = place.unwrap_or_default();
            form.title = format!("{place}New interview · {}{stage}", candidate.name);
        }
        let sheet = &mut form.sheet;
        sheet.show(Name::Candidate, form.subject.is_empty());
        repick(sheet, Name::Candidate, everyone(state));
        let applications = applications(candidate);
        sheet.show(Name::Job, applications.len() > 1);
        repick(sheet, Name::Job, applications);
        joining::refresh(sheet, state);
        let by_panel = prefill::is_by_panel(&form.own.prefill, sheet, state, application);
        let chosen = form.own.timing.plan.panel(application.map(|it| it.id));
        let chosen = chosen.map(|panel| &panel.interviewers);
        let slot = form.own.timing.slot(sheet).filter(|_| by_panel);
        let slot = slot.map(|slot| &slot.interviewers);
        let chosen = chosen.or(slot.filter(|all| !all.is_empty()));
        let chosen = chosen.map(|all| all.iter().map(|it| it.id.to_string()).collect());
        prefill::take(&mut form.own.prefill, sheet, state, application, chosen);
        say_host(&mut form.sheet, state, application);
        say_panel(form, application);
        let there = candidate.and_then(|candidate| candidate.zone.as_deref());
        let timing = &mut form.own.timing;
        timing.refresh(&mut form.sheet, state, there, Vec::new());
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
        // The answer that was waited for may have brought the people, too.
        Self::refresh(form, state);
        let sheet = &mut form.sheet;
        if form.subject.is_empty() && sheet.chosen(Name::Candidate).is_empty() {
            sheet.refuse(Name::Candidate, "Choose a candidate");
            return None;
        }
        let joins = joining::is_complete(sheet);
        let minutes = number(sheet, DURATION, 5, 1440).is_some();
        if !joins || !minutes {
            return None;
        }
        let start = match form.own.timing.start(sheet, state) {
            Start::Known(start) => start,
            Start::Later => return Some(Send::Later),
            Start::None => {
                Self::refresh(form, state);
                form.sheet.focus(WHEN);
                return None;
            }
        };
        let mut interview = filled(form, state, start.text)?;
        interview.start_shown = start.shown;
        interview.locale = start.locale;
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
            Some(WHEN) => form.own.timing.refuse(&mut form.sheet, error),
            name => refuse_host_below(form, HOST, name, error),
        }
    }

    fn about(form: &Frame<Self>) -> About {
        let host = form.sheet.chosen(HOST).parse().ok();
        About {
            everyone: form.sheet.is_shown(Name::Candidate),
            candidate: candidate_of(form),
            host: host.filter(|_| form.sheet.is_shown(HOST)),
            ..About::default()
        }
    }

    fn asks(form: &mut Frame<Self>, state: &State) -> Vec<(Ask, Q)> {
        let subject = subject(form, state);
        form.own.timing.asks(&form.sheet, state, subject)
    }

    fn told(form: &mut Frame<Self>, ask: Ask, reply: Result<R, Error>) {
        form.own.timing.told(&mut form.sheet, ask, reply);
    }

    fn waits(form: &Frame<Self>) -> bool {
        form.own.timing.waits(&form.sheet)
    }

    fn preview(form: &Frame<Self>, state: &State) -> Option<Q> {
        let knows = state.link.hello().is_some_and(|it| it.protocol >= 3);
        let at = time::time(&form.sheet).filter(|_| knows)?.timestamp();
        let mut interview = filled(form, state, at.to_string())?;
        (interview.dry_run, interview.preview) = (true, true);
        Some(Q::InterviewNew { interview })
    }

    fn invalidate(&mut self) {
        self.timing.invalidate();
    }

    fn can_be_manual(form: &Frame<Self>) -> bool {
        joining::makes_a_meeting(&form.sheet)
    }

    fn enter_manually(form: &mut Frame<Self>, state: &State) {
        joining::enter_manually(&mut form.sheet);
        Self::refresh(form, state);
        form.sheet.focus(joining::Name::Link.into());
    }

    fn walk(form: &mut Frame<Self>, state: &State, command: Command) -> bool {
        form.own.timing.walk(&mut form.sheet, state, command)
    }

    fn click(form: &mut Frame<Self>, state: &State, at: Position) -> bool {
        form.own.timing.click(&mut form.sheet, state, at)
    }

    fn marked(form: &Frame<Self>) -> Option<usize> {
        Some(form.own.timing.count_marked())
    }

    fn is_marked(form: &Frame<Self>) -> bool {
        form.own.timing.is_marked(&form.sheet)
    }

    fn proposal(form: &Frame<Self>, state: &State) -> Option<OutreachPropose> {
        let proposal = to_propose(form, state)?;
        Some(form.own.timing.proposal(proposal))
    }

    fn draw_marked(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, line: Rect) -> bool {
        form.own
            .timing
            .draw_marked(&form.sheet, state, canvas, line)
    }

    fn has_aside(&self) -> bool {
        self.timing.shows_why()
    }

    fn draw_below(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.timing.draw(&form.sheet, state, canvas, area);
    }

    fn draw_aside(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.timing.draw_why(&form.sheet, state, canvas, area);
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
    let panel = form.own.timing.plan.panel(application.map(|it| it.id));
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
fn filled(form: &Frame<NewInterview>, state: &State, start: String) -> Option<InterviewNew> {
    let sheet = &form.sheet;
    let joining = Joining::of(sheet);
    let zone = time::zone(sheet, state);
    Some(InterviewNew {
        candidate: candidate_of(form)?.to_string(),
        job: maybe(sheet.chosen(Name::Job)),
        kind: joining.kind,
        start,
        zone: Some(zone.iana_name()?.to_owned()),
        duration_minutes: time::minutes(sheet),
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
        ..InterviewNew::default()
    })
}

/// What marked times would be proposed with; whom the stage's panel comes to is chosen for each time
/// anew. `None` without a candidate, and where the daemon is too old for it.
fn to_propose(form: &Frame<NewInterview>, state: &State) -> Option<OutreachPropose> {
    let knows = state
        .link
        .hello()
        .is_some_and(|it| it.protocol >= PROPOSES_SINCE);
    let InterviewNew {
        candidate,
        job,
        kind,
        zone,
        duration_minutes,
        organizer,
        with,
        zoom_user,
        url,
        meeting_id,
        passcode,
        details,
        zoom_notes,
        ..
    } = filled(form, state, String::new()).filter(|_| knows)?;
    let application = self::candidate(state, &candidate);
    let application = applied(application, form.sheet.chosen(Name::Job));
    let by_panel = prefill::is_by_panel(&form.own.prefill, &form.sheet, state, application);
    Some(OutreachPropose {
        with: match by_panel {
            true => Vec::new(),
            false => with,
        },
        candidate,
        job,
        kind,
        locale: state.locale.clone(),
        zone,
        duration_minutes,
        organizer,
        zoom_user,
        url,
        meeting_id,
        passcode,
        details,
        zoom_notes,
        ..OutreachPropose::default()
    })
}

/// The first protocol that proposes times.
const PROPOSES_SINCE: u32 = 3;

/// Whether the daemon knows notes: they came with protocol 3.
fn knows_notes(state: &State) -> bool {
    state.link.hello().is_some_and(|hello| hello.protocol >= 3)
}

/// What is to be scheduled, as it stands in the form.
fn subject(form: &Frame<NewInterview>, state: &State) -> Subject<InterviewNew> {
    let joining = Joining::of(&form.sheet);
    let id = candidate_of(form).map(|id| id.to_string());
    let candidate = candidate(state, id.as_deref().unwrap_or_default());
    let application = applied(candidate, form.sheet.chosen(Name::Job));
    let at = time::time(&form.sheet).map(|time| time.timestamp());
    let call = at.and_then(|at| filled(form, state, at.to_string()));
    let call = call.map(|mut call| {
        call.dry_run = true;
        call
    });
    Subject {
        by_panel: prefill::is_by_panel(&form.own.prefill, &form.sheet, state, application),
        planned: Planned {
            // Before the record is here, its stage's plan is not known.
            candidate: id.filter(|_| candidate.is_some()),
            job: maybe(form.sheet.chosen(Name::Job)),
            kind: Some(joining.kind),
            with: joining.with,
            zoom_user: maybe(&joining.host),
            ..Planned::default()
        },
        call,
        judge: |interview| Q::InterviewNew { interview },
        proposal: to_propose(form, state),
        there: candidate.and_then(|candidate| candidate.zone.clone()),
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
    all.map(|row| Pick::new(&row.id.to_string(), &row.name, &hint(row)))
        .collect()
}

/// Their email, and how they stand where that is not active.
fn hint(row: &CandidateRow) -> String {
    let state = row.application.as_ref().map(|it| it.state);
    match state.filter(|state| *state != ApplicationState::Active) {
        Some(state) => format!("{} · {}", row.email, state.words()),
        None => row.email.clone(),
    }
}

fn applications(candidate: Option<&Candidate>) -> Vec<Pick> {
    let all = candidate
        .into_iter()
        .flat_map(|candidate| &candidate.applications);
    all.map(|it| Pick::new(&it.job.to_string(), &it.job_title, &it.stage_name))
        .collect()
}
