//! How a conversation looks: a line in the list, beside it, and open with its text field.
//!
//! Names, and whatever words others chose, are drawn as text; none of it speaks to the terminal.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::Conversation as Kept;
use greenroom_protocol::id::ConversationId;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Conversation;
use super::said::{Transcript, push, transcribed};
use super::transcript;
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, rows, text, times};
use crate::wording::remedy::remedy;

/// The least and the most cells of the list beside what is selected in it.
const LIST: (u16, u16) = (44, 64);

/// Cells of how long ago something was said last.
const AGE: usize = 7;

/// From these rows on, rules set the first and the last line of the window off.
const WITH_RULES: u16 = 8;

/// Rows of the text field, where the conversation has as many as `TALL`; else one.
const FIELD: u16 = 2;
const TALL: u16 = 12;

/// Rows of why words could not be said.
const MOST_FAILED: usize = 4;

/// The list, and the room beside it.
pub(in crate::panes) fn split(area: Rect) -> (Rect, Rect) {
    let list = Rect {
        width: (area.width * 2 / 5).clamp(LIST.0, LIST.1).min(area.width),
        ..area
    };
    let beside = Rect {
        x: area.x + list.width,
        width: area.width - list.width,
        ..area
    };
    (list, beside)
}

/// A conversation in the list: what it is about and since when nothing was said, and how it stands.
pub(in crate::panes) fn listed(
    state: &State,
    conversation: &Kept,
    marked: bool,
    cells: usize,
) -> Vec<Line<'static>> {
    let (about, waits) = transcript::line(conversation);
    let style = if marked {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let mark = if marked { "▸ " } else { "  " };
    let room = cells.saturating_sub(2 + AGE);
    let age = times::age(conversation.at.timestamp(), state.now);
    let mut lines = vec![Line::from(vec![
        Span::styled(mark, style),
        Span::styled(
            text::left(&text::fit(&text::clean(&about), room), room),
            style,
        ),
        Span::styled(text::right(&age, AGE), theme::DIM),
    ])];
    lines.extend(waits.map(|words| {
        let style = match words {
            "done" => theme::GOOD,
            _ => theme::WAIT,
        };
        Line::styled(format!("    {words}"), style)
    }));
    lines
}

/// What was said in a conversation that is selected in the list.
pub(in crate::panes) fn draw_beside(
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    conversation: ConversationId,
) {
    let id = state.talk(Some(conversation));
    let title = text::clean(&transcript::title(state, id));
    canvas.text(row(area, 0), &title, theme::STRONG);
    let body = below(area, 2);
    let Transcript { lines, .. } = transcribed(state, id, None, usize::from(body.width));
    let from = lines.len().saturating_sub(usize::from(body.height));
    for (place, line) in rows(body).zip(lines.into_iter().skip(from)) {
        canvas.line(place, line);
    }
}

pub(super) fn draw(pane: &Conversation, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let mut room = area;
    if area.height >= WITH_RULES {
        room = Rect {
            y: area.y + 1,
            height: area.height - 2,
            ..area
        };
    }
    if state.is_wide() {
        room = split(room).1;
        canvas.blank(room);
        canvas.post(room);
    } else {
        canvas.blank(room);
    }
    let left = if state.is_wide() { 2 } else { 1 };
    let room = Rect {
        x: room.x + left,
        width: room.width.saturating_sub(left + 1),
        ..room
    };
    if let Some(error) = transcript::refused(state) {
        return draw_refused(state, canvas, room, error);
    }
    let field = if room.height >= TALL { FIELD } else { 1 };
    let failed = failed(pane, state, usize::from(room.width));
    let under = field + u16::from(room.height >= TALL) + u16::try_from(failed.len()).unwrap_or(0);
    let body = Rect {
        height: room.height.saturating_sub(1 + under),
        ..below(room, 1)
    };
    let more = draw_said(pane, state, canvas, body);
    draw_title(pane, state, canvas, row(room, 0), more);
    let mut rest = below(room, 1 + body.height);
    if room.height >= TALL {
        canvas.rule(row(rest, 0));
        rest = below(rest, 1);
    }
    for line in failed {
        canvas.line(row(rest, 0), line);
        rest = below(rest, 1);
    }
    draw_field(pane, state, canvas, rest);
}

