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
use crate::widgets::{Canvas, below, draw_empty, draw_failure, part, row, rows, text, times};
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
    // The selected interview in words, under the calendar: as many lines as the one of this week that
    // needs the most, so that the calendar stays where it is as the selection moves.
    let cells = usize::from(area.width.saturating_sub(2));
    let needed = |it: &&Interview| foot_lines(state, it, &shown, cells, area.height).len();
    let most = shown.list.iter().take(MEASURED).map(needed).max();
    let most = u16::try_from(most.unwrap_or(1)).unwrap_or(u16::MAX);
    let foot = match area.height {
        ..9 => 0,
        9..18 => most.clamp(2, area.height / 4) + 1,
        _ => most.clamp(3, area.height / 4) + 1,
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
    let cells = usize::from(place.width);
    // Further up there is no area any more to tell how much room there was.
    let lines = foot_lines(state, interview, shown, cells, TALL);
    let name = text::clean(&interview.candidate.name);
    let too_many = lines.len() > usize::from(place.height);
    let lines = match too_many {
        // Where not all of it has room, what is wrong comes before how it stands.
        true => foot_lines(state, interview, shown, cells, 0),
        false => lines,
    };
    for (line, (words, style)) in rows(place).zip(lines) {
        match words.strip_prefix(&name) {
            Some(rest) if line.y == place.y => canvas.line(
                line,
                Line::from(vec![
                    Span::styled(name.clone(), theme::STRONG),
                    Span::styled(rest.to_owned(), style),
                ]),
            ),
            _ => canvas.text(line, &words, style),
        }
    }
}

/// Interviews of a week whose words are measured.
const MEASURED: usize = 60;

/// From this height on, what is wrong stands beside how it stands and not in its place.
const TALL: u16 = 18;

/// The lines of an interview under the calendar, wrapped.
fn foot_lines(
    state: &State,
    interview: &Interview,
    shown: &Shown<'_>,
    cells: usize,
    height: u16,
) -> Vec<(String, Style)> {
    let zone = state.interviews.zone(&state.zone());
    let start = interview.start.timestamp();
    let when = times::span(start, interview.duration_minutes.into(), &zone, state.now);
    let there = wording::elsewhere(interview, &zone, state);
    let there = there.map(|there| format!(" ({there})")).unwrap_or_default();
    let heading = format!(
        "{} · {} · {when}{there}",
        text::clean(&interview.candidate.name),
        text::clean(&interview.stage_name)
    );
    let wrong = shown.wrong(interview, state, &zone);
    let (invited, _) = wording::invited(&interview.attendees);
    let mut stands = format!(
        "{} with {} · {}",
        wording::meeting_type(interview.meeting.kind),
        wording::people(&interview.interviewers),
        wording::stands(interview),
    );
    if !invited.is_empty() && state.is_to_come(interview) {
        stands.push_str(&format!(" · {invited}"));
    }
    let parts = match (wrong, height) {
        (Some(wrong), ..TALL) => vec![(heading, theme::PLAIN), wrong],
        (wrong, _) => [(heading, theme::PLAIN), (stands, theme::DIM)]
            .into_iter()
            .chain(wrong)
            .collect(),
    };
    let wrapped = parts.into_iter().flat_map(|(words, style)| {
        let lines = text::wrap(&words, cells).into_iter();
        lines.map(move |line| (line, style))
    });
    wrapped.collect()
}
