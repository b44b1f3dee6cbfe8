//! Who is behind a connection, and whether a call of theirs is let in.
//!
//! Owns [`Connected`], one caller's connection, and what a use case gets to know of a call.
//! Invariant: a call reaches its use case only after `hello`, with readable data where it needs
//! them, and by a caller who may make it. Must not know a method: `table.rs` says what each needs.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use greenroom_protocol::service::Method;
use greenroom_protocol::{Error, ErrorKind, PROTOCOL};
use tarpc::context::Context;

use super::serve::Peer;
use super::served::Served;
use super::shutdown::Shutdown;
use crate::access::{Caller, Need, RequestContext};
use crate::backup::Backups;
use crate::store::StoreError;
use crate::store::engine::ReadError;
use crate::workspace;

/// What state the data must be in for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    /// Any state, and nobody is bound to the connection yet: `hello`.
    BeforeHello,
    /// Any state.
    Always,
    /// Any state; where the data is readable, the index is waited for.
    IndexedUnlessDamaged,
    /// Readable; the index is not needed.
    Readable,
    /// Readable, and lists and references can be answered.
    Indexed,
}

/// One caller's connection.
#[derive(Clone)]
pub(super) struct Connected {
    pub served: Served,
    pub shutdown: Shutdown,
    pub peer: Peer,
    bound: Arc<RwLock<Option<Caller>>>,
}

/// A call that was let in.
pub(super) struct Admitted<'a> {
    pub connected: &'a Connected,
    pub method: Method,
    /// Who calls; before `hello`, nobody.
    pub caller: Caller,
    /// When the caller gives the call up.
    pub deadline: Instant,
}

impl Admitted<'_> {
    pub fn backups(&self) -> &Backups {
        &self.connected.served.backups
    }
}

/// What a use case wants to know of a call.
pub(super) trait FromCall<'a>: Sized {
    /// # Errors
    /// The call lacks what is wanted.
    fn from_call(call: Admitted<'a>) -> Result<Self, Error>;
}

impl<'a> FromCall<'a> for Admitted<'a> {
    fn from_call(call: Self) -> Result<Self, Error> {
        Ok(call)
    }
}

impl FromCall<'_> for Caller {
    fn from_call(call: Admitted<'_>) -> Result<Self, Error> {
        Ok(call.caller)
    }
}

/// Refused where there is no workspace to work in.
impl FromCall<'_> for RequestContext {
    fn from_call(call: Admitted<'_>) -> Result<Self, Error> {
        call.caller.context(call.method.function())
    }
}

impl Connected {
    pub fn new(served: Served, shutdown: Shutdown, peer: Peer) -> Self {
        Self {
            served,
            shutdown,
            peer,
            bound: Arc::default(),
        }
    }

    /// From now on this caller is behind the connection.
    pub fn bind(&self, caller: Caller) {
        *self.bound.write().unwrap_or_else(PoisonError::into_inner) = Some(caller);
    }

    /// Lets a call in once the data is in the state it needs.
    ///
    /// # Errors
    /// `usage` before `hello`, what the store says of damaged data, and `denied`.
    pub async fn admit(
        &self,
        method: Method,
        need: Need,
        data: Data,
        context: &Context,
    ) -> Result<Admitted<'_>, Error> {
        let caller = match data {
            Data::BeforeHello => Caller::default(),
            _ => self.caller(need, data)?,
        };
        let damaged = self.served.services.store.damage().is_some();
        let indexed = match data {
            Data::BeforeHello | Data::Always | Data::Readable => false,
            Data::IndexedUnlessDamaged => !damaged,
            Data::Indexed => true,
        };
        let caller = match indexed {
            false => caller,
            true => {
                self.served.services.index.ready().await?;
                // Who they are and what they may is read again from the index.
                self.caller(need, data)?
            }
        };
        Ok(Admitted {
            connected: self,
            method,
            caller,
            deadline: context.deadline,
        })
    }

    /// The caller as they are now, allowed to make this call.
    fn caller(&self, need: Need, data: Data) -> Result<Caller, Error> {
        let bound = self
            .bound
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let bound = bound.ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                "no hello yet: it must be the first call of a connection",
            )
            .hint(format!(
                "send {{\"Hello\":{{\"client\":{{\"protocol\":{PROTOCOL},\"build\":\"…\"}}}}}}"
            ))
        })?;
        if let Some(damage) = self.served.services.store.damage()
            && matches!(data, Data::Readable | Data::Indexed)
        {
            return Err(StoreError::from(ReadError::Damaged(damage)).into());
        }
        let caller = workspace::refresh(&self.served.services, &bound);
        caller.may(need)?;
        Ok(caller)
    }
}
