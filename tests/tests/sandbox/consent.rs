//! The consent page: what is refused before it, what it says, where it leads.

use anyhow::{Result, bail};
use greenroom_tests::sandbox::{
    Account, CLIENT_ID, Clock, ConsentError, Decision, Decline, Plan, User, consent,
};
use serde_json::json;

use crate::app::{App, DANA, REDIRECT, answer, parameter};

/// The page shown instead of a redirect.
async fn page(app: &App, user: &str) -> Result<(u16, String)> {
    match consent(app.authorize_url()?.as_str(), user, Decision::Allow).await {
        Err(ConsentError::Page { status, text }) => Ok((status, text)),
        Err(other) => Err(other.into()),
        Ok(location) => bail!("redirected to {location}"),
    }
}

#[tokio::test]
async fn agreeing_leads_back_with_a_code_and_the_state_unchanged() -> Result<()> {
    let app = App::start().await?;
    let back = consent(app.authorize_url()?.as_str(), DANA, Decision::Allow).await?;
    assert!(back.starts_with(REDIRECT), "{back}");
    assert_eq!(parameter(&back, "state")?, "st&te/1");
    assert!(parameter(&back, "code")?.len() > 20);
    Ok(())
}

#[tokio::test]
async fn the_page_is_a_plain_form_that_lists_the_scopes() -> Result<()> {
    let app = App::start().await?;
    let page = app
        .http
        .get(app.authorize_url()?)
        .send()
        .await?
        .text()
        .await?;
    for part in [
        "<form method=\"post\">",
        "name=\"zoom_user\" value=\"dana.reyes@acme.example\"",
        "name=\"decision\" value=\"allow\"",
        "name=\"decision\" value=\"decline\"",
        "meeting:write:meeting",
        "SANDBOX",
    ] {
        assert!(page.contains(part), "{part} is not on the page:\n{page}");
    }
    assert!(!page.contains("<script"));
    Ok(())
}

#[tokio::test]
async fn the_caller_fills_in_the_zoom_user_and_cannot_inject_anything() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url_but("login_hint", Some("\"><script>alert(1)</script>"))?;
    let page = app.http.get(url).send().await?.text().await?;
    assert!(
        page.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)"),
        "{page}"
    );
    Ok(())
}

#[tokio::test]
async fn an_unknown_client_is_answered_with_raw_json_4702() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url_but("client_id", Some("nobody"))?;
    let (_, body) = answer(app.http.get(url).send().await?).await?;
    let message = "Invalid client_id: nobody";
    assert_eq!(
        body,
        json!({ "status": false, "errorCode": 4702, "errorMessage": message, "result": null })
    );
    Ok(())
}

#[tokio::test]
async fn a_redirect_that_is_not_registered_is_answered_with_raw_json_4700() -> Result<()> {
    let app = App::start().await?;
    for stranger in [
        "http://localhost/callback",
        "http://localhost:41827/callback",
        "http://127.0.0.1:41827/elsewhere",
        "http://127.0.0.2/callback",
        "https://127.0.0.1/callback",
        "https://acme.example/callback",
        "",
    ] {
        let url = app.authorize_url_but("redirect_uri", Some(stranger))?;
        let (_, body) = answer(app.http.get(url).send().await?).await?;
        assert_eq!(body["errorCode"], 4700, "{stranger}");
        assert_eq!(body["errorMessage"], "Invalid redirect url");
    }
    Ok(())
}

#[tokio::test]
async fn the_port_of_a_loopback_redirect_is_ignored() -> Result<()> {
    let app = App::start().await?;
    for port in ["http://127.0.0.1/callback", "http://127.0.0.1:9/callback"] {
        let url = app.authorize_url_but("redirect_uri", Some(port))?;
        assert_eq!(app.http.get(url).send().await?.status(), 200, "{port}");
    }
    Ok(())
}

#[tokio::test]
async fn a_public_client_must_bring_a_challenge() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url_but("code_challenge", None)?;
    assert_eq!(app.http.get(url).send().await?.status(), 400);
    Ok(())
}

