//! Who is asked about, and who asks.

use anyhow::Result;
use greenroom_tests::sandbox::{Licence, User};
use serde_json::json;

use crate::app::{App, DANA, answer};

#[tokio::test]
async fn me_is_whoever_agreed() -> Result<()> {
    let app = App::start().await?;
    app.zoom
        .add_user(User::new("basic@acme.example").licensed_as(Licence::Basic))?;
    let dana = app.connect(DANA).await?;
    let (status, profile) = app.get("/users/me", &dana.access).await?;
    assert_eq!(status, 200);
    assert_eq!(profile["email"], DANA);
    assert_eq!(profile["display_name"], "Dana Reyes");
    assert_eq!(profile["account_id"], "acme");
    assert_eq!(profile["type"], 2);

    let basic = app.connect("basic@acme.example").await?;
    let (_, before) = app.get("/users/me", &basic.access).await?;
    assert_eq!(before["type"], 1);
    app.zoom.add_user(User::new("basic@acme.example"))?;
    let (_, after) = app.get("/users/me", &basic.access).await?;
    assert_eq!(after["type"], 2);
    assert_eq!(after["id"], before["id"], "a new licence is no new person");
    Ok(())
}

#[tokio::test]
async fn settings_show_what_the_plan_allows() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let (status, settings) = app.get("/users/me/settings", &dana.access).await?;
    assert_eq!(status, 200);
    assert_eq!(settings["feature"]["meeting_capacity"], 300);
    assert_eq!(settings["in_meeting"]["waiting_room"], false);
    Ok(())
}

#[tokio::test]
async fn another_user_needs_an_admins_scope_and_a_stranger_does_not_exist() -> Result<()> {
    let app = App::start().await?;
    app.zoom.add_user(User::new("mina.okafor@acme.example"))?;
    let dana = app.connect(DANA).await?;
    let (status, body) = app
        .get("/users/mina.okafor@acme.example", &dana.access)
        .await?;
    assert_eq!((status, &body["code"]), (400, &json!(4711)));
    let (status, body) = app.get("/users/nobody@acme.example", &dana.access).await?;
    let text = "User does not exist: nobody@acme.example.";
    assert_eq!(
        (status, body),
        (404, json!({ "code": 1001, "message": text }))
    );
    Ok(())
}

#[tokio::test]
async fn a_call_without_a_token_or_with_a_wrong_one_is_refused() -> Result<()> {
    let app = App::start().await?;
    let (status, body) = app.get("/users/me", "wrong").await?;
    assert_eq!(
        (status, body),
        (
            401,
            json!({ "code": 124, "message": "Invalid access token." })
        )
    );
    let bare = app
        .http
        .get(format!("{}/users/me", app.zoom.api_url()))
        .send()
        .await?;
    assert_eq!(answer(bare).await?.0, 401);
    Ok(())
}
