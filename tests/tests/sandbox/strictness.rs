//! What Zoom refuses where a looser sandbox would not: passcodes against an account's rules,
//! meetings that are in progress, strangers as hosts, zones and page sizes of one's own, and tokens
//! that have ended, each in Zoom's own numbers.

use anyhow::Result;
use greenroom_tests::sandbox::{Account, Config, PasscodeRules, Plan, User};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{App, DANA, answer};

const OMAR: &str = "omar.haddad@acme.example";

async fn with_omar() -> Result<App> {
    App::with(Config::default().with_user(User::new(OMAR))).await
}

fn the_field(refusal: &Value) -> (&str, &str) {
    let error = &refusal["errors"][0];
    let text = |name: &str| error[name].as_str().unwrap_or_default();
    (text("field"), text("message"))
}

/// Case Z2: in Zoom's words.
#[tokio::test]
async fn a_passcode_follows_the_accounts_rules() -> Result<()> {
    let account = |passcode_rules| Account {
        passcode_rules,
        ..Account::new("acme", Plan::Business)
    };
    let usual = PasscodeRules::default;
    let table = [
        (usual(), "12345678901", "maximum 10 characters"),
        (usual(), "no spaces", "a-z A-Z 0-9"),
        (
            PasscodeRules {
                only_allow_numeric: true,
                ..usual()
            },
            "12345a",
            "Only allow numeric",
        ),
        (
            PasscodeRules {
                length: 8,
                ..usual()
            },
            "1234567",
            "minimum length of 8",
        ),
        (
            PasscodeRules {
                have_letter: true,
                ..usual()
            },
            "928374",
            "at least 1 letter",
        ),
        (
            PasscodeRules {
                have_number: true,
                ..usual()
            },
            "abcxyz",
            "at least 1 number",
        ),
        (
            PasscodeRules {
                have_special_character: true,
                ..usual()
            },
            "a1b2c3",
            "special",
        ),
        (
            PasscodeRules {
                have_upper_and_lower_characters: true,
                ..usual()
            },
            "a1b2c3",
            "uppercase",
        ),
        (
            PasscodeRules {
                consecutive_characters_length: 4,
                ..usual()
            },
            "x2345y",
            "consecutive",
        ),
        (
            PasscodeRules {
                only_allow_numeric: true,
                unexplained: true,
                ..usual()
            },
            "a",
            "Invalid parameter",
        ),
    ];
    for (rules, passcode, words) in table {
        let app = App::with(Config {
            accounts: vec![account(rules)],
            ..Config::default()
        })
        .await?;
        let dana = app.connect(DANA).await?;
        let (status, refusal) = app
            .create(&dana.access, json!({ "password": passcode }))
            .await?;
        assert_eq!((status, &refusal["code"]), (400, &json!(300)), "{passcode}");
        let (field, message) = the_field(&refusal);
        assert_eq!(field, "password");
        assert!(message.contains(words), "{message}");
        assert_eq!(app.zoom.meetings().len(), 0);
    }
    Ok(())
}

#[tokio::test]
async fn a_meeting_in_progress_is_neither_changed_nor_deleted() -> Result<()> {
    let app = with_omar().await?;
    let dana = app.connect(DANA).await?;
    let (_, made) = app.create(&dana.access, json!({})).await?;
    let id = made["id"].as_u64().unwrap();
    let path = format!("/meetings/{id}");
    app.zoom.set_started(id, true)?;
    assert_eq!(app.get(&path, &dana.access).await?.1["status"], "started");
    for (method, body) in [
        (Method::PATCH, json!({ "topic": "x" })),
        (Method::DELETE, json!({})),
    ] {
        let request = app.request(method.clone(), &path, &dana.access).json(&body);
        let (status, refusal) = answer(request.send().await?).await?;
        assert_eq!((status, &refusal["code"]), (400, &json!(3002)), "{method}");
    }
    app.zoom.set_started(id, false)?;
    let deleted = app.request(Method::DELETE, &path, &dana.access).send();
    assert_eq!(deleted.await?.status(), 204);
    Ok(())
}

