//! Today: one line an interview, what is wrong with it beside it.

use greenroom_protocol::interview::Interview;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::state::State;
use crate::state::selected::next;
use crate::theme;
use crate::widgets::{Canvas, draw_empty, draw_failure, part, rows, text, times};
use crate::wording;

/// Cells of the names of the groups.
const GROUP: usize = 10;

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    if state.cache.coming.latest().is_none() {
        if let Some(error) = state.cache.coming.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    }
    let next = next(state);
    if next.is_empty() {
        return draw_empty(
            canvas,
            area,
            "No interviews of yours today or tomorrow.",
            "/ finds a candidate, n on one schedules an interview.",
        );
    }
    let zone = state.zone();
    let selected = state.today.place(&next);
    let visible = state.today.list.visible(next.len(), area.height);
    for (line, at) in rows(area).zip(visible) {
        let group = if at == 0 { "Next" } else { "" };
        let marked = selected == Some(at);
        draw_row(state, canvas, line, &zone, (group, next[at], marked));
    }
}

fn draw_row(
    state: &State,
    canvas: &mut Canvas<'_>,
    line: Rect,
    zone: &TimeZone,
    (group, interview, marked): (&str, &Interview, bool),
) {
    let line = part(line, 1, line.width.saturating_sub(2));
    let style = match marked {
        true => theme::SELECTED,
        false => theme::PLAIN,
    };
    let wide = line.width >= 60;
    let mut left = Vec::new();
    if wide {
        left.push(Span::styled(text::left(group, GROUP), theme::STRONG));
    }
    left.extend([
        Span::styled(if marked { "▸ " } else { "  " }, style),
        Span::styled(format!("{:>9}  ", when(state, interview, zone)), style),
        Span::styled(text::clean(&interview.candidate.name), style),
    ]);
    let stage = text::clean(&interview.stage_name);
    let people = wording::people(&interview.interviewers);
    left.push(Span::styled(
        format!(" · {stage} · {}", text::clean(&people)),
        theme::PLAIN,
    ));
    let (words, tone) = beside(state, interview);
    let room = usize::from(line.width);
    let taken: usize = left.iter().map(Span::width).sum();
    // What is wrong is worth more than the names of those who come.
    let least = room.saturating_sub(text::width(&words) + 2);
    let left = match taken > least {
        true => fitted(left, least.max(room / 2)),
        false => left,
    };
    let taken: usize = left.iter().map(Span::width).sum();
    canvas.line(line, Line::from(left));
    let from = u16::try_from(taken + 2).unwrap_or(line.width);
    canvas.text_right(part(line, from, line.width), &words, tone);
}

/// The spans, cut to so many cells.
fn fitted(spans: Vec<Span<'static>>, cells: usize) -> Vec<Span<'static>> {
    let mut left = cells;
    let mut fitted = Vec::new();
    for span in spans {
        let words = text::fit(&span.content, left);
        left -= text::width(&words).min(left);
        fitted.push(Span::styled(words, span.style));
    }
    fitted
}

/// `10:00` of today, `Tue 10:00` of another day.
fn when(state: &State, interview: &Interview, zone: &TimeZone) -> String {
    let start = times::at(interview.start.timestamp(), zone);
    let clock = times::clock(&start);
    match start.date() == times::at(state.now, zone).date() {
        true => clock,
        false => format!("{} {clock}", times::weekday(start.date().weekday())),
    }
}

/// What is wrong with an interview, else how soon it begins.
fn beside(state: &State, interview: &Interview) -> (String, Style) {
    if let Some(open) = wording::open(interview, state) {
        return open;
    }
    let start = interview.start.timestamp();
    match start <= state.now {
        true => ("now".to_owned(), theme::GOOD),
        false => (times::until(start, state.now), theme::DIM),
    }
}
