//! Another workspace, with its own Zoom app where it has one.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::WorkspaceEdit;

use super::zoom_app::{plan_field, plan_of};
use crate::forms::fill::{key_on_screens, line, maybe, needed};
use crate::forms::sheet::Sheet;
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::keys::Command;
use crate::state::State;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Workspace,
    ClientId,
    Plan,
}

#[derive(Debug)]
pub(crate) struct NewWorkspace {
    /// The key that leads to other workspaces, for what is said afterwards.
    switch: Option<String>,
}

impl FormType for NewWorkspace {
    type Name = Name;

    const DOING: &'static str = "adding the workspace";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let name = line("Name", "").hint("The company's name. You are its first member");
        let app = line("Zoom app", "").hint("The app's client ID. Leave empty for the default app");
        let sheet = Sheet::new(vec![
            (Name::Workspace, name),
            (Name::ClientId, app),
            (Name::Plan, plan_field(false)),
        ]);
        let own = Self {
            switch: key_on_screens(state, Command::Workspaces).map(|key| key.to_string()),
        };
        Frame::new(subject, "New workspace", "Add", sheet, own)
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "workspace" | "name" => Name::Workspace,
            "zoom_client_id" => Name::ClientId,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let name = needed(&mut form.sheet, Name::Workspace, "Enter a name");
        let workspace = WorkspaceEdit {
            name: Some(name?),
            zoom_client_id: maybe(form.sheet.text(Name::ClientId)),
            plan: Some(plan_of(form.sheet.choice(Name::Plan))),
            ..WorkspaceEdit::default()
        };
        Some(Send::Call(Box::new(Q::WorkspaceAdd { workspace })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::WorkspaceAdd(done) = reply else {
            return Err(unexpected());
        };
        let added = done?;
        let switch = form.own.switch.as_ref();
        let switch = switch.map(|key| format!(": switch with {key}"));
        let words = format!("{} created{}", added.name, switch.unwrap_or_default());
        Ok(Answered::WorkspaceAdded(words))
    }
}
