//! Who the caller is.

use greenroom_protocol::Error;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::ConnectionState;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Person, leaves};
use crate::client::Client;
use crate::mcp::server::Allowed;
use crate::mcp::untrusted::line;

/// Takes nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct WhoAmI {}

#[derive(Debug, Serialize)]
struct Me {
    member: Option<Person>,
    roles: Vec<Role>,
    workspace: Option<String>,
    zoom: Option<ConnectionState>,
    /// Zoom is a sandbox: nothing booked here is real.
    sandbox: bool,
    may_book: bool,
    daemon: String,
}

/// The caller as the daemon knows them now.
///
/// # Errors
/// What the daemon answered.
pub(in crate::mcp) async fn who_am_i(
    client: &Client,
    _: WhoAmI,
    allowed: Allowed,
) -> Result<Value, Error> {
    let status = client.status().await?;
    let caller = status.caller.as_ref();
    leaves(Me {
        member: caller.map(|it| Person::from(&it.member)),
        roles: caller.map(|it| it.roles.clone()).unwrap_or_default(),
        workspace: status.workspace.map(|it| line(&it.name)),
        zoom: status.connection.map(|it| it.state),
        sandbox: status.sandbox.is_some(),
        may_book: allowed == Allowed::Booking,
        daemon: line(&status.build),
    })
}
