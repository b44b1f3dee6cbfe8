//! The team: what each member may do, and how their Zoom stands.

use greenroom_protocol::workspace::Member;
use greenroom_protocol::zoom::ConnectionState;
use ratatui::text::Span;

use super::apps;
use super::draw::Sheet;
use crate::keys::Command;
use crate::state::selected::Row;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{text, times};
use crate::wording::{self, zoom};

/// Cells of the column of connections.
const ZOOM: usize = 24;

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

fn whereabouts(member: &Member) -> String {
    format!("{} · {}", member.email, times::city(&member.zone))
}

fn line(state: &State, sheet: &mut Sheet, member: &Member, roles_cells: usize) {
    let name = match member.you {
        true => format!("{} (you)", member.name),
        false => member.name.clone(),
    };
    let known = zoom::connection_of(state, member.id);
    let reading = known.map_or_else(|| zoom::reading(member.zoom), zoom::reading_of);
    let (roles, where_) = (roles(member), whereabouts(member));
    let rest = sheet.room().saturating_sub(ZOOM + roles_cells + 2);
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
