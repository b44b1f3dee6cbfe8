//! Owns what an authorize address asks for, and whether it can be put before a user.
//!
//! Where tenant, app or redirect address are wrong, Entra shows a page; what else is wrong goes
//! back to the redirect address.

use url::Url;

use crate::sandbox::codes::{Binding, Challenge};
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::aadsts::Refusal;
use crate::sandbox::microsoft::directory::{App, Audience};
use crate::sandbox::microsoft::scopes::{Asked, BadScope};
use crate::sandbox::microsoft::world::{Named, World};

/// Tenant, app and redirect address: enough to lead back.
pub(super) struct Place {
    pub(super) tenant: Named,
    pub(super) app: App,
    pub(super) redirect: Url,
    /// As it was sent.
    pub(super) redirect_text: String,
    pub(super) state: Option<String>,
}

/// A request that may be put before a user.
pub(super) struct Request {
    pub(super) binding: Binding,
    pub(super) words: Vec<String>,
    pub(super) asked: Asked,
    /// Consent is asked for even where it is there.
    pub(super) asks_again: bool,
    pub(super) nonce: Option<String>,
}

impl Place {
    pub(super) fn read(world: &World, tenant: &str, params: &Params) -> Result<Self, Refusal> {
        let tenant = world.named(tenant).ok_or_else(|| no_tenant(tenant))?;
        let client_id = params.given("client_id");
        let client_id = client_id.ok_or_else(|| Refusal::missing("client_id"))?;
        let app = app_in(world, &tenant, client_id)?;
        let redirect_text = params.given("redirect_uri");
        let redirect_text = redirect_text.ok_or_else(|| Refusal::missing("redirect_uri"))?;
        let redirect = registered(redirect_text, &app.redirects).ok_or_else(|| {
            let text = format!(
                "The redirect URI '{redirect_text}' specified in the request does not match the \
                 redirect URIs configured for the application '{client_id}'. Make sure the \
                 redirect URI sent in the request matches one added to your application in the \
                 Azure portal."
            );
            Refusal::new(50_011, "invalid_request", text)
        })?;
        Ok(Self {
            tenant,
            app,
            redirect,
            redirect_text: redirect_text.to_owned(),
            state: params.get("state").map(str::to_owned),
        })
    }
}

/// There is no such tenant.
pub(super) fn no_tenant(name: &str) -> Refusal {
    let text = format!(
        "Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are \
         signing into the correct cloud."
    );
    Refusal::new(90_002, "invalid_request", text)
}

/// The app of this id, where it can be used at this tenant.
pub(super) fn app_in(world: &World, tenant: &Named, client_id: &str) -> Result<App, Refusal> {
    let unknown = |directory: &str| {
        let text = format!(
            "Application with identifier '{client_id}' was not found in the directory \
             '{directory}'. This can happen if the application has not been installed by the \
             administrator of the tenant or consented to by any user in the tenant. You may have \
             sent your authentication request to the wrong tenant."
        );
        Refusal::new(700_016, "unauthorized_client", text)
    };
    let app = world.app(client_id);
    match tenant {
        Named::Tenant(tenant) => {
            let app = app.filter(|app| World::is_in(app, tenant));
            app.cloned().ok_or_else(|| unknown(&tenant.name))
        }
        Named::Any => {
            let app = app.ok_or_else(|| unknown("Microsoft Services"))?;
            match app.audience {
                Audience::MultiTenant => Ok(app.clone()),
                Audience::SingleTenant => {
                    let text = format!(
                        "Application '{client_id}'({}) is not configured as a multi-tenant \
                         application. Usage of the /common endpoint is not supported for such \
                         apps created after '10/15/2018'. Use a tenant-specific endpoint or \
                         configure the application to be multi-tenant.",
                        app.name
                    );
                    Err(Refusal::new(50_194, "invalid_request", text))
                }
            }
        }
    }
}

/// The port of `localhost` is ignored, that of every other host is not; the rest must be registered
/// to the letter (<https://learn.microsoft.com/entra/identity-platform/reply-url>).
pub(super) fn registered(redirect: &str, registered: &[String]) -> Option<Url> {
    let asked = Url::parse(redirect).ok()?;
    let portless = portless(&asked);
    let fits = |entry: &String| {
        let entry = Url::parse(entry).ok();
        entry.is_some_and(|entry| {
            entry == asked || (portless.is_some() && self::portless(&entry) == portless)
        })
    };
    registered.iter().any(fits).then_some(asked)
}

