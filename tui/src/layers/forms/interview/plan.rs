//! How the time of an interview is judged while a form is filled in, and the week around it.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{InterviewEdit, InterviewNew, InterviewReschedule};
use greenroom_protocol::schedule::{BusyLane, BusyQuery, Verdict};
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::joining::Joining;
use super::prefill::Prefill;
use super::{edit, new, reschedule};
use crate::app::State;
use crate::layers::form::{Note, Sheet};
use crate::layers::forms::{Extra, Form, Name};
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text, times};

/// Days of the little week without and with the weekend, and the cells of each.
const WORKING: (i64, usize) = (5, 12);
const WHOLE: (i64, usize) = (7, 9);

/// The cells of an hour in it.
const CELLS: usize = 8;

/// Hours of the little week.
const HOURS: std::ops::Range<i8> = 8..18;

/// What is known about the time that stands in the form.
#[derive(Debug)]
pub(crate) struct Plan {
    of: Of,
    judged: Option<Question>,
    verdict: Option<Result<Verdict, Error>>,
    asked: Option<BusyQuery>,
    lanes: Vec<BusyLane>,
}

/// What is planned.
#[derive(Debug)]
enum Of {
    /// A new interview.
    New {
        /// Made with the form, so that sending it twice books once.
        key: String,
        /// What the fields began with.
        prefill: Prefill,
    },
    /// Another time for this one, whose own time is not in its way.
    Change(Option<InterviewId>),
    /// Other people, or another way to join, for one that was so.
    Edit(Option<InterviewId>, Joining),
}

/// Whose time an interview would take, by reference.
pub(super) struct Party {
    pub(super) members: Vec<String>,
    pub(super) candidate: Option<String>,
    pub(super) host: Option<String>,
}

/// A dry run: the call that is judged.
#[derive(Clone, Debug, PartialEq)]
enum Question {
    New(InterviewNew),
    Reschedule(InterviewReschedule),
    Edit(InterviewEdit),
}

impl Question {
    /// The call as the form stands, to be judged only.
    fn of(form: &Form, state: &State) -> Option<Self> {
        let Extra::Plan(plan) = &form.extra else {
            return None;
        };
        Some(match &plan.of {
            Of::New { .. } => {
                let mut interview = new::filled(form, state)?;
                interview.dry_run = true;
                Self::New(interview)
            }
            Of::Change(_) => {
                let mut interview = reschedule::filled(form, state)?;
                interview.interview.dry_run = true;
                // Why it is moved does not decide whether it can be.
                interview.reason = None;
                Self::Reschedule(interview)
            }
            Of::Edit(..) => {
                let mut interview = edit::filled(form, state)?;
                interview.interview.dry_run = true;
                Self::Edit(interview)
            }
        })
    }
}

impl From<Question> for Q {
    fn from(question: Question) -> Self {
        match question {
            Question::New(interview) => Self::InterviewNew { interview },
            Question::Reschedule(interview) => Self::InterviewReschedule { interview },
            Question::Edit(interview) => Self::InterviewEdit { interview },
        }
    }
}

impl Plan {
    pub(super) fn of_new(prefill: Prefill) -> Self {
        let key = InterviewId::new().to_string();
        Self::new(Of::New { key, prefill })
    }

    pub(super) fn of_change(interview: Option<InterviewId>) -> Self {
        Self::new(Of::Change(interview))
    }

    pub(super) fn of_edit(interview: Option<InterviewId>, before: Joining) -> Self {
        Self::new(Of::Edit(interview, before))
    }

    fn new(of: Of) -> Self {
        Self {
            of,
            judged: None,
            verdict: None,
            asked: None,
            lanes: Vec::new(),
        }
    }

    /// The idempotency key of a new interview.
    pub(super) fn key(&self) -> Option<&str> {
        match &self.of {
            Of::New { key, .. } => Some(key),
            _ => None,
        }
    }

    /// What the fields of a new interview began with.
    pub(super) fn prefill(&mut self) -> Option<&mut Prefill> {
        match &mut self.of {
            Of::New { prefill, .. } => Some(prefill),
            _ => None,
        }
    }

    /// How the interview is where this person changed nothing.
    pub(super) fn before(&self) -> Option<&Joining> {
        match &self.of {
            Of::Edit(_, before) => Some(before),
            _ => None,
        }
    }

