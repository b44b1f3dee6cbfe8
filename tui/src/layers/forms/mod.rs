//! The forms there are, and what each one becomes.
//!
//! Owns the way from a filled sheet to a call, and the drafts. Invariant: nothing typed is lost: a
//! form that is closed keeps its sheet under (form, subject) until it was sent with success.

mod candidate;
mod import;
mod interview;
mod job;
mod member;
mod setup;
mod stage;
mod stage_settings;

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::id::CandidateId;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use import::Import;
pub(crate) use import::{Next, file as file_to_read, nothing_in};
pub(crate) use interview::Plan;

use super::form::{Entry, Field, Sheet};
use crate::app::State;
use crate::theme;
use crate::widgets::{Canvas, Pick, Select, below, row, text};

/// Widest a form gets.
const WIDTH: u16 = 78;

/// What a form makes or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Setup,
    Candidate,
    Job,
    Stage,
    StageSettings,
    Member,
    Import,
    Interview,
}

impl Kind {
    /// What happens while it is sent.
    pub(crate) fn doing(self) -> &'static str {
        match self {
            Self::Setup => "setting up",
            Self::Candidate => "adding the candidate",
            Self::Job => "opening the job",
            Self::Stage => "adding the stage",
            Self::StageSettings => "saving the stage",
            Self::Member => "adding the member",
            Self::Import => "importing",
            Self::Interview => "booking",
        }
    }

    /// Whether there is somewhere to go back to.
    pub(crate) fn can_be_left(self) -> bool {
        self != Self::Setup
    }
}

/// A form and what it is about: drafts are kept by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FormKey {
    pub(crate) kind: Kind,
    /// The id of what the form is about; empty when it is about nothing yet.
    pub(crate) subject: String,
}

/// The fields of all forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Workspace,
    Person,
    Email,
    ZoomEmail,
    Phone,
    Zone,
    Source,
    Job,
    Stage,
    Title,
    Roles,
    HiringJobs,
    ClientId,
    ClientSecret,
    File,
    Candidate,
    Type,
    Organizer,
    By,
    Host,
    With,
    AnyOf,
    When,
    Duration,
    Link,
    MeetingId,
    Passcode,
    Details,
    Status,
    Ai,
    Approval,
    Before,
    After,
    Notice,
    Horizon,
    Cap,
    Guidance,
    Windows,
}

/// What a form holds beside its fields.
#[derive(Debug)]
pub(crate) enum Extra {
    None,
    /// How the time of a new interview is judged.
    Plan(Box<Plan>),
    /// What a file says.
    Import(Import),
}

/// A form.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) key: FormKey,
    pub(crate) title: String,
    pub(crate) sheet: Sheet<Name>,
    pub(crate) button: &'static str,
    /// Why it was refused, where no field is to blame.
    pub(crate) failure: Option<Error>,
    pub(crate) extra: Extra,
}

/// Forms that were left with something in them.
pub(crate) type Drafts = HashMap<FormKey, Box<Form>>;

impl Form {
    fn new(
        key: FormKey,
        title: impl Into<String>,
        button: &'static str,
        sheet: Sheet<Name>,
    ) -> Self {
        let title = title.into();
        Self {
            key,
            title,
            sheet,
            button,
            failure: None,
            extra: Extra::None,
        }
    }

    /// A form as it opens: a draft where there is one.
    pub(crate) fn open(state: &mut State, key: FormKey) -> Box<Self> {
        let draft = state.drafts.remove(&key);
        let mut form = draft.unwrap_or_else(|| Box::new(Self::fresh(state, key)));
        form.refresh(state);
        form
    }

    fn fresh(state: &State, key: FormKey) -> Self {
        match key.kind {
            Kind::Setup => setup::form(state, key),
            Kind::Candidate => candidate::form(state, key),
            Kind::Job => job::form(key),
            Kind::Stage => stage::form(state, key),
            Kind::StageSettings => stage_settings::form(state, key),
            Kind::Member => member::form(state, key),
            Kind::Import => import::form(key),
            Kind::Interview => interview::form(state, key),
        }
    }

    /// Brings options and remarks up to date with the mirror and with each other.
    pub(crate) fn refresh(&mut self, state: &State) {
        match self.key.kind {
            Kind::Candidate => candidate::refresh(self, state),
            Kind::StageSettings => stage_settings::refresh(self, state),
            Kind::Member => member::refresh(self, state),
            Kind::Interview => interview::refresh(self, state),
            Kind::Import => import::refresh(self),
            Kind::Setup | Kind::Job | Kind::Stage => {}
        }
    }

