//! `greenroom member busy` in a shell, against a real daemon: a calendar from a file, at an address
//! that a file names, and of an account at a CalDAV server.

use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::get;
use greenroom_tests::calendar_server::{CalendarServer, Kind, PASSWORD, USER};
use greenroom_tests::harness::World;
use serde_json::{Value, json};

use crate::cli::{PROGRAM, done, greenroom, opens, run};

const ENTRY: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@elsewhere.example\r\n\
    DTSTAMP:20261101T000000Z\r\nDTSTART:20261202T140000Z\r\nDTEND:20261202T180000Z\r\n\
    END:VEVENT\r\nEND:VCALENDAR\r\n";

/// A daemon that reads calendars from servers of this machine.
async fn office() -> anyhow::Result<World> {
    let mut world = World::start(PROGRAM).await?;
    let config = "\n[calendars]\nallow = [\"127.0.0.0/8\"]\n";
    world.reconfigure(config, &[]).await?;
    opens(&world, &[]).await?;
    Ok(world)
}

/// A file with this in it, by its path.
fn file(world: &World, name: &str, text: &str) -> anyhow::Result<String> {
    let path = world.directory().join(name);
    std::fs::write(&path, text)?;
    Ok(path.to_str().context("a path")?.to_owned())
}

async fn busy(world: &World, line: &[&str]) -> anyhow::Result<Value> {
    done(world, &[&["member", "busy"], line].concat()).await
}

/// What the only calendar is by now.
async fn only(world: &World) -> anyhow::Result<Value> {
    let listed = busy(world, &["list"]).await?;
    anyhow::ensure!(listed["total"] == 1, "{listed}");
    Ok(listed["items"][0].clone())
}

#[tokio::test]
async fn a_file_is_kept_replaced_and_removed() -> anyhow::Result<()> {
    let world = office().await?;
    let path = file(&world, "work.ics", ENTRY)?;
    let tried = busy(&world, &["add", &path, "--dry-run"]).await?;
    assert_eq!(tried["name"], "work");
    assert_eq!(busy(&world, &["list"]).await?["total"], 0);
    let added = busy(&world, &["add", &path]).await?;
    assert_eq!(
        (&added["state"], &added["entries"]),
        (&json!("ok"), &json!(1))
    );
    let twice = ["member", "busy", "add", &path];
    let (code, answer) = run(&world, &twice).await?;
    assert_eq!(
        (code, &answer["error"]["kind"]),
        (6, &json!("conflict")),
        "{answer}"
    );
    busy(&world, &["add", &path, "--replace"]).await?;
    // There is nothing to read again, which is said with what to do.
    let (code, answer) = run(&world, &["member", "busy", "refresh", "work"]).await?;
    assert_eq!(code, 2, "{answer}");
    assert!(
        answer["error"]["hint"]
            .as_str()
            .is_some_and(|it| it.contains("--replace"))
    );
    // Without a terminal removing wants --yes.
    let asked = ["member", "busy", "remove", "work"];
    assert_eq!(
        greenroom(&world, &asked).output().await?.status.code(),
        Some(2)
    );
    busy(&world, &["remove", "work", "--yes"]).await?;
    assert_eq!(busy(&world, &["list"]).await?["total"], 0);
    Ok(())
}

