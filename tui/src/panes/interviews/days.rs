//! The list by day: a heading a day, then one line an interview.

use greenroom_protocol::interview::Interview;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::draw::Shown;
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, part, rows, text, times};
use crate::wording;

pub(crate) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect, shown: &Shown<'_>) {
    let zone = state.interviews.zone(&state.zone());
    let today = times::at(state.now, &zone).date();
    let selected = shown.selected;
    let mut lines: Vec<(Option<usize>, Line<'_>)> = Vec::new();
    let mut day = None;
    for (at, interview) in shown.list.iter().enumerate() {
        let date = times::at(interview.start.timestamp(), &zone).date();
        if day != Some(date) {
            day = Some(date);
            let mut notes = vec![Span::styled(times::day(date, today), theme::STRONG)];
            if date == today {
                notes.push(Span::styled("  today", theme::DIM));
            }
            if let Some(change) = times::clock_change(date, &zone) {
                notes.push(Span::styled(format!("  {change}"), theme::DIM));
            }
            lines.push((None, notes.into()));
        }
        let width = usize::from(area.width);
        let line = line(state, shown, interview, &zone, width, selected == Some(at));
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

fn line<'a>(
    state: &State,
    shown: &Shown<'_>,
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
    let (sign, sign_style) = shown.sign(interview, state);
    let style = match (marked, state.is_mine(interview)) {
        (true, _) => theme::SELECTED,
        (false, true) => theme::STRONG,
        (false, false) => theme::PLAIN,
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
