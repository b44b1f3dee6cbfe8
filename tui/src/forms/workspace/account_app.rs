//! The workspace's app at Google or Microsoft: how it is made, and what of it is entered here.
//!
//! The steps there are the daemon's; each stands beside what is copied or pasted in it. Google's
//! secret is typed as a password is, and never shown.

use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::setting_up::{AppKind, GuideField};
use greenroom_protocol::workspace::WorkspaceEdit;

use super::guide::{copied, fill};
use super::zoom_app::current;
use crate::forms::fill::{changed_text, line};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::SecretInput;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Link,
    Redirect,
    Scopes,
    ClientId,
    Secret,
    Tenant,
}

/// What has to do with the steps, in the order of the fields.
const GUIDED: [(Name, GuideField); 6] = [
    (Name::Link, GuideField::Link),
    (Name::Redirect, GuideField::RedirectUri),
    (Name::Scopes, GuideField::Scopes),
    (Name::ClientId, GuideField::ClientId),
    (Name::Secret, GuideField::ClientSecret),
    (Name::Tenant, GuideField::Tenant),
];

/// What is connected once the app is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ThenConnect {
    pub(crate) provider: AccountProvider,
    pub(crate) for_workspace: bool,
    /// The address that must sign in, where it is known.
    pub(crate) email: Option<String>,
}

impl ThenConnect {
    /// The form's subject.
    pub(crate) fn subject(&self) -> String {
        let word = self.provider.word();
        let whose = if self.for_workspace {
            "workspace"
        } else {
            "mine"
        };
        let email = self.email.as_deref().unwrap_or_default();
        format!("{word}/{whose}/{email}")
    }

    /// What a subject says; `None`: the app is only changed.
    fn of(subject: &str) -> Option<Self> {
        let mut parts = subject.splitn(3, '/');
        let word = parts.next()?;
        let mut providers = AccountProvider::ALL.into_iter();
        let provider = providers.find(|it| it.word() == word)?;
        let for_workspace = parts.next()? == "workspace";
        let email = parts.next().filter(|it| !it.is_empty());
        Some(Self {
            provider,
            for_workspace,
            email: email.map(str::to_owned),
        })
    }
}

/// Which app.
#[derive(Debug)]
pub(crate) struct AccountApp {
    app: AppKind,
    then: Option<ThenConnect>,
    /// It begins at the first step, once the steps are known.
    begins: bool,
}

impl FormType for AccountApp {
    type Name = Name;

    const DOING: &'static str = "saving";
    const EDITS: bool = true;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let app = match subject.split('/').next() {
            Some("microsoft") => AppKind::Microsoft,
            _ => AppKind::Google,
        };
        let workspace = current(state);
        let (id, tenant) = match app {
            AppKind::Microsoft => (
                workspace.and_then(|it| it.microsoft_client_id.as_deref()),
                workspace.and_then(|it| it.microsoft_tenant.as_deref()),
            ),
            _ => (
                workspace.and_then(|it| it.google_client_id.as_deref()),
                None,
            ),
        };
        let is_new = id.is_none();
        let secret = Field::new("Client secret", Entry::Secret(SecretInput::default()));
        let sheet = Sheet::new(vec![
            (Name::Link, copied("Open")),
            (Name::Redirect, copied("Redirect URI")),
            (Name::Scopes, copied("Scopes")),
            (Name::ClientId, line("Client ID", id.unwrap_or_default())),
            (Name::Secret, secret),
            (Name::Tenant, line("Tenant ID", tenant.unwrap_or_default())),
        ]);
        let title = format!("{} app of the workspace", app.name());
        let own = Self {
            app,
            then: ThenConnect::of(subject),
            begins: is_new,
        };
        let button = match own.then {
            Some(_) => "Save and connect",
            None => "Save",
        };
        let mut form = Frame::new(subject, title, button, sheet, own);
        form.sheet.show(Name::Secret, app == AppKind::Google);
        form.sheet.show(Name::Tenant, app == AppKind::Microsoft);
        form.sheet.focus(Name::ClientId);
        Self::refresh(&mut form, state);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let app = form.own.app;
        let Some(guide) = state.cache.guide.get(&app) else {
            return;
        };
        let sheet = &mut form.sheet;
        let advice = app.client_id_advice(sheet.text(Name::ClientId));
        let advice = advice.map(|words| Note::Advice(words.to_owned()));
        for (name, about) in GUIDED {
            if !sheet.is_shown(name) && !guide.steps.iter().any(|it| it.about == Some(about)) {
                continue;
            }
            let also = advice.clone().filter(|_| name == Name::ClientId);
            fill(sheet, name, guide, about, also);
        }
        let begins = std::mem::take(&mut form.own.begins);
        if begins && !sheet.is_changed(Name::ClientId) {
            sheet.focus(Name::Link);
        }
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "google_client_id" | "microsoft_client_id" => Name::ClientId,
            "google_client_secret" => Name::Secret,
            "microsoft_tenant" => Name::Tenant,
            _ => return None,
        })
    }

    fn about(form: &Frame<Self>) -> About {
        About {
            app: Some(form.own.app),
            ..About::default()
        }
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let sheet = &form.sheet;
        let id = changed_text(sheet, Name::ClientId);
        let base = WorkspaceEdit {
            workspace: Some(current(state)?.id.to_string()),
            ..WorkspaceEdit::default()
        };
        let workspace = match form.own.app {
            AppKind::Microsoft => WorkspaceEdit {
                microsoft_client_id: id,
                microsoft_tenant: changed_text(sheet, Name::Tenant),
                ..base
            },
            _ => WorkspaceEdit {
                google_client_id: id,
                google_client_secret: secret(sheet),
                ..base
            },
        };
        Some(Send::Call(Box::new(Q::WorkspaceEdit { workspace })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::WorkspaceEdit(done) = reply else {
            return Err(unexpected());
        };
        let name = form.own.app.name();
        let then = form.own.then.clone();
        done.map(|_| Answered::AppSaved(format!("{name} app saved"), then))
    }
}

fn secret(sheet: &Sheet<Name>) -> Option<Opaque> {
    match sheet.field(Name::Secret).map(|field| &field.entry) {
        Some(Entry::Secret(secret)) => secret.value(),
        _ => None,
    }
}
