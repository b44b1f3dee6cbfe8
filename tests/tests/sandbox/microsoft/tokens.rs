//! Codes and tokens: no secret, one API a token, refresh tokens that replace each other, and what
//! ends them.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use greenroom_tests::sandbox::microsoft::{Block, Config, Death, Endpoint, TENANT};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::app::{App, DANA, EXCHANGE, GRAPH, answer, exchange_form, keys, number, refresh_form};
use crate::google::app::but;

const SMTP: &str = "https://outlook.office.com/SMTP.Send";

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

#[tokio::test]
async fn a_code_becomes_tokens_for_graph() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let lives = keys.body["expires_in"].as_i64().unwrap();
    assert!((3599..5400).contains(&lives), "{lives}");
    assert_eq!(keys.body["ext_expires_in"], lives);
    assert_eq!(keys.body["token_type"], "Bearer");
    let mut scope: Vec<&str> = keys.scope.split(' ').collect();
    scope.sort_unstable();
    let expected = [
        "Mail.Read",
        "Mail.Send",
        "User.Read",
        "email",
        "openid",
        "profile",
    ];
    assert_eq!(scope, expected);

    let token = keys.body["id_token"].as_str().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap())?;
    let claims: Value = serde_json::from_slice(&claims)?;
    assert_eq!(claims["preferred_username"], DANA);
    assert_eq!(claims["tid"], TENANT);
    let (status, me) = app.get("/me", &keys.access).await?;
    assert_eq!((status, &me["userPrincipalName"]), (200, &json!(DANA)));
    assert_eq!(me["id"], claims["oid"]);
    Ok(())
}

#[tokio::test]
async fn a_refresh_token_comes_only_with_offline_access() -> Result<()> {
    let app = App::start().await?;
    let without = app.connect(DANA, "openid User.Read").await?;
    assert!(without.refresh.is_none());
    assert!(
        app.connect(DANA, "User.Read offline_access")
            .await?
            .refresh
            .is_some()
    );
    Ok(())
}

#[tokio::test]
async fn a_public_client_that_sends_a_secret_is_refused() -> Result<()> {
    let app = App::start().await?;
    let refresh = app.connect(DANA, GRAPH).await?.refresh()?.to_owned();
    let mut form = refresh_form(&refresh).to_vec();
    form.push(("client_secret", "anything"));
    let refused = app.token(&form).await?;
    assert_eq!(refused.0, 401);
    assert_eq!(refused.1["error"], "invalid_client");
    assert_eq!(number(&refused)?, 700_025);
    for field in ["timestamp", "trace_id", "correlation_id"] {
        assert!(refused.1[field].is_string(), "{field}");
    }
    assert_eq!(refused.1["timestamp"], "2026-11-23 09:00:00Z");
    Ok(())
}

#[tokio::test]
async fn a_wrong_exchange_is_refused_by_its_number() -> Result<()> {
    let app = App::start().await?;
    for (name, value, error, expected) in [
        (
            "client_id",
            Some("11111111-2222-3333-4444-555555555555"),
            "unauthorized_client",
            700_016,
        ),
        ("client_id", None, "invalid_request", 900_144),
        (
            "grant_type",
            Some("password"),
            "unsupported_grant_type",
            70_003,
        ),
        ("grant_type", None, "invalid_request", 900_144),
        ("code", Some("1.invented"), "invalid_grant", 70_000),
        ("code", None, "invalid_request", 900_144),
        (
            "redirect_uri",
            Some("http://localhost:1/callback"),
            "invalid_grant",
            500_112,
        ),
        ("code_verifier", Some("another"), "invalid_grant", 501_481),
        ("code_verifier", None, "invalid_grant", 50_148),
    ] {
        let code = app.code(DANA, GRAPH).await?;
        let refused = app.token(&but(&exchange_form(&code), name, value)).await?;
        assert_eq!(refused.1["error"], error, "{name}={value:?}: {refused:?}");
        assert_eq!(number(&refused)?, expected, "{name}={value:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_code_is_good_once_and_for_ten_minutes() -> Result<()> {
    let app = App::start().await?;
    let code = app.code(DANA, GRAPH).await?;
    assert_eq!(app.exchange(&code).await?.0, 200);
    assert_eq!(number(&app.exchange(&code).await?)?, 54_005);
    let late = app.code(DANA, GRAPH).await?;
    app.microsoft.advance(SignedDuration::from_mins(10));
    assert_eq!(number(&app.exchange(&late).await?)?, 70_008);
    Ok(())
}

#[tokio::test]
async fn every_refresh_brings_another_refresh_token_and_the_old_one_stays() -> Result<()> {
    let app = App::start().await?;
    let first = app.connect(DANA, GRAPH).await?;
    let second = keys(app.refresh(first.refresh()?, None).await?)?;
    assert_ne!(first.refresh()?, second.refresh()?);
    assert_eq!(app.refresh(first.refresh()?, None).await?.0, 200);
    assert_eq!(app.refresh(second.refresh()?, None).await?.0, 200);
    assert_eq!(app.microsoft.counters().refreshes, 3);
    assert_eq!(app.microsoft.counters().of(Endpoint::Refresh), 3);
    Ok(())
}

#[tokio::test]
async fn one_refresh_token_serves_both_apis_one_at_a_time() -> Result<()> {
    let app = App::start().await?;
    // Consent to both is asked for at once; the tokens are not.
    let both = format!("{GRAPH} {SMTP}");
    let code = app.code(DANA, &both).await?;
    assert_eq!(number(&app.exchange(&code).await?)?, 28_000);
    let code = app.code(DANA, &both).await?;
    let mut form = exchange_form(&code).to_vec();
    form.push(("scope", "User.Read offline_access"));
    let graph = keys(app.token(&form).await?)?;
    assert_eq!(app.get("/me", &graph.access).await?.0, 200);

    let mixed = format!("User.Read {SMTP}");
    let refused = app.refresh(graph.refresh()?, Some(&mixed)).await?;
    assert_eq!(number(&refused)?, 28_000);
    let exchange = keys(app.refresh(graph.refresh()?, Some(SMTP)).await?)?;
    assert_eq!(exchange.scope, SMTP);
    let (status, body) = app.get("/me", &exchange.access).await?;
    assert_eq!(
        (status, &body["error"]["code"]),
        (401, &json!("InvalidAuthenticationToken"))
    );
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.contains("Invalid audience"), "{message}");
    Ok(())
}

#[tokio::test]
async fn without_consent_a_refresh_for_more_is_refused() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    let refused = app.refresh(keys.refresh()?, Some(SMTP)).await?;
    assert_eq!(number(&refused)?, 65_001);
    assert_eq!(refused.1["error"], "invalid_grant");
    assert_eq!(refused.1["suberror"], "consent_required");
    app.connect(DANA, EXCHANGE).await?;
    assert_eq!(app.refresh(keys.refresh()?, Some(SMTP)).await?.0, 200);

    app.microsoft.remove_consent(DANA)?;
    assert_eq!(number(&app.refresh(keys.refresh()?, None).await?)?, 65_001);
    Ok(())
}

