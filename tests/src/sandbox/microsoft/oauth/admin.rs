//! The page on which an admin consents for everybody of a tenant, and their answer.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse as _, Response};

use super::authorize::Place;
use super::consent::{form, redirect, signed_in};
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::aadsts::{MICROSOFT, Refusal};
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::world::World;
use crate::sandbox::page::escaped;

pub(super) async fn show(
    State(microsoft): State<Microsoft>,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    microsoft.with(|world| match Place::read(world, &tenant, &params) {
        Ok(place) => {
            Html(page(&place, params.given("login_hint").unwrap_or_default())).into_response()
        }
        Err(refusal) => refusal.page(world),
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
        let read = Place::read(world, &tenant, &params);
        let answered = read.and_then(|place| consent(world, &place, &pressed));
        answered.unwrap_or_else(|refusal| refusal.page(world))
    })
}

fn consent(world: &mut World, place: &Place, pressed: &Params) -> Result<Response, Refusal> {
    let state = place.state.as_deref();
    if pressed.get("decision") != Some("allow") {
        let text = "User declined to consent to access the app.";
        let declined = Refusal::new(65_004, "access_denied", text).sub("cancel");
        let mut pairs = declined.in_redirect(world);
        pairs.push(("admin_consent", "True".to_owned()));
        return Ok(redirect(place.redirect.clone(), &pairs, state));
    }
    let login = pressed.get("login").unwrap_or_default();
    let (account, tenant) = signed_in(world, place, login)?;
    if !account.admin {
        let text = "Calling principal cannot consent due to lack of permissions.";
        return Err(Refusal::new(90_093, "access_denied", text));
    }
    let permissions = place.app.permissions.iter().cloned();
    world
        .grants
        .allow_for_all(&tenant.id, &place.app.client_id, permissions);
    let pairs = [("admin_consent", "True".to_owned()), ("tenant", tenant.id)];
    Ok(redirect(place.redirect.clone(), &pairs, state))
}

fn page(place: &Place, login: &str) -> String {
    let permissions = place.app.permissions.iter();
    let permissions: String = permissions
        .map(|scope| format!("<li><code>{scope}</code></li>\n"))
        .collect();
    let app = escaped(&place.app.name);
    MICROSOFT.framed(
        "Permissions requested",
        &format!(
            "<h1>{app}: review for your organization</h1>\n<ul>\n{permissions}</ul>\n{}",
            form(login)
        ),
    )
}
