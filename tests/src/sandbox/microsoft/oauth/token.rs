//! Exchange and refresh.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::authorize::{app_in, no_tenant, scopes};
use super::consent::blocked;
use crate::sandbox::clock::later;
use crate::sandbox::codes::{Claim, CodeRefused};
use crate::sandbox::form::Params;
use crate::sandbox::id_token::id_token;
use crate::sandbox::microsoft::aadsts::{Refusal, written};
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::directory::{Account, App, Tenant};
use crate::sandbox::microsoft::grants::{Access, Death, Owner, RefreshRefused};
use crate::sandbox::microsoft::scopes::{Asked, Resource, Scope};
use crate::sandbox::microsoft::world::{Named, World};

pub(super) async fn token(
    State(microsoft): State<Microsoft>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // Another kind of body is read as an empty one.
    let form = kind.starts_with("application/x-www-form-urlencoded");
    let params = Params::read(None, if form { &body } else { &[] });
    let secret_sent = headers.contains_key(header::AUTHORIZATION)
        || params.get("client_secret").is_some()
        || params.get("client_assertion").is_some();
    microsoft.with(|world| {
        let answer = answer(world, &tenant, &params, secret_sent);
        answer.unwrap_or_else(|refusal| refusal.json(world))
    })
}

/// What a code or a refresh token stands for.
struct Claimed {
    owner: Owner,
    /// The words it was first asked for with.
    words: Vec<String>,
    nonce: Option<String>,
    refreshes: bool,
}

fn answer(
    world: &mut World,
    tenant: &str,
    params: &Params,
    secret_sent: bool,
) -> Result<Response, Refusal> {
    let named = world.named(tenant).ok_or_else(|| no_tenant(tenant))?;
    let client_id = params.given("client_id");
    let client_id = client_id.ok_or_else(|| Refusal::missing("client_id"))?;
    let app = app_in(world, &named, client_id)?;
    if secret_sent {
        let text = "Client is public so neither 'client_assertion' nor 'client_secret' should be \
                    presented.";
        return Err(Refusal::new(700_025, "invalid_client", text));
    }
    let claimed = match params.given("grant_type") {
        Some("authorization_code") => exchange(world, &app, params),
        Some("refresh_token") => refresh(world, &app, params),
        Some(other) => {
            let text = format!("The app requested an unsupported grant type '{other}'.");
            Err(Refusal::new(70_003, "unsupported_grant_type", text))
        }
        None => Err(Refusal::missing("grant_type")),
    }?;
    let refreshes = claimed.refreshes;
    let handed = hand_out(world, &named, &app, claimed, params);
    world.counters.refreshes += u64::from(refreshes && handed.is_ok());
    world.counters.refreshes_refused += u64::from(refreshes && handed.is_err());
    handed.map(|answer| Json(answer).into_response())
}

fn exchange(world: &mut World, app: &App, params: &Params) -> Result<Claimed, Refusal> {
    let code = params
        .given("code")
        .ok_or_else(|| Refusal::missing("code"))?;
    let redirect = params.given("redirect_uri");
    let claim = Claim {
        client_id: &app.client_id,
        redirect_uri: redirect.ok_or_else(|| Refusal::missing("redirect_uri"))?,
        verifier: params.given("code_verifier"),
    };
    let now = world.now();
    let consent = world.grants.redeem(code, &claim, now).map_err(of_code)?;
    Ok(Claimed {
        owner: consent.owner,
        words: consent.asked,
        nonce: consent.nonce,
        refreshes: false,
    })
}

