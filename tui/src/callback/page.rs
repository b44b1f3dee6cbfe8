//! The pages a browser sees on the loopback port.
//!
//! Invariant: nothing of the request is echoed, so nothing in it can speak; every page ends its connection.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

/// A page's words.
pub(super) struct Words {
    title: &'static str,
    text: &'static str,
}

pub(super) const DONE: Words = Words {
    title: "Thank you",
    text: "Greenroom has Zoom's answer. You can close this page and go back to the terminal.",
};

pub(super) const DECLINED: Words = Words {
    title: "Not connected",
    text: "Zoom says that the request was declined. You can close this page; nothing was changed.",
};

pub(super) const WRONG_STATE: Words = Words {
    title: "Not this one",
    text: "This answer belongs to another or an older attempt. Use the page that Greenroom opened last, \
           or start again in the terminal. Greenroom is still waiting.",
};

pub(super) const NO_STATE: Words = Words {
    title: "Something is missing",
    text: "This address does not carry Zoom's whole answer. Open the page that Greenroom shows in the \
           terminal. Greenroom is still waiting.",
};

pub(super) const STRAY: Words = Words {
    title: "Nothing here",
    text: "Greenroom waits here for Zoom's answer and for nothing else.",
};

pub(super) fn page(status: StatusCode, words: &Words) -> Response {
    let Words { title, text } = words;
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Greenroom: {title}</title>\
         <style>body{{font:1.1rem sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}}</style>\
         <h1>{title}</h1><p>{text}</p></html>\n"
    );
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONNECTION, "close"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