fn draw_title(pane: &Conversation, state: &State, canvas: &mut Canvas<'_>, line: Rect, more: &str) {
    let title = text::clean(&transcript::title(state, pane.id));
    let mut right = Vec::new();
    if let Some(until) = transcript::until(state, pane.id) {
        let until = times::at(until.timestamp(), &state.zone());
        right.push(format!("a yes counts until {}", times::clock(&until)));
    }
    right.extend((!more.is_empty()).then(|| more.to_owned()));
    let right = right.join("   ");
    // Where there is room for both, the title gives way.
    let room = usize::from(line.width);
    let beside = text::width(&right) + 2;
    let cells = if room < 2 * beside {
        room
    } else {
        room - beside
    };
    let title = Line::styled(text::fit(&title, cells), theme::STRONG);
    canvas.ends(line, title, &right);
}

fn draw_field(pane: &Conversation, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let writing = pane.is_writing(state);
    let style = if writing { theme::SELECTED } else { theme::DIM };
    canvas.text(part(row(area, 0), 0, 2), "> ", style);
    let field = Rect {
        x: area.x + 2,
        width: area.width.saturating_sub(2),
        ..area
    };
    if pane.words.value().is_empty() && !writing {
        return canvas.text(row(field, 0), "tab to write", theme::DIM);
    }
    pane.words.draw(canvas, field, theme::PLAIN, writing);
}

/// Why the last words could not be said, and what to do.
fn failed(pane: &Conversation, state: &State, cells: usize) -> Vec<Line<'static>> {
    let talk = state.talks.get(pane.id);
    let Some(error) = talk.and_then(|it| it.failed.as_ref()) else {
        return Vec::new();
    };
    let mut lines = error_lines(state, error, cells);
    lines.truncate(MOST_FAILED);
    lines
}

/// What failed, who can do it instead, and what to do.
fn error_lines(state: &State, error: &Error, cells: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let message = format!("✗ {}", error.message);
    push(&mut lines, &message, theme::BAD, cells);
    for it in &error.matches {
        push(&mut lines, &format!("  {it}"), theme::PLAIN, cells);
    }
    if let Some(hint) = remedy(state, error) {
        push(&mut lines, &hint, theme::PLAIN, cells);
    }
    lines
}

/// Who is no hiring manager reads who is.
fn draw_refused(state: &State, canvas: &mut Canvas<'_>, area: Rect, error: &Error) {
    canvas.text(row(area, 0), "Ask the assistant", theme::STRONG);
    let lines = error_lines(state, error, usize::from(area.width));
    for (place, line) in rows(below(area, 2)).zip(lines) {
        canvas.line(place, line);
    }
}

/// What was said, down to its end or as far back as somebody scrolled; where there is more of it.
fn draw_said(
    pane: &Conversation,
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
) -> &'static str {
    let choices = transcript::choices(state, pane.id);
    let chosen = pane.selected(state, &choices);
    let chosen = chosen.filter(|_| !pane.is_writing(state));
    let Transcript { lines, marked } = transcribed(state, pane.id, chosen, usize::from(area.width));
    let height = usize::from(area.height);
    let most = lines.len().saturating_sub(height);
    let back = pane.back.get().min(most);
    pane.back.set(back);
    pane.page.set(height);
    let mut from = most - back;
    // What is selected is in sight.
    if let Some(marked) = marked.filter(|_| back == 0) {
        from = from
            .max(marked.end.saturating_sub(height))
            .min(marked.start);
    }
    let end = from + height;
    let more = match (from > 0, end < lines.len()) {
        (true, true) => "↑↓ more",
        (true, false) => "↑ more",
        (false, true) => "↓ more",
        (false, false) => "",
    };
    for (place, line) in rows(area).zip(lines.into_iter().skip(from)) {
        canvas.line(place, line);
    }
    more
}