#[tokio::test]
async fn other_response_types_methods_and_scopes_are_refused() -> Result<()> {
    let app = App::start().await?;
    for (name, value) in [
        ("response_type", "token"),
        ("code_challenge_method", "S512"),
        ("scope", "phone:read:call"),
    ] {
        let url = app.authorize_url_but(name, Some(value))?;
        assert_eq!(app.http.get(url).send().await?.status(), 400, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn declining_leads_back_with_access_denied() -> Result<()> {
    let app = App::start().await?;
    let back = consent(app.authorize_url()?.as_str(), DANA, Decision::Decline).await?;
    assert_eq!(parameter(&back, "error")?, "access_denied");
    assert_eq!(parameter(&back, "state")?, "st&te/1");
    Ok(())
}

#[tokio::test]
async fn declining_can_also_end_in_silence() -> Result<()> {
    let app = App::start().await?;
    app.zoom.set_decline(Decline::Silence);
    let outcome = consent(app.authorize_url()?.as_str(), DANA, Decision::Decline).await;
    assert!(matches!(
        outcome,
        Err(ConsentError::Page { status: 200, .. })
    ));
    Ok(())
}

#[tokio::test]
async fn an_unknown_address_cannot_sign_in() -> Result<()> {
    let app = App::start().await?;
    let (status, text) = page(&app, "nobody@acme.example").await?;
    assert_eq!(status, 401);
    assert!(text.contains("Incorrect email or password"), "{text}");
    app.zoom.add_user(User::new("nobody@acme.example"))?;
    app.connect("nobody@acme.example").await?;
    Ok(())
}

#[tokio::test]
async fn a_private_app_shows_other_accounts_an_error_page() -> Result<()> {
    let app = App::start().await?;
    app.zoom.add_account(Account::new("elsewhere", Plan::Pro));
    app.zoom
        .add_user(User::new("guest@elsewhere.example").of_account("elsewhere"))?;
    let (status, text) = page(&app, "guest@elsewhere.example").await?;
    assert_eq!(status, 403);
    assert!(text.contains("Marketplace"), "{text}");
    Ok(())
}

#[tokio::test]
async fn an_account_that_needs_approval_refuses_until_an_admin_approves() -> Result<()> {
    let app = App::start().await?;
    let strict = Account {
        needs_approval: true,
        ..Account::new("acme", Plan::Business)
    };
    app.zoom.add_account(strict);
    let (status, text) = page(&app, DANA).await?;
    assert_eq!(status, 403);
    assert!(text.contains("You cannot authorize Greenroom"), "{text}");
    assert_eq!(app.zoom.approvals_wanted(), ["acme"]);

    app.zoom.approve("acme", true)?;
    assert!(app.zoom.approvals_wanted().is_empty());
    let pair = app.connect(DANA).await?;

    app.zoom.approve("acme", false)?;
    assert_eq!(
        app.refresh(&pair.refresh).await?.1["error"],
        "invalid_grant"
    );
    page(&app, DANA).await?;
    Ok(())
}

#[tokio::test]
async fn an_admin_sees_what_is_asked_for_and_approves_it_on_a_page() -> Result<()> {
    let app = App::start().await?;
    let link = app.zoom.marketplace_url();
    let requests = async || anyhow::Ok(app.http.get(&link).send().await?.text().await?);
    assert!(requests().await?.contains("Nobody waits"));
    let strict = Account {
        needs_approval: true,
        ..Account::new("acme", Plan::Business)
    };
    app.zoom.add_account(strict);
    page(&app, DANA).await?;
    assert!(
        requests()
            .await?
            .contains("Greenroom, asked for by users of acme")
    );
    let approve = app.http.post(&link).form(&[("account", "acme")]);
    assert_eq!(approve.send().await?.status(), 303);
    assert!(requests().await?.contains("Nobody waits"));
    app.connect(DANA).await?;
    Ok(())
}

#[tokio::test]
async fn answers_carry_the_sandboxs_own_time() -> Result<()> {
    let app = App::start().await?;
    app.zoom
        .set_clock(Clock::Stopped("2026-11-30T09:00:00Z".parse()?));
    let answer = app.http.get(app.authorize_url()?).send().await?;
    assert_eq!(answer.headers()["date"], "Mon, 30 Nov 2026 09:00:00 GMT");
    Ok(())
}

#[tokio::test]
async fn a_second_consent_ends_the_first_grant_even_for_the_other_client_id() -> Result<()> {
    let app = App::start().await?;
    let first = app.connect(DANA).await?;
    assert_eq!(app.get("/users/me", &first.access).await?.0, 200);

    // The confidential id is the same app; agreeing is enough, nothing has to be exchanged.
    let url = app.authorize_url_but("client_id", Some(CLIENT_ID))?;
    consent(url.as_str(), DANA, Decision::Allow).await?;
    assert_eq!(app.get("/users/me", &first.access).await?.1["code"], 4741);
    let (_, refused) = app.refresh(&first.refresh).await?;
    assert_eq!(refused["error"], "invalid_grant");
    assert_eq!(refused["errorCode"], 4741);
    assert_eq!(app.zoom.live_grants(), 0);
    Ok(())
}

#[tokio::test]
async fn two_users_do_not_disturb_each_other() -> Result<()> {
    let app = App::start().await?;
    app.zoom.add_user(User::new("mina.okafor@acme.example"))?;
    let dana = app.connect(DANA).await?;
    let mina = app.connect("Mina.Okafor@acme.example").await?;
    assert_eq!(app.get("/users/me", &dana.access).await?.1["email"], DANA);
    let (_, profile) = app.get("/users/me", &mina.access).await?;
    assert_eq!(profile["email"], "mina.okafor@acme.example");
    assert_eq!(app.zoom.live_grants(), 2);
    Ok(())
}
