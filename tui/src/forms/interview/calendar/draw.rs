//! The calendar on the screen: days as columns, hours as rows, the chosen time in it, and a legend.

use std::ops::Range;

use greenroom_protocol::schedule::{BusyLane, LaneKind};
use jiff::Span as Length;
use jiff::Zoned;
use jiff::civil::Date;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::grid::{DAYS, Layout, Mark, Week, hours, is_elsewhere};
use super::{Calendar, Drawn, Seen};
use crate::theme;
use crate::widgets::{Canvas, below, part, row, text, times};

/// The least cells of a person's own column in a day.
const LANE: u16 = 3;

/// The number of a marked time; reversed, so that it is seen without colours.
const MARKED: Style = theme::SELECTED.add_modifier(Modifier::REVERSED);

/// The least cells of the chosen time with its clock.
const WITH_CLOCK: usize = 6;

impl Calendar {
    /// Draws the week of the time that stands in the form. It fills `area`, whatever is in it.
    pub(crate) fn draw(&self, seen: &Seen<'_>, canvas: &mut Canvas<'_>, area: Rect) {
        self.drawn.set(None);
        if area.height < 3 {
            return;
        }
        let today = times::at(seen.now, &seen.zone).date();
        let monday = self.monday(today);
        let chosen = seen.chosen_in(monday);
        let minutes = chosen
            .as_ref()
            .map_or(9 * 60..9 * 60, |it| it.minutes.clone());
        let hours = hours(seen.lanes, &seen.zone, minutes.clone());
        let people: Vec<_> = seen.lanes.iter().collect();
        let column = area.width.saturating_sub(5) / 7;
        let lanes = self.shows_why() && lane_cells(column, people.len()).is_some();
        let heading = 1 + u16::from(lanes);
        let body = Rect {
            height: area.height - heading - 1,
            ..below(area, heading)
        };
        let Some(layout) = Layout::of(body, hours, minutes.start) else {
            return;
        };
        self.drawn.set(Some(Drawn { layout, monday }));
        let named = chosen
            .as_ref()
            .filter(|it| lanes || !has_clock(&layout, it));
        draw_days(seen, &layout, monday, named, canvas, row(area, 0));
        let week = Week::new(monday, &seen.zone);
        let of_each = people.iter();
        let of_each = of_each.map(|lane| week.of_lane(lane, seen.own, seen.now));
        let of_each: Vec<_> = of_each.collect();
        let free = seen.free.unwrap_or_default();
        let works = week.beginnings(free, seen.now);
        let columns = match lanes {
            true => {
                draw_names(&people, &layout, canvas, row(area, 1));
                of_each
            }
            false => vec![with_beginnings(week.of_all(&of_each, seen.now), &works)],
        };
        for at in 0..layout.rows {
            let place = row(body, at);
            draw_hour(&layout, at, canvas, place);
            for day in 0..DAYS {
                draw_cells(&layout, &columns, day, at, canvas, place);
                if lanes && layout.any(&works, day, at) {
                    let (x, _) = layout.of_day(day);
                    let mark = Mark::Works;
                    canvas.text(part(place, x - 1, 1), mark.sign(), style(mark));
                }
                let here = chosen.as_ref().filter(|it| it.day == day);
                match here {
                    Some(chosen) if lanes => {
                        draw_around(&layout, chosen, at, seen.focused, canvas, place);
                    }
                    Some(chosen) => draw_chosen(&layout, chosen, at, seen.focused, canvas, place),
                    None => {}
                }
                draw_marks(seen, &layout, (monday, day, lanes), at, canvas, place);
            }
        }
        draw_legend(seen, self.shows_why(), canvas, row(area, area.height - 1));
    }
}

/// Everybody's week, with the times in it that work.
fn with_beginnings(mut marks: Vec<Mark>, works: &[bool]) -> Vec<Mark> {
    for (mark, works) in marks.iter_mut().zip(works) {
        if *works {
            *mark = Mark::Works;
        }
    }
    marks
}

/// The chosen time in the week that is shown.
struct Chosen {
    day: usize,
    /// Its minutes of the day; what goes over midnight ends there.
    minutes: Range<i32>,
    clock: String,
    /// Its number, where it is marked.
    number: Option<usize>,
}

impl Chosen {
    /// The least cells in which it has its clock, behind the number of a marked one.
    fn with_clock(&self) -> usize {
        WITH_CLOCK + if self.number.is_some() { 2 } else { 0 }
    }
}

