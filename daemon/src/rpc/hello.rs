//! `hello`: binds a connection to a caller and a workspace.

use greenroom_protocol::hello::{Caller as WireCaller, ClientHello, ServerHello};
use greenroom_protocol::workspace::WorkspaceBrief;
use greenroom_protocol::{BUILD, Error, ErrorKind, OLDEST_PROTOCOL, PROTOCOL};

use super::admission::Admitted;
use super::serve::Peer;
use crate::access::Caller;
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::GLOBAL;
use crate::workspace;

pub(super) async fn hello(
    services: &Services,
    call: &Admitted<'_>,
    client: ClientHello,
) -> Result<ServerHello, Error> {
    if client.protocol < OLDEST_PROTOCOL {
        let (theirs, oldest) = (client.protocol, OLDEST_PROTOCOL);
        let why = format!(
            "the caller speaks protocol {theirs}, and this daemon understands {oldest} to {PROTOCOL}"
        );
        return Err(Error::new(ErrorKind::Version, why).hint("update the client"));
    }
    let Peer { uid, operator } = call.connected.peer;
    let caller = workspace::bind(services, uid, operator, &client).await?;
    let workspace = match caller.workspace {
        None => None,
        Some(id) => {
            let stored = services
                .store
                .get::<WorkspaceRecord>(GLOBAL, &id.to_string())
                .await?;
            stored.map(|stored| WorkspaceBrief {
                id,
                name: stored.record.name,
            })
        }
    };
    let answer = ServerHello {
        protocol: PROTOCOL,
        build: BUILD.to_owned(),
        store: services.store.store_id().to_owned(),
        revision: services.store.revision().0,
        workspace,
        caller: wire_caller(&caller),
        operator: caller.operator,
    };
    call.connected.bind(caller);
    Ok(answer)
}

/// The caller as the wire shows them; `None` for an operator who acts for nobody.
pub(super) fn wire_caller(caller: &Caller) -> Option<WireCaller> {
    let person = caller.person()?;
    Some(WireCaller {
        member: person.brief.clone(),
        roles: person.roles.clone(),
    })
}
