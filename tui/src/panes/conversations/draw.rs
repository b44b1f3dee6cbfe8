//! How a conversation looks: a line in the list, beside it, and open with its text field.
//!
//! Names, and whatever words others chose, are drawn as text; none of it speaks to the terminal.

use std::ops::Range;

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{
    AnswerKind, AnswerSlot, Conversation as Kept, ConversationAnswer, RequestAct,
};
use greenroom_protocol::id::ConversationId;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Conversation;
use super::transcript::{self, Choice, Entry};
use crate::state::State;
use crate::state::talks::TalkId;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, rows, text, times};
use crate::wording;
use crate::wording::remedy::remedy;

/// The least and the most cells of the list beside what is selected in it.
const LIST: (u16, u16) = (44, 64);

/// Cells of who speaks, where lines have as many as `AT_EASE`; else a sign says it.
const WHO: usize = 11;
const AT_EASE: usize = 48;

/// Cells of how long ago something was said last.
const AGE: usize = 7;

/// From these rows on, rules set the first and the last line of the window off.
const WITH_RULES: u16 = 8;

/// Rows of the text field, where the conversation has as many as `TALL`; else one.
const FIELD: u16 = 2;
const TALL: u16 = 12;

/// Rows of why words could not be said.
const MOST_FAILED: usize = 4;

/// What can be asked, to somebody who begins.
const EXAMPLES: [&str; 5] = [
    "45 min Zoom with Priya Nair and Sam, Tuesday or Wednesday afternoon",
    "Move Wen's interview to Thursday at 14:00",
    "When are Mina and Sam free next week?",
    "Why not Tuesday at 10 for Priya Nair?",
    "Who waits for an interview?",
];

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