    /// The same, to follow what others change.
    pub(super) fn before_mut(&mut self) -> Option<&mut Joining> {
        match &mut self.of {
            Of::Edit(_, before) => Some(before),
            _ => None,
        }
    }

    /// Rows that the week takes.
    pub(in super::super) fn height(&self) -> u16 {
        match &self.of {
            Of::New { .. } | Of::Change(_) => 9,
            Of::Edit(..) => 0,
        }
    }

    /// The dry run to ask for, when the form says something new.
    pub(crate) fn to_judge(form: &mut Form, state: &State) -> Option<Q> {
        let question = Question::of(form, state);
        let Extra::Plan(plan) = &mut form.extra else {
            return None;
        };
        let Some(question) = question else {
            // Nothing stands there that could be judged; what was said of something else is over.
            plan.verdict = None;
            plan.judged = None;
            return None;
        };
        if plan.judged.as_ref() == Some(&question) {
            return None;
        }
        plan.judged = Some(question.clone());
        Some(question.into())
    }

    /// The busy times to ask for, when other people or another week stand in the form.
    pub(crate) fn to_see(form: &mut Form, state: &State) -> Option<BusyQuery> {
        let Extra::Plan(plan) = &form.extra else {
            return None;
        };
        let party = match &plan.of {
            Of::New { .. } => new::party(form),
            Of::Change(_) => reschedule::party(form, state)?,
            Of::Edit(..) => return None,
        };
        let zone = zone(&form.sheet, state);
        let monday = times::monday(form.sheet.moment(Name::When)?.date());
        let begin = |date: Date| {
            date.to_zoned(zone.clone())
                .ok()
                .map(|midnight| midnight.timestamp())
        };
        let over = monday.checked_add(Length::new().days(WHOLE.0)).ok()?;
        let query = BusyQuery {
            members: party.members,
            candidate: party.candidate,
            zoom_user: party.host,
            from: begin(monday)?.into(),
            to: begin(over)?.into(),
        };
        let Extra::Plan(plan) = &mut form.extra else {
            return None;
        };
        if plan.asked.as_ref() == Some(&query) {
            return None;
        }
        plan.asked = Some(query.clone());
        Some(query)
    }

    /// Takes how the time was judged; of an older question it is dropped before this.
    pub(crate) fn take_verdict(&mut self, verdict: Result<Verdict, Error>) {
        self.verdict = Some(verdict);
    }

    pub(crate) fn take_lanes(&mut self, lanes: Vec<BusyLane>) {
        self.lanes = lanes;
    }

    /// Something changed at the daemon: judge again.
    pub(in super::super) fn spoil(&mut self) {
        self.judged = None;
        self.asked = None;
    }

    /// What to say beside the time.
    pub(super) fn notes(&self) -> Vec<Note> {
        match &self.verdict {
            None => Vec::new(),
            Some(Err(error)) if error.field.as_deref() == Some("start") => {
                vec![Note::Error(error.message.clone())]
            }
            // The rest is said when it is sent: half a form is no mistake.
            Some(Err(_)) => Vec::new(),
            Some(Ok(verdict)) => {
                let blocks = verdict
                    .blocks
                    .iter()
                    .map(|it| Note::Error(it.message.clone()));
                let advises = verdict
                    .advises
                    .iter()
                    .map(|it| Note::Advice(it.message.clone()));
                blocks.chain(advises).collect()
            }
        }
    }

