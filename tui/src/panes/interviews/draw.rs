//! Interviews: a week as columns, a day by people, or a list by day.

use std::collections::HashMap;

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::Interview;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::conflict::{Conflict, conflicts};
use super::{days, week};
use crate::state::State;
use crate::state::selected::{Form, plus_days};
use crate::theme;
use crate::widgets::{Canvas, below, draw_empty, draw_failure, part, row, text, times};
use crate::wording::{self, zoom};

/// What is drawn: the week's interviews, which one is selected, and what is wrong with them.
pub(crate) struct Shown<'a> {
    pub(crate) list: Vec<&'a Interview>,
    pub(crate) selected: Option<usize>,
    conflicts: HashMap<InterviewId, Vec<Conflict>>,
}

impl<'a> Shown<'a> {
    fn of(state: &'a State) -> Self {
        let list = state.interviews.shown(state);
        let selected = state.interviews.place(state, &list);
        let coming = list.iter().copied();
        let coming: Vec<_> = coming.filter(|it| state.is_to_come(it)).collect();
        let at_once = |host| zoom::connection_of(state, host)?.meetings_at_once;
        let conflicts = conflicts(&coming, at_once);
        Self {
            list,
            selected,
            conflicts,
        }
    }

    pub(crate) fn interview(&self) -> Option<&'a Interview> {
        self.list.get(self.selected?).copied()
    }

    /// One sign for how an interview stands; that it cannot be held so comes before that it is
    /// confirmed.
    pub(crate) fn sign(&self, interview: &Interview, state: &State) -> (&'static str, Style) {
        let (sign, style) = wording::sign(interview, state);
        match self.conflicts.contains_key(&interview.id) && sign != "✗" {
            true => ("≠", theme::BAD),
            false => (sign, style),
        }
    }

    /// What is wrong with an interview, if anything.
    pub(crate) fn wrong(
        &self,
        interview: &Interview,
        state: &State,
        zone: &TimeZone,
    ) -> Option<(String, Style)> {
        let conflicts = self.conflicts.get(&interview.id).into_iter().flatten();
        let conflicts: Vec<_> = conflicts.map(|it| it.words(zone)).collect();
        let conflict = (!conflicts.is_empty()).then(|| format!("≠ {}", conflicts.join(" · ")));
        match (conflict, wording::open(interview, state)) {
            (None, problem) => problem,
            (Some(conflict), None) => Some((conflict, theme::BAD)),
            (Some(conflict), Some((problem, _))) => {
                Some((format!("{conflict} · {problem}"), theme::BAD))
            }
        }
    }
}

pub(crate) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let view = &state.interviews;
    draw_heading(state, canvas, row(area, 0));
    let area = below(area, 1);
    let known = state
        .cache
        .interviews
        .get(&view.stretch(&state.zone()))
        .is_some();
    if !known {
        if let Some(error) = state.cache.interviews.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    }
    let shown = Shown::of(state);
    if shown.list.is_empty() && view.form != Form::Week {
        let keys = "n schedules one, [ ] change week.";
        return draw_empty(canvas, area, "No interviews this week.", keys);
    }
    // The selected interview in words, under the calendar.
    let foot = match area.height {
        ..9 => 0,
        9..18 => 3,
        _ => 4,
    };
    let body = Rect {
        height: area.height - foot,
        ..area
    };
    match view.form {
        Form::Days => days::draw(state, canvas, body, &shown),
        Form::Week | Form::People => week::draw(state, canvas, body, &shown),
    }
    draw_selected(state, canvas, below(area, body.height), &shown);
}

fn draw_heading(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let view = &state.interviews;
    let line = part(line, 1, line.width.saturating_sub(2));
    let zone = view.zone(&state.zone());
    let today = times::at(state.now, &zone).date();
    let words = match view.selected(state).filter(|_| view.form == Form::People) {
        Some(interview) => {
            let date = times::at(interview.start.timestamp(), &zone).date();
            let change = times::clock_change(date, &zone);
            let change = change.map(|it| format!(" · {it}")).unwrap_or_default();
            format!("{} {}{change}", times::day(date, today), date.year())
        }
        None => week_words(view.monday),
    };
    let this = match times::monday(today) == view.monday {
        true => "this week · ",
        false => "",
    };
    let left = vec![
        Span::styled(words, theme::STRONG),
        Span::styled(
            format!("  {this}week {}", view.monday.iso_week_date().week()),
            theme::DIM,
        ),
    ];
    canvas.ends(line, left, &zone_words(state, &zone));
}

fn week_words(monday: Date) -> String {
    let sunday = plus_days(monday, 6);
    format!(
        "{} – {} {}",
        times::short_day(monday),
        times::short_day(sunday),
        sunday.year()
    )
}

/// Where the times are from, and whose they are where they are not one's own.
fn zone_words(state: &State, zone: &TimeZone) -> String {
    let city = zone
        .iana_name()
        .map_or_else(|| "local time".to_owned(), times::city);
    let whose = state.interviews.elsewhere.as_ref();
    match whose.and_then(|it| it.of.as_deref()) {
        Some(name) => format!("times in {city}, for {}", text::clean(name)),
        None => format!("times in {city}"),
    }
}

fn draw_selected(state: &State, canvas: &mut Canvas<'_>, area: Rect, shown: &Shown<'_>) {
    canvas.rule(row(area, 0));
    let area = below(area, 1);
    let place = part(area, 1, area.width.saturating_sub(2));
    let Some(interview) = shown.interview() else {
        return canvas.text(
            row(place, 0),
            "No interviews this week. n schedules one, [ ] change week",
            theme::DIM,
        );
    };
    let zone = state.interviews.zone(&state.zone());
    let start = interview.start.timestamp();
    let when = times::span(start, interview.duration_minutes.into(), &zone, state.now);
    let there = wording::elsewhere(interview, &zone, state);
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
    let wrong = shown.wrong(interview, state, &zone);
    let (invited, _) = wording::invited(&interview.attendees);
    let mut words = format!(
        "{} with {} · {}",
        wording::meeting_type(interview.meeting.kind),
        wording::people(&interview.interviewers),
        wording::stands(interview),
    );
    if !invited.is_empty() && state.is_to_come(interview) {
        words.push_str(&format!(" · {invited}"));
    }
    // Where only one line has room, what is wrong has it.
    let lines = match (wrong, place.height) {
        (Some(wrong), ..3) => vec![wrong],
        (wrong, _) => [Some((words, theme::DIM)), wrong]
            .into_iter()
            .flatten()
            .collect(),
    };
    for (at, (words, style)) in (1..).zip(lines) {
        canvas.text(row(place, at), &words, style);
    }
}
