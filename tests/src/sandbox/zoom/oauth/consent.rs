//! The consent page and the answer given on it.
//!
//! Agreeing ends the grant the user gave this app before, already here and not at the exchange.

use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use url::Url;

use super::authorize::{Asked, Refusal, Request};
use super::page;
use crate::sandbox::codes::Binding;
use crate::sandbox::zoom::config::Decline;
use crate::sandbox::zoom::control::Zoom;
use crate::sandbox::zoom::grants::{Consent, Owner};
use crate::sandbox::zoom::world::{Admission, World};

pub(super) async fn show(
    State(zoom): State<Zoom>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Refusal> {
    zoom.with(|world| {
        let request = asked.judge(world)?;
        let zoom_user = asked.login_hint.as_ref().unwrap_or(&world.default_user);
        Ok(Html(page::consent(
            &request.app.name,
            &request.scopes,
            zoom_user,
        )))
    })
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    zoom_user: String,
    decision: Pressed,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Pressed {
    Allow,
    Decline,
}

pub(super) async fn answer(
    State(zoom): State<Zoom>,
    Query(asked): Query<Asked>,
    Form(answer): Form<Answer>,
) -> Result<Response, Refusal> {
    zoom.with(|world| {
        let request = asked.judge(world)?;
        let state = asked.state.as_deref();
        Ok(match answer.decision {
            Pressed::Allow => allow(world, request, &answer.zoom_user, state),
            Pressed::Decline => decline(world, request.redirect_uri, state),
        })
    })
}

fn allow(world: &mut World, request: Request, zoom_user: &str, state: Option<&str>) -> Response {
    let app = &request.app.name;
    let Some(user) = world.user(zoom_user).cloned() else {
        return refused(
            StatusCode::UNAUTHORIZED,
            "Sign in",
            "Incorrect email or password. There is no such Zoom user.",
        );
    };
    match world.admission(&user, &request.app) {
        Admission::Granted => {}
        Admission::NotForThisAccount => {
            let text = format!(
                "You cannot install {app} without the developer's account: it is a private app \
                 of another Zoom account."
            );
            return refused(StatusCode::FORBIDDEN, "Zoom App Marketplace", &text);
        }
        Admission::NeedsApproval => {
            let title = format!("You cannot authorize {app}");
            world.approval_requests.insert((user.account, app.clone()));
            let text = "Your account's admin has to approve this app first. A request was sent. Zoom leads nowhere from \
                        here: go back to Greenroom and press a. In this sandbox the admin's page is /marketplace at the \
                        same address.";
            return refused(StatusCode::FORBIDDEN, &title, text);
        }
    }
    let mut scopes = request.scopes;
    if let Some(only) = &user.only_scopes {
        scopes.retain(|scope| only.contains(scope));
    }
    let consent = Consent {
        owner: Owner {
            user: user.email,
            app: request.app.name,
        },
        client_id: request.client_id.clone(),
        scopes,
    };
    let binding = Binding {
        client_id: request.client_id,
        redirect_uri: request.redirect_text,
        challenge: request.challenge,
    };
    let now = world.now();
    let code = world.grants.consent(consent, binding, now, &mut world.dice);
    redirect(request.redirect_uri, ("code", &code), state)
}

fn decline(world: &World, redirect_uri: Url, state: Option<&str>) -> Response {
    match world.decline {
        Decline::AccessDenied => redirect(redirect_uri, ("error", "access_denied"), state),
        Decline::Silence => Html(page::plain(
            "Zoom",
            "You declined. You can close this window.",
        ))
        .into_response(),
    }
}

fn refused(status: StatusCode, title: &str, text: &str) -> Response {
    (status, Html(page::plain(title, text))).into_response()
}

fn redirect(mut to: Url, (name, value): (&str, &str), state: Option<&str>) -> Response {
    to.query_pairs_mut().append_pair(name, value);
    if let Some(state) = state {
        to.query_pairs_mut().append_pair("state", state);
    }
    (StatusCode::FOUND, [(header::LOCATION, to.to_string())]).into_response()
}
