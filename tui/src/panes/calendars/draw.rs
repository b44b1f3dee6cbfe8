//! The list of calendars, and below it what is to be said of the one that is selected.

use greenroom_protocol::calendar::Feed;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Calendars;
use crate::keys::Command;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::listing::{self, Listed};
use crate::widgets::{Canvas, text, times};
use crate::wording::calendar;

/// Cells of the pane, and of its columns after the name.
const WIDTH: u16 = 96;
const KIND: usize = 11;
const STANDS: usize = 14;
const AGE: usize = 18;
const ENTRIES: usize = 14;

/// What is said at most of what one should bear in mind.
const WARNINGS: usize = 5;

pub(super) fn draw(pane: &Calendars, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
    let whose = state.cache.member(pane.member);
    let title = match whose {
        Some(member) if member.you => "Calendars · you".to_owned(),
        Some(member) => format!("Calendars · {}", text::clean(&member.name)),
        None => "Calendars".to_owned(),
    };
    let mut lines: Vec<Listed> = Vec::new();
    let all = pane.all(state);
    let marked = pane.list.selected(all.map_or(0, <[_]>::len));
    for (at, feed) in all.unwrap_or_default().iter().enumerate() {
        lines.push(line(state, feed, marked == Some(at), cells));
    }
    let mut say = |words: &str, style: Style| {
        let wrapped = text::wrap(&text::clean(words), cells).into_iter();
        lines.extend(wrapped.map(|line| (false, Line::styled(line, style))));
    };
    match (all, pane.selected(state)) {
        (None, _) => {
            let failure = state.cache.feeds.failure();
            say(failure.map_or("…", |error| &error.message), theme::DIM);
        }
        (Some(_), None) => {
            let key = key_of(state, Command::AddCalendar);
            let how = key.map(|key| format!(" {key} adds one."));
            let words = format!("No calendars yet.{}", how.unwrap_or_default());
            say(&words, theme::PLAIN);
        }
        (Some(_), Some(feed)) => {
            say(" ", theme::PLAIN);
            about(state, feed, &mut say);
        }
    }
    say(" ", theme::PLAIN);
    let words = "Busy times in them are not proposed. Only times are kept, no titles.";
    say(words, theme::DIM);
    listing::draw(canvas, area, WIDTH, &title, lines);
}

/// What is to be said of the selected one: what is wrong and the way out, then what to bear in mind.
fn about(state: &State, feed: &Feed, say: &mut impl FnMut(&str, Style)) {
    let (_, style) = calendar::stands(feed);
    if let Some(reason) = &feed.reason {
        say(reason, style);
    }
    if let Some(hint) = &feed.hint {
        say(hint, theme::PLAIN);
    }
    if let Some(address) = &feed.address {
        say(&format!("Read from {address}"), theme::DIM);
    }
    let zone = state.zone();
    let moment =
        |at: greenroom_protocol::time::Instant| times::moment(at.timestamp(), &zone, state.now);
    let known = match (feed.known_to, feed.next) {
        (Some(known), Some(next)) => {
            let next = times::near(next.timestamp(), &zone, state.now);
            Some(format!(
                "Known until {}, read next at {next}",
                moment(known)
            ))
        }
        (Some(known), None) => Some(format!("Known until {}", moment(known))),
        (None, Some(next)) => {
            let next = times::near(next.timestamp(), &zone, state.now);
            Some(format!("Read next at {next}"))
        }
        (None, None) => None,
    };
    if let Some(known) = known {
        say(&known, theme::DIM);
    }
    for warning in feed.warnings.iter().take(WARNINGS) {
        say(&format!("! {}", warning.message), theme::WAIT);
    }
    let more = feed.warnings.len().saturating_sub(WARNINGS);
    if more > 0 {
        say(&format!("! and {more} more"), theme::WAIT);
    }
}

fn line(state: &State, feed: &Feed, marked: bool, cells: usize) -> Listed {
    let style = if marked {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let mark = if marked { "▸ " } else { "  " };
    let (stands, how) = calendar::stands(feed);
    let columns = KIND + STANDS + AGE + ENTRIES;
    // Where there is no room for all of them, how many entries it has is left out.
    let (columns, entries) = match cells < columns + 2 + 16 {
        true => (columns - ENTRIES, String::new()),
        false => (columns, calendar::entries(feed)),
    };
    let name = text::left(&text::clean(&feed.name), cells.saturating_sub(columns + 2));
    let spans = vec![
        Span::styled(format!("{mark}{name}"), style),
        Span::styled(text::left(calendar::kind(feed), KIND), theme::PLAIN),
        Span::styled(text::left(stands, STANDS), how),
        Span::styled(
            text::left(&calendar::age(feed, state.now), AGE),
            theme::PLAIN,
        ),
        Span::styled(text::fit(&entries, ENTRIES), theme::PLAIN),
    ];
    (marked, spans.into())
}