#[tokio::test]
async fn strangers_zones_and_pages_are_refused() -> Result<()> {
    let app = with_omar().await?;
    app.zoom.add_account(Account::new("other", Plan::Pro));
    let eve = "eve@other.example";
    app.zoom.add_user(User::new(eve).of_account("other"))?;
    let dana = app.connect(DANA).await?;

    let hosts = |named: &str| json!({ "settings": { "alternative_hosts": named } });
    assert_eq!(app.create(&dana.access, hosts(OMAR)).await?.0, 201);
    for stranger in [eve, "nobody@acme.example", DANA] {
        let (status, refusal) = app
            .create(&dana.access, hosts(&format!("{OMAR};{stranger}")))
            .await?;
        assert_eq!(status, 400, "{stranger}");
        assert_eq!(the_field(&refusal).0, "settings.alternative_hosts");
    }

    for (zone, status) in [
        ("Europe/Kiev", 201),
        ("Europe/Kyiv", 400),
        ("America/Toronto", 400),
    ] {
        let made = app
            .create(&dana.access, json!({ "timezone": zone }))
            .await?;
        assert_eq!(made.0, status, "{zone}");
    }

    for (size, status) in [("300", 200), ("301", 400), ("0", 400)] {
        let path = format!("/users/me/meetings?page_size={size}");
        assert_eq!(app.get(&path, &dana.access).await?.0, status, "{size}");
    }

    let (status, refusal) = app.get(&format!("/users/{eve}"), &dana.access).await?;
    assert_eq!((status, &refusal["code"]), (400, &json!(1010)));
    app.zoom.unlink(DANA, true)?;
    assert_eq!(app.create(&dana.access, json!({})).await?.1["code"], 1010);
    Ok(())
}

/// Case Z12: nobody but its host finds a meeting.
#[tokio::test]
async fn a_meeting_of_another_host_is_not_found() -> Result<()> {
    let app = with_omar().await?;
    let (dana, omar) = (app.connect(DANA).await?, app.connect(OMAR).await?);
    let (_, made) = app.create(&dana.access, json!({})).await?;
    let id = made["id"].as_u64().unwrap();
    app.zoom.hand_over(id, OMAR)?;
    let path = format!("/meetings/{id}");
    let (status, refusal) = app.get(&path, &dana.access).await?;
    assert_eq!((status, &refusal["code"]), (404, &json!(3001)));
    assert_eq!(
        app.get(&path, &omar.access).await?.1["join_url"],
        made["join_url"]
    );
    Ok(())
}

/// Case Z3: a token that ended says how; one that is good may be refused for a while.
#[tokio::test]
async fn tokens_are_refused_in_zooms_numbers() -> Result<()> {
    let app = with_omar().await?;
    let dana = app.connect(DANA).await?;
    app.zoom.refuse_tokens(2);
    for expected in [401, 401, 200] {
        assert_eq!(app.get("/users/me", &dana.access).await?.0, expected);
    }
    app.zoom.remove_user(OMAR)?;
    let again = app.connect(DANA).await?;
    let table = [(&dana, 4741)];
    for (pair, code) in table {
        assert_eq!(app.get("/users/me", &pair.access).await?.1["code"], code);
        assert_eq!(app.refresh(&pair.refresh).await?.1["errorCode"], code);
    }
    app.zoom.remove_user(DANA)?;
    assert_eq!(app.get("/users/me", &again.access).await?.1["code"], 4735);
    assert_eq!(app.refresh(&again.refresh).await?.1["errorCode"], 4735);
    Ok(())
}

/// Ids are 64 bits, and every fourth UUID begins with a slash.
#[tokio::test]
async fn ids_are_as_large_as_zooms_type() -> Result<()> {
    let app = with_omar().await?;
    let dana = app.connect(DANA).await?;
    let id = i64::MAX as u64;
    app.zoom.give_next_meeting(id);
    assert_eq!(app.create(&dana.access, json!({})).await?.1["id"], id);
    let (_, read) = app.get(&format!("/meetings/{id}"), &dana.access).await?;
    assert_eq!(read["id"], id);
    let mut slashes = 0;
    for _ in 0..4 {
        let (_, made) = app.create(&dana.access, json!({})).await?;
        slashes += usize::from(made["uuid"].as_str().unwrap().starts_with('/'));
    }
    // One is sure; chance may begin another with a slash.
    assert!(slashes >= 1);
    Ok(())
}

/// Case Z10: for so many requests, what is there is not found.
#[tokio::test]
async fn what_is_there_may_not_be_found_for_a_while() -> Result<()> {
    let app = with_omar().await?;
    let dana = app.connect(DANA).await?;
    app.zoom.lag(2);
    let (_, made) = app.create(&dana.access, json!({})).await?;
    let path = format!("/meetings/{}", made["id"]);
    for expected in [404, 404, 200] {
        assert_eq!(app.get(&path, &dana.access).await?.0, expected);
    }
    Ok(())
}
