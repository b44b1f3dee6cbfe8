//! The calendar: hours as rows; days as columns, or the people of one day. A line at now.

mod columns;
mod lanes;
pub(crate) mod span;

use greenroom_protocol::interview::{Interview, InterviewStatus};
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use self::columns::{Column, Columns, pieces_of};
use self::lanes::{Block, Rank, arrange};
use self::span::{Piece, Place, Scale, hours, minute, pieces};
use super::draw::Shown;
use super::wording;
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text, times};

/// Cells of the column of hours.
const HOURS: u16 = 7;

/// The least cells of an interview beside others.
const LANE: u16 = 4;

/// The calendar as it is drawn.
struct Calendar<'a> {
    state: &'a State,
    shown: &'a Shown<'a>,
    zone: TimeZone,
    columns: Vec<Column>,
    /// People for whom there is no room.
    hidden: usize,
}

pub(crate) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect, shown: &Shown<'_>) {
    let calendar = Calendar::new(state, shown, area.width);
    calendar.draw_titles(canvas, row(area, 0));
    let body = below(area, 1);
    let all = shown.list.iter().enumerate();
    let placed: Vec<(usize, Piece)> = all
        .flat_map(|(at, it)| {
            pieces_of(it, &calendar.zone)
                .into_iter()
                .map(move |piece| (at, piece))
        })
        .filter(|(_, piece)| calendar.columns.iter().any(|it| it.date == piece.date))
        .collect();
    let shown_hours = hours(placed.iter().map(|(_, piece)| (piece.start, piece.end)));
    let scale = Scale::new(shown_hours, body.height);
    calendar.draw_hours(canvas, body, scale, shown_hours);
    calendar.draw_now(canvas, area, scale);
    let mut blocks = calendar.blocks(&placed, scale);
    arrange(&mut blocks);
    // The selected one last: where there is no room for everybody it lies over another.
    blocks.sort_by_key(|block| shown.selected == Some(block.at));
    for block in &blocks {
        calendar.draw_block(canvas, body, block);
    }
    calendar.draw_hidden(canvas, body, &blocks);
}

impl<'a> Calendar<'a> {
    fn new(state: &'a State, shown: &'a Shown<'a>, width: u16) -> Self {
        let zone = state.interviews.zone(&state.zone());
        let room = width.saturating_sub(HOURS);
        let Columns { columns, hidden } = Columns::of(state, shown, &zone, room);
        Self {
            state,
            shown,
            zone,
            columns,
            hidden,
        }
    }

    fn draw_titles(&self, canvas: &mut Canvas<'_>, line: Rect) {
        for column in &self.columns {
            let place = part(line, column.x, column.width.saturating_sub(1));
            canvas.text(place, &column.title, column.style);
        }
        if self.hidden > 0 {
            let words = format!(" {} more", self.hidden);
            canvas.text_right(line, &words, theme::WAIT);
        }
    }

    fn draw_hours(&self, canvas: &mut Canvas<'_>, body: Rect, scale: Scale, hours: (u16, u16)) {
        let mut last = None;
        for hour in hours.0..hours.1 {
            let at = scale.row(hour * 60);
            if last.replace(at) == Some(at) {
                continue;
            }
            let line = row(body, at);
            canvas.text(part(line, 1, HOURS), &format!("{hour:02}"), theme::DIM);
            for column in &self.columns {
                canvas.text(part(line, column.x, column.width), "·", theme::DIM);
            }
        }
    }

    /// The time now across its day; at the edge where it lies outside the hours that are shown.
    fn draw_now(&self, canvas: &mut Canvas<'_>, area: Rect, scale: Scale) {
        let now = times::at(self.state.now, &self.zone);
        let (body, clock) = (below(area, 1), times::clock(&now));
        if !self.columns.iter().any(|it| it.date == now.date()) {
            return;
        }
        let at = match scale.place(minute(now.time())) {
            Place::Above => {
                let words = format!("↑{clock}");
                return canvas.text(part(row(area, 0), 0, HOURS - 1), &words, theme::WAIT);
            }
            Place::Below => {
                let last = scale.rows().min(body.height.saturating_sub(1));
                let words = format!("↓{clock}");
                return canvas.text(part(row(body, last), 0, HOURS - 1), &words, theme::WAIT);
            }
            Place::Row(at) => at,
        };
        let line = row(body, at);
        canvas.text(part(line, 1, HOURS - 1), &clock, theme::WAIT);
        for column in self.columns.iter().filter(|it| it.date == now.date()) {
            let place = part(line, column.x, column.width.saturating_sub(1));
            canvas.text(place, &"─".repeat(usize::from(place.width)), theme::WAIT);
        }
    }

