//! Interviews: a week as columns, or a list by day.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::Interview;
use greenroom_protocol::time::Instant;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{draw_empty, draw_failure, week, wording};
use crate::app::State;
use crate::keys::Command;
use crate::theme;
use crate::widgets::{Canvas, List, below, part, row, rows, text, times};

/// Where a person is among the interviews.
#[derive(Debug)]
pub(crate) struct InterviewsView {
    /// The Monday of the week that is shown.
    pub(crate) monday: Date,
    /// A list by day in the place of the week.
    pub(crate) as_list: bool,
    /// The zone that was chosen for the times; nothing: the person's own.
    pub(crate) zone: Option<String>,
    list: List,
}

impl InterviewsView {
    pub(crate) fn new(today: Date) -> Self {
        Self {
            monday: times::monday(today),
            as_list: false,
            zone: None,
            list: List::default(),
        }
    }

    /// The zone times are shown in.
    pub(crate) fn zone(&self, own: &TimeZone) -> TimeZone {
        let chosen = self
            .zone
            .as_deref()
            .and_then(|zone| TimeZone::get(zone).ok());
        chosen.unwrap_or_else(|| own.clone())
    }

    /// The week's first moment, and the first one after it.
    pub(crate) fn stretch(&self, own: &TimeZone) -> (Instant, Instant) {
        let zone = self.zone(own);
        let begin = |date: Date| {
            let midnight = date.to_zoned(zone.clone());
            midnight
                .map_or(Timestamp::UNIX_EPOCH, |midnight| midnight.timestamp())
                .into()
        };
        (begin(self.monday), begin(plus_days(self.monday, 7)))
    }

    pub(crate) fn turn(&mut self, weeks: i32) {
        self.monday = plus_days(self.monday, weeks * 7);
        self.list.select(0);
    }

    pub(crate) fn show_week_of(&mut self, date: Date) {
        self.monday = times::monday(date);
        self.list.select(0);
    }

    /// The week's interviews in order.
    pub(crate) fn shown<'a>(&self, state: &'a State) -> Vec<&'a Interview> {
        let stretch = self.stretch(&state.zone());
        let mut shown: Vec<_> = state
            .mirror
            .interviews
            .get(&stretch)
            .into_iter()
            .flatten()
            .collect();
        shown.sort_by_key(|interview| (interview.start, interview.id));
        shown
    }

    pub(crate) fn selected<'a>(&self, state: &'a State) -> Option<&'a Interview> {
        let shown = self.shown(state);
        shown.get(self.list.selected(shown.len())?).copied()
    }

    /// Keeps the same interview selected when the week is another one, or it is at another time.
    pub(crate) fn follow(&mut self, before: Option<InterviewId>, shown: &[InterviewId]) {
        let at = shown.iter().position(|id| Some(*id) == before);
        if let Some(at) = at {
            self.list.select(at);
        }
    }

    /// Moves among interviews: up and down in time, left and right to another day.
    pub(crate) fn go(&mut self, command: Command, days: &[Date]) -> bool {
        let now = self.list.selected(days.len()).unwrap_or(0);
        let today = days.get(now).copied();
        match command {
            Command::Left => {
                let before = days.iter().rposition(|day| Some(*day) < today);
                self.list.select(before.unwrap_or(now));
            }
            Command::Right => {
                let after = days
                    .iter()
                    .position(|day| today.is_some_and(|today| *day > today));
                self.list.select(after.unwrap_or(now));
            }
            other => return self.list.go(other, days.len()),
        }
        true
    }
}

fn plus_days(date: Date, days: i32) -> Date {
    date.checked_add(Length::new().days(days)).unwrap_or(date)
}

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let view = &state.interviews;
    draw_heading(state, canvas, row(area, 0));
    let shown = view.shown(state);
    let area = below(area, 1);
    let known = state
        .mirror
        .interviews
        .get(&view.stretch(&state.zone()))
        .is_some();
    if !known {
        if let Some(error) = state.mirror.interviews.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    }
    if shown.is_empty() && view.as_list {
        let keys = "n plans one, [ and ] turn the weeks.";
        return draw_empty(canvas, area, "No interviews in this week.", keys);
    }
    // The selected interview in words, under the calendar.
    let foot = if area.height < 9 { 0 } else { 3 };
    let body = Rect {
        height: area.height - foot,
        ..area
    };
    if view.as_list {
        draw_list(state, canvas, body, &shown);
    } else {
        week::draw(state, canvas, body, &shown, view.selected(state));
    }
    draw_selected(state, canvas, below(area, body.height));
}

