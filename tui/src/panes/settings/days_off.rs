//! Days off: each list with how many days it has, which comes next, and for whom it is.

use greenroom_protocol::availability::{DayOff, DaysOff};
use jiff::civil::Date;
use ratatui::text::Span;

use super::draw::Sheet;
use crate::state::State;
use crate::state::selected::Row;
use crate::theme;
use crate::widgets::{text, times};
use crate::wording;

/// Cells of the column that says how many.
const DAYS: usize = 24;

pub(crate) fn list(state: &State, sheet: &mut Sheet) {
    let Some(lists) = state.cache.days_off.latest() else {
        return;
    };
    if lists.is_empty() && !state.sets_up() {
        return;
    }
    sheet.heading("Days off");
    for list in lists {
        line(times::at(state.now, &state.zone()).date(), sheet, list);
    }
    if state.sets_up() {
        let words = match lists.is_empty() {
            true => "No days off yet: holidays count as workdays",
            false => "",
        };
        let rest = vec![Span::styled(words.to_owned(), theme::DIM)];
        sheet.entry(Row::NewDaysOff, "Add days off", rest);
    }
}

fn line(today: Date, sheet: &mut Sheet, list: &DaysOff) {
    let count = match list.days.len() {
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    };
    let mut to_come = list.days.iter().filter(|it| today <= it.date.civil());
    let next = match to_come.next() {
        Some(DayOff { date, label }) => {
            let day = times::day(date.civil(), today);
            let label = label.as_deref().map(|it| format!(" {it}"));
            format!("next {day}{}", label.unwrap_or_default())
        }
        None => "all past".to_owned(),
    };
    let whom: Vec<_> = list
        .members
        .iter()
        .map(|it| wording::first(&it.name))
        .collect();
    let whom = match whom.is_empty() {
        true => "everyone".to_owned(),
        false => whom.join(", "),
    };
    let rest = sheet.room().saturating_sub(DAYS);
    let words = text::fit(&format!("{next} · for {whom}"), rest);
    let spans = vec![
        Span::raw(text::left(&count, DAYS)),
        Span::styled(words, theme::DIM),
    ];
    sheet.entry(Row::DaysOff(list.id.clone()), &list.name, spans);
}
