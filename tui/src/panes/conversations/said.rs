//! What was said in a conversation, line by line: who speaks, what was understood, what came of it,
//! and what can be chosen now.
//!
//! Must draw nothing itself. Names, and whatever words others chose, are text; none of it speaks to
//! the terminal.

use std::ops::Range;

use greenroom_protocol::conversation::{AnswerKind, AnswerSlot, ConversationAnswer, RequestAct};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::transcript::{self, Choice, Entry};
use crate::state::State;
use crate::state::talks::TalkId;
use crate::theme;
use crate::widgets::{text, times};
use crate::wording;

/// Cells of who speaks, where lines have as many as `AT_EASE`; else a sign says it.
const WHO: usize = 11;
const AT_EASE: usize = 48;

/// What can be asked, to somebody who begins.
const EXAMPLES: [&str; 5] = [
    "45 min Zoom with Priya Nair and Sam, Tuesday or Wednesday afternoon",
    "Move Wen's interview to Thursday at 14:00",
    "When are Mina and Sam free next week?",
    "Why not Tuesday at 10 for Priya Nair?",
    "Who waits for an interview?",
];

/// Lines of what was said, and those of what is selected.
pub(super) struct Transcript {
    pub lines: Vec<Line<'static>>,
    pub marked: Option<Range<usize>>,
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

/// What was said, and what can be chosen below it.
pub(super) fn transcribed(
    state: &State,
    id: TalkId,
    chosen: Option<usize>,
    cells: usize,
) -> Transcript {
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
            let words = format!("No time meets the wish: {}", answer.unmet.join(", "));
            push(&mut lines, &words, theme::WAIT, cells);
        }
        for finding in answer.findings.iter().filter(|_| !over) {
            let words = format!("Before you book: {}", finding.message);
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
            true => "Times are in your zone.".to_owned(),
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

/// Words in as many lines as they need.
pub(super) fn push(lines: &mut Vec<Line<'static>>, words: &str, style: Style, cells: usize) {
    let wrapped = text::wrap(&text::clean(words), cells).into_iter();
    lines.extend(wrapped.map(|line| Line::styled(line, style)));
}