fn draw_heading(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let view = &state.interviews;
    let line = part(line, 1, line.width.saturating_sub(2));
    let zone = view.zone(&state.zone());
    let today = times::at(state.now, &zone).date();
    let sunday = plus_days(view.monday, 6);
    let this = if times::monday(today) == view.monday {
        "this week · "
    } else {
        ""
    };
    let words = format!(
        "{} – {} {}",
        times::short_day(view.monday),
        times::short_day(sunday),
        sunday.year()
    );
    let left = vec![
        Span::styled(words, theme::STRONG),
        Span::styled(
            format!("  {this}week {}", view.monday.iso_week_date().week()),
            theme::DIM,
        ),
    ];
    let name = zone
        .iana_name()
        .map_or_else(|| "local time".to_owned(), times::city);
    canvas.ends(line, left, &format!("times in {name}"));
}

fn draw_selected(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    canvas.rule(row(area, 0));
    let area = below(area, 1);
    let place = part(area, 1, area.width.saturating_sub(2));
    let Some(interview) = state.interviews.selected(state) else {
        return canvas.text(
            row(place, 0),
            "No interviews in this week: n plans one.",
            theme::DIM,
        );
    };
    let zone = state.interviews.zone(&state.zone());
    let start = interview.start.timestamp();
    let when = times::span(start, interview.duration_minutes.into(), &zone, state.now);
    let (_, there) = wording::when(interview, state);
    let there = there.map(|there| format!(" ({there})")).unwrap_or_default();
    canvas.line(
        row(place, 0),
        Line::from(vec![
            Span::styled(text::clean(&interview.candidate.name), theme::STRONG),
            Span::raw(format!(
                " · {} · {when}{there}",
                text::clean(&interview.stage_name)
            )),
        ]),
    );
    let line = row(place, 1);
    match wording::trouble(interview, state) {
        Some((words, style)) => canvas.text(line, &words, style),
        None => {
            let words = format!(
                "{} with {} · {}",
                wording::meeting_type(interview.meeting.kind),
                wording::people(&interview.interviewers),
                &wording::stands(interview),
            );
            canvas.text(line, &words, theme::DIM);
        }
    }
}

/// A list by day: a heading a day, then one line an interview.
fn draw_list(state: &State, canvas: &mut Canvas<'_>, area: Rect, shown: &[&Interview]) {
    let view = &state.interviews;
    let zone = view.zone(&state.zone());
    let today = times::at(state.now, &zone).date();
    let selected = view.list.selected(shown.len());
    let mut lines: Vec<(Option<usize>, Line<'_>)> = Vec::new();
    let mut day = None;
    for (at, interview) in shown.iter().enumerate() {
        let date = times::at(interview.start.timestamp(), &zone).date();
        if day != Some(date) {
            day = Some(date);
            let words = times::day(date, today);
            let note = if date == today { "  today" } else { "" };
            let heading = Line::from(vec![
                Span::styled(words, theme::STRONG),
                Span::styled(note, theme::DIM),
            ]);
            lines.push((None, heading));
        }
        let line = list_line(
            state,
            interview,
            &zone,
            usize::from(area.width),
            selected == Some(at),
        );
        lines.push((Some(at), line));
    }
    let marked = lines
        .iter()
        .position(|(at, _)| at.is_some() && *at == selected)
        .unwrap_or(0);
    let skipped = (marked + 2).saturating_sub(usize::from(area.height));
    for (place, (_, line)) in rows(area).zip(lines.into_iter().skip(skipped)) {
        canvas.line(part(place, 1, place.width.saturating_sub(2)), line);
    }
}

fn list_line<'a>(
    state: &State,
    interview: &Interview,
    zone: &TimeZone,
    width: usize,
    marked: bool,
) -> Line<'a> {
    let start = times::at(interview.start.timestamp(), zone);
    let end = interview
        .start
        .plus_minutes(interview.duration_minutes.into())
        .timestamp();
    let clock = format!(
        "{}–{}",
        times::clock(&start),
        times::clock(&times::at(end, zone))
    );
    let (sign, sign_style) = wording::sign(interview, state);
    let style = if marked {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let rest = width.saturating_sub(2 + 13 + 2 + 2);
    let stage = 13.min(rest / 4);
    let name = (rest * 3 / 10).min(32);
    let people = rest.saturating_sub(name + stage + 13);
    Line::from(vec![
        Span::styled(if marked { "▸ " } else { "  " }, style),
        Span::styled(text::left(&clock, 13), style),
        Span::styled(format!("{sign} "), sign_style),
        Span::styled(text::left(&interview.candidate.name, name), style),
        Span::raw(format!("  {} ", text::left(&interview.stage_name, stage))),
        Span::styled(
            text::left(wording::meeting_type(interview.meeting.kind), 10),
            theme::DIM,
        ),
        Span::styled(
            text::fit(&wording::people(&interview.interviewers), people),
            theme::DIM,
        ),
    ])
}

/// The hour rows a calendar shows: working hours, and more where interviews lie outside.
pub(super) fn hours(times: impl Iterator<Item = (Time, Time)>) -> (i8, i8) {
    times.fold((8, 18), |(from, to), (start, end)| {
        (
            from.min(start.hour()),
            to.max(end.hour() + i8::from(end.minute() > 0)).min(24),
        )
    })
}
