//! The list of outreaches and conversations under their headings; beside it the selected one, where
//! that has room.

use greenroom_protocol::outreach::{Outreach, OutreachState};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::thread;
use crate::panes::conversations;
use crate::state::State;
use crate::state::selected::{AssistantRow, Standing, assistant_rows, standing};
use crate::theme;
use crate::widgets::{Canvas, below, draw_empty, draw_failure, part, row, rows, text, times};

/// Cells of how long it stands so.
const AGE: usize = 7;

/// A line of the list, and which row it is of.
type Listed = (Option<usize>, Line<'static>);

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let cache = &state.cache.outreaches;
    if cache.latest().is_none() {
        if let Some(error) = cache.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    }
    let all = assistant_rows(state);
    if all.is_empty() {
        // Beside it a conversation may be open.
        let room = match state.is_wide() {
            true => conversations::split(area).0,
            false => area,
        };
        return draw_empty(
            canvas,
            room,
            "Times proposed to candidates appear here, with what they answer.",
            match conversations::is_refused(state) {
                true => "p on a candidate marks times in the calendar and proposes them.",
                false => {
                    "n asks the assistant in your own words. p on a candidate marks times in the \
                     calendar and proposes them."
                }
            },
        );
    }
    let marked = state.assistant.place(&all);
    if !thread::is_beside(state) {
        return draw_list(state, canvas, area, &all, marked);
    }
    let (list, beside) = conversations::split(area);
    draw_list(state, canvas, list, &all, marked);
    canvas.post(beside);
    let room = Rect {
        x: beside.x + 2,
        width: beside.width.saturating_sub(3),
        ..beside
    };
    match marked.and_then(|at| all.get(at)) {
        Some(AssistantRow::Outreach(outreach)) => draw_thread(state, canvas, room, outreach),
        Some(AssistantRow::Conversation(it)) => {
            conversations::draw_beside(state, canvas, room, it.id);
        }
        Some(AssistantRow::Older(_)) | None => {}
    }
}

fn draw_list(
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    all: &[AssistantRow<'_>],
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

fn lines(
    state: &State,
    all: &[AssistantRow<'_>],
    marked: Option<usize>,
    cells: usize,
) -> Vec<Listed> {
    let mut lines: Vec<Listed> = Vec::new();
    let mut under = None;
    for (at, row) in all.iter().enumerate() {
        let here = row.standing();
        if under != Some(here) {
            if under.is_some() {
                lines.push((None, Line::default()));
            }
            lines.push((None, heading(here, count(all, here))));
            under = Some(here);
        }
        let is_marked = marked == Some(at);
        let of_row = match row {
            AssistantRow::Outreach(outreach) => both(state, outreach, is_marked, cells).into(),
            AssistantRow::Conversation(it) => conversations::listed(state, it, is_marked, cells),
            AssistantRow::Older(count) => vec![older(*count, is_marked)],
        };
        lines.extend(of_row.into_iter().map(|line| (Some(at), line)));
    }
    lines
}

/// How many stand under a heading, shown or not.
fn count(all: &[AssistantRow<'_>], standing: Standing) -> usize {
    let here = all.iter().filter(|it| it.standing() == standing);
    let each = here.map(|it| match it {
        AssistantRow::Older(count) => *count,
        _ => 1,
    });
    each.sum()
}

/// Behind which older conversations are.
fn older(count: usize, marked: bool) -> Line<'static> {
    match marked {
        true => Line::styled(format!("▸ {count} older"), theme::SELECTED),
        false => Line::styled(format!("  {count} older"), theme::DIM),
    }
}

fn heading(standing: Standing, count: usize) -> Line<'static> {
    let (words, style) = match standing {
        Standing::NeedsYou => ("Needs you", theme::WAIT),
        Standing::Conversations => ("Conversations", theme::PLAIN),
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
        (Standing::Open | Standing::Conversations, _) => theme::PLAIN,
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
