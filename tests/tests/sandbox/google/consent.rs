//! The consent page: what is refused before it, whom it is not shown to, where it leads.

use anyhow::{Result, bail};
use greenroom_tests::sandbox::google::{Account, AppAccess, Config, Domain, UserType, scopes};
use greenroom_tests::sandbox::{ConsentError, Decision, consent};
use url::Url;

use super::app::{App, DANA, REDIRECT, calendar, mail, parameter};

/// The page shown instead of a redirect.
async fn page(url: &Url, user: &str) -> Result<(u16, String)> {
    match consent(url.as_str(), user, Decision::Allow).await {
        Err(ConsentError::Page { status, text }) => Ok((status, text)),
        Err(other) => Err(other.into()),
        Ok(location) => bail!("redirected to {location}"),
    }
}

#[tokio::test]
async fn allowing_leads_back_with_a_code_the_state_and_the_scopes() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(&calendar(), &[])?;
    let back = app.redirected(DANA, url).await?;
    assert!(back.starts_with(REDIRECT), "{back}");
    assert_eq!(parameter(&back, "state")?, "st&te/1");
    assert_eq!(parameter(&back, "hd")?, "acme.example");
    assert!(parameter(&back, "code")?.starts_with("4/0A"));
    let scope = parameter(&back, "scope")?;
    assert!(scope.contains(scopes::USERINFO_EMAIL), "{scope}");
    assert!(scope.contains(scopes::CALENDAR_EVENTS_FREEBUSY), "{scope}");
    Ok(())
}

#[tokio::test]
async fn cancelling_leads_back_with_access_denied() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(&calendar(), &[])?;
    let back = consent(url.as_str(), DANA, Decision::Decline).await?;
    assert_eq!(parameter(&back, "error")?, "access_denied");
    assert_eq!(parameter(&back, "state")?, "st&te/1");
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_the_address_never_leads_back() -> Result<()> {
    let app = App::start().await?;
    for (name, value, status, error) in [
        ("client_id", Some("nobody"), 401, "invalid_client"),
        ("client_id", None, 400, "invalid_request"),
        (
            "redirect_uri",
            Some("https://acme.example/callback"),
            400,
            "redirect_uri_mismatch",
        ),
        (
            "redirect_uri",
            Some("http://127.0.0.2/callback"),
            400,
            "redirect_uri_mismatch",
        ),
        (
            "redirect_uri",
            Some("http://127.0.0.1:4/a#b"),
            400,
            "redirect_uri_mismatch",
        ),
        ("response_type", Some("token"), 400, "invalid_request"),
        ("response_type", None, 400, "invalid_request"),
        (
            "scope",
            Some("https://www.googleapis.com/auth/calender"),
            400,
            "invalid_scope",
        ),
        ("scope", Some(" "), 400, "invalid_request"),
        ("code_challenge", None, 400, "invalid_request"),
        (
            "code_challenge_method",
            Some("plain"),
            400,
            "invalid_request",
        ),
        ("access_type", Some("forever"), 400, "invalid_request"),
        ("prompt", Some("consent always"), 400, "invalid_request"),
        (
            "include_granted_scopes",
            Some("yes"),
            400,
            "invalid_request",
        ),
    ] {
        let url = app.authorize_url(&calendar(), &[(name, value)])?;
        let (got, text) = page(&url, DANA).await?;
        assert_eq!(got, status, "{name}={value:?}: {text}");
        assert!(
            text.contains(&format!("Error {status}: {error}")),
            "{name}={value:?}: {text}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_desktop_app_may_use_any_port_and_path_of_this_machine() -> Result<()> {
    let app = App::start().await?;
    for redirect in [
        "http://127.0.0.1:9",
        "http://127.0.0.1:9/any/path",
        "http://[::1]:9/callback",
        "http://localhost:9/callback",
    ] {
        let url = app.authorize_url(&calendar(), &[("redirect_uri", Some(redirect))])?;
        let back = app.redirected(DANA, url).await?;
        assert!(back.starts_with(redirect), "{back}");
    }
    Ok(())
}

#[tokio::test]
async fn an_internal_app_is_for_its_own_organization() -> Result<()> {
    let config = Config::default().with_account(Account::new("guest@elsewhere.example"));
    let app = App::with(config).await?;
    let url = app.authorize_url(&calendar(), &[])?;
    let (status, text) = page(&url, "guest@elsewhere.example").await?;
    assert_eq!(status, 403);
    assert!(text.contains("Error 403: org_internal"), "{text}");
    app.google
        .edit_projects(|project| project.user_type = UserType::External);
    app.redirected("guest@elsewhere.example", url).await?;
    Ok(())
}

#[tokio::test]
async fn an_app_in_testing_is_for_its_testers() -> Result<()> {
    let config = Config::default().with_account(Account::private("li@mail.example"));
    let app = App::with(config.in_testing(&[DANA])).await?;
    let url = app.authorize_url(&calendar(), &[])?;
    let (status, text) = page(&url, "li@mail.example").await?;
    assert_eq!(status, 403);
    assert!(text.contains("Error 403: access_denied"), "{text}");
    assert!(text.contains("verification process"), "{text}");
    app.redirected(DANA, url).await?;
    Ok(())
}

#[tokio::test]
async fn admins_that_limit_apps_let_them_only_sign_in() -> Result<()> {
    let app = App::start().await?;
    let limited = Domain::new("acme.example").letting(AppAccess::Limited);
    app.google.add_domain(limited);
    let sign_in = app.authorize_url("openid email", &[])?;
    app.redirected(DANA, sign_in).await?;
    let url = app.authorize_url(&mail(), &[])?;
    let (status, text) = page(&url, DANA).await?;
    assert_eq!(status, 400);
    assert!(text.contains("Error 400: admin_policy_enforced"), "{text}");
    app.google.set_access("acme.example", AppAccess::Trusted)?;
    app.redirected(DANA, url).await?;
    Ok(())
}

#[tokio::test]
async fn somebody_the_service_is_off_for_and_nobody_at_all_are_sent_away() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(&calendar(), &[])?;
    app.google
        .edit_account(DANA, |dana| dana.not_configured = true)?;
    let (status, text) = page(&url, DANA).await?;
    assert_eq!(status, 403);
    assert!(text.contains("app_not_configured_for_user"), "{text}");
    let (status, text) = page(&url, "nobody@acme.example").await?;
    assert_eq!(status, 401);
    assert!(text.contains("find your Google Account"), "{text}");
    Ok(())
}

#[tokio::test]
async fn the_page_has_a_box_for_each_scope_but_those_of_signing_in() -> Result<()> {
    let app = App::start().await?;
    let url = app.authorize_url(&calendar(), &[("login_hint", Some("\"><script>"))])?;
    let page = app.http.get(url.clone()).send().await?.text().await?;
    assert_eq!(page.matches("type=\"checkbox\"").count(), 1, "{page}");
    assert!(
        page.contains("SANDBOX") && !page.contains("<script"),
        "{page}"
    );
    // As a browser sends it with every box unticked.
    let form = [
        ("identifier", DANA),
        ("boxes", "shown"),
        ("decision", "allow"),
    ];
    let back = app.http.post(url).form(&form).send().await?;
    let back = back.headers()["location"].to_str()?.to_owned();
    let scope = parameter(&back, "scope")?;
    assert!(!scope.contains("calendar"), "{scope}");
    Ok(())
}
