//! The workspace's own apps at Google and Microsoft, and the administrator who approves them.
//!
//! Invariant: what the record names is what the grants connect with, from the same commit on.

use greenroom_protocol::Error;
use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::WorkspaceEdit;

use crate::config::accounts::{NOT_A_TENANT, is_tenant};
use crate::grants::{AppName, SecretChange};
use crate::input;
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::Tx;

/// Takes over what a request says of the apps, into the record and the grants; the fields it named.
pub(in crate::workspace) async fn edit(
    services: &Services,
    tx: &Tx,
    id: WorkspaceId,
    request: &WorkspaceEdit,
    record: &mut WorkspaceRecord,
) -> Result<Vec<&'static str>, Error> {
    let mut fields = Vec::new();
    if let Some(text) = &request.account_admin {
        let given = Some(text).filter(|text| !text.trim().is_empty());
        let given = given.map(|text| input::address("account_admin", text));
        record.account_admin = given.transpose()?;
        fields.push("account_admin");
    }
    if request.google_client_id.is_some() || request.google_client_secret.is_some() {
        fields.extend(google(services, tx, id, request, record).await?);
    }
    if request.microsoft_client_id.is_some() || request.microsoft_tenant.is_some() {
        fields.extend(microsoft(services, tx, id, request, record).await?);
    }
    Ok(fields)
}

async fn google(
    services: &Services,
    tx: &Tx,
    id: WorkspaceId,
    request: &WorkspaceEdit,
    record: &mut WorkspaceRecord,
) -> Result<Vec<&'static str>, Error> {
    let mut fields = Vec::new();
    if let Some(text) = &request.google_client_id {
        record.google_client_id = input::optional_line("google_client_id", Some(text))?;
        fields.push("google_client_id");
    }
    let secret = request.google_client_secret.as_ref().map(Opaque::reveal);
    if secret.is_some() {
        fields.push("google_client_secret");
    }
    let change = match (&record.google_client_id, secret) {
        (None, Some(secret)) if !secret.is_empty() => {
            let why = "The workspace has no client ID of its own for this secret";
            return Err(Error::usage(why).field("google_client_id"));
        }
        (None, _) => SecretChange::Forget,
        (Some(_), None) => SecretChange::Keep,
        (Some(_), Some("")) => SecretChange::Forget,
        (Some(_), Some(secret)) => SecretChange::Set(Opaque::new(secret)),
    };
    record.google_confidential = match change {
        SecretChange::Keep => record.google_confidential,
        SecretChange::Forget => false,
        SecretChange::Set(_) => true,
    };
    let app = record.google_client_id.as_deref().map(AppName::from);
    let grants = services.accounts.google.grants();
    grants.set_app(tx, id, app, change).await?;
    Ok(fields)
}

async fn microsoft(
    services: &Services,
    tx: &Tx,
    id: WorkspaceId,
    request: &WorkspaceEdit,
    record: &mut WorkspaceRecord,
) -> Result<Vec<&'static str>, Error> {
    let mut fields = Vec::new();
    if let Some(text) = &request.microsoft_client_id {
        record.microsoft_client_id = input::optional_line("microsoft_client_id", Some(text))?;
        fields.push("microsoft_client_id");
    }
    if let Some(text) = &request.microsoft_tenant {
        record.microsoft_tenant = tenant(text)?;
        fields.push("microsoft_tenant");
    }
    if record.microsoft_client_id.is_none() && request.microsoft_tenant.is_none() {
        // Its tenant goes with an app.
        record.microsoft_tenant = None;
    }
    let (client_id, tenant) = (&record.microsoft_client_id, &record.microsoft_tenant);
    let app = match (client_id, tenant) {
        (Some(client_id), Some(tenant)) => Some(AppName {
            client_id,
            tenant: Some(tenant),
        }),
        (None, None) => None,
        (Some(_), None) => {
            return Err(Error::usage("Enter the tenant the app is registered in")
                .field("microsoft_tenant")
                .hint("the directory (tenant) ID in the app's overview, or one of your domains"));
        }
        (None, Some(_)) => {
            let why = "Enter the client ID of the app that is registered in this tenant";
            return Err(Error::usage(why).field("microsoft_client_id"));
        }
    };
    let grants = services.accounts.microsoft.grants();
    grants.set_app(tx, id, app, SecretChange::Keep).await?;
    Ok(fields)
}

fn tenant(text: &str) -> Result<Option<String>, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if !is_tenant(text) {
        let why = format!("The tenant {NOT_A_TENANT}");
        return Err(Error::usage(why).field("microsoft_tenant"));
    }
    Ok(Some(text.to_owned()))
}
