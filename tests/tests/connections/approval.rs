//! Zoom lets nobody connect before an admin has approved the app: asked for, waited for, and told to all at once.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::workspace::{Reference, WorkspaceEdit};
use greenroom_protocol::zoom::{ApprovalAsk, ConnectionState as S};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{PUBLIC_CLIENT_ID, http_client};

use crate::office::{OMAR, Office};

const ADMIN: &str = "it@acme.example";

fn ask(member: &str) -> ApprovalAsk {
    ApprovalAsk {
        member: Some(member.to_owned()),
        admin: Some(ADMIN.to_owned()),
        dry_run: false,
    }
}

#[tokio::test]
async fn everybody_who_waits_is_told_by_the_first_connect_that_works() {
    let office = Office::in_need_of_approval().await;
    for member in [DANA, OMAR] {
        let page = office.connect(member).await.page();
        assert!(page.contains("You cannot authorize Greenroom"), "{page}");
        assert_eq!(office.status(member).await.state, S::Authorizing);
        office
            .dana
            .zoom_request_approval(ask(member))
            .await
            .unwrap();
    }
    let asked_at = office.house.now();
    office.house.seconds_pass(3 * 24 * 3600);

    let waits = office.status(OMAR).await;
    assert_eq!(waits.state, S::PreApprovalRequested);
    assert_eq!(waits.since, Some(asked_at));
    assert_eq!(waits.reason_code.as_deref(), Some("approval-awaited"));
    assert_eq!(waits.approval.unwrap().requested_at, asked_at);
    let counts = office.dana.status().await.unwrap().connections;
    assert_eq!((counts.pre_approval_requested, counts.disconnected), (2, 0));

    // Not yet: trying again costs nothing, and the wait goes on from where it was.
    office.connect(OMAR).await.page();
    assert_eq!(office.status(OMAR).await.state, S::Authorizing);
    office.house.seconds_pass(11 * 60);
    office.house.tend().await.unwrap();
    assert_eq!(office.status(OMAR).await.since, Some(asked_at));
    assert_eq!(office.status(OMAR).await.state, S::PreApprovalRequested);

    // The admin follows the link in the request and presses the button there.
    let link = office.house.zoom.marketplace_url();
    let http = http_client().unwrap();
    let page = http.get(&link).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Approve"), "{page}");
    let approve = http.post(&link).form(&[("account", "acme")]);
    assert!(approve.send().await.unwrap().status().is_redirection());

    let before = office.dana.status().await.unwrap().revision;
    let approved_at = office.house.now();
    assert_eq!(office.connect(DANA).await.connected().approval, None);
    let told = office.status(OMAR).await;
    assert_eq!(told.state, S::Disconnected);
    assert_eq!(told.reason_code.as_deref(), Some("approved"));
    assert_eq!(told.approval.unwrap().approved_at, Some(approved_at));
    let changed = office.tables_changed(before).await;
    assert!(changed.contains(&"connection".to_owned()), "{changed:?}");

    // The mark goes when they connect.
    let connected = office.connect(OMAR).await.connected();
    assert_eq!((connected.state, connected.approval), (S::Connected, None));
}

#[tokio::test]
async fn the_request_says_everything_an_admin_needs() {
    let office = Office::in_need_of_approval().await;
    let dry = ApprovalAsk {
        dry_run: true,
        ..ask(OMAR)
    };
    let shown = office.dana.zoom_request_approval(dry).await.unwrap();
    assert!(shown.dry_run && !shown.sent);
    assert_eq!(office.status(OMAR).await.state, S::Disconnected);
    let admin = office.dana.workspace_list().await.unwrap().items[0]
        .zoom_admin
        .clone();
    assert_eq!(admin, None, "a dry run remembers nothing");

    let request = office.dana.zoom_request_approval(ask(OMAR)).await.unwrap();
    assert_eq!(request.text, shown.text);
    assert_eq!(request.connection.state, S::PreApprovalRequested);
    assert_eq!(request.client_id, PUBLIC_CLIENT_ID);
    assert_eq!(request.link, office.house.zoom.marketplace_url());
    let every = greenroom_protocol::zoom::PERMISSIONS.len();
    assert_eq!(request.scopes.len(), every);
    for part in ["Omar Haddad", OMAR, "Acme", PUBLIC_CLIENT_ID, &request.link] {
        assert!(request.text.contains(part), "{part}: {}", request.text);
    }

    // The next one to ask need not know the admin.
    let again = ApprovalAsk::default();
    let request = office.dana.zoom_request_approval(again).await.unwrap();
    assert_eq!(request.admin.as_deref(), Some(ADMIN));
    let forget = WorkspaceEdit {
        zoom_admin: Some(String::new()),
        ..WorkspaceEdit::default()
    };
    let workspace = office.dana.workspace_edit(forget).await.unwrap();
    assert_eq!(workspace.zoom_admin, None);
}

#[tokio::test]
async fn a_wait_ends_with_a_disconnect_or_another_app() {
    let office = Office::in_need_of_approval().await;
    for member in [DANA, OMAR] {
        office
            .dana
            .zoom_request_approval(ask(member))
            .await
            .unwrap();
    }
    office
        .dana
        .zoom_disconnect(Reference::to(OMAR))
        .await
        .unwrap();
    assert_eq!(office.status(OMAR).await.approval, None);

    let another = WorkspaceEdit {
        zoom_client_id: Some("another-app".into()),
        ..WorkspaceEdit::default()
    };
    office.dana.workspace_edit(another).await.unwrap();
    let dana = office.status(DANA).await;
    assert_eq!((dana.state, dana.approval), (S::Disconnected, None));
}

#[tokio::test]
async fn whoever_is_connected_has_nothing_to_ask_for() {
    let office = Office::in_need_of_approval().await;
    office.house.zoom.approve("acme", true).unwrap();
    office.connect(DANA).await.connected();
    let refused = office.dana.zoom_request_approval(ask(DANA)).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
    let nobody = ApprovalAsk {
        admin: Some("nobody".into()),
        ..ask(OMAR)
    };
    let refused = office.dana.zoom_request_approval(nobody).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.field.as_deref()),
        (ErrorKind::Usage, Some("admin"))
    );
}
