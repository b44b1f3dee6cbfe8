//! The connection to the daemon.
//!
//! Invariant: it is opened for the program that calls, by the name it gave, so that the audit names
//! it; one that was lost is opened anew with the next call. A daemon that is down ends one call and
//! not this program.

use greenroom_protocol::Error;
use greenroom_protocol::hello::LONGEST_MCP_NAME;
use greenroom_protocol::text::printable;
use tokio::sync::Mutex;

use crate::client::{Client, Target};

/// The way to one daemon.
pub(super) struct Link {
    target: Target,
    open: Mutex<Option<Open>>,
}

struct Open {
    program: String,
    client: Client,
}

impl Link {
    pub(super) fn to(target: Target) -> Self {
        Self {
            target,
            open: Mutex::new(None),
        }
    }

    /// A connection for the program of this name.
    ///
    /// # Errors
    /// `unreachable`, `version`, `denied`, or what `hello` was refused with.
    pub(super) async fn client(&self, program: &str) -> Result<Client, Error> {
        let program = printable(program, LONGEST_MCP_NAME);
        let mut open = self.open.lock().await;
        if let Some(it) = &*open
            && it.program == program
        {
            return Ok(it.client.clone());
        }
        let target = Target {
            mcp: Some(program.clone()),
            ..self.target.clone()
        };
        let client = Client::open(&target).await?;
        *open = Some(Open {
            program,
            client: client.clone(),
        });
        Ok(client)
    }

    /// The next call opens another connection.
    pub(super) async fn forget(&self) {
        *self.open.lock().await = None;
    }
}