    /// The week: hours as rows, days as columns, two marks an hour.
    pub(in super::super) fn draw(
        &self,
        state: &State,
        sheet: &Sheet<Name>,
        canvas: &mut Canvas<'_>,
        area: Rect,
    ) {
        let Some(when) = sheet.moment(Name::When) else {
            return;
        };
        if area.height < 4 {
            return;
        }
        let zone = zone(sheet, state);
        let monday = times::monday(when.date());
        let weekend = when
            .date()
            .since(monday)
            .is_ok_and(|past| i64::from(past.get_days()) >= WORKING.0);
        let (days, width) = if weekend { WHOLE } else { WORKING };
        let days: Vec<Date> = (0..days)
            .filter_map(|day| monday.checked_add(Length::new().days(day)).ok())
            .collect();
        let mut heading = Line::from(text::blanks(5));
        for day in &days {
            let words = format!("{} {}", times::weekday(day.weekday()), day.day());
            let style = if *day == when.date() {
                theme::SELECTED
            } else {
                theme::DIM
            };
            heading.push_span(Span::styled(text::left(&words, width), style));
        }
        canvas.line(row(area, 0), heading);
        let minutes: i64 = sheet.text(Name::Duration).parse().unwrap_or(45);
        let body = Rect {
            height: area.height - 2,
            ..below(area, 1)
        };
        let first = first_hour(when.hour(), body.height);
        for (place, hour) in rows(body).zip(first..HOURS.end) {
            let mut line = Line::from(Span::styled(format!(" {hour:02}  "), theme::DIM));
            for day in &days {
                let hour = day.at(hour, 0, 0, 0);
                line.push_span(
                    chosen(hour, when, minutes)
                        .unwrap_or_else(|| self.mark(hour, &zone, state.now)),
                );
                line.push_span(text::blanks(width - CELLS));
            }
            canvas.line(place, line);
        }
        let legend = "· all free   ░ someone busy   █ past";
        canvas.text(
            row(area, area.height - 1),
            &format!("     {legend}"),
            theme::DIM,
        );
    }

    /// Eight cells for an hour, four for each half.
    fn mark(&self, hour: DateTime, zone: &TimeZone, now: Timestamp) -> Span<'static> {
        let past = hour
            .to_zoned(zone.clone())
            .is_ok_and(|time| time.timestamp() < now);
        if past {
            return Span::styled("█".repeat(CELLS), theme::DIM);
        }
        let half = hour.checked_add(Length::new().minutes(30)).unwrap_or(hour);
        let end = hour.checked_add(Length::new().hours(1)).unwrap_or(hour);
        let taken = [self.taken(hour, half, zone), self.taken(half, end, zone)];
        let signs: String = taken
            .map(|taken| if taken { "░░░░" } else { "····" })
            .concat();
        let style = if taken.contains(&true) {
            theme::WAIT
        } else {
            theme::DIM
        };
        Span::styled(signs, style)
    }

    /// The interview that is moved: its own time is not in its way.
    fn own(&self) -> Option<InterviewId> {
        match &self.of {
            Of::New { .. } => None,
            Of::Change(id) | Of::Edit(id, _) => *id,
        }
    }

    fn taken(&self, from: DateTime, to: DateTime, zone: &TimeZone) -> bool {
        let instant = |local: DateTime| local.to_zoned(zone.clone()).ok().map(|it| it.timestamp());
        let (Some(from), Some(to)) = (instant(from), instant(to)) else {
            return false;
        };
        self.lanes.iter().any(|lane| {
            let here = lane.busy.iter().filter(|busy| {
                let own = self.own().is_some() && busy.interview == self.own();
                !own && busy.start.timestamp() < to && from < busy.end.timestamp()
            });
            u32::try_from(here.count()).unwrap_or(u32::MAX) >= lane.capacity.max(1)
        })
    }
}

/// The chosen time in an hour it touches: its clock where it begins.
fn chosen(hour: DateTime, when: DateTime, minutes: i64) -> Option<Span<'static>> {
    let next = hour.checked_add(Length::new().hours(1)).ok()?;
    let over = when.checked_add(Length::new().minutes(minutes)).ok()?;
    if hour >= over || when >= next {
        return None;
    }
    let words = match hour <= when {
        true => format!("▐{:02}:{:02} ▌", when.hour(), when.minute()),
        false => "▐      ▌".to_owned(),
    };
    Some(Span::styled(words, theme::SELECTED))
}

fn zone(sheet: &Sheet<Name>, state: &State) -> TimeZone {
    TimeZone::get(sheet.chosen(Name::Zone)).unwrap_or_else(|_| state.zone())
}

/// The first hour to show, so that the chosen one is among them.
fn first_hour(chosen: i8, rows: u16) -> i8 {
    let rows = i8::try_from(rows).unwrap_or(10).max(1);
    let latest = (HOURS.end - rows).max(HOURS.start.min(chosen));
    (chosen - rows / 2).clamp(HOURS.start.min(chosen), latest.max(HOURS.start.min(chosen)))
}