fn push(lines: &mut Vec<Line<'static>>, words: &str, style: Style, cells: usize) {
    let wrapped = text::wrap(&text::clean(words), cells).into_iter();
    lines.extend(wrapped.map(|line| Line::styled(line, style)));
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

/// Lines of what was said, and those of what is selected.
struct Transcript {
    lines: Vec<Line<'static>>,
    marked: Option<Range<usize>>,
}

impl Transcript {
    /// Something said by somebody, under their name.
    fn says(&mut self, who: &Who, lines: Vec<Line<'static>>) {
        for (at, line) in lines.into_iter().enumerate() {
            let label = if at == 0 { who.label } else { "" };
            let label = text::left(&text::fit(label, who.cells), who.cells);
            let mut spans = vec![Span::styled(label, theme::DIM)];
            let style = line.style;
            spans.extend(line.spans.into_iter().map(|mut span| {
                span.style = style.patch(span.style);
                span
            }));
            self.lines.push(Line::from(spans));
        }
    }
}

/// Somebody who speaks, and the cells before their lines.
struct Who {
    label: &'static str,
    cells: usize,
}

/// The person, the assistant where it begins to speak, and where it goes on.
fn speakers(cells: usize) -> (Who, Who, Who) {
    let (you, it, cells) = match cells >= AT_EASE {
        true => ("You", "Assistant", WHO),
        false => (">", "", 2),
    };
    let who = |label| Who { label, cells };
    (who(you), who(it), who(""))
}

fn transcribed(state: &State, id: TalkId, chosen: Option<usize>, cells: usize) -> Transcript {
    let mut all = Transcript {
        lines: Vec::new(),
        marked: None,
    };
    let (you, it, _) = speakers(cells);
    let room = cells.saturating_sub(you.cells);
    let wrapped = |words: &str, style| {
        let mut lines = Vec::new();
        push(&mut lines, words, style, room);
        lines
    };
    let entries = transcript::entries(state, id);
    let sending = state.talks.get(id).and_then(|it| it.sending.as_deref());
    if entries.is_empty() && sending.is_none() {
        begin(&mut all.lines, id, cells);
        return all;
    }
    let last = entries.len().checked_sub(1).filter(|_| sending.is_none());
    for (at, entry) in entries.into_iter().enumerate() {
        let is_last = Some(at) == last;
        if at > 0 {
            all.lines.push(Line::default());
        }
        match entry {
            Entry::Brief(turn) => {
                let words = match turn.understood.is_empty() {
                    true => "…",
                    false => &turn.understood,
                };
                all.says(&you, wrapped(words, theme::DIM));
                let words = transcript::outcome(turn.kind);
                all.says(&it, wrapped(words, theme::PLAIN));
            }
            Entry::Whole(exchange) => {
                all.says(&you, wrapped(&exchange.words, theme::PLAIN));
                let lines = answer(&exchange.answer, !is_last, room, state, id);
                all.says(&it, lines);
            }
        }
        if is_last {
            choose(&mut all, state, id, chosen, cells);
        }
    }
    if let Some(words) = sending {
        if !all.lines.is_empty() {
            all.lines.push(Line::default());
        }
        all.says(&you, wrapped(words, theme::PLAIN));
        all.says(&it, wrapped("…", theme::DIM));
    }
    all
}

/// What somebody reads who begins.
fn begin(lines: &mut Vec<Line<'static>>, id: TalkId, cells: usize) {
    if id.conversation.is_some() {
        return push(lines, "…", theme::DIM, cells);
    }
    let words = "Say what you want in your own words, such as";
    push(lines, words, theme::PLAIN, cells);
    for it in EXAMPLES {
        let words = text::fit(it, cells.saturating_sub(2));
        lines.push(Line::styled(format!("  {words}"), theme::DIM));
    }
}

/// What was answered: what was understood, and what came of it. Slots that can still be chosen are
/// drawn with the choices.
fn answer(
    answer: &ConversationAnswer,
    over: bool,
    cells: usize,
    state: &State,
    id: TalkId,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    push(&mut lines, &answer.understood, theme::PLAIN, cells);
    let with_slots = answer.kind == AnswerKind::Slots && !answer.slots.is_empty();
    let not_read = |lines: &mut Vec<Line<'static>>| {
        let words = answer.unplaced.join("”, “");
        let words = format!("Not understood: “{words}”");
        push(lines, &words, theme::WAIT, cells);
    };
    if with_slots {
        // What is said before the slots and is none of what is drawn here: why they are shown again.
        let first = answer.text.lines().next().unwrap_or_default();
        let of_slots = answer.slots.iter().any(|it| first.contains(&it.text));
        let of_words = answer.unplaced.iter().any(|it| first.contains(it.as_str()));
        if !of_slots && !of_words {
            push(&mut lines, first, theme::WAIT, cells);
        }
        if !answer.unplaced.is_empty() {
            not_read(&mut lines);
        }
        if over {
            for slot in &answer.slots {
                let words = format!("{}  {}", slot.letter, when(state, id, slot));
                push(&mut lines, &words, theme::DIM, cells);
            }
        }
        if !answer.unmet.is_empty() {
            let words = format!("No time meets: {}", answer.unmet.join(", "));
            push(&mut lines, &words, theme::WAIT, cells);
        }
        return lines;
    }
    let style = match answer.kind {
        AnswerKind::Done => theme::GOOD,
        AnswerKind::Nothing | AnswerKind::Asks | AnswerKind::Confirm => theme::WAIT,
        _ => theme::PLAIN,
    };
    for line in answer.text.lines() {
        let wrapped = text::wrap_columns(&text::clean(line), cells).into_iter();
        lines.extend(wrapped.map(|it| Line::styled(it, style)));
    }
    let told = answer
        .unplaced
        .iter()
        .all(|it| answer.text.contains(it.as_str()));
    if !told {
        not_read(&mut lines);
    }
    lines
}

