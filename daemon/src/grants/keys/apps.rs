//! Owns which app a workspace uses at the provider: its own, else the daemon's default. A private app
//! works only inside its own account there, so two companies need two. Client ids are public; secrets go
//! through the vault.

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::secret::Opaque;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::grants::inner::Inner;
use crate::grants::keys;
use crate::grants::wire::oauth::App;
use crate::store::{Record, Tx};
use crate::vault::VaultError;

/// The only row of a provider in a workspace's space.
const CURRENT: &str = "current";

/// The workspace's own app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppRecord {
    client_id: String,
    /// The organization it is registered in, where the provider's addresses depend on that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<String>,
}

impl Record for AppRecord {
    const TABLE: &'static str = "zoom-app";
    const SCHEMA: u32 = 1;
}

/// An app, as the provider knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppName<'a> {
    /// Its client id.
    pub client_id: &'a str,
    /// The organization it is registered in, where the provider's addresses depend on that.
    pub tenant: Option<&'a str>,
}

impl<'a> From<&'a str> for AppName<'a> {
    fn from(client_id: &'a str) -> Self {
        Self {
            client_id,
            tenant: None,
        }
    }
}

/// What to do with an app's secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretChange {
    /// Leave it.
    Keep,
    /// Forget it: the app is a public client.
    Forget,
    /// Seal this one.
    Set(Opaque),
}

/// Makes `app` the workspace's, in this commit; `None`: the daemon's default again. The
/// client id of the app it takes the place of, for which nobody need wait any more.
pub(crate) async fn set(
    inner: &Inner,
    tx: &Tx,
    workspace: WorkspaceId,
    app: Option<AppName<'_>>,
    secret: SecretChange,
) -> Result<Option<String>, VaultError> {
    let space = workspace.to_string();
    let former = current_id(inner, tx, workspace).await?;
    let client_id = app.map(|app| app.client_id);
    let next = client_id.or(inner.default_app.as_ref().map(|app| app.client_id.as_str()));
    let replaced = former.filter(|former| next != Some(former.as_str()));
    let Some(AppName { client_id, tenant }) = app else {
        if let Some(former) = tx
            .get::<AppRecord>(&space, &inner.terms().key(CURRENT))
            .await?
        {
            let name = keys::app(inner.terms(), &former.client_id);
            inner.vault.delete(tx, &space, &name).await?;
        }
        tx.delete::<AppRecord>(&space, &inner.terms().key(CURRENT))?;
        return Ok(replaced);
    };
    tx.put(
        &space,
        &inner.terms().key(CURRENT),
        &AppRecord {
            client_id: client_id.to_owned(),
            tenant: tenant.map(str::to_owned),
        },
    )?;
    let name = keys::app(inner.terms(), client_id);
    match secret {
        SecretChange::Keep => {}
        SecretChange::Forget => inner.vault.delete(tx, &space, &name).await?,
        SecretChange::Set(secret) => {
            let secret = keys::AppSecret(SecretString::from(secret.reveal().to_owned()));
            inner.vault.put(tx, &space, &name, &secret).await?;
        }
    }
    Ok(replaced)
}

/// The client id of the app new connections of the workspace are made with.
pub(crate) async fn current_id(
    inner: &Inner,
    tx: &Tx,
    workspace: WorkspaceId,
) -> Result<Option<String>, VaultError> {
    let own = tx
        .get::<AppRecord>(&workspace.to_string(), &inner.terms().key(CURRENT))
        .await?;
    let default = || inner.default_app.as_ref().map(|app| app.client_id.clone());
    Ok(own.map(|own| own.client_id).or_else(default))
}

/// The app new connections of the workspace are made with.
pub(crate) async fn current(
    inner: &Inner,
    tx: &Tx,
    workspace: WorkspaceId,
) -> Result<Option<App>, VaultError> {
    let own = tx
        .get::<AppRecord>(&workspace.to_string(), &inner.terms().key(CURRENT))
        .await?;
    match own {
        Some(AppRecord { client_id, tenant }) => {
            let tenant = tenant.as_deref();
            with_id(inner, tx, workspace, &client_id, tenant)
                .await
                .map(Some)
        }
        None => Ok(inner.default_app.clone()),
    }
}

/// The app of this client id, for keys made with it.
pub(crate) async fn with_id(
    inner: &Inner,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    tenant: Option<&str>,
) -> Result<App, VaultError> {
    let space = workspace.to_string();
    let own = inner
        .vault
        .get::<keys::AppSecret>(tx, &space, &keys::app(inner.terms(), client_id))
        .await?;
    let default = inner
        .default_app
        .as_ref()
        .filter(|app| app.client_id == client_id);
    let secret = own
        .map(|own| own.0)
        .or_else(|| default.and_then(|app| app.secret.clone()));
    Ok(App {
        client_id: client_id.to_owned(),
        secret,
        tenant: tenant.map(str::to_owned),
    })
}