fn of_code(refused: CodeRefused) -> Refusal {
    let (number, text) = match refused {
        CodeRefused::Unknown => (
            70_000,
            "The provided value for the 'code' parameter is not valid.",
        ),
        CodeRefused::Used => (
            54_005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code \
             or use an existing refresh token.",
        ),
        CodeRefused::Expired => (
            70_008,
            "The provided authorization code or refresh token has expired due to inactivity. Send \
             a new interactive authorization request for this user and resource.",
        ),
        CodeRefused::OtherClient => (
            700_005,
            "Provided Authorization Code is intended to use against other tenant or application, \
             thus rejected.",
        ),
        CodeRefused::OtherRedirect => (
            500_112,
            "The reply address does not match the reply address provided when requesting \
             Authorization code.",
        ),
        CodeRefused::NoVerifier => (
            50_148,
            "The code_verifier does not match the code_challenge supplied in the authorization \
             request for PKCE. It is missing.",
        ),
        CodeRefused::WrongVerifier => (
            501_481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization \
             request.",
        ),
    };
    Refusal::new(number, "invalid_grant", text)
}

fn refresh(world: &mut World, app: &App, params: &Params) -> Result<Claimed, Refusal> {
    let token = params.given("refresh_token");
    let token = token.ok_or_else(|| Refusal::missing("refresh_token"))?;
    let now = world.now();
    let used = world.grants.use_refresh(token, &app.client_id, now);
    let (owner, words) = used.map_err(|refused| {
        world.counters.refreshes_refused += 1;
        of_refresh(refused)
    })?;
    Ok(Claimed {
        owner,
        words,
        nonce: None,
        refreshes: true,
    })
}

fn of_refresh(refused: RefreshRefused) -> Refusal {
    let invalid = |number, text: String| Refusal::new(number, "invalid_grant", text);
    match refused {
        RefreshRefused::Unknown => invalid(
            9_002_313,
            "Invalid request. Request is malformed or invalid.".to_owned(),
        ),
        RefreshRefused::OtherClient => invalid(
            70_000,
            "The provided value for the 'refresh_token' parameter is not valid.".to_owned(),
        ),
        RefreshRefused::Unused(made) => invalid(
            700_082,
            format!(
                "The refresh token has expired due to inactivity. The token was issued on {} and \
                 was inactive for 90.00:00:00.",
                precise(made)
            ),
        ),
        RefreshRefused::Ended(Death::Revoked, made, at) => invalid(
            50_173,
            format!(
                "The provided grant has expired due to it being revoked, a fresh auth token is \
                 needed. The user might have changed or reset their password. The grant was \
                 issued on '{}' and the TokensValidFrom date (before which tokens are not valid) \
                 for this user is '{}'.",
                precise(made),
                precise(at)
            ),
        ),
        RefreshRefused::Ended(Death::SecondFactor, ..) => invalid(
            50_076,
            format!(
                "Due to a configuration change made by your administrator, or because you moved to \
                 a new location, you must use multi-factor authentication to access '{}'.",
                Resource::Graph.id()
            ),
        )
        .sub("basic_action"),
        RefreshRefused::Ended(Death::SetUpSecondFactor, ..) => invalid(
            50_079,
            "Due to a configuration change made by your administrator, or because you moved to a \
             new location, you must enroll in multi-factor authentication."
                .to_owned(),
        )
        .sub("basic_action"),
    }
}

/// An instant with the seven digits .NET writes.
fn precise(instant: Timestamp) -> String {
    let whole = written(instant).replace(' ', "T");
    whole.replace('Z', ".0000000Z")
}

