//! The workspace's own Zoom app, and what kind of Zoom account it has.
//!
//! A secret is not typed here, where it would stand on a screen: the command line reads it from a
//! file.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::{AccountPlan, Workspace, WorkspaceEdit};

use crate::forms::fill::{changed_text, line};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::Choice;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    ClientId,
    Plan,
    Admin,
}

#[derive(Debug)]
pub(crate) struct ZoomApp;

impl FormType for ZoomApp {
    type Name = Name;

    const DOING: &'static str = "saving";
    const EDITS: bool = true;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let current = current(state);
        let text = |value: fn(&Workspace) -> Option<&str>| {
            current.and_then(value).unwrap_or_default().to_owned()
        };
        let client_id = text(|it| it.zoom_client_id.as_deref());
        let admin = text(|it| it.zoom_admin.as_deref());
        let business = current.is_some_and(|it| it.plan == AccountPlan::Business);
        let client_id = line("Client ID", &client_id).hint("Leave empty to use the default app");
        let admin =
            line("Zoom admin", &admin).hint("Zoom admin's email, used for approval requests");
        let sheet = Sheet::new(vec![
            (Name::ClientId, client_id),
            (Name::Plan, plan_field(business)),
            (Name::Admin, admin),
        ]);
        Frame::new(subject, "Zoom app of the workspace", "Save", sheet, Self)
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "zoom_client_id" => Name::ClientId,
            "zoom_admin" => Name::Admin,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let sheet = &form.sheet;
        let plan = plan_of(sheet.choice(Name::Plan));
        let workspace = WorkspaceEdit {
            workspace: Some(current(state)?.id.to_string()),
            zoom_client_id: changed_text(sheet, Name::ClientId),
            plan: Some(plan).filter(|_| sheet.is_changed(Name::Plan)),
            zoom_admin: changed_text(sheet, Name::Admin),
            ..WorkspaceEdit::default()
        };
        Some(Send::Call(Box::new(Q::WorkspaceEdit { workspace })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::WorkspaceEdit(done) = reply else {
            return Err(unexpected());
        };
        done.map(|_| Answered::Done("Zoom app saved".to_owned()))
    }
}

/// What kind of Zoom account it is.
pub(super) fn plan_field(business: bool) -> Field {
    let plans = Choice::new(&["Basic/Pro", "Business or higher"], usize::from(business));
    Field::new("Zoom plan", Entry::Choice(plans))
        .hint("Business lets a licensed host have two meetings at a time")
}

/// The plan that is chosen.
pub(super) fn plan_of(choice: usize) -> AccountPlan {
    match choice {
        0 => AccountPlan::Unknown,
        _ => AccountPlan::Business,
    }
}

/// The workspace one is in.
pub(super) fn current(state: &State) -> Option<&Workspace> {
    let workspaces = state.cache.workspaces.latest()?;
    workspaces.iter().find(|workspace| workspace.current)
}
