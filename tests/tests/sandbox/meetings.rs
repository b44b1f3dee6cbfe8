//! Meetings: what is made of a request, and what Zoom does on its own.

use anyhow::{Context as _, Result};
use greenroom_tests::sandbox::{Account, Config, Licence, Locked, Passcodes, Plan, User};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{App, DANA, answer, id_of};

#[tokio::test]
async fn a_meeting_is_made_as_asked() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let asked = json!({
        "topic": "Interview: 山田 花子", "type": 2, "start_time": "2026-11-24T13:00:00Z",
        "timezone": "Europe/Berlin", "duration": 45, "agenda": "int_01\nwith Mina",
        "password": "aB3-xyz_9!",
        "settings": { "join_before_host": true, "waiting_room": false, "jbh_time": 10 },
    });
    let (status, made) = app.create(&dana.access, asked).await?;
    assert_eq!(status, 201);
    assert_eq!(made["topic"], "Interview: 山田 花子");
    assert_eq!(made["start_time"], "2026-11-24T13:00:00Z");
    assert_eq!(made["duration"], 45);
    assert_eq!(made["password"], "aB3-xyz_9!");
    assert_eq!(made["host_email"], DANA);
    assert_eq!(made["settings"]["join_before_host"], true);
    assert_eq!(made["settings"]["jbh_time"], 10);
    assert_eq!(made["settings"]["use_pmi"], false);
    assert!(made["pmi"].is_null());
    assert!(id_of(&made)? > u64::from(u32::MAX));
    let join = made["join_url"].as_str().context("no join_url")?;
    assert!(join.contains("/j/") && join.contains("?pwd="), "{join}");

    let (status, read) = app
        .get(&format!("/meetings/{}", made["id"]), &dana.access)
        .await?;
    assert_eq!(status, 200);
    assert_eq!(read["agenda"], "int_01\nwith Mina");
    assert_ne!(
        read["start_url"], made["start_url"],
        "a start address is made afresh"
    );
    Ok(())
}

#[tokio::test]
async fn digits_without_z_are_local_and_the_past_becomes_now() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let local = json!({ "start_time": "2026-11-24T14:00:00", "timezone": "Europe/Berlin" });
    assert_eq!(
        app.create(&dana.access, local).await?.1["start_time"],
        "2026-11-24T13:00:00Z"
    );
    let past = json!({ "start_time": "2020-01-01T00:00:00Z" });
    assert_eq!(
        app.create(&dana.access, past).await?.1["start_time"],
        "2026-11-23T09:00:00Z"
    );
    Ok(())
}

#[tokio::test]
async fn an_update_answers_with_nothing_and_does_not_take_the_past() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let id = id_of(&app.meeting(&dana.access).await?)?;
    let change = json!({ "topic": "Moved", "start_time": "2020-01-01T00:00:00Z" });
    assert_eq!(
        app.update(&dana.access, id, change).await?,
        (204, Value::Null)
    );
    let (_, read) = app.get(&format!("/meetings/{id}"), &dana.access).await?;
    assert_eq!(read["topic"], "Moved");
    assert_eq!(read["start_time"], "2026-11-24T09:00:00Z");
    Ok(())
}

#[tokio::test]
async fn a_deleted_meeting_does_not_exist() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let id = id_of(&app.meeting(&dana.access).await?)?;
    assert_eq!(app.delete(&dana.access, id).await?, (204, Value::Null));
    let text = format!("Meeting does not exist: {id}.");
    let gone = (404, json!({ "code": 3001, "message": text }));
    assert_eq!(app.delete(&dana.access, id).await?, gone);
    assert_eq!(
        app.get(&format!("/meetings/{id}"), &dana.access).await?,
        gone
    );
    assert_eq!(app.update(&dana.access, id, json!({})).await?, gone);
    Ok(())
}

#[tokio::test]
async fn an_id_dies_thirty_days_after_its_meeting() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let id = id_of(&app.meeting(&dana.access).await?)?;
    app.zoom.advance(SignedDuration::from_hours(32 * 24));
    let again = app.connect(DANA).await?;
    assert_eq!(
        app.get(&format!("/meetings/{id}"), &again.access).await?.1["code"],
        3001
    );
    Ok(())
}

