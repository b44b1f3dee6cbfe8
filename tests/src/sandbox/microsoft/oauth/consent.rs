//! The consent page and the answer given on it.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use url::Url;

use super::authorize::{Place, Request};
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::aadsts::{MICROSOFT, Refusal};
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::directory::{Account, App, Block, Tenant, UserConsent};
use crate::sandbox::microsoft::grants::Consent;
use crate::sandbox::microsoft::scopes::Scope;
use crate::sandbox::microsoft::world::{Named, World};
use crate::sandbox::page::escaped;

pub(super) async fn show(
    State(microsoft): State<Microsoft>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    microsoft.with(|world| {
        let place = match Place::read(world, &tenant, &params) {
            Ok(place) => place,
            Err(refusal) => return refusal.page(world),
        };
        match Request::read(&place, &params) {
            Ok(request) => {
                let hint = params.given("login_hint");
                let login = hint.unwrap_or(&world.default_account);
                Html(page(&place.app.name, &request, login)).into_response()
            }
            Err(refusal) => back(world, &place, &refusal),
        }
    })
}

pub(super) async fn answer(
    State(microsoft): State<Microsoft>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    let pressed = Params::read(None, &body);
    microsoft.with(|world| {
        let place = match Place::read(world, &tenant, &params) {
            Ok(place) => place,
            Err(refusal) => return refusal.page(world),
        };
        let request = match Request::read(&place, &params) {
            Ok(request) => request,
            Err(refusal) => return back(world, &place, &refusal),
        };
        if pressed.get("decision") != Some("allow") {
            let text = "User declined to consent to access the app.";
            let declined = Refusal::new(65_004, "access_denied", text).sub("cancel");
            return back(world, &place, &declined);
        }
        let login = pressed.get("login").unwrap_or_default();
        let (account, tenant) = match signed_in(world, &place, login) {
            Ok(found) => found,
            Err(refusal) => return refusal.page(world),
        };
        allow(world, &place, request, &account, &tenant)
    })
}

/// Who signs in, and their tenant.
pub(super) fn signed_in(
    world: &World,
    place: &Place,
    login: &str,
) -> Result<(Account, Tenant), Refusal> {
    let of_account = |account: &Account| world.tenant(&account.tenant).cloned();
    let account = world.account(login).cloned();
    let found = account.and_then(|account| of_account(&account).map(|tenant| (account, tenant)));
    let (account, tenant) = found.ok_or_else(|| {
        let text = "The user account {EmailHidden} does not exist in the directory. To sign into \
                    this application, the account must be added to the directory.";
        Refusal::new(50_034, "invalid_grant", text)
    })?;
    if let Named::Tenant(named) = &place.tenant
        && named.id != tenant.id
    {
        let text = format!(
            "User account '{{EmailHidden}}' from identity provider \
             'https://sts.windows.net/{}/' does not exist in tenant '{}' and cannot access the \
             application '{}'({}) in that tenant. The account needs to be added as an external \
             user in the tenant first.",
            tenant.id, named.name, place.app.client_id, place.app.name
        );
        return Err(Refusal::new(50_020, "invalid_grant", text));
    }
    match account.block {
        Some(block) => Err(blocked(block)),
        None => Ok((account, tenant)),
    }
}

/// What keeps an account from new tokens now.
pub(super) fn blocked(block: Block) -> Refusal {
    match block {
        Block::ConditionalAccess => Refusal::new(
            53_003,
            "invalid_grant",
            "Access has been blocked by Conditional Access policies. The access policy does not \
             allow token issuance.",
        )
        .sub("message_only"),
        Block::Disabled => Refusal::new(50_057, "invalid_grant", "The user account is disabled."),
    }
}

fn allow(
    world: &mut World,
    place: &Place,
    request: Request,
    account: &Account,
    tenant: &Tenant,
) -> Response {
    let owner = (account.email.clone(), place.app.client_id.clone());
    let allowed = world.grants.allowed(&owner, &tenant.id);
    let named = request.asked.scopes.iter().map(|(scope, _)| scope.clone());
    let defaults = &request.asked.defaults;
    let registered = place.app.permissions.iter().cloned();
    let registered = registered.filter(|scope| defaults.contains(&scope.resource));
    let mut wanted: Vec<Scope> = named.chain(registered).collect();
    // Asking again asks again for all, whatever an admin has consented to.
    wanted.retain(|scope| request.asks_again || !allowed.contains(scope));
    if let Some(refusal) = wall(tenant, &place.app, account, &wanted) {
        let button = "<form method=\"post\">\n\
                      <button name=\"decision\" value=\"return\">Return to the application without \
                      granting consent</button>\n</form>";
        return refusal.page_with(world, "Need admin approval", button);
    }
    world.grants.allow(&owner, wanted);
    let consent = Consent {
        owner,
        asked: request.words,
        nonce: request.nonce,
    };
    let now = world.now();
    let code = world
        .grants
        .code(consent, request.binding, now, &mut world.dice);
    let session = world.dice.guid();
    let pairs = [("code", code), ("session_state", session)];
    redirect(place.redirect.clone(), &pairs, place.state.as_deref())
}

/// Why a user cannot consent to this without an admin.
fn wall(tenant: &Tenant, app: &App, account: &Account, wanted: &[Scope]) -> Option<Refusal> {
    if account.admin || wanted.is_empty() {
        return None;
    }
    let needs_admin = match tenant.consent {
        UserConsent::Everything => false,
        UserConsent::Managed => wanted.iter().any(Scope::needs_admin),
        UserConsent::Nothing => true,
        UserConsent::Risky => {
            let text = "Administrator consent is required. App is considered risky.";
            return Some(Refusal::new(900_941, "access_denied", text));
        }
    };
    needs_admin.then(|| {
        let text = format!(
            "An administrator of {} has set a policy that prevents you from granting {} the \
             permissions it is requesting. Contact an administrator of {}, who can grant \
             permissions to this app on your behalf.",
            tenant.name, app.name, tenant.name
        );
        Refusal::new(90_094, "access_denied", text)
    })
}

fn back(world: &mut World, place: &Place, refusal: &Refusal) -> Response {
    let pairs = refusal.in_redirect(world);
    redirect(place.redirect.clone(), &pairs, place.state.as_deref())
}

/// Back to the app, the state last.
pub(super) fn redirect(
    mut to: Url,
    pairs: &[(&'static str, String)],
    state: Option<&str>,
) -> Response {
    let mut query = to.query_pairs_mut();
    query.extend_pairs(pairs);
    query.extend_pairs(state.map(|state| ("state", state)));
    drop(query);
    (StatusCode::FOUND, [(header::LOCATION, to.to_string())]).into_response()
}

fn page(app: &str, request: &Request, login: &str) -> String {
    let scopes = request.words.iter();
    let scopes: String = scopes
        .map(|scope| format!("<li><code>{}</code></li>\n", escaped(scope)))
        .collect();
    MICROSOFT.framed(
        "Permissions requested",
        &format!(
            "<h1>{} wants to</h1>\n<ul>\n{scopes}</ul>\n{}",
            escaped(app),
            form(login)
        ),
    )
}

/// Who signs in, and the two buttons.
pub(super) fn form(login: &str) -> String {
    format!(
        "<form method=\"post\">\n\
         <label>Work account\n\
         <input type=\"text\" name=\"login\" value=\"{}\"></label>\n\
         <button name=\"decision\" value=\"allow\">Accept</button>\n\
         <button name=\"decision\" value=\"cancel\">Cancel</button>\n\
         </form>",
        escaped(login)
    )
}
