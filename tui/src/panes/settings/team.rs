//! The team: what each member may do, and how their Zoom stands.

use greenroom_protocol::workspace::Member;
use greenroom_protocol::zoom::ConnectionState;
use ratatui::text::Span;

use super::apps;
use super::draw::Sheet;
use crate::keys::Command;
use crate::state::queries::HOURS_SINCE;
use crate::state::selected::Row;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{text, times};
use crate::wording::{self, calendar, zoom};

/// Cells of the column of connections.
const ZOOM: usize = 24;

/// How members are marked whose hours nobody has set.
const ASSUMED: &str = "hours assumed";

pub(crate) fn list(state: &State, sheet: &mut Sheet) {
    sheet.heading("Team");
    let members = state.cache.members.latest().map_or(&[][..], |it| it);
    // Roles are whole where they leave a third of the room to the addresses.
    let widest = members.iter().map(|member| text::width(&roles(member)));
    let room = sheet.room().saturating_sub(ZOOM + 2);
    let roles_cells = widest.max().unwrap_or(0).min(room * 2 / 3);
    for member in members {
        line(state, sheet, member, roles_cells);
    }
}

fn roles(member: &Member) -> String {
    let roles = member.roles.iter().map(|role| wording::role(*role));
    roles.collect::<Vec<_>>().join(", ")
}

/// Address and city, after a mark where nobody has set their hours. Where there is no room for
/// more than that mark it is left out: the line below the chosen member says the same.
fn whereabouts(state: &State, member: &Member, room: usize) -> String {
    let where_ = format!("{} · {}", member.email, times::city(&member.zone));
    let marked = member.hours_assumed && knows_hours(state);
    match marked && room > 2 * ASSUMED.len() {
        true => format!("{ASSUMED} · {where_}"),
        false => where_,
    }
}

/// What calendars say when somebody is busy elsewhere, each with its age; first those that can't be
/// read.
fn calendars(state: &State, sheet: &mut Sheet, member: &Member) {
    let all = state.cache.feeds.get(&member.id);
    let (broken, fine): (Vec<_>, Vec<_>) = all
        .into_iter()
        .flatten()
        .partition(|feed| calendar::needs_somebody(feed));
    for feed in broken {
        let (stands, style) = calendar::stands(feed);
        let (name, age) = (text::clean(&feed.name), calendar::age(feed, state.now));
        let reason = feed.reason.as_deref().map(text::clean);
        let reason = reason.map(|it| format!(": {it}")).unwrap_or_default();
        sheet.note(&format!("Calendar {name} {stands}, {age}{reason}"), style);
    }
    let fine = fine.into_iter().map(|feed| {
        let (name, age) = (text::clean(&feed.name), calendar::age(feed, state.now));
        format!("{name}, {age}")
    });
    let fine: Vec<_> = fine.collect();
    if !fine.is_empty() {
        sheet.note(&format!("Calendars: {}", fine.join(" · ")), theme::DIM);
    }
}

/// An earlier daemon knows no hours but those that are assumed.
fn knows_hours(state: &State) -> bool {
    let hello = state.link.hello();
    hello.is_some_and(|hello| hello.protocol >= HOURS_SINCE)
}

fn line(state: &State, sheet: &mut Sheet, member: &Member, roles_cells: usize) {
    let name = match member.you {
        true => format!("{} (you)", member.name),
        false => member.name.clone(),
    };
    let known = zoom::connection_of(state, member.id);
    let reading = known.map_or_else(|| zoom::reading(member.zoom), zoom::reading_of);
    let rest = sheet.room().saturating_sub(ZOOM + roles_cells + 2);
    let (roles, where_) = (roles(member), whereabouts(state, member, rest));
    let mut spans = vec![
        Span::styled(text::left(reading.words, ZOOM), reading.style),
        Span::raw(text::left(&roles, roles_cells)),
    ];
    let button = format!("[ Email {} ]", wording::first(&member.name));
    let broken = member.zoom == ConnectionState::ReconnectRequired && !member.you;
    let beside = rest.checked_sub(text::width(&button) + 2);
    match beside.filter(|room| broken && *room >= text::width(&where_)) {
        Some(room) => {
            let where_ = format!("  {}  ", text::left(&where_, room));
            spans.push(Span::styled(where_, theme::DIM));
            spans.push(Span::styled(button, theme::STRONG));
        }
        None => {
            let where_ = format!("  {}", text::fit(&where_, rest));
            spans.push(Span::styled(where_, theme::DIM));
        }
    }
    let row = Row::Member(member.id);
    let selected = sheet.is_selected(&row);
    sheet.entry(row, &name, spans);
    if let Some(key) = key_of(state, Command::Hours)
        && selected
        && member.hours_assumed
        && knows_hours(state)
        && state.disabled_reason(Command::Hours).is_none()
    {
        let words = format!("Hours assumed: Mon–Fri, 09:00–17:00. {key} sets them");
        sheet.note(&words, theme::WAIT);
    }
    if selected {
        calendars(state, sheet, member);
    }
    // One's own stands above, whole.
    if member.you {
        return;
    }
    let why = known.and_then(|connection| apps::why(state, connection));
    let told = member.zoom != ConnectionState::Disconnected || selected;
    if let Some(why) = why.filter(|_| told) {
        sheet.note(&why, theme::DIM);
    }
    if let Some(words) = known.and_then(zoom::few_changes_left) {
        sheet.note(&words, theme::WAIT);
    }
    if let Some(stuck) = zoom::stuck(state, member.id).filter(|_| selected) {
        let mut way = stuck.way_out(state, key_of(state, Command::Connect));
        if let Some(key) = key_of(state, Command::Remind) {
            way.push_str(&format!("; {key} emails them"));
        }
        sheet.note(&way, theme::PLAIN);
    }
}
