//! The week as a calendar: days as columns, hours as rows, panels side by side, a line at now.

use greenroom_protocol::interview::{Interview, InterviewStatus};
use jiff::civil::{Date, Time};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::interviews::hours;
use super::wording;
use crate::app::State;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text, times};

/// Cells of the column of hours.
const HOURS: u16 = 7;

/// An interview on the calendar.
struct Block<'a> {
    interview: &'a Interview,
    sign: (&'static str, Style),
    day: u16,
    start: u16,
    end: u16,
    lane: u16,
    lanes: u16,
}

/// How minutes of the day become rows: every hour has as many.
#[derive(Clone, Copy)]
struct Scale {
    from: u16,
    hours: u16,
    each: u16,
}

impl Scale {
    fn new(from: u16, to: u16, rows: u16) -> Self {
        let hours = (to - from).max(1);
        Self {
            from: from * 60,
            hours,
            each: (rows / hours).max(1),
        }
    }

    /// The row of a minute of the day, from the top of the calendar.
    fn row(self, minute: u16) -> u16 {
        let passed = u32::from(minute.saturating_sub(self.from)) * u32::from(self.each);
        u16::try_from(passed / 60).unwrap_or(u16::MAX)
    }

    /// The first row of a block, and the first one after it.
    fn rows_of(self, block: &Block<'_>) -> (u16, u16) {
        let top = self.row(block.start);
        (top, self.row(block.end.saturating_sub(1)).max(top) + 1)
    }

    fn shows(self, minute: u16) -> bool {
        (self.from..self.from + self.hours * 60).contains(&minute)
    }
}

pub(super) fn draw(
    state: &State,
    canvas: &mut Canvas<'_>,
    area: Rect,
    shown: &[&Interview],
    selected: Option<&Interview>,
) {
    let zone = state.interviews.zone(&state.zone());
    let now = times::at(state.now, &zone);
    let mut blocks = Vec::new();
    for interview in shown {
        let start = times::at(interview.start.timestamp(), &zone);
        let day = start
            .date()
            .since(state.interviews.monday)
            .map_or(0, |span| span.get_days());
        let first = minute(start.time());
        let length = u16::try_from(interview.duration_minutes).unwrap_or(u16::MAX);
        let end = first.saturating_add(length).min(24 * 60);
        let day = u16::try_from(day).unwrap_or(0).min(6);
        blocks.push(Block {
            interview,
            sign: wording::sign(interview, state),
            day,
            start: first,
            end,
            lane: 0,
            lanes: 1,
        });
    }
    let weekend = blocks.iter().any(|block| block.day > 4)
        || now_day(state, now.date()).is_some_and(|day| day > 4);
    let days = if weekend { 7 } else { 5 };
    let width = area.width.saturating_sub(HOURS) / days;
    draw_days(state, canvas, row(area, 0), days, width, now.date());
    let body = below(area, 1);
    let clock = |minute: u16| Time::new((minute / 60).min(23) as i8, 0, 0, 0).unwrap_or_default();
    let (from, to) = hours(
        blocks
            .iter()
            .map(|block| (clock(block.start), clock(block.end + 59))),
    );
    let (from, to) = (
        u16::try_from(from).unwrap_or(8),
        u16::try_from(to).unwrap_or(18),
    );
    let scale = Scale::new(from, to, body.height);
    arrange(&mut blocks, scale);
    for hour in from..to {
        let line = row(body, scale.row(hour * 60));
        canvas.text(part(line, 1, HOURS), &format!("{hour:02}"), theme::DIM);
        for day in 0..days {
            canvas.text(part(line, HOURS + day * width, width), "·", theme::DIM);
        }
    }
    if let Some(day) = now_day(state, now.date()) {
        let at = minute(now.time());
        if scale.shows(at) && day < days {
            let line = row(body, scale.row(at));
            canvas.text(part(line, 1, HOURS - 1), &times::clock(&now), theme::WAIT);
            let column = part(line, HOURS + day * width, width.saturating_sub(1));
            canvas.text(column, &"─".repeat(usize::from(column.width)), theme::WAIT);
        }
    }
    for block in &blocks {
        let marked = selected.is_some_and(|interview| interview.id == block.interview.id);
        draw_block(canvas, body, scale, width, block, marked);
    }
}

