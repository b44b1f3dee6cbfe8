//! The workspace's own Zoom app, and what kind of Zoom account it has.
//!
//! A secret is not typed here, where it would stand on a screen: the command line reads it from a
//! file.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::{AccountPlan, Workspace, WorkspaceEdit};

use super::super::fill::{changed_text, line};
use super::super::{Form, FormKey, Name, Sheet};
use crate::forms::sheet::{Entry, Field};
use crate::state::State;
use crate::widgets::Choice;

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let current = current(state);
    let client_id = current
        .and_then(|it| it.zoom_client_id.as_deref())
        .unwrap_or_default();
    let admin = current
        .and_then(|it| it.zoom_admin.as_deref())
        .unwrap_or_default();
    let business = current.is_some_and(|it| it.plan == AccountPlan::Business);
    let sheet = Sheet::new(vec![
        line(Name::ClientId, "Client id", client_id).hint("Leave empty to use the default app"),
        account(business),
        line(Name::Admin, "Zoom admin", admin)
            .hint("Zoom admin's email, used for approval requests"),
    ]);
    Form::new(key, "Zoom app of the workspace", "Save", sheet)
}

/// What kind of Zoom account it is.
pub(in super::super) fn account(business: bool) -> Field<Name> {
    let plans = Choice::new(&["Basic/Pro", "Business or higher"], usize::from(business));
    Field::new(Name::Status, "Zoom plan", Entry::Choice(plans))
        .hint("Business lets a licensed host have two meetings at a time")
}

pub(in super::super) fn plan(sheet: &Sheet<Name>) -> AccountPlan {
    match sheet.choice(Name::Status) {
        0 => AccountPlan::Unknown,
        _ => AccountPlan::Business,
    }
}

pub(in super::super) fn request(form: &Form, state: &State) -> Option<Q> {
    let workspace = WorkspaceEdit {
        workspace: Some(current(state)?.id.to_string()),
        zoom_client_id: changed_text(&form.sheet, Name::ClientId),
        plan: Some(plan(&form.sheet)).filter(|_| form.sheet.is_changed(Name::Status)),
        zoom_admin: changed_text(&form.sheet, Name::Admin),
        ..WorkspaceEdit::default()
    };
    Some(Q::WorkspaceEdit { workspace })
}

fn current(state: &State) -> Option<&Workspace> {
    state
        .mirror
        .workspaces
        .latest()?
        .iter()
        .find(|workspace| workspace.current)
}
