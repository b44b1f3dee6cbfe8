//! Which row of the settings is selected.

use greenroom_protocol::account::{Account, AccountOwner, AccountProvider};
use greenroom_protocol::id::{MemberId, WorkspaceId};

use crate::keys::Command;
use crate::state::State;
use crate::widgets::List;

/// Where a person is in the settings.
#[derive(Debug, Default)]
pub(crate) struct SettingsView {
    list: List,
}

/// Something in the settings that can be selected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Row {
    /// The person's own Zoom.
    Zoom,
    /// The workspace's Zoom app.
    ZoomApp,
    /// An account at Google or Microsoft; whether it is the workspace's.
    Account(AccountProvider, bool),
    /// How mail leaves.
    Mail,
    /// Someone of the team.
    Member(MemberId),
    /// A list of days off, by its id.
    DaysOff(String),
    /// Where a list of days off is added.
    NewDaysOff,
    /// A workspace; whether it is this one.
    Workspace(WorkspaceId, bool),
}

impl SettingsView {
    pub(crate) fn selected(&self, state: &State) -> Option<Row> {
        let mut all = selectable(state);
        let at = self.list.selected(all.len())?;
        Some(all.swap_remove(at))
    }

    pub(crate) fn go(&mut self, command: Command, len: usize) -> bool {
        self.list.go(command, len)
    }
}

/// Everything that can be selected, from the top.
pub(crate) fn selectable(state: &State) -> Vec<Row> {
    let mut all = vec![Row::Zoom, Row::ZoomApp];
    let accounts = state.cache.accounts.latest().into_iter().flatten();
    all.extend(accounts.filter_map(|account| row_of(state, account)));
    all.push(Row::Mail);
    let members = state.cache.members.latest().into_iter().flatten();
    all.extend(members.map(|member| Row::Member(member.id)));
    if let Some(lists) = state.cache.days_off.latest() {
        all.extend(lists.iter().map(|it| Row::DaysOff(it.id.clone())));
        all.extend(state.sets_up().then_some(Row::NewDaysOff));
    }
    let workspaces = state.cache.workspaces.latest().into_iter().flatten();
    all.extend(workspaces.map(|it| Row::Workspace(it.id, it.current)));
    all
}

/// The row of an account: the workspace's for who may set it up, and one's own.
pub(crate) fn row_of(state: &State, account: &Account) -> Option<Row> {
    let for_workspace = match &account.owner {
        AccountOwner::Workspace if state.sets_up() => true,
        AccountOwner::Member(member) if state.is_me(member.id) => false,
        _ => return None,
    };
    Some(Row::Account(account.provider, for_workspace))
}
