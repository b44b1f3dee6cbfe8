//! Misfortune on demand, by the library and by the control endpoint.

use std::net::TcpListener;

use anyhow::Result;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind, Often};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, DANA, answer, until};

#[tokio::test]
async fn an_answer_can_be_lost_after_the_meeting_was_made() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    app.zoom
        .fault(Fault::once(Endpoint::CreateMeeting, FaultKind::LostAfter));
    assert!(
        app.create(&dana.access, json!({ "topic": "Lost" }))
            .await
            .is_err()
    );
    assert_eq!(app.zoom.meetings().len(), 1);

    app.zoom
        .fault(Fault::once(Endpoint::CreateMeeting, FaultKind::LostBefore));
    assert!(
        app.create(&dana.access, json!({ "topic": "Never" }))
            .await
            .is_err()
    );
    assert_eq!(app.zoom.meetings().len(), 1);
    assert_eq!(
        app.create(&dana.access, json!({})).await?.0,
        201,
        "once is once"
    );
    assert_eq!(app.zoom.counters().of(Endpoint::CreateMeeting), 3);
    Ok(())
}

#[tokio::test]
async fn a_lost_refresh_answer_leaves_a_dead_pair() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    app.zoom
        .fault(Fault::once(Endpoint::Refresh, FaultKind::LostAfter));
    assert!(app.refresh(&dana.refresh).await.is_err());
    assert_eq!(
        app.refresh(&dana.refresh).await?.1["error"],
        "invalid_grant"
    );
    assert_eq!(
        app.zoom.live_grants(),
        1,
        "alive, but nobody holds its tokens"
    );
    Ok(())
}

#[tokio::test]
async fn other_answers_can_stand_in() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let cases = [
        (Answer::Html { status: 502 }, 502, "<html>"),
        (Answer::Xml { status: 500 }, 500, "<?xml"),
        (Answer::Empty { status: 200 }, 200, ""),
        (
            Answer::Json {
                status: 200,
                body: json!({ "code": 300 }),
            },
            200,
            "{\"code\":300}",
        ),
        (Answer::PerSecondLimit, 429, "{\"code\":429"),
    ];
    for (stand_in, status, beginning) in cases {
        app.zoom
            .fault(Fault::once(Endpoint::User, FaultKind::Answer(stand_in)));
        let answered = app
            .request(Method::GET, "/users/me", &dana.access)
            .send()
            .await?;
        assert_eq!(answered.status(), status);
        let body = answered.text().await?;
        assert!(
            body.starts_with(beginning) && body.is_empty() == beginning.is_empty(),
            "{body}"
        );
    }
    Ok(())
}

/// Case Z1: XML for anyone who takes anything.
#[tokio::test]
async fn refusals_are_xml_where_json_was_not_asked_for() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let get = |accept: &'static str| {
        let request = app.request(Method::GET, "/meetings/123", &dana.access);
        request.header("accept", accept).send()
    };
    let xml = get("*/*").await?;
    assert_eq!(xml.status(), 404);
    assert!(xml.text().await?.ends_with(
        "<result><code>3001</code><message>Meeting does not exist: 123.</message></result>"
    ));
    assert_eq!(app.zoom.counters().json_not_asked_for, 1);

    let json: Value = get("application/json").await?.json().await?;
    assert_eq!(json["code"], 3001);
    app.zoom.refuse_in_xml(true);
    let xml = get("application/json").await?.text().await?;
    assert!(xml.starts_with("<?xml"), "{xml}");

    let wrong = json!({ "settings": { "jbh_time": 7 } });
    let create = app.request(Method::POST, "/users/me/meetings", &dana.access);
    let xml = create.json(&wrong).send().await?.text().await?;
    let field = "<errors><field>settings.jbh_time</field>";
    assert!(xml.contains(field), "{xml}");
    Ok(())
}

#[tokio::test]
async fn the_daily_limit_says_when_as_a_date() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    app.zoom.fault(Fault::once(
        Endpoint::User,
        FaultKind::Answer(Answer::DailyLimit),
    ));
    let refused = app
        .request(Method::GET, "/users/me", &dana.access)
        .send()
        .await?;
    let header = |name: &str| {
        refused
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    assert_eq!(header("retry-after"), Some("2026-11-24T00:00:00Z"));
    assert_eq!(header("x-ratelimit-type"), Some("Daily-limit"));
    Ok(())
}

#[tokio::test]
async fn the_same_seed_strikes_the_same_requests() -> Result<()> {
    let struck = async || -> Result<Vec<bool>> {
        let app = App::start().await?;
        let dana = app.connect(DANA).await?;
        let often = Often::Chance {
            probability: 0.5,
            seed: 7,
        };
        let fault = Fault::once(
            Endpoint::User,
            FaultKind::Answer(Answer::Empty { status: 503 }),
        );
        app.zoom.fault(fault.often(often));
        let mut struck = Vec::new();
        for _ in 0..20 {
            let answered = app
                .request(Method::GET, "/users/me", &dana.access)
                .send()
                .await?;
            struck.push(answered.status() == 503);
        }
        Ok(struck)
    };
    let first = struck().await?;
    assert!(first.contains(&true) && first.contains(&false));
    assert_eq!(first, struck().await?);
    Ok(())
}