#[tokio::test]
async fn fields_zoom_does_not_take_are_named() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let wrong = json!({
        "duration": 1441, "topic": "x".repeat(201), "settings": { "jbh_time": 7 },
    });
    let (status, body) = app.create(&dana.access, wrong).await?;
    assert_eq!((status, &body["code"]), (400, &json!(300)));
    assert_eq!(body["message"], "Validation Failed.");
    assert_eq!(
        body["errors"][2],
        json!({ "field": "settings.jbh_time", "message": "Invalid parameter: jbh_time." })
    );
    let zone = json!({ "start_time": "2026-11-24T09:00:00", "timezone": "Mars/Olympus" });
    assert_eq!(app.create(&dana.access, zone).await?.1["code"], 300);
    let offset = json!({ "start_time": "2026-11-24T09:00:00+01:00" });
    assert_eq!(app.create(&dana.access, offset).await?.1["code"], 300);
    assert_eq!(
        app.create(&dana.access, json!("text")).await?.1["code"],
        300
    );
    assert!(app.zoom.meetings().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_passcode_is_made_when_the_account_wants_one() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let made = app.meeting(&dana.access).await?;
    assert_eq!(made["password"].as_str().map(str::len), Some(6));
    assert_eq!(made["settings"]["waiting_room"], false);

    let without = json!({ "default_password": false, "settings": { "join_before_host": true } });
    let (_, bare) = app.create(&dana.access, without.clone()).await?;
    assert!(bare["password"].is_null());
    assert_eq!(
        bare["settings"]["waiting_room"], true,
        "an open meeting gets a waiting room"
    );
    assert_eq!(bare["settings"]["join_before_host"], false);

    let locked = Account {
        passcodes: Passcodes::Locked,
        ..Account::new("acme", Plan::Business)
    };
    app.zoom.add_account(locked);
    let (_, locked) = app.create(&dana.access, without).await?;
    assert!(locked["password"].is_string());
    Ok(())
}

#[tokio::test]
async fn taking_the_passcode_away_brings_the_waiting_room() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let id = id_of(&app.meeting(&dana.access).await?)?;
    app.update(&dana.access, id, json!({ "password": "" }))
        .await?;
    let (_, read) = app.get(&format!("/meetings/{id}"), &dana.access).await?;
    assert_eq!(read["settings"]["waiting_room"], true);
    Ok(())
}

#[tokio::test]
async fn an_account_can_force_the_waiting_room() -> Result<()> {
    let acme = Account {
        force_waiting_room: true,
        ..Account::new("acme", Plan::Business)
    };
    let app = App::with(Config {
        accounts: vec![acme],
        ..Config::default()
    })
    .await?;
    let dana = app.connect(DANA).await?;
    let asked = json!({
        "password": "secret7", "settings": { "waiting_room": false, "join_before_host": true },
    });
    let (_, made) = app.create(&dana.access, asked).await?;
    assert_eq!(made["settings"]["waiting_room"], true);
    assert_eq!(made["settings"]["join_before_host"], false);
    Ok(())
}

#[tokio::test]
async fn a_user_without_hosting_rights_and_another_user_as_host_are_refused() -> Result<()> {
    let app = App::start().await?;
    app.zoom.add_user(User {
        may_host: false,
        ..User::new("viewer@acme.example")
    })?;
    let viewer = app.connect("viewer@acme.example").await?;
    assert_eq!(app.create(&viewer.access, json!({})).await?.1["code"], 3161);

    let dana = app.connect(DANA).await?;
    let stranger = json!({ "schedule_for": "nobody@acme.example" });
    assert_eq!(app.create(&dana.access, stranger).await?.1["code"], 1001);
    let id = id_of(&app.meeting(&dana.access).await?)?;
    assert_eq!(
        app.get(&format!("/meetings/{id}"), &viewer.access).await?.1["code"],
        3001
    );
    Ok(())
}

#[tokio::test]
async fn a_start_address_opens_for_two_hours_only() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let made = app.meeting(&dana.access).await?;
    let start = made["start_url"].as_str().context("no start_url")?;
    assert_eq!(app.http.get(start).send().await?.status(), 200);
    app.zoom.advance(SignedDuration::from_hours(2));
    assert_eq!(app.http.get(start).send().await?.status(), 404);
    let join = made["join_url"].as_str().context("no join_url")?;
    assert_eq!(app.http.get(join).send().await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn what_happens_in_zoom_is_seen_by_the_app() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let id = id_of(&app.meeting(&dana.access).await?)?;
    app.zoom.move_meeting(id, "2026-11-25T15:00:00Z".parse()?)?;
    let (_, moved) = app.get(&format!("/meetings/{id}"), &dana.access).await?;
    assert_eq!(moved["start_time"], "2026-11-25T15:00:00Z");
    app.zoom
        .edit_meeting(id, |meeting| meeting.settings.waiting_room = true)?;
    let (_, edited) = app.get(&format!("/meetings/{id}"), &dana.access).await?;
    assert_eq!(edited["settings"]["waiting_room"], true);
    app.zoom.delete_meeting(id)?;
    assert_eq!(
        app.get(&format!("/meetings/{id}"), &dana.access).await?.0,
        404
    );
    Ok(())
}

