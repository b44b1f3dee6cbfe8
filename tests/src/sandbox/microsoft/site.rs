//! Microsoft behind the shared front: its routes, what is counted, what is noted.

use axum::Router;
use axum::body::Bytes;
use axum::http::Request;
use axum::response::Response;
use jiff::Timestamp;

use super::control::{self, Microsoft};
use super::endpoint::Endpoint;
use super::{graph, oauth};
use crate::sandbox::faults::{Canned, Fate};
use crate::sandbox::front::Site;
use crate::sandbox::ledger;

impl Site for Microsoft {
    type Answer = Canned;

    /// Graph takes 4 MB, mail with its files included.
    const MOST_BYTES: usize = 4 << 20;

    fn routes(&self) -> Router {
        Router::new()
            .nest("/sandbox", control::routes())
            .nest("/v1.0", graph::routes())
            .merge(oauth::routes())
            .with_state(self.clone())
    }

    fn arrive(&self, request: &Request<Bytes>) -> Fate<Canned> {
        let endpoint = Endpoint::of(request.method(), request.uri().path(), request.body());
        self.with(|world| endpoint.map_or_else(Fate::default, |endpoint| world.arrive(endpoint)))
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
