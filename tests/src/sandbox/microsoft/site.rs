//! Microsoft behind the shared front: its routes, what is counted, what is noted.

use axum::Router;
use axum::body::Bytes;
use axum::http::Request;
use axum::response::Response;
use jiff::Timestamp;

use super::control::{self, Microsoft};
use super::endpoint::Endpoint;
use super::grants::Owner;
use super::graph::UnderWay;
use super::{graph, oauth};
use crate::sandbox::faults::{Canned, Fate};
use crate::sandbox::form::bearer;
use crate::sandbox::front::Site;
use crate::sandbox::ledger;

/// A request under way, of an app to a mailbox.
pub(in crate::sandbox) struct Seat {
    microsoft: Microsoft,
    owner: Owner,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.microsoft.with(|world| world.stand_up(&self.owner));
    }
}

impl Site for Microsoft {
    type Answer = Canned;
    type Pass = Option<Seat>;

    /// Graph takes 4 MB, mail with its files included.
    const MOST_BYTES: usize = 4 << 20;

    fn routes(&self) -> Router {
        Router::new()
            .nest("/sandbox", control::routes())
            .nest("/v1.0", graph::routes())
            .merge(oauth::routes())
            .with_state(self.clone())
    }

    fn arrive(&self, request: &mut Request<Bytes>) -> (Fate<Canned>, Option<Seat>) {
        let endpoint = Endpoint::of(request.method(), request.uri().path(), request.body());
        let token = bearer(request.headers()).unwrap_or_default();
        let (fate, seat) = self.with(|world| {
            let owner = world
                .grants
                .bearer(token)
                .map(|access| access.owner.clone());
            let fate = endpoint.map_or_else(Fate::default, |endpoint| world.arrive(endpoint));
            (fate, owner.map(|owner| (world.sit_down(&owner), owner)))
        });
        let Some((under_way, owner)) = seat else {
            return (fate, None);
        };
        request.extensions_mut().insert(UnderWay(under_way));
        let microsoft = self.clone();
        (fate, Some(Seat { microsoft, owner }))
    }

    fn instead(&self, answer: Canned) -> Response {
        answer.response()
    }

    fn now(&self) -> Timestamp {
        Microsoft::now(self)
    }

    async fn leave(&self, request: &Request<Bytes>, answer: Response, canned: bool) -> Response {
        if request.uri().path().starts_with("/sandbox/") {
            return answer;
        }
        let (exchange, answer) = ledger::noted(request, answer, canned).await;
        self.with(|world| world.ledger.add(exchange));
        answer
    }
}
