//! Owns connections: accepting, counting what arrives, and carrying out its fate.
//!
//! A request that arrived whole is carried out whether or not its caller waits, as at Zoom; so a
//! caller that is killed or gives up never knows.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::control::{self, Zoom};
use super::endpoint::Endpoint;
use super::faults::{End, Fate};
use super::{api, links, marketplace, oauth, xml};

/// No request of Zoom's is larger.
const BODY_LIMIT: usize = 1 << 20;

/// The answer is lost on purpose: the connection closes without one.
#[derive(Debug, thiserror::Error)]
#[error("answer lost on purpose")]
struct Lost;

/// Accepts until told to stop.
pub(super) async fn serve(listener: TcpListener, zoom: Zoom, mut stopped: watch::Receiver<bool>) {
    let routes = Router::new()
        .nest("/oauth", oauth::routes())
        .nest("/v2", api::routes())
        .nest("/sandbox", control::routes())
        .merge(links::routes())
        .merge(marketplace::routes())
        .with_state(zoom.clone());
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        // A failed accept is the caller's misfortune or a passing shortage of files.
        let Ok((stream, _)) = accepted else { continue };
        tokio::spawn(converse(
            stream,
            zoom.clone(),
            routes.clone(),
            stopped.clone(),
        ));
    }
}

async fn converse(
    stream: TcpStream,
    zoom: Zoom,
    routes: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let service = service_fn(move |request| answer(request, zoom.clone(), routes.clone()));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // Errors are callers that went away and answers lost on purpose.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(request: Request<Incoming>, zoom: Zoom, routes: Router) -> Result<Response, Lost> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(Body::new(body), BODY_LIMIT).await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    let query = parts.uri.query().unwrap_or_default();
    let endpoint = Endpoint::of(&parts.method, parts.uri.path(), query, &body);
    let fate = endpoint.map(|endpoint| zoom.with(|world| world.arrive(endpoint)));
    let has_two = xml::has_two_formats(parts.uri.path());
    let for_json = xml::asks_for_json(&parts.headers);
    let always = zoom.with(|world| {
        world.counters.json_not_asked_for += u64::from(has_two && !for_json);
        world.refuses_in_xml
    });
    let in_xml = has_two && (always || !for_json);
    let request = Request::from_parts(parts, body);
    let carried_out = tokio::spawn(carry_out(request, fate.unwrap_or_default(), zoom, routes));
    let answer = carried_out.await.unwrap_or(Err(Lost))?;
    Ok(match in_xml {
        true => xml::rewritten(answer).await,
        false => answer,
    })
}

async fn carry_out(
    request: Request<Bytes>,
    fate: Fate,
    zoom: Zoom,
    routes: Router,
) -> Result<Response, Lost> {
    pause(fate.ms_before).await;
    let answer = match fate.end {
        End::Well => Ok(route(request, routes).await),
        End::LostBefore => Err(Lost),
        End::LostAfter => {
            route(request, routes).await;
            Err(Lost)
        }
        End::Instead(answer) => Ok(answer.response(zoom.with(|world| world.now()))),
    };
    pause(fate.ms_after).await;
    answer.map(|answer| dated(answer, zoom.with(|world| world.now())))
}

/// With the sandbox's own time, as a server's answers have.
fn dated(mut answer: Response, now: Timestamp) -> Response {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}

async fn route(request: Request<Bytes>, routes: Router) -> Response {
    let answered: Result<Response, Infallible> = TowerToHyperService::new(routes)
        .call(request.map(Body::from))
        .await;
    match answered {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
