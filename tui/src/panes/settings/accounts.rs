//! Accounts at Google and Microsoft: how each stands, why, and what to do.

use greenroom_protocol::account::{Account, AccountOwner};
use greenroom_protocol::zoom::ConnectionState;
use ratatui::text::Span;

use super::apps::admin_reply;
use super::draw::Sheet;
use crate::state::State;
use crate::state::selected::{Row, row_of};
use crate::theme;
use crate::widgets::{text, times};
use crate::wording::account;

/// Every account of the list, the workspace's before the person's own.
pub(super) fn list(state: &State, sheet: &mut Sheet) {
    for account in state.cache.accounts.latest().into_iter().flatten() {
        if let Some(row) = row_of(state, account) {
            entry(state, sheet, account, row);
        }
    }
}

/// One account as it stands in the list, with its person on it: line by line, in so many cells.
pub(crate) fn alone(state: &State, account: &Account, cells: usize) -> Vec<String> {
    let row = Row::Account(account.provider, account.owner == AccountOwner::Workspace);
    let mut sheet = Sheet::on(row.clone(), cells);
    entry(state, &mut sheet, account, row);
    let lines = sheet.lines.into_iter();
    lines.map(|(_, line)| line.to_string()).collect()
}

fn entry(state: &State, sheet: &mut Sheet, account: &Account, row: Row) {
    let provider = account.provider.name();
    let name = match account.owner {
        AccountOwner::Workspace => provider.to_owned(),
        AccountOwner::Member(_) => format!("{provider} (you)"),
    };
    let button = match account.state {
        ConnectionState::Connected | ConnectionState::Retrying => "[ Disconnect ]",
        ConnectionState::ReconnectRequired => "[ Reconnect ]",
        ConnectionState::PreApprovalRequested => "[ Try again ]",
        _ if !account.app && state.sets_up() => "[ Set up ]",
        _ => "[ Connect ]",
    };
    let (stands, style) = account::reading(account);
    let user = account::user(account);
    let used = text::width(&stands) + text::width(button) + 4;
    let room = sheet.room().checked_sub(used);
    let beside = room.is_some_and(|room| text::width(&user) <= room);
    let mut rest = vec![Span::styled(stands, style)];
    if let Some(room) = room {
        let between = text::left(if beside { &user } else { "" }, room);
        rest.push(Span::raw(format!("  {between}  ")));
        rest.push(Span::styled(button, theme::STRONG));
    }
    let selected = sheet.is_selected(&row);
    sheet.entry(row, &name, rest);
    if !beside && !user.is_empty() {
        sheet.note(&user, theme::PLAIN);
    }
    if let Some(reason) = &account.reason {
        let since = account.since.map(|since| {
            let when = times::near(since.timestamp(), &state.zone(), state.now);
            format!(" · since {when}")
        });
        let since = since.filter(|_| account.state == ConnectionState::ReconnectRequired);
        let words = format!("{reason}{}", since.unwrap_or_default());
        sheet.note(&text::clean(&words), style);
    }
    // What to do is worth its lines where something is wrong, or where the person is.
    let healthy = account.state == ConnectionState::Disconnected;
    if let Some(hint) = account.hint.as_deref().filter(|_| !healthy || selected) {
        sheet.note(&text::clean(hint), theme::PLAIN);
    }
    admin_reply(state, sheet, account.admin_reply.as_ref());
    if account::has_grant(account) {
        for words in account::lacking(account) {
            sheet.note(&format!("Missing: {words}"), theme::WAIT);
        }
    }
}
