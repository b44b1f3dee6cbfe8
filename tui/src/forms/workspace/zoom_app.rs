//! The workspace's own Zoom app: how it is made, its client id, and what kind of Zoom account it is
//! in.
//!
//! The steps at Zoom are the daemon's; each stands beside what is copied or pasted in it. A secret is
//! not typed here: an app made by these steps has none, and the command line reads one from a file.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::setting_up::{AppKind, GuideField};
use greenroom_protocol::workspace::{AccountPlan, Workspace, WorkspaceEdit};

use super::guide::{copied, fill};
use crate::forms::fill::{changed_text, line};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::Choice;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Link,
    Redirect,
    Scopes,
    ClientId,
    Plan,
    Admin,
}

/// What is entered or copied at Zoom, in the order of its steps.
const GUIDED: [(Name, GuideField); 4] = [
    (Name::Link, GuideField::Link),
    (Name::Redirect, GuideField::RedirectUri),
    (Name::Scopes, GuideField::Scopes),
    (Name::ClientId, GuideField::ClientId),
];

#[derive(Debug)]
pub(crate) struct ZoomApp {
    /// It begins at the first step, once the steps are known.
    begins: bool,
}

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
        let is_new = client_id.is_empty();
        let client_id = line("Client ID", &client_id);
        let admin =
            line("Zoom admin", &admin).hint("Zoom admin's email, used for approval requests");
        let sheet = Sheet::new(vec![
            (Name::Link, copied("Open")),
            (Name::Redirect, copied("Redirect URL")),
            (Name::Scopes, copied("Scopes")),
            (Name::ClientId, client_id),
            (Name::Plan, plan_field(business)),
            (Name::Admin, admin),
        ]);
        let own = Self { begins: is_new };
        let mut form = Frame::new(subject, "Zoom app of the workspace", "Save", sheet, own);
        // Where an app is there, it is changed; where none is, it is made first.
        form.sheet.show(Name::Plan, !is_new);
        form.sheet.show(Name::Admin, !is_new);
        form.sheet.focus(Name::ClientId);
        Self::refresh(&mut form, state);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(guide) = state.cache.guide.get(&AppKind::Zoom) else {
            return;
        };
        let sheet = &mut form.sheet;
        let advice = AppKind::Zoom.client_id_advice(sheet.text(Name::ClientId));
        let advice = advice.map(|words| Note::Advice(words.to_owned()));
        let default = guide.from_configuration;
        let default = default.then(|| Note::Hint("Leave empty to use the default app".to_owned()));
        for (name, about) in GUIDED {
            let also = match name {
                Name::ClientId => advice.clone().or_else(|| default.clone()),
                _ => None,
            };
            fill(sheet, name, guide, about, also);
        }
        let begins = std::mem::take(&mut form.own.begins);
        if begins && !sheet.is_changed(Name::ClientId) {
            sheet.focus(Name::Link);
        }
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "zoom_client_id" => Name::ClientId,
            "zoom_admin" => Name::Admin,
            _ => return None,
        })
    }

    fn about(_form: &Frame<Self>) -> About {
        About {
            app: Some(AppKind::Zoom),
            ..About::default()
        }
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
