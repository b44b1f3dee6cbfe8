//! Owns one call to Zoom's API: the address, the token, the answer read once, and one repetition
//! where Zoom refused the token, which is safe because a refused call was not carried out.
//!
//! Invariant: no refusal of a token gets out of here as a refusal of the call. Where Zoom does not
//! even take renewed keys, the connection waits, and so does the caller.

use std::sync::Arc;

use greenroom_protocol::zoom::ZoomPlan;
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::grants::Inner;
use crate::grants::connection::Profile;
use crate::grants::id::Who;
use crate::grants::keys::refresh;
use crate::grants::reason::Reason;
use crate::zoom::outcome::{self, Outcome, Refusal, RefusalReason, printable};

/// One call.
pub(crate) struct Call<'a, B: Serialize + ?Sized> {
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    body: Option<&'a B>,
}

impl<'a> Call<'a, ()> {
    /// A call without a body.
    pub(crate) fn new(method: Method, path: &'a [&'a str]) -> Self {
        Self {
            method,
            path,
            query: &[],
            body: None,
        }
    }

    pub(crate) fn query(self, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { query, ..self }
    }
}

impl<'a, B: Serialize + ?Sized> Call<'a, B> {
    /// A call that carries JSON.
    pub(crate) fn with_body(method: Method, path: &'a [&'a str], body: &'a B) -> Self {
        Self {
            method,
            path,
            query: &[],
            body: Some(body),
        }
    }
}

/// Calls Zoom as this member.
pub(crate) async fn call<T: DeserializeOwned, B: Serialize + ?Sized>(
    inner: &Arc<Inner>,
    who: Who,
    call: &Call<'_, B>,
) -> Outcome<T> {
    let token = match refresh::access(inner, who).await {
        Ok(token) => token,
        Err(unavailable) => return Outcome::Disconnected(unavailable),
    };
    let first = ask(inner, &token.secret, call).await;
    let Some(refused) = unauthorized(&first) else {
        return taken(inner, who, first);
    };
    // Renewed since Zoom refused good keys last, and refused again: another renewal would change
    // nothing.
    if refresh::is_distrusted_before(inner, who, token.generation) {
        let reason = refused_for(refused);
        return Outcome::Disconnected(
            refresh::distrust(inner, who, token.generation, reason).await,
        );
    }
    let token = match refresh::access_after(inner, who, token.generation).await {
        Ok(token) => token,
        Err(unavailable) => return Outcome::Disconnected(unavailable),
    };
    let second = ask(inner, &token.secret, call).await;
    let Some(refused) = unauthorized(&second) else {
        return taken(inner, who, second);
    };
    // Zoom's own trouble, for it renewed these keys a moment ago. It says nothing about what was
    // asked for.
    let reason = refused_for(refused);
    Outcome::Disconnected(refresh::distrust(inner, who, token.generation, reason).await)
}

/// An answer to keys that Zoom took, if it is one.
fn taken<T>(inner: &Inner, who: Who, outcome: Outcome<T>) -> Outcome<T> {
    if let Outcome::Done(_) | Outcome::Refused(_) = outcome {
        refresh::trust(inner, who);
    }
    outcome
}

fn unauthorized<T>(outcome: &Outcome<T>) -> Option<&Refusal> {
    match outcome {
        Outcome::Refused(refusal) if refusal.reason == RefusalReason::Unauthorized => Some(refusal),
        _ => None,
    }
}

/// Why Zoom does not take keys that it has just renewed.
fn refused_for(refusal: &Refusal) -> Reason {
    let code = refusal.code.and_then(|code| u64::try_from(code).ok());
    Reason::of_token_code(code).unwrap_or(Reason::ZoomTrouble)
}

/// Who these keys belong to.
pub(crate) async fn me(inner: &Inner, access: &SecretString) -> Outcome<Profile> {
    known(ask::<Me, ()>(inner, access, &Call::new(Method::GET, &["users", "me"])).await)
}

pub(super) fn known(answer: Outcome<Me>) -> Outcome<Profile> {
    match answer {
        Outcome::Done(me) if me.has_usable_id() => Outcome::Done(me.profile()),
        Outcome::Done(_) => Outcome::Lost("Zoom named a user without a usable id".into()),
        other => other.map(Me::profile),
    }
}

async fn ask<T: DeserializeOwned, B: Serialize + ?Sized>(
    inner: &Inner,
    access: &SecretString,
    call: &Call<'_, B>,
) -> Outcome<T> {
    let Some(url) = address(&inner.api, call.path) else {
        return Outcome::NotSent("Zoom's address cannot be extended".into());
    };
    let request = inner
        .http
        .request(call.method.clone(), url)
        .bearer_auth(access.expose_secret());
    let request = match call.query {
        [] => request,
        query => request.query(query),
    };
    let request = match call.body {
        Some(body) => request.json(body),
        None => request,
    };
    match inner.http.send(request).await {
        Ok(reply) => outcome::judge(reply.status, &reply.headers, &reply.body, inner.clock.now()),
        Err(none) => none.into(),
    }
}

/// The address of a path below the API's; each part is one segment, whatever is in it.
fn address(base: &Url, path: &[&str]) -> Option<Url> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path);
    Some(url)
}

/// GET /users/me, as far as it is read.
#[derive(Deserialize)]
pub(super) struct Me {
    id: String,
    email: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    /// 1 Basic, 2 Licensed, 4 unassigned, 99 none.
    #[serde(rename = "type")]
    kind: u32,
}

impl Me {
    /// Zoom's ids are 22 characters of base64; records are kept under them.
    fn has_usable_id(&self) -> bool {
        (1..=128).contains(&self.id.len()) && self.id.bytes().all(|byte| byte.is_ascii_graphic())
    }

    fn profile(self) -> Profile {
        let full = format!("{} {}", self.first_name, self.last_name);
        let name = match self.display_name.trim() {
            "" => full.trim(),
            shown => shown,
        };
        let plan = if self.kind == 2 {
            ZoomPlan::Licensed
        } else {
            ZoomPlan::Basic
        };
        Profile {
            name: printable(name),
            email: printable(&self.email),
            id: self.id,
            plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_stays_one_segment() {
        let base = Url::parse("https://api.zoom.example/v2").unwrap();
        let url = address(&base, &["meetings", "../users?x#y"]).unwrap();
        assert_eq!(
            url.as_str(),
            "https://api.zoom.example/v2/meetings/..%2Fusers%3Fx%23y"
        );
        let slash = Url::parse("http://127.0.0.1:1/v2/").unwrap();
        assert_eq!(
            address(&slash, &["users", "me"]).unwrap().path(),
            "/v2/users/me"
        );
    }
}
