//! What is said to the sandboxes and what they answer, compared with the vendors' schemas.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_tests::judges;
use greenroom_tests::sandbox::microsoft::{Account, Config, Entry, Status};
use serde_json::{Value, json};

use crate::app::DANA;
use crate::{google, microsoft};

const MINA: &str = "mina.okafor@acme.example";

/// A day of everything that is asked of Google.
async fn google_day(app: &google::app::App, query: &Value) -> Result<()> {
    let scope = format!("{} {}", google::app::calendar(), "profile");
    let keys = app.connect(DANA, &scope).await?;
    app.refresh(keys.refresh()?).await?;
    app.get("/v1/userinfo", &keys.access).await?;
    app.get("/oauth2/v2/userinfo", &keys.access).await?;
    app.get("/oauth2/v2/userinfo", "ya29.invented").await?;
    let busy = (
        "2026-11-30T09:00:00Z".parse()?,
        "2026-11-30T10:00:00Z".parse()?,
    );
    app.google.set_busy(DANA, vec![busy])?;
    let url = format!("{}/calendar/v3/freeBusy", app.google.api_url());
    for token in [keys.access.as_str(), "ya29.invented"] {
        app.http
            .post(&url)
            .bearer_auth(token)
            .json(query)
            .send()
            .await?;
    }
    app.revoke(&keys.access).await?;
    app.refresh(keys.refresh()?).await?;
    Ok(())
}

#[tokio::test]
async fn what_the_sandbox_google_takes_and_answers_is_googles() -> Result<()> {
    let app = google::app::App::start().await?;
    let items = json!([{ "id": DANA }, { "id": "nobody@acme.example" }]);
    let query = json!({ "timeMin": "2026-11-30T08:00:00Z", "timeMax": "2026-12-01T08:00:00Z", "items": items });
    google_day(&app, &query).await?;
    let exchanges = app.google.exchanges();
    assert!(exchanges.len() > 8);
    if let Some(faults) = judges::google(&exchanges) {
        assert_eq!(faults, [""; 0]);
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_exchange_with_google_is_found() -> Result<()> {
    let app = google::app::App::start().await?;
    let query = json!({ "timeMin": "2026-11-30", "timezone": "UTC" });
    google_day(&app, &query).await?;
    app.get("/calendar/v3/freebusy", "none").await?;
    let Some(mut faults) = judges::google(&app.google.exchanges()) else {
        return Ok(());
    };
    faults.dedup();
    let at = "POST /calendar/v3/freeBusy: request";
    for fault in [
        format!("{at}.timeMin: 2026-11-30 is no instant"),
        format!("{at}.timezone: no such field"),
        "GET /calendar/v3/freebusy: no such call".to_owned(),
    ] {
        assert!(faults.contains(&fault), "{fault} is not among {faults:#?}");
    }
    // An answer that is not Google's.
    let mut exchanges = app.google.exchanges();
    let userinfo = exchanges
        .iter_mut()
        .find(|it| it.path == "/oauth2/v2/userinfo");
    let userinfo = userinfo.expect("it was asked for");
    userinfo.answered.bytes = br#"{"id":5,"mail":"dana"}"#.to_vec();
    let faults = judges::google(&exchanges).unwrap_or_default();
    let at = "GET /oauth2/v2/userinfo: answer 200";
    assert!(
        faults.contains(&format!("{at}.id: is not \"string\": 5")),
        "{faults:#?}"
    );
    assert!(
        faults.contains(&format!("{at}.mail: no such field")),
        "{faults:#?}"
    );
    Ok(())
}

#[tokio::test]
async fn what_the_sandbox_microsoft_takes_and_answers_is_microsofts() -> Result<()> {
    let app = microsoft::app::App::with(Config::default().with_account(Account::new(MINA))).await?;
    let scope = format!("{} Calendars.ReadBasic", microsoft::app::GRAPH);
    let keys = app.connect(DANA, &scope).await?;
    app.refresh(keys.refresh()?, Some("User.Read")).await?;
    app.refresh("invented", None).await?;
    app.get("/me", &keys.access).await?;
    app.get("/me?$select=id,mail", &keys.access).await?;
    app.get("/me", "invented").await?;
    let base = app.microsoft.graph_url();
    let mine = format!(
        "From: {DANA}\r\nTo: {DANA}\r\nSubject: Hi\r\nDate: Mon, 30 Nov 2026 09:00:00 +0000\r\n\r\nHello\r\n"
    );
    let url = format!("{base}/v1.0/me/sendMail");
    let sending = app.http.post(url).bearer_auth(&keys.access);
    let sending = sending
        .header("content-type", "text/plain")
        .body(STANDARD.encode(&mine));
    assert_eq!(sending.send().await?.status(), 202);
    let (_, page) = app
        .get("/me/mailFolders/inbox/messages/delta", &keys.access)
        .await?;
    let id = page["value"][0]["id"]
        .as_str()
        .expect("it arrived")
        .to_owned();
    app.get(&format!("/me/messages/{id}"), &keys.access).await?;
    app.get(
        &format!("/me/messages/{id}?$select=internetMessageHeaders"),
        &keys.access,
    )
    .await?;
    app.get(&format!("/me/messages/{id}/$value"), &keys.access)
        .await
        .ok();
    app.microsoft.delete_message(DANA, &id)?;
    let link = page["@odata.deltaLink"]
        .as_str()
        .expect("a link")
        .to_owned();
    app.http.get(link).bearer_auth(&keys.access).send().await?;
    let entry = Entry {
        start: "2026-11-30T09:00:00Z".parse()?,
        end: "2026-11-30T10:00:00Z".parse()?,
        status: Status::Oof,
        subject: "Away".to_owned(),
    };
    app.microsoft.set_calendar(MINA, vec![entry])?;
    let time = |text: &str| json!({ "dateTime": text, "timeZone": "UTC" });
    let body = json!({
        "schedules": [MINA, "nobody@acme.example"],
        "startTime": time("2026-11-30T08:00:00"),
        "endTime": time("2026-11-30T18:00:00"),
    });
    let url = format!("{base}/v1.0/me/calendar/getSchedule");
    app.http
        .post(&url)
        .bearer_auth(&keys.access)
        .json(&body)
        .send()
        .await?;
    let exchanges = app.microsoft.exchanges();
    assert!(exchanges.len() > 14);
    assert_eq!(judges::microsoft(&exchanges), [""; 0]);

    let mut wrong = body;
    wrong["interval"] = json!(30);
    app.http
        .post(&url)
        .bearer_auth(&keys.access)
        .json(&wrong)
        .send()
        .await?;
    app.get("/me?$filter=x", &keys.access).await?;
    let faults = judges::microsoft(&app.microsoft.exchanges());
    assert_eq!(
        faults,
        [
            "POST /v1.0/me/calendar/getSchedule: request.interval: no such field",
            "GET /v1.0/me: query.$filter: no such field",
        ]
    );
    Ok(())
}

#[test]
fn our_schemas_of_graph_agree_with_microsofts_types() {
    if let Some(differences) = judges::graph_types::differences() {
        assert_eq!(differences, [""; 0]);
    }
}
