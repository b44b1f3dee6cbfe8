//! What the columns of the calendar are: the days of a week, or the people of one day.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::Interview;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ratatui::style::Style;

use super::HOURS;
use super::span::{Piece, pieces};
use crate::panes::interviews::draw::Shown;
use crate::state::State;
use crate::state::selected::{Form, plus_days};
use crate::theme;
use crate::widgets::times;

/// The least and the most cells of a person.
const PERSON: (u16, u16) = (14, 40);

/// Cells of how many more there are.
const MORE: u16 = 8;

/// What stands over a column, and where it is.
pub(crate) struct Column {
    pub(crate) title: String,
    pub(crate) style: Style,
    pub(crate) date: Date,
    /// Whose: in a day by people.
    pub(crate) person: Option<MemberId>,
    /// Cells from the left edge of the calendar.
    pub(crate) x: u16,
    pub(crate) width: u16,
}

/// The columns of a calendar.
pub(crate) struct Columns {
    pub(crate) columns: Vec<Column>,
    /// People for whom there is no room.
    pub(crate) hidden: usize,
}

impl Columns {
    pub(crate) fn of(state: &State, shown: &Shown<'_>, zone: &TimeZone, room: u16) -> Self {
        match state.interviews.form {
            Form::People => Self::people(state, shown, zone, room),
            _ => Self::days(state, shown, zone, room),
        }
    }

    /// Monday to Friday, and the weekend where there is something on it.
    fn days(state: &State, shown: &Shown<'_>, zone: &TimeZone, room: u16) -> Self {
        let today = times::at(state.now, zone).date();
        let monday = state.interviews.monday;
        let dates = |days: i32| (0..days).map(move |day| plus_days(monday, day));
        let weekend: Vec<Date> = dates(7).skip(5).collect();
        let mut touched = shown.list.iter().flat_map(|it| pieces_of(it, zone));
        let busy = touched.any(|piece| weekend.contains(&piece.date));
        let days = match busy || weekend.contains(&today) {
            true => 7,
            false => 5,
        };
        let selected = selected_date(shown, zone);
        // Of equal width whatever is selected: nothing jumps as one moves through the week.
        let width = room / days;
        let mut columns = Vec::new();
        for (date, at) in dates(days.into()).zip(0..) {
            let style = match (date == today, Some(date) == selected) {
                (true, _) => theme::SELECTED,
                (false, true) => theme::STRONG,
                (false, false) => theme::PLAIN,
            };
            columns.push(Column {
                title: format!("{} {}", times::weekday(date.weekday()), date.day()),
                style,
                date,
                person: None,
                x: HOURS + at * width,
                width,
            });
        }
        Self { columns, hidden: 0 }
    }

    /// Everybody who takes part on the selected day: oneself first, then by name.
    fn people(state: &State, shown: &Shown<'_>, zone: &TimeZone, room: u16) -> Self {
        let today = times::at(state.now, zone).date();
        let date = selected_date(shown, zone).unwrap_or(today);
        let on_it = |it: &&&Interview| pieces_of(it, zone).iter().any(|piece| piece.date == date);
        let there = shown.list.iter().filter(on_it);
        let mut people: Vec<_> = there.flat_map(|it| &it.interviewers).collect();
        people.sort_by(|a, b| {
            let key = |it: &greenroom_protocol::workspace::MemberBrief| !state.is_me(it.id);
            (key(a), &a.name, a.id).cmp(&(key(b), &b.name, b.id))
        });
        people.dedup_by_key(|it| it.id);
        let fit = usize::from((room / PERSON.0).max(1));
        let room = match people.len() > fit {
            true => room.saturating_sub(MORE),
            false => room,
        };
        let selected = shown.interview().and_then(|interview| {
            let takes_part = |id| interview.interviewers.iter().any(|it| it.id == id);
            people.iter().position(|it| takes_part(it.id))
        });
        let skipped = selected.map_or(0, |at| (at + 1).saturating_sub(fit));
        let visible: Vec<_> = people.iter().skip(skipped).take(fit).collect();
        let count = u16::try_from(visible.len()).unwrap_or(1).max(1);
        let width = (room / count).min(PERSON.1);
        let mut columns = Vec::new();
        for (person, at) in visible.into_iter().zip(0..) {
            let me = state.is_me(person.id);
            columns.push(Column {
                title: match me {
                    true => format!("{} (you)", person.name),
                    false => person.name.clone(),
                },
                style: if me { theme::STRONG } else { theme::PLAIN },
                date,
                person: Some(person.id),
                x: HOURS + at * width,
                width,
            });
        }
        Self {
            hidden: people.len() - columns.len(),
            columns,
        }
    }
}

/// Where an interview lies.
pub(crate) fn pieces_of(interview: &Interview, zone: &TimeZone) -> Vec<Piece> {
    let start = interview.start.timestamp();
    pieces(start, interview.duration_minutes, zone)
}

/// The day of the selected interview.
fn selected_date(shown: &Shown<'_>, zone: &TimeZone) -> Option<Date> {
    let interview = shown.interview()?;
    Some(times::at(interview.start.timestamp(), zone).date())
}
