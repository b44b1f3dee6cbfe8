//! The calendar: who sees whose busy times, and what a query may ask for.

use anyhow::Result;
use greenroom_tests::sandbox::google::{Account, Config, scopes};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::app::{App, DANA, answer, calendar, mail};

const LI: &str = "li@acme.example";
const GUEST: &str = "guest@elsewhere.example";

async fn with_colleagues() -> Result<App> {
    let config = Config::default()
        .with_account(Account::new(LI))
        .with_account(Account::new(GUEST));
    App::with(config).await
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn query(app: &App, access: &str, body: &Value) -> Result<(u16, Value)> {
    let url = format!("{}/calendar/v3/freeBusy", app.google.api_url());
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

fn monday(ids: &[&str]) -> Value {
    let items: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    json!({
        "timeMin": "2026-11-30T08:00:00Z",
        "timeMax": "2026-11-30T18:00:00Z",
        "items": items,
    })
}

#[tokio::test]
async fn busy_times_of_colleagues_are_cut_to_the_range_and_joined() -> Result<()> {
    let app = with_colleagues().await?;
    let busy = vec![
        (at("2026-11-30T10:00:00Z"), at("2026-11-30T11:00:00Z")),
        (at("2026-11-30T07:00:00Z"), at("2026-11-30T08:30:00Z")),
        (at("2026-11-30T10:30:00Z"), at("2026-11-30T11:30:00Z")),
        (at("2026-12-01T10:00:00Z"), at("2026-12-01T11:00:00Z")),
    ];
    app.google.set_busy(LI, busy)?;
    let keys = app.connect(DANA, &calendar()).await?;
    let (status, free) = query(&app, &keys.access, &monday(&[LI, "primary"])).await?;
    assert_eq!(status, 200);
    assert_eq!(
        free["calendars"][LI]["busy"],
        json!([
            { "start": "2026-11-30T08:00:00Z", "end": "2026-11-30T08:30:00Z" },
            { "start": "2026-11-30T10:00:00Z", "end": "2026-11-30T11:30:00Z" },
        ])
    );
    assert_eq!(free["calendars"]["primary"], json!({ "busy": [] }));
    Ok(())
}

#[tokio::test]
async fn a_calendar_that_may_not_be_seen_is_not_found_and_looks_free() -> Result<()> {
    let app = with_colleagues().await?;
    app.google.add_account(Account {
        hides_calendar: true,
        ..Account::new("closed@acme.example")
    })?;
    let not_found = json!({ "busy": [], "errors": [{ "domain": "global", "reason": "notFound" }] });
    let keys = app.connect(DANA, &calendar()).await?;
    let all = [GUEST, "closed@acme.example", "nobody@acme.example", LI];
    let (_, free) = query(&app, &keys.access, &monday(&all)).await?;
    for id in &all[..3] {
        assert_eq!(free["calendars"][id], not_found, "{id}");
    }
    assert_eq!(free["calendars"][LI], json!({ "busy": [] }));
    let own = app.connect(DANA, scopes::CALENDAR_FREEBUSY).await?;
    let (_, free) = query(&app, &own.access, &monday(&[LI, DANA])).await?;
    assert_eq!(free["calendars"][LI], not_found);
    assert_eq!(free["calendars"][DANA], json!({ "busy": [] }));
    Ok(())
}

#[tokio::test]
async fn groups_are_expanded_and_too_many_calendars_are_an_error_each() -> Result<()> {
    let app = with_colleagues().await?;
    app.google.add_group("panel@acme.example", &[DANA, LI]);
    let keys = app.connect(DANA, &calendar()).await?;
    let (_, free) = query(&app, &keys.access, &monday(&["panel@acme.example"])).await?;
    assert_eq!(
        free["groups"]["panel@acme.example"]["calendars"],
        json!([DANA, LI])
    );
    assert!(free["calendars"][LI]["busy"].is_array());

    let many: Vec<String> = (0..51).map(|n| format!("person{n}@acme.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let (_, free) = query(&app, &keys.access, &monday(&many)).await?;
    let reason = &free["calendars"][many[0]]["errors"][0]["reason"];
    assert_eq!(reason, "tooManyCalendarsRequested");
    let mut small = monday(&["panel@acme.example"]);
    small["groupExpansionMax"] = json!(1);
    let (_, free) = query(&app, &keys.access, &small).await?;
    let reason = &free["groups"]["panel@acme.example"]["errors"][0]["reason"];
    assert_eq!(reason, "groupTooBig");
    Ok(())
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_by_its_reason() -> Result<()> {
    let app = with_colleagues().await?;
    let keys = app.connect(DANA, &calendar()).await?;
    for (name, value, reason) in [
        ("timeMin", Value::Null, "invalid"),
        ("timeMax", json!("tomorrow"), "invalid"),
        ("timeMax", json!("2026-11-30T08:00:00Z"), "timeRangeEmpty"),
        ("timeMax", json!("2027-11-30T08:00:00Z"), "timeRangeTooLong"),
        ("calendarExpansionMax", json!(51), "invalid"),
        ("groupExpansionMax", json!(101), "invalid"),
        ("timezone", json!("UTC"), "badRequest"),
        ("items", json!([{ "email": LI }]), "badRequest"),
        ("items", json!([{}]), "required"),
    ] {
        let mut body = monday(&[LI]);
        body[name] = value;
        let (status, refused) = query(&app, &keys.access, &body).await?;
        assert_eq!(status, 400, "{name}");
        assert_eq!(
            refused["error"]["errors"][0]["reason"], reason,
            "{name}: {refused}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn scope_api_and_rate_refuse_with_one_status_and_a_reason_each() -> Result<()> {
    let app = with_colleagues().await?;
    let reason =
        |(status, body): (u16, Value)| (status, body["error"]["errors"][0]["reason"].clone());
    let keys = app.connect(DANA, &calendar()).await?;
    let other = app.connect(DANA, &mail()).await?;
    let refused = query(&app, &other.access, &monday(&[LI])).await?;
    assert_eq!(reason(refused), (403, json!("insufficientPermissions")));
    let refused = query(&app, "ya29.invented", &monday(&[LI])).await?;
    assert_eq!(reason(refused), (401, json!("authError")));
    app.google
        .edit_projects(|project| project.calendar_api = false);
    let refused = query(&app, &keys.access, &monday(&[LI])).await?;
    assert_eq!(reason(refused), (403, json!("accessNotConfigured")));
    app.google
        .edit_projects(|project| project.calendar_api = true);
    for _ in 0..600 {
        assert_eq!(query(&app, &keys.access, &monday(&[])).await?.0, 200);
    }
    let refused = query(&app, &keys.access, &monday(&[])).await?;
    assert_eq!(reason(refused), (403, json!("rateLimitExceeded")));
    app.google.advance(SignedDuration::from_mins(1));
    assert_eq!(query(&app, &keys.access, &monday(&[])).await?.0, 200);
    Ok(())
}