/// What can be chosen now, each with the key that does.
fn choose(all: &mut Transcript, state: &State, id: TalkId, chosen: Option<usize>, cells: usize) {
    let (_, _, goes_on) = speakers(cells);
    let room = cells.saturating_sub(goes_on.cells);
    let choices = transcript::choices(state, id);
    let people = choices.iter().filter_map(|it| match it {
        Choice::Slot(slot, _) => Some(&slot.interviewers),
        _ => None,
    });
    let people: Vec<_> = people.collect();
    let slots = !people.is_empty();
    // Where it is the same people each time, what was understood names them.
    let differ = people.windows(2).any(|two| two[0] != two[1]);
    for (at, choice) in choices.iter().enumerate() {
        let is_chosen = chosen == Some(at);
        let style = if is_chosen {
            theme::SELECTED
        } else {
            theme::PLAIN
        };
        let mark = if is_chosen { "▸ " } else { "  " };
        let mark = Span::styled(mark, style);
        let lines = match choice {
            Choice::Slot(slot, _) => card(state, id, slot, (mark, style), differ, room),
            Choice::Yes(act) => vec![Line::from(vec![mark, Span::styled(yes(*act), style)])],
            Choice::Name(name) => {
                let name = text::fit(&text::clean(name), room.saturating_sub(2));
                vec![Line::from(vec![mark, Span::styled(name, style)])]
            }
        };
        let from = all.lines.len();
        all.says(&goes_on, lines);
        if is_chosen {
            all.marked = Some(from..all.lines.len());
        }
    }
    if slots {
        let zone = state.zone();
        let zone = zone.iana_name().map(times::city).unwrap_or_default();
        let mut lines = Vec::new();
        let words = match zone.is_empty() {
            true => "Times are yours.".to_owned(),
            false => format!("Times are in {zone}."),
        };
        push(&mut lines, &words, theme::DIM, room);
        all.says(&goes_on, lines);
    }
}

fn yes(act: RequestAct) -> &'static str {
    match act {
        RequestAct::Cancel => "yes, cancel it",
        RequestAct::Move => "yes, move them",
        _ => "yes",
    }
}

/// A slot: its letter, when it is here and for the candidate, and below that what it does not meet,
/// who takes part where that differs, and what speaks for it.
fn card(
    state: &State,
    id: TalkId,
    slot: &AnswerSlot,
    (mark, style): (Span<'static>, Style),
    with_people: bool,
    cells: usize,
) -> Vec<Line<'static>> {
    let when = text::fit(&when(state, id, slot), cells.saturating_sub(5));
    let mut lines = vec![Line::from(vec![
        mark,
        Span::styled(format!("{}  ", slot.letter), theme::KEY),
        Span::styled(when, style),
    ])];
    let room = cells.saturating_sub(5);
    let mut below = |words: &str, style: Style| {
        let wrapped = text::wrap(&text::clean(words), room).into_iter();
        lines.extend(wrapped.map(|it| Line::styled(format!("     {it}"), style)));
    };
    if !slot.unmet.is_empty() {
        let words = format!("not met: {}", slot.unmet.join(", "));
        below(&words, theme::WAIT);
    }
    if with_people && !slot.interviewers.is_empty() {
        below(&wording::people(&slot.interviewers), theme::DIM);
    }
    if !slot.why.is_empty() {
        below(&wording::slots::why(&slot.why), theme::DIM);
    }
    lines
}

/// `Tue 1 Dec 10:00–10:45  14:30 in Kolkata`
fn when(state: &State, id: TalkId, slot: &AnswerSlot) -> String {
    let (zone, start) = (state.zone(), slot.start.timestamp());
    let minutes = (slot.end.second() - slot.start.second()) / 60;
    let here = times::span(start, minutes, &zone, state.now);
    let candidate = transcript::candidate(state, id);
    let candidate = candidate.and_then(|id| state.cache.candidate.get(&id));
    let theirs = candidate.and_then(|it| it.zone.as_deref());
    match theirs.and_then(|it| wording::outreach::there(start, it, &zone)) {
        Some(there) => format!("{here}  {there}"),
        None => here,
    }
}