/// The tokens, where the user still may have them.
fn hand_out(
    world: &mut World,
    named: &Named,
    app: &App,
    claimed: Claimed,
    params: &Params,
) -> Result<Value, Refusal> {
    let account = world.account(&claimed.owner.0).cloned();
    let found = account.and_then(|it| world.tenant(&it.tenant).cloned().map(|of| (it, of)));
    let (account, tenant) = found.ok_or_else(|| {
        let text = "The user account {EmailHidden} has been deleted from the directory.";
        Refusal::new(500_341, "invalid_grant", text)
    })?;
    if let Named::Tenant(named) = named
        && named.id != tenant.id
    {
        let text = "Provided grant is invalid or malformed.";
        return Err(Refusal::new(70_000, "invalid_grant", text));
    }
    if let Some(block) = account.block {
        return Err(blocked(block));
    }
    let sent = params.words("scope");
    let words = if sent.is_empty() {
        claimed.words.clone()
    } else {
        sent
    };
    let asked = scopes(app, &words)?;
    let resource = one_resource(&asked, &words)?;
    let granted = granted(world, app, &claimed.owner, &tenant, &asked, resource)?;

    let now = world.now();
    let lifetime = world.lifetime();
    let first = Asked::read(&claimed.words).unwrap_or_default();
    let access = Access {
        owner: claimed.owner.clone(),
        resource,
        scopes: granted.clone(),
        ends: later(now, lifetime),
    };
    let seconds = (lifetime.as_secs() - 1).max(0);
    let mut answer = json!({
        "token_type": "Bearer",
        "scope": spelled(&granted, &asked),
        "expires_in": seconds,
        "ext_expires_in": seconds,
        "access_token": world.grants.add_access(access, &mut world.dice),
    });
    if claimed.refreshes || first.offline {
        let words = claimed.words;
        let World { grants, dice, .. } = world;
        let refresh = grants.add_refresh(&claimed.owner, words, now, dice);
        answer["refresh_token"] = json!(refresh);
    }
    if asked.sign_in.iter().any(|word| word == "openid") {
        let mut claims = claims(&account, &tenant, app, now);
        if let Some(nonce) = claimed.nonce {
            claims["nonce"] = json!(nonce);
        }
        answer["id_token"] = json!(id_token(&claims, &mut world.dice));
    }
    Ok(answer)
}

/// A token is for one API. Where none is named it is for Graph.
fn one_resource(asked: &Asked, words: &[String]) -> Result<Resource, Refusal> {
    match asked.resources().as_slice() {
        [] => Ok(Resource::Graph),
        [one] => Ok(*one),
        _ => {
            let text = format!(
                "Provided value for the input parameter scope is not valid because it contains \
                 more than one resource. Scope {} is not valid.",
                words.join(" ")
            );
            Err(Refusal::new(28_000, "invalid_request", text))
        }
    }
}

/// Everything this user consented to at this API, if what is asked for is among it.
fn granted(
    world: &World,
    app: &App,
    owner: &Owner,
    tenant: &Tenant,
    asked: &Asked,
    resource: Resource,
) -> Result<BTreeSet<Scope>, Refusal> {
    let mut allowed = world.grants.allowed(owner, &tenant.id);
    allowed.retain(|scope| scope.resource == resource);
    let all_there = asked
        .scopes
        .iter()
        .all(|(scope, _)| allowed.contains(scope));
    let default_there = asked.defaults.is_empty() || !allowed.is_empty();
    if all_there && default_there {
        return Ok(allowed);
    }
    let text = format!(
        "The user or administrator has not consented to use the application with ID '{}' named \
         '{}'. Send an interactive authorization request for this user and resource.",
        app.client_id, app.name
    );
    Err(Refusal::new(65_001, "invalid_grant", text).sub("consent_required"))
}

/// As the answer lists them: those asked for in the words of the request, those of an earlier
/// consent in full, and never `offline_access`.
fn spelled(granted: &BTreeSet<Scope>, asked: &Asked) -> String {
    let spelled = granted.iter().map(|scope| {
        let word = asked.scopes.iter().find(|(named, _)| named == scope);
        word.map_or_else(|| scope.to_string(), |(_, word)| word.clone())
    });
    let all: Vec<String> = spelled.chain(asked.sign_in.iter().cloned()).collect();
    all.join(" ")
}

fn claims(account: &Account, tenant: &Tenant, app: &App, now: Timestamp) -> Value {
    let now = now.as_second();
    json!({
        "aud": app.client_id,
        "iss": format!("https://login.microsoftonline.com/{}/v2.0", tenant.id),
        "iat": now,
        "nbf": now,
        "exp": now + 3900,
        "name": account.name,
        "oid": account.oid,
        "preferred_username": account.email,
        "email": account.email,
        "sub": format!("{}-at-{}", account.oid, app.client_id),
        "tid": tenant.id,
        "ver": "2.0",
    })
}
