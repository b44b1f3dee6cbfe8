//! The list of a user's meetings, page by page.

use anyhow::{Context as _, Result};
use greenroom_tests::sandbox::User;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{App, DANA, id_of};

fn ids(page: &Value) -> Vec<u64> {
    let rows = page["meetings"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    rows.iter().filter_map(|row| row["id"].as_u64()).collect()
}

#[tokio::test]
async fn every_meeting_is_on_exactly_one_page() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let mut made = Vec::new();
    for day in 24..29 {
        let body = json!({ "start_time": format!("2026-11-{day}T09:00:00Z") });
        made.push(id_of(&app.create(&dana.access, body).await?.1)?);
    }
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let path = format!("/users/me/meetings?page_size=2&next_page_token={token}");
        let (status, page) = app.get(&path, &dana.access).await?;
        assert_eq!((status, &page["total_records"]), (200, &json!(5)));
        seen.extend(ids(&page));
        token = page["next_page_token"]
            .as_str()
            .context("no next_page_token")?
            .to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, made);
    Ok(())
}

#[tokio::test]
async fn a_page_token_is_good_for_fifteen_minutes_and_for_its_user() -> Result<()> {
    let app = App::start().await?;
    app.zoom.add_user(User::new("mina.okafor@acme.example"))?;
    let dana = app.connect(DANA).await?;
    let mina = app.connect("mina.okafor@acme.example").await?;
    for _ in 0..2 {
        app.meeting(&dana.access).await?;
    }
    let (_, page) = app
        .get("/users/me/meetings?page_size=1", &dana.access)
        .await?;
    let token = page["next_page_token"]
        .as_str()
        .context("no next_page_token")?;
    let next = format!("/users/me/meetings?page_size=1&next_page_token={token}");
    assert_eq!(app.get(&next, &mina.access).await?.1["code"], 300);
    assert_eq!(app.get(&next, &dana.access).await?.0, 200);
    app.zoom.advance(SignedDuration::from_mins(15));
    assert_eq!(app.get(&next, &dana.access).await?.1["code"], 300);
    Ok(())
}

#[tokio::test]
async fn a_row_has_its_agenda_cut_and_no_secrets() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let agenda = format!("int_01{}", "é".repeat(300));
    app.create(
        &dana.access,
        json!({ "agenda": agenda, "password": "secret7" }),
    )
    .await?;
    let (_, page) = app.get("/users/me/meetings", &dana.access).await?;
    let row = &page["meetings"][0];
    assert_eq!(
        row["agenda"].as_str().map(|agenda| agenda.chars().count()),
        Some(250)
    );
    assert!(
        row["agenda"]
            .as_str()
            .is_some_and(|agenda| agenda.starts_with("int_01"))
    );
    for secret in ["password", "start_url", "encrypted_password"] {
        assert!(row[secret].is_null(), "{secret}");
    }
    assert!(!page.to_string().contains("pwd="));
    assert_eq!(
        app.zoom.meetings()[0].agenda,
        agenda,
        "Zoom itself keeps all of it"
    );
    Ok(())
}

#[tokio::test]
async fn lists_know_instant_upcoming_and_previous() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    app.create(&dana.access, json!({ "type": 1 })).await?;
    let soon = json!({ "start_time": "2026-11-23T10:00:00Z", "duration": 30 });
    let soon = id_of(&app.create(&dana.access, soon).await?.1)?;
    let later = id_of(&app.meeting(&dana.access).await?)?;
    let list = async |kind: &str| -> Result<Vec<u64>> {
        let path = format!("/users/me/meetings?type={kind}");
        Ok(ids(&app
            .get(&path, &app.connect(DANA).await?.access)
            .await?
            .1))
    };
    assert_eq!(list("scheduled").await?, [soon, later]);
    app.zoom.advance(SignedDuration::from_hours(2));
    assert_eq!(list("upcoming").await?, [later]);
    assert_eq!(list("previous_meetings").await?, [soon]);
    assert_eq!(list("scheduled").await?, [soon, later]);
    Ok(())
}
