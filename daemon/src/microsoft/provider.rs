//! Microsoft as a provider of grants: its addresses, whose keys are, and what it says of them
//! (README).

use futures::future::BoxFuture;
use greenroom_protocol::text;
use greenroom_protocol::time::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::refusal;
use super::terms::TERMS;
use crate::grants::{
    App, Asked, ClientAuth, Endpoints, Failure, Http, Profile, Provider, Reason, Reply, Terms,
    Unidentified,
};

/// The directory of an app that names none: of every organization, not of personal accounts.
const EVERY_ORGANIZATION: &str = "organizations";

/// The longest name that is kept of a user, in characters.
const LONGEST_NAME: usize = 200;

/// Microsoft, or what stands in for it.
pub(super) struct MicrosoftProvider {
    pub(super) login: Url,
    pub(super) graph: Url,
    pub(super) http: Http,
}

/// GET /v1.0/me, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Me {
    id: String,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    mail: Option<String>,
    #[serde(default)]
    user_principal_name: Option<String>,
}

impl MicrosoftProvider {
    async fn me(&self, access: &SecretString) -> Result<Profile, Unidentified> {
        let mut url = below(&self.graph, &["v1.0", "me"]);
        url.set_query(Some("$select=id,displayName,mail,userPrincipalName"));
        let request = self.http.request(reqwest::Method::GET, url);
        let request = request.bearer_auth(access.expose_secret());
        let Ok(reply) = self.http.send(request).await else {
            return Err(Unidentified::Yet(Reason::Unreachable));
        };
        read(&reply)
    }
}

/// An address below another, whose own path stays in front.
pub(super) fn below(base: &Url, parts: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts);
    }
    url
}

fn read(reply: &Reply) -> Result<Profile, Unidentified> {
    match reply.status {
        200 => {}
        401 => return Err(Unidentified::KeysRefused(None)),
        403 => return Err(Unidentified::Refused(Reason::ScopeMissing)),
        429 => return Err(Unidentified::Yet(Reason::Limited)),
        _ => return Err(Unidentified::Yet(Reason::ProviderTrouble)),
    }
    let me = serde_json::from_slice::<Me>(&reply.body);
    let me = me.map_err(|_| Unidentified::Yet(Reason::ProviderTrouble))?;
    // The name to sign in with is often, not always, an address; mail is the address people know.
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let email = given(me.mail).or(given(me.user_principal_name));
    let email = email.ok_or(Unidentified::Refused(Reason::ResourceMissing))?;
    Ok(Profile {
        id: me.id,
        email: text::printable(&email, LONGEST_NAME),
        name: text::printable(&me.display_name.unwrap_or_default(), LONGEST_NAME),
        plan: None,
        notes: None,
        organization: None,
    })
}

impl Provider for MicrosoftProvider {
    fn terms(&self) -> &'static Terms {
        &TERMS
    }

    fn endpoints(&self, app: &App) -> Endpoints {
        let tenant = app.tenant.as_deref().unwrap_or(EVERY_ORGANIZATION);
        let at = |name| below(&self.login, &[tenant, "oauth2", "v2.0", name]);
        Endpoints {
            authorize: at("authorize"),
            // A browser that is signed in as somebody else would not ask.
            authorize_with: vec![("prompt", "select_account".to_owned())],
            token: at("token"),
            revoke: None,
            client: ClientAuth::Body,
        }
    }

    fn identify<'a>(
        &'a self,
        access: &'a SecretString,
        _: &'a [String],
    ) -> BoxFuture<'a, Result<Profile, Unidentified>> {
        Box::pin(self.me(access))
    }

    fn read_refusal(&self, refusal: &Reply, asked: Asked, now: Instant) -> Failure {
        refusal::judge(refusal, asked, now)
    }

    fn read_denial(&self, error: &str, description: Option<&str>) -> Reason {
        refusal::denial(error, description)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use zeroize::Zeroizing;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn the_tenant_of_the_app_stands_in_its_addresses() {
        let (login, graph) = (
            Url::parse("http://127.0.0.1:1/login/").unwrap(),
            Url::parse("https://graph.microsoft.com").unwrap(),
        );
        let http = Http::new(&[&login, &graph], Clock::machine()).unwrap();
        let provider = MicrosoftProvider { login, graph, http };
        let app = |tenant: Option<&str>| App {
            client_id: "app".into(),
            secret: None,
            tenant: tenant.map(str::to_owned),
        };
        let acme = provider.endpoints(&app(Some("acme.example")));
        assert_eq!(
            acme.token.as_str(),
            "http://127.0.0.1:1/login/acme.example/oauth2/v2.0/token"
        );
        let none = provider.endpoints(&app(None));
        assert!(none.authorize.path().contains("/organizations/"));
        assert_eq!(none.revoke, None);
        let me = below(&provider.graph, &["v1.0", "me"]);
        assert_eq!(me.as_str(), "https://graph.microsoft.com/v1.0/me");
    }

    #[test]
    fn the_address_people_know_goes_before_the_name_to_sign_in_with() {
        let read = |status, body: &str| {
            super::read(&Reply {
                status,
                headers: HeaderMap::new(),
                body: Zeroizing::new(body.into()),
            })
        };
        let both = r#"{"id":"8e7","displayName":"Dana","mail":"dana@acme.example","userPrincipalName":"d@acme.onmicrosoft.com"}"#;
        let dana = read(200, both).unwrap();
        assert_eq!(
            (dana.email.as_str(), dana.name.as_str()),
            ("dana@acme.example", "Dana")
        );
        let one = r#"{"id":"8e7","mail":null,"userPrincipalName":"dana@acme.example"}"#;
        assert_eq!(read(200, one).unwrap().email, "dana@acme.example");
        for (status, body, expected) in [
            (
                200,
                r#"{"id":"8e7"}"#,
                Unidentified::Refused(Reason::ResourceMissing),
            ),
            (200, "{}", Unidentified::Yet(Reason::ProviderTrouble)),
            (401, "", Unidentified::KeysRefused(None)),
            (403, "", Unidentified::Refused(Reason::ScopeMissing)),
            (503, "", Unidentified::Yet(Reason::ProviderTrouble)),
        ] {
            assert_eq!(read(status, body).unwrap_err(), expected, "{status} {body}");
        }
    }
}