impl Seen<'_> {
    fn chosen_in(&self, monday: Date) -> Option<Chosen> {
        let time = self.chosen?;
        let day = time.date().since(monday).ok()?.get_days();
        let day = usize::try_from(day).ok().filter(|day| *day < DAYS)?;
        let start = i32::from(time.hour()) * 60 + i32::from(time.minute());
        let end = start.saturating_add(i32::try_from(self.minutes).unwrap_or(45));
        Some(Chosen {
            day,
            minutes: start..end.min(24 * 60),
            clock: times::clock(time),
            number: self.number_of(time),
        })
    }
}

impl Seen<'_> {
    /// The number of a time among the marked ones.
    fn number_of(&self, time: &Zoned) -> Option<usize> {
        let at = self.marks.iter().position(|it| it == time)?;
        Some(at + 1)
    }
}

/// The numbers of the marked times that begin in a row of a day. Of one that is also the chosen
/// time, the number stands in that.
fn draw_marks(
    seen: &Seen<'_>,
    layout: &Layout,
    (monday, day, lanes): (Date, usize, bool),
    at: u16,
    canvas: &mut Canvas<'_>,
    line: Rect,
) {
    let date = monday.saturating_add(Length::new().days(day as i64));
    let from = layout.minute(at);
    let (x, whole) = layout.of_day(day);
    let (parts, wide) = layout.parts(whole);
    let cells = i32::try_from(parts * wide).unwrap_or(1);
    for (number, time) in (1..).zip(&seen.marks) {
        let minute = i32::from(time.hour()) * 60 + i32::from(time.minute());
        let begins = time.date() == date && (from..from + layout.per_row).contains(&minute);
        if !begins || seen.chosen == Some(time) && !lanes {
            continue;
        }
        let x = match lanes {
            true => x - 1,
            false => x + u16::try_from((minute - from) * cells / layout.per_row).unwrap_or(0),
        };
        canvas.text(part(line, x, 1), &number.to_string(), MARKED);
    }
}

/// The cells of a person's own column; `None` where there is no room for it.
fn lane_cells(column: u16, people: usize) -> Option<u16> {
    let people = u16::try_from(people).ok().filter(|count| *count > 1)?;
    let cells = column.checked_sub(people)? / people;
    (cells >= LANE).then_some(cells)
}

/// The name of each day. The day of the chosen time has its clock there, where the row of that time
/// has no room for it.
fn draw_days(
    seen: &Seen<'_>,
    layout: &Layout,
    monday: Date,
    named: Option<&Chosen>,
    canvas: &mut Canvas<'_>,
    line: Rect,
) {
    let today = times::at(seen.now, &seen.zone).date();
    for day in 0..DAYS {
        let date = monday.saturating_add(Length::new().days(day as i64));
        let (x, cells) = layout.of_day(day);
        let name = times::weekday(date.weekday());
        let clock = named.filter(|it| it.day == day).map(|it| &it.clock);
        let words = match (clock, cells) {
            (Some(clock), 5..9) => clock.clone(),
            (Some(clock), 9..12) => format!("{name} {clock}"),
            (Some(clock), 12..) => format!("{name} {} {clock}", date.day()),
            (None, ..6) | (_, ..5) => date.day().to_string(),
            (None, 6..10) => format!("{name} {}", date.day()),
            (None, 10..) => format!("{name} {}", times::short_day(date)),
        };
        let chosen = seen.chosen.is_some_and(|it| it.date() == date);
        let style = match (chosen, date == today) {
            (true, _) => theme::SELECTED,
            (false, true) => theme::STRONG,
            (false, false) => theme::PLAIN,
        };
        canvas.text(part(line, x, cells), &words, style);
    }
}

/// Whose column is which, under each day.
fn draw_names(people: &[&BusyLane], layout: &Layout, canvas: &mut Canvas<'_>, line: Rect) {
    let Some(cells) = lane_cells(layout.column, people.len()) else {
        return;
    };
    for day in 0..DAYS {
        let (x, _) = layout.of_day(day);
        for (at, lane) in (0_u16..).zip(people) {
            let first = lane.name.split(' ').next().unwrap_or_default();
            let first: String = match lane.kind {
                LaneKind::Host => "Zoom".to_owned(),
                _ => first.to_owned(),
            };
            let first: String = first.chars().take(usize::from(cells)).collect();
            canvas.text(part(line, x + at * (cells + 1), cells), &first, theme::DIM);
        }
    }
}

