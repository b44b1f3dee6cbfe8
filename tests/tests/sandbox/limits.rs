//! Rate limits, with the texts and headers they come with, or without.

use anyhow::Result;
use greenroom_tests::sandbox::{Account, Config, Plan};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

use crate::app::{App, DANA, answer, id_of};

#[tokio::test]
async fn a_host_has_a_hundred_creates_and_updates_a_day() -> Result<()> {
    let app = App::start().await?;
    let mut dana = app.connect(DANA).await?;
    let id = id_of(&app.meeting(&dana.access).await?)?;
    for _ in 1..100 {
        // The limit of eighty a second must not come first.
        app.zoom.advance(SignedDuration::from_secs(1));
        assert_eq!(
            app.update(&dana.access, id, json!({ "duration": 30 }))
                .await?
                .0,
            204
        );
    }
    let refused = app.request(Method::POST, "/users/me/meetings", &dana.access);
    let refused = refused.json(&json!({})).send().await?;
    assert!(refused.headers().get("retry-after").is_none());
    assert!(refused.headers().get("x-ratelimit-type").is_none());
    let text = "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests \
                permitted for this particular user. You may resume these requests at GMT 00:00:00.";
    assert_eq!(
        answer(refused).await?,
        (429, json!({ "code": 429, "message": text }))
    );
    assert_eq!(
        app.get(&format!("/meetings/{id}"), &dana.access).await?.0,
        200
    );

    app.zoom.advance(SignedDuration::from_hours(15));
    dana = app.connect(DANA).await?;
    assert_eq!(
        app.create(&dana.access, json!({})).await?.0,
        201,
        "a new day"
    );
    Ok(())
}

#[tokio::test]
async fn a_free_account_has_four_light_calls_a_second() -> Result<()> {
    let free = Config {
        accounts: vec![Account::new("acme", Plan::Free)],
        ..Config::default()
    };
    let app = App::with(free).await?;
    let dana = app.connect(DANA).await?;
    for _ in 0..4 {
        assert_eq!(app.get("/users/me", &dana.access).await?.0, 200);
    }
    let refused = app
        .request(Method::GET, "/users/me", &dana.access)
        .send()
        .await?;
    let kind = refused.headers().get("x-ratelimit-type").cloned();
    assert_eq!(
        kind.as_ref().map(|kind| kind.as_bytes()),
        Some(b"QPS".as_slice())
    );
    let text = "You have reached the maximum per-second rate limit for this API. Try again later.";
    assert_eq!(
        answer(refused).await?,
        (429, json!({ "code": 429, "message": text }))
    );

    app.zoom.advance(SignedDuration::from_secs(1));
    assert_eq!(app.get("/users/me", &dana.access).await?.0, 200);
    Ok(())
}