    /// The call it becomes; nothing when a field is wrong, which is said beside it.
    pub(crate) fn request(&mut self, state: &State) -> Option<Q> {
        self.failure = None;
        let request = match self.key.kind {
            Kind::Setup => setup::request(&mut self.sheet),
            Kind::Candidate => candidate::request(&mut self.sheet),
            Kind::Job => job::request(&mut self.sheet),
            Kind::Stage => stage::request(&mut self.sheet, &self.key.subject),
            Kind::StageSettings => {
                stage_settings::request(&mut self.sheet, &self.key.subject, state)
            }
            Kind::Member => member::request(&mut self.sheet),
            Kind::Import => import::request(self),
            Kind::Interview => interview::request(self, state),
        };
        if request.is_none() {
            self.sheet.focus_error();
        }
        request
    }

    /// What was done, from the daemon's answer.
    pub(crate) fn outcome(&self, reply: R) -> Result<String, Error> {
        match reply {
            R::Setup(done) => done.map(|done| format!("{} is set up", done.workspace.name)),
            R::CandidateAdd(done) => done.map(|it| format!("{} is added", it.name)),
            R::JobAdd(done) => done.map(|job| format!("{} is open", job.title)),
            R::StageAdd(done) => done.map(|stage| format!("{} is added", stage.name)),
            R::StageConfigure(done) => done.map(|stage| format!("{} is saved", stage.name)),
            R::MemberAdd(done) => done.map(|member| format!("{} is added", member.name)),
            R::InterviewNew(done) => done.map(|it| interview::outcome(&it)),
            _ => Err(Error::failed(
                "read the daemon's answer: it answers something else",
            )),
        }
    }

    /// Says why it was refused: beside the field that is wrong, where the daemon names one.
    pub(crate) fn refuse(&mut self, error: Error) {
        let field = error
            .field
            .as_deref()
            .and_then(|field| named(field, self.key.kind));
        if let (Some(Name::When), Extra::Plan(plan)) = (field, &mut self.extra) {
            return plan.take_verdict(Err(error));
        }
        match field {
            // What is said beside the host is worked out anew all the time.
            Some(Name::Host) => self.failure = Some(error),
            Some(name) if self.sheet.field(name).is_some_and(|field| field.shown) => {
                self.sheet.refuse(name, &error.message);
                self.sheet.focus_error();
            }
            _ => self.failure = Some(error),
        }
    }

    /// Whether everybody is needed, to choose a candidate from.
    pub(crate) fn wants_everyone(&self) -> bool {
        self.sheet
            .field(Name::Candidate)
            .is_some_and(|field| field.shown)
    }

