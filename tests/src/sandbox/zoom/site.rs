//! Zoom behind the shared front: its routes, what is counted, and refusals in XML.

use axum::Router;
use axum::body::Bytes;
use axum::http::Request;
use axum::response::Response;
use jiff::Timestamp;

use super::answers::Answer;
use super::control::{self, Zoom};
use super::endpoint::Endpoint;
use super::{api, links, marketplace, oauth, xml};
use crate::sandbox::faults::Fate;
use crate::sandbox::front::Site;

impl Site for Zoom {
    type Answer = Answer;
    type Pass = ();

    const MOST_BYTES: usize = 1 << 20;

    fn routes(&self) -> Router {
        Router::new()
            .nest("/oauth", oauth::routes())
            .nest("/v2", api::routes())
            .nest("/sandbox", control::routes())
            .merge(links::routes())
            .merge(marketplace::routes())
            .with_state(self.clone())
    }

    fn arrive(&self, request: &mut Request<Bytes>) -> (Fate<Answer>, ()) {
        let uri = request.uri();
        let query = uri.query().unwrap_or_default();
        let endpoint = Endpoint::of(request.method(), uri.path(), query, request.body());
        let not_asked_for =
            xml::has_two_formats(uri.path()) && !xml::asks_for_json(request.headers());
        let fate = self.with(|world| {
            world.counters.json_not_asked_for += u64::from(not_asked_for);
            endpoint.map_or_else(Fate::default, |endpoint| world.arrive(endpoint))
        });
        (fate, ())
    }

    fn instead(&self, answer: Answer) -> Response {
        answer.response(self.now())
    }

    fn now(&self) -> Timestamp {
        Zoom::now(self)
    }

    async fn leave(&self, request: &Request<Bytes>, answer: Response, _canned: bool) -> Response {
        let always = self.with(|world| world.refuses_in_xml);
        let in_xml = always || !xml::asks_for_json(request.headers());
        match in_xml && xml::has_two_formats(request.uri().path()) {
            true => xml::rewritten(answer).await,
            false => answer,
        }
    }
}
