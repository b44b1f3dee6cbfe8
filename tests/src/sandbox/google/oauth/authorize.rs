//! Owns what an authorize address asks for, and whether it can be put before a user.
//!
//! What is wrong here never reaches the redirect address.

use std::collections::BTreeSet;

use url::Url;

use super::refusal::PageRefusal;
use crate::sandbox::codes::{Binding, Challenge};
use crate::sandbox::form::Params;
use crate::sandbox::google::directory::Project;
use crate::sandbox::google::scopes;
use crate::sandbox::google::world::World;

/// A request that may be put before a user.
pub(super) struct Request {
    pub(super) project: Project,
    pub(super) binding: Binding,
    pub(super) redirect: Url,
    /// By their long names.
    pub(super) scopes: BTreeSet<String>,
    pub(super) offline: bool,
    /// The page is shown even where everything is allowed already.
    pub(super) asks_again: bool,
    /// What was allowed before comes with it.
    pub(super) includes_granted: bool,
    pub(super) state: Option<String>,
    pub(super) login_hint: Option<String>,
}

impl Request {
    /// Reads and judges the address.
    pub(super) fn read(world: &World, params: &Params) -> Result<Self, PageRefusal> {
        let client_id = params
            .given("client_id")
            .ok_or(PageRefusal::Missing("client_id"))?;
        let (project, _) = world.client(client_id).ok_or(PageRefusal::NoClient)?;
        let redirect_text = params
            .given("redirect_uri")
            .ok_or(PageRefusal::Missing("redirect_uri"))?;
        let mismatch = || PageRefusal::Redirect(redirect_text.to_owned());
        let redirect = loopback(redirect_text).ok_or_else(mismatch)?;
        match params.given("response_type") {
            Some("code") => {}
            None => return Err(PageRefusal::Missing("response_type")),
            Some(other) => return Err(invalid("response_type", other)),
        }
        let binding = Binding {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_text.to_owned(),
            challenge: Some(challenge(params)?),
        };
        let offline = match params.given("access_type") {
            None | Some("online") => false,
            Some("offline") => true,
            Some(other) => return Err(invalid("access_type", other)),
        };
        let asks_again = asks_again(params)?;
        let includes_granted = match params.given("include_granted_scopes") {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => return Err(invalid("include_granted_scopes", other)),
        };
        Ok(Self {
            project: project.clone(),
            binding,
            redirect,
            scopes: asked(params)?,
            offline,
            asks_again,
            includes_granted,
            state: params.get("state").map(str::to_owned),
            login_hint: params.given("login_hint").map(str::to_owned),
        })
    }
}

fn invalid(name: &'static str, value: &str) -> PageRefusal {
    PageRefusal::Invalid(name, value.to_owned())
}

/// Google recommends a challenge; here there is no page without one.
fn challenge(params: &Params) -> Result<Challenge, PageRefusal> {
    let challenge = params
        .given("code_challenge")
        .ok_or(PageRefusal::Missing("code_challenge"))?;
    match params.given("code_challenge_method") {
        Some("S256") => Ok(Challenge::S256(challenge.to_owned())),
        None => Err(PageRefusal::Missing("code_challenge_method")),
        Some(other) => Err(invalid("code_challenge_method", other)),
    }
}

fn asks_again(params: &Params) -> Result<bool, PageRefusal> {
    let prompts = params.words("prompt");
    let known = |prompt: &String| matches!(prompt.as_str(), "consent" | "select_account");
    match prompts.iter().find(|prompt| !known(prompt)) {
        Some(other) => Err(invalid("prompt", other)),
        None => Ok(prompts.iter().any(|prompt| prompt == "consent")),
    }
}

fn asked(params: &Params) -> Result<BTreeSet<String>, PageRefusal> {
    let asked = params.words("scope");
    if asked.is_empty() {
        return Err(PageRefusal::Missing("scope"));
    }
    let long: BTreeSet<String> = asked
        .iter()
        .map(|scope| scopes::canonical(scope).to_owned())
        .collect();
    let unknown = long.iter().filter(|scope| scopes::meaning(scope).is_none());
    let unknown: Vec<String> = unknown.cloned().collect();
    match unknown.is_empty() {
        true => Ok(long),
        false => Err(PageRefusal::Scopes(unknown)),
    }
}

/// A desktop app has no registered addresses: any port and path of this machine will do
/// (<https://developers.google.com/identity/protocols/oauth2/native-app>).
fn loopback(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (url.scheme() == "http" && here && plain).then_some(url)
}
