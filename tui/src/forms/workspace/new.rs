//! Another workspace, with its own Zoom app where it has one.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::WorkspaceEdit;

use super::super::fill::{line, maybe, needed};
use super::super::{Form, FormKey, Name};
use super::zoom_app::{account, plan};
use crate::forms::sheet::Sheet;

pub(in super::super) fn form(key: FormKey) -> Form {
    let sheet = Sheet::new(vec![
        line(Name::Workspace, "Name", "").hint("the company's; you are its first member"),
        line(Name::ClientId, "Zoom app", "").hint("its client id; empty: the daemon's app"),
        account(false),
    ]);
    Form::new(key, "New workspace", "Add", sheet)
}

pub(in super::super) fn request(sheet: &mut Sheet<Name>) -> Option<Q> {
    let name = needed(sheet, Name::Workspace, "Enter a name");
    let workspace = WorkspaceEdit {
        name: Some(name?),
        zoom_client_id: maybe(sheet.text(Name::ClientId)),
        plan: Some(plan(sheet)),
        ..WorkspaceEdit::default()
    };
    Some(Q::WorkspaceAdd { workspace })
}
