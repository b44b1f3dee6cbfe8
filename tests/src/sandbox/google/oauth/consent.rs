//! The consent page and the answer given on it.
//!
//! The page has one field, who signs in, and a box for each scope but those of signing in. A
//! browser that sends no boxes at all leaves them as the account has them.

use std::collections::BTreeSet;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use url::Url;

use super::authorize::Request;
use super::refusal::{GOOGLE, PageRefusal};
use crate::sandbox::form::Params;
use crate::sandbox::google::control::Google;
use crate::sandbox::google::directory::{Account, Publishing};
use crate::sandbox::google::grants::Consent;
use crate::sandbox::google::scopes;
use crate::sandbox::google::world::World;
use crate::sandbox::page::escaped;

pub(super) async fn show(
    State(google): State<Google>,
    RawQuery(query): RawQuery,
) -> Result<Html<String>, PageRefusal> {
    let params = Params::read(query.as_deref(), &[]);
    google.with(|world| {
        let request = Request::read(world, &params)?;
        let account = request.login_hint.clone();
        let account = account.unwrap_or_else(|| world.default_account.clone());
        Ok(Html(page(&request, &account)))
    })
}

pub(super) async fn answer(
    State(google): State<Google>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, PageRefusal> {
    let params = Params::read(query.as_deref(), &[]);
    let pressed = Params::read(None, &body);
    let boxes: Vec<String> = url::form_urlencoded::parse(&body)
        .filter(|(name, _)| name == "box")
        .map(|(_, scope)| scope.into_owned())
        .collect();
    google.with(|world| {
        let request = Request::read(world, &params)?;
        let email = pressed.get("identifier").unwrap_or_default();
        let account = world.account(email).cloned();
        let account = account.ok_or(PageRefusal::NoAccount)?;
        if let Some(wall) = world.wall(&account, &request.project, request.scopes.iter()) {
            return Err(PageRefusal::Wall(wall, request.project.name));
        }
        if pressed.get("decision") != Some("allow") {
            let denied = [("error", "access_denied".to_owned())];
            return Ok(back(request.redirect, &denied, request.state.as_deref()));
        }
        let boxes = pressed.get("boxes").map(|_| boxes);
        Ok(allow(world, request, &account, boxes))
    })
}

fn allow(
    world: &mut World,
    request: Request,
    account: &Account,
    boxes: Option<Vec<String>>,
) -> Response {
    let owner = (account.email.clone(), request.project.number);
    let before = world.grants.allowed(&owner);
    let shown = request.asks_again || !request.scopes.is_subset(&before);
    let ticked = boxes.or_else(|| account.only_scopes.clone());
    let mut scopes = request.scopes;
    if let Some(ticked) = ticked.filter(|_| shown) {
        scopes.retain(|scope| scopes::is_sign_in(scope) || ticked.contains(scope));
    }
    if request.includes_granted {
        scopes.extend(before);
    }
    let granted: Vec<String> = scopes.iter().cloned().collect();
    let consent = Consent {
        owner,
        client_id: request.binding.client_id.clone(),
        scopes,
        lasting: request.offline && shown,
        days: account.days.filter(|_| shown),
        testing: matches!(request.project.publishing, Publishing::Testing { .. }),
    };
    let now = world.now();
    let code = world
        .grants
        .consent(consent, request.binding, now, &mut world.dice);
    let mut answers = vec![
        ("code", code),
        ("scope", granted.join(" ")),
        ("authuser", "0".to_owned()),
    ];
    answers.extend(account.domain.clone().map(|domain| ("hd", domain)));
    answers.push(("prompt", if shown { "consent" } else { "none" }.to_owned()));
    back(request.redirect, &answers, request.state.as_deref())
}

fn back(mut to: Url, answers: &[(&str, String)], state: Option<&str>) -> Response {
    let mut query = to.query_pairs_mut();
    // Google puts the state first.
    query.extend_pairs(state.map(|state| ("state", state)));
    query.extend_pairs(answers);
    drop(query);
    (StatusCode::FOUND, [(header::LOCATION, to.to_string())]).into_response()
}

fn page(request: &Request, account: &str) -> String {
    let app = escaped(&request.project.name);
    let one = |scope: &String| {
        let meaning = escaped(scopes::meaning(scope).unwrap_or_default());
        let name = escaped(scope);
        let ticked = match scopes::is_sign_in(scope) {
            true => String::new(),
            false => {
                format!("<input type=\"checkbox\" name=\"box\" value=\"{name}\" checked> ")
            }
        };
        format!("<li><label>{ticked}{meaning} <code>{name}</code></label></li>\n")
    };
    let scopes: BTreeSet<String> = request.scopes.iter().map(one).collect();
    let scopes: String = scopes.into_iter().collect();
    GOOGLE.framed(
        "Sign in with Google",
        &format!(
            "<h1>{app} wants access to your Google Account</h1>\n\
             <form method=\"post\">\n\
             <label>Google Account\n\
             <input type=\"text\" name=\"identifier\" value=\"{}\"></label>\n\
             <ul>\n{scopes}</ul>\n\
             <input type=\"hidden\" name=\"boxes\" value=\"shown\">\n\
             <button name=\"decision\" value=\"allow\">Continue</button>\n\
             <button name=\"decision\" value=\"cancel\">Cancel</button>\n\
             </form>",
            escaped(account)
        ),
    )
}
