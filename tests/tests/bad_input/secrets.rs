//! Tokens, codes and verifiers stay in the vault: no log line, no file and no answer holds one.

use std::path::Path;

use greenroom::client::Raw;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_tests::harness::{DANA, settled, zoom_interview};
use greenroom_tests::sandbox::Endpoint;
use serde_json::json;
use std::time::Duration;

use crate::line::world;

const APP_SECRET: &str = "an-app-secret-that-nobody-reads-again";

/// Every file below a directory, whole.
fn files(directory: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else if path.is_file() {
            into.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    bytes
        .windows(secret.len())
        .any(|it| it == secret.as_bytes())
}

#[tokio::test]
async fn no_secret_is_logged_stored_in_the_open_or_answered() {
    let (mut world, dana) = world().await;
    let edit = WorkspaceEdit {
        zoom_client_id: Some(greenroom_tests::sandbox::PUBLIC_CLIENT_ID.into()),
        zoom_client_secret: Some(Opaque::new(APP_SECRET)),
        ..WorkspaceEdit::default()
    };
    dana.workspace_edit(edit).await.unwrap();
    let no_secret = WorkspaceEdit {
        zoom_client_secret: Some(Opaque::new("")),
        ..WorkspaceEdit::default()
    };
    dana.workspace_edit(no_secret).await.unwrap();

    // Keys that end at once, so that booking renews them.
    world
        .zoom
        .set_access_lifetime(jiff::SignedDuration::from_secs(60));
    world.connect_zoom(&dana, DANA).await.unwrap();
    let booking = zoom_interview("ana.lima@mail.example", 120);
    let booked = dana.interview_new(booking).await.unwrap().interview;
    settled(&dana, &booked.id.to_string()).await.unwrap();
    assert!(world.zoom.counters().refreshes > 0);

    let mut raw = Raw::open(&world.target()).await.unwrap();
    raw.hello(&world.target()).await.unwrap();
    let mut answers = Vec::new();
    let calls = [
        ("status", json!({})),
        ("doctor", json!({})),
        ("zoom_status", json!({"query": {}})),
        ("zoom_list", json!({})),
        ("workspace_list", json!({})),
        ("member_list", json!({})),
        ("interview_list", json!({"query": {}})),
        ("audit_list", json!({"query": {}})),
        ("changes", json!({"query": {"after": 0, "wait_seconds": 0}})),
    ];
    for (method, arguments) in calls {
        let answer = raw
            .call(method, arguments, Duration::from_secs(10))
            .await
            .unwrap();
        answers.push((
            format!("the answer of {method}"),
            answer.to_string().into_bytes(),
        ));
    }
    let gone = dana.zoom_disconnect(Reference::to(DANA)).await.unwrap();
    assert!(gone.revoked);
    world.stop_daemon();

    let mut places = answers;
    files(world.directory(), &mut places);
    assert!(
        places
            .iter()
            .any(|(name, _)| name.ends_with("greenroomd.log"))
    );
    assert!(places.iter().any(|(name, _)| name.contains("/store/")));
    let mut secrets = world.zoom.handed_out();
    // A code, the first pair, and at least one more.
    assert!(secrets.len() >= 5 && world.zoom.counters().of(Endpoint::Revoke) > 0);
    secrets.push(APP_SECRET.into());
    for (place, bytes) in &places {
        for (number, secret) in secrets.iter().enumerate() {
            assert!(!holds(bytes, secret), "secret {number} is in {place}");
        }
    }
    // The search does find what is there.
    assert!(places.iter().any(|(_, bytes)| holds(bytes, "Ana Lima")));
}