fn portless(url: &Url) -> Option<Url> {
    if url.scheme() != "http" || url.host_str() != Some("localhost") {
        return None;
    }
    let mut url = url.clone();
    url.set_port(None).ok()?;
    Some(url)
}

impl Request {
    pub(super) fn read(place: &Place, params: &Params) -> Result<Self, Refusal> {
        match params.given("response_type") {
            Some("code") => {}
            None => return Err(Refusal::missing("response_type")),
            Some(other) => {
                let text = format!("The provided value '{other}' is not valid for response_type.");
                return Err(Refusal::new(70_005, "unsupported_response_type", text));
            }
        }
        if let Some(other) = params
            .given("response_mode")
            .filter(|mode| *mode != "query")
        {
            let text = format!(
                "'{other}' is not a supported value of 'response_mode' when requesting a code \
                 for this client."
            );
            return Err(Refusal::new(70_007, "unsupported_response_type", text));
        }
        let words = params.words("scope");
        let asked = scopes(&place.app, &words)?;
        let binding = Binding {
            client_id: place.app.client_id.clone(),
            redirect_uri: place.redirect_text.clone(),
            challenge: Some(challenge(params)?),
        };
        Ok(Self {
            binding,
            words,
            asked,
            asks_again: asks_again(params)?,
            nonce: params.given("nonce").map(str::to_owned),
        })
    }
}

/// The scopes of a request, one at least.
pub(super) fn scopes(app: &App, words: &[String]) -> Result<Asked, Refusal> {
    if words.is_empty() {
        return Err(Refusal::missing("scope"));
    }
    Asked::read(words).map_err(|bad| match bad {
        BadScope::Unknown(resource, name) => {
            let text = format!(
                "The application '{}' asked for scope '{name}' that doesn't exist on the resource \
                 '{}'. Contact the app vendor.",
                app.name,
                resource.id()
            );
            Refusal::new(650_053, "invalid_client", text)
        }
        BadScope::NoResource(uri) => {
            let text = format!(
                "The resource principal named {uri} was not found in the tenant. This can happen \
                 if the application has not been installed by the administrator of the tenant or \
                 consented to by any user in the tenant."
            );
            Refusal::new(500_011, "invalid_resource", text)
        }
        BadScope::DefaultAndMore => {
            let text = format!(
                "The provided request must include a 'scope' input parameter. The provided value \
                 for the input parameter 'scope' is not valid. The scope {} is not valid. .default \
                 scope can't be combined with resource-specific scopes.",
                words.join(" ")
            );
            Refusal::new(70_011, "invalid_scope", text)
        }
    })
}

/// Microsoft recommends a challenge; here there is no page without one.
fn challenge(params: &Params) -> Result<Challenge, Refusal> {
    let challenge = params.given("code_challenge");
    let challenge = challenge.ok_or_else(|| {
        let text = "Proof Key for Code Exchange is required for public clients.";
        Refusal::new(9_002_325, "invalid_request", text)
    })?;
    match params.given("code_challenge_method") {
        Some("S256") => Ok(Challenge::S256(challenge.to_owned())),
        _ => {
            let text = "The value of the parameter 'code_challenge_method' must be 'S256'.";
            Err(Refusal::new(501_491, "invalid_request", text))
        }
    }
}

fn asks_again(params: &Params) -> Result<bool, Refusal> {
    match params.given("prompt") {
        None | Some("select_account" | "login") => Ok(false),
        Some("consent") => Ok(true),
        Some(other) => {
            let text = format!("Unsupported 'prompt' value '{other}'.");
            Err(Refusal::new(90_023, "invalid_request", text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_may_have_any_port() {
        let here = vec![
            "http://localhost/callback".to_owned(),
            "http://127.0.0.1:8400/callback".to_owned(),
        ];
        for (asked, taken) in [
            ("http://localhost/callback", true),
            ("http://localhost:41827/callback", true),
            ("http://localhost:41827/", false),
            ("http://localhost:41827", false),
            ("https://localhost:41827/callback", false),
            ("http://127.0.0.1:8400/callback", true),
            ("http://127.0.0.1:8401/callback", false),
            ("http://[::1]:8400/callback", false),
            ("https://acme.example/callback", false),
            ("", false),
        ] {
            assert_eq!(registered(asked, &here).is_some(), taken, "{asked}");
        }
    }
}
