//! Google as a provider of grants: its addresses, whose keys are, and what it says of them (README).

use futures::future::BoxFuture;
use greenroom_protocol::text;
use greenroom_protocol::time::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::refusal;
use super::terms::TERMS;
use crate::grants::{
    App, Asked, ClientAuth, Endpoints, Failure, Grant, Http, Profile, Provider, Reason, Reply,
    Terms, Unidentified,
};

/// The longest name that is kept of a user, in characters.
const LONGEST_NAME: usize = 200;

/// Google, or what stands in for it.
pub(super) struct GoogleProvider {
    pub(super) endpoints: Endpoints,
    pub(super) userinfo: Url,
    pub(super) http: Http,
}

/// Google's addresses, for every app the same.
pub(super) fn endpoints(authorize: Url, token: Url, revoke: Url) -> Endpoints {
    Endpoints {
        authorize,
        // Without these a second consent brings no refresh token.
        authorize_with: vec![
            ("access_type", "offline".to_owned()),
            ("prompt", "consent".to_owned()),
        ],
        token,
        revoke: Some(revoke),
        client: ClientAuth::Body,
    }
}

/// Whose the keys are (OpenID Connect Core, 5.3).
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    email_verified: bool,
    #[serde(default)]
    name: String,
    #[serde(default)]
    hd: Option<String>,
}

impl GoogleProvider {
    async fn user_info(&self, access: &SecretString) -> Result<Profile, Unidentified> {
        let request = self
            .http
            .request(reqwest::Method::GET, self.userinfo.clone())
            .bearer_auth(access.expose_secret());
        let Ok(reply) = self.http.send(request).await else {
            return Err(Unidentified::Yet(Reason::Unreachable));
        };
        read(&reply)
    }
}

fn read(reply: &Reply) -> Result<Profile, Unidentified> {
    match reply.status {
        200 => {}
        401 => return Err(Unidentified::KeysRefused(None)),
        403 => return Err(Unidentified::Refused(Reason::ScopeMissing)),
        429 => return Err(Unidentified::Yet(Reason::Limited)),
        _ => return Err(Unidentified::Yet(Reason::ProviderTrouble)),
    }
    let user = serde_json::from_slice::<UserInfo>(&reply.body);
    let user = user.map_err(|_| Unidentified::Yet(Reason::ProviderTrouble))?;
    // An address that nobody has confirmed may be anybody's.
    if user.email.is_empty() || !user.email_verified {
        return Err(Unidentified::Refused(Reason::ScopeMissing));
    }
    Ok(Profile {
        id: user.sub,
        email: text::printable(&user.email, LONGEST_NAME),
        name: text::printable(&user.name, LONGEST_NAME),
        plan: None,
        notes: None,
        organization: user.hd.filter(|domain| !domain.is_empty()),
    })
}

impl Provider for GoogleProvider {
    fn terms(&self) -> &'static Terms {
        &TERMS
    }

    fn endpoints(&self, _: &App) -> Endpoints {
        self.endpoints.clone()
    }

    fn identify<'a>(
        &'a self,
        access: &'a SecretString,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<Profile, Unidentified>> {
        Box::pin(self.user_info(access))
    }

    fn read_refusal(&self, refusal: &Reply, asked: Asked, now: Instant) -> Failure {
        refusal::judge(refusal, asked, now)
    }

    fn read_denial(&self, error: &str, _: Option<&str>) -> Reason {
        refusal::denial(error)
    }

    fn cause(&self, reason: Reason, grant: &Grant, now: Instant) -> Reason {
        refusal::cause(reason, grant, now)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn only_an_address_that_google_verified_says_who_it_is() {
        let read = |status, body: &str| {
            super::read(&Reply {
                status,
                headers: HeaderMap::new(),
                body: Zeroizing::new(body.into()),
            })
        };
        let dana = read(
            200,
            r#"{"sub":"117","email":"dana@acme.example","email_verified":true,"hd":"acme.example"}"#,
        );
        let dana = dana.unwrap();
        assert_eq!(dana.organization.as_deref(), Some("acme.example"));
        assert_eq!((dana.id.as_str(), dana.name.as_str()), ("117", ""));
        for (status, body, expected) in [
            (
                200,
                r#"{"sub":"117","email":"dana@acme.example","email_verified":false}"#,
                Unidentified::Refused(Reason::ScopeMissing),
            ),
            (
                200,
                r#"{"sub":"117"}"#,
                Unidentified::Refused(Reason::ScopeMissing),
            ),
            (200, "<html>", Unidentified::Yet(Reason::ProviderTrouble)),
            (401, "", Unidentified::KeysRefused(None)),
            (429, "", Unidentified::Yet(Reason::Limited)),
            (500, "", Unidentified::Yet(Reason::ProviderTrouble)),
        ] {
            assert_eq!(read(status, body).unwrap_err(), expected, "{status} {body}");
        }
    }
}
