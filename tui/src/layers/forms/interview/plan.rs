//! How the time of a new interview is judged, and the week around it.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::schedule::{BusyLane, BusyQuery, Verdict};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Prefill, filled, is_by_hand, kind};
use crate::app::State;
use crate::layers::form::{Note, Sheet};
use crate::layers::forms::{Form, Name};
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text, times};

/// Days and hours of the little week.
const DAYS: i64 = 5;
const HOURS: std::ops::Range<i8> = 8..18;

/// What is known about the time that stands in the form.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Made with the form, so that sending it twice books once.
    pub(super) key: String,
    /// What the fields began with.
    pub(super) prefill: Prefill,
    judged: Option<InterviewNew>,
    verdict: Option<Result<Verdict, Error>>,
    asked: Option<BusyQuery>,
    lanes: Vec<BusyLane>,
}

impl Plan {
    pub(super) fn new(prefill: Prefill) -> Self {
        let key = InterviewId::new().to_string();
        Self {
            key,
            prefill,
            judged: None,
            verdict: None,
            asked: None,
            lanes: Vec::new(),
        }
    }
}

impl Plan {
    /// The dry run to ask for, when the form says something new.
    pub(crate) fn to_judge(form: &mut Form, state: &State) -> Option<InterviewNew> {
        let mut interview = filled(form, state)?;
        interview.dry_run = true;
        let super::Extra::Plan(plan) = &mut form.extra else {
            return None;
        };
        if plan.judged.as_ref() == Some(&interview) {
            return None;
        }
        plan.judged = Some(interview.clone());
        Some(interview)
    }

    /// The busy times to ask for, when other people or another week stand in the form.
    pub(crate) fn to_see(form: &mut Form, state: &State) -> Option<BusyQuery> {
        let sheet = &form.sheet;
        let zone = zone(sheet, state);
        let monday = times::monday(sheet.moment(Name::When)?.date());
        let begin = |date: Date| {
            date.to_zoned(zone.clone())
                .ok()
                .map(|midnight| midnight.timestamp())
        };
        let friday = monday.checked_add(Length::new().days(DAYS)).ok()?;
        let zoom = kind(sheet) == Default::default() && !is_by_hand(sheet);
        let query = BusyQuery {
            members: sheet.taken(Name::With).to_vec(),
            candidate: form.candidate().map(|id| id.to_string()),
            zoom_user: Some(sheet.chosen(Name::Host).to_owned())
                .filter(|host| zoom && !host.is_empty()),
            from: begin(monday)?.into(),
            to: begin(friday)?.into(),
        };
        let super::Extra::Plan(plan) = &mut form.extra else {
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
        let days: Vec<Date> = (0..DAYS)
            .filter_map(|day| monday.checked_add(Length::new().days(day)).ok())
            .collect();
        let width = 12;
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
                line.push_span("    ");
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
            return Span::styled("█".repeat(8), theme::DIM);
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

    fn taken(&self, from: DateTime, to: DateTime, zone: &TimeZone) -> bool {
        let instant = |local: DateTime| local.to_zoned(zone.clone()).ok().map(|it| it.timestamp());
        let (Some(from), Some(to)) = (instant(from), instant(to)) else {
            return false;
        };
        self.lanes.iter().any(|lane| {
            let here = lane
                .busy
                .iter()
                .filter(|busy| busy.start.timestamp() < to && from < busy.end.timestamp());
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
