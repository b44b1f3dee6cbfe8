//! Consent of users and of admins: what is refused before the page, the walls, where it leads.

use anyhow::{Result, bail};
use greenroom_tests::sandbox::microsoft::{
    Account, Audience, Block, CLIENT_ID, Config, TENANT, Tenant, UserConsent,
};
use greenroom_tests::sandbox::{ConsentError, Decision, consent};
use url::Url;

use super::app::{ADMIN, App, DANA, EXCHANGE, GRAPH, REDIRECT, parameter};

/// The page shown instead of a redirect.
async fn page(url: &Url, user: &str) -> Result<String> {
    match consent(url.as_str(), user, Decision::Allow).await {
        Err(ConsentError::Page { text, .. }) => Ok(text),
        Err(other) => Err(other.into()),
        Ok(location) => bail!("redirected to {location}"),
    }
}

fn shows(page: &str, number: u32) {
    assert!(
        page.contains(&format!("AADSTS{number}: ")),
        "{number}: {page}"
    );
}

#[tokio::test]
async fn accepting_leads_back_with_a_code_and_the_state() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(GRAPH, &[])?;
    let back = app.redirected(DANA, &url).await?;
    assert!(back.starts_with(REDIRECT), "{back}");
    assert_eq!(parameter(&back, "state")?, "st&te/1");
    assert!(parameter(&back, "code")?.len() > 100);
    Ok(())
}

#[tokio::test]
async fn cancelling_leads_back_with_65004() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(GRAPH, &[])?;
    let back = consent(url.as_str(), DANA, Decision::Decline).await?;
    assert_eq!(parameter(&back, "error")?, "access_denied");
    assert_eq!(parameter(&back, "error_subcode")?, "cancel");
    assert!(parameter(&back, "error_description")?.starts_with("AADSTS65004: "));
    assert_eq!(parameter(&back, "state")?, "st&te/1");
    Ok(())
}

#[tokio::test]
async fn a_wrong_tenant_app_or_redirect_ends_on_a_page() -> Result<()> {
    let app = App::start().await?;
    for (name, value, number) in [
        (
            "client_id",
            Some("11111111-2222-3333-4444-555555555555"),
            700_016,
        ),
        ("client_id", None, 900_144),
        (
            "redirect_uri",
            Some("http://127.0.0.1:41827/callback"),
            50_011,
        ),
        (
            "redirect_uri",
            Some("http://localhost:41827/elsewhere"),
            50_011,
        ),
        ("redirect_uri", Some("https://localhost/callback"), 50_011),
        ("redirect_uri", None, 900_144),
    ] {
        let url = app.authorize_url(GRAPH, &[(name, value)])?;
        shows(&page(&url, DANA).await?, number);
    }
    let stranger = app.authorize_url_of("elsewhere.example", GRAPH, &[])?;
    shows(&page(&stranger, DANA).await?, 90_002);
    let common = app.authorize_url_of("common", GRAPH, &[])?;
    shows(&page(&common, DANA).await?, 50_194);
    app.microsoft
        .edit_apps(|it| it.audience = Audience::MultiTenant);
    app.redirected(DANA, &common).await?;
    let by_domain = app.authorize_url_of("acme.example", GRAPH, &[])?;
    app.redirected(DANA, &by_domain).await?;
    Ok(())
}

#[tokio::test]
async fn the_manifest_may_register_127_0_0_1_with_its_port() -> Result<()> {
    let app = App::start().await?;
    app.microsoft.edit_apps(|it| {
        it.redirects
            .push("http://127.0.0.1:8400/callback".to_owned());
    });
    let redirect = |uri| [("redirect_uri", Some(uri))];
    let url = app.authorize_url(GRAPH, &redirect("http://127.0.0.1:8400/callback"))?;
    app.redirected(DANA, &url).await?;
    let url = app.authorize_url(GRAPH, &redirect("http://127.0.0.1:8401/callback"))?;
    shows(&page(&url, DANA).await?, 50_011);
    Ok(())
}