#[tokio::test]
async fn an_address_is_read_from_a_file_and_never_told() -> anyhow::Result<()> {
    let world = office().await?;
    let says = Arc::new(Mutex::new((StatusCode::OK, ENTRY)));
    let now = says.clone();
    let router = Router::new().route(
        "/private-0badcafe/basic.ics",
        get(move || {
            let (status, text) = *now.lock().unwrap_or_else(|it| it.into_inner());
            async move { (status, text).into_response() }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!(
        "http://{}/private-0badcafe/basic.ics",
        listener.local_addr()?
    );
    tokio::spawn(async move { axum::serve(listener, router).await });

    // An address on the command line is seen by others on the machine.
    let told = ["member", "busy", "add", "--url", &url];
    let (code, answer) = run(&world, &told).await?;
    assert_eq!(code, 2, "{answer}");
    assert!(!answer.to_string().contains("0badcafe"), "{answer}");

    let path = file(&world, "address", &format!("{url}\n"))?;
    let added = busy(&world, &["add", "--url", &path]).await?;
    let expected = ("web", "url", "ok", "127.0.0.1/….ics");
    let found = ["name", "kind", "state", "address"].map(|it| added[it].as_str());
    assert_eq!(
        found.map(Option::unwrap_or_default),
        <[&str; 4]>::from(expected)
    );
    let shown = only(&world).await?;
    assert!(!shown.to_string().contains("0badcafe"), "{shown}");

    *says.lock().unwrap_or_else(|it| it.into_inner()) = (StatusCode::NOT_FOUND, "");
    let (code, answer) = run(&world, &["member", "busy", "refresh"]).await?;
    assert_eq!(
        (code, &answer["error"]["kind"]),
        (8, &json!("upstream")),
        "{answer}"
    );
    assert!(!answer.to_string().contains("0badcafe"), "{answer}");
    assert_eq!(only(&world).await?["state"], "broken");
    *says.lock().unwrap_or_else(|it| it.into_inner()) = (StatusCode::OK, ENTRY);
    let again = busy(&world, &["refresh", "web"]).await?;
    assert_eq!(again["items"][0]["state"], "ok", "{again}");
    busy(&world, &["remove", "web", "--yes"]).await?;
    assert_eq!(busy(&world, &["list"]).await?["total"], 0);
    Ok(())
}

#[tokio::test]
async fn an_account_is_read_with_a_password_from_a_file_or_a_program() -> anyhow::Result<()> {
    if !Kind::Radicale.is_there() {
        return Ok(());
    }
    let directory = tempfile::tempdir()?;
    let server = CalendarServer::open(Kind::Radicale, directory.path()).await?;
    server.put("one", ENTRY).await?;
    let world = office().await?;
    let url = server.url("/").to_string();
    let account = ["add", "--caldav", &url, "--user", USER];
    let wrong = file(&world, "wrong", "another one\n")?;
    let add = [
        &["member", "busy"],
        &account[..],
        &["--password-file", &wrong],
    ]
    .concat();
    let (code, answer) = run(&world, &add).await?;
    assert_eq!(
        (code, &answer["error"]["kind"]),
        (8, &json!("upstream")),
        "{answer}"
    );
    assert_eq!(answer["calendar"]["state"], "broken", "{answer}");

    // It is kept, and replaced with the right one, which a program prints.
    let printed = [
        "--replace",
        "--password-command",
        "printf",
        "%s\\n",
        PASSWORD,
    ];
    let added = busy(&world, &[&account[..], &printed].concat()).await?;
    assert_eq!(
        (&added["state"], &added["entries"]),
        (&json!("ok"), &json!(1)),
        "{added}"
    );
    assert_eq!(added["id"], answer["calendar"]["id"]);
    let right = file(&world, "right", &format!("{PASSWORD}\n"))?;
    let from_file = ["--name", "again", "--password-file", &right];
    let added = busy(&world, &[&account[..], &from_file].concat()).await?;
    assert_eq!(added["state"], "ok", "{added}");

    // A program that fails says so, and nothing is sent.
    let fails = ["--name", "third", "--password-command", "false"];
    let add = [&["member", "busy"], &account[..], &fails].concat();
    let (code, answer) = run(&world, &add).await?;
    assert_eq!(code, 2, "{answer}");
    let both = ["--password-file", &right, "--password-command", "true"];
    let add = [&["member", "busy"], &account[..], &both].concat();
    assert_eq!(
        greenroom(&world, &add).output().await?.status.code(),
        Some(2)
    );
    let listed = busy(&world, &["list"]).await?;
    assert_eq!(listed["total"], 2, "{listed}");
    assert!(!listed.to_string().contains(PASSWORD), "{listed}");

    let refreshed = busy(&world, &["refresh"]).await?;
    assert_eq!(refreshed["total"], 2);
    for name in ["caldav", "again"] {
        busy(&world, &["remove", name, "--yes"]).await?;
    }
    assert_eq!(busy(&world, &["list"]).await?["total"], 0);
    Ok(())
}
