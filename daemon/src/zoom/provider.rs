//! Zoom as a provider of grants: its addresses, whose keys are, and what it says of them (README,
//! "OAuth"). Its rules are in `terms`.

use futures::future::BoxFuture;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::ZoomPlan;
use secrecy::SecretString;
use url::Url;

use super::inner::Wire;
use super::outcome::{Outcome, RefusalReason};
use super::terms::{SCOPES, TERMS};
use super::{api, notes, plan, token_error};
use crate::grants::{
    App, Asked, ClientAuth, Endpoints, Failure, Profile, Provider, Reason, Reply, Terms,
    Unidentified,
};

/// Zoom, or what stands in for it.
pub(super) struct ZoomProvider {
    endpoints: Endpoints,
    wire: Wire,
}

impl ZoomProvider {
    /// With the authorization server at `oauth`, such as `https://zoom.us/oauth`.
    pub(super) fn new(oauth: &Url, wire: Wire) -> Self {
        let below = |name: &str| {
            let mut url = oauth.clone();
            url.set_path(&format!("{}/{name}", oauth.path().trim_end_matches('/')));
            url
        };
        let endpoints = Endpoints {
            authorize: below("authorize"),
            authorize_with: Vec::new(),
            token: below("token"),
            revoke: Some(below("revoke")),
            client: ClientAuth::Header,
        };
        Self { endpoints, wire }
    }
}

impl Provider for ZoomProvider {
    fn terms(&self) -> &'static Terms {
        &TERMS
    }

    fn endpoints(&self, _: &App) -> Endpoints {
        self.endpoints.clone()
    }

    fn identify<'a>(
        &'a self,
        access: &'a SecretString,
        scopes: &'a [String],
    ) -> BoxFuture<'a, Result<Profile, Unidentified>> {
        Box::pin(async move {
            let user = identified(api::me(&self.wire, access).await)?;
            // A Basic plan has no notes, whatever the settings say.
            let asks = plan::of(&user) == ZoomPlan::Licensed
                && SCOPES.grants(scopes, notes::SETTINGS_SCOPE);
            let notes = match asks {
                true => api::notes(&self.wire, access).await,
                false => None,
            };
            Ok(Profile { notes, ..user })
        })
    }

    fn read_refusal(&self, refusal: &Reply, asked: Asked, now: Instant) -> Failure {
        token_error::judge(refusal, asked, now)
    }
}

fn identified(answer: Outcome<Profile>) -> Result<Profile, Unidentified> {
    Err(match answer {
        Outcome::Done(user) => return Ok(user),
        Outcome::Refused(refusal) => {
            let named = token_error::reason_of(refusal.number());
            match refusal.reason {
                RefusalReason::MissingScope(_) => Unidentified::Refused(Reason::ScopeMissing),
                RefusalReason::Unauthorized => Unidentified::KeysRefused(named),
                _ => Unidentified::Refused(named.unwrap_or(Reason::ProviderTrouble)),
            }
        }
        Outcome::Limited { .. } => Unidentified::Yet(Reason::Limited),
        Outcome::Lost(_) => Unidentified::Yet(Reason::ProviderTrouble),
        Outcome::NotSent(_) | Outcome::Disconnected(_) => Unidentified::Yet(Reason::Unreachable),
    })
}