    /// The candidate a form is about.
    pub(crate) fn candidate(&self) -> Option<CandidateId> {
        match self.key.kind {
            Kind::Interview if self.key.subject.is_empty() => {
                self.sheet.chosen(Name::Candidate).parse().ok()
            }
            Kind::Interview => self.key.subject.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let extra = match &self.extra {
            Extra::None => 0,
            Extra::Plan(_) => 9,
            Extra::Import(import) => import.height(),
        };
        let failure = self.failure_lines(usize::from(WIDTH.min(area.width).saturating_sub(4)));
        let failed = u16::try_from(failure.len()).unwrap_or(0);
        let wanted = self.sheet.height(WIDTH.min(area.width).saturating_sub(4));
        let height = (wanted + extra + failed + 6).min(area.height);
        let inside = canvas.float(area, WIDTH, height, &self.title);
        let inside = below(inside, u16::from(inside.height > wanted + 3));
        let last = row(inside, inside.height.saturating_sub(1));
        let esc = match self.key.kind.can_be_left() {
            true => "Esc keeps it",
            false => "ctrl-c leaves",
        };
        self.sheet.draw_button(canvas, last, self.button, esc);
        let body = Rect {
            height: inside.height.saturating_sub(2),
            ..inside
        };
        let foot = failed.min(body.height / 2);
        let fields = Rect {
            height: body.height - foot,
            ..body
        };
        let taken = wanted.min(fields.height);
        let rest = below(fields, taken + 1);
        match &self.extra {
            Extra::None => {}
            Extra::Plan(plan) => plan.draw(state, &self.sheet, canvas, rest),
            Extra::Import(import) => import.draw(canvas, rest),
        }
        for (place, (words, style)) in
            crate::widgets::rows(below(body, body.height - foot)).zip(&failure)
        {
            canvas.text(place, words, *style);
        }
        // Last, so that a list hanging from a field lies over everything.
        self.sheet.draw(canvas, fields);
    }

    fn failure_lines(&self, cells: usize) -> Vec<(String, ratatui::style::Style)> {
        let Some(error) = &self.failure else {
            return Vec::new();
        };
        let message = text::wrap(&format!("✗ {}", error.message), cells);
        let hint = error.hint.iter().flat_map(|hint| text::wrap(hint, cells));
        let message = message.into_iter().map(|line| (line, theme::BAD));
        message
            .chain(hint.map(|line| (line, theme::PLAIN)))
            .collect()
    }
}

/// The field that a request's field is filled from.
fn named(field: &str, kind: Kind) -> Option<Name> {
    Some(match field {
        "workspace" => Name::Workspace,
        "name" if kind == Kind::Stage => Name::Stage,
        "name" => Name::Person,
        "email" => Name::Email,
        "zoom_email" => Name::ZoomEmail,
        "phone" => Name::Phone,
        "zone" => Name::Zone,
        "job" => Name::Job,
        "stage" => Name::Stage,
        "title" => Name::Title,
        "roles" => Name::Roles,
        "zoom_client_id" => Name::ClientId,
        "zoom_client_secret" => Name::ClientSecret,
        "candidate" => Name::Candidate,
        "type" => Name::Type,
        "organizer" => Name::Organizer,
        "with" => Name::With,
        "zoom_user" => Name::Host,
        "start" => Name::When,
        "duration_minutes" => Name::Duration,
        "url" => Name::Link,
        "meeting_id" => Name::MeetingId,
        "passcode" => Name::Passcode,
        "details" => Name::Details,
        _ => return None,
    })
}

/// A line of text.
fn line(name: Name, label: &'static str, value: &str) -> Field<Name> {
    Field::new(name, label, Entry::text(value))
}

/// A dropdown.
fn select(name: Name, label: &'static str, picks: Vec<Pick>, value: Option<&str>) -> Field<Name> {
    Field::new(name, label, Entry::Select(Select::new(picks, value)))
}

/// Every zone there is, by name.
fn zones(value: Option<&str>) -> Entry {
    let names = jiff::tz::db().available();
    let mut picks: Vec<Pick> = names
        .map(|name| Pick::new(name.as_str(), name.as_str(), ""))
        .filter(|pick| pick.value.contains('/') || pick.value == "UTC")
        .collect();
    picks.sort_by(|a, b| a.value.cmp(&b.value));
    Entry::Select(Select::new(picks, value))
}

/// The members, with how their Zoom stands as a note where it matters.
fn members(state: &State, zoom: bool) -> Vec<Pick> {
    let all = state.mirror.members.latest().into_iter().flatten();
    all.map(|member| {
        let you = if member.you { " (you)" } else { "" };
        let note = match zoom {
            true => crate::screens::wording::connection(member.zoom).0,
            false => &member.email,
        };
        Pick::new(
            &member.id.to_string(),
            &format!("{}{you}", member.name),
            note,
        )
    })
    .collect()
}

/// The open jobs.
fn jobs(state: &State) -> Vec<Pick> {
    let all = state.mirror.jobs.latest().into_iter().flatten();
    all.filter(|job| job.open)
        .map(|job| Pick::new(&job.id.to_string(), &job.title, ""))
        .collect()
}

/// Replaces the options of a field and keeps what was chosen.
fn repick(sheet: &mut Sheet<Name>, name: Name, picks: Vec<Pick>) {
    match sheet.field_mut(name).map(|field| &mut field.entry) {
        Some(Entry::Select(select)) => select.refresh(picks),
        Some(Entry::Several(several)) => several.refresh(picks),
        _ => {}
    }
}

/// A text that must be there.
fn needed(sheet: &mut Sheet<Name>, name: Name, why: &str) -> Option<String> {
    let value = sheet.text(name).to_owned();
    if value.is_empty() {
        sheet.refuse(name, why);
        return None;
    }
    Some(value)
}

/// An address that looks like one; the daemon has the last word.
fn address(sheet: &mut Sheet<Name>, name: Name) -> Option<String> {
    let value = needed(sheet, name, "an address is needed")?;
    let looks_right = value.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !value.contains(char::is_whitespace)
    });
    if !looks_right {
        sheet.refuse(name, "this is not an address: name@company.example");
        return None;
    }
    Some(value)
}

/// What may be left empty.
fn maybe(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// A whole number in a range.
fn number(sheet: &mut Sheet<Name>, name: Name, from: u32, to: u32) -> Option<u32> {
    let words = sheet
        .text(name)
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let number = words
        .trim_end_matches(|letter: char| letter.is_alphabetic())
        .parse()
        .ok();
    let number = number.filter(|number| (from..=to).contains(number));
    if number.is_none() {
        sheet.refuse(name, &format!("a number from {from} to {to}"));
    }
    number
}
