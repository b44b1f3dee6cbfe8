//! The calendar: who sees whose schedule, and what a request may ask for.

use anyhow::Result;
use greenroom_tests::sandbox::microsoft::{Account, Config, Entry, Status, WorkingHours};
use serde_json::{Value, json};

use super::app::{App, DANA, GRAPH, answer};

const MINA: &str = "mina.okafor@acme.example";

async fn with_mina() -> Result<App> {
    App::with(Config::default().with_account(Account::new(MINA))).await
}

async fn schedule(app: &App, access: &str, body: &Value) -> Result<(u16, Value)> {
    let url = format!("{}/v1.0/me/calendar/getSchedule", app.microsoft.graph_url());
    answer(
        app.http
            .post(url)
            .bearer_auth(access)
            .json(body)
            .send()
            .await?,
    )
    .await
}

fn time(text: &str) -> Value {
    json!({ "dateTime": text, "timeZone": "UTC" })
}

fn monday(addresses: &[&str]) -> Value {
    json!({
        "schedules": addresses,
        "startTime": time("2026-11-30T08:00:00"),
        "endTime": time("2026-11-30T10:00:00"),
        "availabilityViewInterval": 30,
    })
}

fn entry(start: &str, end: &str, status: Status) -> Entry {
    Entry {
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
        status,
        subject: "Budget".to_owned(),
    }
}

#[tokio::test]
async fn a_schedule_has_a_view_its_items_and_the_hours_of_work() -> Result<()> {
    let app = with_mina().await?;
    let entries = vec![
        entry(
            "2026-11-30T08:30:00Z",
            "2026-11-30T09:00:00Z",
            Status::Tentative,
        ),
        entry("2026-11-30T09:00:00Z", "2026-11-30T09:15:00Z", Status::Busy),
        entry(
            "2026-11-30T09:30:00Z",
            "2026-11-30T12:00:00Z",
            Status::WorkingElsewhere,
        ),
        entry("2026-12-01T09:30:00Z", "2026-12-01T12:00:00Z", Status::Oof),
    ];
    app.microsoft.set_calendar(MINA, entries)?;
    app.microsoft.edit_account(MINA, |mina| {
        mina.working_hours = Some(WorkingHours {
            zone: "GMT Standard Time".to_owned(),
            ..WorkingHours::default()
        });
    })?;
    let keys = app.connect(DANA, "Calendars.ReadBasic").await?;
    let (status, body) = schedule(&app, &keys.access, &monday(&[MINA])).await?;
    assert_eq!(status, 200);
    let mina = &body["value"][0];
    assert_eq!(mina["scheduleId"], MINA);
    assert_eq!(mina["availabilityView"], "0120");
    assert_eq!(mina["scheduleItems"].as_array().unwrap().len(), 3);
    assert_eq!(
        mina["scheduleItems"][0]["start"],
        time("2026-11-30T08:30:00.0000000")
    );
    assert_eq!(mina["scheduleItems"][0]["subject"], "Budget");
    assert_eq!(
        mina["workingHours"]["timeZone"]["name"],
        "GMT Standard Time"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_one_address_stands_beside_it() -> Result<()> {
    let app = with_mina().await?;
    app.microsoft
        .edit_account(MINA, |mina| mina.hides_calendar = true)?;
    let keys = app.connect(DANA, "Calendars.ReadBasic").await?;
    let asked = monday(&[MINA, "nobody@acme.example", DANA]);
    let (status, body) = schedule(&app, &keys.access, &asked).await?;
    assert_eq!(status, 200);
    let code = |at: usize| body["value"][at]["error"]["responseCode"].clone();
    assert_eq!(code(0), "ErrorNoFreeBusyAccess");
    assert_eq!(code(1), "ErrorMailRecipientNotFound");
    assert_eq!(code(2), Value::Null);
    assert_eq!(body["value"][1]["availabilityView"], "");
    Ok(())
}

#[tokio::test]
async fn twenty_addresses_less_than_62_days_and_nothing_unknown() -> Result<()> {
    let app = with_mina().await?;
    let keys = app.connect(DANA, "Calendars.ReadBasic").await?;
    let many = vec![MINA; 21];
    for (name, value, code) in [
        ("schedules", json!(many), "ErrorInvalidParameter"),
        ("schedules", json!([]), "ErrorInvalidParameter"),
        (
            "endTime",
            time("2027-01-31T08:00:00"),
            "ErrorInvalidParameter",
        ),
        (
            "endTime",
            time("2026-11-30T08:00:00"),
            "ErrorInvalidParameter",
        ),
        (
            "endTime",
            json!({ "dateTime": "2026-11-30T10:00:00", "timeZone": "Mars" }),
            "ErrorInvalidParameter",
        ),
        (
            "endTime",
            json!({ "dateTime": "2026-11-30T10:00:00", "zone": "UTC" }),
            "BadRequest",
        ),
        (
            "availabilityViewInterval",
            json!(1),
            "ErrorInvalidParameter",
        ),
        ("interval", json!(30), "RequestBodyRead"),
    ] {
        let mut body = monday(&[MINA]);
        body[name] = value;
        let (status, refused) = schedule(&app, &keys.access, &body).await?;
        assert_eq!(status, 400, "{name}");
        assert_eq!(refused["error"]["code"], code, "{name}: {refused}");
    }
    let mut longest = monday(&[MINA; 20]);
    longest["endTime"] = time("2027-01-31T07:59:00");
    assert_eq!(schedule(&app, &keys.access, &longest).await?.0, 200);
    let mail = app.connect(DANA, GRAPH).await?;
    // The consent before comes with it: Calendars.ReadBasic is there.
    assert_eq!(schedule(&app, &mail.access, &monday(&[MINA])).await?.0, 200);
    let lesser = app.connect(MINA, GRAPH).await?;
    let (status, body) = schedule(&app, &lesser.access, &monday(&[MINA])).await?;
    assert_eq!(
        (status, &body["error"]["code"]),
        (403, &json!("ErrorAccessDenied"))
    );
    Ok(())
}
