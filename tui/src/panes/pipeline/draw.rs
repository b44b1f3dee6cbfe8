//! The pipeline board: a job's stages as columns, their candidates as cards.

use greenroom_protocol::outreach::OutreachState;
use greenroom_protocol::pipeline::{CandidateRow, Job, Stage};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::starting;
use super::stuck::{self, stuck_stage};
use crate::state::State;
use crate::state::selected::cards;
use crate::theme;
use crate::widgets::{Canvas, below, draw_empty, draw_failure, part, row, rows, text, times};
use crate::wording;

/// Narrowest column, in cells.
const NARROW: u16 = 18;
/// Widest column, in cells.
const WIDE: u16 = 34;

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(job) = state.job_shown() else {
        if let Some(error) = state.cache.jobs.failure() {
            return draw_failure(canvas, area, error);
        }
        if state.cache.jobs.latest().is_some() {
            let what = "Each job's pipeline appears here.";
            draw_empty(canvas, area, what, "Press J to create the first job.");
        }
        return;
    };
    draw_heading(state, canvas, row(area, 0), job);
    let most = usize::from(area.height / 4).max(1);
    let told = stuck::told(state, job, usize::from(area.width.saturating_sub(2)), most);
    let foot = u16::try_from(told.len()).unwrap_or(0);
    let board = below(area, 1);
    let board = Rect {
        height: board.height.saturating_sub(foot),
        ..board
    };
    draw_columns(state, canvas, board, job);
    let under = below(area, area.height.saturating_sub(foot));
    for (line, words) in rows(under).zip(&told) {
        canvas.text(part(line, 1, line.width), words, theme::WAIT);
    }
}

fn draw_heading(state: &State, canvas: &mut Canvas<'_>, line: Rect, job: &Job) {
    let line = part(line, 1, line.width.saturating_sub(2));
    let several = state.cache.jobs.latest().is_some_and(|jobs| jobs.len() > 1);
    let closed = if job.open { "" } else { "  closed" };
    let arrow = if several { " ▾" } else { "" };
    let title = vec![
        Span::styled(text::clean(&job.title), theme::STRONG),
        Span::styled(arrow, theme::GOOD),
        Span::styled(closed, theme::WAIT),
    ];
    let marked = state.candidates_marked().len();
    let count = match job.candidates {
        _ if marked > 0 => format!("{marked} selected"),
        1 => "1 candidate".to_owned(),
        many => format!("{many} candidates"),
    };
    canvas.ends(line, title, &count);
    if marked > 0 {
        canvas.text_right(line, &count, theme::SELECTED);
    }
}

fn draw_columns(state: &State, canvas: &mut Canvas<'_>, area: Rect, job: &Job) {
    let stages = job.stages.len();
    if stages == 0 {
        return draw_empty(
            canvas,
            area,
            "This job has no stages.",
            "Press S to add the first one.",
        );
    }
    let column = state.pipeline.column.min(stages - 1);
    let fit = usize::from(area.width / NARROW).clamp(1, stages);
    let first = (column + 1).saturating_sub(fit).min(stages - fit);
    let width = (area.width / u16::try_from(fit).unwrap_or(1)).min(WIDE);
    for (slot, at) in (first..first + fit).enumerate() {
        let x = u16::try_from(slot).unwrap_or(0) * width;
        let rest = if slot + 1 == fit {
            area.width.min(x + WIDE) - x
        } else {
            width
        };
        let place = Rect {
            x: area.x + x,
            width: rest,
            ..area
        };
        let inset = 1 + u16::from(slot > 0);
        let inside = part(place, inset, place.width.saturating_sub(inset + 1));
        canvas.rule(row(place, 1));
        if slot > 0 {
            canvas.post(Rect { width: 1, ..place });
            canvas.text(part(row(place, 1), 0, 1), "┼", theme::DIM);
        }
        draw_column(state, canvas, inside, &job.stages[at], at);
    }
    if first > 0 {
        canvas.text(part(row(area, 1), 0, 1), "←", theme::DIM);
    }
    if first + fit < stages {
        canvas.text_right(row(area, 1), "→", theme::DIM);
    }
}

fn draw_column(state: &State, canvas: &mut Canvas<'_>, area: Rect, stage: &Stage, at: usize) {
    let here = at == state.pipeline.column;
    let width = usize::from(area.width);
    let mut marks = String::new();
    if stage.interview.ai {
        marks.push_str(" ⚙");
    }
    let is_told_of = !stage.warnings.is_empty() || !stage.problems.is_empty();
    if is_told_of || stuck_stage(state, stage).is_some() {
        marks.push_str(" ⚠");
    }
    let count = stage.candidates.to_string();
    let style = if here { theme::SELECTED } else { theme::STRONG };
    let name_cells = width.saturating_sub(count.len() + text::width(&marks) + 1);
    let heading = Line::from(vec![
        Span::styled(text::left(&stage.name, name_cells), style),
        Span::styled(marks, theme::WAIT),
        Span::styled(format!(" {count}"), theme::DIM),
    ]);
    canvas.line(row(area, 0), heading);
    let Some(board) = state.cache.board.latest() else {
        return;
    };
    let cards: Vec<_> = cards(board, stage).collect();
    let mut rest = below(area, 2);
    if let Some(left) = starting::left(stage) {
        canvas.text(part(row(rest, 0), 2, rest.width), &left, theme::WAIT);
        rest = below(rest, 1);
    }
    draw_cards(state, canvas, rest, &cards, at);
}