#[tokio::test]
async fn a_slow_request_is_carried_out_even_if_its_caller_left() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    app.zoom.fault(Fault::once(
        Endpoint::CreateMeeting,
        FaultKind::Slow { ms: 200 },
    ));
    let request = app.request(Method::POST, "/users/me/meetings", &dana.access);
    let caller = tokio::spawn(request.json(&json!({})).send());
    until(|| app.zoom.counters().of(Endpoint::CreateMeeting) == 1).await?;
    caller.abort();
    assert!(caller.await.is_err_and(|left| left.is_cancelled()));
    until(|| app.zoom.meetings().len() == 1).await
}

#[tokio::test]
async fn another_process_steers_the_sandbox_over_http() -> Result<()> {
    let app = App::start().await?;
    let control = format!("{}/sandbox", app.zoom.url());
    let post = async |path: &str, body: Value| -> Result<u16> {
        let sent = app
            .http
            .post(format!("{control}/{path}"))
            .json(&body)
            .send()
            .await?;
        Ok(sent.status().as_u16())
    };
    assert_eq!(
        post(
            "users",
            json!({ "email": "Li@acme.example", "licence": "basic" })
        )
        .await?,
        204
    );
    assert_eq!(
        post(
            "users",
            json!({ "email": "x@y.example", "account": "none" })
        )
        .await?,
        404
    );
    let account = json!({ "id": "north", "plan": "pro", "needs_approval": true });
    assert_eq!(post("accounts", account).await?, 204);
    assert_eq!(
        post("approvals", json!({ "account": "north", "approved": true })).await?,
        204
    );
    assert_eq!(
        post("access-lifetime", json!({ "seconds": 60 })).await?,
        204
    );
    assert_eq!(post("decline", json!({ "decline": "silence" })).await?, 204);
    assert_eq!(
        post("clock", json!({ "stopped": "2026-12-01T00:00:00Z" })).await?,
        204
    );
    assert_eq!(post("clock", json!({ "ahead": 0 })).await?, 204);
    let li = app.connect("li@acme.example").await?;
    app.meeting(&li.access).await?;

    let fault = json!({
        "endpoint": "user", "kind": "answer", "answer": "html", "status": 502, "often": "always",
    });
    assert_eq!(post("faults", fault).await?, 204);
    let answered = app
        .request(Method::GET, "/users/me", &li.access)
        .send()
        .await?;
    assert_eq!(answered.status(), 502);
    app.http.delete(format!("{control}/faults")).send().await?;
    assert_eq!(app.get("/users/me", &li.access).await?.0, 200);

    let state = app
        .http
        .get(format!("{control}/state"))
        .send()
        .await?
        .text()
        .await?;
    assert!(
        !state.contains(&li.access) && !state.contains(&li.refresh),
        "no tokens in the state"
    );
    let state: Value = serde_json::from_str(&state)?;
    assert_eq!(state["grants"][0]["user"], "li@acme.example");
    assert_eq!(state["counters"]["requests"]["create_meeting"], 1);
    let id = &state["meetings"][0]["id"];

    let moved = json!({ "start_time": "2026-12-09T12:00:00Z" });
    let meeting = format!("{control}/meetings/{id}");
    assert_eq!(
        app.http.patch(&meeting).json(&moved).send().await?.status(),
        204
    );
    assert_eq!(
        post(
            &format!("meetings/{id}/summary"),
            json!({ "content": "Good" })
        )
        .await?,
        204
    );
    assert_eq!(app.http.delete(&meeting).send().await?.status(), 204);
    assert_eq!(app.http.delete(&meeting).send().await?.status(), 404);
    let ended = app
        .http
        .delete(format!("{control}/grants/li@acme.example"))
        .send()
        .await?;
    assert_eq!(answer(ended).await?, (200, json!({ "ended": 1 })));
    let counters = answer(app.http.get(format!("{control}/counters")).send().await?).await?;
    assert_eq!(counters.1["live_grants"], 0);
    let left = app
        .http
        .delete(format!("{control}/users/li@acme.example"))
        .send()
        .await?;
    assert_eq!(left.status(), 204);
    assert!(
        app.connect("li@acme.example").await.is_err(),
        "the address cannot sign in"
    );
    Ok(())
}

#[tokio::test]
async fn a_dropped_sandbox_frees_its_port() -> Result<()> {
    let App { zoom, http } = App::start().await?;
    let address = zoom.url().trim_start_matches("http://").to_owned();
    assert_eq!(
        http.get(format!("{}/sandbox/state", zoom.url()))
            .send()
            .await?
            .status(),
        200
    );
    assert!(TcpListener::bind(&address).is_err());
    drop(zoom);
    until(|| TcpListener::bind(&address).is_ok()).await
}
