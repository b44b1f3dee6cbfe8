//! Graph under `/v1.0`. Owns who is let in: a token for Graph, alive, with the scope; and four
//! requests at a time of one app to one mailbox.

mod delta;
mod error;
mod list;
mod me;
mod message;
mod schedule;
mod send;

use std::convert::Infallible;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post};
pub(super) use error::GraphError;

use super::control::Microsoft;
use super::directory::Account;
use super::scopes::Resource;
use super::world::World;
use crate::sandbox::form::bearer;

/// How many requests of one app one mailbox takes at a time
/// (<https://learn.microsoft.com/graph/throttling-limits>).
const AT_A_TIME: usize = 4;

pub(super) fn routes() -> Router<Microsoft> {
    Router::new()
        .route("/me", get(me::me))
        .route("/me/sendMail", post(send::send))
        .route("/me/mailFolders/{folder}", get(list::folder))
        .route("/me/mailFolders/{folder}/messages", get(list::messages))
        .route(
            "/me/mailFolders/{folder}/messages/delta",
            get(delta::by_path),
        )
        .route("/me/{folder}/messages/delta", get(delta::by_key))
        .route("/me/calendar/getSchedule", post(schedule::get))
        .route("/me/messages/{id}", get(message::read))
        .route("/me/messages/{id}/$value", get(message::mime))
}

/// How many requests of this app to this mailbox are under way, this one among them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct UnderWay(pub(super) usize);

/// Who calls, as far as the request says.
pub(super) struct Caller {
    token: Option<String>,
    under_way: usize,
    /// What the client would like, such as `odata.maxpagesize=50`.
    prefer: Vec<String>,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let under_way = parts.extensions.get::<UnderWay>().copied();
        let prefer = parts.headers.get_all("prefer").iter();
        let prefer = prefer
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|wish| wish.trim().to_owned());
        Ok(Self {
            token: bearer(&parts.headers).map(str::to_owned),
            under_way: under_way.unwrap_or_default().0,
            prefer: prefer.collect(),
        })
    }
}

impl Caller {
    /// Lets a call in and says whose it is; one of these scopes is enough.
    fn admit(&self, world: &World, scopes: &[&str]) -> Result<Account, GraphError> {
        let token = self.token.as_deref().ok_or(GraphError::NoToken)?;
        let access = world.grants.bearer(token).ok_or(GraphError::BadToken)?;
        if access.resource != Resource::Graph {
            return Err(GraphError::OtherAudience);
        }
        if access.ends <= world.now() {
            return Err(GraphError::Expired);
        }
        let account = world.account(&access.owner.0).ok_or(GraphError::BadToken)?;
        let has = |scope: &&str| access.scopes.iter().any(|granted| granted.name == **scope);
        match scopes.iter().any(has) {
            true => Ok(account.clone()),
            false => Err(GraphError::NoScope),
        }
    }

    /// The same for what is in a mailbox.
    fn admit_to_mailbox(&self, world: &World, scopes: &[&str]) -> Result<Account, GraphError> {
        let account = self.admit(world, scopes)?;
        if self.under_way > AT_A_TIME {
            return Err(GraphError::Concurrency);
        }
        match account.mailbox {
            true => Ok(account),
            false => Err(GraphError::NoMailbox),
        }
    }

    /// Whether a token has this scope.
    fn has(&self, world: &World, scope: &str) -> bool {
        let token = self.token.as_deref().unwrap_or_default();
        let access = world.grants.bearer(token);
        access.is_some_and(|access| access.scopes.iter().any(|granted| granted.name == scope))
    }

    /// The value of a wish.
    fn prefers(&self, name: &str) -> Option<&str> {
        let mut wishes = self.prefer.iter();
        wishes.find_map(|wish| wish.strip_prefix(name)?.strip_prefix('='))
    }
}