    fn blocks(&self, placed: &[(usize, Piece)], scale: Scale) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (at, piece) in placed {
            let interview = self.shown.list[*at];
            let (top, end) = scale.rows_of(piece.start, piece.end);
            let takes_part = |id| interview.interviewers.iter().any(|it| it.id == id);
            for (column, number) in self.columns.iter().zip(0..) {
                if column.date == piece.date && column.person.is_none_or(takes_part) {
                    let rank = rank(interview, self.state);
                    blocks.push(Block::new(*at, number, top..end, rank));
                }
            }
        }
        blocks
    }

    /// The lanes there is room for, and the cells of each.
    fn lanes(column: &Column, block: &Block) -> (u16, u16) {
        let cells = column.width.saturating_sub(1);
        let visible = block.lanes.min((cells / LANE).max(1));
        (visible, cells / visible)
    }

    fn draw_block(&self, canvas: &mut Canvas<'_>, body: Rect, block: &Block) {
        let column = &self.columns[usize::from(block.column)];
        let interview = self.shown.list[block.at];
        let marked = self.shown.selected == Some(block.at);
        let mine = wording::is_mine(interview, self.state);
        let (visible, lane) = Self::lanes(column, block);
        let at = match block.lane < visible {
            true => block.lane,
            false if marked => visible - 1,
            false => return,
        };
        let reaches = (at + block.wide).min(visible);
        let end = match reaches == visible {
            true => column.width.saturating_sub(1),
            false => reaches * lane,
        };
        let (x, width) = (column.x + at * lane, end - at * lane);
        let style = match (marked, interview.status) {
            (true, _) => theme::SELECTED,
            (false, InterviewStatus::Cancelled) => theme::DIM,
            _ if mine => theme::STRONG,
            _ => theme::PLAIN,
        };
        let (sign, colour) = self.shown.sign(interview, self.state);
        let bar = match (marked, mine) {
            (true, _) => "▐",
            (false, true) => "┃",
            (false, false) => "▏",
        };
        let words = self.words(interview, sign, block, width.saturating_sub(1));
        for (line, at) in block.rows.clone().zip(0..) {
            let line = part(row(body, line), x, width);
            canvas.text(line, &text::blanks(usize::from(width)), theme::PLAIN);
            let edge = if marked { theme::SELECTED } else { colour };
            canvas.text(part(line, 0, 1), bar, edge);
            let (words, dim) = words.get(at).map_or(("", false), |(it, dim)| (it, *dim));
            let style = if dim && !marked { theme::DIM } else { style };
            canvas.text(part(line, 1, line.width.saturating_sub(1)), words, style);
        }
    }

    /// The lines of an interview, and which of them are secondary. Where there is little room the
    /// name comes before the clock, which the row tells too.
    fn words(
        &self,
        interview: &Interview,
        sign: &str,
        block: &Block,
        cells: u16,
    ) -> Vec<(String, bool)> {
        let clock = times::clock(&times::at(interview.start.timestamp(), &self.zone));
        let name = &interview.candidate.name;
        if block.rows.len() == 1 {
            return match cells {
                ..12 => vec![(format!("{sign}{name}"), false)],
                _ => vec![(format!("{sign}{clock} {name}"), false)],
            };
        }
        let wrong = self.shown.wrong(interview, self.state, &self.zone);
        let mut lines = match cells {
            // A clock that is cut says nothing.
            ..6 => vec![(format!("{sign}{name}"), false)],
            _ => vec![(format!("{sign}{clock}"), false), (name.clone(), false)],
        };
        lines.extend(wrong.map(|(words, _)| (words, false)));
        // In somebody's own column only the others are news.
        let whose = self.columns[usize::from(block.column)].person;
        let others = interview.interviewers.iter();
        let others: Vec<_> = others.filter(|it| Some(it.id) != whose).cloned().collect();
        if !others.is_empty() {
            lines.push((wording::people(&others), true));
        }
        lines.push((interview.stage_name.clone(), true));
        let kind = wording::meeting_type(interview.meeting.kind).to_owned();
        lines.push((kind, true));
        lines
    }

    /// How many lie beside the lanes there is room for.
    fn draw_hidden(&self, canvas: &mut Canvas<'_>, body: Rect, blocks: &[Block]) {
        for (column, number) in self.columns.iter().zip(0..) {
            let mut rows: Vec<(u16, u16)> = Vec::new();
            let here = blocks.iter().filter(|block| block.column == number);
            for block in here.filter(|it| it.lane >= Self::lanes(column, it).0) {
                match rows.iter_mut().find(|(row, _)| *row == block.rows.start) {
                    Some((_, count)) => *count += 1,
                    None => rows.push((block.rows.start, 1)),
                }
            }
            for (at, count) in rows {
                let line = part(row(body, at), column.x, column.width.saturating_sub(1));
                canvas.text_right(line, &format!("+{count}"), theme::WAIT);
            }
        }
    }
}

fn rank(interview: &Interview, state: &State) -> Rank {
    match state.is_mine(interview) {
        _ if interview.status == InterviewStatus::Cancelled => Rank::Cancelled,
        true => Rank::Mine,
        false => Rank::Others,
    }
}

/// The lane of each interview on its day, for moving among them.
pub(crate) fn lanes_of(list: &[&Interview], zone: &TimeZone, state: &State) -> Vec<u16> {
    let monday = state.interviews.monday;
    let placed = list.iter().enumerate().filter_map(|(at, interview)| {
        let start = interview.start.timestamp();
        let piece = *pieces(start, interview.duration_minutes, zone).first()?;
        let day = piece.date.since(monday).ok()?.get_days();
        let day = u16::try_from(day).unwrap_or(0);
        let rank = rank(interview, state);
        Some(Block::new(at, day, piece.start..piece.end, rank))
    });
    let mut blocks: Vec<_> = placed.collect();
    arrange(&mut blocks);
    let mut lanes = vec![0; list.len()];
    blocks.iter().for_each(|it| lanes[it.at] = it.lane);
    lanes
}