#[tokio::test]
async fn ninety_days_unused_end_a_refresh_token_and_using_it_does_not_lengthen_its_life()
-> Result<()> {
    let app = App::start().await?;
    let first = app.connect(DANA, GRAPH).await?;
    app.microsoft.advance(days(89));
    let second = keys(app.refresh(first.refresh()?, None).await?)?;
    app.microsoft.advance(days(1));
    let refused = app.refresh(first.refresh()?, None).await?;
    assert_eq!(number(&refused)?, 700_082);
    assert_eq!(refused.1["error"], "invalid_grant");
    assert_eq!(app.refresh(second.refresh()?, None).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn each_end_of_a_grant_has_its_number_and_signing_in_again_helps() -> Result<()> {
    let app = App::start().await?;
    for (how, expected) in [
        (Death::Revoked, 50_173),
        (Death::SecondFactor, 50_076),
        (Death::SetUpSecondFactor, 50_079),
    ] {
        let keys = app.connect(DANA, GRAPH).await?;
        assert!(app.microsoft.end_grants(DANA, how)? >= 1);
        let refused = app.refresh(keys.refresh()?, None).await?;
        assert_eq!(number(&refused)?, expected);
        assert_eq!(refused.1["error"], "invalid_grant");
        // Access goes on until it ends.
        assert_eq!(app.get("/me", &keys.access).await?.0, 200);
        let again = app.connect(DANA, GRAPH).await?;
        assert_eq!(app.refresh(again.refresh()?, None).await?.0, 200);
    }
    Ok(())
}

#[tokio::test]
async fn a_blocked_account_gets_no_tokens_while_it_lasts_and_a_deleted_one_never() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, GRAPH).await?;
    for (block, expected) in [
        (Block::ConditionalAccess, 53_003),
        (Block::Disabled, 50_057),
    ] {
        app.microsoft.block(DANA, Some(block))?;
        let refused = app.refresh(keys.refresh()?, None).await?;
        assert_eq!(number(&refused)?, expected);
    }
    app.microsoft.block(DANA, None)?;
    assert_eq!(app.refresh(keys.refresh()?, None).await?.0, 200);
    app.microsoft.remove_account(DANA)?;
    assert_eq!(number(&app.refresh(keys.refresh()?, None).await?)?, 500_341);
    assert_eq!(app.get("/me", &keys.access).await?.0, 401);
    Ok(())
}

#[tokio::test]
async fn graph_refuses_no_token_an_invented_one_an_old_one_and_a_lesser_one() -> Result<()> {
    let config = Config {
        access_lifetime: Some(SignedDuration::from_hours(1)),
        ..Config::default()
    };
    let app = App::with(config).await?;
    let mail = app.connect(DANA, "Mail.Send offline_access").await?;
    let url = format!("{}/v1.0/me", app.microsoft.graph_url());
    let none = answer(app.http.get(url).send().await?).await?;
    assert_eq!(
        (none.0, &none.1["error"]["message"]),
        (401, &json!("Access token is empty."))
    );
    assert_eq!(app.get("/me", "eyJ.invented.token").await?.0, 401);
    let (status, body) = app.get("/me", &mail.access).await?;
    assert_eq!(
        (status, &body["error"]["code"]),
        (403, &json!("Authorization_RequestDenied"))
    );
    assert!(body["error"]["innerError"]["request-id"].is_string());
    app.microsoft.advance(SignedDuration::from_hours(1));
    let (_, body) = app.get("/me", &mail.access).await?;
    assert_eq!(body["error"]["code"], "InvalidAuthenticationToken");
    Ok(())
}
