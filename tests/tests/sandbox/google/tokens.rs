//! Codes and tokens: what proves a client, what a refresh brings, and what ends a grant.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use greenroom_tests::sandbox::Canned;
use greenroom_tests::sandbox::google::{
    Account, AppAccess, CLIENT_ID, CLIENT_SECRET, Client, Config, Endpoint, Fault, FaultKind,
    scopes,
};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::app::{App, DANA, REDIRECT, VERIFIER, answer, but, calendar, exchange_form, mail};

fn dead() -> (u16, Value) {
    let description = "Token has been expired or revoked.";
    (
        400,
        json!({ "error": "invalid_grant", "error_description": description }),
    )
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

#[tokio::test]
async fn a_code_becomes_tokens_and_the_scopes_by_their_long_names() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    assert_eq!(keys.body["expires_in"], 3599);
    assert_eq!(keys.body["token_type"], "Bearer");
    assert!(keys.access.starts_with("ya29."));
    assert!(keys.refresh()?.starts_with("1//"));
    let mut granted: Vec<&str> = keys.scope.split(' ').collect();
    granted.sort_unstable();
    let mut expected = [
        scopes::OPENID,
        scopes::USERINFO_EMAIL,
        scopes::CALENDAR_EVENTS_FREEBUSY,
    ];
    expected.sort_unstable();
    assert_eq!(granted, expected);
    assert!(keys.body.get("refresh_token_expires_in").is_none());
    Ok(())
}

#[tokio::test]
async fn the_id_token_and_both_userinfos_say_who_it_is() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    let token = keys.body["id_token"].as_str().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap())?;
    let claims: Value = serde_json::from_slice(&claims)?;
    assert_eq!(claims["email"], DANA);
    assert_eq!(claims["hd"], "acme.example");
    assert_eq!(claims["aud"], CLIENT_ID);
    for path in ["/v1/userinfo", "/oauth2/v3/userinfo"] {
        let (status, info) = app.get(path, &keys.access).await?;
        assert_eq!((status, &info["email"]), (200, &json!(DANA)), "{path}");
        assert_eq!(info["sub"], claims["sub"]);
    }
    let (_, info) = app.get("/oauth2/v2/userinfo", &keys.access).await?;
    assert_eq!(info["id"], claims["sub"]);
    assert_eq!(info["verified_email"], true);
    let without = app.connect(DANA, scopes::CALENDAR).await?;
    assert_eq!(app.get("/v1/userinfo", &without.access).await?.0, 403);
    assert!(without.body.get("id_token").is_none());
    Ok(())
}

#[tokio::test]
async fn a_client_is_proven_by_its_secret_and_its_verifier() -> Result<()> {
    let app = App::start().await?;
    for (name, value, status, error, description) in [
        (
            "client_id",
            Some("nobody"),
            401,
            "invalid_client",
            "The OAuth client was not found.",
        ),
        (
            "client_id",
            None,
            400,
            "invalid_request",
            "Missing required parameter: client_id",
        ),
        (
            "client_secret",
            Some("guess"),
            401,
            "invalid_client",
            "The provided client secret is invalid.",
        ),
        (
            "client_secret",
            None,
            400,
            "invalid_request",
            "client_secret is missing.",
        ),
        (
            "grant_type",
            Some("password"),
            400,
            "unsupported_grant_type",
            "Invalid grant_type: password",
        ),
        (
            "grant_type",
            None,
            400,
            "invalid_request",
            "Missing required parameter: grant_type",
        ),
        (
            "code",
            Some("4/0Ainvented"),
            400,
            "invalid_grant",
            "Malformed auth code.",
        ),
        (
            "redirect_uri",
            Some("http://127.0.0.1:1/callback"),
            400,
            "redirect_uri_mismatch",
            "Bad Request",
        ),
        (
            "code_verifier",
            None,
            400,
            "invalid_grant",
            "Missing code verifier.",
        ),
        (
            "code_verifier",
            Some("another"),
            400,
            "invalid_grant",
            "Invalid code verifier.",
        ),
    ] {
        let code = app.code(DANA, app.authorize_url(&calendar(), &[])?).await?;
        let refused = app.token(&but(&exchange_form(&code), name, value)).await?;
        let body = json!({ "error": error, "error_description": description });
        assert_eq!(refused, (status, body), "{name}={value:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() -> Result<()> {
    let app = App::start().await?;
    let code = app.code(DANA, app.authorize_url(&calendar(), &[])?).await?;
    let form: serde_json::Map<String, Value> = exchange_form(&code)
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    let request = app.http.post(app.google.token_url()).json(&form);
    let (status, body) = answer(request.send().await?).await?;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")));
    Ok(())
}

#[tokio::test]
async fn a_code_is_good_once_and_for_ten_minutes() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(&calendar(), &[])?;
    let code = app.code(DANA, url.clone()).await?;
    assert_eq!(app.exchange(&code).await?.0, 200);
    assert_eq!(app.exchange(&code).await?.1["error"], "invalid_grant");
    let late = app.code(DANA, url).await?;
    app.google.advance(SignedDuration::from_mins(10));
    assert_eq!(app.exchange(&late).await?.1["error"], "invalid_grant");
    Ok(())
}

#[tokio::test]
async fn a_refresh_brings_no_refresh_token_and_the_old_one_stays() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    for _ in 0..3 {
        let (status, body) = app.refresh(keys.refresh()?).await?;
        assert_eq!(status, 200);
        assert!(body.get("refresh_token").is_none(), "{body}");
        assert_eq!(body["scope"], keys.scope.as_str());
        assert_ne!(body["access_token"], keys.access.as_str());
    }
    assert_eq!(app.google.counters().refreshes, 3);
    assert_eq!(app.google.counters().of(Endpoint::Refresh), 3);
    Ok(())
}