#[tokio::test]
async fn what_else_is_wrong_leads_back_with_its_number() -> Result<()> {
    let app = App::start().await?;
    for (name, value, error, number) in [
        ("scope", Some("openid Mail.Sned"), "invalid_client", 650_053),
        (
            "scope",
            Some("https://acme.example/Mail.Send"),
            "invalid_resource",
            500_011,
        ),
        (
            "scope",
            Some("User.Read https://graph.microsoft.com/.default"),
            "invalid_scope",
            70_011,
        ),
        ("scope", None, "invalid_request", 900_144),
        (
            "response_type",
            Some("token"),
            "unsupported_response_type",
            70_005,
        ),
        (
            "response_mode",
            Some("form_post"),
            "unsupported_response_type",
            70_007,
        ),
        ("code_challenge", None, "invalid_request", 9_002_325),
        (
            "code_challenge_method",
            Some("plain"),
            "invalid_request",
            501_491,
        ),
        ("prompt", Some("always"), "invalid_request", 90_023),
    ] {
        let url = app.authorize_url(GRAPH, &[(name, value)])?;
        let answer = app.http.get(url).send().await?;
        let back = answer.headers()["location"].to_str()?.to_owned();
        assert_eq!(parameter(&back, "error")?, error, "{name}={value:?}");
        let described = parameter(&back, "error_description")?;
        assert!(
            described.starts_with(&format!("AADSTS{number}: ")),
            "{described}"
        );
        assert_eq!(parameter(&back, "state")?, "st&te/1");
    }
    Ok(())
}

#[tokio::test]
async fn strangers_guests_and_blocked_accounts_cannot_sign_in() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(GRAPH, &[])?;
    shows(&page(&url, "nobody@acme.example").await?, 50_034);
    app.microsoft.add_tenant(Tenant {
        id: "9c5b94b1-35ad-49bb-b118-8e8fc24abf80".to_owned(),
        domain: "elsewhere.example".to_owned(),
        name: "Elsewhere".to_owned(),
        consent: UserConsent::Everything,
        smtp: true,
    });
    app.microsoft
        .add_account(Account::new("guest@elsewhere.example"))?;
    shows(&page(&url, "guest@elsewhere.example").await?, 50_020);
    for (block, number) in [
        (Block::ConditionalAccess, 53_003),
        (Block::Disabled, 50_057),
    ] {
        app.microsoft.block(DANA, Some(block))?;
        shows(&page(&url, DANA).await?, number);
    }
    app.microsoft.block(DANA, None)?;
    app.redirected(DANA, &url).await?;
    Ok(())
}

#[tokio::test]
async fn the_managed_policy_keeps_mail_and_calendars_from_users_own_consent() -> Result<()> {
    let app = App::with(Config::default().consenting(UserConsent::Managed)).await?;
    let profile = app.authorize_url("openid offline_access User.Read", &[])?;
    app.redirected(DANA, &profile).await?;
    for scope in [GRAPH, EXCHANGE, "Calendars.ReadBasic"] {
        let url = app.authorize_url(scope, &[])?;
        let wall = page(&url, DANA).await?;
        assert!(wall.contains("Need admin approval"), "{wall}");
        shows(&wall, 90_094);
    }
    app.microsoft.set_consent(TENANT, UserConsent::Risky)?;
    shows(&page(&app.authorize_url(GRAPH, &[])?, DANA).await?, 900_941);
    Ok(())
}

#[tokio::test]
async fn an_admin_consents_for_everybody() -> Result<()> {
    let app = App::with(Config::default().consenting(UserConsent::Nothing)).await?;
    let query = [
        ("client_id", CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("state", "st&te/2"),
    ];
    let link = format!("{}/{TENANT}/adminconsent", app.microsoft.login_url());
    let link = Url::parse_with_params(&link, query)?;
    shows(&page(&link, DANA).await?, 90_093);
    shows(&page(&app.authorize_url(GRAPH, &[])?, DANA).await?, 90_094);

    let back = app.redirected(ADMIN, &link).await?;
    assert_eq!(parameter(&back, "admin_consent")?, "True");
    assert_eq!(parameter(&back, "tenant")?, TENANT);
    assert_eq!(parameter(&back, "state")?, "st&te/2");
    app.connect(DANA, GRAPH).await?;
    app.connect(DANA, EXCHANGE).await?;
    // Asking again asks the user, who still may not.
    let again = app.authorize_url(GRAPH, &[("prompt", Some("consent"))])?;
    shows(&page(&again, DANA).await?, 90_094);
    Ok(())
}

#[tokio::test]
async fn an_admin_who_cancels_leads_back_too() -> Result<()> {
    let app = App::start().await?;
    let query = [("client_id", CLIENT_ID), ("redirect_uri", REDIRECT)];
    let link = format!("{}/{TENANT}/adminconsent", app.microsoft.login_url());
    let link = Url::parse_with_params(&link, query)?;
    let back = consent(link.as_str(), ADMIN, Decision::Decline).await?;
    assert_eq!(parameter(&back, "error")?, "access_denied");
    Ok(())
}
