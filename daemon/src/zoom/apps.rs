//! Owns which Zoom app a workspace uses: its own, else the daemon's default. A private app works
//! only inside its own Zoom account, so two companies need two. Client ids are public; secrets go
//! through the vault.

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::secret::Opaque;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::oauth::App;
use super::{Site, approval, keys};
use crate::store::{Record, Tx};
use crate::vault::VaultError;

/// The only row of its table in a workspace's space.
const CURRENT: &str = "current";

/// The workspace's own Zoom app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppRecord {
    client_id: String,
}

impl Record for AppRecord {
    const TABLE: &'static str = "zoom-app";
    const SCHEMA: u32 = 1;
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

/// Makes `client_id` the workspace's app, in this commit; nothing: the daemon's default again.
pub(crate) async fn set(
    site: &Site,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: Option<&str>,
    secret: SecretChange,
) -> Result<(), VaultError> {
    let space = workspace.to_string();
    let former = current_id(site, tx, workspace).await?;
    let next = client_id.or(site.default_app.as_ref().map(|app| app.client_id.as_str()));
    if let Some(former) = former.filter(|former| next != Some(former.as_str())) {
        approval::moot(tx, workspace, &former, site.clock.now()).await?;
    }
    let Some(client_id) = client_id else {
        if let Some(former) = tx.get::<AppRecord>(&space, CURRENT).await? {
            let name = keys::app(&former.client_id);
            site.vault.delete(tx, &space, &name).await?;
        }
        tx.delete::<AppRecord>(&space, CURRENT)?;
        return Ok(());
    };
    tx.put(
        &space,
        CURRENT,
        &AppRecord {
            client_id: client_id.to_owned(),
        },
    )?;
    let name = keys::app(client_id);
    match secret {
        SecretChange::Keep => {}
        SecretChange::Forget => site.vault.delete(tx, &space, &name).await?,
        SecretChange::Set(secret) => {
            let secret = keys::AppSecret(SecretString::from(secret.reveal().to_owned()));
            site.vault.put(tx, &space, &name, &secret).await?;
        }
    }
    Ok(())
}

/// The client id of the app new connections of the workspace are made with.
pub(crate) async fn current_id(
    site: &Site,
    tx: &Tx,
    workspace: WorkspaceId,
) -> Result<Option<String>, VaultError> {
    let own = tx.get::<AppRecord>(&workspace.to_string(), CURRENT).await?;
    let default = || site.default_app.as_ref().map(|app| app.client_id.clone());
    Ok(own.map(|own| own.client_id).or_else(default))
}

/// The app new connections of the workspace are made with.
pub(crate) async fn current(
    site: &Site,
    tx: &Tx,
    workspace: WorkspaceId,
) -> Result<Option<App>, VaultError> {
    let own = tx.get::<AppRecord>(&workspace.to_string(), CURRENT).await?;
    match own {
        Some(own) => with_id(site, tx, workspace, &own.client_id).await.map(Some),
        None => Ok(site.default_app.clone()),
    }
}

/// The app of this client id, for keys made with it.
pub(crate) async fn with_id(
    site: &Site,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
) -> Result<App, VaultError> {
    let space = workspace.to_string();
    let own = site
        .vault
        .get::<keys::AppSecret>(tx, &space, &keys::app(client_id))
        .await?;
    let default = site
        .default_app
        .as_ref()
        .filter(|app| app.client_id == client_id);
    let secret = own
        .map(|own| own.0)
        .or_else(|| default.and_then(|app| app.secret.clone()));
    Ok(App {
        client_id: client_id.to_owned(),
        secret,
    })
}
