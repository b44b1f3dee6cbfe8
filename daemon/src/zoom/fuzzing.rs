//! What the fuzz targets reach into this room for: the meaning given to bytes of Zoom, without
//! Zoom. Built with the tests too, so that it goes with the room.

use std::sync::{Arc, LazyLock};

use futures::FutureExt as _;
use greenroom_protocol::time::Instant;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

use super::inner::Wire;
use super::judge;
use super::outcome::Outcome;
use super::provider::ZoomProvider;
use super::{OAUTH_URL, api};
pub use crate::grants::Failure;
use crate::grants::{App, AuthorizationServer, Http, Profile, Reply};

use crate::clock::SetClock;

/// When everything happens: 15 January 2027, 12:00 UTC.
pub fn now() -> Instant {
    Instant::from_second(1_800_014_400)
}

/// Fresh keys, laid open.
#[derive(Debug)]
pub struct Keys {
    pub access: String,
    pub refresh: String,
    /// Seconds from now.
    pub expires_in: i64,
    pub scopes: Option<Vec<String>>,
}

/// What a renewal comes to that the token endpoint answers like this.
pub fn refreshed(status: u16, retry_after: &[u8], body: &[u8]) -> Result<Keys, Failure> {
    static SERVER: LazyLock<AuthorizationServer> = LazyLock::new(|| {
        let base: Url = OAUTH_URL.parse().expect("Zoom's address");
        let clock = SetClock::at(now()).clock();
        let http = Http::new(&[&base], clock.clone()).expect("an HTTP client");
        let wire = Wire {
            http: http.clone(),
            api: base.clone(),
            clock: clock.clone(),
        };
        let provider = Arc::new(ZoomProvider::new(&base, wire));
        AuthorizationServer::new(provider, http, clock)
    });
    let app = App {
        client_id: "app".into(),
        secret: None,
        tenant: None,
    };
    let answer = |_| {
        let reply = Reply {
            status,
            headers: headers(retry_after),
            body: body.to_vec().into(),
        };
        async { Ok(reply) }.boxed()
    };
    let former = SecretString::from("former");
    let renewal = SERVER.refresh_through(answer, &app, &former, None);
    let tokens = renewal.now_or_never().expect("the answer is there")?;
    Ok(Keys {
        access: tokens.access.expose_secret().to_owned(),
        refresh: tokens.refresh.expose_secret().to_owned(),
        expires_in: tokens.expires_in,
        scopes: tokens.scopes,
    })
}

/// What a call comes to that the API answers like this.
pub fn answered<T: DeserializeOwned>(status: u16, retry_after: &[u8], body: &[u8]) -> Outcome<T> {
    judge::judge(status, &headers(retry_after), body, now())
}

/// What `GET /users/me` comes to that is answered like this.
pub fn who_is(status: u16, retry_after: &[u8], body: &[u8]) -> Outcome<Profile> {
    api::known(answered(status, retry_after, body))
}

fn headers(retry_after: &[u8]) -> HeaderMap {
    let value = HeaderValue::from_bytes(retry_after).ok();
    value
        .map(|value| (RETRY_AFTER, value))
        .into_iter()
        .collect()
}