#[tokio::test]
async fn without_offline_access_or_the_second_time_without_asking_again_none_comes() -> Result<()> {
    let app = App::start().await?;
    let online = app.authorize_url(&calendar(), &[("access_type", None)])?;
    assert!(app.connect_at(DANA, online).await?.refresh.is_none());
    // Everything is allowed by now, so nobody is asked.
    let silent = app.authorize_url(&calendar(), &[("prompt", None)])?;
    assert!(app.connect_at(DANA, silent).await?.refresh.is_none());
    let asking = app.authorize_url(&calendar(), &[])?;
    assert!(app.connect_at(DANA, asking).await?.refresh.is_some());
    // More than was allowed: they are asked.
    let more = app.authorize_url(&mail(), &[("prompt", None)])?;
    assert!(app.connect_at(DANA, more).await?.refresh.is_some());
    Ok(())
}

#[tokio::test]
async fn a_user_may_untick_scopes_and_the_answer_says_what_is_left() -> Result<()> {
    let app = App::start().await?;
    let few = Account::new("few@acme.example").granting_only(&[scopes::MAIL]);
    app.google.add_account(few)?;
    let both = format!("{} {}", calendar(), scopes::MAIL);
    let keys = app.connect("few@acme.example", &both).await?;
    assert!(keys.scope.contains(scopes::MAIL), "{}", keys.scope);
    assert!(!keys.scope.contains("calendar"), "{}", keys.scope);
    let none = app.connect("few@acme.example", &calendar()).await?;
    assert!(!none.scope.contains("calendar"), "{}", none.scope);
    Ok(())
}

#[tokio::test]
async fn scopes_are_added_to_those_allowed_before_where_that_is_asked_for() -> Result<()> {
    let app = App::start().await?;
    app.connect(DANA, &calendar()).await?;
    let alone = app.connect(DANA, &mail()).await?;
    assert!(!alone.scope.contains("calendar"), "{}", alone.scope);
    let url = app.authorize_url(&mail(), &[("include_granted_scopes", Some("true"))])?;
    let both = app.connect_at(DANA, url).await?;
    assert!(both.scope.contains("calendar"), "{}", both.scope);
    assert!(both.scope.contains(scopes::MAIL), "{}", both.scope);
    Ok(())
}

#[tokio::test]
async fn revoking_one_token_ends_all_of_that_user_and_project_and_nobody_elses() -> Result<()> {
    let app = App::start().await?;
    app.google.add_account(Account::new("li@acme.example"))?;
    let li = app.connect("li@acme.example", &calendar()).await?;
    let calendar = app.connect(DANA, &calendar()).await?;
    let mail = app.connect(DANA, &mail()).await?;
    assert_eq!(app.revoke(&calendar.access).await?, (200, json!({})));
    assert_eq!(app.refresh(calendar.refresh()?).await?, dead());
    assert_eq!(app.refresh(mail.refresh()?).await?, dead());
    assert_eq!(app.get("/v1/userinfo", &mail.access).await?.0, 401);
    assert_eq!(app.refresh(li.refresh()?).await?.0, 200);
    let (status, body) = app.revoke(calendar.refresh()?).await?;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_token")));
    Ok(())
}

#[tokio::test]
async fn the_hundred_and_first_refresh_token_ends_the_oldest_in_silence() -> Result<()> {
    let app = App::start().await?;
    let first = app.connect(DANA, &calendar()).await?;
    for _ in 0..100 {
        app.connect(DANA, &calendar()).await?;
    }
    assert_eq!(app.google.live_grants(), 100);
    assert_eq!(app.refresh(first.refresh()?).await?, dead());
    Ok(())
}

