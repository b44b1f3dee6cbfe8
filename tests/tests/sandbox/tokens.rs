//! Codes and tokens: bound, single use, rotated, revoked.

use anyhow::Result;
use greenroom_tests::sandbox::{
    CLIENT_ID, CLIENT_SECRET, Decision, PUBLIC_CLIENT_ID, User, consent,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{
    App, DANA, Pair, REDIRECT, VERIFIER, answer, exchange_form, pair, parameter, refresh_form,
};

fn dead() -> (u16, Value) {
    (
        400,
        json!({ "reason": "Invalid Token!", "error": "invalid_grant" }),
    )
}

fn wrong_client() -> (u16, Value) {
    let reason = "Invalid client_id or client_secret";
    (400, json!({ "reason": reason, "error": "invalid_client" }))
}

#[tokio::test]
async fn a_code_becomes_a_pair_of_opaque_tokens() -> Result<()> {
    let app = App::start().await?;
    let code = app.code(DANA).await?;
    let (status, body) = app.exchange(&code).await?;
    assert_eq!(status, 200);
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["expires_in"], 3599);
    assert_eq!(body["api_url"], app.zoom.url());
    let Pair {
        access,
        refresh,
        scope,
    } = pair((status, body))?;
    assert!(access.starts_with("eyJ") && access.len() > 300);
    assert!(refresh.starts_with("eyJ") && refresh != access);
    assert!(
        scope
            .split(' ')
            .any(|granted| granted == "meeting:write:meeting")
    );
    Ok(())
}

#[tokio::test]
async fn a_code_is_good_once_and_for_five_minutes() -> Result<()> {
    let app = App::start().await?;
    let code = app.code(DANA).await?;
    assert_eq!(app.exchange(&code).await?.0, 200);
    assert_eq!(app.exchange(&code).await?.1["error"], "invalid_grant");

    let late = app.code(DANA).await?;
    app.zoom.advance(SignedDuration::from_mins(5));
    assert_eq!(app.exchange(&late).await?.1["error"], "invalid_grant");
    Ok(())
}

