//! Candidates: a search, a list, and who is selected in it.

use greenroom_protocol::pipeline::CandidateRow;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::panes::candidate;
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, below, draw_empty, draw_failure, part, row, rows, text, times};
use crate::wording;

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let view = &state.candidates;
    if !state.is_wide() {
        if view.is_open() {
            return draw_preview(state, canvas, area);
        }
        return draw_list(state, canvas, area);
    }
    let left = (area.width * 54 / 100).max(56);
    draw_list(state, canvas, part(area, 0, left));
    canvas.post(part(area, left, 1));
    draw_preview(state, canvas, part(area, left + 1, area.width));
}

fn draw_preview(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let area = part(area, 1, area.width.saturating_sub(2));
    let Some((id, name)) = state.candidate_selected() else {
        return;
    };
    match state.cache.candidate.get(&id) {
        Some(candidate) => candidate::draw(state, canvas, area, candidate),
        None => {
            canvas.text(row(area, 0), &text::clean(name), theme::STRONG);
            if let Some(error) = state.cache.candidate.failure() {
                draw_failure(canvas, area, error);
            }
        }
    }
}

fn draw_list(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    draw_search(state, canvas, row(area, 0));
    let area = below(area, 2);
    let Some(page) = state.cache.candidates.latest() else {
        if let Some(error) = state.cache.candidates.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    };
    if page.items.is_empty() {
        return draw_none(state, canvas, area);
    }
    let view = &state.candidates;
    let selected = view.list.selected(page.items.len());
    let visible = view.list.visible(page.items.len(), area.height);
    for (line, at) in rows(area).zip(visible) {
        let marked = selected == Some(at);
        draw_row(state, canvas, line, &page.items[at], marked);
    }
}

fn draw_none(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    if state.candidates.search().is_empty() {
        let keys = "a adds one, I imports a CSV or JSON file.";
        return draw_empty(
            canvas,
            area,
            "No candidates yet. Candidates appear here once they apply.",
            keys,
        );
    }
    draw_empty(
        canvas,
        area,
        "No candidates match.",
        "Esc clears the search.",
    );
}

fn draw_search(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let view = &state.candidates;
    let line = part(line, 1, line.width.saturating_sub(2));
    let found = state
        .cache
        .candidates
        .latest()
        .map(|page| match (view.search(), page.total) {
            ("", 1) => "1 candidate".to_owned(),
            ("", total) => format!("{total} candidates"),
            (_, total) => format!("{total} found"),
        });
    let found = found.unwrap_or_default();
    let mut cells = u16::try_from(text::width(&found)).unwrap_or(0);
    if line.width < 3 * cells {
        cells = 0;
    }
    let found = if cells > 0 { found } else { String::new() };
    canvas.text_right(line, &found, theme::DIM);
    let bar = part(line, 0, line.width.saturating_sub(cells + 2));
    let style = if view.is_typing() {
        theme::SELECTED
    } else {
        theme::DIM
    };
    canvas.text(part(bar, 0, 2), "/", style);
    let place = part(bar, 2, bar.width);
    if view.query.is_empty() && !view.is_typing() {
        return canvas.text(place, "name, email, job or stage", theme::DIM);
    }
    view.query
        .draw(canvas, place, theme::PLAIN, view.is_typing());
}

/// Columns: mark, name, job, stage, age. Narrow lists give the job's column up first.
fn draw_row(
    state: &State,
    canvas: &mut Canvas<'_>,
    line: Rect,
    person: &CandidateRow,
    marked: bool,
) {
    let line = part(line, 1, line.width.saturating_sub(2));
    let style = if marked {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let width = usize::from(line.width);
    let age_cells = 7;
    let stage_cells = 14.min(width / 4);
    let rest = width.saturating_sub(2 + stage_cells + age_cells);
    let job_cells = if width >= 58 {
        (rest * 46 / 100).min(28)
    } else {
        0
    };
    let name_cells = rest.saturating_sub(job_cells);
    let (job, stage, age) = match &person.application {
        Some(application) => (
            application.job_title.as_str(),
            application.stage_name.as_str(),
            times::age(application.since.timestamp(), state.now),
        ),
        None => ("", "no application", String::new()),
    };
    let gap = |cells: usize| cells.saturating_sub(2);
    let mark = match (marked, wording::has_unread(state, person.id)) {
        (true, _) => Span::styled("▸ ", style),
        (false, true) => Span::styled("✉ ", theme::WAIT),
        (false, false) => Span::styled("  ", style),
    };
    let mut spans = vec![
        mark,
        Span::styled(text::left(&person.name, gap(name_cells)), style),
        Span::raw("  "),
    ];
    if job_cells > 0 {
        spans.push(Span::styled(text::left(job, gap(job_cells)), theme::DIM));
        spans.push(Span::raw("  "));
    }
    spans.push(Span::styled(text::left(stage, stage_cells), theme::PLAIN));
    spans.push(Span::styled(text::right(&age, age_cells), theme::DIM));
    canvas.line(line, Line::from(spans));
}
