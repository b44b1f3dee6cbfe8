//! Letters about Zoom: to anyone who must connect again, and to the admin who is to approve the app.

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::{ApprovalAsk, ConnectStart, ConnectionQuery, ConnectionState};
use greenroom_tests::harness::{DANA, connect_zoom};
use greenroom_tests::post::Found;
use greenroom_tests::sandbox::Config;
use greenroom_tests::test_daemon::TestDaemon;
use greenroom_tests::wait::Deadline;

use crate::mail::fixture::UNDO;

const ADMIN: &str = "it@acme.example";

/// The one letter to this address, once it has left.
async fn letter_to(daemon: &TestDaemon, dana: &Client, address: &str) -> Found {
    all_leaves(daemon, dana).await;
    let mut letters = daemon.mail().to(address).unwrap();
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters.remove(0)
}

/// Zoom ends the grant of a connected Dana, and it is noticed.
async fn loses_her_grant(daemon: &TestDaemon, dana: &Client) {
    connect_zoom(dana, DANA).await.unwrap();
    daemon.zoom.end_grants(DANA).unwrap();
    daemon.seconds_pass(2 * 24 * 3600);
    daemon.tend().await.unwrap();
    let deadline = Deadline::here();
    loop {
        deadline.check();
        let connection = dana
            .zoom_status(ConnectionQuery { member: None })
            .await
            .unwrap();
        let posted = dana.mail_list(MailQuery::default()).await.unwrap().items;
        if connection.state == ConnectionState::ReconnectRequired && !posted.is_empty() {
            assert_eq!(posted.len(), 1);
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn whoever_must_connect_again_is_told_once() {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    loses_her_grant(&daemon, &dana).await;
    let letter = letter_to(&daemon, &dana, DANA).await;
    assert_eq!(letter.subject, "Reconnect Zoom (Acme)");
    assert!(
        letter.text.contains("greenroom zoom connect"),
        "{}",
        letter.text
    );
    daemon.seconds_pass(24 * 3600);
    daemon.tend().await.unwrap();
    assert_eq!(daemon.mail().letters().unwrap().len(), 1);
}

/// Everything that is on the way leaves.
async fn all_leaves(daemon: &TestDaemon, dana: &Client) {
    daemon.seconds_pass(UNDO);
    let deadline = Deadline::here();
    while !dana
        .mail_list(MailQuery::default())
        .await
        .unwrap()
        .items
        .is_empty()
    {
        deadline.check();
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn whoever_must_connect_again_can_be_told_again_but_not_flooded() {
    let daemon = TestDaemon::builder()
        .transport("sandbox")
        .bare()
        .await
        .unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    let of_dana = || Reference::to(DANA);
    let healthy = dana.zoom_tell(of_dana()).await.unwrap_err();
    assert_eq!(healthy.kind, ErrorKind::Conflict);
    loses_her_grant(&daemon, &dana).await;

    // The daemon's own letter is on its way.
    let first = dana.zoom_tell(of_dana()).await.unwrap();
    assert!(first.repeated && first.delivers, "{first:?}");
    all_leaves(&daemon, &dana).await;
    let soon = dana.zoom_tell(of_dana()).await.unwrap_err();
    assert_eq!(soon.kind, ErrorKind::Conflict);
    assert!(
        soon.message.contains("sent to Dana Reyes 0 min ago"),
        "{}",
        soon.message
    );

    daemon.seconds_pass(60 * 60);
    let dry_run = Reference {
        dry_run: true,
        ..of_dana()
    };
    let would = dana.zoom_tell(dry_run).await.unwrap();
    assert!(would.dry_run && would.mail.is_none() && !would.repeated);
    let told = dana.zoom_tell(of_dana()).await.unwrap();
    assert!(!told.repeated && told.mail != first.mail);
    assert_eq!(dana.zoom_tell(of_dana()).await.unwrap().mail, told.mail);
    all_leaves(&daemon, &dana).await;
    assert_eq!(daemon.mail().to(DANA).unwrap().len(), 2);

    // Once she has connected again there is nothing to tell, and a letter that waits stays.
    daemon.seconds_pass(60 * 60);
    dana.zoom_tell(of_dana()).await.unwrap();
    connect_zoom(&dana, DANA).await.unwrap();
    all_leaves(&daemon, &dana).await;
    assert_eq!(daemon.mail().to(DANA).unwrap().len(), 2);
}

#[tokio::test]
async fn where_nobody_receives_letters_whoever_tells_is_told_so() {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    loses_her_grant(&daemon, &dana).await;
    let told = dana.zoom_tell(Reference::to(DANA)).await.unwrap();
    assert!(!told.delivers);
    let note = told.note.unwrap();
    assert!(note.contains("nobody receives them"), "{note}");
}

#[tokio::test]
async fn whoever_has_connected_again_meanwhile_is_not() {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    loses_her_grant(&daemon, &dana).await;
    connect_zoom(&dana, DANA).await.unwrap();
    all_leaves(&daemon, &dana).await;
    assert!(daemon.mail().letters().unwrap().is_empty());
}

#[tokio::test]
async fn the_request_to_the_zoom_admin_goes_by_mail_where_mail_goes() {
    for (transport, sent) in [("maildir", false), ("sandbox", true)] {
        let config = Config::needing_approval();
        let daemon = TestDaemon::builder().zoom(config).transport(transport);
        let daemon = daemon.bare().await.unwrap();
        let (dana, _) = daemon.set_up().await.unwrap();
        let start = ConnectStart {
            member: None,
            redirect_uri: "http://127.0.0.1:1/callback".into(),
        };
        dana.zoom_connect_start(start).await.unwrap();
        let ask = ApprovalAsk {
            member: None,
            admin: Some(ADMIN.into()),
            dry_run: false,
        };
        let asked = dana.zoom_request_approval(ask.clone()).await.unwrap();
        assert_eq!(asked.sent, sent, "{transport}");
        // Asked again at once, it is still one letter.
        dana.zoom_request_approval(ask).await.unwrap();
        if !sent {
            assert!(
                dana.mail_list(MailQuery::default())
                    .await
                    .unwrap()
                    .items
                    .is_empty()
            );
            continue;
        }
        let letter = letter_to(&daemon, &dana, ADMIN).await;
        assert_eq!(letter.subject, asked.subject);
        assert_eq!(letter.text.trim(), asked.text.trim());
    }
}
