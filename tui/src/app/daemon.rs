//! The daemon behind the loop's [`Backend`]: a connection that can be made anew.
//!
//! Owns which connection is the one that stands.

use std::sync::{Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};

use super::backend::Backend;
use crate::client::{Client, Target};

/// The daemon of this user or machine.
pub struct Daemon {
    target: Target,
    client: Mutex<Option<Client>>,
}

impl Daemon {
    /// A daemon that is not spoken to yet.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            client: Mutex::new(None),
        }
    }

    fn client(&self) -> Option<Client> {
        self.client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn replace(&self, client: Option<Client>) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
    }
}

impl Backend for Daemon {
    fn connect(&self, workspace: Option<String>) -> BoxFuture<'_, Result<ServerHello, Error>> {
        async move {
            self.replace(None);
            let workspace = workspace.or_else(|| self.target.workspace.clone());
            let target = Target {
                workspace,
                ..self.target.clone()
            };
            let client = Client::open(&target).await?;
            let hello = client.hello().clone();
            self.replace(Some(client));
            Ok(hello)
        }
        .boxed()
    }

    fn call(&self, request: Q) -> BoxFuture<'_, Result<R, Error>> {
        async move {
            let Some(client) = self.client() else {
                return Err(Error::new(
                    ErrorKind::Unreachable,
                    "The daemon can't be reached",
                ));
            };
            client.call(request).await
        }
        .boxed()
    }
}
