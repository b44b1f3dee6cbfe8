//! The pages a browser sees on the loopback port.
//!
//! Invariants: of a request only the error of a redirect with the right `state` is shown, escaped
//! and bounded, and no page may load or run anything; every page ends its connection.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::Refusal;

/// A page's words.
pub(super) struct Words {
    title: &'static str,
    text: &'static str,
}

pub(super) const DONE: Words = Words {
    title: "Thank you",
    text: "Greenroom has the answer. You can close this page and go back to the terminal.",
};

pub(super) const DECLINED: Words = Words {
    title: "Not connected",
    text: "Access was declined. You can close this page; nothing was changed.",
};

pub(super) const REFUSED: Words = Words {
    title: "Not connected",
    text: "The answer was an error. You can close this page; nothing was changed. The terminal says what to do.",
};

pub(super) const SPENT: Words = Words {
    title: "Opened already",
    text: "This address works once. Open the browser from Greenroom again, or open the address that it shows.",
};

pub(super) const NOT_YOURS: Words = Words {
    title: "Not for you",
    text: "Another user of this machine is connecting.",
};

pub(super) const WRONG_STATE: Words = Words {
    title: "Not this one",
    text: "This answer belongs to another or an older attempt. Use the page that Greenroom opened last, \
           or start again in the terminal. Greenroom is still waiting.",
};

pub(super) const NO_STATE: Words = Words {
    title: "Something is missing",
    text: "This address does not carry the whole answer. Open the page that Greenroom shows in the \
           terminal. Greenroom is still waiting.",
};

pub(super) const STRAY: Words = Words {
    title: "Nothing here",
    text: "Greenroom waits here for one answer and for nothing else.",
};

pub(super) fn page(status: StatusCode, words: &Words) -> Response {
    with_more(status, words, "")
}

/// That the provider refused, and how it says so.
pub(super) fn refused(refusal: &Refusal) -> Response {
    let words = match refusal.is_decline() {
        true => &DECLINED,
        false => &REFUSED,
    };
    let described = refusal.description.as_deref();
    let described = described.map(|words| format!("<p>{}</p>", escaped(words)));
    let named = format!(
        "<p><code>{}</code></p>{}",
        escaped(&refusal.error),
        described.unwrap_or_default()
    );
    with_more(StatusCode::OK, words, &named)
}

/// Sends the browser on to the provider.
pub(super) fn onward(address: &str) -> Response {
    let mut response = Response::new(Body::empty());
    let Ok(address) = HeaderValue::from_str(address) else {
        return page(StatusCode::BAD_REQUEST, &STRAY);
    };
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(LOCATION, address);
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (CONNECTION, "close"),
        (REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

fn with_more(status: StatusCode, words: &Words, more: &str) -> Response {
    let Words { title, text } = words;
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Greenroom: {title}</title>\
         <style>body{{font:1.1rem sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem}}</style>\
         <h1>{title}</h1><p>{text}</p>{more}</html>\n"
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