fn draw_cards(
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    cards: &[&CandidateRow],
    column: usize,
) {
    if cards.is_empty() {
        return canvas.text(part(row(area, 0), 2, area.width), "nobody", theme::DIM);
    }
    let selected = state.pipeline.place(column, cards.len());
    let heights: Vec<u16> = cards
        .iter()
        .map(|card| 1 + u16::from(next_line(state, card).is_some()))
        .collect();
    let first = first_shown(&heights, selected.unwrap_or(0), area.height);
    // As wide as the oldest of the column needs, so that names have the rest.
    let ages = cards.iter().map(|card| text::width(&age(state, card)));
    let age_cells = ages.max().unwrap_or(0) + 1;
    let mut rest = area;
    for (at, card) in cards.iter().enumerate().skip(first) {
        if rest.height == 0 {
            break;
        }
        let marks = &state.pipeline.marks;
        let place = Place {
            selected: selected == Some(at),
            marked: marks.is_marked(cards, selected, at),
            age_cells,
        };
        draw_card(state, canvas, rest, card, place);
        rest = below(rest, heights[at]);
    }
}

/// The first card to draw, so that the selected one is whole.
fn first_shown(heights: &[u16], selected: usize, height: u16) -> usize {
    let upto = |from: usize| heights[from..=selected].iter().sum::<u16>();
    (0..=selected)
        .find(|from| upto(*from) <= height)
        .unwrap_or(selected)
}

/// How a card stands on the board.
#[derive(Clone, Copy)]
struct Place {
    selected: bool,
    /// For a change of several.
    marked: bool,
    /// Cells of the ages of its column, with the blank before them.
    age_cells: usize,
}

/// How long somebody has been in the stage.
fn age(state: &State, card: &CandidateRow) -> String {
    let since = card.application.as_ref().map(|it| it.since.timestamp());
    let age = since.map(|since| times::short_age(since, state.now));
    age.unwrap_or_default()
}

fn draw_card(
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    card: &CandidateRow,
    place: Place,
) {
    let style = if place.selected {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let width = usize::from(area.width);
    let name_cells = width.saturating_sub(2 + place.age_cells);
    let line = Line::from(vec![
        Span::styled(if place.selected { "▸" } else { " " }, style),
        Span::styled(if place.marked { "●" } else { " " }, theme::SELECTED),
        Span::styled(text::left(&card.name, name_cells), style),
        Span::styled(text::right(&age(state, card), place.age_cells), theme::DIM),
    ]);
    canvas.line(row(area, 0), line);
    if let Some((words, style)) = next_line(state, card) {
        // Narrow columns have room for the words only where they are not indented much.
        let cells = u16::try_from(text::width(&words)).unwrap_or(u16::MAX);
        let wide = cells.saturating_add(4) <= area.width;
        let indent = if area.width < 20 || !wide { 2 } else { 4 };
        canvas.text(part(row(area, 1), indent, area.width), &words, style);
    }
}

/// `Tue 10:00 ✓` under a name that has an interview to come, `4 slots sent, 1 d` under one that times
/// are proposed to; where both are, whichever somebody has to see to.
fn next_line(state: &State, card: &CandidateRow) -> Option<(String, Style)> {
    let outreach = card.application.as_ref();
    let outreach = outreach.and_then(|it| it.outreach.as_ref());
    let proposed = outreach.map(|it| {
        let (words, style) = wording::outreach::line(it, &state.zone(), state.now);
        match state.cache.helps(it.id).first() {
            Some(first) if wording::outreach::waits_for_times(it) => {
                (wording::outreach::helped(first), style)
            }
            _ => (words, style),
        }
    });
    let needs = outreach.is_some_and(|it| it.state == OutreachState::Person);
    match proposed {
        Some(proposed) if needs => Some(proposed),
        proposed => planned_line(state, card).or(proposed),
    }
}

fn planned_line(state: &State, card: &CandidateRow) -> Option<(String, Style)> {
    let interview = state.next_interview(card.id)?;
    let (sign, style) = wording::sign(interview, state);
    let start = interview.start.timestamp();
    let near = start.duration_since(state.now).as_hours() < 6 * 24;
    let time = times::at(start, &state.zone());
    let day = match near {
        true => times::weekday(time.weekday()).to_owned(),
        false => times::short_day(time.date()),
    };
    Some((format!("{day} {} {sign}", times::clock(&time)), style))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_card_is_always_whole() {
        assert_eq!(first_shown(&[1, 2, 1, 2], 0, 4), 0);
        assert_eq!(first_shown(&[1, 2, 1, 2], 2, 4), 0);
        assert_eq!(first_shown(&[1, 2, 1, 2], 3, 4), 2);
        assert_eq!(first_shown(&[2], 0, 1), 0);
    }
}
