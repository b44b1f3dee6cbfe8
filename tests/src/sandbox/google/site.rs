//! Google behind the shared front: its routes, what is counted, what is noted.

use axum::Router;
use axum::body::Bytes;
use axum::http::Request;
use axum::response::Response;
use jiff::Timestamp;

use super::control::{self, Google};
use super::endpoint::Endpoint;
use super::world::World;
use super::{api, oauth};
use crate::sandbox::faults::{Canned, Fate};
use crate::sandbox::front::Site;
use crate::sandbox::ledger;

impl Site for Google {
    type Answer = Canned;
    type Pass = ();

    /// More than the largest message Gmail sends as JSON.
    const MOST_BYTES: usize = 8 << 20;

    fn routes(&self) -> Router {
        Router::new()
            .merge(oauth::routes())
            .merge(api::routes())
            .nest("/sandbox", control::routes())
            .with_state(self.clone())
    }

    fn arrive(&self, request: &mut Request<Bytes>) -> (Fate<Canned>, ()) {
        let endpoint = Endpoint::of(request.method(), request.uri().path(), request.body());
        let arrive = |world: &mut World| endpoint.map_or_else(Fate::default, |it| world.arrive(it));
        (self.with(arrive), ())
    }

    fn instead(&self, answer: Canned) -> Response {
        answer.response()
    }

    fn now(&self) -> Timestamp {
        Google::now(self)
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