#[tokio::test]
async fn seven_days_six_months_and_a_chosen_time_end_a_grant() -> Result<()> {
    let testing = App::with(Config::default().in_testing(&[DANA])).await?;
    let keys = testing.connect(DANA, &calendar()).await?;
    testing.google.advance(days(7));
    assert_eq!(testing.refresh(keys.refresh()?).await?, dead());

    let unused = App::start().await?;
    let keys = unused.connect(DANA, &calendar()).await?;
    unused.google.advance(days(183));
    assert_eq!(unused.refresh(keys.refresh()?).await?, dead());
    unused.google.advance(days(1));
    let (_, forgotten) = unused.refresh(keys.refresh()?).await?;
    assert_eq!(forgotten["error_description"], "Bad Request");

    let chosen = App::start().await?;
    let short = Account::new("li@acme.example").for_days(30);
    chosen.google.add_account(short)?;
    let keys = chosen.connect("li@acme.example", &calendar()).await?;
    assert_eq!(keys.body["refresh_token_expires_in"], 30 * 24 * 3600);
    chosen.google.advance(days(29));
    let (_, body) = chosen.refresh(keys.refresh()?).await?;
    assert_eq!(body["refresh_token_expires_in"], 24 * 3600);
    chosen.google.advance(days(1));
    assert_eq!(chosen.refresh(keys.refresh()?).await?, dead());
    Ok(())
}

#[tokio::test]
async fn another_password_ends_what_has_gmail_in_it() -> Result<()> {
    let app = App::start().await?;
    let mail = app.connect(DANA, &mail()).await?;
    let calendar = app.connect(DANA, &calendar()).await?;
    assert_eq!(app.google.change_password(DANA)?, 1);
    assert_eq!(app.refresh(mail.refresh()?).await?, dead());
    assert_eq!(app.refresh(calendar.refresh()?).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn admins_and_deleted_accounts_end_grants_in_words_of_their_own() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    app.google.ask_to_sign_in(DANA)?;
    let (_, body) = app.refresh(keys.refresh()?).await?;
    assert_eq!(body["error"], "invalid_grant");
    assert_eq!(body["error_subtype"], "invalid_rapt");
    app.connect(DANA, "openid email").await?;
    assert_eq!(app.refresh(keys.refresh()?).await?.0, 200);

    app.google.set_access("acme.example", AppAccess::Blocked)?;
    assert_eq!(app.refresh(keys.refresh()?).await?, dead());
    app.google.set_access("acme.example", AppAccess::Trusted)?;

    let keys = app.connect(DANA, &calendar()).await?;
    app.google.remove_account(DANA)?;
    let (_, body) = app.refresh(keys.refresh()?).await?;
    assert_eq!(body["error_description"], "Account has been deleted");
    Ok(())
}

#[tokio::test]
async fn a_token_of_another_client_is_refused() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    app.google.edit_projects(|project| {
        project.clients.push(Client {
            id: "other.apps.googleusercontent.com".to_owned(),
            secret: "other".to_owned(),
        });
    });
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "other.apps.googleusercontent.com"),
        ("client_secret", "other"),
        ("refresh_token", keys.refresh()?),
    ];
    let (status, body) = app.token(&form).await?;
    assert_eq!(
        (status, &body["error"]),
        (401, &json!("unauthorized_client"))
    );
    assert_eq!(app.refresh(keys.refresh()?).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn access_ends_after_an_hour() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    let (status, info) = app
        .get(&format!("/tokeninfo?access_token={}", keys.access), "")
        .await?;
    assert_eq!((status, &info["expires_in"]), (200, &json!("3600")));
    app.google.advance(SignedDuration::from_hours(1));
    assert_eq!(app.get("/v1/userinfo", &keys.access).await?.0, 401);
    let (status, body) = app.get("/oauth2/v2/userinfo", &keys.access).await?;
    assert_eq!(
        (status, &body["error"]["status"]),
        (401, &json!("UNAUTHENTICATED"))
    );
    Ok(())
}

#[tokio::test]
async fn a_fault_strikes_where_it_is_switched_on_and_all_is_noted() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    let busy = Canned::json(503, json!({ "error": "internal_failure" }));
    let fault = Fault::once(Endpoint::Refresh, FaultKind::Answer(busy));
    app.google.fault(fault);
    assert_eq!(app.refresh(keys.refresh()?).await?.0, 503);
    app.google
        .fault(Fault::once(Endpoint::Refresh, FaultKind::LostAfter));
    assert!(app.refresh(keys.refresh()?).await.is_err());
    assert_eq!(app.refresh(keys.refresh()?).await?.0, 200);

    let noted = app.google.exchanges();
    let refreshes: Vec<_> = noted
        .iter()
        .filter(|it| it.path == "/token")
        .skip(1)
        .map(|it| (it.status, it.canned))
        .collect();
    assert_eq!(refreshes, [(503, true), (200, false), (200, false)]);
    assert_eq!(
        noted[0].query[0],
        ("response_type".to_owned(), "code".to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn a_secret_may_also_stand_in_the_header() -> Result<()> {
    let app = App::start().await?;
    let code = app.code(DANA, app.authorize_url(&calendar(), &[])?).await?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let request = app.http.post(app.google.token_url()).form(&form);
    let request = request.basic_auth(CLIENT_ID, Some(CLIENT_SECRET));
    assert_eq!(answer(request.send().await?).await?.0, 200);
    Ok(())
}