#[tokio::test]
async fn a_code_is_bound_to_its_verifier_and_redirect() -> Result<()> {
    let app = App::start().await?;
    for (name, wrong) in [
        (
            "code_verifier",
            "another-verifier-of-at-least-forty-three-letters",
        ),
        ("redirect_uri", "http://127.0.0.1:41828/callback"),
    ] {
        let code = app.code(DANA).await?;
        let form =
            exchange_form(&code).map(|(key, value)| (key, if key == name { wrong } else { value }));
        let (status, body) = app.token(&form).await?;
        assert_eq!(
            (status, &body["error"]),
            (400, &json!("invalid_grant")),
            "{name}"
        );
        assert_eq!(
            app.exchange(&code).await?.0,
            400,
            "the code is used up: {name}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_challenge_without_a_method_is_the_verifier_itself() -> Result<()> {
    let app = App::start().await?;
    let mut url = app.authorize_url_but("code_challenge_method", None)?;
    let kept: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let plain = kept.into_iter().map(|(key, value)| match key.as_str() {
        "code_challenge" => (key, VERIFIER.to_owned()),
        _ => (key, value),
    });
    let plain: Vec<(String, String)> = plain.collect();
    url.query_pairs_mut().clear().extend_pairs(plain);
    let back = consent(url.as_str(), DANA, Decision::Allow).await?;
    assert_eq!(app.exchange(&parameter(&back, "code")?).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn the_confidential_client_proves_itself_by_basic_only() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url_but("client_id", Some(CLIENT_ID))?;
    let token_url = format!("{}/token", app.zoom.oauth_url());
    let back = consent(url.as_str(), DANA, Decision::Allow).await?;
    let code = parameter(&back, "code")?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let wrong = app
        .http
        .post(&token_url)
        .basic_auth(CLIENT_ID, Some("guess"))
        .form(&form);
    assert_eq!(answer(wrong.send().await?).await?, wrong_client());
    let in_form = [
        form.as_slice(),
        &[("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET)],
    ]
    .concat();
    assert_eq!(app.token(&in_form).await?, wrong_client());

    let right = app
        .http
        .post(&token_url)
        .basic_auth(CLIENT_ID, Some(CLIENT_SECRET))
        .form(&form);
    let first = pair(answer(right.send().await?).await?)?;
    let query = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &first.refresh),
    ];
    let by_query = app
        .http
        .post(&token_url)
        .basic_auth(CLIENT_ID, Some(CLIENT_SECRET))
        .query(&query);
    assert_eq!(answer(by_query.send().await?).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn an_unknown_client_is_told_so_and_kills_nothing() -> Result<()> {
    let app = App::start().await?;
    let pair = app.connect(DANA).await?;
    let form = refresh_form(&pair.refresh)
        .map(|(key, value)| (key, if key == "client_id" { "nobody" } else { value }));
    assert_eq!(app.token(&form).await?, wrong_client());
    assert_eq!(app.refresh(&pair.refresh).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn a_refresh_kills_the_pair_it_came_from() -> Result<()> {
    let app = App::start().await?;
    let old = app.connect(DANA).await?;
    let new = pair(app.refresh(&old.refresh).await?)?;
    assert_eq!(app.refresh(&old.refresh).await?, dead());
    assert_eq!(app.get("/users/me", &old.access).await?.0, 401);
    assert_eq!(app.get("/users/me", &new.access).await?.0, 200);
    assert_eq!(
        app.refresh(&new.refresh).await?.0,
        200,
        "a wrong try kills nothing"
    );
    let counters = app.zoom.counters();
    assert_eq!((counters.refreshes, counters.refreshes_refused), (2, 1));
    Ok(())
}

#[tokio::test]
async fn access_ends_after_an_hour_and_a_refresh_token_after_ninety_days() -> Result<()> {
    let app = App::start().await?;
    let pair = app.connect(DANA).await?;
    app.zoom.advance(SignedDuration::from_hours(1));
    let (status, body) = app.get("/users/me", &pair.access).await?;
    assert_eq!(
        (status, body),
        (
            401,
            json!({ "code": 124, "message": "Access token is expired." })
        )
    );
    app.zoom.advance(SignedDuration::from_hours(90 * 24));
    assert_eq!(app.refresh(&pair.refresh).await?, dead());
    Ok(())
}

#[tokio::test]
async fn a_user_may_grant_less_than_was_asked() -> Result<()> {
    let app = App::start().await?;
    let few = ["user:read:user", "meeting:write:meeting"];
    app.zoom
        .add_user(User::new("few@acme.example").granting_only(&few))?;
    let pair = app.connect("few@acme.example").await?;
    assert_eq!(pair.scope, "meeting:write:meeting user:read:user");

    let (status, body) = app.get("/users/me/meetings", &pair.access).await?;
    let text = "Invalid access token, does not contain scopes:[meeting:read:list_meetings].";
    assert_eq!(
        (status, body),
        (400, json!({ "code": 4711, "message": text }))
    );
    Ok(())
}

#[tokio::test]
async fn revoking_kills_both_tokens() -> Result<()> {
    let app = App::start().await?;
    let pair = app.connect(DANA).await?;
    let url = format!("{}/revoke", app.zoom.oauth_url());
    let form = [
        ("token", pair.access.as_str()),
        ("client_id", PUBLIC_CLIENT_ID),
    ];
    let revoked = answer(app.http.post(url).form(&form).send().await?).await?;
    assert_eq!(revoked, (200, json!({ "status": "success" })));
    assert_eq!(app.refresh(&pair.refresh).await?, dead());
    assert_eq!(app.get("/users/me", &pair.access).await?.1["code"], 124);
    Ok(())
}

#[tokio::test]
async fn removing_the_app_in_zoom_kills_the_grant() -> Result<()> {
    let app = App::start().await?;
    let pair = app.connect(DANA).await?;
    assert_eq!(app.zoom.end_grants(DANA)?, 1);
    assert_eq!(app.refresh(&pair.refresh).await?, dead());
    Ok(())
}