fn draw_hour(layout: &Layout, at: u16, canvas: &mut Canvas<'_>, line: Rect) {
    let minute = layout.minute(at);
    let whole = minute % 60 == 0;
    let (above, below) = layout.more;
    let more = match (at == 0 && above, at + 1 == layout.rows && below) {
        (true, _) => "↑",
        (_, true) => "↓",
        _ => " ",
    };
    let words = match whole {
        true => format!("{more}{:02}", minute / 60),
        false => more.to_owned(),
    };
    canvas.text(part(line, 0, 5), &words, theme::PLAIN);
}

/// A row of a day: side by side the people where there are several columns.
fn draw_cells(
    layout: &Layout,
    columns: &[Vec<Mark>],
    day: usize,
    at: u16,
    canvas: &mut Canvas<'_>,
    line: Rect,
) {
    let (x, whole) = layout.of_day(day);
    let cells = match columns.len() {
        1 => whole,
        people => lane_cells(layout.column, people).unwrap_or(1),
    };
    let (parts, wide) = layout.parts(cells);
    for (place, marks) in (0_u16..).zip(columns) {
        let marks = layout.marks(marks, day, at, parts);
        let spans = marks
            .into_iter()
            .map(|mark| Span::styled(mark.sign().repeat(wide), style(mark)));
        let x = x + place * (cells + 1);
        canvas.line(part(line, x, cells), spans.collect::<Line<'_>>());
    }
}

fn style(mark: Mark) -> Style {
    match mark {
        Mark::Works => theme::GOOD,
        Mark::Busy | Mark::Elsewhere => theme::WAIT,
        Mark::Outside | Mark::Free => theme::DIM,
    }
}

/// The chosen time in a row that it touches: its clock where it begins and has room.
fn draw_chosen(
    layout: &Layout,
    chosen: &Chosen,
    at: u16,
    focused: bool,
    canvas: &mut Canvas<'_>,
    line: Rect,
) {
    let Some((from, to)) = touched(layout, chosen, at) else {
        return;
    };
    let (x, whole) = layout.of_day(chosen.day);
    let (parts, wide) = layout.parts(whole);
    let cells = i32::try_from(parts * wide).unwrap_or(1);
    let (left, right) = placed(layout, chosen, (from, to), cells);
    let count = usize::try_from(right - left).unwrap_or(1);
    let begins = chosen.minutes.start >= from;
    let number = chosen.number.filter(|_| begins).map(|it| it.to_string());
    let clock = match (begins && count >= chosen.with_clock(), &number) {
        (true, None) => chosen.clock.clone(),
        (true, Some(number)) => format!("{number} {}", chosen.clock),
        (false, number) => number.clone().unwrap_or_default(),
    };
    let words = match count {
        1 => number.unwrap_or_else(|| "▐".to_owned()),
        2 if !clock.is_empty() => format!("▐{clock}"),
        _ if count == text::width(&clock) + 1 => format!("▐{clock}"),
        _ => format!("▐{}▌", text::left(&clock, count - 2)),
    };
    let style = chosen_style(focused);
    let left = u16::try_from(left).unwrap_or(0);
    let count = u16::try_from(count).unwrap_or(1);
    canvas.text(part(line, x + left, count), &words, style);
}

/// The cells of a row, from the day's first one, that the chosen time takes of its minutes.
fn placed(layout: &Layout, chosen: &Chosen, (from, to): (i32, i32), cells: i32) -> (i32, i32) {
    let place = |minute: i32, up: i32| {
        let within = (minute.clamp(from, to) - from) * cells;
        (within + up) / layout.per_row
    };
    let left = place(chosen.minutes.start, 0);
    let right = place(chosen.minutes.end, layout.per_row - 1).max(left + 1);
    (left, right)
}

/// Whether the chosen time says its clock in the row it begins in.
fn has_clock(layout: &Layout, chosen: &Chosen) -> bool {
    let (_, whole) = layout.of_day(chosen.day);
    let (parts, wide) = layout.parts(whole);
    let cells = i32::try_from(parts * wide).unwrap_or(1);
    let first = (0..layout.rows).find_map(|at| {
        let row = touched(layout, chosen, at)?;
        (chosen.minutes.start >= row.0).then(|| placed(layout, chosen, row, cells))
    });
    let count = first.map(|(left, right)| usize::try_from(right - left).unwrap_or(1));
    count.is_some_and(|count| count >= chosen.with_clock())
}

/// The same where each person has a column: the row stays readable between two brackets.
fn draw_around(
    layout: &Layout,
    chosen: &Chosen,
    at: u16,
    focused: bool,
    canvas: &mut Canvas<'_>,
    line: Rect,
) {
    if touched(layout, chosen, at).is_none() {
        return;
    }
    let (x, whole) = layout.of_day(chosen.day);
    let style = chosen_style(focused);
    canvas.text(part(line, x - 1, 1), "▐", style);
    canvas.text(part(line, x + whole, 1), "▌", style);
}

/// The minutes of a row that the chosen time touches.
fn touched(layout: &Layout, chosen: &Chosen, at: u16) -> Option<(i32, i32)> {
    let from = layout.minute(at);
    let to = from + layout.per_row;
    let apart = chosen.minutes.end <= from || to <= chosen.minutes.start;
    (!apart).then_some((from, to))
}

fn chosen_style(focused: bool) -> Style {
    match focused {
        true => theme::SELECTED.add_modifier(Modifier::REVERSED),
        false => theme::SELECTED,
    }
}

/// What the signs mean, from the longest words to the shortest. One that is nowhere in the week is
/// not among them, nor, where it is not known which times work, that of those.
fn signs(seen: &Seen<'_>) -> [String; 3] {
    let mut all = seen.lanes.iter().flat_map(|lane| &lane.busy);
    let elsewhere = all.any(is_elsewhere);
    let signs = |[works, free, busy, away, outside]: [&str; 5]| {
        let works = Some(works).filter(|_| seen.free.is_some());
        let away = Some(away).filter(|_| elsewhere);
        let signs = [works, Some(free), Some(busy), away, Some(outside)];
        signs.into_iter().flatten().collect::<Vec<_>>().join("  ")
    };
    let (free, short, shortest) = match seen.free {
        Some(_) => ("· free, too tight or soon", "· tight, soon", "· tight"),
        None => ("· all free", "· free", "· free"),
    };
    let (outside, past) = ("█ outside", "█ outside hours, past");
    let long = [
        "○ works for all",
        free,
        "░ someone busy",
        "▒ busy elsewhere",
        past,
    ];
    let short = ["○ works", short, "░ busy", "▒ elsewhere", past];
    let shortest = ["○ works", shortest, "░ busy", "▒ elsewhere", outside];
    [
        format!("     {}", signs(long)),
        format!(" {}", signs(short)),
        format!(" {}", signs(shortest)),
    ]
}

/// What the signs mean, whose hours nobody has set, and the way to the reasons: as much of it as has
/// room.
fn draw_legend(seen: &Seen<'_>, shows_why: bool, canvas: &mut Canvas<'_>, line: Rect) {
    let [long, short, shortest] = &signs(seen);
    let people = seen.lanes.iter().filter(|lane| lane.hours_assumed);
    let first = |lane: &BusyLane| lane.name.split(' ').next().unwrap_or_default().to_owned();
    let names: Vec<String> = people.map(first).collect();
    let assumed = match names.len() {
        _ if seen.stale => "as last known: daemon unreachable".to_owned(),
        0 => String::new(),
        1 | 2 => format!("hours assumed: {}", names.join(", ")),
        more => format!("hours assumed: {} and {} more", names[0], more - 1),
    };
    let key = if seen.focused { "w" } else { "F2" };
    let way = |words: &str| match (shows_why, assumed.is_empty()) {
        (true, _) => assumed.clone(),
        (false, true) => format!("{key} {words}"),
        (false, false) => format!("{assumed}   {key} {words}"),
    };
    let ways = [
        (long, way("who and why")),
        (short, way("who and why")),
        (short, way("why")),
        (short, assumed.clone()),
        (shortest, assumed.clone()),
        (shortest, String::new()),
    ];
    let cells = usize::from(line.width);
    let fits =
        |(signs, right): &(&String, String)| text::width(signs) + 2 + text::width(right) <= cells;
    let found = ways.into_iter().find(fits);
    let (signs, right) = found.unwrap_or((shortest, String::new()));
    canvas.text(line, signs, theme::DIM);
    canvas.text_right(line, &right, theme::DIM);
}
