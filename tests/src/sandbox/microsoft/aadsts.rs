//! Owns Entra's refusals: a number each, its words, and the three ways they are said, on a page, in
//! a redirect and as JSON.
//!
//! Numbers and meanings are those of Microsoft's list
//! (<https://learn.microsoft.com/entra/identity-platform/reference-error-codes>).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::json;

use super::world::World;
use crate::sandbox::page::Page;

pub(super) const MICROSOFT: Page = Page("Microsoft");

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// AADSTS and this.
    pub(super) number: u32,
    /// OAuth's word for it.
    pub(super) error: &'static str,
    /// What the client could do about it, where Entra says so.
    pub(super) suberror: Option<&'static str>,
    pub(super) text: String,
}

impl Refusal {
    pub(super) fn new(number: u32, error: &'static str, text: impl Into<String>) -> Self {
        Self {
            number,
            error,
            suberror: None,
            text: text.into(),
        }
    }

    pub(super) fn sub(self, suberror: &'static str) -> Self {
        Self {
            suberror: Some(suberror),
            ..self
        }
    }

    /// A parameter is not there.
    pub(super) fn missing(name: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{name}'.");
        Self::new(900_144, "invalid_request", text)
    }

    fn described(&self, trace: &str, correlation: &str, time: &str) -> String {
        format!(
            "AADSTS{}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}",
            self.number, self.text
        )
    }

    /// What stands in a redirect: the error and its description.
    pub(super) fn in_redirect(&self, world: &mut World) -> Vec<(&'static str, String)> {
        let (trace, correlation, time) = marks(world);
        let mut pairs = vec![("error", self.error.to_owned())];
        pairs.extend(self.suberror.map(|sub| ("error_subcode", sub.to_owned())));
        let described = self.described(&trace, &correlation, &time);
        pairs.push(("error_description", described));
        let uri = format!(
            "https://login.microsoftonline.com/error?code={}",
            self.number
        );
        pairs.push(("error_uri", uri));
        pairs
    }

    /// A page that leads nowhere.
    pub(super) fn page(&self, world: &mut World) -> Response {
        self.page_with(world, "Sign in", "")
    }

    /// The same with this title, and this HTML behind it.
    pub(super) fn page_with(&self, world: &mut World, title: &str, more: &str) -> Response {
        let (trace, correlation, time) = marks(world);
        let text = self.described(&trace, &correlation, &time);
        let text = crate::sandbox::page::escaped(&text);
        let body = format!("<h1>{title}</h1>\n<p>{text}</p>\n{more}");
        let page = MICROSOFT.framed(title, &body);
        (StatusCode::BAD_REQUEST, Html(page)).into_response()
    }

    /// As the token endpoint says it.
    pub(super) fn json(&self, world: &mut World) -> Response {
        let (trace, correlation, time) = marks(world);
        let mut body = json!({
            "error": self.error,
            "error_description": self.described(&trace, &correlation, &time),
            "error_codes": [self.number],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.number),
        });
        if let Some(suberror) = self.suberror {
            body["suberror"] = json!(suberror);
        }
        let status = match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, Json(body)).into_response()
    }
}

/// A trace, a correlation, and the time as Entra writes it.
fn marks(world: &mut World) -> (String, String, String) {
    let time = written(world.now());
    (world.dice.guid(), world.dice.guid(), time)
}

/// An instant as Entra writes it.
pub(super) fn written(instant: jiff::Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}
