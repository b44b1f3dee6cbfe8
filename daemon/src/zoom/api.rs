//! Owns one call to Zoom's API: the address, the token, and the answer read once. That a refused
//! token is renewed and the call repeated is the grants' doing.

use greenroom_protocol::zoom::ZoomPlan;
use reqwest::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;

use super::inner::{Inner, Wire};
use super::judge;
use super::outcome::{Outcome, RefusalReason, printable};
use super::{notes, plan, token_error};
use crate::grants::{ConnectionId, KeysSeen, Profile, Reason};

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
    inner: &Inner,
    who: ConnectionId,
    call: &Call<'_, B>,
) -> Outcome<T> {
    let ask = |secret| async move { ask(&inner.wire, &secret, call).await };
    let answered = inner.grants.call(who, ask, seen).await;
    answered.unwrap_or_else(Outcome::Disconnected)
}

/// What an answer says of the keys it was asked with.
fn seen<T>(answer: &Outcome<T>) -> KeysSeen {
    match answer {
        Outcome::Refused(refusal) if refusal.reason == RefusalReason::Unauthorized => {
            let named = token_error::reason_of(refusal.number());
            KeysSeen::Refused(named.unwrap_or(Reason::ProviderTrouble))
        }
        Outcome::Done(_) | Outcome::Refused(_) => KeysSeen::Taken,
        _ => KeysSeen::Unknown,
    }
}

/// Who these keys belong to.
pub(crate) async fn me(wire: &Wire, access: &SecretString) -> Outcome<Profile> {
    known(ask::<Me, ()>(wire, access, &Call::new(Method::GET, &["users", "me"])).await)
}

/// Whether the meetings of whom these keys belong to may have a summary, in the word that is kept
/// of it. Without an answer it is not known.
pub(super) async fn notes(wire: &Wire, access: &SecretString) -> Option<String> {
    let fields = [("custom_query_fields", "in_meeting")];
    let call = Call::new(Method::GET, &["users", "me", "settings"]).query(&fields);
    match ask::<UserSettings, ()>(wire, access, &call).await {
        Outcome::Done(settings) => {
            let summaries = settings.in_meeting.summaries?;
            Some(notes::word(summaries.enable?).to_owned())
        }
        _ => None,
    }
}

/// GET /users/me/settings, as far as it is read.
#[derive(Deserialize)]
struct UserSettings {
    #[serde(default)]
    in_meeting: InMeeting,
}

#[derive(Default, Deserialize)]
struct InMeeting {
    #[serde(default, rename = "meeting_summary_with_ai_companion")]
    summaries: Option<Summaries>,
}

#[derive(Deserialize)]
struct Summaries {
    #[serde(default)]
    enable: Option<bool>,
}

pub(super) fn known(answer: Outcome<Me>) -> Outcome<Profile> {
    match answer {
        Outcome::Done(me) if me.has_usable_id() => Outcome::Done(me.profile()),
        Outcome::Done(_) => Outcome::Lost("Zoom named a user without a usable id".into()),
        other => other.map(Me::profile),
    }
}

async fn ask<T: DeserializeOwned, B: Serialize + ?Sized>(
    wire: &Wire,
    access: &SecretString,
    call: &Call<'_, B>,
) -> Outcome<T> {
    let Some(url) = address(&wire.api, call.path) else {
        return Outcome::NotSent("Zoom's address cannot be extended".into());
    };
    let request = wire
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
    match wire.http.send(request).await {
        Ok(reply) => judge::judge(reply.status, &reply.headers, &reply.body, wire.clock.now()),
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
        let plan = match self.kind {
            2 => ZoomPlan::Licensed,
            _ => ZoomPlan::Basic,
        };
        Profile {
            name: printable(name),
            email: printable(&self.email),
            id: self.id,
            plan: Some(plan::word(plan).to_owned()),
            notes: None,
            organization: None,
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