#[tokio::test]
async fn a_summary_is_found_by_a_uuid_encoded_twice() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    for _ in 0..4 {
        app.meeting(&dana.access).await?;
    }
    let meetings = app.zoom.meetings();
    let slashed = meetings
        .iter()
        .find(|meeting| meeting.uuid.starts_with('/'));
    let meeting = slashed.context("no UUID begins with a slash")?;
    app.zoom.summarize(meeting.id, "## She can")?;

    let once: String = url::form_urlencoded::byte_serialize(meeting.uuid.as_bytes()).collect();
    let twice: String = url::form_urlencoded::byte_serialize(once.as_bytes()).collect();
    let path = |uuid: &str| format!("/meetings/{uuid}/meeting_summary");
    let (status, summary) = app.get(&path(&twice), &dana.access).await?;
    assert_eq!(
        (status, &summary["summary_content"]),
        (200, &json!("## She can"))
    );
    assert_eq!(app.get(&path(&once), &dana.access).await?.0, 400);

    let other = meetings
        .iter()
        .find(|other| !other.uuid.contains('/') && other.summary.is_none());
    let other = other.context("every UUID has a slash")?;
    let plain: String = url::form_urlencoded::byte_serialize(other.uuid.as_bytes()).collect();
    assert_eq!(app.get(&path(&plain), &dana.access).await?.1["code"], 3001);
    Ok(())
}

#[tokio::test]
async fn the_join_page_escapes_the_topic() -> Result<()> {
    let app = App::start().await?;
    let dana = app.connect(DANA).await?;
    let (_, made) = app.create(&dana.access, json!({ "topic": "<b>&" })).await?;
    let join = made["join_url"].as_str().context("no join_url")?;
    let page = app.http.get(join).send().await?.text().await?;
    assert!(page.contains("&lt;b&gt;&amp;"), "{page}");
    let missing = app
        .http
        .get(format!("{}/j/1", app.zoom.url()))
        .send()
        .await?;
    assert_eq!(missing.status(), 404);
    assert!(
        answer(
            app.http
                .get(format!("{}/v2/none", app.zoom.url()))
                .send()
                .await?
        )
        .await?
        .0 == 404
    );
    Ok(())
}

/// The AI Companion's summary is taken only where plan, user and admin allow it; what is not taken
/// is not refused. What is left out is as the user's own setting says.
#[tokio::test]
async fn a_summary_starts_only_where_plan_user_and_admin_allow_it() -> Result<()> {
    let business = || Account::new("acme", Plan::Business);
    let locked = |summaries| Account {
        locked: Locked {
            auto_start_meeting_summary: Some(summaries),
            ..Locked::default()
        },
        ..business()
    };
    let usual = User::new(DANA);
    let off = User {
        summaries: false,
        ..usual.clone()
    };
    let by_default = User {
        auto_summaries: true,
        ..usual.clone()
    };
    let basic = usual.clone().licensed_as(Licence::Basic);
    // The account, the user, what is asked for; whether it starts, and whether the user has it.
    let table = [
        (business(), usual.clone(), Some(true), true, true),
        (business(), usual.clone(), Some(false), false, true),
        (business(), usual.clone(), None, false, true),
        (business(), by_default.clone(), None, true, true),
        (business(), by_default, Some(false), false, true),
        (business(), off.clone(), Some(true), false, false),
        (business(), basic, Some(true), false, false),
        (
            Account::new("acme", Plan::Free),
            usual.clone(),
            Some(true),
            false,
            false,
        ),
        (locked(false), usual.clone(), Some(true), false, false),
        (locked(true), usual, Some(false), true, true),
        (locked(true), off, Some(false), true, true),
    ];
    for (account, user, asked, starts, has) in table {
        let app = App::start().await?;
        app.zoom.add_account(account.clone());
        app.zoom.add_user(user.clone())?;
        let dana = app.connect(DANA).await?;
        let settings = match asked {
            Some(asked) => json!({ "auto_start_meeting_summary": asked }),
            None => json!({}),
        };
        let (status, made) = app
            .create(&dana.access, json!({ "settings": settings }))
            .await?;
        let case = format!("{account:?} {user:?} {asked:?}");
        assert_eq!(status, 201, "{case}");
        assert_eq!(
            made["settings"]["auto_start_meeting_summary"], starts,
            "{case}"
        );
        let id = id_of(&made)?;
        app.update(&dana.access, id, json!({ "settings": settings }))
            .await?;
        let (_, read) = app.get(&format!("/meetings/{id}"), &dana.access).await?;
        assert_eq!(
            read["settings"]["auto_start_meeting_summary"], starts,
            "{case}"
        );
        let (_, settings) = app.get("/users/me/settings", &dana.access).await?;
        let summaries = &settings["in_meeting"]["meeting_summary_with_ai_companion"];
        assert_eq!(summaries["enable"], has, "{case}");
    }
    Ok(())
}
