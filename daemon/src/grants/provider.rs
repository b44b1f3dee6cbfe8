//! The port of this room: what it must know of a provider, and nothing else of one comes in.
//!
//! Everything that is a rule and not a request is in [`Terms`], plain data; the methods are what
//! only the provider's own code can do. A provider is one file beside its API:
//!
//! | | the first, with one grant per user and app | Google | Microsoft |
//! |---|---|---|---|
//! | `endpoints` | three, and a sandbox's | three; the client's secret in the body; `access_type=offline`, `prompt=consent` | two, the app's tenant in the path; `revoke: None` |
//! | `scopes` | the app's own list | `AskedBy::Request`, by purpose; a person may untick some, which `Grant::missing` shows | `AskedBy::Request`, with `offline_access`; all or nothing, of two [`Audience`]s |
//! | `redirect` | `Loopback` | `Loopback` | `Localhost` |
//! | `rotation` | `EndsFormer` | `Never`: an answer without a refresh token keeps the one there is | `KeepsFormer` |
//! | `consent` | `EndsFormer` | `KeepsFormer` | `KeepsFormer` |
//! | `revocation` | by access token | by refresh token, `AllOfUserAndApp`: keys refused for another member, or of nobody known, are dropped, never revoked | `None` |
//! | `read_refusal` | numbers in JSON or XML | [`standard`] | [`standard`]; the AADSTS number says why |
//! | `cause` | | `invalid_grant` alone: the grant's age and scopes narrow it down | |
//! | `identify` | the API's own user | `userinfo` | `GET /me` |
//!
//! [`standard`]: super::wire::oauth::failure::standard
//! [`Audience`]: super::terms::Audience

use futures::future::BoxFuture;
use greenroom_protocol::time::Instant;
use secrecy::SecretString;
use url::Url;

use super::connection::{Grant, Profile};
use super::reason::Reason;
use super::terms::Terms;
use super::wire::http::Reply;
use super::wire::oauth::App;
use super::wire::oauth::failure::{Asked, Failure};

/// Who gives grants.
pub trait Provider: Send + Sync + 'static {
    /// What it is, without I/O.
    fn terms(&self) -> &'static Terms;

    /// Where it is, for this app.
    fn endpoints(&self, app: &App) -> Endpoints;

    /// Asks whose these keys are. One request with a deadline; it is repeated here where that may
    /// help. What of the user else is kept is asked for only where `scopes` allow it, and its
    /// failure is none of this.
    fn identify<'a>(
        &'a self,
        access: &'a SecretString,
        scopes: &'a [String],
    ) -> BoxFuture<'a, Result<Profile, Unidentified>>;

    /// What a refusal of the token endpoint means for what was handed in.
    fn read_refusal(&self, refusal: &Reply, asked: Asked, now: Instant) -> Failure;

    /// What an error means that came back through the browser in place of a code.
    fn read_denial(&self, error: &str, _description: Option<&str>) -> Reason {
        match error {
            "access_denied" => Reason::Declined,
            _ => Reason::CodeRefused,
        }
    }

    /// Why `grant` ended, where what the provider said, `reason`, leaves that open and what is
    /// known of the grant tells more.
    fn cause(&self, reason: Reason, _grant: &Grant, _now: Instant) -> Reason {
        reason
    }
}

/// Where a provider is.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The consent page.
    pub authorize: Url,
    /// What the consent page gets besides what OAuth says.
    pub authorize_with: Vec<(&'static str, String)>,
    /// Where keys come from.
    pub token: Url,
    /// Where they are ended, where that can be asked for.
    pub revoke: Option<Url>,
    /// How an app that has a secret proves itself.
    pub client: ClientAuth,
}

/// How an app that has a secret proves itself. One without names itself in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientAuth {
    /// In the `Authorization` header.
    Header,
    /// In the body.
    Body,
}

/// Why it is not known whose keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unidentified {
    /// The keys are not taken, with the reason where one is named. Fresh ones may be in a moment.
    KeysRefused(Option<Reason>),
    /// It will not say.
    Refused(Reason),
    /// It could not be asked; the keys may be good.
    Yet(Reason),
}
