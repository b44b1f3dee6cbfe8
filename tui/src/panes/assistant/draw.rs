//! The list of outreaches under three headings, two lines each; beside it the selected one, where
//! that has room.

use greenroom_protocol::outreach::{Outreach, OutreachState};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::thread;
use crate::state::State;
use crate::state::selected::{Standing, outreaches, standing};
use crate::theme;
use crate::widgets::{Canvas, below, draw_empty, draw_failure, part, row, rows, text, times};

/// The least and the most cells of the list beside the thread.
const LIST: (u16, u16) = (44, 64);

/// Cells of how long it stands so.
const AGE: usize = 7;

/// A line of the list, and which outreach it is of.
type Listed = (Option<usize>, Line<'static>);

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let cache = &state.cache.outreaches;
    if cache.latest().is_none() {
        if let Some(error) = cache.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    }
    let all = outreaches(state);
    if all.is_empty() {
        return draw_empty(
            canvas,
            area,
            "Times proposed to candidates appear here, with what they answer.",
            "p on a candidate marks times in the calendar and proposes them.",
        );
    }
    let marked = state.assistant.place(&all);
    if !thread::is_beside(state) {
        return draw_list(state, canvas, area, &all, marked);
    }
    let list = Rect {
        width: (area.width * 2 / 5).clamp(LIST.0, LIST.1).min(area.width),
        ..area
    };
    draw_list(state, canvas, list, &all, marked);
    let beside = Rect {
        x: area.x + list.width,
        width: area.width - list.width,
        ..area
    };
    canvas.post(beside);
    if let Some(outreach) = marked.and_then(|at| all.get(at)) {
        let room = Rect {
            x: beside.x + 2,
            width: beside.width.saturating_sub(3),
            ..beside
        };
        draw_thread(state, canvas, room, outreach);
    }
}

fn draw_list(
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    all: &[&Outreach],
    marked: Option<usize>,
) {
    let cells = usize::from(area.width.saturating_sub(2));
    let lines = lines(state, all, marked, cells);
    let of_marked = |(at, _): &Listed| at.is_some() && *at == marked;
    // Of the selected one both lines are in sight, and above the first one its heading.
    let last = lines.iter().rposition(of_marked).unwrap_or(0);
    let visible = state.assistant.visible(lines.len(), last, area.height);
    let area = part_of(area, 1);
    for (place, (_, line)) in rows(area).zip(lines.into_iter().skip(visible.start)) {
        canvas.line(place, line);
    }
}

fn part_of(area: Rect, from: u16) -> Rect {
    Rect {
        height: area.height,
        ..part(area, from, area.width.saturating_sub(from))
    }
}

fn lines(state: &State, all: &[&Outreach], marked: Option<usize>, cells: usize) -> Vec<Listed> {
    let mut lines: Vec<Listed> = Vec::new();
    let mut under = None;
    for (at, outreach) in all.iter().enumerate() {
        let here = standing(outreach);
        if under != Some(here) {
            if under.is_some() {
                lines.push((None, Line::default()));
            }
            let count = all.iter().filter(|it| standing(it) == here).count();
            lines.push((None, heading(here, count)));
            under = Some(here);
        }
        let [first, second] = both(state, outreach, marked == Some(at), cells);
        lines.push((Some(at), first));
        lines.push((Some(at), second));
    }
    lines
}

fn heading(standing: Standing, count: usize) -> Line<'static> {
    let (words, style) = match standing {
        Standing::NeedsYou => ("Needs you", theme::WAIT),
        Standing::Open => ("Proposed", theme::PLAIN),
        Standing::Done => ("Done", theme::DIM),
    };
    Line::from(vec![
        Span::styled(words, style.patch(theme::STRONG)),
        Span::styled(format!("  {count}"), theme::DIM),
    ])
}

/// Who it is and since when it stands so, and below that how it stands.
fn both(state: &State, outreach: &Outreach, marked: bool, cells: usize) -> [Line<'static>; 2] {
    let style = if marked {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let mark = if marked { "▸ " } else { "  " };
    let name = text::clean(&outreach.candidate.name);
    let place = text::clean(&format!(
        "  {}, {}",
        outreach.stage_name, outreach.job_title
    ));
    let room = cells.saturating_sub(2 + AGE);
    let name = text::fit(&name, room);
    let left = room.saturating_sub(text::width(&name));
    let age = times::age(outreach.since.timestamp(), state.now);
    let first = Line::from(vec![
        Span::styled(mark, style),
        Span::styled(name, style),
        Span::styled(text::left(&place, left), theme::DIM),
        Span::styled(text::right(&age, AGE), theme::DIM),
    ]);
    let words = text::fit(&text::clean(&outreach.message), cells.saturating_sub(4));
    let second = Line::styled(format!("    {words}"), tone(outreach));
    [first, second]
}

/// The colour of how it stands.
pub(super) fn tone(outreach: &Outreach) -> Style {
    match (standing(outreach), outreach.state) {
        (Standing::NeedsYou, _) => theme::WAIT,
        (_, OutreachState::Booked) => theme::GOOD,
        (Standing::Done, _) => theme::DIM,
        (Standing::Open, _) => theme::PLAIN,
    }
}

fn draw_thread(state: &State, canvas: &mut Canvas<'_>, area: Rect, outreach: &Outreach) {
    canvas.text(row(area, 0), &thread::title(outreach), theme::STRONG);
    let body = below(area, 1);
    let lines = thread::lines(state, outreach.id, usize::from(body.width));
    let more = lines.len() > usize::from(body.height);
    let shown = usize::from(body.height) - usize::from(more);
    for (place, line) in rows(body).zip(lines.into_iter().take(shown)) {
        canvas.line(place, line);
    }
    if more {
        let last = row(body, body.height.saturating_sub(1));
        canvas.text(last, "↓ enter reads all of it", theme::DIM);
    }
}
