//! The little week of a form: hours as rows, days as columns, two marks an hour.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::plan::Plan;
use super::time::Chosen;
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text, times};

/// Rows that the week takes where there is room.
pub(super) const ROWS: u16 = 9;

/// Days of the little week without and with the weekend, and the cells of each.
const WORKING: (i64, usize) = (5, 12);
const WHOLE: (i64, usize) = (7, 9);

/// The cells of an hour in it.
const CELLS: usize = 8;

/// Hours of the little week.
const HOURS: std::ops::Range<i8> = 8..18;

impl<C> Plan<C> {
    /// Draws the week around the time that stands in the form.
    pub(super) fn draw(
        &self,
        chosen: &Chosen,
        now: Timestamp,
        canvas: &mut Canvas<'_>,
        area: Rect,
    ) {
        if area.height < 4 {
            return;
        }
        let (when, zone) = (chosen.at, &chosen.zone);
        let monday = times::monday(when.date());
        let weekend = when
            .date()
            .since(monday)
            .is_ok_and(|past| i64::from(past.get_days()) >= WORKING.0);
        let (days, width) = if weekend { WHOLE } else { WORKING };
        let days: Vec<Date> = (0..days)
            .filter_map(|day| monday.checked_add(Length::new().days(day)).ok())
            .collect();
        let mut heading = Line::from(text::blanks(5));
        for day in &days {
            let words = format!("{} {}", times::weekday(day.weekday()), day.day());
            let style = if *day == when.date() {
                theme::SELECTED
            } else {
                theme::DIM
            };
            heading.push_span(Span::styled(text::left(&words, width), style));
        }
        canvas.line(row(area, 0), heading);
        let body = Rect {
            height: area.height - 2,
            ..below(area, 1)
        };
        let first = first_hour(when.hour(), body.height);
        for (place, hour) in rows(body).zip(first..HOURS.end) {
            let mut line = Line::from(Span::styled(format!(" {hour:02}  "), theme::DIM));
            for day in &days {
                let hour = day.at(hour, 0, 0, 0);
                line.push_span(
                    block(hour, when, chosen.minutes).unwrap_or_else(|| self.mark(hour, zone, now)),
                );
                line.push_span(text::blanks(width - CELLS));
            }
            canvas.line(place, line);
        }
        let legend = "· all free   ░ someone busy   █ past";
        canvas.text(
            row(area, area.height - 1),
            &format!("     {legend}"),
            theme::DIM,
        );
    }

    /// Eight cells for an hour, four for each half.
    fn mark(&self, hour: DateTime, zone: &TimeZone, now: Timestamp) -> Span<'static> {
        let past = hour
            .to_zoned(zone.clone())
            .is_ok_and(|time| time.timestamp() < now);
        if past {
            return Span::styled("█".repeat(CELLS), theme::DIM);
        }
        let half = hour.checked_add(Length::new().minutes(30)).unwrap_or(hour);
        let end = hour.checked_add(Length::new().hours(1)).unwrap_or(hour);
        let taken = [self.taken(hour, half, zone), self.taken(half, end, zone)];
        let signs: String = taken
            .map(|taken| if taken { "░░░░" } else { "····" })
            .concat();
        let style = if taken.contains(&true) {
            theme::WAIT
        } else {
            theme::DIM
        };
        Span::styled(signs, style)
    }

    fn taken(&self, from: DateTime, to: DateTime, zone: &TimeZone) -> bool {
        let instant = |local: DateTime| local.to_zoned(zone.clone()).ok().map(|it| it.timestamp());
        let (Some(from), Some(to)) = (instant(from), instant(to)) else {
            return false;
        };
        self.lanes().iter().any(|lane| {
            let here = lane.busy.iter().filter(|busy| {
                let own = self.own().is_some() && busy.interview == self.own();
                !own && busy.start.timestamp() < to && from < busy.end.timestamp()
            });
            u32::try_from(here.count()).unwrap_or(u32::MAX) >= lane.capacity.max(1)
        })
    }
}

/// The chosen time in an hour it touches: its clock where it begins.
fn block(hour: DateTime, when: DateTime, minutes: i64) -> Option<Span<'static>> {
    let next = hour.checked_add(Length::new().hours(1)).ok()?;
    let over = when.checked_add(Length::new().minutes(minutes)).ok()?;
    if hour >= over || when >= next {
        return None;
    }
    let words = match hour <= when {
        true => format!("▐{:02}:{:02} ▌", when.hour(), when.minute()),
        false => "▐      ▌".to_owned(),
    };
    Some(Span::styled(words, theme::SELECTED))
}

/// The first hour to show, so that the chosen one is among them.
fn first_hour(chosen: i8, rows: u16) -> i8 {
    let rows = i8::try_from(rows).unwrap_or(10).max(1);
    let latest = (HOURS.end - rows).max(HOURS.start.min(chosen));
    (chosen - rows / 2).clamp(HOURS.start.min(chosen), latest.max(HOURS.start.min(chosen)))
}