fn draw_days(
    state: &State,
    canvas: &mut Canvas<'_>,
    line: Rect,
    days: u16,
    width: u16,
    today: Date,
) {
    for day in 0..days {
        let date = state
            .interviews
            .monday
            .checked_add(jiff::Span::new().days(i64::from(day)));
        let date = date.unwrap_or(today);
        let place = part(line, HOURS + day * width, width.saturating_sub(1));
        let style = if date == today {
            theme::SELECTED
        } else {
            theme::STRONG
        };
        canvas.text(
            place,
            &format!("{} {}", times::weekday(date.weekday()), date.day()),
            style,
        );
    }
}

fn draw_block(
    canvas: &mut Canvas<'_>,
    body: Rect,
    scale: Scale,
    width: u16,
    block: &Block<'_>,
    marked: bool,
) {
    let (top, end) = scale.rows_of(block);
    let height = end - top;
    let lane = width.saturating_sub(1) / block.lanes.max(1);
    let x = HOURS + block.day * width + block.lane * lane;
    let (sign, colour) = block.sign;
    let style = match (marked, block.interview.status) {
        (true, _) => theme::SELECTED,
        (false, InterviewStatus::Cancelled) => theme::DIM,
        _ => theme::PLAIN,
    };
    let bar = if marked { "▐" } else { "▏" };
    let clock = format!("{:02}:{:02}", block.start / 60, block.start % 60);
    let first = block.interview.candidate.name.clone();
    let words: [String; 3] = match height {
        1 => [
            format!("{sign}{clock} {first}"),
            String::new(),
            String::new(),
        ],
        _ => [
            format!("{sign}{clock}"),
            first,
            wording::people(&block.interview.interviewers),
        ],
    };
    for at in 0..height {
        let line = part(row(body, top + at), x, lane);
        canvas.text(
            part(line, 0, line.width),
            &text::blanks(usize::from(lane)),
            theme::PLAIN,
        );
        canvas.text(
            part(line, 0, 1),
            bar,
            if marked { theme::SELECTED } else { colour },
        );
        let style: Style = if at == 2 && !marked {
            theme::DIM
        } else {
            style
        };
        let words = words.get(usize::from(at)).map_or("", String::as_str);
        canvas.text(part(line, 1, line.width.saturating_sub(1)), words, style);
    }
}

/// Puts interviews side by side that would lie on the same rows.
fn arrange(blocks: &mut [Block<'_>], scale: Scale) {
    blocks.sort_by_key(|block| (block.day, block.start, block.end));
    let mut rest = blocks;
    while !rest.is_empty() {
        let (together, after) = rest.split_at_mut(touching(rest, scale));
        // The row each lane is free from.
        let mut free: Vec<u16> = Vec::new();
        for block in together.iter_mut() {
            let (top, end) = scale.rows_of(block);
            let lane = free
                .iter()
                .position(|row| *row <= top)
                .unwrap_or(free.len());
            free.resize(free.len().max(lane + 1), 0);
            free[lane] = end;
            block.lane = u16::try_from(lane).unwrap_or(0);
        }
        let lanes = u16::try_from(free.len()).unwrap_or(1);
        together.iter_mut().for_each(|block| block.lanes = lanes);
        rest = after;
    }
}

/// How many blocks from the first one on touch each other; at least that one.
fn touching(blocks: &[Block<'_>], scale: Scale) -> usize {
    let mut end = 0;
    let mut count = 0;
    for block in blocks {
        let (top, until) = scale.rows_of(block);
        if count > 0 && (block.day != blocks[0].day || top >= end) {
            break;
        }
        end = end.max(until);
        count += 1;
    }
    count
}

fn minute(time: Time) -> u16 {
    u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute())).unwrap_or(0)
}

/// Which day of the shown week it is now.
fn now_day(state: &State, today: Date) -> Option<u16> {
    let days = today.since(state.interviews.monday).ok()?.get_days();
    u16::try_from(days).ok().filter(|day| *day < 7)
}
